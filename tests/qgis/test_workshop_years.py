"""The tab with the years, by mouse and keys, against the numbers of the engine."""
import copy
import json
from dataclasses import replace
from time import monotonic

import numpy as np
import pandas as pd
import pytest

from . import workshop_city as city

pytestmark = pytest.mark.usefixtures("provider")
YEARS = (2019, 2021, 2022, 2025)


@pytest.fixture
def opened(new_project):
    """Return a function that opens a session and the tab on it."""
    from teilhabe.gui.workshop.years.tab import YearsTab

    made = []

    def do(document=None, years=YEARS, width=420, height=640, areas=40, change=None):
        session = city.session(new_project, areas, document, years)
        if change is not None:
            change(session)
        tab = YearsTab(session)
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
        tab.computing.stop()
        tab.gapping.stop()
        tab.close()
        tab.deleteLater()


def settle(tab, seconds=30):
    from qgis.PyQt.QtTest import QTest

    def is_under_way():
        return ((tab.is_old and not tab.reason.text()) or tab.waiting.isActive() or tab.computing.is_busy()
                or tab.gapping.is_busy() or tab.chart.again.isActive() or tab.gap.again.isActive())

    until, quiet = monotonic() + seconds, 0
    QTest.qWait(40)
    while quiet < 3 and monotonic() < until:
        quiet = 0 if is_under_way() else quiet + 1
        QTest.qWait(20)
    assert quiet == 3


def scores(session, reference, node="gesamt"):
    """Return the scores of all years as the engine gives them."""
    from teilhabe.core.over_time import compute_years, panel

    recipe = replace(session.recipe, reference_year=reference)
    return panel(compute_years(recipe, session.frame, YEARS), f"{node}_index").to_numpy()


def click(canvas, x, y, control=False, twice=False):
    from qgis.PyQt.QtCore import QPoint, Qt
    from qgis.PyQt.QtTest import QTest

    modifier = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    do = QTest.mouseDClick if twice else QTest.mouseClick
    do(canvas, Qt.MouseButton.LeftButton, modifier, QPoint(round(x), round(y)))


def press(canvas, *names):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    for name in names:
        QTest.keyClick(canvas, getattr(Qt.Key, f"Key_{name}"))


def choose(box, data):
    """Choose an entry of a combo box as a user does."""
    place = next(row for row in range(box.count()) if box.itemData(row) == data)
    box.setCurrentIndex(place)
    box.activated.emit(place)


