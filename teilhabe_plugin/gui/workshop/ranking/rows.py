"""The ranking as arrays: what each area has, how it moved since the workshop was opened, and in which order."""
from __future__ import annotations

from dataclasses import dataclass
from functools import cmp_to_key

import numpy as np
import pandas as pd
from qgis.PyQt.QtCore import QCollator, QLocale

from ....core.catalogue import apply_to_recipe
from ....core.comparing import find_node
from ....core.index import compute
from ....core.messages import TeilhabeError
from ....core.recipe_editing import text_of
from ....core.recipe_reading import read_recipe
from ....translation import language, tr
from ..certainty import CERTAIN, key_of
from ..view import View, choices, view_of


@dataclass(frozen=True, eq=False)
class Rows:
    """All areas, in the order of the session; numbers are NaN and texts "" where there is nothing.

    Attributes
    ----------
    keys, names : ndarray of object
    view : View
    rank : ndarray
        Areas of equal score share a rank.
    low, high : ndarray
        Interval of the rank over the runs.
    sureness : ndarray
        Share of the runs with the area's own class.
    is_stale : bool
        Interval and sureness belong to an earlier state of the recipe.
    moved : ndarray
        Places up (+) or down (−) since the workshop was opened.
    class_moved : ndarray
        Classes towards the unfavourable (+) or favourable (−) end since then.
    class_before : ndarray of object
        Name of the class at that time where it was another one.
    data : ndarray
        Share of the data that carried the score.
    """

    keys: np.ndarray
    names: np.ndarray
    view: View
    rank: np.ndarray
    low: np.ndarray
    high: np.ndarray
    sureness: np.ndarray
    is_stale: bool
    moved: np.ndarray
    class_moved: np.ndarray
    class_before: np.ndarray
    data: np.ndarray

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def has_place(self) -> np.ndarray:
        """Where there is a rank or, in a cross, a class."""
        return ~np.isnan(self.rank) | (self.view.positions >= 0)

    @property
    def uncertain(self) -> np.ndarray:
        """Where the class could be another one."""
        return (self.view.positions >= 0) & (self.sureness < CERTAIN - 1e-12)

    @property
    def places(self) -> int:
        """Number of areas with a rank."""
        return int((~np.isnan(self.rank)).sum())

    @property
    def severity(self) -> np.ndarray:
        """Place of the class counted from the unfavourable end; NaN without a class."""
        positions = self.view.positions.astype(float)
        turned = len(self.view.class_set.classes) - 1 - positions if is_last_worst(self.view) else positions
        return np.where(self.view.positions >= 0, turned, np.nan)

    def text_of_missing(self, row: int) -> str:
        """Return why an area has no class."""
        reason = self.view.excluded[row]
        return tr("excluded: {reason}", reason=reason) if reason else tr("no data")


def is_last_worst(view: View) -> bool:
    """Say whether the last class is the unfavourable end."""
    return view.class_set.unfavourable != "first"


