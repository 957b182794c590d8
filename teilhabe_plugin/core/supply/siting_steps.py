"""What each chosen site adds, and how many people p sites reach at best."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from ..messages import Cancelled, TeilhabeError, check_cancelled
from .siting import CENTRE, COVERAGE, MEDIAN, Siting, SitingProblem, find_sites

#: seconds that a table of best values for fewer sites may take altogether
CURVE_SECONDS = 15.0


@dataclass(frozen=True, eq=False)
class Step:
    """One more site.

    Attributes
    ----------
    site : int
        Position of the site.
    gained : float
        People whom it brings within the limit beside the sites of the steps before (with capacities: who get a place).
    covered : float
        People within the limit of any open site after this step.
    in_reach : float
        People within the limit of this site, whoever else is near.
    served : float
        People whose nearest open site it is in the end (with capacities: places taken there).
    way : float
        People-weighted mean way of those within the limit after this step.
    best, best_bound : float
        Most people that so many new sites can reach at all, and what no choice exceeds; NaN where not computed.
    """

    site: int
    gained: float
    covered: float
    in_reach: float
    served: float
    way: float
    best: float = np.nan
    best_bound: float = np.nan


def steps_of(problem: SitingProblem, siting: Siting, model: str, cancelled=None) -> tuple[Step, ...]:
    """Return the chosen sites in the order of what they add: always the one that adds most comes next."""
    reach, people, weight = problem.reach, np.nan_to_num(np.asarray(problem.people, float)), problem.weight
    nearest = _ways(reach, np.asarray(problem.existing, bool))
    served = _served(problem, siting)
    in_reach = reach.sums_by_offer(people[reach.point])
    count = len(siting.chosen)
    number = np.full(reach.n_offers, -1)
    number[siting.chosen] = np.arange(count)
    mine = number[reach.offer] >= 0
    point, own, cost = reach.point[mine], number[reach.offer[mine]], reach.cost[mine]
    left, steps = np.ones(count, dtype=bool), []
    covered = siting.covered_before
    for _step in range(count):
        check_cancelled(cancelled)
        if siting.placed is not None:
            value = served[siting.chosen]
        elif model in (MEDIAN, CENTRE):
            shorter = np.maximum(np.minimum(nearest[point], reach.limit) - cost, 0.0)
            value = np.bincount(own, weights=weight[point] * shorter, minlength=count)
        else:
            value = np.bincount(own, weights=weight[point] * np.isinf(nearest[point]), minlength=count)
        best = int(np.argmax(np.where(left, value, -1.0)))
        left[best] = False
        site, entries = int(siting.chosen[best]), own == best
        nearest[point[entries]] = np.minimum(nearest[point[entries]], cost[entries])
        there = np.isfinite(nearest) & (people > 0)
        now = covered + served[site] if siting.placed is not None else float(people[there].sum())
        way = np.average(nearest[there], weights=people[there]) if there.any() else np.nan
        steps.append(Step(site, float(now - covered), float(now), float(in_reach[site]), float(served[site]),
                          float(way)))
        covered = now
    if siting.placed is not None and steps:  # places of existing offers are given anew: the sum is what was found
        steps[-1] = replace(steps[-1], covered=siting.covered)
    return tuple(steps)


def with_best(problem: SitingProblem, steps: tuple[Step, ...], siting: Siting, seconds: float = CURVE_SECONDS,
              progress=None, cancelled=None) -> tuple[Step, ...]:
    """Add to each step the most people that so many new sites can reach, as far as the time allows.

    Only for `COVERAGE` without capacities and without need weights, where that is what is looked for.
    """
    if problem.capacity is not None or problem.need is not None:
        return steps
    until, found = time.monotonic() + seconds, []
    for number, step in enumerate(steps, 1):
        left = until - time.monotonic()
        if number == len(steps) and len(steps) == problem.new_sites:
            step = replace(step, best=siting.objective, best_bound=siting.bound)
        elif left > 0:
            try:
                other = find_sites(replace(problem, new_sites=number, time_limit=min(left, problem.time_limit)),
                                   COVERAGE, None, cancelled)
                step = replace(step, best=other.objective, best_bound=other.bound)
            except Cancelled:
                raise
            except TeilhabeError:
                until = 0.0
        found.append(step)
        if progress is not None:
            progress(100 * number / len(steps))
    return tuple(found)


def _served(problem: SitingProblem, siting: Siting) -> np.ndarray:
    """Return the people whom each site serves."""
    reach = problem.reach
    if siting.placed is not None:
        return reach.sums_by_offer(siting.placed)
    people = np.nan_to_num(np.asarray(problem.people, float))
    there = siting.served_by >= 0
    return np.bincount(siting.served_by[there], weights=people[there], minlength=reach.n_offers)


def _ways(reach, is_open) -> np.ndarray:
    """Return the way to the nearest open site, infinity where there is none within the limit."""
    nearest = reach.keep(is_open[reach.offer]).nearest()
    return np.where(np.isnan(nearest), np.inf, nearest)
