"""Where a method has nothing to say, it says so: settings that turn an index round, columns it cannot deal with."""
import json
from fractions import Fraction
from math import floor

import numpy as np
import pandas as pd
import pytest

from teilhabe_plugin.core import weights
from teilhabe_plugin.core.breaks import natural_breaks, quantile_bounds, sd_bounds
from teilhabe_plugin.core.classes import assign, classify
from teilhabe_plugin.core.index import compute
from teilhabe_plugin.core.messages import TeilhabeError
from teilhabe_plugin.core.normalise import Basis, normalise
from teilhabe_plugin.core.recipe_reading import read_recipe

NAN = np.nan


def recipe(children, indicators="ab", **more):
    """Return the JSON of a recipe with one node."""
    node = {name: more.pop(name) for name in ("aggregate", "weights", "standardise", "minimum_share") if name in more}
    entries = {name: {"id": name, "title": name.upper()} for name in indicators}
    for name, change in more.pop("changes", {}).items():
        entries[name].update(change)
    return json.dumps({
        "format": "teilhabe-recipe/1", "id": "t", "title": "T", "area_key": "key", **more,
        "indicators": list(entries.values()), "indices": [{"id": "i", "title": "Index", "children": children, **node}],
    })


def leaf(name, method="z", **settings):
    return {"indicator": name, "normalise": {"method": method, **settings}}


def frame(**columns):
    size = len(next(iter(columns.values())))
    return pd.DataFrame({"key": [f"{number:02d}" for number in range(size)], **columns})


@pytest.mark.parametrize("method, settings, words", [
    ("binary", {}, "one of “threshold” and “sd” must be given, and only one"),
    ("binary", {"threshold": 1, "sd": 1}, "and only one"),
    ("minmax", {"low": 1, "high": 0}, "“low” must be less than “high”"),
    ("minmax", {"low": 1}, "“low” must be less than “high”"),
    ("minmax_fixed", {"lowest": 5, "highest": 1}, "“lowest” must be less than “highest”"),
    ("goalposts", {"lower": 85, "upper": 20}, "“lower” must be less than “upper”. To turn an indicator round"),
    ("standard", {"sd": -10}, "“sd” must be above 0"),
    ("target", {"target": 0}, "“target” must not be 0"),
    ("z", {"weighted": True}, "“population” names no column"),
    ("goalposts", {"lower": None, "upper": 5}, "normalise: “lower” is missing"),
    ("target", {"target": None}, "normalise: “target” is missing"),
])
def test_settings_that_make_no_sense(method, settings, words):
    with pytest.raises(TeilhabeError, match=words):
        read_recipe(recipe([leaf("a", method, **settings)]))


@pytest.mark.parametrize("change, words", [
    ({"treatment": {"method": "percentile", "low": 50, "high": 5}}, "“low” less than “high”"),
    ({"treatment": {"method": "percentile", "low": -1}}, "percentiles from 0 to 100"),
    ({"missing": "last_year"}, "“{year}” is missing in “a”"),
])
def test_treatments_that_make_no_sense(change, words):
    with pytest.raises(TeilhabeError, match=words):
        read_recipe(recipe([leaf("a")], changes={"a": change}))


@pytest.mark.parametrize("method, values, high_is, words", [
    ("robust_z", [1, 1, 1, 1, 9], "unfavourable", "More than half of the areas have the same value"),
    ("best", [-5, -1, -2, -3, -4], "unfavourable", "the highest value must be above 0, it is -1"),
    ("best", [0, 1, 2, 3, 4], "favourable", "the lowest value, the best one here, must be above 0, it is 0"),
    ("share", [-5, -1, -2, -3, 4], "unfavourable", "the city’s value must be above 0"),
    ("reference", [-1, 1, -2, 2, 0], "unfavourable", "The city’s value is 0"),
    ("z", [1e300, -1e300, 0, 1, 2], "unfavourable", "1e\\+300 is too large a number"),
    ("z", [1e9, 1e9 + 1e-7, 1e9, 1e9, 1e9], "unfavourable", "in all 5 areas"),
])
def test_columns_that_a_method_would_turn_round_or_blow_up(method, values, high_is, words):
    with pytest.raises(TeilhabeError, match=words):
        compute(read_recipe(recipe([leaf("a", method)], changes={"a": {"high_is": high_is}})),
                frame(a=np.array(values, float), b=1.0))


