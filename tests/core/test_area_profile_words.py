"""Two sentences on an area: every case in English, the same in German, and no small count in any of them."""
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teilhabe_plugin.core.area_cases import Cases, grouped
from teilhabe_plugin.core.area_certainty import Certainty
from teilhabe_plugin.core.area_profile import Profiles
from teilhabe_plugin.core.area_sentences import (
    certainty_in_words,
    neighbours_in_words,
    notes,
    sentences,
    state_in_words,
)
from teilhabe_plugin.core.catalogue import Catalogue, Entry
from teilhabe_plugin.core.index import compute

from .test_area_profile import FRAME, by_hand
from .test_robustness import recipe_of, table

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "i18n" / "de"
GERMAN = {source: text for file in FOLDER.glob("*.json")
          for source, text in json.loads(file.read_text(encoding="utf-8")).items()}
NAN = float("nan")


def both(message):
    """Return a message in English and German; every template must have a German text."""
    def translate(template):
        if re.fullmatch(r"(\{\w+\}|[\s–])*", template):  # numbers and units are the same in both
            return template
        return GERMAN[template]

    return str(message), message.render(translate)


def said(profile):
    first, second = (both(each) for each in sentences(profile))
    return f"{first[0]} {second[0]}", f"{first[1]} {second[1]}"


def test_an_unfavourable_area():
    english, german = said(by_hand().of(3))
    assert english == (
        "Area 04 belongs to the class “schlecht” for “I” (rank 1 of 4, the most unfavourable). It is weighed down most "
        "by “Armut” (40.0%, city 30.0%) and “Bildung” (0, city 2); no indicator eases it noticeably.")
    assert german == (
        "Gebiet 04 gehört bei „I“ zur Klasse „schlecht“ (Rang 1 von 4, am ungünstigsten). Am stärksten belastet wird "
        "es durch „Armut“ (40,0\u202f%, Stadt 30,0\u202f%) und „Bildung“ (0, Stadt 2); kein Indikator entlastet es "
        "merklich.")


def test_a_favourable_area_begins_with_what_eases_it():
    profile = by_hand(FRAME.assign(b=[2.0, 4, 4, 8])).of(0)
    english, german = said(profile)
    assert "(rank 4 of 4, the most favourable)" in english
    assert "It is eased most by “Armut” (10.0%, city 30.0%); “Bildung” (2, city 6) weighs on it." in english
    assert "Am stärksten entlastet wird es durch „Armut“ (10,0\u202f%, Stadt 30,0\u202f%); belastend wirkt „Bildung“ " \
        "(2, Stadt 6)." in german


def test_an_index_where_high_is_favourable_says_the_same():
    there = said(by_hand().of(3))
    turned = said(by_hand(index={"high_means": "favourable"}).of(3))
    assert turned[0].partition(") It")[2] == there[0].partition(") It")[2]
    assert "rank 1 of 4, the most unfavourable" in turned[0]


@pytest.mark.parametrize("tied, english, german", [
    (1, "rank 1 of 4, together with one other area; rank 1 is the most unfavourable",
     "Rang 1 von 4, gemeinsam mit einem weiteren Gebiet; Rang 1 ist am ungünstigsten"),
    (2, "rank 1 of 4, together with 2 other areas; rank 1 is the most unfavourable",
     "Rang 1 von 4, gemeinsam mit 2 weiteren Gebieten; Rang 1 ist am ungünstigsten"),
])
def test_ties(tied, english, german):
    a = [10.0, 10 if tied == 1 else 20, 20, 20]
    texts = said(by_hand(FRAME.assign(a=a, b=0.0), children=[{"indicator": "a", "normalise": "identity"}]).of(3))
    assert english in texts[0]
    assert german in texts[1]


def test_an_average_area_has_nothing_to_say():
    frame = FRAME.assign(a=[10.0, 20, 20, 30], b=[1.0, 2, 2, 3])
    english, german = said(by_hand(frame).of(1))
    assert english.endswith("None of its indicators differs from the average of the areas.")
    assert german.endswith("Keiner seiner Indikatoren weicht vom Durchschnitt der Gebiete ab.")


def test_left_out():
    profile = by_hand(exclusions=[{"type": "areas", "values": ["01"], "reason": "weniger als 300 Einwohner"}]).of(0)
    assert said(profile) == (
        "Area 01 West is left out of “I”: weniger als 300 Einwohner. It therefore has neither score nor class and does "
        "not count for the other areas.",
        "Gebiet 01 West ist vom „I“ ausgeschlossen: weniger als 300 Einwohner. Es hat deshalb weder Wert noch Klasse "
        "und geht nicht in die Berechnung der anderen Gebiete ein.")
    assert [both(each)[1] for each in notes(profile)] == ["Einwohner: rund 100"]


