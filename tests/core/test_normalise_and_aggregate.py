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


def test_fixed_ranges():
    values = np.array([[0.0], [5], [12]])
    fixed = {"lowest": 0, "highest": 10, "low": 0, "high": 100}
    assert n.normalise(values, "minmax_fixed", fixed)[:, 0].tolist() == [0, 50, 120]
    assert n.normalise(values, "minmax_fixed", fixed, turned=True)[:, 0].tolist() == [100, 50, -20]
    posts = {"lower": 0, "upper": 10}
    assert n.normalise(values, "goalposts", posts)[:, 0].tolist() == [0, 50, 100]
    assert n.normalise(values, "goalposts", posts, turned=True)[:, 0].tolist() == [100, 50, 0]


def test_distances_and_flags():
    values = np.array([[10.0], [20], [40], [NAN]])
    people = n.Basis(values, np.array([2.0, 1, 1, 5]))
    assert n.normalise(values, "share", basis=people)[:3, 0].tolist() == [50, 100, 200]
    assert n.normalise(values, "reference", basis=people)[:3, 0].tolist() == [-50, 0, 100]
    assert n.normalise(values, "reference", turned=True, basis=people)[:3, 0].tolist() == [50, 0, -100]
    assert n.normalise(values, "target", {"target": 20})[:3, 0].tolist() == [-50, 0, 100]
    assert n.normalise(values, "best")[:3, 0].tolist() == [25, 50, 100]
    assert n.normalise(values, "best", turned=True)[:3, 0].tolist() == [100, 50, 25]
    assert n.normalise(values, "binary", {"threshold": 20})[:, 0].tolist() == pytest.approx([0, 0, 1, NAN], nan_ok=True)
    assert n.normalise(values, "binary", {"sd": 1}, turned=True)[:3, 0].tolist() == [1, 0, 0]


def test_weighted_and_robust_z():
    values = np.array([[1.0], [2], [4]])
    people = n.Basis(values, np.array([1.0, 1, 2]))
    # weighted mean 2.75, weighted variance (1.75² + 0.75² + 2·1.25²) / 4 = 1.6875
    expected = (values[:, 0] - 2.75) / 1.6875**0.5
    assert n.normalise(values, "z", {"weighted": True}, basis=people)[:, 0] == pytest.approx(expected)
    assert n.normalise(values, "robust_z")[:, 0].tolist() == pytest.approx(
        [-0.6744897501960817, 0, 1.3489795003921634])
    assert n.normalise(values, "standard")[:, 0].mean() == pytest.approx(100)
    assert n.normalise(values, "standard")[:, 0].std() == pytest.approx(10)


def test_exponential_transform():
    # −23·ln(1 − R·(1 − e^(−100/23))): 100 for the highest rank, 50 and less for most
    values = np.arange(1.0, 11).reshape(-1, 1)
    scores = n.normalise(values, "exponential")[:, 0]
    assert scores[-1] == pytest.approx(100)
    assert scores[4] == pytest.approx(-23 * np.log(1 - 0.5 * (1 - np.exp(-100 / 23))))


@pytest.mark.parametrize("method", ["z", "robust_z", "standard", "rank", "percentile", "minmax", "exponential"])
def test_turning_is_normalising_the_negative(method):
    values = np.array([[1.0], [4], [2], [8]])
    assert n.normalise(values, method, turned=True) == pytest.approx(n.normalise(-values, method))


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


def test_more_aggregates_by_hand():
    scores = np.array([[100.0, 110, 90], [100, 100, 100]])
    mpi, _ = aggregate(scores, [1, 1, 1], "mazziotta_pareto")
    spread = np.sqrt(200 / 3)
    assert mpi.tolist() == pytest.approx([100 - spread * spread / 100, 100])
    plus, _ = aggregate(scores, [1, 1, 1], "mazziotta_pareto", settings={"penalty": 1})
    assert plus[0] == pytest.approx(100 + spread * spread / 100)
    assert aggregate(np.array([[1.0, 4]]), [1, 1], "harmonic")[0][0] == pytest.approx(1.6)
    assert aggregate(np.array([[3.0, 4]]), [1, 1], "power", settings={"p": 2})[0][0] == pytest.approx(12.5**0.5)
    assert aggregate(np.array([[1.0, 0, 1]]), [1, 1, 1], "count")[0][0] == 2
    assert aggregate(np.array([[1.0, 5, NAN]]), [1, 1, 1], "max", 0.1)[0][0] == 5


def test_rankings_by_hand():
    # a beats b on two of three, b beats c on all, a beats c on two of three
    scores = np.array([[3.0, 1, 3], [2, 3, 2], [1, 2, 1]])
    assert aggregate(scores, [1, 1, 1], "copeland")[0].tolist() == [2, 0, -2]
    assert aggregate(scores, [1, 5, 1], "copeland")[0].tolist() == [-2, 2, 0]
    assert aggregate(scores, [1, 1, 1], "borda")[0].tolist() == pytest.approx([4 / 3, 4 / 3, 1 / 3])


def test_weights_count():
    values, shares = aggregate(SCORES, [2, 1, 1], "mean", 0.75)
    assert values.tolist() == pytest.approx([2, 2, NAN], nan_ok=True)
    assert shares.tolist() == [1, 0.75, 0]


def test_geometric_mean_refuses_negative_scores():
    with pytest.raises(TeilhabeError, match="-1"):
        aggregate(np.array([[1.0, -1]]), [1, 1], "geometric")
