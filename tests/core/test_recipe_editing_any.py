"""Any sequence of edits on the shipped recipes gives a valid recipe, or an error in words."""
import copy
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teilhabe_plugin.core import recipe_editing as editing
from teilhabe_plugin.core.messages import TeilhabeError
from teilhabe_plugin.core.recipe_reading import read_recipe

RECIPES = Path(__file__).resolve().parents[2] / "resources" / "recipes"
DOCUMENTS = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(RECIPES.glob("*.json"))]

VALUES = [
    {"aggregate": "geometric"}, {"aggregate": {"method": "power", "p": 2}}, {"aggregate": None},
    {"weights": "equal_influence"}, {"minimum_share": 0.5}, {"standardise": "minmax"}, {"standardise": None},
    {"title": "Neu"}, {"weight": 0}, {"weight": 2.5},
]
LEAF_VALUES = [{"normalise": {"method": "goalposts", "lower": 0, "upper": 9}}, {"normalise": None}, {"weight": 0}]


class Editor:
    """Draws an edit and carries it out."""

    def __init__(self, data, document):
        self.draw, self.document = data.draw, document

    def path(self):
        return self.draw(st.sampled_from(list(editing.paths(self.document))))

    def node(self):
        """Return the path of a node, or () for the indices themselves."""
        nodes = [path for path in editing.paths(self.document)
                 if not editing.is_leaf(editing.entry_at(self.document, path))]
        return self.draw(st.sampled_from([(), *nodes]))

    def edit(self):
        edits = [self.move, self.share, self.equal, self.add, self.remove, self.group, self.dissolve, self.values,
                 self.classes]
        return self.draw(st.sampled_from(edits))()

    def move(self):
        return editing.moved(self.document, self.path(), self.node(), self.draw(st.integers(0, 5)))[0]

    def share(self):
        path = self.path()
        locked = self.draw(st.lists(st.integers(0, 4), max_size=2))
        share = self.draw(st.floats(0, 1))
        new = editing.with_share(self.document, path, share, locked)
        after = editing.shares(new, path[:-1])
        assert sum(after) == pytest.approx(1)
        assert after[path[-1]] == pytest.approx(share, abs=1e-8)
        before = editing.shares(self.document, path[:-1])
        for position in set(locked) & set(range(len(before))) - {path[-1]}:
            assert after[position] == pytest.approx(before[position], abs=1e-8)
        return new

    def equal(self):
        return editing.equal_weights(self.document, self.node())

    def add(self):
        column = self.draw(st.sampled_from(["k9_9", "S1", "é 1", "9"]))
        title = self.draw(st.sampled_from(["Neu", "9. Ä–ß", "", "S1"]))
        return editing.with_indicator(self.document, self.node(), self.draw(st.integers(0, 9)),
                                      {"title": title, "column": column})[0]

    def remove(self):
        return editing.removed(self.document, [self.path() for _ in range(self.draw(st.integers(1, 4)))])

    def group(self):
        members = [self.path() for _ in range(self.draw(st.integers(1, 4)))]
        return editing.grouped(self.document, members, self.draw(st.sampled_from(["Gruppe", "Status", "1", ""])))[0]

    def dissolve(self):
        return editing.dissolved(self.document, self.path())

    def values(self):
        path = self.path()
        leaf = editing.is_leaf(editing.entry_at(self.document, path))
        return editing.with_values(self.document, path, **self.draw(st.sampled_from(LEAF_VALUES if leaf else VALUES)))

    def classes(self):
        path = self.node() or (0,)
        classes = {"method": "rank", "classes": [{"value": value, "name": f"K{value}"} for value in (1, 2, 4)]}
        return editing.with_classes(self.document, path, self.draw(st.sampled_from([classes, None])))


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_edits_keep_a_recipe_valid_or_say_why_not(data):
    document = data.draw(st.sampled_from(DOCUMENTS))
    for _ in range(data.draw(st.integers(1, 8))):
        before = copy.deepcopy(document)
        try:
            new = Editor(data, document).edit()
        except TeilhabeError:
            new = document
        assert document == before
        document = new
        recipe = read_recipe(editing.text_of(document))
        for path in editing.paths(document):
            if not editing.is_leaf(editing.entry_at(document, path)):
                assert sum(editing.shares(document, path)) == pytest.approx(1)
        used = {each.id for each in recipe.indicators_in_use()}
        assert used <= {each["id"] for each in document["indicators"]}


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_moving_there_and_back_gives_the_same_document(data):
    document = data.draw(st.sampled_from(DOCUMENTS))
    editor = Editor(data, document)
    path, parent = editor.path(), editor.node()
    source = editing.entry_at(document, path[:-1]) if len(path) > 1 else None
    try:
        new, there = editing.moved(document, path, parent, data.draw(st.integers(0, 6)))
    except TeilhabeError:
        return
    back_to = editing.path_of_node(new, source["id"]) if source else ()
    if back_to is None:  # the node lost its last child and went
        assert len(source["children"]) == 1
        return
    assert editing.moved(new, there, back_to, path[-1])[0] == document


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_grouping_keeps_every_share_of_siblings_and_dissolving_takes_it_back(data):
    document = data.draw(st.sampled_from(DOCUMENTS))
    nodes = [path for path in editing.paths(document) if len(editing.entry_at(document, path).get("children", [])) > 1]
    parent = data.draw(st.sampled_from(nodes))
    size = len(editing.entry_at(document, parent)["children"])
    start = data.draw(st.integers(0, size - 1))
    end = data.draw(st.integers(start + 1, size))
    new, path = editing.grouped(document, [(*parent, place) for place in range(start, end)], "Gruppe")
    for place in range(start, end):
        assert editing.overall_share(new, (*path, place - start)) == pytest.approx(
            editing.overall_share(document, (*parent, place)))
    assert editing.dissolved(new, path) == document
