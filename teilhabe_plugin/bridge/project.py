"""What the plugin keeps in the project: which layer plays which role, and where a result came from."""
from __future__ import annotations

import json

from qgis.core import QgsMapLayer, QgsProject

ROLE = "teilhabe/role"
PROVENANCE = "teilhabe/provenance"
CLASSES = "teilhabe/classes"

#: the roles a layer can play
AREAS, INDICATORS, INDEX, VALUES, BACKGROUND = "areas", "indicators", "index", "values", "background"
COMPARISON, OVER_TIME, ROBUSTNESS = "comparison", "over_time", "robustness"
OFFERS, REGISTER = "offers", "register"
SUPPLY, DEMAND, SITES = "supply", "demand", "sites"
NEED_SUPPLY, GAPS = "need_supply", "gaps"
OFFER_MAP = "offer_map"
#: scratch layer of the index workshop
PREVIEW = "preview"


def set_role(layer: QgsMapLayer, role: str) -> None:
    """Say which role the layer plays; the property is saved with project and style."""
    layer.setCustomProperty(ROLE, role)


def role_of(layer: QgsMapLayer) -> str:
    """Return the layer's role, "" when it has none."""
    return str(layer.customProperty(ROLE, "") or "")


def layers_with_role(project: QgsProject, role: str) -> list[QgsMapLayer]:
    """Return the project's layers with this role, the newest first."""
    found = [layer for layer in project.mapLayers().values() if role_of(layer) == role]
    return sorted(found, key=lambda layer: str(provenance_of(layer).get("created", "")), reverse=True)


def set_provenance(layer: QgsMapLayer, provenance: dict) -> None:
    """Store with the layer what it was made from."""
    layer.setCustomProperty(PROVENANCE, json.dumps(provenance, ensure_ascii=False, sort_keys=True))


def provenance_of(layer: QgsMapLayer) -> dict:
    """Return what the layer was made from, {} when nothing is known."""
    return _json_property(layer, PROVENANCE, {})


def set_class_sets(layer: QgsMapLayer, class_sets: list[dict]) -> None:
    """Store the class sets (`core.classes.ClassSet.to_dict`) that the layer's columns hold."""
    layer.setCustomProperty(CLASSES, json.dumps(class_sets, ensure_ascii=False, sort_keys=True))


def class_sets_of(layer: QgsMapLayer) -> list[dict]:
    """Return the stored class sets as dictionaries, [] when there are none."""
    return _json_property(layer, CLASSES, [])


def _json_property(layer: QgsMapLayer, name: str, empty):
    text = layer.customProperty(name, "")
    try:
        return json.loads(text) if text else empty
    except ValueError:
        return empty
