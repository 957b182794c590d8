"""Indicators from counts."""
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teilhabe_plugin.core.counts import REASONS, CountRule, compute, pooled
from teilhabe_plugin.core.messages import TeilhabeError

nan = np.nan


def test_shares_with_every_reason_why_one_is_missing():
    rule = CountRule(minimum_denominator=20)
    found = compute(rule, [10, nan, 3, 5, 0, 1, 0, -1, np.inf], [40, 50, 2, 0, 50, 19, 20, 30, 30])
    assert found.value[:, 0] == pytest.approx([25, nan, nan, nan, 0, nan, 0, nan, nan], nan_ok=True)
    assert found.reason[:, 0].tolist() == [
        "", "missing", "above_denominator", "above_denominator", "", "below_minimum", "", "not_a_count", "not_a_count"]
    assert compute(rule, [0], [0]).reason.tolist() == [["no_denominator"]]
    assert str(rule.reason("below_minimum")) == "denominator below 20"
    assert all(str(rule.reason(code)) for code in REASONS)
    # limits only where there is a value
    assert np.isnan(found.low).tolist() == np.isnan(found.value).tolist() == np.isnan(found.high).tolist()


def test_rates_and_means_may_exceed_their_denominator():
    assert compute(CountRule("rate", 1000), [30], [20]).value.tolist() == [[1500]]
    found = compute(CountRule("mean", 1), [30], [20])
    assert found.value.tolist() == [[1.5]] and np.isnan(found.low).all()
    with_limits = compute(CountRule("mean", 1, interval="byar"), [100], [50])
    assert with_limits.low[0, 0] == pytest.approx(81.3621 / 50, abs=1e-5)


def test_limits_have_the_unit_of_the_value():
    share = compute(CountRule(), [81], [263])
    assert (round(share.low[0, 0], 2), round(share.high[0, 0], 2)) == (25.53, 36.62)
    rate = compute(CountRule("rate", 1000), [20], [4000])
    assert rate.value[0, 0] == 5
    # Byar for 20 cases: 12.2101 … 30.8902
    assert (round(rate.low[0, 0], 3), round(rate.high[0, 0], 3)) == (3.053, 7.722)


def test_ratio_of_two_groups():
    rule = CountRule("ratio", 1)
    found = compute(rule, [10, 10, 10], [100, 100, 100], None, [5, 0, nan], [100, 100, 100])
    assert found.value[:, 0] == pytest.approx([2, nan, nan], nan_ok=True)
    assert (round(found.low[0, 0], 4), round(found.high[0, 0], 4)) == (0.709, 5.6421)
    assert found.reason[:, 0].tolist() == ["", "comparison_zero", "missing"]
    with pytest.raises(TeilhabeError, match="second group"):
        compute(rule, [1], [2])


def test_pooling_sums_counts_and_needs_every_year():
    x, n = [[1, 2, 6], [1, nan, 3]], [[10, 20, 20], [10, 10, 10]]
    found = compute(CountRule(pool_years=3), x, n, [2021, 2022, 2023])
    assert found.value[0] == pytest.approx([nan, nan, 18], nan_ok=True)
    assert (found.numerator[0, 2], found.denominator[0, 2]) == (9, 50)
    assert found.reason.tolist() == [["missing_year", "missing_year", ""], ["missing_year", "missing", "missing_year"]]
    two = compute(CountRule(pool_years=3, minimum_years=2), x, n, [2021, 2022, 2023])
    # the denominator of a year without numerator does not count
    assert (two.value[1, 2], two.denominator[1, 2]) == (20, 20)


def test_a_year_that_is_not_there_is_missing_not_zero():
    found = compute(CountRule(pool_years=2), [[1, 2, 3]], [[10, 10, 10]], [2019, 2021, 2022])
    assert found.value[0] == pytest.approx([nan, nan, 25], nan_ok=True)


def test_mean_of_yearly_shares_only_when_asked():
    found = compute(CountRule(pool_years=2, pool="mean"), [[1, 10]], [[10, 20]], [2021, 2022])
    assert found.value[0, 1] == pytest.approx(30)  # mean of 10 and 50, pooled it is 36.7
    assert np.isnan(found.low).all()


def test_change_absolute_percent_and_points():
    x, n, years = [[56, 48], [0, 5]], [[70, 80], [50, 50]], [2020, 2022]
    points = compute(CountRule(change="points", change_years=2), x, n, years)
    assert points.value[:, 1] == pytest.approx([-20, 10])
    # Newcombe's 56/70 − 48/80, the other way round
    assert (round(points.low[0, 1], 2), round(points.high[0, 1], 2)) == (-33.39, -5.24)
    assert points.reason[:, 0].tolist() == ["no_comparison"] * 2
    percent = compute(CountRule(change="percent", change_years=2), x, n, years)
    assert percent.value[:, 1] == pytest.approx([-25, nan], nan_ok=True)
    assert percent.reason[1, 1] == "comparison_zero"
    assert percent.low[0, 1] < -25 < percent.high[0, 1] < 0
    rate = compute(CountRule("rate", 1000, change="absolute", change_years=2), x, n, years)
    assert rate.value[0, 1] == pytest.approx(-200)
    wrong_year = compute(CountRule(change="points", change_years=1), x, n, years)
    assert np.isnan(wrong_year.value).all()


