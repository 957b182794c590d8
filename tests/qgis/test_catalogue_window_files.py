"""The catalogue editor and its files: templates, Excel, editions, history, a second person, closing, layers."""
import gc
import json
import shutil
from pathlib import Path

import pytest

from .dialog_helpers import indicator_layer, messages, settle, wait_for
from .test_catalogue_window import (  # noqa: F401  (fixtures)
    TEMPLATE,
    answer,
    entry,
    field,
    file_dialog,
    own,
    shown,
    type_into,
    window,
)


def button(dialog, name):
    from qgis.PyQt.QtWidgets import QPushButton

    return dialog.findChild(QPushButton, name)


def act_on_dialog(do):
    """Let a function have the next modal dialog."""
    from qgis.PyQt.QtCore import QTimer
    from qgis.PyQt.QtWidgets import QApplication

    def look():
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            QTimer.singleShot(20, look)
        else:
            do(dialog)

    QTimer.singleShot(20, look)


def press_in_bar(window, text):  # noqa: F811
    from qgis.PyQt.QtWidgets import QPushButton

    next(each for each in window.bar.findChildren(QPushButton) if each.text() == text).click()


def test_a_template_is_read_only_until_it_is_saved_as(window, tmp_path, monkeypatch):  # noqa: F811
    before = TEMPLATE.read_bytes()
    from teilhabe import paths

    template = paths.resource("catalogues", "musterstadt.json")
    window.open_file("musterstadt")  # as recipes name it
    assert window.session.path == template
    assert window.session.is_template and field(window, "name").widget.isReadOnly()
    assert not field(window, "kind").widget.isEnabled()
    for name in ("add", "duplicate", "remove", "up", "down", "sort", "undo"):
        assert not window.actions_.by_name[name].isEnabled(), name
    type_into(field(window, "name").widget, "X")
    window.edits.remove()
    window.master.add_dimension()
    assert not window.session.is_dirty and not window.master.table.view.model().flags(
        window.master.table.model.index(0, 0)) & 2
    file_dialog(monkeypatch, "getSaveFileName", template)
    press_in_bar(window, "Als eigene Datei speichern …")
    assert "nicht überschrieben" in messages(window.bar)[0] and window.session.is_template
    file_dialog(monkeypatch, "getSaveFileName", tmp_path / "eigen")
    assert window.files.save()
    assert (tmp_path / "eigen.json").read_bytes() == before == template.read_bytes()
    assert not field(window, "name").widget.isReadOnly() and window.session.path.name == "eigen.json"


def test_excel_and_back_is_the_same_and_a_changed_workbook_is_shown_before_it_is_taken(
        window, own, tmp_path, monkeypatch):  # noqa: F811
    from openpyxl import load_workbook

    book = tmp_path / "k.xlsx"
    file_dialog(monkeypatch, "getSaveFileName", book)
    file_dialog(monkeypatch, "getOpenFileName", book)
    window.actions_.by_name["export"].trigger()
    window.actions_.by_name["import"].trigger()
    assert "enthält dasselbe" in messages(window.bar)[0] and not window.session.is_dirty
    workbook = load_workbook(book)
    sheet = workbook["Indikatoren"]
    sheet.cell(2, 2).value = "Neuer Name"
    sheet.cell(2, 8).value = 1000
    workbook.save(book)
    rows = []

    def look(dialog, press):
        rows.append([dialog.table.item(0, j).text() for j in range(5)])
        rows.append([dialog.table.item(1, j).text() for j in range(5)])
        assert dialog.table.rowCount() == 2
        button(dialog, press).click()

    act_on_dialog(lambda dialog: look(dialog, "cancel"))
    window.actions_.by_name["import"].trigger()
    assert not window.session.is_dirty
    assert rows == [
        ["1.1", "Neuer Name", "Name", "Kinder in SGB-II-Bedarfsgemeinschaften", "Neuer Name"],
        ["1.1", "Neuer Name", "Faktor", "100", "1000"]]
    act_on_dialog(lambda dialog: look(dialog, "take"))
    window.actions_.by_name["import"].trigger()
    assert (entry(window).name, entry(window).factor) == ("Neuer Name", 1000)
    assert field(window, "factor").widget.text() == "1000"
    window.actions_.by_name["undo"].trigger()
    assert not window.session.is_dirty
    sheet.cell(3, 8).value = "viel"
    workbook.save(book)
    window.actions_.by_name["import"].trigger()
    assert "Zeile 3, Spalte „Faktor“" in messages(window.bar)[0] and not window.session.is_dirty


