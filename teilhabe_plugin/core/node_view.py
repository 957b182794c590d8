"""One index, sub-index or cross of a result as classes, scores and ranks of all areas."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .classes import ClassDef, ClassSet, classify
from .comparing import find_node
from .index import EXCLUSION, IndexResult
from .recipe import Node, Recipe


@dataclass(frozen=True, eq=False)
class NodeView:
    """Scores and classes of one node over all areas.

    Attributes
    ----------
    node_id, title : str
    class_set : ClassSet
    scores : ndarray, shape (areas,)
        NaN without a score; all NaN for a cross.
    positions : ndarray of int, shape (areas,)
        Place of the class in ``class_set.classes``, −1 for none.
    excluded : ndarray of object, shape (areas,)
        Why an area was left out, None where it was not.
    is_provisional : bool
        The recipe gives this node no classes; it is shown in fifths.
    high_first : bool
        A high score is unfavourable: rank 1 is the highest one.
    """

    node_id: str
    title: str
    class_set: ClassSet
    scores: np.ndarray
    positions: np.ndarray
    excluded: np.ndarray
    is_provisional: bool
    high_first: bool

    @property
    def ranks(self) -> np.ndarray:
        """Rank of each area, 1 = the most unfavourable score; areas of equal score share the better one; NaN."""
        values = -self.scores if self.high_first else self.scores
        known = np.sort(values[~np.isnan(values)])
        return np.where(np.isnan(values), np.nan, np.searchsorted(known, values) + 1.0)

    def class_of(self, row: int) -> ClassDef | None:
        """Return the class of an area, None for none."""
        return self.class_set.classes[self.positions[row]] if self.positions[row] >= 0 else None

    def counts(self) -> list[int]:
        """Return the number of areas in each class."""
        return np.bincount(self.positions[self.positions >= 0], minlength=len(self.class_set.classes)).tolist()

    def totals(self) -> tuple[int, int, int]:
        """Return the number of areas with a class, of those left out, and of those without data."""
        known = int((self.positions >= 0).sum())
        out = sum(reason is not None for reason in self.excluded)
        return known, out, len(self.positions) - known - out


def choices(recipe: Recipe) -> list[tuple[str, str]]:
    """Return id and title of everything that can be looked at: indices, each with its sub-indices, then crosses."""
    found = []
    for index in recipe.indices:
        *below, root = index.root.nodes()
        found += [(node.id, node.title) for node in (root, *below)]
    return found + [(cross.id, cross.title) for cross in recipe.crosses]


def node_view(result: IndexResult, node_id: str, fifths: Sequence[str]) -> NodeView:
    """Return scores and classes of a node; the first index where there is no such node.

    Parameters
    ----------
    result : IndexResult
    node_id : str
        Id of an index, sub-index or cross.
    fifths : sequence of str
        Names of the five provisional classes of a node without classes, from the lowest scores on.
    """
    recipe = result.recipe
    cross = next((each for each in recipe.crosses if each.id == node_id), None)
    node = find_node(recipe, node_id)
    if cross is None and node is None:
        node = recipe.indices[0].root
    own = next((each for each in result.class_sets if each.id == (cross or node).id), None)
    excluded = np.asarray(result.values[EXCLUSION], object)
    if cross is not None:
        scores, high_first = np.full(len(excluded), np.nan), True
    else:
        scores = np.asarray(result.values[f"{node.id}_index"], float)
        index = next(index for index in recipe.indices if node in tuple(index.root.nodes()))
        high_first = index.high_means == "unfavourable"
    if own is not None:
        place = {each.value: position for position, each in enumerate(own.classes)}
        numbers = np.asarray(result.values[own.column], float)
        positions = np.array([place.get(number, -1) for number in numbers.tolist()], int)
    else:
        own, positions = _in_fifths(node, scores, high_first, fifths)
    return NodeView((cross or node).id, (cross or node).title, own, scores, positions, excluded,
                    cross is None and node.classes is None, high_first)


def _in_fifths(node: Node, scores: np.ndarray, high_first: bool, names: Sequence[str]) -> tuple[ClassSet, np.ndarray]:
    entries = [{"value": number, "name": name} for number, name in enumerate(names, 1)]
    positions, classes = classify(scores, {"method": "quantile", "classes": entries})
    return ClassSet(node.id, node.title, f"{node.id}_klasse", f"{node.id}_name", f"{node.id}_index", classes,
                    "last" if high_first else "first"), positions
