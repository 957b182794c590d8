"""Gap analysis: need beside supply for every area, white spots and how they stand up to other assumptions."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ..messages import TeilhabeError, check_cancelled, mark
from .decay import Decay
from .gaps import Gaps, Variant, find_gaps, place_bounds, share_unreached, unreached_under
from .measures import SupplyRules, area_measures, point_measures
from .need_supply import NeedSupply, compare, supply_bounds, supply_levels
from .reach import Reach

#: what the supply of an area is measured by
PLACES, PLACES_INSIDE, SHARE = "places", "places_inside", "share"
#: upper bounds of low and medium supply where it is the share of people with an offer within reach, in percent
SHARE_BOUNDS = (75.0, 90.0)
#: share of the quota up to which supply is low; from the quota on it is high
QUOTA_LOW = 0.8
#: a gap survives a variant in which at least this share of its people is still without an offer
SURVIVES = 0.5


@dataclass(frozen=True)
class GapRules:
    """What counts as a gap, and what is varied to see whether it holds.

    Attributes
    ----------
    limits : tuple of float
        Limits of the ways; the first is the standard, the others are variants.
    detours : tuple of float
        Detour factors of the variants, as factors on the straight line.
    base : float
        Detour factor that the computed costs contain already.
    quota : float
        Places that shall be there per 100 people; NaN for none.
    supply_by : str
        `PLACES` (per 100 people, over the borders), `PLACES_INSIDE` (the area's own), `SHARE` (people with an offer
        within the standard limit), "" for places where at least half of the offers state them, else the share.
    bounds : (float, float), optional
        Upper bounds of low and medium supply. Without them `SHARE_BOUNDS` for shares, `QUOTA_LOW` of the quota and the
        quota itself where there is one, else the thirds of the areas.
    distance : float
        Unreached points up to so many metres from each other form one gap.
    least_people : float
        Smaller gaps are left out.
    """

    limits: tuple[float, ...]
    detours: tuple[float, ...] = (1.0,)
    base: float = 1.0
    quota: float = np.nan
    supply_by: str = ""
    bounds: tuple[float, float] | None = None
    distance: float = 150.0
    least_people: float = 0.0

    def __post_init__(self):
        if min(self.detours) < 1:
            raise TeilhabeError(mark("The detour factor {factor} is below 1: no way is shorter than the straight "
                                     "line."), factor=min(self.detours))
        if self.bounds is not None and not self.bounds[0] <= self.bounds[1]:
            raise TeilhabeError(mark("The lower bound of the supply, {lower}, is above the upper one, {upper}."),
                                lower=self.bounds[0], upper=self.bounds[1])

    @property
    def factors(self) -> tuple[float, ...]:
        """Detour factors in ascending order, the one the costs contain among them."""
        return tuple(sorted({*self.detours, self.base}))

    @property
    def standard(self) -> Variant:
        """The variant that the map shows."""
        return Variant(self.limits[0])

    @property
    def farthest(self) -> float:
        """Cost up to which the reach must be known, the uncertainty of the places aside."""
        return max(self.limits) * self.base / self.factors[0]

    def variants(self, has_rough: bool) -> list[Variant]:
        """Return all variants: limits in ascending order, detour factors, rough places as points, far and near."""
        signs = (0, -1, 1) if has_rough else (0,)
        return [Variant(limit, factor / self.base, sign) for limit in sorted(set(self.limits))
                for factor in self.factors for sign in signs]


@dataclass(frozen=True, eq=False)
class GapWays:
    """Ways from the demand points to the offers.

    Attributes
    ----------
    reach : Reach
        Up to `GapRules.farthest`.
    radius : ndarray, shape (n,)
        Uncertainty of the offers' places in the unit of the costs, 0 for sure ones.
    rough_reach : Reach, optional
        The roughly located offers, farther out by the largest radius.
    nearest, nearest_offer : ndarray, shape (m,)
        Cost to the nearest offer, also beyond the reach, and its position; NaN and -1 where none is known.
    """

    reach: Reach
    radius: np.ndarray
    rough_reach: Reach | None
    nearest: np.ndarray
    nearest_offer: np.ndarray


@dataclass(frozen=True, eq=False)
class Place:
    """Demand points, areas and offers of the analysis.

    Attributes
    ----------
    points : ndarray, shape (m, 2)
    people, area : ndarray, shape (m,)
        People and area (-1: none) of each demand point.
    totals : ndarray, shape (a,)
        People per area.
    capacity, offer_area : ndarray, shape (n,)
        Places (NaN: not known, 0: takes no part) and area (-1: none) of each offer.
    chosen : ndarray of bool, shape (n,)
        Offers that count.
    rough : ndarray of bool, shape (n,)
        Offers whose area is not certain.
    possible : list of ndarray of int, length n
        Areas in which each of these may lie, -1 for outside; see `gaps.place_bounds`.
    """

    points: np.ndarray
    people: np.ndarray
    area: np.ndarray
    totals: np.ndarray
    capacity: np.ndarray
    offer_area: np.ndarray
    chosen: np.ndarray
    rough: np.ndarray
    possible: list


@dataclass(frozen=True, eq=False)
class GapAnalysis:
    """What came out.

    Attributes
    ----------
    rules : GapRules
    variants : list of Variant
    unreached : ndarray of bool, shape (m,)
        Demand points without an offer within the standard limit.
    unreached_people : ndarray, shape (v,)
        People without an offer in each variant.
    people : float
        All people of the target group with a place.
    areas : DataFrame, a rows
        ``people``, ``offers``, ``capacity``, ``places_per_100``, ``places_floating``, ``rate_low``, ``rate_high``
        (places per 100 inside the area, given the rough places), ``balance``, ``balance_floating`` (places above, below
        0: missing against the goal), ``supply`` (what the level follows from), ``unreached_<i>`` (people without an
        offer at the i-th of the ascending limits), ``unreached`` (at the standard one), ``share`` (of them, %),
        ``rough_low``, ``rough_high`` (the same, given the rough places), ``low``, ``high`` (over all variants).
    goal : float
        Places per 100 people that the balance is measured against: the quota, or what the whole city has.
    supply_by : str
    bounds : (float, float)
        Upper bounds of low and medium supply.
    need_supply : NeedSupply
    rank : ndarray, shape (a,)
        Order in which the areas are to be looked at; by supply alone where no need is known.
    gaps : Gaps
    shares : ndarray, shape (gaps, v)
        Share of each gap's people without an offer in each variant.
    vanishes : ndarray, shape (gaps,)
        Smallest limit at which nobody of the gap is left; NaN where it lies beyond what was computed.
    """

    rules: GapRules
    variants: list
    unreached: np.ndarray
    unreached_people: np.ndarray
    people: float
    areas: pd.DataFrame
    goal: float
    supply_by: str
    bounds: tuple[float, float]
    need_supply: NeedSupply
    rank: np.ndarray
    gaps: Gaps
    shares: np.ndarray
    vanishes: np.ndarray
    survived: np.ndarray = field(init=False)

    def __post_init__(self):
        object.__setattr__(self, "survived", (self.shares >= SURVIVES - 1e-12).sum(axis=1))

    @property
    def has_need(self) -> bool:
        """Whether the need of any area is known."""
        return bool((self.need_supply.need >= 0).any())

    @property
    def in_gaps(self) -> float:
        """People in the gaps; those of gaps that were too small are missing."""
        return float(self.gaps.table["people"].sum())

    def holds(self, gap: int, limit: float, factor: float, rough: int = 0) -> bool:
        """Return whether a gap survives a variant."""
        return bool(self.shares[gap, self.position(limit, factor, rough)] >= SURVIVES - 1e-12)

    def position(self, limit: float, factor: float = 0.0, rough: int = 0) -> int:
        """Return the position of a variant; without factor the one that the costs contain."""
        detour = (factor or self.rules.base) / self.rules.base
        return self.variants.index(Variant(limit, detour, rough))


def analyse(place: Place, ways: GapWays, need: np.ndarray, rules: GapRules, progress=None,
            cancelled=None) -> GapAnalysis:
    """Return need beside supply, the gaps, and how they stand up.

    Parameters
    ----------
    place : Place
    ways : GapWays
    need : ndarray of int, shape (a,)
        Level of need of each area, -1 where not known; see `need_supply.need_levels`.
    rules : GapRules
    """
    people = np.nan_to_num(np.asarray(place.people, float))
    has_rough = bool((np.nan_to_num(ways.radius) > 0).any())
    variants = rules.variants(has_rough)
    unreached = unreached_under(ways.reach, ways.radius, variants, ways.rough_reach)
    check_cancelled(cancelled)
    if progress is not None:
        progress(30)
    standard = variants.index(rules.standard)
    supply_by = rules.supply_by or _measure(place)
    areas, goal = _areas(place, people, ways, rules)
    _add_unreached(areas, place, people, unreached, variants, rules)
    check_cancelled(cancelled)
    if progress is not None:
        progress(60)
    by_column = {PLACES: "places_floating", PLACES_INSIDE: "places_per_100"}
    values = 100 - areas["share"] if supply_by == SHARE else areas[by_column[supply_by]]
    areas["supply"] = values
    bounds = rules.bounds or _bounds(values, supply_by, rules.quota)
    supply = supply_levels(values, bounds)
    balance = areas["balance" if supply_by == PLACES_INSIDE else "balance_floating"]
    compared = compare(need, supply, areas["people"], areas["unreached"], balance)
    rank = compared.rank
    if not (np.asarray(need) >= 0).any():
        rank = compare(np.zeros(len(areas), int), supply, areas["people"], areas["unreached"], balance).rank
    gaps = find_gaps(place.points, people, ~unreached[:, standard], place.area, ways.nearest, ways.nearest_offer,
                     rules.distance, rules.least_people, cancelled)
    if progress is not None:
        progress(90)
    return GapAnalysis(
        rules, variants, unreached[:, standard], people @ unreached, float(people.sum()), areas, goal, supply_by,
        bounds, compared, rank, gaps, share_unreached(gaps, unreached, people), _vanishes(gaps, ways))


def _bounds(values, supply_by: str, quota: float) -> tuple[float, float]:
    if supply_by == SHARE:
        return SHARE_BOUNDS
    if quota > 0:
        return QUOTA_LOW * quota, float(np.nextafter(quota, 0))
    return supply_bounds(values)


def _measure(place: Place) -> str:
    known = np.isfinite(place.capacity[place.chosen])
    return PLACES if known.any() and known.mean() >= 0.5 and place.capacity[place.chosen][known].any() else SHARE


def _areas(place: Place, people, ways: GapWays, rules: GapRules) -> tuple[pd.DataFrame, float]:
    """Return the measures of the areas by places, and the goal that the balance is measured against."""
    limit = rules.limits[0]
    near = ways.reach.within(limit)
    known_people = np.nansum(place.totals)
    own = place.capacity[place.offer_area >= 0]
    goal = rules.quota
    if not np.isfinite(goal):
        goal = 100 * np.nansum(own) / known_people if known_people > 0 else np.nan
    supply_rules = SupplyRules((limit,), goal, Decay("binary", limit))
    found = area_measures(point_measures(near, people, place.capacity, supply_rules), place.area, place.totals,
                          place.offer_area, place.capacity, supply_rules)
    areas = found[["people", "offers", "capacity", "places_per_100", "places_floating", "balance",
                   "balance_floating"]].copy()
    if not np.isfinite(place.capacity[place.chosen]).any():
        areas[["capacity", "places_per_100", "places_floating", "balance", "balance_floating"]] = np.nan
    rough = place.rough & place.chosen
    least, most = place_bounds(place.capacity, place.offer_area, rough, place.possible, len(place.totals))
    for name, bound in (("rate_low", least), ("rate_high", most)):
        areas[name] = np.where(areas["places_per_100"].notna(), 100 * bound / np.where(
            place.totals > 0, place.totals, np.nan), np.nan)
    return areas, goal


def _add_unreached(areas: pd.DataFrame, place: Place, people, unreached, variants, rules: GapRules) -> None:
    inside = place.area >= 0
    own, n_areas = place.area[inside], len(areas)
    located = np.bincount(own, weights=people[inside], minlength=n_areas)
    counts = np.column_stack([np.bincount(own, weights=(people * column)[inside], minlength=n_areas)
                              for column in unreached.T])
    counts[~np.isfinite(place.totals)] = np.nan

    def column(limit, sign=0):
        return counts[:, variants.index(Variant(limit, 1.0, sign))]

    for number, limit in enumerate(sorted(set(rules.limits))):
        areas[f"unreached_{number}"] = column(limit)
    standard = rules.limits[0]
    areas["unreached"] = column(standard)
    areas["share"] = np.divide(100 * areas["unreached"], located, out=np.full(n_areas, np.nan), where=located > 0)
    rough = any(variant.rough for variant in variants)
    areas["rough_low"], areas["rough_high"] = (column(standard, sign if rough else 0) for sign in (1, -1))
    areas["low"], areas["high"] = counts.min(axis=1), counts.max(axis=1)


def _vanishes(gaps: Gaps, ways: GapWays) -> np.ndarray:
    """Return for each gap the largest of its points' ways, NaN where one of them is not known."""
    most = np.zeros(len(gaps.table))
    inside = gaps.gap_of_point >= 0
    cost = np.where(np.isfinite(ways.nearest), ways.nearest, np.inf)
    np.maximum.at(most, gaps.gap_of_point[inside], cost[inside])
    return np.where(np.isfinite(most), most, np.nan)
