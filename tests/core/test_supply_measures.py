"""Measures of supply, worked by hand on five points, two areas and three offers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teilhabe_plugin.core.messages import TeilhabeError
from teilhabe_plugin.core.supply.measures import (
    SupplyRules,
    area_measures,
    offer_measures,
    point_measures,
    weighted_quantiles,
)
from teilhabe_plugin.core.supply.reach import straight_reach

POINTS = np.array([[0.0, 0], [100, 0], [1000, 0], [1100, 0], [5000, 0]])
PEOPLE = np.array([10.0, 30, 20, 0, 40])
AREA = np.array([0, 0, 1, 1, 1])
OFFERS = np.array([[0.0, 0], [1000, 0], [1400, 0]])
PLACES = np.array([20.0, 5, np.nan])
RULES = SupplyRules((400.0, 1000.0), quota=25.0)


@pytest.fixture(scope="module")
def reach():
    return straight_reach(POINTS, OFFERS, 1000)


@pytest.fixture(scope="module")
def points(reach):
    return point_measures(reach, PEOPLE, PLACES, RULES)


def test_points(points):
    assert points["nearest"].tolist()[:4] == [0, 100, 0, 100] and np.isnan(points["nearest"][4])
    assert points["nearest_offer"].tolist() == [0, 0, 1, 1, -1]
    assert points["nth"].tolist()[:4] == [1000, 900, 400, 300]
    assert points["within_0"].tolist() == [1, 1, 2, 2, 0]
    assert points["within_1"].tolist() == [2, 2, 3, 2, 0]
    # within 400 m: 20 places for 40 people, 5 for 20
    np.testing.assert_allclose(points["places"], [50, 50, 25, 25, 0])
    np.testing.assert_allclose(points["opportunities"], [20, 20, 5, 5, 0])
    np.testing.assert_allclose(points["available"], [5, 15, 5, 0, 0])


def test_areas(points):
    areas = area_measures(points, AREA, np.array([40.0, 60.0]), np.array([0, 1, 1]), PLACES, RULES)
    assert areas["offers"].tolist() == [1, 2]
    assert areas["capacity"].tolist() == [20, 5]
    np.testing.assert_allclose(areas["offers_per_100"], [2.5, 2 / 0.6])
    np.testing.assert_allclose(areas["places_per_100"], [50, 5 / 0.6])
    np.testing.assert_allclose(areas["places_floating"], [50, 25 / 3])
    np.testing.assert_allclose(areas["balance"], [10, -10])
    np.testing.assert_allclose(areas["balance_floating"], [10, -10])
    np.testing.assert_allclose(areas["way_mean"], [75, 0])
    np.testing.assert_allclose(areas["way_median"], [100, 0])
    np.testing.assert_allclose(areas["share_0"], [100, 100 / 3])
    np.testing.assert_allclose(areas["unreached_0"], [0, 40])
    np.testing.assert_allclose(areas["reached_1"], [40, 20])


def test_areas_without_people_have_no_rates():
    rules = SupplyRules((400.0,))
    reach = straight_reach(POINTS, OFFERS, 400)
    points = point_measures(reach, np.zeros(5), PLACES, rules)
    areas = area_measures(points, AREA, np.zeros(2), np.array([0, -1, 1]), PLACES, rules)
    assert areas[["offers_per_100", "places_per_100", "way_mean", "way_90", "share_0", "balance"]].isna().all(axis=None)
    assert areas["offers"].tolist() == [1, 1]


def test_offers(reach):
    offers = offer_measures(reach, PEOPLE, PLACES, RULES)
    assert offers["reached_0"].tolist() == [40, 20, 20]
    assert offers["only"].tolist() == [40, 0, 0]
    assert offers["asked"].tolist() == [40, 20, 20]
    np.testing.assert_allclose(offers["ratio"], [50, 25, 0])
    assert offers["filled"].tolist() == [20, 5, 0]
    np.testing.assert_array_equal(offers["utilisation"], [100, 100, np.nan])


@pytest.mark.parametrize("rules", [{"limits": ()}, {"limits": (500, 400)}, {"limits": (0,)},
                                   {"limits": (1,), "quota": -1},
                                   {"limits": (1,), "method": "magic"}])
def test_impossible_rules_are_refused(rules):
    with pytest.raises(TeilhabeError):
        SupplyRules(**rules)


def test_weighted_quantiles_by_hand():
    median, ninety = weighted_quantiles([3, 1, 2, 9, np.nan], [1, 1, 2, 1, 5], [0, 0, 0, 1, 1], 3, (0.5, 0.9))
    np.testing.assert_array_equal(median, [2, 9, np.nan])
    np.testing.assert_array_equal(ninety, [3, 9, np.nan])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000), st.sampled_from([0.1, 0.5, 0.9]))
def test_weighted_quantiles_are_those_of_single_persons(seed, level):
    random = np.random.RandomState(seed)
    values, weights, group = random.randint(0, 9, 30) * 1.0, random.randint(0, 4, 30), random.randint(0, 3, 30)
    found = weighted_quantiles(values, weights, group, 3, (level,))[0]
    for number in range(3):
        persons = np.sort(np.repeat(values[group == number], weights[group == number]))
        if len(persons):
            assert found[number] == persons[max(0, int(np.ceil(level * len(persons) - 1e-9)) - 1)]
        else:
            assert np.isnan(found[number])
