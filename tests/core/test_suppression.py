"""Suppression: nothing hidden can be worked out again. The oracle tries every table of whole numbers there can be."""
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teilhabe_plugin.core.disclosure import Structure, audit, audit_rounded, cross, feasible, hierarchy, stack
from teilhabe_plugin.core.messages import Cancelled, TeilhabeError
from teilhabe_plugin.core.suppression import dominated, primary_cells, suppress

nan = np.nan
#: four areas in two districts in a city: areas 0–3, districts 4 and 5, city 6
CITY = hierarchy([4, 4, 5, 5, 6, 6, -1])


def table(*areas):
    a, b, c, d = areas
    return [a, b, c, d, a + b, c + d, a + b + c + d]


def possible(published, structure, lowest):
    """Return smallest and largest value of every hidden cell over all tables of whole numbers, by trying them all."""
    published = np.asarray(published, float)
    hidden = np.flatnonzero(np.isnan(published))
    top = int(np.nanmax(published)) + 8
    tries = np.meshgrid(*[np.arange(lowest, top + 1, dtype=float)] * len(hidden))
    full = {cell: published[cell] for cell in range(structure.size)} | dict(zip(hidden.tolist(), tries))
    fits = np.ones(tries[0].shape, bool)
    for total, parts in structure.totals:
        fits &= full[total] == sum(full[part] for part in parts)
    for a, b in structure.at_most:
        fits &= full[a] <= full[b]
    found = np.stack([values[fits] for values in tries])
    return found.min(axis=1), found.max(axis=1), top


def test_primary_cells():
    assert primary_cells([0, 1, 4, 5, nan], 5).tolist() == [False, True, True, False, False]
    assert primary_cells([0, 1, 4, 5, nan], 5, zeros=True).tolist() == [True, True, True, False, False]


def test_p_percent_rule():
    # 100 = 80 + 15 + 5: what is left is 5 < 8; 70 + 10 + 20 leaves 20
    assert dominated([100, 100], [80, 70], [15, 10]).tolist() == [True, False]


def test_one_small_count_takes_the_smallest_sibling_along():
    found = suppress(table(3, 20, 9, 30), CITY, 5)
    assert found.hidden.tolist() == [True, True, False, False, False, False, False]
    assert found.audit.low.tolist() == [1, 1] and found.audit.high.tolist() == [22, 22]
    assert np.isnan(found.publish(table(3, 20, 9, 30))).sum() == 2


def test_two_small_counts_that_give_each_other_away_need_a_third():
    """1 + 1 with the total 2 shown and zeros always shown: both are 1."""
    structure = hierarchy([3, 3, 3, -1])
    assert audit([nan, nan, 30, 32], structure, lowest=1).low.tolist() == [1, 1]
    assert audit([nan, nan, 30, 32], structure, lowest=1).high.tolist() == [1, 1]
    assert suppress([1, 1, 30, 32], structure, 5).hidden.tolist() == [True, True, True, False]


def test_where_no_sibling_is_left_the_total_goes_and_so_does_another_one():
    found = suppress(table(1, 2, 40, 50), CITY, 5)
    # the district of 3 is a small count as well; its neighbour goes with it
    assert found.hidden.tolist() == [True, True, False, True, True, True, False] \
        or found.hidden.tolist() == [True, True, True, False, True, True, False]
    assert found.audit.passed


def test_zeros_are_shown_and_protect_nothing_unless_they_are_hidden():
    assert suppress(table(3, 0, 9, 30), CITY, 5).hidden.tolist()[1] is False
    found = suppress(table(3, 0, 9, 30), CITY, 5, zeros=True)
    assert found.hidden[:2].all() and (found.audit.high - found.audit.low >= 5).all()


def test_nothing_small_nothing_hidden():
    assert not suppress(table(5, 0, 9, 30), CITY, 5).hidden.any()


def test_missing_counts_are_neither_hidden_nor_protection():
    found = suppress([3, nan, 9, 30, 3, 39, 42], CITY, 5)
    assert not found.hidden[1] and found.hidden[0] and found.hidden[4] and found.audit.passed


def test_totals_that_are_known_anyway():
    fixed = np.array([False] * 4 + [True] * 3)
    assert not suppress(table(3, 20, 9, 30), CITY, 5, fixed=fixed).hidden[4:].any()
    with pytest.raises(TeilhabeError, match="known anyway"):
        suppress(table(3, 0, 9, 30), CITY, 5, fixed=fixed)


def test_other_primary_cells_and_cells_without_threshold():
    asked = np.array([False, False, False, True, False, False, False])
    found = suppress(table(3, 20, 9, 30), CITY, 5, primary=asked, counted=np.zeros(7, bool))
    assert found.primary.tolist() == asked.tolist() and found.hidden.tolist() == [False] * 2 + [True] * 2 + [False] * 3


def test_age_groups_in_areas():
    """Small counts in two of three age groups; rows, columns and totals all are shown."""
    ages = hierarchy([3, 3, 3, -1])
    values = np.array([[2, 30, 40], [20, 30, 3], [25, 35, 45], [11, 12, 13]], float)
    values = np.column_stack([values, values.sum(axis=1)])
    values = np.vstack([values, values[:2].sum(axis=0), values[2:].sum(axis=0), values.sum(axis=0)])
    found = suppress(values.ravel(), cross(CITY, ages), 5)
    assert found.primary.sum() == 2 and found.hidden.sum() == 4
    assert found.audit.passed
    # with x young people in the first area: 42 − x old ones, 22 − x young ones in the second, 1 + x old ones there
    proof = audit(found.publish(values.ravel()), cross(CITY, ages), 4, 1)
    assert proof.cells.tolist() == [0, 2, 4, 6]
    assert proof.low.tolist() == [1, 21, 1, 2] and proof.high.tolist() == [21, 41, 21, 22]


