"""Tab “Signs”: how each sign of the statistical offices is read in this table."""
from __future__ import annotations

from qgis.PyQt.QtCore import QObject, QSignalBlocker, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QHeaderView, QTableWidgetItem

from ..translation import tr, translate
from .join_choice import TableChoice
from .join_numbers import count, plain

SIGN, MEANING, READ_AS, REASON, FOUND = range(5)
_UNREAD = 12
_GREY = "#8a8a8a"


class SignsTab(QObject):
    """A line per sign: value or missing, reason, and how often it occurs.

    Signals
    -------
    changed(TableChoice)
        The choice with the change in it; the table must be matched again.
    """

    changed = pyqtSignal(object)

    def __init__(self, form, parent=None):
        super().__init__(parent)
        self.form, self.table = form, None
        header = form.signs.horizontalHeader()
        for column, width in ((SIGN, 70), (READ_AS, 126), (FOUND, 80)):
            form.signs.setColumnWidth(column, width)
        for column in (MEANING, REASON):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        header.sectionResized.connect(lambda _column, _old, _new: form.signs.resizeRowsToContents())
        form.signs.verticalHeader().setVisible(False)
        form.signs.setWordWrap(True)
        form.signs.itemChanged.connect(self._reason_changed)
        form.codes.editingFinished.connect(self._codes_changed)
        form.reset_signs.clicked.connect(self._reset)

    def show(self, table) -> None:
        """Show a `JoinTable`, None for nothing."""
        layout = table.analysis.layout if table is not None else None
        with QSignalBlocker(self.form.signs):
            self.form.signs.setRowCount(0)  # first: a box that goes may still report to the table it belongs to
            self.table = table
            self.form.signs_tab.setEnabled(layout is not None)
            if layout is not None:
                self._fill(layout)
        if layout is not None:
            self._show_codes(layout)
        chosen = self.table.choice.layout if self.table is not None else {}
        self.form.reset_signs.setEnabled("signs" in chosen or "codes" in chosen)

    def readings(self, layout) -> list:
        """Return (reading, meaning, number found) of every sign, those that occur first."""
        from ..core.signs import MEANINGS, with_defaults

        counts = self._counts()
        unread = dict(list(self.table.analysis.unread.items())[:_UNREAD])
        lines = []
        for reading in with_defaults(layout.signs):
            meaning = translate(MEANINGS[reading.sign]) if reading.sign in MEANINGS else tr("own sign of this table")
            lines.append((reading, meaning, counts.get(reading.sign, 0)))
        lines.sort(key=lambda line: not line[2])
        for text, number in unread.items():
            lines.insert(0, (text, tr("text in a number column"), number))
        return lines

    def _counts(self) -> dict:
        report = self.table.analysis.report
        return {sign: number for sign, number, _reading in report.signs} if report is not None else {}

    def _fill(self, layout) -> None:
        lines = self.readings(layout)
        self.form.signs.setRowCount(len(lines))
        for row, (reading, meaning, number) in enumerate(lines):
            unread = isinstance(reading, str)
            sign = reading if unread else reading.sign
            self._put(row, SIGN, sign, shown="( )" if sign == "()" else sign)
            self._put(row, MEANING, meaning)
            self._put(row, REASON, "" if unread else reading.reason, editable=not unread)
            found = self._put(row, FOUND, count(number) if number else "–")
            found.setTextAlignment(int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter))
            if sign == "()":
                self._put(row, READ_AS, tr("its number"))
            else:
                # the item behind the box keeps the row's height
                self._put(row, READ_AS, "")
                self.form.signs.setCellWidget(row, READ_AS, self._value_box(sign, None if unread else reading))
        self.form.signs.resizeRowsToContents()

    def _put(self, row: int, column: int, text: str, editable: bool = False, shown: str = "") -> QTableWidgetItem:
        item = QTableWidgetItem(shown or text)
        item.setData(Qt.ItemDataRole.UserRole, text)
        item.setToolTip(text)
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        item.setFlags(flags | Qt.ItemFlag.ItemIsEditable if editable else flags)
        self.form.signs.setItem(row, column, item)
        return item

    def _value_box(self, sign: str, reading) -> QComboBox:
        box = QComboBox()
        box.setEditable(True)
        box.setFrame(False)
        box.setAccessibleName(tr("Reading of {sign}", sign=sign))
        box.addItem(tr("missing"), None)
        box.addItem("0", 0.0)
        if reading is None:
            box.insertItem(0, tr("not read"), "")
            box.setCurrentIndex(0)
        elif reading.value is None:
            box.setCurrentIndex(0)
        else:
            box.setEditText(plain(reading.value))
        box.activated.connect(lambda _i: self._value_changed(sign, box))
        box.lineEdit().editingFinished.connect(lambda: self._value_changed(sign, box))
        return box

    def _show_codes(self, layout) -> None:
        counts = self._counts()
        with QSignalBlocker(self.form.codes):
            self.form.codes.setText("; ".join(f"{code:g}" for code in layout.codes))
        number = sum(counts.get(f"{code:g}", 0) for code in layout.codes)
        self.form.codes_found.setText(tr("{n} found", n=count(number)) if number else "")

    # change ----------------------------------------------------------------------------------------------------

    def _value_changed(self, sign: str, box: QComboBox) -> None:
        position = box.findText(box.currentText().strip())
        value = box.itemData(position) if position >= 0 else _number(box.currentText())
        if position < 0 and value is None:
            box.setCurrentIndex(0)
        elif value != "":
            self._read(sign, value=value)

    def _reason_changed(self, item) -> None:
        if item.column() == REASON:
            sign = self.form.signs.item(item.row(), SIGN).data(Qt.ItemDataRole.UserRole)
            self._read(sign, reason=item.text().strip())

    def _read(self, sign: str, **change) -> None:
        """Take another reading of a sign into the choice."""
        from ..core.signs import SignReading, with_defaults

        now = {reading.sign: reading for reading in with_defaults(self.table.analysis.layout.signs)}
        before = now.get(sign)
        reading = {**(before or SignReading(sign, None, tr("missing"))).to_dict(), **change}
        if before is not None and reading == before.to_dict():
            return
        chosen = {entry["sign"]: entry for entry in self.table.choice.layout.get("signs", [])}
        chosen[sign] = reading
        self.changed.emit(self.table.choice.with_layout(signs=list(chosen.values())))

    def _codes_changed(self) -> None:
        if self.table is None or self.table.analysis.layout is None:
            return
        codes = [_number(part) for part in self.form.codes.text().replace(" ", "").split(";") if part]
        if None in codes:
            self._show_codes(self.table.analysis.layout)
        elif tuple(codes) != tuple(self.table.analysis.layout.codes):
            self.changed.emit(self.table.choice.with_layout(codes=codes))

    def _reset(self, _checked: bool = False) -> None:
        layout = {name: value for name, value in self.table.choice.layout.items() if name not in ("signs", "codes")}
        self.changed.emit(TableChoice.from_dict({**self.table.choice.to_dict(), "layout": layout}))


def _number(text: str):
    """Return a number as the user writes it, None when it is none."""
    try:
        return float(text.strip().replace("−", "-").replace("–", "-").replace(",", "."))
    except ValueError:
        return None
