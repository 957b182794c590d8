"""What a supply analysis reads: areas, people, demand points and offers, all in one coordinate system in metres."""
from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from qgis.core import QgsCoordinateReferenceSystem, QgsVectorLayer

from ..core.area_keys import Areas
from ..core.key_matching import SAFE_REPAIRS, match_keys
from ..core.layout_guess import guess_layout
from ..core.messages import Message, TeilhabeError, mark
from ..core.number_forms import read_numbers
from ..core.overlay import locate
from ..core.supply.demand import Demand, grid, spread, without_points
from ..core.supply.offers import OfferColumns, Offers, guess_offer_columns, named, of_kinds, read_offers
from .area_layer import guess_key_field, guess_name_field
from .boundary_layers import check_places, measuring_crs, numbers, read_points, read_shapes
from .frames import read_frame
from .table_sources import read_layer

_MOST_NAMED = 10
_YEAR_NAMES = ("jahr", "year", "stichjahr", "berichtsjahr")


@dataclass(frozen=True, eq=False)
class SupplyAreas:
    """The areas of the analysis.

    Attributes
    ----------
    layer : QgsVectorLayer
    key_field, name_field : str
    areas : Areas
        Keys and names in the order of the layer.
    shapes : list of shapely geometry or None
    crs : QgsCoordinateReferenceSystem
        In metres; everything else of the analysis is brought into it.
    notes : tuple of Message
    """

    layer: QgsVectorLayer
    key_field: str
    name_field: str
    areas: Areas
    shapes: list
    crs: QgsCoordinateReferenceSystem
    notes: tuple[Message, ...] = ()

    def __len__(self) -> int:
        return len(self.areas.keys)

    @property
    def names(self) -> np.ndarray:
        """Names, the keys where there are none."""
        return self.areas.keys if self.areas.names is None else self.areas.names

    def position_of(self, x: np.ndarray, y: np.ndarray, cancelled=None) -> np.ndarray:
        """Return the position of the area that each point lies in, -1 for none."""
        return locate(x, y, self.shapes, cancelled)


def read_supply_areas(layer: QgsVectorLayer, key_field: str, name_field: str, context, feedback) -> SupplyAreas:
    """Return the areas; fields that are not named are guessed.

    Raises
    ------
    TeilhabeError
        For a key field with gaps or doubled keys, a layer without polygons, coordinates that cannot be in metres.
    """
    frame = read_frame(layer, feedback=feedback)
    if frame.empty:
        raise TeilhabeError(mark("The layer “{layer}” has no rows."), layer=layer.name())
    _require(layer.name(), frame.columns, (key_field, name_field))
    key = key_field or guess_key_field(frame)
    if not key:
        raise TeilhabeError(mark("No field of “{layer}” names every area once. Choose the field with the area key."),
                            layer=layer.name())
    name = name_field or guess_name_field(frame, key)
    areas = Areas.from_frame(frame, key, name)
    crs = measuring_crs(layer)
    shapes = read_shapes(layer, crs, context, feedback)
    return SupplyAreas(layer, key, name, areas, shapes, crs, tuple(_notes_on_areas(layer, areas, shapes, crs)))


def _notes_on_areas(layer: QgsVectorLayer, areas: Areas, shapes: list, crs: QgsCoordinateReferenceSystem):
    bounds = np.array([shape.bounds for shape in shapes if shape is not None and not shape.is_empty]).reshape(-1, 4)
    if not len(bounds):
        raise TeilhabeError(mark("The layer “{layer}” holds no polygons."), layer=layer.name())
    if not layer.crs().isValid() and np.abs(bounds).max() <= 360:
        raise TeilhabeError(mark("The layer “{layer}” has no coordinate reference system, and its coordinates look "
                                 "like degrees. Set the system in the layer’s properties: distances need metres."),
                            layer=layer.name())
    if layer.crs().isGeographic():
        yield Message(mark("“{layer}” is in degrees ({own}); everything is measured in metres in {crs}."),
                      layer=layer.name(), own=layer.crs().authid(), crs=crs.authid())
    empty = [key for key, shape in zip(areas.keys, shapes) if not has_ground(shape)]
    if empty:
        yield Message(mark("{count} areas have no polygon; nobody can be placed in them: {areas}."), count=len(empty),
                      areas=_some(empty))


def has_ground(shape) -> bool:
    """Whether an area has a polygon in which somebody can live."""
    return shape is not None and not shape.is_empty


