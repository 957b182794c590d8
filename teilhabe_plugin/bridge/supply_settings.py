"""The settings of a supply analysis as they are kept with its result, and back again, so that it can be done anew."""
from __future__ import annotations

from qgis.core import QgsMapLayer, QgsProject

from .project import provenance_of

#: name of the entry in the provenance
SETTINGS = "parameters"
_PLAIN = (bool, int, float, str)


def settings_of(algorithm, parameters: dict) -> dict:
    """Return the parameters that are neither layers nor files, as JSON values.

    Layers are kept as inputs with the name of their parameter as role.
    """
    kept = {}
    for definition in algorithm.parameterDefinitions():
        value = parameters.get(definition.name())
        if definition.isDestination() or definition.type() in ("vector", "file") or value in (None, "", []):
            continue
        if isinstance(value, _PLAIN):
            kept[definition.name()] = value
        elif isinstance(value, (list, tuple)):
            kept[definition.name()] = [str(each) for each in value]
    return kept


def can_be_rebuilt(layer: QgsMapLayer) -> bool:
    """Say whether the result tells the settings it was computed with."""
    return isinstance(provenance_of(layer).get(SETTINGS), dict)


def parameters_of(layer: QgsMapLayer, project: QgsProject) -> tuple[dict, list[str]]:
    """Return the parameters that a result was computed with, and the names of the layers that are gone.

    A layer that was loaded anew is found by its name.
    """
    record = provenance_of(layer)
    parameters, missing = dict(record.get(SETTINGS) or {}), []
    for each in record.get("inputs", ()):
        found = project.mapLayer(str(each.get("layer_id", "")))
        if found is None:
            named = project.mapLayersByName(str(each.get("name", "")))
            found = next((other for other in named if other.id() != layer.id()), None)
        if found is None:
            missing.append(str(each.get("name", "")))
        elif each.get("role"):
            parameters[each["role"]] = found.id()
    return parameters, missing
