"""The tab with the diagnostics, by mouse and keys, against the numbers of the engine."""
import copy
import json
from time import monotonic

import numpy as np
import pytest

from . import workshop_city as city

pytestmark = pytest.mark.usefixtures("provider")


@pytest.fixture
def opened(new_project):
    """Return a function that opens a session and the tab on it."""
    from teilhabe.gui.workshop.diagnostics.tab import DiagnosticsTab

    made = []

    def do(document=None, width=420, height=640, areas=40, change=None):
        session = city.session(new_project, areas, document)
        if change is not None:
            change(session)
        tab = DiagnosticsTab(session)
        made.append(tab)
        font = tab.font()
        font.setPointSizeF(8)
        tab.setFont(font)
        tab.resize(width, height)
        tab.show()
        settle(tab)
        return session, tab

    yield do
    for tab in made:
        tab.close()
        tab.deleteLater()


def settle(tab, seconds=20):
    from qgis.PyQt.QtTest import QTest

    def is_under_way():
        charts = (tab.correlations.matrix, tab.correlations.scatter, tab.weights.chart)
        return ((tab.is_old and not tab.reason.text()) or tab.waiting.isActive() or tab.worker.is_busy()
                or any(chart.again.isActive() for chart in charts))

    until, quiet = monotonic() + seconds, 0
    QTest.qWait(40)
    while quiet < 3 and monotonic() < until:
        quiet = 0 if is_under_way() else quiet + 1
        QTest.qWait(20)
    assert quiet == 3


def numbers(session):
    """Return the diagnostics as the engine gives them."""
    from teilhabe.core.diagnostics import diagnose

    return diagnose(session.result, session.node)


def cell_place(matrix, row, column):
    from qgis.PyQt.QtCore import QPoint

    half = matrix.cell / 2
    return QPoint(round(matrix._offset(column) + half), round(matrix._offset(row) + half))


def move(canvas, place):
    from qgis.PyQt.QtCore import QEvent, QPointF, Qt
    from qgis.PyQt.QtGui import QMouseEvent
    from qgis.PyQt.QtWidgets import QApplication

    none = Qt.MouseButton.NoButton
    at, on_screen = QPointF(place), QPointF(canvas.mapToGlobal(place))
    QApplication.sendEvent(canvas, QMouseEvent(QEvent.Type.MouseMove, at, on_screen, none, none,
                                               Qt.KeyboardModifier.NoModifier))


def click(canvas, place, control=False):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    modifier = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, modifier, place)


def press(canvas, *names):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    for name in names:
        QTest.keyClick(canvas, getattr(Qt.Key, f"Key_{name}"))


def written(value):
    return f"{value:.2f}".replace("-", "−")


