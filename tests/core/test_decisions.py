"""Decisions by hand: kept in a file, found again next year, undone one by one, merged between two people."""
import json
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from teilhabe_plugin.core.addresses.decisions import (
    ADDRESS,
    NONE,
    POINT,
    TEXT,
    Decision,
    Decisions,
    apply_decisions,
    decision_keys,
    decisions_from_text,
    decisions_to_text,
    key_of,
    read_decisions,
    write_decisions,
)
from teilhabe_plugin.core.addresses.located import Located
from teilhabe_plugin.core.addresses.register_building import build_register
from teilhabe_plugin.core.addresses.register_lookup import find_again
from teilhabe_plugin.core.messages import TeilhabeError

OBJECTS = ("area", "found", "second", "ties", "messages")


@dataclass(frozen=True)
class Columns:
    """The columns of a list, as `AddressColumns` names them."""

    address: str = ""
    street: str = ""
    number: str = ""
    suffix: str = ""
    postcode: str = ""
    place: str = ""
    district: str = ""
    name: str = ""


def located(count, grade=7, **values):
    """A list of which nothing is known but what is given."""
    empty = {
        "grade": np.full(count, grade, np.int8), "score": np.zeros(count, np.float32),
        "margin": np.zeros(count, np.float32), "register": np.full(count, -1, np.int16),
        "address": np.full(count, -1), "street": np.full(count, -1), "x": np.full(count, np.nan),
        "y": np.full(count, np.nan), "radius": np.full(count, np.nan), "area": np.full(count, "", object),
        "area_sure": np.zeros(count, bool), "found": np.full(count, "", object), "second": np.full(count, "", object),
        "ties": np.full(count, None, object), "messages": np.full(count, None, object),
    }
    for name in ("ties", "messages"):
        for row in range(count):
            empty[name][row] = ()
    return Located(**{**empty, **values})


def register(rows=None, **settings):
    rows = rows or [
        ("a1", "Ackerstraße", "1", "10115", "Mitte", 10.0, 20.0, "0101"),
        ("a2", "Ackerstraße", "2a", "10115", "Mitte", 30.0, 20.0, "0101"),
        ("b1", "Bergstraße", "5", "10117", "Mitte", 500.0, 20.0, "0102"),
    ]
    names = ["id", "street", "number", "postcode", "district", "x", "y", "area"]
    return build_register(pd.DataFrame(rows, columns=names), **{"title": "Amt", "crs": "EPSG:25833", **settings})


def text_at(register, found):
    return register.text(found[1])


# keys ---------------------------------------------------------------------------------------------------------------


def test_key_is_the_address_as_given_without_case_umlauts_and_blanks():
    frame = pd.DataFrame({"Adresse": ["Ackerstr.  12 A", "ACKERSTR. 12 a ", "Ackerstr. 12-14", None, "Große Str. 1"]})
    assert decision_keys(frame, Columns(address="Adresse")).tolist() == [
        "ackerstr. 12 a", "ackerstr. 12 a", "ackerstr. 12-14", "", "grosse str. 1"]


def test_key_does_not_depend_on_row_or_type_of_cell():
    text = pd.DataFrame({"Str": ["Weg", "Weg"], "Nr": ["12", "2024-01-12"], "PLZ": ["1587", "01587"]})
    other = pd.DataFrame({"Str": ["Weg", "Weg"], "Nr": [datetime(2024, 1, 12), 12.0], "PLZ": ["01587", 1587]})
    columns = Columns(street="Str", number="Nr", postcode="PLZ")
    assert decision_keys(text, columns).tolist() == ["weg 12 | 1587", "weg 2024-01-12 | 01587"]
    assert decision_keys(other, columns).tolist() == ["weg 2024-01-12 | 01587", "weg 12 | 1587"]


