"""The development of an index as layer, tables and report."""
from __future__ import annotations

import pandas as pd

from ..core.development import Development
from ..core.recipe import Recipe
from ..translation import tr
from . import project
from .class_style import class_style
from .comparison_output import MOVE, MOVE_NAME, move_classes
from .layer_output import FieldSpec, write_layer
from .report_page import render_page
from .svg_charts import Line, line_chart

#: measures that the report draws, with the unit they are shown in
SPREAD, QUANTILES = "streuung", "p90_p10"


def write_areas(algorithm, parameters, context, feedback, layer, recipe: Recipe, result: Development,
                provenance: dict) -> str:
    """Write the areas with scores of all years, trend and move between the first and the last year."""
    key = recipe.area_key
    frame = result.areas.copy()
    frame.insert(0, key, frame.index)
    if recipe.area_name:
        names = result.last.frame.set_index(key)[recipe.area_name]
        frame.insert(1, recipe.area_name, names.reindex(frame.index))
    class_sets = [] if result.dynamics is None else [result.dynamics]
    if result.node.classes is not None:
        high_is_bad = _index_of(recipe, result.node.id).high_means == "unfavourable"
        frame[MOVE] = (frame["schritte"] * (1 if high_is_bad else -1)).clip(-2, 2)
        frame[MOVE_NAME] = frame[MOVE].map({each.value: each.name for each in move_classes().classes})
        class_sets.insert(0, move_classes())

    def style(written) -> None:
        project.set_class_sets(written, [each.to_dict() for each in class_sets])
        if class_sets:
            class_style(written, class_sets[0])

    return write_layer(
        algorithm, parameters, "OUTPUT", context, feedback, frame=frame.reset_index(drop=True),
        specs=_specs(frame, key, result), geometry_layer=layer, key=key, style=style,
        layer_name=tr("Development"), role=project.OVER_TIME, provenance=provenance,
    )


def _index_of(recipe: Recipe, name: str):
    return next(index for index in recipe.indices if name in [node.id for node in index.root.nodes()])


def _specs(frame: pd.DataFrame, key: str, result: Development) -> list[FieldSpec]:
    fixed = tr("against {year}", year=result.reference_year)
    titles = {
        "von": tr("Class {year}", year=result.years[0]), "nach": tr("Class {year}", year=result.years[-1]),
        "schritte": tr("Classes moved"), "steigung": tr("Trend per year"),
        "untergrenze": tr("Trend per year, lower limit (95 %)"),
        "obergrenze": tr("Trend per year, upper limit (95 %)"), "jahre": tr("Years with a score"),
        "richtung": tr("Direction of the trend"), "dynamik_index": tr("Dynamics: standardised change"),
        "dynamik_klasse": tr("Dynamics: class"), "dynamik_name": tr("Dynamics: name of the class"),
        MOVE: tr("Change of class"), MOVE_NAME: tr("Change of class in words"),
    }
    specs = []
    for name in map(str, frame.columns):
        kind, alias = "real", titles.get(name, "")
        if name in (key, "richtung", "dynamik_name", MOVE_NAME):
            kind = "text"
        elif name in ("von", "nach", "schritte", "jahre", "dynamik_klasse", MOVE) or name.startswith("klasse_"):
            kind = "integer"
        elif not name.startswith("wert_") and name not in titles:
            kind = "text"
        if name.startswith("wert_"):
            alias = tr("Score {year}", year=name[5:]) + f" ({fixed})"
        if name.startswith("klasse_"):
            alias = tr("Class {year}", year=name[7:]) + f" ({fixed})"
        specs.append(FieldSpec(name, kind, alias=alias))
    return specs


def write_table(algorithm, parameters, name: str, context, feedback, table: pd.DataFrame, title: str,
                provenance: dict) -> str:
    """Write the panel or the gaps as a table."""
    kinds = {"jahr": "integer", "klasse": "integer"}
    specs = [FieldSpec(column, kinds.get(column, "real" if table[column].dtype.kind == "f" else "text"))
             for column in table.columns]
    return write_layer(algorithm, parameters, name, context, feedback, frame=table, specs=specs, layer_name=title,
                       role=project.VALUES, provenance=provenance)


def report_html(recipe: Recipe, result: Development) -> str:
    """Return the report: is the gap widening, for the index and every indicator, and who moved."""
    charts = []
    for item in dict.fromkeys(result.gaps["item_id"]):
        rows = result.gaps[(result.gaps["item_id"] == item) & (result.gaps["mass"] == QUANTILES)]
        if rows.empty:
            continue
        first, last = rows.iloc[0], rows.iloc[-1]
        unit = first["einheit"] or tr("points of the index")
        line = Line(first["titel"], rows["wert"].tolist(), rows["untergrenze"].tolist(), rows["obergrenze"].tolist())
        charts.append({
            "svg": line_chart(first["titel"], rows["jahr"].tolist(), [line], unit),
            "verdict": _verdict(last), "change": last["veraenderung"],
            "order": (item != result.node.id, item in recipe.indicators),
        })
    charts.sort(key=lambda each: each["order"])  # the index in question, other indices, indicators
    moved = pd.DataFrame()
    if "schritte" in result.areas:
        moved = result.areas[result.areas["schritte"].fillna(0) != 0]
    directions = result.areas["richtung"].value_counts()
    return render_page(
        "development.html", title=result.node.title, recipe=recipe.title, years=result.years,
        reference_year=result.reference_year, charts=charts, moved=len(moved), areas=len(result.areas),
        rising=int(directions.get("steigend", 0)), falling=int(directions.get("fallend", 0)), notes=result.notes,
    )


def _verdict(row) -> str:
    """Say in words whether the gap has become wider since the first year."""
    if row["veraenderung_unten"] > 0:
        return tr("The gap has become wider.")
    if row["veraenderung_oben"] < 0:
        return tr("The gap has become narrower.")
    return tr("No change of the gap that is beyond chance.")
