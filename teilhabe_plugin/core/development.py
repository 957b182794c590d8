"""The development of an index: each year measured against itself and against a fixed year, side by side."""
from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Callable

import numpy as np
import pandas as pd

from .classes import ClassSet, classify
from .index import IndexResult
from .messages import Message, TeilhabeError, mark
from .normalise import normalise
from .over_time import compute_years, gap_over_time, moves, panel, trends, years_in
from .recipe import Node, Recipe

OWN, FIXED = "eigenes Jahr", "festes Jahr"
#: the dynamics' classes: number, German and English name; one standard deviation of the changes tells them apart
DYNAMICS = ((1, "positiv", "positive"), (3, "stabil", "stable"), (5, "negativ", "negative"))


@dataclass
class Development:
    """An index over several years.

    Attributes
    ----------
    years : list of int
    reference_year : int
    areas : DataFrame
        Index: area key. ``wert_<year>`` and ``klasse_<year>`` measured against the fixed year; trend columns of
        `over_time.trends`; ``von``, ``nach``, ``schritte`` between the first and the last year; ``dynamik_index``, the
        standardised change of the score between them, high where it is for the worse, and ``dynamik_klasse`` and
        ``dynamik_name`` at ±1 standard deviation.
    dynamics : ClassSet or None
        The classes of the dynamics; None where no two areas differ in their change.
    panel : DataFrame
        Long: area key, ``jahr``, ``bezug`` (`OWN` or `FIXED`), ``index_id``, ``wert``, ``klasse``, ``klasse_name``.
    gaps : DataFrame
        `over_time.gap_over_time` of every indicator and, measured against the fixed year, of every node; with
        ``item_id`` and ``titel``.
    last : IndexResult
        The last year measured against the fixed one.
    """

    node: Node
    years: list[int]
    reference_year: int
    areas: pd.DataFrame
    panel: pd.DataFrame
    gaps: pd.DataFrame
    last: IndexResult
    dynamics: ClassSet | None = None
    notes: list[Message] = field(default_factory=list)


