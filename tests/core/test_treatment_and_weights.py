"""Treating, filling and weighting, by hand and by property."""
import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from teilhabe_plugin.core import treatment, weights
from teilhabe_plugin.core.index import compute
from teilhabe_plugin.core.messages import TeilhabeError
from teilhabe_plugin.core.normalise import normalise
from teilhabe_plugin.core.recipe_reading import read_recipe

NAN = np.nan


def test_winsorising_pulls_in_the_outlier_and_leaves_the_rest():
    values = np.append(np.arange(30.0), [500, NAN])
    treated = treatment.treat(values, "winsorise")
    assert treated[30] == 29 and np.isnan(treated[31])
    assert (treated[:30] == values[:30]).all()
    assert (treatment.treat(-values, "winsorise")[:31] == -treated[:31]).all()


def test_caps_log_and_box_cox():
    values = np.array([1.0, 2, 3, 4, 101, NAN])
    assert treatment.treat(values, "percentile", {"low": 0, "high": 75}).tolist()[:5] == [1, 2, 3, 4, 4]
    assert treatment.treat(values, "log", {"add": 1})[0] == pytest.approx(np.log(2))
    assert treatment.treat(values, "boxcox", {"power": 0.5})[3] == pytest.approx(2.0)
    assert treatment.treat(values, "boxcox")[:5] == pytest.approx(stats.boxcox(values[:5])[0])
    with pytest.raises(TeilhabeError, match="above 0, the lowest is -1"):
        treatment.treat(values - 2, "log")


def test_filling():
    values = np.array([1.0, NAN, 3, NAN, NAN])
    groups = np.array(["x", "x", "x", "y", None], object)
    assert treatment.group_median(values, groups).tolist() == pytest.approx([1, 2, 3, NAN, NAN], nan_ok=True)
    earlier = [np.array([9, NAN, 9, 7, NAN]), np.array([8, 6, 8, 8, NAN])]
    assert treatment.fill_from(values, earlier).tolist() == pytest.approx([1, 6, 3, 7, NAN], nan_ok=True)


def recipe(indicator, **node):
    return read_recipe(json.dumps({
        "format": "teilhabe-recipe/1", "id": "t", "title": "T", "area_key": "key", "year": 2021,
        "indicators": [{"id": "a", "title": "A", "column": "a_{year}", **indicator}, {"id": "b", "title": "B"}],
        "indices": [{"id": "i", "title": "I", "children": [{"indicator": "a"}, {"indicator": "b"}], **node}],
    }))


FRAME = pd.DataFrame({"key": list("1234"), "group": list("xxyy"), "a_2020": [1.0, 5, 3, 9], "a_2021": [1.0, NAN, 3, 4],
                      "b": [1.0, 2, 3, 5]})


def test_each_filled_cell_is_marked():
    result = compute(recipe({"missing": {"method": "last_year"}}), FRAME)
    assert result.frame["t_a"].tolist() == [1, 5, 3, 4]
    assert result.frame["a_gefuellt"].tolist() == [None, "last_year", None, None]
    assert result.frame["a_2021"].isna().tolist() == [False, True, False, False]
    assert "1 gaps filled (last_year): 2" in str(result.notes[0])


def test_gaps_can_put_the_area_out():
    result = compute(recipe({"missing": "area_out"}), FRAME)
    assert result.frame["ausschluss"].tolist() == [None, "A: k. A.", None, None]
    assert result.frame["z_b"].isna().tolist() == [False, True, False, False]


def test_group_median():
    result = compute(recipe({"missing": {"method": "group_median", "group": "group"}}), FRAME)
    assert result.frame["t_a"].tolist() == [1, 1, 3, 4]


def correlated(seed=1, n=200):
    rng = np.random.default_rng(seed)
    common = rng.normal(size=n)
    return np.column_stack([common + rng.normal(size=n) * s for s in (0.3, 0.6, 2)])


def test_the_first_component_is_that_of_the_correlations():
    scores = correlated()
    loadings, share = weights.first_component(scores)
    values = np.sort(np.linalg.eigvals(np.corrcoef(scores.T)).real)
    assert share == pytest.approx(values[-1] / 3)
    assert (loadings**2).sum() == pytest.approx(values[-1])
    z = normalise(scores, "z")
    component = z @ loadings
    assert [np.corrcoef(z[:, j], component)[0, 1] for j in range(3)] == pytest.approx(loadings.tolist())


def test_equal_influence_is_equal():
    scores = correlated()
    assert weights.effective(scores, weights.of_equal_influence(scores)) == pytest.approx([1 / 3] * 3)
    asked = weights.of_equal_influence(scores, np.array([1, 2, 1]))
    assert weights.effective(scores, asked) == pytest.approx([0.25, 0.5, 0.25])
    assert weights.effective(scores, np.ones(3)).sum() == pytest.approx(1)


def test_weights_from_a_reference():
    scores = correlated()
    reference = scores[:, 0]
    found = weights.from_correlation(scores, reference)
    expected = np.array([stats.pearsonr(scores[:, j], reference)[0] for j in range(3)])
    assert found == pytest.approx(expected / expected.sum())
    with pytest.raises(TeilhabeError, match="positively"):
        weights.from_correlation(scores, -scores.sum(axis=1))


@pytest.mark.parametrize("method", ["equal", "pca", "equal_influence", {"method": "correlation", "reference": "b"}])
def test_a_node_finds_its_weights(method):
    frame = pd.DataFrame({"key": [str(i) for i in range(50)], "a_2021": correlated(2, 50)[:, 0],
                          "b": correlated(2, 50)[:, 1]})
    result = compute(recipe({}, weights=method), frame)
    used = result.evaluations["i"].weights["i"]
    z = result.frame[["z_a", "z_b"]].to_numpy()
    assert result.frame["i_index"].to_numpy() == pytest.approx(z @ used / used.sum())


def test_an_unknown_reference_is_refused():
    with pytest.raises(TeilhabeError, match=r"\$\.indices\[0\]\.weights\.reference: the recipe has no indicator “c”"):
        recipe({}, weights={"method": "correlation", "reference": "c"})
