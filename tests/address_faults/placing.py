"""Faults in postcode, place and district, and rows that are no address of this city at all."""
from __future__ import annotations

import numpy as np

from tests.address_faults.ground import street_key
from tests.address_faults.rows import NONE, STREET

_LANDMARKS = ("im Rathaus", "Rathaus", "siehe Homepage", "Stadtpark", "am Hauptbahnhof", "Grundschule am See",
              "verschiedene Orte",
              "Gemeindezentrum", "wechselnde Standorte", "Jugendhaus", "auf Anfrage", "mobil im Stadtgebiet", "k. A.")
_BOXES = ("Postfach 90 51 80", "Postfach 1234", "Postf. 10 20 30", "PF 4711", "P.O. Box 12 34", "Pf. 100152",
          "POSTFACH 110")


def postcode_missing(row, ground, chance):
    row.postcode = row.says_postcode = ""


def place_missing(row, ground, chance):
    row.place = ""


def postcode_of_another(row, ground, chance):
    """Write a postcode that belongs to another part of the city."""
    row.postcode = chance.choice([code for code in sorted(set(ground.postcodes)) if code != row.postcode])
    row.says_postcode = row.postcode


def postcode_mistyped(row, ground, chance):
    """Write a postcode with one wrong digit."""
    place = chance.randrange(2, 5)
    digit = chance.choice([each for each in "0123456789" if each != row.postcode[place]])
    row.postcode = row.postcode[:place] + digit + row.postcode[place + 1:]
    row.says_postcode = row.postcode


def zero_lost(row, ground, chance):
    row.postcode = row.postcode.lstrip("0")


def with_postcode(ground):
    return (ground.postcodes != "") & ~ground.held


def zero_postcode(ground):
    return with_postcode(ground) & [code.startswith("0") for code in ground.postcodes]


def district_part(row, ground, chance):
    district = row.district or chance.choice(ground.districts)
    row.place = chance.choice(("{0}-{1}", "{0} {1}", "{0} ({1})", "{0} OT {1}", "{0}, {1}")).format(row.place, district)
    row.district_form = "place"


def has_districts(ground):
    return (ground.of_district != "") | bool(ground.districts)


def district_for_place(row, ground, chance):
    row.place = row.district
    row.district_form = "place"


def place_in_street(row, ground, chance):
    row.before, row.joined = f"{row.postcode} {row.place}, ".lstrip(), chance.random() < 0.5
    row.postcode = row.place = ""


def other_place(row, ground, chance):
    row.place, row.postcode = chance.choice(ground.elsewhere)
    row.says_postcode, row.district = row.postcode, ""
    row.truth, row.best = "none", NONE


def unknown_street(row, ground, chance):
    row.street = chance.choice(ground.foreign)
    row.key = street_key(row.street)
    row.truth, row.best = "none", NONE


def post_box(row, ground, chance):
    row.whole = chance.choice(_BOXES)
    row.truth, row.best = "none", NONE


def landmark(row, ground, chance):
    row.whole = chance.choice(_LANDMARKS)
    row.truth, row.best = "none", NONE


def empty(row, ground, chance):
    row.empty = True
    row.truth, row.best = "none", NONE


def crossing(row, ground, chance):
    """Write two streets that meet (without coordinates: that share an area) in place of an address."""
    row.second = ground.neighbour(row.address)
    name = ground.names[ground.name_of_key[row.second]]
    form = chance.choice(("{0} / {1}", "Ecke {0}/{1}", "{0} Ecke {1}", "{0}/Ecke {1}", "Kreuzung {0} und {1}"))
    row.whole = form.format(row.street, name)
    row.truth, row.best = "crossing", STREET


def can_cross(ground):
    """Return 2,000 addresses that lie near another street."""
    chosen = np.zeros(len(ground.frame), dtype=bool)
    some = np.random.default_rng(5).permutation(np.flatnonzero(~ground.held))[:2000]
    chosen[[row for row in some if ground.neighbour(row)]] = True
    return chosen
