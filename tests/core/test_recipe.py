"""A recipe is valid, or the message names the JSON path."""
import copy
import json
from pathlib import Path

import pytest

from teilhabe_plugin.core.messages import TeilhabeError
from teilhabe_plugin.core.recipe_reading import load_recipe, read_recipe

RECIPES = Path(__file__).resolve().parents[2] / "resources" / "recipes"

GOOD = {
    "format": "teilhabe-recipe/1", "id": "test", "title": "Test", "area_key": "key", "year": 2025,
    "indicators": [{"id": "a", "title": "A", "column": "a_{year}"}, {"id": "b", "title": "B"}],
    "indices": [{
        "id": "root", "title": "Root", "aggregate": "mean",
        "children": [
            {"id": "sub", "title": "Sub", "children": [{"indicator": "a"}, {"indicator": "b", "weight": 2}]},
            {"indicator": "b", "normalise": {"method": "minmax", "low": 0, "high": 100}},
        ],
        "classes": {"method": "sd", "bounds": [0], "classes": [{"value": 1, "name": "x"}, {"value": 2, "name": "y"}]},
    }],
    "exclusions": [{"type": "minimum", "column": "people", "value": 300, "reason": "few"}],
}


def changed(path, value):
    """Return the good recipe with one place changed; the path is a list of names and numbers."""
    recipe = copy.deepcopy(GOOD)
    place = recipe
    for step in path[:-1]:
        place = place[step]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return json.dumps(recipe)


def test_a_tree_of_any_depth():
    recipe = read_recipe(json.dumps(GOOD))
    root = recipe.indices[0].root
    assert [node.id for node in root.nodes()] == ["sub", "root"]
    assert [(leaf.indicator, leaf.weight, leaf.method) for leaf in root.leaves()] == [
        ("a", 1, "z"), ("b", 2, "z"), ("b", 1, "minmax")]
    assert recipe.columns() == ["key", "people", "a_2025", "b"]
    assert recipe.columns(2019) == ["key", "people", "a_2019", "b"]


def test_the_fingerprint_sees_content_not_layout():
    loose = read_recipe(json.dumps(GOOD, indent=4))
    assert loose.fingerprint == read_recipe(json.dumps(GOOD)).fingerprint
    assert loose.fingerprint != read_recipe(changed(["year"], 2024)).fingerprint


CHILD = ["indices", 0, "children"]


@pytest.mark.parametrize("path, value, where, what", [
    (["format"], "teilhabe-recipe/9", "$.format", "Possible are"),
    (["title"], None, "$", "“title” is missing"),
    (["title"], 7, "$.title", "a text is expected, found 7"),
    (["tittle"], "x", "$", "Is “title” meant?"),
    (["year"], None, "$", "“year” is missing"),
    (["year"], 2025.5, "$.year", "whole number"),
    (["indicators", 1, "id"], "a", "$.indicators[1].id", "twice"),
    (["indicators", 1, "id"], "1 b", "$.indicators[1].id", "begin with a letter"),
    (["indicators", 0, "high_is"], "bad", "$.indicators[0].high_is", "favourable"),
    ([*CHILD, 1, "indicator"], "c", "$.indices[0].children[1].indicator", "no indicator “c”"),
    ([*CHILD, 1, "normalise", "method"], "log", "$.indices[0].children[1].normalise.method", "Possible are"),
    ([*CHILD, 1, "normalise", "ddof"], 0, "$.indices[0].children[1].normalise", "“ddof” is not known here"),
    ([*CHILD, 0, "children", 1, "weight"], -1, "$.indices[0].children[0].children[1].weight", "negative"),
    ([*CHILD, 0, "children", 1, "weight"], True, "$.indices[0].children[0].children[1].weight", "found true"),
    ([*CHILD, 0, "children"], [], "$.indices[0].children[0].children", "at least 1"),
    ([*CHILD, 0, "id"], "root", "$.indices", "“root” is there twice"),
    ([*CHILD, 1, "normalise"], {"method": "goalposts", "lower": 1, "upper": 1}, "$.indices[0].children[1].normalise",
     "“lower” must be less than “upper”"),
    (["indices", 0, "minimum_share"], 0, "$.indices[0].minimum_share", "above 0"),
    (["indices", 0, "classes", "bounds"], [1, 0], "$.indices[0].classes.bounds", "2 classes need 1 bounds, found 2"),
    (["indices", 0, "classes", "bounds"], ["x"], "$.indices[0].classes.bounds[0]", "a number is expected"),
    (["indices", 0, "classes", "classes", 1, "value"], 1, "$.indices[0].classes.classes", "twice"),
    (["indices", 0, "classes", "method"], "nice", "$.indices[0].classes.method", "quantile"),
    (["exclusions", 0, "value"], "300", "$.exclusions[0].value", "a number is expected"),
    (["exclusions", 0, "type"], "max", "$.exclusions[0].type", "minimum"),
])
def test_errors_name_the_json_path(path, value, where, what):
    with pytest.raises(TeilhabeError) as caught:
        read_recipe(changed(path, value), "my.json")
    text = str(caught.value)
    assert text.startswith(f"my.json, {where}: ") and what in text


def test_weights_that_sum_to_nothing():
    text = changed([*CHILD, 0, "children"], [{"indicator": "a", "weight": 0}])
    with pytest.raises(TeilhabeError, match=r"children\[0\].children: the weights"):
        read_recipe(text)


def test_a_cross_must_be_complete():
    recipe = json.loads(changed(["version"], "1"))
    recipe["crosses"] = [{"id": "x", "title": "X", "rows": "root", "columns": "root",
                          "cells": [{"row": 1, "column": 1, "value": 11, "name": "1/1"}]}]
    with pytest.raises(TeilhabeError, match="row 1 and column 2 is missing"):
        read_recipe(json.dumps(recipe))
    recipe["crosses"][0]["rows"] = "sub"
    with pytest.raises(TeilhabeError, match=r"\$\.crosses\[0\]\.rows: there is no index “sub” with classes"):
        read_recipe(json.dumps(recipe))


def test_broken_json_names_line_and_column(tmp_path):
    path = tmp_path / "broken.json"
    path.write_text('{"format": \n "x",, }')
    with pytest.raises(TeilhabeError, match="broken.json, line 2, column 6"):
        load_recipe(path)
    path.write_text("[1]")
    with pytest.raises(TeilhabeError, match=r"broken.json, \$: an object"):
        load_recipe(path)
    path.write_bytes("{\"title\": \"Übergewicht\"}".encode("cp1252"))
    with pytest.raises(TeilhabeError, match="UTF-8"):
        load_recipe(path)
    with pytest.raises(TeilhabeError, match="does not exist"):
        load_recipe(tmp_path / "none.json")


@pytest.mark.parametrize("path", sorted(RECIPES.glob("*.json")), ids=lambda path: path.name)
def test_shipped_recipes_are_valid(path):
    assert load_recipe(path).indices
