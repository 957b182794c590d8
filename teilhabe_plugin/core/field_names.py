"""From a heading to a field: name, alias, unit and year."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_LENGTH = 30
_FOLDED = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ß": "ss",
        "é": "e",
        "è": "e",
        "á": "a",
        "à": "a",
        "ç": "c",
        "Ä": "Ae",
        "Ö": "Oe",
        "Ü": "Ue",
        "ẞ": "SS",
    }
)
_YEAR = re.compile(
    r"(?<![\d.,/–-])(?:\d{1,2}\.\s?(?:\d{1,2}\.|[A-ZÄa-zä]+)\s?)?((?:19[5-9]|20[0-6])\d)(?![\d,–/-]|\.\d)"
)
_RANGE = re.compile(r"(?:19|20)\d\d\s?(?:[–/-]|bis)\s?(?:(?:19|20)\d\d|\d\d)(?!\d)")
_CATALOGUE = re.compile(r"(?:(?:Nr\.|Indikator|Ind\.|KI|K)\s*)?(\d{1,3}(?:\.\d{1,3})+)\.?(?=\s|:|$)", re.IGNORECASE)
#: S1, EW, KI_01: a name that is a code already; "Quote" is a word
_CODE = re.compile(r"(?=.*[\d_]|[A-Z]+\Z|[A-Za-z]\Z)[A-Za-z][A-Za-z0-9_]*")
_RATE = re.compile(
    r"[(\[]?\b(?:je|pro)\s+(\d{1,3}(?:[.\u00a0 ]\d{3}(?!\d))+|\d+)"
    r"(?:\s+[^\W\d_]+\.?(?:\s+[A-ZÄÖÜ][^\W\d_]+)?)?\s?[)\]]?"
)
_UNITS = (
    (
        "%",
        re.compile(
            r"[(\[]\s?(?:in |Angaben in )?(?:%|Prozent|v\. ?H\.)\s?[)\]]|\bin (?:%|Prozent)(?!\w)|%|\bProzent\b"
        ),
    ),
    ("‰", re.compile(r"[(\[]\s?(?:in )?‰\s?[)\]]|\bin ‰|‰")),
    ("€", re.compile(r"[(\[]\s?(?:in )?(?:€|Euro|EUR)\s?[)\]]|\bin (?:€|Euro|EUR)\b")),
    ("m²", re.compile(r"[(\[]\s?(?:in )?(?:m²|qm)\s?[)\]]|\bin (?:m²|qm)(?!\w)")),
    ("Anzahl", re.compile(r"[(\[]\s?(?:Anzahl|absolut|Personen)\s?[)\]]|(?<=\| )Anzahl$")),
)
_RESERVED = {"fid", "ogc_fid", "geom", "geometry", "wkb_geometry", "rowid"}


@dataclass(frozen=True)
class FieldName:
    """What a heading says about its field.

    Attributes
    ----------
    base : str
        Name without the year.
    name : str
        Name with the year, where one is known.
    alias : str
        The full heading.
    unit : str
    year : int, optional
    factor : float, optional
        1000 for "je 1.000 …", 100 for "%".
    """

    base: str
    name: str
    alias: str
    unit: str = ""
    year: int | None = None
    factor: float | None = None


def field_name(heading: str, year: int | None = None) -> FieldName:
    """Read a heading.

    Examples
    --------
    >>> field_name("3.3 Alleinerziehende (%) | 2025").name
    'k3_3_2025'
    >>> field_name("S1").name
    'S1'
    """
    alias = " ".join(heading.split())
    rest, unit, factor = _split_unit(alias)
    if year is None:
        rest, year = _split_year(rest)
    base = _base(rest)
    return FieldName(base, f"{base}_{year}" if year else base, alias, unit, year, factor)


def unique_name(name: str, taken) -> str:
    """`name`, or with ``_2``, ``_3`` … where it is taken; upper and lower case count as equal."""
    used = {other.casefold() for other in taken}
    candidate, number = name, 2
    while candidate.casefold() in used:
        candidate = f"{name}_{number}"
        number += 1
    return candidate


def fold(text: str) -> str:
    """Lower case without umlauts, for comparing and for names."""
    return text.translate(_FOLDED).casefold()


def _split_unit(text):
    match = _RATE.search(text)
    if match:
        return _cut(text, match), match.group(0).strip("()[] "), float(re.sub(r"\D", "", match.group(1)))
    for unit, pattern in _UNITS:
        match = pattern.search(text)
        if match:
            return _cut(text, match), unit, 100.0 if unit == "%" else 1000.0 if unit == "‰" else None
    return text, "", None


def _split_year(text):
    without = _RANGE.sub(lambda match: "#" * len(match.group(0)), text)
    found = list(_YEAR.finditer(without))
    if not found or len({match.group(1) for match in found}) > 1:
        return text, None
    match = found[-1]
    return _cut(text, match), int(match.group(1))


def _cut(text, match):
    rest = text[: match.start()] + " " + text[match.end() :]
    rest = re.sub(r"[(\[]\s*[)\]]", " ", rest)
    return " ".join(rest.split()).strip(" |,;:–-")


def _base(text):
    number = _CATALOGUE.match(text)
    if number:
        return "k" + number.group(1).replace(".", "_")
    if _CODE.fullmatch(text) and len(text) <= MAX_LENGTH:
        name = text
    else:
        name = re.sub(r"[^a-z0-9]+", "_", fold(text)).strip("_") or "feld"
        if len(name) > MAX_LENGTH:
            name = name[: MAX_LENGTH + 1].rsplit("_", 1)[0][:MAX_LENGTH]
    if name[0].isdigit() or name.casefold() in _RESERVED:
        name = "f_" + name
    return name
