"""One index under one choice of methods, evaluated for many runs at once.

A run differs from the recipe in its weights and, where counts are resampled, in the values of indicators. All runs go
through the tree together: arrays have one row per area and one column per run, so that every step is one matrix
operation. The methods are those of `normalise` and `aggregate`.
"""
from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import Callable

import numpy as np

from .aggregate import aggregate
from .normalise import Basis, normalise
from .recipe import Index, Leaf, Node, Recipe
from .tree import Data, check_spread, node_weights

#: weighted means of a transform of the scores: there, and back again
_THROUGH = {
    "sum": (None, None),
    "mean": (None, None),
    "geometric": (np.log, np.exp),
    "harmonic": (np.reciprocal, np.reciprocal),
}
#: aggregates that need scores above 0, and the range that scores are stretched to where they were not made for it
NEEDS_POSITIVE, STRETCH = ("geometric", "harmonic", "power"), {"low": 1, "high": 100}


@dataclass(frozen=True)
class Choice:
    """Methods and settings in place of the recipe's; None keeps those of the recipe.

    Indicators normalised to flags keep that, and so do nodes that count flags: another method would not mean the same.
    """

    normalisation: tuple[str, dict] | None = None
    aggregation: tuple[str, dict] | None = None

    def of_leaf(self, leaf: Leaf) -> tuple[str, dict]:
        """Return how a leaf is normalised."""
        own = leaf.method, leaf.settings
        return own if self.normalisation is None or leaf.method == "binary" else self.normalisation

    def of_node(self, node: Node) -> tuple[str, dict]:
        """Return how a node is aggregated."""
        return node.aggregate if self.aggregation is None or node.aggregate[0] == "count" else self.aggregation

    @property
    def is_own(self) -> bool:
        """Whether everything is as in the recipe."""
        return self.normalisation is None and self.aggregation is None


@dataclass
class Runs:
    """What came out: node id → values before standardising and scores, arrays of shape (areas, runs)."""

    values: dict[str, np.ndarray] = field(default_factory=dict)
    scores: dict[str, np.ndarray] = field(default_factory=dict)


