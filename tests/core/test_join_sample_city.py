"""The departments' files of the invented sample city; every fault named here is planted (sample_data/musterstadt)."""

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from teilhabe_plugin.core.area_keys import NAME, SAFE_REPAIRS, Areas
from teilhabe_plugin.core.joining import JoinRequest, join_tables
from teilhabe_plugin.core.layout_guess import guess_layout
from teilhabe_plugin.core.table_reading import read_table

CITY = Path(__file__).resolve().parents[2] / "sample_data" / "musterstadt"
FILES = ("soziales_sgb2.xlsx", "schulamt_integration_bildung.csv", "gesundheitsamt_faelle.csv", "umwelt_wohnen.csv")


@pytest.fixture(scope="module")
def areas():
    with closing(sqlite3.connect(f"{(CITY / 'musterstadt.gpkg').as_uri()}?mode=ro", uri=True)) as database:
        frame = pd.read_sql("SELECT gebiet_nr, gebiet_name, bezirk_nr, bezirk_name, einwohner FROM gebiete", database)
    return Areas.from_frame(frame, "gebiet_nr", "gebiet_name")


def request(areas, file, **options):
    table = read_table(str(CITY / file), areas.texts)
    return JoinRequest(table, guess_layout(table, areas), **options)


@pytest.fixture(scope="module")
def joined(areas):
    result = join_tables(areas, [request(areas, file, repairs=(*SAFE_REPAIRS, NAME)) for file in FILES])
    result.frame.index = areas.keys
    return result


def tables(joined):
    return {table.path: table for table in joined.report.tables}


def test_every_row_is_accounted_for(joined):
    for table in joined.report.tables:
        assert table.accounted == table.rows
    assert joined.report.areas_joined == 40


def test_workbook_with_titles_two_header_lines_and_sums(joined, areas):
    source = request(areas, "soziales_sgb2.xlsx").table.source
    assert (source.sheet, source.header_row, source.header_lines) == ("Tabelle1", 4, 2)
    table = tables(joined)["soziales_sgb2.xlsx"]
    assert (table.rows, table.matched, len(table.unmatched)) == (60, 40, 0)
    kinds = [row.kind for row in table.summary]
    assert (kinds.count("group"), kinds.count("total"), kinds.count("footnote")) == (18, 1, 1)
    assert list(table.fields[:2]) == ["k1_1_2012", "k1_1_2013"]
    field = next(field for field in joined.fields if field.name == "k1_2_2025")
    assert (field.alias, field.unit) == ("1.2 Alleinerziehenden-Haushalte im SGB II (%) | 2025", "%")


def test_signs_become_reasons(joined):
    frame = joined.frame
    assert frame.loc["0401", ["k1_1_2025_grund", "k1_2_2025_grund", "k1_3_2025_grund"]].tolist() == [
        "unbekannt oder geheim",
        "nicht sinnvoll",
        "nicht sicher genug",
    ]
    assert frame.loc["1601", "k1_2_2025_grund"] == "Angabe folgt später"
    assert frame.loc["0401", "k1_1_2024"] == 0
    assert np.isnan(frame.loc["0401", "k1_1_2025"])
    assert frame.loc["1301", "k1_1_2025_grund"] == "eingeschränkt"
    assert frame.loc["1301", "k1_1_2025"] > 0


def test_lost_zeros_and_thousands(joined):
    table = tables(joined)["schulamt_integration_bildung.csv"]
    assert len(table.repairs) == sum(key.startswith("0") for key in joined.frame.index)
    assert {repair.kinds for repair in table.repairs} == {("leading_zeros",)}
    (sums,) = table.sums
    assert sums.field == "kinder_unter_18_jahren_2025"
    assert (sums.lost, sums.beside_total) == (0, 0)


def test_long_table_of_counts_with_its_faults(joined):
    table = tables(joined)["gesundheitsamt_faelle.csv"]
    assert [row.value for row in table.unmatched] == ["4711"]
    assert {(row.key, row.what) for row in table.duplicates} == {("0602", "3.1 U8-Teilnahme | 2025")}
    repaired = {(repair.value, repair.key) for repair in table.repairs}
    assert repaired == {("0501 ", "0501"), ("1202 ", "1202"), ("1101.0", "1101"), ("1703.0", "1703"), ("802.0", "0802")}
    frame = joined.frame
    assert np.isnan(frame.loc["1602", "k3_1_2025"])
    share = 100 * frame["k3_3_2025_z"] / frame["k3_3_2025_n"]
    assert np.allclose(frame["k3_3_2025"], share, equal_nan=True)
    mean = frame["k3_4_2025_z"] / frame["k3_4_2025_n"]
    assert np.allclose(frame["k3_4_2025"], mean, equal_nan=True)


def test_names_in_place_of_keys(joined, areas):
    table = tables(joined)["umwelt_wohnen.csv"]
    assert sorted(repair.key for repair in table.repairs) == [
        "0101",
        "0104",
        "0501",
        "0902",
        "1102",
        "1302",
        "1502",
        "1702",
        "1803",
    ]
    assert (table.matched, table.areas_joined) == (40, 40)
    without = join_tables(areas, [request(areas, "umwelt_wohnen.csv")]).report.tables[0]
    assert (without.matched, len(without.offered), len(without.unmatched)) == (31, 9, 9)


def test_people_by_age_and_year(areas):
    result = join_tables(areas, [request(areas, "einwohner_alter.csv", years="2025")])
    assert result.report.tables[0].other_years == 40 * 13
    assert result.frame["insgesamt_2025"].sum() == sum(
        result.frame[field.name].sum() for field in result.fields if field.name != "insgesamt_2025"
    )


def test_areas_without_a_row_for_a_year_are_named(joined):
    notes = [str(note) for table in joined.report.tables for note in table.notes]
    assert (
        "1 areas have no row for 3.1 U8-Teilnahme | 2025, 3.2 U9-Teilnahme | 2025, 3.3 Übergewichtsquote | 2025, "
        "3.4 dmft-Index der Fünfjährigen | 2025: 1602" in notes
    )
