"""The classes of the node looked at: a histogram whose bounds can be moved, and the table of the classes."""
from __future__ import annotations

from dataclasses import replace
from html import escape

import numpy as np
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ....bridge.legend_text import bound_decimals, number_text
from ....core.class_editing import basis_of
from ....core.messages import TeilhabeError
from ....translation import render, tr
from ..tab import Tab
from .chart import Bars, ClassHistogram
from .cross_chart import CrossBars
from .edits import ClassEdits
from .form import ClassForm
from .handles import ClassHandles
from .moving import Movement, Scale
from .names import proposed_names
from .table import COLOUR, ClassTable, Row
from .words import empty_text, fit_text, near_areas, near_text


class ClassesTab(Tab):
    """Histogram with movable bounds; see `Tab`."""

    NAME = "classes"

    def __init__(self, session, parent=None):
        super().__init__(session, parent)
        self.edits = ClassEdits(session)
        self.near: np.ndarray = np.empty(0, int)
        self.key, self.movements, self.before, self.is_writing = "", 0, {}, False
        self._build()
        self._connect()

    def title(self) -> str:
        return tr("Classes")

    # widgets ---------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.chart, self.cross_chart, self.nothing = ClassHistogram(), CrossBars(), _note()
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.handles, self.movement = ClassHandles(self.chart), Movement(self)
        self.charts = QStackedWidget()
        for each in (self.chart, self.cross_chart, self.nothing):
            self.charts.addWidget(each)
        self.fit, self.near_label, self.hint = _note(), _note(), _note()
        self.near_label.setTextFormat(Qt.TextFormat.RichText)
        self.near_label.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse
                                                | Qt.TextInteractionFlag.LinksAccessibleByKeyboard)
        self.sides = _note()
        self.sides.setTextInteractionFlags(self.near_label.textInteractionFlags())
        self.form, self.table = ClassForm(), ClassTable()
        self.table.model().change = self.change_cell
        self.offer = QWidget()
        offer = QVBoxLayout(self.offer)
        offer.setContentsMargins(0, 0, 0, 0)
        offer.addWidget(_note(tr("This index has no classes of its own and is shown in fifths. Give it classes to set "
                                 "their bounds, names and colours; moving a bound does so, too.")))
        self.give = QPushButton(tr("Give it classes"))
        offer.addWidget(self.give, 0, Qt.AlignmentFlag.AlignLeft)
        self.same, self.reset, self.take = (QPushButton(text) for text in (
            tr("Same classes for all sub-indices"), tr("Back to the recipe’s classes"), tr("Take classes away")))
        self.reset.setToolTip(tr("As the recipe was when it was opened or saved last"))
        lower = QWidget()
        column = QVBoxLayout(lower)
        column.setContentsMargins(8, 2, 8, 6)
        column.setSpacing(6)
        buttons = QHBoxLayout()
        for each in (self.reset, self.take):
            buttons.addWidget(each)
        buttons.addStretch(1)
        for each in (self.fit, self.near_label, self.hint, self.offer, self.sides, self.form, self.table,
                     self.form.snap_row):
            column.addWidget(each)
        self.hint.hide()
        column.addWidget(self.same, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(buttons)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(lower)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.addWidget(self.charts)
        self.splitter.addWidget(scroll)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setSizes([300, 330])
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        body = QVBoxLayout(self.body)
        body.setContentsMargins(0, 0, 0, 0)
        body.addWidget(self.splitter)

    def _connect(self) -> None:
        self.handles.began.connect(self._began)
        self.handles.moved.connect(lambda _place, value: self.movement.is_going and self.movement.move(value))
        self.handles.stepped.connect(lambda _place, direction, size: self._stepped(direction, size))
        self.handles.ended.connect(self._ended)
        self.handles.clicked.connect(self.select)
        self.cross_chart.picked.connect(self.select)
        self.movement.shown.connect(self._shown)
        self.movement.written.connect(self._written)
        self.form.method_chosen.connect(lambda name: self.do(self.edits.choose_method, name))
        self.form.count_chosen.connect(lambda count: self.do(self.edits.choose_count, count))
        self.form.setting_chosen.connect(lambda name, value: self.do(self.edits.choose_setting, name, value))
        self.table.colour_chosen.connect(lambda row, colour: self.do(self.edits.change_cell, row, COLOUR, colour))
        self.table.picked.connect(self._pick_class)
        self.table.model().failed.connect(self.say)
        self.near_label.linkActivated.connect(lambda _link: self.select(self.near.tolist()))
        self.sides.linkActivated.connect(self.session.look_at)
        for button, what in ((self.give, self.edits.give), (self.same, self.edits.same_for_all),
                             (self.reset, self.edits.reset), (self.take, self.edits.take)):
            button.clicked.connect(lambda _checked=False, what=what: self.do(what))
        for signal in (self.session.node_changed, self.session.opened, self.session.closed):
            signal.connect(self.leave)
        self.session.recipe_changed.connect(self._recipe_changed)

    # showing ---------------------------------------------------------------------------------------------------

    def show_result(self) -> None:
        view, spec = self.session.view(), self.edits.spec()
        is_cross = any(each.id == view.node_id for each in self.session.result.recipe.crosses)
        if spec is None and not is_cross:
            return  # the recipe, which cannot be computed at the moment, has no such index any more
        counts = view.counts()
        self.handles.names = self.session.names
        if is_cross:
            self._show_cross(view)
        else:
            self._show_scores(view, spec)
        for widget, is_there in (
                (self.form, not is_cross and not view.is_provisional), (self.form.snap_row, not is_cross),
                (self.fit, not is_cross), (self.offer, view.is_provisional), (self.sides, is_cross),
                (self.near_label, not is_cross and bool(self.near_label.text())),
                (self.same, not is_cross and not view.is_provisional and self.edits.has_sub_indices()),
                (self.reset, not is_cross), (self.take, not is_cross and not view.is_provisional)):
            widget.setVisible(is_there)
        if not is_cross:
            self.same.setEnabled(self.edits.can_same())
            self.reset.setEnabled(self.edits.can_reset())
            if not view.is_provisional:
                self.form.show_spec(spec)
        self._show_table(view, spec, counts)

    def _show_scores(self, view, spec) -> None:
        bounds = self._bounds(view)
        self.fit.setText(" ".join(filter(None, (
            fit_text(view.scores, view.positions, bounds),
            empty_text(view.counts(), [each.name for each in view.class_set.classes])))))
        self.near, distance = near_areas(view.scores, bounds)
        self.near_label.setText(near_text(self.near, distance, self.session.names) if bounds else "")
        if np.isnan(view.scores).all():
            self.nothing.setText(tr("No area has a score here."))
            self.charts.setCurrentWidget(self.nothing)
            self.chart.forget()
            return
        self.charts.setCurrentWidget(self.chart)
        if self.movement.is_going and self.movement.spec is not None:
            return  # the chart is ahead of the recipe
        self.chart.show_bars(Bars(
            view.scores, bounds, tuple(each.name for each in view.class_set.classes),
            tuple(view.colours[each.value] for each in view.class_set.classes), view.title, view.class_set.unit,
            bool(bounds)))
        self.chart.set_words(tr("Histogram of “{title}”", title=view.title), self._in_words(view))

    def _in_words(self, view) -> str:
        parts = [f"{each.name}: {count}" for each, count in zip(view.class_set.classes, view.counts())]
        return tr("Areas by class: {classes}. Tab chooses a bound, left and right move it, Esc takes it back.",
                  classes=", ".join(parts))

    def _show_cross(self, view) -> None:
        self.charts.setCurrentWidget(self.cross_chart)
        self.cross_chart.show_counts(
            [each.name for each in view.class_set.classes],
            [view.colours[each.value] for each in view.class_set.classes], view.positions, self.session.selection)
        self.cross_chart.set_words(tr("Areas by class of “{title}”", title=view.title), self._in_words(view))
        cross = next(each for each in self.session.result.recipe.crosses if each.id == view.node_id)
        titles = {node.id: node.title for index in self.session.result.recipe.indices for node in index.root.nodes()}
        self.fit.setText("")
        self.near_label.setText("")
        self.sides.setText(tr("These classes follow from those of <a href=\"{rows}\">{row_title}</a> and "
                              "<a href=\"{columns}\">{column_title}</a>; bounds are moved there.", rows=cross.rows,
                              row_title=escape(titles[cross.rows]), columns=cross.columns,
                              column_title=escape(titles[cross.columns])))

    def _show_table(self, view, spec, counts) -> None:
        multiples = spec["bounds"] if spec and spec["method"] == "sd" and not view.is_provisional else []
        total = max(sum(counts), 1)
        rows = [Row(each.value, each.name, view.colours[each.value], bool(each.color), each.lower, each.upper,
                    float(multiples[place]) if place < len(multiples) else None, counts[place], counts[place] / total)
                for place, each in enumerate(view.class_set.classes)]
        self.table.show_rows(rows, bound_decimals(view.class_set) if spec else None, not view.is_provisional,
                             spec is not None)

    def _bounds(self, view) -> tuple[float, ...]:
        return tuple(each.upper for each in view.class_set.classes if each.upper is not None)

    def show_selection(self) -> None:
        view = self.session.view()
        if self.charts.currentWidget() is self.cross_chart:
            self._show_cross(view)
        else:
            self.chart.mark(self.session.selection)

    def leave(self) -> None:
        """Let go what is being moved: something else is looked at."""
        self._let_go()
        self.say("")

    def _recipe_changed(self) -> None:
        """Let go what the keys move when somebody else changes the recipe, as undo does."""
        if not self.is_writing and self.handles.is_stepping:
            self._let_go()

    def _let_go(self) -> None:
        self.handles.dragged, self.handles.is_stepping = -1, False
        self.movement.drop()
        if self.session.history is not None:
            self.session.history.held = ""

    def say(self, text: str) -> None:
        """Say something below the chart."""
        self.hint.setText(text)
        self.hint.setVisible(bool(text))

    # bounds ----------------------------------------------------------------------------------------------------

    def _began(self, place: int) -> None:
        view, spec = self.session.view(), self.edits.spec()
        if self.session.fault is not None or spec is None:
            self.say(self.session.fault_text)
            return
        self.say("")
        if view.is_provisional:
            spec = {"method": "fixed", "bounds": [], "classes": self._five_classes(view)}
            spec["bounds"] = [float(f"{each:.3g}") for each in self._bounds(view)]
            if len(set(spec["bounds"])) < len(spec["bounds"]) or len(spec["bounds"]) < 4:
                self.say(tr("The fifths share bounds because many scores are equal. Give the index classes first."))
                return
        self.movements += 1
        self.before = self.session.document
        self.key = f"bound:{self.edits.node}:{self.movements}"
        self.session.history.held = self.key
        self.movement.begin(place, Scale(spec, basis_of(self.edits.scores(), spec), self.form.snap.currentData()))

    def _five_classes(self, view) -> list[dict]:
        names = proposed_names(len(view.class_set.classes), view.high_first,
                               self.session.document.get("language") or "de")
        return [{"value": number, "name": name} for number, name in enumerate(names, 1)]

    def _stepped(self, direction: int, size: int) -> None:
        if self.movement.is_going:
            self.movement.step(direction, size)

    def _shown(self, bounds) -> None:
        self.chart.show_bounds(bounds)
        self.handles.tell()
        model = self.table.model()
        counts = self.chart.bars.counts()
        if len(counts) == len(model.rows):
            ends = [None, *bounds, None]
            total = max(sum(counts), 1)
            model.show([replace(row, lower=ends[place] if place < len(ends) - 1 else None,
                                upper=ends[place + 1] if place < len(ends) - 1 else None,
                                count=counts[place], share=counts[place] / total)
                        for place, row in enumerate(model.rows)], model.decimals, model.can_edit, model.can_bound)

    def _written(self, spec: dict) -> None:
        self.is_writing = True
        try:
            self._write(spec)
        finally:
            self.is_writing = False

    def _write(self, spec: dict) -> None:
        start, was_provisional = self.movement.scale.spec, self.session.view().is_provisional
        if spec is start:  # taken back
            self.session.edit(tr("Class bound moved"), self.before, self.key)
            self.say("")
            return
        self.edits.write(spec, tr("Class bound moved"), self.key)
        if spec["method"] == "sd":
            self.say(tr("The bound stays a multiple of the standard deviation: {multiple}.",
                        multiple=number_text(spec["bounds"][self.movement.place])))
        elif was_provisional:
            self.say(tr("The index has classes of its own now."))
        elif start["method"] != spec["method"]:
            self.say(tr("A bound was moved by hand: the method is “Fixed bounds” now."))

    def _ended(self, is_kept: bool) -> None:
        if self.movement.is_going:
            self.movement.end(is_kept)
            self._let_go()
            if not is_kept:
                self.say("")
            self.outdate()

    # doing -----------------------------------------------------------------------------------------------------

    def do(self, what, *arguments) -> None:
        """Change something; say below the chart why where it is impossible."""
        self.handles.end()
        try:
            self.say("")
            what(*arguments)
        except TeilhabeError as error:
            self.say(render(error.message))

    def change_cell(self, row: int, column: int, value) -> None:
        """Carry out what was typed into the table; see `ClassEdits.change_cell`."""
        self.handles.end()
        before = self.edits.spec()
        self.edits.change_cell(row, column, value)
        after = self.edits.spec()
        self.say(tr("A bound was moved by hand: the method is “Fixed bounds” now.")
                 if before and before["method"] != after["method"] else "")

    def select(self, rows, is_added: bool = False) -> None:
        """Select areas everywhere."""
        self.session.select({*self.session.selection, *rows} if is_added else rows)

    def _pick_class(self, place: int, is_added: bool) -> None:
        self.select(np.flatnonzero(self.session.view().positions == place).tolist(), is_added)

    # state -----------------------------------------------------------------------------------------------------

    def state(self) -> dict:
        return {"snap": self.form.snap.currentData(), "sizes": self.splitter.sizes()}

    def restore(self, state: dict) -> None:
        self.form.snap.setCurrentIndex(max(self.form.snap.findData(state.get("snap")), 0))
        sizes = state.get("sizes")
        if isinstance(sizes, list) and len(sizes) == 2 and all(isinstance(each, int) for each in sizes) and sum(sizes):
            self.splitter.setSizes(sizes)


def _note(text: str = "") -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    return label
