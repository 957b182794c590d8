"""Ranks and classes over many variants of an index: by hand, against the recipe's own way, and as properties."""
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from teilhabe_plugin.core.index import compute
from teilhabe_plugin.core.messages import Cancelled, TeilhabeError
from teilhabe_plugin.core.recipe_reading import read_recipe
from teilhabe_plugin.core.robustness import batches, robustness
from teilhabe_plugin.core.run_summary import rank_interval, ranks
from teilhabe_plugin.core.sampling_error import SamplingError, draw, errors_in
from teilhabe_plugin.core.variants import SOURCES, Uncertainty, VariantModel

NAN = np.nan
Z = {"method": "z", "ddof": 0}
CLASSES = {"method": "sd", "bounds": [-1, 1],
           "classes": [{"value": 1, "name": "gut"}, {"value": 2, "name": "mittel"}, {"value": 3, "name": "schlecht"}]}


def recipe_of(index, indicators="abcd", **more):
    if isinstance(indicators, str):
        indicators = [{"id": name, "title": name.upper(), "high_is": "favourable" if name == "d" else "unfavourable"}
                      for name in indicators]
    return read_recipe(json.dumps({
        "format": "teilhabe-recipe/1", "id": "t", "title": "T", "area_key": "key", "indicators": indicators,
        "indices": [{"id": "i", "title": "I", "standardise": Z, "classes": CLASSES, **index}], **more,
    }))


TREE = {"children": [
    {"id": "s", "title": "S", "standardise": Z, "children": [{"indicator": "a"}, {"indicator": "b", "weight": 2}]},
    {"indicator": "c"}, {"indicator": "d", "normalise": {"method": "minmax", "low": 1, "high": 100}},
]}


def table(areas=60, seed=3, names="abcd", gaps=0.0):
    random = np.random.default_rng(seed)
    values = random.gamma(4, 5, (areas, len(names))) + 5 * random.normal(size=(areas, 1)) ** 2
    values[random.random(values.shape) < gaps] = np.nan
    frame = pd.DataFrame(values, columns=list(names))
    frame.insert(0, "key", [f"{i:03d}" for i in range(areas)])
    return frame


@pytest.mark.parametrize("change", [
    {}, {"aggregate": "sum"}, {"aggregate": "median"}, {"aggregate": "max"}, {"aggregate": "borda"},
    {"aggregate": "copeland"}, {"weights": "pca"}, {"weights": "equal_influence"}, {"standardise": {"method": "rank"}},
    {"minimum_share": 0.5},
])
def test_a_run_that_changes_nothing_is_the_recipe(change):
    frame = table(gaps=0.03)
    recipe = recipe_of({**TREE, **change})
    model = VariantModel(recipe, recipe.indices[0], frame)
    expected = compute(recipe, frame).evaluations["i"].scores["i"]
    for column in model.scores(model.unchanged(3), "i").T:
        np.testing.assert_allclose(column, expected, atol=1e-12)


@pytest.mark.parametrize("method, settings", [("geometric", {}), ("harmonic", {}), ("power", {"p": 3}),
                                              ("power", {"p": 0}), ("mazziotta_pareto", {})])
def test_means_of_positive_scores_agree_too(method, settings):
    children = [{"indicator": name, "normalise": {"method": "minmax", "low": 1, "high": 100}} for name in "abc"]
    recipe = recipe_of({"children": children, "aggregate": {"method": method, **settings}, "minimum_share": 0.6})
    frame = table(gaps=0.05)
    model = VariantModel(recipe, recipe.indices[0], frame)
    expected = compute(recipe, frame).evaluations["i"].scores["i"]
    np.testing.assert_allclose(model.scores(model.unchanged(2), "i")[:, 1], expected, atol=1e-12)


