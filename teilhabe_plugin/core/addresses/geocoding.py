"""A list of addresses against the registers: from rows as read to places, what was done by hand, and what is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..messages import Message, check_cancelled, mark
from . import parsed
from .address_columns import AddressColumns
from .address_parsing import parse_addresses
from .decisions import NO_DECISIONS, Decisions, apply_decisions, decision_keys
from .grades import GRADES, INTERPOLATED, NONE
from .located import Located
from .matching import MatchSettings, locate
from .parsed import ParsedAddresses
from .register import AddressRegister
from .synonyms import NO_SYNONYMS, Synonyms
from .vocabulary import vocabulary_of

USUAL_SETTINGS = MatchSettings()
#: where a place comes from, as written to `adr_herkunft`
REGISTER, HAND, ONLINE = "register", "hand", "online"
#: so many of the addresses that fit equally well are written out
MOST_TIES = 5
#: the fields of a result: name → kind (see `bridge.fields`), in their order
FIELDS = {
    "adr_stufe": "integer", "adr_guete": "text", "adr_punkte": "real", "adr_abstand": "real", "adr_gefunden": "text",
    "adr_zweiter": "text", "adr_auswahl": "text", "adr_id": "text", "adr_register": "text", "adr_radius": "real",
    "adr_gebiet": "text", "adr_gebiet_sicher": "boolean", "adr_hinweis": "text", "adr_herkunft": "text",
}
#: what the repairs are called in a report
REPAIR_TITLES = {
    parsed.SPELLING: mark("street abbreviated or spelled in another way"),
    parsed.SPLIT: mark("street and number in one column"),
    parsed.SUFFIX_FORM: mark("addition to the number written in another way"),
    parsed.SEVERAL_NUMBERS: mark("range or list of numbers, the first counts"),
    parsed.FROM_DATE: mark("number that a spreadsheet had turned into a date"),
    parsed.ADDITION: mark("additions such as floor, rear building, c/o"),
    parsed.ZERO_RESTORED: mark("postcode without its leading zero"),
    parsed.PLACE_SPLIT: mark("place, postcode or district with the street"),
    parsed.REORDERED: mark("parts of the address in another order"),
}
#: and what stands in place of an address
KIND_TITLES = {parsed.EMPTY: mark("no address"), parsed.PO_BOX: mark("P.O. box"),
               parsed.LANDMARK: mark("name of a place instead of an address"),
               parsed.CROSSING: mark("crossing of two streets")}


@dataclass(frozen=True, eq=False)
class Geocoded:
    """A list after geocoding; row ``i`` of every array is row ``i`` of the list.

    Attributes
    ----------
    located : Located
    parsed : ParsedAddresses
    keys : ndarray of object
        By what a decision about the row is found again, see `decisions.decision_keys`.
    by_hand, online : ndarray of bool
        Places that somebody decided, and that an online service gave.
    notes : tuple of Message
        What concerns the whole list.
    """

    located: Located
    parsed: ParsedAddresses
    keys: np.ndarray
    by_hand: np.ndarray
    online: np.ndarray
    notes: tuple[Message, ...] = ()

    def __len__(self) -> int:
        return len(self.located)

    def count(self, *grades: int) -> int:
        """Return the number of rows with one of these grades."""
        return int(np.isin(self.located.grade, grades).sum())


def geocode(
    frame: pd.DataFrame,
    columns: AddressColumns,
    registers: Sequence[AddressRegister],
    synonyms: Synonyms = NO_SYNONYMS,
    decisions: Decisions = NO_DECISIONS,
    settings: MatchSettings = USUAL_SETTINGS,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Geocoded:
    """Locate the rows of a list.

    Parameters
    ----------
    frame : DataFrame
        The list as read; cells may be text, numbers, dates or missing.
    columns : AddressColumns
        Which columns hold what.
    registers : sequence of AddressRegister
        Asked one after the other.
    synonyms : Synonyms
        Former street names.
    decisions : Decisions
        What somebody decided about rows like these; it goes before everything else.
    settings : MatchSettings
        What counts as a hit.
    progress, cancelled : callable, optional
        Take 0…100; return True when the user gives up.
    """
    vocabulary = vocabulary_of(registers)

    def parse(rows: pd.DataFrame, named: AddressColumns = columns) -> ParsedAddresses:
        return parse_addresses(rows, named, vocabulary, cancelled)

    read = parse(frame)
    check_cancelled(cancelled)
    if progress is not None:
        progress(30)
    located = locate(read, registers, synonyms, settings,
                     None if progress is None else lambda share: progress(30 + 65 * share), cancelled)
    keys = decision_keys(frame, columns)

    def locate_text(texts: Sequence[str]) -> Located:
        again = parse(pd.DataFrame({"address": list(texts)}, dtype=object), AddressColumns(address="address"))
        return locate(again, registers, synonyms, settings, None, cancelled)

    located, by_hand, notes = apply_decisions(located, keys, decisions, registers, locate_text)
    return Geocoded(located, read, keys, by_hand, np.zeros(len(frame), bool), tuple(notes))


def to_correct(geocoded: Geocoded) -> np.ndarray:
    """Return which rows belong on the work list.

    These are the rows whose place is not known to the house or between its neighbours, unless somebody decided about
    them already.
    """
    return (geocoded.located.grade > INTERPOLATED) & ~geocoded.by_hand


def result_columns(
    geocoded: Geocoded, registers: Sequence[AddressRegister], render: Callable[[Message], str] = str
) -> pd.DataFrame:
    """Return the fields of the result, one row per row of the list.

    Parameters
    ----------
    geocoded : Geocoded
    registers : sequence of AddressRegister
        The ones it was located with.
    render : callable
        Message → text in the user's language.
    """
    located = geocoded.located
    known = located.grade != NONE
    titles = np.array(["", *(render(Message(GRADES[grade][1])) for grade in sorted(GRADES))], dtype=object)
    names = np.array([*(register.title for register in registers), ""], dtype=object)
    origin = np.full(len(geocoded), REGISTER, dtype=object)
    origin[~known] = None
    origin[geocoded.online], origin[geocoded.by_hand] = ONLINE, HAND
    return pd.DataFrame({
        "adr_stufe": located.grade.astype(np.int64),
        "adr_guete": titles[located.grade],
        "adr_punkte": _rounded(located.score, located.score > 0),
        "adr_abstand": _rounded(located.margin, known & (located.score > 0)),
        "adr_gefunden": _texts(located.found),
        "adr_zweiter": _texts(located.second),
        "adr_auswahl": _texts(_ties(located, registers)),
        "adr_id": _texts(_ids(located, registers)),
        "adr_register": _texts(names[np.where(known, located.register, -1)]),
        "adr_radius": _rounded(located.radius, np.isfinite(located.radius)),
        "adr_gebiet": _texts(located.area),
        "adr_gebiet_sicher": _sure(located),
        "adr_hinweis": _texts(messages_in_words(located.messages, render)),
        "adr_herkunft": origin,
    }, columns=list(FIELDS))


def messages_in_words(messages: np.ndarray, render: Callable[[Message], str]) -> np.ndarray:
    """Return each row's messages as one text, "" where there are none; equal tuples are rendered once."""
    texts, done = np.full(len(messages), "", dtype=object), {}
    for row in np.flatnonzero([bool(each) for each in messages]):
        said = messages[row]
        if id(said) not in done:
            done[id(said)] = " ".join(dict.fromkeys(_in_words(message, render) for message in said))
        texts[row] = done[id(said)]
    return texts


