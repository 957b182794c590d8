"""A table whose rows are edited in place, with what is wrong said in the cell and below the table."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qgis.PyQt.QtCore import QAbstractTableModel, QItemSelectionModel, QModelIndex, Qt
from qgis.PyQt.QtGui import QBrush, QColor
from qgis.PyQt.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QTableView, QVBoxLayout, QWidget

from ...translation import tr
from .fields import fault_colour

NO_PARENT = QModelIndex()


@dataclass(frozen=True)
class Column:
    """A field, its heading, and how its values are shown and read."""

    field: str
    heading: str
    show: Callable = str
    read: Callable = str.strip


class RowsModel(QAbstractTableModel):
    """Rows of the session's catalogue."""

    def __init__(self, session, part: str, columns: Sequence[Column], items: Callable, edit: Callable, parent=None):
        super().__init__(parent)
        self.session, self.part, self.columns, self.items, self.edit = session, part, tuple(columns), items, edit
        self.count = 0

    def rowCount(self, parent=NO_PARENT):
        return 0 if parent.isValid() else self.count

    def columnCount(self, parent=NO_PARENT):
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section, orientation, role=Qt.ItemDataRole.DisplayRole):
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].heading
        return None

    def flags(self, index):
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        return flags | Qt.ItemFlag.ItemIsEditable if self.session.can_edit else flags

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        items = self.items()
        if not index.isValid() or index.row() >= len(items):
            return None
        column = self.columns[index.column()]
        text = column.show(getattr(items[index.row()], column.field))
        if role == Qt.ItemDataRole.EditRole:
            return text
        fault = self.session.complaints(self.part, index.row()).get(column.field, "")
        if role == Qt.ItemDataRole.DisplayRole:
            return f"✖ {text}" if fault else text
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return fault or text
        if role == Qt.ItemDataRole.ForegroundRole and fault:
            return QBrush(QColor(fault_colour()))
        return None

    def setData(self, index, value, role=Qt.ItemDataRole.EditRole):
        column = self.columns[index.column()]
        value = column.read(str(value))
        if role != Qt.ItemDataRole.EditRole or getattr(self.items()[index.row()], column.field) == value:
            return False
        self.edit(index.row(), column.field, value)
        return True

    def refresh(self) -> None:
        """Show the rows as they are now."""
        count = len(self.items()) if self.session.is_open else 0
        if count != self.count:
            self.beginResetModel()
            self.count = count
            self.endResetModel()
        elif count:
            self.dataChanged.emit(self.index(0, 0), self.index(count - 1, len(self.columns) - 1))


class RowsTable(QWidget):
    """The table with the complaints below it."""

    def __init__(self, model: RowsModel, name: str, stretch: int, selection=None):
        super().__init__()
        self.model = model
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.view = view = QTableView()
        view.setObjectName(name)
        view.setModel(model)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(selection or QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setTabKeyNavigation(False)
        view.setAlternatingRowColors(True)
        view.setWordWrap(True)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(view.fontMetrics().height() + 10)
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for i in range(len(model.columns)):
            header.setSectionResizeMode(i, QHeaderView.ResizeMode.Stretch if i == stretch else
                                        QHeaderView.ResizeMode.ResizeToContents)
        column.addWidget(view, 1)
        self.complaint = QLabel()
        self.complaint.setWordWrap(True)
        self.complaint.setStyleSheet(f"color: {fault_colour()}")
        self.complaint.hide()
        column.addWidget(self.complaint)

    def refresh(self) -> None:
        """Show rows and complaints as they are now; the chosen row stays."""
        row = self.view.currentIndex().row()
        self.model.refresh()
        if row >= 0 and self.view.currentIndex().row() < 0:
            self.choose(min(row, self.model.count - 1))
        lines = []
        for i in range(self.model.count):
            for field, text in self.model.session.complaints(self.model.part, i).items():
                heading = next(each.heading for each in self.model.columns if each.field == field)
                lines.append("✖ " + tr("Row {row}, {field}: {fault}", row=i + 1, field=heading, fault=text))
        self.complaint.setText("\n".join(lines[:4]))
        self.complaint.setVisible(bool(lines))

    def choose(self, row: int, field: str = "", edit: bool = False) -> None:
        """Choose a row, and begin to edit one of its cells."""
        if not 0 <= row < self.model.count:
            return
        column = next((i for i, each in enumerate(self.model.columns) if each.field == field), 0)
        index = self.model.index(row, column)
        self.view.selectionModel().setCurrentIndex(
            index, QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows)
        self.view.scrollTo(index)
        self.view.setFocus()
        if edit:
            self.view.edit(index)

    def rows(self) -> list[int]:
        """Return the chosen rows."""
        return sorted(index.row() for index in self.view.selectionModel().selectedRows())
