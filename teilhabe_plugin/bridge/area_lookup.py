"""The polygon of an area by its key, wherever the project has it."""
from __future__ import annotations

from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsProject, QgsVectorLayer

from .area_layer import guess_key_field
from .frames import read_frame
from .project import AREAS, layers_with_role


def area_shape(project: QgsProject, key: str) -> tuple[QgsGeometry | None, QgsCoordinateReferenceSystem | None]:
    """Return polygon and reference system of an area, (None, None) when no layer with the role “areas” has it."""
    for layer in layers_with_role(project, AREAS):
        if not isinstance(layer, QgsVectorLayer) or not layer.isValid():
            continue
        frame = read_frame(layer, with_ids=True)
        field = guess_key_field(frame)
        if not field:
            continue
        keys = frame[field].astype(str)
        for fid in frame.index[keys == key]:
            shape = layer.getFeature(int(fid)).geometry()
            if not shape.isEmpty():
                return shape, layer.crs()
    return None, None
