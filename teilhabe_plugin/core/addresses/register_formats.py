"""The layouts in which address registers are handed out, recognised by their first lines."""

from __future__ import annotations

import csv
from dataclasses import dataclass

import pandas as pd

from ..messages import TeilhabeError, mark
from ..text_reading import find_separator
from .register_columns import fold_heading, guess_register_columns
from .register_source import AUTO, GEBREF, HK, TABLE, RegisterSource

__all__ = ["GEBREF_FIELDS", "HK_FIELDS", "Layout", "guess_register_columns", "layout_of_table", "recognise"]

#: fields of the official house coordinates (HK-DE), in the names of their description
HK_FIELDS = ("NBA", "OI", "QUA", "LAN", "RBZ", "KRS", "GMD", "OTT", "SSS", "HNR", "ADZ", "EEEEEEEE,EEE", "NNNNNNN,NNN",
             "STN", "PLZ", "ONM", "ZON", "POT")
#: fields of North Rhine-Westphalia's building references (gebref.txt)
GEBREF_FIELDS = ("nba", "oid", "qua", "landschl", "land", "regbezschl", "regbez", "kreisschl", "kreis", "gmdschl",
                 "gmd", "ottschl", "ott", "strschl", "str", "hnr", "adz", "zone", "ost", "nord", "datum")
#: meaning → field; those in capitals are parts that are put together after reading
_HK_COLUMNS = {"street": "STN", "number": "HNR", "suffix": "ADZ", "postcode": "PLZ", "place": "ONM",
               "PLACE_TAIL": "ZON", "district": "POT", "quality": "QUA", "id": "OI", "x": "EEEEEEEE,EEE",
               "y": "NNNNNNN,NNN", "KIND": "NBA", "KEY_1": "LAN", "KEY_2": "RBZ", "KEY_3": "KRS", "KEY_4": "GMD",
               "KEY_5": "SSS"}
_GEBREF_COLUMNS = {"street": "str", "number": "hnr", "suffix": "adz", "place": "gmd", "district": "ott",
                   "quality": "qua", "id": "oid", "x": "ost", "y": "nord", "KIND": "nba", "ZONE": "zone",
                   "KEY_1": "landschl", "KEY_2": "regbezschl", "KEY_3": "kreisschl", "KEY_4": "gmdschl",
                   "KEY_5": "strschl"}
_MOST_TITLE_LINES = 20


@dataclass(frozen=True)
class Layout:
    """How the rows of a register are laid out.

    Attributes
    ----------
    form : str
        ``"hk"``, ``"gebref"`` or ``"table"``.
    headings : tuple of str
        One for each field of a row.
    columns : dict
        Meaning → heading; besides `register_source.CANONICAL` the parts that are put together after reading.
    separator : str
        Of a text file.
    skip : int
        Lines before the first row, the header line among them.
    quoted : bool
        Quotation marks enclose cells; otherwise they are letters like others.
    """

    form: str
    headings: tuple[str, ...]
    columns: dict[str, str]
    separator: str = ""
    skip: int = 0
    quoted: bool = True

    def meanings(self) -> dict[str, str]:
        """Return the columns that a user can choose."""
        return {meaning: column for meaning, column in self.columns.items() if meaning.islower()}


def recognise(lines, source: RegisterSource) -> Layout:
    """Say how a text file is laid out.

    Parameters
    ----------
    lines : sequence of str
        First lines of the file.
    source : RegisterSource
        What the user has chosen wins.

    Raises
    ------
    TeilhabeError
        When the file does not look like the form that was chosen, or no column holds streets.
    """
    lines = [line.rstrip("\r\n") for line in lines]
    filled = [number for number, line in enumerate(lines) if line.strip() and not line.startswith("#")]
    if not filled:
        raise TeilhabeError(mark("{file} holds no rows."), file=source.name)
    for form, fields, columns in ((HK, HK_FIELDS, _HK_COLUMNS), (GEBREF, GEBREF_FIELDS, _GEBREF_COLUMNS)):
        if source.form not in (AUTO, form):
            continue
        others = source.form == AUTO and any(column and column not in fields for _, column in source.columns)
        layout = _fixed(form, fields, columns, lines, filled, others)
        if layout is not None:
            return _with_choice(layout, source)
        if source.form == form:
            raise TeilhabeError(
                mark("{file}, row {row}: this is no row of {form}; {n} fields divided by semicolons are expected: "
                     "{fields}."),
                file=source.name, row=filled[0] + 1, form=form, n=len(fields), fields=";".join(fields))
    return _text_table(lines, filled, source)


def layout_of_table(columns, sample: pd.DataFrame | None, source: RegisterSource) -> Layout:
    """Say what the columns of a table mean, guessed and as the user has chosen."""
    layout = Layout(TABLE, tuple(columns), guess_register_columns(columns, sample))
    return _with_choice(layout, source)


