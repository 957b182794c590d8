"""The measures of a supply analysis for areas, demand points and offers, and what is left out of them."""
from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from ..core.messages import Message, check_cancelled, mark
from ..core.supply.assignment import assign
from ..core.supply.border_effect import border_effect
from ..core.supply.equity_by_class import Equity, equity_of
from ..core.supply.measures import SupplyRules, area_measures, offer_measures, point_measures
from ..core.supply.reach import Reach
from .index_classes import IndexClasses
from .supply_case import SupplyCase

#: the nearest offers are searched up to so many times the reach; each search goes twice as far
_SEARCHES = 4
#: methods whose figure is places per person, so that a quota can be compared with it
PER_PERSON = ("two_step", "three_step")


@dataclass(frozen=True, eq=False)
class SupplyResult:
    """Measures and what they rest on.

    Attributes
    ----------
    case : SupplyCase
    rules : SupplyRules
    reach : Reach
    has_capacity : bool
        False when no offer has a number of places: then there are no measures of places.
    points, areas, offers : DataFrame
        As `core.supply.measures` returns them, with more columns: areas ``opportunities``, ``available``, ``unplaced``
        (people without a free place in reach), ``border`` (see `core.supply.border_effect`); points ``unplaced``.
    level : float
        Places per 100 that count as enough: the quota, else the figure of all areas.
    searched : float
        Ways to the nearest offers are known up to here.
    equity : Equity
    index : IndexClasses or None
    notes : tuple of Message
    """

    case: SupplyCase
    rules: SupplyRules
    reach: Reach
    has_capacity: bool
    points: pd.DataFrame
    areas: pd.DataFrame
    offers: pd.DataFrame
    level: float
    searched: float
    equity: Equity
    index: IndexClasses | None = None
    notes: tuple[Message, ...] = ()

    @property
    def compares(self) -> bool:
        """Whether the figure over the borders is compared with a quota."""
        return self.has_capacity and bool(np.isfinite(self.rules.quota)) and self.rules.method in PER_PERSON

    @property
    def totals(self) -> dict[str, float]:
        """Return the figures of all areas together, by the names of the algorithm's outputs."""
        areas, case = self.areas, self.case
        people, inside = np.nansum(areas["people"]), case.area_of_chosen >= 0
        living = case.demand.area >= 0
        located = case.people[living].sum()
        reached = case.people[living & (self.points["within_0"].to_numpy() > 0)].sum()
        places = float(np.nansum(case.capacity[inside])) if self.has_capacity else np.nan
        lacking = np.minimum(areas["balance_floating"].to_numpy(float), 0)
        found = {
            "AREA_COUNT": len(areas), "PEOPLE_COUNT": float(people), "OFFER_COUNT": int(case.chosen.sum()),
            "PLACES": places, "PLACES_PER_100": 100 * places / people if people else np.nan,
            "REACHED": float(reached), "UNREACHED": float(located - reached),
            "REACHED_SHARE": 100 * reached / located if located else np.nan,
            "MISSING": float(0.0 - np.nansum(lacking)) if self.compares else np.nan,
            "UNPLACED": float(self.points["unplaced"].to_numpy()[living].sum()) if self.has_capacity else np.nan,
            "GINI": self.equity.gini, "BORDER": int((areas["border"] != 0).sum()),
        }
        # plain numbers: other kinds do not reach the outputs of Processing
        return {name: value if isinstance(value, int) else float(value) for name, value in found.items()}


def measure(case: SupplyCase, reach: Reach, rules: SupplyRules, far_reach=None, index: IndexClasses | None = None,
            progress=None, cancelled=None) -> SupplyResult:
    """Compute all measures of a case.

    Parameters
    ----------
    case : SupplyCase
    reach : Reach
        Computed at least up to the largest limit and the catchment.
    rules : SupplyRules
    far_reach : callable, optional
        (case, limit) → Reach: computes the reach of a few points farther out, so that the way to the nearest offers is
        known of those, too, who have none within the limits. Without it straight lines are searched in full, and
        other ways as far as `reach` goes.
    index : IndexClasses, optional
    progress, cancelled : callable, optional
    """
    def step(percent):
        check_cancelled(cancelled)
        if progress is not None:
            progress(percent)

    people, capacity, notes = case.people, case.capacity, []
    has_capacity = bool(np.isfinite(case.offers.capacity[case.chosen]).any())
    if not has_capacity:
        notes.append(Message(mark("No offer has a number of places: offers are counted and ways measured, but there "
                                  "are no figures on places. Choose the field with the number of places.")))
    points = point_measures(reach, people, capacity, rules)
    step(25)
    searched = _look_farther(case, reach, rules, points, far_reach)
    step(50)
    near = reach.within(rules.limits[0])
    assigned = assign(near, people, capacity, cancelled)
    points["unplaced"] = assigned.unplaced
    step(70)
    areas = _areas(case, points, rules)
    offers = offer_measures(reach, people, capacity, rules, cancelled, assigned)
    step(85)
    total = np.nansum(areas["people"])
    inside = case.area_of_chosen >= 0
    level = rules.quota if np.isfinite(rules.quota) else 100 * np.nansum(capacity[inside]) / total if total else np.nan
    areas["border"] = border_effect(areas["places_per_100"], areas["places_floating"], level)
    if has_capacity and rules.method not in PER_PERSON:
        areas["border"], areas["balance_floating"] = 0, np.nan
        notes.append(Message(mark("The balanced figure tells better from worse supplied places. It is no number of "
                                  "places per 100 people – the finer people are placed, the smaller it is – and is "
                                  "not compared with a quota or with the figure inside the area.")))
    if not has_capacity:
        _forget_places(points, areas, offers)
    if not np.isfinite(rules.quota):
        areas[["balance", "balance_floating"]] = np.nan
    supply = points["places"] if has_capacity else points["within_0"]
    equity = equity_of(supply, people, points["within_0"] > 0, points["nearest"], case.demand.area,
                       None if index is None else index.position, 0 if index is None else len(index.names))
    unknown = float(people[np.isnan(points["nearest"].to_numpy())].sum())
    if unknown:
        notes.append(Message(mark("{people} people have no offer within {limit} {unit}, or no way to one; the ways of "
                                  "the others make up the mean, the median and the 90 % figure."),
                             people=round(unknown), limit=round(searched), unit=reach.unit))
    step(100)
    return SupplyResult(case, rules, reach, has_capacity, points, areas, offers, level, searched, equity, index,
                        (*case.notes, *notes))


