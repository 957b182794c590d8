"""The dialog that joins tables, used as a GIS officer uses it: German window, real files, the registered algorithm."""
import csv

import pytest

from .dialog_helpers import cut_texts, english_left, messages, run, settle, wait_for
from .join_helpers import area_layer, four_areas

CITY_TABLES = ("soziales_sgb2.xlsx", "schulamt_integration_bildung.csv", "gesundheitsamt_faelle.csv",
               "umwelt_wohnen.csv")
PREVIEW, COLUMNS, SIGNS, CHECK = range(4)


@pytest.fixture
def dialog(iface, provider, german, new_project):
    """Return a function that opens the dialog; all are closed after the test and nothing stays remembered."""
    from qgis.core import QgsSettings
    from qgis.PyQt.QtCore import QCoreApplication, QEvent
    from teilhabe.gui.join_dialog import JoinDialog

    opened = []

    def open_dialog(*files):
        opened.append(JoinDialog(iface))
        opened[-1].show()
        opened[-1].add_files(files)
        ready(opened[-1])
        return opened[-1]

    QgsSettings().remove("teilhabe/join")
    iface.bar.clearWidgets()
    yield open_dialog
    for each in opened:
        each.close()
        each.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QgsSettings().remove("teilhabe/join")


@pytest.fixture
def city(new_project):
    """Return the sample city's folder; its areas are in the project."""
    from qgis.core import QgsVectorLayer
    from teilhabe import paths

    folder = paths.sample("musterstadt")
    new_project.addMapLayer(QgsVectorLayer(f"{folder / 'musterstadt.gpkg'}|layername=gebiete", "Gebiete", "ogr"))
    return folder


def ready(window):
    """Wait until every table of the list is read and matched."""
    wait_for(lambda: not window.is_waiting())


