"""The two forms of the properties: what can be set for an index or sub-index, and for an indicator."""
from __future__ import annotations

from qgis.PyQt.QtCore import QSignalBlocker
from qgis.PyQt.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from ....core.recipe_editing import entry_at, indicator_entry, setting_at
from ....translation import tr
from ..tree.rows import STATED, percent_text
from .rows import MethodRow, Titled
from .shares import ShareGroup
from .widgets import Choice, Number
from .words import direction_title, method_title, setting_tip, setting_title

DIRECTIONS = ("unfavourable", "favourable")


class Form(QWidget):
    """What both forms have in common: name, direction, share and rows of methods."""

    def __init__(self, session, edits, offers):
        super().__init__()
        self.session, self.edits, self.offers = session, edits, offers
        self.row = None
        self.layout_ = QVBoxLayout(self)
        self.layout_.setContentsMargins(0, 0, 0, 0)
        self.layout_.setSpacing(6)
        self.methods: dict[str, MethodRow] = {}

    def _titled(self, title: str, tip: str, widget: QWidget) -> Titled:
        row = Titled(title, tip)
        row.set_input(widget)
        self.layout_.addWidget(row)
        return row

    def _line(self, title: str, done) -> QLineEdit:
        line = QLineEdit()
        line.editingFinished.connect(lambda: self._finished(line, done))
        self._titled(title, "", line)
        return line

    def _finished(self, line: QLineEdit, done) -> None:
        if self.row is None or line.text().strip() == line.property("shown"):
            return
        if done(line.text().strip()) is False:
            line.setText(line.property("shown"))

    def _show_line(self, line: QLineEdit, text: str) -> None:
        line.setProperty("shown", text)
        if line.text().strip() != text:
            line.setText(text)

    def _end(self) -> None:
        self.name = self._line(tr("Name"), lambda text: self.edits.rename(self.row.path, text))
        self.layout_.addStretch(1)

    def _direction(self, title: str, done) -> Choice:
        choice = Choice()
        choice.fill([(value, direction_title(value)) for value in DIRECTIONS])
        choice.picked.connect(done)
        self._titled(title, "", choice)
        return choice

    def _method(self, setting: str) -> None:
        row = MethodRow(setting, self.offers)
        row.edited.connect(lambda value, name: self._edited(setting, value, name))
        self.methods[setting] = row
        self.layout_.addWidget(row)

    def _edited(self, setting: str, value, name: str) -> None:
        merge = f"{setting} {name} {self.row.path}" if name else ""
        if not self.edits.set_value(self.row.path, setting, value, merge):
            self.show_row(self.row)

    def show_row(self, row) -> None:
        """Show the settings of a row."""
        self.row = row
        self._show_line(self.name, row.title)
        for setting, widget in self.methods.items():
            widget.show_value(row.path, setting_at(self.session.document, row.path, setting))

    def look_at_data(self) -> None:
        """Grey out what the data do not allow."""
        for widget in self.methods.values():
            widget.look_at_data()

    def _share_reason(self, above) -> str:
        """Return why the shares of a node's parts cannot be set, "" where they can."""
        document = self.session.document
        method = setting_at(document, above.path, "weights")["method"]
        if method not in STATED:
            return tr("The shares follow from the weighting “{method}” of “{title}”.",
                      method=method_title("weights", method), title=above.title)
        if len(above.children) < 2:
            return tr("It is the only part.")
        return ""


