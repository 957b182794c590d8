"""Treating extreme values before normalising, and filling gaps; every changed cell is marked."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

import numpy as np
from scipy import stats

from .messages import Message, TeilhabeError, mark


def winsorise(values: np.ndarray, skew: float = 2, kurtosis: float = 3.5, most: float = 5) -> np.ndarray:
    """Pull in the outermost values until |skewness| ≤ ``skew`` or excess kurtosis ≤ ``kurtosis``.

    In each round the values at the extreme end of the longer tail take the next value inwards; at most ``most``
    distinct values are pulled in (the rule of the JRC's handbook on composite indicators, as COINr applies it).
    Skewness and kurtosis are the sample's (types 2 of Joanes & Gill 1998).
    """
    result = values.copy()
    for _ in range(int(most)):
        there = result[~np.isnan(result)]
        if len(there) < 4:
            break
        if np.ptp(there) <= 1e-12 * np.abs(there).max():  # equal but for the last digits
            break
        scaled = (there - there.mean()) / np.ptp(there)
        skewness = stats.skew(scaled, bias=False)
        if not (abs(skewness) > skew and stats.kurtosis(scaled, bias=False) > kurtosis):
            break
        ordered = np.unique(there)
        if skewness > 0:
            result[result == ordered[-1]] = ordered[-2]
        else:
            result[result == ordered[0]] = ordered[1]
    return result


def percentile_caps(values: np.ndarray, low: float = 5, high: float = 95) -> np.ndarray:
    """Cut the values off at two percentiles (type 7)."""
    floor, ceiling = np.nanpercentile(values, [low, high])
    return np.clip(values, floor, ceiling)


def logarithm(values: np.ndarray, add: float = 0) -> np.ndarray:
    """Return ln(x + add); every x + add must be above 0."""
    shifted = values + add
    if np.nanmin(shifted) <= 0:
        raise TeilhabeError(
            mark("The logarithm needs values above 0, the lowest is {value}. Set “add” to a larger number."),
            value=round(float(np.nanmin(shifted)), 6),
        )
    return np.log(shifted)


def box_cox(values: np.ndarray, power: float | None = None) -> np.ndarray:
    """Return the Box-Cox transform; without ``power`` the one of greatest likelihood is taken. Values above 0."""
    there = ~np.isnan(values)
    _check_box_cox(values[there])
    result = np.full(len(values), np.nan)
    result[there] = stats.boxcox(values[there], lmbda=box_cox_power(values) if power is None else power)
    return result


def box_cox_power(values: np.ndarray) -> float:
    """Return the power of greatest likelihood; NaN is left out."""
    there = values[~np.isnan(values)]
    _check_box_cox(there)
    if np.ptp(there) <= 1e-12 * there.max():
        raise TeilhabeError(mark("All areas have the same value; the Box-Cox transform finds no power for them. Set "
                                 "“power”, or leave the treatment out."))
    with np.errstate(all="ignore"):  # powers that are tried and lead too far
        return float(stats.boxcox(there)[1])


def _check_box_cox(there: np.ndarray) -> None:
    if there.min() <= 0:
        raise TeilhabeError(
            mark("The Box-Cox transform needs values above 0, the lowest is {value}."),
            value=round(float(there.min()), 6),
        )


@dataclass(frozen=True)
class Method:
    """A way to treat one indicator: (values, **settings) → values; settings and check as in `normalise.Method`."""

    function: Callable
    settings: dict
    required: tuple[str, ...] = ()
    check: Callable | None = None


def _percentiles(settings: dict) -> Message | None:
    if 0 <= settings["low"] < settings["high"] <= 100:
        return None
    return Message(mark("percentiles from 0 to 100 are expected, “low” less than “high”."))


METHODS = {
    "none": Method(lambda values: values, {}),
    "winsorise": Method(winsorise, {"skew": float, "kurtosis": float, "most": float}),
    "percentile": Method(percentile_caps, {"low": float, "high": float}, check=_percentiles),
    "log": Method(logarithm, {"add": float}),
    "boxcox": Method(box_cox, {"power": float}),
}


def treat(values: np.ndarray, method: str, settings: dict | None = None) -> np.ndarray:
    """Return one indicator treated by the named method, shape (areas,); NaN stays NaN."""
    if np.isnan(values).all():
        return values
    return METHODS[method].function(values, **(settings or {}))


def group_median(values: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Return the values with gaps filled by the median of the area's group.

    Gaps stay where the group has no value, and where the area has no group (None).
    """
    result = values.copy()
    for group in set(groups[np.isnan(values)]) - {None}:
        members = groups == group
        there = values[members & ~np.isnan(values)]
        if len(there):
            result[members & np.isnan(values)] = np.median(there)
    return result


def fill_from(values: np.ndarray, earlier: list[np.ndarray]) -> np.ndarray:
    """Return the values with gaps filled from earlier years, the latest first."""
    result = values.copy()
    for before in earlier:
        gaps = np.isnan(result)
        result[gaps] = before[gaps]
    return result


#: how a gap in an indicator is dealt with; what is missing stays missing unless the recipe says so
MISSING = {
    "keep": Method(lambda: None, {}),
    "area_out": Method(lambda: None, {}),
    "group_median": Method(group_median, {"group": str}, ("group",)),
    "last_year": Method(fill_from, {"years": float}),
}
