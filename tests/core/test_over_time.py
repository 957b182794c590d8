"""Years side by side: trends against scipy, gaps and moves by hand."""
import json
import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from teilhabe_plugin.core.development import FIXED, OWN, develop
from teilhabe_plugin.core.messages import TeilhabeError
from teilhabe_plugin.core.over_time import compute_years, gap_measures, gap_over_time, moves, panel, trends, years_in
from teilhabe_plugin.core.parents import parent_scores
from teilhabe_plugin.core.recipe_reading import read_recipe

RECIPE = {
    "format": "teilhabe-recipe/1", "id": "t", "title": "T", "area_key": "key", "year": 2021, "population": "people",
    "parents": [{"id": "bezirk", "title": "Bezirk", "column": "district", "name_column": "district_name"}],
    "indicators": [{"id": "a", "title": "A", "column": "a_{year}"}],
    "indices": [{"id": "i", "title": "I", "children": [{"indicator": "a"}],
                 "classes": {"method": "fixed", "bounds": [0], "classes": [
                     {"value": 1, "name": "low"}, {"value": 2, "name": "high"}]}}],
}
FRAME = pd.DataFrame({
    "key": ["1", "2", "3"], "people": [100, 300, 600], "district": ["N", "N", "S"],
    "district_name": ["Nord", "Nord", "Süd"],
    "a_2020": [1.0, 2, 3], "a_2021": [1.0, 2, 6], "a_2019_grund": ["x", None, None],
})


def recipe(**more):
    return read_recipe(json.dumps({**RECIPE, **more}))


def test_years_are_found_in_the_columns():
    assert years_in(recipe(), FRAME.columns) == [2020, 2021]


def test_each_year_against_itself_or_against_a_fixed_one():
    own = panel(compute_years(recipe(), FRAME), "i_index")
    assert own[2021].tolist() == pytest.approx([-0.9258200997725514, -0.4629100498862757, 1.3887301496588271])
    fixed = panel(compute_years(recipe(reference_year=2020), FRAME), "i_index")
    # mean 2 and spread √(2/3) of 2020 hold for 2021, too
    assert fixed[2021].tolist() == pytest.approx([-1.224744871391589, 0, 4.898979485566356])
    assert fixed[2020].tolist() == pytest.approx([-1.224744871391589, 0, 1.224744871391589])


def test_no_complete_year():
    with pytest.raises(TeilhabeError, match="For no year"):
        compute_years(recipe(), FRAME[["key", "people"]])


def test_parents_are_weighted_by_people():
    results = compute_years(recipe(reference_year=2020), FRAME, [2020])
    table = parent_scores(results[2020], FRAME).set_index(["ebene", "schluessel"])
    root = 1.224744871391589
    assert table.loc[("bezirk", "N"), "wert"] == pytest.approx(-root * 100 / 400)
    assert table.loc[("stadt", "stadt"), "wert"] == pytest.approx((-100 + 600) * root / 1000)
    assert table.loc[("bezirk", "N"), ["name", "gebiete", "einwohner", "anteil"]].tolist() == ["Nord", 2, 400, 1]
    assert set(table["gewichtung"]) == {"Einwohner"}


def test_parents_without_people_say_so():
    plain = recipe(population="")
    table = parent_scores(compute_years(plain, FRAME, [2020])[2020], FRAME)
    assert set(table["gewichtung"]) == {"Gebiete"}
    assert table["einwohner"].isna().all()


def test_trends_are_those_of_scipy():
    rng = np.random.default_rng(5)
    values = pd.DataFrame(rng.normal(size=(6, 8)).cumsum(axis=1), columns=range(2018, 2026))
    values.iloc[2, 3] = np.nan
    table = trends(values)
    for i, row in enumerate(values.to_numpy()):
        there = ~np.isnan(row)
        line = stats.linregress(np.arange(2018, 2026)[there], row[there])
        half = stats.t.ppf(0.975, there.sum() - 2) * line.stderr
        assert table["steigung"][i] == pytest.approx(line.slope)
        assert table["untergrenze"][i] == pytest.approx(line.slope - half)
        assert table["obergrenze"][i] == pytest.approx(line.slope + half)


def test_trends_of_few_values():
    values = pd.DataFrame({2020: [1.0, 1, np.nan], 2021: [2.0, np.nan, np.nan], 2022: [4.0, 3, np.nan]})
    table = trends(values)
    assert table["steigung"].tolist() == pytest.approx([1.5, 1, np.nan], nan_ok=True)
    assert table["jahre"].tolist() == [3, 2, 0]
    assert table["richtung"].tolist() == ["unverändert", None, None]


