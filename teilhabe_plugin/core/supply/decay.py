"""How much an offer counts the farther it is: weights from 1 (here) to 0."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..messages import TeilhabeError, mark

BINARY, STEP, GAUSSIAN, GRAVITY, EXPONENTIAL, LINEAR = "binary", "step", "gaussian", "gravity", "exponential", "linear"
KINDS = (BINARY, STEP, GAUSSIAN, GRAVITY, EXPONENTIAL, LINEAR)


@dataclass(frozen=True)
class Decay:
    """A distance decay function; every one is 0 beyond `limit`.

    Attributes
    ----------
    kind : str
        ``"binary"``: 1 up to the limit (Luo and Wang 2003, the two-step method).
        ``"step"``: `weights` up to each of `bounds` (Luo and Qi 2009, the enhanced method).
        ``"gaussian"``: ``(exp(-½ (d/limit)²) - exp(-½)) / (1 - exp(-½))``, 1 at 0 and 0 at the limit (Dai 2010); with
        `scale` the plain bell ``exp(-½ (d/scale)²)``.
        ``"gravity"``: ``max(d, 1)^-exponent`` (Hansen 1959; Joseph and Bantock 1982).
        ``"exponential"``: ``exp(-d/scale)``.
        ``"linear"``: ``1 - d/limit``.
    limit : float
        In the unit of the costs.
    bounds, weights : tuple of float
        Of the steps, ascending bounds; the last bound should be the limit.
    scale : float
        Of the bell or the exponential, in the unit of the costs; 0: one third of the limit for the exponential,
        the limited bell for the Gaussian.
    exponent : float
        Of the gravity function.
    """

    kind: str
    limit: float
    bounds: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()
    scale: float = 0.0
    exponent: float = 1.0

    def __post_init__(self):
        if self.kind not in KINDS:
            raise TeilhabeError(mark("“{kind}” is no distance decay. Possible are: {kinds}."), kind=self.kind,
                                kinds=", ".join(KINDS))
        if not (self.limit > 0 and np.isfinite(self.limit)):
            raise TeilhabeError(mark("The distance {limit} is not a number above 0."), limit=self.limit)
        if self.kind == STEP and (not self.bounds or len(self.bounds) != len(self.weights)
                                  or list(self.bounds) != sorted(set(self.bounds))):
            raise TeilhabeError(mark("Steps need ascending bounds and one weight for each of them."))
        if not all(0 <= number < np.inf for number in (*self.weights, self.scale, self.exponent)):
            raise TeilhabeError(mark("Weights, scale and exponent of a distance decay are 0 or more."))

    def __call__(self, cost: np.ndarray) -> np.ndarray:
        """Return the weight of each cost, same shape."""
        cost = np.asarray(cost, dtype=float)
        near = cost <= self.limit
        return near.astype(float) if self.kind == BINARY else np.where(near, self._inside(cost), 0.0)

    def _inside(self, cost):
        if self.kind == STEP:
            weight = np.zeros_like(cost)
            for bound, value in zip(reversed(self.bounds), reversed(self.weights)):
                weight = np.where(cost <= bound, value, weight)
            return weight
        if self.kind == GAUSSIAN and self.scale:
            return np.exp(-0.5 * (cost / self.scale) ** 2)
        if self.kind == GAUSSIAN:
            return (np.exp(-0.5 * (cost / self.limit) ** 2) - np.exp(-0.5)) / (1 - np.exp(-0.5))
        if self.kind == GRAVITY:
            return np.maximum(cost, 1.0) ** -self.exponent
        if self.kind == EXPONENTIAL:
            return np.exp(-cost / (self.scale or self.limit / 3))
        return 1 - cost / self.limit
