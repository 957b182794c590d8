"""The best sites as layers: the sites, the people with who serves them, the areas before and after."""
from __future__ import annotations

import numpy as np
from qgis.core import (
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsRuleBasedRenderer,
    QgsSingleSymbolRenderer,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtGui import QColor, QFont

from ..core.classes import ClassDef, ClassSet, assign
from ..translation import tr
from . import project
from .area_labels import font_family
from .class_colours import colours_for
from .class_style import class_style
from .column_table import ColumnTable
from .layer_output import Points, write_layer
from .legend_text import with_count
from .site_run import SiteResult
from .supply_columns import limit_name, limit_text

#: bounds of the share of people within the limit, in %
SHARES = (25.0, 50.0, 75.0, 90.0)
CLASS, CLASS_NAME = "erreicht_klasse", "erreicht_name"
_NEW, _OLD, _NONE, _PAPER = "#c0392b", "#0b4f5c", "#76212d", "#ffffff"


def table_names() -> dict[str, str]:
    """Return destination parameter → name of the table where the destination names none."""
    return {"OUTPUT": tr("New sites"), "DEMAND": tr("People and their sites"),
            "AREAS_OUT": tr("Areas before and after")}


def site_name(result: SiteResult, site: int) -> str:
    """Return what a site is called: its name, else its number among the chosen ones, else where it stands."""
    offers = result.case.offers
    if offers.names[site]:
        return offers.names[site]
    if site < result.first:
        return offers.ids[site] or str(offers.row[site])
    rank = next((rank for rank, step in enumerate(result.steps, 1) if step.site == site), 0)
    return tr("Site {n}", n=rank) if rank else tr("Candidate {n}", n=site - result.first + 1)


def site_table(result: SiteResult):
    """Return the chosen sites, the one that adds most first, and what the columns mean."""
    case, steps, table = result.case, result.steps, ColumnTable()
    sites = np.array([step.site for step in steps], dtype=np.int64)
    area, unit = case.offer_area[sites], result.near.unit
    limit = limit_text(result.rules.limit, unit)
    capacity = None if result.problem.capacity is None else result.problem.capacity[sites]
    table.add("rang", np.arange(1, len(steps) + 1), "integer", tr("Rank: what it adds"))
    table.add("name", [site_name(result, site) for site in sites], "text", tr("Name"))
    table.add("neu", sites >= result.first, "boolean", tr("New"))
    table.add("gebiet", [case.areas.areas.keys[at] if at >= 0 else None for at in area], "text", tr("Area key"))
    table.add("gebiet_name", [case.areas.names[at] if at >= 0 else None for at in area], "text", tr("Area"))
    gained = tr("People who get a place by it") if capacity is not None else tr("People gained within {limit}",
                                                                                limit=limit)
    table.add("gewinn", [step.gained for step in steps], "real", gained)
    table.add("im_umkreis", [step.in_reach for step in steps], "real", tr("People within {limit}", limit=limit))
    table.add("versorgt", [step.served for step in steps], "real", tr("People served in the end"))
    if capacity is not None:
        table.add("plaetze", capacity, "real", tr("Places"))
        served = np.array([step.served for step in steps])
        table.add("auslastung", np.divide(100 * served, capacity, out=np.full(len(steps), np.nan),
                                          where=capacity > 0), "real", tr("Utilisation"), "%")
    table.add("erreicht_gesamt", [step.covered for step in steps], "real",
              tr("People within {limit} with the sites up to here", limit=limit))
    table.add("weg_mittel", [step.way for step in steps], "real", tr("Mean way of these people"), unit)
    return table.frame(), table.specs, sites


def demand_table(result: SiteResult):
    """Return the demand points with the site that serves them."""
    case, siting, table = result.case, result.siting, ColumnTable()
    area, unit = case.demand.area, result.near.unit
    before, after = result.ways
    names = {site: site_name(result, site) for site in np.unique(siting.served_by) if site >= 0}
    table.add(case.areas.key_field, [case.areas.areas.keys[at] if at >= 0 else None for at in area], "text",
              tr("Area key"))
    table.add("personen", case.people, "real", tr("People: {group}", group=case.group))
    if result.need is not None:
        table.add("gewicht", result.need, "real", tr("Weight of a person"))
    table.add("versorgt_durch", [names.get(site) for site in siting.served_by], "text", tr("Served by"))
    table.add("durch_neu", siting.served_by >= result.first, "boolean", tr("Served by a new site"))
    table.add("weg_vorher", before, "real", tr("Way to the nearest offer before"), unit)
    table.add("weg_nachher", after, "real", tr("Way to the nearest offer after"), unit)
    reached_before, reached = result.covered
    table.add("erreicht_vorher", reached_before, "boolean", tr("Within the limit before"))
    table.add("erreicht_nachher", reached, "boolean", tr("Within the limit after"))
    if siting.placed is not None:
        placed = result.problem.reach.sums_by_point(siting.placed)
        table.add("mit_platz", placed, "real", tr("People with a place"))
        table.add("ohne_platz", np.maximum(case.people - placed, 0), "real", tr("People without a place"))
    return table.frame(), table.specs


def area_table(result: SiteResult):
    """Return the areas with people within the limit and ways before and after, and the classes of the map."""
    case, table = result.case, ColumnTable()
    area, people, unit, count = case.demand.area, case.people, result.near.unit, len(case.areas)
    inside = area >= 0
    end, limit = limit_name(result.rules.limit, unit), limit_text(result.rules.limit, unit)

    def summed(values):
        return np.bincount(area[inside], weights=np.asarray(values, float)[inside], minlength=count)

    def per(values, whole):
        return np.divide(values, whole, out=np.full(count, np.nan), where=whole > 0)

    total = summed(people)
    before, after = (summed(people * there) for there in result.covered)
    sites = np.array([step.site for step in result.steps if step.site >= result.first], dtype=np.int64)
    own = case.offer_area[sites]
    table.add(case.areas.key_field, case.areas.areas.keys, "text")
    if case.areas.name_field:
        table.add(case.areas.name_field, case.areas.names, "text")
    table.add("zielgruppe", total, "real", tr("People: {group}", group=case.group))
    table.add("neue_standorte", np.bincount(own[own >= 0], minlength=count), "integer", tr("New sites in the area"))
    for name, values, when in (("vorher", before, tr("before")), ("nachher", after, tr("after"))):
        table.add(f"erreicht_{end}_{name}", values, "real", tr("People within {limit}, {when}", limit=limit, when=when))
        table.add(f"anteil_{end}_{name}", 100 * per(values, total), "real",
                  tr("Share within {limit}, {when}", limit=limit, when=when), "%")
    table.add("gewinn", after - before, "real", tr("People gained within {limit}", limit=limit))
    table.add(f"unversorgt_{end}", total - after, "real",
              tr("People still without an offer within {limit}", limit=limit))
    for name, ways, alias in zip(("vorher", "nachher"), result.ways, (tr("Mean way before"), tr("Mean way after"))):
        known = np.isfinite(ways)
        table.add(f"weg_{name}", per(summed(people * np.nan_to_num(ways)), summed(people * known)), "real", alias, unit)
    share = table.columns[f"anteil_{end}_nachher"]
    classes = _classes(result, f"anteil_{end}_nachher")
    position = assign(share, np.array(SHARES))
    table.add(CLASS, np.where(position >= 0, position + 1.0, np.nan), "integer", tr("Class"))
    table.add(CLASS_NAME, [classes.classes[at].name if at >= 0 else None for at in position], "text",
              tr("Class in words"))
    table.add("ausschluss", [None if people > 0 else tr("nobody of the group") for people in total], "text",
              tr("Reason for exclusion"))
    return table.frame(), table.specs, classes


def write_sites(algorithm, parameters, context, feedback, result: SiteResult, record: dict) -> str:
    """Write the chosen sites, labelled with their rank."""
    frame, specs, sites = site_table(result)
    offers = result.case.offers
    return write_layer(
        algorithm, parameters, "OUTPUT", context, feedback, frame=frame, specs=specs,
        points=Points(offers.x[sites], offers.y[sites], result.case.areas.crs), style=_sites_style,
        layer_name=table_names()["OUTPUT"], role=project.SITES, provenance=record)


def write_demand(algorithm, parameters, context, feedback, result: SiteResult, record: dict) -> str:
    """Write the demand points with who serves them."""
    frame, specs = demand_table(result)
    demand = result.case.demand
    return write_layer(
        algorithm, parameters, "DEMAND", context, feedback, frame=frame, specs=specs,
        points=Points(demand.x, demand.y, result.case.areas.crs), style=_demand_style(result),
        layer_name=table_names()["DEMAND"], role=project.DEMAND, provenance=record)


def write_areas(algorithm, parameters, context, feedback, result: SiteResult, record: dict) -> str:
    """Write the areas before and after."""
    frame, specs, classes = area_table(result)

    def style(layer: QgsVectorLayer) -> None:
        project.set_class_sets(layer, [classes.to_dict()])
        class_style(layer, classes)

    return write_layer(
        algorithm, parameters, "AREAS_OUT", context, feedback, frame=frame, specs=specs,
        geometry_layer=result.case.areas.layer, style=style, layer_name=table_names()["AREAS_OUT"],
        role=project.SUPPLY, provenance=record)


def _classes(result: SiteResult, column: str) -> ClassSet:
    edges = [None, *SHARES, None]
    names = [tr("up to a quarter"), tr("up to half"), tr("up to three quarters"), tr("up to nine tenths"),
             tr("nearly all")]
    colours = colours_for([str(place) for place in range(5)], "teilhabe", True)
    classes = tuple(ClassDef(place + 1, name, colour, edges[place], edges[place + 1])
                    for place, (name, colour) in enumerate(zip(names, colours)))
    title = tr("Share within {limit} with the new sites: {group}", group=result.case.group,
               limit=limit_text(result.rules.limit, result.near.unit))
    return ClassSet("standorte", title, CLASS, CLASS_NAME, column, classes, "first", "%")


def _sites_style(layer: QgsVectorLayer) -> None:
    symbol = QgsMarkerSymbol.createSimple({"name": "circle", "color": _NEW, "outline_color": _PAPER,
                                           "outline_width": "0.4", "size": "5.5"})
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))
    layer.renderer().setLegendSymbolItem("0", symbol.clone())
    settings = QgsPalLayerSettings()
    settings.fieldName = "rang"
    settings.placement = QgsPalLayerSettings.Placement.OverPoint
    settings.displayAll = True
    settings.priority = 10
    text = QgsTextFormat()
    font = QFont(font_family())
    font.setBold(True)
    text.setFont(font)
    text.setSize(8.5)
    text.setColor(QColor(_PAPER))
    buffer = QgsTextBufferSettings()
    buffer.setEnabled(False)
    text.setBuffer(buffer)
    settings.setFormat(text)
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    layer.setLabelsEnabled(True)
    layer.setDisplayExpression("\"rang\" || '. ' || \"name\"")
    layer.setMapTipTemplate(  # names are no HTML
        "<b>[% \"rang\" %]. [% replace(coalesce(\"name\", ''), '<', '&lt;') %]</b><br>"
        "[% replace(coalesce(\"gebiet_name\", ''), '<', '&lt;') %]<br>+[% format_number(\"gewinn\", 0) %]")


def _demand_style(result: SiteResult):
    before, after = result.covered
    there = result.case.people > 0
    groups = (
        (_NONE, 1.6, '"personen" > 0 AND NOT "erreicht_nachher"',
         tr("still no offer within the limit"), there & ~after),
        (_NEW, 1.4, '"personen" > 0 AND "erreicht_nachher" AND NOT "erreicht_vorher"',
         tr("newly within the limit"), there & after & ~before),
        (_OLD, 1.0, '"personen" > 0 AND "erreicht_vorher"', tr("within the limit before"), there & before),
    )

    def style(layer: QgsVectorLayer) -> None:
        root = QgsRuleBasedRenderer.Rule(None)
        for colour, size, condition, text, rows in groups:
            symbol = QgsMarkerSymbol.createSimple({"name": "circle", "color": colour, "outline_width": "0",
                                                   "outline_color": colour, "size": str(size)})
            root.appendChild(QgsRuleBasedRenderer.Rule(symbol, 0, 0, condition, with_count(text, int(rows.sum()))))
        layer.setRenderer(QgsRuleBasedRenderer(root))

    return style
