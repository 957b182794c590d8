"""The way from a table of counts to a table of indicators."""
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teilhabe_plugin.core.count_data import collect, columns_needed
from teilhabe_plugin.core.count_protection import tree_of
from teilhabe_plugin.core.count_spec import CountIndicator, Protection, read_spec, template, years_of
from teilhabe_plugin.core.count_table import indicators_from_counts
from teilhabe_plugin.core.counts import CountRule
from teilhabe_plugin.core.disclosure import audit, hierarchy
from teilhabe_plugin.core.messages import TeilhabeError

nan = np.nan
WIDE = pd.DataFrame({
    "key": ["01", "02", "03", "04"], "district": ["A", "A", "B", "B"],
    "x_2022": [3, 20, 9, 30], "x_2023": [6, 25, 10, 31], "n_2022": [40, 90, 60, 100], "n_2023": [50, 95, 65, 110]})
SHARE = CountIndicator("quote", "x_{year}", "n_{year}", CountRule(), "Quote", "%")


def test_wide_tables():
    found = indicators_from_counts(WIDE, "key", [SHARE])
    assert found.frame["quote_2022"].tolist() == pytest.approx([7.5, 22.2222222, 15, 30])
    assert found.frame["quote_2023_nenner"].tolist() == [50, 95, 65, 110]
    assert found.frame["quote_2022_wenige"].tolist() == [True, False, True, False]
    assert (found.values, found.missing) == (8, 0)
    titles = {column.name: str(column.title) for column in found.columns}
    assert titles["quote_2023_unten"] == "Quote 2023: lower confidence limit"
    only_last = indicators_from_counts(WIDE, "key", [SHARE], latest_only=True)
    assert "quote_2022" not in only_last.frame and "quote_2023" in only_last.frame


def test_long_tables_give_the_same():
    long = pd.concat([WIDE[["key", "district"]].assign(year=year, x=WIDE[f"x_{year}"], n=WIDE[f"n_{year}"])
                      for year in (2023, 2022)])
    found = indicators_from_counts(long, "key", [CountIndicator("quote", "x", "n", CountRule())], year_field="year",
                                   parents=("district",))
    wide = indicators_from_counts(WIDE, "key", [SHARE], parents=("district",))
    for column in wide.frame:
        assert found.frame[column].tolist() == wide.frame[column].tolist(), column
    assert found.frame.index.tolist() == [0, 1, 2, 3]


def test_tables_without_years():
    table = pd.DataFrame({"key": ["a", "b"], "x": [1, 9], "n": [10, 10]})
    found = indicators_from_counts(table, "key", [CountIndicator("q", "x", "n", CountRule())])
    assert found.frame["q"].tolist() == [10, 90]


def test_columns_of_other_years_are_found():
    columns = ["x_2021", "x_2022", "y2022b", "n"]
    assert template("x_2022", columns) == "x_{year}" and template("y2022b", columns) == "y2022b"
    assert template("n", columns) == "n" and years_of("x_{year}", columns) == [2021, 2022]
    assert columns_needed([SHARE], list(WIDE)) == ["x_2022", "x_2023", "n_2022", "n_2023"]
    # a denominator that is the same in all years
    fixed = CountIndicator("q", "x_{year}", "n_2022", CountRule())
    assert collect(WIDE, "key", [fixed]).counts["q", 1].tolist() == [[40, 40], [90, 90], [60, 60], [100, 100]]


@pytest.mark.parametrize("change, words", [
    ({"key": ["01", "01", "03", "04"]}, r"\(1, 2\)"),
    ({"key": ["01", None, "03", "04"]}, "empty in rows 2"),
    ({"x_2022": ["3", "drei", None, "4"]}, "Row 2.*drei"),
])
def test_bad_tables_name_the_row(change, words):
    with pytest.raises(TeilhabeError, match=words):
        indicators_from_counts(WIDE.assign(**change), "key", [SHARE])


def test_bad_long_tables_name_area_and_year():
    long = pd.DataFrame({"key": ["01", "01"], "year": [2022, 2022], "x": [1, 2], "n": [3, 4]})
    indicator = [CountIndicator("q", "x", "n", CountRule())]
    with pytest.raises(TeilhabeError, match="“01” has several rows for 2022"):
        indicators_from_counts(long, "key", indicator, year_field="year")
    with pytest.raises(TeilhabeError, match="Row 2.*is no year"):
        indicators_from_counts(long.assign(year=[2022, 22]), "key", indicator, year_field="year")
    with pytest.raises(TeilhabeError, match="no column “y”"):
        indicators_from_counts(long.assign(year=[2021, 2022]), "key", [CountIndicator("q", "y", "n", CountRule())],
                               year_field="year")


