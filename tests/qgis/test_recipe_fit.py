"""How a recipe is held against the columns of a layer; needs neither QGIS nor a window."""
import json

import pytest

from teilhabe_plugin.core.recipe_reading import read_recipe
from teilhabe_plugin.gui.recipe_fit import best, exclusion_counts, fit

from .dialog_helpers import RECIPE


def recipe(**changes):
    return read_recipe(json.dumps({**RECIPE, **changes}))


COLUMNS = ["key", "name", "people", "a_2024", "b_2024", "a_2025", "b_2025", "a_2026"]


def test_years_with_all_columns_latest_first():
    found = fit(recipe(), COLUMNS)
    assert (found.uses_year, found.years, found.year, found.missing) == (True, (2025, 2024), 2024, ())


def test_latest_complete_year_when_the_recipes_own_is_not_there():
    found = fit(recipe(), [name for name in COLUMNS if not name.endswith("2024")])
    assert (found.years, found.year, found.missing) == ((2025,), 2025, ())


def test_missing_columns_of_the_year_asked_for():
    assert fit(recipe(), COLUMNS, 2026).missing == ("b_2026",)
    assert fit(recipe(), ["key"]).missing == ("name", "people", "a_2024", "b_2024")


def test_recipe_without_years():
    indicators = [{"id": "a", "title": "A"}, {"id": "b", "title": "B"}]
    found = fit(recipe(indicators=indicators, year=None), ["key", "name", "people", "a"])
    assert (found.uses_year, found.years, found.year, found.missing) == (False, (), None, ("b",))


@pytest.mark.parametrize(("columns", "expected"), [
    (["key", "name", "people", "a_2024", "b_2024"], 0),  # complete
    (["key", "name", "people", "x"], 1),  # complete, though it needs fewer
    (["key", "name", "people", "a_2024"], 0),  # neither; more of it is there
    (["key", "name", "people", "a_2024", "b_2024", "x"], 0),  # both; the one that says more
])
def test_best_recipe(columns, expected):
    small = recipe(indicators=[{"id": "x", "title": "X"}], year=None, indices=[
        {"id": "lage", "title": "Lage", "children": [{"indicator": "x"}]}], area_name="name")
    assert best([recipe(), small], columns) == expected


def test_exclusions_are_counted_by_reason():
    import pandas as pd

    rules = [*RECIPE["exclusions"], {"type": "areas", "values": ["04"], "reason": "Sonderfall"}]
    frame = pd.DataFrame({"key": ["01", "02", "03", "04"], "people": [900, None, 120, 100]})
    assert exclusion_counts(recipe(exclusions=rules), frame) == [("unter 300 Einwohner", 3), ("Sonderfall", 0)]
