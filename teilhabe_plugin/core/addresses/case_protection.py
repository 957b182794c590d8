"""Small counts of cases: hidden together over areas, groups, years and the numbers of the report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

import numpy as np

from ..count_protection import Tree
from ..count_spec import Protection
from ..disclosure import Structure, cross, hierarchy, stack
from ..rounding import round_counts
from ..suppression import suppress


@dataclass(frozen=True)
class YearTable:
    """Counts of one year: areas and their totals × groups and their total.

    Attributes
    ----------
    cases : ndarray of float, shape (nodes, columns)
        The last column is the total of the groups; the only one when there are no groups.
    records : ndarray of int
        The same in records: where one record stands for several cases, it must not be told by itself.
    """

    cases: np.ndarray
    records: np.ndarray


@dataclass(frozen=True)
class Summary:
    """Numbers of the whole list, in cases: those counted by how they were located, and the others by why not."""

    counted: tuple[float, ...]
    others: tuple[float, ...]


@dataclass(frozen=True)
class Hidden:
    """What must not be shown.

    Attributes
    ----------
    years : list of ndarray of bool
        As `YearTable.cases`.
    counted, others : ndarray of bool
        As in `Summary`.
    all_counted, everything : bool
        The sums of the counted and of all.
    """

    years: list[np.ndarray]
    counted: np.ndarray
    others: np.ndarray
    all_counted: bool
    everything: bool

    def __len__(self) -> int:
        return int(sum(mask.sum() for mask in self.years))


def totals(tree: Tree, areas: np.ndarray) -> np.ndarray:
    """Return counts of areas (areas × groups) with the totals of their parents, and of the groups as last column."""
    full = np.column_stack([np.nan_to_num(tree.totals(column)) for column in areas.T])
    return full if full.shape[1] == 1 else np.column_stack([full, full.sum(axis=1)])


def hide(tables: list[YearTable], tree: Tree, summary: Summary, protection: Protection,
         cancelled: Callable[[], bool] | None = None) -> Hidden:
    """Choose what to hide.

    The numbers of the report are part of the table: the total of each year is known from it, and what is counted is
    the sum of the grades. So nothing follows from table and report together that does not follow from either.
    """
    shapes = [table.cases.shape for table in tables]
    if protection.threshold <= 0:
        return Hidden([np.zeros(shape, bool) for shape in shapes], np.zeros(len(summary.counted), bool),
                      np.zeros(len(summary.others), bool), False, False)
    columns = shapes[0][1]
    groups = hierarchy([columns - 1] * (columns - 1) + [-1]) if columns > 1 else Structure(1)
    one = cross(hierarchy(tree.parents), groups)
    whole = stack(*[one] * len(tables))
    start = whole.size
    counted = range(start, start + len(summary.counted))
    others = range(counted.stop, counted.stop + len(summary.others))
    all_counted, everything = others.stop, others.stop + 1
    cities = [(number + 1) * one.size - 1 for number in range(len(tables))]
    structure = Structure(everything + 1, whole.totals + (
        (all_counted, tuple(cities)), (all_counted, tuple(counted)), (everything, (all_counted, *others))))
    values = np.concatenate([*(table.cases.ravel() for table in tables), summary.counted, summary.others,
                             [sum(summary.counted), sum(summary.counted) + sum(summary.others)]])
    records = np.concatenate([table.records.ravel() for table in tables])
    few = np.zeros(len(values), bool)
    few[:start] = (records > 0) & (records < protection.threshold) & (values[:start] > 0)
    hidden = suppress(values, structure, protection.threshold, zeros=protection.zeros, primary=few,
                      cancelled=cancelled).hidden
    masks, at = [], 0
    for shape in shapes:
        masks.append(hidden[at:at + shape[0] * shape[1]].reshape(shape))
        at += shape[0] * shape[1]
    return Hidden(masks, hidden[list(counted)], hidden[list(others)], bool(hidden[all_counted]),
                  bool(hidden[everything]))


def rounded(areas: np.ndarray, tree: Tree, protection: Protection, year: int) -> np.ndarray:
    """Return counts of areas rounded, with the total of the groups as last column.

    With totals that add up, the total is that of the rounded groups; otherwise it is rounded by itself.
    """
    if protection.rounding == "none":
        return areas if areas.shape[1] == 1 else np.column_stack([areas, areas.sum(axis=1)])
    additive = protection.rounding == "controlled"
    columns = areas if areas.shape[1] == 1 or additive else np.column_stack([areas, areas.sum(axis=1)])
    found = np.column_stack([
        round_counts(tree.totals(column), tree.parents, tree.labels, protection.base, protection.rounding,
                     protection.seed, f"{number}|{year}")[:tree.areas] for number, column in enumerate(columns.T)])
    return np.column_stack([found, found.sum(axis=1)]) if additive and found.shape[1] > 1 else found


def rounded_number(value: float, protection: Protection) -> float:
    """Return a number of the report as the table would show it."""
    if protection.rounding == "none":
        return value
    return float(protection.base * np.floor(value / protection.base + 0.5))
