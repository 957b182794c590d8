"""How sure an index is: ranks and classes of every area over many ways in which it could have been made."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable

import numpy as np
import pandas as pd

from .classes import ClassDef
from .index import EXCLUSION, IndexResult, compute, spread_out
from .messages import Message, TeilhabeError, check_cancelled, mark
from .recipe import Index, Node, Recipe
from .robustness_notes import notes_on
from .run_summary import ClassCounter, rank_interval, ranks
from .variants import Uncertainty, VariantModel

#: numbers held at a time per array; keeps a batch in the processor's cache
_BATCH = 250_000
#: an area whose class is the same in so many runs has a certain class
CERTAIN = 0.95


@dataclass
class Robustness:
    """What the runs gave for one index or sub-index; arrays have one value per area of the table.

    Attributes
    ----------
    result : IndexResult
        The recipe itself.
    node : Node
    classes : tuple of ClassDef
        From the lowest score to the highest; empty without classes.
    rank, rank_median, rank_low, rank_high : ndarray
        Rank of the recipe, and median, 5th and 95th percentile over the runs. Rank 1 is the most unfavourable area.
    shares : ndarray, shape (areas, classes)
        Share of the runs that gave each class.
    position : ndarray of int
        The recipe's class, −1 for none.
    sources : tuple of str
        What was varied.
    """

    result: IndexResult
    index: Index
    node: Node
    runs: int
    seed: int
    classes: tuple[ClassDef, ...]
    rank: np.ndarray
    rank_median: np.ndarray
    rank_low: np.ndarray
    rank_high: np.ndarray
    shares: np.ndarray
    position: np.ndarray
    sources: tuple[str, ...]
    uncertainty: Uncertainty
    notes: list[Message] = field(default_factory=list)

    @property
    def sureness(self) -> np.ndarray:
        """Share of the runs in which an area keeps the recipe's class, NaN without a class."""
        if not self.classes:
            return np.full(len(self.rank), np.nan)
        kept = self.shares[np.arange(len(self.rank)), np.maximum(self.position, 0)]
        return np.where(self.position >= 0, kept, np.nan)

    @property
    def certain(self) -> np.ndarray:
        """Where the class is the recipe's in at least `CERTAIN` of the runs; areas without a class are not."""
        return self.sureness >= CERTAIN - 1e-12

    @property
    def other(self) -> np.ndarray:
        """Position of the class that an area has most often besides the recipe's, −1 where there is none."""
        out = np.full(len(self.rank), -1)
        if len(self.classes) < 2:
            return out
        rest = np.nan_to_num(self.shares.copy())
        rows = np.arange(len(rest))
        rest[rows, np.maximum(self.position, 0)] = -1
        best = rest.argmax(axis=1)
        found = (self.position >= 0) & (rest[rows, best] > 0)
        out[found] = best[found]
        return out

    @property
    def counts(self) -> dict[str, int]:
        """Return the number of areas whose class is certain, and of those that could flip."""
        has = self.position >= 0
        return {"AREAS_CERTAIN": int((has & self.certain).sum()), "AREAS_UNCERTAIN": int((has & ~self.certain).sum())}

    def frame(self) -> pd.DataFrame:
        """Return one row per area: key, score, class, ranks, shares of the classes, and how sure the class is."""
        recipe, node = self.result.recipe, self.node.id
        values = self.result.values
        columns = {recipe.area_key: values[recipe.area_key]}
        if recipe.area_name:
            columns[recipe.area_name] = values[recipe.area_name]
        columns[f"{node}_index"] = values[f"{node}_index"]
        if self.classes:
            columns |= {name: values[name] for name in (f"{node}_klasse", f"{node}_name")}
        columns |= {"rang": self.rank, "rang_median": self.rank_median, "rang_von": self.rank_low,
                    "rang_bis": self.rank_high}
        if self.classes:
            for k, each in enumerate(self.classes):
                columns[f"anteil_{each.value}"] = self.shares[:, k]
            other, has = self.other, self.position >= 0
            names = np.array([each.name for each in self.classes], object)
            columns |= {
                "klasse_anteil": self.sureness,
                "klasse_sicher": np.where(has, self.certain, np.nan),
                "andere_klasse": np.where(other >= 0, names[other], None),
                "andere_anteil": np.where(other >= 0, self.shares[np.arange(len(other)), other], np.nan),
            }
        columns[EXCLUSION] = values[EXCLUSION]
        return pd.DataFrame(columns)


