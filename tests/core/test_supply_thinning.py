"""Fewer points that still lie everywhere."""

import numpy as np

from teilhabe_plugin.core.supply.thinning import thinned


def test_never_more_than_wanted_and_nearly_as_many():
    random = np.random.RandomState(1)
    x, y = random.uniform(0, 5000, (2, 20000))
    for most in (1, 10, 300):
        assert 0.8 * most <= len(thinned(x, y, np.ones(20000), most)) <= most


def test_they_lie_everywhere():
    x, y = (values.ravel().astype(float) for values in np.meshgrid(np.arange(100), np.arange(100)))
    rows = thinned(x, y, np.ones(10000), 25)
    assert len(rows) == 25
    counts = np.histogram2d(x[rows], y[rows], bins=[range(0, 101, 20)] * 2)[0]
    assert (counts == 1).all()


def test_the_middle_of_the_people_stands_for_the_cell():
    assert thinned([0.0, 10, 20], [0.0, 0, 0], [1.0, 1, 50], 1).tolist() == [2]


def test_few_points_stay_and_doubles_count_once():
    assert thinned([0.0, 0, 5], [0.0, 0, 5], [1.0, 1, 1], 2).tolist() == [0, 2]
    assert thinned([], [], [], 5).tolist() == []