def test_what_cannot_be_saved_cannot_be_exported_either(window, tmp_path, monkeypatch):  # noqa: F811
    file_dialog(monkeypatch, "getSaveFileName", tmp_path / "k.xlsx")
    type_into(field(window, "factor").widget, "x")
    window.exchange.export()
    assert not (tmp_path / "k.xlsx").exists() and "zu berichtigen" in messages(window.bar)[0]


def test_every_save_can_enter_what_changed_into_the_history(window, own):  # noqa: F811
    from qgis.core import QgsSettings
    from qgis.PyQt.QtCore import Qt

    QgsSettings().setValue("teilhabe/catalogue/propose_history", True)
    type_into(field(window, "unit").widget, "Prozent")
    window.list.choose(2)
    type_into(field(window, "department").widget, "Jobcenter")
    window.edits.add()
    type_into(field(window, "name").widget, "Neues")
    before = own.read_bytes()
    act_on_dialog(lambda dialog: button(dialog, "cancel").click())
    assert not window.files.save() and own.read_bytes() == before

    def fill(dialog):
        table = dialog.table
        assert [(table.item(i, 0).text(), table.item(i, 1).text()) for i in range(3)] == [
            ("1.1", "Geändert: Einheit"), ("1.3", "Geändert: Zuständig"), ("1.4", "Neu aufgenommen: Neues")]
        table.item(1, 0).setCheckState(Qt.CheckState.Unchecked)
        table.item(2, 1).setText("Neues aufgenommen")
        assert dialog.fields["version"].widget.text() == "1.1"
        dialog.fields["date"].widget.setText("31.2.2027")
        assert not dialog.take.isEnabled() and "kein Datum" in dialog.fields["date"].complaint.text()
        dialog.fields["date"].widget.setText("28.2.2027")
        dialog.fields["author"].widget.setText("OE 5.1")
        dialog.stamp.setChecked(True)
        dialog.take.click()

    act_on_dialog(fill)
    assert window.files.save() and not window.session.is_dirty
    saved = json.loads(own.read_text(encoding="utf-8"))
    assert saved["history"][1:] == [
        {"version": "1.1", "date": "2027-02-28", "change": "Geändert: Einheit", "indicator": "1.1", "author": "OE 5.1"},
        {"version": "1.1", "date": "2027-02-28", "change": "Neues aufgenommen", "indicator": "1.4", "author": "OE 5.1"}]
    assert (saved["version"], saved["date"]) == ("1.1", "2027-02-28")
    versions = {each["number"]: each.get("version") for each in saved["indicators"]}
    assert (versions["1.1"], versions["1.4"]) == ("1.1", "1.1") and versions["1.2"] != "1.1"
    type_into(field(window, "name").widget, "Anderes")
    act_on_dialog(lambda dialog: button(dialog, "without").click())
    assert window.files.save()
    assert len(json.loads(own.read_text(encoding="utf-8"))["history"]) == 3


def test_the_history_is_proposed_in_the_language_of_the_catalogue(window, own):  # noqa: F811
    from teilhabe.core.catalogue_editing import with_master_data

    window.session.edit("Sprache", with_master_data(window.session.catalogue, language="en"))
    type_into(field(window, "unit").widget, "per cent")
    seen = []

    def look(dialog):
        seen.extend(dialog.table.item(i, 1).text() for i in range(dialog.table.rowCount()))
        button(dialog, "cancel").click()

    act_on_dialog(look)
    assert not window.files.propose() and seen == ["Changed: Language", "Changed: Unit"]


def test_help_is_the_page_about_the_catalogue(window, monkeypatch):  # noqa: F811
    from qgis.PyQt.QtGui import QDesktopServices, QKeySequence

    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(Path(url.toLocalFile())))
    action = window.actions_.by_name["help"]
    assert action.shortcut() == QKeySequence("F1")
    action.trigger()
    assert opened[0].name == "catalogue.html" and opened[0].parent.name == "de" and opened[0].is_file()


