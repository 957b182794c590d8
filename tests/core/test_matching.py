"""Streets: as written, joined, former, short, mistyped; and what is left open."""

import pytest

from teilhabe_plugin.core.addresses import parsed as kinds
from teilhabe_plugin.core.addresses.grades import EXACT, NEAREST, NONE, NORMALISED, STREET
from teilhabe_plugin.core.addresses.matching import MatchSettings, locate
from teilhabe_plugin.core.addresses.synonyms import Synonyms
from tests.core.parsed_by_hand import city, parsed_of, register_of, row_of


@pytest.fixture(scope="module")
def register():
    return city()


def located(register, synonyms=None, settings=None, **row):
    return locate(parsed_of(row), [register], synonyms or Synonyms(), settings or MatchSettings())


def test_an_address_as_the_register_has_it_is_exact(register):
    found = located(register, street="Ackerstraße", number="12a", postcode=10115, place="Stadt")
    assert row_of(found) == (EXACT, "Ackerstraße 12a, 10115 Mitte", "01", [])
    assert (found.x[0], found.y[0], found.radius[0]) == (1120, 0, 15)
    assert (found.score[0], found.margin[0]) == (100, 100)
    assert bool(found.area_sure[0])
    assert register.text(found.address[0]) == "Ackerstraße 12a, 10115 Mitte"


@pytest.mark.parametrize("street", ["Ackerstr.", "Ackerstrasse", "Acker Straße"])
def test_other_spellings_are_exact_after_normalising(register, street):
    assert row_of(located(register, street=street, number="5", postcode=10115))[:3] == (
        NORMALISED, "Ackerstraße 5, 10115 Mitte", "01")


@pytest.mark.parametrize("street", ["ACKERSTRASSE", "ackerstraße", " Ackerstraße "])
def test_capitals_and_blanks_are_no_repair(register, street):
    assert located(register, street=street, number="5").grade[0] == EXACT


def test_a_repair_of_the_number_is_a_repair(register):
    assert located(register, street="Ackerstraße", number="5", repairs=kinds.FROM_DATE).grade[0] == NORMALISED
    assert located(register, street="Ackerstraße", number="5", repairs=kinds.SPLIT).grade[0] == EXACT


@pytest.mark.parametrize("typed, score", [("Akerstraße", 92), ("Akcerstraße", 92), ("Ackrestrase", 82),
                                          ("Ackerstraaße", 92)])
def test_typing_errors(register, typed, score):
    found = located(register, street=typed, number="5", postcode=10115)
    assert row_of(found) == (NORMALISED, "Ackerstraße 5, 10115 Mitte", "01",
                             [f"“{typed}” was read as “Ackerstraße”: correct the spelling."])
    assert found.score[0] == score


def test_lost_dots_are_hardly_an_error(register):
    assert row_of(located(register, street="Topferstraße", number="2"))[:2] == (
        NORMALISED, "Töpferstraße 2, 10115 Mitte")


def test_typing_errors_can_be_switched_off(register):
    assert located(register, street="Akerstraße", number="5", settings=MatchSettings(typing_errors=0)).grade[0] == NONE


def test_the_word_for_the_kind_of_street_is_part_of_the_name(register):
    assert located(register, street="Ackerweg", number="5", place="Stadt").grade[0] == NONE
    assert located(register, street="Acker", number="5", place="Stadt").grade[0] == NONE


def test_a_short_name_bears_one_error_only(register):
    assert located(register, street="Ostewg", number="2").grade[0] == NORMALISED
    assert located(register, street="Stwg", number="2").grade[0] == NONE


def test_two_streets_as_near_as_each_other_are_left_open(register):
    found = located(register, street="Gornstraße", number="5")
    assert row_of(found) == (NONE, "", "", [
        "Not clear: Hornstraße 5, 10119 Mitte or Bornstraße 5, 10117 Mitte?"])
    assert found.second[0] == "Hornstraße 5, 10119 Mitte"
    assert [register.text(address) for address in found.ties[0]] == [
        "Hornstraße 5, 10119 Mitte", "Bornstraße 5, 10117 Mitte"]


def test_the_postcode_or_the_number_decides_between_them(register):
    assert located(register, street="Gornstraße", number="5", postcode=10119).found[0] == "Hornstraße 5, 10119 Mitte"
    assert located(register, street="Gornstraße", number="4").found[0] == "Hornstraße 4, 10119 Mitte"
    assert located(register, street="Gornstraße", number="5", postcode=10115).grade[0] == NONE


