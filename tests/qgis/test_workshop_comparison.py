"""Who changes class: the real tab against the core's comparison, other years, files and results."""
import copy
import json

import numpy as np
import pytest

from . import workshop_city as city

pytestmark = pytest.mark.usefixtures("provider")


@pytest.fixture
def tab(new_project, qgis_app):
    """Return the tab in a window, its session opened."""
    from teilhabe.gui.workshop.comparison.tab import ComparisonTab

    made = ComparisonTab(city.session(new_project))
    made.resize(440, 900)
    made.show()
    wait(made)
    yield made
    made.close()
    made.deleteLater()


def wait(tab):
    from qgis.PyQt.QtTest import QTest

    for _ in range(40):
        QTest.qWait(20)
        if not tab.waiting.isActive() and not tab.drivers.timer.isActive():
            break


def reweighted(session, weight=6, position=2):
    changed = copy.deepcopy(session.document)
    changed["indices"][0]["children"][position]["weight"] = weight
    return changed


def expected(session, document, year_before=2025):
    from teilhabe.core.comparing import compare
    from teilhabe.core.index import compute
    from teilhabe.core.recipe_reading import read_recipe

    before = compute(read_recipe(json.dumps(document)), session.frame, year_before)
    return compare(before, session.result)


def choose(tab, title):
    position = next(i for i in range(tab.choice.count()) if tab.choice.itemText(i).strip() == title)
    tab.choice.setCurrentIndex(position)
    tab.choice.activated.emit(position)
    wait(tab)


def test_nothing_changed_yet(tab):
    assert tab.headline.text() == "None of 39 areas changes class."
    assert "The recipes say the same." in tab.words.text() and "Rank correlation (Spearman): 1.000" in tab.words.text()
    assert tab.list.topLevelItemCount() == 0 and not tab.list.isVisible()


def test_a_change_of_the_recipe_follows_at_once_with_the_numbers_of_the_core(tab):
    session = tab.session
    start = session.document
    session.edit("Gewicht", reweighted(session))
    wait(tab)
    wanted = expected(session, start)
    moved = wanted.moved()
    assert len(moved) > 3
    better = int((moved["schritte"] > 0).sum())  # a high score is favourable
    if better and better < len(moved):
        assert tab.headline.text() == (f"{len(moved)} of 39 areas change class: {better} to a more favourable one, "
                                       f"{len(moved) - better} to a less favourable one.")
    assert tab.list.topLevelItemCount() == len(moved)
    assert "“Gesundheit”" in tab.words.text()
    first = tab.list.topLevelItem(0)
    key = moved.index[0]
    row = wanted.table.loc[key]
    from teilhabe.core.comparing import REASONS
    from teilhabe.gui.workshop.comparison.list import AFTER, BEFORE, DIFFERENCE, DRIVERS, REASON

    assert first.text(0).startswith(key)
    assert (first.text(BEFORE), first.text(AFTER)) == (row["name_vorher"], row["name_nachher"])
    assert first.text(DIFFERENCE).replace("−", "-") == f"{row['wert_differenz']:+.2f}"
    assert first.text(REASON) == REASONS[row["grund"]]
    name, change = wanted.strongest(key)[0]
    assert session.recipe.indicators[name].title in first.text(DRIVERS)
    session.undo()
    wait(tab)
    assert tab.headline.text() == "None of 39 areas changes class."


