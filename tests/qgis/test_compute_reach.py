"""computereach as Processing runs it: table, lines, the file that other runs use."""
import numpy as np
import pytest
from qgis.core import QgsProcessingException, QgsVectorLayer

from . import supply_town as town


@pytest.fixture
def ways(provider, new_project, tmp_path):
    """Run the algorithm on the town; return outputs and rows."""
    def run(log=None, **more):
        target = tmp_path / "ways.gpkg"
        given = {"POINTS": town.addresses(), "OFFERS": town.offers(), "KINDS": "Kita", "LIMITS": "900",
                 "OUTPUT": str(target), **more}
        found = town.run("computereach", log, **given)
        return found, list(town.rows_of(found["OUTPUT"], "fid").values())
    return run


def test_table_of_origins_and_destinations(ways):
    log = []
    found, rows = ways(log)
    listed = [(row["herkunft"], row["rang"], row["ziel"], row["ziel_name"], row["weg"] and round(row["weg"], 6))
              for row in rows]
    assert listed == [
        ("1", 1, "1", "Am Bach", 850), ("2", 1, "1", "Am Bach", 50),
        ("2", 2, "2", "Zur Linde", round(float(np.hypot(100, 200)), 6)),
        ("3", 1, "1", "Am Bach", 150), ("3", 2, "2", "Zur Linde", round(float(np.hypot(100, 200)), 6)),
        ("4", None, None, None, None), ("5", None, None, None, None)]
    assert (found["PAIRS"], found["POINT_COUNT"], found["REACHED"], found["UNREACHED"]) == (5, 5, 3, 2)
    assert any("2 of 5 points reach no offer within 900 m; their rows have no destination" in line for line in log)


def test_only_the_nearest_as_lines(ways, tmp_path):
    found, rows = ways(NEAREST=1, LINES=True, POINT_ID="nr")
    assert [row["herkunft"] for row in rows] == ["01", "01", "02", "02", "03"]
    layer = QgsVectorLayer(str(tmp_path / "ways.gpkg"), "w", "ogr")
    shapes = [feature.geometry() for feature in layer.getFeatures()]
    assert shapes[1].asWkt() == "LineString (900 500, 950 500)"
    assert [shape.isNull() for shape in shapes] == [False, False, False, True, True]
    assert found["PAIRS"] == 5


def test_minutes_along_a_network_with_a_one_way_street(ways):
    network = town.layer("LineString", ["einbahn:string", "kmh:double"], [
        ("", 30, "LINESTRING(0 500, 950 500)"), ("B", 30, "LINESTRING(950 500, 3000 500)")], "wege")
    parameters = {"WAYS": 3, "LIMITS": "3", "NETWORK": network, "SPEED_FIELD": "kmh", "KINDS": "Kita",
                  "OFFERS": town.offers(((1, "Kita", "Am Bach", 30, 950, 500, None, None),))}
    _found, rows = ways(**parameters)
    assert [row["zeit"] for row in rows] == pytest.approx([1.7, 0.1, 0.3, 1.9, None])
    _found, rows = ways(**parameters, DIRECTION_FIELD="einbahn", FORWARD="B", BACKWARD="F")  # away from the offer
    assert [row["zeit"] for row in rows] == pytest.approx([1.7, 0.1, None, None, None])


def test_the_file_is_what_the_supply_computes_itself(ways, tmp_path):
    stored = str(tmp_path / "ways.npz")
    ways(AREAS=town.areas(), REACH_OUT=stored, LIMITS="1000")
    alone = town.run("supplymeasures", **town.case(OUTPUT="memory:"))
    again = town.run("supplymeasures", **town.case(OUTPUT="memory:", REACH=stored))
    assert again["REACHED"] == alone["REACHED"] == 75
    assert again["GINI"] == alone["GINI"]


def test_stored_ways_take_rows_in_any_order_and_repeats(qgis_app, tmp_path):
    from qgis.core import QgsCoordinateReferenceSystem
    from teilhabe.bridge.reach_store import load_reach, save_reach
    from teilhabe.core.supply.reach import straight_reach

    random, crs = np.random.RandomState(5), QgsCoordinateReferenceSystem("EPSG:25832")
    points, offers = random.uniform(4e5, 4.01e5, (60, 2)), random.uniform(4e5, 4.01e5, (9, 2))
    points[7], offers[3] = np.nan, np.nan
    counted = np.isfinite(offers).all(axis=1)
    path = str(tmp_path / "r.npz")
    save_reach(path, straight_reach(points, offers, 400), points, offers, counted, crs, {})
    chosen = np.array([5, 5, 59, 7, 0, 12])
    fewer = counted & (np.arange(9) != 1)
    found = load_reach(path).reach_of(points[chosen], offers, fewer, crs)
    wanted = straight_reach(points[chosen], np.where(fewer[:, None], offers, np.nan), 400)
    np.testing.assert_array_equal(found.starts, wanted.starts)
    np.testing.assert_array_equal(found.offer, wanted.offer)
    np.testing.assert_allclose(found.cost, wanted.cost)


def test_damage_is_noticed(ways, tmp_path):
    from teilhabe.bridge.reach_store import load_reach
    from teilhabe.core.messages import TeilhabeError

    stored = tmp_path / "ways.npz"
    ways(REACH_OUT=str(stored))
    with np.load(stored) as data:
        arrays = {name: data[name] for name in data.files}
    for name, wrong in (("offer", arrays["offer"] + 7), ("points", arrays["points"] + 1),
                        ("cost", arrays["cost"][:-1]), ("about", np.frombuffer(b"[]", np.uint8)),
                        ("starts", arrays["starts"].astype(object))):
        np.savez(tmp_path / "wrong.npz", **{**arrays, name: wrong})
        with pytest.raises(TeilhabeError, match="is no file with computed ways, or it is damaged"):
            load_reach(str(tmp_path / "wrong.npz"))
    stored.write_bytes(stored.read_bytes()[:-200])
    with pytest.raises(TeilhabeError, match="damaged"):
        load_reach(str(stored))


def test_a_grid_of_areas_needs_no_points(ways):
    found, rows = ways(POINTS=None, AREAS=town.areas(), GRID=500, LIMITS="400")
    assert found["POINT_COUNT"] == 12
    assert rows[0]["herkunft"].startswith("01-")


FAULTS = [
    ({"POINTS": None}, "Choose the points from which ways are measured"),
    ({"KINDS": "Kino"}, "No offer is of the type Kino"),
    ({"DATE": "2030-13-40"}, "is no day"),
    ({"WAYS": 2}, "Choose the network"),
    ({"WAYS": 2, "NETWORK": "leer"}, "has no lines"),
    ({"REACH_OUT": "/nowhere/at/all.npz"}, "does not exist"),
    ({"DETOUR": 0.5, "WAYS": 1}, "DETOUR"),
]


@pytest.mark.parametrize(("more", "words"), FAULTS, ids=[words[:30] for _more, words in FAULTS])
def test_faults_are_named(ways, more, words):
    more = dict(more)
    if "NETWORK" in more:
        more["NETWORK"] = town.street(())
    with pytest.raises(QgsProcessingException) as caught:
        ways(**more)
    assert words in str(caught.value)
