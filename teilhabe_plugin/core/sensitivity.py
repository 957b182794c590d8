"""Which source of uncertainty moves the result most: Sobol's first and total order indices."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Callable

import numpy as np
import pandas as pd

from .classes import classify
from .index import spread_out
from .messages import Message, TeilhabeError, check_cancelled, mark
from .recipe import Recipe
from .robustness import batches, find_node
from .run_summary import ranks
from .variants import Uncertainty, VariantModel

_RESAMPLES = 500


@dataclass(frozen=True)
class SobolIndices:
    """The part of each source in the variance of an output.

    Attributes
    ----------
    names : tuple of str
    first, total : ndarray
        First order: the part of the variance that goes when only this source is known. Total order: the part that is
        left when everything but this source is known; more than the first order where it works together with others.
    first_interval, total_interval : ndarray, shape (sources, 2)
        95 percent intervals, by bootstrap.
    mean, variance : float
        Of the output.
    runs : int
        Evaluations that were needed.
    """

    names: tuple[str, ...]
    first: np.ndarray
    total: np.ndarray
    first_interval: np.ndarray
    total_interval: np.ndarray
    mean: float
    variance: float
    runs: int

    def table(self) -> pd.DataFrame:
        """Return one row per source."""
        return pd.DataFrame({
            "quelle": self.names, "erste_ordnung": self.first, "erste_von": self.first_interval[:, 0],
            "erste_bis": self.first_interval[:, 1], "gesamt": self.total, "gesamt_von": self.total_interval[:, 0],
            "gesamt_bis": self.total_interval[:, 1],
        })


def jansen(a: np.ndarray, b: np.ndarray, mixed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return first and total order indices.

    Parameters
    ----------
    a, b : ndarray, shape (runs,)
        Output of two independent samples.
    mixed : ndarray, shape (sources, runs)
        Output of the first sample with one source at a time taken from the second.

    Notes
    -----
    Sᵢ = 1 − Σ (b − mixedᵢ)² / 2nV and Tᵢ = Σ (a − mixedᵢ)² / 2nV (Jansen 1999; Saltelli et al. 2010, Computer Physics
    Communications 181). Without variance all indices are 0.
    """
    variance = np.concatenate([a, b]).var()
    if variance <= 1e-24 * max(1.0, float(np.abs(a).max()) ** 2):
        return np.zeros(len(mixed)), np.zeros(len(mixed))
    first = 1 - ((b - mixed) ** 2).mean(axis=1) / (2 * variance)
    total = ((a - mixed) ** 2).mean(axis=1) / (2 * variance)
    return first, total


def sobol_indices(names: Sequence[str], a: np.ndarray, b: np.ndarray, mixed: np.ndarray, seed: int = 1) -> SobolIndices:
    """Return the indices with bootstrap intervals; arguments as in `jansen`."""
    first, total = jansen(a, b, mixed)
    rng = np.random.default_rng(seed)
    samples = np.empty((_RESAMPLES, 2, len(names)))
    for k in range(_RESAMPLES):
        chosen = rng.integers(0, len(a), len(a))
        samples[k] = jansen(a[chosen], b[chosen], mixed[:, chosen])
    limits = np.quantile(samples, [0.025, 0.975], axis=0)
    both = np.concatenate([a, b])
    return SobolIndices(tuple(names), first, total, limits[:, 0].T, limits[:, 1].T, float(both.mean()),
                        float(both.var()), len(a) * (len(names) + 2))


def sobol_of(function: Callable[[np.ndarray], np.ndarray], names: Sequence[str], runs: int,
             seed: int = 1) -> SobolIndices:
    """Return the indices of a function of independent inputs that are evenly distributed between 0 and 1.

    Parameters
    ----------
    function : callable
        Inputs of shape (runs, inputs) → outputs of shape (runs,).
    names : sequence of str
        Of the inputs.
    runs : int
        Size of each of the two samples; the function is evaluated runs · (inputs + 2) times.
    """
    rng = np.random.default_rng(seed)
    a, b = rng.random((2, runs, len(names)))
    mixed = np.empty((len(names), runs))
    for i in range(len(names)):
        both = a.copy()
        both[:, i] = b[:, i]
        mixed[i] = function(both)
    return sobol_indices(names, function(a), function(b), mixed, seed)


