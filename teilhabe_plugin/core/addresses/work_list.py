"""The work list as a table: what is wrong, what it could be, and columns for the clerk; and back to decisions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from ..formula_guard import guarded, unguarded
from ..messages import Message, TeilhabeError, mark
from .address_columns import AddressColumns
from .decision_model import NONE, TEXT, Decision, Decisions
from .geocoding import Geocoded, messages_in_words
from .grades import GRADES
from .street_names import fold_place

#: candidates side by side
CANDIDATES = 3
ROW, NAME, GIVEN = mark("Row in the list"), mark("Name of the offer"), mark("Address as given")
GRADE, REASON, CANDIDATE = mark("How sure"), mark("What to correct"), mark("Suggestion {n}")
CORRECTION, REMARK = mark("Correction: number of a suggestion, right address, or “not locatable”"), mark("Remark")
#: heading by which a row finds its decision again; it is the same in every language
KEY = "adr_schluessel"
#: how the other headings begin, in every language of the plugin
_SUGGESTIONS, _CORRECTIONS = ("suggestion", "vorschlag"), ("correct", "korrektur", "korrigiert", "berichtigt")
_REMARKS = ("remark", "bemerkung", "anmerkung")
_NOT_LOCATABLE = {fold_place(text) for text in ("not locatable", "nicht verortbar", "nicht lokalisierbar",
                                                "nicht zuordenbar", "nicht auffindbar", "entfällt")}
_LONGEST = 500  # letters of an address that are shown
_DASHES = ("-", "–", "—")


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
    table[render(Message(GIVEN))] = [text[:_LONGEST] for text in given_addresses(frame.iloc[rows], columns)]
    table[render(Message(GRADE))] = [render(Message(GRADES[grade][1])) for grade in located.grade[rows].tolist()]
    table[render(Message(REASON))] = reasons
    for place in range(CANDIDATES):
        table[render(Message(CANDIDATE, n=place + 1))] = [
            _candidate(candidates.get(int(row), ()), place) for row in rows]
    table[render(Message(CORRECTION))] = [""] * len(rows)
    table[render(Message(REMARK))] = [""] * len(rows)
    table[KEY] = geocoded.keys[rows]
    return pd.DataFrame({name: [guarded(value) for value in values] for name, values in table.items()}, dtype=object)


def given_addresses(frame: pd.DataFrame, columns: AddressColumns) -> list[str]:
    """Return the address of every row in one line, as the list has it."""
    line = [getattr(columns, name) for name in ("address", "street", "number", "suffix")]
    tail = [getattr(columns, name) for name in ("postcode", "place", "district")]

    def joined(names):
        parts = [[_text(value) for value in frame[name]] for name in dict.fromkeys(names) if name]
        return [" ".join(filter(None, row)) for row in zip(*parts)] if parts else [""] * len(frame)

    return [", ".join(filter(None, pair)) for pair in zip(joined(line), joined(tail))]


def decisions_of_work_list(table: pd.DataFrame, title: str) -> Decisions:
    """Return what the clerk has filled in: a number picks a suggestion, any other text is the right address.

    Parameters
    ----------
    table : DataFrame
        A work list as read from its file.
    title : str
        Its name for messages.

    Raises
    ------
    TeilhabeError
        When the table is no work list, when the number of a suggestion that is not there was entered, or when rows of
        the same address were decided differently.
    """
    names = [str(name) for name in table]
    correction, remark = _column(names, _CORRECTIONS), _column(names, _REMARKS)
    if KEY not in names:
        raise TeilhabeError(
            mark("{file} is no work list: it has no column “{key}”. Choose the file that geocoding has written, or one "
                 "of decisions (JSON)."), file=title, key=KEY)
    if correction is None:  # an empty column is not read: nothing was filled in yet
        return Decisions()
    suggested = [name for name in names if name.casefold().startswith(_SUGGESTIONS)]
    decisions, rows = Decisions(), {}
    for number, (key, entry) in enumerate(zip(table[KEY], table[correction])):
        key, entry = _text(unguarded(key)), _text(unguarded(entry))
        if not key or not entry:
            continue
        note = _text(unguarded(table[remark].iloc[number])) if remark else ""
        suggestions = [_text(unguarded(table[name].iloc[number])) for name in suggested]
        decision = _decision(key, entry, note, suggestions, f"{title}, {number + 2}")
        earlier = decisions.get(key)
        if earlier is None:
            decisions, rows[key] = decisions.with_decision(decision), number + 2
        elif not earlier.says_the_same(decision):
            raise TeilhabeError(mark("{file}, rows {first} and {second}: the same address was corrected in two ways. "
                                     "Keep one of them, or make the addresses in the list different."),
                                file=title, first=rows[key], second=number + 2)
    return decisions


def _decision(key: str, entry: str, note: str, suggestions: list[str], where: str) -> Decision:
    if fold_place(entry) in _NOT_LOCATABLE or entry in _DASHES:
        return Decision(key, NONE, text=note, note="")
    if not entry.isdigit() or len(entry) > 1:
        return Decision(key, TEXT, text=entry, note=note)
    chosen = int(entry)
    if not 1 <= chosen <= len(suggestions) or not suggestions[chosen - 1]:
        raise TeilhabeError(mark("{file}: suggestion {n} was entered, but there is none of this number. Enter another "
                                 "one, or the address."), file=where, n=chosen)
    # as if it were typed: a suggestion can be a street without number, too
    return Decision(key, TEXT, text=suggestions[chosen - 1], note=note)


def _column(names: Sequence[str], beginnings: tuple[str, ...]):
    return next((name for name in names if name.strip().casefold().startswith(beginnings)), None)


def _candidate(found: Sequence, place: int) -> str:
    return found[place].text if place < len(found) else ""


def _text(value) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
