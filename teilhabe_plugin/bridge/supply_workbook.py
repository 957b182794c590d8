"""The tables of a supply analysis as an Excel workbook: areas, offers, notes."""
from __future__ import annotations

from pathlib import Path

import pandas as pd

from ..core.formula_guard import cell_text, guarded
from ..core.messages import TeilhabeError, mark
from ..core.replacing import replacing
from ..translation import render, tr
from .fields import FieldSpec
from .supply_columns import offer_table
from .supply_output import areas_with_classes
from .supply_run import SupplyResult

_WIDEST, _NARROWEST, _HEAD = 48, 9, "E3EEF1"


def check_workbook(path: str) -> None:
    """Refuse a file that could not be written, before anything is computed."""
    if Path(path).suffix.lower() != ".xlsx":
        raise TeilhabeError(mark("{file}: the tables are an Excel workbook (.xlsx). Choose another file name."),
                            file=path)
    if not Path(path).absolute().parent.is_dir():
        raise TeilhabeError(mark("The folder {folder} does not exist. Create it or choose another one."),
                            folder=str(Path(path).absolute().parent))
    if Path(path).is_dir():
        raise TeilhabeError(mark("{file} is a folder. Choose a file name."), file=path)


def write_workbook(path: str, result: SupplyResult, settings: list[str]) -> None:
    """Write the workbook beside its target and put it into place.

    Parameters
    ----------
    path : str
    result : SupplyResult
    settings : list of str
        How it was computed, in words.
    """
    areas, area_specs, _classes = areas_with_classes(result)
    offers, offer_specs = offer_table(result)
    save_sheets(path, [(tr("Areas"), areas, area_specs), (tr("Offers"), offers, offer_specs)],
                [*settings, *(render(note) for note in result.notes)])


def save_sheets(path: str, tables: list[tuple[str, pd.DataFrame, list[FieldSpec]]], notes: list[str]) -> None:
    """Write tables and notes as a workbook beside its target and put it into place; no cell is a formula.

    Parameters
    ----------
    path : str
    tables : list of (title of the sheet, frame, specs of its columns)
    notes : list of str
        A last sheet of their own.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for title, frame, specs in tables:
        _sheet(book, title, frame, specs)
    _sheet(book, tr("Notes"), pd.DataFrame({"notes": notes}),
           [FieldSpec("notes", "text", tr("What was computed, and what was left out"))], 120)
    with replacing(path) as waiting:
        book.save(waiting)


def _sheet(book, title: str, frame: pd.DataFrame, specs: list[FieldSpec], width: int = _WIDEST) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title[:31])
    labels = {spec.name: spec.label for spec in specs}
    digits = {spec.name: "0.0" for spec in specs if spec.kind == "real"}
    for number, name in enumerate(frame):
        texts = frame[name].head(300)
        longest = 0 if name in digits else max((len(str(value)) for value in texts), default=0)
        sheet.column_dimensions[get_column_letter(number + 1)].width = min(max(longest, _NARROWEST), width) + 2
    sheet.freeze_panes = "C2" if len(frame.columns) > 2 else "A2"
    if len(frame.columns) > 1:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(frame.columns))}{len(frame) + 1}"

    def cell(value, name="", head=False):
        made = WriteOnlyCell(sheet, value=value)
        if isinstance(value, str):
            made.data_type = "s"
        if head:
            made.font, made.fill = Font(bold=True), PatternFill("solid", fgColor=_HEAD)
        elif name in digits and value is not None:
            made.number_format = digits[name]
        made.alignment = Alignment(wrap_text=head or width > _WIDEST, vertical="top")
        return made

    sheet.append([cell(guarded(labels.get(name) or name), head=True) for name in frame])
    names = list(frame)
    for row in frame.itertuples(index=False, name=None):
        sheet.append([cell(_plain(value), name) for name, value in zip(names, row)])


def _plain(value):
    """Return what a workbook can hold."""
    if value is None or value is pd.NA or value != value:
        return None
    if isinstance(value, str):
        return cell_text(value)
    if isinstance(value, bool) or type(value).__name__ in ("bool_", "bool"):
        return tr("yes") if value else tr("no")
    return value.item() if hasattr(value, "item") else value
