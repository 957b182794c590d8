"""The matrix as a table: cells in the colours of their classes, sums, the selection; chosen by mouse and keys."""
from __future__ import annotations

import numpy as np
from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, QRect, Qt, pyqtSignal
from qgis.PyQt.QtGui import QBrush, QColor, QFont, QFontMetrics, QPalette, QPen
from qgis.PyQt.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QStyledItemDelegate, QTableView

from ....bridge.class_colours import ink_on
from ....bridge.legend_text import count_text, number_text
from ....translation import tr
from ..chart import SELECTED
from .cells import Cells

#: of a tooltip
MOST_NAMES = 12


class MatrixModel(QAbstractTableModel):
    """Cells and sums; the last row and the last column are the sums."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self.cells: Cells | None = None
        self.counts = self.chosen = np.zeros((0, 0), int)
        self.names: list[str] = []

    def show(self, cells: Cells, names: list[str], selection) -> None:
        """Show another matrix."""
        same_shape = self.cells is not None and self.cells.shape == cells.shape
        if not same_shape:
            self.beginResetModel()
        self.cells, self.names = cells, names
        self.counts = _with_sums(cells.counts())
        self.chosen = _with_sums(cells.counts(selection))
        if same_shape:
            self._changed()
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)
            self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, self.rowCount() - 1)
        else:
            self.endResetModel()

    def mark(self, selection) -> None:
        """Show how many areas of each cell are selected."""
        self.chosen = _with_sums(self.cells.counts(selection))
        self._changed()

    def _changed(self) -> None:
        self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))

    def rowCount(self, parent=QModelIndex()):  # noqa: B008
        return 0 if parent.isValid() else self.counts.shape[0]

    def columnCount(self, parent=QModelIndex()):  # noqa: B008
        return 0 if parent.isValid() else self.counts.shape[1]

    def is_sum(self, index) -> bool:
        """Say whether a cell is a sum."""
        return index.row() == self.rowCount() - 1 or index.column() == self.columnCount() - 1

    def headerData(self, section, orientation, role=Qt.ItemDataRole.DisplayRole):
        if self.cells is None:
            return None
        names = self.cells.columns.names if orientation == Qt.Orientation.Horizontal else self.cells.rows.names
        if role == Qt.ItemDataRole.DisplayRole:
            return names[section] if section < len(names) else tr("Sum")
        if role == Qt.ItemDataRole.TextAlignmentRole and orientation == Qt.Orientation.Horizontal:
            return int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
        if role == Qt.ItemDataRole.ToolTipRole and section < len(names):
            title = (self.cells.columns if orientation == Qt.Orientation.Horizontal else self.cells.rows).title
            return f"{title}: {names[section]}"
        return None

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return count_text(int(self.counts[row, column]))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignCenter)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.cells.words(row, column)}: {self.facts(row, column)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(row, column)
        if role == Qt.ItemDataRole.BackgroundRole and not self.is_sum(index):
            return QBrush(QColor(self.cells.colours[row][column]))
        return None

    def share(self, row: int, column: int) -> str:
        """Return the share of all areas with both classes."""
        total = self.counts[-1, -1]
        return f"{number_text(100 * self.counts[row, column] / total, 0)} %" if total else ""

    def facts(self, row: int, column: int) -> str:
        """Say in words how many areas there are and how many of them are selected."""
        count, chosen = int(self.counts[row, column]), int(self.chosen[row, column])
        text = tr("{n} areas, {share}", n=count, share=self.share(row, column)) if count != 1 else \
            tr("1 area, {share}", share=self.share(row, column))
        return f"{text}, {self.marked(row, column)}" if chosen else text

    def marked(self, row: int, column: int) -> str:
        """Return “n of m selected”, "" for none."""
        chosen = int(self.chosen[row, column])
        return tr("{n} of {all} selected", n=chosen, all=int(self.counts[row, column])) if chosen else ""

    def _tip(self, row: int, column: int) -> str:
        members = self.cells.members(row, column).tolist()
        named = [self.names[place] for place in members[:MOST_NAMES]]
        if len(members) > MOST_NAMES:
            named.append(tr("… and {n} more", n=len(members) - MOST_NAMES))
        return "\n".join([self.cells.words(row, column), self.facts(row, column), *named])


def _with_sums(counts: np.ndarray) -> np.ndarray:
    wide = np.hstack([counts, counts.sum(axis=1, keepdims=True)])
    return np.vstack([wide, wide.sum(axis=0, keepdims=True)])


class _Delegate(QStyledItemDelegate):
    """Number, share and selection in a cell's colour."""

    def paint(self, painter, option, index):
        model, row, column = index.model(), index.row(), index.column()
        is_sum = model.is_sum(index)
        paper = option.palette.color(QPalette.ColorRole.Base).name()
        colour = paper if is_sum else model.cells.colours[row][column]
        ink = QColor(ink_on(colour))
        painter.save()
        box = option.rect.adjusted(1, 1, -1, -1)
        painter.fillRect(box, QColor(colour))
        count, marked = int(model.counts[row, column]), model.marked(row, column)
        large, small = QFont(option.font), QFont(option.font)
        large.setPointSizeF(large.pointSizeF() * (1.25 if not is_sum else 1))
        large.setBold(not is_sum and count > 0)
        small.setPointSizeF(small.pointSizeF() * 0.86)
        marked = "" if is_sum else marked
        second = marked or ("" if is_sum or not count else model.share(row, column))
        if marked:
            chosen = int(model.chosen[row, column])
            short = (marked, tr("{n} of {all}", n=chosen, all=count), f"{chosen}/{count}")
            second = next((each for each in short if QFontMetrics(small).horizontalAdvance(each) <= box.width() - 8),
                          short[-1])
        height = option.fontMetrics.height()
        lines = [(count_text(count), large), (second, small)] if second and box.height() > 2.4 * height else \
            [(second if marked else count_text(count), large)]
        faint = QColor(ink)
        faint.setAlphaF(0.5 if not count else 1)
        painter.setPen(faint)
        top = box.top() + (box.height() - height * (1.2 * len(lines))) / 2
        for place, (text, font) in enumerate(lines):
            painter.setFont(font)
            painter.drawText(QRect(box.left(), round(top + place * 1.25 * height), box.width(), round(1.25 * height)),
                             int(Qt.AlignmentFlag.AlignCenter), text)
        if marked and not is_sum:
            is_all = model.chosen[row, column] == count
            frame = box.adjusted(2, 2, -3, -3)
            for pen in (QPen(QColor("#ffffff"), 4), QPen(
                    QColor(SELECTED), 2.4, Qt.PenStyle.SolidLine if is_all else Qt.PenStyle.DashLine)):
                painter.setPen(pen)
                painter.drawRect(frame)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(ink if not is_sum else option.palette.color(QPalette.ColorRole.Text), 1,
                                Qt.PenStyle.DotLine))
            painter.drawRect(box.adjusted(5, 5, -6, -6))
        painter.restore()


