"""Opening an area layer from a file: which of its layers is the one with the areas?"""
from __future__ import annotations

import re
from pathlib import Path

from qgis.core import QgsProject, QgsProviderRegistry, QgsVectorLayer, QgsWkbTypes

from .errors import expected
from .join_analysis import analyse
from .join_choice import TableChoice

#: file endings that may hold polygons
ENDINGS = (".gpkg", ".shp", ".geojson", ".json", ".gml", ".kml", ".fgb", ".sqlite", ".tab", ".gdb", ".zip")
_AREA_NAME = re.compile(r"gebiet|r(?:a|ae|ä)um|area|plr|quartier|viertel|baublock", re.IGNORECASE)
_SAMPLE = 500
_MOST_AREAS = 20_000


def polygon_layers(path: str) -> list[QgsVectorLayer]:
    """Return the polygon layers of a file, not yet in the project; [] when there are none."""
    if Path(path).suffix.lower() not in ENDINGS:
        return []
    layers = []
    for details in QgsProviderRegistry.instance().querySublayers(path):
        if QgsWkbTypes.geometryType(details.wkbType()) != QgsWkbTypes.GeometryType.PolygonGeometry:
            continue
        layer = QgsVectorLayer(details.uri(), details.name() or Path(path).stem, details.providerKey())
        if layer.isValid():
            layers.append(layer)
    return layers


def best_layer(layers: list[QgsVectorLayer], tables) -> QgsVectorLayer | None:
    """Return the layer to which the tables fit, else the only one that is called like areas, else None."""
    if len(layers) == 1:
        return layers[0]
    scored = [(_areas_met(layer, tables), layer) for layer in layers] if tables else []
    best = max((score for score, _layer in scored), default=0)
    winners = [layer for score, layer in scored if score == best and best]
    if len(winners) == 1:
        return winners[0]
    named = [layer for layer in layers if _AREA_NAME.search(layer.name())]
    return named[0] if len(named) == 1 else None


def likely_layer(layers: list[QgsVectorLayer], active) -> QgsVectorLayer | None:
    """Return the layer of a project that most likely holds the areas, None when nothing tells.

    Parameters
    ----------
    layers : list of QgsVectorLayer
        The polygon layers of the project.
    active : QgsMapLayer, optional
        The layer that is chosen in the window.
    """
    from ..bridge.project import AREAS, role_of

    for wanted in (
            [layer for layer in layers if role_of(layer) == AREAS],
            [layer for layer in layers if layer is active and not role_of(layer)],
            [layer for layer in layers if not role_of(layer) and _AREA_NAME.search(layer.name())],
            [layer for layer in layers if not role_of(layer)]):
        if wanted:
            return wanted[0]
    return None


def note_areas(layer: QgsVectorLayer) -> None:
    """Note in the project that the layer holds the areas, unless it plays another part."""
    from ..bridge.project import AREAS, role_of, set_role

    if not role_of(layer):
        set_role(layer, AREAS)


def add_to_project(layer: QgsVectorLayer) -> None:
    """Add the layer and note that it holds the areas."""
    from ..bridge.project import AREAS, set_role

    set_role(layer, AREAS)
    QgsProject.instance().addMapLayer(layer)


def _areas_met(layer, tables) -> int:
    """How many areas of the layer the tables speak of."""
    from ..bridge.area_layer import guess_key_field, read_areas
    from ..bridge.frames import read_frame

    if layer.featureCount() > _MOST_AREAS:
        return 0
    try:
        key = guess_key_field(read_frame(layer))
        areas = read_areas(layer, key)[0] if key else None
    except expected():
        return 0
    met = 0
    for table in tables if areas is not None else ():
        try:
            found = analyse(None, areas, TableChoice(), "leave_out", table.read(areas, _SAMPLE))
        except expected():
            continue
        if found.report is not None:
            met += found.report.areas_joined
    return met
