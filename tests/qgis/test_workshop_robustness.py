"""The tab “Certainty”, driven by mouse and keyboard, against the numbers of the core."""
import numpy as np
import pytest

from .workshop_rank_town import Workshop, document, town, wait


@pytest.fixture
def session(new_project, provider, tmp_path):
    from teilhabe.gui.workshop.session import Session

    layer = town()
    new_project.addMapLayer(layer)
    workshop = Workshop()
    session = Session(workshop)
    workshop.session, workshop.folder = session, tmp_path
    session.open(layer, document())
    yield session
    session.close()


def shown(session):
    from qgis.PyQt.QtGui import QFont
    from teilhabe.gui.workshop.robustness.tab import RobustnessTab

    tab = RobustnessTab(session)
    tab.setFont(QFont("DejaVu Sans", 9))
    tab.resize(420, 900)
    tab.show()
    wait(lambda: not tab.is_old)
    return tab


@pytest.fixture
def tab(session):
    tab = shown(session)
    yield tab
    tab.run.cancel()
    wait(lambda: not tab.run.is_running())
    tab.close()
    tab.deleteLater()


def press(button):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def run(tab, runs=200):
    tab.settings.runs.setValue(runs)
    press(tab.start_button)
    assert tab.run.is_running()
    wait(lambda: not tab.run.is_running() and not tab.is_old, 60)
    assert tab.note.text() == ""


def layers():
    from qgis.core import QgsProject
    from teilhabe.bridge.project import ROBUSTNESS, layers_with_role

    return layers_with_role(QgsProject.instance(), ROBUSTNESS)


def expected(session, runs=200, **how):
    from teilhabe.core.robustness import robustness
    from teilhabe.core.variants import Uncertainty

    return robustness(session.recipe, session.frame, session.year, session.node, Uncertainty(**how), runs, 1)


def settled(tab):
    return not tab.is_old and not tab.layers.waiting.isActive()


def test_a_run_makes_a_layer_and_the_tab_shows_its_numbers(tab, session):
    assert tab.page.isHidden() and not tab.settings.isCollapsed()
    run(tab)
    layer, = layers()
    truth = expected(session)
    assert layer.name() == "Certainty: Lage"
    assert tab.result.layer_id == layer.id()
    np.testing.assert_array_equal(tab.result.numbers("rang_von"), truth.rank_low)
    np.testing.assert_allclose(tab.result.shares, truth.shares)
    np.testing.assert_array_equal(tab.result.positions, truth.position)
    counts = truth.counts
    assert tab.page.words.text().startswith(
        f"In {counts['AREAS_CERTAIN']} of 34 areas the class is certain: at least 95 % of the 200 runs give it.")
    assert f"{counts['AREAS_UNCERTAIN']} areas could change their class" in tab.page.words.text()
    assert tab.page.flips.topLevelItemCount() == counts["AREAS_UNCERTAIN"]
    first = int(np.nanargmin(truth.sureness))
    assert tab.page.flips.topLevelItem(0).text(0) == f"Gebiet {first}"
    assert tab.page.flips.topLevelItem(0).text(3) == truth.classes[truth.other[first]].name
    assert tab.page.intervals.order.tolist() == sorted(
        np.flatnonzero(~np.isnan(truth.rank)), key=lambda row: (truth.rank[row], truth.rank_median[row]))
    assert not tab.is_stale and tab.banner.isHidden()
    assert tab.settings.isCollapsed()


def test_the_full_run_counts_more_than_the_quick_one(tab, session):
    run(tab, 300)
    assert (session.certainty.source, session.certainty.runs) == ("full", 300)
    np.testing.assert_array_equal(session.certainty.frame["rank_high"], expected(session, 300).rank_high)
    assert not session.certainty.is_stale(session)


def test_settings_reach_the_algorithm(tab, session):
    from teilhabe.bridge.project import provenance_of

    for name in ("normalisation", "aggregation", "left_out", "sampling"):
        tab.settings.boxes[name].setChecked(False)
    tab.settings.spread.setValue(60)
    tab.settings.seed.setValue(1)
    run(tab, 150)
    record = provenance_of(layers()[0])
    assert (record["sources"], record["weight_spread"], record["runs"]) == (["weights"], 0.6, 150)
    truth = expected(session, 150, sources=("weights",), weight_spread=0.6)
    np.testing.assert_allclose(tab.result.shares, truth.shares)
    assert tab.page.how.text() == "Varied: Weights ± 60\u202f%; 150 runs, seed 1."
    assert tab.page.parts["sources"].isHidden()  # nothing to tell apart with one source


