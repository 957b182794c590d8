"""Bringing the values of a table's rows to the areas, with a rule for areas that have several rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .signs import DOUBLED

LEAVE_OUT, FIRST, LAST, SUM, MEAN = "leave_out", "first", "last", "sum", "mean"
DUPLICATE_RULES = (LEAVE_OUT, FIRST, LAST, SUM, MEAN)


@dataclass(frozen=True, eq=False)
class Placement:
    """Which rows of a series go to which area.

    Attributes
    ----------
    single : ndarray of int
        Positions within the series whose area has this row only.
    single_areas : ndarray of int
        Their areas.
    groups : tuple of (int, ndarray)
        Area and its positions within the series, for areas with several rows.
    """

    single: np.ndarray
    single_areas: np.ndarray
    groups: tuple = ()


def placement(areas_of_rows: np.ndarray, n_areas: int) -> Placement:
    """Group the rows by area; rows with area −1 stay out."""
    placed = np.flatnonzero(areas_of_rows >= 0)
    areas = areas_of_rows[placed]
    counts = np.bincount(areas, minlength=n_areas)
    if not len(areas) or counts.max() <= 1:
        return Placement(placed, areas)
    once = counts[areas] == 1
    groups = {}
    for position, area in zip(placed[~once].tolist(), areas[~once].tolist()):
        groups.setdefault(area, []).append(position)
    return Placement(placed[once], areas[once], tuple((area, np.array(rows)) for area, rows in groups.items()))


def place(values: np.ndarray, reasons: dict, where: Placement, n_areas: int, rule: str):
    """Values and reasons per area.

    Parameters
    ----------
    values : ndarray
        Of the series; float, or object for texts.
    reasons : dict of int to str
        Position within the series → reason.
    where : Placement
    n_areas : int
    rule : str
        One of :data:`DUPLICATE_RULES`. ``"leave_out"`` takes a value that all rows of the area share and leaves it
        missing with the reason "doppelt" where they differ; sum and mean are missing where a part is missing, and
        texts follow ``"leave_out"`` under them.

    Returns
    -------
    placed : ndarray
    placed_reasons : dict of int to str
        Area → reason.
    """
    if values.dtype == object:
        placed = np.full(n_areas, None, dtype=object)
    else:
        placed = np.full(n_areas, np.nan)
    placed[where.single_areas] = values[where.single]
    placed_reasons = {}
    if reasons:
        area_of = np.full(len(values), -1)
        area_of[where.single] = where.single_areas
        placed_reasons = {int(area_of[i]): reason for i, reason in reasons.items() if area_of[i] >= 0}
    for area, rows in where.groups:
        placed[area], reason = _combine(values[rows], [reasons.get(int(row), "") for row in rows], rule)
        if reason:
            placed_reasons[int(area)] = reason
    return placed, placed_reasons


def _combine(values, reasons, rule):
    missing = np.array([value is None or value != value for value in values])
    text = values.dtype == object
    if rule == FIRST:
        return values[0], reasons[0]
    if rule == LAST:
        return values[-1], reasons[-1]
    same = len(set(reasons)) == 1 and (missing.all() or not missing.any() and all(v == values[0] for v in values))
    if rule in (SUM, MEAN) and not text:
        if missing.any():
            return np.nan, next((r for r, gap in zip(reasons, missing) if gap and r), "")
        return (values.sum() if rule == SUM else values.mean()), next((r for r in reasons if r), "")
    if same:
        return values[0], reasons[0]
    return (None if text else np.nan), DOUBLED


def identical(columns, rows) -> bool:
    """Do these rows hold the same in every column?"""
    for values in columns:
        first = values[rows[0]]
        for row in rows[1:]:
            other = values[row]
            if not (first == other or first is None and other is None or first != first and other != other):
                return False
    return True