def test_nobody_lives_there():
    read = read_recipe(recipe([leaf("a", "z", weighted=True)], population="people"))
    with pytest.raises(TeilhabeError, match="Nobody lives"):
        compute(read, frame(a=[1.0, 2, 3], people=[0, 0, 0]))
    with pytest.raises(TeilhabeError, match="area 01: -4 people are not possible"):
        compute(read, frame(a=[1.0, 2, 3], people=[1, -4, 0]))


def test_what_always_adds_up_to_nothing_is_not_standardised():
    # b is 100 − a: the sum of the z-scores is 0 but for the last bits, which would become an index
    values = np.array([7.1, 12.3, 20.9, 33.3, 41.7])
    with pytest.raises(TeilhabeError, match="“Index” is .* in all 5 areas"):
        compute(read_recipe(recipe([leaf("a"), leaf("b")], standardise="z")), frame(a=values, b=100 - values))


def test_a_penalty_needs_scores_above_zero():
    with pytest.raises(TeilhabeError, match="“mazziotta_pareto” needs scores whose mean is above 0"):
        compute(read_recipe(recipe([leaf("a"), leaf("b")], aggregate="mazziotta_pareto")),
                frame(a=[1.0, 2, 3], b=[2.0, 3, 1]))


def test_a_part_without_spread_gives_no_weights():
    flags = [leaf("a", "binary", threshold=99), leaf("b", "binary", threshold=2)]
    for method in ("pca", "equal_influence", {"method": "correlation", "reference": "b"}):
        with pytest.raises(TeilhabeError, match="“A” is the same in all 4 areas that have all values"):
            compute(read_recipe(recipe(flags, weights=method)), frame(a=[1.0, 2, 3, 4], b=[1.0, 2, 3, 4]))


def test_a_component_without_direction_gives_no_weights():
    with pytest.raises(TeilhabeError, match="as much weight against as with it"):
        compute(read_recipe(recipe([leaf("a"), leaf("b")], weights="pca")), frame(a=[1.0, 2, 3, 4], b=[9.0, 7, 8, 1]))


def test_one_part_has_all_the_weight():
    result = compute(read_recipe(recipe([leaf("a")], weights="pca")), frame(a=[1.0, 2, 3, 5]))
    assert result.evaluations["i"].weights["i"].tolist() == [1]


def test_no_influence_is_no_weight():
    rng = np.random.default_rng(4)
    first = rng.normal(size=200)
    scores = np.column_stack([first, rng.normal(size=200), -first + 0.1 * rng.normal(size=200)])
    found = weights.of_equal_influence(scores, np.array([1.0, 1, 0]))
    assert found[2] == 0
    assert weights.effective(scores[:, :2], found[:2]) == pytest.approx([0.5, 0.5])


def exact_quantile(ordered, share, kind):
    """Hyndman and Fan's definitions in fractions."""
    size = len(ordered)
    shift = {1: Fraction(0), 2: Fraction(0), 3: Fraction(-1, 2), 4: Fraction(0), 5: Fraction(1, 2), 6: share,
             7: 1 - share, 8: (share + 1) / 3, 9: share / 4 + Fraction(3, 8)}[kind]
    rank = floor(size * share + shift)
    rest = size * share + shift - rank
    if kind == 1:
        rest = Fraction(rest > 0)
    elif kind == 2:
        rest = Fraction(1) if rest > 0 else Fraction(1, 2)
    elif kind == 3:
        rest = Fraction(not (rest == 0 and rank % 2 == 0))
    lower, upper = (ordered[min(max(each, 1), size) - 1] for each in (rank, rank + 1))
    return (1 - rest) * lower + rest * upper


@pytest.mark.parametrize("kind", range(1, 10))
def test_a_score_that_is_a_quantile_keeps_its_class(kind):
    # 5 scores in 3 classes by type 6: the rank 2/3 · 6 is not quite 4 in floating point
    rng = np.random.default_rng(1)
    for size in (5, 10, 13, 40, 51, 55, 99, 100):
        scores = rng.choice(10000, size, replace=False) / 10
        ordered = sorted(Fraction(score) for score in scores)
        for count in (3, 5, 6, 7, 9, 11):
            bounds = [exact_quantile(ordered, Fraction(i, count), kind) for i in range(1, count)]
            expected = [sum(Fraction(score) > bound for bound in bounds) for score in scores]
            assert assign(scores, quantile_bounds(scores, count, kind)).tolist() == expected, (size, count)


