"""The catalogue editor, used as an officer uses it: typing, clicking, undoing, saving; files are compared."""
import json
import shutil
from pathlib import Path

import pytest

from .dialog_helpers import cut_texts, english_left, messages, settle, wait_for

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
TEMPLATE = RESOURCES / "catalogues" / "musterstadt.json"


@pytest.fixture
def own(tmp_path):
    """Return a copy of the sample city's catalogue."""
    return Path(shutil.copy(TEMPLATE, tmp_path / "stadt.json"))


@pytest.fixture
def window(iface, provider, german, new_project, own):
    """Return the window with the copy open; it is closed after the test, whatever it holds."""
    from qgis.core import QgsSettings
    from qgis.PyQt.QtCore import QCoreApplication, QEvent
    from teilhabe.gui.catalogue.window import CatalogueWindow

    QgsSettings().remove("teilhabe/catalogue")
    QgsSettings().remove("Windows")
    QgsSettings().setValue("teilhabe/catalogue/last", str(own))
    QgsSettings().setValue("teilhabe/catalogue/propose_history", False)
    made = CatalogueWindow(iface)
    made.show()
    settle(30)
    yield made
    if made.listening:
        made.files.may_leave = lambda: True
        made.close()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def press(widget, key, modifier=None):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    QTest.keyClick(widget, key, modifier or Qt.KeyboardModifier.NoModifier)


def type_into(widget, text):
    """Replace what a field holds by typing; QTest.keyClicks knows no umlauts."""
    from qgis.PyQt.QtCore import QCoreApplication, QEvent, Qt
    from qgis.PyQt.QtGui import QKeyEvent

    widget.setFocus()
    widget.selectAll()
    for letter in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            key = QKeyEvent(kind, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, letter)
            QCoreApplication.sendEvent(widget, key)


def control(window, key):
    from qgis.PyQt.QtCore import Qt

    press(window, key, Qt.KeyboardModifier.ControlModifier)


def field(window, name):
    return window.form.fields[name]


def entry(window):
    return window.session.catalogue.entries[window.list.current]


def shown(window):
    model = window.list.model
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def answer(button, seen=None):
    """Click a button of the next modal window, by its object name."""
    from qgis.PyQt.QtCore import QTimer
    from qgis.PyQt.QtWidgets import QApplication, QPushButton

    def click():
        box = QApplication.activeModalWidget()
        if box is None:
            QTimer.singleShot(20, click)
            return
        if seen is not None:
            seen.append(box)
        box.findChild(QPushButton, button).click()

    QTimer.singleShot(20, click)


def file_dialog(monkeypatch, kind, path):
    from qgis.PyQt.QtWidgets import QFileDialog

    monkeypatch.setattr(QFileDialog, kind, lambda *_args, **_more: (str(path), ""))


def test_opens_what_was_open_last_and_shows_the_first_indicator(window, own):
    assert window.session.path == own and len(shown(window)) == 17
    assert field(window, "number").widget.text() == "1.1"
    assert field(window, "name").widget.text() == "Kinder in SGB-II-Bedarfsgemeinschaften"
    assert window.windowTitle() == "Indikatorenkatalog Musterstadt – Indikatorenkatalog"
    assert not window.session.is_dirty and not window.actions_.by_name["save"].isEnabled()


def test_typing_undo_redo_save_writes_exactly_the_change(window, own):
    before = json.loads(own.read_text(encoding="utf-8"))
    name = field(window, "name").widget
    type_into(name, "Kinderarmut")
    assert entry(window).name == "Kinderarmut" and window.session.is_dirty
    assert window.list.model.index(0, 1).data() == "Kinderarmut"
    window.actions_.by_name["undo"].trigger()
    assert name.text() == before["indicators"][0]["name"] and not window.session.is_dirty
    window.actions_.by_name["redo"].trigger()
    assert name.text() == "Kinderarmut"
    window.actions_.by_name["save"].trigger()
    after = json.loads(own.read_text(encoding="utf-8"))
    before["indicators"][0]["name"] = "Kinderarmut"
    assert after == before and not window.session.is_dirty
    assert messages(window.bar) == ["Gespeichert: stadt.json"]


