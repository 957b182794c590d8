"""What a clerk can choose from, with reasons."""

import pytest

from teilhabe_plugin.core.addresses import parsed as kinds
from teilhabe_plugin.core.addresses.candidates import candidates_for
from teilhabe_plugin.core.addresses.grades import INTERPOLATED, NEAREST, NORMALISED, STREET
from tests.core.parsed_by_hand import city, parsed_of, register_of


@pytest.fixture(scope="module")
def register():
    return city()


def offered(register, most=8, **row):
    return candidates_for(parsed_of({}, row), 1, [register], most=most)


def words(candidates):
    return [(candidate.text, [str(reason) for reason in candidate.reasons]) for candidate in candidates]


def test_streets_of_one_name(register):
    found = offered(register, street="Bergstr.", number="5")
    assert words(found)[:2] == [("Bergstraße 5, 10115 Mitte", ["Street and house number fit."]),
                                ("Bergstraße 5, 12169 Steglitz", ["Street and house number fit."])]
    assert (found[0].area, found[0].grade, found[0].register) == ("01", NORMALISED, 0)
    assert register.text(found[0].address) == found[0].text
    assert (found[0].x, found[0].y) == (register.x[found[0].address], register.y[found[0].address])


def test_another_kind_of_street_and_other_letters(register):
    assert words(offered(register, street="Ackerweg", number="5"))[0] == (
        "Ackerstraße 5, 10115 Mitte", ["The name is like “Ackerweg”."])
    assert words(offered(register, street="Gornstr.", number="5"))[1] == (
        "Bornstraße 5, 10117 Mitte", ["“Gornstr.” was read as “Bornstraße”: correct the spelling."])


def test_numbers_beside_the_one_that_lacks(register):
    found = offered(register_of("Seeweg; 2 3 6; 10115; Mitte; 01; 0; 0"), street="Seeweg", number="4")
    assert [(each.text, each.grade, each.address >= 0) for each in found] == [
        ("Seeweg 4, 10115 Mitte", INTERPOLATED, False), ("Seeweg 3, 10115 Mitte", NEAREST, True),
        ("Seeweg 2, 10115 Mitte", NEAREST, True), ("Seeweg 6, 10115 Mitte", NEAREST, True)]


def test_what_contradicts_is_offered_with_the_reason(register):
    assert words(offered(register, street="Lindenweg", number="3", postcode=50667))[0] == (
        "Lindenweg 3, 10117 Mitte",
        ["Street and house number fit.", "Postcode 50667 does not fit: the register has 10117."])
    assert words(offered(register, street="Lindenweg", number="3", place="Köln"))[0] == (
        "Lindenweg 3, 10117 Mitte", ["Lies in Köln, which is not in the register."])


def test_a_street_without_number(register):
    found = offered(register, street="Lindenweg")
    assert (found[0].text, found[0].grade, found[0].address, found[0].area) == (
        "Lindenweg, 10117 Mitte", STREET, -1, "02")


def test_at_most_so_many_and_none_twice(register):
    found = offered(register, most=3, street="Ackerstraße", number="7")
    assert len(found) == 3
    assert len({(each.street, each.address) for each in found}) == 3
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)


def test_rows_that_name_no_street(register):
    assert offered(register) == []
    assert offered(register, kind=kinds.PO_BOX) == []
    assert offered(register, street="Zzzzzzzz", number="1") == []


def test_the_better_of_two_registers_stands_first(register):
    other = register_of("Lindenweg; 9; 10117; Mitte; 77; 0; 0")
    found = candidates_for(parsed_of({"street": "Lindenweg", "number": "9"}), 0, [register, other])
    assert (found[0].register, found[0].area) == (1, "77")


def test_a_word_for_the_kind_of_street_that_cannot_be_read(register):
    assert words(offered(register, street="Karl-Marx-Szr.", number="5"))[0] == (
        "Karl-Marx-Straße 5, 10117 Mitte", ["The name is like “Karl-Marx-Szr.”."])
