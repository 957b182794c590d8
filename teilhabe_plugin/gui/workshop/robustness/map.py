"""The layer “class certain or not” over the live map: it gives way as soon as it no longer fits what is shown."""
from __future__ import annotations

from qgis.core import QgsFeatureRequest, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QObject

from .layers import RobustnessLayers


class RobustnessMap(QObject):
    """Decides which map is seen: the live one, or that of a result which holds for it.

    Only one of the two is visible, so that labels do not stand twice and no result covers a map that moved on.

    Parameters
    ----------
    session : Session
        Becomes the parent.
    layers : RobustnessLayers
    """

    def __init__(self, session, layers: RobustnessLayers):
        super().__init__(session)
        self.session, self.layers = session, layers
        self.waiting: set[str] = set()  # hidden because they do not fit; shown again when they do
        self.covering = ""
        layers.marked.connect(self.arrange)
        session.selected.connect(self._select)

    def show(self, layer_id: str, on: bool) -> None:
        """Show or hide a result on the map."""
        self.waiting.discard(layer_id)
        node = _node(layer_id)
        if node is None:
            return
        if on:
            for other in self._visible() - {layer_id}:
                _node(other).setItemVisibilityChecked(False)
        node.setItemVisibilityCheckedParentRecursive(True) if on else node.setItemVisibilityChecked(False)
        self.arrange()

    def is_shown(self, layer_id: str) -> bool:
        """Say whether a result is seen on the map."""
        node = _node(layer_id)
        return node is not None and node.isVisible()

    def arrange(self) -> None:
        """Hide what does not fit what the session shows, show again what does, and keep the live map behind."""
        preview = self._preview()
        if preview is None:
            return
        fitting = set()
        for layer, record in self.layers.records():
            node = _node(layer.id())
            if node is None:
                continue
            if self.layers.reasons(record):
                if node.itemVisibilityChecked():
                    self.waiting.add(layer.id())
                    node.setItemVisibilityChecked(False)
            else:
                fitting.add(layer.id())
                if layer.id() in self.waiting:
                    self.waiting.discard(layer.id())
                    node.setItemVisibilityChecked(True)
        covering = next(iter(sorted(fitting & self._visible())), "")
        if covering != self.covering:
            self.covering = covering
            preview.setItemVisibilityChecked(not covering)
            self._select()

    def _visible(self) -> set[str]:
        return {layer.id() for layer, _record in self.layers.records() if self.is_shown(layer.id())}

    def _preview(self):
        preview = getattr(self.session.workshop, "preview", None)
        layer = preview.layer() if preview is not None else None
        return _node(layer.id()) if layer is not None else None

    def _select(self) -> None:
        """Show the selection on the covering layer, too."""
        layer = QgsProject.instance().mapLayer(self.covering) if self.covering else None
        if isinstance(layer, QgsVectorLayer):
            keys = {self.session.keys[row] for row in self.session.selection}
            layer.selectByIds(_features(layer, self.session.name_columns[0], keys) if keys else [])


def _features(layer: QgsVectorLayer, key_field: str, keys: set[str]) -> list[int]:
    position = layer.fields().lookupField(key_field)
    request = QgsFeatureRequest().setFlags(QgsFeatureRequest.Flag.NoGeometry).setSubsetOfAttributes([position])
    return [feature.id() for feature in layer.getFeatures(request) if str(feature[position]) in keys]


def _node(layer_id: str):
    return QgsProject.instance().layerTreeRoot().findLayer(layer_id)

