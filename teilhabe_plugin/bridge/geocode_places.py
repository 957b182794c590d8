"""Places of located rows: in one coordinate reference system, with the area they lie in, or anywhere in their area."""
from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsGeometry,
    QgsRectangle,
    QgsVectorLayer,
)

from ..core.addresses.decisions import Decisions
from ..core.addresses.geocoding import Geocoded
from ..core.addresses.register import AddressRegister
from ..core.messages import Message, TeilhabeError, mark
from ..core.overlay import locate, shapes
from .frames import read_keyed_geometries

#: of the width of an area: the innermost point is found that precisely
_PRECISION = 0.01
#: of the largest circle inside an area, and the angle from one of its points to the next
_USED, _GOLDEN_ANGLE = 0.8, math.pi * (3 - math.sqrt(5))
_DEGREE = 111_195.0  # metres
#: said at rows whose point only stands for their area
AREA_ONLY = mark("The register has no coordinates: the point lies anywhere in the area.")
_MULTIPOINT = np.dtype([("order", "u1"), ("type", "<u4"), ("x", "<f8"), ("y", "<f8")])


@dataclass(frozen=True, eq=False)
class AreaPlaces:
    """The polygons of the areas.

    Attributes
    ----------
    keys : ndarray of object
        Area keys as text.
    wkbs : list of bytes or None
    crs : QgsCoordinateReferenceSystem
    """

    keys: np.ndarray
    wkbs: list
    crs: QgsCoordinateReferenceSystem

    def extent(self) -> QgsRectangle:
        """Return the rectangle around all areas."""
        extent, geometry = QgsRectangle(), QgsGeometry()
        for wkb in self.wkbs:
            if wkb is not None:
                geometry.fromWkb(wkb)
                extent.combineExtentWith(geometry.boundingBox())
        return extent


def read_area_places(layer: QgsVectorLayer, key: str, feedback) -> AreaPlaces:
    """Return keys and polygons of an area layer."""
    keys, wkbs = read_keyed_geometries(layer, key, feedback=feedback)
    return AreaPlaces(np.array([_key(value) for value in keys], dtype=object), wkbs, layer.crs())


def result_crs(areas: AreaPlaces | None, registers: Sequence[AddressRegister]) -> QgsCoordinateReferenceSystem:
    """Return the areas' reference system, else that of the first register that has one."""
    if areas is not None and areas.crs.isValid():
        return areas.crs
    for register in registers:
        crs = QgsCoordinateReferenceSystem(register.crs) if register.crs else QgsCoordinateReferenceSystem()
        if crs.isValid() and register.has_coordinates:
            return crs
    return QgsCoordinateReferenceSystem()


def transformed(x: np.ndarray, y: np.ndarray, source: QgsCoordinateReferenceSystem, crs: QgsCoordinateReferenceSystem,
                transform_context) -> tuple[np.ndarray, np.ndarray]:
    """Return points in another reference system, all at once; NaN stays NaN.

    Raises
    ------
    TeilhabeError
        When they do not fit their own reference system.
    """
    there = np.isfinite(x) & np.isfinite(y)
    if source == crs or not source.isValid() or not crs.isValid() or not there.any():
        return x, y
    packed = np.empty(int(there.sum()), dtype=_MULTIPOINT)
    packed["order"], packed["type"], packed["x"], packed["y"] = 1, 1, x[there], y[there]
    head = np.array([(1, 4, len(packed))], dtype=[("order", "u1"), ("type", "<u4"), ("count", "<u4")])
    geometry = QgsGeometry()
    geometry.fromWkb(head.tobytes() + packed.tobytes())
    try:
        geometry.transform(QgsCoordinateTransform(source, crs, transform_context))
    except QgsCsException as error:
        raise TeilhabeError(mark("The coordinates of an address register do not fit its reference system {crs}."),
                            crs=source.authid()) from error
    moved = np.frombuffer(bytes(geometry.asWkb()), dtype=_MULTIPOINT, offset=head.nbytes)
    x, y = x.copy(), y.copy()
    x[there], y[there] = moved["x"], moved["y"]
    return x, y


def in_one_crs(geocoded: Geocoded, registers: Sequence[AddressRegister], crs: QgsCoordinateReferenceSystem,
               transform_context) -> Geocoded:
    """Return the list with all places in one reference system; those of no register have it already."""
    located = geocoded.located
    x, y = located.x.copy(), located.y.copy()
    for number, register in enumerate(registers):
        rows = np.flatnonzero(located.register == number)
        if register.crs and len(rows):
            source = QgsCoordinateReferenceSystem(register.crs)
            x[rows], y[rows] = transformed(x[rows], y[rows], source, crs, transform_context)
    return replace(geocoded, located=replace(located, x=x, y=y))