def _look_farther(case: SupplyCase, reach: Reach, rules: SupplyRules, points: pd.DataFrame, far_reach) -> float:
    """Fill in the nearest and the n-th nearest offer beyond the reach; return up to where they are known."""
    nearest, nth = points["nearest"].to_numpy().copy(), points["nth"].to_numpy().copy()
    offer = points["nearest_offer"].to_numpy().copy()
    wanted = min(rules.nth, int(case.chosen.sum()))
    searched = reach.limit
    for _ in range(_SEARCHES):
        here = np.flatnonzero((np.isnan(nearest) | (np.isnan(nth) & (wanted == rules.nth))) & (case.people > 0))
        if not len(here) or not wanted or far_reach is None:
            break
        searched *= 2
        farther = far_reach(_only(case, here), searched)
        nearest[here], offer[here], nth[here] = farther.nearest(), farther.nearest_offer(), farther.nearest(rules.nth)
    points["nearest"], points["nearest_offer"], points["nth"] = nearest, offer, nth
    return searched


def straight_ways(case: SupplyCase, detour: float, nth: int):
    """Return a `far_reach` for straight lines that finds the nearest offers however far they are."""
    known = np.flatnonzero(case.chosen & np.isfinite(case.offer_points).all(axis=1))
    tree = cKDTree(case.offer_points[known])
    several = min(nth, len(known))

    def ways(some: SupplyCase, limit: float) -> Reach:
        places = some.demand.points
        there = np.isfinite(places).all(axis=1)
        distance, position = tree.query(np.where(there[:, None], places, 0.0), k=[*range(1, several + 1)])
        starts = np.concatenate([[0], np.cumsum(np.where(there, several, 0))]).astype(np.int64)
        return Reach(starts, known[position[there]].ravel().astype(np.int32), detour * distance[there].ravel(),
                     len(case.offers), np.inf, "m", "straight")

    return ways


def _only(case: SupplyCase, rows: np.ndarray) -> SupplyCase:
    demand = case.demand
    return replace(case, demand=replace(demand, x=demand.x[rows], y=demand.y[rows], area=demand.area[rows],
                                        people=demand.people[rows]))


def _areas(case: SupplyCase, points: pd.DataFrame, rules: SupplyRules) -> pd.DataFrame:
    """Return the measures of the areas; those whose people are not known have numbers of offers only."""
    area, count = case.demand.area, len(case.areas)
    areas = area_measures(points, area, case.totals, case.area_of_chosen, case.capacity, rules)
    inside, people = area >= 0, case.people
    for name in ("available", "unplaced"):
        areas[name] = np.bincount(area[inside], weights=points[name].to_numpy(float)[inside], minlength=count)
    weight = np.bincount(area[inside], weights=people[inside], minlength=count)
    reachable = np.bincount(area[inside], weights=(people * points["opportunities"].to_numpy(float))[inside],
                            minlength=count)
    areas["opportunities"] = np.divide(reachable, weight, out=np.full(count, np.nan), where=weight > 0)
    unknown = np.isnan(case.totals)
    areas.loc[unknown, [name for name in areas if name not in ("offers", "capacity")]] = np.nan
    return areas


def _forget_places(points: pd.DataFrame, areas: pd.DataFrame, offers: pd.DataFrame) -> None:
    """Without a number of places nothing that counts them is known."""
    areas["border"] = 0
    areas[["capacity", "places_per_100", "places_floating", "balance", "balance_floating", "opportunities", "available",
           "unplaced"]] = np.nan
    points[["places", "opportunities", "available", "unplaced"]] = np.nan
    offers[["ratio", "filled", "utilisation"]] = np.nan