def test_chance_in_the_counts_needs_the_people(tab, session):
    from teilhabe.bridge.project import provenance_of

    tab.settings.people.setField("people")
    run(tab)
    assert provenance_of(layers()[0])["sampling"]["c"] == ["rate", "people", 1000]
    tab.settings.boxes["weights"].setChecked(False)
    assert not tab.settings.spread.isEnabled()


def test_chance_without_counts_is_said(tab, session):
    settings = tab.settings
    assert settings.boxes["sampling"].isChecked() and settings.people.currentField() == ""
    assert settings.chance.isVisible() and "chance has no effect until" in settings.chance.text()
    settings.people.setField("people")
    assert settings.chance.text() == "Counts are known for all indicators."
    settings.boxes["sampling"].setChecked(False)
    assert settings.chance.text() == ""
    settings.setCollapsed(True)
    settings.boxes["sampling"].setChecked(True)
    assert settings.chance.text() and not settings.chance.isVisible()  # not over what stands below the folded box


def test_nothing_varied_is_said_not_run(tab):
    for box in tab.settings.boxes.values():
        box.setChecked(False)
    press(tab.start_button)
    assert not tab.run.is_running()
    assert tab.note.text() == "Choose what is varied."


def test_which_choice_matters_most_is_shown(tab, session):
    from teilhabe.core.sensitivity import sources_of_uncertainty

    run(tab)
    found = tab.result.record["sensitivity"]
    truth, _meaning = sources_of_uncertainty(session.recipe, session.frame, runs=512, seed=1)
    assert found["sources"] == list(truth.names)
    assert found["total"] == pytest.approx(truth.total.tolist())
    assert not tab.page.parts["sources"].isHidden()
    best = tab.page.sources.table.iloc[0]
    assert best["Together with others"] == pytest.approx(truth.total.max())


def test_a_changed_recipe_makes_the_result_out_of_date_and_undo_makes_it_hold_again(tab, session):
    run(tab)
    layer, = layers()
    session.edit("weight", document(weight=4))
    wait(lambda: settled(tab) and not tab.banner.isHidden())
    assert tab.is_stale
    assert tab.banner_text.text() == "This result is out of date: the recipe was changed."
    assert layer.name() == "Certainty: Lage (out of date)"
    assert layer.customProperty("teilhabe/stale")
    session.undo()
    wait(lambda: settled(tab) and tab.banner.isHidden())
    assert layer.name() == "Certainty: Lage"
    assert not layer.customProperty("teilhabe/stale", "")
    session.redo()
    wait(lambda: settled(tab) and not tab.banner.isHidden())
    before = layer.id()
    press(tab.again)
    wait(lambda: not tab.run.is_running() and settled(tab), 60)
    again, = layers()  # the one before gave way
    assert again.id() != before and again.name() == "Certainty: Lage"
    assert tab.banner.isHidden() and not tab.is_stale
    np.testing.assert_array_equal(tab.result.numbers("rang_bis"), expected(session).rank_high)


def test_a_name_that_the_user_gave_stays(tab, session):
    run(tab)
    layer, = layers()
    session.edit("weight", document(weight=4))
    wait(lambda: layer.customProperty("teilhabe/stale"))
    layer.setName("Sicherheit, Stand Mai")
    session.undo()
    wait(lambda: not layer.customProperty("teilhabe/stale", ""))
    assert layer.name() == "Sicherheit, Stand Mai"


def test_another_index_is_said_and_its_layer_keeps_its_name(tab, session):
    run(tab)
    session.look_at("geld")
    wait(lambda: settled(tab) and not tab.banner.isHidden())
    assert tab.banner_text.text() == "This result is about “Lage”, the map shows “Geld”."
    assert layers()[0].name() == "Certainty: Lage"
    run(tab)
    assert sorted(layer.name() for layer in layers()) == ["Certainty: Geld", "Certainty: Lage"]
    assert tab.result.node == "geld"
    session.look_at("lage")
    wait(lambda: settled(tab) and tab.result.node == "lage")
    assert tab.banner.isHidden()


def test_other_data_make_the_result_out_of_date(tab, session):
    run(tab)
    layer, = layers()
    areas = session.layer()
    areas.dataProvider().changeAttributeValues({3: {3: 77.0}})
    session.open(areas, document())
    wait(lambda: settled(tab) and not tab.banner.isHidden())
    assert tab.banner_text.text() == "This result is out of date: the data of the areas were changed."
    assert layer.name().endswith("(out of date)")