def test_the_matrix_counts_and_a_click_selects_its_areas(tab):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    session = tab.session
    start = session.document
    session.edit("Gewicht", reweighted(session))
    wait(tab)
    wanted = expected(session, start)
    counts = wanted.crossing.to_numpy()
    shown = np.array([[int(tab.matrix.item(i, j).text().replace("·", "0")) for j in range(6)] for i in range(6)])
    np.testing.assert_array_equal(shown[:5, :5], counts)
    np.testing.assert_array_equal(shown[5, :5], counts.sum(axis=0))
    np.testing.assert_array_equal(shown[:5, 5], counts.sum(axis=1))
    assert shown[5, 5] == 39
    i, j = next((i, j) for i, j in np.argwhere(counts) if i != j)
    tab.page.ensureWidgetVisible(tab.matrix)
    QTest.mouseClick(tab.matrix.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
                     tab.matrix.visualItemRect(tab.matrix.item(i, j)).center())
    table = wanted.table
    there = table[(table["name_vorher"] == wanted.crossing.index[i])
                  & (table["name_nachher"] == wanted.crossing.columns[j])].index
    assert [session.keys[row] for row in session.selection] == sorted(there)
    wait(tab)
    marked = [item.text(0).split()[0] for item in tab.list.selectedItems()]
    assert sorted(marked) == sorted(there)
    tab.matrix.cellClicked.emit(5, 5)
    assert len(session.selection) == 39


def test_a_row_of_the_list_selects_its_area_and_the_arrow_key_the_next(tab):
    from qgis.PyQt.QtCore import QPoint, Qt
    from qgis.PyQt.QtTest import QTest

    session = tab.session
    session.edit("Gewicht", reweighted(session))
    wait(tab)
    first, second = (tab.list.topLevelItem(i).text(0).split()[0] for i in (0, 1))
    QTest.mouseClick(tab.list.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
                     QPoint(20, tab.list.visualItemRect(tab.list.topLevelItem(0)).center().y()))
    assert [session.keys[row] for row in session.selection] == [first]
    QTest.keyClick(tab.list, Qt.Key.Key_Down)
    assert [session.keys[row] for row in session.selection] == [second]


def test_another_year_of_the_same_recipe(tab):
    session = tab.session
    choose(tab, "Year 2024")
    wanted = expected(session, session.document, 2024)
    assert tab.list.topLevelItemCount() == len(wanted.moved())
    assert tab.headline.text().startswith(f"{len(wanted.moved())} of 39 areas change class")
    assert "recipes" not in tab.words.text()
    session.edit("Gewicht", reweighted(session))
    wait(tab)  # both years by the changed recipe
    assert tab.list.topLevelItemCount() == len(expected(session, session.document, 2024).moved())


def test_a_file_and_the_saved_state(tab, tmp_path):
    from teilhabe.gui.workshop.comparison.sources import FILE, Source

    session = tab.session
    start = session.document
    file = tmp_path / "andere.json"
    file.write_text(json.dumps(reweighted(session, 9, 4)), encoding="utf-8")
    tab.files = [str(file)]
    tab.compare_with(Source(FILE, str(file)))
    wanted = expected(session, reweighted(session, 9, 4))
    assert tab.list.topLevelItemCount() == len(wanted.moved()) > 0
    assert tab.choice.currentText().strip() == "andere.json"
    session.edit("Gewicht", reweighted(session, 9, 4))
    wait(tab)
    assert tab.headline.text() == "None of 39 areas changes class."
    session.saved(tmp_path / "meins.json")
    session.edit("zurück", start)
    wait(tab)
    choose(tab, "Saved file meins.json")
    assert tab.list.topLevelItemCount() == len(wanted.moved())
    file.write_text("{", encoding="utf-8")
    choose(tab, "andere.json")
    assert not tab.page.isVisible() and "andere.json" in tab.fault.text()
    choose(tab, "Recipe at opening")
    assert tab.page.isVisible()


