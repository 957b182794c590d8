"""The look of coverage gaps: outlines with the number of people, and the points where they live."""
from __future__ import annotations

from qgis.core import (
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsProperty,
    QgsSimpleLineSymbolLayer,
    QgsSingleSymbolRenderer,
    QgsSymbolLayer,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QFont

from .area_labels import font_family
from .area_symbols import fill_symbol, hatch_layer

#: outline, light line below it, hatch
INK, HALO = "#1a1a1a", "#ffffff"
_OUTLINE, _BELOW = 0.5, 1.1


def gap_style(layer: QgsVectorLayer) -> None:
    """Draw gaps as dark outlines over a thin hatch, so that the colours below stay readable, and write people in."""
    symbol = fill_symbol(INK)
    symbol.changeSymbolLayer(0, hatch_layer("\\", INK, 1.2, 0.06))
    for colour, width in ((HALO, _BELOW), (INK, _OUTLINE)):
        line = QgsSimpleLineSymbolLayer(QColor(colour), width)
        line.setPenJoinStyle(Qt.PenJoinStyle.RoundJoin)
        symbol.appendSymbolLayer(line)
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))
    settings = QgsPalLayerSettings()
    settings.fieldName = "format_number(\"personen\", 0)"
    settings.isExpression = True
    settings.placement = QgsPalLayerSettings.Placement.OverPoint
    settings.centroidInside = True
    settings.priority = 9
    settings.setFormat(_text_format(8))
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    layer.setLabelsEnabled(True)
    layer.setDisplayExpression("format_number(\"personen\", 0) || ' · ' || coalesce(\"gebiet_name\", '')")
    layer.triggerRepaint()


def unreached_style(layer: QgsVectorLayer) -> None:
    """Draw the points as dark dots whose area follows the people."""
    symbol = QgsMarkerSymbol.createSimple({
        "name": "circle", "color": INK, "outline_color": HALO, "outline_width": "0.1", "size": "1.2"})
    size = QgsProperty.fromExpression("min(6, 0.6 * sqrt(\"personen\") + 0.4)")
    symbol.symbolLayer(0).setDataDefinedProperty(QgsSymbolLayer.PropertySize, size)
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))
    layer.triggerRepaint()


def _text_format(size: float) -> QgsTextFormat:
    font = QFont(font_family())
    font.setBold(True)
    text = QgsTextFormat()
    text.setFont(font)
    text.setSize(size)
    text.setColor(QColor(INK))
    halo = QgsTextBufferSettings()
    halo.setEnabled(True)
    halo.setSize(0.9)
    halo.setColor(QColor(HALO))
    text.setBuffer(halo)
    return text
