import zipfile

import openpyxl
import pytest

from teilhabe_plugin.core.messages import Cancelled, TeilhabeError
from teilhabe_plugin.core.table_reading import find_decimal, open_elsewhere, read_table
from teilhabe_plugin.core.table_source import TableSource

from .table_helpers import six_areas, table

TEXT = "Schlüssel;Name;Wert\n01100101;Stülerstraße;1,5\n01100102;Großer Tiergarten;–\n"


def write(path, data):
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    return str(path)


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp1252", "cp1252"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_encodings(tmp_path, encoding, found):
    read = read_table(write(tmp_path / "t.csv", TEXT.encode(encoding)))
    assert read.columns == ("Schlüssel", "Name", "Wert")
    assert read.cells["Name"].tolist() == ["Stülerstraße", "Großer Tiergarten"]
    assert read.cells["Wert"].tolist() == ["1,5", "–"]
    assert read.source.encoding == found


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_separators_beside_decimal_commas(tmp_path, separator):
    rows = [["Key", "Name", "A", "B"], ["01100101", "x, y", "1,5", "2,25"], ["01100102", "z", "3,75", "4"]]
    text = "\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)
    read = read_table(write(tmp_path / "t.csv", text), six_areas().texts)
    assert read.source.separator == separator
    assert read.columns == ("Key", "Name", "A", "B")
    assert read.cells.iloc[0].tolist() == ["01100101", "x, y", "1,5", "2,25"]
    assert read.source.decimal == ","


def test_keys_stay_text_and_rows_keep_their_line(tmp_path):
    text = 'Key,Text,Wert\n"01100101","zwei\nZeilen",1\n\n01100102,eine,2\n'
    read = read_table(write(tmp_path / "t.csv", text), six_areas().texts)
    assert read.cells["Key"].tolist() == ["01100101", "01100102"]
    assert read.cells["Text"].tolist() == ["zwei\nZeilen", "eine"]
    assert read.row_numbers.tolist() == [2, 5]
    assert [str(note) for note in read.notes] == ["1 empty rows were left out."]


def test_excel_separator_line_is_obeyed(tmp_path):
    read = read_table(write(tmp_path / "t.csv", "sep=|\nKey|A\n01100101|1\n"), six_areas().texts)
    assert read.columns == ("Key", "A")
    assert read.row_numbers.tolist() == [3]


def test_choices_of_the_user_win(tmp_path):
    path = write(tmp_path / "t.csv", "Titel\nKey;A,B\n01100101;1,5\n")
    read = read_table(TableSource(path, separator=";", decimal=".", header_row=2), six_areas().texts)
    assert read.columns == ("Key", "A,B")
    assert (read.source.decimal, read.source.header_row, read.source.header_lines) == (".", 2, 1)


def test_preview_reads_only_the_first_rows(tmp_path):
    text = "Key;A\n" + "".join(f"{i:08d};{i}\n" for i in range(1, 500))
    path = write(tmp_path / "t.csv", text)
    assert (len(read_table(path, max_rows=50)), read_table(path, max_rows=50).complete) == (49, False)
    assert (len(read_table(path)), read_table(path).complete) == (499, True)


def test_title_rows_and_two_header_lines():
    read = table(
        [
            ["Sozialdaten der Stadt", None, None, None, None],
            ["Stand: 31.12.2025", None, None, None, None],
            [None, None, None, None, None],
            ["Nr.", "Gebiet", "1.1 Kinder (%)", None, "1.2 Jugend (%)"],
            [None, None, 2024, 2025, 2025],
            ["01100101", "Stülerstraße", "1,5", "2", "3"],
        ]
    )
    assert read.columns == ("Nr.", "Gebiet", "1.1 Kinder (%) | 2024", "1.1 Kinder (%) | 2025", "1.2 Jugend (%) | 2025")
    assert (read.source.header_row, read.source.header_lines) == (4, 2)
    assert read.row_numbers.tolist() == [6]
    assert str(read.notes[0]) == "3 rows above the header (row 4) were not read as data."


def test_three_header_lines_with_units_and_a_line_of_numbers():
    read = table(
        [
            ["Gebiet", "Kinder", None, "Haushalte"],
            [None, "2024", "2025", "2025"],
            [None, "Anzahl", "in %", "Anzahl"],
            ["1", "2", "3", "4"],
            ["01100101", "17", "3,5", "9"],
        ]
    )
    assert read.columns == ("Gebiet", "Kinder | 2024 | Anzahl", "Kinder | 2025 | in %", "Haushalte | 2025 | Anzahl")
    assert read.cells.iloc[0].tolist() == ["01100101", "17", "3,5", "9"]
    assert len(read) == 1


