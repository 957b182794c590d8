"""Which layer a dialog offers first."""
from __future__ import annotations

from collections.abc import Sequence

from qgis.core import QgsProject


def choose_layer(combo, iface, roles: Sequence[str]) -> None:
    """Choose the newest layer with the first of the roles that the project has, else the active layer.

    Parameters
    ----------
    combo : QgsMapLayerComboBox
    iface : QgisInterface
    roles : sequence of str
        Roles of `bridge.project`, the best first.
    """
    from ..bridge.project import layers_with_role

    for role in roles:
        for layer in layers_with_role(QgsProject.instance(), role):
            combo.setLayer(layer)
            if combo.currentLayer() is layer or (combo.currentLayer() and combo.currentLayer().id() == layer.id()):
                return
    active = iface.activeLayer()
    if active is not None:
        before = combo.currentLayer()
        combo.setLayer(active)
        if combo.currentLayer() is None:
            combo.setLayer(before)
