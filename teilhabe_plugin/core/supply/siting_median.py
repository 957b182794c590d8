"""Siting by the shortest ways (p-median): vertex interchange, a Lagrangian bound, the exact programme if small."""

from __future__ import annotations

import copy
import time

import numpy as np
from scipy import sparse

from ..messages import check_cancelled
from .integer_programme import minimise
from .siting import Siting, SitingProblem, answer, unreachable_note

#: pairs of point and site up to which the exact programme is tried
EXACT_PAIRS = 60_000
_BOUND_STEPS = 300


class _Median:
    """The problem as arrays; a person whom no open site reaches is charged the limit."""

    def __init__(self, problem: SitingProblem):
        reach = problem.reach
        self.weight, self.penalty = problem.weight, reach.limit
        kept = reach.keep((self.weight > 0)[reach.point])
        self.point, self.site, self.cost = kept.point, kept.offer, kept.cost
        self.n_points, self.n_sites = reach.n_points, reach.n_offers
        self.existing = np.asarray(problem.existing, bool)
        self.p = problem.new_sites
        self.candidates = problem.candidates

    def only(self, sites: np.ndarray) -> _Median:
        """Return the problem with fewer candidates; existing sites stay."""
        fewer = copy.copy(self)
        sites = sites | self.existing
        kept = sites[self.site]
        fewer.point, fewer.site, fewer.cost = self.point[kept], self.site[kept], self.cost[kept]
        fewer.candidates = self.candidates[sites[self.candidates]]
        return fewer

    def two_nearest(self, is_open):
        """Return nearest open site, its cost and the second cost of each point; the limit where there is none."""
        inside = is_open[self.site]
        point, site, cost = self.point[inside], self.site[inside], self.cost[inside]  # by point, then cost
        first_at = np.searchsorted(point, np.arange(self.n_points + 1))
        counts = np.diff(first_at)
        site_1 = np.full(self.n_points, -1, dtype=np.int64)
        cost_1, cost_2 = np.full(self.n_points, self.penalty), np.full(self.n_points, self.penalty)
        one, two = counts > 0, counts > 1
        site_1[one], cost_1[one] = site[first_at[:-1][one]], cost[first_at[:-1][one]]
        cost_2[two] = cost[first_at[:-1][two] + 1]
        return site_1, cost_1, cost_2

    def total(self, chosen) -> float:
        """Weighted sum of costs when these candidates are open beside the existing sites."""
        is_open = self.existing.copy()
        is_open[chosen] = True
        return float((self.weight * self.two_nearest(is_open)[1]).sum())


def shortest_ways(problem: SitingProblem, progress=None, cancelled=None) -> Siting:
    """Return the sites for which the weighted sum of ways is shortest.

    People whom no open site reaches are charged the limit. The bound is proven: by the exact programme for up to
    `EXACT_PAIRS` pairs within the time limit, else by Lagrangian relaxation (Cornuéjols, Fisher and Nemhauser 1977),
    which also rules out most sites, and by the exact programme over the others where that is small.
    """
    median = _Median(problem)
    began = time.monotonic()
    chosen = _interchange(median, _start(median, cancelled), cancelled)
    objective = median.total(chosen)
    if progress is not None:
        progress(40)
    if len(median.point) <= EXACT_PAIRS:
        chosen, objective, bound = _exact(median, chosen, objective, problem.time_limit)
    else:
        chosen, objective, bound = _bounded(median, chosen, objective, began + problem.time_limit, progress, cancelled)
    return answer(problem, chosen, objective, min(bound, objective), unreachable_note(problem, problem.reach.reached()))


def _start(median: _Median, cancelled) -> np.ndarray:
    """Return p candidates, each the best one beside those taken before."""
    is_open, chosen = median.existing.copy(), []
    for _step in range(median.p):
        check_cancelled(cancelled)
        cost = median.two_nearest(is_open)[1]
        saved = np.maximum(cost[median.point] - median.cost, 0) * median.weight[median.point]
        gain = np.bincount(median.site, weights=saved, minlength=median.n_sites)
        gain[is_open] = -1.0
        site = int(np.argmax(gain))
        is_open[site] = True
        chosen.append(site)
    return np.array(chosen)


def _interchange(median: _Median, chosen: np.ndarray, cancelled) -> np.ndarray:
    """Swap one chosen site for another as long as that shortens the sum (Teitz, Bart; sums of Resende, Werneck)."""
    while True:
        check_cancelled(cancelled)
        is_open = median.existing.copy()
        is_open[chosen] = True
        site_1, cost_1, cost_2 = median.two_nearest(is_open)
        number = np.full(median.n_sites, -1, dtype=np.int64)
        number[chosen] = np.arange(len(chosen))
        point, weight = median.point, median.weight
        gain = np.bincount(median.site, weights=np.maximum(cost_1[point] - median.cost, 0) * weight[point],
                           minlength=median.n_sites)
        owner = np.where(site_1 >= 0, number[site_1], -1)  # existing sites are never given up
        moved = owner >= 0
        loss = np.bincount(owner[moved], weights=(weight * (cost_2 - cost_1))[moved], minlength=len(chosen))
        pair_owner = owner[point]
        near = (pair_owner >= 0) & (median.cost < cost_2[point])
        kept = weight[point[near]] * (cost_2[point[near]] - np.maximum(median.cost[near], cost_1[point[near]]))
        extra = np.bincount(median.site[near].astype(np.int64) * len(chosen) + pair_owner[near], weights=kept,
                            minlength=median.n_sites * len(chosen)).reshape(median.n_sites, len(chosen))
        profit = gain[:, None] - loss[None, :] + extra
        profit[is_open] = -np.inf
        best = int(np.argmax(profit))
        if not profit.flat[best] > 1e-9 * max(1.0, (weight * cost_1).sum()):
            return np.sort(chosen)
        chosen = chosen.copy()
        chosen[best % len(chosen)] = best // len(chosen)


