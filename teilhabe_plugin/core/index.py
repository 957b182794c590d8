"""Computing a recipe: exclusions, normalised indicators, sub-indices, the composite index, classes, crosses."""
from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Callable

import numpy as np
import pandas as pd

from .aggregate import aggregate
from .classes import ClassDef, ClassSet, classify
from .indicator_columns import exclusion_reasons, indicator_matrix
from .messages import Message, TeilhabeError, check_cancelled, mark
from .normalise import METHODS as NORMALISING
from .normalise import normalise
from .recipe import Index, Leaf, Node, Recipe

EXCLUSION = "ausschluss"


@dataclass(frozen=True)
class ResultColumn:
    """A column of the result: its kind (text, integer, real), its title and what step of the way it holds.

    ``step`` is one of raw, normalised, aggregated, share, score, class, class_name, exclusion; ``item`` is the
    indicator or node it belongs to, ``index`` the index.
    """

    name: str
    kind: str
    title: Message
    step: str
    item: str = ""
    index: str = ""
    unit: str = ""


@dataclass
class IndexResult:
    """What a recipe made of a table.

    Attributes
    ----------
    values : dict of arrays
        The columns that `columns` describes; `frame` shows them as a table, one row per area in the input's order.
    columns : list of ResultColumn
    class_sets : list of ClassSet
        The index of each root first, then its sub-indices, then the crosses.
    notes : list of Message
        What was left out and why.
    """

    recipe: Recipe
    year: int | None = None
    values: dict[str, object] = field(default_factory=dict, repr=False)
    columns: list[ResultColumn] = field(default_factory=list)
    class_sets: list[ClassSet] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """All columns as a table; made when it is first asked for."""
        return pd.DataFrame(self.values)

    def add(self, name: str, values, kind: str, title: Message, step: str, **more) -> None:
        """Add a column and its description."""
        if name in self.values:
            raise TeilhabeError(
                mark("The recipe {recipe} makes two columns named “{column}”. Give one of the indices another id."),
                recipe=self.recipe.id, column=name,
            )
        self.values[name] = values
        self.columns.append(ResultColumn(name, kind, title, step, **more))

    def class_counts(self, class_set: ClassSet) -> dict[int, int]:
        """Return the number of areas in each class."""
        counts = self.frame[class_set.column].value_counts()
        return {each.value: int(counts.get(each.value, 0)) for each in class_set.classes}

    def counts(self) -> dict[str, int]:
        """Return how many areas have a class of the first index, are left out, or lack data."""
        excluded = int(self.frame[EXCLUSION].notna().sum())
        scores = self.frame[f"{self.recipe.indices[0].id}_index"]
        classed = int(scores.notna().sum())
        return {
            "AREAS_CLASSED": classed,
            "AREAS_EXCLUDED": excluded,
            "AREAS_WITHOUT_VALUE": len(self.frame) - classed - excluded,
        }

    def long_table(self) -> pd.DataFrame:
        """Return every value of every step as one row.

        Returns
        -------
        DataFrame
            The area key, ``jahr``, ``index_id``, ``schritt`` (the step), ``item_id``, ``spalte`` (the column of the
            wide result), ``wert`` (a number) and ``text``.
        """
        parts = []
        for column in self.columns:
            if not column.step:
                continue
            values = self.frame[column.name]
            is_text = column.kind == "text"
            parts.append(pd.DataFrame({
                self.recipe.area_key: self.frame[self.recipe.area_key],
                "jahr": self.year,
                "index_id": column.index or None,
                "schritt": column.step,
                "item_id": column.item or None,
                "spalte": column.name,
                "wert": np.nan if is_text else values.to_numpy(float, na_value=np.nan),
                "text": values if is_text else None,
            }))
        return pd.concat(parts, ignore_index=True)