def table_file(folder, text, name="sozial.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def said(window, row=0):
    """Return what the list says about a table."""
    return window.form.tables.item(row).text().partition("\n")[2]


def lists(window):
    """Return the lists of the tab “Abgleich”: title → rows of texts."""
    tree, found = window.form.rows, {}
    for top in (tree.topLevelItem(i) for i in range(tree.topLevelItemCount())):
        children = [top.child(i) for i in range(top.childCount())]
        found[top.text(0)] = [tuple(child.text(column) for column in range(4)) for child in children]
    return found


def line(window, beginning):
    """Return the top-level item of a list whose title begins so."""
    tree = window.form.rows
    return next(tree.topLevelItem(i) for i in range(tree.topLevelItemCount())
                if tree.topLevelItem(i).text(0).startswith(beginning))


def tick(item, column=0, on=True):
    from qgis.PyQt.QtCore import Qt

    item.setCheckState(column, Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)


def joined(project, key="key"):
    """Return the newest joined layer as key → field → value."""
    from qgis.core import NULL
    from teilhabe.bridge.project import role_of
    from teilhabe.gui.result_layers import results_group

    layer = results_group(project).findLayers()[0].layer()
    assert role_of(layer) == "indicators", layer.name()
    names = [field.name() for field in layer.fields()]
    return {feature[key]: {name: None if feature[name] == NULL else feature[name] for name in names}
            for feature in layer.getFeatures()}


# the whole way ------------------------------------------------------------------------------------------------------


def test_sample_city_from_four_files_to_the_layer(dialog, city, new_project, monkeypatch, tmp_path):
    from openpyxl import load_workbook
    from qgis.PyQt.QtGui import QDesktopServices
    from qgis.PyQt.QtWidgets import QPushButton

    window = dialog(*(city / name for name in CITY_TABLES))
    form = window.form
    assert form.layer.currentLayer().name() == "Gebiete"
    assert (form.key_field.currentField(), form.name_field.currentField()) == ("gebiet_nr", "gebiet_name")
    assert said(window, 0) == said(window, 1) == "40 von 40 Gebieten zugeordnet"
    assert said(window, 2) == "40 von 40 Gebieten zugeordnet, eine Zeile ohne Gebiet"
    assert said(window, 3) == "31 von 40 Gebieten zugeordnet, 9 Zeilen warten auf Ihre Entscheidung"

    form.tables.setCurrentRow(3)
    tick(line(window, "Reparatur verwenden: Name statt Schlüssel"))
    ready(window)
    assert said(window, 3) == "40 von 40 Gebieten zugeordnet"

    report = tmp_path / "abgleich.html"
    form.report.setFilePath(str(report))
    run(window)
    told = messages(window.frame.bar)[0]
    assert told.startswith("40 von 40 Gebieten angebunden, 357 Felder. Eine Zeile ist ohne Gebiet.")
    rows = joined(new_project, "gebiet_nr")
    assert len(rows) == 40
    sheet = load_workbook(city / CITY_TABLES[0], data_only=True)["Tabelle1"]
    assert rows["0101"]["k1_1_2012"] == sheet["D6"].value
    with open(city / CITY_TABLES[1], encoding="cp1252", newline="") as file:
        school = next(csv.DictReader(file, delimiter=";"))
    assert rows["0101"]["kinder_unter_18_jahren_2025"] == int(school["Kinder unter 18 Jahren 2025"].replace(".", ""))
    assert rows["0101"]["k2_1_2012"] == float(school["2.1 Nichtdeutsche Familiensprache 2012"].replace(",", "."))
    with open(city / CITY_TABLES[2], encoding="utf-8-sig", newline="") as file:
        health = next(csv.DictReader(file, delimiter=";"))
    counts = int(health["Zähler"]), int(health["Nenner"])
    assert (rows["0101"]["k3_1_2012_z"], rows["0101"]["k3_1_2012_n"]) == counts
    assert rows["0101"]["k3_1_2012"] == pytest.approx(counts[0] / counts[1] * 100)
    with open(city / CITY_TABLES[3], encoding="utf-8", newline="") as file:
        living = next(csv.DictReader(file, delimiter=";"))
    assert living["Gebiet"] == "Altstadt"
    assert rows["0101"]["k5_1_2012"] == float(living["5.1 Wohnfläche je Person in m² 2012"].replace(",", "."))

    assert "Abgleich" in report.read_text(encoding="utf-8")
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    window.frame.bar.findChild(QPushButton, "open_report").click()
    assert opened[0].toLocalFile() == str(report)


def test_berlin_from_files_to_the_layer(dialog, berlin, new_project):
    window = dialog()
    window.add_dropped([berlin / "mss_2021_index_indikatoren.csv", berlin / "planungsraeume_2021.gpkg"])
    ready(window)
    form = window.form
    assert (form.key_field.currentField(), form.name_field.currentField()) == ("PLR_ID", "PLR_NAME")
    assert said(window) == "542 von 542 Gebieten zugeordnet"
    assert (form.separator.currentData(), form.decimal.currentData()) == (",", ".")
    assert form.codes.text() == "-9999"
    run(window)
    rows = joined(new_project, "PLR_ID")
    assert len(rows) == 542
    assert rows["01100101"]["S1"] == 4.22594 and rows["01100101"]["EW"] == 3419
    assert sum(row["KOM"] == "gültig" for row in rows.values()) == 536
    assert sum(row["S1"] is not None for row in rows.values()) == 536


def test_clicks_from_the_files_on_disk_to_the_index(dialog, iface, provider, new_project, monkeypatch):
    """Walk 1 of the officer; a file dialog costs two clicks, one on the file and one on “Open”."""
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest
    from qgis.PyQt.QtWidgets import QAction, QFileDialog, QPushButton
    from teilhabe import paths
    from teilhabe.gui.compute_dialog import ComputeDialog

    folder = paths.sample("musterstadt")
    clicks = ["toolbar: join"]

    def click(button):
        clicks.append(button.objectName() or button.text())
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def one_file(*_):
        clicks.extend(["file", "open"])
        return str(folder / "musterstadt.gpkg"), ""

    def files(*_):
        clicks.extend(["file", "open"])
        return [str(folder / "soziales_sgb2.xlsx")], ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", one_file)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", files)
    compute = []
    action = QAction("Index berechnen …", iface.mainWindow())
    action.setObjectName("teilhabe_compute")
    action.triggered.connect(lambda: compute.append(ComputeDialog(iface)))
    try:
        window = dialog()
        click(window.form.open_layer)
        click(window.form.add_files)
        ready(window)
        assert window.form.layer.currentLayer().name() == "gebiete"
        click(window.run_button)
        wait_for(lambda: not window.is_running())
        click(next(b for b in window.frame.bar.findChildren(QPushButton) if b.text().startswith("Weiter")))
        assert compute and compute[0].form.layer.currentLayer().fields().lookupField("k1_1_2025") >= 0
        clicks.append("run")  # of the next window; the map is styled then
        assert len(clicks) == 10
    finally:
        action.setParent(None)
        action.deleteLater()
        for each in compute:
            each.close()
            each.deleteLater()


