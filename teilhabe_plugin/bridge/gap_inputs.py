"""What a gap analysis reads beside the supply case: the need of the areas, and how sure the offers' places are."""
from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from qgis.core import QgsVectorLayer
from scipy.spatial import cKDTree
from shapely.geometry import Point

from ..core.messages import Message, mark
from ..core.supply.gap_analysis import Place
from ..core.supply.need_supply import HIGH, LOW, MIDDLE, need_levels
from .frames import read_frame
from .index_classes import IndexClasses
from .supply_case import SupplyCase

#: fields of the geocoder
_AREA, _AREA_SURE = "adr_gebiet", "adr_gebiet_sicher"


@dataclass(frozen=True, eq=False)
class Need:
    """How much the areas need.

    Attributes
    ----------
    level : ndarray of int, shape (a,)
        -1 where not known.
    title : str
        What the need follows from, "" when nothing is known.
    names : dict
        Level → names of its classes.
    notes : tuple of Message
    """

    level: np.ndarray
    title: str = ""
    names: dict = field(default_factory=dict)
    notes: tuple[Message, ...] = ()


def need_of(case: SupplyCase, index: IndexClasses | None) -> Need:
    """Return the need of the areas by the classes of an index: unfavourable classes are high need."""
    if index is None:
        return Need(np.full(len(case.areas), -1, dtype=np.int8), notes=(Message(mark(
            "No index layer is chosen: the need is not known, and the areas are ranked by supply alone.")),))
    count = len(index.names)
    levels = need_levels(np.arange(1, count + 1), count)
    names = {level: ", ".join(name for name, own in zip(index.names, levels) if own == level)
             for level in (LOW, MIDDLE, HIGH)}
    numbers = np.where(index.position >= 0, index.position + 1.0, np.nan)
    return Need(need_levels(numbers, count), index.class_set.title, names, index.notes)


def place_of(case: SupplyCase, layer: QgsVectorLayer, feedback) -> Place:
    """Return demand points, areas and offers; offers whose disc touches several areas have no certain area.

    Where the geocoder found that a whole street lies in one area, the area is certain although the point is not.
    """
    offers, chosen = case.offers, case.chosen
    sure, unsure = _geocoded(case, layer, feedback)
    rough = np.zeros(len(offers), dtype=bool)
    possible = [np.array([area]) for area in case.offer_area]
    boxes = boxes_of(case.areas.shapes)
    for i in np.flatnonzero(chosen & offers.rough & ~sure):
        possible[i] = touched(case.areas.shapes, boxes, offers.x[i], offers.y[i], offers.radius[i])
        rough[i] = len(possible[i]) > 1
    rough |= unsure & chosen
    return Place(case.demand.points, case.people, np.asarray(case.demand.area), case.totals, case.capacity,
                 case.area_of_chosen, chosen, rough, possible)


def _geocoded(case: SupplyCase, layer: QgsVectorLayer, feedback) -> tuple[np.ndarray, np.ndarray]:
    """Return for which offers the geocoder says that the area is certain, and for which that it is not."""
    nothing = np.zeros(len(case.offers), dtype=bool)
    names = {field.name() for field in layer.fields()}
    if not {_AREA, _AREA_SURE} <= names:
        return nothing, nothing
    frame = read_frame(layer, [_AREA, _AREA_SURE], feedback=feedback)
    stated = case.areas.areas.index.get_indexer(frame[_AREA].astype(str))
    same = (stated >= 0) & (stated == case.offer_area)
    flag = frame[_AREA_SURE]
    yes = np.array([not pd.isna(value) and bool(value) for value in flag], dtype=bool)
    no = np.array([not pd.isna(value) and not bool(value) for value in flag], dtype=bool)
    return same & yes, same & no


def boxes_of(shapes: list) -> np.ndarray:
    """Return west, south, east and north of every shape, NaN for none; shape (a, 4)."""
    return np.array([(np.nan,) * 4 if shape is None or shape.is_empty else shape.bounds for shape in shapes])


def touched(shapes: list, boxes: np.ndarray, x: float, y: float, radius: float) -> np.ndarray:
    """Return the positions of the areas that a disc covers a part of, with -1 where a part lies outside of all."""
    disc = Point(x, y).buffer(radius)
    west, south, east, north = disc.bounds
    near = (boxes[:, 0] <= east) & (boxes[:, 2] >= west) & (boxes[:, 1] <= north) & (boxes[:, 3] >= south)
    parts = {position: shapes[position].intersection(disc).area for position in np.flatnonzero(near)}
    found = [position for position, part in parts.items() if part > 1e-9 * disc.area]
    if sum(parts.values()) < disc.area * (1 - 1e-6):
        found.append(-1)
    return np.array(found, dtype=int)


def nearest_straight(case: SupplyCase, factor: float) -> tuple[np.ndarray, np.ndarray]:
    """Return straight line times a factor to the nearest offer however far, and its position; NaN and -1 for none."""
    points, offers = case.demand.points, case.offer_points
    there = np.flatnonzero(np.isfinite(offers).all(axis=1))
    here = np.isfinite(points).all(axis=1)
    way, nearest = np.full(len(points), np.nan), np.full(len(points), -1)
    if len(there) and here.any():
        distance, position = cKDTree(offers[there]).query(points[here])
        way[here], nearest[here] = factor * distance, there[position]
    return way, nearest


def only_points(case: SupplyCase, rows: np.ndarray) -> SupplyCase:
    """Return the case with some of its demand points."""
    demand = case.demand
    return replace(case, demand=replace(demand, x=demand.x[rows], y=demand.y[rows], area=demand.area[rows],
                                        people=demand.people[rows]))


def only_offers(case: SupplyCase, offers: np.ndarray) -> SupplyCase:
    """Return the case with some of its offers taking part; the others keep their position."""
    return replace(case, offers=replace(case.offers, takes_part=case.offers.takes_part & offers))
