"""indexrobustness as Processing runs it: columns, hatch, clusters, contributions, report."""
import json

import numpy as np
import pytest

RECIPE = {
    "format": "teilhabe-recipe/1", "id": "test", "title": "Testindex", "area_key": "key", "area_name": "name",
    "indicators": [{"id": "a", "title": "Armut", "unit": "%"}, {"id": "b", "title": "Bezug", "unit": "%"},
                   {"id": "c", "title": "Kinder", "unit": "je 1.000"}],
    "exclusions": [{"type": "minimum", "column": "people", "value": 300, "reason": "zu klein"}],
    "indices": [{
        "id": "lage", "title": "Lage", "standardise": "z", "children": [
            {"id": "geld", "title": "Geld", "standardise": "z", "children": [{"indicator": "a"}, {"indicator": "b"}]},
            {"indicator": "c"}],
        "classes": {"method": "sd", "bounds": [-0.5, 0.5],
                    "classes": [{"value": 1, "name": "hoch"}, {"value": 2, "name": "mittel"},
                                {"value": 3, "name": "sehr niedrig"}]},
    }],
}
SIDE = 6


@pytest.fixture
def areas(new_project, provider):
    from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

    layer = QgsVectorLayer(
        "Polygon?crs=EPSG:25832&field=key:string&field=name:string&field=people:integer&field=a:double"
        "&field=b:double&field=c:double", "Gebiete", "memory")
    rng = np.random.default_rng(3)
    features = []
    for i in range(SIDE * SIDE):
        row, column = divmod(i, SIDE)
        level = 5 + 5 * column
        values = [float(max(level + rng.normal(0, 4), 1)) for _ in range(3)]
        feature = QgsFeature(layer.fields())
        feature.setAttributes([f"{i:02d}", f"Gebiet {i}", 200 if i == 7 else 900, values[0],
                               None if i == 9 else values[1], values[2]])
        feature.setGeometry(QgsGeometry.fromWkt(
            f"POLYGON(({column} {row},{column + 1} {row},{column + 1} {row + 1},{column} {row + 1},{column} {row}))"))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    new_project.addMapLayer(layer)
    return layer


@pytest.fixture
def recipe(tmp_path):
    path = tmp_path / "recipe.json"
    path.write_text(json.dumps(RECIPE), encoding="utf-8")
    return str(path)


def run(areas, recipe, tmp_path, **more):
    import processing

    return processing.run("teilhabe:indexrobustness", {
        "INPUT": areas, "RECIPE": recipe, "RUNS": 200, "OUTPUT": str(tmp_path / "r.gpkg"), **more})


def by_key(source):
    from qgis.core import NULL, QgsVectorLayer

    layer = QgsVectorLayer(source, "x", "ogr")
    assert layer.isValid(), source
    names = [field.name() for field in layer.fields()]
    return layer, {f["key"]: {n: None if f[n] == NULL else f[n] for n in names} for f in layer.getFeatures()}


def test_columns_numbers_and_provenance(areas, recipe, tmp_path):
    from teilhabe.bridge.project import class_sets_of, provenance_of, role_of

    result = run(areas, recipe, tmp_path, DENOMINATOR="people")
    layer, rows = by_key(result["OUTPUT"])
    assert len(rows) == 36
    assert result["AREAS_CERTAIN"] + result["AREAS_UNCERTAIN"] == 34
    assert 0.4 < result["MORAN_I"] < 1
    assert rows["07"]["ausschluss"] == "zu klein"
    for key in ("07", "09"):
        assert {rows[key][name] for name in ("rang", "klasse_sicher", "aussage", "cluster", "andere_klasse")} == {None}
    first = min((row for row in rows.values() if row["rang"]), key=lambda row: row["rang"])
    assert first["rang"] == 1
    assert first["lage_index"] == max(row["lage_index"] for row in rows.values() if row["lage_index"] is not None)
    for row in rows.values():
        if row["rang"] is not None:
            assert row["rang_von"] <= row["rang_median"] <= row["rang_bis"]
            assert row["anteil_1"] + row["anteil_2"] + row["anteil_3"] == pytest.approx(1)
            assert row["klasse_anteil"] == row[f"anteil_{row['lage_klasse']}"]
            assert (row["klasse_sicher"] == 1) == (row["klasse_anteil"] >= 0.95) == (row["aussage"] == "certain")
    assert {row["cluster"] for row in rows.values()} >= {0, 1, 3}
    assert role_of(layer) == "robustness"
    assert [each["id"] for each in class_sets_of(layer)] == ["lage", "cluster"]
    record = provenance_of(layer)
    assert (record["runs"], record["seed"], record["sampling"]["c"]) == (200, 1, ["rate", "people", 1000])
    assert record["sources"] == ["normalisation", "weights", "aggregation", "left_out", "sampling"]


