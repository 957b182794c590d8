"""The ranking of the workshop, driven by mouse and keyboard, against the numbers of the core."""
import csv
import time

import numpy as np
import pytest

from .workshop_rank_town import EMPTY, OUT, Workshop, document, town, wait

RANK, KEY, AREA, SCORE, CLASS, INTERVAL, MOVED, CLASS_MOVED, DATA = range(9)


@pytest.fixture
def session(new_project, provider):
    from teilhabe.gui.workshop.session import Session

    layer = town()
    new_project.addMapLayer(layer)
    session = Session(Workshop())
    session.open(layer, document())
    yield session
    session.close()


@pytest.fixture
def tab(session):
    from qgis.PyQt.QtGui import QFont
    from teilhabe.gui.workshop.ranking.tab import RankingTab

    tab = RankingTab(session)
    tab.setFont(QFont("DejaVu Sans", 9))
    tab.resize(420, 600)
    tab.show()
    wait(lambda: tab.rows is not None and not tab.is_old)
    yield tab
    tab.close()
    tab.deleteLater()


def column(tab, number):
    model = tab.model
    return [model.data(model.index(place, number)) for place in range(model.rowCount())]


def settled(tab):
    return not tab.waiting.isActive() and not tab.is_old


def scores_of(session):
    return np.asarray(session.result.values["lage_index"], float)


def test_all_areas_stand_by_rank_and_those_without_a_class_at_the_end(tab, session):
    scores = scores_of(session)
    by_score = [row for row in np.argsort(-scores, kind="stable") if not np.isnan(scores[row])]
    assert column(tab, AREA)[:34] == [f"Gebiet {row}" for row in by_score]
    assert column(tab, RANK)[:34] == [str(rank) for rank in range(1, 35)]
    assert column(tab, AREA)[34:] == ["Gebiet 7", "Gebiet 9"]
    assert column(tab, CLASS)[34:] == ["excluded: zu klein", "no data"]
    assert column(tab, RANK)[34:] == ["–", "–"]
    names = np.asarray(session.result.values["lage_name"], object)
    assert column(tab, CLASS)[:34] == [names[row] for row in by_score]
    assert tab.filters.count.text() == "36 areas"


def test_equal_scores_share_a_rank(new_project, provider, qgis_app):
    from teilhabe.gui.workshop.ranking.tab import RankingTab
    from teilhabe.gui.workshop.session import Session

    layer = town()
    same = [feature.id() for feature in layer.getFeatures()][20:24]
    layer.dataProvider().changeAttributeValues({number: {3: 99.0, 4: 99.0, 5: 99.0} for number in same})
    new_project.addMapLayer(layer)
    session = Session(Workshop())
    session.open(layer, document())
    tab = RankingTab(session)
    tab.show()
    wait(lambda: tab.rows is not None)
    assert column(tab, RANK)[:5] == ["1", "1", "1", "1", "5"]
    assert column(tab, AREA)[:4] == [f"Gebiet {row}" for row in (20, 21, 22, 23)]
    tab.close()
    session.close()


def click_header(tab, number):
    from qgis.PyQt.QtCore import QPoint, Qt
    from qgis.PyQt.QtTest import QTest

    head = tab.table.horizontalHeader()
    at = QPoint(head.sectionViewportPosition(number) + 8, head.height() // 2)
    QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)


def test_a_click_on_a_heading_sorts_and_the_areas_without_a_class_stay_last(tab, session):
    click_header(tab, AREA)
    names = column(tab, AREA)
    numbers = [int(name.split()[1]) for name in names[:34]]
    assert numbers == sorted(set(range(36)) - {OUT, EMPTY})  # 10 after 9, not after 1
    assert names[34:] == ["Gebiet 7", "Gebiet 9"]
    click_header(tab, AREA)
    assert column(tab, AREA)[0] == "Gebiet 35"
    assert set(column(tab, AREA)[34:]) == {"Gebiet 7", "Gebiet 9"}
    tab.resize(700, 600)
    click_header(tab, SCORE)
    scores = scores_of(session)
    assert column(tab, AREA)[0] == f"Gebiet {np.nanargmin(scores)}"
    click_header(tab, CLASS)
    assert column(tab, CLASS)[0] == "sehr niedrig"
    assert column(tab, CLASS)[33] == "hoch"


