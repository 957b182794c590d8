"""Editing a recipe's document: each edit gives a new valid document, or says why not."""
import copy
import json
from pathlib import Path

import pytest

from teilhabe_plugin.core import recipe_editing as editing
from teilhabe_plugin.core.messages import TeilhabeError
from teilhabe_plugin.core.recipe_reading import read_recipe

RECIPES = Path(__file__).resolve().parents[2] / "resources" / "recipes"

TREE = {
    "format": "teilhabe-recipe/1", "id": "test", "title": "Test", "area_key": "key", "year": 2025,
    "indicators": [{"id": name, "title": name.upper()} for name in "abcd"],
    "indices": [
        {"id": "root", "title": "Root", "children": [
            {"id": "one", "title": "Eins", "aggregate": "sum", "standardise": "z", "minimum_share": 0.5,
             "children": [{"indicator": "a"}, {"indicator": "b", "weight": 3}]},
            {"id": "two", "title": "Zwei", "weight": 3, "children": [{"indicator": "c"}]},
        ]},
        {"id": "other", "title": "Anderer", "high_means": "favourable", "children": [{"indicator": "d"}]},
    ],
}


@pytest.fixture
def tree():
    before = json.dumps(TREE)
    document = copy.deepcopy(TREE)
    yield document
    assert json.dumps(document) == before  # no edit changes what it was given


def ids(document, path=()):
    """Return the tree as nested names."""
    from teilhabe_plugin.core.recipe_paths import children_at

    return [entry["indicator"] if editing.is_leaf(entry) else {entry["id"]: ids(document, (*path, place))}
            for place, entry in enumerate(children_at(document, path))]


def valid(document):
    return read_recipe(editing.text_of(document))


@pytest.mark.parametrize("name", sorted(path.name for path in RECIPES.glob("*.json")))
def test_text_of_a_shipped_recipe(name):
    text = (RECIPES / name).read_text(encoding="utf-8")
    document = json.loads(text)
    assert json.loads(editing.text_of(document)) == document
    same_lines = set(text.splitlines()) & set(editing.text_of(document).splitlines())
    assert len(same_lines) >= 0.8 * len(set(text.splitlines()))


def test_text_is_written_like_the_shipped_recipes():
    text = (RECIPES / "partizipationsindex.json").read_text(encoding="utf-8")
    assert editing.text_of(json.loads(text)) == text


def test_places(tree):
    assert list(editing.paths(tree)) == [(0,), (0, 0), (0, 0, 0), (0, 0, 1), (0, 1), (0, 1, 0), (1,), (1, 0)]
    assert editing.entry_at(tree, (0, 0, 1)) == {"indicator": "b", "weight": 3}
    assert editing.path_of("$.indices[0].children[2].weight") == (0, 2)
    assert editing.path_of("$.indices[11]") == (11,)
    assert editing.path_of("$.indicators[3].column") is None
    assert editing.indicator_of("$.indicators[3].column") == 3
    assert editing.indicator_of("$.indices[0].children[2].weight") is None
    assert editing.path_of_node(tree, "two") == (0, 1)
    with pytest.raises(TeilhabeError, match="no such place"):
        editing.entry_at(tree, (0, 5))


def test_shares(tree):
    assert editing.shares(tree, (0,)) == [0.25, 0.75]
    assert editing.overall_share(tree, (0, 0, 1)) == pytest.approx(0.25 * 0.75)
    assert editing.overall_share(tree, (1,)) == 1


def test_a_share_leaves_the_proportions_of_the_others():
    document = {**TREE, "indices": [{"id": "r", "title": "R", "children": [
        {"indicator": "a", "weight": 1}, {"indicator": "b", "weight": 2}, {"indicator": "c", "weight": 3},
        {"indicator": "d", "weight": 4}]}]}
    new = editing.with_share(document, (0, 0), 0.4)
    assert editing.shares(new, (0,)) == pytest.approx([0.4, 0.6 * 2 / 9, 0.6 * 3 / 9, 0.6 * 4 / 9])
    assert sum(each.get("weight", 1) for each in new["indices"][0]["children"]) == pytest.approx(10)
    new = editing.with_share(document, (0, 0), 0.4, locked=(3,))
    assert editing.shares(new, (0,)) == pytest.approx([0.4, 0.08, 0.12, 0.4])
    with pytest.raises(TeilhabeError, match="leave 60 %"):
        editing.with_share(document, (0, 0), 0.7, locked=(3,))
    with pytest.raises(TeilhabeError, match="locked"):
        editing.with_share(document, (0, 0), 0.7, locked=(1, 2, 3))
    with pytest.raises(TeilhabeError, match="from 0 to 100"):
        editing.with_share(document, (0, 0), 1.1)