def test_cancel_leaves_nothing_behind(tab, session):
    tab.settings.runs.setValue(100_000)
    press(tab.start_button)
    wait(lambda: tab.progress.value() > 4, 60)
    assert not tab.progress.isHidden() and tab.start_button.isHidden()
    press(tab.cancel_button)
    wait(lambda: not tab.run.is_running(), 60)
    assert tab.note.text() == "Cancelled. Earlier results are unchanged."
    assert layers() == [] and tab.result is None
    assert not tab.start_button.isHidden() and tab.progress.isHidden()


@pytest.mark.parametrize("ending", ["session", "tab", "layer"])
def test_closing_while_it_runs_is_safe(tab, session, new_project, ending):
    from qgis.PyQt import sip
    from qgis.PyQt.QtTest import QTest
    from teilhabe.gui import task_runner

    own = shown(session) if ending == "tab" else tab
    own.settings.runs.setValue(100_000)
    press(own.start_button)
    wait(lambda: own.progress.value() > 4, 60)
    if ending == "session":
        session.close()
    elif ending == "layer":
        other = town(seed=5)
        new_project.addMapLayer(other)
        session.open(other, document())
    else:
        sip.delete(own)
    wait(lambda: not task_runner._running, 60)
    QTest.qWait(50)
    assert layers() == []


def test_selection_goes_both_ways(tab, session):
    run(tab)
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    flips = tab.page.flips
    tab.scroll.ensureWidgetVisible(flips)
    item = flips.topLevelItem(1)
    QTest.mouseClick(flips.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
                     flips.visualItemRect(item).center())
    row = item.data(0, Qt.ItemDataRole.UserRole)
    assert session.selection == (row,)
    wait(lambda: tab.page.shares.table is not None)
    truth = expected(session)
    table = tab.page.shares.table
    assert table.iloc[0, 0] == f"Gebiet {row}"
    np.testing.assert_allclose(table.iloc[0, 1:].to_numpy(float), truth.shares[row])
    assert tab.page.hint.text().startswith(f"Gebiet {row}: rank {int(truth.rank[row])}, in nine of ten runs ")
    session.select([0, 12])
    wait(lambda: len(tab.page.shares.table) == 2)
    assert [each.text(0) for each in flips.selectedItems()] == [
        f"Gebiet {row}" for row in sorted((0, 12), key=lambda row: truth.sureness[row]) if not truth.certain[row]]
    assert len(tab.page.intervals.marks) == 2
    session.select([])
    wait(lambda: tab.page.shares.isHidden())
    assert tab.page.hint.text().startswith("Select an area")


def test_the_chart_of_the_intervals_is_clicked_and_stepped_through(tab, session):
    from qgis.PyQt.QtCore import QPoint, Qt
    from qgis.PyQt.QtTest import QTest

    run(tab)
    chart = tab.page.intervals
    chart.canvas.draw()
    row = int(chart.order[4])
    axes = chart.figure.axes[0]
    x, y = axes.transData.transform((chart.rank[row], 4))
    QTest.mouseClick(chart.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
                     QPoint(int(x), int(chart.canvas.height() - y)))
    assert session.selection == (row,)
    wait(lambda: tab.page.selection == (row,))
    QTest.keyClick(chart.canvas, Qt.Key.Key_Down)
    assert session.selection == (int(chart.order[5]),)


def test_after_reopening_the_project_the_result_is_found_by_its_role(session, new_project, tmp_path):
    from qgis.core import QgsVectorFileWriter, QgsVectorLayer
    from teilhabe.gui.workshop.session import Session

    path = str(tmp_path / "areas.gpkg")
    options = QgsVectorFileWriter.SaveVectorOptions()
    QgsVectorFileWriter.writeAsVectorFormatV3(session.layer(), path, new_project.transformContext(), options)
    areas = QgsVectorLayer(path, "Gebiete", "ogr")
    new_project.addMapLayer(areas)
    session.open(areas, document())
    tab = shown(session)
    tab.settings.destination.set_value(str(tmp_path / "sicher.gpkg"))
    run(tab)
    made = tab.result.numbers("rang_von")
    layers()[0].setName("Umbenannt")
    tab.close()
    session.close()
    project = str(tmp_path / "p.qgz")
    assert new_project.write(project)
    new_project.clear()
    new_project.read(project)
    workshop = Workshop()
    other = Session(workshop)
    workshop.session, workshop.folder = other, tmp_path
    other.open(next(each for each in new_project.mapLayers().values() if each.name() == "Gebiete"
                    and each.providerType() == "ogr"), document())
    tab = shown(other)
    assert tab.result is not None
    np.testing.assert_array_equal(tab.result.numbers("rang_von"), made)
    assert tab.banner.isHidden()
    assert other.certainty.source == "full"
    other.edit("weight", document(weight=2))
    wait(lambda: settled(tab) and not tab.banner.isHidden())
    assert layers()[0].name() == "Umbenannt (out of date)"
    tab.close()
    other.close()


