"""The layer of a supply map: numbered offers and measures, styled, with their record."""
from __future__ import annotations

import numpy as np
import pandas as pd

from ..translation import tr
from . import project
from .layer_output import FieldSpec, Points, write_layer
from .offer_map_rows import MapRows, state_text
from .offer_map_style import Look, art_text, offer_map_style

#: the fields in their order: name, kind
FIELDS = (
    ("nr_karte", "integer"), ("symbol_nr", "integer"), ("art", "text"), ("name", "text"), ("kategorie", "text"),
    ("handlungsfeld", "text"), ("typ", "text"), ("zielgruppe", "text"), ("plaetze", "real"), ("groesse", "real"),
    ("lage", "text"), ("lage_sicher", "boolean"), ("radius", "real"), ("zustand", "text"), ("zeitraum", "text"),
    ("traeger", "text"), ("adresse", "text"), ("gebiet_nr", "text"), ("gebiet", "text"), ("bezirk", "text"),
    ("hinweis", "text"), ("quelle_nr", "text"), ("quelle_id", "integer"),
)


def layer_name() -> str:
    """Return what the layer is called where a destination names no table."""
    return tr("Supply map")


def layer_frame(rows: MapRows) -> pd.DataFrame:
    """Return the rows as the layer holds them."""
    frame = rows.frame
    placed = rows.placed
    values = {
        "nr_karte": np.where(placed, frame["nr_karte"], np.nan),
        "art": [art_text(kind) for kind in frame["kind_of"]],
        "lage": place_texts(rows), "lage_sicher": ~frame["rough"].to_numpy(bool) & placed,
        "zustand": [state_text(code) or None for code in frame["zustand_code"]], "quelle_nr": frame["id"],
    }
    made = pd.DataFrame({name: values.get(name, frame.get(name)) for name, _kind in FIELDS})
    for name, kind in FIELDS:
        if kind == "text":
            made[name] = [None if pd.isna(value) or value == "" else str(value) for value in made[name]]
    made["quelle_id"] = made["quelle_id"].astype("int64")
    return made


def place_texts(rows: MapRows) -> list[str]:
    """Return in words how sure each place is."""
    exact, rough, none = tr("known"), tr("roughly known"), tr("no place")
    return [none if not placed else rough if unsure else exact
            for placed, unsure in zip(rows.placed, rows.frame["rough"])]


def write_offer_map(algorithm, parameters, name, context, feedback, rows: MapRows, look: Look, record: dict) -> str:
    """Write the layer; rows without a place come last and have no geometry."""
    frame = layer_frame(rows)
    texts = field_texts()
    specs = [FieldSpec(field, kind, alias=texts.get(field, ""), unit={"radius": "m", "groesse": "mm"}.get(field, ""))
             for field, kind in FIELDS]
    x, y = (rows.frame[axis].to_numpy(float) for axis in ("x", "y"))
    return write_layer(
        algorithm, parameters, name, context, feedback, frame=frame, specs=specs, points=Points(x, y, rows.crs),
        style=lambda layer: offer_map_style(layer, look), layer_name=layer_name(), role=project.OFFER_MAP,
        provenance=record)


def field_texts() -> dict[str, str]:
    """Return the aliases of the fields."""
    return {
        "nr_karte": tr("Number on the map"), "symbol_nr": tr("Number of the symbol"), "art": tr("Offer or measure"),
        "name": tr("Name"), "kategorie": tr("Category"), "handlungsfeld": tr("Field of action"), "typ": tr("Type"),
        "zielgruppe": tr("Target group"), "plaetze": tr("Places"), "groesse": tr("Size of the symbol"),
        "lage": tr("Place"), "lage_sicher": tr("Place is certain"), "radius": tr("Uncertainty"),
        "zustand": tr("State"), "zeitraum": tr("Period"), "traeger": tr("Responsible body"),
        "adresse": tr("Address"), "gebiet_nr": tr("Area key"), "gebiet": tr("Area"), "bezirk": tr("District"),
        "hinweis": tr("Note"), "quelle_nr": tr("Number in the list"), "quelle_id": tr("Id in the original layer"),
    }
