"""How well areas, demand points and offers are supplied: numbers per 100, ways, shares within reach, missing places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..messages import TeilhabeError, mark
from . import floating_catchment
from .assignment import Assignment, assign
from .decay import Decay
from .reach import Reach

#: floating catchment methods by id
METHODS = {
    "two_step": floating_catchment.two_step,
    "three_step": floating_catchment.three_step,
    "balanced": floating_catchment.balanced,
}


@dataclass(frozen=True)
class SupplyRules:
    """What counts as supplied.

    Attributes
    ----------
    limits : tuple of float
        Ways up to which an offer counts as within reach, ascending, in the unit of the reach; the first is the
        standard.
    quota : float
        Places that shall be there per 100 people of the target group; NaN when there is no such goal.
    decay : Decay, optional
        Distance decay of the floating catchment; binary up to the first limit without.
    method : str
        A key of `METHODS`.
    nth : int
        Also the way to the n-th nearest offer.
    """

    limits: tuple[float, ...]
    quota: float = np.nan
    decay: Decay | None = None
    method: str = "two_step"
    nth: int = 2

    def __post_init__(self):
        if not self.limits or list(self.limits) != sorted(set(self.limits)) or not self.limits[0] > 0:
            raise TeilhabeError(mark("The limits of the ways must be numbers above 0 in ascending order."))
        if self.method not in METHODS:
            raise TeilhabeError(mark("“{method}” is no way to compute the supply. Possible are: {methods}."),
                                method=self.method, methods=", ".join(METHODS))
        if self.quota < 0:
            raise TeilhabeError(mark("The quota is {quota}; it must be 0 or more."), quota=self.quota)

    @property
    def weighting(self) -> Decay:
        """The decay that applies."""
        return self.decay or Decay("binary", self.limits[0])


def point_measures(reach: Reach, people: np.ndarray, capacity: np.ndarray, rules: SupplyRules) -> pd.DataFrame:
    """Return the measures of every demand point.

    Returns
    -------
    DataFrame, m rows
        ``people``; ``nearest`` (cost), ``nearest_offer`` (position, -1: none), ``nth`` (cost of the n-th nearest);
        ``within_<i>`` (number of offers within the i-th limit); ``places`` (places per 100 people, floating
        catchment); ``opportunities`` (places within the first limit, whoever else wants them); ``available`` (places
        that are this point's share).
    """
    method, decay = METHODS[rules.method], rules.weighting
    columns = {
        "people": np.asarray(people, float), "nearest": reach.nearest(), "nearest_offer": reach.nearest_offer(),
        "nth": reach.nearest(rules.nth),
    }
    for number, limit in enumerate(rules.limits):
        columns[f"within_{number}"] = np.diff(reach.within(limit).starts)
    columns["places"] = 100 * method(reach, people, capacity, decay)
    columns["opportunities"] = floating_catchment.opportunities(reach, capacity, Decay("binary", rules.limits[0]))
    columns["available"] = floating_catchment.availability(reach, people, capacity, decay)
    return pd.DataFrame(columns)


def area_measures(points: pd.DataFrame, area: np.ndarray, totals: np.ndarray, offer_area: np.ndarray,
                  capacity: np.ndarray, rules: SupplyRules) -> pd.DataFrame:
    """Return the measures of every area.

    Parameters
    ----------
    points : DataFrame
        As `point_measures` returns them.
    area : ndarray of int, shape (m,)
        Area of each demand point, -1 for none.
    totals : ndarray, shape (a,)
        People of the target group per area, those without a demand point included.
    offer_area : ndarray of int, shape (n,)
        Area in which each offer lies, -1 for none.
    capacity : ndarray, shape (n,)
        Places; NaN: not known (the offer counts, its places do not).

    Returns
    -------
    DataFrame, a rows
        ``people``, ``offers``, ``capacity``; ``offers_per_100``, ``places_per_100`` (inside the area's borders);
        ``places_floating`` (people-weighted mean of the points: over the borders); ``balance``, ``balance_floating``
        (places above, below 0: missing against the quota); ``way_mean``, ``way_median``, ``way_90`` (people-weighted,
        of those who reach an offer); ``nth_mean``; ``reached_<i>``, ``share_<i>``, ``unreached_<i>`` people within the
        i-th limit. NaN where nobody of the group lives.
    """
    totals = np.asarray(totals, float)
    n_areas = len(totals)
    inside = np.asarray(area) >= 0
    own, here = np.asarray(area)[inside], points[inside]
    people = here["people"].to_numpy(float)
    placed_offers = np.asarray(offer_area) >= 0
    offers = np.bincount(np.asarray(offer_area)[placed_offers], minlength=n_areas)
    places = np.bincount(np.asarray(offer_area)[placed_offers],
                         weights=np.nan_to_num(np.asarray(capacity, float))[placed_offers], minlength=n_areas)
    nobody = ~(totals > 0)

    def per_100(values):
        return np.divide(100 * values, totals, out=np.full(n_areas, np.nan), where=~nobody)

    located = np.bincount(own, weights=np.nan_to_num(people), minlength=n_areas)
    floating = _weighted_mean(here["places"].to_numpy(float), people, own, n_areas)
    columns = {
        "people": totals, "offers": offers, "capacity": places, "offers_per_100": per_100(offers),
        "places_per_100": per_100(places), "places_floating": floating,
        "balance": places - rules.quota / 100 * totals, "balance_floating": (floating - rules.quota) / 100 * totals,
    }
    nearest, nth = here["nearest"].to_numpy(float), here["nth"].to_numpy(float)
    columns["way_mean"] = _weighted_mean(nearest, people, own, n_areas)
    columns["way_median"], columns["way_90"] = weighted_quantiles(nearest, people, own, n_areas, (0.5, 0.9))
    columns["nth_mean"] = _weighted_mean(nth, people, own, n_areas)
    for number in range(len(rules.limits)):
        counted = np.where(here[f"within_{number}"].to_numpy() > 0, np.nan_to_num(people), 0.0)
        reached = np.bincount(own, weights=counted, minlength=n_areas)
        share = np.divide(100 * reached, located, out=np.full(n_areas, np.nan), where=located > 0)
        columns[f"reached_{number}"] = reached
        columns[f"share_{number}"] = share
        columns[f"unreached_{number}"] = located - reached
    return pd.DataFrame(columns)


def offer_measures(reach: Reach, people: np.ndarray, capacity: np.ndarray, rules: SupplyRules,
                   cancelled=None, assignment: Assignment | None = None) -> pd.DataFrame:
    """Return the measures of every offer.

    Parameters
    ----------
    assignment : Assignment, optional
        Of the people to the places within the first limit, where it is known already.

    Returns
    -------
    DataFrame, n rows
        ``reached_<i>`` (people within the i-th limit), ``only`` (people of the first limit who reach no other offer),
        ``asked`` (people asking by the floating catchment), ``ratio`` (places per 100 of them), ``filled`` and
        ``utilisation`` (%; shortest ways first, places limited, within the first limit).
    """
    people = np.nan_to_num(np.asarray(people, float))
    columns = {}
    for number, limit in enumerate(rules.limits):
        near = reach.within(limit)
        columns[f"reached_{number}"] = near.sums_by_offer(people[near.point])
    near = reach.within(rules.limits[0])
    alone = np.diff(near.starts) == 1
    columns["only"] = near.sums_by_offer((people * alone)[near.point])
    weight = rules.weighting(reach.cost)
    columns["asked"] = reach.sums_by_offer(weight * people[reach.point])
    columns["ratio"] = 100 * floating_catchment.offer_ratio(reach, people, capacity, weight)
    assignment = assignment or assign(near, people, capacity, cancelled)
    columns["filled"], columns["utilisation"] = assignment.filled, 100 * assignment.utilisation
    return pd.DataFrame(columns)


def city_measures(points: pd.DataFrame, areas: pd.DataFrame, area: np.ndarray, rules: SupplyRules) -> dict[str, float]:
    """Return the figures of all areas together.

    Parameters
    ----------
    points, areas : DataFrame
        As `point_measures` and `area_measures` return them.
    area : ndarray of int, shape (m,)
        Area of each demand point; points outside all areas (-1) do not count.

    Returns
    -------
    dict
        ``people``, ``offers``, ``capacity``, ``places_per_100``, ``places_floating``, ``missing`` (places below the
        quota where they are needed), ``way_mean``, ``way_median``, ``way_90``, ``nth_mean``; ``reached_<i>``,
        ``share_<i>``, ``unreached_<i>``.
    """
    inside = np.asarray(area) >= 0
    here = points[inside]
    people = np.nan_to_num(here["people"].to_numpy(float))
    group = np.zeros(len(people), dtype=np.int64)
    nearest = here["nearest"].to_numpy(float)
    total, places = float(np.nansum(areas["people"])), float(np.nansum(areas["capacity"]))
    short = np.minimum(areas["balance_floating"].to_numpy(float), 0)
    found = {
        "people": total, "offers": float(np.nansum(areas["offers"])), "capacity": places,
        "places_per_100": 100 * places / total if total else np.nan,
        "places_floating": float(_weighted_mean(here["places"].to_numpy(float), people, group, 1)[0]),
        "missing": float(-np.nansum(short)) if np.isfinite(rules.quota) else np.nan,
        "way_mean": float(_weighted_mean(nearest, people, group, 1)[0]),
    }
    median, ninety = weighted_quantiles(nearest, people, group, 1, (0.5, 0.9))
    found |= {"way_median": float(median[0]), "way_90": float(ninety[0]),
              "nth_mean": float(_weighted_mean(here["nth"].to_numpy(float), people, group, 1)[0])}
    for number in range(len(rules.limits)):
        reached = float(people[here[f"within_{number}"].to_numpy() > 0].sum())
        located = float(people.sum())
        found |= {f"reached_{number}": reached, f"unreached_{number}": located - reached,
                  f"share_{number}": 100 * reached / located if located else np.nan}
    return found


def weighted_quantiles(values, weights, group, n_groups: int, levels) -> list[np.ndarray]:
    """Return weighted quantiles of each group: the smallest value that at least the given share does not exceed.

    Parameters
    ----------
    values, weights, group : ndarray, shape (m,)
        Entries with missing value or without weight are left out.
    levels : sequence of float
        Shares between 0 and 1.

    Returns
    -------
    list of ndarray, shape (n_groups,)
        NaN for groups without entries.
    """
    values, weights = np.asarray(values, float), np.nan_to_num(np.asarray(weights, float))
    known = np.isfinite(values) & (weights > 0)
    values, weights, group = values[known], weights[known], np.asarray(group)[known]
    order = np.lexsort((values, group))
    values, weights, group = values[order], weights[order], group[order]
    totals = np.bincount(group, weights=weights, minlength=n_groups)
    before = np.concatenate([[0.0], np.cumsum(totals)[:-1]])
    share = (np.cumsum(weights) - before[group]) / totals[group]
    found = []
    for level in levels:
        enough = np.flatnonzero(share >= level - 1e-12)
        quantile = np.full(n_groups, np.nan)
        quantile[group[enough][::-1]] = values[enough][::-1]  # the first one that is enough is written last
        found.append(quantile)
    return found


def _weighted_mean(values, weights, group, n_groups) -> np.ndarray:
    values, weights = np.asarray(values, float), np.nan_to_num(np.asarray(weights, float))
    known = np.isfinite(values) & (weights > 0)
    total = np.bincount(group[known], weights=weights[known], minlength=n_groups)
    summed = np.bincount(group[known], weights=(values * weights)[known], minlength=n_groups)
    return np.divide(summed, total, out=np.full(n_groups, np.nan), where=total > 0)
