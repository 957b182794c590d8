"""The full runs: the registered algorithm in the background, its layer in the project."""
from __future__ import annotations

from qgis.core import Qgis, QgsProcessingOutputLayerDefinition, QgsProject
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ....translation import tr
from ...task_runner import Job, Outcome, Run
from .layers import RobustnessLayers
from .settings import ALGORITHM, SCRATCH

#: custom property of the layers that the workshop made: the next run for the same index takes their place
MADE = "teilhabe/workshop"


class RobustnessRun(QObject):
    """At most one run at a time; it is cancelled when the areas go.

    Signals
    -------
    progress(percent)
    ended(Outcome)
        The layer is in the project and bears its name.
    """

    progress = pyqtSignal(float)
    ended = pyqtSignal(object)

    def __init__(self, session, layers: RobustnessLayers, parent=None):
        super().__init__(parent)
        self.session, self.layers = session, layers
        self.run: Run | None = None
        self.title, self.log = "", []
        session.closed.connect(self.cancel)
        session.opened.connect(self.cancel)

    def is_running(self) -> bool:
        """Say whether the algorithm is at work."""
        return self.run is not None

    def start(self, recipe: str, settings: dict, destination=SCRATCH, report: str = "", area: str = "") -> None:
        """Start the algorithm for what the session shows.

        Parameters
        ----------
        recipe : str
            File with the recipe at work.
        settings : dict
            From `RobustnessSettings.parameters`.
        destination : str or QgsProcessingOutputLayerDefinition
        report : str
            HTML file that is to be written, "" for none.
        area : str
            Key of the area whose rank the report explains.
        """
        if self.is_running():
            return
        session = self.session
        self.title = tr("Certainty: {title}", title=session.view().title)
        parameters = {**settings, "INPUT": session.layer_id, "RECIPE": recipe, "NODE": session.node,
                      "OUTPUT": _named(destination, self.title)}
        if session.result.year is not None:
            parameters["YEAR"] = session.result.year
        if report:
            parameters["REPORT"] = report
        if area:
            parameters["AREA"] = area
        self.log = []
        self.run = Run([Job(ALGORITHM, parameters)])
        self.run.progress.connect(self.progress)
        self.run.line.connect(self._line)
        self.run.done.connect(self._done)
        _cancel_with(self, self.run)
        self.run.start()

    def cancel(self) -> None:
        """Ask the run to stop; `ended` follows."""
        if self.run is not None:
            self.run.cancel()

    def _line(self, kind: str, text: str) -> None:
        self.log.append((kind, text))

    def _done(self, outcome: Outcome) -> None:
        self.run = None
        project = QgsProject.instance()
        for layer in filter(None, map(project.mapLayer, outcome.layers)):
            layer.setName(self.title)
            layer.setCustomProperty(MADE, 1)
            self._replace(layer)
        if outcome.layers:
            self.layers.came()
        self.ended.emit(outcome)

    def _replace(self, layer) -> None:
        """Take earlier results for the same index, made here, out of the project; their files stay."""
        records = {each.id(): record for each, record in self.layers.records()}
        own = records.pop(layer.id(), {})
        project = QgsProject.instance()
        gone = [each for each, record in records.items() if record.get("node") == own.get("node")
                and project.mapLayer(each).customProperty(MADE, 0)]
        project.removeMapLayers(gone)


def _cancel_with(owner: QObject, run: Run) -> None:
    """Cancel a run whose owner was closed: it goes on by itself otherwise."""
    def look(_percent: float) -> None:
        if sip.isdeleted(owner):
            run.cancel()

    run.progress.connect(look)


def level_of(outcome: Outcome) -> Qgis.MessageLevel:
    """Return how loudly the end of a run is told."""
    if outcome.cancelled:
        return Qgis.MessageLevel.Info
    return Qgis.MessageLevel.Success if outcome.ok else Qgis.MessageLevel.Critical


def _named(destination, title: str) -> QgsProcessingOutputLayerDefinition:
    if not isinstance(destination, QgsProcessingOutputLayerDefinition):
        destination = QgsProcessingOutputLayerDefinition(destination, QgsProject.instance())
    destination.destinationName = title
    return destination
