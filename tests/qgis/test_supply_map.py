"""The supply map: categories, numbers, rough and missing places, measures, lists, the printed page."""
import re
import subprocess
from pathlib import Path

import openpyxl
import pytest

from .dialog_helpers import indicator_layer

#: name, type, places, x, y, radius, grade; areas are squares of 1 km from 500 000 on
OFFERS = (
    ("Kita Sonne", "Kita", 100, 500100, 5700100, 0, 1), ("Kita Mond", "Kita", 25, 500100, 5700100, 0, 1),
    ("Kita Stern", "Kita", None, 501500, 5700500, 400, 5), ("Tafel", "Tafel", 50, 501600, 5700500, 0, 1),
    ("=Praxis(1)", "Kinderarzt", 100, 500900, 5700900, 0, 2), ("Verloren", "Kita", 30, None, None, None, 7),
    ("Draußen", "Kita", 30, 499000, 5700500, 0, 1),
)
PROJECTS = """Nr;Maßnahme;Handlungsfeld;Gebiet;Zielgruppe;Beginn;Ende;Träger;Stand
1;Frühe Hilfen;Gesundheitsförderung;01, Mitte;Familien;01.03.2024;31.12.2027;Gesundheitsamt;
2;Mietberatung;Wohnen;2;alle;2023;2024;Sozialamt;
3;Sprachbrücke;Bildung;Nordpol;alle;2024;2026;VHS;geplant
"""


def offers_layer(project, rows=OFFERS):
    from qgis.core import QgsFeature, QgsGeometry, QgsPointXY, QgsVectorLayer
    from teilhabe.bridge.project import set_role

    layer = QgsVectorLayer("Point?crs=EPSG:25832&field=Name:string&field=Angebotsart:string&field=Plätze:integer&"
                           "field=adr_radius:double&field=adr_stufe:integer", "Angebote", "memory")
    for name, kind, places, x, y, radius, grade in rows:
        feature = QgsFeature(layer.fields())
        feature.setAttributes([name, kind, places, radius, grade])
        if x is not None:
            feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(x, y)))
        layer.dataProvider().addFeature(feature)
    layer.updateExtents()
    set_role(layer, "offers")
    project.addMapLayer(layer)
    return layer


def projects_layer(folder):
    from qgis.core import QgsVectorLayer

    path = Path(folder, "massnahmen.csv")
    path.write_text(PROJECTS, encoding="utf-8")
    layer = QgsVectorLayer(f"{path.as_uri()}?type=csv&delimiter=;&geomType=none&detectTypes=no", "Maßnahmen",
                           "delimitedtext")
    assert layer.isValid() and layer.featureCount() == 3
    return layer


def run_map(project, folder, **parameters):
    import processing
    from qgis.core import QgsVectorLayer

    given = {"INPUT": offers_layer(project), "AREAS": indicator_layer(project), "DATE": "2025-12-31",
             "OUTPUT": f"ogr:dbname='{folder / 'k.gpkg'}' table=\"karte\" (geom)", **parameters}
    results = processing.run("teilhabe:supplymap", given)
    return results, QgsVectorLayer(results["OUTPUT"], "karte", "ogr")


def rows_of(layer):
    from qgis.core import NULL

    names = [field.name() for field in layer.fields()]
    return [{name: None if value == NULL else value for name, value in zip(names, feature.attributes())}
            for feature in layer.getFeatures()]


