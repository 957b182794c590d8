"""Rows of an Excel workbook (XLSX, XLSM), read as stored values."""

from __future__ import annotations

import datetime
import zipfile
import zlib
from dataclasses import dataclass

from .messages import Cancelled, TeilhabeError, mark

_PERCENT_SAMPLE = 200
_CANCEL_EVERY = 2000
_YEARS = range(1900, 2101)
#: stands in the cell of a formula without a stored result; it is read as the error value of a spreadsheet
NO_RESULT = "#?"
_OLE_HEADER = b"\xd0\xcf\x11\xe0"
#: what openpyxl and the zip and XML readers below it raise for files that are no workbook, or a damaged one
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    OSError,
    RuntimeError,
)


@dataclass(frozen=True)
class SheetRows:
    """Cells of one sheet with the row numbers of the sheet.

    `percent` are the positions of columns that are formatted as percent throughout: their cells stand as the sheet
    stores them (0.123 for 12.3 %). In the columns `mixed`, where only some cells are, those cells are 12.3 already.
    """

    sheet: str
    rows: list
    numbers: list
    percent: frozenset
    complete: bool
    mixed: frozenset = frozenset()


def open_workbook(path, file):
    """Open the workbook for reading; every failure is a message that says what to do."""
    with open(path, "rb") as stream:
        start = stream.read(4)
    if start == _OLE_HEADER:
        raise TeilhabeError(
            mark(
                "{file} is protected by a password or is an old Excel file. "
                "Open it in Excel or LibreOffice, remove the password and save it as XLSX."
            ),
            file=file,
        )
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        return load_workbook(path, read_only=True, data_only=True)
    except PermissionError:
        raise
    except (*_DAMAGED, InvalidFileException) as error:
        raise TeilhabeError(
            mark(
                "{file} cannot be read as an Excel workbook; it may be damaged. "
                "Open it in Excel or LibreOffice and save it again as XLSX."
            ),
            file=file,
        ) from error


def sheet_names(book):
    """Sheets that hold cells (chart sheets do not); hidden ones last."""
    return tuple(sheet.title for sheet in sorted(book.worksheets, key=lambda sheet: sheet.sheet_state != "visible"))


def visible_sheets(book):
    """Sheets with cells that the workbook shows; all of them when it hides every one."""
    shown = tuple(sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible")
    return shown or sheet_names(book)


def read_sheet(book, name, file, max_rows=None, cancelled=None):
    """Read the cells of one sheet.

    Text is kept as text, numbers as numbers, dates as ``31.12.2025``, errors such as ``#DIV/0!`` as text.
    """
    if name not in book.sheetnames:
        raise TeilhabeError(
            mark("{file} has no sheet “{sheet}”. Sheets: {sheets}."),
            file=file,
            sheet=name,
            sheets=", ".join(sheet_names(book)),
        )
    sheet = book[name]
    if hasattr(sheet, "reset_dimensions"):
        sheet.reset_dimensions()
    rows, numbers, formats, complete = [], [], _Formats(), True
    try:
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            rows.append([_value(cell.value) for cell in cells])
            numbers.append(number)
            formats.note(number, cells)
            if max_rows is not None and number >= max_rows:
                complete = False
                break
            if cancelled is not None and number % _CANCEL_EVERY == 0 and cancelled():
                raise Cancelled()
    except _DAMAGED as error:
        raise TeilhabeError(
            mark(
                "{file}, sheet “{sheet}”: the sheet is damaged after row {row}. "
                "Open it in Excel or LibreOffice and save it again as XLSX."
            ),
            file=file,
            sheet=name,
            row=len(rows),
        ) from error
    return SheetRows(name, rows, numbers, *formats.settled(rows, complete))


class _Formats:
    """Which number cells are shown as percent; columns without any in the first rows are not looked at further."""

    def __init__(self):
        self.percent, self.plain = {}, set()

    def note(self, number, cells):
        if number <= _PERCENT_SAMPLE:
            columns = range(len(cells))
        elif self.percent:
            columns = [column for column in self.percent if column < len(cells)]
        else:
            return
        for column in columns:
            cell = cells[column]
            if isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool):
                if "%" in (cell.number_format or ""):
                    self.percent.setdefault(column, []).append(number - 1)
                elif cell.value not in _YEARS:  # years in a heading
                    self.plain.add(column)

    def settled(self, rows, complete):
        """Bring the percent cells of mixed columns to what is shown; return what a `SheetRows` says about them."""
        mixed = frozenset(self.percent) & self.plain
        for column in mixed:
            for row in self.percent[column]:
                rows[row][column] = float(f"{rows[row][column] * 100:.12g}")
        return frozenset(self.percent) - mixed, complete, mixed


def mark_formulas(path, found, max_rows=None):
    """Write ``#`` into the cells of formulas whose result is not stored in the file; return how many there are.

    Programs that write workbooks without computing them leave the results out.
    """
    if not _has_formulas(path):
        return 0
    from openpyxl import load_workbook

    books = [load_workbook(path, read_only=True, data_only=results) for results in (False, True)]
    streams, count = [], 0
    try:
        for book in books:
            book[found.sheet].reset_dimensions()
            streams.append(book[found.sheet].iter_rows(max_row=max_rows))
        for row, formulas, results in zip(found.rows, *streams):
            for column, (formula, result) in enumerate(zip(formulas, results)):
                # a result that is an empty text has another type
                if formula.data_type == "f" and result.value is None and result.data_type == "n":
                    row[column] = NO_RESULT
                    count += 1
    finally:
        for opened in (*streams, *books):  # each keeps the file open, which Windows would not let anybody save
            opened.close()
    return count


def _has_formulas(path):
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                with archive.open(name) as stream:
                    before = b""
                    while block := stream.read(1 << 20):
                        if b"<f>" in before + block or b"<f " in before + block:
                            return True
                        before = block[-3:]
    return False


def _value(value):
    if value is None or isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, datetime.datetime) and (value.hour, value.minute, value.second) != (0, 0, 0):
        return value.strftime("%d.%m.%Y %H:%M")
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.strftime("%d.%m.%Y")
    return str(value)
