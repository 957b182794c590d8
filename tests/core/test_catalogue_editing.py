"""Edits to a catalogue: each one leaves everything else as it was."""
import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teilhabe_plugin.core import catalogue_editing as editing
from teilhabe_plugin.core.catalogue import Catalogue, Dimension, Entry, HistoryEntry
from teilhabe_plugin.core.catalogue_reading import load_catalogue

CATALOGUES = sorted((Path(__file__).resolve().parents[2] / "resources" / "catalogues").glob("*.json"))

CITY = Catalogue(
    "stadt", "Indikatoren der Stadt",
    (
        Entry("3.3", "Übergewichtsquote", "3", "Wie viele Kinder?", "share", "Kinder", "alle Kinder", 100,
              department="Gesundheitsamt", status="verified"),
        Entry("3.10", "U9-Teilnahme", "3", data="none", department="Gesundheitsamt", status="proposal"),
        Entry("4.1", "Betreuungsquote", "4", source="Jugendamt, Statistik", department="Jugendamt"),
        Entry("9", "Leerstand"),
    ),
    (Dimension("3", "Gesundheit"), Dimension("4", "Bildung")),
    (HistoryEntry("1.0", "2025-03-01", "Erste Fassung"), HistoryEntry("1.1", "2025-04-01", "Neu: U9", "3.10")),
)


def numbers(catalogue):
    return [each.number for each in catalogue.entries]


def test_a_new_indicator_stands_behind_the_chosen_one_under_the_next_number_of_its_dimension():
    later, place = editing.added(CITY, 0, "3")
    assert (numbers(later), place) == (["3.3", "3.11", "3.10", "4.1", "9"], 1)
    assert asdict(later.entries[1]) == {**asdict(Entry("3.11", "", "3")), "status": "proposal"}
    first, place = editing.added(editing.empty_catalogue("Neu"), -1)
    assert (numbers(first), place) == (["1"], 0)


@pytest.mark.parametrize("dimension, like, number", [
    ("3", "", "3.11"), ("4", "", "4.2"), ("", "", "10"), ("7", "", "7.1"), ("3", "3.3", "3.11"), ("4", "A", "A.1"),
])
def test_next_number(dimension, like, number):
    assert editing.next_number(CITY, dimension, like) == number


def test_next_number_goes_on_after_letters():
    berlin = replace(CITY, entries=(Entry("S1", "a", "S"), Entry("S9", "b", "S")))
    assert editing.next_number(berlin, "S") == "S10"


def test_a_copy_differs_in_its_number_only():
    later, place = editing.duplicated(CITY, 0)
    assert place == 1 and later.entries[1] == replace(CITY.entries[0], number="3.11")
    assert later.entries[0] == CITY.entries[0] and later.entries[2:] == CITY.entries[1:]


def test_removing_keeps_order_and_history():
    later = editing.removed(CITY, [0, 2])
    assert numbers(later) == ["3.10", "9"] and later.history == CITY.history


@pytest.mark.parametrize("position, target, order", [
    (0, 2, ["3.10", "4.1", "3.3", "9"]), (3, 0, ["9", "3.3", "3.10", "4.1"]), (0, -5, ["3.3", "3.10", "4.1", "9"]),
    (1, 99, ["3.3", "4.1", "9", "3.10"]),
])
def test_moving(position, target, order):
    assert numbers(editing.moved(CITY, position, target)) == order


def test_order_of_numbers_is_that_of_people():
    mixed = replace(CITY, entries=tuple(Entry(number, "x") for number in ("3.10", "B.2", "10", "3.3", "A.10", "3")))
    assert numbers(editing.sorted_by_number(mixed)) == ["3", "3.3", "3.10", "10", "A.10", "B.2"]


def test_indicators_follow_their_dimension_to_its_new_number():
    later = editing.with_dimension(CITY, 0, number="G")
    assert [each.dimension for each in later.entries] == ["G", "G", "4", ""]
    assert later.dimensions == (Dimension("G", "Gesundheit"), Dimension("4", "Bildung"))
    assert editing.with_dimension(CITY, 0, title="Alter").entries == CITY.entries


@pytest.mark.parametrize("number", ["", "4"])
def test_indicators_do_not_follow_to_no_number_or_to_that_of_another_dimension(number):
    assert editing.with_dimension(CITY, 0, number=number).entries == CITY.entries


