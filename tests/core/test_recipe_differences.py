"""What differs between two recipes, in words."""
import copy
import json
from pathlib import Path

from teilhabe_plugin.core.recipe_differences import differences

RECIPES = Path(__file__).resolve().parents[2] / "resources" / "recipes"


def recipe(name="musterstadt_partizipationsindex"):
    return json.loads((RECIPES / f"{name}.json").read_text(encoding="utf-8"))


def told(before, after):
    return [str(each) for each in differences(before, after)]


def test_nothing_differs_from_itself():
    assert told(recipe(), recipe()) == []


def test_values_of_the_recipe_are_named_with_before_and_after():
    after = recipe() | {"title": "Anders", "note": "x" * 200}
    assert told(recipe(), after) == [f"recipe: title “{recipe()['title']}” → “Anders”", "recipe: note differs"]


def test_a_weight_is_told_as_shares_of_all_that_change():
    before = {"indicators": [{"id": "a", "title": "A"}, {"id": "b", "title": "B"}],
              "indices": [{"id": "i", "title": "I", "children": [{"indicator": "a"}, {"indicator": "b"}]}]}
    after = copy.deepcopy(before)
    after["indices"][0]["children"][0]["weight"] = 3
    assert told(before, after) == ["“A”: share 50.0 % → 75.0 %", "“B”: share 50.0 % → 25.0 %"]


def test_new_gone_moved_and_turned_round():
    before = {"indicators": [{"id": name, "title": name.upper()} for name in "abc"],
              "indices": [{"id": "i", "title": "I", "children": [
                  {"id": "n", "title": "N", "children": [{"indicator": "a"}, {"indicator": "b"}]},
                  {"indicator": "c"}]}]}
    after = copy.deepcopy(before)
    after["indices"][0]["children"][0]["children"] = [{"indicator": "a"}]
    after["indices"][0]["children"].append({"indicator": "b", "normalise": "rank"})
    after["indicators"][2]["high_is"] = "favourable"
    after["exclusions"] = [{"type": "areas", "values": ["1"], "reason": "Hafen"}]
    found = told(before, after)
    assert "“B” stands in another place of the tree" in found
    assert "“B”: normalisation differs" in found
    assert "“C”: meaning of a high value differs" in found
    assert "the rules that leave areas out are others" in found
    assert told(before, {**before, "indices": []})[:2] == ["“I” is gone", "“N” is gone"]
    assert "“I” is new" in told({**before, "indices": []}, before)


def test_what_is_no_recipe_is_compared_as_far_as_it_goes():
    assert told({"title": "A"}, {"title": "B", "indices": [{"title": "ohne id"}]})[-1] == "recipe: title “A” → “B”"
    assert told({"x": 1}, {"x": 2}) == ["details that change no number"]


def test_all_shipped_recipes_can_be_compared_with_each_other():
    names = [path.stem for path in RECIPES.glob("*.json")]
    assert all(told(recipe(a), recipe(b)) for a in names for b in names if a != b)


def test_what_a_high_value_means_is_told_in_words():
    before = {"indicators": [{"id": "a", "title": "A", "high_is": "unfavourable"}],
              "indices": [{"id": "i", "title": "I", "children": [{"indicator": "a"}]}]}
    after = copy.deepcopy(before)
    after["indicators"][0]["high_is"] = "favourable"
    (found,) = differences(before, after)
    german = {"favourable": "günstig", "unfavourable": "ungünstig"}
    assert found.render(lambda text: german.get(text, text)).endswith("“ungünstig” → “günstig”")
