"""Addresses that begin with what has been typed so far."""

from __future__ import annotations

import re

import numpy as np

from . import grades
from .candidates import Candidate, address_candidate, street_candidate
from .house_numbers import fold_suffix
from .register import NONE
from .register_index import RegisterIndex, index_of
from .street_names import compact, fold_place, fold_text, normal_street

_WITH_NUMBER = re.compile(r"^(.*\S)\s+(\d{1,5})\s*([a-z]|/\s*\w*)?$|^(.*[a-z.])(\d{1,5})([a-z]?)$")
_LONGEST = 200
_NAMES = 60  # street names looked at


def suggest(text: str, registers, most: int = 10) -> list[Candidate]:
    """Return addresses and streets that begin with a text, the likeliest first.

    “Ackerstr 1” gives Ackerstraße 1, 1a, 10, 11 …; “Ackerst” gives the streets that begin so; “marx” those that have a
    word that begins so; where none does, streets within two typing errors. A street without the number is shown itself.
    Behind a comma postcode, place or district may follow, or their beginnings; where none fits they do not count. The
    score falls with the place in the list.

    Parameters
    ----------
    text : str
    registers : sequence of AddressRegister
        The earlier ones first.
    most : int

    Returns
    -------
    list of Candidate
    """
    head, _, tail = text[:_LONGEST].strip().partition(",")
    if not head.strip():
        return []
    found: list = []
    for number, register in enumerate(registers):
        if len(found) >= most or not len(register):
            break
        found += _in_register(index_of(register), number, head, tail, most - len(found))
    return suggest(head, registers, most) if tail.strip() and not found else found


def _in_register(index: RegisterIndex, register: int, head: str, tail: str, most: int) -> list[Candidate]:
    readings = _readings(index, head)
    for find in (_beginning, _inside, _mistyped):
        found, streets = {}, []
        for street, digits, suffix in readings[:1] if find is _mistyped else readings:
            for unit in _units(index, find(index, street), tail):
                if digits:
                    streets.append(unit)
                for candidate in _of_unit(index, register, unit, digits, suffix, tail, most, len(found)):
                    found.setdefault((candidate.street, candidate.address, candidate.text), candidate)
                if len(found) >= most:
                    return list(found.values())[:most]
        if found or streets:
            return list(found.values()) or [street_candidate(index, register, unit, max(100.0 - rank, 0), ())
                                            for rank, unit in enumerate(streets[:most])]
    return []


def _readings(index, head) -> list[tuple[str, str, str]]:
    """Return how a text can be read, as street, digits of the number, suffix: “Straße 52” may be both."""
    readings = [(head, "", "")]
    split = _WITH_NUMBER.match(fold_text(head).strip())
    if split:
        street, digits, suffix = [part or "" for part in (split.groups()[:3] if split[1] else split.groups()[3:])]
        exact = index.normal_codes.get_indexer([normal_street(head)])[0] >= 0
        readings.insert(1 if exact else 0, (street, digits, fold_suffix(suffix)))
    return readings


def _of_unit(index, register, unit, digits, suffix, tail, most, rank) -> list[Candidate]:
    """Return the street itself when no number is typed, else its addresses whose number begins so."""
    if not digits:
        return [street_candidate(index, register, unit, max(100.0 - rank, 0), ())]
    addresses = index.addresses_of(unit)
    numbers = index.register.number[addresses]
    begins = _begins_with(numbers, int(digits), len(digits)) & (numbers != NONE)
    addresses, numbers = addresses[begins], numbers[begins]
    if suffix:
        kept = np.array([index.register.suffixes[code].startswith(suffix) for code in index.register.suffix[addresses]],
                        dtype=bool) & (numbers == int(digits))
        addresses = addresses[kept] if kept.any() else addresses[numbers == int(digits)]
    else:
        addresses = addresses[np.argsort(numbers != int(digits), kind="stable")]
    chosen = [address for address in addresses.tolist() if _tail_fits(index, address, tail)][:most]
    return [address_candidate(index, register, address, max(100.0 - rank - at, 0), grades.EXACT, ())
            for at, address in enumerate(chosen)]


def _begins_with(numbers, typed, digits) -> np.ndarray:
    begins = np.zeros(len(numbers), dtype=bool)
    for power in range(6 - digits):
        low = typed * 10 ** power
        begins |= (numbers >= low) & (numbers < low + 10 ** power)
    return begins


def _units(index, names, tail):
    """Return the units of names in their order, those only that have the postcode, place or district of the tail."""
    for name in names:
        first, count = index.units_named(np.array([name]), np.array([0]))
        for unit in range(int(first[0]), int(first[0] + count[0])):
            if not tail.strip() or any(_tail_fits(index, address, tail) for address in _samples(index, unit)):
                yield unit


def _samples(index, unit):
    addresses = index.addresses_of(unit)
    register = index.register
    _, first = np.unique(register.postcode[addresses].astype(np.int64) * len(register.districts)
                         + register.district[addresses], return_index=True)
    return addresses[first].tolist()


def _tail_fits(index, address, tail) -> bool:
    """Return whether all words behind the comma begin the address's postcode, place or district."""
    if not tail.strip():
        return True
    register = index.register
    names = (register.places[register.street_places[register.street[address]]] or register.place,
             register.districts[register.district[address]])
    folded = [fold_place(name) for name in names]
    postcode = f"{register.postcode[address]:05d}" if register.postcode[address] != NONE else ""
    words = tail.split()
    rest = fold_place(" ".join(word for word in words if not word.isdigit()))
    digits = [word for word in words if word.isdigit()]
    return all(postcode.startswith(word) for word in digits) and (
        not rest or any(rest in name or (name and rest.startswith(name)) for name in folded if name))


def _beginning(index, street):
    """Return the names that begin with a text: the name itself, then the shorter ones."""
    names = index._known("sorted names", lambda: np.argsort(index.names.astype(str), kind="stable"))
    texts = index._known("names in order", lambda: index.names.astype(str)[names])
    for typed in dict.fromkeys((compact(normal_street(street)), _as_typed(street))):
        if not typed:
            continue
        low = np.searchsorted(texts, typed)
        high = np.searchsorted(texts, typed + "\x7f")
        if high > low:
            some = names[low:high]
            lengths = np.char.str_len(texts[low:high])
            return some[np.argsort(lengths, kind="stable")][:_NAMES].tolist()
    return []


def _as_typed(street) -> str:
    """Return a text without spaces and umlauts; the last word may not be finished."""
    return compact("".join(letter if letter.isalnum() else " " for letter in fold_text(street)))


def _inside(index, street):
    """Return the names with a word that begins as the text."""
    typed = " ".join("".join(letter if letter.isalnum() else " " for letter in fold_text(street)).split())
    if len(typed) < 3:
        return []
    line = index._known("names in a line", lambda: "\n".join(f" {normal}" for normal in index.normals))
    ends = index._known("ends of names", lambda: np.cumsum([len(normal) + 2 for normal in index.normals]))
    found, at = [], line.find(f" {typed}")
    while at >= 0 and len(found) < _NAMES:
        name = int(np.searchsorted(ends, at, side="right"))
        found.append(name)
        at = line.find(f" {typed}", int(ends[name]) - 1)
    return sorted(found, key=lambda name: len(index.normals[name]))


def _mistyped(index, street):
    """Return the names within two typing errors of the text, the nearest first."""
    typed = compact(normal_street(street))
    if len(typed) < 4:
        return []
    _, place, edits = index.search.near([typed])
    order = np.argsort(edits, kind="stable")
    return list(dict.fromkeys(index.spelled[1][place[order]].tolist()))[:_NAMES]
