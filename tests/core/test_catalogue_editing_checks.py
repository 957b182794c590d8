"""What stands between an edited catalogue and its file: the same that reading would refuse, told at the field."""
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teilhabe_plugin.core import catalogue_editing_checks as checks
from teilhabe_plugin.core.catalogue import Catalogue, Dimension, Entry, HistoryEntry
from teilhabe_plugin.core.catalogue_reading import load_catalogue, read_catalogue
from teilhabe_plugin.core.messages import TeilhabeError

CATALOGUES = sorted((Path(__file__).resolve().parents[2] / "resources" / "catalogues").glob("*.json"))
GOOD = Entry("3.3", "Quote", "3", "Wie viele?", "share", "Kinder", "alle Kinder", 100)
CITY = Catalogue("stadt", "Stadt", (GOOD,), (Dimension("3", "Gesundheit"),),
                 (HistoryEntry("1.0", "2025-03-01", "Erste Fassung"),), "1.0", "2025-03-01")


def found(catalogue):
    return [(each.part, each.position, each.field, str(each.message)) for each in checks.problems(catalogue)]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_shipped_catalogues_have_no_problems(path):
    catalogue = load_catalogue(path)
    assert checks.problems(catalogue) == [] and checks.cleaned(catalogue) == catalogue


@pytest.mark.parametrize("values, field, words", [
    ({"number": ""}, "number", "This must not stay empty."),
    ({"number": "3,3"}, "number", "“3,3” may hold only letters and digits"),
    ({"name": " "}, "name", "This must not stay empty."),
    ({"dimension": "4"}, "dimension", "the catalogue has no dimension “4”."),
    ({"numerator": ""}, "numerator", "a calculation from counts needs numerator and denominator."),
    ({"denominator": " "}, "denominator", "a calculation from counts needs numerator and denominator."),
    ({"factor": 0}, "factor", "a number above 0 is expected, found 0."),
    ({"factor": "1o0"}, "factor", "a number is expected, found “1o0”."),
    ({"factor": "1.000"}, "factor", "“1.000” can be read in two ways."),
    ({"pool_years": 2.5}, "pool_years", "a whole number is expected, found 2.5."),
    ({"pool_years": 0}, "pool_years", "1 or more is expected, found 0."),
    ({"minimum_denominator": -1}, "minimum_denominator", "0 or more is expected, found -1."),
    ({"question": "a\tb"}, "question", "a character that a spreadsheet cannot hold"),
    ({"note": "x" * 32001}, "note", "32001 characters, allowed are 32000"),
])
def test_each_fault_is_told_at_its_field(values, field, words):
    problems = found(replace(CITY, entries=(replace(GOOD, **values),)))
    assert [each[:3] for each in problems] == [("indicators", 0, field)] and words in problems[0][3]


def test_all_faults_of_an_indicator_are_told_at_once():
    entry = replace(GOOD, number="", name="", numerator="", denominator="", factor="x", pool_years="y")
    assert [each[2] for each in found(replace(CITY, entries=(entry,)))] == [
        "number", "name", "numerator", "denominator", "factor", "pool_years"]


def test_a_number_that_is_there_twice_is_told_at_both():
    assert [each[:3] for each in found(replace(CITY, entries=(GOOD, GOOD)))] == [
        ("indicators", 0, "number"), ("indicators", 1, "number")]
    assert [each[:3] for each in found(replace(CITY, dimensions=CITY.dimensions * 2))] == [
        ("dimensions", 0, "number"), ("dimensions", 1, "number")]


@pytest.mark.parametrize("changed, places", [
    ({"entries": ()}, [("catalogue", -1, "indicators")]),
    ({"id": "", "title": ""}, [("catalogue", -1, "id"), ("catalogue", -1, "title")]),
    ({"id": "meine stadt"}, [("catalogue", -1, "id")]),
    ({"date": "31.13.2025"}, [("catalogue", -1, "date")]),
    ({"dimensions": (Dimension("3", ""),)}, [("dimensions", 0, "title")]),
    ({"history": (HistoryEntry("", "heute", ""),)},
     [("history", 0, "version"), ("history", 0, "date"), ("history", 0, "change")]),
])
def test_faults_of_the_catalogue_itself(changed, places):
    assert [each[:3] for each in found(replace(CITY, **changed))] == places


texts = st.text(st.characters(blacklist_categories=()), max_size=6) | st.sampled_from(
    ["", " ", "3.3", "1.000", "0,5", "3", "x" * 40000, "a\nb", "_x0041_", "\u0663"])
