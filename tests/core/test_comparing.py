"""Two computations side by side, by hand."""
import json

import numpy as np
import pandas as pd
import pytest

from teilhabe_plugin.core.comparing import BY_BOUNDS, BY_DATA, BY_EXCLUSION, BY_SCORE, SAME, compare
from teilhabe_plugin.core.index import compute
from teilhabe_plugin.core.messages import TeilhabeError
from teilhabe_plugin.core.recipe_reading import read_recipe

NAN = np.nan


def recipe(bounds=(0,), weight_b=1, exclusions=(), identifier="i", method="fixed"):
    classes = [{"value": 2 * i + 1, "name": f"class {i}"} for i in range(len(bounds) + 1)]
    spec = {"method": method, "classes": classes, **({"bounds": list(bounds)} if method in ("fixed", "sd") else {})}
    return read_recipe(json.dumps({
        "format": "teilhabe-recipe/1", "id": "t", "title": "T", "area_key": "key",
        "indicators": [{"id": "a", "title": "A"}, {"id": "b", "title": "B"}], "exclusions": list(exclusions),
        "indices": [{"id": identifier, "title": "I", "minimum_share": 0.1, "classes": spec, "children": [
            {"indicator": "a", "normalise": "identity"},
            {"indicator": "b", "normalise": "identity", "weight": weight_b}]}],
    }))


BEFORE = pd.DataFrame({"key": list("1234"), "a": [-1.0, -1, 1, 1], "b": [-1.0, -1, 1, 1]})


def test_a_change_of_data():
    after = BEFORE.assign(a=[-1.0, 5, 1, -4], b=[-1.0, -1, 1, 1])
    result = compare(compute(recipe(), BEFORE), compute(recipe(), after))
    assert result.table["schritte"].tolist() == [0, 1, 0, -1]
    assert result.table["grund"].tolist() == [SAME, BY_SCORE, SAME, BY_SCORE]
    assert result.table["wert_differenz"].tolist() == [0, 3, 0, -2.5]
    assert result.table.loc["2", ["rang_vorher", "rang_nachher"]].tolist() == [3, 1]
    assert result.moved().index.tolist() == ["2", "4"]
    assert result.crossing.to_numpy().tolist() == [[1, 1], [1, 1]]


def test_why_an_area_moved_adds_up():
    after = BEFORE.assign(a=[-1.0, 5, 1, -4], b=[-1.0, -3, 1, 1])
    result = compare(compute(recipe(), BEFORE), compute(recipe(), after))
    # contributions are deviations from the mean, so the means' shift is part of every area's change
    base = (after[["a", "b"]].mean() - BEFORE[["a", "b"]].mean()).mean()
    assert (result.drivers.sum(axis=1) + base).tolist() == pytest.approx(result.table["wert_differenz"].tolist())
    (first, change), *_ = result.strongest("2")
    assert first == "a" and change == pytest.approx(3 - 0.125)


def test_moved_bounds_are_told_from_moved_scores():
    result = compare(compute(recipe((0,)), BEFORE), compute(recipe((-2,)), BEFORE))
    assert result.table["grund"].tolist() == [BY_BOUNDS, BY_BOUNDS, SAME, SAME]
    assert result.table["schritte"].tolist() == [1, 1, 0, 0]


def test_exclusion_and_missing_data():
    left_out = [{"type": "areas", "values": ["1"], "reason": "port"}]
    after = BEFORE.assign(a=[-1.0, NAN, 1, 1], b=[-1.0, NAN, 1, 1])
    result = compare(compute(recipe(), BEFORE), compute(recipe(exclusions=left_out), after))
    assert result.table["grund"].tolist() == [BY_EXCLUSION, BY_DATA, SAME, SAME]
    assert result.table["schritte"].isna().tolist() == [True, True, False, False]


