"""All 252 offers of the sample city, against the truth its script knows."""
from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from teilhabe_plugin.core.addresses.address_columns import guess_address_columns
from teilhabe_plugin.core.addresses.address_parsing import parse_addresses
from teilhabe_plugin.core.addresses.matching import locate
from teilhabe_plugin.core.addresses.register_building import build_register
from teilhabe_plugin.core.addresses.synonyms import read_synonyms
from teilhabe_plugin.core.addresses.vocabulary import vocabulary_of
from tests.address_faults.cities import SAMPLE, sample_frame

#: offers without house number in streets that lie in several areas: nobody can know where
OPEN = {"198", "222", "227"}


@pytest.fixture(scope="module")
def offers():
    register = build_register(sample_frame(), "Musterstadt", "EPSG:25832", "Musterstadt")
    table = pd.read_excel(SAMPLE / "angebote.xlsx", dtype=object)
    synonyms = read_synonyms(pd.read_csv(SAMPLE / "strassen_umbenannt.csv", sep=";"))
    parsed = parse_addresses(table, guess_address_columns(table), vocabulary_of([register]))
    located = locate(parsed, [register], synonyms)
    truth = pd.read_csv(SAMPLE / "angebote_wahrheit.csv", sep=";", dtype=str, keep_default_na=False)
    x, y = pd.to_numeric(truth["x"]), pd.to_numeric(truth["y"])
    return truth.assign(grade=located.grade, area=located.area, sure=located.area_sure,
                        away=np.hypot(located.x - x, located.y - y))


def test_every_offer_with_a_number_lies_on_its_true_point(offers):
    numbered = offers[~offers["fehler"].isin(["postfach", "hausnummer_fehlt"])]
    assert len(numbered) == 243
    assert (numbered["grade"] <= 2).all()
    assert (numbered["away"] <= 1.0).all()
    assert (numbered["area"] == numbered["gebiet_nr"]).all()
    # one range of numbers begins in one area and ends in the next; its first number counts
    assert numbered.loc[~numbered["sure"], "fehler"].tolist() == ["hausnummernbereich"]


def test_typed_as_in_the_register_is_exact_and_what_was_repaired_is_not(offers):
    assert (offers.loc[offers["fehler"] == "", "grade"] == 1).all()
    repaired = ["strasse_abgekuerzt", "ss_statt_ß", "umlaut_ausgeschrieben", "tippfehler", "hausnummernbereich",
                "falsche_plz", "alter_strassenname", "stockwerk_angehaengt", "zusatz_mit_leerzeichen"]
    assert (offers.loc[offers["fehler"].isin(repaired), "grade"] == 2).all()


def test_without_house_number_the_area_is_given_where_the_street_has_only_one(offers):
    street = offers[offers["fehler"] == "hausnummer_fehlt"].set_index("Nr.")
    assert (street["grade"] == 5).all()
    known = street[~street.index.isin(OPEN)]
    assert (known["area"] == known["gebiet_nr"]).all() and known["sure"].all()
    assert (street.loc[sorted(OPEN), "area"] == "").all() and not street.loc[sorted(OPEN), "sure"].any()


def test_a_post_office_box_is_nowhere(offers):
    boxes = offers[offers["fehler"] == "postfach"]
    assert boxes["grade"].tolist() == [7, 7, 7]
    assert (boxes["area"] == "").all()


def test_no_offer_is_wrong(offers):
    claimed = offers[(offers["area"] != "") & (offers["fehler"] != "postfach")]
    assert (claimed["area"] == claimed["gebiet_nr"]).all()
    assert len(claimed) == 246
