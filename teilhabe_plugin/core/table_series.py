"""The value series of a table: one per column of a wide table, one per indicator and year of a long one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from .area_keys import as_keys
from .field_names import field_name, unique_name
from .number_forms import read_numbers
from .signs import NO_DENOMINATOR, code_reason, with_defaults
from .table_layout import LONG, SKIP, TEXT, TableLayout, choose_years
from .table_source import RawTable

_YEAR_FORMS = re.compile(r"(?:\d{1,2}\.\d{1,2}\.)?((?:19|20)\d\d)(?:[-/]?\d\d(?:[-/]?\d\d)?)?(?:\.0)?")


@dataclass(eq=False)
class Series:
    """Values that become one field.

    `rows` are positions in the table; `values` and `reasons` refer to positions within `rows`.
    """

    name: str
    alias: str
    unit: str
    year: int | None
    column: str
    text: bool
    rows: np.ndarray
    values: np.ndarray
    reasons: dict = field(default_factory=dict)
    bad: tuple = ()
    decimals: bool = False
    signs: dict = field(default_factory=dict)
    numerator: Series | None = None
    denominator: Series | None = None
    factor: float = 1.0
    derived: bool = False


def series_of(table: RawTable, layout: TableLayout, years: str = "all"):
    """Read the value series of a table.

    Returns
    -------
    series : list of Series
    left_out : ndarray of int
        Rows of a long table that belong to years the user did not choose.
    unclear : ndarray of int
        Rows of a long table without indicator or with an unreadable year.
    """
    if layout.kind != LONG:
        every = np.arange(len(table))
        columns = _columns_of_years(layout, years)
        return [_column_series(table, layout, column, every) for column in columns], *_none()
    return _long_series(table, layout, years)


def _none():
    return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)


def _columns_of_years(layout, years):
    columns = [column for column in layout.columns if column.role != SKIP]
    available = {}
    for column in columns:
        if column.year:
            available.setdefault(column.field, set()).add(column.year)
    wanted = {name: choose_years(years, found) for name, found in available.items()}
    if not available:
        choose_years(years, ())
    return [column for column in columns if not column.year or column.year in wanted[column.field]]


def _column_series(table, layout, column, rows, name=None, year=None):
    cells = table.cells[column.column]
    cells = cells if len(rows) == len(table) else cells.iloc[rows]
    name, year = name or column.name, year or column.year
    if column.role == TEXT:
        return _text_series(table, layout, column, cells, rows, name, year)
    read = _read(table, layout, cells, column.decimal)
    values = read.values * column.scale if column.scale != 1.0 else read.values
    return Series(
        name,
        column.alias or column.column,
        column.unit,
        year,
        column.column,
        False,
        rows,
        values,
        read.reasons,
        read.bad,
        read.fractions or column.scale != 1.0,
        read.signs,
    )


def _read(table, layout, cells, decimal=None):
    return read_numbers(cells, decimal, table.source.decimal or ",", layout.signs, layout.codes)


def _text_series(table, layout, column, cells, rows, name, year):
    values = as_keys(cells).copy()
    reasons, signs = {}, {}
    for code in layout.codes:
        for position in np.flatnonzero(values == f"{code:g}"):
            values[position] = None
            reasons[int(position)] = code_reason(code)
            signs[f"{code:g}"] = signs.get(f"{code:g}", 0) + 1
    return Series(
        name, column.alias or column.column, column.unit, year, column.column, True, rows, values, reasons, signs=signs
    )


def _long_series(table, layout, wanted):
    labels = (
        as_keys(table.cells[layout.indicator_column])
        if layout.indicator_column
        else np.full(len(table), "", dtype=object)
    )
    years = read_years(table.cells[layout.year_column]) if layout.year_column else np.zeros(len(table))
    no_label = np.array([label is None or layout.indicator_column != "" and not label.strip() for label in labels])
    unclear = no_label | np.isnan(years)
    codes, kinds = pd.factorize(pd.Series(np.where(unclear, None, labels), dtype=object).str.strip())
    used = ~unclear
    all_series, left_out, names = [], [], {}
    taken = set()
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(len(kinds) + 1))
    parts = _long_columns(table, layout)
    for code, label in enumerate(kinds):
        rows = np.sort(order[starts[code] : starts[code + 1]])
        rows = rows[used[rows]]
        found = sorted({int(year) for year in years[rows]} - {0})
        chosen = choose_years(wanted, found) if layout.year_column else {0}
        for year in found or [0]:
            of_year = rows[years[rows] == year]
            if year not in chosen:
                left_out.append(of_year)
                continue
            all_series.extend(_series_of_label(table, layout, label, year or None, of_year, parts, names, taken))
    return all_series, np.concatenate(left_out) if left_out else _none()[0], np.flatnonzero(unclear)


def _long_columns(table, layout):
    """The number columns of a long table, read once as a whole."""
    wanted = [layout.value_column, layout.numerator_column, layout.denominator_column]
    return {column: _read(table, layout, table.cells[column]) for column in wanted if column}


def _series_of_label(table, layout, label, year, rows, parts, names, taken):
    if not layout.indicator_column:
        for column in layout.columns:
            if column.role != SKIP:
                yield _column_series(
                    table, layout, column, rows, f"{column.field}_{year}" if year else column.field, year
                )
        return
    found = field_name(label)
    if label not in names:
        names[label] = unique_name(found.base, taken)
        taken.add(names[label])
    year = year or found.year
    name = f"{names[label]}_{year}" if year else names[label]
    alias = f"{label} | {year}" if year and str(year) not in label else label
    numerator = _part(layout.numerator_column, f"{name}_z", alias, year, rows, parts)
    denominator = _part(layout.denominator_column, f"{name}_n", alias, year, rows, parts)
    unit = found.unit or _unit_in(table, layout, rows)
    if layout.value_column:
        value = _part(layout.value_column, name, alias, year, rows, parts)
        value.unit, value.numerator, value.denominator = unit, numerator, denominator
        yield value
        return
    factor = layout.factor or dict(layout.factors).get(label) or found.factor or 100.0
    value = Series(
        name,
        alias,
        unit or ("%" if factor == 100 else "‰" if factor == 1000 else ""),
        year,
        f"{layout.numerator_column} / {layout.denominator_column}",
        False,
        rows,
        np.full(len(rows), np.nan),
        decimals=True,
        numerator=numerator,
        denominator=denominator,
        factor=factor,
        derived=True,
    )
    yield value


def _unit_in(table, layout, rows):
    if not layout.unit_column or not len(rows):
        return ""
    unit = table.cells[layout.unit_column].iloc[rows[0]]
    return unit.strip() if isinstance(unit, str) else ""


def _part(column, name, alias, year, rows, parts):
    if not column:
        return None
    read = parts[column]
    wanted = {int(row): position for position, row in enumerate(rows)} if read.reasons or read.bad else {}
    reasons = {wanted[row]: reason for row, reason in read.reasons.items() if row in wanted}
    bad = tuple(wanted[row] for row in read.bad if row in wanted)
    return Series(name, alias, "", year, column, False, rows, read.values[rows], reasons, bad, read.fractions)


def rate(numerator, denominator, factor, numerator_reasons, denominator_reasons):
    """``numerator / denominator * factor`` with a reason wherever it is missing.

    Returns
    -------
    values : ndarray of float
    reasons : dict of int to str
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.where(denominator == 0, np.nan, numerator / denominator * factor)
    reasons = dict.fromkeys(np.flatnonzero(denominator == 0).tolist(), NO_DENOMINATOR)
    for source in (denominator_reasons, numerator_reasons):
        for i, reason in source.items():
            if np.isnan(values[i]) and i not in reasons:
                reasons[i] = reason
    return values, reasons


def read_years(cells) -> np.ndarray:
    """Years of a column with 2025, 202512, "31.12.2025" or "2025-12-31"; NaN where none can be read."""
    codes, kinds = pd.factorize(pd.Series(as_keys(cells), dtype=object))
    years = np.full(len(kinds) + 1, np.nan)
    for i, text in enumerate(kinds):
        match = _YEAR_FORMS.fullmatch(str(text).strip())
        if match:
            years[i] = int(match.group(1))
    return years[codes]


def sign_readings(layout: TableLayout) -> dict:
    """The reading of every sign, by sign, as the layout has it."""
    return {reading.sign: reading for reading in with_defaults(layout.signs)}
