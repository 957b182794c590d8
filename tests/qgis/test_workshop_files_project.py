"""The working recipe in project and profile: saved, found again by role, restored after a crash, written as a layer."""
import json

import numpy as np
import pytest

from .dialog_helpers import settle, wait_for
from .test_workshop_files import profile_folder  # noqa: F401  a fixture
from .workshop_window import city, close_workshop, edit, message, open_workshop, weighted

pytestmark = pytest.mark.usefixtures("provider", "profile_folder")


@pytest.fixture
def project(new_project, tmp_path):
    """Return a saved project with the city's layer in a file, so that it comes back with the project."""
    stored_city(new_project, tmp_path / "gebiete.gpkg")
    assert new_project.write(str(tmp_path / "projekt.qgz"))
    return new_project


def stored_city(project, path, areas=40, seed=7):
    """Add the city's layer as a GeoPackage and return it."""
    from qgis.core import QgsVectorFileWriter, QgsVectorLayer
    from teilhabe.bridge.project import set_role

    scratch = city.area_layer(project, areas, seed=seed)
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.layerName = "GPKG", "gebiete"
    QgsVectorFileWriter.writeAsVectorFormatV3(scratch, str(path), project.transformContext(), options)
    project.removeMapLayer(scratch.id())
    layer = QgsVectorLayer(f"{path}|layername=gebiete", "Gebiete", "ogr")
    set_role(layer, "indicators")
    project.addMapLayer(layer)
    return layer


@pytest.fixture
def workshops(iface):
    """Return a function that opens the workshop; all are closed at the end."""
    opened = []

    def begin():
        opened.append(open_workshop(iface))
        return opened[-1]

    yield begin
    for dock in opened:
        if not dock_gone(dock):
            close_workshop(dock)


def dock_gone(dock):
    from qgis.PyQt import sip

    return sip.isdeleted(dock)


def crash(dock):
    """Take the window away without anything that a proper end does."""
    state = dock.project_state
    state.keep()
    for signal, slot in state._signals():
        signal.disconnect(slot)
    state.listening = False
    state.timer.stop()
    state.store.end()
    close_workshop(dock)


def kept(folder):
    return sorted(path.name for path in folder.glob("*.json"))


def test_save_close_reopen_gives_the_same(project, workshops, tmp_path, profile_folder):  # noqa: F811
    dock = workshops()
    file = tmp_path / "rezept.json"
    assert dock.files.saving.save_to(file)
    before = dock.session.document
    first, second = edit(dock, 3), edit(dock, 5, position=1)
    dock.session.undo()
    assert dock.session.document == first != second
    dock.session.set_year(2024)
    dock.session.look_at("gesundheit")
    scores = dock.session.view().scores
    assert project.write()
    assert kept(profile_folder) == []  # the project holds all of it
    close_workshop(dock)
    project.read(str(tmp_path / "projekt.qgz"))
    dock = workshops()
    session = dock.session
    assert session.document == first and session.is_dirty and session.origin.document == before
    assert (session.path_of_file, session.year, session.node) == (file, 2024, "gesundheit")
    np.testing.assert_array_equal(session.view().scores, scores)
    session.undo()
    assert session.document == before and not session.is_dirty
    assert message(dock) == ""


def test_a_project_that_is_read_while_the_workshop_is_open_brings_its_own_recipe(project, workshops, tmp_path):
    dock = workshops()
    own = edit(dock, 3)
    assert project.write()
    project.clear()
    stored_city(project, tmp_path / "andere.gpkg", seed=9)
    wait_for(lambda: dock.session.is_open)
    assert dock.session.document == city.document()  # nothing of the first project
    other = edit(dock, 6)
    assert project.write(str(tmp_path / "zweites.qgz"))
    project.read(str(tmp_path / "projekt.qgz"))
    wait_for(lambda: dock.session.is_open and dock.session.document == own)
    project.read(str(tmp_path / "zweites.qgz"))
    wait_for(lambda: dock.session.is_open and dock.session.document == other)


