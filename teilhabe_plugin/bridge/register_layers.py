"""Address registers that QGIS reads: layers and tables of the project, of databases and of files."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsGeometry,
    QgsProject,
    QgsVectorLayer,
    QgsWkbTypes,
)

from ..core.addresses.register import AddressRegister
from ..core.addresses.register_formats import Layout, check_layout, layout_of_table
from ..core.addresses.register_rows import Rows
from ..core.addresses.register_source import RegisterSource
from ..core.messages import TeilhabeError, mark
from ..core.table_reading import check_file
from .frames import read_chunks

_CHUNK_ROWS = 200_000
SAMPLE_ROWS = 200
#: UTM zones of ETRS89 by the meridian that parts them
_METRES_WEST, _METRES_EAST, _BETWEEN = "EPSG:25832", "EPSG:25833", 12.0
#: counts in metres, but not in those on the ground
_STRETCHED = ("EPSG:3857", "EPSG:900913", "EPSG:3395")
_POINT_WKB = np.dtype([("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")])


def find_layer(source: RegisterSource, layers: Mapping[str, QgsVectorLayer] | None = None,
               project: QgsProject | None = None) -> QgsVectorLayer:
    """Return the layer of a source: one of the given ones, of the project, or opened from its file.

    Raises
    ------
    TeilhabeError
        When it is not there or cannot be read.
    """
    if source.is_layer:
        layer = (layers or {}).get(source.layer_id)
        if layer is None:
            layer = (project or QgsProject.instance()).mapLayer(source.layer_id)
        if not isinstance(layer, QgsVectorLayer):
            raise TeilhabeError(mark("The address register “{register}” is no layer of the project any more. Choose it "
                                     "again."), register=source.title or source.layer_id)
    else:
        layer = _open_file(source)
    if not layer.isValid():
        raise TeilhabeError(mark("The layer “{layer}” cannot be read; check its source in the layer properties."),
                            layer=layer.name())
    return layer


def layer_title(source: RegisterSource, layer: QgsVectorLayer) -> str:
    """Return the name of the register in messages."""
    return source.title or (layer.name() if source.is_layer else source.name)


def describe_layer(source: RegisterSource, layer: QgsVectorLayer) -> tuple[Layout, pd.DataFrame]:
    """Return what the fields of a layer mean, and its first rows."""
    names = [field.name() for field in layer.fields()]
    chunks = read_chunks(layer, names, SAMPLE_ROWS, limit=SAMPLE_ROWS)
    sample = next(chunks, (pd.DataFrame(columns=names), []))[0]
    return layout_of_table(names, sample, replace(source, title=layer_title(source, layer))), sample


def read_layer_register(source: RegisterSource, layer: QgsVectorLayer, feedback=None, limit: int = -1
                        ) -> AddressRegister:
    """Read the register from a layer or table, chunk by chunk.

    Coordinates are the geometries, unless columns were chosen for them by hand.
    """
    title = layer_title(source, layer)
    layout, _ = describe_layer(source, layer)
    check_layout(layout, title)
    by_hand = dict(source.columns)
    with_points = layer.wkbType() != QgsWkbTypes.NoGeometry and not (by_hand.get("x") and by_hand.get("y"))
    crs = source.crs or layer.crs().authid()
    foreign = with_points and not crs and layer.crs().isValid()
    rows = Rows(replace(source, crs=crs if with_points else source.crs), layout, title)
    count = layer.featureCount()
    columns = [name for name in dict.fromkeys(layout.columns.values())
               if not (with_points and name in (layout.columns.get("x"), layout.columns.get("y")))]
    done = 0
    for frame, geometries in read_chunks(layer, columns, _CHUNK_ROWS, limit=limit, feedback=feedback):
        frame["row"] = frame.index.to_numpy()
        if with_points:
            x, y = points(geometries)
            if foreign and crs:
                x, y = transformed(layer.crs(), QgsCoordinateReferenceSystem(crs), x, y)
            elif foreign and np.isfinite(x).any():  # a system without a name: the first points tell the zone
                crs, x, y = in_metres(layer.crs(), x, y)
            rows.add_points(frame.reset_index(drop=True), x, y, crs)
        else:
            rows.add(frame.reset_index(drop=True))
        done += len(frame)
        if feedback is not None and count > 0:
            feedback.setProgress(100 * done / count)
    return rows.finish()


def metric(register: AddressRegister) -> AddressRegister:
    """Return the register with coordinates that count in metres on the ground: distances are measured in them."""
    crs = QgsCoordinateReferenceSystem(register.crs)
    if not register.crs or not register.has_coordinates:
        return register
    if not crs.isValid():
        raise TeilhabeError(mark("{register}: the reference system “{crs}” is not known."),
                            register=register.title, crs=register.crs)
    if not crs.isGeographic() and register.crs not in _STRETCHED:
        return register
    authid, x, y = in_metres(crs, register.x, register.y)
    return replace(register, crs=authid, x=x, y=y, cache={})


def in_metres(crs: QgsCoordinateReferenceSystem, x: np.ndarray, y: np.ndarray) -> tuple[str, np.ndarray, np.ndarray]:
    """Return the zone of UTM in which the points lie, and their coordinates there."""
    degrees = QgsCoordinateReferenceSystem("EPSG:4326")
    there = np.isfinite(x) & np.isfinite(y)
    if not there.any():
        return _METRES_WEST, x, y
    east, north = float(np.median(x[there])), float(np.median(y[there]))
    east, north = (float(values[0]) for values in transformed(crs, degrees, np.array([east]), np.array([north])))
    if 0 <= east <= 24 and north > 0:
        authid = _METRES_WEST if east < _BETWEEN else _METRES_EAST
    else:
        authid = f"EPSG:{(32600 if north >= 0 else 32700) + int((east + 180) // 6) + 1}"
    return authid, *transformed(crs, QgsCoordinateReferenceSystem(authid), x, y)


def transformed(source: QgsCoordinateReferenceSystem, target: QgsCoordinateReferenceSystem, x: np.ndarray,
                y: np.ndarray, project: QgsProject | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Return points in another reference system; those that cannot be brought there are NaN."""
    if source == target:
        return x, y
    transform = QgsCoordinateTransform(source, target, (project or QgsProject.instance()).transformContext())
    found_x, found_y = np.full(len(x), np.nan), np.full(len(y), np.nan)
    there = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    for start in range(0, len(there), _CHUNK_ROWS):
        rows = there[start:start + _CHUNK_ROWS]
        found_x[rows], found_y[rows] = _transformed(transform, x[rows], y[rows])
    return found_x, found_y


