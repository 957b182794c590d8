"""What if: the measures of a supply analysis after offers were opened, closed, moved or resized, at once."""
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Callable

import numpy as np
import pandas as pd

from ..core.messages import Message, mark
from ..core.supply.measures import SupplyRules
from ..core.supply.reach import METRES, Reach, from_pairs
from ..core.supply.scenario import Change, apply_changes
from ..core.supply.siting import COVERAGE, SitingProblem, find_sites
from ..core.supply.words import way
from .index_classes import IndexClasses
from .supply_case import SupplyCase
from .supply_run import SupplyResult, measure, straight_ways

#: sites are proposed among at most so many places where people live
_MOST_CANDIDATES = 400
UNCHANGED, NEW, CLOSED, MOVED, RESIZED = "unchanged", "new", "closed", "moved", "resized"


@dataclass(frozen=True, eq=False)
class Base:
    """The analysis that the changes start from.

    Attributes
    ----------
    case : SupplyCase
    rules : SupplyRules
    index : IndexClasses or None
    reach : Reach
        Up to `farthest`.
    farthest : float
    ways : callable
        (coordinates, shape (k, 2), cancelled) → Reach of the demand points and k offers at them.
    factor : float
        Detour factor of straight lines; 0 along a network.
    """

    case: SupplyCase
    rules: SupplyRules
    index: IndexClasses | None
    reach: Reach
    farthest: float
    ways: Callable
    factor: float

    @property
    def is_quick(self) -> bool:
        """Whether new ways take no noticeable time."""
        return self.factor > 0

    @property
    def standard(self) -> int:
        """Position of the limit that counts: the one of the floating catchment, else the first."""
        limit = self.rules.weighting.limit
        return self.rules.limits.index(limit) if limit in self.rules.limits else 0


class WhatIf:
    """Computes the measures after changes; ways from a place that was looked at before are not computed again.

    Attributes
    ----------
    base : Base
    before : SupplyResult
    """

    def __init__(self, base: Base, cancelled=None):
        self.base = base
        self.known: dict[tuple[float, float], tuple[np.ndarray, np.ndarray]] = {}
        self.before = self.after((), cancelled)

    def needs_ways(self, changes) -> bool:
        """Say whether ways from a new place have to be computed for these changes."""
        return any(change.kind in ("open", "move") and (change.x, change.y) not in self.known for change in changes)

    def after(self, changes: tuple[Change, ...], cancelled=None) -> SupplyResult:
        """Return all measures after the changes, as the algorithm would find them for the changed offers.

        Raises
        ------
        TeilhabeError
            For changes that do not fit the offers.
        """
        base, old = self.base, self.base.case
        offers = apply_changes(old.offers, changes)
        count = len(old.offers)
        same = np.zeros(len(offers), dtype=bool)
        same[:count] = (offers.x[:count] == old.offers.x) & (offers.y[:count] == old.offers.y) & old.chosen
        area = np.full(len(offers), -1, dtype=old.offer_area.dtype)
        area[:count] = old.offer_area
        moved = np.flatnonzero(offers.takes_part & ~same)
        if len(moved):
            area[moved] = old.areas.position_of(offers.x[moved], offers.y[moved])
        case = replace(old, offers=offers, offer_area=area)
        case.check()
        reach = self._reach(case, same, cancelled)
        far = straight_ways(case, base.factor, base.rules.nth) if base.factor else None
        return measure(case, reach, base.rules, far, base.index, None, cancelled)

    def _reach(self, case: SupplyCase, same: np.ndarray, cancelled) -> Reach:
        base = self.base.reach
        stay = (same & case.chosen)[base.offer]
        fresh = np.flatnonzero(case.chosen & ~same)
        self._look_up({(float(case.offers.x[i]), float(case.offers.y[i])) for i in fresh}, cancelled)
        rows = [self.known[(float(case.offers.x[i]), float(case.offers.y[i]))] for i in fresh]
        if not rows and stay.all():
            return replace(base, n_offers=len(case.offers))
        point = np.concatenate([base.point[stay], *(points for points, _cost in rows)])
        offer = np.concatenate([base.offer[stay], *(np.full(len(points), i, dtype=np.int32)
                                                    for i, (points, _cost) in zip(fresh, rows))])
        cost = np.concatenate([base.cost[stay], *(cost for _points, cost in rows)])
        return from_pairs(point, offer, cost, base.n_points, len(case.offers), base.limit, base.unit, base.how)

    def _look_up(self, places: set, cancelled) -> None:
        wanted = sorted(places - set(self.known))
        if not wanted:
            return
        found = self.base.ways(np.array(wanted, dtype=float), cancelled)
        point = found.point
        for i, place in enumerate(wanted):
            own = found.offer == i
            self.known[place] = point[own], found.cost[own]


@dataclass(frozen=True)
class Figure:
    """One figure of the city before and after.

    Attributes
    ----------
    title : Message
    before, after : float
    decimals : int
    good : int
        1 when more is better, -1 when less is.
    """

    title: Message
    before: float
    after: float
    decimals: int = 0
    good: int = 1

    @property
    def difference(self) -> float:
        """After minus before."""
        return self.after - self.before


