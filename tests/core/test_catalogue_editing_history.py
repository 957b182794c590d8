"""Who refers to a number, what an edit changed and what the history should say; for which years there are data."""
import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from teilhabe_plugin.core import catalogue_editing_data as data
from teilhabe_plugin.core import catalogue_editing_history as history
from teilhabe_plugin.core import catalogue_editing_uses as uses
from teilhabe_plugin.core.catalogue import Catalogue, Dimension, Entry, HistoryEntry

RECIPES = Path(__file__).resolve().parents[2] / "resources" / "recipes"
CITY = Catalogue(
    "stadt", "Stadt",
    (
        Entry("3.3", "Quote", "3", "Wie viele?", "share", "Kinder", "alle Kinder", 100),
        Entry("3.10", "U9", "3", note="Ergänzt 3.3, siehe auch 13.3 und 3.30."),
        Entry("4.1", "Kita", "3", data="none", note="Seit 2.3.3 neu; 3.3.1"),
    ), (Dimension("3", "Gesundheit"),), version="1.0", date="2025-03-01",
)
RECIPE = {"title": "Index", "catalogue": "stadt", "indicators": [
    {"id": "a", "title": "Quote", "catalogue": "3.3", "column": "quote_{year}"},
    {"id": "b", "catalogue": "4.1"}, {"id": "c", "title": "ohne"}]}


def told(catalogue, number):
    return [(each.indicator, str(each.change)) for each in history.proposals(CITY, catalogue, {"unit": "Einheit"})]


def test_recipes_that_refer_to_a_catalogue():
    other = {**RECIPE, "title": "Anderer", "catalogue": "dorf"}
    by_file = {**RECIPE, "title": "Datei", "catalogue": "stadt_2025.json"}
    found = uses.uses([RECIPE, other, by_file, None, 3, {"catalogue": "stadt", "indicators": 5}],
                      ["stadt", "stadt_2025"])
    assert found == [
        uses.Use("3.3", "Index", "Quote", "quote_{year}"), uses.Use("4.1", "Index", "b", "b"),
        uses.Use("3.3", "Datei", "Quote", "quote_{year}"), uses.Use("4.1", "Datei", "b", "b")]
    assert uses.recipes_using(found, "3.3") == ["Index", "Datei"] and uses.recipes_using(found, "3.10") == []


def test_the_sample_citys_recipe_refers_to_its_catalogue():
    found = uses.uses([json.loads(path.read_text(encoding="utf-8")) for path in RECIPES.glob("*.json")],
                      ["musterstadt"])
    assert uses.Use("1.1", "Partizipationsindex Musterstadt", "1.1 Kinder in SGB-II-Bedarfsgemeinschaften",
                    "k1_1_{year}") in found
    assert len(found) == 17


def test_indicators_that_name_another_one():
    assert uses.mentions(CITY, "3.3") == [1]
    assert uses.mentions(CITY, "3.30") == [1] and uses.mentions(CITY, "3") == [] and uses.mentions(CITY, "") == []


def test_a_renumbered_indicator_is_known_again():
    first, second, third = CITY.entries
    later = replace(CITY, entries=(replace(first, number="5.1"), replace(second, number="5.2", unit="%"), third))
    assert [uses.former_number(CITY, later, i) for i in range(3)] == ["3.3", "3.10", ""]
    new = replace(CITY, entries=(*CITY.entries, Entry("9.9", "Quote")))
    assert uses.former_number(CITY, new, 3) == ""


def test_numbers_that_recipes_miss_after_an_edit():
    found = uses.uses([RECIPE], ["stadt"])
    later = replace(CITY, entries=CITY.entries[1:2])
    assert uses.lost_numbers(CITY, later, found) == ["3.3", "4.1"]
    assert uses.lost_numbers(CITY, CITY, found) == []


def test_differences_leave_nothing_out():
    first, second, third = CITY.entries
    later = replace(CITY, id="neu", version="1.1", date="2025-04-01", language="en", publisher="Amt",
                    entries=(second, replace(first, unit="%"), third),
                    history=(HistoryEntry("1.1", "2025-04-01", "Text"),))
    assert [(each.number, each.field, each.before, each.after) for each in history.differences(CITY, later)] == [
        ("", "id", "stadt", "neu"), ("", "version", "1.0", "1.1"), ("", "date", "2025-03-01", "2025-04-01"),
        ("", "language", "de", "en"), ("", "publisher", "", "Amt"), ("3.3", "unit", "", "%"),
        ("", "order", "3.3, 3.10, 4.1", "3.10, 3.3, 4.1"), ("", "history", "", "2025-04-01 1.1 Text")]
    assert history.differences(CITY, CITY) == []
    assert [each.kind for each in history.differences(CITY, replace(CITY, entries=CITY.entries[:2]))] == ["removed"]


