"""Siting against optima that others published, or that are proven in mathematics, on data that a few lines make.

Large benchmark files (OR-Library's p-medians) are not part of this project. Used instead:

- Winston, Operations Research: Applications and Algorithms, “Kilroy County”: six cities, fire stations within 15
  minutes of everybody; two are enough.
- Fulkerson, Nemhauser and Trotter (1974, Mathematical Programming Study 2): covering problems of Steiner triple
  systems, a standard hard case for set covering. A9 needs 5 and A27 needs 18; both are affine spaces over three
  elements, where the answer also follows from the largest cap sets (4 and 9 points).
- Queens that guard a chess board (OEIS A075458: 3, 3, 4, 5, 5 for boards of 5 to 9); kings: one per 3 by 3 squares.
- p-medians of equally spaced points on a line, where the answer is a formula.
- spopt 0.5.0 (PySAL) with the solver CBC, run once on 600 points and 40 sites of a stated seed; its four optima.
- The 48-point cases are compared with all choices, by a loop that shares no code with the solver.
"""

import itertools

import numpy as np
import pytest

from teilhabe_plugin.core.supply.reach import from_pairs, straight_reach
from teilhabe_plugin.core.supply.siting import SitingProblem, find_sites

KILROY = np.array([
    [0, 10, 20, 30, 30, 20], [10, 0, 25, 35, 20, 10], [20, 25, 0, 15, 30, 20],
    [30, 35, 15, 0, 15, 25], [30, 20, 30, 15, 0, 14], [20, 10, 20, 25, 14, 0],
])


def from_table(costs, limit):
    points, sites = np.nonzero(costs <= limit)
    return from_pairs(points, sites, costs[points, sites], *costs.shape, limit)


def open_sites(reach, p=1, people=None, **more):
    people = np.ones(reach.n_points) if people is None else people
    return SitingProblem(reach, people, np.zeros(reach.n_offers, bool), p, **more)


def test_fire_stations_of_kilroy_county():
    found = find_sites(open_sites(from_table(KILROY, 15)), "full_coverage")
    assert found.objective == 2 and found.proven
    assert found.chosen.tolist() == [1, 3]  # cities 2 and 4, as in the book


def test_the_same_stations_cover_most_and_have_the_shortest_longest_way():
    assert find_sites(open_sites(from_table(KILROY, 15), 2)).objective == 6
    found = find_sites(open_sites(from_table(KILROY, 40), 2), "centre")
    assert found.objective == 15 and found.proven


def triples_of_affine_space(dimension):
    points = list(itertools.product(range(3), repeat=dimension))
    number = {point: i for i, point in enumerate(points)}
    triples = set()
    for one, two in itertools.combinations(points, 2):
        third = tuple((-a - b) % 3 for a, b in zip(one, two))
        triples.add(tuple(sorted((number[one], number[two], number[third]))))
    return sorted(triples), len(points)


@pytest.mark.parametrize("dimension, triples, optimum", [(2, 12, 5), (3, 117, 18)])
def test_steiner_triple_systems(dimension, triples, optimum):
    lines, points = triples_of_affine_space(dimension)
    assert len(lines) == triples
    rows = np.repeat(np.arange(len(lines)), 3)
    reach = from_pairs(rows, np.ravel(lines), np.ones(len(rows)), len(lines), points, 1)
    found = find_sites(open_sites(reach), "full_coverage")
    assert (found.objective, found.bound) == (optimum, optimum)
    short = find_sites(open_sites(reach, optimum - 1))
    assert short.proven and short.objective < len(lines)  # one fewer cannot cover all
    assert find_sites(open_sites(reach, optimum)).objective == len(lines)


@pytest.mark.parametrize("size, queens", [(5, 3), (6, 3), (7, 4), (8, 5), (9, 5)])
def test_queens_that_guard_the_board(size, queens):
    row, column = (values.ravel() for values in np.indices((size, size)))
    guarded = ((row[:, None] == row) | (column[:, None] == column) | (row[:, None] - column[:, None] == row - column)
               | (row[:, None] + column[:, None] == row + column))
    found = find_sites(open_sites(from_table(np.where(guarded, 1.0, 9.0), 1)), "full_coverage")
    assert (found.objective, found.bound) == (queens, queens)


