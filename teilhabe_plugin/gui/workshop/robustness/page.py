"""What the full runs gave, on one page: in words, as charts, and as a list of areas that could change class."""
from __future__ import annotations

import numpy as np
from qgis.PyQt.QtCore import QItemSelection, QItemSelectionModel, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ....core.robustness import CERTAIN
from ....core.robustness_notes import SOURCE_TITLES
from ....translation import tr, translate
from ..ranking.delegate import chip_icon
from .charts import IntervalChart, ShareChart, SourceChart
from .layers import LayerResult
from .words import made, of_area, percent, summary

_ROW = Qt.ItemDataRole.UserRole
#: lines that the list shows at most without scrolling
_LINES = 9


class RobustnessPage(QWidget):
    """The result of the runs.

    Signals
    -------
    chosen(rows)
        The user chose areas.
    map_wanted(bool)
        The layer is to be shown on the map, or not.
    """

    chosen = pyqtSignal(object)
    map_wanted = pyqtSignal(bool)

    def __init__(self, parent=None):
        super().__init__(parent)
        self.result: LayerResult | None = None
        self.names: list[str] = []
        self.selection: tuple[int, ...] = ()
        self._marking = False
        self.words, self.how = _text(), _text()
        self.on_map = QCheckBox(tr("Show it on the map"))
        self.on_map.setToolTip(tr("Uncertain classes are hatched; the live map comes back with the next change"))
        self.on_map.clicked.connect(self.map_wanted)
        self.intervals, self.shares, self.sources = IntervalChart(), ShareChart(), SourceChart()
        self.intervals.picked.connect(self._picked)
        self.hint = _text()
        self.sources_words = _text()
        self.flips = self._list()
        self.parts = {
            "shares": section(_heading(tr("Selected areas: classes in the runs")), self.hint, self.shares),
            "flips": section(_heading(tr("Areas that could change their class")), self.flips),
            "sources": section(_heading(tr("What moves the ranks most")), self.sources_words, self.sources),
            "intervals": section(_heading(tr("Intervals of the ranks (nine of ten runs)")), self.intervals),
        }
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(section(self.words, self.how, self.on_map))
        for name in ("shares", "flips", "sources", "intervals"):
            column.addWidget(self.parts[name])
        column.addStretch(1)

    def _list(self) -> QTreeWidget:
        found = QTreeWidget()
        found.setRootIsDecorated(False)
        found.setUniformRowHeights(True)
        found.setAlternatingRowColors(True)
        found.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        found.setHeaderLabels([tr("Area"), tr("Class"), tr("Sure"), tr("could be")])
        tips = (tr("Name of the area"), tr("Class by the recipe"), tr("Share of the runs with this class"),
                tr("Most frequent other class"))
        for section_number, tip in enumerate(tips):
            found.headerItem().setToolTip(section_number, tip)
        found.header().setStretchLastSection(False)
        found.header().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        found.header().setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        found.setAccessibleName(tr("Areas that could change their class"))
        found.itemSelectionChanged.connect(self._listed)
        return found

    # content ---------------------------------------------------------------------------------------------------

    def show_result(self, result: LayerResult, names: list[str], keys: list[str]) -> None:
        """Show a result; the same one is not drawn again."""
        if result is self.result and names is self.names:
            return
        self.result, self.names = result, names
        self.words.setText("\n".join(summary(result)))
        self.how.setText(made(result.record))
        self.intervals.show_result(result, names, keys)
        found = result.record.get("sensitivity") or {}
        has_sources = isinstance(found, dict) and bool(found.get("sources"))
        self.parts["sources"].setVisible(has_sources)
        if has_sources:
            self.sources.show_sources(found)
            self.sources_words.setText(_source_words(found))
        self._fill_list()
        self.show_selection(self.selection)

    def _fill_list(self) -> None:
        result = self.result
        self._marking = True
        self.flips.clear()
        self._marking = False
        has_classes = result.class_set is not None
        self.parts["flips"].setVisible(has_classes)
        self.parts["shares"].setVisible(has_classes)
        if not has_classes:
            return
        sure, positions = result.numbers("klasse_anteil"), result.positions
        other, names = result.texts("andere_klasse"), [each.name for each in result.class_set.classes]
        rows = np.flatnonzero((positions >= 0) & (sure < CERTAIN - 1e-12))
        icons = [chip_icon(colour) for colour in result.colours]
        items = []
        for row in rows[np.argsort(sure[rows], kind="stable")].tolist():
            item = QTreeWidgetItem([self.names[row], names[positions[row]], percent(sure[row]), other[row] or ""])
            item.setIcon(1, icons[positions[row]])
            if other[row] in names:
                item.setIcon(3, icons[names.index(other[row])])
            item.setTextAlignment(2, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter))
            item.setData(0, _ROW, row)
            for number in range(4):
                item.setToolTip(number, of_area(result, row, self.names[row]))
            items.append(item)
        self.flips.addTopLevelItems(items)
        self.parts["flips"].setVisible(bool(items))
        if items:
            line, head = self.flips.sizeHintForRow(0), self.flips.header().sizeHint().height()
            self.flips.setFixedHeight(line * min(len(items), _LINES) + head + 2 * self.flips.frameWidth())

    # selection -------------------------------------------------------------------------------------------------

    def show_selection(self, rows) -> None:
        """Mark the selected areas in every chart."""
        self.selection = tuple(rows)
        if self.result is None:
            return
        self.intervals.select(self.selection)
        self._mark_list()
        if self.result.class_set is None:
            return
        shares = self.result.shares
        shown = [row for row in self.selection if not np.isnan(shares[row]).all()]
        self.shares.setVisible(bool(shown))
        if not self.selection:
            self.hint.setText(tr("Select an area on the map, in the ranking or below."))
        elif len(self.selection) == 1:
            self.hint.setText(of_area(self.result, self.selection[0], self.names[self.selection[0]]))
        elif len(shown) > self.shares.MOST:
            self.hint.setText(tr("The first {shown} of {all} selected areas", shown=self.shares.MOST, all=len(shown)))
        else:
            self.hint.setText("")
        self.hint.setVisible(bool(self.hint.text()))
        if shown:
            self.shares.show_areas(self.result, shown, self.names)

    def _mark_list(self) -> None:
        self._marking = True
        chosen, wanted, first = set(self.selection), QItemSelection(), None
        for number in range(self.flips.topLevelItemCount()):
            item = self.flips.topLevelItem(number)
            if item.data(0, _ROW) in chosen:
                first = first or item
                index = self.flips.indexFromItem(item)
                wanted.select(index, index)
        flags = QItemSelectionModel.SelectionFlag
        self.flips.selectionModel().select(wanted, flags.ClearAndSelect | flags.Rows)
        if first is not None:
            self.flips.scrollToItem(first)
        self._marking = False

    def _listed(self) -> None:
        if not self._marking:
            self.chosen.emit([item.data(0, _ROW) for item in self.flips.selectedItems()])

    def _picked(self, what) -> None:
        row, more = what
        self.chosen.emit(sorted(set(self.selection) ^ {row}) if more else [row])


def section(*widgets) -> QWidget:
    """Return widgets one below the other, to show and hide together."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(3)
    for widget in widgets:
        column.addWidget(widget)
    return holder


def _source_words(found: dict) -> str:
    best = max(range(len(found["total"])), key=lambda k: found["total"][k])
    title = translate(SOURCE_TITLES.get(found["sources"][best], found["sources"][best]))
    if found.get("area"):
        return tr("The rank of the area {key} depends most on: {source}. Dark: by itself; light: together with others.",
                  key=found["area"], source=title)
    return tr("The ranks depend most on: {source}. Dark: by itself; light: together with others.", source=title)


def _heading(text: str) -> QLabel:
    label = _text(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label


def _text(text: str = "") -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
