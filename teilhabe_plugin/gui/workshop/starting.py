"""What the workshop starts with: the layer and the recipe that the project speaks of, found by role."""
from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from qgis.core import QgsMapLayerType, QgsProject, QgsVectorLayer, QgsWkbTypes

from ...bridge.area_layer import guess_key_field, guess_name_field
from ...bridge.frames import read_frame
from ...bridge.project import AREAS, INDEX, INDICATORS, layers_with_role, provenance_of
from ...core.messages import TeilhabeError
from ...core.recipe_editing import with_document_values
from ...core.recipe_reading import read_recipe
from ...processing.compute_index import recipe_path, shipped_recipes
from .. import recipe_fit


@dataclass(frozen=True)
class Start:
    """A layer, a recipe as its JSON values, and the file it is saved to, None for none."""

    layer: QgsVectorLayer
    document: dict
    file: Path | None = None


def first_layer(project: QgsProject) -> QgsVectorLayer | None:
    """Return the layer that the newest index was computed from, else the newest one with indicators, else areas."""
    for index in layers_with_role(project, INDEX):
        for described in provenance_of(index).get("inputs", []):
            layer = project.mapLayer(described.get("layer_id", "")) if isinstance(described, dict) else None
            if has_areas(layer):
                return layer
    for role in (INDICATORS, AREAS):
        for layer in layers_with_role(project, role):
            if has_areas(layer):
                return layer
    return None


def has_areas(layer) -> bool:
    """Say whether a layer is one of polygons that can be read."""
    return isinstance(layer, QgsVectorLayer) and layer.type() == QgsMapLayerType.VectorLayer and layer.isValid() \
        and layer.geometryType() == QgsWkbTypes.GeometryType.PolygonGeometry


def start_with(layer: QgsVectorLayer, project: QgsProject) -> Start:
    """Return the recipe that an index of the layer was computed by, else the shipped one that fits it best."""
    for index in layers_with_role(project, INDEX):
        record = provenance_of(index)
        inputs = [each.get("layer_id") for each in record.get("inputs", []) if isinstance(each, dict)]
        if layer.id() in inputs and _readable(record.get("recipe")):
            return Start(layer, json.loads(record["recipe"]))
    columns = [field.name() for field in layer.fields()]
    found = [json.loads(recipe_path(name).read_text(encoding="utf-8")) for name, _title in shipped_recipes()]
    best = recipe_fit.best([read_recipe(json.dumps(document)) for document in found], columns)
    return Start(layer, found[best])


def fitted(document: dict, layer: QgsVectorLayer) -> dict:
    """Return a recipe of another city with the layer's own fields for key and name of the areas.

    Fields that the layer has stay; where it has no field for them, name and people of the areas are left out.
    """
    there = {field.name() for field in layer.fields()}
    if document.get("area_key") in there:
        return document
    frame = read_frame(layer)
    key = guess_key_field(frame)
    changed = {"area_key": key or document.get("area_key")}
    if document.get("area_name") not in there:
        changed["area_name"] = guess_name_field(frame, key) or None
    if document.get("population") and document["population"] not in there:
        changed["population"] = None
    return with_document_values(document, **changed)


def _readable(text) -> bool:
    try:
        read_recipe(text or "")
    except (TeilhabeError, TypeError):
        return False
    return True
