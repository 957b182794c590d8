"""From a supply case and candidates to the best sites: the problem, its solution, what each site adds."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.spatial import cKDTree

from ..core.messages import Message, TeilhabeError, mark
from ..core.supply.offers import Offers
from ..core.supply.reach import Reach
from ..core.supply.siting import COVERAGE, FULL_COVERAGE, Siting, SitingProblem, find_sites
from ..core.supply.siting_steps import Step, steps_of, with_best
from .site_candidates import Candidates
from .supply_case import SupplyCase

#: what becomes of the offers there are: they stay, they may be closed, they do not count
KEEP, CHOOSE, IGNORE = "keep", "choose", "ignore"
EXISTING = (KEEP, CHOOSE, IGNORE)


@dataclass(frozen=True)
class SiteRules:
    """What is looked for.

    Attributes
    ----------
    model : str
        One of `core.supply.siting.MODELS`.
    new_sites : int
    limit : float
        Way up to which an offer counts as within reach.
    search : float
        Way up to which sites are looked at, at least `limit`; for the models of short ways.
    existing : str
        One of `EXISTING`.
    capacity : float
        Places of a new site whose candidate does not say; NaN without limited places.
    time_limit : float
        Seconds.
    """

    model: str = COVERAGE
    new_sites: int = 1
    limit: float = 700.0
    search: float = 0.0
    existing: str = KEEP
    capacity: float = np.nan
    time_limit: float = 60.0


@dataclass(frozen=True, eq=False)
class SiteResult:
    """The sites found and what they rest on.

    Attributes
    ----------
    case : SupplyCase
        Its offers are the ones that were given, and behind them all candidates.
    first : int
        Number of offers that were given; from here on the sites are candidates.
    problem : SitingProblem
    siting : Siting
    near : Reach
        The reach up to the limit.
    steps : tuple of Step
        The chosen sites, the one that adds most first.
    rules : SiteRules
    need : ndarray, shape (m,), or None
        Weight of a person at each point.
    notes : tuple of Message
    far_ways : callable or None
        Points and sites → way of each point to the nearest site, however far; None where only the reach is known.
    """

    case: SupplyCase
    first: int
    problem: SitingProblem
    siting: Siting
    near: Reach
    steps: tuple[Step, ...]
    rules: SiteRules
    need: np.ndarray | None
    notes: tuple[Message, ...]
    far_ways: Callable | None = None

    @property
    def open_before(self) -> np.ndarray:
        """Which sites are open as it is, shape (n,)."""
        sites = np.arange(len(self.case.offers))
        return (sites < self.first) & self.case.chosen & (self.rules.existing != IGNORE)

    @property
    def open_after(self) -> np.ndarray:
        """Which sites are open in the end, shape (n,)."""
        is_open = np.asarray(self.problem.existing, bool).copy()
        is_open[self.siting.chosen] = True
        return is_open

    @cached_property
    def ways(self) -> tuple[np.ndarray, np.ndarray]:
        """Way to the nearest open site before and after, NaN where none is known; shape (m,)."""
        states = (self.open_before, self.open_after)
        if self.far_ways is not None:
            points, sites = self.case.demand.points, self.case.offers.points
            return tuple(self.far_ways(points, sites[is_open]) for is_open in states)
        reach = self.problem.reach
        return tuple(reach.keep(is_open[reach.offer]).nearest() for is_open in states)

    @property
    def covered(self) -> tuple[np.ndarray, np.ndarray]:
        """Which points have an open site within the limit before and after, shape (m,)."""
        return tuple(self.near.keep(is_open[self.near.offer]).reached()
                     for is_open in (self.open_before, self.open_after))

    @property
    def closed(self) -> np.ndarray:
        """Offers that are given up, as positions."""
        return np.flatnonzero(self.open_before & ~self.open_after)


def with_candidates(case: SupplyCase, candidates: Candidates) -> SupplyCase:
    """Return the case with the candidates as further offers behind the ones there are."""
    offers, count = case.offers, len(candidates)
    blank = np.full(count, "", dtype=object)
    kind = np.full(count, case.kinds[0] if case.kinds else "", dtype=object)
    more = {"row": np.arange(1, count + 1), "ids": blank, "names": candidates.names, "kind": kind, "target": blank,
            "field": blank, "x": candidates.x, "y": candidates.y, "capacity": candidates.capacity,
            "radius": np.zeros(count), "takes_part": np.ones(count, dtype=bool)}
    both = Offers(**{name: np.concatenate([getattr(offers, name), values]) for name, values in more.items()})
    return replace(case, offers=both, offer_area=np.concatenate([case.offer_area, candidates.area]))


def solve(case: SupplyCase, first: int, reach: Reach, rules: SiteRules, need: np.ndarray | None, notes=(),
          progress=None, cancelled=None, far_ways: Callable | None = None) -> SiteResult:
    """Find the sites.

    Parameters
    ----------
    case : SupplyCase
        Of `with_candidates`.
    first : int
        Number of offers before the candidates.
    reach : Reach
        Of all demand points and offers of `case`, at least up to the limit.
    rules : SiteRules
    need : ndarray, shape (m,), optional
    notes : sequence of Message
    progress, cancelled, far_ways : callable, optional
        See `SiteResult`.
    """
    def stage(start, end):
        return None if progress is None else lambda percent: progress(start + (end - start) * percent / 100)

    given = np.arange(len(case.offers)) < first
    existing = given & case.chosen & (rules.existing == KEEP)
    usable = case.chosen & ((rules.existing != IGNORE) | ~given)
    reach = reach.keep(usable[reach.offer])
    near = reach.within(rules.limit)
    by_way = rules.model not in (COVERAGE, FULL_COVERAGE)
    capacity = _capacity(case, given, rules)
    notes = list(notes)
    if capacity is not None:
        unknown = int((existing & ~np.isfinite(case.offers.capacity)).sum())
        if unknown:
            notes.append(Message(mark("{count} existing offers have no number of places; they are taken to be full."),
                                 count=unknown))
    if not usable.any() or existing[usable].all():
        raise TeilhabeError(mark("There is no candidate for a new site."))
    # sites that do not count are given as closed: only candidates can be chosen
    problem = SitingProblem(reach if by_way else near, case.people, existing | ~usable, rules.new_sites, capacity, need,
                            rules.time_limit)
    siting = find_sites(problem, rules.model, stage(0, 70), cancelled)
    problem = replace(problem, existing=existing)
    steps = steps_of(replace(problem, reach=near), _within(siting, near, existing, case.people), rules.model, cancelled)
    if rules.model == COVERAGE:
        steps = with_best(replace(problem, existing=existing | ~usable), steps, siting, progress=stage(70, 100),
                          cancelled=cancelled)
    return SiteResult(case, first, problem, siting, near, steps, rules, need, (*notes, *siting.notes),
                      far_ways)


def straight_ways(detour: float) -> Callable:
    """Return a function of points and sites that gives the straight way to the nearest site, times a factor."""
    def ways(points: np.ndarray, sites: np.ndarray) -> np.ndarray:
        found = np.full(len(points), np.nan)
        there = np.isfinite(points).all(axis=1)
        sites = sites[np.isfinite(sites).all(axis=1)]
        if len(sites):
            found[there] = detour * cKDTree(sites).query(points[there])[0]
        return found

    return ways


def weights_of_classes(position: np.ndarray, count: int, factor: float) -> np.ndarray:
    """Return the weight of a person by class of the index: 1 in the most favourable, `factor` in the most
    unfavourable class, evenly in between; 1 where an area has no class.

    Parameters
    ----------
    position : ndarray of int, shape (a,)
        Place of the class from the favourable end, -1 for none.
    count : int
        Number of classes.
    """
    share = np.where(position >= 0, position, 0) / max(count - 1, 1)
    return 1 + (factor - 1) * share


def _capacity(case: SupplyCase, given, rules: SiteRules) -> np.ndarray | None:
    stated = np.isfinite(case.offers.capacity[~given]).any()
    if not stated and not np.isfinite(rules.capacity):
        return None
    if rules.model != COVERAGE:
        raise TeilhabeError(mark("Places of new sites only count for “most people within the limit”. Choose that, or "
                                 "leave the number of places empty."))
    capacity = np.where(given, np.nan_to_num(case.capacity), case.offers.capacity)
    return np.where(~given & np.isnan(capacity), 0.0 if np.isnan(rules.capacity) else rules.capacity, capacity)


def _within(siting: Siting, near: Reach, existing, people) -> Siting:
    """Return the siting as the limit sees it: people beyond it are not covered."""
    if siting.placed is not None:
        return siting
    people = np.nan_to_num(people)
    is_open = existing.copy()
    is_open[siting.chosen] = True
    before, after = (near.keep(sites[near.offer]) for sites in (existing, is_open))
    return replace(siting, served_by=after.nearest_offer(), covered_before=float(people[before.reached()].sum()),
                   covered=float(people[after.reached()].sum()))
