"""“Why is this area red?” in the real tab: sentences, charts that add up, moving about, text and picture."""
import copy

import numpy as np
import pytest

from . import workshop_city as city

pytestmark = pytest.mark.usefixtures("provider")


@pytest.fixture
def tab(new_project, qgis_app):
    """Return the tab in a window, its session opened."""
    from teilhabe.gui.workshop.why.tab import WhyTab

    made = WhyTab(city.session(new_project))
    made.resize(440, 900)
    made.show()
    wait(made)
    yield made
    from teilhabe.gui.workshop.certainty import certainty_of

    certainty_of(made.session).stop()
    made.close()
    made.deleteLater()


def wait(tab):
    from qgis.PyQt.QtTest import QTest

    for _ in range(40):
        QTest.qWait(20)
        if not tab.waiting.isActive():
            break
    assert not tab.waiting.isActive()


def core_profile(session, row):
    from teilhabe.core.area_profile import Profiles

    return Profiles(session.result, session.frame, session.node).of(row)


def worst(session):
    return int(np.nanargmin(session.view().scores))


def choose(tab, *rows):
    tab.session.select(rows)
    wait(tab)


def test_says_what_to_do_until_an_area_is_chosen(tab):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    assert tab.hint.isVisible() and not tab.page.isVisible()
    QTest.mouseClick(tab.worst, Qt.MouseButton.LeftButton)
    wait(tab)
    assert tab.session.selection == (worst(tab.session),)
    assert tab.page.isVisible() and not tab.hint.isVisible() and not tab.worst.isVisible()


def test_an_area_with_the_figures_of_the_core(tab):
    from teilhabe.core.area_sentences import sentences

    session = tab.session
    row = worst(session)
    choose(tab, row)
    profile = core_profile(session, row)
    assert tab.heading.text() == f"{session.keys[row]} {session.names[row]}"
    assert tab.sentences.text() == "\n".join(str(each) for each in sentences(profile))
    assert "rank 1 of 39, the most unfavourable" in tab.sentences.text()
    assert tab.chip.text() == "sehr gering"
    assert session.view().colour_of(row) in tab.chip.styleSheet()
    rows = tab.chart.rows()
    assert [each.kind for each in rows] == ["base", *["step"] * 5, "score"]
    assert rows[-1].amount == pytest.approx(session.view().scores[row])
    for before, after in zip(rows, rows[1:]):
        assert after.start == pytest.approx(before.end, abs=1e-9)  # every bar begins where the one above it ends
    assert rows[-2].end == pytest.approx(rows[-1].amount, abs=1e-9)


def test_a_dimension_opens_by_mouse_and_all_of_them_by_key(tab):
    from qgis.PyQt.QtCore import QPoint, Qt
    from qgis.PyQt.QtTest import QTest

    choose(tab, worst(tab.session))
    tab.chart.canvas.draw()
    top, bottom, row = tab.chart.places[2]
    QTest.mouseClick(tab.chart.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
                     QPoint(60, round((top + bottom) / 2)))
    assert tab.chart.opened == {row.id}
    inside = [each for each in tab.chart.rows() if each.kind == "inside"]
    step = next(each for each in tab.profile.steps if each.id == row.id)
    assert [each.id for each in inside] == [name for name, _ in step.parts]
    assert inside[-1].end == pytest.approx(row.end, abs=1e-9)
    tab.chart.canvas.setFocus()
    QTest.keyClick(tab.chart.canvas, Qt.Key.Key_Space)
    assert len(tab.chart.opened) == 5 and tab.open_all.isChecked()
    QTest.keyClick(tab.chart.canvas, Qt.Key.Key_Space)
    assert tab.chart.opened == set() and not tab.open_all.isChecked()
    assert tab.state()["opened"] == []


def test_arrows_go_through_the_areas_in_the_order_of_the_ranks(tab):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    session = tab.session
    order = np.argsort(np.where(np.isnan(session.view().scores), np.inf, session.view().scores), kind="stable")
    choose(tab, int(order[0]))
    assert not tab.previous.isEnabled()
    for canvas, key, expected in ((tab.chart.canvas, Qt.Key.Key_Down, 1), (tab.strips.canvas, Qt.Key.Key_Down, 2),
                                  (tab.page, Qt.Key.Key_Down, 3), (tab.page, Qt.Key.Key_Up, 2)):
        QTest.keyClick(canvas, key)
        assert session.selection == (int(order[expected]),)
        wait(tab)
        assert tab.profile.rank == expected + 1
    QTest.mouseClick(tab.previous, Qt.MouseButton.LeftButton)
    wait(tab)
    assert tab.profile.rank == 2


