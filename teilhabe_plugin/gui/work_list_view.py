"""The left half of the work list's window: which rows are shown and which one is chosen."""
from __future__ import annotations

import json

from qgis.core import QgsSettings
from qgis.PyQt.QtCore import QItemSelectionModel, QObject, QSize, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QHeaderView

from ..translation import tr
from .work_list_rows import ALL, DECIDED, GIVEN, GRADE, LEFT, NAME, NUMBER, REASON, TODO, RowsFilter, RowsModel

#: least and most width of the columns that do not stretch; texts have two lines
_WIDTHS = {NUMBER: (52, 66), NAME: (80, 116), GIVEN: (100, 140), GRADE: (70, 96)}
_LINES = 2
#: setting with the widths that the user gave the columns
_HEADER = "teilhabe/work_list/header"


class RowsView(QObject):
    """Table, filter and search.

    Signals
    -------
    chosen()
        Another row is chosen, or none.
    """

    chosen = pyqtSignal()

    def __init__(self, form, parent=None):
        super().__init__(parent)
        self.form, self.table = form, form.rows
        self.filter = RowsFilter(self)
        self.filter.setSourceModel(RowsModel([], self.filter))
        self.table.setModel(self.filter)
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(NUMBER, Qt.SortOrder.AscendingOrder)
        self.table.setIconSize(QSize(14, 14))
        self.table.verticalHeader().setDefaultSectionSize(_LINES * self.table.fontMetrics().height() + 4)
        self.table.horizontalHeader().sectionResized.connect(self._resized)
        self.widths = _kept_widths()
        self.fitting = False
        self.searching = QTimer(self)
        self.searching.setSingleShot(True)
        self.searching.setInterval(200)
        self.searching.timeout.connect(self.show_filtered)
        form.filter.activated.connect(lambda _row: self.show_filtered())
        form.search.textChanged.connect(lambda _text: self.searching.start())
        self.table.selectionModel().currentRowChanged.connect(lambda _new, _old: self.chosen.emit())

    @property
    def model(self) -> RowsModel:
        """The rows, shown or not."""
        return self.filter.sourceModel()

    def set_rows(self, rows) -> None:
        """Show other rows."""
        old = self.model
        self.table.selectionModel().blockSignals(True)
        self.filter.setSourceModel(RowsModel(rows, self.filter))
        self.table.selectionModel().blockSignals(False)
        old.deleteLater()
        self.fill_filter()
        self.show_filtered()
        if rows:
            self._fit_columns()

    def fill_filter(self) -> None:
        """Offer the states and the grades that occur."""
        box = self.form.filter
        before = box.currentData()
        box.clear()
        for state, title in ((TODO, tr("Work list")), (LEFT, tr("Open")), (DECIDED, tr("Decided by hand")),
                             (ALL, tr("All rows"))):
            box.addItem(title, state)
        for _grade, title, state in sorted({(row.grade, row.grade_text, f"grade:{row.grade}")
                                            for row in self.model.rows if not row.by_hand and row.grade}):
            box.addItem(tr("Grade: {grade}", grade=title), state)
        box.setCurrentIndex(max(box.findData(before), 0))

    def show_filtered(self) -> None:
        """Show the rows that filter and search leave, the same one chosen where it is still there."""
        self.searching.stop()
        position = self.position()
        self.table.selectionModel().blockSignals(True)
        self.filter.show(self.form.filter.currentData() or ALL, self.form.search.text())
        if not self.go_to(position) and not self.go_to(self.filter.next_open(-1)):
            self.table.selectRow(0)
        self.table.selectionModel().blockSignals(False)
        self.table.viewport().update()
        self.chosen.emit()

    def show_everything(self) -> None:
        """Take filter and search away."""
        self.form.search.blockSignals(True)
        self.form.search.clear()
        self.form.search.blockSignals(False)
        self.form.filter.setCurrentIndex(self.form.filter.findData(ALL))
        self.show_filtered()

    def position(self) -> int:
        """Return the position of the chosen row in the session, -1 for none."""
        index = self.table.currentIndex()
        return self.filter.mapToSource(index).row() if index.isValid() else -1

    def go_to(self, position: int) -> bool:
        """Choose a row; say whether it is shown."""
        if not 0 <= position < self.model.rowCount():
            return False
        index = self.filter.mapFromSource(self.model.index(position, 0))
        if not index.isValid():
            return False
        flags = QItemSelectionModel.SelectionFlag
        self.table.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.table.scrollTo(index)
        return True

    def step(self, by: int = 1) -> bool:
        """Go to the next open row (-1: the one before); say whether there is one."""
        return self.go_to(self.filter.next_open(self.position(), by))

    def _fit_columns(self) -> None:
        """Give the columns what their texts need, as far as there is room."""
        header = self.table.horizontalHeader()
        self.fitting = True
        header.setMinimumSectionSize(40)
        header.setSectionResizeMode(REASON, QHeaderView.ResizeMode.Stretch)
        self.table.setColumnHidden(NAME, not any(row.name for row in self.model.rows))
        for column, (least, most) in _WIDTHS.items():
            wanted = min(max(self.table.sizeHintForColumn(column) + 8, least), most)
            self.table.setColumnWidth(column, self.widths.get(column, wanted))
        self.fitting = False

    def _resized(self, column: int, _old: int, new: int) -> None:
        """Keep the width that the user gives a column."""
        if not self.fitting and column in _WIDTHS and new > 0 and self.table.isVisible():
            self.widths[column] = new
            QgsSettings().setValue(_HEADER, json.dumps(self.widths))


def _kept_widths() -> dict[int, int]:
    try:
        kept = json.loads(QgsSettings().value(_HEADER, "{}", type=str))
        return {int(column): int(width) for column, width in kept.items() if int(column) in _WIDTHS}
    except (ValueError, TypeError, AttributeError):
        return {}
