"""The chance in counts: indicator values as they might have come out another time."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .messages import TeilhabeError, mark
from .recipe import Indicator, Recipe

KINDS = ("share", "rate", "error")
#: what a share or rate may be multiplied by
FACTORS = (1, 100, 1000, 10_000, 100_000)


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


def errors_in(recipe: Recipe, frame: pd.DataFrame, year: int | None = None, people: str = "") -> list[SamplingError]:
    """Return the sampling errors that a table tells of.

    Parameters
    ----------
    recipe : Recipe
    frame : DataFrame
        Where a column of an indicator stands beside columns of the same name with ``_zaehler`` and ``_nenner``, as
        indicators made from counts have them, kind and factor follow from these.
    year : int, optional
    people : str
        Column with the people that all other shares (unit %) and rates (per 1,000) refer to; "" for none.
    """
    found = []
    for indicator in recipe.indicators_in_use():
        column = recipe.column(indicator.id, year)
        if {column, f"{column}_zaehler", f"{column}_nenner"} <= set(frame) and f"{column}_gewicht" not in frame:
            error = _from_counts(indicator.id, column, frame)
        else:
            error = _from_unit(indicator, people)
        if error is not None:
            found.append(error)
    return found


def _from_counts(indicator: str, column: str, frame: pd.DataFrame) -> SamplingError | None:
    value, count, people = (
        pd.to_numeric(frame[name], errors="coerce").to_numpy(float, na_value=np.nan)
        for name in (column, f"{column}_zaehler", f"{column}_nenner")
    )
    usable = (count > 0) & (people > 0) & (value > 0)
    if not usable.any():
        return None
    factors = value[usable] * people[usable] / count[usable]
    factor = min(FACTORS, key=lambda each: abs(np.log(np.median(factors) / each)))
    if np.abs(factors / factor - 1).max() > 0.02:
        return None  # a change, or shrunk towards the others: no plain share or rate
    kind = "share" if factor <= 100 and (count[usable] <= people[usable]).all() else "rate"
    return SamplingError(indicator, kind, f"{column}_nenner", factor)


def _from_unit(indicator: Indicator, people: str) -> SamplingError | None:
    unit = indicator.unit.replace(".", "").replace(",", "").replace(" ", "")
    if not people:
        return None
    if unit == "%":
        return SamplingError(indicator.id, "share", people, 100)
    return SamplingError(indicator.id, "rate", people, 1000) if unit.endswith("1000") else None