def test_the_same_seed_gives_the_same_layer(areas, recipe, tmp_path):
    _, one = by_key(run(areas, recipe, tmp_path)["OUTPUT"])
    _, two = by_key(run(areas, recipe, tmp_path, OUTPUT=str(tmp_path / "s.gpkg"))["OUTPUT"])
    _, three = by_key(run(areas, recipe, tmp_path, OUTPUT=str(tmp_path / "t.gpkg"), SEED=2)["OUTPUT"])
    assert one == two != three


def test_uncertain_classes_are_hatched(areas, recipe, tmp_path):
    from qgis.core import QgsMapRendererCustomPainterJob, QgsMapSettings, QgsVectorLayer
    from qgis.PyQt.QtCore import QSize
    from qgis.PyQt.QtGui import QColor, QImage, QPainter

    result = run(areas, recipe, tmp_path, WEIGHT_SPREAD=80)
    layer = QgsVectorLayer(result["OUTPUT"], "x", "ogr")
    rules = {rule.ruleKey(): rule for rule in layer.renderer().rootRule().children()}
    assert list(rules)[:4] == ["class_1", "class_2", "class_3", "uncertain"]
    assert rules["uncertain"].label() == f"class not certain · {result['AREAS_UNCERTAIN']}"
    assert result["AREAS_UNCERTAIN"] > 0
    layer.setLabelsEnabled(False)

    def colours_of(feature):
        settings = QgsMapSettings()
        settings.setLayers([layer])
        settings.setDestinationCrs(layer.crs())
        box = feature.geometry().boundingBox()
        box.grow(-0.2)
        settings.setExtent(box)
        settings.setOutputSize(QSize(200, 200))
        settings.setOutputDpi(96)
        image = QImage(200, 200, QImage.Format.Format_RGB32)
        image.fill(QColor("white"))
        painter = QPainter(image)
        job = QgsMapRendererCustomPainterJob(settings, painter)
        job.renderSynchronously()
        painter.end()
        return {image.pixel(x, y) for x in range(40, 160, 3) for y in range(40, 160, 3)}

    features = {f["klasse_sicher"]: f for f in layer.getFeatures() if f["lage_klasse"] in (1, 2, 3)}
    assert len(colours_of(features[1])) == 1, "a certain class is one plain colour"
    assert len(colours_of(features[0])) > 1, "an uncertain one has lines"


def test_the_hatch_comes_back_when_the_layer_is_styled_anew(areas, recipe, tmp_path, new_project):
    import processing
    from qgis.core import QgsVectorLayer

    result = run(areas, recipe, tmp_path, WEIGHT_SPREAD=80)
    layer = QgsVectorLayer(result["OUTPUT"], "x", "ogr")
    new_project.addMapLayer(layer)

    def keys():
        return {rule.ruleKey(): rule.label() for rule in layer.renderer().rootRule().children()}

    processing.run("teilhabe:styleclasses", {"INPUT": layer, "CLASS_SET": "cluster"})
    assert "uncertain" not in keys()
    assert "unfavourable among unfavourable" in keys()["class_1"]
    processing.run("teilhabe:styleclasses", {"INPUT": layer, "CLASS_SET": "lage"})
    assert keys()["uncertain"] == f"class not certain · {result['AREAS_UNCERTAIN']}"


def test_contributions_add_up(areas, recipe, tmp_path):
    import csv

    result = run(areas, recipe, tmp_path, CONTRIBUTIONS=str(tmp_path / "parts.csv"))
    sums = {}
    with open(result["CONTRIBUTIONS"], encoding="utf-8") as file:
        for row in csv.DictReader(file):
            entry = sums.setdefault(row["key"], [float(row["basis"]), float(row["wert"])])
            entry[0] += float(row["beitrag"] or 0)
            assert row["dimension"] == ("" if row["indikator"] == "c" else "Geld")
    assert len(sums) == 34
    for total, score in sums.values():
        assert total == pytest.approx(score, abs=1e-9)


