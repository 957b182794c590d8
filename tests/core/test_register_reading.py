"""Registers in the forms in which they are handed out, and what can be wrong with them."""
import numpy as np
import pandas as pd
import pytest

from teilhabe_plugin.core.addresses.register_reading import describe_file, read_register
from teilhabe_plugin.core.addresses.register_source import RegisterSource
from teilhabe_plugin.core.messages import Cancelled, TeilhabeError

from .register_helpers import GEBREF_ROWS, HK_HEADER, HK_ROWS, addresses, notes, write

TABLE = ("strname;hsnr;hsnrzu;plz;gebiet_id;ost;nord",
         "Ackerstraße;1;;10115;0101;350000,5;5700000,5",
         "Ackerstraße;2;b;10115;0101;350010,5;5700000,5",
         "Birkenweg;7;;10117;0102;350500,0;5700100,0")


def read(path, **settings):
    return read_register(RegisterSource(str(path), **settings))


def fault(path, **settings):
    with pytest.raises(TeilhabeError) as caught:
        read(path, **settings)
    return str(caught.value)


# --- official house coordinates

@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
@pytest.mark.parametrize("header", [True, False])
def test_house_coordinates(tmp_path, encoding, header):
    path = write(tmp_path / "hk.txt", [HK_HEADER, *HK_ROWS] if header else HK_ROWS, encoding)
    register = read(path)
    assert addresses(register) == [
        ("Mühlenstraße 1, 45468 Mülheim an der Ruhr", "Altstadt", ""),
        ("Mühlenstraße 3a, 45468 Mülheim an der Ruhr", "Altstadt", ""),
        ("St.-Josef-Str. 12, 45470 Mülheim an der Ruhr", "Saarn", ""),
        ("Am Hügel, 45472 Mülheim", "Heißen", ""),
    ]
    assert register.crs == "EPSG:4647"
    assert register.x.tolist() == [32350000.125, 32350020.0, 32351000.0, 32352000.0]
    assert register.y[0] == 5700000.5
    assert [str(q) for q in register.qualities[register.quality]] == ["A", "A", "B", "R"]
    assert register.ids[0] == "DEXX000000000001"
    assert register.street_keys.tolist() == ["0511700000010", "0511700000020", "0511700000030"]
    assert register.row.tolist() == [1 + header, 2 + header, 4 + header, 5 + header]
    deleted = 3 + header
    assert notes(register) == [
        f"hk.txt: 1 rows are marked as deleted (NBA = L) and were left out, the first is row {deleted}."]


def test_house_coordinates_of_zone_33(tmp_path):
    rows = [row.replace(";323", ";333") for row in HK_ROWS]
    assert read(write(tmp_path / "hk.txt", rows)).crs == "EPSG:5650"


def test_two_zones_in_one_file_are_refused(tmp_path):
    rows = [HK_ROWS[0], HK_ROWS[1].replace(";323", ";333")]
    assert fault(write(tmp_path / "hk.txt", rows)) == (
        "hk.txt: the coordinates lie in two zones, row 1 in zone 32 and row 2 in zone 33. Split the file by zone and "
        "choose both parts as registers.")


def test_a_chosen_form_that_does_not_fit_is_refused(tmp_path):
    message = fault(write(tmp_path / "liste.txt", TABLE), form="hk")
    assert message.startswith(
        "liste.txt, row 1: this is no row of hk; 18 fields divided by semicolons are expected: NBA;OI;QUA;")


def test_quotation_marks_in_house_coordinates_are_letters(tmp_path):
    rows = [HK_ROWS[0].replace("Mühlenstraße", 'Straße "Am Tor'), *HK_ROWS[1:]]
    assert read(write(tmp_path / "hk.txt", rows)).text(0) == 'Straße "Am Tor 1, 45468 Mülheim an der Ruhr'


# --- building references of North Rhine-Westphalia

def test_building_references(tmp_path):
    register = read(write(tmp_path / "gebref.txt", GEBREF_ROWS))
    assert addresses(register) == [("Mühlenstraße 1, Mülheim an der Ruhr", "", ""),
                                   ("St.-Josef-Str. 12b, Mülheim an der Ruhr", "Saarn", "")]
    assert register.crs == "EPSG:25832"
    assert register.x.tolist() == [350000.125, 351000.0]
    assert register.notes == ()


def test_building_references_with_decimal_comma_and_zone_in_front(tmp_path):
    rows = [row.replace("350000.125", "32350000,125").replace("351000.000", "32351000,000").replace(".500", ",500")
            for row in GEBREF_ROWS]
    register = read(write(tmp_path / "gebref.txt", rows))
    assert (register.crs, register.x.tolist(), register.y.tolist()) == (
        "EPSG:4647", [32350000.125, 32351000.0], [5700000.5, 5701000.0])


