"""The project's address registers: which ones, in their order, kept with the project."""
from __future__ import annotations

import contextlib
import json
import os
from dataclasses import replace

from qgis.core import QgsProject, QgsVectorLayer

from ..core.addresses.register_source import LAYER, RegisterSource
from ..core.messages import TeilhabeError
from .project import REGISTER, layers_with_role

_SCOPE, _ENTRY = "teilhabe", "address_registers"
_WAY = "from_project"


def set_project_registers(project: QgsProject, sources) -> None:
    """Keep the registers with the project; files below its folder are found again when both were moved."""
    described = [_stored(project, source) for source in sources]
    if not described:
        project.removeEntry(_SCOPE, _ENTRY)
    elif project.readEntry(_SCOPE, _ENTRY, "")[0] != _text(described):
        project.writeEntry(_SCOPE, _ENTRY, _text(described))


def project_registers(project: QgsProject) -> list[RegisterSource]:
    """Return the registers in their order.

    Where none were chosen, these are the layers of the project with the role “register”. Entries that cannot be read
    any more are left out: the project may come from another version.
    """
    try:
        entries = json.loads(project.readEntry(_SCOPE, _ENTRY, "")[0] or "[]")
    except ValueError:
        entries = []
    sources = []
    for entry in entries if isinstance(entries, list) else []:
        try:
            sources.append(_opened(project, entry))
        except (TeilhabeError, TypeError, AttributeError):
            continue
    sources = [source for source in sources if not source.is_layer or source.layer_id in project.mapLayers()]
    if sources:
        return sources
    return [RegisterSource(LAYER + layer.id(), title=layer.name()) for layer in layers_with_role(project, REGISTER)
            if isinstance(layer, QgsVectorLayer) and layer.isValid()]


def _text(described: list[dict]) -> str:
    return json.dumps(described, ensure_ascii=False, sort_keys=True)


def _stored(project: QgsProject, source: RegisterSource) -> dict:
    """Return a source as it is kept: a file below the project's folder also by its way from there."""
    described, folder = source.to_dict(), project.absolutePath()
    if not source.is_layer and folder and os.path.isabs(source.path):
        with contextlib.suppress(ValueError):  # another drive
            way = os.path.relpath(source.path, folder)
            if not way.startswith(os.pardir):
                described[_WAY] = way.replace(os.sep, "/")
    return described


def _opened(project: QgsProject, entry: dict) -> RegisterSource:
    """Return a source as it lies now: project and file may have moved together."""
    way = entry.get(_WAY)
    source = RegisterSource.from_dict({name: value for name, value in entry.items() if name != _WAY})
    if isinstance(way, str) and project.absolutePath():
        path = os.path.normpath(os.path.join(project.absolutePath(), way))
        if os.path.exists(path):
            return replace(source, path=path)
    return source
