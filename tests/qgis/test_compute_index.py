"""computeindex as Processing runs it."""
import json

import pytest

RECIPE = {
    "format": "teilhabe-recipe/1", "id": "test", "title": "Testindex", "area_key": "key", "area_name": "name",
    "indicators": [{"id": "a", "title": "Armut", "unit": "%"}],
    "exclusions": [{"type": "minimum", "column": "people", "value": 300, "reason": "zu klein"}],
    "indices": [{
        "id": "lage", "title": "Lage", "children": [{"indicator": "a"}],
        "classes": {"method": "fixed", "bounds": [0],
                    "classes": [{"value": 1, "name": "gut"}, {"value": 2, "name": "schlecht"}]},
    }],
}


@pytest.fixture
def areas(new_project):
    from qgis.core import QgsFeature, QgsGeometry, QgsPointXY, QgsVectorLayer

    layer = QgsVectorLayer(
        "Polygon?crs=EPSG:25832&field=key:string&field=name:string&field=people:integer&field=a:double"
        "&field=extra:string", "Gebiete", "memory")
    rows = [("01", "Nord", 900, 10.0, "x"), ("02", "Süd", 800, 30.0, "y"), ("03", "Hafen", None, 99.0, None),
            ("04", "Mitte", 700, None, "z")]
    features = []
    for i, row in enumerate(rows):
        feature = QgsFeature(layer.fields())
        feature.setAttributes(list(row))
        feature.setGeometry(QgsGeometry.fromPolygonXY([[
            QgsPointXY(i, 0), QgsPointXY(i + 1, 0), QgsPointXY(i + 1, 1), QgsPointXY(i, 1)]]))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    new_project.addMapLayer(layer)
    return layer


@pytest.fixture
def recipe(tmp_path):
    path = tmp_path / "recipe.json"
    path.write_text(json.dumps(RECIPE), encoding="utf-8")
    return path


def run(areas, recipe, tmp_path, **more):
    import processing

    return processing.run("teilhabe:computeindex", {
        "INPUT": areas, "RECIPE": str(recipe), "OUTPUT": str(tmp_path / "result.gpkg"), **more})


def rows(source):
    from qgis.core import NULL, QgsVectorLayer

    layer = QgsVectorLayer(source, "x", "ogr")
    assert layer.isValid(), source
    names = [field.name() for field in layer.fields()]
    return layer, [{name: None if f[name] == NULL else f[name] for name in names} for f in layer.getFeatures()]


def test_scores_classes_and_reasons(provider, areas, recipe, tmp_path):
    results = run(areas, recipe, tmp_path)
    layer, found = rows(results["OUTPUT"])
    assert [(row["key"], row["z_a"], row["lage_klasse"], row["lage_name"], row["ausschluss"]) for row in found] == [
        ("01", -1, 1, "gut", None), ("02", 1, 2, "schlecht", None), ("03", None, None, None, "zu klein"),
        ("04", None, None, None, None)]
    assert "extra" not in found[0]
    assert (results["AREAS_CLASSED"], results["AREAS_EXCLUDED"], results["AREAS_WITHOUT_VALUE"]) == (2, 1, 1)
    assert layer.featureCount() == 4
    assert layer.fields().field("lage_klasse").isNumeric()
    assert layer.attributeAlias(layer.fields().lookupField("a")) == "Armut (%)"


def test_style_role_and_origin_travel_with_the_file(provider, areas, recipe, tmp_path):
    from teilhabe.bridge.project import class_sets_of, provenance_of, role_of

    layer, _ = rows(run(areas, recipe, tmp_path)["OUTPUT"])
    assert role_of(layer) == "index"
    assert [each["id"] for each in class_sets_of(layer)] == ["lage"]
    origin = provenance_of(layer)
    assert origin["algorithm"] == "teilhabe:computeindex"
    assert json.loads(origin["recipe"]) == RECIPE
    assert len(origin["inputs"][0]["sha256"]) == 64
    assert layer.renderer().type() == "RuleRenderer"


def test_fields_can_be_kept(provider, areas, recipe, tmp_path):
    _, found = rows(run(areas, recipe, tmp_path, KEEP_FIELDS=True)["OUTPUT"])
    assert [row["extra"] for row in found] == ["x", "y", None, "z"]


def test_the_long_table(provider, areas, recipe, tmp_path):
    _, found = rows(run(areas, recipe, tmp_path, VALUES=str(tmp_path / "values.csv"))["VALUES"])
    steps = {(row["key"], row["spalte"]): row["wert"] or row["text"] for row in found}
    assert float(steps["02", "z_a"]) == 1 and steps["02", "lage_name"] == "schlecht"


def test_scores_of_larger_areas(provider, areas, recipe, tmp_path):
    changed = {**RECIPE, "population": "people", "exclusions": [],
               "parents": [{"id": "teil", "title": "Stadtteil", "column": "extra"}]}
    recipe.write_text(json.dumps(changed), encoding="utf-8")
    _, found = rows(run(areas, recipe, tmp_path, PARENTS=str(tmp_path / "parents.csv"))["PARENTS"])
    scores = {(row["ebene"], row["schluessel"]): row for row in found}
    # z of 10, 30 and 99: mean 46.33, spread 38.13; the third has no people
    city = ((10 - 46.333333) * 900 + (30 - 46.333333) * 800) / 1700 / 38.125524
    assert float(scores["stadt", "stadt"]["wert"]) == pytest.approx(city, rel=1e-5)
    assert float(scores["stadt", "stadt"]["anteil"]) == pytest.approx(1700 / 2400)
    assert float(scores["teil", "x"]["wert"]) == pytest.approx((10 - 46.333333) / 38.125524, rel=1e-5)


@pytest.mark.parametrize("change, words", [
    ({"area_key": "nr"}, "“nr”"),
    ({"indicators": [{"id": "a", "title": "A", "column": "aa"}]}, "aa"),
    ({"title": ""}, "$.title"),
])
def test_errors_are_sentences_and_earlier_results_stay(provider, areas, recipe, tmp_path, change, words):
    from qgis.core import QgsProcessingException

    run(areas, recipe, tmp_path)
    before = (tmp_path / "result.gpkg").read_bytes()
    recipe.write_text(json.dumps({**RECIPE, **change}))
    with pytest.raises(QgsProcessingException) as caught:
        run(areas, recipe, tmp_path)
    assert words in str(caught.value) and "Traceback" not in str(caught.value)
    assert (tmp_path / "result.gpkg").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["recipe.json", "result.gpkg"]


def test_a_key_with_gaps_or_twice_is_refused(provider, areas, recipe, tmp_path):
    from qgis.core import QgsProcessingException

    areas.dataProvider().changeAttributeValues({2: {0: "01"}})
    with pytest.raises(QgsProcessingException, match="rows 1, 2"):
        run(areas, recipe, tmp_path)


def test_errors_are_german_where_qgis_is(provider, areas, recipe, tmp_path, german):
    from qgis.core import QgsProcessingException

    with pytest.raises(QgsProcessingException, match="Das Rezept .* ist nicht vorhanden"):
        run(areas, tmp_path / "none.json", tmp_path)
