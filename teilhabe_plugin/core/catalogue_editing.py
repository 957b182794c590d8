"""Edits to an indicator catalogue: every one returns a new catalogue.

A catalogue being edited may hold what is not valid yet, such as a number that is there twice or a factor that is no
number; such a factor stays the text as typed. `catalogue_editing_checks` tells what has to be mended before saving.
Indicators are addressed by their position, for numbers may be wrong meanwhile.
"""
from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from .catalogue import Catalogue, Dimension, Entry, HistoryEntry

#: what a list of indicators can be narrowed to besides dimension and department
STATES = ("verified", "proposal", "unstated", "without_data", "faulty")
_SEARCHED = ("number", "name", "question", "numerator", "denominator", "statement", "reference_date", "source", "unit",
             "department", "version", "note")
_LAST_DIGITS = re.compile(r"\d+(?=\D*\Z)")


def empty_catalogue(title: str, language: str = "de", date: str = "") -> Catalogue:
    """Return a catalogue to begin with: no indicators yet."""
    return Catalogue("indikatorenkatalog" if language == "de" else "catalogue", title, (), version="0.1", date=date,
                     language=language)


def with_entry(catalogue: Catalogue, position: int, **values) -> Catalogue:
    """Return the catalogue with other values in one indicator."""
    entries = list(catalogue.entries)
    entries[position] = replace(entries[position], **values)
    return replace(catalogue, entries=tuple(entries))


def added(catalogue: Catalogue, position: int, dimension: str = "") -> tuple[Catalogue, int]:
    """Return the catalogue with a new indicator behind the one at ``position`` (−1: at the beginning), and its place.

    It has the next free number of its dimension, and no name yet.
    """
    entry = Entry(next_number(catalogue, dimension), "", dimension, status="proposal")
    return _inserted(catalogue, position + 1, entry)


def duplicated(catalogue: Catalogue, position: int) -> tuple[Catalogue, int]:
    """Return the catalogue with a copy of an indicator behind it, under the next free number, and the copy's place."""
    entry = catalogue.entries[position]
    copy = replace(entry, number=next_number(catalogue, entry.dimension, entry.number))
    return _inserted(catalogue, position + 1, copy)


def removed(catalogue: Catalogue, positions: Iterable[int]) -> Catalogue:
    """Return the catalogue without some indicators; the history keeps what it says of them."""
    gone = set(positions)
    return replace(catalogue, entries=tuple(each for i, each in enumerate(catalogue.entries) if i not in gone))


def moved(catalogue: Catalogue, position: int, target: int) -> Catalogue:
    """Return the catalogue with an indicator at another place in the list; its number stays."""
    return replace(catalogue, entries=_moved(catalogue.entries, position, target))


def sorted_by_number(catalogue: Catalogue) -> Catalogue:
    """Return the catalogue with its indicators in the order of their numbers: 3.3 comes before 3.10."""
    return replace(catalogue, entries=tuple(sorted(catalogue.entries, key=lambda each: natural(each.number))))


def natural(number: str) -> tuple:
    """Return what numbers such as 3.10 and A.2 are sorted by."""
    parts = re.findall(r"\d+|[^\W\d_]+", number)
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part.casefold()) for part in parts)


def next_number(catalogue: Catalogue, dimension: str = "", like: str = "") -> str:
    """Return a number that is still free: one above the highest of its kind.

    Parameters
    ----------
    catalogue : Catalogue
    dimension : str
        Its indicators are looked at; where it has none, the number is ``<dimension>.1``.
    like : str
        A number whose beginning is kept, such as ``3.`` of ``3.10``.
    """
    taken = {entry.number for entry in catalogue.entries}
    group = [entry.number for entry in catalogue.entries if entry.dimension == dimension]
    pattern = like or (max(group, key=natural) if group else "")
    head, tail = _split(pattern)
    if not head and not tail:
        head = f"{dimension}." if dimension else ""
    same = [int(_split(each)[1]) for each in taken if _split(each)[0] == head and _split(each)[1]]
    return f"{head}{max(same, default=0) + 1}"


def with_master_data(catalogue: Catalogue, **values) -> Catalogue:
    """Return the catalogue with another title, version, date, language, publisher, note or id."""
    return replace(catalogue, **values)


def with_dimension(catalogue: Catalogue, position: int, **values) -> Catalogue:
    """Return the catalogue with another number or title of a dimension.

    Its indicators follow to the new number, unless that is empty or another dimension's.
    """
    before = catalogue.dimensions[position]
    after = replace(before, **values)
    others = [each.number for i, each in enumerate(catalogue.dimensions) if i != position]
    dimensions = tuple(after if i == position else each for i, each in enumerate(catalogue.dimensions))
    catalogue = replace(catalogue, dimensions=dimensions)
    if after.number == before.number or not after.number or {before.number, after.number} & set(others):
        return catalogue
    return _with_entries_of(catalogue, before.number, after.number)


