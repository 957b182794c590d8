"""The report on a supply analysis: key figures, areas ranked, border effect, equity, utilisation, what was left out."""
from __future__ import annotations

import numpy as np
import pandas as pd

from ..core.supply.border_effect import in_words
from ..core.supply.decay import EXPONENTIAL, GAUSSIAN, GRAVITY, LINEAR, STEP
from ..translation import render, tr
from .legend_text import bounds_text, number_text
from .report_page import MAX_ROWS, render_page
from .supply_columns import limit_text, offer_titles
from .supply_output import areas_with_classes
from .supply_run import SupplyResult
from .svg_charts import bar_chart

#: offers that are printed by their utilisation
FIRST_OFFERS = 40
_SLOPE = 0.02


def report_html(result: SupplyResult) -> str:
    """Return the report in the user's language."""
    frame, _specs, class_set = areas_with_classes(result)
    case, unit = result.case, result.reach.unit
    counts = frame[class_set.column].value_counts().to_dict()
    classes = [{"name": each.name, "bounds": bounds_text(class_set, each), "color": each.color,
                "count": int(counts.get(each.value, 0)),
                "people": float(np.nansum(case.totals[(frame[class_set.column] == each.value).fillna(False)]))}
               for each in class_set.classes]
    return render_page(
        "supply_report.html", title=_title(result), group=case.group, kinds=", ".join(case.kinds), year=case.year,
        scenario=case.scenario, totals=result.totals, has_capacity=result.has_capacity,
        has_quota=result.compares, quota=result.rules.quota, level=result.level,
        limit=limit_text(result.rules.limits[0], unit), unit=unit, classes=classes, class_title=class_set.title,
        limits=_limits(result), rows=_areas(result, frame, class_set), borders=_borders(result),
        equity=result.equity, slope=_slope(result), by_class=_by_class(result), nth=result.rules.nth,
        class_chart=_class_chart(result), offers=_offers(result), settings=settings_in_words(result),
        notes=result.notes, most=MAX_ROWS)


def settings_in_words(result: SupplyResult) -> list[str]:
    """Return how it was computed, a sentence per setting."""
    rules, reach, case = result.rules, result.reach, result.case
    unit, decay = reach.unit, rules.weighting
    how = {"straight": tr("straight line"), "detour": tr("straight line times a detour factor"),
           "network": tr("along a network")}.get(reach.how, reach.how)
    words = [
        tr("Target group: {group}{year}{scenario}.", group=case.group, year=f", {case.year}" if case.year else "",
           scenario=f", {case.scenario}" if case.scenario else ""),
        tr("Offers that count: {count} of {all} rows{kinds}.", count=int(case.chosen.sum()), all=len(case.offers),
           kinds=f" ({', '.join(case.kinds)})" if case.kinds else ""),
        tr("People live at {count} points.", count=number_text(len(case.demand), 0)),
        tr("Ways: {how}; within reach up to {limits}.", how=how,
           limits=", ".join(limit_text(limit, unit) for limit in rules.limits)),
    ]
    if np.isfinite(rules.quota):
        words.append(tr("Quota: {quota} places per 100 people.", quota=number_text(rules.quota)))
    if result.has_capacity:
        method = {"two_step": tr("two-step floating catchment (2SFCA, E2SFCA)"),
                  "three_step": tr("three-step floating catchment (3SFCA)"),
                  "balanced": tr("balanced floating catchment (nobody counted twice)")}[rules.method]
        words.append(tr("Over the borders: {method} up to {limit}; distance decay: {decay}.", method=method,
                        limit=limit_text(decay.limit, unit), decay=_decay(decay, unit)))
    return words


def _title(result: SupplyResult) -> str:
    kinds = ", ".join(result.case.kinds) or tr("offers")
    return tr("{kinds} for {group}", kinds=kinds, group=result.case.group)


def _decay(decay, unit) -> str:
    if decay.kind == STEP:
        return tr("in steps") + " " + "; ".join(
            f"{limit_text(bound, unit)}: {number_text(weight)}" for bound, weight in zip(decay.bounds, decay.weights))
    names = {GAUSSIAN: tr("bell (Gaussian)"), GRAVITY: tr("gravity"), EXPONENTIAL: tr("exponential"),
             LINEAR: tr("linear")}
    text = names.get(decay.kind, tr("none, up to the limit all count the same"))
    if decay.kind == GRAVITY:
        return f"{text} ({number_text(decay.exponent)})"
    if decay.scale and decay.kind in (GAUSSIAN, EXPONENTIAL):
        return f"{text} ({limit_text(decay.scale, unit)})"
    return text