def test_suppression_hides_counts_and_everything_made_from_them():
    found = indicators_from_counts(WIDE, "key", [SHARE], Protection(threshold=5), parents=("district",))
    frame = found.frame
    # 3 of 40 is small; with the district's 23 known, the other area goes as well
    assert frame["quote_2022_zaehler"].tolist() == pytest.approx([nan, nan, 9, 30], nan_ok=True)
    assert frame["quote_2022"].isna().tolist() == [True, True, False, False]
    assert frame["quote_2022_hinweis"].tolist() == ["suppressed", "suppressed", "", ""]
    assert frame["quote_2022_nenner"].tolist() == [40, 90, 60, 100]
    assert frame["quote_2023"].notna().all()
    assert [(cell.key, cell.column, cell.is_total) for cell in found.hidden] == [
        ("01", "x_2022", False), ("02", "x_2022", False)]
    # 23 in all, 1 at least in each
    assert [(cell.low, cell.high) for cell in found.hidden] == [(1, 22), (1, 22)]
    report = found.hidden_frame("Gebiet", "Summe")
    assert report["ableitbar_bis"].tolist() == [22, 22] and report["jahr"].tolist() == [2022, 2022]


def test_a_denominator_of_two_indicators_is_hidden_in_both():
    table = pd.DataFrame({"key": list("abc"), "x": [1, 9, 9], "y": [1, 8, 20], "n": [3, 30, 50]})
    both = [CountIndicator("p", "x", "n", CountRule()), CountIndicator("q", "y", "n", CountRule())]
    frame = indicators_from_counts(table, "key", both, Protection(threshold=5)).frame
    assert frame["p_nenner"].isna().tolist() == frame["q_nenner"].isna().tolist()
    assert frame["p_nenner"].isna().sum() >= 2


def test_the_others_can_be_protected_too():
    table = pd.DataFrame({"key": list("abc"), "x": [38, 20, 30], "n": [40, 40, 60]})
    indicator = [CountIndicator("q", "x", "n", CountRule())]
    plain = indicators_from_counts(table, "key", indicator, Protection(threshold=5))
    assert plain.frame["q"].notna().all()
    found = indicators_from_counts(table, "key", indicator, Protection(threshold=5, complement=True))
    assert found.frame["q"].isna().tolist()[0] and found.frame["q"].isna().sum() == 2


def test_means_over_few_people_hide_the_sum():
    table = pd.DataFrame({"key": list("abc"), "teeth": [12, 40, 90], "children": [3, 30, 60]})
    indicator = [CountIndicator("dmft", "teeth", "children", CountRule("mean", 1))]
    frame = indicators_from_counts(table, "key", indicator, Protection(threshold=5)).frame
    assert frame["dmft_zaehler"].isna()[0] and frame["dmft_nenner"].isna()[0]
    assert frame["dmft_zaehler"].isna().sum() == 2


def test_a_sum_of_nothing_over_few_people_is_a_zero_that_is_shown():
    table = pd.DataFrame({"key": list("abcd"), "x": [0, 20, 30, 9], "n": [3, 20, 30, 40]})
    found = indicators_from_counts(table, "key", [CountIndicator("q", "x", "n", CountRule("mean", 1))],
                                   Protection(threshold=5)).frame
    assert found["q_zaehler"].tolist() == [0, 20, 30, 9]
    assert np.isnan(found["q_nenner"][0]) and np.isnan(found["q"][0])


def test_counts_with_decimals_are_protected_too():
    table = pd.DataFrame({"key": list("abcd"), "x": [0.4, 20.5, 7.25, 9.5], "n": [90.5, 80.5, 70.5, 60.5]})
    found = indicators_from_counts(table, "key", [CountIndicator("q", "x", "n", CountRule("rate", 1000))],
                                   Protection(threshold=5))
    assert np.isnan(found.frame["q_zaehler"]).tolist() == [True, False, True, False]
    assert min(cell.low for cell in found.hidden) == 0, "a part of a person is less than one"


def test_a_mean_of_yearly_values_cannot_be_protected():
    indicator = CountIndicator("q", "x_{year}", "n_{year}", CountRule(pool_years=2, pool="mean"))
    with pytest.raises(TeilhabeError, match="mean of yearly values"):
        indicators_from_counts(WIDE, "key", [indicator], Protection(threshold=5))


def test_values_follow_from_rounded_counts():
    found = indicators_from_counts(WIDE, "key", [SHARE], Protection(rounding="nearest", base=5))
    assert found.frame["quote_2022_zaehler"].tolist() == [5, 20, 10, 30]
    assert found.frame["quote_2022"].tolist() == pytest.approx([12.5, 2000 / 90, 1000 / 60, 30])


def test_chance_without_a_secret_is_told():
    table = pd.DataFrame({"key": list("abc"), "x": [3, 20, 30], "n": [30, 60, 80]})
    for rounding, seed, told in (("random", "", True), ("random", "s", False), ("nearest", "", False)):
        found = indicators_from_counts(table, "key", [CountIndicator("q", "x", "n", CountRule())],
                                       Protection(rounding=rounding, seed=seed))
        assert any("has no seed" in str(note) for note in found.notes) == told


