"""Weights that come from the data, and what weights really do."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .messages import TeilhabeError, mark

_MOST_ROUNDS = 200


def complete(scores: np.ndarray) -> np.ndarray:
    """Return the rows without gaps; weights are estimated from them.

    Raises
    ------
    TeilhabeError
        When fewer than three rows are left.
    """
    rows = scores[~np.isnan(scores).any(axis=1)]
    if len(rows) < 3:
        raise TeilhabeError(
            mark("Only {count} areas have all values; weights cannot be estimated from them."), count=len(rows)
        )
    return rows


def equal(scores: np.ndarray) -> np.ndarray:
    """Return equal weights that add up to 1, one per column."""
    return np.full(scores.shape[1], 1 / scores.shape[1])


def first_component(scores: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the loadings of the first principal component of the correlations, and its share of the variance.

    The sign is such that the loadings add up to a positive number. A negative loading means that the indicator runs
    against the others.
    """
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        correlations = np.atleast_2d(np.corrcoef(complete(scores), rowvar=False))
    if not np.isfinite(correlations).all():
        raise TeilhabeError(mark("The parts have no correlation: one does not vary, or the values are too large."))
    values, vectors = np.linalg.eigh(correlations)
    loadings = vectors[:, -1] * np.sqrt(values[-1])
    return loadings * (1 if loadings.sum() >= 0 else -1), float(values[-1] / values.sum())


def from_first_component(scores: np.ndarray) -> np.ndarray:
    """Return weights proportional to the first component's loadings; a negative loading gets 0."""
    loadings = first_component(scores)[0]
    if abs(loadings.sum()) < 1e-9 * np.abs(loadings).sum():
        raise TeilhabeError(mark("The first component has as much weight against as with it; it gives no weights. Look "
                                 "at the direction of the indicators."))
    loadings = np.maximum(loadings, 0)
    return loadings / loadings.sum()


def from_correlation(scores: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Return weights proportional to the correlation with a reference indicator; a negative one gets 0."""
    both = complete(np.column_stack([scores, reference]))
    with np.errstate(invalid="ignore", divide="ignore"):
        correlations = np.corrcoef(both, rowvar=False)[:-1, -1]
    correlations = np.maximum(np.nan_to_num(correlations), 0)  # NaN: a column that does not vary
    if correlations.sum() == 0:
        raise TeilhabeError(mark("No indicator correlates positively with the reference; it gives no weights."))
    return correlations / correlations.sum()


def effective(scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the share of each child in the variance of the weighted sum, Cov(w·x, I) / Var(I); they add up to 1.

    This is what a weight really does: with correlated children or unequal spreads it differs from the weight stated
    (Paruolo, Saisana & Saltelli 2013, Journal of the Royal Statistical Society A 176).
    """
    covariance = np.atleast_2d(np.cov(complete(scores), rowvar=False))
    parts = weights * (covariance @ weights)
    return parts / parts.sum()


def of_equal_influence(scores: np.ndarray, influence: np.ndarray | None = None) -> np.ndarray:
    """Return the weights whose effective weights are equal, or proportional to ``influence``.

    They are the only minimum of ½·wᵀSw − Σ bᵢ·ln wᵢ (S the covariance, b the influence), found by cyclic coordinate
    descent, each step in closed form; the same problem as that of risk parity (Griveau-Billion, Richard & Roncalli
    2013).
    """
    if influence is not None and not np.all(influence):
        weights = np.zeros(scores.shape[1])
        wanted = np.asarray(influence) > 0
        weights[wanted] = of_equal_influence(scores[:, wanted], np.asarray(influence)[wanted])
        return weights
    with np.errstate(over="ignore", invalid="ignore"):
        covariance = np.atleast_2d(np.cov(complete(scores), rowvar=False))
    count = len(covariance)
    target = np.full(count, 1 / count) if influence is None else np.asarray(influence) / np.sum(influence)
    spread = np.sqrt(np.diag(covariance))
    if not (np.isfinite(spread) & (spread > 0)).all():
        raise TeilhabeError(mark("The parts have no correlation: one does not vary, or the values are too large."))
    weights = 1 / spread
    for _ in range(_MOST_ROUNDS):
        before = weights.copy()
        for i in range(count):
            rest = covariance[i] @ weights - covariance[i, i] * weights[i]
            weights[i] = (-rest + np.sqrt(rest**2 + 4 * covariance[i, i] * target[i])) / (2 * covariance[i, i])
        if np.abs(weights - before).max() <= 1e-12 * weights.max():
            break
    return weights / weights.sum()


@dataclass(frozen=True)
class Method:
    """A way to find a node's weights and its settings, as in `normalise.Method`; `tree` carries it out."""

    settings: dict
    required: tuple[str, ...] = ()


METHODS = {
    "given": Method({}),
    "equal": Method({}),
    "pca": Method({"years": list}),
    "correlation": Method({"reference": str, "years": list}, ("reference",)),
    "equal_influence": Method({"years": list}),
}
