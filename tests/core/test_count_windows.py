"""Nothing small follows from sums over several years that overlap, or from one column in several indicators."""
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from teilhabe_plugin.core.count_spec import CountIndicator, Protection
from teilhabe_plugin.core.count_table import indicators_from_counts
from teilhabe_plugin.core.count_windows import Series
from teilhabe_plugin.core.counts import CountRule
from teilhabe_plugin.core.messages import TeilhabeError

YEARS = range(2018, 2026)


def table(*rows, **more):
    """Return a table with cases x and people n for the years from 2018, one row per area."""
    columns = {f"x_{year}": [row[j] for row in rows] for j, year in enumerate(YEARS) if j < len(rows[0])}
    columns.update({name.replace("x", "n"): np.add(values, 100) for name, values in columns.items()})
    return pd.DataFrame({"key": [f"{i:02}" for i in range(len(rows))], **columns, **more})


def shown(frame, *rules, threshold=5):
    indicators = [CountIndicator(f"i{k}", "x_{year}", "n_{year}", rule) for k, rule in enumerate(rules)]
    return indicators_from_counts(frame, "key", indicators, Protection(threshold=threshold)).frame


def test_a_single_year_is_not_what_is_left_of_the_pooled_ones():
    found = shown(table((10, 10, 2), (10, 10, 12), (9, 9, 9)), CountRule(), CountRule(pool_years=3))
    assert np.isnan(found.loc[0, "i0_2020_zaehler"]), "2 cases are few"
    assert found.loc[0, ["i0_2018_zaehler", "i0_2019_zaehler", "i1_2020_zaehler"]].isna().any(), "22 − 10 − 10 = 2"
    assert found["i1_2020_zaehler"].tolist() == [22, 32, 27]


def test_a_growing_sum_does_not_show_the_year_that_came_in():
    found = shown(table((10, 2, 10), (10, 10, 10), (9, 9, 9)), CountRule(pool_years=3, minimum_years=1))
    first = found.loc[0, ["i0_2018_zaehler", "i0_2019_zaehler"]]
    assert first.isna().any(), "12 − 10 = 2"


def test_a_chain_of_sums_that_ends_in_zero_is_broken():
    # 7, 5, 0: the last sum says that its years are 0, the one before that 2020 holds 5, the first that 2019 holds 2
    found = shown(table((0, 2, 5, 0, 0, 0), (9,) * 6, (9,) * 6), CountRule(pool_years=3))
    assert found.loc[0, ["i0_2020_zaehler", "i0_2021_zaehler", "i0_2022_zaehler"]].isna().any()
    assert found.loc[1, "i0_2020_zaehler"] == 27


def test_a_column_in_two_indicators_is_hidden_alike_where_one_lacks_an_area():
    frame = pd.DataFrame({"key": list("01234567"), "x": [10, 7, 4, 5, 8, 10, 10, 5], "q": [99.0] * 8,
                          "m": [99, 99, 99, np.nan, 99, 99, 99, 99]})
    indicators = [CountIndicator("a", "x", "m", CountRule()), CountIndicator("b", "x", "q", CountRule())]
    found = indicators_from_counts(frame, "key", indicators, Protection(threshold=5)).frame
    both = found.loc[[0, 1, 2, 4, 5, 6, 7], ["a_zaehler", "b_zaehler"]]
    assert (both["a_zaehler"].isna() == both["b_zaehler"].isna()).all()
    assert np.isnan(found.loc[2, "b_zaehler"])


def test_sums_of_different_years_of_one_column_are_refused():
    frame = table((10, 10, 10), (10, 10, 10), m_2018=[20, 20], m_2019=[np.nan, 20], m_2020=[20, 20])
    rule = CountRule(pool_years=3, minimum_years=2)
    indicators = [CountIndicator("a", "x_{year}", "n_{year}", rule), CountIndicator("b", "x_{year}", "m_{year}", rule)]
    with pytest.raises(TeilhabeError, match="“x_{year}” goes into several indicators that leave out different years"):
        indicators_from_counts(frame, "key", indicators, Protection(threshold=5))


def range_of(target, known, hidden, years, lowest):
    """The range of the sum of some years by a linear programme over the single years."""
    equal = [[float(start <= j < end) for j in range(years)] for (start, end), _ in known]
    least = [[-float(start <= j < end) for j in range(years)] for start, end in hidden]
    ends = []
    for sign in (1, -1):
        answer = linprog(sign * np.array(target, float), A_eq=equal or None, b_eq=[v for _, v in known] or None,
                         A_ub=least or None, b_ub=[-lowest] * len(least) or None, bounds=(0, 1e4), method="highs")
        ends.append(answer.fun * sign)
    return ends


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 7), min_size=4, max_size=8), st.sampled_from([(3,), (2,), (3, 1), (2, 3), (1, 2, 4)]),
       st.integers(2, 6), st.booleans())
def test_what_is_shown_passes_an_attack(counts, spans, threshold, zeros):
    years, lowest = len(counts), 0 if zeros else 1
    x = np.array(counts, float)
    small = (x < threshold) & (x >= lowest)
    series = Series(list(YEARS)[:years], np.ones((1, years), bool), small[None, :])
    for span in spans:
        for j in range(span - 1, years):
            series.add(span, YEARS[j], x[None, j - span + 1:j + 1].sum(axis=1))
    for window in series.windows.values():
        window.hidden = (window.values < threshold) & (window.values >= lowest)
    further = series.to_hide(threshold - lowest, lowest)
    gone = {name for name, window in series.windows.items() if window.hidden[0] or name in further}
    places = {name: (window.start, window.end) for name, window in series.windows.items()}
    known = [(places[name], series.windows[name].values[0]) for name in places if name not in gone]
    hidden = [places[name] for name in gone]
    protected = [places[name] for name in gone] + [(j, j + 1) for j in range(years) if small[j]]
    for start, end in protected:
        low, high = range_of([start <= j < end for j in range(years)], known, hidden, years, lowest)
        assert high - low >= threshold - lowest - 1e-6, (start, end, known)
