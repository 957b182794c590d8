"""DataFrame → layer: what is kept, what survives, and what is left when writing fails."""
import hashlib
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from osgeo import ogr

pytestmark = pytest.mark.usefixtures("qgis_app")


@pytest.fixture
def areas(qgis_app):
    """Return three areas in a scratch layer, one of them of two parts."""
    return make_areas()


def make_areas(kind="Polygon"):
    from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

    layer = QgsVectorLayer(f"{kind}?crs=EPSG:25833&field=PLR_ID:string&field=name:string", "Gebiete", "memory")
    features = []
    for number, key in enumerate(["01", "02", "03"]):
        feature = QgsFeature(layer.fields())
        feature.setAttributes([key, f"Gebiet {key}"])
        x = 390000 + 10 * number
        feature.setGeometry(QgsGeometry.fromWkt(
            f"POLYGON(({x} 5800000,{x + 5} 5800000,{x + 5} 5800005,{x} 5800000))"))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    return layer


@pytest.fixture
def frame():
    return pd.DataFrame({
        "PLR_ID": ["03", "01"],
        "quote": [12.5, np.nan],
        "anzahl": [4.0, np.nan],
        "gültig": pd.Series([True, None], dtype=object),
        "stichtag": ["2025-12-31", None],
        "ausschluss": [None, "unter 300 Einwohner"],
    })


def specs():
    from teilhabe.bridge.layer_output import FieldSpec

    return [
        FieldSpec("PLR_ID", "text", alias="Gebietsschlüssel"),
        FieldSpec("quote", "real", alias="Übergewichtsquote", unit="%"),
        FieldSpec("anzahl", "integer", unit="Kinder"),
        FieldSpec("gültig", "boolean"),
        FieldSpec("stichtag", "date", comment="Stand der Zählung"),
        FieldSpec("ausschluss", "text"),
    ]


def paint(layer):
    from qgis.core import QgsFillSymbol, QgsSingleSymbolRenderer

    layer.setRenderer(QgsSingleSymbolRenderer(QgsFillSymbol.createSimple({"color": "#123456"})))
    layer.setCustomProperty("teilhabe/classes", "[]")


def algorithm():
    from qgis.core import QgsProcessingAlgorithm, QgsProcessingParameterVectorDestination

    class Algorithm(QgsProcessingAlgorithm):
        def name(self):
            return "write"

        def displayName(self):
            return "Write"

        def createInstance(self):
            return Algorithm()

        def initAlgorithm(self, config=None):
            self.addParameter(QgsProcessingParameterVectorDestination("OUTPUT", "Result"))

        def processAlgorithm(self, parameters, context, feedback):
            return {}

    made = Algorithm()
    made.initAlgorithm()
    return made


def write(destination, frame, context=None, feedback=None, **keywords):
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProject
    from teilhabe.bridge.layer_output import write_layer

    if context is None:
        context = QgsProcessingContext()
        context.setProject(QgsProject.instance())
    return write_layer(algorithm(), {"OUTPUT": destination}, "OUTPUT", context, feedback or QgsProcessingFeedback(),
                       frame=frame, **keywords)


def opened(source):
    from qgis.core import QgsVectorLayer

    layer = QgsVectorLayer(source, "Ergebnis", "ogr")
    assert layer.isValid(), source
    return layer


def rows(layer, *names):
    from qgis.core import NULL

    return [tuple(None if feature[name] == NULL else feature[name] for name in names)
            for feature in layer.getFeatures()]


def tables_of(path):
    database = sqlite3.connect(path)
    tables = [name for name, in database.execute("SELECT table_name FROM gpkg_contents ORDER BY table_name")]
    database.close()
    return tables


