import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teilhabe_plugin.core.number_forms import read_numbers
from teilhabe_plugin.core.signs import SignReading, find_codes, sign_of

from .table_helpers import floats


def german(value, digits, blank=""):
    text = f"{value:,.{digits}f}"
    return text.replace(",", "#").replace(".", ",").replace("#", blank or ".")


finite = st.floats(min_value=-9e11, max_value=9e11, allow_nan=False)


@given(st.lists(finite, min_size=1, max_size=30), st.integers(1, 6))
def test_german_numbers_with_points_for_thousands_come_back(values, digits):
    texts = [german(value, digits) for value in values]
    read = read_numbers(texts, decimal=",")
    assert read.bad == ()
    assert floats(read.values) == [float(f"{value:.{digits}f}") for value in values]


@given(st.lists(finite, min_size=1, max_size=30), st.sampled_from(["\u00a0", "\u2009", "\u202f", " "]))
def test_blanks_of_every_width_separate_thousands(values, blank):
    read = read_numbers([german(value, 2, blank) for value in values], decimal=",")
    assert read.bad == ()
    assert floats(read.values) == [float(f"{value:.2f}") for value in values]


@given(st.lists(finite, min_size=1, max_size=30))
def test_english_numbers_come_back(values):
    read = read_numbers([f"{value:,.2f}" for value in values], decimal=".")
    assert read.bad == ()
    assert floats(read.values) == [float(f"{value:.2f}") for value in values]


@given(st.lists(st.text(max_size=12), max_size=20))
def test_any_text_is_a_number_a_sign_or_listed(texts):
    read = read_numbers(texts)
    assert len(read.values) == len(texts)
    for position, text in enumerate(texts):
        known = (
            not text.strip() or position in read.reasons or position in read.bad or math.isfinite(read.values[position])
        )
        assert known or sign_of(text), text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,5", 1234.5),
        ("12,3 %", 12.3),
        ("12,3%", 12.3),
        ("1 234", 1234.0),
        ("1\u00a0234,5", 1234.5),
        ("1\u2009234\u202f567", 1234567.0),
        ("−3,5", -3.5),
        ("– 3,5", -3.5),
        ("-0,25", -0.25),
        ("+4", 4.0),
        ("  7 ", 7.0),
        ("1.234.567", 1234567.0),
        (",5", 0.5),
        ("12,", 12.0),
        ("1.250 €", 1250.0),
        ("3,1 ‰", 3.1),
        ("0012", 12.0),
    ],
)
def test_single_forms(text, value):
    read = read_numbers([text, "0,25"])
    assert read.bad == ()
    assert read.values[0] == value


@pytest.mark.parametrize(
    "text",
    ["abc", "1,2,3", "1.23.456", "12.34.5", "2012–2025", "ca. 5", "inf", "1;2", "5 bis 6", "1 2345", "True", "1.5"],
)
def test_text_in_a_column_with_decimal_commas_is_listed(text):
    assert read_numbers(["0,25", text, "3"]).bad == (1,)


@pytest.mark.parametrize(
    ("cells", "decimal", "value", "ambiguous"),
    [
        (["1.234", "2.345"], ",", 1234.0, True),
        (["1.234", "0.5"], ".", 1.234, False),
        (["1.234", "1.234,5"], ",", 1234.0, False),
        (["1,234", "12,5"], ",", 1.234, False),
        (["1,234", "1,234.5"], ".", 1234.0, False),
        (["1.234", "1.234.567"], ",", 1234.0, False),
    ],
)
def test_the_column_decides_what_a_point_means(cells, decimal, value, ambiguous):
    read = read_numbers(cells)
    assert (read.decimal, read.values[0], read.ambiguous) == (decimal, value, ambiguous)


def test_where_the_column_is_silent_the_table_decides():
    assert read_numbers(["1.234"], default_decimal=".").values[0] == 1.234
    assert read_numbers(["1.234"], default_decimal=",").values[0] == 1234.0
    assert read_numbers(["1.234"], decimal=".", default_decimal=",").ambiguous is False


@pytest.mark.parametrize(
    ("sign", "value", "reason"),
    [
        ("–", 0.0, None),
        ("-", 0.0, None),
        ("—", 0.0, None),
        (".", None, "unbekannt oder geheim"),
        ("x", None, "nicht sinnvoll"),
        ("X", None, "nicht sinnvoll"),
        ("/", None, "nicht sicher genug"),
        ("…", None, "Angabe folgt später"),
        ("...", None, "Angabe folgt später"),
        ("k.A.", None, "keine Angabe"),
        ("#DIV/0!", None, "Fehlerwert der Tabelle"),
        ("(12,3)", 12.3, "eingeschränkt"),
        ("( 4 )", 4.0, "eingeschränkt"),
        ("(/)", None, "nicht sicher genug"),
    ],
)
def test_signs_of_the_statistics_offices(sign, value, reason):
    read = read_numbers(["1,5", sign, "22"])
    assert read.bad == ()
    assert floats(read.values) == [1.5, value, 22.0]
    assert read.reasons == ({1: reason} if reason else {})


def test_nought_means_less_than_half_a_unit_only_beside_a_dash():
    assert read_numbers(["0", "5"]).reasons == {}
    read = read_numbers(["0", "–", "5"])
    assert floats(read.values) == [0.0, 0.0, 5.0]
    assert read.reasons == {0: "weniger als die Hälfte der kleinsten Einheit"}


def test_readings_can_be_changed():
    signs = (
        SignReading("–", None, "keine Meldung"),
        SignReading("x", 0.0),
        SignReading("u", None, "unplausibel"),
        SignReading("()", None, "kleine Fallzahl"),
    )
    read = read_numbers(["-", "x", "u", "(3)", "4"], signs=signs)
    assert floats(read.values) == [None, 0.0, None, 3.0, 4.0]
    assert read.reasons == {0: "keine Meldung", 2: "unplausibel", 3: "kleine Fallzahl"}


def test_codes_become_missing_with_a_reason():
    read = read_numbers(["-9999", "3.5", "-9999"], codes=(-9999.0,))
    assert floats(read.values) == [None, 3.5, None]
    assert read.reasons == {0: "Code −9999", 2: "Code −9999"}


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ([-9999.0, 1.0, 5.0], (-9999.0,)),
        ([-999.0, 1.0], ()),
        ([-999.0, -999.0, 1.0], (-999.0,)),
        ([-9999.0, -8000.0, -12000.0], ()),
        ([-9998.0, 4.0], ()),
        ([3.0, 4.0], ()),
        ([np.nan], ()),
        ([-9999.0, -8888.0, 2.0], (-8888.0, -9999.0)),
    ],
)
def test_codes_are_found_where_they_stand_far_from_the_rest(values, codes):
    assert find_codes([np.array(values)]) == codes


def test_numbers_from_a_workbook_and_from_a_layer():
    assert floats(read_numbers([1, 2.5, None, "3,5", "x"]).values) == [1.0, 2.5, None, 3.5, None]
    assert floats(read_numbers(pd.Series([1, None, 3], dtype="Int64")).values) == [1.0, None, 3.0]
    assert floats(read_numbers([None, None]).values) == [None, None]
    assert read_numbers([]).values.tolist() == []


def test_a_large_column_is_read_as_a_whole():
    values = np.round(np.linspace(-5000, 5000, 20000), 2)
    texts = np.array([german(value, 2) for value in values], dtype=object)
    read = read_numbers(texts)
    assert read.decimal == ","
    assert np.array_equal(read.values, values)
