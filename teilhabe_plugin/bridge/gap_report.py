"""The report of a gap analysis: what is sure, the matrix of need and supply, areas and gaps in their order."""
from __future__ import annotations

import numpy as np

from ..core.messages import Message
from ..core.supply.need_supply import HIGH, LOW, MIDDLE
from ..core.supply.words import signed
from ..translation import render, tr
from .bivariate_style import COLOURS, SUPPLY_COLOURS, field_number, legend_svg
from .class_colours import ink_on
from .gap_output import GapResult, offer_name, supply_title, survival_texts
from .legend_text import number_text
from .report_page import render_page
from .svg_charts import INK, QUIET, svg, text_at

#: areas of the ranked list that are printed; the others can be unfolded
FIRST_AREAS = 40
#: areas in the chart of places above and below the goal, at each end
ENDS = 10
_UNDER, _OVER = COLOURS[HIGH, LOW], COLOURS[HIGH, HIGH]


def report_html(result: GapResult) -> str:
    """Return the report in the user's language."""
    found = result.analysis
    standard = found.position(found.rules.limits[0])
    group = result.group or tr("people")
    return render_page(
        "gaps_report.html", title=tr("Need and supply: {group}", group=group), group=group,
        limit_text=render(result.limit(found.rules.limits[0])), kinds=", ".join(result.case.kinds),
        year=result.case.year, areas=len(found.areas), offers=int(result.place.chosen.sum()), people=found.people,
        unreached=float(found.unreached_people[standard]),
        share=float(100 * found.unreached_people[standard] / found.people), gaps_count=len(found.gaps.table),
        first=int((found.need_supply.cell == 3 * HIGH + LOW).sum()), has_need=found.has_need,
        has_places=bool(found.areas["capacity"].notna().any()), has_quota=result.has_quota,
        goal=goal_text(result), statements=statements(result), matrix=_matrix(result), need_title=result.need.title,
        supply_title=supply_title(result)[0], variants=_variants(result), ranking=_ranking(result),
        balance=_balance_chart(result), gaps=_gaps(result),
        limits=[render(result.limit(each)) for each in result.limits], rough=_rough(result),
        settings=settings_in_words(result), notes=result.notes,
        variant_count=len(found.variants), first_areas=FIRST_AREAS, unit=result.unit,
    )


def legend_of(result: GapResult) -> str:
    """Return the nine fields with the number of areas, bounds and classes as SVG."""
    cells = result.analysis.need_supply.cell
    counts = {field_number(need, supply): int((cells == 3 * need + supply).sum())
              for need in (LOW, MIDDLE, HIGH) for supply in (LOW, MIDDLE, HIGH)}
    names = {level: _quoted(name) for level, name in result.need.names.items()}
    rows = tuple(names.get(level, "") if len(names.get(level, "")) <= 20 else "" for level in (LOW, MIDDLE, HIGH))
    return legend_svg(counts, _bounds(result), rows)


def goal_text(result: GapResult) -> str:
    """Return what places are compared with, in words."""
    found = result.analysis
    goal = number_text(found.goal, 1) if np.isfinite(found.goal) else "–"
    if result.has_quota:
        return tr("quota of {goal} places per 100", goal=goal)
    return tr("{goal} places per 100 of the city as a whole", goal=goal)


def settings_in_words(result: GapResult) -> list[str]:
    """Return how it was computed."""
    found, rules = result.analysis, result.analysis.rules
    way = {"straight": tr("straight line"), "detour": tr("straight line times a detour factor"),
           "network": tr("along a network")}.get(result.how, result.how)
    lines = [
        tr("Distances: {way}. Standard: {limit}; variants: {limits}.", way=way,
           limit=render(result.limit(rules.limits[0])),
           limits=", ".join(render(result.limit(each)) for each in result.limits)),
        tr("Supply: {measure}; {low} up to {lower}, {medium} up to {upper}.", measure=supply_title(result)[0],
           low=tr("low"), medium=tr("medium"), lower=_bound(found.bounds[0]), upper=_bound(found.bounds[1])),
        tr("A gap is made up of people without an offer who live up to {distance} m from each other; it survives a "
           "variant when at least half of them are still without one.", distance=number_text(rules.distance, 0)),
    ]
    if len(rules.factors) > 1:
        lines.insert(1, tr("Detour factors of the variants: {factors}.",
                           factors="; ".join(number_text(each, 1) for each in rules.factors)))
    if result.need.title:
        names = result.need.names
        lines.append(tr("Need: {title}; high: {high}; medium: {medium}; low: {low}.", title=result.need.title,
                        high=names[HIGH] or "–", medium=names[MIDDLE] or "–", low=names[LOW] or "–"))
    return lines