def test_a_mistyped_street_needs_its_number(register):
    found = located(register, street="Akerstraße", number="77", postcode=10115)
    assert row_of(found)[0] == NONE
    assert row_of(found)[3][0] == "Nothing fits well enough. The most likely one: Ackerstraße, Mitte."


def test_a_written_street_that_does_not_fit_loses_to_no_near_one_but_is_left_open(register):
    """Hornstraße is in the register; its number 7 and postcode 10117 are Bornstraße's."""
    found = located(register, street="Hornstraße", number="7", postcode=10117)
    assert found.grade[0] == NONE
    assert str(found.messages[0][0]) == "Not clear: Hornstraße, 10119 Mitte or Bornstraße 7, 10117 Mitte?"


def test_figures_and_roman_numerals_are_not_mistyped():
    register = register_of("Straße 52; 1 2; 10115; Mitte; 01; 0; 0\nII. Schichtstraße; 1 2; 10115; Mitte; 01; 0; 90")
    assert located(register, street="Straße 53", number="1", postcode=10115).grade[0] > NEAREST
    assert located(register, street="I. Schichtstraße", number="1", postcode=10115).grade[0] > NEAREST


@pytest.mark.parametrize("short", ["K.-Marx-Str.", "Karl-M.-Straße", "K. Marxstr."])
def test_short_given_names(register, short):
    found = located(register, street=short, number="5")
    if short == "Karl-M.-Straße":
        assert row_of(found)[:2] == (NORMALISED, "Karl-Marx-Straße 5, 10117 Mitte")
    assert row_of(found) == (NORMALISED, "Karl-Marx-Straße 5, 10117 Mitte", "02",
                             [f"“{short}” was read as “Karl-Marx-Straße”: write the name out."])


def test_short_names_of_two_streets_are_left_open():
    register = register_of("Karl-Marx-Straße; 5; 10117; Mitte; 02; 0; 0\nKurt-Marx-Straße; 5; 10117; Mitte; 03; 0; 9")
    assert located(register, street="K.-Marx-Str.", number="5").grade[0] == NONE


def test_former_names(register):
    old = Synonyms((("Kaiserstraße", "Karl-Marx-Str."),))
    assert row_of(located(register, old, street="Kaiserstr.", number="5")) == (
        NORMALISED, "Karl-Marx-Straße 5, 10117 Mitte", "02", ["“Kaiserstr.” is now called “Karl-Marx-Straße”."])
    assert located(register, old, street="Kaiserstr.", number="4").grade[0] == NEAREST


def test_große_and_kleine_gasse_are_not_near():
    register = register_of("Große Gasse; 1; 10117; Mitte; 02; 0; 0\nKleine Gasse; 1 9; 10117; Mitte; 03; 0; 90")
    found = located(register, street="Große Gasse", number="9", postcode=10117)
    assert (found.grade[0], found.street[0]) == (NEAREST, register.street[found.address[0]])
    assert found.found[0] == "Große Gasse 1, 10117 Mitte"
    assert located(register, street="Groeß Gasse", number="1").found[0] == "Große Gasse 1, 10117 Mitte"


def test_a_street_without_a_name_is_no_target(register):
    assert located(register, street="### Straße unbekannt", number="21").grade[0] == NONE


@pytest.mark.parametrize("row, message", [
    ({}, "The row has no address."),
    ({"kind": kinds.PO_BOX, "postcode": 10115},
     "A P.O. box has no place on the map: enter street and house number."),
    ({"kind": kinds.LANDMARK, "street": "Rathaus"},
     "“Rathaus” is no street of the register: enter street and house number."),
    ({"street": "Nirgendwo", "number": "1"}, "“Nirgendwo” is not in the register."),
])
def test_why_nothing_was_found(register, row, message):
    found = located(register, **row)
    assert row_of(found) == (NONE, "", "", [message])
    assert (found.score[0], found.register[0], found.address[0]) == (0, -1, -1)


def test_nothing_to_locate(register):
    assert len(locate(parsed_of(), [register])) == 0
    assert locate(parsed_of({"street": "Ackerstraße"}), []).grade.tolist() == [NONE]


def test_a_cell_of_100000_characters(register):
    alone = MatchSettings(district_only=False)
    found = located(register, street="A" * 100_000, number="1", postcode=10115, settings=alone)
    assert found.grade[0] == NONE
    assert len(str(found.messages[0][0])) < 200


