"""Indicators from counts between layer and core."""
from __future__ import annotations

import pandas as pd
from qgis.core import QgsVectorLayer

from ..core.count_table import CountColumn, CountTable
from ..core.messages import Message, TeilhabeError, mark
from ..translation import render, tr
from . import project
from .fields import kind_of
from .frames import read_frame
from .layer_output import FieldSpec, write_layer
from .provenance import layer_input, provenance


def read_counts(layer: QgsVectorLayer, columns: list[str], feedback) -> pd.DataFrame:
    """Return the columns of the layer, each once."""
    frame = read_frame(layer, list(dict.fromkeys(columns)), feedback=feedback)
    if frame.empty:
        raise TeilhabeError(mark("The layer “{layer}” has no rows."), layer=layer.name())
    return frame


def write_indicators(algorithm, parameters, name, context, feedback, layer, read: pd.DataFrame, result: CountTable,
                     settings: dict) -> str:
    """Write one row per area with its indicators; reasons are written out in the user's language."""
    frame = result.frame.copy()
    made = {column.name: column for column in result.columns}
    specs = [FieldSpec(field, kind_of(frame[field]), alias=_alias(layer, field)) for field in frame
             if field not in made]
    for column in result.columns:
        if column.kind == "reason":
            frame[column.name] = [render(column.rule.reason(code)) if code else None for code in frame[column.name]]
        specs.append(_spec(column))
    return write_layer(
        algorithm, parameters, name, context, feedback, frame=frame, specs=specs, geometry_layer=layer,
        layer_name=tr("Indicators from counts"), role=project.INDICATORS,
        provenance=provenance(algorithm.id(), [layer_input(layer, layer.name(), read)], **settings))


def write_hidden(algorithm, parameters, name, context, feedback, result: CountTable, settings: dict) -> str:
    """Write the suppressed counts: where they stand and what can still be said of them, never what they are."""
    table = result.hidden_frame(tr("area"), tr("total"))
    titles = {
        "gebiet": tr("Area or parent area (empty: the whole)"), "art": tr("Area or total"), "jahr": tr("Year"),
        "spalte": tr("Column of counts"), "ableitbar_von": tr("At least, as anyone can tell"),
        "ableitbar_bis": tr("At most, as anyone can tell (empty: no bound)"),
    }
    kinds = {"jahr": "integer", "ableitbar_von": "real", "ableitbar_bis": "real"}
    specs = [FieldSpec(column, kinds.get(column, "text"), alias=titles[column]) for column in table]
    return write_layer(algorithm, parameters, name, context, feedback, frame=table, specs=specs,
                       layer_name=tr("Suppressed counts"), provenance=provenance(algorithm.id(), [], **settings))


def _spec(column: CountColumn) -> FieldSpec:
    unit = render(column.unit) if isinstance(column.unit, Message) else column.unit
    return FieldSpec(column.name, "text" if column.kind == "reason" else column.kind, alias=render(column.title),
                     unit=unit)


def _alias(layer, column: str) -> str:
    index = layer.fields().lookupField(column)
    return layer.fields().at(index).alias() if index >= 0 else ""
