"""The dialogs: from widgets to the registered algorithm and back, in German and with errors."""
import csv

import pytest

from .dialog_helpers import (
    ROWS,
    cut_texts,
    english_left,
    indicator_layer,
    messages,
    recipe_file,
    run,
    settle,
    wait_for,
)


@pytest.fixture(autouse=True)
def clean_settings(qgis_app, iface):
    from qgis.core import QgsSettings

    for group in ("teilhabe", "Windows"):
        QgsSettings().remove(group)
    iface.bar.clearWidgets()


@pytest.fixture
def opened(iface, provider, new_project):
    """Return a function that opens a dialog; it is closed after the test."""
    from qgis.PyQt.QtCore import QCoreApplication, QEvent

    made = []

    def open_dialog(name):
        from importlib import import_module

        dialog = getattr(import_module(f"teilhabe.gui.{name}_dialog"), f"{name.title()}Dialog")(iface)
        made.append(dialog)
        dialog.show()
        settle()
        return dialog

    yield open_dialog
    for dialog in made:
        dialog.close()
        dialog.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def computed(opened, new_project, tmp_path):
    """Return an index layer made through the dialog."""
    indicator_layer(new_project)
    dialog = opened("compute")
    dialog.use_file(recipe_file(tmp_path))
    run(dialog)
    assert messages(dialog.frame.bar)
    dialog.close()
    return new_project.mapLayersByName("Testindex")[0]


# look

@pytest.mark.parametrize("name", ["compute", "style", "print"])
def test_empty_project_says_what_is_missing(name, opened, german):
    dialog = opened(name)
    assert not dialog.run_button.isEnabled()
    assert dialog.frame.problem.text().startswith("Im Projekt ist kein Polygonlayer.")
    assert messages(dialog.frame.bar) == []


@pytest.mark.parametrize("name", ["compute", "style", "print"])
def test_window_in_german(name, opened, german, computed, tmp_path):
    dialog = opened(name)
    if name == "compute":
        dialog.use_file(recipe_file(tmp_path))
        settle()
    assert (dialog.width() <= 1000, dialog.height() <= 580) == (True, True)
    assert dialog.minimumSizeHint().width() <= 1000
    assert dialog.minimumSizeHint().height() <= 580
    assert not dialog.isModal()
    assert dialog.run_button.text() == "Ausführen"
    assert english_left(dialog) == []
    assert cut_texts(dialog) == []
    assert not dialog.frame.scroll.verticalScrollBar().isVisible()
    assert not dialog.frame.scroll.horizontalScrollBar().isVisible()


@pytest.mark.parametrize("name", ["compute", "style", "print"])
def test_long_names_do_not_widen_the_window(name, opened, computed, new_project):
    long = "Ein Name, wie ihn Fachverfahren ausgeben, mit Stichtag, Rechtskreis und Altersgruppe " * 3
    for layer in new_project.mapLayers().values():
        layer.setName(long)
        for column in range(layer.fields().count()):
            layer.setFieldAlias(column, long)
    dialog = opened(name)
    if name == "style":
        dialog.form.class_set.setCurrentIndex(dialog.form.class_set.count() - 1)
        settle()
    assert dialog.width() <= 1000
    assert not dialog.frame.scroll.horizontalScrollBar().isVisible()


@pytest.mark.parametrize("name", ["compute", "style", "print"])
def test_enter_starts_the_run_and_never_closes_the_window(name, opened, computed):
    from qgis.PyQt.QtWidgets import QDialogButtonBox, QPushButton

    dialog = opened(name)
    box = dialog.findChild(QDialogButtonBox)
    assert {button.objectName(): button.autoDefault() for button in box.findChildren(QPushButton)} == {
        "run": True, "close": False, "help": False}
    assert dialog.run_button.isDefault()


def test_keyboard_goes_on_with_the_next_step(opened, new_project, tmp_path, iface):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest
    from qgis.PyQt.QtWidgets import QAction

    step = QAction("Print map …", iface.mainWindow())
    step.setObjectName("teilhabe_print")
    indicator_layer(new_project)
    dialog = opened("compute")
    dialog.use_file(recipe_file(tmp_path))
    run(dialog)
    assert dialog.focusWidget().text() == "Next: Print map …"
    gone_on = []
    step.triggered.connect(gone_on.append)
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    assert gone_on == [False]
    assert not dialog.is_running()
    step.setParent(None)
    step.deleteLater()


