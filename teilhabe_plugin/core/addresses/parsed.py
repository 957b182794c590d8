"""Addresses of a list after reading them: what each row says, in the spelling of the register."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: what kind of text stands where an address should
ADDRESS, EMPTY, PO_BOX, LANDMARK, CROSSING = 0, 1, 2, 3, 4

#: repairs that were needed, as bits of `ParsedAddresses.repairs`
SPELLING = 1  # Str., ss, ae, hyphens, capital letters: the street reads as the register's after folding
SPLIT = 2  # street and number stood together or in the other column
SUFFIX_FORM = 4  # “12 A”, “12/a”
SEVERAL_NUMBERS = 8  # range or list; the first number counts
FROM_DATE = 16  # a spreadsheet had made a date of the number
ADDITION = 32  # “Hinterhaus”, “2. OG”, “c/o” taken away
ZERO_RESTORED = 64  # a postcode without its leading zero
PLACE_SPLIT = 128  # place, postcode or district stood with the street
REORDERED = 256  # number before the street, “Straße, Acker-” and the like
AMBIGUOUS = 512  # another address stands behind the first one, or the number is in two pieces


@dataclass(frozen=True, eq=False)
class ParsedAddresses:
    """`m` rows of a list; row ``i`` of every array is row ``i`` of the list.

    Attributes
    ----------
    kind : ndarray of int8, shape (m,)
        `ADDRESS`, `EMPTY`, `PO_BOX`, `LANDMARK` (a name such as “im Rathaus” in place of an address) or `CROSSING`.
    street : ndarray of object, shape (m,)
        Name of the street as given, additions taken away; "" when there is none.
    normal : ndarray of object, shape (m,)
        `street_names.normal_street` of it; "" for a landmark, so that it is never taken for a street.
    crossing : ndarray of object, shape (m,)
        Normal name of the second street of a crossing, "" otherwise.
    number : ndarray of int32, shape (m,)
        House number, -1 when there is none.
    suffix : ndarray of object, shape (m,)
        Its folded addition, "" without.
    more : ndarray of object, shape (m,)
        Further numbers of a list, or the end of a range: tuple of (number, suffix), () without.
    is_range : ndarray of bool, shape (m,)
        The last of `more` ends a range.
    postcode : ndarray of int32, shape (m,)
        -1 when there is none.
    place, district : ndarray of object, shape (m,)
        `street_names.fold_place` of municipality and of the district inside it, "" when not given. A single name that
        the register knows as a district only stands in `district`; a district column may name what no register knows.
    place_text : ndarray of object, shape (m,)
        Place as given, for messages.
    repairs : ndarray of int32, shape (m,)
        Which repairs were needed, as bits.
    """

    kind: np.ndarray
    street: np.ndarray
    normal: np.ndarray
    crossing: np.ndarray
    number: np.ndarray
    suffix: np.ndarray
    more: np.ndarray
    is_range: np.ndarray
    postcode: np.ndarray
    place: np.ndarray
    district: np.ndarray
    place_text: np.ndarray
    repairs: np.ndarray

    def __len__(self) -> int:
        return len(self.kind)

    def take(self, rows) -> ParsedAddresses:
        """Return only these rows, in this order."""
        return ParsedAddresses(**{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})
