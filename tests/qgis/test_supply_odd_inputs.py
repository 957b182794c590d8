"""Supply analyses on odd input: limits in two readings, empty polygons, wrong coordinate systems, HTML, late cancel."""
import numpy as np
import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from . import supply_town as town

SCRIPT = "<script>alert(1)</script>"


def measured(log=None, **more):
    return town.run("supplymeasures", log, **town.case(OUTPUT="TEMPORARY_OUTPUT", **more))


@pytest.mark.parametrize("limits", ["1.000", "500,700", "500; 700; 1.000", "inf", "1e400"])
def test_limits_that_can_be_read_in_two_ways_are_refused(provider, limits):
    with pytest.raises(QgsProcessingException, match="can be read in two ways|is not a distance above 0"):
        measured(LIMITS=limits)


@pytest.mark.parametrize("limits", ["200;;1000", " 200 ;1000; ", "200,0; 1000.0", "200 1000"])
def test_limits_are_read_as_offices_write_them(provider, limits):
    assert measured(LIMITS=limits, WEIGHT="wohnungen")["REACHED"] == 50


@pytest.mark.parametrize("wkt", ["POLYGON EMPTY", "POLYGON((0 0,1000 1000,0 0,0 0))", None])
@pytest.mark.parametrize("points", [{"POINTS": None}, {}])
def test_people_of_an_area_without_ground_are_told(provider, wkt, points):
    squares = [f"POLYGON(({i}000 0,{i + 1}000 0,{i + 1}000 1000,{i}000 1000,{i}000 0))" for i in (1, 2)]
    areas = town.layer("Polygon", ["nr:string", "name:string"],
                       list(zip(("01", "02", "03"), "WMO", (wkt, *squares))), "gebiete")
    log = []
    found = measured(log, AREAS=areas, **points)
    text = "\n".join(log)
    assert "1 areas have no polygon; nobody can be placed in them: 01" in text
    assert "stands for all its people: 01" not in text
    assert (found["PEOPLE_COUNT"], found["REACHED"] + found["UNREACHED"]) == (150, 50)


def test_areas_in_a_coordinate_system_they_do_not_fit_are_refused(provider):
    with pytest.raises(QgsProcessingException, match="“gebiete”, row 1: the coordinates do not fit .* EPSG:4326"):
        measured(AREAS=town.areas(crs="EPSG:4326"))


def test_without_any_coordinate_system_the_network_needs_none_either(provider):
    layers = {"AREAS": town.areas(), "POINTS": town.addresses(), "OFFERS": town.offers(), "NETWORK": town.street()}
    for layer in layers.values():
        layer.setCrs(QgsCoordinateReferenceSystem())
    assert measured(**layers, WAYS=2)["REACHED"] == 75
    layers["NETWORK"].setCrs(QgsCoordinateReferenceSystem("EPSG:25832"))
    with pytest.raises(QgsProcessingException, match="has no coordinate reference system"):
        measured(**layers, WAYS=2)


def test_closing_all_offers_leaves_nobody_served(provider):
    for way in ({}, {"WAYS": 2, "NETWORK": town.street()}):
        found = town.run("supplyscenario", **town.case(
            OUTPUT="TEMPORARY_OUTPUT", CHANGES_TEXT='[{"aktion":"close","angebot":1},{"aktion":"close","angebot":2}]',
            **way))
        assert (found["REACHED_BEFORE"], found["REACHED"], found["PLACES"]) == (75, 0, 0)


def test_names_in_the_map_tip_of_sites_are_no_html(provider, tmp_path):
    candidates = town.layer("Point", ["name:string"], [(SCRIPT, "POINT(100 500)")], "gebaeude")
    town.run("findsites", **town.case(OUTPUT=str(tmp_path / "s.gpkg"), CANDIDATES=candidates, CANDIDATE_NAME="name",
                                      P=1))
    layer = QgsVectorLayer(str(tmp_path / "s.gpkg"), "s", "ogr")
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    (feature,) = layer.getFeatures()
    context.setFeature(feature)
    tip = QgsExpression.replaceExpressionText(layer.mapTipTemplate(), context)
    assert feature["name"] == SCRIPT
    assert "<script" not in tip
    assert "&lt;script>alert(1)" in tip


def test_who_cancels_late_is_told_what_was_written(provider, tmp_path):
    import processing

    class Late(QgsProcessingFeedback):
        def isCanceled(self):
            return (tmp_path / "a.gpkg").exists()

    with pytest.raises(QgsProcessingException, match=r"These results were written before: .*a\.gpkg"):
        processing.run("teilhabe:supplymeasures", town.case(
            OUTPUT=str(tmp_path / "a.gpkg"), DEMAND=str(tmp_path / "d.gpkg")), feedback=Late(False),
            context=QgsProcessingContext())
    assert not (tmp_path / "d.gpkg").exists()


@pytest.mark.parametrize("change", [{"cost": lambda old: -1 - old}, {"starts": lambda old: old.astype(float)},
                                    {"starts": lambda old: np.append(1, old[1:])}])
def test_damaged_ways_are_refused(provider, tmp_path, change):
    measured(REACH_OUT=str(tmp_path / "r.npz"))
    with np.load(tmp_path / "r.npz") as data:
        arrays = dict(data)
    np.savez(tmp_path / "x.npz", **{**arrays, **{name: turn(arrays[name]) for name, turn in change.items()}})
    with pytest.raises(QgsProcessingException, match="or it is damaged"):
        measured(REACH=str(tmp_path / "x.npz"))


@pytest.mark.parametrize(("name", "page", "more"), [
    ("supplymeasures", "REPORT", {}), ("supplymeasures", "REACH_OUT", {}), ("coveragegaps", "LEGEND", {}),
    ("findsites", "REPORT", {"P": 1}), ("computereach", "REACH_OUT", {}),
    ("supplyscenario", "REPORT", {"CHANGES_TEXT": '[{"aktion":"close","angebot":1}]'}),
])
def test_a_page_does_not_take_the_place_of_what_is_read(provider, tmp_path, name, page, more):
    path = tmp_path / "gebiete.gpkg"
    QgsVectorFileWriter.writeAsVectorFormatV3(town.areas(), str(path), QgsCoordinateTransformContext(),
                                              QgsVectorFileWriter.SaveVectorOptions())
    before = path.read_bytes()
    with pytest.raises(QgsProcessingException, match="gebiete.gpkg is read in this run"):
        town.run(name, **town.case(AREAS=QgsVectorLayer(str(path), "gebiete", "ogr"), OUTPUT="TEMPORARY_OUTPUT",
                                   **{page: str(path)}, **more))
    assert path.read_bytes() == before


@pytest.mark.parametrize("detours", ["nan", "inf", "1.2; nan"])
def test_detour_factors_are_numbers(provider, detours):
    with pytest.raises(QgsProcessingException, match="is not a number. Separate several numbers by semicolons"):
        town.run("coveragegaps", **town.case(OUTPUT="TEMPORARY_OUTPUT", DETOURS=detours))


def test_target_groups_nested_without_end_are_refused(provider):
    with pytest.raises(QgsProcessingException, match="The target groups are no JSON"):
        town.run("spreaddemand", **town.case(OUTPUT="TEMPORARY_OUTPUT", GROUPS="[" * 100_000))
