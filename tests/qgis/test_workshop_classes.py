"""The tab with the classes, by mouse and keys, against what the engine makes of the recipe that is expected."""
import json
from time import monotonic

import numpy as np
import pytest

from . import workshop_town as town

STATUS = ["hoch", "mittel", "niedrig", "sehr niedrig"]


@pytest.fixture
def open_tab(new_project, qgis_app):
    """Return a function that opens a session with a tab and waits until it is drawn."""
    from teilhabe.gui.workshop.session import Session

    made = []

    def opened(document, columns=None, cls=None, year=None):
        from teilhabe.gui.workshop.classes.tab import ClassesTab

        session = Session()
        session.open(town.layer(columns or town.columns()), document, year=year)
        tab = (cls or ClassesTab)(session)
        tab.resize(520, 760)
        tab.show()
        made.append(tab)
        settle(tab)
        return session, tab

    yield opened
    for tab in made:
        tab.hide()
        tab.deleteLater()


def settle(tab):
    """Wait until what has changed is shown."""
    from qgis.PyQt.QtTest import QTest

    until = monotonic() + 5
    QTest.qWait(30)
    while (tab.is_old or tab.waiting.isActive()) and monotonic() < until:
        QTest.qWait(20)
    QTest.qWait(30)


def by_sd():
    return town.spec("sd", STATUS, bounds=[-1, 1, 1.5], ddof=0)


def place_of(chart, value, height=0.5):
    """Return the point of the canvas over a score."""
    from qgis.PyQt.QtCore import QPoint

    return QPoint(round(chart.x_of(value) / chart.devicePixelRatioF()), round(chart.canvas.height() * height))


def draw(chart, start, *ways, let_go=True):
    """Press the mouse at a score, draw it to others and let it go."""
    from qgis.PyQt.QtCore import QEvent, QPointF, Qt
    from qgis.PyQt.QtGui import QMouseEvent
    from qgis.PyQt.QtTest import QTest
    from qgis.PyQt.QtWidgets import QApplication

    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(chart.canvas, left, none, place_of(chart, start))
    for value in ways:
        point = QPointF(place_of(chart, value))
        QApplication.sendEvent(chart.canvas, QMouseEvent(QEvent.Type.MouseMove, point, Qt.MouseButton.NoButton, left,
                                                         none))
        QTest.qWait(10)
    if let_go:
        QTest.mouseRelease(chart.canvas, left, none, place_of(chart, ways[-1]))


def press(widget, key, *modifiers):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    QTest.keyClick(widget, key, modifiers[0] if modifiers else Qt.KeyboardModifier.NoModifier)


def classes_of(document, node="ia"):
    nodes = [*document["indices"], *document["indices"][0]["children"]]
    return next(each for each in nodes if each["id"] == node).get("classes")


def is_computed_as(session, document, node="ia"):
    """Say whether map, result and view are those of a document."""
    result = town.expected(document, session.frame)
    wanted = np.asarray(result.values[f"{node}_klasse"], float)
    view = session.view()
    values = np.array([each.value for each in view.class_set.classes] + [np.nan])[view.positions]
    return session.document == document and np.array_equal(wanted, values, equal_nan=True)


# moving a bound ----------------------------------------------------------------------------------------------------


def test_a_bound_drawn_with_the_mouse_changes_the_multiple_as_one_step(open_tab):
    document = town.recipe(ia=by_sd())
    session, tab = open_tab(document)
    moved = []
    session.computed.connect(lambda: moved.append(1))
    scores = session.view().scores
    mean, spread = scores.mean(), scores.std()
    draw(tab.chart, tab.chart.bars.bounds[1], mean + 0.9 * spread, mean + 0.7 * spread, mean + 0.5 * spread)
    settle(tab)
    bounds = classes_of(session.document)["bounds"]
    assert bounds[0] == -1 and bounds[2] == 1.5
    assert bounds[1] == pytest.approx(0.5, abs=0.051) and round(bounds[1] * 20) == pytest.approx(bounds[1] * 20)
    expected = json.loads(json.dumps(document))
    expected["indices"][0]["classes"]["bounds"] = bounds
    assert is_computed_as(session, expected)
    assert len(moved) > 1, "the map did not follow while the bound was drawn"
    assert len(session.history.steps) == 2
    session.undo()
    assert session.document == document and not session.undo_text
    settle(tab)
    assert tab.chart.bars.bounds == pytest.approx(tuple(mean + spread * np.array([-1, 1, 1.5])))
    session.redo()
    assert classes_of(session.document)["bounds"] == bounds