def texts_in(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def test_lines_are_the_scores_of_the_engine_against_the_first_or_any_year_or_the_own(opened):
    session, tab = opened()
    assert tab.series.years == YEARS and "mean and spread of 2019" in tab.note.text()
    np.testing.assert_allclose(tab.series.values, scores(session, 2019))
    assert [tab.bases.itemData(row) for row in range(tab.bases.count())] == [*YEARS, "own"]
    choose(tab.bases, 2022)
    settle(tab)
    np.testing.assert_allclose(tab.series.values, scores(session, 2022))
    choose(tab.bases, "own")
    settle(tab)
    np.testing.assert_allclose(tab.series.values, scores(session, None))
    assert "measured against itself" in tab.note.text()
    table = tab.chart.table
    assert list(table.columns) == ["Area key", "Area", "2019", "2021", "2022", "2025"]
    np.testing.assert_allclose(table["2025"][:40].to_numpy(float), scores(session, None)[:, 3])
    assert table["Area"].iloc[40] == "City"


def test_the_recipes_reference_year_comes_first(opened):
    _session, tab = opened({**city.document(), "reference_year": 2021})
    assert tab.bases.currentData() == 2021 and tab.panel.reference_year == 2021


def test_city_and_districts_are_the_means_of_the_engine(opened):
    from teilhabe.core.index import compute
    from teilhabe.core.parents import parent_scores

    session, tab = opened()
    tab.districts.click()
    recipe = replace(session.recipe, reference_year=2019)
    found = parent_scores(compute(recipe, session.frame, 2025), session.frame)
    found = found[found["index_id"] == "gesamt"].set_index(["ebene", "schluessel"])["wert"]
    assert tab.series.city[3] == pytest.approx(found["stadt", "stadt"])
    assert list(tab.series.districts) == ["Bezirk 1", "Bezirk 2", "Bezirk 3", "Bezirk 4"]
    assert [line[3] for line in tab.series.districts.values()] == pytest.approx(found["bezirk"].tolist())
    shown = texts_in(tab.chart.figure)
    assert {"City", "Bezirk 1", "Bezirk 4"} <= set(shown)
    tab.city.click()
    assert tab.series.city is None and "City" not in texts_in(tab.chart.figure)


def test_click_selects_and_labels_hover_names_and_keys_do_the_same(opened):
    session, tab = opened()
    chart = tab.chart
    row = int(chart.order[-1])  # the highest line at the end
    x, y = chart.place_of(chart.axes, 2025, chart.series.values[row, 3])
    click(chart.canvas, x, y)
    assert session.selection == (row,)
    settle(tab)
    assert session.names[row] in texts_in(chart.figure)
    other = int(chart.order[0])
    x, y = chart.place_of(chart.axes, 2025, chart.series.values[other, 3])
    click(chart.canvas, x, y, control=True)
    assert session.selection == tuple(sorted((row, other)))
    chart.hover(x, y)
    values = chart.series.values[other]
    assert tab.words.text() == (f"{session.names[other]}: {values[0]:.2f} in 2019, "
                                f"{values[3]:.2f} in 2025").replace("-", "−").replace(".00 in", " in")
    chart.hover(x, 2)
    assert tab.words.text().startswith("Click:")
    press(chart.canvas, "Up")
    assert chart.cursor == int(chart.order[0])
    press(chart.canvas, "Up", "Return")
    assert int(chart.order[1]) in session.selection and len(session.selection) == 3
    press(chart.canvas, "Escape")
    assert session.selection == ()


def test_double_click_year_label_and_arrow_keys_choose_the_year(opened):
    session, tab = opened()
    chart = tab.chart
    session.select([5])
    x, _y = chart.place_of(chart.axes, 2021, 0)
    click(chart.canvas, x, 4, twice=True)
    assert session.year == 2021 and session.selection == (5,)
    settle(tab)
    assert chart.year == 2021
    x, _y = chart.place_of(chart.axes, 2022, 0)
    click(chart.canvas, x, chart.floor + 6)
    assert session.year == 2022
    settle(tab)
    press(chart.canvas, "Right")
    assert session.year == 2025
    settle(tab)
    press(chart.canvas, "Right", "Left")
    assert session.year == 2022


def test_another_year_does_not_compute_all_years_again(opened):
    session, tab = opened()
    panel = tab.panel
    session.set_year(2019)
    settle(tab)
    assert tab.panel is panel
    session.edit("Gewicht", weighted(session.document, 0, 4))
    settle(tab)
    changed = tab.panel
    assert changed is not panel
    np.testing.assert_allclose(tab.series.values, scores(session, 2019))
    session.undo()
    settle(tab)
    assert tab.panel is panel


def weighted(document, position, weight):
    changed = copy.deepcopy(document)
    changed["indices"][0]["children"][position]["weight"] = weight
    return changed


def test_what_is_seen_stays_until_the_new_years_are_there(opened):
    session, tab = opened()
    before = tab.series
    session.edit("Gewicht", weighted(session.document, 0, 4))
    tab.waiting.stop()
    tab.catch_up()
    assert tab.computing.is_busy() and tab.series is before and "being computed" in tab.note.text()
    assert tab.stack.currentIndex() == 0
    settle(tab)
    assert tab.series is not before


def test_classes_are_shown_by_name_and_indicators_as_they_are(opened):
    session, tab = opened()
    choose(tab.items, "*class")
    settle(tab)
    assert tab.series.classes == ("sehr gering", "gering", "mittel", "hoch", "sehr hoch")
    assert tab.series.values[39].tolist() == pytest.approx([np.nan] * 4, nan_ok=True)
    assert not tab.city.isEnabled()
    table = tab.chart.table
    assert set(table["2025"][:39]) <= {1, 2, 3, 4, 5}
    choose(tab.items, "k3_3")
    settle(tab)
    np.testing.assert_array_equal(tab.series.values[:39, 2], session.frame["k3_3_2022"][:39])
    assert tab.series.unit == "%" and tab.series.high_is_bad and not tab.bases.isEnabled()
    assert any("less favourable" in text for text in texts_in(tab.chart.figure))
    session.look_at("bildung")
    settle(tab)
    assert tab.series.item == "*score" and tab.series.title == "Bildung"
    np.testing.assert_allclose(tab.series.values, scores(session, 2019, "bildung"))


def test_gap_with_interval_and_in_words(opened):
    from teilhabe.core.over_time import gap_over_time

    session, tab = opened()
    tab.pages.buttons["gap"].click()
    settle(tab)
    values = pd.DataFrame(scores(session, 2019)[:39], columns=YEARS)
    rows = gap_over_time(values, relative=True)
    spread = rows[rows["mass"] == "streuung"].reset_index(drop=True)
    np.testing.assert_allclose(tab.gap.rows["wert"], spread["wert"])
    np.testing.assert_allclose(tab.gap.rows["untergrenze"], spread["untergrenze"])
    last = spread.iloc[-1]
    words = tab.verdict.text()
    verb = "grown" if last["veraenderung"] > 0 else "shrunk"
    assert words.startswith(f"The spread has {verb} by {abs(100 * last['veraenderung']):.0f}\u202f% from 2019 to 2025 "
                            "(95 % interval: ")
    assert "39 areas with a value in both years" in words
    choose(tab.gap_box, "spannweite")
    widest = rows[rows["mass"] == "spannweite"]["wert"]
    np.testing.assert_allclose(tab.gap.rows["wert"], widest)
    np.testing.assert_allclose(tab.gap.table.iloc[:, 1], widest)
    choose(tab.gap_box, "p90_zu_p10")
    assert "values above 0 only" in tab.verdict.text() and tab.gap.is_empty
    choose(tab.items, "k1_1")
    settle(tab)
    assert tab.verdict.text().startswith("The ratio P90 / P10 has ") and not tab.gap.is_empty
    choose(tab.items, "*score")
    choose(tab.bases, "own")
    settle(tab)
    assert "every year has the same spread" in tab.verdict.text()


def rows_of(*changes):
    low, high = (-0.02, 0.15) if len(changes) == 1 else changes[1:]
    return pd.DataFrame({"jahr": [2019, 2025], "mass": "streuung", "wert": [1.0, 1.0 + changes[0]],
                         "veraenderung": [0.0, changes[0]], "veraenderung_unten": [0.0, low],
                         "veraenderung_oben": [0.0, high]})


@pytest.mark.parametrize("rows, expected", [
    (rows_of(0.08), "The spread has grown by 8\u202f% from 2019 to 2025 (95 % interval: −2\u202f% to +15\u202f%). "
                    "The change is within chance."),
    (rows_of(0.08, 0.01, 0.15), "The spread has grown by 8\u202f% from 2019 to 2025 (95 % interval: +1\u202f% to "
                                "+15\u202f%). The areas have drifted apart."),
    (rows_of(-0.1, -0.2, -0.01), "The spread has shrunk by 10\u202f% from 2019 to 2025 (95 % interval: −20\u202f% to "
                                 "−1\u202f%). The areas have come closer together."),
    (rows_of(float("nan"), float("nan"), float("nan")), "The spread was 1.00 in 2019 and is "),
])
def test_words_on_the_gap(provider, rows, expected):
    from teilhabe.gui.workshop.years.gap import gap_words

    assert gap_words(rows, "streuung", 39).startswith(expected)


def test_german_words_on_the_gap(provider, german):
    from teilhabe.gui.workshop.years.gap import gap_words

    assert gap_words(rows_of(0.08), "streuung", 39) == (
        "Die Streuung ist von 2019 bis 2025 um 8\u202f% gewachsen (95-%-Intervall: −2\u202f% bis +15\u202f%). Die "
        "Veränderung liegt im Bereich des Zufalls. Verglichen sind die Gebiete mit Wert in beiden Jahren (n = 39).")


def test_trends_sorted_and_selected(opened):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest
    from teilhabe.core.over_time import trends

    session, tab = opened()
    tab.pages.buttons["trends"].click()
    settle(tab)
    model, view = tab.trends.model, tab.trends.view
    expected = trends(pd.DataFrame(scores(session, 2019), columns=YEARS))
    order = np.argsort(expected["steigung"].to_numpy()[:39], kind="stable")[::-1]
    assert model.rows.tolist() == order.tolist()
    first = expected.iloc[order[0]]
    sign = "+" if first["steigung"] > 0 else ""
    assert model.index(0, 1).data() == f"{sign}{first['steigung']:.{model.digits}f}".replace("-", "−")
    words = {"steigend": "▲ more favourable", "fallend": "▼ less favourable", "unverändert": "unclear"}
    assert [model.index(row, 3).data() for row in range(39)] == [
        words[each] for each in expected["richtung"].to_numpy()[order]]
    rising = int((expected["richtung"] == "steigend").sum())
    assert tab.trends.head.text().startswith(f"Partizipationsindex: {rising} areas rise")
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
                     view.visualRect(model.index(2, 0)).center())
    assert session.selection == (int(order[2]),)
    session.select([3, 4])
    settle(tab)
    marked = {int(model.rows[each.row()]) for each in view.selectionModel().selectedRows()}
    assert marked == {3, 4}
    view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    names = [model.index(row, 0).data() for row in range(39)]
    assert names == sorted(names, key=str.casefold)
    assert {int(model.rows[each.row()]) for each in view.selectionModel().selectedRows()} == {3, 4}
    assert session.selection == (3, 4)
    assert tab.trends.table()["Trend per year"].tolist() == pytest.approx(
        expected["steigung"].to_numpy()[model.rows].tolist())