def test_building_references_of_two_zones_are_refused(tmp_path):
    rows = [GEBREF_ROWS[0], GEBREF_ROWS[1].replace(";32;", ";33;")]
    assert "row 1 in zone 32 and row 2 in zone 33" in fault(write(tmp_path / "gebref.txt", rows))


# --- tables

@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz", "t.txt"])
@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_tables(tmp_path, name, separator):
    register = read(write(tmp_path / name, [line.replace(";", separator) for line in TABLE]), place="Musterstadt")
    assert addresses(register) == [("Ackerstraße 1, 10115", "", "0101"), ("Ackerstraße 2b, 10115", "", "0101"),
                                   ("Birkenweg 7, 10117", "", "0102")]
    assert register.x.tolist() == [350000.5, 350010.5, 350500.0]
    assert (register.crs, register.place, register.title) == ("EPSG:25833", "Musterstadt", name)
    assert notes(register) == [f"{name}: the coordinates were read as EPSG:25833, judging by their size. Choose "
                               "another reference system if the points lie in the wrong place."]


def test_a_workbook(tmp_path):
    frame = pd.DataFrame({"Straße": ["Ackerstraße", "Ackerstraße"], "Hausnummer": [1, 2], "Zusatz": [None, "b"],
                          "PLZ": [10115, 10115], "Gebiet": [101, 102]})
    frame.to_excel(tmp_path / "t.xlsx", index=False)
    register = read(tmp_path / "t.xlsx")
    assert addresses(register) == [("Ackerstraße 1, 10115", "", "101"), ("Ackerstraße 2b, 10115", "", "102")]
    assert register.row.tolist() == [2, 3]


def test_title_lines_above_the_headings(tmp_path):
    register = read(write(tmp_path / "t.csv", ["Adressregister der Stadt;;;;;;", ";;;;;;", *TABLE]))
    assert len(register) == 3
    assert register.row.tolist() == [4, 5, 6]


def test_columns_chosen_by_hand_win(tmp_path):
    lines = ["a;b;c;STRNAME", "Ackerstraße;1;0101;x1", "Birkenweg;2;0102;y2"]
    path = write(tmp_path / "t.csv", lines)
    register = read(path, columns=(("street", "a"), ("number", "b"), ("area", "c")))
    assert addresses(register) == [("Ackerstraße 1", "", "0101"), ("Birkenweg 2", "", "0102")]
    assert fault(path, columns=(("street", "Name"),)) == (
        "t.csv has no column “Name”. The columns are: a, b, c, STRNAME.")


def test_one_column_with_street_and_number(tmp_path):
    lines = ["Adresse;Gebiet", "Ackerstraße 12 a, 10115 Berlin;0101", "Straße des 17. Juni 135;0102",
             "Platz 1 - 3;0103", "Straße 5 12;0103", "Am Markt;0104"]
    register = read(write(tmp_path / "t.csv", lines))
    assert [text for text, *_ in addresses(register)] == ["Ackerstraße 12a", "Straße des 17. Juni 135", "Platz 1",
                                                          "Straße 5 12", "Am Markt"]


def test_without_a_street_column(tmp_path):
    assert fault(write(tmp_path / "t.csv", ["a;b", "1;2"])) == (
        "t.csv: no column holds the names of the streets. Choose it; the columns are: a, b.")


def test_lines_too_short_and_too_long(tmp_path):
    lines = [*TABLE, "Kurzweg;3", "Langweg;4;;10117;0102;350000;5700000;noch;etwas", "", "Birkenweg;9;;;;;;;"]
    register = read(write(tmp_path / "t.csv", lines))
    assert [text for text, *_ in addresses(register)] == [
        "Ackerstraße 1, 10115", "Ackerstraße 2b, 10115", "Birkenweg 7, 10117", "Birkenweg 9", "Kurzweg 3"]
    assert register.row.tolist() == [2, 3, 4, 8, 5]
    assert notes(register)[0] == (
        "t.csv: 1 rows have more cells than the table has columns and were left out, the first is row 6.")


def test_texts_in_quotation_marks(tmp_path):
    lines = ['strasse,hausnummer,"gebiet, id"', '"Acker, Straße",1,"0101"', '"Birken ""Weg""",2,0102']
    register = read(write(tmp_path / "t.csv", lines))
    assert addresses(register) == [("Acker, Straße 1", "", "0101"), ('Birken "Weg" 2', "", "0102")]


