"""Coverage gaps (weiße Flecken): people whom no offer reaches, where they live together, and whether that holds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from shapely.geometry import Point
from shapely.ops import unary_union

from ..messages import TeilhabeError, check_cancelled, mark
from .reach import Reach

_CORNERS = 8  # per quarter circle


@dataclass(frozen=True)
class Variant:
    """One way to ask who is reached: a limit, a detour factor on top of the computed cost, and how rough places count.

    Attributes
    ----------
    limit : float
    detour : float
        The costs are multiplied by it.
    rough : int
        -1: roughly located offers lie as far away as they may, 0: at their point, 1: as near as they may.
    """

    limit: float
    detour: float = 1.0
    rough: int = 0


def nearest_ways(reach: Reach, radius: np.ndarray, rough: int = 0, rough_reach: Reach | None = None) -> np.ndarray:
    """Return the cost to the nearest offer of every demand point, infinite where none is within the reach; shape (m,).

    Parameters
    ----------
    reach : Reach
    radius : ndarray, shape (n,)
        Uncertainty of the offers' places in the unit of the costs, 0 for sure ones.
    rough : int
        As in `Variant`: -1 adds the radius to the costs, 1 takes it off.
    rough_reach : Reach, optional
        The same points and offers farther out, needed only for the roughly located offers and only when they count as
        near as may be. Without it `reach` must lead so far itself.
    """
    slack = np.nan_to_num(np.asarray(radius, float))
    if rough > 0 and rough_reach is not None:
        entries = slack[rough_reach.offer] > 0
        return np.minimum(_least(reach, reach.cost), _least(
            rough_reach.keep(entries), np.maximum(rough_reach.cost - slack[rough_reach.offer], 0)[entries]))
    return _least(reach, np.maximum(reach.cost - rough * slack[reach.offer], 0) if rough else reach.cost)


def _least(reach: Reach, cost: np.ndarray) -> np.ndarray:
    """Return the least of one cost per entry for each demand point, infinite without entries."""
    least = np.full(reach.n_points, np.inf)
    has = np.flatnonzero(np.diff(reach.starts) > 0)
    if len(has):
        least[has] = np.minimum.reduceat(cost, reach.starts[has])
    return least


def reached_under(reach: Reach, variant: Variant, radius: np.ndarray, rough_reach: Reach | None = None) -> np.ndarray:
    """Return which demand points are reached in a variant, shape (m,).

    Parameters
    ----------
    reach : Reach
        Computed at least up to ``limit / detour``, and farther by the largest radius where roughly located offers
        count as near as may be and there is no `rough_reach`.
    variant : Variant
    radius, rough_reach
        As in `nearest_ways`.

    Raises
    ------
    TeilhabeError
        When the reach was not computed far enough to answer.
    """
    _check_far_enough(reach, variant, radius, rough_reach)
    return nearest_ways(reach, radius, variant.rough, rough_reach) * variant.detour <= variant.limit


def _check_far_enough(reach: Reach, variant: Variant, radius, rough_reach: Reach | None) -> None:
    slack = np.nan_to_num(np.asarray(radius, float)).max(initial=0.0) if variant.rough > 0 else 0.0
    farthest = variant.limit / variant.detour
    needed = [(reach, farthest + (slack if rough_reach is None else 0.0))]
    if rough_reach is not None and variant.rough > 0:
        needed.append((rough_reach, farthest + slack))
    for known, needs in needed:
        if needs > known.limit * (1 + 1e-12):
            raise TeilhabeError(mark("The limit {limit} is larger than the {known} up to which the reach was "
                                     "computed."), limit=needs, known=known.limit)


def unreached_under(reach: Reach, radius: np.ndarray, variants, rough_reach: Reach | None = None) -> np.ndarray:
    """Return which demand points are not reached in each variant, shape (m, number of variants)."""
    ways = {rough: nearest_ways(reach, radius, rough, rough_reach) for rough in {each.rough for each in variants}}
    unreached = np.empty((reach.n_points, len(variants)), dtype=bool)
    for column, variant in enumerate(variants):
        _check_far_enough(reach, variant, radius, rough_reach)
        unreached[:, column] = ~(ways[variant.rough] * variant.detour <= variant.limit)
    return unreached


@dataclass(frozen=True, eq=False)
class Gaps:
    """Places where people live together whom no offer reaches.

    Attributes
    ----------
    table : DataFrame, one row per gap, most people first
        ``people``, ``points``; ``way_least``, ``way_mean`` (people-weighted) and ``way_most`` to the nearest offer (NaN
        where none is known); ``nearest_offer`` (position of the offer that is nearest to most of the people, -1: none
        known); ``area`` (area with most of its people, -1: none).
    polygons : list of shapely geometry
        Outlines in the order of the table.
    gap_of_point : ndarray of int, shape (m,)
        Gap of every demand point, -1 for points that are reached, without people, or of a gap that was left out.
    """

    table: pd.DataFrame
    polygons: list
    gap_of_point: np.ndarray


def find_gaps(points: np.ndarray, people: np.ndarray, reached: np.ndarray, area: np.ndarray, nearest: np.ndarray,
              nearest_offer: np.ndarray, distance: float = 150.0, least_people: float = 0.0, cancelled=None) -> Gaps:
    """Return the gaps: unreached points that are near to each other form one.

    Parameters
    ----------
    points : ndarray, shape (m, 2)
        Metres.
    people : ndarray, shape (m,)
    reached : ndarray of bool, shape (m,)
    area : ndarray of int, shape (m,)
    nearest, nearest_offer : ndarray, shape (m,)
        Cost and position of the nearest offer, however far; NaN and -1 where not known.
    distance : float
        Points up to this distance from each other belong together; the outline runs half of it around them.
    least_people : float
        Smaller gaps are left out.
    """
    people = np.nan_to_num(np.asarray(people, float))
    open_points = np.flatnonzero(~np.asarray(reached, bool) & (people > 0) & np.isfinite(points).all(axis=1))
    gap_of_point = np.full(len(people), -1)
    names = ("people", "points", "way_least", "way_mean", "way_most", "nearest_offer", "area")
    if not len(open_points):
        return Gaps(pd.DataFrame({name: [] for name in names}), [], gap_of_point)
    pairs = cKDTree(points[open_points]).query_pairs(distance, output_type="ndarray")
    graph = sparse.coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(open_points),) * 2)
    _count, group = connected_components(graph, directed=False)
    total = np.bincount(group, weights=people[open_points])
    order = np.lexsort((np.arange(len(total)), -total))
    order = order[total[order] >= least_people]
    rank = np.full(len(total), -1)
    rank[order] = np.arange(len(order))
    gap_of_point[open_points] = rank[group]
    rows, polygons = [], []
    by_gap = np.argsort(gap_of_point[open_points], kind="stable")
    ends = np.searchsorted(gap_of_point[open_points][by_gap], np.arange(len(order) + 1))
    for gap in range(len(order)):
        check_cancelled(cancelled)
        own = open_points[by_gap[ends[gap] : ends[gap + 1]]]
        ways, known = nearest[own], np.isfinite(nearest[own])
        rows.append((
            people[own].sum(), len(own), ways[known].min() if known.any() else np.nan,
            np.average(ways[known], weights=people[own][known]) if known.any() else np.nan,
            ways.max() if known.all() else np.nan, _most(nearest_offer[own], people[own]),
            _most(area[own], people[own]),
        ))
        polygons.append(_outline(points[own], distance))
    return Gaps(pd.DataFrame(rows, columns=names), polygons, gap_of_point)


def survival(gaps: Gaps, reach: Reach, people: np.ndarray, radius: np.ndarray, variants,
             rough_reach: Reach | None = None) -> np.ndarray:
    """Return the share (0…1) of each gap's people whom no offer reaches in each variant, shape (gaps, variants)."""
    return share_unreached(gaps, unreached_under(reach, radius, variants, rough_reach), people)