@pytest.mark.parametrize("tab", [PREVIEW, COLUMNS, SIGNS, CHECK])
def test_german_texts_are_whole_and_the_window_is_small_enough(dialog, city, tab):
    window = dialog(*(city / name for name in (*CITY_TABLES, "einwohner_alter.csv")))
    assert window.windowTitle() == "Indikatorentabellen anbinden"
    window.form.advanced_group.setCollapsed(False)
    for row in range(5):
        window.form.tables.setCurrentRow(row)
        window.form.tabs.setCurrentIndex(tab)
        settle(50)
        assert (window.width(), window.height()) <= (1000, 580)
        assert cut_texts(window.frame) == []
        assert english_left(window.frame) == []


# what was found -----------------------------------------------------------------------------------------------------


def test_preview_shows_how_the_file_is_read(dialog, city):
    window = dialog(city / CITY_TABLES[0], city / CITY_TABLES[1])
    form = window.form
    assert (form.sheet.currentText(), form.header_row.value(), form.header_lines.value()) == ("Tabelle1", 4, 2)
    assert not form.separator.isVisible() and not form.encoding.isVisible()
    model = form.grid.model()
    assert model.headings[:2] == ["Gebiet-Nr.", "Gebiet"]
    assert model.labels[2].endswith("\n2012") and model.labels[2].startswith("1.1 Kinder")
    assert model.headerData(0, form.grid.verticalHeader().orientation()) == 6
    assert {"key", "name", "apart"} <= model.kinds()
    form.tables.setCurrentRow(1)
    found = form.encoding.currentData(), form.separator.currentData(), form.decimal.currentData()
    assert found == ("cp1252", ";", ",")
    assert not form.sheet.isVisible()


def test_cells_that_are_no_numbers_are_tinted_and_say_why(dialog, new_project, tmp_path):
    from qgis.PyQt.QtCore import Qt
    from teilhabe.gui.join_grid import COLOURS

    four_areas(new_project)
    window = dialog(table_file(tmp_path, "Nr;Wert\n0101;1,5\n0102;n. v.\n0201;x\n0202;2,5\n"))
    model = window.form.grid.model()
    wrong, sign = model.index(1, 1), model.index(2, 1)
    assert model.data(wrong, Qt.ItemDataRole.BackgroundRole).color().name() == COLOURS["wrong"]
    assert model.data(wrong, Qt.ItemDataRole.ToolTipRole) == "„n. v.“ ist keine Zahl und kein bekanntes Zeichen"
    assert model.data(sign, Qt.ItemDataRole.ToolTipRole) == "nicht sinnvoll"
    assert "keine Zahl" in window.form.colours.text()


def test_another_sheet_header_and_encoding(dialog, city, new_project, tmp_path):
    window = dialog(city / CITY_TABLES[0])
    form = window.form
    form.sheet.setCurrentText("Hinweise")
    form.sheet.activated.emit(form.sheet.currentIndex())
    ready(window)
    assert said(window) == "keine Schlüsselspalte gefunden; unter „Spalten“ wählen"
    assert form.sheet.currentText() == "Hinweise"
    form.sheet.setCurrentText("Tabelle1")
    form.sheet.activated.emit(form.sheet.currentIndex())
    ready(window)
    assert said(window) == "40 von 40 Gebieten zugeordnet"
    form.header_lines.setValue(1)
    ready(window)
    assert form.header_row.value() == 5
    assert window.list.current().choice.source == {"sheet": "Tabelle1", "header_lines": 1}


