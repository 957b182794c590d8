"""Which address of a street a house number means: the number itself, one of a list, between two, or the nearest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .register import NONE
from .register_index import RegisterIndex, side_keys
from .street_search import spread

#: how the house number was found, the surest first
SAME, LISTED, SUFFIX_LACKS, BETWEEN, NEAR, NO_NUMBER, LACKS = range(7)

_GAP = 8  # house numbers between two neighbours of one side that a number may be put between
_GAP_METRES = 200.0  # how far these may be apart
_NEAREST = 20  # house numbers that the nearest one may be away
_TRIES = 12  # numbers of a list or range that are tried


@dataclass(frozen=True, eq=False)
class NumbersAsked:
    """House numbers of rows in the register's terms.

    Attributes
    ----------
    number : ndarray of int64
        -1: none given.
    suffix : ndarray of int64
        Position in the register's suffixes, -1: none of them.
    tries : dict of int to list of (int, int)
        By row: numbers and suffixes to try when the first is missing.
    """

    number: np.ndarray
    suffix: np.ndarray
    tries: dict

    def take(self, rows) -> NumbersAsked:
        """Return only these rows."""
        tries = self.tries and {at: self.tries[row] for at, row in enumerate(rows.tolist()) if row in self.tries}
        return NumbersAsked(self.number[rows], self.suffix[rows], tries)


@dataclass(frozen=True, eq=False)
class NumbersFound:
    """What was found for pairs of row and unit; a pair occurs more than once when several addresses have the number.

    Attributes
    ----------
    pair : ndarray of int64
        Which pair.
    address, other : ndarray of int64
        Address and, for a number between two, the second of them; -1: none.
    how : ndarray of int8
        `SAME` … `LACKS`.
    away : ndarray of int16
        House numbers between the one asked for and the one found.
    """

    pair: np.ndarray
    address: np.ndarray
    other: np.ndarray
    how: np.ndarray
    away: np.ndarray


def ask_numbers(index: RegisterIndex, number, suffix_codes, suffixes, more, is_range) -> NumbersAsked:
    """Return house numbers of rows in the register's terms.

    Parameters
    ----------
    index : RegisterIndex
    number : ndarray of int
    suffix_codes, suffixes : ndarray of int, sequence of str
        Suffix of each row as a position in a list of the different ones.
    more, is_range : ndarray
        As in `ParsedAddresses`.
    """
    codes = np.array([index.suffix_codes.get(text, -1) for text in suffixes] + [-1], dtype=np.int64)
    tries = {}
    several = np.array([len(each) > 0 for each in more], dtype=bool)
    slashed = np.array([text.isdigit() for text in suffixes] + [False], dtype=bool)[suffix_codes]
    for row in np.flatnonzero(several | slashed).tolist():
        written = [(int(number[row]), index.suffix_codes.get(suffixes[suffix_codes[row]], -1))]
        if slashed[row]:  # “12/14” may be two numbers
            written += [(int(number[row]), 0), (int(suffixes[suffix_codes[row]]), 0)]
        listed = [(int(first), index.suffix_codes.get(text, -1)) for first, text in more[row]]
        if is_range[row] and listed and 0 < listed[-1][0] - number[row] <= 2 * _TRIES:
            listed[-1:-1] = [(between, 0) for between in range(int(number[row]) + 2, listed[-1][0], 2)]
        tries[row] = (written + listed)[1:_TRIES + 1]
    return NumbersAsked(number.astype(np.int64), codes[suffix_codes], tries)


def find_numbers(index: RegisterIndex, asked: NumbersAsked, rows, units, postcode, district) -> NumbersFound:
    """Return for pairs of row and unit the addresses that the row's house number means.

    First the number itself; then the others of a list or range; then the number with another suffix or without; then,
    between two neighbours of the same side of the street that are at most 8 numbers and 200 m apart and lie, with the
    houses around them, in one area, a point between them; then the nearest number, at most 20 away, of the same side
    if there is one. Where the street has addresses in a row's postcode or district, neighbours of another one are none.

    Parameters
    ----------
    index : RegisterIndex
    asked : NumbersAsked
    rows, units, postcode, district : ndarray of int
        Pairs of row and unit; postcode (-1: none) and district (0: none) of the row.
    """
    number, suffix = asked.number[rows], asked.suffix[rows]
    begin, end = index.positions(units, number, suffix)
    how = np.where(number < 0, NO_NUMBER, np.where(end > begin, SAME, LACKS)).astype(np.int8)
    away, other = np.zeros(len(rows), np.int16), np.full(len(rows), -1, np.int64)
    missing = np.flatnonzero(how == LACKS)
    if len(missing) and asked.tries:
        _try_others(index, asked, rows, units, missing, begin, end, how)
        missing = missing[how[missing] == LACKS]
    if len(missing):
        low, high = index.number_positions(units[missing], number[missing])
        there = high > low
        hit = missing[there]
        begin[hit], end[hit], how[hit] = low[there], low[there] + 1, SUFFIX_LACKS
        missing = missing[~there]
    if len(missing):
        _neighbours(index, units, (postcode, district), number, missing, begin, end, how, away, other)
    counts = np.where(how <= NEAR, np.maximum(end - begin, 1), 1)
    pair = np.repeat(np.arange(len(rows)), counts)
    at = spread(np.where(how <= NEAR, begin, 0), counts)
    address = np.where(how[pair] <= NEAR, index.order[at] if len(at) else at, -1)
    once = ~_repeated(index.register, pair, address)
    pair, address = pair[once], address[once]
    return NumbersFound(pair, address, other[pair], how[pair], away[pair])


def _try_others(index, asked, rows, units, missing, begin, end, how) -> None:
    """Fill in the first of the other numbers of a list or range that the street has."""
    wanted = [(at, *one) for at in missing.tolist() for one in asked.tries.get(int(rows[at]), ())]
    if not wanted:
        return
    at, number, suffix = np.array(wanted, dtype=np.int64).T
    low, high = index.positions(units[at], number, suffix)
    for position in np.flatnonzero(high > low)[::-1].tolist():  # the first of a pair is written last
        pair = at[position]
        begin[pair], end[pair], how[pair] = low[position], high[position], LISTED


def _neighbours(index, units, within, number, missing, begin, end, how, away, other) -> None:
    """Fill in the neighbours on the same side: two of them, or the nearest one."""
    register, (keys, positions) = index.register, index.sides
    if not len(keys):
        return
    wanted, postcode, district = number[missing], within[0][missing], within[1][missing]
    postcode = np.where(index.among(index.unit_postcodes, units[missing], postcode), postcode, -1)
    district = np.where(index.among(index.unit_districts, units[missing], district), district, 0)
    lower, upper = _around(index, keys, positions, units[missing], wanted, (postcode, district))
    first, second = index.order[np.maximum(lower, 0)], index.order[np.maximum(upper, 0)]
    both = (lower >= 0) & (upper >= 0)
    gap = np.where(both, register.number[second].astype(np.int64) - register.number[first], 1 << 20)
    with np.errstate(invalid="ignore"):
        metres = np.hypot(register.x[first] - register.x[second], register.y[first] - register.y[second])
    located = (register.area[first] > 0) | np.isfinite(metres)
    between = (both & (gap <= _GAP) & ~(metres > _GAP_METRES) & (register.area[first] == register.area[second])
               & located)
    between[between] = _one_area(index, units[missing[between]], lower[between], upper[between])
    hit = missing[between]
    begin[hit], end[hit], how[hit] = lower[between], lower[between] + 1, BETWEEN
    other[hit], away[hit] = second[between], (wanted - register.number[first])[between]
    rest, wanted = missing[~between], wanted[~between]
    opposite = _around(index, keys, positions, units[rest], wanted, (postcode[~between], district[~between]), 1)
    choice, best = np.full(len(rest), -1, np.int64), np.full(len(rest), _NEAREST + 1, np.int64)
    for side, found in enumerate((lower[~between], upper[~between], *opposite)):
        distance = np.abs(register.number[index.order[np.maximum(found, 0)]].astype(np.int64) - wanted)
        better = (found >= 0) & (distance + (2 if side > 1 else 0) < best)
        choice[better], best[better] = found[better], distance[better] + (2 if side > 1 else 0)
    near = choice >= 0
    hit = rest[near]
    begin[hit], end[hit], how[hit] = choice[near], choice[near] + 1, NEAR
    away[hit] = np.abs(register.number[index.order[choice[near]]] - wanted[near])


def _one_area(index, units, lower, upper) -> np.ndarray:
    """Return whether the addresses beside and between two neighbours, on both sides of the street, share their area."""
    area = index.register.area
    same = np.ones(len(units), dtype=bool)
    for beside in (lower - 2, lower - 1, lower + 1, upper - 1, upper + 1, upper + 2):
        inside = np.clip(beside, index.unit_starts[units], index.unit_starts[units + 1] - 1)
        same &= area[index.order[inside]] == area[index.order[lower]]
    return same


def _around(index, keys, positions, units, number, within, other_side=0) -> tuple[np.ndarray, np.ndarray]:
    """Return positions in `order` of the next lower and next higher number on a side of the street, -1: none there."""
    side = (number & 1) ^ other_side
    key = side_keys(units, number) if not other_side else side_keys(units, number + 1)
    base = side_keys(units, side)
    at = np.searchsorted(keys, key)
    below, above = np.maximum(at - 1, 0), np.minimum(at, len(keys) - 1)
    top = base | ((1 << 18) - 1)
    lower = np.where((at > 0) & (keys[below] >= base), positions[below], -1)
    upper = np.where((at < len(keys)) & (keys[above] <= top), positions[above], -1)
    for found in (lower, upper):
        address = index.order[np.maximum(found, 0)]
        postcode, district = index.register.postcode[address], index.district_of[index.register.district[address]]
        found[(within[0] > 0) & (postcode != NONE) & (postcode != within[0])] = -1
        found[(within[1] > 0) & (district > 0) & (district != within[1])] = -1
    return lower, upper


def _repeated(register, pair, address) -> np.ndarray:
    """Return which addresses are the one before them written again: same pair, postcode, district, area and spot."""
    again = np.zeros(len(pair), dtype=bool)
    at = np.flatnonzero((pair[1:] == pair[:-1]) & (address[1:] >= 0)) + 1
    if len(at):
        here, before = address[at], address[at - 1]
        same = register.number[here] != NONE
        for column in (register.postcode, register.district, register.area):
            same &= column[here] == column[before]
        with np.errstate(invalid="ignore"):
            same &= ~(np.hypot(register.x[here] - register.x[before], register.y[here] - register.y[before]) > 50)
        again[at] = same
    return again