def test_one_header_line_is_not_joined_with_the_title():
    read = table([["Quelle", "Amt", None], ["Nr.", "A", "B"], ["01100101", "1", "2"]])
    assert read.columns == ("Nr.", "A", "B")
    assert read.source.header_lines == 1


def test_header_is_found_without_known_keys():
    read = table([["Bericht", None, None], ["Ort", "A 2024", "A 2025"], ["Nord", "1,5", "2,5"], ["Süd", "3", "4"]])
    assert read.columns == ("Ort", "A 2024", "A 2025")


def test_years_in_the_header_are_no_keys():
    areas = six_areas(KEY=["2020", "2021", "2022", "2023", "2024", "2025"])
    read = table([["Gebiet", "2024", "2025"], ["2020", "5", "6"], ["2021", "7", "8"]], areas)
    assert read.columns == ("Gebiet", "2024", "2025")
    assert read.cells["Gebiet"].tolist() == ["2020", "2021"]


def test_a_name_in_the_first_row_of_data_is_data():
    read = table([["Gebiet", "A 2024", "A 2025"], ["Am Bach", "1,5", "2"], ["01100101", "3", "4"]])
    assert read.source.header_lines == 1
    assert read.cells["Gebiet"].tolist() == ["Am Bach", "01100101"]


def test_empty_and_doubled_columns_are_named():
    read = table([["Nr.", "A", None, "A", "Leer", None], ["01100101", "1", None, "2", None, "x"]])
    assert read.columns == ("Nr.", "A", "A (2)", "Spalte F")
    assert [str(note) for note in read.notes] == [
        "Column “Leer” is empty and was left out.",
        "1 columns without heading and content were left out.",
        "The heading “A” stands 2 times; the later column is called “A (2)”.",
    ]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([[None, None]], "tabelle.csv is empty. Choose another sheet or file."),
        ([["01100101", "5"], ["01100102", "6"]], "tabelle.csv has no header: data begin in row 1."),
    ],
)
def test_tables_without_content_or_header(rows, message):
    with pytest.raises(TeilhabeError) as error:
        table(rows)
    assert str(error.value).startswith(message)


def test_header_without_data():
    with pytest.raises(TeilhabeError, match="has a header in row 1, but no row of data below it"):
        table([["Nr.", "A"], [None, None]])


def test_header_row_that_is_not_there():
    with pytest.raises(TeilhabeError, match="has no header in row 9"):
        table([["Nr.", "A"], ["01100101", "5"]], header_row=9)


@pytest.fixture
def workbook(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Hinweise"
    book.active.append(["Diese Datei", "hat", "viele", "Worte", "und", "Zellen"])
    sheet = book.create_sheet("Daten")
    sheet.append(["Bericht 2025"])
    sheet.append(["Nr.", "Quote", "Anteil", "Tag"])
    import datetime

    sheet.append([1100101, 12.5, 0.123, datetime.date(2025, 12, 31)])
    sheet.append(["01100102", "x", 0.5, "#DIV/0!"])
    sheet["C3"].number_format = sheet["C4"].number_format = "0.0%"
    path = tmp_path / "mappe.xlsx"
    book.save(path)
    return str(path)


def test_workbook_sheet_with_keys_is_found(workbook):
    read = read_table(workbook, six_areas().texts)
    assert (read.source.sheet, read.sheets) == ("Daten", ("Hinweise", "Daten"))
    assert read.columns == ("Nr.", "Quote", "Anteil", "Tag")
    assert read.cells["Nr."].tolist() == [1100101, "01100102"]
    assert read.cells["Quote"].tolist() == [12.5, "x"]
    assert read.cells["Tag"].tolist() == ["31.12.2025", "#DIV/0!"]
    assert read.percent_columns == ("Anteil",)
    assert read.row_numbers.tolist() == [3, 4]
    assert read.title == "mappe.xlsx [Daten]"
    assert str(read.notes[0]) == "mappe.xlsx has 2 sheets; “Daten” was read."


def test_sheet_that_is_not_there(workbook):
    with pytest.raises(TeilhabeError, match="mappe.xlsx has no sheet “2024”. Sheets: Hinweise, Daten."):
        read_table(TableSource(workbook, sheet="2024"))


def test_empty_sheet(tmp_path):
    book = openpyxl.Workbook()
    book.save(tmp_path / "leer.xlsx")
    with pytest.raises(TeilhabeError, match=r"leer.xlsx \[Sheet\] is empty"):
        read_table(str(tmp_path / "leer.xlsx"))


def half_a_zip():
    return b"PK\x03\x04" + b"\x00" * 200


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("kaputt.xlsx", half_a_zip(), "kaputt.xlsx cannot be read as an Excel workbook; it may be damaged."),
        ("geheim.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "geheim.xlsx is protected by a password"),
        ("alt.xls", b"\xd0\xcf\x11\xe0", "alt.xls is an old Excel file (XLS)."),
        ("leer.csv", b"", "leer.csv is empty (0 bytes)."),
        ("falsch.csv", half_a_zip(), "falsch.csv is an Excel file with the wrong ending."),
        ("bild.csv", b"Key;A\n\x00\x01\x02;4\n", "bild.csv is not a text table"),
        ("text.docx", b"x", "text.docx: tables of the kind “.docx” cannot be read."),
    ],
)
def test_files_that_cannot_be_read_say_why(tmp_path, name, data, message):
    path = write(tmp_path / name, data)
    with pytest.raises(TeilhabeError) as error:
        read_table(path)
    assert str(error.value).startswith(message)