def test_wrong_encoding_is_told_and_can_be_set_right(dialog, new_project, tmp_path):
    four_areas(new_project)
    window = dialog(table_file(tmp_path, "Nr;Größe\n0101;1\n0102;2\n0201;3\n0202;4\n", encoding="cp1252"))
    form = window.form
    assert form.encoding.currentData() == "cp1252" and form.grid.model().headings == ["Nr", "Größe"]
    form.encoding.setCurrentIndex(form.encoding.findData("utf-8"))
    form.encoding.activated.emit(0)
    ready(window)
    assert said(window).startswith("nicht lesbar:") and form.encoding.isVisible()
    assert not window.run_button.isEnabled()
    form.encoding.setCurrentIndex(form.encoding.findData("cp1252"))
    form.encoding.activated.emit(0)
    ready(window)
    assert said(window) == "4 von 4 Gebieten zugeordnet" and window.run_button.isEnabled()


def test_roles_of_a_long_table_are_found(dialog, city):
    window = dialog(city / CITY_TABLES[2])
    form = window.form
    chosen = {name: getattr(form, name).currentText() for name in (
        "key_column", "indicator_column", "year_column", "numerator_column", "denominator_column", "value_column")}
    assert chosen == {"key_column": "Gebiet", "indicator_column": "Indikator", "year_column": "Jahr",
                      "numerator_column": "Zähler", "denominator_column": "Nenner", "value_column": "(keine)"}
    form.tabs.setCurrentIndex(COLUMNS)
    assert form.indicators.isVisible() and not form.columns.isVisible()
    assert [form.indicators.topLevelItem(0).text(i) for i in range(3)] == [
        "3.1 U8-Teilnahme", "2012–2025", "k3_1_2012 … k3_1_2025"]


# decisions that reach the result ------------------------------------------------------------------------------------


def test_another_reading_of_a_sign(dialog, new_project, tmp_path):
    four_areas(new_project)
    window = dialog(table_file(tmp_path, "Nr;1.1 Kinder\n0101;12\n0102;–\n0201;x\n0202;14\n"))
    table = window.form.signs
    assert [table.item(row, 0).text() for row in (0, 1)] == ["–", "x"]
    assert [table.item(row, 4).text() for row in (0, 1, 2)] == ["1", "1", "–"]
    box = table.cellWidget(0, 2)
    assert box.currentText() == "0"
    box.setCurrentIndex(box.findText("fehlend"))
    box.activated.emit(0)
    ready(window)
    table.item(0, 3).setText("keine Meldung")
    ready(window)
    run(window)
    rows = joined(new_project)
    assert rows["0101"]["k1_1"] == 12
    assert [rows[key]["k1_1"] for key in ("0102", "0201")] == [None, None]
    assert [rows[key]["k1_1_grund"] for key in ("0102", "0201")] == ["keine Meldung", "nicht sinnvoll"]

    window.form.reset_signs.click()
    ready(window)
    run(window)
    assert joined(new_project)["0102"]["k1_1"] == 0


def test_own_sign_and_own_code_of_a_table(dialog, new_project, tmp_path):
    four_areas(new_project)
    window = dialog(table_file(tmp_path, "Nr;1.1 Kinder\n0101;12\n0102;n. v.\n0201;777\n0202;14\n"))
    assert "Zellen mit Text in Zahlenspalten: 1" in window.problem() and not window.run_button.isEnabled()
    assert said(window).endswith("eine Zelle mit Text statt Zahl")
    table = window.form.signs
    assert (table.item(0, 0).text(), table.cellWidget(0, 2).currentText()) == ("n. v.", "nicht gelesen")
    box = table.cellWidget(0, 2)
    box.setCurrentIndex(box.findText("fehlend"))
    box.activated.emit(0)
    ready(window)
    window.form.codes.setText("777")
    window.form.codes.editingFinished.emit()
    ready(window)
    assert window.form.codes_found.text() == "1 gefunden"
    run(window)
    rows = joined(new_project)
    assert [rows[key]["k1_1"] for key in sorted(rows)] == [12, None, None, 14]


def test_repairs_are_shown_and_can_be_refused(dialog, new_project, tmp_path):
    four_areas(new_project)
    window = dialog(table_file(tmp_path, "Nr;1.1 Kinder\n101;11\n102;12\n0201;13\n0202;14\n"))
    title = "Reparatur verwenden: führende Nullen ergänzt – 101 → 0101, 102 → 0102 (2)"
    assert lists(window)[title] == [("2", "101", "0101  Nord", ""), ("3", "102", "0102  Süd", "")]
    assert said(window) == "4 von 4 Gebieten zugeordnet"
    assert window.form.tabs.tabIcon(CHECK).isNull()
    tick(line(window, "Reparatur verwenden"), on=False)
    ready(window)
    assert not window.form.tabs.tabIcon(CHECK).isNull()  # the tab with the decision is marked
    assert not window.form.by_hand.isVisibleTo(window.form.match_tab)  # a tick is enough here
    assert said(window) == "2 von 4 Gebieten zugeordnet, 2 Zeilen warten auf Ihre Entscheidung"
    assert title in lists(window)
    run(window)
    rows = joined(new_project)
    assert [rows[key]["k1_1"] for key in sorted(rows)] == [None, None, 13, 14]


