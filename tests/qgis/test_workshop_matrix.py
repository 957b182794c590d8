"""The matrix by mouse and keys: counts against a table made by hand, selection, crosses added and removed."""
import json

import numpy as np
import pandas as pd
import pytest

from . import workshop_town as town
from .test_workshop_classes import choose, open_tab, settle  # noqa: F401

THREE, TWO = ["hoch", "mittel", "niedrig"], ["positiv", "negativ"]


@pytest.fixture
def matrix(open_tab):  # noqa: F811
    """Return a function that opens the matrix of a recipe."""
    def opened(document, columns=None, year=None):
        from teilhabe.gui.workshop.matrix.tab import MatrixTab

        return open_tab(document, columns, MatrixTab, year)

    return opened


def crossed(**more):
    return town.recipe(crosses=True, ia=town.spec("fixed", THREE, bounds=[-1, 1]),
                       ib=town.spec("fixed", TWO, bounds=[0]), **more)


def by_hand(session):
    """Return the counts of Lage × Trend from the columns of the layer."""
    frame = session.frame
    rows = pd.cut(frame["a"] + frame["b"], [-np.inf, -1, 1, np.inf], labels=THREE)
    return pd.crosstab(rows, pd.cut(frame["c"], [-np.inf, 0, np.inf], labels=TWO))


def click(tab, row, column, *modifiers):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    index = tab.view.model().index(row, column)
    QTest.mouseClick(tab.view.viewport(), Qt.MouseButton.LeftButton,
                     modifiers[0] if modifiers else Qt.KeyboardModifier.NoModifier,
                     tab.view.visualRect(index).center())


def texts(tab):
    model = tab.view.model()
    return [[model.index(row, column).data() for column in range(model.columnCount())]
            for row in range(model.rowCount())]


def test_cells_and_sums_are_those_counted_by_hand(matrix):
    session, tab = matrix(crossed())
    counts = by_hand(session)
    wanted = [[*map(str, line), str(sum(line))] for line in counts.to_numpy().tolist()]
    wanted.append([*map(str, counts.sum().tolist()), str(len(session.frame))])
    assert texts(tab) == wanted
    result = town.expected(session.document, session.frame)
    values = pd.Series(result.values["kreuz_name"]).value_counts()
    assert int(texts(tab)[2][1]) == values["Lage niedrig, Trend negativ"] > 0
    model = tab.view.model()
    from qgis.PyQt.QtCore import Qt

    assert [model.headerData(i, Qt.Orientation.Horizontal) for i in range(2)] == TWO
    assert [model.headerData(i, Qt.Orientation.Vertical) for i in range(3)] == THREE


def test_a_click_selects_the_areas_of_a_cell_and_ctrl_adds_and_takes_out(matrix, german):
    from qgis.PyQt.QtCore import Qt

    session, tab = matrix(crossed())
    frame = session.frame
    score = frame["a"] + frame["b"]
    low = np.flatnonzero((score > 1) & (frame["c"] > 0)).tolist()
    middle = np.flatnonzero((score > -1) & (score <= 1) & (frame["c"] <= 0)).tolist()
    click(tab, 2, 1)
    assert list(session.selection) == low and low
    click(tab, 1, 0, Qt.KeyboardModifier.ControlModifier)
    assert set(session.selection) == {*low, *middle}
    settle(tab)
    model = tab.view.model()
    assert model.marked(2, 1) == f"{len(low)} von {len(low)} gewählt" and model.marked(0, 0) == ""
    click(tab, 2, 1, Qt.KeyboardModifier.ControlModifier)
    assert list(session.selection) == middle
    session.select([*middle[:1]])
    settle(tab)
    assert model.marked(1, 0) == f"1 von {len(middle)} gewählt"
    assert model.marked(3, 2) == f"1 von {len(frame)} gewählt"


def test_the_sentence_is_about_the_cell_that_is_outlined(matrix, german):
    session, tab = matrix(crossed())
    worst = tab.sentence.text()
    assert "Lage niedrig, Trend negativ" in worst
    row = int(tab.cells.members(1, 0)[0])
    session.select([row])
    settle(tab)
    assert "Lage mittel, Trend positiv" in tab.sentence.text()
    size = len(tab.cells.members(1, 0))
    assert f"Umrandet: 1 von {size} gewählt ({session.names[row]})." in tab.note.text()
    click(tab, 0, 0)
    settle(tab)
    assert "Lage hoch, Trend positiv" in tab.sentence.text()
    click(tab, 0, 2)  # a sum stays what the sentence is about
    settle(tab)
    assert tab.sentence.text().split(" – ")[1].startswith("Lage hoch:")


