"""House numbers as people write them: “12a”, “12 A”, “12/a”, “12-14”, “9, 9a”, and what a spreadsheet made of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .street_names import fold_text

_FRACTIONS = {"½": " 1/2", "⅓": " 1/3", "⅔": " 2/3", "¼": " 1/4", "¾": " 3/4"}
_LEAD = re.compile(r"^(?:hausnummer|haus-?nr|hnr|nr|no)\b[.:]?\s*")
_EXCEL_WHOLE = re.compile(r"^(\d{1,5})[.,]0+$")
_ONE = r"(\d{1,5})(?!\d)(?:\s*[/\-]?\s*([a-z])(?![a-z])|\s+(\d/\d)|\s*/\s*(\d{1,2})(?![\d/]))?"
_FIRST = re.compile(rf"^{_ONE}")
_NEXT = re.compile(rf"^\s*(?:[-–—/+,;&]|u\.|und|bis|\.\.\.?)\s*(?:(\d{{1,5}})\s*(?:/?\s*([a-z])(?![a-z]))?|([a-z])(?![a-z]))")
_RANGE = re.compile(r"^\s*(?:[-–—]|bis|\.\.\.?)")
_MONTHS = {name: month for month, names in enumerate(
    (("jan", "januar", "jaen"), ("feb", "februar"), ("mrz", "maer", "maerz", "mar"), ("apr", "april"),
     ("mai", "may"), ("jun", "juni"), ("jul", "juli"), ("aug", "august"), ("sep", "sept", "september"),
     ("okt", "oktober", "oct"), ("nov", "november"), ("dez", "dezember", "dec")), start=1) for name in names}
_DAY_MONTH = re.compile(r"^(\d{1,2})[.\- ]\s*([a-z]{3,9})\.?$")
_MONTH_YEAR = re.compile(r"^([a-z]{3,9})[.\- ]\s*(\d{2}|\d{4})$")
_DATE = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:[t ]00:00:00)?$|^(\d{1,2})\.(\d{1,2})\.(\d{4})?$")


@dataclass(frozen=True)
class HouseNumber:
    """What a text says about the house number.

    Attributes
    ----------
    number : int
        First number, -1 when there is none.
    suffix : str
        Its folded addition: “a”, “1/2”, "" without.
    more : tuple of (int, str)
        Further numbers with their additions, of a list or the end of a range.
    is_range : bool
        The last of `more` ends a range that begins at `number`.
    from_date : bool
        The text had been turned into a date by a spreadsheet.
    rest : str
        What follows the numbers and is no part of them, folded.
    """

    number: int = -1
    suffix: str = ""
    more: tuple = ()
    is_range: bool = False
    from_date: bool = False
    rest: str = ""


def fold_suffix(text: str) -> str:
    """Return the addition to a house number in its one spelling.

    >>> [fold_suffix(text) for text in ("A", " /b", "1/2", "½", "-c")]
    ['a', 'b', '1/2', '1/2', 'c']
    """
    folded = fold_text(_with_fractions(text)).replace(" ", "")
    return folded.strip("/-.,;")


def read_house_number(text: str) -> HouseNumber:
    """Read the house number that a text begins with.

    Numbers that a spreadsheet took for a date are turned back: “12. Jan” was typed as 12-1 or 12/1, “Mai 14” as 5-14,
    “2024-09-09” as 9/9.

    >>> read_house_number("12 A")
    HouseNumber(number=12, suffix='a', more=(), is_range=False, from_date=False, rest='')
    >>> read_house_number("9, 9a").more
    ((9, 'a'),)
    """
    folded = fold_text(_with_fractions(str(text))).strip()
    folded = _LEAD.sub("", folded)
    dated = _from_date(folded)
    if dated is not None:
        return dated
    whole = _EXCEL_WHOLE.match(folded)
    folded = whole[1] if whole else folded
    first = _FIRST.match(folded)
    if not first or not 0 < int(first[1]) < 100_000:
        return HouseNumber(rest=folded)
    number, suffix = int(first[1]), first[2] or first[3] or first[4] or ""
    rest, more, is_range = folded[first.end():], [], False
    while True:
        following = _NEXT.match(rest)
        if not following:
            break
        is_range = bool(_RANGE.match(rest))
        last = more[-1][0] if more else number
        more.append((int(following[1]) if following[1] else last, following[2] or following[3] or ""))
        rest = rest[following.end():]
    return HouseNumber(number, suffix, tuple(more), is_range, False, rest.strip(" .,;:-/"))


def _with_fractions(text: str) -> str:
    for sign, written in _FRACTIONS.items():
        text = text.replace(sign, written)
    return text


def _from_date(folded: str) -> HouseNumber | None:
    found = _DAY_MONTH.match(folded)
    if found and found[2] in _MONTHS:
        return HouseNumber(int(found[1]), "", ((_MONTHS[found[2]], ""),), from_date=True)
    found = _MONTH_YEAR.match(folded)
    if found and found[1] in _MONTHS:
        return HouseNumber(_MONTHS[found[1]], "", ((int(found[2]) % 100, ""),), is_range=True, from_date=True)
    found = _DATE.match(folded)
    if found:
        day, month = (int(found[3]), int(found[2])) if found[1] else (int(found[4]), int(found[5]))
        if 1 <= month <= 12 and 1 <= day <= 31:
            return HouseNumber(day, "", ((month, ""),), from_date=True)
    return None