def test_history_and_dimensions_are_edited_in_their_tables(window, own):  # noqa: F811
    from qgis.PyQt.QtCore import Qt

    table = window.history.table
    window.history.add_entry()
    assert window.session.complaints("history", 1) == {"change": "Diese Angabe ist erforderlich."}
    assert table.model.index(1, 3).data() == "✖ " and "erforderlich" in table.complaint.text()
    assert table.model.setData(table.model.index(1, 3), "Nacherfassung")
    assert table.model.setData(table.model.index(1, 0), "1.3.2026")
    assert table.model.index(1, 0).data() == "01.03.2026" and not table.complaint.isVisibleTo(window)
    rows = window.master.table.model
    assert rows.setData(rows.index(0, 0), "E") and not rows.setData(rows.index(0, 0), "E")
    assert [each.dimension for each in window.session.catalogue.entries[:4]] == ["E", "E", "E", "2"]
    window.master.table.choose(0)
    window.master.move(1)
    assert window.files.save()
    saved = json.loads(own.read_text(encoding="utf-8"))
    assert [each["number"] for each in saved["dimensions"]] == ["2", "E", "3", "4", "5"]
    assert saved["history"][1]["date"] == "2026-03-01" and saved["history"][1]["change"] == "Nacherfassung"
    window.master.table.choose(1)
    window.master.remove_dimension()
    assert [each.dimension for each in window.session.catalogue.entries[:4]] == ["", "", "", "2"]
    window.actions_.by_name["undo"].trigger()
    assert [each.dimension for each in window.session.catalogue.entries[:4]] == ["E", "E", "E", "2"]
    assert not window.session.is_dirty
    assert not rows.flags(rows.index(0, 0)) & Qt.ItemFlag.ItemIsUserCheckable


def test_master_data(window, own):  # noqa: F811
    fields = window.master.fields
    type_into(fields["title"].widget, "Neuer Titel")
    type_into(fields["date"].widget, "1.2.2026")
    type_into(fields["id"].widget, "mein katalog")
    assert "darf nur Buchstaben" in fields["id"].complaint.text() and not window.files.save()
    type_into(fields["id"].widget, "mein_katalog")
    assert window.windowTitle().startswith("*Neuer Titel") and window.files.save()
    saved = json.loads(own.read_text(encoding="utf-8"))
    assert (saved["id"], saved["title"], saved["date"]) == ("mein_katalog", "Neuer Titel", "2026-02-01")


def test_two_editions_compared_and_copied(window, own, tmp_path):  # noqa: F811
    from qgis.PyQt.QtWidgets import QApplication

    type_into(field(window, "unit").widget, "Prozent")
    found = []

    def look(dialog):
        found.append((dialog.before.currentText(), dialog.after.currentText(), dialog.about.text()))
        button(dialog, "copy").click()
        dialog.after.setCurrentIndex(dialog.after.findData("saved"))
        dialog.after.activated.emit(dialog.after.currentIndex())
        found.append((dialog.table.rowCount(), dialog.about.text()))
        button(dialog, "close").click()

    act_on_dialog(look)
    window.actions_.by_name["compare"].trigger()
    assert found == [
        ("Gespeicherter Stand: stadt.json", "Dieses Fenster",
         "Indikatoren: 0 neu, 0 entfallen, 1 geändert; 0 Unterschiede in den Angaben zum Katalog."),
        (0, "Die beiden Fassungen sind gleich.")]
    assert QApplication.clipboard().text() == (
        "Nr.\tName\tAngabe\tVorher\tNachher\n1.1\tKinder in SGB-II-Bedarfsgemeinschaften\tEinheit\t%\tProzent")


def test_a_file_changed_by_somebody_else_is_asked_about(window, own):  # noqa: F811
    theirs = own.read_text(encoding="utf-8").replace('"%"', '"vH"', 1)
    type_into(field(window, "name").widget, "Meiner")
    own.write_text(theirs, encoding="utf-8")
    window.files.check_disk()
    assert messages(window.bar) == ["Jemand anderes hat stadt.json inzwischen geändert. Ihre eigenen Änderungen sind "
                                    "noch nicht gespeichert."]
    answer("cancel")
    assert not window.files.save() and own.read_text(encoding="utf-8") == theirs
    press_in_bar(window, "Datei neu laden")
    assert (entry(window).unit, entry(window).name) == ("vH", "Kinder in SGB-II-Bedarfsgemeinschaften")
    assert field(window, "unit").widget.text() == "vH" and not window.session.is_dirty
    window.actions_.by_name["undo"].trigger()
    assert entry(window).name == "Meiner" and window.session.is_dirty
    own.write_text(theirs.replace('"vH"', '"x"'), encoding="utf-8")
    answer("overwrite")
    assert window.files.save()
    assert json.loads(own.read_text(encoding="utf-8"))["indicators"][0]["name"] == "Meiner"


def test_a_file_that_is_gone_or_broken_loses_nothing(window, own):  # noqa: F811
    content = own.read_text(encoding="utf-8")
    own.unlink()
    window.files.check_disk()
    assert "nicht mehr vorhanden" in messages(window.bar)[0] and window.session.is_dirty
    assert window.files.save() and own.read_text(encoding="utf-8") == content
    own.write_text("{", encoding="utf-8")
    window.files.check_disk()
    press_in_bar(window, "Datei neu laden")
    assert "stadt.json" in messages(window.bar)[0] and len(shown(window)) == 17
    window.open_file(str(own.with_name("fehlt.json")))
    assert "nicht vorhanden" in messages(window.bar)[0] and len(shown(window)) == 17


