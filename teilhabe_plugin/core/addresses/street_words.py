"""Which words look like streets: for texts whose street no register knows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

from .street_names import compact, normal_street

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


def is_generic(word: str, heads=frozenset()) -> bool:
    """Return whether a word needs a number to be a street: “Straße” of “Straße 614”, also with a slip of the pen.

    `heads` are beginnings of streets that go on with digits (`Vocabulary.heads`).
    """
    if word in GENERIC or word in heads:
        return True
    return len(word) > 5 and any(_slipped(word, head) for head in (*heads, "strasse") if len(head) > 5)


def _slipped(word: str, head: str) -> bool:
    """Return whether two words have the same letters, or all but one with the same beginning and end."""
    if len(word) == len(head) and sorted(word) == sorted(head):
        return True
    return (abs(len(head) - len(word)) <= 1 and word[0] == head[0] and word[-2:] == head[-2:]
            and sum((Counter(head) - Counter(word)).values()) <= 1)
