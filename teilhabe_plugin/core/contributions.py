"""What each indicator contributes to each area's score; base and contributions add up to it exactly.

The base is what an average area would have with the same data missing; a contribution says how far the indicator moves
the area from there. In a tree of sums and means they are the weighted deviations from the average. In any other tree
they are Shapley values: the mean effect of an indicator over all orders in which the indicators could take their own
value in place of the average. For sums and means both are the same.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import factorial
from typing import Callable

import numpy as np

from .aggregate import aggregate, weighted_mean
from .messages import TeilhabeError, check_cancelled, mark
from .normalise import Basis, rank
from .recipe import Leaf, Node
from .tree import Evaluation

_LINEAR_AGGREGATES = ("sum", "mean")
#: ways to standardise that, once mean and spread are fixed, are straight lines
_STRAIGHT = ("z", "robust_z", "standard", "minmax", "identity", "target", "reference", "best", "share")
#: up to so many indicators all subsets are gone through; beyond, seeded orders and their reverses are
MOST_FOR_ALL_SUBSETS = 10
_ORDERS = 100
#: rows of indicators that are scored in one go
_ROWS = 4096


@dataclass(frozen=True)
class Contributions:
    """Contributions to the scores of one index or sub-index; one row per valid area, or per area that was asked for.

    Attributes
    ----------
    indicators : tuple of str
        One per leaf of the tree; an indicator may stand in several places.
    dimensions : tuple of str
        Id of the node right below the chosen one that each leaf belongs to, "" where it hangs on that node itself.
    base : ndarray, shape (areas,)
    parts : ndarray, shape (areas, leaves)
        NaN where the indicator is missing: it contributes nothing. ``base + nansum(parts) = score``.
    way : {"linear", "shapley", "orders"}
        ``orders``: Shapley values estimated from seeded orders; they still add up exactly.
    """

    indicators: tuple[str, ...]
    dimensions: tuple[str, ...]
    base: np.ndarray
    parts: np.ndarray
    way: str

    def of_indicators(self) -> dict[str, np.ndarray]:
        """Return the contribution of each indicator, over all places where it stands."""
        return self._summed(self.indicators)

    def of_dimensions(self) -> dict[str, np.ndarray]:
        """Return the contribution of each dimension right below the node."""
        return self._summed(self.dimensions)

    def _summed(self, labels: tuple[str, ...]) -> dict[str, np.ndarray]:
        found = {}
        for label in dict.fromkeys(labels):
            columns = self.parts[:, [each == label for each in labels]]
            gone = np.isnan(columns).all(axis=1)
            found[label] = np.where(gone, np.nan, np.nansum(columns, axis=1))
        return found


def contributions(
    node: Node,
    evaluation: Evaluation,
    way: str = "auto",
    seed: int = 1,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    areas: Sequence[int] | None = None,
) -> Contributions:
    """Split the scores of a node into what its indicators contribute.

    Parameters
    ----------
    node : Node
        Any node of the tree that was evaluated.
    evaluation : Evaluation
    way : {"auto", "shapley"}
        "shapley" takes Shapley values for trees of sums and means, too.
    seed : int
        Of the orders, where there are too many indicators to go through all subsets.
    areas : sequence of int, optional
        Places among the valid areas that are wanted; all by default. What is average is that of all areas.

    Raises
    ------
    TeilhabeError
        For the aggregate “copeland”: an area's score is made of comparisons with all others and cannot be split.
    """
    leaves = list(_leaves(node))
    columns = np.column_stack([evaluation.normalised[place] for place, _, _ in leaves])
    indicators = tuple(leaf.indicator for _, leaf, _ in leaves)
    dimensions = tuple(branch for _, _, branch in leaves)
    if any(each.aggregate[0] == "copeland" for each in node.nodes()):
        raise TeilhabeError(mark("“{title}”: scores of the aggregate “copeland” cannot be split into contributions."),
                            title=node.title)
    rows = np.arange(len(columns)) if areas is None else np.asarray(areas, int)
    means = np.nanmean(columns, axis=0)
    columns = columns[rows]
    if way == "auto" and _is_linear(node):
        base, parts = (each[rows] for each in _linear(node, evaluation))
        way = "linear"
    else:
        frozen = _Frozen(node, evaluation, [place for place, _, _ in leaves])
        average = np.where(np.isnan(columns), np.nan, means)
        if len(leaves) <= MOST_FOR_ALL_SUBSETS:
            base, parts = _all_subsets(frozen, columns, average, progress, cancelled)
            way = "shapley"
        else:
            base, parts = _some_orders(frozen, columns, average, seed, progress, cancelled)
            way = "orders"
    parts[np.isnan(columns)] = np.nan
    gone = np.isnan(evaluation.scores[node.id][rows])
    base, parts = np.where(gone, np.nan, base), np.where(gone[:, None], np.nan, parts)
    return Contributions(indicators, dimensions, base, parts, way)


def _leaves(node: Node, branch: str | None = None):
    for j, child in enumerate(node.children):
        if isinstance(child, Leaf):
            yield (node.id, j), child, branch or ""
        else:
            yield from _leaves(child, branch or child.id)


def _is_linear(node: Node) -> bool:
    for each in node.nodes():
        counts_flags = each.aggregate[0] == "count" and all(isinstance(child, Leaf) for child in each.children)
        if not (each.aggregate[0] in _LINEAR_AGGREGATES or counts_flags):
            return False
        if each.standardise is not None and each.standardise[0] not in _STRAIGHT:
            return False
    return True


def _linear(node: Node, evaluation: Evaluation) -> tuple[np.ndarray, np.ndarray]:
    """Return base and contributions by carrying both up the tree with the weights."""
    weights = evaluation.weights[node.id]
    scores = evaluation.children[node.id]
    there = ~np.isnan(scores)
    if node.aggregate[0] == "count":
        scores = np.where(there, scores > 0, np.nan)
    carried = np.where(there, weights, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        carried = carried / carried.sum(axis=1, keepdims=True)
    if node.aggregate[0] in ("sum", "count"):
        carried = carried * weights.sum()
    base, parts = np.zeros(len(scores)), []
    for j, child in enumerate(node.children):
        if isinstance(child, Leaf):
            mean = np.nanmean(scores[:, j])
            own, deviations = np.full(len(scores), mean), (scores[:, j] - mean)[:, None]
        else:
            own, deviations = _linear(child, evaluation)
        present = there[:, j]
        base += np.where(present, carried[:, j] * own, 0)
        parts.append(np.where(present[:, None], carried[:, [j]] * deviations, 0))
    stacked = np.nan_to_num(np.concatenate(parts, axis=1))
    line = _line(node, evaluation)
    return line[0] + line[1] * base, line[1] * stacked


def _line(node: Node, evaluation: Evaluation) -> tuple[float, float]:
    """Return intercept and slope of the node's standardising, read off its lowest and highest value."""
    before, after = evaluation.values[node.id], evaluation.scores[node.id]
    if node.standardise is None:
        return 0.0, 1.0
    low, high = np.nanargmin(before), np.nanargmax(before)
    if before[high] == before[low]:
        return after[low], 0.0
    slope = (after[high] - after[low]) / (before[high] - before[low])
    return after[low] - slope * before[low], slope


