import pytest

from teilhabe_plugin.core.layout_guess import guess_layout
from teilhabe_plugin.core.messages import TeilhabeError
from teilhabe_plugin.core.signs import SignReading
from teilhabe_plugin.core.table_layout import choose_years

from .table_helpers import DISTRICTS, KEYS, NAMES, six_areas, table


def wide(*columns, keys=KEYS):
    heads = ["Schl", *(name for name, _ in columns)]
    return table([heads, *([key, *(values[i] for _, values in columns)] for i, key in enumerate(keys))])


def test_wide_table():
    read = wide(
        ("Name", NAMES),
        ("BEZ", [key[:2] for key in KEYS]),
        ("S1", ["1,5", "x", "2", "3", "–", "4"]),
        ("1.1 Kinder (%) | 2025", list("123456")),
        ("KOM", ["gültig"] * 6),
    )
    layout = guess_layout(read, six_areas())
    assert (layout.kind, layout.key_column, layout.name_column, layout.district_column) == (
        "wide",
        "Schl",
        "Name",
        "BEZ",
    )
    assert [(c.role, c.name, c.unit) for c in layout.columns] == [
        ("number", "S1", ""),
        ("number", "k1_1_2025", "%"),
        ("text", "KOM", ""),
    ]


def test_district_by_name():
    layout = guess_layout(wide(("Gebietsname", NAMES), ("Bezirk", DISTRICTS), ("A", list("123456"))), six_areas())
    assert (layout.name_column, layout.district_column) == ("Gebietsname", "Bezirk")


@pytest.mark.parametrize(
    "keys",
    [
        [key.lstrip("0") for key in KEYS],
        [int(key) for key in KEYS],
        [f"{int(key)}.0" for key in KEYS],
        [f" {key[:2]} {key[2:]}" for key in KEYS],
    ],
)
def test_key_column_is_found_however_keys_are_written(keys):
    layout = guess_layout(wide(("Wert", ["5", "6", "7", "8", "9", "10"]), keys=keys), six_areas())
    assert layout.key_column == "Schl"


def test_names_as_key_column():
    read = table([["Raum", "A"], *([name, "1"] for name in NAMES[:4])])
    layout = guess_layout(read, six_areas())
    assert layout.key_column == "Raum"
    assert str(layout.notes[0]) == "Column “Raum” holds names, not keys (100 % of them are areas)."


def test_no_key_column():
    read = table([["Ort", "A"], ["Köln", "1"], ["Bonn", "2"]])
    layout = guess_layout(read, six_areas())
    assert layout.key_column == ""
    with pytest.raises(TeilhabeError, match="no column holds the keys or names of the areas. Choose the key column"):
        layout.check(read)


def test_numbers_that_happen_to_be_keys_are_no_key_column():
    areas = six_areas(KEY=["1", "2", "3", "4", "5", "6"])
    read = table([["Klasse", "Nr", "A"], *([str(1 + i % 2), str(i + 1), "1,5"] for i in range(6))], areas)
    assert guess_layout(read, areas).key_column == "Nr"


def long_rows(*heads, years=(2024, 2025)):
    rows = [list(heads)]
    for key in KEYS:
        for indicator in ("3.1 U8", "3.2 Zähne je 1.000 Kinder"):
            for year in years:
                rows.append([key, indicator, str(year), "5", "20"][: len(heads)])
    return table(rows)


def test_long_table_with_numerator_and_denominator():
    layout = guess_layout(long_rows("Gebiet", "Indikator", "Jahr", "Zähler", "Nenner"), six_areas())
    assert (layout.kind, layout.key_column, layout.indicator_column, layout.year_column) == (
        "long",
        "Gebiet",
        "Indikator",
        "Jahr",
    )
    assert (layout.value_column, layout.numerator_column, layout.denominator_column) == ("", "Zähler", "Nenner")


def test_long_table_with_values():
    layout = guess_layout(long_rows("Gebiet", "Indikator", "Jahr", "Wert"), six_areas())
    assert (layout.kind, layout.value_column, layout.numerator_column) == ("long", "Wert", "")


def test_one_row_per_area_and_year():
    rows = [["Gebiet", "Jahr", "unter 6", "insgesamt"]]
    rows += [[key, year, "5", "20"] for key in KEYS for year in (2024, 2025)]
    layout = guess_layout(table(rows), six_areas())
    assert (layout.kind, layout.indicator_column, layout.year_column) == ("long", "", "Jahr")
    assert [column.field for column in layout.columns] == ["unter_6", "insgesamt"]


