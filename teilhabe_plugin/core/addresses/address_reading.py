"""One address out of one text: which part is street, number, place, which only adds to it.

The text is taken apart at commas and line breaks. Each part is read as number, P.O. box, known street, place,
addition or unknown street, in this order: a name that the register knows as a street is never taken for anything else,
and of several known names the longest counts (“Straße des 17. Juni 135”, “Straße 614 12”).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from . import parsed
from .additions import (
    is_addition,
    is_contact,
    is_facility,
    is_landmark,
    is_po_box,
    says_where,
    starts_with_addition,
)
from .cells import is_nothing, tidy
from .cities import is_large_city
from .house_numbers import HouseNumber, split_house_number
from .place_parts import NOWHERE, PlaceParts, known_place, read_place, read_postcode
from .street_names import fold_text, normal_street
from .street_words import GENERIC, compact_word, looks_like_street, surely_street
from .vocabulary import NO_VOCABULARY, Vocabulary

NO_NUMBER = HouseNumber()
_SEGMENTS = re.compile(r"\s*[,;|•·]\s*")
_WORD = re.compile(r"\d+|[/&+]|[^\d\s/&+]+")
_MOST_WORDS = 14
_DIGITS = re.compile(r"\d")
_LEADING_NUMBER = re.compile(r"(\d{1,4}(?:\s?[A-Za-z](?=[\s,])|[A-Za-z](?=[\s,]))?(?:\s*-\s*\d{1,4}[A-Za-z]?)?)[\s,]+(?=[^\W\d])")
_ORDINAL = re.compile(r"^\d{1,3}\.\s*[^\W\d]")
_NUMBER_LABEL = re.compile(r"(?:haus|hs\.?|h\.)?[- ]?(?:nummer|nr|no)\b[.:]*\s*$|\bhnr[.:]*\s*$", re.I)
_LABELLED = re.compile(r"^(?:(?:haus|hs\.?|h\.)?[- ]?(?:nummer|nr)|hnr)\b[.:]*\s*\d", re.I)
#: a number that may be a house number: at most four digits, no “17. Juni”
_NUMBER = re.compile(r"(?<![\d.])\d{1,4}(?![\d]|\.\s*[^\W\d]{2})")
_MONTH_BEFORE = re.compile(r"(?:januar|februar|märz|maerz|april|mai|juni|juli|august|september|oktober|november|dezember|von)\s*$",
                           re.I)
_FOUR_AND_NAME = re.compile(r"^\d{4}\s+[^\W\d]{3}")
_POSTCODE_WITHIN = re.compile(r"(?:\bD\s*[-–]\s*|(?<![\d\w]))\d{5}(?!\d)")
_CORNER = re.compile(r"^\s*(?:[/&+]|ecke\b\s*/?|e\.\s|und\b|u\.|x\s)\s*(?:ecke\b\s*)?", re.I)
_CORNERS = re.compile(r"\s*(?:/|&|\+)\s*(?:ecke\b)?\s*|\s*\b(?:ecke|und)\b\s*/?\s*|\s+u\.\s+|\s+x\s+", re.I)
_BRACKETS = re.compile(r"[()\[\]{}]+")
_STREET_LABEL = re.compile(r"^(?:anschrift|adresse|straße|strasse|str\.?)\s*:\s*", re.I)
_COUNTRY = frozenset(("deutschland", "germany", "brd", "de", "d"))


class TextAddress(NamedTuple):
    """One address; the fields are those of a row of `ParsedAddresses`."""

    kind: int = parsed.EMPTY
    street: str = ""
    normal: str = ""
    crossing: str = ""
    number: int = -1
    suffix: str = ""
    more: tuple = ()
    is_range: bool = False
    postcode: int = -1
    place: str = ""
    district: str = ""
    place_text: str = ""
    repairs: int = 0


NO_ADDRESS = TextAddress()


def read_address(text: str, vocabulary: Vocabulary = NO_VOCABULARY) -> TextAddress:
    """Return what a text says about an address.

    Parameters
    ----------
    text : str
        A street, street and number, or a whole address with place, in any order.
    vocabulary : Vocabulary
        What the registers know; without it the reading rests on the form alone.

    >>> read_address("10115 Berlin, Ackerstr. 12 a")[1:7]
    ('Ackerstr.', 'ackerstrasse', '', 12, 'a', ())
    """
    text = tidy(text)
    if is_nothing(text):
        return NO_ADDRESS
    return _Reader(vocabulary).read(text)


def number_repairs(number: HouseNumber, text: str) -> int:
    """Return the repairs that a house number as written needed."""
    repairs = 0
    if number.suffix and not re.search(r"\d[A-Za-z]", text):
        repairs |= parsed.SUFFIX_FORM
    if number.more:
        repairs |= parsed.SEVERAL_NUMBERS
    if number.from_date:
        repairs |= parsed.FROM_DATE
    return repairs


def spelling_repair(street: str, normal: str, vocabulary: Vocabulary) -> int:
    """Return `parsed.SPELLING` when a street is not written as a register writes it."""
    if vocabulary.names:
        return 0 if street in vocabulary.names else parsed.SPELLING
    plain = re.sub(r"[^0-9a-z]+", " ", fold_text(street)).strip()
    return parsed.SPELLING if plain != normal or street.isupper() or street.islower() else 0


class _Reader:
    """Reads the parts of one text and keeps what they said."""

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

    def read(self, text: str) -> TextAddress:
        """Return the address of a tidied text."""
        vocabulary = self.vocabulary
        whole = "".join(compact_word(word) for word in _WORD.findall(text)[:_MOST_WORDS])
        if whole in vocabulary.streets:
            self.street = text
            return self.finish()
        segments = _SEGMENTS.split(_STREET_LABEL.sub("", text))
        for position, segment in enumerate(segments[:12]):
            self.segment(segment, first=position == 0)
        return self.finish()

    def segment(self, text: str, first: bool = False) -> None:
        """Read one part."""
        text = text.strip(" :-–/\\").lstrip(". ")
        if not any(map(str.isalnum, text)) or fold_text(text).strip(".") in _COUNTRY:
            return
        if text[0].isdigit() or _LABELLED.match(text):
            if self.begins_with_postcode(text) or self.lone_number(text):
                return
        elif _POSTCODE_WITHIN.match(text) and self.begins_with_postcode(text):
            return
        if is_po_box(text):
            self.po_box = True
        elif self.known_street(text):
            pass
        elif is_contact(text):
            self.repairs |= parsed.ADDITION
        elif known_place(text, self.vocabulary) and self.whole_place(text):
            pass
        elif self.place_before_street(text) or self.whole_place(text):
            pass
        elif self.addition(text) or self.bracketed(text, first):
            pass
        elif self.corner(text) or self.facility_before_street(text):
            pass
        else:
            self.unknown(text)

    # -- parts of an address ------------------------------------------------------------------------------------

    def begins_with_postcode(self, text: str) -> bool:
        """Read “10115 Berlin”, “10115 Berlin Ackerstr. 12”, “1587 Riesa”."""
        postcode, restored, rest = read_postcode(text)
        if postcode < 0:
            return False
        if restored:
            vocabulary = self.vocabulary
            if not _FOUR_AND_NAME.match(text) or self.street_at(rest) or not (
                    postcode in vocabulary.postcodes or self.street or not vocabulary.streets
                    or known_place(rest, vocabulary)):
                return False
        self.set_place(PlaceParts(postcode, restored))
        if rest:
            place = read_place(rest, self.vocabulary)
            if place.known and (not self.vocabulary.streets or known_place(rest, self.vocabulary)
                                or not self.place_before_street(rest)):
                self.set_place(place)
            elif not place.known and not self.place_before_street(rest, any_place=True):
                before, digit = rest, _DIGITS.search(rest)
                if digit or self.known_street(rest):
                    before = ""
                    if digit:
                        self.segment(rest)
                if before:
                    self.set_place(place)
        return True

    def lone_number(self, text: str) -> bool:
        """Read a part that is nothing but a house number, or numbers."""
        if not text[-1:].isalnum() and text[-1:] not in ".)½¼¾":
            return False
        found, tail = split_house_number(text)
        if found.number < 0 or tail or found.number > 9999:
            return False
        if found.from_date and self.vocabulary.streets and self.street_at(text):
            return False
        if not self.street:
            self.waiting = self.waiting or (found, text)
        elif self.number.number < 0:
            self.set_number(found, text)
        else:
            more = (*self.number.more, (found.number, found.suffix), *found.more)
            self.number = HouseNumber(self.number.number, self.number.suffix, more, found.is_range)
            self.repairs |= parsed.SEVERAL_NUMBERS
        return True

    def street_at(self, text: str) -> list[int]:
        """Return where known streets end that a text begins with, the longest first."""
        streets, name, ends = self.vocabulary.streets, "", []
        if streets:
            for position, word in enumerate(_WORD.finditer(text)):
                if position == _MOST_WORDS:
                    break
                name += compact_word(word[0])
                if name in streets:
                    ends.append(word.end())
            ends.reverse()
        return ends

    def known_street(self, text: str) -> bool:
        """Read a part that begins with a street of the vocabulary, or with its number."""
        if not self.vocabulary.streets:
            return False
        for end in self.street_at(text):
            if self.behind_street(text[end:]):
                return self.take_street(text[:end], True)
        leading = _LEADING_NUMBER.match(text)
        if leading:
            rest = text[leading.end():]
            for end in self.street_at(rest):
                if self.number.number < 0 and self.behind_street(rest[end:]):
                    if self.number.number < 0:
                        self.set_number(split_house_number(leading[1])[0], leading[1])
                        self.repairs |= parsed.REORDERED
                    return self.take_street(rest[:end], True)
        return False

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
        folded = fold_text(text)
        if text[0].isdigit() or _LABELLED.match(text):
            if starts_with_addition(folded):
                return self.take_addition()
            if _POSTCODE_WITHIN.match(text):
                return self.behind_number(text)
            number, tail = split_house_number(text)
            if number.number < 0 or number.number > 9999:
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
        tail = _BRACKETS.sub(" ", tail).strip(" ,.-–:/")
        if not tail:
            return True
        postcode = _POSTCODE_WITHIN.search(tail)
        if not postcode and _FOUR_AND_NAME.match(tail) and not starts_with_addition(fold_text(tail)):
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
        words = list(_WORD.finditer(tail))
        for word in words[max(1, len(words) - 4):]:
            end = tail[word.start():]
            if known_place(end, self.vocabulary) or is_large_city(end):
                self.set_place(read_place(end, self.vocabulary))
                break
        return self.take_addition()

    def take_addition(self) -> bool:
        self.repairs |= parsed.ADDITION
        return True

    # -- parts that are no known street -------------------------------------------------------------------------

    def whole_place(self, text: str) -> bool:
        """Read a part that is a known place, or says “Ortsteil”."""
        place = read_place(text, self.vocabulary)
        if not place.known and not (place.district and not place.place):
            return False
        if _DIGITS.search(text) and place.postcode < 0:
            return False
        self.set_place(place)
        return True

    def addition(self, text: str) -> bool:
        """Read a part that only adds to an address."""
        if is_addition(text) and not (surely_street(text) and not self.street) or self.street and says_where(text):
            return self.take_addition()
        return False

    def bracketed(self, text: str, first: bool) -> bool:
        """Read a part with brackets: what stands in them is a part of its own."""
        pieces = [piece for piece in _BRACKETS.split(text) if piece.strip()]
        if len(pieces) < 2 and not _BRACKETS.search(text):
            return False
        outside = " ".join(pieces[::2]) if text[0] not in "([{" else " ".join(pieces[1::2]) or pieces[0]
        inside = pieces[1::2] if text[0] not in "([{" else pieces[0:1] * (len(pieces) > 1)
        self.segment(outside, first)
        for piece in inside:
            place = read_place(piece, self.vocabulary)
            if place.known or place.postcode > 0:
                self.set_place(place)
            elif self.number.number < 0 and piece[0].isdigit():
                self.segment(piece)
            else:
                self.take_addition()
        return True

    def place_before_street(self, text: str, any_place: bool = False) -> bool:
        """Read “Berlin Ackerstr. 12”; with `any_place` the place need not be known, as a postcode stood before it."""
        words = list(_WORD.finditer(text))[:6]
        for word in reversed(words[1:]):
            if known_place(text[:word.start()], self.vocabulary):
                rest = text[word.start():].lstrip(" -–,:/")
                if self.known_street(rest) or (surely_street(rest) and _DIGITS.search(rest) and self.unknown(rest)):
                    self.set_place(read_place(text[:word.start()].strip(" -–,:/"), self.vocabulary))
                    return True
        if any_place:
            for word in words[1:]:
                rest = text[word.start():]
                found = self.known_street(rest) if self.vocabulary.streets else (
                    surely_street(word[0]) and compact_word(word[0]) not in GENERIC and self.unknown(rest))
                if found:
                    self.set_place(read_place(text[:word.start()].strip(" -–,:/"), self.vocabulary))
                    return True
        return False

    def facility_before_street(self, text: str) -> bool:
        """Read “Kita Sonnenschein Ackerstr. 12”: a known street with number behind the name of an institution."""
        if not self.vocabulary.streets or self.street or not _DIGITS.search(text):
            return False
        words = list(_WORD.finditer(text))[:_MOST_WORDS]
        if not words or not is_facility(words[0][0]):
            return False
        for word in words[1:]:
            rest = text[word.start():]
            if self.street_at(rest) and _NUMBER.search(rest) and self.known_street(rest):
                return self.take_addition()
        return False

    def corner(self, text: str) -> bool:
        """Read a crossing of streets of which one at least is not known as written."""
        text = re.sub(r"^ecke\b\s*:?\s*", "", text, flags=re.I)
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

    def corner_street(self, text: str) -> bool:
        """Keep the second street of a crossing when the text is one."""
        ends = self.street_at(text)
        if ends:
            text = text[:ends[0]]
        elif not looks_like_street(text) or normal_street(text).replace(" ", "") in GENERIC:
            return False
        if self.number.number < 0:
            self.crossing = normal_street(text)
        else:
            self.take_addition()
        return True

    def unknown(self, text: str) -> bool:
        """Read a part by its form: “Akcerstr. 12”, “12 Ackerstraße”, “Straße des 17. Juni 135”, or a name."""
        leading = None if _ORDINAL.match(text) else _LEADING_NUMBER.match(text)
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
            own = compact_word(before) if " " not in before else ""
            if own in GENERIC or (len(before) == 1 and before.isupper() and text[found.start() - 1] != " "):
                behind = text[found.end():]
                letter = re.match(r"[A-Za-z]?(?![A-Za-z])", behind)
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
            self.set_number(split_house_number(leading[1])[0], leading[1])
            self.repairs |= parsed.REORDERED
            return self.take_unknown(text[start:])
        if self.waiting and not self.street and self.number.number < 0 and not is_facility(text):
            return self.take_unknown(text)
        self.loose.append((text, bool(self.street) and not self.maybe_place))
        return True

    def take_unknown(self, text: str) -> bool:
        """Keep a street that the vocabulary does not know, without additions at its end."""
        text = text.strip(" ,:-–/")
        for word in list(_WORD.finditer(text))[1:]:
            rest = fold_text(text[word.start():])
            if starts_with_addition(rest) and not surely_street(rest):
                text = text[:word.start()].strip(" ,:-–/")
                self.take_addition()
                break
        return self.take_street(text, False)

    # -- the whole ----------------------------------------------------------------------------------------------

    def finish(self) -> TextAddress:
        """Return the address after all parts were read."""
        if not self.street and self.loose:
            self.choose_loose()
        for text, behind in self.loose:
            if self.street and (behind or is_large_city(text)) and self.may_be_place(text):
                self.set_place(read_place(text, self.vocabulary))
            else:
                self.take_addition()
        kind = parsed.ADDRESS
        if self.crossing:
            kind = parsed.CROSSING
        elif not self.street:
            kind = parsed.PO_BOX if self.po_box else parsed.EMPTY
        elif not self.known and self.number.number < 0 and is_landmark(self.street):
            kind = parsed.LANDMARK
        if self.po_box and self.street:
            self.take_addition()
        normal = normal_street(self.street)
        if not normal and kind == parsed.ADDRESS:
            kind = parsed.EMPTY
        if kind == parsed.LANDMARK:
            normal = ""
        repairs = self.repairs | (spelling_repair(self.street, normal, self.vocabulary) if normal else 0)
        number = self.number
        return TextAddress(kind, self.street, normal, self.crossing, number.number, number.suffix, number.more,
                           number.is_range, self.postcode, self.place, self.district, self.place_text, repairs)

    def choose_loose(self) -> None:
        """Make the likeliest of the unknown names the street."""
        names = [text for text, _behind in self.loose]
        best = next((text for text in names if surely_street(text)), None)
        best = best or next((text for text in names if looks_like_street(text) and not is_landmark(text)), None)
        best = best or next((text for text in names if is_landmark(text)), None)
        best = best or next((text for text in names if not is_facility(text)), names[0])
        if self.po_box and not surely_street(best):
            return
        position = names.index(best)
        self.loose = [(text, place > position) for place, (text, _behind) in enumerate(self.loose) if place != position]
        self.take_unknown(best)

    def may_be_place(self, text: str) -> bool:
        """Return whether an unknown name beside an address can be its municipality."""
        return (not _DIGITS.search(text) and len(text.split()) <= 4 and not is_facility(text) and not is_addition(text)
                and not says_where(text) and not is_landmark(text) and not surely_street(text))
