"""Sparse reach: equals brute force, keeps its order, says what it does not know."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teilhabe_plugin.core.messages import Cancelled, TeilhabeError
from teilhabe_plugin.core.supply.reach import from_pairs, straight_reach


def dense(reach):
    found = np.full((reach.n_points, reach.n_offers), np.inf)
    found[reach.point, reach.offer] = reach.cost
    return found


def example():
    points = np.array([[0.0, 0.0], [300.0, 0.0], [0.0, 400.0], [5000.0, 0.0]])
    offers = np.array([[0.0, 0.0], [300.0, 400.0], [np.nan, 0.0]])
    return straight_reach(points, offers, 400)


def test_pairs_at_exactly_the_limit_are_in_and_rows_are_sorted_by_cost():
    reach = example()
    assert reach.starts.tolist() == [0, 1, 3, 5, 5]
    assert reach.offer.tolist() == [0, 0, 1, 1, 0]
    assert reach.cost.tolist() == [0.0, 300.0, 400.0, 300.0, 400.0]
    assert reach.reached().tolist() == [True, True, True, False]


def test_nearest_and_second_nearest():
    reach = example()
    np.testing.assert_array_equal(reach.nearest(), [0, 300, 300, np.nan])
    np.testing.assert_array_equal(reach.nearest(2), [np.nan, 400, 400, np.nan])
    assert reach.nearest_offer().tolist() == [0, 0, 1, -1]
    assert reach.nearest_offer(2).tolist() == [-1, 1, 0, -1]


def test_closed_offers_keep_their_position():
    reach = example().without([0])
    assert reach.n_offers == 3
    assert reach.offer.tolist() == [1, 1]
    assert reach.nearest_offer().tolist() == [-1, 1, 1, -1]


def test_new_offers_are_numbered_after_the_old_ones():
    points = np.array([[0.0, 0.0], [300.0, 0.0], [0.0, 400.0], [5000.0, 0.0]])
    reach = example().with_offers(straight_reach(points, np.array([[5000.0, 100.0], [10.0, 0.0]]), 400))
    assert reach.n_offers == 5
    assert reach.nearest_offer().tolist() == [0, 4, 1, 3]
    assert reach.nearest().tolist() == [0, 290, 300, 100]


def test_detour_factor_lengthens_the_way():
    reach = straight_reach(np.array([[0.0, 0.0]]), np.array([[300.0, 0.0], [310.0, 0.0]]), 390, detour=1.3)
    assert reach.cost.tolist() == [390.0]
    assert reach.how == "detour"


def test_a_larger_limit_than_the_known_one_is_refused():
    with pytest.raises(TeilhabeError, match="500 is larger than the 400"):
        example().within(500)
    assert len(example().within(300)) == 3


@pytest.mark.parametrize("limit, detour", [(0, 1), (-5, 1), (np.nan, 1), (np.inf, 1), (100, 0.9), (100, np.nan)])
def test_impossible_distances_are_refused(limit, detour):
    with pytest.raises(TeilhabeError):
        straight_reach(np.zeros((1, 2)), np.zeros((1, 2)), limit, detour)


def test_cancel():
    with pytest.raises(Cancelled):
        straight_reach(np.zeros((1, 2)), np.zeros((1, 2)), 5, cancelled=lambda: True)


def test_pairs_without_finite_cost_are_not_reached():
    reach = from_pairs([0, 0, 1], [0, 1, 0], [np.inf, 5, np.nan], 2, 2, 10)
    assert reach.starts.tolist() == [0, 1, 1]
    assert reach.offer.tolist() == [1]


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 30), st.integers(0, 8), st.floats(1, 900),
       st.sampled_from([1.0, 1.25, 1.4]))
def test_straight_reach_is_brute_force(seed, m, n, limit, detour):
    random = np.random.RandomState(seed)
    points, offers = random.randint(0, 1000, (m, 2)).astype(float), random.randint(0, 1000, (n, 2)).astype(float)
    reach = straight_reach(points, offers, limit, detour)
    wanted = detour * np.hypot(*(points[:, None] - offers[None]).transpose(2, 0, 1))
    wanted[wanted > limit] = np.inf
    np.testing.assert_array_equal(dense(reach), wanted)
    assert all((np.diff(reach.cost[a:b]) >= 0).all() for a, b in zip(reach.starts, reach.starts[1:]))
    values = random.rand(len(reach))
    np.testing.assert_allclose(reach.sums_by_point(values).sum(), values.sum())
    np.testing.assert_allclose(reach.sums_by_offer(values).sum(), values.sum())


@pytest.mark.parametrize("n_points, n_offers", [(70_000, 3), (300, 70_000), (40, 5), (1, 1)])
def test_pairs_come_by_point_then_cost_then_offer(n_points, n_offers):
    random = np.random.RandomState(n_points)
    point, offer = random.randint(0, n_points, 20_000), random.randint(0, n_offers, 20_000)
    cost = random.randint(0, 9, 20_000).astype(float)  # many are equal
    reach = from_pairs(point, offer, cost, n_points, n_offers, 9)
    order = np.lexsort((offer, cost, point))
    np.testing.assert_array_equal(reach.point, point[order])
    np.testing.assert_array_equal(reach.offer, offer[order])
    np.testing.assert_array_equal(reach.cost, cost[order])
