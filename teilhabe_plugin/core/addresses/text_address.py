"""What one text says about an address, and the repairs that took."""

from __future__ import annotations

import re
from typing import NamedTuple

from . import parsed
from .house_numbers import HouseNumber
from .street_names import fold_text
from .vocabulary import Vocabulary


class TextAddress(NamedTuple):
    """One address; the fields are those of a row of `ParsedAddresses`."""

    kind: int = parsed.EMPTY
    street: str = ""
    normal: str = ""
    crossing: str = ""
    number: int = -1
    suffix: str = ""
    more: tuple = ()
    is_range: bool = False
    postcode: int = -1
    place: str = ""
    district: str = ""
    place_text: str = ""
    repairs: int = 0


NO_ADDRESS = TextAddress()


def number_repairs(number: HouseNumber, text: str) -> int:
    """Return the repairs that a house number as written needed."""
    repairs = 0
    if number.suffix and not re.search(r"\d[A-Za-z]", text):
        repairs |= parsed.SUFFIX_FORM
    if number.more:
        repairs |= parsed.SEVERAL_NUMBERS
    if number.from_date:
        repairs |= parsed.FROM_DATE
    return repairs


def spelling_repair(street: str, normal: str, vocabulary: Vocabulary) -> int:
    """Return `parsed.SPELLING` when a street is not written as a register writes it."""
    if vocabulary.names:
        return 0 if street in vocabulary.names else parsed.SPELLING
    plain = re.sub(r"[^0-9a-z]+", " ", fold_text(street)).strip()
    return parsed.SPELLING if plain != normal or street.isupper() or street.islower() else 0
