"""The places that a row could mean, with reasons: what a clerk chooses from."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..messages import Message, mark
from . import grades, match_words
from . import parsed as kinds
from .matching import DEFAULTS, MatchSettings, ask, candidates_of
from .number_choice import BETWEEN, LACKS, LISTED, NEAR, NO_NUMBER, SAME, SUFFIX_LACKS
from .place_fit import CONFIRMED, NOT_GIVEN, OTHER
from .rating import Candidates
from .register import NONE
from .register_index import RegisterIndex, index_of
from .street_choice import OTHER_ENDING
from .synonyms import NO_SYNONYMS, Synonyms
from .uncertainty import between, street_spot

_GRADES = {SAME: grades.NORMALISED, LISTED: grades.NORMALISED, BETWEEN: grades.INTERPOLATED,
           SUFFIX_LACKS: grades.NEAREST, NEAR: grades.NEAREST, NO_NUMBER: grades.STREET, LACKS: grades.STREET}
_BESIDE = 3  # addresses of the street offered for a number that it lacks
_OTHER_PLACE = 30  # taken off the score when the row lies in another place

FITS = mark("Street and house number fit.")
STREET_FITS = mark("The street fits.")
POSTCODE_FITS = mark("Postcode or district fits.")
ALIKE = mark("The name is like “{street}”.")
NEAR_BY = mark("House number near {number}.")


@dataclass(frozen=True)
class Candidate:
    """A place that a row could mean.

    Attributes
    ----------
    register, street, address : int
        Which register; street and address in it, -1 when the place is no single address.
    score : float
        0…100, see `rating.rate`.
    grade : int
        The grade of the place when it is chosen by matching (`grades`).
    text : str
        In one line.
    reasons : tuple of Message
        What speaks for and against it.
    x, y : float
        Coordinates in the register's CRS, NaN when there are none.
    area : str
        Area key, "" when it is not certain.
    """

    register: int
    street: int
    address: int
    score: float
    grade: int
    text: str
    reasons: tuple
    x: float
    y: float
    area: str


def candidates_for(parsed, row: int, registers, synonyms: Synonyms = NO_SYNONYMS,
                   settings: MatchSettings = DEFAULTS, most: int = 8) -> list[Candidate]:
    """Return the places that a row could mean, the most likely first.

    More than matching would take: names that are only alike, streets whose postcode contradicts, other kinds of street
    (Ackerweg for Ackerstraße), and for a number that a street lacks the numbers beside it.

    Parameters
    ----------
    parsed : ParsedAddresses
    row : int
    registers : sequence of AddressRegister
    synonyms : Synonyms
    settings : MatchSettings
    most : int

    Returns
    -------
    list of Candidate
    """
    one = parsed.take(np.array([row]))
    if one.kind[0] not in (kinds.ADDRESS, kinds.CROSSING, kinds.LANDMARK) or not one.normal[0]:
        return []
    wide = replace(settings, typing_errors=2)
    found = []
    for number, register in enumerate(registers):
        index = index_of(register)
        asked = ask(index, one, wide)
        elsewhere = asked.places.state[0] == OTHER
        if elsewhere:
            asked.places.code[0], asked.places.state[0] = 0, NOT_GIVEN
        rated = candidates_of(index, asked, np.array([0]), synonyms, wide, everything=True)
        rated = rated.take(np.lexsort((rated.unit, -rated.score))[:4 * most])
        for at in range(len(rated)):
            found += _candidates(index, number, rated, at, one, asked.places, elsewhere)
    once: dict = {}
    for candidate in sorted(found, key=lambda each: (-each.score, each.register)):
        key = (candidate.register, candidate.street, candidate.address, candidate.grade if candidate.address < 0 else 0)
        once.setdefault(key, candidate)
    return list(once.values())[:most]


def _candidates(index: RegisterIndex, number: int, rated: Candidates, at: int, one, places, elsewhere) -> list:
    how = int(rated.number[at])
    unit = int(rated.unit[at])
    reasons = _reasons(index, rated, at, one, places, elsewhere)
    score = float(max(rated.score[at] - (_OTHER_PLACE if elsewhere else 0), 0))
    if how in (SAME, LISTED, SUFFIX_LACKS, NEAR):
        found = [address_candidate(index, number, int(rated.address[at]), score, _GRADES[how], reasons)]
    elif how == BETWEEN:
        found = [_interpolated(index, number, rated, at, one, score, reasons)]
    else:
        found = [street_candidate(index, number, unit, score, reasons, int(one.postcode[0]))]
    if how > SUFFIX_LACKS and one.number[0] > 0 and rated.street[at] < OTHER_ENDING:
        found += _beside(index, number, unit, int(one.number[0]), score, reasons)
    return found


def _reasons(index, rated, at, one, places, elsewhere) -> tuple:
    said = []
    if elsewhere:
        said.append(Message(match_words.OTHER_PLACE, place=str(one.place_text[0] or one.place[0])))
    if rated.street[at] >= OTHER_ENDING:
        said.append(Message(ALIKE, street=match_words.short(one.street[0])))
    else:
        said += match_words.street_message(index, rated, at, one, 0)
    if not said and rated.number[at] <= LISTED:
        said.append(Message(FITS))
    elif not said:
        said.append(Message(STREET_FITS))
    said += match_words.number_message(index, rated, at, one, 0, DEFAULTS)
    if rated.fit[at] == CONFIRMED:
        said.append(Message(POSTCODE_FITS))
    return tuple(said + match_words.place_message(index, rated, at, one, places, 0))


def address_candidate(index: RegisterIndex, number: int, address: int, score: float, grade: int, reasons) -> Candidate:
    """Return an address of a register as a candidate."""
    register = index.register
    area = str(register.areas[register.area[address]])
    return Candidate(number, int(register.street[address]), address, score, grade, register.text(address), reasons,
                     float(register.x[address]), float(register.y[address]), area)


def street_candidate(index: RegisterIndex, number: int, unit: int, score: float, reasons, postcode=-1) -> Candidate:
    """Return a street of a register as a candidate; its area only when the whole street lies in it."""
    spot = street_spot(index, unit, postcode)
    return Candidate(number, int(index.unit_street[unit]), -1, score, grades.STREET,
                     match_words.street_of(index, unit), reasons, spot.x, spot.y, str(index.register.areas[spot.area]))


def _interpolated(index, number, rated, at, one, score, reasons) -> Candidate:
    register = index.register
    first, second = rated.address[at: at + 1], rated.other[at: at + 1]
    x, y, _ = between(index, first, second, one.number.astype(float))
    street = int(register.street[first[0]])
    line = register.text(int(first[0])).split(", ", 1)
    text = ", ".join([f"{register.street_names[street]} {match_words.number_words(one, 0)}", *line[1:]])
    return Candidate(number, street, -1, score, grades.INTERPOLATED, text, reasons, float(x[0]), float(y[0]),
                     str(register.areas[register.area[first[0]]]))


def _beside(index, number, unit, wanted, score, reasons) -> list[Candidate]:
    """Return the addresses of a street whose numbers come nearest to one that it lacks."""
    register = index.register
    addresses = index.addresses_of(unit)
    addresses = addresses[register.number[addresses] != NONE]
    away = np.abs(register.number[addresses] - wanted)
    nearest = addresses[np.lexsort((register.suffix[addresses], (register.number[addresses] - wanted) & 1, away))]
    first = reasons[:1] if len(reasons) else ()
    return [address_candidate(index, number, int(address), max(score - 10 - 2 * rank, 0), grades.NEAREST,
                              (*first, Message(NEAR_BY, number=wanted)))
            for rank, address in enumerate(nearest[:_BESIDE].tolist())]
