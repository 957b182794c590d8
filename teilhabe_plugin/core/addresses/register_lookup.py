"""Finding one address of a register again in a register that was rebuilt since."""

from __future__ import annotations

import re

import numpy as np

from .register import AddressRegister
from .street_names import compact, fold_place, normal_street

_NUMBER = re.compile(r"\d+")
_LETTER = re.compile(r"(?<=\d) (?=[a-z]\b)")
_POSTCODE = re.compile(r"^(\d{5})\b\s*")
#: two coordinates nearer than this many metres are the same place
_SAME_PLACE = 50.0


def find_again(registers: list[AddressRegister], text: str, identifier: str = "", x: float | None = None,
               y: float | None = None, crs: str = "") -> tuple[int, int] | None:
    """Return where an address is now: number of the register and position in it; None when it is gone.

    Identifier and text together decide first. Then the text alone, for the text is what somebody chose: as it was, or
    with a postcode or place that one side does not state. An identifier under which another text stands now counts
    only where house number and place stayed the same (the street was renamed); identifiers that merely count rows
    would otherwise lead to a wrong house.

    Parameters
    ----------
    registers : list of AddressRegister
    text : str
        The address as the register wrote it.
    identifier : str
        Its official identifier, "" when there is none.
    x, y, crs : float, float, str
        Where it lay.
    """
    by_id = [(number, address) for number, register in enumerate(registers)
             for address in _with_id(register, identifier)]
    by_text = [(number, address) for number, register in enumerate(registers) for address in _with_text(register, text)]
    both = [found for found in by_id if found in by_text]
    if both:
        return both[0]
    if by_text:
        return _only(registers, by_text, x, y, crs)
    if not text:
        return by_id[0] if len(by_id) == 1 else None
    stayed = [(number, address) for number, address in by_id
              if _distance(registers[number], address, x, y, crs) <= _SAME_PLACE
              and registers[number].number_text(address) == _number_in(text)]
    return stayed[0] if len(stayed) == 1 else None


def _only(registers, found, x, y, crs):
    """Return the one of several addresses of the same text that is meant, None when that is open."""
    first = [each for each in found if each[0] == found[0][0]]  # registers count in their order
    if len(first) == 1:
        return first[0]
    distances = [_distance(registers[number], address, x, y, crs) for number, address in first]
    nearest = int(np.argmin(distances))
    return first[nearest] if distances[nearest] <= _SAME_PLACE else None


def _distance(register, address, x, y, crs) -> float:
    if x is None or y is None or crs != register.crs or not np.isfinite(register.x[address]):
        return np.inf
    return float(np.hypot(register.x[address] - x, register.y[address] - y))


def _with_id(register: AddressRegister, identifier: str) -> list[int]:
    if not identifier or not len(register.ids):
        return []
    known = register.cache.get("ids in order")
    if known is None:
        texts = np.asarray(register.ids, dtype=object)
        order = np.argsort(texts, kind="stable")
        known = register.cache["ids in order"] = (order, texts[order])
    order, texts = known
    first, last = np.searchsorted(texts, identifier, "left"), np.searchsorted(texts, identifier, "right")
    return order[first:last].tolist()


def _with_text(register: AddressRegister, text: str) -> list[int]:
    """Return the addresses that read like a text; those that merely do not contradict when none does wholly."""
    line, _, tail = text.rpartition(", ") if ", " in text else (text, "", "")
    wanted, loosely = _normal(text), []
    for street in _streets(register, line):
        addresses = np.arange(register.street_starts[street], register.street_starts[street + 1])
        numbers = [int(digits) for digits in _NUMBER.findall(text)[:8] if len(digits) < 7] or [-1]
        addresses = addresses[np.isin(register.number[addresses], [*numbers, -1])]
        same = [address for address in addresses.tolist() if _normal(register.text(address)) == wanted]
        if same:
            return same
        loosely += [address for address in addresses.tolist() if _agrees(register, address, line, tail)]
    return loosely


def _streets(register: AddressRegister, line: str) -> list[int]:
    """Return the streets that a line begins with, the longest name first."""
    by_name = register.cache.get("streets by compact name")
    if by_name is None:
        by_name = {}
        for street, name in enumerate(register.street_compacts):
            by_name.setdefault(name, []).append(street)
        register.cache["streets by compact name"] = by_name
    words = normal_street(line).split()
    found = [by_name.get(compact(" ".join(words[:count])), []) for count in range(len(words), 0, -1)]
    return [street for streets in found for street in streets]


def _normal(text: str) -> str:
    """Return an address in one spelling, “2 A” as “2a”."""
    return _LETTER.sub("", normal_street(text))


def _agrees(register, address, line, tail) -> bool:
    street = register.street[address]
    here = f"{register.street_names[street]} {register.number_text(address)}".rstrip()
    if _normal(here) != _normal(line):
        return False
    given = _POSTCODE.match(tail)
    postcode = int(register.postcode[address])
    if given and postcode >= 0 and int(given[1]) != postcode:
        return False
    place = fold_place(_POSTCODE.sub("", tail))
    known = {fold_place(str(name)) for name in (register.places[register.street_places[street]],
                                                register.districts[register.district[address]], register.place)}
    known.discard("")
    return not place or not known or place in known


def _number_in(text: str) -> str:
    """Return the house number of an address in words, as `AddressRegister.number_text` writes it."""
    line = text.rpartition(", ")[0] or text
    found = re.search(r"(\d+\s?(?:[a-z]|\d/\d|/\d+)?)$", line)
    return found[1] if found else ""
