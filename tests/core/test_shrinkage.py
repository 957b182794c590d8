"""Empirical-Bayes shrinkage."""
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teilhabe_plugin.core.shrinkage import shrink


def test_three_areas_by_hand():
    """Marshall's steps with a pencil.

    m = 30/300 = 0.1, rates 0, 0.1, 0.2; s² = (100·0.01 + 0 + 100·0.01)/300 = 0.02/3; A = s² − 0.1/100 = 0.017/3;
    w = A/(A + 0.001) = 0.85.
    """
    result = shrink([0, 10, 20], [100, 100, 100])
    assert result.prior.tolist() == [0.1] * 3
    assert result.weight == pytest.approx([0.85] * 3)
    assert result.estimate == pytest.approx([0.015, 0.1, 0.185])


def test_shares_have_a_smaller_sampling_variance():
    # v = 0.1 · 0.9: A = 0.02/3 − 0.09/100 = 0.0173/3; w = 0.0173/(0.0173 + 0.0027) = 0.865
    assert shrink([0, 10, 20], [100] * 3, proportion=True).weight == pytest.approx([0.865] * 3)


def test_towards_the_parent():
    """Two districts with 0.1 and 0.5; within both, areas lie 0.1 above and below.

    Spread: Σ n (r − m)² = 4 · 100 · 0.01 = 4; Σ v = 2·0.1 + 2·0.5 = 1.2; A = 2.8/400 = 0.007.
    Weights 0.007/(0.007 + 0.001) and 0.007/(0.007 + 0.005).
    """
    result = shrink([0, 20, 40, 60], [100] * 4, parents=["01", "01", "02", "02"])
    assert result.prior == pytest.approx([0.1, 0.1, 0.5, 0.5])
    assert result.weight == pytest.approx([0.875, 0.875, 7 / 12, 7 / 12])
    assert result.estimate == pytest.approx([0.0125, 0.1875, 0.5 - 0.7 / 12, 0.5 + 0.7 / 12])


def test_areas_without_parent_go_towards_all():
    result = shrink([0, 20, 40], [100] * 3, parents=["01", "01", None])
    assert result.prior == pytest.approx([0.1, 0.1, 0.2])


def test_equal_rates_and_missing_areas():
    result = shrink([5, 10, np.nan, 3], [50, 100, 80, 0])
    assert result.between == 0
    assert result.estimate[:2] == pytest.approx([0.1, 0.1])
    assert result.weight[:2].tolist() == [0, 0]
    assert np.isnan(result.estimate[2:]).all() and np.isnan(result.weight[2:]).all()


def test_no_case_anywhere_and_no_area():
    assert shrink([0, 0], [10, 20]).estimate.tolist() == [0, 0]
    assert np.isnan(shrink([np.nan], [np.nan]).estimate).all()


AREAS = st.lists(st.tuples(st.integers(0, 500), st.integers(500, 5000), st.sampled_from("abc")), min_size=1,
                 max_size=30)


@given(AREAS, st.booleans(), st.booleans())
def test_between_own_rate_and_prior_and_more_people_count_more(areas, proportion, with_parents):
    count, total, parents = (np.array(column) for column in zip(*areas))
    result = shrink(count, total, parents if with_parents else None, proportion)
    rate = count / total
    assert (result.estimate >= np.minimum(rate, result.prior) - 1e-12).all()
    assert (result.estimate <= np.maximum(rate, result.prior) + 1e-12).all()
    assert ((result.weight >= 0) & (result.weight <= 1)).all()
    for group in set(parents) if with_parents else [None]:
        members = parents == group if with_parents else np.ones(len(count), bool)
        if result.prior[members][0] > 0:
            assert (np.diff(result.weight[members][np.argsort(total[members])]) >= -1e-12).all()


@given(AREAS)
def test_one_parent_for_all_is_the_global_way(areas):
    count, total, _ = zip(*areas)
    assert np.array_equal(shrink(count, total).estimate, shrink(count, total, ["x"] * len(count)).estimate)
