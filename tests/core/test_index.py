"""The engine on tables small enough to check by hand, and its properties."""
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from teilhabe_plugin.core.index import compute
from teilhabe_plugin.core.messages import Cancelled, TeilhabeError
from teilhabe_plugin.core.recipe_reading import read_recipe

from .test_recipe import GOOD, changed

NAN = np.nan
FRAME = pd.DataFrame({
    "key": ["01", "02", "03", "04"],
    "people": [500, 300, 299, NAN],
    "a_2025": [1.0, 3, 99, 99],
    "b": [10.0, 20, 99, 99],
})


def test_by_hand():
    result = compute(read_recipe(json.dumps(GOOD)), FRAME)
    frame = result.frame.set_index("key")
    # two valid areas: z = ∓1; sub = weighted mean of equal z; root = mean(sub, minmax 0…100)
    assert frame["z_a"].tolist() == pytest.approx([-1, 1, NAN, NAN], nan_ok=True)
    assert frame["sub_index"].tolist() == pytest.approx([-1, 1, NAN, NAN], nan_ok=True)
    assert frame["n_b"].tolist() == pytest.approx([0, 100, NAN, NAN], nan_ok=True)
    assert frame["root_index"].tolist() == pytest.approx([-0.5, 50.5, NAN, NAN], nan_ok=True)
    assert frame["root_klasse"].tolist() == pytest.approx([1, 2, NAN, NAN], nan_ok=True)
    assert frame["root_name"].tolist() == ["x", "y", None, None]
    assert frame["ausschluss"].tolist() == [None, None, "few", "few"]
    assert frame.loc["03", "a_2025"] == 99, "an excluded area keeps its input values"
    assert [str(note) for note in result.notes] == ["2 areas left out (few): 03, 04"]
    assert result.counts() == {"AREAS_CLASSED": 2, "AREAS_EXCLUDED": 2, "AREAS_WITHOUT_VALUE": 0}
    assert result.class_counts(result.class_sets[0]) == {1: 1, 2: 1}


def test_the_long_table_holds_every_step():
    result = compute(read_recipe(json.dumps(GOOD)), FRAME)
    long = result.long_table()
    common, long = long[long["key"].isna()], long[long["key"].notna()]
    assert set(long["schritt"]) == {"raw", "normalised", "aggregated", "score", "share", "class", "class_name",
                                    "exclusion"}
    assert common[["schritt", "index_id", "item_id", "spalte", "wert"]].values.tolist()[:4] == [
        ["weight", "root", "a", "sub_wert", 1], ["weight", "root", "b", "sub_wert", 2],
        ["weight", "root", "sub", "root_wert", 1], ["weight", "root", "b", "root_wert", 1]]
    bounds = common[common["schritt"] == "bound"]
    assert bounds["text"].tolist() == ["x", "y"]
    assert bounds["wert"].tolist() == pytest.approx([25, NAN], nan_ok=True), "mean of −0.5 and 50.5"
    row = long[(long["key"] == "02") & (long["spalte"] == "root_index")].iloc[0]
    assert (row["schritt"], row["item_id"], row["index_id"], row["jahr"], row["wert"]) == (
        "score", "root", "root", 2025, 50.5)
    assert (long.groupby("spalte").size() == 4).all()


def test_polarity_turns_the_indicator():
    recipe = json.loads(changed(["version"], "2"))
    recipe["indicators"][0]["high_is"] = "favourable"
    result = compute(read_recipe(json.dumps(recipe)), FRAME)
    assert result.frame["z_a"].tolist() == pytest.approx([1, -1, NAN, NAN], nan_ok=True)


def test_missing_is_missing_unless_the_recipe_says_so():
    frame = FRAME.assign(people=1000, a_2025=[1.0, 3, NAN, 5])
    strict = compute(read_recipe(json.dumps(GOOD)), frame)
    assert np.isnan(strict.frame["sub_index"][2])
    assert strict.frame["sub_anteil"].tolist() == pytest.approx([1, 1, 2 / 3, 1])
    assert strict.counts()["AREAS_WITHOUT_VALUE"] == 1
    loose = compute(read_recipe(changed(["indices", 0, "children", 0, "minimum_share"], 0.5)), frame)
    assert loose.frame["sub_index"][2] == pytest.approx(loose.frame["z_b"][2])


@pytest.mark.parametrize("change, message", [
    ({"b": None}, "does not have: b"),
    ({"b": 5.0}, "“B” is 5 in all 2 areas"),
    ({"b": NAN}, "“B” has no value in any area"),
    ({"b": ["1", "2", "x", "4"]}, "Column “b”, area 03: “x” is not a finite number"),
    ({"b": [1, np.inf, 3, 4]}, "Column “b”, area 02: “inf”"),
    ({"people": 10}, "Only 0 areas are left"),
])
def test_bad_tables_are_refused_in_words(change, message):
    frame = FRAME.drop(columns="b") if change == {"b": None} else FRAME.assign(**change)
    with pytest.raises(TeilhabeError, match=message):
        compute(read_recipe(json.dumps(GOOD)), frame)


def test_a_near_column_is_named():
    with pytest.raises(TeilhabeError, match="Is “a_2024” meant"):
        compute(read_recipe(json.dumps(GOOD)), FRAME.rename(columns={"a_2025": "a_2024"}))


def test_areas_that_do_not_exist_are_noted():
    recipe = read_recipe(changed(["exclusions"], [{"type": "areas", "values": ["04", "77"], "reason": "port"}]))
    result = compute(recipe, FRAME)
    assert result.frame["ausschluss"].tolist() == [None, None, None, "port"]
    assert "77" in str(result.notes[0])


