"""Results never take the place of what is read, and targets are refused before anything is computed."""

import hashlib

import pytest

from .join_helpers import area_layer, error_of, four_areas, read, run, social_table


@pytest.fixture
def areas(provider, new_project):
    return four_areas(new_project)


def in_geopackage(folder, table="gebiete"):
    from qgis.core import QgsCoordinateTransformContext, QgsVectorFileWriter, QgsVectorLayer

    path = folder / "stadt.gpkg"
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.layerName = table
    QgsVectorFileWriter.writeAsVectorFormatV3(area_layer(), str(path), QgsCoordinateTransformContext(), options)
    layer = QgsVectorLayer(f"{path}|layername={table}", "Gebiete", "ogr")
    assert layer.isValid()
    return path, layer


def fingerprint(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("table", "target"),
    [
        ("gebiete", "ogr:dbname='{path}' table=\"gebiete\" (geom)"),
        ("gebiete", "{path}|layername=gebiete"),
        ("Indicators", "{path}"),
    ],
)
def test_the_area_layer_is_not_overwritten(provider, new_project, tmp_path, table, target):
    path, layer = in_geopackage(tmp_path, table)
    before = fingerprint(path)
    message = error_of(lambda: run(layer, target.format(path=path), FILES=[str(social_table(tmp_path))]))
    assert f"{path} is read in this run and cannot take the result at the same time" in message
    assert fingerprint(path) == before


def test_another_table_of_the_same_geopackage(provider, new_project, tmp_path):
    path, layer = in_geopackage(tmp_path)
    result = run(layer, f"ogr:dbname='{path}' table=\"neu\" (geom)", FILES=[str(social_table(tmp_path))])
    assert read(result["OUTPUT"])[1]["0101"]["k1_1_2025"] == 11.5
    assert set(read(f"{path}|layername=gebiete")[1]["0101"]) == {"fid", "key", "name", "district"}


def test_a_table_file_is_not_overwritten(areas, tmp_path):
    csv = social_table(tmp_path)
    before = csv.read_bytes()
    message = error_of(lambda: run(areas, csv, FILES=[str(csv)]))
    assert message.startswith(f"{csv} is read in this run")
    assert csv.read_bytes() == before


def test_a_table_of_the_project_is_not_overwritten(areas, new_project, tmp_path):
    from qgis.core import QgsVectorLayer

    csv = social_table(tmp_path)
    layer = QgsVectorLayer(str(csv), "sozial", "ogr")
    new_project.addMapLayer(layer)
    assert "is read in this run" in error_of(lambda: run(areas, csv, TABLES=[layer]))


def test_file_with_a_bar_in_its_name(areas, tmp_path):
    csv = social_table(tmp_path).rename(tmp_path / "sozial|2025.csv")
    result = run(areas, tmp_path / "out.gpkg", FILES=[str(csv)])
    assert result["ROWS_JOINED"] == 3


def test_more_columns_than_a_geopackage_holds(areas, tmp_path):
    names = ";".join(f"I{i}" for i in range(2000))
    (tmp_path / "viel.csv").write_text(f"Nr;{names}\n" + "".join(f"{key}{';1' * 2000}\n" for key in ("0101", "0102")))
    message = error_of(lambda: run(areas, tmp_path / "out.gpkg", FILES=[str(tmp_path / "viel.csv")]))
    assert message.startswith(f"{tmp_path / 'out.gpkg'}: a GeoPackage holds 1998 columns at most, and there are 2003.")
    assert not (tmp_path / "out.gpkg").exists()


def test_renamed_fields_are_named(areas, tmp_path):
    from .join_helpers import Log

    first, log = social_table(tmp_path), Log()
    second = tmp_path / "zwei.csv"
    second.write_text("Nr;EW 2025\n0101;7\n")
    run(areas, tmp_path / "out.gpkg", log, FILES=[str(first), str(second)])
    assert (
        "zwei.csv: the field “EW_2025” is called “EW_2025_2”: “sozial.csv” has a field of this name with other values."
        in log.warnings
    )


def test_text_in_numbers_is_quoted_in_german(areas, tmp_path, german):
    (tmp_path / "t.csv").write_text("Nr;A\n0101;1\n0102;zwei\n0201;3\n0202;4\n")
    message = error_of(lambda: run(areas, tmp_path / "out.gpkg", FILES=[str(tmp_path / "t.csv")]))
    assert "(Zeile, Spalte: „Wert“): 3, A: „zwei“." in message
    assert "“zwei”" not in message


