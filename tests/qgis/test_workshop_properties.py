"""Properties and pool of the workshop: sliders, methods with their settings, further indicators."""
import copy
import json

import numpy as np
import pytest

from . import workshop_city as city
from .dialog_helpers import english_left, settle

pytestmark = pytest.mark.usefixtures("provider")


@pytest.fixture
def panel(new_project):
    """Return the panel, open on the small city."""
    from teilhabe.gui.workshop.tree.panel import TreePanel

    session = city.session(new_project)
    panel = TreePanel(session)
    panel.resize(380, 900)
    panel.show()
    settle(20)
    yield panel
    panel.close()
    panel.deleteLater()
    settle(20)


def expected(session, document):
    """Return the scores of a document, computed without the window."""
    from teilhabe.core.index import compute
    from teilhabe.core.recipe_reading import read_recipe

    return compute(read_recipe(json.dumps(document)), session.frame, session.year).values["gesamt_index"]


def choose(choice, value):
    """Choose like a user: by the keyboard in the list."""
    assert choice.is_possible(value), value
    choice.setCurrentIndex(choice.values.index(value))
    choice.activated.emit(choice.currentIndex())


def leaf(document, *path):
    entry = document["indices"][path[0]]
    for place in path[1:]:
        entry = entry["children"][place]
    return entry


def select(panel, *path):
    panel.tree.select_paths([path])
    settle(10)
    panel.properties.look_at_data()
    return panel.properties.form()


def test_a_slider_is_drawn(panel):
    from qgis.PyQt.QtCore import QEvent, QPoint, QPointF, Qt
    from qgis.PyQt.QtGui import QMouseEvent
    from qgis.PyQt.QtTest import QTest
    from qgis.PyQt.QtWidgets import QApplication, QStyle, QStyleOptionSlider

    session, before = panel.session, panel.session.document
    form = select(panel, 0)
    row = form.parts.rows[2]
    slider = row.slider
    assert slider.value() == 200 and slider.accessibleName() == "Weight of “Gesundheit”"
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    handle = slider.style().subControlRect(QStyle.ComplexControl.CC_Slider, option,
                                           QStyle.SubControl.SC_SliderHandle, slider).center()
    seen = []
    session.computed.connect(lambda: seen.append(session.result.values["gesamt_index"].copy()))
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, handle)
    way = slider.width() // 8
    for step in (way, 2 * way, 5 * way, 3 * way):
        place = QPointF(handle + QPoint(step, 0))
        QApplication.sendEvent(slider, QMouseEvent(
            QEvent.Type.MouseMove, place, QPointF(slider.mapToGlobal(place.toPoint())), Qt.MouseButton.LeftButton,
            Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier))
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, handle + QPoint(3 * way, 0))
    assert len(seen) >= 3  # live
    share = slider.value() / 1000
    assert 0.3 < share < 0.9
    wanted = copy.deepcopy(before)
    for place, child in enumerate(wanted["indices"][0]["children"]):
        child["weight"] = 5 * share if place == 2 else 5 * (1 - share) / 4
    np.testing.assert_allclose(session.result.values["gesamt_index"], expected(session, wanted), rtol=1e-7)
    session.undo()
    assert session.document == before and slider.value() == 200  # one movement, one step
    assert session.undo_text == ""


def test_a_slider_that_comes_back_leaves_the_proportions(panel):
    weights = [3, 1, 2, 2, 2]
    document = copy.deepcopy(panel.session.document)
    for weight, child in zip(weights, document["indices"][0]["children"]):
        child["weight"] = weight
    panel.session.edit("vorher", document)
    group = select(panel, 0).parts
    slider = group.rows[4].slider
    slider.setSliderDown(True)
    slider.setValue(1000)
    settle(10)
    assert [round(row.share, 3) for row in group.above.children] == [0, 0, 0, 0, 1]
    slider.setValue(600)
    slider.setSliderDown(False)
    settle(10)
    assert [row.share for row in panel.tree.rows.rows[0].children] == pytest.approx(
        [0.15, 0.05, 0.1, 0.1, 0.6])


