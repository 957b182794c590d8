"""Counts out of a table, wide (a column per year) or long (a row per area and year), as matrices areas × years."""
from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from .count_spec import CountIndicator, years_of
from .messages import TeilhabeError, mark


@dataclass(frozen=True)
class CountData:
    """The counts of a table.

    Attributes
    ----------
    keys : list
        Area keys in the order in which they first stand in the table.
    rows : ndarray of int
        The row of the table with each area's first appearance; geometry and texts are taken from it.
    years : dict
        Indicator id → its years, ascending; [0] where the table knows no years.
    counts : dict
        (Indicator id, position of the column) → matrix (areas, years).
    dated : bool
        False where the table knows no years.
    """

    keys: list
    rows: np.ndarray
    years: dict[str, list[int]] = field(repr=False)
    counts: dict[tuple[str, int], np.ndarray] = field(repr=False)
    dated: bool = True

    def matrices(self, indicator: CountIndicator) -> list[np.ndarray]:
        """Return numerator and denominator (of both groups, for ratios)."""
        return [self.counts[indicator.id, i] for i in range(len(indicator.columns))]


def columns_needed(indicators: list[CountIndicator], there: list[str]) -> list[str]:
    """Return the columns of the table that the indicators are made from, each once."""
    found = []
    for indicator in indicators:
        for column in indicator.columns:
            found += [column.replace("{year}", str(year)) for year in years_of(column, there)] \
                if "{year}" in column else [column]
    return list(dict.fromkeys(found))


def collect(frame: pd.DataFrame, key: str, indicators: list[CountIndicator], year_field: str = "") -> CountData:
    """Return the counts of a table.

    Parameters
    ----------
    frame : DataFrame
    key : str
        Column with the area key.
    indicators : list of CountIndicator
    year_field : str
        Column with the year of long tables; without it the table is wide.
    """
    frame = frame.reset_index(drop=True)
    if frame.empty:
        raise TeilhabeError(mark("The table has no rows."))
    _check_key(frame, key)
    codes, keys = pd.factorize(frame[key])
    rows = np.zeros(len(keys), int)
    rows[codes[::-1]] = np.arange(len(frame))[::-1]
    if year_field:
        years, counts, dated = *_long(frame, key, codes, len(keys), indicators, year_field), True
    else:
        twice = frame[key].duplicated(keep=False)
        if twice.any():
            raise TeilhabeError(mark("Column “{column}”: “{value}” stands in several rows ({rows}). Name the field "
                                     "with the year, or make the keys unique."),
                                column=key, value=frame.loc[twice, key].iloc[0], rows=_rows(twice))
        years, counts, dated = _wide(frame, indicators)
    return CountData(list(keys), rows, years, counts, dated)


def _wide(frame: pd.DataFrame, indicators: list[CountIndicator]):
    columns = [str(column) for column in frame.columns]
    dated = any("{year}" in column for indicator in indicators for column in indicator.columns)
    years, counts = {}, {}
    for indicator in indicators:
        found = [set(years_of(column, columns)) for column in indicator.columns if "{year}" in column]
        years[indicator.id] = sorted(set.intersection(*found)) if found else [0]
        if not years[indicator.id]:
            raise TeilhabeError(mark("Indicator “{id}”: there is no year with all of the columns {columns}."),
                                id=indicator.id, columns=", ".join(indicator.columns))
        for i, column in enumerate(indicator.columns):
            counts[indicator.id, i] = np.column_stack([
                _numbers(frame, column.replace("{year}", str(year))) for year in years[indicator.id]])
    return years, counts, dated


def _long(frame: pd.DataFrame, key: str, codes: np.ndarray, size: int, indicators: list[CountIndicator],
          year_field: str):
    when = _numbers(frame, year_field)
    wrong = ~((when >= 1900) & (when <= 2200) & (when % 1 == 0))
    if wrong.any():
        raise TeilhabeError(mark("Row {row}, column “{column}”: “{value}” is no year."), row=int(wrong.argmax()) + 1,
                            column=year_field, value=frame[year_field].iloc[int(wrong.argmax())])
    present, column_of = np.unique(when.astype(int), return_inverse=True)
    twice = pd.Series(codes * len(present) + column_of).duplicated(keep=False)
    if twice.any():
        first = int(twice.to_numpy().argmax())
        raise TeilhabeError(mark("Area “{key}” has several rows for {year} (rows {rows})."),
                            key=frame[key].iloc[first], year=int(when[first]), rows=_rows(
                                (codes == codes[first]) & (column_of == column_of[first])))
    counts = {}
    for indicator in indicators:
        for i, column in enumerate(indicator.columns):
            counts[indicator.id, i] = np.full((size, len(present)), np.nan)
            counts[indicator.id, i][codes, column_of] = _numbers(frame, column)
    return {indicator.id: present.tolist() for indicator in indicators}, counts


def _check_key(frame: pd.DataFrame, key: str) -> None:
    if key not in frame:
        raise TeilhabeError(mark("There is no column “{column}”. The columns are: {columns}."), column=key,
                            columns=", ".join(map(str, frame.columns)))
    empty = frame[key].isna()
    if empty.any():
        raise TeilhabeError(mark("Column “{column}”: the area key is empty in rows {rows}."), column=key,
                            rows=_rows(empty))


def _numbers(frame: pd.DataFrame, column: str) -> np.ndarray:
    if column not in frame:
        raise TeilhabeError(mark("There is no column “{column}”. The columns are: {columns}."), column=column,
                            columns=", ".join(map(str, frame.columns)))
    values = frame[column]
    if pd.api.types.is_numeric_dtype(values):
        return values.to_numpy(float, na_value=np.nan)
    numbers = pd.to_numeric(values, errors="coerce")
    wrong = numbers.isna() & values.notna()
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        raise TeilhabeError(mark("Row {row}, column “{column}”: “{value}” is no number."), row=row + 1, column=column,
                            value=values.iloc[row])
    return numbers.to_numpy(float, na_value=np.nan)


def _rows(marked) -> str:
    numbers = (np.flatnonzero(np.asarray(marked)) + 1).tolist()
    return ", ".join(map(str, numbers[:10])) + (", …" if len(numbers) > 10 else "")