def test_group_of_the_results_is_open(provider, new_project):
    from qgis.core import QgsLayerTree, QgsLayerTreeModel
    from qgis.gui import QgsLayerTreeView
    from teilhabe.gui.result_layers import _place

    root, view = QgsLayerTree(), QgsLayerTreeView()
    model = QgsLayerTreeModel(root, view)
    view.setModel(model)
    group = root.insertGroup(0, "Teilhabe")  # empty: the panel shows it closed
    settle(50)
    _place(group, indicator_layer(new_project))
    settle(50)
    assert view.isExpanded(view.model().index(0, 0))
    view.deleteLater()
    settle(50)


def test_maps_go_into_a_folder_that_is_there(opened, computed, monkeypatch, tmp_path):
    from qgis.PyQt.QtCore import QStandardPaths
    from teilhabe.gui import print_dialog

    places = {QStandardPaths.StandardLocation.DocumentsLocation: [str(tmp_path / "Dokumente")],
              QStandardPaths.StandardLocation.HomeLocation: [str(tmp_path)]}
    monkeypatch.setattr(print_dialog, "QStandardPaths", type("Places", (), {
        "StandardLocation": QStandardPaths.StandardLocation, "standardLocations": staticmethod(places.get)}))
    assert opened("print").form.folder.filePath() == str(tmp_path)
    (tmp_path / "Dokumente").mkdir()
    assert print_dialog.default_folder() == str(tmp_path / "Dokumente")


def test_run_is_in_the_history_of_processing(opened, new_project, tmp_path, monkeypatch):
    from teilhabe.gui import task_runner

    added = []
    real = task_runner.add_to_history
    monkeypatch.setattr(task_runner, "add_to_history", lambda *run: (added.append(run), real(*run)))
    indicator_layer(new_project)
    dialog = opened("compute")
    dialog.use_file(recipe_file(tmp_path))
    run(dialog)
    [(algorithm, parameters, context)] = added
    command = algorithm.asPythonCommand(parameters, context)
    assert command.startswith("processing.run(\"teilhabe:computeindex\", {")
    assert "field=a_2024:double" in command and "rezept.json" in command
    from qgis.gui import QgsGui

    if not hasattr(QgsGui, "historyProviderRegistry"):
        from processing.core.ProcessingLog import ProcessingLog

        assert ProcessingLog.getLogEntries()[-1].text.startswith(command[:60])
    else:
        entries = QgsGui.historyProviderRegistry().queryEntries(providerId="processing")
        assert entries[-1].entry["algorithm_id"] == "teilhabe:computeindex"


@pytest.mark.parametrize(("name", "stops"), [
    ("compute", ["layer", "recipe", "with_values", "replace", "tree", "run", "close", "help"]),
    ("style", ["layer", "class_set", "labels", "legend", "run", "close", "help"]),
    ("print", ["layer", "class_sets", "page", "title", "source", "pdf", "open_layout", "run", "close", "help"])])
def test_tab_key_goes_through_the_form_and_then_to_the_buttons(name, stops, opened, computed):
    dialog = opened(name)
    if name == "compute":
        dialog.use_file(dialog.recent()[0])
        settle()
    dialog.form.layer.setFocus()
    visited = ["layer"]
    for _ in range(60):
        dialog.focusNextChild()
        visited.append(dialog.focusWidget().objectName())
        if visited[-1] == "layer":
            break
    assert visited[-1] == "layer"
    assert [each for each in visited[:-1] if each in stops] == stops


@pytest.mark.parametrize(("dpi", "screen", "expected"), [
    (96, (1600, 1000), (1000, 580)), (120, (1366, 768), (1250, 691)), (120, (1100, 700), (1067, 630)),
    (72, (1600, 1000), (1000, 580)), (100, (1600, 1000), (1000, 580)), (120, (800, 600), (1000, 580))])
def test_window_grows_with_the_letters_but_not_beyond_the_screen(qgis_app, dpi, screen, expected):
    from qgis.PyQt.QtCore import QSize
    from teilhabe.gui.base_dialog import first_size

    size = first_size((1000, 580), dpi, QSize(*screen))
    assert (size.width(), size.height()) == expected


def test_the_look_for_foreign_and_cut_texts_finds_them(opened, computed):
    from qgis.PyQt.QtWidgets import QPushButton

    dialog = opened("compute")  # in English
    assert ("QPushButton", "run", "Run") in english_left(dialog)
    button = QPushButton("far too long for its place", dialog)
    button.resize(20, 20)
    button.show()
    assert [each[1] for each in cut_texts(dialog)] == ["far too long for its place"]


