"""Names, aliases and units of the columns that a supply analysis writes."""
from __future__ import annotations

import numpy as np
import pandas as pd

from ..core.supply.border_effect import in_words
from ..core.supply.reach import METRES
from ..translation import render, tr
from .column_table import ColumnTable
from .fields import FieldSpec
from .legend_text import number_text
from .supply_run import SupplyResult

CLASS, CLASS_NAME, EXCLUDED = "versorgung_klasse", "versorgung_name", "ausschluss"
#: the column that the map shows
RATE = "plaetze_je_100_umkreis"


def limit_name(limit: float, unit: str) -> str:
    """Return a limit as the end of a column name: 500, 7_5min."""
    text = f"{limit:g}".replace(".", "_")
    return text if unit == METRES else f"{text}min"


def limit_text(limit: float, unit: str) -> str:
    """Return a limit in words: 1.000 m."""
    return f"{number_text(limit)} {unit}"


def share_column(result: SupplyResult) -> str:
    """Return the column with the share of people within the first limit."""
    return f"anteil_{limit_name(result.rules.limits[0], result.reach.unit)}"


def area_table(result: SupplyResult) -> tuple[pd.DataFrame, list[FieldSpec]]:
    """Return the areas with all measures, in the order of the layer, and what the columns mean."""
    case, found, unit = result.case, result.areas, result.reach.unit
    group, table = case.group, ColumnTable()
    table.add(case.areas.key_field, case.areas.areas.keys, "text")
    if case.areas.name_field:
        table.add(case.areas.name_field, case.areas.names, "text")
    _run(table, result, len(found))
    table.add("zielgruppe", found["people"], "real", tr("People: {group}", group=group))
    table.add("angebote", found["offers"], "integer", tr("Offers in the area"))
    table.add("plaetze", found["capacity"], "real", tr("Places in the area"))
    table.add("angebote_je_100", found["offers_per_100"], "real", tr("Offers per 100 of the group, inside the area"))
    table.add("plaetze_je_100", found["places_per_100"], "real", tr("Places per 100 of the group, inside the area"))
    table.add(RATE, found["places_floating"], "real", tr("Places per 100 of the group, over the borders"))
    table.add("saldo", found["balance"], "real", tr("Places above (below 0: missing against) the quota, inside"))
    table.add("saldo_umkreis", found["balance_floating"], "real",
              tr("Places above (below 0: missing against) the quota, over the borders"))
    table.add("grenzwirkung", [_or_none(in_words(effect)) for effect in found["border"].fillna(0)], "text",
              tr("What the two figures tell"))
    table.add("plaetze_erreichbar", found["opportunities"], "real",
              tr("Places within {limit}, mean of the people", limit=limit_text(result.rules.limits[0], unit)))
    table.add("plaetze_verfuegbar", found["available"], "real", tr("Places that are the area’s share"))
    table.add("ohne_platz", found["unplaced"], "real", tr("People without a free place within {limit}",
                                                           limit=limit_text(result.rules.limits[0], unit)))
    for name, column, alias in (("weg_mittel", "way_mean", tr("Way to the nearest offer, mean")),
                                ("weg_median", "way_median", tr("Way to the nearest offer, median")),
                                ("weg_90", "way_90", tr("Way that 90 % do not exceed")),
                                ("weg_n", "nth_mean", tr("Way to the {n}. nearest offer, mean", n=result.rules.nth))):
        table.add(name, found[column], "real", alias, unit)
    for number, limit in enumerate(result.rules.limits):
        end, words = limit_name(limit, unit), limit_text(limit, unit)
        table.add(f"erreicht_{end}", found[f"reached_{number}"], "real", tr("People with an offer within {limit}",
                                                                           limit=words))
        table.add(f"anteil_{end}", found[f"share_{number}"], "real", tr("Share with an offer within {limit}",
                                                                       limit=words), "%")
        table.add(f"unversorgt_{end}", found[f"unreached_{number}"], "real",
                  tr("People without an offer within {limit}", limit=words))
    if result.index is not None:
        position = result.index.position
        table.add("index_klasse", np.where(position >= 0, position + 1, np.nan), "integer",
                  tr("Class of the index (1: most favourable)"))
        table.add("index_name", [result.index.names[at] if at >= 0 else None for at in position], "text",
                  tr("Class of the index in words"))
    table.add(EXCLUDED, _reasons(result), "text", tr("Reason for exclusion"))
    return table.frame(), table.specs


