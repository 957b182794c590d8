"""Fill symbols of areas: class, no data, excluded.

Everything is drawn as vectors: QGIS 3.22 puts its own line patterns and brush patterns into a PDF as pictures, so the
hatch is made of geometries.
"""
from __future__ import annotations

from qgis.core import (
    Qgis,
    QgsFillSymbol,
    QgsGeometryGeneratorSymbolLayer,
    QgsProperty,
    QgsSimpleLineSymbolLayer,
    QgsSymbolLayer,
    QgsUnitTypes,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor

from .class_colours import colour_table

#: width of the white line between areas and of grey outlines, in mm
BORDER_WIDTH, OUTLINE_WIDTH = 0.15, 0.2
#: half the width of a hatch line in mm
HATCH_HALF_WIDTH = 0.1
#: direction of the hatch, one reason after the other
HATCHES = ("/", "\\", "|", "-")

_ENDS = {  # start and end point of hatch line number @element; {d} stands for the distance of two lines
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
    return fill_symbol(colour, colour_table()["border"], BORDER_WIDTH)


def no_data_symbol() -> QgsFillSymbol:
    """Return the look of an area without data: white with a grey outline."""
    look = colour_table()["no_data"]
    return _outlined(fill_symbol(look["fill"]), look["outline"])


def other_symbol() -> QgsFillSymbol:
    """Return the look of an area whose class is not in the list: plain grey."""
    look = colour_table()["other"]
    return _outlined(fill_symbol(look["fill"]), look["outline"])


def excluded_symbol(number: int = 0) -> QgsFillSymbol:
    """Return the light grey hatch of excluded areas; each reason (0, 1, …) has its own direction."""
    look = colour_table()["excluded"]
    symbol = fill_symbol(look["fill"])
    symbol.appendSymbolLayer(hatch_layer(HATCHES[number % len(HATCHES)], look["hatch"]))
    return _outlined(symbol, look["outline"])


def uncertain_symbol(is_dark: str) -> QgsFillSymbol:
    """Return the thin hatch that lies over the colour of an uncertain class.

    Parameters
    ----------
    is_dark : str
        Expression that says whether the colour below is a dark one; the hatch is light there.
    """
    ink = colour_table()["ink"]
    layer = hatch_layer("/", ink["dark"], half_width=0.05)
    colour = QgsProperty.fromExpression(f"if({is_dark}, '{ink['light']}', '{ink['dark']}')")
    layer.subSymbol().symbolLayer(0).setDataDefinedProperty(QgsSymbolLayer.PropertyFillColor, colour)
    symbol = fill_symbol(ink["dark"])
    symbol.changeSymbolLayer(0, layer)
    return symbol


def hatch_layer(direction: str, colour: str, distance: float = 1.5,
                half_width: float = HATCH_HALF_WIDTH) -> QgsGeometryGeneratorSymbolLayer:
    """Return a hatch made of thin polygons.

    Parameters
    ----------
    direction : {"/", "\\\\", "|", "-"}
    colour : str
    distance : float
        From line to line in mm; large polygons get wider hatches, at most some 600 lines.
    half_width : float
        Half the width of a line in mm.
    """
    first, last = (f"floor(({end})/@d)" for end in _SERIES[direction])
    lines = f"array_foreach(generate_series({first}, {last} + 1), make_line({_ENDS[direction].format(d='@d')}))"
    box = "with_variable('b', bounds($geometry), {})"
    spacing = f"with_variable('d', max({distance}, (x_max(@b) - x_min(@b) + y_max(@b) - y_min(@b))/600), {{}})"
    hatch = box.format(spacing.format(f"collect_geometries({lines})"))
    layer = QgsGeometryGeneratorSymbolLayer.create({})
    layer.setSymbolType(Qgis.SymbolType.Fill)
    layer.setUnits(QgsUnitTypes.RenderMillimeters)
    layer.setGeometryExpression(f"buffer(intersection($geometry, {hatch}), {half_width}, 1)")
    layer.setSubSymbol(fill_symbol(colour))
    return layer


def fill_symbol(colour: str, outline: str = "", width: float = OUTLINE_WIDTH) -> QgsFillSymbol:
    """Return a plain fill, with an outline of so many mm where a colour is given for it."""
    return QgsFillSymbol.createSimple({
        "color": colour, "style": "solid", "joinstyle": "round",
        "outline_style": "solid" if outline else "no", "outline_color": outline or colour,
        "outline_width": str(width), "outline_width_unit": "MM",
    })


def _outlined(symbol: QgsFillSymbol, colour: str) -> QgsFillSymbol:
    """Add an outline that is drawn after all fills, so that a neighbour's white border does not hide it."""
    outline = QgsSimpleLineSymbolLayer(QColor(colour), OUTLINE_WIDTH)
    outline.setPenJoinStyle(Qt.PenJoinStyle.RoundJoin)
    outline.setRenderingPass(1)
    symbol.appendSymbolLayer(outline)
    return symbol