def test_a_result_of_the_project(tab, new_project):
    import processing
    from qgis.core import QgsProcessingContext

    session = tab.session
    made = reweighted(session)
    recipe = tab.session.layer()
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "r.json"
        file.write_text(json.dumps(made), encoding="utf-8")
        context = QgsProcessingContext()
        context.setProject(new_project)
        out = processing.run("teilhabe:computeindex", {"INPUT": recipe, "RECIPE": str(file), "YEAR": 2025,
                                                       "OUTPUT": "memory:"}, context=context)["OUTPUT"]
        layer = out if not isinstance(out, str) else context.takeResultLayer(out)
    layer.setName("Ergebnis März")
    new_project.addMapLayer(layer)
    tab.outdate()
    wait(tab)
    choose(tab, "Ergebnis März")
    wanted = expected(session, made)
    assert tab.list.topLevelItemCount() == len(wanted.moved()) > 0
    assert "changed after computing" not in tab.words.text()
    column = layer.fields().indexOf("gesamt_klasse")
    with_class = next(feature for feature in layer.getFeatures() if feature["gesamt_klasse"] == 2)
    layer.dataProvider().changeAttributeValues({with_class.id(): {column: 5}})
    tab.sources._key = None
    tab.outdate()
    wait(tab)
    assert "The layer’s classes were changed after computing" in tab.words.text()
    new_project.removeMapLayer(layer.id())
    tab.outdate()
    wait(tab)
    assert tab.source.kind == "opened" and tab.page.isVisible()


def test_crosses_and_nodes_without_classes_say_why_there_is_nothing(tab):
    session = tab.session
    changed = copy.deepcopy(session.document)
    del changed["indices"][0]["classes"]
    session.edit("ohne Klassen", changed)
    wait(tab)
    assert tab.reason.isVisible() and "has no classes in the recipe" in tab.reason.text()


def test_areas_left_out_in_one_of_the_two_are_listed_with_the_reason(tab):
    session = tab.session
    changed = copy.deepcopy(session.document)
    changed["exclusions"].append({"type": "areas", "values": ["00003"], "reason": "Sonderfall"})
    session.edit("Ausschluss", changed)
    wait(tab)
    assert "One area has a class in one of the two only." in tab.words.text()
    rows = {tab.list.topLevelItem(i).text(0).split()[0]: tab.list.topLevelItem(i)
            for i in range(tab.list.topLevelItemCount())}
    assert rows["00003"].text(2) == "none" and rows["00003"].text(5) == "left out in one of the two"


def test_scatter_and_copied_table(tab):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest
    from qgis.PyQt.QtWidgets import QApplication

    session = tab.session
    start = session.document
    session.edit("Gewicht", reweighted(session))
    wait(tab)
    tab.boxes["scatter"].setCollapsed(False)
    wait(tab)
    assert len(tab.scatter.points) == 39
    tab.scatter.canvas.draw()
    axes = tab.scatter.figure.axes[0]
    key = tab.scatter.points.index[4]
    x, y = axes.transData.transform(tab.scatter.points.loc[key, ["wert_vorher", "wert_nachher"]].to_numpy(float))
    tab.page.ensureWidgetVisible(tab.scatter)
    from qgis.PyQt.QtCore import QPoint

    QTest.mouseClick(tab.scatter.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
                     QPoint(round(x), round(tab.scatter.canvas.height() - y)))
    assert [session.keys[row] for row in session.selection] == [key]
    QTest.mouseClick(tab.copy, Qt.MouseButton.LeftButton)
    lines = QApplication.clipboard().text().split("\n")
    assert lines[0] == "Partizipationsindex against Recipe at opening" and lines[1] == tab.headline.text()
    assert sum("\t" in line for line in lines) == len(expected(session, start).moved()) + 1
    assert QApplication.clipboard().mimeData().html().count("<tr>") == tab.list.topLevelItemCount() + 1


def test_hidden_it_computes_nothing(tab):
    tab.hide()
    before = tab.comparison
    tab.session.edit("Gewicht", reweighted(tab.session))
    wait(tab)
    assert tab.comparison is before and tab.is_old
    tab.show()
    wait(tab)
    assert tab.comparison is not before


def test_state_is_kept(tab):
    choose(tab, "Year 2024")
    state = json.loads(json.dumps(tab.state()))
    from teilhabe.gui.workshop.comparison.tab import ComparisonTab

    other = ComparisonTab(tab.session)
    other.restore(state)
    other.show()
    wait(other)
    assert other.source == tab.source and other.choice.currentText().strip() == "Year 2024"
    other.close()
    other.deleteLater()
