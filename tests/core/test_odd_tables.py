"""Tables as they come out of other programs: each fault is read as it is meant, or said."""

import zipfile

import pytest

from teilhabe_plugin.core.area_keys import Areas, needed_repairs
from teilhabe_plugin.core.join_settings import read_settings
from teilhabe_plugin.core.joining import JoinRequest, join_tables
from teilhabe_plugin.core.layout_guess import guess_layout
from teilhabe_plugin.core.messages import TeilhabeError
from teilhabe_plugin.core.number_forms import read_numbers
from teilhabe_plugin.core.table_layout import choose_years
from teilhabe_plugin.core.table_reading import read_table

from .table_helpers import six_areas

TABLE = "Nr;A\n01100101;1,5\n01100102;2,5\n"


def read(folder, data, name="t.csv"):
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_table(str(path), six_areas().texts)


def workbook(folder, rows, change=None):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Daten"
    for row in rows:
        sheet.append(row)
    if change:
        change(book, sheet)
    book.save(folder / "t.xlsx")
    return folder / "t.xlsx"


@pytest.mark.parametrize("text", [TABLE, "sep=;\n" + TABLE])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end(tmp_path, text, end):
    table = read(tmp_path, text.replace("\n", end))
    assert table.source.separator == ";"
    assert table.cells.to_numpy().tolist() == [["01100101", "1,5"], ["01100102", "2,5"]]


def test_keys_that_are_kept_from_a_spreadsheet(tmp_path):
    table = read(tmp_path, 'Nr;A\n="01100101";1\n="01100102";2\n')
    assert table.cells["Nr"].tolist() == ["01100101", "01100102"]


@pytest.mark.parametrize("separator", ["\n", "\r", '"', "ab"])
def test_separators_that_cannot_be(tmp_path, separator):
    from teilhabe_plugin.core.table_source import TableSource

    (tmp_path / "t.csv").write_text(TABLE)
    with pytest.raises(TeilhabeError, match="the separator must be one character"):
        read_table(TableSource(str(tmp_path / "t.csv"), separator=separator))


@pytest.mark.parametrize("types", ["<Types", "<Types/>", '<Types xmlns="x"/>'])
def test_other_zip_files_called_xlsx(tmp_path, types):
    with zipfile.ZipFile(tmp_path / "brief.xlsx", "w") as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(TeilhabeError) as error:
        read_table(str(tmp_path / "brief.xlsx"))
    assert str(error.value).startswith("brief.xlsx cannot be read as an Excel workbook; it may be damaged.")


def test_formulas_without_a_stored_result_are_no_empty_cells(tmp_path):
    file = workbook(tmp_path, [["Nr", "A"], ["01100101", "=1+1"], ["01100102", 4]])
    table = read_table(str(file), six_areas().texts)
    assert table.cells["A"].tolist() == ["#?", 4]
    assert [str(note) for note in table.notes] == [
        "1 formulas bear no stored result and are read as “#?”. Open t.xlsx in Excel or LibreOffice and save it, then "
        "their results are there."
    ]
    numbers = read_numbers(table.cells["A"])
    assert numbers.reasons == {0: "Fehlerwert der Tabelle"}


def test_hidden_sheets_are_not_chosen(tmp_path):
    def hide(book, sheet):
        hidden = book.create_sheet("Versteckt", 0)
        hidden.sheet_state = "hidden"
        for row in (["Nr", "B", "C"], ["01100101", 1, 2], ["01100102", 3, 4], ["01100203", 5, 6]):
            hidden.append(row)

    file = workbook(tmp_path, [["Nr", "A"], ["01100101", 1], ["01100102", 4]], hide)
    table = read_table(str(file), six_areas().texts)
    assert (table.source.sheet, table.sheets) == ("Daten", ("Daten", "Versteckt"))