def test_a_folder_that_cannot_be_written_to_loses_nothing(window, own, monkeypatch):  # noqa: F811
    type_into(field(window, "name").widget, "X")
    file_dialog(monkeypatch, "getSaveFileName", own.parent / "fehlt" / "k.json")
    assert not window.files.save_as()
    assert "nicht vorhanden" in messages(window.bar)[0] and window.session.is_dirty and window.session.path == own


@pytest.mark.parametrize("button_name, closed, saved", [
    ("cancel", False, False), ("discard", True, False), ("save", True, True)])
def test_closing_with_unsaved_changes_is_asked_about(window, own, button_name, closed, saved):  # noqa: F811
    type_into(field(window, "name").widget, "Geändert")
    answer(button_name)
    window.close()
    assert window.isVisible() is not closed
    assert ("Geändert" in own.read_text(encoding="utf-8")) is saved


def test_closing_with_faults_never_saves(window, own):  # noqa: F811
    before = own.read_bytes()
    type_into(field(window, "factor").widget, "x")
    seen = []
    answer("back", seen)
    window.close()
    assert window.isVisible() and field(window, "factor").widget.text() == "x" and own.read_bytes() == before
    assert "zu berichtigen" in seen[0].text()
    answer("discard")
    window.close()
    assert not window.isVisible() and own.read_bytes() == before


def test_qgis_asks_before_it_ends(iface, provider, german, new_project, own):  # noqa: F811
    from qgis.core import QgsSettings
    from teilhabe.gui.catalogue.window import CatalogueWindow

    class Registering(type(iface)):
        def __init__(self):
            super().__init__()
            self.blockers = []
            self.registerApplicationExitBlocker = self.blockers.append
            self.unregisterApplicationExitBlocker = self.blockers.remove

    QgsSettings().setValue("teilhabe/catalogue/last", str(own))
    registering = Registering()
    made = CatalogueWindow(registering)
    made.show()
    assert registering.blockers[0].allowExit()
    type_into(made.form.fields["name"].widget, "X")
    answer("cancel")
    assert not registering.blockers[0].allowExit()
    answer("discard")
    assert registering.blockers[0].allowExit()
    made.close()  # given up already: no second question
    assert registering.blockers == []
    made.deleteLater()


def test_new_catalogue_from_nothing_to_a_file(window, tmp_path, monkeypatch):  # noqa: F811
    from qgis.core import QgsSettings

    QgsSettings().setValue("teilhabe/catalogue/propose_history", True)
    window.actions_.by_name["new"].trigger()
    assert shown(window) == [] and window.faults.text() == "✖ 1 zu berichtigen (F8)"
    window.master.add_dimension()
    rows = window.master.table.model
    assert rows.setData(rows.index(0, 1), "Gesundheit")
    window.edits.add()
    assert entry(window).number == "1"
    type_into(field(window, "name").widget, "Erster")
    file_dialog(monkeypatch, "getSaveFileName", tmp_path / "neu.json")

    def fill(dialog):
        assert dialog.table.rowCount() == 1 and dialog.table.item(0, 1).text() == "Erste Fassung"
        dialog.fields["version"].widget.setText("1.0")
        dialog.take.click()

    act_on_dialog(fill)
    assert window.files.save()
    saved = json.loads((tmp_path / "neu.json").read_text(encoding="utf-8"))
    assert saved["dimensions"] == [{"number": "1", "title": "Gesundheit"}]
    assert saved["indicators"] == [{"number": "1", "name": "Erster", "status": "proposal"}]
    assert saved["history"][0]["change"] == "Erste Fassung" and saved["version"] == "1.0"


FIELDS = ("key:string", "k1_1_2024:double", "k1_1_2025:double", "k1_2_2025:double")
ROWS = [("01", 1.0, 2.0, None), ("02", 3.0, None, None), ("03", 5.0, 1.0, None)]


