"""The panel with the steps: states in words, out-of-date results, the sample city, letting go of the project."""
import pytest

from .dialog_helpers import cut_texts, english_left, indicator_layer, recipe_file, settle, wait_for


@pytest.fixture
def clicked():
    return []


@pytest.fixture
def dock(iface, provider, new_project, clicked):
    from qgis.PyQt.QtCore import QCoreApplication, QEvent
    from teilhabe.gui.steps_dock import StepsDock

    dock = StepsDock(iface, clicked.append)
    dock.setFloating(True)
    dock.resize(280, 640)
    dock.show()
    settle()
    yield dock
    dock.disconnect_project()
    dock.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def states(dock):
    return {name: row.sign.toolTip() for name, row in dock.rows.items()}


def compute(layer, folder, project):
    """Compute the test recipe and add the result as a dialog would."""
    from teilhabe.gui.task_runner import Job, Run

    ended = []
    run = Run([Job("teilhabe:computeindex", {
        "INPUT": layer.id(), "RECIPE": recipe_file(folder), "OUTPUT": str(folder / "index.gpkg")})])
    run.done.connect(ended.append)
    run.start()
    wait_for(lambda: ended)
    assert ended[0].ok, ended[0].error
    return project.mapLayer(ended[0].layers[0])


def test_five_steps_to_do(german, dock):
    assert states(dock) == dict.fromkeys(("areas", "join", "compute", "style", "print"), "offen")
    assert dock.rows["areas"].heading.text() == "<b>1 Gebiete wählen</b>"
    assert dock.rows["print"].heading.text() == "<b>5 Karte drucken</b>"
    assert dock.objectName() == "teilhabeSteps"


def test_fits_280_pixels_in_german(german, dock, new_project, tmp_path):
    compute(indicator_layer(new_project), tmp_path, new_project)
    settle()
    assert dock.width() == 280
    assert dock.panel.widget().minimumSizeHint().width() <= 280
    assert english_left(dock) == []
    assert cut_texts(dock.panel) == []


def test_buttons_open_the_dialogs(dock, clicked):
    from qgis.PyQt.QtWidgets import QPushButton

    for name in ("join", "compute", "style", "print"):
        dock.buttons[name].click()
    dock.panel.findChild(QPushButton, "open_workshop").click()
    assert clicked == ["join", "compute", "style", "print", "workshop"]


def test_chosen_layer_gets_the_role_and_no_other(german, dock, new_project):
    from teilhabe.bridge.project import layers_with_role

    first = indicator_layer(new_project, name="Alt", role="")
    second = indicator_layer(new_project, name="Neu", role="")
    dock.areas.setLayer(first)
    dock.areas.setLayer(second)
    settle()
    assert [layer.name() for layer in layers_with_role(new_project, "areas")] == ["Neu"]
    assert dock.rows["areas"].state.text() == "5 Gebiete"
    assert states(dock)["areas"] == "erledigt"
    dock.areas.setLayer(None)
    settle()
    assert layers_with_role(new_project, "areas") == []


def test_states_follow_the_project(german, dock, new_project, tmp_path):
    from datetime import date

    layer = indicator_layer(new_project)
    settle()
    assert states(dock) == {"areas": "erledigt", "join": "erledigt", "compute": "offen", "style": "offen",
                            "print": "offen"}
    result = compute(layer, tmp_path, new_project)
    settle()
    assert states(dock) == {"areas": "erledigt", "join": "erledigt", "compute": "erledigt", "style": "erledigt",
                            "print": "offen"}
    assert dock.rows["compute"].state.text() == f"Testindex 2024 ({date.today():%d.%m.%Y})"
    assert dock.rows["style"].state.text() == "Die Karte zeigt „Soziale Lage“."
    assert dock.buttons["print"].font().bold()
    new_project.removeMapLayer(result.id())
    settle()
    assert states(dock)["compute"] == "offen"
    new_project.clear()
    settle()
    assert states(dock)["areas"] == "offen"


def test_another_index_on_the_map_is_told(german, dock, new_project, tmp_path):
    import processing

    result = compute(indicator_layer(new_project), tmp_path, new_project)
    settle()
    assert dock.rows["style"].state.text() == "Die Karte zeigt „Soziale Lage“."
    processing.run("teilhabe:styleclasses", {"INPUT": result, "CLASS_SET": "bildung"})
    settle()
    assert dock.rows["style"].state.text() == "Die Karte zeigt „Bildungslage“."


def test_long_names_do_not_cut_the_panel(german, dock, new_project):
    from teilhabe.bridge.project import set_provenance

    layer = indicator_layer(new_project)
    set_provenance(layer, {"created": "2025-12-31T12:00:00+00:00", "inputs": [
        {"name": "Gebiete"}, {"file": "schulamt_integration_und_bildung_der_kinder_unter_achtzehn.csv"}]})
    dock.resize(200, 640)
    dock.refresh()
    settle()
    assert dock.panel.widget().width() <= dock.panel.viewport().width()
    assert cut_texts(dock.panel) == []


