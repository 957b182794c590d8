"""A list against a register: what the result says of each row, the work list, formulas made harmless."""
import numpy as np
import pandas as pd
import pytest

from teilhabe_plugin.core.addresses.address_columns import AddressColumns
from teilhabe_plugin.core.addresses.decisions import NO_DECISIONS, Decision
from teilhabe_plugin.core.addresses.geocoding import (
    FIELDS,
    Geocoded,
    geocode,
    numbered_fields,
    reasons_by_kind,
    result_columns,
    to_correct,
    with_online_places,
)
from teilhabe_plugin.core.addresses.grades import DISTRICT, EXACT, INTERPOLATED, NEAREST, NONE, NORMALISED, STREET
from teilhabe_plugin.core.addresses.located import Located
from teilhabe_plugin.core.addresses.parsed import ParsedAddresses
from teilhabe_plugin.core.addresses.register_building import build_register
from teilhabe_plugin.core.addresses.work_list import decisions_of_work_list, work_list
from teilhabe_plugin.core.formula_guard import guarded, unguarded
from teilhabe_plugin.core.messages import Message, TeilhabeError

GRADE_LIST = [EXACT, NORMALISED, INTERPOLATED, NEAREST, STREET, DISTRICT, NONE]


@pytest.fixture(scope="module")
def register():
    rows = [("Ackerstraße", str(n), "10115", "01", 1000 + 10 * n, 5000 + n % 2 * 20, f"id{n}") for n in range(1, 13)]
    rows += [("Bergweg", str(n), "10115", "02", 2000 + 10 * n, 6000, f"b{n}") for n in (1, 2, 3, 4)]
    frame = pd.DataFrame(rows, columns=["street", "number", "postcode", "area", "x", "y", "id"])
    return build_register(frame, "Testregister", "EPSG:25832", "Teststadt")


def hand_made(count: int, **changed) -> Located:
    text = np.full(count, "", dtype=object)
    empty = np.empty(count, dtype=object)
    for row in range(count):
        empty[row] = ()
    values = {
        "grade": np.full(count, NONE, np.int8), "score": np.zeros(count, np.float32),
        "margin": np.zeros(count, np.float32), "register": np.full(count, -1, np.int16),
        "address": np.full(count, -1), "street": np.full(count, -1), "x": np.full(count, np.nan),
        "y": np.full(count, np.nan), "radius": np.full(count, np.nan), "area": text.copy(),
        "area_sure": np.zeros(count, bool), "found": text.copy(), "second": text.copy(), "ties": empty.copy(),
        "messages": empty.copy(),
    }
    return Located(**{**values, **changed})


def parsed_of(count: int) -> ParsedAddresses:
    zeros, text = np.zeros(count, np.int32), np.full(count, "", dtype=object)
    return ParsedAddresses(np.zeros(count, np.int8), *(text,) * 3, zeros, text, text, np.zeros(count, bool), zeros,
                           *(text,) * 3, zeros)


def geocoded_of(located: Located, **changed) -> Geocoded:
    count = len(located)
    values = {"keys": np.array([f"key {row}" for row in range(count)], dtype=object),
              "by_hand": np.zeros(count, bool), "online": np.zeros(count, bool)}
    return Geocoded(located, parsed_of(count), **{**values, **changed})


