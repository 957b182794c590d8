"""The box with the layers of located offers, the newest first; it follows the project."""
from __future__ import annotations

from qgis.core import QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal


class LayerBox(QObject):
    """Fills a combo box with the layers that have the role of offers.

    Signals
    -------
    chosen()
        Another layer is to be opened, or there is none any more.
    removed()
        Layers have left the project.
    """

    chosen = pyqtSignal()
    removed = pyqtSignal()

    def __init__(self, box, parent=None):
        super().__init__(parent)
        self.box, self.ids = box, []
        self.opened = ""
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(150)
        self.timer.timeout.connect(self.fill)
        box.activated.connect(lambda _row: self._open())
        project = QgsProject.instance()
        project.layersAdded.connect(self._later)
        project.layersRemoved.connect(self._gone)
        self.listening = True

    def layer(self) -> QgsVectorLayer | None:
        """Return the chosen layer, None for none."""
        return QgsProject.instance().mapLayer(self.box.currentData() or "")

    def fill(self) -> None:
        """List the layers; where the opened one is gone, the newest is opened."""
        from ..bridge.project import OFFERS, layers_with_role

        found = [layer for layer in layers_with_role(QgsProject.instance(), OFFERS)
                 if isinstance(layer, QgsVectorLayer)]
        self.ids = [layer.id() for layer in found]
        self.box.clear()
        for layer in found:
            self.box.addItem(layer.name(), layer.id())
        self.box.setCurrentIndex(max(self.box.findData(self.opened), 0) if found else -1)
        if self.opened not in self.ids or not self.ids:
            self._open()

    def choose(self, layer_id: str) -> None:
        """Open a layer of the list."""
        self.fill()
        position = self.box.findData(layer_id)
        if position >= 0 and self.opened != layer_id:
            self.box.setCurrentIndex(position)
            self._open()

    def stop(self) -> None:
        """Follow the project no longer."""
        self.timer.stop()
        if self.listening:
            self.listening = False
            project = QgsProject.instance()
            project.layersAdded.disconnect(self._later)
            project.layersRemoved.disconnect(self._gone)

    def _open(self) -> None:
        self.opened = self.box.currentData() or ""
        self.chosen.emit()

    def _later(self, _layers=None) -> None:
        self.timer.start()  # results get their role just after they were added

    def _gone(self, _ids=None) -> None:
        self.removed.emit()
        self.timer.start()
