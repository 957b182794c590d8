"""From the choice among candidates to grade, coordinates, area, radius and words of each row."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..messages import Message
from . import grades, match_words
from . import parsed as kinds
from .choice import AMBIGUOUS, CHOSEN, NOTHING, RIVAL, TIE, Choice
from .located import Located
from .number_choice import BETWEEN, LISTED, NEAR, SAME, SUFFIX_LACKS
from .parsed import ParsedAddresses
from .place_fit import MENDABLE, OTHER, TOLERATED, Places
from .rating import Candidates
from .register import NONE
from .register_index import RegisterIndex
from .street_choice import UNLIKELY, WRITTEN
from .uncertainty import between, middle, nearest_radius, postcode_spot, quality_radius, street_spot

#: repairs after which an address no longer counts as written exactly; columns that were split do not harm
_REPAIRS = (kinds.SUFFIX_FORM | kinds.SEVERAL_NUMBERS | kinds.FROM_DATE | kinds.ADDITION | kinds.ZERO_RESTORED
            | kinds.REORDERED)


def nowhere(m: int) -> Located:
    """Return `m` rows of which nothing is known."""
    empty = np.full(m, "", dtype=object)
    blank = np.empty(m, dtype=object)
    blank[:] = [()] * m
    return Located(
        grade=np.full(m, grades.NONE, np.int8), score=np.zeros(m, np.float32), margin=np.zeros(m, np.float32),
        register=np.full(m, -1, np.int16), address=np.full(m, -1, np.int64), street=np.full(m, -1, np.int64),
        x=np.full(m, np.nan), y=np.full(m, np.nan), radius=np.full(m, np.nan), area=empty,
        area_sure=np.zeros(m, bool), found=empty.copy(), second=empty.copy(), ties=blank, messages=blank.copy())


class Outcome:
    """Fills in the rows of a list from one register.

    Parameters
    ----------
    index : RegisterIndex
    number : int
        Which register it is.
    parsed, places, settings
        The rows, their places and the settings of the run.
    """

    def __init__(self, index: RegisterIndex, number: int, parsed: ParsedAddresses, places: Places, settings):
        self.index, self.register, self.number = index, index.register, number
        self.parsed, self.places, self.settings = parsed, places, settings
        self.located = nowhere(len(parsed))

    def fill(self, candidates: Candidates, choice: Choice) -> None:
        """Fill in all rows that have candidates."""
        there = np.flatnonzero(choice.best >= 0)
        self.located.score[there] = candidates.score[choice.best[there]]
        second = choice.second[there]
        lower = np.where(second >= 0, candidates.score[np.maximum(second, 0)], 0) if len(candidates) else 0
        self.located.margin[there] = np.maximum(self.located.score[there] - lower, 0)
        choice.why[(choice.why == CHOSEN) & (self.parsed.repairs & kinds.AMBIGUOUS > 0)] = AMBIGUOUS
        chosen = np.flatnonzero(choice.why == CHOSEN)
        at = choice.best[chosen]
        how = candidates.number[at] if len(candidates) else np.array([], np.int8)
        use = {"interpolate": self.settings.interpolate, "nearest": self.settings.nearest}
        here = how <= LISTED
        middle_ = (how == BETWEEN) & use["interpolate"]
        near = (((how == BETWEEN) & ~middle_) | (how == SUFFIX_LACKS) | (how == NEAR)) & use["nearest"]
        self._addresses(candidates, chosen[here], at[here])
        self._between(candidates, chosen[middle_], at[middle_])
        self._nearest(candidates, chosen[near], at[near])
        rest = ~(here | middle_ | near)
        self._streets(candidates, chosen[rest], at[rest])
        self._talk(candidates, choice, chosen, at)
        for row in np.flatnonzero(choice.why > CHOSEN).tolist():
            if choice.why[row] != NOTHING:
                self._open(candidates, choice, row)

    def _addresses(self, candidates, rows, at) -> None:
        located, register, address = self.located, self.register, candidates.address[at]
        clean = (candidates.street[at] == WRITTEN) & (candidates.number[at] == SAME) & (candidates.faults[at] == 0)
        clean &= (self.parsed.repairs[rows] & _REPAIRS == 0) & (self.places.state[rows] != TOLERATED)
        clean &= self._written_so(rows, register.street[address])
        located.grade[rows] = np.where(clean, grades.EXACT, grades.NORMALISED)
        located.x[rows], located.y[rows] = register.x[address], register.y[address]
        located.radius[rows] = quality_radius(self.index, address)
        located.area[rows] = register.areas[register.area[address]]
        located.area_sure[rows] = register.area[address] > 0
        self._note(rows, address, register.street[address], address_texts(register, address))

    def _between(self, candidates, rows, at) -> None:
        located, register, index = self.located, self.register, self.index
        address, other = candidates.address[at], candidates.other[at]
        located.grade[rows] = grades.INTERPOLATED
        located.x[rows], located.y[rows], located.radius[rows] = between(
            index, address, other, self.parsed.number[rows].astype(float))
        located.area[rows] = register.areas[register.area[address]]
        located.area_sure[rows] = register.area[address] > 0
        self._note(rows, -1, register.street[address], register.street_names[register.street[address]])

    def _nearest(self, candidates, rows, at) -> None:
        located, register, index = self.located, self.register, self.index
        address, units = candidates.address[at], candidates.unit[at]
        located.grade[rows] = grades.NEAREST
        located.x[rows], located.y[rows] = register.x[address], register.y[address]
        located.radius[rows] = nearest_radius(index, units, address, candidates.away[at])
        located.area[rows] = register.areas[register.area[address]]
        # beyond the last number the street may go on in another area
        last = register.number[index.order[index.unit_starts[units + 1] - 1]]
        located.area_sure[rows] = ((index.unit_area[units] > 0) & (self.parsed.number[rows] <= last)) | (
            (candidates.number[at] == SUFFIX_LACKS) & same_around(index, units, address))
        self._note(rows, address, register.street[address], address_texts(register, address))

    def _streets(self, candidates, rows, at) -> None:
        located, index = self.located, self.index
        if not self.settings.street_only:
            return
        for row, candidate in zip(rows.tolist(), at.tolist()):
            unit = int(candidates.unit[candidate])
            postcode = -1 if candidates.fit[candidate] == MENDABLE else int(self.places.postcode[row])
            spot = street_spot(index, unit, postcode)
            self._put(row, grades.STREET, spot, int(index.unit_street[unit]))
            located.found[row] = str(self.register.street_names[index.unit_street[unit]])
            if self.parsed.number[row] >= 0:  # a number that the register lacks may lie outside of its postcode's part
                located.area_sure[row] &= index.unit_area[unit] > 0

    def _put(self, row, grade, spot, street) -> None:
        located = self.located
        located.grade[row], located.register[row], located.street[row] = grade, self.number, street
        located.x[row], located.y[row], located.radius[row] = spot.x, spot.y, spot.radius
        located.area[row], located.area_sure[row] = self.register.areas[spot.area], spot.area > 0

    def _note(self, rows, address, street, found) -> None:
        located = self.located
        located.register[rows], located.address[rows], located.street[rows] = self.number, address, street
        located.found[rows] = found

    def _written_so(self, rows, streets) -> np.ndarray:
        """Return whether the street stands in the row as in the register, but for capitals and spaces."""
        codes, texts = pd.factorize(self.parsed.street[rows])
        if not len(rows):
            return np.array([], bool)
        pairs, which = np.unique(codes.astype(np.int64) * len(self.register.street_names) + streets,
                                 return_inverse=True)
        streets = len(self.register.street_names)
        same = [written_so(texts[pair // streets], self.register.street_names[pair % streets])
                for pair in pairs.tolist()]
        return np.array(same, dtype=bool)[which.ravel()]

    def _talk(self, candidates, choice, rows, at) -> None:
        """Make the messages and second candidates of rows that were placed, where there is something to say."""
        parsed, index = self.parsed, self.index
        repaired = parsed.repairs[rows] & (kinds.SEVERAL_NUMBERS | kinds.FROM_DATE) != 0
        street, number = candidates.street[at] > WRITTEN, (candidates.number[at] > SAME) | repaired
        place = (candidates.faults[at] > 0) | (self.places.state[rows] == TOLERATED)
        some = np.flatnonzero(street | number | place)
        for row, candidate, of_street, of_number, of_place in zip(
                rows[some].tolist(), at[some].tolist(), street[some].tolist(), number[some].tolist(),
                place[some].tolist()):
            said = match_words.street_message(index, candidates, candidate, parsed, row) if of_street else []
            if of_number:
                said += match_words.number_message(index, candidates, candidate, parsed, row, self.settings)
                if len(parsed.more[row]) and candidates.number[candidate] <= LISTED:
                    said += self._other_numbers(candidates, candidate, row)
            if of_place:
                said += match_words.place_message(index, candidates, candidate, parsed, self.places, row)
            self.located.messages[row] = tuple(said)
        second = choice.second[rows]
        for row, candidate in zip(rows[second >= 0].tolist(), second[second >= 0].tolist()):
            self.located.second[row] = match_words.candidate_words(index, candidates, candidate)

    def _other_numbers(self, candidates, at, row) -> list[Message]:
        """Return a message when the numbers of a list lie in different areas; the area is then not sure."""
        register, index = self.register, self.index
        unit = candidates.unit[at: at + 1]
        areas = {int(register.area[candidates.address[at]])}
        for number, suffix in self.parsed.more[row]:
            begin, end = index.positions(unit, np.array([number]), np.array([index.suffix_codes.get(suffix, -1)]))
            areas |= set(register.area[index.order[begin[0]:end[0]]].tolist())
        areas.discard(0)
        if len(areas) < 2:
            return []
        self.located.area_sure[row] = False
        return [Message(match_words.NUMBERS_APART, areas=", ".join(sorted(map(str, register.areas[list(areas)]))))]

    def _open(self, candidates, choice, row) -> None:
        """Fill in a row that was left open: what it could be, and what would decide it."""
        located, index, parsed = self.located, self.index, self.parsed
        best, second = int(choice.best[row]), int(choice.second[row])
        words = match_words.candidate_words(index, candidates, best)
        located.register[row], located.second[row] = self.number, words
        if choice.why[row] == TIE:
            self._tie(candidates, choice.ties[row], row)
            return
        said = match_words.number_message(index, candidates, best, parsed, row, self.settings) if (
            candidates.number[best] > LISTED and candidates.street[best] <= WRITTEN) else []
        said += match_words.place_message(index, candidates, best, parsed, self.places, row)
        members = [best]
        if choice.why[row] == AMBIGUOUS:
            said.insert(0, Message(match_words.AMBIGUOUS, found=words))
        elif second >= 0 and (choice.why[row] == RIVAL or candidates.score[second] >= candidates.score[best]):
            said.insert(0, Message(match_words.TWO_STREETS, first=words,
                                   second=match_words.candidate_words(index, candidates, second)))
            members.append(second)
        else:
            said.insert(0, Message(match_words.NOT_SURE, found=words))
        located.messages[row] = tuple(said)
        located.ties[row] = tuple(int(candidates.address[at]) for at in members if candidates.address[at] >= 0)

    def _tie(self, candidates, members, row) -> None:
        located, index, register = self.located, self.index, self.register
        addresses = np.array([candidates.address[at] if candidates.number[at] <= LISTED
                              else street_spot(index, int(candidates.unit[at])).address for at in members])
        numbered = (candidates.number[members] <= LISTED).all()
        areas = register.area[addresses] if numbered else index.unit_area[candidates.unit[members]]
        located.ties[row] = tuple(addresses.tolist())
        if areas[0] > 0 and (areas == areas[0]).all() and self.settings.street_only:
            every = addresses if numbered else np.concatenate(
                [index.addresses_of(int(unit)) for unit in candidates.unit[members]])
            self._put(row, grades.STREET, middle(index, every), int(register.street[addresses[0]]))
            located.found[row] = str(register.street_names[register.street[addresses[0]]])
            located.messages[row] = (Message(match_words.TIED_ONE_AREA, n=len(addresses)),)
            return
        texts = [match_words.candidate_words(index, candidates, int(at)) for at in members]
        located.messages[row] = (Message(match_words.TIED, n=len(addresses), list=match_words.listed(texts)),)

    def fill_districts(self, rows) -> None:
        """Place rows without street by their postcode or district where the register knows it; tell why of the rest."""
        index, places, located = self.index, self.places, self.located
        known = index.among(index.place_postcodes, places.code[rows], places.postcode[rows])
        kind = self.parsed.kind[rows]
        usable = (known | (places.district[rows] > 0)) & (places.state[rows] != OTHER) & (kind != kinds.PO_BOX)
        usable &= bool(self.settings.district_only)
        for row, use, postcode_known in zip(rows.tolist(), usable.tolist(), known.tolist()):
            why = match_words.why_nothing(self.parsed, places, row, index)
            said = [why] if not located.messages[row] else list(located.messages[row])
            if use:
                postcode = int(places.postcode[row]) if postcode_known else -1
                district = int(places.district[row])
                self._put(row, grades.DISTRICT, postcode_spot(index, int(places.code[row]), postcode, district), -1)
                name = self.register.districts[np.flatnonzero(index.district_of == district)[0]] if district else ""
                located.found[row] = f"{f'{postcode:05d}' if postcode > 0 else ''} {name}".strip()
                said.append(Message(match_words.POSTCODE_ONLY, postcode=f"{postcode:05d}") if postcode > 0
                            else Message(match_words.DISTRICT_ONLY, district=str(name)))
                located.score[row], located.margin[row] = 20, 20
            elif index.has_postcodes and places.postcode[row] > 0 and places.state[row] != OTHER and not known.all() \
                    and kind[0] != kinds.PO_BOX and not postcode_known and not len(located.ties[row]):
                said.append(Message(match_words.UNKNOWN_POSTCODE, postcode=f"{places.postcode[row]:05d}"))
            located.messages[row] = tuple(said)

    def without_place(self, candidates: Candidates, choice: Choice, rows) -> np.ndarray:
        """Return those of the rows that have no candidate worth naming."""
        best = choice.best[rows]
        if not len(candidates):
            return rows
        return rows[(best < 0) | ((choice.why[rows] != CHOSEN) & (candidates.street[np.maximum(best, 0)] >= UNLIKELY))]


def same_around(index: RegisterIndex, units, addresses) -> np.ndarray:
    """Return whether the addresses just before and after some addresses, in their street, lie in the same area."""
    register = index.register
    at = np.searchsorted(index.keys, index.address_keys(units, register.number[addresses], register.suffix[addresses]))
    same = register.area[addresses] > 0
    for step in (-3, -2, -1, 1, 2, 3):
        beside = np.clip(at + step, index.unit_starts[units], index.unit_starts[units + 1] - 1)
        same &= register.area[index.order[beside]] == register.area[addresses]
    return same


def address_texts(register, addresses) -> np.ndarray:
    """Return addresses in one line each, as `AddressRegister.text`, each different part of the line made once."""
    if not len(addresses):
        return np.array([], dtype=object)
    number = register.number[addresses].astype(np.int64) * len(register.suffixes) + register.suffix[addresses]
    _, first, which = np.unique(number, return_index=True, return_inverse=True)
    numbers = np.array([register.number_text(address) for address in addresses[first].tolist()], dtype=object)
    streets = register.street[addresses]
    lines = register.street_names[streets] + np.where(numbers != "", " ", "").astype(object)[which.ravel()]
    lines = lines + numbers[which.ravel()]
    place = register.street_places[streets].astype(np.int64)
    tail = ((register.postcode[addresses].astype(np.int64) + 1) * len(register.places) + place) * len(
        register.districts) + np.where(place > 0, 0, register.district[addresses])
    _, first, which = np.unique(tail, return_index=True, return_inverse=True)
    tails = []
    for address in addresses[first].tolist():
        postcode = "" if register.postcode[address] == NONE else f"{register.postcode[address]:05d}"
        name = (register.places[register.street_places[register.street[address]]]
                or register.districts[register.district[address]])
        joined = f"{postcode} {name}".strip()
        tails.append(f", {joined}" if joined else "")
    return lines + np.array(tails, dtype=object)[which.ravel()]


def written_so(text: str, name: str) -> bool:
    """Return whether two texts differ only in capitals and spaces; ß may be SS among capitals, not ss.

    >>> written_so("ACKERSTRASSE", "Ackerstraße"), written_so("Ackerstrasse", "Ackerstraße")
    (True, False)
    """
    text, name = " ".join(text.split()), " ".join(name.split())
    return text.lower() == name.lower() or (text.isupper() and text.casefold() == name.casefold())
