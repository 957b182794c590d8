"""Normalising indicators: from units to numbers that can be put together.

Every method takes a matrix with one column per indicator and works down the columns; NaN stays NaN and counts for
nothing. Mean, spread, range and ranks come from a `Basis`: the values themselves, or those of a fixed reference year.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

import numpy as np
from scipy.stats import rankdata

from .messages import Message, mark

#: the scale parameter of the exponential transform of the English indices of deprivation
EXPONENTIAL_SCALE = 23


@dataclass(frozen=True)
class Basis:
    """The distribution that a column is measured against.

    Attributes
    ----------
    values : ndarray, shape (areas, indicators)
        Usually the values themselves; those of another year where the reference is fixed.
    population : ndarray, shape (areas,), optional
        People per area, for weighted methods and for the city's value.
    """

    values: np.ndarray
    population: np.ndarray | None = None

    def mean(self, weighted: bool = False) -> np.ndarray:
        """Return the mean of each column, weighted by people where asked and known."""
        if not weighted or self.population is None:
            return _down(np.mean, np.nanmean, self.values)
        weights = np.where(np.isnan(self.values), 0.0, self.population[:, None])
        return np.nansum(self.values * weights, axis=0) / weights.sum(axis=0)

    def spread(self, ddof: int = 0, weighted: bool = False) -> np.ndarray:
        """Return the standard deviation of each column."""
        if not weighted or self.population is None:
            return _down(np.std, np.nanstd, self.values, ddof=ddof)
        weights = np.where(np.isnan(self.values), 0.0, self.population[:, None])
        squares = weights * (self.values - self.mean(True)) ** 2
        return np.sqrt(np.nansum(squares, axis=0) / weights.sum(axis=0))


def _down(plain, careful, values: np.ndarray, **settings) -> np.ndarray:
    """Apply numpy's plain function, several times faster than the NaN-aware one, where nothing is missing."""
    result = plain(values, axis=0, **settings)
    return careful(values, axis=0, **settings) if np.isnan(result).any() else result


def z_score(values, basis: Basis, ddof: int = 0, weighted: bool = False):
    """Return (x − mean) / standard deviation.

    ``ddof`` 0 takes the standard deviation of the population, as Berlin's monitoring does, 1 that of a sample;
    ``weighted`` weights mean and spread by people.
    """
    return (values - basis.mean(weighted)) / basis.spread(ddof, weighted)


def robust_z(values, basis: Basis):
    """Return (x − median) / (1.4826 · MAD); the factor makes it a z-score where values are normally distributed."""
    median = _down(np.median, np.nanmedian, basis.values)
    deviation = _down(np.median, np.nanmedian, np.abs(basis.values - median))
    return (values - median) / (1.4826022185056018 * deviation)


def standard_score(values, basis: Basis, mean: float = 100, sd: float = 10, ddof: int = 0):
    """Return the z-score stretched to a mean of 100 and a standard deviation of 10 (or as given)."""
    return mean + sd * z_score(values, basis, ddof)


def min_max(values, basis: Basis, low: float = 0, high: float = 1, lowest: float | None = None,
            highest: float | None = None):
    """Return each column stretched so that its lowest value is ``low`` and its highest ``high``.

    ``lowest`` and ``highest`` fix the range that is stretched; values beyond it go beyond ``low`` and ``high``.
    """
    lowest = _down(np.min, np.nanmin, basis.values) if lowest is None else lowest
    highest = _down(np.max, np.nanmax, basis.values) if highest is None else highest
    return low + (values - lowest) / (highest - lowest) * (high - low)


def _min_max_turned(values, basis: Basis, low: float = 0, high: float = 1, **fixed):
    return low + high - min_max(values, basis, low, high, **fixed)


def goalposts(values, basis: Basis, lower: float, upper: float, low: float = 0, high: float = 100):
    """Return ``low`` at the lower and ``high`` at the upper goalpost, cut off beyond (human development index)."""
    share = np.clip((values - lower) / (upper - lower), 0, 1)
    return low + share * (high - low)