def test_each_variant_is_the_recipe_one_would_write_for_it():
    frame = table(gaps=0.02)
    recipe = recipe_of({**TREE, "minimum_share": 0.5})
    model = VariantModel(recipe, recipe.indices[0], frame)
    variants = model.drawn(40, 7)
    scores = model.scores(variants, "i")
    edges = [(node.id, j) for node, j in model.edges]
    for r in range(40):
        written = json.loads(recipe.text)
        root = written["indices"][0]
        for node in (root["children"][0], root):
            for j, child in enumerate(node["children"]):
                out = variants.left_out[r]
                child["weight"] = child.get("weight", 1) * variants.factors[edges.index((node["id"], j)), r]
                if out >= 0 and child.get("indicator") == model.indicators[out]:
                    child["weight"] = 0
                way = model.normalisations[variants.normalisation[r]]
                if "indicator" in child and way:
                    child["normalise"] = {"method": way[0], **way[1]}
        if variants.aggregation[r]:
            continue  # stretched before: no recipe can say that, see below
        expected = compute(read_recipe(json.dumps(written)), frame).evaluations["i"].scores["i"]
        np.testing.assert_allclose(scores[:, r], expected, atol=1e-10)


def test_a_geometric_mean_stretches_scores_first():
    frame = pd.DataFrame({"key": ["1", "2", "3"], "a": [0.0, 1, 2], "b": [0.0, 2, 4]})
    recipe = recipe_of({"children": [{"indicator": "a"}, {"indicator": "b"}], "standardise": "identity"}, "ab")
    model = VariantModel(recipe, recipe.indices[0], frame)
    variants = model.unchanged(1)
    variants.aggregation[:] = 1
    assert model.aggregations[1] == ("geometric", {})
    assert model.scores(variants, "i")[:, 0] == pytest.approx([1, 50.5, 100])


def test_a_node_without_any_child_left_is_out_itself():
    recipe = recipe_of({"children": [
        {"id": "s", "title": "S", "children": [{"indicator": "a"}]}, {"indicator": "b"}]}, "ab")
    frame = table(names="ab")
    model = VariantModel(recipe, recipe.indices[0], frame)
    z = (frame["b"] - frame["b"].mean()) / frame["b"].std(ddof=0)
    assert model.scores(model.leaving_out(["a"]), "i")[:, 0] == pytest.approx(z.to_numpy())


def test_a_reference_year_stays_the_measure():
    indicators = [{"id": name, "title": name, "column": name + "_{year}"} for name in "ab"]
    recipe = recipe_of({"children": [{"indicator": "a"}, {"indicator": "b"}], "weights": "pca"},
                       indicators, year=2025, reference_year=2024)
    frame = pd.concat([table(names="ab").rename(columns={"a": "a_2024", "b": "b_2024"}),
                       table(names="ab", seed=8).drop(columns="key").rename(columns={"a": "a_2025", "b": "b_2025"})],
                      axis=1)
    model = VariantModel(recipe, recipe.indices[0], frame)
    expected = compute(recipe, frame).evaluations["i"].scores["i"]
    np.testing.assert_allclose(model.scores(model.unchanged(2), "i")[:, 0], expected, atol=1e-12)
    result = robustness(recipe, frame, uncertainty=Uncertainty(sources=()), runs=5)
    assert result.counts == {"AREAS_CERTAIN": 60, "AREAS_UNCERTAIN": 0}


def test_no_spread_and_no_source_change_nothing():
    frame = table()
    recipe = recipe_of(TREE)
    for uncertainty in (Uncertainty(sources=()), Uncertainty(sources=("weights",), weight_spread=0)):
        result = robustness(recipe, frame, uncertainty=uncertainty, runs=30)
        assert result.sources == ()
        assert (result.rank == result.rank_median).all()
        assert (result.rank_low == result.rank_high).all()
        assert result.sureness.tolist() == [1.0] * 60
        assert set(result.other) == {-1}


def test_a_class_that_hangs_by_a_thread_by_hand():
    # two indicators of equal weight: area 2 wins on a, area 3 on b; which one is third hangs on the weights
    frame = pd.DataFrame({"key": list("1234"), "a": [0.0, 3, 1, 9], "b": [0.0, 1, 3, 9]})
    classes = {"method": "rank", "classes": CLASSES["classes"][:2]}
    recipe = recipe_of({"children": [{"indicator": "a", "normalise": "identity"},
                                     {"indicator": "b", "normalise": "identity"}],
                        "standardise": {"method": "identity"}, "classes": classes}, "ab")
    result = robustness(recipe, frame, uncertainty=Uncertainty(sources=("weights",)), runs=4000)
    assert result.rank.tolist() == [4, 2, 2, 1]
    assert result.rank_low.tolist() == [4, 2, 2, 1]
    assert result.rank_high.tolist() == [4, 3, 3, 1]
    assert result.shares[[0, 3]].tolist() == [[1, 0], [0, 1]]
    assert result.shares[1] == pytest.approx([0.5, 0.5], abs=0.03)
    # the recipe itself ties 2 and 3: ties stay together in the lower class
    assert result.frame()["andere_klasse"].tolist() == [None, "mittel", "mittel", None]
    assert result.frame()["klasse_sicher"].tolist() == [1, 0, 0, 1]