def test_the_layer_is_found_by_role_and_columns_when_its_id_is_new(project, workshops, tmp_path):
    dock = workshops()
    own = edit(dock, 4)
    assert project.write()
    close_workshop(dock)
    project.removeAllMapLayers()
    decoy = stored_city(project, tmp_path / "fremd.gpkg", areas=9)
    decoy.dataProvider().deleteAttributes([decoy.fields().lookupField(city.document()["indicators"][0]["column"]
                                                                      .replace("{year}", "2025"))])
    decoy.updateFields()
    wanted = stored_city(project, tmp_path / "neu.gpkg")
    wanted.setName("Ganz anders")
    dock = workshops()
    assert dock.session.layer_id == wanted.id() and dock.session.document == own


def test_after_a_crash_the_changes_are_back_and_can_be_discarded(project, workshops, profile_folder):  # noqa: F811
    from qgis.PyQt.QtWidgets import QPushButton

    dock = workshops()
    own = edit(dock, 8)
    settle(600)  # kept soon after the change, without any further doing
    assert len(kept(profile_folder)) == 1
    crash(dock)
    project.read(project.fileName())
    dock = workshops()
    assert dock.session.document == own and "restored" in message(dock)
    dock.bar.currentItem().findChild(QPushButton, "teilhabeWorkshopDiscard").click()
    assert dock.session.document == city.document()
    settle(600)
    assert kept(profile_folder) == []
    close_workshop(dock)
    dock = workshops()
    assert dock.session.document == city.document() and message(dock) == ""


def test_after_a_crash_without_a_project_the_changes_come_back_with_the_layer(new_project, workshops, tmp_path,
                                                                             profile_folder):  # noqa: F811
    stored_city(new_project, tmp_path / "gebiete.gpkg")
    dock = workshops()
    own = edit(dock, 8)
    crash(dock)
    new_project.clear()
    dock = workshops()
    assert not dock.session.is_open  # nothing to show it on
    stored_city(new_project, tmp_path / "gebiete2.gpkg")
    wait_for(lambda: dock.session.is_open)
    assert dock.session.document == own and "restored" in message(dock)
    assert len(kept(profile_folder)) == 1


def test_two_windows_of_qgis_do_not_take_each_others_state(qgis_app, tmp_path):
    from teilhabe.gui.workshop.files.store import Store

    first, second = Store(tmp_path), Store(tmp_path)
    assert first.begin("") is None
    first.keep({"document": {"id": "a"}})
    assert second.begin("") is None
    assert second.adopt(lambda _state: True) is None  # the first one is still at work
    first.end()
    assert second.adopt(lambda _state: True)["document"] == {"id": "a"}
    assert second.adopt(lambda _state: True) is None
    second.end()
    one, two = Store(tmp_path), Store(tmp_path)
    one.begin("/p.qgz")
    two.begin("/p.qgz")
    assert one.path != two.path
    one.keep({"document": 1})
    two.keep({"document": 2})
    one.end()
    two.end()
    assert Store(tmp_path).begin("/p.qgz")["document"] == 1


def test_a_recipe_whose_layer_is_gone_is_laid_aside_and_comes_back(project, workshops, tmp_path,
                                                                  profile_folder):  # noqa: F811
    dock = workshops()
    own = edit(dock, 8)
    assert project.write()
    close_workshop(dock)
    project.removeAllMapLayers()
    dock = workshops()
    assert not dock.session.is_open
    stored_city(project, tmp_path / "wieder.gpkg")
    wait_for(lambda: dock.session.is_open)
    assert dock.session.document == own


def test_the_saved_project_holds_neither_the_scratch_layer_nor_hidden_results(project, workshops, tmp_path):
    from qgis.core import QgsProject

    dock = workshops()
    written = apply(dock)
    preview = dock.preview.layer_id
    root = project.layerTreeRoot()
    assert not root.findLayer(written.id()).itemVisibilityChecked()  # the live map is in sight
    assert project.write()
    assert project.mapLayer(preview) is not None  # the open window is not disturbed
    other = QgsProject()
    assert other.read(str(tmp_path / "projekt.qgz"))
    assert preview not in other.mapLayers() and preview not in other.layerTreeRoot().findLayerIds()
    node = other.layerTreeRoot().findLayer(written.id())
    assert node is not None and node.itemVisibilityChecked()


