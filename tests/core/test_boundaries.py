"""Carrying counts over a boundary change."""
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon, box

from teilhabe_plugin.core.boundaries import bridge, by_ground, by_new_weights, by_points, carry, describe
from teilhabe_plugin.core.messages import Cancelled, TeilhabeError
from teilhabe_plugin.core.overlay import locate, overlap, shapes

nan = np.nan
#: two old areas of 10 × 10 side by side; the new border lies at x = 16 and cuts the second one 6 : 4
OLD = [box(0, 0, 10, 10), box(10, 0, 20, 10)]
NEW = [box(0, 0, 16, 10), box(16, 0, 20, 10)]


def test_by_ground():
    shares = by_ground(overlap(OLD, NEW))
    assert (shares.old.tolist(), shares.new.tolist(), shares.share.tolist()) == ([0, 1, 1], [0, 0, 1], [1, 0.6, 0.4])
    found = carry([100, 50], shares)
    assert found.value == pytest.approx([130, 20])
    assert found.low.tolist() == [100, 0] and found.high.tolist() == [150, 50]
    assert found.estimated == pytest.approx([30 / 130, 1])
    assert shares.split == pytest.approx([0, 0.4]) and found.lost == 0


def test_by_what_new_areas_weigh():
    """90 addresses in the first new area, 6/16 of them (33.75) on its piece of the second old one; 11.25 beyond."""
    shares = by_new_weights(overlap(OLD, NEW), [90, 11.25])
    assert shares.share == pytest.approx([1, 0.75, 0.25])
    # nobody lives in the second new area: it gets nothing, though it could have all 50
    nobody = carry([100, 50], by_new_weights(overlap(OLD, NEW), [90, nan]))
    assert nobody.value.tolist() == [150, 0] and nobody.high.tolist() == [150, 50]


def test_by_points():
    x, y = [1, 11, 12, 19, 19, 25], [5, 5, 5, 5, 6, 5]
    old, new = locate(x, y, OLD), locate(x, y, NEW)
    assert old.tolist() == [0, 1, 1, 1, 1, -1] and new.tolist() == [0, 0, 0, 1, 1, -1]
    shares = by_points(old, new, [1, 1, 2, 3, 6, 99], overlap(OLD, NEW))
    assert shares.share.tolist() == [1, 0.25, 0.75]
    only_one = by_points(old[:1], new[:1], [1], overlap(OLD, NEW))
    assert only_one.share == pytest.approx([1, 0.6, 0.4]) and only_one.by_area.tolist() == [1]
    assert "1 old areas have no weight" in " ".join(map(str, describe(only_one)))


def test_points_on_borders_belong_to_one_area_and_holes_to_none():
    assert locate([10, 0, 20], [5, 0, 10], OLD).tolist() == [0, 0, 1]
    ring = Polygon(box(0, 0, 9, 9).exterior.coords, [box(3, 3, 6, 6).exterior.coords])
    assert locate([1, 4.5], [1, 4.5], [None, ring]).tolist() == [1, -1]


def test_missing_counts_and_areas_that_meet_nothing():
    far = box(100, 0, 110, 10)
    shares = by_ground(overlap([*OLD, far], [*NEW, box(200, 0, 201, 1)]))
    assert shares.unplaced.tolist() == [2]
    found = carry([100, nan, 7], shares)
    assert np.isnan(found.value).all() and found.lost == 7
    assert carry([nan, 50, 7], shares).value == pytest.approx([nan, 20, nan], nan_ok=True)
    assert "1 old areas meet no new area" in " ".join(map(str, describe(shares)))


def test_slivers_are_left_out_but_never_the_main_piece():
    shifted = [box(0, 0, 10.02, 10), box(10.02, 0, 20, 10)]
    pieces = overlap(OLD, shifted)
    assert len(pieces.area) == 3
    clean = pieces.without_slivers(0.005)
    assert list(zip(clean.old, clean.new)) == [(0, 0), (1, 1)]
    assert by_ground(clean).share.tolist() == [1, 1]
    # an old area that is small beside its new one is no sliver, nor is a small new one within a large old one
    assert len(overlap([box(0, 0, 0.1, 0.1)], [box(0, 0, 100, 100)]).without_slivers(0.5).area) == 1
    assert len(overlap([box(0, 0, 100, 100)], [box(0, 0, 0.1, 0.1)]).without_slivers(0.5).area) == 1


def test_geometries_from_files_are_mended():
    bow_tie = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    mended, nothing, parts = shapes([bow_tie.wkb, None, MultiPolygon(OLD).wkb])
    assert mended.is_valid and nothing is None and parts.area == 200
    assert mended.area == 2, "both halves"
    spike = Polygon([(0, 0), (1, 0), (1, 1), (1, 3), (1, 1), (0, 1)])
    assert shapes([spike.wkb])[0].area == 1


def test_whole_numbers_add_up():
    shares = bridge([0, 0, 0], [0, 1, 2], [1, 1, 1], 1, 3)
    assert carry([100], shares, whole=True).value.tolist() == [34, 33, 33]
    with pytest.raises(TeilhabeError, match="1 have decimals"):
        carry([1.5], shares, whole=True)


def test_bad_input_is_told():
    with pytest.raises(TeilhabeError, match="1 are negative"):
        bridge([0], [0], [-1], 1, 1)
    with pytest.raises(TeilhabeError, match="1 are negative"):
        carry([-1], bridge([0], [0], [1], 1, 1))
    with pytest.raises(Cancelled):
        overlap(OLD, NEW, cancelled=lambda: True)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 7), st.integers(1, 100)), min_size=1, max_size=40),
       st.lists(st.integers(0, 10_000), min_size=6, max_size=6))
def test_counts_are_preserved_and_lie_within_their_bounds(pairs, counts):
    old, new, weight = zip(*pairs)
    shares = bridge(old, new, weight, 6, 8)
    found = carry(counts, shares)
    assert math.isclose(np.nansum(found.value) + found.lost, sum(counts), rel_tol=1e-12, abs_tol=1e-9)
    whole = carry(counts, shares, whole=True)
    assert np.nansum(whole.value) + whole.lost == sum(counts)
    assert (np.nan_to_num(whole.value) % 1 == 0).all()
    for each in (found, whole):
        there = ~np.isnan(each.value)
        assert (each.low[there] <= each.value[there] + 1e-9).all()
        assert (each.value[there] <= each.high[there] + 1e-9).all()
        assert ((each.estimated[there] >= 0) & (each.estimated[there] <= 1 + 1e-12)).all()
    assert (np.abs(whole.value - found.value)[there] < 6).all()
    # the order of the pairs does not matter, nor does the unit of the weights
    again = bridge(old[::-1], new[::-1], [7 * each for each in weight[::-1]], 6, 8)
    assert np.array_equal(again.old, shares.old) and again.share == pytest.approx(shares.share)
