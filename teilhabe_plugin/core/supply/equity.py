"""How evenly supply is spread over people: Gini, Theil, Palma, concentration."""

from __future__ import annotations

import numpy as np


def gini(values: np.ndarray, people: np.ndarray) -> float:
    """Return the Gini coefficient of a supply per person, people as weights.

    0: all have the same; towards 1: few have everything. Half the mean absolute difference of two persons, divided by
    the mean (Lerman and Yitzhaki 1989 for weights).

    Parameters
    ----------
    values : ndarray, shape (m,)
        Supply per person; points without value (NaN) are left out.
    people : ndarray, shape (m,)

    Returns
    -------
    float
        NaN without people or without any supply.
    """
    return concentration(values, people, values)


def concentration(values: np.ndarray, people: np.ndarray, rank_by: np.ndarray) -> float:
    """Return the concentration index of a supply over people ranked by something else.

    Below 0: supply lies with those low in `rank_by`, above 0 with those high in it; 0: no connection (Wagstaff, Paci
    and van Doorslaer 1991; persons with the same rank value share their mean rank).

    Parameters
    ----------
    values, people : ndarray, shape (m,)
    rank_by : ndarray, shape (m,)
        What people are ranked by, e.g. the class or score of the index.
    """
    values, people, rank_by = _known(values, people, rank_by)
    total = people.sum()
    if not total or not (values * people).sum():
        return np.nan
    _levels, place = np.unique(rank_by, return_inverse=True)
    level = np.bincount(place, weights=people)
    rank = (np.cumsum(level) - level / 2) / total
    mean = (values * people).sum() / total
    share = people / total
    return float(2 / mean * (share * (values - mean) * (rank[place] - 0.5)).sum())


def theil(values: np.ndarray, people: np.ndarray) -> float:
    """Return Theil's T of a supply per person: 0 when all have the same, log(N) when one has everything."""
    values, people, _ = _known(values, people, values)
    if not people.sum() or not (values * people).sum():
        return np.nan
    ratio = values / ((values * people).sum() / people.sum())
    logs = np.log(ratio, out=np.zeros_like(ratio), where=ratio > 0)
    return float((people * ratio * logs).sum() / people.sum())


def palma(values: np.ndarray, people: np.ndarray) -> float:
    """Return the supply of the best-off tenth of people divided by that of the worst-off four tenths (Palma 2011)."""
    values, people, _ = _known(values, people, values)
    if not people.sum():
        return np.nan
    order = np.argsort(values, kind="stable")
    up_to = np.concatenate([[0.0], np.cumsum(people[order])]) / people.sum()
    supply = np.concatenate([[0.0], np.cumsum((values * people)[order])])
    low, high = np.interp([0.4, 0.9], up_to, supply)
    return float((supply[-1] - high) / low) if low > 1e-12 * supply[-1] else np.nan


def _known(*columns):
    columns = [np.asarray(column, float) for column in columns]
    known = np.all([np.isfinite(column) for column in columns], axis=0) & (columns[1] > 0)
    return [column[known] for column in columns]
