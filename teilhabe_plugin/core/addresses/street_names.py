"""Street names written in one way: what clerks abbreviate, hyphenate or spell without umlauts becomes one text."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import numpy as np
import pandas as pd

_KEPT = 4096  # texts whose folded form is kept, as the parts of one address are looked at several times
_UMLAUTS = str.maketrans({
    "ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae", "ø": "oe", "œ": "oe", "ł": "l", "đ": "d", "ı": "i",
})
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_APOSTROPHES = re.compile(r"['’‘`´]")
_SEPARATORS = re.compile(r"[^0-9a-z]+")
#: endings of words that are written short, the full stop deciding where the short form could be a word of its own
_ENDINGS = (
    (re.compile(r"str(?:\.|\b|(?=\d))"), "strasse "),
    (re.compile(r"(?<=[a-z])pl\."), "platz "),
    (re.compile(r"(?<=[a-z])wg\."), "weg "),
    (re.compile(r"(?<=[a-z])all\."), "allee "),
    (re.compile(r"(?<=[a-z])prom\."), "promenade "),
)
#: words and their usual short forms; of inflected words only the stem is kept
_WORDS = {
    "str": "strasse",
    "strase": "strasse",
    "pl": "platz",
    "st": "sankt",
    "skt": "sankt",
    "doktor": "dr",
    "professor": "prof",
    "bgm": "buergermeister",
    "buergerm": "buergermeister",
    "bgmstr": "buergermeister",
    "obgm": "oberbuergermeister",
    "gen": "general",
    "geschw": "geschwister",
    "freih": "freiherr",
    "frhr": "freiherr",
    "v": "von",
    "u": "und",
    "gross": "gr",
    "grosse": "gr",
    "grosser": "gr",
    "grosses": "gr",
    "grossen": "gr",
    "klein": "kl",
    "kleine": "kl",
    "kleiner": "kl",
    "kleines": "kl",
    "kleinen": "kl",
    "prom": "promenade",
    "chaus": "chaussee",
}


@lru_cache(maxsize=_KEPT)
def fold_text(text: str) -> str:
    """Return small letters without umlauts, accents, ß and invisible characters; punctuation is kept.

    >>> fold_text("Große Heﬀtergasse, Château")
    'grosse hefftergasse, chateau'
    """
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold().translate(_UMLAUTS)
    if text.isascii():
        return text
    # umlauts that came as two characters (vowel and dots) were composed above; what is left are other accents
    plain = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return plain.translate(_UMLAUTS)  # an accent can stand on æ and ø, too


@lru_cache(maxsize=_KEPT)
def normal_street(name: str) -> str:
    """Return a street name in its one spelling, words separated by one space.

    >>> normal_street("St.-Josef-Str.")
    'sankt josef strasse'
    >>> normal_street("Gr. Mühlenpl.")
    'gr muehlenplatz'
    """
    text = _APOSTROPHES.sub("", fold_text(name))
    for ending, full in _ENDINGS:
        text = ending.sub(full, text)
    words = _SEPARATORS.sub(" ", text).split()
    return " ".join(_WORDS.get(word, word) for word in words)


def compact(normal: str) -> str:
    """Return a normal street name without spaces: “Bochumer Straße” and “Bochumerstraße” become one text."""
    return normal.replace(" ", "")


def normal_streets(names) -> np.ndarray:
    """Return `normal_street` of many names; each different name is folded once.

    Parameters
    ----------
    names : sequence of str
        Missing names (None, NaN) become "".

    Returns
    -------
    ndarray of object, shape (len(names),)
    """
    codes, unique = pd.factorize(np.asarray(names, dtype=object))
    folded = np.array([normal_street(str(name)) for name in unique] + [""], dtype=object)
    return folded[codes]


@lru_cache(maxsize=_KEPT)
def fold_place(name: str) -> str:
    """Return the name of a place or district in its one spelling: small, without punctuation and spaces.

    >>> fold_place("Mülheim a. d. Ruhr")
    'muelheimadruhr'
    """
    return _SEPARATORS.sub("", _APOSTROPHES.sub("", fold_text(name)))
