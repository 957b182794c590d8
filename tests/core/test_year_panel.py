"""Years side by side for charts: the numbers of the years one by one, and means of larger areas."""
import numpy as np
import pandas as pd
import pytest

from teilhabe_plugin.core.messages import Cancelled
from teilhabe_plugin.core.over_time import compute_years, gap_over_time
from teilhabe_plugin.core.parents import parent_scores
from teilhabe_plugin.core.year_panel import incomplete_years, indicator_values, mean_of, means_by, people_of, year_panel

from .test_over_time import FRAME, recipe

NAN = np.nan


def test_panel_against_the_own_and_against_a_fixed_year():
    own = year_panel(recipe(reference_year=2020), FRAME, [2020, 2021])
    assert own.years == (2020, 2021) and own.reference_year is None
    assert own.scores["i"][:, 1] == pytest.approx([-0.9258200997725514, -0.4629100498862757, 1.3887301496588271])
    fixed = year_panel(recipe(), FRAME, [2020, 2021], 2020)
    assert fixed.scores["i"][:, 1] == pytest.approx([-1.224744871391589, 0, 4.898979485566356])
    assert fixed.positions["i"].tolist() == [[0, 0], [0, 0], [1, 1]]  # classes at 0, closed on the right
    assert [each.name for each in fixed.class_sets["i"].classes] == ["low", "high"]


def test_areas_left_out_in_some_years():
    frame = pd.concat([FRAME, pd.DataFrame({"key": ["4"], "people": [50], "district": ["S"], "a_2020": [2.0],
                                            "a_2021": [9.0], "n_2020": [5], "n_2021": [500]})], ignore_index=True)
    frame[["n_2020", "n_2021"]] = frame[["n_2020", "n_2021"]].fillna(400)
    few = [{"type": "minimum", "column": "people", "value": 60, "reason": "few"}]
    panel = year_panel(recipe(exclusions=few), frame, [2020, 2021])
    assert panel.excluded.tolist() == [[False, False]] * 3 + [[True, True]]
    assert panel.positions["i"][3].tolist() == [-1, -1] and np.isnan(panel.scores["i"][3]).all()
    values = indicator_values(recipe(), frame, panel, "a")
    assert values[:3].tolist() == [[1, 1], [2, 2], [3, 6]] and np.isnan(values[3]).all()


def test_means_are_those_of_the_parent_scores():
    made = recipe(reference_year=2020)
    panel = year_panel(made, FRAME, [2020, 2021], 2020)
    people = people_of(made, FRAME)
    districts = means_by(panel.scores["i"], people, FRAME["district"])
    city = mean_of(panel.scores["i"], people)
    for column, (year, result) in enumerate(compute_years(made, FRAME).items()):
        table = parent_scores(result, FRAME).set_index(["ebene", "schluessel"])["wert"]
        assert year == panel.years[column]
        assert city[column] == pytest.approx(table["stadt", "stadt"])
        assert {key: values[column] for key, values in districts.items()} == pytest.approx(table["bezirk"].to_dict())


def test_means_over_the_areas_with_a_value():
    values = np.array([[1.0, NAN], [3, NAN], [NAN, NAN]])
    found = mean_of(values, np.array([1.0, 3, 100]))
    assert found[0] == 2.5 and np.isnan(found[1])
    assert list(means_by(values, np.ones(3), ["N", None, "N"])) == ["N"]
    assert people_of(recipe(population=""), FRAME).tolist() == [1, 1, 1]


def test_change_of_the_gap_as_a_share_of_the_first_year():
    values = pd.DataFrame({2019: [1.0, 2, 3, 4], 2025: [2.0, 4, 6, 8]})
    table = gap_over_time(values, relative=True).set_index(["mass", "jahr"])
    for measure in ("streuung", "p90_p10", "spannweite"):
        row = table.loc[(measure, 2025)]
        assert (row["veraenderung"], row["veraenderung_unten"], row["veraenderung_oben"]) == pytest.approx((1, 1, 1))
    assert table.loc[("p90_zu_p10", 2025), "veraenderung"] == pytest.approx(0)
    absolute = gap_over_time(values).set_index(["mass", "jahr"])
    assert absolute.loc[("spannweite", 2025), "veraenderung"] == 3


def test_the_gap_of_areas_that_were_all_alike_has_no_relative_change():
    table = gap_over_time(pd.DataFrame({2019: [2.0, 2, 2], 2025: [1.0, 2, 3]}), relative=True)
    rows = table[table["jahr"] == 2025].set_index("mass")
    assert np.isnan(rows.loc["streuung", "veraenderung"]) and np.isnan(rows.loc["streuung", "veraenderung_oben"])


def test_gaps_can_be_given_up():
    with pytest.raises(Cancelled):
        gap_over_time(pd.DataFrame({2019: [1.0, 2], 2025: [2.0, 4]}), cancelled=lambda: True)


def test_years_for_which_something_is_lacking():
    indicators = [{"id": name, "title": name, "column": name + "_{year}"} for name in "ab"]
    two = recipe(indicators=indicators,
                 indices=[{"id": "i", "title": "I", "children": [{"indicator": "a"}, {"indicator": "b"}]}])
    columns = ["key", "a_2019", "a_2020", "b_2020", "b_2022", "b_20221", "a_2019_grund", "c_2018"]
    assert incomplete_years(two, columns) == [2019, 2022]
    assert incomplete_years(recipe(), FRAME.columns) == []
