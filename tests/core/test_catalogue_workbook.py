"""The catalogue as a workbook: out and in without loss; what people mistype is named by its cell."""
import datetime
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from teilhabe_plugin.core.catalogue import (
    AVAILABILITY,
    CALCULATIONS,
    POLARITIES,
    STATUSES,
    Catalogue,
    Dimension,
    Entry,
    HistoryEntry,
)
from teilhabe_plugin.core.catalogue_reading import load_catalogue, read_catalogue
from teilhabe_plugin.core.catalogue_workbook import write_workbook
from teilhabe_plugin.core.catalogue_workbook_reading import read_workbook
from teilhabe_plugin.core.messages import TeilhabeError

from .test_catalogue import CATALOGUES, SMALL

WORDS = {
    language: json.loads((Path(__file__).resolve().parents[2] / "resources" / "catalogue_workbook" /
                          f"{language}.json").read_text(encoding="utf-8"))
    for language in ("de", "en")
}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.name)
@pytest.mark.parametrize("language", ["de", "en"])
def test_shipped_catalogues_go_out_and_in_without_loss(path, language, tmp_path):
    catalogue = load_catalogue(path)
    write_workbook(catalogue, tmp_path / "x.xlsx", WORDS[language])
    assert read_workbook(tmp_path / "x.xlsx", WORDS).to_json() == path.read_text(encoding="utf-8")


texts = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cn")) | st.just("\n"), max_size=30).map(str.strip)
names = st.sampled_from(["=SUMME(A1)", "'x", "3.10", "12", "1e5", "WAHR", "-5", "#DIV/0!", "a\nb"]) | texts.filter(bool)
numbers = st.from_regex(r"[0-9A-Z]{1,3}(\.[0-9]{1,2})?", fullmatch=True)


@st.composite
def catalogues(draw):
    dimensions = tuple(Dimension(number, draw(names)) for number in draw(st.lists(numbers, max_size=3, unique=True)))
    entries = tuple(
        Entry(
            number, draw(names), draw(st.sampled_from([each.number for each in dimensions] + [""])), draw(texts),
            draw(st.sampled_from(CALCULATIONS)), draw(names), draw(names), draw(st.sampled_from([1, 100, 0.5])),
            draw(texts), draw(texts), draw(texts), draw(texts), draw(st.sampled_from(POLARITIES)),
            draw(st.integers(1, 9)), draw(st.sampled_from(["sum", "mean"])), draw(st.sampled_from([0, 20, 2.5])),
            draw(texts), draw(st.sampled_from(AVAILABILITY)), draw(st.sampled_from(STATUSES)), draw(texts), draw(texts),
        ) for number in draw(st.lists(numbers, min_size=1, max_size=3, unique=True))
    )
    history = tuple(
        HistoryEntry(draw(names), day.isoformat(), draw(names), draw(texts), draw(texts))
        for day in draw(st.lists(st.dates(datetime.date(1950, 1, 1)), max_size=2))
    )
    return Catalogue(draw(numbers), draw(names), entries, dimensions, history, draw(texts), "2025-01-01",
                     draw(st.sampled_from(["de", "en"])), draw(texts), draw(texts))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(catalogues(), st.sampled_from(["de", "en"]))
def test_any_catalogue_goes_out_and_in_without_loss(tmp_path_factory, catalogue, language):
    assert read_catalogue(catalogue.to_json()) == catalogue
    path = tmp_path_factory.mktemp("book") / "x.xlsx"
    write_workbook(catalogue, path, WORDS[language])
    assert read_workbook(path, WORDS) == catalogue


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "katalog.xlsx"
    write_workbook(SMALL, path, WORDS["de"])
    return path


def column(name):
    return list(WORDS["de"]["indicators"]).index(name) + 1


def edit(path, change):
    book = load_workbook(path)
    change(book)
    book.save(path)
    return path