def develop(
    recipe: Recipe,
    frame: pd.DataFrame,
    years: list[int] | None = None,
    reference_year: int | None = None,
    node: str = "",
    seed: int = 1,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Development:
    """Compute the recipe for several years, twice: against the own year and against a fixed one.

    Parameters
    ----------
    years : list of int, optional
        All years for which every indicator is there, by default.
    reference_year : int, optional
        The recipe's, else the first year.
    node : str
        Id of the index or sub-index that areas, trends and moves are about; the first root by default.
    seed : int
        Of the intervals of the gaps.

    Raises
    ------
    TeilhabeError
        When fewer than two years are there or the node is not.
    """
    known = years_in(recipe, frame.columns)
    years = known if not years else sorted(years)
    lacking = [year for year in years if year not in known]
    if lacking:
        raise TeilhabeError(mark("Not all indicators of “{recipe}” are there for {years}. Complete years: {known}."),
                            recipe=recipe.title, years=", ".join(map(str, lacking)),
                            known=", ".join(map(str, known)) or "–")
    if len(years) < 2:
        raise TeilhabeError(mark("A development needs two complete years at least; “{recipe}” has {known}."),
                            recipe=recipe.title, known=", ".join(map(str, known)) or "–")
    reference_year = reference_year or recipe.reference_year or years[0]
    chosen = _node(recipe, node or recipe.indices[0].id)
    part = (lambda a, b: None) if progress is None else (
        lambda start, end: lambda percent: progress(start + (end - start) * percent / 100))
    own = compute_years(replace(recipe, reference_year=None), frame, years, part(0, 40), cancelled)
    fixed = compute_years(replace(recipe, reference_year=reference_year), frame, years, part(40, 80), cancelled)
    areas, notes = _areas(chosen, fixed, years)
    dynamics = _add_dynamics(recipe, chosen, areas, years)
    return Development(chosen, years, reference_year, areas, _panel(recipe, own, fixed), _gaps(recipe, fixed, seed),
                       fixed[years[-1]], dynamics, [*_notes(fixed), *notes])


def _notes(results: dict[int, IndexResult]) -> list[Message]:
    """Return the notes of all years: those of the last year as they are, others with their year where they differ."""
    last = max(results)
    known = {str(note) for note in results[last].notes}
    others = [Message(mark("{year}: {problem}"), year=year, problem=note)
              for year, result in results.items() for note in result.notes if str(note) not in known]
    return [*results[last].notes, *others]


def _node(recipe: Recipe, name: str) -> Node:
    nodes = {node.id: node for index in recipe.indices for node in index.root.nodes()}
    if name not in nodes:
        raise TeilhabeError(mark("“{recipe}” has no index or sub-index “{id}”. It has: {known}."),
                            recipe=recipe.title, id=name, known=", ".join(nodes))
    return nodes[name]


def _areas(node: Node, fixed: dict[int, IndexResult], years: list[int]) -> tuple[pd.DataFrame, list[Message]]:
    scores = panel(fixed, f"{node.id}_index")
    table = scores.add_prefix("wert_")
    notes = []
    if node.classes is not None:
        classes = panel(fixed, f"{node.id}_klasse")
        table = table.join(classes.add_prefix("klasse_"))
        moved, notes = moves(classes, years[0], years[-1],
                             [each["value"] for each in node.classes["classes"]])
        table = table.join(moved)
    return table.join(trends(scores)), notes


def _add_dynamics(recipe: Recipe, node: Node, areas: pd.DataFrame, years: list[int]) -> ClassSet | None:
    """Class the change between the first and the last year as Berlin's monitoring classes its dynamics."""
    change = areas[f"wert_{years[-1]}"] - areas[f"wert_{years[0]}"]
    index = next(each for each in recipe.indices if node in each.root.nodes())
    if index.high_means == "favourable":
        change = -change
    if change.notna().sum() < 2 or change.max() == change.min():
        return None
    scores = normalise(change.to_numpy(float)[:, None], "z")[:, 0]
    name = 2 if recipe.language == "en" else 1
    spec = {"method": "sd", "bounds": [-1, 1], "classes": [{"value": each[0], "name": each[name]} for each in DYNAMICS]}
    positions, classes = classify(scores, spec)
    there = positions >= 0
    areas["dynamik_index"] = scores
    areas["dynamik_klasse"] = np.where(there, np.array([each.value for each in classes], float)[positions], np.nan)
    areas["dynamik_name"] = np.where(there, np.array([each.name for each in classes], object)[positions], None)
    title = f"{'Dynamics' if recipe.language == 'en' else 'Dynamik'} {years[0]}–{years[-1]}"
    return ClassSet("dynamik", title, "dynamik_klasse", "dynamik_name", "dynamik_index", classes)


def _panel(recipe: Recipe, own: dict[int, IndexResult], fixed: dict[int, IndexResult]) -> pd.DataFrame:
    parts = []
    for basis, results in ((OWN, own), (FIXED, fixed)):
        for year, result in results.items():
            for node in (node for index in recipe.indices for node in index.root.nodes()):
                part = pd.DataFrame({
                    recipe.area_key: result.frame[recipe.area_key], "jahr": year, "bezug": basis, "index_id": node.id,
                    "wert": result.frame[f"{node.id}_index"],
                })
                has_classes = node.classes is not None
                part["klasse"] = result.frame[f"{node.id}_klasse"] if has_classes else float("nan")
                part["klasse_name"] = result.frame[f"{node.id}_name"] if has_classes else None
                parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _gaps(recipe: Recipe, fixed: dict[int, IndexResult], seed: int) -> pd.DataFrame:
    parts = []
    first = next(iter(fixed.values()))
    key = recipe.area_key
    for indicator in recipe.indicators_in_use():
        values = pd.DataFrame({
            year: result.frame[recipe.column(indicator.id, year)].where(result.frame["ausschluss"].isna())
            for year, result in fixed.items()})
        parts.append(_gap(values.set_index(first.frame[key]), indicator.id, indicator.title, indicator.unit, seed))
    for node in (node for index in recipe.indices for node in index.root.nodes()):
        parts.append(_gap(panel(fixed, f"{node.id}_index"), node.id, node.title, "", seed))
    return pd.concat(parts, ignore_index=True)


def _gap(values: pd.DataFrame, item: str, title: str, unit: str, seed: int) -> pd.DataFrame:
    values = values.loc[values.notna().any(axis=1), values.notna().any()]
    table = gap_over_time(values, seed)
    table.insert(0, "item_id", item)
    table.insert(1, "titel", title)
    table.insert(2, "einheit", unit)
    return table
