"""Place, postcode and district: what contradicts, what can be mended, what leaves it open; several registers."""

import numpy as np
import pytest

from teilhabe_plugin.core.addresses import parsed as kinds
from teilhabe_plugin.core.addresses.grades import DISTRICT, EXACT, NEAREST, NONE, NORMALISED, STREET
from teilhabe_plugin.core.addresses.matching import MatchSettings, locate
from tests.core.parsed_by_hand import city, parsed_of, register_of, row_of


@pytest.fixture(scope="module")
def register():
    return city()


def located(register, settings=None, **row):
    return locate(parsed_of(row), [register], settings=settings or MatchSettings())


def test_another_place_is_not_taken(register):
    found = located(register, street="Ackerstraße", number="5", place="Nachbarstadt")
    assert row_of(found) == (NONE, "", "", ["Lies in Nachbarstadt, which is not in the register."])


def test_a_mistyped_place_needs_its_postcode(register):
    assert located(register, street="Ackerstraße", number="5", place="Stdat", postcode=10115).grade[0] == NORMALISED
    assert located(register, street="Ackerstraße", number="5", place="Stdat").grade[0] == NONE
    assert located(register, street="Ackerstraße", number="5", place="Stdat", postcode=50667).grade[0] == NONE


def test_a_district_behind_the_place(register):
    found = located(register, street="Bergstraße", number="5", place="Stadt-Steglitz")
    assert row_of(found) == (NORMALISED, "Bergstraße 5, 12169 Steglitz", "06", ["“Stadt-Steglitz” was read as Stadt."])


def test_the_same_street_twice_is_decided_by_postcode_or_district_or_left_open(register):
    assert located(register, street="Bergstraße", number="5", postcode=12169).area[0] == "06"
    assert located(register, street="Bergstraße", number="5", district="Mitte").area[0] == "01"
    assert located(register, street="Bergstraße", number="7").area[0] == "01"  # only one of them has a 7
    found = located(register, street="Bergstraße", number="5")
    assert row_of(found) == (NONE, "", "", [
        "2 addresses fit equally well: Bergstraße 5, 10115 Mitte; Bergstraße 5, 12169 Steglitz. "
        "Add the postcode or the district."])
    assert len(found.ties[0]) == 2


def test_equal_addresses_in_one_area_give_the_area():
    register = register_of("Hofweg; 1 2; 10115; Mitte; 01; 0; 0\nHofweg; 1 2; 10117; Mitte; 01; 900; 0")
    found = located(register, street="Hofweg", number="1")
    assert row_of(found) == (STREET, "Hofweg", "01", ["2 addresses fit equally well, all in the same area."])
    assert bool(found.area_sure[0])


def test_a_wrong_postcode_of_the_same_place_is_told(register):
    found = located(register, street="Lindenweg", number="3", place="Stadt", postcode=10115)
    assert row_of(found) == (NORMALISED, "Lindenweg 3, 10117 Mitte", "02",
                             ["Postcode 10115 does not fit: the register has 10117."])


def test_a_postcode_one_digit_off_is_mended_in_the_right_place_only(register):
    assert located(register, street="Lindenweg", number="3", place="Stadt", postcode=10717).grade[0] == NORMALISED
    assert located(register, street="Lindenweg", number="3", postcode=10717).grade[0] == NONE
    assert located(register, street="Lindenweg", number="3", place="Stadt", postcode=50667).grade[0] == NONE


def test_the_postcode_of_another_street_of_that_name_is_no_slip(register):
    found = located(register, street="Bergstraße", number="7", postcode=12169)
    assert row_of(found)[:3] == (NEAREST, "Bergstraße 5, 12169 Steglitz", "06")
    assert found.second[0] == "Bergstraße 7, 10115 Mitte"


def test_another_district(register):
    assert located(register, street="Lindenweg", number="3", district="Steglitz").grade[0] == NONE
    found = located(register, street="Lindenweg", number="3", district="Steglitz", postcode=10117)
    assert row_of(found)[::3] == (NORMALISED, ["Steglitz does not fit: the register has Mitte."])


def test_a_district_that_the_register_does_not_know_says_nothing(register):
    assert located(register, street="Lindenweg", number="3", district="Blumenviertel").grade[0] == EXACT


