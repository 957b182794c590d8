"""Protecting all counts of a table together: every column, over areas, their parents and the city."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

import numpy as np

from .count_data import CountData
from .count_spec import CountIndicator, Protection
from .count_windows import Series
from .counts import Group
from .disclosure import Structure, hierarchy, stack
from .messages import TeilhabeError, mark
from .rounding import round_counts
from .suppression import least_hidden, primary_cells, suppress


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
    every_year = sorted({year for years in data.years.values() for year in years})
    series = _series(data, indicators, groups, protection)
    extra: dict[tuple[str, int, int], np.ndarray] = {}
    done: dict[int, tuple] = {}
    while True:
        for number, year in enumerate(every_year):
            if year not in done:
                done[year] = _one_year(data, indicators, groups, protection, tree, year, extra, cancelled)
            if progress is not None:
                progress(100 * (number + 1) / len(every_year))
        further = _given_away(series, done, protection)
        if not further:
            break
        for (column, span, year), mask in further.items():
            extra[column, span, year] = extra.get((column, span, year), False) | mask
            done.pop(year, None)
    masks = {indicator.id: [np.zeros(data.counts[indicator.id, i].shape, bool)
                            for i in range(len(indicator.columns))] for indicator in indicators}
    cells = []
    for year in every_year:
        places, hidden, found = done[year]
        for name, (j, keys) in places.items():
            for i, key in enumerate(keys):
                masks[name][i][:, j] = hidden[key]
        cells += [HiddenCell(str(tree.labels[node]), node >= tree.areas, year, column.replace("{year}", str(year)),
                             low, high) for column, node, low, high in found]
    return masks, cells


def _one_year(data: CountData, indicators, groups, protection: Protection, tree: Tree, year: int, extra, cancelled):
    """Return where each indicator's counts of a year stand, which counts of areas are hidden, and the hidden cells."""
    table = _YearTable(tree, protection)
    places = {}
    for indicator in indicators:
        if year in data.years[indicator.id]:
            j = data.years[indicator.id].index(year)
            places[indicator.id] = j, [
                key for k, group in enumerate(groups[indicator.id])
                for key in table.add(indicator, indicator.columns[2 * k:2 * k + 2], group, j)]
    hidden, found = table.suppress({key[:2]: mask for key, mask in extra.items() if key[2] == year}, cancelled)
    return places, hidden, found


def _series(data: CountData, indicators, groups, protection: Protection) -> dict[str, Series]:
    """Return the sums of each column that goes in with more than one length, or whose sums overlap."""
    found: dict[str, Series] = {}
    for indicator in indicators:
        years = data.years[indicator.id]
        for k, group in enumerate(groups[indicator.id]):
            x, n = data.matrices(indicator)[2 * k:2 * k + 2]
            few = [primary_cells(np.where(group.usable, each, np.nan), protection.threshold, protection.zeros)
                   for each in (x, n)]
            if indicator.rule.kind == "mean":
                few[0] = few[1]
            for column, sums, small in zip(indicator.columns[2 * k:2 * k + 2], (group.x, group.n), few):
                if column not in found:
                    found[column] = Series(years, group.usable.copy(), small)
                elif found[column].years != years:
                    raise TeilhabeError(mark("“{column}” goes into several indicators with different years; that "
                                             "cannot be protected. Give all columns the same years."), column=column)
                else:
                    found[column].used |= group.usable
                    found[column].small |= small
                for j, year in enumerate(years):
                    found[column].add(indicator.rule.pool_years, year, sums[:, j])
    return {column: each for column, each in found.items() if each.overlaps}


def _given_away(series: dict[str, Series], done: dict[int, tuple], protection: Protection) -> dict:
    """Return which sums of years must be hidden, too: (column, span, year) → areas."""
    further = {}
    for column, each in series.items():
        lowest = least_hidden(np.concatenate([window.values for window in each.windows.values()]), protection.zeros)
        for (span, year), window in each.windows.items():
            window.hidden = done[year][1].get((column, span), window.hidden)
        found = each.to_hide(protection.threshold - lowest, lowest)
        further.update({(column, span, year): mask for (span, year), mask in found.items()})
    return further


def _groups(data: CountData, indicator: CountIndicator) -> list[Group]:
    matrices, years = data.matrices(indicator), data.years[indicator.id]
    return [Group(indicator.rule, matrices[i], matrices[i + 1], years) for i in range(0, len(matrices), 2)]


