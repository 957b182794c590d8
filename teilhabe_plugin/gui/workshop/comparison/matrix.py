"""The classes before and after as a matrix; a cell selects its areas."""
from __future__ import annotations

import numpy as np
from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QFontMetrics, QIcon, QPalette, QPixmap
from qgis.PyQt.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from ....bridge.class_colours import colour_table, ink_on
from ....translation import tr

_COLOUR = Qt.ItemDataRole.UserRole


class CrossTable(QTableWidget):
    """Rows: classes before; columns: classes after; sums at the edges.

    Signals
    -------
    cell_chosen(row, column)
        Positions of the classes, −1 for all.
    """

    cell_chosen = pyqtSignal(int, int)

    def __init__(self, parent=None):
        super().__init__(parent)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setCornerButtonEnabled(False)
        self.setAccessibleName(tr("Classes before (rows) and after (columns)"))
        self.setHorizontalHeader(_ClassHeader(Qt.Orientation.Horizontal, self))
        self.setVerticalHeader(_ClassHeader(Qt.Orientation.Vertical, self))
        self.cellClicked.connect(self._chosen)
        self.cellActivated.connect(self._chosen)
        self.size = (0, 0)

    def fill(self, crossing, before, after, colours, high_is_bad: bool) -> None:
        """Show how many areas lie where.

        Parameters
        ----------
        crossing : DataFrame
            Areas by class before (rows) and after (columns).
        before, after : ClassSet
        colours : (dict, dict)
            Class value → colour, before and after.
        high_is_bad : bool
        """
        counts = crossing.to_numpy()
        self.size = counts.shape
        self.clear()
        self.setRowCount(counts.shape[0] + 1)
        self.setColumnCount(counts.shape[1] + 1)
        for header, class_set, own, set_item in (
                (self.verticalHeader(), before, colours[0], self.setVerticalHeaderItem),
                (self.horizontalHeader(), after, colours[1], self.setHorizontalHeaderItem)):
            for position, each in enumerate(class_set.classes):
                item = QTableWidgetItem(each.name)
                item.setData(_COLOUR, own[each.value])
                item.setToolTip(tr("before: {name}", name=each.name) if header is self.verticalHeader() else
                                tr("after: {name}", name=each.name))
                set_item(position, item)
            set_item(len(class_set.classes), QTableWidgetItem(tr("Sum")))
        moves = colour_table()["moves"]
        inside = np.vstack([counts, counts.sum(axis=0)])
        numbers = np.column_stack([inside, inside.sum(axis=1)])
        for (i, j), number in np.ndenumerate(numbers):
            inner = i < counts.shape[0] and j < counts.shape[1]
            self.setItem(i, j, self._cell(int(number), i, j, inner, moves, high_is_bad))
        self._fit()

    def _cell(self, number: int, i: int, j: int, inner: bool, moves, high_is_bad: bool) -> QTableWidgetItem:
        item = QTableWidgetItem(str(number) if number else "·")
        item.setTextAlignment(int(Qt.AlignmentFlag.AlignCenter))
        if not inner:
            item.setBackground(self.palette().color(QPalette.ColorRole.AlternateBase))
            return item
        names = (self.verticalHeaderItem(i).text(), self.horizontalHeaderItem(j).text())
        item.setToolTip(tr("{before} → {after}: {n}", before=names[0], after=names[1], n=number))
        if i == j:
            font = item.font()
            font.setBold(True)
            item.setFont(font)
        if number and i != j:
            step = (j - i) * (1 if high_is_bad else -1)
            colour = moves[max(min(step, 2), -2) + 2]
            item.setBackground(QColor(colour))
            item.setForeground(QColor(ink_on(colour)))
        elif not number:
            item.setForeground(self.palette().color(QPalette.ColorRole.Mid))
        return item

    def _fit(self) -> None:
        """Make the cells as narrow as the headings allow, and the table as high as its rows."""
        metrics, columns = QFontMetrics(self.font()), self.columnCount()
        row = metrics.height() + 8
        self.verticalHeader().setDefaultSectionSize(row)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setMinimumSectionSize(metrics.horizontalAdvance("0000") + 8)
        self.horizontalHeader().setSectionResizeMode(columns - 1, QHeaderView.ResizeMode.ResizeToContents)
        height = self.horizontalHeader().sizeHint().height() + row * self.rowCount() + 2 * self.frameWidth()
        self.setFixedHeight(height + (0 if columns < 9 else self.horizontalScrollBar().sizeHint().height()))

    def _chosen(self, row: int, column: int) -> None:
        self.cell_chosen.emit(row if row < self.size[0] else -1, column if column < self.size[1] else -1)


class _ClassHeader(QHeaderView):
    """Headings in the colours of the classes; long names are broken into lines."""

    def __init__(self, orientation, parent):
        super().__init__(orientation, parent)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)

    def paintSection(self, painter, rect, section):
        colour = self.model().headerData(section, self.orientation(), _COLOUR)
        if not colour:
            super().paintSection(painter, rect, section)
            return
        painter.save()
        painter.fillRect(rect.adjusted(0, 0, -1, -1), QColor(colour))
        painter.setPen(QColor(ink_on(colour)))
        text = str(self.model().headerData(section, self.orientation(), Qt.ItemDataRole.DisplayRole))
        painter.setClipRect(rect)
        painter.drawText(rect.adjusted(2, 1, -3, -2), int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap),
                         text)
        painter.restore()

    def sizeHint(self):
        size, metrics = super().sizeHint(), QFontMetrics(self.font())
        if self.orientation() == Qt.Orientation.Horizontal:
            names = [str(self.model().headerData(i, self.orientation())) for i in range(self.count())]
            lines = 2 if any(" " in name for name in names) else 1
            return QSize(size.width(), lines * metrics.lineSpacing() + 8)
        return size


def chip(colour: str, widget) -> QIcon:
    """Return a small square of a colour."""
    size = QSize(11, 11) * widget.devicePixelRatioF()
    pixmap = QPixmap(size)
    pixmap.setDevicePixelRatio(widget.devicePixelRatioF())
    pixmap.fill(QColor(colour))
    return QIcon(pixmap)
