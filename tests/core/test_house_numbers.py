"""House numbers as people and spreadsheets write them."""
import datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teilhabe_plugin.core.addresses import parsed
from teilhabe_plugin.core.addresses.house_numbers import (
    fold_suffix,
    from_serial_day,
    read_house_number,
    split_house_number,
)
from teilhabe_plugin.core.addresses.number_cells import number_cells, read_number_cell, read_suffix_cell
from teilhabe_plugin.core.addresses.vocabulary import NO_VOCABULARY, vocabulary_from_names

#: text → number, suffix, further numbers, range?, what is left
READ = {
    "12": (12, "", (), False, ""),
    "012": (12, "", (), False, ""),
    "12.0": (12, "", (), False, ""),
    "12.": (12, "", (), False, ""),
    "12a": (12, "a", (), False, ""),
    "12 A": (12, "a", (), False, ""),
    "12/a": (12, "a", (), False, ""),
    "12-a": (12, "a", (), False, ""),
    "12-14": (12, "", ((14, ""),), True, ""),
    "12 – 14": (12, "", ((14, ""),), True, ""),
    "12 bis 16": (12, "", ((16, ""),), True, ""),
    "12a-14b": (12, "a", ((14, "b"),), True, ""),
    "7a-c": (7, "a", ((7, "c"),), True, ""),
    "7 a–c": (7, "a", ((7, "c"),), True, ""),
    "9/9": (9, "", ((9, ""),), False, ""),
    "12/14": (12, "", ((14, ""),), False, ""),
    "12/2": (12, "2", (), False, ""),
    "5/5a": (5, "", ((5, "a"),), False, ""),
    "9, 9a": (9, "", ((9, "a"),), False, ""),
    "12a, b": (12, "a", ((12, "b"),), False, ""),
    "12+14": (12, "", ((14, ""),), False, ""),
    "12 u. 14": (12, "", ((14, ""),), False, ""),
    "12 und 14a": (12, "", ((14, "a"),), False, ""),
    "12 & 14": (12, "", ((14, ""),), False, ""),
    "12 ½": (12, "1/2", (), False, ""),
    "12 1/2": (12, "1/2", (), False, ""),
    "Nr. 12": (12, "", (), False, ""),
    "Hs.-Nr. 12": (12, "", (), False, ""),
    "Hausnr.: 12 b": (12, "b", (), False, ""),
    "Haus Nr. 5": (5, "", (), False, ""),
    "12 HH": (12, "", (), False, "hh"),
    "12 EG": (12, "", (), False, "eg"),
    "12, 2. OG": (12, "", (), False, "2. og"),
    "12, 2 OG": (12, "", (), False, "2 og"),
    "12 2. OG": (12, "", (), False, "2. og"),
    "12/2. OG": (12, "", (), False, "2. og"),
    "4, 1. Etage links": (4, "", (), False, "1. etage links"),
    "12 b. Müller": (12, "", (), False, "b. mueller"),
    "12 c/o Müller": (12, "", (), False, "c/o mueller"),
    "12-14 Hinterhaus": (12, "", ((14, ""),), True, "hinterhaus"),
    "12, 10115 Berlin": (12, "", (), False, "10115 berlin"),
    "12, 1587 Riesa": (12, "", (), False, "1587 riesa"),
    "12 A-1010 Wien": (12, "", (), False, "a-1010 wien"),
    "3. Etage": (-1, "", (), False, "3. etage"),
    "17. Juni 5": (-1, "", (), False, "17. juni 5"),
    "a": (-1, "", (), False, "a"),
    "0": (-1, "", (), False, "0"),
    "": (-1, "", (), False, ""),
}
#: text → the two numbers of which a spreadsheet made a date, and whether they are a range
DATES = {
    "12. Jan": (12, 1, False),
    "12-Jan": (12, 1, False),
    "01. Mrz": (1, 3, True),
    "1. März": (1, 3, True),
    "9. Sep": (9, 9, False),
    "Mai 14": (5, 14, True),
    "Dez 14": (12, 14, True),
    "Okt 2012": (10, 12, True),
    "2024-01-12": (12, 1, False),
    "2024-01-12 00:00:00": (12, 1, False),
    "12.01.2024": (12, 1, False),
    "12.1.": (12, 1, False),
    "2014-12-01": (12, 14, True),  # typed 12-14; 1-12 would be of the year in which it was typed
    "1962-05-01": (5, 62, True),
    "2024-05-01": (1, 5, True),
}


@pytest.mark.parametrize("text", READ)
def test_reading(text):
    found = read_house_number(text)
    assert (found.number, found.suffix, found.more, found.is_range, found.rest) == READ[text]
    assert not found.from_date


