"""Intervals: ends of the scale, missing values, what must hold for all counts."""
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teilhabe_plugin.core.intervals import (
    byar,
    coefficient_of_variation,
    difference,
    poisson_exact,
    ratio,
    wilson,
)


def test_values_that_statsmodels_gives():
    """statsmodels 0.15.0 with scipy 1.10.1.

    proportion_confint(7, 50, method="wilson"), proportion_confint([3, 250], [11, 1000], alpha=0.01, method="wilson"),
    confint_proportions_2indep(10, 100, 5, 100, compare="ratio", method="log"), the same (56, 70, 48, 80,
    compare="diff", method="newcomb"), confint_poisson(17, 250, method="exact-c").
    """
    assert _limits(wilson(7, 50)) == pytest.approx([0.06950833427, 0.26186193711], abs=1e-10)
    low, high = wilson([3, 250], [11, 1000], 0.99)
    assert low == pytest.approx([0.07198896, 0.21645463], abs=5e-9)
    assert high == pytest.approx([0.64448230, 0.28684095], abs=5e-9)
    assert _limits(ratio(10, 100, 5, 100)) == pytest.approx([0.70895141862, 5.64213554688], abs=1e-10)
    assert _limits(difference(0.8, *wilson(56, 70), 0.6, *wilson(48, 80))) == pytest.approx(
        [0.05243147240, 0.33387265404], abs=1e-10)
    assert _limits(poisson_exact(17)) == pytest.approx([250 * 0.03961250588, 250 * 0.10887458726], abs=1e-7)


def test_ratio_of_rates():
    # exp(ln 2 ± 1.959964 · √(1/10 + 1/5)): a factor of 2.925649 to either side
    assert _limits(ratio(10, 100, 5, 100, proportions=False)) == pytest.approx([2 / 2.925649, 2 * 2.925649], abs=5e-6)


def _limits(limits):
    return [float(limit) for limit in limits]


@pytest.mark.parametrize("count, total", [(np.nan, 10), (3, np.nan), (3, 0), (-1, 10), (11, 10)])
def test_what_is_no_proportion_has_no_interval(count, total):
    for continuity in (False, True):
        assert np.isnan(wilson(count, total, continuity=continuity)).all()


def test_missing_counts_have_no_interval():
    assert np.isnan(byar([np.nan, -1])).all() and np.isnan(poisson_exact([np.nan, -1])).all()
    assert np.isnan(ratio([0, 3], [9, 0], [1, 1], [9, 9])).all()


def test_the_ends_of_the_scale_are_exact():
    assert wilson(0, 7)[0] == 0 and wilson(7, 7)[1] == 1
    assert wilson(0, 7, continuity=True)[0] == 0 and wilson(7, 7, continuity=True)[1] == 1
    assert byar(0)[0] == 0 and byar(0, exact_below=0)[0] == 0


def test_difference_of_certain_values_is_certain():
    assert difference(5, 5, 5, 3, 3, 3) == (2, 2)


def test_coefficient_of_variation():
    # 4 of 100: √(0.96 / 4) ; 4 events: 1/2 ; none: unknown
    assert coefficient_of_variation([4, 0], [100, 100], True)[0] == pytest.approx(0.4898979)
    assert coefficient_of_variation(4, 100, False) == 0.5
    assert np.isnan(coefficient_of_variation([4, 0], [100, 100], False)).tolist() == [False, True]


@given(st.integers(1, 100_000), st.data())
def test_wilson_holds_the_share_lies_in_the_scale_and_is_symmetric(total, data):
    count = data.draw(st.integers(0, total))
    low, high = wilson(count, total)
    wide_low, wide_high = wilson(count, total, continuity=True)
    assert 0 <= wide_low <= low <= count / total <= high <= wide_high <= 1
    assert wilson(total - count, total) == pytest.approx((1 - high, 1 - low), abs=1e-12)
    # the limits are where the score test just says no: (p − π)² = z² π(1 − π)/n
    for limit in (low, high):
        assert (count / total - limit) ** 2 == pytest.approx(3.841458820694 * limit * (1 - limit) / total, abs=1e-9)


@given(st.integers(0, 1_000_000), st.sampled_from([0.8, 0.95, 0.998]))
def test_limits_of_counts_hold_the_count_and_grow_with_confidence(count, level):
    for limits in (byar, poisson_exact):
        low, high = limits(count, level)
        assert 0 <= low <= count <= high
        wider_low, wider_high = limits(count, 1 - (1 - level) / 2)
        assert wider_low <= low and high <= wider_high
