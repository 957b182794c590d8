"""What has to be mended in a catalogue being edited: the rules of reading, told at the field, and typed numbers."""
from __future__ import annotations

import re
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from .catalogue import FORMAT, Catalogue, Dimension, Entry, HistoryEntry
from .catalogue_reading import catalogue_at, read_catalogue
from .json_reading import Place
from .messages import Message, TeilhabeError, mark

#: fields that hold numbers, and the value that an empty field stands for
NUMBERS = {"factor": 1, "pool_years": 1, "minimum_denominator": 0}
#: parts of a catalogue in which something can be faulty
CATALOGUE, DIMENSIONS, INDICATORS, HISTORY = "catalogue", "dimensions", "indicators", "history"
_CALCULATION = ("kind", "numerator", "denominator", "factor")
_NUMERAL = re.compile(r"[+-]?\d+([.,]\d+)?\Z")
_GROUPED = re.compile(r"[1-9]\d{0,2}([.,]\d{3})+\Z")
_GERMAN_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})\Z")
_BLANKS = re.compile("[ \u00a0\u2009\u202f]")


@dataclass(frozen=True)
class Problem:
    """Something to be mended.

    Attributes
    ----------
    part : str
        CATALOGUE, DIMENSIONS, INDICATORS or HISTORY.
    position : int
        Which dimension, indicator or history entry; −1 for the catalogue itself.
    field : str
    message : Message
    """

    part: str
    position: int
    field: str
    message: Message


def problems(catalogue: Catalogue) -> list[Problem]:
    """Return everything that stands between a catalogue and its file, in the order of the catalogue."""
    found = [Problem(CATALOGUE, -1, name, message) for name, message in _master_problems(
        catalogue.id, catalogue.title, catalogue.version, catalogue.date, catalogue.publisher, catalogue.note)]
    found += _of_items(DIMENSIONS, catalogue.dimensions, _dimension_problems)
    known = frozenset(each.number for each in catalogue.dimensions)
    if not catalogue.entries:
        found.append(Problem(CATALOGUE, -1, "indicators", Message(mark("The catalogue needs at least one indicator."))))
    found += _of_items(INDICATORS, catalogue.entries, lambda each: _entry_problems(each, known))
    for i, entry in enumerate(catalogue.history):
        found += [Problem(HISTORY, i, name, message) for name, message in _history_problems(entry)]
    return found


def cleaned(catalogue: Catalogue) -> Catalogue:
    """Return the catalogue as it is read back from its file.

    Raises
    ------
    TeilhabeError
        Where it is not valid.
    """
    return read_catalogue(catalogue.to_json(), catalogue.title)


def typed_number(text: str, field: str, decimal_sign: str = ","):
    """Return the number that was typed, or the text as it stands where it is none.

    Parameters
    ----------
    text : str
    field : str
        One of `NUMBERS`: an empty text stands for its default.
    decimal_sign : str
        ``,`` or ``.``; the other one before three digits could be a thousands separator and is not taken.
    """
    bare = _BLANKS.sub("", text).replace("\u2212", "-")
    if not bare:
        return NUMBERS[field]
    other = "." if decimal_sign == "," else ","
    if not _NUMERAL.match(bare) or (other in bare and _GROUPED.match(bare.lstrip("+-"))):
        return text
    value = float(bare.replace(",", "."))
    if not abs(value) < 1e15:
        return text
    return int(value) if value == int(value) else value


def number_shown(value, decimal_sign: str = ",") -> str:
    """Return a number as `typed_number` reads it; a text stays as it is."""
    if isinstance(value, str):
        return value
    text = format(Decimal(repr(value)), "f")
    return text.replace(".", decimal_sign)


def typed_date(text: str) -> str:
    """Return a date such as 31.12.2025 in ISO form, any other text as it stands."""
    text = text.strip()
    found = _GERMAN_DATE.match(text)
    iso = "{2}-{1:0>2}-{0:0>2}".format(*found.groups()) if found else text
    return iso if _is_date(iso) else text


