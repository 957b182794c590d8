"""The plain parts of a supply map: fields of action, categories, periods and states, symbols moved apart, numbers."""
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teilhabe_plugin.core.messages import TeilhabeError
from teilhabe_plugin.core.supply.offer_categories import categories_of, field_of, fields_from_text, guess_field
from teilhabe_plugin.core.supply.projects import (
    AreaFinder,
    area_references,
    guess_project_columns,
    read_day,
    read_period,
    state_of,
)
from teilhabe_plugin.core.supply.symbol_places import move_apart, overlaps, place_numbers


@pytest.mark.parametrize(("kind", "field"), [
    ("Kita", "families"), ("Kindertagespflege", "families"), ("Kinderarzt", "health"), ("Pflegedienst", "health"),
    ("Schuldnerberatung", "livelihood"), ("Schule", "education"), ("Sprachcafé", "education"), ("Tafel", "livelihood"),
    ("Wohnungslosenhilfe", "housing"), ("Seniorentreff", "meeting"), ("Sportverein", "leisure")])
def test_fields_of_action_by_words(kind, field):
    assert guess_field(kind).id == field


def test_a_table_of_ones_own_comes_first_then_the_list_then_words():
    table = fields_from_text("Kita = Bildung; TAFEL=Existenz")
    assert field_of("kita", "Familie", table) == "Bildung"
    assert field_of("Tafel", "", table) == "Existenz"
    assert field_of("Hort", "Familie", table) == "Familie"
    assert str(field_of("Hort", "", table)) == "Children, young people and families"
    assert str(field_of("xyz")) == "no field of action"
    with pytest.raises(TeilhabeError, match="“Kita”"):
        fields_from_text("Kita")


def test_rare_categories_become_other_and_missing_ones_stand_last():
    found = categories_of(["a", "b", "a", "", "c", "b", "a"], "other", "not stated", 2)
    assert found.names == ("a", "b", "other") and found.counts == (3, 2, 2)
    assert found.gathered == ("c", "not stated") and found.of_row.tolist() == [0, 1, 0, 2, 2, 1, 0]
    assert categories_of(["", "", "z"], "other", "not stated").names == ("z", "not stated")
    assert categories_of(["a", "a", "b"], "other", "not stated", counts_as=[1, 1, 2]).counts == (1, 1)
    assert categories_of([], "other", "not stated").names == ()


@pytest.mark.parametrize(("text", "first", "last"), [
    ("31.12.2025", date(2025, 12, 31), date(2025, 12, 31)), ("2025-02-03", date(2025, 2, 3), date(2025, 2, 3)),
    ("02.2024", date(2024, 2, 1), date(2024, 2, 29)), ("2024", date(2024, 1, 1), date(2024, 12, 31)),
    ("2024.0", date(2024, 1, 1), date(2024, 12, 31)), ("31.02.2024", None, None), ("bald", None, None),
    ("13.2024", None, None)])
def test_days(text, first, last):
    assert (read_day(text), read_day(text, last=True)) == (first, last)


@pytest.mark.parametrize(("period", "first", "last"), [
    ("2024–2026", date(2024, 1, 1), date(2026, 12, 31)), ("03.2024 bis 2026", date(2024, 3, 1), date(2026, 12, 31)),
    ("seit 2020", date(2020, 1, 1), None), ("2025", date(2025, 1, 1), date(2025, 12, 31)),
    ("2024-03-01 – 2024-04-30", date(2024, 3, 1), date(2024, 4, 30))])
def test_periods(period, first, last):
    assert read_period("", "", period) == (first, last)


def test_states():
    day = date(2025, 12, 31)
    assert state_of("", date(2026, 1, 1), None, day) == "planned"
    assert state_of("", date(2025, 1, 1), date(2025, 12, 31), day) == "running"
    assert state_of("", None, date(2025, 12, 30), day) == "ended"
    assert state_of("Abgeschlossen", date(2026, 1, 1), None, day) == "ended"  # what is stated counts
    assert state_of("in Planung", None, None, day) == "planned"
    assert state_of("", None, None, day) == ""


def test_areas_by_key_number_or_a_name_that_is_unique():
    finder = AreaFinder(["0101", "0102", "1002"], ["Altstadt", "Mühlenfeld", "Mühlenfeld"])
    found = [finder.position(text) for text in ("0101", "101", " 1002", "altstadt", "Mühlenfeld", "9999")]
    assert found == [0, 0, 2, 0, -1, -1]
    assert area_references("0101, 0103; 0104 und Westend") == ["0101", "0103", "0104", "Westend"]
    columns = guess_project_columns(["Nr.", "Maßnahme", "Träger", "Zeitraum", "Gebiet", "Stand", "Zielgruppe"])
    assert (columns.name, columns.body, columns.period, columns.areas, columns.state) == (
        "Maßnahme", "Träger", "Zeitraum", "Gebiet", "Stand")


def test_symbols_that_do_not_touch_stay():
    dx, dy = move_apart([0, 10], [0, 0], [2, 2])
    assert dx.tolist() == [0, 0] and dy.tolist() == [0, 0]


def test_two_symbols_at_one_place_stand_side_by_side_around_it():
    dx, dy = move_apart([5, 5], [5, 5], [2, 2], gap=0.4)
    assert np.hypot(dx[1] - dx[0], dy[1] - dy[0]) == pytest.approx(4.4, abs=0.1)
    assert np.allclose([dx.sum(), dy.sum()], 0, atol=1e-6)


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 60), st.integers(0, 10_000))
def test_no_symbol_hides_another(count, seed):
    random = np.random.RandomState(seed)
    x, y, radius = random.uniform(0, 80, count), random.uniform(0, 80, count), random.uniform(0.5, 2.5, count)
    dx, dy = move_apart(x, y, radius)
    assert overlaps(x + dx, y + dy, radius) == 0
    again = move_apart(x, y, radius)
    assert np.array_equal(dx, again[0]) and np.array_equal(dy, again[1])


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 80), st.integers(0, 10_000))
def test_no_number_stands_on_another_or_on_a_symbol(count, seed):
    random = np.random.RandomState(seed)
    x, y, radius = random.uniform(0, 60, count), random.uniform(0, 60, count), random.uniform(0.5, 2.5, count)
    width, height = random.uniform(1.5, 4, count), 1.6
    a, b = place_numbers(x, y, radius, width, height)
    there = np.flatnonzero(np.isfinite(a))
    boxes = [(x[i] + a[i] - width[i] / 2, y[i] + b[i] - height / 2, x[i] + a[i] + width[i] / 2,
              y[i] + b[i] + height / 2) for i in there]
    for i, one in enumerate(boxes):
        for other in boxes[i + 1:]:
            assert one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]
        for j in range(count):
            away = np.hypot(max(one[0] - x[j], x[j] - one[2], 0), max(one[1] - y[j], y[j] - one[3], 0))
            assert away >= radius[j] - 1e-9


def test_a_number_without_room_is_left_out():
    x, y = np.meshgrid(np.arange(5) * 2.0, np.arange(5) * 2.0)
    a, _b = place_numbers(x.ravel(), y.ravel(), np.ones(25), np.full(25, 3.0), 1.6)
    assert np.isnan(a[12]) and np.isfinite(a).sum() > 4
