"""The workshop's window as a whole: follows changes, leaves nothing behind, survives what goes away under it."""
import gc
import time
import weakref

import numpy as np
import pytest

from .dialog_helpers import settle, wait_for
from .test_workshop_files import profile_folder  # noqa: F401  a fixture
from .workshop_window import city, close_workshop, edit, message, open_workshop, weighted

pytestmark = pytest.mark.usefixtures("provider", "profile_folder")


@pytest.fixture
def dock(new_project, iface):
    city.area_layer(new_project)
    found = open_workshop(iface)
    yield found
    from qgis.PyQt import sip

    if not sip.isdeleted(found):
        close_workshop(found)


def shown(dock):
    """Return scores and classes on the map by area key."""
    from qgis.core import NULL

    layer = dock.preview.layer()
    return {each["schluessel"]: (None if each["wert"] == NULL else each["wert"],
                                 None if each["klasse"] == NULL else each["klasse"]) for each in layer.getFeatures()}


def expected(dock):
    view = dock.session.view()
    return {key: (None if np.isnan(score) else score,
                  view.class_set.classes[at].value if at >= 0 else None)
            for key, score, at in zip(dock.session.keys, view.scores.tolist(), view.positions.tolist())}


def press(widget, letter):
    """Press Ctrl and a letter where the focus is."""
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    widget.activateWindow()
    widget.setFocus()
    QTest.keyClick(widget, getattr(Qt.Key, f"Key_{letter}"), Qt.KeyboardModifier.ControlModifier)


def test_the_map_shows_every_state_of_the_recipe(dock):
    assert shown(dock) == expected(dock)
    heard = []
    dock.preview.repaint_requested.connect(lambda: heard.append(1))
    first = shown(dock)
    edit(dock, 6)
    assert len(heard) == 1 and shown(dock) == expected(dock) != first
    dock.session.set_year(2024)
    assert shown(dock) == expected(dock)
    dock.session.look_at("gesundheit")
    assert shown(dock) == expected(dock)
    dock.session.look_at("gesamt")
    dock.session.set_year(2025)
    dock.session.undo()
    assert shown(dock) == expected(dock) == first
    dock.session.redo()
    assert shown(dock) == expected(dock) != first


def test_a_slider_moves_the_map_and_undo_brings_it_back(dock):
    from teilhabe.gui.workshop.properties.shares import ShareRow

    start, first = dock.session.document, shown(dock)
    slider = next(each.slider for each in dock.tree.findChildren(ShareRow) if each.slider.isEnabled())
    before = slider.value()
    for value in (before + 50, before + 120, before + 300):  # one movement
        slider.setValue(value)
    assert dock.session.document != start and shown(dock) == expected(dock) != first
    assert dock.panel.undo.isEnabled()
    dock.panel.undo.trigger()
    assert dock.session.document == start and shown(dock) == first and slider.value() == before
    dock.panel.redo.trigger()
    assert slider.value() == before + 300 and shown(dock) == expected(dock)


def test_a_fault_is_said_and_the_map_stands_still(dock):
    before = shown(dock)
    faulty = weighted(dock.session.document)
    for child in faulty["indices"][0]["children"]:
        child["weight"] = 0
    dock.session.edit("alles null", faulty)
    assert dock.session.fault is not None and shown(dock) == before
    assert "last valid state" in dock.status.text() and not dock.apply.isEnabled()
    dock.session.undo()
    assert dock.apply.isEnabled() and "39" in dock.status.text()


def test_with_a_fault_the_map_shows_what_is_looked_at_as_the_evaluations_do(dock):
    dock.tree.edits.add_node((0,), "Noch leer")
    assert dock.session.fault is not None
    dock.session.look_at("gesundheit")
    assert shown(dock) == expected(dock) and dock.session.view().node_id == "gesundheit"


