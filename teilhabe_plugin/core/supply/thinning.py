"""Fewer points that still lie everywhere: one per cell of a grid, the one nearest to the middle of its people."""

from __future__ import annotations

import numpy as np


def thinned(x: np.ndarray, y: np.ndarray, people: np.ndarray, most: int) -> np.ndarray:
    """Return the rows of at most so many points, spread evenly over the ground.

    The cells of the grid are as small as `most` allows. In each cell the point that is nearest to the people-weighted
    middle stands for the others (ties: the first row), so that the same points always give the same answer.

    Parameters
    ----------
    x, y, people : ndarray, shape (m,)
    most : int

    Returns
    -------
    ndarray of int, ascending
    """
    x, y, people = (np.asarray(values, float) for values in (x, y, people))
    if most < 1 or not len(x):
        return np.empty(0, dtype=np.int64)
    _places, rows = np.unique(np.column_stack([x, y]), axis=0, return_index=True)
    if len(rows) <= most:
        return np.sort(rows)
    reach = max(np.ptp(x), np.ptp(y)) * 1.000001
    small, large = reach / len(rows), reach
    for _ in range(40):
        middle = np.sqrt(small * large)
        small, large = (middle, large) if _count(x, y, middle) > most else (small, middle)
        if large / small < 1.001:
            break
    cell = _cells(x, y, large)
    weight = np.where(people > 0, people, 0.0) + 1e-9
    total = np.bincount(cell, weights=weight)
    middle_x = np.bincount(cell, weights=weight * x) / total
    middle_y = np.bincount(cell, weights=weight * y) / total
    far = np.round(np.hypot(x - middle_x[cell], y - middle_y[cell]), 6)
    order = np.lexsort((np.arange(len(x)), far, cell))
    first = np.ones(len(order), dtype=bool)
    first[1:] = cell[order][1:] != cell[order][:-1]
    return np.sort(order[first])


def _cells(x, y, size: float) -> np.ndarray:
    column, row = (np.floor((values - values.min()) / size).astype(np.int64) for values in (x, y))
    return np.unique(row * (column.max() + 1) + column, return_inverse=True)[1].ravel()


def _count(x, y, size: float) -> int:
    return int(_cells(x, y, size).max()) + 1