# compute

def test_compute_runs_the_algorithm_and_loads_the_layer(opened, new_project, german, tmp_path):
    from teilhabe.bridge.project import provenance_of, role_of

    indicator_layer(new_project)
    dialog = opened("compute")
    dialog.use_file(recipe_file(tmp_path))
    run(dialog)
    assert messages(dialog.frame.bar) == [
        "Gebiete mit Klasse: 4; vom Rezept ausgeschlossen: 1; ohne Klasse wegen fehlender Daten: 0."]
    group = new_project.layerTreeRoot().findGroup("Teilhabe")
    assert [child.name() for child in group.children()] == ["Testindex"]
    layer = group.findLayers()[0].layer()
    assert role_of(layer) == "index"
    assert provenance_of(layer)["year"] == 2024
    assert layer.renderer().type() == "RuleRenderer"
    classes = {feature["key"]: feature["lage_klasse"] for feature in layer.getFeatures()}
    # 2·z(a) − z(b): a 10, 30, 20, 40 and b 50, 40, 60, 20; area 03 is left out
    assert {key: value for key, value in classes.items() if key != "03"} == {"01": 1, "02": 2, "04": 1, "05": 2}
    assert "Soziale Lage: gut 2, schlecht 2" in dialog.frame.log.toPlainText()


def test_compute_shows_what_the_recipe_needs_before_the_run(opened, new_project, german, tmp_path):
    layer = indicator_layer(new_project)
    dialog = opened("compute")
    dialog.use_file(recipe_file(tmp_path))
    wait_for(lambda: "Gebiet" in dialog.form.exclusions.text())
    assert "unter 300 Einwohner (1 Gebiet)" in dialog.form.exclusions.text()
    assert "<b>Testindex</b> Version 2.1" in dialog.form.about.text()
    root = dialog.form.tree.topLevelItem(0)
    assert [root.child(i).text(2) for i in range(2)] == ["✓ a_2024", "✓ b_2024"]
    assert [root.child(i).text(1) for i in range(2)] == ["2", "1"]
    assert [dialog.form.year.itemText(i) for i in range(dialog.form.year.count())] == ["2025", "2024"]

    layer.dataProvider().deleteAttributes([layer.fields().lookupField("b_2024"), layer.fields().lookupField("b_2025")])
    layer.updateFields()
    dialog.load_recipe()
    assert not dialog.run_button.isEnabled()
    assert dialog.frame.problem.text() == (
        "Dem Layer fehlen Spalten des Rezepts: 1 (b_2024). Binden Sie zuerst die Tabellen an oder wählen Sie einen "
        "anderen Layer oder ein anderes Rezept.")
    assert dialog.form.tree.topLevelItem(0).child(1).text(2) == "✗ b_2024 fehlt"


def test_year_goes_into_the_run(opened, new_project, tmp_path):
    from teilhabe.bridge.project import provenance_of

    indicator_layer(new_project)
    dialog = opened("compute")
    dialog.use_file(recipe_file(tmp_path))
    dialog.form.year.setCurrentIndex(dialog.form.year.findData(2025))
    assert dialog.parameters()["YEAR"] == 2025
    run(dialog)
    assert provenance_of(new_project.mapLayersByName("Testindex")[0])["year"] == 2025


def test_recipe_without_year_gets_none(opened, new_project, tmp_path):
    indicator_layer(new_project)
    dialog = opened("compute")
    dialog.use_file(recipe_file(tmp_path, indicators=[{"id": "a", "title": "A", "column": "a_2024"},
                                                      {"id": "b", "title": "B", "column": "b_2024"}]))
    assert "YEAR" not in dialog.parameters()
    assert not dialog.form.year.isVisible()


def test_recipe_that_fits_the_layer_is_offered_first(opened, new_project):
    names = ["PLR_ID", "PLR_NAME", "KOM", "EW", "S1", "S3", "S4", "D1", "D3", "D4"]
    indicator_layer(new_project, [], [f"{name}:string" for name in names])
    assert opened("compute").form.recipe.currentData() == "berlin_mss_2021.json"
    new_project.clear()
    indicator_layer(new_project, [], ["gebiet_nr:string", "gebiet_name:string", "einwohner:integer",
                                      "k1_1_2025:double"])
    assert opened("compute").form.recipe.currentData() == "musterstadt_partizipationsindex.json"


