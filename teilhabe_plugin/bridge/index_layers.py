"""The index between layer and core: read what a recipe needs, write what it made."""
from __future__ import annotations

import pandas as pd
from qgis.core import QgsVectorLayer

from ..core.catalogue import Catalogue
from ..core.index import IndexResult
from ..core.messages import Message, TeilhabeError, mark
from ..core.parents import parent_scores
from ..core.recipe import Recipe
from ..translation import render
from . import project
from .catalogue_texts import map_tip, with_comments
from .class_style import class_style
from .frames import read_frame
from .layer_output import FieldSpec, write_layer
from .provenance import layer_input, provenance


def read_indicators(layer: QgsVectorLayer, recipe: Recipe, year: int | None, keep: bool, feedback) -> pd.DataFrame:
    """Return the layer's columns that the recipe reads, or all of them."""
    there = [field.name() for field in layer.fields()]
    wanted = there if keep else [name for name in recipe.columns(year) + recipe.earlier_columns(year) if name in there]
    frame = read_frame(layer, wanted, feedback=feedback)
    if frame.empty:
        raise TeilhabeError(mark("The layer “{layer}” has no rows."), layer=layer.name())
    check_key(layer, recipe, frame)
    return frame


def check_key(layer: QgsVectorLayer, recipe: Recipe, frame: pd.DataFrame) -> None:
    """See that the column of the area key is there, filled and unique.

    Raises
    ------
    TeilhabeError
    """
    if recipe.area_key not in frame:
        raise TeilhabeError(
            mark("The layer “{layer}” has no field “{field}”, which the recipe “{recipe}” names as area key."),
            layer=layer.name(), field=recipe.area_key, recipe=recipe.title,
        )
    keys = frame[recipe.area_key]
    if keys.isna().any() or keys.duplicated().any():
        bad = frame.index[keys.isna() | keys.duplicated(keep=False)]
        raise TeilhabeError(
            mark("Layer “{layer}”, field “{field}”: the area key must be filled and unique; see rows {rows}."),
            layer=layer.name(), field=recipe.area_key, rows=", ".join(str(row + 1) for row in bad[:10]),
        )


def table_names(recipe: Recipe) -> dict[str, str]:
    """Return what the tables of the results are called where a destination names none."""
    return {
        "OUTPUT": recipe.title,
        "VALUES": render(Message(mark("{recipe}: all values"), recipe=recipe.title)),
        "PARENTS": render(Message(mark("{recipe}: larger areas"), recipe=recipe.title)),
    }


def write_index(algorithm, parameters, name, context, feedback, layer, result: IndexResult,
                kept: pd.DataFrame | None = None, catalogue: Catalogue | None = None) -> str:
    """Write the wide result with the area geometries, styled by its first class set."""
    frame, specs = result.frame, with_comments(_specs(result), result, catalogue)
    if kept is not None:
        others = [column for column in kept.columns if column not in frame]
        frame = pd.concat([frame, kept[others]], axis=1)
        specs += [FieldSpec(field.name(), _kind(kept[field.name()]), alias=field.alias())
                  for field in layer.fields() if field.name() in others]
    class_sets = [class_set.to_dict() for class_set in result.class_sets]

    def style(written: QgsVectorLayer) -> None:
        project.set_class_sets(written, class_sets)
        written.setMapTipTemplate(map_tip(result, catalogue))
        if result.class_sets:
            class_style(written, result.class_sets[0])

    return write_layer(
        algorithm, parameters, name, context, feedback, frame=frame, specs=specs, geometry_layer=layer,
        key=result.recipe.area_key, style=style, layer_name=table_names(result.recipe)["OUTPUT"], role=project.INDEX,
        provenance=_record(algorithm, layer, result),
    )


def write_values(algorithm, parameters, name, context, feedback, layer, result: IndexResult) -> str:
    """Write the long table with every value of every step."""
    kinds = {"wert": "real", "jahr": "integer"}
    table = result.long_table()
    specs = [FieldSpec(column, kinds.get(column, "text")) for column in table.columns]
    return write_layer(
        algorithm, parameters, name, context, feedback, frame=table, specs=specs,
        layer_name=table_names(result.recipe)["VALUES"], role=project.VALUES,
        provenance=_record(algorithm, layer, result),
    )


def write_parents(algorithm, parameters, name, context, feedback, layer, result: IndexResult,
                  frame: pd.DataFrame) -> str:
    """Write the scores of larger areas and the city, means weighted by people."""
    table = parent_scores(result, frame)
    kinds = {"wert": "real", "gebiete": "integer", "einwohner": "real", "anteil": "real"}
    specs = [FieldSpec(column, kinds.get(column, "text")) for column in table.columns]
    return write_layer(
        algorithm, parameters, name, context, feedback, frame=table, specs=specs,
        layer_name=table_names(result.recipe)["PARENTS"], role=project.VALUES,
        provenance=_record(algorithm, layer, result),
    )


def _record(algorithm, layer, result: IndexResult) -> dict:
    inputs = result.frame[[column for column in result.recipe.columns(result.year) if column in result.frame]]
    return provenance(
        algorithm.id(), [layer_input(layer, layer.name(), inputs)], recipe=result.recipe.text,
        recipe_sha256=result.recipe.fingerprint, year=result.year, title=result.recipe.title,
        source=result.recipe.source, reference_date=result.recipe.reference_date, method=result.recipe.method,
    )


def _specs(result: IndexResult) -> list[FieldSpec]:
    return [FieldSpec(each.name, each.kind, alias=render(each.title), unit=each.unit) for each in result.columns]


def _kind(values: pd.Series) -> str:
    if pd.api.types.is_bool_dtype(values):
        return "boolean"
    if pd.api.types.is_integer_dtype(values):
        return "integer"
    if pd.api.types.is_numeric_dtype(values):
        return "real"
    return "date" if pd.api.types.is_datetime64_any_dtype(values) else "text"
