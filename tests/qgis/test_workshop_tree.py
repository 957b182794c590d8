"""The tree of the workshop: dragged, typed into, nudged and grouped like by a user; the numbers are the recipe's."""
import copy
import json

import numpy as np
import pytest

from . import workshop_city as city
from .dialog_helpers import settle

pytestmark = pytest.mark.usefixtures("provider")


@pytest.fixture
def panel(new_project):
    """Return the panel, open on the small city."""
    from teilhabe.gui.workshop.tree.panel import TreePanel

    session = city.session(new_project)
    panel = TreePanel(session)
    panel.resize(380, 900)
    panel.show()
    panel.tree.expandAll()
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


def titles(panel, parent=None):
    """Return the tree as it is shown."""
    from qgis.PyQt.QtCore import QModelIndex

    model = panel.tree.rows
    parent = parent or QModelIndex()
    found = []
    for place in range(model.rowCount(parent)):
        index = model.index(place, 0, parent)
        below = titles(panel, index) if model.rowCount(index) else []
        found.append((index.data(), below) if below else index.data())
    return found


def shown(panel, path, column):
    return panel.tree.rows.index_of(path, column).data()


def key(panel, name, modifier=None):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    modifier = getattr(Qt.KeyboardModifier, modifier) if modifier else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(panel.tree, getattr(Qt.Key, name), modifier)


def click(panel, path, column=0, double=False):
    """Click in the middle of a cell."""
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    index = panel.tree.rows.index_of(path, column)
    panel.tree.scrollTo(index)
    point = panel.tree.visualRect(index).center()
    click = QTest.mouseDClick if double else QTest.mouseClick
    click(panel.tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point)


def drop(panel, paths, parent, row):
    """Drop parts as the view does: the model takes what was dragged."""
    from qgis.PyQt.QtCore import QModelIndex, Qt

    model = panel.tree.rows
    data = model.mimeData([model.index_of(path) for path in paths])
    into = model.index_of(parent) if parent else QModelIndex()
    possible = model.canDropMimeData(data, Qt.DropAction.MoveAction, row, 0, into)
    done = model.dropMimeData(data, Qt.DropAction.MoveAction, row, 0, into)
    assert done == possible
    return done


def test_shows_the_recipe(panel):
    shown_titles = titles(panel)
    assert shown_titles[0][0] == "Partizipationsindex"
    assert [each[0] for each in shown_titles[0][1]] == [
        "Wirtschaftliche Lage", "Integration", "Gesundheit", "Bildung", "Wohnen und Umwelt"]
    assert (shown(panel, (0, 2), 1), shown(panel, (0, 2), 2)) == ("20 %", "20 %")
    assert (shown(panel, (0, 1, 0), 1), shown(panel, (0, 1, 0), 2)) == ("33.3 %", "6.7 %")
    assert shown(panel, (0,), 1) == ""
    overall = [row.overall for row in panel.tree.rows.rows if row.is_leaf]
    assert sum(overall) == pytest.approx(1)


def test_a_share_is_typed_into_its_cell(panel):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest
    from qgis.PyQt.QtWidgets import QDoubleSpinBox

    session, before = panel.session, panel.session.document
    click(panel, (0, 2), 1, double=True)
    editor = panel.tree.viewport().findChild(QDoubleSpinBox)
    editor.selectAll()
    QTest.keyClicks(editor, "40")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    settle(20)
    wanted = copy.deepcopy(before)
    for place, child in enumerate(wanted["indices"][0]["children"]):
        child["weight"] = 2 if place == 2 else 0.75
    np.testing.assert_allclose(session.result.values["gesamt_index"], expected(session, wanted), rtol=1e-9)
    assert [shown(panel, (0, place), 1) for place in range(5)] == ["15 %", "15 %", "40 %", "15 %", "15 %"]
    assert session.undo_text == "Weight of “Gesundheit” to 40 %"
    session.undo()
    assert session.document == before and shown(panel, (0, 2), 1) == "20 %"


def test_a_digit_begins_to_edit_the_share(panel):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest
    from qgis.PyQt.QtWidgets import QDoubleSpinBox

    panel.tree.select_paths([(0, 2, 0)])
    panel.tree.setFocus()
    QTest.keyClick(panel.tree, Qt.Key.Key_7)
    editor = panel.tree.viewport().findChild(QDoubleSpinBox)
    assert editor is not None
    QTest.keyClick(editor, Qt.Key.Key_0)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    settle(20)
    assert shown(panel, (0, 2, 0), 1) == "70 %"


def test_locked_shares_stay(panel):
    panel.edits.locked.add(panel.tree.rows.rows[1].key)
    panel.tree.rows.setData(panel.tree.rows.index_of((0, 2), 1), 50)
    assert [shown(panel, (0, place), 1) for place in range(5)] == ["20 %", "10 %", "50 %", "10 %", "10 %"]


