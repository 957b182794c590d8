"""From JSON to a valid `Catalogue`; every complaint names the JSON path."""
from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from .catalogue import (
    AVAILABILITY,
    CALCULATIONS,
    FORMAT,
    POLARITIES,
    STATUSES,
    Catalogue,
    Dimension,
    Entry,
    HistoryEntry,
)
from .counts import POOLING
from .json_reading import Place, parse
from .messages import TeilhabeError, mark

#: a spreadsheet's cell holds 32,767 characters
LONGEST_TEXT = 32_000
_NUMBER = re.compile(r"\w+([.\-_]\w+)*\Z")
_UNPRINTABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")


def load_catalogue(path: str | Path) -> Catalogue:
    """Read and validate a catalogue file.

    Raises
    ------
    TeilhabeError
        When the file cannot be read or the catalogue is not valid; names file and JSON path.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise TeilhabeError(
            mark("{file} is not stored as UTF-8 text. Save the catalogue as UTF-8."), file=path
        ) from error
    except FileNotFoundError as error:
        raise TeilhabeError(mark("The catalogue {file} does not exist."), file=path) from error
    return read_catalogue(text, str(path))


def read_catalogue(text: str, name: str = "catalogue") -> Catalogue:
    """Validate a catalogue's JSON text; ``name`` stands for it in messages."""
    return catalogue_at(parse(text, name))


def catalogue_at(root: Place) -> Catalogue:
    """Return the catalogue whose JSON values stand at a place."""
    root.only("format", "id", "title", "version", "date", "language", "publisher", "note", "dimensions", "indicators",
              "history")
    root.choice("format", (FORMAT,))
    dimensions = tuple(_dimension(place) for place in root.items("dimensions"))
    _unique(root, "dimensions", dimensions)
    entries = tuple(_entry(place, dimensions) for place in root.items("indicators", at_least=1))
    _unique(root, "indicators", entries)
    return Catalogue(
        _numbered(root, "id"), _text(root, "title", required=True), entries, dimensions,
        tuple(_history(place) for place in root.items("history")), _text(root, "version"), _date(root),
        root.choice("language", ("de", "en"), "de"), _text(root, "publisher"), _text(root, "note"),
    )


def _unique(root: Place, name: str, items: tuple) -> None:
    seen = set()
    for place, item in zip(root.items(name), items):
        if item.number in seen:
            place.at("number").fail(mark("the number “{number}” is there twice."), number=item.number)
        seen.add(item.number)


def _dimension(place: Place) -> Dimension:
    place.only("number", "title")
    return Dimension(_numbered(place, "number"), _text(place, "title", required=True))


def _entry(place: Place, dimensions: tuple[Dimension, ...]) -> Entry:
    place.only("number", "name", "dimension", "question", "calculation", "statement", "reference_date", "source",
               "unit", "high_is", "pool_years", "pool", "minimum_denominator", "department", "data", "status",
               "version", "note")
    texts = {name: _text(place, name) for name in ("question", "statement", "reference_date", "source", "unit",
                                                   "department", "version", "note")}
    dimension = _text(place, "dimension")
    if dimension and dimension not in [each.number for each in dimensions]:
        place.at("dimension").fail(mark("the catalogue has no dimension “{number}”."), number=dimension)
    entry = Entry(
        _numbered(place, "number"), _text(place, "name", required=True), dimension,
        **texts, **_calculation(place), high_is=place.choice("high_is", POLARITIES, "neutral"),
        pool_years=_at_least(place, "pool_years", place.whole("pool_years", 1), 1),
        pool=place.choice("pool", POOLING, "sum"),
        minimum_denominator=_plain(_at_least(place, "minimum_denominator", place.number("minimum_denominator", 0), 0)),
        data=place.choice("data", AVAILABILITY, "available"), status=place.choice("status", STATUSES, ""),
    )
    if entry.kind != "value" and not (entry.numerator and entry.denominator):
        missing = "numerator" if not entry.numerator else "denominator"
        Place(None, f"{place.path}.calculation.{missing}", place.name).fail(
            mark("a calculation from counts needs numerator and denominator."))
    return entry


def _calculation(place: Place) -> dict:
    if not place.has("calculation"):
        return {}
    place = place.at("calculation")
    place.only("kind", "numerator", "denominator", "factor")
    factor = place.number("factor", 1)
    if factor <= 0:
        place.at("factor").fail(mark("a number above 0 is expected, found {value}."), value=factor)
    return {
        "kind": place.choice("kind", CALCULATIONS, "value"), "numerator": _text(place, "numerator"),
        "denominator": _text(place, "denominator"), "factor": _plain(factor),
    }


def _history(place: Place) -> HistoryEntry:
    place.only("version", "date", "change", "indicator", "author")
    return HistoryEntry(_text(place, "version", required=True), _date(place, required=True),
                        _text(place, "change", required=True), _text(place, "indicator"), _text(place, "author"))


def _numbered(place: Place, name: str) -> str:
    text = place.text(name)
    if not _NUMBER.match(text):
        place.at(name).fail(
            mark("“{value}” may hold only letters and digits, parted by . - or _ (such as 3.3 or A.1)."), value=text)
    return text


def _text(place: Place, name: str, required: bool = False) -> str:
    text = (place.text(name) if required else place.text(name, "")).strip()
    if _UNPRINTABLE.search(text):
        place.at(name).fail(mark("the text holds a character that a spreadsheet cannot hold. Type it anew."))
    if len(text) > LONGEST_TEXT:
        place.at(name).fail(mark("the text has {count} characters, allowed are {most}."), count=len(text),
                            most=LONGEST_TEXT)
    return text


def _date(place: Place, required: bool = False) -> str:
    text = _text(place, "date", required)
    if not text and not required:
        return ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        place.at("date").fail(mark("a date such as 2025-12-31 is expected, found “{value}”."), value=text)


def _at_least(place: Place, name: str, value: float, least: float) -> float:
    if value < least:
        place.at(name).fail(mark("{least} or more is expected, found {value}."), least=least, value=value)
    return value


def _plain(value: float) -> float:
    """Return whole numbers as int, so that 100 and 100.0 are written alike."""
    return int(value) if value == int(value) else value