def test_parents_must_lie_within_one_another():
    tree = tree_of(["a", "b", "c"], [["D", "D", None], ["R", "R", "R"]])
    assert tree.labels == ["a", "b", "c", "D", "R", ""] and tree.parents == [3, 3, 4, 4, 5, -1]
    assert tree.totals(np.array([1, nan, 4])).tolist()[3:] == [1, 5, 5]
    with pytest.raises(TeilhabeError, match="“D” belongs to both “R” and “S”"):
        tree_of(["a", "b"], [["D", "D"], ["R", "S"]])


SPEC = {"format": "teilhabe-counts/1", "indicators": [
    {"id": "u", "title": "Übergewicht", "unit": "%", "numerator": "x_{year}", "denominator": "n_{year}",
     "pool_years": 2}], "protection": {"threshold": 5}}


def test_specifications_are_read():
    (indicator,), protection = read_spec(json.dumps(SPEC), "spec")
    assert indicator.rule == CountRule(pool_years=2) and indicator.title == "Übergewicht"
    assert protection == Protection(threshold=5)
    assert read_spec(json.dumps({k: v for k, v in SPEC.items() if k != "protection"}), "spec")[1] is None


@pytest.mark.parametrize("change, words", [
    ({"kind": "quote"}, "kind"), ({"pool_year": 3}, "pool_years"), ({"pool_years": 0}, "pool_years must be"),
    ({"id": "1 x"}, "field name"), ({"kind": "ratio"}, "second group"), ({"numerator": ""}, "numerator"),
])
def test_specifications_with_faults_name_the_place(change, words):
    text = json.dumps({**SPEC, "indicators": [{**SPEC["indicators"][0], **change}]})
    with pytest.raises(TeilhabeError, match=words) as caught:
        read_spec(text, "spec.json")
    assert "spec.json, $.indicators[0]" in str(caught.value)


def test_ids_stand_once():
    with pytest.raises(TeilhabeError, match="stands twice"):
        read_spec(json.dumps({**SPEC, "indicators": SPEC["indicators"] * 2}), "spec")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 30), st.sampled_from("AB")), min_size=3, max_size=7),
       st.integers(2, 6))
def test_the_table_that_is_given_away_passes_an_attack(areas, threshold):
    x, rest, district = zip(*areas)
    table = pd.DataFrame({"key": [f"{i:02}" for i in range(len(x))], "d": district, "x": x,
                          "n": np.add(x, rest)})
    found = indicators_from_counts(table, "key", [CountIndicator("q", "x", "n", CountRule(shrink="parent"))],
                                   Protection(threshold=threshold), parents=("d",))
    tree = tree_of(table["key"].tolist(), [list(district)])
    totals_hidden = {(cell.key, cell.column) for cell in found.hidden if cell.is_total}
    for column, made in (("x", "q_zaehler"), ("n", "q_nenner")):
        published = tree.totals(table[column].to_numpy(float))
        published[:tree.areas] = found.frame[made]
        for node in range(tree.areas, len(tree.labels)):
            if (tree.labels[node], column) in totals_hidden:
                published[node] = nan
        small = (table[column] > 0) & (table[column] < threshold)
        assert np.isnan(published[:tree.areas][small]).all()
        assert audit(published, hierarchy(tree.parents), threshold - 1, 1).passed
    gone = found.frame["q_zaehler"].isna() | found.frame["q_nenner"].isna()
    assert found.frame.loc[gone, ["q", "q_unten", "q_oben", "q_roh", "q_gewicht", "q_vk"]].isna().all(axis=None)


def test_a_ratio_hides_both_groups_counts():
    table = pd.DataFrame({"key": list("abc"), "x": [3, 20, 30], "n": [30, 60, 80], "y": [10, 20, 2], "m": [50, 60, 70]})
    indicator = CountIndicator("v", "x", "n", CountRule("ratio", 1), "", "", "y", "m")
    found = indicators_from_counts(table, "key", [indicator], Protection(threshold=5))
    assert {cell.column for cell in found.hidden} == {"x", "y"}
    # a and b for the first group, c and a for the second: nothing is left to show
    assert found.frame["v"].isna().all() and (found.frame["v_hinweis"] == "suppressed").all()
    plain = indicators_from_counts(table, "key", [indicator])
    assert plain.frame["v"].tolist() == pytest.approx([0.1 / 0.2, (20 / 60) / (20 / 60), (30 / 80) / (2 / 70)])


def test_controlled_rounding_never_lifts_a_share_over_100_percent():
    table = pd.DataFrame({"key": [f"{i:02}" for i in range(40)], "x": range(1, 41), "n": range(1, 41)})
    found = indicators_from_counts(table, "key", [CountIndicator("q", "x", "n", CountRule())],
                                   Protection(rounding="controlled", base=5, seed="s"))
    shown = found.frame["q"].dropna()
    assert (shown <= 100).all() and (found.frame["q_zaehler"] % 5 == 0).all()