def test_opening_and_looking_write_nothing_into_the_project(project, workshops):
    from teilhabe.gui.workshop.files.project import KEY, SCOPE

    dock = workshops()
    dock.session.look_at("gesundheit")
    dock.session.set_year(2024)
    settle(600)
    assert project.readEntry(SCOPE, KEY, "") == ("", False)
    project.setDirty(False)
    own = edit(dock)
    settle(600)
    assert json.loads(project.readEntry(SCOPE, KEY, "")[0])["document"] == own
    assert project.isDirty()  # so that QGIS asks before it is closed


def apply(dock):
    """Write the result and return its layer."""
    from qgis.core import QgsProject
    from teilhabe.bridge.project import INDEX, layers_with_role

    before = {layer.id() for layer in layers_with_role(QgsProject.instance(), INDEX)}
    dock.apply.click()
    assert dock.writing.is_running()
    wait_for(lambda: not dock.writing.is_running())
    new = [layer for layer in layers_with_role(QgsProject.instance(), INDEX) if layer.id() not in before]
    assert len(new) == 1, message(dock)
    return new[0]


def column(layer, name):
    return np.array([feature[name] if feature[name] is not None and feature[name] == feature[name] else np.nan
                     for feature in sorted(layer.getFeatures(), key=lambda each: each["gebiet_nr"])], float)


@pytest.mark.parametrize("year", [2024, 2025])
def test_what_is_written_equals_what_is_shown(project, workshops, year):
    from qgis.core import NULL
    from teilhabe.bridge.project import provenance_of

    dock = workshops()
    dock.session.set_year(year)
    own = edit(dock, 4)
    view = dock.session.view()
    layer = apply(dock)
    features = sorted(layer.getFeatures(), key=lambda each: each["gebiet_nr"])
    written = np.array([np.nan if each["gesamt_index"] == NULL else each["gesamt_index"] for each in features])
    np.testing.assert_array_equal(written, view.scores)
    classes = [None if each["gesamt_klasse"] == NULL else each["gesamt_klasse"] for each in features]
    assert classes == [view.class_set.classes[at].value if at >= 0 else None for at in view.positions]
    record = provenance_of(layer)
    assert json.loads(record["recipe"]) == own and record["year"] == year
    assert record["recipe_sha256"] == dock.session.fingerprint
    group = project.layerTreeRoot().findGroup("Teilhabe")
    assert layer.id() in group.findLayerIds() and layer.renderer().type() == dock.preview.layer().renderer().type()
    assert "39" in message(dock)


def test_a_second_result_takes_the_place_of_the_first_unless_both_are_wanted(project, workshops):
    from teilhabe.bridge.project import INDEX, layers_with_role

    dock = workshops()
    first = apply(dock).id()
    edit(dock, 4)
    second = apply(dock).id()
    assert [each.id() for each in layers_with_role(project, INDEX)] == [second] != [first]
    dock.writing.replace.setChecked(False)
    apply(dock)
    assert len(layers_with_role(project, INDEX)) == 2
    dock.writing.replace.setChecked(True)


def test_the_result_goes_into_a_geopackage_with_the_long_table(project, workshops, tmp_path):
    from qgis.core import QgsVectorLayer

    dock = workshops()
    target = tmp_path / "ergebnis.gpkg"
    dock.writing.output, dock.writing.values = str(target), f"ogr:dbname='{target}' table=\"werte\""
    dock.writing.with_values.setChecked(True)
    layer = apply(dock)
    dock.writing.with_values.setChecked(False)
    assert layer.source().startswith(str(target))
    values = QgsVectorLayer(f"{target}|layername=werte", "w", "ogr")
    assert values.isValid() and values.featureCount() > 40 * 10
    close_workshop(dock)
    assert project.layerTreeRoot().findLayer(layer.id()).itemVisibilityChecked()  # shown when the workshop is closed