def decisions_in(decisions: Decisions, crs: QgsCoordinateReferenceSystem, transform_context) -> Decisions:
    """Return the decisions with points that were set by hand in the reference system given."""
    def move(x, y, source):
        found = QgsCoordinateReferenceSystem(source)
        if not found.isValid():
            return None
        moved = transformed(np.array([x]), np.array([y]), found, crs, transform_context)
        return float(moved[0][0]), float(moved[1][0])

    return decisions.moved_to(crs.authid(), move) if crs.isValid() else decisions


def crs_of(decisions: Decisions) -> QgsCoordinateReferenceSystem:
    """Return the reference system of the first point that was set by hand, an invalid one without."""
    found = next((decision.crs for decision in decisions if decision.x is not None and decision.crs), "")
    return QgsCoordinateReferenceSystem(found) if found else QgsCoordinateReferenceSystem()


def with_areas_of_points(geocoded: Geocoded, areas: AreaPlaces) -> Geocoded:
    """Return the list with the area of every point that has none yet (set by hand, or from an online service)."""
    located = geocoded.located
    rows = np.flatnonzero((located.area == "") & np.isfinite(located.x) & (geocoded.by_hand | geocoded.online))
    if not len(rows):
        return geocoded
    order = np.argsort(areas.keys, kind="stable")
    polygons = shapes([areas.wkbs[i] for i in order])
    found = locate(located.x[rows], located.y[rows], polygons)
    area, sure = located.area.copy(), located.area_sure.copy()
    area[rows[found >= 0]] = areas.keys[order[found[found >= 0]]]
    sure[rows[found >= 0]] = geocoded.by_hand[rows[found >= 0]]
    return replace(geocoded, located=replace(located, area=area, area_sure=sure))


def points_in_areas(geocoded: Geocoded, areas: AreaPlaces, message: Message) -> tuple[Geocoded, np.ndarray]:
    """Put rows whose area is known, but no coordinate, into their area.

    The first address of an area lies at its innermost point, further ones around it, inside the largest circle that
    fits into the area, so that they can be seen and counted; equal addresses share a point.

    Returns
    -------
    Geocoded
        Their radius is that of the area around the point; the message is said at each of them.
    ndarray of bool
        Which rows these are.
    """
    located = geocoded.located
    numbers = {key: number for number, key in enumerate(areas.keys.tolist()) if areas.wkbs[number] is not None}
    wanted = np.flatnonzero((located.area != "") & ~np.isfinite(located.x))
    wanted = [row for row in wanted.tolist() if located.area[row] in numbers]
    spots: dict[str, dict] = {}  # area → address → its number inside the area
    for row in wanted:
        address = (int(located.register[row]), int(located.address[row]))
        inside = spots.setdefault(located.area[row], {})
        inside.setdefault(address if address[1] >= 0 else row, len(inside))
    x, y, radius, messages = located.x.copy(), located.y.copy(), located.radius.copy(), located.messages.copy()
    rooms, told, placed = {}, {}, np.zeros(len(located), bool)
    for row in wanted:
        area, address = located.area[row], (int(located.register[row]), int(located.address[row]))
        if area not in rooms:
            rooms[area] = _Room(areas.wkbs[numbers[area]], areas.crs.isGeographic())
        spot = spots[area][address if address[1] >= 0 else row]
        x[row], y[row], radius[row] = rooms[area].place(spot, len(spots[area]))
        said = located.messages[row]
        messages[row] = told.setdefault(id(said), (*said, message))
        placed[row] = True
    return replace(geocoded, located=replace(located, x=x, y=y, radius=radius, messages=messages)), placed


class _Room:
    """The largest circle inside an area, and the corners around the area."""

    def __init__(self, wkb: bytes, degrees: bool):
        geometry = QgsGeometry()
        geometry.fromWkb(wkb)
        box = geometry.boundingBox()
        found, self.size = geometry.poleOfInaccessibility(max(box.width(), box.height()) * _PRECISION)
        if found.isEmpty():
            found, self.size = geometry.pointOnSurface(), 0.0
        self.x, self.y = found.asPoint().x(), found.asPoint().y()
        hull = geometry.convexHull()  # held, for its corners are read from it one by one
        corners = [(corner.x(), corner.y()) for corner in hull.vertices()]
        self.corners = np.array(corners, dtype=float).reshape(-1, 2)
        self.metres = (math.cos(math.radians(self.y)) * _DEGREE, _DEGREE) if degrees else (1.0, 1.0)

    def place(self, spot: int, spots: int) -> tuple[float, float, float]:
        """Return the point of one of so many addresses, like the seeds of a sunflower, and the area's radius there."""
        away, turn = _USED * self.size * math.sqrt(spot / spots), spot * _GOLDEN_ANGLE
        x, y = self.x + away * math.cos(turn), self.y + away * math.sin(turn)
        reach = np.hypot((self.corners[:, 0] - x) * self.metres[0], (self.corners[:, 1] - y) * self.metres[1])
        return x, y, float(reach.max()) if len(reach) else math.nan


def _key(value) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None or value != value else str(value)
