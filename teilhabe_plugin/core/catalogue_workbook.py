"""The indicator catalogue as an Excel workbook, written for people to edit; `catalogue_workbook_reading` reads it back.

The words of the workbook (sheets, headings, values of the lists) come from outside, one set per language; see
resources/catalogue_workbook.
"""
from __future__ import annotations

import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from .catalogue import Catalogue

WIDTHS = {
    "number": 8, "name": 32, "dimension": 26, "question": 38, "kind": 18, "numerator": 38, "denominator": 38,
    "factor": 8, "statement": 44, "unit": 14, "high_is": 14, "reference_date": 18, "source": 32, "department": 22,
    "pool_years": 10, "pool": 18, "minimum_denominator": 14, "data": 16, "status": 14, "version": 10, "note": 44,
    "date": 12, "indicator": 8, "change": 70, "author": 22,
}
#: drop-downs reach this many rows, so that new indicators have them too
LAST_ROW = 500
LAST_DIMENSION = 60
_HEADER = PatternFill("solid", fgColor="FF014163")
_LINE = Border(bottom=Side(style="thin", color="FFBFBFBF"))


def write_workbook(catalogue: Catalogue, path: str | Path, words: dict) -> None:
    """Write a catalogue as XLSX: indicators, history, explanation, and the catalogue's own data.

    Parameters
    ----------
    catalogue : Catalogue
    path : path
        Written as it is; the caller takes care of renaming into place.
    words : dict
        The words of the catalogue's language.
    """
    book = Workbook()
    names = words["sheets"]
    sheet = book.active
    sheet.title = names["indicators"]
    rows = [_indicator_cells(entry, catalogue, words) for entry in catalogue.entries]
    _table(sheet, words["indicators"], rows, "C2")
    _lists(sheet, words, names["catalogue"])
    _table(book.create_sheet(names["history"]), words["history"],
           [vars(each) | {"date": datetime.date.fromisoformat(each.date)} for each in catalogue.history], "A2")
    _explanation(book.create_sheet(names["explanation"]), words)
    _master_data(book.create_sheet(names["catalogue"]), catalogue, words)
    book.properties.title = catalogue.title
    book.properties.creator = "Teilhabe"
    book.save(path)


def _indicator_cells(entry, catalogue: Catalogue, words: dict) -> dict:
    cells = {name: getattr(entry, name) for name in words["indicators"]}
    for name, texts in words["values"].items():
        if name in cells:
            cells[name] = texts.get(cells[name], "")
    dimension = catalogue.dimension_of(entry)
    cells["dimension"] = dimension.label if dimension else ""
    return cells


def _table(sheet, columns: dict, rows: list[dict], freeze: str) -> None:
    for j, (name, (heading, _)) in enumerate(columns.items(), 1):
        sheet.column_dimensions[get_column_letter(j)].width = WIDTHS[name]
        _header(sheet.cell(1, j), heading)
        for i, row in enumerate(rows, 2):
            _put(sheet.cell(i, j), row[name])
        for i in range(len(rows) + 2, LAST_ROW + 1):
            if name in ("number", "indicator", "unit", "version"):
                sheet.cell(i, j).number_format = "@"
    sheet.row_dimensions[1].height = 32
    sheet.freeze_panes = freeze
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{max(len(rows) + 1, 2)}"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"


def _header(cell, text: str) -> None:
    cell.value = text
    cell.font = Font(bold=True, color="FFFFFFFF")
    cell.fill = _HEADER
    cell.alignment = Alignment(wrap_text=True, vertical="center")


def _put(cell, value) -> None:
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.border = _LINE
    if isinstance(value, str):
        cell.number_format = "@"
        if value:
            cell.value = value
            cell.data_type = "s"  # a text that begins with = is no formula
    elif isinstance(value, datetime.date):
        cell.value, cell.number_format = value, "DD.MM.YYYY"
    else:
        cell.value = value


def _lists(sheet, words: dict, master: str) -> None:
    """Set the drop-downs."""
    for j, name in enumerate(words["indicators"], 1):
        if name == "dimension":
            formula = f"'{master}'!$D$2:$D${LAST_DIMENSION}"
        elif name in words["values"]:
            formula = '"' + ",".join(words["values"][name].values()) + '"'
        else:
            continue
        rule = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=True)
        letter = get_column_letter(j)
        rule.add(f"{letter}2:{letter}{LAST_ROW}")
        sheet.add_data_validation(rule)


def _explanation(sheet, words: dict) -> None:
    for i, text in enumerate(words["introduction"], 1):
        sheet.cell(i, 1, text).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.merge_cells(start_row=i, end_row=i, start_column=1, end_column=3)
        sheet.row_dimensions[i].height = 32
    start = len(words["introduction"]) + 2
    for j, (name, width) in enumerate((("sheet", 16), ("column", 30), ("meaning", 100)), 1):
        _header(sheet.cell(start, j), words["headings"][name])
        sheet.column_dimensions[get_column_letter(j)].width = width
    row = start
    for part in ("indicators", "history"):
        for heading, meaning in words[part].values():
            row += 1
            for j, text in enumerate((words["sheets"][part], heading, meaning), 1):
                _put(sheet.cell(row, j), text)


def _master_data(sheet, catalogue: Catalogue, words: dict) -> None:
    for j, (name, width) in enumerate((("item", 18), ("content", 70), ("", 4), ("dimensions", 44)), 1):
        sheet.column_dimensions[get_column_letter(j)].width = width
        if name:
            _header(sheet.cell(1, j), words["headings"][name])
    for i, (name, label) in enumerate(words["catalogue"].items(), 2):
        value = getattr(catalogue, name)
        _put(sheet.cell(i, 1), label)
        _put(sheet.cell(i, 2), words["values"]["language"][value] if name == "language" else value)
        if name == "date" and value:
            _put(sheet.cell(i, 2), datetime.date.fromisoformat(value))
    rule = DataValidation(type="list", formula1='"' + ",".join(words["values"]["language"].values()) + '"')
    rule.add(f"B{2 + list(words['catalogue']).index('language')}")
    sheet.add_data_validation(rule)
    for i, dimension in enumerate(catalogue.dimensions, 2):
        _put(sheet.cell(i, 4), dimension.label)
    sheet.freeze_panes = "A2"