def test_percent_format_in_a_part_of_the_cells(tmp_path):
    def some(_, sheet):
        sheet["B2"].number_format = sheet["B3"].number_format = "0.0%"

    table = read_table(
        str(workbook(tmp_path, [["Nr", "A"], ["01100101", 0.07], ["01100102", 0.2], ["01100203", 30]], some)),
        six_areas().texts,
    )
    assert table.cells["A"].tolist() == [7.0, 20.0, 30]
    assert table.percent_columns == ()
    assert "Column B: some cells are formatted as percent" in str(table.notes[0])


def test_years_in_the_heading_leave_a_percent_column_whole(tmp_path):
    def all_cells(_, sheet):
        sheet["B2"].number_format = sheet["B3"].number_format = "0.0%"

    table = read_table(
        str(workbook(tmp_path, [["Nr", 2025], ["01100101", 0.07], ["01100102", 0.2]], all_cells)), six_areas().texts
    )
    assert table.cells["2025"].tolist() == [0.07, 0.2]
    assert table.percent_columns == ("2025",)


def test_minus_behind_the_number():
    assert read_numbers(["12,3-", "45-", "-3", "7"]).values.tolist() == [-12.3, -45.0, -3.0, 7.0]
    assert read_numbers(["-", "4"]).values.tolist() == [0.0, 4.0]


def test_column_of_text_that_holds_numbers_is_said(tmp_path):
    table = read(tmp_path, "Nr;A\n01100101;5*\n01100102;2 1)\n01100203;3\n01100204;4\n")
    layout = guess_layout(table, six_areas())
    assert layout.columns[0].role == "text"
    assert [str(note) for note in layout.notes] == [
        "Column “A” is read as text: 2 of 4 cells are no numbers, the first in row 2."
    ]


def test_areas_far_down_in_a_table_of_the_country(tmp_path):
    rows = "".join(f"{99000000 + i};{i}\n" for i in range(3000))
    table = read(tmp_path, "Nr;A\n" + rows + "".join(f"{key};1\n" for key in six_areas().keys))
    assert guess_layout(table, six_areas()).key_column == "Nr"


def test_years_in_other_digits():
    with pytest.raises(TeilhabeError, match="Years “²⁰²⁴” cannot be read"):
        choose_years("²⁰²⁴", [2024])


def test_blank_key_of_an_area_is_a_gap():
    import pandas as pd

    with pytest.raises(TeilhabeError, match="The key field “key” is empty in 1 areas"):
        Areas.from_frame(pd.DataFrame({"key": ["0101", " \u00a0"]}), "key")


def test_blank_in_the_key_of_the_layer_is_called_a_blank():
    assert needed_repairs("0101", "0101 ") == ("blanks",)
    assert needed_repairs("01–01", "01-01") == ("dashes",)


def test_same_file_name_in_two_folders(tmp_path):
    areas, requests = six_areas(), []
    for folder in ("2024", "2025"):
        (tmp_path / folder).mkdir()
        table = read(tmp_path / folder, TABLE)
        requests.append(JoinRequest(table, guess_layout(table, areas)))
    result = join_tables(areas, requests)
    assert [info.name for info in result.fields] == ["A"]


def test_factors_and_scales_in_the_settings():
    text = '{"tables": [{"table": "a", "factor": 1000, "columns": [{"column": "A", "scale": 100}]}]}'
    assert read_settings(text).for_table("a").layout["factor"] == 1000
    for wrong, path in (('"factor": 0', "factor"), ('"columns": [{"column": "A", "scale": -1}]', "columns[0].scale")):
        with pytest.raises(TeilhabeError) as error:
            read_settings('{"tables": [{"table": "a", ' + wrong + "}]}")
        assert str(error.value).startswith(f"SETTINGS, $.tables[0].{path}: a number above 0 is expected, found")


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a": ' * 100_000, '{"tables": ' + "9" * 5000 + "}", '{"x": "\\ud800"}']
)
def test_json_beyond_the_limits(text):
    with pytest.raises(TeilhabeError) as error:
        read_settings(text)
    assert str(error.value).startswith(("SETTINGS cannot be read", "SETTINGS, $"))