def test_two_recipes_with_different_weights():
    frame = BEFORE.assign(b=[3.0, -1, -3, 1])
    result = compare(compute(recipe(), frame), compute(recipe(weight_b=0), frame))
    assert result.table["name_vorher"].tolist() == ["class 1", "class 0", "class 0", "class 1"]
    assert result.table["name_nachher"].tolist() == ["class 0", "class 0", "class 1", "class 1"]
    assert result.correlation == pytest.approx(float(pd.Series([1.0, -1, -1, 1]).rank().corr(
        pd.Series([-1.0, -1, 1, 1]).rank())))


def test_areas_in_only_one_edition_are_named():
    result = compare(compute(recipe(), BEFORE), compute(recipe(), BEFORE.iloc[:3]))
    assert len(result.table) == 3
    assert "only in the first computation: 4" in str(result.notes[0])


def test_what_cannot_be_compared():
    with pytest.raises(TeilhabeError, match="no index “x” with classes. It has: i"):
        compare(compute(recipe(), BEFORE), compute(recipe(), BEFORE), "x")
    with pytest.raises(TeilhabeError, match="no area in common"):
        compare(compute(recipe(), BEFORE), compute(recipe(), BEFORE.assign(key=list("5678"))))


def test_ranks_are_those_among_the_areas_of_both():
    result = compare(compute(recipe(), BEFORE.assign(a=[0.0, 1, 2, 9])), compute(recipe(), BEFORE.iloc[:3]))
    assert result.table["rang_vorher"].tolist() == [3, 2, 1]


def test_nothing_moved_a_score_that_is_missing():
    after = BEFORE.assign(a=[-1.0, 5, 1, NAN], b=[-1.0, -1, 1, NAN])
    result = compare(compute(recipe(), BEFORE), compute(recipe(), after))
    assert result.drivers.loc["4"].isna().all() and result.strongest("4") == []


def test_class_lists_that_differ_are_told():
    three = compare(compute(recipe(), BEFORE), compute(recipe((0, 9)), BEFORE))
    assert "Before there are 2 classes, after there are 3" in str(three.notes[0])
    renamed = json.loads(recipe().text)
    renamed["indices"][0]["classes"]["classes"][0]["name"] = "other"
    notes = compare(compute(recipe(), BEFORE), compute(read_recipe(json.dumps(renamed)), BEFORE)).notes
    assert [str(note) for note in notes] == [
        "The classes have other names after than before; they are compared by their order."]
    assert compare(compute(recipe(), BEFORE), compute(recipe(), BEFORE)).notes == []


def test_opposite_directions_are_not_compared():
    turned = json.loads(recipe().text)
    turned["indices"][0]["high_means"] = "favourable"
    with pytest.raises(TeilhabeError, match="mean opposite things"):
        compare(compute(recipe(), BEFORE), compute(read_recipe(json.dumps(turned)), BEFORE))


def test_a_cross_has_no_score_to_compare():
    crossed = json.loads(recipe().text)
    cells = [{"row": row, "column": column, "value": 10 * row + column, "name": f"{row}{column}"}
             for row in (1, 3) for column in (1, 3)]
    crossed["crosses"] = [{"id": "x", "title": "X", "rows": "i", "columns": "i", "cells": cells}]
    result = compute(read_recipe(json.dumps(crossed)), BEFORE)
    with pytest.raises(TeilhabeError, match="no index “x” with classes"):
        compare(result, result, "x", "x")


def test_part_changes_of_single_areas_are_those_of_the_whole_comparison():
    from teilhabe_plugin.core.comparing import part_changes

    from .test_robustness import TREE, table
    from .test_robustness import recipe_of as tree_of

    frame = table(30, gaps=0.02)
    first, second = (compute(tree_of({**TREE, "aggregate": each}), frame) for each in ("mean", "median"))
    whole = compare(first, second)
    assert compare(first, second, split=False).drivers.shape == (30, 0)
    keys = whole.drivers.dropna(how="all").index[[4, 1, 17]]
    some = part_changes(first, second, "i", "i", keys)
    pd.testing.assert_frame_equal(some, whole.drivers.loc[keys], check_names=False)
