"""Evaluating the tree of an index: leaves normalised, nodes put together, standardised, up to the root."""
from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from . import weights as weighting
from .aggregate import aggregate
from .messages import TeilhabeError, mark
from .normalise import Basis, normalise
from .normalise_limits import EQUAL, check_finite, check_sign, check_spread
from .recipe import Index, Leaf, Node, Recipe


@dataclass
class Evaluation:
    """Everything that came up on the way; arrays have one value per area.

    Attributes
    ----------
    normalised : dict
        (node id, position of the leaf) → normalised indicator, turned so that it points where the index points.
    weights : dict
        Node id → weights of its children as used.
    values, shares, scores : dict
        Node id → value before standardising, share of data behind it, score.
    """

    normalised: dict[tuple[str, int], np.ndarray] = field(default_factory=dict)
    weights: dict[str, np.ndarray] = field(default_factory=dict)
    values: dict[str, np.ndarray] = field(default_factory=dict)
    shares: dict[str, np.ndarray] = field(default_factory=dict)
    scores: dict[str, np.ndarray] = field(default_factory=dict)
    children: dict[str, np.ndarray] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Data:
    """The valid areas' indicators after filling and treating.

    Attributes
    ----------
    matrix : ndarray, shape (areas, indicators)
    position : dict
        Indicator id → column.
    population : ndarray, shape (areas,), optional
    weights : dict
        Node id → weights that were estimated from several years beforehand.
    """

    matrix: np.ndarray
    position: dict[str, int]
    population: np.ndarray | None = None
    weights: dict[str, np.ndarray] = field(default_factory=dict)

    def columns(self, indicators: list[str]) -> np.ndarray:
        """Return the columns of these indicators."""
        return self.matrix[:, [self.position[name] for name in indicators]]


def evaluate(recipe: Recipe, index: Index, data: Data, reference: tuple[Data, Evaluation] | None = None) -> Evaluation:
    """Return all values of one index.

    Parameters
    ----------
    recipe, index : Recipe, Index
    data : Data
    reference : (Data, Evaluation), optional
        Data and evaluation of a fixed reference year: mean, spread, range and estimated weights are taken from there.

    Raises
    ------
    TeilhabeError
        When an indicator has no value or does not vary where a spread is needed.
    """
    result = Evaluation()
    _node(recipe, index, index.root, data, reference, result)
    return result


def _node(recipe: Recipe, index: Index, node: Node, data: Data, reference, result: Evaluation) -> np.ndarray:
    scores = np.empty((len(data.matrix), len(node.children)), order="F")
    _normalise_leaves(recipe, index, node, data, reference, scores)
    for j, child in enumerate(node.children):
        if isinstance(child, Node):
            scores[:, j] = _node(recipe, index, child, data, reference, result)
        else:
            result.normalised[node.id, j] = scores[:, j]
    result.children[node.id] = scores
    weights = reference[1].weights[node.id] if reference else node_weights(recipe, index, node, scores, data)
    method, settings = node.aggregate
    try:
        with np.errstate(all="ignore"):
            values, shares = aggregate(scores, weights, method, node.minimum_share, settings)
    except TeilhabeError as error:
        raise TeilhabeError(mark("“{title}”: {problem}"), title=node.title, problem=error.message) from error
    _check_aggregated(values, scores, method, node)
    result.weights[node.id], result.values[node.id], result.shares[node.id] = weights, values, shares
    if node.standardise is not None:
        method, settings = node.standardise
        before = reference[1].values[node.id] if reference else values
        population = reference[0].population if reference else data.population
        check_spread(before, method, node.title, _size(reference[1].children[node.id] if reference else scores))
        column = values[:, None]
        basis = Basis(before[:, None] if reference else column, population)
        with np.errstate(all="ignore"):
            check_sign(basis, method, False, node.title)
            values = normalise(column, method, settings, basis=basis)[:, 0]
        check_finite(column[:, 0], values, method, node.title)
    result.scores[node.id] = values
    return values


def _size(scores: np.ndarray) -> float:
    """Return the size of the largest score."""
    return float(np.fmax.reduce(np.abs(scores), axis=None, initial=0))


def _normalise_leaves(recipe: Recipe, index: Index, node: Node, data: Data, reference, scores: np.ndarray) -> None:
    """Fill in the normalised indicators; those with equal settings go through in one matrix."""
    groups: dict[tuple, list[int]] = {}
    for j, child in enumerate(node.children):
        if isinstance(child, Leaf):
            turned = recipe.indicators[child.indicator].high_is != index.high_means
            groups.setdefault((child.method, tuple(sorted(child.settings.items())), turned), []).append(j)
    source = reference[0] if reference else data
    for (method, settings, turned), members in groups.items():
        ids = [node.children[j].indicator for j in members]
        basis = Basis(source.columns(ids), source.population)
        titles = [recipe.indicators[name].title for name in ids]
        for k, title in enumerate(titles):
            check_spread(basis.values[:, k], method, title)
        raw = data.columns(ids) if reference else basis.values
        with np.errstate(all="ignore"):
            for k, title in enumerate(titles):
                check_sign(Basis(basis.values[:, [k]], basis.population), method, turned, title)
            normalised = normalise(raw, method, dict(settings), turned, basis)
        if not np.isfinite(normalised).all():
            for k, title in enumerate(titles):
                check_finite(raw[:, k], normalised[:, k], method, title)
        scores[:, members] = normalised


def node_weights(recipe: Recipe, index: Index, node: Node, scores: np.ndarray, data: Data) -> np.ndarray:
    """Return the weights of a node’s children, given or estimated from their scores."""
    method, settings = node.weights
    if node.id in data.weights:
        return data.weights[node.id]
    given = np.array([child.weight for child in node.children], float)
    if method == "given":
        return given
    if method == "equal":
        return np.ones(len(given))
    _check_varying(recipe, node, scores)
    if method == "pca":
        return weighting.from_first_component(scores)
    if method == "equal_influence":
        return weighting.of_equal_influence(scores, given)
    indicator = recipe.indicators[settings["reference"]]
    column = data.matrix[:, data.position[indicator.id]]
    return weighting.from_correlation(scores, column if indicator.high_is == index.high_means else -column)


def _check_varying(recipe: Recipe, node: Node, scores: np.ndarray) -> None:
    """Refuse to estimate weights where a part does not vary over the areas with all values."""
    rows = weighting.complete(scores)
    for j, child in enumerate(node.children):
        if np.ptp(rows[:, j]) <= EQUAL * np.abs(rows[:, j]).max():
            title = recipe.indicators[child.indicator].title if isinstance(child, Leaf) else child.title
            raise TeilhabeError(
                mark("“{title}” is the same in all {count} areas that have all values; the weights of “{node}” cannot "
                     "be estimated."), title=title, count=len(rows), node=node.title)


def _check_aggregated(values: np.ndarray, scores: np.ndarray, method: str, node: Node) -> None:
    """Refuse what is no number, and a penalty for uneven scores where they lie around 0."""
    if method == "mazziotta_pareto":
        there = ~np.isnan(values)
        means = np.nanmean(scores[there], axis=1)
        if len(means) and means.min() <= 0:
            raise TeilhabeError(
                mark("“{title}”: the aggregate “mazziotta_pareto” needs scores whose mean is above 0, the lowest mean "
                     "is {value:g}. Normalise by “standard” (mean 100, standard deviation 10)."),
                title=node.title, value=float(means.min()))
    if np.isinf(values).any():
        raise TeilhabeError(mark("“{title}”: the aggregate “{method}” gives numbers that are too large."),
                            title=node.title, method=method)