def test_no_limits_of_a_change_between_overlapping_years():
    x, n = [[10, 20, 30]], [[100, 100, 100]]
    found = compute(CountRule(pool_years=2, change="points"), x, n, [2020, 2021, 2022])
    assert found.value[0, 2] == pytest.approx(10) and np.isnan(found.low[0, 2])


def test_shrunk_values_show_their_weight_and_keep_the_counted_limits():
    plain = compute(CountRule("rate", 100), [0, 10, 20], [100] * 3)
    found = compute(CountRule("rate", 100, shrink="global"), [0, 10, 20], [100] * 3)
    assert found.value[:, 0] == pytest.approx([1.5, 10, 18.5])
    assert found.weight[:, 0] == pytest.approx([0.85] * 3)
    assert found.raw[:, 0] == pytest.approx([0, 10, 20])
    assert np.array_equal(found.low, plain.low)
    with pytest.raises(TeilhabeError, match="parent"):
        compute(CountRule(shrink="parent"), [1], [2])


def test_values_that_rest_on_few_cases():
    found = compute(CountRule(), [4, 5, 30, 3, 50], [400, 19, 100, 3, 200])
    # too few cases; too few people; fine; both; fine
    assert found.few[:, 0].tolist() == [True, True, False, True, False]
    # 8 of 1000: √(0.992/8) = 0.352
    assert compute(CountRule(), [8], [1000]).few[0, 0]


def test_hidden_counts_leave_nothing_behind():
    hidden = np.array([[True], [False], [False]]), np.array([[False], [True], [False]])
    found = compute(CountRule(shrink="global"), [3, 40, 20], [30, 90, 70], hidden=hidden)
    for name in ("value", "raw", "low", "high", "weight", "variation"):
        assert np.isnan(getattr(found, name))[:, 0].tolist() == [True, True, False], name
    assert found.reason[:, 0].tolist() == ["suppressed", "suppressed", ""] and not found.few[:2].any()
    assert found.numerator[:, 0] == pytest.approx([nan, 40, 20], nan_ok=True)
    assert found.denominator[:, 0] == pytest.approx([30, nan, 70], nan_ok=True)
    # hidden counts do not show in what the others are shrunk towards
    assert found.value[2, 0] == pytest.approx(compute(CountRule(shrink="global"), [20], [70]).value[0, 0])


def test_a_change_against_a_hidden_year_is_hidden():
    masks = [np.array([[True, False]]), np.array([[False, False]])]
    found = compute(CountRule(change="points"), [[3, 30]], [[90, 90]], [2020, 2021], hidden=masks)
    assert np.isnan(found.value).all() and found.reason.tolist() == [["suppressed", "no_comparison"]]
    assert found.denominator.tolist() == [[90, 90]]


@pytest.mark.parametrize("settings, words", [
    ({"kind": "quote"}, "share, rate"), ({"pool_years": 0}, "pool_years"), ({"level": 1}, "confidence"),
    ({"kind": "rate", "interval": "wilson"}, "does not fit"), ({"kind": "rate", "change": "points"}, "Percentage"),
    ({"kind": "ratio", "shrink": "global"}, "ratio"), ({"minimum_years": -1}, "minimum_years"),
])
def test_rules_that_make_no_sense_are_refused(settings, words):
    with pytest.raises(TeilhabeError, match=words):
        CountRule(**settings)


def test_years_must_ascend():
    with pytest.raises(TeilhabeError, match="2021, 2021"):
        compute(CountRule(), [[1, 2]], [[3, 4]], [2021, 2021])


PAIR = st.tuples(st.integers(0, 50), st.integers(0, 50))
COUNTS = st.integers(1, 4).flatmap(
    lambda years: st.lists(st.lists(PAIR, min_size=years, max_size=years), min_size=1, max_size=8))


@given(COUNTS, st.integers(1, 4), st.permutations(range(8)))
def test_areas_do_not_know_of_one_another(areas, span, order):
    x = np.array([[a for a, b in row] for row in areas])
    n = np.array([[a + b for a, b in row] for row in areas])
    years = list(range(2000, 2000 + x.shape[1]))
    rule = CountRule(pool_years=span)
    order = [i for i in order if i < len(x)]
    found = compute(rule, x, n, years)
    assert np.array_equal(compute(rule, x[order], n[order], years).value, found.value[order], equal_nan=True)
    # merging the years' counts by hand is the same as pooling them
    if span <= len(years):
        with np.errstate(invalid="ignore"):
            by_hand = 100 * x[:, -span:].sum(axis=1) / n[:, -span:].sum(axis=1)
        assert found.value[:, -1] == pytest.approx(by_hand, nan_ok=True)
    # equal counts every year: pooling changes the counts, not the share
    same = compute(rule, np.repeat(x[:, :1], 4, axis=1), np.repeat(n[:, :1], 4, axis=1), range(4))
    assert same.value[:, 3] == pytest.approx(compute(CountRule(), x[:, 0], n[:, 0]).value[:, 0], nan_ok=True)


def test_pooled_counts_years():
    sums, numbers = pooled([[1, nan, 4]], [2020, 2021, 2022], 2, minimum=1)
    assert sums.tolist() == [[1, 1, 4]] and numbers.tolist() == [[1, 1, 1]]