def test_a_workbook_without_sheets_inside(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w") as archive:
        archive.writestr("readme.txt", "x")
    with pytest.raises(TeilhabeError, match="x.xlsx cannot be read as an Excel workbook"):
        read_table(str(tmp_path / "x.xlsx"))


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(TeilhabeError, match="does not exist. Was it moved or renamed"):
        read_table(str(tmp_path / "weg.csv"))
    with pytest.raises(TeilhabeError, match="is a folder"):
        read_table(str(tmp_path))


def test_locked_file(tmp_path, monkeypatch):
    path = write(tmp_path / "t.csv", TEXT)
    monkeypatch.setattr("pathlib.Path.read_bytes", lambda self: (_ for _ in ()).throw(PermissionError(13, "x")))
    with pytest.raises(TeilhabeError, match="t.csv cannot be opened: it is locked"):
        read_table(path)


def test_file_that_is_open_in_an_office_program(tmp_path):
    path = tmp_path / "t.xlsx"
    (tmp_path / "~$t.xlsx").write_bytes(b"")
    assert (
        str(open_elsewhere(path)[0])
        == "t.xlsx is open in another program; changes that are not saved there are not read."
    )
    assert open_elsewhere(tmp_path / "u.xlsx") == ()


def test_wrong_encoding_chosen(tmp_path):
    path = write(tmp_path / "t.csv", TEXT.encode("cp1252"))
    with pytest.raises(TeilhabeError, match="t.csv is not encoded as utf-8: byte 5 does not fit"):
        read_table(TableSource(path, encoding="utf-8"))


def test_quotation_mark_that_is_never_closed_is_refused(tmp_path):
    file = write(tmp_path / "t.csv", 'Key;A\n01100101;"offen\n01100102;1\n01100203;1\n')
    with pytest.raises(TeilhabeError) as error:
        read_table(file, six_areas().texts)
    assert str(error.value).startswith(
        "t.csv, line 2: a quotation mark is opened here and never closed, so that the 2 lines below it would be lost."
    )


def test_quotation_mark_that_is_closed_much_later(tmp_path):
    text = 'Key;A\n01100101;"offen\n' + "".join(f"{i};1\n" for i in range(80)) + '01100102;"zu"\n'
    read = read_table(write(tmp_path / "t.csv", text), six_areas().texts)
    assert str(read.notes[0]).startswith("t.csv, line 2: one cell runs over 82 lines")


def test_reading_can_be_cancelled(tmp_path):
    text = "Key;A\n" + "1;2\n" * 6000
    with pytest.raises(Cancelled):
        read_table(write(tmp_path / "t.csv", text), cancelled=lambda: True)


@pytest.mark.parametrize(
    ("cells", "separator", "decimal"),
    [
        (["1,5", "2"], ";", ","),
        (["1.5", "2"], ";", "."),
        (["1.234"], ";", ","),
        (["1.234"], ",", "."),
        (["0.123", "0.456"], ";", "."),
        (["1.234,56"], ";", ","),
    ],
)
def test_decimal_sign_of_a_file(cells, separator, decimal):
    assert find_decimal([[cell] for cell in cells], separator) == decimal


def test_source_survives_json():
    source = TableSource("a.csv", encoding="cp1252", header_row=3)
    assert TableSource.from_dict({**source.to_dict(), "unknown": 1}) == source