def test_one_score_has_no_sample_deviation():
    assert np.isnan(sd_bounds(np.array([NAN, 3.0]), [0], ddof=1)).all()
    spec = {"method": "sd", "bounds": [0], "ddof": 1, "classes": [{"value": 1, "name": "x"}, {"value": 2, "name": "y"}]}
    assert classify(np.array([NAN, 3.0]), spec)[0].tolist() == [-1, -1]


def test_natural_breaks_of_very_large_scores():
    assert natural_breaks(np.array([1.0, 2, 50, 51, 90]) * 1e200, 3).tolist() == [2e200, 51e200]


def test_ranks_against_a_fixed_year_are_ranks_among_its_values():
    earlier = Basis(np.array([[10.0], [20], [20], [40]]))
    values = np.array([[5.0], [10], [20], [30], [99], [NAN]])
    rank = normalise(values, "rank", basis=earlier)[:, 0]
    assert rank.tolist() == pytest.approx([0.5, 1, 2.5, 3.5, 4.5, NAN], nan_ok=True)
    assert normalise(values, "rank", {"ties": "min"}, basis=earlier)[:5, 0].tolist() == [1, 1, 2, 4, 5]
    assert normalise(values, "rank", {"ties": "max"}, basis=earlier)[:5, 0].tolist() == [1, 1, 3, 4, 5]
    assert normalise(values, "rank", {"ties": "dense"}, basis=earlier)[:5, 0].tolist() == [1, 1, 2, 3, 4]
    share = normalise(values, "percentile", basis=earlier)[:, 0]
    assert share.tolist() == pytest.approx([0, 12.5, 50, 75, 100, NAN], nan_ok=True)
    assert normalise(values, "percentile", turned=True, basis=earlier)[:5, 0].tolist() == [100, 87.5, 50, 25, 0]
    assert normalise(values, "exponential", basis=earlier)[4, 0] == pytest.approx(100)


YEARLY = {"year": 2025, "reference_year": 2020}


def test_ranks_rise_against_the_reference_year():
    read = read_recipe(recipe([leaf("a", "percentile")], **YEARLY, changes={"a": {"column": "a_{year}"}}))
    result = compute(read, frame(a_2020=[1.0, 2, 3, 4], a_2025=[3.0, 4, 5, 6]))
    assert result.frame["i_index"].tolist() == [62.5, 87.5, 100, 100]


def test_gaps_of_the_reference_year_are_filled_from_columns_that_are_read():
    read = read_recipe(recipe([leaf("a")], **YEARLY, changes={"a": {"column": "a_{year}", "missing": "last_year"}}))
    assert read.earlier_columns() == ["a_2024", "a_2019"]


def test_areas_without_a_group_are_no_group():
    read = read_recipe(recipe([leaf("a", "identity")], changes={"a": {
        "missing": {"method": "group_median", "group": "district"}}}))
    table = frame(a=[1.0, NAN, 7, NAN], district=["x", "x", None, None])
    assert compute(read, table).frame["i_index"].tolist() == pytest.approx([1, 1, 7, NAN], nan_ok=True)


def test_a_power_is_that_of_the_reference_year():
    rng = np.random.default_rng(2)
    table = frame(a_2020=np.exp(rng.normal(size=40)), a_2025=rng.normal(size=40) ** 2 + 5)
    read = read_recipe(recipe([leaf("a", "identity")], **YEARLY,
                              changes={"a": {"column": "a_{year}", "treatment": "boxcox"}}))
    result, earlier = compute(read, table), compute(read, table, 2020)
    power = [float(note.details["power"]) for note in [*result.notes, *earlier.notes]]
    assert power[0] == power[1]
    assert result.frame["i_index"].to_numpy() == pytest.approx((table["a_2025"] ** power[0] - 1) / power[0])