def _require(table: str, columns, wanted) -> None:
    """Refuse a field that is not there."""
    missing = [name for name in wanted if name and name not in columns]
    if missing:
        raise TeilhabeError(mark("{table} has no field “{field}”. It has: {fields}."), table=table, field=missing[0],
                            fields=", ".join(map(str, columns)))


@dataclass(frozen=True, eq=False)
class People:
    """People per area as a table states them.

    Attributes
    ----------
    counts : ndarray, shape (a, fields)
        NaN for areas without a number.
    year : str
        Year of the rows that count, "" where the table states none.
    notes : tuple of Message
    """

    counts: np.ndarray
    year: str = ""
    notes: tuple[Message, ...] = ()


def read_people(layer: QgsVectorLayer, areas: Areas, key_field: str, columns: list[str], year_field: str = "",
                year: str = "", feedback=None) -> People:
    """Return the people of every area, one column per field, and what was left out.

    Parameters
    ----------
    layer : QgsVectorLayer
        Layer or table with a row per area, or per area and year.
    areas : Areas
    key_field : str
        "" lets the keys be found.
    columns : list of str
        Fields with numbers of people.
    year_field, year : str
        Only rows of this year; "" takes the last one. A field called “Jahr” or “year” is found where areas have
        several rows.

    Raises
    ------
    TeilhabeError
        For a field that is not there, a cell that is no number, an area with several rows.
    """
    table = read_layer(layer, areas.texts, feedback=feedback)
    _require(layer.name(), table.columns, (*columns, key_field, year_field))
    notes = []
    found = None if year_field else _match(table, areas, key_field, columns)
    if found is not None and _doubled(found, areas) is not None:
        year_field = _year_field(table.columns)
    if year_field:
        table, year = _rows_of_year(table, year_field, year, layer.name())
        found = _match(table, areas, key_field, columns)
        notes.append(Message(mark("{table}: people of {year}."), table=layer.name(), year=year))
    positions, doubled = found.positions, _doubled(found, areas)
    if doubled is not None:
        raise TeilhabeError(mark("{table}: the area “{key}” has several rows. If they are of several years, choose the "
                                 "field with the year."), table=layer.name(), key=doubled)
    if not (positions >= 0).any():
        raise _nothing_fits(layer.name())
    people = np.full((len(areas.keys), len(columns)), np.nan)
    for number, name in enumerate(columns):
        read = read_numbers(table.cells[name])
        placed = positions >= 0
        wrong = [i for i in read.bad if placed[i]] + np.flatnonzero(placed & (read.values < 0)).tolist()
        if wrong:
            raise TeilhabeError(mark("{table}, row {row}, field “{field}”: “{value}” is not a number of people."),
                                table=layer.name(), row=int(table.row_numbers[wrong[0]]), field=name,
                                value=table.cells[name].iloc[wrong[0]])
        people[positions[placed], number] = read.values[placed]
    if found.unmatched:
        notes.append(Message(mark("{table}: {count} rows belong to none of the areas: {rows}."), table=layer.name(),
                             count=len(found.unmatched), rows=_rows(found.unmatched)))
    unknown = np.flatnonzero(np.isnan(people).any(axis=1))
    if len(unknown):
        notes.append(Message(mark("{count} areas have no number of people and no measures: {areas}."),
                             count=len(unknown), areas=_some(areas.keys[unknown])))
    return People(people, year, tuple(notes))


def _match(table, areas: Areas, key_field: str, numbers_of_people: list[str]):
    """Bring rows and areas together; a column with numbers of people is no key, whatever it looks like."""
    others = [name for name in table.columns if name not in numbers_of_people or name == key_field]
    layout = guess_layout(replace(table, columns=tuple(others), cells=table.cells[others]), areas)
    if key_field:
        layout = replace(layout, key_column=key_field)
    if not layout.key_column:
        raise _nothing_fits(table.title)
    return match_keys(table, layout, areas, SAFE_REPAIRS, suggest=False)


def _nothing_fits(table: str) -> TeilhabeError:
    return TeilhabeError(mark("{table}: no row belongs to one of the areas. Choose the field with the area key."),
                         table=table)


def _doubled(found, areas: Areas) -> str | None:
    """Return the key of the first area with several rows, None when there is none."""
    rows = np.bincount(found.positions[found.positions >= 0], minlength=len(areas.keys))
    return areas.keys[int(rows.argmax())] if rows.max(initial=0) > 1 else None


def _year_field(columns) -> str:
    return next((name for name in columns if name.strip().casefold() in _YEAR_NAMES), "")


