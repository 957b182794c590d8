"""Intervals and shrunk rates as the literature prints them.

Newcombe (1998a), Two-sided confidence intervals for the single proportion, Statistics in Medicine 17, 857–872, table I:
methods 3 (Wilson) and 4 (with continuity correction) for 81/263, 15/148, 0/20 and 1/29.
Newcombe (1998b), Interval estimation for the difference between independent proportions, Statistics in Medicine 17,
873–890, table II: method 10 for 56/70 − 48/80.
Garwood (1936), Biometrika 28, 437–442: exact limits of a Poisson count, as printed in tables for registries.
Technical Guide Confidence Intervals (Public Health England, 2018): Byar's limits differ by less than 0.2 % from the
exact ones for counts of 10 and more (95 %); counts below 10 get the exact ones.
PySAL documentation, spatial smoothing: Empirical_Bayes of six areas with two age groups each.
"""
import numpy as np
import pytest

from teilhabe_plugin.core.intervals import byar, difference, poisson_exact, wilson
from teilhabe_plugin.core.shrinkage import shrink


@pytest.mark.parametrize("count, total, plain, corrected", [
    (81, 263, (0.2553, 0.3662), (0.2535, 0.3682)),
    (15, 148, (0.0624, 0.1605), (0.0598, 0.1644)),
    (0, 20, (0.0000, 0.1611), (0.0000, 0.2005)),
    (1, 29, (0.0061, 0.1718), (0.0018, 0.1963)),
])
def test_newcombe_single_proportion(count, total, plain, corrected):
    assert np.round(wilson(count, total), 4).tolist() == list(plain)
    assert np.round(wilson(count, total, continuity=True), 4) == pytest.approx(corrected, abs=0.00011)


def test_newcombe_difference():
    low, high = difference(56 / 70, *wilson(56, 70), 48 / 80, *wilson(48, 80))
    assert (round(float(low), 4), round(float(high), 4)) == (0.0524, 0.3339)


@pytest.mark.parametrize("count, low, high", [
    (0, 0, 3.689), (1, 0.025, 5.572), (5, 1.623, 11.668), (10, 4.795, 18.390), (20, 12.217, 30.888),
    (100, 81.364, 121.627),
])
def test_garwood(count, low, high):
    found = poisson_exact(count)
    assert (round(float(found[0]), 3), round(float(found[1]), 3)) == (low, high)


def test_byar_keeps_what_the_guide_promises():
    counts = np.arange(10, 5000)
    for near, exact in zip(byar(counts), poisson_exact(counts)):
        assert (np.abs(near / exact - 1) < 0.002).all()
    small = np.arange(0, 10)
    assert np.array_equal(byar(small), poisson_exact(small))
    # own formula, Breslow and Day 1987: 81.3621 … 121.6279 for 100 cases, by hand with z = 1.959964
    assert np.round(byar(100), 4).tolist() == [81.3621, 121.6279]


def test_pysal_empirical_bayes():
    result = shrink([10 + 8, 1 + 4, 3 + 5, 4 + 3, 2 + 1, 5 + 3],
                    [100 + 90, 15 + 30, 25 + 20, 30 + 20, 80 + 80, 90 + 60])
    assert result.estimate == pytest.approx(
        [0.09080775, 0.09252352, 0.12332267, 0.10753624, 0.03301368, 0.05934766], abs=5e-9)