def dimension_added(catalogue: Catalogue) -> tuple[Catalogue, int]:
    """Return the catalogue with one more dimension at the end, and its place."""
    numbers = [each.number for each in catalogue.dimensions]
    last = max(numbers, key=natural) if numbers else ""
    if len(last) == 1 and last.isalpha() and last not in "zZ":
        number = chr(ord(last) + 1)
    else:
        number = str(max((int(each) for each in numbers if each.isdecimal()), default=0) + 1)
    return replace(catalogue, dimensions=(*catalogue.dimensions, Dimension(number, ""))), len(numbers)


def dimension_removed(catalogue: Catalogue, position: int) -> Catalogue:
    """Return the catalogue without a dimension; its indicators belong to none then."""
    gone = catalogue.dimensions[position].number
    dimensions = tuple(each for i, each in enumerate(catalogue.dimensions) if i != position)
    catalogue = replace(catalogue, dimensions=dimensions)
    if gone in [each.number for each in dimensions]:
        return catalogue
    return _with_entries_of(catalogue, gone, "")


def dimension_moved(catalogue: Catalogue, position: int, target: int) -> Catalogue:
    """Return the catalogue with a dimension at another place in the list."""
    return replace(catalogue, dimensions=_moved(catalogue.dimensions, position, target))


def history_added(catalogue: Catalogue, entries: Iterable[HistoryEntry]) -> Catalogue:
    """Return the catalogue with more entries at the end of its history."""
    return replace(catalogue, history=(*catalogue.history, *entries))


def with_history_entry(catalogue: Catalogue, position: int, **values) -> Catalogue:
    """Return the catalogue with other values in an entry of its history."""
    return replace(catalogue, history=tuple(replace(each, **values) if i == position else each
                                            for i, each in enumerate(catalogue.history)))


def history_removed(catalogue: Catalogue, positions: Iterable[int]) -> Catalogue:
    """Return the catalogue without some entries of its history."""
    gone = set(positions)
    return replace(catalogue, history=tuple(each for i, each in enumerate(catalogue.history) if i not in gone))


@dataclass(frozen=True)
class Filter:
    """What a list of indicators is narrowed to.

    Attributes
    ----------
    words : str
        All of them must be in some text of the indicator; case does not count.
    dimension, department : str or None
        None: all; "": those without one.
    state : str
        One of `STATES`, "" for all.
    """

    words: str = ""
    dimension: str | None = None
    department: str | None = None
    state: str = ""


def matching(catalogue: Catalogue, wanted: Filter, faulty: Iterable[int] = ()) -> list[int]:
    """Return the positions of the indicators that a filter lets through.

    Parameters
    ----------
    catalogue : Catalogue
    wanted : Filter
    faulty : iterable of int
        Positions of indicators that have something to be mended.
    """
    words, faulty = wanted.words.casefold().split(), set(faulty)
    titles = {each.number: each.title for each in catalogue.dimensions}
    found = []
    for i, entry in enumerate(catalogue.entries):
        text = " ".join([*(getattr(entry, name) for name in _SEARCHED), titles.get(entry.dimension, "")]).casefold()
        if (all(word in text for word in words) and wanted.dimension in (None, entry.dimension)
                and wanted.department in (None, entry.department.strip())
                and _has_state(entry, wanted.state, i in faulty)):
            found.append(i)
    return found


def departments(catalogue: Catalogue) -> list[str]:
    """Return the departments that indicators name, each once, in the order of the alphabet."""
    return values_of(catalogue, "department")


def values_of(catalogue: Catalogue, field: str) -> list[str]:
    """Return the texts that indicators have in a field, each once, in the order of the alphabet."""
    return sorted({getattr(entry, field).strip() for entry in catalogue.entries} - {""}, key=str.casefold)


def _has_state(entry: Entry, state: str, is_faulty: bool) -> bool:
    if state == "without_data":
        return entry.data == "none"
    if state == "faulty":
        return is_faulty
    return not state or entry.status == ("" if state == "unstated" else state)


def _inserted(catalogue: Catalogue, place: int, entry: Entry) -> tuple[Catalogue, int]:
    entries = list(catalogue.entries)
    entries.insert(place, entry)
    return replace(catalogue, entries=tuple(entries)), place


def _moved(items: tuple, position: int, target: int) -> tuple:
    rest = [each for i, each in enumerate(items) if i != position]
    rest.insert(min(max(target, 0), len(rest)), items[position])
    return tuple(rest)


def _with_entries_of(catalogue: Catalogue, dimension: str, number: str) -> Catalogue:
    return replace(catalogue, entries=tuple(replace(each, dimension=number) if each.dimension == dimension else each
                                            for each in catalogue.entries))


def _split(number: str) -> tuple[str, str]:
    """Return the beginning of a number and the digits that count up: ``3.10`` → ``3.`` and ``10``."""
    found = _LAST_DIGITS.search(number)
    if found is None or found.end() != len(number):
        return (f"{number}." if number else ""), ""
    return number[:found.start()], found[0]
