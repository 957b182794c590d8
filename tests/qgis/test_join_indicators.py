"""joinindicators as Processing runs it."""

import json
import sqlite3
import zipfile

import pytest

KEYS = ["0101", "0102", "0201", "0202"]
NAMES = ["Nord", "Süd", "Hafen", "Hafen"]
DISTRICTS = ["Mitte", "Mitte", "Ost", "West"]


def polygon(i):
    return f"POLYGON(({i} 0, {i + 1} 0, {i + 1} 1, {i} 1, {i} 0))"


def area_layer(keys=KEYS, crs="EPSG:25832", shapes=None):
    from qgis.core import QgsCoordinateReferenceSystem, QgsFeature, QgsGeometry, QgsVectorLayer

    source = "Polygon?field=key:string&field=name:string&field=district:string" + (f"&crs={crs}" if crs else "")
    layer = QgsVectorLayer(source, "Gebiete", "memory")
    if not crs:
        layer.setCrs(QgsCoordinateReferenceSystem())
    features = []
    for i, key in enumerate(keys):
        feature = QgsFeature(layer.fields())
        feature.setAttributes([key, NAMES[i], DISTRICTS[i]])
        feature.setGeometry(QgsGeometry.fromWkt((shapes or {}).get(i, polygon(i))))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    return layer


@pytest.fixture
def areas(provider, new_project):
    layer = area_layer()
    new_project.addMapLayer(layer)
    return layer


@pytest.fixture
def csv(tmp_path):
    path = tmp_path / "sozial.csv"
    path.write_bytes(
        "Nr;Gebiet;1.1 Kinder (%) 2024;1.1 Kinder (%) 2025;EW 2025\n"
        "101;Nord;10,5;11,5;1.000\n102;Süd;x;12,5;2.000\n0201;Hafen;9;(8,5);500\n;Gesamtstadt;10;11;3.500\n"
        .encode("cp1252"))
    return path


class Log:
    """Feedback that remembers what was said."""

    def __new__(cls):
        from qgis.core import QgsProcessingFeedback

        class Feedback(QgsProcessingFeedback):
            def __init__(self):
                super().__init__(False)
                self.infos, self.warnings = [], []

            def pushInfo(self, info):
                self.infos.append(info)

            def pushWarning(self, warning):
                self.warnings.append(warning)

        return Feedback()


def run(areas, target, feedback=None, **more):
    import processing

    return processing.run("teilhabe:joinindicators", {
        "INPUT": areas, "KEY_FIELD": "key", "OUTPUT": str(target), **more}, feedback=feedback or Log())


def read(source):
    from qgis.core import NULL, QgsVectorLayer

    layer = QgsVectorLayer(source, "x", "ogr")
    assert layer.isValid(), source
    names = [field.name() for field in layer.fields()]
    return layer, {f["key"]: {name: None if f[name] == NULL else f[name] for name in names} for f in layer.getFeatures()}


def error_of(call):
    from qgis.core import QgsProcessingException

    with pytest.raises(QgsProcessingException) as error:
        call()
    return str(error.value)


def test_parameters_and_outputs(provider):
    algorithm = provider.algorithm("joinindicators")
    assert [p.name() for p in algorithm.parameterDefinitions()] == [
        "INPUT", "KEY_FIELD", "NAME_FIELD", "TABLES", "FILES", "YEARS", "REPAIRS", "DUPLICATES", "TEXT_IN_NUMBERS",
        "SETTINGS", "OUTPUT", "REPORT"]
    assert {o.name() for o in algorithm.outputDefinitions()} == {
        "OUTPUT", "REPORT", "AREAS_JOINED", "AREAS_WITHOUT_ROW", "ROWS_JOINED", "ROWS_WITHOUT_AREA", "ROWS_DUPLICATE",
        "SUMMARY_ROWS", "REPAIRED", "FIELDS"}
    assert "Schlüssel" in algorithm.shortHelpString() or "keys" in algorithm.shortHelpString()