def test_search_finds_names_and_keys(tab):
    from qgis.PyQt.QtTest import QTest

    QTest.keyClicks(tab.filters.search, "gebiet 3")
    assert sorted(column(tab, AREA)) == sorted(["Gebiet 3", *(f"Gebiet {n}" for n in range(30, 36))])
    assert tab.filters.count.text() == "7 of 36"
    tab.filters.search.clear()
    QTest.keyClicks(tab.filters.search, "0012")
    assert column(tab, AREA) == ["Gebiet 12"]
    tab.filters.search.setText("nowhere")
    assert column(tab, AREA) == []
    assert "No area fits" in tab.note.text()


def press(button):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_chips_show_single_classes(tab, session):
    counts = session.view().counts()
    assert [chip.text() for chip in tab.filters.chips.values()] == [
        f"sehr niedrig {counts[2]}", f"mittel {counts[1]}", f"hoch {counts[0]}", "without class 2"]
    press(tab.filters.chips[2])
    assert set(column(tab, CLASS)) == {"sehr niedrig"}
    assert len(column(tab, CLASS)) == counts[2]
    press(tab.filters.chips[-1])
    assert len(column(tab, CLASS)) == counts[2] + 2
    press(tab.filters.chips[2])
    assert column(tab, AREA) == ["Gebiet 7", "Gebiet 9"]


def click_row(tab, place, modifier=None):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    box = tab.table.visualRect(tab.model.index(place, AREA))
    QTest.mouseClick(tab.table.viewport(), Qt.MouseButton.LeftButton, modifier or Qt.KeyboardModifier.NoModifier,
                     box.center())


def test_selection_goes_both_ways(tab, session):
    from qgis.PyQt.QtCore import Qt

    click_row(tab, 2)
    assert session.selection == (tab.model.row_at(2),)
    click_row(tab, 4, Qt.KeyboardModifier.ControlModifier)
    assert session.selection == tuple(sorted((tab.model.row_at(2), tab.model.row_at(4))))
    tab.resize(420, 320)
    last = tab.model.row_at(33)
    session.select([last])
    wait(lambda: tab.table.selected_rows() == [last])
    assert tab.table.viewport().rect().intersects(tab.table.visualRect(tab.model.index(33, AREA)))
    session.select([])
    wait(lambda: tab.table.selected_rows() == [])


def test_sorting_and_filtering_keep_the_selection(tab, session):
    chosen = {tab.model.row_at(0), tab.model.row_at(33)}
    session.select(chosen)
    wait(lambda: set(tab.table.selected_rows()) == chosen)
    click_header(tab, AREA)
    assert set(tab.table.selected_rows()) == chosen
    press(tab.filters.chips[2])
    assert tab.table.selected_rows() == [row for row in chosen if session.view().positions[row] == 2]
    assert set(session.selection) == chosen
    press(tab.filters.chips[2])
    press(tab.filters.selected)
    assert set(tab.table.selected_rows()) == chosen and len(column(tab, AREA)) == 2
    click_row(tab, 0)
    assert len(session.selection) == 1
    wait(lambda: not tab.waiting.isActive())
    assert len(column(tab, AREA)) == 2  # the click does not take the other row away
    session.select([5])
    wait(lambda: column(tab, AREA) == ["Gebiet 5"])


