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
    QgsDistanceArea,
    QgsGeometry,
    QgsPointXY,
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
    """Put rows whose area is known, but no coordinate, to the innermost point of their area.

    Returns
    -------
    Geocoded
        Their radius is that of the area around this point; the message is said at each of them.
    ndarray of bool
        Which rows these are.
    """
    located = geocoded.located
    wanted = (located.area != "") & ~np.isfinite(located.x)
    numbers = {key: number for number, key in enumerate(areas.keys.tolist())}
    distances = QgsDistanceArea()
    if areas.crs.isGeographic():
        distances.setEllipsoid("WGS84")
    x, y, radius, messages = located.x.copy(), located.y.copy(), located.radius.copy(), located.messages.copy()
    placed, made, told = np.zeros(len(located), bool), {}, {}
    for row in np.flatnonzero(wanted).tolist():
        number = numbers.get(located.area[row])
        if number is None or areas.wkbs[number] is None:
            continue
        if number not in made:
            made[number] = _innermost(areas.wkbs[number], distances)
        x[row], y[row], radius[row] = made[number]
        said = located.messages[row]
        messages[row] = told.setdefault(id(said), (*said, message))
        placed[row] = True
    return replace(geocoded, located=replace(located, x=x, y=y, radius=radius, messages=messages)), placed


def _innermost(wkb: bytes, distances: QgsDistanceArea) -> tuple[float, float, float]:
    geometry = QgsGeometry()
    geometry.fromWkb(wkb)
    box = geometry.boundingBox()
    found, _ = geometry.poleOfInaccessibility(max(box.width(), box.height()) * _PRECISION)
    if found.isEmpty():
        found = geometry.pointOnSurface()
    point = found.asPoint()
    hull = geometry.convexHull()
    radius = max((distances.measureLine(point, QgsPointXY(corner)) for corner in hull.vertices()), default=math.nan)
    return point.x(), point.y(), radius


def _key(value) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None or value != value else str(value)