def test_the_same_seed_gives_the_same_result_and_another_another():
    frame, recipe = table(), recipe_of(TREE)
    first, again, other = (robustness(recipe, frame, runs=200, seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first.frame(), again.frame())
    assert not np.array_equal(first.shares, other.shares)


def test_sources_draw_from_streams_of_their_own():
    recipe = recipe_of(TREE)
    model = VariantModel(recipe, recipe.indices[0], table())
    fewer = VariantModel(recipe, recipe.indices[0], table(), uncertainty=Uncertainty(sources=("left_out",)))
    assert (model.drawn(50, 4).left_out == fewer.drawn(50, 4).left_out).all()


def test_dirichlet_weights_keep_mean_and_spread():
    recipe = recipe_of({"children": [{"indicator": name} for name in "abc"]}, "abc")
    model = VariantModel(recipe, recipe.indices[0], table(names="abc"),
                         uncertainty=Uncertainty(sources=("weights",), weight_law="dirichlet", weight_spread=0.2))
    factors = model.drawn(20_000, 5).factors
    assert factors.mean(axis=1) == pytest.approx([1, 1, 1], abs=0.01)
    assert factors.std(axis=1) == pytest.approx([0.2, 0.2, 0.2], abs=0.01)
    assert factors.sum(axis=0) == pytest.approx(np.full(20_000, 3.0))


def test_left_out_indicators_are_equally_likely():
    recipe = recipe_of(TREE)
    model = VariantModel(recipe, recipe.indices[0], table())
    counts = np.bincount(model.drawn(10_000, 1).left_out + 1)
    assert counts == pytest.approx(np.full(5, 2000), rel=0.1)


def test_an_area_without_data_has_no_rank_and_no_class():
    frame = table()
    frame.loc[4, "c"] = NAN
    result = robustness(recipe_of(TREE), frame, uncertainty=Uncertainty(sources=("weights",)), runs=20)
    row = result.frame().iloc[4]
    assert row[["rang", "rang_median", "rang_von", "klasse_anteil", "andere_anteil", "anteil_1"]].isna().all()
    assert row["andere_klasse"] is None
    assert result.counts["AREAS_CERTAIN"] + result.counts["AREAS_UNCERTAIN"] == 59
    assert result.rank[~np.isnan(result.rank)].max() == 59


def test_fixed_bounds_are_carried_over_to_other_scales():
    frame = table()
    classes = {**CLASSES, "method": "fixed", "bounds": [-0.5, 0.5]}
    index = {"children": [{"indicator": name} for name in "abc"], "standardise": {"method": "identity"},
             "classes": classes}
    result = robustness(recipe_of(index, "abc"), frame, uncertainty=Uncertainty(sources=("normalisation",)), runs=60)
    counted = result.shares.sum(axis=0)
    assert (counted > 5).all(), "percentile ranks run from 0 to 100; taken literally all areas would be beyond 0.5"
    assert any("carried over" in str(note) for note in result.notes)


def test_what_cannot_be_varied_is_said():
    frame = table(names="a")
    result = robustness(recipe_of({"children": [{"indicator": "a"}]}, "a"), frame, runs=5)
    texts = [str(note) for note in result.notes]
    assert "Choice of indicators: there is nothing to vary in this index." in texts
    assert "Chance in the counts was not varied: no denominators or standard errors are given." in texts
    assert texts[0] == "5 runs, seed 1."


def test_sub_indices_and_unknown_ones():
    frame = table()
    recipe = recipe_of(TREE)
    result = robustness(recipe, frame, node="s", runs=10)
    assert list(result.frame().columns) == [
        "key", "s_index", "rang", "rang_median", "rang_von", "rang_bis", "ausschluss"]
    assert np.isnan(result.sureness).all()
    with pytest.raises(TeilhabeError, match="no index “x”. It has: s, i"):
        robustness(recipe, frame, node="x")


def test_progress_and_cancel():
    frame, recipe = table(), recipe_of(TREE)
    seen = []
    robustness(recipe, frame, runs=10, progress=seen.append)
    assert seen[-1] == 100
    with pytest.raises(Cancelled):
        robustness(recipe, frame, runs=10, cancelled=lambda: True)


def test_batches_depend_on_the_areas_only():
    assert batches(542, 1000) == [(0, 462), (462, 462), (924, 76)]
    assert batches(1_000_000, 2) == [(0, 1), (1, 1)]


def test_ranks_by_hand():
    scores = np.array([[3.0, 1], [1, 1], [NAN, 5], [2, NAN]])
    assert ranks(scores).tolist() == [[1, 2], [3, 2], [0, 1], [2, 0]]
    assert ranks(scores, highest_first=False).tolist() == [[3, 1], [1, 1], [0, 3], [2, 0]]


def test_rank_interval_by_hand():
    runs = np.arange(1, 101)
    median, low, high = rank_interval(np.array([runs, np.where(runs > 50, 0, runs), np.zeros(100, int)]))
    assert (median[0], low[0], high[0]) == (50.5, 5, 96)
    assert (median[1], low[1], high[1]) == (25.5, 3, 48)
    assert np.isnan([median[2], low[2], high[2]]).all()


# chance in the counts

def test_shares_are_drawn_from_a_binomial_distribution():
    values, people = np.array([25.0, 0, 100, 25, NAN]), np.array([40.0, 12, 12, NAN, 40])
    drawn = draw(values, people, "share", 100, 40_000, np.random.default_rng(1))
    counts = np.bincount(np.round(drawn[0] * 0.4).astype(int), minlength=41) / 40_000
    assert np.abs(counts - binom.pmf(np.arange(41), 40, 0.25)).max() < 0.01
    assert drawn[1].mean() == pytest.approx(100 * 0.5 / 12, abs=0.2), "none among twelve: half a case is taken"
    assert drawn[2].mean() == pytest.approx(100 * 11.5 / 12, abs=0.2)
    assert (drawn[3] == 25).all(), "no denominator: as observed"
    assert np.isnan(drawn[4]).all()


def test_rates_and_standard_errors():
    random = np.random.default_rng(2)
    rates = draw(np.array([20.0]), np.array([1000.0]), "rate", 1000, 40_000, random)
    assert (rates.mean(), rates.var()) == (pytest.approx(20, abs=0.1), pytest.approx(20, rel=0.03))
    errors = draw(np.array([5.0]), np.array([0.5]), "error", 100, 40_000, random)
    assert (errors.mean(), errors.std()) == (pytest.approx(5, abs=0.01), pytest.approx(0.5, rel=0.02))


def test_small_areas_are_less_certain_than_large_ones():
    frame = table(names="ab")
    frame["a"] = np.random.default_rng(1).uniform(10, 30, 60).round(1)
    frame["people"] = np.where(np.arange(60) % 2, 30.0, 30_000)
    error = SamplingError("a", "share", "people")
    result = robustness(recipe_of({"children": [{"indicator": "a"}]}, "ab"), frame,
                        uncertainty=Uncertainty(sources=("sampling",), errors=(error,)), runs=300)
    width = result.rank_high - result.rank_low
    assert width[1::2].mean() > 3 * width[::2].mean()


def test_treatment_and_gaps_hold_for_drawn_values():
    frame = table(names="ab").assign(people=1000.0)
    frame["a"] = frame["a"] + 1
    frame.loc[3, "a"] = NAN
    indicators = [{"id": "a", "title": "A", "treatment": "log"}, {"id": "b", "title": "B"}]
    recipe = recipe_of({"children": [{"indicator": "a"}, {"indicator": "b"}]}, indicators)
    model = VariantModel(recipe, recipe.indices[0], frame,
                         uncertainty=Uncertainty(errors=(SamplingError("a", "share", "people"),)))
    drawn = model.drawn(2000, 1).draws["a"]
    there = ~np.isnan(frame["a"].to_numpy())
    assert drawn[there].mean(axis=1) == pytest.approx(np.log(frame["a"].to_numpy()[there]), abs=0.05)
    assert np.isnan(drawn[3]).all()


@pytest.mark.parametrize("error, words", [
    (("a", "share", "nobody", 100), "The column “nobody”"),
    (("a", "share", "people", 1), "“A” has values from"),
])
def test_wrong_sampling_errors_are_refused(error, words):
    frame = table().assign(people=1000.0)
    with pytest.raises(TeilhabeError, match=words):
        robustness(recipe_of(TREE), frame, uncertainty=Uncertainty(errors=(SamplingError(*error),)))


def test_sampling_errors_are_found_beside_the_indicator():
    frame = pd.DataFrame({
        "a": [50.0, 20], "a_zaehler": [5.0, 4], "a_nenner": [10.0, 20],
        "b": [2.5, 0.2], "b_zaehler": [25.0, 4], "b_nenner": [10.0, 20],
        "c": [1.0, 7], "c_zaehler": [25.0, 4], "c_nenner": [10.0, 20],
        "d": [5.0, 6], "e": [5.0, 6], "people": [900.0, 800],
    })
    indicators = [{"id": name, "title": name, "unit": {"d": "%", "e": "je 1.000"}.get(name, "")} for name in "abcde"]
    recipe = recipe_of({"children": [{"indicator": name} for name in "abcde"]}, indicators)
    assert errors_in(recipe, frame) == [
        SamplingError("a", "share", "a_nenner", 100), SamplingError("b", "rate", "b_nenner", 1)]
    assert errors_in(recipe, frame, people="people")[2:] == [
        SamplingError("d", "share", "people", 100), SamplingError("e", "rate", "people", 1000)]


def test_wrong_settings_are_refused():
    with pytest.raises(TeilhabeError, match="less than 100 %, found 120 %"):
        Uncertainty(weight_spread=1.2)
    with pytest.raises(TeilhabeError, match="“odd” is no kind"):
        SamplingError("a", "odd", "n")
    with pytest.raises(TeilhabeError, match="above 0"):
        SamplingError("a", "rate", "n", 0)


# properties

orders = st.permutations(range(20))


@settings(max_examples=25, deadline=None)
@given(orders, st.integers(0, 2**31))
def test_the_order_of_the_areas_does_not_count(order, seed):
    frame, recipe = table(20), recipe_of(TREE)
    uncertainty = Uncertainty(sources=SOURCES[:4])
    one = robustness(recipe, frame, uncertainty=uncertainty, runs=20, seed=seed)
    two = robustness(recipe, frame.iloc[list(order)], uncertainty=uncertainty, runs=20, seed=seed)
    assert (two.rank_median == one.rank_median[list(order)]).all()
    assert (two.shares == one.shares[list(order)]).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.floats(0.1, 50), st.floats(-50, 50))