class MatrixView(QTableView):
    """The matrix.

    Signals
    -------
    picked(row, column, is_added)
        The areas of a cell, or of a sum, are to be selected; with Ctrl beside those selected.
    went(row, column)
        The current cell changed.
    """

    picked = pyqtSignal(int, int, bool)
    went = pyqtSignal(int, int)

    def __init__(self, parent=None):
        super().__init__(parent)
        self.setModel(MatrixModel(self))
        self.setItemDelegate(_Delegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setCornerButtonEnabled(False)
        self.setMouseTracking(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
            header.setSectionsClickable(True)
            header.setHighlightSections(False)
            header.setMinimumSectionSize(34)
        self.horizontalHeader().setFixedHeight(2 * self.fontMetrics().height() + 8)
        self.model().modelReset.connect(self._keep_sums_narrow)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.horizontalHeader().sectionClicked.connect(
            lambda column: self.pick(self.model().rowCount() - 1, column))
        self.verticalHeader().sectionClicked.connect(
            lambda row: self.pick(row, self.model().columnCount() - 1))
        self.selectionModel().currentChanged.connect(
            lambda now, _before: now.isValid() and self.went.emit(now.row(), now.column()))

    def _keep_sums_narrow(self) -> None:
        """Give the sums what their heading needs, and the classes the rest."""
        header, last = self.horizontalHeader(), self.model().columnCount() - 1
        for column in range(last):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        if last >= 0:
            header.setSectionResizeMode(last, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(last, header.fontMetrics().horizontalAdvance(tr("Sum")) + 14)

    def pick(self, row: int, column: int, is_added: bool = False) -> None:
        """Ask for the areas of a cell."""
        self.picked.emit(row, column, is_added)

    def mouseReleaseEvent(self, event):
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.pos())
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self.pick(index.row(), index.column(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))

    def keyPressEvent(self, event):
        index = self.currentIndex()
        if index.isValid() and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.pick(index.row(), index.column(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event):
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.model().rowCount():
            self.setCurrentIndex(self.model().index(0, 0))
