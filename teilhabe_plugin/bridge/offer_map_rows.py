"""The rows of a supply map: offers, measures and projects with place, area, category, size and number."""
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
from qgis.core import QgsCoordinateReferenceSystem, QgsVectorLayer

from ..core.addresses.street_names import fold_place
from ..core.messages import Message, TeilhabeError, mark
from ..core.supply.offer_categories import MOST, Categories, categories_of, field_of
from ..core.supply.offers import OfferColumns, guess_offer_columns
from ..core.supply.projects import STATE_TITLES, ProjectColumns, guess_project_columns, read_period, state_of
from ..translation import render, tr
from .frames import read_frame
from .offer_map_places import AreaPlaces, inner_points, places_of_references

BY_KIND, BY_TARGET, BY_FIELD = "kind", "target", "field"
#: orders of the list
BY_DISTRICT, BY_CATEGORY, BY_NAME, AS_LISTED = "district", "category", "name", "list"
OFFER, MEASURE = "offer", "measure"
_STREETS = ("strasse", "estrasse", "strassenname", "street")
_NUMBERS = ("hausnummer", "hausnr", "ehnr", "hnr", "nummer", "housenumber")
_ADDRESSES = ("adrgefunden", "adresse", "anschrift", "address")
_MOST_NAMED = 10


@dataclass(frozen=True)
class RowSettings:
    """How rows become symbols.

    Attributes
    ----------
    offers : OfferColumns
    projects : ProjectColumns
        Columns of the two lists, "" where they are to be found.
    category : str
        `BY_KIND`, `BY_TARGET`, `BY_FIELD`, or the name of a column of the offers.
    fields : dict
        Folded type → field of action, see `core.supply.offer_categories.fields_from_text`.
    most : int
        Categories that are told apart.
    day : date
        Day for which planned, running and ended are told.
    rough_from : float
        Places uncertain by more metres are drawn as rough.
    sized : bool
        Whether capacity makes the symbol larger.
    smallest, largest : float
        Sizes in mm.
    order : str
    """

    offers: OfferColumns = OfferColumns()
    projects: ProjectColumns = ProjectColumns()
    category: str = BY_KIND
    fields: dict = field(default_factory=dict)
    most: int = MOST
    day: date = field(default_factory=date.today)
    rough_from: float = 50.0
    sized: bool = True
    smallest: float = 2.2
    largest: float = 6.5
    order: str = BY_DISTRICT


@dataclass(frozen=True, eq=False)
class MapRows:
    """Everything a supply map and its list show.

    Attributes
    ----------
    frame : DataFrame
        One row per symbol, in the order of the numbers; those without a place follow with number 0.
    crs : QgsCoordinateReferenceSystem
    categories : Categories
        Those of the offers.
    measure_categories : tuple of str
        What only measures are called.
    steps : tuple of (float, float)
        Capacity and size of the legend's samples.
    notes : tuple of Message
    """

    frame: pd.DataFrame
    crs: QgsCoordinateReferenceSystem
    categories: Categories
    measure_categories: tuple[str, ...]
    steps: tuple[tuple[float, float], ...]
    notes: tuple[Message, ...]

    @property
    def placed(self) -> np.ndarray:
        """Say which rows are on the map."""
        return self.frame["nr_karte"].to_numpy() > 0

    def listed(self, kind: str, placed: bool = True) -> pd.DataFrame:
        """Return the rows of the list, one per offer or measure."""
        chosen = (self.frame["kind_of"] == kind) & (self.placed == placed)
        return self.frame[chosen].drop_duplicates("source")


def read_rows(offers: QgsVectorLayer, projects: QgsVectorLayer | None, areas: AreaPlaces | None,
              crs: QgsCoordinateReferenceSystem, settings: RowSettings, context, feedback) -> MapRows:
    """Return the rows of the map.

    Raises
    ------
    TeilhabeError
        For an empty list, and for a column that is not there.
    """
    parts = [_offers(offers, crs, settings, context, feedback)]
    if projects is not None:
        parts.append(_projects(projects, areas, crs, settings, context, feedback))
    frame = pd.concat(parts, ignore_index=True)
    for column in ("gebiet_nr", "gebiet", "bezirk"):
        frame[column] = ""
    if areas is not None:
        areas.fill(frame, feedback)
    _join_areas(frame)
    notes = list(_notes(frame, areas))
    categories, own = _categorised(frame, settings)
    if categories.gathered:
        notes.append(Message(mark("{count} rare categories are drawn as “{other}”: {names}."),
                             count=len(categories.gathered), other=tr("Other offers"),
                             names=_some(categories.gathered)))
    frame, steps = _sized(frame, settings)
    frame = _numbered(frame, settings.order)
    return MapRows(frame, crs, categories, own, steps, tuple(notes))