def test_unit_and_origin_do_not_count_and_shares_add_up(seed, factor, constant):
    frame, recipe = table(20), recipe_of(TREE)
    one = robustness(recipe, frame, runs=20, seed=seed)
    two = robustness(recipe, frame.assign(a=frame["a"] * factor + constant), runs=20, seed=seed)
    assert np.abs(two.rank_median - one.rank_median).max() <= 1, "rounding may turn round two equal scores"
    assert np.allclose(one.shares.sum(axis=1), 1)
    assert (one.rank_low <= one.rank_median).all() and (one.rank_median <= one.rank_high).all()


def test_an_indicator_twice_at_half_weight_is_the_indicator_once():
    frame = table(names="ab").assign(c=lambda f: f["a"])
    once = recipe_of({"children": [{"indicator": "a"}, {"indicator": "b"}]}, "ab")
    twice = recipe_of({"children": [{"indicator": "a", "weight": 0.5}, {"indicator": "c", "weight": 0.5},
                                    {"indicator": "b"}]}, "abc")
    uncertainty = Uncertainty(sources=("normalisation", "aggregation"))
    one, two = (robustness(each, frame, uncertainty=uncertainty, runs=50, seed=4) for each in (once, twice))
    assert (one.rank_median == two.rank_median).all()
    np.testing.assert_allclose(one.shares, two.shares)
