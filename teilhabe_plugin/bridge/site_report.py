"""The report on sites: what was looked for, how good the answer is, what each site adds, who remains unreached."""
from __future__ import annotations

import math

import numpy as np

from ..core.supply.siting import CENTRE, COVERAGE, FULL_COVERAGE, MEDIAN
from ..translation import tr
from .legend_text import number_text
from .report_page import MAX_ROWS, render_page
from .site_output import area_table, site_name
from .site_run import CHOOSE, KEEP, SiteResult
from .supply_columns import limit_name, limit_text
from .svg_charts import Line, line_chart

#: areas that are printed with people still unreached
FIRST_AREAS = 40
#: sites up to which the chart is drawn
_MOST_IN_CHART = 60


def model_title(model: str) -> str:
    """Return the name of a model."""
    return {COVERAGE: tr("Most people within the limit"), MEDIAN: tr("Shortest ways on average"),
            CENTRE: tr("Shortest longest way"), FULL_COVERAGE: tr("Fewest sites that reach everybody")}[model]


def quality_text(result: SiteResult) -> str:
    """Return how good the answer is: proven to be the best, or at most so much worse than the best."""
    siting, model = result.siting, result.rules.model
    if siting.proven:
        return tr("proven to be the best answer")
    if model == FULL_COVERAGE:
        return tr("at most {count} sites more than needed", count=math.ceil(siting.objective - siting.bound - 1e-6))
    if model == COVERAGE:
        return tr("at most {share} % worse than the best answer",
                  share=_share(siting.bound - siting.objective, siting.bound))
    if not siting.bound > 0:
        return tr("how far from the best answer is not known; allow more time")
    return tr("at most {share} % longer than in the best answer",
              share=_share(siting.objective - siting.bound, siting.bound))


def _share(part: float, whole: float) -> str:
    """Return a percentage rounded up: “at most” holds."""
    return number_text(math.ceil(1000 * part / whole - 1e-9) / 10)


def settings_in_words(result: SiteResult) -> list[str]:
    """Return how it was computed, a sentence per setting."""
    rules, case, unit = result.rules, result.case, result.near.unit
    how = {"straight": tr("straight line"), "detour": tr("straight line times a detour factor"),
           "network": tr("along a network")}.get(result.near.how, result.near.how)
    kept = int(np.asarray(result.problem.existing).sum())
    words = [
        tr("Target group: {group}{year}{scenario}.", group=case.group, year=f", {case.year}" if case.year else "",
           scenario=f", {case.scenario}" if case.scenario else ""),
        tr("Looked for: {model}.", model=model_title(rules.model)),
        tr("Candidates: {count}.", count=number_text(len(case.offers) - result.first, 0)),
        tr("Existing offers: {count} are kept.", count=number_text(kept, 0)) if rules.existing == KEEP
        else tr("Existing offers: {count}, each of them may be kept or closed.",
                count=number_text(int(result.open_before.sum()), 0)) if rules.existing == CHOOSE
        else tr("Existing offers do not count."),
        tr("Ways: {how}; within reach up to {limits}.", how=how, limits=limit_text(rules.limit, unit)),
    ]
    if rules.model in (MEDIAN, CENTRE):
        words.append(tr("Sites are looked at up to {limit}; whoever has none so far counts with that way.",
                        limit=limit_text(result.problem.reach.limit, unit)))
    if result.problem.capacity is not None:
        words.append(tr("Places are limited: nobody is served by an offer that is full."))
    if result.need is not None:
        words.append(tr("People count {low} to {high} times, by the need of their area.",
                        low=number_text(round(float(np.nanmin(result.need)), 2)),
                        high=number_text(round(float(np.nanmax(result.need)), 2))))
    return words