@pytest.mark.parametrize("rule, out", [
    ({"type": "areas", "values": [4, "2"]}, ["2", "4"]),
    ({"type": "flag", "column": "flag", "values": ["1"]}, ["1", "3"]),
    ({"type": "flag", "column": "flag", "values": [1]}, ["1", "3"]),
    ({"type": "flag", "column": "closed", "values": [True]}, ["2"]),
])
def test_areas_and_flags_are_known_as_number_and_as_text(rule, out):
    frame = pd.DataFrame({"key": list("1234"), "a_2025": [1.0, 2, 3, 5], "b": [1.0, 2, 3, 5],
                          "flag": [1.0, NAN, 1, 0], "closed": [False, True, False, False]})
    result = compute(read_recipe(changed(["exclusions"], [{**rule, "reason": "r"}])), frame)
    assert result.frame.loc[result.frame["ausschluss"] == "r", "key"].tolist() == out


def test_a_flag_that_nobody_carries_is_named():
    rule = {"type": "flag", "column": "people", "values": ["Hafen"], "reason": "port"}
    assert "No area is left out by the rule “port”" in str(compute(read_recipe(changed(["exclusions"], [rule])),
                                                                   FRAME).notes[0])


def test_column_names_that_differ_in_capitals_only():
    recipe = json.loads(changed(["exclusions"], []))
    recipe["indicators"][1]["column"] = "Sub_Index"
    with pytest.raises(TeilhabeError, match="two columns named “sub_index”"):
        compute(read_recipe(json.dumps(recipe)), FRAME.rename(columns={"b": "Sub_Index"}))


def test_parts_that_count_for_nothing_are_named():
    recipe = json.loads(changed(["exclusions"], []))
    recipe["indicators"].append({"id": "c", "title": "C"})
    recipe["indices"] = [{"id": "root", "title": "Root", "weights": "pca",
                          "children": [{"indicator": name} for name in "abc"]}]
    frame = FRAME.assign(a_2025=[1.0, 2, 3, 4], b=[1.0, 2, 3, 5], c=[4.0, 3, 2, 2])
    assert [str(note) for note in compute(read_recipe(json.dumps(recipe)), frame).notes] == [
        "“Root”: the estimated weight is 0, because they run against the others: C"]


def test_a_citys_value_without_people_says_so():
    recipe = json.loads(changed(["exclusions"], []))
    recipe["indices"][0]["children"][1]["normalise"] = "share"
    notes = compute(read_recipe(json.dumps(recipe)), FRAME.assign(b=[1.0, 2, 3, 4])).notes
    assert ["each counting once" in str(note) for note in notes] == [True]
    recipe["population"] = "people"
    assert compute(read_recipe(json.dumps(recipe)), FRAME.assign(b=[1.0, 2, 3, 4])).notes == []


def test_mixed_years_are_named():
    recipe = json.loads(changed(["version"], "3"))
    recipe["indicators"][1]["column"] = "b_2019"
    result = compute(read_recipe(json.dumps(recipe)), FRAME.rename(columns={"b": "b_2019"}))
    assert "mixes years: most indicators are of 2025, but 2019: B" in str(result.notes[-1])
    assert all("mixes" not in str(note) for note in compute(read_recipe(json.dumps(GOOD)), FRAME).notes)


def test_cancel_and_progress():
    with pytest.raises(Cancelled):
        compute(read_recipe(json.dumps(GOOD)), FRAME, cancelled=lambda: True)
    seen = []
    compute(read_recipe(json.dumps(GOOD)), FRAME, progress=seen.append)
    assert seen[-1] == 100


def test_the_input_is_not_changed():
    before = FRAME.copy()
    compute(read_recipe(json.dumps(GOOD)), FRAME)
    pd.testing.assert_frame_equal(FRAME, before)


def recipe_of(weights):
    return read_recipe(json.dumps({
        "format": "teilhabe-recipe/1", "id": "t", "title": "T", "area_key": "key",
        "indicators": [{"id": name, "title": name} for name in weights],
        "indices": [{"id": "i", "title": "I", "children": [
            {"indicator": name, "weight": weight} for name, weight in weights.items()]}],
    }))


matrices = arrays(float, (10, 2), elements=st.integers(-999, 999).map(float)).filter(
    lambda m: (np.ptp(m, axis=0) > 1).all())


@settings(max_examples=40, deadline=None)
@given(matrices, st.permutations(range(10)), st.floats(0.1, 50), st.floats(-50, 50))
def test_properties_of_the_score(values, order, factor, constant):
    frame = pd.DataFrame({"key": [str(i) for i in range(10)], "a": values[:, 0], "b": values[:, 1]})
    recipe = recipe_of({"a": 1, "b": 2})
    score = compute(recipe, frame).frame["i_index"].to_numpy()
    shuffled = compute(recipe, frame.iloc[list(order)]).frame["i_index"].to_numpy()
    assert np.allclose(shuffled, score[list(order)]), "the order of the areas does not count"
    scaled = compute(recipe, frame.assign(a=frame["a"] * factor + constant)).frame["i_index"]
    assert np.allclose(scaled, score, atol=1e-6), "unit and origin of an indicator do not count"
    halves = recipe_of({"a": 0.5, "a2": 0.5, "b": 2})
    doubled = compute(halves, frame.assign(a2=frame["a"])).frame["i_index"]
    assert np.allclose(doubled, score), "an indicator twice at half weight is the indicator once"
