"""What the charts over the years show: scores, classes or one indicator of all areas, and the means beside them."""
from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ....core.recipe import Node, Parent, Recipe
from ....core.year_panel import YearPanel, indicator_values, indicator_years, mean_of, means_by, people_of
from ....translation import tr

SCORE, CLASS = "*score", "*class"


@dataclass(frozen=True, eq=False)
class Series:
    """Values of all areas over the years.

    Attributes
    ----------
    item : str
        `SCORE`, `CLASS` or the id of an indicator.
    title, unit : str
    years : tuple of int
        Those of the index; for an indicator all years in which it has values.
    values : ndarray, shape (areas, years)
    high_is_bad : bool
    classes : tuple of str
        Names of the classes, where the values are their places.
    city : ndarray or None
    districts : dict
        Name → values.
    """

    item: str
    title: str
    unit: str
    years: tuple[int, ...]
    values: np.ndarray
    high_is_bad: bool
    classes: tuple[str, ...] = ()
    city: np.ndarray | None = None
    districts: dict[str, np.ndarray] = field(default_factory=dict)

    def frame(self) -> pd.DataFrame:
        """Return the values with the years as columns."""
        return pd.DataFrame(self.values, columns=list(self.years))

    def first_and_last(self, row: int) -> tuple[int, int] | None:
        """Return the positions of an area's first and last value, None where it has none."""
        there = np.flatnonzero(~np.isnan(self.values[row]))
        return (int(there[0]), int(there[-1])) if len(there) else None


def choices(recipe: Recipe, node: Node) -> list[tuple[str, str]]:
    """Return what can be shown for a node: item and text."""
    found = [(SCORE, tr("Score: {title}", title=node.title))]
    if node.classes is not None:
        found.append((CLASS, tr("Class: {title}", title=node.title)))
    names = dict.fromkeys(leaf.indicator for leaf in node.leaves())
    indicators = [recipe.indicators[name] for name in names]
    return found + [(each.id, each.title) for each in indicators if "{year}" in each.column]


def series_of(recipe: Recipe, frame: pd.DataFrame, panel: YearPanel, index, node: Node, item: str,
              parent: Parent | None = None) -> Series:
    """Return an item over the years.

    Parameters
    ----------
    recipe : Recipe
    frame : DataFrame
        What the panel was computed from.
    panel : YearPanel
    index, node : Index, Node
        What is looked at.
    item : str
        One of `choices`; anything else is the score.
    parent : Parent, optional
        The larger areas whose means are wanted.
    """
    people = people_of(recipe, frame)
    title, unit, is_bad, years = node.title, "", index.high_means == "unfavourable", panel.years
    if item == CLASS and node.id in panel.positions:
        positions = panel.positions[node.id].astype(float)
        names = tuple(each.name for each in panel.class_sets[node.id].classes)
        return Series(CLASS, title, unit, panel.years, np.where(positions < 0, np.nan, positions), is_bad, names)
    if item in recipe.indicators:
        indicator = recipe.indicators[item]
        years = indicator_years(recipe, frame, panel, item)
        values = indicator_values(recipe, frame, panel, item, years)
        title, unit, is_bad = indicator.title, indicator.unit, indicator.high_is == "unfavourable"
    else:
        item, values = SCORE, panel.scores[node.id]
    districts = {}
    if parent is not None and parent.column in frame:
        names = _names(parent, frame)
        districts = {str(names.get(key, key)): each
                     for key, each in means_by(values, people, frame[parent.column]).items()}
    return Series(item, title, unit, years, values, is_bad, (), mean_of(values, people), districts)


def _names(parent: Parent, frame: pd.DataFrame) -> dict:
    if not parent.name_column or parent.name_column not in frame:
        return {}
    return frame.dropna(subset=[parent.column]).groupby(parent.column)[parent.name_column].first().dropna().to_dict()
