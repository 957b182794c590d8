"""Dialog: what a recipe says of itself and of the layer, and which areas it leaves out."""
from __future__ import annotations

import json

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ....core.messages import TeilhabeError
from ....core.recipe_editing import with_document_values
from ....core.recipe_reading import read_recipe
from ....translation import render, tr
from .rules import as_text, kinds, parents_from, rules_from, value_text

#: colour of the text of a complaint at a field
FAULT = "#b00020"


def fields() -> tuple[tuple[str, str, str], ...]:
    """Return key, label and kind (line, text, column, year, language) of what can be changed."""
    return (
        ("title", tr("Title"), "line"), ("version", tr("Version"), "line"), ("source", tr("Source"), "line"),
        ("reference_date", tr("Reference date"), "line"), ("method", tr("Method"), "text"),
        ("note", tr("Note"), "text"), ("language", tr("Language of the texts"), "language"),
        ("catalogue", tr("Catalogue"), "line"),
    )


def columns() -> tuple[tuple[str, str, str], ...]:
    """Return key, label and kind of what says where the layer has what."""
    return (
        ("area_key", tr("Area key"), "column"), ("area_name", tr("Area name"), "column"),
        ("population", tr("People"), "column"), ("year", tr("Year"), "year"),
        ("reference_year", tr("Reference year (bounds and spread are taken from it)"), "year"),
    )


