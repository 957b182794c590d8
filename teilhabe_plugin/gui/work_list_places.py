"""The candidates of a row: in the table, in the map, and the map tool that asks for another place."""
from __future__ import annotations

from qgis.PyQt.QtCore import QObject, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QHeaderView, QLabel, QVBoxLayout

from .work_list_candidates import ADDRESS, AREA, PLACE, SCORE, CandidatesModel, TwoLines
from .work_list_map import MapPlaces, PlaceTool, transformed


class CandidatePlaces(QObject):
    """Table of candidates with its markers in the map.

    Signals
    -------
    chosen()
        Another candidate is chosen, or none.
    clicked(QgsPointXY)
        A place was clicked in the map; in the canvas's reference system.
    waiting(bool)
        A click in the map is waited for, or no longer.
    """

    chosen = pyqtSignal()
    clicked = pyqtSignal(object)
    waiting = pyqtSignal(bool)

    def __init__(self, form, canvas, parent=None):
        super().__init__(parent)
        self.form, self.canvas, self.table = form, canvas, form.candidates
        self.registers: list = []
        self.markers = MapPlaces(canvas)
        self.tool, self.earlier_tool = PlaceTool(canvas, self._clicked, self.leave_map), None
        self.fitting = QTimer(self)
        self.fitting.setSingleShot(True)
        self.fitting.setInterval(0)
        self.fitting.timeout.connect(self.table.resizeRowsToContents)
        self.table.horizontalHeader().sectionResized.connect(lambda _column, _old, _new: self.fitting.start())
        self.table.setItemDelegateForColumn(ADDRESS, TwoLines(self.table))
        self.table.horizontalHeader().setStretchLastSection(False)
        self.hint = QLabel("", self.table)
        self.hint.setWordWrap(True)
        self.hint.setEnabled(False)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        QVBoxLayout(self.table).addWidget(self.hint)
        self.show([])
        form.map_click.toggled.connect(self.click_in_map)
        form.follow.toggled.connect(lambda _on: self.mark(move=True))
        self.tool.deactivated.connect(self.leave_map)

    def show(self, found, registers=(), hint: str = "") -> None:
        """Show candidates, the first one chosen.

        Parameters
        ----------
        found : sequence of Candidate
        registers : sequence of AddressRegister
            To which they refer.
        hint : str
            What is said where there are none.
        """
        self.registers = list(registers)
        self.hint.setText("" if found else hint)
        old = self.table.model()
        self.table.setModel(CandidatesModel(found, self.table))
        if old is not None:
            old.deleteLater()
        self.table.selectionModel().currentRowChanged.connect(lambda _new, _old: self._row_changed())
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(ADDRESS, QHeaderView.ResizeMode.Stretch)
        for column in (PLACE, AREA, SCORE):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.table.setColumnHidden(AREA, not any(each.area for each in found))
        self.fitting.start()
        if found:
            self.table.selectRow(0)
        else:
            self.mark()

    def choose(self, row: int) -> None:
        """Choose a candidate; a row that is not there changes nothing."""
        if 0 <= row < self.table.model().rowCount():
            self.table.selectRow(row)

    def candidate(self):
        """Return the chosen candidate, None for none."""
        index = self.table.currentIndex()
        return self.table.model().candidates[index.row()] if index.isValid() else None

    def mark(self, move: bool = False, other=None) -> None:
        """Mark the candidates, or another one that stands out, in the map."""
        if not self.form.follow.isChecked():
            self.markers.clear()
            return
        shown = [*self.table.model().candidates, *([other] if other is not None else [])]
        points = [self.point(each) for each in shown]
        chosen = len(points) - 1 if other is not None else self.table.currentIndex().row()
        self.markers.show(points, chosen)
        if move and 0 <= chosen < len(points):
            self.markers.move_to(points[chosen])

    def point(self, candidate):
        """Return where a candidate lies, in the canvas's reference system; None when it has no coordinates."""
        known = 0 <= candidate.register < len(self.registers)
        crs = self.registers[candidate.register].crs if known else ""
        return transformed(candidate.x, candidate.y, crs, self.canvas.mapSettings().destinationCrs())

    def click_in_map(self, on: bool = True) -> None:
        """Wait for a click in the map, or no longer."""
        if not on:
            self.leave_map()
            return
        if self.canvas.mapTool() is not self.tool:
            self.earlier_tool = self.canvas.mapTool()
        self.canvas.setMapTool(self.tool)
        self.canvas.window().activateWindow()
        self.canvas.setFocus()
        self.waiting.emit(True)

    def is_waiting(self) -> bool:
        """Say whether a click in the map is waited for."""
        return self.canvas.mapTool() is self.tool

    def leave_map(self) -> None:
        """Give the map back its earlier tool."""
        earlier, self.earlier_tool = self.earlier_tool, None
        was_waiting = self.form.map_click.isChecked()
        self.form.map_click.blockSignals(True)
        self.form.map_click.setChecked(False)
        self.form.map_click.blockSignals(False)
        if self.is_waiting():
            self.canvas.unsetMapTool(self.tool)
            if earlier is not None:
                self.canvas.setMapTool(earlier)
        if was_waiting:
            self.waiting.emit(False)

    def clear(self) -> None:
        """Leave the map as if nothing had been there."""
        self.leave_map()
        self.show([])
        self.markers.clear()

    def finish(self) -> None:
        """Leave the map for good; the window closes."""
        self.clear()
        self.fitting.stop()
        self.tool.deleteLater()  # it belongs to the map, which stays

    def _clicked(self, point) -> None:
        self.leave_map()
        self.clicked.emit(point)

    def _row_changed(self) -> None:
        self.mark(move=True)
        self.chosen.emit()
