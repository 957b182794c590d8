"""Which areas are neighbours, from their polygons."""
from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Callable

import numpy as np
import shapely
from shapely import wkb
from shapely.strtree import STRtree
from shapely.validation import make_valid

from .messages import TeilhabeError, check_cancelled, mark

#: a shared point makes neighbours (queen), or only a shared line (rook)
RULES = ("queen", "rook")
_CHECK_EVERY = 512
_SHAPELY_2 = hasattr(shapely, "from_wkb")  # some distributions ship it without a readable version


@dataclass(frozen=True)
class Neighbours:
    """Neighbours of each area, as a sparse matrix in rows.

    Attributes
    ----------
    start : ndarray of int, shape (areas + 1,)
    other : ndarray of int
        ``other[start[i]:start[i + 1]]`` are the neighbours of area i, ascending.
    """

    start: np.ndarray
    other: np.ndarray

    @classmethod
    def of_pairs(cls, pairs: Sequence[tuple[int, int]], areas: int) -> Neighbours:
        """Return the neighbours that these pairs make, each pair in both directions."""
        both = np.array(sorted({(i, j) for a, b in pairs for i, j in ((a, b), (b, a)) if i != j}), int).reshape(-1, 2)
        counts = np.bincount(both[:, 0], minlength=areas)
        return cls(np.concatenate([[0], np.cumsum(counts)]), both[:, 1])

    def __len__(self) -> int:
        return len(self.start) - 1

    @property
    def counts(self) -> np.ndarray:
        """Number of neighbours of each area; 0 for an island."""
        return np.diff(self.start)

    @property
    def owner(self) -> np.ndarray:
        """The area that each entry of `other` is a neighbour of."""
        return np.repeat(np.arange(len(self)), self.counts)

    def among(self, chosen: np.ndarray) -> Neighbours:
        """Return the neighbours among the chosen areas (a mask), numbered anew."""
        number = np.cumsum(chosen) - 1
        owner = self.owner
        kept = chosen[owner] & chosen[self.other]
        counts = np.bincount(number[owner[kept]], minlength=int(chosen.sum()))
        return Neighbours(np.concatenate([[0], np.cumsum(counts)]), number[self.other[kept]])

    def mean_of(self, values: np.ndarray) -> np.ndarray:
        """Return the mean of the neighbours' values (row-standardised lag), 0 for an island."""
        sums = np.bincount(self.owner, weights=values[self.other], minlength=len(self))
        return sums / np.maximum(self.counts, 1)


def contiguity(
    geometries: Sequence[bytes | None],
    rule: str = "queen",
    tolerance: float = 0.0,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Neighbours:
    """Return which polygons touch.

    Parameters
    ----------
    geometries : sequence of bytes or None
        Polygons as WKB; an area without one has no neighbours.
    rule : {"queen", "rook"}
        ``queen``: neighbours share a point at least; ``rook``: a line.
    tolerance : float
        Polygons that are so near, in the unit of the coordinates, touch: for borders that were not drawn to meet.
    progress, cancelled : callables, optional
    """
    if rule not in RULES:
        raise ValueError(f"unknown rule {rule}")
    shapes = [_shape(each, row) for row, each in enumerate(geometries)]
    there = [number for number, shape in enumerate(shapes) if shape is not None and not shape.is_empty]
    grown = {number: shapes[number].buffer(tolerance) if tolerance > 0 else shapes[number] for number in there}
    nearby = _nearby([grown[number] for number in there])
    pairs = []
    for position, number in enumerate(there):
        if position % _CHECK_EVERY == 0:
            check_cancelled(cancelled)
            if progress is not None:
                progress(100 * position / len(there))
        for candidate in nearby(position):
            other = there[candidate]
            if other > number and _touch(grown[number], shapes[other], rule, tolerance):
                pairs.append((number, other))
    if progress is not None:
        progress(100)
    return Neighbours.of_pairs(pairs, len(shapes))


def _shape(geometry: bytes | None, row: int):
    if geometry is None:
        return None
    shape = wkb.loads(bytes(geometry))
    if shape.geom_type not in ("Polygon", "MultiPolygon") and not shape.is_empty:
        raise TeilhabeError(mark("Row {row} is no polygon but a {kind}; neighbours can only be found among polygons."),
                            row=row + 1, kind=shape.geom_type)
    return shape if shape.is_valid else make_valid(shape)


def _nearby(shapes: list) -> Callable[[int], list[int]]:
    """Return a function: position → positions of the shapes whose boxes meet (shapely 1.8 answers with shapes)."""
    if _SHAPELY_2:
        tree = STRtree(shapes)
        return lambda position: tree.query(shapes[position]).tolist()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # 1.8 announces what 2 does
        tree = STRtree(shapes)
    position_of = {id(shape): number for number, shape in enumerate(shapes)}
    return lambda position: [position_of[id(found)] for found in tree.query(shapes[position])]


def _touch(one, other, rule: str, tolerance: float) -> bool:
    if not one.intersects(other):
        return False
    if rule == "queen":
        return True
    # where borders were grown, corners overlap in a speck; a shared line overlaps by more than that
    shared = one.intersection(other)
    return shared.length > 8 * tolerance if tolerance > 0 else shared.length > 0
