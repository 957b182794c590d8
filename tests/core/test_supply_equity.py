"""Measures of evenness, by hand and by their definitions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teilhabe_plugin.core.supply.equity import concentration, gini, palma, theil


def test_four_persons_by_hand():
    # mean absolute difference of 1, 2, 3, 4 is 20/16 = 1.25; half of it over the mean 2.5
    assert gini(np.array([1.0, 2, 3, 4]), np.ones(4)) == pytest.approx(0.25)
    ratio = np.array([0.4, 0.8, 1.2, 1.6])
    assert theil(np.array([1.0, 2, 3, 4]), np.ones(4)) == pytest.approx((ratio * np.log(ratio)).mean())


def test_ten_persons_palma():
    assert palma(np.arange(1.0, 11), np.ones(10)) == pytest.approx(10 / (1 + 2 + 3 + 4))


def test_one_has_everything():
    values = np.array([0.0, 0, 0, 8])
    assert gini(values, np.ones(4)) == pytest.approx(0.75)
    assert theil(values, np.ones(4)) == pytest.approx(np.log(4))
    assert np.isnan(palma(values, np.ones(4)))


def test_supply_that_lies_with_the_poor_has_a_negative_concentration():
    need = np.array([4.0, 3, 2, 1])
    assert concentration(np.array([1.0, 2, 3, 4]), np.ones(4), need) == pytest.approx(-0.25)
    assert concentration(np.array([2.0, 2, 2, 2]), np.ones(4), need) == pytest.approx(0)


def test_nobody_and_nothing():
    for measure in (gini, theil, palma):
        assert np.isnan(measure(np.array([1.0]), np.array([0.0])))
    assert np.isnan(gini(np.zeros(3), np.ones(3)))


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 100), st.integers(1, 5)), min_size=2, max_size=12))
def test_weights_are_persons(rows):
    values, people = np.array(rows, float).T
    if values.sum() < 1e-6:
        return
    single = np.repeat(values, people.astype(int))
    ones = np.ones(len(single))
    difference = np.abs(single[:, None] - single[None]).mean() / (2 * single.mean())
    assert gini(values, people) == pytest.approx(difference, abs=1e-9)
    assert theil(values, people) == pytest.approx(theil(single, ones), abs=1e-9)
    assert palma(values, people) == pytest.approx(palma(single, ones), nan_ok=True)
