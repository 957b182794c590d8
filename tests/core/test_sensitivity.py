"""Sobol indices against known functions; leaving out each indicator against the recipe without it."""
import json

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from teilhabe_plugin.core.index import compute
from teilhabe_plugin.core.messages import Cancelled, TeilhabeError
from teilhabe_plugin.core.recipe_reading import read_recipe
from teilhabe_plugin.core.sensitivity import jansen, leave_one_out, sobol_of, sources_of_uncertainty
from teilhabe_plugin.core.variants import SOURCES, Uncertainty

from .test_robustness import TREE, recipe_of, table


def test_a_sum_of_independent_inputs():
    # V(a·u) = a²/12: the parts are 1/14, 4/14 and 9/14, and nothing works together
    found = sobol_of(lambda u: u @ np.array([1.0, 2, 3]), ["a", "b", "c"], 20_000, seed=3)
    expected = np.array([1, 4, 9]) / 14
    assert found.first == pytest.approx(expected, abs=0.02)
    assert found.total == pytest.approx(expected, abs=0.02)
    assert found.mean == pytest.approx(3, abs=0.02)
    assert found.variance == pytest.approx(14 / 12, rel=0.02)
    assert found.runs == 100_000
    inside = (found.first_interval[:, 0] <= expected) & (expected <= found.first_interval[:, 1])
    assert inside.sum() >= 2
    assert list(found.table()["quelle"]) == ["a", "b", "c"]


def test_a_product_works_only_together():
    # (u − ½)(v − ½): no input alone moves the mean, both together everything
    found = sobol_of(lambda u: (u[:, 0] - 0.5) * (u[:, 1] - 0.5), ["u", "v"], 20_000)
    assert found.first == pytest.approx([0, 0], abs=0.03)
    assert found.total == pytest.approx([1, 1], abs=0.03)


def test_no_variance_no_part():
    assert [part.tolist() for part in jansen(np.ones(5), np.ones(5), np.ones((2, 5)))] == [[0, 0], [0, 0]]


def test_sources_of_an_index():
    frame, recipe = table(), recipe_of({"children": [{"indicator": name} for name in "abcd"]})
    found, meaning = sources_of_uncertainty(recipe, frame, runs=200)
    assert found.names == ("normalisation", "weights", "aggregation", "left_out")
    assert str(meaning) == "mean rank shift over all areas"
    assert found.names[int(found.total.argmax())] == "left_out", "one of four indicators gone moves most"
    assert (found.total >= -1e-12).all()
    assert found.total.sum() > 0.8
    again, _ = sources_of_uncertainty(recipe, frame, runs=200)
    assert (again.total == found.total).all()
    for_area, meaning = sources_of_uncertainty(recipe, frame, area="005", runs=100)
    assert str(meaning) == "rank of the area 005"
    assert for_area.mean == pytest.approx(compute(recipe, frame).frame["i_index"].rank(ascending=False)[5], abs=6)


def test_one_source_alone_has_everything():
    frame, recipe = table(), recipe_of(TREE)
    one = Uncertainty(sources=("weights",))
    assert sources_of_uncertainty(recipe, frame, uncertainty=one)[0] is None
    # a second source that can change nothing gets nothing
    spread = Uncertainty(sources=("weights", "normalisation"), normalisations=(("standard", {}),))
    found, _ = sources_of_uncertainty(recipe_of({"children": [{"indicator": "a"}, {"indicator": "b"}]}), frame,
                                      uncertainty=spread, runs=300)
    assert found.total[0] == pytest.approx(1, abs=0.15)
    assert found.total[1] == pytest.approx(0, abs=1e-12)


def test_an_area_without_score_and_cancel():
    frame, recipe = table(), recipe_of(TREE)
    frame.loc[5, "a"] = np.nan
    with pytest.raises(TeilhabeError, match="The area 005 has no score"):
        sources_of_uncertainty(recipe, frame, area="005")
    with pytest.raises(Cancelled):
        sources_of_uncertainty(recipe, frame, cancelled=lambda: True)


def test_leaving_out_is_the_recipe_without_the_indicator():
    frame, recipe = table(gaps=0.02), recipe_of(TREE)
    found = leave_one_out(recipe, frame)
    assert found.indicators == ("a", "b", "c", "d")
    before = compute(recipe, frame).frame
    for j, name in enumerate(found.indicators):
        written = json.loads(recipe.text)
        root = written["indices"][0]
        for node in (root["children"][0], root):
            node["children"] = [child for child in node["children"] if child.get("indicator") != name]
        after = compute(read_recipe(json.dumps(written)), frame).frame
        there = before["i_index"].notna() & after["i_index"].notna()
        ranks = after["i_index"].rank(ascending=False)
        np.testing.assert_allclose(found.ranks[:, j], ranks, equal_nan=True)
        both = after["i_index"].notna() | before["i_index"].notna()
        changed = after["i_klasse"].fillna(-1) != before["i_klasse"].fillna(-1)
        assert found.changed[j] == (both & changed).sum()
        assert found.spearman[j] == pytest.approx(
            spearmanr(before.loc[there, "i_index"], after.loc[there, "i_index"]).correlation)
        shift = (ranks - before["i_index"].rank(ascending=False)).abs()[there]
        assert found.mean_shift[j] == pytest.approx(shift.mean())
        assert found.largest_shift[j] == shift.max()


def test_an_indicator_without_weight_can_go():
    frame = table(names="ab")
    found = leave_one_out(recipe_of({"children": [{"indicator": "a"}, {"indicator": "b", "weight": 0}]}, "ab"), frame)
    assert (found.changed[1], found.mean_shift[1]) == (0, 0)
    assert found.spearman[1] == pytest.approx(1)
    assert np.isnan(found.ranks[:, 0]).all(), "what is left weighs nothing"


def test_the_table_begins_with_the_most_influential():
    recipe = recipe_of(TREE)
    found = leave_one_out(recipe, table()).table(recipe)
    assert found["rang_mittel"].is_monotonic_decreasing
    assert set(found["titel"]) == set("ABCD")


def test_a_single_indicator_cannot_be_left_out():
    with pytest.raises(TeilhabeError, match="only one indicator"):
        leave_one_out(recipe_of({"children": [{"indicator": "a"}]}, "a"), table(names="a"))


def test_all_sources_are_known():
    assert SOURCES == ("normalisation", "weights", "aggregation", "left_out", "sampling")
    with pytest.raises(ValueError, match="magic"):
        Uncertainty(sources=("magic",))


def test_missing_everywhere_is_refused_as_by_the_engine():
    frame = table().assign(a=np.nan)
    with pytest.raises(TeilhabeError, match="“A” has no value in any area"):
        leave_one_out(recipe_of(TREE), pd.DataFrame(frame))
