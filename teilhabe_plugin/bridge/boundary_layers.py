"""Boundary change between layers and core: geometries in one coordinate system, counts, points, results."""
from __future__ import annotations

import numpy as np
import pandas as pd
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsGeometry,
    QgsVectorLayer,
    QgsWkbTypes,
)

from ..core.boundaries import Bridge, Carried
from ..core.messages import TeilhabeError, mark
from ..core.overlay import shapes
from ..translation import tr
from . import project
from .fields import kind_of
from .frames import read_frame, read_geometries
from .layer_output import FieldSpec, write_layer

#: for areas in degrees: Europe's equal-area system
_EQUAL_AREA = "EPSG:3035"


def measuring_crs(layer: QgsVectorLayer) -> QgsCoordinateReferenceSystem:
    """Return the layer's coordinate system, or an equal-area one where it is in degrees."""
    crs = layer.crs()
    return QgsCoordinateReferenceSystem(_EQUAL_AREA) if not crs.isValid() or crs.isGeographic() else crs


def read_keys(layer: QgsVectorLayer, key: str, columns: list[str], feedback) -> pd.DataFrame:
    """Return key and columns; the key must be filled and unique, for counts of two areas cannot be told apart."""
    frame = read_frame(layer, list(dict.fromkeys([key, *columns])), feedback=feedback)
    bad = frame.index[frame[key].isna() | frame[key].duplicated(keep=False)]
    if len(bad):
        raise TeilhabeError(
            mark("Layer “{layer}”, field “{field}”: the area key must be filled and unique; see rows {rows}."),
            layer=layer.name(), field=key, rows=", ".join(str(row + 1) for row in bad[:10]))
    if frame.empty:
        raise TeilhabeError(mark("The layer “{layer}” has no rows."), layer=layer.name())
    return frame


def read_shapes(layer: QgsVectorLayer, crs: QgsCoordinateReferenceSystem, context, feedback) -> list:
    """Return the areas as valid shapes in the coordinate system given."""
    return shapes(_transformed(layer, crs, context, feedback))


def read_points(layer: QgsVectorLayer, weight: str, crs: QgsCoordinateReferenceSystem, context, feedback
                ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return x, y and weight (1 without a field) of all points; features without geometry are NaN."""
    count = layer.featureCount()
    weights = np.ones(count)
    if weight:
        weights = numbers(read_frame(layer, [weight], feedback=feedback), [weight], layer)[weight].to_numpy(float)
    x, y = [], []
    for wkb in _transformed(layer, crs, context, feedback):
        geometry = QgsGeometry()
        if wkb is not None:
            geometry.fromWkb(wkb)
        point = geometry.centroid().asPoint() if wkb is not None and not geometry.isEmpty() else None
        x.append(np.nan if point is None else point.x())
        y.append(np.nan if point is None else point.y())
    return np.array(x), np.array(y), np.nan_to_num(weights)


def _transformed(layer: QgsVectorLayer, crs, context, feedback) -> list[bytes | None]:
    found = read_geometries(layer, feedback=feedback)
    if layer.wkbType() == QgsWkbTypes.NoGeometry:
        raise TeilhabeError(mark("The layer “{layer}” has no geometry."), layer=layer.name())
    if QgsWkbTypes.isCurvedType(layer.wkbType()):
        found = [None if wkb is None else _straight(wkb) for wkb in found]
    if not layer.crs().isValid() or layer.crs() == crs:
        return found
    transform = QgsCoordinateTransform(layer.crs(), crs, context.transformContext())
    turned = []
    for row, wkb in enumerate(found, 1):
        if wkb is None:
            turned.append(None)
            continue
        geometry = QgsGeometry()
        geometry.fromWkb(wkb)
        try:
            geometry.transform(transform)
            fits = geometry.isEmpty() or geometry.boundingBox().isFinite()
        except QgsCsException:
            fits = False
        if not fits:
            raise TeilhabeError(
                mark("Layer “{layer}”, row {row}: the coordinates do not fit the coordinate reference system {crs}."),
                layer=layer.name(), row=row, crs=layer.crs().authid())
        turned.append(bytes(geometry.asWkb()))
    return turned


def _straight(wkb: bytes) -> bytes:
    """Return a geometry with straight lines in place of arcs."""
    geometry = QgsGeometry()
    geometry.fromWkb(wkb)
    geometry.convertToStraightSegment()
    return bytes(geometry.asWkb())


def check_places(layers: list[QgsVectorLayer]) -> None:
    """Refuse layers of which one has a coordinate reference system and another has none."""
    without = [layer.name() for layer in layers if not layer.crs().isValid()]
    if without and len(without) < len(layers):
        raise TeilhabeError(mark("The layer “{layer}” has no coordinate reference system; nobody can say where it lies "
                                 "beside the others. Set it in the layer’s properties."), layer=without[0])


def numbers(frame: pd.DataFrame, columns: list[str], layer: QgsVectorLayer) -> pd.DataFrame:
    """Return the frame with these columns as numbers; text that is none is named with its row."""
    for column in columns:
        values = pd.to_numeric(frame[column], errors="coerce")
        wrong = values.isna() & frame[column].notna()
        if wrong.any():
            row = int(wrong.to_numpy().argmax())
            raise TeilhabeError(mark("Layer “{layer}”, row {row}, field “{field}”: “{value}” is not a number."),
                                layer=layer.name(), row=row + 1, field=column, value=frame[column].iloc[row])
        frame[column] = values.astype(float)
    return frame


def write_carried(algorithm, parameters, name, context, feedback, layer, keys: pd.DataFrame, key: str,
                  carried: dict[str, Carried], whole: bool, record: dict) -> str:
    """Write the new areas with all counts, their bounds and the share that is an estimate."""
    frame, specs = keys[[key]].copy(), [FieldSpec(key, kind_of(keys[key]))]
    for column, found in carried.items():
        for ending, values, kind, alias in (
            ("", found.value, "integer" if whole else "real", column),
            ("_min", found.low, "real", tr("{column}: at least", column=column)),
            ("_max", found.high, "real", tr("{column}: at most", column=column)),
            ("_geschaetzt", found.estimated, "real", tr("{column}: share that is estimated", column=column)),
        ):
            frame[column + ending] = values
            specs.append(FieldSpec(column + ending, kind, alias=alias))
    return write_layer(algorithm, parameters, name, context, feedback, frame=frame, specs=specs, geometry_layer=layer,
                       layer_name=tr("Counts on new areas"), role=project.INDICATORS, provenance=record)


def write_weights(algorithm, parameters, name, context, feedback, old_keys, new_keys, shares: Bridge,
                  record: dict) -> str:
    """Write the table of shares: which part of each old area goes to which new one."""
    frame = pd.DataFrame({
        "gebiet_alt": np.asarray(old_keys, object)[shares.old], "gebiet_neu": np.asarray(new_keys, object)[shares.new],
        "anteil": shares.share})
    titles = {"gebiet_alt": tr("Old area"), "gebiet_neu": tr("New area"), "anteil": tr("Share of the old area")}
    specs = [FieldSpec(column, "real" if column == "anteil" else "text", alias=title)
             for column, title in titles.items()]
    return write_layer(algorithm, parameters, name, context, feedback, frame=frame, specs=specs,
                       layer_name=tr("Shares of old areas"), provenance=record)
