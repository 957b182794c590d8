"""People to places: by hand, and the promises of the method on random cities."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teilhabe_plugin.core.messages import Cancelled
from teilhabe_plugin.core.supply.assignment import assign
from teilhabe_plugin.core.supply.reach import from_pairs, straight_reach


def test_the_near_ones_first_and_the_rest_spills_over():
    # A (10 places) is nearest to both; point 1 is nearer and fills it, point 0 goes on to B, which has 3 places
    reach = from_pairs([0, 0, 1], [0, 1, 0], [200, 300, 100], 2, 2, 500)
    found = assign(reach, np.array([6.0, 8]), np.array([10.0, 3]))
    assert found.placed.tolist() == [2, 3, 8]
    assert found.unplaced.tolist() == [1, 0]
    assert found.filled.tolist() == [10, 3]
    assert found.utilisation.tolist() == [1, 1]
    assert found.spilled.tolist() == [3, 0]


def test_unknown_and_unlimited_places():
    reach = from_pairs([0, 0, 0], [0, 1, 2], [1, 2, 3], 1, 3, 5)
    found = assign(reach, np.array([6.0]), np.array([np.nan, 0, np.inf]))
    assert found.filled.tolist() == [0, 0, 6]
    np.testing.assert_array_equal(found.utilisation, [np.nan, np.nan, 0])
    assert found.spilled.tolist() == [6]


def test_cancel():
    with pytest.raises(Cancelled):
        assign(from_pairs([0], [0], [1], 1, 1, 5), np.ones(1), np.ones(1), lambda: True)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000))
def test_nobody_is_lost_no_place_taken_twice_and_the_outcome_is_stable(seed):
    random = np.random.RandomState(seed)
    m, n = random.randint(1, 30), random.randint(1, 6)
    reach = straight_reach(random.uniform(0, 900, (m, 2)), random.uniform(0, 900, (n, 2)), 500)
    people, places = random.randint(0, 9, m).astype(float), random.randint(0, 25, n).astype(float)
    found = assign(reach, people, places)
    np.testing.assert_allclose(reach.sums_by_point(found.placed) + found.unplaced, people)
    assert (found.filled <= places).all()
    worst = np.zeros(n)  # the longest way that an offer serves
    np.maximum.at(worst, reach.offer, np.where(found.placed > 0, reach.cost, 0))
    full = found.filled >= places
    for entry in range(len(reach)):
        point, offer = reach.point[entry], reach.offer[entry]
        farther = found.unplaced[point] > 0 or (
            found.placed[(reach.point == point) & (reach.cost > reach.cost[entry])].sum() > 0)
        if farther:  # somebody of this point would rather come here: then it is full with people from nearer by
            assert full[offer] and worst[offer] <= reach.cost[entry]
