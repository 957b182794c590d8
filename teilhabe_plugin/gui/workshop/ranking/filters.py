"""Above the ranking: a search box, a chip for each class, and what else narrows the list down."""
from __future__ import annotations

import numpy as np
from qgis.core import QgsApplication
from qgis.gui import QgsFilterLineEdit
from qgis.PyQt.QtCore import QPoint, QRect, QSize, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from ....translation import tr
from .delegate import chip_icon
from .rows import Rows

#: chip of the areas that have no class
WITHOUT = -1
_CHIPS = """
QToolButton[chip="true"] {border: 1px solid palette(mid); border-radius: 9px; padding: 1px 6px;
                          background: palette(base); color: palette(text);}
QToolButton[chip="true"]:hover {border-color: palette(highlight);}
QToolButton[chip="true"]:focus {border-color: palette(highlight);}
QToolButton[chip="true"]:checked {background: palette(highlight); color: palette(highlighted-text);
                                  border-color: palette(highlight);}
QToolButton[chip="true"]:disabled {color: palette(mid); background: palette(window);}
"""

#: classes whose names stand on their chips; those of crosses are many and long, colour and tooltip have to do
MOST_NAMED = 8


class RankingFilters(QWidget):
    """What the list is narrowed down to.

    Signals
    -------
    changed()
        Something else is wanted.
    """

    changed = pyqtSignal()

    def __init__(self, parent=None):
        super().__init__(parent)
        self.chips: dict[int, QToolButton] = {}
        self._look: tuple = ()
        self._folded: tuple | None = None
        self.search = QgsFilterLineEdit()
        self.search.setShowSearchIcon(True)
        self.search.setPlaceholderText(tr("Search area or key"))
        self.search.setAccessibleName(tr("Search area or key"))
        self.search.textChanged.connect(self._wanted)
        self.menu = QToolButton()
        self.menu.setIcon(QgsApplication.getThemeIcon("/mActionOptions.svg"))
        self.menu.setToolTip(tr("Columns, copy and save"))
        self.menu.setAccessibleName(tr("Columns, copy and save"))
        self.menu.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu.setAutoRaise(True)
        self.uncertain = _button(tr("uncertain"), tr("Only areas whose class could be another one: fewer than 95 % of "
                                                     "the runs give it"))
        self.selected = _button(tr("selected"), tr("Only selected areas"))
        for button in (self.uncertain, self.selected):
            button.toggled.connect(self._wanted)
        self.count = QLabel()
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.search, 1)
        row.addWidget(self.count)
        row.addWidget(self.menu)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        self.setStyleSheet(_CHIPS)
        self.flow = FlowLayout()
        column.addLayout(self.flow)

    def set_rows(self, rows: Rows) -> None:
        """Offer the classes of this ranking, the unfavourable end first."""
        view = rows.view
        look = tuple((each.name, view.colours[each.value]) for each in view.class_set.classes)
        if look != self._look:
            self._look = look
            self._make_chips(rows)
        counts = view.counts()
        without = int((view.positions < 0).sum())
        for place, chip in self.chips.items():
            number = without if place == WITHOUT else counts[place]
            name = tr("without class") if place == WITHOUT else view.class_set.classes[place].name
            is_short = place != WITHOUT and len(view.class_set.classes) > MOST_NAMED
            chip.setText(str(number) if is_short else f"{name} {number}")
            chip.setAccessibleName(f"{name} {number}")
            chip.setToolTip(tr("Only areas of the class “{name}”", name=name) if place != WITHOUT
                            else tr("Only areas without a class"))
            chip.setVisible(number > 0 or place != WITHOUT or chip.isChecked())
        can = bool((~np.isnan(rows.sureness)).any())
        self.uncertain.setEnabled(can or self.uncertain.isChecked())

    def _make_chips(self, rows: Rows) -> None:
        from .rows import is_last_worst

        self.flow.clear()
        for chip in self.chips.values():
            chip.deleteLater()
        self.chips = {}
        places = list(range(len(rows.view.class_set.classes)))
        for place in (places[::-1] if is_last_worst(rows.view) else places):
            self.chips[place] = _button("", "", chip_icon(self._look[place][1]))
        self.chips[WITHOUT] = _button("", "", chip_icon(""))
        for button in (*self.chips.values(), self.uncertain, self.selected):
            self.flow.addWidget(button)
        for chip in self.chips.values():
            chip.toggled.connect(self._wanted)

    def shown(self, rows: Rows, selection) -> np.ndarray | None:
        """Return which rows are wanted, None for all."""
        wanted = np.ones(len(rows), bool)
        text = self.search.text().strip().casefold()
        if text:
            wanted &= self._find(rows, text)
        places = [place for place, chip in self.chips.items() if chip.isChecked()]
        if places:
            wanted &= np.isin(rows.view.positions, places)
        if self.uncertain.isChecked():
            wanted &= rows.uncertain
        if self.selected.isChecked():
            chosen = np.zeros(len(rows), bool)
            chosen[list(selection)] = True
            wanted &= chosen
        return None if wanted.all() else wanted

    def _find(self, rows: Rows, text: str) -> np.ndarray:
        kept = (tuple(rows.keys[:1]), tuple(rows.names[:1]), len(rows))
        if self._folded is None or self._folded[0] != kept:
            both = [f"{name}\n{key}".casefold() for name, key in zip(rows.names.tolist(), rows.keys.tolist())]
            self._folded = kept, both
        return np.fromiter((text in each for each in self._folded[1]), bool, len(rows))

    def forget(self) -> None:
        """Forget the texts that were searched: the areas are others."""
        self._folded = None

    def say(self, shown: int, all_rows: int) -> None:
        """Say how many areas are shown."""
        self.count.setText(tr("{n} areas", n=all_rows) if shown == all_rows
                           else tr("{shown} of {all}", shown=shown, all=all_rows))

    def _wanted(self, *_state) -> None:
        self.changed.emit()


