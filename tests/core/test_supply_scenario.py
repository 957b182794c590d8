"""What if: changes in order, undone one by one, kept as text."""

import numpy as np
import pandas as pd
import pytest

from teilhabe_plugin.core.messages import TeilhabeError
from teilhabe_plugin.core.supply.change_table import changes_between, changes_from_table, changes_of_text
from teilhabe_plugin.core.supply.measures import SupplyRules
from teilhabe_plugin.core.supply.offers import OfferColumns, read_offers
from teilhabe_plugin.core.supply.reach import from_pairs, straight_reach
from teilhabe_plugin.core.supply.scenario import (
    Change,
    apply_changes,
    changes_from_text,
    changes_to_text,
    compare_scenarios,
    distinct_ids,
    places_of,
    reach_of_places,
    without,
)


@pytest.fixture
def offers():
    frame = pd.DataFrame({"id": ["a", "b"], "places": [20, 30], "rough": [50, 0]})
    return read_offers(frame, np.array([0.0, 9]), np.array([0.0, 9]), OfferColumns(
        id="id", capacity="places", radius="rough"))[0]


CHANGES = (
    Change("open", "c", 5.0, 6.0, 44.0, "New", "Kita"), Change("close", "a"), Change("move", "b", 1.0, 2.0),
    Change("resize", "b", capacity=35.0),
)


def test_changes_in_order(offers):
    after = apply_changes(offers, CHANGES)
    assert after.ids.tolist() == ["a", "b", "c"]
    assert after.takes_part.tolist() == [False, True, True]
    assert after.x.tolist() == [0, 1, 5] and after.capacity.tolist() == [20, 35, 44]
    assert after.names[2] == "New" and after.kind[2] == "Kita"
    assert offers.takes_part.tolist() == [True, True] and offers.x.tolist() == [0, 9]  # the list itself is as before


def test_undo_one(offers):
    after = apply_changes(offers, without(CHANGES, 1))
    assert after.takes_part.tolist() == [True, True, True]


def test_a_closed_offer_opens_elsewhere(offers):
    after = apply_changes(offers, [Change("close", "a"), Change("open", "a", 7.0, 7.0)])
    assert (after.x[0], after.capacity[0], after.radius[0], after.takes_part[0]) == (7, 20, 0, True)


def test_changes_as_text(offers):
    again = changes_from_text(changes_to_text(CHANGES))
    assert [repr(change) for change in again] == [repr(change) for change in CHANGES]


@pytest.mark.parametrize("change, words", [
    (lambda: Change("sell", "a"), "is no change"), (lambda: Change("open", "x"), "has no place"),
    (lambda: Change("resize", "a"), "no number of places"), (lambda: Change("close", ""), "names no offer"),
])
def test_impossible_changes(change, words):
    with pytest.raises(TeilhabeError, match=words):
        change()


def test_changes_of_other_lists(offers):
    with pytest.raises(TeilhabeError, match="“z” that is to change is not in the list"):
        apply_changes(offers, [Change("close", "z")])
    with pytest.raises(TeilhabeError, match="open already"):
        apply_changes(offers, [Change("open", "a", 1.0, 1.0)])
    for text in ("no json", "[{}]", "3"):
        with pytest.raises(TeilhabeError, match="cannot be read"):
            changes_from_text(text)


def test_offers_without_an_id_of_their_own_go_by_their_row():
    frame = pd.DataFrame({"id": ["7", "7", None, "9"], "places": [1, 2, 3, 4]})
    offers = read_offers(frame, np.zeros(4), np.zeros(4), OfferColumns(id="id", capacity="places"),
                         rows=np.array([2, 3, 4, 5]))[0]
    assert distinct_ids(offers).tolist() == ["#2", "#3", "#4", "9"]
    after = apply_changes(offers, [Change("resize", "#3", capacity=50.0)])
    assert after.capacity.tolist() == [1, 50, 3, 4]


def test_places_are_looked_up_once_for_all_states(offers):
    after = apply_changes(offers, CHANGES)
    places, (one, two) = places_of(offers, after)
    assert places.tolist() == [[0, 0], [1, 2], [5, 6], [9, 9]]
    assert one.tolist() == [0, 3] and two.tolist() == [0, 1, 2]
    points = np.array([[0.0, 1], [5, 5], [9, 9]])
    all_places = straight_reach(points, places, 8)
    for state, place in ((offers, one), (after, two)):
        got, wanted = reach_of_places(all_places, place), straight_reach(points, state.points, 8)
        assert got.starts.tolist() == wanted.starts.tolist() and got.offer.tolist() == wanted.offer.tolist()
        assert got.cost == pytest.approx(wanted.cost) and got.n_offers == len(state)


def test_two_offers_at_one_place_and_one_without():
    reach = reach_of_places(from_pairs([0, 1], [0, 1], [3, 4], 2, 2, 9), np.array([0, -1, 0, 1]))
    assert reach.offer.tolist() == [0, 2, 3] and reach.n_offers == 4


