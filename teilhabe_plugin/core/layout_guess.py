"""Guessing what the columns of a table mean, from its headings and a sample of its rows."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd

from .area_keys import Areas, as_keys, canonical, fold_name
from .field_names import field_name, unique_name
from .messages import Message, mark
from .number_forms import read_numbers
from .signs import find_codes
from .table_layout import LONG, NUMBER, SKIP, TEXT, WIDE, ColumnLayout, TableLayout
from .table_source import RawTable

_SAMPLE = 2000
_SCORED = 400
_YEAR_HEADING = re.compile(r"jahr|year|zeit|stand|stichtag|datum|date|berichtsjahr|periode", re.IGNORECASE)
_INDICATOR_HEADING = re.compile(r"indikator|indicator|merkmal|kennzahl|variable|thema|kennziffer", re.IGNORECASE)
_VALUE_HEADING = re.compile(r"wert|value|quote|anteil|rate|ergebnis", re.IGNORECASE)
_NUMERATOR = re.compile(r"zähler|zaehler|numerator|fälle|faelle|betroffene", re.IGNORECASE)
_DENOMINATOR = re.compile(r"nenner|denominator|bezug|grundgesamtheit|basis", re.IGNORECASE)
_MEAN_HEADING = re.compile(r"index|durchschnitt|mittel(?:wert)?\b|mittlere", re.IGNORECASE)
_UNIT_HEADING = re.compile(r"einheit|unit|maßeinheit", re.IGNORECASE)
_NAME_HEADING = re.compile(r"name|bezeichnung|gebiet|sozialraum|planungsraum", re.IGNORECASE)
_DISTRICT_HEADING = re.compile(r"bez(?:irk|_id)?|stadtteil|stadtbezirk|ortsteil|district", re.IGNORECASE)
_LEADING_ZERO = re.compile(r"0\d+")


def guess_layout(table: RawTable, areas: Areas) -> TableLayout:
    """Guess the layout of a table.

    The key column is the one whose values are area keys (after repairs, or names of areas); a table in which keys
    repeat beside an indicator or year column is long.

    Returns
    -------
    TableLayout
        With an empty `key_column` when no column fits; the notes say what the guess rests on.
    """
    sample = table.cells.iloc[:_SAMPLE]
    notes, scores = [], {}
    for column in table.columns:
        scores[column] = _key_score(as_keys(sample[column]), areas)
    key, score, by_name = "", 0.0, False
    for column, (by_key, named) in scores.items():
        best = max(by_key, named * 0.9)
        if best > score + 1e-9:
            key, score, by_name = column, best, named * 0.9 > by_key
    if score < 0.2:
        key, by_name = _column_with_all_keys(table, areas), False
    if not key:
        notes.append(Message(mark("No column holds keys or names of the areas; choose the key column.")))
    elif by_name:
        notes.append(
            Message(
                mark("Column “{column}” holds names, not keys ({share} % of them are areas)."),
                column=key,
                share=round(score / 0.9 * 100),
            )
        )
    name = _name_column(table, scores, key)
    district = _district_column(table, sample, areas, key, name)
    taken = {key, name, district} - {""}
    shape = _long_shape(table, sample, key, taken)
    numbers = _sample_numbers(table, sample, taken | set(shape.values()), notes)
    columns = _columns(table, sample, numbers, taken | set(shape.values()), notes)
    values = [shape[name] for name in ("value_column", "numerator_column", "denominator_column") if name in shape]
    codes = find_codes(_with_possible_codes(table, values or numbers))
    if codes:
        notes.append(
            Message(
                mark("{codes} stands for missing values, not for a number."),
                codes=", ".join(f"{code:g}" for code in codes),
            )
        )
    if not shape:
        return TableLayout(WIDE, key, name, district, columns, codes=codes, notes=tuple(notes))
    if "indicator_column" in shape:
        columns = tuple(replace(column, role=SKIP) for column in columns)
    factors = _factors(table, shape, notes) if "numerator_column" in shape else ()
    return TableLayout(LONG, key, name, district, columns, codes=codes, factors=factors, notes=tuple(notes), **shape)


def _column_with_all_keys(table, areas) -> str:
    """A column that holds most area keys somewhere below: a table of a whole country is no reason to give up."""
    for column in table.columns:
        if len(table) > len(areas) and np.isin(areas.keys, as_keys(table.cells[column]).astype(str)).mean() >= 0.5:
            return column
    return ""


def _factors(table, shape, notes):
    """The factor of every indicator of a long table of counts."""
    labels = pd.Series(as_keys(table.cells[shape["indicator_column"]]), dtype=object).str.strip()
    numerator, denominator = (
        read_numbers(table.cells[shape[name]], default_decimal=_decimal(table)).values
        for name in ("numerator_column", "denominator_column")
    )
    units = as_keys(table.cells[shape["unit_column"]]) if "unit_column" in shape else None
    factors = []
    for label, rows in labels.groupby(labels, sort=False).indices.items():
        factor = field_name(label).factor
        if factor is None and units is not None and isinstance(units[rows[0]], str):
            factor = field_name(units[rows[0]]).factor
        if factor is None:
            above = np.mean(numerator[rows] > denominator[rows])
            factor = 1.0 if above > 0.05 or _MEAN_HEADING.search(label) else 100.0
            if factor == 1.0:
                notes.append(
                    Message(
                        mark("“{indicator}” is read as a mean: numerator / denominator, not in percent."),
                        indicator=label,
                    )
                )
        factors.append((label, factor))
    return tuple(factors)


def _decimal(table):
    return table.source.decimal or ","


def _key_score(values, areas):
    """Shares of the filled cells that are area keys and area names."""
    filled = [value.strip() for value in values if isinstance(value, str) and value.strip()]
    if not filled:
        return 0.0, 0.0
    texts = set(filled[:: max(1, len(filled) // _SCORED)])
    keys = sum(
        1 for text in texts if canonical(text, True) in areas.by_canonical or canonical(text) in areas.by_canonical
    )
    exact = sum(1 for text in texts if text in areas.index)
    names = sum(1 for text in texts if fold_name(text) in areas.by_name)
    # few different values that happen to be keys (0, 1, 2 …) are no key column
    spread = min(1.0, len(texts) / min(len(areas), max(3, len(filled) / 50)))
    return (0.95 * keys + 0.05 * exact) / len(texts) * spread, names / len(texts) * spread


def _name_column(table, scores, key):
    rest = [column for column in table.columns if column != key]
    best = max(rest, key=lambda column: scores[column][1], default="")
    if best and scores[best][1] >= 0.3:
        return best
    first = next(
        (column for column in rest if _NAME_HEADING.search(column) and not _INDICATOR_HEADING.search(column)), ""
    )
    values = [value for value in table.cells[first][:200] if value is not None] if first else []
    return (
        first if values and all(isinstance(value, str) and re.search(r"[^\W\d_]{2}", value) for value in values) else ""
    )


def _district_column(table, sample, areas, key, name):
    """A column whose values are larger units of the areas in the same row."""
    best, best_share = "", 0.6
    keys = as_keys(sample[key]) if key else None
    for column in table.columns:
        if column in (key, name):
            continue
        values = as_keys(sample[column])
        filled = [i for i, value in enumerate(values) if isinstance(value, str) and value.strip()]
        kinds = {values[i] for i in filled}
        if len(filled) < len(values) / 2 or not 2 <= len(kinds) <= max(30, len(filled) // 2):
            continue
        named = sum(1 for i in filled if fold_name(values[i]) in areas.folded_fields) / len(filled)
        begins = 0.0
        if keys is not None:
            begins = sum(
                1
                for i in filled
                if isinstance(keys[i], str)
                and len(values[i]) >= 2
                and keys[i].startswith(values[i].strip())
                and keys[i] != values[i]
            ) / len(filled)
        letters = any(ch.isalpha() for i in filled[:20] for ch in values[i])
        share = max(named if letters or _DISTRICT_HEADING.match(column) else 0.0, begins)
        if share > best_share:
            best, best_share = column, share
    return best


def _long_shape(table, sample, key, taken):
    """The columns of a long table, {} when the table is wide."""
    if not key:
        return {}
    keys = as_keys(sample[key])
    filled = [value for value in keys if isinstance(value, str) and value.strip()]
    if len(filled) < 2 or len(filled) < 1.5 * len(set(filled)):
        return {}
    rest = [column for column in table.columns if column not in taken]
    years = [column for column in rest if _is_year_column(sample[column])]
    year = next((column for column in years if _YEAR_HEADING.search(column)), years[0] if years else "")
    rest = [column for column in rest if column != year]
    unit = next((column for column in rest if _UNIT_HEADING.fullmatch(column.strip())), "")
    rest = [column for column in rest if column != unit]
    indicator = next(
        (column for column in rest if _INDICATOR_HEADING.search(column) and as_keys(sample[column]).astype(str).size),
        "",
    )
    if not indicator:
        texts = [column for column in rest if _is_label_column(sample, column, keys)]
        indicator = texts[0] if texts else ""
    if not indicator and not year:
        return {}
    shape = {"indicator_column": indicator, "year_column": year, "unit_column": unit}
    if indicator:
        rest = [column for column in rest if column != indicator and _is_numeric(table, sample[column])]
        numerator = next((column for column in rest if _NUMERATOR.search(column)), "")
        denominator = next((column for column in rest if _DENOMINATOR.search(column)), "")
        values = [column for column in rest if column not in (numerator, denominator)]
        value = next((column for column in values if _VALUE_HEADING.search(column)), "")
        if not value and not (numerator and denominator):
            value = values[0] if values else ""
        if not (numerator and denominator):
            numerator = denominator = ""
        shape.update(value_column=value, numerator_column=numerator, denominator_column=denominator)
    return {name: column for name, column in shape.items() if column}


def _is_year_column(cells):
    texts = [re.sub(r"\.0$", "", str(cell).strip()) for cell in cells if cell is not None]
    return len(texts) > 1 and all(
        re.fullmatch(r"(?:\d{1,2}\.\d{1,2}\.)?(?:19|20)\d\d(?:-\d\d-\d\d|[01]\d)?", text) for text in texts[:500]
    )


def _is_label_column(sample, column, keys):
    values = as_keys(sample[column])
    filled = [value for value in values if isinstance(value, str) and value.strip()]
    labels = set(filled)
    if len(filled) < len(values) * 0.8 or not 1 < len(labels) <= max(60, len(set(keys)) // 2):
        return False
    return any(re.search(r"[^\W\d_]", label) for label in labels)


def _is_numeric(table, cells):
    read = read_numbers(cells, default_decimal=_decimal(table))
    filled = int(cells.notna().sum())
    return filled > 0 and len(read.bad) <= 0.4 * filled


def _sample_numbers(table, sample, taken, notes):
    """Columns that hold numbers, with their sample read; a note for columns of text that hold numbers, too."""
    found = {}
    for column in table.columns:
        if column in taken or _has_leading_zeros(sample[column]):
            continue
        cells = sample[column]
        read = read_numbers(cells, default_decimal=_decimal(table))
        filled = int(cells.notna().sum())
        real = int(np.isfinite(read.values).sum()) + sum(read.signs.values())
        if not filled and len(table) > len(sample):
            cells = table.cells[column].dropna().iloc[:_SAMPLE]
            read, filled = read_numbers(cells, default_decimal=_decimal(table)), len(cells)
            real = int(np.isfinite(read.values).sum()) + sum(read.signs.values())
        if filled and real >= 0.6 * filled:
            found[column] = read
        elif read.bad and np.isfinite(read.values).sum() >= max(2, 0.2 * filled):
            notes.append(
                Message(
                    mark(
                        "Column “{column}” is read as text: {n} of {filled} cells are no numbers, the first in "
                        "row {row}."
                    ),
                    column=column,
                    n=len(read.bad),
                    filled=filled,
                    row=int(table.row_numbers[cells.index[read.bad[0]]]),
                )
            )
    return found


def _has_leading_zeros(cells):
    texts = [cell.strip() for cell in cells if isinstance(cell, str)]
    return any(_LEADING_ZERO.fullmatch(text) for text in texts[:500])


def _columns(table, sample, numbers, taken, notes):
    columns, names = [], []
    for heading in table.columns:
        if heading in taken:
            continue
        role = NUMBER if heading in numbers else TEXT
        if role == NUMBER and _is_year_column(sample[heading]) and len(set(sample[heading].dropna())) == 1:
            role = TEXT
        found = field_name(heading)
        name = unique_name(found.name, names)
        base = (
            name
            if found.year is None
            else name[:-5]
            if name == found.name
            else f"{found.base}{name[len(found.name) :]}"
        )
        names.append(name)
        unit, scale = found.unit, 1.0
        if heading in table.percent_columns:
            unit, scale = unit or "%", 100.0
            notes.append(
                Message(mark("Column “{column}” is formatted as percent: 0.123 is read as 12.3 %."), column=heading)
            )
        elif role == NUMBER and numbers[heading].percent:
            unit = unit or "%"
        if role == NUMBER and numbers[heading].ambiguous:
            notes.append(
                Message(
                    mark(
                        "Column “{column}” does not show whether “.” or “,” is the decimal sign; “{decimal}” is taken."
                    ),
                    column=heading,
                    decimal=_decimal(table),
                )
            )
        columns.append(ColumnLayout(heading, role, base, found.alias, unit, found.year, None, scale))
    return tuple(columns)


def _with_possible_codes(table, columns):
    """The numbers of the columns in which a code such as −9999 can stand at all."""
    for column in columns:
        cells = table.cells[column]
        texts = [cell for cell in cells if isinstance(cell, str)] if cells.dtype == object else []
        joined = " ".join(texts)
        if len(texts) < len(cells) or "999" in joined or "888" in joined:
            yield read_numbers(cells, default_decimal=_decimal(table)).values
