"""The catalogue's texts on a result layer: names and units by number, field comments, and the map tip."""
from __future__ import annotations

import json
from html import escape
from pathlib import Path

from qgis.core import QgsExpression

from .. import paths
from ..core.catalogue import Catalogue, Entry, apply_to_recipe
from ..core.catalogue_reading import load_catalogue
from ..core.index import IndexResult
from ..core.messages import Message, mark
from ..core.recipe import FORMAT as RECIPE_FORMAT
from ..core.recipe import Recipe
from ..translation import language, tr
from .feedback import push
from .fields import FieldSpec
from .legend_text import number_text

_DECIMALS = 2


def find_catalogue(recipe: Recipe, folder: Path) -> Path | None:
    """Return the file of the catalogue that a recipe names: beside the recipe, or one that comes with the plugin."""
    if not recipe.catalogue:
        return None
    name = recipe.catalogue if recipe.catalogue.endswith(".json") else f"{recipe.catalogue}.json"
    for path in (folder / name, paths.resource("catalogues", name)):
        if path.is_file() and not _is_recipe(path):
            return path
    return None


def _is_recipe(path: Path) -> bool:
    """Say whether a file is a recipe: recipe and catalogue of a city often have one name, in different folders."""
    try:
        values = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError:
        return False
    return isinstance(values, dict) and values.get("format") == RECIPE_FORMAT


def with_catalogue(recipe: Recipe, folder: Path, feedback) -> tuple[Recipe, Catalogue | None]:
    """Return the recipe with the names and units of its catalogue, and the catalogue.

    What does not fit together is written to the log; a catalogue that is not found does not stop a computation, for
    numbers do not depend on it.
    """
    if not recipe.catalogue:
        return recipe, None
    path = find_catalogue(recipe, folder)
    if path is None:
        push(feedback, Message(
            mark("The catalogue “{catalogue}” lies neither beside the recipe nor among those of the plugin; names and "
                 "units are those of the recipe."), catalogue=recipe.catalogue), warning=True)
        return recipe, None
    catalogue = load_catalogue(path)
    named, notes = apply_to_recipe(recipe, catalogue)
    push(feedback, notes, warning=True)
    return named, catalogue


def comment_of(entry: Entry) -> str:
    """Return what a field's comment says of an indicator: question, calculation, statement and source."""
    parts = [entry.question]
    if entry.kind != "value":
        factor = "" if entry.factor == 1 else f"{number_text(entry.factor)} · "
        parts.append(tr("Calculation: {factor}{numerator} / {denominator}.", factor=factor, numerator=entry.numerator,
                        denominator=entry.denominator))
    parts.append(entry.statement)
    if entry.source:
        parts.append(tr("Source: {source}.", source=entry.source))
    return " ".join(part for part in parts if part)


def with_comments(specs: list[FieldSpec], result: IndexResult, catalogue: Catalogue | None) -> list[FieldSpec]:
    """Return the field specs with the catalogue's texts as comments of the indicators' own columns."""
    if catalogue is None:
        return specs
    entries = {
        result.recipe.column(each.id, result.year): catalogue.get(each.catalogue)
        for each in result.recipe.indicators_in_use()
    }
    return [
        FieldSpec(spec.name, spec.kind, spec.alias, spec.unit, comment_of(entries[spec.name]))
        if entries.get(spec.name) else spec for spec in specs
    ]


def map_tip(result: IndexResult, catalogue: Catalogue | None = None) -> str:
    """Return the HTML of the map tip: area, index and class, sub-indices, and the indicators with their values."""
    recipe = result.recipe
    name = recipe.area_name or recipe.area_key
    parts = [f"<p><b>{_shown(name)}</b></p>"]
    for index in recipe.indices:
        parts.append('<table cellpadding="2">')
        for node in reversed(list(index.root.nodes())):
            parts.append(_node_row(node, is_root=node is index.root))
        shown = dict.fromkeys(leaf.indicator for leaf in index.root.leaves())
        parts += [_indicator_row(recipe, recipe.indicators[each], result.year, catalogue) for each in shown]
        parts.append("</table>")
    return "\n".join(parts)


def _node_row(node, is_root: bool) -> str:
    title = escape(node.title)
    value = _number(f"{node.id}_index")
    if node.classes is not None:
        value = f"{value} · {_shown(f'{node.id}_name')}"
    return f"<tr><td>{f'<b>{title}</b>' if is_root else title}</td><td>{value}</td></tr>"


def _indicator_row(recipe: Recipe, indicator, year, catalogue: Catalogue | None) -> str:
    entry = catalogue.get(indicator.catalogue) if catalogue else None
    tip = f' title="{escape(_without_code(entry.statement))}"' if entry and entry.statement else ""
    unit = f" {escape(indicator.unit)}" if indicator.unit else ""
    title = escape(_without_code(indicator.title))
    return f"<tr><td{tip}><small>{title}</small></td><td><small>{_number(recipe.column(indicator.id, year), unit)}" \
           f"</small></td></tr>"


def _shown(column: str) -> str:
    """Return the expression that shows a text field, or that there are no data."""
    field, nothing = QgsExpression.quotedColumnRef(column), QgsExpression.quotedString(tr("no data"))
    return f"[% coalesce({field}, {nothing}) %]"


def _number(column: str, unit: str = "") -> str:
    """Return the expression that shows a number in the user's language with its unit."""
    field, nothing = QgsExpression.quotedColumnRef(column), QgsExpression.quotedString(tr("no data"))
    number = f"format_number({field}, {_DECIMALS}, '{language()}')"
    return f"[% coalesce({number} || {QgsExpression.quotedString(unit)}, {nothing}) %]"


def _without_code(text: str) -> str:
    """Return the text without the marks that would begin an expression."""
    return text.replace("[%", "[").replace("%]", "]")
