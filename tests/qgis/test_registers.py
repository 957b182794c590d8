"""Address registers as QGIS finds them: files, layers of the project, tables of a GeoPackage."""
import json
import os
import shutil

import numpy as np
import pytest

from tests.core.register_helpers import GEBREF_ROWS, HK_HEADER, HK_ROWS, addresses, notes, write

TABLE = ("strname;hsnr;hsnrzu;plz;gebiet_id", "Ackerstraße;1;;01067;0101", "Ackerstraße;2;b;01067;0101",
         "Birkenweg;7;;01067;0102")


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """Return the user's cache folder, one of its own for each test."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder


@pytest.fixture
def read_files(monkeypatch):
    """Count how often a register is really read from its source."""
    from teilhabe.bridge import registers

    read = []
    true_read = registers._read

    def counted(found, feedback):
        read.append(found.title)
        return true_read(found, feedback)

    monkeypatch.setattr(registers, "_read", counted)
    return read


def source(path, **settings):
    from teilhabe.core.addresses.register_source import RegisterSource

    return RegisterSource(str(path), **settings)


def opened(path, **settings):
    from teilhabe.bridge.registers import open_register

    return open_register(source(path, **settings))


def point_layer(crs="EPSG:25832", rows=((1, "Ackerstraße", 350000, 5700000), (2, "Birkenweg", 350100, 5700100)),
                geometry="Point"):
    from qgis.core import QgsFeature, QgsGeometry, QgsPointXY, QgsVectorLayer

    layer = QgsVectorLayer(f"{geometry}?crs={crs}&field=strasse:string&field=hausnummer:integer&field=gebiet:string",
                           "Adressen", "memory")
    for number, street, x, y in rows:
        feature = QgsFeature(layer.fields())
        feature.setAttributes([street, number, None])
        if x is not None:
            feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(x, y)))
        layer.dataProvider().addFeature(feature)
    return layer


def area_layer(crs="EPSG:25832", keys=("0101", "0102")):
    from qgis.core import QgsFeature, QgsGeometry, QgsRectangle, QgsVectorLayer

    layer = QgsVectorLayer(f"Polygon?crs={crs}&field=nr:string", "Gebiete", "memory")
    for number, key in enumerate(keys):
        feature = QgsFeature(layer.fields())
        feature.setAttributes([key])
        west = 349900 + 150 * number
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(west, 5699000, west + 150, 5701000)))
        layer.dataProvider().addFeature(feature)
    return layer


# --- the index file

def test_the_index_lies_beside_the_source_and_is_used_again(qgis_app, tmp_path, cache, read_files):
    path = write(tmp_path / "hk.txt", [HK_HEADER, *HK_ROWS])
    first = addresses(opened(path))
    index = tmp_path / "hk.txt.teilhabe-index.npz"
    made = index.stat().st_mtime_ns
    assert addresses(opened(path)) == first
    assert (read_files, index.stat().st_mtime_ns) == (["hk.txt"], made)
    assert not cache.exists()


def test_a_register_that_somebody_holds_is_not_loaded_twice(qgis_app, tmp_path, cache):
    path = write(tmp_path / "hk.txt", HK_ROWS)
    register = opened(path)
    assert opened(path) is register


def test_a_changed_source_is_read_again(qgis_app, tmp_path, cache, read_files):
    path = write(tmp_path / "t.csv", TABLE)
    opened(path)
    write(path, [*TABLE, "Chausseestraße;9;;01067;0102"])
    assert len(opened(path)) == 4
    stamp = path.stat()
    path.write_bytes(path.read_bytes().replace(b"Birkenweg", b"Lindenweg"))
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))  # same size, same time
    assert "Lindenweg" in opened(path).street_names
    assert read_files == ["t.csv"] * 3


def test_other_settings_are_read_again(qgis_app, tmp_path, cache, read_files):
    path = write(tmp_path / "t.csv", TABLE)
    opened(path)
    assert opened(path, place="Dresden").place == "Dresden"
    assert not opened(path, columns=(("area", ""),)).has_areas
    assert len(read_files) == 3


def test_a_damaged_index_is_made_anew(qgis_app, tmp_path, cache, read_files):
    path = write(tmp_path / "t.csv", TABLE)
    opened(path)
    index = tmp_path / "t.csv.teilhabe-index.npz"
    index.write_bytes(index.read_bytes()[:-100])
    assert len(opened(path)) == 3
    assert len(read_files) == 2


def test_beside_a_protected_source_the_index_goes_to_the_cache(qgis_app, tmp_path, cache, read_files):
    folder = tmp_path / "protected"
    folder.mkdir()
    path = write(folder / "t.csv", TABLE)
    folder.chmod(0o555)
    opened(path)
    assert len(opened(path)) == 3
    assert os.listdir(folder) == ["t.csv"]
    assert [found.name for found in cache.rglob("*.npz")] == ["t.csv.teilhabe-index.npz"]
    assert len(read_files) == 1


def test_a_moved_folder_keeps_its_index(qgis_app, tmp_path, cache, read_files):
    (tmp_path / "a").mkdir()
    path = write(tmp_path / "a" / "t.csv", TABLE)
    opened(path)
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    assert len(opened(tmp_path / "b" / "t.csv")) == 3
    assert len(read_files) == 1


def test_a_cancelled_run_leaves_nothing(qgis_app, tmp_path, cache):
    from qgis.core import QgsFeedback
    from teilhabe.bridge.registers import open_register
    from teilhabe.core.messages import Cancelled

    feedback = QgsFeedback()
    feedback.cancel()
    path = write(tmp_path / "t.csv", TABLE)
    with pytest.raises(Cancelled):
        open_register(source(path), feedback=feedback)
    assert os.listdir(tmp_path) == ["t.csv"]


# --- layers

def test_a_layer_of_the_project(new_project, cache):
    layer = point_layer()
    new_project.addMapLayer(layer)
    register = opened(f"layer:{layer.id()}")
    assert addresses(register) == [("Ackerstraße 1", "", ""), ("Birkenweg 2", "", "")]
    assert (register.title, register.crs, register.x.tolist()) == ("Adressen", "EPSG:25832", [350000.0, 350100.0])
    assert register.row.tolist() == [1, 2]
    assert not cache.exists()


def test_an_edited_layer_is_read_as_it_is_now(new_project, cache):
    layer = point_layer()
    new_project.addMapLayer(layer)
    opened(f"layer:{layer.id()}")
    layer.startEditing()
    layer.changeAttributeValue(1, 0, "Zeisigweg")
    assert "Zeisigweg 1" in [text for text, *_ in addresses(opened(f"layer:{layer.id()}"))]
    layer.rollBack()


def test_degrees_become_metres(new_project, cache):
    rows = ((1, "Ackerstraße", 13.4, 52.5), (2, "Birkenweg", 13.41, 52.5), (3, "Ohne", None, 0))
    layer = point_layer("EPSG:4326", rows)
    new_project.addMapLayer(layer)
    register = opened(f"layer:{layer.id()}")
    assert register.crs == "EPSG:25833"
    assert register.x[:2] == pytest.approx([391390.73, 392069.49], abs=0.05)
    assert register.y[:2] == pytest.approx([5817855.24, 5817840.25], abs=0.05)
    assert np.isnan(register.x[2])


def test_degrees_in_a_table_become_metres(qgis_app, tmp_path, cache):
    register = opened(write(tmp_path / "t.csv", ["strasse;hnr;lon;lat", "Ackerstraße;1;7,0;51,45", "Birkenweg;1;;"]))
    assert register.crs == "EPSG:25832"
    assert register.x[0] == pytest.approx(361028.94, abs=0.05)
    assert np.isnan(register.x[1])


def test_a_table_of_many_in_a_geopackage_is_found(qgis_app, tmp_path, cache, read_files):
    from teilhabe import paths

    path = shutil.copy(paths.sample("musterstadt", "musterstadt.gpkg"), tmp_path / "m.gpkg")
    found = opened(path)
    named = opened(path, table="adressen")
    assert addresses(found) == addresses(named)
    assert (found.crs, found.has_areas, found.has_coordinates) == ("EPSG:25832", True, True)
    before = len(read_files)
    assert len(opened(path, table="adressen")) == len(named)
    assert len(read_files) == before


@pytest.mark.parametrize("subset", ["", "strasse LIKE 'B%' OR fid > 900"])
def test_a_geopackage_is_read_in_parts_as_in_one(qgis_app, tmp_path, subset):
    import pandas as pd
    from qgis.core import QgsVectorLayer
    from teilhabe import paths
    from teilhabe.bridge.frames import read_chunks, read_frame, read_geometries

    path = shutil.copy(paths.sample("musterstadt", "musterstadt.gpkg"), tmp_path / "m.gpkg")
    layer = QgsVectorLayer(f"{path}|layername=adressen", "adressen", "ogr")
    layer.setSubsetString(subset)
    names = ["strasse", "zusatz", "hausnummer"]
    parts = list(read_chunks(layer, names, 1500))
    whole = read_frame(layer, names, with_ids=True)
    assert len(parts) > 3
    frame = pd.concat([part for part, _ in parts])
    assert frame.index.tolist() == whole.index.tolist()
    assert frame.astype(object).where(frame.notna(), None).values.tolist() == (
        whole.astype(object).where(whole.notna(), None).values.tolist())
    assert [wkb for _, shapes in parts for wkb in shapes] == read_geometries(layer)


def test_a_polygon_layer_gives_points_on_its_polygons(new_project, cache):
    from qgis.core import QgsFeature, QgsGeometry, QgsRectangle, QgsVectorLayer

    layer = QgsVectorLayer("Polygon?crs=EPSG:25832&field=strasse:string&field=hnr:string", "Gebäude", "memory")
    feature = QgsFeature(layer.fields())
    feature.setAttributes(["Ackerstraße", "7b"])
    feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(350000, 5700000, 350010, 5700020)))
    layer.dataProvider().addFeature(feature)
    new_project.addMapLayer(layer)
    register = opened(f"layer:{layer.id()}")
    assert (register.text(0), register.x[0], register.y[0]) == ("Ackerstraße 7b", 350005, 5700010)


def test_a_text_file_as_layer_is_read_from_the_file(new_project, tmp_path, cache):
    from qgis.core import QgsVectorLayer

    path = write(tmp_path / "t.csv", TABLE)
    layer = QgsVectorLayer(f"file://{path}?delimiter=%3B&detectTypes=yes&geomType=none", "Register", "delimitedtext")
    new_project.addMapLayer(layer)
    register = opened(f"layer:{layer.id()}")
    assert addresses(register)[0] == ("Ackerstraße 1, 01067", "", "0101")
    assert register.title == "Register"


def test_a_layer_that_is_gone(new_project):
    from teilhabe.core.messages import TeilhabeError

    with pytest.raises(TeilhabeError) as caught:
        opened("layer:gone")
    assert str(caught.value) == "The address register “gone” is no layer of the project any more. Choose it again."


def test_a_picture_is_no_register(qgis_app, tmp_path):
    from teilhabe.core.messages import TeilhabeError

    (tmp_path / "bild.png").write_bytes(b"\x89PNG\r\n")
    with pytest.raises(TeilhabeError) as caught:
        opened(tmp_path / "bild.png")
    assert str(caught.value).startswith("bild.png cannot be read as an address register.")


# --- areas

def test_areas_of_another_reference_system(new_project, tmp_path, cache):
    from qgis.core import QgsCoordinateReferenceSystem
    from teilhabe.bridge.registers import open_registers
    from teilhabe.core.messages import TeilhabeError

    path = write(tmp_path / "gebref.txt", GEBREF_ROWS)  # x = 350000 and 351000
    areas = area_layer()
    found, = open_registers([source(path)], areas, "nr")
    assert [area for *_, area in addresses(found)] == ["0101", ""]
    assert notes(found) == ["gebref.txt: 1 addresses lie in none of the areas."]
    areas.setCrs(QgsCoordinateReferenceSystem("EPSG:4647"))
    with pytest.raises(TeilhabeError, match="Gebiete”, row 1: the coordinates do not fit"):
        open_registers([source(path)], areas, "nr")


def test_area_keys_of_another_geometry_are_told(new_project, tmp_path, cache):
    from teilhabe.bridge.registers import open_registers

    found, = open_registers([source(write(tmp_path / "t.csv", TABLE))], area_layer(keys=("A1", "A2")), "nr")
    assert notes(found) == ["t.csv: none of its area keys (such as 0101) is a key of the layer “Gebiete” (such as A1)."]


def test_berlin_and_its_areas(qgis_app, berlin, cache):
    from qgis.core import QgsVectorLayer
    from teilhabe.bridge.registers import open_registers

    areas = QgsVectorLayer(str(berlin / "planungsraeume_2021.gpkg"), "areas", "ogr")
    found, = open_registers([source(berlin / "adressen_bezirk_01-06.csv.gz")], areas, "PLR_ID")
    assert (len(found), found.notes) == (181_238, ())


# --- descriptions

def test_description(qgis_app, tmp_path):
    from teilhabe.bridge.registers import describe

    found = describe(source(write(tmp_path / "hk.txt", HK_ROWS)))
    assert (found.title, found.form, found.crs, found.readable) == ("hk.txt", "hk", "EPSG:4647", True)
    assert found.columns["street"] == "STN"
    assert [str(problem) for problem in found.problems] == [
        "hk.txt: 1 rows are marked as deleted (NBA = L) and were left out, the first is row 3."]
    assert len(found.sample) == 5


def test_description_of_what_cannot_be_read(qgis_app, tmp_path):
    from teilhabe.bridge.registers import describe

    found = describe(source(write(tmp_path / "t.csv", ["a;b", "1;2"])))
    assert (found.readable, found.headings, len(found.sample)) == (False, ("a", "b"), 1)
    assert str(found.problems[0]).startswith("t.csv: no column holds the names of the streets.")
    missing = describe(source(tmp_path / "fehlt.csv"))
    assert not missing.readable and "does not exist" in str(missing.problems[0])


def test_description_says_when_nothing_tells_where(qgis_app, tmp_path):
    from teilhabe.bridge.registers import describe

    found = describe(source(write(tmp_path / "t.csv", ["strasse;hnr", "Ackerstraße;1"])))
    assert found.readable
    assert str(found.problems[0]) == (
        "t.csv has neither coordinates nor area keys; it can only tell which addresses exist.")


def test_description_of_a_layer(new_project):
    from teilhabe.bridge.registers import describe

    layer = point_layer()
    new_project.addMapLayer(layer)
    found = describe(source(f"layer:{layer.id()}"))
    assert (found.title, found.crs, found.has_points, found.readable) == ("Adressen", "EPSG:25832", True, True)
    assert found.columns == {"street": "strasse", "number": "hausnummer", "area": "gebiet"}


# --- settings as text

def test_settings_as_text_there_and_back(qgis_app):
    from teilhabe.bridge.registers import parse_sources, source_of, sources_text

    sources = [source("/a/b.csv", columns=(("street", "STR"),), place="Mülheim"), source("layer:abc")]
    assert parse_sources(sources_text(sources)) == sources
    assert parse_sources("") == []
    assert source_of("/a/b.gpkg|layername=adressen") == source("/a/b.gpkg", table="adressen")


def test_settings_that_are_no_json(qgis_app):
    from teilhabe.bridge.registers import parse_sources
    from teilhabe.core.messages import TeilhabeError

    with pytest.raises(TeilhabeError, match="are no JSON"):
        parse_sources("[{")


# --- parameters

@pytest.fixture
def algorithm(qgis_app):
    """Return an algorithm that does nothing but open registers."""
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProject
    from teilhabe.processing.base import TeilhabeAlgorithm
    from teilhabe.processing.register_parameters import add_register_parameters, registers_of

    class Opens(TeilhabeAlgorithm):
        ID = "opens"

        def title(self):
            return "opens"

        def define(self):
            add_register_parameters(self)

        def execute(self, parameters, context, feedback):
            return {"REGISTERS": registers_of(self, parameters, context, feedback)}

    def run(**parameters):
        opens = Opens()
        opens.initAlgorithm()
        context, feedback = QgsProcessingContext(), QgsProcessingFeedback(False)
        context.setProject(QgsProject.instance())
        assert opens.prepareAlgorithm(parameters, context, feedback)
        return opens.processAlgorithm(parameters, context, feedback)["REGISTERS"], feedback

    return run


def test_several_registers_in_their_order(algorithm, new_project, tmp_path, cache):
    layer, areas = point_layer(), area_layer()
    new_project.addMapLayers([layer, areas])
    files = [str(write(tmp_path / "gebref.txt", GEBREF_ROWS)), str(write(tmp_path / "t.csv", TABLE))]
    further = [{"path": files[1], "place": "Dresden", "columns": {"district": "gebiet_id"}},
               {"path": f"layer:{layer.id()}", "title": "zweimal"}]
    registers, feedback = algorithm(REGISTER=files, REGISTER_LAYER=layer.id(), REGISTER_PLACE="Mülheim",
                                    AREAS=areas.id(), AREA_KEY="nr", REGISTER_SETTINGS=json.dumps(further))
    assert [(found.title, found.place) for found in registers] == [
        ("gebref.txt", "Mülheim"), ("t.csv", "Dresden"), ("zweimal", "Mülheim")]
    assert registers[1].districts.tolist() == ["", "0101", "0102"]
    assert addresses(registers[2]) == [("Ackerstraße 1", "", "0101"), ("Birkenweg 2", "", "0102")]
    assert "3 addresses in 2 streets" in feedback.textLog()


def test_a_layer_that_only_the_settings_name_is_taken_as_it_is_when_the_run_begins(algorithm, new_project, cache):
    layer = point_layer()
    new_project.addMapLayer(layer)
    registers, _ = algorithm(REGISTER_SETTINGS=json.dumps([{"path": f"layer:{layer.id()}"}]))
    assert len(registers[0]) == 2


def test_without_a_register(algorithm, new_project):
    from qgis.core import QgsProcessingException

    with pytest.raises(QgsProcessingException, match="Choose an address register: a file or a layer."):
        algorithm()