def date_shown(text: str, language: str) -> str:
    """Return an ISO date as a German or English reader expects it; any other text stays as it is."""
    return f"{text[8:]}.{text[5:7]}.{text[:4]}" if language == "de" and _is_date(text) else text


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _of_items(part: str, items: tuple, check) -> list[Problem]:
    counted = Counter(each.number for each in items)
    found = []
    for i, each in enumerate(items):
        if counted[each.number] > 1 and each.number:
            found.append(Problem(part, i, "number", Message(mark("the number “{number}” is there twice."),
                                                            number=each.number)))
        found += [Problem(part, i, name, message) for name, message in check(each)]
    return found


@lru_cache(maxsize=64)
def _master_problems(*values: str) -> tuple:
    named = dict(zip(("id", "title", "version", "date", "publisher", "note"), values))
    found = []
    for name, text in named.items():
        if name in ("id", "title") and not text.strip():
            found.append((name, _empty()))
        elif name == "date":
            found += _date_problem(text)
        else:
            found += _complaints(name, {name: text})
    return tuple(found)


@lru_cache(maxsize=256)
def _dimension_problems(dimension: Dimension) -> tuple:
    found = []
    for name, text in asdict(dimension).items():
        if not text.strip():
            found.append((name, _empty()))
        else:
            found += _complaints(name, {"dimensions": [{"number": "1", "title": "x", name: text}]})
    return tuple(found)


@lru_cache(maxsize=4096)
def _entry_problems(entry: Entry, dimensions: frozenset) -> tuple:
    found = []
    for name, value in asdict(entry).items():
        if name in ("number", "name") and not value.strip():
            found.append((name, _empty()))
        elif name in NUMBERS and isinstance(value, str) and _GROUPED.match(_BLANKS.sub("", value)):
            found.append((name, Message(mark("“{value}” can be read in two ways. Type the number without thousands "
                                             "separator."), value=value)))
        elif name in NUMBERS and isinstance(value, str):
            found.append((name, Message(mark("a number is expected, found “{value}”."), value=value)))
        elif name in ("numerator", "denominator") and not value.strip():
            if entry.kind != "value":
                found.append((name, Message(mark("a calculation from counts needs numerator and denominator."))))
        elif name == "dimension" and value.strip() and value.strip() not in dimensions:
            found.append((name, Message(mark("the catalogue has no dimension “{number}”."), number=value)))
        elif name not in ("dimension", "kind"):
            own = {"calculation": {name: value}} if name in _CALCULATION else {name: value}
            found += _complaints(name, {"indicators": [{"number": "1", "name": "x", **own}]})
    return tuple(found)


@lru_cache(maxsize=4096)
def _history_problems(entry: HistoryEntry) -> tuple:
    found = []
    for name, text in asdict(entry).items():
        if name in ("version", "date", "change") and not text.strip():
            found.append((name, _empty()))
        elif name == "date":
            found += _date_problem(text)
        else:
            usual = {"version": "1", "date": "2025-12-31", "change": "x"}
            found += _complaints(name, {"history": [{**usual, name: text}]})
    return tuple(found)


def _date_problem(text: str) -> list[tuple[str, Message]]:
    if not text.strip() or _is_date(text.strip()):
        return []
    return [("date", Message(mark("“{value}” is no date. Type it like 31.12.2025 or 2025-12-31."), value=text))]


def _empty() -> Message:
    return Message(mark("This must not stay empty."))


def _complaints(name: str, values: dict) -> list[tuple[str, Message]]:
    """Return what reading a catalogue says about one value."""
    frame = {"format": FORMAT, "id": "x", "title": "x", "indicators": [{"number": "1", "name": "x"}]}
    try:
        catalogue_at(Place({**frame, **values}, "$", ""))
    except TeilhabeError as error:
        return [(name, error.message.details.get("problem", error.message))]
    return []
