"""Where p more offers help most: the problem, its answer, and which method solves it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..messages import Message, TeilhabeError, mark
from .reach import Reach

#: most people within the limit; shortest ways; shortest longest way; fewest sites that reach everybody
COVERAGE, MEDIAN, CENTRE, FULL_COVERAGE = "coverage", "median", "centre", "full_coverage"
MODELS = (COVERAGE, MEDIAN, CENTRE, FULL_COVERAGE)


@dataclass(frozen=True, eq=False)
class SitingProblem:
    """What is given.

    Attributes
    ----------
    reach : Reach
        m demand points by n sites; sites are the existing offers and the candidates.
    people : ndarray, shape (m,)
        People per point.
    existing : ndarray of bool, shape (n,)
        Sites that are open already and stay open.
    new_sites : int
        How many more to choose; not used for `FULL_COVERAGE`.
    capacity : ndarray, shape (n,), optional
        Places per site; only for `COVERAGE`. Without it a site serves everybody in reach.
    need : ndarray, shape (m,), optional
        Weight of a person at each point, e.g. larger where the index says that need is high; 1 without.
    time_limit : float
        Seconds after which the best answer so far is returned with its gap.
    """

    reach: Reach
    people: np.ndarray
    existing: np.ndarray
    new_sites: int = 1
    capacity: np.ndarray | None = None
    need: np.ndarray | None = None
    time_limit: float = 60.0

    @property
    def weight(self) -> np.ndarray:
        """People times need, shape (m,)."""
        people = np.nan_to_num(np.asarray(self.people, float))
        return people if self.need is None else people * np.nan_to_num(np.asarray(self.need, float))

    @property
    def candidates(self) -> np.ndarray:
        """Positions of the sites that may be chosen."""
        return np.flatnonzero(~np.asarray(self.existing, bool))


@dataclass(frozen=True, eq=False)
class Siting:
    """What was found.

    Attributes
    ----------
    chosen : ndarray of int
        Positions of the new sites, ascending.
    objective : float
        Weighted people covered, weighted sum of costs, longest cost, or number of new sites, by model.
    bound : float
        No choice is better than this.
    gap : float
        Distance of `objective` from `bound`, relative to the objective; 0 when the optimum is proven.
    served_by : ndarray of int32, shape (m,)
        Open site that serves the point, -1 where there is none: the nearest one within the limit; with capacities the
        one that takes most of its people.
    placed : ndarray, shape (k,), optional
        With capacities: people of every entry of the reach that get a place there.
    covered_before, covered : float
        People (without need weights) within the limit of an open site before and after; with capacities: people with
        a place.
    notes : tuple of Message
    """

    chosen: np.ndarray
    objective: float
    bound: float
    gap: float
    served_by: np.ndarray
    covered_before: float
    covered: float
    notes: tuple[Message, ...] = field(default=())
    placed: np.ndarray | None = None

    @property
    def proven(self) -> bool:
        """Whether no better choice exists."""
        return self.gap <= 1e-9


def find_sites(problem: SitingProblem, model: str = COVERAGE, progress=None, cancelled=None) -> Siting:
    """Return the best sites.

    Coverage is Church and ReVelle's (1974) maximal covering location problem, full coverage Toregas et al.'s (1971)
    location set covering problem, median Hakimi's (1964) p-median, centre the p-centre problem; the first two and the
    last are solved exactly as mixed-integer programmes with demand points that have the same candidates merged, the
    median exactly where it is small and else by vertex interchange (Teitz and Bart 1968) with a Lagrangian bound.
    Existing sites are kept in all models.

    Raises
    ------
    TeilhabeError
        Without demand or candidates, for more new sites than candidates, for an unknown model.
    """
    from . import siting_cover, siting_median

    _check(problem, model)
    if model == COVERAGE and problem.capacity is not None:
        return siting_cover.with_capacity(problem, progress, cancelled)
    solve = {COVERAGE: siting_cover.most_people, FULL_COVERAGE: siting_cover.fewest_sites,
             CENTRE: siting_cover.shortest_longest_way, MEDIAN: siting_median.shortest_ways}[model]
    return solve(problem, progress, cancelled)


def answer(problem: SitingProblem, chosen, objective: float, bound: float, notes=()) -> Siting:
    """Return the `Siting` of chosen sites, with who is served by whom."""
    chosen = np.sort(np.asarray(chosen, dtype=np.int64))
    before = problem.reach.without(problem.candidates)
    is_open = np.asarray(problem.existing, bool).copy()
    is_open[chosen] = True
    after = problem.reach.without(np.flatnonzero(~is_open))
    people = np.nan_to_num(np.asarray(problem.people, float))
    gap = abs(objective - bound) / max(abs(objective), 1e-12)
    return Siting(chosen, float(objective), float(bound), float(gap) if gap > 1e-9 else 0.0, after.nearest_offer(),
                  float(people[before.reached()].sum()), float(people[after.reached()].sum()), tuple(notes))


def unreachable_note(problem: SitingProblem, reachable: np.ndarray) -> tuple[Message, ...]:
    """Say how many people no site can reach within the limit."""
    lost = float(np.nan_to_num(problem.people)[~reachable].sum())
    if not lost:
        return ()
    return (Message(mark("{people} people live where neither an offer nor a candidate is within the limit; no choice "
                         "can change that."), people=round(lost)),)


def _check(problem: SitingProblem, model: str) -> None:
    if model not in MODELS:
        raise TeilhabeError(mark("“{model}” is no siting model. Possible are: {models}."), model=model,
                            models=", ".join(MODELS))
    candidates = len(problem.candidates)
    if not candidates:
        raise TeilhabeError(mark("There is no candidate for a new site."))
    if not problem.weight.sum() > 0:
        raise TeilhabeError(mark("Nobody is there to be served: the demand is 0 at all points."))
    if model != FULL_COVERAGE and not 1 <= problem.new_sites <= candidates:
        raise TeilhabeError(mark("{wanted} new sites cannot be chosen from {candidates} candidates."),
                            wanted=problem.new_sites, candidates=candidates)