def test_a_share_of_all_and_back(tree):
    new = editing.with_share(tree, (0, 1), 1)
    assert editing.shares(new, (0,)) == [0, 1]
    valid(new)
    assert editing.shares(editing.with_share(new, (0, 1), 0.5), (0,)) == [0.5, 0.5]
    with pytest.raises(TeilhabeError, match="cannot change"):
        editing.with_share(tree, (0, 1, 0), 0.5)
    with pytest.raises(TeilhabeError, match="index has no share"):
        editing.with_share(tree, (0,), 0.5)


def test_weights(tree):
    assert editing.entry_at(editing.with_weight(tree, (0, 0), 2.5), (0, 0))["weight"] == 2.5
    assert editing.with_weight(tree, (0, 0), 1) == tree  # a weight of 1 may stay unsaid
    assert "weight" not in editing.entry_at(editing.with_values(tree, (0, 1), weight=None), (0, 1))
    assert editing.shares(editing.equal_weights(tree, (0,)), (0,)) == [0.5, 0.5]
    with pytest.raises(TeilhabeError, match="negative"):
        editing.with_weight(tree, (0, 0), -1)
    with pytest.raises(TeilhabeError, match="above 0"):
        editing.with_weight(tree, (0, 1, 0), 0)


def test_moving_there_and_back(tree):
    new, path = editing.moved(tree, (0, 0, 0), (0, 1), 1)
    assert (ids(new), path) == ([{"root": [{"one": ["b"]}, {"two": ["c", "a"]}]}, {"other": ["d"]}], (0, 1, 1))
    back, path = editing.moved(new, path, (0, 0), 0)
    assert (back, path) == (tree, (0, 0, 0))
    new, path = editing.moved(tree, (0, 0), (0,), 1)
    assert (ids(new)[0], path) == ({"root": [{"two": ["c"]}, {"one": ["a", "b"]}]}, (0, 1))
    assert editing.moved(new, path, (0,), 0)[0] == tree


def test_a_dimension_goes_into_its_later_sibling(tree):
    new, path = editing.moved(tree, (0, 0), (0, 1), 0)
    assert (ids(new)[0], path) == ({"root": [{"two": [{"one": ["a", "b"]}, "c"]}]}, (0, 0, 0))
    valid(new)


def test_moving_the_last_child_takes_the_empty_node_along(tree):
    new, path = editing.moved(tree, (0, 1, 0), (0, 0), 9)
    assert (ids(new)[0], path) == ({"root": [{"one": ["a", "b", "c"]}]}, (0, 0, 2))
    new, path = editing.moved(tree, (1, 0), (0, 0), 0)
    assert ids(new) == [{"root": [{"one": ["d", "a", "b"]}, {"two": ["c"]}]}]
    new, path = editing.moved(tree, (0, 1), (1,), 0)
    assert (ids(new), path) == ([{"root": [{"one": ["a", "b"]}]}, {"other": [{"two": ["c"]}, "d"]}], (1, 0))


@pytest.mark.parametrize(("path", "parent", "words"), [
    ((0, 0), (0, 0), "into itself"), ((0,), (0, 1), "into itself"), ((0,), (1,), "stays an index"),
    ((0, 0), (), "stays an index"), ((0, 0), (0, 1, 0), "is an indicator"),
])
def test_impossible_moves(tree, path, parent, words):
    with pytest.raises(TeilhabeError, match=words):
        editing.moved(tree, path, parent, 0)


def test_indices_change_places(tree):
    new, path = editing.moved(tree, (1,), (), 0)
    assert ([each["id"] for each in new["indices"]], path) == (["other", "root"], (0,))


def test_adding_an_indicator(tree):
    new, path = editing.with_indicator(tree, (0, 0), 1, {
        "title": "3.3 Übergewichtsquote", "column": "k3_3_{year}", "unit": "%", "catalogue": "3.3"})
    assert path == (0, 0, 1)
    assert editing.entry_at(new, path) == {"indicator": "i_3_3_übergewichtsquote", "weight": 2}
    assert new["indicators"][-1] == {"id": "i_3_3_übergewichtsquote", "title": "3.3 Übergewichtsquote",
                                     "column": "k3_3_{year}", "unit": "%", "catalogue": "3.3"}
    valid(new)
    again, _ = editing.with_indicator(new, (1,), 0, {"title": "Andere Worte", "column": "k3_3_{year}"})
    assert len(again["indicators"]) == 5  # the same column is the same indicator
    assert editing.removed(new, [path]) == tree