class _YearTable:
    """All counts of one year: a block of cells per column and number of pooled years, one cell per node of the tree.

    The same column in several indicators is one block, even where one of them lacks an area: what one shows must not
    give away what the other hides.
    """

    def __init__(self, tree: Tree, protection: Protection):
        self.tree, self.protection = tree, protection
        self.values: dict[tuple[str, int], np.ndarray] = {}
        self.counted: dict[tuple[str, int], bool] = {}
        self.primary: dict[tuple[str, int], np.ndarray] = {}
        self.sums: dict[tuple, tuple] = {}

    def add(self, indicator: CountIndicator, columns, group: Group, j: int) -> tuple[tuple, tuple]:
        """Add numerator and denominator of a group; return the keys of their blocks."""
        x, n = group.x[:, j], group.n[:, j]
        there = ~np.isnan(x) & ~np.isnan(n)
        x, n = np.where(there, x, np.nan), np.where(there, n, np.nan)
        span, is_mean = indicator.rule.pool_years, indicator.rule.kind == "mean"
        top, bottom = (columns[0], span), (columns[1], span)
        self._join(bottom, n, True)
        self._join(top, x, not is_mean)
        if is_mean:
            # a sum over too few people tells about them, whatever its size
            totals = self.tree.totals(n)
            few = primary_cells(totals, self.protection.threshold, self.protection.zeros)
            # zeros are shown where zeros are
            self.primary[top] |= few & (self.protection.zeros | (self.tree.totals(x) != 0))
        elif indicator.rule.kind in ("share", "ratio"):
            self.sums[top, bottom] = bottom, top
        return top, bottom

    def _join(self, key: tuple[str, int], values: np.ndarray, counted: bool) -> None:
        known = self.values.get(key)
        if known is None:
            self.values[key] = values
            self.primary[key] = np.zeros(len(self.tree.labels), bool)
        else:
            if (np.abs(known - values) > 1e-9).any():
                raise TeilhabeError(mark("“{column}” goes into several indicators that leave out different years of "
                                         "it; that cannot be protected. Ask for all of the pooled years."),
                                    column=key[0])
            self.values[key] = np.where(np.isnan(known), values, known)
        self.counted[key] = self.counted.get(key, False) or counted

    def suppress(self, extra: dict, cancelled):
        """Return the hidden counts of areas by block, and of all hidden cells column, node and interval.

        ``extra`` holds further counts of areas that must be hidden, by block.
        """
        size, keys = len(self.tree.labels), list(self.values)
        blocks = [self.tree.totals(self.values[key]) for key in keys]
        primary = [self.primary[key] for key in keys]
        counted = [self.counted[key] for key in keys]
        for key, mask in extra.items():
            primary[keys.index(key)][:self.tree.areas] |= mask
        relations = []
        for bottom, top in self.sums.values():
            n, x = blocks[keys.index(bottom)], blocks[keys.index(top)]
            others = self.values[bottom] - np.nan_to_num(self.values[top])
            rest = self.tree.totals(np.where(others < 0, np.nan, others))
            # where an area has only one of the two, totals do not fit: nobody can subtract them
            fits = np.flatnonzero(np.abs(n - np.nan_to_num(x) - rest) < 1e-6).tolist()
            start = len(blocks) * size
            relations += [(keys.index(bottom) * size + node, (keys.index(top) * size + node, start + node))
                          for node in fits]
            blocks.append(rest)
            primary.append(np.zeros(size, bool))
            counted.append(self.protection.complement)
        whole = stack(*[hierarchy(self.tree.parents)] * len(blocks))
        result = suppress(
            np.concatenate(blocks), Structure(whole.size, whole.totals + tuple(relations)), self.protection.threshold,
            zeros=self.protection.zeros, counted=np.repeat(counted, size), primary=np.concatenate(primary),
            cancelled=cancelled)
        found = [(keys[cell // size][0], cell % size, low, high)
                 for cell, low, high in zip(result.audit.cells.tolist(), result.audit.low, result.audit.high)
                 if cell // size < len(keys)]
        hidden = result.hidden.reshape(-1, size)[:, :self.tree.areas]
        return dict(zip(keys, hidden)), found