def test_a_rest_while_the_mouse_is_pressed_does_not_part_the_step(open_tab, monkeypatch):
    session, tab = open_tab(town.recipe(ia=by_sd()))
    now = [100.0]
    session.history.clock = lambda: now[0]
    start = tab.chart.bars.bounds[0]
    draw(tab.chart, start, start - 0.3, let_go=False)
    now[0] += 60
    draw_on = tab.handles
    draw_on.moved.emit(0, start - 0.6)
    tab.movement.write()
    draw_on._released(type("Release", (), {"button": 1})())
    assert len(session.history.steps) == 2 and session.history.held == ""


def test_escape_takes_a_drawn_bound_back_and_leaves_no_step(open_tab):
    from qgis.PyQt.QtCore import Qt

    document = town.recipe(ia=by_sd())
    session, tab = open_tab(document)
    start = tab.chart.bars.bounds[0]
    draw(tab.chart, start, start - 0.4, start - 0.8, let_go=False)
    assert session.document != document
    press(tab.chart.canvas, Qt.Key.Key_Escape)
    settle(tab)
    assert session.document == document and not session.undo_text and not session.redo_text
    assert tab.chart.bars.bounds[0] == start


def test_other_methods_turn_into_fixed_bounds_and_say_so(open_tab, german):
    session, tab = open_tab(town.recipe(ia=town.spec("quantile", ["a", "b", "c"])))
    before = tab.chart.bars.bounds
    draw(tab.chart, before[0], before[0] - 0.2, before[0] - 0.5)
    settle(tab)
    spec = classes_of(session.document)
    assert spec["method"] == "fixed" and spec["bounds"][0] == pytest.approx(before[0] - 0.5, abs=0.06)
    assert tab.form.method.currentData() == "fixed"
    assert tab.hint.isVisible() and "Feste Grenzen" in tab.hint.text()
    others = np.asarray(session.view().scores) > spec["bounds"][1]
    assert np.array_equal(others, session.view().scores > before[1]), "a bound that was not moved parts otherwise"


def test_a_bound_stays_between_its_neighbours(open_tab):
    session, tab = open_tab(town.recipe(ia=town.spec("fixed", ["a", "b", "c"], bounds=[-1, 1])))
    draw(tab.chart, -1, 0, 1.5, 2)
    bounds = classes_of(session.document)["bounds"]
    assert bounds[0] < bounds[1] == 1 and bounds[0] > 0.9
    assert session.fault is None


def test_bounds_snap_to_gaps_or_nothing(open_tab):
    session, tab = open_tab(town.recipe(ia=town.spec("fixed", ["a", "b"], bounds=[0.0])))
    tab.form.snap.setCurrentIndex(tab.form.snap.findData("gaps"))
    draw(tab.chart, 0, 0.3, 0.6)
    bound = classes_of(session.document)["bounds"][0]
    scores = np.sort(session.view().scores)
    below, above = scores[scores <= bound].max(), scores[scores > bound].min()
    near = np.flatnonzero(np.abs((scores[1:] + scores[:-1]) / 2 - 0.6) < 0.12)
    assert below + (above - below) * 0.2 < bound < above - (above - below) * 0.2
    assert above - below >= np.median(np.diff(scores)[near])
    tab.form.snap.setCurrentIndex(tab.form.snap.findData("free"))
    draw(tab.chart, bound, -0.4321)
    assert classes_of(session.document)["bounds"][0] == pytest.approx(-0.4321, abs=0.03)
    tab.form.snap.setCurrentIndex(tab.form.snap.findData("round"))
    draw(tab.chart, classes_of(session.document)["bounds"][0], 0.53)
    assert classes_of(session.document)["bounds"][0] * 20 == pytest.approx(
        round(classes_of(session.document)["bounds"][0] * 20))