def test_open_dialog_takes_the_layer_that_comes(opened, new_project):
    indicator_layer(new_project, name="Erste")
    indicator_layer(new_project, name="Andere", role="")
    dialog = opened("compute")
    assert dialog.form.layer.currentLayer().name() == "Erste"
    new_project.removeMapLayer(new_project.mapLayersByName("Erste")[0].id())
    indicator_layer(new_project, name="Zweite")
    settle()
    assert dialog.form.layer.currentLayer().name() == "Zweite"


def test_open_dialog_takes_the_result_that_comes(opened, new_project, tmp_path):
    indicator_layer(new_project)
    style = opened("style")
    assert style.form.layer.currentLayer().name() == "Indikatoren"
    dialog = opened("compute")
    dialog.use_file(recipe_file(tmp_path))
    run(dialog)
    settle()
    assert style.form.layer.currentLayer().name() == "Testindex"
    assert dialog.form.layer.currentLayer().name() == "Indikatoren"


def test_faulty_recipe_is_told_in_words(opened, new_project, german, tmp_path):
    indicator_layer(new_project)
    path = tmp_path / "kaputt.json"
    path.write_text('{"format": "teilhabe-recipe/1", ', encoding="utf-8")
    dialog = opened("compute")
    dialog.use_file(str(path))
    assert "kaputt.json" in dialog.frame.problem.text()
    assert not dialog.run_button.isEnabled()


def test_error_is_told_once_and_the_earlier_result_stays(computed, opened, iface, new_project, german, tmp_path):
    rows = [("01", *ROWS[0][1:]), ("01", *ROWS[1][1:]), *ROWS[2:]]
    before = [feature.attributes() for feature in computed.getFeatures()]
    twice = indicator_layer(new_project, rows, name="Doppelt")
    dialog = opened("compute")
    dialog.form.layer.setLayer(twice)
    dialog.use_file(recipe_file(tmp_path))
    dialog.form.replace.setChecked(True)
    run(dialog)
    found = messages(dialog.frame.bar)
    assert len(found) == 1
    assert "Doppelt" in found[0]
    assert "„key“" in found[0]
    assert dialog.frame.bar.currentItem().level() == 2  # critical
    assert messages(iface.bar) == []
    assert [feature.attributes() for feature in computed.getFeatures()] == before
    assert len(new_project.mapLayersByName("Testindex")) == 1
    assert dialog.run_button.isEnabled()


@pytest.mark.parametrize(("replace", "count"), [(False, 2), (True, 1)])
def test_earlier_result_gives_way_only_when_asked(replace, count, computed, opened, new_project, tmp_path):
    dialog = opened("compute")
    dialog.form.layer.setLayer(new_project.mapLayersByName("Indikatoren")[0])
    dialog.use_file(recipe_file(tmp_path))
    dialog.form.replace.setChecked(replace)
    earlier = computed.id()
    run(dialog)
    assert len(new_project.mapLayersByName("Testindex")) == count
    assert (new_project.mapLayer(earlier) is None) is replace


def test_long_table_comes_along(opened, new_project, tmp_path):
    from teilhabe.bridge.project import layers_with_role

    indicator_layer(new_project)
    dialog = opened("compute")
    dialog.use_file(recipe_file(tmp_path))
    dialog.form.with_values.setChecked(True)
    run(dialog)
    values = layers_with_role(new_project, "values")
    assert len(values) == 1
    assert not values[0].isSpatial()
    assert values[0].featureCount() > 0
    # the map on top, the table below it
    group = new_project.layerTreeRoot().findGroup("Teilhabe")
    assert [node.layer().isSpatial() for node in group.findLayers()] == [True, False]


def test_result_in_a_file_keeps_its_place(opened, new_project, tmp_path):
    indicator_layer(new_project)
    dialog = opened("compute")
    dialog.use_file(recipe_file(tmp_path))
    target = tmp_path / "ergebnis.gpkg"
    dialog.output.set_value(str(target))
    for _ in range(2):  # the second run writes the same file anew
        run(dialog)
        assert len(messages(dialog.frame.bar)) == 1
        found = [layer for layer in new_project.mapLayers().values() if str(target) in layer.source()]
        assert [layer.featureCount() for layer in found] == [5]


