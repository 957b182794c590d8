"""Input layers are copied when a run begins: what happens to them meanwhile does not reach the run."""
import pytest

from .join_helpers import four_areas


@pytest.fixture
def layer(new_project, provider):
    return four_areas(new_project)


def values(layer):
    return [feature.attributes() for feature in layer.getFeatures()]


def test_a_snapshot_holds_the_rows_and_knows_its_original(layer, new_project):
    from teilhabe.bridge.snapshot import original_id, snapshot

    layer.setCustomProperty("teilhabe/role", "areas")
    copy = snapshot(layer)
    assert copy.id() != layer.id()
    assert original_id(copy) == layer.id() == original_id(layer)
    assert new_project.mapLayer(copy.id()) is None
    assert values(copy) == values(layer)
    assert copy.customProperty("teilhabe/role") == "areas"
    assert copy.crs() == layer.crs()
    layer.dataProvider().truncate()
    assert copy.featureCount() == 4


def test_edits_and_virtual_fields_are_in_the_snapshot(layer):
    from teilhabe.bridge.fields import make_field
    from teilhabe.bridge.snapshot import snapshot

    layer.addExpressionField("'x' || $id", make_field("virtual", "text"))
    layer.startEditing()
    layer.changeAttributeValue(next(layer.getFeatures()).id(), 1, "changed")
    copy = snapshot(layer)
    assert values(copy) == values(layer)
    assert "changed" in values(copy)[0] and "virtual" in copy.fields().names()
    layer.rollBack()
    assert "changed" in values(copy)[0]


def test_a_subset_stays_a_subset(tmp_path, new_project, qgis_app):
    from qgis.core import QgsVectorLayer
    from teilhabe import paths
    from teilhabe.bridge.snapshot import snapshot

    layer = QgsVectorLayer(f"{paths.sample('musterstadt', 'musterstadt.gpkg')}|layername=gebiete", "g", "ogr")
    layer.setSubsetString("gebiet_nr < '0103'")
    assert snapshot(layer).featureCount() == 2


def test_a_run_reads_the_snapshot(layer, tmp_path):
    """The layer loses its rows between the start of the run and the work; the result has them all."""
    import csv

    from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback, QgsProject, QgsVectorLayer

    table = tmp_path / "t.csv"
    with open(table, "w", newline="") as file:
        csv.writer(file, delimiter=";").writerows([["key", "a"], *[[f["key"], 1] for f in layer.getFeatures()]])
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("teilhabe:joinindicators")
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    parameters = {"INPUT": layer, "KEY_FIELD": "key", "FILES": [str(table)], "OUTPUT": str(tmp_path / "o.gpkg")}
    feedback = QgsProcessingFeedback()
    assert algorithm.prepare(parameters, context, feedback)
    layer.dataProvider().truncate()
    results = algorithm.runPrepared(parameters, context, feedback)
    assert results["AREAS_JOINED"] == 4
    assert QgsVectorLayer(results["OUTPUT"], "o", "ogr").featureCount() == 4
