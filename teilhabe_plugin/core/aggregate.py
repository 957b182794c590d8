"""Aggregating: from the children's scores to the node's score."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

import numpy as np

from .messages import TeilhabeError, mark
from .normalise import Basis, rank

#: Copeland compares every area with every other; beyond this the comparison does not end in reasonable time
MOST_AREAS_TO_COMPARE = 20_000
_BLOCK = 256


def data_share(scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the share of the weights whose score is there, 0…1, per area."""
    missing = np.isnan(scores)
    if not missing.any():
        return np.ones(len(scores))
    return 1 - missing @ weights / weights.sum()


def weighted_mean(scores, weights):
    """Return Σ w·x / Σ w over the scores that are there."""
    there = ~np.isnan(scores)
    if there.all():
        return scores @ weights / weights.sum()
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(there, scores, 0) @ weights / (there @ weights)


def weighted_sum(scores, weights):
    """Return Σ w·x; where scores are missing the sum of the others is scaled up to the full weight."""
    return weighted_mean(scores, weights) * weights.sum()


def geometric_mean(scores, weights):
    """Return exp(Σ w·ln x / Σ w); every score must be above 0."""
    _check_positive(scores, "geometric")
    return np.exp(weighted_mean(np.log(scores), weights))


def harmonic_mean(scores, weights):
    """Return Σ w / Σ (w / x); every score must be above 0."""
    _check_positive(scores, "harmonic")
    return 1 / weighted_mean(1 / scores, weights)


def power_mean(scores, weights, p: float):
    """Return (Σ w·x^p / Σ w)^(1/p); every score must be above 0, p = 0 is the geometric mean."""
    _check_positive(scores, "power")
    if p == 0:
        return geometric_mean(scores, weights)
    return weighted_mean(scores**p, weights) ** (1 / p)


def _check_positive(scores, method: str) -> None:
    if (scores <= 0).any():
        raise TeilhabeError(
            mark("The aggregate “{method}” needs scores above 0, the lowest is {value}. Normalise to a positive range "
                 "first, for example minmax from 1 to 100."),
            method=method, value=round(float(np.nanmin(scores)), 4),
        )


def median(scores, weights):
    """Return the median of the scores that are there; weights do not count."""
    return _by_row(np.nanmedian, scores)


def highest(scores, weights):
    """Return the highest score that is there; weights do not count."""
    return _by_row(np.nanmax, scores)


def lowest(scores, weights):
    """Return the lowest score that is there; weights do not count."""
    return _by_row(np.nanmin, scores)


def _by_row(function, scores):
    result = np.full(len(scores), np.nan)
    some = ~np.isnan(scores).all(axis=1)
    result[some] = function(scores[some], axis=1)
    return result


def mazziotta_pareto(scores, weights, penalty: int = -1):
    """Return M ± S·cv with M, S and cv = S/M the mean, spread and variation of an area's scores.

    Penalises areas whose scores are uneven: ``penalty`` −1 where high is good, +1 where high is bad. The scores are
    meant to be standardised to mean 100 and standard deviation 10 (Mazziotta & Pareto 2016, Social Indicators
    Research 127; weights do not count).
    """
    mean, spread = _by_row(np.nanmean, scores), _by_row(np.nanstd, scores)
    return mean + penalty * spread * spread / mean


def flags(scores, weights):
    """Return how many scores are flags (above 0), counted by weight."""
    return weighted_sum(np.where(np.isnan(scores), np.nan, scores > 0), weights)


def borda(scores, weights):
    """Return the Borda score: over all indicators, the weighted number of areas that the area is above (ties half)."""
    return weighted_mean(rank(scores, Basis(scores)) - 1, weights)


def copeland(scores, weights):
    """Return wins minus losses over all other areas; an area wins where it is higher on more than half the weight.

    Missing scores count for nobody.
    """
    count = len(scores)
    if count > MOST_AREAS_TO_COMPARE:
        raise TeilhabeError(
            mark("“copeland” compares every area with every other; {count} areas are too many (at most {most}). "
                 "Choose “borda”."), count=count, most=MOST_AREAS_TO_COMPARE,
        )
    result = np.zeros(count)
    for start in range(0, count, _BLOCK):
        block = scores[start:start + _BLOCK]
        balance = np.zeros((len(block), count))
        for j, weight in enumerate(weights):
            difference = block[:, j, None] - scores[None, :, j]
            balance += weight * np.nan_to_num(np.sign(difference))
        result[start:start + _BLOCK] = np.sign(np.round(balance, 12)).sum(axis=1)
    result[np.isnan(scores).all(axis=1)] = np.nan
    return result


@dataclass(frozen=True)
class Method:
    """A way to aggregate: (scores, weights, **settings) → values, and its settings as in `normalise.Method`."""

    function: Callable
    settings: dict
    required: tuple[str, ...] = ()


METHODS = {
    "sum": Method(weighted_sum, {}),
    "mean": Method(weighted_mean, {}),
    "geometric": Method(geometric_mean, {}),
    "harmonic": Method(harmonic_mean, {}),
    "power": Method(power_mean, {"p": float}, ("p",)),
    "median": Method(median, {}),
    "max": Method(highest, {}),
    "min": Method(lowest, {}),
    "mazziotta_pareto": Method(mazziotta_pareto, {"penalty": (-1, 1)}),
    "count": Method(flags, {}),
    "borda": Method(borda, {}),
    "copeland": Method(copeland, {}),
}


def aggregate(scores: np.ndarray, weights, method: str, minimum_share: float = 1.0,
              settings: dict | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Return the node's value and the share of data that carried it.

    Parameters
    ----------
    scores : ndarray, shape (areas, children)
    weights : sequence of float, shape (children,)
    method : str
        A key of `METHODS`.
    minimum_share : float
        Below this share of the weights the value is missing. 1: one missing child makes the node missing.
    settings : dict, optional
        The method's settings.

    Returns
    -------
    (values, shares) : ndarrays, shape (areas,)
    """
    weights = np.asarray(weights, float)
    shares = data_share(scores, weights)
    if (weights == 0).any():  # a part without weight is no part, where weights do not count otherwise, too
        scores, weights = scores[:, weights > 0], weights[weights > 0]
    values = METHODS[method].function(scores, weights, **(settings or {}))
    # 1e-9: a share of three thirds must not fail for want of the last bit
    return np.where((shares > 1e-9) & (shares >= minimum_share - 1e-9), values, np.nan), shares
