"""The parts of one address while it is read: what is known so far, and what may follow a known street."""

from __future__ import annotations

import itertools
import re

from . import parsed
from .additions import is_addition, is_remark, says_where, starts_with_addition
from .cities import is_large_city, looks_like_place
from .house_numbers import HouseNumber, split_house_number
from .place_parts import PlaceParts, known_place, read_place
from .street_names import fold_text, normal_street
from .street_words import GENERIC, compact_word, compact_words, looks_like_street
from .text_address import number_repairs
from .vocabulary import Vocabulary

NO_NUMBER = HouseNumber()
HIGHEST_NUMBER = 9999
WORD = re.compile(r"\d+|[/&+]|[^\d\s/&+]+")
MOST_WORDS = 14
LEADING_NUMBER = re.compile(r"(\d{1,4}(?:\s?[A-Za-z](?=[\s,]))?(?:\s*(?:[-–+/&]|u\.|und|bis)\s*\d{1,4}[A-Za-z]?){0,9})"
                            r"[\s,]+(?=[^\W\d])")
LABELLED = re.compile(r"^(?:(?:haus|hs\.?|h\.)?[- ]?(?:nummer|nr)|hnr)\b[.:]*\s*\d", re.I)
FOUR_AND_NAME = re.compile(r"^\d{4}\s+[^\W\d]{3}")
POSTCODE_WITHIN = re.compile(r"(?:\bD\s*[-–]\s*|(?<![\d\w]))\d{5}(?!\d)")
_CORNER = re.compile(r"^\s*(?:[/&+]|ecke\b\s*/?|e\.\s|und\b|u\.|x\s)\s*(?:ecke\b\s*)?", re.I)
_CORNER_ONLY = re.compile(r"^(?:bis\s+)?(?:zur\s+)?ecke\b", re.I)
_IN = re.compile(r"^in\s+(?=[^\W\d_a-zäöü])")
_BRACKETS = re.compile(r"[()\[\]{}]+")
#: what a scanner makes of figures: “l2”, “I2” for 12
_LOOK_ALIKE = re.compile(r"(?=[lIO]*\d)[lI][\dlIO]{1,3}(?![^\W_])")
_FIGURES = str.maketrans("lIO", "110")


def joined(first: HouseNumber, second: HouseNumber) -> HouseNumber:
    """Return two house numbers as a list of numbers."""
    more = (*first.more, (second.number, second.suffix), *second.more)
    return HouseNumber(first.number, first.suffix, more, second.is_range)


