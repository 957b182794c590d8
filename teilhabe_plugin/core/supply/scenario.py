"""What if: offers opened, closed, moved or resized, as changes that can be undone one by one, and what they do."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from ..messages import TeilhabeError, mark
from .measures import SupplyRules, area_measures, city_measures, offer_measures, point_measures
from .offers import Offers
from .reach import Reach, from_pairs

OPEN, CLOSE, MOVE, RESIZE = "open", "close", "move", "resize"
KINDS = (OPEN, CLOSE, MOVE, RESIZE)


@dataclass(frozen=True)
class Change:
    """One change to the offers.

    Attributes
    ----------
    kind : str
        `OPEN`, `CLOSE`, `MOVE` or `RESIZE`.
    offer : str
        Id of the offer; the id that a new offer gets.
    x, y : float
        Where it opens or moves to; NaN otherwise.
    capacity : float
        Places of a new or resized offer; NaN otherwise.
    name, offer_kind : str
        Of a new offer.
    """

    kind: str
    offer: str
    x: float = float("nan")
    y: float = float("nan")
    capacity: float = float("nan")
    name: str = ""
    offer_kind: str = ""

    def __post_init__(self):
        if self.kind not in KINDS:
            raise TeilhabeError(mark("“{kind}” is no change of an offer. Possible are: {kinds}."), kind=self.kind,
                                kinds=", ".join(KINDS))
        if not self.offer:
            raise TeilhabeError(mark("A change names no offer."))
        if self.kind in (OPEN, MOVE) and not (np.isfinite(self.x) and np.isfinite(self.y)):
            raise TeilhabeError(mark("The change of “{offer}” has no place."), offer=self.offer)
        unknown = self.kind != RESIZE and self.capacity != self.capacity  # NaN: nothing is said about it
        if not (unknown or 0 <= self.capacity < np.inf):
            raise TeilhabeError(mark("The change of “{offer}” has no number of places."), offer=self.offer)


def apply_changes(offers: Offers, changes) -> Offers:
    """Return the offers after the changes, in order; new offers stand at the end.

    Offers are known by their `distinct_ids`.
    An offer that moves or is resized keeps its position in the list; one that closes stays there and takes no part.

    Raises
    ------
    TeilhabeError
        When an offer that is to change is not in the list, or one that opens is there and open already.
    """
    columns = {name: getattr(offers, name).copy() for name in offers.__dataclass_fields__}
    columns["ids"] = distinct_ids(offers)
    for change in changes:
        found = np.flatnonzero(columns["ids"] == change.offer)
        if change.kind == OPEN and not len(found):
            columns = _with_new(columns, change)
            continue
        if not len(found):
            raise TeilhabeError(mark("The offer “{offer}” that is to change is not in the list."), offer=change.offer)
        if change.kind == OPEN and columns["takes_part"][found].any():
            raise TeilhabeError(mark("The offer “{offer}” is open already."), offer=change.offer)
        if change.kind in (OPEN, MOVE):
            columns["x"][found], columns["y"][found], columns["radius"][found] = change.x, change.y, 0.0
        if change.kind in (OPEN, CLOSE):
            columns["takes_part"][found] = change.kind == OPEN
        if change.kind == RESIZE or (change.kind == OPEN and np.isfinite(change.capacity)):
            columns["capacity"][found] = change.capacity
    return Offers(**columns)


def distinct_ids(offers: Offers) -> np.ndarray:
    """Return an id for every offer that no other one has: its own, or else its row in the list as “#17”."""
    ids = offers.ids.astype(str)
    _values, position, count = np.unique(ids, return_inverse=True, return_counts=True)
    own = (count[position] == 1) & (ids != "")
    return np.where(own, ids, [f"#{row}" for row in offers.row]).astype(object)


def without(changes: tuple[Change, ...], position: int) -> tuple[Change, ...]:
    """Return the changes without one of them."""
    return (*changes[:position], *changes[position + 1 :])


def changes_to_text(changes) -> str:
    """Return the changes as JSON."""
    rows = [{name: value for name, value in asdict(change).items() if value == value and value != ""}
            for change in changes]
    return json.dumps(rows, ensure_ascii=False, indent=1)


