"""What the registers know by name: streets, places, districts and postcodes, in their one spelling."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from .register import NONE
from .street_names import compact, fold_place, normal_street

_DIGIT = re.compile(r"\d")
#: what follows the name of a place to tell it from others: “(Saale)”, “/Ruhr”, “am Main”, “a. d. Ruhr”
_EPITHET = re.compile(r"\s*(?:[(/,]|\s(?=(?:am|an|a\.|in|im|i\.|ob|bei|b\.|unter|v\.|vor)\s)|\s(?=i\.d\.|a\.d\.))",
                      re.I)
_EPITHET_WORDS = re.compile(r"^(?:am|an|auf|in|im|ob|bei|unter|vor|der|dem|den|d|a|i|b|v)$", re.I)


@dataclass(frozen=True)
class Vocabulary:
    """Names that the registers know.

    Attributes
    ----------
    streets : frozenset of str
        Streets in compact spelling (`street_names.compact`).
    places, districts : frozenset of str
        Folded names (`street_names.fold_place`).
    postcodes : frozenset of int
    names : frozenset of str
        Streets as the registers write them.
    place_spellings : mapping of str to str
        Other folded spellings of a place (“muelheimruhr”) to the one in `places`.
    """

    streets: frozenset = frozenset()
    places: frozenset = frozenset()
    districts: frozenset = frozenset()
    postcodes: frozenset = frozenset()
    names: frozenset = frozenset()
    place_spellings: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def heads(self) -> frozenset:
        """Compact beginnings after which the name of a street goes on with digits: “strasse” of “Straße 614”."""
        found = (_DIGIT.search(street) for street in self.streets)
        return frozenset(digit.string[:digit.start()] for digit in found if digit)

    @cached_property
    def longest_place(self) -> int:
        """Length of the longest folded place or district."""
        return max(map(len, (*self.places, *self.districts, *self.place_spellings)), default=0)

    def place_of(self, folded: str) -> str:
        """Return the known place that a folded name means, "" when none."""
        return folded if folded in self.places else self.place_spellings.get(folded, "")


NO_VOCABULARY = Vocabulary()


def vocabulary_of(registers, place: str = "") -> Vocabulary:
    """Return the vocabulary of several registers.

    Parameters
    ----------
    registers : sequence of AddressRegister
    place : str
        Municipality that the list belongs to, for registers that name none.
    """
    streets, names, places, districts, postcodes = set(), set(), {}, set(), set()
    for register in registers:
        for name, normal in zip(register.street_names, register.street_compacts):
            if normal and not normal.isdigit() and not name.startswith("#"):
                streets.add(normal)
                names.add(name)
        for text in (*register.places, register.place):
            places[fold_place(text)] = text
        districts.update(map(fold_place, register.districts))
        postcodes.update(set(register.postcode.tolist()))
    places[fold_place(place)] = place
    places.pop("", None)
    districts.discard("")
    postcodes.discard(NONE)
    return Vocabulary(frozenset(streets), frozenset(places), frozenset(districts), frozenset(postcodes),
                      frozenset(names), _spellings(places, districts))


def vocabulary_from_names(streets=(), places=(), districts=(), postcodes=()) -> Vocabulary:
    """Return the vocabulary of names as they are written."""
    folded = {fold_place(place): place for place in places}
    compacts = frozenset(compact(normal_street(street)) for street in streets)
    districts = frozenset(map(fold_place, districts))
    return Vocabulary(compacts, frozenset(folded), districts, frozenset(postcodes), frozenset(streets),
                      _spellings(folded, districts))


def _spellings(places: Mapping[str, str], districts) -> dict[str, str]:
    """Return what else a place is called: without its epithet, the epithet shortened, “Stadt” before or behind."""
    others: dict[str, set[str]] = {}
    for folded, text in places.items():
        head = _EPITHET.split(text, maxsplit=1)[0]
        epithet = re.findall(r"\w+", text[len(head):])
        strong = [word for word in epithet if not _EPITHET_WORDS.match(word)]
        initials = "".join(word if word in strong else word[0] for word in epithet)
        spellings = {fold_place(head)}
        if strong:
            spellings |= {fold_place(head + "".join(strong)), fold_place(head + initials),
                          fold_place(head + "".join(word[0] for word in epithet))}
        for spelling in (folded, *spellings):
            others.setdefault(spelling, set()).add(folded)
            for title in ("stadt", "kreisstadt", "landeshauptstadt", "hansestadt", "gemeinde"):
                others.setdefault(title + spelling, set()).add(folded)
        others.setdefault(folded + "stadt", set()).add(folded)
    return {spelling: means.copy().pop() for spelling, means in others.items()
            if spelling and len(means) == 1 and spelling not in places and spelling not in districts}
