"""Where more offers could be: a layer of buildings or plots, the addresses themselves, or a grid."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from qgis.core import QgsVectorLayer

from ..core.messages import Message, TeilhabeError, mark
from ..core.supply.demand import Demand, grid
from ..core.supply.thinning import thinned
from .boundary_layers import check_places, numbers, read_points
from .frames import read_frame
from .supply_inputs import SupplyAreas

#: metres within which two candidates, or a candidate and an offer, are at one place
SAME_PLACE = 1.0


@dataclass(frozen=True, eq=False)
class Candidates:
    """Places that may be chosen.

    Attributes
    ----------
    x, y : ndarray of float64, shape (n,)
    names : ndarray of object, shape (n,)
        "" where there is none.
    capacity : ndarray of float64, shape (n,)
        Places that an offer there would have; NaN where the candidate does not say.
    area : ndarray of int, shape (n,)
        Area in which it lies, -1 for none.
    notes : tuple of Message
    """

    x: np.ndarray
    y: np.ndarray
    names: np.ndarray
    capacity: np.ndarray
    area: np.ndarray
    notes: tuple[Message, ...] = ()

    def __len__(self) -> int:
        return len(self.x)

    @property
    def points(self) -> np.ndarray:
        """Coordinates, shape (n, 2)."""
        return np.column_stack([self.x, self.y])

    def take(self, rows, *notes: Message) -> Candidates:
        """Return some of them, with more notes."""
        return Candidates(self.x[rows], self.y[rows], self.names[rows], self.capacity[rows], self.area[rows],
                          (*self.notes, *notes))


def candidates_of_layer(layer: QgsVectorLayer, name_field: str, capacity_field: str, areas: SupplyAreas, context,
                        feedback) -> Candidates:
    """Return the points of a layer, of polygons their middles."""
    check_places([areas.layer, layer])
    x, y, _weights = read_points(layer, "", areas.crs, context, feedback)
    wanted = [name for name in (name_field, capacity_field) if name]
    frame = read_frame(layer, wanted, feedback=feedback) if wanted else None
    names = np.full(len(x), "", dtype=object)
    if name_field:
        names = np.where(frame[name_field].isna(), "", frame[name_field].astype(str)).astype(object)
    capacity = np.full(len(x), np.nan)
    if capacity_field:
        capacity = numbers(frame, [capacity_field], layer)[capacity_field].to_numpy(float)
        if (capacity < 0).any():
            raise TeilhabeError(mark("Layer “{layer}”, field “{field}”: a number of places is below 0."),
                                layer=layer.name(), field=capacity_field)
    found = Candidates(x, y, names, capacity, areas.position_of(x, y, feedback.isCanceled))
    placed = np.isfinite(x) & np.isfinite(y)
    if not placed.all():
        found = found.take(placed, Message(mark("{layer}: {count} candidates have no place and were left out."),
                                           layer=layer.name(), count=int((~placed).sum())))
    outside = found.area < 0
    if outside.any():
        found = found.take(~outside, Message(mark("{layer}: {count} candidates lie outside all areas and were left "
                                                  "out."), layer=layer.name(), count=int(outside.sum())))
    return found


def candidates_at_addresses(demand: Demand, most: int) -> Candidates:
    """Return the demand points themselves, thinned evenly over the ground to at most so many."""
    inside = np.flatnonzero((demand.area >= 0) & np.isfinite(demand.x) & np.isfinite(demand.y))
    people = np.nan_to_num(demand.people[inside, 0])
    rows = inside[thinned(demand.x[inside], demand.y[inside], people, most)]
    note = Message(mark("{count} of {all} points where people live are candidates, spread evenly."),
                   count=len(rows), all=len(inside))
    return _unnamed(demand.x[rows], demand.y[rows], demand.area[rows], (note,))


def candidates_on_grid(areas: SupplyAreas, spacing: float, feedback) -> Candidates:
    """Return the points of a grid inside the areas."""
    x, y, area = grid(areas.shapes, spacing, feedback.isCanceled)
    return _unnamed(x, y, area, (Message(mark("{count} points of a grid of {spacing} m are candidates; whether one can "
                                              "build there is not known."), count=len(x), spacing=round(spacing)),))


def without_doubles(candidates: Candidates, existing: np.ndarray, distance: float) -> Candidates:
    """Return the candidates without doubles, and without those at the place of an existing offer.

    Parameters
    ----------
    candidates : Candidates
    existing : ndarray, shape (k, 2)
        Offers that are kept; rows with NaN are passed over.
    distance : float
        Metres within which a candidate is at the place of an offer.
    """
    from scipy.spatial import cKDTree

    place = np.round(candidates.points / SAME_PLACE).astype(np.int64)
    _unique, first = np.unique(place, axis=0, return_index=True)
    if len(first) < len(candidates):
        candidates = candidates.take(np.sort(first), Message(
            mark("{count} candidates lie at the place of another one and were left out."),
            count=len(candidates) - len(first)))
    existing = existing[np.isfinite(existing).all(axis=1)]
    if len(existing) and len(candidates):
        near = cKDTree(existing).query(candidates.points)[0] <= max(distance, SAME_PLACE)
        if near.any():
            candidates = candidates.take(~near, Message(
                mark("{count} candidates lie within {distance} m of an existing offer and were left out."),
                count=int(near.sum()), distance=round(max(distance, SAME_PLACE))))
    return candidates


def _unnamed(x, y, area, notes) -> Candidates:
    return Candidates(x, y, np.full(len(x), "", dtype=object), np.full(len(x), np.nan), np.asarray(area), notes)