def test_the_windows_undo_gets_the_keys_while_a_field_is_being_typed_in(window):
    from qgis.PyQt.QtCore import Qt

    for name in ("unit", "note"):
        before = getattr(entry(window), name)
        widget = field(window, name).widget
        type_into(widget, "xyz")
        assert getattr(entry(window), name) == "xyz"
        press(widget, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert getattr(entry(window), name) == before
        assert field(window, name).value() == before


def test_keys_of_the_menus(window):
    from qgis.PyQt.QtCore import Qt

    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    widget = field(window, "unit").widget
    type_into(widget, "xyz")
    for key, modifier in ((Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier), (Qt.Key.Key_Z, both)):
        control(window, Qt.Key.Key_Z)
        assert entry(window).unit == "%"
        press(widget, key, modifier)
        assert entry(window).unit == "xyz"
    control(window, Qt.Key.Key_S)
    assert not window.session.is_dirty
    control(window, Qt.Key.Key_PageDown)
    assert window.list.current == 1 and window.focused_field() == "unit"
    press(widget, Qt.Key.Key_Up, both)
    assert window.list.current == 0 and shown(window)[:2] == ["1.2", "1.1"]
    control(window, Qt.Key.Key_D)
    assert entry(window).number == "1.4"
    window.list.view.setFocus()
    press(window.list.view, Qt.Key.Key_Delete)
    assert "1.4" not in shown(window)
    control(window, Qt.Key.Key_F)
    assert window.list.search.hasFocus()
    control(window, Qt.Key.Key_3)
    assert window.tabs.currentIndex() == 2


def test_every_field_is_written_to_the_file(window, own):
    texts = {"number": "9.9", "name": "Name neu", "question": "Frage?", "numerator": "Zähler", "denominator": "Nenner",
             "factor": "1000", "statement": "Aussage", "reference_date": "30.06.", "source": "Amt", "unit": "je 1.000",
             "pool_years": "3", "minimum_denominator": "20,5", "department": "OE 5", "version": "2", "note": "Hinweis"}
    choices = {"dimension": "4", "kind": "rate", "high_is": "favourable", "pool": "mean", "data": "none",
               "status": "verified"}
    for name, text in texts.items():
        type_into(field(window, name).widget, text)
    for name, value in choices.items():
        box = field(window, name).widget
        box.setCurrentIndex(box.findData(value))
    answer("save")  # recipes refer to 1.1
    window.actions_.by_name["save"].trigger()
    saved = json.loads(own.read_text(encoding="utf-8"))["indicators"][0]
    assert saved == {
        "number": "9.9", "name": "Name neu", "dimension": "4", "question": "Frage?",
        "calculation": {"kind": "rate", "numerator": "Zähler", "denominator": "Nenner", "factor": 1000},
        "statement": "Aussage", "reference_date": "30.06.", "source": "Amt", "unit": "je 1.000",
        "high_is": "favourable", "pool_years": 3, "pool": "mean", "minimum_denominator": 20.5, "department": "OE 5",
        "data": "none", "status": "verified", "version": "2", "note": "Hinweis"}


def test_what_is_not_valid_is_explained_kept_and_not_saved(window, own):
    before = own.read_bytes()
    factor = field(window, "factor")
    type_into(factor.widget, "1.000")
    assert "nicht eindeutig" in factor.complaint.text() and factor.complaint.isVisible()
    assert "nicht eindeutig" in factor.widget.accessibleDescription()
    type_into(field(window, "number").widget, "1.2")
    assert "kommt mehrfach vor" in field(window, "number").complaint.text()
    assert window.list.model.index(0, 2).data().startswith("✖ 2")
    assert window.faults.text() == "✖ 3 zu berichtigen (F8)"  # the number is told at both
    window.list.choose(4)
    window.list.choose(0)
    assert factor.widget.text() == "1.000" and field(window, "number").widget.text() == "1.2"
    window.actions_.by_name["save"].trigger()
    assert own.read_bytes() == before
    assert messages(window.bar) == ["3 Angaben sind zu berichtigen, bevor der Indikatorenkatalog gespeichert werden "
                                    "kann."]
    type_into(field(window, "number").widget, "1.1")
    type_into(factor.widget, "1 000")
    assert not window.session.problems and not factor.complaint.isVisible()
    window.actions_.by_name["save"].trigger()
    assert json.loads(own.read_text(encoding="utf-8"))["indicators"][0]["calculation"]["factor"] == 1000


def test_f8_leads_from_one_fault_to_the_next(window):
    type_into(field(window, "factor").widget, "x")
    window.list.choose(3)
    type_into(field(window, "name").widget, " ")
    window.list.choose(6)
    window.activateWindow()
    window.next_problem()
    assert (window.list.current, window.focused_field()) == (0, "factor")
    window.next_problem()
    assert (window.list.current, window.focused_field()) == (3, "name")
    window.next_problem()
    assert (window.list.current, window.focused_field()) == (0, "factor")


def test_clicks_choose_indicators_and_several_can_be_removed_at_once(window):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    view, model = window.list.view, window.list.model

    def click(row, modifier=Qt.KeyboardModifier.NoModifier):
        place = view.visualRect(model.index(row, 1)).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifier, place)

    click(5)
    assert field(window, "number").widget.text() == "2.3"
    click(7, Qt.KeyboardModifier.ControlModifier)
    assert window.list.selected() == [5, 7]
    answer("remove")
    window.actions_.by_name["remove"].trigger()
    assert "2.3" not in shown(window) and "3.2" not in shown(window) and len(shown(window)) == 15
    assert window.actions_.by_name["undo"].text() == "Rückgängig: 2 Indikatoren entfernt"
    QTest.mouseClick(window.faults, Qt.MouseButton.LeftButton)
    assert window.tabs.currentIndex() == 0  # nothing to be mended: nothing happens


