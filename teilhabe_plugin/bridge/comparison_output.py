"""A comparison as a layer, styled by who moved, and as a report."""
from __future__ import annotations

import pandas as pd

from ..core.classes import ClassDef, ClassSet
from ..core.comparing import REASONS, Comparison, find_node
from ..core.index import IndexResult
from ..translation import tr, translate
from . import project
from .class_colours import colour_table
from .class_style import class_style
from .layer_output import FieldSpec, write_layer
from .legend_text import number_text
from .provenance import provenance
from .report_page import render_page

MOVE, MOVE_NAME = "bewegung", "bewegung_name"
#: indicators that are named for an area that moved
DRIVERS = 3


def move_classes() -> ClassSet:
    """Return the five classes of moving, from the favourable to the unfavourable end."""
    names = (tr("much more favourable (2 classes or more)"), tr("more favourable (1 class)"), tr("same class"),
             tr("less favourable (1 class)"), tr("much less favourable (2 classes or more)"))
    colours = colour_table()["moves"]
    return ClassSet(MOVE, tr("Change of class"), MOVE, MOVE_NAME, "",
                    tuple(ClassDef(i - 2, name, colour) for i, (name, colour) in enumerate(zip(names, colours))))


def write_comparison(algorithm, parameters, context, feedback, layer, before: IndexResult, after: IndexResult,
                     comparison: Comparison, inputs: list[dict]) -> str:
    """Write the areas with both results, how far they moved and why."""
    key = after.recipe.area_key
    frame = _frame(after, comparison, key)
    class_set = move_classes()

    def style(written) -> None:
        project.set_class_sets(written, [class_set.to_dict()])
        class_style(written, class_set)

    title = tr("Comparison: {before} – {after}", before=label(before), after=label(after))
    return write_layer(
        algorithm, parameters, "OUTPUT", context, feedback, frame=frame, specs=_specs(frame, key), geometry_layer=layer,
        key=key, style=style, layer_name=tr("Comparison"), role=project.COMPARISON,
        provenance=provenance(algorithm.id(), inputs, title=title, source=after.recipe.source,
                              recipe=after.recipe.text, recipe_before=before.recipe.text),
    )


def label(result: IndexResult) -> str:
    """Return recipe and year as one name."""
    title = result.recipe.title
    return f"{title} {result.year}" if result.year and str(result.year) not in title else title


def report_html(before: IndexResult, after: IndexResult, comparison: Comparison, node: str, names: dict) -> str:
    """Return the report: how many moved, from where to where, which areas, and what drove them.

    ``names`` gives the name of each area key.
    """
    recipe = after.recipe
    titles = {**{i: each.title for i, each in before.recipe.indicators.items()},
              **{i: each.title for i, each in recipe.indicators.items()}}
    moved = comparison.moved()
    rows = [{
        "key": key, "name": names.get(key, ""), "before": row["name_vorher"], "after": row["name_nachher"],
        "score_before": row["wert_vorher"], "score_after": row["wert_nachher"],
        "why": translate(REASONS[row["grund"]]),
        "drivers": [f"{titles.get(name, name)} ({_signed(change)})" for name, change in
                    comparison.strongest(key, DRIVERS)],
    } for key, row in moved.iterrows()]
    found = find_node(recipe, node) or recipe.indices[0].root
    return render_page(
        "comparison.html", title=found.title, before=label(before), after=label(after), rows=rows,
        areas=len(comparison.table), moved=len(moved), correlation=comparison.correlation,
        crossing=comparison.crossing, notes=comparison.notes,
        others=comparison.table["grund"].isin(["ausschluss", "daten"]).sum(),
    )


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + number_text(value, 2)


def _frame(after: IndexResult, comparison: Comparison, key: str) -> pd.DataFrame:
    table = comparison.table
    high_is_bad = next(index.high_means for index in after.recipe.indices) == "unfavourable"
    steps = table["schritte"] * (1 if high_is_bad else -1)
    names = {each.value: each.name for each in move_classes().classes}
    frame = pd.DataFrame({key: table.index}, index=table.index)
    if after.recipe.area_name:
        area_names = after.frame.set_index(after.frame[key].astype(str))[after.recipe.area_name]
        frame[after.recipe.area_name] = area_names.reindex(table.index)
    for column in ("wert_vorher", "wert_nachher", "wert_differenz", "rang_vorher", "rang_nachher", "rang_differenz",
                   "klasse_vorher", "klasse_nachher", "name_vorher", "name_nachher", "schritte"):
        frame[column] = table[column]
    frame[MOVE] = steps.clip(-2, 2)
    frame[MOVE_NAME] = frame[MOVE].map(names)
    frame["grund"] = table["grund"].map(lambda reason: translate(REASONS[reason]))
    titles = {name: each.title for name, each in after.recipe.indicators.items()}
    frame["treiber"] = [
        "; ".join(f"{titles.get(name, name)} ({_signed(change)})"
                  for name, change in comparison.strongest(area, DRIVERS)) or None
        for area in table.index]
    return frame.reset_index(drop=True)


def _specs(frame: pd.DataFrame, key: str) -> list[FieldSpec]:
    aliases = {
        "wert_vorher": tr("Score before"), "wert_nachher": tr("Score after"), "wert_differenz": tr("Change of score"),
        "rang_vorher": tr("Rank before"), "rang_nachher": tr("Rank after"), "rang_differenz": tr("Change of rank"),
        "klasse_vorher": tr("Class before"), "klasse_nachher": tr("Class after"),
        "name_vorher": tr("Name of the class before"), "name_nachher": tr("Name of the class after"),
        "schritte": tr("Classes moved"), MOVE: tr("Change of class"), MOVE_NAME: tr("Change of class in words"),
        "grund": tr("Why"), "treiber": tr("Indicators that changed most"),
    }
    texts = {key, "name_vorher", "name_nachher", MOVE_NAME, "grund", "treiber"}
    real = {"wert_vorher", "wert_nachher", "wert_differenz"}
    return [FieldSpec(name, "text" if name in texts or name not in aliases else "real" if name in real else "integer",
                      alias=aliases.get(name, "")) for name in frame.columns]
