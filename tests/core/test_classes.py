"""The class rule, literally."""
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from teilhabe_plugin.core.breaks import equal_bounds, quantile_bounds, sd_bounds
from teilhabe_plugin.core.classes import ClassDef, ClassSet, assign, classify
from teilhabe_plugin.core.messages import TeilhabeError


def test_a_score_on_the_bound_belongs_to_the_class_below():
    scores = np.array([-5, -1, -0.999, 1, 1.0001, 1.5, 1.50001, np.nan])
    assert assign(scores, [-1, 1, 1.5]).tolist() == [0, 0, 1, 1, 2, 2, 3, -1]


def test_bounds_must_ascend():
    with pytest.raises(TeilhabeError, match="1, -1"):
        assign(np.array([0.0]), [1, -1])


def test_sd_bounds_by_hand():
    # mean 5, population SD 2 (the textbook sample), sample SD 2.1380899…
    scores = np.array([2, 4, 4, 4, 5, 5, 7, 9, np.nan])
    assert sd_bounds(scores, [-1, 0, 1.5]).tolist() == [3, 5, 8]
    assert sd_bounds(scores, [1], ddof=1)[0] == pytest.approx(7.138089935299395)


def test_quantile_bounds_are_type_7():
    # R: quantile(c(1, 2, 3, 4, 10), c(.25, .5, .75)) gives 2, 3, 4
    assert quantile_bounds(np.array([10, 1, 2, np.nan, 3, 4]), 4).tolist() == [2, 3, 4]


def test_equal_bounds():
    assert equal_bounds(np.array([0, 10, np.nan, 3]), 4).tolist() == [2.5, 5, 7.5]


def test_classify_gives_bounds_open_at_the_ends():
    spec = {"method": "fixed", "bounds": [0], "classes": [{"value": 1, "name": "low"}, {"value": 5, "name": "high"}]}
    positions, classes = classify(np.array([-1.0, 0, 2]), spec)
    assert positions.tolist() == [0, 0, 1]
    assert classes == (ClassDef(1, "low", "", None, 0.0), ClassDef(5, "high", "", 0.0, None))


def test_no_score_at_all_has_classes_without_bounds():
    spec = {"method": "sd", "bounds": [0], "classes": [{"value": 1, "name": "low"}, {"value": 2, "name": "high"}]}
    positions, classes = classify(np.array([np.nan, np.nan]), spec)
    assert positions.tolist() == [-1, -1]
    assert [each.upper for each in classes] == [None, None]


def test_class_set_goes_through_json():
    before = ClassSet("s", "Status", "s_klasse", "s_name", "s_index", (ClassDef(1, "hoch", "#ffffff", None, 1.5),))
    assert ClassSet.from_dict(before.to_dict()) == before


@given(arrays(float, 30, elements=st.floats(-1e6, 1e6)), st.integers(2, 7))
def test_equal_scores_share_a_class_and_order_is_kept(scores, count):
    scores = np.round(scores, -4)
    positions = assign(scores, quantile_bounds(scores, count))
    order = np.argsort(scores, kind="stable")
    assert (np.diff(positions[order]) >= 0).all()
    for value in np.unique(scores):
        assert len(set(positions[scores == value])) == 1
