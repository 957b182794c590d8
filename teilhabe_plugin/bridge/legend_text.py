"""Legend texts: class name, bounds and number of areas, as a statistics office writes them."""
from __future__ import annotations

import math

from qgis.PyQt.QtCore import QLocale

from ..core.classes import ClassDef, ClassSet
from ..translation import language, tr

MINUS, SEPARATOR = "−", " · "


def number_text(value: float, decimals: int | None = None) -> str:
    """Return a number in the user's language: decimal comma in German, a true minus sign.

    Parameters
    ----------
    value : float
    decimals : int, optional
        Digits after the decimal sign; without it as many as the number needs, at most 6.
    """
    locale = QLocale(language())
    if decimals is None:
        decimals = next((d for d in range(6) if _equal(round(value, d), value)), 6)
    text = locale.toString(abs(round(float(value), decimals)), "f", decimals)
    return MINUS + text if round(value, decimals) < 0 else text


def count_text(count: int) -> str:
    """Return a number of areas with the language's sign for thousands."""
    return number_text(count, 0)


def bound_decimals(class_set: ClassSet) -> int | None:
    """Return the digits that keep the bounds apart, or None when each can be written in full."""
    bounds = sorted({b for each in class_set.classes for b in (each.lower, each.upper) if _is_bound(b)})
    if all(_equal(round(bound, 3), bound) for bound in bounds):
        return None
    gap = min((b - a for a, b in zip(bounds, bounds[1:])), default=abs(bounds[0]) or 1)
    return min(max(1 - math.floor(math.log10(gap)), 0), 6)


def bounds_text(class_set: ClassSet, each: ClassDef) -> str:
    """Return a class's bounds, "" when it has none.

    Intervals are closed on the right, the first one on both sides: ``≤ −1``, ``> −1 bis 1``, ``> 1,5``.
    """
    decimals = bound_decimals(class_set)
    unit = f" {class_set.unit}" if class_set.unit else ""
    lower = number_text(each.lower, decimals) if _is_bound(each.lower) else ""
    upper = number_text(each.upper, decimals) + unit if _is_bound(each.upper) else ""
    if not lower:
        return f"≤ {upper}" if upper else ""
    if not upper:
        return f"> {lower}{unit}"
    lowest = min(other.lower if _is_bound(other.lower) else -math.inf for other in class_set.classes)
    return tr("{lower} to {upper}", lower=lower if each.lower == lowest else f"> {lower}", upper=upper)


def class_text(class_set: ClassSet, each: ClassDef, count: int | None = None) -> str:
    """Return the legend text of a class, such as ``sehr niedrig (> 1,5) · 49``."""
    bounds = bounds_text(class_set, each)
    return with_count(f"{each.name} ({bounds})" if bounds else each.name, count)


def excluded_text(reason: str, count: int | None = None) -> str:
    """Return the legend text of areas left out for a reason."""
    return with_count(tr("excluded: {reason}", reason=reason), count)


def no_data_text(count: int | None = None) -> str:
    """Return the legend text of areas without a class; a count of 0 is not written."""
    return with_count(tr("no data"), count or None)


def other_text(count: int) -> str:
    """Return the legend text of areas whose class the list of classes does not know."""
    return with_count(tr("not in the list of classes"), count)


def with_count(text: str, count: int | None) -> str:
    """Return the text with the number of areas behind it."""
    return text if count is None else f"{text}{SEPARATOR}{count_text(count)}"


def _is_bound(bound: float | None) -> bool:
    return bound is not None and math.isfinite(bound)


def _equal(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-9 * max(1.0, abs(b))
