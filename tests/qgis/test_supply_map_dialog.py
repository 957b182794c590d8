"""The window of the supply map: filled in from the project, one click to PDF, list and layout."""
import pytest

from .dialog_helpers import cut_texts, english_left, indicator_layer, messages, run, settle
from .test_supply_map import offers_layer, pages


@pytest.fixture
def dialog(provider, new_project, german, iface, tmp_path):
    from teilhabe.gui.supply_map_dialog import SupplyMapDialog

    indicator_layer(new_project, name="Gebiete", role="areas")
    offers_layer(new_project)
    dialog = SupplyMapDialog(iface)
    dialog.form.pdf.setFilePath(str(tmp_path / "angebote.pdf"))
    dialog.show()
    settle()
    yield dialog
    dialog.close()


def test_everything_is_filled_in_and_one_click_makes_the_map(dialog, new_project, tmp_path):
    assert dialog.problem() == ""
    settings = dialog.settings()
    assert new_project.mapLayer(settings.offers).name() == "Angebote"
    assert new_project.mapLayer(settings.areas).name() == "Gebiete"
    run(dialog)
    assert messages(dialog.frame.bar)[0].startswith(
        "Auf der Karte: Angebote 6, Maßnahmen 0. Zeilen ohne Ort, die in der Liste stehen: 1.")
    assert len(pages(tmp_path / "angebote.pdf")) == 2
    assert (tmp_path / "angebote_liste.xlsx").is_file()
    maps = [layer for layer in new_project.mapLayers().values() if layer.name() == "Angebotskarte"]
    assert len(maps) == 1 and maps[0].renderer().type() == "pointDisplacement"
    layout = new_project.layoutManager().layoutByName("Angebotskarte")
    theme = layout.itemById("map").followVisibilityPresetName()
    shown = new_project.mapThemeCollection().mapThemeVisibleLayers(theme)
    assert maps[0] in shown


def test_a_second_run_replaces_layer_and_layout(dialog, new_project):
    dialog.form.replace.setChecked(True)
    run(dialog)
    run(dialog)
    assert [layer.name() for layer in new_project.mapLayers().values()].count("Angebotskarte") == 1
    assert [each.name() for each in new_project.layoutManager().layouts()] == ["Angebotskarte"]


def test_fields_of_action_can_be_changed(dialog):
    form = dialog.form
    assert not form.types_group.isVisible()
    form.category.setCurrentIndex(2)
    assert form.types_group.isVisible()
    shown = {form.types.item(row, 0).text(): form.types.cellWidget(row, 1).currentText()
             for row in range(form.types.rowCount())}
    assert shown == {"Kinderarzt": "Gesundheitsförderung", "Kita": "Kinder, Jugend und Familie",
                     "Tafel": "Existenzsicherung"}
    form.types.cellWidget(1, 1).setCurrentText("Frühe Bildung")
    assert dialog.parameters()["FIELDS_OF_ACTION"] == "Kita = Frühe Bildung"


def test_without_offers_it_says_what_to_do(provider, new_project, german, iface):
    from teilhabe.gui.supply_map_dialog import SupplyMapDialog

    dialog = SupplyMapDialog(iface)
    assert dialog.problem() == "Das Projekt enthält keine Angebote. Verorten Sie zuerst eine Liste, oder laden Sie " \
                               "einen Punktlayer."
    dialog.close()


def test_german_and_nothing_cut(dialog):
    dialog.form.category.setCurrentIndex(2)
    settle()
    assert english_left(dialog) == []
    assert cut_texts(dialog) == []
    assert dialog.width() <= 1000 and dialog.height() <= 580