class AddressParts:
    """What is known of one address, and the reading of streets that the vocabulary knows."""

    __slots__ = ("vocabulary", "street", "crossing", "number", "number_text", "repairs", "po_box", "loose", "postcode",
                 "place", "district", "place_text", "known", "waiting", "maybe_place", "address_at")

    def __init__(self, vocabulary: Vocabulary):
        self.vocabulary = vocabulary
        self.street = self.crossing = self.number_text = self.place = self.district = self.place_text = ""
        self.number = NO_NUMBER
        self.waiting: tuple[HouseNumber, str] | None = None
        self.repairs, self.postcode = 0, -1
        self.po_box = self.known = False
        self.loose: list[tuple[str, bool]] = []  # unknown names, and whether they stood behind the address
        self.maybe_place = ""

    def street_at(self, text: str) -> list[int]:
        """Return where known streets end that a text begins with, the longest first."""
        streets = self.vocabulary.streets
        if not streets:
            return []
        words = list(itertools.islice(WORD.finditer(text), MOST_WORDS))
        names = compact_words(word[0] for word in words)
        return [word.end() for word, name in zip(words, names) if name in streets][::-1]

    def known_street(self, text: str) -> bool:
        """Read a part that begins with a street of the vocabulary, or with its number."""
        if not self.vocabulary.streets:
            return False
        if self.street and not self.maybe_place:
            return self.second_street(text)
        for end in self.street_at(text):
            if self.behind_street(text[end:]):
                return self.take_street(text[:end], True)
        leading = LEADING_NUMBER.match(text)
        if leading:
            rest = text[leading.end():]
            for end in self.street_at(rest):
                if self.behind_street(rest[end:]):
                    if self.number.number < 0:
                        self.number_in_front(leading[1])
                    return self.take_street(rest[:end], True)
        return False

    def second_street(self, text: str) -> bool:
        """Read a known street when there is a street already.

        It replaces one that the vocabulary does not know, or that has no number, when it has a number itself.
        """
        ends = self.street_at(text)
        rest = text[ends[0]:].strip(" ,.-–:") if ends else ""
        if not ends or (rest and not rest[0].isdigit()) or known_place(text, self.vocabulary):
            return False
        number, tail = split_house_number(rest)
        street = text[:ends[0]].strip(" ,:-–/")
        if number.number > 0 and (self.number.number < 0 or not self.known):
            self.street, self.known = street, True
            self.set_number(number, rest)
            self.behind_number(tail)
        elif number.number > 0 and normal_street(street) != normal_street(self.street):
            self.repairs |= parsed.AMBIGUOUS
        elif number.number > 0 and number != self.number:
            self.number = joined(self.number, number)
            self.repairs |= parsed.SEVERAL_NUMBERS
        return self.take_addition()

    def take_street(self, street: str, known: bool) -> bool:
        """Keep the street; one that came before stays when it had a number or this one has none."""
        street = street.strip(" ,:-–/")
        if self.street and self.street != street and not self.maybe_place:
            self.repairs |= parsed.ADDITION
            return True
        if known and self.number.number < 0 and known_place(street, self.vocabulary):
            self.maybe_place = street
        else:
            if self.maybe_place:
                self.set_place(read_place(self.maybe_place, self.vocabulary))
            self.maybe_place = ""
        self.street, self.known = street, known
        if self.waiting and self.number.number < 0:
            self.set_number(*self.waiting)
            self.repairs |= parsed.REORDERED
        return True

    def set_number(self, number: HouseNumber, text: str) -> None:
        self.number = number
        self.repairs |= parsed.SPLIT | number_repairs(number, text)

    def number_in_front(self, text: str) -> None:
        """Keep the number before the street; of a list in front of it, “52, 54 Annastr.”, the first counts."""
        number = split_house_number(text)[0]
        if self.waiting:
            first, text = self.waiting
            number = joined(first, number)
            self.waiting = None
        self.set_number(number, text)
        self.repairs |= parsed.REORDERED

    def set_place(self, parts: PlaceParts) -> None:
        """Keep what is said about the place; what was said first stays."""
        self.repairs |= parsed.PLACE_SPLIT | (parsed.ZERO_RESTORED if parts.restored else 0)
        if self.postcode < 0:
            self.postcode = parts.postcode
        if not self.place and parts.place:
            self.place, self.place_text = parts.place, parts.text
        self.district = self.district or parts.district
        self.place_text = self.place_text or parts.text

    # -- what follows a known street ----------------------------------------------------------------------------

    def behind_street(self, rest: str) -> bool:
        """Read what follows a known street; False when it can follow no street, so that the name must go on."""
        text = rest.strip(" ,.-–:")
        if not text:
            return True
        alike = _LOOK_ALIKE.match(text)
        if alike:
            text = alike[0].translate(_FIGURES) + text[alike.end():]
            self.take_addition()
        folded = fold_text(text)
        if text[0].isdigit() or LABELLED.match(text):
            if starts_with_addition(folded):
                return self.take_addition()
            if POSTCODE_WITHIN.match(text):
                return self.behind_number(text)
            number, tail = split_house_number(text)
            if number.number < 0 or number.number > HIGHEST_NUMBER:
                return False
            if self.number.number < 0:
                self.set_number(number, text)
            return self.behind_number(tail)
        length = starts_with_addition(folded)
        if length:
            number, _tail = split_house_number(folded[length:].strip(" ,."))
            if number.number > 0:
                self.set_number(number, folded[length:])
            self.behind_number(text)
            return self.take_addition()
        corner = _CORNER.match(rest)
        if corner:
            second = rest[corner.end():].strip(" ,:-–")
            if second and self.corner_street(second):
                return True
            return corner[0].strip() in "/&+" and compact_word(second) in GENERIC and self.take_addition()
        if text[0] in "([":
            inside, _bracket, behind = text[1:].partition(")" if text[0] == "(" else "]")
            self.behind_number(inside)
            return not behind.strip() or self.behind_street(behind)
        place = read_place(text, self.vocabulary)
        if place.known or place.postcode > 0:
            self.set_place(place)
            return True
        return says_where(text) and self.take_addition()

    def behind_number(self, tail: str) -> bool:
        """Read what follows a house number: place, addition, corner."""
        in_brackets = tail.lstrip(" ,.-–:/")[:1] in tuple("([{")
        tail = _BRACKETS.sub(" ", tail).strip(" ,.-–:/")
        if not tail:
            return True
        if tail.isdigit() and not in_brackets and len(tail) < 3 and len(str(self.number.number)) + len(tail) < 5:
            if len(tail) == 1:  # “1 2” may be 1, 1/2, 1 and 2, or 12
                self.repairs |= parsed.AMBIGUOUS
            else:
                self.number = joined(self.number, split_house_number(tail)[0])
                self.repairs |= parsed.SEVERAL_NUMBERS
            return True
        postcode = POSTCODE_WITHIN.search(tail)
        if not postcode and FOUR_AND_NAME.match(tail) and not starts_with_addition(fold_text(tail)):
            self.set_place(read_place(tail, self.vocabulary))
            return True
        if postcode:
            before = tail[:postcode.start()].strip(" ,.-–")
            if before:
                self.behind_number(before)
            self.set_place(read_place(tail[postcode.start():], self.vocabulary))
            return True
        place = read_place(tail, self.vocabulary)
        if place.known or is_large_city(tail):
            self.set_place(place)
            return True
        words = list(WORD.finditer(tail))
        for word in words[max(1, len(words) - 4):]:
            end = tail[word.start():]
            if known_place(end, self.vocabulary) or is_large_city(end):
                self.set_place(read_place(end, self.vocabulary))
                break
        else:
            self.unread(tail, in_brackets)
        return self.take_addition()

    def unread(self, tail: str, in_brackets: bool) -> None:
        """Look what an unknown text behind a number is: another address, or a name that may be that of a place."""
        if self.names_address(tail):
            self.repairs |= parsed.AMBIGUOUS
            return
        name = _IN.sub("", tail)
        written_as_name = name[:1].isupper() and not name.isupper() and not in_brackets
        if len(name) > 2 and (written_as_name or looks_like_place(name)) and not is_remark(name):
            self.loose.append((name, True))

    def names_address(self, text: str) -> bool:
        """Return whether a text behind an address names another one: “und Torstr. 99”, “neu: Torstr. 99”."""
        if not self.street_at(text) and (is_addition(text) or says_where(text) or _CORNER_ONLY.match(text)):
            return False
        for word in list(WORD.finditer(text))[:6]:
            rest = text[word.start():]
            for end in self.street_at(rest):
                if split_house_number(rest[end:].strip(" ,.-–:"))[0].number > 0:
                    return True
        return False

    def take_addition(self) -> bool:
        self.repairs |= parsed.ADDITION
        return True

    def corner_street(self, text: str) -> bool:
        """Keep the second street of a crossing when the text is one."""
        ends = self.street_at(text)
        if ends:
            text, behind = text[:ends[0]], text[ends[0]:]
        elif not looks_like_street(text) or normal_street(text).replace(" ", "") in GENERIC:
            return False
        if self.number.number < 0:
            self.crossing = normal_street(text)
        else:
            self.take_addition()
            if ends and split_house_number(behind.strip(" ,.-–:"))[0].number > 0:
                self.repairs |= parsed.AMBIGUOUS
        return True