def test_before_and_after_by_hand():
    # 10 people at 0, 10 at 100 m; one offer with 5 places at 0, a second with 10 places opens at 100 m
    frame = pd.DataFrame({"id": ["a"], "places": [5]})
    before = read_offers(frame, np.array([0.0]), np.array([0.0]), OfferColumns(id="id", capacity="places"))[0]
    after = apply_changes(before, [Change("open", "b", 100.0, 0.0, 10.0)])
    points, people, area = np.array([[0.0, 0], [100, 0]]), np.array([10.0, 10]), np.array([0, 1])
    reaches = [straight_reach(points, state.points, 50) for state in (before, after)]
    found = compare_scenarios(before, after, *reaches, people, area, people, np.array([0]), np.array([0, 1]),
                              SupplyRules((50.0,), quota=60))
    assert found.city.loc["share_0"].tolist() == [50, 100, 50]
    assert found.city.loc["capacity"].tolist() == [5, 15, 10]
    assert found.city.loc["places_per_100"].tolist() == [25, 75, 50]
    assert found.city.loc["missing"].tolist() == [7, 1, -6]  # 60 of 100 wanted: 6 in each area
    assert found.city.loc["filled"].tolist() == [5, 15, 10]
    assert found.areas["places_floating"].tolist() == [0, 100]
    assert found.after.offers["utilisation"].tolist() == [100, 100]


def test_nothing_changes_nothing(offers):
    points, people = np.array([[0.0, 0], [9, 9]]), np.array([3.0, 4])
    reach = straight_reach(points, offers.points, 5)
    found = compare_scenarios(offers, apply_changes(offers, ()), reach, reach, people, np.array([0, 0]),
                              np.array([7.0]), np.array([0, 0]), np.array([0, 0]), SupplyRules((5.0,)))
    assert (found.areas.fillna(0) == 0).all().all() and (found.city["difference"].fillna(0) == 0).all()


def test_types_that_do_not_count(offers):
    points, people = np.array([[0.0, 0]]), np.array([3.0])
    reach = straight_reach(points, offers.points, 20)
    found = compare_scenarios(offers, offers, reach, reach, people, np.array([0]), people, np.array([0, 0]),
                              np.array([0, 0]), SupplyRules((20.0,)), counts=lambda each: each.ids == "a")
    assert found.city.loc["offers"].tolist() == [1, 1, 0]


TABLE = pd.DataFrame({
    "Aktion": ["eröffnen", "Schließen", "verlegen", "Erweitern"], "Angebot": ["c", "Kita Süd", "b", "b"],
    "x": ["5", None, "1,0", None], "y": [6, None, 2, None], "Plätze": [44, None, None, 35.0],
    "Name": ["New", "", "", ""], "Art": ["Kita", None, None, None]})


def test_a_table_of_changes(offers):
    named = apply_changes(offers, ())
    named.names[:] = ["Kita Süd", "Kita Nord"]
    assert [repr(change) for change in changes_from_table(TABLE, named)] == [repr(change) for change in CHANGES]
    as_text = changes_of_text(TABLE.to_json(orient="records", force_ascii=False), named)
    assert [repr(change) for change in as_text] == [repr(change) for change in CHANGES]
    assert [repr(change) for change in changes_of_text(changes_to_text(CHANGES), named)] == list(map(repr, CHANGES))


def test_geometries_go_before_columns(offers):
    change = changes_from_table(pd.DataFrame({"aktion": ["neu"]}), offers, np.array([3.0]), np.array([4.0]))[0]
    assert (change.kind, change.offer, change.x, change.y) == ("open", "+1", 3, 4)


@pytest.mark.parametrize("frame, words", [
    (pd.DataFrame({"was": [1]}), "no column “aktion”"),
    (pd.DataFrame({"aktion": ["sprengen"], "angebot": ["a"]}), "Row 1 .*“sprengen” is no change"),
    (pd.DataFrame({"aktion": ["neu"], "x": ["fünf"]}), "Row 1 .*“x”: “fünf” is not a number"),
    (pd.DataFrame({"aktion": ["close", "move"], "angebot": ["a", "b"]}), "Row 2 .*“b” has no place"),
])
def test_faulty_tables_name_the_row(offers, frame, words):
    with pytest.raises(TeilhabeError, match=words):
        changes_from_table(frame, offers)


def test_what_turns_one_list_into_another(offers):
    after = apply_changes(offers, CHANGES)
    found = changes_between(offers, after)
    assert {(change.kind, change.offer) for change in found} == {
        ("open", "c"), ("close", "a"), ("move", "b"), ("resize", "b")}
    again = apply_changes(offers, found)
    for name in ("ids", "x", "y", "capacity", "takes_part"):
        assert getattr(again, name)[after.takes_part].tolist() == getattr(after, name)[after.takes_part].tolist()


@pytest.mark.parametrize("places", [-3.0, float("inf"), float("-inf")])
def test_impossible_numbers_of_places_are_refused(places):
    with pytest.raises(TeilhabeError, match="has no number of places"):
        Change("open", "c", 5.0, 6.0, places)
    with pytest.raises(TeilhabeError, match="has no number of places"):
        Change("resize", "c", capacity=places)


def test_places_with_thousands_set_apart(offers):
    for text, wanted in (("1.200", 1200), ("1 200,5", 1200.5), ("12.5", 12.5), ("12,5", 12.5)):
        frame = pd.DataFrame({"aktion": ["resize"], "angebot": ["a"], "plätze": [text]})
        assert changes_from_table(frame, offers)[0].capacity == wanted


@pytest.mark.parametrize("text", ["[" * 100_000, "5", "null", '"x"', '{"a": 1}', "[1, 2]", '[{"aktion": "close"}, 5]'])
def test_texts_that_are_no_list_of_changes(offers, text):
    with pytest.raises(TeilhabeError, match="The changes cannot be read"):
        changes_of_text(text, offers)
    with pytest.raises(TeilhabeError):
        changes_from_text(text)
