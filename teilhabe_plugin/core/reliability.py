"""Whether indicators measure one thing: Cronbach's alpha and principal components."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .weights import complete


def alpha_of(covariance: np.ndarray) -> float:
    """Return Cronbach's alpha, k/(k−1) · (1 − Σ variances / variance of the sum); NaN for fewer than two items."""
    count = len(covariance)
    if count < 2 or covariance.sum() <= 0:
        return float("nan")
    return count / (count - 1) * (1 - float(np.trace(covariance) / covariance.sum()))


@dataclass(frozen=True)
class Alpha:
    """Cronbach's alpha of a group of indicators.

    Attributes
    ----------
    value : float
        Of the scores as they are added up.
    without : ndarray
        The value when one indicator is left out; NaN when only one is left.
    item_rest : ndarray
        Correlation of each indicator with the sum of the others.
    areas : int
        With all values.
    """

    value: float
    without: np.ndarray
    item_rest: np.ndarray
    areas: int


def cronbach(scores: np.ndarray) -> Alpha:
    """Return Cronbach's alpha over the areas with all values; scores have one column per indicator.

    All indicators must point the same way.
    """
    rows = complete(scores)
    covariance = np.atleast_2d(np.cov(rows, rowvar=False))
    count = len(covariance)
    without = np.array([alpha_of(np.delete(np.delete(covariance, j, 0), j, 1)) for j in range(count)])
    sums = covariance.sum(axis=1)
    own = np.diag(covariance)
    with np.errstate(invalid="ignore", divide="ignore"):
        rest = (sums - own) / np.sqrt(own * (covariance.sum() - 2 * sums + own))
    return Alpha(alpha_of(covariance), without, rest, len(rows))


@dataclass(frozen=True)
class Components:
    """Principal components of the correlations of indicators.

    Attributes
    ----------
    variances : ndarray
        Eigenvalues, descending; they add up to the number of indicators.
    explained : ndarray
        Their shares.
    loadings : ndarray, shape (indicators, components)
        Correlations of indicators and components; each component's loadings add up to a positive number.
    """

    variances: np.ndarray
    explained: np.ndarray
    loadings: np.ndarray

    @property
    def above_one(self) -> int:
        """Return the number of components with more variance than a single indicator (Kaiser's rule)."""
        return int((self.variances > 1 + 1e-9).sum())


def principal_components(scores: np.ndarray) -> Components:
    """Return the principal components over the areas with all values."""
    values, vectors = np.linalg.eigh(np.atleast_2d(np.corrcoef(complete(scores), rowvar=False)))
    values, vectors = np.maximum(values[::-1], 0), vectors[:, ::-1]
    loadings = vectors * np.sqrt(values)
    signs = np.where(loadings.sum(axis=0) < 0, -1, 1)
    return Components(values, values / values.sum(), loadings * signs)
