"""The symbols of offers: a shape and a colour per category, sized by capacity, hollow where the place is rough."""
from __future__ import annotations

import base64
from dataclasses import dataclass

from qgis.core import (
    QgsMarkerSymbol,
    QgsProperty,
    QgsSimpleMarkerSymbolLayer,
    QgsSvgMarkerSymbolLayer,
    QgsSymbolLayer,
    QgsUnitTypes,
)
from qgis.PyQt.QtGui import QColor

from .. import paths
from ..core.addresses.street_names import fold_place
from .area_labels import literal, quoted

#: drawing in ``resources/icons/offers`` and its colour; the order in which categories take them. All colours are dark
#: enough for pale classes below, and no two drawings look alike in grey.
SHAPES = (
    ("circle", "#14508c"), ("square", "#a8421b"), ("triangle", "#14765a"), ("diamond", "#7a3a94"),
    ("plus", "#b5174f"), ("star", "#8a6400"), ("triangle_down", "#00707f"), ("house", "#6b4423"),
    ("heart", "#c0392b"), ("dome", "#4a4f9c"), ("hourglass", "#4d6620"), ("cross", "#8c2d5f"),
)
#: the category that gathers all others
OTHER = ("ring", "#5a5a5a")
#: words in a category that ask for a drawing, so that a category looks the same on every map
WISHES = (
    ("plus", ("arzt", "aerzt", "praxis", "klinik", "gesund", "health")), ("house", ("wohn", "housing")),
    ("heart", ("famil", "eltern")), ("circle", ("kita", "krippe", "kindergarten", "kindertages")),
    ("triangle", ("jugend",)), ("diamond", ("sport",)), ("square", ("biblio", "buech", "bildung", "education")),
    ("star", ("musik", "kultur")), ("dome", ("senior",)), ("triangle_down", ("sprach",)),
    ("hourglass", ("berat", "existenz", "livelihood")), ("cross", ("spiel",)),
)
PAPER, GREY, INK = "#ffffff", "#6e6e6e", "#1c1c1c"
#: width of the outline of a symbol and of a hollow one, in mm
OUTLINE, HOLLOW_OUTLINE = 0.15, 0.4
#: the frame of a measure and the ring of a rough place are so much wider than the symbol
FRAME, RING = 1.62, 1.55


@dataclass(frozen=True)
class Marks:
    """Names of the fields that a symbol reads, and the values that mean something.

    Attributes
    ----------
    size : str
        Field with the size in mm.
    rough : str
        Expression that is true where the place is only roughly known.
    measure, planned, ended : str
        Expressions that are true for measures, for what has not begun yet and for what has ended.
    """

    size: str = "groesse"
    rough: str = "false"
    measure: str = "false"
    planned: str = "false"
    ended: str = "false"


def choose_shapes(names, has_other: bool = False) -> list[tuple[str, str]]:
    """Return drawing and colour of each category; the last one is the grey ring when it gathers all others."""
    colours, taken, found = dict(SHAPES), set(), {}
    own = list(names)[:-1] if has_other else list(names)
    for name in own:
        folded = fold_place(name)
        wish = next((shape for shape, words in WISHES if any(word in folded for word in words)), None)
        if wish and wish not in taken:
            found[name] = wish
            taken.add(wish)
    free = [shape for shape, _colour in SHAPES if shape not in taken]
    for name in own:
        if name not in found:
            found[name] = free.pop(0) if free else OTHER[0]
    chosen = [(found[name], colours.get(found[name], OTHER[1])) for name in own]
    return chosen + [OTHER] if has_other else chosen


def drawing(shape: str) -> str:
    """Return a drawing as a path that carries it along, so that a style needs no file."""
    data = paths.resource("icons", "offers", f"{shape}.svg").read_bytes()
    return f"base64:{base64.b64encode(data).decode()}"


def offer_symbol(shape: str, colour: str, size: float, marks: Marks, offset: str = "",
                 framed: bool = False, factor: float = 1.0) -> QgsMarkerSymbol:
    """Return the symbol of a category.

    Parameters
    ----------
    shape, colour : str
        As `choose_shapes` gives them.
    size : float
        In mm, for the legend and for offers without a size of their own.
    marks : Marks
    offset : str
        Expression with the way in mm that the symbol is moved, "" for none.
    framed : bool
        Whether the legend draws it as a measure.
    factor : float
        How much smaller all symbols of the map are than their fields say.
    """
    own = f"(coalesce({quoted(marks.size)}, {size}) * {factor:.3f})"
    frame = _frame(size * FRAME if framed else 0, own, marks)
    ring = _ring(0, f"{own} * {RING}", marks.rough)  # a legend, which knows no field, draws it with the size 0
    body = svg_layer(shape, colour, size)
    _drive(body, QgsSymbolLayer.PropertySize, own)
    fill = (f"CASE WHEN {marks.rough} THEN '{PAPER}' WHEN {marks.ended} THEN '#d4d4d4' "
            f"WHEN {marks.planned} THEN '{pale(colour, 0.72)}' ELSE '{colour}' END")
    edge = (f"CASE WHEN {marks.rough} OR {marks.planned} THEN '{colour}' WHEN {marks.ended} THEN '{GREY}' "
            f"ELSE '{PAPER}' END")
    width = f"CASE WHEN {marks.rough} OR {marks.planned} OR {marks.ended} THEN {HOLLOW_OUTLINE} ELSE {OUTLINE} END"
    _drive(body, QgsSymbolLayer.PropertyFillColor, fill)
    _drive(body, QgsSymbolLayer.PropertyStrokeColor, edge)
    _drive(body, QgsSymbolLayer.PropertyStrokeWidth, width)
    if offset:
        for layer in (frame, ring, body):
            _drive(layer, QgsSymbolLayer.PropertyOffset, offset)
    return symbol_of([frame, ring, body])


