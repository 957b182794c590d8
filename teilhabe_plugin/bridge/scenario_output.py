"""Before and after as layers: areas with every measure twice and its difference, offers with what happens to them."""
from __future__ import annotations

import numpy as np
from qgis.core import QgsMarkerSymbol, QgsRuleBasedRenderer, QgsVectorLayer

from ..core.classes import ClassDef, ClassSet, assign
from ..core.supply.scenario import CLOSE, MOVE, OPEN, RESIZE, distinct_ids
from ..translation import tr
from . import project
from .class_style import class_style
from .column_table import ColumnTable
from .layer_output import FieldSpec, Points, write_layer
from .legend_text import with_count
from .scenario_run import ScenarioResult
from .supply_columns import EXCLUDED, RATE, area_table, limit_text, offer_titles, share_column

CLASS, CLASS_NAME, STATE = "veraenderung_klasse", "veraenderung_name", "zustand"
#: worse … as before … better; told apart in grey, too
_COLOURS = ("#8c510a", "#d8b365", "#f5f5f5", "#7fbfb4", "#01665e")
_SIDES = {OPEN: ("star", "#c0392b", 5.0), CLOSE: ("cross2", "#1a1a1a", 4.0), MOVE: ("triangle", "#d9822b", 4.2),
          RESIZE: ("diamond", "#d9822b", 4.2), "": ("circle", "#7d8b91", 1.8)}


def table_names() -> dict[str, str]:
    """Return destination parameter → name of the table where the destination names none."""
    return {"OUTPUT": tr("Before and after"), "OFFERS_OUT": tr("Offers before and after")}


def state_titles() -> dict[str, str]:
    """Return what happens to an offer, in words."""
    return {OPEN: tr("opens"), CLOSE: tr("closes"), MOVE: tr("moves"), RESIZE: tr("other number of places"),
            "": tr("unchanged")}


def shown_column(result: ScenarioResult) -> str:
    """Return the measure whose difference the map shows: places per 100, or the share in reach without places."""
    return RATE if result.has_capacity else share_column(result.before)


def area_frame(result: ScenarioResult):
    """Return the areas with every measure before, after and its difference, the specs, and the classes of the map."""
    before, specs = area_table(result.before)
    after, _specs = area_table(result.after)
    table, differences = ColumnTable(), {}
    for spec in specs:
        if spec.name in ("szenario", EXCLUDED):
            continue
        if spec.kind not in ("real", "integer") or spec.name in ("jahr", "zielgruppe", "index_klasse"):
            if spec.name != "grenzwirkung":
                table.add(spec.name, before[spec.name], spec.kind, spec.alias, spec.unit)
            continue
        one, two = (frame[spec.name].to_numpy(float) for frame in (before, after))
        if not (np.isfinite(one).any() or np.isfinite(two).any()):
            continue
        for ending, values, words in (("vorher", one, tr("before")), ("nachher", two, tr("after"))):
            table.add(f"{spec.name}_{ending}", values, spec.kind, f"{spec.alias}: {words}", spec.unit)
        differences[spec.name] = two - one
        unit = tr("points") if spec.unit == "%" else spec.unit
        table.add(f"{spec.name}_diff", np.round(two - one, 9), "real", f"{spec.alias}: {tr('difference')}", unit)
    column = shown_column(result)
    values = np.round(differences[column], 9)
    classes = _classes(result, values, f"{column}_diff", next(spec for spec in specs if spec.name == column))
    position = assign(values, np.array([each.upper for each in classes.classes[:-1]], float))
    table.add(CLASS, np.where(position >= 0, position + 1.0, np.nan), "integer", tr("Class"))
    table.add(CLASS_NAME, [classes.classes[at].name if at >= 0 else None for at in position], "text",
              tr("Class in words"))
    table.add(EXCLUDED, before[EXCLUDED], "text", tr("Reason for exclusion"))
    return table.frame(), table.specs, classes


