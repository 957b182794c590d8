import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teilhabe_plugin.core.area_keys import REPAIR_KINDS
from teilhabe_plugin.core.joining import JoinRequest, join_tables
from teilhabe_plugin.core.layout_guess import guess_layout
from teilhabe_plugin.core.messages import Cancelled, TeilhabeError
from teilhabe_plugin.core.table_source import RawTable, TableSource

from .table_helpers import KEYS, NAMES, floats, six_areas, table


def request(rows, areas=None, path="tabelle.csv", changes=None, **options):
    read = table(rows, areas, path)
    return JoinRequest(read, guess_layout(read, areas or six_areas()).changed(changes or {}), **options)


def join(rows, **options):
    return join_tables(six_areas(), [request(rows, **options)])


def wide(*lines, head=("Nr", "A")):
    return [list(head), *map(list, lines)]


def column(result, name):
    values = result.frame[name]
    return floats(values) if values.dtype != object else values.tolist()


def info(result, name):
    return next(each for each in result.fields if each.name == name)


EVERY = [(key, str(i)) for i, key in enumerate(KEYS)]


def test_values_come_to_their_areas_whatever_the_order():
    result = join(wide(*reversed(EVERY)))
    assert column(result, "A") == [0, 1, 2, 3, 4, 5]
    assert info(result, "A").kind == "integer"
    assert (result.report.areas_joined, result.report.areas_without_row) == (6, ())


def test_areas_without_a_row_stay_missing_and_are_listed():
    result = join(wide(*EVERY[:4]))
    assert column(result, "A") == [0, 1, 2, 3, None, None]
    assert [(a.key, a.name) for a in result.report.areas_without_row] == [
        ("04300414", "Schloßstraße"),
        ("06100102", "Schloßstraße"),
    ]
    assert result.report.tables[0].areas_without_row == result.report.areas_without_row


def test_every_row_is_accounted_for():
    result = join(
        wide(
            *EVERY,
            ("01100101", "7"),
            ("4711", "8"),
            ("Gesamtstadt", "15"),
            ("01", "1"),
            (" ", " "),
            ("Quelle: Amt", None),
            (" 01100102", "1"),
        )
    )
    report = result.report.tables[0]
    assert (report.rows, report.matched, report.areas_joined) == (13, 5, 6)
    assert [(r.row, r.value) for r in report.unmatched] == [(9, "4711")]
    assert [(s.row, s.kind) for s in report.summary] == [(10, "total"), (11, "group"), (13, "footnote")]
    assert (report.duplicates_left_out, report.empty) == (3, (12,))
    assert report.accounted == 13


def test_types_aliases_units_and_text():
    result = join([["Nr", "3.3 Quote (%) | 2025", "KOM", "EW"], *([key, "1,5", "gültig", "300"] for key in KEYS)])
    assert [(f.name, f.kind, f.alias, f.unit, f.year) for f in result.fields] == [
        ("k3_3_2025", "real", "3.3 Quote (%) | 2025", "%", 2025),
        ("KOM", "text", "KOM", "", None),
        ("EW", "integer", "EW", "", None),
    ]
    assert column(result, "KOM") == ["gültig"] * 6


def test_reasons_stand_beside_the_values():
    values = ["1,5", "x", "(2,5)", "–", ".", "3"]
    result = join(wide(*zip(KEYS, values)))
    assert column(result, "A") == [1.5, None, 2.5, 0.0, None, 3.0]
    assert column(result, "A_grund") == [None, "nicht sinnvoll", "eingeschränkt", None, "unbekannt oder geheim", None]
    assert info(result, "A_grund").part == "reason"
    assert set(result.report.tables[0].signs) == {
        ("x", 1, "nicht sinnvoll"),
        ("()", 1, "eingeschränkt"),
        ("–", 1, "0"),
        (".", 1, "unbekannt oder geheim"),
    }


def test_codes_are_missing_in_numbers_and_texts():
    rows = [
        ["Nr", "A", "Klasse"],
        *([key, "1.5", "mittel"] for key in KEYS[:4]),
        *([key, "-9999", "-9999"] for key in KEYS[4:]),
    ]
    result = join(rows)
    assert column(result, "A") == [1.5, 1.5, 1.5, 1.5, None, None]
    assert column(result, "klasse") == ["mittel"] * 4 + [None, None]
    assert column(result, "klasse_grund")[4:] == ["Code −9999"] * 2


def test_code_can_be_kept_as_a_number():
    rows = wide(*zip(KEYS, ["1.5", "-9999", "1", "1", "1", "1"]))
    assert column(join(rows, changes={"codes": []}), "A")[1] == -9999.0


