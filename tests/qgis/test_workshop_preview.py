"""The scratch layer that shows the working index on the map."""
import copy

import pytest

from . import workshop_city as city

pytestmark = pytest.mark.usefixtures("provider")


@pytest.fixture
def shown(new_project):
    from teilhabe.gui.workshop.preview import PreviewMap

    session, preview = city.session(new_project), PreviewMap()
    preview.open(session.layer(), session.keys, session.names, "gebiet_nr")
    preview.show(session.view())
    yield session, preview
    preview.clear()


def written(preview):
    return {feature["schluessel"]: feature for feature in preview.layer().getFeatures()}


def check(session, preview):
    from qgis.core import NULL

    view, rows = session.view(), written(preview)
    assert list(rows) == session.keys
    for row, key in enumerate(session.keys):
        own = view.class_of(row)
        assert rows[key]["klasse"] == (NULL if own is None else own.value)
        assert rows[key]["wert"] == (NULL if own is None else view.scores[row])
        assert rows[key]["ausschluss"] == (view.excluded[row] or NULL)


def symbols(layer):
    return {rule.label(): rule.symbol().color().name() for rule in layer.renderer().rootRule().children()}


def test_every_change_is_on_the_map(shown):
    session, preview = shown
    check(session, preview)
    for position, weight in ((0, 4), (2, 0), (4, 9)):
        changed = copy.deepcopy(session.document)
        changed["indices"][0]["children"][position]["weight"] = weight
        session.edit("Gewicht", changed)
        preview.show(session.view())
        check(session, preview)


def test_the_legend_has_the_counts_of_the_working_state(shown):
    session, preview = shown
    view = session.view()
    for each, count in zip(view.class_set.classes, view.counts()):
        label = next(text for text in symbols(preview.layer()) if text.startswith(f"{each.name} ("))
        assert label.endswith(f"· {count}") and symbols(preview.layer())[label] == view.colours[each.value]
    assert any("weniger als 300 Einwohner" in text for text in symbols(preview.layer()))


def test_each_show_asks_for_one_repaint(shown):
    session, preview = shown
    asked = []
    preview.layer().repaintRequested.connect(lambda *_: asked.append("layer"))
    preview.repaint_requested.connect(lambda: asked.append("preview"))
    session.look_at("bildung")
    preview.show(session.view())
    assert asked.count("preview") == 1 and asked[-1] == "preview" and "layer" in asked
    assert preview.layer().name().endswith("Bildung")
    check(session, preview)


def test_selection_goes_both_ways_without_an_echo(shown):
    session, preview = shown
    heard = []
    preview.selection_changed.connect(lambda rows: heard.append(sorted(rows)))
    preview.select([2, 5])
    assert heard == [[2, 5]]
    preview.select([5, 2])
    assert len(heard) == 1
    preview.layer().removeSelection()
    assert heard[-1] == []


def test_results_are_hidden_and_come_back(new_project):
    from qgis.core import QgsProject
    from teilhabe.gui.workshop.preview import PreviewMap

    index = city.area_layer(new_project, role="index")
    session, preview = city.session(new_project), PreviewMap()
    node = QgsProject.instance().layerTreeRoot().findLayer(index.id())
    preview.open(session.layer(), session.keys, session.names, "gebiet_nr")
    assert not node.itemVisibilityChecked()
    assert QgsProject.instance().layerTreeRoot().findLayer(session.layer_id).itemVisibilityChecked()
    preview.clear()
    assert node.itemVisibilityChecked() and preview.layer() is None


def test_a_click_finds_the_area(shown, iface):
    from qgis.core import QgsPointXY
    from teilhabe.gui.workshop.area_tool import AreaTool

    _session, preview = shown
    iface.mapCanvas().setDestinationCrs(preview.layer().crs())
    tool = AreaTool(iface.mapCanvas(), preview)
    assert tool.row_at(QgsPointXY(1500, 500)) == 1
    assert tool.row_at(QgsPointXY(500, 1500)) == 7
    assert tool.row_at(QgsPointXY(-500, -500)) == -1


def test_leftovers_of_a_saved_project_go(shown):
    from qgis.core import QgsProject
    from teilhabe.bridge.project import PREVIEW, layers_with_role
    from teilhabe.gui.workshop.preview import remove_leftovers

    _session, preview = shown
    preview.forget([preview.layer_id])
    remove_leftovers(QgsProject.instance())
    assert layers_with_role(QgsProject.instance(), PREVIEW) == []


def test_the_map_does_not_wait_for_the_legend(shown):
    from .dialog_helpers import wait_for

    session, preview = shown
    renderer = preview.layer().renderer()
    changed = copy.deepcopy(session.document)
    changed["indices"][0]["children"][0]["weight"] = 9
    before = session.view().counts()
    session.edit("Gewicht", changed)
    preview.show(session.view())
    assert preview.layer().renderer() is renderer and session.view().counts() != before
    check(session, preview)
    texts = [f"· {count}" for count in session.view().counts()]
    wait_for(lambda: [text[-len(end):] for text, end in zip(symbols(preview.layer()), texts)] == texts)


def test_other_colours_are_drawn_at_once(shown):
    session, preview = shown
    changed = copy.deepcopy(session.document)
    changed["indices"][0]["classes"]["classes"][0]["color"] = "#123456"
    session.edit("Farbe", changed)
    preview.show(session.view())
    assert "#123456" in symbols(preview.layer()).values()