def test_name_instead_of_key_needs_a_yes_and_two_of_one_name_a_choice(dialog, new_project, tmp_path):
    four_areas(new_project)
    window = dialog(table_file(tmp_path, "Gebiet;1.1 Kinder\nNord;11\nSüd;12\nHafen;13\n"))
    assert said(window) == "Zeilen passen nur mit Reparaturen; unter „Abgleich“ zulassen"
    assert not window.run_button.isEnabled()
    assert lists(window)["Mehrdeutige Zeilen (passen zu mehreren Gebieten) (1)"][0][:2] == ("4", "Hafen")
    tick(line(window, "Reparatur verwenden: Name statt Schlüssel"))
    ready(window)
    assert window.check.selected_value() == "Hafen"
    window.form.by_hand_area.setCurrentIndex(window.form.by_hand_area.findData("0202"))
    window.form.assign.click()
    ready(window)
    assert lists(window)["Von Hand entschieden (1)"] == [("4", "Hafen", "0202  Hafen", "von Hand entschieden")]
    run(window)
    rows = joined(new_project)
    assert [rows[key]["k1_1"] for key in sorted(rows)] == [11, 12, None, 13]


def test_near_name_is_only_taken_when_ticked_and_can_be_taken_back(dialog, city, new_project, tmp_path):
    text = "Gebiet;1.1 Kinder\n0101;1\n0102;2\nTheatervirtel;3\n"
    window = dialog(table_file(tmp_path, text))
    assert lists(window)["Zeilen ohne Gebiet (1)"][0][:3] == ("4", "Theatervirtel", "übernehmen: 0103  Theaterviertel")
    assert said(window).startswith("2 von 40 Gebieten zugeordnet")
    tick(line(window, "Zeilen ohne Gebiet").child(0), 2)
    ready(window)
    assert said(window) == "3 von 40 Gebieten zugeordnet"
    run(window)
    assert joined(new_project, "gebiet_nr")["0103"]["k1_1"] == 3
    tick(line(window, "Von Hand entschieden").child(0), 2, on=False)
    ready(window)
    assert said(window).startswith("2 von 40 Gebieten zugeordnet")


def test_rows_set_aside_are_listed_but_not_missed(dialog, city):
    window = dialog(city / CITY_TABLES[2])
    assert window.check.selected_value() == "4711"
    window.form.set_aside.click()
    ready(window)
    assert said(window) == "40 von 40 Gebieten zugeordnet"
    assert ("4711", "zurückgestellt") in [each[1:3] for each in lists(window)["Von Hand entschieden (1)"]]


def test_columns_are_left_out_renamed_and_years_chosen(dialog, new_project, tmp_path):
    four_areas(new_project)
    text = ("Nr;1.1 Quote (%) 2024;1.1 Quote (%) 2025;1.2 Rang\n0101;1,5;2,5;1\n0102;3,5;4,5;2\n0201;5,5;6,5;3\n"
            "0202;7,5;8,5;4\n")
    window = dialog(table_file(tmp_path, text))
    form = window.form
    tree = form.columns
    assert [tree.topLevelItem(i).text(0) for i in range(3)] == ["1.1 Quote (%) 2024", "1.1 Quote (%) 2025", "1.2 Rang"]
    tick(tree.topLevelItem(2), on=False)
    ready(window)
    tree.topLevelItem(1).setText(2, "armut")
    ready(window)
    assert form.fields_made.text() == "2 Felder: k1_1_2024, armut_2025"
    form.years.setCurrentIndex(form.years.findData("latest"))
    form.years.activated.emit(0)
    ready(window)
    form.years.setEditText("2025")
    form.years.lineEdit().editingFinished.emit()
    ready(window)
    assert form.fields_made.text() == "ein Feld: armut_2025"
    run(window)
    rows = joined(new_project)
    assert rows["0102"]["armut_2025"] == 4.5
    assert not {"k1_2", "k1_1_2024"} & set(rows["0102"])


