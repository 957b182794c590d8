"""The indicator catalogue: the binding list of indicators, what each means and how it is made."""
from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace

from .counts import KINDS
from .messages import Message, mark
from .recipe import Recipe

FORMAT = "teilhabe-catalogue/1"
#: "value" is measured or taken over as it is, not made from counts
CALCULATIONS = (*KINDS, "value")
POLARITIES = ("unfavourable", "favourable", "neutral")
AVAILABILITY = ("available", "none")
#: what is known about a definition: checked against its source, our own proposal, or nothing said
STATUSES = ("", "verified", "proposal")


@dataclass(frozen=True)
class Entry:
    """An indicator of the catalogue.

    Attributes
    ----------
    number : str
        Such as ``3.3``; recipes refer to it.
    name, question, statement : str
        What it is called, what it asks, and what a value tells.
    kind, numerator, denominator, factor
        The calculation, as `counts.CountRule` takes it; ``kind`` is one of `CALCULATIONS`.
    reference_date, source, unit, department : str
    high_is : str
        What a high value means, one of `POLARITIES`.
    dimension : str
        Number of its dimension.
    pool_years : int
        So many years are put together, by ``pool``: sums of numerator and denominator, or the mean of yearly values.
    minimum_denominator : float
        Values from fewer people are not shown; 0: no limit.
    data : str
        "none": there are no data yet.
    status : str
        One of `STATUSES`.
    version, note : str
    """

    number: str
    name: str
    dimension: str = ""
    question: str = ""
    kind: str = "value"
    numerator: str = ""
    denominator: str = ""
    factor: float = 1
    statement: str = ""
    reference_date: str = ""
    source: str = ""
    unit: str = ""
    high_is: str = "neutral"
    pool_years: int = 1
    pool: str = "sum"
    minimum_denominator: float = 0
    department: str = ""
    data: str = "available"
    status: str = ""
    version: str = ""
    note: str = ""

    @property
    def label(self) -> str:
        """Number and name, as in “3.3 Übergewichtsquote”."""
        return f"{self.number} {self.name}"


@dataclass(frozen=True)
class Dimension:
    """A group of indicators."""

    number: str
    title: str

    @property
    def label(self) -> str:
        """Number and title."""
        return f"{self.number} {self.title}"


@dataclass(frozen=True)
class HistoryEntry:
    """What was changed when; ``indicator`` is a number, or "" for the catalogue as a whole; ``date`` is ISO."""

    version: str
    date: str
    change: str
    indicator: str = ""
    author: str = ""


@dataclass(frozen=True)
class Catalogue:
    """A validated catalogue."""

    id: str
    title: str
    entries: tuple[Entry, ...]
    dimensions: tuple[Dimension, ...] = ()
    history: tuple[HistoryEntry, ...] = ()
    version: str = ""
    date: str = ""
    language: str = "de"
    publisher: str = ""
    note: str = ""
    by_number: dict[str, Entry] = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        object.__setattr__(self, "by_number", {entry.number: entry for entry in self.entries})

    def get(self, number: str) -> Entry | None:
        """Return the indicator with this number, None where there is none."""
        return self.by_number.get(number)

    def dimension_of(self, entry: Entry) -> Dimension | None:
        """Return the entry's dimension."""
        return next((each for each in self.dimensions if each.number == entry.dimension), None)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the content."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def to_json(self) -> str:
        """Return the catalogue as readable JSON: what holds its default is left out, one order for all files."""
        values = {
            "format": FORMAT, "id": self.id, "title": self.title, "version": self.version, "date": self.date,
            "language": self.language, "publisher": self.publisher, "note": self.note,
            "dimensions": [asdict(each) for each in self.dimensions],
            "indicators": [_entry_values(each) for each in self.entries],
            "history": [_without_empty(asdict(each)) for each in self.history],
        }
        kept = {name: value for name, value in values.items() if value not in ("", [])}
        return json.dumps(kept, ensure_ascii=False, indent=2) + "\n"


