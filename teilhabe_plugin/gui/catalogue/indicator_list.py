"""List of indicators with search and filters."""
from __future__ import annotations

from qgis.PyQt.QtCore import QAbstractTableModel, QItemSelectionModel, QModelIndex, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QGridLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ...translation import tr
from . import words

#: in the lists of dimensions and departments: everything
ALL = "*"
NO_PARENT = QModelIndex()


class IndicatorModel(QAbstractTableModel):
    """Number, name and remark of the indicators that the filter lets through."""

    def __init__(self, session, parent=None):
        super().__init__(parent)
        self.session, self.positions = session, []

    def rowCount(self, parent=NO_PARENT):
        return 0 if parent.isValid() else len(self.positions)

    def columnCount(self, parent=NO_PARENT):
        return 0 if parent.isValid() else 3

    def headerData(self, section, orientation, role=Qt.ItemDataRole.DisplayRole):
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (words.heading("number"), words.heading("name"), tr("Remark"))[section]
        return None

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        if not index.isValid() or index.row() >= len(self.positions):
            return None
        position = self.positions[index.row()]
        entry = self.session.catalogue.entries[position]
        if role == Qt.ItemDataRole.DisplayRole:
            return (entry.number, entry.name, self.remark(position))[index.column()]
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return "\n".join(filter(None, (entry.label, entry.question, self.remark(position))))
        return None

    def remark(self, position: int) -> str:
        """Return what has to be known of an indicator, in a word or two."""
        entry = self.session.catalogue.entries[position]
        faults = len(self.session.complaints("indicators", position))
        parts = [f"✖ {faults}"] * bool(faults) + [tr("no data yet")] * (entry.data == "none")
        if entry.status:
            parts.append(words.choices("status")[entry.status])
        return ", ".join(parts)

    def show(self, positions: list[int]) -> None:
        """Show the indicators at these positions."""
        if positions == self.positions:
            if positions:
                self.dataChanged.emit(self.index(0, 0), self.index(len(positions) - 1, 2))
            return
        self.beginResetModel()
        self.positions = list(positions)
        self.endResetModel()


