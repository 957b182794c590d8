"""Neighbours and spatial correlation on lattices, by hand."""
import numpy as np
import pytest
from shapely.geometry import LineString, MultiPolygon, Polygon, box

from teilhabe_plugin.core.messages import Cancelled, TeilhabeError
from teilhabe_plugin.core.neighbours import Neighbours, contiguity
from teilhabe_plugin.core.spatial import (
    HIGH_HIGH,
    HIGH_LOW,
    LOW_LOW,
    discovery_limit,
    local_moran,
    moran,
)

NAN = np.nan


def lattice(rows, columns, size=1.0, gap=0.0):
    return [box(c * size, r * size, (c + 1) * size - gap, (r + 1) * size - gap).wkb
            for r in range(rows) for c in range(columns)]


def of(neighbours, i):
    return neighbours.other[neighbours.start[i]:neighbours.start[i + 1]].tolist()


def test_rook_and_queen():
    rook, queen = (contiguity(lattice(3, 3), rule) for rule in ("rook", "queen"))
    assert of(rook, 4) == [1, 3, 5, 7]
    assert of(queen, 4) == [0, 1, 2, 3, 5, 6, 7, 8]
    assert rook.counts.tolist() == [2, 3, 2, 3, 4, 3, 2, 3, 2]
    assert queen.counts.tolist() == [3, 5, 3, 5, 8, 5, 3, 5, 3]


def test_borders_that_do_not_meet_need_a_tolerance():
    apart = lattice(3, 3, 100, gap=0.5)
    assert contiguity(apart).counts.sum() == 0
    assert contiguity(apart, "rook", 1.0).counts.tolist() == [2, 3, 2, 3, 4, 3, 2, 3, 2]
    assert contiguity(apart, "queen", 1.0).counts.tolist() == [3, 5, 3, 5, 8, 5, 3, 5, 3]


def test_islands_parts_gaps_and_broken_rings():
    two_parts = MultiPolygon([box(0, 0, 1, 1), box(10, 0, 11, 1)])
    bow = Polygon([(11, 0), (12, 1), (12, 0), (11, 1)])
    found = contiguity([two_parts.wkb, box(1, 0, 2, 1).wkb, None, box(50, 50, 51, 51).wkb, bow.wkb, Polygon().wkb])
    assert [of(found, i) for i in range(6)] == [[1, 4], [0], [], [], [0], []]


def test_lines_are_refused():
    with pytest.raises(TeilhabeError, match="Row 1 is no polygon but a LineString"):
        contiguity([LineString([(0, 0), (1, 1)]).wkb])


def test_cancel_and_progress():
    with pytest.raises(Cancelled):
        contiguity(lattice(2, 2), cancelled=lambda: True)
    seen = []
    contiguity(lattice(2, 2), progress=seen.append)
    assert seen[-1] == 100


def test_among_some():
    found = contiguity(lattice(1, 4)).among(np.array([True, True, False, True]))
    assert [of(found, i) for i in range(3)] == [[1], [0], []]
    assert found.mean_of(np.array([1.0, 5, 7])).tolist() == [5, 1, 0]


def test_moran_by_hand():
    # a row of four, values 1 2 3 4: z = −1.5 −0.5 0.5 1.5, lags −0.5 −0.5 0.5 0.5
    near = Neighbours.of_pairs([(0, 1), (1, 2), (2, 3)], 4)
    found = moran(np.array([1.0, 2, 3, 4]), near, 99)
    assert found.value == pytest.approx((0.75 + 0.25 + 0.25 + 0.75) / 5)
    assert found.expected == pytest.approx(-1 / 3)
    chess = moran(np.indices((4, 4)).sum(axis=0).ravel() % 2 * 1.0, contiguity(lattice(4, 4), "rook"), 99)
    assert chess.value == pytest.approx(-1)


