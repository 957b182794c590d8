"""The map tool of “what if”: offers are opened, closed, moved and chosen with the mouse."""
from __future__ import annotations

from typing import Callable

from qgis.core import QgsPointXY, QgsWkbTypes
from qgis.gui import QgsMapTool, QgsRubberBand
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QKeySequence

OPEN, CLOSE, MOVE, RESIZE = "open", "close", "move", "resize"
#: an offer is meant up to so many pixels beside it
NEAR = 14
#: the mouse was dragged from so many pixels on
_DRAGGED = 6


class OfferTool(QgsMapTool):
    """One tool with four modes.

    Parameters
    ----------
    canvas : QgsMapCanvas
    nearest : callable
        ``nearest(place, tolerance) -> id of the offer or ""``, in the canvas's reference system.
    place_of : callable
        ``place_of(id) -> QgsPointXY``.
    act : callable
        ``act(mode, id, place)``: id is "" for a new offer, place None where none is needed.
    undo, redo, leave : callable
    """

    def __init__(self, canvas, nearest: Callable, place_of: Callable, act: Callable, undo: Callable, redo: Callable,
                 leave: Callable):
        super().__init__(canvas)
        self.nearest, self.place_of, self.act = nearest, place_of, act
        self.undo, self.redo, self.leave = undo, redo, leave
        self.mode, self.held, self.pressed = OPEN, "", None
        self.band = None

    def set_mode(self, mode: str) -> None:
        """Choose what a click does."""
        self.mode = mode
        self.let_go()
        self.setCursor(Qt.CursorShape.CrossCursor if mode == OPEN else Qt.CursorShape.PointingHandCursor)

    def let_go(self) -> None:
        """Give up a move that has begun."""
        self.held, self.pressed = "", None
        if self.band is not None:
            self.canvas().scene().removeItem(self.band)
            self.band = None

    def canvasPressEvent(self, event):
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self.mode == MOVE and not self.held:
            self.held = self._at(event)
            self.pressed = event.pos() if self.held else None

    def canvasMoveEvent(self, event):
        if self.held:
            self._draw(event.mapPoint())

    def canvasReleaseEvent(self, event):
        if event.button() == Qt.MouseButton.RightButton:
            self.let_go()
            return
        if event.button() != Qt.MouseButton.LeftButton:
            return
        place = event.mapPoint()
        if self.mode == OPEN:
            self.act(OPEN, self._at(event), place)
        elif self.mode in (CLOSE, RESIZE):
            self.act(self.mode, self._at(event), None)
        elif self.held:
            started, self.pressed = self.pressed, None
            if started is None or (event.pos() - started).manhattanLength() >= _DRAGGED:
                held = self.held
                self.let_go()
                self.act(MOVE, held, place)
            else:
                self._draw(place)  # the second click says where to
        else:
            self.act(MOVE, "", None)

    def keyPressEvent(self, event):
        if event.key() == Qt.Key.Key_Escape:
            event.accept()
            if self.held:
                self.let_go()
            else:
                self.leave()
        elif event.matches(QKeySequence.StandardKey.Undo):
            event.accept()
            self.undo()
        elif event.matches(QKeySequence.StandardKey.Redo):
            event.accept()
            self.redo()

    def deactivate(self):
        self.let_go()
        super().deactivate()

    def _at(self, event) -> str:
        return self.nearest(event.mapPoint(), NEAR * self.canvas().mapUnitsPerPixel())

    def _draw(self, place: QgsPointXY) -> None:
        start = self.place_of(self.held)
        if start is None:
            return
        if self.band is None:
            self.band = QgsRubberBand(self.canvas(), QgsWkbTypes.GeometryType.LineGeometry)
            self.band.setColor(QColor("#c2185b"))
            self.band.setWidth(2)
            self.band.setLineStyle(Qt.PenStyle.DashLine)
        self.band.reset(QgsWkbTypes.GeometryType.LineGeometry)
        self.band.addPoint(start, False)
        self.band.addPoint(place, True)
