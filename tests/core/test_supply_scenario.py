"""What if: changes in order, undone one by one, kept as text."""

import numpy as np
import pandas as pd
import pytest

from teilhabe_plugin.core.messages import TeilhabeError
from teilhabe_plugin.core.supply.offers import OfferColumns, read_offers
from teilhabe_plugin.core.supply.scenario import (
    Change,
    apply_changes,
    changes_from_text,
    changes_to_text,
    distinct_ids,
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