def test_text_in_a_number_column_stops_with_its_place():
    with pytest.raises(TeilhabeError) as error:
        join(wide(*zip(KEYS, ["1", "2", "viel", "4", "5", "mehr"])))
    assert str(error.value).startswith(
        "tabelle.csv: 2 cells in number columns hold text (row, column: “value”): 4, A: “viel”; 7, A: “mehr”."
    )


def test_text_in_a_number_column_can_be_set_missing():
    result = join(wide(*zip(KEYS, ["1", "2", "viel", "4", "5", "6"])), text_in_numbers="missing")
    assert column(result, "A") == [1, 2, None, 4, 5, 6]
    assert column(result, "A_grund")[2] == "Text statt Zahl"
    cells = result.report.tables[0].bad_cells
    assert [(c.table, c.row, c.column, c.value) for c in cells] == [("tabelle.csv", 4, "A", "viel")]


def test_text_in_rows_without_area_does_not_stop():
    assert column(join(wide(*EVERY, ("Quelle: Amt", "siehe oben"), ("Summe", "alle"))), "A") == [0, 1, 2, 3, 4, 5]


DOUBLED = wide(*EVERY[:4], ("04300414", "10"), ("04300414", "30"), ("06100102", "7"), ("06100102", "7"))


@pytest.mark.parametrize(
    ("rule", "values", "left_out"),
    [
        ("leave_out", [None, 7], 3),
        ("first", [10, 7], 2),
        ("last", [30, 7], 2),
        ("sum", [40, 14], 2),
        ("mean", [20, 7], 2),
    ],
)
def test_areas_with_several_rows(rule, values, left_out):
    result = join(DOUBLED, duplicates=rule)
    report = result.report.tables[0]
    assert column(result, "A") == [0, 1, 2, 3, *values]
    assert [(d.row, d.key) for d in report.duplicates] == [
        (6, "04300414"),
        (7, "04300414"),
        (8, "06100102"),
        (9, "06100102"),
    ]
    assert (report.duplicates_left_out, report.matched, report.accounted) == (left_out, 8 - left_out, 8)
    if rule == "leave_out":
        assert column(result, "A_grund") == [None, None, None, None, "doppelt", None]
        assert [str(d.outcome) for d in report.duplicates] == ["the rows differ; values are left missing"] * 2 + [
            "the rows are equal; they count once"
        ] * 2


def test_only_the_columns_that_differ_are_left_out():
    rows = [["Nr", "A", "B"], *([key, "1", "2"] for key in KEYS), [KEYS[0], "1", "3"]]
    result = join(rows)
    assert (column(result, "A")[0], column(result, "B")[0]) == (1, None)
    assert result.report.tables[0].accounted == 7


def test_a_sum_with_a_missing_part_is_missing():
    result = join(wide(*EVERY, (KEYS[0], "x")), duplicates="sum")
    assert (column(result, "A")[0], column(result, "A_grund")[0]) == (None, "nicht sinnvoll")


def long_table(*extra, head=("Gebiet", "Indikator", "Jahr", "Zähler", "Nenner")):
    rows = [list(head)]
    for i, key in enumerate(KEYS):
        for year in ("2024", "2025"):
            rows.append([key, "3.1 U8 (%)", year, str(i), "20"])
            rows.append([key, "3.2 Fälle je 1.000", year, str(i), "50"])
    return [*rows, *map(list, extra)]


def test_long_table_of_counts():
    result = join(long_table())
    assert [f.name for f in result.fields] == [
        f"k3_{n}_{year}{part}" for n in (1, 2) for year in (2024, 2025) for part in ("", "_z", "_n")
    ]
    assert column(result, "k3_1_2025") == [0, 5, 10, 15, 20, 25]
    assert column(result, "k3_2_2025") == [0, 20, 40, 60, 80, 100]
    assert column(result, "k3_1_2025_z") == [0, 1, 2, 3, 4, 5]
    assert (info(result, "k3_1_2025").unit, info(result, "k3_2_2025").unit) == ("%", "je 1.000")
    assert (info(result, "k3_1_2025").kind, info(result, "k3_1_2025_n").kind) == ("real", "integer")
    assert info(result, "k3_1_2025").alias == "3.1 U8 (%) | 2025"
    assert result.report.tables[0].accounted == 24