def test_a_weight_leaves_the_tree_as_it_is(panel):
    model, tree = panel.tree.rows, panel.tree
    resets, changes = [], []
    model.modelReset.connect(lambda: resets.append(1))
    model.dataChanged.connect(lambda *_cells: changes.append(1))
    tree.collapse(model.index_of((0, 1)))
    tree.select_paths([(0, 3, 1)])
    place = tree.verticalScrollBar().value()
    model.setData(model.index_of((0, 2), 1), 30)
    assert resets == [] and len(changes) == 22  # every share in the whole changed, that of the index did not
    assert tree.selected_paths() == [(0, 3, 1)] and tree.verticalScrollBar().value() == place
    assert not tree.isExpanded(model.index_of((0, 1))) and tree.isExpanded(model.index_of((0, 2)))


def test_dragging_an_indicator_into_another_dimension(panel):
    session, before = panel.session, panel.session.document
    panel.tree.collapse(panel.tree.rows.index_of((0, 4)))
    assert drop(panel, [(0, 2, 1)], (0, 3), 2)
    wanted = copy.deepcopy(before)
    health, education = (wanted["indices"][0]["children"][place]["children"] for place in (2, 3))
    education.insert(2, health.pop(1))
    assert session.document == wanted
    np.testing.assert_array_equal(session.result.values["gesamt_index"], expected(session, wanted))
    assert panel.tree.selected_paths() == [(0, 3, 2)]
    assert not panel.tree.isExpanded(panel.tree.rows.index_of((0, 4)))
    assert session.undo_text == "Move “3.2 U9-Teilnahme”"
    session.undo()
    assert session.document == before


def test_dragging_several_down_and_up(panel):
    def first():
        return [each["indicator"] for each in panel.session.document["indices"][0]["children"][2]["children"]]

    assert first() == ["k3_1", "k3_2", "k3_3", "k3_4"]
    assert drop(panel, [(0, 2, 0), (0, 2, 1)], (0, 2), 3)
    assert first() == ["k3_3", "k3_1", "k3_2", "k3_4"]
    assert drop(panel, [(0, 2, 3)], (0, 2), 0)
    assert first() == ["k3_4", "k3_3", "k3_1", "k3_2"]
    assert drop(panel, [(0, 2, 0)], (0, 2), 4)
    assert first() == ["k3_3", "k3_1", "k3_2", "k3_4"]
    assert drop(panel, [(0, 1, 0), (0, 2, 0)], (0, 0), -1)
    children = panel.session.document["indices"][0]["children"]
    assert [each["indicator"] for each in children[0]["children"]][-2:] == ["k2_1", "k3_3"]


def test_impossible_drops_are_refused(panel):
    before = panel.session.document
    assert not drop(panel, [(0, 2)], (0, 2), 0)
    assert not drop(panel, [(0, 2, 0)], (), 0)
    assert not drop(panel, [(0,)], (0, 1), 0)
    assert panel.session.document is before


def test_grouping_what_is_selected(panel):
    before = [row.overall for row in panel.tree.rows.rows if row.is_leaf]
    panel.tree.ask_title = lambda _title, _proposal: "Zähne und Gewicht"
    panel.tree.select_paths([(0, 2, 2), (0, 2, 3)])
    key(panel, "Key_G", "ControlModifier")
    assert titles(panel)[0][1][2] == ("Gesundheit", ["3.1 U8-Teilnahme", "3.2 U9-Teilnahme", (
        "Zähne und Gewicht", ["3.3 Übergewichtsquote", "3.4 dmft-Index der Fünfjährigen"])])
    assert [row.overall for row in panel.tree.rows.rows if row.is_leaf] == pytest.approx(before)
    assert panel.tree.selected_paths() == [(0, 2, 2)]
    assert panel.session.fault is None
    panel.tree.menu()
    panel.tree.dissolve_action.trigger()
    assert [row.overall for row in panel.tree.rows.rows if row.is_leaf] == pytest.approx(before)
    assert titles(panel)[0][1][2][1][2] == "3.3 Übergewichtsquote"


def test_keys_move_remove_and_rename(panel):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest
    from qgis.PyQt.QtWidgets import QLineEdit

    panel.tree.setFocus()
    panel.tree.select_paths([(0, 2, 0)])
    key(panel, "Key_Down", "ControlModifier")
    assert panel.tree.selected_paths() == [(0, 2, 1)] and shown(panel, (0, 2, 1), 0) == "3.1 U8-Teilnahme"
    key(panel, "Key_Left", "ControlModifier")
    assert panel.tree.selected_paths() == [(0, 3)] and shown(panel, (0, 3), 0) == "3.1 U8-Teilnahme"
    key(panel, "Key_Right", "ControlModifier")
    assert panel.tree.selected_paths() == [(0, 2, 3)]
    key(panel, "Key_Delete")
    assert "k3_1" not in {each["id"] for each in panel.session.document["indicators"]}
    assert panel.session.undo_text == "Remove “3.1 U8-Teilnahme”"
    panel.session.undo()
    panel.tree.select_paths([(0, 2)])
    key(panel, "Key_F2")
    editor = panel.tree.viewport().findChild(QLineEdit)
    editor.setText("Gesund aufwachsen")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    settle(20)
    assert panel.session.document["indices"][0]["children"][2]["title"] == "Gesund aufwachsen"
    assert panel.session.document["indices"][0]["children"][2]["id"] == "gesundheit"


