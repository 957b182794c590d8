"""Need beside supply: levels, order and words."""

import numpy as np
import pytest

from teilhabe_plugin.core.messages import TeilhabeError
from teilhabe_plugin.core.supply.need_supply import compare, need_levels, reason, supply_bounds, supply_levels
from teilhabe_plugin.core.supply.words import way


def test_levels_of_need():
    assert need_levels([1, 2, 3, 4, 5, np.nan], 5).tolist() == [0, 0, 1, 2, 2, -1]
    assert need_levels([1, 2, 3, 4, 5, 6], 6).tolist() == [0, 0, 1, 1, 2, 2]
    assert need_levels([1, 2, 3, 4, 5, 6, 7], 7).tolist() == [0, 0, 1, 1, 1, 2, 2]
    assert need_levels([1, 2, 3], 3).tolist() == [0, 1, 2]
    assert need_levels([1, 2], 2).tolist() == [0, 2]
    assert need_levels([1, 2, 3, 4], 4, highest_is_need=False).tolist() == [2, 1, 1, 0]
    with pytest.raises(TeilhabeError):
        need_levels([1], 1)


def test_levels_of_supply():
    assert supply_levels([10, 20, 30, np.nan], (10, 25)).tolist() == [0, 1, 2, -1]
    assert supply_levels([6, 5, 4, 3, 2, 1]).tolist() == [2, 2, 1, 1, 0, 0]
    assert supply_levels([1, 2, 3, 4], people=np.array([3, 3, 3, 1])).tolist() == [0, 1, 2, 2]
    assert supply_levels([np.nan]).tolist() == [-1]
    with pytest.raises(TeilhabeError):
        supply_levels([1], (3, 2))


def test_order_and_matrix():
    need, supply = np.array([2, 2, 0, 2, -1]), np.array([0, 1, 0, 0, 2])
    found = compare(need, supply, np.array([10, 20, 30, 40, 50]), np.array([5, 9, 9, 7, 9]), np.zeros(5))
    np.testing.assert_array_equal(found.rank, [2, 3, 4, 1, np.nan])
    assert found.cell.tolist() == [6, 7, 0, 6, -1]
    assert found.matrix["areas"].tolist() == [1, 0, 0, 0, 0, 0, 2, 1, 0]
    assert found.matrix["people"].tolist() == [30, 0, 0, 0, 0, 0, 50, 20, 0]


def test_areas_with_equal_supply_have_one_level():
    assert supply_levels([100, 100, 100, np.nan]).tolist() == [1, 1, 1, -1]
    assert supply_levels([0, 0, 0, 5, 9, 100]).tolist() == [0, 0, 0, 1, 2, 2]
    assert supply_levels([50, 100, 100, 100, 100, 100]).tolist() == [0, 1, 1, 1, 1, 1]
    assert supply_bounds([6, 5, 4, 3, 2, 1]) == (2, 4)
    assert supply_bounds([7, 7]) == (-np.inf, 7)
    assert supply_bounds([np.nan]) == (-np.inf, -np.inf)


def test_reasons():
    assert str(reason(2, 0, "children", 214, "700 m")) == (
        "high need, low supply: 214 children without an offer within 700 m")
    assert str(reason(2, 0, "children", 12345.4, way(1000, "m"))) == (
        "high need, low supply: 12,345 children without an offer within 1,000 m")
    assert str(reason(2, 0, "children", 1, way(10, "min"))) == (
        "high need, low supply: 1 person (children) without an offer within 10 min")
    assert str(reason(1, 2, "children", 0, "700 m", 12)) == (
        "medium need, high supply; 12 places more than the quota asks for")
    assert str(reason(0, 1, "", 2, "700 m", -3.6)) == (
        "low need, medium supply: 2 people without an offer within 700 m; 4 places missing against the quota")
    assert str(reason(0, 1, "", np.nan, "", -1)) == "low need, medium supply; 1 place missing against the quota"
    assert str(reason(-1, 1, "children", 3, "700 m")) == "medium supply: 3 children without an offer within 700 m"
    assert str(reason(-1, -1, "children", np.nan, "700 m")) == "no statement: need and supply are not known"
