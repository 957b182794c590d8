"""Floating catchments: worked by hand, and against plain dense formulas."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teilhabe_plugin.core.messages import TeilhabeError
from teilhabe_plugin.core.supply import floating_catchment as catchment
from teilhabe_plugin.core.supply.decay import Decay
from teilhabe_plugin.core.supply.reach import from_pairs, straight_reach

PEOPLE, PLACES = np.array([100.0, 200, 100]), np.array([20.0, 30])


def example():
    """Three points, two offers: A is reached by 1 and 2, B by 2 and 3."""
    return from_pairs([0, 1, 1, 2], [0, 0, 1, 1], [200, 400, 300, 500], 3, 2, 500)


def test_two_steps_by_hand():
    # A: 20 places / 300 people, B: 30 / 300
    found = catchment.two_step(example(), PEOPLE, PLACES, Decay("binary", 500))
    np.testing.assert_allclose(found, [20 / 300, 20 / 300 + 30 / 300, 30 / 300])
    np.testing.assert_allclose((found * PEOPLE).sum(), 50)


def test_steps_by_hand():
    # weights 1 up to 300, 0.5 up to 500: A asked by 100 + 100, B by 200 + 50
    found = catchment.two_step(example(), PEOPLE, PLACES, Decay("step", 500, (300, 500), (1, 0.5)))
    np.testing.assert_allclose(found, [20 / 200, 0.5 * 20 / 200 + 30 / 250, 0.5 * 30 / 250])


def test_three_steps_by_hand():
    # binary: point 2 is shared between A and B, so that each is asked by 100 + 100
    found = catchment.three_step(example(), PEOPLE, PLACES, Decay("binary", 500))
    np.testing.assert_allclose(found, [20 / 200, 0.5 * 20 / 200 + 0.5 * 30 / 200, 30 / 200])


def test_balanced_by_hand():
    # demand as in three steps; each offer's weights add up to 1: half to each of its two points
    found = catchment.balanced(example(), PEOPLE, PLACES, Decay("binary", 500))
    np.testing.assert_allclose(found, [0.5 * 20 / 200, 0.5 * 20 / 200 + 0.5 * 30 / 200, 0.5 * 30 / 200])


def test_availability_adds_up_to_all_places():
    found = catchment.availability(example(), PEOPLE, PLACES, Decay("binary", 500))
    np.testing.assert_allclose(found, [100 * 20 / 300, 200 * 50 / 300, 100 * 30 / 300])
    np.testing.assert_allclose(found.sum(), 50)


def test_opportunities_do_not_care_for_others():
    np.testing.assert_allclose(catchment.opportunities(example(), PLACES, Decay("binary", 450)), [20, 50, 0])
    np.testing.assert_allclose(catchment.opportunities(example(), PLACES, Decay("gravity", 500)),
                               [20 / 200, 20 / 400 + 30 / 300, 30 / 500])


def test_offers_of_unknown_size_and_points_without_people():
    found = catchment.two_step(example(), np.array([0.0, 0, 100]), np.array([20, np.nan]), Decay("binary", 500))
    np.testing.assert_array_equal(found, [0, 0, 0])


def test_decays_by_hand():
    cost = np.array([0, 250, 500, 501.0])
    np.testing.assert_allclose(Decay("linear", 500)(cost), [1, 0.5, 0, 0])
    np.testing.assert_allclose(Decay("binary", 500)(cost), [1, 1, 1, 0])
    np.testing.assert_allclose(Decay("exponential", 500, scale=250)(cost), [1, np.exp(-1), np.exp(-2), 0])
    np.testing.assert_allclose(Decay("gaussian", 500, scale=250)(cost), [1, np.exp(-0.5), np.exp(-2), 0])
    np.testing.assert_allclose(Decay("gaussian", 500)(cost)[[0, 2, 3]], [1, 0, 0], atol=1e-12)
    np.testing.assert_allclose(Decay("gravity", 500, exponent=2)(cost), [1, 250**-2, 500**-2, 0])
    np.testing.assert_allclose(Decay("step", 500, (250, 400), (1, 0.3))(cost), [1, 1, 0, 0])


@pytest.mark.parametrize("settings_", [
    {"kind": "cubic", "limit": 1}, {"kind": "binary", "limit": 0}, {"kind": "step", "limit": 1},
    {"kind": "step", "limit": 1, "bounds": (2, 1), "weights": (1, 1)},
    {"kind": "step", "limit": 1, "bounds": (1,), "weights": (-1,)}, {"kind": "gravity", "limit": 1, "exponent": -1},
])
def test_impossible_decays_are_refused(settings_):
    with pytest.raises(TeilhabeError):
        Decay(**settings_)


def plain(method, distance, people, places, decay):
    """The formulas as they stand in the papers, with dense matrices."""
    weight = np.where(np.isfinite(distance), decay(np.where(np.isfinite(distance), distance, 1e9)), 0)
    with np.errstate(all="ignore"):
        if method == "two_step":
            demand, supply = weight, weight
        elif method == "three_step":
            share = np.nan_to_num(weight / weight.sum(axis=1, keepdims=True))
            demand = supply = share * weight
        else:
            demand = np.nan_to_num(weight / weight.sum(axis=1, keepdims=True))
            supply = np.nan_to_num(weight / weight.sum(axis=0, keepdims=True))
        asked = people @ demand
        ratio = np.where(asked > 0, places / asked, 0)
    return supply @ ratio


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000), st.sampled_from(["two_step", "three_step", "balanced"]),
       st.sampled_from(["binary", "gaussian", "gravity", "exponential", "linear"]))
def test_sparse_equals_dense(seed, method, kind):
    random = np.random.RandomState(seed)
    points, offers = random.uniform(0, 1000, (random.randint(1, 40), 2)), random.uniform(0, 1000, (7, 2))
    people, places = random.randint(0, 50, len(points)).astype(float), random.randint(0, 90, 7).astype(float)
    limit = random.uniform(50, 800)
    reach, decay = straight_reach(points, offers, limit), Decay(kind, limit)
    distance = np.hypot(*(points[:, None] - offers[None]).transpose(2, 0, 1))
    distance[distance > limit] = np.inf
    found = getattr(catchment, method)(reach, people, places, decay)
    np.testing.assert_allclose(found, plain(method, distance, people, places, decay), atol=1e-12)


@pytest.mark.parametrize("more", [{"weights": (np.nan,)}, {"weights": (np.inf,)}, {"weights": (-1,)}])
def test_weights_that_are_no_numbers_are_refused(more):
    with pytest.raises(TeilhabeError, match="are 0 or more"):
        Decay("step", 500, (500,), **more)