def test_columns_with_leading_zeros_are_text():
    layout = guess_layout(wide(("Kennung", ["01", "02", "03", "04", "05", "06"])), six_areas())
    assert [(c.column, c.role) for c in layout.columns] == [("Kennung", "text")]


def test_code_for_missing_values_is_found():
    layout = guess_layout(wide(("S1", ["1.5", "-9999", "2.5", "3.5", "1.0", "-9999"])), six_areas())
    assert layout.codes == (-9999.0,)
    assert str(layout.notes[-1]) == "-9999 stands for missing values, not for a number."


def test_equal_names_are_told_apart():
    layout = guess_layout(
        wide(("3.3 A", list("123456")), ("3.3 B", list("123456")), ("s1", list("123456")), ("S1", list("123456"))),
        six_areas(),
    )
    assert [column.name for column in layout.columns] == ["k3_3", "k3_3_2", "s1", "S1_2"]


def test_equal_names_with_a_year():
    layout = guess_layout(wide(("3.3 A 2025", list("123456")), ("3.3 B 2025", list("123456"))), six_areas())
    assert [column.name for column in layout.columns] == ["k3_3_2025", "k3_3_2_2025"]


def test_ambiguous_points_are_shown():
    layout = guess_layout(wide(("A", ["1.234", "2.345", "1.111", "2.222", "3.333", "4.444"])), six_areas())
    assert str(layout.notes[0]) == ("Column “A” does not show whether “.” or “,” is the decimal sign; “,” is taken.")


def test_changes_of_the_user():
    read = wide(("A", list("123456")), ("B", list("123456")))
    layout = guess_layout(read, six_areas()).changed(
        {
            "name_column": "B",
            "codes": [5],
            "signs": [{"sign": "x", "value": 0.0}],
            "columns": [{"column": "A", "field": "neu", "year": 2024, "unit": "%"}, {"column": "B", "role": "skip"}],
        }
    )
    assert layout.name_column == "B"
    assert [(c.name, c.role, c.unit) for c in layout.columns] == [("neu_2024", "number", "%"), ("B", "skip", "")]
    assert layout.signs == (SignReading("x", 0.0),)
    assert layout.codes == (5.0,)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"columns": [{"column": "A", "rolle": "x"}]}, "Column “A”: the setting “rolle” is not known."),
        ({"columns": [{"column": "A", "role": "zahl"}]}, "Column “A”: the role “zahl” is not known."),
        ({"kind": "tall"}, "The layout “tall” is not known."),
    ],
)
def test_wrong_changes(change, message):
    with pytest.raises(TeilhabeError) as error:
        guess_layout(wide(("A", list("123456"))), six_areas()).changed(change)
    assert str(error.value).startswith(message)


def test_layout_that_does_not_fit_names_the_columns():
    read = wide(("A", list("123456")))
    with pytest.raises(TeilhabeError, match="tabelle.csv has no column “X”. The columns are: Schl, A."):
        guess_layout(read, six_areas()).changed({"key_column": "X"}).check(read)


@pytest.mark.parametrize(
    ("wanted", "years"),
    [
        ("all", {2020, 2024, 2025}),
        ("", {2020, 2024, 2025}),
        ("latest", {2025}),
        ("2024", {2024}),
        ("2019-2021, 2025", {2020, 2025}),
        ("2030", set()),
    ],
)
def test_years(wanted, years):
    assert choose_years(wanted, [2020, 2024, 2025]) == years


def test_years_that_cannot_be_read():
    with pytest.raises(TeilhabeError, match="Years “letzte drei” cannot be read"):
        choose_years("letzte drei", [2025])


def test_factors_of_counts():
    rows = [["Gebiet", "Indikator", "Jahr", "Zähler", "Nenner"]]
    for key in KEYS:
        for name, numerator in (("3.1 U8", "5"), ("3.2 je 1.000", "5"), ("3.4 dmft-Index", "5"), ("Räume", "30")):
            rows.append([key, name, "2025", numerator, "20"])
    layout = guess_layout(table(rows), six_areas())
    assert layout.factors == (("3.1 U8", 100), ("3.2 je 1.000", 1000), ("3.4 dmft-Index", 1), ("Räume", 1))
    assert [str(note) for note in layout.notes] == [
        "“3.4 dmft-Index” is read as a mean: numerator / denominator, not in percent.",
        "“Räume” is read as a mean: numerator / denominator, not in percent.",
    ]
    assert dict(layout.changed({"factors": {"Räume": 100}}).factors)["Räume"] == 100