def report_html(result: SiteResult) -> str:
    """Return the report in the user's language."""
    case, unit, rules = result.case, result.near.unit, result.rules
    people = case.people
    before, after = result.covered
    ways = result.ways
    total = float(people.sum())
    placed = result.siting.placed
    return render_page(
        "sites_report.html", model=model_title(rules.model), group=case.group, kinds=", ".join(case.kinds),
        limit=limit_text(rules.limit, unit), unit=unit, quality=quality_text(result), proven=result.siting.proven,
        total=total, before=float(people[before].sum()), after=float(people[after].sum()),
        seats=None if placed is None else (result.siting.covered_before, result.siting.covered),
        has_index=result.need is not None, has_best=any(np.isfinite(step.best) for step in result.steps),
        mean=[_mean(way, people) for way in ways], longest=[_longest(way, people) for way in ways],
        rows=_rows(result, total), chart=_chart(result, total),
        closed=[site_name(result, site) for site in result.closed],
        start=case_start(result), searched=None if result.far_ways is not None else limit_text(
            result.problem.reach.limit, unit), limit_rows=MAX_ROWS, left=_left(result),
        settings=settings_in_words(result), notes=result.notes)


def _rows(result: SiteResult, total: float) -> list[dict]:
    case, rows = result.case, []
    for rank, step in enumerate(result.steps, 1):
        area = case.offer_area[step.site]
        capacity = None if result.problem.capacity is None else result.problem.capacity[step.site]
        rows.append({
            "rank": rank, "name": site_name(result, step.site), "old": step.site < result.first,
            "area": case.areas.names[area] if area >= 0 else "",
            "key": case.areas.areas.keys[area] if area >= 0 else "",
            "gained": step.gained, "in_reach": step.in_reach, "served": step.served, "capacity": capacity,
            "covered": step.covered, "share": 100 * step.covered / total if total else None, "way": step.way,
            "best": step.best if np.isfinite(step.best) else None,
            "open": np.isfinite(step.best) and step.best_bound > step.best + 0.5})
    return rows


def _chart(result: SiteResult, total: float) -> str:
    """Draw the share of people within the limit over the number of new sites."""
    steps = result.steps
    if result.problem.capacity is not None or not 2 <= len(steps) <= _MOST_IN_CHART or not total:
        return ""
    start = float(case_start(result))
    lines = [Line(tr("in this order"), [100 * start / total, *(100 * step.covered / total for step in steps)])]
    best = [step.best for step in steps]
    if any(each > step.covered + 0.5 for each, step in zip(best, steps)):
        lines.append(Line(tr("best choice of so many"), [100 * start / total, *(100 * each / total for each in best)]))
    return line_chart(tr("People within {limit} by number of sites",
                         limit=limit_text(result.rules.limit, result.near.unit)),
                      list(range(len(steps) + 1)), lines, "%")


def case_start(result: SiteResult) -> float:
    """Return the people within the limit before the first site of the list."""
    fixed = np.asarray(result.problem.existing, bool)
    return float(result.case.people[result.near.keep(fixed[result.near.offer]).reached()].sum())


def _left(result: SiteResult) -> dict:
    """Return who remains without an offer within the limit: by area, most people first."""
    frame, _specs, _classes = area_table(result)
    column = f"unversorgt_{limit_name(result.rules.limit, result.near.unit)}"
    values, areas = frame[column].to_numpy(float), result.case.areas
    order = [i for i in np.argsort(-values, kind="stable") if values[i] >= 0.5]
    rows = [{"key": areas.areas.keys[i], "name": areas.names[i] if areas.name_field else "",
             "people": frame["zielgruppe"].iloc[i], "left": values[i], "gained": frame["gewinn"].iloc[i]}
            for i in order]
    outside = result.case.demand.area < 0
    return {"rows": rows[:FIRST_AREAS], "more": max(len(rows) - FIRST_AREAS, 0), "areas": len(rows),
            "people": float(values.sum()),
            "outside": float(result.case.people[outside & ~result.covered[1]].sum())}


def _mean(ways, people) -> float | None:
    known = np.isfinite(ways) & (people > 0)
    return float(np.average(ways[known], weights=people[known])) if known.any() else None


def _longest(ways, people) -> float | None:
    known = np.isfinite(ways) & (people > 0)
    return float(ways[known].max()) if known.any() else None