class _Frozen:
    """A node as a function of its normalised indicators; what it is measured against stays what it was."""

    def __init__(self, node: Node, evaluation: Evaluation, places: list[tuple[str, int]]):
        self._node, self._evaluation = node, evaluation
        self._column = {place: k for k, place in enumerate(places)}

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """Return the scores of rows of normalised indicators."""
        return self._score(self._node, rows)

    def _score(self, node: Node, rows: np.ndarray) -> np.ndarray:
        scores = np.column_stack([
            rows[:, self._column[node.id, j]] if isinstance(child, Leaf) else self._score(child, rows)
            for j, child in enumerate(node.children)
        ])
        evaluation, weights = self._evaluation, self._evaluation.weights[node.id]
        method, settings = node.aggregate
        if method == "borda":
            seen = evaluation.children[node.id]
            places = rank(seen, Basis(seen)) - 1
            scores = np.column_stack([_along(scores[:, j], seen[:, j], places[:, j]) for j in range(scores.shape[1])])
            values = weighted_mean(scores, weights)
        else:
            values, _ = aggregate(scores, weights, method, node.minimum_share, settings)
        if node.standardise is None:
            return values
        if node.standardise[0] in _STRAIGHT:
            intercept, slope = _line(node, evaluation)
            return intercept + slope * values
        return _along(values, evaluation.values[node.id], evaluation.scores[node.id])


