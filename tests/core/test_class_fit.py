"""Variance explained, areas near a bound, and numbers that part scores as a bound does: figures by hand."""
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from teilhabe_plugin.core.breaks import natural_breaks
from teilhabe_plugin.core.class_fit import (
    gap_middles,
    near_distance,
    nearest_bound,
    plainest,
    round_number,
    variance_explained,
)
from teilhabe_plugin.core.classes import assign


def test_variance_explained_by_hand():
    # mean 5: 16 + 9 + 4 + 4 + 9 + 16 = 58 in all, 2 + 2 within {1, 2, 3} and {7, 8, 9}
    scores = np.array([1, 2, 3, 7, 8, 9, np.nan])
    positions = np.array([0, 0, 0, 1, 1, 1, -1])
    assert variance_explained(scores, positions) == pytest.approx(1 - 4 / 58)


def test_variance_explained_is_one_for_a_class_each_and_nothing_for_one_class():
    scores = np.array([1.0, 2, 4])
    assert variance_explained(scores, np.array([0, 1, 2])) == 1
    assert variance_explained(scores, np.array([1, 1, 1])) == 0


def test_variance_explained_of_equal_or_no_scores_is_unknown():
    assert np.isnan(variance_explained(np.array([2.0, 2, 2]), np.array([0, 0, 0])))
    assert np.isnan(variance_explained(np.array([np.nan, 1]), np.array([-1, -1])))
    assert np.isnan(variance_explained(np.array([]), np.array([], int)))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-40, 40), min_size=8, max_size=40).filter(lambda v: len(set(v)) > 4), st.integers(2, 4))
def test_variance_explained_agrees_with_the_analysis_of_variance(values, count):
    scores = np.array(values, float)
    positions = assign(scores, natural_breaks(scores, count))
    groups = [scores[positions == each] for each in range(count)]
    ratio = stats.f_oneway(*groups).statistic * (count - 1) / (len(scores) - count)  # between / within
    expected = 1.0 if np.isinf(ratio) else ratio / (1 + ratio)
    assert variance_explained(scores, positions) == pytest.approx(expected)


def test_distance_to_the_next_bound():
    assert nearest_bound(np.array([0.0, 0.9, 3]), [1, 2]).tolist() == pytest.approx([1, 0.1, 1])
    assert np.isnan(nearest_bound(np.array([1.0]), [])).all()
    assert np.isnan(nearest_bound(np.array([np.nan]), [1])).all()


@pytest.mark.parametrize(("value", "expected"), [
    (0.05, 0.05), (0.0432, 0.05), (0.9, 1), (7.4, 10), (3, 2), (3.3, 5), (1234, 1000), (0.00012, 0.0001)])
def test_round_numbers(value, expected):
    assert round_number(value) == expected


def test_what_is_near_follows_from_the_spread():
    assert near_distance(np.array([-1.0, 1])) == 0.05
    assert near_distance(np.array([0.0, 100, np.nan])) == 2
    assert np.isnan(near_distance(np.array([3.0, 3])))
    assert np.isnan(near_distance(np.array([np.nan])))


def test_middles_of_gaps():
    assert gap_middles(np.array([3.0, 1, 1, np.nan, 2])).tolist() == [1.5, 2.5]
    assert gap_middles(np.array([1.0, 1])).tolist() == []


@pytest.mark.parametrize(("bound", "scores", "expected"), [
    (1.23456, [1, 2], 1), (1.23456, [1.2, 1.3], 1.2), (1.25, [1.25, 1.26], 1.25), (0.333333, [0.31, 0.36], 0.33),
    (-0.987, [-2, 0], -1), (7.7, [np.nan], 8)])
def test_the_plainest_number_that_parts_alike(bound, scores, expected):
    assert plainest(bound, np.array(scores, float)) == expected


@settings(max_examples=200, deadline=None)
@given(st.lists(st.floats(-100, 100, allow_subnormal=False), min_size=1, max_size=20), st.floats(-100, 100))
def test_the_plainest_number_moves_no_area(values, bound):
    scores = np.array(values)
    assert assign(scores, [plainest(bound, scores)]).tolist() == assign(scores, [bound]).tolist()
