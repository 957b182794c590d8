"""The table of the classes: number, name, colour, bounds, areas; what is typed is checked in its cell."""
from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QPalette, QPen
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QColorDialog,
    QHeaderView,
    QMenu,
    QStyledItemDelegate,
    QTableView,
)

from ....bridge.legend_text import count_text, number_text
from ....core.messages import TeilhabeError
from ....translation import render, tr

NUMBER, NAME, COLOUR, LOWER, UPPER, MULTIPLE, COUNT, SHARE = range(8)
FAULT_COLOUR = "#b3261e"
_RIGHT = (NUMBER, LOWER, UPPER, MULTIPLE, COUNT, SHARE)


@dataclass(frozen=True)
class Row:
    """One class as the table shows it; bounds and multiple are None where there are none."""

    value: int
    name: str
    colour: str
    has_own_colour: bool
    lower: float | None = None
    upper: float | None = None
    multiple: float | None = None
    count: int = 0
    share: float = 0.0


class ClassModel(QAbstractTableModel):
    """The rows; `change` is asked to carry out what is typed.

    Attributes
    ----------
    change : callable
        (row, column, value) → None; raises TeilhabeError where the value is impossible.
    faults : dict
        (row, column) → (typed text, why it is impossible).
    """

    failed = pyqtSignal(str)

    def __init__(self, parent=None):
        super().__init__(parent)
        self.rows: list[Row] = []
        self.change: Callable = lambda _row, _column, _value: None
        self.faults: dict[tuple[int, int], tuple[str, str]] = {}
        self.decimals: int | None = None
        self.can_bound = self.can_edit = True

    def show(self, rows: list[Row], decimals: int | None, can_edit: bool, can_bound: bool) -> None:
        """Show other rows; where their number stays, the chosen cell stays, too."""
        self.faults = {}
        self.decimals, self.can_edit, self.can_bound = decimals, can_edit, can_bound
        if len(rows) != len(self.rows):
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
        elif rows:
            self.rows = rows
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, SHARE))

    def rowCount(self, parent=QModelIndex()):  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent=QModelIndex()):  # noqa: B008
        return 0 if parent.isValid() else SHARE + 1

    def headerData(self, section, orientation, role=Qt.ItemDataRole.DisplayRole):
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (tr("No."), tr("Name"), tr("Colour"), tr("above"), tr("up to"), tr("SD"), tr("Areas"),
                    tr("Share"))[section]
        if role == Qt.ItemDataRole.ToolTipRole and section == MULTIPLE:
            return tr("Upper bound in standard deviations from the mean: this is what the recipe keeps")
        return None

    def flags(self, index):
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if self._is_editable(index) else flags

    def _is_editable(self, index) -> bool:
        if not self.can_edit:
            return False
        row, column = self.rows[index.row()], index.column()
        if column in (NUMBER, NAME):
            return True
        held = {LOWER: row.lower, UPPER: row.upper, MULTIPLE: row.multiple}
        return self.can_bound and held.get(column) is not None

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        row, column = self.rows[index.row()], index.column()
        fault = self.faults.get((index.row(), column))
        if role == Qt.ItemDataRole.DisplayRole:
            return fault[0] if fault else self.text(row, column)
        if role == Qt.ItemDataRole.EditRole:
            return fault[0] if fault else self._typed(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return fault[1] if fault else self._tip(row, column)
        if role == Qt.ItemDataRole.ForegroundRole and fault:
            return QColor(FAULT_COLOUR)
        if role == Qt.ItemDataRole.TextAlignmentRole and column in _RIGHT:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            heading = self.headerData(column, Qt.Orientation.Horizontal)
            text = self._tip(row, column) if column == COLOUR else self.text(row, column)
            return f"{heading}: {text}. {fault[1]}" if fault else f"{heading}: {text}"
        return None

    def text(self, row: Row, column: int) -> str:
        """Return what stands in a cell."""
        if column == COLOUR:
            return "" if row.has_own_colour is False else tr("own")
        if column == COUNT:
            return count_text(row.count)
        if column == SHARE:
            return f"{number_text(100 * row.share, 0)} %"
        if column == MULTIPLE:
            return "" if row.multiple is None else number_text(row.multiple)
        if column in (LOWER, UPPER):
            bound = row.lower if column == LOWER else row.upper
            return "" if bound is None else number_text(bound, self.decimals)
        return str(row.value) if column == NUMBER else row.name

    def _typed(self, row: Row, column: int) -> str:
        """Return what is edited: bounds in all their digits."""
        held = {LOWER: row.lower, UPPER: row.upper, MULTIPLE: row.multiple}
        if column in held:
            return "" if held[column] is None else number_text(held[column])
        return self.text(row, column)

    def _tip(self, row: Row, column: int) -> str | None:
        if column == COLOUR:
            return tr("{colour}, own colour", colour=row.colour) if row.has_own_colour else \
                tr("{colour}, follows from the name", colour=row.colour)
        return row.name if column == NAME else None

    def setData(self, index, value, role=Qt.ItemDataRole.EditRole):
        if role != Qt.ItemDataRole.EditRole:
            return False
        place, column, text = index.row(), index.column(), str(value).strip()
        if text == self._typed(self.rows[place], column):
            self.faults.pop((place, column), None)
            self.dataChanged.emit(index, index)
            return True
        try:
            self.change(place, column, self._read(column, text))
        except (TeilhabeError, ValueError) as error:
            why = render(error.message) if isinstance(error, TeilhabeError) else str(error)
            self.faults[place, column] = (text, why)
            self.dataChanged.emit(index, index)
            self.failed.emit(why)
            return False
        return True

    def _read(self, column: int, text: str):
        if column == NAME:
            return text
        number = _number(text)
        if column != NUMBER:
            return number
        if number != int(number):
            raise ValueError(tr("A whole number is expected."))
        return int(number)


def _number(text: str) -> float:
    """Read a number with decimal comma or point and any minus sign."""
    plain = text.replace("\u2212", "-").replace("\u2013", "-").replace(",", ".")
    try:
        number = float("".join(plain.split()))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(tr("“{value}” is not a number.", value=text))
    return number


class _Delegate(QStyledItemDelegate):
    """Draws the swatch of a colour, and a frame about what is impossible."""

    def paint(self, painter, option, index):
        super().paint(painter, option, index)
        model = index.model()
        if index.column() == COLOUR:
            box = option.rect.adjusted(5, 4, -5, -4)
            painter.save()
            painter.setPen(QPen(option.palette.color(QPalette.ColorRole.Mid)))
            painter.setBrush(QColor(model.rows[index.row()].colour))
            painter.drawRect(box)
            painter.restore()
        if (index.row(), index.column()) in model.faults:
            painter.save()
            painter.setPen(QPen(QColor(FAULT_COLOUR), 2))
            painter.drawRect(option.rect.adjusted(1, 1, -1, -1))
            painter.restore()


class ClassTable(QTableView):
    """The classes, to be edited in place.

    Signals
    -------
    colour_chosen(row, colour)
        Another colour, "" for the one that follows from the name.
    picked(row, is_added)
        The areas of a class are to be selected.
    """

    colour_chosen = pyqtSignal(int, str)
    picked = pyqtSignal(int, bool)

    def __init__(self, parent=None):
        super().__init__(parent)
        self.setModel(ClassModel(self))
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName(tr("Classes"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
                             | QAbstractItemView.EditTrigger.AnyKeyPressed
                             | QAbstractItemView.EditTrigger.SelectedClicked)
        self.setTabKeyNavigation(False)
        self.setAlternatingRowColors(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(20)
        for column in range(SHARE + 1):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        self.clicked.connect(self._clicked)

    def show_rows(self, rows: list[Row], decimals: int | None, can_edit: bool, can_bound: bool) -> None:
        """Show the classes; columns that say nothing are hidden."""
        self.model().show(rows, decimals, can_edit, can_bound)
        has_bounds = any(row.upper is not None for row in rows)
        for column, is_hidden in ((LOWER, not has_bounds), (UPPER, not has_bounds),
                                  (MULTIPLE, all(row.multiple is None for row in rows))):
            self.setColumnHidden(column, is_hidden)
        height = self.horizontalHeader().sizeHint().height() + 4 + \
            len(rows) * self.verticalHeader().defaultSectionSize()
        self.setFixedHeight(height)

    def _clicked(self, index) -> None:
        if index.column() == COLOUR and self.model().can_edit:
            self.colour_menu(index.row()).popup(self.viewport().mapToGlobal(self.visualRect(index).bottomLeft()))
        elif index.column() in (COUNT, SHARE):
            more = QApplication.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier
            self.picked.emit(index.row(), bool(more))

    def keyPressEvent(self, event):
        index = self.currentIndex()
        if index.isValid() and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if index.column() in (COLOUR, COUNT, SHARE):
                self._clicked(index)
            elif self.model().flags(index) & Qt.ItemFlag.ItemIsEditable:
                self.edit(index)
            return
        super().keyPressEvent(event)

    def colour_menu(self, row: int) -> QMenu:
        """Return the menu with which a class gets its colour."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fixed = menu.addAction(tr("Fixed by name (default)"), lambda: self.colour_chosen.emit(row, ""))
        fixed.setCheckable(True)
        fixed.setChecked(not self.model().rows[row].has_own_colour)
        menu.addAction(tr("Choose colour …"), lambda: self._ask_colour(row))
        return menu

    def _ask_colour(self, row: int) -> None:
        own = self.model().rows[row]
        colour = QColorDialog.getColor(QColor(own.colour), self, tr("Colour of “{name}”", name=own.name))
        if colour.isValid():
            self.colour_chosen.emit(row, colour.name())
