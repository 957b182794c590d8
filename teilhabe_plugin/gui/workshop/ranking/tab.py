"""The ranking: all areas by score, with class, interval of the rank, and what moved since the opening."""
from __future__ import annotations

import numpy as np
from qgis.core import Qgis, QgsSettings
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QAction, QActionGroup, QFileDialog, QLabel, QMenu, QVBoxLayout

from ....translation import tr
from ...errors import in_words
from ..certainty import certainty_of
from ..tab import Tab
from .columns import COLUMNS
from .export import copy, write
from .filters import RankingFilters
from .rows import Baseline, Rows, rows_of, table_of
from .view import RankingView

_FOLDER = "teilhabe/workshop/folder"


class RankingTab(Tab):
    """Table of all areas; see `Tab`."""

    NAME = "ranking"

    def __init__(self, session, parent=None):
        super().__init__(session, parent)
        self.estimator = certainty_of(session)
        self.baseline = Baseline(session)
        self.rows: Rows | None = None
        self._marking = self._own_choice = False
        self.filters, self.table = RankingFilters(), RankingView()
        self.model = self.table.model()
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.note.hide()
        column = QVBoxLayout(self.body)
        column.setContentsMargins(6, 6, 6, 6)
        column.setSpacing(5)
        column.addWidget(self.filters)
        column.addWidget(self.table, 1)
        column.addWidget(self.note)
        self.columns_menu = QMenu(tr("Columns"), self)
        self.columns_menu.aboutToShow.connect(self._fill_columns)
        self.filters.menu.setMenu(self._menu())
        self.table.horizontalHeader().customContextMenuRequested.connect(
            lambda at: self.columns_menu.popup(self.table.horizontalHeader().mapToGlobal(at)))
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(
            lambda at: self.filters.menu.menu().popup(self.table.viewport().mapToGlobal(at)))
        self.filters.changed.connect(self._filter)
        self.table.selectionModel().selectionChanged.connect(self._chosen)
        self.table.horizontalHeader().sortIndicatorChanged.connect(self._sorted)
        self.table.doubleClicked.connect(lambda _index: self.pan())
        self.table.asked.connect(self.ask_why)
        self.table.copied.connect(self.copy_rows)
        session.certainty_changed.connect(self._certainty_changed)
        session.opened.connect(self.filters.forget)

    def title(self) -> str:
        """Return the text on the tab."""
        return tr("Ranking")

    # content ---------------------------------------------------------------------------------------------------

    def show_result(self) -> None:
        """Show the ranking of what is looked at; the areas that are selected stay in sight."""
        session = self.session
        before = self._marking
        self._marking = True
        self.rows = rows_of(session, self.baseline)
        self.filters.set_rows(self.rows)
        place = self.table.verticalScrollBar().value()
        self.model.set_rows(self.rows, session.names, session.keys, self.filters.shown(self.rows, session.selection))
        self.table.set_available(self._available(), self._idle())
        self.table.verticalScrollBar().setValue(place)
        self._marking = before
        self._say()
        self.estimator.request()

    def show_selection(self) -> None:
        """Mark the selected areas and bring one of them into sight."""
        own, self._own_choice = self._own_choice, False
        if self.rows is None:
            return
        if self.filters.selected.isChecked() and not own:  # a click in the table does not take its other rows away
            self._filter()
        self._mark()
        self.table.show_marked(self.session.selection)

    def _available(self) -> list[str]:
        rows, missing = self.rows, set()
        if not rows.places:
            missing |= {"rank", "score", "interval", "moved", "data"}
        if self.session.keys is self.session.names:
            missing.add("key")
        return [name for name in COLUMNS if name not in missing]

    def _idle(self) -> list[str]:
        """Return the columns that say the same of all areas: they take no room by themselves."""
        rows = self.rows
        whole = np.isnan(rows.data) | (rows.data > 1 - 1e-9)
        return [name for name, is_idle in (
            ("moved", not np.nan_to_num(rows.moved).any()), ("class_moved", not np.nan_to_num(rows.class_moved).any()),
            ("data", bool(whole.all()))) if is_idle]

    def _say(self) -> None:
        self.filters.say(len(self.model.order), len(self.rows))
        notes = []
        if not len(self.model.order):
            notes.append(tr("No area fits the search and the filters."))
        if not self.rows.places:
            notes.append(tr("A matrix has no rank: the areas are sorted by class."))
        elif self.estimator.fault():
            notes.append(tr("No rank intervals: {reason}", reason=self.estimator.fault()))
        self.note.setText(" ".join(notes))
        self.note.setVisible(bool(notes))

    def _certainty_changed(self) -> None:
        """Show intervals that came in; what is stale is painted grey."""
        if self.rows is None or self.is_old or not self.is_shown() or self.session.view() is None:
            return
        self.rows = rows_of(self.session, self.baseline)
        self.filters.set_rows(self.rows)
        if self.filters.uncertain.isChecked() or self.model.sorted_by == "interval":
            self._refill()
        else:
            self.model.set_certainty(self.rows)
        self._say()

    # sorting and filters ---------------------------------------------------------------------------------------

    def _filter(self) -> None:
        if self.rows is not None:
            self._refill()
            self._say()

    def _refill(self) -> None:
        self._marking = True
        self.model.set_rows(self.rows, self.session.names, self.session.keys,
                            self.filters.shown(self.rows, self.session.selection))
        self._marking = False
        self._mark()

    def _sorted(self, *_order) -> None:
        self._mark()

    # selection -------------------------------------------------------------------------------------------------

    def _mark(self) -> None:
        self._marking = True
        self.table.mark(self.session.selection)
        self._marking = False

    def _chosen(self, *_change) -> None:
        if not self._marking:
            self._own_choice = True
            self.session.select(self.table.selected_rows())

    def pan(self) -> None:
        """Bring the selected areas into the map."""
        workshop = self.session.workshop
        if workshop is not None:
            workshop.preview.pan_to(self.session.selection, workshop.canvas)

    def ask_why(self) -> None:
        """Show why the area is in its class."""
        current = self.table.currentIndex()
        if current.isValid() and not self.session.selection:
            self.session.select([self.model.row_at(current.row())])
        if self.session.workshop is not None and self.session.selection:
            self.session.workshop.show_tab("why")

    # copy and save ---------------------------------------------------------------------------------------------

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addMenu(self.columns_menu)
        menu.addSeparator()
        self.copy_action = menu.addAction(tr("Copy selected rows"), self.copy_rows)
        menu.addAction(tr("Copy the whole table"), self.copy_all)
        menu.addAction(tr("Save table …"), self.save)
        menu.addSeparator()
        self.pan_action = menu.addAction(tr("Show on the map"), self.pan)
        self.why_action = menu.addAction(tr("Why is it so?"), self.ask_why)
        menu.aboutToShow.connect(self._enable)
        return menu

    def _enable(self) -> None:
        for action in (self.copy_action, self.pan_action, self.why_action):
            action.setEnabled(bool(self.session.selection))

    def copy_rows(self) -> None:
        """Copy the selected rows as a table with the columns that are shown."""
        rows = self.table.selected_rows()
        if rows:
            copy(table_of(self.rows, np.array(rows, int), self.table.columns_shown()))

    def copy_all(self) -> None:
        """Copy all rows that the filters let through, as they are sorted."""
        copy(table_of(self.rows, self.model.order, self.table.columns_shown()))

    def save(self) -> None:
        """Ask for a file and save the rows that the filters let through, with all columns."""
        settings = QgsSettings()
        path, kind = QFileDialog.getSaveFileName(self, tr("Save table"), settings.value(_FOLDER, "", type=str),
                                                 f"{tr('Excel workbook')} (*.xlsx);;{tr('CSV table')} (*.csv)")
        if not path:
            return
        if not path.lower().endswith((".xlsx", ".csv")):
            path += ".csv" if "*.csv" in kind else ".xlsx"
        try:
            write(path, table_of(self.rows, self.model.order, self._available()), self.rows.view.title)
        except OSError as error:
            self._tell(in_words(error), Qgis.MessageLevel.Critical)
            return
        self._tell(tr("{n} rows were written to {file}.", n=len(self.model.order), file=path),
                   Qgis.MessageLevel.Success)

    def _tell(self, text: str, level) -> None:
        if self.session.workshop is not None:
            self.session.workshop.tell(text, level)

    # columns and state -----------------------------------------------------------------------------------------

    def _fill_columns(self) -> None:
        self.columns_menu.clear()
        group = QActionGroup(self.columns_menu)
        group.setExclusive(False)
        automatic = QAction(tr("As many as fit"), self.columns_menu, checkable=True)
        automatic.setChecked(self.table.chosen is None)
        automatic.triggered.connect(
            lambda on: self.table.choose_columns(None if on else self.table.columns_shown()))
        self.columns_menu.addAction(automatic)
        self.columns_menu.addSeparator()
        shown = self.table.columns_shown()
        for name in self.table.available:
            action = QAction(self.model.columns[name].title, group, checkable=True)
            action.setToolTip(self.model.columns[name].tip)
            action.setChecked(name in shown)
            action.setEnabled(name != "area")
            action.setData(name)
            action.triggered.connect(lambda on, name=name: self._show_column(name, on))
            self.columns_menu.addAction(action)

    def _show_column(self, name: str, on: bool) -> None:
        shown = set(self.table.columns_shown())
        self.table.choose_columns(sorted((shown | {name}) if on else (shown - {name})))

    def state(self) -> dict:
        """Return columns and order."""
        return {"columns": self.table.chosen, "sorted_by": self.model.sorted_by, "falling": self.model.falling}

    def restore(self, state: dict) -> None:
        """Put columns and order back."""
        chosen = state.get("columns")
        self.table.choose_columns([name for name in chosen if name in COLUMNS] if isinstance(chosen, list) else None)
        if state.get("sorted_by") in COLUMNS:
            self.table.sortByColumn(COLUMNS.index(state["sorted_by"]), Qt.SortOrder.DescendingOrder
                                    if state.get("falling") else Qt.SortOrder.AscendingOrder)
