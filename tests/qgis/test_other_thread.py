"""What runs in another thread leaves alone what belongs to the window, above all the project's expression variables.

QGIS keeps these variables until something drops them, and puts them together again for the next map. When another
thread drops them meanwhile, or asks for them, QGIS 3.22 crashes, but seldom. Here it is seen every time: an ellipsoid
that is written past its setter shows only in variables that were put together afterwards.
"""
import json

import pytest

from .join_helpers import KEYS, area_layer, four_areas
from .supply_helpers import CITY, city


class Variables:
    """The project's expression variables."""

    def __init__(self, project):
        from qgis.core import QgsCoordinateReferenceSystem

        self.project = project
        project.setCrs(QgsCoordinateReferenceSystem("EPSG:25832"))

    def dropped_by(self, work) -> bool:
        self.project.layerStore()  # drops them
        self._write("EPSG:7019")
        assert self._shown() == "EPSG:7019"
        self._write("EPSG:7030")
        work()
        return self._shown() != "EPSG:7019"

    def asked_for_by(self, work) -> bool:
        self.project.layerStore()
        self._write("EPSG:7019")
        work()
        self._write("EPSG:7030")
        return self._shown() != "EPSG:7030"

    def _write(self, ellipsoid):
        self.project.writeEntry("Measure", "/Ellipsoid", ellipsoid)

    def _shown(self):
        from qgis.core import QgsExpressionContextUtils

        return QgsExpressionContextUtils.projectScope(self.project).variable("project_ellipsoid")


def prepared(name, parameters):
    """Return the part of a run that another thread does."""
    from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback, QgsProject

    algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"teilhabe:{name}")
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback(False)
    context.setProject(QgsProject.instance())
    assert algorithm.prepare(parameters, context, feedback)
    return lambda: algorithm.runPrepared(parameters, context, feedback)


def supply(project, folder):
    layers = city(project)
    return "supplymeasures", {
        "AREAS": layers["areas"].id(), "PEOPLE": layers["people"].id(), "PEOPLE_FIELDS": ["unter 3", "3 bis 5"],
        "PEOPLE_YEAR": "Jahr", "POINTS": layers["homes"].id(), "OFFERS": layers["offers"].id(), "KINDS": "Kita",
        "LIMITS": "500; 700", "CATCHMENT": 700, "OUTPUT": str(folder / "supply.gpkg")}


def join(project, folder):
    areas, table = four_areas(project), text_layer(folder, "key;a", *(f"{key};1" for key in KEYS))
    project.addMapLayer(table)
    return "joinindicators", {"INPUT": areas.id(), "KEY_FIELD": "key", "TABLES": [table.id()],
                              "OUTPUT": str(folder / "joined.gpkg")}


def register(project, folder):
    addresses = text_layer(folder, "strasse;hausnummer;x;y", "Am Markt;1;400000;5700000", "Am Markt;2;400010;5700000")
    project.addMapLayer(addresses)
    return "checkregister", {"REGISTER_LAYER": addresses.id(), "REGISTER_PLACE": "Musterstadt",
                              "REGISTER_SETTINGS": json.dumps([{"path": f"layer:{addresses.id()}"}]),
                              "OUTPUT": str(folder / "findings.gpkg")}


def text_layer(folder, *rows):
    from qgis.core import QgsVectorLayer

    file = folder / "text.csv"
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return QgsVectorLayer(f"{file.as_uri()}?delimiter=;&detectTypes=no", "text", "delimitedtext")


@pytest.fixture
def variables(new_project, provider):
    return Variables(new_project)


def test_what_drops_the_variables_is_seen(variables, new_project):
    from qgis.core import QgsExpressionContextUtils

    assert not variables.dropped_by(lambda: None)
    assert variables.dropped_by(lambda: new_project.setTitle("another"))
    assert not variables.asked_for_by(lambda: None)
    assert variables.asked_for_by(lambda: QgsExpressionContextUtils.projectScope(new_project))


@pytest.mark.parametrize("case", [supply, join, register])
def test_runs_leave_the_variables_alone(case, variables, new_project, tmp_path):
    name, parameters = case(new_project, tmp_path)
    assert not variables.dropped_by(prepared(name, parameters))
    assert not variables.asked_for_by(prepared(name, parameters))


def scratch(folder):
    return area_layer()


def filtered_scratch(folder):
    layer = area_layer()
    layer.setSubsetString("key > '0102'")
    return layer


def text(folder):
    return text_layer(folder, "key;a", "0101;1", "0102;2")


def filtered_text(folder):
    layer = text(folder)
    layer.setSubsetString("a = 2")
    return layer


def virtual_field(folder):
    from teilhabe.bridge.fields import make_field

    layer = area_layer()
    layer.addExpressionField("@project_ellipsoid || key", make_field("virtual", "text"))
    return layer


def edited(folder):
    layer = area_layer()
    layer.startEditing()
    return layer


def table(folder):
    from qgis.core import QgsVectorLayer

    layer = QgsVectorLayer(f"{CITY / 'musterstadt.gpkg'}|layername=gebiete", "gebiete", "ogr")
    layer.setSubsetString("gebiet_nr < '0103'")
    return layer


@pytest.mark.parametrize("kind, rows", [(scratch, 4), (filtered_scratch, 2), (text, 2), (filtered_text, 1),
                                        (virtual_field, 4), (edited, 4), (table, 2)])
def test_reading_a_snapshot_leaves_the_variables_alone(kind, rows, variables, tmp_path):
    from teilhabe.bridge.frames import read_frame
    from teilhabe.bridge.snapshot import snapshot

    layer = kind(tmp_path)
    copy, read = snapshot(layer), []
    assert not variables.dropped_by(lambda: read.append([each.attributes() for each in copy.getFeatures()]))
    assert not variables.asked_for_by(lambda: read.append(read_frame(copy, with_ids=True)))
    assert len(read[0]) == len(read[1]) == copy.featureCount() == rows
    assert read[1].index.tolist() == [each.id() for each in layer.getFeatures()]


def test_a_layer_may_go_while_it_is_read(new_project, provider, tmp_path):
    from qgis.core import QgsVectorLayer

    name, parameters = join(new_project, tmp_path)
    run = prepared(name, parameters)
    new_project.removeAllMapLayers()
    assert run()["AREAS_JOINED"] == 4
    assert QgsVectorLayer(parameters["OUTPUT"], "joined", "ogr").featureCount() == 4
