import numpy as np
import pandas as pd
import pytest

from teilhabe_plugin.core.area_keys import REPAIR_KINDS, Areas
from teilhabe_plugin.core.key_matching import match_keys, propose_repairs
from teilhabe_plugin.core.messages import TeilhabeError
from teilhabe_plugin.core.table_layout import TableLayout

from .table_helpers import KEYS, six_areas, table

LAYOUT = TableLayout(key_column="Nr", name_column="Name", district_column="Bez")


def rows(*lines):
    # the first row of data bears a key, so that the header is known
    return table([["Nr", "Name", "Bez", "A"], ["01100101", "Stülerstraße", "Mitte", "1"], *map(list, lines)])


def match(*lines, accepted=REPAIR_KINDS, by_hand=None, areas=None):
    return match_keys(rows(*lines), LAYOUT, areas or six_areas(), accepted, by_hand)


@pytest.mark.parametrize(
    ("value", "key", "kinds"),
    [
        ("1100102", "01100102", ("leading_zeros",)),
        (1100102, "01100102", ("leading_zeros",)),
        (1100102.0, "01100102", ("leading_zeros",)),
        ("01100102.0", "01100102", ("decimal_tail",)),
        ("1100102,0", "01100102", ("decimal_tail", "leading_zeros")),
        (" 01100102", "01100102", ("blanks",)),
        ("01 10 01 02", "01100102", ("blanks",)),
        ("01100102\u00a0", "01100102", ("blanks",)),
        (" 1100102.0 ", "01100102", ("blanks", "decimal_tail", "leading_zeros")),
        ("Neue Mühle", "02200202", ("name",)),
        ("NEUE MUEHLE", "02200202", ("name",)),
    ],
)
def test_repairs(value, key, kinds):
    matching = match([value, None, None, "5"])
    assert [(r.row, r.value, r.key, r.kinds) for r in matching.repairs] == [
        (3, str(int(value)) if isinstance(value, float) else str(value), key, kinds)
    ]
    assert matching.positions.tolist() == [0, KEYS.index(key)]


def test_dashes_and_case():
    areas = six_areas(KEY=["A-1", "A-2", "B-1", "B-2", "C-1", "C-2"])
    read = table([["Nr", "A"], ["A-1", "1"], ["A–2", "2"], ["b-1", "3"], ["b—2", "4"]], areas)
    matching = match_keys(read, TableLayout(key_column="Nr"), areas, REPAIR_KINDS)
    assert [(r.value, r.key, r.kinds) for r in matching.repairs] == [
        ("A–2", "A-2", ("dashes",)),
        ("b-1", "B-1", ("case",)),
        ("b—2", "B-2", ("dashes", "case")),
    ]


def test_nothing_is_repaired_that_was_not_accepted():
    matching = match(["1100102", None, None, "5"], [" 1200", "Neue Mühle", None, "5"], accepted=("blanks",))
    assert matching.repairs == ()
    assert [(r.row, r.key, r.kinds) for r in matching.offered] == [
        (3, "01100102", ("leading_zeros",)),
        (4, "02200202", ("name",)),
    ]
    assert [str(r.why) for r in matching.unmatched] == ["a repair would match it, but was not accepted"] * 2
    assert matching.positions.tolist() == [0, -1, -1]


def test_a_repair_of_two_kinds_needs_both():
    assert match([" 1100102", None, None, "5"], accepted=("blanks",)).positions.tolist() == [0, -1]
    assert match([" 1100102", None, None, "5"], accepted=("blanks", "leading_zeros")).positions.tolist() == [0, 1]


def test_proposals_apply_nothing():
    proposals = propose_repairs(rows(["1100102", None, None, "5"]), LAYOUT, six_areas())
    assert [(r.row, r.key) for r in proposals] == [(3, "01100102")]


def test_a_name_of_two_areas_is_never_enough():
    matching = match([None, "Schloßstraße", None, "5"])
    assert matching.positions.tolist() == [0, -1]
    assert [(r.row, r.name, str(r.why)) for r in matching.ambiguous] == [
        (3, "Schloßstraße", "2 areas bear this name (04300414, 06100102); key or district must decide")
    ]
    assert matching.ambiguous == matching.unmatched


@pytest.mark.parametrize(
    ("district", "position"), [("Steglitz", 5), ("charlottenburg", 4), ("06", 5), ("4", 4), ("Pankow", -1), ("99", -1)]
)
def test_the_district_decides_between_equal_names(district, position):
    assert match([None, "Schloßstraße", district, "5"]).positions.tolist() == [0, position]


def test_the_key_decides_between_equal_names():
    matching = match(["4300414", "Schloßstraße", None, "5"], ["06100102", "Schloßstraße", None, "6"])
    assert matching.positions.tolist() == [0, 4, 5]


def test_two_keys_that_differ_only_in_zeros_are_not_guessed():
    areas = six_areas(KEY=["101", "0101", "3", "4", "5", "6"])
    read = table([["Nr", "A"], ["101", "1"], ["00101", "2"]], areas)
    matching = match_keys(read, TableLayout(key_column="Nr"), areas, REPAIR_KINDS)
    assert matching.positions.tolist() == [0, -1]
    assert str(matching.ambiguous[0].why) == "fits several keys: 0101, 101"


