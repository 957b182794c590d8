"""Work that takes its time, off the window’s own thread."""
from __future__ import annotations

import traceback
from typing import Callable

from qgis.core import Qgis, QgsApplication, QgsMessageLog, QgsTask

from ..translation import tr
from .errors import expected, in_words
from .garbage import pause, resume


class Work(QgsTask):
    """One piece of work in the background; its listener is called on the main thread, unless it was dropped.

    Parameters
    ----------
    title : str
        What QGIS's task bar says.
    work : callable
        ``work(cancelled) -> object``; touches no layer, project or widget.
    listener : callable
        ``listener(result, fault)``: fault is "" or says in the user's language why there is no result.
    """

    def __init__(self, title: str, work: Callable, listener: Callable):
        super().__init__(title, QgsTask.Flag.CanCancel)
        self.work, self.listener, self.result, self.fault = work, listener, None, ""

    def run(self):
        try:
            self.result = self.work(self.isCanceled)
        except expected() as error:
            self.fault = in_words(error)
        except Exception as error:  # a fault of the program is told in the window, not lost in a thread
            QgsMessageLog.logMessage(traceback.format_exc(), "Teilhabe", Qgis.MessageLevel.Critical)
            self.fault = tr("an error in the program ({reason}); the QGIS log has the details",
                            reason=f"{type(error).__name__}: {error}")
        return not self.isCanceled()

    def finished(self, ok):
        resume(self)
        listener, self.listener, self.work = self.listener, None, None
        if listener is not None:
            listener(self.result, self.fault)


class Worker:
    """At most one piece of work at a time: a new one takes the place of one that is under way."""

    def __init__(self):
        self.task: Work | None = None

    def start(self, title: str, work: Callable, listener: Callable) -> None:
        """Begin; work that is under way is given up and its listener not called."""
        self.stop()

        def arrived(result, fault):
            self.task = None
            listener(result, fault)

        self.task = Work(title, work, arrived)
        pause(self.task)
        QgsApplication.taskManager().addTask(self.task)

    def stop(self) -> None:
        """Give up what is under way."""
        if self.task is not None:
            task, self.task = self.task, None
            task.listener = None
            task.cancel()

    def is_busy(self) -> bool:
        """Say whether work is under way."""
        return self.task is not None