def test_long_table_year_choice_is_accounted_for():
    result = join(long_table(), years="latest")
    report = result.report.tables[0]
    assert [f.name for f in result.fields if f.part == "value"] == ["k3_1_2025", "k3_2_2025"]
    assert (report.matched, report.other_years, report.accounted) == (12, 12, 24)


def test_long_table_doubled_and_unclear_rows():
    result = join(
        long_table(
            [KEYS[0], "3.1 U8 (%)", "2025", "9", "20"],
            [KEYS[1], "3.1 U8 (%)", "bald", "9", "20"],
            [KEYS[1], None, "2025", "9", "20"],
            ["99", "3.1 U8 (%)", "2025", "9", "20"],
        ),
        changes={
            "kind": "long",
            "key_column": "Gebiet",
            "indicator_column": "Indikator",
            "year_column": "Jahr",
            "numerator_column": "Zähler",
            "denominator_column": "Nenner",
            "value_column": "",
        },
    )
    report = result.report.tables[0]
    assert column(result, "k3_1_2025")[0] is None
    assert column(result, "k3_1_2025_grund")[0] == "doppelt"
    assert [(d.row, d.what) for d in report.duplicates] == [(3 + 1, "3.1 U8 (%) | 2025"), (26, "3.1 U8 (%) | 2025")]
    assert [(r.row, str(r.why)) for r in report.unmatched] == [
        (29, "no area has this key or name"),
        (27, "indicator or year of the row cannot be read"),
        (28, "indicator or year of the row cannot be read"),
    ]
    assert report.accounted == report.rows == 28


def test_denominator_of_nought_and_missing_counts():
    rows = long_table()
    rows[1][4], rows[5][3] = "0", "."
    result = join(rows)
    assert column(result, "k3_1_2024")[:2] == [None, None]
    assert column(result, "k3_1_2024_grund")[:2] == ["Nenner 0", "unbekannt oder geheim"]


def test_shares_of_summed_counts():
    result = join(long_table([KEYS[1], "3.1 U8 (%)", "2025", "4", "30"]), duplicates="sum")
    assert column(result, "k3_1_2025")[1] == 10.0
    assert (column(result, "k3_1_2025_z")[1], column(result, "k3_1_2025_n")[1]) == (5, 50)


def test_factor_of_the_user():
    assert column(join(long_table(), changes={"factor": 1}), "k3_1_2025")[1] == 0.05


def test_long_table_of_values_with_units():
    rows = [["Gebiet", "Indikator", "Jahr", "Wert", "Einheit"]]
    rows += [[key, name, "2025", "1,5", unit] for key in KEYS for name, unit in (("A", "%"), ("B", "m²"))]
    result = join(rows)
    assert [(f.name, f.unit) for f in result.fields] == [("A_2025", "%"), ("B_2025", "m²")]


def test_one_row_per_area_and_year():
    rows = [["Gebiet", "Jahr", "unter 6"], *([key, year, "5"] for key in KEYS for year in (2024, 2025))]
    result = join(rows, years="2025")
    assert [f.name for f in result.fields] == ["unter_6_2025"]
    assert result.report.tables[0].other_years == 6


def test_year_of_wide_columns():
    rows = [["Nr", "1.1 A | 2024", "1.1 A | 2025", "1.2 B | 2024", "EW"], *([key, "1", "2", "3", "4"] for key in KEYS)]
    assert [f.name for f in join(rows, years="latest").fields] == ["k1_1_2025", "k1_2_2024", "EW"]
    assert [f.name for f in join(rows, years="2025").fields] == ["k1_1_2025", "EW"]
    with pytest.raises(TeilhabeError, match="no column is left to join"):
        join([["Nr", "1.1 A | 2024", "1.1 B | 2024"], *([key, "1", "2"] for key in KEYS)], years="2030")


def test_sums_before_and_after_beside_the_total():
    result = join(wide(*EVERY[:5], ("4711", "100"), ("Gesamtstadt", "15")))
    (sums,) = result.report.tables[0].sums
    assert (sums.field, sums.before, sums.after, sums.lost) == ("A", 110, 10, 100)
    assert (sums.total, sums.total_row, sums.beside_total) == (15, 8, 5)
    assert (sums.values_before, sums.values_after) == (6, 5)


def test_shares_are_not_summed():
    result = join([["Nr", "Quote (%)"], *([key, "10"] for key in KEYS)])
    assert result.report.tables[0].sums == ()


def two_tables(second, on_conflict="suffix"):
    first = request(wide(*EVERY), path="eins.csv")
    return join_tables(six_areas(), [first, request(second, path="zwei.csv")], on_conflict)


