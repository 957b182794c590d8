"""Writing down what the join of one table did."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .area_keys import Areas
from .join_report import AreaRef, BadCell, ColumnSum, DuplicateRow, NameChange, TableReport
from .key_matching import RowRef
from .messages import Message, mark
from .placing import FIRST, LAST, MEAN, SUM
from .signs import sign_of
from .summary_rows import TOTAL
from .table_layout import LONG
from .table_series import sign_readings

_OUTCOMES = {
    FIRST: mark("the first row counts"),
    LAST: mark("the last row counts"),
    SUM: mark("the rows were added up"),
    MEAN: mark("the mean of the rows was taken"),
}
_LEFT_OUT = mark("the rows differ; values are left missing")
_ONCE = mark("the rows are equal; they count once")


def area_refs(areas: Areas, wanted: np.ndarray) -> tuple[AreaRef, ...]:
    """The areas at the wanted positions."""
    return tuple(AreaRef(areas.keys[i], areas.name_at(i)) for i in np.flatnonzero(wanted))


def describe_bad_cells(table, positions, series) -> tuple[BadCell, ...]:
    """Text in number columns of rows that belong to an area."""
    cells = []
    for item in _with_parts(series):
        for i in item.bad:
            row = int(item.rows[i])
            if positions[row] >= 0:
                value = str(table.cells[item.column].iat[row])
                cells.append(BadCell(table.title, int(table.row_numbers[row]), item.column, value[:60]))
    return tuple(sorted(cells, key=lambda cell: cell.row))


def table_report(areas, request, matching, usable, series, used, groups, left_out, unclear, bad, added) -> TableReport:
    """Account for every row of a table."""
    table, layout = request.table, request.layout
    infos, changes = added
    has_area = matching.positions >= 0
    unclear_rows = [int(row) for row in unclear if has_area[row]]
    unmatched = matching.unmatched + tuple(
        RowRef(
            int(table.row_numbers[row]),
            areas.keys[matching.positions[row]],
            "",
            Message(mark("indicator or year of the row cannot be read")),
        )
        for row in unclear_rows
    )
    in_other_years = int(has_area[left_out].sum())
    joined = np.zeros(len(areas), dtype=bool)
    joined[usable[usable >= 0]] = True
    placed = int((usable >= 0).sum())
    matched = int(used.sum())
    return TableReport(
        title=table.title,
        path=Path(table.source.path).name,
        sheet=table.source.sheet or "",
        kind=layout.kind,
        key_column=layout.key_column,
        rows=len(table),
        matched=matched,
        areas_joined=int(joined.sum()),
        unmatched=unmatched,
        ambiguous=matching.ambiguous,
        summary=matching.summary,
        duplicates=_duplicates(areas, table, request, groups, used),
        duplicates_left_out=placed - matched,
        empty=matching.empty,
        other_years=in_other_years,
        repairs=matching.repairs,
        offered=matching.offered,
        suggestions=matching.suggestions,
        other_names=matching.other_names,
        areas_without_row=area_refs(areas, ~joined),
        sums=_sums(table, request, matching, usable, series, infos),
        signs=_signs(layout, series),
        bad_cells=bad,
        fields=tuple(info.name for info in infos),
        renamed=tuple(NameChange(*change) for change in changes),
        notes=table.notes + layout.notes + _gaps(areas, layout, joined, usable, series),
    )


def _gaps(areas, layout, joined, usable, series):
    """Areas of a long table that have rows, but none for some indicator and year: their values are missing."""
    if layout.kind != LONG:
        return ()
    lacking = {}
    for item in series:
        there = np.zeros(len(areas), dtype=bool)
        rows = usable[item.rows]
        there[rows[rows >= 0]] = True
        without = tuple(np.flatnonzero(joined & ~there))
        if without:
            lacking.setdefault(without, []).append(item.alias)
    return tuple(
        Message(
            mark("{n} areas have no row for {series}: {keys}"),
            n=len(without),
            series=_some(names),
            keys=_some(areas.keys[list(without)]),
        )
        for without, names in lacking.items()
    )


def _some(texts, most=10):
    return ", ".join(texts[:most]) + (", …" if len(texts) > most else "")


def _duplicates(areas, table, request, groups, used):
    seen, found = set(), []
    for item, where in groups:
        for area, positions in where.groups:
            rows = item.rows[positions]
            what = item.alias if request.layout.kind == "long" else ""
            key = (area, what, tuple(rows))
            if key in seen:
                continue
            seen.add(key)
            template = _OUTCOMES.get(request.duplicates) or (_ONCE if used[rows].any() else _LEFT_OUT)
            outcome = Message(template)
            found.extend(
                DuplicateRow(int(table.row_numbers[row]), areas.keys[area], areas.name_at(area), what, outcome)
                for row in rows
            )
    return tuple(found)


def _with_parts(series):
    for item in series:
        if not item.derived:
            yield item
        for part in (item.numerator, item.denominator):
            if part is not None:
                yield part


def _sums(table, request, matching, usable, series, infos):
    """Sums of whole-number columns over rows that stand for areas, and the table's own totals."""
    numbers = {int(row): i for i, row in enumerate(table.row_numbers)}
    apart = np.zeros(len(table), dtype=bool)
    for row in [*(entry.row for entry in matching.summary), *matching.empty]:
        apart[numbers[row]] = True
    totals = [numbers[entry.row] for entry in matching.summary if entry.kind == TOTAL]
    counts = {
        info.name: info
        for info in infos
        if info.kind == "integer" and info.unit not in ("%", "‰") and not info.unit.startswith("je ")
    }
    sums = []
    for item in _with_parts(series):
        if item.text or item.name not in counts:
            continue
        values, rows = item.values, item.rows
        for_areas = values[~apart[rows]]
        total, total_row = _total(table, values, rows, totals)
        after = values[usable[rows] >= 0]
        sums.append(
            (
                item.name,
                ColumnSum(
                    item.name,
                    item.column,
                    float(np.nansum(for_areas)),
                    float(np.nansum(after)),
                    total,
                    total_row,
                    int(np.isfinite(for_areas).sum()),
                    int(np.isfinite(after).sum()),
                ),
            )
        )
    return tuple(entry for _, entry in sums)


def _total(table, values, rows, totals):
    for row in totals:
        at = np.flatnonzero(rows == row)
        if len(at) and np.isfinite(values[at[0]]):
            return float(values[at[0]]), int(table.row_numbers[row])
    return None, 0


def _signs(layout, series):
    """How often each sign occurs and what was read: (sign, number, reading)."""
    counts, readings = {}, sign_readings(layout)
    for item in _with_parts(series):
        for sign, number in item.signs.items():
            counts[sign] = counts.get(sign, 0) + number
    found = []
    for sign, number in counts.items():
        reading = readings.get(sign) or readings.get(sign_of(sign))
        if reading is None:
            found.append((sign, number, ""))
        elif reading.value is None:
            found.append((sign, number, reading.reason))
        else:
            found.append(
                (sign, number, f"{reading.value:g} ({reading.reason})" if reading.reason else f"{reading.value:g}")
            )
    return tuple(found)
