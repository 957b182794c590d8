"""Changes of offers from a table as an office writes it: one row per change."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd

from ..addresses.street_names import fold_place
from ..messages import TeilhabeError, mark
from ..number_forms import read_numbers
from .offers import Offers
from .scenario import CLOSE, MOVE, OPEN, RESIZE, Change, distinct_ids

#: a text with thousands set apart, such as 1.200 or 1 200
_GROUPED = re.compile(r"[-+]?\d{1,3}(?:([.\s])\d{3})(?:\1\d{3})*(?:,\d+)?")
#: words in headings that tell what a column holds
_HEADINGS = {
    "kind": ("aktion", "aenderung", "massnahme", "action", "change", "kind"),
    "offer": ("angebot", "nr", "id", "kennung", "einrichtung", "offer"),
    "x": ("x", "ost", "ostwert", "rechtswert", "easting", "xkoordinate"),
    "y": ("y", "nord", "nordwert", "hochwert", "northing", "ykoordinate"),
    "capacity": ("plaetze", "neueplaetze", "platzzahl", "kapazitaet", "capacity", "places"),
    "name": ("name", "bezeichnung", "title"),
    "offer_kind": ("angebotsart", "art", "typ", "kategorie", "type", "offerkind"),
}
#: words for what happens
_ACTIONS = {
    OPEN: ("oeffnen", "eroeffnen", "neu", "auf", "open", "new", "neubau"),
    CLOSE: ("schliessen", "zu", "weg", "close", "aufgeben", "schliessung"),
    MOVE: ("verlegen", "umziehen", "umzug", "verschieben", "move", "verlegung"),
    RESIZE: ("erweitern", "verkleinern", "aendern", "plaetze", "resize", "groesse", "ausbau", "erweiterung"),
}


def changes_from_table(frame: pd.DataFrame, offers: Offers, x: np.ndarray | None = None,
                       y: np.ndarray | None = None) -> tuple[Change, ...]:
    """Return the changes of a table.

    Parameters
    ----------
    frame : DataFrame
        A column with what happens (open, close, move, resize, or the German words for it) and one with the offer: its
        number or, where only one bears it, its name. Places (number), x and y, name and type where they are needed.
    offers : Offers
        The offers there are.
    x, y : ndarray, optional
        Places from the geometries of a layer; they go before the columns.

    Raises
    ------
    TeilhabeError
        Names row, column and value that cannot be understood.
    """
    columns = _columns(frame)
    if "kind" not in columns:
        raise TeilhabeError(mark("The table of changes has no column “aktion” that says what happens: open, close, "
                                 "move or resize. It has: {columns}."), columns=", ".join(map(str, frame.columns)))
    ids, found = distinct_ids(offers), []
    known = {**_unique(ids, offers.names), **_unique(ids, ids), **dict(zip(ids, ids))}
    for row in range(len(frame)):
        kind = _kind(frame, columns["kind"], row)
        named = _text(frame, columns.get("offer"), row)
        offer = known.get(named) or known.get(fold_place(named)) or named
        if kind == OPEN and not offer:
            offer = f"+{row + 1}"
        place = [values[row] if values is not None and np.isfinite(values[row])
                 else _number(frame, columns.get(axis), row) for axis, values in (("x", x), ("y", y))]
        if kind not in (OPEN, MOVE):
            place = [np.nan, np.nan]
        try:
            found.append(Change(kind, offer, *place, _number(frame, columns.get("capacity"), row),
                                _text(frame, columns.get("name"), row), _text(frame, columns.get("offer_kind"), row)))
        except TeilhabeError as error:
            raise TeilhabeError(mark("Row {row} of the changes: {reason}"), row=row + 1,
                                reason=error.message) from error
    return tuple(found)


def changes_of_text(text: str, offers: Offers) -> tuple[Change, ...]:
    """Return the changes of a JSON text: objects with the columns of a table of changes.

    Raises
    ------
    TeilhabeError
        For a text that is no list of changes.
    """
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TeilhabeError(mark("The changes cannot be read: {reason}"), reason=str(error)) from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise TeilhabeError(mark("The changes cannot be read: {reason}"), reason=text[:60])
    return changes_from_table(pd.DataFrame(rows, dtype=object), offers) if rows else ()


def changes_between(before: Offers, after: Offers) -> tuple[Change, ...]:
    """Return what turns one list of offers into another; offers are known by their ids."""
    one, two = distinct_ids(before), distinct_ids(after)
    position = {identifier: i for i, identifier in enumerate(one) if before.takes_part[i]}
    found, seen = [], set()
    for j in np.flatnonzero(after.takes_part):
        i = position.get(two[j])
        if i is None:
            found.append(Change(OPEN, two[j], after.x[j], after.y[j], after.capacity[j], after.names[j], after.kind[j]))
            continue
        seen.add(i)
        if np.hypot(before.x[i] - after.x[j], before.y[i] - after.y[j]) > 0.5:
            found.append(Change(MOVE, two[j], after.x[j], after.y[j]))
        if np.isfinite(after.capacity[j]) and after.capacity[j] != before.capacity[i]:
            found.append(Change(RESIZE, two[j], capacity=after.capacity[j]))
    found += [Change(CLOSE, identifier) for identifier, i in position.items() if i not in seen]
    return tuple(found)


def _unique(ids, texts) -> dict[str, str]:
    """Return folded text → id, for texts that stand for one offer only."""
    found = {}
    for identifier, text in zip(ids, texts):
        folded = fold_place(text)
        found[folded] = "" if folded in found else identifier
    return {text: identifier for text, identifier in found.items() if text and identifier}


def _columns(frame) -> dict[str, str]:
    folded = {fold_place(str(column)): column for column in frame.columns}
    found = {}
    for role, words in _HEADINGS.items():
        column = next((folded[word] for word in words if word in folded and folded[word] not in found.values()), None)
        if column is not None:
            found[role] = column
    return found


def _kind(frame, column, row: int) -> str:
    given = _text(frame, column, row)
    folded = fold_place(given)
    for kind, words in _ACTIONS.items():
        if folded in words:
            return kind
    raise TeilhabeError(mark("Row {row} of the changes, column “{column}”: “{value}” is no change. Write open, close, "
                             "move or resize."), row=row + 1, column=column, value=given)


def _text(frame, column, row: int) -> str:
    if column is None:
        return ""
    value = frame[column].iloc[row]
    if value is None or value != value:
        return ""
    text = str(value).strip()
    return text[:-2] if isinstance(value, float) and text.endswith(".0") else text


def _number(frame, column, row: int) -> float:
    text = _text(frame, column, row)
    if not text:
        return np.nan
    read = read_numbers([frame[column].iloc[row]])
    try:
        return float(read.values[0] if _GROUPED.fullmatch(text) else text.replace(",", "."))
    except ValueError as error:
        raise TeilhabeError(mark("Row {row} of the changes, column “{column}”: “{value}” is not a number."),
                            row=row + 1, column=column, value=text) from error