def test_data_status_counts_areas_by_indicator_and_year(window, new_project):  # noqa: F811
    layer = indicator_layer(new_project, ROWS, FIELDS)
    window.tabs.setCurrentIndex(2)
    data = window.data
    wait_for(lambda: data.model.columnCount() == 4, 5)
    model = data.model
    titles = [model.headerData(j, 1) for j in range(4)]
    assert titles == ["Laut Katalog", "Bemerkung", "2025", "2024"]
    assert [model.index(0, j).data() for j in range(4)] == ["liegen vor", "", "2 (67 %)", "alle 3"]
    assert [model.index(1, j).data() for j in (2, 3)] == ["leer", "–"]
    assert "hat für dieses Jahr keine Spalte" in model.index(1, 3).data(3)
    assert "keine Werte" in model.index(1, 1).data() and "keine Werte" in model.index(2, 1).data()
    assert data.about.text().startswith("1 von 17 Indikatoren haben Werte in diesem Layer (3 Gebiete). 2025: 1 von 17.")
    data.view.doubleClicked.emit(model.index(1, 2))
    assert window.tabs.currentIndex() == 0 and entry(window).number == "1.2"
    box = field(window, "data").widget
    box.setCurrentIndex(box.findData("none"))
    window.tabs.setCurrentIndex(2)
    wait_for(lambda: model.index(1, 0).data() == "noch keine Daten", 5)
    assert model.index(1, 1).data() == ""
    assert layer.isValid()


def test_layer_removed_and_project_closed_while_the_window_is_open(window, new_project):  # noqa: F811
    layer = indicator_layer(new_project, ROWS, FIELDS)
    window.tabs.setCurrentIndex(2)
    wait_for(lambda: window.data.model.rowCount() == 17, 5)
    type_into(field(window, "name").widget, "Bleibt")
    new_project.removeMapLayer(layer.id())
    wait_for(lambda: window.data.model.rowCount() == 0, 5)
    assert "kein Layer gewählt" in window.data.about.text()
    indicator_layer(new_project, ROWS, FIELDS)
    wait_for(lambda: window.data.model.rowCount() == 17, 5)
    new_project.clear()
    wait_for(lambda: window.data.model.rowCount() == 0, 5)
    assert entry(window).name == "Bleibt" and window.session.is_dirty


def test_opened_and_closed_thirty_times_leaves_nothing(iface, provider, german, new_project, own):  # noqa: F811
    import weakref

    from qgis.core import QgsProject, QgsSettings
    from qgis.PyQt.QtCore import QCoreApplication, QEvent, Qt
    from qgis.PyQt.QtWidgets import QApplication
    from teilhabe.gui.catalogue.window import CatalogueWindow

    QgsSettings().setValue("teilhabe/catalogue/last", str(own))
    layer = indicator_layer(new_project, ROWS, FIELDS)
    counts, windows = [], []
    for _ in range(30):
        made = CatalogueWindow(iface)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        made.show()
        made.tabs.setCurrentIndex(2)
        settle(20)
        made.tabs.setCurrentIndex(0)
        windows.append(weakref.ref(made))
        made.close()
        del made
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        settle(5)
        gc.collect()
        counts.append(len(QApplication.allWidgets()))
    assert [each for each in windows if each() is not None] == []
    assert counts[-1] == counts[2], counts
    assert QgsProject.instance().mapLayer(layer.id()) is layer
    indicator_layer(new_project, ROWS, FIELDS)  # nobody listens any more
    settle(200)


def test_a_shipped_catalogue_is_offered_where_nothing_was_open(iface, provider, german, new_project):
    from qgis.core import QgsSettings
    from teilhabe.bridge.project import set_provenance
    from teilhabe.gui.catalogue.window import CatalogueWindow

    QgsSettings().remove("teilhabe/catalogue")
    for recipe, expected in ((None, "sozial_gesundheitsmonitoring"), ("berlin_mss_2021", "berlin_mss_2021")):
        if recipe:
            layer = indicator_layer(new_project)
            set_provenance(layer, {"recipe": {"title": "R", "catalogue": recipe, "indicators": []}})
        made = CatalogueWindow(iface)
        assert made.session.path.stem == expected and made.session.is_template
        made.close()
        made.deleteLater()
        QgsSettings().remove("teilhabe/catalogue")


def test_large_catalogues_stay_quick(window, tmp_path):  # noqa: F811
    import time

    values = json.loads(TEMPLATE.read_text(encoding="utf-8"))
    one = values["indicators"][0]
    values["indicators"] = [{**one, "number": f"1.{i}", "name": f"Indikator {i}"} for i in range(300)]
    path = Path(shutil.copy(TEMPLATE, tmp_path / "gross.json"))
    path.write_text(json.dumps(values), encoding="utf-8")
    window.open_file(str(path))
    widget = field(window, "note").widget
    type_into(widget, "x")
    start = time.perf_counter()
    type_into(widget, "zehn Worte")
    assert (time.perf_counter() - start) / 10 < 0.15
    assert entry(window).note == "zehn Worte"