@pytest.mark.parametrize("address, expected", [
    ("", "kita sonne"),
    ("im Rathaus", "im rathaus | kita sonne"),
    ("Postfach 12 34", "postfach 12 34 | kita sonne"),
    ("10115 Berlin", "10115 berlin | kita sonne"),
    ("Ackerstr. 1", "ackerstr. 1"),
])
def test_name_belongs_to_the_key_where_the_text_names_no_house(address, expected):
    frame = pd.DataFrame({"Adresse": [address], "Name": ["Kita Sonne"]})
    assert decision_keys(frame, Columns(address="Adresse", name="Name")).tolist() == [expected]


def test_key_of_a_huge_cell_is_short_and_tells_cells_apart():
    frame = pd.DataFrame({"Adresse": ["x" * 100_000, "x" * 99_999 + "y"]})
    first, second = decision_keys(frame, Columns(address="Adresse"))
    assert len(first) < 300 and len(second) < 300 and first != second


def test_missing_and_doubled_columns_are_no_error():
    frame = pd.DataFrame([["Weg 1", "Weg 2"]], columns=["Adresse", "Adresse"])
    assert decision_keys(frame, Columns(address="Adresse", name="gone")).tolist() == ["weg 1"]
    assert decision_keys(frame, Columns()).tolist() == [""]
    assert key_of("Weg  1") == "weg 1"


# the collection -----------------------------------------------------------------------------------------------------


def test_decisions_are_undone_one_by_one():
    first = Decisions().with_decision(Decision("a", TEXT, text="Weg 1"))
    second = first.with_decision(Decision("b", NONE, text="abgerissen"))
    third = second.with_decision(Decision("a", TEXT, text="Weg 2"))
    assert [each.text for each in third] == ["abgerissen", "Weg 2"]
    assert third.last.text == "Weg 2"
    undone = third.undo_last()
    assert undone.get("a").text == "Weg 1"  # what was replaced counts again
    assert [each.text for each in undone.undo_last()] == ["Weg 1"]
    assert len(undone.undo_last().undo_last()) == 0
    assert len(Decisions().undo_last()) == 0
    assert "a" not in third.without("a") and "b" in third.without("a")
    assert len(first) == 1  # nothing was changed in place


def test_order_is_that_of_making_even_within_one_tick():
    decisions = Decisions()
    for number in range(200):
        decisions = decisions.with_decision(Decision(str(number), TEXT, text="Weg"))
    assert [each.key for each in decisions] == [str(number) for number in range(200)]
    assert len({each.created for each in decisions}) == 200


@pytest.mark.parametrize("decision", [Decision("", TEXT, text="x"), Decision("a", "guess")])
def test_a_decision_needs_key_and_kind(decision):
    with pytest.raises(ValueError, match="key"):
        Decisions().with_decision(decision)


def test_merge_lists_conflicts_and_is_the_same_from_both_sides():
    common = Decisions().with_decision(Decision("a", TEXT, text="Weg 1")).with_decision(Decision("c", NONE))
    ours = common.with_decision(Decision("b", TEXT, text="Weg 5"))
    theirs = common.with_decision(Decision("b", NONE, text="gone")).with_decision(Decision("a", TEXT, text="Weg 2"))
    merged, conflicts = ours.merged_with(theirs)
    assert {each.key: each.text for each in merged} == {"a": "Weg 2", "b": "gone", "c": ""}
    assert [(each.key, each.ours.text, each.theirs.text) for each in conflicts] == [("b", "Weg 5", "gone")]
    assert theirs.merged_with(ours)[0] == merged
    assert merged.merged_with(theirs) == (merged, ())


def test_what_was_undone_does_not_come_back_by_merging():
    both = Decisions().with_decision(Decision("a", TEXT, text="Weg 1"))
    merged, conflicts = both.without("a").merged_with(both)
    assert len(merged) == 0 and conflicts == ()
    again = merged.with_decision(Decision("a", TEXT, text="Weg 1"))
    assert again.merged_with(both)[0].get("a").text == "Weg 1"