class PropertiesDialog(QDialog):
    """Changes the recipe as one step; what is not valid is said at its field and cannot be taken over.

    Parameters
    ----------
    session : Session
    parent : QWidget
    """

    def __init__(self, session, parent=None):
        super().__init__(parent)
        self.session = session
        self.columns = [str(name) for name in session.frame.columns]
        self.setObjectName("teilhabeRecipeProperties")
        self.setWindowTitle(tr("Properties of the recipe"))
        self.widgets: dict[str, QWidget] = {}
        self.faults: dict[str, QLabel] = {}
        tabs = QTabWidget()
        tabs.addTab(self._page(fields()), tr("Description"))
        tabs.addTab(self._page(columns()), tr("Columns and years"))
        tabs.addTab(self._rules_page(), tr("Areas left out"))
        tabs.addTab(self._parents_page(), tr("Larger areas"))
        self.tabs = tabs
        self.complaint = QLabel()
        self.complaint.setWordWrap(True)
        self.complaint.setStyleSheet(f"color: {FAULT}")
        buttons = QDialogButtonBox()
        self.take = buttons.addButton(tr("Take over"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.take.setDefault(True)
        buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for widget in (tabs, self.complaint, buttons):
            column.addWidget(widget)
        self._fill(session.document)
        self.rules_before, self.parents_before = self._rule_rows(), self._parent_rows()
        self._listen()
        self.check()
        self.resize(700, 480)

    # widgets ---------------------------------------------------------------------------------------------------

    def _page(self, rows) -> QWidget:
        page = QWidget()
        form = QFormLayout(page)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for key, label, kind in rows:
            widget = self._widget(kind)
            widget.setObjectName(key)
            widget.setAccessibleName(label)
            words = QLabel(label)
            words.setWordWrap(True)
            words.setBuddy(widget)
            form.addRow(words, widget)
            self.widgets[key] = widget
            self.faults[key] = self._fault_line()
            form.addRow("", self.faults[key])
        return page

    def _widget(self, kind: str) -> QWidget:
        if kind == "text":
            widget = QPlainTextEdit()
            widget.setTabChangesFocus(True)
            widget.setMaximumHeight(80)
            return widget
        if kind == "language":
            widget = QComboBox()
            widget.addItem(tr("German"), "de")
            widget.addItem(tr("English"), "en")
            return widget
        if kind == "column":
            return self._columns_box()
        return QLineEdit()

    def _columns_box(self) -> QComboBox:
        widget = QComboBox()
        widget.setEditable(True)
        widget.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        widget.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        widget.setMinimumContentsLength(10)
        widget.addItems(["", *self.columns])
        return widget

    def _fault_line(self) -> QLabel:
        label = QLabel()
        label.setWordWrap(True)
        label.setStyleSheet(f"color: {FAULT}")
        label.setVisible(False)
        return label

    def _rules_page(self) -> QWidget:
        self.rules = _table([tr("Rule"), tr("Column"), tr("Value or values"), tr("Reason (in the legend)")])
        return self._table_page(self.rules, lambda: self._add_rule("minimum", "", "", ""), "exclusions",
                                tr("Left out are areas below a least number, with one of the values, or with one of "
                                   "the keys. Several values are set apart by semicolons."))

    def _parents_page(self) -> QWidget:
        self.parents = _table([tr("Name, such as district"), tr("Column with the key"), tr("Column with the name")])
        return self._table_page(self.parents, lambda: self._add_parent("", "", "", ""), "parents",
                                tr("Scores are averaged to larger areas, and single areas compared with them."))

    def _table_page(self, table: QTableWidget, add, key: str, about: str) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        words = QLabel(about)
        words.setWordWrap(True)
        self.faults[key] = self._fault_line()
        buttons = QHBoxLayout()
        more, less = QPushButton(tr("Add")), QPushButton(tr("Remove"))
        for button in (more, less):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch(1)
        more.clicked.connect(lambda _checked=False: (add(), self.check()))
        less.clicked.connect(lambda _checked=False: (_remove_chosen(table), self.check()))
        column.addWidget(words)
        column.addWidget(table, 1)
        column.addWidget(self.faults[key])
        column.addLayout(buttons)
        return page

    def _add_rule(self, kind: str, name: str, values: str, reason: str) -> None:
        row = self.rules.rowCount()
        self.rules.insertRow(row)
        box = QComboBox()
        for each, words in kinds():
            box.addItem(words, each)
        box.setCurrentIndex(box.findData(kind))
        box.currentIndexChanged.connect(lambda _position: self.check())
        self.rules.setCellWidget(row, 0, box)
        self._put_column(self.rules, row, 1, name)
        for position, text in ((2, values), (3, reason)):
            self.rules.setItem(row, position, QTableWidgetItem(text))

    def _add_parent(self, identifier: str, title: str, name: str, other: str) -> None:
        row = self.parents.rowCount()
        self.parents.insertRow(row)
        item = QTableWidgetItem(title)
        item.setData(Qt.ItemDataRole.UserRole, identifier)
        self.parents.setItem(row, 0, item)
        for position, text in ((1, name), (2, other)):
            self._put_column(self.parents, row, position, text)

    def _put_column(self, table: QTableWidget, row: int, position: int, name: str) -> None:
        box = self._columns_box()
        box.setCurrentText(name)
        box.editTextChanged.connect(lambda _text: self.check())
        table.setCellWidget(row, position, box)

    # content ---------------------------------------------------------------------------------------------------

    def _fill(self, document: dict) -> None:
        for key, widget in self.widgets.items():
            value = document.get(key)
            if key == "language":
                widget.setCurrentIndex(max(widget.findData(value or "de"), 0))
            elif isinstance(widget, QPlainTextEdit):
                widget.setPlainText(as_text(value))
            elif isinstance(widget, QComboBox):
                widget.setCurrentText(as_text(value))
            else:
                widget.setText(as_text(value))
        for rule in document.get("exclusions") or []:
            self._add_rule(rule.get("type", "minimum"), rule.get("column", ""), value_text(rule),
                           rule.get("reason", ""))
        for parent in document.get("parents") or []:
            self._add_parent(parent.get("id", ""), parent.get("title", ""), parent.get("column", ""),
                             parent.get("name_column", ""))

    def _listen(self) -> None:
        for widget in self.widgets.values():
            if isinstance(widget, QPlainTextEdit):
                widget.textChanged.connect(self.check)
            elif isinstance(widget, QComboBox):
                (widget.editTextChanged if widget.isEditable() else widget.currentIndexChanged).connect(
                    lambda _value: self.check())
            else:
                widget.textChanged.connect(lambda _text: self.check())
        for table in (self.rules, self.parents):
            table.itemChanged.connect(lambda _item: self.check())

    def _text(self, key: str) -> str:
        widget = self.widgets[key]
        if isinstance(widget, QPlainTextEdit):
            return widget.toPlainText().strip()
        return (widget.currentText() if isinstance(widget, QComboBox) else widget.text()).strip()

    def document(self) -> tuple[dict, dict[str, str]]:
        """Return the recipe as the fields say, and what is wrong with them by key."""
        faults: dict[str, str] = {}
        values = {key: self._text(key) or None for key in self.widgets if key not in ("language", "year",
                                                                                       "reference_year")}
        language = self.widgets["language"].currentData()
        values["language"] = language if "language" in self.session.document or language != "de" else None
        for key in ("year", "reference_year"):
            text = self._text(key)
            values[key] = int(text) if text.isdigit() else None
            if text and not (text.isdigit() and 1900 <= int(text) <= 2200):
                faults[key] = tr("A year from 1900 to 2200 is expected.")
        for key in ("title", "area_key"):
            if not values[key]:
                faults[key] = tr("This must not be empty.")
        for key in ("area_key", "area_name", "population"):
            if values[key] and values[key] not in self.columns:
                faults[key] = tr("The layer has no column “{column}”.", column=values[key])
        for key, rows, before, read in (("exclusions", self._rule_rows(), self.rules_before, rules_from),
                                        ("parents", self._parent_rows(), self.parents_before, parents_from)):
            found, problem = read(rows, self.columns)
            if problem:
                faults[key] = problem
            if rows != before:
                values[key] = found or None
        if faults:
            return self.session.document, faults
        return with_document_values(self.session.document, **values), faults

    def _rule_rows(self) -> list[tuple[str, str, str, str]]:
        table = self.rules
        return [(table.cellWidget(row, 0).currentData(), table.cellWidget(row, 1).currentText().strip(),
                 _cell(table, row, 2), _cell(table, row, 3)) for row in range(table.rowCount())]

    def _parent_rows(self) -> list[tuple[str, str, str, str]]:
        table = self.parents
        return [(table.item(row, 0).data(Qt.ItemDataRole.UserRole) or "", _cell(table, row, 0),
                 table.cellWidget(row, 1).currentText().strip(), table.cellWidget(row, 2).currentText().strip())
                for row in range(table.rowCount())]

    def check(self) -> None:
        """Say at each field what is wrong, and let the recipe be taken over when nothing is."""
        document, faults = self.document()
        said = ""
        if not faults:
            try:
                read_recipe(json.dumps(document), document.get("title", ""))
            except TeilhabeError as error:
                said = render(error)
        for key, label in self.faults.items():
            label.setText(faults.get(key, ""))
            label.setVisible(key in faults)
        self.complaint.setText(said or (tr("Mend the marked fields first.") if faults else ""))
        self.take.setEnabled(not faults and not said)

    def accept(self) -> None:
        document, faults = self.document()
        if not faults:
            self.session.edit(tr("properties of the recipe"), document)
            super().accept()


def _table(headings: list[str]) -> QTableWidget:
    table = QTableWidget(0, len(headings))
    table.setHorizontalHeaderLabels(headings)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.verticalHeader().setVisible(False)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    table.horizontalHeader().setStretchLastSection(True)
    table.horizontalHeader().setMinimumSectionSize(110)
    return table


def _remove_chosen(table: QTableWidget) -> None:
    rows = {index.row() for index in table.selectedIndexes()} or {table.currentRow()}
    for row in sorted(rows, reverse=True):
        if row >= 0:
            table.removeRow(row)


def _cell(table: QTableWidget, row: int, column: int) -> str:
    item = table.item(row, column)
    return item.text().strip() if item is not None else ""
