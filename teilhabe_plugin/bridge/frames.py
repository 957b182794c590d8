"""Layer → DataFrame. Here, and only here, NULL becomes NaN or None.

What a column becomes depends on its field:

==================  =====================================================================================
field               column
==================  =====================================================================================
whole numbers       int64; float64 when there is a NULL; Int64 when float64 would lose digits (over 2⁵³)
numbers             float64
text                object: str, None
yes/no              bool; object (True, False, None) when there is a NULL
date, time          object: ISO text (``2025-12-31``, ``2025-12-31T08:00:00.000``), None
anything else       object, as QGIS gives it
==================  =====================================================================================

Two ways lead there, with equal results: GeoPackage tables are read in whole columns (`arrow`) when nothing stands
between the file and the layer; edited, joined, virtual, selected and filtered features, and every other source, take
one plain pass over the features.
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from qgis.core import QgsFeatureRequest, QgsFeatureSource, QgsProviderRegistry, QgsVectorLayer, QgsWkbTypes
from qgis.PyQt.QtCore import QDate, QDateTime, Qt, QTime, QVariant

from ..core.messages import Cancelled, TeilhabeError, mark
from . import arrow

# QVariant and QMetaType number the basic types alike
_BOOLEAN, _WHOLE, _REAL, _TEXT, _TIMES = {1}, {2, 3, 4, 5}, {6, 38}, {10}, {14, 15, 16}
_EXACT = 2**53
_CHECK_EVERY = 1024


def read_frame(
    layer: QgsVectorLayer | QgsFeatureSource,
    columns: Sequence[str] | None = None,
    *,
    request: QgsFeatureRequest | None = None,
    feedback=None,
    with_ids: bool = False,
) -> pd.DataFrame:
    """Return the attributes of a layer or feature source, one row per feature, in the order of the features.

    Parameters
    ----------
    layer : QgsVectorLayer or QgsFeatureSource
        A source from ``parameterAsSource`` stands for the selected features where the user chose that.
    columns : sequence of str, optional
        Fields to read, in this order; all of them by default.
    request : QgsFeatureRequest, optional
        Further restriction or order.
    feedback : QgsFeedback, optional
        Asked now and then whether the user stopped the run.
    with_ids : bool
        Label the rows with the feature ids instead of 0, 1, 2 …
    """
    names = _names(layer, columns)
    table = _fast_table(layer, names, geometry=False) if request is None else None
    if table is not None:
        data = {name: _from_arrays(table.columns[name], table.missing[name]) for name in names}
        ids = table.ids
    else:
        data, ids = _read_features(layer, names, request, feedback)
    return pd.DataFrame(data, index=pd.Index(ids, dtype="int64") if with_ids else range(len(ids)), columns=names)


def read_geometries(
    layer: QgsVectorLayer | QgsFeatureSource, *, request: QgsFeatureRequest | None = None, feedback=None
) -> list[bytes | None]:
    """Return the geometries as WKB in the order of the features, None where a feature has none."""
    table = _fast_table(layer, [], geometry=True) if request is None else None
    if table is not None:
        return table.geometries
    request = QgsFeatureRequest(request) if request is not None else QgsFeatureRequest()
    request.setSubsetOfAttributes([])
    return [
        bytes(feature.geometry().asWkb()) if feature.hasGeometry() else None
        for feature in _iterate(layer, request, feedback)
    ]


def read_keyed_geometries(
    layer: QgsVectorLayer | QgsFeatureSource, key: str | None, *, feedback=None
) -> tuple[list, list[bytes | None]]:
    """Return keys (row numbers where ``key`` is None) and geometries as WKB, in the order of the features."""
    if key is None:
        geometries = read_geometries(layer, feedback=feedback)
        return list(range(len(geometries))), geometries
    names = _names(layer, [key])
    table = _fast_table(layer, names, geometry=True)
    if table is not None:
        return _from_arrays(table.columns[key], table.missing[key]).tolist(), table.geometries
    index = layer.fields().lookupField(key)
    request = QgsFeatureRequest().setSubsetOfAttributes([index])
    keys, geometries = [], []
    for feature in _iterate(layer, request, feedback):
        keys.append(feature[index])
        geometries.append(bytes(feature.geometry().asWkb()) if feature.hasGeometry() else None)
    return _from_values(keys, _type(layer.fields().at(index))).tolist(), geometries


def read_chunks(
    layer: QgsVectorLayer | QgsFeatureSource, columns: Sequence[str], rows: int, *, limit: int = -1, feedback=None
) -> Iterator[tuple[pd.DataFrame, list[bytes | None]]]:
    """Yield attributes, labelled with the feature ids, and geometries as WKB, so many rows at a time, in one pass."""
    names = _names(layer, columns)
    with_geometry = layer.wkbType() != QgsWkbTypes.NoGeometry
    for low, high in _id_ranges(layer, names, rows) if limit < 0 else [(None, None)]:
        if feedback is not None and feedback.isCanceled():
            raise Cancelled()
        table = _fast_table(layer, names, with_geometry, (low, high)) if low is not None else None
        if table is None:  # closed, or no rows in this range
            request = QgsFeatureRequest().setLimit(limit)
            if low is not None:
                request.setFilterExpression(f"$id >= {low} AND $id < {high}")
            yield from _plain_chunks(layer, names, rows, request, feedback)
            continue
        data = {name: _from_arrays(table.columns[name], table.missing[name]) for name in names}
        frame = pd.DataFrame(data, index=pd.Index(table.ids, dtype="int64"), columns=names)
        yield frame, table.geometries if with_geometry else [None] * len(frame)


def _id_ranges(layer, names, rows) -> list[tuple]:
    """Return ranges of feature ids with so many rows at most; one without bounds where the fast way is closed."""
    if not isinstance(layer, QgsVectorLayer) or not names or len(layer.primaryKeyAttributes()) != 1 \
            or layer.providerType() != "ogr" or layer.isEditable() or layer.storageType() != "GPKG":
        return [(None, None)]
    key = layer.primaryKeyAttributes()[0]
    low, high = layer.minimumValue(key), layer.maximumValue(key)
    if not isinstance(low, int) or not isinstance(high, int) or high - low > 20 * max(layer.featureCount(), rows):
        return [(None, None)]
    return [(start, start + rows) for start in range(low, high + 1, rows)]


def _plain_chunks(layer, names, rows, request, feedback):
    fields = layer.fields()
    indices = [fields.lookupField(name) for name in names]
    request = request.setSubsetOfAttributes(indices)
    attributes, geometries, ids = [], [], []

    def chunk():
        every = list(zip(*attributes))
        data = {name: _from_values(every[i], _type(fields.at(i))) for name, i in zip(names, indices)}
        return pd.DataFrame(data, index=pd.Index(ids, dtype="int64"), columns=names), geometries

    for feature in _iterate(layer, request, feedback):
        attributes.append(feature.attributes())
        geometries.append(bytes(feature.geometry().asWkb()) if feature.hasGeometry() else None)
        ids.append(feature.id())
        if len(ids) >= rows:
            yield chunk()
            attributes, geometries, ids = [], [], []
    if ids:
        yield chunk()


def _names(layer, columns: Sequence[str] | None) -> list[str]:
    there = [field.name() for field in layer.fields()]
    if columns is None:
        return there
    for name in columns:
        if name not in there:
            raise TeilhabeError(
                mark("The layer “{layer}” has no field “{field}”. Its fields are: {fields}."),
                layer=_title(layer), field=name, fields=", ".join(there),
            )
    return list(columns)


def _title(layer) -> str:
    return layer.name() if isinstance(layer, QgsVectorLayer) else layer.sourceName()


# the fast way

def _fast_table(layer, names: list[str], geometry: bool, ids: tuple[int, int] | None = None) -> arrow.Table | None:
    """Return whole columns where layer and file are the same thing, else None; `ids` is a range of feature ids."""
    if not isinstance(layer, QgsVectorLayer) or layer.providerType() != "ogr" or layer.isEditable():
        return None
    provider = layer.dataProvider()
    if provider.storageType() != "GPKG" or not (names or geometry):
        return None
    stored = {field.name() for field in provider.fields()}
    if not stored.issuperset(names):
        return None  # joined or virtual fields
    parts = QgsProviderRegistry.instance().decodeUri("ogr", layer.source())
    subset = layer.subsetString().strip()
    if subset.lower().startswith("select") or set(filter(parts.get, parts)) - {"path", "layerName", "subset"}:
        return None
    table = parts.get("layerName") or _only_table(provider)
    if ids is not None:
        key = layer.fields().at(layer.primaryKeyAttributes()[0]).name().replace('"', '""')
        subset = (f"({subset}) AND " if subset else "") + f'"{key}" >= {ids[0]} AND "{key}" < {ids[1]}'
    return arrow.read_table(parts["path"], table, names, subset, geometry) if table else None


def _only_table(provider) -> str:
    """Return the table's name for a source that names only the file."""
    tables = provider.subLayers()
    return tables[0].split(provider.sublayerSeparator())[1] if len(tables) == 1 else ""