def test_points_are_moved_to_one_reference_system():
    decisions = Decisions().with_decision(Decision("a", POINT, x=1, y=2, crs="EPSG:4326"))
    decisions = decisions.with_decision(Decision("b", POINT, x=3, y=4, crs="EPSG:25833"))
    moved = decisions.moved_to("EPSG:25833", lambda x, y, crs: (x + 100, y + 200))
    assert [(each.x, each.y, each.crs) for each in moved] == [(101, 202, "EPSG:25833"), (3, 4, "EPSG:25833")]
    assert moved.get("a").created == decisions.get("a").created
    picked = Decisions().with_decision(Decision("a", ADDRESS, address="Weg 1", x=1, y=2, crs="EPSG:4326"))
    assert picked.moved_to("EPSG:25833", lambda x, y, crs: (0, 0)) == picked
    with pytest.raises(TeilhabeError, match="“EPSG:4326” of the point set by hand for “a” is not known"):
        decisions.moved_to("EPSG:25833", lambda x, y, crs: None)


# the file -----------------------------------------------------------------------------------------------------------


def some_decisions():
    decisions = Decisions().with_decision(Decision("weg 2", NONE, text="abgerissen", note="Tür “zu”\n2. Zeile"))
    decisions = decisions.with_decision(Decision("ackerstr. 1", ADDRESS, address="Ackerstraße 1", address_id="a1",
                                                 x=float("nan"), y=np.float64(3)))
    return decisions.with_decision(Decision("rathaus", POINT, x=425097.92, y=5719376.87, crs="EPSG:25832")) \
        .with_decision(Decision("x", TEXT, text="Straße 1")).undo_last()


def test_file_is_sorted_readable_and_read_as_it_was_written(tmp_path):
    path = tmp_path / "entscheidungen.json"
    decisions = some_decisions()
    assert write_decisions(path, decisions) == (decisions, ())
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[1:3] == ['"format": "teilhabe-decisions",', '"version": 1,']
    assert [json.loads(line.rstrip(","))["key"] for line in lines[4:7]] == ["ackerstr. 1", "rathaus", "weg 2"]
    assert '"address": "Ackerstraße 1"' in lines[4] and '"x"' not in lines[4]
    read = read_decisions(path)
    assert read == decisions and read.undone == decisions.undone
    assert decisions_to_text(read) == path.read_text(encoding="utf-8")
    assert [file.name for file in tmp_path.iterdir()] == ["entscheidungen.json"]


def test_two_people_with_one_file_lose_nothing(tmp_path):
    path = tmp_path / "d.json"
    start, _ = write_decisions(path, Decisions().with_decision(Decision("a", TEXT, text="Weg 1")))
    mine = start.with_decision(Decision("b", TEXT, text="Weg 2")).without("a")
    theirs = start.with_decision(Decision("c", TEXT, text="Weg 3"))
    write_decisions(path, theirs)
    after, conflicts = write_decisions(path, mine)
    assert {each.key for each in after} == {"b", "c"} and conflicts == ()
    write_decisions(path, mine.undo_last())  # from the state before, as a window that did not look again
    assert {each.key for each in read_decisions(path)} == {"c"}


def test_missing_file_holds_no_decisions(tmp_path):
    assert len(read_decisions(tmp_path / "none.json")) == 0


