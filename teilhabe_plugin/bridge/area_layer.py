"""The area layer as core's areas, with the faults that a layer can have."""

from __future__ import annotations

import pandas as pd
from qgis.core import QgsFeatureRequest, QgsVectorLayer, QgsWkbTypes

from ..core.area_keys import Areas
from ..core.messages import Message, TeilhabeError, mark
from .frames import read_frame

_NAMED = 20


def read_areas(layer: QgsVectorLayer, key_field: str, name_field: str = "", feedback=None):
    """Read the areas of a layer.

    Returns
    -------
    areas : Areas
    frame : DataFrame
        All attributes, labelled with the feature ids.

    Raises
    ------
    TeilhabeError
        When the key field has gaps or doubled keys; names the feature ids.
    """
    frame = read_frame(layer, feedback=feedback, with_ids=True)
    if key_field not in frame.columns:
        raise TeilhabeError(
            mark("The layer “{layer}” has no field “{field}”. Its fields are: {fields}."),
            layer=layer.name(),
            field=key_field,
            fields=", ".join(frame.columns),
        )
    if name_field and name_field not in frame.columns:
        raise TeilhabeError(
            mark("The layer “{layer}” has no field “{field}”. Its fields are: {fields}."),
            layer=layer.name(),
            field=name_field,
            fields=", ".join(frame.columns),
        )
    areas = Areas.from_frame(frame, key_field, name_field or guess_name_field(frame, key_field), frame.index)
    return areas, frame


def guess_key_field(frame: pd.DataFrame) -> str:
    """The first text field without gaps and repeats whose values bear digits, else the first such field at all."""
    unique = [
        str(name)
        for name in frame.columns
        if len(frame) and frame[name].notna().all() and not frame[name].duplicated().any()
    ]
    texts = [name for name in unique if _is_text(frame[name])]
    numbered = [name for name in texts if all(any(ch.isdigit() for ch in str(value)) for value in frame[name][:50])]
    whole = [name for name in unique if pd.api.types.is_integer_dtype(frame[name]) and name.lower() != "fid"]
    return next(iter(numbered or texts or whole), "")


def guess_name_field(frame: pd.DataFrame, key_field: str) -> str:
    """The text field with the most different values that are words, "" when there is none."""
    best, most = "", 0
    for name in frame.columns:
        if name == key_field or not _is_text(frame[name]):
            continue
        values = frame[name].dropna().astype(str)
        words = values[values.str.contains(r"[^\W\d_]{2}", regex=True)]
        different = words.nunique()
        if len(words) > 0.8 * len(frame) and different > max(most, len(frame) // 2):
            best, most = str(name), different
    return best


def check_layer(layer: QgsVectorLayer, key_field: str, feedback=None) -> tuple[Message, ...]:
    """Faults of the layer that do not stop a join: no CRS, invalid or missing polygons (with their keys)."""
    notes = []
    if not layer.crs().isValid():
        notes.append(
            Message(
                mark(
                    "The layer “{layer}” has no coordinate reference system. Set it in the layer properties, otherwise "
                    "the result lies in the wrong place on a map and lengths and areas cannot be computed."
                ),
                layer=layer.name(),
            )
        )
    index = layer.fields().lookupField(key_field)
    request = QgsFeatureRequest().setSubsetOfAttributes([index])
    invalid, without = [], []
    for number, feature in enumerate(layer.getFeatures(request)):
        if feedback is not None and not number % 500 and feedback.isCanceled():
            break
        if not feature.hasGeometry() or feature.geometry().isEmpty():
            without.append(str(feature[key_field]))
        elif (
            QgsWkbTypes.geometryType(layer.wkbType()) == QgsWkbTypes.PolygonGeometry
            and not feature.geometry().isGeosValid()
        ):
            invalid.append(str(feature[key_field]))
    if invalid:
        notes.append(
            Message(
                mark(
                    "{n} areas have invalid polygons ({keys}). They are joined and copied as they are; repair them "
                    "with “Fix geometries” before computing with their shapes."
                ),
                n=len(invalid),
                keys=_some(invalid),
            )
        )
    if without:
        notes.append(
            Message(
                mark("{n} areas have no polygon ({keys}) and will not show on the map."),
                n=len(without),
                keys=_some(without),
            )
        )
    return tuple(notes)


def _some(keys) -> str:
    return ", ".join(keys[:_NAMED]) + (", …" if len(keys) > _NAMED else "")


def _is_text(values) -> bool:
    return pd.api.types.is_object_dtype(values) or pd.api.types.is_string_dtype(values)