def _goalposts_turned(values, basis: Basis, lower: float, upper: float, low: float = 0, high: float = 100):
    return goalposts(values, basis, upper, lower, low, high)


def rank(values, basis: Basis, ties: str = "average"):
    """Return the rank within the column, 1 for the lowest value; ``ties`` as in `scipy.stats.rankdata`.

    Where the basis is another year, the rank is the one among that year's values: with n of them 1 … n for values that
    occur there, for others half a rank above the next lower one ("average") or the rank above it.
    """
    ranks = np.full(values.shape, np.nan, order="F")
    for j in range(values.shape[1]):
        there = ~np.isnan(values[:, j])
        if basis.values is values:
            ranks[there, j] = rankdata(values[there, j], method=ties)
        else:
            ranks[there, j] = _rank_among(values[there, j], basis.values[:, min(j, basis.values.shape[1] - 1)], ties)
    return ranks


def _rank_among(values, others, ties: str):
    others = np.sort(others[~np.isnan(others)])
    if ties == "dense":
        return np.searchsorted(np.unique(others), values, "left") + 1.0
    below, up_to = (np.searchsorted(others, values, side) for side in ("left", "right"))
    if ties == "average":
        return (below + up_to + 1) / 2
    return np.maximum(up_to, below + 1.0) if ties == "max" else below + 1.0


def _size(basis: Basis):
    return (~np.isnan(basis.values)).sum(axis=0)


def percentile_rank(values, basis: Basis):
    """Return 100 · (rank − 0.5) / n, mean rank for ties."""
    return 100 * (rank(values, basis) - 0.5) / _size(basis)


def exponential(values, basis: Basis):
    """Return the exponential transform of the rank, 0…100, the highest value near 100.

    −23 · ln(1 − R · (1 − e^(−100/23))) with R = (N − rank + 1) / N and rank 1 for the highest value (English indices
    of deprivation 2019, technical report, appendix on exponential transformation).
    """
    share = np.minimum(rank(values, basis) / _size(basis), 1)  # above all values of another year: as the highest there
    return -EXPONENTIAL_SCALE * np.log(1 - share * (1 - np.exp(-100 / EXPONENTIAL_SCALE)))


def distance_to_target(values, basis: Basis, target: float):
    """Return (x − target) / |target| in percent."""
    return 100 * (values - target) / abs(target)


def distance_to_reference(values, basis: Basis):
    """Return how far the value is above the city's, in percent of it."""
    city = basis.mean(weighted=True)
    return 100 * (values - city) / np.abs(city)


def distance_to_best(values, basis: Basis):
    """Return x / highest value in percent."""
    return 100 * values / _down(np.max, np.nanmax, basis.values)


def share_of_city(values, basis: Basis):
    """Return the value in percent of the city's value, the mean weighted by people."""
    return 100 * values / basis.mean(weighted=True)


def above_threshold(values, basis: Basis, threshold: float | None = None, sd: float | None = None):
    """Return 1 above the threshold, else 0; ``sd`` sets it at mean + sd · standard deviation."""
    limit = threshold if sd is None else basis.mean() + sd * basis.spread()
    return np.where(np.isnan(values), np.nan, values > limit)


def identity(values, basis: Basis):
    """Return the values as they are."""
    return values.astype(float)


@dataclass(frozen=True)
class Method:
    """A way to normalise.

    Attributes
    ----------
    function : callable
        (values, basis, **settings) → normalised values.
    settings : dict
        Name → ``float`` for any number, or a tuple of the possible values.
    required : tuple of str
        Settings that must be given.
    needs_spread : bool
        True when equal values cannot be normalised.
    turned : callable or None
        How the direction is reversed: (values, basis, **settings) → normalised values; None normalises the negative.
    check : callable or None
        (settings, those not given with their defaults) → what is wrong with them, None where all is well.
    """

    function: Callable
    settings: dict
    required: tuple[str, ...] = ()
    needs_spread: bool = False
    turned: Callable | None = None
    check: Callable | None = None