def _rows_of_year(table, year_field: str, year: str, name: str):
    """Return the table with the rows of one year, and that year; "" takes the last one."""
    given = table.cells[year_field]
    years = given.astype(str).str.strip().str.replace(r"\.0$", "", regex=True).where(given.notna(), "")
    there = sorted(set(years) - {""})
    wanted = str(year) if year not in ("", None) else max(there, default="")
    rows = (years == wanted).to_numpy() & (years != "").to_numpy()
    if not rows.any():
        raise TeilhabeError(mark("{table} has no rows of the year {year}; there are: {years}."), table=name,
                            year=wanted or "–", years=", ".join(there) or "–")
    return replace(table, cells=table.cells[rows].reset_index(drop=True), row_numbers=table.row_numbers[rows]), wanted


def demand_at_points(areas: SupplyAreas, people: np.ndarray, groups: tuple[str, ...], layer: QgsVectorLayer,
                     weight_field: str, area_field: str, context, feedback, whole: bool = True) -> Demand:
    """Return the people of the areas spread over the points of a layer (addresses, buildings, grid).

    Parameters
    ----------
    areas : SupplyAreas
    people : ndarray, shape (a, g)
    groups : tuple of str, length g
    layer : QgsVectorLayer
        Points, or polygons whose middle counts.
    weight_field : str
        Dwellings, floor space …; "" counts all points equally.
    area_field : str
        Field with the area key; "" takes the area in which the point lies.
    whole : bool
        Whole persons only, totals kept.
    """
    check_places([areas.layer, layer])
    x, y, weights = read_points(layer, weight_field, areas.crs, context, feedback)
    if area_field:
        stated = read_frame(layer, [area_field], feedback=feedback)[area_field].astype(str).to_numpy(object)
        area = np.asarray(areas.areas.index.get_indexer(stated))
    else:
        area = areas.position_of(x, y, feedback.isCanceled)
    area = np.where(np.isfinite(x) & np.isfinite(y), area, -1)
    notes = []
    outside = int((area < 0).sum())
    if outside == len(area):
        raise TeilhabeError(mark("{layer}: none of the {points} points lies in one of the areas. Check the coordinate "
                                 "reference systems, or the field with the area key."), layer=layer.name(),
                            points=len(area))
    if outside:
        notes.append(Message(mark("{layer}: {count} of {points} points lie in none of the areas and get no people."),
                             layer=layer.name(), count=outside, points=len(area)))
    return spread_over(areas, people, groups, x, y, area, weights, notes, whole)


def demand_on_grid(areas: SupplyAreas, people: np.ndarray, groups: tuple[str, ...], spacing: float,
                   feedback, whole: bool = True) -> Demand:
    """Return the people of the areas spread evenly over a grid inside them, for where no addresses are known."""
    x, y, area = grid(areas.shapes, spacing, feedback.isCanceled)
    note = Message(mark("There are no demand points: the people of each area are spread evenly over a grid of "
                        "{spacing} m. Distances are rough where parts of an area are not lived in."),
                   spacing=round(spacing))
    return spread_over(areas, people, groups, x, y, area, np.ones(len(x)), [note], whole)


def spread_over(areas: SupplyAreas, people, groups, x, y, area, weights, notes, whole: bool = True) -> Demand:
    """Return the people of the areas at these points; a point inside stands for an area that has people but no point.

    Parameters
    ----------
    people : ndarray, shape (a, g)
    x, y, area, weights : ndarray, shape (m,)
    notes : iterable of Message
        What was found out about the points before.
    whole : bool
    """
    notes = list(notes)
    spread_people = spread(people, area, weights, whole)
    lonely = without_points(people, area)
    lonely = lonely[[has_ground(areas.shapes[i]) for i in lonely]] if len(lonely) else lonely
    if len(lonely):
        x, y, area, spread_people = _with_inner_points(areas, people, lonely, (x, y, area, spread_people))
        notes.append(Message(mark("{count} areas have people but no demand point; a point inside each of them stands "
                                  "for all its people: {areas}."), count=len(lonely),
                             areas=_some(areas.areas.keys[lonely])))
    return Demand(x, y, area.astype(np.int32), spread_people, groups, tuple(notes))


