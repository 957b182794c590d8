"""Ages in headings, and which fields of a table are the people an offer is for."""
import pytest

from teilhabe_plugin.core.supply.target_group import (
    NO_END,
    Ages,
    ages_for,
    ages_in,
    ages_of_fields,
    fields_for,
    group_name,
    total_field,
)

SAMPLE = ["Gebiet-Nr.", "Gebiet", "Jahr", "unter 3", "3 bis 5", "6 bis 9", "10 bis 14", "15 bis 17", "18 bis 26",
          "27 bis 44", "45 bis 64", "65 bis 79", "80 und älter", "insgesamt"]
BERLIN = ["Gesamt", "unter6", "6-15", "15-18", "18-27", "27-45", "45-55", "55-65", "65undmehr", "weiblich", "PLR-ID"]


@pytest.mark.parametrize(("text", "low", "high"), [
    ("unter 3", 0, 3), ("U6", 0, 6), ("ew_unter_6", 0, 6), ("3 bis 5", 3, 6), ("3 bis unter 6", 3, 6),
    ("6–9 Jahre", 6, 10), ("80 und älter", 80, NO_END), ("65+", 65, NO_END), ("ab 65", 65, NO_END),
    ("65undmehr", 65, NO_END), ("bis 5", 0, 6), ("Kinder unter 6 Jahren", 0, 6), ("0-2", 0, 3),
    ("Jugendliche von 10 bis 17 Jahren", 10, 18),
])
def test_ages_in_texts(text, low, high):
    assert ages_in(text) == Ages(low, high)


@pytest.mark.parametrize("text", ["insgesamt", "Einwohner 2025", "Gebiet-Nr.", "PLR-ID", "2024_2025", "alle", "neu12",
                                  "k1_3_2025", "k1_3_2025_grund", "z_k1_3"])
def test_texts_without_ages(text):
    assert ages_in(text) is None


def test_touching_spans_leave_their_end_out():
    assert ages_of_fields(BERLIN)["6-15"] == Ages(6, 15)
    assert ages_of_fields(BERLIN)["15-18"] == Ages(15, 18)
    assert ages_of_fields(SAMPLE)["3 bis 5"] == Ages(3, 6)


def test_fields_of_a_target_group():
    assert fields_for(Ages(0, 6), SAMPLE) == ("unter 3", "3 bis 5")
    assert fields_for(Ages(0, 6), BERLIN) == ("unter6",)
    assert fields_for(Ages(65, NO_END), SAMPLE) == ("65 bis 79", "80 und älter")
    assert fields_for(Ages(6, 18), BERLIN) == ("6-15", "15-18")
    assert fields_for(None, SAMPLE) == ("insgesamt",)
    assert fields_for(None, ["unter 18", "18 bis 64", "ab 65"]) == ("unter 18", "18 bis 64", "ab 65")
    assert fields_for(Ages(0, 6), ["x", "Einwohner"]) == ("Einwohner",)


def test_no_age_is_counted_twice():
    assert fields_for(Ages(0, 6), ["unter 3", "unter 6", "3 bis 5", "gesamt"]) == ("unter 6",)


def test_ages_by_type_and_stated_target():
    assert ages_for("Kita") == Ages(0, 6)
    assert ages_for("Tageseinrichtung/Kita") == Ages(0, 6)
    assert ages_for("Grundschule") == Ages(6, 10)
    assert ages_for("Seniorentreff") == Ages(65, NO_END)
    assert ages_for("Bibliothek", "alle") is None
    assert ages_for("Hausaufgabenhilfe", "Kinder von 6 bis 14 Jahren") == Ages(6, 15)


def test_names_of_groups():
    assert str(group_name(("unter 3", "3 bis 5"), SAMPLE)) == "children under 6"
    assert str(group_name(("65undmehr",), BERLIN)) == "people from 65"
    assert str(group_name(("10 bis 14", "15 bis 17"), SAMPLE)) == "young people from 10 to 17"
    assert str(group_name(("insgesamt",), SAMPLE)) == "inhabitants"
    assert total_field(BERLIN) == "Gesamt"
