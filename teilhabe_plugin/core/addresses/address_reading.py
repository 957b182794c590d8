"""One address out of one text: which part is street, number, place, which only adds to it.

The text is taken apart at commas and line breaks. Each part is read as number, P.O. box, known street, place,
addition or unknown street, in this order: a name that the register knows as a street is never taken for anything else,
and of several known names the longest counts (“Straße des 17. Juni 135”, “Straße 614 12”).
"""

from __future__ import annotations

import re

from . import parsed
from .additions import is_addition, is_contact, is_facility, is_labelled, is_landmark, is_po_box, says_where
from .address_parts import FOUR_AND_NAME, HIGHEST_NUMBER, LABELLED, MOST_WORDS, POSTCODE_WITHIN, WORD, joined
from .cells import is_nothing, tidy
from .cities import is_large_city, looks_like_place
from .house_numbers import split_house_number
from .place_parts import FOREIGN, PlaceParts, known_place, read_place, read_postcode
from .street_names import fold_text, normal_street
from .street_words import GENERIC, compact_word, is_bare_kind, looks_like_street, surely_street
from .text_address import NO_ADDRESS, TextAddress, spelling_repair
from .unknown_streets import UnknownStreets
from .vocabulary import NO_VOCABULARY, Vocabulary

_SEGMENTS = re.compile(r"\s*[,;|•·]\s*")
_MOST_SEGMENTS = 12
_DIGITS = re.compile(r"\d")
_NUMBER = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
_POSTCODE_LIKE = re.compile(r"\d{4}")
#: where a blank got lost beside a postcode: “12a10115Berlin”
_BEHIND_POSTCODE = re.compile(r"(?<=(?<!\d)\d{5})(?=[^\W\d_]{2})")
_BEFORE_POSTCODE = re.compile(r"(?:(?<=[^\W\d_]{2})|(?<=\d[A-Za-z]))(?=\d{5}(?!\d))")
#: what a number is shown as: “12,0”, “12.0”
_DECIMAL = re.compile(r"(?<=\d)[.,]0(?=[\s,;]|$)")
_BRACKETS = re.compile(r"[()\[\]{}]+")
#: a word that likely belongs to the name behind it: “Neue Ackerstr.”, “Am Markt”
_GOES_ON = re.compile(r"(?:e|er|en|es|em|alt|neu|gross|klein)$|^\W*\w{0,3}\W*$")
_STREET_LABEL = re.compile(r"^(?:anschrift|adresse|straße|strasse|str\.?)\s*:\s*", re.I)
_MUNICIPALITY = re.compile(r"^(?:Stadt|Gemeinde|Samtgemeinde)\s+(?=[^\W\d_])", re.I)
_COUNTRY = frozenset(("deutschland", "germany", "brd", "de", "d"))


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
    text = _DECIMAL.sub("", _BEFORE_POSTCODE.sub(" ", _BEHIND_POSTCODE.sub(" ", tidy(text))))
    if is_nothing(text):
        return NO_ADDRESS
    return _Reader(vocabulary).read(text)


