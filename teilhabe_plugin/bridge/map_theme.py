"""What a layout's map draws, kept as QGIS keeps it: a named style of the layer and a map theme.

Legends follow a map's theme also after a project has been opened again; they do not follow styles that are only locked
in the map item.
"""
from __future__ import annotations

from qgis.core import (
    QgsLayoutItemMap,
    QgsLayoutObject,
    QgsMapLayer,
    QgsMapLayerStyle,
    QgsMapThemeCollection,
    QgsProject,
    QgsProperty,
    QgsVectorLayer,
    QgsWkbTypes,
)

from ..translation import tr
from .background import background_kind

#: kinds of background drawn above the areas, from the top
ABOVE = ("district", "railway", "street", "water", "green")


def in_project(project: QgsProject, layer: QgsMapLayer) -> QgsMapLayer:
    """Return the layer as the project holds it; one that is not there yet is added, as the layout needs it."""
    there = project.mapLayer(layer.id())
    if there is not None:
        return there
    copy = layer.clone()
    project.addMapLayer(copy)
    return copy


def drawing_order(layer: QgsVectorLayer, background_layers) -> list[QgsMapLayer]:
    """Return the map's layers from the top: borders and waters above the areas, what else is pale behind them.

    Areas cover the whole city, so that water and parks would be hidden below them; they are drawn above the fills.
    """
    above = [other for kind in ABOVE for other in background_layers if background_kind(other) == kind]
    unknown = [other for other in background_layers if other not in above]
    lines = [other for other in unknown if _is_line(other)]
    return [*lines, *above, layer, *(other for other in unknown if other not in lines)]


def keep_style(layer: QgsVectorLayer, look: QgsVectorLayer, name: str) -> str:
    """Keep the look of another layer as a style of this one, without switching to it; return the style's name."""
    name = tr("Map: {name}", name=name)
    style = QgsMapLayerStyle()
    style.readFromLayer(look)
    manager = layer.styleManager()
    if manager.currentStyle() == name:
        style.writeToLayer(layer)
    else:
        manager.removeStyle(name)
        manager.addStyle(name, style)
    return name


def follow_theme(map_item: QgsLayoutItemMap, project: QgsProject, name: str, layers: list[QgsMapLayer],
                 styles: dict[str, str]) -> None:
    """Let a map draw these layers, from the top, by a theme of this name.

    Parameters
    ----------
    map_item : QgsLayoutItemMap
    project : QgsProject
    name : str
        Name of the layout; the theme's follows from it.
    layers : list of QgsMapLayer
        Layers of the project, the uppermost first.
    styles : dict
        Layer id → name of the style; other layers keep the one they have.
    """
    records = []
    for layer in layers:
        record = QgsMapThemeCollection.MapThemeLayerRecord(layer)
        record.isVisible = True
        record.usingCurrentStyle = True
        record.currentStyle = styles.get(layer.id(), layer.styleManager().currentStyle())
        records.append(record)
    theme = QgsMapThemeCollection.MapThemeRecord()
    theme.setLayerRecords(records)
    themes, name = project.mapThemeCollection(), tr("Map: {name}", name=name)
    themes.insert(name, theme)
    map_item.setFollowVisibilityPreset(True)
    map_item.setFollowVisibilityPresetName(name)
    if themes.mapThemeVisibleLayers(name) != layers:
        _set_order(map_item, layers)


def _set_order(map_item: QgsLayoutItemMap, layers: list[QgsMapLayer]) -> None:
    """Draw the layers in another order than the project's layer tree has them."""
    names = ", ".join(f"layer_property('{layer.id()}', 'name')" for layer in layers)
    properties = map_item.dataDefinedProperties()
    properties.setProperty(QgsLayoutObject.MapLayers,
                           QgsProperty.fromExpression(f"array_to_string(array({names}), '|')"))
    map_item.setDataDefinedProperties(properties)


def _is_line(layer: QgsMapLayer) -> bool:
    return isinstance(layer, QgsVectorLayer) and layer.geometryType() != QgsWkbTypes.PolygonGeometry