def test_join_of_a_file(areas, csv, tmp_path):
    result = run(areas, tmp_path / "out.gpkg", FILES=[str(csv)])
    layer, rows = read(result["OUTPUT"])
    assert rows["0101"] == {
        "fid": 1, "key": "0101", "name": "Nord", "district": "Mitte", "k1_1_2024": 10.5, "k1_1_2024_grund": None,
        "k1_1_2025": 11.5, "k1_1_2025_grund": None, "EW_2025": 1000}
    assert (rows["0102"]["k1_1_2024"], rows["0102"]["k1_1_2024_grund"]) == (None, "nicht sinnvoll")
    assert (rows["0201"]["k1_1_2025"], rows["0201"]["k1_1_2025_grund"]) == (8.5, "eingeschränkt")
    assert rows["0202"]["EW_2025"] is None
    assert {name: result[name] for name in result if name not in ("OUTPUT", "REPORT")} == {
        "AREAS_JOINED": 3, "AREAS_WITHOUT_ROW": 1, "ROWS_JOINED": 3, "ROWS_WITHOUT_AREA": 0, "ROWS_DUPLICATE": 0,
        "SUMMARY_ROWS": 1, "REPAIRED": 2, "FIELDS": 5}
    types = {field.name(): field.typeName() for field in layer.fields()}
    assert (types["key"], types["k1_1_2025"], types["EW_2025"], types["k1_1_2025_grund"]) == (
        "String", "Real", "Integer64", "String")
    index = layer.fields().lookupField("k1_1_2025")
    assert layer.attributeAlias(index) == "1.1 Kinder (%) 2025"


def test_geometry_and_crs_are_copied(areas, csv, tmp_path):
    result = run(areas, tmp_path / "out.gpkg", FILES=[str(csv)])
    layer, _ = read(result["OUTPUT"])
    assert layer.crs().authid() == "EPSG:25832"
    assert sorted(f.geometry().boundingBox().xMinimum() for f in layer.getFeatures()) == [0.0, 1.0, 2.0, 3.0]
    by_key = {f["key"]: f.geometry().boundingBox().xMinimum() for f in layer.getFeatures()}
    assert by_key == {"0101": 0.0, "0102": 1.0, "0201": 2.0, "0202": 3.0}


def test_role_and_record_stay_with_the_layer(areas, csv, tmp_path):
    import hashlib

    result = run(areas, tmp_path / "out.gpkg", FILES=[str(csv)], YEARS="2025")
    layer, _ = read(result["OUTPUT"])
    assert layer.customProperty("teilhabe/role") == "indicators"
    record = json.loads(layer.customProperty("teilhabe/provenance"))
    assert record["algorithm"] == "teilhabe:joinindicators"
    assert record["years"] == "2025"
    assert record["repairs"] == ["leading_zeros", "decimal_tail", "blanks", "dashes"]
    table = record["inputs"][1]
    assert table["sha256"] == hashlib.sha256(csv.read_bytes()).hexdigest()
    assert (table["file"], table["source"]["encoding"], table["source"]["separator"]) == ("sozial.csv", "cp1252", ";")
    assert str(tmp_path) not in json.dumps(record)


def test_log_names_what_needs_a_look(areas, csv, tmp_path):
    csv.write_text(csv.read_text("cp1252") + "4711;Umland;1;2;3\n0201;Hafen;1;2;3\n", "cp1252")
    log = Log()
    run(areas, tmp_path / "out.gpkg", log, FILES=[str(csv)])
    assert "sozial.csv: 1 rows have no area (rows 6)." in log.warnings
    assert "sozial.csv: 2 rows stand more than once (rows 4, 7)." in log.warnings
    assert "sozial.csv: 1 areas have no row (0202)." in log.warnings
    assert "sozial.csv: 2 keys repaired (leading zeros restored)." in log.infos


def test_repairs_that_are_not_accepted_are_not_used(areas, csv, tmp_path):
    log = Log()
    result = run(areas, tmp_path / "out.gpkg", log, FILES=[str(csv)], REPAIRS=[2])
    assert (result["AREAS_JOINED"], result["ROWS_WITHOUT_AREA"], result["REPAIRED"]) == (1, 2, 0)
    assert "sozial.csv: 2 of these rows would match with repairs that were not accepted." in log.warnings