def offer_frame(result: ScenarioResult):
    """Return all offers of both states, what happens to each, utilisation before and after, and places."""
    before, after = result.before, result.after
    ids = [distinct_ids(side.case.offers) for side in (before, after)]
    every = list(dict.fromkeys([*ids[0], *ids[1]]))
    rows = [dict(zip(names, range(len(names)))) for names in ids]
    at = [np.array([row.get(name, -1) for name in every]) for row in rows]
    states, table = states_of(result), ColumnTable()

    def pick(side, values, only=True):
        result_ = (before, after)[side]
        values = np.asarray(values, float)
        known = at[side] >= 0
        found = np.where(known, values[at[side]], np.nan)
        return np.where(known & result_.case.chosen[at[side]], found, np.nan) if only else found

    def words(values_before, values_after):
        return [(values_after[j] if j >= 0 else values_before[i]) or None for i, j in zip(*at)]

    table.add("nr", every, "text", tr("Number"))
    table.add("name", words(offer_titles(before), offer_titles(after)), "text", tr("Name"))
    table.add("art", words(before.case.offers.kind, after.case.offers.kind), "text", tr("Type of offer"))
    table.add(STATE, [states.get(name, "") or None for name in every], "text", tr("What happens (open, close …)"))
    titles = state_titles()
    table.add("zustand_text", [titles[states.get(name, "")] for name in every], "text", tr("What happens"))
    counts = [np.where(at[side] >= 0, each.case.chosen[at[side]], False) for side, each in enumerate((before, after))]
    table.add("zaehlt", counts[0] | counts[1], "boolean", tr("Counts"))
    first = limit_text(before.rules.limits[0], before.reach.unit)
    for name, column, alias, unit in (
        ("plaetze", None, tr("Places"), ""), ("im_umkreis", "reached_0", tr("People within {limit}", limit=first), ""),
        ("nur_dieses", "only", tr("People with no other offer within {limit}", limit=first), ""),
        ("belegt", "filled", tr("Places taken, shortest ways first"), ""),
        ("auslastung", "utilisation", tr("Utilisation"), "%"),
    ):
        sides = [pick(side, each.case.offers.capacity if column is None else each.offers[column])
                 for side, each in enumerate((before, after))]
        for ending, values, when in zip(("vorher", "nachher"), sides, (tr("before"), tr("after"))):
            table.add(f"{name}_{ending}", values, "real", f"{alias}: {when}", unit)
    x, y = (np.where(np.isfinite(new), new, old) for old, new in (
        [pick(side, getattr(each.case.offers, axis), False) for side, each in enumerate((before, after))]
        for axis in ("x", "y")))
    return table.frame(), table.specs, x, y


def states_of(result: ScenarioResult) -> dict[str, str]:
    """Return the last thing that happens to each offer that changes."""
    found = {}
    for change in result.changes:
        found[change.offer] = OPEN if found.get(change.offer) == OPEN else change.kind
    return found


def write_areas(algorithm, parameters, context, feedback, result: ScenarioResult, record: dict) -> str:
    """Write the areas, styled by what changes."""
    frame, specs, classes = area_frame(result)

    def style(layer: QgsVectorLayer) -> None:
        project.set_class_sets(layer, [classes.to_dict()])
        class_style(layer, classes)

    return write_layer(
        algorithm, parameters, "OUTPUT", context, feedback, frame=frame, specs=specs,
        geometry_layer=result.before.case.areas.layer, style=style, layer_name=table_names()["OUTPUT"],
        role=project.SUPPLY, provenance=record)


def write_offers(algorithm, parameters, context, feedback, result: ScenarioResult, record: dict) -> str:
    """Write the offers, those that change standing out."""
    frame, specs, x, y = offer_frame(result)

    def style(layer: QgsVectorLayer) -> None:
        titles, root = state_titles(), QgsRuleBasedRenderer.Rule(None)
        for state, (shape, colour, size) in reversed(_SIDES.items()):
            rows = int(((frame[STATE].fillna("") == state) & (frame["zaehlt"] | bool(state))).sum())
            if rows:
                symbol = QgsMarkerSymbol.createSimple({
                    "name": shape, "color": colour, "size": str(size), "outline_width": "0.3",
                    "outline_color": colour if shape == "cross2" else "#ffffff"})
                condition = f"\"{STATE}\" = '{state}'" if state else f'"{STATE}" IS NULL AND "zaehlt"'
                root.appendChild(QgsRuleBasedRenderer.Rule(symbol, 0, 0, condition, with_count(titles[state], rows)))
        layer.setRenderer(QgsRuleBasedRenderer(root))
        layer.setDisplayExpression("\"name\" || ': ' || \"zustand_text\"")

    return write_layer(
        algorithm, parameters, "OFFERS_OUT", context, feedback, frame=frame, specs=specs,
        points=Points(x, y, result.before.case.areas.crs), style=style, layer_name=table_names()["OFFERS_OUT"],
        role=project.OFFERS, provenance=record)


def _classes(result: ScenarioResult, values: np.ndarray, column: str, spec: FieldSpec) -> ClassSet:
    """Return five classes around 0: much worse, worse, about as before, better, much better."""
    size = np.abs(values[np.isfinite(values) & (values != 0)])
    largest = float(size.max()) if len(size) else 1.0
    small, large = (float(f"{max(largest * share, 1e-6):.1g}") for share in (0.02, 0.4))
    edges = [None, -large, -small, small, large, None]
    names = [tr("much worse"), tr("worse"), tr("about as before"), tr("better"), tr("much better")]
    classes = tuple(ClassDef(place + 1, name, colour, edges[place], edges[place + 1])
                    for place, (name, colour) in enumerate(zip(names, _COLOURS)))
    title = tr("Change: {measure}", measure=spec.alias)
    return ClassSet("veraenderung", title, CLASS, CLASS_NAME, column, classes, "first",
                    tr("points") if spec.unit == "%" else spec.unit)
