"""Labels of areas: names or short numbers, readable on every class colour."""
from __future__ import annotations

import json
from dataclasses import dataclass

from qgis.core import (
    QgsPalLayerSettings,
    QgsProperty,
    QgsPropertyCollection,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtGui import QColor, QFont, QFontDatabase

from .class_colours import colour_table, halo_on, ink_on

NONE, NAME, KEY, NUMBER = "none", "name", "key", "number"

#: fonts in the order they are tried; one of them is on every system QGIS runs on
FAMILIES = ("Arial", "Liberation Sans", "Helvetica", "DejaVu Sans", "Noto Sans")
#: letters after which a name may be broken
WRAP_AFTER = 12


@dataclass(frozen=True)
class LabelSpec:
    """What is written into the areas.

    Attributes
    ----------
    kind : {"none", "name", "key", "number"}
        ``number`` writes the key where it has at most four characters, else a running number in the order of the key.
    name_field, key_field : str
        Columns with the name and the key.
    size : float
        In points.
    everywhere : bool
        True writes a label also where it is wider than its area (print); False leaves it out there (screen).
    numbers : tuple of (key, number)
        Areas that get a number instead of their name.
    """

    kind: str = NAME
    name_field: str = ""
    key_field: str = ""
    size: float = 7
    everywhere: bool = False
    numbers: tuple[tuple[str, str], ...] = ()


def font_family() -> str:
    """Return the first of `FAMILIES` that this system has, else Qt's sans serif."""
    there = set(QFontDatabase().families())
    return next((family for family in FAMILIES if family in there), "Sans Serif")


def label_expression(spec: LabelSpec, short_key: bool) -> str:
    """Return the label's expression, "" for none.

    Parameters
    ----------
    spec : LabelSpec
    short_key : bool
        Whether the keys are short enough to stand as numbers themselves.
    """
    if spec.kind == NAME and spec.name_field:
        name = quoted(spec.name_field)
        if not (spec.numbers and spec.key_field):
            return name
        numbers = literal(json.dumps(dict(spec.numbers), ensure_ascii=False))
        return f"coalesce(map_get(json_to_map({numbers}), {quoted(spec.key_field)}), {name})"
    if not spec.key_field or spec.kind in (NONE, NAME):
        return ""
    key = quoted(spec.key_field)
    if spec.kind == KEY or short_key:
        return key
    return f"array_find(array_agg({key}, order_by:={key}), {key}) + 1"


def label_areas(layer: QgsVectorLayer, spec: LabelSpec, class_field: str = "", colours: dict | None = None,
                short_key: bool = False) -> None:
    """Write labels into the areas, light ink on dark classes, with a halo near the colour of the class.

    Parameters
    ----------
    layer : QgsVectorLayer
    spec : LabelSpec
    class_field : str
        Column with the class, "" when there is none.
    colours : dict
        Class value → fill ``#rrggbb``.
    short_key : bool
        See `label_expression`.
    """
    expression = label_expression(spec, short_key)
    if not expression:
        layer.setLabelsEnabled(False)
        return
    settings = _settings(expression, spec.size, spec.everywhere)
    if class_field and colours:
        inks = {value: ink_on(colour) for value, colour in colours.items()}
        halos = {value: halo_on(colour) for value, colour in colours.items()}
        properties = QgsPropertyCollection()
        table = colour_table()
        for role, choices, otherwise in (
            (QgsPalLayerSettings.Color, inks, table["ink"]["dark"]),
            (QgsPalLayerSettings.BufferColor, halos, table["no_data"]["fill"]),
        ):
            properties.setProperty(role, QgsProperty.fromExpression(_choice(class_field, choices, otherwise)))
        settings.setDataDefinedProperties(properties)
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    layer.setLabelsEnabled(True)


def label_districts(layer: QgsVectorLayer, field: str) -> None:
    """Write district names above everything: grey capitals with a white halo."""
    settings = _settings(f"upper({quoted(field)})", 8, True)
    text = settings.format()
    font = text.font()
    font.setBold(True)
    text.setFont(font)
    text.setColor(QColor(colour_table()["background"]["district"]["line"]))
    settings.setFormat(text)
    settings.priority = 9
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    layer.setLabelsEnabled(True)


def quoted(field: str) -> str:
    """Return a column's name as an expression."""
    return '"' + field.replace('"', '""') + '"'


def _settings(expression: str, size: float, everywhere: bool) -> QgsPalLayerSettings:
    text = QgsTextFormat()
    text.setFont(QFont(font_family()))
    text.setSize(size)
    text.setColor(QColor(colour_table()["ink"]["dark"]))
    text.setLineHeight(0.9)
    halo = QgsTextBufferSettings()
    halo.setEnabled(True)
    halo.setSize(0.45)
    halo.setColor(QColor("#ffffff"))
    text.setBuffer(halo)
    settings = QgsPalLayerSettings()
    settings.fieldName, settings.isExpression = expression, True
    settings.placement = QgsPalLayerSettings.Placement.Horizontal
    settings.fitInPolygonOnly = not everywhere
    settings.autoWrapLength = WRAP_AFTER
    settings.multilineAlign = QgsPalLayerSettings.MultiLineAlign.MultiCenter
    settings.setFormat(text)
    return settings


def _choice(field: str, choices: dict, otherwise: str) -> str:
    """Return an expression that picks a text by the value of a column."""
    by_text: dict[str, list] = {}
    for value, text in choices.items():
        by_text.setdefault(text, []).append(value)
    cases = " ".join(
        f"WHEN {quoted(field)} IN ({', '.join(map(literal, values))}) THEN '{text}'" for text, values in by_text.items()
    )
    return f"CASE {cases} ELSE '{otherwise}' END"


def literal(value) -> str:
    """Return a class value as an expression."""
    return str(value) if isinstance(value, (int, float)) else "'" + str(value).replace("'", "''") + "'"