def ascending(*pairs: tuple[str, str]) -> Callable:
    """Return a check that in each pair of settings the first is the lower one."""
    def check(settings: dict) -> Message | None:
        for low, high in pairs:
            if not settings[low] < settings[high]:
                return Message(mark("“{low}” must be less than “{high}”. To turn an indicator round, set “high_is”."),
                               low=low, high=high)
        return None
    return check


def _target_set(settings: dict) -> Message | None:
    return Message(mark("“target” must not be 0.")) if settings["target"] == 0 else None


def _spread_set(settings: dict) -> Message | None:
    return None if settings["sd"] > 0 else Message(mark("“sd” must be above 0."))


def _one_threshold(settings: dict) -> Message | None:
    if (settings["threshold"] is None) != (settings["sd"] is None):
        return None
    return Message(mark("one of “threshold” and “sd” must be given, and only one."))


def _best_is_lowest(values, basis: Basis):
    return 100 * _down(np.min, np.nanmin, basis.values) / values


def _below_threshold(values, basis: Basis, threshold: float | None = None, sd: float | None = None):
    limit = threshold if sd is None else basis.mean() - sd * basis.spread()
    return np.where(np.isnan(values), np.nan, values < limit)


_TIES = ("average", "min", "max", "dense", "ordinal")

METHODS = {
    "z": Method(z_score, {"ddof": (0, 1), "weighted": (True, False)}, needs_spread=True),
    "robust_z": Method(robust_z, {}, needs_spread=True),
    "standard": Method(standard_score, {"mean": float, "sd": float, "ddof": (0, 1)}, needs_spread=True,
                       check=_spread_set),
    "minmax": Method(min_max, {"low": float, "high": float}, needs_spread=True, turned=_min_max_turned,
                     check=ascending(("low", "high"))),
    "minmax_fixed": Method(
        min_max, {"lowest": float, "highest": float, "low": float, "high": float}, ("lowest", "highest"),
        turned=_min_max_turned, check=ascending(("lowest", "highest"), ("low", "high"))),
    "goalposts": Method(
        goalposts, {"lower": float, "upper": float, "low": float, "high": float}, ("lower", "upper"),
        turned=_goalposts_turned, check=ascending(("lower", "upper"), ("low", "high"))),
    "rank": Method(rank, {"ties": _TIES}),
    "percentile": Method(percentile_rank, {}),
    "exponential": Method(exponential, {}),
    "target": Method(distance_to_target, {"target": float}, ("target",),
                     turned=lambda values, basis, target: -distance_to_target(values, basis, target),
                     check=_target_set),
    "reference": Method(distance_to_reference, {},
                        turned=lambda values, basis: -distance_to_reference(values, basis)),
    "best": Method(distance_to_best, {}, turned=_best_is_lowest),
    "share": Method(share_of_city, {}, turned=lambda values, basis: 200 - share_of_city(values, basis)),
    "binary": Method(above_threshold, {"threshold": float, "sd": float}, turned=_below_threshold,
                     check=_one_threshold),
    "identity": Method(identity, {}),
}


def normalise(values: np.ndarray, method: str, settings: dict | None = None, turned: bool = False,
              basis: Basis | None = None) -> np.ndarray:
    """Return the columns normalised by the named method.

    Parameters
    ----------
    values : ndarray, shape (areas, indicators)
    method : str
        A key of `METHODS`.
    settings : dict, optional
        The method's settings.
    turned : bool
        True when a high value of the indicator means a low score.
    basis : Basis, optional
        What mean, spread and range are taken from; the values themselves by default.

    Returns
    -------
    ndarray, shape (areas, indicators)
    """
    basis = basis or Basis(values)
    way, settings = METHODS[method], settings or {}
    if not turned:
        return way.function(values, basis, **settings)
    if way.turned is not None:
        return way.turned(values, basis, **settings)
    negative = -values
    other = negative if basis.values is values else -basis.values
    return way.function(negative, Basis(other, basis.population), **settings)
