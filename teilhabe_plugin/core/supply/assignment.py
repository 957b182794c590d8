"""People to places: everyone goes to the nearest offer with a free place, the near ones first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..messages import check_cancelled
from .reach import Reach

_CHECK_EVERY = 200_000


@dataclass(frozen=True, eq=False)
class Assignment:
    """Who got a place where.

    Attributes
    ----------
    placed : ndarray, shape (k,)
        People of every entry of the reach that got a place there.
    unplaced : ndarray, shape (m,)
        People of every point without a place.
    filled : ndarray, shape (n,)
        Places taken at every offer.
    utilisation : ndarray, shape (n,)
        `filled` by capacity, NaN for an offer without places.
    spilled : ndarray, shape (m,)
        People of every point with a place, yet not at their nearest offer.
    """

    placed: np.ndarray
    unplaced: np.ndarray
    filled: np.ndarray
    utilisation: np.ndarray
    spilled: np.ndarray


def assign(reach: Reach, people: np.ndarray, capacity: np.ndarray, cancelled=None) -> Assignment:
    """Assign people to places, shortest ways first.

    Pairs are served in ascending order of cost (ties: by point, then offer) as far as people and places are left. The
    outcome is stable: nobody could change to a nearer offer that has a free place or serves somebody from farther away.

    Parameters
    ----------
    reach : Reach
        m points, n offers.
    people : ndarray, shape (m,)
    capacity : ndarray, shape (n,)
        Places; NaN counts as none, infinity as unlimited.
    """
    left = np.nan_to_num(np.asarray(people, float)).tolist()
    free = np.nan_to_num(np.asarray(capacity, float), nan=0.0, posinf=np.inf).tolist()
    placed = np.zeros(len(reach))
    order = np.lexsort((reach.offer, reach.point, reach.cost))
    points, offers = reach.point[order].tolist(), reach.offer[order].tolist()
    for first in range(0, len(order), _CHECK_EVERY):
        check_cancelled(cancelled)
        last = min(first + _CHECK_EVERY, len(order))
        for position in range(first, last):
            wanting = left[points[position]]
            if wanting:
                room = free[offers[position]]
                if room:
                    served = wanting if wanting < room else room
                    left[points[position]] = wanting - served
                    free[offers[position]] = room - served
                    placed[order[position]] = served
    filled = reach.sums_by_offer(placed)
    nearest = np.zeros(len(reach), dtype=bool)
    nearest[reach.starts[:-1][reach.reached()]] = True
    places = np.asarray(capacity, float)
    utilisation = np.divide(filled, places, out=np.full(len(filled), np.nan), where=places > 0)
    return Assignment(placed, np.array(left), filled, utilisation, reach.sums_by_point(placed * ~nearest))