def test_name_and_district_decide(areas, tmp_path):
    path = tmp_path / "namen.csv"
    path.write_text("Gebiet;Bezirk;A\nNord;Mitte;1\nHafen;West;2\nHafen;Ost;3\nSüd;;4\n", "utf-8")
    result = run(areas, tmp_path / "out.gpkg", FILES=[str(path)], REPAIRS=[5])
    assert [(key, row["A"]) for key, row in read(result["OUTPUT"])[1].items()] == [
        ("0101", 1), ("0102", 4), ("0201", 3), ("0202", 2)]


def test_settings(areas, csv, tmp_path):
    settings = {"tables": [{
        "table": "sozial.csv", "columns": [{"column": "1.1 Kinder (%) 2024", "role": "skip"},
                                           {"column": "EW 2025", "field": "leute", "unit": "Personen"}],
        "signs": [{"sign": "()", "reason": "kleine Zahl"}], "matches": {"0201": "0202"}}]}
    result = run(areas, tmp_path / "out.gpkg", FILES=[str(csv)], SETTINGS=json.dumps(settings))
    layer, rows = read(result["OUTPUT"])
    assert [f.name() for f in layer.fields()][4:] == ["k1_1_2025", "k1_1_2025_grund", "leute_2025"]
    assert (rows["0202"]["k1_1_2025"], rows["0202"]["k1_1_2025_grund"]) == (8.5, "kleine Zahl")
    assert layer.attributeAlias(layer.fields().lookupField("leute_2025")) == "EW 2025 (Personen)"


def test_table_of_the_project(areas, new_project, tmp_path):
    from qgis.core import QgsFeature, QgsVectorLayer

    table = QgsVectorLayer("NoGeometry?field=schluessel:string&field=S1:double&field=n:integer", "Zahlen", "memory")
    for values in (["0101", 1.5, 3], ["0202", None, 4]):
        feature = QgsFeature(table.fields())
        feature.setAttributes(values)
        table.dataProvider().addFeature(feature)
    new_project.addMapLayer(table)
    result = run(areas, tmp_path / "out.gpkg", TABLES=[table])
    rows = read(result["OUTPUT"])[1]
    assert [(row["S1"], row["n"]) for row in rows.values()] == [(1.5, 3), (None, None), (None, None), (None, 4)]


def test_a_csv_layer_is_read_from_its_file(areas, new_project, csv, tmp_path):
    from qgis.core import QgsVectorLayer

    table = QgsVectorLayer(str(csv), "sozial", "ogr")
    assert table.isValid()
    new_project.addMapLayer(table)
    result = run(areas, tmp_path / "out.gpkg", TABLES=[table])
    assert read(result["OUTPUT"])[1]["0101"]["k1_1_2025"] == 11.5
    delimited = QgsVectorLayer(csv.as_uri() + "?delimiter=;&encoding=cp1252", "sozial", "delimitedtext")
    new_project.addMapLayer(delimited)
    result = run(areas, tmp_path / "out2.gpkg", TABLES=[delimited])
    assert read(result["OUTPUT"])[1]["0101"]["EW_2025"] == 1000


def test_geopackage_table_as_file(areas, tmp_path):
    path = tmp_path / "tabellen.gpkg"
    with sqlite3.connect(path):
        pass
    path.unlink()
    from osgeo import gdal, ogr

    data = gdal.GetDriverByName("GPKG").Create(str(path), 0, 0, 0, gdal.GDT_Unknown)
    for name, keys in (("anderes", ["x", "y"]), ("zahlen", KEYS)):
        layer = data.CreateLayer(name, None, ogr.wkbNone)
        layer.CreateField(ogr.FieldDefn("k", ogr.OFTString))
        layer.CreateField(ogr.FieldDefn("S1", ogr.OFTReal))
        for i, key in enumerate(keys):
            feature = ogr.Feature(layer.GetLayerDefn())
            feature["k"], feature["S1"] = key, i + 0.5
            layer.CreateFeature(feature)
    layer = data = None
    result = run(areas, tmp_path / "out.gpkg", FILES=[str(path)])
    assert [row["S1"] for row in read(result["OUTPUT"])[1].values()] == [0.5, 1.5, 2.5, 3.5]
    from teilhabe.bridge.table_sources import sheets_of

    assert sheets_of(str(path)) == ("anderes", "zahlen")


