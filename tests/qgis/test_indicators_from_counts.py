"""indicatorsfromcounts as Processing runs it."""
import json

import pytest


@pytest.fixture
def areas(new_project):
    from qgis.core import QgsFeature, QgsGeometry, QgsPointXY, QgsVectorLayer

    layer = QgsVectorLayer(
        "Polygon?crs=EPSG:25832&field=key:string&field=district:string&field=x_2022:integer&field=n_2022:integer"
        "&field=x_2023:integer&field=n_2023:integer&field=name:string", "Gebiete", "memory")
    rows = [("01", "A", 3, 40, 6, 50, "Nord"), ("02", "A", 20, 90, 25, 95, "Süd"), ("03", "B", 9, 60, None, 65, "Ost"),
            ("04", "B", 30, 100, 31, 110, "West")]
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


def run(areas, tmp_path, **more):
    import processing

    return processing.run("teilhabe:indicatorsfromcounts", {
        "INPUT": areas, "KEY_FIELD": "key", "OUTPUT": str(tmp_path / "result.gpkg"), **more})


def rows(source):
    from qgis.core import NULL, QgsVectorLayer

    layer = QgsVectorLayer(source, "x", "ogr")
    assert layer.isValid(), source
    names = [field.name() for field in layer.fields()]
    return layer, [{name: None if f[name] == NULL else f[name] for name in names} for f in layer.getFeatures()]


def test_all_years_from_one(provider, areas, tmp_path):
    results = run(areas, tmp_path, NUMERATOR="x_2022", DENOMINATOR="n_2023", TITLE="Quote", ID="quote")
    layer, found = rows(results["OUTPUT"])
    assert [row["key"] for row in found] == ["01", "02", "03", "04"]
    assert [row["quote_2022"] for row in found] == pytest.approx([7.5, 2000 / 90, 15, 30])
    assert [row["quote_2023_hinweis"] for row in found] == [None, None, "count missing", None]
    assert found[0]["quote_2022_wenige"] is True
    assert layer.attributeAlias(layer.fields().lookupField("quote_2023")) == "Quote 2023 (%)"
    assert layer.featureCount() == 4 and layer.getFeature(1).hasGeometry()
    assert (results["VALUES"], results["MISSING"], results["HIDDEN"]) == (7, 1, 0)


def test_small_counts_reach_neither_layer_nor_report_nor_log(provider, areas, tmp_path):
    from qgis.core import QgsProcessingFeedback

    feedback = QgsProcessingFeedback()
    import processing

    results = processing.run("teilhabe:indicatorsfromcounts", {
        "INPUT": areas, "KEY_FIELD": "key", "NUMERATOR": "x_2022", "DENOMINATOR": "n_2022",
        "PARENT_FIELD": ["district"], "SUPPRESS": 5, "ID": "q", "KEEP_FIELDS": ["name"],
        "OUTPUT": str(tmp_path / "r.gpkg"), "REPORT": str(tmp_path / "hidden.csv")}, feedback=feedback)
    layer, found = rows(results["OUTPUT"])
    assert [row["q_2022_zaehler"] for row in found] == [None, None, 9, 30]
    assert [row["q_2022"] for row in found][:2] == [None, None]
    assert [row["name"] for row in found] == ["Nord", "Süd", "Ost", "West"]
    assert not {"x_2022", "n_2022"} & set(found[0])
    _, hidden = rows(results["REPORT"])
    intervals = [(row["gebiet"], row["spalte"], float(row["ableitbar_von"]), float(row["ableitbar_bis"]))
                 for row in hidden]
    assert intervals == [("01", "x_2022", 1, 22), ("02", "x_2022", 1, 22)]
    assert results["HIDDEN"] == 2
    assert "Suppression below 5" in feedback.textLog()


def test_protected_counts_cannot_be_kept(provider, areas, tmp_path):
    from qgis.core import QgsProcessingException

    with pytest.raises(QgsProcessingException, match="x_2022"):
        run(areas, tmp_path, NUMERATOR="x_2022", DENOMINATOR="n_2022", SUPPRESS=5, KEEP_FIELDS=["x_2022"])
    assert not (tmp_path / "result.gpkg").exists()


