"""Gaps by hand: who is unreached, where together, and in which variants."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teilhabe_plugin.core.messages import TeilhabeError
from teilhabe_plugin.core.supply.gaps import Variant, find_gaps, place_bounds, reached_under, survival, unreached_under
from teilhabe_plugin.core.supply.reach import straight_reach

POINTS = np.array([[0.0, 0], [600, 0], [700, 0], [1500, 0], [1600, 0], [1650, 0]])
PEOPLE = np.array([10.0, 5, 6, 0, 20, 1])
AREA = np.array([0, 0, 1, 1, 1, -1])
OFFERS = np.array([[0.0, 0], [0, 450]])
RADIUS = np.array([0.0, 200])


@pytest.fixture
def reach():
    return straight_reach(POINTS, OFFERS, 2000)


def test_gaps_by_hand(reach):
    reached = reached_under(reach, Variant(500), RADIUS)
    assert reached.tolist() == [True, False, False, False, False, False]
    gaps = find_gaps(POINTS, PEOPLE, reached, AREA, reach.nearest(), reach.nearest_offer())
    assert gaps.gap_of_point.tolist() == [-1, 1, 1, -1, 0, 0]
    assert gaps.table["people"].tolist() == [21, 11]
    assert gaps.table["points"].tolist() == [2, 2]
    assert gaps.table["way_least"].tolist() == [1600, 600]
    assert gaps.table["way_most"].tolist() == [1650, 700]
    np.testing.assert_allclose(gaps.table["way_mean"], [(20 * 1600 + 1650) / 21, (5 * 600 + 6 * 700) / 11])
    assert gaps.table["area"].tolist() == [1, 1]
    assert gaps.table["nearest_offer"].tolist() == [0, 0]
    first = gaps.polygons[0]
    assert first.geom_type == "Polygon" and first.bounds == pytest.approx((1525, -75, 1725, 75), abs=1)
    assert gaps.polygons[1].geom_type == "Polygon"  # two circles that touch or overlap are one outline


def test_small_gaps_can_be_left_out(reach):
    reached = reached_under(reach, Variant(500), RADIUS)
    gaps = find_gaps(POINTS, PEOPLE, reached, AREA, reach.nearest(), reach.nearest_offer(), least_people=12)
    assert gaps.table["people"].tolist() == [21]
    assert gaps.gap_of_point.tolist() == [-1, -1, -1, -1, 0, 0]


def test_survival_over_limits_and_detours(reach):
    gaps = find_gaps(POINTS, PEOPLE, reached_under(reach, Variant(500), RADIUS), AREA, reach.nearest(),
                     reach.nearest_offer())
    share = survival(gaps, reach, PEOPLE, RADIUS, [Variant(500), Variant(650), Variant(650, 1.3), Variant(1600)])
    np.testing.assert_allclose(share, [[1, 1, 1, 1 / 21], [1, 6 / 11, 1, 0]])


def test_rough_places_count_for_and_against():
    # the second offer lies 450 m from the first point, give or take 200 m
    reach = straight_reach(POINTS[:1], OFFERS[1:], 1000)
    found = [reached_under(reach, Variant(500, rough=rough), RADIUS[1:])[0] for rough in (-1, 0, 1)]
    assert found == [False, True, True]
    found = [reached_under(reach, Variant(300, rough=rough), RADIUS[1:])[0] for rough in (-1, 0, 1)]
    assert found == [False, False, True]


def test_a_reach_that_ends_too_early_is_refused():
    reach = straight_reach(POINTS, OFFERS, 600)
    with pytest.raises(TeilhabeError, match="up to which the reach was computed"):
        reached_under(reach, Variant(500, rough=1), RADIUS)
    reached_under(reach, Variant(400, rough=1), RADIUS)


def test_nobody_unreached_gives_no_gap(reach):
    gaps = find_gaps(POINTS, PEOPLE, np.ones(6, bool), AREA, reach.nearest(), reach.nearest_offer())
    assert len(gaps.table) == 0 and gaps.polygons == []
    assert survival(gaps, reach, PEOPLE, RADIUS, [Variant(500)]).shape == (0, 1)


def test_places_of_rough_offers():
    least, most = place_bounds([20, 30, 40, 5, 7], [0, 0, 1, -1, 2], [False, True, True, True, True],
                               [np.array([0]), np.array([0, 1]), np.array([1]), np.array([], int), np.array([2, -1])],
                               3)
    assert least.tolist() == [20, 40, 0]
    assert most.tolist() == [50, 70, 7]


def test_a_reach_of_the_rough_offers_alone_gives_the_same_answers():
    random = np.random.RandomState(1)
    points, offers = random.uniform(0, 5000, (200, 2)), random.uniform(0, 5000, (12, 2))
    radius = np.where(np.arange(12) % 4 == 0, 700.0, 0)
    whole, near = straight_reach(points, offers, 1400), straight_reach(points, offers, 700)
    rough = straight_reach(points, np.where(radius[:, None] > 0, offers, np.nan), 1400)
    variants = [Variant(limit, detour, sign) for limit in (500, 700) for detour in (1, 1.4) for sign in (-1, 0, 1)]
    distance = np.hypot(*(points[:, None] - offers[None]).transpose(2, 0, 1))
    unreached = unreached_under(near, radius, variants, rough)
    for column, variant in enumerate(variants):
        expected = (np.maximum(distance - variant.rough * radius, 0) * variant.detour <= variant.limit).any(axis=1)
        assert (~unreached[:, column] == expected).all()
        assert (reached_under(near, variant, radius, rough) == expected).all()
        assert (reached_under(whole, variant, radius) == expected).all()
    with pytest.raises(TeilhabeError, match="up to which the reach was computed"):
        reached_under(near, Variant(700, rough=1), radius, rough.within(1300))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000))
def test_gaps_hold_all_unreached_people_and_are_far_from_each_other(seed):
    random = np.random.RandomState(seed)
    points = random.uniform(0, 3000, (40, 2))
    people = random.randint(0, 4, 40).astype(float)
    reach = straight_reach(points, random.uniform(0, 3000, (3, 2)), 3000)
    reached = reached_under(reach, Variant(600), np.zeros(3))
    gaps = find_gaps(points, people, reached, np.zeros(40, int), reach.nearest(), reach.nearest_offer())
    assert gaps.table["people"].sum() == people[~reached].sum()
    distance = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    own = gaps.gap_of_point
    inside = own >= 0
    near = distance[np.ix_(inside, inside)] <= 150
    assert (own[inside][:, None] == own[inside][None])[near].all()
    assert (np.diff(gaps.table["people"]) <= 0).all()
