"""Correlations, reliability and plain words about indicators that say the same or nothing."""
import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from teilhabe_plugin.core.diagnostics import correlations, diagnose, weight_drift
from teilhabe_plugin.core.index import compute
from teilhabe_plugin.core.reliability import alpha_of, cronbach, principal_components

from .test_robustness import TREE, Z, recipe_of, table

NAN = np.nan


def test_correlations_are_those_of_scipy_and_numpy():
    matrix = table(50, names="abc", gaps=0.1)[list("abc")].to_numpy()
    matrix[:, 2] = np.round(matrix[:, 2] / 5)  # ties
    pearson, spearman, areas = correlations(matrix)
    both = ~np.isnan(matrix[:, [0, 2]]).any(axis=1)
    assert areas[0, 2] == both.sum() < 50
    assert pearson[0, 2] == pytest.approx(np.corrcoef(matrix[both, 0], matrix[both, 2])[0, 1])
    assert spearman[2, 0] == pytest.approx(spearmanr(matrix[both, 0], matrix[both, 2]).correlation)
    full = np.nan_to_num(matrix)
    assert correlations(full)[1] == pytest.approx(spearmanr(full).correlation)


def test_correlations_without_enough_areas_are_missing():
    assert np.isnan(correlations(np.array([[1.0, 2], [2, NAN], [3, 4]]))[0][0, 1])


def test_cronbach_of_bland_and_altman():
    # BMJ 1997; 314: 572: 10 items, sum of variances 11.16, variance of the sum 77.44, alpha 0.95
    covariance = np.full((10, 10), (77.44 - 11.16) / 90)
    np.fill_diagonal(covariance, 1.116)
    assert round(alpha_of(covariance), 2) == 0.95


def test_cronbach_of_a_published_table():
    # answers of the nine complete rows of the example "cronbach_wide_missing" of pingouin 0.7.0, whose documentation
    # gives 0.8016949152542373 for them
    rows = ["11111111111", "11111111010", "11101101100", "11111000100", "11110010000", "11111000000", "01011000010",
            "11100000000", "10010000000"]
    matrix = np.array([[float(cell) for cell in row] for row in rows])
    assert cronbach(matrix).value == pytest.approx(0.8016949152542373)


def test_alpha_without_an_item_by_hand():
    # two equal items and one opposed to them
    matrix = np.array([[1.0, 1, 4], [2, 2, 3], [3, 3, 2], [4, 4, 1]])
    found = cronbach(matrix)
    assert found.without.tolist()[2] == pytest.approx(1)
    assert found.item_rest.tolist()[2] == pytest.approx(-1)
    assert found.areas == 4


def test_components_of_equal_correlations():
    # three variables with correlation r: eigenvalues 1 + 2r, 1 − r, 1 − r
    rng = np.random.default_rng(1)
    raw = rng.normal(size=(400, 3))
    raw = (raw - raw.mean(axis=0)) @ np.linalg.inv(np.linalg.cholesky(np.cov(raw, rowvar=False)).T)
    wanted = np.array([[1, 0.5, 0.5], [0.5, 1, 0.5], [0.5, 0.5, 1]])
    found = principal_components(raw @ np.linalg.cholesky(wanted).T)
    assert found.variances == pytest.approx([2, 0.5, 0.5])
    assert found.explained == pytest.approx([2 / 3, 1 / 6, 1 / 6])
    assert found.loadings[:, 0] == pytest.approx(np.full(3, np.sqrt(2 / 3)))
    assert found.above_one == 1
    assert (found.loadings @ found.loadings.T) == pytest.approx(wanted)


def words(result, **more):
    return [str(note) for note in diagnose(result, **more).findings]


def two_dimensions(frame, extra=(), titles=None):
    names = [name for name in frame if name != "key"]
    indicators = [{"id": name, "title": (titles or {}).get(name, name.upper()), "unit": "%"} for name in names]
    return compute(recipe_of({"children": [
        {"id": "s", "title": "S", "standardise": Z, "children": [{"indicator": "a"}, {"indicator": "b"}]},
        {"id": "t", "title": "T", "standardise": Z, "children": [{"indicator": "c"}, *extra]},
    ]}, indicators), frame)


def independent(areas=200):
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(rng.uniform(10, 50, (areas, 3)), columns=list("abc"))
    frame.insert(0, "key", [str(i) for i in range(areas)])
    return frame


def test_the_same_within_a_dimension_is_named():
    frame = independent()
    frame["b"] = frame["a"] + np.random.default_rng(1).normal(0, 1, 200)
    assert any("“A” and “B” in “S” say nearly the same (r = 1.00)" in text for text in words(two_dimensions(frame)))