def test_the_layer_going_takes_the_result_with_it(tab, session, new_project):
    run(tab)
    new_project.removeMapLayer(layers()[0].id())
    wait(lambda: settled(tab) and tab.result is None)
    assert tab.page.isHidden() and tab.start_button.text() == "Start"


def test_the_report_is_written_and_explains_the_selected_area(tab, session, tmp_path, monkeypatch):
    from qgis.PyQt.QtGui import QDesktopServices
    from qgis.PyQt.QtWidgets import QFileDialog

    opened = []
    path = tmp_path / "bericht.html"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(path), ""))
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    session.select([12])
    tab.settings.runs.setValue(100)
    press(tab.report_button)
    wait(lambda: not tab.run.is_running() and settled(tab), 60)
    assert "rank of the area 0012" in path.read_text(encoding="utf-8")
    assert opened == [str(path)]
    assert session.workshop.told == [f"The report was written to {path}."]
    assert tab.result is not None


def test_an_error_of_the_algorithm_is_told(tab, session, monkeypatch):
    monkeypatch.setattr(session.workshop, "recipe_file", lambda: "no_such_recipe.json")
    press(tab.start_button)
    wait(lambda: not tab.run.is_running())
    assert "no_such_recipe" in tab.note.text()
    assert not tab.start_button.isHidden() and tab.result is None


def test_settings_come_back(tab, session):
    tab.settings.runs.setValue(2500)
    tab.settings.boxes["sampling"].setChecked(False)
    tab.settings.normalisations.choose([3])
    other = shown(session)
    other.restore(tab.state())
    assert other.settings.parameters() == tab.settings.parameters()
    assert other.settings.parameters()["RUNS"] == 2500
    other.restore({"settings": {"runs": "many", "sources": None}})
    assert other.settings.parameters()["RUNS"] == 1000
    other.close()


def test_many_areas_are_drawn_close_together(new_project, provider, tmp_path):
    from teilhabe.gui.workshop.session import Session

    layer = town(14)
    new_project.addMapLayer(layer)
    workshop = Workshop()
    session = Session(workshop)
    workshop.session, workshop.folder = session, tmp_path
    session.open(layer, document())
    tab = shown(session)
    run(tab, 100)
    chart = tab.page.intervals
    assert not chart.is_named and len(chart.order) == 194
    assert chart.height() < 600
    session.select([5])
    wait(lambda: len(chart.marks) == 2)
    tab.close()
    session.close()


def test_nothing_is_cut_off_in_a_narrow_panel(tab, session):
    run(tab)
    session.select([3])
    tab.resize(360, 800)
    wait(lambda: tab.page.shares.isVisible())
    tab.settings.setCollapsed(False)
    assert tab.scroll.widget().minimumSizeHint().width() <= tab.scroll.viewport().width()


@pytest.fixture
def preview(session):
    from teilhabe.gui.workshop.preview import PreviewMap

    preview = PreviewMap()
    preview.open(session.layer(), session.keys, session.names, "key")
    preview.show(session.view())
    session.workshop.preview = preview
    yield preview
    preview.clear()


def visible(layer):
    from qgis.core import QgsProject

    return QgsProject.instance().layerTreeRoot().findLayer(layer.id()).isVisible()


def test_the_result_covers_the_live_map_until_it_no_longer_fits(preview, tab, session):
    from qgis.PyQt.QtCore import QPoint, Qt
    from qgis.PyQt.QtTest import QTest

    session.select([4])
    run(tab)
    layer, = layers()
    assert visible(layer) and not visible(preview.layer())
    assert tab.page.on_map.isChecked()
    chosen = next(layer.getSelectedFeatures())
    assert chosen["key"] == "0004"  # the selection is seen on the layer in front
    session.edit("weight", document(weight=4))
    wait(lambda: settled(tab) and not visible(layer))
    assert visible(preview.layer()) and not tab.page.on_map.isEnabled()
    session.undo()
    wait(lambda: settled(tab) and visible(layer))
    assert not visible(preview.layer())
    session.look_at("geld")
    wait(lambda: settled(tab) and visible(preview.layer()))
    assert not visible(layer)
    session.look_at("lage")
    wait(lambda: settled(tab) and visible(layer) and tab.page.on_map.isEnabled())
    tab.scroll.ensureWidgetVisible(tab.page.on_map)
    QTest.mouseClick(tab.page.on_map, Qt.MouseButton.LeftButton, pos=QPoint(8, tab.page.on_map.height() // 2))
    wait(lambda: visible(preview.layer()) and not visible(layer))
