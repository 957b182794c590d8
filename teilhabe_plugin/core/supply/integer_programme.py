"""Mixed-integer programmes by scipy's HiGHS, with a bound where the time was too short."""

from __future__ import annotations

import heapq
import time
from dataclasses import dataclass

import numpy as np
from scipy import optimize, sparse

from ..messages import TeilhabeError, mark

_WHOLE = 1e-6


@dataclass(frozen=True, eq=False)
class Solution:
    """Values of the variables (None when none was found in time), objective and bound of a minimisation."""

    values: np.ndarray | None
    objective: float
    bound: float


def minimise(cost: np.ndarray, matrix: sparse.spmatrix, upper: np.ndarray, integer: np.ndarray, highest: np.ndarray,
             lowest: np.ndarray | None = None, time_limit: float = 60.0) -> Solution:
    """Minimise ``cost @ v`` with ``matrix @ v <= upper`` and ``lowest <= v <= highest``.

    Parameters
    ----------
    cost, integer, highest, lowest : ndarray, shape (v,)
        `integer` says which variables are whole numbers; `lowest` is 0 without.
    matrix : sparse matrix, shape (c, v)
    upper : ndarray, shape (c,)

    Notes
    -----
    Where scipy is older than 1.9 and has no `milp`, linear programmes are branched here: slower, the same answers.
    """
    lowest = np.zeros(len(cost)) if lowest is None else lowest
    matrix = sparse.csc_matrix(matrix)
    if not hasattr(optimize, "milp"):
        return branch_and_bound(cost, matrix, upper, integer, highest, lowest, time_limit)
    found = optimize.milp(cost, integrality=integer.astype(int), bounds=optimize.Bounds(lowest, highest),
                          constraints=optimize.LinearConstraint(matrix, -np.inf, upper),
                          options={"time_limit": time_limit, "mip_rel_gap": 1e-9})
    if found.x is None:
        bound = found.mip_dual_bound
        return Solution(None, np.inf, -np.inf if bound is None else float(bound))
    bound = found.fun if found.status == 0 or found.mip_dual_bound is None else found.mip_dual_bound
    values = np.where(integer, np.round(found.x), found.x)
    return Solution(values, float(found.fun), float(bound))


def branch_and_bound(cost, matrix, upper, integer, highest, lowest, time_limit: float) -> Solution:
    """Do what `minimise` does with linear programmes only (Land and Doig 1960): the most promising branch first.

    Raises
    ------
    TeilhabeError
        When scipy is too old for HiGHS (before 1.6).
    """
    until = time.monotonic() + time_limit
    best, best_value, count = None, np.inf, 0
    waiting = [(-np.inf, 0, np.asarray(lowest, float), np.asarray(highest, float))]
    while waiting:
        bound, _count, low, high = heapq.heappop(waiting)
        while bound < best_value - (1e-9 * max(1.0, abs(best_value)) if best is not None else 0.0):
            left = until - time.monotonic()
            if left <= 0:
                heapq.heappush(waiting, (bound, count + 1, low, high))
                return Solution(best, best_value, min(best_value, waiting[0][0]))
            values, bound = _relaxed(cost, matrix, upper, low, high, left)
            if values is None:
                if bound < np.inf:  # out of time: nothing is known of this branch
                    heapq.heappush(waiting, (-np.inf, count + 1, low, high))
                    return Solution(best, best_value, min(best_value, waiting[0][0]))
                break
            part = np.where(integer, np.abs(values - np.round(values)), 0.0)
            if part.max(initial=0.0) <= _WHOLE:
                if bound < best_value:
                    best, best_value = np.where(integer, np.round(values), values), bound
                break
            split = int(np.argmax(np.where(part > _WHOLE, values - np.floor(values), -1.0)))
            count += 1
            down = high.copy()
            down[split] = np.floor(values[split])
            heapq.heappush(waiting, (bound, count, low, down))
            low = low.copy()  # go on upward: that leads to whole answers soon
            low[split] = np.ceil(values[split])
    return Solution(best, best_value, best_value)


def _relaxed(cost, matrix, upper, low, high, seconds: float) -> tuple[np.ndarray | None, float]:
    """Return values and objective of the linear programme; None and infinity where it has no answer, None and minus
    infinity where the time was too short."""
    try:
        found = optimize.linprog(cost, A_ub=matrix, b_ub=upper, bounds=np.column_stack([low, high]), method="highs",
                                 options={"time_limit": seconds})
    except ValueError as error:
        raise TeilhabeError(mark("The Python package scipy of this QGIS is older than 1.6 and cannot prove which sites "
                                 "are best. Use a newer QGIS.")) from error
    if found.status == 0:
        return found.x, float(found.fun)
    return None, -np.inf if found.status == 1 else np.inf