def changes_from_text(text: str) -> tuple[Change, ...]:
    """Return the changes of a JSON text.

    Raises
    ------
    TeilhabeError
        For a text that is no list of changes.
    """
    try:
        rows = json.loads(text)
        return tuple(Change(**row) for row in rows)
    except (ValueError, TypeError, RecursionError) as error:
        raise TeilhabeError(mark("The changes cannot be read: {reason}"), reason=str(error)) from error


@dataclass(frozen=True, eq=False)
class Side:
    """The measures of one state of the offers, see `core.supply.measures`."""

    points: pd.DataFrame
    areas: pd.DataFrame
    offers: pd.DataFrame
    city: dict[str, float]


@dataclass(frozen=True, eq=False)
class Comparison:
    """Measures before and after."""

    before: Side
    after: Side

    @property
    def areas(self) -> pd.DataFrame:
        """What changes in every area: after minus before, column by column."""
        return self.after.areas - self.before.areas

    @property
    def city(self) -> pd.DataFrame:
        """Figures of all areas together with ``before``, ``after`` and ``difference``, a row per figure."""
        table = pd.DataFrame({"before": self.before.city, "after": self.after.city})
        return table.assign(difference=table["after"] - table["before"])


def compare_scenarios(before: Offers, after: Offers, reach_before: Reach, reach_after: Reach, people: np.ndarray,
                      area: np.ndarray, totals: np.ndarray, area_before: np.ndarray, area_after: np.ndarray,
                      rules: SupplyRules, counts=None, cancelled=None) -> Comparison:
    """Return all measures with the offers as they are and as they would be.

    Parameters
    ----------
    before, after : Offers
        Only those that take part are counted.
    reach_before, reach_after : Reach
        Of the demand points and the offers of each state; `places_of` and `reach_of_places` spare computing both.
    people, area : ndarray, shape (m,)
        People of the target group and area (-1: none) of every demand point.
    totals : ndarray, shape (a,)
        People of the target group per area.
    area_before, area_after : ndarray of int
        Area of every offer of each state, -1 for none.
    rules : SupplyRules
    counts : callable, optional
        Offers → which of them are of the types that count; all without.
    """
    sides = []
    for offers, reach, offer_area in ((before, reach_before, area_before), (after, reach_after, area_after)):
        is_open = offers.takes_part & (True if counts is None else counts(offers))
        capacity = np.where(is_open, offers.capacity, 0.0)
        reach = reach.keep(is_open[reach.offer])
        points = point_measures(reach, people, capacity, rules)
        areas = area_measures(points, area, totals, np.where(is_open, offer_area, -1), capacity, rules)
        table = offer_measures(reach, people, capacity, rules, cancelled)
        city = city_measures(points, areas, area, rules) | {"filled": float(table["filled"].sum())}
        sides.append(Side(points, areas, table, city))
    return Comparison(*sides)


def places_of(*states: Offers) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return the places of several states of the offers, each once, and the place of every offer of each state.

    The reach of the places, computed once, holds the reach of every state: see `reach_of_places`.
    """
    points = np.vstack([offers.points for offers in states])
    known = np.isfinite(points).all(axis=1)
    places, position = np.unique(points[known], axis=0, return_inverse=True)
    place = np.full(len(points), -1, dtype=np.int64)
    place[known] = position.ravel()
    ends = np.cumsum([len(offers) for offers in states])
    return places, np.split(place, ends[:-1])


def reach_of_places(reach: Reach, place: np.ndarray) -> Reach:
    """Return the reach of offers from the reach of the places they lie at (-1: an offer without place)."""
    order = np.argsort(place, kind="stable")
    order = order[place[order] >= 0]
    counts = np.bincount(place[place >= 0], minlength=reach.n_offers)
    starts = np.cumsum(counts) - counts
    repeated = counts[reach.offer]
    within = np.arange(repeated.sum()) - np.repeat(np.cumsum(repeated) - repeated, repeated)
    offer = order[np.repeat(starts[reach.offer], repeated) + within]
    return from_pairs(np.repeat(reach.point, repeated), offer, np.repeat(reach.cost, repeated), reach.n_points,
                      len(place), reach.limit, reach.unit, reach.how)


def _with_new(columns: dict, change: Change) -> dict:
    new = {"row": 0, "ids": change.offer, "names": change.name or change.offer, "kind": change.offer_kind, "target": "",
           "field": "", "x": change.x, "y": change.y, "capacity": change.capacity, "radius": 0.0, "takes_part": True}
    return {name: np.append(values, np.array([new[name]], dtype=values.dtype)) for name, values in columns.items()}
