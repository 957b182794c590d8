"""The chance in counts: indicator values as they might have come out another time."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .messages import TeilhabeError, mark

KINDS = ("share", "rate", "error")


@dataclass(frozen=True)
class SamplingError:
    """What is known about the chance in one indicator.

    Attributes
    ----------
    indicator : str
    kind : {"share", "rate", "error"}
        ``share``: cases among people, drawn from a binomial distribution; ``rate``: events per people, drawn from a
        Poisson distribution; ``error``: drawn from a normal distribution with the standard error given.
    column : str
        Column of the denominators, or of the standard errors.
    factor : float
        100 for percent, 1000 for per 1,000.
    """

    indicator: str
    kind: str
    column: str
    factor: float = 100

    def __post_init__(self):
        if self.kind not in KINDS:
            raise TeilhabeError(mark("“{kind}” is no kind of sampling error. Possible are: {choices}."),
                                kind=self.kind, choices=", ".join(KINDS))
        if not self.factor > 0:
            raise TeilhabeError(mark("The factor of a share or rate must be above 0."))


def draw(values: np.ndarray, extent: np.ndarray, kind: str, factor: float, runs: int,
         random: np.random.Generator) -> np.ndarray:
    """Return values as chance might have made them, shape (areas, runs).

    Parameters
    ----------
    values : ndarray, shape (areas,)
        The indicator as observed.
    extent : ndarray, shape (areas,)
        Denominators, or standard errors.
    kind, factor
        As in `SamplingError`.
    runs : int
    random : numpy.random.Generator

    Notes
    -----
    The count is value · denominator / factor. Where no case was observed, or nothing but cases, half a case is
    taken for the chance (or half a case less): none among twelve is no proof of none at all. A value without
    denominator or standard error stays as it is; so does a missing one.
    """
    known = ~np.isnan(values) & ~np.isnan(extent) & (extent > 0)
    out = np.repeat(values[:, None], runs, axis=1)
    value, size = values[known], extent[known]
    if kind == "error":
        out[known] = value[:, None] + size[:, None] * random.standard_normal((len(value), runs))
        return out
    expected = np.maximum(value / factor, 0) * size
    expected = np.where(expected < 0.5, 0.5, expected)
    if kind == "rate":
        counts = random.poisson(expected[:, None], (len(value), runs))
    else:
        people = np.maximum(np.round(size), 1)
        chance = np.minimum(expected, people - 0.5) / people
        counts = random.binomial(people[:, None].astype(np.int64), chance[:, None], (len(value), runs))
        size = people
    out[known] = factor * counts / size[:, None]
    return out


def check_shares(values: np.ndarray, title: str, factor: float) -> None:
    """Refuse a share outside 0…factor: its factor or kind is wrong."""
    there = values[~np.isnan(values)]
    if there.size and (there.min() < 0 or there.max() > factor * (1 + 1e-9)):
        raise TeilhabeError(
            mark("“{title}” has values from {low:g} to {high:g}; as a share it must lie between 0 and {factor:g}. "
                 "Choose another kind of sampling error or another factor."),
            title=title, low=float(there.min()), high=float(there.max()), factor=factor,
        )