def test_the_working_recipe_as_a_file_has_its_catalogue_within_reach(project, workshops, tmp_path):
    from teilhabe.bridge.catalogue_texts import find_catalogue
    from teilhabe.core.recipe_reading import load_recipe

    dock = workshops()
    own_catalogue = json.loads(dock.session.catalogue.to_json())
    own_catalogue["indicators"][0]["name"] = "Eigener Name"
    name = f"{dock.session.document['catalogue']}.json"
    (tmp_path / name).write_text(json.dumps(own_catalogue), encoding="utf-8")
    file = tmp_path / "rezept.json"
    assert dock.files.saving.save_to(file)
    assert dock.writing.recipe_file() == file  # the user's own file says the same
    own = edit(dock, 9)
    path = dock.writing.recipe_file()
    assert path != file and json.loads(path.read_text(encoding="utf-8")) == own
    found = find_catalogue(load_recipe(path), path.parent)
    assert json.loads(found.read_text(encoding="utf-8"))["indicators"][0]["name"] == "Eigener Name"
    assert dock.writing.recipe_file() == path
    file.write_text(json.dumps(weighted(own, weight=1)), encoding="utf-8")
    dock.session.saved(file)
    assert dock.writing.recipe_file() != file  # somebody changed it: what is shown is what counts


def test_a_faulty_recipe_is_not_written_and_a_run_can_be_cancelled(project, workshops):
    dock = workshops()
    dock.apply.click()
    assert dock.writing.row.isVisible() and not dock.apply.isEnabled()
    dock.writing.cancel_button.click()
    wait_for(lambda: not dock.writing.is_running())
    assert "Cancelled" in message(dock) and dock.apply.isEnabled() and not dock.writing.row.isVisible()
    faulty = dict(dock.session.document, area_key="")
    dock.session.edit("kaputt", faulty)
    assert not dock.apply.isEnabled()
    dock.writing.write()
    assert not dock.writing.is_running()


BROKEN = (
    "{", "[]", '{"document": {"indices": [5]}}', '{"version": 1, "document": {"a": 1}}',
    {"indices": 7}, {"indices": [1]}, {"indicators": [1]}, {"title": 5}, {"crosses": [1]}, {"year": 1e400},
    {"indices": [{"id": 5, "title": None, "children": [{"id": ["q"], "children": {}}]}]},
)


@pytest.mark.parametrize("broken", BROKEN, ids=str)
@pytest.mark.parametrize("place", ["project", "profile"])
def test_a_broken_state_is_passed_over(project, workshops, profile_folder, place, broken):  # noqa: F811
    document = city.document()
    text = broken
    if isinstance(broken, dict):
        text = json.dumps({"version": 1, "document": {**document, **broken}, "saved": document, "project": "",
                           "node": 5, "layer": {"id": 5, "source": ["x"]}, "template": {"a": 1}, "kept": 7})
    if place == "project":
        project.writeEntry("teilhabe", "/workshop/working", text)
    else:
        profile_folder.mkdir(parents=True, exist_ok=True)
        (profile_folder / "new-0123456789abcdef.json").write_text(text, encoding="utf-8")
    dock = workshops()
    assert dock.session.fault is None and not dock.session.is_dirty
    assert dock.session.document["title"] == document["title"] and dock.preview.layer().featureCount() == 40
    edit(dock)
    settle(600)
    assert dock.session.fault is None


def test_a_filter_and_another_coordinate_system_of_the_layer_are_followed(project, workshops):
    from qgis.core import QgsCoordinateReferenceSystem

    dock = workshops()
    layer = dock.session.layer()
    assert layer.setSubsetString("\"bezirk_nr\" = '2'")
    wait_for(lambda: len(dock.session.frame) == 10)
    assert dock.session.keys[0] == "00002" and dock.preview.layer().featureCount() == 10
    assert layer.setSubsetString("")
    wait_for(lambda: len(dock.session.frame) == 40)
    layer.setCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    wait_for(lambda: dock.preview.layer().crs().authid() == "EPSG:3857")
