"""Columns that a way to normalise cannot do anything sensible with are refused in words, before or after."""
from __future__ import annotations

import numpy as np

from .messages import Message, TeilhabeError, mark
from .normalise import METHODS, Basis

#: values that differ by less than this share of their size are equal but for rounding
EQUAL = 1e-12
#: squares of larger numbers soon cannot be stored
_LARGEST = 1e100


def check_spread(values: np.ndarray, method: str, title: str, scale: float = 0) -> None:
    """Refuse a column without values, or with equal values where the method divides by the spread.

    ``scale`` is the size of what the values were made from: a sum that always comes to 0 only differs in its last bits.
    """
    there = values[~np.isnan(values)]
    if not len(there):
        raise TeilhabeError(mark("“{title}” has no value in any area."), title=title)
    lowest, highest = there.min(), there.max()
    if max(-lowest, highest) > _LARGEST:
        raise TeilhabeError(mark("“{title}”: {value:g} is too large a number to compute with."), title=title,
                            value=float(highest if highest > _LARGEST else lowest))
    if not METHODS[method].needs_spread:
        return
    if highest - lowest <= EQUAL * max(abs(lowest), abs(highest), scale):
        raise TeilhabeError(
            mark("“{title}” is {value:g} in all {count} areas that have a value; it cannot be normalised by "
                 "“{method}”. Leave it out of the recipe or choose another method."),
            title=title, value=float(there[0]), count=len(there), method=method,
        )


def check_sign(basis: Basis, method: str, turned: bool, title: str) -> None:
    """Refuse shares of a city's or a best value that is not above 0: they would turn the order of the areas round."""
    values = basis.values[:, 0]
    if method == "share":
        lowest = float(basis.mean(weighted=True)[0])
        what = mark("the city’s value")
    elif method == "best":
        lowest = float(np.nanmin(values) if turned else np.nanmax(values))
        what = mark("the lowest value, the best one here,") if turned else mark("the highest value")
    else:
        return
    if lowest <= 0:
        raise TeilhabeError(
            mark("“{title}” cannot be normalised by “{method}”: {what} must be above 0, it is {value:g}."),
            title=title, method=method, what=Message(what), value=lowest,
        )


def check_finite(raw: np.ndarray, normalised: np.ndarray, method: str, title: str) -> None:
    """Refuse a column that has values but no finite ones after normalising."""
    lost = int((~np.isfinite(normalised) & ~np.isnan(raw)).sum())
    if lost:
        raise TeilhabeError(
            mark("“{title}” cannot be normalised by “{method}”: {count} areas would get no finite number. {why}"),
            title=title, method=method, count=lost, why=Message(_WHY.get(method, _WHY[""])),
        )


_WHY = {
    "robust_z": mark("More than half of the areas have the same value, so that the median deviation is 0."),
    "z": mark("Nobody lives in the areas that have a value."),
    "reference": mark("The city’s value is 0, or nobody lives in the areas that have a value."),
    "share": mark("Nobody lives in the areas that have a value."),
    "": mark("The numbers become too large."),
}
