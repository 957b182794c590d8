"""The window that locates offers, used as a planner uses it: German window, real files, the registered algorithm."""
import json
from pathlib import Path

import pytest

from .dialog_helpers import cut_texts, english_left, messages, run, settle, wait_for
from .offer_helpers import list_file, register_file

GROUPS = ("teilhabe/geocode", "Windows")


@pytest.fixture
def dialog(iface, provider, german, new_project):
    """Return a function that opens the window; it is closed after the test and nothing stays remembered."""
    from qgis.core import QgsSettings
    from qgis.PyQt.QtCore import QCoreApplication, QEvent
    from teilhabe.gui.geocode_dialog import GeocodeDialog

    opened = []

    def open_dialog(*files):
        window = GeocodeDialog(iface)
        opened.append(window)
        window.show()
        window.add_dropped(files)
        ready(window)
        return window

    for group in GROUPS:
        QgsSettings().remove(group)
    iface.bar.clearWidgets()
    yield open_dialog
    for each in opened:
        each.close()
        each.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    for group in GROUPS:
        QgsSettings().remove(group)


@pytest.fixture
def city(new_project, tmp_path):
    """Return a copy of the sample city's folder; areas and addresses are in the project."""
    import shutil

    from qgis.core import QgsVectorLayer
    from teilhabe import paths
    from teilhabe.bridge.project import AREAS, set_role

    folder = tmp_path / "stadt"
    shutil.copytree(paths.sample("musterstadt"), folder)
    for table, name in (("gebiete", "Gebiete"), ("bezirke", "Bezirke"), ("adressen", "Adressen")):
        layer = QgsVectorLayer(f"{folder / 'musterstadt.gpkg'}|layername={table}", name, "ogr")
        if table == "gebiete":
            set_role(layer, AREAS)
        new_project.addMapLayer(layer)
    return folder


def ready(window):
    """Wait until list and registers are read and the first rows looked up."""
    settle(20)
    wait_for(lambda: not window.is_waiting(), 60)


def columns(window):
    """Return the chosen columns by part, without those that the list does not have."""
    return {part: box.currentData() for part, box in window.columns.boxes.items() if box.currentData()}


def grid(window):
    """Return the rows of the preview as texts."""
    model = window.form.grid.model()
    return [tuple(str(model.index(row, column).data()) for column in range(model.columnCount()))
            for row in range(model.rowCount())]


def registers(window):
    return [window.form.registers.item(row).text() for row in range(window.form.registers.count())]


# the whole way ------------------------------------------------------------------------------------------------------


def test_excel_list_to_located_layer_with_two_clicks(dialog, city, new_project, monkeypatch):
    """The list is dropped or chosen (two clicks in the file dialog); everything else is guessed; Run."""
    from qgis.PyQt.QtGui import QDesktopServices
    from qgis.PyQt.QtWidgets import QPushButton
    from teilhabe.bridge.project import OFFERS, layers_with_role
    from teilhabe.bridge.project_registers import project_registers

    window = dialog(city / "angebote.xlsx")
    assert columns(window) == {"street": "Straße", "number": "Hausnummer", "postcode": "PLZ", "place": "Ort",
                               "name": "Name der Einrichtung"}
    assert registers(window) == ["Adressen\n15.116 Adressen, mit Gebieten"]
    assert (window.form.areas.currentLayer().name(), window.form.area_key.currentField()) == ("Gebiete", "gebiet_nr")
    assert Path(window.form.synonyms.filePath()).name == "strassen_umbenannt.csv"
    assert Path(window.form.decisions.filePath()) == city / "angebote_entscheidungen.json"
    assert window.frame.problem.text() == ""
    rows = grid(window)
    assert len(rows) == 50
    assert rows[0][:2] == ("2", "Bremer Str. 30, 43101 Musterstadt")
    assert rows[0][3].startswith("Bremer Straße 30")
    assert rows[1][2] == "(Postfach)"

    run(window, 120)
    [text] = messages(window.frame.bar)
    located, rest = text.split(" von 252 Angeboten verortet. ")
    assert 245 <= int(located) <= 252
    assert "auf der Arbeitsliste." in rest
    [layer] = layers_with_role(new_project, OFFERS)
    assert layer.featureCount() == 252 and layer.name() == "angebote"
    assert [source.layer_id for source in project_registers(new_project)] == [
        new_project.mapLayersByName("Adressen")[0].id()]
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    window.frame.bar.findChild(QPushButton, "open_report").click()
    assert "252" in Path(opened[0].toLocalFile()).read_text(encoding="utf-8")
    assert window.focusWidget().objectName() == "open_work_list"


