"""Empirical-Bayes shrinkage: rates of small areas move towards the rate of all, the more the fewer people they rest on.

Marshall (1991), Applied Statistics 40(2), 283–294: with m the rate of all, A the variance between areas and v/nᵢ the
sampling variance of area i, the estimate is m + wᵢ · (rᵢ − m) with wᵢ = A / (A + v/nᵢ).
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Shrunk:
    """Shrunk rates.

    Attributes
    ----------
    estimate : ndarray, shape (areas,)
        NaN where count or denominator is missing or the denominator is 0.
    weight : ndarray, shape (areas,)
        What the area's own rate counts for, 0 (only the prior) … 1 (only its own).
    prior : ndarray, shape (areas,)
        The rate shrunk towards: of all areas, or of the area's parent.
    between : float
        Variance between areas; 0 when the areas differ no more than chance would have it.
    """

    estimate: np.ndarray
    weight: np.ndarray
    prior: np.ndarray
    between: float


def shrink(count, total, parents=None, proportion: bool = False) -> Shrunk:
    """Return the rates count / total, shrunk towards the rate of all areas or of each area's parent.

    Parameters
    ----------
    count, total : array_like, shape (areas,)
    parents : array_like, shape (areas,), optional
        Parent of each area, such as its district. The variance between areas is then that around the parents' rates,
        pooled over all parents, so that a parent with two areas does not have to tell it alone. Areas whose parent is
        missing (None, NaN) are shrunk towards the rate of all.
    proportion : bool
        Sampling variance m(1 − m)/n (cases are among the people) in place of Marshall's m/n (rare events).

    Notes
    -----
    A = (Σ nᵢ (rᵢ − mᵢ)² − Σ vᵢ) / Σ nᵢ, not below 0; with one prior for all this is Marshall's s² − m/n̄.
    The sum of nᵢ·estimateᵢ is not the sum of counts: shrunk rates are for reading single areas, not for adding up.
    """
    x, n = np.asarray(count, float), np.asarray(total, float)
    usable = np.isfinite(x) & np.isfinite(n) & (n > 0)
    groups = _groups(parents, usable)
    prior = np.full(len(x), np.nan)
    for group in np.unique(groups[usable]):
        if group >= 0:
            members = usable & (groups == group)
            prior[members] = x[members].sum() / n[members].sum()
    orphans = usable & (groups < 0)
    if orphans.any():
        prior[orphans] = x[usable].sum() / n[usable].sum()
    rate = np.divide(x, n, out=np.full(len(x), np.nan), where=usable)
    sampling = np.maximum(prior * (1 - prior), 0) if proportion else prior
    between = 0.0
    if usable.any():
        spread = (n * (rate - prior) ** 2 - sampling)[usable].sum()
        between = max(float(spread / n[usable].sum()), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        noise = sampling / n
        # no noise at all (a rate of 0, or of 100 %, everywhere): own rate and prior are one, the weight is 1
        weight = np.where(noise > 0, between / (between + noise), 1.0)
    weight = np.where(usable, weight, np.nan)
    return Shrunk(prior + weight * (rate - prior), weight, prior, between)


def _groups(parents, usable: np.ndarray) -> np.ndarray:
    """Return a number for each area's parent, −1 for none; all 0 without parents."""
    if parents is None:
        return np.zeros(len(usable), int)
    numbers: dict = {}
    found = [-1 if parent is None or parent != parent else numbers.setdefault(parent, len(numbers))
             for parent in parents]
    return np.array(found, int)
