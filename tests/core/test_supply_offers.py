"""Lists of offers: who takes part, what is told, what is refused."""

import numpy as np
import pandas as pd
import pytest

from teilhabe_plugin.core.messages import TeilhabeError
from teilhabe_plugin.core.supply.offers import OfferColumns, guess_offer_columns, read_offers

FRAME = pd.DataFrame({
    "Nr.": [1, 2, 3, 4, 5, 6],
    "Angebotsart": ["Kita", "Kita", "Kita", None, "Treff", "Treff"],
    "Name der Einrichtung": ["Arche", "Kompass", "arche ", "Brücke", "Oase", "Insel"],
    "Plätze": ["60", None, 40, "12,5", 0, 9],
    "von": [None, "2027-01-01", "01.08.2020", None, None, None],
    "bis": [None, None, None, "31.12.2024", None, None],
    "Szenario": [None, None, None, None, "2030", 2040.0],
})
X = np.array([0.0, 10, 0, 30, 40, np.nan])
Y = np.zeros(6)


def read(**changes):
    frame = FRAME.assign(**changes)
    return read_offers(frame, X, Y, guess_offer_columns(frame), "2026-06-30", "2030")


def test_columns_are_found():
    assert guess_offer_columns(FRAME) == OfferColumns(
        id="Nr.", name="Name der Einrichtung", kind="Angebotsart", capacity="Plätze", open_from="von", open_until="bis",
        scenario="Szenario")
    kita = guess_offer_columns(["e_nr", "e_name", "e_plz", "e_platz", "e_art", "t_art"])
    assert (kita.id, kita.name, kita.capacity, kita.kind) == ("e_nr", "e_name", "e_platz", "e_art")


def test_who_takes_part():
    offers, _notes = read()
    assert offers.takes_part.tolist() == [True, False, True, False, True, False]
    np.testing.assert_array_equal(offers.capacity, [60, np.nan, 40, 12.5, 0, 9])
    assert offers.kind.tolist() == ["Kita", "Kita", "Kita", "", "Treff", "Treff"]


def test_everything_left_out_is_told_with_its_row():
    text = "\n".join(str(note) for note in read()[1])
    assert "1 offers have no place and do not take part: Insel (6)" in text
    assert "2 offers are closed on that day and do not take part: Kompass (2), Brücke (4)" in text
    assert "2 offers of the same type and name lie at one place; is each of them meant? Arche (1), arche (3)" in text


def test_other_scenarios_stay_out():
    frame = FRAME.assign(x=0)
    offers, notes = read_offers(frame, np.zeros(6), Y, guess_offer_columns(frame), None, "2040")
    assert offers.takes_part.tolist() == [True, True, True, True, False, True]
    assert "another scenario and do not take part: Oase (5)" in "\n".join(map(str, notes))


def test_unknown_places_are_told():
    _offers, notes = read_offers(FRAME, np.arange(6.0), Y, OfferColumns(name="Name der Einrichtung", capacity="Plätze"))
    assert "1 offers have no number of places" in str(notes[0])


@pytest.mark.parametrize("column, value, words", [
    ("Plätze", "viele", "Row 3, column “Plätze”: “viele” is not a number"),
    ("Plätze", -4, "“-4” is not a number of 0"),
    ("bis", "bald", "Row 3, column “bis”: “bald” is not a date"), ("von", "31.02.2020", "“31.02.2020” is not a date"),
])
def test_bad_cells_are_named(column, value, words):
    frame = FRAME.astype(object)
    frame.loc[2, column] = value
    with pytest.raises(TeilhabeError, match=words):
        read_offers(frame, X, Y, guess_offer_columns(frame), "2026-06-30")


def test_an_empty_list():
    offers, notes = read_offers(FRAME.iloc[:0], np.array([]), np.array([]), guess_offer_columns(FRAME))
    assert len(offers) == 0 and notes == ()


@pytest.mark.parametrize(("given", "wanted"), [("1.200", 1200), ("1 200", 1200), ("1.200,5", 1200.5), ("30,5", 30.5)])
def test_places_with_thousands_set_apart(given, wanted):
    offers, _notes = read(Plätze=["60", None, 40, given, 0, 9])
    assert offers.capacity[3] == wanted


@pytest.mark.parametrize("given", ["–", "k. A.", "30 %", "dreißig", "(30)"])
def test_signs_are_no_number_of_places(given):
    with pytest.raises(TeilhabeError, match="Row 4, column “Plätze”"):
        read(Plätze=["60", None, 40, given, 0, 9])


def test_a_year_stands_for_its_first_or_last_day():
    for year in ("2026", 2026.0, 2026):
        offers, _notes = read(von=[year] * 6, bis=[year] * 6, Szenario=[None] * 6)
        assert offers.takes_part.tolist() == [True] * 5 + [False]  # 30 June 2026; the last one has no place
    assert not read(von=["2027"] * 6)[0].takes_part.any()
    assert not read(bis=["2025"] * 6)[0].takes_part.any()


def test_a_scenario_is_the_same_in_capital_letters():
    offers, _notes = read_offers(FRAME.assign(Szenario="Ausbau"), X, Y, guess_offer_columns(FRAME), "2026-06-30",
                                 " ausbau")
    assert offers.takes_part[0]