def test_who_changed_class(opened):
    from qgis.PyQt.QtCore import QUrl
    from teilhabe.core.over_time import compute_years, moves, panel

    session, tab = opened()
    tab.pages.buttons["moves"].click()
    settle(tab)
    recipe = replace(session.recipe, reference_year=2019)
    classes = panel(compute_years(recipe, session.frame, YEARS), "gesamt_klasse")
    table, _notes = moves(classes, 2019, 2025, range(1, 6))
    moved = table["schritte"][table["schritte"] != 0]
    assert f"{len(moved)} of {len(table)} areas changed class from 2019 to 2025" in tab.moves.toPlainText()
    # a high score is favourable here: one class up is one class more favourable
    assert {steps: len(rows) for steps, rows in tab.moves.groups.items()} == (-moved).value_counts().to_dict()
    steps = next(iter(tab.moves.groups))
    tab.moves.anchorClicked.emit(QUrl(f"group:{steps}"))
    assert session.selection == tuple(sorted(tab.moves.groups[steps]))
    tab.moves.anchorClicked.emit(QUrl("area:7"))
    assert session.selection == (7,)


def test_gaps_in_years_and_areas(opened):
    def holes(session):
        frame = session.frame
        for name in frame.columns:
            if name.startswith("k") and name.endswith("_2021"):
                frame.loc[3, name] = np.nan
            if name.startswith("k") and name.endswith(("_2019", "_2021", "_2025")):
                frame.loc[4, name] = np.nan
        frame["k1_1_2023"] = 1.0  # a year with one indicator only

    session, tab = opened(change=holes)
    assert "Not complete and left out: 2023." in tab.note.text()
    assert "Without a value in some of the years: 2 areas." in tab.note.text()
    assert np.isnan(tab.series.values[4, [0, 1, 3]]).all() and not np.isnan(tab.series.values[4, 2])
    chart = tab.chart
    x, y = chart.place_of(chart.axes, 2022, chart.series.values[4, 2])
    chart.point_at(4)
    assert "2022" in tab.words.text()
    session.select([3, 4])
    settle(tab)
    assert {session.names[3], session.names[4]} <= set(texts_in(chart.figure))
    for page in ("gap", "trends", "moves"):
        tab.pages.buttons[page].click()
        settle(tab)
    assert "37 areas" in tab.verdict.text() or "38 areas" in tab.verdict.text()
    assert 4 not in tab.trends.model.rows and 3 in tab.trends.model.rows
    assert "of 38 areas" in tab.moves.toPlainText()


