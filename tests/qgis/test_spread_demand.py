"""spreaddemand as Processing runs it: several groups at once, weights, grid, raster cells, totals kept."""
import json

import numpy as np
import pytest
from qgis.core import QgsProcessingException, QgsRasterLayer, QgsVectorLayer

from . import supply_town as town


@pytest.fixture
def spread(provider, new_project, tmp_path):
    """Run the algorithm on the town; return outputs and rows in their order."""
    def run(log=None, **more):
        target = tmp_path / "points.gpkg"
        given = {"AREAS": town.areas(), "PEOPLE": town.people_table(), "PEOPLE_FIELDS": ["unter3", "bis5"],
                 "POINTS": town.addresses(), "OUTPUT": str(target), **more}
        found = town.run("spreaddemand", log, **given)
        return found, list(town.rows_of(found["OUTPUT"], "fid").values())
    return run


@pytest.fixture
def raster(tmp_path):
    """Return a function that writes cells of 500 m over the town, from the north-west, -1 where there is no data."""
    def write(values, name="cells", crs=25832, kind=None):
        from osgeo import gdal, osr

        values = np.asarray(values, float)
        path = str(tmp_path / f"{name}.tif")
        data = gdal.GetDriverByName("GTiff").Create(path, values.shape[1], values.shape[0], 1, kind or gdal.GDT_Float32)
        data.SetGeoTransform([0, 500, 0, 1000, 0, -500])
        system = osr.SpatialReference()
        system.ImportFromEPSG(crs)
        data.SetProjection(system.ExportToWkt())
        data.GetRasterBand(1).SetNoDataValue(-1)
        data.GetRasterBand(1).WriteArray(values)
        data = None
        layer = QgsRasterLayer(path, name)
        assert layer.isValid()
        return layer
    return write


def test_every_group_is_a_column_and_every_total_is_kept(spread):
    log = []
    groups = json.dumps({"Kinder unter 6": ["unter3", "bis5"]})
    found, rows = spread(log, GROUPS=groups, WEIGHT="wohnungen")
    assert [row["unter3"] for row in rows] == [45, 15, 15, 15, 0]
    assert [row["bis5"] for row in rows] == [30, 10, 10, 10, 0]
    assert [row["kinder_unter_6"] for row in rows] == [75, 25, 25, 25, 0]
    assert [row["nr"] for row in rows] == ["01", "01", "02", "02", "03"]
    assert (found["POINT_COUNT"], found["TOTAL"], found["PLACED"]) == (5, 300, 300)
    assert "Kinder unter 6: 150 people in the areas, 150 at 5 points." in log


def test_largest_remainders_give_whole_persons(spread):
    people = town.people_table([("01", "W", 10, 0), ("02", "M", 1, 0), ("03", "O", 0, 0)])
    points = town.addresses([(100, 500, "01", 1), (200, 500, "01", 1), (300, 500, "01", 1), (1500, 500, "02", 1),
                             (1600, 500, "02", 1)])
    _found, rows = spread(PEOPLE=people, PEOPLE_FIELDS=["unter3"], POINTS=points)
    assert [row["unter3"] for row in rows] == [4, 3, 3, 1, 0]
    _found, rows = spread(PEOPLE=people, PEOPLE_FIELDS=["unter3"], POINTS=points, WHOLE=False)
    assert [row["unter3"] for row in rows] == pytest.approx([10 / 3, 10 / 3, 10 / 3, 0.5, 0.5])


def test_areas_without_a_point_and_points_without_an_area(spread):
    log = []
    points = town.addresses([(100, 500, "01", 1), (100, 5000, "", 1)])
    found, rows = spread(log, POINTS=points)
    assert (found["TOTAL"], found["PLACED"]) == (150, 150)
    assert [(row["nr"], row["unter3"]) for row in rows] == [("01", 60), (None, 0), ("02", 30)]
    assert any("1 areas have people but no demand point" in line and line.endswith("02.") for line in log)
    assert any("1 of 2 points lie in none of the areas and get no people" in line for line in log)


def test_grid(spread):
    log = []
    found, rows = spread(log, POINTS=None, GRID=500)
    assert found["POINT_COUNT"] == 12
    assert [sum(row["unter3"] for row in rows if row["nr"] == key) for key in ("01", "02", "03")] == [60, 30, 0]
    assert {row["unter3"] for row in rows if row["nr"] == "01"} == {15}
    assert any("spread evenly over a grid of 500 m" in line for line in log)