def pages(path):
    return subprocess.run(["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True,
                          text=True).stdout.split("\f")[:-1]


@pytest.fixture
def made(provider, new_project, german, tmp_path):
    return run_map(new_project, tmp_path, PROJECTS=projects_layer(tmp_path), OUTPUT_PDF=str(tmp_path / "a.pdf"),
                   LIST_XLSX=str(tmp_path / "l.xlsx"), LIST_HTML=str(tmp_path / "l.html"))


def test_every_row_is_on_the_map_or_in_the_list(made):
    results, layer = made
    rows = rows_of(layer)
    assert {name: results[name] for name in ("OFFERS", "MEASURES", "ROUGH", "NOT_PLACED")} == {
        "OFFERS": 6, "MEASURES": 2, "ROUGH": 1, "NOT_PLACED": 2}
    assert len(rows) == 7 + 4  # one measure stands in two areas
    lost = [row["name"] for row in rows if row["nr_karte"] is None]
    assert lost == ["Verloren", "Sprachbrücke"]
    assert [row["lage"] for row in rows if row["name"] == "Kita Stern"] == ["ungefähr bekannt"]
    assert sum(feature.geometry().isNull() for feature in layer.getFeatures()) == 2


def test_numbers_follow_area_and_category_and_measures_come_last(made):
    rows = [row for row in rows_of(made[1]) if row["nr_karte"]]
    assert [(row["nr_karte"], row["name"]) for row in rows] == [
        (1, "=Praxis(1)"), (2, "Kita Mond"), (3, "Kita Sonne"), (4, "Kita Stern"), (5, "Tafel"), (6, "Draußen"),
        (7, "Frühe Hilfen"), (7, "Frühe Hilfen"), (8, "Mietberatung")]
    assert [row["gebiet"] for row in rows[:6]] == ["Nord", "Nord", "Nord", "Süd", "Süd", None]
    assert rows[6]["gebiet"] == "Nord, Mitte"


def test_the_area_of_a_symbol_is_in_proportion_to_its_places(made):
    size = {row["name"]: row["groesse"] for row in rows_of(made[1])}
    assert size["Kita Sonne"] == 6.5  # 100 places, the ninth tenth
    assert size["Tafel"] ** 2 / size["Kita Sonne"] ** 2 == pytest.approx(0.5, abs=0.01)
    assert size["Kita Mond"] ** 2 / size["Kita Sonne"] ** 2 == pytest.approx(0.25, abs=0.01)


def test_states_follow_the_period_or_what_is_stated(made):
    states = {row["name"]: row["zustand"] for row in rows_of(made[1]) if row["art"] == "Maßnahme"}
    assert states == {"Frühe Hilfen": "läuft", "Mietberatung": "beendet", "Sprachbrücke": "geplant"}
    reason = next(row["hinweis"] for row in rows_of(made[1]) if row["name"] == "Sprachbrücke")
    assert reason == "Kein Gebiet der Karte: Nordpol"


def test_the_workbook_has_no_formula_and_every_row(made):
    book = openpyxl.load_workbook(made[0]["LIST_XLSX"])
    assert book.sheetnames == ["Angebote", "Maßnahmen und Projekte", "Ohne Ort auf der Karte"]
    cells = [[cell.value for cell in row] for row in book["Angebote"].iter_rows()]
    assert cells[0][:3] == ["Nr.", "Name", "Kategorie"]
    assert cells[1][:2] == [1, "'=Praxis(1)"]
    assert [len(list(book[name].iter_rows())) - 1 for name in book.sheetnames] == [6, 2, 2]
    page = Path(made[0]["LIST_HTML"]).read_text(encoding="utf-8")
    assert page.count("<tr>") == 6 + 2 + 2 + 3


def test_the_pdf_has_map_legend_and_list(made):
    page, listed = pages(made[0]["OUTPUT_PDF"])
    for text in ("Kita · 4", "Tafel · 1", "Ort nur ungefähr bekannt · 1", "100 und mehr Plätze", "Maßnahme: läuft · 1",
                 "Maßnahme: beendet · 1", "Ohne Ort auf der Karte: 2", "Platzzahl unbekannt · 3"):
        assert text in page, text
    assert re.search(r"Kita Sonne\s+Kita", listed)
    assert "Mietberatung" in listed and "Nordpol" in listed
    images = subprocess.run(["pdfimages", "-list", made[0]["OUTPUT_PDF"]], check=True, capture_output=True, text=True)
    assert len(images.stdout.strip().splitlines()) == 2  # only the heading: everything is vectors


def test_the_original_is_not_changed_and_the_layout_stays_in_the_project(new_project, provider, german, tmp_path):
    offers = offers_layer(new_project)
    before = [feature.attributes() for feature in offers.getFeatures()], offers.fields().names()
    results, _layer = run_map(new_project, tmp_path, INPUT=offers, TITLE="Was es gibt", PAGE=2)
    assert ([feature.attributes() for feature in offers.getFeatures()], offers.fields().names()) == before
    layout = new_project.layoutManager().layoutByName(results["LAYOUT"])
    assert results["LAYOUT"] == "Was es gibt" and layout.pageCollection().pageCount() == 2
    assert [layer.name() for layer in new_project.mapLayers().values()].count("Angebotskarte") == 1


@pytest.mark.parametrize(("overlap", "kind"), [(0, "pointDisplacement"), (1, "pointCluster"), (2, "RuleRenderer")])
def test_overlapping_symbols_as_chosen(provider, new_project, german, tmp_path, overlap, kind):
    _results, layer = run_map(new_project, tmp_path, OVERLAP=overlap, OUTPUT_PDF=str(tmp_path / "a.pdf"))
    assert layer.renderer().type() == kind
    assert len(pages(tmp_path / "a.pdf")) == 2


def test_categories_by_field_of_action_with_a_table_of_ones_own(provider, new_project, german, tmp_path):
    _results, layer = run_map(new_project, tmp_path, CATEGORY=2, FIELDS_OF_ACTION="Kita = Frühe Bildung")
    assert {row["kategorie"] for row in rows_of(layer)} == {"Frühe Bildung", "Existenzsicherung",
                                                            "Gesundheitsförderung"}


def test_rare_categories_are_gathered(provider, new_project, german, tmp_path):
    _results, layer = run_map(new_project, tmp_path, MOST=1)
    assert {row["kategorie"] for row in rows_of(layer)} == {"Kita", "Sonstige"}


def test_nothing_to_print_is_said(provider, new_project, german, tmp_path):
    results, layer = run_map(new_project, tmp_path, INPUT=offers_layer(new_project, OFFERS[5:6]))
    assert results["NOT_PLACED"] == 1 and "LAYOUT" not in results
    assert layer.featureCount() == 1


def test_without_areas(provider, new_project, german, tmp_path):
    import processing

    results = processing.run("teilhabe:supplymap", {
        "INPUT": offers_layer(new_project), "OUTPUT": "TEMPORARY_OUTPUT", "OUTPUT_PDF": str(tmp_path / "a.pdf")})
    assert results["OFFERS"] == 6 and "Kita · 4" in pages(tmp_path / "a.pdf")[0]


@pytest.mark.parametrize(("parameters", "message"), [
    ({"DATE": "gestern"}, "„gestern“ ist kein Datum"), ({"SMALLEST": 9.0}, "größer als das größte"),
    ({"FIELDS_OF_ACTION": "Kita"}, "Angebotsart = Handlungsfeld"), ({"LIST_XLSX": "/tmp/liste.csv"}, "Arbeitsmappe")])
def test_faults_are_told(provider, new_project, german, tmp_path, parameters, message):
    from qgis.core import QgsProcessingException

    with pytest.raises(QgsProcessingException, match=message):
        run_map(new_project, tmp_path, **parameters)


def test_places_that_are_no_number_above_0_are_told(provider, new_project, tmp_path):
    import processing
    from qgis.core import QgsProcessingFeedback

    rows = [(*row[:2], -5, *row[3:]) if row[0] == "Tafel" else row for row in OFFERS]
    lines = []

    class Feedback(QgsProcessingFeedback):
        def pushInfo(self, info):
            lines.append(info)

        def pushWarning(self, warning):
            lines.append(warning)

    processing.run("teilhabe:supplymap", {
        "INPUT": offers_layer(new_project, rows), "AREAS": indicator_layer(new_project), "DATE": "2025-12-31",
        "OUTPUT": f"ogr:dbname='{tmp_path / 'k.gpkg'}' table=\"karte\" (geom)"}, feedback=Feedback())
    assert any("1 offers are no number above 0" in line and "Tafel (“-5" in line for line in lines)


def test_coordinates_that_do_not_fit_name_layer_and_row(provider, new_project, tmp_path):
    from qgis.core import QgsCoordinateReferenceSystem, QgsProcessingException

    layer = offers_layer(new_project, [OFFERS[0], (*OFFERS[1][:3], 1e30, 1e30, 0, 1)])
    layer.setCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    with pytest.raises(QgsProcessingException, match="“Angebote”, row 1.*EPSG:4326"):
        run_map(new_project, tmp_path, INPUT=layer)
