"""Layer of polygons ⇄ DataFrame, against a plain loop over the features."""
from __future__ import annotations

import os
import tempfile

import pandas as pd

from tests.bench.invented import area_layer, indicator_frame
from tests.bench.yardstick import compare


def comparisons(areas: int, runs: int) -> list:
    with tempfile.TemporaryDirectory() as folder:
        return _comparisons(areas, runs, folder)


def _comparisons(areas: int, runs: int, folder: str) -> list:
    from qgis.core import (
        QgsCoordinateTransformContext,
        QgsFeature,
        QgsFeatureRequest,
        QgsProcessingAlgorithm,
        QgsProcessingContext,
        QgsProcessingFeedback,
        QgsProcessingParameterVectorDestination,
        QgsVectorFileWriter,
        QgsWkbTypes,
    )
    from teilhabe.bridge.fields import fields_of
    from teilhabe.bridge.frames import read_frame
    from teilhabe.bridge.layer_output import write_layer

    class Algorithm(QgsProcessingAlgorithm):
        def name(self):
            return "bench"

        def displayName(self):
            return "bench"

        def createInstance(self):
            return Algorithm()

        def initAlgorithm(self, config=None):
            self.addParameter(QgsProcessingParameterVectorDestination("OUTPUT", "Result"))

        def processAlgorithm(self, parameters, context, feedback):
            return {}

    layer = area_layer(os.path.join(folder, "areas.gpkg"), indicator_frame(areas, 20))
    names = [field.name() for field in layer.fields()]
    size = f"{areas:,} polygons × {len(names) - 1} columns"
    frame = read_frame(layer, names[1:])
    algorithm = Algorithm()
    algorithm.initAlgorithm()
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback()

    def read_plainly():
        request = QgsFeatureRequest().setFlags(QgsFeatureRequest.Flag.NoGeometry)
        return pd.DataFrame([feature.attributes() for feature in layer.getFeatures(request)], columns=names)

    def read_ours():
        return read_frame(layer)

    def read_ours_in_one_pass():
        return read_frame(layer, request=QgsFeatureRequest())

    def write_plainly():
        options = QgsVectorFileWriter.SaveVectorOptions()
        options.driverName = "GPKG"
        fields = fields_of(frame)
        writer = QgsVectorFileWriter.create(
            os.path.join(folder, "plain.gpkg"), fields, QgsWkbTypes.MultiPolygon, layer.crs(),
            QgsCoordinateTransformContext(), options)
        shapes = {feature["key"]: feature.geometry() for feature in layer.getFeatures()}
        for row in frame.itertuples(index=False):
            feature = QgsFeature(fields)
            feature.setAttributes([None if value != value else value for value in row])
            feature.setGeometry(shapes[row[0]])
            writer.addFeature(feature)
        del writer

    def write_ours():
        target = os.path.join(folder, "ours.gpkg")
        if os.path.exists(target):
            os.remove(target)
        write_layer(algorithm, {"OUTPUT": target}, "OUTPUT", context, feedback,
                    frame=frame, geometry_layer=layer, key="key", role="areas", provenance={"bench": True})

    return [
        compare(f"layer → frame, {size}", "loop over getFeatures() without geometry",
                read_ours, read_plainly, runs),
        compare("  the same where the fast way is closed (edits, joins, selection)",
                "loop over getFeatures() without geometry", read_ours_in_one_pass, read_plainly, runs),
        compare(f"frame → layer, {size}", "loop over getFeatures(), one addFeature() per row",
                write_ours, write_plainly, runs),
    ]