def fingerprint(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def names_in(folder):
    return sorted(os.listdir(folder))


# what is written

def test_rows_geometry_crs_and_types(tmp_path, areas, frame):
    from qgis.core import QgsWkbTypes
    from qgis.PyQt.QtCore import QDate

    source = write(str(tmp_path / "a.gpkg"), frame, specs=specs(), geometry_layer=areas, key="PLR_ID")
    assert source == f"{tmp_path}/a.gpkg|layername=a"
    layer = opened(source)
    assert rows(layer, "PLR_ID", "quote", "anzahl", "gültig", "stichtag", "ausschluss") == [
        ("03", 12.5, 4, True, QDate(2025, 12, 31), None), ("01", None, None, None, None, "unter 300 Einwohner")]
    assert [field.typeName() for field in layer.fields()][1:] == [
        "String", "Real", "Integer64", "Boolean", "Date", "String"]
    assert layer.wkbType() == QgsWkbTypes.MultiPolygon
    assert layer.crs().authid() == "EPSG:25833"
    assert [feature.geometry().boundingBox().xMinimum() for feature in layer.getFeatures()] == [390020, 390000]
    assert layer.dataProvider().hasSpatialIndex() == 2  # present
    assert names_in(tmp_path) == ["a.gpkg"]


def test_z_and_m_are_kept(tmp_path, frame):
    from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

    layer = QgsVectorLayer("PolygonZM?crs=EPSG:25833&field=PLR_ID:string", "zm", "memory")
    feature = QgsFeature(layer.fields())
    feature.setAttributes(["01"])
    feature.setGeometry(QgsGeometry.fromWkt("PolygonZM((0 0 1 2,1 0 1 3,1 1 1 4,0 0 1 2))"))
    layer.dataProvider().addFeature(feature)
    written = opened(write(str(tmp_path / "a.gpkg"), frame[1:], specs=specs(), geometry_layer=layer, key="PLR_ID"))
    assert [f.geometry().asWkt().replace(" ZM", "ZM") for f in written.getFeatures()] == [
        "MultiPolygonZM (((0 0 1 2, 1 0 1 3, 1 1 1 4, 0 0 1 2)))"]


def test_points_stay_points(tmp_path):
    from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer, QgsWkbTypes

    layer = QgsVectorLayer("Point?crs=EPSG:25833&field=id:string", "p", "memory")
    feature = QgsFeature(layer.fields())
    feature.setAttributes(["a"])
    feature.setGeometry(QgsGeometry.fromWkt("Point(3 4)"))
    layer.dataProvider().addFeature(feature)
    frame = pd.DataFrame({"id": ["a"]})
    written = opened(write(str(tmp_path / "a.gpkg"), frame, geometry_layer=layer, key="id"))
    assert written.wkbType() == QgsWkbTypes.Point


def test_table_without_geometry(tmp_path, frame):
    layer = opened(write(str(tmp_path / "a.gpkg"), frame, specs=specs()))
    assert not layer.isSpatial()
    assert rows(layer, "PLR_ID") == [("03",), ("01",)]


def test_without_key_the_row_number_counts(tmp_path, areas):
    frame = pd.DataFrame({"n": [7, 8]}, index=[2, 0])
    layer = opened(write(str(tmp_path / "a.gpkg"), frame, geometry_layer=areas))
    assert [feature.geometry().boundingBox().xMinimum() for feature in layer.getFeatures()] == [390020, 390000]


def test_selected_features_of_a_source_give_the_geometries(tmp_path, areas, frame, new_project):
    from qgis.core import (
        QgsProcessingContext,
        QgsProcessingFeatureSourceDefinition,
        QgsProcessingFeedback,
        QgsProcessingParameterFeatureSource,
        QgsProcessingParameters,
    )

    new_project.addMapLayer(areas)
    areas.selectByExpression("PLR_ID = '03'")
    context = QgsProcessingContext()
    context.setProject(new_project)
    source = QgsProcessingParameters.parameterAsSource(
        QgsProcessingParameterFeatureSource("INPUT"),
        {"INPUT": QgsProcessingFeatureSourceDefinition(areas.id(), True)}, context)
    feedback = QgsProcessingFeedback()
    layer = opened(write(str(tmp_path / "a.gpkg"), frame, feedback=feedback, geometry_layer=source, key="PLR_ID"))
    assert [feature.geometry().isEmpty() for feature in layer.getFeatures()] == [False, True]
    assert "1 of 2 rows have no area in the layer" in feedback.textLog()


def test_columns_named_like_those_of_the_format(tmp_path, areas):
    frame = pd.DataFrame({"PLR_ID": ["01", "02"], "fid": [7, 7], "geom": ["a", None]})
    layer = opened(write(str(tmp_path / "a.gpkg"), frame, geometry_layer=areas, key="PLR_ID"))
    assert rows(layer, "fid", "geom") == [(7, "a"), (7, None)]
    assert all(feature.hasGeometry() for feature in layer.getFeatures())


def test_kinds_without_specs():
    from teilhabe.bridge.fields import kind_of

    kinds = [kind_of(pd.Series(values)) for values in (
        ["01"], [1, 2], [1.5, None], [True, False], [True, None], pd.to_datetime(["2025-01-01"]), [None])]
    assert kinds == ["text", "integer", "real", "boolean", "boolean", "date", "text"]


def test_frame_there_and_back(tmp_path, areas):
    from teilhabe.bridge.frames import read_frame

    frame = pd.DataFrame({
        "PLR_ID": ["01", "02", "03"], "straße": ["Schloßstraße", "", None], "n": [2**53 + 1, 0, -1],
        "x": [0.1, np.nan, -0.0], "b": [True, False, True], "lücke": [1.0, np.nan, 3.0],
    })
    layer = opened(write(str(tmp_path / "a.gpkg"), frame, geometry_layer=areas, key="PLR_ID"))
    pd.testing.assert_frame_equal(read_frame(layer, list(frame.columns)), frame, check_exact=True)


@pytest.mark.parametrize(("kind", "value", "words"), [
    ("integer", 1.5, "“1.5” is no whole number"),
    ("integer", 2.0**64, "is no whole number"),
    ("real", "1,5", "“1,5” is no number"),
    ("date", "31.12.2025", "“31.12.2025” is no date"),
])
def test_value_that_does_not_fit_is_named(tmp_path, kind, value, words):
    from teilhabe.bridge.layer_output import FieldSpec
    from teilhabe.core.messages import TeilhabeError

    frame = pd.DataFrame({"a": pd.Series([None, value], dtype=object)})
    with pytest.raises(TeilhabeError, match="Row 2, column “a”: .*" + words):
        write(str(tmp_path / "a.gpkg"), frame, specs=[FieldSpec("a", kind)])
    assert names_in(tmp_path) == []


def test_key_of_two_areas_is_refused_only_where_it_matters(tmp_path, areas, frame):
    from teilhabe.core.messages import TeilhabeError

    areas.dataProvider().changeAttributeValues({2: {0: "01"}})
    with pytest.raises(TeilhabeError, match="“PLR_ID”: the key “01” stands at several areas"):
        write(str(tmp_path / "a.gpkg"), frame, geometry_layer=areas, key="PLR_ID")
    write(str(tmp_path / "a.gpkg"), frame[:1], geometry_layer=areas, key="PLR_ID")


def test_columns_that_differ_only_in_case(tmp_path):
    from teilhabe.core.messages import TeilhabeError

    with pytest.raises(TeilhabeError, match="“Name” and “name”"):
        write(str(tmp_path / "a.gpkg"), pd.DataFrame({"Name": ["a"], "name": ["b"]}))


# what survives

def test_style_aliases_role_and_provenance_in_another_project(tmp_path, areas, frame):
    from teilhabe.bridge import project

    source = write(str(tmp_path / "a.gpkg"), frame, specs=specs(), geometry_layer=areas, key="PLR_ID", style=paint,
                   role="index", provenance={"recipe": "Übung", "created": "2025-01-01"})
    layer = opened(source)
    assert layer.renderer().symbol().color().name() == "#123456"
    assert layer.customProperty("teilhabe/classes") == "[]"
    assert [layer.attributeAlias(i) for i in range(1, 7)] == [
        "Gebietsschlüssel", "Übergewichtsquote (%)", "anzahl (Kinder)", "", "", ""]
    assert project.role_of(layer) == "index"
    assert project.provenance_of(layer) == {"recipe": "Übung", "created": "2025-01-01"}
    assert layer.metadata().history() == ['{"created": "2025-01-01", "recipe": "Übung"}']


def test_written_twice_there_is_one_style_one_history(tmp_path, areas, frame):
    for _ in range(2):
        write(str(tmp_path / "a.gpkg"), frame, geometry_layer=areas, key="PLR_ID", style=paint, provenance={"a": 1})
    database = sqlite3.connect(tmp_path / "a.gpkg")
    assert database.execute("SELECT f_table_name, styleName, useAsDefault FROM layer_styles").fetchall() == [
        ("a", "a", 1)]
    assert database.execute("SELECT table_name FROM gpkg_metadata_reference").fetchall() == [("a",)]
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database.close()


def test_processing_shows_the_style_when_it_loads_the_result(tmp_path, areas, frame, new_project):
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProcessingOutputLayerDefinition

    for target, stored in (("a.gpkg", True), ("a.geojson", True), ("a.csv", False)):
        context = QgsProcessingContext()
        context.setProject(new_project)
        source = write(QgsProcessingOutputLayerDefinition(str(tmp_path / target), new_project), frame, context,
                       specs=specs(), geometry_layer=areas, key="PLR_ID", style=paint if stored else None, role="index")
        assert list(context.layersToLoadOnCompletion()) == [source]
        layer = opened(source)
        layer.setCustomProperty("teilhabe/role", "")
        details = context.layersToLoadOnCompletion()[source]
        details.postProcessor().postProcessLayer(layer, context, QgsProcessingFeedback())
        assert layer.customProperty("teilhabe/role") == "index"
        assert layer.attributeAlias(layer.fields().indexOf("quote")) == "Übergewichtsquote (%)"


def test_other_layers_of_the_geopackage_and_their_styles_survive(tmp_path, areas, frame):
    target = tmp_path / "stadt.gpkg"
    write(f"ogr:dbname='{target}' table=\"gebiete\" (geom)", frame, geometry_layer=areas, key="PLR_ID", style=paint)
    write(f"ogr:dbname='{target}' table=\"index\" (geom)", frame[:1], geometry_layer=areas, key="PLR_ID")
    source = write(f"ogr:dbname='{target}' table=\"index\" (geom)", frame, geometry_layer=areas, key="PLR_ID")
    assert source == f"{target}|layername=index"
    assert opened(source).featureCount() == 2
    kept = opened(f"{target}|layername=gebiete")
    assert kept.featureCount() == 2
    assert kept.renderer().symbol().color().name() == "#123456"
    write(str(target), frame, layer_name="Werte")  # a plain path adds a table, too
    assert tables_of(target) == ["Werte", "gebiete", "index", "layer_styles"]


def test_table_that_is_open_is_replaced_and_shows_the_new_rows(tmp_path, areas, frame, new_project):
    target = tmp_path / "stadt.gpkg"
    layer = opened(write(str(target), frame[:1], geometry_layer=areas, key="PLR_ID"))
    other = opened(write(str(target), frame, geometry_layer=areas, key="PLR_ID", layer_name="andere"))
    new_project.addMapLayers([layer, other])
    iterator = layer.getFeatures()  # a map that is being drawn
    next(iterator)
    del iterator
    wider = frame.assign(neu=[1, 2])
    write(str(target), wider, geometry_layer=areas, key="PLR_ID", layer_name="stadt")
    assert [field.name() for field in layer.fields()][-1] == "neu"
    assert rows(layer, "PLR_ID", "neu") == [("03", 1), ("01", 2)]
    # the other layer is still connected to the same file: what is edited there is in the file
    assert other.startEditing()
    assert other.changeAttributeValue(1, other.fields().indexOf("quote"), 99.0)
    assert other.commitChanges()
    assert rows(opened(f"{target}|layername=andere"), "quote")[0] == (99.0,)


def test_log_of_another_connection_is_not_lost(tmp_path, areas, frame):
    target = tmp_path / "stadt.gpkg"
    write(str(target), frame, layer_name="alt")
    writer = sqlite3.connect(target)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("UPDATE alt SET quote = 77")
    writer.commit()
    assert (tmp_path / "stadt.gpkg-wal").stat().st_size > 0
    write(str(target), frame, layer_name="neu")
    assert writer.execute("SELECT count(*) FROM neu").fetchone() == (2,)
    writer.close()
    assert rows(opened(f"{target}|layername=alt"), "quote") == [(77.0,), (77.0,)]
    assert rows(opened(f"{target}|layername=neu"), "quote") == [(12.5,), (None,)]


def test_stale_log_of_a_deleted_file_does_not_get_into_the_new_one(tmp_path, frame):
    (tmp_path / "a.gpkg-wal").write_bytes(b"old")
    write(str(tmp_path / "a.gpkg"), frame)
    assert names_in(tmp_path) == ["a.gpkg"]


def test_temporary_output_and_scratch_layer(areas, frame):
    from qgis.core import QgsProcessingContext, QgsProject

    source = write("TEMPORARY_OUTPUT", frame, geometry_layer=areas, key="PLR_ID")
    assert source.endswith("OUTPUT.gpkg|layername=OUTPUT")
    assert opened(source).featureCount() == 2
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    source = write("memory:", frame, context, specs=specs(), geometry_layer=areas, key="PLR_ID", style=paint)
    layer = context.temporaryLayerStore().mapLayer(source)
    assert layer.renderer().symbol().color().name() == "#123456"
    assert rows(layer, "PLR_ID", "quote") == [("03", 12.5), ("01", None)]


@pytest.mark.parametrize(("suffix", "spatial", "files"), [
    ("geojson", True, ["a.geojson", "a.qml"]),
    ("shp", True, ["a.cpg", "a.dbf", "a.prj", "a.qml", "a.shp", "a.shx"]),
    ("fgb", True, ["a.fgb", "a.qml"]),
    ("csv", False, ["a.csv", "a.csvt"]),
    ("xlsx", False, ["a.xlsx"]),
])
def test_other_formats(tmp_path, areas, frame, suffix, spatial, files):
    if suffix != "fgb":
        frame = pd.concat([frame, pd.DataFrame({"PLR_ID": ["99"]})], ignore_index=True)  # an area without geometry
    source = write(str(tmp_path / f"a.{suffix}"), frame, specs=specs(), geometry_layer=areas, key="PLR_ID", role="x")
    assert names_in(tmp_path) == files
    layer = opened(source)
    assert rows(layer, "PLR_ID") == [(key,) for key in frame["PLR_ID"]]
    assert layer.isSpatial() == spatial
    if spatial:
        assert [f.geometry().isEmpty() for f in layer.getFeatures()] == [False, False, True][:len(frame)]
        assert layer.attributeAlias(layer.fields().indexOf("quote")) == "Übergewichtsquote (%)"
        assert layer.customProperty("teilhabe/role") == "x"


def test_shapefile_names_are_not_cut_in_silence(tmp_path, areas):
    frame = pd.DataFrame({"status_index": [1], "Größenwert": [2], "kurz": [3]})
    refused(tmp_path / "a.shp", frame, "at most 10 letters. Too long: status_index, Größenwert", geometry_layer=areas)


def test_formats_that_would_lose_rows_are_refused(tmp_path, areas, frame):
    frame = frame.assign(PLR_ID=["03", "99"])
    refused(tmp_path / "a.fgb", frame, "FlatGeobuf loses rows without geometry", geometry_layer=areas, key="PLR_ID")
    refused(tmp_path / "a.shp", frame, "a table without geometries cannot be a Shapefile")
    assert names_in(tmp_path) == []


def test_index_of_an_earlier_shapefile_goes(tmp_path, areas, frame):
    (tmp_path / "a.qix").write_bytes(b"old")
    write(str(tmp_path / "a.shp"), frame, geometry_layer=areas, key="PLR_ID")
    assert not (tmp_path / "a.qix").exists()


def test_database_through_the_exporter(tmp_path, areas, frame):
    ogr.GetDriverByName("SQLite").CreateDataSource(str(tmp_path / "s.sqlite"), ["SPATIALITE=YES"])
    uri = f"dbname='{tmp_path}/s.sqlite' table=\"index\" (geom)"
    frame = frame[["PLR_ID", "quote"]]  # SpatiaLite has no yes/no
    source = write(f"spatialite:{uri}", frame, specs=specs()[:2], geometry_layer=areas, key="PLR_ID")
    assert source == f"spatialite://{uri}"
    database = sqlite3.connect(tmp_path / "s.sqlite")
    assert database.execute('SELECT plr_id, quote FROM "index"').fetchall() == [("03", 12.5), ("01", None)]
    database.close()


# when it cannot be written

def small_result(path, frame):
    write(str(path), frame, provenance={"a": 1})
    return fingerprint(path)


def refused(target, frame, words, **keywords):
    from teilhabe.core.messages import TeilhabeError

    with pytest.raises(TeilhabeError, match=words) as caught:
        write(str(target), frame, **keywords)
    return caught.value


def test_folder_missing_target_a_folder_unknown_type(tmp_path, frame):
    refused(tmp_path / "fehlt" / "a.gpkg", frame, "The folder .*fehlt does not exist")
    (tmp_path / "b.gpkg").mkdir()
    refused(tmp_path / "b.gpkg", frame, "b.gpkg is a folder")
    refused(tmp_path / "a.docx", frame, "“.docx” is no file type")
    assert names_in(tmp_path) == ["b.gpkg"]


def test_folder_below_a_file(tmp_path, frame):
    (tmp_path / "datei").write_text("x")
    refused(tmp_path / "datei" / "a.gpkg", frame, "The folder .*datei does not exist")


def test_write_protected_target_is_left_alone(tmp_path, frame):
    target = tmp_path / "a.gpkg"
    before = small_result(target, frame)
    target.chmod(stat.S_IRUSR)  # the bits are asked, so this holds for root, too
    refused(target, frame, "a.gpkg is write-protected")
    assert fingerprint(target) == before


def test_folder_that_takes_no_file(tmp_path, frame, monkeypatch):
    """Root may write everywhere: the system's refusal is made by hand."""
    import tempfile

    def refuse(*arguments, **keywords):
        raise PermissionError(13, "Permission denied", str(tmp_path))

    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    refused(tmp_path / "a.gpkg", frame, "a.gpkg cannot be replaced: it is open in another program")


def test_system_refuses_to_rename(tmp_path, frame, monkeypatch):
    """As Windows does for a file that is open."""
    target = tmp_path / "a.geojson"
    write(str(target), frame)
    before = fingerprint(target)

    def refuse(source, destination):
        raise PermissionError(13, "The process cannot access the file", destination)

    monkeypatch.setattr(os, "replace", refuse)
    refused(target, frame[:1], "a.geojson cannot be replaced: it is open in another program")
    monkeypatch.undo()
    assert fingerprint(target) == before
    assert [name for name in names_in(tmp_path) if name.startswith(".")] == []


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
def test_locked_by_another_program(tmp_path, frame, monkeypatch, journal):
    from teilhabe.bridge import sqlite_files

    target = tmp_path / "a.gpkg"
    small_result(target, frame)
    monkeypatch.setattr(sqlite_files, "PATIENCE", 0.2)
    other = sqlite3.connect(target, isolation_level=None)
    other.execute(f"PRAGMA journal_mode={journal}")
    other.execute("BEGIN IMMEDIATE")
    other.execute("UPDATE a SET quote = 5")
    refused(target, frame[:1], "cannot be replaced: it is open in another program, a layer of it is being edited")
    other.execute("COMMIT")
    assert other.execute("SELECT count(*), max(quote) FROM a").fetchone() == (2, 5.0)
    other.close()
    assert names_in(tmp_path) == ["a.gpkg"]


def test_layer_that_is_being_edited(tmp_path, frame, new_project):
    target = tmp_path / "a.gpkg"
    small_result(target, frame)
    layer = opened(f"{target}|layername=a")
    new_project.addMapLayer(layer)
    layer.startEditing()
    refused(target, frame, "“Ergebnis” from .*a.gpkg is being edited")
    layer.rollBack()
    write(str(target), frame)


def test_target_that_is_no_geopackage(tmp_path, frame):
    target = tmp_path / "a.gpkg"
    target.write_bytes(b"Das ist ein Brief. " * 100)
    before = fingerprint(target)
    refused(target, frame, "is there already, but is no GeoPackage")
    assert fingerprint(target) == before
    assert names_in(tmp_path) == ["a.gpkg"]


def cancelling_after(calls):
    """Return a feedback whose user loses patience."""
    from qgis.core import QgsProcessingFeedback

    class Impatient(QgsProcessingFeedback):
        asked = 0

        def isCanceled(self):
            self.asked += 1
            return self.asked > calls

    return Impatient()


@pytest.mark.parametrize("calls", [0, 2, 4])
@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "shp"])
def test_cancel_leaves_the_earlier_result(tmp_path, areas, frame, suffix, calls):
    from teilhabe.core.messages import Cancelled

    target = tmp_path / f"a.{suffix}"
    write(str(target), frame, specs=specs(), geometry_layer=areas, key="PLR_ID")
    before = {name: fingerprint(tmp_path / name) for name in names_in(tmp_path)}
    # asked at rows 0, 512, 1024, 1536 and once more before it is put into place
    many = pd.DataFrame({"n": range(2000)}, index=[0, 1] * 1000)
    with pytest.raises(Cancelled):
        write(str(target), many, feedback=cancelling_after(calls), geometry_layer=areas)
    assert {name: fingerprint(tmp_path / name) for name in names_in(tmp_path)} == before