def test_equal_fields_of_two_tables_are_taken_once():
    result = two_tables(wide(*EVERY))
    assert list(result.frame) == ["A"]
    change = result.report.tables[1].renamed[0]
    assert (change.wanted, change.given, str(change.why)) == (
        "A",
        "A",
        "“eins.csv” has the same values; the field was taken once",
    )


def test_differing_fields_of_two_tables_get_a_number():
    result = two_tables([["Nr", "a"], *([key, "9"] for key in KEYS)])
    assert list(result.frame) == ["A", "a_2"]
    assert str(result.report.tables[1].renamed[0].why) == "“eins.csv” has a field of this name with other values"


def test_differing_fields_can_be_refused():
    with pytest.raises(TeilhabeError, match="The tables eins.csv and zwei.csv both bring the field “A”"):
        two_tables(wide(*((key, "9") for key in KEYS)), "error")


def test_fields_of_the_area_layer_are_not_taken():
    result = join([["Nr", "Bezirk", "A"], *([key, "5", "1"] for key in KEYS)])
    assert [f.name for f in result.fields] == ["bezirk_2", "A"]
    assert str(result.report.tables[0].renamed[0].why) == "the area layer has a field of this name"


def test_no_row_matches():
    rows = [["Nr", "A"], *([name, "1"] for name in NAMES[:4])]
    with pytest.raises(TeilhabeError) as error:
        join(rows)
    assert str(error.value).startswith(
        "tabelle.csv: no row matches as it stands, but 4 rows would match with the repairs name instead of key."
    )
    assert column(join(rows, repairs=REPAIR_KINDS), "A")[:4] == [1, 1, 1, 1]


def test_another_edition_of_the_areas():
    with pytest.raises(TeilhabeError, match="The table has 77, 78, the layer has 01100101, 01100102, 02200201"):
        join([["Nr", "A"], ["77", "1"], ["78", "2"]], changes={"key_column": "Nr"})


def test_percent_cells_of_a_workbook_are_multiplied():
    read = table(wide(*((key, 0.123) for key in KEYS)))
    read = RawTable(read.columns, read.cells, read.row_numbers, read.source, percent_columns=("A",))
    layout = guess_layout(read, six_areas())
    assert str(layout.notes[0]) == "Column “A” is formatted as percent: 0.123 is read as 12.3 %."
    result = join_tables(six_areas(), [JoinRequest(read, layout)])
    assert column(result, "A") == pytest.approx([12.3] * 6)
    assert info(result, "A").unit == "%"


def test_cancel_and_progress():
    with pytest.raises(Cancelled):
        join_tables(six_areas(), [request(wide(*EVERY))], cancelled=lambda: True)
    seen = []
    join_tables(six_areas(), [request(wide(*EVERY)), request(wide(*EVERY), path="b.csv")], progress=seen.append)
    assert seen == [50.0, 100.0]


def test_columns_of_a_layer_keep_their_types():
    cells = pd.DataFrame(
        {"k": KEYS, "n": np.arange(6), "f": [1.5, np.nan, 3, 4, 5, 6], "t": ["a", None, "c", "d", "e", "f"]}
    )
    read = RawTable(tuple(cells), cells, np.arange(1, 7), TableSource("Layer"))
    result = join_tables(six_areas(), [JoinRequest(read, guess_layout(read, six_areas()))])
    assert [(f.name, f.kind) for f in result.fields] == [("n", "integer"), ("f", "real"), ("t", "text")]
    assert column(result, "f") == [1.5, None, 3, 4, 5, 6]


keys_of_rows = st.lists(
    st.sampled_from([*KEYS, "1100101", " 02200201", "Mitte", "Insgesamt", "4711", "", "Neue Mühle"]),
    min_size=1,
    max_size=40,
)


@given(keys_of_rows, st.sampled_from(["leave_out", "first", "last", "sum", "mean"]), st.integers(0, 99))
def test_no_row_is_lost_and_no_sum_invented(keys, rule, seed):
    numbers = np.random.default_rng(seed).integers(0, 50, len(keys))
    result = join(
        wide(EVERY[0], *zip(keys, map(str, numbers))),
        duplicates=rule,
        repairs=REPAIR_KINDS,
        changes={"kind": "wide", "key_column": "Nr", "columns": [{"column": "A", "role": "number"}]},
    )
    report = result.report.tables[0]
    assert report.accounted == report.rows
    assert report.areas_joined + len(report.areas_without_row) == 6
    if rule == "sum":
        assert np.nansum(result.frame["A"]) == sum(entry.after for entry in report.sums)
