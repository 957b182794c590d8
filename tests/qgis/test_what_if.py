"""The panel “what if”: clicks in the map, measures before and after, the map, files, and what it writes."""
import time

import pytest

from .dialog_helpers import cut_texts, english_left, settle, wait_for
from .supply_helpers import city, column, measured

#: a place far from all Kitas, in the north-west of the city
FAR = (421900, 5723700)
MEASURES = ("erreicht_500", "erreicht_700", "erreicht_1000", "plaetze_je_100_umkreis", "ohne_platz", "weg_mittel")


@pytest.fixture
def dock(new_project, iface, provider):
    """Return the panel on the sample city's Kitas, with the map showing the whole city."""
    from qgis.core import QgsCoordinateReferenceSystem

    layers = city(new_project)
    result, _outputs = measured(layers)
    iface.canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:25832"))
    iface.window.resize(1280, 720)
    iface.window.setCentralWidget(iface.canvas)
    iface.window.show()
    found = open_dock(iface)
    found.sample, found.sample_result = layers, result
    iface.canvas.setLayers([layers["areas"]])
    iface.canvas.setExtent(layers["areas"].extent())
    settle(100)
    yield found
    iface.canvas.stopRendering()
    found.close()
    found.deleteLater()
    settle(50)


def open_dock(iface):
    from teilhabe.gui.what_if_dock import WhatIfDock

    found = WhatIfDock(iface)
    found.show()
    wait_for(lambda: found.session.result is not None)
    return found


def pixel(dock, x, y):
    from qgis.core import QgsPointXY
    from qgis.PyQt.QtCore import QPoint

    place = dock.canvas.getCoordinateTransform().transform(QgsPointXY(x, y))
    return QPoint(round(place.x()), round(place.y()))


def click(dock, x, y):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    QTest.mouseClick(dock.canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
                     pixel(dock, x, y))
    wait_for(lambda: not dock.session.is_busy())


def offer(dock, row):
    """Return id and place of an offer that lies apart from the others."""
    states = dock.session.states()
    states = states[states["state"] == "unchanged"].reset_index(drop=True)
    alone = [i for i in range(len(states)) if ((states["x"] - states["x"][i]) ** 2 + (states["y"] - states["y"][i]) ** 2
                                               < 400 ** 2).sum() == 1]
    found = states.loc[alone[row]]
    return str(found["id"]), float(found["x"]), float(found["y"])


def change_four(dock):
    """Open, close, move and resize an offer with the mouse; return the changes."""
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    panel = dock.panel
    closed, moved, resized = (offer(dock, row) for row in (0, 4, 9))
    panel.tool_open.click()
    click(dock, *FAR)
    panel.tool_close.click()
    click(dock, *closed[1:])
    panel.tool_move.click()
    start, end = pixel(dock, *moved[1:]), pixel(dock, moved[1] + 1500, moved[2] - 900)
    viewport, left, none = dock.canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(viewport, left, none, start)
    QTest.mouseMove(viewport, end)
    QTest.mouseRelease(viewport, left, none, end)
    panel.tool_resize.click()
    click(dock, *resized[1:])
    assert dock.selected == resized[0]
    panel.places.selectAll()
    QTest.keyClicks(panel.places, "250")
    wait_for(lambda: len(dock.session.changes) == 4)
    changes = dock.session.changes
    assert [change.kind for change in changes] == ["open", "close", "move", "resize"]
    assert [change.offer for change in changes] == ["neu-1", closed[0], moved[0], resized[0]]
    assert changes[3].capacity == 250
    return changes


def figures(dock):
    """Return title → before, after, difference as shown."""
    model = dock.panel.city.model()
    return {model.index(row, 0).data(): tuple(model.index(row, c).data() for c in (1, 2, 3))
            for row in range(model.rowCount())}


