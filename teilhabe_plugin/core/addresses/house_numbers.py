"""House numbers as people write them: “12a”, “12 A”, “12/a”, “12-14”, “9, 9a”, and what a spreadsheet made of them."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from .street_names import fold_text

_FRACTIONS = {"½": " 1/2", "⅓": " 1/3", "⅔": " 2/3", "¼": " 1/4", "¾": " 3/4"}
#: signs of a footnote are no part of a number: “12²” is 12
FOOTNOTES = dict.fromkeys(map(ord, "⁰¹²³⁴⁵⁶⁷⁸⁹"), " ")
_STOREY = r"(?:[oud]\.?g\b|eg\b|etage|stock|obergesch|untergesch|hof\b|hinterhof|aufgang|eingang)"
_LEAD = re.compile(r"^(?:(?:haus|hs|h)[. ]*-?\s*(?:nummer|nr)|hnr|nummer|nr|no)\b[.:]*\s*")
_EXCEL_WHOLE = re.compile(r"^(\d{1,5})[.,]0+$")
#: a letter behind a number that belongs to the number: not “12 u. 14”, “12 b. Müller”, “12 c/o Müller”
_LETTER = r"(?!u\.?\s*\d)(?!c/o)([a-z])(?![a-z]|\.\s*[a-z]|\s?-\s?\d{4})"
_ONE = (rf"(\d{{1,5}})(?!\d|\.\s*[a-z])(?:\s*[/\-]?\s*{_LETTER}|\s+(\d/\d)(?!\d)"
        r"|\s*/\s*(\d{1,2})(?![\d/a-z]|\.\s*[a-z]))?")
_FIRST = re.compile(rf"^{_ONE}")
#: a further number is no storey (“12, 2. OG”, “12, 2 OG”) and no postcode
_NEXT = re.compile(
    rf"^\s*(?:(?:[-–—/+&]|u\.?|und|bis|\.\.\.?)\s*(?:(\d{{1,4}})(?!\d|\s*\.?\s*{_STOREY})(?:\s*/?\s*{_LETTER})?|{_LETTER})"
    rf"|[,;]\s*(?:(\d{{1,4}})(?!\d|\s*\.?\s*[a-z]{{2}})(?:\s*/?\s*{_LETTER})?|{_LETTER}(?=\s*(?:[-–—/+&,;]|$))))")
_RANGE = re.compile(r"^\s*(?:[-–—]|bis|\.\.\.?)")
_MONTHS = {name: month for month, names in enumerate(
    (("jan", "januar", "jaen"), ("feb", "februar"), ("mrz", "maer", "maerz", "mar"), ("apr", "april"),
     ("mai", "may"), ("jun", "juni"), ("jul", "juli"), ("aug", "august"), ("sep", "sept", "september"),
     ("okt", "oktober", "oct"), ("nov", "november"), ("dez", "dezember", "dec")), start=1) for name in names}
_DAY_MONTH = re.compile(r"^(\d{1,2})[.\- ]\s*([a-z]{3,9})\.?$")
_MONTH_YEAR = re.compile(r"^([a-z]{3,9})[.\- ]\s*(\d{2}|\d{4})$")
_DATE = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:[t ]00:00:00)?$|^(\d{1,2})\.(\d{1,2})\.(\d{4})?$")
_FIRST_DAY, _LAST_DAY = 10_959, 55_153  # 1930 to 2050
_LONGEST = 200  # letters that are looked at
_MOST = 40  # numbers of one list


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
    return split_house_number(str(text))[0]


def split_house_number(text: str) -> tuple[HouseNumber, str]:
    """Return the house number that a text begins with, and what follows it, as written.

    >>> split_house_number("12 a 10115 Köln")[1]
    '10115 Köln'
    """
    if text.isdigit() and text.isascii() and 0 < len(text) < 6 and int(text):
        return HouseNumber(int(text)), ""
    text = _with_fractions(text[:_LONGEST]).strip()
    folded = fold_text(text)
    found, consumed = _read(folded)
    if folded[:consumed].isascii() or text[:consumed] == folded[:consumed]:  # so many letters were there before folding
        return found, text[consumed:].strip(" .,;:-–/")
    return found, found.rest


def _read(folded: str) -> tuple[HouseNumber, int]:
    """Return the house number that a folded text begins with, and how many letters belong to it."""
    whole_length = len(folded)
    folded = _LEAD.sub("", folded)
    dated = _from_date(folded)
    if dated is not None:
        return dated, whole_length
    whole = _EXCEL_WHOLE.match(folded)
    folded = whole[1] if whole else folded
    first = _FIRST.match(folded)
    if not first or not int(first[1]):
        return HouseNumber(rest=folded), whole_length - len(folded)
    number, suffix, more = int(first[1]), first[2] or first[3] or "", []
    if first[4]:  # “12/14” are two numbers, “12/2” is the second part of number 12
        if int(first[4]) >= number:
            more.append((int(first[4]), ""))
        else:
            suffix = first[4]
    rest, is_range = folded[first.end():], False
    while len(more) < _MOST:
        following = _NEXT.match(rest)
        if not following:
            break
        is_range = bool(_RANGE.match(rest))
        last = more[-1][0] if more else number
        digits, letter = following[1] or following[4], following[2] or following[3] or following[5] or following[6]
        more.append((int(digits) if digits else last, letter or ""))
        rest = rest[following.end():]
    rest = rest.lstrip(" .,;:-–/") if not whole else ""
    found = HouseNumber(number, suffix, tuple(more), is_range, False, rest.rstrip(" .,;:-–/"))
    return found, whole_length - len(rest)


def from_serial_day(days: int) -> HouseNumber | None:
    """Return the number that a spreadsheet shows as a date but keeps as days since 1900; None when it is no such day.

    >>> from_serial_day(45303)
    HouseNumber(number=12, suffix='', more=((1, ''),), is_range=False, from_date=True, rest='')
    """
    if not _FIRST_DAY <= days <= _LAST_DAY:
        return None
    return _of_day(datetime.date(1899, 12, 30) + datetime.timedelta(days=days))


def _with_fractions(text: str) -> str:
    if text.isascii():
        return text
    for sign, written in _FRACTIONS.items():
        text = text.replace(sign, written)
    return text.translate(FOOTNOTES)


def _from_date(folded: str) -> HouseNumber | None:
    if not folded[-1:].isalnum() and folded[-1:] != ".":
        return None
    found = _DAY_MONTH.match(folded)
    if found and found[2] in _MONTHS:
        return _pair(int(found[1]), _MONTHS[found[2]])
    found = _MONTH_YEAR.match(folded)
    if found and found[1] in _MONTHS:
        return _pair(_MONTHS[found[1]], int(found[2]) % 100)
    found = _DATE.match(folded)
    if found:
        year, month, day = (int(part or 0) for part in (found.groups()[:3] if found[1] else found.groups()[:2:-1]))
        if 1 <= month <= 12 and 1 <= day <= 31:
            return _of_day(datetime.date(max(year, 1), month, min(day, 28))) if day == 1 else _pair(day, month)
    return None


def _of_day(day: datetime.date) -> HouseNumber:
    """Return what was typed for a date: day and month, or month and year where only these make a range of numbers.

    “12-14” becomes 1 December 2014, “1-12” becomes 1 December of the year in which it was typed.
    """
    year = day.year % 100
    if day.day == 1 and day.year >= 1930 and (day.year < 2000 or 0 < year - day.month <= 12
                                              and (year - day.month) % 2 == 0):
        return _pair(day.month, year)
    return _pair(day.day, day.month)


def _pair(first: int, second: int) -> HouseNumber:
    if not first:
        return HouseNumber()
    return HouseNumber(first, "", ((second, ""),) if second else (), is_range=second > first, from_date=True)
