"""House numbers: lists and ranges, between neighbours, the nearest one, only the street; radius and certainty."""

import pytest

from teilhabe_plugin.core.addresses.grades import EXACT, INTERPOLATED, NEAREST, NONE, NORMALISED, STREET
from teilhabe_plugin.core.addresses.matching import MatchSettings, locate
from tests.core.parsed_by_hand import city, parsed_of, register_of, row_of


@pytest.fixture(scope="module")
def register():
    return city()


def located(register, settings=None, **row):
    return locate(parsed_of(row), [register], settings=settings or MatchSettings())


@pytest.mark.parametrize("number, taken", [
    ("5-7", "5"), ("7-12", "12"), ("9, 10", "10"), ("11/12", "12"), ("99, 14", "14")])
def test_of_several_numbers_the_first_that_exists_is_taken(register, number, taken):
    found = located(register, street="Ackerstraße", number=number, postcode=10115)
    assert row_of(found) == (NORMALISED, f"Ackerstraße {taken}, 10115 Mitte", "01",
                             [f"Several house numbers: {taken} was taken."])


def test_numbers_in_different_areas_are_told(register):
    found = located(register, street="Ackerstraße", number="14, 30")
    assert [str(message) for message in found.messages[0]] == [
        "Several house numbers: 14 was taken.",
        "The house numbers lie in different areas: 01, 02. Only the one that was taken counts."]
    assert not found.area_sure[0]


def test_a_suffix_that_the_register_lacks_is_never_exact(register):
    found = located(register, street="Ackerstraße", number="12c", postcode=10115)
    assert row_of(found) == (NEAREST, "Ackerstraße 12, 10115 Mitte", "01",
                             ["House number 12c is not in the register; the nearest one is 12."])
    assert found.radius[0] == 30


def test_a_number_that_exists_with_suffix_only():
    register = register_of("Weg am See; 7a 7b 9; 10115; Mitte; 01; 0; 0")
    assert row_of(located(register, street="Weg am See", number="7"))[:2] == (NEAREST, "Weg am See 7a, 10115 Mitte")


def test_between_two_neighbours_of_the_same_side():
    register = register_of("Seeweg; 2 3 6 8 30; 10115; Mitte; 01; 0; 0")
    found = located(register, street="Seeweg", number="4")
    assert row_of(found) == (INTERPOLATED, "Seeweg", "01",
                             ["House number 4 is not in the register; placed between 2 and 6."])
    assert (found.x[0], found.y[0], found.radius[0], found.address[0]) == (40, 0, 20, -1)
    assert bool(found.area_sure[0])


def test_not_between_neighbours_that_are_far_apart_or_in_different_areas():
    register = register_of("Seeweg; 2 20; 10115; Mitte; 01; 0; 0\nHofweg; 2; 10115; Mitte; 01; 0; 0\n"
                           "Hofweg; 6; 10115; Mitte; 02; 0; 0")
    assert located(register, street="Seeweg", number="10").grade[0] == NEAREST
    found = located(register, street="Hofweg", number="4")
    assert (found.grade[0], bool(found.area_sure[0])) == (NEAREST, False)


def test_what_the_settings_forbid_is_not_done():
    register = register_of("Seeweg; 2 6; 10115; Mitte; 01; 0; 0")
    no = MatchSettings(interpolate=False)
    assert row_of(located(register, no, street="Seeweg", number="4"))[::3] == (
        NEAREST, ["House number 4 is not in the register; the nearest one is 2."])
    no = MatchSettings(interpolate=False, nearest=False)
    assert row_of(located(register, no, street="Seeweg", number="4"))[::3] == (
        STREET, ["House number 4 is not in the register; only the street was found."])
    no = MatchSettings(interpolate=False, nearest=False, street_only=False, district_only=False)
    assert located(register, no, street="Seeweg", number="4").grade[0] == NONE


def test_far_beyond_the_last_number_only_the_street_is_known(register):
    found = located(register, street="Ackerstraße", number="500")
    assert row_of(found) == (STREET, "Ackerstraße", "", [
        "House number 500 is not in the register; only the street was found."])
    assert not found.area_sure[0]


def test_a_street_in_one_area_gives_the_area(register):
    found = located(register, street="Lindenweg")
    assert row_of(found) == (STREET, "Lindenweg", "02", ["The house number is missing; only the street was found."])
    assert bool(found.area_sure[0])
    assert (found.x[0], found.radius[0]) == (4020, 20)  # 2 is nearest to the middle, 4 is 20 m away


def test_the_postcode_narrows_a_street_down(register):
    found = located(register, street="Ackerstraße", postcode=10117)
    assert (found.area[0], bool(found.area_sure[0]), found.x[0]) == ("02", True, 1320)


def test_neighbours_beyond_the_postcode_do_not_count(register):
    found = located(register, street="Ackerstraße", number="28", postcode=10115)
    assert row_of(found)[0] in (NEAREST, STREET)
    assert "10117" not in found.found[0]


def test_a_register_with_areas_only():
    register = register_of("Seeweg; 2 3 6 8; 10115; Mitte; 01; ; ", crs="")
    found = located(register, street="Seeweg", number="4")
    assert row_of(found)[:3] == (INTERPOLATED, "Seeweg", "01")
    assert str(found.x[0]) == str(found.radius[0]) == "nan"
    assert located(register, street="Seeweg", number="3").grade[0] == EXACT
    assert located(register, street="Seeweg").area[0] == "01"


def test_the_radius_follows_the_quality_of_the_coordinates():
    import pandas as pd

    from teilhabe_plugin.core.addresses.register_building import build_register

    frame = pd.DataFrame({"street": "Seeweg", "number": ["1", "2", "3"], "quality": ["A", "B", "R"], "x": 1.0,
                          "y": 2.0})
    register = build_register(frame, "R", "EPSG:25832", "Stadt")
    rows = [{"street": "Seeweg", "number": number} for number in "123"]
    assert locate(parsed_of(*rows), [register]).radius.tolist() == [10, 30, 50]


def test_the_same_address_twice_in_the_register_is_one():
    register = register_of("Seeweg; 1 1 2; 10115; Mitte; 01; 0; 0")
    assert located(register, street="Seeweg", number="1").grade[0] == EXACT
