"""Normalising and aggregating against other packages and by hand."""
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from teilhabe_plugin.core import normalise as n
from teilhabe_plugin.core.aggregate import aggregate
from teilhabe_plugin.core.messages import TeilhabeError

NAN = np.nan
matrices = arrays(float, (8, 2), elements=st.integers(-999, 999).map(float)).filter(
    lambda values: (np.ptp(values, axis=0) > 1).all()
)


@settings(max_examples=40, deadline=None)
@given(matrices, st.sampled_from([0, 1]))
def test_z_is_that_of_scipy(values, ddof):
    assert np.allclose(n.normalise(values, "z", {"ddof": ddof}), stats.zscore(values, axis=0, ddof=ddof), atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(matrices, st.sampled_from([0, 1]))
def test_z_with_gaps_is_that_of_scipy(values, ddof):
    values = np.vstack([values, [NAN, 1]])
    expected = stats.zscore(values, axis=0, ddof=ddof, nan_policy="omit")
    assert np.allclose(n.normalise(values, "z", {"ddof": ddof}), expected, atol=1e-9, equal_nan=True)


@settings(max_examples=40, deadline=None)
@given(matrices, st.floats(0.5, 100), st.floats(-100, 100))
def test_z_does_not_see_unit_or_origin(values, factor, constant):
    assert np.allclose(n.normalise(values, "z"), n.normalise(values * factor + constant, "z"), atol=1e-6)


def test_min_max():
    stretched = n.normalise(np.array([[1.0], [3], [NAN], [5]]), "minmax", {"low": 1, "high": 101})
    assert stretched[:, 0].tolist() == pytest.approx([1, 51, NAN, 101], nan_ok=True)


def test_ranks_with_ties():
    values = np.array([[3.0], [1], [3], [NAN], [9]])
    assert n.normalise(values, "rank")[:, 0].tolist() == pytest.approx([2.5, 1, 2.5, NAN, 4], nan_ok=True)
    assert n.normalise(values, "rank", {"ties": "min"})[:, 0].tolist() == pytest.approx([2, 1, 2, NAN, 4], nan_ok=True)
    assert n.normalise(values, "percentile")[:, 0].tolist() == pytest.approx([50, 12.5, 50, NAN, 87.5], nan_ok=True)


SCORES = np.array([[1.0, 2, 4], [1, NAN, 4], [NAN, NAN, NAN]])


@pytest.mark.parametrize("method, minimum, expected", [
    ("sum", 1.0, [7, NAN, NAN]),
    ("sum", 0.5, [7, 7.5, NAN]),
    ("mean", 0.5, [7 / 3, 2.5, NAN]),
    ("median", 0.5, [2, 2.5, NAN]),
    ("geometric", 0.5, [2, 2, NAN]),
])
def test_aggregates_by_hand(method, minimum, expected):
    values, shares = aggregate(SCORES, [1, 1, 1], method, minimum)
    assert values.tolist() == pytest.approx(expected, nan_ok=True)
    assert shares.tolist() == pytest.approx([1, 2 / 3, 0])


def test_weights_count():
    values, shares = aggregate(SCORES, [2, 1, 1], "mean", 0.75)
    assert values.tolist() == pytest.approx([2, 2, NAN], nan_ok=True)
    assert shares.tolist() == [1, 0.75, 0]


def test_geometric_mean_refuses_negative_scores():
    with pytest.raises(TeilhabeError, match="-1"):
        aggregate(np.array([[1.0, -1]]), [1, 1], "geometric")