def test_tables_that_were_joined_are_named(german, dock, new_project):
    from teilhabe.bridge.project import set_provenance

    layer = indicator_layer(new_project)
    set_provenance(layer, {"created": "2025-12-31T12:00:00+00:00", "inputs": [
        {"name": "Gebiete"}, {"name": "soziales", "file": "soziales.xlsx"}, {"name": "Schulen", "file": ""}]})
    dock.refresh()
    assert dock.rows["join"].state.text() == "soziales.xlsx, Schulen (31.12.2025)"


def test_edited_input_makes_the_index_out_of_date_and_undoing_it_up_to_date(german, dock, new_project, tmp_path):
    layer = indicator_layer(new_project)
    result = compute(layer, tmp_path, new_project)
    settle()
    column, area = layer.fields().lookupField("a_2024"), next(layer.getFeatures())
    for value, state in ((99.0, "veraltet"), (area["a_2024"], "erledigt")):
        layer.startEditing()
        layer.changeAttributeValue(area.id(), column, value)
        assert layer.commitChanges()
        wait_for(lambda state=state: states(dock)["compute"] == state, 10)
    assert dock.watch.changed == set()
    assert result.isValid()


def test_column_that_the_recipe_does_not_read_changes_nothing(german, dock, new_project, tmp_path):
    layer = indicator_layer(new_project)
    compute(layer, tmp_path, new_project)
    settle()
    area = next(layer.getFeatures())
    layer.startEditing()
    layer.changeAttributeValue(area.id(), layer.fields().lookupField("a_2025"), 1.5)
    assert layer.commitChanges()
    settle(2500)
    assert states(dock)["compute"] == "erledigt"


def test_later_join_makes_the_index_out_of_date(german, dock, new_project, tmp_path):
    from teilhabe.bridge.project import set_provenance

    compute(indicator_layer(new_project), tmp_path, new_project)
    set_provenance(indicator_layer(new_project, name="Neu"), {"created": "2999-01-01T00:00:00+00:00", "inputs": []})
    settle()
    assert states(dock)["compute"] == "veraltet"
    assert dock.rows["compute"].state.text().endswith(
        "Seither wurden Tabellen neu angebunden: Berechnen Sie den Index neu.")


def test_nothing_is_read_when_a_project_is_opened(dock, new_project, tmp_path, monkeypatch):
    from teilhabe.gui import staleness

    layer = indicator_layer(new_project)
    compute(layer, tmp_path, new_project)
    read = []
    monkeypatch.setattr(staleness, "_is_same", lambda *arguments: read.append(arguments))
    new_project.layersAdded.emit([layer])
    settle(2500)
    assert read == []
    assert dock.watch.watched == {layer.id()}


def test_sample_city(german, dock, new_project, iface):
    from qgis.core import QgsApplication, QgsSettings

    dock.panel.sample.click()
    settle()
    group = new_project.layerTreeRoot().findGroup("Musterstadt")
    assert [child.name() for child in group.children()] == [
        "Bezirke", "Gebiete", "Bahnlinien", "Straßen", "Adressen", "Gewässer", "Grünflächen"]
    assert dock.rows["areas"].state.text() == "40 Gebiete"
    assert dock.areas.currentLayer().name() == "Gebiete"
    # the user's own copy, so that the plugin's folder is not written to
    source = dock.areas.currentLayer().source()
    assert source.startswith(QgsApplication.qgisSettingsDirPath())
    assert QgsSettings().value("teilhabe/join/folder").startswith(QgsApplication.qgisSettingsDirPath())
    assert iface.canvas.extent().intersects(dock.areas.currentLayer().extent())
    dock.panel.sample.click()  # a second time adds nothing
    settle()
    assert len(new_project.mapLayers()) == 7


def test_lets_go_of_the_project(iface, provider, new_project, clicked):
    from teilhabe.gui.steps_dock import StepsDock

    before = {name: new_project.receivers(getattr(new_project, name)) for name in
              ("layersAdded", "layersRemoved", "readProject", "cleared")}
    dock = StepsDock(iface, clicked.append)
    settle()
    dock.disconnect_project()
    dock.areas.setParent(None)  # the combo box follows the project by itself
    indicator_layer(new_project)
    assert not dock.timer.isActive()
    dock.deleteLater()
    dock.areas.deleteLater()
    settle()
    after = {name: new_project.receivers(getattr(new_project, name)) for name in before}
    assert after == before


@pytest.fixture
def joined(iface, provider, new_project, tmp_path):
    """Join a table in the dialog; return its file and the dialog."""
    from qgis.core import QgsSettings
    from teilhabe.gui.join_dialog import JoinDialog

    from .dialog_helpers import run
    from .join_helpers import four_areas

    QgsSettings().remove("teilhabe/join")
    file = tmp_path / "Sozialamt Müller" / "soziales.csv"
    file.parent.mkdir()
    file.write_text("Gebiet;1.1 Kinder (%) 2025\n0101;10,5\n0102;11,5\n0201;12,5\n0202;13,5\n", encoding="utf-8")
    four_areas(new_project)
    dialog = JoinDialog(iface)
    dialog.add_files([file])
    wait_for(lambda: not dialog.is_waiting())
    run(dialog)
    yield file, dialog
    dialog.close()
    dialog.deleteLater()
    settle()
    QgsSettings().remove("teilhabe/join")