def test_style_that_fails_leaves_the_earlier_result(tmp_path, areas, frame):
    target = tmp_path / "a.gpkg"
    before = small_result(target, frame)

    def broken(layer):
        raise ValueError("no such class")

    with pytest.raises(ValueError, match="no such class"):
        write(str(target), frame, geometry_layer=areas, key="PLR_ID", style=broken)
    assert fingerprint(target) == before
    assert names_in(tmp_path) == ["a.gpkg"]


FULL_DISK = """
import os, resource, signal, sys
sys.path[:0] = [{root!r}, {build!r}]
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from qgis.core import QgsApplication
application = QgsApplication([], False)
application.initQgis()
import pandas as pd
from tests.qgis.test_layer_output import write
from teilhabe.core.messages import TeilhabeError
# A limit on the size of files works without rights to mount a small disk; the system says EFBIG instead of ENOSPC.
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, resource.RLIM_INFINITY))
try:
    write({target!r}, pd.DataFrame({{"text": ["x" * 100] * 20000}}))
    print("written")
except TeilhabeError as error:
    print(error)
sys.stdout.flush()
os._exit(0)
"""


def write_with_limit(target, limit):
    root = Path(__file__).resolve().parents[2]
    script = FULL_DISK.format(root=str(root), build=str(root / "build"), limit=limit, target=str(target))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True)
    return done.stdout


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "csv"])
@pytest.mark.parametrize("existing", [True, False])
def test_disk_full(tmp_path, frame, suffix, existing):
    target = tmp_path / f"a.{suffix}"
    if existing:
        write(str(target), frame)
    before = {name: fingerprint(tmp_path / name) for name in names_in(tmp_path)}
    said = write_with_limit(target, 1_000_000)
    assert f"a.{suffix}" in said
    assert "MB are free" in said
    assert {name: fingerprint(tmp_path / name) for name in names_in(tmp_path)} == before


