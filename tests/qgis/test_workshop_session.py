"""The working state of the workshop: recipe, result, history, faults and what is looked at."""
import copy

import numpy as np
import pytest

from . import workshop_city as city

pytestmark = pytest.mark.usefixtures("provider")


def with_weight(document, position, weight):
    changed = copy.deepcopy(document)
    changed["indices"][0]["children"][position]["weight"] = weight
    return changed


def signals_of(session):
    heard = []
    for name in ("opened", "recipe_changed", "computed", "node_changed", "selected", "state_changed", "closed"):
        getattr(session, name).connect(lambda name=name: heard.append(name))
    return heard


def expected(session, document, year):
    import json

    from teilhabe.core.index import compute
    from teilhabe.core.recipe_reading import read_recipe

    return compute(read_recipe(json.dumps(document)), session.frame, year).values["gesamt_index"]


def test_opens_with_the_newest_year_and_the_first_index(new_project):
    session = city.session(new_project)
    assert (session.year, session.years, session.node) == (2025, [2024, 2025], "gesamt")
    assert session.fault is None and not session.is_dirty
    view = session.view()
    np.testing.assert_array_equal(view.scores, expected(session, city.document(), 2025))
    assert view.excluded[-1] == "weniger als 300 Einwohner" and view.positions[-1] == -1
    assert sum(view.counts()) == 39 and not view.high_first and not view.is_provisional
    worst = int(np.nanargmin(view.scores))
    assert view.ranks[worst] == 1 and np.isnan(view.ranks[-1])


def test_edit_undo_redo_give_the_numbers_of_the_recipe(new_project):
    session = city.session(new_project)
    start = session.document
    heard = signals_of(session)
    changed = with_weight(start, 2, 3)
    session.edit("Gesundheit zählt dreifach", changed)
    assert heard == ["recipe_changed", "computed", "state_changed"]
    np.testing.assert_array_equal(session.view().scores, expected(session, changed, 2025))
    assert session.is_dirty and session.undo_text == "Gesundheit zählt dreifach" and session.redo_text == ""
    session.undo()
    assert session.document is start and not session.is_dirty and session.redo_text == "Gesundheit zählt dreifach"
    np.testing.assert_array_equal(session.view().scores, expected(session, start, 2025))
    session.redo()
    np.testing.assert_array_equal(session.view().scores, expected(session, changed, 2025))
    session.edit("nichts", session.document)
    assert session.undo_text == "Gesundheit zählt dreifach"


def test_a_fault_stands_at_its_place_and_the_last_result_stays(new_project):
    session = city.session(new_project)
    before = session.result
    broken = copy.deepcopy(session.document)
    broken["indices"][0]["children"][3]["weight"] = -1
    session.edit("Gewicht", broken)
    assert session.fault.path == (0, 3) and "negative" in session.fault_text
    assert session.result is before
    session.undo()
    assert session.fault is None


def test_a_fault_of_an_indicator_and_one_of_the_data_name_their_leaf(new_project):
    session = city.session(new_project)
    broken = copy.deepcopy(session.document)
    broken["indicators"][4]["treatment"] = {"method": "percentile", "low": 90, "high": 10}
    session.edit("Behandlung", broken)
    assert session.fault.path == (0, 1, 1)
    session.undo()
    negative = copy.deepcopy(session.document)
    negative["indices"][0]["children"][1]["aggregate"] = "geometric"
    session.edit("Aggregation", negative)
    assert session.fault.path == (0, 1) and session.fault_text


def test_slider_movements_are_one_step(new_project):
    session = city.session(new_project)
    start = session.document
    for weight in (1.1, 1.2, 1.3):
        session.edit("Gewicht", with_weight(start, 0, weight), merge="weight (0, 0)")
    assert session.document["indices"][0]["children"][0]["weight"] == 1.3
    session.undo()
    assert session.document is start and session.undo_text == ""


def test_history_parts_movements_in_time():
    from teilhabe.gui.history import History

    now = [0.0]
    history = History({"n": 0}, lambda: now[0])
    for number, moment in ((1, 0.5), (2, 1.5), (3, 9.0)):
        now[0] = moment
        history.add("n", {"n": number}, "n")
    history.undo()
    assert history.document == {"n": 2}
    history.undo()
    assert history.document == {"n": 0} and history.undo_label == "" and history.redo_label == "n"
    history.add("anders", {"n": 7})
    assert history.redo_label == ""


def test_years_and_nodes(new_project):
    session = city.session(new_project)
    heard = signals_of(session)
    session.set_year(2024)
    np.testing.assert_array_equal(session.view().scores, expected(session, session.document, 2024))
    session.set_year(1999)
    assert session.year == 2024 and heard == ["computed"]
    session.look_at("gesundheit")
    assert session.view().title == "Gesundheit"
    session.look_at("gibt es nicht")
    assert session.node == "gesundheit" and heard == ["computed", "node_changed"]
    removed = copy.deepcopy(session.document)
    del removed["indices"][0]["children"][2]
    session.edit("Gesundheit entfernt", removed)
    assert session.node == "gesamt"