def test_proposals_name_what_changed_once_per_indicator():
    first, second, third = CITY.entries
    later = replace(CITY, title="Neuer Titel", version="2", history=(HistoryEntry("2", "2025-05-05", "x"),), entries=(
        replace(first, unit="%", factor=1), replace(second, number="3.4", unit="x"), Entry("7.1", "Neues")))
    assert told(later, "") == [
        ("", "Changed: title"), ("3.3", "Changed: factor, Einheit"),
        ("3.4", "Number changed from 3.10 to 3.4; Changed: Einheit"), ("7.1", "New: Neues"), ("4.1", "Removed: Kita")]
    assert history.proposals(CITY, CITY, {}) == []


def test_a_number_that_changed_and_nothing_else():
    later = replace(CITY, entries=(replace(CITY.entries[0], number="3.4"), *CITY.entries[1:]))
    assert told(later, "") == [("3.4", "Number changed from 3.3 to 3.4")]


def test_recording_sets_version_and_date():
    entries = [HistoryEntry("1.1", "2025-06-01", "Changed: unit", "3.3", "OE 5")]
    plain = history.recorded(CITY, entries)
    assert (plain.version, plain.date, plain.history, plain.entries) == ("1.1", "2025-06-01", tuple(entries),
                                                                        CITY.entries)
    assert [each.version for each in history.recorded(CITY, entries, True).entries] == ["1.1", "", ""]
    assert history.recorded(CITY, []) is CITY


@pytest.mark.parametrize("version, following", [
    ("1.0", "1.1"), ("1.9", "1.10"), ("2", "3"), ("", "1.0"), ("2025-09", "2025-10"), ("Entwurf", "Entwurf"),
    ("3b", "4b"),
])
def test_next_version(version, following):
    assert history.next_version(version) == following


COLUMNS = {"key": "", "quote_2023": "", "quote_2024": "", "quote_20245": "", "quote_2024_grund": "", "b": "",
           "u9_25": "3.10 U9 (2025)", "fremd": "3.10 Anderes"}


def test_columns_by_recipe_and_by_title():
    found = uses.uses([RECIPE], ["stadt"])
    assert data.columns_of(CITY, found, COLUMNS) == {
        ("3.3", 2023): "quote_2023", ("3.3", 2024): "quote_2024", ("3.10", 2025): "u9_25", ("4.1", 0): "b"}
    assert data.columns_of(CITY, [], {"key": ""}) == {}


def test_matrix_of_counts_and_contradictions():
    columns = data.columns_of(CITY, uses.uses([RECIPE], ["stadt"]), COLUMNS)
    frame = pd.DataFrame({"quote_2023": [1.0, None, float("inf"), 4.0], "quote_2024": [None] * 4,
                          "u9_25": [1, 2, 3, 4], "b": [0.0, None, None, None]})
    counts = data.filled_counts(frame)
    assert counts == {"quote_2023": 2, "quote_2024": 0, "u9_25": 4, "b": 1}
    status = data.data_status(CITY, columns, counts, 4)
    assert (status.areas, status.years) == (4, (0, 2023, 2024, 2025))
    assert [row.cells for row in status.rows] == [
        (None, data.Cell("quote_2023", 2), data.Cell("quote_2024", 0), None), (None, None, None, data.Cell("u9_25", 4)),
        (data.Cell("b", 1), None, None, None)]
    assert [str(data.contradiction(row)) for row in status.rows] == [
        "None", "None", "The layer has values."]
    empty = data.data_status(CITY, {}, {}, 4)
    assert [data.contradiction(row) is not None for row in empty.rows] == [True, True, False]


@pytest.mark.parametrize("filled, areas, percent", [(0, 0, 0), (0, 5, 0), (1, 1000, 1), (999, 1000, 99), (5, 5, 100),
                                                    (1, 2, 50)])
def test_shares_do_not_round_to_all_or_nothing(filled, areas, percent):
    assert data.share_shown(filled, areas) == percent
