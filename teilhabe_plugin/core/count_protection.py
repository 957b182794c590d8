"""Protecting all counts of a table together: every column, over areas, their parents and the city."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

import numpy as np

from .count_data import CountData
from .count_spec import CountIndicator, Protection
from .counts import Group
from .disclosure import Structure, hierarchy, stack
from .messages import TeilhabeError, mark
from .rounding import round_counts
from .suppression import primary_cells, suppress


@dataclass(frozen=True)
class Tree:
    """Areas and what they add up to.

    Attributes
    ----------
    labels : list
        Key of each node: the areas first, then their parents level by level, at last the whole ("").
    parents : list of int
        Position of each node's parent, −1 for the whole.
    areas : int
        Number of areas.
    """

    labels: list
    parents: list[int]
    areas: int

    def totals(self, values: np.ndarray) -> np.ndarray:
        """Return the areas' values followed by all totals; missing values count for nothing."""
        full = np.full(len(self.labels), np.nan)
        full[:self.areas] = values
        # every node stands before its parent
        for node, parent in enumerate(self.parents):
            if parent >= 0 and not np.isnan(full[node]):
                full[parent] = np.nan_to_num(full[parent]) + full[node]
        return full


def tree_of(keys: list, levels: list) -> Tree:
    """Return the tree of areas.

    Parameters
    ----------
    keys : list
    levels : list of sequences
        For each level above the areas the parent of each area, from the smallest parents to the largest. Areas without
        a parent (None, NaN, "") hang on the level above.
    """
    labels, parents = list(keys), [-1] * len(keys)
    last = list(range(len(keys)))
    for level in levels:
        nodes: dict = {}
        for area, name in enumerate(level):
            if name is None or name != name or name == "":
                continue
            if name not in nodes:
                nodes[name] = len(labels)
                labels.append(name)
                parents.append(-1)
            below = last[area]
            if parents[below] not in (-1, nodes[name]):
                raise TeilhabeError(mark("“{area}” belongs to both “{first}” and “{second}”: parents must lie within "
                                         "one another, the smallest first."), area=labels[below],
                                    first=labels[parents[below]], second=name)
            parents[below] = nodes[name]
            last[area] = nodes[name]
    root = len(labels)
    return Tree([*labels, ""], [*(root if parent == -1 else parent for parent in parents), -1], len(keys))


@dataclass(frozen=True)
class HiddenCell:
    """A suppressed count: where it stands and what anyone can still say of it."""

    key: str
    is_total: bool
    year: int
    column: str
    low: float
    high: float


def rounded(data: CountData, indicators: list[CountIndicator], protection: Protection, tree: Tree) -> CountData:
    """Return the counts rounded; everything that is computed from them then follows from rounded counts."""
    counts = {}
    for indicator in indicators:
        for i, column in enumerate(indicator.columns):
            matrix = data.counts[indicator.id, i]
            counts[indicator.id, i] = np.column_stack([
                _rounded_column(matrix[:, j], column, year, protection, tree)
                for j, year in enumerate(data.years[indicator.id])])
        if indicator.rule.kind in ("share", "ratio"):
            # rounding may lift a numerator over its denominator
            for i in range(0, len(indicator.columns), 2):
                fits = data.counts[indicator.id, i] <= data.counts[indicator.id, i + 1]
                counts[indicator.id, i] = np.where(
                    fits, np.fmin(counts[indicator.id, i], counts[indicator.id, i + 1]), counts[indicator.id, i])
    return CountData(data.keys, data.rows, data.years, counts, data.dated)


def _rounded_column(values, column, year, protection: Protection, tree: Tree) -> np.ndarray:
    # one random number per area and year keeps numerator ≤ denominator; stretches of areas need one per column
    name = f"{column}|{year}" if protection.rounding == "controlled" else str(year)
    usable = np.where((values >= 0) & np.isfinite(values), values, np.nan)
    whole = round_counts(tree.totals(usable), tree.parents, tree.labels, protection.base, protection.rounding,
                         protection.seed, name)[:tree.areas]
    return np.where(np.isnan(usable), values, whole)