def test_fields_of_a_hand_made_result(register):
    messages = np.empty(3, dtype=object)
    messages[:] = [(), (Message("The number {n} is missing.", n=13), Message("The number {n} is missing.", n=13)),
                   ("as somebody wrote",)]
    ties = np.empty(3, dtype=object)
    ties[:] = [(), (0, 1), ()]
    located = hand_made(
        3, grade=np.array([1, 5, 7], np.int8), score=np.array([100, 71.26, 0], np.float32),
        margin=np.array([40, 0, 0], np.float32), register=np.array([0, 0, -1], np.int16),
        address=np.array([2, -1, -1]), radius=np.array([0, 60.04, np.nan]), x=np.array([1.0, 2.0, np.nan]),
        area=np.array(["01", "01", ""], object), area_sure=np.array([True, False, False]),
        found=np.array(["Ackerstraße 3", "Ackerstraße", ""], object), messages=messages, ties=ties)
    found = result_columns(geocoded_of(located, by_hand=np.array([False, True, False])), [register])
    assert list(found) == list(FIELDS)
    assert found["adr_stufe"].tolist() == [1, 5, 7]
    assert found["adr_guete"].tolist() == ["exact", "street only", "not located"]
    assert found["adr_punkte"].tolist()[:2] == [100.0, 71.3] and np.isnan(found["adr_punkte"][2])
    assert found["adr_id"].tolist() == ["id3", None, None]
    assert found["adr_register"].tolist() == ["Testregister", "Testregister", None]
    assert found["adr_auswahl"].tolist() == [None, "Ackerstraße 1, 10115; Ackerstraße 2, 10115", None]
    assert found["adr_gebiet_sicher"].tolist() == [True, False, None]
    assert found["adr_hinweis"].tolist() == [None, "The number 13 is missing.", "as somebody wrote"]
    assert found["adr_herkunft"].tolist() == ["register", "hand", None]
    assert found["adr_radius"].tolist()[:2] == [0.0, 60.0]


def test_rows_to_be_corrected():
    located = hand_made(7, grade=np.array(GRADE_LIST, np.int8))
    assert to_correct(geocoded_of(located)).tolist() == [False, False, False, True, True, True, True]
    decided = np.array([False] * 6 + [True])
    assert to_correct(geocoded_of(located, by_hand=decided)).tolist() == [False] * 3 + [True] * 3 + [False]


def test_own_columns_of_the_list_stay_and_ours_get_a_number():
    assert numbered_fields(["Name", "PLZ"])["adr_stufe"] == "adr_stufe"
    again = numbered_fields(["Name", "ADR_STUFE"])
    assert again["adr_stufe"] == "adr_stufe_2" and again["adr_gebiet"] == "adr_gebiet_2"
    assert numbered_fields(["adr_stufe", "adr_id_2"])["adr_stufe"] == "adr_stufe_3"


def test_an_online_place_is_marked_and_not_the_registers():
    located = hand_made(2, grade=np.array([1, 7], np.int8), register=np.array([0, -1], np.int16))
    after = with_online_places(geocoded_of(located), np.array([1]), [5.0], [6.0], ["Weg 1"], [INTERPOLATED], [20.0],
                               Message("from a service"))
    assert after.online.tolist() == [False, True]
    assert after.located.grade.tolist() == [1, INTERPOLATED] and after.located.x[1] == 5.0
    assert located.grade.tolist() == [1, 7], "the first result is not touched"
    assert result_columns(after, [])["adr_herkunft"].tolist() == ["register", "online"]


def test_reasons_are_counted_without_their_details():
    messages = np.empty(3, dtype=object)
    messages[:] = [(Message("No street like “{s}”.", s="A"),), (Message("No street like “{s}”.", s="B"),),
                   (Message("{n:.1f} m off", n=3.2),)]
    geocoded = geocoded_of(hand_made(3, messages=messages))
    assert reasons_by_kind(geocoded, np.ones(3, bool), str) == [("No street like “…”.", 2), ("… m off", 1)]


@pytest.mark.parametrize("cell", ["=1+1", "+49 201", "-5", "@SUM(A1)", "\t=1", "\r=1"])
def test_formulas_become_text_and_come_back(cell):
    assert guarded(cell) == "'" + cell
    assert unguarded(guarded(cell)) == cell


@pytest.mark.parametrize("cell", ["Ackerstraße 1", "", None, -5, 3.5, "'s Gravenhage"])
def test_harmless_cells_stay(cell):
    assert guarded(cell) == cell
    assert unguarded(cell) == cell