def _along(values: np.ndarray, before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Return what a step that was seen to lead from ``before`` to ``after`` makes of values in between."""
    there = ~np.isnan(before) & ~np.isnan(after)
    known, first = np.unique(before[there], return_index=True)
    result = np.interp(values, known, after[there][first])
    return np.where(np.isnan(values), np.nan, result)


def _all_subsets(frozen: _Frozen, columns: np.ndarray, average: np.ndarray, progress,
                 cancelled) -> tuple[np.ndarray, np.ndarray]:
    """Return base and Shapley values from all subsets of indicators."""
    areas, size = columns.shape
    own = (np.arange(2**size)[:, None] >> np.arange(size) & 1).astype(bool)
    worth = np.empty((2**size, areas))
    step = max(1, _ROWS // max(areas, 1))
    for start in range(0, 2**size, step):
        check_cancelled(cancelled)
        some = own[start:start + step, None, :]
        worth[start:start + step] = frozen(np.where(some, columns, average).reshape(-1, size)).reshape(-1, areas)
        if progress is not None:
            progress(100 * min(start + step, 2**size) / 2**size)
    parts = np.zeros(columns.shape)
    for subset in range(2**size):
        inside = bin(subset).count("1")
        for j in range(size):
            if not subset >> j & 1:
                share = factorial(inside) * factorial(size - inside - 1) / factorial(size)
                parts[:, j] += share * (worth[subset | 1 << j] - worth[subset])
    return worth[0], parts


def _some_orders(frozen: _Frozen, columns: np.ndarray, average: np.ndarray, seed: int, progress,
                 cancelled) -> tuple[np.ndarray, np.ndarray]:
    """Return base and mean effects over seeded orders, each with its reverse."""
    areas, size = columns.shape
    rng = np.random.default_rng(seed)
    base, whole = frozen(average), frozen(columns)
    parts = np.zeros(columns.shape)
    for number in range(_ORDERS):
        check_cancelled(cancelled)
        order = rng.permutation(size)
        for way in (order, order[::-1]):
            # after each step but the last: the indicators so far have their own value
            own = np.argsort(way)[None, :] < np.arange(1, size)[:, None]
            between = frozen(np.where(own[:, None, :], columns, average).reshape(-1, size)).reshape(-1, areas)
            parts[:, way] += np.diff(np.vstack([base, between, whole]), axis=0).T
        if progress is not None:
            progress(100 * (number + 1) / _ORDERS)
    return base, parts / (2 * _ORDERS)


def influence(parts: Contributions, scores: np.ndarray) -> dict[str, float]:
    """Return the share of each indicator in the variance of the scores, over the areas with all data; adds up to 1.

    These are the effective weights of the indicators through the whole tree (Paruolo, Saisana & Saltelli 2013).
    """
    shares = influence_by_leaf(parts, scores)
    found: dict[str, float] = dict.fromkeys(parts.indicators, 0.0)
    for name, share in zip(parts.indicators, shares.tolist()):
        found[name] += share
    return found


def influence_by_leaf(parts: Contributions, scores: np.ndarray) -> np.ndarray:
    """Return the share of each leaf in the variance of the scores; as `influence`, place by place."""
    whole = ~np.isnan(parts.parts).any(axis=1) & ~np.isnan(scores)
    if not whole.any():
        return np.full(len(parts.indicators), np.nan)
    shares = parts.parts[whole].T @ (scores[whole] - scores[whole].mean())
    total = shares.sum()
    return shares / total if total else np.full(len(shares), np.nan)
