"""Postcode, municipality and district out of one text: “45879 Gelsenkirchen-Buer”, “Berlin (Mitte)”, “OT Mitte”."""

from __future__ import annotations

import re
from typing import NamedTuple

from .additions import is_facility
from .street_names import fold_place
from .vocabulary import NO_VOCABULARY, Vocabulary

_POSTCODE = re.compile(r"^(?:DE?\s*[-–]?\s*)?(?:PLZ:?\s*)?(\d{5}|\d{4})(?:\.0)?(?![\d.])(?:\s*[,;:]\s*|\s+|$)", re.I)
_POSTCODE_BEHIND = re.compile(r"[\s,]+(?:D\s*[-–]\s*)?(\d{5})$")
#: a postcode of another country
FOREIGN = re.compile(r"^(?:A|AT|CH|NL|B|BE|F|FR|L|LU|PL|CZ|DK|I|IT)\s*[-–]\s*\d{4,5}\s+", re.I)
_LABEL = re.compile(r"(?:^|[\s,;(\-–/])(?:OT|Ortst\.|Ortsteil|Stadtteil|Stadtbezirk|Stadtbez\.|Bezirk|Gemeindeteil)"
                    r"[:.]?\s+(.+)$", re.I)
_COUNTRY = re.compile(r"(?:^|[\s,;]+)(?:Deutschland|Germany|BRD|DE)\.?$", re.I)
_OWN_LABEL = re.compile(r"^(?:Ort|PLZ(?:\s*/?\s*Ort)?|Stadt|in)\s*:?\s+(?=\S)", re.I)
_PARENTHESES = re.compile(r"^([^()]+)\(([^()]+)\)\s*$")
_BETWEEN = re.compile(r"[\s,;/|–-]+")


class PlaceParts(NamedTuple):
    """What a text says about the place.

    `postcode` is -1 without, `restored` whether its leading zero was missing; `place`, `district` are folded; `text` is
    the place as written, `known` whether the vocabulary knows place or district.
    """

    postcode: int = -1
    restored: bool = False
    place: str = ""
    district: str = ""
    text: str = ""
    known: bool = False


NOWHERE = PlaceParts()


def read_postcode(text: str) -> tuple[int, bool, str]:
    """Return the postcode that a text begins with (-1 without), whether its zero was lost, and what follows.

    >>> read_postcode("D-45879 Gelsenkirchen"), read_postcode("1587")
    ((45879, False, 'Gelsenkirchen'), (1587, True, ''))
    """
    found = _POSTCODE.match(text)
    if not found or not 1000 <= int(found[1]) < 100_000:
        return -1, False, text
    return int(found[1]), len(found[1]) == 4, text[found.end():].strip(" ,;:")


def read_place(text: str, vocabulary: Vocabulary = NO_VOCABULARY) -> PlaceParts:
    """Return postcode, municipality and district of a text.

    A single name that the vocabulary knows as a district only is the district. A part behind a hyphen, a blank, a
    stroke or in brackets is a district where the part before is a known place.
    """
    text = _COUNTRY.sub("", text.strip(" ,;")).strip(" ,;")
    foreign = FOREIGN.match(text)
    if foreign:
        rest = text[foreign.end():].strip()
        return PlaceParts(place=fold_place(rest), text=rest)
    postcode, restored, rest = read_postcode(text)
    if postcode < 0:
        behind = _POSTCODE_BEHIND.search(text)
        if behind:
            postcode, rest = int(behind[1]), text[:behind.start()]
    place, district, known = _names(_OWN_LABEL.sub("", rest), vocabulary)
    return PlaceParts(postcode, restored, place, district, rest.strip(), known)


def known_place(text: str, vocabulary: Vocabulary) -> bool:
    """Return whether the vocabulary knows a whole text as place or district."""
    folded = fold_place(text)
    return bool(folded) and (bool(vocabulary.place_of(folded)) or folded in vocabulary.districts)


def _names(text: str, vocabulary: Vocabulary) -> tuple[str, str, bool]:
    """Return folded place and district of a text without postcode, and whether the vocabulary knows one of them."""
    folded = fold_place(text)
    if not folded:
        return "", "", False
    place = vocabulary.place_of(folded)
    if place:
        return place, "", True
    if folded in vocabulary.districts:
        return "", folded, True
    label = _LABEL.search(text)
    if label:
        place, district, known = _names(text[:label.start()].strip(" (,-–/"), vocabulary)
        part = fold_place(label[1])
        if part and _unknown_quarter(part, vocabulary):
            return place + part, district, False
        return place, part or district, known or part in vocabulary.districts
    inside = _PARENTHESES.match(text)
    if inside:
        first, second = fold_place(inside[1]), fold_place(inside[2])
        if vocabulary.place_of(first) and _unknown_quarter(second, vocabulary):
            return folded, "", False
        return _pair(first, second, vocabulary) or (*_names(inside[1].strip(), vocabulary)[:2], False)
    cuts = list(_BETWEEN.finditer(text))[:6]
    for cut in reversed(cuts):
        first, second = fold_place(text[:cut.start()]), fold_place(text[cut.end():])
        pair = _pair(first, second, vocabulary)
        if pair and (vocabulary.place_of(pair[0]) or cut[0].strip() and not is_facility(text)):  # no “Rathaus Mitte”
            return pair
    return folded, "", False


def _pair(first: str, second: str, vocabulary: Vocabulary) -> tuple[str, str, bool] | None:
    """Return two names as place and district when the vocabulary knows which is which, None otherwise."""
    districts = vocabulary.districts
    if any(map(str.isdigit, second)):
        return None
    place = vocabulary.place_of(first)
    if place:
        if second in districts or not districts:
            return place, second, True
        return None if _unknown_quarter(second, vocabulary) else (place, "", True)
    if second in districts:
        return first, second, True
    place = vocabulary.place_of(second)
    if place and first in districts:
        return place, first, True
    return None


def _unknown_quarter(folded: str, vocabulary: Vocabulary) -> bool:
    """Return whether a name beside a place is that of a quarter which a register that knows its quarters does not have.

    The address may lie in a part of the city that the register does not cover. A part of a known name (“Buchholz” of
    Französisch Buchholz) and a name that goes on behind a known one mean that one.
    """
    if not vocabulary.districts or not folded.isalpha() or folded in vocabulary.districts:
        return False
    return len(folded) > 3 and not any(
        folded in known or (len(known) > 3 and known in folded) for known in vocabulary.districts)