def test_failure_while_writing_leaves_the_earlier_file(tmp_path, monkeypatch):
    path = tmp_path / "d.json"
    write_decisions(path, Decisions().with_decision(Decision("a", NONE)))
    before = path.read_bytes()

    def broken(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", broken)
    with pytest.raises(OSError, match="No space"):
        write_decisions(path, Decisions().with_decision(Decision("b", NONE)))
    assert path.read_bytes() == before and len(list(tmp_path.iterdir())) == 1


def test_a_file_that_is_something_else_is_not_overwritten(tmp_path):
    path = tmp_path / "rezept.json"
    path.write_text('{"format": "recipe"}', encoding="utf-8")
    with pytest.raises(TeilhabeError, match="holds no decisions about addresses"):
        write_decisions(path, Decisions())
    assert path.read_text(encoding="utf-8") == '{"format": "recipe"}'


HEAD = '{"format": "teilhabe-decisions", "version": 1,\n"decisions": [\n'


@pytest.mark.parametrize("text, told", [
    (HEAD + '{"key": "a", "kind": "none"},\n<<<<<<<\n]}', "line 4"),
    (HEAD + '{"key": "a", "kind": "none"', "line 3"),
    (HEAD + '{"key": "a", "kind": "nothing"}]}', r"\$.decisions\[0\].kind: \"nothing\" is not possible"),
    (HEAD + '{"key": "a", "kind": "point", "x": 1}]}', "needs “x” and “y”"),
    (HEAD + '{"key": "a", "kind": "address"}]}', "needs “address”"),
    (HEAD + '{"key": "a", "kind": "text"}]}', "needs “text”"),
    (HEAD + '{"key": "", "kind": "none"}]}', "a text is expected"),
    (HEAD + '{"key": "a", "kind": "none", "adress": "x"}]}', "Is “address” meant"),
    ('{"format": "teilhabe-decisions", "version": 2}', "newer version"),
    ('{"format": "teilhabe-decisions"}', "“version” is missing"),
    ("[]", "an object in braces"),
    ("", "line 1"),
])
def test_broken_files_are_told_with_their_place(text, told):
    with pytest.raises(TeilhabeError, match=told):
        decisions_from_text(text, "d.json")


def test_wrong_encoding_is_told(tmp_path):
    path = tmp_path / "d.json"
    path.write_bytes("Straße".encode("latin-1"))
    with pytest.raises(TeilhabeError, match="UTF-8"):
        read_decisions(path)


def test_byte_order_mark_of_an_editor_is_no_fault(tmp_path):
    path = tmp_path / "d.json"
    path.write_text(decisions_to_text(some_decisions()), encoding="utf-8-sig")
    assert len(read_decisions(path)) == 3


# looking an address up again ----------------------------------------------------------------------------------------


def test_address_is_found_by_identifier_and_text():
    amt = register()
    assert text_at(amt, find_again([amt], "Ackerstraße 2a, 10115 Mitte", "a2")) == "Ackerstraße 2a, 10115 Mitte"


@pytest.mark.parametrize("text", ["Ackerstraße 2a, 10115 Mitte", "Ackerstr. 2 A, 10115 Mitte", "Ackerstraße 2a",
                                  "Ackerstraße 2a, Mitte", "Ackerstraße 2a, 10115"])
def test_address_is_found_by_text_without_identifier(text):
    amt = register()
    found = find_again([amt], text)
    assert found is not None and amt.ids[found[1]] == "a2"


@pytest.mark.parametrize("text", ["Ackerstraße 2a, 10999 Mitte", "Ackerstraße 2a, 10115 Spandau", "Ackerstraße 2",
                                  "Ackerstraße 3", "Bachstraße 1", "Ackerstraße", ""])
def test_address_that_contradicts_or_is_gone_is_not_found(text):
    assert find_again([register()], text, "zz") is None


def test_identifier_that_only_counts_rows_does_not_lead_to_another_house():
    before = register()
    rebuilt = register([("a1", "Bergstraße", "5", "10117", "Mitte", 500.0, 20.0, "0102"),
                        ("a2", "Ackerstraße", "1", "10115", "Mitte", 10.0, 20.0, "0101")])
    found = find_again([rebuilt], before.text(0), "a1", 10.0, 20.0, "EPSG:25833")
    assert rebuilt.text(found[1]) == "Ackerstraße 1, 10115 Mitte"
    without = register([("a1", "Bergstraße", "5", "10117", "Mitte", 500.0, 20.0, "0102")])
    assert find_again([without], before.text(0), "a1", 10.0, 20.0, "EPSG:25833") is None


def test_renamed_street_is_found_by_identifier_number_and_place():
    renamed = register([("a1", "Neue Straße", "1", "10115", "Mitte", 11.0, 20.0, "0101")])
    found = find_again([renamed], "Ackerstraße 1, 10115 Mitte", "a1", 10.0, 20.0, "EPSG:25833")
    assert text_at(renamed, found) == "Neue Straße 1, 10115 Mitte"
    assert find_again([renamed], "Ackerstraße 1, 10115 Mitte", "a1") is None  # where it lay is not known


def test_same_text_twice_is_told_apart_by_place_or_left_open():
    twice = register([("", "Weg", "1", None, None, 0.0, 0.0, "0101"), ("", "Weg", "1", None, None, 900.0, 0.0, "0102")])
    assert find_again([twice], "Weg 1") is None
    found = find_again([twice], "Weg 1", "", 899.0, 1.0, "EPSG:25833")
    assert twice.x[found[1]] == 900.0


def test_second_register_is_asked_when_the_first_does_not_know():
    other = register([("k1", "Kirchplatz", "3", None, None, 1.0, 1.0, "0103")])
    assert find_again([register(), other], "Kirchplatz 3", "k1") == (1, 0)


# applying -----------------------------------------------------------------------------------------------------------


def apply(keys, decisions, registers=None, base=None, parse_again=None):
    base = base or located(len(keys), grade=5)
    return apply_decisions(base, np.array(keys, dtype=object), decisions, registers or [register()], parse_again)


def words(out, row):
    return [str(message) for message in out.messages[row]]


def test_picked_address_is_taken_from_the_register_of_today():
    decisions = Decisions().with_decision(Decision("acker 2 a", ADDRESS, address="Ackerstraße 2a, 10115 Mitte",
                                                   address_id="a2", note="Anruf", created="2025-03-09T08:00:00Z"))
    base = located(3, grade=5)
    out, by_hand, notes = apply(["x", "acker 2 a", ""], decisions, base=base)
    assert by_hand.tolist() == [False, True, False] and notes == ()
    assert (out.grade.tolist(), out.score[1], out.margin[1]) == ([5, 2, 5], 100, 100)
    assert (out.x[1], out.y[1], out.area[1], out.area_sure[1]) == (30.0, 20.0, "0101", True)
    assert (out.register[1], out.address[1], out.found[1]) == (0, 1, "Ackerstraße 2a, 10115 Mitte")
    assert words(out, 1) == ["Chosen by hand on 2025-03-09.", "Remark: Anruf"]
    assert base.grade.tolist() == [5, 5, 5]  # the input is as it was


def test_one_decision_counts_for_every_row_of_the_same_text():
    decisions = Decisions().with_decision(Decision("k", POINT, x=5, y=6, crs="EPSG:25833", area="0102"))
    out, by_hand, _ = apply(["k", "k", "l", "k"], decisions)
    assert by_hand.tolist() == [True, True, False, True]
    assert out.x[[0, 1, 3]].tolist() == [5, 5, 5] and out.address[0] == -1 and out.register[0] == -1
    assert out.grade[0] == 2 and out.radius[0] == 10 and out.area[0] == "0102"


def test_address_that_is_gone_comes_back_to_the_work_list():
    decisions = Decisions().with_decision(Decision("k", ADDRESS, address="Abrissweg 1", address_id="z"))
    confident = located(1, grade=1, x=np.array([9.0]), found=np.array(["Ackerstraße 1"], object))
    out, by_hand, notes = apply(["k"], decisions, base=confident)
    assert by_hand.tolist() == [False] and out.grade.tolist() == [7] and np.isnan(out.x[0]) and out.found[0] == ""
    told = "The address “Abrissweg 1”, chosen by hand, is no longer in the register. Choose again."
    assert [str(note) for note in notes] == [told] == words(out, 0)


def test_not_locatable_is_a_finished_row():
    out, by_hand, _ = apply(["k"], Decisions().with_decision(Decision("k", NONE, text="mobiles Angebot")))
    assert by_hand.tolist() == [True] and out.grade.tolist() == [7]
    assert words(out, 0)[-1] == "Reason: mobiles Angebot"


def test_typed_addresses_are_located_again_each_text_once():
    asked = []

    def parse_again(texts):
        asked.append(texts)
        found = located(len(texts), grade=1, x=np.arange(len(texts)) + 0.5)
        found.grade[texts.index("Nirgendwo 9")] = 7
        return found

    decisions = Decisions()
    for key, text in (("a", "Ackerstraße 1"), ("b", "Nirgendwo 9"), ("c", "Ackerstraße 1")):
        decisions = decisions.with_decision(Decision(key, TEXT, text=text))
    out, by_hand, notes = apply(["c", "b", "a", "d"], decisions, parse_again=parse_again)
    assert asked == [["Nirgendwo 9", "Ackerstraße 1"]] or asked == [["Ackerstraße 1", "Nirgendwo 9"]]
    assert by_hand.tolist() == [True, False, True, False] and out.grade.tolist() == [1, 7, 1, 5]
    assert out.x[0] == out.x[2] == 0.5 + asked[0].index("Ackerstraße 1")
    told = "The address “Nirgendwo 9”, typed by hand, is not found. Correct it again."
    assert [str(note) for note in notes] == [told]
    assert words(out, 2)[-1] == "Corrected to “Ackerstraße 1”."


def test_decisions_that_concern_no_row_are_counted():
    decisions = Decisions().with_decision(Decision("a", NONE)).with_decision(Decision("b", NONE))
    _, _, notes = apply(["a"], decisions)
    assert [str(note) for note in notes] == ["1 of 2 decisions by hand concern no row of this list."]


def test_area_register_without_coordinates():
    amt = register([("a1", "Ackerstraße", "1", "10115", "Mitte", None, None, "0101")], crs="")
    out, by_hand, _ = apply(["k"], Decisions().with_decision(Decision("k", ADDRESS, address_id="a1")), [amt])
    assert by_hand[0] and out.area[0] == "0101" and np.isnan(out.x[0]) and np.isnan(out.radius[0])


def test_next_year_the_row_has_moved_and_the_register_was_rebuilt(tmp_path):
    frame = pd.DataFrame({"Adresse": ["Bergstr. 5", "Akcerstr 2-a"]})
    keys = decision_keys(frame, Columns(address="Adresse"))
    path = tmp_path / "d.json"
    write_decisions(path, Decisions().with_decision(
        Decision(keys[1], ADDRESS, address="Ackerstraße 2a, 10115 Mitte", address_id="a2")))
    later = pd.DataFrame({"Anschrift": ["AKCERSTR 2-A", "Bergstr. 5", "neu 1"]})
    rebuilt = register([("n7", "Aalweg", "1", None, None, 0.0, 0.0, ""),
                        ("n9", "Ackerstraße", "2a", "10115", "Mitte", 33.0, 20.0, "0101")])
    out, by_hand, notes = apply(decision_keys(later, Columns(address="Anschrift")), read_decisions(path), [rebuilt])
    assert by_hand.tolist() == [True, False, False] and out.x[0] == 33.0 and notes == ()


def test_ten_thousand_decisions_all_find_their_address():
    rows = [(f"i{n}", f"Straße {n // 100}", str(n % 100 + 1), "10115", "Mitte", n + 1.0, 0.0, "01")
            for n in range(10_000)]
    amt = register(rows)
    decisions = Decisions(tuple(
        Decision(f"k{n}", ADDRESS, address=amt.text(n), created=f"2025-01-01T00:00:{n:08d}Z") for n in range(10_000)))
    keys = [f"k{n}" for n in range(10_000)]
    out, by_hand, notes = apply(keys, decisions, [amt])
    assert by_hand.all() and notes == () and np.array_equal(out.x, amt.x)


def test_replaced_values_do_not_leak_between_decisions():
    decision = Decision("k", NONE, note="n", created="2025-01-01T00:00:00Z")
    assert decision.says_the_same(replace(decision, note="", created=""))
    assert not decision.says_the_same(replace(decision, kind=POINT))
