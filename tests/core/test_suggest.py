"""Addresses offered while typing."""

import time

import pytest

from teilhabe_plugin.core.addresses.grades import EXACT, STREET
from teilhabe_plugin.core.addresses.suggest import suggest
from tests.core.parsed_by_hand import city, register_of
from tests.core.test_matching_properties import big


@pytest.fixture(scope="module")
def register():
    return city()


def texts(text, register, most=10):
    return [candidate.text for candidate in suggest(text, [register], most)]


def test_street_and_the_beginning_of_the_number(register):
    assert texts("Ackerstr 1", register) == [
        f"Ackerstraße {number}, 10115 Mitte" for number in ("1", "10", "12", "12a", "14")]
    assert texts("ackerstraße 12a", register) == ["Ackerstraße 12a, 10115 Mitte"]
    assert texts("ackerstr. 12x", register)[0] == "Ackerstraße 12, 10115 Mitte"
    found = suggest("Ackerstr12", [register])[0]
    assert (found.text, found.grade, register.text(found.address)) == (
        "Ackerstraße 12, 10115 Mitte", EXACT, "Ackerstraße 12, 10115 Mitte")


def test_the_beginning_of_a_street(register):
    assert texts("Acke", register) == ["Ackerstraße, Mitte"]
    assert texts("berg", register) == ["Bergstraße, 10115 Mitte", "Bergstraße, 12169 Steglitz"]
    assert suggest("Lindenw", [register])[0].grade == STREET


def test_a_word_inside_and_typing_errors(register):
    assert texts("marx", register) == ["Karl-Marx-Straße, 10117 Mitte"]
    assert texts("Lidenweg 3", register) == ["Lindenweg 3, 10117 Mitte"]


def test_a_street_without_the_number_is_shown_itself(register):
    assert texts("Lindenweg 99", register) == ["Lindenweg, 10117 Mitte"]


def test_behind_a_comma_postcode_or_district(register):
    assert texts("Bergstr 5, 12", register) == ["Bergstraße 5, 12169 Steglitz"]
    assert texts("Bergstr 5, Mit", register) == ["Bergstraße 5, 10115 Mitte"]
    assert texts("Bergstr 5, 10115 Stadt", register) == ["Bergstraße 5, 10115 Mitte"]
    assert len(texts("Bergstr 5, Nirgendwo", register)) == 2


def test_a_street_that_ends_in_a_number():
    register = register_of("Straße 5; 1 2; 10115; Mitte; 01; 0; 0\nStraße 52; 3; 10115; Mitte; 01; 0; 9")
    assert texts("Straße 5", register)[:2] == ["Straße 5, 10115 Mitte", "Straße 52, 10115 Mitte"]
    assert texts("Straße 5 2", register)[0] == "Straße 5 2, 10115 Mitte"


@pytest.mark.parametrize("text", ["", " ", ",", "17", "§§§", "x" * 100_000, "(", "Zzzzz 1"])
def test_nothing_is_offered_for_nothing(register, text):
    assert texts(text, register) == []


def test_the_earlier_register_first_and_at_most_so_many(register):
    other = register_of("Lindenweg; 3; 10117; Mitte; 77; 0; 0")
    assert [(each.register, each.text) for each in suggest("Lindenweg 3", [register, other])] == [
        (0, "Lindenweg 3, 10117 Mitte"), (1, "Lindenweg 3, 10117 Mitte")]
    assert len(suggest("Ackerstr 1", [register], 2)) == 2


def test_fast_in_a_large_register():
    register = big(200_000, 10_000)
    name = register.street_names[5000]
    suggest("a", [register])
    start = time.perf_counter()
    for text in (name[:4], name + " 1", "Straße", name[:12] + " 7"):
        suggest(text, [register])
    assert time.perf_counter() - start < 4 * 0.1  # 20 ms each on a quiet machine
