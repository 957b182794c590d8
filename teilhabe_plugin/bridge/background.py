"""The pale look of what lies around and above the areas: water, parks, railways, streets, district borders."""
from __future__ import annotations

from qgis.core import QgsLineSymbol, QgsMapLayer, QgsSingleSymbolRenderer, QgsVectorLayer, QgsWkbTypes
from qgis.PyQt.QtCore import Qt

from .area_labels import label_districts
from .area_symbols import fill_symbol
from .class_colours import colour_table

#: kinds of background with the width of their lines in mm
LINE_WIDTHS = {"water": 0.5, "green": 0.3, "railway": 0.55, "street": 0.2, "district": 0.35}
#: custom property with the kind of a background layer
BACKGROUND = "teilhabe/background"


def style_background(layer: QgsVectorLayer, kind: str, label_field: str = "") -> None:
    """Give a layer around or above the areas its pale look.

    Parameters
    ----------
    layer : QgsVectorLayer
        Polygons or lines.
    kind : {"water", "green", "railway", "street", "district"}
    label_field : str
        Column with names to be written into the map, "" for none. Meant for districts.
    """
    look = colour_table()["background"][kind]
    colour = look.get("line") or look["fill"]
    if layer.geometryType() != QgsWkbTypes.PolygonGeometry:
        symbol = _railway(colour) if kind == "railway" else _line(colour, LINE_WIDTHS[kind])
    elif "fill" in look:
        symbol = fill_symbol(look["fill"], look["outline"], 0.1)
    else:
        symbol = fill_symbol("#ffffff", colour, LINE_WIDTHS[kind])
        symbol.symbolLayer(0).setBrushStyle(Qt.BrushStyle.NoBrush)
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))
    layer.setCustomProperty(BACKGROUND, kind)
    if label_field:
        label_districts(layer, label_field)


def background_kind(layer: QgsMapLayer) -> str:
    """Return the kind `style_background` gave the layer, "" for none."""
    return str(layer.customProperty(BACKGROUND, "") or "")


def _line(colour: str, width: float) -> QgsLineSymbol:
    return QgsLineSymbol.createSimple({
        "line_color": colour, "line_width": str(width), "line_width_unit": "MM", "joinstyle": "round",
        "capstyle": "round",
    })


def _railway(colour: str) -> QgsLineSymbol:
    symbol = _line(colour, LINE_WIDTHS["railway"])
    white = _line("#ffffff", LINE_WIDTHS["railway"] - 0.2)  # kept: a symbol takes its layers along when it goes
    sleepers = white.symbolLayer(0).clone()
    sleepers.setPenCapStyle(Qt.PenCapStyle.FlatCap)
    sleepers.setUseCustomDashPattern(True)
    sleepers.setCustomDashVector([1.6, 1.6])
    symbol.appendSymbolLayer(sleepers)
    return symbol