def test_work_list_opens_on_the_layer_made(dialog, city, iface):
    from qgis.PyQt.QtWidgets import QAction, QPushButton
    from teilhabe.gui.work_list_dialog import WorkListDialog

    window = dialog(city / "angebote.xlsx")
    run(window, 120)
    opened = []
    action = QAction("Arbeitsliste", iface.mainWindow())
    action.setObjectName("teilhabe_worklist")
    action.triggered.connect(lambda: opened.append(WorkListDialog(iface)))
    window.frame.bar.findChild(QPushButton, "open_work_list").click()
    wait_for(lambda: opened[0].session is not None and not opened[0].session.is_loading())
    done, needed = opened[0].view.model.progress()
    assert done == 0 and f"{needed} stehen auf der Arbeitsliste" in messages(window.frame.bar)[0]
    opened[0].close()
    opened[0].setParent(None)
    opened[0].deleteLater()
    action.setParent(None)
    action.deleteLater()


def test_second_time_nothing_has_to_be_chosen(dialog, new_project, tmp_path):
    register_file(tmp_path)
    first = dialog(list_file(tmp_path))
    assert registers(first) == ["adressen.csv\n60 Adressen"]  # found beside the list
    run(first)
    first.close()
    (tmp_path / "neu").mkdir()
    second = dialog(list_file(tmp_path / "neu", "angebote_2026.csv"))
    assert registers(second) == ["adressen.csv\n60 Adressen"]  # remembered by the project
    assert second.frame.problem.text() == "" and second.run_button.isEnabled()


def test_decisions_of_last_year_are_found_beside_the_list(dialog, tmp_path):
    window = dialog(list_file(tmp_path, "angebote_2026.csv"))
    assert Path(window.form.decisions.filePath()).name == "angebote_entscheidungen.json"


# what is shown ------------------------------------------------------------------------------------------------------


def test_window_in_german_nothing_cut(dialog, city):
    window = dialog(city / "angebote.xlsx")
    assert (window.width() <= 1000, window.height() <= 580) == (True, True)
    assert (window.minimumSizeHint().width() <= 1000, window.minimumSizeHint().height() <= 580) == (True, True)
    assert not window.isModal()
    for page in range(window.form.tabs.count()):
        window.form.tabs.setCurrentIndex(page)
        settle(50)
        assert english_left(window) == []
        assert cut_texts(window) == []
        assert not window.frame.scroll.verticalScrollBar().isVisible()
        assert not window.frame.scroll.horizontalScrollBar().isVisible()


def test_preview_follows_the_columns(dialog, tmp_path):
    register_file(tmp_path)
    window = dialog(list_file(tmp_path))
    assert columns(window) == {"address": "Anschrift", "name": "Name"}
    assert grid(window)[0][1:4] == ("Ackerstr. 3", "Ackerstr. 3", "Ackerstraße 3, 12345")
    assert "hausgenau gefunden" in window.form.summary.text()
    box = window.columns.boxes["address"]
    box.setCurrentIndex(0)
    box.activated.emit(0)
    ready(window)
    assert grid(window) == []
    assert window.frame.problem.text().startswith("Wählen Sie die Spalte mit der Adresse")
    assert not window.run_button.isEnabled()
    box.setCurrentIndex(box.findData("Anschrift"))
    box.activated.emit(box.currentIndex())
    ready(window)
    assert grid(window)[0][3] == "Ackerstraße 3, 12345"


def test_what_is_missing_is_said_in_order(dialog, new_project, tmp_path):
    window = dialog()
    assert window.frame.problem.text() == ("Wählen Sie die Liste der Angebote oder ziehen Sie ihre Datei auf dieses "
                                           "Fenster.")
    assert "Hier erscheinen die ersten Zeilen" in window.form.summary.text()
    (tmp_path / "allein").mkdir()
    window.source.set_file(list_file(tmp_path / "allein"))
    ready(window)
    assert window.frame.problem.text().startswith("Fügen Sie das Adressregister Ihrer Stadt hinzu")
    assert [len(row) for row in grid(window)] == [3] * 8  # read, not yet looked up
    window.registers.add_files([register_file(tmp_path)])
    ready(window)
    assert window.frame.problem.text() == "" and window.run_button.isEnabled()


