"""The areas that change class: from where to where, by how much, why, and which indicators did it."""
from __future__ import annotations

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem

from ....translation import tr
from .matrix import chip
from .words import signed

ROW = Qt.ItemDataRole.UserRole
SORT = Qt.ItemDataRole.UserRole + 1
#: rows that are seen without scrolling within the list
SHOWN = 10
AREA, BEFORE, AFTER, DIFFERENCE, DRIVERS, REASON = range(6)


class _Item(QTreeWidgetItem):
    """A row that sorts by number where it holds one."""

    def __lt__(self, other):
        column = self.treeWidget().sortColumn()
        mine, theirs = self.data(column, SORT), other.data(column, SORT)
        if mine is None or theirs is None:
            return self.text(column).casefold() < other.text(column).casefold()
        return mine < theirs


class MovedList(QTreeWidget):
    """One row per area.

    Signals
    -------
    areas_chosen(rows)
        The rows of the areas in the session's table.
    """

    areas_chosen = pyqtSignal(object)

    def __init__(self, parent=None):
        super().__init__(parent)
        self.setHeaderLabels(headings())
        self.setRootIsDecorated(False)
        self.setAlternatingRowColors(True)
        self.setUniformRowHeights(True)
        self.setSortingEnabled(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setAccessibleName(tr("Areas that change class"))
        self.itemSelectionChanged.connect(self._chosen)
        self.filling = self.is_sized = False
        self.items: dict[str, QTreeWidgetItem] = {}

    def set_drivers(self, key: str, text: str) -> None:
        """Write the indicators that did it into an area's row."""
        item = self.items[key]
        item.setText(DRIVERS, text)
        item.setToolTip(DRIVERS, text)

    def fill(self, rows: list[dict], places: dict[str, int], names: list[str], colours) -> None:
        """Show the rows.

        Parameters
        ----------
        rows : list of dict
            From `comparison_words.rows_of`.
        places : dict
            Area key → row of the session.
        names : list of str
        colours : (dict, dict)
            Class value → colour, before and after.
        """
        self.filling = True
        self.setSortingEnabled(False)
        self.clear()
        items, self.items = [], {}
        for each in rows:
            texts = cells(each, names[places[each["key"]]] if each["key"] in places else "")
            item = _Item(texts)
            for column, value, own in ((BEFORE, each["before_value"], colours[0]),
                                       (AFTER, each["after_value"], colours[1])):
                if value == value and value in own:
                    item.setIcon(column, chip(own[value], self))
            item.setData(AREA, ROW, places.get(each["key"], -1))
            self.items[each["key"]] = item
            for column, value in ((AREA, None), (BEFORE, each["before_value"]), (AFTER, each["after_value"]),
                                  (DIFFERENCE, each["difference"])):
                if value is not None and value == value:
                    item.setData(column, SORT, float(value))
            item.setTextAlignment(DIFFERENCE, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter))
            for column in (AREA, DRIVERS, REASON):
                item.setToolTip(column, texts[column])
            items.append(item)
        self.addTopLevelItems(items)
        self.header().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)  # the largest moves first, as they came
        self.setSortingEnabled(True)
        header = self.header()
        for column in (BEFORE, AFTER, DIFFERENCE):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        for column, width in ((AREA, 130), (DRIVERS, 260), (REASON, 200)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            if not self.is_sized:
                self.setColumnWidth(column, width)
        self.is_sized = True
        self._fit()
        self.filling = False

    def _fit(self) -> None:
        """Be as high as the rows need, up to a limit, and give the indicators what width is left."""
        rows = self.topLevelItemCount()
        height = self.header().sizeHint().height() + 2 * self.frameWidth() \
            + self.horizontalScrollBar().sizeHint().height() + max(self.sizeHintForRow(0), 0) * min(rows, SHOWN)
        self.setMinimumHeight(height)
        self.setMaximumHeight(height if rows <= SHOWN else 16_777_215)
        others = sum(self.columnWidth(each) for each in range(self.columnCount()) if each != DRIVERS)
        if self.viewport().width() - others > self.columnWidth(DRIVERS):
            self.setColumnWidth(DRIVERS, self.viewport().width() - others)

    def resizeEvent(self, event):
        super().resizeEvent(event)
        self._fit()

    def show_chosen(self, chosen) -> None:
        """Mark the rows of the areas that are selected elsewhere."""
        self.filling = True
        wanted, first = set(chosen), None
        for i in range(self.topLevelItemCount()):
            item = self.topLevelItem(i)
            item.setSelected(item.data(AREA, ROW) in wanted)
            if first is None and item.isSelected():
                first = item
        if first is not None:
            self.scrollToItem(first)
        self.filling = False

    def _chosen(self) -> None:
        rows = [item.data(AREA, ROW) for item in self.selectedItems() if item.data(AREA, ROW) >= 0]
        if rows and not self.filling:
            self.areas_chosen.emit(rows)


def headings() -> list[str]:
    """Return the headings of the columns."""
    return [tr("Area"), tr("Before"), tr("After"), tr("Difference"), tr("Indicators that did it"), tr("Reason")]


def cells(each: dict, name: str) -> list[str]:
    """Return the texts of a row."""
    area = each["key"] if name in ("", each["key"]) else f"{each['key']} {name}"
    none = tr("none")
    return [area, each["before"] or none, each["after"] or none, signed(each["difference"]),
            each["drivers"], each["reason"]]
