"""Settings of a register, and which column tells what."""
import pandas as pd
import pytest

from teilhabe_plugin.core.addresses.register_formats import guess_register_columns
from teilhabe_plugin.core.addresses.register_source import RegisterSource
from teilhabe_plugin.core.messages import TeilhabeError


def test_settings_there_and_back():
    source = RegisterSource("/a/b.csv", "Blatt", "table", (("street", "STR"), ("area", "")), "EPSG:25832", "Ort",
                            "cp1252", "Titel")
    assert RegisterSource.from_dict(source.to_dict()) == source
    assert RegisterSource("b.csv").to_dict() == {"path": "b.csv"}


def test_names():
    assert RegisterSource("/a/b.gpkg", "adressen").name == "b.gpkg [adressen]"
    layer = RegisterSource("layer:abc_1")
    assert (layer.is_layer, layer.layer_id) == (True, "abc_1")
    assert not RegisterSource("/a/layer.csv").is_layer


@pytest.mark.parametrize("values, message", [
    ({}, "Every address register needs a “path”"),
    ("x", "Every address register needs a “path”"),
    ({"path": "a", "colums": {}}, "the setting “colums” is not known"),
    ({"path": "a", "crs": 25832}, "the setting “crs” must be a text"),
    ({"path": "a", "form": "hkde"}, "the form “hkde” is not known. Possible are: auto, hk, gebref, table."),
    ({"path": "a", "columns": {"strasse": "STR"}}, "the meaning “strasse” is not known"),
    ({"path": "a", "columns": 7}, "“columns” must name a column for each meaning"),
])
def test_settings_that_are_wrong(values, message):
    with pytest.raises(TeilhabeError) as caught:
        RegisterSource.from_dict(values)
    assert message in str(caught.value)


@pytest.mark.parametrize("columns, expected", [
    (["hnr", "hnr_zusatz", "str_name", "plz", "ort_name", "PLR_NAME", "PLR_ID"],
     {"street": "str_name", "number": "hnr", "suffix": "hnr_zusatz", "postcode": "plz", "district": "ort_name",
      "area": "PLR_ID"}),
    (["objectid", "strschl", "adresse", "strname", "x", "y", "hsnr", "hsnrzu"],
     {"street": "strname", "number": "hsnr", "suffix": "hsnrzu", "id": "objectid", "street_key": "strschl", "x": "x",
      "y": "y"}),
    (["adresse_id", "strasse", "hausnummer", "zusatz", "plz", "gebiet_nr"],
     {"street": "strasse", "number": "hausnummer", "suffix": "zusatz", "postcode": "plz", "area": "gebiet_nr",
      "id": "adresse_id"}),
    (["Straßenname", "Haus-Nr.", "Hausnummernzusatz", "PLZ", "Ort", "Ortsteil", "STATBEZ_NR", "Rechtswert", "Hochwert"],
     {"street": "Straßenname", "number": "Haus-Nr.", "suffix": "Hausnummernzusatz", "postcode": "PLZ", "place": "Ort",
      "district": "Ortsteil", "area": "STATBEZ_NR", "x": "Rechtswert", "y": "Hochwert"}),
    (["addr:street", "addr:housenumber", "addr:postcode", "addr:city", "lon", "lat"],
     {"street": "addr:street", "number": "addr:housenumber", "postcode": "addr:postcode", "place": "addr:city",
      "x": "lon", "y": "lat"}),
    (["Anschrift", "Quartier"], {"address": "Anschrift", "area": "Quartier"}),
    (["strname", "x"], {"street": "strname"}),
])
def test_headings(columns, expected):
    assert guess_register_columns(columns) == expected


def test_cells_that_cannot_be_what_the_heading_says():
    sample = pd.DataFrame({"strasse": ["4711", "4712"], "str_name": ["Ackerstraße", "Birkenweg"], "x": ["ja", "nein"],
                           "y": ["1", "2"], "hnr": ["1", "2"]})
    assert guess_register_columns(sample.columns, sample) == {"street": "str_name", "number": "hnr"}
