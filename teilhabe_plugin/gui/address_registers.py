"""The project's address registers for the locator bar: read once in the background, then shared by its threads."""
from __future__ import annotations

import os
import threading

from qgis.core import QgsProject

from ..translation import tr

_TICK = 0.05


class RegisterShelf:
    """Holds the registers of the open project; threads only read them.

    `look` and `clear` belong to the main thread, `wait` to any other.
    """

    def __init__(self):
        self.key = self.worker = None
        self.registers, self.fault = [], ""
        self.ready = threading.Event()
        QgsProject.instance().cleared.connect(self.clear)

    def look(self) -> bool:
        """Begin to read the project's registers unless they are there; return whether it has any."""
        from ..bridge.project_registers import project_registers

        project = QgsProject.instance()
        sources = project_registers(project)
        key = tuple(_state(project, source) for source in sources)
        if key != self.key:
            self.clear()
            self.key = key
            if sources:
                self._read(project, sources)
        return bool(sources)

    def wait(self, cancelled) -> list:
        """Return the registers as soon as they are read; [] when there are none, or the search was given up."""
        while not self.ready.wait(_TICK):
            if cancelled() or not self.key:
                return []
        return self.registers

    def clear(self) -> None:
        """Let go of the registers."""
        if self.worker is not None:
            self.worker.stop()
        self.key, self.registers, self.fault = None, [], ""
        self.ready = threading.Event()

    def close(self) -> None:
        """Let go of registers and project for good."""
        QgsProject.instance().cleared.disconnect(self.clear)
        self.clear()

    def _read(self, project: QgsProject, sources) -> None:
        from ..bridge.snapshot import snapshot
        from .background_work import Worker

        layers = {source.layer_id: snapshot(project.mapLayer(source.layer_id))
                  for source in sources if source.is_layer}
        ready = self.ready

        def work(cancelled):
            from qgis.core import QgsFeedback

            from ..bridge.registers import open_register
            from ..core.addresses.suggest import suggest

            feedback = QgsFeedback()
            feedback.isCanceled = cancelled
            found = [open_register(source, project, feedback, layers) for source in sources]
            suggest("a", found, 1)  # what it derives from them is made here, before threads meet
            return found

        def arrived(registers, fault):
            if ready is self.ready:
                self.registers, self.fault = registers or [], fault
                ready.set()

        self.worker = self.worker or Worker()
        self.worker.start(tr("Reading the address register"), work, arrived)


def _state(project: QgsProject, source) -> tuple:
    """Return what tells whether a register must be read again."""
    if source.is_layer:
        layer = project.mapLayer(source.layer_id)
        return source, layer.source(), layer.subsetString(), layer.featureCount()
    try:
        about = os.stat(source.path)
    except OSError:
        return (source,)
    return source, about.st_size, about.st_mtime_ns