class Baseline:
    """The result at the time when the workshop was opened, for any year and index.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session):
        self.session = session
        self.frame, self.document = None, None
        self.results: dict = {}
        self.views: dict = {}

    def view(self) -> View | None:
        """Return what was shown at that time of the index that is looked at; None where there was no such index."""
        session = self.session
        document = session.history.steps[0].document
        if self.frame is not session.frame or self.document is not document:
            self.frame, self.document, self.results, self.views = session.frame, document, {}, {}
        year = session.result.year
        if year not in self.results:
            self.results[year] = self._result(document, year)
        result = self.results[year]
        if result is None or session.node not in dict(choices(result.recipe)):
            return None
        if (year, session.node) not in self.views:
            self.views[year, session.node] = view_of(result, session.node)
        return self.views[year, session.node]

    def _result(self, document: dict, year):
        session = self.session
        if document is session.document and session.fault is None:
            return session.result
        try:
            recipe = read_recipe(text_of(document), str(document.get("title", "")))
            if session.catalogue is not None:
                recipe = apply_to_recipe(recipe, session.catalogue)[0]
            return compute(recipe, session.frame, year)
        except TeilhabeError:
            return None  # a year or a column that it cannot be computed for: nothing to compare with


def rows_of(session, baseline: Baseline) -> Rows:
    """Return the ranking of what a session shows."""
    view, count = session.view(), len(session.frame)
    nothing = np.full(count, np.nan)
    rank = view.ranks
    low = high = sureness = nothing
    certainty, is_stale = session.certainty, False
    if certainty is not None and certainty.node == session.node and len(certainty.frame) == count:
        low, high, sureness = (certainty.frame[name].to_numpy(float) for name in ("rank_low", "rank_high", "sureness"))
        is_stale = certainty.key != key_of(session)
    moved, class_moved, before = _moves(view, rank, baseline.view())
    node = find_node(session.result.recipe, view.node_id)
    data = nothing
    if node is not None and f"{node.id}_anteil" in session.result.values:
        data = np.asarray(session.result.values[f"{node.id}_anteil"], float)
    return Rows(np.array(session.keys, object), np.array(session.names, object), view, rank, low, high, sureness,
                is_stale, moved, class_moved, before, data)


def _moves(view: View, rank: np.ndarray, before: View | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    count = len(rank)
    moved, class_moved, names = np.full(count, np.nan), np.full(count, np.nan), np.full(count, "", object)
    if before is None or len(before.positions) != count:
        return moved, class_moved, names
    moved = before.ranks - rank + 0.0
    values = [each.value for each in view.class_set.classes]
    if [each.value for each in before.class_set.classes] == values:
        known = (view.positions >= 0) & (before.positions >= 0)
        sign = 1 if is_last_worst(view) else -1
        class_moved = np.where(known, sign * (view.positions - before.positions), np.nan) + 0.0
        changed = known & (class_moved != 0)
        titles = np.array([each.name for each in before.class_set.classes], object)
        names[changed] = titles[before.positions[changed]]
    return moved, class_moved, names


class TextOrder:
    """Places of texts in the order of a dictionary, numbers in them by their value; worked out once per list."""

    def __init__(self):
        self.texts, self.places = None, np.empty(0)

    def of(self, texts: list[str]) -> np.ndarray:
        """Return the place of each text; equal texts share one."""
        if self.texts is not texts:
            collator = QCollator(QLocale(language()))
            collator.setNumericMode(True)
            ordered = sorted(set(texts), key=cmp_to_key(collator.compare))
            place = {text: number for number, text in enumerate(ordered)}
            self.texts, self.places = texts, np.array([place[text] for text in texts], float)
        return self.places


def in_order(values: np.ndarray, ties: np.ndarray, falling: bool, last: np.ndarray) -> np.ndarray:
    """Return rows by value, then by `ties`; rows of `last`, and NaN, come after all others either way."""
    filled = -values if falling else values
    return np.lexsort((ties, np.where(np.isnan(filled), np.inf, filled), last))


def table_of(rows: Rows, chosen: np.ndarray, order: list[str]) -> pd.DataFrame:
    """Return the rows as a table with headings in the user's language.

    Parameters
    ----------
    rows : Rows
    chosen : ndarray of int
        Rows in the order wanted.
    order : list of str
        Names of the columns, as in `ranking_columns.COLUMNS`.
    """
    names = np.array([*(each.name for each in rows.view.class_set.classes), ""], object)
    reasons = ["" if place else rows.text_of_missing(row)
               for row, place in zip(chosen.tolist(), (rows.view.positions[chosen] >= 0).tolist())]
    parts = {
        "rank": {tr("Rank"): _whole(rows.rank[chosen])},
        "key": {tr("Key"): rows.keys[chosen]},
        "area": {tr("Area"): rows.names[chosen]},
        "score": {tr("Score"): rows.view.scores[chosen]},
        "class": {tr("Class"): names[rows.view.positions[chosen]], tr("Without class because"): reasons},
        "interval": {tr("Rank from"): _whole(rows.low[chosen]), tr("Rank to"): _whole(rows.high[chosen])},
        "moved": {tr("Places up (+) or down (−)"): _whole(rows.moved[chosen])},
        "class_moved": {tr("Class before"): rows.class_before[chosen]},
        "data": {tr("Share of data"): rows.data[chosen]},
    }
    columns: dict = {}
    for name in order:
        columns |= parts[name]
    return pd.DataFrame(columns)


def _whole(values: np.ndarray) -> pd.Series:
    return pd.Series(values).round().astype("Int64")