def _categorised(frame: pd.DataFrame, settings: RowSettings) -> tuple[Categories, tuple[str, ...]]:
    """Write the category of every row; return those of the offers, and what only measures are called."""
    offers = frame["kind_of"] == OFFER
    categories = categories_of(frame.loc[offers, "wanted"], tr("Other offers"), tr("not stated"), settings.most)
    own = categories_of(frame.loc[~offers, "wanted"], tr("Other measures"), tr("not stated"), settings.most,
                        frame.loc[~offers, "source"])
    for rows, found in ((offers, categories), (~offers, own)):
        frame.loc[rows, "kategorie"] = [found.names[position] for position in found.of_row]
    return categories, tuple(name for name in own.names if name not in categories.names)


def _offers(layer, crs, settings: RowSettings, context, feedback) -> pd.DataFrame:
    table = read_frame(layer, feedback=feedback, with_ids=True)
    if table.empty:
        raise TeilhabeError(mark("The layer “{layer}” has no rows."), layer=layer.name())
    columns = _chosen(settings.offers, guess_offer_columns(table.columns), table, layer)
    x, y = inner_points(layer, crs, context, feedback)
    made = pd.DataFrame({"kind_of": OFFER, "source": np.arange(len(table)), "quelle_id": table.index.to_numpy()})
    for name, column in (("id", columns.id), ("name", columns.name), ("typ", columns.kind),
                         ("zielgruppe", columns.target), ("handlungsfeld", columns.field)):
        made[name] = texts(table, column)
    made["plaetze"], made["plaetze_text"] = _capacity(table, columns.capacity), texts(table, columns.capacity)
    begins, ends = texts(table, columns.open_from), texts(table, columns.open_until)
    periods = [read_period(begin, end) for begin, end in zip(begins, ends)]
    made["zustand_code"] = [state_of("", begin, end, settings.day) if begin or end else "" for begin, end in periods]
    made["beginn"], made["ende"] = begins, ends
    made["traeger"], made["gebiet_text"], made["zeitraum"] = "", "", [_period_text(*each) for each in zip(begins, ends)]
    radius = pd.to_numeric(table[columns.radius], errors="coerce") if columns.radius else pd.Series(np.nan, table.index)
    grade = pd.to_numeric(table["adr_stufe"], errors="coerce") if "adr_stufe" in table else radius * np.nan
    made["radius"] = radius.to_numpy(float)
    rough = (radius > settings.rough_from) | grade.isin((5, 6))
    if "adr_in_gebiet" in table:
        rough |= table["adr_in_gebiet"].fillna(False).astype(bool)
    made["rough"] = rough.to_numpy(bool)
    made["adresse"] = _address(table)
    made["hinweis"] = texts(table, "adr_hinweis" if "adr_hinweis" in table else "")
    made["x"], made["y"] = x, y
    made["handlungsfeld"] = [_field(kind, stated, settings) for kind, stated in zip(made["typ"], made["handlungsfeld"])]
    made["wanted"] = _wanted(made, table, settings, layer)
    return made