def test_formulas_errors_and_endless_cells_are_left_out(tmp_path):
    lines = [*TABLE, '=HYPERLINK("x");3;;;;;', "#NAME?;4;;;;;", "x" * 100_000 + ";5;;;;;",
             '="Feldweg";="6";;;="0103";;', ";8;;10115;;;", "### unbekannt;9;;;;;"]
    register = read(write(tmp_path / "t.csv", lines))
    assert ("Feldweg 6", "", "0103") in addresses(register)
    assert ("### unbekannt 9", "", "") in addresses(register)
    assert len(register) == 5
    assert notes(register)[:3] == [
        "t.csv: in 1 rows a cell has more than 200 letters; they were left out, the first is row 7.",
        "t.csv: in 2 rows a formula or an error stands in place of the street; they were left out, the first is row 5.",
        "t.csv: 1 rows have no street and were left out, the first is row 9.",
    ]


def test_cells_beyond_all_measure(tmp_path):
    lines = [*TABLE, f'Ackerweg;1;;;"{"9" * 300_000}";;', f"Ackerweg;{'7' * 100_000};;;;;", "Ackerweg;3;;;;;"]
    register = read(write(tmp_path / "t.csv", lines))
    assert register.row.tolist() == [2, 3, 4, 7]
    assert notes(register)[0] == (
        "t.csv: in 2 rows a cell has more than 200 letters; they were left out, the first is row 5.")


def test_columns_of_house_coordinates_chosen_by_hand(tmp_path):
    register = read(write(tmp_path / "hk.txt", HK_ROWS), columns=(("area", "OTT"), ("district", "")))
    assert [area for *_, area in addresses(register)] == ["0000"] * 4
    assert register.crs == "EPSG:4647"


# --- coordinates

def test_coordinates_that_are_no_numbers_are_named_and_the_rest_is_kept(tmp_path):
    lines = [*TABLE, "Birkenweg;9;;;;unbekannt;5700000", "Birkenweg;11;;;;350.000,5;5.700.000,5"]
    register = read(write(tmp_path / "t.csv", lines))
    assert len(register) == 5
    assert np.isnan(register.x[3]) and register.x[4] == 350000.5
    assert notes(register)[1] == ("t.csv: 1 coordinates are no numbers, the first in row 5, column “ost”: “unbekannt”. "
                                  "These addresses are kept without coordinates.")


@pytest.mark.parametrize("x, y, crs", [
    ("350000", "5700000", "EPSG:25833"), ("32350000", "5700000", "EPSG:4647"), ("33390000", "5820000", "EPSG:5650"),
    ("13.4", "52.5", "EPSG:4326"), ("790000", "5820000", "EPSG:25832"), ("3350000", "5700000", "EPSG:31467"),
    ("4350000", "3200000", "EPSG:3035"), ("1490000", "6890000", "EPSG:3857"),
])
def test_the_reference_system_is_judged_by_the_size(tmp_path, x, y, crs):
    lines = ["strasse;hnr;plz;x;y", f"Ackerstraße;1;10115;{x};{y}"]
    assert read(write(tmp_path / "t.csv", lines)).crs == crs


def test_a_western_postcode_tells_the_zone(tmp_path):
    lines = ["strasse;hnr;plz;x;y", "Ackerstraße;1;45127;350000;5700000"]
    assert read(write(tmp_path / "t.csv", lines)).crs == "EPSG:25832"


def test_the_chosen_reference_system_wins(tmp_path):
    lines = ["strasse;hnr;plz;x;y", "Ackerstraße;1;10115;350000;5700000"]
    register = read(write(tmp_path / "t.csv", lines), crs="EPSG:25832")
    assert (register.crs, register.notes) == ("EPSG:25832", ())


def test_degrees_where_metres_are_chosen(tmp_path):
    lines = ["strasse;hnr;lon;lat", "Ackerstraße;1;;", "Ackerstraße;2;13.4;52.5"]
    assert fault(write(tmp_path / "t.csv", lines), crs="EPSG:25833") == (
        "t.csv, row 3: the coordinates 13.4 / 52.5 are degrees, but EPSG:25833 counts in metres. Choose EPSG:4326, or "
        "the columns with the metres.")


def test_northings_in_the_column_of_eastings_are_exchanged(tmp_path):
    lines = ["strasse;hnr;x;y", "Ackerstraße;1;5700000;32350000"]
    register = read(write(tmp_path / "t.csv", lines))
    assert (register.x.tolist(), register.y.tolist()) == ([32350000.0], [5700000.0])
    assert notes(register)[1] == "t.csv: column “x” holds the northings and “y” the eastings; they were exchanged."


def test_single_rows_elsewhere_lose_their_coordinates(tmp_path):
    lines = [*TABLE, "Birkenweg;9;;;;7,5;51,5", "Birkenweg;11;;;;0;0"]
    register = read(write(tmp_path / "t.csv", lines))
    assert np.isfinite(register.x).tolist() == [True, True, True, False, False]
    assert notes(register)[1] == ("t.csv: 1 addresses have coordinates that do not fit EPSG:25833, the first in row 5: "
                                  "7.5 / 51.5. They are kept without coordinates.")


