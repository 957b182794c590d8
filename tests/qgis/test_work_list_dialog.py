"""The work list's window, used as a clerk uses it: keys, clicks in the map, a second opinion, a lost register."""
import json
import time
from pathlib import Path

import pytest

from .dialog_helpers import cut_texts, english_left, messages, settle, wait_for
from .offer_helpers import located, point, register_file, values

OPEN = ["Kita ohne Nummer", "Beratung", "Jugendtreff", "Sportverein", "Seniorentreff"]


@pytest.fixture
def offers(provider, german, new_project, tmp_path):
    """Return the located list of the small town."""
    return located(new_project, tmp_path)


@pytest.fixture
def dialog(iface, provider, german, new_project):
    """Return a function that opens the window; it is closed after the test."""
    from qgis.core import QgsCoordinateReferenceSystem, QgsRectangle, QgsSettings
    from qgis.PyQt.QtCore import QCoreApplication, QEvent
    from teilhabe.gui.work_list_dialog import WorkListDialog

    opened = []

    def open_dialog():
        window = WorkListDialog(iface)
        opened.append(window)
        window.show()
        wait_for(lambda: window.session is None or not window.session.is_loading())
        settle(50)
        return window

    QgsSettings().remove("Windows")
    canvas = iface.mapCanvas()
    canvas.resize(600, 400)
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:25832"))
    canvas.setExtent(QgsRectangle(399000, 5699000, 402000, 5703000))
    yield open_dialog
    for each in opened:
        each.close()
        each.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def press(widget, key, modifier=None):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    QTest.keyClick(widget, key, modifier or Qt.KeyboardModifier.NoModifier)


def shown(window):
    """Return the names of the rows in sight."""
    model = window.form.rows.model()
    return [model.index(row, 1).data() for row in range(model.rowCount())]


def chosen(window):
    """Return the name of the chosen row."""
    position = window.view.position()
    return window.session.rows[position].name if position >= 0 else ""


def show(window, state):
    box = window.form.filter
    box.setCurrentIndex(box.findData(state))
    box.activated.emit(box.currentIndex())


def candidates(window):
    return [each.text for each in window.form.candidates.model().candidates]


def go_to(window, name):
    assert window.view.go_to(next(i for i, row in enumerate(window.session.rows) if row.name == name))


def decisions(folder):
    """Return kind by key of the decisions in the file."""
    path = Path(folder, "angebote_entscheidungen.json")
    return {each["key"]: each["kind"] for each in json.loads(path.read_text(encoding="utf-8"))["decisions"]}


def test_rows_to_be_corrected_are_listed_with_their_reason(offers, dialog):
    window = dialog()
    assert window.form.layer.currentData() == offers.id()
    assert shown(window) == OPEN
    assert window.form.progress_text.text() == "0 von 5 erledigt"
    assert chosen(window) == "Kita ohne Nummer"
    assert "Zeile 4: Kita ohne Nummer" in window.form.given.text()
    assert candidates(window)[0].startswith("Goethestraße")
    assert window.form.file.text() == "Entscheidungen: angebote_entscheidungen.json"


def test_window_in_german_nothing_cut(offers, dialog):
    window = dialog()
    assert (window.width() <= 1000, window.height() <= 580) == (True, True)
    assert (window.minimumSizeHint().width() <= 1000, window.minimumSizeHint().height() <= 580) == (True, True)
    assert not window.isModal()
    assert english_left(window) == []
    assert cut_texts(window) == []
    for name in OPEN:
        go_to(window, name)
        settle(20)
        assert cut_texts(window) == [], name


def test_enter_takes_the_candidate_and_goes_on_digits_choose(offers, dialog, tmp_path):
    from qgis.PyQt.QtCore import Qt

    window = dialog()
    go_to(window, "Jugendtreff")
    assert candidates(window)[1:] != []
    press(window.form.rows, Qt.Key.Key_2)
    assert window.form.candidates.currentIndex().row() == 1
    taken = window.form.candidates.model().candidates[1]
    press(window.form.rows, Qt.Key.Key_Return)
    assert chosen(window) == "Sportverein"
    assert window.form.progress_text.text() == "1 von 5 erledigt"
    assert values(offers, "Jugendtreff", "adr_herkunft") == "hand"
    assert values(offers, "Jugendtreff", "adr_gefunden") == taken.text
    assert point(offers, "Jugendtreff") == (round(taken.x), round(taken.y))
    assert decisions(tmp_path) == {"hafenstr. 99": "address"}
    press(window.form.rows, Qt.Key.Key_9)  # there are not so many
    assert window.form.candidates.currentIndex().row() <= 0