def test_an_added_indicator_is_normalised_like_its_neighbours(tree):
    binary = {"method": "binary", "sd": 1}
    document = editing.with_values(tree, (1, 0), normalise=binary)
    new, path = editing.with_indicator(document, (1,), 5, {"title": "Neu", "column": "neu"})
    assert editing.entry_at(new, path) == {"indicator": "neu", "normalise": binary}
    with pytest.raises(TeilhabeError, match="area key"):
        editing.with_indicator(tree, (1,), 0, {"title": "Nr.", "column": "key"})
    with pytest.raises(TeilhabeError, match="is an indicator"):
        editing.with_indicator(tree, (1, 0), 0, {"title": "Nr.", "column": "x"})


def test_a_new_sub_index_is_like_its_neighbours(tree):
    new, path = editing.with_node(tree, (0,), 1, "Eins")
    assert editing.entry_at(new, path) == {"id": "eins", "title": "Eins", "weight": 2, "aggregate": "sum",
                                           "minimum_share": 0.5, "standardise": "z", "children": []}
    filled, _ = editing.moved(new, (0, 0, 0), path, 0)
    valid(filled)
    other, path = editing.with_node(tree, (), 2, "Root")
    assert (path, editing.entry_at(other, path)["id"]) == ((2,), "root_2")


def test_removing(tree):
    new = editing.removed(tree, [(0, 0, 1), (0, 1)])
    assert ids(new)[0] == {"root": [{"one": ["a"]}]}
    assert [each["id"] for each in new["indicators"]] == ["a", "d"]
    assert ids(editing.removed(tree, [(0,)])) == [{"other": ["d"]}]
    assert ids(editing.removed(tree, [(0, 0, 0), (0, 0, 1), (0, 0)])) == [
        {"root": [{"two": ["c"]}]}, {"other": ["d"]}]
    with pytest.raises(TeilhabeError, match="last one"):
        editing.removed(tree, [(0,), (1, 0)])


def test_removing_what_carried_all_weight(tree):
    zero = editing.with_weight(tree, (0, 0, 0), 0)
    new = editing.removed(zero, [(0, 0, 1)])
    assert editing.entry_at(new, (0, 0, 0)) == {"indicator": "a", "weight": 1}
    valid(new)


def test_an_indicator_that_weights_refer_to_stays(tree):
    document = editing.with_values(tree, (0, 0), weights={"method": "correlation", "reference": "d"})
    new = editing.removed(document, [(1,)])
    assert "d" in {each["id"] for each in new["indicators"]}
    valid(new)


def test_nested_nodes_that_are_emptied_go(tree):
    nested, path = editing.grouped(tree, [(0, 0, 0)], "Innen")
    new = editing.removed(nested, [(0, 0, 0, 0), (0, 0, 1)])
    assert ids(new)[0] == {"root": [{"two": ["c"]}]}


def test_grouping_keeps_the_shares_and_dissolving_takes_it_back(tree):
    before = [editing.overall_share(tree, path) for path in ((0, 0, 0), (0, 0, 1))]
    new, path = editing.grouped(tree, [(0, 0, 1), (0, 0, 0)], "Gruppe")
    assert path == (0, 0, 0)
    assert ids(new)[0] == {"root": [{"one": [{"gruppe": ["a", "b"]}]}, {"two": ["c"]}]}
    assert [editing.overall_share(new, (*path, place)) for place in (0, 1)] == before
    assert editing.dissolved(new, path) == tree
    across, path = editing.grouped(tree, [(0, 0, 0), (0, 1), (1, 0)], "Alle")
    assert ids(across) == [{"root": [{"one": [{"alle": ["a", {"two": ["c"]}, "d"]}, "b"]}]}]
    valid(across)
    with pytest.raises(TeilhabeError, match="to group"):
        editing.grouped(tree, [(0,)], "Nein")
    with pytest.raises(TeilhabeError, match="sub-index"):
        editing.dissolved(tree, (0, 0, 0))
    with pytest.raises(TeilhabeError, match="sub-index"):
        editing.dissolved(tree, (0,))


