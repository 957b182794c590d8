"""Suppression of small counts so that nothing can be worked out again by subtraction.

Primary cells hold 1 … threshold − 1 cases (and 0, if wanted). Complementary cells are hidden with them until the
audit (`disclosure.audit`) finds an interval of the required width for every hidden cell. The choice is deterministic:
first the smallest cell that is enough in every single total, then a linear programme for what hangs together over
several totals, at last every complementary cell that turns out not to be needed is shown again.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import bmat, csr_matrix

from .disclosure import Audit, Structure, audit, feasible, relations
from .messages import TeilhabeError, check_cancelled, mark

_SMALL = 1e-6
#: hiding a total costs as much as hiding so many of its parts
_TOTAL_COST = 1000.0
#: cleaning up looks at no larger group of cells that hang together
_MOST_TO_CLEAN = 400


@dataclass(frozen=True)
class Suppression:
    """Which cells are hidden, and the proof.

    Attributes
    ----------
    hidden : ndarray of bool
        Primary and complementary cells.
    primary : ndarray of bool
        For the statistics office only: who knows which cells are primary knows more than the audit allows for.
    audit : Audit
        The intervals that can be derived.
    """

    hidden: np.ndarray
    primary: np.ndarray
    audit: Audit

    def publish(self, values) -> np.ndarray:
        """Return the values with NaN in the hidden cells."""
        return np.where(self.hidden, np.nan, np.asarray(values, float))


def primary_cells(values, threshold: float, zeros: bool = False) -> np.ndarray:
    """Return True for counts 1 … threshold − 1, with ``zeros`` for 0 as well; missing counts are no primary cells."""
    values = np.asarray(values, float)
    return (values < threshold) & ((values >= 0) if zeros else (values > 0))


def least_hidden(values, zeros: bool = False) -> float:
    """Return what everybody knows a hidden cell to hold at least.

    1 where zeros are shown and all are whole counts; 0 where zeros are hidden, too, or where counts have decimals, such
    as those carried from other areas.
    """
    values = np.asarray(values, float)
    return 0.0 if zeros or (np.nan_to_num(values) % 1 != 0).any() else 1.0


def dominated(total, largest, second=0, percent: float = 10) -> np.ndarray:
    """Return True for sums that let the second largest contributor estimate the largest too closely (p % rule).

    A sum is sensitive when what is left of it without the two largest contributions is less than ``percent`` of the
    largest. For sums of amounts, not for counts of people.
    """
    total, largest, second = (np.asarray(each, float) for each in (total, largest, second))
    return total - largest - second < percent / 100 * largest


def suppress(
    values,
    structure: Structure,
    threshold: float = 5,
    *,
    zeros: bool = False,
    counted: np.ndarray | None = None,
    primary: np.ndarray | None = None,
    width: float | None = None,
    fixed: np.ndarray | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Suppression:
    """Choose the cells to hide.

    Parameters
    ----------
    values : array_like, shape (size,)
        Counts; NaN where there is none (such cells stand in no total).
    structure : Structure
    threshold : float
        Counts below it are primary cells.
    zeros : bool
        Zeros are hidden like other small counts. Otherwise they are shown, and everybody knows that a hidden cell
        holds 1 at least (`least_hidden`).
    counted : ndarray of bool, optional
        Cells the threshold is for; all by default. The others are hidden only to protect these.
    primary : ndarray of bool, optional
        Further primary cells, such as those of `dominated`.
    width : float, optional
        Width that every interval which can be derived must have. The default, threshold − 1 (threshold where zeros are
        hidden or counts have decimals), makes each of them reach the threshold: no small count can be told from one
        that is not small.
    fixed : ndarray of bool, optional
        Cells that are known anyway and cannot be hidden.

    Raises
    ------
    TeilhabeError
        When cells that are known anyway give a hidden cell away.
    """
    values = np.asarray(values, float)
    missing = np.isnan(values)
    if (values < 0).any() or np.isinf(values).any():
        raise TeilhabeError(mark("Suppression needs counts: {count} values are negative or infinite."),
                            count=int(((values < 0) | np.isinf(values)).sum()))
    first = primary_cells(values, threshold, zeros) & (True if counted is None else counted)
    first |= False if primary is None else primary & ~missing
    lowest = least_hidden(values, zeros)
    run = _Run(np.where(missing, 0, values), structure.without(missing), first, lowest,
               threshold - lowest if width is None else width,
               missing | (False if fixed is None else fixed) | (False if zeros else values == 0), cancelled)
    run.protect()
    published = np.where(run.hidden, np.nan, values)
    found = audit(published, structure, run.width, run.lowest, missing, exact=False, cancelled=cancelled)
    if not found.passed:
        raise TeilhabeError(mark("{count} counts below the threshold cannot be protected, because totals that are "
                                 "known anyway give them away. Merge areas or hide these totals, too."),
                            count=int((~found.safe).sum()))
    return Suppression(run.hidden, first, found)


class _Run:
    """One table on its way to a safe pattern; `hidden` grows, then shrinks to what is needed."""

    def __init__(self, values, structure: Structure, primary, lowest, width, fixed, cancelled):
        self.values, self.structure, self.primary = values, structure, primary
        self.lowest, self.width, self.cancelled = lowest, width, cancelled
        self.hidden = primary.copy()
        # what a cell can go down in the eyes of a reader
        self.room = values - lowest
        self.usable = ~fixed & (self.room >= 0)

    def protect(self) -> None:
        """Hide cells until every one is safe, then show again what is not needed."""
        self._within_totals()
        while True:
            check_cancelled(self.cancelled)
            unsafe = self._unsafe()
            if not len(unsafe):
                break
            before = self.hidden.sum()
            for cell in unsafe.tolist():
                check_cancelled(self.cancelled)
                if self._still_unsafe(cell):
                    self._programme(cell)
            if self.hidden.sum() == before:
                return
            self._within_totals()
        self._clean_up()

    def _unsafe(self) -> np.ndarray:
        low, high = self._ranges(self.hidden, None)
        return np.flatnonzero(self.hidden & (high - low < self.width - _SMALL))

    def _still_unsafe(self, cell: int) -> bool:
        only = np.zeros(len(self.values), bool)
        only[cell] = True
        low, high = self._ranges(self.hidden, only)
        return high[cell] - low[cell] < self.width - _SMALL

    def _ranges(self, hidden, cells) -> tuple[np.ndarray, np.ndarray]:
        return feasible(np.where(hidden, self.lowest, self.values), np.where(hidden, np.inf, self.values),
                        self.structure, cells, self.width, self.cancelled)

    # single totals

    def _within_totals(self) -> None:
        """Hide parts until no single total gives a cell away; small totals before large ones, until nothing changes."""
        order = sorted(self.structure.totals, key=lambda relation: (self.values[relation[0]], relation[0]))
        changed = True
        while changed:
            changed = False
            for total, parts in order:
                parts = np.array(parts)
                while (chosen := self._next_in_total(total, parts)) is not None:
                    self.hidden[chosen] = True
                    changed = True

    def _next_in_total(self, total: int, parts: np.ndarray) -> int | None:
        """Return the cell to hide next in one total, None when it is safe or nothing is left."""
        hidden = parts[self.hidden[parts]]
        candidates = parts[~self.hidden[parts] & self.usable[parts]]
        if self.hidden[total]:
            # a hidden total over shown parts is their sum
            return None if len(hidden) or not len(candidates) else self._cheapest(candidates)
        if not len(hidden):
            return None
        lacking = self.width - self.room[hidden].sum()
        if lacking <= 0 and len(hidden) > 1:
            return None
        if lacking > 0:  # a cell that cannot go down is of no use here
            candidates = candidates[self.room[candidates] > 0]
        if len(candidates):
            enough = candidates[self.room[candidates] >= lacking]
            return self._cheapest(enough) if len(enough) else int(candidates[np.argmax(self.room[candidates])])
        return total if self.usable[total] else None

    def _cheapest(self, cells: np.ndarray) -> int:
        return int(cells[np.argmin(self.values[cells])])

    # several totals at once

    def _programme(self, cell: int) -> None:
        """Hide the cells of the cheapest two ways in which ``cell`` could be lower and higher, ``width`` in all.

        Looks at what stands in one total with the cell or with hidden cells that hang together with it, then further
        around, at last at everything.
        """
        cells = np.flatnonzero(self._around(cell))
        while True:
            check_cancelled(self.cancelled)
            rows = sorted({row for each in cells.tolist() for row in self.structure.rows_of[each]})
            wider = np.unique(np.concatenate([cells, *(self.structure.rows[row][0] for row in rows)]))
            moved = self._two_ways(cell, wider)
            if moved is not None:
                self.hidden[moved] = True
                return
            if len(wider) == len(cells):
                return
            cells = wider

    def _two_ways(self, cell: int, cells: np.ndarray) -> np.ndarray | None:
        """Return the cells that move in either way, None when the cells given are not enough.

        Variables: for each cell its rise and fall in the upper and in the lower way; all relations hold in both, and
        cells outside keep their value.
        """
        rows = sorted({row for each in cells.tolist() for row in self.structure.rows_of[each]})
        if not rows:
            return None
        matrix, _ = relations(self.structure, cells, rows, self.values)
        inequality = np.array(rows) >= len(self.structure.totals)
        equations, lesser = matrix[~inequality], matrix[inequality]
        slack = np.array([self.values[self.structure.rows[row][0]] @ -self.structure.rows[row][1]
                          for row in np.array(rows)[inequality].tolist()])
        size, at = len(cells), int(np.searchsorted(cells, cell))
        both = bmat([[equations, -equations, None, None], [None, None, equations, -equations]], format="csr")
        at_most = bmat([[lesser, -lesser, None, None], [None, None, lesser, -lesser]], format="csr")
        # rise(upper) − fall(upper) + fall(lower) − rise(lower) of the cell is the width
        target = csr_matrix(([1.0, -1.0, -1.0, 1.0], ([0] * 4, [at, size + at, 2 * size + at, 3 * size + at])),
                            shape=(1, 4 * size))
        hidden = self.hidden[cells]
        movable = hidden | self.usable[cells]
        rise, fall = np.where(movable, np.inf, 0), np.where(movable, self.room[cells], 0)
        charge = np.where(self.structure.is_total[cells], _TOTAL_COST, 1) * (1 + np.log1p(self.values[cells]))
        charge = np.where(hidden, 0, charge / np.clip(self.room[cells], 1, max(self.width, 1)))
        answer = linprog(
            np.tile(charge, 4), A_eq=bmat([[both], [target]], format="csr"),
            b_eq=np.append(np.zeros(both.shape[0]), self.width),
            A_ub=at_most if inequality.any() else None, b_ub=np.tile(slack, 2) if inequality.any() else None,
            bounds=np.column_stack([np.zeros(4 * size), np.concatenate([rise, fall, rise, fall])]), method="highs")
        if answer.status != 0:
            return None
        return cells[(answer.x.reshape(4, size) > _SMALL).any(axis=0) & movable]

    # not more than needed

    def _clean_up(self) -> None:
        """Show complementary cells again, the largest first, wherever all stays safe without them."""
        complementary = np.flatnonzero(self.hidden & ~self.primary)
        order = complementary[np.lexsort((complementary, -self.values[complementary],
                                          ~self.structure.is_total[complementary]))]
        for cell in order.tolist():
            check_cancelled(self.cancelled)
            around = self._around(cell)
            if around.sum() > _MOST_TO_CLEAN:
                continue
            self.hidden[cell] = False
            around[cell] = False
            if not self._each_total_is_safe(cell):
                self.hidden[cell] = True
                continue
            low, high = self._ranges(self.hidden, around)
            if (high - low < self.width - _SMALL)[around].any():
                self.hidden[cell] = True

    def _each_total_is_safe(self, cell: int) -> bool:
        """Say whether no single total of the cell gives another one away; if one does, no programme is needed."""
        for row in self.structure.rows_of[cell]:
            if row < len(self.structure.totals):
                cells = self.structure.rows[row][0]
                hidden = cells[self.hidden[cells]]
                if len(hidden) == 1 or (
                        len(hidden) and not self.hidden[cells[0]] and self.room[hidden].sum() < self.width - _SMALL):
                    return False
        return True

    def _around(self, start: int) -> np.ndarray:
        """Return the hidden cells that hang together with one."""
        found = np.zeros(len(self.values), bool)
        found[start] = True
        waiting, seen = [start], set()
        while waiting:
            for row in self.structure.rows_of[waiting.pop()]:
                if row in seen:
                    continue
                seen.add(row)
                cells = self.structure.rows[row][0]
                new = cells[self.hidden[cells] & ~found[cells]]
                found[new] = True
                waiting += new.tolist()
        return found