def test_several_indicators_as_json(provider, areas, tmp_path):
    from teilhabe.bridge.project import provenance_of, role_of

    spec = {"format": "teilhabe-counts/1", "indicators": [
        {"id": "p", "numerator": "x_{year}", "denominator": "n_{year}", "pool_years": 2},
        {"id": "d", "numerator": "x_{year}", "denominator": "n_{year}", "change": "points"}],
        "protection": {"rounding": "nearest", "base": 5, "seed": "secret words"}}
    layer, found = rows(run(areas, tmp_path, SPEC=json.dumps(spec))["OUTPUT"])
    assert found[1]["p_2023"] == pytest.approx(4500 / 185)
    assert found[1]["d_2023"] == pytest.approx(2500 / 95 - 2000 / 90)
    assert role_of(layer) == "indicators"
    assert "secret words" not in json.dumps(provenance_of(layer))
    assert provenance_of(layer)["indicators"][0]["rule"]["pool_years"] == 2


def test_tables_without_geometry(provider, tmp_path, new_project):
    (tmp_path / "t.csv").write_text('key,jahr,x,n\n"01",2022,3,30\n"01",2023,4,30\n"02",2023,9,30\n')
    (tmp_path / "t.csvt").write_text('"String","Integer","Integer","Integer"')
    from qgis.core import QgsVectorLayer

    table = QgsVectorLayer(str(tmp_path / "t.csv"), "t", "ogr")
    results = run(table, tmp_path, NUMERATOR="x", DENOMINATOR="n", YEAR_FIELD="jahr", KIND=1)
    _, found = rows(results["OUTPUT"])
    assert [(row["key"], row["x_rate_2022"], row["x_rate_2023"]) for row in found] == [
        ("01", 100, pytest.approx(133.333333)), ("02", None, 300)]


def test_nothing_chosen_is_told(provider, areas, tmp_path):
    from qgis.core import QgsProcessingException

    with pytest.raises(QgsProcessingException):
        run(areas, tmp_path, NUMERATOR="x_2022")


def test_german(provider, areas, tmp_path, german):
    results = run(areas, tmp_path, NUMERATOR="x_2022", DENOMINATOR="n_2022", MIN_DENOMINATOR=50, ID="q")
    _, found = rows(results["OUTPUT"])
    assert found[0]["q_2022_hinweis"] == "Nenner unter 50"


def test_the_sample_citys_school_examinations(provider, tmp_path, new_project):
    """Join the health department's counts, then pool three years of 3.3 with suppression: the whole way."""
    import processing
    from qgis.core import QgsVectorLayer
    from teilhabe import paths

    city = paths.sample("musterstadt")
    joined = processing.run("teilhabe:joinindicators", {
        "INPUT": f"{city / 'musterstadt.gpkg'}|layername=gebiete", "KEY_FIELD": "gebiet_nr",
        "FILES": [str(city / "gesundheitsamt_faelle.csv")], "OUTPUT": str(tmp_path / "joined.gpkg")})["OUTPUT"]
    layer = QgsVectorLayer(joined, "joined", "ogr")
    names = [field.name() for field in layer.fields()]
    numerator = next(name for name in names if name.startswith("k3_3_") and name.endswith("_z"))
    results = processing.run("teilhabe:indicatorsfromcounts", {
        "INPUT": layer, "KEY_FIELD": "gebiet_nr", "NUMERATOR": numerator, "DENOMINATOR": numerator[:-1] + "n",
        "PARENT_FIELD": ["bezirk_nr"], "POOL_YEARS": 3, "SUPPRESS": 5, "MIN_DENOMINATOR": 20, "ID": "uebergewicht",
        "OUTPUT": str(tmp_path / "result.gpkg"), "REPORT": str(tmp_path / "hidden.gpkg")})
    _, found = rows(results["OUTPUT"])
    years = sorted(name[13:17] for name in found[0] if name.endswith("_hinweis"))
    assert results["VALUES"] + results["MISSING"] == len(found) * len(years)
    assert results["VALUES"] > len(found)
    for row in found:
        for year in years:
            cases = row[f"uebergewicht_{year}_zaehler"]
            assert cases is None or cases == 0 or cases >= 5
