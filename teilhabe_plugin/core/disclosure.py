"""What can be worked out from a published table: for every cell the narrowest interval that its totals allow.

The reader of a table knows the published cells, how cells add up, and that counts are not negative. What follows for a
hidden cell is the range of a linear programme. For areas in districts in a city, and for a numerator under its
denominator, the ends of the range are whole numbers that the cell can really have; where two hierarchies are crossed,
the range of whole numbers may be narrower by a fraction of the linear one.
"""
from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Callable

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from .messages import TeilhabeError, check_cancelled, mark

_SMALL = 1e-6
#: tables looked for in random directions before single cells get programmes of their own
_DIRECTIONS = 12
#: how far above all published values the bound lies that stands for none
_ROOM = 1e4


@dataclass(frozen=True)
class Structure:
    """How the cells of one or more tables hang together.

    Attributes
    ----------
    size : int
        Number of cells.
    totals : tuple of (int, tuple of int)
        Each total with its parts.
    at_most : tuple of (int, int)
        Cells that cannot exceed another one, such as a numerator and its denominator.
    """

    size: int
    totals: tuple = ()
    at_most: tuple = ()

    @cached_property
    def rows(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Cells and coefficients of each relation: the equations (= 0) first, then the inequalities (≤ 0)."""
        equations = [(np.array([total, *parts]), np.array([1.0, *[-1.0] * len(parts)])) for total, parts in self.totals]
        return equations + [(np.array(pair), np.array([1.0, -1.0])) for pair in self.at_most]

    @cached_property
    def rows_of(self) -> list[list[int]]:
        """The relations that each cell stands in."""
        found: list[list[int]] = [[] for _ in range(self.size)]
        for number, (cells, _) in enumerate(self.rows):
            for cell in cells.tolist():
                found[cell].append(number)
        return found

    @cached_property
    def is_total(self) -> np.ndarray:
        """True for cells that are the total of others."""
        flags = np.zeros(self.size, bool)
        flags[[total for total, _ in self.totals]] = True
        return flags

    def without(self, cells: np.ndarray) -> Structure:
        """Return the structure without the cells marked True; a total that is gone takes its relation along."""
        totals = [(total, tuple(part for part in parts if not cells[part])) for total, parts in self.totals
                  if not cells[total]]
        return Structure(self.size, tuple((total, parts) for total, parts in totals if parts),
                         tuple(pair for pair in self.at_most if not cells[list(pair)].any()))

    def linked(self, pairs) -> Structure:
        """Return the structure with further pairs (cell, cell that it cannot exceed)."""
        return Structure(self.size, self.totals, (*self.at_most, *((int(a), int(b)) for a, b in pairs)))


def hierarchy(parents) -> Structure:
    """Return the structure of a tree: every cell that has children is their sum.

    Parameters
    ----------
    parents : sequence of int
        For each cell the position of its parent, −1 for none.
    """
    children: dict[int, list[int]] = {}
    for child, parent in enumerate(parents):
        if parent >= 0:
            children.setdefault(int(parent), []).append(child)
    return Structure(len(parents), tuple((parent, tuple(parts)) for parent, parts in sorted(children.items())))


def cross(first: Structure, second: Structure) -> Structure:
    """Return the structure of a table with two hierarchies; cell (i, j) has the number i · second.size + j."""
    width = second.size
    totals = [(total * width + j, tuple(part * width + j for part in parts))
              for total, parts in first.totals for j in range(width)]
    totals += [(i * width + total, tuple(i * width + part for part in parts))
               for i in range(first.size) for total, parts in second.totals]
    return Structure(first.size * width, tuple(totals))


def stack(*structures: Structure) -> Structure:
    """Return several tables as one; the cells of each follow those of the one before."""
    start, totals, at_most = 0, [], []
    for each in structures:
        totals += [(start + total, tuple(start + part for part in parts)) for total, parts in each.totals]
        at_most += [(start + a, start + b) for a, b in each.at_most]
        start += each.size
    return Structure(start, tuple(totals), tuple(at_most))


def feasible(low, high, structure: Structure, cells=None, enough=np.inf,
             cancelled: Callable[[], bool] | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Return the range that each cell can have, given ranges that are known and the structure.

    Parameters
    ----------
    low, high : array_like, shape (size,)
        What is known of each cell by itself; equal for published cells, ``inf`` where nothing bounds it.
    structure : Structure
    cells : ndarray of bool, optional
        Cells asked for; the others keep the range they came with. All by default.
    enough : float or array_like
        Once a range is known to be so wide, its ends are not looked for any further: what is returned then lies within
        the true range. Saves most of the time where many cells hang together.

    Raises
    ------
    TeilhabeError
        When published cells contradict each other.
    """
    low, high = np.array(low, float), np.array(high, float)
    enough = np.broadcast_to(np.asarray(enough, float), structure.size)
    found_low, found_high = low.copy(), high.copy()
    open_cells = high > low
    wanted = open_cells if cells is None else open_cells & cells
    groups, every_row = [], []
    for component, rows in _components(structure, open_cells, wanted):
        check_cancelled(cancelled)
        asked = component[wanted[component]]
        if len(rows) == 1 and rows[0] < len(structure.totals):
            found_low[asked], found_high[asked] = _one_equation(low, high, structure.rows[rows[0]], asked)
        elif rows and np.isfinite(enough[asked]).all():
            groups.append((component, asked))
            every_row += rows
        elif rows:
            programme = _Programme(low, high, structure, component, rows)
            found_low[asked], found_high[asked] = programme.ranges([asked], enough, cancelled)
    if groups:
        # groups know nothing of each other: one programme moves a cell in each of them at once
        component, asked = (np.concatenate(each) for each in zip(*groups))
        programme = _Programme(low, high, structure, component, sorted(every_row), bounded=True)
        found_low[asked], found_high[asked] = programme.ranges([group for _, group in groups], enough, cancelled)
    return found_low, found_high


def _components(structure: Structure, open_cells: np.ndarray, wanted: np.ndarray):
    """Yield groups of open cells that relations tie together, and the relations."""
    seen = np.zeros(structure.size, bool)
    for start in np.flatnonzero(wanted):
        if seen[start]:
            continue
        seen[start] = True
        cells, rows, waiting = [], set(), [start]
        while waiting:
            cell = waiting.pop()
            cells.append(cell)
            for row in structure.rows_of[cell]:
                if row not in rows:
                    rows.add(row)
                    for other in structure.rows[row][0]:
                        if open_cells[other] and not seen[other]:
                            seen[other] = True
                            waiting.append(other)
        yield np.array(sorted(cells)), sorted(rows)


def _one_equation(low, high, row, asked) -> tuple[np.ndarray, np.ndarray]:
    """Return the ranges where a single equation holds the cells: each is what the others leave."""
    cells, signs = row
    lowest, highest = np.where(signs > 0, low[cells], -high[cells]), np.where(signs > 0, high[cells], -low[cells])
    position = {cell: i for i, cell in enumerate(cells.tolist())}
    found = []
    for cell in asked.tolist():
        i = position[cell]
        others = np.arange(len(cells)) != i
        # sign · x + Σ others = 0
        edges = (-highest[others].sum(), -lowest[others].sum())
        least, most = edges if signs[i] > 0 else (-edges[1], -edges[0])
        found.append((max(low[cell], least), min(high[cell], most)))
    _check_ranges(found)
    return tuple(np.array(found, float).T)


class _Programme:
    """Cells that several relations tie together, as a linear programme.

    ``bounded`` puts a bound on every cell, far above all that is published: without it, one group of cells without
    an upper end would leave the programme of all groups without a solution.
    """

    def __init__(self, low, high, structure: Structure, component, rows, bounded: bool = False):
        matrix, known = relations(structure, component, rows, low)
        equations = np.array([row < len(structure.totals) for row in rows])
        self.reach = float(np.abs(known).sum() + low[component].sum()) + 1 if bounded else np.inf
        top = np.where(np.isinf(high[component]), 2 * self.reach + _ROOM if bounded else np.inf, high[component])
        self.parts = {"bounds": np.column_stack([low[component], top])}
        if equations.any():
            self.parts |= {"A_eq": matrix[equations], "b_eq": -known[equations]}
        if not equations.all():
            self.parts |= {"A_ub": matrix[~equations], "b_ub": -known[~equations]}
        self.size = len(component)
        self.position = {cell: i for i, cell in enumerate(component.tolist())}

    def ranges(self, groups, enough, cancelled) -> tuple[np.ndarray, np.ndarray]:
        """Return the ranges of the cells asked for, group after group.

        Every solution is a table that could be the true one, so it widens the ranges of all cells at once. Tables in
        random directions come first; then each cell that is not wide enough is pushed to its ends by itself.
        """
        asked = np.concatenate(groups)
        at = np.array([self.position[cell] for cell in asked.tolist()])
        enough = np.maximum(enough[asked], _SMALL)
        low, high = np.full(len(at), np.inf), np.full(len(at), -np.inf)

        def wide() -> np.ndarray:
            return high - low >= enough - _SMALL

        def widen(cells, signs) -> None:
            target = np.zeros(self.size)
            target[at[cells]] = signs
            value, table = self._solve(target)
            if table is None:  # no end in this direction; only where the programme holds a single group
                (low if signs[0] > 0 else high)[cells] = value * signs[0]
                return
            np.minimum(low, table[at], out=low)
            np.maximum(high, table[at], out=high)

        largest = max(len(group) for group in groups)
        directions = np.random.default_rng(0)
        for _ in range(_DIRECTIONS if largest > _DIRECTIONS and np.isfinite(self.reach) else 0):
            check_cancelled(cancelled)
            cells = np.flatnonzero(~wide())
            signs = directions.choice([-1.0, 1.0], len(cells))
            widen(cells, signs)
            widen(cells, -signs)
        number = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
        done = np.zeros(len(at), bool)
        while True:
            check_cancelled(cancelled)
            left = np.flatnonzero(~done & ~wide())
            if not len(left):
                break
            cells = left[np.unique(number[left], return_index=True)[1]]
            for sign in (1.0, -1.0):
                cells_left = cells[~wide()[cells]]
                if len(cells_left):
                    widen(cells_left, np.full(len(cells_left), sign))
            done[cells] = True
        high[high > self.reach + _ROOM] = np.inf
        return np.array([_whole(end, np.ceil) for end in low]), np.array([_whole(end, np.floor) for end in high])

    def _solve(self, target) -> tuple[float, np.ndarray | None]:
        answer = linprog(target, method="highs", **self.parts)
        if answer.status == 2:
            _check_ranges([(1, 0)])
        if answer.status == 3 and np.isinf(self.reach):
            return -np.inf, None
        if answer.status != 0:  # nothing may count as safe that was not proved
            raise TeilhabeError(mark("The audit of the suppressed counts could not be finished ({reason}). Compute "
                                     "fewer indicators at once."), reason=answer.message)
        return answer.fun, answer.x


def relations(structure: Structure, component, rows, values) -> tuple[csr_matrix, np.ndarray]:
    """Return the coefficients of a group of cells and what the cells outside of it add to each relation."""
    position = {cell: i for i, cell in enumerate(component.tolist())}
    entries, known = [], np.zeros(len(rows))
    for i, row in enumerate(rows):
        for cell, sign in zip(*(each.tolist() for each in structure.rows[row])):
            if cell in position:
                entries.append((i, position[cell], sign))
            else:
                known[i] += sign * values[cell]
    at, to, signs = zip(*entries)
    return csr_matrix((signs, (at, to)), shape=(len(rows), len(component))), known


def _whole(value: float, inward: Callable) -> float:
    """Return the whole number meant by the solver, or the next one inside the range: counts are whole numbers."""
    if np.isinf(value):
        return value
    near = np.round(value)
    return float(near if abs(near - value) < _SMALL * max(1, abs(value)) else inward(value))


def _check_ranges(ranges) -> None:
    for low, high in ranges:
        if low > high + _SMALL:
            raise TeilhabeError(mark("The published values do not add up: some total differs from the sum of its "
                                     "parts. Compute the totals from the areas, or round all of them again."))


@dataclass(frozen=True)
class Audit:
    """What a reader can derive of the hidden cells.

    Attributes
    ----------
    cells : ndarray of int
        The hidden cells.
    low, high : ndarray of float
        The narrowest interval that can be derived for each.
    width : ndarray of float
        The width that each interval must have.
    """

    cells: np.ndarray
    low: np.ndarray
    high: np.ndarray
    width: np.ndarray

    @property
    def safe(self) -> np.ndarray:
        """True for cells whose interval is wide enough."""
        return self.high - self.low >= self.width - _SMALL

    @property
    def passed(self) -> bool:
        """True when every hidden cell is safe."""
        return bool(self.safe.all())


def audit(published, structure: Structure, width: float = 1, lowest: float = 0, missing=None, exact: bool = True,
          cancelled: Callable[[], bool] | None = None) -> Audit:
    """Attack a table with hidden cells: return for each of them the interval that anyone can derive.

    Parameters
    ----------
    published : array_like, shape (size,)
        The table as it is given away, NaN where a cell is hidden.
    structure : Structure
    width : float or array_like
        An interval that is narrower than this gives too much away.
    lowest : float
        What is known of every hidden cell: 0, or 1 where zeros are always shown.
    missing : ndarray of bool, optional
        Cells for which there never was a count; they stand in no total.
    exact : bool
        Look for both ends of every interval. Otherwise an interval that has the required width is not followed any
        further; none of its values can be excluded by a reader.
    """
    published = np.asarray(published, float)
    missing = np.zeros(structure.size, bool) if missing is None else missing
    hidden = np.isnan(published) & ~missing
    low, high = feasible(np.where(hidden, lowest, np.where(missing, 0, published)),
                         np.where(hidden, np.inf, np.where(missing, 0, published)),
                         structure.without(missing), hidden, np.inf if exact else width, cancelled)
    cells = np.flatnonzero(hidden)
    return Audit(cells, low[cells], high[cells], np.broadcast_to(np.asarray(width, float), structure.size)[cells])


def audit_rounded(published, structure: Structure, base: int, random: bool, missing=None,
                  cancelled: Callable[[], bool] | None = None) -> Audit:
    """Attack a rounded table: return the interval that rounding and totals leave for every cell.

    Parameters
    ----------
    published : array_like, shape (size,)
        Multiples of the base.
    random : bool
        Rounded up or down at random (less than a base away), not to the nearest multiple (half a base away at most).
    """
    published = np.asarray(published, float)
    missing = np.isnan(published) if missing is None else missing
    reach = base - 1 if random else base // 2
    values = np.where(missing, 0, published)
    low = np.where(missing, 0, np.maximum(values - reach, 0))
    high = np.where(missing, 0, values + reach)
    found_low, found_high = feasible(low, high, structure.without(missing), enough=1, cancelled=cancelled)
    cells = np.flatnonzero(~missing)
    return Audit(cells, found_low[cells], found_high[cells], np.ones(len(cells)))
