"""Faults in the name of the street: short forms, umlauts, hyphens, capital letters, typing errors, former names."""
from __future__ import annotations

import re
import unicodedata

from tests.address_faults.edits import distance
from tests.address_faults.ground import street_key

_PAIRS = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("Ä", "Ae"), ("Ö", "Oe"), ("Ü", "Ue"))
_ALPHABET = [chr(place) for place in range(ord("a"), ord("z") + 1) if chr(place) not in "qxy"]
_TITLES = (("Doktor-", "Dr.-"), ("Dr.-", "Dr "), ("Dr.-", "Doktor-"), ("Professor-", "Prof.-"), ("Prof.-", "Prof "),
           ("Bürgermeister-", "Bgm.-"), ("Geschwister-", "Geschw.-"), ("Freiherr-", "Frhr.-"))


def has_strasse(name):
    return name.endswith(("straße", "Straße")) and len(name) > 7


def strasse_short(row, ground, chance):
    form = chance.choice(("Str.", "Str", "Str. ", "Str."))
    row.street = re.sub("[Ss]traße$", lambda found: form if found[0][0] == "S" else form.lower(), row.street).strip()


def strasse_ss(row, ground, chance):
    row.street = row.street.replace("ß", "ss")


def umlauts(row, ground, chance):
    for letter, pair in _PAIRS:
        row.street = row.street.replace(letter, pair)


def dots_lost(row, ground, chance):
    places = [place for place, letter in enumerate(row.street) if letter in "äöüÄÖÜ"]
    if not places:  # another fault has written them out
        return
    place = chance.choice(places)
    plain = dict(zip("äöüÄÖÜ", "aouAOU"))[row.street[place]]
    _typed(row, ground, row.street[:place] + plain + row.street[place + 1:])


def decomposed(row, ground, chance):
    row.street = unicodedata.normalize("NFD", row.street)


def words(row, ground, chance):
    """Write “Acker Straße” for Ackerstraße and “Bochumerstraße” for Bochumer Straße."""
    if " Straße" in row.street:
        row.street = row.street.replace(" Straße", "straße")
    else:
        row.street = re.sub("straße$", " Straße", row.street)


def hyphens(row, ground, chance):
    if "-" in row.street:
        row.street = row.street.replace("-", " ") if chance.random() < 0.5 else row.street.replace("-", " ", 1)
    else:
        row.street = row.street.replace(" ", "-")


def sankt(row, ground, chance):
    if "Sankt" in row.street:
        row.street = re.sub(r"Sankt[ -]", lambda found: "St. " if chance.random() < 0.5 else "St ", row.street)
    else:
        row.street = re.sub(r"\bSt\.[ -]?", "Sankt ", row.street)


def platz_short(row, ground, chance):
    row.street = re.sub("platz$", "pl.", re.sub("Platz$", "Pl.", row.street))


def titled(name):
    return any(title in name for title, _form in _TITLES)


def title(row, ground, chance):
    fitting = [pair for pair in _TITLES if pair[0] in row.street] or _TITLES
    row.street = row.street.replace(*chance.choice(fitting))


def capitals(row, ground, chance):
    row.letters = "upper"


def small(row, ground, chance):
    row.letters = "lower"


def blanks(row, ground, chance):
    before, behind = chance.choice(("", " ", "  ")), chance.choice((" ", "  ", chr(160)))
    row.street = before + row.street.replace(" ", "  ") + behind


def former_name(row, ground, chance):
    row.street = ground.renamed[ground.streets[row.address]]


def insert(row, ground, chance):
    place = chance.randrange(len(row.street) + 1)
    _typed(row, ground, row.street[:place] + chance.choice(_ALPHABET) + row.street[place:])


def delete(row, ground, chance):
    place = _letter(row.street, chance)
    _typed(row, ground, row.street[:place] + row.street[place + 1:])


def substitute(row, ground, chance):
    place = _letter(row.street, chance)
    letter = chance.choice([each for each in _ALPHABET if each != row.street[place].lower()])
    _typed(row, ground, row.street[:place] + letter + row.street[place + 1:])


def transpose(row, ground, chance):
    places = [place for place in range(len(row.street) - 1)
              if row.street[place].isalpha() and row.street[place + 1].isalpha()
              and row.street[place].lower() != row.street[place + 1].lower()]
    place = chance.choice(places)
    _typed(row, ground, row.street[:place] + row.street[place + 1] + row.street[place] + row.street[place + 2:])


def two_errors(row, ground, chance):
    """Two edits in a name of at least eight letters; ä and ß, two letters each when written out, stay whole."""
    first = row.street
    for _ in range(50):
        row.street = first
        for edit in chance.sample((insert, delete, substitute, transpose), 2):
            edit(row, ground, chance)
        kept = all(row.street.count(letter) >= first.count(letter) for letter in "äöüÄÖÜß")
        if kept and row.edits == 2:
            return
    _typed(row, ground, first)


def long_name(name):
    return len(street_key(name)) >= 8 + 7 * name.lower().endswith("straße")


def _letter(text, chance):
    return chance.choice([place for place, letter in enumerate(text) if letter.isalpha()])


def _typed(row, ground, text):
    row.street = text
    row.key = street_key(text)
    row.edits = distance(row.key, ground.key[row.address])