def test_keyboard(tab, session):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    tab.table.setFocus()
    click_row(tab, 0)
    QTest.keyClick(tab.table, Qt.Key.Key_Down)
    assert session.selection == (tab.model.row_at(1),)
    QTest.keyClick(tab.table, Qt.Key.Key_Return)
    assert session.workshop.tabs == ["why"]
    QTest.keyClicks(tab.table, "gebiet 31")
    assert session.selection == (31,)
    QTest.keyClick(tab.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(session.selection) == 36


def test_a_double_click_pans_to_the_area(tab, session):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    click_row(tab, 3)
    QTest.mouseDClick(tab.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
                      tab.table.visualRect(tab.model.index(3, AREA)).center())
    assert session.workshop.panned == [(tab.model.row_at(3),)]


def test_a_change_shows_who_moved_and_undo_takes_it_back(tab, session):
    assert column(tab, MOVED) == [""] * 36
    before = session.view()
    session.edit("weight", document(weight=6))
    wait(lambda: settled(tab) and tab.rows.view is session.view())
    after = session.view()
    moved = before.ranks - after.ranks
    row = int(np.nanargmax(moved))
    place = tab.model.places_of([row])[0]
    assert moved[row] >= 2
    assert tab.model.data(tab.model.index(place, MOVED)) == f"▲ {int(moved[row])}"
    down = int(np.nanargmin(moved))
    assert tab.model.data(tab.model.index(tab.model.places_of([down])[0], MOVED)) == f"▼ {int(-moved[down])}"
    changed = np.flatnonzero((before.positions != after.positions) & (after.positions >= 0))
    assert len(changed)
    for row in changed:
        index = tab.model.index(tab.model.places_of([row])[0], CLASS_MOVED)
        steps = after.positions[row] - before.positions[row]  # the last class is the unfavourable one
        assert tab.model.data(index) == f"{'▲' if steps > 0 else '▼'} {abs(steps)}"
        assert before.class_of(row).name in tab.model.tip(row, "class_moved")
    session.undo()
    wait(lambda: settled(tab) and column(tab, MOVED) == [""] * 36)


def test_another_index_is_ranked_by_its_own_score(tab, session):
    session.look_at("geld")
    wait(lambda: settled(tab) and tab.rows.view.node_id == "geld")
    scores = np.asarray(session.result.values["geld_index"], float)
    assert column(tab, AREA)[0] == f"Gebiet {np.nanargmax(scores)}"
    assert "highest fifth 7" in [chip.text() for chip in tab.filters.chips.values()]
    assert column(tab, MOVED) == [""] * 36


def test_copied_rows_are_a_table_with_the_shown_columns(tab, session):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest
    from qgis.PyQt.QtWidgets import QApplication

    tab.table.choose_columns(["rank", "key", "area", "class"])
    click_row(tab, 1)
    click_row(tab, 0, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(tab.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QApplication.clipboard().text().rstrip("\n").split("\n")
    assert lines[0].split("\t") == ["Rank", "Key", "Area", "Class", "Without class because"]
    first = tab.model.row_at(0)
    assert lines[1].split("\t") == ["1", f"{first:04d}", f"Gebiet {first}", "sehr niedrig", ""]
    assert len(lines) == 3
    tab.copy_all()
    lines = QApplication.clipboard().text().rstrip("\n").split("\n")
    assert len(lines) == 37
    assert lines[36].split("\t") == ["", "0009", "Gebiet 9", "", "no data"]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_table_is_saved(tab, session, tmp_path, monkeypatch, ending):
    import openpyxl
    from qgis.PyQt.QtWidgets import QFileDialog

    path = tmp_path / f"rang.{ending}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(path), ""))
    tab.save()
    if ending == "csv":
        with open(path, encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file, delimiter=";"))
    else:
        sheet = openpyxl.load_workbook(path).active
        rows = [["" if cell.value is None else str(cell.value) for cell in row] for row in sheet.iter_rows()]
        assert sheet["B2"].data_type == "s"  # keys keep their leading zeros
    assert rows[0][:5] == ["Rank", "Key", "Area", "Score", "Class"]
    first = tab.model.row_at(0)
    assert rows[1][:3] == ["1", f"{first:04d}", f"Gebiet {first}"]
    assert float(rows[1][3]) == pytest.approx(scores_of(session)[first])
    assert len(rows) == 37
    assert [path.name for path in tmp_path.iterdir()] == [f"rang.{ending}"]
    assert session.workshop.told == [f"36 rows were written to {path}."]


def test_columns_follow_the_width_until_they_are_chosen(tab, session):
    session.edit("weight", document(weight=6))
    wait(lambda: settled(tab) and tab.rows.view is session.view())
    tab.resize(360, 500)
    narrow = tab.table.columns_shown()
    assert {"rank", "area", "class", "interval"} <= set(narrow)
    assert tab.table.horizontalScrollBar().maximum() == 0  # nothing is cut off
    tab.resize(1100, 500)
    assert tab.table.columns_shown() == ["rank", "key", "area", "score", "class", "interval", "moved", "class_moved",
                                         "data"]
    session.undo()
    wait(lambda: settled(tab) and tab.table.columns_shown() == [
        "rank", "key", "area", "score", "class", "interval", "data"])
    tab._fill_columns()
    action = next(each for each in tab.columns_menu.actions() if each.data() == "score")
    action.trigger()
    tab.resize(700, 500)
    assert tab.table.columns_shown() == ["rank", "key", "area", "class", "interval", "data"]


def test_names_are_whole_before_intervals_are_long(tab, session):
    from qgis.PyQt.QtGui import QFontMetrics

    session.names[:] = [f"Rudolf-Wissell {row}" for row in range(len(session.names))]
    tab.outdate()
    tab.resize(430, 500)
    wait(lambda: settled(tab) and tab.rows.names[0].startswith("Rudolf"))
    table, metrics = tab.table, QFontMetrics(tab.table.font())
    assert table.columnWidth(2) >= metrics.horizontalAdvance("Rudolf-Wissell 35") + 6
    assert table.columnWidth(4) >= metrics.horizontalAdvance("sehr niedrig") + 24
    assert {"rank", "area", "class", "interval"} <= set(table.columns_shown())
    assert table.horizontalScrollBar().maximum() == 0


def test_columns_and_order_come_back(tab, session):
    from teilhabe.gui.workshop.ranking.tab import RankingTab

    tab.table.choose_columns(["rank", "area", "data"])
    click_header(tab, AREA)
    click_header(tab, AREA)
    other = RankingTab(session)
    other.restore(tab.state())
    other.show()
    wait(lambda: other.rows is not None)
    assert other.table.columns_shown() == ["rank", "area", "data"]
    assert column(other, AREA)[0] == "Gebiet 35"
    other.close()


def test_every_heading_says_in_words_what_stands_below(tab):
    from qgis.PyQt.QtCore import Qt

    for section in range(tab.model.columnCount()):
        tip = tab.model.headerData(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
        assert len(tip) > 8
    assert tab.table.accessibleName() and tab.filters.search.accessibleName()


def test_five_thousand_areas_stay_fluent(new_project, provider):
    from teilhabe.gui.workshop.ranking.tab import RankingTab
    from teilhabe.gui.workshop.session import Session

    layer = town(71)
    new_project.addMapLayer(layer)
    session = Session(Workshop())
    session.open(layer, document())
    tab = RankingTab(session)
    tab.resize(700, 700)
    tab.show()
    wait(lambda: tab.rows is not None and not tab.is_old)
    assert tab.model.rowCount() == 5041
    took = {}
    for name, do in {
        "sort": lambda: click_header(tab, SCORE), "search": lambda: tab.filters.search.setText("gebiet 4"),
        "all": lambda: tab.filters.search.clear(), "result": tab.show_result,
        "select": lambda: session.select(range(0, 5041, 2)), "mark": tab.show_selection,
        "paint": tab.table.grab,
    }.items():
        start = time.perf_counter()
        do()
        took[name] = time.perf_counter() - start
    assert all(each < 0.5 for each in took.values()), took
    assert len(tab.table.selected_rows()) == 2521
    tab.estimator.stop()
    tab.close()
    session.close()


def test_without_areas_the_tab_says_so(tab, session):
    session.close()
    wait(lambda: "No layer" in tab.reason.text())
    assert tab.stack.currentIndex() == 1