def test_strips_hold_every_indicator_and_its_place(tab):
    from matplotlib.lines import Line2D

    row = worst(tab.session)
    choose(tab, row)
    strips = [each for each in tab.strips.strips() if each.indicator is not None]
    assert [each.indicator.id for each in strips] == [each.id for each in core_profile(tab.session, row).indicators]
    assert [each.heading for each in tab.strips.strips() if each.heading] == [
        "Wirtschaftliche Lage", "Integration", "Gesundheit", "Bildung", "Wohnen und Umwelt"]
    axes = tab.strips.figure.axes[0]
    dots = [line.get_xdata()[0] for line in axes.lines if isinstance(line, Line2D) and line.get_marker() == "o"]
    first = strips[0].indicator  # high is unfavourable, a low score too: unfavourable lies left
    spread = first.spread
    share = (first.value - spread.lowest) / (spread.highest - spread.lowest)
    left, right = 8, tab.strips.width() - tab.strips.look().width("000 / 000") - 14
    assert dots[2] == pytest.approx(left + (1 - share) * (right - left), abs=0.5)  # two stand in the key
    written = [each.get_text() for each in axes.texts]
    assert f"{first.rank} / 39" in written


def test_the_table_shows_the_figures(tab):
    from teilhabe.gui.workshop.why.table import CASES, CITY, DISTRICT, RANK, VALUE

    row = worst(tab.session)
    choose(tab, row)
    first = core_profile(tab.session, row).indicators[0]
    item = tab.table.topLevelItem(0).child(0)
    assert item.text(0).replace("\n", "").replace(" ", "") == first.title.replace(" ", "")
    assert item.text(VALUE) == f"{first.value:.1f}%" and item.text(CITY) == f"{first.city:.1f}%"
    assert item.text(DISTRICT) == f"{first.district:.1f}%" and item.text(RANK) == f"{first.rank} of 39"
    assert tab.table.isColumnHidden(CASES)
    tab.table.setCurrentItem(item)
    assert tab.strips.pointed == first.id
    tab.point_at("k5_3")
    assert tab.table.currentItem().text(0).startswith("5.3")


@pytest.mark.parametrize("width", [360, 420, 460, 1000])
def test_titles_of_the_figures_are_whole_and_nothing_scrolls_sideways(tab, width):
    from qgis.PyQt.QtTest import QTest

    choose(tab, worst(tab.session))
    tab.resize(width, 700)
    QTest.qWait(50)
    table = tab.table
    assert table.horizontalScrollBar().maximum() == 0
    for i in range(table.topLevelItemCount()):
        for j in range(table.topLevelItem(i).childCount()):
            assert "…" not in table.topLevelItem(i).child(j).text(0) or width < 420
    assert table.verticalScrollBar().maximum() == 0
    assert table.isColumnHidden(3) == (width < 1000)  # the district's mean stands in the chart above, too


def test_an_excluded_area_says_why_and_shows_no_chart(tab):
    last = len(tab.session.frame) - 1
    choose(tab, last)
    assert "is left out of “Partizipationsindex”: weniger als 300 Einwohner." in tab.sentences.text()
    assert not any(box.isVisible() for box in tab.boxes.values()) and not tab.chip.isVisible()
    assert tab.buttons[0].isVisible()
    tab.copy_text()
    assert "weniger als 300 Einwohner" in clipboard().text()


def test_a_change_of_the_recipe_shows_at_once(tab):
    session = tab.session
    row = worst(session)
    choose(tab, row)
    before = tab.profile.score
    changed = copy.deepcopy(session.document)
    changed["indices"][0]["children"][2]["weight"] = 4
    session.edit("Gewicht", changed)
    wait(tab)
    assert tab.profile.score == pytest.approx(session.view().scores[row]) and tab.profile.score != before
    assert tab.chart.rows()[-1].amount == tab.profile.score


def test_a_sub_index_has_no_dimensions_and_a_node_without_classes_fifths(tab):
    session = tab.session
    choose(tab, worst(session))
    session.look_at("gesundheit")
    wait(tab)
    assert [each.id for each in tab.chart.rows()[1:-1]] == ["k3_1", "k3_2", "k3_3", "k3_4"]
    assert not tab.open_all.isVisible()
    changed = copy.deepcopy(session.document)
    del changed["indices"][0]["children"][2]["classes"]
    session.edit("ohne Klassen", changed)
    wait(tab)
    assert "lies in the group “" in tab.sentences.text() and "fifth”" in tab.sentences.text()


