"""Gap analysis by hand, against brute force, and what must always hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teilhabe_plugin.core.messages import Cancelled, TeilhabeError
from teilhabe_plugin.core.supply.gap_analysis import PLACES, SHARE, GapRules, GapWays, Place, analyse
from teilhabe_plugin.core.supply.gaps import Variant
from teilhabe_plugin.core.supply.reach import straight_reach


def ways_of(points, offers, radius, rules):
    """Return the ways of a case; the radius is one of places and becomes one of costs."""
    radius = radius * rules.base
    distance = np.hypot(*(points[:, None] - offers[None]).transpose(2, 0, 1)) * rules.base
    reach = straight_reach(points, offers, rules.farthest, rules.base)
    rough = straight_reach(points, np.where(radius[:, None] > 0, offers, np.nan), rules.farthest + radius.max(),
                           rules.base) if radius.any() else None
    return GapWays(reach, radius, rough, distance.min(axis=1), distance.argmin(axis=1))


def case(seed, n_points=40, n_offers=4, n_areas=3):
    random = np.random.RandomState(seed)
    points = random.uniform(0, 3000, (n_points, 2))
    offers = random.uniform(0, 3000, (n_offers, 2))
    people = random.randint(0, 5, n_points).astype(float)
    area = np.minimum((points[:, 0] // 1000).astype(int), n_areas - 1)
    capacity = random.randint(5, 40, n_offers).astype(float)
    radius = random.choice([0.0, 250.0], n_offers)
    offer_area = np.minimum((offers[:, 0] // 1000).astype(int), n_areas - 1)
    place = Place(points, people, area, np.bincount(area, weights=people, minlength=n_areas), capacity, offer_area,
                  np.ones(n_offers, bool), radius > 0, [np.array([a]) for a in offer_area])
    return place, offers, radius


def test_variants_and_how_far_the_reach_must_go():
    rules = GapRules((700.0, 500.0, 1000.0), (1.0, 1.2, 1.4), base=1.3)
    assert rules.standard == Variant(700.0)
    assert rules.factors == (1.0, 1.2, 1.3, 1.4)
    assert rules.farthest == 1300
    assert len(rules.variants(False)) == 12 and len(rules.variants(True)) == 36
    assert Variant(700.0) in rules.variants(False)
    with pytest.raises(TeilhabeError, match="no way is shorter"):
        GapRules((700.0,), (0.9,))
    with pytest.raises(TeilhabeError, match="lower bound"):
        GapRules((700.0,), bounds=(3.0, 2.0))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 100_000), st.sampled_from([1.0, 1.3]))
def test_people_without_an_offer_against_brute_force(seed, base):
    place, offers, radius = case(seed)
    rules = GapRules((600.0, 400.0, 900.0), (1.0, 1.2, 1.4), base)
    found = analyse(place, ways_of(place.points, offers, radius, rules), np.array([0, 1, 2]), rules)
    distance = np.hypot(*(place.points[:, None] - offers[None]).transpose(2, 0, 1))
    counts = {}
    for limit in (400.0, 600.0, 900.0):
        for factor in rules.factors:
            for sign in (0, -1, 1) if radius.any() else (0,):
                near = np.maximum(distance - sign * radius, 0) * factor <= limit + 1e-9
                counts[limit, factor, sign] = place.people * ~near.any(axis=1)
                assert found.unreached_people[found.position(limit, factor, sign)] == counts[limit, factor, sign].sum()
    by_area = np.array([np.bincount(place.area, weights=each, minlength=3) for each in counts.values()])
    assert found.areas["low"].tolist() == by_area.min(axis=0).tolist()
    assert found.areas["high"].tolist() == by_area.max(axis=0).tolist()
    standard = np.bincount(place.area, weights=counts[600.0, base, 0], minlength=3)
    assert found.areas["unreached"].tolist() == found.areas["unreached_1"].tolist() == standard.tolist()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 100_000))
def test_what_always_holds(seed):
    place, offers, radius = case(seed)
    rules = GapRules((600.0, 400.0, 900.0), (1.0, 1.4))
    found = analyse(place, ways_of(place.points, offers, radius, rules), np.array([0, 1, 2]), rules)
    assert found.in_gaps == found.unreached_people[found.position(600.0)] == found.areas["unreached"].sum()
    for factor in (1.0, 1.4):
        people = [found.unreached_people[found.position(limit, factor)] for limit in (400.0, 600.0, 900.0)]
        assert people == sorted(people, reverse=True)
    for column in ("unreached", "rough_low", "rough_high", "unreached_0", "unreached_1", "unreached_2"):
        assert (found.areas["low"] <= found.areas[column]).all() and (found.areas[column] <= found.areas["high"]).all()
    assert (found.areas["rough_low"] <= found.areas["unreached"]).all()
    assert (found.areas["unreached"] <= found.areas["rough_high"]).all()
    assert (found.shares[:, found.position(600.0)] == 1).all()
    assert (found.survived >= 1).all()
    assert (found.vanishes > 600).all()
    assert (found.vanishes >= found.gaps.table["way_least"]).all()
    assert found.need_supply.matrix["areas"].sum() == (found.areas["people"] > 0).sum()


def test_the_measure_of_supply_and_its_bounds():
    place, offers, radius = case(1)
    rules = GapRules((600.0,))
    ways = ways_of(place.points, offers, radius * 0, rules)
    need = np.array([0, 1, 2])
    found = analyse(place, ways, need, rules)
    assert found.supply_by == PLACES and sorted(found.need_supply.supply) == [0, 1, 2]
    np.testing.assert_allclose(found.areas["balance"].sum(), 0, atol=1e-9)  # against the city as a whole
    with_quota = analyse(place, ways, need, GapRules((600.0,), quota=30.0))
    assert with_quota.bounds == (24.0, np.nextafter(30.0, 0)) and with_quota.goal == 30
    np.testing.assert_allclose(with_quota.areas["balance"].sum(), place.capacity.sum() - 0.3 * place.people.sum())
    unknown = Place(**{**place.__dict__, "capacity": np.full(4, np.nan)})
    found = analyse(unknown, ways, need, rules)
    assert found.supply_by == SHARE and found.bounds == (75.0, 90.0)
    assert found.areas["places_floating"].isna().all() and found.areas["balance"].isna().all()
    np.testing.assert_allclose(found.areas["supply"], 100 - found.areas["share"])


def test_without_need_the_areas_are_ranked_by_supply():
    place, offers, radius = case(2)
    rules = GapRules((600.0,))
    found = analyse(place, ways_of(place.points, offers, radius, rules), np.full(3, -1), rules)
    assert not found.has_need
    assert found.need_supply.cell.tolist() == [-1, -1, -1]
    assert sorted(found.rank) == [1, 2, 3]
    assert (np.diff(found.need_supply.supply[np.argsort(found.rank)]) >= 0).all()


def test_a_run_can_be_cancelled():
    place, offers, radius = case(3)
    rules = GapRules((600.0,))
    with pytest.raises(Cancelled):
        analyse(place, ways_of(place.points, offers, radius, rules), np.full(3, -1), rules, cancelled=lambda: True)