def share_unreached(gaps: Gaps, unreached: np.ndarray, people: np.ndarray) -> np.ndarray:
    """Return the same as `survival` from the demand points' answers, as `unreached_under` gives them."""
    inside = gaps.gap_of_point >= 0
    people = np.nan_to_num(np.asarray(people, float))[inside]
    columns = [np.bincount(gaps.gap_of_point[inside], weights=people * column[inside], minlength=len(gaps.table))
               for column in unreached.T]
    counts = np.column_stack(columns) if columns else np.empty((len(gaps.table), 0))
    return counts / gaps.table["people"].to_numpy(float)[:, None]


def _outline(points: np.ndarray, distance: float):
    """Return an outline half the distance around points, necks and notches narrower than the distance filled."""
    circles = [Point(point).buffer(distance, _CORNERS) for point in np.unique(points, axis=0)]
    return unary_union(circles).buffer(-distance / 2, _CORNERS)  # far faster than the buffer of a multipoint


def place_bounds(capacity: np.ndarray, area: np.ndarray, rough: np.ndarray, possible: list[np.ndarray],
                 n_areas: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the fewest and the most places that each area can have, given that some offers are roughly located.

    Parameters
    ----------
    capacity, area : ndarray, shape (n,)
        Places and area (-1: none) of each offer.
    rough : ndarray of bool, shape (n,)
        Offers whose area is not certain.
    possible : list of ndarray of int, length n
        Areas in which each offer may lie, -1 for outside of all; used for the rough ones.
    """
    places = np.nan_to_num(np.asarray(capacity, float))
    sure = ~np.asarray(rough, bool) & (np.asarray(area) >= 0)
    least = np.bincount(np.asarray(area)[sure], weights=places[sure], minlength=n_areas).astype(float)
    most = least.copy()
    for offer in np.flatnonzero(rough):
        where = np.unique(possible[offer])
        inside = where[where >= 0]
        most[inside] += places[offer]
        if len(where) == 1:
            least[inside] += places[offer]
    return least, most


def _most(codes, weights) -> int:
    """Return the code with the largest weight, the smallest among equals."""
    unique, place = np.unique(codes, return_inverse=True)
    return int(unique[np.argmax(np.bincount(place, weights=weights))])
