"""For which indicators and years a layer has values: a matrix of counts."""
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from .catalogue import Catalogue
from .catalogue_editing_uses import Use
from .messages import Message, mark

_YEAR = r"((?:19|20)\d\d)"


@dataclass(frozen=True)
class Cell:
    """A column of the layer, and in how many areas it has a value."""

    column: str
    filled: int


@dataclass(frozen=True)
class Row:
    """An indicator: ``cells`` by year, None where the layer has no column; ``claim`` is what the catalogue says."""

    number: str
    name: str
    claim: str
    cells: tuple[Cell | None, ...]

    @property
    def has_values(self) -> bool:
        """Say whether there is a value in any year."""
        return any(cell is not None and cell.filled for cell in self.cells)


@dataclass(frozen=True)
class DataStatus:
    """Indicator × year; a year 0 stands for columns that name no year."""

    areas: int
    years: tuple[int, ...]
    rows: tuple[Row, ...]


def columns_of(catalogue: Catalogue, uses: Iterable[Use], columns: Mapping[str, str]) -> dict[tuple[str, int], str]:
    """Find the layer's columns of every indicator and year.

    Recipes say how columns are named; where none does, a column whose title begins with the indicator's number and
    name is taken.

    Parameters
    ----------
    catalogue : Catalogue
    uses : iterable of Use
    columns : mapping
        Name of the column → its title, as written by earlier steps.

    Returns
    -------
    dict
        (number, year) → column; year 0 for columns without one.
    """
    patterns: dict[str, list] = {}
    for use in uses:
        text = re.escape(use.column).replace(re.escape("{year}"), _YEAR)
        patterns.setdefault(use.number, []).append(re.compile(text + r"\Z"))
    found: dict[tuple[str, int], str] = {}
    for entry in catalogue.entries:
        for column, title in columns.items():
            match = next(filter(None, (each.match(column) for each in patterns.get(entry.number, ()))), None)
            if match is not None:
                found.setdefault((entry.number, int(match[1]) if match.groups() else 0), column)
            elif entry.number not in patterns and entry.name and title.startswith(entry.label):
                year = re.search(_YEAR, title[len(entry.label):]) or re.search(_YEAR + r"\Z", column)
                found.setdefault((entry.number, int(year[1]) if year else 0), column)
    return found


def data_status(catalogue: Catalogue, found: Mapping[tuple[str, int], str], filled: Mapping[str, int],
                areas: int) -> DataStatus:
    """Put the matrix together.

    Parameters
    ----------
    catalogue : Catalogue
    found : mapping
        What `columns_of` returned.
    filled : mapping
        Column → number of areas with a value.
    areas : int
    """
    years = tuple(sorted({year for _number, year in found}))
    rows = []
    for entry in catalogue.entries:
        cells = [found.get((entry.number, year)) for year in years]
        rows.append(Row(entry.number, entry.name, entry.data,
                        tuple(None if each is None else Cell(each, filled.get(each, 0)) for each in cells)))
    return DataStatus(areas, years, tuple(rows))


def filled_counts(frame: pd.DataFrame) -> dict[str, int]:
    """Return in how many rows each column has a value; infinite ones do not count."""
    counts = {}
    for column in frame.columns:
        values = frame[column]
        if values.dtype.kind == "f":
            values = values.replace([float("inf"), float("-inf")], float("nan"))
        counts[str(column)] = int(values.notna().sum())
    return counts


def contradiction(row: Row) -> Message | None:
    """Return where layer and catalogue say different things about an indicator, None where they agree."""
    if row.claim == "none" and row.has_values:
        return Message(mark("The layer has values."))
    if row.claim != "none" and not row.has_values:
        return Message(mark("The layer has no values."))
    return None


def share_shown(filled: int, areas: int) -> int:
    """Return a share in whole percent that is 100 only where all are there and 0 only where none is."""
    if not filled or not areas:
        return 0
    return min(max(round(100 * filled / areas), 1), 100 if filled >= areas else 99)