def test_blanks_around_a_text_are_not_saved(window, own):
    type_into(field(window, "name").widget, " Kinder  ")
    assert window.files.save()
    assert json.loads(own.read_text(encoding="utf-8"))["indicators"][0]["name"] == "Kinder"
    assert not window.session.is_dirty and not window.session.file_differs()


def test_numbers_are_shown_in_their_usual_form_when_the_field_is_left(window):
    minimum = field(window, "minimum_denominator")
    type_into(minimum.widget, "12.50")
    assert minimum.widget.text() == "12.50" and entry(window).minimum_denominator == 12.5
    window.list.view.setFocus()
    wait_for(lambda: minimum.widget.text() == "12,5", 3)


def test_add_duplicate_remove_move_and_back_again(window):
    actions, before = window.actions_.by_name, window.session.catalogue
    window.list.choose(1)
    actions["add"].trigger()
    assert (window.list.current, entry(window).number, entry(window).dimension) == (2, "1.4", "1")
    assert "erforderlich" in field(window, "name").complaint.text()
    window.list.choose(0)
    actions["duplicate"].trigger()
    assert (window.list.current, entry(window).number, entry(window).name) == (1, "1.5", before.entries[0].name)
    actions["down"].trigger()
    assert shown(window)[:5] == ["1.1", "1.2", "1.5", "1.4", "1.3"] and window.list.current == 2
    assert field(window, "number").widget.text() == "1.5"
    actions["remove"].trigger()
    assert shown(window)[:4] == ["1.1", "1.2", "1.4", "1.3"]
    for _ in range(4):
        actions["undo"].trigger()
    assert window.session.catalogue == before and not actions["undo"].isEnabled()
    for _ in range(4):
        actions["redo"].trigger()
    assert shown(window)[:4] == ["1.1", "1.2", "1.4", "1.3"] and not actions["redo"].isEnabled()


def test_sorting_keeps_the_chosen_indicator(window):
    window.list.choose(0)
    for _ in range(3):
        window.actions_.by_name["down"].trigger()
    window.actions_.by_name["sort"].trigger()
    assert shown(window)[:3] == ["1.1", "1.2", "1.3"] and entry(window).number == "1.1"
    assert field(window, "number").widget.text() == "1.1"


def test_removing_what_a_recipe_needs_is_asked_about(window):
    window.list.choose(0)
    seen = []
    answer("cancel", seen)
    window.actions_.by_name["remove"].trigger()
    assert len(window.session.catalogue.entries) == 17
    assert "Partizipationsindex Musterstadt" in seen[0].informativeText()
    answer("remove")
    window.actions_.by_name["remove"].trigger()
    assert shown(window)[0] == "1.2" and field(window, "number").widget.text() == "1.2"


