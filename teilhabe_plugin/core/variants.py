"""The other ways in which an index could have been made: what each run changes, drawn by chance or set on purpose."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from . import sampling_error, treatment
from .index import reference_data
from .indicator_columns import numbers_in
from .messages import TeilhabeError, mark
from .preparation import prepare
from .recipe import Index, Leaf, Node, Recipe
from .sampling_error import SamplingError
from .variant_tree import Choice, Runs, VariantTree

#: what can be uncertain about an index
SOURCES = ("normalisation", "weights", "aggregation", "left_out", "sampling")
WEIGHT_LAWS = ("even", "dirichlet")


@dataclass(frozen=True)
class Uncertainty:
    """What is varied and how far.

    Attributes
    ----------
    sources : tuple of str
        Of `SOURCES`. ``sampling`` changes nothing without `errors`.
    normalisations, aggregations : tuple of (method, settings)
        Ways that are as likely as the recipe's own; those the recipe uses throughout are not doubled.
    weight_law : {"even", "dirichlet"}
        ``even``: every weight is multiplied by a factor that is evenly distributed within ± `weight_spread`;
        ``dirichlet``: the weights of a node come from a Dirichlet distribution around its weights. The sum of a
        node's weights stays.
    weight_spread : float
        0.25 for ± 25 percent. For ``dirichlet`` the coefficient of variation of the weights, were they equal.
    errors : tuple of SamplingError
    """

    sources: tuple[str, ...] = SOURCES
    normalisations: tuple[tuple[str, dict], ...] = (("z", {}), ("minmax", {}), ("percentile", {}))
    aggregations: tuple[tuple[str, dict], ...] = (("mean", {}), ("geometric", {}))
    weight_law: str = "even"
    weight_spread: float = 0.25
    errors: tuple[SamplingError, ...] = ()

    def __post_init__(self):
        unknown = [each for each in self.sources if each not in SOURCES]
        if unknown or self.weight_law not in WEIGHT_LAWS:
            raise ValueError(f"unknown: {unknown or self.weight_law}")
        if not 0 <= self.weight_spread < 1:
            raise TeilhabeError(
                mark("The spread of the weights must be at least 0 and less than 100 %, found {value:g} %."),
                value=100 * self.weight_spread,
            )


@dataclass
class Variants:
    """What each run changes; every array has one entry or column per run.

    Attributes
    ----------
    normalisation, aggregation : ndarray of int
        Position in the model's list of ways; 0 is the recipe's own.
    factors : ndarray, shape (edges, runs)
        What the weight of each edge of the tree is multiplied by.
    left_out : ndarray of int
        Position of the indicator that is left out, −1 for none.
    draws : dict
        Indicator → values, shape (areas, runs).
    """

    normalisation: np.ndarray
    aggregation: np.ndarray
    factors: np.ndarray
    left_out: np.ndarray
    draws: dict[str, np.ndarray] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.left_out)

    def with_source(self, other: Variants, source: str) -> Variants:
        """Return these variants with one source of uncertainty taken from others."""
        if source == "sampling":
            return replace(self, draws=other.draws)
        name = "factors" if source == "weights" else source
        return replace(self, **{name: getattr(other, name)})

    def only(self, chosen: np.ndarray) -> Variants:
        """Return the chosen runs."""
        return Variants(self.normalisation[chosen], self.aggregation[chosen], self.factors[:, chosen],
                        self.left_out[chosen], {name: values[:, chosen] for name, values in self.draws.items()})


class VariantModel:
    """One index of a recipe over a table, ready to be evaluated under any variant.

    Parameters
    ----------
    recipe, index : Recipe, Index
    frame : DataFrame
    year : int, optional
    uncertainty : Uncertainty

    Attributes
    ----------
    valid : ndarray of bool
        The areas that are computed.
    indicators : list of str
        Those that can be left out, in the order of the tree.
    sources : tuple of str
        The sources that can change anything here.
    """

    def __init__(self, recipe: Recipe, index: Index, frame: pd.DataFrame, year: int | None = None,
                 uncertainty: Uncertainty | None = None):
        self.recipe, self.index = recipe, index
        self.uncertainty = uncertainty = uncertainty or Uncertainty()
        frame = frame.reset_index(drop=True)
        prepared = prepare(recipe, frame, year or recipe.year)
        self.valid, self.data = prepared.valid, prepared.data()
        self._reference = reference_data(recipe, frame, year or recipe.year)
        self.edges = [(node, j) for node in index.root.nodes() for j in range(len(node.children))]
        self.indicators = list(dict.fromkeys(leaf.indicator for leaf in index.root.leaves()))
        self.normalisations = [None, *_new(uncertainty.normalisations, self._ways_of_leaves())]
        self.aggregations = [None, *_new(uncertainty.aggregations, self._ways_of_nodes())]
        self._errors = [self._error(each, frame, prepared, year) for each in uncertainty.errors
                        if each.indicator in self.indicators]
        self._trees: dict[tuple[int, int], VariantTree] = {}
        self.sources = tuple(each for each in uncertainty.sources if self._counts(each))

    def _ways_of_leaves(self) -> list[tuple[str, dict]]:
        return [(leaf.method, leaf.settings) for leaf in self.index.root.leaves() if leaf.method != "binary"]

    def _ways_of_nodes(self) -> list[tuple[str, dict]]:
        ways = [node.aggregate for node in self.index.root.nodes() if node.aggregate[0] != "count"]
        return [("mean", {}) if method == "sum" else (method, settings) for method, settings in ways]

    def _counts(self, source: str) -> bool:
        if source == "normalisation":
            return len(self.normalisations) > 1
        if source == "aggregation":
            return len(self.aggregations) > 1
        if source == "weights":
            some = any(len(node.children) > 1 for node in self.index.root.nodes())
            return some and self.uncertainty.weight_spread > 0
        return len(self.indicators) > 1 if source == "left_out" else bool(self._errors)

    def _error(self, error: SamplingError, frame: pd.DataFrame, prepared, year) -> tuple:
        """Return the error, observed values, denominators and what was filled in, over the valid areas."""
        if error.column not in frame:
            raise TeilhabeError(
                mark("The column “{column}” with the denominators or standard errors of “{title}” is not there."),
                column=error.column, title=self.recipe.indicators[error.indicator].title,
            )
        j = prepared.names.index(error.indicator)
        values = prepared.raw[self.valid, j]
        if error.kind == "share":
            sampling_error.check_shares(values, self.recipe.indicators[error.indicator].title, error.factor)
        return error, values, numbers_in(self.recipe, frame, error.column)[self.valid], prepared.ready[self.valid, j]

    # what a run changes

    def unchanged(self, runs: int) -> Variants:
        """Return so many runs of the recipe itself."""
        return Variants(np.zeros(runs, int), np.zeros(runs, int), np.ones((len(self.edges), runs)),
                        np.full(runs, -1))

    def leaving_out(self, indicators: Iterable[str]) -> Variants:
        """Return one run for each indicator, in which it is left out."""
        positions = np.array([self.indicators.index(name) for name in indicators], int)
        return replace(self.unchanged(len(positions)), left_out=positions)

    def drawn(self, runs: int, *seed: int) -> Variants:
        """Return variants drawn by chance.

        Every source has a random stream of its own: to switch one off does not change what the others draw.
        """
        streams = {source: np.random.default_rng([*seed, number]) for number, source in enumerate(SOURCES)}
        variants = self.unchanged(runs)
        if "normalisation" in self.sources:
            variants.normalisation = streams["normalisation"].integers(0, len(self.normalisations), runs)
        if "aggregation" in self.sources:
            variants.aggregation = streams["aggregation"].integers(0, len(self.aggregations), runs)
        if "left_out" in self.sources:
            variants.left_out = streams["left_out"].integers(-1, len(self.indicators), runs)
        if "weights" in self.sources:
            variants.factors = self._factors(runs, streams["weights"])
        if "sampling" in self.sources:
            variants.draws = self._draws(runs, streams["sampling"])
        return variants

    def _factors(self, runs: int, rng: np.random.Generator) -> np.ndarray:
        spread = self.uncertainty.weight_spread
        if self.uncertainty.weight_law == "even":
            return rng.uniform(1 - spread, 1 + spread, (len(self.edges), runs))
        factors, start = np.ones((len(self.edges), runs)), 0
        base = self.tree(0, 0).base_weights
        for node in self.index.root.nodes():
            shares = base[node.id] / base[node.id].sum()
            there = np.flatnonzero(shares > 0)
            if len(there) > 1:
                # were the k weights equal, their coefficient of variation would be the spread
                concentration = (len(there) - 1) / spread**2 - 1
                drawn = rng.dirichlet(concentration * shares[there], runs).T
                factors[start + there] = drawn / shares[there, None]
            start += len(shares)
        return factors

    def _draws(self, runs: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
        draws = {}
        for error, observed, extent, ready in self._errors:
            values = sampling_error.draw(observed, extent, error.kind, error.factor, runs, rng)
            gaps = np.isnan(observed)
            values[gaps] = ready[gaps, None]  # filled, not counted
            method, settings = self.recipe.indicators[error.indicator].treatment
            if method != "none":
                values = np.column_stack([treatment.treat(column, method, settings) for column in values.T])
            draws[error.indicator] = values
        return draws

    # what it gives

    def tree(self, normalisation: int, aggregation: int) -> VariantTree:
        """Return the tree under a choice of methods, by their positions in the lists."""
        key = normalisation, aggregation
        if key not in self._trees:
            choice = Choice(self.normalisations[normalisation], self.aggregations[aggregation])
            like = self.tree(normalisation, 0) if aggregation else None
            reference = None
            if self._reference is not None:
                reference = VariantTree(self.recipe, self.index, self._reference, choice,
                                        like=None if like is None else like.reference)
            self._trees[key] = VariantTree(self.recipe, self.index, self.data, choice, reference, like)
        return self._trees[key]

    def evaluate(self, variants: Variants, nodes: list[str]) -> list[tuple[VariantTree, np.ndarray, dict, dict | None]]:
        """Evaluate all runs.

        Returns
        -------
        list of (tree, positions of the runs, scores, scores of the reference year or None)
            One entry per choice of methods; scores are node id → array of shape (areas, runs).
        """
        done = []
        pairs = variants.normalisation * len(self.aggregations) + variants.aggregation
        for pair in np.unique(pairs):
            chosen = np.flatnonzero(pairs == pair)
            part = variants if len(chosen) == len(variants) else variants.only(chosen)
            tree = self.tree(*divmod(int(pair), len(self.aggregations)))
            weights = self._weights(tree, part)
            reference: Runs | None = None
            if tree.reference is not None:
                reference = tree.reference.evaluate(weights, {}, len(part))
            runs = tree.evaluate(weights, part.draws, len(part), reference)
            done.append((tree, chosen, {node: runs.scores[node] for node in nodes},
                         None if reference is None else {node: reference.scores[node] for node in nodes}))
        return done

    def scores(self, variants: Variants, node: str) -> np.ndarray:
        """Return the scores of a node, shape (areas, runs)."""
        out = np.empty((int(self.valid.sum()), len(variants)))
        for _, chosen, scores, _ in self.evaluate(variants, [node]):
            out[:, chosen] = scores[node]
        return out

    def _weights(self, tree: VariantTree, variants: Variants) -> dict[str, np.ndarray]:
        """Return the weights of every node; those of a node always add up to what they do without a variant.

        A node whose children are all left out is left out itself.
        """
        weights, start = {}, 0
        for node in self.index.root.nodes():
            base = tree.base_weights[node.id]
            changed = base[:, None] * variants.factors[start:start + len(base)]
            for j, child in enumerate(node.children):
                changed[j, self._is_out(child, variants, weights)] = 0
            sums = changed.sum(axis=0)
            with np.errstate(invalid="ignore", divide="ignore"):
                weights[node.id] = np.where(sums > 0, changed * (base.sum() / sums), 0)
            start += len(base)
        return weights

    def _is_out(self, child: Leaf | Node, variants: Variants, weights: dict) -> np.ndarray:
        if isinstance(child, Leaf):
            return variants.left_out == self.indicators.index(child.indicator)
        return weights[child.id].sum(axis=0) == 0


def _new(ways, own: list[tuple[str, dict]]) -> list[tuple[str, dict]]:
    """Return the ways that differ from the recipe's own, [] when the recipe has none that could be changed."""
    if not own:
        return []
    only = own[0] if all(each == own[0] for each in own) else None
    found = []
    for method, settings in ways:
        as_own = only is not None and only[0] == method and all(only[1].get(k, v) == v for k, v in settings.items())
        if not as_own and (method, settings) not in found:
            found.append((method, settings))
    return found