def test_what_is_on_the_map(panel):
    from teilhabe.gui.workshop.tree.model import OnMapRole

    session, model = panel.session, panel.tree.rows
    assert session.node == "gesamt"
    click(panel, (0, 2))
    assert session.node == "gesamt" and panel.tree.selected_paths() == [(0, 2)]  # looking at its weight, not at it
    click(panel, (0, 2), double=True)
    assert session.node == "gesundheit"
    assert model.index_of((0, 2)).data(OnMapRole) is True and model.index_of((0,)).data(OnMapRole) is False
    panel.tree.select_paths([(0, 3, 0)])
    key(panel, "Key_Return")
    assert session.node == "bildung"
    eye = panel.tree.visualRect(model.index_of((0, 1)))
    point = eye.topLeft()
    point.setX(eye.left() + 10)
    point.setY(eye.center().y())
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest
    QTest.mouseClick(panel.tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point)
    assert session.node == "integration" and panel.tree.selected_paths() == [(0, 3, 0)]


def test_a_fault_is_told_at_its_place(panel):
    from teilhabe.gui.workshop.tree.model import MarkRole

    model = panel.tree.rows
    panel.tree.collapse(model.index_of((0,)))
    panel.edits.set_value((0, 2), "aggregate", "geometric")
    assert panel.session.fault.path == (0, 2)
    assert panel.tree.isExpanded(model.index_of((0,)))
    mark = model.index_of((0, 2), 3)
    assert mark.data(MarkRole) == "fault"
    assert "needs scores above 0" in panel.tree.rows.row(mark).fault
    panel.tree.select_paths([(0, 2)])
    assert "needs scores above 0" in panel.properties.fault.text() and not panel.properties.fault.isHidden()
    panel.session.undo()
    assert model.index_of((0, 2), 3).data(MarkRole) == "deviation"
    assert panel.properties.fault.isHidden()


def test_an_empty_sub_index_says_what_to_do(panel):
    panel.tree.ask_title = lambda _title, _proposal: "Sicherheit"
    panel.tree.select_paths([(0,)])
    panel.tree.menu()
    panel.tree.add_action.trigger()
    assert shown(panel, (0, 5), 0) == "Sicherheit"
    row = panel.tree.rows.row(panel.tree.rows.index_of((0, 5)))
    assert row.fault and row.note.startswith("Still empty")
    assert drop(panel, [(0, 4, 0)], (0, 5), 0)
    assert panel.session.fault is None
    assert "sicherheit_index" in panel.session.result.values


def test_estimated_shares_are_shown_and_cannot_be_typed(panel):
    from qgis.PyQt.QtCore import Qt

    panel.edits.set_value((0, 2), "weights", "pca")
    weights = panel.session.result.evaluations["gesamt"].weights["gesundheit"]
    row = panel.tree.rows.row(panel.tree.rows.index_of((0, 2, 0)))
    assert row.share == pytest.approx(weights[0] / weights.sum()) and not row.is_stated
    assert not panel.tree.rows.flags(panel.tree.rows.index_of((0, 2, 0), 1)) & Qt.ItemFlag.ItemIsEditable


def test_a_cross_that_goes_is_told(new_project):
    from teilhabe.gui.workshop.session import Session
    from teilhabe.gui.workshop.tree.panel import TreePanel

    class Workshop:
        told = []

        def tell(self, text, _level):
            self.told.append(text)

    document = city.document()
    classes = {"method": "sd", "bounds": [0], "classes": [{"value": 1, "name": "a"}, {"value": 2, "name": "b"}]}
    document["indices"].append({"id": "zwei", "title": "Zwei", "classes": classes,
                                "children": [{"indicator": "k5_1"}]})
    document["indices"][0]["classes"] = classes
    document["crosses"] = [{"id": "kreuz", "title": "Kreuzung", "rows": "gesamt", "columns": "zwei", "cells": [
        {"row": row, "column": column, "value": 10 * row + column, "name": f"{row}/{column}"}
        for row in (1, 2) for column in (1, 2)]}]
    session = Session()
    session.workshop = Workshop()
    session.open(city.area_layer(new_project), document)
    panel = TreePanel(session)
    panel.tree.select_paths([(1,)])
    panel.tree.remove()
    assert "crosses" not in session.document
    assert Workshop.told == ["The cross “Kreuzung” went as well, because it needs both indices. “Undo” brings it back."]
    panel.deleteLater()