def test_a_faulty_state_comes_back_and_can_be_mended(dock, iface):
    dock.tree.edits.add_node((0,), "Noch leer")
    close_workshop(dock)
    again = open_workshop(iface)
    assert again.session.fault is not None and shown(again) == expected(again)
    again.session.undo()
    assert again.session.fault is None and shown(again) == expected(again) and len(shown(again)) == 40
    close_workshop(again)


def test_a_panel_that_was_put_away_may_go_meanwhile(dock, iface):
    from qgis.PyQt.QtWidgets import QDockWidget

    other = QDockWidget("Anderes", iface.mainWindow())
    dock.room.put_away.append(other)
    other.deleteLater()
    settle(20)
    dock.room.give_back()
    assert dock.room.put_away == []


def test_undo_redo_and_save_by_keyboard_though_qgis_has_the_same_keys(dock, iface, tmp_path):
    from qgis.PyQt.QtGui import QKeySequence
    from qgis.PyQt.QtWidgets import QAction

    qgis, rivals = [], []
    for letter in "SZY":  # as the window of QGIS has them
        action = QAction(letter, iface.window)
        action.setShortcut(QKeySequence(f"Ctrl+{letter}"))
        action.triggered.connect(lambda _checked=False, letter=letter: qgis.append(letter))
        iface.window.addAction(action)
        rivals.append(action)
    dock.files.saving.save_to(tmp_path / "rezept.json")
    start = dock.session.document
    for weight, widget in enumerate((dock.apply, dock.tree, dock.results.tabs), 4):
        changed = edit(dock, weight)
        press(widget, "Z")
        assert dock.session.document == start
        press(widget, "Y")
        assert dock.session.document == changed and dock.session.is_dirty
        press(widget, "S")
        assert not dock.session.is_dirty
        start = changed
    assert qgis == []
    iface.window.activateWindow()
    wait_for(iface.window.isActiveWindow)
    press(iface.canvas, "S")
    assert qgis == ["S"]  # elsewhere they mean what they always mean
    for action in rivals:
        iface.window.removeAction(action)
        action.deleteLater()


def test_selection_is_shared_both_ways(dock):
    layer = dock.preview.layer()
    dock.session.select([3, 5])
    assert {each["schluessel"] for each in layer.selectedFeatures()} == {"00004", "00006"}
    wanted = next(each for each in layer.getFeatures() if each["schluessel"] == "00010")
    layer.selectByIds([wanted.id()])
    assert dock.session.selection == (9,)


def test_the_area_layer_goes_while_the_workshop_is_open(dock, new_project):
    own = edit(dock)
    new_project.removeMapLayer(dock.session.layer_id)
    settle(50)
    assert not dock.session.is_open and dock.preview.layer() is None and not dock.apply.isEnabled()
    assert len(new_project.mapLayers()) == 0
    city.area_layer(new_project)
    wait_for(lambda: dock.session.is_open)
    assert dock.session.document == own  # found again, though the layer is another one
    assert shown(dock) == expected(dock)


def test_the_area_layer_goes_while_there_is_another(dock, new_project):
    other = city.area_layer(new_project, 25)
    new_project.removeMapLayer(dock.session.layer_id)
    settle(50)
    assert not dock.session.is_open and list(new_project.mapLayers()) == [other.id()]
    assert dock.areas.currentLayer() == other
    dock.areas.activated.emit(dock.areas.currentIndex())
    assert len(dock.session.frame) == 25 and shown(dock) == expected(dock)


def test_the_project_is_closed_with_several_layers_of_areas(dock, new_project):
    new_project.addMapLayers([dock.session.layer().clone() for _ in range(3)])
    new_project.clear()
    settle(300)
    assert not dock.session.is_open and len(new_project.mapLayers()) == 0


