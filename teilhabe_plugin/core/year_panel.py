"""Scores and classes of all areas over the years, side by side, and the means of larger areas."""
from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Callable

import numpy as np
import pandas as pd

from .classes import ClassSet
from .index import EXCLUSION
from .over_time import compute_years, years_in
from .recipe import Recipe


@dataclass(frozen=True, eq=False)
class YearPanel:
    """What a recipe makes of several years.

    Attributes
    ----------
    years : tuple of int
        Ascending.
    reference_year : int or None
        The year that all are measured against; None: each against itself.
    scores : dict
        Node id → scores, shape (areas, years); NaN without one.
    positions : dict
        Node id → place of the class among its classes, −1 for none; nodes with classes of their own only.
    class_sets : dict
        Node id → classes of the last year.
    excluded : ndarray of bool, shape (areas, years)
    """

    years: tuple[int, ...]
    reference_year: int | None
    scores: dict[str, np.ndarray]
    positions: dict[str, np.ndarray]
    class_sets: dict[str, ClassSet] = field(repr=False)
    excluded: np.ndarray = field(repr=False)


def year_panel(
    recipe: Recipe,
    frame: pd.DataFrame,
    years,
    reference_year: int | None = None,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> YearPanel:
    """Compute a recipe for several years and keep what charts over the years need.

    Parameters
    ----------
    years : sequence of int
    reference_year : int, optional
        Measure all years against this one; each against itself by default, whatever the recipe says.
    """
    results = compute_years(replace(recipe, reference_year=reference_year), frame, years, progress, cancelled)
    ids = [node.id for index in recipe.indices for node in index.root.nodes()]
    last = results[max(results)]
    class_sets = {each.id: each for each in last.class_sets if each.id in ids}

    def side_by_side(column: str, kind) -> np.ndarray:
        return np.column_stack([np.asarray(result.values[column], kind) for result in results.values()])

    positions = {}
    for name, class_set in class_sets.items():
        numbers = side_by_side(class_set.column, float)
        positions[name] = np.full(numbers.shape, -1)
        for place, each in enumerate(class_set.classes):
            positions[name][numbers == each.value] = place
    return YearPanel(tuple(results), reference_year, {name: side_by_side(f"{name}_index", float) for name in ids},
                     positions, class_sets, ~pd.isna(side_by_side(EXCLUSION, object)))


def indicator_years(recipe: Recipe, frame: pd.DataFrame, panel: YearPanel, indicator: str) -> tuple[int, ...]:
    """Return the years in which an indicator has values, ascending, whether the recipe is complete then or not."""
    template = recipe.indicators[indicator].column
    pattern = re.compile(r"(\d{4})".join(map(re.escape, template.split("{year}", 1))))
    found = {int(match[1]): name for name in frame.columns for match in [pattern.fullmatch(str(name))]
             if match} if "{year}" in template else {}
    return tuple(sorted({*panel.years, *(year for year, name in found.items() if frame[name].notna().any())}))


def indicator_values(recipe: Recipe, frame: pd.DataFrame, panel: YearPanel, indicator: str,
                     years=None) -> np.ndarray:
    """Return an indicator's values as they are in the table, shape (areas, years); NaN for areas that are left out.

    Parameters
    ----------
    years : sequence of int, optional
        Those of the panel by default. In a year that the panel does not have, the areas are left out that are left
        out in the nearest one of the panel.
    """
    years = panel.years if years is None else tuple(years)
    columns = [pd.to_numeric(frame[recipe.column(indicator, year)], errors="coerce").to_numpy(float, na_value=np.nan)
               for year in years]
    nearest = np.abs(np.subtract.outer(years, panel.years)).argmin(axis=1)
    return np.where(panel.excluded[:, nearest], np.nan, np.column_stack(columns))


def people_of(recipe: Recipe, frame: pd.DataFrame) -> np.ndarray:
    """Return the people of each area, 1 for all where the recipe names no column; nobody where it is empty."""
    if not recipe.population or recipe.population not in frame:
        return np.ones(len(frame))
    return np.nan_to_num(pd.to_numeric(frame[recipe.population], errors="coerce").to_numpy(float, na_value=np.nan))


def mean_of(values: np.ndarray, people: np.ndarray) -> np.ndarray:
    """Return the mean of each year over the areas that have a value, weighted by their people; NaN without any."""
    there = ~np.isnan(values)
    weights = np.where(there, people[:, None], 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (np.where(there, values, 0) * weights).sum(axis=0) / weights.sum(axis=0)


def means_by(values: np.ndarray, people: np.ndarray, keys) -> dict:
    """Return `mean_of` for each larger area; ``keys`` names that of each area, empty for none."""
    codes, uniques = pd.factorize(pd.Series(keys), sort=True)
    return {key: mean_of(values[codes == place], people[codes == place]) for place, key in enumerate(uniques)}


def incomplete_years(recipe: Recipe, columns) -> list[int]:
    """Return the years for which some of the recipe's indicators are there, but not all, ascending."""
    templates = [each.column for each in recipe.indicators_in_use() if "{year}" in each.column]
    patterns = [re.compile(r"(\d{4})".join(map(re.escape, template.split("{year}", 1)))) for template in templates]
    found = {int(match[1]) for name in columns for match in [each.fullmatch(str(name)) for each in patterns] if match}
    return sorted(found - set(years_in(recipe, columns)))
