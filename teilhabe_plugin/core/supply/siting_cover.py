"""Siting by coverage: most people, fewest sites, shortest longest way, and most people under capacities."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
from scipy import sparse

from ..messages import TeilhabeError, check_cancelled, mark
from .assignment import assign
from .cover_bound import bounded, greedy, value_of
from .cover_rows import hard_rows, merged, merged_rows, useful_sites
from .integer_programme import minimise
from .reach import Reach
from .siting import Siting, SitingProblem, answer, unreachable_note


def most_people(problem: SitingProblem, progress=None, cancelled=None) -> Siting:
    """Return the sites that bring most weighted people within the limit (maximal covering)."""
    check_cancelled(cancelled)
    until = time.monotonic() + problem.time_limit
    weight = problem.weight
    covered = problem.reach.without(problem.candidates).reached()
    groups, people, _group = merged(_of_candidates(problem, ~covered), weight)
    chosen, value, bound = _most_covered(groups, people, problem.new_sites, until, progress, cancelled)
    before = float(weight[covered].sum())
    return answer(problem, _filled(problem, chosen), before + value, before + bound,
                  unreachable_note(problem, problem.reach.reached()))


def _most_covered(groups, people, p: int, until: float, progress, cancelled) -> tuple[np.ndarray, float, float]:
    """Return the sites that cover most, how much that is, and a bound that no choice exceeds."""
    useful = useful_sites(groups)
    rows, weight = merged_rows(groups[:, useful], people)
    if not len(weight):
        return np.array([], dtype=np.int64), 0.0, 0.0
    p = min(p, len(useful))
    found = bounded(rows, weight, p, time.monotonic() + 0.4 * max(until - time.monotonic(), 0.0), cancelled)
    if progress is not None:
        progress(50)
    check_cancelled(cancelled)
    chosen, value, bound = found.chosen, found.value, found.bound
    left = p - len(found.fixed)
    if bound > value:
        settled = _marked(rows, found.fixed)
        rest, people_left = merged_rows(rows[~settled][:, found.free], weight[~settled])
        sure = float(weight[settled].sum())
        exact, high = np.array([], dtype=np.int64), 0.0
        if left > 0 and len(people_left):
            exact, high = _programme(rest, people_left, left, max(until - time.monotonic(), 1.0))
        # what was ruled out holds no better choice: the bound of the rest holds for all
        bound = max(value, min(bound, sure + high))
        if exact is not None:
            other = np.concatenate([found.fixed, found.free[exact]])
            if value_of(rows, weight, other) > value:
                chosen, value = other, value_of(rows, weight, other)
    if bound - value <= 1e-7 * max(value, 1.0):
        bound = value
    return useful[chosen], value, bound


def _programme(groups, people, p: int, time_limit: float) -> tuple[np.ndarray | None, float]:
    """Return the chosen sites of the exact programme (None: none found in time) and its bound."""
    n_groups, n_sites = groups.shape
    single = np.diff(groups.indptr) == 1
    alone = np.bincount(groups.indices[groups.indptr[:-1][single]], weights=people[single], minlength=n_sites)
    groups, people = groups[~single], people[~single]  # who has one site only counts with that site
    n_groups = len(people)
    # people first, then sites: a group counts as covered (0…1) up to the number of chosen sites that reach it
    matrix = sparse.vstack([sparse.hstack([sparse.identity(n_groups), -groups]),
                            sparse.hstack([sparse.csr_matrix((1, n_groups)), np.ones((1, n_sites))])])
    upper = np.concatenate([np.zeros(n_groups), [p]])
    scale = max(people.max(initial=0.0), alone.max(initial=0.0), 1e-12)
    found = minimise(-np.concatenate([people, alone]) / scale, matrix, upper,
                     np.concatenate([np.zeros(n_groups, bool), np.ones(n_sites, bool)]), np.ones(n_groups + n_sites),
                     time_limit=time_limit)
    chosen = None if found.values is None else np.flatnonzero(found.values[n_groups:])
    return chosen, min(-found.bound * scale, float(people.sum() + alone.sum()))


def fewest_sites(problem: SitingProblem, progress=None, cancelled=None) -> Siting:
    """Return the fewest new sites with which everybody whom any site can reach is within the limit."""
    check_cancelled(cancelled)
    chosen, bound = _cover_all(problem, problem.reach, problem.time_limit)
    return answer(problem, problem.candidates[chosen], len(chosen), bound,
                  unreachable_note(problem, problem.reach.reached()))


def shortest_longest_way(problem: SitingProblem, progress=None, cancelled=None) -> Siting:
    """Return the sites for which the person with the longest way has the shortest one (p-centre).

    Binary search over the costs that occur; for each of them the fewest sites that cover everybody are found.
    People whom no site reaches within the limit are left out and told.

    Raises
    ------
    TeilhabeError
        When the wanted number of sites cannot bring everybody within the limit.
    """
    reach, there = problem.reach, problem.weight > 0
    live = reach.keep(there[reach.point])
    costs = np.unique(live.cost)
    least = _nearest_of_all(live, there)
    costs = costs[costs >= least]
    low, high, best, steps = 0, len(costs) - 1, None, 0
    while low <= high:
        check_cancelled(cancelled)
        middle = (low + high) // 2
        chosen, bound = _cover_all(problem, live.keep(live.cost <= costs[middle]), problem.time_limit)
        if len(chosen) <= problem.new_sites:
            best, high = (chosen, costs[middle]), middle - 1
        elif bound > problem.new_sites:
            low = middle + 1
        else:
            raise TeilhabeError(mark("The time of {seconds} seconds was too short to decide whether {sites} sites "
                                     "are enough. Allow more time or take fewer candidates."),
                                seconds=problem.time_limit, sites=problem.new_sites)
        steps += 1
        if progress is not None:
            progress(min(99.0, 100 * steps / max(1.0, np.log2(len(costs) + 1))))
    if best is None:
        raise TeilhabeError(mark("{sites} more sites cannot bring everybody within {limit}. Choose more sites, a "
                                 "larger limit, or “most people”."), sites=problem.new_sites, limit=reach.limit)
    chosen, cost = best
    return answer(problem, _filled(problem, chosen), cost, cost, unreachable_note(problem, reach.reached()))


def with_capacity(problem: SitingProblem, progress=None, cancelled=None) -> Siting:
    """Return the sites that give most weighted people a place when every site has limited places.

    People of a point can be shared out among several sites; existing offers serve with their own places.
    """
    check_cancelled(cancelled)
    capacity = np.nan_to_num(np.asarray(problem.capacity, float))
    existing = np.asarray(problem.existing, bool)
    people = np.nan_to_num(np.asarray(problem.people, float))
    need = np.ones(len(people)) if problem.need is None else np.nan_to_num(np.asarray(problem.need, float))
    groups, persons, value, group_of = _merged_by_value(problem.reach, people, need)
    pairs = groups.tocoo()
    n_pairs, n_sites, n_groups = len(pairs.row), groups.shape[1], groups.shape[0]
    entry = np.arange(n_pairs)
    by_group = sparse.csr_matrix((np.ones(n_pairs), (pairs.row, entry)), shape=(n_groups, n_pairs))
    by_site = sparse.csr_matrix((np.ones(n_pairs), (pairs.col, entry)), shape=(n_sites, n_pairs))
    matrix = sparse.vstack([
        sparse.hstack([by_group, sparse.csr_matrix((n_groups, n_sites))]),
        sparse.hstack([by_site, -sparse.diags(capacity)]),
        sparse.hstack([sparse.csr_matrix((1, n_pairs)), (~existing).astype(float)[None, :]]),
    ])
    upper = np.concatenate([persons, np.zeros(n_sites), [problem.new_sites]])
    cost = np.concatenate([-value[pairs.row], np.zeros(n_sites)])
    highest = np.concatenate([persons[pairs.row], np.ones(n_sites)])
    lowest = np.concatenate([np.zeros(n_pairs), existing.astype(float)])
    whole = np.concatenate([np.zeros(n_pairs, bool), np.ones(n_sites, bool)])
    found = minimise(cost, matrix, upper, whole, highest, lowest, problem.time_limit)
    if found.values is None:
        raise TeilhabeError(mark("No answer was found in {seconds} seconds. Allow more time or take fewer candidates."),
                            seconds=problem.time_limit)
    chosen = np.flatnonzero((found.values[n_pairs:] > 0.5) & ~existing)
    notes = unreachable_note(problem, problem.reach.reached())
    result = answer(problem, _filled_positions(problem, chosen), -found.objective, -found.bound, notes)
    is_open = existing.copy()
    is_open[chosen] = True
    flow = found.values[:n_pairs]
    placed = assign(problem.reach, people, np.where(is_open, capacity, 0.0), cancelled).placed  # shortest ways first
    if (placed * need[problem.reach.point]).sum() < (flow * value[pairs.row]).sum() * (1 - 1e-9):
        placed = _shared_out(problem.reach, people, group_of, pairs, flow)
    alone = minimise(cost, matrix, upper, np.zeros(len(whole), bool), np.where(
        np.concatenate([np.zeros(n_pairs, bool), ~existing]), 0.0, highest), lowest, problem.time_limit)
    before = float(alone.values[:n_pairs].sum()) if alone.values is not None else np.nan
    return replace(result, covered=float(placed.sum()), covered_before=before, placed=placed,
                   served_by=_most_from(problem.reach, placed))


def _shared_out(reach: Reach, people: np.ndarray, group_of: np.ndarray, pairs, flow: np.ndarray) -> np.ndarray:
    """Return how many people of every entry of the reach get a place when each group's places are given to its points
    one after the other: people and places of a group are two lines of the same length laid side by side."""
    key = pairs.row.astype(np.int64) * pairs.shape[1] + pairs.col
    order = np.argsort(key, kind="stable")
    key, flow, row = key[order], flow[order], pairs.row[order]
    running = np.cumsum(flow) - flow
    place_from = running - running[np.searchsorted(row, row)]
    in_group = np.flatnonzero(group_of >= 0)
    by_group = in_group[np.argsort(group_of[in_group], kind="stable")]
    group = group_of[by_group]
    walked = np.cumsum(people[by_group]) - people[by_group]
    person_from = np.zeros(len(people))
    person_from[by_group] = walked - walked[np.searchsorted(group, group)]
    point = reach.point
    known = np.flatnonzero(group_of[point] >= 0)
    at = np.searchsorted(key, group_of[point[known]] * pairs.shape[1] + reach.offer[known])
    first = np.maximum(person_from[point[known]], place_from[at])
    last = np.minimum(person_from[point[known]] + people[point[known]], place_from[at] + flow[at])
    placed = np.zeros(len(reach))
    placed[known] = np.maximum(last - first, 0.0)
    return placed


def _most_from(reach: Reach, placed: np.ndarray) -> np.ndarray:
    """Return the site that takes most people of each point, -1 where none takes any."""
    order = np.lexsort((-placed, reach.point))
    first = order[reach.starts[:-1][reach.reached()]]
    serving = np.full(reach.n_points, -1, dtype=np.int32)
    serving[reach.reached()] = np.where(placed[first] > 0, reach.offer[first], -1)
    return serving


def _merged_by_value(reach, people, need):
    """Merge points that reach the same sites and have the same need; return groups, their people, their need, and the
    group of each point."""
    values, code = np.unique(need, return_inverse=True)
    parts, group_of, count = [], np.full(len(people), -1, dtype=np.int64), 0
    for place in range(len(values)):
        part = merged(reach.keep((code == place)[reach.point]), people)
        group_of = np.where(part[2] >= 0, part[2] + count, group_of)
        count += len(part[1])
        parts.append(part)
    return (sparse.vstack([matrix for matrix, _people, _group in parts]).tocsr(),
            np.concatenate([persons for _matrix, persons, _group in parts]),
            np.concatenate([np.full(len(part[1]), value) for part, value in zip(parts, values)]), group_of)


def _of_candidates(problem: SitingProblem, rows: np.ndarray) -> Reach:
    """Return the reach of the candidates only, numbered among themselves, for some rows."""
    reach = problem.reach
    number = np.full(reach.n_offers, -1, dtype=np.int32)
    number[problem.candidates] = np.arange(len(problem.candidates))
    kept = reach.keep((number[reach.offer] >= 0) & rows[reach.point])
    return replace(kept, offer=number[kept.offer], n_offers=len(problem.candidates))


def _cover_all(problem: SitingProblem, reach: Reach, time_limit: float) -> tuple[np.ndarray, float]:
    """Return the fewest candidates that reach everybody whom any does (numbers among the candidates), and a bound."""
    covered = reach.without(problem.candidates).reached()
    groups, _people, _group = merged(_of_candidates(replace(problem, reach=reach), ~covered & (problem.weight > 0)),
                                     problem.weight)
    if not groups.shape[0]:
        return np.array([], dtype=np.int64), 0.0
    needed, sites, forced = _reduced(groups)
    if not needed.shape[0]:
        return forced, float(len(forced))
    n_sites = needed.shape[1]
    found = minimise(np.ones(n_sites), -needed, -np.ones(needed.shape[0]), np.ones(n_sites, bool), np.ones(n_sites),
                     time_limit=time_limit)
    quick = greedy(needed, np.ones(needed.shape[0]), n_sites)
    chosen = quick if found.values is None else np.flatnonzero(found.values)
    chosen = quick if len(quick) < len(chosen) else chosen
    bound = max(1.0, np.ceil(found.bound - 1e-6)) if np.isfinite(found.bound) else 1.0
    return np.sort(np.concatenate([forced, sites[chosen]])), len(forced) + min(bound, len(chosen))


def _reduced(groups) -> tuple[sparse.csr_matrix, np.ndarray, np.ndarray]:
    """Return what is left to decide of a covering problem: rows, their sites, and the sites that must be taken."""
    sites, forced = np.arange(groups.shape[1]), []
    while groups.shape[0]:
        size = groups.shape
        groups = groups[hard_rows(groups)]
        only = np.unique(groups.indices[groups.indptr[:-1][np.diff(groups.indptr) == 1]])
        forced.extend(sites[only])
        groups = groups[~_marked(groups, only)]
        useful = useful_sites(groups)
        groups, sites = merged_rows(groups[:, useful], np.ones(groups.shape[0]))[0], sites[useful]
        if groups.shape == size:
            break
    return groups, sites, np.array(forced, dtype=np.int64)


def _marked(groups, sites) -> np.ndarray:
    """Return which rows any of the sites covers."""
    return np.asarray(groups[:, sites].sum(axis=1)).ravel() > 0


def _nearest_of_all(reach: Reach, there: np.ndarray) -> float:
    """Return the longest way if all sites were open: no choice does better."""
    nearest = reach.nearest()[there & reach.reached()]
    return float(nearest.max()) if len(nearest) else 0.0


def _filled(problem: SitingProblem, chosen) -> np.ndarray:
    return _filled_positions(problem, problem.candidates[chosen])


def _filled_positions(problem: SitingProblem, chosen) -> np.ndarray:
    """Return exactly as many sites as wanted: those that cover nobody more are filled up by how many they reach."""
    missing = problem.new_sites - len(chosen)
    if missing <= 0:
        return np.asarray(chosen)
    weight = problem.reach.sums_by_offer(problem.weight[problem.reach.point])
    rest = np.setdiff1d(problem.candidates, chosen)
    return np.concatenate([chosen, rest[np.argsort(-weight[rest], kind="stable")][:missing]])