entries = st.builds(
    Entry, number=texts, name=texts, dimension=texts, question=texts, numerator=texts, denominator=texts, note=texts,
    kind=st.sampled_from(["share", "rate", "mean", "ratio", "value"]),
    factor=st.one_of(st.integers(-2, 1000), st.floats(allow_nan=False), texts.map(lambda text: text + "!")),
    pool_years=st.one_of(st.integers(-2, 9), st.floats(-3, 3)),
    minimum_denominator=st.one_of(st.integers(-2, 50), st.floats(-3, 3)))
catalogues = st.builds(
    Catalogue, id=texts, title=texts, entries=st.lists(entries, max_size=3).map(tuple),
    dimensions=st.lists(st.builds(Dimension, texts, texts), max_size=2).map(tuple),
    history=st.lists(st.builds(HistoryEntry, texts, texts, texts, texts, texts), max_size=2).map(tuple),
    version=texts, date=texts, publisher=texts, note=texts)


@settings(max_examples=400, deadline=None)
@given(catalogues)
def test_what_has_no_problem_can_be_saved_and_read_and_what_has_one_cannot(catalogue):
    if checks.problems(catalogue):
        with pytest.raises(TeilhabeError):
            read_catalogue(json.dumps(json.loads(catalogue.to_json())))
    else:
        assert checks.cleaned(catalogue).to_json() == checks.cleaned(checks.cleaned(catalogue)).to_json()


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(["number", "name", "dimension", "question", "numerator", "note", "unit"]), texts,
       st.sampled_from(["share", "value"]), st.one_of(st.integers(0, 3), st.floats(0, 3)))
def test_one_field_decides_in_the_same_way_as_reading(field, text, kind, number):
    entry = replace(GOOD, kind=kind, pool_years=number, minimum_denominator=number, **{field: text})
    catalogue = replace(CITY, entries=(entry,))
    try:
        read_catalogue(catalogue.to_json())
        readable = True
    except TeilhabeError:
        readable = False
    assert readable == (not checks.problems(catalogue))


@pytest.mark.parametrize("text, sign, value", [
    ("100", ",", 100), (" 1 000 ", ",", 1000), ("1\u202f000", ",", 1000), ("0,5", ",", 0.5), ("0.5", ",", 0.5),
    ("0,5", ".", 0.5), ("1.000", ",", "1.000"), ("1,000", ",", 1), ("1,000", ".", "1,000"), ("1.000", ".", 1),
    ("1.125", ",", "1.125"), ("1,125", ",", 1.125), ("0.125", ",", 0.125), ("−3", ",", -3), ("", ",", 1),
    ("  ", ",", 1), ("1e5", ",", "1e5"), ("abc ", ",", "abc "), ("1.000,5", ",", "1.000,5"), ("nan", ",", "nan"),
    ("9" * 400, ",", "9" * 400), ("100.000.000", ",", "100.000.000"),
])
def test_typed_numbers(text, sign, value):
    assert checks.typed_number(text, "factor", sign) == value


def test_an_empty_field_is_the_default():
    assert checks.typed_number("", "minimum_denominator") == 0


@given(st.one_of(st.integers(-10**12, 10**12), st.floats(-1e12, 1e12, allow_nan=False)), st.sampled_from(",."))
def test_a_number_shown_is_read_as_the_same_number(value, sign):
    shown = checks.number_shown(value, sign)
    assert checks.typed_number(shown, "factor", sign) == value


@given(texts, st.sampled_from(",."))
def test_a_text_that_is_no_number_is_kept(text, sign):
    value = checks.typed_number(text, "factor", sign)
    assert value == text or isinstance(value, (int, float))


@pytest.mark.parametrize("typed, iso", [
    ("31.12.2025", "2025-12-31"), (" 1.3.2025 ", "2025-03-01"), ("2025-03-01", "2025-03-01"),
    ("31.2.2025", "31.2.2025"), ("heute", "heute"), ("", ""),
])
def test_typed_dates(typed, iso):
    assert checks.typed_date(typed) == iso
    assert checks.typed_date(checks.date_shown(iso, "de")) == iso


def test_dates_shown():
    assert checks.date_shown("2025-03-01", "de") == "01.03.2025"
    assert checks.date_shown("2025-03-01", "en") == "2025-03-01"
    assert checks.date_shown("2025-3-1x", "de") == "2025-3-1x"
