"""Form: all fields of one indicator, checked while they are typed."""
from __future__ import annotations

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QFrame, QGridLayout, QGroupBox, QLabel, QScrollArea, QVBoxLayout, QWidget

from ...translation import tr
from . import words
from .fields import ChoiceField, LineField, TextField
from .place import INDICATORS, Where

NUMBERS = ("factor", "pool_years", "minimum_denominator")
LINES = {"question": 2, "numerator": 2, "denominator": 2, "statement": 3, "source": 2, "note": 3}
CHOICES = ("kind", "high_is", "pool", "data", "status")
#: so many letters wide are the labels; longer ones have two lines
LABEL_LETTERS = 14
#: share of the screen that the form takes at most where letters are large
WIDEST = 0.6
OFFERED = ("unit", "department", "reference_date", "version")


def groups() -> tuple:
    """Return title and rows of every group; a row has one field or two beside each other."""
    return (
        (tr("Indicator"), (("number", "dimension"), ("name",), ("question",))),
        (tr("Calculation"), (("kind", "factor"), ("numerator",), ("denominator",), ("unit", "high_is"))),
        (tr("Interpretation"), (("statement",),)),
        (tr("Data"), (("source",), ("reference_date", "department"), ("data", "minimum_denominator"),
                      ("pool_years", "pool"))),
        (tr("State of the definition"), (("status", "version"), ("note",))),
    )


