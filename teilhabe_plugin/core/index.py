"""Computing a recipe: exclusions, normalised indicators, sub-indices, the composite index, classes, crosses."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Callable

import numpy as np
import pandas as pd

from .classes import ClassDef, ClassSet, classify
from .messages import Message, TeilhabeError, check_cancelled, mark
from .preparation import Prepared, prepare
from .recipe import Index, Leaf, Node, Recipe
from .tree import Data, Evaluation, evaluate

EXCLUSION = "ausschluss"


@dataclass(frozen=True)
class ResultColumn:
    """A column of the result: its kind (text, integer, real), its title and what step of the way it holds.

    ``step`` is one of raw, treated, filled, normalised, aggregated, share, score, class, class_name, exclusion;
    ``item`` is the indicator or node it belongs to, ``index`` the index.
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
    evaluations : dict
        Index id → all values of its tree over the valid areas.
    class_sets : list of ClassSet
        The index of each root first, then its sub-indices, then the crosses.
    notes : list of Message
        What was left out and why.
    """

    recipe: Recipe
    year: int | None = None
    values: dict[str, object] = field(default_factory=dict, repr=False)
    columns: list[ResultColumn] = field(default_factory=list)
    evaluations: dict[str, Evaluation] = field(default_factory=dict, repr=False)
    class_sets: list[ClassSet] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """All columns as a table; made when it is first asked for."""
        return pd.DataFrame(self.values)

    def add(self, name: str, values, kind: str, title: Message, step: str, **more) -> None:
        """Add a column and its description."""
        folded = name.casefold()  # databases do not tell “A” from “a”
        if folded in {each.name.casefold() for each in self.columns}:
            raise TeilhabeError(
                mark("The recipe {recipe} makes two columns named “{column}”. Give one of the indices another id."),
                recipe=self.recipe.id, column=name,
            )
        self.values[name] = values
        self.columns.append(ResultColumn(name, kind, title, step, **more))

    def class_counts(self, class_set: ClassSet) -> dict[int, int]:
        """Return the number of areas in each class."""
        counts = self.frame[class_set.column].value_counts().to_dict()
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
            wide result), ``wert`` (a number) and ``text``. Rows without an area key hold what is the same for all
            areas: the weights as used (step "weight", the part weighted in ``item_id``, the node's value in
            ``spalte``) and the upper bounds of the classes (step "bound", the class in ``text``).
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
        columns = ["index_id", "schritt", "item_id", "spalte", "wert", "text"]
        common = pd.DataFrame(self._common_values(), columns=columns)
        common.insert(0, self.recipe.area_key, None)
        common.insert(1, "jahr", self.year)
        return pd.concat([*parts, common.astype({"wert": float})], ignore_index=True)

    def _common_values(self) -> Iterator[tuple]:
        """Yield index, step, item, column, number and text of what is the same for all areas."""
        for index in self.recipe.indices:
            for node in index.root.nodes():
                weights = self.evaluations[index.id].weights[node.id]
                for child, weight in zip(node.children, weights):
                    item = child.indicator if isinstance(child, Leaf) else child.id
                    yield index.id, "weight", item, value_column(node), float(weight), None
        owners = {node.id: index.id for index in self.recipe.indices for node in index.root.nodes()}
        for class_set in self.class_sets:
            for each in class_set.classes:
                if class_set.index_column:
                    yield owners[class_set.id], "bound", class_set.id, class_set.column, each.upper, each.name


def value_column(node: Node) -> str:
    """Return the column of a node's value before standardising."""
    return f"{node.id}_{'summe' if node.aggregate[0] == 'sum' else 'wert'}"


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
    if not frame.index.equals(pd.RangeIndex(len(frame))):
        frame = frame.reset_index(drop=True)
    prepared = prepare(recipe, frame, year)
    reference = reference_data(recipe, frame, year)
    result = IndexResult(recipe, year, notes=prepared.notes)
    _add_inputs(result, frame, prepared)
    data = prepared.data()
    for number, index in enumerate(recipe.indices):
        check_cancelled(cancelled)
        basis = (reference, evaluate(recipe, index, reference)) if reference else None
        evaluation = evaluate(recipe, index, data, basis)
        result.evaluations[index.id] = evaluation
        result.notes += _weight_notes(recipe, index, evaluation) + _city_notes(recipe, index)
        _add_evaluation(result, index, evaluation, basis[1] if basis else None, prepared.valid)
        if progress is not None:
            progress(100 * (number + 1) / len(recipe.indices))
    for cross in recipe.crosses:
        _add_cross(result, cross)
    result.add(EXCLUSION, prepared.reasons, "text", Message(mark("Reason for exclusion")), "exclusion")
    return result


def _weight_notes(recipe: Recipe, index: Index, evaluation: Evaluation) -> list[Message]:
    """Name the parts that count for nothing because they run against the others."""
    notes = []
    for node in index.root.nodes():
        if node.weights[0] not in ("pca", "correlation"):
            continue
        titles = [recipe.indicators[child.indicator].title if isinstance(child, Leaf) else child.title
                  for child, weight in zip(node.children, evaluation.weights[node.id]) if weight == 0]
        if titles:
            notes.append(Message(mark("“{node}”: the estimated weight is 0, because they run against the others: "
                                      "{titles}"), node=node.title, titles=", ".join(titles)))
    return notes


def _city_notes(recipe: Recipe, index: Index) -> list[Message]:
    """Say so when the city's value is a mean of areas that counts each of them once."""
    titles = [recipe.indicators[leaf.indicator].title for leaf in index.root.leaves()
              if leaf.method in ("share", "reference")]
    if recipe.population or not titles:
        return []
    return [Message(mark("The city’s value is the mean of the areas, each counting once, because the recipe names no "
                         "people (“population”): {titles}"), titles=", ".join(dict.fromkeys(titles)))]


