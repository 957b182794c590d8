"""Weights in a recipe's document, seen as shares that add up to 1."""
from __future__ import annotations

from collections.abc import Iterable

from .messages import TeilhabeError, mark
from .recipe_paths import Path, changed_at, children_at, entry_at, with_children

#: digits a weight is written with; enough that shares keep their proportions, few enough to be read
DIGITS = 10
_TINY = 1e-9


def weight_of(entry: dict) -> float:
    """Return the stated weight; 1 where there is none."""
    weight = entry.get("weight")
    return 1 if weight is None else weight


def weighted(entry: dict, weight: float) -> dict:
    """Return the entry with another weight, written short; where none was stated, the weight 1 stays unstated."""
    number = float(f"{weight:.{DIGITS}g}")
    number = int(number) if number == int(number) else number
    if number == weight_of(entry):
        return entry
    if "weight" in entry:
        return {**entry, "weight": number}
    first = [name for name in ("id", "title", "high_means", "indicator") if name in entry]
    return {**{name: entry[name] for name in first}, "weight": number,
            **{name: value for name, value in entry.items() if name not in first}}


def shares(document: dict, path: Path) -> list[float]:
    """Return the shares of a node's children by their stated weights; they add up to 1."""
    return shares_of([weight_of(each) for each in children_at(document, path)])


def shares_of(weights: list[float]) -> list[float]:
    """Return weights as shares that add up to 1; equal shares where no weight is above 0."""
    total = sum(weights)
    if total <= 0:
        return [1 / len(weights)] * len(weights)
    return [weight / total for weight in weights]


def overall_share(document: dict, path: Path) -> float:
    """Return the share of an entry in its whole index: its own times those of the nodes above."""
    share = 1.0
    for depth in range(1, len(path)):
        share *= shares(document, path[:depth])[path[depth]]
    return share


def with_share(document: dict, path: Path, share: float, locked: Iterable[int] = ()) -> dict:
    """Return the document with another share of one child; its unlocked siblings give way.

    Parameters
    ----------
    document : dict
    path : tuple of int
        The child.
    share : float
        From 0 to 1, less what the locked siblings hold.
    locked : iterable of int
        Positions of the siblings whose shares stay.

    Raises
    ------
    TeilhabeError
        For an index, which has no siblings to share with, and where the siblings cannot give way.

    Notes
    -----
    The unlocked siblings keep their proportions. The weights of all children keep their sum, so that an index that
    adds up its parts stays on its scale.
    """
    if len(path) < 2:
        raise TeilhabeError(mark("An index has no share; only its parts have."))
    if not 0 <= share <= 1:
        raise TeilhabeError(mark("A share from 0 to 100 % is expected, found {value:.4g} %."), value=100.0 * share)
    parent, position = path[:-1], path[-1]
    entry_at(document, path)
    children = children_at(document, parent)
    before = shares_of([weight_of(each) for each in children])
    kept = {each for each in locked if each != position and 0 <= each < len(children)}
    free = [each for each in range(len(children)) if each != position and each not in kept]
    left = 1 - sum(before[each] for each in kept) - share
    if not free and abs(left) > _TINY:
        raise TeilhabeError(mark("The other shares are locked or there are none; this share cannot change."))
    if left < -_TINY:
        raise TeilhabeError(mark("The locked shares leave {most:.4g} % at most."), most=100.0 * (left + share))
    old = sum(before[each] for each in free)
    after = list(before)
    after[position] = share
    for each in free:
        after[each] = max(left, 0) * (before[each] / old if old > _TINY else 1 / len(free))
    total = sum(weight_of(each) for each in children)
    total = total if total > 0 else len(children)
    return with_children(document, parent, [weighted(child, own * total) for child, own in zip(children, after)])


def with_weight(document: dict, path: Path, weight: float) -> dict:
    """Return the document with another weight of one child; the weights of its siblings stay.

    Raises
    ------
    TeilhabeError
        For a negative weight, and where no child would have a weight any more.
    """
    if weight < 0:
        raise TeilhabeError(mark("a weight must not be negative. To turn an indicator round, set “high_is”."))
    new = changed_at(document, path, lambda entry: weighted(entry, weight))
    if len(path) > 1 and sum(weight_of(each) for each in children_at(new, path[:-1])) <= 0:
        raise TeilhabeError(mark("One part at least needs a weight above 0."))
    return new


def equal_weights(document: dict, path: Path) -> dict:
    """Return the document with equal weights of a node's children; their sum stays."""
    children = children_at(document, path)
    total = sum(weight_of(each) for each in children)
    each_one = total / len(children) if children and total > 0 else 1
    return with_children(document, path, [weighted(child, each_one) for child in children])


def never_all_zero(children: list[dict]) -> list[dict]:
    """Return the children, with equal weights where none has a weight above 0."""
    if sum(weight_of(each) for each in children) > 0:
        return children
    return [weighted(each, 1) for each in children]
