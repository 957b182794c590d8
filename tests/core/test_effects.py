"""Stated weights beside what they do: by hand for uncorrelated parts, and in words."""
import json

import numpy as np
import pandas as pd
import pytest

from teilhabe_plugin.core.diagnostics import diagnose
from teilhabe_plugin.core.effects import Effect, effect_findings, effects
from teilhabe_plugin.core.index import compute
from teilhabe_plugin.core.recipe_reading import read_recipe

#: three columns that are uncorrelated, each with mean 0 and spread 1
FACTORS = np.array([[a, b, c] for a in (-1, 1) for b in (-1, 1) for c in (-1, 1)] * 2, float)


def recipe(children, **more):
    indicators = [{"id": name, "title": name.upper()} for name in "abc"]
    return read_recipe(json.dumps({
        "format": "teilhabe-recipe/1", "id": "t", "title": "T", "area_key": "key", "indicators": indicators,
        "indices": [{"id": "i", "title": "I", "children": children, **more}]}))


def frame():
    table = pd.DataFrame(FACTORS, columns=list("abc"))
    table["key"] = [str(row) for row in range(len(table))]
    return table


def leaf(name, weight=1):
    return {"indicator": name, "weight": weight, "normalise": {"method": "z", "ddof": 0}}


def rows_of(children, **more):
    made = recipe(children, **more)
    return effects(made, made.indices[0].root, diagnose(compute(made, frame())))


def test_uncorrelated_parts_count_by_the_square_of_their_weight():
    a, b, c = rows_of([leaf("a", 3), leaf("b", 1), leaf("c", 0)])
    assert (a.weight, b.weight, c.weight) == (0.75, 0.25, 0)
    assert (a.influence, b.influence, c.influence) == pytest.approx((0.9, 0.1, 0))
    assert (a.effective, b.effective) == pytest.approx((0.9, 0.1))
    assert [each.verdict for each in (a, b, c)] == [0, -1, 0]  # 90 % for 75 % is not half as much again


def test_dimensions_stand_before_their_indicators_and_add_them_up():
    rows = rows_of([{"id": "d", "title": "D", "children": [leaf("a"), leaf("b", 3)]}, leaf("c")])
    assert [(each.id, each.parent, each.level, each.is_indicator) for each in rows] == [
        ("d", "i", 0, False), ("a", "d", 1, True), ("b", "d", 1, True), ("c", "i", 0, True)]
    d, a, b, c = rows
    assert (d.stated, a.stated, b.stated, c.stated) == pytest.approx((0.5, 0.125, 0.375, 0.5))
    # variances of the index's parts: (1/8)², (3/8)², (1/2)²
    assert (a.influence, b.influence, c.influence) == pytest.approx((1 / 26, 9 / 26, 16 / 26))
    assert d.influence == pytest.approx(10 / 26)
    assert (a.effective, b.effective) == pytest.approx((0.1, 0.9))
    assert sum(each.influence for each in rows if each.is_indicator) == pytest.approx(1)


def test_an_indicator_in_two_places_has_two_rows():
    rows = rows_of([{"id": "d", "title": "D", "children": [leaf("a"), leaf("b")]}, leaf("a")])
    places = [each for each in rows if each.id == "a"]
    assert [each.stated for each in places] == [0.25, 0.5]
    # the index is ¾ a + ¼ b: cov(¼ a, index) = 3/16, cov(½ a, index) = 6/16, cov(¼ b, index) = 1/16
    assert [each.influence for each in places] == pytest.approx([0.3, 0.6])


def test_scores_that_cannot_be_split_show_what_is_done_within_the_node():
    rows = rows_of([leaf("a", 3), leaf("b", 1)], aggregate="copeland")
    assert all(np.isnan(each.influence) for each in rows)
    assert rows[0].meant_and_done == pytest.approx((0.75, 0.9))


def effect(title, meant, done):
    return Effect(title.lower(), title, "i", 0, True, meant, done, meant, done)


def test_words_name_the_largest_differences_first():
    rows = [effect("Mehr", 0.1, 0.2), effect("Gleich", 0.3, 0.31), effect("Weniger", 0.3, 0.05),
            effect("Gegen", 0.1, -0.04), effect("Winzig", 0.01, 0.02), effect("Unbekannt", 0.2, float("nan"))]
    found = effect_findings(rows)
    assert [each.items for each in found] == [("weniger",), ("gegen",), ("mehr",)]
    assert str(found[0]) == ("“Weniger” does less than its weight says: 30 % of the weight, 5 % of the differences "
                             "between the areas.")
    assert str(found[1]).startswith("“Gegen” works against the index: 10 % of the weight, −4 %")
    assert str(found[2]).startswith("“Mehr” does more than its weight says: 10 % of the weight, 20 %")
