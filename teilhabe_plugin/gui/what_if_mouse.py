"""The mouse of “what if”: which tool the map has, which offer is meant, and what a click does."""
from __future__ import annotations

from functools import partial

from qgis.core import Qgis, QgsApplication, QgsCoordinateTransform, QgsCsException, QgsPointXY, QgsProject

from ..translation import tr
from .what_if_tool import CLOSE, MOVE, OPEN, RESIZE, OfferTool

TOOL_ICONS = {OPEN: "/symbologyAdd.svg", CLOSE: "/mActionRemove.svg", MOVE: "/mActionMoveFeaturePoint.svg",
              RESIZE: "/mActionScaleFeature.svg"}


class OfferMouse:
    """Four buttons of the panel, one map tool, and the session that a click changes.

    Parameters
    ----------
    dock : WhatIfDock
    """

    def __init__(self, dock):
        self.dock, self.canvas, self.session = dock, dock.canvas, dock.session
        self.tool_before = None
        self.tool = OfferTool(self.canvas, self.nearest, self.place_of, self.act, self.session.undo,
                              self.session.redo, self.leave_tool)
        panel = dock.panel
        self.buttons = {OPEN: panel.tool_open, CLOSE: panel.tool_close, MOVE: panel.tool_move,
                        RESIZE: panel.tool_resize}
        for mode, button in self.buttons.items():
            button.setIcon(QgsApplication.getThemeIcon(TOOL_ICONS[mode]))
            button.clicked.connect(partial(self.choose_tool, mode))
        self.canvas.mapToolSet.connect(self._tool_set)

    def stop(self) -> None:
        """Give the map its tool back and listen no more."""
        self.leave_tool()
        self.canvas.mapToolSet.disconnect(self._tool_set)

    def choose_tool(self, mode: str, checked: bool = True) -> None:
        """Take a tool into the map, or lay it down again."""
        if not checked:
            self.leave_tool()
            return
        if self.canvas.mapTool() is not self.tool:
            self.tool_before = self.canvas.mapTool()
        self.tool.set_mode(mode)
        self.canvas.setMapTool(self.tool)
        self._show_tool()
        if mode != RESIZE:
            self.dock.select("")

    def leave_tool(self) -> None:
        """Give the map back the tool it had."""
        if self.canvas.mapTool() is self.tool:
            if self.tool_before is not None:
                self.canvas.setMapTool(self.tool_before)
            else:
                self.canvas.unsetMapTool(self.tool)
        self._show_tool()

    def nearest(self, place: QgsPointXY, tolerance: float) -> str:
        """Return the id of the offer at a place of the map, "" for none."""
        if self.session.result is None:
            return ""
        here, edge = self._to_case(place), self._to_case(QgsPointXY(place.x() + tolerance, place.y()))
        states = self.session.states()
        if here is None or edge is None or states.empty:
            return ""
        if self.tool.mode != OPEN:
            states = states[states["state"] != "closed"]
        else:  # only an offer that is closed can be opened again
            states = states[states["state"] == "closed"]
        if states.empty:
            return ""
        away = ((states["x"] - here.x()) ** 2 + (states["y"] - here.y()) ** 2) ** 0.5
        return str(states.loc[away.idxmin(), "id"]) if away.min() <= edge.distance(here) else ""

    def place_of(self, offer: str):
        """Return where an offer lies, in the map's reference system."""
        states = self.session.states()
        own = states[states["id"] == offer]
        return None if own.empty else self._to_map(QgsPointXY(own.iloc[0]["x"], own.iloc[0]["y"]))

    def act(self, mode: str, offer: str, place) -> None:
        """Do what a click in the map asks for."""
        from ..core.supply.scenario import Change

        if self.session.result is None or self.session.is_busy():
            return
        self.dock.panel.bar.clearWidgets()
        if mode != OPEN and not offer:
            self.dock.tell(tr("There is no offer at this place."), Qgis.MessageLevel.Info)
            return
        spot = self._to_case(place) if place is not None else None
        if mode == OPEN and offer:
            own = self.session.states().set_index("id").loc[offer]
            self.session.add(Change(OPEN, offer, float(own["x"]), float(own["y"])))
        elif mode == OPEN and spot is not None:
            self.session.open_offer(spot.x(), spot.y(), self.dock.new_places())
        elif mode == CLOSE:
            self.session.close_offer(offer)
        elif mode == MOVE and spot is not None:
            self.session.add(Change(MOVE, offer, spot.x(), spot.y()))
        elif mode == RESIZE:
            self.dock.select(offer)
            self.dock.panel.places.setFocus()
            self.dock.panel.places.selectAll()

    def _show_tool(self) -> None:
        active = self.canvas.mapTool() is self.tool
        for mode, button in self.buttons.items():
            button.setChecked(active and mode == self.tool.mode)

    def _tool_set(self, new, _old=None) -> None:
        if new is not self.tool:
            self._show_tool()

    def _transform(self):
        return QgsCoordinateTransform(self.canvas.mapSettings().destinationCrs(), self.session.base.case.areas.crs,
                                      QgsProject.instance())

    def _to_case(self, place):
        try:
            return self._transform().transform(place)
        except QgsCsException:
            return None

    def _to_map(self, place):
        try:
            return self._transform().transform(place, QgsCoordinateTransform.ReverseTransform)
        except QgsCsException:
            return None
