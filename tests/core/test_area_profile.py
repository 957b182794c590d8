"""Why an area has its class: figures by hand, against other ways to get them, and as properties."""
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teilhabe_plugin.core.area_figures import digits
from teilhabe_plugin.core.area_profile import Part, Profiles
from teilhabe_plugin.core.classes import ClassDef, ClassSet
from teilhabe_plugin.core.index import compute
from teilhabe_plugin.core.parents import parent_scores
from teilhabe_plugin.core.recipe_reading import load_recipe, read_recipe
from teilhabe_plugin.core.robustness import robustness

from .test_robustness import TREE, recipe_of, table

NAN = float("nan")
CLASSES = {"method": "fixed", "bounds": [0], "classes": [{"value": 1, "name": "gut"}, {"value": 2, "name": "schlecht"}]}
#: four areas, two indicators: a high a is unfavourable, a high b favourable
FRAME = pd.DataFrame({
    "key": ["01", "02", "03", "04"], "name": ["West", "Ost", "", "04"], "people": [100, 300, 100, 500],
    "bezirk": ["A", "A", "B", "B"], "bezirk_name": ["Alt", "Alt", "Neu", "Neu"],
    "a": [10.0, 20.0, 30.0, 40.0], "b": [8.0, 4.0, 4.0, 0.0],
})


def by_hand(frame=FRAME, children=None, **more):
    index = {"aggregate": "mean", "standardise": "identity", "classes": CLASSES, "children": children or [
        {"indicator": "a", "weight": 3, "normalise": {"method": "minmax", "low": -1, "high": 1}},
        {"indicator": "b", "weight": 1, "normalise": {"method": "minmax", "low": -1, "high": 1}}]}
    recipe = recipe_of({**index, **more.pop("index", {})}, [
        {"id": "a", "title": "Armut", "unit": "%"}, {"id": "b", "title": "Bildung", "high_is": "favourable"}],
        area_name="name", population="people",
        parents=[{"id": "bezirk", "title": "Bezirk", "column": "bezirk", "name_column": "bezirk_name"}], **more)
    result = compute(recipe, frame)
    return Profiles(result, frame, "i")


def test_score_class_and_rank_by_hand():
    # a: −1, −1/3, 1/3, 1 · b turned: −1, 0, 0, 1 · score = (3a + b)/4
    profiles = by_hand()
    assert [round(profiles.of(row).score, 6) for row in range(4)] == [-1, -0.25, 0.25, 1]
    first, last = profiles.of(0), profiles.of(3)
    assert (first.rank, first.of, first.tied, first.class_name) == (4, 4, 0, "gut")
    assert (last.rank, last.class_name, last.high_is_bad) == (1, "schlecht", True)
    assert profiles.in_rank_order() == [3, 2, 1, 0]
    assert [profiles.of(row).label for row in range(4)] == ["01 West", "02 Ost", "03", "04"]
    assert (first.district_title, first.district) == ("Bezirk", "Alt")


def test_contributions_by_hand():
    profile = by_hand().of(3)
    assert profile.base == pytest.approx(0)
    assert profile.way == "linear"
    # 3/4 · (1 − 0) and 1/4 · (1 − 0)
    assert profile.steps == (Part("a", "Armut", 0.75), Part("b", "Bildung", 0.25))
    assert [each.contribution for each in profile.indicators] == [0.75, 0.25]
    assert profile.burden(0.75) == 0.75


def test_an_indicator_against_city_and_district_by_hand():
    a, b = by_hand().of(1).indicators
    assert (a.value, a.used, a.state, a.rank, a.of) == (20, 20, "", 3, 4)
    # (10·100 + 20·300 + 30·100 + 40·500) / 1000 and (10·100 + 20·300) / 400
    assert (a.city, a.district) == (30, 17.5)
    assert (a.spread.lowest, a.spread.lower, a.spread.median, a.spread.upper, a.spread.highest) == (
        10, 17.5, 25, 32.5, 40)
    assert a.side == -1  # 20 is below 30, and high is unfavourable
    # two of three others more favourable would be 67 %; here one of three
    assert a.percentile == pytest.approx(100 / 3)
    # b: 8·100 + 4·300 + 4·100 + 0 = 2400 → 2,4; a low one is unfavourable; 02 and 03 share place 2
    assert (b.city, b.rank, b.side) == (2.4, 2, -1)
    assert b.percentile == pytest.approx(100 * 1.5 / 3)


def test_dimensions_hold_their_indicators_and_add_up():
    frame, recipe = table(gaps=0.03), recipe_of({**TREE, "minimum_share": 0.3})
    profiles = Profiles(compute(recipe, frame), frame, "i")
    for row in range(len(frame)):
        profile = profiles.of(row)
        if np.isnan(profile.score):
            assert profile.steps == () and profile.way == ""
            continue
        assert [step.id for step in profile.steps] == ["s", "c", "d"]
        assert [name for name, _ in profile.steps[0].parts] == ["a", "b"]
        assert profile.base + np.nansum([step.contribution for step in profile.steps]) == pytest.approx(profile.score)
        inside = [value for _, value in profile.steps[0].parts]
        assert np.nansum(inside) == pytest.approx(np.nan_to_num(profile.steps[0].contribution))


