"""Diagnostics and years within the whole window: the jump into the tree, the selection on the map."""
import pytest

from .dialog_helpers import settle
from .test_workshop_files import profile_folder  # noqa: F401  a fixture
from .workshop_window import city, close_workshop, open_workshop

pytestmark = pytest.mark.usefixtures("provider", "profile_folder")


@pytest.fixture
def dock(new_project, iface):
    city.area_layer(new_project)
    found = open_workshop(iface)
    yield found
    close_workshop(found)


def test_a_title_in_the_findings_selects_its_place_in_the_tree(dock):
    from qgis.PyQt.QtCore import QUrl

    tab = dock.show_tab("diagnostics")
    settle(20)
    tab.findings.anchorClicked.emit(QUrl("k3_2"))
    assert dock.tree.tree.selected_paths() == [(0, 2, 1)]
    tab.weights.chart.picked.emit("bildung")
    assert dock.tree.tree.selected_paths() == [(0, 3)]


def test_what_is_selected_in_the_scatter_and_over_the_years_is_selected_on_the_map(dock):
    tab = dock.show_tab("diagnostics")
    settle(20)
    tab.correlations.scatter.picked.emit([2, 5])
    layer = dock.preview.layer()
    chosen = sorted(each["schluessel"] for each in layer.selectedFeatures())
    assert chosen == ["00003", "00006"]
    years = dock.show_tab("years")
    settle(20)
    years.chart.picked.emit([7])
    assert [each["schluessel"] for each in layer.selectedFeatures()] == ["00008"]


def test_weights_that_cannot_be_found_are_told_in_the_panel(dock):
    from .workshop_window import message

    tab = dock.show_tab("diagnostics")
    settle(20)
    tab.weights.told.emit("geht nicht")
    assert "geht nicht" in message(dock)
