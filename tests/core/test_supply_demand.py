"""People per area spread over points: whole persons, every total kept."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from teilhabe_plugin.core.messages import TeilhabeError
from teilhabe_plugin.core.supply.demand import grid, spread, without_points


def test_largest_remainders_get_the_persons_that_are_left():
    # Hare–Niemeyer by hand: 10 people by 5:3:1 → 5.56, 3.33, 1.11 → 5 + 3 + 1, the tenth to the first
    assert spread(np.array([10]), np.zeros(3, int), np.array([5, 3, 1])).tolist() == [6, 3, 1]


def test_equal_remainders_go_to_the_points_that_come_first():
    assert spread(np.array([5.0]), np.zeros(3, int), np.ones(3)).tolist() == [2, 2, 1]


def test_points_outside_receive_nobody_and_areas_without_weights_spread_equally():
    people = spread(np.array([4, 6]), np.array([0, -1, 1, 0, 1]), np.array([0, 9, 2, 0, 4.0]))
    assert people.tolist() == [2, 0, 2, 2, 4]


def test_unknown_totals_stay_unknown():
    people = spread(np.array([np.nan, 3]), np.array([0, 0, 1]), np.ones(3))
    np.testing.assert_array_equal(people, [np.nan, np.nan, 3])


def test_totals_with_decimals_are_not_rounded():
    np.testing.assert_allclose(spread(np.array([2.5]), np.zeros(2, int), np.ones(2)), [1.25, 1.25])


def test_shares_without_rounding():
    np.testing.assert_allclose(spread(np.array([10]), np.zeros(3, int), np.array([5, 3, 1]), whole=False).sum(), 10)


@pytest.mark.parametrize("totals, weights", [([-1], [1]), ([np.inf], [1]), ([1], [-1]), ([1], [np.inf])])
def test_impossible_numbers_are_refused(totals, weights):
    with pytest.raises(TeilhabeError):
        spread(np.array(totals, float), np.zeros(1, int), np.array(weights, float))


def test_people_without_any_point_are_found():
    assert without_points(np.array([[3, 0], [0, 0], [1, 1]]), np.array([0, -1])).tolist() == [2]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 100_000), st.integers(1, 6), st.integers(1, 40))
def test_totals_are_kept_and_nobody_is_further_than_one_from_the_share(seed, areas, points):
    random = np.random.RandomState(seed)
    area = random.randint(-1, areas, points)
    totals = random.randint(0, 500, (areas, 2)).astype(float)
    weights = random.choice([0, 0.3, 1, 7], points)
    people = spread(totals, area, weights)
    assert (people == np.floor(people)).all() and (people >= 0).all()
    there = np.isin(np.arange(areas), area)
    for group in range(2):
        sums = np.bincount(area[area >= 0], weights=people[area >= 0, group], minlength=areas)
        np.testing.assert_array_equal(sums, np.where(there, totals[:, group], 0))
    exact = spread(totals, area, weights, whole=False)
    assert (np.abs(people - exact) < 1 + 1e-6).all()


def test_grid_by_hand():
    x, y, area = grid([box(10, 0, 200, 100), None, box(200, 0, 300, 50)], 100)
    assert list(zip(x, y, area)) == [(50, 50, 0), (150, 50, 0), (250, 50, 2)]


def test_grid_is_the_same_for_more_areas():
    one, both = grid([box(33, 7, 512, 430)], 50), grid([box(33, 7, 512, 430), box(-90, -90, 33, 7)], 50)
    inside = both[2] == 0
    assert one[0].tolist() == both[0][inside].tolist() and one[1].tolist() == both[1][inside].tolist()


@pytest.mark.parametrize("spacing", [0, -1, np.nan, 0.01])
def test_impossible_grids_are_refused(spacing):
    with pytest.raises(TeilhabeError):
        grid([box(0, 0, 1000, 1000)], spacing)
    assert len(grid([], 10)[0]) == 0


def test_nobody_is_lost_to_weights_beyond_all_sums():
    assert spread([100.0], np.zeros(2, dtype=int), [1e308, 1e308]).tolist() == [50, 50]
    assert spread([100.0], np.zeros(2, dtype=int), [1e308, 3.0]).tolist() == [100, 0]