def test_missing_data():
    frame = FRAME.assign(a=[10.0, NAN, 30, 40], b=[8.0, 4, NAN, 0])
    english, german = said(by_hand(frame, index={"minimum_share": 0.5}).of(1))
    assert english.endswith("25% of the data are there, the recipe asks for 50%; missing: “Armut”.")
    assert german.startswith("Gebiet 02 Ost hat bei „I“ keinen Wert, weil Daten fehlen.")
    assert german.endswith("25\u202f% der Daten liegen vor, das Rezept verlangt 50\u202f%; es fehlt: „Armut“.")
    scored = by_hand(frame, index={"minimum_share": 0.5}).of(2)
    assert [both(each)[1] for each in notes(scored)] == ["Einwohner: rund 100", "Ohne Wert: „Bildung“."]


def test_two_missing_values_are_a_list():
    frame = FRAME.assign(a=[10.0, NAN, 30, 40], b=[8.0, NAN, 3, 0])
    assert said(by_hand(frame).of(1))[1].endswith("es fehlt: „Armut“ und „Bildung“.")


def test_filled_and_equal_values():
    frame = table(40, names="abc")
    frame["c"] = 20 + frame["c"] / 1000  # hardly differs from the city
    frame.loc[4, "b"] = NAN
    frame["g"] = "x"
    recipe = recipe_of({"children": [{"indicator": name} for name in "bc"]}, [
        {"id": "b", "title": "B", "missing": {"method": "group_median", "group": "g"}}, {"id": "c", "title": "C"}])
    profile = Profiles(compute(recipe, frame), frame, "i").of(4)
    text = said(replace(profile, indicators=profile.indicators[:1]))
    assert "“B” (filled in: " in text[0] and "„B“ (ergänzt: " in text[1]
    assert [both(each)[1] for each in notes(profile)] == ["„B“: mit dem Median seiner Gruppe ergänzt."]
    same = replace(profile.indicators[1], value=profile.indicators[1].city, contribution=5.0)
    assert ", wie in der Stadt insgesamt)" in said(replace(profile, indicators=(same,)))[1]


def test_scores_that_cannot_be_split_are_told_by_place():
    frame = table(20, names="ab")
    recipe = recipe_of({"children": [{"indicator": "a"}, {"indicator": "b"}], "aggregate": "copeland"}, "ab")
    profile = Profiles(compute(recipe, frame), frame, "i").of(3)
    worst = min(profile.indicators, key=lambda each: each.rank)
    assert said(profile)[0].endswith(f"city {worst.city:.1f}): rank {worst.rank} of 20.")
    assert "lässt sich nicht in Beiträge zerlegen" in said(profile)[1]


def test_without_classes_and_provisional_ones():
    profile = replace(by_hand().of(1), class_name="")
    assert said(profile)[1].startswith("Gebiet 02 Ost hat bei „I“ den Wert −0,25 (Rang 3 von 4;")
    profile = replace(profile, class_name="unteres Fünftel", is_provisional=True)
    assert said(profile)[1].startswith("Gebiet 02 Ost liegt bei „I“ in der Gruppe „unteres Fünftel“ (Rang 3 von 4;")


def test_crosses():
    profile = replace(by_hand().of(1), is_cross=True, class_name="4−", origin=(("Status", "niedrig"), ("Dynamik", "n")))
    assert said(profile)[1] == ("Gebiet 02 Ost gehört zur Klasse „4−“ von „I“. Die Klasse ergibt sich aus „niedrig“ "
                                "beim „Status“ und „n“ bei „Dynamik“.").replace("beim „Status“", "bei „Status“")
    profile = replace(profile, class_name="", origin=(("Status", "niedrig"), ("Dynamik", "")))
    assert said(profile)[1] == ("Gebiet 02 Ost hat keine Klasse von „I“. Eine der beiden Klassen fehlt, oder für ihre "
                                "Verbindung ist keine Klasse festgelegt.")


@pytest.mark.parametrize("share, other, expected", [
    (1.0, "", "Die Klasse ist sicher: 100\u202f% der Läufe ergeben sie (Ränge 2 bis 5)."),
    (0.7, "gut", "Die Klasse könnte kippen: 70\u202f% der Läufe ergeben sie, 25\u202f% „gut“ (Ränge 2 bis 5)."),
    (0.949, "gut", "Die Klasse könnte kippen: 94,9\u202f% der Läufe ergeben sie, 25,0\u202f% „gut“ (Ränge 2 bis 5)."),
    (0.6, "", "Die Klasse könnte kippen: 60\u202f% der Läufe ergeben sie (Ränge 2 bis 5)."),
    (NAN, "", "In neun von zehn Läufen der Robustheitsprüfung: Ränge 2 bis 5."),
])
def test_certainty(share, other, expected):
    profile = replace(by_hand().of(1), certainty=Certainty(share, other, 0.25, 2, 5))
    assert both(certainty_in_words(profile))[1] == expected
    assert both(notes(profile)[1])[1] == expected


@pytest.mark.parametrize("alike, known, expected", [
    (0, 1, "Das einzige Nachbargebiet mit einer Klasse hat eine andere."),
    (1, 1, "Das einzige Nachbargebiet mit einer Klasse hat dieselbe."),
    (3, 3, "Alle 3 Nachbargebiete haben dieselbe Klasse."),
    (0, 4, "Keines der 4 Nachbargebiete hat dieselbe Klasse."),
    (1, 4, "Eines von 4 Nachbargebieten hat dieselbe Klasse."),
    (2, 4, "2 von 4 Nachbargebieten haben dieselbe Klasse."),
])
def test_neighbours(alike, known, expected):
    assert both(neighbours_in_words(alike, known))[1] == expected