def test_starts_from_the_result_with_its_numbers(dock, new_project):
    layer = new_project.mapLayer(dock.sample_result)
    before = dock.session.what_if.before
    for name, own in (("erreicht_700", "reached_1"), ("plaetze_je_100_umkreis", "places_floating"),
                      ("weg_mittel", "way_mean")):
        shown = dict(zip(before.case.areas.areas.keys, before.areas[own]))
        assert [shown[key] for key in sorted(shown)] == pytest.approx(column(layer, name))
    assert figures(dock)["Offers"] == ("77", "77", "0")
    assert dock.panel.about.text() == ("Kita for Kinder unter 6: 14,992 people, 77 offers; straight line, "
                                       "500; 700; 1,000 m.")
    assert not dock.panel.apply.isEnabled()


def test_after_four_changes_all_is_as_the_algorithm_computes_it(dock, new_project):
    from teilhabe.gui.what_if_apply import changed_offers

    change_four(dock)
    changed = changed_offers(dock.session.result.case)
    new_project.addMapLayer(changed)
    result, outputs = measured({**dock.sample, "offers": changed}, KIND_FIELD="art", CAPACITY="plaetze", OFFER_ID="nr")
    layer, after = new_project.mapLayer(result), dock.session.result
    own = {"erreicht_500": "reached_0", "erreicht_700": "reached_1", "erreicht_1000": "reached_2",
           "plaetze_je_100_umkreis": "places_floating", "ohne_platz": "unplaced", "weg_mittel": "way_mean"}
    for name in MEASURES:
        shown = dict(zip(after.case.areas.areas.keys, after.areas[own[name]]))
        assert [shown[key] for key in sorted(shown)] == pytest.approx(column(layer, name)), name
    for name in ("REACHED", "PLACES", "UNPLACED", "GINI", "OFFER_COUNT"):
        assert after.totals[name] == pytest.approx(outputs[name]), name
    assert figures(dock)["Offers"] == ("77", "77", "0")