def test_two_areas_are_compared_and_each_can_be_looked_at(tab):
    from qgis.PyQt.QtCore import QPoint, Qt
    from qgis.PyQt.QtTest import QTest

    scores = tab.session.view().scores
    bad, good = worst(tab.session), int(np.nanargmax(scores))
    choose(tab, bad)
    choose(tab, bad, good)
    assert tab.chosen.isVisible() and tab.chosen.count() == 2 and tab.compare.isChecked()
    assert tab.chosen.currentData() == good  # the one that came last
    rows = tab.chart.rows()
    assert (rows[0].amount, rows[-1].amount) == (scores[bad], scores[good])
    assert rows[-2].end == pytest.approx(scores[good], abs=1e-9)
    names = [f"{tab.session.keys[row]} {tab.session.names[row]}" for row in (bad, good)]
    assert tab.sentences.text().startswith(
        f"Area {names[0]} (“sehr gering”, rank 1 of 39) is less favourably placed than area {names[1]} (“")
    QTest.mouseClick(tab.compare, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(8, 8))
    assert tab.pair is None and tab.heading.text() == names[1]
    tab.chosen.setCurrentIndex(0 if tab.chosen.itemData(0) == bad else 1)
    tab.chosen.activated.emit(tab.chosen.currentIndex())
    assert tab.heading.text() == names[0]


def test_text_and_picture_for_the_clipboard(tab, tmp_path):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtGui import QImage
    from qgis.PyQt.QtTest import QTest

    choose(tab, worst(tab.session))
    QTest.mouseClick(tab.buttons[0], Qt.MouseButton.LeftButton)
    text = clipboard().text()
    assert tab.sentences.text().split("\n")[1] in text
    lines = [line.split("\t") for line in text.split("\n") if "\t" in line]
    assert len(lines) == 18 and lines[0][:3] == ["Indicator", "Value", "City"]
    assert "Source: Musterstadt, Fachbereiche (erfundene Daten)" in text
    assert clipboard().mimeData().html().count("<tr>") == 18
    QTest.mouseClick(tab.buttons[1], Qt.MouseButton.LeftButton)
    image = clipboard().image()
    assert image.width() == 1360 and image.height() > 1500
    tab.save_picture(str(tmp_path / "warum"))
    saved = QImage(str(tmp_path / "warum.png"))
    assert saved.size() == image.size() and round(saved.dotsPerMeterX() * 0.0254) == 192
    assert len({saved.pixel(x, y) for x in range(0, 1360, 9) for y in range(0, saved.height(), 9)}) > 20


def test_certainty_comes_when_the_runs_are_done(tab):
    from qgis.PyQt.QtTest import QTest

    choose(tab, worst(tab.session))
    for _ in range(100):
        if tab.session.certainty is not None:
            break
        QTest.qWait(100)
    assert "of the runs give it" in tab.notes.text()
    assert "neighbouring areas" in tab.notes.text()


def test_neighbours_are_the_areas_that_touch(tab):
    # 40 areas in rows of seven: 8 lies around 9's left, and so on
    assert tab.areas.around(8) == [0, 1, 2, 7, 9, 14, 15, 16]
    assert tab.areas.around(0) == [1, 7, 8]


def test_words_for_screen_readers(tab):
    choose(tab, worst(tab.session))
    said = " ".join(tab.sentences.text().split("\n"))
    for widget in (tab.chart.canvas, tab.strips.canvas, tab.table, tab.sentences):
        assert widget.accessibleName() and widget.accessibleDescription() == said


def clipboard():
    from qgis.PyQt.QtWidgets import QApplication

    return QApplication.clipboard()


def test_opened_and_closed_many_times_nothing_is_left(new_project, qgis_app):
    import gc
    import weakref

    from qgis.PyQt.QtCore import QEvent
    from qgis.PyQt.QtTest import QTest
    from teilhabe.gui.workshop.certainty import certainty_of
    from teilhabe.gui.workshop.why.tab import WhyTab

    session, shadows = city.session(new_project), []
    for _ in range(10):
        made = WhyTab(session)
        shadows.append(weakref.ref(made))
        made.show()
        wait(made)
        choose(made, 3)
        choose(made, 4)
        made.close()
        made.deleteLater()
        qgis_app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        del made
    certainty_of(session).stop()
    QTest.qWait(100)  # a signal that was just delivered may hold its receiver until the events are done
    gc.collect()
    assert [each() for each in shadows if each() is not None] == []
    session.select([5])  # nobody who is gone listens


def test_a_closed_session_and_a_removed_layer_leave_the_tab_whole(tab, new_project):
    choose(tab, 3)
    layer = tab.session.layer_id
    new_project.removeMapLayer(layer)
    choose(tab, 4)  # without its layer there are no neighbours
    assert tab.heading.text().endswith("Gebiet 5") and "neighbouring" not in tab.notes.text()
    tab.session.close()
    wait(tab)
    assert tab.reason.isVisible() and not tab.page.isVisible()
