"""A list whose entries are ticked: types of offer, fields of a table."""
from __future__ import annotations

from typing import Callable

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QListWidget, QListWidgetItem

_CHECKED, _UNCHECKED = Qt.CheckState.Checked, Qt.CheckState.Unchecked
_KEY = Qt.ItemDataRole.UserRole


class CheckList:
    """Ticks in a QListWidget; `changed` is called once for every click.

    Parameters
    ----------
    view : QListWidget
    changed : callable
    """

    def __init__(self, view: QListWidget, changed: Callable):
        self.view, self.changed = view, changed
        view.itemChanged.connect(lambda _item: self.changed())
        view.itemDoubleClicked.connect(self._only)

    def fill(self, entries, ticked) -> None:
        """Show entries, each a key and a text, and tick some of the keys."""
        self.view.blockSignals(True)
        self.view.clear()
        for key, text in entries:
            item = QListWidgetItem(text, self.view)
            item.setData(_KEY, key)
            item.setToolTip(text)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(_CHECKED if key in ticked else _UNCHECKED)
        self.view.blockSignals(False)
        self.show_first()

    def tick(self, keys) -> None:
        """Tick these entries and no other."""
        self.view.blockSignals(True)
        for item in self._items():
            item.setCheckState(_CHECKED if item.data(_KEY) in keys else _UNCHECKED)
        self.view.blockSignals(False)
        self.show_first()
        self.changed()

    def ticked(self) -> list[str]:
        """Return the keys of the ticked entries."""
        return [item.data(_KEY) for item in self._items() if item.checkState() == _CHECKED]

    def count(self) -> int:
        """Return the number of entries."""
        return self.view.count()

    def show_first(self) -> None:
        """Bring the first ticked entry into view."""
        first = next((item for item in self._items() if item.checkState() == _CHECKED), None)
        if first is not None:
            self.view.scrollToItem(first)

    def _only(self, item: QListWidgetItem) -> None:
        self.tick([item.data(_KEY)])

    def _items(self):
        return [self.view.item(row) for row in range(self.view.count())]