def hide(data: CountData, indicators: list[CountIndicator], protection: Protection, tree: Tree,
         progress: Callable[[float], None] | None = None, cancelled: Callable[[], bool] | None = None
         ) -> tuple[dict[str, list[np.ndarray]], list[HiddenCell]]:
    """Choose the counts to suppress, year by year, over all indicators at once.

    Returns
    -------
    masks : dict
        Indicator id → for each of its columns which pooled counts are hidden, (areas, years).
    cells : list of HiddenCell
        Areas and totals. A hidden total must not be published elsewhere either.
    """
    for indicator in indicators:
        if indicator.rule.pool == "mean" and indicator.rule.pool_years > 1:
            raise TeilhabeError(mark("“{id}”: a mean of yearly values cannot be protected by suppression. Pool by "
                                     "summing, or round the counts."), id=indicator.id)
    groups = {indicator.id: _groups(data, indicator) for indicator in indicators}
    masks = {indicator.id: [np.zeros(data.counts[indicator.id, i].shape, bool)
                            for i in range(len(indicator.columns))] for indicator in indicators}
    every_year = sorted({year for years in data.years.values() for year in years})
    cells = []
    for number, year in enumerate(every_year):
        table = _YearTable(tree, protection)
        places = {}
        for indicator in indicators:
            if year in data.years[indicator.id]:
                j = data.years[indicator.id].index(year)
                places[indicator.id] = j, [
                    place for k, group in enumerate(groups[indicator.id])
                    for place in table.add(indicator, indicator.columns[2 * k:2 * k + 2], group, j)]
        hidden, found = table.suppress(cancelled)
        for name, (j, numbers) in places.items():
            for i, place in enumerate(numbers):
                masks[name][i][:, j] = hidden[place, :tree.areas]
        cells += [HiddenCell(str(tree.labels[node]), node >= tree.areas, year, column.replace("{year}", str(year)),
                             low, high) for column, node, low, high in found]
        if progress is not None:
            progress(100 * (number + 1) / len(every_year))
    return masks, cells


def _groups(data: CountData, indicator: CountIndicator) -> list[Group]:
    matrices, years = data.matrices(indicator), data.years[indicator.id]
    return [Group(indicator.rule, matrices[i], matrices[i + 1], years) for i in range(0, len(matrices), 2)]


class _YearTable:
    """All counts of one year: a block of cells per column, one per node of the tree."""

    def __init__(self, tree: Tree, protection: Protection):
        self.tree, self.protection = tree, protection
        self.blocks: list[np.ndarray] = []
        self.columns: list[str] = []
        self.counted: list[bool] = []
        self.primary: list[np.ndarray] = []
        self.sums: list[tuple[int, int, int]] = []
        self.known: dict[tuple, int] = {}

    def add(self, indicator: CountIndicator, columns, group: Group, j: int) -> tuple[int, int]:
        """Add numerator and denominator of a group; return the numbers of their blocks."""
        x, n = group.x[:, j], group.n[:, j]
        there = ~np.isnan(x) & ~np.isnan(n)
        x, n = np.where(there, x, np.nan), np.where(there, n, np.nan)
        span = indicator.rule.pool_years
        bottom = self._block(columns[1], span, n, True)
        top = self._block(columns[0], span, x, indicator.rule.kind != "mean")
        if indicator.rule.kind == "mean":
            # a sum over too few people tells about them, whatever its size
            self.primary[top] |= primary_cells(self.blocks[bottom], self.protection.threshold, self.protection.zeros)
        elif indicator.rule.kind in ("share", "ratio") and (top, bottom) not in {each[:2] for each in self.sums}:
            rest = self._block(f"{columns[1]} − {columns[0]}", span, n - x, self.protection.complement, shown=False)
            self.sums.append((top, bottom, rest))
        return top, bottom

    def _block(self, column: str, span: int, values: np.ndarray, counted: bool, shown: bool = True) -> int:
        known = (column, span, values.tobytes())
        if known in self.known:
            number = self.known[known]
            self.counted[number] |= counted
            return number
        self.known[known] = len(self.blocks)
        self.blocks.append(self.tree.totals(values))
        self.columns.append(column if shown else "")
        self.counted.append(counted)
        self.primary.append(np.zeros(len(self.tree.labels), bool))
        return len(self.blocks) - 1

    def suppress(self, cancelled):
        """Return the hidden cells (blocks, nodes) and for those that are shown in tables column, node and interval."""
        size = len(self.tree.labels)
        one = hierarchy(self.tree.parents)
        whole = stack(*[one] * len(self.blocks))
        sums = tuple((bottom * size + node, (top * size + node, rest * size + node))
                     for top, bottom, rest in self.sums for node in range(size))
        result = suppress(
            np.concatenate(self.blocks), Structure(whole.size, whole.totals + sums), self.protection.threshold,
            zeros=self.protection.zeros, counted=np.repeat(self.counted, size), primary=np.concatenate(self.primary),
            cancelled=cancelled)
        found = [(self.columns[cell // size], cell % size, low, high)
                 for cell, low, high in zip(result.audit.cells.tolist(), result.audit.low, result.audit.high)
                 if self.columns[cell // size]]
        return result.hidden.reshape(-1, size), found