def test_rule_for_several_rows_of_an_area(dialog, new_project, tmp_path):
    four_areas(new_project)
    window = dialog(table_file(tmp_path, "Nr;1.1 Kinder\n0101;11\n0101;12\n0102;13\n0201;14\n0202;15\n"))
    assert said(window).endswith("doppelte Zeilen mit verschiedenen Werten")
    window.form.duplicates.setCurrentIndex(window.form.duplicates.findData("sum"))
    ready(window)
    assert said(window) == "4 von 4 Gebieten zugeordnet"
    run(window)
    assert joined(new_project)["0101"]["k1_1"] == 23


def test_decisions_are_remembered_for_the_next_edition(dialog, new_project, tmp_path):
    four_areas(new_project)
    first = dialog(table_file(tmp_path, "Gebiet;1.1 Kinder\n0101;1\nSüd;–\n0201;3\n0202;4\n", "kinder_2025.csv"))
    tick(line(first, "Reparatur verwenden: Name statt Schlüssel"))
    ready(first)
    box = first.form.signs.cellWidget(0, 2)
    box.setCurrentIndex(box.findText("fehlend"))
    box.activated.emit(0)
    ready(first)
    run(first)
    first.close()
    second = dialog(table_file(tmp_path, "Gebiet;1.1 Kinder\n0101;5\nSüd;–\n0201;7\n0202;8\n", "kinder_2026.csv"))
    assert second.form.layer.currentLayer().name() == "Gebiete"  # not the result of the first run
    assert said(second) == "4 von 4 Gebieten zugeordnet"
    assert "früheren Ausgabe" in second.form.notes.text()
    run(second)
    assert [row["k1_1"] for _key, row in sorted(joined(new_project).items())] == [5, None, 7, 8]
    second.form.as_found.click()
    ready(second)
    assert said(second) == "3 von 4 Gebieten zugeordnet, eine Zeile wartet auf Ihre Entscheidung"
    assert not second.form.as_found.isVisibleTo(second)
    third = dialog(table_file(tmp_path, "Gebiet;1.1 Kinder\n0101;5\nSüd;6\n", "andere.csv"))
    assert third.list.current().choice.repairs is None


def test_remembered_sheet_that_is_gone_is_found_anew(dialog, new_project, tmp_path):
    from openpyxl import Workbook

    four_areas(new_project)
    for year in (2025, 2026):
        book = Workbook()
        for name, factor in ((str(year), 1), ("Vorjahr", 10)):
            sheet = book.create_sheet(name)
            sheet.append(["Nr", "1.1 Kinder"])
            for i, key in enumerate(("0101", "0102", "0201", "0202")):
                sheet.append([key, factor * (i + year)])
        book.remove(book["Sheet"])
        book.save(tmp_path / f"kinder_{year}.xlsx")
    first = dialog(tmp_path / "kinder_2025.xlsx")
    assert first.form.sheet.currentText() == "2025"
    for name in ("Vorjahr", "2025"):
        first.form.sheet.setCurrentText(name)
        first.form.sheet.activated.emit(0)
        ready(first)
    assert first.list.current().choice.source == {"sheet": "2025"}
    run(first)
    second = dialog(tmp_path / "kinder_2026.xlsx")
    assert second.form.sheet.currentText() == "2026"
    run(second)
    assert joined(new_project)["0101"]["k1_1"] == 2026


def test_fault_of_the_program_in_the_background_is_told(dialog, new_project, tmp_path, monkeypatch):
    from teilhabe.gui import join_table

    four_areas(new_project)
    window = dialog(table_file(tmp_path, "Nr;1.1 Kinder\n0101;11\n0102;12\n"))

    def broken(*_arguments):
        raise RuntimeError("nothing works")

    monkeypatch.setattr(join_table, "ROWS_AT_ONCE", 1)
    monkeypatch.setattr(join_table, "analyse", broken)
    window.form.duplicates.setCurrentIndex(1)
    ready(window)
    assert said(window).startswith("nicht lesbar: ein Programmfehler (RuntimeError: nothing works)")