@pytest.mark.parametrize("kind", [1, 3, 5, 6, 7], ids=["Byte", "Int16", "Int32", "Float32", "Float64"])
def test_cells_of_a_raster_bear_the_weights(spread, raster, kind):
    cells = raster([[3, 0, 1, 1, 7, 7], [0, 1, 1, 1, 7, 7]], kind=kind)
    log = []
    found, rows = spread(log, POINTS=None, RASTER=cells)
    assert [(row["nr"], row["unter3"], row["bis5"]) for row in rows[:2]] == [("01", 45, 30), ("02", 8, 5)]
    assert [sum(row["unter3"] for row in rows if row["nr"] == key) for key in ("01", "02", "03")] == [60, 30, 0]
    assert found["POINT_COUNT"] == 10  # cells of 0 bear nobody
    assert "Raster “cells”: 10 cells with a value have their middle in an area." in log


def test_values_of_a_raster_are_people_where_there_is_no_table(spread, raster, tmp_path):
    cells = raster([[3, -1, 1, 1, 0, 0, 99], [0, 1.5, 1, 1, 0, 0, 99]], "people")
    found, rows = spread(PEOPLE=None, PEOPLE_FIELDS=None, POINTS=None, RASTER=cells)
    assert [row["people"] for row in rows] == [3, 1, 1, 1.5, 1, 1]
    assert found["TOTAL"] == found["PLACED"] == 8.5
    layer = QgsVectorLayer(str(tmp_path / "points.gpkg"), "p", "ogr")
    assert [(feature.geometry().asPoint().x(), feature.geometry().asPoint().y()) for feature in layer.getFeatures()][
        :2] == [(250, 750), (1250, 750)]


def test_buildings_count_by_their_middle(spread):
    boxes = town.layer("Polygon", ["wohnungen:integer"], [
        (3, "POLYGON((90 490,110 490,110 510,90 510,90 490))"),
        (1, "POLYGON((990 490,1004 490,1004 510,990 510,990 490))"),
        (1, "POLYGON((1490 490,1510 490,1510 510,1490 510,1490 490))")], "häuser")
    _found, rows = spread(POINTS=boxes, WEIGHT="wohnungen")
    assert [(row["nr"], row["unter3"]) for row in rows] == [("01", 45), ("01", 15), ("02", 30)]


def test_the_points_go_on_into_the_supply(spread, provider, tmp_path):
    spread(GROUPS=json.dumps({"Kinder": ["unter3", "bis5"]}), WEIGHT="wohnungen")
    points = QgsVectorLayer(str(tmp_path / "points.gpkg"), "p", "ogr")
    found = town.run("supplymeasures", **town.case(
        PEOPLE=None, PEOPLE_FIELDS=None, POINTS=points, POINT_PEOPLE=["kinder"], OUTPUT="memory:"))
    assert (found["PEOPLE_COUNT"], found["REACHED"]) == (150, 50)


FAULTS = [
    ({"PEOPLE_FIELDS": None}, "Choose the fields with people"),
    ({"GROUPS": "[1]"}, "must be written as"), ({"GROUPS": "{"}, "The target groups are no JSON"),
    ({"GROUPS": '{"Alte": ["80"]}'}, "einwohner has no field “80”"),
    ({"PEOPLE": None, "PEOPLE_FIELDS": None}, "or a raster whose values are people"),
    ({"RASTER": [[1, 1]]}, "Choose points or a raster, not both"),
    ({"POINTS": None, "RASTER": [[-5, 1, 1, 1]]}, "weights and people are 0 or more"),
    ({"POINTS": None, "RASTER": [[1]], "BAND": 2}, "has no band 2"),
    ({"POINTS": None, "GRID": 0.5}, "GRID"),
]


@pytest.mark.parametrize(("more", "words"), FAULTS, ids=[words[:30] for _more, words in FAULTS])
def test_faults_are_named(spread, raster, more, words):
    more = dict(more)
    if "RASTER" in more:
        more["RASTER"] = raster(more["RASTER"])
    with pytest.raises(QgsProcessingException) as caught:
        spread(**more)
    assert words in str(caught.value)


def test_a_raster_elsewhere_is_told(spread, raster):
    with pytest.raises(QgsProcessingException, match="does not touch the areas"):
        spread(POINTS=None, RASTER=raster([[1, 1]]), AREAS=town.layer(
            "Polygon", ["nr:string", "name:string"], [
                ("01", "W", "POLYGON((9000 9000,9100 9000,9100 9100,9000 9000))"),
                ("02", "M", "POLYGON((9200 9000,9300 9000,9300 9100,9200 9000))")], "fern"))
