"""Which columns of a list hold the address: guessed from headings and from what stands below them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from . import parsed
from .address_reading import read_address
from .cells import column_of, is_nothing, texts_of, tidy
from .house_numbers import read_house_number
from .place_parts import known_place, read_place
from .street_names import fold_text
from .street_words import compact_word, looks_like_street
from .vocabulary import NO_VOCABULARY, Vocabulary

_SAMPLE = 150
_MANY_IN_ORDER = 8
_HEADINGS = {
    "street": ("strasse", "str", "strassenname", "strname", "street", "streetname", "stn", "strassen", "strn"),
    "address": ("adresse", "anschrift", "address", "adr", "postanschrift", "standort", "hausanschrift", "adresszeile",
                "wohnanschrift", "addresse", "standortadresse", "lage", "strasseort", "adressen"),
    "number": ("hausnummer", "hausnr", "hnr", "hsnr", "housenumber", "houseno", "housenr", "hausno", "hausnummern",
               "hsnummer", "hausnum", "hausnumm", "hausn"),
    "suffix": ("zusatz", "hausnummernzusatz", "hausnummerzusatz", "hausnrzusatz", "hnrzusatz", "hnrz", "adz", "zus",
               "suffix", "hsnrzu", "adresszusatz", "hausnrz", "buchstabe", "hnrzus", "hausnrzus", "housenumbersuffix"),
    "postcode": ("plz", "postleitzahl", "postcode", "zip", "zipcode", "postalcode", "postleitzahlen"),
    "place": ("ort", "stadt", "gemeinde", "city", "town", "place", "wohnort", "kommune", "municipality", "ortsname",
              "gemeindename", "onm", "ortschaft", "plzort", "stadtname", "plzundort"),
    "district": ("ortsteil", "stadtteil", "ot", "district", "ortsteilname", "stadtteilname", "quarter", "suburb",
                 "gemeindeteil", "ortst", "stadtt"),
    "name": ("name", "einrichtung", "bezeichnung", "einrichtungsname", "institution", "titel", "facility", "angebot",
             "kita", "schule", "einrichtungen", "angebotsname", "kitaname", "schulname", "title"),
}
#: headings that leave no doubt, whatever the cells look like
_ADDRESS_ALONE = (["strasse"], ["strassenname"], ["adresse"], ["anschrift"], ["street"], ["address"])
_WEAK_NUMBER = ("nr", "nummer", "no", "number", "num")
#: words beside which a heading means something else: “Name des Trägers”, “Straßenschlüssel”
_OTHERS = frozenset(("traeger", "traegers", "schluessel", "key", "code", "id", "telefon", "tel", "mail", "email", "art",
                     "typ", "type", "bezirk", "bez", "leitung", "ansprechpartner", "kreis", "land", "traegername",
                     "kontakt"))
_FILL = frozenset(("und", "der", "des", "die", "das", "mit", "u", "and", "e", "adr", "s", "c", "in"))


@dataclass(frozen=True)
class AddressColumns:
    """Names of the columns of a list, "" for what it does not have.

    `address` holds whole addresses; `street` may hold the number, too, and `place` the postcode. `suffix` holds
    additions to the number, `name` the name of the offer.
    """

    address: str = ""
    street: str = ""
    number: str = ""
    suffix: str = ""
    postcode: str = ""
    place: str = ""
    district: str = ""
    name: str = ""


@dataclass(frozen=True)
class _Content:
    """Shares of the cells of a column that are: street alone, street with number, whole address, and so on."""

    street: float = 0.0
    numbered: float = 0.0
    whole: float = 0.0
    number: float = 0.0
    running: bool = False
    postcode: float = 0.0
    known_postcode: float = 0.0
    place: float = 0.0
    district: float = 0.0
    empty: bool = True


def guess_address_columns(frame: pd.DataFrame, vocabulary: Vocabulary | None = None) -> AddressColumns:
    """Guess which columns of a list hold the address.

    Headings decide where the cells do not contradict; columns without a heading that says anything are recognised by
    their cells. A running number is never taken for the house number.

    Parameters
    ----------
    frame : DataFrame
    vocabulary : Vocabulary, optional
        What the registers know.

    Returns
    -------
    AddressColumns
        With empty `address` and `street` when nothing was found.
    """
    vocabulary = vocabulary or NO_VOCABULARY
    labels = [str(label) for label in dict.fromkeys(frame.columns)]
    words = [heading_words(label) for label in labels]
    contents = [_content(column_of(frame, label), vocabulary) for label in labels]
    guess = _Guess(labels, words, contents)
    guess.street()
    if guess.found.get("street") is not None or guess.found.get("address") is not None:
        guess.number()
        guess.suffix()
        guess.places()
    guess.name()
    return AddressColumns(**{role: labels[position] for role, position in guess.found.items() if position is not None})


def heading_words(label: str) -> list[str]:
    """Return the words of a heading that say something.

    >>> heading_words("Straße und Haus-Nr."), heading_words("e_plz")
    (['strasse', 'hausnr'], ['plz'])
    """
    folded = fold_text(re.sub(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])", " ", label[:200]))
    folded = re.sub(r"\b(haus|house)[\s_.-]+(nr|nummer|no|number|num)\b", r"\1\2", folded.replace("_", " "))
    folded = re.sub(r"\b(str|strassen|street)[\s.-]+(name)\b", r"\1\2", folded)
    folded = re.sub(r"\b(zip|postal)\s+(code)\b", r"\1\2", folded)
    folded = re.sub(r"\b(hnr|hausnr|hausnummer|hsnr|housenumber)\s+(zusatz|zus|suffix)\b", r"\1\2", folded)
    return [word for word in re.findall(r"[a-z0-9]+", folded) if word not in _FILL]


class _Guess:
    """Finds one column after the other; `found` holds their positions by role."""

    def __init__(self, labels: list[str], words: list[list[str]], contents: list[_Content]):
        self.labels, self.words, self.contents = labels, words, contents
        self.found: dict[str, int | None] = {}

    def heading(self, role: str, position: int) -> float:
        """Return how well a heading names a role: 1 alone, less among other words, 0 not at all."""
        words = self.words[position]
        if not words or not any(word in _HEADINGS[role] for word in words) or _OTHERS.intersection(words):
            return 0.0
        known = sum(any(word in names for names in _HEADINGS.values()) or word in _WEAK_NUMBER for word in words)
        first = 0.1 if words[0] in _HEADINGS[role] else 0.0
        return 0.5 + first + 0.4 * known / len(words) - 0.02 * (len(words) - 1)

    def free(self):
        taken = set(self.found.values())
        return [position for position in range(len(self.labels)) if position not in taken]

    def best(self, role: str, score) -> int | None:
        """Take the free column with the highest positive score, the first among equals."""
        scored = [(score(position), -position) for position in self.free()]
        top = max(scored, default=(0.0, 0))
        if top[0] > 0:
            self.found[role] = -top[1]
            return -top[1]
        return None

    def street(self) -> None:
        """Find the column with the street, or the one with whole addresses."""
        def score(position):
            content = self.contents[position]
            written = max(content.street + content.numbered, content.whole)
            heading = max(self.heading("street", position) * 1.1, self.heading("address", position))
            if not heading:
                return written if written >= 0.5 else 0.0
            return 1.0 + heading + written if written >= 0.15 or content.empty else 0.0

        def name_alone(position):  # cells that are hard to read do not take away what the heading says
            content = self.contents[position]
            return float(self.words[position] in _ADDRESS_ALONE and content.number + content.postcode < 0.5)

        position = self.best("street", score)
        position = position if position is not None else self.best("street", name_alone)
        if position is None:
            return
        content = self.contents[position]
        named_street = self.heading("street", position) >= self.heading("address", position) > 0
        if content.whole > 0.5 or (content.numbered > 0.5 and not self.heading("street", position)) or (
                not named_street and content.numbered > 0.5):
            self.found["address"] = self.found.pop("street")

    def number(self) -> None:
        """Find the column with the house number."""
        street = self.found.get("street")
        if street is None:
            return
        has_numbers = self.contents[street].numbered > 0.6

        def score(position):
            content = self.contents[position]
            heading = self.heading("number", position)
            if "suffix" in self.roles(position):
                return 0.0
            if heading:
                return 2.0 + heading if content.number >= 0.2 or content.empty else 0.0
            weak = any(word in _WEAK_NUMBER for word in self.words[position])
            near = 0 < position - street <= 2
            if has_numbers or content.running or content.number < 0.6 or not near:
                return 0.0
            return 1.0 + content.number if weak and len(self.words[position]) == 1 else (
                content.number if position - street == 1 and not self.any_role(position) else 0.0)

        self.best("number", score)

    def suffix(self) -> None:
        """Find the column with additions to the number."""
        if self.found.get("number") is not None or self.found.get("street") is not None:
            self.best("suffix", lambda position: self.heading("suffix", position))

    def places(self) -> None:
        """Find the columns with postcode, place and district."""
        def postcode(position):
            content = self.contents[position]
            heading = self.heading("postcode", position)
            if heading and self.heading("place", position) and content.postcode < 0.5:
                return 0.0  # “PLZ Ort”: postcode and place in one
            if heading:
                return 2.0 + heading if content.postcode >= 0.2 or content.empty else 0.0
            if self.any_role(position):
                return 0.0
            if content.known_postcode >= 0.6:
                return content.known_postcode
            street = self.found.get("street", self.found.get("address"))
            return 0.5 if content.postcode >= 0.95 and 0 < position - street <= 3 else 0.0

        def place(position):
            content = self.contents[position]
            heading = max(self.heading("place", position), 0.9 * self.heading("postcode", position))
            if heading:
                return 2.0 + heading + content.place if content.postcode < 0.5 and content.number < 0.5 else 0.0
            return content.place if content.place >= 0.6 and not self.any_role(position) else 0.0

        def district(position):
            content = self.contents[position]
            if self.heading("district", position):
                return 2.0 + self.heading("district", position) if content.number < 0.5 else 0.0
            return content.district if content.district >= 0.9 and not (
                self.any_role(position) or _OTHERS.intersection(self.words[position])) else 0.0

        self.best("postcode", postcode)
        self.best("place", place)
        self.best("district", district)

    def name(self) -> None:
        """Find the column with the name of the offer."""
        def score(position):
            content = self.contents[position]
            if content.number > 0.5 or {"street", "place", "district"}.intersection(self.roles(position)):
                return 0.0
            return self.heading("name", position)

        self.best("name", score)

    def roles(self, position: int) -> set[str]:
        return {role for role in _HEADINGS if self.heading(role, position)}

    def any_role(self, position: int) -> bool:
        return bool(self.roles(position) - {"name"})


def _content(column: pd.Series, vocabulary: Vocabulary) -> _Content:
    """Return what the cells of a column look like, from a sample spread over the column."""
    values = column.to_numpy(dtype=object) if isinstance(column, pd.Series) else np.asarray(column, dtype=object)
    step = max(1, len(values) // (4 * _SAMPLE))
    codes, cells = texts_of(values[::step])
    texts = [text for text in (tidy(cells[code]) for code in codes[:4 * _SAMPLE]) if not is_nothing(text)]
    if not texts:
        return _Content()
    running = _is_running(texts)
    texts = texts[:: max(1, len(texts) // _SAMPLE)][:_SAMPLE]
    street = numbered = whole = number = postcode = known_postcode = place = district = 0
    for text in texts:
        if text.isdigit():
            number += len(text) <= 4
            postcode += len(text) in (4, 5) and int(text) >= 1000
            known_postcode += int(text) in vocabulary.postcodes
            continue
        if len(text) < 16 and text[0].isdigit() and not read_house_number(text).rest:
            number += read_house_number(text).number > 0
            continue
        parts = read_place(text, vocabulary)
        if parts.known or parts.postcode > 0:
            place += bool(parts.place) or parts.postcode > 0
            district += bool(parts.district) and known_place(text, vocabulary)
            if "".join(map(compact_word, text.split())) not in vocabulary.streets and not any(
                    map(str.isdigit, parts.text)):
                continue
        read = read_address(text, vocabulary)
        if read.kind in (parsed.ADDRESS, parsed.CROSSING) and _is_street(read, vocabulary):
            whole += read.number >= 0 and (read.postcode >= 0 or bool(read.place))
            numbered += read.number >= 0
            street += read.number < 0
        elif read.kind == parsed.PO_BOX:
            street += 1
    shares = [count / len(texts) for count in (street, numbered, whole, number)]
    return _Content(*shares, running, *(count / len(texts) for count in (postcode, known_postcode, place, district)),
                    empty=False)


def _is_street(read, vocabulary: Vocabulary) -> bool:
    return read.normal.replace(" ", "") in vocabulary.streets or looks_like_street(read.street)


def _is_running(texts: list[str]) -> bool:
    """Return whether the cells count up: 1, 2, 3 …; a few house numbers can be in their order by chance."""
    numbers = [int(text) for text in texts if text.isdigit() and len(text) < 10]
    if len(numbers) < 3 or len(numbers) < 0.9 * len(texts):
        return False
    steps = np.diff(numbers)
    return bool((steps > 0).mean() > 0.95 if len(numbers) >= _MANY_IN_ORDER else (steps == 1).all())
