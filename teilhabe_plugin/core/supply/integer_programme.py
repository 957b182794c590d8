"""Mixed-integer programmes by scipy's HiGHS, with a bound where the time was too short."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, sparse

from ..messages import TeilhabeError, mark


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

    Raises
    ------
    TeilhabeError
        When scipy is older than 1.9, which cannot solve integer programmes.
    """
    if not hasattr(optimize, "milp"):
        raise TeilhabeError(mark("The Python package scipy of this QGIS is older than 1.9 and cannot prove which sites "
                                 "are best. Use a newer QGIS."))
    lowest = np.zeros(len(cost)) if lowest is None else lowest
    found = optimize.milp(cost, integrality=integer.astype(int), bounds=optimize.Bounds(lowest, highest),
                          constraints=optimize.LinearConstraint(sparse.csc_matrix(matrix), -np.inf, upper),
                          options={"time_limit": time_limit, "mip_rel_gap": 1e-9})
    if found.x is None:
        bound = found.mip_dual_bound
        return Solution(None, np.inf, -np.inf if bound is None else float(bound))
    bound = found.fun if found.status == 0 or found.mip_dual_bound is None else found.mip_dual_bound
    values = np.where(integer, np.round(found.x), found.x)
    return Solution(values, float(found.fun), float(bound))
