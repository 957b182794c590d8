"""What a street name is made of: the words that carry it, its ending (Straße, Weg …), and given names written short."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from .street_names import fold_text

#: endings that many streets share; they say what kind of street it is, not which
ENDINGS = ("strasse", "chaussee", "promenade", "bruecke", "garten", "platz", "allee", "gasse", "markt", "steig",
           "stieg", "graben", "zeile", "ufer", "damm", "ring", "pfad", "steg", "berg", "kamp", "park", "wall", "feld",
           "grund", "busch", "wiese", "winkel", "bogen", "weg", "hof", "tor", "tal")
#: beginnings that many streets share
_BEGINNINGS = frozenset(("am", "an", "ander", "anden", "andem", "im", "in", "inder", "inden", "indem", "auf", "aufder",
                         "aufdem", "zum", "zur", "beim", "beider", "hinter", "hinterder", "hinterdem", "unter",
                         "unterder", "unterdem", "unterden", "vor", "vorder", "vordem", "alte", "alter", "neue",
                         "neuer"))
_ONE_EDIT = 4  # letters without the ending: up to so many allow one typing error only
_NO_EDIT = 2
_LONG_ENDING = 5
_LONG_REST, _LONG_NAME = 7, 10
_NUMERALS = frozenset(("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"))
_WRITTEN_OUT = {"gr": "grosse", "kl": "kleine"}

#: may a name be typed for another
NO, OTHER_KIND, UNPROVEN, YES = range(4)


@lru_cache(maxsize=65536)
def ending_of(name: str) -> str:
    """Return the ending of a name without spaces, "" when it has none or only a small word before it.

    >>> ending_of("ackerstrasse"), ending_of("alexanderplatz"), ending_of("altmoabit"), ending_of("amgraben")
    ('strasse', 'platz', '', '')
    """
    ending = next((ending for ending in ENDINGS if name.endswith(ending) and len(name) > len(ending)), "")
    return "" if name[:-len(ending)] in _BEGINNINGS else ending


@lru_cache(maxsize=65536)
def _letters_and_ending(name: str) -> tuple[int, int]:
    """Return how many letters carry a name, and how many its ending has."""
    ending = ending_of(name)
    letters = len(name) - len(ending)
    if not ending:
        letters -= max((len(word) for word in _BEGINNINGS if name.startswith(word)
                        and name[len(word):] in ENDINGS), default=0)
    return letters, len(ending)


def edits_allowed(typed: str, name: str) -> int:
    """Return how many typing errors a name can bear: by the letters that its ending does not give it.

    Two when these are at least five, one when they are three or four, none below; two as well when they are right and
    the errors are in a long ending.

    >>> [edits_allowed("", name) for name in ("ackerstrasse", "ostweg", "amweg", "a7")]
    [2, 1, 1, 0]
    >>> edits_allowed("waldstraess", "waldstrasse")
    2
    """
    letters, ending = _letters_and_ending(name)
    if ending >= _LONG_ENDING and letters > _NO_EDIT and typed.startswith(name[:letters]):
        return 2
    return 0 if letters <= _NO_EDIT else 1 if letters <= _ONE_EDIT else 2


def typed_for(typed: str, name: str, edits: int) -> int:
    """Return whether a name typed with so many errors may stand for a street, as far as the names tell.

    `NO` when the street's name is too short for that, or when their figures differ (Straße 52, Straße 53);
    `OTHER_KIND` when both end as streets do but differently (Ackerweg is no Ackerstraße, Lindensteig no Lindenstieg);
    `UNPROVEN` when a postcode or district must confirm it (see `sure_without_place`); else `YES`.
    """
    if edits > edits_allowed(typed, name):
        return NO
    if not (typed.isalpha() and name.isalpha()) and (
            [letter for letter in typed if letter.isdigit()] != [letter for letter in name if letter.isdigit()]):
        return NO
    first, second = ending_of(typed), ending_of(name)
    if first and second and first != second:
        return OTHER_KIND
    return YES if sure_without_place(typed, name, edits) else UNPROVEN


def numerals(normal: str) -> tuple:
    """Return the Roman numerals among the words of a normal name, and a letter at its end: Weg A is not Weg B.

    >>> numerals("ii schichtstrasse"), numerals("weg a")
    (('ii',), ('a',))
    """
    words = normal.split()
    last = [] if len(words) < 2 or len(words[-1]) > 1 or words[-1] in _NUMERALS else words[-1:]
    if last and not words[-2].endswith(ENDINGS):  # “Torstra e” has lost a letter
        last = []
    return (*(word for word in words if word in _NUMERALS), *last)


def sure_without_place(typed: str, name: str, edits: int) -> bool:
    """Return whether a name typed with errors can be taken although no postcode and no district confirms it.

    Two errors need the right first letter, and a name of seven letters besides its ending, ten without an ending, or
    all letters before a long ending typed right: a street that the register lacks is near some other one too often.

    >>> sure_without_place("altstrae", "altstrasse", 2), sure_without_place("koettertr", "koetterei", 2)
    (True, False)
    >>> sure_without_place("lambertstrasse", "taubertstrasse", 2)
    False
    """
    if edits < 2:
        return True
    if typed[:1] != name[:1]:
        return False
    ending = ending_of(name)
    rest = name[:len(name) - len(ending)]
    if not ending:
        return len(name) >= _LONG_NAME
    return len(rest) >= _LONG_REST or (len(ending) >= _LONG_ENDING and typed.startswith(rest))


def all_typed_for(typed, names, edits) -> np.ndarray:
    """Return `typed_for` of many pairs."""
    return np.array([typed_for(*pair) for pair in zip(typed, names, edits.tolist())], dtype=np.int8)


def with_sharp_s(name: str) -> str:
    """Return a name with ß for ss, which may be one key or none at all."""
    return name.replace("ss", "ß")


def written_out(normal: str, name: str = "") -> str:
    """Return a normal name without spaces and with “groß” and “klein”, which it shortens, as the street has them.

    >>> written_out("am gr wannsee", "Am Großen Wannsee"), written_out("am gr wannsee")
    ('amgrossenwannsee', 'amgrossewannsee')
    """
    words = normal.split()
    if not any(word in _WRITTEN_OUT for word in words):
        return "".join(words)
    given = iter(part for part in fold_text(name).replace("-", " ").split() if part.startswith(("gross", "klein")))
    return "".join(next(given, _WRITTEN_OUT[word]) if word in _WRITTEN_OUT else word for word in words)


def without_dots(name: str) -> str:
    """Return a name without what the dots of its umlauts were written as.

    >>> without_dots("toepferstrasse")
    'topferstrasse'
    """
    return name.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def as_keys(name: str) -> str:
    """Return a name in the keys that were struck: umlauts and ß as one letter each.

    >>> as_keys("muellerstrasse")
    'müllerstraße'
    """
    return name.replace("ae", "ä").replace("oe", "ö").replace("ue", "ü").replace("ss", "ß")


def words_of(normal: str) -> tuple:
    """Return the words of a normal name, the ending as a word of its own.

    >>> words_of("karl marxstrasse")
    ('karl', 'marx', 'strasse')
    """
    words = normal.split()
    ending = ending_of(words[-1]) if words else ""
    return (*words[:-1], words[-1][:-len(ending)], ending) if ending else tuple(words)


class ShortNames:
    """Finds the streets whose name was written with initials or short words: “K.-Marx-Str.”, “Joh.-Seb.-Bach-Str.”.

    Parameters
    ----------
    normals : sequence of str
        Normal names of streets.
    """

    def __init__(self, normals):
        self.words = [words_of(normal) for normal in normals]
        self.found: dict[tuple, list] = {}
        for at, words in enumerate(self.words):
            for key in _carrying(words):
                self.found.setdefault(key, []).append(at)

    def meant(self, normal: str) -> list[int]:
        """Return positions of the names that a normal name is short for; one of its words is written out."""
        words = words_of(normal)
        near = {at for key in _carrying(words) for at in self.found.get(key, ())}
        return sorted(at for at in near if _short_for(words, self.words[at]))


def _carrying(words) -> list[tuple]:
    """Return the words that carry a name of several, with their place and the number of words."""
    if len(words) < 2:
        return []
    return [(len(words), at, word) for at, word in enumerate(words) if len(word) >= 3 and word not in ENDINGS]


def _short_for(short, words) -> bool:
    """Return whether a name is another one with words cut short."""
    return short != words and all(
        first == second or _abbreviates(first, second) for first, second in zip(short, words))


def _abbreviates(short: str, word: str) -> bool:
    """Return whether a word is another's beginning, or up to five of its letters in their order."""
    if len(short) >= len(word) or short[:1] != word[:1] or word[:1].isdigit() or word in _NUMERALS:
        return False
    if word.startswith(short):
        return True
    letters = iter(word)
    return len(short) <= 5 and all(letter in letters for letter in short)


def endings_missing(typed: str) -> list[str]:
    """Return names that a name could mean when the word for the kind of street is missing, doubled, or another.

    >>> endings_missing("acker")[:2], endings_missing("ackerstrasseweg")
    (['ackerstrasse', 'ackerchaussee'], ['ackerstrasse'])
    """
    ending = ending_of(typed)
    if not ending:
        return [typed + each for each in ENDINGS]
    rest = typed[:-len(ending)]
    return [rest] if ending_of(rest) else [rest + each for each in ENDINGS if each != ending] + [rest]
