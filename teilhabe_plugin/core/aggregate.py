"""Aggregating: from the children's scores to the node's score."""
from __future__ import annotations

import numpy as np

from .messages import TeilhabeError, mark


def data_share(scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the share of the weights whose score is there, 0…1, per area."""
    missing = np.isnan(scores)
    if not missing.any():
        return np.ones(len(scores))
    return 1 - missing @ weights / weights.sum()


def weighted_sum(scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return Σ w·x; where scores are missing the sum of the others is scaled up to the full weight."""
    return weighted_mean(scores, weights) * weights.sum()


def weighted_mean(scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return Σ w·x / Σ w over the scores that are there."""
    there = ~np.isnan(scores)
    if there.all():
        return scores @ weights / weights.sum()
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(there, scores, 0) @ weights / (there @ weights)


def geometric_mean(scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return exp(Σ w·ln x / Σ w); every score must be above 0."""
    if (scores <= 0).any():
        raise TeilhabeError(
            mark("A geometric mean needs scores above 0, the lowest is {value:.4g}. Normalise to a positive range "
                 "first, for example minmax from 1 to 100."),
            value=float(np.nanmin(scores)),
        )
    return np.exp(weighted_mean(np.log(scores), weights))


def median(scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the median of the scores that are there; weights do not count."""
    result = np.full(len(scores), np.nan)
    some = ~np.isnan(scores).all(axis=1)
    result[some] = np.nanmedian(scores[some], axis=1)
    return result


METHODS = {"sum": weighted_sum, "mean": weighted_mean, "geometric": geometric_mean, "median": median}


def aggregate(scores: np.ndarray, weights, method: str, minimum_share: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Return the node's value and the share of data that carried it.

    Parameters
    ----------
    scores : ndarray, shape (areas, children)
    weights : sequence of float, shape (children,)
    method : {"sum", "mean", "geometric", "median"}
    minimum_share : float
        Below this share of the weights the value is missing. 1: one missing child makes the node missing.

    Returns
    -------
    (values, shares) : ndarrays, shape (areas,)
    """
    weights = np.asarray(weights, float)
    shares = data_share(scores, weights)
    values = METHODS[method](scores, weights)
    # 1e-9: a share of three thirds must not fail for want of the last bit
    return np.where((shares > 0) & (shares >= minimum_share - 1e-9), values, np.nan), shares