def _exact(median: _Median, chosen, objective, time_limit):
    """Return choice, objective and bound of the exact programme (assignment variables may be fractions)."""
    n_pairs, n_sites = len(median.point), median.n_sites
    saved = -(median.penalty - median.cost) * median.weight[median.point]
    points, row = np.unique(median.point, return_inverse=True)
    entry = np.arange(n_pairs)
    one = np.ones(n_pairs)
    matrix = sparse.vstack([
        sparse.hstack([sparse.csr_matrix((one, (row.ravel(), entry)), shape=(len(points), n_pairs)),
                       sparse.csr_matrix((len(points), n_sites))]),
        sparse.hstack([sparse.identity(n_pairs), sparse.csr_matrix((-one, (entry, median.site)),
                                                                   shape=(n_pairs, n_sites))]),
        sparse.hstack([sparse.csr_matrix((1, n_pairs)), (~median.existing).astype(float)[None, :]]),
    ])
    upper = np.concatenate([np.ones(len(points)), np.zeros(n_pairs), [median.p]])
    lowest = np.concatenate([np.zeros(n_pairs), median.existing.astype(float)])
    whole = np.concatenate([np.zeros(n_pairs, bool), np.ones(n_sites, bool)])
    scale = max(1.0, np.abs(saved).max(initial=1.0))
    found = minimise(np.concatenate([saved / scale, np.zeros(n_sites)]), matrix, upper, whole,
                     np.ones(n_pairs + n_sites), lowest, time_limit)
    worst = float((median.weight * median.penalty).sum())
    bound = worst + found.bound * scale if np.isfinite(found.bound) else 0.0
    if found.values is not None:
        exact = np.flatnonzero((found.values[n_pairs:] > 0.5) & ~median.existing)
        rest = np.setdiff1d(median.candidates, exact)[: median.p - len(exact)]
        exact = np.concatenate([exact, rest])
        if median.total(exact) < objective:
            chosen, objective = exact, median.total(exact)
    if objective - bound <= 1e-7 * max(objective, 1.0):
        bound = objective
    return chosen, objective, bound


def _bounded(median: _Median, chosen, objective, until, progress, cancelled):
    """Return choice, objective and a Lagrangian bound: every point offers a price, the p best sites collect them."""
    weighted = median.cost * median.weight[median.point]
    unserved = median.weight * median.penalty
    is_open = median.existing.copy()
    is_open[chosen] = True
    price = median.two_nearest(is_open)[2] * median.weight
    best, step, since = -np.inf, 1.0, 0
    out = np.zeros(median.n_sites, dtype=bool)
    for turn in range(_BOUND_STEPS):
        check_cancelled(cancelled)
        saving = np.minimum(weighted - price[median.point], 0)
        value = np.bincount(median.site, weights=saving, minlength=median.n_sites)
        order = median.candidates[np.argsort(value[median.candidates], kind="stable")[: median.p]]
        opened = median.existing.copy()
        opened[order] = True
        left = np.minimum(unserved - price, 0)
        bound = float(price.sum() + value[opened].sum() + left.sum())
        # with any other site in place of the last of the p best the bound would be higher by the difference
        needless = bound - value[order[-1]] + value >= objective * (1 - 1e-12)
        needless[opened] = False
        out |= needless
        if bound > best:
            best, since = bound, 0
        else:
            since += 1
        served = np.bincount(median.point, weights=(opened[median.site] & (saving < 0)).astype(float),
                             minlength=median.n_points) + (left < 0)
        wanted = (1 - served) * (median.weight > 0)
        total = median.total(order)
        if total < objective:
            chosen = _interchange(median, order, cancelled)
            objective = median.total(chosen)
        if objective - best <= 1e-9 * max(objective, 1.0) or not wanted.any() or time.monotonic() > until:
            break
        if since >= 15:
            step, since = step / 2, 0
        price = np.maximum(price + step * (objective - bound) * wanted / (wanted**2).sum(), 0)
        if progress is not None:
            progress(40 + 50 * turn / _BOUND_STEPS)
    left = until - time.monotonic()
    rest = median.only(~out)
    if objective - best > 1e-9 * max(objective, 1.0) and left > 1 and len(rest.point) <= EXACT_PAIRS:
        chosen, objective, bound = _exact(rest, chosen, objective, left)
        best = max(best, min(bound, objective))  # no choice with a site that was ruled out is better
    return chosen, objective, best
