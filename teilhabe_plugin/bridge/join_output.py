"""The result of a join as a layer: the areas' own fields and the joined ones, with where they come from."""

from __future__ import annotations

import pandas as pd
from qgis.core import QgsVectorLayer

from ..core.area_keys import Areas
from ..core.joining import JoinResult
from ..translation import tr
from . import project
from .fields import FieldSpec, kind_of
from .indicator_style import indicator_style, shown_indicator
from .layer_output import write_layer
from .provenance import provenance


def write_joined(
    algorithm,
    parameters,
    name,
    context,
    feedback,
    layer: QgsVectorLayer,
    areas: Areas,
    frame: pd.DataFrame,
    result: JoinResult,
    inputs: list[dict],
    settings: dict,
    progress=None,
) -> str:
    """Write the areas with all their fields and the joined indicators."""
    own = [column for column in frame.columns if column.lower() not in ("fid", "ogc_fid")]
    joined = result.frame.set_index(frame.index)
    complete = pd.concat([frame[own], joined], axis=1).reset_index(drop=True)
    specs = [FieldSpec(column, kind_of(frame[column]), alias=_alias(layer, column)) for column in own]
    specs += [
        FieldSpec(
            info.name,
            info.kind,
            alias=info.alias,
            unit="" if info.unit in info.alias else info.unit,
            comment=_comment(info),
        )
        for info in result.fields
    ]
    record = provenance(algorithm.id(), inputs, **settings)
    shown = shown_indicator(result)

    def style(written: QgsVectorLayer) -> None:
        if shown is not None:
            indicator_style(written, shown, result.frame[shown.name].to_numpy(float, na_value=float("nan")))

    return write_layer(
        algorithm,
        parameters,
        name,
        context,
        feedback,
        frame=complete,
        specs=specs,
        geometry_layer=layer,
        style=style,
        layer_name=tr("Indicators"),
        role=project.INDICATORS,
        provenance=record,
        progress=progress,
    )


def _alias(layer, column) -> str:
    index = layer.fields().lookupField(column)
    return layer.fields().at(index).alias() if index >= 0 else ""


def _comment(info) -> str:
    return f"{info.table}: {info.column}" if info.column else info.table
