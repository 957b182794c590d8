"""Coverage gaps (weiße Flecken): people whom no offer reaches, where they live together, and whether that holds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from shapely.geometry import MultiPoint

from ..messages import TeilhabeError, mark
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


def reached_under(reach: Reach, variant: Variant, radius: np.ndarray) -> np.ndarray:
    """Return which demand points are reached in a variant, shape (m,).

    Parameters
    ----------
    reach : Reach
        Computed at least up to ``(limit + largest radius) / detour``.
    variant : Variant
    radius : ndarray, shape (n,)
        Uncertainty of the offers' places in the unit of the costs, 0 for sure ones.

    Raises
    ------
    TeilhabeError
        When the reach was not computed far enough to answer.
    """
    slack = np.nan_to_num(np.asarray(radius, float))
    farthest = (variant.limit / variant.detour) + (slack.max(initial=0.0) if variant.rough > 0 else 0.0)
    if farthest > reach.limit * (1 + 1e-12):
        raise TeilhabeError(mark("The limit {limit} is larger than the {known} up to which the reach was computed."),
                            limit=farthest, known=reach.limit)
    cost = np.maximum(reach.cost - variant.rough * slack[reach.offer], 0) * variant.detour
    near = cost <= variant.limit
    return np.bincount(reach.point, weights=near, minlength=reach.n_points) > 0


@dataclass(frozen=True, eq=False)
class Gaps:
    """Places where people live together whom no offer reaches.

    Attributes
    ----------
    table : DataFrame, one row per gap, most people first
        ``people``, ``points``; ``way_least`` and ``way_mean`` to the nearest offer (NaN where none is known), people-
        weighted; ``nearest_offer`` (position of the offer that is nearest to most of the people, -1: none known);
        ``area`` (area with most of its people, -1: none).
    polygons : list of shapely geometry
        Outlines in the order of the table.
    gap_of_point : ndarray of int, shape (m,)
        Gap of every demand point, -1 for points that are reached or without people.
    """

    table: pd.DataFrame
    polygons: list
    gap_of_point: np.ndarray


def find_gaps(points: np.ndarray, people: np.ndarray, reached: np.ndarray, area: np.ndarray, nearest: np.ndarray,
              nearest_offer: np.ndarray, distance: float = 150.0, least_people: float = 0.0) -> Gaps:
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
    names = ("people", "points", "way_least", "way_mean", "nearest_offer", "area")
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
    for gap in range(len(order)):
        own = open_points[rank[group] == gap]
        ways, known = nearest[own], np.isfinite(nearest[own])
        rows.append((
            people[own].sum(), len(own), ways[known].min() if known.any() else np.nan,
            np.average(ways[known], weights=people[own][known]) if known.any() else np.nan,
            _most(nearest_offer[own], people[own]), _most(area[own], people[own]),
        ))
        polygons.append(MultiPoint(points[own]).buffer(distance / 2, _CORNERS))
    return Gaps(pd.DataFrame(rows, columns=names), polygons, gap_of_point)


def survival(gaps: Gaps, reach: Reach, people: np.ndarray, radius: np.ndarray, variants) -> np.ndarray:
    """Return the share (0…1) of each gap's people whom no offer reaches in each variant, shape (gaps, variants)."""
    people = np.nan_to_num(np.asarray(people, float))
    inside = gaps.gap_of_point >= 0
    columns = []
    for variant in variants:
        open_people = people * ~reached_under(reach, variant, radius)
        columns.append(np.bincount(gaps.gap_of_point[inside], weights=open_people[inside], minlength=len(gaps.table)))
    unreached = np.column_stack(columns) if columns else np.empty((len(gaps.table), 0))
    return unreached / gaps.table["people"].to_numpy(float)[:, None]


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
        Areas in which each offer may lie; used for the rough ones.
    """
    places = np.nan_to_num(np.asarray(capacity, float))
    sure = ~np.asarray(rough, bool) & (np.asarray(area) >= 0)
    least = np.bincount(np.asarray(area)[sure], weights=places[sure], minlength=n_areas)
    most = least.copy()
    for offer in np.flatnonzero(rough):
        where = np.unique(possible[offer])
        most[where] += places[offer]
        if len(where) == 1:
            least[where] += places[offer]
    return least, most


def _most(codes, weights) -> int:
    """Return the code with the largest weight, the smallest among equals."""
    unique, place = np.unique(codes, return_inverse=True)
    return int(unique[np.argmax(np.bincount(place, weights=weights))])
