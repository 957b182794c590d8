"""Adding results to the project: in the group “Teilhabe”, styled as the algorithm left them."""
from __future__ import annotations

from qgis.core import QgsLayerTreeGroup, QgsMapLayer, QgsProcessingContext, QgsProcessingUtils, QgsProject

from ..translation import tr

GROUP = "Teilhabe"


def load_results(context: QgsProcessingContext, feedback, replace: bool = False) -> list[str]:
    """Add the layers that an algorithm made to their project.

    Parameters
    ----------
    context : QgsProcessingContext
        The context the algorithm ran with; it owns the layers until now.
    feedback : QgsProcessingFeedback
    replace : bool
        Take earlier results with the same role and name out of the project.

    Returns
    -------
    list of str
        Ids of the layers.

    Raises
    ------
    ValueError
        When a layer cannot be loaded; the message is in the user's language.
    """
    loaded = []
    for source, details in context.layersToLoadOnCompletion().items():
        layer = QgsProcessingUtils.mapLayerFromString(source, context, True, details.layerTypeHint)
        if layer is None:
            raise ValueError(tr("The result {file} was written but cannot be loaded.", file=source))
        project = details.project or QgsProject.instance()
        details.setOutputLayerName(layer)
        taken = context.temporaryLayerStore().takeMapLayer(layer)
        layer = taken if taken is not None else layer
        project.addMapLayer(layer, False)
        if details.postProcessor() is not None:
            details.postProcessor().postProcessLayer(layer, context, feedback)
        _take_away(project, [each for each in project.mapLayers().values() if _is_followed(each, layer, replace)])
        _place(results_group(project), layer)
        loaded.append(layer.id())
    return loaded


def results_group(project: QgsProject) -> QgsLayerTreeGroup:
    """Return the layer group for results; it is made at the top where there is none."""
    root = project.layerTreeRoot()
    return root.findGroup(GROUP) or root.insertGroup(0, GROUP)


def _is_followed(earlier: QgsMapLayer, layer: QgsMapLayer, replace: bool) -> bool:
    """Say whether a layer gives way: it shows the file that was just written anew, or it was to be replaced."""
    from ..bridge.project import role_of

    if earlier.id() == layer.id():
        return False
    if earlier.source() == layer.source() and earlier.providerType() == layer.providerType() != "memory":
        return True
    return replace and bool(role_of(layer)) and role_of(earlier) == role_of(layer) and earlier.name() == layer.name()


def _take_away(project: QgsProject, layers: list[QgsMapLayer]) -> None:
    project.removeMapLayers([layer.id() for layer in layers])


def _place(group: QgsLayerTreeGroup, layer: QgsMapLayer) -> None:
    """Put maps on top and tables at the end of the group."""
    is_map = layer.isSpatial()
    if group.findLayer(layer.id()) is None:
        group.insertLayer(0 if is_map else len(group.children()), layer)
    # the panel keeps closed what was empty when it came; only a change opens it
    for node in (group, group.findLayer(layer.id())):
        node.setExpanded(False)
        node.setExpanded(True)