def test_weights_of_several_years_are_those_of_all_their_areas_together():
    rng = np.random.default_rng(5)
    columns = {f"{name}_{year}": rng.normal(size=30) + shift for year, shift in ((2020, 0), (2021, 3))
               for name in "abc"}
    columns["b_2020"] = columns["a_2020"] + 0.1 * rng.normal(size=30)  # alike in one year only
    changes = {name: {"column": f"{name}_{{year}}"} for name in "abc"}
    read = read_recipe(recipe([leaf(name) for name in "abc"], "abc", year=2021, changes=changes,
                              weights={"method": "pca", "years": [2020, 2021]}))
    assert read.columns() == ["key", "a_2021", "b_2021", "c_2021", "a_2020", "b_2020", "c_2020"]
    together = np.vstack([np.column_stack([columns[f"{name}_{year}"] for name in "abc"]) for year in (2020, 2021)])
    expected = weights.from_first_component(together)
    for year in (2020, 2021):
        found = compute(read, frame(**columns), year).evaluations["i"].weights["i"]
        assert found == pytest.approx(expected)
    own = read_recipe(recipe([leaf(name) for name in "abc"], "abc", year=2021, changes=changes, weights="pca"))
    assert compute(own, frame(**columns)).evaluations["i"].weights["i"] != pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("years", [[2020.5], [12]])
def test_years_of_weights_are_years(years):
    with pytest.raises(TeilhabeError, match=r"weights.years\[0\]: a year from 1900 to 2200"):
        read_recipe(recipe([leaf("a")], weights={"method": "pca", "years": years}))


def test_equal_scores_have_no_standard_deviations_between_them():
    spec = {"method": "sd", "bounds": [-1, 1], "classes": [{"value": i, "name": str(i)} for i in range(3)]}
    assert classify(np.array([5.0, 5, NAN]), spec)[0].tolist() == [-1, -1, -1]


@pytest.mark.parametrize("method, expected", [("median", [1, 2, 3]), ("max", [1, 2, 3]), ("mean", [1, 2, 3])])
def test_a_part_without_weight_is_no_part(method, expected):
    parts = [{**leaf("a", "identity"), "weight": 0}, leaf("b", "identity")]
    result = compute(read_recipe(recipe(parts, aggregate=method)), frame(a=[100.0, 200, NAN], b=[1.0, 2, 3]))
    assert result.frame["i_index"].tolist() == expected


def test_a_date_is_no_number():
    with pytest.raises(TeilhabeError, match="Column “a”, area 00"):
        compute(read_recipe(recipe([leaf("a")])), frame(a=pd.to_datetime(["2020-01-01", "2021-01-01"])))


def test_an_indicator_turned_in_a_second_index_is_told_apart():
    read = json.loads(recipe([leaf("a")]))
    read["indices"].append({"id": "j", "title": "Zweiter", "high_means": "favourable", "children": [leaf("a")]})
    result = compute(read_recipe(json.dumps(read)), frame(a=[1.0, 2, 3]))
    assert [(each.name, str(each.title)) for each in result.columns if each.step == "normalised"] == [
        ("z_a", "A: z-score"), ("z_a_2", "A: z-score (Zweiter)")]


def crossed(identifier, *cells):
    read = json.loads(recipe([leaf("a")]))
    read["indices"][0]["classes"] = {"method": "sd", "bounds": [0], "classes": [
        {"value": 1, "name": "x"}, {"value": 2, "name": "y"}]}
    places = [(1, 1), (1, 2), (2, 1), (2, 2)]
    read["crosses"] = [{"id": identifier, "title": "X", "rows": "i", "columns": "i", "cells": [
        {"row": row, "column": column, "value": value, "name": name}
        for (row, column), (value, name) in zip(places, cells)]}]
    return json.dumps(read)


def test_cells_of_one_class_are_one_class_in_the_legend():
    low, high = (1, "low"), (2, "high")
    result = compute(read_recipe(crossed("k", low, high, high, high)), frame(a=[1.0, 2, 3, NAN]))
    assert [(each.value, each.name) for each in result.class_sets[-1].classes] == [low, high]
    assert result.frame["k_name"].tolist() == ["low", "low", "high", None]


@pytest.mark.parametrize("text, words", [
    (crossed("i", (1, "a"), (2, "b"), (3, "c"), (4, "d")), "the id “i” is there twice"),
    (crossed("k", (1, "a"), (1, "b"), (3, "c"), (4, "d")), "has two names, or the name"),
    (crossed("k", (1, "a"), (2, "a"), (3, "c"), (4, "d")), "has two names, or the name"),
    (recipe([leaf("a")], parents=[{"id": "d", "title": "D", "column": "d"}] * 2), "the id “d” is taken"),
    (recipe([leaf("a")], parents=[{"id": "stadt", "title": "D", "column": "d"}]), "the id “stadt” is taken"),
])
def test_ids_and_classes_that_clash(text, words):
    with pytest.raises(TeilhabeError, match=words):
        read_recipe(text)
