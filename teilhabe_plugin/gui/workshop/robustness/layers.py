"""Layers that say how sure the working recipe is: found by role, and marked while they are out of date."""
from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd
from qgis.core import QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal, pyqtSlot

from ....bridge.class_style import class_colours
from ....bridge.frames import read_frame
from ....bridge.project import ROBUSTNESS, class_sets_of, layers_with_role, provenance_of
from ....bridge.provenance import frame_fingerprint
from ....core.classes import ClassSet
from ....core.messages import TeilhabeError
from ....translation import tr

#: custom property of a layer that is out of date: its name before, and with the mark
STALE = "teilhabe/stale"
#: milliseconds after a change until the layers are marked; the map comes first
REST = 120

#: why a result is out of date
RECIPE, YEAR, DATA, NODE = "recipe", "year", "data", "node"


@dataclass(frozen=True, eq=False)
class LayerResult:
    """What a layer says, one row per area in the order of the session.

    Attributes
    ----------
    layer_id : str
    record : dict
        Its provenance.
    table : DataFrame
        Columns as `core.robustness.Robustness.frame` names them.
    class_set : ClassSet or None
    """

    layer_id: str
    record: dict
    table: pd.DataFrame
    class_set: ClassSet | None

    @property
    def node(self) -> str:
        """Id of the index."""
        return self.record["node"]

    @property
    def runs(self) -> int:
        """Number of runs."""
        return int(self.record.get("runs", 0))

    def numbers(self, column: str) -> np.ndarray:
        """Return a column as numbers, NaN where there are none."""
        if column not in self.table:
            return np.full(len(self.table), np.nan)
        return pd.to_numeric(self.table[column], errors="coerce").to_numpy(float, na_value=np.nan)

    def texts(self, column: str) -> np.ndarray:
        """Return a column as texts, None where there are none."""
        if column not in self.table:
            return np.full(len(self.table), None, object)
        values = self.table[column].astype(object)
        return values.where(values.notna(), None).to_numpy(object)

    @property
    def shares(self) -> np.ndarray:
        """Share of the runs that gave each class, shape (areas, classes)."""
        classes = self.class_set.classes if self.class_set is not None else ()
        columns = [self.numbers(f"anteil_{each.value}") for each in classes]
        return np.column_stack(columns) if columns else np.zeros((len(self.table), 0))

    @property
    def positions(self) -> np.ndarray:
        """Position of each area's class, −1 for none."""
        if self.class_set is None:
            return np.full(len(self.table), -1)
        place = {each.value: k for k, each in enumerate(self.class_set.classes)}
        return np.array([place.get(value, -1) for value in self.numbers(self.class_set.column).tolist()], int)

    @property
    def colours(self) -> list[str]:
        """Return the colour of each class."""
        if self.class_set is None:
            return []
        colours = class_colours(self.class_set)
        return [colours[each.value] for each in self.class_set.classes]

    def certainty_frame(self) -> pd.DataFrame:
        """Return the columns of `certainty.Certainty.frame`."""
        return pd.DataFrame({
            "rank_low": self.numbers("rang_von"), "rank_high": self.numbers("rang_bis"),
            "rank_median": self.numbers("rang_median"), "sureness": self.numbers("klasse_anteil"),
            "other_name": self.texts("andere_klasse"), "other_share": self.numbers("andere_anteil"),
        })


def layers_of(session) -> RobustnessLayers:
    """Return what finds and marks the layers of a session; there is one per session."""
    found = session.findChild(RobustnessLayers)
    return found if found is not None else RobustnessLayers(session)


