"""Supply that looks over area borders: floating catchment methods and their kin, on a sparse reach."""

from __future__ import annotations

import numpy as np

from .decay import Decay
from .reach import Reach


def two_step(reach: Reach, people: np.ndarray, capacity: np.ndarray, decay: Decay) -> np.ndarray:
    """Return places per person by the two-step floating catchment area method.

    First every offer's places are divided by the weighted people that reach it, then every point adds up the ratios of
    the offers it reaches. With a binary decay this is 2SFCA (Luo and Wang 2003), with steps or a bell the enhanced one
    (E2SFCA, Luo and Qi 2009; Dai 2010). The people-weighted sum over all points equals the places of all offers that
    anybody reaches.

    Parameters
    ----------
    reach : Reach
        m points, n offers.
    people : ndarray, shape (m,)
    capacity : ndarray, shape (n,)
        Places; NaN counts as none.
    decay : Decay

    Returns
    -------
    ndarray, shape (m,)
        0 where no offer is within the limit.
    """
    weight = reach.matrix(decay(reach.cost))
    return weight @ _ratio(weight, people, capacity)


def offer_ratio(reach: Reach, people, capacity, weight) -> np.ndarray:
    """Return places per weighted person of each offer (first step), 0 where nobody reaches it; shape (n,)."""
    return _ratio(reach.matrix(weight), people, capacity)


def three_step(reach: Reach, people: np.ndarray, capacity: np.ndarray, decay: Decay) -> np.ndarray:
    """Return places per person by the three-step method (Wan, Zou and Sternberg 2012).

    Like `two_step`, but a person's demand at an offer is shared out among the offers in reach in proportion to their
    weights, so that several near offers are not each asked for the whole person. Parameters as there.
    """
    weight = decay(reach.cost)
    share = _divide(1.0, _row_sums(reach.matrix(weight)))
    squared = reach.matrix(weight * weight)
    return share * (squared @ _ratio(squared, share * np.asarray(people, float), capacity))


def balanced(reach: Reach, people: np.ndarray, capacity: np.ndarray, decay: Decay) -> np.ndarray:
    """Return places per person by the balanced method (Paez, Higgins and Vivona 2019).

    Every person is counted once in all (weights of a point add up to 1) and every place once (weights of an offer add
    up to 1); neither demand nor supply is inflated. Parameters as for `two_step`.
    """
    weight = reach.matrix(decay(reach.cost))
    by_point, by_offer = _divide(1.0, _row_sums(weight)), _divide(1.0, _row_sums(weight.T))
    return weight @ (by_offer * _ratio(weight, by_point * np.asarray(people, float), capacity))


def availability(reach: Reach, people: np.ndarray, capacity: np.ndarray, decay: Decay) -> np.ndarray:
    """Return the number of places available to each point (Soukhov, Paez, Higgins and Mohamed 2023).

    Every offer's places are divided among the points in proportion to their people and their weight; the sum over all
    points is the number of places of all offers that anybody reaches. Parameters as for `two_step`; shape (m,).
    """
    return np.asarray(people, float) * two_step(reach, people, capacity, decay)


def opportunities(reach: Reach, capacity: np.ndarray, decay: Decay) -> np.ndarray:
    """Return the weighted places in reach of each point, whoever else wants them (Hansen 1959; binary: cumulative)."""
    return reach.matrix(decay(reach.cost)) @ np.nan_to_num(np.asarray(capacity, float))


def _ratio(weight, people, capacity) -> np.ndarray:
    """Return places per weighted person; `weight` is a matrix of points by offers."""
    return _divide(np.nan_to_num(np.asarray(capacity, float)), weight.T @ np.asarray(people, float))


def _row_sums(matrix) -> np.ndarray:
    return matrix @ np.ones(matrix.shape[1])


def _divide(above, below) -> np.ndarray:
    """Return the quotient, 0 where the divisor is 0."""
    below = np.asarray(below, float)
    return np.divide(above, below, out=np.zeros(np.broadcast(above, below).shape), where=below > 0)
