"""Boundary change: counts of an older geometry carried to a newer one, with how sure that is.

A count of an old area is handed out to the new areas in proportion to weights: people, addresses or ground in each
common piece. Whatever the weights, every count arrives once, so sums are kept. Rates cannot be carried: carry numerator
and denominator, then divide.
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .messages import Message, TeilhabeError, mark
from .overlay import Overlap

#: smaller shares are rounding errors of the overlay
_NOTHING = 1e-9


@dataclass(frozen=True)
class Bridge:
    """Shares of old areas that go to new areas.

    Attributes
    ----------
    old, new : ndarray of int
        Positions of the areas, sorted.
    share : ndarray of float
        They add up to 1 for each old area, but for those in `unplaced`.
    old_size, new_size : int
    unplaced : ndarray of int
        Old areas that meet no new area.
    by_area : ndarray of int
        Old areas without any weight, shared out by land area instead.
    met_old, met_new : ndarray of int
        All pairs of areas that have ground or a point in common, whether any weight lies there or not.
    """

    old: np.ndarray
    new: np.ndarray
    share: np.ndarray
    old_size: int
    new_size: int
    unplaced: np.ndarray
    by_area: np.ndarray
    met_old: np.ndarray
    met_new: np.ndarray

    @property
    def split(self) -> np.ndarray:
        """For each old area the share that does not go to its main heir: 0 where it goes on undivided."""
        main = np.zeros(self.old_size)
        np.maximum.at(main, self.old, self.share)
        return np.where(main > 0, 1 - main, np.nan)


@dataclass(frozen=True)
class Carried:
    """Counts of new areas, each attribute with one entry per new area.

    Attributes
    ----------
    value : ndarray
        NaN where a part comes from an old area without a count, and where no old area is met.
    low, high : ndarray
        What the area has at least (old areas that lie in it as a whole) and at most (all old areas it has a part of),
        wherever in the old areas people may live.
    estimated : ndarray
        Share of the value that comes from old areas that were split, 0 … 1.
    lost : float
        Counts of old areas that meet no new area.
    """

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    estimated: np.ndarray
    lost: float


def bridge(old, new, weight, old_size: int, new_size: int, instead: Bridge | None = None) -> Bridge:
    """Return the shares that follow from weights of pairs of areas.

    Parameters
    ----------
    old, new : array_like of int
        The pair of areas of each weight (or of each point); the same pair may come again and again. Pairs with a
        negative position (points outside) are left out.
    weight : array_like
        Not negative.
    old_size, new_size : int
        Number of areas.
    instead : Bridge, optional
        Where old areas have no weight at all.
    """
    old, new, weight = np.asarray(old, int), np.asarray(new, int), np.asarray(weight, float)
    if (weight < 0).any() or not np.isfinite(weight).all():
        raise TeilhabeError(mark("Weights must be 0 or more: {count} are negative, infinite or missing."),
                            count=int(((weight < 0) | ~np.isfinite(weight)).sum()))
    there = (old >= 0) & (new >= 0)
    pairs, position = np.unique(old[there] * new_size + new[there], return_inverse=True)
    sums = np.bincount(position.ravel(), weights=weight[there], minlength=len(pairs))
    old, new = pairs // new_size, pairs % new_size
    whole = np.bincount(old, weights=sums, minlength=old_size)
    met = pairs if instead is None else np.union1d(pairs, instead.met_old * new_size + instead.met_new)
    share = np.divide(sums, whole[old], out=np.zeros(len(sums)), where=whole[old] > 0)
    by_area = np.zeros(0, int)
    if instead is not None:
        borrowed = (whole == 0)[instead.old]
        by_area = np.unique(instead.old[borrowed])
        old, new = np.concatenate([old, instead.old[borrowed]]), np.concatenate([new, instead.new[borrowed]])
        share = np.concatenate([share, instead.share[borrowed]])
    keep = share > _NOTHING
    old, new, share = old[keep], new[keep], share[keep]
    order = np.lexsort((new, old))
    old, new, share = old[order], new[order], share[order]
    share /= np.bincount(old, weights=share, minlength=old_size)[old]
    unplaced = np.flatnonzero(np.bincount(old, minlength=old_size) == 0)
    return Bridge(old, new, share, old_size, new_size, unplaced, by_area, met // new_size, met % new_size)


def by_ground(pieces: Overlap) -> Bridge:
    """Return shares by area: as if people lived evenly spread over each old area."""
    return bridge(pieces.old, pieces.new, pieces.area, len(pieces.old_area), len(pieces.new_area))


def by_new_weights(pieces: Overlap, weight) -> Bridge:
    """Return shares by what new areas weigh: people or addresses, evenly spread over each *new* area.

    Parameters
    ----------
    pieces : Overlap
    weight : array_like, shape (new areas,)
        Later inhabitants, or the number of addresses in a register without coordinates; NaN counts as 0.

    Notes
    -----
    The weight of a piece is weight of its new area × piece / new area (target-density weighting, Schroeder 2007,
    Geographical Analysis 39, 311–335). Where new areas are parts of old ones, nothing has to be assumed of how
    people are spread.
    """
    weight = np.nan_to_num(np.asarray(weight, float))
    pieces_weight = weight[pieces.new] * pieces.area / pieces.new_area[pieces.new]
    return bridge(pieces.old, pieces.new, pieces_weight, len(pieces.old_area), len(pieces.new_area), by_ground(pieces))


def by_points(old_of_point, new_of_point, weight, pieces: Overlap) -> Bridge:
    """Return shares by points (addresses, people in grid cells) with the old and the new area each lies in."""
    return bridge(old_of_point, new_of_point, weight, len(pieces.old_area), len(pieces.new_area), by_ground(pieces))


def carry(counts, shares: Bridge, whole: bool = False) -> Carried:
    """Carry the counts of old areas to new ones.

    Parameters
    ----------
    counts : array_like, shape (old areas,)
        NaN where there is none.
    shares : Bridge
    whole : bool
        Hand out whole numbers: of each old area the largest remainders get what is left. Sums are then equal to the
        last digit. Needs whole counts.
    """
    counts = np.asarray(counts, float)
    if (counts < 0).any() or np.isinf(counts).any():
        raise TeilhabeError(mark("Counts must be 0 or more: {count} are negative or infinite."),
                            count=int(((counts < 0) | np.isinf(counts)).sum()))
    if whole and (np.nan_to_num(counts) % 1 != 0).any():
        raise TeilhabeError(mark("Whole numbers can only be handed out of whole counts; {count} have decimals."),
                            count=int((np.nan_to_num(counts) % 1 != 0).sum()))
    given = np.nan_to_num(counts)
    parts = _whole_parts(given, shares) if whole else given[shares.old] * shares.share
    heirs = np.bincount(shares.met_old, minlength=shares.old_size)

    def per_new_area(new, values) -> np.ndarray:
        return np.bincount(new, weights=values, minlength=shares.new_size)

    value = per_new_area(shares.new, parts)
    divided = per_new_area(shares.new, np.where(shares.share < 1 - _NOTHING, parts, 0))
    low = per_new_area(shares.met_new, np.where(heirs == 1, given, 0)[shares.met_old])
    high = per_new_area(shares.met_new, given[shares.met_old])
    estimated = np.divide(divided, value, out=np.zeros(len(value)), where=value > 0)
    gone = per_new_area(shares.new, np.isnan(counts)[shares.old]) > 0
    gone |= np.bincount(shares.met_new, minlength=shares.new_size) == 0
    return Carried(*(np.where(gone, np.nan, each) for each in (value, low, high, estimated)),
                   lost=float(given[shares.unplaced].sum()))


def _whole_parts(counts: np.ndarray, shares: Bridge) -> np.ndarray:
    """Return whole parts of each old area's count that add up to it."""
    exact = counts[shares.old] * shares.share
    parts = np.floor(exact + _NOTHING)
    left = np.round(counts - np.bincount(shares.old, weights=parts, minlength=shares.old_size)).astype(int)
    # the largest remainders of each old area first; equal ones in the order of the new areas
    order = np.lexsort((shares.new, -(exact - parts), shares.old))
    start = np.searchsorted(shares.old[order], shares.old[order], "left")
    parts[order[np.arange(len(order)) - start < left[shares.old[order]]]] += 1
    return parts


def describe(shares: Bridge, slivers: int = 0) -> list[Message]:
    """Say in sentences how certain the bridge is."""
    split = shares.split
    notes = [Message(mark("{whole} of {count} old areas go on undivided or as part of one new area; {split} are split, "
                          "by {share:.0%} on average."),
                     whole=int((split <= _NOTHING).sum()), count=shares.old_size, split=int((split > _NOTHING).sum()),
                     share=float(np.mean(split[split > _NOTHING])) if (split > _NOTHING).any() else 0.0)]
    if slivers:
        notes.append(Message(mark("{count} slivers along borders were left out."), count=slivers))
    if len(shares.by_area):
        notes.append(Message(mark("{count} old areas have no weight; they are shared out by land area."),
                             count=len(shares.by_area)))
    if len(shares.unplaced):
        notes.append(Message(mark("{count} old areas meet no new area; their counts are lost."),
                             count=len(shares.unplaced)))
    return notes
