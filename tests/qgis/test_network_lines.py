"""Networks as offices have them: speeds missing or as text, arcs, signs of one-way streets that are not there."""
import numpy as np
import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsProcessingException

from . import supply_town as town

POINTS, OFFERS = np.array([[0.0, 0], [500, 0]]), np.array([[1000.0, 0]])


def ways(layer, limit=60.0, **settings):
    from teilhabe.bridge.network_reach import NetworkSettings, reach_along

    reach, notes = reach_along(layer, POINTS, OFFERS, QgsCoordinateReferenceSystem("EPSG:25832"), limit,
                               NetworkSettings(**settings))
    return reach.nearest().tolist(), "\n".join(map(str, notes))


@pytest.mark.parametrize(("kind", "value"), [("double", None), ("double", 0.0), ("double", -5.0), ("string", "walk"),
                                             ("string", ""), ("integer", None)])
def test_a_line_without_speed_has_that_of_the_settings(qgis_app, kind, value):
    lines = town.layer("LineString", [f"kmh:{kind}"], [
        (value, "LINESTRING(0 0, 500 0)"), ("30" if kind == "string" else 30, "LINESTRING(500 0, 1000 0)")], "wege")
    found, notes = ways(lines, unit="min", speed=6.0, speed_field="kmh")
    assert found == pytest.approx([5 + 1, 1])  # 500 m at 6 km/h, 500 m at 30
    assert "wege: 1 of 2 lines tell no speed above 0 in the field “kmh”; 6 km/h holds for them" in notes


def test_speeds_as_text_are_numbers(qgis_app):
    lines = town.layer("LineString", ["kmh:string"], [("7,5", "LINESTRING(0 0, 1000 0)")], "wege")
    found, notes = ways(lines, unit="min", speed=4.0, speed_field="kmh")
    assert found == pytest.approx([8, 4])
    assert "speed" not in notes


@pytest.mark.parametrize(("kind", "wkt"), [
    ("CircularString", "CIRCULARSTRING(0 0, 500 0, 1000 0)"),
    ("CompoundCurve", "COMPOUNDCURVE((0 0, 500 0),CIRCULARSTRING(500 0, 700 0.0001, 1000 0))"),
    ("MultiCurve", "MULTICURVE((0 0, 500 0),CIRCULARSTRING(500 0, 700 0.0001, 1000 0))"),
    ("LineStringZ", "LINESTRINGZ(0 0 5, 1000 0 900)"),
])
def test_arcs_and_heights_are_ways_too(qgis_app, kind, wkt):
    found, _notes = ways(town.layer(kind, ["id:integer"], [(1, wkt)], "wege"), limit=2000)
    assert found == pytest.approx([1000, 500], abs=0.01)


def test_a_direction_field_without_any_of_its_values_is_told(qgis_app):
    lines = town.layer("LineString", ["oneway:string"], [("yes", "LINESTRING(0 0, 1000 0)")], "wege")
    driving = {"direction_field": "oneway", "both_ways": False, "limit": 2000}
    assert "no line has one of the values “F”, “B” in the field “oneway”" in ways(lines, **driving)[1]
    found, notes = ways(lines, **driving, forward="no", backward="yes")
    assert "no line has" not in notes
    assert np.isnan(found).all()  # against the line only: nobody gets to its end


def test_a_network_that_lies_nowhere_is_refused(provider):
    nowhere = town.street(crs="EPSG:4326")
    with pytest.raises(QgsProcessingException, match="“wege” do not fit the coordinate reference system EPSG:4326"):
        town.run("supplymeasures", **town.case(WAYS=2, NETWORK=nowhere, OUTPUT="TEMPORARY_OUTPUT"))
    nowhere.setCrs(QgsCoordinateReferenceSystem())
    with pytest.raises(QgsProcessingException, match="“wege” has no coordinate reference system"):
        town.run("supplymeasures", **town.case(WAYS=2, NETWORK=nowhere, OUTPUT="TEMPORARY_OUTPUT"))
