"""The trend of each area as a table that can be sorted."""
from __future__ import annotations

import numpy as np
import pandas as pd
from qgis.PyQt.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QItemSelectionModel,
    Qt,
    pyqtSignal,
)
from qgis.PyQt.QtGui import QKeySequence
from qgis.PyQt.QtWidgets import QAbstractItemView, QAction, QHeaderView, QLabel, QTableView, QVBoxLayout, QWidget

from ....bridge.legend_text import number_text
from ....core.over_time import trends
from ....translation import tr
from ..diagnostics.reliability import copy_table
from .series import Series

AREA, SLOPE, INTERVAL, DIRECTION = range(4)
_ORDER = {"steigend": 2, "fallend": 0, "unverändert": 1, None: -1}


class TrendModel(QAbstractTableModel):
    """Trends of the areas that have two values or more."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self.rows, self.names, self.table = np.empty(0, int), [], pd.DataFrame()
        self.is_bad, self.digits = True, 2
        self.sorted_by = (SLOPE, Qt.SortOrder.DescendingOrder)

    def show_trends(self, names: list[str], table: pd.DataFrame, high_is_bad: bool) -> None:
        """Show trends.

        Parameters
        ----------
        names : list of str
            Of all areas.
        table : DataFrame
            `over_time.trends` of all areas.
        high_is_bad : bool
        """
        self.beginResetModel()
        self.names, self.table, self.is_bad = names, table, high_is_bad
        largest = float(np.nanmax(np.abs(table["steigung"].to_numpy(float)), initial=0))
        self.digits = 2 if largest >= 0.1 else 3
        self.rows = self._sorted(np.flatnonzero(table["steigung"].notna().to_numpy()))
        self.endResetModel()

    def _sorted(self, rows: np.ndarray) -> np.ndarray:
        column, order = self.sorted_by
        if not len(rows):
            return rows
        if column == AREA:
            keys = np.array([self.names[row].casefold() for row in rows], object)
        elif column == INTERVAL:
            keys = (self.table["obergrenze"] - self.table["untergrenze"]).to_numpy(float)[rows]
        elif column == DIRECTION:
            keys = np.array([_ORDER.get(value, -1) for value in self.table["richtung"].to_numpy()[rows]])
        else:
            keys = self.table["steigung"].to_numpy(float)[rows]
        places = np.argsort(keys, kind="stable")
        return rows[places if order == Qt.SortOrder.AscendingOrder else places[::-1]]

    def sort(self, column, order=Qt.SortOrder.AscendingOrder):
        self.layoutAboutToBeChanged.emit()
        self.sorted_by = (column, order)
        self.rows = self._sorted(self.rows)
        self.layoutChanged.emit()

    def rowCount(self, parent=None):
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent=None):
        return 0 if parent is not None and parent.isValid() else 4

    def headerData(self, section, orientation, role=Qt.ItemDataRole.DisplayRole):
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (tr("Area"), tr("per year"), tr("95 % interval"), tr("Direction"))[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return ("", tr("Slope of the straight line through all years"),
                    tr("Where the slope lies with 95 % confidence"),
                    tr("A direction is named where the interval does not hold 0"))[section]
        return None

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        row = int(self.rows[index.row()])
        if role == Qt.ItemDataRole.DisplayRole:
            return self.words(row, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return direction_words(self.table["richtung"].iloc[row], self.is_bad) if index.column() == DIRECTION \
                else self.words(row, index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in (SLOPE, INTERVAL):
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def words(self, row: int, column: int) -> str:
        """Return the text of a cell."""
        if column == AREA:
            return self.names[row]
        each = self.table.iloc[row]
        if column == SLOPE:
            return signed(each["steigung"], self.digits)
        if column == INTERVAL:
            if np.isnan(each["untergrenze"]):
                return "–"
            return tr("{low} to {high}", low=signed(each["untergrenze"], self.digits),
                      high=signed(each["obergrenze"], self.digits))
        return tr("unclear") if each["richtung"] == "unverändert" else direction_words(each["richtung"], self.is_bad)


class TrendsPage(QWidget):
    """Counts in words above, the table below.

    Signals
    -------
    chosen(list)
        Areas are to be selected.
    """

    chosen = pyqtSignal(list)

    def __init__(self, session, parent=None):
        super().__init__(parent)
        self.session = session
        self.head = QLabel()
        self.head.setWordWrap(True)
        self.model = TrendModel(self)
        self.view = QTableView()
        self.view.setModel(self.model)
        self.view.setSortingEnabled(True)
        self.view.sortByColumn(SLOPE, Qt.SortOrder.DescendingOrder)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.setAlternatingRowColors(True)
        self.view.setShowGrid(False)
        self.view.setWordWrap(False)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setDefaultSectionSize(self.view.fontMetrics().height() + 6)
        self.view.setAccessibleName(tr("Trends of the areas"))
        header = self.view.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(AREA, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.head)
        column.addWidget(self.view, 1)
        self.is_marking = False
        self.view.selectionModel().selectionChanged.connect(self._selected)
        self.model.layoutChanged.connect(self.mark)
        self.copying = QAction(tr("Copy values"), self.view)
        self.copying.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        self.copying.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.copying.triggered.connect(lambda _checked=False: copy_table(self.table()))
        self.view.addAction(self.copying)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def show_series(self, series: Series) -> None:
        """Show the trends of an item."""
        table = trends(series.frame())
        self.is_marking = True
        self.model.show_trends(self.session.names, table, series.high_is_bad)
        self.is_marking = False
        for column in (SLOPE, INTERVAL, DIRECTION):
            self.view.resizeColumnToContents(column)
        counts = table["richtung"].value_counts()
        known = int(table["richtung"].notna().sum())
        self.head.setText(tr(
            "{title}: {rising} areas rise, {falling} fall, {rest} have no clear direction.", title=series.title,
            rising=int(counts.get("steigend", 0)), falling=int(counts.get("fallend", 0)),
            rest=int(counts.get("unverändert", 0))) if known else tr(
            "{title}: for the direction of a trend at least three years are needed.", title=series.title))
        self.mark()

    def mark(self) -> None:
        """Select the rows of the selected areas."""
        places = {int(row): place for place, row in enumerate(self.model.rows)}
        chosen = QItemSelection()
        marked = sorted(places[row] for row in self.session.selection if row in places)
        for place in marked:
            chosen.select(self.model.index(place, 0), self.model.index(place, 3))
        self.is_marking = True
        self.view.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.is_marking = False
        if marked:
            self.view.scrollTo(self.model.index(marked[0], 0))

    def table(self) -> pd.DataFrame:
        """Return what is shown, in its order."""
        rows = self.model.rows
        found = self.model.table.iloc[rows]
        return pd.DataFrame({
            tr("Area key"): [self.session.keys[row] for row in rows],
            tr("Area"): [self.session.names[row] for row in rows],
            tr("Trend per year"): found["steigung"].to_numpy(),
            tr("lower limit (95 %)"): found["untergrenze"].to_numpy(),
            tr("upper limit (95 %)"): found["obergrenze"].to_numpy(),
            tr("Direction"): [direction_words(each, self.model.is_bad) for each in found["richtung"]]})

    def _selected(self, *_changes) -> None:
        if self.is_marking:
            return
        rows = self.view.selectionModel().selectedRows()
        self.chosen.emit(sorted(int(self.model.rows[each.row()]) for each in rows))


def direction_words(direction, high_is_bad: bool) -> str:
    """Return the direction of a trend and what it means."""
    if direction is None or direction != direction:
        return tr("too few years")
    if direction == "unverändert":
        return tr("no clear direction")
    up = direction == "steigend"
    if up == high_is_bad:
        return tr("▲ less favourable") if up else tr("▼ less favourable")
    return tr("▲ more favourable") if up else tr("▼ more favourable")


def signed(value: float, digits: int) -> str:
    """Return a number with its sign."""
    return f"{'+' if round(value, digits) > 0 else ''}{number_text(value, digits)}"


