"""A mark in the map that fades after some seconds."""
from __future__ import annotations

from qgis.core import QgsGeometry, QgsWkbTypes
from qgis.gui import QgsMapCanvas, QgsRubberBand
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtGui import QColor

#: seen on light and dark maps alike: a dark line between white ones
_LINE, _HALO, _FILL = "#7a0177", "#ffffff", "#00000000"
_MILLISECONDS = 6000


class MapMark:
    """Marks one shape at a time.

    Parameters
    ----------
    canvas : QgsMapCanvas
    """

    def __init__(self, canvas: QgsMapCanvas):
        self.canvas, self.band = canvas, None
        self.timer = QTimer(canvas)
        self.timer.setSingleShot(True)
        self.timer.setInterval(_MILLISECONDS)
        self.timer.timeout.connect(self.remove)

    def show(self, shape: QgsGeometry) -> None:
        """Mark a shape in the map's reference system."""
        self.remove()
        self.band = QgsRubberBand(self.canvas, QgsWkbTypes.geometryType(shape.wkbType()))
        self.band.setColor(QColor(_LINE))
        self.band.setSecondaryStrokeColor(QColor(_HALO))
        self.band.setFillColor(QColor(_FILL))
        self.band.setWidth(3)
        self.band.setIcon(QgsRubberBand.IconType.ICON_CIRCLE)
        self.band.setIconSize(28)
        self.band.setToGeometry(shape, None)
        self.timer.start()

    def remove(self) -> None:
        """Take the mark away."""
        self.timer.stop()
        if self.band is not None:
            self.canvas.scene().removeItem(self.band)
            self.band = None
