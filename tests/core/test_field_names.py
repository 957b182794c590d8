import pytest

from teilhabe_plugin.core.field_names import field_name, unique_name


@pytest.mark.parametrize(
    ("heading", "name", "unit", "year", "factor"),
    [
        ("3.3 Alleinerziehende Haushalte (%) | 2025", "k3_3_2025", "%", 2025, 100),
        ("1.1 Kinder unter 6 Jahren | 2024 | Anzahl", "k1_1_2024", "Anzahl", 2024, None),
        ("5.12 Plätze je 1.000 Kinder", "k5_12", "je 1.000 Kinder", None, 1000),
        ("S1", "S1", "", None, None),
        ("Quote 2024", "quote_2024", "", 2024, None),
        ("zS1", "zS1", "", None, None),
        ("KI_01_SD_GR", "KI_01_SD_GR", "", None, None),
        ("EW 31.12.2020", "EW_2020", "", 2020, None),
        ("PLR-ID", "plr_id", "", None, None),
        ("6-15", "f_6_15", "", None, None),
        ("SGB-II-Quote in % 2023", "sgb_ii_quote_2023", "%", 2023, 100),
        ("Arbeitslose je 1.000 Einwohner 2023", "arbeitslose_2023", "je 1.000 Einwohner", 2023, 1000),
        ("Entwicklung 2012–2025", "entwicklung_2012_2025", "", None, None),
        ("ausländer", "auslaender", "", None, None),
        ("fid", "f_fid", "", None, None),
        ("%", "feld", "%", None, 100),
    ],
)
def test_headings(heading, name, unit, year, factor):
    found = field_name(heading)
    assert (found.name, found.unit, found.year, found.factor) == (name, unit, year, factor)
    assert found.alias == heading


def test_long_headings_end_at_a_word():
    name = field_name("Anteil der Leistungsberechtigten an der Bevölkerung unter 65").name
    assert name == "anteil_der"


def test_equal_names_are_numbered_whatever_their_case():
    assert unique_name("EW", ["ew", "EW_2"]) == "EW_3"
    assert unique_name("S1", ["S3"]) == "S1"


@pytest.mark.parametrize(
    ("heading", "unit", "factor"),
    [
        ("Fälle je 1.000", "je 1.000", 1000),
        ("Fälle (je 10 000 Einwohner)", "je 10 000 Einwohner", 10000),
        ("Zuzüge je 1.000 2025", "je 1.000", 1000),
        ("Fläche je Kind in m² 2025", "m²", None),
        ("Quote (in ‰)", "‰", 1000),
        ("Kosten in Euro", "€", None),
        ("Quote [%]", "%", 100),
    ],
)
def test_units(heading, unit, factor):
    found = field_name(heading)
    assert (found.unit, found.factor) == (unit, factor)
