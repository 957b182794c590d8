"""People per area brought to the points where they live, whole persons and totals kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..messages import Message, TeilhabeError, mark
from ..overlay import locate

_MOST_POINTS = 2_000_000
_LARGEST_WEIGHT = 1e200


@dataclass(frozen=True, eq=False)
class Demand:
    """Where the people of the target groups live.

    Attributes
    ----------
    x, y : ndarray of float64, shape (m,)
        Metres in the CRS of the analysis.
    area : ndarray of int32, shape (m,)
        Position of the area, -1 for a point outside all areas.
    people : ndarray of float64, shape (m, g)
        People per point and group.
    groups : tuple of str
        Ids of the groups.
    notes : tuple of Message
        What could not be placed.
    """

    x: np.ndarray
    y: np.ndarray
    area: np.ndarray
    people: np.ndarray
    groups: tuple[str, ...]
    notes: tuple[Message, ...] = ()

    def __len__(self) -> int:
        return len(self.x)

    @property
    def points(self) -> np.ndarray:
        """Coordinates, shape (m, 2)."""
        return np.column_stack([self.x, self.y])

    def of(self, group: str) -> np.ndarray:
        """People of one group, shape (m,)."""
        return self.people[:, self.groups.index(group)]


def spread(totals: np.ndarray, area: np.ndarray, weights: np.ndarray, whole: bool = True) -> np.ndarray:
    """Return people per point in proportion to the weights inside each area.

    Parameters
    ----------
    totals : ndarray, shape (a,) or (a, g)
        People per area and group; NaN (not known) gives NaN at every point of the area.
    area : ndarray of int, shape (m,)
        Position of each point's area, -1 for none (the point receives nobody).
    weights : ndarray, shape (m,)
        Dwellings, floor space, or ones. Where all weights of an area are 0 its points count equally.
    whole : bool
        Whole persons by the method of largest remainders (Hare–Niemeyer): every area's total is kept exactly; among
        equal remainders the point that comes first receives the person. Totals that are no whole numbers are spread
        without rounding.

    Returns
    -------
    ndarray, shape (m,) or (m, g)

    Raises
    ------
    TeilhabeError
        For a negative or infinite weight or total.
    """
    totals, area = np.asarray(totals, float), np.asarray(area)
    weights = np.nan_to_num(np.asarray(weights, float), nan=0.0, posinf=np.inf)
    for values, text in ((weights, mark("A weight of a demand point is {value}; weights are 0 or more.")),
                         (totals, mark("The number of people of an area is {value}; numbers of people are 0 or "
                                       "more."))):
        wrong = ~(np.isnan(values) | ((values >= 0) & np.isfinite(values)))
        if wrong.any():
            raise TeilhabeError(text, value=float(values[wrong].ravel()[0]))
    if totals.ndim == 1:
        return spread(totals[:, None], area, weights, whole)[:, 0]
    placed = np.flatnonzero(area >= 0)
    own = area[placed]
    n_areas = len(totals)
    weight = weights[placed]
    if weight.max(initial=0.0) > _LARGEST_WEIGHT:  # sums of such weights are beyond all numbers
        weight = weight / weight.max()
    empty = np.bincount(own, weights=weight, minlength=n_areas) == 0
    weight = np.where(empty[own], 1.0, weight)
    share = weight / np.bincount(own, weights=weight, minlength=n_areas)[own]
    people = np.zeros((len(area), totals.shape[1]))
    for group in range(totals.shape[1]):
        exact = share * totals[own, group]
        people[placed, group] = _whole(exact, own, totals[:, group]) if whole else exact
    return people


def _whole(exact: np.ndarray, area: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Return whole numbers near `exact` that add up to each area's total, for areas whose total is whole."""
    known = np.nan_to_num(totals)
    floor = np.floor(np.nan_to_num(exact) + 1e-9)
    missing = np.round(known - np.bincount(area, weights=floor, minlength=len(totals)))
    remainder = np.round(exact - floor, 9)
    order = np.lexsort((np.arange(len(exact)), -remainder, area))
    starts = np.searchsorted(area[order], np.arange(len(totals)))
    rank = np.empty(len(exact))
    rank[order] = np.arange(len(exact)) - starts[area[order]]
    whole = floor + (rank < missing[area])
    is_whole = (np.isnan(totals) | (np.round(known) == known))[area]
    return np.where(is_whole & ~np.isnan(exact), whole, exact)


def without_points(totals: np.ndarray, area: np.ndarray) -> np.ndarray:
    """Return the positions of areas that have people but no demand point, so that nobody is lost unnoticed."""
    totals = np.asarray(totals, float)
    people = np.nan_to_num(totals).reshape(len(totals), -1).sum(axis=1)
    points = np.bincount(area[np.asarray(area) >= 0], minlength=len(totals))
    return np.flatnonzero((people > 0) & (points == 0))


def grid(areas, spacing: float, cancelled=None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return points of a regular grid inside the areas, for where no addresses are known.

    Parameters
    ----------
    areas : sequence of shapely geometry or None
        In metres.
    spacing : float
        Metres between two points; the grid is aligned to multiples of it, so that every set of areas has the same one.

    Returns
    -------
    (x, y, position of the area), each of shape (m,)

    Raises
    ------
    TeilhabeError
        For a spacing that is not above 0 or so small that millions of points would arise.
    """
    if not (spacing > 0 and np.isfinite(spacing)):
        raise TeilhabeError(mark("The spacing of the grid is {spacing}; it must be above 0."), spacing=spacing)
    shapes = [shape for shape in areas if shape is not None and not shape.is_empty]
    if not shapes:
        return np.empty(0), np.empty(0), np.empty(0, dtype=np.int64)
    bounds = np.array([shape.bounds for shape in shapes])
    west, south = np.floor(bounds[:, :2].min(axis=0) / spacing)
    east, north = np.ceil(bounds[:, 2:].max(axis=0) / spacing)
    if (east - west) * (north - south) > 4 * _MOST_POINTS or sum(
            shape.area for shape in shapes) / spacing**2 > _MOST_POINTS:
        raise TeilhabeError(mark("A grid of {spacing} m over these areas would have more than {most} points. Choose a "
                                 "larger spacing."), spacing=spacing, most=_MOST_POINTS)
    x, y = np.meshgrid((np.arange(west, east) + 0.5) * spacing, (np.arange(south, north) + 0.5) * spacing)
    x, y = x.ravel(), y.ravel()
    area = locate(x, y, list(areas), cancelled)
    inside = area >= 0
    return x[inside], y[inside], area[inside]
