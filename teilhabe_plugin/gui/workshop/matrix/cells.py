"""Two classifications crossed: how many areas each pair of classes has, and which ones they are."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ....bridge.class_style import class_colours
from ....bridge.cross_colours import cross_colours
from ....core.cross_editing import cross_of
from ....translation import tr
from ..view import view_of

#: how many areas are named
NAMED = 3


@dataclass(frozen=True)
class Side:
    """One side of the matrix.

    Attributes
    ----------
    id, title : str
    names, values : tuple
        Of the classes, the favourable one first.
    positions : ndarray of int, shape (areas,)
        Place of each area's class, −1 for none.
    """

    id: str
    title: str
    names: tuple[str, ...]
    values: tuple[int, ...]
    positions: np.ndarray


def side_of(result, node_id: str, title: str = "") -> Side:
    """Return the classes of a node as a side, the favourable one first."""
    view = view_of(result, node_id)
    classes = list(view.class_set.classes)
    positions = view.positions
    if view.class_set.unfavourable == "first":
        classes.reverse()
        positions = np.where(positions >= 0, len(classes) - 1 - positions, -1)
    return Side(node_id, title or view.title, tuple(each.name for each in classes),
                tuple(each.value for each in classes), positions)


@dataclass(frozen=True)
class Cells:
    """The matrix.

    Attributes
    ----------
    rows, columns : Side
    colours : list of list of str
    names : list of list of str
        What the class of each cell is called; "" where the recipe has no such cross.
    cross_id : str
        Of the recipe's cross, "" where it has none.
    """

    rows: Side
    columns: Side
    colours: list
    names: list
    cross_id: str = ""

    @property
    def shape(self) -> tuple[int, int]:
        """Return the number of rows and columns."""
        return len(self.rows.names), len(self.columns.names)

    @property
    def known(self) -> np.ndarray:
        """Say for each area whether both classes are known."""
        return (self.rows.positions >= 0) & (self.columns.positions >= 0)

    def counts(self, rows=None) -> np.ndarray:
        """Return the number of areas in each cell, of all or of those with these rows."""
        there = self.known
        if rows is not None:
            chosen = np.zeros(len(there), bool)
            chosen[list(rows)] = True
            there &= chosen
        flat = self.rows.positions[there] * self.shape[1] + self.columns.positions[there]
        return np.bincount(flat, minlength=self.shape[0] * self.shape[1]).reshape(self.shape)

    def members(self, row: int, column: int) -> np.ndarray:
        """Return the areas of a cell; of a whole row, column or of all where the place is that of a sum."""
        there = self.known
        if row < self.shape[0]:
            there = there & (self.rows.positions == row)
        if column < self.shape[1]:
            there = there & (self.columns.positions == column)
        return np.flatnonzero(there)

    def words(self, row: int, column: int) -> str:
        """Name a cell, such as “Status niedrig, Dynamik negativ”."""
        if row < self.shape[0] and column < self.shape[1] and self.names[row][column]:
            return self.names[row][column]
        parts = []
        if row < self.shape[0]:
            parts.append(f"{self.rows.title} {self.rows.names[row]}")
        if column < self.shape[1]:
            parts.append(f"{self.columns.title} {self.columns.names[column]}")
        return ", ".join(parts) or tr("all areas with both classes")

    def sentence(self, row: int, column: int, area_names) -> str:
        """Say in words who is in a cell, a row, a column."""
        rows = self.members(row, column)
        if not len(rows):
            return tr("No area: {cell}.", cell=self.words(row, column))
        examples = ", ".join(area_names[place] for place in rows[:NAMED].tolist())
        examples += " …" if len(rows) > NAMED else ""
        if len(rows) == 1:
            return tr("1 area – {cell}: {examples}", cell=self.words(row, column), examples=examples)
        return tr("{n} areas – {cell}: {examples}", n=len(rows), cell=self.words(row, column), examples=examples)

    def table(self) -> pd.DataFrame:
        """Return the counts with sums as a table."""
        counts = self.counts()
        frame = pd.DataFrame(counts, index=list(self.rows.names), columns=list(self.columns.names))
        frame[tr("Sum")] = counts.sum(axis=1)
        frame.loc[tr("Sum")] = frame.sum()
        return frame.rename_axis(f"{self.rows.title} / {self.columns.title}").reset_index()


def cells_of(result, document: dict, rows: Side, columns: Side) -> Cells:
    """Return the matrix of two sides, in the colours and words of the recipe's cross where there is one."""
    cross = cross_of(document, rows.id, columns.id)
    own = next((each for each in result.class_sets if cross and each.id == cross["id"]), None)
    if own is None:
        colours = cross_colours(len(rows.names), len(columns.names))
        return Cells(rows, columns, colours, [["" for _ in columns.names] for _ in rows.names])
    by_value = class_colours(own)
    is_turned = cross["rows"] != rows.id
    found = {(each["column"], each["row"]) if is_turned else (each["row"], each["column"]): each
             for each in cross["cells"]}
    picked = [[found.get((row, column), {}) for column in columns.values] for row in rows.values]
    return Cells(rows, columns, [[by_value.get(each.get("value"), "#ffffff") for each in line] for line in picked],
                 [[each.get("name", "") for each in line] for line in picked], cross["id"])
