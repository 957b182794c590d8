"""Scores of larger areas, such as districts and the city: means weighted by people."""
from __future__ import annotations

import numpy as np
import pandas as pd

from .index import IndexResult
from .messages import TeilhabeError, mark
from .recipe import Parent

CITY = "stadt"


def parent_scores(result: IndexResult, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the mean score of every node for each parent area and for the whole city, weighted by people.

    A parent's score is the mean of its areas' scores, each weighted by its people, over the areas that have a score;
    it is not the mean of lower means. Without people in the recipe every area counts the same, and ``gewichtung`` says
    so.

    Parameters
    ----------
    result : IndexResult
    frame : DataFrame
        The input of the computation, with the columns of the parents.

    Returns
    -------
    DataFrame
        ``ebene`` (id of the parent level, "stadt" for the city), ``schluessel``, ``name``, ``index_id``, ``wert``,
        ``gebiete`` (areas with a score), ``einwohner`` (people in them, None without people), ``anteil`` (share of the
        parent's people, or areas, that have a score), ``gewichtung`` ("Einwohner" or "Gebiete").
    """
    recipe = result.recipe
    for parent in recipe.parents:
        if parent.column not in frame:
            raise TeilhabeError(mark("The layer has no column “{column}” with the key of “{title}”."),
                                column=parent.column, title=parent.title)
    people = _people(recipe.population, frame)
    scores = {name: result.frame[f"{name}_index"].to_numpy(float)
              for index in recipe.indices for name in [node.id for node in index.root.nodes()]}
    levels = [(parent, frame[parent.column]) for parent in recipe.parents]
    parts = [_level(parent, keys, frame, scores, people) for parent, keys in levels]
    city = Parent(CITY, recipe.title, "", "")
    parts.append(_level(city, pd.Series(CITY, index=frame.index), frame, scores, people))
    table = pd.concat(parts, ignore_index=True)
    table["gewichtung"] = "Einwohner" if recipe.population else "Gebiete"
    if not recipe.population:
        table["einwohner"] = None
    return table


def _people(column: str, frame: pd.DataFrame) -> np.ndarray:
    if not column:
        return np.ones(len(frame))
    return np.nan_to_num(pd.to_numeric(frame[column], errors="coerce").to_numpy(float, na_value=np.nan))


def _level(parent: Parent, keys: pd.Series, frame: pd.DataFrame, scores: dict, people: np.ndarray) -> pd.DataFrame:
    codes, uniques = pd.factorize(keys, sort=True)
    inside = codes >= 0
    count = len(uniques)

    def total(values):
        return np.bincount(codes[inside], weights=values[inside], minlength=count)

    names = _names(parent, frame, codes, uniques)
    parts = []
    for name, values in scores.items():
        there = ~np.isnan(values)
        weight = np.where(there, people, 0)
        with np.errstate(invalid="ignore", divide="ignore"):
            parts.append(pd.DataFrame({
                "ebene": parent.id, "schluessel": uniques, "name": names, "index_id": name,
                "wert": total(np.where(there, values, 0) * weight) / total(weight),
                "gebiete": total(there.astype(float)).astype(int),
                "einwohner": total(weight),
                "anteil": total(weight) / total(people),
            }))
    return pd.concat(parts, ignore_index=True)


def _names(parent: Parent, frame: pd.DataFrame, codes: np.ndarray, uniques) -> list:
    if parent.id == CITY:
        return [parent.title]
    if not parent.name_column or parent.name_column not in frame:
        return [str(key) for key in uniques]
    first = pd.Series(frame[parent.name_column].to_numpy()).groupby(codes).first()
    return [first.get(i) for i in range(len(uniques))]
