"""Noticing that a result's input has changed since, without reading anything until something did change."""
from __future__ import annotations

import os

from qgis.core import QgsMapLayer, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QFileSystemWatcher, QObject, QTimer, pyqtSignal

from .source_files import SourceFile, known_files

#: milliseconds without a further change before anything is read
REST = 1500
#: larger layers are compared by hand: computing again is as quick as looking
MOST_ROWS = 100_000


class InputWatch(QObject):
    """Watches the input layers of results; emits `found` when results became or ceased to be out of date.

    A change is an edit that was committed or a file that was written, be it a layer's or that of a table that was
    joined. Only then, and after a moment of rest, the fingerprint is compared with the one stored with the result.
    """

    found = pyqtSignal()

    def __init__(self, project: QgsProject, parent=None):
        super().__init__(parent)
        self.project = project
        self.differing: set[tuple[str, str]] = set()  # result and input: layer id, or path of a table's file
        self.suspects: set[str] = set()
        self.watched: set[str] = set()
        self.tables: dict[str, list[SourceFile]] = {}  # files of joined tables by result
        self.files = QFileSystemWatcher(self)
        self.files.fileChanged.connect(self._file_changed)
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(REST)
        self.timer.timeout.connect(self.compare)

    @property
    def changed(self) -> set[str]:
        """Ids of the results that are out of date."""
        return {result for result, _input in self.differing}

    def watch_project(self) -> None:
        """Watch the inputs of the results that are in the project now; called after layers came or went."""
        results = self._results()
        wanted = {described.get("layer_id", "") for result in results for described in _inputs(result)}
        wanted = {identifier for identifier in wanted if self._layer(identifier) is not None}
        for identifier in self.watched - wanted:
            self._forget(identifier)
        for identifier in wanted - self.watched:
            self._layer(identifier).afterCommitChanges.connect(self._edited)
        self.watched = wanted
        self._find_tables(results)
        self._watch_files()
        there = {layer.id() for layer in results}
        self.differing = {pair for pair in self.differing if pair[0] in there}

    def stop(self) -> None:
        """Let go of everything."""
        self.timer.stop()
        for identifier in self.watched:
            self._forget(identifier)
        self.watched = set()
        if self.files.files():
            self.files.removePaths(self.files.files())

    def compare(self) -> None:
        """Compare the fingerprints of the suspected inputs with those stored with the results."""
        suspects, self.suspects = self.suspects, set()
        before = set(self.differing)
        for result in self._results():
            for described in _inputs(result):
                layer = self._layer(described.get("layer_id", ""))
                if layer is not None and layer.id() in suspects:
                    self._note(result, layer.id(), not _is_same(layer, described))
            for table in self.tables.get(result.id(), ()):
                if table.path in suspects:
                    self._note(result, table.path, table.is_changed())
        self._watch_files()  # a file that was replaced by renaming is no longer watched
        if self.differing != before:
            self.found.emit()

    def _note(self, result: QgsMapLayer, of: str, differs: bool) -> None:
        (self.differing.add if differs else self.differing.discard)((result.id(), of))

    def _find_tables(self, results) -> None:
        """Find the files of joined tables; what was touched since, even with QGIS closed, is a suspect."""
        known = {table for tables in self.tables.values() for table in tables}
        self.tables = {result.id(): known_files(_record(result)) for result in results}
        fresh = {table for tables in self.tables.values() for table in tables} - known
        touched = {table.path for table in fresh if table.is_touched()}
        if touched:
            self._suspect(touched)

    def _results(self) -> list[QgsMapLayer]:
        from ..bridge.project import INDEX, INDICATORS, layers_with_role

        return [*layers_with_role(self.project, INDEX), *layers_with_role(self.project, INDICATORS)]

    def _edited(self) -> None:
        layer = self.sender()
        if layer is not None:
            self._suspect({layer.id()})

    def _file_changed(self, path: str) -> None:
        layers = filter(None, map(self._layer, self.watched))
        self._suspect({path, *(layer.id() for layer in layers if _file(layer) == path)})

    def _suspect(self, identifiers: set[str]) -> None:
        self.suspects |= identifiers
        self.timer.start()

    def _watch_files(self) -> None:
        wanted = {_file(self._layer(identifier)) for identifier in self.watched}
        wanted |= {table.path for tables in self.tables.values() for table in tables if os.path.isfile(table.path)}
        wanted.discard("")
        there = set(self.files.files())
        if there - wanted:
            self.files.removePaths(sorted(there - wanted))
        if wanted - there:
            self.files.addPaths(sorted(wanted - there))

    def _forget(self, identifier: str) -> None:
        layer = self._layer(identifier)
        if layer is not None:
            layer.afterCommitChanges.disconnect(self._edited)

    def _layer(self, identifier: str) -> QgsVectorLayer | None:
        layer = self.project.mapLayer(identifier)
        return layer if isinstance(layer, QgsVectorLayer) else None


def _record(result: QgsMapLayer) -> dict:
    from ..bridge.project import provenance_of

    return provenance_of(result)


def _inputs(result: QgsMapLayer) -> list[dict]:
    return [each for each in _record(result).get("inputs", []) if isinstance(each, dict)]


def _file(layer: QgsVectorLayer) -> str:
    from ..bridge.provenance import layer_file

    return layer_file(layer)


def _is_same(layer: QgsVectorLayer, described: dict) -> bool:
    """Say whether a layer still holds the values that were read."""
    from ..bridge.frames import read_frame
    from ..bridge.provenance import frame_fingerprint
    from ..core.messages import TeilhabeError

    if layer.featureCount() > MOST_ROWS:
        return True
    try:
        frame = read_frame(layer, described.get("columns"))
    except TeilhabeError:
        return False  # a column is gone
    return frame_fingerprint(frame) == described.get("sha256")
