"""Locating the addresses of a list in one or several address registers."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..messages import Message, check_cancelled
from . import grades, match_words
from . import parsed as kinds
from .choice import choose
from .located import Located
from .number_choice import NumbersAsked, ask_numbers
from .outcomes import Outcome, nowhere
from .parsed import ParsedAddresses
from .place_fit import NOT_GIVEN, OTHER, Places, find_places
from .rating import Candidates, joined, rate, settled
from .register_index import RegisterIndex, index_of
from .street_choice import other_names, pairs_of, same_names, written_or_joined
from .synonyms import NO_SYNONYMS, Synonyms
from .uncertainty import crossing_spot

_CHUNK = 50_000  # rows at a time
_LEADING = re.compile(r"^(?:kreuzung|ecke)\s+")


@dataclass(frozen=True)
class MatchSettings:
    """How far matching may go.

    Attributes
    ----------
    typing_errors : int
        Most typing errors in a street, 0…2.
    interpolate : bool
        Place a missing house number between its neighbours.
    nearest : bool
        Take the nearest house number for a missing one, and name it.
    street_only, district_only : bool
        Place rows by their street, postcode or district alone.
    place : str
        Place of registers that name none.
    """

    typing_errors: int = 2
    interpolate: bool = True
    nearest: bool = True
    street_only: bool = True
    district_only: bool = True
    place: str = ""


DEFAULTS = MatchSettings()


@dataclass(frozen=True, eq=False)
class Asked:
    """What rows ask of a register."""

    parsed: ParsedAddresses
    places: Places
    numbers: NumbersAsked
    names: np.ndarray  # normal name of each row as a position in `normals`
    normals: np.ndarray

    def take(self, rows) -> Asked:
        """Return only these rows."""
        codes, names = pd.factorize(self.names[rows])
        return Asked(self.parsed.take(rows), self.places.take(rows), self.numbers.take(rows), codes.astype(np.int64),
                     self.normals[names])


def locate(parsed: ParsedAddresses, registers, synonyms: Synonyms = NO_SYNONYMS,
           settings: MatchSettings = DEFAULTS, progress=None, cancelled=None) -> Located:
    """Locate addresses.

    Registers are asked in their order; a row that one of them does not have exactly is tried in the next, and the
    better grade wins, the earlier register where grades are equal. Rows that say nothing about their place stay in the
    first register that has their street, unless the next one is of the same place.

    Parameters
    ----------
    parsed : ParsedAddresses
    registers : sequence of AddressRegister
    synonyms : Synonyms
        Former street names.
    settings : MatchSettings
    progress : callable(float), optional
        Is told the share that is done, 0…1.
    cancelled : callable() -> bool, optional

    Returns
    -------
    Located
        Row ``i`` is row ``i`` of `parsed`.
    """
    result = nowhere(len(parsed))
    rows = np.arange(len(parsed))
    for number, register in enumerate(registers):
        index = index_of(register)
        asked = ask(index, parsed.take(rows) if number else parsed, settings)
        for start in range(0, len(rows), _CHUNK):
            check_cancelled(cancelled)
            some = np.arange(start, min(start + _CHUNK, len(rows)))
            part = asked if len(some) == len(rows) else asked.take(some)
            _keep_better(result, rows[some], _locate(index, number, part, synonyms, settings), number == 0)
            if progress is not None:
                progress((number + (start + len(some)) / len(rows)) / len(registers))
        left = result.grade[rows] > grades.NORMALISED
        if number + 1 < len(registers) and registers[number + 1].place != register.place:
            silent = (asked.places.state == NOT_GIVEN) & (asked.places.postcode <= 0)
            left &= ~(silent & (result.register[rows] >= 0))
        rows = rows[left]
    return result


def ask(index: RegisterIndex, parsed: ParsedAddresses, settings: MatchSettings) -> Asked:
    """Return what rows ask of a register, in its terms."""
    names, normals = pd.factorize(parsed.normal)
    codes, suffixes = pd.factorize(parsed.suffix)
    numbers = ask_numbers(index, parsed.number, codes, suffixes, parsed.more, parsed.is_range)
    return Asked(parsed, find_places(index, parsed, settings.place), numbers, names.astype(np.int64),
                 np.asarray(normals, dtype=object))


def candidates_of(index: RegisterIndex, asked: Asked, rows, synonyms, settings, everything=False) -> Candidates:
    """Return the candidates of rows.

    Other names than the written one are looked for only where that one does not settle the row (`everything`: always,
    and names that are only alike as well).
    """
    found = same_names(index, asked.normals)
    row, unit, entry = pairs_of(index, found, asked.names[rows], rows, asked.places)
    how = written_or_joined(index, asked.normals, found.asked[entry], unit)
    candidates = rate(index, asked.places, asked.numbers, row, unit, how, found.edits[entry])
    unclear = rows if everything else np.setdiff1d(rows, settled(candidates))
    if not everything:  # a street without number has no rivals
        plain = candidates.row[(candidates.fit >= 2) & (asked.numbers.number[candidates.row] < 0)]
        unclear = np.setdiff1d(unclear, plain)
    if not len(unclear):
        return candidates
    needed, asked_by = np.unique(asked.names[unclear], return_inverse=True)
    others = other_names(index, asked.normals[needed], synonyms, settings.typing_errors, everything)
    row, unit, entry = pairs_of(index, others, asked_by.ravel(), unclear, asked.places)
    more = rate(index, asked.places, asked.numbers, row, unit, others.how[entry], others.edits[entry])
    return joined(candidates, more)


def _locate(index, number, asked, synonyms, settings) -> Located:
    parsed = asked.parsed
    outcome = Outcome(index, number, parsed, asked.places, settings)
    rows = np.flatnonzero((parsed.kind == kinds.ADDRESS) & (parsed.normal != ""))
    candidates = candidates_of(index, asked, rows, synonyms, settings)
    choice = choose(index, candidates, len(parsed))
    outcome.fill(candidates, choice)
    crossings = np.flatnonzero(parsed.kind == kinds.CROSSING)
    streets = np.array([_LEADING.sub("", parsed.normal[row]) for row in crossings.tolist()]
                       + parsed.crossing[crossings].tolist(), dtype=object)
    found = same_names(index, streets)
    names = dict(zip(found.asked.tolist(), found.name.tolist()))
    for at, row in enumerate(crossings.tolist()):
        _cross(index, asked, outcome, row, (names.get(at), names.get(at + len(crossings))))
    rest = np.setdiff1d(np.arange(len(parsed)), np.r_[rows, crossings])
    outcome.fill_districts(np.sort(np.r_[outcome.without_place(candidates, choice, rows), rest]))
    return outcome.located


def _cross(index, asked, outcome, row, names) -> None:
    """Place a crossing of two streets, `names` in the index or None, where their addresses come nearest."""
    parsed, located = asked.parsed, outcome.located
    missing = [text for name, text in zip(names, (parsed.street[row], parsed.crossing[row])) if name is None]
    if missing or asked.places.state[row] == OTHER:
        located.messages[row] = (match_words.why_nothing(parsed, asked.places, row, index) if not missing
                                 else Message(match_words.UNKNOWN_STREET, street=match_words.short(missing[0])),)
        return
    ranges = [index.units_named(np.array([names[at]]), asked.places.code[row:row + 1]) for at in (0, 1)]
    first, second = (range(int(start[0]), int(start[0] + count[0])) for start, count in ranges)
    spots = [(crossing_spot(index, one, two), one) for one in first for two in second]
    spots = sorted(((spot.radius, unit, spot) for spot, unit in spots if spot is not None), key=lambda each: each[0])
    words = [str(index.register.street_names[index.unit_street[units[0]]]) if len(units) else text
             for units, text in zip((first, second), (parsed.street[row], parsed.crossing[row]))]
    if len(spots) != 1 or not outcome.settings.street_only:
        located.messages[row] = (Message(match_words.CROSSING_NONE, first=words[0], second=words[1]),)
        return
    _, unit, spot = spots[0]
    outcome._put(row, grades.STREET, spot, int(index.unit_street[unit]))
    located.found[row] = " / ".join(words)
    located.score[row] = located.margin[row] = 70
    located.messages[row] = (Message(match_words.CROSSING, first=words[0], second=words[1]),)


def _keep_better(result, rows, located, all_of_them) -> None:
    """Take over the rows that are located better than before."""
    better = np.flatnonzero((located.grade < result.grade[rows]) | all_of_them | (
        (result.register[rows] < 0) & (located.register >= 0)))
    for name in Located.__dataclass_fields__:
        getattr(result, name)[rows[better]] = getattr(located, name)[better]