def test_the_city_is_that_of_the_engine():
    # “share” normalises to the value in percent of the city's value
    children = [{"indicator": name, "normalise": {"method": "share"}} for name in "ab"]
    profiles = by_hand(children=children)
    normalised = profiles.result.evaluations["i"].normalised["i", 0]
    for row in range(4):
        each = profiles.of(row).indicators[0]
        assert 100 * each.value / each.city == pytest.approx(normalised[row])


def test_the_district_is_that_of_the_scores_of_larger_areas():
    # an index that is the indicator itself: the district's score is the district's value
    profiles = by_hand(children=[{"indicator": "a", "normalise": "identity"}])
    scores = parent_scores(profiles.result, FRAME)
    for row, key in enumerate(FRAME["bezirk"]):
        expected = scores[(scores["ebene"] == "bezirk") & (scores["schluessel"] == key)]["wert"].iloc[0]
        assert profiles.of(row).indicators[0].district == pytest.approx(expected)
    assert profiles.of(0).indicators[0].city == pytest.approx(scores[scores["ebene"] == "stadt"]["wert"].iloc[0])


def test_without_people_every_area_counts_once():
    recipe = recipe_of({"children": [{"indicator": "a"}]}, "a")
    profile = Profiles(compute(recipe, FRAME), FRAME, "i").of(0)
    assert profile.indicators[0].city == 25
    assert np.isnan(profile.indicators[0].district)
    assert profile.district == ""


def test_an_excluded_area_tells_why_and_nothing_else():
    profiles = by_hand(exclusions=[{"type": "minimum", "column": "people", "value": 200, "reason": "zu klein"}])
    profile = profiles.of(0)
    assert profile.excluded == "zu klein"
    assert (profile.indicators, profile.steps, profile.rank, profile.class_name) == ((), (), 0, "")
    other = profiles.of(1)
    assert (other.excluded, other.of) == ("", 2)
    # 01 and 03 do not count for the city: (20·300 + 40·500) / 800
    assert other.indicators[0].city == 32.5


def test_missing_filled_and_capped_values_are_told():
    frame = table(40, names="abc")
    frame.loc[3, "a"] = frame.loc[4, "b"] = NAN
    frame.loc[5, "c"] = 10_000
    frame["g"] = ["x", "y"] * 20
    recipe = recipe_of({"children": [{"indicator": name} for name in "abc"], "minimum_share": 0.5}, [
        {"id": "a", "title": "A"}, {"id": "b", "title": "B", "missing": {"method": "group_median", "group": "g"}},
        {"id": "c", "title": "C", "treatment": {"method": "winsorise"}}])
    profiles = Profiles(compute(recipe, frame), frame, "i")
    assert [each.state for each in profiles.of(3).indicators] == ["missing", "", ""]
    assert [each.title for each in profiles.of(3).missing] == ["A"]
    assert np.isnan(profiles.of(3).indicators[0].contribution)
    assert profiles.of(3).indicators[0].rank == 0
    filled = profiles.of(4).indicators[1]
    assert filled.state == "group_median"
    assert filled.value == frame.loc[frame["g"] == "x", "b"].median()
    assert filled.city == pytest.approx(frame["b"].mean())  # of the areas' own values
    capped = profiles.of(5).indicators[2]
    assert (capped.state, capped.value) == ("capped", 10_000)
    assert capped.used == np.sort(frame["c"])[-2]
    assert profiles.of(3).share == pytest.approx(2 / 3)


def test_scores_that_cannot_be_split():
    recipe = recipe_of({**TREE, "aggregate": "copeland"})
    frame = table(20)
    profile = Profiles(compute(recipe, frame), frame, "i").of(0)
    assert (profile.way, profile.steps) == ("", ())
    assert np.isnan(profile.indicators[0].contribution)
    assert profile.rank > 0


def test_ties_share_the_better_rank():
    frame = FRAME.assign(a=[10.0, 20, 20, 20], b=[1.0, 2, 2, 2])
    profile = by_hand(frame).of(2)
    assert (profile.rank, profile.of, profile.tied) == (1, 4, 2)