def sources_of_uncertainty(
    recipe: Recipe,
    frame: pd.DataFrame,
    year: int | None = None,
    node: str = "",
    uncertainty: Uncertainty | None = None,
    area: str | None = None,
    runs: int = 500,
    seed: int = 1,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[SobolIndices | None, Message]:
    """Say which source of uncertainty moves the ranks most.

    Parameters
    ----------
    recipe, frame, year, node, uncertainty
        As for `robustness.robustness`.
    area : str, optional
        Key of the area whose rank is the output; by default it is the mean rank shift, over all areas, against the
        recipe.
    runs : int
        Size of each of the two samples; runs · (sources + 2) variants are computed.

    Returns
    -------
    (indices, output)
        The indices, None where fewer than two sources have anything to vary; and what the output is.
    """
    index, chosen = find_node(recipe, node)
    model = VariantModel(recipe, index, frame, year, uncertainty)
    highest_first = index.high_means == "unfavourable"
    base = ranks(model.scores(model.unchanged(1), chosen.id), highest_first)
    row = None if area is None else _row(recipe, frame, model, base, area)
    meaning = Message(mark("mean rank shift over all areas")) if area is None else Message(
        mark("rank of the area {key}"), key=area)
    if len(model.sources) < 2:
        return None, meaning
    outputs = np.empty((len(model.sources) + 2, runs))
    for start, size in batches(len(base), runs):
        first, second = model.drawn(size, seed, 1, start), model.drawn(size, seed, 2, start)
        samples = [first, second, *(first.with_source(second, source) for source in model.sources)]
        for number, variants in enumerate(samples):
            check_cancelled(cancelled)
            table = ranks(model.scores(variants, chosen.id), highest_first)
            outputs[number, start:start + size] = table[row] if row is not None else _mean_shift(table, base)
        if progress is not None:
            progress(100 * (start + size) / runs)
    return sobol_indices(model.sources, outputs[0], outputs[1], outputs[2:], seed), meaning


def _mean_shift(table: np.ndarray, base: np.ndarray) -> np.ndarray:
    there = (table > 0) & (base > 0)
    return (np.abs(table - base) * there).sum(axis=0) / np.maximum(there.sum(axis=0), 1)


def _row(recipe: Recipe, frame: pd.DataFrame, model: VariantModel, base: np.ndarray, area: str) -> int:
    position = np.flatnonzero(frame[recipe.area_key].astype(str).to_numpy()[model.valid] == area)
    if not len(position) or base[position[0], 0] == 0:
        raise TeilhabeError(mark("The area {key} has no score; nothing can be said about its rank."), key=area)
    return int(position[0])


@dataclass(frozen=True)
class LeftOut:
    """What happens when one indicator is not there; arrays have one value per indicator.

    Attributes
    ----------
    indicators : tuple of str
    changed : ndarray of int
        Areas that change class.
    mean_shift, largest_shift : ndarray
        Mean and largest absolute change of rank.
    spearman : ndarray
        Rank correlation with the recipe's scores.
    ranks, positions : ndarray, shape (areas of the table, indicators)
        Rank and position of the class of each area without the indicator; NaN and −1 for none.
    """

    indicators: tuple[str, ...]
    changed: np.ndarray
    mean_shift: np.ndarray
    largest_shift: np.ndarray
    spearman: np.ndarray
    ranks: np.ndarray
    positions: np.ndarray

    def table(self, recipe: Recipe) -> pd.DataFrame:
        """Return one row per indicator, the most influential first."""
        frame = pd.DataFrame({
            "indikator": self.indicators, "titel": [recipe.indicators[name].title for name in self.indicators],
            "andere_klasse": self.changed, "rang_mittel": self.mean_shift, "rang_groesste": self.largest_shift,
            "spearman": self.spearman,
        })
        return frame.sort_values("rang_mittel", ascending=False, kind="stable", ignore_index=True)


def leave_one_out(recipe: Recipe, frame: pd.DataFrame, year: int | None = None, node: str = "") -> LeftOut:
    """Compute an index again without each of its indicators in turn.

    The weights of the others in the same node grow in proportion. An index of one indicator cannot do without it.
    """
    index, chosen = find_node(recipe, node)
    model = VariantModel(recipe, index, frame, year, Uncertainty(sources=()))
    below = list(dict.fromkeys(leaf.indicator for leaf in chosen.leaves()))
    if len(below) < 2:
        raise TeilhabeError(mark("“{title}” has only one indicator; none can be left out."), title=chosen.title)
    highest_first = index.high_means == "unfavourable"
    tree = model.tree(0, 0)
    base = tree.base.scores[chosen.id][:, 0]
    scores = model.scores(model.leaving_out(below), chosen.id)
    before = ranks(base[:, None], highest_first)
    after = ranks(scores, highest_first)
    there = (before > 0) & (after > 0)
    shift = np.where(there, np.abs(after - before), 0)
    reference = None if tree.reference is None else tree.reference.base.scores[chosen.id][:, 0]
    old = classify(base, chosen.classes, reference)[0] if chosen.classes is not None else np.full(len(base), -1)
    new = np.full(after.shape, -1)
    spearman = np.full(len(below), np.nan)
    for j in range(len(below)):
        if chosen.classes is not None:
            new[:, j] = classify(scores[:, j], chosen.classes, reference)[0]
        both = there[:, j]
        if both.sum() > 1:
            spearman[j] = pd.Series(scores[both, j]).corr(pd.Series(base[both]), method="spearman")
    counts = np.maximum(there.sum(axis=0), 1)
    rank_columns = np.where(after > 0, after, np.nan)
    return LeftOut(
        tuple(below), (new != old[:, None]).sum(axis=0), shift.sum(axis=0) / counts, shift.max(axis=0), spearman,
        np.column_stack([spread_out(column, model.valid) for column in rank_columns.T]),
        np.column_stack([np.nan_to_num(spread_out(column.astype(float), model.valid), nan=-1) for column in new.T])
        .astype(int),
    )