def test_the_heading_of_the_sums_is_not_cut(matrix, german):
    _session, tab = matrix(crossed())
    tab.resize(360, 500)
    header = tab.view.horizontalHeader()
    assert header.sectionSize(2) >= header.fontMetrics().horizontalAdvance("Summe") + 8
    assert tab.view.horizontalScrollBar().maximum() == 0


def test_sums_and_headings_select_rows_and_columns(matrix):
    session, tab = matrix(crossed())
    click(tab, 0, 2)
    assert len(session.selection) == by_hand(session).iloc[0].sum() > 0
    tab.view.horizontalHeader().sectionClicked.emit(1)
    assert list(session.selection) == np.flatnonzero(session.frame["c"] > 0).tolist()
    tab.view.verticalHeader().sectionClicked.emit(2)
    assert len(session.selection) == by_hand(session).iloc[2].sum()


def test_arrow_keys_move_and_space_selects(matrix, german):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    session, tab = matrix(crossed())
    tab.view.setCurrentIndex(tab.view.model().index(0, 0))
    QTest.keyClick(tab.view, Qt.Key.Key_Down)
    QTest.keyClick(tab.view, Qt.Key.Key_Right)
    assert not session.selection
    QTest.keyClick(tab.view, Qt.Key.Key_Space)
    members = np.flatnonzero(((session.frame["a"] + session.frame["b"]).between(-1, 1, inclusive="right"))
                             & (session.frame["c"] > 0)).tolist()
    assert list(session.selection) == members and members
    assert tab.sentence.text().startswith(f"{len(members)} Gebiete – Lage mittel, Trend negativ: Gebiet ")
    index = tab.view.currentIndex()
    spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith(f"Lage mittel, Trend negativ: {len(members)} Gebiete, ")
    assert "Gebiet" in index.data(Qt.ItemDataRole.ToolTipRole)


def test_cells_have_the_colours_of_the_cross_and_readable_ink(matrix):
    document = crossed()
    document["crosses"][0]["cells"][3]["color"] = "#010203"
    _session, tab = matrix(document)
    assert tab.cells.colours[1][1] == "#010203"
    from teilhabe.bridge.class_colours import ink_on, lightness

    for line in tab.cells.colours:
        for colour in line:
            assert abs(lightness(ink_on(colour)) - lightness(colour)) > 38


def test_two_other_nodes_are_crossed_added_looked_at_and_removed(matrix):
    document = town.recipe(ia=town.spec("rank", THREE), sa=town.spec("rank", TWO), sb=town.spec("equal", THREE))
    session, tab = matrix(document)
    choose(tab.rows, "sb")
    choose(tab.columns, "sa")
    assert tab.add.isVisible() and not tab.look.isVisible()
    counts = [[int(each) for each in line] for line in texts(tab)]
    tab.add.click()
    settle(tab)
    cross = session.document["crosses"][0]
    assert (cross["rows"], cross["columns"], cross["title"]) == ("sb", "sa", "Bildung × Arbeit")
    assert session.fault is None and len(session.history.steps) == 2
    result = town.expected(session.document, session.frame)
    values = pd.Series(result.values["sb_sa_klasse"]).value_counts()
    assert [[int(values.get(10 * i + j, 0)) for j in (1, 2)] for i in (1, 2, 3)] == [line[:2] for line in counts[:3]]
    assert tab.cells.cross_id == "sb_sa" and tab.look.isVisible() and not tab.add.isVisible()
    tab.look.click()
    assert session.node == "sb_sa"
    settle(tab)
    assert not tab.look.isEnabled()
    assert list(session.view().colours.values()) == [each for line in tab.cells.colours for each in line]
    tab.remove.click()
    settle(tab)
    assert "crosses" not in session.document and session.node == "ia"
    session.undo()
    session.undo()
    assert session.document == document


def test_rows_and_columns_are_swapped(matrix):
    session, tab = matrix(crossed())
    before = np.array(texts(tab))
    tab.swap.click()
    assert (np.array(texts(tab)) == before.T).all()
    assert tab.cells.cross_id == "kreuz" and tab.cells.names[1][0] == "Lage hoch, Trend negativ"
    click(tab, 1, 0)
    assert len(session.selection) == int(before[0, 1])


def test_the_favourable_classes_stand_first_whatever_a_high_score_means(matrix):
    document = town.recipe(ia=town.spec("rank", ["gering", "mittel", "hoch"]), ib=town.spec("rank", TWO))
    document["indices"][0]["high_means"] = "favourable"
    session, tab = matrix(document)
    assert tab.cells.rows.names == ("hoch", "mittel", "gering")
    click(tab, 0, 2)
    scores = (session.frame["a"] + session.frame["b"]).to_numpy()
    assert set(session.selection) == set(np.argsort(scores)[:20].tolist())  # high values are unfavourable


