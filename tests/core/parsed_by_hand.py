"""Addresses as reading them would give them, written down by hand, and a small register."""

import numpy as np
import pandas as pd

from teilhabe_plugin.core.addresses.house_numbers import read_house_number
from teilhabe_plugin.core.addresses.parsed import ADDRESS, EMPTY, SEVERAL_NUMBERS, ParsedAddresses
from teilhabe_plugin.core.addresses.register_building import build_register
from teilhabe_plugin.core.addresses.street_names import fold_place, normal_streets


def objects(values):
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def parsed_of(*rows):
    """Each row: dict with any of street, number, postcode, place, district, kind, crossing, repairs."""
    def column(name, default=""):
        return [row.get(name, default) for row in rows]

    numbers = [read_house_number(str(row.get("number", ""))) for row in rows]
    street = objects(column("street"))
    kinds = [row.get("kind", ADDRESS if row.get("street") else EMPTY) for row in rows]
    return ParsedAddresses(
        kind=np.array(kinds, np.int8), street=street, normal=normal_streets(street),
        crossing=normal_streets(objects(column("crossing"))),
        number=np.array([each.number for each in numbers], np.int32), suffix=objects([each.suffix for each in numbers]),
        more=objects([each.more for each in numbers]), is_range=np.array([each.is_range for each in numbers], bool),
        postcode=np.array(column("postcode", -1), np.int32),
        place=objects([fold_place(name) for name in column("place")]),
        district=objects([fold_place(name) for name in column("district")]), place_text=objects(column("place")),
        repairs=np.array([row.get("repairs", SEVERAL_NUMBERS if each.more else 0)
                          for row, each in zip(rows, numbers)], np.int32))


def register_of(text, title="Register", place="Stadt", crs="EPSG:25832"):
    """Make a register of lines “street; numbers; postcode; district; area; x; y”; house numbers lie 10 m apart."""
    rows = []
    for line in text.strip().splitlines():
        street, numbers, postcode, district, area, x, y = [part.strip() for part in line.split(";")]
        for number in numbers.split():
            digits = "".join(letter for letter in number if letter.isdigit())
            rows.append({"street": street, "number": number, "postcode": postcode, "district": district, "area": area,
                         "x": float(x) + 10 * int(digits or 0) if x else "", "y": y})
    return build_register(pd.DataFrame(rows), title, crs, place)


CITY = """
Ackerstraße; 1 2 3 4 5 6 8 10 12 12a 14; 10115; Mitte; 01; 1000; 0
Ackerstraße; 30 32 34; 10117; Mitte; 02; 1000; 0
Bergstraße; 1 2 3 5 7; 10115; Mitte; 01; 2000; 500
Bergstraße; 1 2 3 4 5; 12169; Steglitz; 06; 9000; 9000
Karl-Marx-Straße; 1 3 5 7 9; 10117; Mitte; 02; 3000; 700
Lindenweg; 1 2 3 4; 10117; Mitte; 02; 4000; 900
Ostweg; 1 2 3; 10119; Mitte; 03; 5000; 100
Westweg; 1 2 3; 10119; Mitte; 03; 6000; 100
Hornstraße; 4 5 6; 10119; Mitte; 03; 7000; 100
Bornstraße; 5 6 7; 10117; Mitte; 02; 7500; 100
Große Gasse; 1 2; 10117; Mitte; 02; 8000; 100
Töpferstraße; 1 2 3; 10115; Mitte; 01; 8500; 100
### Straße unbekannt; 21; 10115; Mitte; 01; 0; 1
"""


def city():
    return register_of(CITY)


def row_of(located, row=0):
    """Return grade, address in words, area and messages of a row."""
    return (int(located.grade[row]), located.found[row], located.area[row],
            [str(message) for message in located.messages[row]])
