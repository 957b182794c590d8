"""The best sites, against trying all of them."""

import itertools

import numpy as np
import pytest

from teilhabe_plugin.core.messages import TeilhabeError
from teilhabe_plugin.core.supply import siting_median
from teilhabe_plugin.core.supply.reach import from_pairs, straight_reach
from teilhabe_plugin.core.supply.siting import MODELS, SitingProblem, find_sites


def random_problem(seed, **settings):
    random = np.random.RandomState(seed)
    m, n = random.randint(5, 50), random.randint(3, 10)
    reach = straight_reach(random.uniform(0, 1000, (m, 2)), random.uniform(0, 1000, (n, 2)),
                           random.choice([200, 350, 600, 2000]))
    existing = random.rand(n) < 0.25
    existing[0] = False
    p = random.randint(1, (~existing).sum() + 1)
    people = random.randint(0, 9, m).astype(float)
    people[0] = 5
    return SitingProblem(reach, people, existing, p, need=random.choice([1, 1.5, 2], m), **settings)


def all_choices(problem, sizes):
    costs = np.full((problem.reach.n_points, problem.reach.n_offers), np.inf)
    costs[problem.reach.point, problem.reach.offer] = problem.reach.cost
    fixed = list(np.flatnonzero(problem.existing))
    for size in sizes:
        for chosen in itertools.combinations(problem.candidates, size):
            sites = fixed + list(chosen)
            yield size, costs[:, sites].min(axis=1) if sites else np.full(len(costs), np.inf)


def by_trying_all(problem, model):
    weight, limit = problem.weight, problem.reach.limit
    reachable = problem.reach.reached() & (weight > 0)
    if model == "full_coverage":
        return next((size for size, cost in all_choices(problem, range(len(problem.candidates) + 1))
                     if np.isfinite(cost[reachable]).all()), np.inf)
    values = {
        "coverage": lambda cost: -weight[np.isfinite(cost)].sum(),
        "median": lambda cost: (weight * np.minimum(cost, limit)).sum(),
        "centre": lambda cost: cost[reachable].max(initial=0),
    }[model]
    best = min(values(cost) for _size, cost in all_choices(problem, [problem.new_sites]))
    return -best if model == "coverage" else best


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("seed", range(25))
def test_no_choice_is_better(seed, model):
    problem = random_problem(seed)
    best = by_trying_all(problem, model)
    if not np.isfinite(best):
        with pytest.raises(TeilhabeError, match="cannot bring everybody"):
            find_sites(problem, model)
        return
    found = find_sites(problem, model)
    assert found.objective == pytest.approx(best)
    assert found.proven and found.bound == pytest.approx(best)
    assert not problem.existing[found.chosen].any()
    if model != "full_coverage":
        assert len(found.chosen) == problem.new_sites


@pytest.mark.parametrize("seed", range(12))
def test_the_bound_of_large_medians_is_never_too_good(monkeypatch, seed):
    monkeypatch.setattr(siting_median, "EXACT_PAIRS", 0)
    problem = random_problem(seed)
    found, best = find_sites(problem, "median"), by_trying_all(problem, "median")
    assert found.bound <= best + 1e-6 * best
    assert found.objective >= best - 1e-6 * best
    assert found.objective <= 1.02 * best and found.gap < 0.02


def test_capacities_by_hand():
    # 100 people reach sites 0 and 1, 50 reach site 1 and 2; places 60, 80, 10: sites 0 and 1 seat 140
    reach = from_pairs([0, 0, 1, 1], [0, 1, 1, 2], [1, 2, 1, 1], 2, 3, 5)
    problem = SitingProblem(reach, np.array([100.0, 50]), np.zeros(3, bool), 2, capacity=np.array([60.0, 80, 10]))
    found = find_sites(problem)
    assert found.chosen.tolist() == [0, 1]
    assert (found.objective, found.covered, found.covered_before) == (140, 140, 0)


def test_existing_sites_serve_first_with_capacities():
    reach = from_pairs([0, 0], [0, 1], [1, 1], 1, 2, 5)
    problem = SitingProblem(reach, np.array([100.0]), np.array([True, False]), 1, capacity=np.array([30.0, 50]))
    found = find_sites(problem)
    assert (found.covered_before, found.covered, found.chosen.tolist()) == (30, 80, [1])


def test_people_out_of_every_reach_are_told():
    reach = from_pairs([0], [0], [1], 2, 1, 5)
    found = find_sites(SitingProblem(reach, np.array([10.0, 7]), np.zeros(1, bool), 1))
    assert "7 people live where neither" in str(found.notes[0])
    assert found.served_by.tolist() == [0, -1]
    assert (found.covered_before, found.covered) == (0, 10)


@pytest.mark.parametrize("change, words", [
    ({"new_sites": 9}, "9 new sites cannot be chosen from 2"), ({"new_sites": 0}, "0 new sites"),
    ({"existing": np.ones(2, bool)}, "no candidate"), ({"people": np.zeros(2)}, "demand is 0"),
])
def test_impossible_problems_are_refused(change, words):
    given = {"reach": from_pairs([0, 1], [0, 1], [1, 1], 2, 2, 5), "people": np.ones(2), "existing": np.zeros(2, bool)}
    with pytest.raises(TeilhabeError, match=words):
        find_sites(SitingProblem(**{**given, **change}))


def test_unknown_model():
    problem = SitingProblem(from_pairs([0], [0], [1], 1, 1, 5), np.ones(1), np.zeros(1, bool), 1)
    with pytest.raises(TeilhabeError, match="no siting model"):
        find_sites(problem, "cheapest")
