"""The lines of a network as QGIS's director can use them: straight, with a speed each, in a known coordinate system."""

from __future__ import annotations

import math

from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer, QgsWkbTypes

from ..core.messages import Message, TeilhabeError, check_cancelled, mark

_CHECK_EVERY = 5_000


def usable_lines(layer: QgsVectorLayer, speed_field: str, speed: float, direction_field: str, directions, cancelled=None
                 ) -> tuple[QgsVectorLayer, list[Message]]:
    """Return the layer, or a copy in memory with straight lines and a speed above 0 everywhere, and what was changed.

    QGIS leaves arcs out, and takes a line without speed for one that nobody can pass.

    Parameters
    ----------
    layer : QgsVectorLayer
    speed_field : str
        Field with kilometres per hour, "" for none.
    speed : float
        Kilometres per hour of lines whose field tells none.
    direction_field : str
        Field that tells one-way streets, "" for none.
    directions : collection of str
        Values of that field that stand for one-way streets.
    """
    curved = QgsWkbTypes.isCurvedType(layer.wkbType())
    notes, speeds, seen, count = [], {}, False, 0
    if speed_field or direction_field:
        for number, feature in enumerate(layer.getFeatures()):
            if not number % _CHECK_EVERY:
                check_cancelled(cancelled)
            count += 1
            if speed_field:
                speeds[feature.id()] = _speed(feature[speed_field])
            seen = seen or bool(direction_field) and _text(feature[direction_field]) in directions
    lost = sum(each is None for each in speeds.values())
    if lost:
        notes.append(Message(mark("{layer}: {count} of {lines} lines tell no speed above 0 in the field “{field}”; "
                                  "{speed} km/h holds for them."), layer=layer.name(), count=lost, lines=count,
                             field=speed_field, speed=f"{speed:g}"))
    if direction_field and directions and not seen:
        notes.append(Message(mark("{layer}: no line has one of the values {values} in the field “{field}”; all of them "
                                  "can be used both ways."), layer=layer.name(), field=direction_field,
                             values=", ".join(f"“{value}”" for value in directions)))
    texts = bool(speed_field) and not layer.fields().field(speed_field).isNumeric()
    if not (curved or lost or texts):
        return layer, notes
    return _copy(layer, speed_field, speeds, speed, cancelled), notes


def _copy(layer: QgsVectorLayer, speed_field: str, speeds: dict, speed: float, cancelled) -> QgsVectorLayer:
    """Return the lines without arcs, the speed as a number in its field."""
    copy = QgsVectorLayer("MultiLineString", layer.name(), "memory")
    copy.setCrs(layer.crs())
    fields = layer.fields()
    attributes = [fields.at(i) for i in range(fields.count()) if fields.at(i).name() != speed_field]
    if speed_field:
        attributes.append(_number_field(speed_field))
    copy.dataProvider().addAttributes(attributes)
    copy.updateFields()
    rows = []
    for number, feature in enumerate(layer.getFeatures()):
        if not number % _CHECK_EVERY:
            check_cancelled(cancelled)
        if not feature.hasGeometry():
            continue
        geometry = QgsGeometry(feature.geometry())
        geometry.convertToStraightSegment()
        geometry.convertToMultiType()
        row = QgsFeature(copy.fields())
        row.setGeometry(geometry)
        values = [feature[field.name()] for field in attributes if field.name() != speed_field]
        row.setAttributes([*values, speeds[feature.id()] or speed] if speed_field else values)
        rows.append(row)
    if not copy.dataProvider().addFeatures(rows)[0]:
        raise TeilhabeError(mark("The lines of the network “{layer}” cannot be read."), layer=layer.name())
    return copy


def _number_field(name: str):
    from .fields import make_field

    return make_field(name, "real")


def _speed(value) -> float | None:
    """Return kilometres per hour, None where there is no number above 0."""
    try:
        number = float(str(value).strip().replace(",", "."))
    except ValueError:
        return None
    return number if number > 0 and math.isfinite(number) else None


def _text(value) -> str:
    return "" if value is None else str(value)
