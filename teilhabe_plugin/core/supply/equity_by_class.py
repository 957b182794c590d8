"""Who is how well supplied: the classes of an index side by side, and one figure for the slope between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .equity import concentration, gini, palma, theil


@dataclass(frozen=True, eq=False)
class Equity:
    """How evenly a supply is spread over people.

    Attributes
    ----------
    gini, theil, palma : float
        NaN where they cannot be computed.
    concentration : float
        Over the classes in their order: above 0 the last classes have more, below 0 the first; NaN without classes.
    classes : DataFrame
        One row per class in its order: ``position``, ``areas``, ``people``, ``supply`` (people-weighted mean),
        ``share`` (% of people within reach), ``way`` (people-weighted mean).
    """

    gini: float
    theil: float
    palma: float
    concentration: float
    classes: pd.DataFrame


def equity_of(supply: np.ndarray, people: np.ndarray, reached: np.ndarray, way: np.ndarray, area: np.ndarray,
              area_class: np.ndarray | None = None, n_classes: int = 0) -> Equity:
    """Return how evenly supply is spread over all people, and over the classes of their areas.

    Parameters
    ----------
    supply, people, way : ndarray, shape (m,)
        Supply per person, people, and the way to the nearest offer (NaN: none known) of every demand point.
    reached : ndarray of bool, shape (m,)
    area : ndarray of int, shape (m,)
        -1 for points outside all areas.
    area_class : ndarray of int, shape (a,), optional
        Position of each area's class, -1 for none.
    n_classes : int
    """
    supply, people, way = (np.asarray(each, float) for each in (supply, people, way))
    people = np.nan_to_num(people)
    overall = gini(supply, people), theil(supply, people), palma(supply, people)
    if area_class is None or not n_classes:
        return Equity(*overall, np.nan, pd.DataFrame())
    area_class = np.asarray(area_class)
    own = np.where(np.asarray(area) >= 0, area_class[area], -1)
    rank = np.where(own >= 0, own, np.nan)
    rows = []
    for position in range(n_classes):
        here = own == position
        total = people[here].sum()
        ways = here & np.isfinite(way)
        rows.append((position, int((area_class == position).sum()), total, _mean(supply[here], people[here]),
                     100 * people[here & np.asarray(reached, bool)].sum() / total if total else np.nan,
                     _mean(way[ways], people[ways])))
    names = ("position", "areas", "people", "supply", "share", "way")
    return Equity(*overall, concentration(supply, people, rank), pd.DataFrame(rows, columns=names))


def _mean(values, weights) -> float:
    return float(np.average(values, weights=weights)) if weights.sum() else np.nan
