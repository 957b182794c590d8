"""What goes into a result layer: attributes, geometries copied by key, and how the layer looks."""
from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Callable

import numpy as np
import pandas as pd
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureSource,
    QgsFields,
    QgsGeometry,
    QgsLayerMetadata,
    QgsVectorLayer,
    QgsWkbTypes,
)
from shapely.geometry import MultiPolygon

from ..core.messages import Cancelled, Message, TeilhabeError, mark
from . import project
from .feedback import push
from .fields import FieldSpec, check_names, fields_of, qgis_values, specs_of
from .frames import read_keyed_geometries
from .record_text import record_text

_CHECK_EVERY = 512
_POINT_WKB = np.dtype([("order", "u1"), ("type", "<u4"), ("x", "<f8"), ("y", "<f8")])


@dataclass(frozen=True, eq=False)
class Points:
    """Points of a result, row for row; NaN where a row has none.

    Attributes
    ----------
    x, y : ndarray of float64
    crs : QgsCoordinateReferenceSystem
    """

    x: np.ndarray
    y: np.ndarray
    crs: QgsCoordinateReferenceSystem
    wkb_type = QgsWkbTypes.Point

    def wkb(self) -> list[bytes | None]:
        """Return the points as WKB, None for every row without one."""
        packed = np.empty(len(self.x), dtype=_POINT_WKB)
        packed["order"], packed["type"], packed["x"], packed["y"] = 1, 1, self.x, self.y
        data, size = packed.tobytes(), _POINT_WKB.itemsize
        there = (np.isfinite(self.x) & np.isfinite(self.y)).tolist()
        return [data[i * size : (i + 1) * size] if known else None for i, known in enumerate(there)]


@dataclass(frozen=True, eq=False)
class Shapes:
    """Shapely polygons of a result, row for row; None where a row has none.

    Attributes
    ----------
    shapes : sequence of shapely geometry or None
    crs : QgsCoordinateReferenceSystem
    """

    shapes: Sequence
    crs: QgsCoordinateReferenceSystem
    wkb_type = QgsWkbTypes.MultiPolygon

    def wkb(self) -> list[bytes | None]:
        """Return the polygons as WKB multipolygons, None for every row without one."""
        return [None if shape is None or shape.is_empty else
                (MultiPolygon([shape]) if shape.geom_type == "Polygon" else shape).wkb for shape in self.shapes]


@dataclass(frozen=True)
class Look:
    """What a result layer carries besides its features."""

    style: Callable[[QgsVectorLayer], None] | None = None
    role: str = ""
    provenance: dict | None = None

    def apply(self, layer: QgsVectorLayer, specs: list[FieldSpec]) -> None:
        """Set aliases, role and provenance, then let the style have the last word."""
        for spec in specs:
            index = layer.fields().lookupField(spec.name)
            if spec.label and index >= 0:
                layer.setFieldAlias(index, spec.label)
        if self.role:
            project.set_role(layer, self.role)
        if self.provenance is not None:
            project.set_provenance(layer, self.provenance)
        if self.style is not None:
            self.style(layer)

    def metadata(self, title: str) -> QgsLayerMetadata:
        """Return layer metadata that say where the layer came from: in words, and completely in the history."""
        metadata = QgsLayerMetadata()
        metadata.setTitle(title)
        if self.provenance is not None:
            metadata.setAbstract(record_text(self.provenance))
            metadata.addHistoryItem(json.dumps(self.provenance, ensure_ascii=False, sort_keys=True))
        return metadata


@dataclass(frozen=True)
class Content:
    """Rows in the order of the frame."""

    specs: list[FieldSpec]
    fields: QgsFields
    values: list[list]
    geometries: list[bytes | None] | None
    wkb_type: int
    crs: QgsCoordinateReferenceSystem
    count: int

    @property
    def names(self) -> list[str]:
        """Names of the fields."""
        return [spec.name for spec in self.specs]

    def features(self, feedback, progress: Callable[[float], None] | None = None) -> Iterator[QgsFeature]:
        """Yield the rows; it is one feature object, filled anew for every row."""
        feature = QgsFeature(self.fields)
        rows = zip(*self.values) if self.values else ((),) * self.count
        shapes = self.geometries if self.geometries is not None else [None] * self.count
        for number, (row, shape) in enumerate(zip(rows, shapes)):
            if not number % _CHECK_EVERY:
                if feedback.isCanceled():
                    raise Cancelled()
                if progress is not None:
                    progress(100 * number / self.count)
            feature.setAttributes(list(row))
            geometry = QgsGeometry()
            if shape is not None:
                geometry.fromWkb(shape)
            feature.setGeometry(geometry)
            yield feature

    def without_geometry(self) -> Content:
        """Return the same rows for a format that has no geometries."""
        return Content(self.specs, self.fields, self.values, None, QgsWkbTypes.NoGeometry,
                       QgsCoordinateReferenceSystem(), self.count)


def content_of(frame: pd.DataFrame, specs, geometry_layer: QgsVectorLayer | QgsFeatureSource | None, key: str | None,
               feedback, points: Points | Shapes | None = None) -> Content:
    """Return what is written for a frame.

    Parameters
    ----------
    frame : DataFrame
        The rows.
    specs : iterable of FieldSpec
        How columns are written; columns without one get the kind of their values.
    geometry_layer : QgsVectorLayer or QgsFeatureSource, optional
        Where the geometries are copied from.
    key : str, optional
        Column of frame and layer that brings rows and geometries together. Without it the labels of the frame's index
        are row numbers of the layer, as `frames.read_frame` gives them.
    points : Points or Shapes, optional
        Geometries that stand in no layer yet.
    """
    specs = specs_of(frame, specs)
    check_names([spec.name for spec in specs])
    values = [qgis_values(frame[spec.name], spec.kind) for spec in specs]
    geometries, wkb_type, crs = None, QgsWkbTypes.NoGeometry, QgsCoordinateReferenceSystem()
    if geometry_layer is not None and geometry_layer.wkbType() != QgsWkbTypes.NoGeometry:
        geometries = _geometries(frame, geometry_layer, key, feedback)
        wkb_type, crs = geometry_layer.wkbType(), geometry_layer.sourceCrs()
        if QgsWkbTypes.geometryType(wkb_type) != QgsWkbTypes.PointGeometry:
            wkb_type = QgsWkbTypes.multiType(wkb_type)
    elif points is not None:
        geometries, wkb_type, crs = points.wkb(), points.wkb_type, points.crs
    return Content(specs, fields_of(frame, specs), values, geometries, wkb_type, crs, len(frame))


def _geometries(frame, layer, key, feedback) -> list[bytes | None]:
    keys, shapes = read_keyed_geometries(layer, key, feedback=feedback)
    by_key = dict(zip(keys, shapes))
    rows = (frame[key] if key is not None else frame.index).tolist()
    if len(by_key) < len(keys):
        _check_unambiguous(keys, rows, key)
    without = sum(row not in by_key for row in rows)
    if without:
        push(feedback, Message(
            mark("{count} of {rows} rows have no area in the layer; they are written without geometry."),
            count=without, rows=len(rows)), warning=True)
    return [by_key.get(row) for row in rows]


def _check_unambiguous(keys: list, rows: list, key: str | None) -> None:
    used, seen = set(rows), set()
    for value in keys:
        if value in seen and value in used:
            raise TeilhabeError(
                mark("Column “{column}”: the key “{value}” stands at several areas of the layer, so it is not clear "
                     "which geometry belongs to the row. Make the keys unique."),
                column=key, value=value,
            )
        seen.add(value)
