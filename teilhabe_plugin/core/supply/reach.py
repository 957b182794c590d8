"""Who reaches which offer at what cost: a sparse matrix of demand points by offers with a cut-off."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

from ..messages import TeilhabeError, check_cancelled, mark

#: units of cost
METRES, MINUTES = "m", "min"
_BLOCK = 50_000


@dataclass(frozen=True, eq=False)
class Reach:
    """Pairs of demand point and offer that lie within the cut-off, by rows.

    Row ``i`` (a demand point) owns the entries ``starts[i]:starts[i + 1]``, sorted by cost, then by offer. A pair that
    is not listed is out of reach; there is no number that stands for it.

    Attributes
    ----------
    starts : ndarray of int64, shape (m + 1,)
    offer : ndarray of int32, shape (k,)
        Position of the offer.
    cost : ndarray of float64, shape (k,)
        Distance in metres or time in minutes.
    n_offers : int
    limit : float
        Cut-off, in the unit of `cost`; pairs at exactly this cost are in.
    unit : str
        `METRES` or `MINUTES`.
    how : str
        “straight”, “detour” or “network”.
    """

    starts: np.ndarray
    offer: np.ndarray
    cost: np.ndarray
    n_offers: int
    limit: float
    unit: str = METRES
    how: str = "straight"

    @property
    def n_points(self) -> int:
        """Number of demand points."""
        return len(self.starts) - 1

    def __len__(self) -> int:
        return len(self.offer)

    @property
    def point(self) -> np.ndarray:
        """Demand point of every entry, shape (k,)."""
        return np.repeat(np.arange(self.n_points, dtype=np.int32), np.diff(self.starts))

    def within(self, limit: float) -> Reach:
        """Return the pairs up to a smaller limit.

        Raises
        ------
        TeilhabeError
            When the limit is larger than the one this reach was computed with: what lies beyond is not known.
        """
        if limit > self.limit:
            raise TeilhabeError(mark("The limit {limit} is larger than the {known} up to which the reach was "
                                     "computed."), limit=limit, known=self.limit)
        return replace(self.keep(self.cost <= limit), limit=float(limit))

    def keep(self, entries: np.ndarray) -> Reach:
        """Return only some entries; `entries` is a boolean array of shape (k,)."""
        counts = np.concatenate([[0], np.cumsum(entries)])
        return replace(self, starts=counts[self.starts], offer=self.offer[entries], cost=self.cost[entries])

    def without(self, offers: np.ndarray) -> Reach:
        """Return the reach when some offers are closed; they keep their position, so the others keep theirs."""
        closed = np.zeros(self.n_offers, dtype=bool)
        closed[offers] = True
        return self.keep(~closed[self.offer])

    def with_offers(self, other: Reach) -> Reach:
        """Return the reach with further offers, numbered after these; both have the same demand points and unit."""
        if (self.n_points, self.unit) != (other.n_points, other.unit):
            raise ValueError("two reaches of different demand points or units")
        limit = min(self.limit, other.limit)
        point = np.concatenate([self.point, other.point])
        offer = np.concatenate([self.offer, other.offer + np.int32(self.n_offers)])
        cost = np.concatenate([self.cost, other.cost])
        return from_pairs(point, offer, cost, self.n_points, self.n_offers + other.n_offers, limit, self.unit, self.how)

    def matrix(self, values: np.ndarray) -> sparse.csr_matrix:
        """Return one value per entry as a sparse matrix of points by offers."""
        return sparse.csr_matrix((values, self.offer, self.starts), shape=(self.n_points, self.n_offers))

    def sums_by_offer(self, values: np.ndarray) -> np.ndarray:
        """Return the sum of one value per entry for each offer, shape (n_offers,)."""
        return np.bincount(self.offer, weights=values, minlength=self.n_offers)

    def sums_by_point(self, values: np.ndarray) -> np.ndarray:
        """Return the sum of one value per entry for each demand point, shape (m,)."""
        return np.bincount(self.point, weights=values, minlength=self.n_points)

    def nearest(self, n: int = 1) -> np.ndarray:
        """Return the cost to the n-th nearest offer, NaN where fewer than n are within the limit; shape (m,)."""
        found = np.full(self.n_points, np.nan)
        has = np.diff(self.starts) >= n
        found[has] = self.cost[self.starts[:-1][has] + n - 1]
        return found

    def nearest_offer(self, n: int = 1) -> np.ndarray:
        """Return the position of the n-th nearest offer, -1 where there is none within the limit; shape (m,)."""
        found = np.full(self.n_points, -1, dtype=np.int32)
        has = np.diff(self.starts) >= n
        found[has] = self.offer[self.starts[:-1][has] + n - 1]
        return found

    def reached(self) -> np.ndarray:
        """Return whether a demand point reaches any offer, shape (m,)."""
        return np.diff(self.starts) > 0


def from_pairs(point, offer, cost, n_points: int, n_offers: int, limit: float, unit: str = METRES,
               how: str = "straight") -> Reach:
    """Return the reach of unordered pairs; pairs beyond the limit or without finite cost are left out.

    Parameters
    ----------
    point, offer : array of int, shape (k,)
    cost : array of float, shape (k,)
    """
    point, offer, cost = np.asarray(point, np.int64), np.asarray(offer, np.int32), np.asarray(cost, dtype=float)
    inside = np.isfinite(cost) & (cost <= limit)
    if not inside.all():
        point, offer, cost = point[inside], offer[inside], cost[inside]
    counts = np.bincount(point, minlength=n_points)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    order = _in_order(point, offer, cost, counts, starts)
    return Reach(starts, offer[order], cost[order], int(n_offers), float(limit), unit, how)


def _in_order(point, offer, cost, counts, starts) -> np.ndarray:
    """Return the order by point, then cost, then offer, as ``np.lexsort((offer, cost, point))`` does, yet faster.

    Points and offers are small whole numbers and need no comparing; the short rows of points with equally many offers
    are sorted by cost together.
    """
    order = _by_number(offer)
    order = order[_by_number(point[order])]
    points = np.argsort(counts, kind="stable")
    several, first = np.unique(counts[points], return_index=True)
    for length, rows in zip(several, np.split(points, first[1:])):
        if length > 1:
            places = starts[rows][:, None] + np.arange(length)
            row = order[places]
            order[places] = np.take_along_axis(row, np.argsort(cost[row], axis=1, kind="stable"), axis=1)
    return order


def _by_number(numbers: np.ndarray) -> np.ndarray:
    """Return the stable order of whole numbers from 0; sixteen bits at a time numpy sorts them without comparing."""
    order = np.argsort(numbers.astype(np.uint16), kind="stable")  # the lower sixteen bits
    for shift in (16, 32):
        if int(numbers.max(initial=0)) >> shift:
            order = order[np.argsort((numbers >> shift).astype(np.uint16)[order], kind="stable")]
    return order


def straight_reach(points: np.ndarray, offers: np.ndarray, limit: float, detour: float = 1.0, progress=None,
                   cancelled=None) -> Reach:
    """Return the reach as the crow flies, times a detour factor.

    Parameters
    ----------
    points : ndarray, shape (m, 2)
        Demand points in metres. Rows with NaN reach nothing.
    offers : ndarray, shape (n, 2)
        Offers in metres. Rows with NaN are reached by nobody.
    limit : float
        Cut-off in metres of the cost, i.e. after the detour factor.
    detour : float
        Factor from straight line to way, at least 1. Common values for walking lie between 1.2 and 1.4.
    progress : callable, optional
    cancelled : callable, optional

    Raises
    ------
    TeilhabeError
        For a limit that is not above 0 or a detour factor below 1.
    """
    if not limit > 0 or not np.isfinite(limit):
        raise TeilhabeError(mark("The distance {limit} is not a number above 0."), limit=limit)
    if not detour >= 1:
        raise TeilhabeError(mark("The detour factor {factor} is below 1: no way is shorter than the straight line."),
                            factor=detour)
    points, offers = np.asarray(points, float), np.asarray(offers, float)
    known = np.flatnonzero(np.isfinite(offers).all(axis=1))
    here = np.flatnonzero(np.isfinite(points).all(axis=1))
    (x, y), (east, north) = points.T.copy(), offers.T.copy()
    found = [(np.empty(0, np.int64), np.empty(0, np.int32), np.empty(0))]
    if len(known):
        tree = cKDTree(offers[known])
        widest = limit / detour * (1 + 1e-9)
        for first in range(0, len(here), _BLOCK):
            check_cancelled(cancelled)
            block = here[first : first + _BLOCK]
            pairs = cKDTree(points[block]).sparse_distance_matrix(tree, widest, output_type="ndarray")
            point, offer = block[pairs["i"]], known[pairs["j"]].astype(np.int32)
            found.append((point, offer, detour * np.hypot(x[point] - east[offer], y[point] - north[offer])))
            if progress is not None:
                progress(100 * min(first + _BLOCK, len(here)) / len(here))
    point, offer, cost = (np.concatenate(column) for column in zip(*found))
    return from_pairs(point, offer, cost, len(points), len(offers), limit, METRES,
                      "straight" if detour == 1 else "detour")
