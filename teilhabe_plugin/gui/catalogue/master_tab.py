"""Tab: title, edition and publisher of the catalogue, and its dimensions."""
from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from ...translation import language, tr
from . import words
from .fields import ChoiceField, LineField, TextField
from .place import MASTER, Where
from .rows_table import Column, RowsModel, RowsTable

FIELDS = ("title", "id", "version", "date", "language", "publisher", "note")


class MasterTab(QWidget):
    """Master data on the left, dimensions on the right."""

    def __init__(self, session, parent=None):
        super().__init__(parent)
        self.session = session
        self.fields = {name: self._field(name) for name in FIELDS}
        halves = self.halves = QSplitter(Qt.Orientation.Horizontal)
        QVBoxLayout(self).addWidget(halves)
        box = QGroupBox(tr("Catalogue"))
        form = QFormLayout(box)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for field in self.fields.values():
            form.addRow(field.label, field)
        halves.addWidget(box)
        right = QGroupBox(tr("Dimensions"))
        column = QVBoxLayout(right)
        self.table = RowsTable(RowsModel(session, "dimensions", (
            Column("number", words.heading("number")), Column("title", words.words()["catalogue"]["title"])),
            lambda: session.catalogue.dimensions, self._dimension_edited, self), "dimensions", 1,
            QAbstractItemView.SelectionMode.SingleSelection)
        self.table.view.setAccessibleName(tr("Dimensions"))
        column.addWidget(self.table, 1)
        self.buttons = QHBoxLayout()
        self.add = self._button(tr("Add"), "add_dimension", self.add_dimension)
        self.remove = self._button(tr("Remove"), "remove_dimension", self.remove_dimension)
        self.up = self._button(tr("Move up"), "dimension_up", lambda: self.move(-1))
        self.down = self._button(tr("Move down"), "dimension_down", lambda: self.move(1))
        self.buttons.addStretch(1)
        column.addLayout(self.buttons)
        halves.addWidget(right)
        halves.setSizes([520, 480])
        self.table.view.selectionModel().currentRowChanged.connect(lambda *_: self._enable())

    def _field(self, name: str):
        heading, meaning = words.heading(name, "catalogue"), words.master_meaning(name)
        if name == "language":
            field = ChoiceField(name, heading, meaning, words.choices("language"))
        elif name == "note":
            field = TextField(name, heading, meaning, 5)
        elif name == "date":
            field = LineField(name, heading, meaning, read_date, shown_date)
        else:
            field = LineField(name, heading, meaning, str.strip if name == "id" else str)
        field.edited.connect(lambda value: self._edited(name, value))
        field.left.connect(lambda: self._left(name))
        return field

    def _button(self, text: str, name: str, do) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _checked=False: do())
        self.buttons.addWidget(button)
        return button

    # what is shown ---------------------------------------------------------------------------------------------

    def refresh(self, anew: bool = False) -> None:
        """Show the catalogue as it is now."""
        if not self.session.is_open:
            return
        faults = self.session.complaints("catalogue", -1)
        for name, field in self.fields.items():
            value = getattr(self.session.catalogue, name)
            field.show_anew(value) if anew else field.show_value(value)
            field.set_read_only(not self.session.can_edit)
            field.complain(faults.get(name, ""))
        self.table.refresh()
        self._enable()

    def go_to(self, where: Where) -> None:
        """Set the focus to a field or a dimension."""
        if where.position >= 0:
            self.table.choose(where.position, where.field)
        elif where.field in self.fields:
            self.fields[where.field].widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def _enable(self) -> None:
        row, able = self.table.view.currentIndex().row(), self.session.can_edit
        self.add.setEnabled(able)
        self.remove.setEnabled(able and row >= 0)
        self.up.setEnabled(able and row > 0)
        self.down.setEnabled(able and 0 <= row < self.table.model.count - 1)

    # what the user does ----------------------------------------------------------------------------------------

    def _edited(self, name: str, value) -> None:
        from ...core.catalogue_editing import with_master_data

        if getattr(self.session.catalogue, name) != value:
            self.session.edit(self.fields[name].heading, with_master_data(self.session.catalogue, **{name: value}),
                              Where(MASTER, -1, name), f"catalogue.{name}")

    def _left(self, name: str) -> None:
        self.session.end_movement()
        if name == "date" and self.session.is_open:
            self.fields[name].show_anew(self.session.catalogue.date)

    def _dimension_edited(self, row: int, field: str, value: str) -> None:
        from ...core.catalogue_editing import with_dimension

        label = tr("dimension {number}", number=self.session.catalogue.dimensions[row].number)
        self.session.edit(label, with_dimension(self.session.catalogue, row, **{field: value}),
                          Where(MASTER, row, field))

    def add_dimension(self) -> None:
        """Add a dimension and let its name be typed."""
        from ...core.catalogue_editing import dimension_added

        catalogue, row = dimension_added(self.session.catalogue)
        self.session.edit(tr("new dimension"), catalogue, Where(MASTER, row, "title"))
        self.table.choose(row, "title", edit=True)

    def remove_dimension(self) -> None:
        """Remove the chosen dimension; its indicators stay."""
        from ...core.catalogue_editing import dimension_removed

        row = self.table.view.currentIndex().row()
        if self.session.can_edit and row >= 0:
            self.session.edit(tr("dimension removed"), dimension_removed(self.session.catalogue, row),
                              Where(MASTER, row, "number"))

    def move(self, step: int) -> None:
        """Move the chosen dimension up or down."""
        from ...core.catalogue_editing import dimension_moved

        row = self.table.view.currentIndex().row()
        if self.session.can_edit and 0 <= row + step < self.table.model.count:
            self.session.edit(tr("order of the dimensions"), dimension_moved(self.session.catalogue, row, row + step),
                              Where(MASTER, row + step, "number"))
            self.table.choose(row + step)


def shown_date(text: str) -> str:
    """Return a date as the user's language writes it."""
    from ...core.catalogue_editing_checks import date_shown

    return date_shown(text, language())


def read_date(text: str) -> str:
    """Return what was typed as an ISO date, as far as it is a date."""
    from ...core.catalogue_editing_checks import typed_date

    return typed_date(text)
