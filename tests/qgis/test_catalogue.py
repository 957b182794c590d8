"""Catalogue and method text as Processing runs them; what the catalogue puts on a result layer."""
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
CATALOGUE = {
    "format": "teilhabe-catalogue/1", "id": "k", "title": "Testkatalog", "version": "2",
    "indicators": [
        {"number": "1.1", "name": "Armutsquote", "question": "Wie viele sind arm?", "unit": "%",
         "calculation": {"kind": "share", "numerator": "Arme", "denominator": "Leute", "factor": 100},
         "statement": "Hoch ist \"schlecht\" [% 1 %].", "source": "Amt", "high_is": "unfavourable"},
    ],
}
RECIPE = {
    "format": "teilhabe-recipe/1", "id": "test", "title": "Testindex", "area_key": "key", "area_name": "name",
    "catalogue": "katalog", "indicators": [{"id": "a", "title": "Armut", "catalogue": "1.1"}],
    "indices": [{
        "id": "lage", "title": "Lage", "children": [{"indicator": "a"}],
        "classes": {"method": "quantile", "classes": [{"value": 1, "name": "gut"}, {"value": 2, "name": "schlecht"}]},
    }],
}


@pytest.fixture
def areas(new_project):
    from qgis.core import QgsFeature, QgsGeometry, QgsRectangle, QgsVectorLayer

    layer = QgsVectorLayer("Polygon?crs=EPSG:25832&field=key:string&field=name:string&field=a:double", "Gebiete",
                           "memory")
    features = []
    for i, row in enumerate([("01", "Nord", 10.0), ("02", "Süd", 30.0), ("03", "Mitte", None)]):
        feature = QgsFeature(layer.fields())
        feature.setAttributes(list(row))
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(i, 0, i + 1, 1)))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    new_project.addMapLayer(layer)
    return layer


@pytest.fixture
def recipe(tmp_path):
    (tmp_path / "katalog.json").write_text(json.dumps(CATALOGUE), encoding="utf-8")
    path = tmp_path / "recipe.json"
    path.write_text(json.dumps(RECIPE), encoding="utf-8")
    return path


class Log:
    """Remembers what an algorithm says."""

    def __new__(cls):
        from qgis.core import QgsProcessingFeedback

        class Feedback(QgsProcessingFeedback):
            def __init__(self):
                super().__init__(False)
                self.info, self.warnings = [], []

            def pushInfo(self, text):
                self.info.append(text)

            def pushWarning(self, text):
                self.warnings.append(text)

        return Feedback()


def run(algorithm, feedback=None, **parameters):
    import processing

    return processing.run(f"teilhabe:{algorithm}", parameters, feedback=feedback or Log())


def test_out_and_in_again_is_the_same_file(provider, tmp_path):
    book, back = tmp_path / "k.xlsx", tmp_path / "k.json"
    assert run("exportcatalogue", INPUT="musterstadt.json", OUTPUT=str(book))["INDICATORS"] == 17
    assert load_workbook(book).sheetnames == ["Indikatoren", "Verlauf", "Erläuterung", "Katalog"]
    result = run("importcatalogue", INPUT=str(book), OUTPUT=str(back))
    assert back.read_bytes() == (RESOURCES / "catalogues" / "musterstadt.json").read_bytes()
    assert (result["INDICATORS"], result["ADDED"], result["REMOVED"], result["CHANGED"]) == (17, 0, 0, 0)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["k.json", "k.xlsx"]


def edited(tmp_path, cell, value):
    book = tmp_path / "k.xlsx"
    run("exportcatalogue", INPUT="musterstadt.json", OUTPUT=str(book))
    sheets = load_workbook(book)
    sheets["Indikatoren"][cell] = value
    sheets.save(book)
    return book


def test_changes_are_told_against_the_file_that_is_replaced(provider, german, tmp_path):
    back, log = tmp_path / "k.json", Log()
    back.write_bytes((RESOURCES / "catalogues" / "musterstadt.json").read_bytes())
    result = run("importcatalogue", log, INPUT=str(edited(tmp_path, "K2", "neutral")), OUTPUT=str(back))
    assert result["CHANGED"] == 1
    assert "1.1 Kinder in SGB-II-Bedarfsgemeinschaften, Hoher Wert ist: „ungünstig“ → „neutral“" in log.info
    assert "high_is\": \"neutral" not in back.read_text(encoding="utf-8")  # what is the default is left out
    result = run("importcatalogue", log, INPUT=str(tmp_path / "k.xlsx"), COMPARE="partizipationsindex.json",
                 OUTPUT=str(back))
    assert result["CHANGED"] > 10 and result["ADDED"] == 0


def test_a_wrong_cell_leaves_the_earlier_file_as_it_was(provider, german, tmp_path):
    from qgis.core import QgsProcessingException

    back = tmp_path / "k.json"
    back.write_text("earlier")
    book = edited(tmp_path, "K3", "gut")
    with pytest.raises(QgsProcessingException, match="„Indikatoren“, Zeile 3, Spalte „Hoher Wert ist“: „gut“ ist"):
        run("importcatalogue", INPUT=str(book), OUTPUT=str(back))
    assert back.read_text() == "earlier"
    log = Log()
    run("exportcatalogue", INPUT="musterstadt.json", OUTPUT=str(book))
    run("importcatalogue", log, INPUT=str(book), OUTPUT=str(back))
    assert log.warnings and "ist kein Indikatorenkatalog" in log.warnings[0]
    with pytest.raises(QgsProcessingException, match="ist nicht vorhanden"):
        run("importcatalogue", INPUT=str(tmp_path / "none.xlsx"), OUTPUT=str(back))