def test_postcode_or_district_only(register):
    found = located(register, kind=kinds.LANDMARK, street="Rathaus", postcode=12169)
    assert row_of(found) == (DISTRICT, "12169", "06", [
        "“Rathaus” is no street of the register: enter street and house number.",
        "Only the postcode 12169 was placed."])
    assert (found.radius[0], bool(found.area_sure[0])) == (20, True)
    found = located(register, kind=kinds.LANDMARK, street="Rathaus", district="Mitte")
    assert row_of(found)[:3] == (DISTRICT, "Mitte", "")
    assert located(register, kind=kinds.PO_BOX, postcode=12169).grade[0] == NONE
    off = MatchSettings(district_only=False)
    assert located(register, off, kind=kinds.LANDMARK, street="Rathaus", postcode=12169).grade[0] == NONE


def test_an_unknown_street_with_a_postcode_of_another_city(register):
    found = located(register, street="Nirgendwo", number="1", postcode=50667)
    assert row_of(found)[3] == ["“Nirgendwo” is not in the register.", "The register has no postcode 50667."]


def test_a_register_that_nobody_says_the_place_of_is_where_most_rows_are():
    register = register_of("Seeweg; 1 2; ; ; 01; 0; 0", place="")
    rows = [{"street": "Seeweg", "number": "1", "place": place} for place in ("Ulm", "Ulm", "Ulm", "Köln")]
    assert locate(parsed_of(*rows), [register]).grade.tolist() == [EXACT, EXACT, EXACT, NONE]
    settings = MatchSettings(place="Köln")
    assert locate(parsed_of(*rows), [register], settings=settings).grade.tolist() == [NONE, NONE, NONE, EXACT]


def region():
    import pandas as pd

    from teilhabe_plugin.core.addresses.register_building import build_register

    frame = pd.DataFrame([
        {"street": "Hauptstraße", "number": str(number), "postcode": postcode, "place": place, "area": area,
         "x": x + number, "y": 0}
        for postcode, place, area, x in (("11111", "Adorf", "a", 0), ("22222", "Bstadt", "b", 5000),
                                         ("33333", "Mühlheim am Main", "m", 9000))
        for number in range(1, 9)])
    return build_register(frame, "Kreis", "EPSG:25832")


def test_a_register_of_several_places():
    register = region()
    assert located(register, street="Hauptstraße", number="5", place="Adorf").area[0] == "a"
    assert located(register, street="Hauptstraße", number="5", postcode=22222).area[0] == "b"
    assert located(register, street="Hauptstraße", number="5").grade[0] == NONE
    assert located(register, street="Hauptstraße", number="5", place="Cberg").grade[0] == NONE
    assert located(register, street="Hauptstraße", number="5", place="Adorf", postcode=22222).grade[0] == NONE
    assert located(register, street="Hauptstr.", number="5", place="Mühlheim", postcode=33333).area[0] == "m"
    assert located(register, street="Hauptstr.", number="5", place="Mülheim", postcode=45468).grade[0] == NONE


def test_several_registers_in_their_order():
    first = register_of("Seeweg; 1 3; 10115; Mitte; 01; 0; 0")
    second = register_of("Seeweg; 1 2 3; 10115; Mitte; 99; 0; 0\nHofweg; 7; 10115; Mitte; 99; 0; 0")
    rows = [{"street": "Seeweg", "number": "1"}, {"street": "Seeweg", "number": "2"},
            {"street": "Hofweg", "number": "7"}, {"street": "Hofweg", "number": "8"},
            {"street": "Nirgendwo", "number": "8"}]
    found = locate(parsed_of(*rows), [first, second])
    assert found.register.tolist() == [0, 1, 1, 1, -1]
    assert found.grade.tolist() == [EXACT, EXACT, EXACT, NEAREST, NONE]
    assert found.area.tolist() == ["01", "99", "99", "99", ""]


def test_a_row_without_place_stays_in_the_first_city_that_has_its_street():
    first = register_of("Seeweg; 1 3; 10115; Mitte; 01; 0; 0", place="Astadt")
    second = register_of("Seeweg; 50; 20115; Mitte; 99; 0; 0", place="Bstadt")
    found = locate(parsed_of({"street": "Seeweg", "number": "50"},
                             {"street": "Seeweg", "number": "50", "place": "Bstadt"}), [first, second])
    assert found.grade.tolist() == [STREET, EXACT]
    assert found.register.tolist() == [0, 1]
    assert np.isfinite(found.x).all()
