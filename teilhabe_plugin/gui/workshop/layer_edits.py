"""Noticing that the layer with the areas was edited or filtered while the workshop is open."""
from __future__ import annotations

from collections.abc import Callable

from qgis.core import QgsVectorLayer
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, QTimer

#: milliseconds without a further change before the areas are read again
REST = 300


class LayerEdits(QObject):
    """Calls back after edits were committed, or the layer got another source, filter or coordinate system.

    Parameters
    ----------
    changed : callable
    parent : QObject
    """

    def __init__(self, changed: Callable[[], None], parent=None):
        super().__init__(parent)
        self.layer: QgsVectorLayer | None = None
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(REST)
        self.timer.timeout.connect(changed)

    def follow(self, layer: QgsVectorLayer) -> None:
        """Watch this layer and no other."""
        if layer is self.layer:
            return
        self.stop()
        self.layer = layer
        for signal in _signals(layer):
            signal.connect(self.timer.start)

    def stop(self) -> None:
        """Watch nothing any more."""
        self.timer.stop()
        layer, self.layer = self.layer, None
        if layer is not None and not sip.isdeleted(layer):
            for signal in _signals(layer):
                signal.disconnect(self.timer.start)


def _signals(layer: QgsVectorLayer) -> tuple:
    return layer.afterCommitChanges, layer.dataSourceChanged, layer.subsetStringChanged, layer.crsChanged
