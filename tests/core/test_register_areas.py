"""Areas of addresses from the polygons they lie in."""
import numpy as np
import pandas as pd
from shapely.geometry import Polygon, box

from teilhabe_plugin.core.addresses.register_areas import with_areas, with_zeros
from teilhabe_plugin.core.addresses.register_building import build_register

KEYS = ["0102", "0101", "0103"]
SQUARES = [box(10, 0, 20, 10), box(0, 0, 10, 10), None]


def register(x, y, area=None):
    frame = pd.DataFrame({"street": "Ackerstraße", "number": np.arange(1, len(x) + 1).astype(str), "x": x, "y": y,
                          "area": area if area is not None else [None] * len(x)})
    return build_register(frame, "r", "EPSG:25832")


def areas(found):
    return [str(found.areas[area]) for area in found.area]


def test_every_address_gets_the_area_it_lies_in():
    found = with_areas(register([5.0, 15.0, 99.0, np.nan], [5.0, 5.0, 5.0, np.nan]), KEYS, SQUARES)
    assert areas(found) == ["0101", "0102", "", ""]
    assert [str(note) for note in found.notes] == ["r: 1 addresses lie in none of the areas."]


def test_a_point_on_a_border_goes_to_the_first_key_whatever_the_order_of_the_areas():
    on_border = register([10.0, 20.0, 0.0], [5.0, 5.0, 1.0])
    assert areas(with_areas(on_border, KEYS, SQUARES)) == ["0101", "0102", "0101"]
    assert areas(with_areas(on_border, KEYS[::-1], SQUARES[::-1])) == ["0101", "0102", "0101"]


def test_a_stated_area_counts_unless_geometry_is_to_decide():
    stated = register([5.0, 15.0, 99.0], [5.0, 5.0, 5.0], ["0102", None, "0199"])
    assert areas(with_areas(stated, KEYS, SQUARES)) == ["0102", "0102", "0199"]
    assert areas(with_areas(stated, KEYS, SQUARES, keep_stated=False)) == ["0101", "0102", "0199"]


def test_the_given_register_stays_as_it_is():
    before = register([5.0], [5.0])
    before.cache["something"] = 1
    after = with_areas(before, KEYS, SQUARES)
    assert (before.area.tolist(), before.areas.tolist(), after.cache) == ([0], [""], {})


def test_zeros_that_a_spreadsheet_took_are_put_back():
    found = with_zeros(register([1.0, 2.0, 3.0], [1.0, 1.0, 1.0], ["101", "0101", "77"]), ["0101", "0102"])
    assert areas(found) == ["0101", "0101", "77"]
    assert [str(note) for note in found.notes] == [
        "r: 1 area keys had lost their leading zeros (101 → 0101); they were put back."]
    unclear = register([1.0], [1.0], ["101"])
    assert with_zeros(unclear, ["0101", "00101"]) is unclear


def test_holes_and_islands():
    ring = Polygon([(0, 0), (10, 0), (10, 10), (0, 10)], [[(4, 4), (6, 4), (6, 6), (4, 6)]])
    found = with_areas(register([5.0, 1.0], [5.0, 1.0]), ["A", "B"], [ring, box(4, 4, 6, 6)])
    assert areas(found) == ["B", "A"]


def test_many_points_against_one_test_per_point():
    random = np.random.default_rng(3)
    x, y = random.uniform(0, 100, 3000).round(0), random.uniform(0, 100, 3000).round(0)
    cells = [box(i, j, i + 20, j + 25) for i in range(0, 100, 20) for j in range(0, 100, 25)]
    keys = [f"{number:03d}" for number in random.permutation(len(cells))]
    found = with_areas(register(x, y), keys, cells)
    from shapely.geometry import Point

    for row in range(0, 3000, 13):
        point = Point(found.x[row], found.y[row])
        assert areas(found)[row] == min(key for key, cell in zip(keys, cells) if cell.intersects(point)) \
            if np.isfinite(found.x[row]) else ""
