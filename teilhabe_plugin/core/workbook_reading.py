"""Rows of an Excel workbook (XLSX, XLSM), read as stored values."""

from __future__ import annotations

import datetime
import zipfile
from dataclasses import dataclass

from .messages import Cancelled, TeilhabeError, mark

_PERCENT_SAMPLE = 200
_CANCEL_EVERY = 2000
_OLE_HEADER = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class SheetRows:
    """Cells of one sheet with the row numbers of the sheet."""

    sheet: str
    rows: list
    numbers: list
    percent: frozenset
    complete: bool


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
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, EOFError, TypeError) as error:
        raise TeilhabeError(
            mark(
                "{file} cannot be read as an Excel workbook; it may be damaged. "
                "Open it in Excel or LibreOffice and save it again as XLSX."
            ),
            file=file,
        ) from error


def sheet_names(book):
    """Sheets that hold cells (chart sheets do not)."""
    return tuple(sheet.title for sheet in book.worksheets)


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
    rows, numbers, formats, complete = [], [], {}, True
    try:
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            rows.append([_value(cell.value) for cell in cells])
            numbers.append(number)
            if number <= _PERCENT_SAMPLE:
                _note_formats(cells, formats)
            if max_rows is not None and number >= max_rows:
                complete = False
                break
            if cancelled is not None and number % _CANCEL_EVERY == 0 and cancelled():
                raise Cancelled()
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, OSError, SyntaxError) as error:
        raise TeilhabeError(
            mark(
                "{file}, sheet “{sheet}”: the sheet is damaged after row {row}. "
                "Open it in Excel or LibreOffice and save it again as XLSX."
            ),
            file=file,
            sheet=name,
            row=len(rows),
        ) from error
    percent = frozenset(column for column, (shown, total) in formats.items() if shown * 2 > total)
    return SheetRows(name, rows, numbers, percent, complete)


def _note_formats(cells, formats):
    for column, cell in enumerate(cells):
        if isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool):
            shown, total = formats.get(column, (0, 0))
            formats[column] = (shown + ("%" in (cell.number_format or "")), total + 1)


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
