"""Tab “Columns”: what the columns mean, which are taken and what they are called."""
from __future__ import annotations

from qgis.PyQt.QtCore import QObject, QSignalBlocker, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QHeaderView, QStyledItemDelegate, QTreeWidgetItem

from ..translation import tr
from .join_choice import TableChoice

_ROLES = ("key_column", "name_column", "district_column", "indicator_column", "year_column", "unit_column",
          "value_column", "numerator_column", "denominator_column")
COLUMN, KIND, FIELD, YEAR, UNIT = range(5)
_FACTORS = ("1", "100", "1000", "10000", "100000")


class KindDelegate(QStyledItemDelegate):
    """Lets the kind of a column be chosen from a list."""

    def createEditor(self, parent, option, index):
        combo = QComboBox(parent)
        for code, title in kinds().items():
            combo.addItem(title, code)
        return combo

    def setEditorData(self, editor, index):
        editor.setCurrentIndex(editor.findText(index.data()))

    def setModelData(self, editor, model, index):
        model.setData(index, editor.currentText())


class NoDelegate(QStyledItemDelegate):
    """Keeps a column from being edited."""

    def createEditor(self, parent, option, index):
        return None


def kinds() -> dict:
    """Return the kinds of columns and what they are called."""
    from ..core.table_layout import NUMBER, TEXT

    return {NUMBER: tr("number"), TEXT: tr("text")}


