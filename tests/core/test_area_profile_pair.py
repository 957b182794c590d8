"""Two areas side by side: the steps add up from one score to the other, and two sentences say what does it."""
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teilhabe_plugin.core.area_pair import pair_of, pair_sentences
from teilhabe_plugin.core.area_profile import Part, Profiles
from teilhabe_plugin.core.index import compute
from teilhabe_plugin.core.messages import TeilhabeError

from .test_area_profile import FRAME, by_hand
from .test_area_profile_words import both
from .test_robustness import TREE, recipe_of, table


def test_the_way_from_one_area_to_the_other_by_hand():
    # scores −1 and 1; a: 3/4 · (1 − −1), b: 1/4 · (1 − −1)
    profiles = by_hand()
    pair = pair_of(profiles.of(0), profiles.of(3))
    assert (pair.base, pair.score) == (-1, 1)
    assert pair.steps == (Part("a", "Armut", 1.5), Part("b", "Bildung", 0.5))
    first, second = (both(each) for each in pair_sentences(pair))
    assert first == (
        "Area 04 (“schlecht”, rank 1 of 4) is less favourably placed than area 01 West (“gut”, rank 4 of 4).",
        "Gebiet 04 („schlecht“, Rang 1 von 4) ist ungünstiger gestellt als Gebiet 01 West („gut“, Rang 4 von 4).")
    assert second == (
        "This comes above all through “Armut” (40.0% against 10.0%) and “Bildung” (0 against 8).",
        "Dies liegt vor allem an „Armut“ (40,0\u202f% gegenüber 10,0\u202f%) und „Bildung“ (0 gegenüber 8).")


def test_the_order_of_the_two_does_not_change_the_sentences():
    profiles = by_hand()
    one, other = (pair_sentences(pair_of(profiles.of(a), profiles.of(b))) for a, b in ((0, 3), (3, 0)))
    assert [str(each) for each in one] == [str(each) for each in other]


def test_what_works_the_other_way_is_named():
    profiles = by_hand(FRAME.assign(b=[0.0, 4, 4, 8]))
    text = both(pair_sentences(pair_of(profiles.of(0), profiles.of(3)))[1])
    assert text[1] == ("Dies liegt vor allem an „Armut“ (40,0\u202f% gegenüber 10,0\u202f%); in die andere Richtung "
                       "wirkt „Bildung“ (8 gegenüber 0).")


def test_equal_areas_and_areas_without_classes():
    frame = FRAME.assign(a=[10.0, 10, 30, 40], b=[8.0, 8, 4, 0])
    profiles = by_hand(frame)
    pair = pair_of(*(replace(profiles.of(row), class_name="") for row in (0, 1)))
    first, second = (both(each)[1] for each in pair_sentences(pair))
    assert first == "Gebiet 01 West (Rang 3 von 4) und Gebiet 02 Ost (Rang 3 von 4) haben denselben Wert."
    assert second == "Kein Indikator macht zwischen ihnen einen nennenswerten Unterschied."


def test_areas_without_contributions_cannot_be_compared():
    profiles = by_hand(exclusions=[{"type": "areas", "values": ["01"], "reason": "x"}])
    with pytest.raises(TeilhabeError, match="01 West has no contributions"):
        pair_of(profiles.of(0), profiles.of(1))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([{}, {"aggregate": "median"}, {"minimum_share": 0.3}]))
def test_the_steps_add_up_whatever_is_missing(seed, change):
    frame = table(12, seed, gaps=0.08)
    profiles = Profiles(compute(recipe_of({**TREE, **change}), frame), frame, "i")
    known = [each for each in map(profiles.of, range(len(frame))) if each.steps]
    for first, second in zip(known, known[1:]):
        pair = pair_of(first, second)
        steps = np.nansum([step.contribution for step in pair.steps])
        assert pair.base + steps == pytest.approx(second.score, abs=1e-9)
        for step in pair.steps:
            if step.parts:
                assert np.nansum([value for _, value in step.parts]) == pytest.approx(
                    np.nan_to_num(step.contribution), abs=1e-9)
        assert all(str(each) for each in pair_sentences(pair))