def test_number_lock_and_equal_weights(panel):
    group = select(panel, 0).parts
    group.rows[0].lock.click()
    group.rows[2].number.setValue(60)
    shares = [row.share for row in panel.tree.rows.rows[0].children]
    assert shares == pytest.approx([0.2, 0.2 / 3, 0.6, 0.2 / 3, 0.2 / 3])
    assert not group.rows[0].slider.isEnabled() and group.rows[2].slider.maximum() == 800
    group.equal.click()
    assert [row.share for row in panel.tree.rows.rows[0].children] == pytest.approx([0.2] * 5)
    assert panel.session.undo_text == "Equal weights in “Partizipationsindex”"


def test_a_method_with_proposals_from_the_data(panel):
    session = panel.session
    form = select(panel, 0, 2, 2)
    row = form.methods["normalise"]
    assert row.choice.currentText() == "z-score (default)" and row.reset.isHidden()
    choose(row.choice, "goalposts")
    values = session.frame["k3_3_2025"]
    held = leaf(session.document, 0, 2, 2)["normalise"]
    assert held["method"] == "goalposts"
    assert held["lower"] <= values.min() and held["upper"] >= values.max()
    assert held["upper"] - held["lower"] < 2 * (values.max() - values.min())
    assert session.fault is None and not row.reset.isHidden() and row.title.font().bold()
    assert row.title.text() == "● Normalisation"
    row.options.inputs["upper"].setValue(80)
    held = leaf(session.document, 0, 2, 2)["normalise"]
    assert held["upper"] == 80
    np.testing.assert_array_equal(session.result.values["gesamt_index"], expected(session, session.document))
    row.options.inputs["upper"].setValue(-500)  # cannot go below the lower goalpost
    assert row.options.inputs["upper"].value() > held["lower"] and session.fault is None
    row.reset.click()
    assert "normalise" not in leaf(session.document, 0, 2, 2)
    assert row.choice.currentText() == "z-score (default)" and row.reset.isHidden()


def test_what_the_data_do_not_allow_is_grey_with_the_reason(panel):
    from qgis.PyQt.QtCore import Qt

    choice = select(panel, 0, 2).methods["aggregate"].choice
    assert not choice.is_possible("geometric") and choice.is_possible("median")
    assert "needs scores above 0" in choice.itemData(choice.values.index("geometric"), Qt.ItemDataRole.ToolTipRole)
    for place in range(4):
        panel.edits.set_value((0, 2, place), "normalise", {"method": "minmax", "low": 1, "high": 100})
    panel.properties.look_at_data()
    assert choice.is_possible("geometric")
    choose(choice, "geometric")
    assert panel.session.fault is None
    assert panel.session.document["indices"][0]["children"][2]["aggregate"] == "geometric"
    treatment = select(panel, 0, 2, 0).methods["missing"].choice
    assert treatment.is_possible("last_year") and treatment.is_possible("group_median")


def test_every_offered_method_can_be_computed(panel):
    """Whatever is not grey gives a result, at a leaf and at a node."""
    session = panel.session
    start = session.document
    for path in ((0, 2, 0), (0, 2)):
        for setting in select(panel, *path).methods:
            choice = select(panel, *path).methods[setting].choice
            for method in [value for value in choice.values if choice.is_possible(value)]:
                choose(choice, method)
                assert session.fault is None, (setting, method, session.fault_text)
                np.testing.assert_array_equal(session.result.values["gesamt_index"],
                                              expected(session, session.document))
                session.edit("zurück", start)
                panel.properties.look_at_data()