def reference_data(recipe: Recipe, frame: pd.DataFrame, year: int | None) -> Data | None:
    """Return the data of the fixed reference year, None where each year is measured against itself."""
    if recipe.reference_year is None or recipe.reference_year == year:
        return None
    return prepare(recipe, frame, recipe.reference_year).data()


def _add_inputs(result: IndexResult, frame: pd.DataFrame, prepared: Prepared) -> None:
    recipe = result.recipe
    indicator_of = {recipe.column(name, result.year): (j, name) for j, name in enumerate(prepared.names)}
    for column in recipe.columns(result.year):
        if column in indicator_of:
            j, name = indicator_of[column]
            _add_indicator(result, column, recipe.indicators[name], prepared, j)
        else:
            kind = "text" if column == recipe.area_key or not pd.api.types.is_numeric_dtype(frame[column]) else "real"
            if pd.api.types.is_integer_dtype(frame[column]) or _all_whole(frame[column], kind):
                kind = "integer"
            result.add(column, frame[column], kind, Message("{title}", title=column), "")


def _add_indicator(result: IndexResult, column: str, indicator, prepared: Prepared, j: int) -> None:
    result.add(column, prepared.raw[:, j], "real", Message("{title}", title=indicator.title), "raw",
               item=indicator.id, unit=indicator.unit)
    if indicator.treatment[0] != "none" or indicator.missing[0] not in ("keep", "area_out"):
        result.add(f"t_{indicator.id}", np.where(prepared.valid, prepared.ready[:, j], np.nan), "real",
                   Message(mark("{title}: filled and treated"), title=indicator.title), "treated", item=indicator.id)
    if pd.notna(prepared.filled[:, j]).any():
        result.add(f"{indicator.id}_gefuellt", prepared.filled[:, j], "text",
                   Message(mark("{title}: how the gap was filled"), title=indicator.title), "filled",
                   item=indicator.id)


def _all_whole(values: pd.Series, kind: str) -> bool:
    """Say whether these are whole numbers that are stored as real ones only because some are missing."""
    return kind == "real" and bool((values.dropna() % 1 == 0).all())


def _add_evaluation(result: IndexResult, index: Index, evaluation: Evaluation, reference: Evaluation | None,
                    valid: np.ndarray) -> None:
    """Write what the tree gave into columns: node by node, children before parents, the class sets root first."""
    class_sets = []
    for node in index.root.nodes():
        def add(name, values, step, title, kind="real", node=node):
            result.add(name, spread_out(values, valid), kind, Message(title, title=node.title), step, item=node.id,
                       index=index.id)

        for j, child in enumerate(node.children):
            if isinstance(child, Leaf):
                _add_normalised(result, index, child, spread_out(evaluation.normalised[node.id, j], valid))
        title = mark("{title}: sum") if node.aggregate[0] == "sum" else mark("{title}: value before standardising")
        add(value_column(node), evaluation.values[node.id], "aggregated", title)
        add(f"{node.id}_index", evaluation.scores[node.id], "score", "{title}")
        add(f"{node.id}_anteil", evaluation.shares[node.id], "share",
            mark("{title}: share of data that carried the score"))
        if node.classes is not None:
            basis = None if reference is None else reference.scores[node.id]
            positions, classes = classify(evaluation.scores[node.id], node.classes, basis)
            there = positions >= 0
            numbers = np.array([each.value for each in classes], float)
            names = np.array([each.name for each in classes], object)
            add(f"{node.id}_klasse", np.where(there, numbers[positions], np.nan), "class", mark("{title}: class"),
                "integer")
            add(f"{node.id}_name", np.where(there, names[positions], None), "class_name",
                mark("{title}: name of the class"), "text")
            class_sets.append(_class_set(index, node, classes))
    result.class_sets += class_sets[-1:] + class_sets[:-1]


def _class_set(index: Index, node: Node, classes: tuple[ClassDef, ...]) -> ClassSet:
    end = "last" if index.high_means == "unfavourable" else "first"
    return ClassSet(node.id, node.title, f"{node.id}_klasse", f"{node.id}_name", f"{node.id}_index", classes, end)


def _add_normalised(result: IndexResult, index: Index, leaf: Leaf, values: np.ndarray) -> None:
    """Add a normalised indicator; the same values in a second place of the tree are not written again."""
    is_z = leaf.method == "z"
    name = base = f"{'z' if is_z else 'n'}_{leaf.indicator}"
    number = 1
    while name in result.values:
        if np.array_equal(result.values[name], values, equal_nan=True):
            return
        number += 1
        name = f"{base}_{number}"
    title = mark("{title}: z-score") if is_z else mark("{title}: normalised")
    title = Message(title, title=result.recipe.indicators[leaf.indicator].title)
    if number > 1:
        title = Message(mark("{title} ({index})"), title=title, index=index.root.title)
    result.add(name, values, "real", title,
               "normalised", item=leaf.indicator, index=index.id)


def spread_out(values: np.ndarray, valid: np.ndarray) -> np.ndarray:
    """Return the values of the valid areas over all areas; the others get NaN or None."""
    if valid.all():
        return values
    is_text = values.dtype == object
    full = np.full(len(valid), None if is_text else np.nan, object if is_text else float)
    full[valid] = values
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
    classes = tuple(dict.fromkeys(ClassDef(cell["value"], cell["name"], cell["color"])
                                  for cell in cross.cells.values()))
    result.class_sets.append(ClassSet(cross.id, cross.title, f"{cross.id}_klasse", f"{cross.id}_name", "", classes))
