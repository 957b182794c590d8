"""Checks of house numbers: doubled, missing, in gaps, too high, with odd additions."""

from __future__ import annotations

import re

import numpy as np

from ..messages import Message, mark
from .register import NONE, AddressRegister
from .register_findings import ERROR, HINT, WARNING, Finding, found, numbered

_USUAL = re.compile(r"[a-z]{1,2}|\d{1,2}|\d/\d|[a-z]\d{1,2}|\d{1,2}[a-z]|[a-z][-+/,][a-z]")
#: numbers above are no house numbers
_HIGHEST = 2000
#: a number is implausible when it lies so far above the next one, and so many times as high
_ABOVE, _TIMES, _FEWEST = 100, 4, 8
#: numbers needed on either side of a gap, and how many may be missing among them for each that is there
_RUN, _SPARSE = 3, 1


def duplicates(register: AddressRegister) -> list[Finding]:
    """Find addresses with equal street, number, addition and postcode."""
    columns = (register.street, register.number, register.suffix, register.postcode)
    same = np.zeros(len(register), bool)
    if len(register) > 1:
        same[1:] = np.logical_and.reduce([column[1:] == column[:-1] for column in columns])
    later = np.flatnonzero(same)
    first = np.maximum.accumulate(np.where(same, 0, np.arange(len(register))))[later]
    districts = register.district[later], register.district[first]
    other_district = (districts[0] != districts[1]) & (districts[0] > 0) & (districts[1] > 0)
    apart = np.hypot(register.x[later] - register.x[first], register.y[later] - register.y[first])
    other_area = register.area[later] != register.area[first]
    other_area &= (register.area[later] > 0) & (register.area[first] > 0)
    severity = np.where(other_district | (register.number[later] == NONE), HINT, ERROR)

    def detail(i):
        known = {"row": int(register.row[later[i]]), "other": int(register.row[first[i]])}
        if other_district[i]:
            return Message(mark("Rows {other} and {row}: the same address in two districts"), **known)
        if other_area[i]:
            return Message(mark("Rows {other} and {row}: the same address in areas {first} and {second}"),
                           first=register.areas[register.area[first[i]]],
                           second=register.areas[register.area[later[i]]], **known)
        if np.isfinite(apart[i]) and apart[i] >= 1:
            return Message(mark("Rows {other} and {row}: the same address, {distance:.0f} m apart"),
                           distance=float(apart[i]), **known)
        return Message(mark("Rows {other} and {row}: the same address"), **known)

    return found(register, "duplicate", severity, later, detail, first)


def without_number(register: AddressRegister) -> list[Finding]:
    """Find entries without a house number."""
    points = np.flatnonzero(register.number == NONE)
    there = np.zeros(len(register.street_names), np.int64)
    np.add.at(there, register.street[numbered(register)], 1)
    with_number = there[register.street[points]]

    def detail(i):
        if with_number[i]:
            return Message(mark("Numbered addresses of the street: {count}"), count=int(with_number[i]))
        return Message(mark("The street has no numbered address at all"))

    return found(register, "no_number", HINT, points, detail)


def odd_suffixes(register: AddressRegister) -> list[Finding]:
    """Find additions that are neither letters nor fractions."""
    odd = np.array([bool(text) and not _USUAL.fullmatch(text) for text in register.suffixes], bool)
    addresses = np.flatnonzero(odd[register.suffix])
    return found(register, "suffix", HINT, addresses, lambda i: Message(
        mark("Addition “{suffix}”"), suffix=register.suffixes[register.suffix[addresses[i]]]))


