"""bridgeboundaries as Processing runs it."""
import pytest


def polygons(name, crs, rows):
    from qgis.core import QgsFeature, QgsGeometry, QgsRectangle, QgsVectorLayer

    layer = QgsVectorLayer(f"Polygon?crs={crs}&field=key:string&field=people:integer", name, "memory")
    features = []
    for key, people, box in rows:
        feature = QgsFeature(layer.fields())
        feature.setAttributes([key, people])
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(*box)))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    return layer


@pytest.fixture
def layers(new_project):
    old = polygons("alt", "EPSG:25832", [("a", 100, (0, 0, 10, 10)), ("b", 51, (10, 0, 20, 10))])
    new = polygons("neu", "EPSG:25832", [("x", 80, (0, 0, 16, 10)), ("y", 40, (16, 0, 20, 10))])
    new_project.addMapLayers([old, new])
    return old, new


def run(layers, tmp_path, **more):
    import processing

    return processing.run("teilhabe:bridgeboundaries", {
        "OLD": layers[0], "OLD_KEY": "key", "COUNTS": ["people"], "NEW": layers[1], "NEW_KEY": "key",
        "OUTPUT": str(tmp_path / "result.gpkg"), **more})


def rows(source):
    from qgis.core import NULL, QgsVectorLayer

    layer = QgsVectorLayer(source, "x", "ogr")
    assert layer.isValid(), source
    names = [field.name() for field in layer.fields() if field.name() != "fid"]
    return layer, [tuple(None if f[name] == NULL else f[name] for name in names) for f in layer.getFeatures()]


def test_by_ground_with_bounds(provider, layers, tmp_path):
    results = run(layers, tmp_path, WEIGHTS_TABLE=str(tmp_path / "weights.csv"))
    layer, found = rows(results["OUTPUT"])
    # 60 % of 51 are 30.6: whole numbers 31 and 20
    assert found == [("x", 131, 100, 151, pytest.approx(31 / 131)), ("y", 20, 0, 51, 1)]
    assert layer.featureCount() == 2 and layer.getFeature(1).geometry().area() == 160
    _, shares = rows(results["WEIGHTS_TABLE"])
    assert [(a, b, float(share)) for a, b, share in shares] == [
        ("a", "x", 1), ("b", "x", pytest.approx(0.6)), ("b", "y", pytest.approx(0.4))]
    assert (results["SPLIT"], results["UNPLACED"], results["ESTIMATED"]) == (1, 0, pytest.approx(51 / 151))


def test_by_people_of_the_new_areas(provider, layers, tmp_path):
    # 80 people in x, 6/16 of them on its piece of b: 30, and 40 in y
    _, found = rows(run(layers, tmp_path, WEIGHTING=3, PEOPLE_FIELD="people", WHOLE=False)["OUTPUT"])
    assert [row[1] for row in found] == pytest.approx([100 + 51 * 30 / 70, 51 * 40 / 70])


def test_by_points_in_another_system(provider, layers, tmp_path):
    from qgis.core import (
        QgsCoordinateReferenceSystem,
        QgsCoordinateTransform,
        QgsFeature,
        QgsGeometry,
        QgsPointXY,
        QgsProject,
        QgsVectorLayer,
    )

    old = polygons("alt", "EPSG:25832", [("a", 100, (500000, 5700000, 501000, 5701000)),
                                         ("b", 50, (501000, 5700000, 502000, 5701000))])
    new = polygons("neu", "EPSG:25832", [("x", 0, (500000, 5700000, 501600, 5701000)),
                                         ("y", 0, (501600, 5700000, 502000, 5701000))])
    points = QgsVectorLayer("Point?crs=EPSG:4326&field=w:integer", "Adressen", "memory")
    turn = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:25832"), points.crs(), QgsProject.instance())
    features = []
    for x, weight in ((501100, 1), (501800, 4), (900000, 9)):
        feature = QgsFeature(points.fields())
        feature.setAttributes([weight])
        feature.setGeometry(QgsGeometry.fromPointXY(turn.transform(QgsPointXY(x, 5700500))))
        features.append(feature)
    points.dataProvider().addFeatures(features)
    _, found = rows(run((old, new), tmp_path, WEIGHTING=1, WEIGHTS=points, WEIGHT_FIELD="w")["OUTPUT"])
    assert [row[1] for row in found] == [110, 40]
    _, found = rows(run((old, new), tmp_path, WEIGHTING=1, WEIGHTS=points)["OUTPUT"])
    assert [row[1] for row in found] == [125, 25]


def test_by_a_register_without_coordinates(provider, layers, tmp_path):
    from qgis.core import QgsVectorLayer

    (tmp_path / "adressen.csv").write_text("strasse,gebiet\n" + "A,x\n" * 8 + "B,y\n" * 4 + "C,weit weg\n")
    register = QgsVectorLayer(str(tmp_path / "adressen.csv"), "Adressen", "ogr")
    _, found = rows(run(layers, tmp_path, WEIGHTING=2, WEIGHTS=register, WEIGHTS_KEY="gebiet", WHOLE=False)["OUTPUT"])
    # 8 addresses in x, 3 of them in b; 4 in y
    assert [row[1] for row in found] == pytest.approx([100 + 51 * 3 / 7, 51 * 4 / 7])