def test_disk_full_while_the_finished_table_is_put_into_place(tmp_path, frame, monkeypatch):
    """The draft fits, then there is no room: SQLite takes its transaction back."""
    from teilhabe.bridge import sqlite_files

    target = tmp_path / "a.gpkg"
    before = small_result(target, frame)
    put = sqlite_files.put_database

    def put_with_little_room(source, target):
        import resource
        import signal

        handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (Path(source).stat().st_size // 2, limits[1]))
        try:
            put(source, target)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
            signal.signal(signal.SIGXFSZ, handler)

    monkeypatch.setattr(sqlite_files, "put_database", put_with_little_room)
    refused(target, pd.DataFrame({"text": ["x" * 100] * 20000}), "MB are free")
    assert fingerprint(target) == before
    assert names_in(tmp_path) == ["a.gpkg"]


def test_message_of_a_full_disk_names_the_room(tmp_path, frame, monkeypatch):
    from teilhabe.bridge import file_output

    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(file_output.shutil, "disk_usage", lambda folder: usage._replace(free=3 * 2**20))

    def fill(*arguments):
        raise OSError(28, "No space left on device", "a")

    monkeypatch.setattr(file_output, "_write", fill)
    refused(tmp_path / "a.gpkg", frame, "not enough room for .*a.gpkg: 3 MB are free on this drive")
    assert names_in(tmp_path) == []


def test_from_a_background_thread(tmp_path, areas, frame, new_project):
    """Algorithms run there; layers that are open reload in the main thread."""
    from concurrent.futures import ThreadPoolExecutor

    from qgis.PyQt.QtCore import QCoreApplication

    target = tmp_path / "a.gpkg"
    layer = opened(write(str(target), frame[:1], geometry_layer=areas, key="PLR_ID", style=paint))
    new_project.addMapLayer(layer)
    wider = frame.assign(neu=[1, 2])
    with ThreadPoolExecutor(1) as pool:
        source = pool.submit(write, str(target), wider, geometry_layer=areas, key="PLR_ID", style=paint).result()
    assert opened(source).renderer().symbol().color().name() == "#123456"
    QCoreApplication.processEvents()
    assert rows(layer, "neu") == [(1,), (2,)]
