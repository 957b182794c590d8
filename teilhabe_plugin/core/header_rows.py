"""From a grid of cells to a table: where the header stands, what it says, what is empty."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd

from .messages import Message, TeilhabeError, mark
from .table_source import RawTable, TableSource

MAX_HEADER_LINES = 5
_SEARCHED_ROWS = 60
_YEAR = re.compile(r"(?:31\.12\.|30\.06\.|01\.01\.)?(?:19|20)\d\d\*?")
_NUMBER = re.compile(r"[-–−+(]?\s?\d[\d.,\s\u00a0\u2009\u202f]*\s?%?\)?")
_UNIT = re.compile(r"(?:in )?(?:%|‰|Prozent|Anzahl|Euro|€|Personen|absolut|je [\d.]+.*)", re.IGNORECASE)


def grid_to_table(
    rows, numbers, source: TableSource, area_keys=frozenset(), percent=frozenset(), sheets=(), notes=(), complete=True
) -> RawTable:
    """Make a table of a grid of cells.

    Parameters
    ----------
    rows : list of list
        Cells as they stand in the file; rows may differ in length.
    numbers : list of int
        Row number in the file of every row.
    source : TableSource
        `header_row` and `header_lines` are used when set and found otherwise.
    area_keys : collection of str
        Keys and names of the areas: a row that bears one is a row of data.
    percent : collection of int
        Positions of columns with a percent format.
    sheets, notes, complete
        Passed on to the table.

    Raises
    ------
    TeilhabeError
        When the grid is empty or no header can be found.
    """
    grid = _grid(rows)
    filled = grid != None  # noqa: E711 - element-wise
    if not filled.any():
        raise TeilhabeError(mark("{table} is empty. Choose another sheet or file."), table=source.title)
    numbers = np.asarray(numbers, dtype=np.int64)
    first, lines = _header_place(grid, filled, numbers, source, area_keys)
    body, body_numbers = grid[first + lines :], numbers[first + lines :]
    headings = _headings(grid[first : first + lines])
    notes = list(notes)
    if first:
        notes.append(
            Message(
                mark("{n} rows above the header (row {row}) were not read as data."),
                n=int(first),
                row=int(numbers[first]),
            )
        )
    body, body_numbers, dropped = _without_numbering(body, body_numbers)
    if dropped:
        notes.append(Message(mark("Row {row} only numbers the columns and was left out."), row=dropped))
    filled = body != None  # noqa: E711
    kept_rows, kept_columns = filled.any(axis=1), filled.any(axis=0)
    if not kept_rows.any():
        raise TeilhabeError(
            mark("{table} has a header in row {row}, but no row of data below it."),
            table=source.title,
            row=int(numbers[first]),
        )
    if not kept_rows.all():
        notes.append(Message(mark("{n} empty rows were left out."), n=int((~kept_rows).sum())))
    for position in np.flatnonzero(~kept_columns):
        if headings[position]:
            notes.append(Message(mark("Column “{column}” is empty and was left out."), column=headings[position]))
    if any(not headings[i] for i in np.flatnonzero(~kept_columns)):
        notes.append(
            Message(
                mark("{n} columns without heading and content were left out."),
                n=sum(1 for i in np.flatnonzero(~kept_columns) if not headings[i]),
            )
        )
    positions = np.flatnonzero(kept_columns)
    names = _unique_names([headings[i] or f"Spalte {column_letter(i)}" for i in positions], notes)
    cells = pd.DataFrame(body[np.ix_(kept_rows, positions)], columns=names, dtype=object)
    return RawTable(
        columns=tuple(names),
        cells=cells,
        row_numbers=body_numbers[kept_rows],
        source=replace(source, header_row=int(numbers[first]), header_lines=int(lines)),
        sheets=tuple(sheets),
        notes=tuple(notes),
        complete=complete,
        percent_columns=tuple(name for name, i in zip(names, positions) if i in percent),
    )


def _grid(rows) -> np.ndarray:
    width = max((len(row) for row in rows), default=0)
    grid = np.full((len(rows), width), None, dtype=object)
    for i, row in enumerate(rows):
        grid[i, : len(row)] = row
    blank = grid == ""
    grid[blank] = None
    return grid


def _header_place(grid, filled, numbers, source, area_keys):
    """Return the position of the first header line and the number of header lines."""
    if source.header_row is not None:
        found = np.flatnonzero(numbers >= source.header_row)
        if not len(found) or not filled[found[0]].any():
            raise TeilhabeError(
                mark("{table} has no header in row {row}. Choose the row in which the headings stand."),
                table=source.title,
                row=source.header_row,
            )
        first = int(found[0])
        if source.header_lines is not None:
            return first, max(1, int(source.header_lines))
        data = _first_data_row(grid, filled, area_keys, first + 1)
        return first, min(max(1, (data or first + 1) - first), MAX_HEADER_LINES)
    data = _first_data_row(grid, filled, area_keys, 0)
    if data is None:
        # only text below: the first row that is as wide as the table
        width = np.median(filled[:_SEARCHED_ROWS].sum(axis=1)[filled[:_SEARCHED_ROWS].any(axis=1)])
        wide = np.flatnonzero(filled.sum(axis=1) >= max(1, width))
        data = int(wide[0]) + 1
    if data == 0:
        raise TeilhabeError(
            mark(
                "{table} has no header: data begin in row {row}. Write the headings above the data, or choose "
                "the row in which they stand."
            ),
            table=source.title,
            row=int(numbers[0]),
        )
    bottom = data - 1
    while bottom > 0 and not filled[bottom].any() or bottom > 0 and _numbers_columns(grid[bottom]):
        bottom -= 1
    if not filled[bottom].any():
        raise TeilhabeError(
            mark(
                "{table} has no header above row {row}. Write the headings above the data, or choose "
                "the row in which they stand."
            ),
            table=source.title,
            row=int(numbers[data]),
        )
    if source.header_lines is not None:
        first = max(0, bottom - int(source.header_lines) + 1)
    else:
        first = _top_line(grid, filled, bottom)
    return first, data - first if bottom == data - 1 else bottom - first + 1


def _first_data_row(grid, filled, area_keys, start):
    """Position of the first row that looks like data, or None."""
    end = min(len(grid), start + _SEARCHED_ROWS)
    known = {_bare(key) for key in area_keys}
    width = np.median(filled[start:].sum(axis=1)[filled[start:].any(axis=1)]) if filled[start:].any() else 1
    for i in range(start, end):
        cells = [cell for cell in grid[i] if cell is not None]
        if not cells or _numbers_columns(grid[i]):
            continue
        # 2012 … 2025 in a header can also be keys of a city
        if any(
            _bare(cell) in known and (not _is_year(cell) or position == 0)
            for position, cell in enumerate(grid[i])
            if cell is not None
        ):
            return i
        if len(cells) < max(2, width / 2):
            continue
        values = sum(1 for cell in cells if _is_number(cell) and not _is_year(cell))
        # with known areas only a row full of numbers counts: what stands above the first area may hold some, too
        if values >= (len(cells) / 2 if known else 1):
            return i
    return None


def _top_line(grid, filled, bottom):
    """Climb from the lowest header line while what stands there does not name every column."""
    columns = filled[bottom + 1 :].any(axis=0)
    first = bottom
    while first > 0 and bottom - first + 1 < MAX_HEADER_LINES:
        if _complete(_headings(grid[first : bottom + 1]), columns, grid[first : bottom + 1]):
            break
        above = filled[first - 1]
        if not above.any() or (above.sum() == 1 and above[0] and len(above) > 2 and not _needs_corner(grid, first)):
            break
        first -= 1
    return first


def _needs_corner(grid, first):
    return (
        grid[first, 0] is None
        and all(_is_year(cell) for cell in grid[first, 1:] if cell is not None)
        and grid[first - 1, 0] is not None
        and len(str(grid[first - 1, 0])) <= 20
    )


def _complete(headings, columns, lines):
    """Does every column with data have a name of its own that is more than a year or a unit?"""
    names = [heading for heading, used in zip(headings, columns) if used]
    if any(not name for name in names) or len(set(names)) < len(names):
        return False
    return not any(_is_year(name) or _UNIT.fullmatch(name.strip()) for name in names)


def _headings(lines) -> list[str]:
    """Join header lines; a cell merged over several columns holds for all of them."""
    lines = [[_label(cell) for cell in line] for line in lines]
    for upper, lower in zip(reversed(lines[:-1]), reversed(lines[1:])):
        current = ""
        for i, text in enumerate(upper):
            if text:
                # a heading without anything below is merged downwards, not to the right
                current = text if lower[i] else ""
            elif lower[i]:
                upper[i] = current
            else:
                current = ""
    joined = []
    for parts in zip(*lines):
        kept = []
        for part in parts:
            if part and (not kept or kept[-1] != part):
                kept.append(part)
        joined.append(" | ".join(kept))
    return joined


def _label(cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    # soft hyphens and breaks inside a heading belong to its looks
    text = re.sub(r"(?<=\w)-\s*\n\s*(?=[a-zäöüß])", "", str(cell)).replace("\u00ad", "")
    return " ".join(text.split())


def _without_numbering(body, numbers):
    """Drop a first row that only counts the columns (1, 2, 3, …)."""
    for i in range(min(2, len(body))):
        if _numbers_columns(body[i]):
            return np.delete(body, i, axis=0), np.delete(numbers, i), int(numbers[i])
        if (body[i] != None).any():  # noqa: E711
            break
    return body, numbers, 0


def _numbers_columns(row) -> bool:
    cells = [str(cell).strip() for cell in row if cell is not None]
    return (
        len(cells) >= 3
        and all(re.fullmatch(r"\d{1,3}(?:\.0)?", cell) for cell in cells)
        and [int(float(cell)) for cell in cells] == list(range(int(float(cells[0])), int(float(cells[0])) + len(cells)))
        and int(float(cells[0])) in (0, 1)
    )


def _unique_names(names, notes):
    seen, unique = {}, []
    for name in names:
        count = seen[name] = seen.get(name, 0) + 1
        if count > 1:
            notes.append(
                Message(
                    mark("The heading “{column}” stands {n} times; the later column is called “{name}”."),
                    column=name,
                    n=count,
                    name=f"{name} ({count})",
                )
            )
            name = f"{name} ({count})"
        unique.append(name)
    return unique


def _is_number(cell) -> bool:
    return isinstance(cell, (int, float)) or bool(_NUMBER.fullmatch(str(cell).strip()))


def _is_year(cell) -> bool:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return bool(_YEAR.fullmatch(str(cell).strip()))


def _bare(cell) -> str:
    """A key without blanks and leading zeros, to find it again in whatever form it was written."""
    text = str(cell).replace("\u00a0", "").replace(" ", "")
    return (text[:-2] if text.endswith(".0") else text).lstrip("0")


def column_letter(position: int) -> str:
    """Return A for the first column, AA for the 27th, as spreadsheets do."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