def _in_words(message, render) -> str:
    return message if isinstance(message, str) else render(message)


def numbered_fields(taken) -> dict[str, str]:
    """Return the names that the fields get beside the list's own columns: all of them bear the same number."""
    used = {str(name).casefold() for name in taken}
    number, tail = 1, ""
    while any(name + tail in used for name in FIELDS):
        number += 1
        tail = f"_{number}"
    return {name: name + tail for name in FIELDS}


def with_online_places(geocoded: Geocoded, rows: np.ndarray, x, y, found, grade, radius, note: Message) -> Geocoded:
    """Return the list with places that an online service gave.

    Parameters
    ----------
    geocoded : Geocoded
    rows : ndarray of int
        Rows that got a place.
    x, y, found, grade, radius : array_like
        Place of each in the CRS of the result, what the service calls it, grade and uncertainty.
    note : Message
        Said at each of these rows.
    """
    located = geocoded.located
    changed = {name: getattr(located, name).copy() for name in located.__dataclass_fields__}
    changed["x"][rows], changed["y"][rows], changed["radius"][rows] = x, y, radius
    changed["grade"][rows], changed["found"][rows] = grade, found
    changed["register"][rows] = changed["address"][rows] = changed["street"][rows] = -1
    changed["score"][rows] = changed["margin"][rows] = 0
    changed["area"][rows], changed["area_sure"][rows], changed["second"][rows] = "", False, ""
    for row in rows:
        changed["ties"][row], changed["messages"][row] = (), (note,)
    online = geocoded.online.copy()
    online[rows] = True
    return replace(geocoded, located=Located(**changed), online=online)