def _projects(layer, areas, crs, settings: RowSettings, context, feedback) -> pd.DataFrame:
    table = read_frame(layer, feedback=feedback, with_ids=True)
    columns = _chosen(settings.projects, guess_project_columns(table.columns), table, layer)
    x, y = inner_points(layer, crs, context, feedback)
    made = pd.DataFrame({"kind_of": MEASURE, "source": 10**9 + np.arange(len(table)), "quelle_id": table.index})
    for name in ("id", "name", "target", "field", "kind", "body", "begin", "end"):
        german = {"target": "zielgruppe", "field": "handlungsfeld", "kind": "typ", "body": "traeger", "begin": "beginn",
                  "end": "ende"}.get(name, name)
        made[german] = texts(table, getattr(columns, name))
    period = texts(table, columns.period)
    stated = texts(table, columns.state)
    read = [read_period(*row) for row in zip(made["beginn"], made["ende"], period)]
    made["zustand_code"] = [state_of(text, begin, end, settings.day) for text, (begin, end) in zip(stated, read)]
    made["zeitraum"] = [text or _period_text(begin, end) for text, begin, end in
                        zip(period, made["beginn"], made["ende"])]
    made["plaetze"], made["plaetze_text"] = _capacity(table, columns.capacity), texts(table, columns.capacity)
    made["gebiet_text"] = texts(table, columns.areas)
    made["radius"], made["rough"], made["adresse"], made["hinweis"] = np.nan, False, "", ""
    made["x"], made["y"] = x, y
    made["handlungsfeld"] = [_field(kind or name, own, settings) for kind, name, own in
                             zip(made["typ"], made["name"], made["handlungsfeld"])]
    by = {BY_KIND: "typ", BY_TARGET: "zielgruppe"}.get(settings.category, "handlungsfeld")
    made["wanted"] = [own or other for own, other in zip(made[by], made["handlungsfeld"])]
    return places_of_references(made, areas)


def _join_areas(frame: pd.DataFrame) -> None:
    """Let every symbol of a measure in several areas name all of them."""
    several = frame["source"].duplicated(keep=False)
    for source in frame.loc[several, "source"].unique():
        own = frame["source"] == source
        for column in ("gebiet_nr", "gebiet", "bezirk"):
            frame.loc[own, column] = ", ".join(dict.fromkeys(filter(None, frame.loc[own, column])))


def _chosen(given, guessed, table: pd.DataFrame, layer):
    """Return the columns: as named, else as found by their names."""
    for name in given.__dataclass_fields__:
        column = getattr(given, name)
        if column and column not in table.columns:
            raise TeilhabeError(mark("The layer “{layer}” has no field “{field}”."), layer=layer.name(), field=column)
    return type(given)(**{name: getattr(given, name) or getattr(guessed, name) for name in given.__dataclass_fields__})


def texts(table: pd.DataFrame, column: str) -> list[str]:
    """Return a column as trimmed text, "" for what is missing and for no column."""
    if not column:
        return [""] * len(table)
    return ["" if pd.isna(value) else str(value).strip() for value in table[column]]


def _capacity(table, column) -> np.ndarray:
    """Return numbers above 0, NaN for everything else; `_notes` names what is none."""
    if not column:
        return np.full(len(table), np.nan)
    values = pd.to_numeric(table[column].astype(str).str.strip().str.replace(",", ".", regex=False), errors="coerce")
    return values.where(values > 0).to_numpy(float)


def _address(table: pd.DataFrame) -> list[str]:
    """Return the address as the register writes it, else as it stands in the list."""
    folded = {fold_place(str(name)): str(name) for name in reversed(list(table.columns))}

    def column(words):
        return texts(table, next((folded[word] for word in words if word in folded), ""))

    typed = [" ".join(filter(None, (street, number.removesuffix(".0")))) for street, number in
             zip(column(_STREETS), column(_NUMBERS))]
    found = column(_ADDRESSES)
    return [register.split(",")[0] if register else own for register, own in zip(found, typed)]


def _field(kind: str, stated: str, settings: RowSettings) -> str:
    found = field_of(kind, stated, settings.fields)
    return render(found) if isinstance(found, Message) else found


def _wanted(made: pd.DataFrame, table: pd.DataFrame, settings: RowSettings, layer) -> list[str]:
    named = {BY_KIND: "typ", BY_TARGET: "zielgruppe", BY_FIELD: "handlungsfeld"}.get(settings.category)
    if named is not None:
        return made[named].tolist()
    if settings.category not in table.columns:
        raise TeilhabeError(mark("The layer “{layer}” has no field “{field}”."), layer=layer.name(),
                            field=settings.category)
    return texts(table, settings.category)


def _period_text(begin: str, end: str) -> str:
    if begin and end:
        return f"{begin} – {end}"
    return tr("since {day}", day=begin) if begin else tr("until {day}", day=end) if end else ""