def compute(
    recipe: Recipe,
    frame: pd.DataFrame,
    year: int | None = None,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> IndexResult:
    """Compute all indices of a recipe.

    Parameters
    ----------
    recipe : Recipe
    frame : DataFrame
        One row per area with the columns ``recipe.columns(year)``.
    year : int, optional
        Stands for ``{year}`` in column names instead of the recipe's year.
    progress, cancelled : callables, optional
        Told 0…100; asked between the steps.

    Returns
    -------
    IndexResult

    Raises
    ------
    TeilhabeError
        When columns are missing, hold text or infinite values, or do not vary where a spread is needed.
    Cancelled
    """
    year = year or recipe.year
    frame = frame.reset_index(drop=True)
    matrix, names = indicator_matrix(recipe, frame, year)
    reasons, notes = exclusion_reasons(recipe, frame)
    valid = pd.isna(reasons)
    if valid.sum() < 2:
        raise TeilhabeError(mark("Only {count} areas are left after the exclusions; an index needs two at least."),
                            count=int(valid.sum()))
    result = IndexResult(recipe, year, notes=notes)
    _add_inputs(result, frame, matrix, names)
    position = {name: j for j, name in enumerate(names)}
    for number, index in enumerate(recipe.indices):
        check_cancelled(cancelled)
        _Tree(result, index, matrix if valid.all() else np.asfortranarray(matrix[valid]), valid, position).evaluate()
        if progress is not None:
            progress(100 * (number + 1) / len(recipe.indices))
    for cross in recipe.crosses:
        _add_cross(result, cross)
    result.add(EXCLUSION, reasons, "text", Message(mark("Reason for exclusion")), "exclusion")
    return result


def _add_inputs(result: IndexResult, frame: pd.DataFrame, matrix: np.ndarray, names: list[str]) -> None:
    recipe = result.recipe
    indicator_of = {recipe.column(name, result.year): name for name in names}
    for column in recipe.columns(result.year):
        if column in indicator_of:
            indicator = recipe.indicators[indicator_of[column]]
            result.add(column, matrix[:, names.index(indicator.id)], "real",
                       Message("{title}", title=indicator.title), "raw", item=indicator.id, unit=indicator.unit)
        else:
            kind = "text" if column == recipe.area_key or not pd.api.types.is_numeric_dtype(frame[column]) else "real"
            if pd.api.types.is_integer_dtype(frame[column]) or _all_whole(frame[column], kind):
                kind = "integer"
            result.add(column, frame[column], kind, Message("{title}", title=column), "")


def _all_whole(values: pd.Series, kind: str) -> bool:
    """Say whether these are whole numbers that are stored as real ones only because some are missing."""
    return kind == "real" and bool((values.dropna() % 1 == 0).all())


class _Tree:
    """The evaluation of one index over the valid areas; writes its columns into the result."""

    def __init__(self, result: IndexResult, index: Index, matrix: np.ndarray, valid: np.ndarray, position: dict):
        self.result, self.index, self.matrix, self.valid, self.position = result, index, matrix, valid, position

    def evaluate(self) -> None:
        before = len(self.result.class_sets)
        self._node(self.index.root)
        self.result.class_sets[before:] = self.result.class_sets[before:][::-1]

    def _node(self, node: Node) -> np.ndarray:
        """Return the node's scores over the valid areas, shape (areas,)."""
        scores = np.empty((len(self.matrix), len(node.children)), order="F")
        self._normalise_leaves(node, scores)
        for j, child in enumerate(node.children):
            if isinstance(child, Node):
                scores[:, j] = self._node(child)
        weights = [child.weight for child in node.children]
        method, settings = node.aggregate
        values, shares = aggregate(scores, weights, method, node.minimum_share, settings)
        name = "summe" if method == "sum" else "wert"
        self._add(f"{node.id}_{name}", values, "aggregated", node,
                  mark("{title}: sum") if method == "sum" else mark("{title}: value before standardising"))
        if node.standardise is not None:
            method, settings = node.standardise
            self._check_spread(values[:, None], method, [node.title])
            values = normalise(values[:, None], method, settings)[:, 0]
        self._add(f"{node.id}_index", values, "score", node, "{title}")
        self._add(f"{node.id}_anteil", shares, "share", node, mark("{title}: share of data that carried the score"))
        if node.classes is not None:
            self._add_classes(node, values)
        return values

    def _normalise_leaves(self, node: Node, scores: np.ndarray) -> None:
        """Fill in the normalised indicators; those with equal settings go through in one matrix."""
        groups: dict[tuple, list[int]] = {}
        for j, child in enumerate(node.children):
            if isinstance(child, Leaf):
                turned = self.result.recipe.indicators[child.indicator].high_is != self.index.high_means
                groups.setdefault((child.method, tuple(sorted(child.settings.items())), turned), []).append(j)
        for (method, settings, turned), members in groups.items():
            ids = [node.children[j].indicator for j in members]
            raw = self.matrix[:, [self.position[name] for name in ids]]
            indicators = [self.result.recipe.indicators[name] for name in ids]
            self._check_spread(raw, method, [indicator.title for indicator in indicators])
            scores[:, members] = normalise(raw, method, dict(settings), turned)
            for j, indicator in zip(members, indicators):
                self._add_normalised(indicator, method, scores[:, j])

    def _check_spread(self, values: np.ndarray, method: str, titles: list[str]) -> None:
        for j, title in enumerate(titles):
            there = values[~np.isnan(values[:, j]), j]
            if not len(there):
                raise TeilhabeError(mark("“{title}” has no value in any area."), title=title)
            if NORMALISING[method].needs_spread and there.min() == there.max():
                raise TeilhabeError(
                    mark("“{title}” is {value:g} in all {count} areas that have a value; it cannot be normalised by "
                         "“{method}”. Leave it out of the recipe or choose another method."),
                    title=title, value=float(there[0]), count=len(there), method=method,
                )

    def _add_normalised(self, indicator, method: str, values: np.ndarray) -> None:
        name = f"{'z' if method == 'z' else 'n'}_{indicator.id}"
        full = self._full(values)
        if name in self.result.values:
            if np.array_equal(self.result.values[name], full, equal_nan=True):
                return
            name = f"{name}_{self.index.id}"
        title = mark("{title}: z-score") if method == "z" else mark("{title}: normalised")
        self.result.add(name, full, "real", Message(title, title=indicator.title), "normalised",
                        item=indicator.id, index=self.index.id)

    def _add_classes(self, node: Node, values: np.ndarray) -> None:
        positions, classes = classify(values, node.classes)
        numbers = np.array([each.value for each in classes], float)
        names = np.array([each.name for each in classes], object)
        there = positions >= 0
        self._add(f"{node.id}_klasse", np.where(there, numbers[positions], np.nan), "class", node,
                  mark("{title}: class"), kind="integer")
        self._add(f"{node.id}_name", np.where(there, names[positions], None), "class_name", node,
                  mark("{title}: name of the class"), kind="text")
        end = "last" if self.index.high_means == "unfavourable" else "first"
        self.result.class_sets.append(
            ClassSet(node.id, node.title, f"{node.id}_klasse", f"{node.id}_name", f"{node.id}_index", classes, end)
        )

    def _add(self, name: str, values: np.ndarray, step: str, node: Node, title: str, kind: str = "real") -> None:
        self.result.add(name, self._full(values), kind, Message(title, title=node.title), step, item=node.id,
                        index=self.index.id)

    def _full(self, values: np.ndarray) -> np.ndarray:
        """Return the values over all areas; excluded ones get NaN or None."""
        if self.valid.all():
            return values
        is_text = values.dtype == object
        full = np.full(len(self.valid), None if is_text else np.nan, object if is_text else float)
        full[self.valid] = values
        return full


def _add_cross(result: IndexResult, cross) -> None:
    pairs = zip(result.values[f"{cross.rows}_klasse"], result.values[f"{cross.columns}_klasse"])
    cells = [cross.cells.get(pair) for pair in pairs]
    for suffix, key, kind, title in (
        ("klasse", "value", "integer", mark("{title}: class")),
        ("name", "name", "text", mark("{title}: name of the class")),
    ):
        empty = np.nan if kind == "integer" else None
        values = np.array([cell[key] if cell else empty for cell in cells], float if kind == "integer" else object)
        step = "class" if kind == "integer" else "class_name"
        result.add(f"{cross.id}_{suffix}", values, kind, Message(title, title=cross.title), step, item=cross.id,
                   index=cross.id)
    classes = tuple(ClassDef(cell["value"], cell["name"], cell["color"]) for cell in cross.cells.values())
    result.class_sets.append(ClassSet(cross.id, cross.title, f"{cross.id}_klasse", f"{cross.id}_name", "", classes))
