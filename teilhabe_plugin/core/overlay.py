"""Where areas of two geometries overlap, and in which area a point lies. Works with shapely 1.8 and 2."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

import numpy as np
import shapely
from shapely import wkb
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union
from shapely.prepared import prep
from shapely.validation import make_valid

from .messages import check_cancelled


@dataclass(frozen=True)
class Overlap:
    """Pieces that two sets of areas have in common.

    Attributes
    ----------
    old, new : ndarray of int
        Positions of the two areas of each piece.
    area : ndarray of float
        Area of each piece.
    old_area, new_area : ndarray of float
        Areas of the whole areas.
    """

    old: np.ndarray
    new: np.ndarray
    area: np.ndarray
    old_area: np.ndarray
    new_area: np.ndarray

    def without_slivers(self, tolerance: float) -> Overlap:
        """Return the pieces that are not just two drawings of one border.

        A sliver is smaller than ``tolerance`` times the old area and ``tolerance`` times the new one. The largest
        piece of an old area is kept in any case.
        """
        small = (self.area < tolerance * self.old_area[self.old]) & (self.area < tolerance * self.new_area[self.new])
        largest = np.zeros(len(self.old_area))
        np.maximum.at(largest, self.old, self.area)
        keep = ~small | (self.area == largest[self.old])
        return Overlap(self.old[keep], self.new[keep], self.area[keep], self.old_area, self.new_area)


def shapes(geometries) -> list[BaseGeometry | None]:
    """Return areas from WKB, made valid where they cross themselves; None stays None.

    All ground within the borders is kept: of a figure of eight both halves.
    """
    loaded = [None if each is None else wkb.loads(bytes(each)) for each in geometries]
    return [each if each is None or each.is_valid else _areas_of(make_valid(each)) for each in loaded]


def _areas_of(shape: BaseGeometry) -> BaseGeometry:
    """Return the polygons of a shape that was mended; lines and points may be left over from it."""
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    parts = [part for part in getattr(shape, "geoms", ()) if part.geom_type in ("Polygon", "MultiPolygon")]
    return unary_union(parts)


def overlap(old, new, progress: Callable[[float], None] | None = None,
            cancelled: Callable[[], bool] | None = None) -> Overlap:
    """Return the pieces that areas of both sets have in common.

    Parameters
    ----------
    old, new : sequence of shapely geometries
        In the same coordinate system, one that measures areas truly.
    """
    old_area = np.array([0.0 if each is None else each.area for each in old])
    new_area = np.array([0.0 if each is None else each.area for each in new])
    left, bottom, right, top = _bounds(new)
    found: list[tuple[int, int, float]] = []
    for i, shape in enumerate(old):
        if not i % 64:
            check_cancelled(cancelled)
            if progress is not None:
                progress(100 * i / max(len(old), 1))
        if shape is None or shape.is_empty:
            continue
        prepared = prep(shape)
        west, south, east, north = shape.bounds
        for j in np.flatnonzero((left <= east) & (right >= west) & (bottom <= north) & (top >= south)).tolist():
            if not prepared.intersects(new[j]):
                continue
            piece = new[j].area if prepared.contains(new[j]) else shape.intersection(new[j]).area
            if piece > 0:
                found.append((i, j, piece))
    columns = np.array(found, float).reshape(-1, 3)
    return Overlap(columns[:, 0].astype(int), columns[:, 1].astype(int), columns[:, 2], old_area, new_area)


def locate(x, y, areas, cancelled: Callable[[], bool] | None = None) -> np.ndarray:
    """Return the position of the area in which each point lies, −1 for none.

    Of areas that overlap, the first one has the point, and on a border the first one that it belongs to.
    """
    x, y = np.asarray(x, float), np.asarray(y, float)
    found = np.full(len(x), -1)
    for holds in (_contains, _meets):  # few points lie on a border, and it takes far longer to find them
        left_over = np.flatnonzero(found < 0)
        order = left_over[np.argsort(x[left_over], kind="stable")]
        ascending = x[order]
        for i, area in enumerate(areas):
            if not i % 64:
                check_cancelled(cancelled)
            if area is None or area.is_empty:
                continue
            left, bottom, right, top = area.bounds
            near = order[np.searchsorted(ascending, left, "left"):np.searchsorted(ascending, right, "right")]
            near = near[(y[near] >= bottom) & (y[near] <= top) & (found[near] < 0)]
            if len(near):
                found[near[holds(area, x[near], y[near])]] = i
    return found


def _bounds(areas) -> np.ndarray:
    """Return left, bottom, right and top of all areas; those without a geometry meet nothing."""
    nothing = (np.inf, np.inf, -np.inf, -np.inf)
    return np.array([nothing if each is None or each.is_empty else each.bounds for each in areas]).reshape(-1, 4).T


def _contains(area: BaseGeometry, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Whether points lie inside an area."""
    if hasattr(shapely, "contains_xy"):
        shapely.prepare(area)
        return shapely.contains_xy(area, x, y)
    from shapely import vectorized

    return vectorized.contains(area, x, y)


def _meets(area: BaseGeometry, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Whether points lie inside an area or on its border."""
    if hasattr(shapely, "intersects_xy"):
        shapely.prepare(area)
        return shapely.intersects_xy(area, x, y)
    prepared = prep(area)  # what `vectorized` offers for this is not prepared
    return np.fromiter((prepared.intersects(Point(place)) for place in zip(x.tolist(), y.tolist())), bool, len(x))
