"""Whether like areas lie together: Moran's I for the whole city and local clusters (Anselin 1995)."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

import numpy as np
from scipy.special import ndtr

from .messages import TeilhabeError, check_cancelled, mark
from .neighbours import Neighbours

#: kinds of local clusters: own value among the neighbours'
NO_CLUSTER, HIGH_HIGH, LOW_HIGH, LOW_LOW, HIGH_LOW = range(5)
_FEWEST = 4
_BLOCK = 2_000_000


@dataclass(frozen=True)
class Moran:
    """Moran's I over row-standardised neighbours.

    Attributes
    ----------
    value : float
        About 1 where like lies with like, `expected` by chance, negative where unlike areas alternate.
    expected, deviation : float
        Mean and standard deviation by chance, for normally distributed values.
    p_normal : float
        Two-sided probability under that assumption.
    p_permuted : float
        Two-sided pseudo probability: twice the share of random maps at least as far in the same direction,
        2 · (r + 1) / (permutations + 1).
    areas, islands : int
        Areas with a value, and those among them without neighbours.
    """

    value: float
    expected: float
    deviation: float
    p_normal: float
    p_permuted: float
    areas: int
    islands: int


def moran(values: np.ndarray, neighbours: Neighbours, permutations: int = 999, seed: int = 1) -> Moran:
    """Return the global Moran's I.

    Parameters
    ----------
    values : ndarray, shape (areas,)
        Areas without value are left out, together with their ties.
    neighbours : Neighbours
    permutations, seed : int
        The same seed gives the same probability.

    Raises
    ------
    TeilhabeError
        With fewer than four areas, without any neighbours, or when all values are equal.
    """
    there = ~np.isnan(values)
    near = neighbours.among(there)
    z = values[there] - values[there].mean() if there.any() else values[there]
    _check(z, near)
    square, ties = z @ z, float((near.counts > 0).sum())
    value = _moran(z, near, square, ties)
    expected, variance = _by_chance(near)
    deviation = float(np.sqrt(variance))
    rng = np.random.default_rng(seed)
    by_chance = np.array([_moran(rng.permutation(z), near, square, ties) for _ in range(permutations)])
    larger = int((by_chance >= value - 1e-12).sum())
    rarer = min(larger, int((by_chance <= value + 1e-12).sum()))
    score = (value - expected) / deviation
    return Moran(value, expected, deviation, float(2 * (1 - ndtr(abs(score)))),
                 min(1.0, 2 * (rarer + 1) / (permutations + 1)), len(z), int((near.counts == 0).sum()))


def _moran(z: np.ndarray, near: Neighbours, square: float, ties: float) -> float:
    return float(len(z) / ties * (z @ near.mean_of(z)) / square)


def _by_chance(near: Neighbours) -> tuple[float, float]:
    """Return mean and variance of I under normality (Cliff & Ord 1981); islands have no ties."""
    count, owner, other = len(near), near.owner, near.other
    weight = 1 / near.counts[owner]
    back = 1 / near.counts[other]  # contiguity holds both ways
    sum_all = weight.sum()
    sum_pairs = ((weight + back) ** 2).sum() / 2
    columns = np.bincount(other, weights=weight, minlength=count)
    rows = (near.counts > 0).astype(float)
    sum_squares = ((rows + columns) ** 2).sum()
    expected = -1 / (count - 1)
    variance = (count**2 * sum_pairs - count * sum_squares + 3 * sum_all**2) / (sum_all**2 * (count**2 - 1))
    return expected, variance - expected**2


def _check(z: np.ndarray, near: Neighbours) -> None:
    if len(z) < _FEWEST:
        raise TeilhabeError(mark("Only {count} areas have a value; spatial correlation needs at least {least}."),
                            count=len(z), least=_FEWEST)
    if not len(near.other):
        raise TeilhabeError(mark("No two areas with a value are neighbours; spatial correlation cannot be computed."))
    if np.abs(z).max() <= 1e-12 * max(1.0, float(np.abs(z).sum())):
        raise TeilhabeError(mark("All areas have the same value; spatial correlation cannot be computed."))


@dataclass(frozen=True)
class LocalMoran:
    """Local clusters; arrays have one value per area.

    Attributes
    ----------
    value : ndarray
        Local Moran's I; NaN without a value or without neighbours.
    quadrant : ndarray of int
        Own value and mean of the neighbours against the mean, as `HIGH_HIGH` …; 0 where there is no I.
    p : ndarray
        Two-sided pseudo probability from conditional permutation: the area stays, all others are shuffled.
    cluster : ndarray of int
        The quadrant where p is at most the limit, else 0.
    limit : float
        Level, or the stricter limit of the false discovery rate.
    """

    value: np.ndarray
    quadrant: np.ndarray
    p: np.ndarray
    cluster: np.ndarray
    limit: float


def local_moran(
    values: np.ndarray,
    neighbours: Neighbours,
    permutations: int = 999,
    seed: int = 1,
    level: float = 0.05,
    false_discovery: bool = True,
    cancelled: Callable[[], bool] | None = None,
) -> LocalMoran:
    """Return local Moran's I and clusters.

    Parameters
    ----------
    values, neighbours, permutations, seed
        As for `moran`.
    level : float
    false_discovery : bool
        Keep the share of false clusters among those shown below ``level`` (Benjamini & Hochberg 1995) instead of
        testing each area by itself: among 500 areas some 25 would be clusters by chance alone.
    """
    there = ~np.isnan(values)
    near = neighbours.among(there)
    z = values[there] - values[there].mean() if there.any() else values[there]
    _check(z, near)
    scale = (len(z) - 1) / (z @ z)
    lag = near.mean_of(z)
    linked = near.counts > 0
    own = np.where(linked, scale * z * lag, np.nan)
    p = np.where(linked, _conditional(z, lag, near, permutations, seed, cancelled), np.nan)
    quadrant = np.select([(z > 0) & (lag > 0), (z <= 0) & (lag > 0), (z <= 0) & (lag <= 0)],
                         [HIGH_HIGH, LOW_HIGH, LOW_LOW], HIGH_LOW)
    quadrant = np.where(linked, quadrant, 0)
    limit = discovery_limit(p[linked], level) if false_discovery else level
    cluster = np.where(np.nan_to_num(p, nan=1) <= limit, quadrant, 0)
    return LocalMoran(_back(own, there, np.nan), _back(quadrant, there, 0), _back(p, there, np.nan),
                      _back(cluster, there, 0), limit)


def discovery_limit(p: np.ndarray, level: float) -> float:
    """Return the limit on p that keeps the false discovery rate; 0 where nothing passes."""
    ordered = np.sort(p)
    passing = np.flatnonzero(ordered <= level * np.arange(1, len(ordered) + 1) / len(ordered))
    return float(ordered[passing[-1]]) if len(passing) else 0.0


def _conditional(z, lag, near: Neighbours, permutations: int, seed: int, cancelled) -> np.ndarray:
    """Return the pseudo probability of each area's lag; areas with equally many neighbours are done together."""
    rng = np.random.default_rng(seed)
    count, p = len(z), np.ones(len(z))
    for size in np.unique(near.counts[near.counts > 0]):
        members = np.flatnonzero(near.counts == size)
        # numbers of other areas: drawn without repetition among all but one; that one is skipped afterwards
        drawn = np.array([_some(rng, count - 1, int(size)) for _ in range(permutations)])
        step = max(1, _BLOCK // (permutations * int(size)))
        for start in range(0, len(members), step):
            check_cancelled(cancelled)
            block = members[start:start + step]
            others = drawn[None] + (drawn[None] >= block[:, None, None])
            means = z[others].mean(axis=2) * z[block, None]
            seen = (lag * z)[block, None]
            larger = (means >= seen - 1e-12).sum(axis=1)
            smaller = (means <= seen + 1e-12).sum(axis=1)
            p[block] = np.minimum(1, 2 * (np.minimum(larger, smaller) + 1) / (permutations + 1))
    return p


def _some(rng: np.random.Generator, count: int, size: int) -> np.ndarray:
    """Return so many different numbers below ``count``; faster than a permutation where few are wanted."""
    if size * 4 > count:
        return rng.permutation(count)[:size]
    while True:
        found = rng.integers(0, count, size)
        if len(set(found.tolist())) == size:
            return found


def _back(values: np.ndarray, there: np.ndarray, empty) -> np.ndarray:
    full = np.full(len(there), empty, dtype=values.dtype)
    full[there] = values
    return full
