"""Candidates for the places of rows: street, address and how well they fit, one candidate per line, with a score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .number_choice import BETWEEN, LACKS, LISTED, NEAR, NO_NUMBER, SAME, SUFFIX_LACKS, NumbersAsked, find_numbers
from .place_fit import CONTRADICTS, DISTRICT_FAULT, MENDABLE, POSTCODE_FAULT, TOLERATED, Places, fit_addresses
from .register_index import RegisterIndex
from .street_choice import DOUBTFUL, FORMER, JOINED, MISBEGUN, MISTYPED, OTHER_ENDING, SHORT, UNLIKELY, WRITTEN

#: what is taken off 100
_STREET = {WRITTEN: 0, JOINED: 1, FORMER: 4, SHORT: 6, MISTYPED: 0, MISBEGUN: 0, DOUBTFUL: 2, OTHER_ENDING: 6,
           UNLIKELY: 12}
_PER_EDIT, _DOTS = 8, 4
_NUMBER = {SAME: 0, LISTED: 3, SUFFIX_LACKS: 8, BETWEEN: 10, NEAR: 15, NO_NUMBER: 30, LACKS: 45}
_POSTCODE, _DISTRICT, _PLACE, _CONTRADICTS = 10, 6, 4, 30


@dataclass(frozen=True, eq=False)
class Candidates:
    """Candidates, sorted by row.

    Attributes
    ----------
    row, unit : ndarray of int64
        Row, and unit of the register's index.
    street : ndarray of int8
        How the street was found (`street_choice`).
    edits : ndarray of int16
        Typing errors in the street.
    number : ndarray of int8
        How the house number was found (`number_choice`).
    away : ndarray of int16
        House numbers between the one asked for and the one found.
    address, other : ndarray of int64
        Address, and the other neighbour of a number between two; -1: none.
    fit : ndarray of int8
        How place, postcode and district fit (`place_fit`).
    faults : ndarray of int8
        What of them is wrong, as bits.
    score : ndarray of float32
        0…100, see `rate`.
    """

    row: np.ndarray
    unit: np.ndarray
    street: np.ndarray
    edits: np.ndarray
    number: np.ndarray
    away: np.ndarray
    address: np.ndarray
    other: np.ndarray
    fit: np.ndarray
    faults: np.ndarray
    score: np.ndarray

    def __len__(self) -> int:
        return len(self.row)

    def take(self, which) -> Candidates:
        """Return only these candidates."""
        return Candidates(**{name: getattr(self, name)[which] for name in self.__dataclass_fields__})


def rate(index: RegisterIndex, places: Places, asked: NumbersAsked, row, unit, street, edits) -> Candidates:
    """Return the candidates that pairs of row and street give, with their score.

    The score is 100 less

    - for the street: 1 when words are joined or parted otherwise, 4 for a former name, 6 for a short form, 8 for each
      typing error (4 for lost dots), 2 more when that needs proof, 6 more when it makes another kind of street, 12 more
      when the name is only alike;
    - for the number: 3 when it is another one of a list or range, 8 when only the suffix differs, 10 between two
      neighbours, 15 and 1 for each number between for the nearest one, 30 when the row has none, 45 when the street has
      none near;
    - 4 for a mended name of the place, 10 for another postcode, 6 for another district, and 30 more when these
      contradict.

    Parameters
    ----------
    row, unit : ndarray of int
        Pairs, sorted by row; rows as in `places` and `asked`.
    street, edits : ndarray of int
        How the street of each pair was found.
    """
    found = find_numbers(index, asked, row, unit, places.postcode[row], places.district[row])
    row, unit, street, edits = row[found.pair], unit[found.pair], street[found.pair], edits[found.pair]
    compared = np.where(np.isin(found.how, (SAME, LISTED, SUFFIX_LACKS)), found.address, -1)
    fit, faults = fit_addresses(index, places, row, unit, compared)
    score = 100 - _look_up(_STREET)[street] - np.where(street >= MISTYPED, np.maximum(_PER_EDIT * edits, _DOTS), 0)
    score = score - _look_up(_NUMBER)[found.how] - np.where(found.how == NEAR, found.away, 0)
    score = score - _PLACE * (places.state[row] == TOLERATED) - _POSTCODE * (faults & POSTCODE_FAULT > 0)
    score = score - _DISTRICT * (faults & DISTRICT_FAULT > 0) - _CONTRADICTS * (fit == CONTRADICTS)
    return Candidates(row, unit, street, edits, found.how, found.away, found.address, found.other, fit, faults,
                      np.clip(score, 0, 100).astype(np.float32))


def joined(first: Candidates, second: Candidates) -> Candidates:
    """Return the candidates of two lists, sorted by row, the first list's before the second's."""
    both = {name: np.concatenate([getattr(first, name), getattr(second, name)])
            for name in Candidates.__dataclass_fields__}
    order = np.argsort(both["row"], kind="stable")
    return Candidates(**{name: values[order] for name, values in both.items()})


def settled(candidates: Candidates) -> np.ndarray:
    """Return the rows for which nothing better can come: written name, the number itself or one of a list, no fault."""
    good = ((candidates.street <= JOINED) & (candidates.number <= LISTED) & (candidates.fit > MENDABLE))
    return np.unique(candidates.row[good])


def _look_up(table) -> np.ndarray:
    return np.array([table[key] for key in range(len(table))], dtype=np.float64)

