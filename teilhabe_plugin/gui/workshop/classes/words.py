"""What the ways to find class bounds are called, what they are good for, and what the classes found say."""
from __future__ import annotations

from html import escape

import numpy as np

from ....bridge.legend_text import number_text
from ....core.class_fit import near_distance, nearest_bound, variance_explained
from ....translation import tr

#: how many areas are named
NAMED = 5


def methods() -> dict[str, tuple[str, str]]:
    """Return the name of each method, and in one line what it is good for."""
    return {
        "sd": (tr("Standard deviations"),
               tr("Bounds at multiples of the standard deviation from the mean: shows who stands out.")),
        "fixed": (tr("Fixed bounds"),
                  tr("The bounds are numbers that stay: classes can be compared from edition to edition.")),
        "quantile": (tr("Quantiles"),
                     tr("About equally many areas in each class, the bounds interpolated between scores.")),
        "rank": (tr("Equally many by rank"),
                 tr("The areas by rank in parts of equal size; areas of equal score stay together.")),
        "equal": (tr("Equal steps"),
                  tr("Classes of the same width between the lowest and the highest score; some may stay empty.")),
        "natural": (tr("Natural breaks (Jenks)"),
                    tr("Bounds where the scores leave gaps: areas within a class are as alike as possible.")),
        "head_tail": (tr("Head/tail breaks"),
                      tr("Again and again at the mean of the upper part: for few very high scores.")),
    }


def quantile_types() -> dict[int, str]:
    """Return what the types of quantile are known for."""
    known = {2: tr("as SAS"), 6: tr("as SPSS, QUARTILE.EXC"), 7: tr("as Excel, R, QUARTILE.INC"),
             8: tr("free of the distribution")}
    return {kind: f"{kind} – {known[kind]}" if kind in known else str(kind) for kind in range(1, 10)}


def near_areas(scores: np.ndarray, bounds) -> tuple[np.ndarray, float]:
    """Return the areas near a bound, the nearest first, and what counts as near."""
    distance = near_distance(scores)
    if np.isnan(distance) or not len(bounds):
        return np.empty(0, int), distance
    gaps = nearest_bound(scores, bounds)
    near = np.flatnonzero(gaps < distance)
    return near[np.argsort(gaps[near], kind="stable")], distance


def fit_text(scores: np.ndarray, positions: np.ndarray, bounds) -> str:
    """Say how much of the differences the classes show."""
    known = ~np.isnan(scores)
    if not known.any():
        return tr("No area has a score here.")
    if np.isnan(near_distance(scores)):
        return tr("All areas have the same score ({value}): there is nothing to part.",
                  value=number_text(float(scores[known][0]), 2))
    if not (positions >= 0).any():
        return tr("No area has a class here.")
    share = variance_explained(scores, positions)
    words = tr("The classes explain {share} % of the variance between the areas.",
               share=number_text(100 * share, 0 if share < 0.995 else 1))
    if known.sum() < 2 * (len(bounds) + 1):
        words += " " + tr("With {n} areas, that says little.", n=int(known.sum()))
    return words


def near_text(near: np.ndarray, distance: float, names) -> str:
    """Say which areas could easily be in the next class; the number is a link."""
    if np.isnan(distance):
        return ""
    value = number_text(distance)
    if not len(near):
        return tr("No area is nearer than {value} to a bound.", value=value)
    named = ", ".join(escape(names[row]) for row in near[:NAMED].tolist())
    if len(near) > NAMED:
        named += " …"
    if len(near) == 1:
        return tr("<a href=\"near\">1 area</a> is nearer than {value} to a bound and flips easily: {names}",
                  value=value, names=named)
    return tr("<a href=\"near\">{n} areas</a> are nearer than {value} to a bound and flip easily: {names}",
              n=len(near), value=value, names=named)


def empty_text(counts, names) -> str:
    """Name the classes without areas."""
    empty = [name for name, count in zip(names, counts) if not count]
    if not empty or not sum(counts):
        return ""
    if len(empty) == 1:
        return tr("The class “{name}” is empty.", name=empty[0])
    return tr("These classes are empty: {names}.", names=", ".join(empty))
