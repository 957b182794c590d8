import json

import pytest

from teilhabe_plugin.core.join_settings import JoinRules, make_request, read_settings, source_with
from teilhabe_plugin.core.messages import TeilhabeError

from .table_helpers import KEYS, six_areas, table


def settings(**said):
    return read_settings(json.dumps({"tables": [{"table": "soziales.xlsx", **said}]}))


def test_nothing_said():
    assert read_settings("").tables == ()
    assert read_settings("  ").conflicts == "suffix"


def test_settings_reach_source_layout_and_rules():
    said = settings(
        sheet="2025",
        header_row=3,
        key_column="Nr",
        columns=[{"column": "A", "field": "neu"}],
        codes=[-1],
        signs=[{"sign": "x", "value": None, "reason": "fehlt"}],
        matches={"Umland": None, "X": "01100101"},
        repairs=["name"],
        duplicates="sum",
        years=2025,
        text_in_numbers="missing",
    ).for_table("/daten/soziales.xlsx")
    source = source_with("/daten/soziales.xlsx", said)
    assert (source.sheet, source.header_row) == ("2025", 3)
    read = table([["Nr", "A"], *([key, "1"] for key in KEYS)])
    request = make_request(read, six_areas(), said, JoinRules())
    assert request.layout.columns[0].field == "neu"
    assert request.layout.codes == (-1.0,)
    assert request.layout.signs[0].reason == "fehlt"
    assert (request.repairs, request.duplicates, request.years, request.text_in_numbers) == (
        ("name",),
        "sum",
        "2025",
        "missing",
    )
    assert request.matches == {"Umland": None, "X": "01100101"}


def test_settings_of_all_tables_give_way_to_those_of_one():
    both = read_settings(
        json.dumps(
            {"tables": [{"table": "*", "years": "latest", "duplicates": "first"}, {"table": "a.csv", "years": "2024"}]}
        )
    )
    assert both.for_table("x/a.csv").rules == {"years": "2024", "duplicates": "first"}
    assert both.for_table("b.csv").rules == {"years": "latest", "duplicates": "first"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "SETTINGS, line 1, column 2: this is not valid JSON"),
        ('{"tabels": []}', "SETTINGS, $: “tabels” is not known here. Is “tables” meant?"),
        ('{"tables": [{"sheet": "x"}]}', "SETTINGS, $.tables[0]: “table” is missing."),
        (
            '{"tables": [{"table": "a", "columns": [{"column": "A", "role": "zahl"}]}]}',
            'SETTINGS, $.tables[0].columns[0].role: "zahl" is not possible.',
        ),
        (
            '{"tables": [{"table": "a", "repairs": ["magic"]}]}',
            "SETTINGS, $.tables[0].repairs[0]: magic is not possible.",
        ),
        (
            '{"tables": [{"table": "a", "header_row": 1.5}]}',
            "SETTINGS, $.tables[0].header_row: a whole number is expected, found 1.5.",
        ),
        (
            '{"tables": [{"table": "a", "codes": ["x"]}]}',
            "SETTINGS, $.tables[0].codes[0]: a number is expected, found x.",
        ),
    ],
)
def test_wrong_settings_name_the_place(text, message):
    with pytest.raises(TeilhabeError) as error:
        read_settings(text)
    assert str(error.value).startswith(message)


def test_settings_for_a_table_that_is_not_joined():
    with pytest.raises(
        TeilhabeError, match="The settings name the table “soziales.xlsx”, which is not among the tables: b.csv"
    ):
        settings(sheet="x").check_names(["/x/b.csv"])
    settings(sheet="x").check_names(["/x/soziales.xlsx"])