@pytest.mark.parametrize("name, content, told", [
    ("kaputt.xlsx", b"no workbook", "kaputt.xlsx"), ("leer.csv", b"", "leer.csv"), ("fehlt.csv", None, "fehlt.csv")])
def test_list_that_cannot_be_read_is_told_once(dialog, tmp_path, name, content, told):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    window = dialog(tmp_path / name)
    [message] = messages(window.frame.bar)
    assert told in message
    assert not window.run_button.isEnabled()
    window.source.set_file(list_file(tmp_path))
    window.registers.add_files([register_file(tmp_path)])
    ready(window)
    assert messages(window.frame.bar) == []


def test_register_that_cannot_be_read_is_told(dialog, tmp_path):
    bad = tmp_path / "kein_register.csv"
    bad.write_text("a;b\n1;2\n", encoding="utf-8")
    window = dialog(list_file(tmp_path))
    window.registers.add_files([bad])
    ready(window)
    assert "kein_register.csv" in messages(window.frame.bar)[0]


def test_workbook_with_sheets(dialog, tmp_path):
    from openpyxl import Workbook

    register_file(tmp_path)
    book = Workbook()
    book.active.title = "Hinweise"
    book.active.append(["Stand"])
    book.active.append(["2025"])
    sheet = book.create_sheet("Kitas")
    sheet.append(["Name", "Straße", "Nr"])
    sheet.append(["Kita Nord", "Ackerstr.", 3])
    book.save(tmp_path / "liste.xlsx")
    window = dialog(tmp_path / "liste.xlsx")
    assert window.form.sheet.isVisibleTo(window)
    window.form.sheet.setCurrentText("Kitas")
    window.form.sheet.activated.emit(window.form.sheet.currentIndex())
    ready(window)
    assert columns(window) == {"name": "Name", "street": "Straße", "number": "Nr"}
    assert grid(window)[0][3] == "Ackerstraße 3, 12345"
    assert window.settings().parameters()["SHEET"] == "Kitas"


# registers ----------------------------------------------------------------------------------------------------------


def test_registers_are_ordered_and_taken_out(dialog, tmp_path):
    (tmp_path / "b").mkdir()
    window = dialog(list_file(tmp_path))
    window.registers.add_files([register_file(tmp_path), register_file(tmp_path / "b", "adressen_alt.csv")])
    ready(window)
    assert [text.partition("\n")[0] for text in registers(window)] == ["adressen.csv", "adressen_alt.csv"]
    window.form.registers.setCurrentRow(1)
    window.form.register_up.click()
    ready(window)
    assert [Path(source.path).name for source in window.registers.sources] == ["adressen_alt.csv", "adressen.csv"]
    named = [each["path"] for each in json.loads(window.settings().parameters()["REGISTER_SETTINGS"])]
    assert [Path(path).name for path in named] == ["adressen_alt.csv", "adressen.csv"]
    window.form.register_remove.click()
    ready(window)
    assert [text.partition("\n")[0] for text in registers(window)] == ["adressen.csv"]


def test_columns_of_a_register_are_corrected(dialog, tmp_path):
    from teilhabe.gui.geocode_register_dialog import RegisterDialog

    (tmp_path / "adressen.csv").write_text(
        "a;b;c\nAckerstraße;3;12345\nAckerstraße;5;12345\n", encoding="utf-8")
    window = dialog(list_file(tmp_path))
    window.registers.add_files([tmp_path / "adressen.csv"])
    ready(window)
    assert messages(window.frame.bar)
    window.form.registers.setCurrentRow(0)
    window.form.register_columns.click()
    editor = window.findChild(RegisterDialog)
    assert editor.form.sample.model().rowCount() == 2
    for meaning, heading in (("street", "a"), ("number", "b"), ("postcode", "c")):
        editor.boxes[meaning].setCurrentIndex(editor.boxes[meaning].findData(heading))
    editor.form.place.setText("Musterstadt")
    settle(50)
    assert english_left(editor) == [] and cut_texts(editor) == []
    editor.accept()
    ready(window)
    assert dict(window.registers.sources[0].columns) == {"street": "a", "number": "b", "postcode": "c"}
    assert window.registers.sources[0].place == "Musterstadt"
    assert messages(window.frame.bar) == []
    assert grid(window)[0][3] == "Ackerstraße 3, 12345 Musterstadt" or grid(window)[0][3] == "Ackerstraße 3, 12345"


