"""What the parts of an index are meant to count and what they really do: stated weight beside influence."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .decimals import decimal
from .diagnostics import Diagnostics, Finding
from .messages import mark
from .recipe import Leaf, Node, Recipe

#: influence differs strongly from the weight: by this factor, and by this share of the index at least
FACTOR, LEAST = 1.5, 0.02


@dataclass(frozen=True)
class Effect:
    """A part of an index: an indicator at one place, or a node.

    Attributes
    ----------
    id, title : str
    parent : str
        Id of the node it belongs to.
    level : int
        0 for a child of the index.
    is_indicator : bool
    weight : float
        Share of its weight among its siblings.
    effective : float
        Share in the variance of the parent's value; NaN where it is unknown.
    stated : float
        Share of its weight in the whole index.
    influence : float
        Share in the variance of the index; NaN where it is unknown.
    """

    id: str
    title: str
    parent: str
    level: int
    is_indicator: bool
    weight: float
    effective: float
    stated: float
    influence: float

    @property
    def meant_and_done(self) -> tuple[float, float]:
        """Share in the whole index by weight and by influence; within the parent where influence is unknown."""
        return (self.weight, self.effective) if np.isnan(self.influence) else (self.stated, self.influence)

    @property
    def verdict(self) -> int:
        """1 where the part does far more than its weight says, −1 far less, −2 the opposite, 0 about as much."""
        meant, done = self.meant_and_done
        if np.isnan(done):
            return 0
        if done < -LEAST / 2:
            return -2
        if abs(done - meant) < LEAST:
            return 0
        if done > FACTOR * meant:
            return 1
        return -1 if meant > FACTOR * done else 0


def effects(recipe: Recipe, node: Node, found: Diagnostics) -> list[Effect]:
    """Return all parts of a node in the order of the tree, each dimension before its indicators."""
    rows: list[Effect] = []
    by_leaf = iter(found.by_leaf.tolist() or [float("nan")] * sum(1 for _leaf in node.leaves()))

    def walk(parent: Node, share: float, level: int) -> float:
        weights = found.weights[parent.id] / found.weights[parent.id].sum()
        effective = found.effective.get(parent.id, np.full(len(weights), np.nan))
        total = 0.0
        for child, weight, done in zip(parent.children, weights.tolist(), effective.tolist()):
            place = len(rows)  # a dimension stands before its indicators, but its influence is the sum of theirs
            if isinstance(child, Leaf):
                name, title, influence = child.indicator, recipe.indicators[child.indicator].title, next(by_leaf)
            else:
                name, title, influence = child.id, child.title, walk(child, share * weight, level + 1)
            rows.insert(place, Effect(name, title, parent.id, level, isinstance(child, Leaf), weight, done,
                                      share * weight, influence))
            total += influence
        return total

    walk(node, 1.0, 0)
    return rows


def effect_findings(rows: list[Effect]) -> list[Finding]:
    """Say in words which parts do far more or far less than their weight says, the largest difference first."""
    found = []
    for each in sorted(rows, key=lambda row: -abs(np.subtract(*row.meant_and_done))):
        meant, done = (decimal(100 * share, 0) for share in each.meant_and_done)
        if each.verdict == 1:
            text = mark("“{title}” does more than its weight says: {weight} % of the weight, {influence} % of the "
                        "differences between the areas.")
        elif each.verdict == -1:
            text = mark("“{title}” does less than its weight says: {weight} % of the weight, {influence} % of the "
                        "differences between the areas.")
        elif each.verdict == -2:
            text = mark("“{title}” works against the index: {weight} % of the weight, {influence} % of the differences "
                        "between the areas.")
        else:
            continue
        found.append(Finding(text, (each.id,), title=each.title, weight=meant, influence=done))
    return found
