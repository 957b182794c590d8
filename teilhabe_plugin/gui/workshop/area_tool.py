"""Map tool: a click chooses the area under it."""
from __future__ import annotations

from qgis.core import QgsFeatureRequest, QgsGeometry, QgsRectangle
from qgis.gui import QgsMapTool
from qgis.PyQt.QtCore import Qt, pyqtSignal


class AreaTool(QgsMapTool):
    """Chooses areas of the scratch layer.

    Signals
    -------
    clicked(row, more)
        The row of the area, −1 beside all of them; `more`: Ctrl or Shift was held, so that it comes to the others.
    """

    clicked = pyqtSignal(int, bool)

    def __init__(self, canvas, preview):
        super().__init__(canvas)
        self.preview = preview
        self.setCursor(Qt.CursorShape.WhatsThisCursor)

    def canvasReleaseEvent(self, event):
        if event.button() != Qt.MouseButton.LeftButton:
            return
        held = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        self.clicked.emit(self.row_at(event.mapPoint()), bool(held))

    def row_at(self, point) -> int:
        """Return the row of the area that holds a point of the map, −1 for none."""
        layer = self.preview.layer()
        if layer is None:
            return -1
        place = self.toLayerCoordinates(layer, point)
        near = QgsRectangle(place.x(), place.y(), place.x(), place.y())
        request = QgsFeatureRequest(near).setNoAttributes()
        inside = QgsGeometry.fromPointXY(place)
        for feature in layer.getFeatures(request):
            if feature.geometry().intersects(inside):
                return self.preview.row_at(feature.id())
        return -1