class NodeForm(Form):
    """Index or sub-index."""

    def __init__(self, session, edits, offers):
        super().__init__(session, edits, offers)
        self.own = ShareGroup(edits)
        self.parts = ShareGroup(edits)
        self.layout_.addWidget(self.own)
        self.layout_.addWidget(self.parts)
        self.high_means = self._direction(tr("A high score means"),
                                          lambda value: self.edits.set_direction(self.row.path, value))
        self._method("weights")
        self._method("aggregate")
        self.minimum = Number(1, 100, 1, 5, tr(" %"))
        self.minimum_row = self._titled(setting_title("minimum_share"), setting_tip("minimum_share"), self.minimum)
        self.minimum.valueChanged.connect(
            lambda value: self._edited("minimum_share", None if value == 100 else round(value / 100, 4), "share"))
        self.minimum_row.back.connect(lambda: self._edited("minimum_share", None, ""))
        self._method("standardise")
        self._end()

    def show_row(self, row) -> None:
        super().show_row(row)
        document = self.session.document
        root = row.parent is None
        self.high_means.parentWidget().setVisible(root)
        self.high_means.show_value(entry_at(document, row.path).get("high_means", "unfavourable"))
        self.own.setVisible(not root)
        if not root:
            self.own.show_parts(row.parent, tr("Weight in “{title}”", title=row.parent.title),
                                self._share_reason(row.parent), row)
        self.parts.setVisible(bool(row.children))
        if row.children:
            self.parts.show_parts(row, tr("Weights of the parts"), self._share_reason(row))
        share = setting_at(document, row.path, "minimum_share")
        self.minimum.show_value(100 * share)
        self.minimum_row.show_deviation(share != 1, percent_text(1))


class LeafForm(Form):
    """Indicator at its place in the tree."""

    def __init__(self, session, edits, offers):
        super().__init__(session, edits, offers)
        self.own = ShareGroup(edits)
        self.layout_.addWidget(self.own)
        self.high_is = self._direction(tr("A high value is"), self._set_high)
        self.column = Choice()
        self.column.picked.connect(self._set_column)
        self._titled(tr("Column"), tr("Column of the layer that holds the values"), self.column)
        self.unit = self._line(tr("Unit"), self._set_unit)
        self._method("missing")
        self._method("treatment")
        self._method("normalise")
        self.alike = QPushButton(tr("Normalise all here alike"))
        self.alike.setToolTip(tr("Give all indicators of the same index or sub-index this normalisation"))
        self.alike.clicked.connect(lambda _checked=False: self.edits.normalise_all(self.row.path))
        self.layout_.addWidget(self.alike)
        self._end()

    @property
    def indicator(self) -> dict:
        """The indicator's own entry in the recipe."""
        return indicator_entry(self.session.document, self.row.key[1]) or {}

    def show_row(self, row) -> None:
        super().show_row(row)
        document, values = self.session.document, self.indicator
        self.own.show_parts(row.parent, tr("Weights in “{title}”", title=row.parent.title),
                            self._share_reason(row.parent), row)
        self.high_is.show_value(values.get("high_is", "unfavourable"))
        self._show_line(self.unit, values.get("unit", ""))
        self._show_columns(values.get("column") or values.get("id", ""))
        leaves = [each for each in row.parent.children if each.is_leaf]
        own = setting_at(document, row.path, "normalise")
        self.alike.setVisible(len(leaves) > 1)
        self.alike.setEnabled(any(setting_at(document, each.path, "normalise") != own for each in leaves))

    def _show_columns(self, held: str) -> None:
        found = self.offers.columns()
        entries = [(template, name if template == name else tr("{column} (each year)", column=name))
                   for template, name in found]
        if held not in dict(found):
            shown = held.replace("{year}", str(self.session.year or ""))
            there = shown in self.session.frame.columns
            entries.insert(0, (held, shown if there else tr("{column} (missing)", column=shown)))
        with QSignalBlocker(self.column):
            self.column.fill(entries)
        self.column.show_value(held)

    def _set_high(self, value: str) -> None:
        self.edits.set_of_indicator(self.row.key[1], tr("“{title}”: a high value is {direction}", title=self.row.title,
                                                        direction=direction_title(value)), high_is=value)

    def _set_unit(self, text: str) -> None:
        self.edits.set_of_indicator(self.row.key[1], tr("Unit of “{title}”", title=self.row.title), unit=text or None)

    def _set_column(self, column: str) -> None:
        self.edits.set_of_indicator(self.row.key[1], tr("Column of “{title}”", title=self.row.title), column=column)
