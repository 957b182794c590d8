"""Which address registers there are: those the project remembers, else its point layers, else files beside the list."""
from __future__ import annotations

import re
from pathlib import Path

from qgis.core import QgsProject, QgsVectorLayer, QgsWkbTypes

from .errors import expected

_FILE_NAME = re.compile(r"hauskoord|adress|gebref|address|(?:^|[_\- ])hk(?:[_\- .]|$)", re.IGNORECASE)
_LIST_NAME = re.compile(r"angebot|kita|schul|einrichtung|jugend|offer|entscheid|arbeitsliste", re.IGNORECASE)
_ENDINGS = (".csv", ".txt", ".gz", ".gpkg", ".shp", ".tsv", ".zip")
#: so many files of a folder are looked at
_MOST_FILES = 200
_SAMPLE = 50


def guess_registers(folder: str, not_these=frozenset()) -> list:
    """Return the registers that the project remembers or that seem to be there, as `RegisterSource`.

    Parameters
    ----------
    folder : str
        Folder of the list, "" when it has none.
    not_these : collection of str
        Path or layer id of the list itself.
    """
    from ..bridge.project_registers import project_registers
    from ..core.addresses.register_source import RegisterSource

    project = QgsProject.instance()
    known = [source for source in project_registers(project)
             if (source.layer_id in project.mapLayers() if source.is_layer else Path(source.path).is_file())]
    if known:
        return known
    layers = register_layers(not_these)
    if layers:
        return [RegisterSource(f"layer:{layers[0].id()}", title=layers[0].name())]
    return [RegisterSource(path) for path in register_files(folder) if path not in not_these][:1]


def register_layers(not_these=frozenset()) -> list[QgsVectorLayer]:
    """Return the project's layers that look like an address register, the longest first."""
    from ..bridge.project import role_of

    found = []
    for layer in QgsProject.instance().mapLayers().values():
        offered = isinstance(layer, QgsVectorLayer) and layer.isValid() and layer.id() not in not_these
        if offered and role_of(layer) in ("", "background", "register") and is_register_layer(layer):
            found.append(layer)
    return sorted(found, key=lambda layer: -layer.featureCount())


def is_register_layer(layer: QgsVectorLayer) -> bool:
    """Say whether a layer is of points and has fields for street and number."""
    from qgis.core import QgsFeatureRequest

    from ..bridge.frames import read_frame
    from ..core.addresses.register_formats import guess_register_columns

    if layer.geometryType() != QgsWkbTypes.GeometryType.PointGeometry:
        return False
    names = [field.name() for field in layer.fields()]
    try:
        sample = read_frame(layer, request=QgsFeatureRequest().setLimit(_SAMPLE))
        columns = guess_register_columns(names, sample)
    except expected():
        return False
    return bool(columns.get("address") or columns.get("street") and columns.get("number"))


def register_files(folder: str) -> list[str]:
    """Return the files of a folder that are called like an address register, the largest first."""
    if not folder:
        return []
    found = []
    try:
        for path in sorted(Path(folder).iterdir())[:_MOST_FILES]:
            if path.suffix.lower() in _ENDINGS and _FILE_NAME.search(path.name) and not _LIST_NAME.search(path.name):
                found.append((-path.stat().st_size, str(path)))
    except OSError:
        return []
    return [path for _size, path in sorted(found)]


def file_beside(folder: str, pattern: str) -> str:
    """Return the first file of a folder whose name matches, "" when there is none."""
    if not folder:
        return ""
    try:
        names = sorted(path.name for path in Path(folder).iterdir())[:_MOST_FILES]
    except OSError:
        return ""
    return next((str(Path(folder, name)) for name in names if re.search(pattern, name, re.IGNORECASE)), "")


def synonyms_beside(folder: str) -> str:
    """Return the table with former street names beside the list, "" when there is none."""
    return file_beside(folder, r"(?:umbenann|synonym|alte?_?.{0,3}stra|stra.+alt|renamed).*\.(?:csv|xlsx|tsv|txt)$")


def decisions_beside(folder: str, name: str) -> str:
    """Return the file in which the decisions on a list are kept: the one that is there, else a new name."""
    if not folder:
        return ""
    stem = re.sub(r"[_\- ]?(?:19|20)\d\d(?:[_\-]?\d\d){0,2}", "", Path(name).stem) or Path(name).stem
    return str(Path(folder, f"{stem}_entscheidungen.json"))
