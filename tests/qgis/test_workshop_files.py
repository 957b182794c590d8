"""Recipe files of the workshop: save, conflict, duplicate, reset, exchange, properties."""
import copy
import json
import os

import pytest

from .dialog_helpers import settle
from .workshop_window import answering, city, close_workshop, edit, message, open_workshop, weighted

pytestmark = pytest.mark.usefixtures("provider", "profile_folder")


@pytest.fixture
def profile_folder(qgis_app):
    """Leave no working state of one test to the next."""
    import shutil
    from pathlib import Path

    folder = Path(qgis_app.qgisSettingsDirPath()) / "teilhabe" / "workshop"
    shutil.rmtree(folder, ignore_errors=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def dock(new_project, iface, profile_folder):
    city.area_layer(new_project)
    found = open_workshop(iface)
    yield found
    close_workshop(found)


def saved(dock, path):
    assert dock.files.saving.save_to(path)
    return path


def test_a_saved_recipe_opens_with_the_same_content_and_readable_text(dock, tmp_path):
    changed = edit(dock)
    assert dock.session.is_dirty
    path = saved(dock, tmp_path / "rezept.json")
    assert not dock.session.is_dirty and dock.session.path_of_file == path
    text = path.read_text(encoding="utf-8")
    assert json.loads(text) == changed and "Bürgerbeteiligung" in text or "ü" in text
    assert text.endswith("}\n") and "\\u" not in text and '\n  "id":' in text
    assert sorted(os.listdir(tmp_path)) == ["rezept.json"]  # nothing is left of the writing
    edit(dock, weight=5)
    assert dock.files.save()
    assert json.loads(path.read_text(encoding="utf-8")) == weighted(changed, weight=5)


def test_opening_another_recipe_asks_about_unsaved_changes(dock, tmp_path):
    path = saved(dock, tmp_path / "eins.json")
    before = dock.session.document
    changed = edit(dock)
    with answering("cancel") as asked:
        assert not dock.files.open_file(path)
    assert dock.session.document == changed and "Partizipation" in asked[0]
    with answering("save"):
        assert dock.files.open_file(path)
    assert json.loads(path.read_text(encoding="utf-8")) == changed
    path.write_text(json.dumps(before), encoding="utf-8")
    edit(dock, weight=7)
    with answering("discard"):
        assert dock.files.open_file(path)
    assert dock.session.document == before and not dock.session.is_dirty
    assert dock.files.open_file(path)  # nothing unsaved, nothing asked


def test_a_file_that_somebody_else_changed_is_not_overwritten_unasked(dock, tmp_path):
    path = saved(dock, tmp_path / "gemeinsam.json")
    theirs = copy.deepcopy(dock.session.document)
    theirs["indices"][0]["children"][0]["weight"] = 4
    theirs["title"] = "Fassung der Kollegin"
    path.write_text(json.dumps(theirs), encoding="utf-8")
    own = edit(dock)
    with answering("cancel") as asked:
        assert not dock.files.save()
    assert json.loads(path.read_text(encoding="utf-8")) == theirs and dock.session.document == own
    in_file, here = asked[0].split("Here:")
    assert "Fassung der Kollegin" in in_file and "Fassung der Kollegin" not in here
    assert "share" in in_file and "share" in here
    with answering("theirs"):
        dock.files.save()
    assert dock.session.document == theirs and not dock.session.is_dirty
    dock.session.redo()
    assert dock.session.document == own  # the own state is not lost
    with answering():
        assert dock.files.save()  # theirs is known now
    assert json.loads(path.read_text(encoding="utf-8")) == own


def test_a_file_that_was_only_written_anew_with_the_same_content_is_no_conflict(dock, tmp_path):
    path = saved(dock, tmp_path / "gleich.json")
    path.write_text(json.dumps(dock.session.document, sort_keys=True, indent=8), encoding="utf-8")
    changed = edit(dock)
    with answering():
        assert dock.files.save()
    assert json.loads(path.read_text(encoding="utf-8")) == changed


def test_a_write_protected_file_is_told_and_loses_nothing(dock, tmp_path, monkeypatch):
    path = saved(dock, tmp_path / "rezept.json")
    before = path.read_text(encoding="utf-8")
    changed = edit(dock)
    monkeypatch.setattr("teilhabe.gui.workshop.files.disk.os.access", lambda _path, _mode: False)
    assert not dock.files.save()
    assert "write-protected" in message(dock)
    assert path.read_text(encoding="utf-8") == before and dock.session.document == changed and dock.session.is_dirty


def test_a_missing_folder_and_a_full_disk_are_told_and_lose_nothing(dock, tmp_path, monkeypatch):
    changed = edit(dock)
    assert not dock.files.saving.save_to(tmp_path / "gibt" / "es nicht" / "rezept.json")
    assert "es nicht" in message(dock) and dock.session.document == changed and dock.session.is_dirty
    path = tmp_path / "rezept.json"
    saved(dock, path)
    before = path.read_text(encoding="utf-8")
    edit(dock, weight=9)

    for error in (OSError(28, "No space left on device"), PermissionError(13, "Permission denied")):
        def refused(*_arguments, error=error, **_more):
            raise error

        monkeypatch.setattr("teilhabe.gui.workshop.files.disk.write_beside", refused)
        assert not dock.files.save()
        assert path.read_text(encoding="utf-8") == before and dock.session.is_dirty
        assert "not saved" in message(dock)


def test_a_catalogue_never_gives_way_to_a_recipe(dock, tmp_path):
    path = tmp_path / "katalog.json"
    path.write_text(dock.session.catalogue.to_json(), encoding="utf-8")
    before = path.read_text(encoding="utf-8")
    assert not dock.files.saving.save_to(path)
    assert path.read_text(encoding="utf-8") == before and "catalogue" in message(dock)


def test_faulty_files_are_told_and_the_open_recipe_stays(dock, tmp_path):
    before = dock.session.document
    for name, content in (("kein.json", b"{"), ("latin.json", "{\"ä\": 1}".encode("latin-1")),
                          ("anderes.json", b'{"format": "something/1"}')):
        path = tmp_path / name
        path.write_bytes(content)
        assert not dock.files.open_file(path)
        assert name in message(dock)
    assert not dock.files.open_file(tmp_path / "fehlt.json") and "fehlt.json" in message(dock)
    assert dock.session.document is before


def test_duplicate_leaves_the_file_of_the_original_alone(dock, tmp_path):
    path = saved(dock, tmp_path / "original.json")
    before = path.read_text(encoding="utf-8")
    changed = edit(dock)
    dock.files.duplicate()
    session = dock.session
    assert session.path_of_file is None and session.is_dirty
    assert session.document["title"] == f"{changed['title']} (copy)" and session.document["id"] != changed["id"]
    assert session.document["indices"] == changed["indices"]
    assert path.read_text(encoding="utf-8") == before


def test_reset_asks_and_can_be_undone(dock):
    start = dock.session.document
    changed = edit(dock)
    with answering("cancel"):
        dock.files.reset()
    assert dock.session.document == changed
    with answering("reset"):
        dock.files.reset()
    assert dock.session.document == start
    dock.session.undo()
    assert dock.session.document == changed
    with answering("reset"):
        dock.files.reset()
    with answering():
        dock.files.reset()  # nothing to reset


def test_templates_that_fit_come_first(dock):
    found = dock.files.templates_by_fit()
    assert found[0][0] == "musterstadt_partizipationsindex.json" and found[0][2]
    assert {name for name, _title, fits in found if fits} == {
        "musterstadt_partizipationsindex.json", "partizipationsindex.json"}
    assert len(found) == 7


def test_recipe_and_catalogue_travel_in_one_file(dock, tmp_path):
    changed = edit(dock)
    parcel = tmp_path / "austausch.json"
    assert dock.files.exchange.export_to(parcel)
    values = json.loads(parcel.read_text(encoding="utf-8"))
    assert values["recipe"] == changed and values["catalogue"]["format"] == "teilhabe-catalogue/1"
    # the other one has another state of the recipe, and the catalogue was changed on the way
    dock.session.undo()
    values["catalogue"]["indicators"][0]["name"] = "Ganz neu benannt"
    parcel.write_text(json.dumps(values), encoding="utf-8")
    target = tmp_path / "hier" / "uebernommen.json"
    target.parent.mkdir()
    with answering("import") as asked:
        assert dock.files.exchange.import_file(parcel, target)
    assert "Ganz neu benannt" in asked[0] and "share" in asked[0]
    assert dock.session.document == changed and dock.session.path_of_file == target
    beside = target.parent / f"{changed['catalogue']}.json"
    assert json.loads(beside.read_text(encoding="utf-8"))["indicators"][0]["name"] == "Ganz neu benannt"
    assert dock.session.catalogue.entries[0].name == "Ganz neu benannt"


def test_an_exchange_file_with_a_fault_changes_nothing(dock, tmp_path):
    parcel = tmp_path / "austausch.json"
    assert dock.files.exchange.export_to(parcel)
    values = json.loads(parcel.read_text(encoding="utf-8"))
    values["recipe"]["indices"][0]["children"] = []
    parcel.write_text(json.dumps(values), encoding="utf-8")
    before = dock.session.document
    assert not dock.files.open_file(parcel)
    assert "austausch.json" in message(dock) and dock.session.document is before
    assert os.listdir(tmp_path) == ["austausch.json"]


def test_an_imported_catalogue_that_is_here_already_is_not_written_again(dock, tmp_path):
    parcel = tmp_path / "austausch.json"
    dock.files.exchange.export_to(parcel)
    target = tmp_path / "uebernommen.json"
    with answering("import") as asked:
        assert dock.files.exchange.import_file(parcel, target)
    assert "the same as here" in asked[0]
    assert sorted(os.listdir(tmp_path)) == ["austausch.json", "uebernommen.json"]


def test_properties_are_one_step_and_faults_stand_at_their_field(dock):
    from teilhabe.gui.workshop.files.properties import PropertiesDialog

    before = dock.session.document
    dialog = PropertiesDialog(dock.session, dock)
    assert dialog.take.isEnabled() and dialog.document() == (before, {})  # looking changes nothing
    dialog.widgets["title"].setText("")
    dialog.widgets["year"].setText("20x5")
    dialog.widgets["area_name"].setCurrentText("gibt_es_nicht")
    assert not dialog.take.isEnabled()
    assert dialog.faults["title"].text() and dialog.faults["year"].text()
    assert "gibt_es_nicht" in dialog.faults["area_name"].text() and not dialog.faults["area_key"].text()
    dialog.widgets["title"].setText("Neuer Titel")
    dialog.widgets["year"].setText("2024")
    dialog.widgets["area_name"].setCurrentText("gebiet_name")
    dialog.rules.item(0, 2).setText("viel")
    assert "Rule 1" in dialog.faults["exclusions"].text() and not dialog.take.isEnabled()
    dialog.rules.item(0, 2).setText("5000,5")
    assert dialog.take.isEnabled()
    dialog.accept()
    after = dock.session.document
    assert (after["title"], after["year"]) == ("Neuer Titel", 2024)
    assert after["exclusions"][0]["value"] == 5000.5 and after["indices"] == before["indices"]
    out = sum(each is not None for each in dock.session.view().excluded)
    people = dock.session.frame["einwohner"]
    assert out == (people < 5000.5).sum() > 1
    dock.session.undo()
    assert dock.session.document is before


def test_closing_asks_and_discarding_returns_to_the_saved_state(dock, tmp_path):
    path = saved(dock, tmp_path / "rezept.json")
    before = dock.session.document
    edit(dock)
    with answering("cancel"):
        assert not dock.close()
    assert dock.isVisible() and dock.session.is_dirty
    with answering("discard"):
        assert dock.close()
    settle(30)
    assert json.loads(path.read_text(encoding="utf-8")) == before


def test_a_catalogue_saved_in_the_editor_gives_the_names(new_project, iface, tmp_path):
    import teilhabe
    from qgis.core import QgsApplication
    from teilhabe.bridge.catalogue_files import save_catalogue
    from teilhabe.core.catalogue_reading import read_catalogue

    city.area_layer(new_project)
    there = QgsApplication.processingRegistry().providerById("teilhabe")
    plugin = teilhabe.classFactory(iface)
    plugin.initProcessing = lambda: setattr(plugin, "provider", there)
    plugin.initGui()
    try:
        dock = plugin.open("workshop")
        session = dock.session
        values = json.loads(session.catalogue.to_json())
        own = tmp_path / f"{session.document['catalogue']}.json"
        save_catalogue(session.catalogue, str(own))
        assert dock.files.saving.save_to(tmp_path / "rezept.json")
        number = next(each for each in session.recipe.indicators.values() if each.catalogue).catalogue
        dock.open_catalogue(number)
        window = plugin.dialogs["catalogue"]
        assert window.session.path == own and window.isVisible()
        entry = next(each for each in values["indicators"] if each["number"] == number)
        entry["name"] = "Im Fenster umbenannt"
        window.session.edit("Name", read_catalogue(json.dumps(values)))
        save_catalogue(window.session.catalogue, str(own))
        window.session.was_saved(own)
        named = next(each for each in session.recipe.indicators.values() if each.catalogue == number)
        assert "Im Fenster umbenannt" in named.title and "saved just now" in message(dock)
        assert not session.is_dirty  # the recipe itself is the same
    finally:
        plugin.provider = None
        plugin.unload()
        settle(100)


@pytest.mark.parametrize("content", ["{ halb", "[" * 5000], ids=("half", "deep"))
def test_a_file_that_somebody_left_unreadable_is_not_overwritten_unasked(dock, tmp_path, content):
    path = saved(dock, tmp_path / "rezept.json")
    own = edit(dock, 4)
    path.write_text(content, encoding="utf-8")
    with answering("cancel") as asked:
        assert not dock.files.save()
    assert "cannot be read" in asked[0] and path.read_text(encoding="utf-8") == content and dock.session.is_dirty
    assert not dock.files.open_file(path) and "rezept.json" in message(dock)
    with answering("overwrite"):
        assert dock.files.save()
    assert json.loads(path.read_text(encoding="utf-8")) == own