def test_layers_that_go_while_the_window_is_open(dialog, city, new_project):
    from qgis.core import QgsVectorLayer

    window = dialog()
    offers = QgsVectorLayer(str(city / "angebote.xlsx"), "Angebote", "ogr")
    new_project.addMapLayer(offers)
    window.source.set_layer(offers.id())
    ready(window)
    assert window.source.name() == "Angebote" and len(grid(window)) == 50
    new_project.removeMapLayer(offers.id())
    ready(window)
    assert window.source.name() == "" and columns(window) == {}
    new_project.clear()
    ready(window)
    assert registers(window) == []
    assert not window.run_button.isEnabled()


def test_located_offers_are_no_register(dialog, tmp_path, new_project):
    from .offer_helpers import located

    located(new_project, tmp_path)
    window = dialog()
    assert window.registers.sources == [] or not window.registers.sources[0].is_layer


# online and options -------------------------------------------------------------------------------------------------


def test_online_service_is_asked_only_when_switched_on_for_this_run(dialog, tmp_path):
    window = dialog(list_file(tmp_path))
    window.registers.add_files([register_file(tmp_path)])
    ready(window)
    form = window.form
    assert window.settings().parameters()["ONLINE"] == 0
    assert form.online_notice.text() == "Ausgeschaltet: Nichts verlässt diesen Rechner."
    form.online_group.setChecked(True)
    assert "Onlinedienst" in window.problem() and not window.run_button.isEnabled()
    form.online_url.setText(f"https://{':'.join(['nutzer', 'geheim'])}@geo.example.org/search")
    assert form.online_notice.text().startswith("An geo.example.org gesendet werden Straße")
    assert window.settings().parameters()["ONLINE"] == 1
    window.close()
    again = dialog(list_file(tmp_path))
    assert not again.form.online_group.isChecked()


def test_options_reach_the_algorithm_and_are_remembered(dialog, tmp_path):
    window = dialog(list_file(tmp_path))
    window.registers.add_files([register_file(tmp_path)])
    window.form.typing_errors.setValue(1)
    window.form.street_only.setChecked(False)
    ready(window)
    chosen = window.settings().parameters()
    assert (chosen["TYPING_ERRORS"], chosen["STREET_ONLY"], chosen["INTERPOLATE"]) == (1, False, True)
    goethe = next(row for row in grid(window) if row[1] == "Goethestraße")
    assert goethe[4] == "nicht verortet"
    run(window)
    window.close()
    again = dialog()
    assert (again.form.typing_errors.value(), again.form.street_only.isChecked()) == (1, False)


def test_files_are_dropped_on_the_window(dialog, tmp_path):
    from qgis.PyQt.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
    from qgis.PyQt.QtGui import QDragEnterEvent, QDropEvent

    (tmp_path / "woanders").mkdir()
    files = [list_file(tmp_path), register_file(tmp_path / "woanders")]
    window = dialog()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(path) for path in files])
    buttons = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, data, *buttons)
    window.dragEnterEvent(enter)
    assert enter.isAccepted()
    window.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, *buttons))
    ready(window)
    assert window.source.name() == "angebote_2025.csv"
    assert [Path(source.path).name for source in window.registers.sources] == ["adressen.csv"]


def test_window_is_closed_while_it_reads(dialog, city):
    window = dialog()
    window.source.set_file(str(city / "angebote.xlsx"))
    window.close()
    settle(300)
    assert not window.is_waiting()


def test_tab_key_goes_through_the_window(dialog, city):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    window = dialog(city / "angebote.xlsx")
    window.form.source.setFocus()
    visited = ["source"]
    for _ in range(60):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        visited.append(window.focusWidget().objectName())
        if visited[-1] == "source":
            break
    stops = ["source", "choose_file", "choose_layer", "column_address", "column_district", "registers", "add_register",
             "areas", "area_key", "grid", "replace", "with_report", "run", "close", "help", "source"]
    assert [each for each in visited if each in stops] == stops