def test_what_the_editor_finds(book):
    sheets = load_workbook(book)
    assert sheets.sheetnames == ["Indikatoren", "Verlauf", "Erläuterung", "Katalog"]
    sheet = sheets["Indikatoren"]
    assert sheet.freeze_panes == "C2"
    assert [cell.value for cell in sheet[1]][:3] == ["Nr.", "Name", "Dimension"]
    row = {name: sheet.cell(2, column(name)).value for name in WORDS["de"]["indicators"]}
    assert row["number"] == "3.3" and row["dimension"] == "3 Gesundheit" and row["high_is"] == "ungünstig"
    assert row["kind"] == "Anteil" and row["factor"] == 100 and row["pool_years"] == 3 and row["status"] == "geprüft"
    assert sheet.cell(3, column("data")).value == "noch keine Daten"
    lists = {str(rule.sqref).split("2:")[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert lists["C"] == "'Katalog'!$D$2:$D$60"
    assert lists["K"] == '"ungünstig,günstig,neutral"'
    assert sheets["Verlauf"]["A2"].value == datetime.datetime(2025, 3, 1)


def test_what_people_may_do(book):
    def change(sheets):
        sheet = sheets["Indikatoren"]
        sheet.insert_rows(3)
        sheet.cell(5, column("number")).value = 7
        sheet.cell(5, column("name")).value = " Neu "
        sheet.cell(5, column("dimension")).value = "gesundheit"
        sheet.cell(5, column("factor")).value = "1000,5"
        sheet.cell(5, column("high_is")).value = "GÜNSTIG"
        sheet.delete_cols(column("note"))
        sheet.cell(1, column("note")).value = "Hinweis"
        sheets["Verlauf"]["A3"], sheets["Verlauf"]["B3"], sheets["Verlauf"]["D3"] = "2.4.2025", "1.1", "7 ist neu"

    later = read_workbook(edit(book, change), WORDS)
    assert later.entries[:2] == SMALL.entries
    assert later.get("7") == Entry("7", "Neu", "3", factor=1000.5, high_is="favourable")
    assert later.history[1] == HistoryEntry("1.1", "2025-04-02", "7 ist neu")


def put(sheet, row, name, value):
    def change(book):
        where = column(name) if sheet == "Indikatoren" else list(WORDS["de"]["history"]).index(name) + 1
        book[sheet].cell(row, where).value = value
    return change


@pytest.mark.parametrize("change, where, what", [
    (put("Indikatoren", 3, "high_is", "gut"), "“Indikatoren”, row 3, column “Hoher Wert ist”",
     "“gut” is not possible. Possible are: ungünstig, günstig, neutral."),
    (put("Indikatoren", 2, "factor", "hundert"), "“Indikatoren”, row 2, column “Faktor”", "found “hundert”"),
    (put("Indikatoren", 2, "factor", 0), "“Indikatoren”, row 2, column “Faktor”", "above 0 is expected, found 0"),
    (put("Indikatoren", 3, "number", 3.1), "“Indikatoren”, row 3, column “Nr.”", "“3.1” is no text"),
    (put("Indikatoren", 3, "number", datetime.datetime(2025, 3, 3)), "row 3, column “Nr.”", "is no text"),
    (put("Indikatoren", 3, "number", "3.3"), "“Indikatoren”, row 3, column “Nr.”", "“3.3” is there twice"),
    (put("Indikatoren", 3, "number", None), "“Indikatoren”, row 3, column “Nr.”", "a text is expected"),
    (put("Indikatoren", 2, "name", ""), "“Indikatoren”, row 2, column “Name”", "a text is expected"),
    (put("Indikatoren", 2, "name", "=A1"), "“Indikatoren”, row 2, column “Name”", "a formula stands here"),
    (put("Indikatoren", 2, "dimension", "4 Bildung"), "row 2, column “Dimension”", "Possible are: 3 Gesundheit"),
    (put("Indikatoren", 2, "pool_years", 2.5), "row 2, column “Zahl der Jahre”",
     "a whole number is expected, found 2.5"),
    (put("Indikatoren", 2, "denominator", None), "row 2, column “Nenner”", "needs numerator and denominator"),
    (put("Indikatoren", 1, "unit", "Einhait"), "“Indikatoren”, row 1, column “J”",
     "the heading “Einhait” is not known"),
    (put("Indikatoren", 1, "unit", "Name"), "“Indikatoren”, row 1, column “J”", "the heading “Name” is there twice"),
    (put("Indikatoren", 1, "unit", None), "row 1, column “Einheit”", "this column is missing"),
    (put("Verlauf", 2, "date", "gestern"), "“Verlauf”, row 2, column “Datum”", "found “gestern”"),
    (put("Verlauf", 2, "change", None), "“Verlauf”, row 2, column “Änderung”", "a text is expected"),
    (lambda book: book["Katalog"].__setitem__("B3", None), "“Katalog”, row 3, column “Titel”", "a text is expected"),
    (lambda book: book["Katalog"].__setitem__("D2", "3"), "“Katalog”, row 2, column “Dimensionen",
     "number and name are expected"),
])
def test_errors_name_the_cell(book, change, where, what):
    with pytest.raises(TeilhabeError) as caught:
        read_workbook(edit(book, change), WORDS, "katalog.xlsx")
    assert str(caught.value).startswith("katalog.xlsx, sheet “") and where in str(caught.value)
    assert what in str(caught.value)


def test_what_is_no_catalogue(book, tmp_path):
    edit(book, lambda sheets: sheets.remove(sheets["Katalog"]))
    with pytest.raises(TeilhabeError, match="has no sheet “Katalog”. Sheets: Indikatoren, Verlauf, Erläuterung"):
        read_workbook(book, WORDS)
    edit(book, lambda sheets: setattr(sheets["Indikatoren"], "title", "Tabelle1"))
    with pytest.raises(TeilhabeError, match="has no sheet “Indikatoren”/“Indicators”"):
        read_workbook(book, WORDS)
    (tmp_path / "x.xlsx").write_text("Nr.;Name")
    with pytest.raises(TeilhabeError, match="cannot be read as an Excel workbook"):
        read_workbook(tmp_path / "x.xlsx", WORDS)


def test_both_languages_have_the_same_words():
    def shape(value):
        return {key: shape(each) for key, each in value.items()} if isinstance(value, dict) else None

    german, english = ({**WORDS[language], "introduction": None} for language in ("de", "en"))
    assert shape(german) == shape(english)
    assert list(WORDS["de"]["indicators"]) == list(WORDS["en"]["indicators"])
    fields = set(Entry.__dataclass_fields__)
    assert set(WORDS["de"]["indicators"]) == fields
    assert set(WORDS["de"]["history"]) == set(HistoryEntry.__dataclass_fields__)