def test_decision_is_undone_and_done_again_one_by_one(offers, dialog, tmp_path):
    from qgis.PyQt.QtCore import Qt

    window = dialog()
    before = {name: values(offers, "Jugendtreff", name) for name in ("adr_stufe", "adr_guete", "adr_hinweis")}
    place = point(offers, "Jugendtreff")
    go_to(window, "Jugendtreff")
    press(window.form.candidates, Qt.Key.Key_Return)
    after = point(offers, "Jugendtreff")
    window.form.reason.setEditText("geschlossen")
    go_to(window, "Beratung")
    window.form.reason.setEditText("nur Postfach")
    window.form.no_place.click()
    assert sorted(decisions(tmp_path).values()) == ["none", "text"]
    assert "nicht verortbar" in window.form.undo.toolTip()
    press(window.form.rows, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert chosen(window) == "Beratung"
    assert list(decisions(tmp_path).values()) == ["text"]
    assert values(offers, "Beratung", "adr_herkunft") is None
    window.form.undo.click()
    assert decisions(tmp_path) == {}
    assert {name: values(offers, "Jugendtreff", name) for name in before} == before
    assert point(offers, "Jugendtreff") == place
    assert not window.form.undo.isEnabled()
    press(window.form.rows, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert point(offers, "Jugendtreff") == after
    assert list(decisions(tmp_path).values()) == ["text"]
    window.form.redo.click()
    assert values(offers, "Beratung", "adr_hinweis").endswith("nur Postfach")
    assert not window.form.redo.isEnabled()


def test_any_decision_is_removed_also_one_of_an_earlier_day(offers, dialog, tmp_path):
    from qgis.PyQt.QtCore import Qt

    first = dialog()
    go_to(first, "Beratung")
    first.form.typed.setText("Ahornweg 7")
    first.form.take_typed.click()
    assert point(offers, "Beratung") == (400140, 5700500)
    first.close()
    second = dialog()
    assert not second.form.undo.isEnabled()
    assert second.form.progress_text.text() == "1 von 5 erledigt"
    show(second, "decided")
    assert shown(second) == ["Beratung"]
    press(second.form.rows, Qt.Key.Key_Delete)
    assert (point(offers, "Beratung"), values(offers, "Beratung", "adr_herkunft")) == (None, None)
    assert decisions(tmp_path) == {}
    second.form.undo.click()
    assert point(offers, "Beratung") == (400140, 5700500)


def test_another_address_is_typed_with_suggestions(offers, dialog, tmp_path):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    window = dialog()
    window.activateWindow()
    press(window, Qt.Key.Key_F2)
    assert window.focusWidget() is window.form.typed
    QTest.keyClicks(window.form.typed, "bahnhofstr 1")
    window.field.refresh()
    assert list(window.field.found)[0] == "Bahnhofstraße 1, 12345"
    assert "Bahnhofstraße 11, 12345" in window.field.found
    window.form.typed.setText("Bahnhofstraße 11, 12345")
    press(window.form.typed, Qt.Key.Key_Return)
    assert point(offers, "Kita ohne Nummer") == (400220, 5701000)
    assert decisions(tmp_path) == {"goethestrasse | kita ohne nummer": "address"}
    assert chosen(window) == "Beratung"
    assert window.form.typed.text() == ""


def test_typed_address_that_no_register_has_stays_open(offers, dialog, tmp_path):
    window = dialog()
    go_to(window, "Beratung")
    window.form.typed.setText("Nirgendwoallee 5")
    window.form.take_typed.click()
    assert chosen(window) == "Beratung"
    assert window.form.progress_text.text() == "0 von 5 erledigt"
    assert "Nirgendwoallee 5" in messages(window.form.bar)[0]
    window.undo()
    assert decisions(tmp_path) == {}


def test_reason_is_chosen_or_written(offers, dialog, tmp_path):
    from qgis.PyQt.QtCore import Qt

    window = dialog()
    go_to(window, "Sportverein")
    window.form.reason.setCurrentIndex(window.form.reason.findText("außerhalb der Stadt"))
    press(window.form.reason, Qt.Key.Key_Return)
    assert decisions(tmp_path) == {"unbekannter pfad 7": "none"}
    assert values(offers, "Sportverein", "adr_hinweis").endswith("außerhalb der Stadt")
    assert (values(offers, "Sportverein", "adr_stufe"), values(offers, "Sportverein", "adr_herkunft")) == (7, "hand")
    assert chosen(window) == "Seniorentreff"
    assert window.form.reason.currentText() == ""


def test_place_is_clicked_in_the_map_and_esc_leaves_it(offers, dialog, iface, tmp_path):
    from qgis.core import QgsPointXY
    from qgis.gui import QgsMapToolPan
    from qgis.PyQt.QtCore import Qt

    canvas = iface.mapCanvas()
    pan = QgsMapToolPan(canvas)
    canvas.setMapTool(pan)
    window = dialog()
    go_to(window, "Seniorentreff")
    window.form.map_click.click()
    assert canvas.mapTool() is window.candidates.tool
    assert not window.isVisible()  # it would hide the map
    assert messages(iface.messageBar()) == ["Klicken Sie den Ort in der QGIS-Karte an. Esc verlässt die Karte."]
    press(canvas, Qt.Key.Key_Escape)
    assert (canvas.mapTool(), window.isVisible(), window.form.map_click.isChecked()) == (pan, True, False)
    assert messages(iface.messageBar()) == []
    window.form.map_click.click()
    window.candidates.tool.clicked(QgsPointXY(400123, 5700456))
    assert (canvas.mapTool(), window.isVisible()) == (pan, True)
    assert point(offers, "Seniorentreff") == (400123, 5700456)
    assert decisions(tmp_path) == {"im rathaus | seniorentreff": "point"}
    assert values(offers, "Seniorentreff", "adr_herkunft") == "hand"


def test_window_beside_the_map_stays_while_a_click_is_waited_for(offers, dialog, iface, monkeypatch):
    from qgis.PyQt.QtCore import QPoint, Qt

    canvas = iface.mapCanvas()
    window = dialog()
    monkeypatch.setattr(canvas, "mapToGlobal", lambda _point: QPoint(5000, 5000))
    window.form.map_click.click()
    assert window.isVisible()
    assert messages(window.form.bar) == ["Klicken Sie den Ort in der QGIS-Karte an. Esc verlässt die Karte."]
    press(window, Qt.Key.Key_Escape)
    assert (window.isVisible(), window.candidates.is_waiting(), messages(window.form.bar)) == (True, False, [])


def test_hidden_window_is_closed_like_any_other(offers, dialog, iface):
    window = dialog()
    window.form.map_click.click()
    tool = window.candidates.tool
    assert iface.mapCanvas().mapTool() is tool
    window.close()
    assert iface.mapCanvas().mapTool() is not tool
    assert not window.layers.listening


def test_enter_held_down_decides_about_one_row(offers, dialog):
    from qgis.PyQt.QtCore import QCoreApplication, QEvent, Qt
    from qgis.PyQt.QtGui import QKeyEvent

    window = dialog()
    go_to(window, "Jugendtreff")
    press(window.form.rows, Qt.Key.Key_Return)
    decided = [row.name for row in window.session.rows if row.by_hand]
    again = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "", True)
    QCoreApplication.sendEvent(window.form.rows, again)
    assert [row.name for row in window.session.rows if row.by_hand] == decided == ["Jugendtreff"]


def test_width_of_a_column_is_remembered(offers, dialog):
    window = dialog()
    window.form.rows.setColumnWidth(2, 187)
    window.close()
    assert dialog().form.rows.columnWidth(2) == 187


def test_candidates_are_marked_in_the_map(offers, dialog, iface):
    window = dialog()
    go_to(window, "Jugendtreff")
    assert len(window.candidates.markers.markers) == len(candidates(window))
    middle = iface.mapCanvas().center()
    best = window.candidates.candidate()
    assert (round(middle.x()), round(middle.y())) == (round(best.x), round(best.y))
    window.form.follow.setChecked(False)
    assert window.candidates.markers.markers == []
    window.close()
    assert not window.candidates.is_waiting()


def test_skip_leaves_the_row_open(offers, dialog):
    from qgis.PyQt.QtCore import Qt

    window = dialog()
    window.form.skip.click()
    press(window.form.rows, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert chosen(window) == "Jugendtreff"
    press(window.form.rows, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert chosen(window) == "Beratung"
    assert window.form.progress_text.text() == "0 von 5 erledigt"


def test_filter_and_search(offers, dialog):
    window = dialog()
    show(window, "all")
    assert len(shown(window)) == 8
    window.form.search.setText("kita nord")
    window.view.show_filtered()
    assert shown(window) == ["Kita Nord"]
    window.form.search.clear()
    show(window, "left")
    press_name = "Beratung"
    go_to(window, press_name)
    window.form.no_place.click()
    assert "Beratung" in shown(window)  # stays in sight until the next look
    show(window, "left")
    assert shown(window) == [name for name in OPEN if name != "Beratung"]
    titles = [window.form.filter.itemText(i) for i in range(window.form.filter.count())]
    assert titles[:4] == ["Arbeitsliste", "Offen", "Von Hand entschieden", "Alle Zeilen"]
    show(window, "grade:7")
    assert "Sportverein" in shown(window) and "Kita ohne Nummer" not in shown(window)


def test_end_of_the_list_is_told(offers, dialog):
    window = dialog()
    for _ in OPEN:
        window.form.no_place.click()
    assert messages(window.form.bar) == ["Die Arbeitsliste ist erledigt (Zeilen: 5)."]
    assert window.form.progress.value() == window.form.progress.maximum() == 5


def test_decisions_apply_again_to_next_years_list(offers, dialog, new_project, tmp_path):
    window = dialog()
    go_to(window, "Beratung")
    window.form.typed.setText("Ahornweg 7")
    window.form.take_typed.click()
    window.close()
    again = located(new_project, tmp_path, OUTPUT=str(tmp_path / "neu.gpkg"))
    assert point(again, "Beratung") == (400140, 5700500)
    assert values(again, "Beratung", "adr_herkunft") == "hand"


def test_clerk_without_qgis(offers, dialog, tmp_path):
    from openpyxl import load_workbook

    window = dialog()
    path = tmp_path / "arbeitsliste.xlsx"
    window.clerk.write_to(str(path))
    assert messages(window.form.bar) == ["5 Zeilen wurden in arbeitsliste.xlsx geschrieben."]
    book = load_workbook(path)
    sheet = book.active
    headings = [cell.value for cell in sheet[1]]
    column = next(i for i, text in enumerate(headings) if str(text).startswith("Korrektur")) + 1
    assert [sheet.cell(row, 1).value for row in range(2, 7)] == [4, 5, 6, 8, 9]
    sheet.cell(3, column).value = "Ahornweg 7"
    sheet.cell(4, column).value = "1"
    sheet.cell(5, column).value = "-"
    book.save(path)
    window.clerk.read_from(str(path))
    assert messages(window.form.bar) == [
        "arbeitsliste.xlsx: Übernommene Entscheidungen zu Adressen dieser Liste: 3."]
    assert window.form.progress_text.text() == "3 von 5 erledigt"
    assert point(offers, "Beratung") == (400140, 5700500)
    window.form.undo.click()
    assert window.form.progress_text.text() == "2 von 5 erledigt"


def test_file_of_something_else_is_refused(offers, dialog, tmp_path):
    window = dialog()
    window.clerk.read_from(str(tmp_path / "adressen.csv"))
    assert "adressen.csv" in messages(window.form.bar)[0]
    (tmp_path / "angebote_entscheidungen.json").write_text('{"format": "etwas anderes"}', encoding="utf-8")
    before = values(offers, "Beratung", "adr_herkunft")
    go_to(window, "Beratung")
    window.form.no_place.click()
    assert "angebote_entscheidungen.json" in messages(window.form.bar)[0]
    assert values(offers, "Beratung", "adr_herkunft") == before
    assert not window.form.undo.isEnabled()


def test_two_people_decide_at_a_time(offers, dialog, tmp_path):
    from teilhabe.core.addresses.decisions import Decision, Decisions, write_decisions

    window = dialog()
    other = Decisions().with_decision(Decision("postfach 12 34 | beratung", "text", text="Ahornweg 1"))
    write_decisions(tmp_path / "angebote_entscheidungen.json", other)
    go_to(window, "Sportverein")
    window.form.no_place.click()
    assert decisions(tmp_path) == {"postfach 12 34 | beratung": "text", "unbekannter pfad 7": "none"}


def test_register_that_is_gone_is_told(offers, dialog, tmp_path):
    for path in tmp_path.glob("*adressen*"):
        path.unlink()
    window = dialog()
    [told] = messages(window.form.bar)
    assert "adressen.csv" in told
    assert shown(window) == OPEN
    assert not any(each.isEnabled() for each in (window.form.take, window.form.typed, window.form.no_place))


def test_layer_is_removed_and_project_closed_while_open(offers, dialog, new_project):
    window = dialog()
    window.form.map_click.click()
    new_project.removeMapLayer(offers.id())
    settle(300)
    assert (shown(window), window.session) == ([], None)
    assert "kein Layer mit verorteten Angeboten" in window.form.given.text()
    for button in (window.form.undo, window.form.take, window.form.no_place, window.form.more):
        assert not button.isEnabled()
    new_project.clear()
    settle(300)
    assert window.isVisible()
    assert cut_texts(window) == []


def test_newest_layer_comes_first_and_is_opened_when_the_other_goes(offers, dialog, new_project, tmp_path):
    time.sleep(1.1)  # the record counts seconds
    newer = located(new_project, tmp_path, OUTPUT=str(tmp_path / "neu.gpkg"))
    window = dialog()
    assert [window.form.layer.itemData(i) for i in range(2)] == [newer.id(), offers.id()]
    assert window.session.layer_id == newer.id()
    window.choose(offers.id())
    wait_for(lambda: not window.session.is_loading())
    assert window.session.layer_id == offers.id()
    new_project.removeMapLayer(offers.id())
    wait_for(lambda: window.session is not None and not window.session.is_loading())
    assert window.session.layer_id == newer.id()


def test_layer_that_cannot_be_changed_keeps_the_decision(offers, dialog, tmp_path, monkeypatch):
    from teilhabe.bridge import decided_rows
    from teilhabe.core.messages import TeilhabeError

    def locked(layer, _names, _rows):
        raise TeilhabeError("The layer “{layer}” cannot be changed.", layer=layer.name())

    monkeypatch.setattr(decided_rows, "write_rows", locked)
    window = dialog()
    window.form.no_place.click()
    assert len(messages(window.form.bar)) == 1
    assert decisions(tmp_path) == {"goethestrasse | kita ohne nummer": "none"}


def test_legend_counts_what_was_decided(offers, dialog):
    window = dialog()
    go_to(window, "Jugendtreff")
    window.form.take.click()
    window.session.refresh_style()
    labels = [item.label() for item in offers.renderer().legendSymbolItems()]
    assert any("von Hand" in label and label.endswith("1") for label in labels), labels


def test_keyboard_reaches_everything(offers, dialog):
    from qgis.PyQt.QtCore import Qt

    window = dialog()
    window.form.rows.setFocus()
    visited = ["rows"]
    for _ in range(40):
        press(window.focusWidget(), Qt.Key.Key_Tab)
        visited.append(window.focusWidget().objectName())
        if visited[-1] == "rows":
            break
    stops = ["rows", "candidates", "take", "map_click", "follow", "typed", "take_typed", "reason", "no_place", "skip",
             "more", "choose_decisions", "close", "help", "layer", "filter", "search", "rows"]
    assert [each for each in visited if each in stops] == stops


def test_every_control_says_what_it_is(offers, dialog):
    from qgis.PyQt.QtWidgets import QComboBox, QLineEdit, QTableView

    window = dialog()
    labelled = {label.buddy() for label in window.form.findChildren(type(window.form.layer_label)) if label.buddy()}
    for widget in window.form.findChildren((QComboBox, QLineEdit, QTableView)):
        own = widget.parent() not in window.form.findChildren(QComboBox) and widget.objectName()
        if own and not widget.objectName().startswith("qt_"):
            assert widget in labelled or widget.accessibleName(), widget.objectName()


def test_five_thousand_rows(provider, german, new_project, tmp_path, dialog):
    from .offer_helpers import list_file

    offers = [(f"Angebot {i}", f"Gibtesnichtstraße {i}") for i in range(5000)]
    path = list_file(tmp_path, "viele.csv", offers)
    register_file(tmp_path)
    located(new_project, tmp_path, FILE=path)
    window = dialog()
    before = time.monotonic()
    window.form.no_place.click()
    show(window, "left")
    window.form.search.setText("4999")
    window.view.show_filtered()
    assert time.monotonic() - before < 2
    assert shown(window) == ["Angebot 4997", "Angebot 4999"]  # the first one stands in row 4999
    assert window.form.progress_text.text() == "1 von 5000 erledigt"