# errors and long tables ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name, content, told", [
    ("kaputt.xlsx", b"not a workbook", "Excel-Mappe"),
    ("leer.csv", b"", "ist leer"),
    ("geschuetzt.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "Kennwort geschützt"),
], ids=["damaged", "empty", "password"])
def test_unreadable_file_is_told_once_and_the_others_are_joined(
        dialog, new_project, tmp_path, name, content, told):
    four_areas(new_project)
    (tmp_path / name).write_bytes(content)
    window = dialog(table_file(tmp_path, "Nr;1.1 Kinder\n0101;11\n0102;12\n0201;13\n0202;14\n"), tmp_path / name)
    assert said(window, 1).startswith("nicht lesbar: ") and told in said(window, 1)
    assert len(messages(window.frame.bar)) == 1 and name in messages(window.frame.bar)[0]
    assert window.frame.problem.text() == "Eine Tabelle bleibt beim Lauf außen vor; die Liste nennt den Grund."
    run(window)
    assert joined(new_project)["0101"]["k1_1"] == 11
    window.list.remove(window.list.tables[1])
    assert window.frame.problem.text() == ""


def test_locked_file(dialog, new_project, tmp_path, monkeypatch):
    from pathlib import Path

    four_areas(new_project)
    path = table_file(tmp_path, "Nr;1.1 Kinder\n0101;11\n")

    def locked(self):
        raise PermissionError(13, "locked", str(self))

    monkeypatch.setattr(Path, "read_bytes", locked)
    window = dialog(path)
    assert "gesperrt" in said(window) and not window.run_button.isEnabled()


def test_layer_with_doubled_keys_and_no_layer_at_all(dialog, new_project, tmp_path):
    path = table_file(tmp_path, "Nr;1.1 Kinder\n0101;11\n")
    window = dialog(path)
    assert "Öffnen Sie zuerst den Layer mit den Gebieten" in window.frame.problem.text()
    assert said(window) == "wartet auf den Gebietslayer"
    new_project.addMapLayer(area_layer(keys=["0101", "0101", "0201", "0202"]))
    window.form.key_field.setField("key")
    ready(window)
    assert "nicht eindeutig" in window.frame.problem.text() and not window.run_button.isEnabled()


def test_text_in_numbers_stops_unless_it_may_be_missing(dialog, new_project, tmp_path):
    four_areas(new_project)
    window = dialog(table_file(tmp_path, "Nr;1.1 Kinder\n0101;11\n0102;zwölf\n0201;13\n0202;14\n"))
    assert lists(window)["Text in Zahlenspalten (1)"] == [("3", "zwölf", "", "1.1 Kinder")]
    assert not window.run_button.isEnabled()
    window.form.text_in_numbers.setCurrentIndex(1)
    assert window.run_button.isEnabled()
    run(window)
    row = joined(new_project)["0102"]
    assert (row["k1_1"], row["k1_1_grund"]) == (None, "Text statt Zahl")


def test_long_table_is_read_in_the_background(dialog, new_project, tmp_path):
    import time

    four_areas(new_project)
    window = dialog()
    rows = "".join(f"{key};{year};{value}\n" for value in range(3) for year in range(1950, 2060)
                   for key in ("0101", "0102", "0201", "0202") for _ in range(20))
    path = table_file(tmp_path, "Nr;Jahr;Wert\n" + rows)
    before = time.monotonic()
    window.add_files([path])
    assert time.monotonic() - before < 2
    assert window.is_waiting() and said(window) == "wird gelesen …"
    assert window.form.grid.model().rowCount() == 50
    ready(window)
    assert window.list.current().analysis.report.rows == 26400
    window.add_files([table_file(tmp_path, "Nr;Jahr;Wert\n" + rows, "zweite.csv")])
    window.close()  # gives up the second reading
    assert not window.is_waiting()


def test_large_workbook_does_not_hold_the_window_up(dialog, city, monkeypatch):
    from teilhabe.gui import join_table

    monkeypatch.setattr(join_table, "LARGE_BOOK", 1000)
    window = dialog()
    window.add_files([city / CITY_TABLES[0]])
    assert said(window) == "wird gelesen …" and window.form.grid.model() is None
    ready(window)
    assert said(window) == "40 von 40 Gebieten zugeordnet"
    assert window.form.sheet.currentText() == "Tabelle1"
    window.form.sheet.setCurrentText("Hinweise")
    window.form.sheet.activated.emit(0)
    ready(window)
    assert said(window) == "keine Schlüsselspalte gefunden; unter „Spalten“ wählen"


