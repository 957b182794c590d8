"""Comparing two computations: two recipes, two years or two editions. Which areas change class, and why."""
from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import stats

from .classes import ClassSet, assign
from .contributions import contributions
from .index import EXCLUSION, IndexResult
from .messages import Message, TeilhabeError, mark
from .recipe import Node, Recipe

#: why an area's class differs, or not
SAME, BY_SCORE, BY_BOUNDS, BY_EXCLUSION, BY_DATA, UNKNOWN = "gleich", "wert", "grenzen", "ausschluss", "daten", "keine"
REASONS = {
    SAME: mark("same class"),
    BY_SCORE: mark("its score changed"),
    BY_BOUNDS: mark("the class bounds moved; by the earlier bounds it would have kept its class"),
    BY_EXCLUSION: mark("left out in one of the two"),
    BY_DATA: mark("data missing in one of the two"),
    UNKNOWN: mark("no class in both"),
}


@dataclass
class Comparison:
    """Two computations side by side.

    Attributes
    ----------
    table : DataFrame
        Index: area key. ``wert_vorher``, ``wert_nachher``, ``wert_differenz``, ``rang_vorher``, ``rang_nachher``
        (1: highest score), ``rang_differenz``, ``klasse_vorher``, ``klasse_nachher`` (numbers), ``name_vorher``,
        ``name_nachher``, ``schritte`` (classes moved, with sign), ``grund`` (a key of `REASONS`).
    drivers : DataFrame
        Index: area key; one column per indicator of either tree: change of its contribution to the score. Empty where
        a tree cannot be split.
    crossing : DataFrame
        Number of areas by class before (rows) and after (columns).
    correlation : float
        Spearman's rank correlation of the scores, NaN with fewer than three common areas.
    """

    table: pd.DataFrame
    drivers: pd.DataFrame
    crossing: pd.DataFrame
    correlation: float
    notes: list[Message] = field(default_factory=list)

    def moved(self) -> pd.DataFrame:
        """Return the rows of areas that have a class in both and changed it, the largest moves first."""
        moved = self.table[self.table["schritte"].fillna(0) != 0]
        return moved.reindex(moved["schritte"].abs().sort_values(ascending=False, kind="stable").index)

    def strongest(self, key: str, count: int = 3) -> list[tuple[str, float]]:
        """Return the indicators whose contribution to this area changed most, with the change."""
        if key not in self.drivers.index:
            return []
        row = self.drivers.loc[key].dropna()
        order = row.abs().sort_values(ascending=False, kind="stable").index[:count]
        return [(name, float(row[name])) for name in order if row[name] != 0]


def compare(before: IndexResult, after: IndexResult, node: str = "", node_after: str = "",
            split: bool = True) -> Comparison:
    """Compare a node of two computations.

    Parameters
    ----------
    before, after : IndexResult
    node, node_after : str
        Ids of the nodes; the root of the first index by default, the same id in both by default.
    split : bool
        False leaves `drivers` empty, which takes long where trees are neither sums nor means; `part_changes` gives
        those of single areas.

    Raises
    ------
    TeilhabeError
        When a node is not there or has no classes, or no area is in both.
    """
    node = node or before.recipe.indices[0].id
    if not node_after:
        node_after = node if find_node(after.recipe, node) else after.recipe.indices[0].id
    sets = [_class_set(result, name) for result, name in ((before, node), (after, node_after))]
    frames = [_side(result, each) for result, each in ((before, sets[0]), (after, sets[1]))]
    common = frames[0].index.intersection(frames[1].index)
    if common.empty:
        raise TeilhabeError(mark("The two computations have no area in common. Do both use the same area keys?"))
    notes = _only_in_one(frames, common) + _unlike(sets)
    for frame in frames:
        # among the areas that are in both: an area that is only in one must not move the others' ranks
        frame["rang"] = frame.loc[common, "wert"].rank(ascending=False, method="min")
    table = frames[0].loc[common].add_suffix("_vorher").join(frames[1].loc[common].add_suffix("_nachher"))
    table["wert_differenz"] = table["wert_nachher"] - table["wert_vorher"]
    table["rang_differenz"] = table["rang_nachher"] - table["rang_vorher"]
    table["schritte"] = _steps(table, sets)
    table["grund"] = _reasons(table, sets[0])
    both = table[["wert_vorher", "wert_nachher"]].dropna()
    correlation = float(stats.spearmanr(both)[0]) if len(both) > 2 else float("nan")
    drivers = pd.DataFrame(index=common)
    if split:
        try:
            drivers = part_changes(before, after, node, node_after, common)
        except TeilhabeError as error:
            notes.append(error.message)
    drivers[table[["wert_vorher", "wert_nachher"]].isna().any(axis=1)] = float("nan")  # no score, nothing that moved it
    return Comparison(table.drop(columns=["raus_vorher", "raus_nachher"]), drivers, _crossing(table, sets), correlation,
                      notes)


def find_node(recipe: Recipe, name: str) -> Node | None:
    """Return the node of the recipe with this id."""
    return next((node for index in recipe.indices for node in index.root.nodes() if node.id == name), None)