def statements(result: GapResult) -> list[str]:
    """Return how sure the result is, in words: what the roughly located offers may change, and the variants."""
    found, place, offers = result.analysis, result.place, result.case.offers
    rough, count = place.chosen & offers.rough, int(place.chosen.sum())
    standard = found.rules.limits[0]
    limit = render(result.limit(standard))
    if not rough.any():
        sentences = [tr("All {count} offers are exactly located.", count=number_text(count, 0))]
    else:
        low, high = (100 - 100 * found.unreached_people[found.position(standard, rough=sign)] / found.people
                     for sign in (-1, 1))
        middle = 100 - 100 * found.unreached_people[found.position(standard)] / found.people
        sentences = [tr(
            "{rough} of {count} offers are only roughly located (to within {radius} m at most). Depending on where "
            "they really lie, {range} % of the group have an offer within {limit} (computed: {middle} %).",
            rough=number_text(int(rough.sum()), 0), count=number_text(count, 0),
            radius=number_text(float(offers.radius[rough].max()), 0), range=span(low, high, 1), limit=limit,
            middle=number_text(middle, 1))]
        spread = (found.areas["rate_high"] - found.areas["rate_low"]).fillna(0).to_numpy()
        unsure = np.flatnonzero(spread > 0)
        if len(unsure):
            widest = unsure[np.argsort(-found.areas["people"].to_numpy()[unsure], kind="stable")]
            examples = "; ".join(
                tr("{area} {range}", area=result.case.areas.names[i],
                   range=span(found.areas["rate_low"][i], found.areas["rate_high"][i], 0)) for i in widest[:5])
            sentences.append(tr("It is not certain in which area some of them lie. Places per 100 inside the borders: "
                                "{examples}.", examples=examples))
    people = found.unreached_people
    if len(found.variants) > 1:
        sentences.append(tr("Over all {count} variants {range} people are without an offer.",
                            count=len(found.variants), range=span(people.min(), people.max(), 0)))
    survive = int((found.survived == len(found.variants)).sum())
    if len(found.gaps.table):
        sentences.append(tr("{survive} of {gaps} gaps survive all {count} variants.", survive=number_text(survive, 0),
                            gaps=number_text(len(found.gaps.table), 0), count=len(found.variants)))
    return sentences


def _quoted(names: str) -> str:
    """Return names of classes, separated by commas, as names."""
    return ", ".join(tr("“{name}”", name=name) for name in names.split(", ") if name)


def _words(number) -> str:
    return render(number) if isinstance(number, Message) else number


def span(low: float, high: float, decimals: int) -> str:
    """Return a range such as “28–32”, a single number where both ends are written alike."""
    low, high = number_text(float(low), decimals), number_text(float(high), decimals)
    return low if low == high else f"{low}–{high}"


def _bound(bound: float) -> str:
    return number_text(float(bound), 1) if np.isfinite(bound) else "–"


def _bounds(result: GapResult) -> tuple[str, str, str]:
    """Return what stands below low, medium and high supply: the bounds."""
    lower, upper = result.analysis.bounds
    medium = f"≤ {_bound(upper)}" if not np.isfinite(lower) else tr("to {bound}", bound=_bound(upper))
    return (f"≤ {_bound(lower)}" if np.isfinite(lower) else "–", medium if upper > lower else "–",
            f"> {_bound(upper)}")


def _matrix(result: GapResult) -> list[dict]:
    """Return the rows of the matrix, high need first; where no need is known a single row."""
    found = result.analysis
    compared, areas = found.need_supply, found.areas
    rows = []
    for need in (HIGH, MIDDLE, LOW) if found.has_need else (-1,):
        cells = []
        for supply in (LOW, MIDDLE, HIGH):
            inside = (compared.need == need) & (compared.supply == supply)
            colour = COLOURS[need, supply] if need >= 0 else SUPPLY_COLOURS[supply]
            cells.append({"color": colour, "ink": ink_on(colour), "areas": int(inside.sum()),
                          "people": float(areas["people"][inside].sum()),
                          "unreached": float(areas["unreached"][inside].sum())})
        names = result.need.names.get(need, "")
        title = {HIGH: tr("high need"), MIDDLE: tr("medium need"), LOW: tr("low need"), -1: ""}[need]
        classes = f"{result.need.title}: {_quoted(names)}" if names else ""
        rows.append({"title": title, "classes": classes, "cells": cells})
    heads = [{"title": title, "bounds": bounds} for title, bounds in
             zip((tr("low supply"), tr("medium supply"), tr("high supply")), _bounds(result))]
    return {"heads": heads, "rows": rows}


def _variants(result: GapResult) -> dict | None:
    """Return people without an offer by limit and detour factor, the range by the rough places."""
    found = result.analysis
    signs = sorted({variant.rough for variant in found.variants})
    rows = []
    for limit in result.limits:
        cells = []
        for factor in found.rules.factors:
            counts = [found.unreached_people[found.position(limit, factor, sign)] for sign in signs]
            share = 100 * found.unreached_people[found.position(limit, factor)] / found.people
            cells.append({"range": span(min(counts), max(counts), 0), "share": share,
                          "people": found.unreached_people[found.position(limit, factor)],
                          "standard": limit == found.rules.limits[0] and factor == found.rules.base})
        rows.append({"limit": render(result.limit(limit)), "cells": cells})
    return {"factors": found.rules.factors, "rows": rows, "rough": len(signs) > 1}


