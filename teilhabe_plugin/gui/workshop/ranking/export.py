"""The ranking as a table elsewhere: clipboard, CSV and Excel."""
from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
from qgis.PyQt.QtWidgets import QApplication

from ....core.formula_guard import guarded
from ....translation import language, tr

_NARROWEST, _WIDEST = 8, 48


def copy(table: pd.DataFrame) -> None:
    """Put a table into the clipboard, as spreadsheets take it."""
    text = _safe(table).to_csv(sep="\t", index=False, decimal=_decimal())
    QApplication.clipboard().setText(text.replace("\r\n", "\n"))


def write(path: str, table: pd.DataFrame, title: str) -> None:
    """Write a table as CSV or, by the ending .xlsx, as a workbook; the file appears when it is whole.

    Raises
    ------
    OSError
        When it cannot be written; an earlier file stays as it was.
    """
    target = Path(path)
    waiting = target.with_name(f".{target.stem}.{os.getpid()}{target.suffix}")
    try:
        if target.suffix.lower() == ".xlsx":
            _write_workbook(waiting, table, title)
        else:
            _safe(table).to_csv(waiting, sep=";", index=False, encoding="utf-8-sig", decimal=_decimal())
        os.replace(waiting, target)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(target)) from error
    finally:
        if waiting.exists():
            waiting.unlink()


def _safe(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with texts that no spreadsheet runs as a formula."""
    return table.apply(lambda column: column.map(guarded) if column.dtype == object else column)


def _decimal() -> str:
    return "," if language() == "de" else "."


def _write_workbook(path: Path, table: pd.DataFrame, title: str) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet((_plain(title) or tr("Ranking"))[:31])
    for number, name in enumerate(table):
        longest = max([len(str(name)), *(len(str(value)) for value in table[name].head(500))])
        sheet.column_dimensions[get_column_letter(number + 1)].width = min(max(longest, _NARROWEST), _WIDEST) + 2
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(table) + 1}"

    def cell(value, bold=False):
        made = WriteOnlyCell(sheet, value=None if value is pd.NA or value != value else value)
        if isinstance(value, str):
            made.data_type = "s"  # text, whatever it begins with
            made.number_format = "@"
        made.font = Font(bold=bold)
        return made

    sheet.append([cell(name, True) for name in table])
    for row in table.astype(object).itertuples(index=False, name=None):
        sheet.append([cell(value) for value in row])
    book.save(path)


def _plain(title: str) -> str:
    """Return a title without the signs that a sheet's name must not have."""
    return "".join(sign for sign in title if sign not in "[]:*?/\\")
