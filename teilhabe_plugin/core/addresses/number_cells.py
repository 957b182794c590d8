"""House numbers in columns of their own: the number, its addition, and what a spreadsheet made of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from . import parsed
from .additions import starts_with_addition
from .cells import column_of, is_nothing, texts_of, tidy
from .house_numbers import HouseNumber, from_serial_day, read_house_number
from .street_names import fold_text
from .text_address import number_repairs
from .vocabulary import Vocabulary

_STAND_IN = 9999  # number to which an addition is read
_SUFFIX = re.compile(r"^[a-z](?![a-z0-9])")
_SERIAL_FROM = 10_000


@dataclass(frozen=True, eq=False)
class NumberCells:
    """What the columns of number and addition say, one entry per row; fields as in `ParsedAddresses`."""

    number: np.ndarray
    suffix: np.ndarray
    more: np.ndarray
    is_range: np.ndarray
    repairs: np.ndarray
    has_suffix: np.ndarray


def read_number_cell(text: str, vocabulary: Vocabulary, maybe_postcode: bool = False) -> tuple[HouseNumber, int]:
    """Return the house number of a cell and the repairs it needed.

    A cell that holds only an addition (“a”) gives number -1 with a suffix. Numbers above 9999 are days that a
    spreadsheet counts, when such a day is near enough.
    """
    text = tidy(text)
    if is_nothing(text):
        return HouseNumber(), 0
    found = read_house_number(text)
    if found.number >= _SERIAL_FROM:
        if maybe_postcode and found.number in vocabulary.postcodes:
            return HouseNumber(), 0
        found = from_serial_day(found.number) or HouseNumber(rest=found.rest)
    repairs = number_repairs(found, text)
    if found.number < 0:
        suffix = found.rest.strip("./- ")
        if len(suffix) == 1 and suffix.isalpha() and suffix.isascii():
            return HouseNumber(suffix=suffix), parsed.SPLIT
        return HouseNumber(), parsed.ADDITION if found.rest else 0
    return found, repairs | (parsed.ADDITION if found.rest else 0)


def read_suffix_cell(text: str) -> tuple[HouseNumber, int]:
    """Return the addition of a cell, with further numbers (“-17”, “a-c”); its number is -1 unless it repeats it.

    Further numbers that share the number of the row carry -1.
    """
    text = tidy(text)
    if is_nothing(text) and text not in ("x", "X"):
        return HouseNumber(), 0
    folded = fold_text(text).strip(" .,;:")
    if starts_with_addition(folded):
        return HouseNumber(), parsed.ADDITION
    begins_with_digit = folded[:1].isdigit()
    if begins_with_digit and not re.match(r"\d/\d$", folded):
        own, repairs = read_number_cell(text, Vocabulary())
        return (own, repairs) if own.number > 0 and own.suffix else (
            HouseNumber(suffix=folded) if folded.isdigit() and len(folded) < 3 else HouseNumber(), repairs)
    if not begins_with_digit and folded[:1].isalpha() and not _SUFFIX.match(folded):
        return HouseNumber(), parsed.ADDITION
    found = read_house_number(f"{_STAND_IN}{' ' if begins_with_digit else ''}{folded}")
    more = tuple((-1 if number == _STAND_IN else number, suffix) for number, suffix in found.more)
    repairs = (parsed.ADDITION if found.rest else 0) | (parsed.SEVERAL_NUMBERS if more else 0)
    return HouseNumber(-1, found.suffix, more, found.is_range), repairs


def number_cells(frame: pd.DataFrame, number: str, suffix: str, vocabulary: Vocabulary,
                 maybe_postcode: bool = False) -> NumberCells:
    """Return what the columns of number and addition say; either may be ""."""
    missing = np.full(len(frame), None, dtype=object)
    codes, texts = texts_of(column_of(frame, number) if number else missing)
    own = _Column([read_number_cell(text, vocabulary, maybe_postcode) for text in texts])
    if not suffix:
        return NumberCells(own.number[codes], own.suffix[codes], own.more[codes], own.is_range[codes],
                           own.repairs[codes], own.has_suffix[codes])
    suffix_codes, suffix_texts = texts_of(column_of(frame, suffix))
    added = _Column([read_suffix_cell(text) for text in suffix_texts])
    numbers = np.where(own.number[codes] >= 0, own.number[codes], added.number[suffix_codes]).astype(np.int32)
    has_own = own.has_suffix[codes]
    more, is_range = own.more[codes], own.is_range[codes]
    for row in np.flatnonzero(added.has_more[suffix_codes] & (numbers >= 0)):
        behind = added.more[suffix_codes[row]]
        more[row] = (*more[row], *((numbers[row] if each < 0 else each, text) for each, text in behind))
        is_range[row] = added.is_range[suffix_codes[row]]
    return NumberCells(numbers, np.where(has_own, own.suffix[codes], added.suffix[suffix_codes]), more, is_range,
                       own.repairs[codes] | added.repairs[suffix_codes], has_own | added.has_suffix[suffix_codes])


class _Column:
    """Different cells of a column, read, as arrays."""

    def __init__(self, cells: list[tuple[HouseNumber, int]]):
        found = [number for number, _repairs in cells]
        self.number = np.array([each.number for each in found], dtype=np.int32)
        self.suffix = np.array([each.suffix for each in found], dtype=object)
        self.more = np.empty(len(found), dtype=object)
        self.more[:] = [each.more for each in found]
        self.is_range = np.array([each.is_range for each in found], dtype=bool)
        self.repairs = np.array([repairs for _number, repairs in cells], dtype=np.int32)
        self.has_suffix = np.array([each.suffix != "" for each in found], dtype=bool)
        self.has_more = np.array([each.more != () for each in found], dtype=bool)