def test_the_same_in_two_dimensions_is_named():
    frame = independent()
    frame["c"] = frame["a"] + np.random.default_rng(1).normal(0, 1, 200)
    found = words(two_dimensions(frame))
    assert any("“A” (S) and “C” (T) say nearly the same" in text and "two dimensions" in text for text in found)


def test_a_part_of_another_indicator_is_named():
    frame = independent()
    frame["b"] = frame["a"] * np.random.default_rng(1).uniform(0.6, 0.7, 200)
    titles = {"a": "Arbeitslose", "b": "Anteil Langzeitarbeitslose"}
    found = words(two_dimensions(frame, titles=titles))
    assert any(text.startswith("“Anteil Langzeitarbeitslose” is nowhere above “Arbeitslose”") for text in found)
    strangers = words(two_dimensions(frame, titles={"a": "Anteil Lärmbelastete", "b": "Anteil Langzeitarbeitslose"}))
    assert not any("nowhere" in text for text in strangers), "both are shares, and that is all"
    akin = words(two_dimensions(frame), numerators={"a": "Kinder unter 6", "b": "Kinder unter 3"})
    assert any("nowhere" in text for text in akin)


def test_indicators_that_work_against_each_other_are_named():
    frame = independent()
    frame["b"] = 60 - frame["a"] + np.random.default_rng(1).normal(0, 3, 200)
    found = words(two_dimensions(frame))
    assert any("“A” and “B” in “S” work against each other" in text for text in found)
    assert any("“S” puts together what hardly belongs together" in text for text in found)


def test_independent_indicators_are_no_finding_of_likeness():
    found = words(two_dimensions(independent()))
    assert not any("same" in text or "nowhere" in text or "against" in text for text in found)


def test_an_indicator_in_two_places_and_equal_numerators():
    found = words(two_dimensions(independent(), extra=[{"indicator": "a"}]),
                  numerators={"a": "Kinder  im SGB II", "b": "kinder im sgb ii", "c": "Zuzüge"})
    assert "“A” stands in the index 2 times (S, T): it counts more than its weight says." in found
    assert "The same people are counted in “A”, “B” (“Kinder  im SGB II”)." in found


def test_influence_alpha_and_effective_weights():
    frame = table(80)
    recipe = recipe_of(TREE)
    found = diagnose(compute(recipe, frame))
    assert found.indicators == list("abcd")
    assert len(found.pairs) == 6
    assert [pair.within for pair in found.pairs if (pair.first, pair.second) == ("a", "b")] == ["S"]
    assert sum(found.influence.values()) == pytest.approx(1)
    assert set(found.alphas) == set(found.effective) == {"s", "i"}
    assert found.effective["s"].sum() == pytest.approx(1)
    assert found.influence["d"] > 0.95, "a range of 1…100 among z-scores drowns them"
    assert any("“A” has hardly any influence" in str(note) for note in found.findings)
    assert [len(found.between(True)), len(found.between(False))] == [2, 4]


def test_weights_drift():
    frame = table(80, names="ab")
    indicators = [{"id": name, "title": name.upper(), "column": name + "_{year}"} for name in "ab"]
    recipe = recipe_of({"children": [{"indicator": name, "normalise": "identity"} for name in "ab"]}, indicators,
                       year=2025)
    years = pd.DataFrame({"key": frame["key"], "a_2024": frame["a"], "b_2024": frame["b"], "a_2025": frame["a"] * 3,
                          "b_2025": frame["b"], "a_2023": frame["a"], "b_2023": 1.0})
    drift, notes = weight_drift(recipe, years.drop(columns="b_2023"), [2025, 2024, 2023])
    assert drift.groupby("jahr")["wirkung"].sum().tolist() == pytest.approx([1, 1])
    change = drift[drift["jahr"] == 2025].set_index("indikator")["veraenderung"]
    assert change["a"] > 0.15
    assert change["a"] == pytest.approx(-change["b"])
    texts = [str(note) for note in notes]
    assert texts[0].startswith("2023: ")
    assert "b_2023" in texts[0]
    assert any(text.startswith("The influence of “A” has changed") for text in texts)


def test_few_areas_give_no_reliability():
    recipe = recipe_of({"children": [{"indicator": "a"}, {"indicator": "b"}]}, "ab")
    found = diagnose(compute(recipe, table(5, names="ab")))
    assert found.alphas == {}
    assert found.components is None


def test_copeland_has_no_influence_shares():
    assert diagnose(compute(recipe_of({**TREE, "aggregate": "copeland"}), table())).influence == {}


def test_findings_name_what_they_are_about():
    frame = table(60, names="abcd")
    frame["b"] = frame["a"] + 0.001 * frame["c"]
    result = compute(recipe_of(TREE), frame)
    found = next(note for note in diagnose(result).findings if "say nearly the same" in str(note))
    assert found.items == ("a", "b")