def test_files_are_dropped_on_the_window(dialog, city, new_project):
    from qgis.PyQt.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
    from qgis.PyQt.QtGui import QDragEnterEvent, QDropEvent

    new_project.clear()
    window = dialog()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(city / name)) for name in (CITY_TABLES[0], "musterstadt.gpkg")])
    buttons = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, data, *buttons)
    window.dragEnterEvent(enter)
    assert enter.isAccepted()
    window.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, *buttons))
    ready(window)
    assert window.form.layer.currentLayer().name() == "gebiete"
    assert said(window) == "40 von 40 Gebieten zugeordnet"


def test_layer_of_the_project_as_table(dialog, new_project, tmp_path):
    from qgis.core import QgsVectorLayer

    four_areas(new_project)
    path = table_file(tmp_path, "Nr;1.1 Kinder\n101;11\n102;12\n201;13\n202;14\n")
    layer = QgsVectorLayer(str(path), "Kinder der Stadt", "ogr")
    new_project.addMapLayer(layer)
    window = dialog()
    window.list.menu.aboutToShow.emit()
    assert [action.text() for action in window.list.menu.actions()] == ["Kinder der Stadt"]
    window.list.menu.actions()[0].trigger()
    ready(window)
    assert said(window) == "4 von 4 Gebieten zugeordnet"
    run(window)
    assert joined(new_project)["0202"]["k1_1"] == 14
    new_project.removeMapLayer(layer)
    assert window.form.tables.count() == 0


def test_districts_and_parks_are_not_taken_for_areas(dialog, new_project):
    from teilhabe.bridge.project import BACKGROUND, set_role

    from .dialog_helpers import indicator_layer

    for name in ("Bezirke", "Parks"):
        set_role(indicator_layer(new_project, name=name, role=""), BACKGROUND)
    window = dialog()
    assert window.form.layer.currentLayer() is None
    assert window.problem().startswith("Öffnen Sie zuerst den Layer mit den Gebieten")


def test_joining_to_a_joined_layer_is_told_before(dialog, new_project, tmp_path):
    from .dialog_helpers import indicator_layer

    layer = indicator_layer(new_project)
    window = dialog(table_file(tmp_path, "key;1.1 Kinder (%) 2025\n01;1,5\n02;2,5\n03;3,5\n04;4,5\n05;5,5\n"))
    window.form.layer.setLayer(layer)
    ready(window)
    assert window.problem() == ""
    assert window.frame.problem.text().startswith("„Indikatoren“ ist selbst ein Ergebnis")


def test_message_goes_when_its_reason_is_gone(dialog, new_project, tmp_path):
    from .dialog_helpers import indicator_layer, messages

    wrong = indicator_layer(new_project, rows=[("x", "y", 1, 1.0, 1.0, 1.0, 1.0)], name="Gebiete falsch", role="areas")
    right = indicator_layer(new_project, name="Gebiete", role="")
    heading = ";".join(["key", *(f"Spalte {i} 2025" for i in range(30))])
    rows = "\n".join(";".join([f"{i:02}", *["1,5"] * 30]) for i in range(1, 6))
    window = dialog(table_file(tmp_path, f"{heading}\n{rows}\n"))
    window.form.layer.setLayer(wrong)
    ready(window)
    [message] = messages(window.frame.bar)
    assert "Keine Spalte enthält die Schlüssel" in message
    assert message.endswith("Spalte 6 2025 ….")
    window.form.layer.setLayer(right)
    ready(window)
    assert messages(window.frame.bar) == []


def test_tab_key_goes_through_the_window_and_out_of_the_preview(dialog, city):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    window = dialog(city / "soziales_sgb2.xlsx")
    window.form.layer.setFocus()
    visited = ["layer"]
    for _ in range(60):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        visited.append(window.focusWidget().objectName())
        if visited[-1] == "layer":
            break
    stops = ["layer", "open_layer", "key_field", "name_field", "tables", "add_files", "sheet", "header_row", "grid",
             "with_report", "run", "close", "help", "layer"]
    assert [each for each in visited if each in stops] == stops
