"""How well a recipe fits a layer: what is missing, for which years it can be computed, what its rules leave out."""
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: the preview counts excluded areas only in layers up to this size
MOST_ROWS = 20_000


@dataclass(frozen=True)
class Fit:
    """A recipe held against the columns of a layer.

    Attributes
    ----------
    years : tuple of int
        Years for which all columns are there, the latest first; empty when the recipe names no year.
    missing : tuple of str
        Columns that are not there in the year looked at.
    """

    uses_year: bool
    years: tuple[int, ...]
    year: int | None
    missing: tuple[str, ...]


def fit(recipe, columns: Iterable[str], year: int | None = None) -> Fit:
    """Hold a recipe against column names.

    Parameters
    ----------
    recipe : core.recipe.Recipe
    columns : iterable of str
    year : int, optional
        The year looked at; by default the latest one for which nothing is missing, else the recipe's own.
    """
    columns = set(columns)
    templates = [each.column for each in recipe.indicators.values() if "{year}" in each.column]
    if not templates:
        return Fit(False, (), None, _missing(recipe, columns, None))
    years = tuple(each for each in _years(templates, columns) if not _missing(recipe, columns, each))
    year = year or (recipe.year if recipe.year in years else next(iter(years), recipe.year))
    return Fit(True, years, year, _missing(recipe, columns, year))


def best(recipes: Sequence, columns: Iterable[str]) -> int:
    """Return the position of the best recipe: one that lacks nothing, then the one that finds most columns."""
    columns = list(columns)
    scores = []
    for recipe in recipes:
        missing = len(fit(recipe, columns).missing)
        scores.append((missing == 0, len(recipe.columns()) - missing))
    return scores.index(max(scores))


def exclusion_counts(recipe, frame) -> list[tuple[str, int]]:
    """Return the reason of every exclusion rule and the number of areas that it leaves out."""
    from ..core.indicator_columns import exclusion_reasons

    reasons, _notes = exclusion_reasons(recipe, frame)
    found = [reason for reason in reasons if reason is not None]
    return [(reason, found.count(reason)) for reason in dict.fromkeys(rule.reason for rule in recipe.exclusions)]


def exclusion_columns(recipe) -> list[str]:
    """Return the columns that the exclusion rules read."""
    return list(dict.fromkeys([recipe.area_key, *(rule.column for rule in recipe.exclusions if rule.column)]))


def _missing(recipe, columns: set[str], year: int | None) -> tuple[str, ...]:
    return tuple(name for name in recipe.columns(year) if name not in columns)


def _years(templates: list[str], columns: set[str]) -> list[int]:
    pattern = re.compile(re.escape(templates[0]).replace(re.escape("{year}"), r"(\d{4})") + r"\Z")
    return sorted({int(match[1]) for match in map(pattern.match, columns) if match}, reverse=True)