def _from_arrays(values: np.ndarray, missing: np.ndarray):
    if values.dtype.kind == "M":
        text = np.datetime_as_string(values, unit="D").astype(object)
        text[missing] = None
        return text
    if values.dtype.kind in "iu":
        return _whole(values.astype(np.int64), missing)
    if values.dtype.kind == "f":
        numbers = values.astype(float)
        numbers[missing] = np.nan
        return numbers
    return values


# the plain pass

def _read_features(layer, names, request, feedback) -> tuple[dict, list[int]]:
    fields = layer.fields()
    indices = [fields.lookupField(name) for name in names]
    request = QgsFeatureRequest(request) if request is not None else QgsFeatureRequest()
    request.setFlags(request.flags() | QgsFeatureRequest.Flag.NoGeometry)
    request.setSubsetOfAttributes(indices)
    rows, ids = [], []
    for feature in _iterate(layer, request, feedback):
        rows.append(feature.attributes())
        ids.append(feature.id())
    every = list(zip(*rows)) if rows else [()] * fields.count()
    return {name: _from_values(every[i], _type(fields.at(i))) for name, i in zip(names, indices)}, ids


def _iterate(layer, request: QgsFeatureRequest, feedback):
    for number, feature in enumerate(layer.getFeatures(request)):
        if feedback is not None and not number % _CHECK_EVERY and feedback.isCanceled():
            raise Cancelled()
        yield feature