def test_undo_and_redo_with_the_keyboard(dock):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    before = figures(dock)
    changes = change_four(dock)
    after = figures(dock)
    assert after != before
    dock.canvas.setFocus()
    for left in (3, 2, 1, 0):
        QTest.keyClick(dock.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert dock.session.changes == changes[:left]
    assert figures(dock) == before
    assert not dock.panel.undo.isEnabled()
    for _ in range(4):
        dock.panel.redo.click()
    assert (dock.session.changes, figures(dock)) == (changes, after)


def test_a_closed_offer_opens_again_and_a_new_one_goes_without_a_trace(dock):
    name, x, y = offer(dock, 2)
    before = figures(dock)
    dock.panel.tool_close.click()
    click(dock, x, y)
    assert figures(dock)["Offers"] == ("77", "76", "−1")
    dock.panel.tool_open.click()
    click(dock, x, y)
    assert [change.kind for change in dock.session.changes] == ["close", "open"]
    assert figures(dock) == before
    click(dock, *FAR)
    dock.panel.tool_close.click()
    click(dock, *FAR)
    assert len(dock.session.changes) == 2
    click(dock, *FAR)
    assert [item.text() for item in dock.panel.bar.items()] == ["There is no offer at this place."]
    assert name in set(dock.session.states()["id"])


def test_move_by_two_clicks(dock):
    name, x, y = offer(dock, 3)
    dock.panel.tool_move.click()
    click(dock, x, y)
    assert dock.session.changes == ()
    click(dock, x + 800, y + 800)
    assert [(change.kind, change.offer) for change in dock.session.changes] == [("move", name)]
    assert dock.session.changes[0].x == pytest.approx(x + 800, abs=2 * dock.canvas.mapUnitsPerPixel())


def test_areas_that_change_in_table_and_map(dock):
    from qgis.PyQt.QtCore import Qt

    dock.panel.tool_open.click()
    click(dock, *FAR)
    dock.panel.tabs.setCurrentIndex(1)
    model = dock.panel.areas.model()
    rows = [[model.index(row, c).data() for c in range(4)] for row in range(model.rowCount())]
    gains = [int(row[3].lstrip("+")) for row in rows]
    assert gains == sorted(gains, reverse=True)
    assert min(gains) > 0
    reached = dock.session.result.totals["REACHED"], dock.session.what_if.before.totals["REACHED"]
    layer = dock.map.areas()
    differences = {feature["name"]: feature["unterschied"] for feature in layer.getFeatures()}
    assert {row[0]: int(row[3]) for row in rows} == {name: round(value) for name, value in differences.items()
                                                     if value}
    assert reached[0] > reached[1]
    dock.panel.areas.sortByColumn(3, Qt.SortOrder.AscendingOrder)
    assert model.index(0, 3).data() == f"+{min(gains)}"
    dock.panel.areas.selectRow(0)
    assert [feature["name"] for feature in layer.selectedFeatures()] == [model.index(0, 0).data()]
    titles = [rule.label() for rule in layer.renderer().rootRule().children()]
    assert titles[2] == "no change"
    assert len(titles) == 5


def test_offers_in_the_map_say_what_became_of_them(dock):
    change_four(dock)
    states = [feature["zustand"] for feature in dock.map.offers().getFeatures()]
    assert {state: states.count(state) for state in set(states)} == {
        "new": 1, "closed": 1, "moved": 1, "resized": 1, "unchanged": 74}


def test_proposed_sites_are_one_step(dock):
    before = dock.session.what_if.before.totals["REACHED"]
    dock.panel.propose_count.setValue(2)
    dock.panel.propose.click()
    wait_for(lambda: not dock.session.is_busy() and dock.session.changes, 60)
    assert [change.offer for change in dock.session.changes] == ["neu-1", "neu-2"]
    gain = dock.session.result.areas["reached_1"].sum() - dock.session.what_if.before.areas["reached_1"].sum()
    dock.session.replace(())
    dock.panel.tool_open.click()
    click(dock, *FAR)
    one = dock.session.result.areas["reached_1"].sum() - dock.session.what_if.before.areas["reached_1"].sum()
    assert gain > one > 0
    assert dock.session.result.totals["REACHED"] >= before
    dock.session.undo()
    dock.session.undo()
    assert len(dock.session.changes) == 2
    dock.session.undo()
    assert dock.session.changes == ()


def test_changes_are_kept_in_a_file(dock, tmp_path):
    changes = change_four(dock)
    shown = figures(dock)
    dock.files.save_file(str(tmp_path / "varianten.json"))
    dock.panel.discard.click()
    assert dock.session.changes == ()
    dock.files.load_file(str(tmp_path / "varianten.json"))
    assert ([repr(change) for change in dock.session.changes], figures(dock)) == ([repr(each) for each in changes],
                                                                                 shown)
    (tmp_path / "fremd.json").write_text('[{"kind": "close", "offer": "gibt es nicht"}]', encoding="utf-8")
    dock.files.load_file(str(tmp_path / "fremd.json"))
    assert "is not in the list" in dock.panel.bar.items()[0].text()
    assert figures(dock) == shown
    (tmp_path / "bild.json").write_bytes(b"\xff\xfe\x00\x9c")
    dock.files.load_file(str(tmp_path / "bild.json"))
    assert dock.panel.bar.items()[0].text() == f"“{tmp_path / 'bild.json'}” is no text."
    dock.panel.changes.setCurrentRow(0)
    dock.panel.remove.click()
    assert [change.kind for change in dock.session.changes] == ["close", "move", "resize"]


def test_nothing_is_written_before_it_is_applied(dock, new_project):
    from teilhabe.bridge.project import provenance_of

    layers = set(new_project.mapLayers())
    change_four(dock)
    assert set(new_project.mapLayers()) == layers
    reached = dock.session.result.totals["REACHED"]
    dock.panel.apply.click()
    wait_for(lambda: dock.run is None, 120)
    assert [item.text() for item in dock.panel.bar.items()] == ["The result is a new layer in the project."]
    made = [layer for key, layer in new_project.mapLayers().items() if key not in layers]
    areas = next(layer for layer in made if layer.fields().lookupField("gebiet_nr") >= 0)
    assert provenance_of(areas)["algorithm"] == "teilhabe:supplyscenario"
    after = next(name for name in areas.fields().names() if "erreicht_500" in name and "nach" in name)
    assert sum(column(areas, after)) == pytest.approx(reached)
    assert dock.session.changes  # goes on from where it was


def test_computed_in_less_than_200_milliseconds(dock):
    changes = change_four(dock)
    what_if, times = dock.session.what_if, []
    assert len(what_if.base.case.demand) > 15_000
    for _ in range(5):
        started = time.perf_counter()
        what_if.after(changes)
        times.append(time.perf_counter() - started)
    assert min(times) < 0.2, times


def test_along_a_network_from_the_background(new_project, iface, provider):
    layers = city(new_project)
    measured(layers, WAYS=2, NETWORK=layers["streets"].id())
    dock = open_dock(iface)
    told = []
    dock.session.busy.connect(told.append)
    dock.session.open_offer(*FAR, 80.0)
    assert dock.session.is_busy()
    assert told == ["Looking for ways in the network …"]
    assert not dock.panel.tool_open.isEnabled() or dock.session.changes == ()
    wait_for(lambda: not dock.session.is_busy(), 60)
    gain = dock.session.result.totals["REACHED"] - dock.session.what_if.before.totals["REACHED"]
    assert gain > 0
    dock.session.undo()
    dock.session.redo()  # ways from a known place need no waiting
    assert not dock.session.is_busy()
    assert dock.session.result.totals["REACHED"] - dock.session.what_if.before.totals["REACHED"] == gain
    dock.close()
    dock.deleteLater()
    settle(50)


def test_closing_leaves_the_project_as_it_was(dock, new_project, iface):
    result = new_project.layerTreeRoot().findLayer(dock.sample_result)
    assert not result.itemVisibilityChecked()
    dock.panel.tool_open.click()
    click(dock, *FAR)
    assert iface.canvas.mapTool() is dock.mouse.tool
    dock.close()
    settle(50)
    assert iface.canvas.mapTool() is not dock.mouse.tool
    assert result.itemVisibilityChecked()
    assert not new_project.mapLayersByName("What if: offers")


def test_layers_and_project_may_go(dock, new_project):
    change_four(dock)
    new_project.removeMapLayer(dock.map.areas_id)
    dock.panel.undo.click()
    assert dock.map.areas() is None
    new_project.removeMapLayer(dock.map.offers_id)
    new_project.removeMapLayer(dock.sample["streets"].id())
    dock.panel.undo.click()
    new_project.removeMapLayer(dock.sample_result)
    settle(300)
    assert dock.session.result is None
    assert "Compute the supply first" in dock.panel.about.text()
    new_project.clear()
    settle(300)
    assert not dock.panel.tool_open.isEnabled()


def test_inputs_that_are_gone_are_named(new_project, iface, provider):
    layers = city(new_project)
    measured(layers)
    new_project.removeMapLayer(layers["homes"].id())
    from teilhabe.gui.what_if_dock import WhatIfDock

    dock = WhatIfDock(iface)
    assert "adressen" in dock.panel.bar.items()[0].text()
    assert dock.session.result is None
    dock.close()
    dock.deleteLater()
    settle(50)


def test_project_without_supply(new_project, iface, provider):
    from teilhabe.gui.what_if_dock import WhatIfDock

    dock = WhatIfDock(iface)
    assert "Compute the supply first" in dock.panel.about.text()
    layers = city(new_project)
    measured(layers)
    wait_for(lambda: dock.session.result is not None)
    dock.close()
    dock.deleteLater()
    settle(50)


def test_german_fits_and_is_complete(german, dock):
    change_four(dock)
    for page in range(3):
        dock.panel.tabs.setCurrentIndex(page)
        settle(30)
        assert english_left(dock) == []
        assert cut_texts(dock) == []
    assert dock.windowTitle() == "Teilhabe: Was wäre, wenn"
    assert dock.minimumSizeHint().width() <= 480  # letters are wider here than in a window
    assert dock.panel.minimumSizeHint().height() <= 480
    assert figures(dock)["Angebote"] == ("77", "77", "0")