def test_binary_takes_a_value_or_deviations(panel):
    form = select(panel, 0, 2, 0)
    row = form.methods["normalise"]
    choose(row.choice, "binary")
    assert leaf(panel.session.document, 0, 2, 0)["normalise"] == {"method": "binary", "sd": 1}
    row.options.inputs["_number"].setValue(1.5)
    assert leaf(panel.session.document, 0, 2, 0)["normalise"] == {"method": "binary", "sd": 1.5}
    choose(row.options.inputs["_which"], "threshold")
    held = leaf(panel.session.document, 0, 2, 0)["normalise"]
    assert set(held) == {"method", "threshold"} and panel.session.fault is None


def test_direction_column_unit_and_minimum_share(panel):
    session = panel.session
    form = select(panel, 0, 2, 2)
    choose(form.high_is, "favourable")
    wanted = copy.deepcopy(city.document())
    next(each for each in wanted["indicators"] if each["id"] == "k3_3")["high_is"] = "favourable"
    np.testing.assert_array_equal(session.result.values["gesamt_index"], expected(session, wanted))
    choose(form.column, "k5_1_{year}")
    assert next(each for each in session.document["indicators"] if each["id"] == "k3_3")["column"] == "k5_1_{year}"
    form.unit.setText("Prozent")
    form.unit.editingFinished.emit()
    assert next(each for each in session.document["indicators"] if each["id"] == "k3_3")["unit"] == "Prozent"
    form = select(panel, 0, 2)
    form.minimum.setValue(75)
    assert session.document["indices"][0]["children"][2]["minimum_share"] == 0.75
    form.minimum_row.reset.click()
    assert "minimum_share" not in session.document["indices"][0]["children"][2]
    form = select(panel, 0)
    choose(form.high_means, "unfavourable")
    assert session.document["indices"][0]["high_means"] == "unfavourable"


def test_normalising_all_alike(panel):
    form = select(panel, 0, 2, 0)
    choose(form.methods["normalise"].choice, "percentile")
    assert form.alike.isEnabled()
    form.alike.click()
    health = panel.session.document["indices"][0]["children"][2]["children"]
    assert [each["normalise"] for each in health] == ["percentile"] * 4 and not form.alike.isEnabled()


def test_the_pool_holds_what_was_removed_and_other_columns(panel):
    session = panel.session
    panel.tree.select_paths([(0, 2, 0)])
    panel.tree.remove()
    panel.tabs.setCurrentIndex(1)
    titles = {entry.title: entry for entry in panel.pool.entries}
    assert titles["3.1 U8-Teilnahme"].reason == ""
    assert titles["3.1 U8-Teilnahme"].indicator["column"] == "k3_1_{year}"
    assert titles["3.1 U8-Teilnahme"].indicator["high_is"] == "favourable"
    assert "einwohner" not in titles and "k3_2_2025" not in titles
    before = session.document
    panel.pool.search.setText("U8")
    group = next(panel.pool.tree.topLevelItem(i) for i in range(panel.pool.tree.topLevelItemCount())
                 if not panel.pool.tree.topLevelItem(i).isHidden())
    item = next(group.child(i) for i in range(group.childCount()) if not group.child(i).isHidden())
    assert item.text(0) == "3.1 U8-Teilnahme"
    panel.tree.select_paths([(0, 3)])
    assert panel.pool.add.text() == "Add to “Bildung”"
    item.setSelected(True)
    panel.pool.add.click()
    assert session.undo_text == "Add “3.1 U8-Teilnahme”"
    added = session.document["indices"][0]["children"][3]["children"][-1]
    assert added["indicator"] == "k3_1" and session.fault is None
    assert next(each for each in session.document["indicators"] if each["id"] == "k3_1") == {
        "id": "k3_1", "title": "3.1 U8-Teilnahme", "column": "k3_1_{year}", "unit": "%", "high_is": "favourable",
        "catalogue": "3.1"}
    np.testing.assert_array_equal(session.result.values["gesamt_index"], expected(session, session.document))
    assert "3.1 U8-Teilnahme" not in {entry.title for entry in panel.pool.entries}
    session.undo()
    assert session.document == before