def test_areas_in_degrees_are_measured_truly(provider, tmp_path, new_project):
    # equal in degrees, but the northern half of the old area is the smaller one
    old = polygons("alt", "EPSG:4326", [("a", 1000, (10, 50, 11, 60))])
    new = polygons("neu", "EPSG:4326", [("s", 0, (10, 50, 11, 55)), ("n", 0, (10, 55, 11, 60))])
    _, found = rows(run((old, new), tmp_path, WHOLE=False)["OUTPUT"])
    # sin 55° − sin 50° to sin 60° − sin 55° on the sphere; corners, not arcs, make a small difference
    assert found[0][1] == pytest.approx(1000 * 0.0531076 / 0.0999810, abs=5)


def test_keys_that_stand_twice_are_refused(provider, layers, tmp_path):
    from qgis.core import QgsProcessingException

    layers[0].dataProvider().changeAttributeValues({1: {0: "b"}})
    with pytest.raises(QgsProcessingException, match="rows 1, 2"):
        run(layers, tmp_path)


def test_a_weighting_without_its_weights_is_told(provider, layers, tmp_path):
    from qgis.core import QgsProcessingException

    for weighting in (1, 2, 3):
        with pytest.raises(QgsProcessingException):
            run(layers, tmp_path, WEIGHTING=weighting)


def test_berlins_old_layer_has_a_key_twice(provider, berlin, tmp_path, new_project):
    """06010102 stands for Schloßstraße in Steglitz-Zehlendorf and, by mistake, for the one in Charlottenburg."""
    import processing
    from qgis.core import QgsProcessingException, QgsVectorLayer

    old = QgsVectorLayer(str(berlin / "planungsraeume_2006.gpkg"), "alt", "ogr")
    new = QgsVectorLayer(str(berlin / "planungsraeume_2021.gpkg"), "neu", "ogr")
    with pytest.raises(QgsProcessingException, match="“PLR_ID”: the area key must be filled and unique"):
        processing.run("teilhabe:bridgeboundaries", {
            "OLD": old, "OLD_KEY": "PLR_ID", "COUNTS": ["fid"], "NEW": new, "NEW_KEY": "PLR_ID",
            "OUTPUT": str(tmp_path / "b.gpkg")})
    assert not list(tmp_path.iterdir())


def drawn(name, crs, *shapes, kind="Polygon", counts="integer", values=(100, 100)):
    from qgis.core import QgsCoordinateReferenceSystem, QgsFeature, QgsGeometry, QgsVectorLayer

    layer = QgsVectorLayer(f"{kind}?field=key:string&field=people:{counts}", name, "memory")
    layer.setCrs(QgsCoordinateReferenceSystem(crs))
    features = []
    for i, shape in enumerate(shapes):
        feature = QgsFeature(layer.fields())
        feature.setAttributes([f"{name}{i}", values[i]])
        feature.setGeometry(QgsGeometry.fromWkt(shape))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    return layer


LEFT, RIGHT = "POLYGON((0 0,5 0,5 10,0 10,0 0))", "POLYGON((5 0,10 0,10 10,5 10,5 0))"


def test_both_halves_of_a_figure_of_eight_count(provider, new_project, tmp_path):
    old = drawn("o", "EPSG:25832", "POLYGON((0 0,10 10,10 0,0 10,0 0))")
    new = drawn("n", "EPSG:25832", LEFT, RIGHT)
    new_project.addMapLayers([old, new])
    assert [row[1] for row in rows(run((old, new), tmp_path)["OUTPUT"])[1]] == [50, 50]


def test_arcs_are_borders_too(provider, new_project, tmp_path):
    circle = "CURVEPOLYGON(CIRCULARSTRING(0 5,5 10,10 5,5 0,0 5))"
    old = drawn("o", "EPSG:25832", circle, kind="CurvePolygon")
    new = drawn("n", "EPSG:25832", LEFT, RIGHT)
    new_project.addMapLayers([old, new])
    assert [row[1] for row in rows(run((old, new), tmp_path)["OUTPUT"])[1]] == [50, 50]


@pytest.mark.parametrize("old, new, words", [
    (("EPSG:25832",), ("",), "Koordinatenreferenzsystem|no coordinate reference system"),
    (("EPSG:25832",), ("EPSG:25833",), "No old area meets a new one|Kein altes Gebiet"),
    (("EPSG:25832", "string", ("x", "1")), ("EPSG:25832",), "row 1, field “people”: “x”|Zeile 1, Feld „people“: „x“"),
])
def test_layers_that_cannot_be_bridged(provider, new_project, tmp_path, old, new, words):
    from qgis.core import QgsProcessingException

    crs, *counts = old
    layers = [drawn("o", crs, LEFT, RIGHT, **dict(zip(("counts", "values"), counts))), drawn("n", new[0], LEFT, RIGHT)]
    new_project.addMapLayers(layers)
    with pytest.raises(QgsProcessingException, match=words):
        run(layers, tmp_path)
    assert not (tmp_path / "result.gpkg").exists()
