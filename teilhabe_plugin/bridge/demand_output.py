"""People brought to the points where they live, as a layer, and whether the totals were kept."""
from __future__ import annotations

import re

import numpy as np
import pandas as pd
from qgis.core import QgsMarkerSymbol, QgsProperty, QgsSingleSymbolRenderer, QgsSymbolLayer, QgsVectorLayer

from ..core.field_names import fold, unique_name
from ..core.messages import Message, mark
from ..core.supply.demand import Demand
from ..translation import tr
from . import project
from .area_labels import quoted
from .fields import FieldSpec
from .layer_content import Points
from .layer_output import write_layer
from .supply_inputs import SupplyAreas

_COLOUR, _LONGEST = "#117c90", 40


def group_columns(groups, taken) -> list[str]:
    """Return a column name for every group, none of them twice."""
    names = []
    for group in groups:
        name = re.sub("[^a-z0-9]+", "_", fold(group)).strip("_")[:_LONGEST] or "personen"
        names.append(unique_name(f"personen_{name}" if name[0].isdigit() else name, [*taken, *names]))
    return names


def write_demand(algorithm, parameters, context, feedback, areas: SupplyAreas, demand: Demand, year: str, titles,
                 record: dict) -> tuple[str, list[str]]:
    """Write the points; return the layer and the columns of the groups.

    ``titles`` are what the groups are called in the table they come from.
    """
    data = {areas.key_field: np.array([areas.areas.keys[at] if at >= 0 else None for at in demand.area], object)}
    specs = [FieldSpec(areas.key_field, "text", tr("Area key"))]
    names = group_columns(demand.groups, [areas.key_field, "jahr", "gesamt", "fid", "geom"])
    for number, (name, title) in enumerate(zip(names, titles)):
        data[name] = demand.people[:, number]
        specs.append(FieldSpec(name, "real", tr("People: {group}", group=title)))
    if year.isdigit():
        data["jahr"] = np.full(len(demand), int(year))
        specs.append(FieldSpec("jahr", "integer", tr("Year")))
    layer = write_layer(
        algorithm, parameters, "OUTPUT", context, feedback, frame=pd.DataFrame(data), specs=specs,
        points=Points(demand.x, demand.y, areas.crs), style=_style(names, demand), layer_name=tr("Demand points"),
        role=project.DEMAND, provenance=record)
    return layer, names


def totals_in_words(totals: np.ndarray | None, demand: Demand, titles) -> list[Message]:
    """Return for every group how many people the areas have and how many stand at the points."""
    notes = []
    for number, title in enumerate(titles):
        placed = float(np.nansum(demand.people[:, number]))
        if totals is None:
            notes.append(Message(mark("{group}: {people} people at {points} points."), group=title,
                                 people=_count(placed), points=len(demand)))
            continue
        there = float(np.nansum(totals[:, number]))
        notes.append(Message(
            mark("{group}: {there} people in the areas, {placed} at {points} points.") if abs(there - placed) < 1e-6
            else mark("{group}: {there} people in the areas, only {placed} at {points} points."),
            group=title, there=_count(there), placed=_count(placed), points=len(demand)))
    return notes


def _count(people: float):
    return round(people) if abs(people - round(people)) < 1e-6 else round(people, 2)


def _style(names: list[str], demand: Demand):
    """Return the function that draws the points, their area as the people of the first group."""
    most = float(np.nanmax(demand.people[:, 0], initial=0)) or 1.0

    def style(layer: QgsVectorLayer) -> None:
        symbol = QgsMarkerSymbol.createSimple({"name": "circle", "color": _COLOUR, "size": "1", "outline_style": "no"})
        size = f"CASE WHEN {quoted(names[0])} > 0 THEN 0.6 + 2.4 * sqrt({quoted(names[0])} / {most!r}) ELSE 0.3 END"
        symbol.symbolLayer(0).setDataDefinedProperty(QgsSymbolLayer.PropertySize, QgsProperty.fromExpression(size))
        layer.setRenderer(QgsSingleSymbolRenderer(symbol))
    return style