def plain_symbol(shape: str, colour: str, size: float, fill: str = "", edge: str = PAPER,
                 width: float = OUTLINE) -> QgsMarkerSymbol:
    """Return a symbol for the legend that reads no field."""
    return symbol_of([svg_layer(shape, fill or colour, size, edge, width)])


def rough_sample(size: float) -> QgsMarkerSymbol:
    """Return the legend's symbol of a rough place: hollow, in a dashed ring."""
    ring = _ring(size * RING, "", "")
    return symbol_of([ring, svg_layer("circle", PAPER, size, INK, HOLLOW_OUTLINE)])


def measure_sample(size: float, state: str) -> QgsMarkerSymbol:
    """Return the legend's symbol of a measure: “planned”, “running”, “ended” or “”."""
    frame = simple_layer("square", PAPER, size * FRAME, GREY if state == "ended" else INK, 0.3)
    frame.setStrokeStyle(_pen({"planned": 2, "ended": 3}.get(state, 1)))
    fill = {"planned": pale(INK, 0.72), "ended": "#d4d4d4"}.get(state, INK)
    edge = {"planned": INK, "ended": GREY}.get(state, PAPER)
    return symbol_of([frame, svg_layer("circle", fill, size, edge, HOLLOW_OUTLINE if state in ("planned", "ended")
                                       else OUTLINE)])


def symbol_of(layers) -> QgsMarkerSymbol:
    """Return a symbol made of these layers, the lowest first."""
    symbol = QgsMarkerSymbol()
    for position, layer in enumerate(layers):
        if position:
            symbol.appendSymbolLayer(layer)
        else:
            symbol.changeSymbolLayer(0, layer)
    return symbol


def svg_layer(shape: str, fill: str, size: float, edge: str = PAPER, width: float = OUTLINE) -> QgsSvgMarkerSymbolLayer:
    """Return a drawing of this size in mm."""
    layer = QgsSvgMarkerSymbolLayer(drawing(shape), size)
    layer.setSizeUnit(QgsUnitTypes.RenderMillimeters)
    layer.setFillColor(QColor(fill))
    layer.setStrokeColor(QColor(edge))
    layer.setStrokeWidth(width)
    layer.setStrokeWidthUnit(QgsUnitTypes.RenderMillimeters)
    return layer


def simple_layer(name: str, fill: str, size: float, outline: str, width: float) -> QgsSimpleMarkerSymbolLayer:
    """Return one of QGIS's own shapes."""
    return QgsSimpleMarkerSymbolLayer.create({
        "name": name, "color": fill, "size": str(size), "size_unit": "MM", "outline_style": "solid",
        "outline_color": outline, "outline_width": str(width), "outline_width_unit": "MM", "joinstyle": "round"})


def pale(colour: str, share: float) -> str:
    """Return a colour mixed with so much white."""
    own = QColor(colour)
    return QColor(*(round(part + (255 - part) * share) for part in (own.red(), own.green(), own.blue()))).name()


def _frame(size: float, own: str, marks: Marks) -> QgsSimpleMarkerSymbolLayer:
    """Return the square that says: a measure; dashed before it begins, dotted and grey after its end."""
    layer = simple_layer("square", PAPER, size, INK, 0.3)
    _drive(layer, QgsSymbolLayer.PropertyLayerEnabled, marks.measure)
    _drive(layer, QgsSymbolLayer.PropertySize, f"{own} * {FRAME}")
    _drive(layer, QgsSymbolLayer.PropertyStrokeStyle,
           f"CASE WHEN {marks.planned} THEN 'dash' WHEN {marks.ended} THEN 'dot' ELSE 'solid' END")
    _drive(layer, QgsSymbolLayer.PropertyStrokeColor, f"if({marks.ended}, '{GREY}', '{INK}')")
    return layer


def _ring(size: float, own: str, rough: str) -> QgsSimpleMarkerSymbolLayer:
    """Return the dashed ring of a rough place."""
    layer = simple_layer("circle", PAPER, size, INK, 0.22)
    layer.setColor(QColor(255, 255, 255, 0))
    layer.setStrokeStyle(_pen(2))
    if own:
        _drive(layer, QgsSymbolLayer.PropertyLayerEnabled, rough)
        _drive(layer, QgsSymbolLayer.PropertySize, own)
    return layer


def _pen(style: int):
    from qgis.PyQt.QtCore import Qt

    return {1: Qt.PenStyle.SolidLine, 2: Qt.PenStyle.DashLine, 3: Qt.PenStyle.DotLine}[style]


def _drive(layer: QgsSymbolLayer, what, expression: str) -> None:
    layer.setDataDefinedProperty(what, QgsProperty.fromExpression(expression))


def is_text(field: str, value: str) -> str:
    """Return the expression that is true where a field holds a text; false, not NULL, elsewhere."""
    return f"coalesce({quoted(field)} = {literal(value)}, false)"