def test_too_few_classes_are_offered(matrix, german):
    document = town.recipe(ia=town.spec("rank", THREE))
    document["indices"] = document["indices"][:1]
    session, tab = matrix(document)
    assert tab.pages.currentIndex() == 1 and tab.give.isVisible()
    tab.give.click()
    settle(tab)
    assert tab.pages.currentIndex() == 0 and len(session.history.steps) == 2
    assert [each["classes"] for each in session.document["indices"][0]["children"]] == [town.spec("rank", THREE)] * 2
    assert int(texts(tab)[-1][-1]) == 60


def test_a_bound_moved_elsewhere_changes_the_cells(matrix):
    session, tab = matrix(crossed())
    document = json.loads(json.dumps(session.document))
    document["indices"][1]["classes"]["bounds"] = [0.5]
    session.edit("Grenze", document)
    settle(tab)
    assert int(texts(tab)[-1][0]) == int((session.frame["c"] <= 0.5).sum())


def test_areas_without_a_class_are_counted(matrix, german):
    columns = town.columns(20)
    columns["c"][3] = columns["a"][5] = None
    session, tab = matrix(crossed(), columns)
    assert texts(tab)[-1][-1] == "18" and tab.note.text() == "2 Gebieten fehlt eine der beiden Klassen."


def test_an_index_is_crossed_with_itself_in_another_year(matrix, german):
    rng = np.random.default_rng(5)
    document = town.recipe(ib=town.spec("fixed", TWO, bounds=[0]))
    document["indices"], document["year"] = document["indices"][1:], 2024
    document["indicators"] = [{"id": "c", "title": "C", "column": "c_{year}"}]
    columns = {f"c_{year}": rng.normal(size=30).round(3).tolist() for year in (2022, 2024)}
    session, tab = matrix(document, columns)
    assert [tab.columns.itemText(i) for i in range(tab.columns.count())] == ["Trend 2022"]
    now, before = (np.array(columns[f"c_{year}"]) > 0 for year in (2024, 2022))
    assert [line[:2] for line in texts(tab)[:2]] == [
        [str(int((~now & ~before).sum())), str(int((~now & before).sum()))],
        [str(int((now & ~before).sum())), str(int((now & before).sum()))]]
    assert tab.note.text().startswith(f"{int((now & ~before).sum())} Gebiete liegen in einer ungünstigeren Klasse als "
                                      f"2022, {int((~now & before).sum())} in einer günstigeren")
    assert not tab.add.isVisible() and not tab.swap.isEnabled()


def test_copied_as_table_and_picture(matrix, german):
    from qgis.PyQt.QtWidgets import QApplication

    _session, tab = matrix(crossed())
    tab.copy_values()
    lines = [line.split("\t") for line in QApplication.clipboard().text().strip().splitlines()]
    assert lines[0] == ["Lage / Trend", *TWO, "Summe"]
    assert [line[1:] for line in lines[1:]] == texts(tab)
    tab.copy_picture()
    picture = QApplication.clipboard().image()
    assert picture.width() > 300 and picture.pixelColor(picture.width() // 2, picture.height() // 2).isValid()


def test_state_is_kept(matrix):
    document = town.recipe(ia=town.spec("rank", THREE), sa=town.spec("rank", TWO), sb=town.spec("equal", THREE))
    _session, tab = matrix(document)
    choose(tab.rows, "sb")
    choose(tab.columns, "sa")
    kept = json.loads(json.dumps(tab.state()))
    from teilhabe.gui.workshop.matrix.tab import MatrixTab

    other = MatrixTab(tab.session)
    other.restore(kept)
    other.show_result()
    assert (other.cells.rows.id, other.cells.columns.id) == ("sb", "sa")
    other.restore({"rows": "gone", "columns": None})
    other.show_result()
    assert other.cells.rows.id == "ia"


def test_the_colours_of_crosses_are_the_palette_itself_for_four_by_three():
    from teilhabe.bridge.class_colours import colour_table, lightness
    from teilhabe.bridge.cross_colours import cross_colours

    palette = [each["color"] for each in colour_table()["palettes"]["status_dynamik"]["classes"]]
    assert [each for line in cross_colours(4, 3) for each in line] == palette
    for rows, columns in ((2, 2), (5, 5), (3, 4), (9, 9)):
        colours = cross_colours(rows, columns)
        assert len({each for line in colours for each in line}) == rows * columns
        for column in zip(*colours):
            light = [lightness(each) for each in column]
            assert light == sorted(light, reverse=True)