def _sized(frame: pd.DataFrame, settings: RowSettings):
    """Give every row its size in mm: its area is in proportion to the capacity, between the smallest and largest."""
    usual = (settings.smallest + settings.largest) / 2 if not settings.sized else settings.smallest * 1.25
    known = frame["plaetze"].dropna()
    if not settings.sized or known.empty:
        frame["groesse"] = min(usual, 3.2)
        return frame, ()
    top = nice(float(np.quantile(known, 0.9)))
    sizes = settings.largest * np.sqrt(frame["plaetze"].to_numpy(float) / top)
    sizes = np.clip(sizes, settings.smallest, settings.largest)
    frame["groesse"] = np.round(np.where(np.isnan(sizes), usual, sizes), 2)
    least = top * (settings.smallest / settings.largest) ** 2
    middle = nice((least * top) ** 0.5)
    lowest = float(round(least, -1)) if least >= 20 else float(max(round(least), 1))
    steps = [(lowest, settings.smallest), (middle, settings.largest * float(np.sqrt(middle / top))),
             (top, settings.largest)]
    return frame, tuple(each for i, each in enumerate(steps) if i == 2 or lowest <= each[0] < steps[i + 1][0])


def nice(value: float) -> float:
    """Return the next round number above: 1, 2, 3, 5 or 8 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(max(value, 1)))
    return float(next(digit * power for digit in (1, 2, 3, 5, 8, 10) if digit * power >= value * 0.999))


def _numbered(frame: pd.DataFrame, order: str) -> pd.DataFrame:
    """Sort the rows and number those that have a place; offers come first, then measures."""
    frame = frame.copy()
    frame["placed"] = np.isfinite(frame["x"]) & np.isfinite(frame["y"])
    frame["first"] = (frame["kind_of"] == MEASURE).astype(int)
    folded = frame["name"].map(fold_place)
    keys = {BY_DISTRICT: ["bezirk", "gebiet_nr", "kategorie"], BY_CATEGORY: ["kategorie", "bezirk", "gebiet_nr"],
            BY_NAME: [], AS_LISTED: []}[order]
    helpers = pd.DataFrame({"folded": folded if order != AS_LISTED else "", "row": np.arange(len(frame))})
    sortable = pd.concat([~frame["placed"], frame[["first", *keys]], helpers], axis=1)
    for key in keys:  # rows in no area come last
        sortable[key] = sortable[key].where(sortable[key] != "", "\uffff")
    frame = frame.loc[sortable.sort_values(list(sortable.columns), kind="stable").index].reset_index(drop=True)
    numbers, given = [], {}
    for source, placed in zip(frame["source"], frame["placed"]):
        numbers.append(given.setdefault(source, len(given) + 1) if placed else 0)
    frame["nr_karte"] = numbers
    frame["symbol_nr"] = np.arange(1, len(frame) + 1)
    return frame


def _notes(frame: pd.DataFrame, areas):
    nowhere = ~(np.isfinite(frame["x"]) & np.isfinite(frame["y"]))
    if nowhere.any():
        yield Message(mark("{count} offers have no place; they stand in the list beside the map: {offers}."),
                      count=int(nowhere.sum()), offers=_some(frame.loc[nowhere, "name"]))
    rough = frame["rough"] & ~nowhere
    if rough.any():
        yield Message(mark("{count} offers are only roughly located and drawn hollow in a dashed ring: {offers}."),
                      count=int(rough.sum()), offers=_some(frame.loc[rough, "name"]))
    stated = frame["plaetze_text"]
    unread = (stated != "") & frame["plaetze"].isna() & ~stated.str.match(r"0+([.,]0*)?\Z")
    if unread.any():
        named = frame.loc[unread, "name"] + " (“" + stated[unread] + "”)"
        yield Message(mark("The places of {count} offers are no number above 0 and are left out: {offers}."),
                      count=int(unread.sum()), offers=_some(named))
    if areas is not None:
        outside = ~nowhere & (frame["gebiet_nr"] == "") & (frame["kind_of"] == OFFER)
        if outside.any():
            yield Message(mark("{count} offers lie outside all areas: {offers}."), count=int(outside.sum()),
                          offers=_some(frame.loc[outside, "name"]))


def state_text(code: str) -> str:
    """Return how far something is, in words."""
    return render(Message(STATE_TITLES[code])) if code else ""


def _some(names) -> str:
    names = [str(name) or "–" for name in names]
    return ", ".join(names[:_MOST_NAMED]) + (" …" if len(names) > _MOST_NAMED else "")
