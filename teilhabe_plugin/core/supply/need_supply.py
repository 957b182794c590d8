"""Need beside supply: which areas have both high need and little on offer, in which order, and why in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..messages import Message, TeilhabeError, mark
from .words import people_of, places

LOW, MIDDLE, HIGH = 0, 1, 2

_NEED = {LOW: mark("low need"), MIDDLE: mark("medium need"), HIGH: mark("high need")}
_SUPPLY = {LOW: mark("low supply"), MIDDLE: mark("medium supply"), HIGH: mark("high supply")}


@dataclass(frozen=True, eq=False)
class NeedSupply:
    """Need and supply of the areas, each in three levels.

    Attributes
    ----------
    need, supply : ndarray of int8, shape (a,)
        `LOW`, `MIDDLE`, `HIGH`, -1 where not known.
    cell : ndarray of int8, shape (a,)
        ``3 * need + supply``, -1 where one of them is not known.
    rank : ndarray of float, shape (a,)
        1 for the area to look at first: highest need, then lowest supply, then most unreached people, then the largest
        lack of places; NaN without cell.
    matrix : DataFrame
        Nine rows: ``need``, ``supply``, ``areas``, ``people``.
    """

    need: np.ndarray
    supply: np.ndarray
    cell: np.ndarray
    rank: np.ndarray
    matrix: pd.DataFrame


def need_levels(classes: np.ndarray, n_classes: int, highest_is_need: bool = True) -> np.ndarray:
    """Return the level of need of index classes numbered 1 … n: the lower, the middle and the upper third of classes.

    The outer thirds are rounded, the middle takes what is left: of four classes 1, 2 and 1 are low, medium and high, of
    five 2, 1 and 2; of two classes the middle is empty.
    """
    classes = np.asarray(classes, float)
    if n_classes < 2:
        raise TeilhabeError(mark("Need and supply can only be compared with at least two classes of the index."))
    third = max(1, round(n_classes / 3))
    position = classes if highest_is_need else n_classes + 1 - classes
    level = np.where(position <= third, LOW, np.where(position > n_classes - third, HIGH, MIDDLE))
    return np.where(np.isfinite(classes), level, -1).astype(np.int8)


def supply_bounds(values: np.ndarray, people: np.ndarray | None = None) -> tuple[float, float]:
    """Return the upper bounds of low and of medium supply, so that each level holds about a third of the areas.

    Areas with equal supply have the same level: that of the middle one of them. With all areas equal all are medium.

    Parameters
    ----------
    values : ndarray, shape (a,)
        Supply rate of each area; NaN: not known.
    people : ndarray, shape (a,), optional
        With it the thirds are those of people, not of areas.

    Returns
    -------
    (float, float)
        ``-inf`` where no area has low supply, or where none has low or medium supply.
    """
    values = np.asarray(values, float)
    weights = np.ones(len(values)) if people is None else np.nan_to_num(np.asarray(people, float))
    known = np.isfinite(values) & (weights > 0)
    steps, step = np.unique(values[known], return_inverse=True)
    weight = np.bincount(step, weights=weights[known], minlength=len(steps))
    middle = (np.cumsum(weight) - weight / 2) / max(weight.sum(), 1e-300)
    return tuple(steps[middle <= third + 1e-9].max(initial=-np.inf) for third in (1 / 3, 2 / 3))


def supply_levels(values: np.ndarray, bounds: tuple[float, float] | None = None,
                  people: np.ndarray | None = None) -> np.ndarray:
    """Return the level of supply.

    Parameters
    ----------
    values : ndarray, shape (a,)
        Supply rate of each area; NaN: not known.
    bounds : (float, float), optional
        ``value <= lower`` is low, ``value <= upper`` medium, the rest high. Without: those of `supply_bounds`.
    people : ndarray, shape (a,), optional
        With it the thirds are those of people, not of areas.
    """
    values = np.asarray(values, float)
    bounds = supply_bounds(values, people) if bounds is None else bounds
    if not bounds[0] <= bounds[1]:
        raise TeilhabeError(mark("The lower bound of the supply, {lower}, is above the upper one, {upper}."),
                            lower=bounds[0], upper=bounds[1])
    level = np.where(values <= bounds[0], LOW, np.where(values <= bounds[1], MIDDLE, HIGH))
    return np.where(np.isfinite(values), level, -1).astype(np.int8)


def compare(need: np.ndarray, supply: np.ndarray, people: np.ndarray, unreached: np.ndarray,
            balance: np.ndarray) -> NeedSupply:
    """Put need and supply side by side.

    Parameters
    ----------
    need, supply : ndarray of int, shape (a,)
        Levels as from `need_levels` and `supply_levels`.
    people, unreached, balance : ndarray, shape (a,)
        People of the target group, those without offer in reach, places above (below 0: missing against) the quota.
    """
    need, supply = np.asarray(need, np.int8), np.asarray(supply, np.int8)
    known = (need >= 0) & (supply >= 0)
    cell = np.where(known, 3 * need + supply, -1).astype(np.int8)
    order = np.lexsort((np.arange(len(need)), np.nan_to_num(balance), -np.nan_to_num(unreached), supply, -need))
    order = order[known[order]]
    rank = np.full(len(need), np.nan)
    rank[order] = np.arange(1, len(order) + 1)
    inside = cell >= 0
    areas = np.bincount(cell[inside], minlength=9)
    persons = np.bincount(cell[inside], weights=np.nan_to_num(np.asarray(people, float))[inside], minlength=9)
    matrix = pd.DataFrame({"need": np.repeat([LOW, MIDDLE, HIGH], 3), "supply": np.tile([LOW, MIDDLE, HIGH], 3),
                           "areas": areas, "people": persons})
    return NeedSupply(need, supply, cell, rank, matrix)


def title(need: int, supply: int) -> Message:
    """Return a cell of the matrix in words, such as “high need, low supply”; what is not known is left out."""
    need, supply = (None if level < 0 else Message(texts[int(level)]) for level, texts in
                    ((need, _NEED), (supply, _SUPPLY)))
    if need is None and supply is None:
        return Message(mark("no statement: need and supply are not known"))
    if need is None or supply is None:
        return supply if need is None else need
    return Message(mark("{need}, {supply}"), need=need, supply=supply)


def reason(need: int, supply: int, group: str, unreached: float, limit, balance: float = np.nan) -> Message:
    """Return in words why an area stands where it stands.

    Parameters
    ----------
    need, supply : int
        Levels, -1 where not known.
    group : str
        Name of the target group in the plural, e.g. “Kinder unter 6”; "" for people in general.
    unreached : float
        People of the group without offer within the limit; NaN: not known.
    limit : str or Message
        The limit in words, see `words.way`.
    balance : float
        Places above or below the quota; NaN when there is no quota.
    """
    parts = title(need, supply)
    if np.isfinite(unreached) and round(unreached):
        parts = Message(mark("{before}: {people} without an offer within {limit}"), before=parts,
                        people=people_of(group, unreached), limit=limit)
    if np.isfinite(balance) and round(balance) < 0:
        parts = Message(mark("{before}; {places} missing against the quota"), before=parts, places=places(-balance))
    elif np.isfinite(balance) and round(balance) > 0:
        parts = Message(mark("{before}; {places} more than the quota asks for"), before=parts, places=places(balance))
    return parts
