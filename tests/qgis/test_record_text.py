"""The record of a result in words, as the metadata page of its layer shows it."""

RECORD = {
    "algorithm": "teilhabe:computeindex", "created": "2025-12-31T12:00:00+00:00", "title": "Sozialindex",
    "year": 2025, "source": "Stadt Test", "reference_date": "31.12.2025", "method": "Mittel der z-Werte",
    "inputs": [{"name": "Indikatoren", "file": "stadt.gpkg", "rows": 40, "sha256": "0123456789abcdef"},
               {"name": "soziales.xlsx [Tabelle1]", "file": "soziales.xlsx", "rows": 60}],
    "versions": {"teilhabe": "0.1.0"},
}


def test_every_part_of_the_record_is_a_line(german):
    from teilhabe.bridge.record_text import record_text

    assert record_text(RECORD).splitlines() == [
        "Sozialindex 2025",
        "Quelle: Stadt Test",
        "Stand: 31.12.2025",
        "Methode: Mittel der z-Werte",
        "Erstellt aus: Indikatoren, stadt.gpkg (Zeilen: 40, SHA-256 0123456789ab…); "
        "soziales.xlsx [Tabelle1] (Zeilen: 60)",
        "Erstellt mit Teilhabe 0.1.0 am 31.12.2025. "
        "Der vollständige Nachweis steht in den Metadaten unter „Protokoll“.",
    ]


def test_what_is_not_known_is_left_out(qgis_app):
    from teilhabe.bridge.record_text import record_text

    assert record_text({}) == ""
    assert record_text({"title": "Index 2025", "year": 2025, "created": "gestern"}) == "Index 2025"
    assert record_text({"inputs": [{"name": "areas"}, "x"]}) == "Made from: areas"


def test_layer_metadata_can_be_read(provider, new_project, tmp_path):
    import processing
    from qgis.core import QgsVectorLayer

    from .dialog_helpers import indicator_layer, recipe_file

    target = str(tmp_path / "index.gpkg")
    processing.run("teilhabe:computeindex", {
        "INPUT": indicator_layer(new_project), "RECIPE": recipe_file(tmp_path), "OUTPUT": target})
    lines = QgsVectorLayer(target, "x", "ogr").metadata().abstract().splitlines()
    assert lines[:3] == ["Testindex 2024", "Source: Stadt Test", "As of: 2025-12-31"]
    assert lines[4].startswith("Made from: Indikatoren (5 rows, SHA-256 ")


def test_unit_that_ends_the_title_is_not_said_twice(qgis_app):
    from teilhabe.bridge.fields import FieldSpec

    assert FieldSpec("a", "real", "Zuzüge je 1.000", "je 1.000").label == "Zuzüge je 1.000"
    assert FieldSpec("a", "real", "Zuzüge", "je 1.000").label == "Zuzüge (je 1.000)"