# numbers of cases -------------------------------------------------------------------------------------------------

def cases(value=25.0, unit="%", entry=None, columns=None, threshold=10, people=5_000):
    frame = pd.DataFrame({"key": ["1", "2", "3"], "a": [value, 30.0, 40.0], "ew": [people, 900, 800],
                          **{name: [number, 100, 100] for name, number in (columns or {}).items()}})
    recipe = recipe_of({"children": [{"indicator": "a"}]}, [
        {"id": "a", "title": "A", "unit": unit, "catalogue": "1" if entry else ""}], population="ew")
    catalogue = Catalogue("c", "C", (Entry("1", "A", **entry),)) if entry else None
    profile = Profiles(compute(recipe, frame), frame, "i", catalogue, threshold).of(0)
    return profile.indicators[0].cases, profile


@pytest.mark.parametrize("columns, entry, expected", [
    ({}, None, None),
    ({"a_nenner": 400}, None, "among about 400"),
    ({"a_zaehler": 100, "a_nenner": 404}, None, "about 100 of 400"),
    ({"A_NENNER": 12_345}, None, "among about 12\u202f350"),
    ({"a_zaehler": 3, "a_nenner": 400}, None, "fewer than 10"),
    ({"a_zaehler": 396, "a_nenner": 400}, None, "fewer than 10"),      # four others
    ({"a_nenner": 8}, None, "fewer than 10"),
    ({"a_nenner": 36}, None, "fewer than 10"),                         # 25 % of 36 are 9
    ({"a_nenner": 40}, None, "among about 40"),
    ({"kinder_unter_18_jahren": 400}, {"kind": "share", "factor": 100, "denominator": "Kinder unter 18 Jahren"},
     "among about 400"),
    # a long wording is cut short in the field name; such a field may hold something else
    ({"untersuchte": 400}, {"kind": "share", "factor": 100, "denominator": "untersuchte Kinder von fünf Jahren"},
     None),
    ({"n": 400}, {"kind": "rate", "factor": 1000, "denominator": "n"}, "among about 400"),
    ({"n": 300}, {"kind": "rate", "factor": 1000, "denominator": "n"}, "fewer than 10"),  # 25 of 1,000: 7.5
    ({"n": 12, "a_zaehler": 3}, {"kind": "mean", "denominator": "n"}, "among about 10"),
    ({"n": 9}, {"kind": "mean", "denominator": "n"}, "fewer than 10"),
])
def test_cases_are_told_without_giving_anybody_away(columns, entry, expected):
    told, _ = cases(columns=columns, entry=entry)
    assert told.message() is None if expected is None else str(told.message()) == expected


def test_a_missing_value_tells_its_reason_and_no_number():
    told, profile = cases(value=NAN, columns={"a_zaehler": 100, "a_nenner": 404})
    assert told == Cases()
    assert np.isnan(profile.score)
    each = replace(profile.indicators[0], cases=Cases(remark="unbekannt oder geheim"))
    assert both(state_in_words(each))[1] == "k. A.: unbekannt oder geheim"


def test_few_people_are_words_and_the_threshold_cannot_be_lowered_below_ten():
    _, profile = cases(people=7)
    assert both(profile.people.message())[1] == "weniger als 10"
    told, _ = cases(columns={"a_zaehler": 4, "a_nenner": 400}, threshold=3)
    assert str(told.message()) == "fewer than 10"
    told, _ = cases(columns={"a_zaehler": 14, "a_nenner": 400}, threshold=20)
    assert both(told.message())[1] == "weniger als 20"


def test_few_cases_are_noted():
    _, profile = cases(columns={"a_wenige": True, "a_nenner": 404})
    assert [both(each)[1] for each in notes(profile)] == [
        "Einwohner: rund 5000", "Wenige Fälle, der Wert ist unsicher: „A“."]


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 60), st.integers(1, 60), st.booleans())
def test_no_small_count_can_be_read_or_worked_out(number, more, with_numerator):
    among = number + more
    columns = {"a_nenner": among} | ({"a_zaehler": number} if with_numerator else {})
    told, profile = cases(value=100 * number / among, columns=columns)
    text = str(told.message())
    if min(number, among - number, among) < 10:
        assert text == "fewer than 10"
        assert told.number == told.among == -1
    else:
        assert re.fullmatch(r"(about \d+ of \d+|among about \d+)", text)
        assert all(int(each) % 10 == 0 for each in re.findall(r"\d+", text))
        assert abs(told.among - among) <= 5


@pytest.mark.parametrize("number, text", [(9_999, "9999"), (12_345, "12\u202f345"), (-12_345, "−12\u202f345"),
                                          (0, "0")])
def test_grouped(number, text):
    assert grouped(number) == text
