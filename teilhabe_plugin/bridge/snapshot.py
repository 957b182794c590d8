"""Layers as they are now, for work in another thread: what the window does to them meanwhile does not matter."""
from __future__ import annotations

from qgis.core import QgsFeatureRequest, QgsFields, QgsMapLayer, QgsVectorLayer, QgsVectorLayerFeatureSource

#: custom property of a snapshot: the id of the layer it was taken of
ORIGINAL = "teilhabe/original_id"


def snapshot(layer: QgsVectorLayer) -> QgsVectorLayer:
    """Return a copy of the layer that no window knows of; call it in the main thread.

    A layer that is being edited, or has joined or virtual fields, is copied with its rows; of any other one only the
    way to its data is copied.
    """
    fields = layer.fields()
    plain = all(fields.fieldOrigin(i) == QgsFields.OriginProvider for i in range(fields.count()))
    copy = _as_it_is(layer) if plain and not layer.isEditable() else _with_rows(layer)
    copy.setCustomProperty(ORIGINAL, layer.id())
    # Readings of text files and of filtered scratch layers ask for the project's expression variables, which are not
    # for other threads. They ask once, here: every reading of the copy is begun from this source.
    source = QgsVectorLayerFeatureSource(copy)
    if copy.providerType() == "memory" and copy.subsetString():
        source.getFeatures()
    copy.getFeatures = source.getFeatures
    return copy


def original_id(layer: QgsMapLayer) -> str:
    """Return the id of the layer in the project, also when this is a snapshot of it."""
    return str(layer.customProperty(ORIGINAL, "") or layer.id())


def _as_it_is(layer: QgsVectorLayer) -> QgsVectorLayer:
    copy = layer.clone()
    if copy.subsetString() != layer.subsetString():  # QGIS copies scratch layers without their filter
        copy.setSubsetString(layer.subsetString())
    return copy


def _with_rows(layer: QgsVectorLayer) -> QgsVectorLayer:
    copy = layer.materialize(QgsFeatureRequest())
    copy.setName(layer.name())
    for key in layer.customPropertyKeys():
        copy.setCustomProperty(key, layer.customProperty(key))
    return copy