def test_an_indicator_is_shown_in_all_its_own_years(opened):
    def more(session):
        session.frame["k1_1_2017"] = np.arange(40) + 1.0  # for these years there is nothing else
        session.frame["k1_1_2023"] = 5.0
        session.frame["k1_1_2024"] = np.nan

    session, tab = opened(change=more)
    assert tab.series.years == YEARS
    choose(tab.items, "k1_1")
    settle(tab)
    assert tab.series.years == (2017, *YEARS[:3], 2023, 2025)
    assert tab.series.values[:39, 0].tolist() == (np.arange(39) + 1.0).tolist()
    assert np.isnan(tab.series.values[39]).all()  # left out in the years of the index
    assert tab.series.city[4] == pytest.approx(5)
    assert "The index cannot be computed for 2017, 2023." in tab.note.text()
    assert "left out" not in tab.note.text() and list(tab.chart.table)[2:] == ["2017", "2019", "2021", "2022", "2023",
                                                                               "2025"]
    choose(tab.items, "k1_2")
    settle(tab)
    assert tab.series.years == YEARS and "2017" not in tab.note.text()


def test_two_years_have_no_direction_and_one_year_no_chart(opened):
    _session, tab = opened(years=(2024, 2025))
    tab.pages.buttons["trends"].click()
    settle(tab)
    assert "at least three years" in tab.trends.head.text()
    assert tab.trends.model.index(0, 3).data() == "too few years"


