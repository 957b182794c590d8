"""The work list as a table: what is wrong, what it could be, and columns for the clerk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from ..formula_guard import guarded, unguarded
from ..messages import Message, TeilhabeError, mark
from .address_columns import AddressColumns
from .geocoding import Geocoded, messages_in_words
from .grades import GRADES
from .work_list_reading import CORRECTED_COLUMN, KEY_COLUMN, REMARK_COLUMN

#: candidates side by side
CANDIDATES = 3
ROW, NAME, GIVEN = mark("Row in the list"), mark("Name of the offer"), mark("Address as given")
GRADE, REASON, CANDIDATE = mark("How sure"), mark("What to correct"), mark("Suggestion {n}")
#: how the headings of the suggestions begin, in every language of the plugin
_SUGGESTIONS = ("suggestion", "vorschlag")


def work_list(
    geocoded: Geocoded,
    frame: pd.DataFrame,
    columns: AddressColumns,
    rows: np.ndarray,
    row_numbers: np.ndarray,
    candidates: Mapping[int, Sequence],
    render: Callable[[Message], str] = str,
) -> pd.DataFrame:
    """Return the work list, one row per row to be corrected; every text is safe in a spreadsheet.

    Parameters
    ----------
    geocoded : Geocoded
    frame : DataFrame
        The list.
    columns : AddressColumns
        Its columns.
    rows : ndarray of int
        The rows to be corrected.
    row_numbers : ndarray of int
        Number of every row of the list as its user knows it.
    candidates : mapping of int to sequence of Candidate
        For rows that have some, the best first.
    render : callable
        Message → text in the user's language.
    """
    located = geocoded.located
    reasons = messages_in_words(located.messages[rows], render)
    table = {render(Message(ROW)): row_numbers[rows]}
    if columns.name:
        table[render(Message(NAME))] = [_text(value) for value in frame[columns.name].iloc[rows]]
    table[render(Message(GIVEN))] = given_addresses(frame.iloc[rows], columns)
    table[render(Message(GRADE))] = [render(Message(GRADES[grade][1])) for grade in located.grade[rows].tolist()]
    table[render(Message(REASON))] = reasons
    for place in range(CANDIDATES):
        table[render(Message(CANDIDATE, n=place + 1))] = [
            _candidate(candidates.get(int(row), ()), place) for row in rows]
    table[render(Message(CORRECTED_COLUMN))] = [""] * len(rows)
    table[render(Message(REMARK_COLUMN))] = [""] * len(rows)
    table[render(Message(KEY_COLUMN))] = geocoded.keys[rows]
    return pd.DataFrame({name: [guarded(value) for value in values] for name, values in table.items()}, dtype=object)


def given_addresses(frame: pd.DataFrame, columns: AddressColumns) -> list[str]:
    """Return the address of every row in one line, as the list has it."""
    line = [getattr(columns, name) for name in ("address", "street", "number", "suffix")]
    tail = [getattr(columns, name) for name in ("postcode", "place", "district")]

    def joined(names):
        parts = [[_text(value) for value in frame[name]] for name in dict.fromkeys(names) if name]
        return [" ".join(filter(None, row)) for row in zip(*parts)] if parts else [""] * len(frame)

    return [", ".join(filter(None, pair)) for pair in zip(joined(line), joined(tail))]


def with_suggestions_written_out(table: pd.DataFrame) -> pd.DataFrame:
    """Return a work list that was filled in, with the suggestion itself where its number was entered.

    Raises
    ------
    TeilhabeError
        When the number of a suggestion that is not there was entered.
    """
    corrected = _column(table, CORRECTED_COLUMN, "Korrigierte Adresse")
    suggested = [name for name in table if str(name).casefold().startswith(_SUGGESTIONS)]
    if corrected is None or not suggested:
        return table
    table, entries = table.copy(), []
    for number, entry in enumerate(map(_text, table[corrected])):
        if entry.isdigit() and len(entry) == 1:
            chosen = int(entry)
            text = _text(unguarded(table[suggested[chosen - 1]].iloc[number])) if 1 <= chosen <= len(suggested) else ""
            if not text:
                raise TeilhabeError(
                    mark("Row {row} of the work list: there is no suggestion {n}. Enter another number, or the "
                         "address."), row=number + 1, n=chosen)
            entry = text
        entries.append(entry)
    table[corrected] = entries
    return table


def _column(table: pd.DataFrame, *headings: str):
    wanted = [heading.casefold() for heading in headings]
    return next((name for name in table if str(name).strip().casefold() in wanted), None)


def _candidate(found: Sequence, place: int) -> str:
    return found[place].text if place < len(found) else ""


def _text(value) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
