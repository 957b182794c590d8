"""“Why is this area red?”: two sentences, contributions, and where each indicator stands among all areas."""
from __future__ import annotations

from qgis.core import QgsApplication
from qgis.gui import QgsCollapsibleGroupBoxBasic
from qgis.PyQt.QtCore import QEvent, Qt
from qgis.PyQt.QtGui import QKeySequence
from qgis.PyQt.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ....bridge.class_colours import ink_on
from ....core.area_pair import pair_of, pair_sentences
from ....core.messages import TeilhabeError
from ....translation import render, tr
from ..tab import Tab
from .areas import Areas
from .export import footnotes, mime_of, picture, source_line
from .strips import Strips
from .table import ID, FigureTable
from .waterfall import Waterfall

#: sections that can be folded
CONTRIBUTIONS, PLACES, FIGURES = "contributions", "places", "figures"


class WhyTab(Tab):
    """Explains the selected area, or what makes the difference between two."""

    NAME = "why"

    def __init__(self, session, parent=None):
        super().__init__(session, parent)
        self.areas = Areas(session)
        self.row, self.pair, self.before = -1, None, ()
        self._build()
        session.certainty_changed.connect(self._certainty_came)

    def title(self) -> str:
        return tr("Why?")

    # widgets ---------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        column = QVBoxLayout(self.body)
        column.setContentsMargins(6, 6, 6, 6)
        column.addLayout(self._build_heading())
        column.addLayout(self._build_choice())
        self.hint = _words(tr("Click an area on the map or in the ranking."))
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.hint, 1)
        self.worst = QPushButton(tr("Show the most unfavourable area"))
        self.worst.clicked.connect(lambda _checked=False: self.session.select(self.areas.profiles.in_rank_order()[:1]))
        column.addWidget(self.worst, 0, Qt.AlignmentFlag.AlignCenter)
        self.page = QScrollArea()
        self.page.setWidgetResizable(True)
        self.page.setFrameShape(QFrame.Shape.NoFrame)
        self.page.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.page.installEventFilter(self)
        inner = QWidget()
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(0, 0, 4, 0)
        self.sentences, self.notes = _words(""), _words("")
        self.sentences.setAccessibleName(tr("Why is this area in its class?"))
        self.notes.setAccessibleName(tr("To be known besides"))
        self.chart, self.strips, self.table = Waterfall(), Strips(), FigureTable()
        self.open_all = QToolButton()
        self.open_all.setText(tr("Show single indicators"))
        self.open_all.setCheckable(True)
        self.boxes = {
            CONTRIBUTIONS: _box(tr("What the score is made of"), self.open_all, self.chart),
            PLACES: _box(tr("Place among all areas"), self.strips),
            FIGURES: _box(tr("Figures"), self.table),
        }
        self.foot = _words("")
        for widget in (self.sentences, self.notes, *self.boxes.values(), self.foot):
            rows.addWidget(widget)
        rows.addStretch(1)
        self.page.setWidget(inner)
        column.addWidget(self.page, 1)
        column.addLayout(self._build_buttons())
        self.chart.stepped.connect(self.step)
        self.strips.stepped.connect(self.step)
        self.chart.picked.connect(self.point_at)
        self.strips.picked.connect(self.point_at)
        self.chart.opened_changed.connect(self._opened_changed)
        self.open_all.clicked.connect(lambda _checked=False: self.chart.toggle())
        self.table.currentItemChanged.connect(
            lambda item, _before: self.strips.point_at(item.data(0, ID) or "") if item is not None else None)

    def _build_heading(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.heading, self.chip = _words(""), QLabel()
        font = self.heading.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.2)
        self.heading.setFont(font)
        self.heading.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row.addWidget(self.heading, 1)
        row.addWidget(self.chip)
        self.previous = self._stepper("/mActionArrowUp.svg", tr("Next less favourable area (Alt+Up)"), "Alt+Up", -1)
        self.next = self._stepper("/mActionArrowDown.svg", tr("Next more favourable area (Alt+Down)"), "Alt+Down", 1)
        row.addWidget(self.previous)
        row.addWidget(self.next)
        return row

    def _stepper(self, icon: str, words: str, keys: str, way: int) -> QToolButton:
        button = QToolButton()
        button.setIcon(QgsApplication.getThemeIcon(icon))
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.setAutoRaise(True)
        button.setShortcut(QKeySequence(keys))
        button.clicked.connect(lambda _checked=False: self.step(way))
        return button

    def _build_choice(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.chosen = QComboBox()
        self.chosen.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.chosen.setAccessibleName(tr("Which of the selected areas is explained"))
        self.chosen.setToolTip(self.chosen.accessibleName())
        self.chosen.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.chosen.activated.connect(self._area_chosen)
        self.compare = QCheckBox(tr("&Compare the two"))
        self.compare.setChecked(True)
        self.compare.toggled.connect(lambda _on: self._draw())
        row.addWidget(self.chosen, 1)
        row.addWidget(self.compare)
        return row

    def _build_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.buttons = []
        for words, tip, do in (
                (tr("Copy as &text"), tr("Sentences and figures, with a table for word processors"), self.copy_text),
                (tr("Copy as &picture"), tr("Heading, sentences, charts and source"), self.copy_picture),
                (tr("&Save picture …"), tr("Heading, sentences, charts and source"), self.save_picture)):
            button = QPushButton(words)
            button.setToolTip(tip)
            button.clicked.connect(lambda _checked=False, do=do: do())
            row.addWidget(button)
            self.buttons.append(button)
        row.addStretch(1)
        return row

    # what is shown ---------------------------------------------------------------------------------------------

    def show_result(self) -> None:
        """Everything follows with `show_selection`."""

    def show_selection(self) -> None:
        """Explain the area that was selected last."""
        chosen = self.session.selection
        fresh = [row for row in chosen if row not in self.before]
        self.before = chosen
        if fresh:
            self.row = fresh[-1]
        elif self.row not in chosen:
            self.row = chosen[-1] if chosen else -1
        self._fill_choice(chosen)
        self._draw()
        if chosen:
            self._ask_for_certainty()

    def _fill_choice(self, chosen: tuple[int, ...]) -> None:
        self.chosen.clear()
        for row in chosen:
            name, key = self.session.names[row], self.session.keys[row]
            self.chosen.addItem(key if name == key else f"{key} {name}", row)
        self.chosen.setCurrentIndex(self.chosen.findData(self.row))
        self.chosen.setVisible(len(chosen) > 1)
        self.compare.setVisible(len(chosen) == 2)

    def _area_chosen(self, _position: int) -> None:
        self.row = self.chosen.currentData()
        self.compare.blockSignals(True)
        self.compare.setChecked(False)
        self.compare.blockSignals(False)
        self._draw()

    def _draw(self) -> None:
        has = self.row >= 0 and self.session.result is not None
        for widget in (self.hint, self.worst):
            widget.setVisible(not has)
        for widget in (self.page, self.heading, self.chip, *self.buttons):
            widget.setVisible(has)
        if not has:
            self.previous.setVisible(False)
            self.next.setVisible(False)
            return
        self.profile = self.areas.profile(self.row)
        self.pair = self._pair()
        self._show_words()
        view, other = self.session.view(), self.pair.first if self.pair is not None else None
        drawn = self.pair if self.pair is not None else self.profile
        has_steps, has_places = bool(drawn.steps), bool(self.profile.indicators)
        self.boxes[CONTRIBUTIONS].setVisible(has_steps)
        self.boxes[PLACES].setVisible(has_places)
        self.boxes[FIGURES].setVisible(has_places)
        if has_steps:
            labels = (self.pair.first.label, self.pair.second.label) if self.pair is not None else ("", "")
            if self.pair is None and self.profile.class_name:
                labels = ("", tr("This area: {name}", name=self.profile.class_name))
            self.chart.show_profile(drawn, view, *labels)
            self.chart.set_words(tr("What the score is made of"), " ".join(self._said()))
            self.chart.table = _chart_table(drawn)
            self.open_all.setVisible(bool(self.chart.can_open()))
            self._opened_changed(redraw=False)
        if has_places:
            self.strips.show_profile(self.profile, view, other)
            self.strips.set_words(tr("Place among all areas"), " ".join(self._said()))
            self.boxes[FIGURES].setTitle(tr("Figures") if self.pair is None else tr("Figures of {area}",
                                                                                    area=self.profile.label))
            self.table.fill(self.profile)
            self.table.setAccessibleDescription(" ".join(self._said()))
        self.foot.setText("\n".join([*footnotes(self.profile, self.session.result.recipe)] if has_places else []))

    def _pair(self):
        """Return what leads from the other of two selected areas to this one, None where that is not asked for."""
        chosen = self.session.selection
        if len(chosen) != 2 or not self.compare.isChecked():
            return None
        other = chosen[0] if self.row == chosen[1] else chosen[1]
        try:
            return pair_of(self.areas.profile(other), self.profile)
        except TeilhabeError:
            return None

    def _show_words(self) -> None:
        profile, view = self.profile, self.session.view()
        self.heading.setText(tr("{first} and {second}", first=self.pair.first.label, second=profile.label)
                             if self.pair is not None else profile.label)
        colour = view.colour_of(profile.row)
        self.chip.setVisible(bool(colour) and self.pair is None)
        if colour:
            self.chip.setText(profile.class_name)
            self.chip.setStyleSheet(f"background-color: {colour}; color: {ink_on(colour)}; border: 1px solid #8a949b; "
                                    "border-radius: 3px; padding: 1px 6px;")
            self.chip.setAccessibleName(tr("Class: {name}", name=profile.class_name))
        said = self._said()
        self.sentences.setText("\n".join(said))
        self.sentences.setAccessibleDescription(" ".join(said))
        more = [] if self.pair is not None else self.areas.words(profile)[1]
        self.notes.setText("\n".join(more))
        self.notes.setVisible(bool(more))
        order = self.areas.profiles.in_rank_order()
        place = order.index(profile.row)
        single = len(self.session.selection) < 2
        self.previous.setVisible(single)
        self.next.setVisible(single)
        self.previous.setEnabled(place > 0)
        self.next.setEnabled(place + 1 < len(order))

    def _said(self) -> list[str]:
        if self.pair is not None:
            return [render(each) for each in pair_sentences(self.pair)]
        return self.areas.words(self.profile)[0]

    def _opened_changed(self, redraw: bool = True) -> None:
        every = self.chart.can_open()
        self.open_all.setChecked(bool(every) and set(every) <= self.chart.opened)

    def _ask_for_certainty(self) -> None:
        from ..certainty import certainty_of

        certainty_of(self.session).request()

    def _certainty_came(self) -> None:
        if self.is_shown() and self.row >= 0 and not self.is_old and self.session.selection:
            self.profile = self.areas.profile(self.row)
            self._show_words()

    # moving ----------------------------------------------------------------------------------------------------

    def step(self, way: int) -> None:
        """Go to the next area in the order of the ranks."""
        order = self.areas.profiles.in_rank_order()
        place = order.index(self.row) + way if self.row in order else 0
        if 0 <= place < len(order):
            self.session.select([order[place]])

    def point_at(self, indicator: str) -> None:
        """Point out an indicator in the strips and in the table."""
        self.strips.point_at(indicator)
        for i in range(self.table.topLevelItemCount()):
            top = self.table.topLevelItem(i)
            for item in (top, *(top.child(j) for j in range(top.childCount()))):
                if item.data(0, ID) == indicator:
                    self.table.setCurrentItem(item)

    def eventFilter(self, watched, event):
        if watched is self.page and event.type() == QEvent.Type.KeyPress and event.key() in (
                Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.step(-1 if event.key() == Qt.Key.Key_Up else 1)
            return True
        return super().eventFilter(watched, event)

    # taking it elsewhere ---------------------------------------------------------------------------------------

    def _everything(self) -> list[str]:
        return [*self._said(), *self.notes.text().split("\n")] if self.notes.text() else self._said()

    def copy_text(self) -> None:
        """Put sentences and figures into the clipboard."""
        profiles = [self.pair.first, self.pair.second] if self.pair is not None else [self.profile]
        QApplication.clipboard().setMimeData(
            mime_of(self._heading(), self._everything(), profiles, self.session.result.recipe))

    def picture(self):
        """Return heading, sentences, charts and source as a picture."""
        recipe, drawn = self.session.result.recipe, self.pair or self.profile
        charts = []
        if drawn.steps:
            charts.append((tr("What the score is made of"), self.chart))
        if self.profile.indicators:
            charts.append((tr("Place among all areas"), self.strips))
        chip = self.session.view().colour_of(self.row) if self.pair is None else ""
        notes = [*(footnotes(self.profile, recipe) if self.profile.indicators else []), source_line(recipe)]
        return picture(self._heading(), chip, self._everything(), charts, notes, self.font())

    def _heading(self) -> str:
        title, year = self.profile.title, self.session.result.year
        return f"{self.heading.text()} – {title} {year}" if year else f"{self.heading.text()} – {title}"

    def copy_picture(self) -> None:
        """Put the picture into the clipboard."""
        QApplication.clipboard().setImage(self.picture())

    def save_picture(self, path: str = "") -> None:
        """Write the picture to a file; ask for its name where none is given."""
        if not path:
            path, _filter = QFileDialog.getSaveFileName(self, tr("Save picture"), f"{self.profile.label}.png",
                                                        tr("Pictures (*.png)"))
        if path and not self.picture().save(path if path.lower().endswith(".png") else f"{path}.png", "PNG"):
            self.session.workshop.tell(tr("“{file}” could not be written.", file=path))

    # kept ------------------------------------------------------------------------------------------------------

    def state(self) -> dict:
        return {"folded": [name for name, box in self.boxes.items() if box.isCollapsed()],
                "opened": sorted(self.chart.opened)}

    def restore(self, state: dict) -> None:
        for name, box in self.boxes.items():
            box.setCollapsed(name in state.get("folded", ()))
        self.chart.opened = {str(each) for each in state.get("opened", ())}


def _words(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse
                                  | Qt.TextInteractionFlag.TextSelectableByKeyboard)
    return label


def _box(title: str, *widgets) -> QgsCollapsibleGroupBoxBasic:
    box = QgsCollapsibleGroupBoxBasic(title)
    column = QVBoxLayout(box)
    column.setContentsMargins(6, 4, 6, 6)
    for widget in widgets:
        column.addWidget(widget)
    return box


def _chart_table(drawn):
    """Return the numbers behind the contributions."""
    import pandas as pd

    titles = {each.id: each.title for each in drawn.indicators}
    rows = []
    for step in drawn.steps:
        rows.append((step.title, "", step.contribution))
        rows += [(step.title, titles.get(name, name), value) for name, value in step.parts]
    return pd.DataFrame(rows, columns=[tr("Dimension"), tr("Indicator"), tr("Contribution")])
