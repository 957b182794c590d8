"""The best sites, against trying all of them."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from teilhabe_plugin.core.messages import TeilhabeError
from teilhabe_plugin.core.supply import integer_programme, siting_median
from teilhabe_plugin.core.supply.reach import from_pairs, straight_reach
from teilhabe_plugin.core.supply.siting import MODELS, SitingProblem, find_sites
from teilhabe_plugin.core.supply.siting_steps import steps_of, with_best


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


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("seed", range(8))
def test_without_milp_of_a_newer_scipy_the_answers_are_the_same(monkeypatch, seed, model):
    monkeypatch.delattr(integer_programme.optimize, "milp")
    problem = random_problem(seed)
    best = by_trying_all(problem, model)
    if np.isfinite(best):
        found = find_sites(problem, model)
        assert found.objective == pytest.approx(best)
        assert found.proven


def test_whole_numbers_against_scipys_own():
    random = np.random.RandomState(3)
    for _ in range(10):
        cost, matrix = -random.uniform(1, 9, 12), random.uniform(0, 5, (6, 12))
        upper, integer, highest = random.uniform(5, 15, 6), random.rand(12) < 0.7, np.full(12, 3.0)
        one = integer_programme.minimise(cost, matrix, upper, integer, highest)
        two = integer_programme.branch_and_bound(cost, matrix, upper, integer, highest, np.zeros(12), 30)
        assert two.objective == pytest.approx(one.objective) and two.bound == pytest.approx(one.objective)
        assert (matrix @ two.values <= upper + 1e-6).all()


def test_out_of_time_leaves_a_bound_that_holds():
    random = np.random.RandomState(5)
    cost, matrix = -random.uniform(1, 9, 40), random.uniform(0, 5, (20, 40))
    found = integer_programme.branch_and_bound(cost, matrix, np.full(20, 30.0), np.ones(40, bool), np.ones(40),
                                               np.zeros(40), 0.05)
    best = integer_programme.minimise(cost, matrix, np.full(20, 30.0), np.ones(40, bool), np.ones(40)).objective
    assert found.bound <= best + 1e-9 and found.objective >= best - 1e-9


def test_reductions_leave_the_best_value_as_it_is():
    from teilhabe_plugin.core.supply.cover_rows import hard_rows, merged_rows, useful_sites

    groups = sparse.csr_matrix(np.array([[1, 1, 0, 0], [1, 1, 0, 0], [0, 1, 1, 0], [1, 1, 1, 0.0]]))
    assert useful_sites(groups).tolist() == [1]  # site 1 reaches whom the others reach; nobody has site 3
    assert hard_rows(groups).tolist() == [0, 2]  # whoever covers those covers the last row and the twin
    matrix, weights = merged_rows(groups, np.array([1.0, 2, 4, 8]))
    assert sorted(weights.tolist()) == [3, 4, 8] and matrix.shape == (3, 4)


@pytest.mark.parametrize("seed", range(10))
def test_the_bound_holds_and_decided_sites_are_right(seed):
    from teilhabe_plugin.core.supply.cover_bound import bounded, value_of

    random = np.random.RandomState(seed)
    groups = sparse.csr_matrix((random.rand(40, 12) < 0.2).astype(float))
    weight = random.randint(1, 9, 40).astype(float)
    values = {choice: value_of(groups, weight, list(choice)) for choice in itertools.combinations(range(12), 4)}
    best = max(values.values())
    found = bounded(groups, weight, 4, np.inf)
    assert found.value == value_of(groups, weight, found.chosen) <= best <= found.bound + 1e-9
    for choice in (choice for choice, value in values.items() if value > found.value):
        assert set(found.fixed) <= set(choice) <= set(found.fixed) | set(found.free)


@pytest.mark.parametrize("seed", range(15))
def test_nobody_sits_twice_and_places_are_kept(seed):
    random = np.random.RandomState(seed)
    problem = random_problem(seed, capacity=random.randint(0, 40, 12).astype(float))
    problem = replace(problem, capacity=problem.capacity[: problem.reach.n_offers])
    found = find_sites(problem)
    reach, placed = problem.reach, found.placed
    assert (reach.sums_by_point(placed) <= problem.people + 1e-6).all()
    is_open = problem.existing.copy()
    is_open[found.chosen] = True
    assert (reach.sums_by_offer(placed) <= np.where(is_open, problem.capacity, 0) + 1e-6).all()
    assert (placed * problem.need[reach.point]).sum() == pytest.approx(found.objective)
    assert ((found.served_by >= 0) == (reach.sums_by_point(placed) > 0)).all()


def test_places_where_nearest_first_seats_too_few():
    # the 10 people of point 0 live nearer to site 1, yet only they can go to site 0
    reach = from_pairs([0, 0, 1], [0, 1, 1], [3, 1, 2], 2, 2, 5)
    problem = SitingProblem(reach, np.array([10.0, 10]), np.zeros(2, bool), 2, capacity=np.array([10.0, 10]))
    found = find_sites(problem)
    assert found.covered == 20 and found.served_by.tolist() == [0, 1]


def test_what_each_site_adds():
    # site 0 reaches 5 + 4, site 1 reaches 4 + 3, site 2 reaches 3 + 1: 0 first, then 2 (4 more), then 1 (nobody more)
    reach = from_pairs([0, 1, 1, 2, 2, 3], [0, 0, 1, 1, 2, 2], [1, 2, 1, 2, 4, 3], 4, 3, 5)
    problem = SitingProblem(reach, np.array([5.0, 4, 3, 1]), np.zeros(3, bool), 3)
    found = find_sites(problem)
    steps = with_best(problem, steps_of(problem, found, "coverage"), found)
    assert [(each.site, each.gained, each.covered) for each in steps] == [(0, 9, 9), (2, 4, 13), (1, 0, 13)]
    assert [each.in_reach for each in steps] == [9, 4, 7]
    assert [each.served for each in steps] == [5, 1, 7]
    assert [each.best for each in steps] == [9, 13, 13] == [each.best_bound for each in steps]
    assert steps[0].way == pytest.approx((5 * 1 + 4 * 2) / 9)