def figures(base: Base, before: SupplyResult, after: SupplyResult) -> list[Figure]:
    """Return the figures of the city that the changes may move; those that are not known are left out."""
    old, new = before.totals, after.totals
    found = [Figure(Message(mark("Offers")), old["OFFER_COUNT"], new["OFFER_COUNT"], 0, 0),
             Figure(Message(mark("Places")), old["PLACES"], new["PLACES"], 0, 0)]
    for number, limit in enumerate(base.rules.limits):
        words = way(limit, base.reach.unit)
        reached = [_people_within(result, number) for result in (before, after)]
        living = before.case.people[before.case.demand.area >= 0].sum()
        found.append(Figure(Message(mark("Reached within {limit}"), limit=words), *reached))
        found.append(Figure(Message(mark("Share within {limit} (%)"), limit=words),
                            *(100 * each / living for each in reached), 1))
        found.append(Figure(Message(mark("Without an offer within {limit}"), limit=words),
                            *(living - each for each in reached), 0, -1))
    found.append(Figure(Message(mark("Without a free place in reach")), old["UNPLACED"], new["UNPLACED"], 0, -1))
    found.append(Figure(Message(mark("Missing places (quota)")), old["MISSING"], new["MISSING"], 0, -1))
    found.append(Figure(Message(mark("Places per 100")), old["PLACES_PER_100"], new["PLACES_PER_100"], 1))
    if base.factor:
        found.append(Figure(Message(mark("Mean way ({unit})"), unit=base.reach.unit), _mean_way(before),
                            _mean_way(after), 0 if base.reach.unit == METRES else 1, -1))
    found.append(Figure(Message(mark("Gini coefficient")), old["GINI"], new["GINI"], 3, -1))
    return [each for each in found if np.isfinite(each.before) or np.isfinite(each.after)]


def _people_within(result: SupplyResult, number: int) -> float:
    rows = (result.case.demand.area >= 0) & (result.points[f"within_{number}"].to_numpy() > 0)
    return float(result.case.people[rows].sum())


def _mean_way(result: SupplyResult) -> float:
    way, people = result.points["nearest"].to_numpy(float), result.case.people
    known = np.isfinite(way) & (people > 0)
    return float(np.average(way[known], weights=people[known])) if known.any() else np.nan


def measures_of(base: Base, result: SupplyResult) -> list[tuple[str, Message, int]]:
    """Return column, title and decimals of what can be compared per area, the first one at first."""
    order = [base.standard, *(i for i in range(len(base.rules.limits)) if i != base.standard)]
    found = [(f"reached_{i}", Message(mark("People within {limit}"), limit=way(base.rules.limits[i], base.reach.unit)),
              0) for i in order]
    if result.has_capacity:
        found += [("places_floating", Message(mark("Places per 100, over the borders")), 1),
                  ("unplaced", Message(mark("People without a free place")), 0)]
    return found


def area_changes(before: SupplyResult, after: SupplyResult, column: str) -> pd.DataFrame:
    """Return key, name, before, after and difference of a measure for every area."""
    areas = before.case.areas
    old, new = (result.areas[column].to_numpy(float) for result in (before, after))
    return pd.DataFrame({"key": areas.areas.keys, "name": areas.names, "before": old, "after": new,
                         "difference": np.round(new - old, 6)})


def offer_states(before: SupplyCase, after: SupplyCase) -> pd.DataFrame:
    """Return id, name, place, places and state of every offer that counts before or after."""
    old, new = before.offers, after.offers
    count = len(old)
    state = np.full(len(new), UNCHANGED, dtype=object)
    state[count:] = NEW
    first = slice(None, count)
    was, now = before.chosen, after.chosen
    other = (new.x[first] != old.x) | (new.y[first] != old.y)
    larger = (new.capacity[first] != old.capacity) & ~(np.isnan(new.capacity[first]) & np.isnan(old.capacity))
    state[first] = np.select([was & ~now[first], ~was & now[first], other, larger], [CLOSED, NEW, MOVED, RESIZED],
                             UNCHANGED)
    shown = now.copy()
    shown[first] |= was
    ids = apply_changes(new, ()).ids
    return pd.DataFrame({"id": ids, "name": new.names, "x": new.x, "y": new.y, "places": new.capacity,
                         "state": state})[shown].reset_index(drop=True)


def propose(what_if: WhatIf, changes, count: int, cancelled=None) -> tuple[np.ndarray, SupplyResult]:
    """Return coordinates of `count` new sites that reach the most people, and the result they start from.

    Candidates are places where people live, spread evenly over the city; offers that are open after the changes stay.
    """
    base, after = what_if.base, what_if.after(changes, cancelled)
    case, limit = after.case, base.rules.limits[base.standard]
    there = np.flatnonzero(np.isfinite(case.demand.x) & (case.demand.area >= 0) & (case.people > 0))
    spots = there[_spread(case.demand.points[there], _MOST_CANDIDATES)]
    places = case.demand.points[spots]
    reach = after.reach.within(limit).with_offers(base.ways(places, cancelled).within(limit))
    existing = np.concatenate([np.ones(len(case.offers), dtype=bool), np.zeros(len(spots), dtype=bool)])
    found = find_sites(SitingProblem(reach, case.people, existing, min(count, len(spots)), time_limit=20.0), COVERAGE,
                       None, cancelled)
    return places[found.chosen - len(case.offers)], after


def _spread(points: np.ndarray, most: int) -> np.ndarray:
    """Return the positions of at most so many points, one per cell of a square grid, the nearest to its middle."""
    low = points.min(axis=0)
    width, height = np.maximum(points.max(axis=0) - low, 1.0)
    size = np.sqrt(width * height / most)
    while True:
        cell = np.floor((points - low) / size)
        away = np.hypot(*(points - (low + (cell + 0.5) * size)).T)
        order = np.lexsort((away, cell[:, 1], cell[:, 0]))
        _cells, first = np.unique(cell[order], axis=0, return_index=True)
        if len(first) <= most:
            return np.sort(order[first])
        size *= 1.1