class _Reader(UnknownStreets):
    """Reads the segments of one text."""

    __slots__ = ()

    def read(self, text: str) -> TextAddress:
        """Return the address of a tidied text."""
        ends = self.street_at(text)
        if ends and ends[0] == len(text):
            self.street, self.known = text, True
            return self.finish()
        segments = _SEGMENTS.split(_STREET_LABEL.sub("", text))
        for segment in segments[:_MOST_SEGMENTS]:
            self.segment(segment)
        return self.finish()

    def segment(self, text: str) -> None:
        """Read one part."""
        text = text.strip(" :-–/\\").lstrip(". ")
        if not any(map(str.isalnum, text)) or fold_text(text).strip(".") in _COUNTRY:
            return
        if FOREIGN.match(text):
            self.set_place(read_place(text, self.vocabulary))
            return
        if text[0].isdigit() or LABELLED.match(text):
            if self.begins_with_postcode(text) or self.lone_number(text):
                return
        elif POSTCODE_WITHIN.match(text) and self.begins_with_postcode(text):
            return
        if is_po_box(text):
            self.po_box = True
            return
        readings = (self.known_street, self.contact, self.known_whole_place, self.place_before_street, self.whole_place,
                    self.addition, self.bracketed, self.corner, self.facility_before_street, self.unknown)
        for reading in readings:
            if reading(text):
                return

    # -- parts of an address ------------------------------------------------------------------------------------

    def begins_with_postcode(self, text: str) -> bool:
        """Read “10115 Berlin”, “10115 Berlin Ackerstr. 12”, “1587 Riesa”."""
        postcode, restored, rest = read_postcode(text)
        if postcode < 0:
            return False
        if restored:
            vocabulary = self.vocabulary
            if not FOUR_AND_NAME.match(text) or self.street_at(rest) or not (
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
        if found.number < 0 or tail or found.number > HIGHEST_NUMBER:
            return False
        if found.from_date and self.vocabulary.streets and self.street_at(text):
            return False
        if not self.street and self.loose and looks_like_street(self.loose[-1][0]):
            self.take_unknown(self.loose.pop()[0])
        if not self.street:
            self.waiting = (joined(self.waiting[0], found), text) if self.waiting else (found, text)
        elif self.number.number < 0:
            self.set_number(found, text)
        else:
            self.number = joined(self.number, found)
            self.repairs |= parsed.SEVERAL_NUMBERS
        return True

    # -- parts that are no known street -------------------------------------------------------------------------

    def contact(self, text: str) -> bool:
        """Pass over telephone numbers and the like."""
        return is_contact(text) and self.take_addition()

    def known_whole_place(self, text: str) -> bool:
        """Read a part that is the name of a known place."""
        return known_place(text, self.vocabulary) and self.whole_place(text)

    def whole_place(self, text: str) -> bool:
        """Read a part that is a known place, or says “Ortsteil”."""
        if _DIGITS.search(text) and not _POSTCODE_LIKE.search(text):
            return False
        place = read_place(text, self.vocabulary)
        if not place.known and not (place.district and not place.place):
            return False
        if _DIGITS.search(text) and place.postcode < 0:
            return False
        self.set_place(place)
        return True

    def addition(self, text: str) -> bool:
        """Read a part that only adds to an address."""
        if is_addition(text):
            found = bool(self.street) or is_labelled(text) or not surely_street(text)
        else:
            found = bool(self.street) and says_where(text)
        return found and self.take_addition()

    def bracketed(self, text: str) -> bool:
        """Read a part with brackets: what stands in them is a part of its own."""
        pieces = [piece for piece in _BRACKETS.split(text) if piece.strip()]
        if len(pieces) < 2 and not _BRACKETS.search(text):
            return False
        outside = " ".join(pieces[::2]) if text[0] not in "([{" else " ".join(pieces[1::2]) or pieces[0]
        inside = pieces[1::2] if text[0] not in "([{" else pieces[0:1] * (len(pieces) > 1)
        self.segment(outside)
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
        words = list(WORD.finditer(text))[:6]
        for word in reversed(words[1:]):
            if known_place(text[:word.start()], self.vocabulary):
                if is_bare_kind(compact_word(word[0])) and text[:word.start()].rstrip()[-1:].isalnum():
                    continue  # “Berlin Straße 5” is “Berliner Straße 5”
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
        words = list(WORD.finditer(text))[:MOST_WORDS]
        if not words or not (is_facility(words[0][0]) or is_addition(text)):
            return False
        for before, word in zip(words, words[1:]):
            if _GOES_ON.search(fold_text(before[0])):
                continue
            rest = text[word.start():]
            possible = not is_bare_kind(compact_word(word[0])) and bool(self.street_at(rest))
            if possible and _NUMBER.search(rest) and self.known_street(rest):
                return self.take_addition()
        return False

    # -- the whole ----------------------------------------------------------------------------------------------

    def finish(self) -> TextAddress:
        """Return the address after all parts were read."""
        if not self.street and self.loose:
            self.choose_loose()
        for text, behind in self.loose:
            named = behind or is_large_city(text) or (
                looks_like_place(text) and self.postcode not in self.vocabulary.postcodes)
            if self.street and named and self.may_be_place(text):
                self.set_place(read_place(_MUNICIPALITY.sub("", text), self.vocabulary))
            else:
                self.take_addition()
        kind = parsed.ADDRESS
        if self.crossing:
            kind = parsed.CROSSING
        elif not self.street:
            kind = parsed.PO_BOX if self.po_box else parsed.EMPTY
        elif not self.known and self.number.number < 0 and self.is_no_street():
            kind = parsed.LANDMARK
        if self.po_box and self.street:
            self.take_addition()
        normal = normal_street(self.street)
        if not normal and kind == parsed.ADDRESS:
            kind = parsed.LANDMARK  # letters that no street is written with
        if kind == parsed.LANDMARK:
            normal = ""
        repairs = self.repairs | (spelling_repair(self.street, normal, self.vocabulary) if normal else 0)
        number = self.number
        return TextAddress(kind, self.street, normal, self.crossing, number.number, number.suffix, number.more,
                           number.is_range, self.postcode, self.place, self.district, self.place_text, repairs)

    def is_no_street(self) -> bool:
        """Return whether the unknown name without number is that of a building, a park, an institution."""
        return is_landmark(self.street) or is_facility(self.street) and not looks_like_street(self.street)

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
        text = _MUNICIPALITY.sub("", text)
        return (not _DIGITS.search(text) and len(text.split()) <= 4 and not is_facility(text) and not is_addition(text)
                and not says_where(text) and not is_landmark(text) and not surely_street(text))