@pytest.mark.parametrize("text", DATES)
def test_dates_are_turned_back(text):
    found = read_house_number(text)
    first, second, is_range = DATES[text]
    assert (found.number, found.more, found.is_range, found.from_date) == (first, ((second, ""),), is_range, True)


def test_days_that_a_spreadsheet_counts():
    found = from_serial_day(45303)  # 12 January 2024
    assert (found.number, found.more, found.from_date) == (12, ((1, ""),), True)
    assert from_serial_day(4530) is None and from_serial_day(99_999) is None


def test_what_follows_is_handed_out_as_written():
    assert split_house_number("12 a 10115 Köln")[1] == "10115 Köln"
    assert split_house_number("Nr. 12 Öhlmühle")[1] == "Öhlmühle"
    assert split_house_number("12") [1] == ""


def test_suffixes():
    assert [fold_suffix(text) for text in ("A", " /b", "1/2", "½", "-c", "")] == ["a", "b", "1/2", "1/2", "c", ""]


def test_cells_of_a_number_column():
    def read(text, vocabulary=NO_VOCABULARY, maybe_postcode=False):
        found, repairs = read_number_cell(text, vocabulary, maybe_postcode)
        return found.number, found.suffix, repairs

    assert read("12") == (12, "", 0)
    assert read("12a") == (12, "a", 0)
    assert read("12A") == (12, "a", 0)
    assert read("12 A") == (12, "a", parsed.SUFFIX_FORM)
    assert read("12/a") == (12, "a", parsed.SUFFIX_FORM)
    assert read("12-14") == (12, "", parsed.SEVERAL_NUMBERS)
    assert read("12 HH") == (12, "", parsed.ADDITION)
    assert read("45303") == (12, "", parsed.FROM_DATE | parsed.SEVERAL_NUMBERS)
    assert read("10115") == (-1, "", 0)  # a day of 1927 is no number that somebody typed
    assert read("45879", vocabulary_from_names(postcodes=[45879]), True) == (-1, "", 0)
    assert read("a") == (-1, "a", parsed.SPLIT)
    assert read("2. OG") == (-1, "", parsed.ADDITION)
    assert read("k. A.") == (-1, "", 0)


def test_cells_of_a_suffix_column():
    def read(text):
        found, repairs = read_suffix_cell(text)
        return found.number, found.suffix, found.more, found.is_range, repairs

    assert read("A") == (-1, "a", (), False, 0)
    assert read("/b") == (-1, "b", (), False, 0)
    assert read("x") == (-1, "x", (), False, 0)
    assert read("1/2") == (-1, "1/2", (), False, 0)
    assert read("2") == (-1, "2", (), False, 0)
    assert read("-17") == (-1, "", ((17, ""),), True, parsed.SEVERAL_NUMBERS)
    assert read("a-c") == (-1, "a", ((-1, "c"),), True, parsed.SEVERAL_NUMBERS)
    assert read("12a") == (12, "a", (), False, 0)
    assert read("HH") == (-1, "", (), False, parsed.ADDITION)
    assert read("Hinterhaus") == (-1, "", (), False, parsed.ADDITION)
    assert read("2. OG") == (-1, "", (), False, parsed.ADDITION)
    assert read("H9") == (-1, "", (), False, parsed.ADDITION)
    assert read("") == (-1, "", (), False, 0)


def test_two_columns_together():
    frame = pd.DataFrame({"nr": [12, 4.0, "7", None, "5a", datetime.datetime(2024, 1, 12), "9", pd.NaT, "3 b"],
                          "zus": ["A", "-10", "a-c", "12a", None, "", "2. OG", "b", "c"]})
    found = number_cells(frame, "nr", "zus", NO_VOCABULARY)
    assert found.number.tolist() == [12, 4, 7, 12, 5, 12, 9, -1, 3]
    assert found.suffix.tolist() == ["a", "", "a", "a", "a", "", "", "b", "b"]
    assert found.more.tolist() == [(), ((10, ""),), ((7, "c"),), (), (), ((1, ""),), (), (), ()]
    assert found.is_range.tolist() == [False, True, True, False, False, False, False, False, False]


@given(st.text(max_size=60))
def test_no_text_raises(text):
    for found in (read_house_number(text), read_number_cell(text, NO_VOCABULARY)[0], read_suffix_cell(text)[0]):
        assert found.number == -1 or 0 < found.number < 100_000


@given(st.integers(1, 999), st.sampled_from(["", "a", "b", "z"]), st.sampled_from(["{}{}", "{} {}", "{}/{}",
                                                                                   "Nr. {} {}"]))
def test_a_written_number_is_read_again(number, suffix, form):
    found = read_house_number(form.format(number, suffix))
    assert (found.number, found.suffix, found.more) == (number, suffix, ())
