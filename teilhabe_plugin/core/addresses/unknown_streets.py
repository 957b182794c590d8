"""Streets that no register knows, told by their form: “Akcerstr. 12”, “12 Ackerstraße”, “A-Str. / B-Str.”."""

from __future__ import annotations

import re

from .additions import is_facility, starts_with_addition
from .address_parts import LEADING_NUMBER, WORD, AddressParts
from .cities import is_large_city
from .house_numbers import split_house_number
from .place_parts import read_place
from .street_names import fold_text
from .street_words import GENERIC, compact_word, is_generic, looks_like_street, surely_street

_DIGITS = re.compile(r"\d")
_ORDINAL = re.compile(r"^\d{1,3}\.\s*[^\W\d]")
_NUMBER_LABEL = re.compile(r"(?:haus|hs\.?|h\.)?[- ]?(?:nummer|nr|no)\b[.:]*\s*$|\bhnr[.:]*\s*$", re.I)
#: a number that may be a house number: at most four digits, no “17. Juni”
_NUMBER = re.compile(r"(?<!\d)(?<!\d\.)\d{1,4}(?!\d|\.\s*[^\W\d]{2})")
_MONTH_BEFORE = re.compile(r"(?:januar|februar|märz|maerz|april|mai|juni|juli|august|september|oktober|november|"
                           r"dezember|von)\s*$", re.I)
#: a day that a spreadsheet made of a number, at the end: “Ackerstr. 12. Jan”
_DAY = re.compile(r"(?<!des)(?<!vom)\s(\d{1,2}\.\s?(?:jan|feb|mrz|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez)\.?)$", re.I)
_CORNERS = re.compile(r"\s*(?:/|&|\+)\s*(?:ecke\b)?\s*|\s*\b(?:ecke|und)\b\s*/?\s*|\s+u\.\s+|\s+x\s+", re.I)
#: after these a name is not at its end: “Am Hinterhof”
_ARTICLES = frozenset(("am", "im", "an der", "an dem", "in der", "auf dem", "auf der", "zum", "zur", "beim", "bei der",
                       "hinterm", "hinter dem", "der", "die", "das", "alter", "alte", "neuer", "neue", "vor dem",
                       "an den"))
_CORNER_WORD = re.compile(r"^ecke\b\s*:?\s*", re.I)
_CORNER_OF = re.compile(r"^(?:ecke|e\.)\s*:?\s+", re.I)


class UnknownStreets(AddressParts):
    """The reading of streets that the vocabulary does not know."""

    __slots__ = ()

    def corner(self, text: str) -> bool:
        """Read a crossing of streets of which one at least is not known as written."""
        if self.street and self.number.number < 0 and _CORNER_OF.match(text):
            return self.corner_street(_CORNER_OF.sub("", text))
        text = _CORNER_WORD.sub("", text)
        parts = [part.strip(" ,:–") for part in _CORNERS.split(text, maxsplit=1)]
        if len(parts) != 2 or not all(parts):
            return False
        first, second = parts
        if first.endswith("-"):  # “Acker-/Invalidenstr.”
            kind = re.search(r"(?:straße|strasse|str\.?|weg|platz|pl\.|allee|gasse)$", second, re.I)
            first = first[:-1] + kind[0].lower() if kind else first
        number = _NUMBER.search(first)
        if number:
            if not (looks_like_street(first[:number.start()].strip()) or self.street_at(first)):
                return False
            if not (looks_like_street(_DIGITS.split(second)[0].strip()) or self.street_at(second)):
                return False
            self.segment(first)
            return self.take_addition()
        if not (looks_like_street(first) or self.street_at(first)):
            return False
        second = _DIGITS.split(second)[0].strip() if not self.street_at(second) else second
        if compact_word(second.replace(" ", "")) in GENERIC:
            self.segment(first)
            return self.take_addition()
        if not self.corner_street(second):
            return False
        ends = self.street_at(first)
        return self.take_street(first, bool(ends) and ends[0] == len(first))

    def unknown(self, text: str) -> bool:
        """Read a part by its form: “Akcerstr. 12”, “12 Ackerstraße”, “Straße des 17. Juni 135”, or a name."""
        if self.street and not self.maybe_place and _DIGITS.search(text):
            return self.take_addition()
        text = self.without_addition_before(text)
        day = _DAY.search(text)
        if day:
            self.take_unknown(text[:day.start()])
            self.set_number(split_house_number(day[1])[0], day[1])
            return True
        leading = None if _ORDINAL.match(text) else LEADING_NUMBER.match(text)
        start = leading.end() if leading else 0
        for found in _NUMBER.finditer(text, start):
            before = text[start:found.start()].rstrip(" ,:-–/")
            before = _NUMBER_LABEL.sub("", before).rstrip(" ,:-–/")
            if not any(map(str.isalpha, before)):
                continue
            if int(found[0]) > 1500 and _MONTH_BEFORE.search(before):
                continue
            if starts_with_addition(fold_text(text[found.start():])):
                continue
            square = len(before) == 1 and before.isupper() and text[found.start() - 1] != " "
            if square or " " not in before and is_generic(
                    compact_word(before), text[found.start():], self.vocabulary):
                behind = text[found.end():]
                letter = re.match(r"(?:[A-Za-z](?![A-Za-z]))?", behind)
                number, tail = split_house_number(behind[letter.end():].strip(" ,"))
                self.take_unknown(text[start:found.end() + letter.end()])
                if number.number > 0:
                    self.set_number(number, behind)
                    self.behind_number(tail)
                elif behind[letter.end():].strip():
                    self.behind_number(behind[letter.end():])
                return True
            number, tail = split_house_number(text[found.start():])
            if number.number < 0:
                continue
            self.take_unknown(before)
            self.set_number(number, text[found.start():])
            if leading:
                self.take_addition()
            self.behind_number(tail)
            return True
        if leading and not self.street:
            self.number_in_front(leading[1])
            return self.take_unknown(text[start:])
        if self.waiting and not self.street and self.number.number < 0 and not is_facility(text):
            return self.take_unknown(text)
        if is_large_city(text):
            self.set_place(read_place(text, self.vocabulary))
            return True
        self.loose.append((text, bool(self.street) and not self.maybe_place))
        return True

    def without_addition_before(self, text: str) -> str:
        """Return “Akcerstr. 12” of “Hinterhaus Akcerstr. 12”."""
        length = starts_with_addition(fold_text(text))
        if length:
            for word in list(WORD.finditer(text))[1:4]:
                if word.start() >= min(length, 3) and surely_street(word[0]) and compact_word(word[0]) not in GENERIC:
                    self.take_addition()
                    return text[word.start():]
        return text

    def take_unknown(self, text: str) -> bool:
        """Keep a street that the vocabulary does not know, without additions at its end."""
        text = text.strip(" ,:-–/")
        for word in list(WORD.finditer(text))[1:]:
            rest = fold_text(text[word.start():])
            if starts_with_addition(rest) and not surely_street(rest) and fold_text(
                    text[:word.start()]).strip() not in _ARTICLES:
                text = text[:word.start()].strip(" ,:-–/")
                self.take_addition()
                break
        return self.take_street(text, False)
