"""Rounding to a base."""
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teilhabe_plugin.core.messages import TeilhabeError
from teilhabe_plugin.core.rounding import round_counts

nan = np.nan
PARENTS = [4, 4, 5, 5, 6, 6, -1]
KEYS = ["a", "b", "c", "d", "D1", "D2", "city"]


def test_to_the_nearest_multiple():
    assert round_counts([0, 1, 2, 4, 5, nan], [-1] * 6, range(6), 3) == pytest.approx([0, 0, 3, 3, 6, nan], nan_ok=True)
    assert round_counts([2, 3, 7, 8], [-1] * 4, range(4), 5).tolist() == [0, 5, 5, 10]
    assert round_counts([2, 3], [-1] * 2, range(2), 5, "none").tolist() == [2, 3]


def test_random_rounding_keeps_the_expectation_and_is_the_same_in_every_run():
    values = np.full(30_000, 4.0)
    keys = np.arange(30_000)
    rounded = round_counts(values, [-1] * 30_000, keys, 3, "random", "seed")
    assert set(rounded) == {3.0, 6.0}
    # 4 becomes 3 with 2/3 and 6 with 1/3; standard error 0.008
    assert rounded.mean() == pytest.approx(4, abs=0.035)
    assert np.array_equal(rounded, round_counts(values, [-1] * 30_000, keys, 3, "random", "seed"))
    assert not np.array_equal(rounded, round_counts(values, [-1] * 30_000, keys, 3, "random", "other"))
    order = np.random.default_rng(1).permutation(30_000)
    assert np.array_equal(rounded[order], round_counts(values, [-1] * 30_000, keys[order], 3, "random", "seed"))


def test_controlled_rounding_keeps_the_expectation():
    mean = np.mean([round_counts([1, 2, 4, 5, 3, 9, 12], PARENTS, KEYS, 3, "controlled", str(seed))
                    for seed in range(3000)], axis=0)
    # standard error below 0.03
    assert mean == pytest.approx([1, 2, 4, 5, 3, 9, 12], abs=0.11)


def test_missing_counts_stay_missing():
    found = round_counts([4, nan, 5, 5, 4, 10, 14], PARENTS, KEYS, 3, "controlled", "s")
    assert np.isnan(found).tolist() == [False, True, False, False, False, False, False]
    assert found[4] == found[0] and found[6] == found[4] + found[5]


def test_what_cannot_be_rounded():
    with pytest.raises(TeilhabeError, match="base of 2"):
        round_counts([1], [-1], "a", 1)
    with pytest.raises(TeilhabeError, match="nearest"):
        round_counts([1], [-1], "a", 3, "up")


@given(st.lists(st.integers(0, 99), min_size=4, max_size=4), st.integers(2, 10), st.text(max_size=3),
       st.sampled_from(["nearest", "random", "controlled"]))
def test_multiples_near_the_truth_and_controlled_ones_add_up(areas, base, seed, method):
    a, b, c, d = areas
    values = np.array([a, b, c, d, a + b, c + d, a + b + c + d], float)
    rounded = round_counts(values, PARENTS, KEYS, base, method, seed)
    assert (rounded % base == 0).all() and (rounded >= 0).all()
    assert (np.abs(rounded - values) < base).all()
    assert (rounded[values % base == 0] == values[values % base == 0]).all()
    if method == "nearest":
        assert (np.abs(rounded - values) <= base / 2).all()
    if method == "controlled":
        assert rounded[4] == rounded[0] + rounded[1] and rounded[6] == rounded[4] + rounded[5]
    if method != "controlled":
        larger = round_counts(values + 1, PARENTS, KEYS, base, method, seed)
        assert (larger >= rounded).all()
