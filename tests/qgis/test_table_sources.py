"""Tables that joinindicators reads from projects, databases and spreadsheets."""

import zipfile

import pytest

from .join_helpers import KEYS, error_of, four_areas, read, run, social_table


@pytest.fixture
def areas(provider, new_project):
    return four_areas(new_project)


@pytest.fixture
def csv(tmp_path):
    return social_table(tmp_path)


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
            number = f'office:value-type="float" office:value="{value}"'
            return f"<table:table-cell {number}><text:p>{value}</text:p></table:table-cell>"
        if value is None:
            return "<table:table-cell/>"
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    def sheet(name, rows):
        lines = "".join("<table:table-row>" + "".join(map(cell, row)) + "</table:table-row>" for row in rows)
        return f'<table:table table:name="{name}">{lines}</table:table>'

    names = "".join(
        f' xmlns:{key}="urn:oasis:names:tc:opendocument:xmlns:{key}:1.0"' for key in ("office", "table", "text")
    )
    body = sheet("Hinweise", [["Nur Text", "steht", "hier"]]) + sheet(
        "Daten",
        [
            ["Bericht 2025", None, None],
            [None, None, None],
            ["Nr", "Quote 2025", "Text"],
            [101, 1.234, "a"],
            ["0102", "–", "b"],
            ["0201", 12, "c"],
        ],
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{names} '
            f'office:version="1.2"><office:body><office:spreadsheet>{body}</office:spreadsheet>'
            "</office:body></office:document-content>",
        )
    return str(path)


def test_ods(areas, tmp_path):
    from teilhabe.bridge.table_sources import read_file, sheets_of

    path = spreadsheet(tmp_path / "zahlen.ods")
    table = read_file(path, frozenset(KEYS))
    assert (table.source.sheet, table.sheets, table.columns) == (
        "Daten",
        ("Hinweise", "Daten"),
        ("Nr", "Quote 2025", "Text"),
    )
    assert table.row_numbers.tolist() == [4, 5, 6]
    assert sheets_of(path) == ("Hinweise", "Daten")
    result = run(areas, tmp_path / "out.gpkg", FILES=[path])
    assert [row["quote_2025"] for row in read(result["OUTPUT"])[1].values()] == [1.234, 0.0, 12.0, None]


def test_damaged_ods(areas, tmp_path):
    path = tmp_path / "kaputt.ods"
    path.write_bytes(b"PK\x03\x04 broken")
    assert "kaputt.ods cannot be read as an OpenDocument spreadsheet" in error_of(
        lambda: run(areas, tmp_path / "out.gpkg", FILES=[str(path)])
    )