def _class_set(result: IndexResult, name: str) -> ClassSet:
    found = next((each for each in result.class_sets if each.id == name and each.index_column), None)
    if found is None:
        raise TeilhabeError(
            mark("“{recipe}” has no index “{id}” with classes. It has: {known}."), recipe=result.recipe.title, id=name,
            known=", ".join(each.id for each in result.class_sets if each.index_column),
        )
    return found


def _side(result: IndexResult, class_set: ClassSet) -> pd.DataFrame:
    frame = result.frame
    side = pd.DataFrame({
        "wert": frame[class_set.index_column], "klasse": frame[class_set.column], "name": frame[class_set.name_column],
        "raus": frame[EXCLUSION].notna(),
    })
    return side.set_index(frame[result.recipe.area_key].astype(str))


def _only_in_one(frames: list[pd.DataFrame], common: pd.Index) -> list[Message]:
    notes = []
    for frame, text in zip(frames, (mark("{count} areas are only in the first computation: {keys}"),
                                    mark("{count} areas are only in the second computation: {keys}"))):
        lone = frame.index.difference(common)
        if len(lone):
            notes.append(Message(text, count=len(lone), keys=", ".join(lone)))
    return notes


def _unlike(sets: list[ClassSet]) -> list[Message]:
    """Refuse scores that point in opposite directions; say when the class lists differ."""
    if sets[0].unfavourable != sets[1].unfavourable:
        raise TeilhabeError(mark("High scores of “{first}” and of “{second}” mean opposite things. Give both recipes "
                                 "the same “high_means”."), first=sets[0].title, second=sets[1].title)
    names = [[each.name for each in class_set.classes] for class_set in sets]
    if len(names[0]) != len(names[1]):
        return [Message(mark("Before there are {first} classes, after there are {second}: moves between them are those "
                             "of their positions and say little."), first=len(names[0]), second=len(names[1]))]
    if names[0] != names[1]:
        return [Message(mark("The classes have other names after than before; they are compared by their order."))]
    return []


def _steps(table: pd.DataFrame, sets: list[ClassSet]) -> pd.Series:
    """Return by how many classes an area moved: positions in the order of either class list."""
    positions = [
        table[column].map({each.value: i for i, each in enumerate(class_set.classes)})
        for column, class_set in zip(("klasse_vorher", "klasse_nachher"), sets)
    ]
    return positions[1] - positions[0]


def _reasons(table: pd.DataFrame, earlier: ClassSet) -> pd.Series:
    bounds = [each.upper for each in earlier.classes if each.upper is not None]
    by_earlier_bounds = assign(table["wert_nachher"].to_numpy(float), bounds)
    position = table["klasse_vorher"].map({each.value: i for i, each in enumerate(earlier.classes)})
    has = table[["klasse_vorher", "klasse_nachher"]].notna()
    reasons = pd.Series(BY_SCORE, index=table.index, dtype=object)
    reasons[by_earlier_bounds == position.fillna(-2)] = BY_BOUNDS
    reasons[table["schritte"] == 0] = SAME
    one = has.sum(axis=1) == 1
    out = table["raus_vorher"] | table["raus_nachher"]
    reasons[one & out], reasons[one & ~out] = BY_EXCLUSION, BY_DATA
    reasons[~has.any(axis=1)] = UNKNOWN
    return reasons


def _crossing(table: pd.DataFrame, sets: list[ClassSet]) -> pd.DataFrame:
    names = [[each.name for each in class_set.classes] for class_set in sets]
    counts = pd.crosstab(table["name_vorher"], table["name_nachher"])
    return counts.reindex(index=names[0], columns=names[1], fill_value=0)


def part_changes(before: IndexResult, after: IndexResult, node: str, node_after: str, keys) -> pd.DataFrame:
    """Return by how much the contribution of each indicator changed, for the areas with these keys.

    Raises
    ------
    TeilhabeError
        Where a tree cannot be split.
    """
    keys = pd.Index(keys)
    first, second = (_contributed(result, name, keys) for result, name in ((before, node), (after, node_after)))
    names = list(dict.fromkeys([*first.columns, *second.columns]))
    first, second = first.reindex(columns=names), second.reindex(columns=names)
    # an indicator that is missing on one side contributes nothing there; on both sides there is nothing to say
    change = second.fillna(0) - first.fillna(0)
    return change.where(first.notna() | second.notna())


def _contributed(result: IndexResult, name: str, wanted: pd.Index) -> pd.DataFrame:
    index = next(index for index in result.recipe.indices if name in [node.id for node in index.root.nodes()])
    valid = result.frame[EXCLUSION].isna()
    keys = pd.Index(result.frame.loc[valid, result.recipe.area_key].astype(str), name=None)
    places = np.flatnonzero(keys.isin(wanted))
    parts = contributions(find_node(result.recipe, name), result.evaluations[index.id], areas=places).of_indicators()
    return pd.DataFrame(parts, index=keys[places]).reindex(wanted)