def _entry_values(entry: Entry) -> dict:
    values = asdict(entry)
    calculation = {name: values.pop(name) for name in ("kind", "numerator", "denominator", "factor")}
    values = {name: value for name, value in values.items() if value != getattr(_DEFAULT, name)}
    calculation = {name: value for name, value in calculation.items() if value != getattr(_DEFAULT, name)}
    ordered = {name: values[name] for name in ("number", "name", "dimension", "question") if name in values}
    if calculation:
        ordered["calculation"] = calculation
    return {**ordered, **values}


def _without_empty(values: dict) -> dict:
    return {name: value for name, value in values.items() if value != ""}


_DEFAULT = Entry("", "")


@dataclass(frozen=True)
class Change:
    """One difference between two catalogues.

    ``kind`` is "added", "removed" or "changed"; ``number`` the indicator ("" for the catalogue itself), ``field`` the
    attribute that changed.
    """

    kind: str
    number: str
    name: str
    field: str = ""
    before: object = None
    after: object = None

    def message(self) -> Message:
        """Return the difference as a sentence."""
        if self.kind == "added":
            return Message(mark("{number} {name}: new"), number=self.number, name=self.name)
        if self.kind == "removed":
            return Message(mark("{number} {name}: gone"), number=self.number, name=self.name)
        return Message(mark("{number} {name}, {field}: “{before}” → “{after}”"), number=self.number, name=self.name,
                       field=self.field, before=self.before, after=self.after)


def compare(before: Catalogue, after: Catalogue) -> list[Change]:
    """Return what has been added, removed and changed from one edition to the next, in the order of the newer one."""
    changes = []
    for name in ("title", "publisher", "note", "dimensions"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            if name == "dimensions":
                old, new = ("; ".join(each.label for each in group) for group in (old, new))
            changes.append(Change("changed", "", after.title, name, old, new))
    for entry in after.entries:
        earlier = before.get(entry.number)
        if earlier is None:
            changes.append(Change("added", entry.number, entry.name))
            continue
        changes += [
            Change("changed", entry.number, entry.name, name, value, getattr(entry, name))
            for name, value in asdict(earlier).items() if value != getattr(entry, name)
        ]
    changes += [Change("removed", each.number, each.name) for each in before.entries if each.number not in
                after.by_number]
    return changes


def apply_to_recipe(recipe: Recipe, catalogue: Catalogue) -> tuple[Recipe, list[Message]]:
    """Return the recipe with the catalogue's names and units, and what does not fit together.

    Numbers do not change: columns, directions, weights and the recipe's text stay as they are.
    """
    indicators, notes = {}, []
    for name, indicator in recipe.indicators.items():
        entry = catalogue.get(indicator.catalogue)
        if entry is None:
            indicators[name] = indicator
            if indicator.catalogue:
                notes.append(Message(
                    mark("The catalogue “{catalogue}” has no indicator {number}, which the recipe names for "
                         "“{title}”."),
                    catalogue=catalogue.title, number=indicator.catalogue, title=indicator.title,
                ))
            continue
        if entry.high_is not in ("neutral", indicator.high_is):
            notes.append(Message(
                mark("{indicator}: a high value is {there} in the catalogue, but {here} in the recipe. The recipe "
                     "holds; mend one of them."), indicator=entry.label, there=_polarity(entry.high_is),
                here=_polarity(indicator.high_is),
            ))
        if entry.data == "none":
            notes.append(Message(mark("{indicator}: the catalogue says that there are no data yet."),
                                 indicator=entry.label))
        indicators[name] = replace(indicator, title=entry.label, unit=entry.unit or indicator.unit)
    return replace(recipe, indicators=indicators), notes


def _polarity(high_is: str) -> Message:
    return Message(mark("favourable") if high_is == "favourable" else mark("unfavourable"))