def test_a_number_that_recipes_refer_to_is_warned_about_while_typing_and_when_saving(window, own):
    before = own.read_bytes()
    type_into(field(window, "number").widget, "1.9")
    assert "Partizipationsindex Musterstadt" in field(window, "number").complaint.text()
    assert field(window, "number").complaint.text().startswith("⚠")
    answer("cancel")
    window.actions_.by_name["save"].trigger()
    assert own.read_bytes() == before and window.session.is_dirty
    type_into(field(window, "number").widget, "1.1")
    assert not field(window, "number").complaint.isVisible()


def test_recipes_of_the_projects_layers_count(window, new_project):
    from teilhabe.bridge.project import set_provenance

    from .dialog_helpers import indicator_layer

    layer = indicator_layer(new_project)
    set_provenance(layer, {"recipe": json.dumps({"title": "Mein Index", "catalogue": "stadt", "indicators": [
        {"id": "a", "catalogue": "1.1"}]})})
    wait_for(lambda: "Mein Index" in window.form.used.text(), 5)
    new_project.removeMapLayer(layer.id())
    wait_for(lambda: "Mein Index" not in window.form.used.text(), 5)


def test_search_and_filters(window):
    type_into(window.list.search, "quote")
    assert shown(window) == [each.number for each in window.session.catalogue.entries if "quote" in
                             json.dumps(vars(each), ensure_ascii=False).casefold()]
    assert window.list.counted.text().startswith(f"{len(shown(window))} von 17")
    window.list.search.clear()
    window.list.dimension.setCurrentIndex(window.list.dimension.findData("3"))
    assert shown(window) == ["3.1", "3.2", "3.3", "3.4"]
    box = field(window, "data").widget
    box.setCurrentIndex(box.findData("none"))
    window.list.dimension.setCurrentIndex(0)
    window.list.state.setCurrentIndex(window.list.state.findData("without_data"))
    assert shown(window) == ["3.1"]
    box.setCurrentIndex(box.findData("available"))
    assert shown(window) == ["3.1"]  # what is being edited does not vanish
    window.show_indicator("5.1")
    assert len(shown(window)) == 17 and entry(window).number == "5.1"
    window.show_indicator("77")
    assert messages(window.bar) == ["Dieser Indikatorenkatalog enthält keinen Indikator 77."]


def test_state_is_kept_until_the_next_time(window, iface):
    from teilhabe.gui.catalogue.window import CatalogueWindow

    window.list.dimension.setCurrentIndex(window.list.dimension.findData("4"))
    window.resize(1111, 640)
    settle(30)
    window.halves.setSizes([350, 740])
    settle(30)
    sizes = window.halves.sizes()
    window.tabs.setCurrentIndex(3)
    window.close()
    again = CatalogueWindow(iface)
    again.show()
    settle(30)
    assert again.tabs.currentIndex() == 3 and shown(again) == ["4.1", "4.2", "4.3", "4.4"]
    assert (again.width(), again.height()) == (1111, 640)
    again.tabs.setCurrentIndex(0)
    settle(30)
    assert abs(again.halves.sizes()[0] - sizes[0]) <= 2
    again.close()
    again.deleteLater()


def test_all_is_german_named_and_not_cut(window):
    from qgis.PyQt.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QTableView

    window.resize(1240, 640)
    for i in range(4):
        window.tabs.setCurrentIndex(i)
        settle(50)  # the first look at the data loads what counts them
        settle(50)
        assert english_left(window) == [] and cut_texts(window.tabs.widget(i)) == []
        for kind in (QLineEdit, QPlainTextEdit, QComboBox, QTableView):
            for child in window.tabs.widget(i).findChildren(kind):
                if child.isVisibleTo(window):
                    assert child.accessibleName() or isinstance(child.parent(), QComboBox), child.objectName()
    assert window.minimumSizeHint().width() <= 1240 and window.minimumSizeHint().height() <= 640


def test_the_keyboard_reaches_every_field_and_leaves_texts_with_tab(window):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtWidgets import QApplication

    window.activateWindow()
    field(window, "number").widget.setFocus()
    reached = []
    for _ in range(40):
        focused = QApplication.focusWidget()
        if focused is None or focused.objectName() in reached:
            break
        reached.append(focused.objectName())
        press(focused, Qt.Key.Key_Tab)
    assert reached[:21] == ["number", "dimension", "name", "question", "kind", "factor", "numerator", "denominator",
                            "unit", "high_is", "statement", "source", "reference_date", "department", "data",
                            "minimum_denominator", "pool_years", "pool", "status", "version", "note"]