def test_a_list_against_a_register(register):
    frame = pd.DataFrame({"Kita": ["A", "B", "C", "D"], "Straße": ["Ackerstraße", "Ackerstr.", "Bergweg", None],
                          "Nr": ["3", "4", "99", None], "PLZ": ["10115"] * 3 + [None]})
    columns = AddressColumns(street="Straße", number="Nr", postcode="PLZ", name="Kita")
    steps = []
    found = geocode(frame, columns, [register], progress=steps.append)
    assert found.located.grade[0] == EXACT and found.located.grade[1] == NORMALISED
    assert found.located.area[:2].tolist() == ["01", "01"]
    assert found.located.grade[2] >= NEAREST and found.located.grade[3] == NONE
    assert found.located.messages[3], "an empty row says why it has no place"
    assert steps == sorted(steps) and steps[0] >= 0 and steps[-1] <= 100


def test_decisions_go_before_the_register_and_are_marked(register):
    frame = pd.DataFrame({"Adresse": ["Ackerstr. 3", "Rathaus", "Irgendwo 5"]})
    columns = AddressColumns(address="Adresse")
    keys = geocode(frame, columns, [register]).keys
    decisions = NO_DECISIONS.with_decision(Decision(keys[1], "text", text="Bergweg 2, 10115"))
    decisions = decisions.with_decision(Decision(keys[2], "none", text="closed"))
    found = geocode(frame, columns, [register], decisions=decisions)
    assert found.by_hand.tolist() == [False, True, True]
    table = result_columns(found, [register])
    assert table["adr_herkunft"].tolist() == ["register", "hand", "hand"]
    assert table["adr_gefunden"][1] == "Bergweg 2, 10115" and table["adr_stufe"].tolist()[2] == NONE
    assert to_correct(found).tolist() == [False, False, False]


def test_the_work_list_has_suggestions_side_by_side_and_no_formulas(register):
    class Found:
        def __init__(self, text):
            self.text = text

    frame = pd.DataFrame({"Name": ["=cmd", "B"], "Str": ["+Weg", "Bergweg"], "Nr": [1.0, 99]})
    columns = AddressColumns(street="Str", number="Nr", name="Name")
    geocoded = geocoded_of(hand_made(2))
    table = work_list(geocoded, frame, columns, np.array([0, 1]), np.array([5, 9]),
                      {1: [Found("Bergweg 4"), Found("Bergweg 3")]})
    assert table.iloc[0].tolist() == [5, "'=cmd", "'+Weg 1", "not located", "", "", "", "", "", "", "key 0"]
    assert table.iloc[1].tolist() == [9, "B", "Bergweg 99", "not located", "", "Bergweg 4", "Bergweg 3", "", "", "",
                                      "key 1"]


def filled_in(**columns) -> pd.DataFrame:
    return pd.DataFrame({"adr_schluessel": ["a", "b", "c", "d", "e"], **columns}, dtype=object)


def test_a_finished_work_list_becomes_decisions():
    decisions = decisions_of_work_list(filled_in(**{
        "Vorschlag 1": ["A 1", "B 1", None, None, None], "Vorschlag 2": [None, "B 2", None, None, None],
        "Korrektur: …": [None, 2.0, "Weg 7", "nicht verortbar", "'=x"],
        "Bemerkung": [None, None, "Anruf", "geschlossen", None]}), "liste.xlsx")
    assert [(d.key, d.kind, d.address, d.text, d.note) for d in decisions] == [
        ("b", "text", "", "B 2", ""), ("c", "text", "", "Weg 7", "Anruf"), ("d", "none", "", "geschlossen", ""),
        ("e", "text", "", "=x", "")]


def test_faults_of_a_finished_work_list_are_told():
    table = filled_in(**{"Vorschlag 1": [None] * 5, "Korrektur": [None, "1", None, None, None]})
    with pytest.raises(TeilhabeError, match=r"liste.xlsx, 3: suggestion 1 was entered, but there is none"):
        decisions_of_work_list(table, "liste.xlsx")
    with pytest.raises(TeilhabeError, match="liste.xlsx is no work list"):
        decisions_of_work_list(table.drop(columns="adr_schluessel"), "liste.xlsx")
    twice = pd.DataFrame({"adr_schluessel": ["a", "a"], "Korrektur": ["Ackerstr. 1", "Ackerstr. 2"]}, dtype=object)
    with pytest.raises(TeilhabeError, match=r"liste.xlsx, rows 2 and 3: the same address was corrected in two ways"):
        decisions_of_work_list(twice, "liste.xlsx")
