"""Class bounds against brute force, R's documentation and by hand."""
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teilhabe_plugin.core.breaks import head_tail_bounds, natural_breaks, quantile_bounds, rank_bounds


def within(values, bounds):
    """Return the sum of squares within the classes."""
    position = np.searchsorted(bounds, values, side="left")
    return sum(((values[position == p] - values[position == p].mean()) ** 2).sum() for p in set(position))


def best_by_trying(values, count):
    """Return the least sum of squares over all ways to cut the distinct values."""
    distinct = np.unique(values)
    cuts = itertools.combinations(range(len(distinct) - 1), count - 1)
    return min(within(values, distinct[list(cut)]) for cut in cuts)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(-30, 30), min_size=4, max_size=12), st.integers(2, 5))
def test_natural_breaks_are_the_best_of_all(values, count):
    values = np.array(values, float)
    count = min(count, len(np.unique(values)))
    assert within(values, natural_breaks(values, count)) == pytest.approx(best_by_trying(values, count), abs=1e-9)


def test_natural_breaks_of_clear_groups_do_not_depend_on_order():
    values = np.array([1, 2, 3, 100, 101, 102, 1000, np.nan, 1001.0])
    assert natural_breaks(values, 3).tolist() == [3, 102]
    assert natural_breaks(values[::-1], 3).tolist() == [3, 102]
    assert natural_breaks(values + 1e9, 3).tolist() == [1e9 + 3, 1e9 + 102]


def test_fewer_values_than_classes():
    assert natural_breaks(np.array([5.0, 5, 7]), 4).tolist() == [5]
    assert natural_breaks(np.array([5.0, 5]), 4).tolist() == []


@pytest.mark.parametrize("kind, quartiles", [
    # by the definitions in Hyndman & Fan (1996), n = 6, values 1, 2, 4, 8, 16, 32
    (1, [2, 4, 16]), (2, [2, 6, 16]), (3, [2, 4, 8]), (4, [1.5, 4, 12]), (5, [2, 6, 16]), (6, [1.75, 6, 20]),
    (7, [2.5, 6, 14]), (8, [1.9166666666666667, 6, 17.333333333333332]), (9, [1.9375, 6, 17]),
])
def test_the_nine_types_of_quantiles(kind, quartiles):
    values = np.array([4.0, 1, 32, np.nan, 2, 16, 8])
    assert quantile_bounds(values, 4, kind).tolist() == pytest.approx(quartiles)


def test_equal_counts_by_rank_keep_ties_together():
    assert rank_bounds(np.arange(10.0), 4).tolist() == [2, 4, 7]
    assert rank_bounds(np.array([1.0, 2, 2, 2, 3, 4]), 3).tolist() == [2, 2]


def test_head_tail_by_hand():
    # mean 4.75 → head 8, 16 (25 %); mean 12 → head 16 (50 % > 40 %): ends
    values = np.array([1, 1, 2, 2, 4, 4, 8, 16.0])
    assert head_tail_bounds(values, 5).tolist() == [4.75, 12]
    assert head_tail_bounds(values, 2).tolist() == [4.75]
    assert head_tail_bounds(np.array([3.0, 3, 3]), 4).tolist() == []