def check_layout(layout: Layout, file: str) -> None:
    """Refuse a table without streets.

    Raises
    ------
    TeilhabeError
        Names the columns that are there.
    """
    if "street" not in layout.columns and "address" not in layout.columns:
        raise TeilhabeError(
            mark("{file}: no column holds the names of the streets. Choose it; the columns are: {columns}."),
            file=file, columns=", ".join(layout.headings[:20]) + (" …" if len(layout.headings) > 20 else ""))


def _with_choice(layout: Layout, source: RegisterSource) -> Layout:
    """Let the columns chosen by hand win over the guessed ones."""
    if not source.columns:
        return layout
    columns = dict(layout.columns)
    for meaning, column in source.columns:
        if not column:
            columns.pop(meaning, None)
            continue
        if column not in layout.headings:
            raise TeilhabeError(mark("{table} has no column “{column}”. The columns are: {columns}."),
                                table=source.name, column=column, columns=", ".join(layout.headings))
        for other in [name for name, taken in columns.items() if taken == column and name.islower()]:
            del columns[other]
        columns[meaning] = column
    chosen = dict(source.columns)
    if chosen.get("street") and not chosen.get("address"):
        columns.pop("address", None)
    if chosen.get("address") and not chosen.get("street"):
        columns.pop("street", None)
    return Layout(layout.form, layout.headings, columns, layout.separator, layout.skip, layout.quoted)


def _fixed(form, fields, columns, lines, filled, only_header: bool) -> Layout | None:
    """Return the layout of a form with fixed fields, None when the first lines do not look like it."""
    first = _cells(lines[filled[0]], ";")
    names = [fold_heading(cell) for cell in first]
    wanted = [fold_heading(field) for field in fields]
    if names[:2] in (["nba", "oi"], ["nba", "oid"]) and wanted[:2] == names[:2] and len(first) >= len(fields):
        found = dict(zip(fields, range(len(fields))))
        headings = [fields[i] if i < len(fields) else f"{cell or i + 1}" for i, cell in enumerate(first)]
        if names[:len(fields)] != wanted and form == GEBREF:
            return None
        known = {meaning: field for meaning, field in columns.items() if field in found}
        return Layout(form, tuple(_unique(headings)), known, ";", filled[0] + 1, False)
    if only_header:
        return None
    rows = [_cells(lines[number], ";") for number in filled[:50]]
    east, north, street = (fields.index(columns[name]) for name in ("x", "y", "street"))
    fitting = sum(len(fields) <= len(row) <= len(fields) + 1 and _is_number(row[east]) and _is_number(row[north])
                  and not _is_number(row[street]) and len(row[0].strip()) <= 1 for row in rows)
    if fitting < 0.8 * len(rows):
        return None
    headings = list(fields) + [f"#{i + 1}" for i in range(len(fields), max(len(row) for row in rows))]
    return Layout(form, tuple(headings), dict(columns), ";", 0, False)


def _text_table(lines, filled, source: RegisterSource) -> Layout:
    separator = find_separator("\n".join(lines[filled[0]:]))
    best = None
    for number in filled[:_MOST_TITLE_LINES]:
        headings = _unique(_cells(lines[number], separator, quoted=True))
        if len(headings) < 2 and len(filled) > 1 and number < filled[-1]:
            continue
        sample = _sample(lines[number + 1:], headings, separator)
        layout = Layout(TABLE, tuple(headings), guess_register_columns(headings, sample), separator, number + 1)
        if best is None:
            best = layout
        if "street" in layout.columns or "address" in layout.columns or \
                any(column in headings for _, column in source.columns):
            best = layout
            break
    if best is None:
        headings = _unique(_cells(lines[filled[0]], separator, quoted=True))
        best = Layout(TABLE, tuple(headings), guess_register_columns(headings), separator, filled[0] + 1)
    return _with_choice(best, source)


def _sample(lines, headings, separator) -> pd.DataFrame:
    rows = [_cells(line, separator, quoted=True) for line in lines[:300] if line.strip()]
    width = len(headings)
    return pd.DataFrame([(row + [""] * width)[:width] for row in rows], columns=headings, dtype=object)


def _cells(line: str, separator: str, quoted: bool = False) -> list[str]:
    if not quoted:
        return line.split(separator)
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return line.split(separator)


def _unique(headings) -> list[str]:
    found: list[str] = []
    for number, heading in enumerate(headings, 1):
        name = heading.strip().lstrip("\ufeff") or f"#{number}"
        while name in found:
            name += "_2"
        found.append(name)
    return found


def _is_number(text: str) -> bool:
    return bool(text.strip()) and text.strip().lstrip("+-").replace(",", "", 1).replace(".", "", 1).isdigit()