def test_changed_table_file_makes_the_join_out_of_date_and_the_old_one_up_to_date(german, joined, dock):
    file, _dialog = joined
    assert states(dock)["join"] == "erledigt"
    before = file.read_text(encoding="utf-8")
    for text, state in ((before.replace("13,5", "23,5"), "veraltet"), (before, "erledigt")):
        new = file.with_name("~neu.csv")  # as Excel does: written beside, renamed into place
        new.write_text(text, encoding="utf-8")
        new.replace(file)
        wait_for(lambda state=state: states(dock)["join"] == state, 10)
    assert dock.watch.changed == set()


def test_file_that_was_only_saved_again_changes_nothing(german, joined, dock):
    import os

    file, _dialog = joined
    os.utime(file, (1, 1))
    settle(2500)
    assert states(dock)["join"] == "erledigt"


def test_table_changed_while_qgis_was_closed_is_noticed(german, joined, iface, clicked, new_project):
    from teilhabe.gui.steps_dock import StepsDock

    file, _dialog = joined
    file.write_text(file.read_text(encoding="utf-8").replace("13,5", "23,5"), encoding="utf-8")
    dock = StepsDock(iface, clicked.append)
    wait_for(lambda: states(dock).get("join") == "veraltet", 10)
    dock.disconnect_project()
    dock.deleteLater()
    settle()


def test_changed_areas_stay_a_reason_when_the_table_is_as_before(german, joined, dock, new_project):
    from teilhabe.bridge.project import INDICATORS, layers_with_role

    result = layers_with_role(new_project, INDICATORS)[0]
    dock.watch.differing = {(result.id(), "the areas")}
    dock.watch.suspects = {str(joined[0])}
    dock.watch.compare()
    assert dock.watch.changed == {result.id()}


def test_path_of_a_table_stays_in_the_profile(joined, new_project):
    from qgis.core import QgsSettings
    from teilhabe.bridge.project import INDICATORS, layers_with_role

    file, _dialog = joined
    layer = layers_with_role(new_project, INDICATORS)[0]
    travelling = str(layer.customProperty("teilhabe/provenance")) + layer.metadata().abstract() + " ".join(
        layer.metadata().history())
    assert "soziales.csv" in travelling
    assert "Müller" not in travelling
    assert str(file) in QgsSettings().value("teilhabe/join/source_files")


def test_join_again_has_the_tables_in_its_list(german, joined, iface, provider, new_project):
    from teilhabe.gui.join_dialog import JoinDialog
    from teilhabe.gui.steps_dock import StepsDock

    file, first = joined
    file.write_text(file.read_text(encoding="utf-8").replace("13,5", "23,5"), encoding="utf-8")
    first.close()
    opened = []
    dock = StepsDock(iface, lambda name: opened.append(JoinDialog(iface)) or opened[-1])
    wait_for(lambda: states(dock).get("join") == "veraltet", 10)
    dock.buttons["join"].click()
    wait_for(lambda: not opened[0].is_waiting())
    assert [table.path for table in opened[0].list.tables] == [str(file)]
    assert opened[0].form.layer.currentLayer().name() == "Gebiete"
    assert opened[0].problem() == ""
    opened[0].close()
    dock.disconnect_project()
    for each in (dock, opened[0]):
        each.deleteLater()
    settle()


def test_long_list_of_known_files_loses_the_oldest(qgis_app, new_project, tmp_path, monkeypatch):
    from qgis.core import QgsSettings
    from teilhabe.bridge.project import set_provenance
    from teilhabe.gui import source_files
    from teilhabe.gui.task_runner import Outcome

    monkeypatch.setattr(source_files, "MOST_FILES", 2)
    QgsSettings().remove(source_files.KEY)
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.csv").write_text(name, encoding="utf-8")
        layer = indicator_layer(new_project)
        record = {"inputs": [{"file": f"{name}.csv", "sha256": name * 64}]}
        set_provenance(layer, record)
        source_files.note(Outcome(True, layers=(layer.id(),)), [str(tmp_path / f"{name}.csv")])
    found = [source_files.known_files({"inputs": [{"file": "x", "sha256": name * 64}]}) for name in ("a", "b", "c")]
    assert [len(each) for each in found] == [0, 1, 1]
    QgsSettings().setValue(source_files.KEY, '{"' + "c" * 64 + '": ["no numbers"]}')
    assert source_files.known_files({"inputs": [{"file": "x", "sha256": "c" * 64}]}) == []
    QgsSettings().remove(source_files.KEY)
