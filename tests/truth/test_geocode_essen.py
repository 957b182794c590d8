"""Addresses of Essen with true coordinates: written as in the register, and as people write them.

Source: Stadt Essen, Amt für Geoinformation, Vermessung und Kataster, Hauskoordinaten 2022, dl-de/by-2-0.
"""
from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from teilhabe_plugin.core.addresses.address_columns import AddressColumns
from teilhabe_plugin.core.addresses.address_parsing import parse_addresses
from teilhabe_plugin.core.addresses.matching import locate
from teilhabe_plugin.core.addresses.register_building import build_register
from teilhabe_plugin.core.addresses.vocabulary import vocabulary_of
from tests.address_faults.cities import essen_frame
from tests.address_faults.edits import Names
from tests.address_faults.ground import street_key, written_out

#: written by hand: what it says, the register's address, the best grade that is right
BROKEN = (
    ("Aachener Straße 10, 45147 Essen", "Aachener Str. 10", 2),
    ("AACHENER STRASSE 10, ESSEN", "Aachener Str. 10", 2),
    ("Aachenerstr. 10, Essen", "Aachener Str. 10", 2),
    ("Aachner Str. 10, Essen", "Aachener Str. 10", 2),
    ("Essen, Aachener Str. 10, Hinterhaus", "Aachener Str. 10", 2),
    ("c/o Caritas, Aachener Str. 10", "Aachener Str. 10", 2),
    ("10, Aachener Straße, Essen-Frohnhausen", "Aachener Str. 10", 2),
    ("Rüttenscheider Str. 66-68, Essen", "Rüttenscheider Str. 66", 2),
    ("Ruettenscheider Strasse 66, Essen", "Rüttenscheider Str. 66", 2),
    ("Ruttenscheider Str. 66, Essen", "Rüttenscheider Str. 66", 2),
    ("Auf’m Bögel 8, Essen", "Auf'm Bögel 8", 2),
    ("Freiherr vom Stein Straße 386c, Essen", "Freiherr-vom-Stein-Str. 386C", 2),
    ("Freiherr-vom-Stein-Str. 386 / C", "Freiherr-vom-Stein-Str. 386C", 2),
    ("An Sankt Ignatius 21, Essen", "An St. Ignatius 21", 2),
    ("Altendorfer Str., Essen", "Altendorfer Str.", 5),
    ("Aachener Str. 10, 44135 Dortmund", "", 7),
    ("Postfach 10 11 12, 45011 Essen", "", 7),
    ("### Straßenname unbekannt 21, Essen", "", 7),
)


@pytest.fixture(scope="module")
def essen(berlin):
    frame = essen_frame(berlin)
    register = build_register(frame, "Essen", "EPSG:4647", "Essen")
    return frame, register, vocabulary_of([register])


def _locate(essen, frame, **columns):
    return locate(parse_addresses(frame, AddressColumns(**columns), essen[2]), [essen[1]])


def test_every_address_as_written_in_the_register_lies_on_its_point(essen):
    frame = essen[0]
    table = frame[(frame["number"] != "") & ~frame["street"].str.startswith("#")].reset_index(drop=True)
    located = _locate(essen, table, street="street", number="number", suffix="suffix")
    names = ["street", "number", "suffix"]
    merged = table[names].merge(table.drop_duplicates(names)[[*names, "x", "y"]], on=names, how="left")
    away = np.hypot(located.x - merged["x"], located.y - merged["y"])
    assert len(table) > 99_000
    assert (np.asarray(located.grade) == 1).all()
    assert away.max() <= 1.0


def test_written_out_in_one_column_as_people_write(essen):
    frame = essen[0]
    table = frame[(frame["number"] != "") & ~frame["street"].str.startswith("#")].sample(20_000, random_state=4)
    suffix = table["suffix"].str.lower()
    texts = [f"{written_out(street)} {number}{letter}, Essen"
             for street, number, letter in zip(table["street"], table["number"], suffix)]
    located = _locate(essen, pd.DataFrame({"adresse": texts}), address="adresse")
    away = np.hypot(located.x - table["x"].to_numpy(), located.y - table["y"].to_numpy())
    assert (np.asarray(located.grade) <= 2).all()
    assert (away <= 1.0).mean() > 0.9999 and np.nanmax(away) <= 100.0


@pytest.mark.parametrize(("text", "address", "grade"), BROKEN)
def test_broken_addresses_written_by_hand(essen, text, address, grade):
    frame, register, _vocabulary = essen
    located = _locate(essen, pd.DataFrame({"adresse": [text]}), address="adresse")
    assert located.grade[0] == grade, located.found[0]
    if grade <= 2:
        written = (frame["street"] + " " + frame["number"] + frame["suffix"]) == address
        assert written.sum() == 1
        point = frame[written].iloc[0]
        assert np.hypot(located.x[0] - point["x"], located.y[0] - point["y"]) <= 1.0
    elif grade == 5:
        assert register.street_names[located.street[0]] == address
        assert not located.area_sure[0]
    else:
        assert located.area[0] == "" and not np.isfinite(located.x[0])


def test_streets_one_letter_apart_are_not_swapped(essen):
    """Every street of Essen that has a near namesake, with a number that only the namesake has."""
    frame = essen[0]
    frame = frame[(frame["number"] != "") & ~frame["street"].str.startswith("#")]
    keys = {street: street_key(street) for street in frame["street"].unique()}
    names = Names(keys.values())
    streets = list(keys)
    numbers = frame.groupby("street")["number"].agg(set)
    rows = []
    for street in streets:
        for place, edits in names.near(keys[street], 1):
            lacking = numbers[streets[place]] - numbers[street]
            if edits and lacking:
                rows.append((street, sorted(lacking)[0]))
    table = pd.DataFrame(rows, columns=["street", "number"]).drop_duplicates()
    assert len(table) > 100
    located = _locate(essen, table, street="street", number="number")
    assert (np.asarray(located.grade) > 2).all()
    street = np.asarray(located.street)
    found = np.where(street >= 0, essen[1].street_names[street], table["street"])
    assert (found == table["street"]).all()