def _type(field) -> int:
    kind = field.type()
    return int(getattr(kind, "value", kind))


def _from_values(values: Sequence, kind: int):
    if kind in _REAL or kind in _WHOLE:
        try:
            return np.array(values, dtype=float if kind in _REAL else np.int64)
        except (TypeError, OverflowError):
            pass  # a NULL or a number over 64 bits
    present = [_plain(value) if isinstance(value, QVariant) else value for value in values]
    if kind in _REAL:
        return np.array(present, dtype=float)
    if kind in _WHOLE:
        missing = np.array([value is None for value in present], dtype=bool)
        try:
            return _whole(np.array([0 if value is None else value for value in present], dtype=np.int64), missing)
        except OverflowError:
            return _objects(present)
    if kind in _BOOLEAN and None not in present:
        return np.array(present, dtype=bool)
    if kind in _TIMES:
        present = [_iso(value) for value in present]
    return _objects(present)


def _plain(value: QVariant):
    return None if value.isNull() else value.value()


def _iso(value) -> str | None:
    if isinstance(value, QDate):
        return value.toString(Qt.DateFormat.ISODate) if value.isValid() else None
    if isinstance(value, (QDateTime, QTime)):
        return value.toString(Qt.DateFormat.ISODateWithMs) if value.isValid() else None
    return value


def _objects(values: list) -> np.ndarray:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def _whole(values: np.ndarray, missing: np.ndarray):
    if not missing.any():
        return values
    there = values[~missing]
    if there.size and (there.max() > _EXACT or there.min() < -_EXACT):
        return pd.arrays.IntegerArray(np.where(missing, 0, values), missing)
    numbers = values.astype(float)
    numbers[missing] = np.nan
    return numbers
