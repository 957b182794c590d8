"""The offers of a supply analysis: what each is, where, how large, whether it is open, and how sure its place is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..addresses.street_names import fold_place
from ..messages import Message, TeilhabeError, mark
from ..number_forms import read_numbers

_MOST_NAMED = 10
#: places within so many metres of their point count as sure: a house and its yard
SURE_RADIUS = 25.0
#: what stands for a number of places; signs such as “–” leave open whether there are none or the number is not known
_NUMBER = r"[-+]?\d[\d.,\s]*(?:[eE][-+]?\d+)?"


@dataclass(frozen=True)
class OfferColumns:
    """Which columns tell what about an offer; "" for what the list does not tell.

    Attributes
    ----------
    id, name, kind, target, field : str
        Identifier, name, type, target group, field of action.
    capacity : str
        Places.
    open_from, open_until : str
        Dates; empty cells mean “always”.
    scenario : str
        Scenario or year an offer belongs to; empty cells belong to all.
    radius : str
        Uncertainty of the position in metres.
    """

    id: str = ""
    name: str = ""
    kind: str = ""
    target: str = ""
    field: str = ""
    capacity: str = ""
    open_from: str = ""
    open_until: str = ""
    scenario: str = ""
    radius: str = ""


@dataclass(frozen=True, eq=False)
class Offers:
    """`n` offers, every row of the list, also those that do not take part.

    Attributes
    ----------
    row : ndarray of int64, shape (n,)
        Row in the list as the user counts it.
    ids, names, kind, target, field : ndarray of object, shape (n,)
        Texts, "" where not given.
    x, y : ndarray of float64, shape (n,)
        NaN without place.
    capacity : ndarray of float64, shape (n,)
        NaN where not known.
    radius : ndarray of float64, shape (n,)
        The offer lies within that many metres of its point; 0 for a sure place.
    takes_part : ndarray of bool, shape (n,)
        Open at the date, of the scenario, and with a place.
    """

    row: np.ndarray
    ids: np.ndarray
    names: np.ndarray
    kind: np.ndarray
    target: np.ndarray
    field: np.ndarray
    x: np.ndarray
    y: np.ndarray
    capacity: np.ndarray
    radius: np.ndarray
    takes_part: np.ndarray

    def __len__(self) -> int:
        return len(self.row)

    @property
    def points(self) -> np.ndarray:
        """Coordinates, shape (n, 2)."""
        return np.column_stack([self.x, self.y])

    @property
    def rough(self) -> np.ndarray:
        """Which offers are only roughly located, shape (n,)."""
        return self.radius > SURE_RADIUS

    def take(self, rows) -> Offers:
        """Return only these offers."""
        return Offers(**{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})


#: words in headings that tell what a column holds, the best first
_WORDS = {
    "id": ("nr", "id", "kennung", "enr", "bsn"),
    "name": ("namedereinrichtung", "einrichtung", "name", "ename", "bezeichnung", "angebot", "title"),
    "kind": ("angebotsart", "art", "eart", "typ", "kategorie", "schulart", "type", "kind"),
    "target": ("zielgruppe", "zielgr1", "zielgruppen", "targetgroup"),
    "field": ("handlungsfeld", "fieldofaction", "feld"),
    "capacity": ("plaetze", "platzzahl", "kapazitaet", "eplatz", "platz", "genehmigteplaetze", "capacity", "places"),
    "open_from": ("beginn", "von", "eroeffnung", "gueltigab", "start", "openfrom"),
    "open_until": ("ende", "bis", "schliessung", "gueltigbis", "end", "openuntil"),
    "scenario": ("szenario", "scenario"),
    "radius": ("adrradius", "radius"),
}


def guess_offer_columns(columns) -> OfferColumns:
    """Return which of the columns tell what, by their names; a column is used once."""
    folded, taken, found = {str(column): fold_place(str(column)) for column in columns}, set(), {}
    for role, words in _WORDS.items():
        for word in words:
            match = next((name for name, text in folded.items() if text == word and name not in taken), None)
            if match is not None:
                found[role] = match
                taken.add(match)
                break
    return OfferColumns(**found)


def of_kinds(offers: Offers, kinds: tuple[str, ...]) -> np.ndarray:
    """Return which offers are of one of the types; () stands for all types."""
    if not kinds:
        return np.ones(len(offers), dtype=bool)
    wanted = {fold_place(kind) for kind in kinds}
    return np.array([fold_place(kind) in wanted for kind in offers.kind], dtype=bool)


def read_offers(frame: pd.DataFrame, x: np.ndarray, y: np.ndarray, columns: OfferColumns, on_date=None,
                scenario: str = "", rows: np.ndarray | None = None,
                kinds: tuple[str, ...] = ()) -> tuple[Offers, tuple[Message, ...]]:
    """Return the offers of a list and what was found out about it.

    Parameters
    ----------
    frame : DataFrame
        The list as read, n rows.
    x, y : ndarray, shape (n,)
        Coordinates in metres, NaN without place.
    columns : OfferColumns
    on_date : date or str (ISO), optional
        Only offers that are open on this day take part.
    scenario : str
        Only offers of this scenario and those of none take part; "" takes those of all.
    rows : ndarray, shape (n,), optional
        Row numbers as the user counts them; 1, 2, … without.
    kinds : tuple of str
        What was found out is told of offers of these types only; () tells it of all.

    Raises
    ------
    TeilhabeError
        For a capacity that is no number or negative, a date that cannot be read, naming row, column and value.
    """
    n = len(frame)
    rows = np.arange(1, n + 1) if rows is None else np.asarray(rows)
    texts = {role: _texts(frame, getattr(columns, role)) for role in ("id", "name", "kind", "target", "field")}
    capacity = _numbers(frame, columns.capacity, rows, np.nan)
    radius = np.nan_to_num(_numbers(frame, columns.radius, rows, 0.0))
    placed = np.isfinite(x) & np.isfinite(y)
    is_open = _open(frame, columns, rows, on_date)
    belongs = _of_scenario(frame, columns.scenario, scenario)
    offers = Offers(rows, texts["id"], texts["name"], texts["kind"], texts["target"], texts["field"],
                    np.where(placed, x, np.nan), np.where(placed, y, np.nan), capacity, radius,
                    placed & is_open & belongs)
    told = of_kinds(offers, kinds)
    return offers, tuple(_notes(offers.take(told), placed[told], is_open[told], belongs[told], columns))


def _notes(offers: Offers, placed, is_open, belongs, columns: OfferColumns):
    for left_out, text in (
        (~placed, mark("{count} offers have no place and do not take part: {offers}.")),
        (placed & ~is_open, mark("{count} offers are closed on that day and do not take part: {offers}.")),
        (placed & is_open & ~belongs, mark("{count} offers belong to another scenario and do not take part: "
                                              "{offers}.")),
    ):
        if left_out.any():
            yield Message(text, count=int(left_out.sum()), offers=named(offers, left_out))
    if columns.capacity:
        unknown = offers.takes_part & np.isnan(offers.capacity)
        if unknown.any():
            yield Message(mark("{count} offers have no number of places; they count as offers, not as places: "
                               "{offers}."), count=int(unknown.sum()), offers=named(offers, unknown))
    twins = _twins(offers)
    if twins.any():
        yield Message(mark("{count} offers of the same type and name lie at one place; is each of them meant? "
                           "{offers}."), count=int(twins.sum()), offers=named(offers, twins))
    unsure = offers.takes_part & offers.rough
    if unsure.any():
        yield Message(mark("{count} offers are only roughly located: {offers}."), count=int(unsure.sum()),
                      offers=named(offers, unsure))


def named(offers: Offers, chosen) -> str:
    """Return the first of the chosen offers by name, each with its number in the list, or the row without one."""
    which = np.flatnonzero(chosen)
    texts = [f"{offers.names[i] or '–'} ({offers.ids[i] or offers.row[i]})" for i in which[:_MOST_NAMED]]
    return ", ".join(texts) + (" …" if len(which) > _MOST_NAMED else "")


def _twins(offers: Offers) -> np.ndarray:
    """Return which offers share place, type and name with another one that takes part."""
    frame = pd.DataFrame({"x": np.round(offers.x, 1), "y": np.round(offers.y, 1), "kind": offers.kind,
                          "name": [fold_place(name) for name in offers.names]})
    return frame.duplicated(keep=False).to_numpy() & offers.takes_part


def _texts(frame, column) -> np.ndarray:
    if not column:
        return np.full(len(frame), "", dtype=object)
    values = frame[column]
    return np.where(values.isna(), "", values.astype(str).str.strip()).astype(object)


def _numbers(frame, column, rows, missing) -> np.ndarray:
    if not column:
        return np.full(len(frame), missing)
    given = frame[column]
    text = given.astype(str).str.strip()
    values = np.where(text.str.fullmatch(_NUMBER), read_numbers(given).values, np.nan)
    blank = (given.isna() | (text == "")).to_numpy()
    wrong = np.flatnonzero(~blank & ~(np.isfinite(values) & (values >= 0)))
    if len(wrong):
        raise TeilhabeError(mark("Row {row}, column “{column}”: “{value}” is not a number of 0 or more."),
                            row=int(rows[wrong[0]]), column=column, value=str(given.iloc[wrong[0]]))
    return np.where(blank, missing, values)


def _open(frame, columns: OfferColumns, rows, on_date) -> np.ndarray:
    is_open = np.ones(len(frame), dtype=bool)
    if on_date is None or on_date == "":
        return is_open
    day = pd.Timestamp(on_date)
    begins, ends = (_dates(frame, column, rows, of_year)
                    for column, of_year in ((columns.open_from, "-01-01"), (columns.open_until, "-12-31")))
    return is_open & ~(begins > day).to_numpy() & ~(ends < day).to_numpy()


def _dates(frame, column, rows, of_year: str) -> pd.Series:
    """Return the days of a column; a year alone stands for its first or last day (`of_year`)."""
    if not column:
        return pd.Series(pd.NaT, index=frame.index)
    given = frame[column]
    text = given.astype(str).str.strip().where(given.notna(), "")
    text = text.str.replace(r"^(\d{4})(?:\.0)?$", rf"\g<1>{of_year}", regex=True)
    german = text.str.extract(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})$")
    iso = text.where(german[0].isna(), german[2] + "-" + german[1].str.zfill(2) + "-" + german[0].str.zfill(2))
    dates = pd.to_datetime(iso.str.slice(0, 10), format="%Y-%m-%d", errors="coerce")
    wrong = np.flatnonzero((dates.isna() & (text != "")).to_numpy())
    if len(wrong):
        raise TeilhabeError(mark("Row {row}, column “{column}”: “{value}” is not a date such as 31.12.2025."),
                            row=int(rows[wrong[0]]), column=column, value=text.iloc[wrong[0]])
    return dates


def _of_scenario(frame, column, scenario) -> np.ndarray:
    if not column or not scenario:
        return np.ones(len(frame), dtype=bool)
    texts = pd.Series(_texts(frame, column)).str.replace(r"\.0$", "", regex=True)
    return ((texts == "") | (texts.str.casefold() == scenario.strip().casefold())).to_numpy()
