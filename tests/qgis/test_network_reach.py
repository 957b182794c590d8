"""Ways along a network: by hand, and the same as QGIS's own shortest paths, point by point."""

import numpy as np
import pytest
from qgis.analysis import (
    QgsGraphAnalyzer,
    QgsGraphBuilder,
    QgsNetworkDistanceStrategy,
    QgsVectorLayerDirector,
)
from qgis.core import QgsCoordinateReferenceSystem, QgsFeature, QgsGeometry, QgsPointXY, QgsVectorLayer
from teilhabe.bridge.network_reach import NetworkSettings, reach_along
from teilhabe.core.messages import Cancelled, TeilhabeError
from teilhabe.paths import sample

UTM = QgsCoordinateReferenceSystem("EPSG:25832")


def lines(*rows):
    """A line layer of (WKT, one-way sign, km/h)."""
    layer = QgsVectorLayer("LineString?crs=EPSG:25832&field=oneway:string&field=kmh:double", "ways", "memory")
    for wkt, sign, speed in rows:
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromWkt(wkt))
        feature.setAttributes([sign, speed])
        layer.dataProvider().addFeature(feature)
    return layer


def dense(reach):
    found = np.full((reach.n_points, reach.n_offers), np.inf)
    found[reach.point, reach.offer] = reach.cost
    return found


@pytest.fixture
def street(qgis_app):
    """A street of 1,000 m to the east, a one-way street of 300 m from its end to the north, an island."""
    return lines(("LINESTRING(0 0, 1000 0)", "", 30), ("LINESTRING(1000 0, 1000 300)", "F", 60),
                 ("LINESTRING(5000 0, 5400 0)", "", 30))


def test_ways_by_hand(street):
    points = np.array([[100.0, 20], [1010, 200], [5000, 0], [100, 900], [np.nan, 0]])
    offers = np.array([[900.0, -30], [1000, 300], [5400, 0]])
    reach, notes = reach_along(street, points, offers, UTM, 2000, NetworkSettings())
    wanted = np.full((5, 3), np.inf)
    wanted[0] = [20 + 800 + 30, 20 + 900 + 300, np.inf]
    wanted[1] = [10 + 200 + 100 + 30, 10 + 100, np.inf]
    wanted[2, 2] = 400
    np.testing.assert_allclose(dense(reach), wanted)
    text = "\n".join(map(str, notes))
    assert "1 demand points lie more than 250 m" in text
    assert "falls into 2 parts that no way joins; 1 demand points lie on the smaller ones" in text


def test_one_way_streets_count_for_those_who_drive(street):
    points, offers = np.array([[500.0, 0], [1000, 250]]), np.array([[1000.0, 300], [900, 0]])
    driving = NetworkSettings(direction_field="oneway", both_ways=False)
    to_offers = dense(reach_along(street, points, offers, UTM, 3000, driving)[0])
    np.testing.assert_allclose(to_offers, [[800, 400], [50, np.inf]])
    back = NetworkSettings(direction_field="oneway", both_ways=False, to_offers=False)
    from_offers = dense(reach_along(street, points, offers, UTM, 3000, back)[0])
    np.testing.assert_allclose(from_offers, [[np.inf, 400], [np.inf, 350]])


def test_minutes_by_speed(street):
    points, offers = np.array([[0.0, 50]]), np.array([[1000.0, 300]])
    settings = NetworkSettings(unit="min", speed=6, speed_field="kmh")
    reach, _notes = reach_along(street, points, offers, UTM, 60, settings)
    # 50 m on foot at 6 km/h, 1,000 m at 30 km/h, 300 m at 60 km/h
    np.testing.assert_allclose(reach.cost, [0.5 + 2 + 0.3])
    assert reach.unit == "min"


def test_offers_without_network_near_are_told(street):
    reach, notes = reach_along(street, np.array([[0.0, 0]]), np.array([[0.0, 800], [10, 0], [np.nan, 0]]), UTM, 500,
                               NetworkSettings())
    assert reach.offer.tolist() == [1]
    assert "1 offers lie more than 250 m from the network; nobody reaches them: positions 1" in str(
        notes[0])


def test_ends_that_do_not_quite_meet(qgis_app):
    ways = lines(("LINESTRING(0 0, 100 0)", "", 1), ("LINESTRING(100.4 0, 200 0)", "", 1))
    points, offers = np.array([[0.0, 0]]), np.array([[200.0, 0]])
    assert len(reach_along(ways, points, offers, UTM, 500, NetworkSettings())[0]) == 0
    assert len(reach_along(ways, points, offers, UTM, 500, NetworkSettings(tolerance=1))[0]) == 1


def test_bad_input(street):
    nothing = np.empty((0, 2))
    with pytest.raises(TeilhabeError, match="degrees"):
        reach_along(street, nothing, nothing, QgsCoordinateReferenceSystem("EPSG:4326"), 500, NetworkSettings())
    with pytest.raises(TeilhabeError, match="has no lines"):
        reach_along(lines(), nothing, nothing, UTM, 500, NetworkSettings())
    with pytest.raises(TeilhabeError, match="speed"):
        NetworkSettings(speed=0)
    with pytest.raises(Cancelled):
        reach_along(street, nothing, nothing, UTM, 500, NetworkSettings(), cancelled=lambda: True)
    assert len(reach_along(street, nothing, nothing, UTM, 500, NetworkSettings())[0]) == 0


def test_same_as_qgis_point_by_point(qgis_app):
    path = sample("musterstadt", "musterstadt.gpkg")
    streets = QgsVectorLayer(f"{path}|layername=strassen", "streets", "ogr")
    addresses = QgsVectorLayer(f"{path}|layername=adressen", "addresses", "ogr")
    every = np.array([(p.x(), p.y()) for p in (f.geometry().asPoint() for f in addresses.getFeatures())])
    points, offers = every[::400], every[30::150]
    reach, notes = reach_along(streets, points, offers, UTM, 1500, NetworkSettings())
    assert not notes

    director = QgsVectorLayerDirector(streets, -1, "", "", "", QgsVectorLayerDirector.Direction.DirectionBoth)
    director.addStrategy(QgsNetworkDistanceStrategy())
    builder = QgsGraphBuilder(UTM, True, 0.1, "NONE")
    both = np.vstack([offers, points])
    tied = director.makeGraph(builder, [QgsPointXY(*point) for point in both])
    graph = builder.graph()
    access = np.array([np.hypot(p.x() - x, p.y() - y) for p, (x, y) in zip(tied, both)])
    vertices = np.array([graph.findVertex(p) for p in tied])
    wanted = np.full((len(points), len(offers)), np.inf)
    for number in range(len(points)):
        cost = np.array(QgsGraphAnalyzer.dijkstra(graph, vertices[len(offers) + number], 0)[1])
        wanted[number] = cost[vertices[: len(offers)]] + access[: len(offers)] + access[len(offers) + number]
    wanted[wanted > 1500] = np.inf
    assert np.isfinite(wanted).sum() > 100
    # QGIS moves a tied point onto a line end up to the tolerance of 0.1 m away
    np.testing.assert_allclose(dense(reach), wanted, atol=0.1)
