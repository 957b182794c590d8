"""Confidence intervals for what is made from counts: proportions, rates, ratios and differences.

All functions work element by element on arrays and return the lower and the upper limit. What cannot be computed
(no denominator, a missing count) is NaN.
"""
from __future__ import annotations

import numpy as np
from scipy.special import ndtri
from scipy.stats import chi2

#: below this count Byar's approximation gives way to the exact limits, as Public Health England has it
EXACT_BELOW = 10


def quantile(level: float) -> float:
    """Return the two-sided quantile of the normal distribution, 1.96 for 0.95."""
    return float(ndtri(0.5 + level / 2))


def wilson(count, total, level: float = 0.95, continuity: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Return Wilson's score interval of a proportion.

    Parameters
    ----------
    count, total : array_like
        Cases and people they are among; 0 ≤ count ≤ total.
    level : float
        Confidence, between 0 and 1.
    continuity : bool
        With continuity correction (Newcombe 1998, method 4); wider, hardly ever too narrow.

    Returns
    -------
    low, high : ndarray
        Between 0 and 1.
    """
    x, n = _floats(count, total)
    z = quantile(level)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = x / n
        if continuity:
            middle, bottom = 2 * n * p + z**2, 2 * (n + z**2)
            low = (middle - 1 - z * np.sqrt(z**2 - 2 - 1 / n + 4 * p * (n * (1 - p) + 1))) / bottom
            high = (middle + 1 + z * np.sqrt(z**2 + 2 - 1 / n + 4 * p * (n * (1 - p) - 1))) / bottom
        else:
            middle, bottom = p + z**2 / (2 * n), 1 + z**2 / n
            half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
            low, high = (middle - half) / bottom, (middle + half) / bottom
    usable = (n > 0) & (x >= 0) & (x <= n)
    # the limit on the side where nothing is left is the end of the scale, whatever rounding or correction says
    low = np.where(x == 0, 0.0, np.clip(low, 0, 1))
    high = np.where(x == n, 1.0, np.clip(high, 0, 1))
    return np.where(usable, low, np.nan), np.where(usable, high, np.nan)


def poisson_exact(count, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Return the exact limits of a count of rare events (Garwood 1936), by way of the χ² distribution."""
    x = np.asarray(count, float)
    tail = (1 - level) / 2
    usable = x >= 0
    safe = np.where(usable, x, 1)
    low = np.where(safe > 0, chi2.ppf(tail, 2 * np.maximum(safe, 0.5)) / 2, 0.0)
    high = chi2.ppf(1 - tail, 2 * safe + 2) / 2
    return np.where(usable, low, np.nan), np.where(usable, high, np.nan)


def byar(count, level: float = 0.95, exact_below: float = EXACT_BELOW) -> tuple[np.ndarray, np.ndarray]:
    """Return the limits of a count of rare events by Byar's approximation.

    Parameters
    ----------
    count : array_like
    level : float
    exact_below : float
        Smaller counts get the exact limits (`poisson_exact`); 0 for Byar's approximation throughout.

    Notes
    -----
    low = x · (1 − 1/(9x) − z/(3√x))³ and high = (x+1) · (1 − 1/(9(x+1)) + z/(3√(x+1)))³ (Breslow and Day 1987, 69).
    """
    x = np.asarray(count, float)
    z = quantile(level)
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.where(x > 0, x * np.maximum(1 - 1 / (9 * x) - z / (3 * np.sqrt(x)), 0) ** 3, 0.0)
        high = (x + 1) * (1 - 1 / (9 * (x + 1)) + z / (3 * np.sqrt(x + 1))) ** 3
    exact_low, exact_high = poisson_exact(x, level)
    small = x < exact_below
    low, high = np.where(small, exact_low, low), np.where(small, exact_high, high)
    return np.where(x >= 0, low, np.nan), np.where(x >= 0, high, np.nan)


def ratio(count_1, total_1, count_2, total_2, level: float = 0.95,
          proportions: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """Return the log interval of the ratio of two groups' proportions or rates.

    Parameters
    ----------
    count_1, total_1, count_2, total_2 : array_like
        Cases and denominators of the two groups. No interval where a group has no case.
    level : float
    proportions : bool
        True: the cases are among the denominator, variance 1/x₁ − 1/n₁ + 1/x₂ − 1/n₂ (Katz et al. 1978).
        False: events per person-time, variance 1/x₁ + 1/x₂.
    """
    x1, n1, x2, n2 = _floats(count_1, total_1, count_2, total_2)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = 1 / x1 + 1 / x2 - ((1 / n1 + 1 / n2) if proportions else 0)
        value = (x1 / n1) / (x2 / n2)
        spread = np.exp(quantile(level) * np.sqrt(np.maximum(variance, 0)))
        low, high = value / spread, value * spread
    usable = (x1 > 0) & (x2 > 0) & (n1 > 0) & (n2 > 0)
    return np.where(usable, low, np.nan), np.where(usable, high, np.nan)


def difference(value_1, low_1, high_1, value_2, low_2, high_2) -> tuple[np.ndarray, np.ndarray]:
    """Return the interval of value_1 − value_2 from the two intervals (Newcombe 1998, method 10).

    With Wilson's limits of two independent proportions this is Newcombe's hybrid score interval; it holds for any
    two independent estimates with intervals.
    """
    v1, l1, h1, v2, l2, h2 = _floats(value_1, low_1, high_1, value_2, low_2, high_2)
    change = v1 - v2
    return change - np.hypot(v1 - l1, h2 - v2), change + np.hypot(h1 - v1, v2 - l2)


def coefficient_of_variation(count, total, proportion: bool) -> np.ndarray:
    """Return standard error / value: √((1 − p)/(n p)) of a proportion, 1/√x of a rate; NaN without a case."""
    x, n = _floats(count, total)
    with np.errstate(divide="ignore", invalid="ignore"):
        left = np.maximum(1 - x / n, 0) if proportion else 1.0
        return np.where((x > 0) & (n > 0), np.sqrt(left / x), np.nan)


def _floats(*values) -> list[np.ndarray]:
    return [np.asarray(each, float) for each in values]
