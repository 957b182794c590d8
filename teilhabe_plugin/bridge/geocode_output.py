"""Located offers as a layer: the list's own columns as they were, and where each row lies and how sure that is."""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from qgis.core import QgsCoordinateReferenceSystem, QgsProcessingOutputLayerDefinition

from ..core.addresses.address_columns import AddressColumns
from ..core.addresses.geocoding import FIELDS, Geocoded, numbered_fields, result_columns
from ..core.addresses.register import AddressRegister
from ..core.field_names import unique_name
from ..core.formula_guard import guarded
from ..core.messages import TeilhabeError, mark
from ..translation import render, tr
from . import project
from .geocode_style import offers_style
from .layer_output import FieldSpec, Points, write_layer
from .offer_lists import OfferList

#: key of the settings in the record of a result
SETTINGS = "geocoding"
#: says that the point lies anywhere in the area; only there when there is such a row
IN_AREA = "adr_in_gebiet"
_SPREADSHEETS = (".csv", ".tsv", ".xlsx", ".ods")


def write_offers(algorithm, parameters, name, context, feedback, offers: OfferList, geocoded: Geocoded,
                 registers: Sequence[AddressRegister], columns: AddressColumns, crs: QgsCoordinateReferenceSystem,
                 placed_in_area: np.ndarray, record: dict, progress=None) -> str:
    """Write all rows of the list in their order; rows without a place have no geometry.

    Where no row has a place, as with registers that know areas only, the result is a table. In text tables and
    spreadsheets, which have no geometries, the coordinates stand in columns, and no cell is a formula.
    """
    names = numbered_fields(offers.frame.columns)
    frame, specs = result_frame(offers, geocoded, registers, names)
    located = geocoded.located
    in_area = ""
    if placed_in_area.any():
        in_area = unique_name(IN_AREA, frame.columns)
        frame[in_area] = placed_in_area
        specs.append(FieldSpec(in_area, "boolean", alias=tr("Point anywhere in the area")))
    spatial = bool(np.isfinite(located.x).any())
    if _is_spreadsheet(parameters.get(name)):
        frame, specs = _for_spreadsheet(frame, specs, located, crs if spatial else None)

    def style(layer) -> None:
        offers_style(layer, frame, np.isfinite(located.x), names, columns.name, in_area)

    return write_layer(
        algorithm, parameters, name, context, feedback, frame=frame, specs=specs,
        points=Points(located.x, located.y, crs) if spatial else None, style=style, layer_name=tr("Located offers"),
        role=project.OFFERS, provenance=record, progress=progress)


def result_frame(offers: OfferList, geocoded: Geocoded, registers: Sequence[AddressRegister],
                 names: dict[str, str]) -> tuple[pd.DataFrame, list[FieldSpec]]:
    """Return the list's own columns and the fields of the result beside them.

    Parameters
    ----------
    offers : OfferList
    geocoded : Geocoded
    registers : sequence of AddressRegister
    names : dict
        Field of `geocoding.FIELDS` → its name in the result.
    """
    own = offers.written().reset_index(drop=True)
    made = result_columns(geocoded, registers, render).rename(columns=names)
    texts = field_texts()
    specs = offers.specs()
    specs += [FieldSpec(names[field], kind, alias=texts[field][0], unit="m" if field == "adr_radius" else "",
                        comment=texts[field][1]) for field, kind in FIELDS.items()]
    return pd.concat([own, made], axis=1), specs


def field_texts() -> dict[str, tuple[str, str]]:
    """Return alias and description of the fields of the result."""
    return {
        "adr_stufe": (tr("Grade"), tr("1 exact, 2 exact after normalising, 3 between the neighbouring house numbers, 4 "
                                      "nearest house number, 5 street only, 6 postcode or district only, 7 not "
                                      "located")),
        "adr_guete": (tr("How sure"), tr("The grade in words")),
        "adr_punkte": (tr("Match score"), tr("0 to 100: how well the address found fits what the row says")),
        "adr_abstand": (tr("Distance to the second-best"), tr("Score of the address found less that of the "
                                                              "second-best one")),
        "adr_gefunden": (tr("Address found"), tr("As the register writes it")),
        "adr_zweiter": (tr("Second-best address"), ""),
        "adr_auswahl": (tr("Addresses that fit equally"), tr("Nothing in the row decides between them")),
        "adr_id": (tr("Id in the register"), ""),
        "adr_register": (tr("Address register"), ""),
        "adr_radius": (tr("Uncertainty"), tr("The place lies within this radius of the point")),
        "adr_gebiet": (tr("Area key"), ""),
        "adr_gebiet_sicher": (tr("Area is certain"), tr("Also where the point is not: the whole street lies in the "
                                                        "area")),
        "adr_hinweis": (tr("What to know or correct"), ""),
        "adr_herkunft": (tr("Where the place comes from"), tr("register, hand (decided by somebody) or online")),
    }


def settings_of(layer) -> dict:
    """Return the settings that a result was made with, {} for another layer.

    ``list`` (how the list is read again), ``columns``, ``registers``, ``settings``, ``synonyms``, ``decisions``,
    ``areas``, ``area_key``, ``crs``.
    """
    if project.role_of(layer) != project.OFFERS:
        return {}
    return project.provenance_of(layer).get(SETTINGS, {})


def no_address_column(offers: OfferList) -> TeilhabeError:
    """Return the error for a list in which no column looks like an address."""
    return TeilhabeError(
        mark("{table}: no column with addresses was found. Choose the columns by hand. Columns: {columns}."),
        table=offers.title, columns=", ".join(map(str, offers.frame)))


def _is_spreadsheet(chosen) -> bool:
    if isinstance(chosen, QgsProcessingOutputLayerDefinition):
        chosen = chosen.sink.staticValue()
    return isinstance(chosen, str) and chosen.lower().endswith(_SPREADSHEETS)


def _for_spreadsheet(frame, specs, located, crs):
    """Add the coordinates as columns and keep cells from being formulas."""
    frame, specs = frame.copy(), list(specs)
    for field in [spec.name for spec in specs if spec.kind == "text"]:
        frame[field] = frame[field].map(guarded)
    if crs is not None:
        for field, values in (("adr_x", located.x), ("adr_y", located.y)):
            field = unique_name(field, frame.columns)
            frame[field] = values
            specs.append(FieldSpec(field, "real", alias=f"{field[-1].upper()} ({crs.authid()})"))
    return frame, specs