def test_areas_without_value_and_islands():
    near = contiguity(lattice(1, 6))
    values = np.array([1.0, 2, 3, 4, NAN, 9])
    found = moran(values, near, 99)
    assert (found.areas, found.islands) == (5, 1)
    local = local_moran(values, near, 99)
    assert np.isnan(local.value[[4, 5]]).all()
    assert np.isnan(local.p[[4, 5]]).all()
    assert local.cluster[[4, 5]].tolist() == [0, 0]
    assert local.quadrant[5] == 0


def test_permutations_find_the_exact_share():
    # the corner of a 2 × 3 lattice, rook: of the 10 pairs of others only one reaches the sum of its neighbours
    near = contiguity(lattice(2, 3), "rook")
    values = np.array([9.0, 8, 1, 7, 2, 3])
    p = local_moran(values, near, 20_000, false_discovery=False).p[0]
    assert p == pytest.approx(2 / 10, abs=0.02)


def test_clusters_of_a_divided_city():
    values = np.where(np.arange(100) % 10 < 5, 0.0, 10.0) + np.random.default_rng(1).normal(0, 0.5, 100)
    values[42] = 9  # one high area in the low half
    found = local_moran(values, contiguity(lattice(10, 10)), 999)
    assert found.cluster[[28, 57, 58]].tolist() == [HIGH_HIGH] * 3
    assert found.cluster[[61, 71]].tolist() == [LOW_LOW] * 2
    assert found.quadrant[42] == HIGH_LOW
    assert moran(values, contiguity(lattice(10, 10))).p_permuted == pytest.approx(0.002)


def test_chance_alone_makes_few_clusters_when_discoveries_are_limited():
    values = np.random.default_rng(4).normal(size=400)
    near = contiguity(lattice(20, 20))
    every = local_moran(values, near, 999, false_discovery=False)
    fewer = local_moran(values, near, 999)
    assert 8 <= (every.cluster > 0).sum() <= 35, "about 5 % of 400"
    assert (fewer.cluster > 0).sum() <= 2
    assert fewer.limit < every.limit == 0.05


def test_discovery_limit_of_benjamini_and_hochberg():
    # the 15 probabilities of their article (1995, section 3.2): the four smallest are rejected at 0.05
    p = np.array([0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
                  0.6528, 0.7590, 1.0])
    assert discovery_limit(p, 0.05) == 0.0095
    assert discovery_limit(np.array([0.9, 0.8]), 0.05) == 0


def test_the_same_seed_gives_the_same_result():
    values, near = np.random.default_rng(2).normal(size=25), contiguity(lattice(5, 5))
    assert moran(values, near, 99, 3) == moran(values, near, 99, 3)
    assert (local_moran(values, near, 99, 3).p == local_moran(values, near, 99, 3).p).all()
    assert (local_moran(values, near, 99, 3).p != local_moran(values, near, 99, 4).p).any()


def test_the_order_of_the_areas_does_not_count():
    values, shapes = np.random.default_rng(2).normal(size=25), lattice(5, 5)
    order = np.random.default_rng(3).permutation(25)
    one = local_moran(values, contiguity(shapes), 99)
    two = local_moran(values[order], contiguity([shapes[i] for i in order]), 99)
    np.testing.assert_allclose(two.value, one.value[order])
    assert moran(values[order], contiguity([shapes[i] for i in order]), 9).value == pytest.approx(
        moran(values, contiguity(shapes), 9).value)


@pytest.mark.parametrize("values, words", [
    ([1.0, 2, 3, NAN, NAN, NAN], "Only 3 areas have a value"),
    ([2.0] * 6, "same value"),
    ([NAN] * 6, "Only 0 areas"),
])
def test_what_cannot_be_computed_is_said(values, words):
    for function in (moran, local_moran):
        with pytest.raises(TeilhabeError, match=words):
            function(np.array(values), contiguity(lattice(1, 6)))


def test_no_neighbours_at_all():
    with pytest.raises(TeilhabeError, match="No two areas"):
        moran(np.arange(5.0), Neighbours.of_pairs([], 5))
