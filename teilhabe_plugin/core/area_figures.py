"""An indicator over all areas: values as they were used, the city's and the districts' value, its spread."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .index import IndexResult
from .recipe import Indicator

#: what may have been done to a value before it was used
FILLED_GROUP, FILLED_YEAR, CAPPED, TRANSFORMED, MISSING, AS_IT_IS = (
    "group_median", "last_year", "capped", "transformed", "missing", "")
_CAPPING = ("winsorise", "percentile")


@dataclass(frozen=True)
class Spread:
    """How an indicator is spread over all areas that are computed: lowest, quartiles, highest."""

    lowest: float
    lower: float
    median: float
    upper: float
    highest: float


class Figures:
    """One indicator over all areas that are computed; the others are NaN.

    Parameters
    ----------
    result : IndexResult
    indicator : Indicator
    valid : ndarray of bool
        Which areas are computed.
    people : ndarray
        Of each area; 1 throughout where they are not known.
    districts : ndarray of object
        Key of the larger area of each area, None without one.

    Attributes
    ----------
    raw, values, used : ndarray
        As in the table; with what was filled in; as it went on into the index.
    city : float
    spread : Spread
    decimals : int
    """

    def __init__(self, result: IndexResult, indicator: Indicator, valid: np.ndarray, people: np.ndarray,
                 districts: np.ndarray):
        self.indicator, self.people, self.districts = indicator, people, districts
        raw = np.where(valid, np.asarray(result.values[result.recipe.column(indicator.id, result.year)], float), np.nan)
        treated = result.values.get(f"t_{indicator.id}")
        self.used = raw if treated is None else np.where(valid, np.asarray(treated, float), np.nan)
        self.raw, self.filled = raw, result.values.get(f"{indicator.id}_gefuellt")
        method = indicator.treatment[0]
        # a filled value is known in the indicator's unit only where the treatment keeps the unit
        keeps_unit = method in ("none", *_CAPPING)
        self.values = np.where(np.isnan(raw) & keeps_unit, self.used, raw)
        known = self.values[~np.isnan(self.values)]
        self.city = self._mean(valid)
        quantiles = np.quantile(known, [0, 0.25, 0.5, 0.75, 1]) if len(known) else np.full(5, np.nan)
        self.spread = Spread(*(float(each) for each in quantiles))
        self.decimals = digits(known, indicator.unit)

    def _mean(self, where: np.ndarray) -> float:
        there = where & ~np.isnan(self.raw)
        weights = self.people[there]
        return float(self.raw[there] @ weights / weights.sum()) if weights.sum() else float("nan")

    def district(self, row: int) -> float:
        """Return the value of the larger area that the area lies in."""
        own = self.districts[row]
        return float("nan") if own is None else self._mean(self.districts == own)

    def state(self, row: int) -> str:
        """Return what was done to the area's value."""
        way = None if self.filled is None else self.filled[row]
        if isinstance(way, str):
            return way
        if np.isnan(self.raw[row]):
            return MISSING
        method = self.indicator.treatment[0]
        if method in _CAPPING:
            return CAPPED if self.used[row] != self.raw[row] else AS_IT_IS
        return AS_IT_IS if method == "none" else TRANSFORMED


def rank_of(values: np.ndarray, row: int, high_is_bad: bool) -> tuple[int, int, int]:
    """Return the place from the unfavourable end, among how many, and how many others share it."""
    own = values[row]
    known = values[~np.isnan(values)]
    if np.isnan(own):
        return 0, len(known), 0
    worse = int((known > own).sum() if high_is_bad else (known < own).sum())
    return worse + 1, len(known), int((known == own).sum()) - 1


def digits(values: np.ndarray, unit: str = "") -> int:
    """Return the digits behind the decimal sign that values of this size and spread are worth."""
    if unit.strip() == "%":
        return 1
    if not len(values) or (values % 1 == 0).all():
        return 0
    size = float(np.median(np.abs(values)))
    return 0 if size >= 1000 else 1 if size >= 10 else 2