def test_last_inputs_are_remembered(opened, new_project, tmp_path):
    indicator_layer(new_project)
    first = opened("compute")
    path = recipe_file(tmp_path)
    first.use_file(path)
    first.form.replace.setChecked(True)
    first.form.keep_fields.setChecked(True)
    run(first)
    first.close()
    second = opened("compute")
    assert (second.form.replace.isChecked(), second.form.keep_fields.isChecked()) == (True, True)
    assert second.form.recipe.currentData() == path


def test_settings_cannot_be_changed(opened, new_project):
    from dataclasses import FrozenInstanceError

    indicator_layer(new_project)
    for name in ("compute", "style", "print"):
        settings = opened(name).settings()
        with pytest.raises(FrozenInstanceError):
            settings.layer = "x"


# style

def test_style_shows_the_legend_and_brings_the_style_before_back(computed, opened, german):
    from qgis.core import QgsProject

    QgsProject.instance().setDirty(False)
    dialog = opened("style")
    assert dialog.form.layer.currentLayer().id() == computed.id()
    assert legend(dialog) == ["gut (≤ 0) · 2", "schlecht (> 0) · 2", "ausgeschlossen: unter 300 Einwohner · 1", "k. A."]
    assert dialog.form.total.text() == "n = 5"
    before = labels_of(computed)
    dialog.form.class_set.setCurrentIndex(dialog.form.class_set.findData("bildung"))
    settle()
    assert legend(dialog)[0] == "günstig (≤ 0) · 2"
    run(dialog)
    assert messages(dialog.frame.bar) == ["Der Layer zeigt „Bildungslage“."]
    assert labels_of(computed)[0] == "günstig (≤ 0) · 2"
    assert dialog.form.undo.isEnabled()
    assert QgsProject.instance().isDirty()
    QgsProject.instance().setDirty(False)
    dialog.form.undo.click()
    assert labels_of(computed) == before
    assert dialog.form.class_set.currentText() == "Soziale Lage"
    assert not dialog.form.undo.isEnabled()
    assert QgsProject.instance().isDirty()


def test_style_by_a_field(opened, new_project, german):
    layer = indicator_layer(new_project, [("01", 1, "gut"), ("02", 2, "schlecht"), ("03", 2, "schlecht")],
                            ("key:string", "stufe_klasse:integer", "stufe:string"), role="")
    dialog = opened("style")
    assert dialog.form.field_group.isVisible()
    assert dialog.form.class_field.currentField() == "stufe_klasse"
    dialog.form.name_field.setField("stufe")
    settle()
    assert legend(dialog)[:2] == ["gut · 1", "schlecht · 2"]
    run(dialog)
    assert len(messages(dialog.frame.bar)) == 1
    assert labels_of(layer)[:2] == ["gut · 1", "schlecht · 2"]


def legend(dialog):
    return [dialog.form.legend.item(i).text() for i in range(dialog.form.legend.count())]


def labels_of(layer):
    return [rule.label() for rule in layer.renderer().rootRule().children()]


# print

def test_one_map_for_each_index(computed, opened, new_project, iface, german, tmp_path):
    from qgis.PyQt.QtCore import Qt

    dialog = opened("print")
    form = dialog.form
    assert form.title.text() == "Soziale Lage"
    assert (form.subtitle.text(), form.source.text(), form.reference_date.text(), form.method.text()) == (
        "Testindex", "Stadt Test", "31.12.2025", "Mittel der z-Werte")
    form.folder.setFilePath(str(tmp_path))
    form.png.setChecked(True)
    form.dpi.setValue(72)
    form.class_sets.item(1).setCheckState(Qt.CheckState.Checked)
    assert not form.title.isEnabled()
    form.open_layout.setChecked(True)
    run(dialog, 120)
    assert messages(dialog.frame.bar) == ["2 Karten sind fertig; ihre Layouts lassen sich bearbeiten."]
    names = sorted(layout.name() for layout in new_project.layoutManager().printLayouts())
    assert names == ["Bildungslage", "Soziale Lage"]
    files = sorted(path.name for path in tmp_path.iterdir() if path.suffix in (".pdf", ".png"))
    assert files == ["bildungslage.pdf", "bildungslage.png", "soziale_lage.pdf", "soziale_lage.png"]
    assert iface.opened_layout.name() == "Soziale Lage"
    assert "Gleichnamige Dateien und Layouts werden ersetzt." in form.files.text()