def test_a_dimension_that_goes_leaves_its_indicators_without_one():
    later = editing.dimension_removed(CITY, 0)
    assert [each.dimension for each in later.entries] == ["", "", "4", ""]
    twice = replace(CITY, dimensions=(*CITY.dimensions, Dimension("3", "Doppelt")))
    assert editing.dimension_removed(twice, 2).entries == CITY.entries


@pytest.mark.parametrize("before, number", [(("3", "4"), "5"), (("A", "B"), "C"), ((), "1"), (("3", "10"), "11")])
def test_new_dimension(before, number):
    later, place = editing.dimension_added(replace(CITY, dimensions=tuple(Dimension(each, "x") for each in before)))
    assert (later.dimensions[-1], place) == (Dimension(number, ""), len(before))


@pytest.mark.parametrize("wanted, faulty, found", [
    (editing.Filter(), (), [0, 1, 2, 3]),
    (editing.Filter("quote"), (), [0, 2]),
    (editing.Filter("QUOTE jugendamt"), (), [2]),
    (editing.Filter("gesundheit"), (), [0, 1]),  # the dimension's title counts
    (editing.Filter("3.1"), (), [1]),
    (editing.Filter("[("), (), []),
    (editing.Filter(dimension="3"), (), [0, 1]),
    (editing.Filter(dimension=""), (), [3]),
    (editing.Filter(department="Jugendamt"), (), [2]),
    (editing.Filter(department=""), (), [3]),
    (editing.Filter(state="verified"), (), [0]),
    (editing.Filter(state="proposal"), (), [1]),
    (editing.Filter(state="unstated"), (), [2, 3]),
    (editing.Filter(state="without_data"), (), [1]),
    (editing.Filter(state="faulty"), (2,), [2]),
    (editing.Filter("quote", "3", "Gesundheitsamt", "verified"), (), [0]),
])
def test_narrowing_the_list(wanted, faulty, found):
    assert editing.matching(CITY, wanted, faulty) == found


def test_departments_are_offered_once():
    assert editing.departments(CITY) == ["Gesundheitsamt", "Jugendamt"]


def test_history_is_edited_by_place():
    entry = HistoryEntry("1.2", "2025-05-01", "Text")
    longer = editing.history_added(CITY, [entry])
    assert longer.history == (*CITY.history, entry)
    assert editing.history_removed(longer, [0, 2]).history == (CITY.history[1],)
    assert editing.with_history_entry(CITY, 1, author="OE 5").history[1].author == "OE 5"


positions = st.integers(0, 30)
steps = st.lists(st.one_of(
    st.tuples(st.just("added"), positions, st.sampled_from(["", "3", "4", "A"])),
    st.tuples(st.just("duplicated"), positions),
    st.tuples(st.just("removed"), positions),
    st.tuples(st.just("moved"), positions, positions),
    st.tuples(st.just("sorted")),
    st.tuples(st.just("dimension"), positions, st.sampled_from(["3", "4", "A", "", "77"])),
), max_size=12)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(CATALOGUES), steps)
def test_whatever_is_done_nothing_else_changes(path, done):
    catalogue = original = load_catalogue(path)
    text = original.to_json()
    for kind, *details in done:
        before = catalogue
        here = details[0] % len(before.entries) if details and before.entries else 0
        if not before.entries and kind in ("duplicated", "removed", "moved"):
            continue
        if kind == "added":
            catalogue, place = editing.added(before, here if before.entries else -1, details[1])
            assert catalogue.entries[place].number not in before.by_number
            assert editing.removed(catalogue, [place]) == before
        elif kind == "duplicated":
            catalogue, place = editing.duplicated(before, here)
            assert len(set(numbers(catalogue))) == len(catalogue.entries)
            assert editing.removed(catalogue, [place]) == before
        elif kind == "removed":
            catalogue = editing.removed(before, [here])
            assert len(catalogue.entries) == len(before.entries) - 1
        elif kind == "moved":
            target = details[1] % len(before.entries)
            catalogue = editing.moved(before, here, target)
            assert catalogue.entries[target] == before.entries[here]
            assert editing.moved(catalogue, target, here) == before
        elif kind == "sorted":
            catalogue = editing.sorted_by_number(before)
            assert sorted(numbers(catalogue)) == sorted(numbers(before))
            assert editing.sorted_by_number(catalogue) == catalogue
        elif before.dimensions:
            place = details[0] % len(before.dimensions)
            catalogue = editing.with_dimension(before, place, number=details[1])
            assert [replace(each, dimension="") for each in catalogue.entries] == \
                [replace(each, dimension="") for each in before.entries]
        assert catalogue.history == original.history and json.loads(catalogue.to_json())
    assert original.to_json() == text