# --- files that are none

def test_broken_files(tmp_path):
    (tmp_path / "leer.csv").write_bytes(b"")
    assert fault(tmp_path / "leer.csv") == "leer.csv is empty (0 bytes)."
    assert fault(write(tmp_path / "blank.csv", ["", ""])) == "blank.csv holds no rows."
    assert fault(write(tmp_path / "kopf.csv", TABLE[:1])) == "kopf.csv holds no rows."
    (tmp_path / "b.csv").write_bytes(b"a;b\x00\x01\x02\n" * 10)
    assert "it holds binary data" in fault(tmp_path / "b.csv")
    (tmp_path / "x.csv").write_bytes(b"PK\x03\x04rest of an archive")
    assert "an Excel file or an archive with the wrong ending" in fault(tmp_path / "x.csv")
    path = write(tmp_path / "t.csv.gz", TABLE * 500)
    path.write_bytes(path.read_bytes()[:-20])
    assert fault(path) == "t.csv.gz is damaged: it cannot be unpacked. Copy or download it again."
    assert "does not exist" in fault(tmp_path / "fehlt.csv")


def test_a_wrong_encoding_is_named(tmp_path):
    path = write(tmp_path / "t.csv", TABLE, "latin-1")
    assert fault(path, encoding="utf-8") == (
        "t.csv is not encoded as utf-8: byte 54 does not fit. Choose another encoding.")
    assert fault(path, encoding="klingonisch") == "t.csv: unknown encoding “klingonisch”."
    late = write(tmp_path / "late.csv", [TABLE[0], *["Ackerweg;1;;;;;"] * 60_000, "Mühle;1;;;;;"], "latin-1")
    assert "late.csv is not encoded as utf-8" in fault(late, encoding="utf-8")
    assert "Mühle" in read(late).street_names


def test_names_in_the_wrong_encoding_are_told(tmp_path):
    path = write(tmp_path / "t.csv", ["strasse;hnr", "Mühlenstraße;1", "Ackerweg;2"])
    assert notes(read(path, encoding="latin-1")) == [
        "t.csv: 1 names of streets look garbled, such as “MÃ¼hlenstraÃ\x9fe”. The file, or its encoding as it was "
        "chosen, is wrong; try UTF-8 or Latin-1."]
    assert "“MÃ¼hlenstraÃŸe”" in notes(read(path, encoding="cp1252"))[0]
    assert read(path).notes == ()


def test_utf_16(tmp_path):
    assert len(read(write(tmp_path / "t.csv", TABLE, "utf-16"))) == 3


def test_an_open_quotation_mark_is_told(tmp_path):
    lines = [*TABLE, '"Ackerweg;1;;;;;', *["Birkenweg;1;;;;;"] * 20]
    assert "cannot be split into cells" in fault(write(tmp_path / "t.csv", lines))


def test_the_user_can_stop(tmp_path):
    path = write(tmp_path / "t.csv", TABLE)
    with pytest.raises(Cancelled):
        read_register(RegisterSource(str(path)), cancelled=lambda: True)


def test_progress_reaches_the_end(tmp_path):
    seen = []
    read_register(RegisterSource(str(write(tmp_path / "t.csv", TABLE))), progress=seen.append)
    assert seen[-1] == 100


# --- looking at a file

def test_description(tmp_path):
    layout, sample = describe_file(RegisterSource(str(write(tmp_path / "hk.txt", HK_ROWS))))
    assert layout.form == "hk"
    assert layout.meanings() == {"street": "STN", "number": "HNR", "suffix": "ADZ", "postcode": "PLZ", "place": "ONM",
                                 "district": "POT", "quality": "QUA", "id": "OI", "x": "EEEEEEEE,EEE",
                                 "y": "NNNNNNN,NNN"}
    assert sample["STN"].tolist()[:2] == ["Mühlenstraße", "Mühlenstraße"]


# --- real registers

def test_berlin(berlin):
    register = read(berlin / "adressen_bezirk_01-06.csv.gz", place="Berlin")
    assert len(register) == 181_238
    assert len(register.street_names) == 5_010
    assert (register.has_areas, register.has_coordinates, register.crs) == (True, False, "")
    assert register.areas[1] == "01100309"
    assert "Ackerstraße 1, 10115 Mitte" in {register.text(i) for i in range(200)}
    assert register.notes == ()


def test_essen(essen):
    register = read(essen / "hauskoordinaten_essen_2022-10-05_epsg4647.csv.gz", place="Essen")
    assert len(register) == 102_981
    assert (register.number == -1).sum() == 3_397
    assert register.crs == "EPSG:4647"
    assert np.isfinite(register.x).all()
