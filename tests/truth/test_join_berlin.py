"""Berlin's published tables joined to its planning areas.

Figures: Monitoring Soziale Stadtentwicklung 2021 (Senatsverwaltung für Stadtentwicklung, Bauen und Wohnen,
dl-de/by-2-0); LOR-Planungsräume 2021 and residents by age (Amt für Statistik Berlin-Brandenburg, dl-de/by-2-0 and
CC BY 3.0 DE).
"""

import sqlite3
from contextlib import closing

import numpy as np
import pandas as pd
import pytest

from teilhabe_plugin.core.area_keys import NAME, SAFE_REPAIRS, Areas
from teilhabe_plugin.core.joining import JoinRequest, join_tables
from teilhabe_plugin.core.key_matching import match_keys
from teilhabe_plugin.core.layout_guess import guess_layout
from teilhabe_plugin.core.messages import TeilhabeError
from teilhabe_plugin.core.table_layout import TableLayout
from teilhabe_plugin.core.table_reading import read_table
from teilhabe_plugin.core.table_source import RawTable, TableSource

MSS = "mss_2021_index_indikatoren.csv"


@pytest.fixture(scope="module")
def areas(berlin):
    path = (berlin / "planungsraeume_2021.gpkg").as_uri()
    with closing(sqlite3.connect(f"{path}?mode=ro&immutable=1", uri=True)) as database:
        (table,) = database.execute("SELECT table_name FROM gpkg_contents").fetchone()
        frame = pd.read_sql(f'SELECT PLR_ID, PLR_NAME, BEZ FROM "{table}"', database)
    return Areas.from_frame(frame, "PLR_ID", "PLR_NAME")


def request(berlin, areas, file, **options):
    table = read_table(str(berlin / file), areas.texts)
    return JoinRequest(table, guess_layout(table, areas), **options)


@pytest.fixture(scope="module")
def joined(berlin, areas):
    return join_tables(areas, [request(berlin, areas, MSS)])


def value(result, areas, key, field):
    return result.frame[field][list(areas.keys).index(key)]


def test_all_542_areas_are_joined_and_no_row_is_left(joined):
    report = joined.report.tables[0]
    assert (report.rows, report.matched, report.areas_joined, report.accounted) == (542, 542, 542, 542)
    assert (report.unmatched, report.duplicates, report.summary, report.areas_without_row) == ((), (), (), ())


def test_layout_of_the_published_table(joined):
    report = joined.report.tables[0]
    assert (report.kind, report.key_column) == ("wide", "PLR_ID")
    kinds = {field.name: field.kind for field in joined.fields}
    assert [kinds[name] for name in ("ZEIT", "EW", "S1", "S3", "S4", "D1", "KOM")] == [
        "text",
        "integer",
        "real",
        "real",
        "real",
        "real",
        "text",
    ]


def test_values_as_published(joined, areas):
    assert value(joined, areas, "01100101", "S1") == 4.22594
    assert value(joined, areas, "12601235", "D4") == -3.94666
    assert value(joined, areas, "01100101", "EW") == 3419
    assert value(joined, areas, "01100101", "KOM") == "gültig"


def test_minus_9999_is_missing_with_a_reason(joined, areas):
    for field in ("S1", "S3", "S4", "D1", "D3", "D4"):
        assert int(joined.frame[field].isna().sum()) == 6
        assert int((joined.frame[f"{field}_grund"] == "Code −9999").sum()) == 6
    assert np.isnan(value(joined, areas, "10100205", "S1"))
    assert value(joined, areas, "10100205", "KOM") == "ungültig (Ausreißer)"
    assert joined.report.tables[0].signs == (("-9999", 144, ""),)


def test_residents_before_and_after(joined):
    sums = {entry.field: entry for entry in joined.report.tables[0].sums}
    assert (sums["EW"].before, sums["EW"].after, sums["EW"].values_after) == (3769962, 3769962, 541)


def test_both_schlossstrassen_keep_their_own_values(joined, areas):
    assert value(joined, areas, "04300414", "S1") == 3.54304
    assert value(joined, areas, "06100102", "S1") == 3.19552


def test_schlossstrasse_by_name_needs_the_district(berlin, areas):
    full = read_table(str(berlin / MSS), areas.texts)
    cells = full.cells[full.cells["PLR_NAME"] == "Schloßstraße"][["PLR_NAME", "BEZ_ID", "S1"]]
    table = RawTable(tuple(cells), cells.reset_index(drop=True), np.array([160, 246]), TableSource("namen.csv"))
    alone = match_keys(table, TableLayout(key_column="PLR_NAME"), areas, (NAME,))
    assert alone.positions.tolist() == [-1, -1]
    assert [str(row.why) for row in alone.ambiguous] == [
        "2 areas bear this name (04300414, 06100102); key or district must decide"
    ] * 2
    beside = match_keys(table, TableLayout(key_column="PLR_NAME", district_column="BEZ_ID"), areas, (NAME,))
    assert areas.keys[beside.positions].tolist() == ["04300414", "06100102"]


def test_names_that_differ_between_layer_and_table_are_shown(joined):
    rows = [(row.row, row.value, row.name) for row in joined.report.tables[0].other_names]
    assert rows == [(533, "12500926", "Wittenau Mitte"), (537, "12500930", "Wittenau Süd")]


def test_the_other_tables_join_as_they_are(berlin, areas):
    files = [
        "mss_2021_zwerte.csv",
        "mss_2021_indizes.csv",
        "einwohner_2022_alter.csv",
        "mss_2021_kontext_indikatoren.csv",
    ]
    result = join_tables(areas, [request(berlin, areas, file) for file in files])
    assert [(table.matched, table.accounted) for table in result.report.tables] == [(542, 542)] * 4
    assert value(result, areas, "01100101", "zS1") == -0.25
    assert value(result, areas, "01100101", "gesamt") == 3503
    assert result.frame["gesamt"].sum() == 3821881
    fields = {field.name: field for field in result.fields}
    assert fields["EW_2020"].alias == "EW 31.12.2020"


def test_tables_of_one_publication_bring_equal_fields_once(berlin, areas):
    result = join_tables(areas, [request(berlin, areas, file) for file in (MSS, "mss_2021_indizes.csv")], "error")
    assert [(change.wanted, change.given) for change in result.report.tables[1].renamed] == [
        ("ZEIT", "ZEIT"),
        ("EW", "EW"),
        ("KOM", "KOM"),
    ]
    assert "EW_2" not in result.frame


def test_a_table_of_the_older_areas_is_refused_with_the_reason(berlin, areas):
    old = request(berlin, areas, "mss_2021_kontext_indikatoren_k08_k14_k15.csv")
    layout = old.layout.changed({"key_column": "PLR_ID"})
    matching = match_keys(old.table, layout, areas, SAFE_REPAIRS)
    assert len(matching.unmatched) + int((matching.positions >= 0).sum()) == 447
    with pytest.raises(
        TeilhabeError,
        match="no row matches as it stands, but 344 rows would match with the repairs name instead of key",
    ):
        join_tables(areas, [old])
