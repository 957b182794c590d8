"""The look of located offers: a marker that says how sure the place is, and a ring as wide as it is uncertain."""
from __future__ import annotations

from html import escape

import numpy as np
import pandas as pd
from qgis.core import (
    QgsAttributeTableConfig,
    QgsEditorWidgetSetup,
    QgsMarkerSymbol,
    QgsProperty,
    QgsRuleBasedRenderer,
    QgsSimpleMarkerSymbolLayer,
    QgsSymbolLayer,
    QgsUnitTypes,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor

from ..core.addresses.geocoding import HAND, ONLINE, REGISTER
from ..core.addresses.grades import INTERPOLATED, NEAREST, NONE, NORMALISED
from ..translation import tr
from .area_labels import literal, quoted
from .legend_text import with_count

COLOUR, PAPER, GREY = "#117c90", "#ffffff", "#8a8a8a"
#: size of a marker and width of its outline, in mm
SIZE, OUTLINE = 2.6, 0.45
#: pixels that fields get in the attribute table: those with sentences, other texts, a letter of a heading
LONG_TEXTS = {"adr_guete": 190, "adr_gefunden": 220, "adr_zweiter": 220, "adr_auswahl": 220, "adr_hinweis": 420}
TEXT, LETTER = 120, 8
#: keys of the rules, in the order of the legend
SURE, BY_HAND, FROM_SERVICE, BETWEEN, IN_AREA, STREET_ONLY, NOWHERE = (
    "sure", "hand", "online", "between", "in_area", "street", "none")


def offers_style(layer: QgsVectorLayer, frame: pd.DataFrame, has_point: np.ndarray, names: dict[str, str],
                 title: str = "", in_area: str = "") -> None:
    """Give located offers their markers, map tip and form.

    Parameters
    ----------
    layer : QgsVectorLayer
        The result; a table without geometries only gets form and display name.
    frame : DataFrame
        Its rows.
    has_point : ndarray of bool
        Which of them have a geometry.
    names : dict
        Field of `geocoding.FIELDS` → its name in the layer.
    title : str
        Field with the name of an offer, "" for none.
    in_area : str
        Field that says that the point lies anywhere in the area, "" when there is none.
    """
    if layer.isSpatial():
        show_markers(layer, frame, has_point, names, in_area)
        layer.setMapTipTemplate(_map_tip(names, title))
    layer.setDisplayExpression(quoted(title or names["adr_gefunden"]))
    origins = {tr("address register"): REGISTER, tr("decided by hand"): HAND, tr("online service"): ONLINE}
    index = layer.fields().lookupField(names["adr_herkunft"])
    if index >= 0:
        layer.setEditorWidgetSetup(
            index, QgsEditorWidgetSetup("ValueMap", {"map": [{text: value} for text, value in origins.items()]}))
    _widen_columns(layer, names)


def _widen_columns(layer: QgsVectorLayer, names: dict[str, str]) -> None:
    """Give the columns of the attribute table the room that their headings and longer texts need."""
    long = {names[field]: width for field, width in LONG_TEXTS.items() if field in names}
    config = QgsAttributeTableConfig()
    config.update(layer.fields())
    for position, column in enumerate(config.columns()):
        index = layer.fields().lookupField(column.name)
        if index >= 0:
            least = long.get(column.name, 0 if layer.fields().at(index).isNumeric() else TEXT)
            heading = layer.attributeDisplayName(index)
            config.setColumnWidth(position, max(least, LETTER * (len(heading) + 4)))
    layer.setAttributeTableConfig(config)


def show_markers(layer: QgsVectorLayer, frame: pd.DataFrame, has_point: np.ndarray, names: dict[str, str],
                 in_area: str = "") -> None:
    """Give located offers their markers, with the counts of the legend; parameters as in `offers_style`."""
    layer.setRenderer(_renderer(rule_counts(frame, has_point, names, in_area), names, in_area))


def rule_counts(frame: pd.DataFrame, has_point: np.ndarray, names: dict[str, str], in_area: str = "") -> dict[str, int]:
    """Return how many rows each rule shows; every row belongs to one."""
    grade, origin = frame[names["adr_stufe"]], frame[names["adr_herkunft"]]
    left = (grade < NONE) & has_point
    counts = {}

    def take(key, rows):
        nonlocal left
        counts[key] = int((left & rows).sum())
        left &= ~rows

    take(BY_HAND, origin == HAND)
    take(FROM_SERVICE, origin == ONLINE)
    take(IN_AREA, (frame[in_area] == True) if in_area else left & False)  # noqa: E712 - element-wise
    take(SURE, grade <= NORMALISED)
    take(BETWEEN, grade.isin((INTERPOLATED, NEAREST)))
    counts[STREET_ONLY] = int(left.sum())
    counts[NOWHERE] = len(frame) - sum(counts.values())
    return counts


def _renderer(counts: dict[str, int], names, in_area) -> QgsRuleBasedRenderer:
    grade, origin = quoted(names["adr_stufe"]), quoted(names["adr_herkunft"])
    radius = quoted(names["adr_radius"])
    own = f"{origin} = {literal(REGISTER)}" + (f" AND coalesce({quoted(in_area)}, false) = false" if in_area else "")
    rules = {
        SURE: (_marker([_circle(COLOUR)]), f"{grade} <= {NORMALISED} AND {own}", tr("address found")),
        BY_HAND: (_marker([_shape("diamond", COLOUR, SIZE * 1.25)]), f"{origin} = {literal(HAND)} AND {grade} < {NONE}",
                  tr("decided by hand")),
        FROM_SERVICE: (_marker([_shape("triangle", PAPER, SIZE * 1.2)]), f"{origin} = {literal(ONLINE)}",
                       tr("from an online service")),
        BETWEEN: (_marker([_circle(PAPER), _half()]), f"{grade} IN ({INTERPOLATED}, {NEAREST}) AND {own}",
                  tr("between or beside neighbouring house numbers")),
        IN_AREA: (_marker([_circle(PAPER), _dot()]),
                  f"{quoted(in_area)} = true AND {origin} = {literal(REGISTER)} AND {grade} < {NONE}",
                  tr("area known, point anywhere in it")),
        STREET_ONLY: (_marker([_uncertainty(radius), _circle(PAPER)]), f"{grade} IN (5, 6) AND {own}",
                      tr("street or district only")),
        NOWHERE: (_marker([_shape("cross2", GREY, SIZE * 0.8)]), "ELSE", tr("without a point")),
    }
    root = QgsRuleBasedRenderer.Rule(None)
    for key, (symbol, condition, text) in rules.items():
        if counts[key]:
            rule = QgsRuleBasedRenderer.Rule(symbol, 0, 0, condition, with_count(text, counts[key]))
            rule.setRuleKey(key)
            root.appendChild(rule)
    renderer = QgsRuleBasedRenderer(root)
    renderer.setUsingSymbolLevels(True)
    return renderer


def _marker(layers) -> QgsMarkerSymbol:
    """Return a symbol; wide rings are drawn below all markers."""
    symbol = QgsMarkerSymbol()
    for number, layer in enumerate(layers):
        layer.setRenderingPass(0 if layer.sizeUnit() == QgsUnitTypes.RenderMetersInMapUnits else 1)
        if number:
            symbol.appendSymbolLayer(layer)
        else:
            symbol.changeSymbolLayer(0, layer)
    return symbol


def _shape(name: str, fill: str, size: float, outline: str = COLOUR, width: float = OUTLINE):
    return QgsSimpleMarkerSymbolLayer.create({
        "name": name, "color": fill, "size": str(size), "size_unit": "MM", "outline_style": "solid",
        "outline_color": fill if name == "cross2" else outline, "outline_width": str(width),
        "outline_width_unit": "MM", "joinstyle": "round",
    })


def _circle(fill: str):
    return _shape("circle", fill, SIZE, PAPER if fill == COLOUR else COLOUR, 0.25 if fill == COLOUR else OUTLINE)


def _half():
    return _shape("semi_circle", COLOUR, SIZE, COLOUR, 0)


def _dot():
    return _shape("circle", COLOUR, SIZE * 0.35, COLOUR, 0)


def _uncertainty(radius: str):
    """Return a pale circle as wide as the place is uncertain, in metres on the ground."""
    layer = _shape("circle", COLOUR, 0, COLOUR, 0.2)
    layer.setSizeUnit(QgsUnitTypes.RenderMetersInMapUnits)
    fill = QColor(COLOUR)
    fill.setAlphaF(0.08)
    layer.setColor(fill)
    edge = QColor(COLOUR)
    edge.setAlphaF(0.45)
    layer.setStrokeColor(edge)
    layer.setDataDefinedProperty(QgsSymbolLayer.PropertySize, QgsProperty.fromExpression(f"2 * coalesce({radius}, 0)"))
    return layer


def _map_tip(names: dict[str, str], title: str) -> str:
    """Return the map tip: name, address found, how sure, what to correct."""
    def shown(name, text="{}", whole=False):
        field = quoted(names[name])
        value = f"round({field})" if whole else f"replace({field}, '<', '&lt;')"
        return f"[% CASE WHEN {field} IS NOT NULL THEN {literal(text.split('{}')[0])} || {value} || " \
               f"{literal(text.split('{}')[1])} ELSE '' END %]"

    radius = escape(tr("within {}")).replace("{}", "{} m")
    head = f"<b>[% replace(coalesce({quoted(title)}, ''), '<', '&lt;') %]</b><br>" if title else ""
    return (f"{head}{shown('adr_gefunden', '{}<br>')}{shown('adr_guete', '<i>{}</i>')}"
            f"{shown('adr_radius', f', {radius}', True)}{shown('adr_hinweis', '<br>{}')}")
