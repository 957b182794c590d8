"""Reading a table from a file: `read_table` finds sheet, encoding, separator and header and says what it found."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Callable

from .header_rows import column_letter, grid_to_table
from .messages import Message, TeilhabeError, mark
from .table_source import RawTable, TableSource
from .text_reading import read_rows
from .workbook_reading import NO_RESULT, mark_formulas, open_workbook, read_sheet, sheet_names, visible_sheets

TEXT_ENDINGS = (".csv", ".tsv", ".txt", ".tab")
WORKBOOK_ENDINGS = (".xlsx", ".xlsm")
_SHEET_SAMPLE = 200


def read_table(
    source: TableSource | str,
    area_keys=frozenset(),
    max_rows: int | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> RawTable:
    """Read a CSV, TSV, XLSX or XLSM file.

    Parameters
    ----------
    source : TableSource or str
        What the user has chosen; the rest is found.
    area_keys : collection of str
        Keys and names of the areas (``Areas.texts``); they tell the header from the data and the
        right sheet from the others.
    max_rows : int, optional
        Read only the first rows, for a preview.
    cancelled : callable, optional
        Returns True when the user gives up.

    Returns
    -------
    RawTable
        Its `source` holds everything that was found.
    """
    if not isinstance(source, TableSource):
        source = TableSource(str(source))
    path = check_file(source.path)
    ending = path.suffix.lower()
    try:
        if ending in WORKBOOK_ENDINGS:
            return _read_workbook(path, source, area_keys, max_rows, cancelled)
        if ending == ".xls":
            raise TeilhabeError(
                mark("{file} is an old Excel file (XLS). Open it in Excel or LibreOffice and save it as XLSX."),
                file=path.name,
            )
        if ending not in TEXT_ENDINGS:
            raise TeilhabeError(
                mark(
                    "{file}: tables of the kind “{ending}” cannot be read. Possible are CSV, TSV, "
                    "XLSX, XLSM, ODS and every layer in QGIS."
                ),
                file=path.name,
                ending=ending,
            )
        return _read_text(path, source, area_keys, max_rows, cancelled)
    except PermissionError as error:
        raise TeilhabeError(
            mark(
                "{file} cannot be opened: it is locked or you have no permission to read it. Close it "
                "in the other program and try again."
            ),
            file=path.name,
        ) from error


def check_file(path: str) -> Path:
    """Return the path of a file that is there and not empty."""
    found = Path(path)
    if found.is_dir():
        raise TeilhabeError(mark("{file} is a folder. Choose a file."), file=str(path))
    if not found.is_file():
        raise TeilhabeError(mark("{file} does not exist. Was it moved or renamed?"), file=str(path))
    if found.stat().st_size == 0:
        raise TeilhabeError(mark("{file} is empty (0 bytes)."), file=found.name)
    return found


def open_elsewhere(path: Path) -> tuple[Message, ...]:
    """A note when an office program has the file open: what is not saved there is not read."""
    locks = (path.with_name("~$" + path.name), path.with_name(".~lock." + path.name + "#"))
    if any(lock.exists() for lock in locks):
        return (
            Message(
                mark("{file} is open in another program; changes that are not saved there are not read."),
                file=path.name,
            ),
        )
    return ()


def _read_text(path, source, area_keys, max_rows, cancelled):
    data = path.read_bytes()
    if data[:4] == b"PK\x03\x04" or data[:4] == b"\xd0\xcf\x11\xe0":
        raise TeilhabeError(
            mark("{file} is an Excel file with the wrong ending. Rename it to .xlsx or save it again."), file=path.name
        )
    rows, numbers, encoding, separator, complete, notes = read_rows(data, source, path.name, max_rows, cancelled)
    source = replace(
        source,
        encoding=encoding,
        separator=separator,
        sheet=None,
        decimal=source.decimal or find_decimal(rows, separator),
    )
    return grid_to_table(rows, numbers, source, area_keys, notes=(*notes, *open_elsewhere(path)), complete=complete)


def _read_workbook(path, source, area_keys, max_rows, cancelled):
    book = open_workbook(path, path.name)
    try:
        sheets = sheet_names(book)
        if not sheets:
            raise TeilhabeError(mark("{file} holds no sheet with cells."), file=path.name)
        sheet = source.sheet or _best_sheet(book, visible_sheets(book), path.name, area_keys)
        found = read_sheet(book, sheet, path.name, max_rows, cancelled)
    finally:
        book.close()
    notes = list(open_elsewhere(path))
    if source.sheet is None and len(sheets) > 1:
        notes.append(
            Message(mark("{file} has {n} sheets; “{sheet}” was read."), file=path.name, n=len(sheets), sheet=sheet)
        )
    without_result = mark_formulas(path, found, max_rows)
    if without_result:
        notes.append(
            Message(
                mark(
                    "{n} formulas bear no stored result and are read as “{sign}”. Open {file} in Excel or LibreOffice "
                    "and save it, then their results are there."
                ),
                n=without_result,
                sign=NO_RESULT,
                file=path.name,
            )
        )
    for column in sorted(found.mixed):
        notes.append(
            Message(
                mark(
                    "Column {column}: some cells are formatted as percent and others are not; each was read as it is "
                    "shown."
                ),
                column=column_letter(column),
            )
        )
    source = replace(source, sheet=sheet, encoding=None, separator=None, decimal=source.decimal or ",")
    return grid_to_table(found.rows, found.numbers, source, area_keys, found.percent, sheets, notes, found.complete)


def _best_sheet(book, sheets, file, area_keys):
    """The sheet with the most area keys, else the one with the most cells."""
    return (
        best_sheet({name: read_sheet(book, name, file, _SHEET_SAMPLE).rows for name in sheets}, area_keys)
        if len(sheets) > 1
        else sheets[0]
    )


def best_sheet(samples: dict, area_keys) -> str:
    """Name the sheet that most likely holds the indicators; `samples` maps sheet names to rows."""
    known = {str(key).lstrip("0") for key in area_keys}

    def rank(name):
        cells = [cell for row in samples[name] for cell in row if cell is not None]
        keys = {text for text in (_key_text(cell) for cell in cells) if text in known}
        return len(keys), len(cells)

    return max(samples, key=rank)


def _key_text(cell):
    text = str(cell).strip()
    return (text[:-2] if text.endswith(".0") else text).lstrip("0")


def find_decimal(rows, separator: str) -> str:
    """The decimal sign of a text file: what its numbers show, else what goes with the separator."""
    # three digits behind the sign can be thousands, and ".0" can be the tail of a key
    comma = re.compile(r"-?\d{1,3}(?:\.\d{3})*,(?:\d\d?|\d{4,})|-?0,\d+")
    point = re.compile(r"-?\d{1,3}(?:,\d{3})*\.(?!0\Z)(?:\d\d?|\d{4,})|-?0\.\d+")
    commas = points = 0
    for row in rows[:500]:
        for cell in row:
            text = cell.strip()
            commas += "," in text and bool(comma.fullmatch(text))
            points += "." in text and bool(point.fullmatch(text))
    if commas != points:
        return "," if commas > points else "."
    return "." if separator == "," else ","
