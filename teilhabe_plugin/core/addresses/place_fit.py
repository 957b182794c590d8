"""Whether the place, postcode and district of a row agree with those of the register."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .edit_distance import distances, encode
from .parsed import ParsedAddresses
from .register_index import RegisterIndex
from .street_names import fold_place

#: what a row says about its place, `Places.state`
OTHER, TOLERATED, NOT_GIVEN, AGREES = -1, 0, 1, 2

#: how an address fits what its row says: contradicts, can be mended, nothing to compare, confirmed
CONTRADICTS, MENDABLE, OPEN, CONFIRMED = 0, 1, 2, 3

#: faults as bits
POSTCODE_FAULT, DISTRICT_FAULT = 1, 2
#: no fault but a hint beside the first one: other addresses of the street have the postcode
POSTCODE_IN_STREET = 4

_SHARE = 0.6  # of the rows with a place: that many must name it, for a register whose place nobody told
_ANYWHERE = 0


@dataclass(frozen=True, eq=False)
class Places:
    """What rows say about place, postcode and district, in the register's numbers.

    Attributes
    ----------
    code : ndarray of int64
        Position in the index's `place_names`, 0 when any place will do.
    state : ndarray of int8
        `OTHER` (a place that the register does not cover), `TOLERATED` (a typing error or addition in its name),
        `NOT_GIVEN` or `AGREES`.
    postcode, district : ndarray of int64
        Postcode (-1: none) and position in the index's `district_names` (0: none, or none that the register knows).
    """

    code: np.ndarray
    state: np.ndarray
    postcode: np.ndarray
    district: np.ndarray

    def take(self, rows) -> Places:
        """Return only these rows."""
        return Places(self.code[rows], self.state[rows], self.postcode[rows], self.district[rows])


def find_places(index: RegisterIndex, parsed: ParsedAddresses, place: str = "") -> Places:
    """Return the places of all rows.

    A place is known when the register names it, or when it is the register's own (`place` where the register does not
    tell it; when nobody tells it, the place that most rows name). Up to two typing errors, or an addition
    (“Essen, Ruhr”, “Berlin-Mitte”), are tolerated when the postcode belongs to the place or the addition is one of
    its districts.
    """
    postcode = parsed.postcode.astype(np.int64)
    codes, names = pd.factorize(parsed.place)
    district_codes, districts = pd.factorize(parsed.district)
    district = _positions(index.district_names, districts)[district_codes]
    own = own_place(index, parsed, place)
    by_place, state_by_place = np.zeros(len(names), np.int64), np.full(len(names), OTHER, np.int8)
    district_by_place = np.zeros(len(names), np.int64)
    known = {text: code for code, text in enumerate(index.place_names) if text}
    district_known = {text: code for code, text in enumerate(index.district_names) if text}
    undecided = []
    for at, name in enumerate(names):
        if not name or (not own and not known):
            state_by_place[at] = NOT_GIVEN
        elif name in known:
            by_place[at], state_by_place[at] = known[name], AGREES
        elif name == own:
            state_by_place[at] = AGREES
        elif name in district_known:
            district_by_place[at], state_by_place[at] = district_known[name], NOT_GIVEN
        else:
            undecided.append(at)
    result = Places(by_place[codes], state_by_place[codes], postcode,
                    np.where(district > 0, district, district_by_place[codes]))
    for at in undecided:
        _tolerate(index, result, np.flatnonzero(codes == at), names[at], own, known, district_known)
    return result


def own_place(index: RegisterIndex, parsed: ParsedAddresses, place: str) -> str:
    """Return the folded place that the whole register belongs to, "" when it names its places or nobody knows."""
    stated = fold_place(index.register.place) or ("" if index.names_places else fold_place(place))
    if stated or index.names_places:
        return stated
    given = parsed.place[parsed.place != ""]
    given = given[~np.isin(given, index.district_names)] if len(given) else given
    if not len(given):
        return ""
    names, counts = np.unique(given.astype(str), return_counts=True)
    return str(names[np.argmax(counts)]) if counts.max() >= _SHARE * counts.sum() else ""


def _tolerate(index, places, rows, name, own, known, district_known) -> None:
    """Find the place that is meant by a name that the register does not have, and note it for its rows."""
    choices = [(text, code) for text, code in known.items()] + ([(own, _ANYWHERE)] if own else [])
    for text, code in choices:
        rest = name[len(text):] if name.startswith(text) else ""
        if rest in district_known:
            places.code[rows], places.state[rows] = code, TOLERATED
            places.district[rows] = np.where(places.district[rows] > 0, places.district[rows], district_known[rest])
            return
    near = _near_places(name, choices)
    if not near:
        return
    postcode = places.postcode[rows]
    agreeing = np.array([index.among(index.place_postcodes, np.full(len(rows), code), postcode) for code in near])
    single = agreeing.sum(axis=0) == 1
    places.code[rows] = np.where(single, np.array(near)[agreeing.argmax(axis=0)], places.code[rows])
    places.state[rows] = np.where(single, TOLERATED, places.state[rows])


def _near_places(name, choices) -> list[int]:
    """Return the places that a name could mean: with typing errors, with an addition, or written short."""
    if not choices:
        return []
    letters, lengths = encode([text for text, _ in choices])
    own_letters, own_lengths = encode([name])
    edits = distances(own_letters, own_lengths, letters, lengths, np.zeros(len(choices), np.int64),
                      np.arange(len(choices)))
    found = []
    for (text, code), errors in zip(choices, edits):
        shorter = min(len(text), len(name))
        longer_by_words = shorter >= 4 and (name.startswith(text) or text.startswith(name))
        if longer_by_words or errors <= (0 if shorter < 4 else 1 if shorter < 7 else 2):
            found.append(code)
    return found


def fit_addresses(index: RegisterIndex, places: Places, rows, units, addresses) -> tuple[np.ndarray, np.ndarray]:
    """Return how addresses fit the place, postcode and district of rows, and what is wrong, as bits.

    A postcode that differs can be mended when it belongs to the same place and no other street of that name lies in it,
    or when it is one digit off; so can a district when the postcode agrees. Everything else contradicts.

    Parameters
    ----------
    index : RegisterIndex
    places : Places
    rows, units : ndarray of int
        Pairs of row and unit.
    addresses : ndarray of int
        Address in that unit, -1 to compare with the unit as a whole.
    """
    register = index.register
    some = np.maximum(addresses, 0)
    postcode, district = places.postcode[rows], places.district[rows]
    own_postcode = np.where(addresses >= 0, register.postcode[some].astype(np.int64), -1)
    own_district = np.where(addresses >= 0, index.district_of[register.district[some]], 0)
    in_unit = index.among(index.unit_postcodes, units, postcode)
    unit_district = index.among(index.unit_districts, units, district)
    comparable = (postcode > 0) & index.has_postcodes & ((addresses < 0) | (own_postcode > 0))
    same = comparable & np.where(addresses >= 0, own_postcode == postcode, in_unit)
    differs = comparable & ~same
    fit = np.where(same, CONFIRMED, OPEN).astype(np.int8)
    if differs.any():
        at = np.flatnonzero(differs)
        fit[at] = np.where(_mendable(index, places, rows[at], units[at], own_postcode[at], in_unit[at]), MENDABLE,
                           CONTRADICTS)
    named = (district > 0) & ((addresses < 0) | (own_district > 0))
    right = named & np.where(addresses >= 0, own_district == district, unit_district)
    wrong = named & ~right
    fit = np.where(right & (fit == OPEN), CONFIRMED, fit)
    fit = np.where(wrong, np.where(same, MENDABLE, CONTRADICTS), fit).astype(np.int8)
    hint = POSTCODE_IN_STREET * (differs & in_unit)
    return fit, (POSTCODE_FAULT * differs + DISTRICT_FAULT * wrong + hint).astype(np.int8)


def _mendable(index, places, rows, units, own_postcode, in_unit) -> np.ndarray:
    """Return whether a postcode that differs may be a slip of the pen."""
    postcode = places.postcode[rows]
    place = index.unit_place[units]
    in_place = index.among(index.place_postcodes, place, postcode)
    elsewhere = index.among(index.name_postcodes, index.unit_keys[units], postcode) & ~in_unit
    digits = _digits_apart(postcode, own_postcode) & (places.state[rows] != NOT_GIVEN)
    return (in_place | digits) & ~elsewhere


def _digits_apart(first, second) -> np.ndarray:
    """Return whether two postcodes differ in one digit, or by two neighbours swapped."""
    powers = 10 ** np.arange(4, -1, -1)
    left, right = first[:, None] // powers % 10, second[:, None] // powers % 10
    differ = left != right
    count = differ.sum(axis=1)
    swapped = np.zeros(len(first), dtype=bool)
    for at in range(4):
        swapped |= (count == 2) & (left[:, at] == right[:, at + 1]) & (left[:, at + 1] == right[:, at]) & differ[:, at]
    return (second > 0) & ((count == 1) | swapped)


def _positions(texts, wanted) -> np.ndarray:
    known = {text: code for code, text in enumerate(texts)}
    return np.array([known.get(text, 0) for text in wanted] + [0], dtype=np.int64)
