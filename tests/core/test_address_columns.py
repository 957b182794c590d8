"""Which columns of a list hold the address."""
from pathlib import Path

import pandas as pd
import pytest

from teilhabe_plugin.core.addresses.address_columns import AddressColumns, guess_address_columns, heading_words
from teilhabe_plugin.core.addresses.register_building import build_register
from teilhabe_plugin.core.addresses.vocabulary import vocabulary_from_names, vocabulary_of

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data" / "musterstadt" / "angebote.xlsx"
KNOWN = vocabulary_from_names(["Ackerstraße", "Invalidenstraße", "Am Markt", "Kolk"], ["Berlin"], ["Mitte", "Wedding"],
                              [10115, 13347])
STREETS = ["Ackerstr.", "Invalidenstraße", "Am Markt", "Kolk"] * 5
NUMBERS = ["12", "3a", "5", "7-9"] * 5
WHOLE = ["Ackerstr. 12, 10115 Berlin", "Invalidenstraße 3a, 10115 Berlin", "Am Markt 5, 13347 Berlin",
         "Kolk 7, Berlin"] * 5
NAMES = ["Kita Sonnenschein", "Familienzentrum", "Jugendtreff Nord", "Beratung"] * 5
RUNNING = list(range(1, 21))


def guess(frame, vocabulary=None):
    """Return the columns that were found, by role."""
    found = guess_address_columns(pd.DataFrame(frame), vocabulary)
    return {role: column for role, column in vars(found).items() if column}


def test_headings():
    assert heading_words("Straße und Haus-Nr.") == ["strasse", "hausnr"]
    assert heading_words("e_plz") == ["plz"]
    assert heading_words("HNR_ZUSATZ") == ["hnrzusatz"]
    assert heading_words("StrName") == ["strname"]
    assert heading_words("house number") == ["housenumber"]
    assert heading_words("PLZ/Ort") == ["plz", "ort"]


@pytest.mark.parametrize("street, number, postcode, place", [
    ("Straße", "Hausnummer", "PLZ", "Ort"), ("Strasse", "Hausnr.", "Postleitzahl", "Stadt"), ("Str.", "HNR", "PLZ",
                                                                                              "Gemeinde"),
    ("STRASSE", "HAUS-NR.", "plz", "WOHNORT"), ("street", "house number", "zip code", "city"),
    ("Adresse", "Haus Nr.", "PLZ", "Ort"), ("e_strasse", "e_hnr", "e_plz", "e_ort"), ("Straßenname", "HsNr", "PLZ_",
                                                                                      "Ortsname"),
    ("Straße der Einrichtung", "Hausnummer der Einrichtung", "PLZ der Einrichtung", "Ort der Einrichtung"),
])
def test_by_heading(street, number, postcode, place):
    frame = {"Nr.": RUNNING, "Bezeichnung": NAMES, street: STREETS, number: NUMBERS, postcode: ["10115"] * 20,
             place: ["Berlin"] * 20, "Plätze": [55, 60, 20, 31] * 5}
    expected = {"name": "Bezeichnung", "street": street, "number": number, "postcode": postcode, "place": place}
    assert guess(frame) == expected
    assert guess(frame, KNOWN) == expected


def test_whole_addresses():
    assert guess({"Name der Einrichtung": NAMES, "Anschrift": WHOLE, "Träger": ["AWO"] * 20}) == {
        "name": "Name der Einrichtung", "address": "Anschrift"}
    assert guess({"Straße und Hausnummer": [f"{street} {number}" for street, number in zip(STREETS, NUMBERS)],
                  "PLZ/Ort": ["10115 Berlin"] * 20}) == {"address": "Straße und Hausnummer", "place": "PLZ/Ort"}


def test_a_running_number_is_no_house_number():
    assert guess({"Nr.": RUNNING, "Straße": STREETS, "PLZ": ["10115"] * 20}) == {"street": "Straße", "postcode": "PLZ"}
    assert guess({"Straße": STREETS, "Nr.": RUNNING}) == {"street": "Straße"}
    assert guess({"Nr.": RUNNING, "Straße": STREETS, "Nr": NUMBERS}) == {"street": "Straße", "number": "Nr"}
    assert guess({"Straße": STREETS, "Nr.": NUMBERS}) == {"street": "Straße", "number": "Nr."}


def test_other_columns_with_like_headings():
    found = guess({"Straßenschlüssel": [f"{number:05d}" for number in RUNNING], "Name des Trägers": ["AWO"] * 20,
                   "Angebotsart": ["Kita"] * 20, "Bezirk": ["Mitte"] * 20, "Straße": STREETS, "Hausnummer": NUMBERS,
                   "Ortsteil": ["Wedding"] * 20, "Zusatz": ["", "HH", None, "A"] * 5}, KNOWN)
    assert found == {"street": "Straße", "number": "Hausnummer", "district": "Ortsteil", "suffix": "Zusatz"}