def test_a_cross_is_made_of_two_classes():
    recipe = json.loads(recipe_of(TREE).text)
    recipe["indices"].append({**recipe["indices"][0], "id": "j", "title": "J", "children": [{"indicator": "d"}]})
    recipe["crosses"] = [{"id": "x", "title": "X", "rows": "i", "columns": "j", "cells": [
        {"row": r, "column": c, "value": 10 * r + c, "name": f"{r}/{c}"} for r in (1, 2, 3) for c in (1, 2, 3)]}]
    recipe = read_recipe(json.dumps(recipe))
    frame = table()
    result = compute(recipe, frame)
    profile = Profiles(result, frame, "x").of(0)
    assert profile.is_cross
    assert profile.class_name == result.values["x_name"][0]
    assert profile.origin == (("I", result.values["i_name"][0]), ("J", result.values["j_name"][0]))
    assert [each.id for each in profile.indicators] == ["a", "b", "c", "d"]
    assert (profile.rank, profile.steps) == (0, ())


def test_provisional_classes():
    recipe = recipe_of({"children": [{"indicator": "a"}], "classes": None}, "a")
    result = compute(recipe, FRAME)
    fifths = ClassSet("i", "I", "", "", "", (ClassDef(1, "unten"), ClassDef(2, "oben")))
    profiles = Profiles(result, FRAME, "i", class_set=fifths, positions=np.array([0, 0, 1, -1]))
    assert [profiles.of(row).class_name for row in range(4)] == ["unten", "unten", "oben", ""]
    assert profiles.of(0).is_provisional


def test_certainty_from_the_runs_and_from_their_table():
    frame, recipe = table(30), recipe_of(TREE)
    runs = robustness(recipe, frame, runs=200)
    profiles = Profiles(runs.result, frame, "i")
    for row in (0, 7, 29):
        direct = profiles.of(row, runs).certainty
        assert direct == profiles.of(row, runs.frame()).certainty
        assert direct.share == pytest.approx(runs.sureness[row])
        assert direct.low <= round(float(runs.rank_median[row])) <= direct.high
        assert direct.is_certain == runs.certain[row]
    assert profiles.of(0).certainty is None
    assert profiles.of(0, runs.frame().drop(columns="rang_von")).certainty is None


@pytest.mark.parametrize("values, unit, expected", [
    ([1.0, 250.0], "", 0), ([1.25, 3.5], "%", 1), ([0.25, 0.5], "", 2), ([25.5, 30.1], "", 1), ([2500.5, 3000], "", 0),
    ([], "", 0), ([10.0, 40.0], "%", 1),
])
def test_digits(values, unit, expected):
    assert digits(np.array(values), unit) == expected


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([
    {}, {"aggregate": "sum"}, {"aggregate": "median"}, {"aggregate": "max"}, {"minimum_share": 0.4},
    {"high_means": "favourable"}, {"standardise": {"method": "percentile"}}]), st.sampled_from(["i", "s"]))
def test_every_profile_adds_up_and_agrees_with_pandas(seed, change, node):
    frame = table(12, seed, gaps=0.05)
    recipe = recipe_of({**TREE, **change})
    result = compute(recipe, frame)
    profiles = Profiles(result, frame, node)
    high_is_bad = change.get("high_means") != "favourable"
    ranks = pd.Series(profiles.scores).rank(ascending=not high_is_bad, method="min")
    for row in range(len(frame)):
        profile = profiles.of(row)
        if np.isnan(profile.score):
            assert profile.rank == 0
            continue
        assert profile.rank == ranks[row]
        steps = np.nansum([step.contribution for step in profile.steps])
        assert profile.base + steps == pytest.approx(profile.score, abs=1e-9)
        assert np.nansum([each.contribution for each in profile.indicators]) == pytest.approx(steps, abs=1e-9)
        for each in profile.indicators:
            place = frame[each.id].rank(ascending=each.high_is == "favourable", method="min")[row]
            assert (each.rank or NAN) == pytest.approx(place, nan_ok=True)
            assert each.spread.median == pytest.approx(frame[each.id].median())
            assert each.spread.upper == pytest.approx(frame[each.id].quantile(0.75))


def test_contributions_follow_from_berlins_published_z_values(berlin: Path):
    """The published index is the sum of the published z-values over the spread of the sums; so are its parts."""
    root = Path(__file__).resolve().parents[2]
    recipe = load_recipe(root / "resources" / "recipes" / "berlin_mss_2021.json")
    frame = pd.read_csv(berlin / "mss_2021_index_indikatoren.csv", dtype={"PLR_ID": str}).replace(-9999, NAN)
    published = pd.read_csv(berlin / "mss_2021_zwerte.csv", sep=";", encoding="utf-8-sig", dtype={"PLR-ID": str})
    published = published.set_index("PLR-ID")
    sums = published["Status-summe"]
    profiles = Profiles(compute(recipe, frame), frame, "status")
    rows = {key: row for row, key in enumerate(frame["PLR_ID"])}
    for key in ("01100101", "01200624", "05100103", "12601235"):
        profile = profiles.of(rows[key])
        assert profile.of == 536
        for each, column in zip(profile.indicators, ("zS1", "zS3", "zS4")):
            assert each.contribution == pytest.approx(published.loc[key, column] / sums.std(ddof=0), abs=0.01)
        assert profile.class_name == published.loc[key].iloc[7].strip()