def test_keys_choose_and_move_a_bound_as_one_step(open_tab):
    from qgis.PyQt.QtCore import Qt

    document = town.recipe(ia=town.spec("fixed", ["a", "b", "c"], bounds=[-1, 1]))
    session, tab = open_tab(document)
    canvas = tab.chart.canvas
    press(canvas, Qt.Key.Key_Tab)
    assert tab.chart.active == 0
    press(canvas, Qt.Key.Key_Tab)
    assert tab.chart.active == 1 and "2" in canvas.accessibleDescription()
    for _time in range(3):
        press(canvas, Qt.Key.Key_Right)
    press(canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    tab.movement.write()
    step = 0.1 if tab.edits.basis().spread > 7 else 0.05
    assert classes_of(session.document)["bounds"] == pytest.approx([-1, 1 - 2 * step])
    press(canvas, Qt.Key.Key_Return)
    assert len(session.history.steps) == 2
    press(canvas, Qt.Key.Key_Up)
    press(canvas, Qt.Key.Key_Left)
    press(canvas, Qt.Key.Key_Escape)
    assert len(session.history.steps) == 2
    assert classes_of(session.document)["bounds"] == pytest.approx([-1, 1 - 2 * step])
    session.undo()
    assert session.document == document


def test_undo_between_two_keys_begins_a_new_movement(open_tab):
    from qgis.PyQt.QtCore import Qt

    session, tab = open_tab(town.recipe(ia=town.spec("fixed", ["a", "b"], bounds=[0.0])))
    for _time in range(4):
        press(tab.chart.canvas, Qt.Key.Key_Right)
    tab.movement.write()
    step = classes_of(session.document)["bounds"][0] / 4
    session.undo()
    settle(tab)
    press(tab.chart.canvas, Qt.Key.Key_Right)
    tab.movement.write()
    assert classes_of(session.document)["bounds"] == pytest.approx([step]) and step > 0


# bars and areas ----------------------------------------------------------------------------------------------------


def test_a_click_on_a_bar_selects_its_areas_and_ctrl_adds(open_tab):
    from qgis.PyQt.QtCore import QPoint, Qt
    from qgis.PyQt.QtTest import QTest

    session, tab = open_tab(town.recipe(ia=by_sd()))
    chart, scores = tab.chart, session.view().scores
    full = [(low, high) for low, high, bar, _place in chart.segments() if chart.heights[bar] >= 4 and
            low in chart.edges and high in chart.edges]
    (low, high), (low_2, high_2) = full[0], full[1]
    bottom = chart.axes.transData.transform((0, 0.5))[1] / chart.devicePixelRatioF()

    def click(value, modifier=Qt.KeyboardModifier.NoModifier):
        point = QPoint(place_of(chart, value).x(), round(chart.canvas.height() - bottom))
        QTest.mouseClick(chart.canvas, Qt.MouseButton.LeftButton, modifier, point)

    click((low + high) / 2)
    first = np.flatnonzero((scores > low) & (scores <= high)).tolist()
    assert list(session.selection) == first and len(first) >= 4
    click((low_2 + high_2) / 2, Qt.KeyboardModifier.ControlModifier)
    second = np.flatnonzero((scores > low_2) & (scores <= high_2)).tolist()
    assert set(session.selection) == {*first, *second}
    settle(tab)
    assert tab.chart.marked.tolist() == sorted({*first, *second})


def test_what_is_under_the_mouse_is_named(open_tab, german):
    session, tab = open_tab(town.recipe(ia=by_sd()))
    lowest = int(np.nanargmin(session.view().scores))
    rug = tab.chart.axes.transData.transform((session.view().scores[lowest], -0.07 * tab.chart.heights.max()))
    rows, kind = tab.chart.rows_at(*rug)
    assert kind == "area" and rows.tolist() == [lowest]
    assert tab.handles.words(rows, kind).startswith("hoch\nGebiet ")
    many = tab.handles.words(np.arange(20), "bar")
    assert many.count("\n") == 9 and many.endswith("… und 12 weitere")


def test_areas_near_a_bound_are_named_and_selected(open_tab, german):
    columns = {"a": [0.0, 1, 2, 3, 4.02], "b": [0.0] * 5, "c": [0.0] * 5}
    session, tab = open_tab(town.recipe(ia=town.spec("fixed", ["a", "b"], bounds=[4.0])), columns)
    # standard deviation 1.42: a twentieth is 0.071, and 0.1 as the round number next to it
    assert "1 Gebiet</a> liegt näher als 0,1 " in tab.near_label.text() and "Gebiet 5" in tab.near_label.text()
    tab.near_label.linkActivated.emit("near")
    assert session.selection == (4,)


def test_share_of_the_variance_is_said(open_tab, german):
    columns = {"a": [1.0, 2, 3, 7, 8, 9], "b": [0.0] * 6, "c": [0.0] * 6}
    _session, tab = open_tab(town.recipe(ia=town.spec("fixed", ["a", "b"], bounds=[5.0])), columns)
    assert "93 %" in tab.fit.text()


# form and table ----------------------------------------------------------------------------------------------------


def choose(box, data):
    """Choose an entry of a box as the user does."""
    place = box.findData(data)
    box.setCurrentIndex(place)
    box.activated[int].emit(place)


@pytest.mark.parametrize("method", ["sd", "fixed", "quantile", "rank", "equal", "natural", "head_tail"])
def test_every_method_can_be_chosen(open_tab, method):
    start = town.spec("equal" if method != "equal" else "rank", STATUS)
    session, tab = open_tab(town.recipe(ia=start))
    choose(tab.form.method, method)
    settle(tab)
    assert classes_of(session.document)["method"] == method and session.fault is None
    assert is_computed_as(session, session.document)
    assert [each["name"] for each in classes_of(session.document)["classes"]] == STATUS
    assert tab.form.explanation.text()
    session.undo()
    assert classes_of(session.document) == start


def test_settings_of_the_methods(open_tab):
    session, tab = open_tab(town.recipe(ia=by_sd()))
    choose(tab.form.ddof, 1)
    assert classes_of(session.document)["ddof"] == 1
    choose(tab.form.method, "quantile")
    settle(tab)
    choose(tab.form.kind, 6)
    assert classes_of(session.document) == town.spec("quantile", STATUS, type=6)
    choose(tab.form.method, "head_tail")
    settle(tab)
    assert tab.form.share.isVisible() and not tab.form.kind.isVisible()
    tab.form.share.setValue(30)
    assert classes_of(session.document) == town.spec("head_tail", STATUS, share=0.3)
    assert is_computed_as(session, session.document)


def test_the_number_of_classes_with_names_of_the_colour_table(open_tab):
    session, tab = open_tab(town.recipe(ia=by_sd()))
    tab.form.count.setValue(5)
    settle(tab)
    spec = classes_of(session.document)
    assert [each["name"] for each in spec["classes"]] == ["sehr hoch", "hoch", "mittel", "gering", "sehr gering"]
    assert spec["bounds"] == [-1.5, -0.5, 0.5, 1.5]
    tab.form.count.setValue(3)
    assert [each["name"] for each in classes_of(session.document)["classes"]] == ["hoch", "mittel", "gering"]
    for count in range(2, 10):
        tab.form.count.setValue(count)
        assert len(classes_of(session.document)["classes"]) == count and session.fault is None


def edit(tab, row, column, text):
    """Type into a cell."""
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest
    from qgis.PyQt.QtWidgets import QLineEdit

    index = tab.table.model().index(row, column)
    tab.table.setCurrentIndex(index)
    tab.table.edit(index)
    editor = tab.table.findChild(QLineEdit)
    editor.setText(text)  # key clicks know no true minus sign
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QTest.qWait(10)


def test_the_table_is_edited_in_place(open_tab, german):
    from teilhabe.gui.workshop.classes.table import LOWER, MULTIPLE, NAME, NUMBER, UPPER

    session, tab = open_tab(town.recipe(ia=by_sd()))
    edit(tab, 3, NAME, "ganz unten")
    assert classes_of(session.document)["classes"][3] == {"value": 4, "name": "ganz unten"}
    settle(tab)
    edit(tab, 3, NUMBER, "9")
    settle(tab)
    edit(tab, 0, MULTIPLE, "−1,25")
    assert classes_of(session.document)["bounds"] == [-1.25, 1, 1.5]
    settle(tab)
    scores = session.view().scores
    edit(tab, 2, UPPER, str(round(scores.mean() + 2 * scores.std(), 6)).replace(".", ","))
    assert classes_of(session.document)["bounds"][2] == pytest.approx(2, abs=1e-5)
    settle(tab)
    edit(tab, 1, LOWER, str(round(scores.mean() - 2 * scores.std(), 6)).replace(".", ","))
    assert classes_of(session.document)["bounds"][0] == pytest.approx(-2, abs=1e-5)
    settle(tab)
    tab.table.colour_chosen.emit(0, "#123456")
    assert classes_of(session.document)["classes"][0]["color"] == "#123456"
    settle(tab)
    assert tab.table.model().rows[0].colour == "#123456"
    assert tab.table.colour_menu(0).actions()[0].isChecked() is False
    tab.table.colour_menu(0).actions()[0].trigger()
    assert "color" not in classes_of(session.document)["classes"][0]
    assert is_computed_as(session, session.document)


@pytest.mark.parametrize(("row", "column", "text", "words"), [
    (0, 4, "3", "Erwartet wird ein Wert unter"), (1, 4, "viel", "ist keine Zahl"), (2, 1, "mittel", "schon für eine"),
    (2, 1, " ", "darf nicht leer"), (0, 0, "2", "schon für eine"), (0, 0, "1,5", "ganze Zahl")])
def test_what_is_impossible_is_said_at_its_cell(open_tab, german, row, column, text, words):
    from qgis.PyQt.QtCore import Qt

    document = town.recipe(ia=town.spec("fixed", ["hoch", "mittel", "niedrig"], bounds=[-1, 1]))
    session, tab = open_tab(document)
    edit(tab, row, column, text)
    model = tab.table.model()
    index = model.index(row, column)
    assert session.document == document
    assert words in index.data(Qt.ItemDataRole.ToolTipRole)
    assert words in index.data(Qt.ItemDataRole.AccessibleTextRole) and words in tab.hint.text()
    assert index.data() == text.strip()
    model.setData(index, index.model()._typed(model.rows[row], column))
    assert (row, column) not in model.faults


def test_a_number_in_the_table_selects_the_areas_of_its_class(open_tab):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest
    from teilhabe.gui.workshop.classes.table import COUNT

    session, tab = open_tab(town.recipe(ia=by_sd()))
    index = tab.table.model().index(1, COUNT)
    tab.table.scrollTo(index)
    QTest.mouseClick(tab.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
                     tab.table.visualRect(index).center())
    assert list(session.selection) == np.flatnonzero(session.view().positions == 1).tolist()
    assert len(session.selection) == tab.table.model().rows[1].count > 0


# several nodes -----------------------------------------------------------------------------------------------------


def test_same_classes_for_all_sub_indices_and_back(open_tab):
    document = town.recipe(ia=by_sd())
    session, tab = open_tab(document)
    tab.same.click()
    assert classes_of(session.document, "sa") == classes_of(session.document, "sb") == by_sd()
    assert len(session.history.steps) == 2
    settle(tab)
    assert not tab.same.isEnabled() and not tab.reset.isEnabled()
    tab.form.count.setValue(3)
    settle(tab)
    assert tab.reset.isEnabled()
    tab.reset.click()
    assert classes_of(session.document) == by_sd()


def test_a_node_without_classes_is_given_some(open_tab):
    session, tab = open_tab(town.recipe(ia=by_sd()))
    session.look_at("sb")
    settle(tab)
    assert tab.offer.isVisible() and not tab.form.isVisible() and not tab.take.isVisible()
    tab.give.click()
    settle(tab)
    assert classes_of(session.document, "sb") == by_sd() and not tab.offer.isVisible()
    assert is_computed_as(session, session.document, "sb")
    tab.take.click()
    settle(tab)
    assert classes_of(session.document, "sb") is None and tab.offer.isVisible()


def test_moving_a_bound_of_the_fifths_gives_classes_and_escape_none(open_tab):
    from qgis.PyQt.QtCore import Qt

    session, tab = open_tab(town.recipe())
    start = tab.chart.bars.bounds[1]
    draw(tab.chart, start, start + 0.1, let_go=False)
    assert classes_of(session.document)["method"] == "fixed"
    press(tab.chart.canvas, Qt.Key.Key_Escape)
    settle(tab)
    assert classes_of(session.document) is None and not session.undo_text
    draw(tab.chart, tab.chart.bars.bounds[1], start + 0.1)
    settle(tab)
    spec = classes_of(session.document)
    assert len(spec["classes"]) == 5 and spec["bounds"][1] == pytest.approx(start + 0.1, abs=0.06)
    assert not session.view().is_provisional and not tab.offer.isVisible()


def test_a_cross_shows_how_many_areas_its_classes_have(open_tab):
    document = town.recipe(crosses=True, ia=by_sd(), ib=town.spec("rank", ["positiv", "stabil", "negativ"]))
    session, tab = open_tab(document)
    session.look_at("kreuz")
    settle(tab)
    assert tab.charts.currentWidget() is tab.cross_chart and not tab.form.isVisible() and not tab.same.isVisible()
    rows = tab.table.model().rows
    assert len(rows) == 12 and sum(row.count for row in rows) == 60
    assert tab.cross_chart.table.iloc[:, 1].tolist() == [row.count for row in rows]
    edit(tab, 2, 1, "1−")
    assert session.document["crosses"][0]["cells"][2]["name"] == "1−"
    assert session.fault is None
    tab.cross_chart.picked.emit([3, 4])
    assert session.selection == (3, 4)
    tab.sides.linkActivated.emit("ib")
    settle(tab)
    assert session.node == "ib" and tab.charts.currentWidget() is tab.chart


# odd data ----------------------------------------------------------------------------------------------------------


ODD = {
    "equal": ([2.0] * 6, [0.0] * 6, "Alle Gebiete haben denselben Indexwert (2,00)"),
    "none": ([1.0, 2, 3, None, None, None], [None, None, None, 1.0, 2, 3], "Hier hat kein Gebiet einen Indexwert"),
    "two": ([1.0, 5], [0.0, 0], "sagt das wenig"),
    "ties": ([1.0, 1, 1, 1, 5, None], [0.0] * 6, "leer"),
}


@pytest.mark.parametrize("case", ODD)
@pytest.mark.parametrize("method", ["sd", "quantile", "natural", "fixed", "head_tail", None])
def test_odd_data_give_words_instead_of_a_fault(open_tab, german, case, method):
    settings = {"sd": {"bounds": [-1, 1, 1.5]}, "fixed": {"bounds": [100, 200, 300]}}.get(method, {})
    specs = {"ia": town.spec(method, STATUS, **settings)} if method else {}
    a, b, words = ODD[case]
    session, tab = open_tab(town.recipe(**specs), {"a": a, "b": b, "c": a})
    assert session.fault is None and words in tab.fit.text()
    has_scores = not np.isnan(session.view().scores).all()
    assert (tab.charts.currentWidget() is tab.chart) == has_scores
    for bound in list(tab.chart.bars.bounds) if tab.chart.bars else ():
        draw(tab.chart, bound, bound + 0.3)
        settle(tab)
        assert session.fault is None
    session.select(range(len(a)))
    settle(tab)
    if method:
        tab.form.count.setValue(6)
        settle(tab)
        assert session.fault is None and tab.table.model().rowCount() == 6


def test_a_recipe_that_cannot_be_computed_leaves_the_last_state(open_tab):
    document = town.recipe(ia=by_sd(), sa=by_sd())
    session, tab = open_tab(document)
    session.look_at("sa")
    settle(tab)
    shown = tab.chart.bars
    broken = json.loads(json.dumps(document))
    broken["indices"][0]["children"] = []
    session.edit("kaputt", broken)
    settle(tab)
    assert session.fault is not None and tab.chart.bars is shown
    draw(tab.chart, shown.bounds[0], shown.bounds[0] - 0.5)
    assert session.document == broken
    session.undo()
    settle(tab)
    assert session.document == document and session.fault is None
    draw(tab.chart, shown.bounds[0], shown.bounds[0] - 0.5)
    assert classes_of(session.document, "sa")["bounds"][0] < -1


def test_another_index_looked_at_ends_the_movement(open_tab):
    from qgis.PyQt.QtCore import Qt

    session, tab = open_tab(town.recipe(ia=by_sd(), ib=by_sd()))
    draw(tab.chart, tab.chart.bars.bounds[0], tab.chart.bars.bounds[0] - 0.3, let_go=False)
    session.look_at("ib")
    settle(tab)
    assert not tab.movement.is_going
    before = session.document
    press(tab.chart.canvas, Qt.Key.Key_Escape)
    assert session.document == before


def test_many_areas_are_drawn_fluently(open_tab):
    rng = np.random.default_rng(1)
    columns = {name: rng.normal(size=5000).tolist() for name in ("a", "b", "c")}
    session, tab = open_tab(town.recipe(ia=by_sd()), columns)
    times = []
    for shift in np.linspace(0, 0.3, 20):
        start = monotonic()
        tab.chart.show_bounds(np.array(session.view().scores.mean() + np.array([-1, 1 - shift, 1.5]) * 1.4))
        times.append(monotonic() - start)
    assert np.median(times) < 0.05, f"a bound takes {1000 * np.median(times):.0f} ms to be drawn"


def test_state_is_kept(open_tab):
    _session, tab = open_tab(town.recipe(ia=by_sd()))
    tab.form.snap.setCurrentIndex(1)
    kept = json.loads(json.dumps(tab.state()))
    _session, other = open_tab(town.recipe(ia=by_sd()))
    other.restore(kept)
    assert other.form.snap.currentData() == "gaps"
    other.restore({"snap": "unknown", "sizes": "wrong"})
    assert other.form.snap.currentData() == "round"


def test_picture_and_values(open_tab, tmp_path, german):
    from qgis.PyQt.QtWidgets import QApplication

    session, tab = open_tab(town.recipe(ia=by_sd()))
    tab.chart.export(str(tmp_path / "bild"))
    assert (tmp_path / "bild.png").stat().st_size > 5000
    tab.chart.copy_values()
    lines = QApplication.clipboard().text().strip().splitlines()
    assert lines[0].split("\t") == ["über", "bis", "Gebiete"]
    assert sum(int(line.split("\t")[2]) for line in lines[1:]) == len(session.frame)