@pytest.mark.parametrize("size", [5, 7, 9])
def test_kings_that_guard_the_board(size):
    squares = np.argwhere(np.ones((size, size))).astype(float)
    kings = (-(-size // 3)) ** 2
    reach = straight_reach(squares, squares, 1.5)
    assert find_sites(open_sites(reach), "full_coverage").objective == kings
    found = find_sites(open_sites(straight_reach(squares, squares, 5), kings), "centre")
    assert found.objective <= np.sqrt(2) + 1e-9


@pytest.mark.parametrize("points, p", [(20, 1), (40, 3), (60, 7), (300, 4)])
def test_medians_on_a_line(points, p):
    line = np.column_stack([np.arange(points, dtype=float), np.zeros(points)])
    found = find_sites(open_sites(straight_reach(line, line, points), p, time_limit=20), "median")
    # p stretches of k neighbours each, as equal as can be; the middle one of k points has k² // 4 steps to the others
    stretches = [points // p + (i < points % p) for i in range(p)]
    assert found.objective == pytest.approx(sum(k * k // 4 for k in stretches))
    assert found.proven


@pytest.mark.parametrize("model, limit, p, spopt", [
    ("coverage", 600, 6, 1801), ("median", 9000, 6, 4880635.491027805), ("full_coverage", 1800, 1, 5),
    ("centre", 9000, 6, 1673.1159),
])
def test_the_optima_of_spopt(model, limit, p, spopt):
    random = np.random.RandomState(4)
    points, sites = random.uniform(0, 5000, (600, 2)), random.uniform(0, 5000, (40, 2))
    people = random.randint(1, 20, 600).astype(float)
    found = find_sites(open_sites(straight_reach(points, sites, limit), p, people), model)
    assert found.proven and found.objective == pytest.approx(spopt, rel=1e-7)


def by_loops(costs, people, p, limit, model):
    best = None
    for chosen in itertools.combinations(range(len(costs[0])), p):
        value = 0.0
        for i, persons in enumerate(people):
            way = min(costs[i][j] for j in chosen)
            if model == "coverage":
                value -= persons if way <= limit else 0
            else:
                value += persons * min(way, limit)
        best = value if best is None else min(best, value)
    return best


@pytest.mark.parametrize("model", ["coverage", "median"])
@pytest.mark.parametrize("seed", range(3))
def test_against_every_choice(model, seed):
    random = np.random.RandomState(seed)
    points, sites = random.uniform(0, 100, (48, 2)), random.uniform(0, 100, (14, 2))
    people = random.randint(1, 30, 48).astype(float)
    costs = np.hypot(*(points[:, None] - sites[None]).transpose(2, 0, 1))
    best = by_loops(costs.tolist(), people.tolist(), 4, 18.0, model)
    found = find_sites(open_sites(from_table(costs, 18.0), 4, people), model)
    assert found.proven and found.objective == pytest.approx(-best if model == "coverage" else best)


@pytest.mark.parametrize("seed", range(2))
def test_five_hundred_candidates_and_a_city_of_addresses(seed):
    """The whole programme, without merging, dropping or bounding before, has the same optimum."""
    from scipy import optimize, sparse

    random = np.random.RandomState(seed)
    middles = random.uniform(0, 9000, (40, 2))
    points = np.round(middles[random.randint(0, 40, 6000)] + random.normal(0, 500, (6000, 2)), -1)
    sites, people = points[random.choice(6000, 150, False)], random.randint(0, 4, 6000).astype(float)
    reach = straight_reach(points, sites, 600)
    found = find_sites(open_sites(reach, 6, people))
    covers = sparse.csr_matrix((np.ones(len(reach)), reach.offer, reach.starts), shape=(6000, 150))
    matrix = sparse.vstack([sparse.hstack([sparse.identity(6000), -covers]),
                            sparse.csr_matrix(np.r_[np.zeros(6000), np.ones(150)])]).tocsc()
    whole = optimize.milp(-np.r_[people, np.zeros(150)], integrality=np.r_[np.zeros(6000), np.ones(150)],
                          bounds=optimize.Bounds(0, 1),
                          constraints=optimize.LinearConstraint(matrix, -np.inf, np.r_[np.zeros(6000), 6.0]))
    assert found.proven and found.objective == pytest.approx(-whole.fun)