@pytest.mark.parametrize("name", ["(2025) Index", "<b>Index</b>", "[% 1 %]"])
def test_table_names_that_gdal_refuses(name):
    from teilhabe.bridge.destination import parse

    table = parse("/x/a.gpkg", name).table
    assert table == name.lstrip("(<[% ")


RECIPE = {
    "format": "teilhabe-recipe/1",
    "id": "t",
    "title": "Test",
    "area_key": "key",
    "indicators": [{"id": "x", "title": "x"}],
    "indices": [{"id": "ix", "title": "Index", "children": [{"indicator": "x"}]}],
}


@pytest.fixture
def indicators(provider, new_project, tmp_path):
    """Return a layer of four areas with the indicator x in a GeoPackage, and a recipe for it."""
    import json

    from qgis.core import QgsVectorLayer

    (tmp_path / "x.csv").write_text("Nr;x\n0101;1\n0102;2\n0201;3\n0202;5\n")
    result = run(area_layer(), tmp_path / "ein.gpkg", FILES=[str(tmp_path / "x.csv")])
    (tmp_path / "rezept.json").write_text(json.dumps(RECIPE))
    return QgsVectorLayer(result["OUTPUT"], "Indikatoren", "ogr"), tmp_path / "rezept.json"


def compute(layer, recipe, **targets):
    import processing

    return processing.run(
        "teilhabe:computeindex",
        {"INPUT": layer, "RECIPE": str(recipe), **{name: str(target) for name, target in targets.items()}},
    )


def test_the_indicators_are_not_overwritten_by_the_index(indicators, tmp_path):
    layer, recipe = indicators
    before = fingerprint(tmp_path / "ein.gpkg")
    target = f"ogr:dbname='{tmp_path / 'ein.gpkg'}' table=\"Indicators\" (geom)"
    assert "is read in this run" in error_of(lambda: compute(layer, recipe, OUTPUT=target))
    assert fingerprint(tmp_path / "ein.gpkg") == before


def test_two_results_in_one_table_are_refused(indicators, tmp_path):
    layer, recipe = indicators
    for target in (tmp_path / "x1.csv", f"{tmp_path / 'x1.gpkg'}|layername=a"):
        message = error_of(lambda target=target: compute(layer, recipe, OUTPUT=target, VALUES=target))
        assert "is chosen for two results" in message
    result = compute(layer, recipe, OUTPUT=tmp_path / "x1.gpkg", VALUES=tmp_path / "x1.gpkg")
    assert result["OUTPUT"] != result["VALUES"]


def test_nothing_is_written_when_one_target_cannot_be(indicators, tmp_path):
    layer, recipe = indicators
    earlier = tmp_path / "index.gpkg"
    compute(layer, recipe, OUTPUT=earlier)
    before = fingerprint(earlier)
    message = error_of(lambda: compute(layer, recipe, OUTPUT=earlier, VALUES=tmp_path / "weg" / "werte.csv"))
    assert f"The folder {tmp_path / 'weg'} does not exist." in message
    assert fingerprint(earlier) == before


@pytest.mark.parametrize("name, more", [("compareindices", {"RECIPE_AFTER": "rezept.json"}), ("indexovertime", {})])
def test_reports_and_results_never_take_the_place_of_indicators_or_recipe(indicators, tmp_path, name, more):
    import processing

    layer, recipe = indicators
    path = tmp_path / "ein.gpkg"
    before = fingerprint(path), fingerprint(recipe)
    given = {"INPUT": layer, "RECIPE": str(recipe), "OUTPUT": "TEMPORARY_OUTPUT"}
    given.update({parameter: str(tmp_path / file) for parameter, file in more.items()})
    for taken in ({"REPORT": str(path)}, {"REPORT": str(recipe)},
                  {"OUTPUT": f"ogr:dbname='{path}' table=\"Indicators\" (geom)"}):
        message = error_of(lambda taken=taken: processing.run(f"teilhabe:{name}", {**given, **taken}))
        assert "is read in this run" in message
    assert (fingerprint(path), fingerprint(recipe)) == before