def test_rows_speak(panel):
    from qgis.PyQt.QtCore import Qt

    model = panel.tree.rows
    index = model.index_of((0, 2))
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Gesundheit"
    assert model.index_of((0,)).data(Qt.ItemDataRole.AccessibleTextRole) == "Partizipationsindex, on the map"
    assert index.sibling(index.row(), 3).data(Qt.ItemDataRole.AccessibleTextRole).startswith("not as by default: ")
    assert "Standardisation" in index.data(Qt.ItemDataRole.ToolTipRole)


@pytest.mark.parametrize(("points", "overall_is_hidden"), [(7, False), (14, True)])
def test_names_get_the_lines_they_need(panel, points, overall_is_hidden):
    from qgis.PyQt.QtCore import QPointF
    from qgis.PyQt.QtGui import QTextLayout, QTextOption
    from qgis.PyQt.QtWidgets import QStyle, QStyleOptionViewItem

    tree, model = panel.tree, panel.tree.rows
    if overall_is_hidden:
        panel.edits.rename((0, 2, 3), "Unterdurchschnittlichkeitsvermutungszahnkariesindexwert der Kinder")
    font = tree.font()
    font.setPointSize(points)
    tree.setFont(font)
    panel.resize(370, 900)
    settle(50)
    assert tree.isColumnHidden(2) == overall_is_hidden
    for row in model.rows:
        index = model.index_of(row.path)
        option = QStyleOptionViewItem()
        option.initFrom(tree)
        option.rect = tree.visualRect(index)
        option.widget, option.font, option.fontMetrics = tree, tree.font(), tree.fontMetrics()
        tree.names.initStyleOption(option, index)
        place = tree.style().subElementRect(QStyle.SubElement.SE_ItemViewItemText, option, tree)
        margin = tree.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, option, tree) + 1
        layout = QTextLayout(option.text, option.font)
        wrap = QTextOption()
        wrap.setWrapMode(QTextOption.WrapMode.WordWrap)
        layout.setTextOption(wrap)
        layout.beginLayout()
        height, line = 0.0, layout.createLine()
        while line.isValid():
            line.setLineWidth(place.width() - 2 * margin + 1)  # the rectangle is rounded
            line.setPosition(QPointF(0, height))
            assert line.naturalTextWidth() <= place.width() + 1, option.text
            height, line = height + line.height(), layout.createLine()
        layout.endLayout()
        assert height <= option.rect.height() + 1, option.text


def test_follows_years_other_recipes_and_the_end(panel, new_project):
    session = panel.session
    assert "k3_1_2025" in panel.tree.rows.row(panel.tree.rows.index_of((0, 2, 0))).note
    session.set_year(2024)
    assert "k3_1_2024" in panel.tree.rows.row(panel.tree.rows.index_of((0, 2, 0))).note
    other = copy.deepcopy(session.document)
    other["indices"] = [{"id": "klein", "title": "Klein", "children": [{"indicator": "k1_1"}]}]
    session.open(session.layer(), other)
    assert titles(panel) == [("Klein", ["1.1 Kinder in SGB-II-Bedarfsgemeinschaften"])]
    panel.tabs.setCurrentIndex(1)
    assert any(entry.title == "3.1 U8-Teilnahme" for entry in panel.pool.entries)
    session.close()
    assert titles(panel) == [] and panel.tree.current_row() is None and not panel.tabs.isEnabled()
    key(panel, "Key_Delete")
    panel.tree.menu()
    assert not panel.tree.remove_action.isEnabled() and not panel.tree.add_index_action.isEnabled()


def test_many_areas_and_indicators_stay_fluent(new_project):
    import time

    from teilhabe.gui.workshop.session import Session
    from teilhabe.gui.workshop.tree.panel import TreePanel

    document = city.document()
    names = [each["id"] for each in document["indicators"]]
    for place in range(60):
        document["indices"][0]["children"][place % 5]["children"].append(
            {"indicator": names[place % len(names)], "normalise": {"method": "percentile"}})
    session = Session()
    session.open(city.area_layer(new_project, 5000), document)
    panel = TreePanel(session)
    panel.resize(380, 900)
    panel.show()
    settle(50)
    followed = []
    for share in (30, 31, 32, 33, 34):
        document = session.document
        panel.edits.set_share((0, 2), share / 100)
        assert session.document is not document
        start = time.perf_counter()
        panel.tree.follow()
        panel._chosen()
        followed.append(time.perf_counter() - start)
    assert sorted(followed)[2] < 0.05
    panel.deleteLater()