def point_table(result: SupplyResult) -> tuple[pd.DataFrame, list[FieldSpec]]:
    """Return the demand points with their measures."""
    case, found, unit = result.case, result.points, result.reach.unit
    table = ColumnTable()
    area = case.demand.area
    table.add(case.areas.key_field, _of(case.areas.areas.keys, area), "text", tr("Area key"))
    _run(table, result, len(found))
    table.add("personen", case.demand.people[:, 0], "real", tr("People: {group}", group=case.group))
    table.add("weg", found["nearest"], "real", tr("Way to the nearest offer"), unit)
    table.add("naechstes", _of(offer_titles(result), found["nearest_offer"].to_numpy()), "text", tr("Nearest offer"))
    table.add("weg_n", found["nth"], "real", tr("Way to the {n}. nearest offer", n=result.rules.nth), unit)
    for number, limit in enumerate(result.rules.limits):
        table.add(f"angebote_{limit_name(limit, unit)}", found[f"within_{number}"], "integer",
                  tr("Offers within {limit}", limit=limit_text(limit, unit)))
    table.add(RATE, found["places"], "real", tr("Places per 100 of the group, over the borders"))
    table.add("plaetze_erreichbar", found["opportunities"], "real",
              tr("Places within {limit}", limit=limit_text(result.rules.limits[0], unit)))
    table.add("ohne_platz", found["unplaced"], "real", tr("People without a free place within {limit}",
                                                          limit=limit_text(result.rules.limits[0], unit)))
    return table.frame(), table.specs


def offer_table(result: SupplyResult) -> tuple[pd.DataFrame, list[FieldSpec]]:
    """Return all offers of the list with their measures; those that do not count say why."""
    case, found, unit = result.case, result.offers, result.reach.unit
    offers, counts = case.offers, case.chosen
    table = ColumnTable()
    table.add("zeile", offers.row, "integer", tr("Row of the list"))
    for name, values, alias in (("nr", offers.ids, tr("Number")), ("name", offers.names, tr("Name")),
                                ("art", offers.kind, tr("Type of offer")),
                                ("zielgruppe", offers.target, tr("Target group")),
                                ("handlungsfeld", offers.field, tr("Field of action"))):
        if any(values):
            table.add(name, [value or None for value in values], "text", alias)
    table.add("gebiet", _of(case.areas.areas.keys, case.offer_area), "text", tr("Area key"))
    _run(table, result, len(offers))
    table.add("plaetze", offers.capacity, "real", tr("Places"))
    if offers.radius.any():
        table.add("unsicher", np.where(offers.radius > 0, offers.radius, np.nan), "real",
                  tr("Place uncertain by"), "m")
    table.add("zaehlt", counts, "boolean", tr("Counts"))
    table.add("grund", left_out(result), "text", tr("Why it does not count"))

    def only(name):
        return np.where(counts, found[name].to_numpy(float), np.nan)

    for number, limit in enumerate(result.rules.limits):
        table.add(f"erreicht_{limit_name(limit, unit)}", only(f"reached_{number}"), "real",
                  tr("People within {limit}", limit=limit_text(limit, unit)))
    first = limit_text(result.rules.limits[0], unit)
    table.add("nur_dieses", only("only"), "real", tr("People with no other offer within {limit}", limit=first))
    table.add("nachfrage", only("asked"), "real", tr("People asking, over the borders"))
    table.add("plaetze_je_100", only("ratio"), "real", tr("Places per 100 people asking"))
    table.add("belegt", only("filled"), "real", tr("Places taken, shortest ways first"))
    table.add("auslastung", only("utilisation"), "real", tr("Utilisation"), "%")
    return table.frame(), table.specs


def offer_titles(result: SupplyResult) -> np.ndarray:
    """Return what each offer is called."""
    offers = result.case.offers
    return np.array([name or number or str(row) for name, number, row in zip(offers.names, offers.ids, offers.row)],
                    dtype=object)


def left_out(result: SupplyResult) -> list[str | None]:
    """Return why each offer does not count, None for those that do."""
    case, words = result.case, []
    for row, counts in enumerate(case.chosen):
        if counts:
            words.append(None)
        elif not np.isfinite(case.offers.x[row]):
            words.append(tr("no place"))
        elif not case.offers.takes_part[row]:
            words.append(tr("closed on that day, or of another scenario"))
        else:
            words.append(tr("another type of offer"))
    return words


def _run(table: ColumnTable, result: SupplyResult, count: int) -> None:
    """Add the columns by which the results of several runs can stand in one table."""
    year, scenario = result.case.year, result.case.scenario
    table.add("szenario", [scenario or None] * count, "text", tr("Scenario"))
    table.add("jahr", np.full(count, float(year) if year.isdigit() else np.nan), "integer", tr("Year"))


def _reasons(result: SupplyResult) -> list[str | None]:
    words = []
    for people in result.case.totals:
        if np.isnan(people):
            words.append(tr("no number of people"))
        else:
            words.append(None if people > 0 else tr("nobody of the group"))
    return words


def _of(values, positions) -> list:
    return [values[at] if at >= 0 else None for at in positions]


def _or_none(message) -> str | None:
    return None if message is None else render(message)
