"""The table of the ranking: keyboard, columns by width, and a menu."""
from __future__ import annotations

from time import monotonic

import numpy as np
from qgis.PyQt.QtCore import QEvent, QItemSelection, QItemSelectionModel, Qt, pyqtSignal
from qgis.PyQt.QtGui import QFontMetrics, QKeySequence
from qgis.PyQt.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ....translation import tr
from .columns import COLUMNS, fitting
from .delegate import RankingDelegate
from .model import RankingModel

#: seconds after which typing begins a new word
_PAUSE = 1.2
#: pixels that intervals can make use of, and their part of what names and classes leave
_LONGEST_BAR, _PART = 160, 0.5


class RankingView(QTableView):
    """The table.

    Signals
    -------
    asked()
        Enter: why is it so?
    copied()
        Ctrl+C.
    columns_changed()
    """

    asked = pyqtSignal()
    copied = pyqtSignal()
    columns_changed = pyqtSignal()

    def __init__(self, parent=None):
        super().__init__(parent)
        self.setModel(RankingModel(self))
        self.setItemDelegate(RankingDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMinimumHeight(120)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setSectionResizeMode(COLUMNS.index("area"), QHeaderView.ResizeMode.Stretch)
        head.setHighlightSections(False)
        head.setMinimumSectionSize(28)
        head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setSortingEnabled(True)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.setAccessibleName(tr("Ranking of the areas"))
        self.setAccessibleDescription(tr("Arrow keys choose an area, letters search for its name, Enter asks why it "
                                         "is in its class."))
        self.chosen: list[str] | None = None  # None: as many as fit
        self.available, self.idle = list(COLUMNS), set()
        self._typed, self._last = "", 0.0
        self.horizontalHeader().sortIndicatorChanged.connect(lambda *_order: self._fit())
        self._fit()

    # columns ---------------------------------------------------------------------------------------------------

    def set_available(self, names, idle=()) -> None:
        """Offer the columns that there is something to show in; `idle` ones are not shown unless they are chosen."""
        self.available = [name for name in COLUMNS if name in names]
        self.idle = set(idle)
        self._fit()

    def choose_columns(self, names: list[str] | None) -> None:
        """Show these columns, or, with None, as many as fit."""
        self.chosen = None if names is None else [name for name in COLUMNS if name in names or name == "area"]
        self._fit()
        self.columns_changed.emit()

    def columns_shown(self) -> list[str]:
        """Return the names of the columns that are shown."""
        return [name for number, name in enumerate(COLUMNS) if not self.isColumnHidden(number)]

    def _fit(self) -> None:
        """Show what fits, and give what is left over to classes, intervals and names."""
        self.verticalHeader().setDefaultSectionSize(QFontMetrics(self.font()).height() + 7)
        room = self.width() - self.verticalScrollBar().sizeHint().width() - 2 * self.frameWidth() - 2
        needs, wishes = self._widths()
        if self.chosen is None:
            shown = fitting(room, {name: needs[name] for name in self.available if name not in self.idle}, wishes)
        else:
            shown = [name for name in self.chosen if name in self.available or name == "area"]
        more = self._more(max(room - sum(needs[name] for name in shown), 0), wishes)
        for number, name in enumerate(COLUMNS):
            self.setColumnHidden(number, name not in shown)
            if name in shown and name != "area":
                self.setColumnWidth(number, needs[name] + more.get(name, 0))

    def _more(self, spare: int, wishes: dict[str, int]) -> dict[str, int]:
        """Share out the pixels that are left over: to names and classes until they can be read, then to intervals."""
        area, own = wishes["area"], wishes["class"]
        own = min(own, spare)
        return {"class": own, "interval": min(_LONGEST_BAR, max(round((spare - area - own) * _PART), 0))}

    def _widths(self) -> tuple[dict[str, int], dict[str, int]]:
        """Return the pixels that each column needs, and how many more it could make use of."""
        metrics, head, model = QFontMetrics(self.font()), QFontMetrics(self.horizontalHeader().font()), self.model()
        rows = model.rows
        places = "8" * max(len(str(len(rows) if rows is not None else 0)), 2)
        names = [each.name for each in rows.view.class_set.classes] if rows is not None else []
        keys = rows.keys[:50].tolist() if rows is not None else []

        def wide(text: str) -> int:
            return metrics.horizontalAdvance(text) + 8

        classes = max([wide(name) + 20 for name in names], default=60)
        areas = sorted(rows.names, key=len) if rows is not None else []
        usual = areas[int(0.9 * (len(areas) - 1))] if areas else ""
        needs = {
            "rank": wide(places), "key": max([wide(key) for key in keys], default=40), "area": wide("8" * 9),
            "score": wide("−88,88"), "class": min(classes, wide("8" * 10)), "interval": wide(f"{places}–{places}") + 36,
            "moved": wide(f"▲ {places}"), "class_moved": wide("▲ 8"), "data": wide("888\u202f%"),
        }
        for number, name in enumerate(COLUMNS):
            arrow = 14 if number == self.horizontalHeader().sortIndicatorSection() else 0
            if name not in ("area", "class"):
                title = head.horizontalAdvance(model.columns[name].title) + 8 + arrow
                needs[name] = max(needs[name], title)
        area = min(wide(usual), wide("8" * 18))
        return needs, {"class": max(classes - needs["class"], 0), "area": max(area - needs["area"], 0)}

    def resizeEvent(self, event):
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def changeEvent(self, event):
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "idle"):
            self._fit()

    # selection -------------------------------------------------------------------------------------------------

    def selected_rows(self) -> list[int]:
        """Return the selected rows of the session's frame, in the order of the table."""
        places = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self.model().row_at(place) for place in places]

    def mark(self, rows) -> None:
        """Select rows of the session's frame."""
        model, places = self.model(), self.model().places_of(rows)
        wanted = QItemSelection()
        if len(places):
            last = len(COLUMNS) - 1
            for run in np.split(places, np.flatnonzero(np.diff(places) > 1) + 1):
                wanted.merge(QItemSelection(model.index(int(run[0]), 0), model.index(int(run[-1]), last)),
                             QItemSelectionModel.SelectionFlag.Select)
        chooser = self.selectionModel()
        chooser.select(wanted, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if len(places) and chooser.currentIndex().row() not in set(places.tolist()):
            chooser.setCurrentIndex(model.index(int(places[0]), COLUMNS.index("area")),
                                    QItemSelectionModel.SelectionFlag.NoUpdate)

    def show_marked(self, rows) -> None:
        """Bring selected rows into sight where none of them is."""
        places = self.model().places_of(rows)
        if not len(places):
            return
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 2)
        last = len(self.model().order) if last < 0 else last
        if not ((places >= first) & (places <= last)).any():
            self.scrollTo(self.model().index(int(places[0]), COLUMNS.index("area")),
                          QAbstractItemView.ScrollHint.PositionAtCenter)

    # keyboard --------------------------------------------------------------------------------------------------

    def event(self, event):
        if event.type() == QEvent.Type.ShortcutOverride and event.matches(QKeySequence.StandardKey.Copy):
            event.accept()  # before QGIS copies features
            return True
        return super().event(event)

    def keyPressEvent(self, event):
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copied.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.asked.emit()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, text):
        """Go to the next area whose name or key begins with what was typed."""
        now = monotonic()
        self._typed = (self._typed if now - self._last <= _PAUSE else "") + text.casefold()
        self._last = now
        model = self.model()
        if model.rows is None or not len(model.order):
            return
        current = self.currentIndex().row()
        begin = max(current, 0) + (1 if len(self._typed) == 1 and current >= 0 else 0)
        names, keys = model.rows.names, model.rows.keys
        for step in range(len(model.order)):
            place = (begin + step) % len(model.order)
            row = model.row_at(place)
            if names[row].casefold().startswith(self._typed) or keys[row].casefold().startswith(self._typed):
                self.setCurrentIndex(model.index(place, COLUMNS.index("area")))
                return
