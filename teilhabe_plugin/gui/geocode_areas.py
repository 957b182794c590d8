"""The areas of the dialog: the layer with that role, and its key."""
from __future__ import annotations

from qgis.core import QgsFieldProxyModel, QgsMapLayerProxyModel
from qgis.PyQt.QtCore import QObject, pyqtSignal

from .errors import expected
from .join_area_file import likely_layer


class AreaKey(QObject):
    """Layer and key field, guessed and changeable; no layer is a choice, too.

    Signals
    -------
    changed()
    """

    changed = pyqtSignal()

    def __init__(self, form, iface, parent=None):
        super().__init__(parent)
        self.form = form
        form.areas.setFilters(QgsMapLayerProxyModel.Filter.PolygonLayer)
        form.areas.setAllowEmptyLayer(True)
        form.area_key.setFilters(QgsFieldProxyModel.Filter.String | QgsFieldProxyModel.Filter.Int
                                 | QgsFieldProxyModel.Filter.LongLong)
        offered = list(filter(None, map(form.areas.layer, range(form.areas.count()))))
        form.areas.setLayer(likely_layer(offered, iface.activeLayer()))
        self._guess_key()
        form.areas.layerChanged.connect(self._layer_changed)
        form.area_key.fieldChanged.connect(lambda _field: self.changed.emit())

    def layer(self):
        """Return the chosen layer or None."""
        return self.form.areas.currentLayer()

    def key(self) -> str:
        """Return the chosen field, "" without a layer."""
        return self.form.area_key.currentField() if self.layer() is not None else ""

    def _layer_changed(self, _layer=None) -> None:
        self._guess_key()
        self.changed.emit()

    def _guess_key(self) -> None:
        from ..bridge.area_layer import guess_key_field
        from ..bridge.frames import read_frame

        layer, box = self.layer(), self.form.area_key
        box.blockSignals(True)
        box.setLayer(layer)
        if layer is not None:
            try:
                box.setField(guess_key_field(read_frame(layer)))
            except expected():
                box.setField("")
        box.blockSignals(False)
        box.setEnabled(layer is not None)