def test_crossings(register):
    found = located(register, street="Ackerstraße", crossing="Bergstr.", kind=kinds.CROSSING)
    assert row_of(found)[0] == NONE
    near = register_of("Ahornweg; 1 2; 10115; Mitte; 01; 0; 0\nBuchenweg; 1 2; 10115; Mitte; 01; 20; 30\n"
                       "Buchenweg; 90; 10115; Mitte; 02; 20; 30")
    found = located(near, street="Ahornweg", crossing="Buchenweg", kind=kinds.CROSSING)
    assert row_of(found) == (STREET, "Ahornweg / Buchenweg", "01", ["Crossing of Ahornweg and Buchenweg."])
    assert (found.y[0], found.radius[0]) == (15, 50)


def test_progress_and_cancel(register):
    from teilhabe_plugin.core.messages import Cancelled

    shares = []
    locate(parsed_of({"street": "Ackerstraße", "number": "1"}), [register], progress=shares.append)
    assert shares == [1.0]
    with pytest.raises(Cancelled):
        locate(parsed_of({"street": "Ackerstraße", "number": "1"}), [register], cancelled=lambda: True)


def test_all_rows_at_once_are_what_each_row_is_alone(register):
    rows = [{"street": "Ackerstraße", "number": "5"}, {"street": "Akerstraße", "number": "5"}, {},
            {"street": "Bergstr.", "number": "5"}, {"street": "Ackerstraße", "number": "7"}]
    together = locate(parsed_of(*rows), [register])
    alone = [int(locate(parsed_of(row), [register]).grade[0]) for row in rows]
    assert together.grade.tolist() == alone == [EXACT, NORMALISED, NONE, NONE, NEAREST]


def test_a_first_letter_is_not_put_right_against_a_street_that_begins_as_typed():
    register = register_of("Eisenstraße; 10 12; 10115; Mitte; 01; 0; 0\nWiesenstraße; 8 12; 10115; Mitte; 02; 0; 900")
    found = located(register, street="Wisenstraße", number="10")
    assert found.grade[0] == NONE
    assert str(found.messages[0][0]).startswith("Not clear: Eisenstraße 10, 10115 Mitte or Wiesenstraße")
    alone = register_of("Eisenstraße; 10 12; 10115; Mitte; 01; 0; 0")
    assert row_of(located(alone, street="Wisenstraße", number="10"))[1] == "Eisenstraße 10, 10115 Mitte"


def test_a_wrong_postcode_that_a_near_street_has_elsewhere():
    """Stormstraße 10 has 14050; 10551 is that of another part of Stromstraße, which has a number 10, too."""
    register = register_of("Stormstraße; 10; 14050; Mitte; 01; 0; 0\nStromstraße; 10; 10555; Mitte; 02; 0; 900\n"
                           "Stromstraße; 40; 10551; Mitte; 03; 0; 950")
    found = located(register, street="Stormstraße", number="10", postcode=10551, place="Stadt")
    assert found.grade[0] == NONE and "Stromstraße 10" in str(found.messages[0][0])


def test_a_letter_behind_the_street_is_part_of_its_name():
    register = register_of("Weg A; 5; 10115; Mitte; 01; 0; 0\nTorfstraße; 10; 10115; Mitte; 01; 0; 0")
    assert located(register, street="Weg B", number="5").grade[0] == NONE
    assert located(register, street="Torfstr. b", number="10").grade[0] == NONE
    assert located(register, street="Torfstra e", number="10").grade[0] == NORMALISED


def test_a_row_that_says_two_things_is_left_open(register):
    found = located(register, street="Ackerstraße", number="5", postcode=10115, repairs=kinds.AMBIGUOUS)
    assert found.grade[0] == NONE and len(found.ties[0]) == 1
    assert str(found.messages[0][0]) == (
        "The row can be read in two ways, Ackerstraße 5, 10115 Mitte is one of them. Write one address only.")


@pytest.mark.parametrize("typed, name", [("Lambertstraße", "Taubertstraße"), ("Darwinstraße", "Martinstraße"),
                                         ("Schulstraße", "Schürstraße"), ("Cantianstraße", "Bastianstraße")])
def test_another_street_at_two_letters_is_not_taken_without_proof(typed, name):
    register = register_of(f"{name}; 1 2; 10115; Mitte; 01; 0; 0\nAckerstraße; 1; 10117; Mitte; 02; 0; 900")
    found = located(register, street=typed, number="1")
    assert found.grade[0] == NONE and f"The most likely one: {name} 1" in str(found.messages[0][0])
    assert located(register, street=typed, number="1", postcode=10115).grade[0] == NORMALISED