def test_gap_measures_by_hand():
    gaps = gap_measures(np.array([10.0, 20, 30, 40, np.nan, 50, 60, 70, 80, 90, 100, 110]))
    assert gaps["p90_p10"] == pytest.approx(80)
    assert gaps["p90_zu_p10"] == pytest.approx(5)
    assert gaps["spannweite"] == 100
    assert gap_measures(np.array([-1.0, 0, 1]))["p90_zu_p10"] is None


def test_a_widening_gap_is_seen_and_a_steady_one_is_not():
    base = np.random.default_rng(3).normal(50, 5, 60)
    values = pd.DataFrame({2020: base, 2021: base, 2022: 50 + 2 * (base - 50)})
    table = gap_over_time(values).set_index(["mass", "jahr"])
    assert table.loc[("streuung", 2021), "veraenderung"] == 0
    assert table.loc[("streuung", 2022), "veraenderung"] == pytest.approx(base.std())
    assert table.loc[("streuung", 2022), "veraenderung_unten"] > 0
    assert table.loc[("streuung", 2022), "untergrenze"] < 2 * base.std() < table.loc[("streuung", 2022), "obergrenze"]
    pd.testing.assert_frame_equal(gap_over_time(values), gap_over_time(values))


def test_moves_between_classes():
    classes = pd.DataFrame({2020: [1, 3, 5, np.nan], 2021: [3, 3, 1, 5]}, index=["a", "b", "c", "d"])
    table, notes = moves(classes, 2020, 2021, [1, 3, 5])
    assert table.to_dict("list") == {"von": [1, 3, 5], "nach": [3, 3, 1], "schritte": [1, 0, -2]}
    assert "d" in str(notes[0])


def test_classes_that_nobody_is_in_are_steps_and_numbers_may_descend():
    classes = pd.DataFrame({2020: [5, 1], 2021: [1, 5]}, index=["a", "b"])
    assert moves(classes, 2020, 2021, [1, 2, 3, 4, 5])[0]["schritte"].tolist() == [-4, 4]
    assert moves(classes, 2020, 2021, [5, 3, 1])[0]["schritte"].tolist() == [2, -2]


def test_an_area_that_comes_later_does_not_widen_the_gap():
    base = np.random.default_rng(3).normal(50, 5, 30)
    values = pd.DataFrame({2020: [*base, np.nan], 2021: [*base, 200.0]})
    table = gap_over_time(values).set_index(["mass", "jahr"])
    assert table.loc[("spannweite", 2021), "wert"] == pytest.approx(200 - base.min())
    assert table.loc[("spannweite", 2021), ["veraenderung", "veraenderung_unten", "veraenderung_oben"]].tolist() == [
        0, 0, 0]


def test_few_values_leave_no_warning():
    values = pd.DataFrame({2020: [1.0, np.nan, np.nan, np.nan], 2021: [np.nan, 2, np.nan, np.nan],
                           2022: [np.nan] * 4})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = gap_over_time(values).set_index(["mass", "jahr"])
    assert table.loc[("streuung", 2021), "wert"] == 0
    assert np.isnan(table.loc[("streuung", 2021), "veraenderung"]), "no area has both values"
    assert ("streuung", 2022) not in table.index


def test_an_error_names_its_year():
    with pytest.raises(TeilhabeError, match="2021: “A” has no value in any area"):
        compute_years(recipe(), FRAME.assign(a_2021=np.nan))


def test_a_development_shows_own_and_fixed_year_side_by_side():
    found = develop(recipe(), FRAME.assign(people=1000))
    panel_of = found.panel.set_index(["bezug", "jahr", "key"])["wert"]
    # a_2021 is 1, 2, 6: mean 3, spread √(14/3); measured against 2020 mean 2, spread √(2/3)
    assert panel_of[OWN, 2021, "3"] == pytest.approx(3 / np.sqrt(14 / 3))
    assert panel_of[FIXED, 2021, "3"] == pytest.approx(4 / np.sqrt(2 / 3))
    assert found.areas["wert_2021"].tolist() == panel_of[FIXED, 2021].tolist()
    assert found.areas[["von", "nach", "schritte"]].to_numpy().tolist() == [[1, 1, 0], [1, 1, 0], [2, 2, 0]]
    gap = found.gaps.set_index(["item_id", "mass", "jahr"])
    assert gap.loc[("a", "spannweite", 2021), ["wert", "veraenderung"]].tolist() == [5, 3]


def test_a_development_tells_what_each_year_leaves_out():
    filled = recipe(indicators=[{"id": "a", "title": "A", "column": "a_{year}", "missing": {
        "method": "group_median", "group": "district"}}])
    notes = develop(filled, FRAME.assign(a_2020=[1.0, np.nan, 3])).notes
    assert [str(note) for note in notes] == ["2020: “A”: 1 gaps filled (group_median): 2"]
