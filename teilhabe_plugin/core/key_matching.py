"""Finding the area of every table row: equal keys, repairs that were accepted, and everything that is left over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from .area_keys import BY_HAND, NAME, SAFE_REPAIRS, Areas, as_keys, canonical, fold_name, needed_repairs
from .messages import Message, mark
from .near_names import NearNames
from .summary_rows import FOOTNOTE, SET_ASIDE, summary_kind
from .table_layout import TableLayout
from .table_source import RawTable

MAX_SUGGESTED_VALUES = 300


class Repair(NamedTuple):
    """A table value that is written differently from the area key it stands for."""

    row: int
    value: str
    key: str
    kinds: tuple
    name: str = ""


class Suggestion(NamedTuple):
    """An area whose name is near to a value that matches none; it is never taken without the user."""

    row: int
    value: str
    key: str
    name: str
    likeness: float


class RowRef(NamedTuple):
    """A row of the table and why it is listed."""

    row: int
    value: str
    name: str
    why: Message


class SummaryRow(NamedTuple):
    """A row that stands for more than one area, or for none."""

    row: int
    label: str
    kind: str


@dataclass(frozen=True, eq=False)
class KeyMatching:
    """The area of every row.

    Attributes
    ----------
    positions : ndarray of int
        Position of the area, −1 where the row has none.
    repairs : tuple of Repair
        Repairs that were used.
    offered : tuple of Repair
        Repairs that would match, but were not accepted.
    suggestions : tuple of Suggestion
    unmatched : tuple of RowRef
        Rows that should have been an area and are none.
    ambiguous : tuple of RowRef
        The unmatched rows that fit more than one area; also part of `unmatched`.
    summary : tuple of SummaryRow
    empty : tuple of int
        Rows (numbers in the file) without key, name and value.
    other_names : tuple of RowRef
        Matched rows whose name is not the area's name: perhaps another edition of the areas.
    """

    positions: np.ndarray
    repairs: tuple[Repair, ...] = ()
    offered: tuple[Repair, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    unmatched: tuple[RowRef, ...] = ()
    ambiguous: tuple[RowRef, ...] = ()
    summary: tuple[SummaryRow, ...] = ()
    empty: tuple[int, ...] = ()
    other_names: tuple[RowRef, ...] = ()


def match_keys(
    table: RawTable,
    layout: TableLayout,
    areas: Areas,
    accepted=SAFE_REPAIRS,
    by_hand: Mapping[str, str | None] | None = None,
    suggest: bool = True,
) -> KeyMatching:
    """Find the area of every row of a table.

    Parameters
    ----------
    table, layout, areas
    accepted : collection of str
        Kinds of repair that may be used; one that needs several kinds needs all of them.
    by_hand : mapping, optional
        Value of the key column (or name, where the key is empty) → area key; None sets the rows aside.
    suggest : bool
        Look for near names among the rows that are left over.

    Returns
    -------
    KeyMatching
    """
    values = as_keys(table.cells[layout.key_column])
    positions = np.asarray(areas.index.get_indexer(pd.Index(values, dtype=object)))
    names = as_keys(table.cells[layout.name_column]) if layout.name_column else None
    if by_hand:
        positions = positions.copy()
    left = np.flatnonzero(positions < 0)
    search = _Search(table, layout, areas, frozenset(accepted), by_hand or {}, values, names)
    if by_hand:
        left = np.union1d(left, search.rows_by_hand())
    for i in left:
        positions[i] = search.place(int(i))
    return KeyMatching(
        positions,
        tuple(search.repairs),
        tuple(search.offered),
        tuple(search.suggestions()) if suggest else (),
        tuple(search.unmatched),
        tuple(search.ambiguous),
        tuple(search.summary),
        tuple(search.empty),
        tuple(_other_names(table, areas, positions, values, names)),
    )


def propose_repairs(table: RawTable, layout: TableLayout, areas: Areas) -> tuple[Repair, ...]:
    """Every repair that would bring a row to its area; none is accepted yet."""
    return match_keys(table, layout, areas, accepted=(), suggest=False).offered


class _Search:
    """Looks up the rows whose key is not an area key as it stands."""

    def __init__(self, table, layout, areas, accepted, by_hand, values, names):
        self.table, self.layout, self.areas = table, layout, areas
        self.accepted, self.by_hand, self.values, self.names = accepted, by_hand, values, names
        self.districts = as_keys(table.cells[layout.district_column]) if layout.district_column else None
        self.repairs, self.offered, self.unmatched, self.ambiguous = [], [], [], []
        self.summary, self.empty, self.near = [], [], []
        self.found = {}

    def rows_by_hand(self):
        wanted = {text.strip() for text in self.by_hand}
        return np.array(
            [
                i
                for i, value in enumerate(self.values)
                if (value or self.name(i)) and (value or self.name(i)).strip() in wanted
            ],
            dtype=np.int64,
        )

    def name(self, i):
        return self.names[i] if self.names is not None and isinstance(self.names[i], str) else ""

    def place(self, i) -> int:
        """Return the area's position for row `i`, −1 after noting why there is none."""
        value = (self.values[i] or "").strip("\ufeff") if isinstance(self.values[i], str) else ""
        name, row = self.name(i), int(self.table.row_numbers[i])
        by_hand = self.chosen(value or name)
        if by_hand is not None:
            return self.place_by_hand(by_hand, value or name, row)
        position, kinds, why = self.look_up(value, name, i)
        if position >= 0:
            key = self.areas.keys[position]
            repair = Repair(row, value or name, key, kinds, self.areas.name_at(position))
            if set(kinds) <= self.accepted:
                self.repairs.append(repair)
                return position
            self.offered.append(repair)
            why = Message(mark("a repair would match it, but was not accepted"))
        else:
            filled = sum(1 for cell in self.table.cells.iloc[i] if not _is_blank(cell))
            if not filled:
                self.empty.append(row)
                return -1
            kind, label = summary_kind(value.strip(), name.strip(), filled, self.areas)
            if not kind and filled == 1 and not (value or name):
                label = next(str(cell) for cell in self.table.cells.iloc[i] if not _is_blank(cell))
                kind = FOOTNOTE if len(label) > 12 else ""
            if kind:
                self.summary.append(SummaryRow(row, label.strip(), kind))
                return -1
        reference = RowRef(row, value, name, why or _no_area(value, name))
        self.unmatched.append(reference)
        if position == -2:
            self.ambiguous.append(reference)
        elif position == -1:
            self.near.append(reference)
        return -1

    def chosen(self, text):
        """The user's choice for a value: (key,), (None,) to set aside, or None without choice."""
        for candidate in (text, text.strip()):
            if candidate and candidate in self.by_hand:
                return (self.by_hand[candidate],)
        return None

    def place_by_hand(self, choice, value, row):
        key = choice[0]
        if not key:
            self.summary.append(SummaryRow(row, value.strip(), SET_ASIDE))
            return -1
        position = int(self.areas.index.get_indexer([key])[0])
        if position < 0:
            self.unmatched.append(
                RowRef(row, value, "", Message(mark("set by hand to “{key}”, which is no area key"), key=key))
            )
        else:
            self.repairs.append(Repair(row, value, key, (BY_HAND,), self.areas.name_at(position)))
        return position

    def look_up(self, value, name, i):
        """(position, kinds, why); position −1 without an area, −2 when several fit."""
        district = self.districts[i] if self.districts is not None else None
        cached = self.found.get((value, name, district))
        if cached is None:
            cached = self.found[value, name, district] = self._look_up(value, name, district)
        return cached

    def _look_up(self, value, name, district):
        why = None
        if value.strip():
            for tail in (False, True):
                candidates = self.areas.by_canonical.get(canonical(value, tail), ())
                if len(candidates) == 1:
                    return candidates[0], needed_repairs(value, self.areas.keys[candidates[0]]), None
                if candidates:
                    keys = ", ".join(sorted(self.areas.keys[c] for c in candidates[:5]))
                    return -2, (), Message(mark("fits several keys: {keys}"), keys=keys)
        for text in (value, name):
            if not text:
                continue
            candidates = self.areas.by_name.get(fold_name(text), ())
            if len(candidates) > 1:
                candidates = self.in_district(candidates, district)
            if len(candidates) == 1:
                return candidates[0], (NAME,), None
            if candidates:
                keys = ", ".join(sorted(self.areas.keys[c] for c in candidates[:5]))
                return (
                    -2,
                    (),
                    Message(
                        mark("{n} areas bear this name ({keys}); key or district must decide"),
                        n=len(candidates),
                        keys=keys,
                    ),
                )
        return -1, (), why

    def in_district(self, candidates, district):
        """Those of the candidates that lie in the district the row names."""
        if not isinstance(district, str) or not district.strip():
            return candidates
        text = district.strip()
        wanted = {canonical(text), fold_name(text)}
        inside = [
            c
            for c in candidates
            if any(
                isinstance(values[c], str) and {canonical(values[c]), fold_name(values[c])} & wanted
                for values in self.areas.group_of.values()
            )
        ]
        if not inside and any(ch.isdigit() for ch in text):
            inside = [c for c in candidates if self.areas.keys[c].startswith(text)]
            if not inside:
                inside = [c for c in candidates if self.areas.keys[c].startswith("0" + text)]
        return inside or candidates

    def suggestions(self):
        """Areas with a near name, for rows whose value or name is a word."""
        names = {text: positions[0] for text, positions in self.areas.by_name.items() if len(positions) == 1}
        if not names or not self.near:
            return
        near, positions, asked = NearNames(names), list(names.values()), {}
        for reference in self.near:
            text = next((t for t in (reference.name, reference.value) if any(ch.isalpha() for ch in t)), "")
            if not text or (text not in asked and len(asked) >= MAX_SUGGESTED_VALUES):
                continue
            if text not in asked:
                asked[text] = near.nearest(fold_name(text))
            if asked[text]:
                found, likeness = asked[text]
                key, name = self.areas.keys[positions[found]], self.areas.name_at(positions[found])
                yield Suggestion(reference.row, reference.value or text, key, name, likeness)


def _other_names(table, areas, positions, values, names):
    """Matched rows that bear another name than their area."""
    if names is None or areas.names is None:
        return
    matched = np.flatnonzero(positions >= 0)
    theirs, ours = names[matched], areas.names[positions[matched]]
    for k in np.flatnonzero(theirs != ours):
        their, our = theirs[k], ours[k]
        if isinstance(their, str) and isinstance(our, str) and fold_name(their) != fold_name(our):
            i = matched[k]
            yield RowRef(
                int(table.row_numbers[i]),
                values[i] or "",
                their,
                Message(mark("the area layer calls this area “{name}”"), name=our),
            )


def _no_area(value, name):
    if not value and not name:
        return Message(mark("the row has no key"))
    if not value:
        return Message(mark("the row has no key, and no area bears its name"))
    return Message(mark("no area has this key or name"))


def _is_blank(cell) -> bool:
    return cell is None or (isinstance(cell, float) and np.isnan(cell)) or (isinstance(cell, str) and not cell.strip())
