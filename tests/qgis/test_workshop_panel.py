"""How the panel left of the map shares its room: rows of the tree, compact weights, what is short and what is said."""
import numpy as np
import pytest

from . import workshop_city as city
from .dialog_helpers import settle
from .test_workshop_files import profile_folder  # noqa: F401  a fixture
from .workshop_window import close_workshop, edit, open_workshop

pytestmark = pytest.mark.usefixtures("provider", "profile_folder")


@pytest.fixture
def panel(new_project):
    """Return tree and properties in the room that a window of 1280×720 leaves them."""
    from teilhabe.gui.workshop.tree.panel import TreePanel

    found = TreePanel(city.session(new_project))
    found.resize(352, 340)
    found.show()
    settle(30)
    yield found
    found.close()
    found.deleteLater()
    settle(20)


@pytest.fixture
def dock(new_project, iface):
    city.area_layer(new_project)
    found = open_workshop(iface)
    yield found
    close_workshop(found)


def whole_rows(tree):
    """Return how many rows of a tree are seen as a whole."""
    room, index, count = tree.viewport().height(), tree.rows.index(0, 0), 0
    while index.isValid() and tree.visualRect(index).bottom() < room:
        index, count = tree.indexBelow(index), count + 1
    return count


def test_a_low_window_shows_the_index_and_all_its_dimensions(panel):
    assert whole_rows(panel.tree) >= 5  # it was two
    upper, lower = panel.splitter.sizes()
    assert 0.5 < upper / (upper + lower) < 0.6
    assert not panel.tree.isExpanded(panel.tree.rows.index_of((0, 2)))


def test_the_properties_are_folded_and_come_back_as_they_were(panel):
    before = panel.splitter.sizes()
    panel.fold.click()
    settle(30)
    assert panel.tree.height() > 290 and not panel.properties.isVisible()
    assert panel.fold.accessibleName() == "Unfold the properties"
    assert panel.state() == {"sizes": before, "tab": 0, "folded": True}
    panel.tabs.tabBarClicked.emit(0)
    settle(30)
    assert panel.splitter.sizes() == before and panel.properties.isVisible()
    panel.restore({"sizes": before, "tab": 1, "folded": True})
    assert panel.fold.isChecked() and not panel.pool.isVisible()


def test_names_of_weights_stand_beside_where_they_fit(panel):
    group = panel.properties.form().parts
    panel.resize(420, 340)
    settle(150)
    rows = [row for row in group.rows if not row.isHidden()]
    assert len(rows) == 5 and len({row.slider.x() for row in rows}) == 1
    assert all(row.name.y() < row.slider.geometry().bottom() and row.name.geometry().right() < row.slider.x()
               for row in rows)
    assert min(row.slider.width() for row in rows) >= 76
    low = rows[0].height()
    panel.resize(260, 340)
    settle(150)
    assert panel.properties.widget().width() <= panel.properties.viewport().width()
    assert rows[0].name.geometry().bottom() <= rows[0].slider.y() and rows[0].height() > low


def test_a_dimension_counts_double(panel):
    panel.tree.select_paths([(0, 2)])
    panel.tree.menu()
    panel.tree.double_action.trigger()
    shares = [row.share for row in panel.tree.rows.rows[0].children]
    np.testing.assert_allclose(shares, [1 / 6, 1 / 6, 2 / 6, 1 / 6, 1 / 6], rtol=1e-9)
    assert "Gesundheit" in panel.session.undo_text
    panel.tree.halve_action.trigger()
    np.testing.assert_allclose([row.share for row in panel.tree.rows.rows[0].children], [0.2] * 5, rtol=1e-9)
    panel.edits.locked.add(panel.tree.rows.rows[0].children[0].key)
    panel.tree.double_action.trigger()  # the locked fifth stays, the others share 80 % as 2 : 1 : 1 : 1
    np.testing.assert_allclose([row.share for row in panel.tree.rows.rows[0].children],
                               [0.2, 0.16, 0.32, 0.16, 0.16], rtol=1e-9)
    panel.tree.select_paths([(0,)])
    panel.tree.menu()
    assert not panel.tree.double_action.isEnabled()


def test_numerators_and_numbers_of_people_are_no_indicators(new_project):
    from teilhabe.gui.workshop.pool.panel import PoolPanel

    session = city.session(new_project)
    frame = session.frame
    for name in ("k3_1_2025_z", "k3_1_2025_n", "k3_2_2025_nenner", "k3_2_2025_vk"):
        frame[name] = np.linspace(1.5, 9, len(frame))
    frame["kinder_2025"] = np.arange(len(frame)) * 20.0
    frame["anteil_frei"] = np.linspace(0, 99.5, len(frame))
    pool = PoolPanel(session)
    pool.follow()
    groups = {}
    for entry in pool.entries:
        groups.setdefault(entry.group, []).append(entry.title)
    assert groups["Columns of the layer"] == ["anteil_frei"]
    assert set(groups["Numerators, denominators and other numbers"]) == {
        "k3_1_2025_z", "k3_1_2025_n", "k3_2_2025_nenner", "k3_2_2025_vk", "kinder_2025"}
    group = pool.tree.topLevelItem(pool.tree.topLevelItemCount() - 1)
    assert not group.isExpanded()
    pool.search.setText("kinder")
    assert group.isExpanded()
    pool.deleteLater()