def _ranking(result: GapResult) -> list[dict]:
    """Return the areas in the order in which they are to be looked at."""
    found, areas = result.analysis, result.analysis.areas
    reasons = result.reasons()
    cells, compared = result.need.level, found.need_supply
    rows = []
    for i in np.argsort(np.where(np.isnan(found.rank), np.inf, found.rank), kind="stable"):
        if np.isnan(found.rank[i]):
            break
        colour = COLOURS[cells[i], compared.supply[i]] if cells[i] >= 0 else SUPPLY_COLOURS[compared.supply[i]]
        balance = areas["balance_floating"][i]
        rows.append({
            "rank": int(found.rank[i]), "key": result.case.areas.areas.keys[i], "name": result.case.areas.names[i],
            "color": colour, "reason": reasons[i], "people": areas["people"][i], "supply": areas["supply"][i],
            "balance": _words(signed(balance)) if np.isfinite(balance) else "–",
            "unreached": areas["unreached"][i], "share": areas["share"][i],
            "range": span(areas["low"][i], areas["high"][i], 0),
        })
    return rows


def _balance_chart(result: GapResult) -> str:
    """Return the areas with the most missing and the most surplus places as bars with signs."""
    areas = result.analysis.areas
    balance = areas["balance_floating"].to_numpy(float)
    known = np.flatnonzero(np.isfinite(balance) & (np.round(balance) != 0))
    if not len(known):
        return ""
    order = known[np.argsort(balance[known], kind="stable")]
    under, over = order[balance[order] < 0][:ENDS], order[balance[order] > 0][-ENDS:]
    shown = [*under, *over]
    names, row, top, width = result.case.areas.names, 22, 8, 700
    label = min(max(len(str(names[i])) for i in shown) * 7 + 12, 260)
    room = (width - label - 130) / (max(balance[shown].max(), 0) - min(balance[shown].min(), 0))
    zero = label + 65 - min(balance[shown].min(), 0) * room
    parts = []
    for number, i in enumerate(shown):
        y = top + number * row + (10 if number >= len(under) else 0)
        length = abs(balance[i]) * room
        left = zero - length if balance[i] < 0 else zero
        parts.append(text_at(label - 8, y + 15, str(names[i]), anchor="end"))
        parts.append(f'<rect x="{left:.1f}" y="{y + 3}" width="{length:.1f}" height="{row - 6}" '
                     f'fill="{_UNDER if balance[i] < 0 else _OVER}"/>')
        at, anchor = (left - 5, "end") if balance[i] < 0 else (left + length + 5, "start")
        parts.append(text_at(at, y + 15, _words(signed(balance[i])), anchor=anchor, colour=QUIET))
    height = top + len(shown) * row + 18
    parts.append(f'<line x1="{zero:.1f}" x2="{zero:.1f}" y1="{top}" y2="{height - 8}" stroke="{INK}"/>')
    return svg(width, height, tr("Places above and below the goal"), parts)


def _gaps(result: GapResult) -> list[dict]:
    """Return the gaps, most people first."""
    found = result.analysis
    table, offers, areas = found.gaps.table, result.case.offers, result.case.areas
    texts, rows = survival_texts(result), []
    by_limit = {limit: [i for i, each in enumerate(found.variants) if each.limit == limit and not each.rough]
                for limit in result.limits}
    for gap in range(len(table)):
        owner, offer = int(table["area"][gap]), int(table["nearest_offer"][gap])
        rows.append({
            "number": gap + 1, "people": table["people"][gap], "area": areas.names[owner] if owner >= 0 else "–",
            "offer": offer_name(offers, offer) or "–",
            "least": table["way_least"][gap], "mean": table["way_mean"][gap], "vanishes": found.vanishes[gap],
            "shares": [span(100 * found.shares[gap, columns].min(), 100 * found.shares[gap, columns].max(), 0)
                       for columns in by_limit.values()],
            "survival": texts[gap], "all": found.survived[gap] == len(found.variants),
        })
    return rows


def _rough(result: GapResult) -> list[dict]:
    """Return the roughly located offers, the least certain ones first."""
    offers, place, names = result.case.offers, result.place, result.case.areas.names
    chosen = np.flatnonzero(place.chosen & offers.rough)
    chosen = chosen[np.argsort(-offers.radius[chosen], kind="stable")]
    rows = []
    for i in chosen:
        where = [names[k] if k >= 0 else tr("outside the areas") for k in np.sort(place.possible[i])[::-1]]
        rows.append({"name": offer_name(offers, i), "places": offers.capacity[i],
                     "radius": offers.radius[i], "areas": ", ".join(map(str, where[::-1])) or "–",
                     "certain": not place.rough[i]})
    return rows
