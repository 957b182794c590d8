"""Contributions add up to the score exactly, for every method, and mean what they say."""
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teilhabe_plugin.core.contributions import contributions, influence
from teilhabe_plugin.core.index import compute
from teilhabe_plugin.core.messages import Cancelled, TeilhabeError
from teilhabe_plugin.core.weights import effective

from .test_robustness import TREE, Z, recipe_of, table

POSITIVE = [{"indicator": name, "normalise": {"method": "minmax", "low": 1, "high": 100}} for name in "abc"]


def split(recipe, frame, node="i", **more):
    evaluation = compute(recipe, frame).evaluations["i"]
    chosen = next(each for each in recipe.indices[0].root.nodes() if each.id == node)
    return contributions(chosen, evaluation, **more), evaluation.scores[node]


def test_by_hand():
    # z of 0, 2 is ∓1; weights 1 and 3: score = (z_a + 3 z_b) / 4
    frame = table(2, names="ab").assign(a=[0.0, 2], b=[5.0, 3])
    children = [{"indicator": "a"}, {"indicator": "b", "weight": 3}]
    recipe = recipe_of({"children": children, "standardise": "identity"}, "ab")
    found, score = split(recipe, frame)
    assert score.tolist() == [0.5, -0.5]
    assert found.base.tolist() == [0, 0]
    assert found.parts.tolist() == [[-0.25, 0.75], [0.25, -0.75]]
    assert found.way == "linear"
    assert found.indicators == ("a", "b")


@pytest.mark.parametrize("change", [
    {}, {"aggregate": "sum"}, {"minimum_share": 0.4}, {"standardise": {"method": "minmax", "low": 0, "high": 100}},
    {"standardise": {"method": "standard"}}, {"weights": "pca"},
])
def test_linear_trees_add_up_and_are_shapley_values(change):
    frame, recipe = table(gaps=0.04), recipe_of({**TREE, **change})
    found, score = split(recipe, frame)
    assert found.way == "linear"
    np.testing.assert_allclose(found.base + np.nansum(found.parts, axis=1), score, atol=1e-12)
    there = ~np.isnan(score)
    other, _ = split(recipe, frame, way="shapley")
    np.testing.assert_allclose(other.parts[there], found.parts[there], atol=1e-10)
    np.testing.assert_allclose(other.base[there], found.base[there], atol=1e-10)


@pytest.mark.parametrize("index", [
    {"aggregate": "geometric"}, {"aggregate": "harmonic"}, {"aggregate": {"method": "power", "p": 2}},
    {"aggregate": "median"}, {"aggregate": "max"}, {"aggregate": "min"}, {"aggregate": "mazziotta_pareto"},
    {"aggregate": "borda"}, {"standardise": {"method": "rank"}},
    {"standardise": {"method": "percentile"}}, {"aggregate": "geometric", "minimum_share": 0.5},
    {"standardise": {"method": "goalposts", "lower": 20, "upper": 60}},
])
def test_all_other_trees_add_up_too(index):
    frame, recipe = table(gaps=0.03), recipe_of({"children": POSITIVE, **index})
    found, score = split(recipe, frame)
    assert found.way == "shapley"
    np.testing.assert_allclose(found.base + np.nansum(found.parts, axis=1), score, atol=1e-10)
    assert np.isnan(found.parts[np.isnan(frame[list("abc")].to_numpy())]).all()


def test_many_indicators_add_up_and_come_near_the_exact_values():
    names = "abcdefghijkl"
    children = [{"indicator": name, "normalise": {"method": "minmax", "low": 1, "high": 100}} for name in names]
    frame = table(15, names=names)
    recipe = recipe_of({"children": children, "aggregate": "geometric", "standardise": Z}, names)
    found, score = split(recipe, frame)
    assert found.way == "orders"
    np.testing.assert_allclose(found.base + found.parts.sum(axis=1), score, atol=1e-12)
    again, _ = split(recipe, frame, seed=2)
    assert np.abs(again.parts - found.parts).max() < 0.05
    with pytest.raises(Cancelled):
        split(recipe, frame, cancelled=lambda: True)


def test_shapley_by_hand():
    # max of two: average (1, 1); area (3, 2): orders a first: +2, 0; b first: +1 then +1
    frame = table(2, names="ab").assign(a=[3.0, -1], b=[2.0, 0])
    children = [{"indicator": name, "normalise": "identity"} for name in "ab"]
    recipe = recipe_of({"children": children, "aggregate": "max", "standardise": {"method": "identity"}}, "ab")
    found, score = split(recipe, frame)
    assert score[0] == 3
    assert found.base[0] == 1
    assert found.parts[0].tolist() == [1.5, 0.5]