def high_numbers(register: AddressRegister) -> list[Finding]:
    """Find numbers that lie far above all others of the street."""
    street, number = _distinct(register)
    last = np.append(street[1:] != street[:-1], True) if len(street) else np.zeros(0, bool)
    ends = np.flatnonzero(last)
    counts = np.diff(np.append(-1, ends))
    before = np.where(counts > 1, number[ends - 1], number[ends])
    high = (number[ends] > before + _ABOVE) & (number[ends] > _TIMES * before) & (counts >= _FEWEST)
    next_below = dict(zip(zip(street[ends[high]].tolist(), number[ends[high]].tolist()), before[high].tolist()))
    pairs = list(zip(register.street.tolist(), register.number.tolist())) if next_below else []
    rows = np.array([i for i, pair in enumerate(pairs) if pair in next_below], int)
    rows = np.union1d(rows, np.flatnonzero(register.number > _HIGHEST)).astype(int)

    def detail(i):
        pair = int(register.street[rows[i]]), int(register.number[rows[i]])
        if pair in next_below:
            return Message(mark("The next lower number of the street is {number}"), number=next_below[pair])
        return Message(mark("Number {number}"), number=pair[1])

    return found(register, "high_number", WARNING, rows, detail)


def gaps(register: AddressRegister, least: int = 10) -> list[Finding]:
    """Find gaps in the numbers of one side of a street.

    Parameters
    ----------
    least : int
        So many numbers of the side must be missing; 0: look for none.
    """
    if least <= 0:
        return []
    street, number, address = _distinct(register, with_address=True)
    side = street.astype(np.int64) * 2 + number % 2
    order = np.lexsort((number, side))
    side, number, address = side[order], number[order], address[order]
    same = side[1:] == side[:-1]
    missing = np.where(same, (number[1:] - number[:-1]) // 2 - 1, 0)
    spots = np.flatnonzero(missing >= least)
    spots = spots[[_dense(side, number, spot) for spot in spots.tolist()]] if len(spots) else spots
    x, y = register.x[address], register.y[address]
    step = np.hypot(np.diff(x), np.diff(y))
    usual = _usual_step(side[:-1], np.where(same & (missing <= 2), step / np.maximum(missing + 1, 1), np.nan))
    needed = usual[spots] / 3 * (missing[spots] + 1)
    known = np.isfinite(needed) & np.isfinite(step[spots])
    spots = spots[~known | (step[spots] >= needed)]

    def detail(i):
        spot = spots[i]
        details = {"count": int(missing[spot]), "first": int(number[spot]) + 2, "last": int(number[spot + 1]) - 2}
        if np.isfinite(step[spot]):
            return Message(mark("{count} numbers of this side are missing: {first} to {last} ({distance:.0f} m)"),
                           distance=float(step[spot]), **details)
        return Message(mark("{count} numbers of this side are missing: {first} to {last}"), **details)

    return found(register, "gap", HINT, address[spots], detail, address[spots + 1] if len(spots) else None)


def _distinct(register: AddressRegister, with_address: bool = False):
    """Return streets and numbers in their order, each number of a street once."""
    rows = numbered(register)
    street, number = register.street[rows], register.number[rows]
    first = np.ones(len(rows), bool)
    first[1:] = (street[1:] != street[:-1]) | (number[1:] != number[:-1])
    return (street[first], number[first], rows[first]) if with_address else (street[first], number[first])


def _dense(side, number, spot: int) -> bool:
    """Say whether the side has a run of numbers before and after the gap, with hardly any missing."""
    if spot - _RUN + 1 < 0 or spot + _RUN >= len(side):
        return False
    if side[spot - _RUN + 1] != side[spot] or side[spot + _RUN] != side[spot]:
        return False
    most = 2 * (_RUN - 1) * (1 + _SPARSE)
    return (number[spot] - number[spot - _RUN + 1] <= most) and (number[spot + _RUN] - number[spot + 1] <= most)


def _usual_step(side: np.ndarray, step: np.ndarray) -> np.ndarray:
    """Return for each place of a side the median distance from number to number, NaN where none is known."""
    usual = np.full(len(side), np.nan)
    known = np.flatnonzero(np.isfinite(step))
    known = known[np.lexsort((step[known], side[known]))]
    if not len(known):
        return usual
    sides, starts, counts = np.unique(side[known], return_index=True, return_counts=True)
    middle = step[known[starts + counts // 2]]
    at = np.searchsorted(sides, side)
    there = (at < len(sides)) & (sides[np.minimum(at, len(sides) - 1)] == side)
    usual[there] = middle[at[there]]
    return usual