def texts_in(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def test_matrix_shows_the_numbers_of_the_engine_in_the_order_of_the_tree(opened):
    session, tab = opened(width=1500, height=1000)
    matrix, found = tab.correlations.matrix, numbers(session)
    assert [item.id for item in matrix.items] == found.indicators
    assert [item.short for item in matrix.items][:4] == ["1.1", "1.2", "1.3", "2.1"]
    assert [item.block for item in matrix.items] == [0] * 3 + [1] * 3 + [2] * 4 + [3] * 4 + [4] * 3
    shown = texts_in(matrix.figure)
    assert not matrix.is_short
    assert shown[:3] == [written(found.pearson[i, j]) for i, j in ((1, 0), (2, 0), (2, 1))]
    assert len(shown) >= 17 * 16 / 2 + 17
    click_kind(tab, "spearman")
    assert texts_in(matrix.figure)[0] == written(found.spearman[1, 0])
    assert matrix.table.iloc[1, 1] == found.spearman[1, 0] and matrix.table.shape == (17, 18)


def test_with_very_many_indicators_the_cells_are_colours_only(opened, monkeypatch):
    from teilhabe.gui.workshop.diagnostics import matrix as module

    monkeypatch.setattr(module, "_WRITTEN", 16)
    _session, tab = opened(width=1500, height=1000)
    matrix = tab.correlations.matrix
    shown = texts_in(matrix.figure)
    assert shown[0] == "1.1"
    assert not any("0." in each and each.strip("−0.123456789") == "" for each in shown) and not matrix.is_short
    assert matrix.table.shape == (17, 18)  # the figures are all there


def click_kind(tab, kind):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    QTest.mouseClick(tab.correlations.kind_buttons[kind], Qt.MouseButton.LeftButton)


def test_narrow_panel_shows_hundredths_of_all_seventeen_and_zooming_gives_two_decimals(opened):
    session, tab = opened(width=420)
    matrix, found = tab.correlations.matrix, numbers(session)
    assert matrix.is_short and "85 stands for 0.85" in tab.correlations.words.text()
    assert texts_in(matrix.figure)[0] == f"{100 * found.pearson[1, 0]:.0f}"
    assert matrix.extent(matrix.cell) <= tab.correlations.area.viewport().width()  # nothing to scroll sideways
    for _ in range(3):
        tab.correlations.zooms[1].click()
    settle(tab)
    assert not matrix.is_short and texts_in(matrix.figure)[0] == written(found.pearson[1, 0])
    assert matrix.width() > tab.correlations.area.viewport().width()
    tab.correlations.zooms[2].click()
    settle(tab)
    assert matrix.is_short


def test_pointer_and_keys_say_a_pair_in_words(opened):
    session, tab = opened()
    matrix, found = tab.correlations.matrix, numbers(session)
    move(matrix.canvas, cell_place(matrix, 4, 1))
    one, two = (session.recipe.indicators[found.indicators[place]].title for place in (1, 4))
    words = tab.correlations.words.text()
    assert words.startswith(f"“{one}” and “{two}”: ")
    assert f"Pearson {found.pearson[4, 1]:.2f}" in words and "39 areas" in words
    assert matrix.canvas.accessibleDescription() == words
    press(matrix.canvas, "Down", "Right")
    assert matrix.cursor == (5, 2)
    assert session.recipe.indicators[found.indicators[5]].title in tab.correlations.words.text()
    press(matrix.canvas, *["Right"] * 9)
    assert matrix.cursor == (5, 4)  # the diagonal is the end
    move(matrix.canvas, cell_place(matrix, 3, 3))
    assert tab.correlations.words.text() == f"{session.recipe.indicators['k2_1'].title} – dimension “Integration”"


def test_a_cell_opens_the_scatter_and_its_points_select_areas(opened):
    from qgis.PyQt.QtCore import QPoint

    session, tab = opened()
    matrix, scatter = tab.correlations.matrix, tab.correlations.scatter
    click(matrix.canvas, cell_place(matrix, 6, 0))  # 3.1 is favourable where it is high, 1.1 is not
    settle(tab)
    assert scatter.isVisible() and not tab.correlations.area.isVisible()
    assert [each.id for each in scatter.pair] == ["k1_1", "k3_1"] and scatter.turned == (False, True)
    np.testing.assert_array_equal(scatter.values[:39, 0], session.frame["k1_1_2025"][:39])
    assert np.isnan(scatter.values[39]).all()  # left out
    row = 7
    x, y = scatter.place_of(scatter.axes, *scatter.values[row])
    click(scatter.canvas, QPoint(round(x), round(y)))
    assert session.selection == (scatter.row_at(x, y),) == (row,)
    settle(tab)
    assert "Gebiet 8" in texts_in(scatter.figure)
    other = int(scatter.order[0])
    x, y = scatter.place_of(scatter.axes, *scatter.values[other])
    click(scatter.canvas, QPoint(round(x), round(y)), control=True)
    assert session.selection == tuple(sorted((row, other)))
    move(scatter.canvas, QPoint(round(x), round(y)))
    assert tab.correlations.words.text().startswith(f"Gebiet {other + 1}: ")
    press(scatter.canvas, "Escape")
    assert tab.correlations.area.isVisible() and not scatter.isVisible()


def test_findings_are_linked_to_the_tree_and_to_the_scatter(opened):
    from qgis.PyQt.QtCore import QUrl

    def twice(session):
        session.frame["k1_2_2025"] = session.frame["k1_1_2025"] + 0.001 * session.frame["k2_1_2025"]
        session.edit("", changed_weight(session.document, 0, 2))

    session, tab = opened(change=twice)
    wanted = []
    tab.findings.wanted.connect(wanted.append)
    assert "say nearly the same (r = 1.00)" in tab.findings.toPlainText()
    assert "<a href=\"k1_1\">" in tab.findings.toHtml()
    tab.findings.anchorClicked.emit(QUrl("k1_1"))
    assert wanted == ["k1_1"]
    tab.pages.turn_to("weights")
    tab.findings.anchorClicked.emit(QUrl("pair:k1_1/k1_2"))
    assert tab.pages.name == "correlations" and tab.correlations.pair == ("k1_1", "k1_2")


def changed_weight(document, position, weight):
    changed = copy.deepcopy(document)
    changed["indices"][0]["children"][position]["weight"] = weight
    return changed


def test_numerators_of_the_catalogue_are_compared(opened):
    class Entry:
        numerator = "Arbeitslose"

    class Catalogue:
        def get(self, number):
            return Entry() if number in ("1.3", "4.2") else None

    def with_catalogue(session):
        session.catalogue = Catalogue()

    _session, tab = opened(change=with_catalogue)
    assert "The same people are counted in" in tab.findings.toPlainText()


def test_every_change_of_the_recipe_is_followed_and_an_open_scatter_stays(opened):
    session, tab = opened()
    tab.correlations.open_pair("k1_1", "k4_2")
    changed = copy.deepcopy(session.document)
    children = changed["indices"][0]["children"][0]["children"]
    changed["indices"][0]["children"][0]["children"] = [children[0], children[2]]
    session.edit("ohne 1.2", changed)
    settle(tab)
    assert len(tab.correlations.items) == 16 and tab.correlations.pair == ("k1_1", "k4_2")
    np.testing.assert_array_equal(tab.found.pearson, numbers(session).pearson)
    session.look_at("gesundheit")
    settle(tab)
    assert [item.short for item in tab.correlations.items] == ["3.1", "3.2", "3.3", "3.4"]
    assert tab.correlations.pair is None
    session.undo()
    settle(tab)
    assert [item.short for item in tab.correlations.items] == ["3.1", "3.2", "3.3", "3.4"]


def test_weights_beside_influence_and_equal_influence_as_a_step(opened):
    session, tab = opened(changed_weight(city.document(), 0, 3))
    tab.pages.turn_to("weights")
    settle(tab)
    page, found = tab.weights, numbers(session)
    rows = {row.id: row for row in page.chart.rows}
    assert [row.id for row in page.chart.rows][:4] == ["wirtschaft", "k1_1", "k1_2", "k1_3"]
    assert rows["wirtschaft"].stated == pytest.approx(3 / 7)
    assert rows["k1_2"].influence == found.influence["k1_2"]
    assert rows["integration"].effective == found.effective["gesamt"][1]
    assert page.chart.table.iloc[0, 1] == pytest.approx(300 / 7)
    texts = [text for text, _nodes in page.choices()]
    assert texts == ["Parts of “Partizipationsindex”", "Indicators within each dimension", "On all levels"]
    page.apply(page.choices()[0][1])
    settle(tab)
    assert session.document["indices"][0]["weights"] == {"method": "equal_influence"}
    assert session.undo_text == "Equal influence"
    after = numbers(session)
    assert after.effective["gesamt"] == pytest.approx([3 / 7] + [1 / 7] * 4)
    assert page.chart.rows[0].weight == pytest.approx(after.weights["gesamt"][0] / after.weights["gesamt"].sum())
    back = page.choices()[-1]
    assert back[0] == "Back to the weights as stated"
    session.undo()
    settle(tab)
    assert page.chart.rows[0].weight == pytest.approx(3 / 7)


def test_the_button_asks_where_there_is_a_choice(opened):
    from qgis.PyQt.QtWidgets import QMenu

    session, tab = opened()
    tab.pages.turn_to("weights")
    tab.weights.propose.click()
    menu = tab.weights.findChildren(QMenu)[-1]
    assert len(menu.actions()) == 3
    menu.actions()[2].trigger()
    menu.close()
    settle(tab)
    entry = session.document["indices"][0]
    assert all(each["weights"] == {"method": "equal_influence"} for each in (entry, *entry["children"]))
    assert numbers(session).effective["bildung"] == pytest.approx([0.25] * 4)


def test_bars_say_their_numbers_and_lead_to_the_tree(opened):
    from qgis.PyQt.QtCore import QPoint

    session, tab = opened()
    tab.pages.turn_to("weights")
    settle(tab)
    chart, wanted = tab.weights.chart, []
    tab.weights.wanted.connect(wanted.append)
    top, bottom = chart.tops[1]
    click(chart.canvas, QPoint(60, round((top + bottom) / 2)))
    assert wanted == ["k1_1"]
    row = chart.rows[1]
    assert tab.weights.words.text() == chart.words(row) and "weight 6.7\u202f% of the index" in chart.words(row)
    press(chart.canvas, "Down", "Enter")
    assert wanted == ["k1_1", "k1_2"]


def test_alpha_of_each_dimension_and_without_each_part(opened):
    session, tab = opened()
    tab.pages.turn_to("reliability")
    settle(tab)
    tree, found = tab.reliability.tree, numbers(session)
    tops = [tree.topLevelItem(place) for place in range(tree.topLevelItemCount())]
    assert [top.text(0) for top in tops] == ["Partizipationsindex", "Wirtschaftliche Lage", "Integration", "Gesundheit",
                                             "Bildung", "Wohnen und Umwelt"]
    alpha = found.alphas["gesundheit"]
    assert tops[3].text(1) == written(alpha.value)
    assert [tops[3].child(place).text(1) for place in range(4)] == [written(each) for each in alpha.without]
    assert [tops[3].child(place).text(2) for place in range(4)] == [written(each) for each in alpha.item_rest]
    wanted = []
    tab.reliability.wanted.connect(wanted.append)
    tree.itemActivated.emit(tops[3].child(1), 0)
    assert wanted == ["k3_2"]
    share = 100 * found.components.explained[: found.components.above_one].sum()
    assert f"{share:.0f} %" in tab.reliability.components.toPlainText()
    tab.reliability.copying.trigger()
    from qgis.PyQt.QtWidgets import QApplication

    lines = QApplication.clipboard().text().splitlines()
    assert len(lines) == 1 + 6 + 5 + 17 and lines[1].split("\t")[0] == "Partizipationsindex"


@pytest.mark.parametrize("value, words", [(0.97, "nearly the same"), (0.8, "good"), (0.75, "fair"), (0.5, "loose"),
                                          (0.2, "hardly"), (-0.4, "hardly"), (float("nan"), "")])
def test_judgement_of_alpha(provider, value, words):
    from teilhabe.gui.workshop.diagnostics.reliability import alpha_words

    assert alpha_words(value) == words


def test_wide_window_shows_matrix_and_another_page_side_by_side(opened):
    _session, tab = opened(width=1200, height=800)
    assert tab.pages.is_wide and tab.pages.shown() == ["correlations", "weights"]
    assert tab.correlations.isVisible() and tab.weights.isVisible() and tab.weights.chart.rows
    tab.resize(420, 640)
    settle(tab)
    assert tab.pages.shown() == ["weights"] and not tab.correlations.isVisible()
    tab.pages.turn_to("correlations")
    assert tab.correlations.isVisible()


def test_one_indicator_is_said_in_words(opened):
    document = city.document()
    lone = document["indices"][0]["children"][0]
    lone["children"] = lone["children"][:1]
    session, tab = opened(document)
    session.look_at("wirtschaft")
    settle(tab)
    assert tab.stack.currentIndex() == 1
    assert tab.reason.text() == "“Wirtschaftliche Lage” has only one indicator: there is nothing to compare."
    session.look_at("gesamt")
    settle(tab)
    assert tab.stack.currentIndex() == 0 and len(tab.correlations.items) == 15


def test_areas_fewer_than_ten_have_correlations_but_no_alpha(opened):
    _session, tab = opened(areas=9)
    assert len(tab.correlations.items) == 17
    tab.pages.turn_to("reliability")
    settle(tab)
    assert tab.reliability.tree.topLevelItemCount() == 0
    assert "too few areas" in tab.reliability.components.toPlainText()


def test_a_fault_of_the_recipe_keeps_what_is_shown(opened):
    session, tab = opened()
    before = tab.found
    broken = copy.deepcopy(session.document)
    broken["indices"][0]["children"][0]["children"] = []
    session.edit("leer", broken)
    settle(tab)
    assert session.fault is not None and tab.found is before and tab.stack.currentIndex() == 0


def test_many_areas_are_done_in_the_background(opened, monkeypatch):
    from teilhabe.gui.workshop.diagnostics import tab as diagnostics_tab

    session, tab = opened()
    monkeypatch.setattr(diagnostics_tab, "AT_ONCE", 10)
    before = tab.found
    session.edit("Gewicht", changed_weight(session.document, 1, 2))
    tab.waiting.stop()
    tab.catch_up()
    assert tab.worker.is_busy() and tab.about.isVisible() and tab.found is before
    settle(tab)
    assert tab.found is not before and not tab.about.isVisible()
    np.testing.assert_array_equal(tab.found.effective["gesamt"], numbers(session).effective["gesamt"])
    session.edit("Gewicht", changed_weight(session.document, 1, 5))
    tab.waiting.stop()
    tab.catch_up()
    session.close()
    assert not tab.worker.is_busy()


def test_weights_that_cannot_be_found_are_told_and_change_nothing(opened):
    def without_spread(session):
        session.frame["k1_1_2025"] = np.where(np.arange(40) < 3, session.frame["k1_1_2025"], np.nan)
        changed = copy.deepcopy(session.document)
        changed["indices"][0]["children"][0]["minimum_share"] = 0.3
        session.edit("", changed)

    session, tab = opened(change=without_spread)
    session.frame.loc[:, "k1_1_2025"] = np.where(np.arange(40) < 2, [20.0] * 40, np.nan)
    tab.pages.turn_to("weights")
    before = session.document
    told = []
    tab.weights.told.connect(told.append)
    tab.weights.apply(["wirtschaft"])
    assert session.document is before and len(told) == 1 and tab.about.text() == told[0]


def test_state_is_kept(opened):
    session, tab = opened()
    tab.pages.turn_to("reliability")
    click_kind(tab, "spearman")
    from teilhabe.gui.workshop.diagnostics.tab import DiagnosticsTab

    other = DiagnosticsTab(session)
    other.restore(json.loads(json.dumps(tab.state())))
    assert other.pages.name == "reliability" and other.correlations.kind == "spearman"
    other.deleteLater()


def test_a_jump_selects_the_place_in_the_tree(opened, qgis_app):
    from teilhabe.gui.workshop.diagnostics.jump import place_in_tree, show_in_tree

    session, tab = opened()
    assert place_in_tree(session.document, "gesamt", "k3_2") == (0, 2, 1)
    assert place_in_tree(session.document, "gesamt", "bildung") == (0, 3)
    assert place_in_tree(session.document, "gesamt", "fehlt") is None
    doubled = copy.deepcopy(session.document)
    doubled["indices"][0]["children"][4]["children"].append({"indicator": "k3_2", "weight": 1})
    assert place_in_tree(doubled, "umwelt", "k3_2") in ((0, 4, 3), (0, 2, 1))
    assert not show_in_tree(session, "k3_2")  # without a window there is no tree


def test_of_a_cross_its_first_index_is_shown_and_said(new_project):
    from teilhabe.gui.workshop.diagnostics.tab import DiagnosticsTab
    from teilhabe.gui.workshop.session import Session

    from . import workshop_town as town

    names = [town.spec("quantile", ["niedrig", "hoch"])] * 2
    session = Session()
    session.open(town.layer(town.columns()), town.recipe(crosses=True, ia=names[0], ib=names[1]), node="kreuz")
    tab = DiagnosticsTab(session)
    tab.show()
    settle(tab)
    assert session.node == "kreuz" and tab.about.text() == "A cross has no scores; shown is “Lage”."
    assert [item.id for item in tab.correlations.items] == ["a", "b"]
    assert [item.short for item in tab.correlations.items] == ["1", "2"]  # no numbers in catalogue or titles
    session.look_at("ia")
    settle(tab)
    assert not tab.about.isVisible()
    tab.close()
    tab.deleteLater()