def test_a_node_without_classes_is_shown_in_fifths(new_project):
    recipe = city.document()
    del recipe["indices"][0]["classes"]
    session = city.session(new_project, recipe=recipe)
    view = session.view()
    assert view.is_provisional and len(view.class_set.classes) == 5
    assert view.counts() == [8, 8, 7, 8, 8] and view.class_set.unfavourable == "first"


def test_selection_is_shared_and_bounded(new_project):
    session = city.session(new_project)
    heard = signals_of(session)
    session.select([3, 1, 3, 99, -1])
    session.select((1, 3))
    assert session.selection == (1, 3) and heard == ["selected"]
    assert session.names[1] == "Gebiet 2" and session.keys[1] == "00002"


def test_keys_must_be_unique(new_project):
    from teilhabe.core.messages import TeilhabeError

    session = city.session(new_project)
    layer = city.area_layer(new_project)
    layer.dataProvider().changeAttributeValues({2: {0: "00001"}})
    with pytest.raises(TeilhabeError, match="unique"):
        session.open(layer, city.document())
    assert len(session.keys) == 40 and session.result is not None


def test_missing_columns_are_a_fault_and_mending_the_recipe_helps(new_project):
    from teilhabe.gui.workshop.session import Session

    layer = city.area_layer(new_project)
    recipe = city.document()
    recipe["indicators"][0]["column"] = "gibt_es_nicht_{year}"
    session = Session()
    session.open(layer, recipe)
    assert session.result is None and session.fault is not None and session.view() is None
    session.edit("Spalte", city.document())
    assert session.fault is None and session.view() is not None


def test_areas_that_were_edited_are_read_again(new_project):
    session = city.session(new_project)
    session.edit("Gesundheit zählt dreifach", with_weight(session.document, 2, 3))
    session.select([4])
    layer = session.layer()
    column = layer.fields().lookupField("k1_1_2025")
    layer.dataProvider().changeAttributeValues({feature.id(): {column: 99.0} for feature in layer.getFeatures()
                                                if feature["gebiet_nr"] == "00003"})
    layer.dataProvider().deleteFeatures([1])  # the first area goes: rows move up
    heard = signals_of(session)
    session.reload()
    assert heard == ["opened", "computed", "selected"]
    assert len(session.keys) == 39 and session.keys[1] == "00003"
    assert session.frame["k1_1_2025"][1] == 99 and session.names[session.selection[0]] == "Gebiet 5"
    assert session.undo_text == "Gesundheit zählt dreifach"
    np.testing.assert_array_equal(session.view().scores, expected(session, session.document, 2025))


def test_a_faulty_state_is_opened_with_the_saved_one_on_show(new_project):
    from teilhabe.core.recipe_editing import with_node
    from teilhabe.gui.workshop.session import Session

    saved = city.document()
    faulty, _path = with_node(saved, (0,), 0, "Noch leer")
    session = Session()
    session.open(city.area_layer(new_project), saved, working=faulty)
    assert session.fault.path == (0, 0) and session.document == faulty
    assert session.keys[:2] == ["00001", "00002"]
    np.testing.assert_array_equal(session.view().scores, expected(session, saved, 2025))
    session.undo()
    assert session.fault is None and session.document == saved and not session.is_dirty


def test_keys_and_names_follow_the_columns_that_the_recipe_names(new_project):
    session = city.session(new_project)
    heard = signals_of(session)
    session.edit("Schlüssel", {**session.document, "area_key": "gebiet_name", "area_name": "gebiet_nr"})
    assert heard == ["opened", "recipe_changed", "computed", "state_changed"]
    assert session.keys[0] == "Gebiet 1" and session.names[0] == "00001"
    session.edit("Schlüssel", {**session.document, "area_key": "bezirk_nr"})
    assert "unique" in session.fault_text and session.keys[0] == "Gebiet 1"  # the algorithm would refuse it, too
    session.edit("Schlüssel", {**session.document, "area_key": "gibt_es_nicht"})
    assert session.fault is not None and session.keys[0] == "Gebiet 1"
    for _ in range(3):
        session.undo()
    assert session.fault is None and session.keys[0] == "00001" and session.names[0] == "Gebiet 1"


def test_another_catalogue_gives_other_names_at_once(new_project):
    session = city.session(new_project)
    before = session.catalogue
    assert before is not None
    session.edit("Katalog", {**session.document, "catalogue": "gibt_es_nicht"})
    assert session.catalogue is None and session.fault is None
    session.undo()
    assert session.catalogue.title == before.title