def spreadsheet(path):
    """An ODS with a title, numbers and a percent cell."""
    def cell(value):
        if isinstance(value, (int, float)):
            return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
        if value is None:
            return "<table:table-cell/>"
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    def sheet(name, rows):
        lines = "".join("<table:table-row>" + "".join(map(cell, row)) + "</table:table-row>" for row in rows)
        return f'<table:table table:name="{name}">{lines}</table:table>'

    names = "".join(f' xmlns:{key}="urn:oasis:names:tc:opendocument:xmlns:{key}:1.0"' for key in ("office", "table", "text"))
    body = sheet("Hinweise", [["Nur Text", "steht", "hier"]]) + sheet("Daten", [
        ["Bericht 2025", None, None], [None, None, None], ["Nr", "Quote 2025", "Text"],
        [101, 1.234, "a"], ["0102", "–", "b"], ["0201", 12, "c"]])
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{names} '
                         f'office:version="1.2"><office:body><office:spreadsheet>{body}</office:spreadsheet>'
                         "</office:body></office:document-content>")
    return str(path)


def test_ods(areas, tmp_path):
    from teilhabe.bridge.table_sources import read_file, sheets_of

    path = spreadsheet(tmp_path / "zahlen.ods")
    table = read_file(path, frozenset(KEYS))
    assert (table.source.sheet, table.sheets, table.columns) == (
        "Daten", ("Hinweise", "Daten"), ("Nr", "Quote 2025", "Text"))
    assert table.row_numbers.tolist() == [4, 5, 6]
    assert sheets_of(path) == ("Hinweise", "Daten")
    result = run(areas, tmp_path / "out.gpkg", FILES=[path])
    assert [row["Quote_2025"] for row in read(result["OUTPUT"])[1].values()] == [1.234, 0.0, 12.0, None]


def test_damaged_ods(areas, tmp_path):
    path = tmp_path / "kaputt.ods"
    path.write_bytes(b"PK\x03\x04 broken")
    assert "kaputt.ods cannot be read as an OpenDocument spreadsheet" in error_of(
        lambda: run(areas, tmp_path / "out.gpkg", FILES=[str(path)]))


def test_report_page(areas, csv, tmp_path):
    csv.write_text(csv.read_text("cp1252") + "<b>x</b>;Umland;1;2;3\n", "cp1252")
    page = tmp_path / "abgleich.html"
    result = run(areas, tmp_path / "out.gpkg", FILES=[str(csv)], REPORT=str(page))
    assert result["REPORT"] == str(page)
    html = page.read_text("utf-8")
    assert "<title>Join report: Gebiete</title>" in html
    assert "3 / 4</b>areas joined" in html
    assert "&lt;b&gt;x&lt;/b&gt;" in html
    assert "<b>x</b>" not in html
    assert "Gesamtstadt" in html
    assert "http" not in html
    assert list(tmp_path.glob("*.tmp")) == []


def test_report_in_german(german, areas, csv, tmp_path):
    page = tmp_path / "abgleich.html"
    run(areas, tmp_path / "out.gpkg", FILES=[str(csv)], REPORT=str(page))
    html = page.read_text("utf-8")
    assert '<html lang="de">' in html
    assert "<title>Abgleich: Gebiete</title>" in html
    assert "3 / 4</b>Gebiete zugeordnet" in html
    assert "führende Nullen ergänzt" in html
    assert "3.500" in html


def test_every_text_of_the_report_is_known_to_the_translation(qgis_app):
    import re

    from teilhabe import paths
    from teilhabe.bridge.join_report_html import TEXTS

    template = paths.resource("reports", "join_report.html").read_text("utf-8")
    assert set(re.findall(r'tr\("([^"]*)"', template)) == set(TEXTS)


def test_errors_in_german(german, areas, tmp_path):
    message = error_of(lambda: run(areas, tmp_path / "out.gpkg", FILES=[str(tmp_path / "weg.csv")]))
    assert "weg.csv ist nicht vorhanden. Wurde die Datei verschoben oder umbenannt?" in message