def _rounded(values, where) -> np.ndarray:
    return np.where(where, np.round(values.astype(np.float64), 1), np.nan)


def _texts(values: np.ndarray) -> np.ndarray:
    return np.where(values == "", None, values)


def _sure(located: Located) -> np.ndarray:
    sure = np.full(len(located), None, dtype=object)
    known = located.area != ""
    sure[known] = located.area_sure[known].astype(bool)
    return sure


def _ids(located: Located, registers) -> np.ndarray:
    ids = np.full(len(located), "", dtype=object)
    for number, register in enumerate(registers):
        rows = np.flatnonzero((located.register == number) & (located.address >= 0))
        if len(register.ids) and len(rows):
            ids[rows] = register.ids[located.address[rows]]
    return ids


def _ties(located: Located, registers) -> np.ndarray:
    texts = np.full(len(located), "", dtype=object)
    for row in np.flatnonzero([bool(each) for each in located.ties]):
        if located.register[row] >= 0:
            register, ties = registers[located.register[row]], located.ties[row]
            more = " …" if len(ties) > MOST_TIES else ""
            texts[row] = "; ".join(register.text(int(tie)) for tie in ties[:MOST_TIES]) + more
    return texts


def reasons_by_kind(geocoded: Geocoded, rows: np.ndarray, render: Callable[[Message], str],
                    without: Sequence[str] = ()) -> list[tuple[str, int]]:
    """Return what is said at these rows, in general terms, and how often; the most frequent first.

    Parameters
    ----------
    geocoded : Geocoded
    rows : ndarray of bool
    render : callable
        Message → text in the user's language.
    without : sequence of str
        Templates that are no reason.
    """
    counts: dict[str, int] = {}
    details: dict[str, dict] = {}
    for row in np.flatnonzero(rows):
        said = [each for each in geocoded.located.messages[row]
                if isinstance(each, Message) and each.template not in without]
        template = said[-1].template if said else mark("no reason given")
        counts[template] = counts.get(template, 0) + 1
        if template not in details:
            details[template] = dict.fromkeys(said[-1].details, _Anything()) if said else {}
    texts = [(render(Message(template, **details[template])).replace("….", "…"), count)
             for template, count in counts.items()]
    return sorted(texts, key=lambda item: (-item[1], item[0]))


class _Anything:
    """Stands for every detail of a message, however it is formatted."""

    def __format__(self, spec):
        return "…"


def repairs_by_kind(geocoded: Geocoded) -> list[tuple[Message, int]]:
    """Return what had to be mended while reading the addresses, and in how many rows; the most frequent first."""
    repairs = geocoded.parsed.repairs
    counts = [(Message(title), int(((repairs & bit) > 0).sum())) for bit, title in REPAIR_TITLES.items()]
    counts += [(Message(title), int((geocoded.parsed.kind == kind).sum())) for kind, title in KIND_TITLES.items()]
    return sorted((each for each in counts if each[1]), key=lambda each: -each[1])