def test_a_numerator_under_its_denominator():
    """A denominator that is shown bounds its numerator from above."""
    two = hierarchy([2, 2, -1])
    structure = stack(two, two).linked([(0, 3), (1, 4), (2, 5)])
    low, high = feasible([1, 1, 9, 5, 30, 35], [np.inf, np.inf, 9, 5, 30, 35], structure)
    assert (low[0], high[0]) == (1, 5) and (low[1], high[1]) == (4, 8)
    # 1 … 4 is less than the five values that are needed: the denominator goes as well
    found = suppress([3, 6, 9, 4, 31, 35], structure, 5)
    assert found.hidden[[0, 1, 3]].all() and found.audit.passed


def test_contradicting_totals_are_told():
    with pytest.raises(TeilhabeError, match="do not add up"):
        audit([nan, nan, 30, 20], hierarchy([3, 3, 3, -1]))


def test_negative_counts_are_refused_and_cancel_stops():
    with pytest.raises(TeilhabeError, match="1 values"):
        suppress(table(-1, 2, 3, 4), CITY, 5)
    with pytest.raises(Cancelled):
        suppress(table(3, 20, 9, 30), CITY, 5, cancelled=lambda: True)


def test_the_same_table_is_hidden_the_same_way_in_any_order():
    rng = np.random.default_rng(3)
    values = rng.permutation(60)[:20].astype(float)  # no two alike, so that no tie is broken by position
    order = rng.permutation(20)
    structure = hierarchy([20] * 20 + [-1])
    hidden = suppress([*values, values.sum()], structure, 8).hidden[:20]
    again = suppress([*values[order], values.sum()], structure, 8).hidden[:20]
    assert again.tolist() == hidden[order].tolist()


def test_nothing_is_hidden_that_could_be_shown():
    """Showing any complementary cell again gives something away."""
    rng = np.random.default_rng(5)
    ages = hierarchy([2, 2, -1])
    structure = cross(CITY, ages)
    for _ in range(20):
        leaves = rng.poisson(9, (4, 2)).astype(float)
        values = np.vstack([leaves, leaves[:2].sum(axis=0), leaves[2:].sum(axis=0), leaves.sum(axis=0)])
        values = np.column_stack([values, values.sum(axis=1)]).ravel()
        found = suppress(values, structure, 5)
        for cell in np.flatnonzero(found.hidden & ~found.primary):
            published = found.publish(values)
            published[cell] = values[cell]
            assert not audit(published, structure, 4, 1).passed


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=4, max_size=4), st.integers(2, 6), st.booleans())
def test_nobody_can_work_it_out_areas(areas, threshold, zeros):
    values = table(*areas)
    found = suppress(values, CITY, threshold, zeros=zeros)
    small = primary_cells(values, threshold, zeros)
    assert found.hidden[small].all()
    if found.hidden.any() and found.hidden.sum() <= 3:
        lowest = 0 if zeros else 1
        low, high, top = possible(found.publish(values), CITY, lowest)
        width = threshold - lowest
        assert ((high - low >= width) | (high == top)).all()
        # and the audit says exactly what trying all tables says
        proof = audit(found.publish(values), CITY, width, lowest)
        bounded = proof.high < top
        assert np.array_equal(proof.low, low) and np.array_equal(proof.high[bounded], high[bounded])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=4, max_size=4), st.integers(2, 7))
def test_the_audit_passes_on_every_table_of_age_groups(leaves, threshold):
    leaves = np.array(leaves, float)
    values = np.vstack([leaves, leaves[:2].sum(axis=0), leaves[2:].sum(axis=0), leaves.sum(axis=0)])
    values = np.column_stack([values, values.sum(axis=1)]).ravel()
    structure = cross(CITY, hierarchy([3, 3, 3, -1]))
    found = suppress(values, structure, threshold)
    assert found.hidden[primary_cells(values, threshold)].all()
    assert not (found.hidden & (values == 0)).any()
    proof = audit(found.publish(values), structure, threshold - 1, 1)
    assert proof.passed
    assert ((proof.low <= values[proof.cells]) & (values[proof.cells] <= proof.high)).all()
    # the quick proof stays within the exact one
    assert (found.audit.low >= proof.low).all() and (found.audit.high <= proof.high).all()


def test_audit_of_rounded_tables():
    structure = hierarchy([2, 2, -1])
    # 3 + 3 shown as 6, nearest: 2…4 each, and the total 5…7 says no more
    found = audit_rounded([3, 3, 6], structure, 3, random=False)
    assert found.passed and found.low.tolist()[2] == 5
    # true total 2 shown beside parts that are at least 1 each when 3 is the nearest: exactly told
    exact = audit_rounded([0, 0, 3], structure, 3, random=False)
    assert not exact.passed


def test_structure_without_cells():
    smaller = Structure(3, ((2, (0, 1)),), ((0, 1),)).without(np.array([True, False, False]))
    assert smaller.totals == ((2, (1,)),) and smaller.at_most == ()
    assert Structure(3, ((2, (0, 1)),)).without(np.array([False, False, True])).totals == ()