def test_dimensions_and_doubled_indicators():
    recipe = recipe_of({"children": [TREE["children"][0], {"indicator": "a"}, {"indicator": "c"}]})
    frame = table()
    found, score = split(recipe, frame)
    assert found.indicators == ("a", "b", "a", "c")
    assert found.dimensions == ("s", "s", "", "")
    dims = found.of_dimensions()
    assert list(dims) == ["s", ""]
    np.testing.assert_allclose(found.base + dims["s"] + dims[""], score, atol=1e-12)
    assert list(found.of_indicators()) == ["a", "b", "c"]
    np.testing.assert_allclose(found.of_indicators()["a"], found.parts[:, 0] + found.parts[:, 2])
    below, score = split(recipe, frame, node="s")
    np.testing.assert_allclose(below.base + below.parts.sum(axis=1), score, atol=1e-12)


def test_influence_is_the_effective_weight():
    frame = table()
    recipe = recipe_of({"children": [{"indicator": name, "weight": k + 1} for k, name in enumerate("abc")]}, "abc")
    found, score = split(recipe, frame)
    evaluation = compute(recipe, frame).evaluations["i"]
    share = influence(found, score)
    assert sum(share.values()) == pytest.approx(1)
    assert list(share.values()) == pytest.approx(effective(evaluation.children["i"], np.array([1.0, 2, 3])).tolist())


def test_copeland_cannot_be_split():
    with pytest.raises(TeilhabeError, match="cannot be split"):
        split(recipe_of({"children": POSITIVE, "aggregate": "copeland"}), table())


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31), st.permutations(range(12)), st.sampled_from(["mean", "sum", "geometric", "median"]))
def test_properties(seed, order, method):
    names = "abc"
    frame = table(12, seed, names, gaps=0.05)
    recipe = recipe_of({"children": POSITIVE, "aggregate": method, "minimum_share": 0.3}, names)
    found, score = split(recipe, frame)
    np.testing.assert_allclose(found.base + np.nansum(found.parts, axis=1), score, atol=1e-9)
    shuffled, _ = split(recipe, frame.iloc[list(order)])
    np.testing.assert_allclose(shuffled.parts, found.parts[list(order)], atol=1e-9)


def test_an_indicator_twice_at_half_weight_contributes_as_much_as_once():
    frame = table(names="ab", gaps=0.05).assign(c=lambda f: f["a"])
    once, _ = split(recipe_of({"children": [{"indicator": "a"}, {"indicator": "b"}]}, "ab"), frame)
    children = [{"indicator": "a", "weight": 0.5}, {"indicator": "b"}, {"indicator": "c", "weight": 0.5}]
    twice, _ = split(recipe_of({"children": children}, "abc"), frame)
    np.testing.assert_allclose(twice.parts[:, 0] + twice.parts[:, 2], once.parts[:, 0], atol=1e-12)


def test_equal_scores_are_all_base():
    frame = table(3, names="ab").assign(a=[1.0, 2, 3], b=[3.0, 2, 1])
    children = [{"indicator": name, "normalise": "identity"} for name in "ab"]
    found, score = split(recipe_of({"children": children, "standardise": "identity"}, "ab"), frame)
    assert score.tolist() == [2, 2, 2]
    np.testing.assert_allclose(found.base + found.parts.sum(axis=1), score)


def test_flags_contribute_what_they_are_above_the_average():
    children = [{"indicator": name, "normalise": {"method": "binary", "threshold": 5}} for name in "ab"]
    recipe = recipe_of({"children": children, "aggregate": "count", "standardise": "identity"}, "ab")
    found, score = split(recipe, table(4, names="ab").assign(a=[9.0, 9, 0, 9], b=[0.0, 9, 0, 0]))
    assert score.tolist() == [1, 2, 0, 1]
    assert found.way == "linear"
    assert found.base.tolist() == [1, 1, 1, 1]
    assert found.parts.tolist() == [[0.25, -0.25], [0.25, 0.75], [-0.75, -0.25], [0.25, -0.25]]


@pytest.mark.parametrize("index, names", [
    (TREE, "abcd"), ({"children": POSITIVE, "aggregate": "geometric"}, "abcd"),
    ({"children": POSITIVE, "aggregate": "borda"}, "abcd"),
    ({"aggregate": "geometric", "children": [
        {"indicator": name, "normalise": {"method": "minmax", "low": 1, "high": 100}} for name in "abcdefghijkl"]},
     "abcdefghijkl"),
])
def test_some_areas_alone_have_the_contributions_they_have_among_all(index, names):
    frame, recipe = table(30, names=names, gaps=0.02), recipe_of(index, names)
    every, _ = split(recipe, frame)
    some, _ = split(recipe, frame, areas=[7, 3, 20])
    assert some.way == every.way
    np.testing.assert_allclose(some.base, every.base[[7, 3, 20]], atol=1e-12)
    np.testing.assert_allclose(some.parts, every.parts[[7, 3, 20]], atol=1e-12)