def test_the_scratch_layer_goes_while_the_workshop_is_open(dock, new_project):
    new_project.removeMapLayer(dock.preview.layer_id)
    settle(50)
    edit(dock)  # nothing to paint on, yet everything goes on
    assert dock.session.fault is None and dock.session.result is not None
    dock.session.select([1])
    dock.apply.click()
    wait_for(lambda: not dock.writing.is_running())
    assert "Written" in message(dock)


def test_the_project_is_closed_while_the_workshop_is_open(dock, new_project):
    for name in ("ranking", "classes", "why"):
        dock.show_tab(name)
        settle(80)
    edit(dock)
    new_project.clear()
    settle(150)
    assert not dock.session.is_open and len(new_project.mapLayers()) == 0
    city.area_layer(new_project, 25)
    wait_for(lambda: dock.session.is_open)
    assert len(dock.session.frame) == 25 and shown(dock) == expected(dock)


def test_the_project_is_closed_while_the_result_is_written(dock, new_project):
    new_project.addMapLayer(dock.session.layer().clone())  # it is looked for a moment later, when it is gone again
    dock.apply.click()
    new_project.clear()
    wait_for(lambda: not dock.writing.is_running())
    settle(300)
    assert not dock.session.is_open and message(dock)


def test_closing_while_the_result_is_written_leaves_the_result(new_project, iface):
    from teilhabe.bridge.project import INDEX, layers_with_role

    city.area_layer(new_project)
    found = open_workshop(iface)
    found.apply.click()
    close_workshop(found)
    wait_for(lambda: layers_with_role(new_project, INDEX))
    node = new_project.layerTreeRoot().findLayer(layers_with_role(new_project, INDEX)[0].id())
    assert node.itemVisibilityChecked()
    iface.bar.clearWidgets()


def parts(iface, project):
    """Count what may be left behind: layers, widgets and objects of the window, receivers of the project's signals."""
    from qgis.PyQt.QtCore import QObject, QTimer
    from qgis.PyQt.QtWidgets import QApplication, QDockWidget

    window = iface.mainWindow()
    return {
        "layers": len(project.mapLayers()), "objects": len(window.findChildren(QObject)),
        "docks": len(window.findChildren(QDockWidget)), "timers": len(window.findChildren(QTimer)),
        "widgets": len(QApplication.allWidgets()), "top": len(QApplication.topLevelWidgets()),
        "receivers": [project.receivers(signal) for signal in (
            project.layersAdded, project.layersWillBeRemoved, project.cleared, project.readProject,
            project.writeProject, project.writeMapLayer, project.projectSaved)],
        "tools": iface.canvas.receivers(iface.canvas.mapToolSet),
        "python": sum(str(type(each).__module__).startswith("teilhabe.gui.workshop") for each in gc.get_objects()),
    }


def run_once(iface, turn, alive):
    from qgis.PyQt.QtCore import Qt
    from teilhabe.gui.workshop.results_dock import TABS

    dock = open_workshop(iface)
    dock.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dock.show_tab(TABS[turn % len(TABS)][0])
    edit(dock, 2 + turn)
    dock.session.select([turn % 40])
    settle(90)
    alive += [weakref.ref(each) for each in (dock, dock.session, dock.results, dock.preview, dock.tool, dock.files,
                                             dock.project_state, dock.writing, dock.tree)]
    alive += [weakref.ref(each) for each in dock.results.made.values()]
    dock.setProperty("teilhabeUnloading", True)
    dock.close()
    del dock
    collect()


def collect():
    for _ in range(2):  # what is freed may be the last to hold something else
        settle(20)
        gc.collect()


def test_opened_and_closed_50_times_nothing_is_left(new_project, iface):
    layer = city.area_layer(new_project)
    for turn in range(8):  # each tab once: what is loaded once and for all is there
        run_once(iface, turn, [])
    before = parts(iface, new_project)
    alive = []
    for turn in range(50):
        run_once(iface, turn, alive)
    after = parts(iface, new_project)
    left = [each() for each in alive if each() is not None]
    assert left == []
    assert after == before
    assert list(new_project.mapLayers()) == [layer.id()]