def test_own_title_stays(computed, opened, tmp_path):
    dialog = opened("print")
    dialog.form.folder.setFilePath(str(tmp_path))
    dialog.form.title.setText("Lage der Stadt: „Süd“/West")
    parameters = dialog.parameters()
    assert parameters["TITLE"] == parameters["LAYOUT_NAME"] == "Lage der Stadt: „Süd“/West"
    assert parameters["OUTPUT_PDF"] == str(tmp_path / "lage_der_stadt_sued_west.pdf")
    assert "OUTPUT_PNG" not in parameters


def test_folder_that_is_not_there(computed, opened, german, tmp_path):
    dialog = opened("print")
    dialog.form.folder.setFilePath(str(tmp_path / "weg"))
    assert dialog.frame.problem.text() == (
        f"Der Ordner {tmp_path / 'weg'} ist nicht vorhanden. Legen Sie ihn an oder wählen Sie einen anderen.")
    assert not dialog.run_button.isEnabled()
    dialog.form.pdf.setChecked(False)
    assert dialog.run_button.isEnabled()  # a layout needs no folder


# the published figures, once more through the dialogs

def test_berlin_through_the_dialogs(opened, new_project, berlin, german, tmp_path):
    from qgis.PyQt.QtCore import Qt

    berlin_indicators(new_project, berlin)
    dialog = opened("compute")
    assert dialog.form.recipe.currentData() == "berlin_mss_2021.json"
    wait_for(lambda: "Gebiet" in dialog.form.exclusions.text())
    assert "weniger als 300 Einwohner (5 Gebiete) · Ausreißer (1 Gebiet)" in dialog.form.exclusions.text()
    run(dialog)
    assert messages(dialog.frame.bar) == [
        "Gebiete mit Klasse: 536; vom Rezept ausgeschlossen: 6; ohne Klasse wegen fehlender Daten: 0."]
    style = opened("style")
    assert legend(style)[:4] == ["hoch (≤ −1) · 75", "mittel (> −1 bis 1) · 366", "niedrig (> 1 bis 1,5) · 46",
                                 "sehr niedrig (> 1,5) · 49"]
    style.form.class_set.setCurrentIndex(1)
    settle()
    assert legend(style)[:3] == ["positiv (≤ −1) · 48", "stabil (> −1 bis 1) · 436", "negativ (> 1) · 52"]
    layer = style.form.layer.currentLayer()
    assert published_classes(berlin) == {
        feature["PLR_ID"]: (feature["status_klasse"], feature["dynamik_klasse"])
        for feature in layer.getFeatures() if not feature["ausschluss"]
    }
    printed = opened("print")
    printed.form.class_sets.item(1).setCheckState(Qt.CheckState.Checked)
    printed.form.folder.setFilePath(str(tmp_path))
    run(printed, 120)
    assert sorted(path.name for path in tmp_path.glob("*.pdf")) == ["dynamik_index.pdf", "status_index.pdf"]


def berlin_indicators(project, folder):
    """Put the published indicators on the published areas."""
    from qgis.core import QgsFeature, QgsVectorLayer
    from teilhabe.bridge.project import set_role

    numbers = ("EW", "S1", "S3", "S4", "D1", "D3", "D4")
    with open(folder / "mss_2021_index_indikatoren.csv", encoding="utf-8-sig", newline="") as file:
        table = {row["PLR_ID"]: row for row in csv.DictReader(file)}
    areas = QgsVectorLayer(f"{folder / 'planungsraeume_2021.gpkg'}|layername=planungsraeume_2021", "Berlin", "ogr")
    if not areas.isValid():
        areas = QgsVectorLayer(str(folder / "planungsraeume_2021.gpkg"), "Berlin", "ogr")
    fields = ["PLR_ID:string", "PLR_NAME:string", "KOM:string", *(f"{name}:double" for name in numbers)]
    layer = QgsVectorLayer("Polygon?crs=EPSG:25833&" + "&".join(f"field={each}" for each in fields), "Berlin", "memory")
    features = []
    for area in areas.getFeatures():
        row = table[area["PLR_ID"]]
        feature = QgsFeature(layer.fields())
        feature.setGeometry(area.geometry())
        feature.setAttributes([row["PLR_ID"], row["PLR_NAME"], row["KOM"],
                               *(float(row[name]) if row[name] else None for name in numbers)])
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    layer.updateExtents()
    set_role(layer, "indicators")
    project.addMapLayer(layer)


def published_classes(folder):
    """Return status and dynamics class of every valid area as published."""
    with open(folder / "mss_2021_indizes.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["PLR_ID"]: (int(row["SI_N"]), int(row["DI_N"])) for row in rows if row["SI_N"].isdigit()}