def test_by_content():
    """Headings that say nothing: numbers, or the first row of the list."""
    columns = {"0": RUNNING, "1": NAMES, "2": STREETS, "3": NUMBERS, "4": [10115, 13347] * 10, "5": ["Berlin"] * 20}
    assert guess(columns, KNOWN) == {"street": "2", "number": "3", "postcode": "4", "place": "5"}
    assert guess({"a": NAMES, "b": WHOLE}, KNOWN) == {"address": "b"}
    frame = pd.DataFrame({0: NAMES, 1: STREETS, 2: NUMBERS})
    assert guess_address_columns(frame, KNOWN) == AddressColumns(street="1", number="2")
    assert guess({"Kita X": NAMES, "Ackerstr.": STREETS, "12": NUMBERS}, KNOWN) == {
        "name": "Kita X", "street": "Ackerstr.", "number": "12"}


def test_nothing_found():
    assert guess_address_columns(pd.DataFrame({"a": ["x", "y"], "b": [1, 2]})) == AddressColumns()
    assert guess_address_columns(pd.DataFrame()) == AddressColumns()
    assert guess({"Gebiet": ["0101", "0102"], "Quote": [1.5, 2.5]}, KNOWN) == {}


def test_odd_tables():
    assert guess({"Straße": [None, None], "Hausnummer": [None, None]}) == {"street": "Straße", "number": "Hausnummer"}
    frame = pd.DataFrame([["Ackerstr.", "12", "x"]] * 3, columns=["Straße", "Nr", "Straße"])
    assert guess_address_columns(frame) == AddressColumns(street="Straße", number="Nr")
    assert guess({"Straße": ["a" * 100_000, "\x00", "😀"], "b": [[1], {}, None]}) in ({}, {"street": "Straße"})


def test_sample_city():
    expected = {"street": "Straße", "number": "Hausnummer", "postcode": "PLZ", "place": "Ort",
                "name": "Name der Einrichtung"}
    frame = pd.read_excel(SAMPLE, dtype=object)
    assert guess(frame) == expected
    assert guess(pd.read_excel(SAMPLE)) == expected
    frame.columns = range(frame.shape[1])
    assert guess(frame) == {"street": "3", "number": "4", "postcode": "5"}


@pytest.mark.parametrize("name, expected", [
    ("kitas", {"street": "e_strasse", "number": "e_hnr", "suffix": "e_zusatz", "postcode": "e_plz", "place": "e_ort",
               "name": "e_name"}),
    ("schulen", {"street": "strasse", "number": "hausnr", "postcode": "plz", "district": "ortsteil", "name": "name"}),
    ("jugendfreizeit", {"street": "e_strasse", "number": "e_hnr", "suffix": "e_zus", "postcode": "e_plz",
                        "place": "e_ort",
                        "name": "e_name"}),
])
def test_lists_of_berlin(berlin, name, expected):
    register = pd.read_csv(berlin / "adressen_bezirk_01-06.csv.gz", dtype=str).rename(columns={
        "hnr": "number", "hnr_zusatz": "suffix", "str_name": "street", "plz": "postcode", "ort_name": "district"})
    vocabulary = vocabulary_of([build_register(register, "Berlin", "", "Berlin")])
    frame = pd.read_csv(berlin / f"{name}_bezirk_01-06.csv", dtype=str)
    assert guess(frame) == expected
    assert guess(frame, vocabulary) == expected
    positions = {role: str(list(frame.columns).index(column)) for role, column in expected.items()
                 if role not in ("name", "suffix")}
    frame.columns = range(frame.shape[1])
    assert guess(frame, vocabulary) == positions


def test_a_heading_that_leaves_no_doubt_counts_whatever_the_cells_say():
    frame = {"Kita": ["A"], "Straße": ["Ackerstrx."], "Nr": [1], "PLZ": ["10115"], "Ort": ["Berlin"]}
    assert guess(frame, KNOWN) == {"name": "Kita", "street": "Straße", "number": "Nr", "postcode": "PLZ",
                                   "place": "Ort"}
    assert guess({"Name": ["x"], "Adresse": ["M\x9fllerstra\xa7e"]}, KNOWN)["street"] == "Adresse"
    assert "street" not in guess({"Standort": ["gut"], "Straße": [12]}, KNOWN)


def test_a_few_house_numbers_in_their_order_are_no_running_number():
    frame = {"Kita": NAMES[:3], "Straße": STREETS[:3], "Nr": [3, 12, 40]}
    assert guess(frame, KNOWN) == {"name": "Kita", "street": "Straße", "number": "Nr"}
    assert guess(frame | {"Nr": [1, 2, 3]}, KNOWN) == {"name": "Kita", "street": "Straße"}