@pytest.mark.parametrize(("keys", "message"), [
    (["0101", None, "0201", "0202"], "The key field “key” is empty in 1 areas (feature ids 2)."),
    (["0101", "0102", "0201", "0201"], "The key field “key” is not unique: 2 areas share a key, for example “0201” "
                                      "(feature ids 3, 4)."),
])
def test_key_field_with_gaps_or_repeats(provider, new_project, csv, tmp_path, keys, message):
    layer = area_layer(keys)
    new_project.addMapLayer(layer)
    assert message in error_of(lambda: run(layer, tmp_path / "out.gpkg", FILES=[str(csv)]))
    assert not (tmp_path / "out.gpkg").exists()


def test_layer_without_crs_and_with_invalid_polygons(provider, new_project, csv, tmp_path):
    bow_tie = "POLYGON((1 0, 2 1, 2 0, 1 1, 1 0))"
    layer = area_layer(crs="", shapes={1: bow_tie, 3: "POLYGON EMPTY"})
    new_project.addMapLayer(layer)
    log = Log()
    result = run(layer, tmp_path / "out.gpkg", log, FILES=[str(csv)])
    assert result["AREAS_JOINED"] == 3
    assert any("“Gebiete” has no coordinate reference system" in warning for warning in log.warnings)
    assert any(warning.startswith("1 areas have invalid polygons (0102).") for warning in log.warnings)
    assert any(warning.startswith("1 areas have no polygon (0202)") for warning in log.warnings)


def test_text_in_a_number_column(areas, csv, tmp_path):
    csv.write_text(csv.read_text("cp1252").replace("12,5", "viel"), "cp1252")
    message = error_of(lambda: run(areas, tmp_path / "out.gpkg", FILES=[str(csv)]))
    assert "sozial.csv: 1 cells in number columns hold text (row, column: “value”): 3, 1.1 Kinder (%) 2025: “viel”." in message
    result = run(areas, tmp_path / "out.gpkg", FILES=[str(csv)], TEXT_IN_NUMBERS=1)
    assert read(result["OUTPUT"])[1]["0102"]["k1_1_2025_grund"] == "Text statt Zahl"


def test_no_table_is_chosen(areas, tmp_path):
    assert "Choose at least one table of the project or one table file." in error_of(
        lambda: run(areas, tmp_path / "out.gpkg"))


def test_settings_that_are_wrong(areas, csv, tmp_path):
    assert "SETTINGS, $: “tabels” is not known here. Is “tables” meant?" in error_of(
        lambda: run(areas, tmp_path / "out.gpkg", FILES=[str(csv)], SETTINGS='{"tabels": []}'))


def test_earlier_result_survives_a_failure_and_a_cancel(areas, csv, tmp_path):
    target, page = tmp_path / "out.gpkg", tmp_path / "abgleich.html"
    run(areas, target, FILES=[str(csv)], REPORT=str(page))
    before, page_before = target.read_bytes(), page.read_bytes()
    broken = tmp_path / "leer.csv"
    broken.write_text("", "utf-8")
    assert "leer.csv is empty (0 bytes)." in error_of(
        lambda: run(areas, target, FILES=[str(csv), str(broken)], REPORT=str(page)))
    log = Log()
    log.cancel()
    assert "Cancelled by the user. Nothing was written." in error_of(
        lambda: run(areas, target, log, FILES=[str(csv)], REPORT=str(page)))
    assert (target.read_bytes(), page.read_bytes()) == (before, page_before)
    assert {path.name for path in tmp_path.iterdir()} == {"out.gpkg", "abgleich.html", "sozial.csv", "leer.csv"}


def test_report_in_a_folder_that_cannot_be_written(areas, csv, tmp_path):
    message = error_of(lambda: run(areas, tmp_path / "out.gpkg", FILES=[str(csv)], REPORT=str(tmp_path / "weg" / "a.html")))
    assert "does not exist" in message or "a.html" in message


def test_missing_package_is_named(areas, csv, tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "openpyxl", None)
    book = tmp_path / "a.xlsx"
    book.write_bytes(b"PK\x03\x04")
    message = error_of(lambda: run(areas, tmp_path / "out.gpkg", FILES=[str(book)]))
    assert "The Python package “openpyxl” is missing in this QGIS." in message
