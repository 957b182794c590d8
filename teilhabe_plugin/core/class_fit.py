"""How well classes fit the scores: variance explained, areas near a bound, and gaps where a bound parts nobody."""
from __future__ import annotations

import math

import numpy as np

#: share of the scores' standard deviation that counts as near to a bound
NEAR = 0.05


def variance_explained(scores: np.ndarray, positions: np.ndarray) -> float:
    """Return the goodness of variance fit: 1 − sum of squares within the classes / sum of squares in all.

    Parameters
    ----------
    scores : ndarray, shape (n,)
    positions : ndarray of int, shape (n,)
        Place of each score's class, −1 for none; scores without a class are left out.

    Returns
    -------
    float
        0 … 1; NaN where there are no scores or all are equal (Armstrong, Xiao & Bennett 2003, Annals of the AAG 93).
    """
    known = (positions >= 0) & ~np.isnan(scores)
    values, classes = scores[known], positions[known]
    if not len(values):
        return math.nan
    total = ((values - values.mean()) ** 2).sum()
    if np.ptp(values) <= 1e-12 * np.abs(values).max():
        return math.nan
    counts = np.bincount(classes)
    means = np.bincount(classes, values) / np.maximum(counts, 1)
    return float(1 - ((values - means[classes]) ** 2).sum() / total)


def nearest_bound(scores: np.ndarray, bounds) -> np.ndarray:
    """Return each score's distance to the bound next to it; NaN without score or bounds."""
    bounds = np.asarray(bounds, float)
    if not bounds.size:
        return np.full(len(scores), np.nan)
    return np.abs(scores[:, None] - bounds[None, :]).min(axis=1)


def near_distance(scores: np.ndarray) -> float:
    """Return what counts as near to a bound: `NEAR` standard deviations as a round number; NaN for equal scores."""
    there = scores[~np.isnan(scores)]
    if not len(there) or np.ptp(there) <= 1e-12 * np.abs(there).max():
        return math.nan
    return round_number(NEAR * float(there.std()))


def round_number(value: float) -> float:
    """Return the nearest of …, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, … to a positive number, by their ratio."""
    power = math.floor(math.log10(value))
    steps = [step * 10.0**exponent for exponent in (power, power + 1) for step in (1, 2, 5)]
    best = min(steps, key=lambda step: abs(math.log(value / step)))
    return float(f"{best:.0e}")


def gap_middles(scores: np.ndarray) -> np.ndarray:
    """Return the middles between neighbouring different scores, ascending: bounds that are as far from any area."""
    ordered = np.unique(scores[~np.isnan(scores)])
    return (ordered[:-1] + ordered[1:]) / 2


def plainest(bound: float, scores: np.ndarray) -> float:
    """Return the number with the fewest decimals that parts the scores exactly as a bound does."""
    there = scores[~np.isnan(scores)]
    lowest = there[there <= bound].max(initial=-np.inf)
    above = there[there > bound].min(initial=np.inf)
    for decimals in range(12):
        unit = 10.0**-decimals
        around = [round(math.floor(bound / unit) * unit + step * unit, decimals) for step in (0, 1)]
        fitting = [each for each in around if lowest <= each < above]
        if fitting:
            return min(fitting, key=lambda each: abs(each - bound))
    return float(bound)
