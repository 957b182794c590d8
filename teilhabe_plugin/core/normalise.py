"""Normalising indicators: from units to numbers that can be added.

Every method takes a matrix with one column per indicator and works down the columns; NaN stays NaN and counts for
nothing.
"""
from __future__ import annotations

import numpy as np
from scipy.stats import rankdata


def z_score(values: np.ndarray, ddof: int = 0) -> np.ndarray:
    """Return (x − mean) / standard deviation of each column.

    Parameters
    ----------
    values : ndarray, shape (areas, indicators)
    ddof : {0, 1}
        0: standard deviation of the population (as Berlin's monitoring has it); 1: of a sample.
    """
    missing = np.isnan(values)
    if not missing.any():  # the plain way is several times faster than the NaN-aware one
        centred = values - values.mean(axis=0)
        return centred / np.sqrt((centred**2).sum(axis=0) / (len(values) - ddof))
    return (values - np.nanmean(values, axis=0)) / np.nanstd(values, axis=0, ddof=ddof)


def min_max(values: np.ndarray, low: float = 0, high: float = 1) -> np.ndarray:
    """Return each column stretched to ``low`` … ``high``."""
    lowest, highest = np.nanmin(values, axis=0), np.nanmax(values, axis=0)
    return low + (values - lowest) / (highest - lowest) * (high - low)


def rank(values: np.ndarray, ties: str = "average") -> np.ndarray:
    """Return the rank in each column, 1 for the lowest value; ``ties`` as in `scipy.stats.rankdata`."""
    ranks = np.full(values.shape, np.nan)
    for j in range(values.shape[1]):
        there = ~np.isnan(values[:, j])
        ranks[there, j] = rankdata(values[there, j], method=ties)
    return ranks


def percentile_rank(values: np.ndarray) -> np.ndarray:
    """Return 100 · (rank − 0.5) / n of each column, mean rank for ties."""
    return 100 * (rank(values) - 0.5) / (~np.isnan(values)).sum(axis=0)


def identity(values: np.ndarray) -> np.ndarray:
    """Return the values as they are."""
    return values.astype(float)


#: method name → (function, the settings it takes)
METHODS = {
    "z": (z_score, {"ddof": (0, 1)}),
    "minmax": (min_max, {"low": float, "high": float}),
    "rank": (rank, {"ties": ("average", "min", "max", "dense", "ordinal")}),
    "percentile": (percentile_rank, {}),
    "identity": (identity, {}),
}

#: methods that divide by the spread of the column and cannot be had from equal values
NEEDS_SPREAD = ("z", "minmax")


def normalise(values: np.ndarray, method: str, **settings) -> np.ndarray:
    """Return the columns normalised by the named method."""
    return METHODS[method][0](values, **settings)


def turn(normalised: np.ndarray, method: str, settings: dict) -> np.ndarray:
    """Return the columns with the opposite direction: what was high is low, on the same scale."""
    if method == "minmax":
        return settings.get("low", 0) + settings.get("high", 1) - normalised
    if method == "rank":
        return np.nanmax(normalised, axis=0) + 1 - normalised
    if method == "percentile":
        return 100 - normalised
    return -normalised
