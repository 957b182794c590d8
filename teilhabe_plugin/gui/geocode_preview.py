"""The first rows of the list before the run: as given, as read, and what the registers have for them."""
from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

from qgis.PyQt.QtCore import QAbstractTableModel, Qt
from qgis.PyQt.QtGui import QBrush, QColor

from ..translation import render, tr
from .join_grid import cell_text

#: rows shown
ROWS = 50
ROW, GIVEN, READ, FOUND, GRADE = range(5)
#: background per state of a row; the text on it is always dark
SURE, UNSURE, OPEN = "#cfe8ee", "#fff3c4", "#f9c9c4"


@dataclass(frozen=True, eq=False)
class PreviewRow:
    """A row of the list as it is shown."""

    number: int
    given: str
    read: str
    found: str = ""
    grade: int = 0
    grade_text: str = ""
    hint: str = ""


@dataclass(frozen=True, eq=False)
class Preview:
    """What the sample shows; `registers` is False while they are not read or cannot be."""

    rows: tuple = ()
    registers: bool = False
    notes: tuple = field(default_factory=tuple)

    def count(self, *grades: int) -> int:
        """Return the number of rows with one of these grades."""
        return sum(row.grade in grades for row in self.rows)


def look_up(table, columns, registers=(), synonyms=None, decisions=None, settings=None, cancelled=None) -> Preview:
    """Read the addresses of a sample and look them up, by the same functions as the run.

    Parameters
    ----------
    table : bridge.offer_lists.OfferList
        The list; its first rows are looked up.
    columns : AddressColumns
    registers : sequence of AddressRegister
        () reads the addresses only.
    synonyms, decisions, settings
        As for `core.addresses.geocoding.geocode`; None for the defaults.
    cancelled : callable, optional
    """
    from ..core.addresses.geocoding import geocode, messages_in_words
    from ..core.addresses.grades import GRADES

    frame = table.frame.iloc[:ROWS].reset_index(drop=True)
    given = [given_text(frame, columns, row) for row in range(len(frame))]
    numbers = [int(number) for number in table.rows[:len(frame)]]
    if not registers:
        from ..core.addresses.address_parsing import parse_addresses

        parsed = parse_addresses(frame, columns, None, cancelled)
        return Preview(tuple(PreviewRow(numbers[row], given[row], read_text(parsed, row))
                             for row in range(len(frame))))
    more = {"synonyms": synonyms, "decisions": decisions, "settings": settings}
    found = geocode(frame, columns, registers, cancelled=cancelled,
                    **{name: value for name, value in more.items() if value is not None})
    located = found.located
    hints = messages_in_words(located.messages, render)
    rows = [PreviewRow(numbers[row], given[row], read_text(found.parsed, row), str(located.found[row] or ""),
                       int(located.grade[row]), tr(GRADES[int(located.grade[row])][1]), str(hints[row]))
            for row in range(len(frame))]
    return Preview(tuple(rows), True, tuple(render(note) for note in found.notes))


def given_text(frame, columns, row: int) -> str:
    """Return the cells of a row that hold the address, as they stand, in one line."""
    def text(name):
        return cell_text(frame.at[row, name]).strip() if name and name in frame.columns else ""

    house = "".join(filter(None, (text(columns.number), text(columns.suffix))))
    line = " ".join(filter(None, (text(columns.address), text(columns.street), house)))
    tail = " ".join(filter(None, (text(columns.postcode), text(columns.place))))
    return ", ".join(filter(None, (line, tail, text(columns.district))))


def read_text(parsed, row: int) -> str:
    """Return how a row was read, in one line."""
    from ..core.addresses.parsed import CROSSING, EMPTY, LANDMARK, PO_BOX

    kind = int(parsed.kind[row])
    special = {EMPTY: tr("no address"), PO_BOX: tr("P.O. box"), LANDMARK: tr("a name, no address")}
    if kind in special:
        return f"({special[kind]})"
    line = str(parsed.street[row])
    if kind == CROSSING:
        line = f"{line} / {parsed.crossing[row]}"
    if parsed.number[row] >= 0:
        line = f"{line} {number_text(parsed, row)}"
    postcode = f"{parsed.postcode[row]:05d}" if parsed.postcode[row] >= 0 else ""
    return ", ".join(filter(None, (line.strip(), postcode or str(parsed.place_text[row] or ""))))


def number_text(parsed, row: int) -> str:
    """Return the house numbers of a row: “12a”, “12–14”, “9, 9a”."""
    first = f"{parsed.number[row]}{parsed.suffix[row]}"
    more = [f"{number}{suffix}" for number, suffix in parsed.more[row]]
    return "–".join([first, *more[-1:]]) if parsed.is_range[row] else ", ".join([first, *more])


class PreviewModel(QAbstractTableModel):
    """`Preview` for a table view."""

    def __init__(self, preview: Preview, parent=None):
        super().__init__(parent)
        self.preview = preview
        self.headings = [tr("Row"), tr("As given"), tr("As read"), tr("In the register"), tr("Grade")]

    def rowCount(self, parent=None):
        return 0 if parent is not None and parent.isValid() else len(self.preview.rows)

    def columnCount(self, parent=None):
        if parent is not None and parent.isValid():
            return 0
        return len(self.headings) if self.preview.registers else FOUND

    def headerData(self, section, orientation, role=Qt.ItemDataRole.DisplayRole):
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.headings[section]
        return None

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        row, column = self.preview.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return (row.number, row.given, row.read, row.found, row.grade_text)[column]
        if role == Qt.ItemDataRole.ToolTipRole:
            text = str((row.number, row.given, row.read, row.found, row.grade_text)[column])
            return "<br>".join(escape(each) for each in (text, row.hint) if each)
        if role == Qt.ItemDataRole.TextAlignmentRole and column == ROW:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if column == GRADE and row.grade and role == Qt.ItemDataRole.BackgroundRole:
            return QBrush(QColor(grade_colour(row.grade)))
        if column == GRADE and row.grade and role == Qt.ItemDataRole.ForegroundRole:
            return QBrush(QColor("#202020"))
        return None


def grade_colour(grade: int) -> str:
    """Return the background that stands for a grade: sure, unsure, for the work list."""
    from ..core.addresses.grades import INTERPOLATED, NORMALISED

    return SURE if grade <= NORMALISED else UNSURE if grade <= INTERPOLATED else OPEN


def summary(preview: Preview) -> str:
    """Return what the sample says in one line of rich text."""
    from ..core.addresses.grades import EXACT, INTERPOLATED, NORMALISED

    n = len(preview.rows)
    if not n or not preview.registers:
        return ""
    sure, between = preview.count(EXACT, NORMALISED), preview.count(INTERPOLATED)
    parts = [(SURE, tr("{n} found to the house", n=sure)), (UNSURE, tr("{n} between neighbours", n=between)),
             (OPEN, tr("{n} for the work list", n=n - sure - between))]
    marked = " &nbsp; ".join(
        f'<span style="background-color:{colour}; color:#202020">&nbsp;&nbsp;&nbsp;</span> {escape(text)}'
        for colour, text in parts if not text.startswith("0 "))
    return tr("First {n} rows:", n=n) + " &nbsp;" + marked
