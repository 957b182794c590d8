"""The first rows of a table as a model for the preview: every cell says what it will be read as."""
from __future__ import annotations

from qgis.PyQt.QtCore import QAbstractTableModel, Qt
from qgis.PyQt.QtGui import QBrush, QColor, QFont

from ..translation import render, tr, translate
from .join_numbers import plain

ROWS = 50
KEY, NAME, SIGN, WRONG, APART, LOST = "key", "name", "sign", "wrong", "apart", "lost"
#: background per kind of cell; the text on it is always dark
COLOURS = {KEY: "#cfe8ee", NAME: "#e6f3f6", SIGN: "#fff3c4", WRONG: "#f9c9c4", APART: "#e4e4e4", LOST: "#fbd9a5"}


def legend(kinds) -> str:
    """Return the meaning of the colours as rich text, for those that occur."""
    titles = {KEY: tr("area key"), NAME: tr("name, district"), SIGN: tr("sign or code"), WRONG: tr("no number"),
              APART: tr("summary row or note"), LOST: tr("row without area")}
    return " &nbsp; ".join(
        f'<span style="background-color:{COLOURS[kind]}; color:#202020">&nbsp;&nbsp;&nbsp;&nbsp;</span> {title}'
        for kind, title in titles.items() if kind in kinds)


class PreviewModel(QAbstractTableModel):
    """The first rows of a `RawTable`, marked as its analysis has it."""

    def __init__(self, analysis, parent=None):
        super().__init__(parent)
        self.table, self.layout = analysis.table, analysis.layout
        self.cells = self.table.cells.iloc[:ROWS]
        self.headings = list(self.table.columns)
        self.labels = list(self.headings)
        self.marks: dict = {}
        self.numeric = set()
        if self.layout is not None:
            self._mark_numbers()
            self._mark_columns()
            self._mark_rows(analysis.matching)

    def kinds(self) -> set:
        """Return the kinds of marks that occur."""
        return {kind for kind, _why in self.marks.values()}

    def is_key(self, column: int) -> bool:
        """Say whether a column holds the area keys."""
        return self.layout is not None and self.headings[column] == self.layout.key_column

    def rowCount(self, parent=None):
        return 0 if parent is not None and parent.isValid() else len(self.cells)

    def columnCount(self, parent=None):
        return 0 if parent is not None and parent.isValid() else len(self.headings)

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        place = (index.row(), index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_text(self.cells.iat[place])
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in self.numeric:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        kind, why = self.marks.get(place, ("", ""))
        if kind and role == Qt.ItemDataRole.BackgroundRole:
            return QBrush(QColor(COLOURS[kind]))
        if kind and role == Qt.ItemDataRole.ForegroundRole:
            return QBrush(QColor("#202020"))
        if role == Qt.ItemDataRole.ToolTipRole:
            return why or cell_text(self.cells.iat[place])
        if kind == KEY and role == Qt.ItemDataRole.FontRole:
            font = QFont()
            font.setBold(True)
            return font
        return None

    def headerData(self, section, orientation, role=Qt.ItemDataRole.DisplayRole):
        if orientation == Qt.Orientation.Vertical:
            return int(self.table.row_numbers[section]) if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.labels[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.headings[section]
        return None

    # marks -----------------------------------------------------------------------------------------------------

    def _mark_numbers(self) -> None:
        from ..core.number_forms import read_numbers
        from ..core.signs import MEANINGS, sign_of

        for heading, decimal in number_columns(self.layout).items():
            if heading not in self.headings:
                continue
            column = self.headings.index(heading)
            self.numeric.add(column)
            read = read_numbers(self.cells[heading], decimal, self.table.source.decimal or ",", self.layout.signs,
                                self.layout.codes)
            for row in read.bad:
                self.marks[row, column] = (WRONG, tr("“{value}” is not a number and not a known sign",
                                                     value=self.cells.iat[row, column]))
            for row, reason in read.reasons.items():
                self.marks[row, column] = (SIGN, reason)
            for row in range(len(self.cells)):
                cell = self.cells.iat[row, column]
                sign = sign_of(cell) if isinstance(cell, str) and (row, column) not in self.marks else ""
                if sign in MEANINGS and sign != "0":
                    self.marks[row, column] = (SIGN, translate(MEANINGS[sign]))

    def _mark_columns(self) -> None:
        layout = self.layout
        for heading, kind in ((layout.district_column, NAME), (layout.name_column, NAME), (layout.key_column, KEY)):
            if heading in self.headings:
                column = self.headings.index(heading)
                for row in range(len(self.cells)):
                    self.marks[row, column] = (kind, "")

    def _mark_rows(self, matching) -> None:
        if matching is None:
            return
        summary = {entry.row for entry in matching.summary} | set(matching.empty)
        lost = {entry.row: render(entry.why) for entry in matching.unmatched}
        for row, number in enumerate(self.table.row_numbers[:len(self.cells)]):
            if number in summary:
                for column in range(len(self.headings)):
                    self.marks[row, column] = (APART, tr("summary row or note: belongs to no area"))
            elif number in lost:
                for column, heading in enumerate(self.headings):
                    if heading in (self.layout.key_column, self.layout.name_column):
                        self.marks[row, column] = (LOST, lost[number])


def two_lines(heading: str) -> tuple[str, str]:
    """Return a heading in two lines: what it is, and the year or the lowest header line.

    Examples
    --------
    >>> two_lines("1.1 Kinder (%) | 2012"), two_lines("2.1 Familiensprache 2013"), two_lines("Gebiet")
    (('1.1 Kinder (%)', '2012'), ('2.1 Familiensprache', '2013'), ('Gebiet', ''))
    """
    first, _, second = heading.rpartition(" | ")
    if first:
        return first, second
    first, _, second = heading.rpartition(" ")
    return (first, second) if first and second.isdigit() and len(second) == 4 else (heading, "")


def number_columns(layout) -> dict:
    """Return the columns that are read as numbers, with their decimal sign where it is chosen."""
    from ..core.table_layout import LONG, NUMBER

    if layout.kind == LONG and layout.indicator_column:
        names = (layout.value_column, layout.numerator_column, layout.denominator_column)
        return {name: None for name in names if name}
    return {column.column: column.decimal for column in layout.columns if column.role == NUMBER}


def cell_text(cell) -> str:
    """Return a cell as it is shown: texts as they stand, numbers in the user's notation."""
    if isinstance(cell, str):
        return cell
    if cell is None or str(cell) in ("nan", "<NA>", "NaT"):
        return ""
    if isinstance(cell, bool) or not hasattr(cell, "__float__"):
        return str(cell)
    return plain(float(cell))