def _limits(result: SupplyResult) -> list[dict]:
    """Return how many people reach an offer within each limit."""
    living = result.case.demand.area >= 0
    people = result.case.people[living]
    rows = []
    for number, limit in enumerate(result.rules.limits):
        reached = float(people[result.points[f"within_{number}"].to_numpy()[living] > 0].sum())
        rows.append({"limit": limit_text(limit, result.reach.unit), "reached": reached,
                     "share": 100 * reached / people.sum() if people.sum() else None,
                     "unreached": float(people.sum() - reached)})
    return rows


def _areas(result: SupplyResult, frame: pd.DataFrame, class_set) -> list[dict]:
    """Return the areas, the worst supplied first: most missing places, or the lowest rate where there is no quota."""
    found, areas = result.areas, result.case.areas
    worst = found["balance_floating"] if result.compares else (
        found["places_floating"] if result.has_capacity else found["share_0"])
    order = np.lexsort((-found["unreached_0"].fillna(0), worst.fillna(np.inf)))
    order = [i for i in order if np.isfinite(worst.iloc[i])]
    colours = {each.value: each.color for each in class_set.classes}
    rows = []
    for rank, i in enumerate(order, 1):
        own = found.iloc[i]
        value = frame[class_set.column].iloc[i]
        rows.append({"rank": rank, "key": areas.areas.keys[i],
                     "name": areas.names[i] if areas.name_field else "", **own.to_dict(),
                     "color": colours.get(value, "#ffffff"), "class_name": frame[class_set.name_column].iloc[i]})
    return rows


def _borders(result: SupplyResult) -> list[dict]:
    """Return the areas whose two figures tell different things, the largest difference first."""
    found, areas = result.areas, result.case.areas
    chosen = np.flatnonzero(found["border"].fillna(0).to_numpy() != 0)
    gap = np.abs(found["places_floating"] - found["places_per_100"]).to_numpy()
    return [{"key": areas.areas.keys[i], "name": areas.names[i] if areas.name_field else "",
             "people": found["people"].iloc[i], "plain": found["places_per_100"].iloc[i],
             "floating": found["places_floating"].iloc[i], "words": render(in_words(found["border"].iloc[i]))}
            for i in chosen[np.argsort(-gap[chosen], kind="stable")]]


def _slope(result: SupplyResult) -> str:
    """Return in words which classes of the index have more."""
    value = result.equity.concentration
    if not np.isfinite(value):
        return ""
    if abs(value) < _SLOPE:
        return tr("Favourable and unfavourable classes have about the same.")
    return tr("The unfavourable classes have more.") if value > 0 else tr("The favourable classes have more.")


def _by_class(result: SupplyResult) -> list[dict]:
    if result.index is None:
        return []
    return [{**row, "name": result.index.names[int(row["position"])]}
            for row in result.equity.classes.to_dict("records")]


def _class_chart(result: SupplyResult) -> str:
    rows = [row for row in _by_class(result) if row["people"]]
    if not rows:
        return ""
    title = tr("Places per 100 by class of the index") if result.has_capacity else tr("Offers in reach by class")
    return bar_chart(title, [row["name"] for row in rows], [row["supply"] for row in rows])


def _offers(result: SupplyResult) -> dict:
    """Return the offers that most people depend on, and the ones with the most free places."""
    found, case = result.offers, result.case
    titles, kinds = offer_titles(result), case.offers.kind

    def rows(order):
        return [{"name": titles[i], "kind": kinds[i], "places": case.offers.capacity[i],
                 **found.iloc[i].to_dict()} for i in order]

    counted = np.flatnonzero(case.chosen)
    by_dependence = counted[np.argsort(-found["only"].to_numpy()[counted], kind="stable")]
    free = (case.offers.capacity - found["filled"].to_numpy())[counted]
    with_room = counted[np.argsort(-np.nan_to_num(free), kind="stable")]
    use = found["utilisation"].to_numpy()[counted]
    return {
        "depended": rows(i for i in by_dependence[:FIRST_OFFERS] if found["only"].iloc[i] > 0),
        "free": [{**row, "left": row["places"] - row["filled"]} for row in rows(with_room[:FIRST_OFFERS])
                 if row["places"] - row["filled"] >= 0.5] if result.has_capacity else [],
        "full": int((use >= 99.95).sum()), "known": int(np.isfinite(use).sum()),
        "nobody": int((found["reached_0"].to_numpy()[counted] == 0).sum()),
    }
