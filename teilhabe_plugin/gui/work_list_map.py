"""What the work list shows and asks for in QGIS's map: candidates, the chosen one, a click on the place."""
from __future__ import annotations

from typing import Callable

from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsCsException, QgsPointXY, QgsProject
from qgis.gui import QgsMapTool, QgsVertexMarker
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor

#: the map is brought to this scale when it shows more; a street and its side streets
NEAR = 5000
#: from this scale denominator on a place cannot be told from its neighbours
FAR = 15000


class MapPlaces:
    """Markers on the canvas; all are taken away by `clear`.

    Parameters
    ----------
    canvas : QgsMapCanvas
    """

    def __init__(self, canvas):
        self.canvas = canvas
        self.markers: list[QgsVertexMarker] = []

    def show(self, places, chosen: int) -> None:
        """Mark the candidates.

        Parameters
        ----------
        places : sequence of QgsPointXY or None
            In the canvas's reference system; None for a candidate without coordinates.
        chosen : int
            Position of the one that stands out, -1 for none.
        """
        self.clear()
        order = sorted(range(len(places)), key=lambda i: i == chosen)  # the chosen one on top
        for i in order:
            if places[i] is not None:
                self._mark(places[i], i == chosen)

    def move_to(self, place) -> None:
        """Bring a place into the middle of the map, nearer when the map shows a whole city."""
        if place is None:
            return
        self.canvas.setCenter(place)
        if self.canvas.scale() > FAR:
            self.canvas.zoomScale(NEAR)
        self.canvas.refresh()

    def clear(self) -> None:
        """Take all markers away."""
        for marker in self.markers:
            self.canvas.scene().removeItem(marker)
        self.markers = []

    def _mark(self, place, chosen: bool) -> None:
        marker = QgsVertexMarker(self.canvas)
        marker.setCenter(place)
        marker.setIconType(QgsVertexMarker.IconType.ICON_CIRCLE)
        marker.setColor(QColor("#c2185b") if chosen else QColor("#5f6a72"))
        marker.setFillColor(QColor(194, 24, 91, 60) if chosen else QColor(255, 255, 255, 160))
        marker.setIconSize(22 if chosen else 11)
        marker.setPenWidth(4 if chosen else 2)
        self.markers.append(marker)


class PlaceTool(QgsMapTool):
    """Hands on where the user clicks; Esc and a click with the other button leave the map.

    Parameters
    ----------
    canvas : QgsMapCanvas
    clicked : callable
        ``clicked(QgsPointXY)`` with the place in the canvas's reference system.
    left : callable
        ``left()``, called when the user wants no more.
    """

    def __init__(self, canvas, clicked: Callable, left: Callable):
        super().__init__(canvas)
        self.clicked, self.left = clicked, left
        self.setCursor(Qt.CursorShape.CrossCursor)

    def canvasReleaseEvent(self, event):
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked(event.mapPoint())
        elif event.button() == Qt.MouseButton.RightButton:
            self.left()

    def keyPressEvent(self, event):
        if event.key() == Qt.Key.Key_Escape:
            event.accept()
            self.left()


def transformed(x, y, source: str, target: QgsCoordinateReferenceSystem):
    """Return a point in another reference system, None where that cannot be done or there is none.

    Parameters
    ----------
    x, y : float
        NaN where there is no place.
    source : str
        Authority id; "" takes the point as it is.
    target : QgsCoordinateReferenceSystem
    """
    if x is None or y is None or x != x or y != y:
        return None
    point, crs = QgsPointXY(x, y), QgsCoordinateReferenceSystem(source)
    if not crs.isValid() or not target.isValid() or crs == target:
        return point
    try:
        return QgsCoordinateTransform(crs, target, QgsProject.instance()).transform(point)
    except QgsCsException:
        return None
