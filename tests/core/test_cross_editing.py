"""Crosses added, renamed and taken out; the recipe stays valid and computes what is expected."""
import json

import pandas as pd
import pytest

from teilhabe_plugin import paths as files
from teilhabe_plugin.core.cross_editing import (
    classed_nodes,
    cross_of,
    new_cross,
    sub_indices,
    with_classes_followed,
    with_cross,
    with_cross_class,
    with_same_classes,
    without_cross,
)
from teilhabe_plugin.core.index import compute
from teilhabe_plugin.core.messages import TeilhabeError
from teilhabe_plugin.core.recipe_reading import read_recipe


def shipped(name):
    return json.loads(files.resource("recipes", name).read_text(encoding="utf-8"))


@pytest.fixture
def berlin():
    return shipped("berlin_mss_2021.json")


def read(document):
    return read_recipe(json.dumps(document))


def small():
    """Return a document with two indices of one indicator each, and its areas."""
    classes = {"method": "fixed", "bounds": [0], "classes": [{"value": 1, "name": "gut"}, {"value": 2, "name": "arg"}]}
    children = [[{"indicator": name, "normalise": {"method": "z"}}] for name in ("a", "b")]
    document = {
        "format": "teilhabe-recipe/1", "id": "r", "title": "R", "area_key": "key",
        "indicators": [{"id": name, "title": name.upper()} for name in ("a", "b")],
        "indices": [{"id": f"i{name}", "title": name.upper(), "classes": classes, "children": part}
                    for name, part in zip(("a", "b"), children)],
    }
    return document, pd.DataFrame({"key": list("wxyz"), "a": [1.0, 2, 3, 4], "b": [4.0, 1, 3, 2]})


def test_a_new_cross_is_valid_and_computed():
    document, frame = small()
    cross = new_cross(document, "ia", "ib", {(1, 1): "#ffffff"})
    assert cross["title"] == "A × B" and cross["id"] == "ia_ib"
    assert cross["cells"][0] == {"row": 1, "column": 1, "value": 11, "name": "A gut, B gut", "color": "#ffffff"}
    result = compute(read(with_cross(document, cross)), frame)
    assert result.values["ia_ib_name"].tolist() == ["A gut, B arg", "A gut, B gut", "A arg, B arg", "A arg, B gut"]
    again = new_cross(with_cross(document, cross), "ia", "ib")
    assert again["id"] == "ia_ib_2"


def test_a_cross_is_found_in_both_orders_and_taken_out(berlin):
    assert cross_of(berlin, "status", "dynamik")["id"] == "gesamt"
    assert cross_of(berlin, "dynamik", "status")["id"] == "gesamt"
    without = without_cross(berlin, "gesamt")
    assert "crosses" not in without and cross_of(without, "status", "dynamik") is None
    assert berlin["crosses"]
    with pytest.raises(TeilhabeError):
        new_cross(berlin, "status", "status")


def test_class_names_of_a_cross_follow_those_of_its_sides(berlin):
    classes = berlin["indices"][0]["classes"]
    entries = [dict(each) for each in classes["classes"]]
    entries[3]["name"] = "ganz niedrig"
    document = with_classes_followed(berlin, (0,), {**classes, "classes": entries})
    assert [each["name"] for each in document["crosses"][0]["cells"]][8:] == [
        "Status niedrig, Dynamik negativ", "Status ganz niedrig, Dynamik positiv",
        "Status ganz niedrig, Dynamik stabil", "Status ganz niedrig, Dynamik negativ"]
    assert read(document).crosses[0].cells[4, 5]["value"] == 45


def test_more_classes_give_new_pairs_names_of_the_same_kind(berlin):
    names = ["sehr hoch", "hoch", "mittel", "gering", "sehr gering"]
    classes = {"method": "rank", "classes": [{"value": i, "name": name} for i, name in enumerate(names, 1)]}
    document = with_classes_followed(berlin, (0,), classes)
    found = [each["name"] for each in document["crosses"][0]["cells"]]
    assert found[::3] == [f"Status {name}, Dynamik positiv" for name in names]
    read(document)


def test_names_by_hand_stay_when_a_class_is_renamed_and_go_when_classes_are_recut(berlin):
    cells = [{**each, "name": f"Feld {each['value']}"} for each in berlin["crosses"][0]["cells"]]
    berlin = {**berlin, "crosses": [{**berlin["crosses"][0], "cells": cells}]}
    classes = berlin["indices"][1]["classes"]
    renamed = {**classes, "classes": [{**each, "name": each["name"].upper()} for each in classes["classes"]]}
    assert with_classes_followed(berlin, (1,), renamed)["crosses"] == berlin["crosses"]
    two = {"method": "rank", "classes": [{"value": 1, "name": "besser"}, {"value": 3, "name": "stabil"}]}
    document = with_classes_followed(berlin, (1,), two)
    found = [each["name"] for each in document["crosses"][0]["cells"]]
    assert found[:2] == ["hoch / besser", "Feld 13"] and len(found) == 8
    read(document)


def test_a_cross_goes_with_the_classes_of_its_side(berlin):
    assert "crosses" not in with_classes_followed(berlin, (1,), None)


def test_classes_of_a_cross_get_other_names_and_colours(berlin):
    document = with_cross_class(berlin, "gesamt", 2, name="1 minus", color="#123456")
    cell = document["crosses"][0]["cells"][2]
    assert (cell["name"], cell["color"], cell["row"], cell["column"]) == ("1 minus", "#123456", 1, 5)
    with pytest.raises(TeilhabeError):
        with_cross_class(berlin, "gesamt", 2, name="Status hoch, Dynamik stabil")
    read(document)


def test_the_same_classes_for_all_sub_indices():
    document = shipped("musterstadt_partizipationsindex.json")
    root = document["indices"][0]
    assert len(sub_indices(document, (0,))) == 5 and len(sub_indices(document, (0, 1))) == 4
    classes = {"method": "rank", "classes": [{"value": 1, "name": "a"}, {"value": 2, "name": "b"}]}
    document = with_classes_followed(document, (0, 1), classes)
    same = with_same_classes(document, (0, 1))
    assert [child["classes"] == classes for child in same["indices"][0]["children"]] == [True] * 5
    assert same["indices"][0]["classes"] == root["classes"]
    assert [name for name, _title in classed_nodes(same)][:2] == ["gesamt", "wirtschaft"]
    read(same)
