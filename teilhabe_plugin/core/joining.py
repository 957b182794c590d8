"""Joining indicator tables to areas.

The way is ``read_table → guess_layout → match_keys → JoinRequest → join_tables``; nothing is dropped in silence: every
row of every table is accounted for in the report.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Callable

import numpy as np
import pandas as pd

from .area_keys import REPAIR_TITLES, SAFE_REPAIRS, Areas
from .field_names import unique_name
from .join_report import JoinReport, TableReport
from .join_reporting import area_refs, describe_bad_cells, table_report
from .key_matching import match_keys
from .messages import Message, TeilhabeError, check_cancelled, mark
from .placing import DUPLICATE_RULES, LEAVE_OUT, identical, place, placement
from .signs import TEXT as TEXT_REASON
from .table_layout import ALL_YEARS, TableLayout
from .table_series import rate, series_of
from .table_source import RawTable

REFUSE, TAKE_AS_MISSING = "error", "missing"
SUFFIX = "suffix"


@dataclass(frozen=True, eq=False)
class JoinRequest:
    """One table to be joined, with everything the user has decided.

    Attributes
    ----------
    table : RawTable
    layout : TableLayout
    repairs : tuple of str
        Accepted kinds of key repair.
    matches : mapping of str to str or None
        Table value → area key, set by hand; None sets its rows aside.
    duplicates : str
        Rule for areas with several rows, see :data:`~.placing.DUPLICATE_RULES`.
    years : str
        ``"all"``, ``"latest"`` or ``"2020, 2023-2025"``.
    text_in_numbers : str
        ``"error"`` or ``"missing"``.
    """

    table: RawTable
    layout: TableLayout
    repairs: tuple[str, ...] = SAFE_REPAIRS
    matches: Mapping[str, str | None] = field(default_factory=dict)
    duplicates: str = LEAVE_OUT
    years: str = ALL_YEARS
    text_in_numbers: str = REFUSE


@dataclass(frozen=True)
class FieldInfo:
    """A field of the result.

    Attributes
    ----------
    name : str
    kind : str
        ``"integer"``, ``"real"`` or ``"text"``.
    alias, unit : str
    part : str
        ``"value"``, ``"numerator"``, ``"denominator"`` or ``"reason"``.
    year : int, optional
    table, column : str
        Where the values come from.
    """

    name: str
    kind: str
    alias: str
    unit: str = ""
    part: str = "value"
    year: int | None = None
    table: str = ""
    column: str = ""


@dataclass(frozen=True, eq=False)
class JoinResult:
    """The joined columns, one row per area in the order of the areas.

    Integer columns with gaps are float64 with NaN; `fields` tells their kind.
    """

    frame: pd.DataFrame
    fields: tuple[FieldInfo, ...]
    report: JoinReport


def join_tables(
    areas: Areas,
    requests: Sequence[JoinRequest],
    on_conflict: str = SUFFIX,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> JoinResult:
    """Join tables to areas.

    Parameters
    ----------
    areas : Areas
    requests : sequence of JoinRequest
    on_conflict : str
        What happens when two tables bring the same field with different values: ``"suffix"`` calls the later one
        ``…_2``, ``"error"`` refuses. A field with equal values is kept once.
    progress, cancelled : callable, optional

    Returns
    -------
    JoinResult

    Raises
    ------
    TeilhabeError
        When a layout does not fit, no row matches, or a number column holds text that may not be set missing.
    """
    fields = _Fields(areas, on_conflict)
    reports, joined = [], np.zeros(len(areas), dtype=bool)
    for number, request in enumerate(requests):
        check_cancelled(cancelled)
        fields.number = number
        report, positions = _join_table(areas, request, fields, cancelled)
        reports.append(report)
        joined[positions[positions >= 0]] = True
        if progress is not None:
            progress(100.0 * (number + 1) / len(requests))
    frame = pd.DataFrame(fields.columns, index=pd.RangeIndex(len(areas)))
    report = JoinReport(len(areas), int(joined.sum()), area_refs(areas, ~joined), tuple(reports))
    return JoinResult(frame, tuple(fields.infos), report)


def _join_table(areas, request, fields, cancelled) -> tuple[TableReport, np.ndarray]:
    table, layout = request.table, request.layout
    layout.check(table)
    if request.duplicates not in DUPLICATE_RULES:
        raise TeilhabeError(
            mark("The rule for duplicates “{rule}” is not known. Possible are: {rules}."),
            rule=request.duplicates,
            rules=", ".join(DUPLICATE_RULES),
        )
    matching = match_keys(table, layout, areas, request.repairs, request.matches)
    positions = matching.positions
    if not (positions >= 0).any():
        raise _nothing_matches(areas, table, layout, matching)
    series, left_out, unclear = series_of(table, layout, request.years)
    if not series:
        raise TeilhabeError(
            mark("{table}: no column is left to join. Check the roles of the columns and the chosen years."),
            table=table.title,
        )
    bad = describe_bad_cells(table, positions, series)
    if bad and request.text_in_numbers == REFUSE:
        raise TeilhabeError(
            mark(
                "{table}: {n} cells in number columns hold text (row, column: “value”): {cells}. Correct the table, "
                "read the column as text or the sign as missing, or allow text to be set missing."
            ),
            table=table.title,
            n=len(bad),
            cells=_cells(bad[:10]),
        )
    usable = positions.copy()
    usable[unclear] = -1
    usable[left_out] = -1
    used = np.zeros(len(table), dtype=bool)
    groups, placed, before, wheres = [], [], fields.names(), {}
    for item in series:
        check_cancelled(cancelled)
        # the series of a wide table have all rows in common
        where = wheres.get(id(item.rows))
        if where is None:
            where = wheres[id(item.rows)] = placement(usable[item.rows], len(areas))
            _mark_used(where, item, used, request.duplicates)
        if where.groups:
            groups.append((item, where))
        _place_series(item, where, len(areas), request, table.title, fields)
        placed.append(item)
    report = table_report(
        areas, request, matching, usable, series, used, groups, left_out, unclear, bad, fields.since(before)
    )
    return report, usable


def _mark_used(where, item, used, rule):
    """Note which rows gave their values: under a rule that takes one row of several, that one."""
    used[item.rows[where.single]] = True
    for _, rows in where.groups:
        taken = rows[-1] if rule == "last" else rows[0]
        if rule != LEAVE_OUT or identical([item.values], rows):
            used[item.rows[taken]] = True


def _place_series(item, where, n_areas, request, title, fields):
    values, reasons = place(item.values, _with_text(item), where, n_areas, request.duplicates)
    if item.derived or item.numerator is not None:
        parts = [
            place(part.values, _with_text(part), where, n_areas, request.duplicates)
            for part in (item.numerator, item.denominator)
        ]
        if item.derived:
            values, reasons = rate(parts[0][0], parts[1][0], item.factor, parts[0][1], parts[1][1])
        name = fields.add(item, values, reasons, title)
        fields.add_part(item.numerator, f"{name}_z", "numerator", parts[0][0], title)
        fields.add_part(item.denominator, f"{name}_n", "denominator", parts[1][0], title)
    else:
        name = fields.add(item, values, reasons, title)
    if reasons and name:
        fields.add_reasons(item, name, reasons, title)


def _with_text(item):
    """Reasons of a series, with one for cells that hold text."""
    return {**item.reasons, **dict.fromkeys(item.bad, TEXT_REASON)} if item.bad else item.reasons


class _Fields:
    """Collects the columns of the result and gives every one a name of its own."""

    def __init__(self, areas, on_conflict):
        self.areas, self.on_conflict = areas, on_conflict
        self.columns, self.infos, self.changes = {}, [], []
        self.tables, self.numbers, self.number = {}, {}, 0

    def names(self):
        return len(self.infos), len(self.changes)

    def since(self, before):
        """Fields and name changes added since `before`."""
        return tuple(self.infos[before[0] :]), tuple(self.changes[before[1] :])

    def add(self, item, values, reasons, title) -> str:
        """Add a value column; returns its name, "" when an equal one is there."""
        kind = "text" if item.text else _number_kind(values, item.decimals)
        name = item.name
        other = next((known for known in self.columns if known.casefold() == name.casefold()), None)
        if other is not None and self.numbers[other] != self.number:
            if _equal(self.columns[other], values):
                self.changes.append(
                    (
                        item.name,
                        other,
                        Message(
                            mark("“{table}” has the same values; the field was taken once"), table=self.tables[other]
                        ),
                    )
                )
                return ""
            if self.on_conflict != SUFFIX:
                raise TeilhabeError(
                    mark(
                        "The tables {first} and {second} both bring the field “{field}” with different values. Give "
                        "one of them another name or leave it out."
                    ),
                    first=self.tables[other],
                    second=title,
                    field=name,
                )
        name = unique_name(name, [*self.areas.fields, *self.columns])
        if name != item.name:
            holder = (
                Message(mark("the area layer has a field of this name"))
                if other is None
                else Message(mark("“{table}” has a field of this name with other values"), table=self.tables[other])
            )
            self.changes.append((item.name, name, holder))
        self._append(name, values, FieldInfo(name, kind, item.alias, item.unit, "value", item.year, title, item.column))
        return name

    def add_part(self, part, wanted, kind, values, title):
        """Add the numerator or denominator of a share."""
        if wanted[0] == "_":
            return
        name = unique_name(wanted, [*self.areas.fields, *self.columns])
        part.name = name
        alias = f"{part.alias} ({part.column})"
        self._append(
            name,
            values,
            FieldInfo(name, _number_kind(values, part.decimals), alias, "", kind, part.year, title, part.column),
        )

    def add_reasons(self, item, field_name, reasons, title):
        """Add the text column that says why values are missing or limited."""
        name = unique_name(f"{field_name}_grund", [*self.areas.fields, *self.columns])
        texts = np.full(len(self.areas), None, dtype=object)
        for area, reason in reasons.items():
            texts[area] = reason
        self._append(
            name, texts, FieldInfo(name, "text", f"{item.alias} – Grund", "", "reason", item.year, title, item.column)
        )

    def _append(self, name, values, info):
        self.columns[name] = values
        self.infos.append(info)
        self.tables[name], self.numbers[name] = info.table, self.number


def _number_kind(values, decimals):
    if decimals:
        return "real"
    finite = values[np.isfinite(values)]
    return (
        "integer" if len(finite) and bool((finite == np.floor(finite)).all()) and abs(finite).max() < 2**53 else "real"
    )


def _equal(first, second):
    if first.dtype != second.dtype:
        return False
    if first.dtype == object:
        return bool((first == second).all())
    return bool(np.array_equal(first, second, equal_nan=True))


def _nothing_matches(areas, table, layout, matching):
    kinds = sorted({kind for repair in matching.offered for kind in repair.kinds})
    if kinds:
        return TeilhabeError(
            mark(
                "{table}: no row matches as it stands, but {n} rows would match with the repairs {kinds}. Accept these "
                "repairs or choose another key column than “{column}”."
            ),
            table=table.title,
            n=len(matching.offered),
            kinds=_titles(kinds),
            column=layout.key_column,
        )
    theirs = [str(value) for value in table.cells[layout.key_column].dropna().iloc[:3]]
    return TeilhabeError(
        mark(
            "{table}: no value of column “{column}” is an area key. The table has {theirs}, the layer has {ours}. "
            "Choose another key column, or the layer of the right edition."
        ),
        table=table.title,
        column=layout.key_column,
        theirs=", ".join(theirs),
        ours=", ".join(areas.keys[:3]),
    )


def _titles(kinds):
    """The names of several kinds of repair as one detail of a message."""
    return _listed([Message(REPAIR_TITLES[kind]) for kind in kinds], ", ")


def _cells(bad):
    """Cells with what stands in them as one detail of a message."""
    return _listed(
        [
            Message(mark("{row}, {column}: “{value}”"), row=cell.row, column=cell.column, value=cell.value)
            for cell in bad
        ],
        "; ",
    )


def _listed(messages, separator):
    joined = messages[0]
    for message in messages[1:]:
        joined = Message("{first}{separator}{second}", first=joined, separator=separator, second=message)
    return joined
