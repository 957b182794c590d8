"""Columns of case lists: group, year, number of cases. Faults are told by row and column, never by content."""

from __future__ import annotations

import datetime
import re

import numpy as np
import pandas as pd

from ..messages import Message, TeilhabeError, mark

_YEAR = re.compile(r"(?<!\d)(19|20)\d\d(?!\d)")
_SHORT = re.compile(r"^\d{1,2}\.\d{1,2}\.(\d{2})$")
#: a short year above it belongs to the last century
_CENTURY = 50
#: faults that are listed
_MOST = 10


def column_of(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return a column.

    Raises
    ------
    TeilhabeError
        When there is none; the headings are not named, they could be a row of the list.
    """
    if name not in frame:
        raise TeilhabeError(mark("The list has no column “{column}”."), column=name)
    return frame[name]


def years_of(frame: pd.DataFrame, name: str, rows) -> np.ndarray:
    """Return the year of every record, 0 where the cell is empty.

    Years, dates and school years are read: 2023, 01.09.2023, 2023-09-01, 2023/24 (its first year).

    Parameters
    ----------
    rows : sequence of int
        Number of each record in its file, for messages.
    """
    values = column_of(frame, name)
    codes, unique = pd.factorize(values.to_numpy(dtype=object))
    years = np.array([*(_year(value) for value in unique), 0], dtype=np.int64)[codes]
    _refuse(years < 0, name, rows, mark("no year"))
    return years


def _year(value) -> int:
    """Return the year of a value, 0 for an empty one, −1 for none."""
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.year
    if isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool):
        return int(value) if float(value).is_integer() and 1900 <= value <= 2200 else -1
    text = str(value).strip()
    if not text:
        return 0
    short = _SHORT.match(text)
    if short:
        return int(short[1]) + (1900 if int(short[1]) > _CENTURY else 2000)
    found = _YEAR.search(text)
    return int(found[0]) if found else -1


def weights_of(frame: pd.DataFrame, name: str, rows) -> np.ndarray:
    """Return the number of cases of every record, NaN where the cell is empty."""
    values = column_of(frame, name)
    numbers = pd.to_numeric(values.map(_plain_number) if values.dtype == object else values,
                            errors="coerce").to_numpy(float, na_value=np.nan)
    empty = (values.isna() | (values.astype(str).str.strip() == "")).to_numpy()
    with np.errstate(invalid="ignore"):
        _refuse(~empty & ~((numbers >= 0) & (numbers % 1 == 0)), name, rows, mark("no whole number from 0 on"))
    return numbers


def _plain_number(value):
    """Return a text without signs between thousands and with a decimal point."""
    if not isinstance(value, str):
        return value
    text = value.strip().replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    return re.sub(r"\.(?=\d{3}(?:\D|$))", "", text).replace(",", ".")


def groups_of(frame: pd.DataFrame, name: str) -> np.ndarray:
    """Return the group of every record as text, "" where the cell is empty."""
    values = column_of(frame, name).to_numpy(dtype=object)
    codes, unique = pd.factorize(values)
    return np.array([*(_text(value) for value in unique), ""], dtype=object)[codes]


def _text(value) -> str:
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    return " ".join(str(value).split())


def yes_of(frame: pd.DataFrame, name: str, rows) -> np.ndarray:
    """Return for every record whether the column says yes (ja, x, 1, true …); empty means no."""
    values = column_of(frame, name)
    codes, unique = pd.factorize(values.to_numpy(dtype=object))
    said = np.array([*(_yes(value) for value in unique), 0], dtype=np.int8)[codes]
    _refuse(said < 0, name, rows, mark("neither yes nor no"))
    return said > 0


def _yes(value) -> int:
    text = str(value).strip().casefold()
    if text in ("ja", "j", "x", "wahr", "true", "yes", "y", "1", "1.0"):
        return 1
    return 0 if text in ("", "nein", "n", "falsch", "false", "no", "0", "0.0", "-") else -1


def _refuse(wrong: np.ndarray, column: str, rows, problem: str) -> None:
    if not wrong.any():
        return
    named = [str(row) for row in np.asarray(rows)[wrong][:_MOST].tolist()]
    raise TeilhabeError(
        mark("Column “{column}”, row {rows}: {problem}. What stands there is not shown, because the list holds data of "
             "persons."),
        column=column, rows=", ".join(named) + (", …" if int(wrong.sum()) > _MOST else ""), problem=Message(problem))