def find_node(recipe: Recipe, identifier: str = "") -> tuple[Index, Node]:
    """Return the index or sub-index with this id and the index it belongs to; the first index by default."""
    if not identifier:
        return recipe.indices[0], recipe.indices[0].root
    for index in recipe.indices:
        for node in index.root.nodes():
            if node.id == identifier:
                return index, node
    known = ", ".join(node.id for index in recipe.indices for node in index.root.nodes())
    raise TeilhabeError(mark("The recipe “{recipe}” has no index “{id}”. It has: {known}."), recipe=recipe.title,
                        id=identifier, known=known)


def robustness(
    recipe: Recipe,
    frame: pd.DataFrame,
    year: int | None = None,
    node: str = "",
    uncertainty: Uncertainty | None = None,
    runs: int = 1000,
    seed: int = 1,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Robustness:
    """Compute an index in many ways and say for each area how far its rank and class depend on them.

    Parameters
    ----------
    recipe : Recipe
    frame : DataFrame
        As for `index.compute`, with the columns that the uncertainty's `errors` name.
    year : int, optional
    node : str
        Id of an index or sub-index; the first index by default.
    uncertainty : Uncertainty, optional
    runs, seed : int
        The same seed gives the same result.
    progress, cancelled : callables, optional

    Returns
    -------
    Robustness
    """
    result = compute(recipe, frame, year, cancelled=cancelled)
    index, chosen = find_node(recipe, node)
    model = VariantModel(recipe, index, frame, year, uncertainty)
    base = result.evaluations[index.id].scores[chosen.id]
    highest_first = index.high_means == "unfavourable"
    counter = ClassCounter(chosen, base) if chosen.classes is not None else None
    table = np.zeros((len(base), runs), np.int32)
    for start, size in batches(len(base), runs):
        check_cancelled(cancelled)
        for tree, positions, scores, reference in model.evaluate(model.drawn(size, seed, start), [chosen.id]):
            table[:, start + positions] = ranks(scores[chosen.id], highest_first)
            if counter is not None:
                counter.add(scores[chosen.id], tree.choice.is_own, None if reference is None else reference[chosen.id])
        if progress is not None:
            progress(100 * (start + size) / runs)
    class_set = next((each for each in result.class_sets if each.id == chosen.id), None)
    classes = class_set.classes if class_set is not None else ()
    valid = model.valid
    median, low, high = (spread_out(each, valid) for each in rank_interval(table))
    rank = ranks(base[:, None], highest_first)[:, 0].astype(float)
    shares = np.full((len(valid), len(classes)), np.nan)
    if counter is not None:
        shares[valid] = counter.shares()
    return Robustness(
        result, index, chosen, runs, seed, classes, spread_out(np.where(rank > 0, rank, np.nan), valid), median, low,
        high, shares, _positions(result, chosen, classes), model.sources, model.uncertainty,
        notes_on(model, chosen, runs, seed),
    )


def batches(areas: int, runs: int) -> list[tuple[int, int]]:
    """Return start and size of the batches that the runs are made in; the size depends on the areas only."""
    size = max(1, min(runs, _BATCH // max(areas, 1) + 1))
    return [(start, min(size, runs - start)) for start in range(0, runs, size)]


def _positions(result: IndexResult, node: Node, classes: tuple[ClassDef, ...]) -> np.ndarray:
    if not classes:
        return np.full(len(result.values[EXCLUSION]), -1)
    numbers = {each.value: k for k, each in enumerate(classes)}
    return np.array([numbers.get(value, -1) for value in np.asarray(result.values[f"{node.id}_klasse"])], int)