def test_the_catalogue_names_the_fields_of_the_result(provider, areas, recipe, tmp_path):
    from qgis.core import QgsVectorLayer

    result = run("computeindex", INPUT=areas, RECIPE=str(recipe), OUTPUT=str(tmp_path / "r.gpkg"))
    layer = QgsVectorLayer(result["OUTPUT"], "r", "ogr")
    position = layer.fields().lookupField("a")
    assert layer.attributeAlias(position) == "1.1 Armutsquote (%)"
    comment = "Wie viele sind arm? Calculation: 100 · Arme / Leute. Hoch ist \"schlecht\" [% 1 %]. Source: Amt."
    assert layer.fields().at(position).comment() in (comment, "")  # older GDAL keeps no comments


def test_the_map_tip_shows_names_values_and_gaps(provider, german, areas, recipe, tmp_path):
    from qgis.core import QgsExpression, QgsExpressionContext, QgsExpressionContextUtils, QgsVectorLayer

    result = run("computeindex", INPUT=areas, RECIPE=str(recipe), OUTPUT=str(tmp_path / "r.gpkg"))
    layer = QgsVectorLayer(result["OUTPUT"], "r", "ogr")
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    shown = {}
    for feature in layer.getFeatures():
        context.setFeature(feature)
        shown[feature["key"]] = QgsExpression.replaceExpressionText(layer.mapTipTemplate(), context)
    assert "<b>Nord</b>" in shown["01"] and "<td>-1,00 · gut</td>" in shown["01"]
    assert "1.1 Armutsquote</small></td><td><small>10,00 %</small>" in shown["01"]
    assert 'title="Hoch ist &quot;schlecht&quot; [ 1 ]."' in shown["01"]
    assert "<td>k. A. · k. A.</td>" in shown["03"] and "<small>k. A.</small>" in shown["03"]


def test_a_missing_catalogue_is_told_and_does_not_stop(provider, areas, recipe, tmp_path):
    from qgis.core import QgsVectorLayer

    (tmp_path / "katalog.json").unlink()
    log = Log()
    result = run("computeindex", log, INPUT=areas, RECIPE=str(recipe), OUTPUT=str(tmp_path / "r.gpkg"))
    layer = QgsVectorLayer(result["OUTPUT"], "r", "ogr")
    assert layer.attributeAlias(layer.fields().lookupField("a")) == "Armut"
    assert [text for text in log.warnings if "The catalogue “katalog” lies neither" in text]


def test_method_text_with_bounds_as_computed(provider, areas, recipe, tmp_path):
    from qgis.core import QgsVectorLayer

    computed = run("computeindex", INPUT=areas, RECIPE=str(recipe), OUTPUT=str(tmp_path / "r.gpkg"))
    layer = QgsVectorLayer(computed["OUTPUT"], "r", "ogr")
    page, plain = tmp_path / "m.html", tmp_path / "m.md"
    run("methodtext", RECIPE=str(recipe), RESULT=layer, OUTPUT=str(page), MARKDOWN=str(plain))
    text = plain.read_text(encoding="utf-8")
    assert text.startswith("# Methodik: Testindex\n\n## Datengrundlage\n\nGrundlage ist ein Indikator;")
    assert "| 1.1 | Armutsquote | Lage | 100\u202f% | ungünstig | % | Amt |" in text
    assert "| Klasse | Bezeichnung | Grenzen (Indexwert) |" in text and "| 1 | gut | bis 0 |" in text
    assert page.read_text(encoding="utf-8").startswith('<!DOCTYPE html>\n<html lang="de">')
    log = Log()
    run("methodtext", log, RECIPE="berlin_mss_2021.json", LANGUAGE=2, RESULT=layer, OUTPUT=str(page))
    assert "<h1>Method: Monitoring Soziale Stadtentwicklung Berlin 2021</h1>" in page.read_text(encoding="utf-8")
    assert "another recipe" in log.warnings[0]


def test_method_text_with_another_catalogue(provider, recipe, tmp_path):
    page = tmp_path / "m.html"
    run("methodtext", RECIPE=str(recipe), CATALOGUE=str(tmp_path / "katalog.json"), LANGUAGE=1, OUTPUT=str(page))
    assert "im Katalog „Testkatalog“ (Version 2)" in page.read_text(encoding="utf-8")


def test_every_shipped_recipe_finds_its_catalogue(provider, tmp_path):
    from teilhabe import paths
    from teilhabe.bridge.catalogue_texts import find_catalogue
    from teilhabe.core.recipe_reading import load_recipe

    folder = paths.resource("recipes")
    for path in sorted(folder.glob("*.json")):
        assert find_catalogue(load_recipe(path), folder).parent == paths.resource("catalogues"), path.name
    own = tmp_path / "berlin_mss_2021.json"
    own.write_bytes((folder / own.name).read_bytes())
    assert find_catalogue(load_recipe(own), tmp_path) == paths.resource("catalogues", own.name)
    own.write_bytes(paths.resource("catalogues", own.name).read_bytes())
    assert find_catalogue(load_recipe(folder / own.name), tmp_path) == own