def test_a_single_year_and_a_recipe_without_years_are_said_in_words(opened):
    _session, tab = opened(years=(2025,))
    assert tab.stack.currentIndex() == 1
    assert tab.reason.text().startswith("The layer has all indicators of the recipe for 2025 only.")
    document = city.document()
    for each in document["indicators"]:
        each["column"] = each["column"].replace("{year}", "2025")
    _session, tab = opened(document, years=(2025,))
    assert "such as k1_{year}." in tab.reason.text()


def test_a_year_that_cannot_be_computed_is_told_and_another_basis_helps(opened):
    def alike(session):
        session.frame["k1_1_2019"] = 5.0

    session, tab = opened(change=alike)
    assert tab.panel is None and "1.1 Kinder in SGB-II-Bedarfsgemeinschaften" in tab.note.text()
    choose(tab.bases, 2022)
    settle(tab)
    assert tab.panel is not None and tab.panel.reference_year == 2022


def test_layer_that_goes_away_while_years_are_computed(opened):
    session, tab = opened()
    session.edit("Gewicht", weighted(session.document, 0, 4))
    tab.waiting.stop()
    tab.catch_up()
    assert tab.computing.is_busy()
    session.close()
    assert not tab.computing.is_busy() and tab.panel is None
    settle(tab)
    assert tab.stack.currentIndex() == 1


def test_wide_window_and_state(opened):
    session, tab = opened(width=1200, height=800)
    assert tab.pages.shown() == ["lines", "gap"] and tab.chart.isVisible() and tab.gap.isVisible()
    assert not tab.gap.is_empty
    choose(tab.bases, 2022)
    choose(tab.items, "k2_2")
    choose(tab.gap_box, "p90_p10")
    tab.districts.click()
    from teilhabe.gui.workshop.years.tab import YearsTab

    other = YearsTab(session)
    other.restore(json.loads(json.dumps(tab.state())))
    assert (other.basis, other.item, other.measure, other.districts.isChecked()) == (2022, "k2_2", "p90_p10", True)
    other.restore({"page": "nirgends", "item": 3, "basis": [], "measure": "x", "city": 1})
    assert (other.basis, other.item, other.measure) == (2022, "k2_2", "p90_p10")
    other.deleteLater()


def test_labels_are_moved_apart(provider):
    from teilhabe.gui.workshop.years.chart import apart

    assert apart([10, 12, 50], 10, 0, 100) == [10, 20, 50]
    assert apart([95, 96, 97], 10, 0, 100) == [80, 90, 100]
    assert apart([], 10, 0, 100) == []


def test_pictures_and_values_can_be_taken(opened, tmp_path):
    from qgis.PyQt.QtWidgets import QApplication

    _session, tab = opened()
    tab.chart.export(str(tmp_path / "jahre.png"))
    assert (tmp_path / "jahre.png").stat().st_size > 10_000
    tab.chart.copy_values()
    lines = QApplication.clipboard().text().splitlines()
    assert len(lines) == 1 + 40 + 1 and lines[0].startswith("Area key\tArea\t2019")


def test_tab_that_goes_away_while_years_are_computed(new_project):
    from qgis.PyQt.QtCore import QCoreApplication, QEvent
    from qgis.PyQt.QtTest import QTest
    from teilhabe.gui.workshop.years.tab import YearsTab

    session = city.session(new_project, 40, None, YEARS)
    tab = YearsTab(session)
    tab.show()
    tab.catch_up()
    worker = tab.computing
    assert worker.is_busy()
    tab.deleteLater()
    QCoreApplication.sendPostedEvents(tab, QEvent.Type.DeferredDelete)
    assert not worker.is_busy()
    QTest.qWait(300)
    session.select([1])
    assert session.selection == (1,)


def test_many_selected_areas_are_drawn_without_names(opened):
    session, tab = opened()
    session.select(range(30))
    settle(tab)
    shown = texts_in(tab.chart.figure)
    assert sum(text.startswith("Gebiet") for text in shown) == 14 and tab.chart.marked == tuple(range(30))


def test_years_that_arrive_after_the_recipe_went_on_are_not_shown(new_project):
    from teilhabe.core.recipe_editing import removed
    from teilhabe.core.year_panel import year_panel
    from teilhabe.gui.workshop.years.tab import YearsTab

    session = city.session(new_project)
    shorter = removed(session.document, [(0, 0, 0)])
    whole = session.document
    session.edit("weniger", shorter)
    early = session.result.recipe
    panel = year_panel(early, session.frame, [2024, 2025], None)
    session.edit("mehr", whole)
    session.look_at(session.recipe.indices[0].root.children[0].id)
    tab = YearsTab(session)
    tab._arrived((early.fingerprint, 2024), early, panel, "")
    assert tab.series is None
    tab.deleteLater()
