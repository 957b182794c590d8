"""Styles kept by name with their layer, so that an earlier look can be brought back."""
from __future__ import annotations

from qgis.core import QgsVectorLayer

from ..core.messages import TeilhabeError, mark
from ..translation import tr


def start_style(layer: QgsVectorLayer, name: str) -> str:
    """Make a style of this name the current one, a copy of the look so far, and keep that look.

    Returns
    -------
    str
        The name under which the look so far can be brought back (layer menu ▸ Styles).
    """
    manager = layer.styleManager()
    before = manager.currentStyle()
    if before == name:
        before = tr("{style} (before)", style=name)
        if before in manager.styles():
            manager.removeStyle(before)
        manager.renameStyle(name, before)
    elif name in manager.styles():
        manager.removeStyle(name)
    manager.addStyleFromLayer(name)
    manager.setCurrentStyle(name)
    return before


def save_as_default(layer: QgsVectorLayer, name: str) -> None:
    """Save the look as the default style in the layer's data source, where other projects find it.

    Raises
    ------
    TeilhabeError
        When the source takes no styles.
    """
    if hasattr(layer, "saveStyleToDatabaseV2"):  # newer than 3.40
        _, fault = layer.saveStyleToDatabaseV2(name, "", True, "")
    else:
        fault = layer.saveStyleToDatabase(name, "", True, "")
    if fault:
        raise TeilhabeError(
            mark("The style of layer “{layer}” could not be saved in its source: {reason}"),
            layer=layer.name(), reason=fault,
        )
