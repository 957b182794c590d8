"""Classes edited: what every edit does to the specification, and that the others' areas stay where they are."""
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teilhabe_plugin.core.class_editing import (
    basis_of,
    completed,
    default_multiples,
    with_bound,
    with_count,
    with_entry,
    with_method,
    with_multiple,
)
from teilhabe_plugin.core.classes import METHODS, classify
from teilhabe_plugin.core.messages import TeilhabeError

SCORES = np.array([-2, -1, 0, 1, 2, np.nan])  # mean 0, standard deviation √2


def spec_of(method, count=3, **settings):
    classes = [{"value": number, "name": f"k{number}"} for number in range(1, count + 1)]
    return {"method": method, **settings, "classes": classes}


def names(spec):
    return [each["name"] for each in spec["classes"]]


def test_multiples_are_even_about_the_mean():
    assert default_multiples(2) == [0]
    assert default_multiples(3) == [-1, 1]
    assert default_multiples(5) == [-1.5, -0.5, 0.5, 1.5]


def test_another_method_keeps_the_classes_and_begins_where_the_bounds_are():
    spec = spec_of("quantile")
    basis = basis_of(SCORES, spec)
    assert basis.bounds == pytest.approx((-2 / 3, 2 / 3))
    fixed = with_method(spec, "fixed", basis)
    assert fixed == {**spec_of("fixed"), "bounds": [-1, 0]}
    by_sd = with_method(spec, "sd", basis)
    assert by_sd["bounds"] == [-0.5, 0.5] and by_sd["ddof"] == 0
    assert with_method(fixed, "quantile", basis, type=6) == {**spec, "type": 6}


def test_another_setting_of_the_same_method():
    spec = spec_of("sd", bounds=[-1, 1], ddof=0)
    assert with_method(spec, "sd", basis_of(SCORES, spec), ddof=1) == spec_of("sd", bounds=[-1, 1], ddof=1)


def test_a_moved_bound_changes_its_multiple():
    spec = spec_of("sd", bounds=[-1, 1], ddof=0)
    moved = with_bound(spec, 1, 0.5 * np.sqrt(2), basis_of(SCORES, spec))
    assert moved == {**spec, "bounds": [-1, 0.5]}


def test_a_moved_bound_turns_every_other_method_into_fixed_bounds():
    spec = spec_of("equal")
    moved = with_bound(spec, 0, -1.5, basis_of(SCORES, spec))
    assert moved == {**spec_of("fixed"), "bounds": [-1.5, 0]}
    assert classify(SCORES, moved)[0].tolist() == [0, 1, 1, 2, 2, -1]


def test_bounds_must_ascend():
    spec = spec_of("fixed", bounds=[0, 1])
    for place, value in ((0, 1), (0, 2), (1, 0), (1, float("nan"))):
        with pytest.raises(TeilhabeError):
            with_bound(spec, place, value, basis_of(SCORES, spec))
    with pytest.raises(TeilhabeError):
        with_multiple(spec_of("sd", bounds=[-1, 1]), 0, 1)


def test_equal_scores_have_no_standard_deviation():
    spec, scores = spec_of("sd", bounds=[-1, 1]), np.array([3.0, 3, 3])
    with pytest.raises(TeilhabeError):
        with_bound(spec, 0, 2, basis_of(scores, spec))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.floats(-50, 50), st.sampled_from([1.0, 2.0])), min_size=1, max_size=15),
       st.integers(2, 6), st.sampled_from(["quantile", "rank", "equal", "natural", "head_tail"]))
def test_fixed_bounds_in_place_of_a_method_move_no_area(values, count, method):
    scores = np.array(values)
    spec = spec_of(method, count)
    basis = basis_of(scores, spec)
    bounds = completed(basis, count)
    assert len(bounds) == count - 1
    assert all(a < b for a, b in zip(bounds, bounds[1:]))
    assert classify(scores, with_method(spec, "fixed", basis))[0].tolist() == classify(scores, spec)[0].tolist()


def test_one_class_more_parts_the_largest_and_one_less_unites_the_smallest():
    scores = np.array([0.0, 1, 2, 3, 4, 10, 20])
    spec = spec_of("fixed", bounds=[5, 15])
    more = with_count(spec, ["k1", "k2", "k3", "new"], basis_of(scores, spec))
    assert more["bounds"] == [2, 5, 15]
    assert [each["value"] for each in more["classes"]] == [1, 2, 3, 4]
    less = with_count(spec, ["k1", "k2"], basis_of(scores, spec))
    assert less["bounds"] == [5]
    assert with_count(spec_of("sd", bounds=[-1, 1]), list("abcd"), basis_of(scores, spec))["bounds"] == [-1, 0, 1]
    assert "bounds" not in with_count(spec_of("rank"), list("abcd"), basis_of(scores, spec))


def test_more_classes_than_scores():
    scores = np.array([1.0, 1, np.nan])
    spec = spec_of("fixed", 2, bounds=[0])
    more = with_count(spec, list("abcde"), basis_of(scores, spec))
    assert len(more["bounds"]) == 4 and more["bounds"] == sorted(set(more["bounds"]))


def test_numbers_with_gaps_stay_with_the_class_of_that_name():
    spec = {"method": "rank", "classes": [{"value": 1, "name": "positiv"}, {"value": 3, "name": "stabil"},
                                          {"value": 5, "name": "negativ", "color": "#000000"}]}
    two = with_count(spec, ["positiv", "negativ"], basis_of(SCORES, spec))
    assert two["classes"] == [{"value": 1, "name": "positiv"}, {"value": 5, "name": "negativ", "color": "#000000"}]
    four = with_count(spec, ["positiv", "stabil", "neu", "negativ"], basis_of(SCORES, spec))
    assert [each["value"] for each in four["classes"]] == [1, 3, 2, 5]


def test_names_numbers_and_colours():
    spec = spec_of("rank")
    assert names(with_entry(spec, 1, name="  mitten  drin ")) == ["k1", "mitten drin", "k3"]
    assert with_entry(spec, 0, color="#AABBCC")["classes"][0]["color"] == "#AABBCC"
    assert "color" not in with_entry(with_entry(spec, 0, color="#aabbcc"), 0, color="")["classes"][0]
    assert with_entry(spec, 2, value=9)["classes"][2]["value"] == 9
    for place, values in ((0, {"name": "k2"}), (0, {"name": " "}), (0, {"value": 2}), (0, {"color": "red"})):
        with pytest.raises(TeilhabeError):
            with_entry(spec, place, **values)
    assert spec == spec_of("rank")


def test_every_method_of_the_engine_can_be_chosen():
    spec = spec_of("equal")
    for method in METHODS:
        new = with_method(spec, method, basis_of(SCORES, spec))
        positions, _classes = classify(SCORES, new)
        assert positions[-1] == -1 and positions[:-1].min() >= 0