def _button(text: str, tip: str, icon=None) -> QToolButton:
    button = QToolButton()
    button.setCheckable(True)
    button.setProperty("chip", True)
    button.setText(text)
    button.setToolTip(tip)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon if icon is not None
                              else Qt.ToolButtonStyle.ToolButtonTextOnly)
    button.setIconSize(QSize(12, 12))
    if icon is not None:
        button.setIcon(icon)
    button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return button


class FlowLayout(QLayout):
    """Widgets beside each other, in as many lines as they need."""

    def __init__(self, parent=None, gap: int = 4):
        super().__init__(parent)
        self.items, self.gap = [], gap

    def addItem(self, item):
        self.items.append(item)

    def clear(self) -> None:
        """Take all widgets out; they are not deleted."""
        while self.items:
            self.takeAt(0)
        self.invalidate()

    def count(self):
        return len(self.items)

    def itemAt(self, index):
        return self.items[index] if 0 <= index < len(self.items) else None

    def takeAt(self, index):
        return self.items.pop(index) if 0 <= index < len(self.items) else None

    def expandingDirections(self):
        return Qt.Orientation(0)

    def hasHeightForWidth(self):
        return True

    def heightForWidth(self, width):
        return self._lay(QRect(0, 0, width, 0), False)

    def setGeometry(self, rect):
        super().setGeometry(rect)
        self._lay(rect, True)

    def sizeHint(self):
        return self.minimumSize()

    def minimumSize(self):
        size = QSize()
        for item in self.items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        return size

    def _lay(self, rect: QRect, place: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        for item in self.items:
            if item.isEmpty():  # a hidden widget
                continue
            hint = item.sizeHint()
            if x > rect.x() and x + hint.width() > rect.right() + 1:
                x, y, line = rect.x(), y + line + self.gap, 0
            if place:
                item.setGeometry(QRect(QPoint(x, y), hint))
            x, line = x + hint.width() + self.gap, max(line, hint.height())
        return y + line - rect.y()
