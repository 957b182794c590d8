"""Decisions by hand applied to a located list, this year's and every later one."""

from __future__ import annotations

from dataclasses import fields
from typing import Callable

import numpy as np
import pandas as pd

from ..messages import Message, mark
from .decision_model import ADDRESS, POINT, TEXT, Decision, Decisions
from .grades import NONE, NORMALISED
from .located import Located
from .match_words import short
from .register import AddressRegister
from .register_index import index_of
from .register_lookup import find_again
from .uncertainty import quality_radius

#: metres around a point that was set on the map
POINT_RADIUS = 10.0
_SURE = 100.0
DATE = mark("{year}-{month}-{day}")


def apply_decisions(
    located: Located,
    keys: np.ndarray,
    decisions: Decisions,
    registers: list[AddressRegister],
    parse_again: Callable[[list[str]], Located] | None = None,
) -> tuple[Located, np.ndarray, tuple[Message, ...]]:
    """Return the list with what was decided by hand, which rows that concerns, and what no longer fits.

    Picked addresses and points set by hand are as sure as an address found after normalising (grade `NORMALISED`,
    score and margin 100); a typed address has the grade at which the register has it. That somebody decided is told
    by the second result, never by the grade. Rows decided as not locatable have grade `NONE` and are by hand, too:
    they are finished.

    A picked address that the register no longer has and a typed one that is not found come back to the work list:
    not located, not by hand, with the reason. What was located without the decision is not taken instead, for
    somebody had found it wrong.

    Parameters
    ----------
    located : Located
        As the registers locate the list; not changed.
    keys : ndarray of object, shape (m,)
        `decision_keys` of the list.
    decisions : Decisions
        Points must have the reference system of the coordinates (`Decisions.moved_to`).
    registers : list of AddressRegister
    parse_again : callable or None
        ``parse_again(texts)`` → `Located`, one row for each of the different texts typed by hand. Without it such
        rows stay as they are.

    Returns
    -------
    Located
    by_hand : ndarray of bool, shape (m,)
    notes : tuple of Message
    """
    out = _Rows(located)
    by_hand = np.zeros(len(located), dtype=bool)
    notes, typed, used = [], [], 0
    codes, unique = pd.factorize(np.asarray(keys, dtype=object))
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(len(unique) + 1))
    for code, key in enumerate(unique):
        decision = decisions.get(key) if key else None
        if decision is None:
            continue
        rows = order[bounds[code]:bounds[code + 1]]
        used += 1
        if decision.kind == TEXT:
            typed.append((decision, rows))
            continue
        problem = out.put(decision, rows, registers)
        by_hand[rows] = problem is None
        if problem is not None:
            notes.append(problem)
    notes += _typed(out, by_hand, typed, parse_again)
    if used < len(decisions):
        notes.append(Message(mark("{n} of {all} decisions by hand concern no row of this list."),
                             n=len(decisions) - used, all=len(decisions)))
    return Located(**out.arrays), by_hand, tuple(notes)


class _Rows:
    """A copy of a located list, to be written to."""

    def __init__(self, located: Located):
        self.arrays = {field.name: getattr(located, field.name).copy() for field in fields(Located)}

    def put(self, decision: Decision, rows, registers) -> Message | None:
        """Write a decision to its rows; return why it cannot be applied."""
        if decision.kind == ADDRESS:
            return self._address(decision, rows, registers)
        if decision.kind == POINT:
            self.clear(rows, _told(decision, mark("Set on the map by hand on {date}."),
                                   mark("Set on the map by hand.")))
            area = decision.area
            self._set(rows, grade=NORMALISED, score=_SURE, margin=_SURE, x=decision.x, y=decision.y,
                      radius=POINT_RADIUS, area=area, area_sure=bool(area), found=decision.address)
        else:
            messages = _told(decision, mark("Not locatable, decided by hand on {date}."),
                             mark("Not locatable, decided by hand."))
            if decision.text and decision.text != decision.note:
                messages += (Message(mark("Reason: {reason}"), reason=decision.text),)
            self.clear(rows, messages)
        return None

    def _address(self, decision, rows, registers):
        found = find_again(registers, decision.address, decision.address_id, decision.x, decision.y, decision.crs)
        if found is None:
            problem = Message(mark("The address “{address}”, chosen by hand, is no longer in the register. Choose "
                                   "again."), address=decision.address or decision.address_id)
            self.clear(rows, (problem,))
            return problem
        number, address = found
        register = registers[number]
        area = register.areas[register.area[address]]
        messages = _told(decision, mark("Chosen by hand on {date}."), mark("Chosen by hand."))
        text = register.text(address)
        if decision.address and text != decision.address:
            messages += (Message(mark("The register now writes “{now}” for “{before}”."), now=text,
                                 before=decision.address),)
        self.clear(rows, messages)
        radius = quality_radius(index_of(register), np.array([address]))[0]
        self._set(rows, grade=NORMALISED, score=_SURE, margin=_SURE, register=number, address=address,
                  street=register.street[address], x=register.x[address], y=register.y[address],
                  radius=radius, area=area, area_sure=bool(area), found=text)
        return None

    def clear(self, rows, messages: tuple) -> None:
        """Make rows not located."""
        self._set(rows, grade=NONE, score=0, margin=0, register=-1, address=-1, street=-1, x=np.nan, y=np.nan,
                  radius=np.nan, area="", area_sure=False, found="", second="")
        self._fill(rows, "ties", ())
        self._fill(rows, "messages", messages)

    def copy(self, rows, source: Located, row: int, messages: tuple) -> None:
        """Write a row of another located list to rows of this one."""
        for name in self.arrays:
            self._fill(rows, name, getattr(source, name)[row])
        self._fill(rows, "messages", (*messages, *source.messages[row]))

    def _set(self, rows, **values):
        for name, value in values.items():
            self.arrays[name][rows] = value

    def _fill(self, rows, name, value):
        array = self.arrays[name]
        for row in rows:  # one by one: a tuple is one value
            array[row] = value


def _typed(out: _Rows, by_hand, typed, parse_again) -> list[Message]:
    if not typed or parse_again is None:
        return []
    texts = list(dict.fromkeys(decision.text for decision, _ in typed))
    found, notes = parse_again(texts), []
    for decision, rows in typed:
        row = texts.index(decision.text)
        located = bool(found.grade[row] != NONE)
        if located:
            messages = (*_told(decision, mark("Corrected by hand on {date}."), mark("Corrected by hand.")),
                        Message(mark("Corrected to “{text}”."), text=decision.text))
        else:
            problem = Message(mark("The address “{address}”, typed by hand, is not found. Correct it again."),
                              address=short(decision.text))
            notes.append(problem)
            messages = (problem,)
        out.copy(rows, found, row, messages)
        by_hand[rows] = located
    return notes


def _told(decision: Decision, dated: str, undated: str) -> tuple:
    year, month, day = decision.created[:4], decision.created[5:7], decision.created[8:10]
    first = (Message(dated, date=Message(DATE, year=year, month=month, day=day))
             if year.isdigit() and month.isdigit() and day.isdigit() else Message(undated))
    return (first, Message(mark("Remark: {note}"), note=decision.note)) if decision.note else (first,)