class IndicatorForm(QWidget):
    """Shows the indicator at a position of the session's catalogue; every keystroke is an edit.

    Signals
    -------
    number_asked : a link to another indicator was clicked
    """

    number_asked = pyqtSignal(str)

    def __init__(self, session, recipes, parent=None):
        super().__init__(parent)
        self.session, self.recipes, self.position = session, recipes, -1
        self.fields: dict = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.sheet = QWidget()
        self.area.setWidget(self.sheet)
        column.addWidget(self.area, 1)
        sheet = QVBoxLayout(self.sheet)
        sheet.setContentsMargins(0, 0, 6, 0)
        for title, rows in groups():
            sheet.addWidget(self._group(title, rows))
        self.used = QLabel()
        self.used.setObjectName("used")
        self.used.setWordWrap(True)
        self.used.setAccessibleName(tr("Use of the number"))
        self.used.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.used.linkActivated.connect(self.number_asked.emit)
        sheet.addWidget(self.used)
        sheet.addStretch(1)
        most = int(WIDEST * self.screen().availableSize().width())
        bar = self.area.verticalScrollBar().sizeHint().width()
        self.area.setMinimumWidth(min(self.sheet.minimumSizeHint().width() + bar, most))
        self.hint = QLabel()
        self.hint.setObjectName("hint")
        self.hint.setWordWrap(True)
        self.hint.setMinimumHeight(2 * self.hint.fontMetrics().lineSpacing() + 4)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.addWidget(self.hint)

    def _group(self, title: str, rows) -> QGroupBox:
        box = QGroupBox(title)
        grid = QGridLayout(box)
        grid.setVerticalSpacing(4)
        width = self.fontMetrics().horizontalAdvance("n" * LABEL_LETTERS)
        for j in (0, 2):  # labels of all groups are equally wide, so that fields stand in line
            grid.setColumnMinimumWidth(j, width)
        top, height = Qt.AlignmentFlag.AlignTop, self._field("number").widget.sizeHint().height()
        for i, row in enumerate(rows):
            for j, name in enumerate(row):
                field = self._field(name)
                field.label.setMinimumHeight(height)
                field.label.setFixedWidth(width)
                field.label.setWordWrap(True)
                grid.addWidget(field.label, 2 * i, 2 * j, top)
                grid.addWidget(field, 2 * i, 2 * j + 1, 1, 1 if len(row) > 1 else 3, top)
            if len(row) > 1:
                below = QVBoxLayout()
                below.setSpacing(1)
                for name in row:
                    self._field(name).complain_below(below)
                grid.addLayout(below, 2 * i + 1, 1, 1, 3)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        return box

    def _field(self, name: str):
        if name not in self.fields:
            field = self.fields[name] = self._made(name)
            field.edited.connect(lambda value, name=name: self._edited(name, value))
            field.left.connect(lambda name=name: self._left(name))
            field.entered.connect(lambda name=name: self._entered(name))
        return self.fields[name]

    def _made(self, name: str):
        what = (name, words.heading(name), words.meaning(name))
        if name == "dimension":
            return ChoiceField(*what, {"": tr("none")})
        if name in CHOICES:
            return ChoiceField(*what, words.choices(name))
        if name in LINES:
            return TextField(*what, LINES[name])
        if name in NUMBERS:
            return LineField(*what, lambda text: _typed_number(text, name), _number_shown)
        return LineField(*what, str.strip if name == "number" else str)

    # what is shown ---------------------------------------------------------------------------------------------

    def show_position(self, position: int) -> None:
        """Show another indicator (−1: none)."""
        if position != self.position:
            self.session.end_movement()
        self.position = position
        self.refresh(anew=True)

    def refresh(self, anew: bool = False) -> None:
        """Show the indicator as it is now; what is being typed is not rewritten unless ``anew``."""
        entry = self.entry()
        self.sheet.setEnabled(entry is not None)
        if entry is None:
            self._clear()
            return
        self._offer()
        for name, field in self.fields.items():
            value = getattr(entry, name)
            if anew and not (field.widget.hasFocus() and field.value() == value):
                field.show_anew(value)
            else:
                field.show_value(value)
            field.set_read_only(not self.session.can_edit)
        self.complain()

    def complain(self) -> None:
        """Say at each field what is wrong, and who refers to the number."""
        if self.entry() is None:
            return
        faults = self.session.complaints(INDICATORS, self.position)
        for name, field in self.fields.items():
            field.complain(faults.get(name, ""), self._number_warning() if name == "number" else "")
        self.used.setText(self._used_text())

    def entry(self):
        """Return the indicator that is shown, None for none."""
        if not self.session.is_open or not 0 <= self.position < len(self.session.catalogue.entries):
            return None
        return self.session.catalogue.entries[self.position]

    def go_to(self, name: str) -> None:
        """Set the focus to a field and bring it into sight."""
        field = self.fields.get(name)
        if field is not None:
            field.widget.setFocus(Qt.FocusReason.OtherFocusReason)
            self.area.ensureWidgetVisible(field, 0, 40)

    def _clear(self) -> None:
        for field in self.fields.values():
            field.complain()
            if not isinstance(field, ChoiceField):
                field.show_anew("")
        self.used.setText("")

    def _offer(self) -> None:
        from ...core.catalogue_editing import values_of

        catalogue = self.session.catalogue
        self.fields["dimension"].offer(
            {"": tr("none"), **{each.number: each.label for each in catalogue.dimensions}})
        for name in OFFERED:
            if not self.fields[name].widget.hasFocus():  # its own half-typed text is no proposal
                self.fields[name].offer(values_of(catalogue, name))

    def _number_warning(self) -> str:
        from ...core.catalogue_editing_uses import former_number, mentions, recipes_using

        former = former_number(self.session.saved, self.session.catalogue, self.position)
        if not former:
            return ""
        recipes = recipes_using(self.recipes.uses(), former)
        others = [self.session.catalogue.entries[i].number for i in mentions(self.session.catalogue, former)
                  if i != self.position]
        parts = []
        if recipes:
            parts.append(tr("Recipes refer to {number}: {recipes}. They will not find this indicator until the number "
                            "is changed there, too.", number=former, recipes=", ".join(recipes)))
        if others:
            parts.append(tr("The texts of these indicators name {number}: {others}.", number=former,
                            others=", ".join(others)))
        return " ".join(parts)

    def _used_text(self) -> str:
        from html import escape

        from ...core.catalogue_editing_uses import mentions, recipes_using

        number, catalogue = self.entry().number, self.session.catalogue
        recipes = recipes_using(self.recipes.uses(), number)
        parts = [tr("Used by: {recipes}.", recipes=escape(", ".join(recipes))) if recipes else
                 tr("No recipe known here refers to this number.")]
        others = [catalogue.entries[i] for i in mentions(catalogue, number) if i != self.position]
        if others:
            links = ", ".join(f'<a href="{escape(each.number)}">{escape(each.label)}</a>' for each in others)
            parts.append(tr("Named in the texts of: {indicators}.", indicators=links))
        return " ".join(parts)

    # what the user does ----------------------------------------------------------------------------------------

    def _edited(self, name: str, value) -> None:
        from ...core.catalogue_editing import with_entry

        entry = self.entry()
        if entry is None or getattr(entry, name) == value:
            return
        label = tr("{field} of {number}", field=words.heading(name), number=entry.number or entry.name)
        self.session.edit(label, with_entry(self.session.catalogue, self.position, **{name: value}),
                          Where(INDICATORS, self.position, name), f"{self.position}.{name}")

    def _left(self, name: str) -> None:
        self.session.end_movement()
        entry = self.entry()
        if entry is not None and name in NUMBERS:
            self.fields[name].show_anew(getattr(entry, name))
        self.hint.clear()

    def _entered(self, name: str) -> None:
        field = self.fields[name]
        self.hint.setText(tr("{field}: {meaning}", field=field.heading, meaning=field.meaning))
        self.area.ensureWidgetVisible(field, 0, 20)


def _typed_number(text: str, name: str):
    from ...core.catalogue_editing_checks import typed_number

    return typed_number(text, name, words.decimal_sign())


def _number_shown(value) -> str:
    from ...core.catalogue_editing_checks import number_shown

    return number_shown(value, words.decimal_sign())
