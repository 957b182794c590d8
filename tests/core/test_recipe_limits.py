"""Recipe faults that would only show late: refused when the recipe is read, with the JSON path."""

import copy
import json

import pytest

from teilhabe_plugin.core.messages import TeilhabeError
from teilhabe_plugin.core.recipe_reading import read_recipe

CLASSES = {
    "method": "quantile",
    "classes": [{"value": 1, "name": "a", "color": "#1a6b5c"}, {"value": 2, "name": "b"}],
}
RECIPE = {
    "format": "teilhabe-recipe/1",
    "id": "t",
    "title": "Test",
    "area_key": "key",
    "indicators": [{"id": "S1", "title": "s1"}],
    "indices": [{"id": "ix", "title": "Index", "children": [{"indicator": "S1"}], "classes": CLASSES}],
}


def changed(path, value):
    recipe = copy.deepcopy(RECIPE)
    place = recipe
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return json.dumps(recipe)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (["year"], 0, "$.year: a year from 1900 to 2200 is expected, found 0."),
        (["year"], 10**400, "$.year: a number is expected"),
        (["reference_year"], 20255, "$.reference_year: a year from 1900 to 2200 is expected, found 20255."),
        (
            ["indicators", 0, "missing"],
            {"method": "last_year", "years": 1_000_000_000},
            "$.indicators[0].missing.years: 1 to 50 years are possible, found 1000000000.",
        ),
        (
            ["indicators", 0, "missing"],
            {"method": "last_year", "years": -1},
            "$.indicators[0].missing.years: 1 to 50 years are possible, found -1.",
        ),
        (
            ["indicators", 0, "column"],
            "key",
            "$.indicators[0]: the column “key” is the area key and cannot be an indicator.",
        ),
        (
            ["indices", 0, "classes", "classes", 0, "color"],
            "rot",
            "$.indices[0].classes.classes[0].color: a colour such as #1a6b5c is expected, found rot.",
        ),
        (
            ["indices", 0, "classes", "classes", 0, "value"],
            2**70,
            "$.indices[0].classes.classes[0].value: a whole number is expected",
        ),
        (["indices", 0, "children", 0, "weight"], 10**400, "$.indices[0].children[0].weight: a number is expected"),
    ],
)
def test_the_place_is_named(path, value, message):
    with pytest.raises(TeilhabeError) as error:
        read_recipe(changed(path, value))
    assert str(error.value).startswith(f"recipe, {message}")


@pytest.mark.parametrize("value", ["", None])
def test_an_empty_column_is_the_id(value):
    recipe = read_recipe(changed(["indicators", 0, "column"], value))
    assert recipe.columns() == ["key", "S1"]


def test_half_a_character():
    with pytest.raises(TeilhabeError, match=r"^recipe cannot be read: .* half a character"):
        read_recipe(changed(["title"], "a\ud800b"))
