"""Fill symbols of areas: class, no data, excluded; and the pale look of what lies around them.

Everything is drawn as vectors: QGIS 3.22 puts its own line patterns and brush patterns into a PDF as pictures, so the
hatch is made of geometries.
"""
from __future__ import annotations

from qgis.core import (
    Qgis,
    QgsFillSymbol,
    QgsGeometryGeneratorSymbolLayer,
    QgsLineSymbol,
    QgsMapLayer,
    QgsSimpleLineSymbolLayer,
    QgsSingleSymbolRenderer,
    QgsUnitTypes,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor

from .area_labels import label_districts
from .class_colours import colour_table

#: width of the white line between areas and of grey outlines, in mm
BORDER_WIDTH, OUTLINE_WIDTH = 0.15, 0.2
#: half the width of a hatch line in mm
HATCH_HALF_WIDTH = 0.1
#: direction of the hatch, one reason after the other
HATCHES = ("/", "\\", "|", "-")

#: what can lie around or above the areas, with the width of its lines in mm
LINE_WIDTHS = {"water": 0.5, "green": 0.3, "railway": 0.55, "street": 0.2, "district": 0.4}
#: custom property with the kind of a background layer
BACKGROUND = "teilhabe/background"

_ENDS = {  # start and end point of hatch line number @element; {d} is the distance of two lines
    "/": "make_point(@element*{d} - y_min(@b), y_min(@b)), make_point(@element*{d} - y_max(@b), y_max(@b))",
    "\\": "make_point(@element*{d} + y_min(@b), y_min(@b)), make_point(@element*{d} + y_max(@b), y_max(@b))",
    "|": "make_point(@element*{d}, y_min(@b)), make_point(@element*{d}, y_max(@b))",
    "-": "make_point(x_min(@b), @element*{d}), make_point(x_max(@b), @element*{d})",
}
_SERIES = {  # lowest and highest position of a hatch line
    "/": ("x_min(@b) + y_min(@b)", "x_max(@b) + y_max(@b)"),
    "\\": ("x_min(@b) - y_max(@b)", "x_max(@b) - y_min(@b)"),
    "|": ("x_min(@b)", "x_max(@b)"),
    "-": ("y_min(@b)", "y_max(@b)"),
}


def class_symbol(colour: str) -> QgsFillSymbol:
    """Return the fill of a class: its colour and a thin white border."""
    return _fill(colour, colour_table()["border"], BORDER_WIDTH)


def no_data_symbol() -> QgsFillSymbol:
    """Return the look of an area without data: white with a grey outline."""
    look = colour_table()["no_data"]
    return _outlined(_fill(look["fill"]), look["outline"])


def other_symbol() -> QgsFillSymbol:
    """Return the look of an area whose class is not in the list: plain grey."""
    look = colour_table()["other"]
    return _outlined(_fill(look["fill"]), look["outline"])


def excluded_symbol(number: int = 0) -> QgsFillSymbol:
    """Return the light grey hatch of excluded areas; each reason (0, 1, …) has its own direction."""
    look = colour_table()["excluded"]
    symbol = _fill(look["fill"])
    symbol.appendSymbolLayer(hatch_layer(HATCHES[number % len(HATCHES)], look["hatch"]))
    return _outlined(symbol, look["outline"])


def hatch_layer(direction: str, colour: str, distance: float = 1.5) -> QgsGeometryGeneratorSymbolLayer:
    """Return a hatch made of thin polygons.

    Parameters
    ----------
    direction : {"/", "\\\\", "|", "-"}
    colour : str
    distance : float
        From line to line in mm; large polygons get wider hatches, at most some 600 lines.
    """
    first, last = (f"floor(({end})/@d)" for end in _SERIES[direction])
    lines = f"array_foreach(generate_series({first}, {last} + 1), make_line({_ENDS[direction].format(d='@d')}))"
    box = "with_variable('b', bounds($geometry), {})"
    spacing = f"with_variable('d', max({distance}, (x_max(@b) - x_min(@b) + y_max(@b) - y_min(@b))/600), {{}})"
    hatch = box.format(spacing.format(f"collect_geometries({lines})"))
    layer = QgsGeometryGeneratorSymbolLayer.create({})
    layer.setSymbolType(Qgis.SymbolType.Fill)
    layer.setUnits(QgsUnitTypes.RenderMillimeters)
    layer.setGeometryExpression(f"buffer(intersection($geometry, {hatch}), {HATCH_HALF_WIDTH}, 1)")
    layer.setSubSymbol(_fill(colour))
    return layer


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
        symbol = _fill(look["fill"], look["outline"], 0.1)
    else:
        symbol = _fill("#ffffff", colour, LINE_WIDTHS[kind])
        symbol.symbolLayer(0).setBrushStyle(Qt.BrushStyle.NoBrush)
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))
    layer.setCustomProperty(BACKGROUND, kind)
    if label_field:
        label_districts(layer, label_field)


def background_kind(layer: QgsMapLayer) -> str:
    """Return the kind `style_background` gave the layer, "" for none."""
    return str(layer.customProperty(BACKGROUND, "") or "")


def _fill(colour: str, outline: str = "", width: float = OUTLINE_WIDTH) -> QgsFillSymbol:
    return QgsFillSymbol.createSimple({
        "color": colour, "style": "solid", "joinstyle": "round",
        "outline_style": "solid" if outline else "no", "outline_color": outline or colour,
        "outline_width": str(width), "outline_width_unit": "MM",
    })


def _line(colour: str, width: float) -> QgsLineSymbol:
    return QgsLineSymbol.createSimple({
        "line_color": colour, "line_width": str(width), "line_width_unit": "MM", "joinstyle": "round",
        "capstyle": "round",
    })


def _railway(colour: str) -> QgsLineSymbol:
    symbol = _line(colour, LINE_WIDTHS["railway"])
    sleepers = _line("#ffffff", LINE_WIDTHS["railway"] - 0.2).symbolLayer(0).clone()
    sleepers.setPenCapStyle(Qt.PenCapStyle.FlatCap)
    sleepers.setUseCustomDashPattern(True)
    sleepers.setCustomDashVector([1.6, 1.6])
    symbol.appendSymbolLayer(sleepers)
    return symbol


def _outlined(symbol: QgsFillSymbol, colour: str) -> QgsFillSymbol:
    """Add an outline that is drawn after all fills, so that a neighbour's white border does not hide it."""
    outline = QgsSimpleLineSymbolLayer(QColor(colour), OUTLINE_WIDTH)
    outline.setPenJoinStyle(Qt.PenJoinStyle.RoundJoin)
    outline.setRenderingPass(1)
    symbol.appendSymbolLayer(outline)
    return symbol
