"""The report on a scenario: the city before and after, what changes, who wins, who loses, utilisation."""
from __future__ import annotations

import numpy as np

from ..core.supply.scenario import CLOSE, MOVE, OPEN, RESIZE
from ..translation import tr
from .report_page import render_page
from .scenario_output import area_frame, offer_frame, shown_column, state_titles
from .scenario_run import ScenarioResult
from .supply_columns import RATE, limit_name, limit_text
from .supply_report import settings_in_words

#: areas and offers that are printed in each list
FIRST_ROWS = 25


def report_html(result: ScenarioResult, title: str) -> str:
    """Return the report in the user's language."""
    before = result.before
    frame, _specs, classes = area_frame(result)
    counts = frame[classes.column].value_counts().to_dict()
    winners, losers = winners_and_losers(result, frame)
    return render_page(
        "scenario_report.html", title=title, group=before.case.group, kinds=", ".join(before.case.kinds),
        limit=limit_text(before.rules.limits[0], before.reach.unit), unit=before.reach.unit, city=city_rows(result),
        figures=result.city.to_dict("index"), changes=_changes(result), has_capacity=result.has_capacity,
        classes=[{"name": each.name, "color": each.color, "count": int(counts.get(each.value, 0))}
                 for each in reversed(classes.classes)],
        class_title=classes.title, measure_is_rate=shown_column(result) == RATE, winners=winners, losers=losers,
        offers=_offers(result), settings=settings_in_words(before), notes=result.notes, first=FIRST_ROWS)


def city_rows(result: ScenarioResult) -> list[dict]:
    """Return the figures of all areas together, with names, decimals and whether more is better (+1, −1, 0)."""
    rules, unit, city = result.before.rules, result.before.reach.unit, result.city
    ways = 0 if unit == "m" else 1
    rows = [("offers_all", tr("Offers that count"), 0, 0), ("capacity", tr("Places in the areas"), 0, 1),
            ("places_per_100", tr("Places per 100 of the group"), 1, 1),
            ("missing", tr("Places missing where they are needed"), 0, -1),
            ("unplaced", tr("People without a free place within the first limit"), 0, -1)]
    for number, limit in enumerate(rules.limits):
        words = limit_text(limit, unit)
        rows += [(f"reached_{number}", tr("People with an offer within {limit}", limit=words), 0, 1),
                 (f"share_{number}", tr("Share with an offer within {limit} (%)", limit=words), 1, 1)]
    rows += [("way_mean", tr("Way to the nearest offer, mean ({unit})", unit=unit), ways, -1),
             ("way_median", tr("Way to the nearest offer, median ({unit})", unit=unit), ways, -1),
             ("way_90", tr("Way that 90 % do not exceed ({unit})", unit=unit), ways, -1),
             ("nth_mean", tr("Way to the {n}. nearest offer, mean ({unit})", n=rules.nth, unit=unit), ways, -1),
             ("gini", tr("Gini coefficient of the supply"), 3, -1)]
    without_places = ("capacity", "places_per_100", "missing", "unplaced")
    found = []
    for name, title, decimals, good in rows:
        row = city.loc[name]
        if (not result.has_capacity and name in without_places) or row[["before", "after"]].isna().all():
            continue
        change = round(row["difference"], decimals) + 0.0
        found.append({"title": title, "before": row["before"], "after": row["after"], "difference": change,
                      "decimals": decimals, "good": int(np.sign(np.nan_to_num(change))) * good})
    return found


def _changes(result: ScenarioResult) -> list[dict]:
    offers, titles = result.before.case.offers, state_titles()
    from_ids = {row["nr"]: row for row in offer_frame(result)[0].to_dict("records")}
    rows = []
    for change in result.changes:
        known = from_ids.get(change.offer, {})
        detail = ""
        if change.kind in (OPEN, RESIZE) and np.isfinite(change.capacity):
            old = known.get("plaetze_vorher")
            new = f"{change.capacity:g}"
            detail = tr("{places} places", places=new) if change.kind == OPEN or old is None or old != old else tr(
                "{old} → {new} places", old=f"{old:g}", new=new)
        elif change.kind == MOVE:
            at = np.flatnonzero(offers.ids == change.offer)
            if len(at):
                far = np.hypot(offers.x[at[0]] - change.x, offers.y[at[0]] - change.y)
                detail = tr("by {distance} m", distance=round(float(far))) if np.isfinite(far) else ""
        rows.append({"what": titles[change.kind], "offer": known.get("name") or change.name or change.offer,
                     "detail": detail, "gone": change.kind == CLOSE})
    return rows


def winners_and_losers(result: ScenarioResult, frame=None) -> tuple[list[dict], list[dict]]:
    """Return the areas that win and those that lose by the measure that the map shows, the largest change of places
    (or people) first."""
    frame = area_frame(result)[0] if frame is None else frame
    case, unit = result.before.case, result.before.reach.unit
    end = limit_name(result.before.rules.limits[0], unit)
    column = f"{shown_column(result)}_diff"
    reached = frame[f"erreicht_{end}_diff"].to_numpy(float)
    value = frame[column].to_numpy(float)
    order_by = np.nan_to_num(value) * np.nan_to_num(case.totals)
    step = 1e-9
    rows = []
    for i in np.argsort(-order_by, kind="stable"):
        if abs(np.nan_to_num(value[i])) <= step and abs(np.nan_to_num(reached[i])) <= step:
            continue
        rows.append({
            "key": case.areas.areas.keys[i], "name": case.areas.names[i] if case.areas.name_field else "",
            "people": case.totals[i], "before": frame[column.replace("_diff", "_vorher")].iloc[i],
            "after": frame[column.replace("_diff", "_nachher")].iloc[i], "difference": value[i], "reached": reached[i],
            "wins": value[i] > step or (abs(value[i]) <= step and reached[i] > 0)})
    winners = [row for row in rows if row["wins"]]
    losers = [row for row in reversed(rows) if not row["wins"]]
    return winners, losers


def _offers(result: ScenarioResult) -> list[dict]:
    """Return the offers whose utilisation changes most; those that open, close or change first."""
    frame = offer_frame(result)[0]
    change = (frame["auslastung_nachher"] - frame["auslastung_vorher"]).abs().to_numpy(float)
    touched = frame["zustand"].notna().to_numpy()
    order = np.lexsort((-np.nan_to_num(change), ~touched))
    rows = frame.iloc[order].to_dict("records")
    moved = np.nan_to_num(change)[order]
    return [row for row, by in zip(rows, moved) if row["zustand"] is not None or by >= 0.5]
