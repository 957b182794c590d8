"""Writes the tables of the city: CSV and XLSX files whose bytes are the same on every run."""
from __future__ import annotations

import csv
import datetime
import os
import re
import zipfile

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from .departments import age_rows, catalogue_rows, environment_rows, health_rows, hint_rows, school_rows, social_rows
from .offers import make_offers
from .people import YEARS
from .projects import project_rows

MADE = datetime.datetime(2026, 1, 15, 8, 0, 0)


def tables_of(city):
    """Return {file name or (file name, sheet): rows of cells}."""
    offers, truth, renamed = make_offers(city)
    return {
        "einwohner_alter.csv": age_rows(city),
        ("soziales_sgb2.xlsx", "Hinweise"): hint_rows(),
        ("soziales_sgb2.xlsx", "Tabelle1"): social_rows(city),
        "schulamt_integration_bildung.csv": school_rows(city),
        "gesundheitsamt_faelle.csv": health_rows(city),
        "umwelt_wohnen.csv": environment_rows(city),
        "indikatorenkatalog.csv": catalogue_rows(),
        ("angebote.xlsx", "Angebote"): offers,
        "angebote_wahrheit.csv": truth,
        "strassen_umbenannt.csv": renamed,
        "massnahmen.csv": project_rows(),
    }


ENCODINGS = {"schulamt_integration_bildung.csv": "cp1252", "gesundheitsamt_faelle.csv": "utf-8-sig"}


def write_tables(tables, folder):
    """Write all tables into a folder."""
    for name in [name for name in tables if isinstance(name, str)]:
        encoding = ENCODINGS.get(name, "utf-8")
        with open(os.path.join(folder, name), "w", encoding=encoding, newline="") as stream:
            csv.writer(stream, delimiter=";", lineterminator="\r\n").writerows(tables[name])
    _write_social(tables, os.path.join(folder, "soziales_sgb2.xlsx"))
    _write_offers(tables, os.path.join(folder, "angebote.xlsx"))


def _fill(sheet, rows):
    for row in rows:
        sheet.append(row)


def _write_social(tables, path):
    book = Workbook()
    hints = book.active
    hints.title = "Hinweise"
    _fill(hints, tables["soziales_sgb2.xlsx", "Hinweise"])
    hints["A1"].font = Font(bold=True, size=13)
    hints.column_dimensions["A"].width = 12
    sheet = book.create_sheet("Tabelle1")
    rows = tables["soziales_sgb2.xlsx", "Tabelle1"]
    _fill(sheet, rows)
    sheet["A1"].font = Font(bold=True, size=13)
    for column in range(4, 4 + 3 * len(YEARS), len(YEARS)):
        sheet.merge_cells(start_row=4, start_column=column, end_row=4, end_column=column + len(YEARS) - 1)
        sheet.cell(4, column).alignment = Alignment(horizontal="center")
    for number, row in enumerate(rows, start=1):
        if number in (4, 5) or (row[0] is None and row[1]):
            for cell in sheet[number]:
                cell.font = Font(bold=True)
        for cell in sheet[number][3:]:
            if isinstance(cell.value, float):
                cell.number_format = "0.0"
            elif number > 5 and isinstance(cell.value, str):
                cell.alignment = Alignment(horizontal="right")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 11, 24
    sheet.column_dimensions["C"].width = 2
    for column in range(4, 4 + 3 * len(YEARS)):
        sheet.column_dimensions[get_column_letter(column)].width = 7
    sheet.freeze_panes = "D6"
    _save(book, path)


def _write_offers(tables, path):
    book = Workbook()
    sheet = book.active
    sheet.title = "Angebote"
    _fill(sheet, tables["angebote.xlsx", "Angebote"])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for letter, width in zip("ABCDEFGHI", (6, 20, 34, 30, 14, 8, 14, 8, 32)):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    _save(book, path)


def _save(book, path):
    """Save a workbook with fixed times, so that equal content gives an equal file."""
    book.properties.creator = "Musterstadt (erfunden)"
    book.properties.created = book.properties.modified = MADE
    loose = path + ".tmp"
    book.save(loose)
    with zipfile.ZipFile(loose) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _fixed_times(content)
            new.writestr(zipfile.ZipInfo(name, MADE.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    os.remove(loose)


def _fixed_times(content):
    return re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", MADE.strftime("%Y-%m-%dT%H:%M:%SZ").encode("ascii"), content)