def demand_of_points(areas: SupplyAreas, layer: QgsVectorLayer, columns: list[str], groups: tuple[str, ...],
                     context, feedback) -> Demand:
    """Return points that bear numbers of people themselves."""
    check_places([areas.layer, layer])
    x, y, _weights = read_points(layer, "", areas.crs, context, feedback)
    frame = numbers(read_frame(layer, columns, feedback=feedback), columns, layer)
    people = np.nan_to_num(frame[columns].to_numpy(float))
    if (people < 0).any():
        row, column = (int(place[0]) for place in np.nonzero(people < 0))
        raise TeilhabeError(mark("{table}, row {row}, field “{field}”: “{value}” is not a number of people."),
                            table=layer.name(), row=row + 1, field=columns[column], value=people[row, column])
    area = areas.position_of(x, y, feedback.isCanceled)
    outside = people[area < 0].sum(axis=0)
    notes = ()
    if outside.any():
        notes = (Message(mark("{layer}: {people} people live outside all areas; they ask for places, but belong to no "
                              "area."), layer=layer.name(), people=round(float(outside[0]))),)
    return Demand(x, y, area.astype(np.int32), people, groups, notes)


def totals_of(areas: SupplyAreas, demand: Demand) -> np.ndarray:
    """Return the people of every area, added up from its points; shape (a, g)."""
    inside = demand.area >= 0
    return np.column_stack([np.bincount(demand.area[inside], weights=np.nan_to_num(column[inside]),
                                        minlength=len(areas)) for column in demand.people.T])


def read_offer_layer(layer: QgsVectorLayer, columns: OfferColumns, areas: SupplyAreas, on_date, scenario: str, context,
                     feedback, kinds: tuple[str, ...] = ()) -> tuple[Offers, np.ndarray, tuple[Message, ...]]:
    """Return the offers of a layer, the position of the area of each (-1: none), and what was found out.

    Columns that are not named are guessed. Of offers that are not of the `kinds` nothing is told.
    """
    check_places([areas.layer, layer])
    offers, notes = read_offer_rows(layer, columns, areas.crs, on_date, scenario, context, feedback, kinds)
    area = areas.position_of(offers.x, offers.y, feedback.isCanceled)
    outside = (area < 0) & offers.takes_part & of_kinds(offers, kinds)
    if outside.any():
        notes += (Message(mark("{count} offers lie outside all areas; they count for people in reach, but for no area: "
                               "{offers}."), count=int(outside.sum()), offers=named(offers, outside)),)
    return offers, area, notes


def no_offers() -> tuple[Offers, np.ndarray, tuple[Message, ...]]:
    """Return what `read_offer_layer` returns where there is no layer: nothing is on offer yet."""
    texts, numbers_ = np.empty(0, dtype=object), np.empty(0)
    offers = Offers(np.empty(0, dtype=np.int64), texts, texts, texts, texts, texts, numbers_, numbers_,
                    numbers_, numbers_, np.empty(0, dtype=bool))
    return offers, np.empty(0, dtype=np.int64), (Message(mark("There are no offers yet.")),)


def read_offer_rows(layer: QgsVectorLayer, columns: OfferColumns, crs: QgsCoordinateReferenceSystem, on_date,
                    scenario: str, context, feedback,
                    kinds: tuple[str, ...] = ()) -> tuple[Offers, tuple[Message, ...]]:
    """Return the offers of a layer in a coordinate system, and what was found out; see `read_offer_layer`."""
    frame = read_frame(layer, feedback=feedback, with_ids=True)
    if frame.empty:
        raise TeilhabeError(mark("The layer “{layer}” has no rows."), layer=layer.name())
    _require(layer.name(), frame.columns, [getattr(columns, name) for name in columns.__dataclass_fields__])
    guessed = guess_offer_columns(frame.columns)
    chosen = OfferColumns(**{name: getattr(columns, name) or getattr(guessed, name)
                             for name in columns.__dataclass_fields__})
    x, y, _weights = read_points(layer, "", crs, context, feedback)
    return read_offers(frame.reset_index(drop=True), x, y, chosen, on_date, scenario, frame.index.to_numpy(),
                       kinds)


def _with_inner_points(areas: SupplyAreas, people, lonely, columns):
    x, y, area, spread_people = columns
    points = [areas.shapes[i].representative_point() for i in lonely]
    there = np.asarray(lonely, dtype=area.dtype)
    return (np.append(x, [point.x for point in points]), np.append(y, [point.y for point in points]),
            np.append(area, there), np.vstack([spread_people, np.asarray(people, float)[there]]))


def _some(texts) -> str:
    texts = [str(text) for text in texts]
    return ", ".join(texts[:_MOST_NAMED]) + (" …" if len(texts) > _MOST_NAMED else "")


def _rows(refs) -> str:
    return _some([ref.row for ref in refs])