def test_values(tree):
    new = editing.with_values(tree, (0, 0), minimum_share=0.75, aggregate="geometric")
    assert editing.entry_at(new, (0, 0))["minimum_share"] == 0.75
    assert list(editing.with_values(tree, (0, 1), standardise="z")["indices"][0]["children"][1]) == [
        "id", "title", "weight", "standardise", "children"]
    assert "aggregate" not in editing.entry_at(editing.with_values(new, (0, 0), aggregate=None), (0, 0))
    assert editing.with_indicator_values(tree, "b", unit="%")["indicators"][1] == {"id": "b", "title": "B", "unit": "%"}
    assert "year" not in editing.with_document_values(tree, year=None)
    assert editing.with_document_values(tree, title="Neu")["title"] == "Neu"
    with pytest.raises(TeilhabeError, match="must not be empty"):
        editing.with_values(tree, (0, 0), title=" ")
    with pytest.raises(TeilhabeError, match="no indicator"):
        editing.with_indicator_values(tree, "zzz", unit="%")
    with pytest.raises(TeilhabeError, match="area key"):
        editing.with_indicator_values(tree, "a", column="key")


def test_deviations(tree):
    assert editing.deviations(tree, (0, 0)) == {
        "aggregate": {"method": "sum"}, "minimum_share": 0.5,
        "standardise": {"method": "z", "ddof": 0, "weighted": False}}
    assert editing.deviations(tree, (0, 1)) == {}
    same = editing.with_values(tree, (0, 0, 0), normalise={"method": "z", "ddof": 0})
    assert editing.deviations(same, (0, 0, 0)) == {}
    other = editing.with_values(tree, (0, 0, 0), normalise={"method": "z", "ddof": 1})
    assert editing.deviations(other, (0, 0, 0)) == {"normalise": {"method": "z", "ddof": 1, "weighted": False}}
    other = editing.with_indicator_values(tree, "a", treatment="winsorise", missing={"method": "last_year"})
    assert editing.deviations(other, (0, 0, 0)) == {
        "treatment": {"method": "winsorise", "skew": 2, "kurtosis": 3.5, "most": 5},
        "missing": {"method": "last_year", "years": 1}}
    assert editing.setting_at(other, (0, 0, 0), "normalise") == {"method": "z", "ddof": 0, "weighted": False}


def test_a_cross_goes_with_its_index():
    berlin = json.loads((RECIPES / "berlin_mss_2021.json").read_text(encoding="utf-8"))
    new = editing.removed(berlin, [(1,)])
    assert "crosses" not in new
    assert editing.lost_crosses(berlin, new) == ["Gesamtindex Soziale Ungleichheit"]
    assert len(valid(new).indicators) == 3
    assert editing.lost_crosses(berlin, editing.with_share(berlin, (0, 0), 0.5)) == []
    assert "crosses" not in editing.with_classes(berlin, (0,), None)


def test_a_cross_follows_its_classes():
    berlin = json.loads((RECIPES / "berlin_mss_2021.json").read_text(encoding="utf-8"))
    two = {"method": "sd", "bounds": [0], "classes": [{"value": 1, "name": "gut"}, {"value": 9, "name": "schlecht"}]}
    recipe = valid(editing.with_classes(berlin, (0,), two))
    cells = recipe.crosses[0].cells
    assert list(cells) == [(1, 1), (1, 3), (1, 5), (9, 1), (9, 3), (9, 5)]
    assert cells[1, 3]["name"] == "Status hoch, Dynamik stabil"
    assert cells[9, 5] == {"value": 95, "name": "schlecht / negativ", "color": ""}


def test_what_can_be_worked_on_is_told_from_what_is_broken(tree):
    assert editing.is_sound(tree)
    assert editing.is_sound(editing.with_node(tree, (0,), 0, "Neu")[0])  # not valid yet, and worth keeping
    assert editing.is_sound(editing.with_node(tree, (), 0, "Neu")[0])
    deep = {"id": "tief", "title": "Tief", "children": [{"indicator": "a"}]}
    for _ in range(3000):
        deep = {"id": "tief", "title": "Tief", "children": [deep]}
    for broken in (None, [], {}, "x", {**tree, "indices": 7}, {**tree, "indices": [5]}, {**tree, "indices": []},
                   {**tree, "indicators": [1]}, {**tree, "title": 5}, {**tree, "crosses": [1]},
                   {**tree, "year": float("inf")}, {**tree, "indices": [deep]},
                   {**tree, "indices": [{"id": 5, "title": None, "children": [{"id": ["q"], "children": {}}]}]}):
        assert not editing.is_sound(broken)