def test_dragging_from_the_pool_into_the_tree(panel):
    from qgis.PyQt.QtCore import Qt

    panel.tree.select_paths([(0, 4)])
    panel.tree.remove()
    panel.tabs.setCurrentIndex(1)
    items = [group.child(i) for group in map(panel.pool.tree.topLevelItem, range(panel.pool.tree.topLevelItemCount()))
             for i in range(group.childCount()) if group.child(i).text(0).startswith("5.")]
    assert len(items) == 3
    data = panel.pool.tree.mimeData(items)
    model = panel.tree.rows
    assert model.dropMimeData(data, Qt.DropAction.CopyAction, 0, 0, model.index_of((0, 1)))
    names = [each["indicator"] for each in panel.session.document["indices"][0]["children"][1]["children"]]
    assert names[:3] == ["k5_1", "k5_2", "k5_3"]
    assert panel.session.fault is None and panel.tree.selected_paths() == [(0, 1, 0), (0, 1, 1), (0, 1, 2)]


def test_indicators_without_a_column_say_so(new_project):
    from qgis.PyQt.QtCore import Qt
    from teilhabe.gui.workshop.pool.entries import pool_entries

    session = city.session(new_project)
    document = copy.deepcopy(session.document)
    from teilhabe.core.recipe_editing import removed
    session.edit("weg", removed(document, [(0, 2, 0)]))
    session.frame = session.frame.drop(columns=["k3_1_2025", "k3_1_2024"])
    entry = next(each for each in pool_entries(session) if each.title == "3.1 U8-Teilnahme")
    assert entry.reason == "The layer has no column for it; it would be called k3_1_2025."
    from teilhabe.gui.workshop.pool.panel import PoolPanel

    pool = PoolPanel(session)
    pool.follow()
    item = pool.tree.findItems("3.1 U8-Teilnahme – no data", Qt.MatchFlag.MatchRecursive)[0]
    assert not item.flags() & Qt.ItemFlag.ItemIsEnabled and entry.reason in item.toolTip(0)
    pool.deleteLater()


def test_all_texts_are_german(new_project, german):
    from teilhabe.gui.workshop.tree.panel import TreePanel

    panel = TreePanel(city.session(new_project))
    panel.show()
    for path in ((0,), (0, 2), (0, 2, 0)):
        panel.tree.select_paths([path])
        form = panel.properties.form()
        for row in form.methods.values():
            for method in row.methods:
                row.show_value(path, {"method": method} if method else None) if method in (None, "z", "none") else None
        assert english_left(panel) == []
    panel.tabs.setCurrentIndex(1)
    assert english_left(panel) == []
    assert panel.tree.rows.index_of((0, 1, 0), 1).data() == "33,3 %"
    panel.edits.set_share((0, 2), 0.4)
    assert panel.session.undo_text == "Gewicht von „Gesundheit“ auf 40 %"
    panel.deleteLater()


@pytest.mark.parametrize("points", [9, 14])
def test_nothing_is_cut_in_a_narrow_panel(panel, points):
    from qgis.PyQt.QtWidgets import QComboBox, QLabel, QPushButton, QSpinBox

    font = panel.font()
    font.setPointSize(points)
    panel.setFont(font)
    panel.resize(320, 900)
    for path in ((0,), (0, 2), (0, 2, 0)):
        select(panel, *path)
        settle(30)
        form = panel.properties.form()
        assert panel.properties.widget().width() <= panel.properties.viewport().width()
        for label in form.findChildren(QLabel):
            if label.isVisible() and label.text():
                needed = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
                assert label.height() >= needed, label.text()
                assert label.wordWrap() or label.width() >= label.sizeHint().width(), label.text()
        for box in form.findChildren(QPushButton):
            assert not box.isVisible() or box.width() >= box.sizeHint().width(), box.text()
        if points == 9:
            for combo in form.findChildren(QComboBox):
                if combo.isVisible():
                    wide = combo.fontMetrics().horizontalAdvance(combo.currentText())
                    assert combo.width() >= wide + 24, combo.currentText()
        assert not form.findChildren(QSpinBox)