class ColumnsTab(QObject):
    """Shows the layout and lets it be changed.

    Signals
    -------
    changed(TableChoice)
        The choice with the change in it; the table must be matched again.
    """

    changed = pyqtSignal(object)

    def __init__(self, form, parent=None):
        super().__init__(parent)
        self.form, self.table = form, None
        header = form.columns.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(COLUMN, QHeaderView.ResizeMode.Stretch)
        for column, width in ((KIND, 70), (FIELD, 170), (YEAR, 60), (UNIT, 80)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            form.columns.setColumnWidth(column, width)
        form.columns.setItemDelegateForColumn(COLUMN, NoDelegate(form.columns))
        form.columns.setItemDelegateForColumn(KIND, KindDelegate(form.columns))
        form.columns.itemChanged.connect(self._item_changed)
        for name in _ROLES:
            getattr(form, name).activated.connect(lambda _i, name=name: self._role_chosen(name))
        form.kind.addItem(tr("wide: one row per area"), "wide")
        form.kind.addItem(tr("long: one row per area, indicator or year"), "long")
        form.kind.activated.connect(self._kind_chosen)
        form.years.addItem(tr("all years"), "all")
        form.years.addItem(tr("latest year"), "latest")
        form.years.activated.connect(self._years_chosen)
        form.years.lineEdit().editingFinished.connect(self._years_chosen)
        form.factor.addItem(tr("automatic"), "")
        form.factor.addItems(_FACTORS)
        form.factor.activated.connect(self._factor_chosen)
        form.factor.lineEdit().editingFinished.connect(self._factor_chosen)
        indicators = form.indicators.header()
        indicators.setStretchLastSection(False)
        indicators.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, width in ((1, 100), (2, 190), (3, 90)):
            form.indicators.setColumnWidth(column, width)
        form.filter.textChanged.connect(self._filter)
        form.all_columns.clicked.connect(lambda _checked=False: self._take(True))
        form.no_column.clicked.connect(lambda _checked=False: self._take(False))

    # show ------------------------------------------------------------------------------------------------------

    def show(self, table) -> None:
        """Show a `JoinTable`, None for nothing."""
        layout = table.analysis.layout if table is not None else None
        self.table = table
        self.form.columns_tab.setEnabled(layout is not None)
        if layout is None:
            with QSignalBlocker(self.form.columns):
                self.form.columns.clear()
            self.form.fields_made.setText("")
            return
        self._show_roles(table, layout)
        self._show_columns(layout)
        self._show_fields(table.analysis)

    def _show_roles(self, table, layout) -> None:
        form, headings = self.form, list(table.analysis.table.columns)
        for name in _ROLES:
            combo, value = getattr(form, name), getattr(layout, name)
            combo.clear()
            combo.addItem(tr("(choose)") if name == "key_column" else tr("(none)"), "")
            for heading in headings:
                combo.addItem(heading, heading)
                combo.setItemData(combo.count() - 1, heading, Qt.ItemDataRole.ToolTipRole)
            combo.setCurrentIndex(max(combo.findData(value), 0))
        form.kind.setCurrentIndex(form.kind.findData(layout.kind))
        form.long_box.setVisible(layout.kind == "long")
        by_indicator = layout.kind == "long" and bool(layout.indicator_column)
        form.list_box.setVisible(not by_indicator)
        form.indicators.setVisible(by_indicator)
        shares = by_indicator and bool(layout.numerator_column) and not layout.value_column
        for widget in (form.factor, form.factor_label):
            widget.setVisible(shares)
        with QSignalBlocker(form.years), QSignalBlocker(form.years.lineEdit()):
            position = form.years.findData(table.choice.years)
            form.years.setCurrentIndex(position)
            if position < 0:
                form.years.setEditText(table.choice.years)
        with QSignalBlocker(form.factor), QSignalBlocker(form.factor.lineEdit()):
            text = f"{layout.factor:g}" if layout.factor else ""
            form.factor.setCurrentIndex(form.factor.findText(text) if text else 0)
            if text:
                form.factor.setEditText(text)

    def _show_columns(self, layout) -> None:
        from ..core.table_layout import SKIP, TEXT

        tree, titles = self.form.columns, kinds()
        position = tree.verticalScrollBar().value()
        with QSignalBlocker(tree):
            tree.clear()
            for column in layout.columns:
                shown = titles[TEXT] if column.role == TEXT else titles["number"]
                item = QTreeWidgetItem(tree, [column.column, shown, column.field, str(column.year or ""), column.unit])
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable
                              | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(COLUMN, Qt.CheckState.Unchecked if column.role == SKIP else Qt.CheckState.Checked)
                item.setToolTip(COLUMN, column.column)
                item.setData(COLUMN, Qt.ItemDataRole.UserRole, column.column)
        self._filter(self.form.filter.text())
        tree.verticalScrollBar().setValue(position)

    def _show_fields(self, analysis) -> None:
        values = [info for info in analysis.fields if info.part == "value"]
        self._show_indicators(values)
        if not values:
            self.form.fields_made.setText("")
            return
        names = ", ".join(info.name for info in values[:6]) + (" …" if len(values) > 6 else "")
        extra = len(analysis.fields) - len(values)
        text = tr("{n} fields: {names}", n=len(values), names=names) if len(values) > 1 else \
            tr("one field: {name}", name=names)
        if extra:
            text += "  ·  " + tr("and {n} fields with counts or reasons", n=extra)
        self.form.fields_made.setText(text)
        self.form.fields_made.setToolTip("\n".join(f"{info.name}: {info.alias}" for info in values[:60]))

    def _show_indicators(self, values) -> None:
        """List what a long table holds."""
        self.form.indicators.clear()
        series = {}
        for info in values:
            base = info.name[:-5] if info.year and info.name.endswith(f"_{info.year}") else info.name
            series.setdefault(base, []).append(info)
        for infos in series.values():
            years = sorted(info.year for info in infos if info.year)
            span = str(years[0]) if years else ""
            if len(years) > 1:
                span = f"{years[0]}–{years[-1]}"
            alias = infos[0].alias.rpartition(" | ")[0] or infos[0].alias
            names = infos[0].name if len(infos) == 1 else f"{infos[0].name} … {infos[-1].name}"
            item = QTreeWidgetItem(self.form.indicators, [alias, span, names, infos[0].unit])
            item.setToolTip(0, alias)
            item.setToolTip(2, names)

    # change ----------------------------------------------------------------------------------------------------

    def choice(self) -> TableChoice:
        """Return the decisions so far."""
        return self.table.choice

    def _role_chosen(self, name: str) -> None:
        self.changed.emit(self.choice().with_layout(**{name: getattr(self.form, name).currentData()}))

    def _kind_chosen(self, _position: int) -> None:
        self.changed.emit(self.choice().with_layout(kind=self.form.kind.currentData()))

    def _years_chosen(self, _position: int = 0) -> None:
        combo = self.form.years
        text = combo.currentText().strip()
        position = combo.findText(text)
        years = combo.itemData(position) if position >= 0 else text or "all"
        if self.table is not None and years != self.choice().years:
            self.changed.emit(TableChoice.from_dict({**self.choice().to_dict(), "years": years}))

    def _factor_chosen(self, _position: int = 0) -> None:
        text = self.form.factor.currentText().strip().replace(".", "").replace(",", ".")
        layout = {name: value for name, value in self.choice().layout.items() if name != "factor"} \
            if self.table is not None else {}
        try:
            if text and self.form.factor.findText(text) != 0:
                layout["factor"] = float(text)
        except ValueError:
            layout.pop("factor", None)  # “automatic”
        if self.table is not None and layout != self.choice().layout:
            self.changed.emit(TableChoice.from_dict({**self.choice().to_dict(), "layout": layout}))

    def _item_changed(self, item, column: int) -> None:
        heading = item.data(COLUMN, Qt.ItemDataRole.UserRole)
        if column in (COLUMN, KIND):
            change = {"role": self._role(item)}
        elif column == FIELD:
            change = {"field": _field_name(item.text(FIELD)) or heading}
        elif column == YEAR:
            text = item.text(YEAR).strip()
            change = {"year": int(text) if text.isdigit() and len(text) == 4 else None}
        else:
            change = {"unit": item.text(UNIT).strip()}
        self.changed.emit(self.choice().with_column(heading, **change))

    def _role(self, item) -> str:
        if item.checkState(COLUMN) != Qt.CheckState.Checked:
            return "skip"
        return next(code for code, title in kinds().items() if title == item.text(KIND))

    def _take(self, taken: bool) -> None:
        """Take all columns that the filter shows, or none of them."""
        choice, tree = self.choice(), self.form.columns
        state = Qt.CheckState.Checked if taken else Qt.CheckState.Unchecked
        with QSignalBlocker(tree):
            for item in (tree.topLevelItem(i) for i in range(tree.topLevelItemCount())):
                if not item.isHidden() and item.checkState(COLUMN) != state:
                    item.setCheckState(COLUMN, state)
                    choice = choice.with_column(item.data(COLUMN, Qt.ItemDataRole.UserRole), role=self._role(item))
        self.changed.emit(choice)

    def _filter(self, text: str) -> None:
        tree = self.form.columns
        for item in (tree.topLevelItem(i) for i in range(tree.topLevelItemCount())):
            item.setHidden(text.casefold() not in item.text(COLUMN).casefold())


def _field_name(text: str) -> str:
    """Return the text as a field name: letters, digits and underscores."""
    return "".join(letter if letter.isalnum() else "_" for letter in text.strip()).strip("_")
