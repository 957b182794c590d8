"""What a join did with every row of every table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from .key_matching import Repair, RowRef, Suggestion, SummaryRow
from .messages import Message


class AreaRef(NamedTuple):
    """An area by key and name."""

    key: str
    name: str


class DuplicateRow(NamedTuple):
    """A row of an area that has another row for the same field."""

    row: int
    key: str
    name: str
    what: str
    outcome: Message


class BadCell(NamedTuple):
    """Text where a number should be."""

    table: str
    row: int
    column: str
    value: str


class NameChange(NamedTuple):
    """A field that could not keep its name."""

    wanted: str
    given: str
    why: Message


@dataclass(frozen=True)
class ColumnSum:
    """A column of counts before and after the join.

    Attributes
    ----------
    field, column : str
        Field in the result and heading in the table.
    before : float
        Sum over all rows of the table that stand for areas (summary rows left out).
    after : float
        Sum over the areas of the result.
    total : float, optional
        Value of the table's own row of totals.
    total_row : int
        Its row, 0 when there is none.
    values_before, values_after : int
        Numbers that are there before and after.
    """

    field: str
    column: str
    before: float
    after: float
    total: float | None = None
    total_row: int = 0
    values_before: int = 0
    values_after: int = 0

    @property
    def lost(self) -> float:
        """What the rows without area and the doubled rows held."""
        return self.before - self.after

    @property
    def beside_total(self) -> float | None:
        """The table's total minus the sum of the areas."""
        return None if self.total is None else self.total - self.after


@dataclass(frozen=True)
class TableReport:
    """One table of a join; every row is counted exactly once.

    ``rows == matched + len(unmatched) + len(summary) + duplicates_left_out + len(empty) + other_years``
    """

    title: str
    path: str
    sheet: str
    kind: str
    key_column: str
    rows: int
    matched: int
    areas_joined: int
    unmatched: tuple[RowRef, ...] = ()
    ambiguous: tuple[RowRef, ...] = ()
    summary: tuple[SummaryRow, ...] = ()
    duplicates: tuple[DuplicateRow, ...] = ()
    duplicates_left_out: int = 0
    empty: tuple[int, ...] = ()
    other_years: int = 0
    repairs: tuple[Repair, ...] = ()
    offered: tuple[Repair, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    other_names: tuple[RowRef, ...] = ()
    areas_without_row: tuple[AreaRef, ...] = ()
    sums: tuple[ColumnSum, ...] = ()
    signs: tuple[tuple[str, int, str], ...] = ()
    bad_cells: tuple[BadCell, ...] = ()
    fields: tuple[str, ...] = ()
    renamed: tuple[NameChange, ...] = ()
    notes: tuple[Message, ...] = ()

    @property
    def accounted(self) -> int:
        """Rows that are accounted for; equals `rows`."""
        return (
            self.matched
            + len(self.unmatched)
            + len(self.summary)
            + self.duplicates_left_out
            + len(self.empty)
            + self.other_years
        )


@dataclass(frozen=True)
class JoinReport:
    """All tables of a join.

    Attributes
    ----------
    areas : int
    areas_joined : int
        Areas that got a row from at least one table.
    areas_without_row : tuple of AreaRef
        Areas that no table has a row for.
    tables : tuple of TableReport
    """

    areas: int
    areas_joined: int
    areas_without_row: tuple[AreaRef, ...] = ()
    tables: tuple[TableReport, ...] = ()

    def count(self, name: str) -> int:
        """Entries of one list, over all tables: ``count("unmatched")``."""
        return sum(len(getattr(table, name)) for table in self.tables)

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables)

    @property
    def matched(self) -> int:
        """Rows that gave their values to an area."""
        return sum(table.matched for table in self.tables)