class RobustnessLayers(QObject):
    """Finds the results of `teilhabe:indexrobustness` for the recipe at work, and marks those out of date.

    Signals
    -------
    changed()
        A result came or went.
    marked()
        Every layer bears the mark it should.
    """

    changed = pyqtSignal()
    marked = pyqtSignal()

    def __init__(self, session):
        super().__init__(session)
        self.session = session
        self._frame, self._prints = None, {}
        self._read: dict[str, LayerResult] = {}
        self.waiting = QTimer(self)
        self.waiting.setSingleShot(True)
        self.waiting.setInterval(REST)
        self.waiting.timeout.connect(self.mark)
        for signal in (session.computed, session.node_changed):
            signal.connect(self.waiting.start)
        session.opened.connect(self._read.clear)
        session.closed.connect(self._read.clear)
        project = QgsProject.instance()
        project.layersRemoved.connect(self._removed)
        project.readProject.connect(self._came)
        self.waiting.start()

    def records(self) -> list[tuple[QgsVectorLayer, dict]]:
        """Return the layers that belong to the areas and the recipe at work, the newest first."""
        session = self.session
        if not session.is_open:
            return []
        found = []
        for layer in layers_with_role(QgsProject.instance(), ROBUSTNESS):
            record = provenance_of(layer)
            if isinstance(layer, QgsVectorLayer) and record.get("node") and self._belongs(record):
                found.append((layer, record))
        return found

    def _belongs(self, record: dict) -> bool:
        session = self.session
        return _recipe_id(record) == _id(session) and (
            _input(record).get("layer_id") == session.layer_id or not self._differs(record))

    def reasons(self, record: dict) -> tuple[str, ...]:
        """Return why a result does not hold for what the session shows, () where it does."""
        session, found = self.session, []
        if record.get("recipe_sha256") != session.fingerprint:
            found.append(RECIPE)
        if record.get("year") != (session.result.year if session.result is not None else None):
            found.append(YEAR)
        if self._differs(record):
            found.append(DATA)
        if record.get("node") != session.node:
            found.append(NODE)
        return tuple(found)

    def find(self, fresh: bool = False) -> LayerResult | None:
        """Return the newest result for what is looked at, else, unless it has to be fresh, for another index."""
        records = self.records()
        ranked = sorted(records, key=lambda each: len(set(self.reasons(each[1])) - {NODE}) > 0)
        same = [each for each in ranked if each[1]["node"] == self.session.node]
        if fresh:
            same = [each for each in same if not self.reasons(each[1])]
            ranked = []
        for layer, record in [*same, *ranked]:
            result = self.read(layer, record)
            if result is not None:
                return result
        return None

    def read(self, layer: QgsVectorLayer, record: dict) -> LayerResult | None:
        """Read a layer once; None where it has no ranks for these areas."""
        known = self._read.get(layer.id())
        if known is not None and known.record.get("created") == record.get("created"):
            return known
        session = self.session
        key = session.name_columns[0]
        try:
            frame = read_frame(layer)
        except TeilhabeError:
            return None
        if key not in frame or "rang_von" not in frame or frame[key].duplicated().any():
            return None
        table = frame.set_index(frame[key].astype(str)).reindex(session.keys).reset_index(drop=True)
        sets = [each for each in class_sets_of(layer) if each.get("id") == record["node"]]
        result = LayerResult(layer.id(), record, table, ClassSet.from_dict(sets[0]) if sets else None)
        self._read[layer.id()] = result
        return result

    def mark(self) -> None:
        """Mark the layers that are out of date, and take the mark off those that hold again."""
        for layer, record in self.records():
            is_stale = bool(set(self.reasons(record)) - {NODE})
            if is_stale != bool(layer.customProperty(STALE, "")):
                (self._outdate if is_stale else self._renew)(layer)
        self.marked.emit()

    # marks -----------------------------------------------------------------------------------------------------

    def _outdate(self, layer: QgsVectorLayer) -> None:
        name = layer.name()
        marked = tr("{name} (out of date)", name=name)
        layer.setCustomProperty(STALE, json.dumps({"name": name, "marked": marked}))
        layer.setName(marked)

    def _renew(self, layer: QgsVectorLayer) -> None:
        try:
            before = json.loads(layer.customProperty(STALE, ""))
        except ValueError:
            before = {}
        layer.removeCustomProperty(STALE)
        if layer.name() == before.get("marked"):
            layer.setName(before["name"])

    # what there is ---------------------------------------------------------------------------------------------

    def came(self) -> None:
        """Look again: a layer was added and has its role by now."""
        self._came()

    @pyqtSlot()  # a plain method would stay connected to the project when this object goes
    def _came(self) -> None:
        self.mark()
        self.changed.emit()

    @pyqtSlot("QStringList")
    def _removed(self, ids) -> None:
        gone = [each for each in ids if self._read.pop(each, None) is not None]
        if gone:
            self.changed.emit()

    def _differs(self, record: dict) -> bool:
        """Say whether a result was made from other values than the session has."""
        described = _input(record)
        if self._frame is not self.session.frame:
            self._frame, self._prints = self.session.frame, {}
        columns = tuple(described.get("columns", ()))
        if columns not in self._prints:
            there = bool(columns) and set(columns) <= set(self._frame.columns)
            self._prints[columns] = frame_fingerprint(self._frame[list(columns)]) if there else ""
        return self._prints[columns] != described.get("sha256")


def _input(record: dict) -> dict:
    inputs = record.get("inputs") or [{}]
    return inputs[0] if isinstance(inputs[0], dict) else {}


def _recipe_id(record: dict) -> str:
    try:
        recipe = json.loads(record.get("recipe", ""))
    except (TypeError, ValueError):
        return ""
    return str(recipe.get("id", "")) if isinstance(recipe, dict) else ""


def _id(session) -> str:
    return str(session.document.get("id", ""))
