"""Which words look like streets: for texts whose street no register knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from .street_names import compact, normal_street
from .vocabulary import NO_VOCABULARY, Vocabulary

#: endings and words of German street names
_KINDS = (
    "strasse", "weg", "platz", "allee", "gasse", "ring", "damm", "ufer", "chaussee", "pfad", "steig", "stieg", "hof",
    "markt", "promenade", "zeile", "steg", "bruecke", "wall", "graben", "kamp", "winkel", "gang", "twiete", "stiege",
    "garten", "gaerten", "anger", "kai", "tor", "berg", "hoehe", "wiese", "feld", "busch", "grund", "siedlung",
    "bogen", "rain", "halde", "hang", "bruch", "aue", "passage", "plaetze", "terrasse", "terrassen", "boulevard",
    "esplanade", "deich", "redder", "koppel", "horst", "brink", "dyk", "pad", "leite", "schlag", "tal", "buehl",
)
_KIND = re.compile(rf"(?:{'|'.join(_KINDS)})$")
_STRONG_KIND = re.compile(r"(?:strasse|weg|platz|allee|gasse|damm|ufer|chaussee|pfad|steig|stieg|promenade|zeile|wall|"
                          r"twiete)(?:\d{1,4}[a-z]?)?$")
_BEGINNINGS = re.compile(r"^(?:am|an|im|in|auf|zum|zur|unter|hinter|vor|alt|beim|ueber)\s")
#: words that are no name of a street on their own: “Straße 12” is as likely a street as street and number
GENERIC = frozenset(("strasse", "weg", "platz", "privatstrasse", "privatweg", "gasse", "reihe", "kolonie", "parzelle",
                     "block", "haus", "allee", "ring", "str", "quartier", "pfad", "gang", "steig"))



@lru_cache(maxsize=65536)
def compact_word(word: str) -> str:
    """Return `street_names.compact` of one word; names made of words are the words put together."""
    return compact(normal_street(word))


def compact_words(words: Iterable[str]) -> Iterator[str]:
    """Yield the compact name of the first word, of the first two, and so on.

    Two numbers beside each other stay apart: “Straße 24 6” is not “Straße 246”.
    """
    name = last = ""
    for word in words:
        if word[:1].isdigit() and last[-1:].isdigit():
            name += " "
        name += compact_word(word)
        last = word
        yield name


def looks_like_street(text: str) -> bool:
    """Return whether a text ends or begins as street names do.

    >>> looks_like_street("Akcerstr."), looks_like_street("Am Rathaus"), looks_like_street("Hamburg")
    (True, True, False)
    """
    normal = normal_street(text)
    return bool(_KIND.search(normal) or _BEGINNINGS.match(normal))


def surely_street(text: str) -> bool:
    """Return whether a text holds a word that only names of streets end with."""
    return any(_STRONG_KIND.search(word) for word in normal_street(text).split())


def is_bare_kind(word: str) -> bool:
    """Return whether a compact word is nothing but a kind of street: “Markt”, “Straße”; often the end of a name."""
    return word in GENERIC or word in _KINDS


def is_generic(word: str, number: str = "", vocabulary: Vocabulary = NO_VOCABULARY) -> bool:
    """Return whether a compact word needs its number to be a street: “Straße” of “Straße 614”.

    A word with a slip of the pen (“Starße”) does when a street of that number is known, or when the `number` that
    follows is two numbers.
    """
    if word in GENERIC or word in vocabulary.heads:
        return True
    digits = re.match(r"\d+", number)
    two = bool(re.match(r"\d+[A-Za-z]?\s+\d{1,4}(?!\d)", number))
    for head in vocabulary.heads or ("strasse",):
        known = bool(digits) and head + digits[0] in vocabulary.streets
        if len(head) > 5 and (two and _slips(word, head) <= 2 or known and _slips(word, head) <= 1):
            return True
    return False


def _slips(word: str, head: str) -> int:
    """Return how many letters of a word are wrong, left out or put in; letters that changed places count once."""
    if len(word) == len(head) and sorted(word) == sorted(head):
        return int(word != head)
    if abs(len(word) - len(head)) > 2:
        return 3
    row = list(range(len(head) + 1))
    for position, letter in enumerate(word, start=1):
        before, row[0] = row[0], position
        for column, other in enumerate(head, start=1):
            before, row[column] = row[column], min(before + (letter != other), row[column] + 1, row[column - 1] + 1)
    return row[-1]
