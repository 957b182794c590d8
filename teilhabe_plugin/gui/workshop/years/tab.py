"""The tab with the years: how areas develop, whether they drift apart, who changed class."""
from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

import numpy as np
import pandas as pd
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ....core.over_time import gap_over_time, years_in
from ....core.year_panel import incomplete_years, year_panel
from ....translation import tr
from ...background_work import Worker
from ..diagnostics.correlations import words_label
from ..diagnostics.jump import looked_at
from ..diagnostics.pages import Pages
from ..tab import Tab
from .gap import GapChart, gap_words, measures
from .lines import LinesChart
from .moves import MovesText
from .series import CLASS, SCORE, choices, series_of
from .trends import TrendsPage

#: years computed, and gaps, that are kept for undo and for switching back
KEPT = 12
OWN = "own"


class YearsTab(Tab):
    """Lines, gap, trends and moves; everything is computed in the background."""

    NAME = "years"

    def __init__(self, session, parent=None):
        super().__init__(session, parent)
        self.computing, self.gapping = Worker(), Worker()
        self.panels, self.gaps = OrderedDict(), OrderedDict()
        self.panel, self.series, self.recipe, self.key = None, None, None, ()
        self.pending: set[str] = set()
        self.basis, self.item, self.measure = "", SCORE, "streuung"
        self._build()
        self._connect()

    def _build(self) -> None:
        session = self.session
        self.items, self.bases = QComboBox(), QComboBox()
        for box, name, tip in ((self.items, tr("What is shown"), tr("Score, class or one indicator")),
                               (self.bases, tr("Measured against"), tr("What the scores of each year are measured "
                                                                      "against"))):
            box.setAccessibleName(name)
            box.setToolTip(tip)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(10)
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.chart = LinesChart(session)
        self.chart.set_words(tr("Areas over the years"))
        self.city = QCheckBox(tr("City"))
        self.city.setToolTip(tr("Mean of the areas, weighted by people where the recipe names them"))
        self.city.setChecked(True)
        self.districts = QCheckBox()
        self.words = words_label()
        self.gap, self.gap_box = GapChart(session), QComboBox()
        self.gap.set_words(tr("Gap between the areas over the years"))
        for measure, (name, _start) in measures().items():
            self.gap_box.addItem(name, measure)
        self.gap_box.setAccessibleName(tr("Measure of the gap"))
        self.gap_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.verdict, self.gap_words = words_label(), words_label()
        self.trends, self.moves = TrendsPage(session), MovesText(session)
        lines, gap = QWidget(), QWidget()
        column = _column(lines)
        row = QHBoxLayout()
        row.addWidget(self.city)
        row.addWidget(self.districts)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.chart, 1)
        column.addWidget(self.words)
        column = _column(gap)
        for widget, stretch in ((self.gap_box, 0), (self.verdict, 0), (self.gap, 1), (self.gap_words, 0)):
            column.addWidget(widget, stretch)
        self.pages = Pages([("lines", tr("Development"), lines), ("gap", tr("Gap"), gap),
                            ("trends", tr("Trends"), self.trends), ("moves", tr("Change of class"), self.moves)])
        column = QVBoxLayout(self.body)
        column.setContentsMargins(6, 6, 6, 6)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.addWidget(self.items, 3)
        row.addWidget(self.bases, 2)
        column.addLayout(row)
        column.addWidget(self.note)
        column.addWidget(self.pages, 1)

    def _connect(self) -> None:
        session = self.session
        self.items.activated.connect(lambda _row: self.choose_item(self.items.currentData()))
        self.bases.activated.connect(lambda _row: self.choose_basis(self.bases.currentData()))
        self.gap_box.activated.connect(lambda _row: self.choose_measure(self.gap_box.currentData()))
        for box in (self.city, self.districts):
            box.toggled.connect(lambda _checked: self._show_series())
        for part in (self.trends, self.moves):
            part.chosen.connect(session.select)
        self.chart.picked.connect(session.select)
        self.chart.year_wanted.connect(session.set_year)
        self.gap.picked.connect(session.set_year)
        self.chart.told.connect(self._tell)
        self.gap.told.connect(self.gap_words.setText)
        self.pages.turned.connect(lambda _name: self._fill_pages())
        for signal in (session.closed, session.opened):
            signal.connect(self._forget)
        for worker in (self.computing, self.gapping):
            self.destroyed.connect(worker.stop)

    def title(self) -> str:
        return tr("Years")

    def years(self) -> list[int]:
        """Return the years of the result's recipe that are complete."""
        return years_in(self.session.result.recipe, self.session.frame.columns)

    def needs(self) -> str:
        years = self.years()
        if not years:
            return tr("The recipe reads the same columns whatever the year is; there is nothing to show over the "
                      "years. A recipe for several years names its columns with a place for the year, such as "
                      "{example}.", example="k1_{year}")
        if len(years) < 2:
            return tr("The layer has all indicators of the recipe for {year} only. Join the tables of other years to "
                      "see a development.", year=years[0])
        return ""

    # choices ---------------------------------------------------------------------------------------------------

    def choose_item(self, item: str) -> None:
        """Show the score, the class or an indicator."""
        self.item = item
        self._show_series()

    def choose_basis(self, basis) -> None:
        """Measure against a fixed year, or each year against itself (`OWN`)."""
        self.basis = basis
        self.outdate()

    def choose_measure(self, measure: str) -> None:
        """Show another measure of the gap."""
        self.measure = measure
        self._show_gap()

    def _basis(self, recipe, years: list[int]):
        known = [OWN, *years]
        return self.basis if self.basis in known else (
            recipe.reference_year if recipe.reference_year in years else years[0])

    def _fill(self, recipe, node, years, basis) -> None:
        _fill_box(self.items, [(text, item) for item, text in choices(recipe, node)], self.item, 0)
        texts = [(tr("measured against {year}", year=year), year) for year in years]
        _fill_box(self.bases, [*texts, (tr("each year against itself"), OWN)], basis, 0)
        parent = recipe.parents[-1] if recipe.parents else None
        self.districts.setVisible(parent is not None)
        if parent is not None:
            self.districts.setText(parent.title)
            self.districts.setToolTip(tr("Means of “{title}”, weighted by people where the recipe names them",
                                         title=parent.title))

    # computing -------------------------------------------------------------------------------------------------

    def show_result(self) -> None:
        result, frame, years = self.session.result, self.session.frame, self.years()
        recipe = result.recipe
        basis = self._basis(recipe, years)
        _index, node = looked_at(self.session)
        self._fill(recipe, node, years, basis)
        key = (recipe.fingerprint, basis)
        if key in self.panels:
            self.computing.stop()
            self._arrived(key, recipe, self.panels[key], "")
            return
        self.note.setText(tr("{count} years are being computed …", count=len(years)))
        reference = None if basis == OWN else basis
        self.computing.start(
            tr("Index over the years"),
            lambda cancelled: (year_panel(recipe, frame, years, reference, cancelled=cancelled),),
            lambda found, fault: self._arrived(key, recipe, found[0] if found else None, fault))

    def _arrived(self, key, recipe, panel, fault: str) -> None:
        if panel is None:
            self.note.setText(fault)
            return
        _keep(self.panels, key, panel)
        self.panel, self.key, self.recipe = panel, key, recipe
        self._show_series()

    def _forget(self) -> None:
        self.computing.stop()
        self.gapping.stop()
        self.panels.clear()
        self.gaps.clear()
        self.panel = self.series = None

    # what is shown ---------------------------------------------------------------------------------------------

    def _show_series(self) -> None:
        if self.panel is None or self.session.result is None:
            return
        if self.recipe.fingerprint != self.session.result.recipe.fingerprint:
            return  # the recipe went on while the years were computed: those of the later one follow
        recipe, frame = self.recipe, self.session.frame
        index, node = looked_at(self.session)
        if node.id not in self.panel.scores:
            return
        parent = recipe.parents[-1] if recipe.parents and self.districts.isChecked() else None
        known = [item for item, _text in choices(recipe, node)]
        item = self.item if self.item in known else SCORE
        series = series_of(recipe, frame, self.panel, index, node, item, parent)
        if not self.city.isChecked():
            series = replace(series, city=None)
        self.series = series
        self.bases.setEnabled(item in (SCORE, CLASS))
        for box in (self.city, self.districts):
            box.setEnabled(item != CLASS)
        self.note.setText(" ".join(self._notes(recipe, frame, series)))
        self.pending = set(self.pages.names)
        self._fill_pages()

    def _fill_pages(self) -> None:
        """Draw the pages that are seen and out of date."""
        if self.series is None or self.session.result is None:
            return
        index, node = looked_at(self.session)
        for name in self.pages.shown():
            if name not in self.pending:
                continue
            self.pending.discard(name)
            if name == "lines":
                self.chart.show_series(self.series)
                self._tell("")
            elif name == "gap":
                self._show_gap()
            elif name == "trends":
                self.trends.show_series(self._numbers(index, node))
            else:
                self.moves.show_moves(self.panel, node, index.high_means == "unfavourable")

    def _numbers(self, index, node):
        """Return what is shown; the score where it is classes, which are no measure."""
        if self.series.item != CLASS:
            return self.series
        return series_of(self.recipe, self.session.frame, self.panel, index, node, SCORE)

    def _notes(self, recipe, frame, series) -> list[str]:
        if series.item not in (SCORE, CLASS):
            words = [tr("Values of the indicator as they stand in the table.")]
        elif self.panel.reference_year is None:
            words = [tr("Each year is measured against itself: what all areas have in common does not show, only how "
                        "they stand to one another.")]
        else:
            words = [tr("All years are measured against mean and spread of {year}: a trend that the whole city shares "
                        "shows.", year=self.panel.reference_year)]
        lacking = incomplete_years(recipe, frame.columns)
        more = [year for year in series.years if year not in self.panel.years]
        if more:
            words.append(tr("The index cannot be computed for {years}.", years=", ".join(map(str, more))))
        elif lacking and series.item in (SCORE, CLASS):
            words.append(tr("Not complete and left out: {years}.", years=", ".join(map(str, lacking))))
        there = ~np.isnan(series.values)
        some = int((there.any(axis=1) & ~there.all(axis=1)).sum())
        if some:
            words.append(tr("Without a value in some of the years: {count} areas.", count=some) if some > 1 else
                         tr("Without a value in some of the years: 1 area."))
        return words

    def show_selection(self) -> None:
        if self.series is not None:
            if self.chart.marked != self.session.selection:
                self.chart.redraw()
            if "trends" not in self.pending:
                self.trends.mark()

    def _tell(self, words: str) -> None:
        self.words.setText(words or tr("Click: select an area, with Ctrl several. Double click, or a click on a year: "
                                       "compute that year."))

    # the gap ---------------------------------------------------------------------------------------------------

    def _show_gap(self) -> None:
        """Draw the gap where it is seen; it is computed in the background."""
        series, session = self.series, self.session
        if series is None or "gap" not in self.pages.shown() or session.result is None:
            return
        index, node = looked_at(session)
        series = self._numbers(index, node)
        if series.item == SCORE and self.panel.reference_year is None:
            self.gapping.stop()
            self._no_gap(tr("Measured against itself, every year has the same spread. Whether the areas drift apart "
                            "shows against a fixed year: choose one above."))
            return
        key = (*self.key, node.id, series.item)
        if key in self.gaps:
            self._gap_arrived(key, series, self.gaps[key], "")
            return
        values = series.frame()
        values = values.loc[values.notna().any(axis=1), values.notna().any()]
        if values.shape[1] < 2:
            self._no_gap(tr("There are values for fewer than two years."))
            return
        self.verdict.setText(tr("The intervals are being computed …"))
        self.gapping.start(tr("Gap between the areas"),
                           lambda cancelled: (gap_over_time(values, relative=True, cancelled=cancelled),),
                           lambda found, fault: self._gap_arrived(key, series, found[0] if found else None, fault))

    def _no_gap(self, words: str) -> None:
        self.verdict.setText(words)
        self.gap_words.setText("")
        self.gap.show_gap(pd.DataFrame(columns=["jahr"]), (), "", "")

    def _gap_arrived(self, key, series, table, fault: str) -> None:
        if table is None:
            self.verdict.setText(fault)
            return
        _keep(self.gaps, key, table)
        self.gap_box.setCurrentIndex(self.gap_box.findData(self.measure))
        rows = table[table["mass"] == self.measure].reset_index(drop=True)
        both = ~np.isnan(series.values[:, [0, -1]]).any(axis=1)
        name = measures()[self.measure][0]
        if rows.empty:
            self._no_gap(tr("P90 / P10 can be given for values above 0 only, not for standardised scores."))
            return
        self.verdict.setText(gap_words(rows, self.measure, int(both.sum())))
        self.gap.show_gap(rows, series.years, name, series.unit)
        self.gap_words.setText("")

    # state -----------------------------------------------------------------------------------------------------

    def state(self) -> dict:
        return {"page": self.pages.name, "item": self.item, "basis": self.basis, "measure": self.measure,
                "city": self.city.isChecked(), "districts": self.districts.isChecked()}

    def restore(self, state: dict) -> None:
        if state.get("page") in self.pages.names:
            self.pages.turn_to(state["page"])
        if isinstance(state.get("item"), str):
            self.item = state["item"]
        if state.get("basis") == OWN or isinstance(state.get("basis"), int):
            self.basis = state["basis"]
        if state.get("measure") in measures():
            self.measure = state["measure"]
        for name, box in (("city", self.city), ("districts", self.districts)):
            if isinstance(state.get(name), bool):
                box.setChecked(state[name])


def _column(widget) -> QVBoxLayout:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    return column


def _fill_box(box: QComboBox, entries: list[tuple[str, object]], current, otherwise: int) -> None:
    if entries != [(box.itemText(row), box.itemData(row)) for row in range(box.count())]:
        box.clear()
        for text, data in entries:
            box.addItem(text, data)
    place = next((row for row, (_text, data) in enumerate(entries) if data == current), otherwise)
    box.setCurrentIndex(place)


def _keep(store: OrderedDict, key, value) -> None:
    store[key] = value
    store.move_to_end(key)
    while len(store) > KEPT:
        store.popitem(last=False)