@pytest.mark.parametrize(
    ("value", "name", "kind"),
    [
        (None, "Gesamtstadt", "total"),
        ("Insgesamt", None, "total"),
        ("Summe", None, "total"),
        ("Berlin gesamt", None, "total"),
        (None, "Bezirk Mitte", "group"),
        ("Mitte", None, "group"),
        (None, "Kreuzberg", "group"),
        ("01", None, "group"),
        ("01100000", None, "group"),
        ("Stadt Musterstadt", None, "group"),
        ("0110", "Zentrum", "group"),
    ],
)
def test_summary_rows(value, name, kind):
    matching = match([value, name, None, "5"])
    assert [(s.row, s.kind) for s in matching.summary] == [(3, kind)]
    assert matching.unmatched == ()


@pytest.mark.parametrize("text", ["Quelle: Statistikamt", "1) ohne Heime", "Stand: 31.12.2025", "* geschätzt"])
def test_footnotes(text):
    matching = match([text, None, None, None])
    assert [(s.label, s.kind) for s in matching.summary] == [(text, "footnote")]


@pytest.mark.parametrize("value", ["4711", "Neustadt", "Gesamtschulviertel"])
def test_rows_that_should_be_areas_are_no_summary(value):
    matching = match([value, None, None, "5"])
    assert matching.summary == ()
    assert [(r.row, r.value, str(r.why)) for r in matching.unmatched] == [(3, value, "no area has this key or name")]


def test_an_area_that_sounds_like_a_total_is_an_area():
    areas = six_areas(NAME=["Gesamtstadt", "b", "c", "d", "e", "f"])
    assert match(["01100101", "Gesamtstadt", None, "1"], areas=areas).positions.tolist() == [0, 0]


def test_near_names_are_only_suggested():
    matching = match([None, "Stülerstr", None, "5"], ["Neu Mühle", None, None, "5"], ["99", "Ganz woanders", None, "5"])
    assert matching.positions.tolist() == [0, -1, -1, -1]
    assert [(s.row, s.value, s.key) for s in matching.suggestions] == [
        (3, "Stülerstr", "01100101"),
        (4, "Neu Mühle", "02200202"),
    ]


def test_keys_are_never_suggested_by_likeness():
    assert match(["01100109", None, None, "5"]).suggestions == ()


def test_matches_by_hand():
    matching = match(
        ["Mühle alt", None, None, "5"],
        ["Umland", None, None, "6"],
        ["01100101", None, None, "7"],
        by_hand={"Mühle alt": "02200202", "Umland": None, "01100101": "01100102"},
    )
    assert matching.positions.tolist() == [1, 3, -1, 1]
    assert [(r.row, r.kinds) for r in matching.repairs] == [(2, ("by_hand",)), (3, ("by_hand",)), (5, ("by_hand",))]
    assert [(s.row, s.kind) for s in matching.summary] == [(4, "set_aside")]


def test_match_by_hand_with_a_key_that_is_not_there():
    matching = match(["x", None, None, "5"], by_hand={"x": "77"})
    assert str(matching.unmatched[0].why) == "set by hand to “77”, which is no area key"


def test_rows_without_key():
    matching = match([None, None, None, "5"], [None, "Ganz woanders", None, "5"])
    assert [str(r.why) for r in matching.unmatched] == [
        "the row has no key",
        "the row has no key, and no area bears its name",
    ]


def test_matched_rows_with_another_name_are_reported():
    matching = match(["01100102", "Neue Mühle", None, "5"], ["02200201", "am bach", None, "5"])
    assert [(r.row, r.value, r.name, str(r.why)) for r in matching.other_names] == [
        (3, "01100102", "Neue Mühle", "the area layer calls this area “Großer Tiergarten”")
    ]


def frame(**columns):
    return pd.DataFrame({"K": ["1", "2", "3"], "N": ["a", "b", "c"], **columns})


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (["1", None, "3"], "The key field “K” is empty in 1 areas (feature ids 12)."),
        (["1", "", ""], "The key field “K” is empty in 2 areas (feature ids 12, 13)."),
        (
            ["1", "2", "2"],
            "The key field “K” is not unique: 2 areas share a key, for example “2” (feature ids 12, 13).",
        ),
    ],
)
def test_key_field_with_gaps_or_repeats(keys, message):
    with pytest.raises(TeilhabeError) as error:
        Areas.from_frame(frame(K=keys), "K", "N", ids=[11, 12, 13])
    assert str(error.value).startswith(message)


def test_whole_number_keys_of_a_layer_become_text():
    areas = Areas.from_frame(frame(K=np.array([101, 102, 103])), "K")
    assert areas.keys.tolist() == ["101", "102", "103"]


def test_area_layer_without_rows_or_field():
    with pytest.raises(TeilhabeError, match="has no field “X”"):
        Areas.from_frame(frame(), "X")
    with pytest.raises(TeilhabeError, match="holds no areas"):
        Areas.from_frame(frame().iloc[:0], "K")
