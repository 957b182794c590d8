"""joinindicators as Processing runs it."""

import json

import pytest

from .join_helpers import Log, area_layer, error_of, four_areas, read, run, social_table


@pytest.fixture
def areas(provider, new_project):
    return four_areas(new_project)


@pytest.fixture
def csv(tmp_path):
    return social_table(tmp_path)


def test_parameters_and_outputs(provider):
    algorithm = provider.algorithm("joinindicators")
    assert [p.name() for p in algorithm.parameterDefinitions()] == [
        "INPUT",
        "KEY_FIELD",
        "NAME_FIELD",
        "TABLES",
        "FILES",
        "YEARS",
        "REPAIRS",
        "DUPLICATES",
        "TEXT_IN_NUMBERS",
        "SETTINGS",
        "OUTPUT",
        "REPORT",
    ]
    assert {o.name() for o in algorithm.outputDefinitions()} == {
        "OUTPUT",
        "REPORT",
        "AREAS_JOINED",
        "AREAS_WITHOUT_ROW",
        "ROWS_JOINED",
        "ROWS_WITHOUT_AREA",
        "ROWS_DUPLICATE",
        "SUMMARY_ROWS",
        "REPAIRED",
        "FIELDS",
    }
    assert "Schlüssel" in algorithm.shortHelpString() or "keys" in algorithm.shortHelpString()


def test_join_of_a_file(areas, csv, tmp_path):
    result = run(areas, tmp_path / "out.gpkg", FILES=[str(csv)])
    layer, rows = read(result["OUTPUT"])
    assert rows["0101"] == {
        "fid": 1,
        "key": "0101",
        "name": "Nord",
        "district": "Mitte",
        "k1_1_2024": 10.5,
        "k1_1_2024_grund": None,
        "k1_1_2025": 11.5,
        "k1_1_2025_grund": None,
        "EW_2025": 1000,
    }
    assert (rows["0102"]["k1_1_2024"], rows["0102"]["k1_1_2024_grund"]) == (None, "nicht sinnvoll")
    assert (rows["0201"]["k1_1_2025"], rows["0201"]["k1_1_2025_grund"]) == (8.5, "eingeschränkt")
    assert rows["0202"]["EW_2025"] is None
    assert {name: result[name] for name in result if name not in ("OUTPUT", "REPORT")} == {
        "AREAS_JOINED": 3,
        "AREAS_WITHOUT_ROW": 1,
        "ROWS_JOINED": 3,
        "ROWS_WITHOUT_AREA": 0,
        "ROWS_DUPLICATE": 0,
        "SUMMARY_ROWS": 1,
        "REPAIRED": 2,
        "FIELDS": 5,
    }
    types = {field.name(): field.typeName() for field in layer.fields()}
    assert (types["key"], types["k1_1_2025"], types["EW_2025"], types["k1_1_2025_grund"]) == (
        "String",
        "Real",
        "Integer64",
        "String",
    )
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
        ("0101", 1),
        ("0102", 4),
        ("0201", 3),
        ("0202", 2),
    ]


def test_settings(areas, csv, tmp_path):
    settings = {
        "tables": [
            {
                "table": "sozial.csv",
                "columns": [
                    {"column": "1.1 Kinder (%) 2024", "role": "skip"},
                    {"column": "EW 2025", "field": "leute", "unit": "Personen"},
                ],
                "signs": [{"sign": "()", "reason": "kleine Zahl"}],
                "matches": {"0201": "0202"},
            }
        ]
    }
    result = run(areas, tmp_path / "out.gpkg", FILES=[str(csv)], SETTINGS=json.dumps(settings))
    layer, rows = read(result["OUTPUT"])
    assert [f.name() for f in layer.fields()][4:] == ["k1_1_2025", "k1_1_2025_grund", "leute_2025"]
    assert (rows["0202"]["k1_1_2025"], rows["0202"]["k1_1_2025_grund"]) == (8.5, "kleine Zahl")
    assert layer.attributeAlias(layer.fields().lookupField("leute_2025")) == "EW 2025 (Personen)"


def test_errors_in_german(german, areas, tmp_path):
    message = error_of(lambda: run(areas, tmp_path / "out.gpkg", FILES=[str(tmp_path / "weg.csv")]))
    assert "weg.csv ist nicht vorhanden. Wurde die Datei verschoben oder umbenannt?" in message


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (["0101", None, "0201", "0202"], "The key field “key” is empty in 1 areas (feature ids 2)."),
        (
            ["0101", "0102", "0201", "0201"],
            "The key field “key” is not unique: 2 areas share a key, for example “0201” (feature ids 3, 4).",
        ),
    ],
)
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
    assert (
        "sozial.csv: 1 cells in number columns hold text (row, column: “value”): 3, 1.1 Kinder (%) 2025: “viel”."
        in message
    )
    result = run(areas, tmp_path / "out.gpkg", FILES=[str(csv)], TEXT_IN_NUMBERS=1)
    assert read(result["OUTPUT"])[1]["0102"]["k1_1_2025_grund"] == "Text statt Zahl"


def test_no_table_is_chosen(areas, tmp_path):
    assert "Choose at least one table of the project or one table file." in error_of(
        lambda: run(areas, tmp_path / "out.gpkg")
    )


def test_settings_that_are_wrong(areas, csv, tmp_path):
    assert "SETTINGS, $: “tabels” is not known here. Is “tables” meant?" in error_of(
        lambda: run(areas, tmp_path / "out.gpkg", FILES=[str(csv)], SETTINGS='{"tabels": []}')
    )


def test_earlier_result_survives_a_failure_and_a_cancel(areas, csv, tmp_path):
    target, page = tmp_path / "out.gpkg", tmp_path / "abgleich.html"
    run(areas, target, FILES=[str(csv)], REPORT=str(page))
    before, page_before = target.read_bytes(), page.read_bytes()
    broken = tmp_path / "leer.csv"
    broken.write_text("", "utf-8")
    assert "leer.csv is empty (0 bytes)." in error_of(
        lambda: run(areas, target, FILES=[str(csv), str(broken)], REPORT=str(page))
    )
    log = Log()
    log.cancel()
    assert "Cancelled by the user. Nothing was written." in error_of(
        lambda: run(areas, target, log, FILES=[str(csv)], REPORT=str(page))
    )
    assert (target.read_bytes(), page.read_bytes()) == (before, page_before)
    assert {path.name for path in tmp_path.iterdir()} == {"out.gpkg", "abgleich.html", "sozial.csv", "leer.csv"}


def test_missing_package_is_named(areas, csv, tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "openpyxl", None)
    book = tmp_path / "a.xlsx"
    book.write_bytes(b"PK\x03\x04")
    message = error_of(lambda: run(areas, tmp_path / "out.gpkg", FILES=[str(book)]))
    assert "The Python package “openpyxl” is missing in this QGIS." in message