class IndicatorList(QWidget):
    """The list; remembers which indicator is chosen when the catalogue or the filter changes.

    Signals
    -------
    chosen : another indicator is chosen; its position, −1 for none
    filtered : other indicators are in sight
    """

    chosen = pyqtSignal(int)
    filtered = pyqtSignal()

    def __init__(self, session, parent=None):
        super().__init__(parent)
        self.session, self.current, self.is_filling = session, -1, False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.search = QLineEdit()
        self.search.setObjectName("search")
        self.search.setClearButtonEnabled(True)
        self.search.setPlaceholderText(tr("Search in all texts (Ctrl+F)"))
        self.search.setAccessibleName(tr("Search in all texts of the indicators"))
        column.addWidget(self.search)
        column.addLayout(self._filters())
        self.model = IndicatorModel(session, self)
        self.view = QTableView()
        self.view.setObjectName("indicators")
        self.view.setAccessibleName(tr("Indicators"))
        self.view.setModel(self.model)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.setTabKeyNavigation(False)
        self.view.setShowGrid(False)
        self.view.setAlternatingRowColors(True)
        self.view.setWordWrap(False)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setDefaultSectionSize(self.view.fontMetrics().height() + 8)
        header = self.view.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        header.setMaximumSectionSize(330)
        column.addWidget(self.view, 1)
        self.counted = QLabel()
        self.counted.setObjectName("counted")
        column.addWidget(self.counted)
        self.view.selectionModel().currentRowChanged.connect(self._row_changed)
        self.search.textChanged.connect(self._filter_changed)
        for box in (self.dimension, self.department, self.state):
            box.currentIndexChanged.connect(self._filter_changed)

    def _filters(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        self.dimension, self.department, self.state = QComboBox(), QComboBox(), QComboBox()
        rows = (("dimension", words.heading("dimension"), self.dimension),
                ("department", words.heading("department"), self.department), ("state", tr("State"), self.state))
        for i, (name, text, box) in enumerate(rows):
            label = QLabel(text)
            label.setBuddy(box)
            box.setObjectName(f"filter_{name}")
            box.setAccessibleName(tr("Filter: {field}", field=text))
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(8)
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            grid.addWidget(label, i, 0)
            grid.addWidget(box, i, 1)
        for value, text in (("", tr("all")), ("verified", words.choices("status")["verified"]),
                            ("proposal", words.choices("status")["proposal"]), ("unstated", tr("not stated")),
                            ("without_data", tr("without data")), ("faulty", tr("to be mended"))):
            self.state.addItem(text, value)
        return grid

    # what is shown ---------------------------------------------------------------------------------------------

    def wanted(self):
        """Return the filter as the widgets say it."""
        from ...core.catalogue_editing import Filter

        dimension, department = self.dimension.currentData(), self.department.currentData()
        return Filter(self.search.text(), None if dimension in (ALL, None) else dimension,
                      None if department in (ALL, None) else department, self.state.currentData() or "")

    def refresh(self, keep: bool = True) -> None:
        """Show the list anew; with ``keep`` the chosen indicator stays though the filter no longer fits it."""
        from ...core.catalogue_editing import matching

        if not self.session.is_open:
            return
        catalogue = self.session.catalogue
        self._fill_filters(catalogue)
        positions = matching(catalogue, self.wanted(), self.session.faulty_positions())
        count = len(catalogue.entries)
        if keep and 0 <= self.current < count and self.current not in positions:
            positions = sorted([*positions, self.current])
        self.is_filling = True
        self.model.show(positions)
        self.is_filling = False
        shown = len(positions)
        self.counted.setText(tr("{n} indicators", n=count) if shown == count else
                             tr("{shown} of {n} indicators", shown=shown, n=count))
        self.choose(self.current if self.current in positions else (positions[0] if positions else -1))
        self.filtered.emit()

    def choose(self, position: int) -> None:
        """Choose the indicator at a position; a filter that hides it is lifted."""
        if position >= 0 and position not in self.model.positions:
            self.clear_filter()
        row = self.model.positions.index(position) if position in self.model.positions else -1
        changed = position != self.current
        self.current = position if row >= 0 else -1
        if row >= 0 and self.view.currentIndex().row() != row or not self.view.selectionModel().hasSelection():
            self.is_filling = True
            index = self.model.index(row, 0)
            self.view.selectionModel().setCurrentIndex(
                index, QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows)
            self.view.scrollTo(index)
            self.is_filling = False
        if changed:
            self.chosen.emit(self.current)

    def selected(self) -> list[int]:
        """Return the positions of the chosen indicators."""
        return sorted(self.model.positions[index.row()] for index in self.view.selectionModel().selectedRows())

    def neighbour(self, step: int) -> int:
        """Return the position in sight before (−1) or behind (1) the chosen one, −1 where there is none."""
        if self.current not in self.model.positions:
            return -1
        row = self.model.positions.index(self.current) + step
        return self.model.positions[row] if 0 <= row < len(self.model.positions) else -1

    def clear_filter(self) -> None:
        """Show all indicators."""
        self.is_filling = True
        self.search.clear()
        for box in (self.dimension, self.department, self.state):
            box.setCurrentIndex(0)
        self.is_filling = False
        self.refresh()

    def state_kept(self) -> dict:
        """Return the filter as it is kept until the next time."""
        return {"words": self.search.text(), "dimension": self.dimension.currentData(),
                "department": self.department.currentData(), "state": self.state.currentData()}

    def restore(self, kept: dict) -> None:
        """Put a filter back as far as the catalogue has what it names."""
        self.is_filling = True
        self.search.setText(str(kept.get("words") or ""))
        for name, box in (("dimension", self.dimension), ("department", self.department), ("state", self.state)):
            box.setCurrentIndex(max(box.findData(kept[name]), 0) if kept.get(name) is not None else 0)
        self.is_filling = False
        self.refresh(keep=False)

    def _fill_filters(self, catalogue) -> None:
        from ...core.catalogue_editing import departments

        self._fill(self.dimension, {ALL: tr("all"), **{each.number: each.label for each in catalogue.dimensions},
                                    "": tr("without dimension")})
        self._fill(self.department, {ALL: tr("all"), **{each: each for each in departments(catalogue)},
                                     "": tr("not stated")})

    def _fill(self, box: QComboBox, choices: dict) -> None:
        if [(box.itemData(i), box.itemText(i)) for i in range(box.count())] == list(choices.items()):
            return
        was, self.is_filling = self.is_filling, True
        before = box.currentData()
        box.clear()
        for value, text in choices.items():
            box.addItem(text, value)
        box.setCurrentIndex(max(box.findData(before), 0))
        self.is_filling = was

    def _filter_changed(self, *_) -> None:
        if not self.is_filling:
            self.session.end_movement()
            self.refresh(keep=False)

    def _row_changed(self, index, _before=None) -> None:
        if self.is_filling:
            return
        position = self.model.positions[index.row()] if 0 <= index.row() < len(self.model.positions) else -1
        if position != self.current:
            self.current = position
            self.chosen.emit(position)
