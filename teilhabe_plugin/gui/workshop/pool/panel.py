"""The pool of the workshop: indicators that can be dragged or sent into the tree."""
from __future__ import annotations

import json

from qgis.gui import QgsFilterLineEdit
from qgis.PyQt.QtCore import QMimeData, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QAbstractItemView, QPushButton, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from ....translation import tr
from ..properties.rows import note
from ..tree.model import INDICATORS
from .entries import PoolEntry, numbers_group, pool_entries

_ENTRY = Qt.ItemDataRole.UserRole


class PoolTree(QTreeWidget):
    """Groups of indicators; what has data can be dragged.

    Signals
    -------
    wanted()
        The selected indicators are to be added.
    """

    wanted = pyqtSignal()

    def __init__(self):
        super().__init__()
        self.setHeaderHidden(True)
        self.setWordWrap(True)
        self.setIndentation(14)
        self.setUniformRowHeights(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setAccessibleName(tr("More indicators"))
        self.itemDoubleClicked.connect(lambda _item, _column: self.wanted.emit())

    def mimeTypes(self):
        return [INDICATORS]

    def mimeData(self, items):
        data = QMimeData()
        data.setData(INDICATORS, json.dumps([each.indicator for each in entries_of(items)]).encode())
        return data

    def keyPressEvent(self, event):
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.wanted.emit()
            event.accept()
        else:
            super().keyPressEvent(event)


class PoolPanel(QWidget):
    """Search and list of what could be added.

    Signals
    -------
    chosen(list)
        Indicators, as `core.recipe_editing.with_indicator` takes them.
    """

    chosen = pyqtSignal(list)

    def __init__(self, session, parent=None):
        super().__init__(parent)
        self.session, self.entries = session, []
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.setSpacing(4)
        self.search = QgsFilterLineEdit()
        self.search.setShowSearchIcon(True)
        self.search.setPlaceholderText(tr("Search indicators"))
        self.search.setAccessibleName(tr("Search indicators"))
        column.addWidget(self.search)
        self.tree = PoolTree()
        column.addWidget(self.tree, 1)
        self.empty = note("", faint=True)
        column.addWidget(self.empty)
        self.add = QPushButton(tr("Add"))
        column.addWidget(self.add)
        self.search.textChanged.connect(lambda _text: self.filter())
        self.search.returnPressed.connect(self.tree.setFocus)
        self.tree.wanted.connect(self.send)
        self.tree.itemSelectionChanged.connect(self._selected)
        self.add.clicked.connect(lambda _checked=False: self.send())
        self._selected()

    def show_target(self, title: str) -> None:
        """Name the node that indicators are added to."""
        self.add.setText(tr("Add to “{title}”", title=title) if title else tr("Add"))
        self.add.setToolTip(self.add.text())

    def follow(self) -> None:
        """List what is not in the tree; nothing is made anew where the list is the same."""
        entries = pool_entries(self.session)
        if entries != self.entries:
            self.entries = entries
            self._fill()

    def _fill(self) -> None:
        groups = [self.tree.topLevelItem(i) for i in range(self.tree.topLevelItemCount())]
        closed = {each.text(0) for each in groups if not each.isExpanded()}
        if numbers_group() not in {each.text(0) for each in groups}:
            closed.add(numbers_group())
        place = self.tree.verticalScrollBar().value()
        self.tree.clear()
        groups: dict[str, QTreeWidgetItem] = {}
        for entry in self.entries:
            if entry.group not in groups:
                groups[entry.group] = self._group(entry.group)
            groups[entry.group].addChild(self._item(entry))
        for name, group in groups.items():
            group.setExpanded(name not in closed)
        self.filter()
        self.tree.verticalScrollBar().setValue(place)

    def _group(self, name: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem(self.tree, [name])
        font = item.font(0)
        font.setBold(True)
        item.setFont(0, font)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        return item

    def _item(self, entry: PoolEntry) -> QTreeWidgetItem:
        item = QTreeWidgetItem([entry.title if not entry.reason else tr("{title} – no data", title=entry.title)])
        item.setToolTip(0, entry.tip)
        item.setData(0, _ENTRY, entry)
        item.setData(0, Qt.ItemDataRole.AccessibleDescriptionRole, entry.tip)
        if entry.reason:
            item.setFlags(Qt.ItemFlag.NoItemFlags)
        else:
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled
                          | Qt.ItemFlag.ItemNeverHasChildren)
        return item

    def filter(self) -> None:
        """Show what holds all words of the search."""
        words = self.search.text().casefold().split()
        shown = 0
        for i in range(self.tree.topLevelItemCount()):
            group, some = self.tree.topLevelItem(i), 0
            for j in range(group.childCount()):
                item = group.child(j)
                text = f"{group.text(0)} {item.text(0)} {item.toolTip(0)}".casefold()
                fits = all(word in text for word in words)
                item.setHidden(not fits)
                some += fits
            group.setHidden(not some)
            if words and some:
                group.setExpanded(True)
            shown += some
        self.empty.setVisible(not shown)
        self.empty.setText(tr("Nothing is called so.") if words else
                           tr("Everything in catalogue and layer is in the tree already."))

    def send(self) -> None:
        """Hand over what is selected."""
        chosen = [entry.indicator for entry in entries_of(self.tree.selectedItems())]
        if chosen:
            self.chosen.emit(chosen)

    def _selected(self) -> None:
        self.add.setEnabled(bool(entries_of(self.tree.selectedItems())))


def entries_of(items) -> list[PoolEntry]:
    """Return the entries of list items that can be added."""
    found = [item.data(0, _ENTRY) for item in items]
    return [entry for entry in found if entry is not None and not entry.reason]
