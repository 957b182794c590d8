"""Running registered algorithms in the background, for dialogs that may be closed before the end."""
from __future__ import annotations

from dataclasses import dataclass

from qgis.core import (
    QgsApplication,
    QgsProcessingAlgorithm,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterVectorDestination,
    QgsProject,
)
from qgis.PyQt.QtCore import QCoreApplication, QEventLoop, QObject, QTimer, pyqtSignal

from ..translation import tr
from .garbage import pause, resume
from .processing_history import add_to_history
from .result_layers import load_results

#: kinds of log lines
INFO, WARNING, ERROR = "info", "warning", "error"

_running: set[Run] = set()


@dataclass(frozen=True)
class Job:
    """An algorithm and its parameters; layers that they make are added to the project."""

    algorithm: str
    parameters: dict


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Attributes
    ----------
    ok, cancelled : bool
    results : tuple of dict
        Outputs of each job that was finished.
    layers : tuple of str
        Ids of the layers that were added to the project.
    error : str
        Why it failed, in the user's language.
    warnings : int
        Number of warnings in the log.
    """

    ok: bool
    cancelled: bool = False
    results: tuple = ()
    layers: tuple = ()
    error: str = ""
    warnings: int = 0


class LogFeedback(QgsProcessingFeedback):
    """Feedback that hands every line on as a signal, so that it may be called from any thread."""

    line = pyqtSignal(str, str)

    def __init__(self):
        super().__init__(False)  # False: nothing into QGIS's own message log

    def pushInfo(self, info):
        self.line.emit(INFO, info)

    def setProgressText(self, text):
        self.line.emit(INFO, text)

    def pushConsoleInfo(self, info):
        self.line.emit(INFO, info)

    def pushCommandInfo(self, info):
        self.line.emit(INFO, info)

    def pushWarning(self, warning):
        self.line.emit(WARNING, warning)

    def reportError(self, error, fatalError=False):
        self.line.emit(ERROR, error)

    def pushDebugInfo(self, info):
        """Debug lines are for developers; they are left out."""


class Run(QObject):
    """A run of one or several jobs, one after the other.

    The run keeps itself alive until `done` is emitted, so the dialog that started it may go.

    Signals
    -------
    line(kind, text)
        A line of the log; kind is `INFO`, `WARNING` or `ERROR`.
    progress(percent)
    done(Outcome)
        Emitted once, on the main thread.
    """

    line = pyqtSignal(str, str)
    progress = pyqtSignal(float)
    done = pyqtSignal(object)

    def __init__(self, jobs: list[Job], replace: bool = False):
        super().__init__()
        self.jobs, self.replace = jobs, replace
        self.results, self.layers = [], []
        self.position = self.warnings = 0
        self.last_error = ""
        self.is_cancelled = False
        self.algorithm = self.context = self.feedback = self.task = None

    def start(self) -> None:
        """Begin with the first job; returns at once."""
        _running.add(self)
        QTimer.singleShot(0, self._next)

    def cancel(self) -> None:
        """Ask the running job to stop; `done` follows when it has."""
        self.is_cancelled = True
        if self.feedback is not None:
            self.feedback.cancel()
        if self.task is not None:
            self.task.cancel()

    def _next(self) -> None:
        if self.is_cancelled:
            self._end(False)
            return
        if self.position == len(self.jobs):
            self._end(True)
            return
        job = self.jobs[self.position]
        self.algorithm = QgsApplication.processingRegistry().createAlgorithmById(job.algorithm)
        if self.algorithm is None:
            self._fail(tr("The algorithm {name} is not there. Is the plugin switched on?", name=job.algorithm))
            return
        self.context = QgsProcessingContext()
        self.context.setProject(QgsProject.instance())
        self.feedback = LogFeedback()
        self.context.setFeedback(self.feedback)
        self.feedback.line.connect(self._line)
        self.feedback.progressChanged.connect(self._progress)
        self._execute(load_into_project(self.algorithm, job.parameters))

    def _execute(self, parameters: dict) -> None:
        can_run, reason = self.algorithm.canExecute()
        fits, complaint = self.algorithm.checkParameterValues(parameters, self.context)
        if not (can_run and fits):
            self._fail(reason or complaint)
            return
        add_to_history(self.algorithm, parameters, self.context)
        if self.algorithm.flags() & QgsProcessingAlgorithm.FlagNoThreading:
            self.feedback.progressChanged.connect(self._let_window_live)
            results, ok = self.algorithm.run(parameters, self.context, self.feedback)
            self._executed(ok, results)
        else:
            self.task = QgsProcessingAlgRunnerTask(self.algorithm, parameters, self.context, self.feedback)
            if self.task.isCanceled():  # the algorithm refused the parameters
                self._executed(False, {})
            else:
                self.task.executed.connect(self._executed)
                pause(self)
                QgsApplication.taskManager().addTask(self.task)

    def _executed(self, ok: bool, results: dict) -> None:
        resume(self)
        self.task = None
        QCoreApplication.sendPostedEvents(self)  # lines of the log that are still under way from the other thread
        if self.feedback.isCanceled():
            self.is_cancelled = True
        if self.is_cancelled or not ok:
            self._end(False)
            return
        try:
            self.layers += load_results(self.context, self.feedback, self.replace)
        except ValueError as error:
            self._fail(str(error))
            return
        self.results.append(results)
        self.position += 1
        self._next()

    def _fail(self, reason: str) -> None:
        self._line(ERROR, reason)
        self._end(False)

    def _end(self, ok: bool) -> None:
        if self not in _running:
            return
        _running.discard(self)
        error = ""
        if not (ok or self.is_cancelled):
            error = short(self.last_error) or tr("The algorithm ended without a result and without a reason.")
        self.done.emit(Outcome(ok, self.is_cancelled, tuple(self.results), tuple(self.layers), error, self.warnings))

    def _line(self, kind: str, text: str) -> None:
        if kind == ERROR:
            self.last_error = text
        elif kind == WARNING:
            self.warnings += 1
        self.line.emit(kind, text)

    def _progress(self, percent: float) -> None:
        self.progress.emit((100 * self.position + percent) / len(self.jobs))

    def _let_window_live(self, _percent: float) -> None:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)


def short(error: str) -> str:
    """Return an error as one sentence for the message bar; the log has all of it."""
    lines = error.strip().splitlines()
    if error.startswith("Traceback"):
        return tr("An error in the program stopped the run ({reason}). The log has the details.", reason=lines[-1])
    return "\n".join(lines[:3])


def load_into_project(algorithm, parameters: dict) -> dict:
    """Return the parameters with every chosen destination layer marked to be added to the project."""
    marked = dict(parameters)
    for definition in algorithm.parameterDefinitions():
        value = marked.get(definition.name())
        is_layer = isinstance(definition, (QgsProcessingParameterVectorDestination, QgsProcessingParameterFeatureSink))
        if is_layer and isinstance(value, str) and value:
            value = QgsProcessingOutputLayerDefinition(value)
        if is_layer and isinstance(value, QgsProcessingOutputLayerDefinition):
            value.destinationProject = QgsProject.instance()
            marked[definition.name()] = value
    return marked


def stop_all(seconds: float = 30) -> None:
    """Cancel every run and wait until it has ended; called before the algorithms are taken away."""
    for run in list(_running):
        run.cancel()
        task = run.task
        if task is not None:
            task.waitForFinished(int(seconds * 1000))
        QCoreApplication.sendPostedEvents()