class VariantTree:
    """The tree of an index over given areas under one choice of methods.

    Parameters
    ----------
    recipe, index : Recipe, Index
    data : Data
        The valid areas.
    choice : Choice
    reference : VariantTree, optional
        The same tree over a fixed reference year, from which mean, spread, range and estimated weights are taken.
    like : VariantTree, optional
        A tree with the same normalisation; its normalised indicators are taken over.

    Attributes
    ----------
    base_weights : dict
        Node id → weights of its children, given or estimated under this choice.
    base : Runs
        The one run with these weights.
    """

    def __init__(self, recipe: Recipe, index: Index, data: Data, choice: Choice | None = None,
                 reference: VariantTree | None = None, like: VariantTree | None = None):
        self.recipe, self.index, self.data, self.reference = recipe, index, data, reference
        self.choice = choice or Choice()
        self.base_weights: dict[str, np.ndarray] = {}
        self._fixed: dict[tuple[str, int], np.ndarray] = {} if like is None else like._fixed
        self._prepared: dict[tuple, np.ndarray] = {}
        for node in index.root.nodes() if like is None else ():
            for j, child in enumerate(node.children):
                if isinstance(child, Leaf):
                    self._fixed[node.id, j] = self._normalised(child, self._column(child)[:, None])
        if reference is not None:
            self.base_weights = dict(reference.base_weights)
        self.base = self.evaluate({}, {}, 1, reference.base if reference is not None else None)

    def evaluate(self, weights: dict[str, np.ndarray], draws: dict[str, np.ndarray], runs: int,
                 reference: Runs | None = None) -> Runs:
        """Return values and scores of all nodes.

        Parameters
        ----------
        weights : dict
            Node id → weights, shape (children, runs); nodes that are not named have their base weights.
        draws : dict
            Indicator id → values in place of the data's, shape (areas, runs).
        runs : int
        reference : Runs, optional
            What the same weights gave over the reference year; needed when the tree has a reference.
        """
        out = Runs()
        with np.errstate(invalid="ignore", divide="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # runs in which nothing is left of a column
            self._node(self.index.root, weights, draws, runs, reference, out)
        return out

    def _column(self, leaf: Leaf) -> np.ndarray:
        return self.data.matrix[:, self.data.position[leaf.indicator]]

    def _normalised(self, leaf: Leaf, values: np.ndarray) -> np.ndarray:
        method, settings = self.choice.of_leaf(leaf)
        indicator = self.recipe.indicators[leaf.indicator]
        basis = Basis(values, self.data.population)
        if self.reference is not None:
            other = self.reference
            basis = Basis(other._column(leaf)[:, None], other.data.population)
        if values.shape[1] == 1:
            check_spread(basis.values[:, 0], method, indicator.title)
        return normalise(values, method, settings, indicator.high_is != self.index.high_means, basis)

    def _node(self, node: Node, weights: dict, draws: dict, runs: int, reference: Runs | None, out: Runs) -> np.ndarray:
        method, settings = self.choice.of_node(node)
        fixed, moving = [], {}
        for j, child in enumerate(node.children):
            if isinstance(child, Node):
                moving[j] = self._node(child, weights, draws, runs, reference, out)
            elif child.indicator in draws:
                moving[j] = self._normalised(child, draws[child.indicator])
            else:
                fixed.append(j)
        if node.id not in self.base_weights:
            scores = _side_by_side(len(node.children), fixed, self._columns(node, fixed), moving, 0)
            self.base_weights[node.id] = node_weights(self.recipe, self.index, node, scores, self.data)
        chosen = weights.get(node.id)
        if chosen is None:
            chosen = np.repeat(self.base_weights[node.id][:, None], runs, axis=1)
        if method in _THROUGH or method == "power":
            there, back = _way_through(method, settings, stretched=not self.choice.is_own)
            columns = self._columns(node, fixed, there)
            if there is not None:
                moving = {j: there(values) for j, values in moving.items()}
            values = _weighted(columns, fixed, moving, chosen, node.minimum_share)
            if method == "sum":
                values = values * chosen.sum(axis=0)
            elif back is not None:
                values = back(values)
        else:
            kept = (chosen > 0) | (self.base_weights[node.id] == 0)[:, None]
            values = _run_by_run(len(node.children), self._columns(node, fixed), fixed, moving, chosen, kept, method,
                                 settings, node.minimum_share)
        out.values[node.id] = values
        if node.standardise is not None:
            method, settings = node.standardise
            basis = Basis(values, self.data.population)
            if reference is not None:
                basis = Basis(reference.values[node.id], self.reference.data.population)
            values = normalise(values, method, settings, basis=basis)
        out.scores[node.id] = values
        return values

    def _columns(self, node: Node, fixed: list[int], there: Callable | None = None) -> np.ndarray:
        """Return the normalised indicators of a node that no run changes, transformed; made once."""
        key = node.id, tuple(fixed), there is None
        if key not in self._prepared:
            columns = np.empty((len(self.data.matrix), len(fixed)), order="F")
            for k, j in enumerate(fixed):
                columns[:, k] = self._fixed[node.id, j][:, 0]
            self._prepared[key] = columns if there is None else there(columns)
        return self._prepared[key]


def _way_through(method: str, settings: dict, stretched: bool) -> tuple[Callable | None, Callable | None]:
    """Return the transform that makes an aggregate a weighted mean, and the way back; None for no transform.

    Scores that are not above 0 count as missing.
    """
    there, back = _THROUGH.get(method) or _power(settings["p"])
    if there is None:
        return None, None

    def transform(scores):
        if stretched:
            scores = normalise(scores, "minmax", STRETCH)
        return there(np.where(scores > 0, scores, np.nan))

    return transform, back


def _weighted(columns, fixed, moving, weights, minimum_share) -> np.ndarray:
    """Return the weighted mean of the scores; all runs in one matrix product."""
    whole = weights.sum(axis=0)
    total = columns @ weights[fixed]
    for j, values in moving.items():
        total += values * weights[j]
    result = total / whole
    if np.isnan(result).any():
        return _weighted_with_gaps(columns, fixed, moving, weights, whole, minimum_share)
    return result


def _weighted_with_gaps(columns, fixed, moving, weights, whole, minimum_share) -> np.ndarray:
    missing = np.isnan(columns)
    total = np.where(missing, 0, columns) @ weights[fixed]
    carried = (~missing).astype(float) @ weights[fixed]
    for j, values in moving.items():
        missing = np.isnan(values)
        total += np.where(missing, 0, values) * weights[j]
        carried += ~missing * weights[j]
    shares = carried / whole
    return np.where((shares > 1e-9) & (shares >= minimum_share - 1e-9), total / carried, np.nan)


def _power(p: float):
    if p == 0:
        return _THROUGH["geometric"]
    return (lambda scores: scores**p), (lambda values: values ** (1 / p))


def _run_by_run(count, columns, fixed, moving, weights, kept, method, settings, minimum_share) -> np.ndarray:
    """Return the aggregate of each run on its own, for methods that are no weighted means."""
    runs = weights.shape[1]
    result = np.full((len(columns), runs), np.nan)
    for r in range(runs):
        members = np.flatnonzero(kept[:, r])
        if not len(members) or weights[members, r].sum() <= 0:
            continue
        scores = _side_by_side(count, fixed, columns, moving, r)[:, members]
        result[:, r], _ = aggregate(scores, weights[members, r], method, minimum_share, settings)
    return result


def _side_by_side(count, fixed, columns, moving, run) -> np.ndarray:
    scores = np.empty((len(columns), count), order="F")
    scores[:, fixed] = columns
    for j, values in moving.items():
        scores[:, j] = values[:, run]
    return scores
