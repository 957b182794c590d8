"""From two states of a catalogue to its differences, and to what its history should say about them."""
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from .catalogue import Catalogue, Change, HistoryEntry, compare
from .catalogue_editing_uses import former_number
from .messages import Message, mark

#: of the catalogue itself, beyond what `catalogue.compare` looks at
_MASTER = ("id", "version", "date", "language")
#: what the history does not have to repeat: it stands there anyway
_STATED = ("version", "date", "history", "order")


def differences(before: Catalogue, after: Catalogue) -> list[Change]:
    """Return all that differs between two catalogues, id, dates, history and order of the indicators included.

    Fields are those of `Catalogue` and `Entry`, and ``order``.
    """
    found = [Change("changed", "", after.title, name, getattr(before, name), getattr(after, name))
             for name in _MASTER if getattr(before, name) != getattr(after, name)]
    found += compare(before, after)
    old, new = ([each.number for each in catalogue.entries] for catalogue in (before, after))
    if [each for each in old if each in new] != [each for each in new if each in old]:
        found.append(Change("changed", "", after.title, "order", ", ".join(old), ", ".join(new)))
    if before.history != after.history:
        gone = [each for each in before.history if each not in after.history]
        come = [each for each in after.history if each not in before.history]
        found.append(Change("changed", "", after.title, "history", _told(gone), _told(come)))
    return found


@dataclass(frozen=True)
class Proposal:
    """What the history could say about an indicator, "" for the catalogue as a whole."""

    indicator: str
    change: Message


def proposals(before: Catalogue, after: Catalogue, words: Mapping[str, str]) -> list[Proposal]:
    """Return one proposal for each indicator that came, went or changed, and one for the catalogue.

    Parameters
    ----------
    before, after : Catalogue
    words : mapping
        Field → what it is called in the catalogue's language.
    """
    changes = differences(before, after)
    renumbered = {entry.number: number for i, entry in enumerate(after.entries)
                  for number in [former_number(before, after, i)] if number}
    fields: dict[str, list[str]] = {}
    for change in changes:
        if change.kind == "changed" and not (change.number == "" and change.field in _STATED):
            fields.setdefault(change.number, []).append(words.get(change.field, change.field))
    found = []
    if "" in fields:
        found.append(Proposal("", _changed(fields[""])))
    for entry in after.entries:
        if entry.number in renumbered:
            earlier = before.by_number[renumbered[entry.number]]
            others = [words.get(change.field, change.field) for change in
                      compare(replace(before, entries=(replace(earlier, number=entry.number),)),
                              replace(after, entries=(entry,))) if change.number]
            text = Message(mark("Number changed from {before} to {number}"), before=earlier.number,
                           number=entry.number)
            found.append(Proposal(entry.number, Message(mark("{first}; {second}"), first=text,
                                                        second=_changed(others)) if others else text))
        elif entry.number not in before.by_number:
            found.append(Proposal(entry.number, Message(mark("New: {name}"), name=entry.name)))
        elif entry.number in fields:
            found.append(Proposal(entry.number, _changed(fields[entry.number])))
    for entry in before.entries:
        if entry.number not in after.by_number and entry.number not in renumbered.values():
            found.append(Proposal(entry.number, Message(mark("Removed: {name}"), name=entry.name)))
    return found


def recorded(catalogue: Catalogue, entries: list[HistoryEntry], stamp_indicators: bool = False) -> Catalogue:
    """Return the catalogue with entries in its history, version and date of the last of them as its own.

    Parameters
    ----------
    catalogue : Catalogue
    entries : list of HistoryEntry
    stamp_indicators : bool
        Whether the indicators that the entries name get the version, too.
    """
    if not entries:
        return catalogue
    numbers = {each.indicator for each in entries if each.indicator} if stamp_indicators else set()
    return replace(
        catalogue, version=entries[-1].version, date=entries[-1].date, history=(*catalogue.history, *entries),
        entries=tuple(replace(each, version=entries[-1].version) if each.number in numbers else each
                      for each in catalogue.entries))


def next_version(version: str) -> str:
    """Return the version after one: its last number counts up; “1.0” where there is none yet."""
    found = list(re.finditer(r"\d+", version))
    if not found:
        return version.strip() or "1.0"
    last = found[-1]
    return f"{version[:last.start()]}{int(last[0]) + 1:0{len(last[0])}d}{version[last.end():]}"


def _changed(fields: list[str]) -> Message:
    return Message(mark("Changed: {fields}"), fields=", ".join(dict.fromkeys(fields)))


def _told(entries: list[HistoryEntry]) -> str:
    return "; ".join(" ".join(filter(None, (each.date, each.version, each.indicator, each.change)))
                     for each in entries)