def test_report_in_german(areas, recipe, tmp_path, german):
    from html.parser import HTMLParser

    result = run(areas, recipe, tmp_path, DENOMINATOR="people", REPORT=str(tmp_path / "r.html"))
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    HTMLParser().feed(page)
    assert result["REPORT"] == str(tmp_path / "r.html")
    assert f"<b>{result['AREAS_UNCERTAIN']}</b>Gebiete, deren Klasse nicht sicher ist" in page
    for words in ("Wie sicher ist der Index?", "200 Durchläufe, Startwert 1.", "Wovon das Ergebnis am meisten abhängt",
                  "Wenn ein Indikator fehlt", "Cronbachs Alpha", "n = 34 Gebiete", "Morans I 0,",
                  "Benachbarte Gebiete ähneln sich.", "sehr niedrig"):
        assert words in page, words
    assert page.count("<svg") == 3
    assert "Traceback" not in page and "None" not in page and ">nan" not in page


def test_the_rank_of_one_area(areas, recipe, tmp_path):
    from qgis.core import QgsProcessingException

    run(areas, recipe, tmp_path, AREA="11", REPORT=str(tmp_path / "r.html"))
    assert "output: rank of the area 11, on average" in (tmp_path / "r.html").read_text(encoding="utf-8")
    with pytest.raises(QgsProcessingException, match="The area 07 has no score"):
        run(areas, recipe, tmp_path, AREA="07", REPORT=str(tmp_path / "r.html"))


def test_a_sub_index_without_classes(areas, recipe, tmp_path):
    result = run(areas, recipe, tmp_path, NODE="geld", SOURCES=[1], REPORT=str(tmp_path / "r.html"))
    layer, rows = by_key(result["OUTPUT"])
    assert "geld_index" in rows["00"]
    assert "klasse_sicher" not in rows["00"]
    assert "cluster" in rows["00"]
    assert (result["AREAS_CERTAIN"], result["AREAS_UNCERTAIN"]) == (0, 0)
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "Classes</h2>" not in page
    assert "depends on most" not in page, "one source alone needs no comparison"


@pytest.mark.parametrize("change, words", [
    ({"NODE": "x"}, "no index “x”"),
    ({"SAMPLING": "{"}, "no valid JSON"),
    ({"SAMPLING": '{"z": null}'}, "no indicator “z”"),
    ({"SAMPLING": '{"a": {"col": "people"}}'}, "expected are kind, column and factor"),
    ({"SAMPLING": '{"a": {"column": "people", "factor": "x"}}'}, "“x” is no number"),
    ({"SAMPLING": '{"a": {"column": "nobody"}}'}, "The column “nobody”"),
])
def test_errors_are_sentences_and_earlier_results_stay(areas, recipe, tmp_path, change, words):
    from qgis.core import QgsProcessingException

    run(areas, recipe, tmp_path)
    before = (tmp_path / "r.gpkg").read_bytes()
    with pytest.raises(QgsProcessingException) as caught:
        run(areas, recipe, tmp_path, **change)
    assert words in str(caught.value)
    assert "Traceback" not in str(caught.value)
    assert (tmp_path / "r.gpkg").read_bytes() == before


def test_cancel_writes_nothing(areas, recipe, tmp_path):
    import processing
    from qgis.core import QgsProcessingException, QgsProcessingFeedback

    feedback = QgsProcessingFeedback()
    feedback.cancel()
    with pytest.raises(QgsProcessingException):
        processing.run("teilhabe:indexrobustness", {"INPUT": areas, "RECIPE": recipe,
                                                    "OUTPUT": str(tmp_path / "r.gpkg")}, feedback=feedback)
    assert not (tmp_path / "r.gpkg").exists()


def test_three_areas_are_too_few_for_clusters(areas, recipe, tmp_path):
    ids = [feature.id() for feature in areas.getFeatures()][3:]
    areas.dataProvider().deleteFeatures(ids)
    result = run(areas, recipe, tmp_path)
    assert "MORAN_I" not in result or result["MORAN_I"] is None
    _, rows = by_key(result["OUTPUT"])
    assert len(rows) == 3
    assert "cluster" not in rows["00"]