def test_the_plugin_is_unloaded_while_the_workshop_is_open(new_project, iface):
    import teilhabe
    from qgis.core import QgsApplication

    there = QgsApplication.processingRegistry().providerById("teilhabe")
    city.area_layer(new_project)
    before = iface.left_over()
    plugin = teilhabe.classFactory(iface)
    plugin.initProcessing = lambda: setattr(plugin, "provider", there)  # that of the tests stays
    plugin.initGui()
    dock = plugin.open("workshop")
    own = edit(dock)
    gone = weakref.ref(dock)
    del dock
    plugin.provider = None
    plugin.unload()
    settle(100)
    collect()
    assert gone() is None and iface.left_over() == before
    assert [layer.name() for layer in new_project.mapLayers().values()] == ["Gebiete mit Indikatoren"]
    dock = open_workshop(iface)
    assert dock.session.document == own  # nobody was asked, nothing is lost
    close_workshop(dock)


def longest(function, times=5):
    found = []
    for _ in range(times):
        start = time.perf_counter()
        function()
        found.append(time.perf_counter() - start)
    return sorted(found)[len(found) // 2]


def test_many_areas_stay_usable(new_project, iface):
    """5,000 areas: a change costs less than the run of the algorithm that it takes the place of."""
    city.area_layer(new_project, 5000)
    dock = open_workshop(iface)
    dock.results.hide()
    settle(50)
    weights = iter(range(2, 100))
    live = longest(lambda: edit(dock, next(weights)))

    def run():
        dock.apply.click()
        wait_for(lambda: not dock.writing.is_running())

    rival = longest(run, 3)
    close_workshop(dock)
    assert live < rival / 2, (live, rival)


def draws_selection(dock):
    from qgis.core import QgsMapSettings

    return bool(dock.canvas.mapSettings().flags() & QgsMapSettings.Flag.DrawSelection)


def test_selected_areas_keep_their_colour_and_get_an_outline(dock):
    assert not draws_selection(dock)
    dock.session.select([0, 8])
    assert [round(band.asGeometry().area() / 1e6, 6) for band in dock.outline.bands] == [2, 2]
    dock.session.select([])
    assert all(band.asGeometry().isEmpty() for band in dock.outline.bands)
    close_workshop(dock)
    assert draws_selection(dock)


def test_selections_are_drawn_again_when_the_areas_go(dock, new_project):
    new_project.removeMapLayer(dock.session.layer_id)
    assert draws_selection(dock) and not dock.session.is_open


def test_an_edit_of_the_layer_is_on_the_map(dock):
    layer, before = dock.session.layer(), shown(dock)
    dock.session.select([4])
    layer.startEditing()
    feature = next(layer.getFeatures())
    for field in ("k1_1_2025", "k1_2_2025", "k1_3_2025"):
        layer.changeAttributeValue(feature.id(), layer.fields().lookupField(field), 90.0)
    assert layer.commitChanges()
    wait_for(lambda: shown(dock) != before)
    assert dock.session.frame["k1_1_2025"][0] == 90 and shown(dock) == expected(dock)
    assert dock.session.selection == (4,) and not dock.outline.bands[0].asGeometry().isEmpty()


def test_a_recipe_of_another_city_takes_the_key_of_the_layer(dock):
    other = city.document() | {"area_key": "KEY_DER_ANDEREN", "area_name": "NAME", "population": "EW",
                               "exclusions": [], "title": "Andere Stadt"}
    dock.open_document(other)
    assert "gebiet_nr" in message(dock) and "KEY_DER_ANDEREN" in message(dock)
    document = dock.session.document
    assert (document["area_key"], document["area_name"]) == ("gebiet_nr", "gebiet_name")
    assert "population" not in document and document["title"] == "Andere Stadt"
    assert dock.session.path_of_file is None and shown(dock) == expected(dock)
