"""The work list as a file that a clerk can fill in: an Excel workbook or a CSV file, put into place when complete."""
from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from ..core.addresses.decisions import Decisions, read_decisions
from ..core.addresses.work_list import decisions_of_work_list
from ..core.formula_guard import LONGEST
from ..core.messages import TeilhabeError, mark
from ..core.replacing import replacing
from ..core.table_source import TableSource
from ..translation import tr
from .table_sources import read_file

#: width of the columns in letters: the widest text, but not wider than this
_WIDEST, _NARROWEST = 48, 9
_FILL, _HEAD = "FFF2CC", "E3EEF1"


def check_work_list(path: str, read: Iterable[str] = ()) -> None:
    """Refuse a file that could not be written, or that is read in this run, before anything is computed."""
    if any(os.path.exists(path) and os.path.exists(other) and os.path.samefile(path, other) for other in read):
        raise TeilhabeError(mark("{file} is read in this run: what was filled in there would be lost. Choose another "
                                 "file for the work list."), file=path)
    if Path(path).suffix.lower() not in (".xlsx", ".csv"):
        raise TeilhabeError(mark("{file}: a work list is an Excel workbook (.xlsx) or a text table (.csv)."), file=path)
    if not Path(path).absolute().parent.is_dir():
        raise TeilhabeError(mark("The folder {folder} does not exist. Create it or choose another one."),
                            folder=str(Path(path).absolute().parent))
    if Path(path).is_dir():
        raise TeilhabeError(mark("{file} is a folder. Choose a file name."), file=path)


def write_work_list(path: str, table: pd.DataFrame) -> None:
    """Write the table of `core.addresses.work_list`; its key column is hidden in a workbook."""
    with replacing(path) as waiting:
        if waiting.suffix.lower() == ".csv":
            table.to_csv(waiting, sep=";", index=False, encoding="utf-8-sig", quoting=csv.QUOTE_MINIMAL)
        else:
            _write_workbook(waiting, table)


def read_decision_file(path: str) -> Decisions:
    """Return the decisions of a file.

    Parameters
    ----------
    path : str
        JSON as the window of the work list writes it, or a work list that was filled in (.xlsx, .csv, .ods).
    """
    if Path(path).suffix.lower() in (".json", ""):
        return read_decisions(path)
    table = read_file(TableSource(path, header_row=1, header_lines=1))
    return decisions_of_work_list(table.cells, table.title)


def _write_workbook(path: Path, table: pd.DataFrame) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(tr("Work list")[:31])
    names = list(table)
    filled_in = {len(names) - 3, len(names) - 2}  # the clerk's columns, before the key
    for number, name in enumerate(names):
        column = sheet.column_dimensions[get_column_letter(number + 1)]
        longest = max((len(str(value)) for value in table[name].head(500)), default=0)
        column.width = min(max(longest, _NARROWEST), _WIDEST) + 2 if number not in filled_in else 34
        column.hidden = number == len(names) - 1
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(names))}{len(table) + 1}"
    wrapped = Alignment(wrap_text=True, vertical="top")

    def cell(value, number, head=False):
        made = WriteOnlyCell(sheet, value=value if not isinstance(value, str) else value[:LONGEST])
        if isinstance(value, str):
            made.data_type = "s"  # text, whatever it begins with
            made.number_format = "@"
        made.alignment = wrapped
        if head:
            made.font = Font(bold=True)
        if number in filled_in or head:
            made.fill = PatternFill("solid", fgColor=_FILL if number in filled_in else _HEAD)
        return made

    sheet.append([cell(name, number, True) for number, name in enumerate(names)])
    for row in table.itertuples(index=False, name=None):
        sheet.append([cell(_plain(value), number) for number, value in enumerate(row)])
    book.save(path)


def _plain(value):
    """Return what a workbook can hold: control characters cannot stand in XML."""
    if isinstance(value, str):
        return "".join(letter for letter in value if letter >= " " or letter in "\t\n")
    return value.item() if hasattr(value, "item") else value
