"""What matching looks up in a register: streets by name and place, addresses by number, and what lies in a street.

A register may hold several streets of one name in one place: told apart by key, or only by the postcode or district of
their addresses. Matching knows no streets therefore but *units*: addresses that belong to one real street. Streets in
which a house number occurs in several postcodes (or districts) are several units, all others one.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from .name_parts import numerals, written_out
from .register import NONE, AddressRegister
from .street_names import fold_place
from .street_search import StreetSearch, spread

_NUMBER_BITS, _SUFFIX_BITS = 18, 20
_STREET_BITS = _NUMBER_BITS + _SUFFIX_BITS
_POSTCODES = 100_001
_SAME_SPOT = 100.0  # metres: two entries of one number that are nearer are one address written twice


def index_of(register: AddressRegister) -> RegisterIndex:
    """Return the index of a register, made once."""
    if "matching" not in register.cache:
        register.cache["matching"] = RegisterIndex(register)
    return register.cache["matching"]


class RegisterIndex:
    """Looks things up in a register.

    Attributes
    ----------
    names, normals : ndarray of object
        Street names without spaces, each once, and one normal name of each.
    order : ndarray of int64, shape (n,)
        Addresses sorted by unit, number, suffix.
    keys : ndarray of int64, shape (n,)
        These three in one number, see `address_keys`.
    unit_street, unit_name, unit_place : ndarray of int64, shape (u,)
        Street, position in `names` (-1: no real street), position in `place_names`; units are sorted by name and place.
    unit_starts : ndarray of int64, shape (u + 1,)
        The addresses of unit ``k`` are ``order[unit_starts[k]:unit_starts[k + 1]]``.
    unit_area : ndarray of int64, shape (u,)
        The one area in which all addresses of the unit lie, 0 when there are several or an address has none.
    unit_normal : ndarray of int64, shape (u,)
        Position in `normal_codes` of the unit's normal name, which may differ from that of its name in spaces.
    place_names, district_names : ndarray of object
        Folded; the first is "".
    place_of, district_of : ndarray of int64
        From the register's places and districts to these.
    """

    def __init__(self, register: AddressRegister):
        self.register = register
        self.place_names, self.place_of = _folded(register.places)
        self.district_names, self.district_of = _folded(register.districts)
        self.suffix_codes = {text: code for code, text in enumerate(register.suffixes)}
        self._name_streets()
        self._make_units()
        self.cache: dict = {}
        number = register.number[self.order].astype(np.int64)
        self.keys = self.address_keys(self.unit_at, number, register.suffix[self.order])
        self.unit_area = self._unit_areas()

    def _name_streets(self) -> None:
        register = self.register
        real = np.array([text[:1].isalnum() and "unbekannt" not in text.casefold() for text in register.street_names])
        real &= register.street_compacts != ""
        self.street_name = np.full(len(real), -1, dtype=np.int64)
        codes, names = pd.factorize(register.street_compacts[real])
        self.street_name[real] = codes
        self.names = np.asarray(names, dtype=object)
        street_normal, spelled = pd.factorize(register.street_normals)
        self.street_normal, self.normal_codes = street_normal, pd.Index(spelled, dtype=object)
        self.normals = np.empty(len(names), dtype=object)
        self.normals[codes[::-1]] = register.street_normals[real][::-1]
        self.lookup = pd.Index(self.names, dtype=object)

    def _make_units(self) -> None:
        register = self.register
        part = _parts(register)
        street = register.street.astype(np.int64)
        place = self.place_of[register.street_places]
        rank = np.lexsort((np.arange(len(place)), place, self.street_name))  # streets by name and place
        position = np.empty_like(rank)
        position[rank] = np.arange(len(rank))
        if (part == 0).all() and (rank == np.arange(len(rank))).all():
            self.order = np.arange(len(street))
        else:  # the register's own order of number and suffix stays
            self.order = np.argsort(position[street] * (part.max() + 1) + part, kind="stable")
        ordered_street, ordered_part = street[self.order], part[self.order]
        begins = np.ones(len(street), dtype=bool)
        begins[1:] = (ordered_street[1:] != ordered_street[:-1]) | (ordered_part[1:] != ordered_part[:-1])
        self.unit_at = np.cumsum(begins) - 1
        starts = np.flatnonzero(begins)
        self.unit_starts = np.r_[starts, len(street)].astype(np.int64)
        self.unit_street = ordered_street[starts]
        self.unit_name, self.unit_normal = self.street_name[self.unit_street], self.street_normal[self.unit_street]
        self.unit_place = place[self.unit_street]
        self.unit_keys = self.unit_name * len(self.place_names) + self.unit_place

    def _unit_areas(self) -> np.ndarray:
        area = self.register.area[self.order].astype(np.int64)
        if not len(area):
            return area
        least = np.minimum.reduceat(area, self.unit_starts[:-1])
        most = np.maximum.reduceat(area, self.unit_starts[:-1])
        return np.where(least == most, least, 0)

    @staticmethod
    def address_keys(unit, number, suffix) -> np.ndarray:
        """Return unit, house number and position of the suffix in one number that sorts by the three."""
        key = (np.asarray(unit, np.int64) << _STREET_BITS) | ((np.asarray(number, np.int64) + 1) << _SUFFIX_BITS)
        return key | np.asarray(suffix, np.int64)

    def positions(self, unit, number, suffix) -> tuple[np.ndarray, np.ndarray]:
        """Return begin and end in `order` of the addresses of units with this number and suffix."""
        key = self.address_keys(unit, number, np.maximum(suffix, 0))
        known = (np.asarray(number) >= 0) & (np.asarray(suffix) >= 0)
        begin = np.searchsorted(self.keys, key)
        end = begin.copy()
        at = np.minimum(begin, len(self.keys) - 1)
        hit = known & (self.keys[at] == key)
        end[hit] = np.searchsorted(self.keys, key[hit], side="right")
        return begin, end

    def number_positions(self, unit, number) -> tuple[np.ndarray, np.ndarray]:
        """Return begin and end in `order` of the addresses of units with this number and any suffix."""
        low = self.address_keys(unit, number, 0)
        return np.searchsorted(self.keys, low), np.searchsorted(self.keys, low + (1 << _SUFFIX_BITS))

    def units_named(self, name, place) -> tuple[np.ndarray, np.ndarray]:
        """Return first unit and number of units of names (-1: none) in places (0: in any)."""
        name, place = np.asarray(name, np.int64), np.asarray(place, np.int64)
        low = name * len(self.place_names) + place
        high = np.where(place > 0, low + 1, low + len(self.place_names))
        first = np.searchsorted(self.unit_keys, low)
        return first, np.where(name >= 0, np.searchsorted(self.unit_keys, high) - first, 0)

    def addresses_of(self, unit: int) -> np.ndarray:
        """Return the addresses of a unit."""
        return self.order[self.unit_starts[unit]: self.unit_starts[unit + 1]]

    def _known(self, name, compute):
        if name not in self.cache:
            self.cache[name] = compute()
        return self.cache[name]

    @property
    def search(self) -> StreetSearch:
        """Search for names with typing errors, among the texts of `spelled`."""
        return self._known("search", lambda: StreetSearch(self.spelled[0]))

    @property
    def numerals(self) -> list:
        """The Roman numerals of each name."""
        return self._known("numerals", lambda: [numerals(normal) for normal in self.normals])

    @property
    def spelled(self) -> tuple[np.ndarray, np.ndarray]:
        """Names as they are typed (`name_parts.written_out`), some in two ways, and their positions in `names`."""
        return self._known("spelled", self._spelled)

    def _spelled(self):
        street = np.full(len(self.names) + 1, -1)
        street[self.street_name[::-1]] = np.arange(len(self.street_name))[::-1]
        plain = np.array([written_out(normal) for normal in self.normals], dtype=object)
        twice = np.flatnonzero(plain != self.names)
        own = [written_out(self.normals[name], self.register.street_names[street[name]]) for name in twice.tolist()]
        return np.r_[plain, np.array(own, dtype=object)], np.r_[np.arange(len(plain)), twice]

    @property
    def sides(self) -> tuple[np.ndarray, np.ndarray]:
        """Unit, side of the street and number in one number, sorted, and their positions in `order`."""
        return self._known("sides", self._sides)

    def _sides(self):
        at = np.flatnonzero(self.register.number[self.order] != NONE)
        number = self.register.number[self.order][at].astype(np.int64)
        keys = side_keys(self.unit_at[at], number)
        order = np.argsort(keys, kind="stable")
        return keys[order], at[order]

    @property
    def unit_postcodes(self) -> np.ndarray:
        """Pairs of unit and postcode that occur, in one number, sorted."""
        return self._known("unit_postcodes", lambda: self._pairs(self.unit_at, self.register.postcode[self.order]))

    @property
    def place_postcodes(self) -> np.ndarray:
        """Pairs of place and postcode that occur, in one number, sorted."""
        return self._known("place_postcodes", lambda: np.unique(np.concatenate([
            self._pairs(self.unit_place[self.unit_postcodes // _POSTCODES], self.unit_postcodes % _POSTCODES),
            self.unit_postcodes % _POSTCODES])))

    @property
    def name_postcodes(self) -> np.ndarray:
        """Name, place and postcode that occur together, in one number, sorted."""
        return self._known("name_postcodes", lambda: self._pairs(
            self.unit_keys[self.unit_postcodes // _POSTCODES], self.unit_postcodes % _POSTCODES))

    @property
    def unit_districts(self) -> np.ndarray:
        """Pairs of unit and folded district that occur, in one number, sorted."""
        return self._known("unit_districts", lambda: self._pairs(
            self.unit_at, self.district_of[self.register.district[self.order]]))

    @staticmethod
    def _pairs(group, value) -> np.ndarray:
        known = (value > 0) & (group >= 0)
        return np.unique(group[known].astype(np.int64) * _POSTCODES + value[known])

    @staticmethod
    def among(pairs, group, value) -> np.ndarray:
        """Return whether pairs of group and value are among `pairs` (one of the properties above)."""
        key = np.asarray(group, np.int64) * _POSTCODES + value
        if not len(pairs):
            return np.zeros(len(key), dtype=bool)
        return (pairs[np.minimum(np.searchsorted(pairs, key), len(pairs) - 1)] == key) & (np.asarray(value) > 0)

    @property
    def has_postcodes(self) -> bool:
        """Whether the register names postcodes."""
        return len(self.unit_postcodes) > 0

    @property
    def names_places(self) -> bool:
        """Whether the register itself names the places of its streets."""
        return len(self.place_names) > 1


def side_keys(unit, number) -> np.ndarray:
    """Return unit, odd or even, and number in one number that sorts by the three."""
    number = np.asarray(number, np.int64)
    return (np.asarray(unit, np.int64) << (_NUMBER_BITS + 1)) | ((number & 1) << _NUMBER_BITS) | number


def _folded(texts) -> tuple[np.ndarray, np.ndarray]:
    codes, unique = pd.factorize(np.array([fold_place(text) for text in texts], dtype=object))
    return np.asarray(unique, dtype=object), codes.astype(np.int64)


def _parts(register) -> np.ndarray:
    """Return for each address which of several streets in one it belongs to; 0 in streets that are one."""
    street, number = register.street, register.number
    n = len(street)
    same = np.zeros(n, dtype=bool)
    same[1:] = ((street[1:] == street[:-1]) & (number[1:] == number[:-1])
                & (register.suffix[1:] == register.suffix[:-1]) & (number[1:] != NONE))
    if n:
        with np.errstate(invalid="ignore"):
            apart = np.hypot(np.diff(register.x), np.diff(register.y))
            same[1:] &= ~(apart < _SAME_SPOT)
    postcode, district = register.postcode.astype(np.int64), register.district.astype(np.int64)
    part = np.zeros(n, dtype=np.int64)
    for texts, missing in ((postcode, NONE), (district, 0)):
        known = texts != missing
        differs = np.zeros(n, dtype=bool)
        differs[1:] = same[1:] & (texts[1:] != texts[:-1]) & known[1:] & known[:-1] & (part[1:] == part[:-1])
        several = np.zeros(len(register.street_names), dtype=bool)
        several[street[differs]] = True
        value = np.where(several[street], texts - missing, 0)
        part = np.unique(part * (value.max(initial=0) + 1) + value, return_inverse=True)[1].ravel().astype(np.int64)
    if n and part.max() > 0 and (part == part[0]).all():
        part[:] = 0
    return part


def unit_rows(index: RegisterIndex, units) -> tuple[np.ndarray, np.ndarray]:
    """Return positions in `order` of all addresses of units, and which of the units each belongs to."""
    counts = index.unit_starts[units + 1] - index.unit_starts[units]
    return spread(index.unit_starts[units], counts), np.repeat(np.arange(len(units)), counts)