def _transformed(transform, x, y):
    shape = _multi_point(x, y)
    try:
        shape.transform(transform)
        return points_of_multi_point(bytes(shape.asWkb()))
    except QgsCsException:
        if len(x) == 1:
            return np.array([np.nan]), np.array([np.nan])
    half = len(x) // 2  # one of them cannot be brought there: find it
    first, second = _transformed(transform, x[:half], y[:half]), _transformed(transform, x[half:], y[half:])
    return tuple(np.concatenate(pair) for pair in zip(first, second))


def _multi_point(x, y) -> QgsGeometry:
    data = np.zeros(len(x), dtype=_POINT_WKB)
    data["order"], data["kind"], data["x"], data["y"] = 1, 1, x, y
    shape = QgsGeometry()
    shape.fromWkb(b"\x01" + np.array([4, len(x)], dtype="<u4").tobytes() + data.tobytes())
    return shape


def points_of_multi_point(wkb: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Return x and y of a multi-point's WKB."""
    data = np.frombuffer(wkb, dtype=_POINT_WKB, offset=9)
    return data["x"].astype(float), data["y"].astype(float)


def points(geometries) -> tuple[np.ndarray, np.ndarray]:
    """Return x and y of geometries as WKB, NaN without one; of lines and polygons a point on them."""
    x, y = np.full(len(geometries), np.nan), np.full(len(geometries), np.nan)
    plain = [i for i, wkb in enumerate(geometries) if wkb and len(wkb) == 21 and wkb[:5] == b"\x01\x01\0\0\0"]
    if plain:
        data = np.frombuffer(b"".join(geometries[i] for i in plain), dtype=_POINT_WKB)
        x[plain], y[plain] = data["x"], data["y"]
    for i in set(range(len(geometries))).difference(plain):
        if geometries[i] is None:
            continue
        geometry = QgsGeometry()
        geometry.fromWkb(geometries[i])
        if geometry.type() != QgsWkbTypes.PointGeometry:
            geometry = geometry.pointOnSurface()
        vertex = None if geometry.isEmpty() else geometry.vertexAt(0)
        if vertex is not None:
            x[i], y[i] = vertex.x(), vertex.y()
    return x, y


def _open_file(source: RegisterSource) -> QgsVectorLayer:
    path, _, rest = source.path.partition("|")
    path = check_file(path)
    table = source.table or dict(part.partition("=")[::2] for part in rest.split("|")).get("layername", "")
    whole = QgsVectorLayer(str(path), path.stem, "ogr")
    if not whole.isValid():
        raise TeilhabeError(
            mark("{file} cannot be read as an address register. Possible are text files (CSV, TXT, also packed as "
                 ".gz), XLSX, ODS and every file that QGIS opens as a layer."), file=path.name)
    provider = whole.dataProvider()
    tables = [entry.split(provider.sublayerSeparator())[1] for entry in provider.subLayers()]
    if table and tables and table not in tables:
        raise TeilhabeError(mark("{file} has no table “{table}”. Tables: {tables}."),
                            file=path.name, table=table, tables=", ".join(tables))
    if not table and len(tables) > 1:
        table = _table_with_streets(path, tables, source)
    if not table:
        return whole
    return QgsVectorLayer(f"{path}|layername={table}", table, "ogr")


def _table_with_streets(path, tables, source) -> str:
    best, most = "", 0
    for table in tables:
        layer = QgsVectorLayer(f"{path}|layername={table}", table, "ogr")
        if not layer.isValid():
            continue
        layout = layout_of_table([field.name() for field in layer.fields()],
                                 describe_layer(RegisterSource(str(path)), layer)[1], RegisterSource(str(path)))
        score = len(layout.columns) if {"street", "address"} & set(layout.columns) else 0
        if score and "number" in layout.columns:
            score += 100
        if score > most:
            best, most = table, score
    if not best:
        raise TeilhabeError(mark("{file}: none of its tables has a column with the names of streets. Choose the table: "
                                 "{tables}."), file=path.name, tables=", ".join(tables))
    return best