def test_a_long_title_keeps_what_is_said_at_its_end(dock):
    document = {**dock.session.document, "title": "Kleinräumiger Partizipationsindex der Stadt Musterstadt an der Ruhr"}
    dock.session.edit("Titel", document)
    title = dock.panel.recipe_title
    assert title.text().endswith("… (changed)") and title.accessibleName() == f"{document['title']} (changed)"
    assert title.fontMetrics().horizontalAdvance(title.text()) <= title.width()
    assert document["title"] in title.toolTip()


def test_a_fault_is_told_at_its_node_and_the_status_leads_there(dock):
    dock.tree.edits.add_node((0,), "Noch leer")
    dock.tree.tree.select_paths([(0, 0)])
    dock.tree.fold.setChecked(True)
    reason = dock.session.fault_text
    assert reason == "“Noch leer” has no parts yet. Drag indicators into it, or remove it."
    assert reason not in dock.status.text()
    dock.status.linkActivated.emit("#")
    assert dock.tree.tree.selected_paths() == [(0, 5)] and not dock.tree.fold.isChecked()
    assert dock.tree.properties.fault.text() == reason
    dock.session.undo()
    assert dock.status.text() == "39 areas with a class, 1 left out"


def test_an_empty_project_leads_to_the_window_that_joins_tables(dock, iface):
    from qgis.core import QgsProject
    from qgis.PyQt.QtWidgets import QAction

    joins = []
    action = QAction("Join", iface.mainWindow())
    action.setObjectName("teilhabe_join")
    action.triggered.connect(lambda _checked=False: joins.append(1))
    QgsProject.instance().clear()
    settle(250)
    nothing = dock.panel.nothing
    assert "No layer with indicators is open" in nothing.text() and '<a href="#join">' in nothing.text()
    nothing.linkActivated.emit("#join")
    assert joins == [1]
    action.deleteLater()


def test_the_scratch_map_is_no_background_of_a_print(dock, iface):
    from qgis.core import QgsProject
    from teilhabe.gui.print_dialog import PrintDialog

    edit(dock, 6)
    dialog = PrintDialog(iface)
    items = [dialog.form.background.item(i).text() for i in range(dialog.form.background.count())]
    assert dock.preview.layer() is not None and QgsProject.instance().mapLayer(dock.preview.layer_id) is not None
    assert not any(text.startswith("Workshop:") for text in items)
    dialog.close()
    dialog.deleteLater()


def reached_by_tab(first):
    """Return what Tab reaches from a widget on, in order."""
    from qgis.PyQt.QtCore import Qt

    found, widget = [first], first.nextInFocusChain()
    while widget is not first:
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def test_tab_reaches_everything_in_the_order_that_it_stands_in(dock):
    dock.show()
    settle(100)
    dock.session.edit("andere Namen", {**dock.session.document, "title": "Anderer Titel"})
    chain = reached_by_tab(dock.panel.areas)
    form = dock.tree.properties.form()
    names = [each.accessibleName() for each in chain]
    assert names.index("Undo") < names.index("Indicator catalogue …") < names.index("Show the evaluations")
    rows = [row for row in form.parts.rows if not row.isHidden()]
    wanted = [dock.tree.tree] + [each for row in rows for each in (row.slider, row.number, row.lock)]
    wanted += [form.high_means, form.methods["weights"].choice, form.methods["aggregate"].choice, dock.apply]
    places = [chain.index(each) for each in wanted]
    assert places == sorted(places)
    assert dock.status not in chain
    dock.tree.edits.add_node((0,), "Noch leer")
    assert dock.status in reached_by_tab(dock.panel.areas)


def test_words_about_a_fault_can_be_read_on_a_dark_ground(qgis_app):
    from qgis.PyQt.QtGui import QColor, QPalette
    from teilhabe.gui.workshop.properties.rows import fault_ink

    for ground, least in (("#f0f0f0", 4.5), ("#323232", 4.5)):
        palette = QPalette(QColor(ground))
        palette.setColor(QPalette.ColorRole.Window, QColor(ground))
        pair = sorted((luminance(QColor(fault_ink(palette))), luminance(QColor(ground))))
        assert (pair[1] + 0.05) / (pair[0] + 0.05) >= least, ground


def luminance(colour):
    """Return the relative luminance of WCAG 2."""
    parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
             for part in (colour.redF(), colour.greenF(), colour.blueF())]
    return float(np.dot(parts, (0.2126, 0.7152, 0.0722)))
