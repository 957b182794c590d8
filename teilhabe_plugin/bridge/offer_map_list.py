"""The numbered list of a supply map: as a page that prints well and as a workbook."""
from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from ..core.formula_guard import cell_text
from ..core.messages import TeilhabeError, mark
from ..core.replacing import replacing
from ..translation import tr
from .offer_map_layer import place_texts
from .offer_map_rows import MEASURE, OFFER, MapRows, state_text
from .offer_map_style import size_text
from .report_page import render_page, write_page

_WIDEST, _NARROWEST, _HEAD = 46, 7, "E3EEF1"


def titles() -> dict[str, str]:
    """Return the headings of the columns by the names of the rows' columns."""
    return {
        "nr_karte": tr("No."), "id": tr("No. in the list"), "name": tr("Name"), "kategorie": tr("Category"),
        "handlungsfeld": tr("Field of action"), "zielgruppe": tr("Target group"), "adresse": tr("Address"),
        "gebiet": tr("Area"), "bezirk": tr("District"), "plaetze": tr("Places"), "lage": tr("Place"),
        "zeitraum": tr("Period"), "traeger": tr("Responsible body"), "zustand": tr("State"), "hinweis": tr("Note"),
        "gebiet_text": tr("Area stated"),
    }


#: the columns of each part of the list
_COLUMNS = {
    OFFER: ("nr_karte", "name", "kategorie", "adresse", "gebiet", "bezirk", "plaetze", "zielgruppe", "handlungsfeld",
            "zustand", "lage", "hinweis", "id"),
    MEASURE: ("nr_karte", "name", "kategorie", "gebiet", "zielgruppe", "zeitraum", "traeger", "zustand", "plaetze",
              "hinweis", "id"),
    "": ("id", "name", "kategorie", "adresse", "gebiet_text", "plaetze", "hinweis"),
}


def sections(rows: MapRows) -> list[tuple[str, pd.DataFrame]]:
    """Return heading and rows of each part of the list: offers, measures, and what has no place on the map.

    Columns in which nothing stands are left out.
    """
    prepared = replace(rows, frame=rows.frame.assign(
        lage=place_texts(rows), zustand=[state_text(code) for code in rows.frame["zustand_code"]]))
    parts = [(tr("Offers"), OFFER, prepared.listed(OFFER)), (tr("Measures and projects"), MEASURE,
                                                             prepared.listed(MEASURE)),
             (tr("Without a place on the map"), "", pd.concat([prepared.listed(kind, False) for kind in
                                                               (OFFER, MEASURE)]))]
    names = titles()
    found = []
    for heading, kind, part in parts:
        if part.empty:
            continue
        columns = [column for column in _COLUMNS[kind] if _says_something(part[column])]
        found.append((heading, part[columns].rename(columns=names)))
    return found


def _says_something(values: pd.Series) -> bool:
    """Say whether a column tells rows apart or tells anything at all."""
    return bool((values.notna() & (values.astype(str) != "")).any())


def write_list_page(path: str, rows: MapRows, title: str, source: str) -> None:
    """Write the list as one page of HTML."""
    number = tr("Places")
    parts = []
    for heading, table in sections(rows):
        heads = list(table)
        right = [i for i, name in enumerate(heads) if name in (number, tr("No."))]
        lines = [["" if value is None or value != value else size_text(value) if name == number else str(value)
                  for name, value in zip(heads, row)] for row in table.itertuples(index=False, name=None)]
        parts.append({"heading": heading, "heads": heads, "rows": lines, "right": right})
    write_page(path, render_page("supply_list.html", title=title, source=source, parts=parts, notes=rows.notes))


def check_workbook(path: str) -> None:
    """Refuse a workbook that could not be written, before anything is computed."""
    if Path(path).suffix.lower() != ".xlsx":
        raise TeilhabeError(mark("{file}: the list is written as an Excel workbook (.xlsx)."), file=path)
    if not Path(path).absolute().parent.is_dir():
        raise TeilhabeError(mark("The folder {folder} does not exist. Create it or choose another one."),
                            folder=str(Path(path).absolute().parent))


def write_workbook(path: str, rows: MapRows) -> None:
    """Write the list as a workbook, one sheet per part; no cell is a formula."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.remove(book.active)
    for heading, table in sections(rows):
        sheet = book.create_sheet(heading[:31])
        sheet.append(list(table))
        for row in table.itertuples(index=False, name=None):
            sheet.append([_cell(value) for value in row])
        for number, name in enumerate(table, 1):
            longest = max([len(str(name)), *(len(str(value)) for value in table[name].head(500))])
            sheet.column_dimensions[get_column_letter(number)].width = min(max(longest, _NARROWEST), _WIDEST) + 2
        for cell in sheet[1]:
            cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor=_HEAD)
        for line in sheet.iter_rows(min_row=2):
            for cell in line:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                if isinstance(cell.value, str):
                    cell.data_type, cell.number_format = "s", "@"
        sheet.freeze_panes = "A2"
        sheet.auto_filter.ref = sheet.dimensions
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.print_title_rows = "1:1"
    with replacing(path) as waiting:
        book.save(waiting)


def _cell(value):
    if value is None or value != value:
        return None
    if isinstance(value, str):
        return cell_text(value)
    value = value.item() if hasattr(value, "item") else value
    return int(value) if isinstance(value, float) and value.is_integer() else value
