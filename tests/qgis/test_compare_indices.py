"""compareindices and indexovertime as Processing runs them."""
import json

import pytest

YEARS = (2023, 2024, 2025)
RECIPE = {
    "format": "teilhabe-recipe/1", "id": "test", "title": "Testindex", "area_key": "key", "area_name": "name",
    "year": 2025, "indicators": [{"id": "a", "title": "Armut", "column": "a_{year}", "unit": "%"}],
    "indices": [{
        "id": "lage", "title": "Lage", "standardise": "z", "children": [{"indicator": "a"}],
        "classes": {"method": "fixed", "bounds": [-0.5, 0.5],
                    "classes": [{"value": 1, "name": "gut"}, {"value": 2, "name": "mittel"},
                                {"value": 3, "name": "schlecht"}]},
    }],
}
ROWS = (("01", "Nord", 10.0, 10.0, 30.0), ("02", "Süd", 20.0, 21.0, 20.0), ("03", "Ost", 30.0, 30.0, 10.0),
        ("04", "West", 20.0, 22.0, 20.0))


@pytest.fixture
def areas(new_project, provider):
    from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

    fields = "".join(f"&field=a_{year}:double" for year in YEARS)
    layer = QgsVectorLayer(f"Polygon?crs=EPSG:25832&field=key:string&field=name:string{fields}", "Gebiete", "memory")
    features = []
    for i, row in enumerate(ROWS):
        feature = QgsFeature(layer.fields())
        feature.setAttributes(list(row))
        feature.setGeometry(QgsGeometry.fromWkt(f"POLYGON(({i} 0,{i + 1} 0,{i + 1} 1,{i} 1,{i} 0))"))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    new_project.addMapLayer(layer)
    return layer


@pytest.fixture
def recipe(tmp_path):
    path = tmp_path / "recipe.json"
    path.write_text(json.dumps(RECIPE), encoding="utf-8")
    return str(path)


def by_key(source):
    from qgis.core import NULL, QgsVectorLayer

    layer = QgsVectorLayer(source, "x", "ogr")
    assert layer.isValid(), source
    names = [field.name() for field in layer.fields()]
    return layer, {f["key"]: {n: None if f[n] == NULL else f[n] for n in names} for f in layer.getFeatures()}


def test_two_years(areas, recipe, tmp_path, german):
    import processing

    result = processing.run("teilhabe:compareindices", {
        "INPUT": areas, "RECIPE": recipe, "YEAR": 2023, "YEAR_AFTER": 2025, "OUTPUT": str(tmp_path / "c.gpkg"),
        "REPORT": str(tmp_path / "c.html")})
    assert (result["AREAS_COMPARED"], result["AREAS_MOVED"]) == (4, 2)
    layer, rows = by_key(result["OUTPUT"])
    assert [rows[key]["bewegung"] for key in ("01", "02", "03", "04")] == [2, 0, -2, 0]
    assert (rows["01"]["name_vorher"], rows["01"]["name_nachher"]) == ("gut", "schlecht")
    assert rows["01"]["bewegung_name"] == "deutlich ungünstiger (2 Klassen und mehr)"
    assert rows["01"]["grund"] == "der Indexwert hat sich geändert"
    assert rows["01"]["treiber"].startswith("Armut (+2,83)")
    assert layer.renderer().type() == "RuleRenderer"
    page = (tmp_path / "c.html").read_text(encoding="utf-8")
    assert "Testindex 2023" in page and "Testindex 2025" in page and "Nord" in page and "deutlich" not in page
    assert page.count("<tr><td>0") == 2


def test_two_recipes(areas, recipe, tmp_path):
    import processing

    other = tmp_path / "other.json"
    changed = json.loads(json.dumps(RECIPE))
    changed["indices"][0]["classes"]["bounds"] = [-9, 9]
    other.write_text(json.dumps(changed), encoding="utf-8")
    result = processing.run("teilhabe:compareindices", {
        "INPUT": areas, "RECIPE": recipe, "RECIPE_AFTER": str(other), "OUTPUT": str(tmp_path / "c.gpkg")})
    _, rows = by_key(result["OUTPUT"])
    assert rows["01"]["grund"].startswith("the class bounds moved")


def test_nothing_to_compare(areas, recipe, tmp_path):
    import processing
    from qgis.core import QgsProcessingException

    with pytest.raises(QgsProcessingException, match="Nothing to compare"):
        processing.run("teilhabe:compareindices", {"INPUT": areas, "RECIPE": recipe, "OUTPUT": "memory:"})


def test_over_time(areas, recipe, tmp_path, german):
    import processing

    result = processing.run("teilhabe:indexovertime", {
        "INPUT": areas, "RECIPE": recipe, "OUTPUT": str(tmp_path / "o.gpkg"), "PANEL": str(tmp_path / "p.csv"),
        "GAPS": str(tmp_path / "g.csv"), "REPORT": str(tmp_path / "o.html")})
    assert (result["FIRST_YEAR"], result["LAST_YEAR"]) == (2023, 2025)
    layer, rows = by_key(result["OUTPUT"])
    # measured against 2023: mean 20, spread √50
    assert rows["02"]["wert_2024"] == pytest.approx(1 / 50**0.5)
    assert (rows["01"]["von"], rows["01"]["nach"], rows["01"]["bewegung"]) == (1, 3, 2)
    # changes +20, 0, −20, 0: one standard deviation is √200
    assert [rows[key]["dynamik_name"] for key in ("01", "02", "03", "04")] == ["negativ", "stabil", "positiv", "stabil"]
    assert rows["01"]["dynamik_index"] == pytest.approx(2**0.5)
    assert layer.attributeAlias(layer.fields().lookupField("wert_2025")) == "Indexwert 2025 (gemessen an 2023)"
    panel = (tmp_path / "p.csv").read_text(encoding="utf-8").splitlines()
    assert len(panel) == 1 + 2 * 3 * 4
    assert sum("festes Jahr" in line for line in panel) == 12
    page = (tmp_path / "o.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 2 and "Geht die Schere" in page
    assert "Keine Veränderung der Schere" in page


def test_over_time_needs_two_years(areas, recipe, tmp_path):
    import processing
    from qgis.core import QgsProcessingException

    with pytest.raises(QgsProcessingException, match="two complete years"):
        processing.run("teilhabe:indexovertime", {"INPUT": areas, "RECIPE": recipe, "YEARS": "2024",
                                                  "OUTPUT": "memory:"})
