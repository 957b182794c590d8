"""The city's tables as the departments would send them, each with its own habits and slips."""

from __future__ import annotations

import numpy as np

from . import faults
from .geometry import random_state
from .indicators import CATALOGUE, DIMENSIONS
from .people import AGE_GROUPS, YEARS

TITLE = {indicator.number: f"{indicator.number} {indicator.title}" for indicator in CATALOGUE}
SCHOOL = ("2.1", "2.2", "2.3", "4.1", "4.2", "4.3", "4.4")


def german(value, digits=1):
    """Return a number with decimal comma and thousands point."""
    text = f"{value:,.{digits}f}"
    return text.replace(",", " ").replace(".", ",").replace(" ", ".")


def age_rows(city):
    """Return ``einwohner_alter.csv``: one row per area and year."""
    rows = [["Gebiet-Nr.", "Gebiet", "Jahr", *AGE_GROUPS, "insgesamt"]]
    for place, area in enumerate(city.areas):
        for step, year in enumerate(YEARS):
            groups = city.people[place, step]
            rows.append([area.number, area.name, str(year), *[str(int(n)) for n in groups], str(int(groups.sum()))])
    return rows


def social_rows(city):
    """Return the data sheet of ``soziales_sgb2.xlsx``, the column numbers of the years and the rows of sums."""
    numbers = ("1.1", "1.2", "1.3")
    width = 3 + len(numbers) * len(YEARS)
    first = ["Gebiet-Nr.", "Gebiet", None]
    second = [None, None, None]
    for number in numbers:
        first += [f"{TITLE[number]} (%)"] + [None] * (len(YEARS) - 1)
        second += list(YEARS)
    rows = [
        ["Stadt Musterstadt (erfunden) – Fachbereich Soziales"] + [None] * (width - 1),
        ["Leistungen nach SGB II und Arbeitslosigkeit nach Gebieten, jeweils 31.12."] + [None] * (width - 1),
        [None] * width,
        first,
        second,
    ]
    weights = {
        "1.1": city.people[:, :, :4].sum(axis=2),
        "1.2": city.people[:, :, :4].sum(axis=2),
        "1.3": city.people[:, :, 4:8].sum(axis=2),
    }

    def mean(number, step, members):
        return round(float(np.average(city.values[number][members, step], weights=weights[number][members, step])), 1)

    for number, name, _shape in city.districts:
        members = [place for place, area in enumerate(city.areas) if area.district == number]
        for place in members:
            area = city.areas[place]
            row = [area.number, area.name, None]
            for indicator in numbers:
                for step, year in enumerate(YEARS):
                    value = round(float(city.values[indicator][place, step]), 1)
                    sign = faults.SIGNS.get((area.number, indicator, year))
                    row.append(f"({german(value)})" if sign == "( )" else sign or value)
            rows.append(row)
        rows.append(
            [None, f"Bezirk {name}", None]
            + [mean(indicator, step, members) for indicator in numbers for step in range(len(YEARS))]
        )
    everyone = list(range(len(city.areas)))
    rows.append(
        [None, "Gesamtstadt", None]
        + [mean(indicator, step, everyone) for indicator in numbers for step in range(len(YEARS))]
    )
    rows.append([None] * width)
    rows.append(
        ["Quelle: erfundene Zahlen für Musterstadt. Zeichenerklärung siehe Blatt „Hinweise“."] + [None] * (width - 1)
    )
    return rows


def hint_rows():
    """Return the sheet "Hinweise" of ``soziales_sgb2.xlsx``."""
    rows = [["Hinweise"], ["Alle Zahlen sind erfunden. Musterstadt gibt es nicht."], [None], ["Zeichen", "Bedeutung"]]
    rows += [list(pair) for pair in faults.SIGN_MEANINGS]
    rows += [
        [None],
        ["1.1", "Anteil der Kinder unter 15 Jahren in SGB-II-Bedarfsgemeinschaften an allen Kindern unter 15 Jahren"],
        ["1.2", "Anteil der Alleinerziehenden-Haushalte mit Bezug von SGB II an allen Alleinerziehenden-Haushalten"],
        ["1.3", "Anteil der Arbeitslosen an den Einwohnern von 15 bis unter 65 Jahren"],
    ]
    return rows


def school_rows(city):
    """Return ``schulamt_integration_bildung.csv``: wide, keys without their leading zeros."""
    header = ["Gebiet", "Bezeichnung", f"Kinder unter 18 Jahren {YEARS[-1]}"]
    header += [f"{TITLE[number]} {year}" for number in SCHOOL for year in YEARS]
    rows = [header]
    children = city.people[:, :, :5].sum(axis=2)
    for place, area in enumerate(city.areas):
        row = [area.number.lstrip("0"), area.name, german(children[place, -1], 0)]
        row += [german(city.values[number][place, step]) for number in SCHOOL for step in range(len(YEARS))]
        rows.append(row)
    total = ["", "Gesamtstadt", german(children[:, -1].sum(), 0)]
    total += [
        german(np.average(city.values[number][:, step], weights=children[:, step]))
        for number in SCHOOL
        for step in range(len(YEARS))
    ]
    return rows + [total]


def health_rows(city):
    """Return ``gesundheitsamt_faelle.csv``: counts in a long table."""
    random = random_state("health")
    rows, doubled = [["Gebiet", "Indikator", "Jahr", "Zähler", "Nenner"]], None
    for number in ("3.1", "3.2", "3.3", "3.4"):
        for place, area in enumerate(city.areas):
            for step, year in enumerate(YEARS):
                examined = max(int(round(city.people[place, step, 1] / 3.0 * random.uniform(0.84, 0.97))), 1)
                value = city.values[number][place, step]
                if number == "3.4":
                    cases = int(np.round(examined * value * (1.0 + random.normal(0.0, 0.5) / np.sqrt(examined))))
                else:
                    spread = np.sqrt(value / 100.0 * (1.0 - value / 100.0) * examined)
                    cases = int(
                        np.clip(np.round(examined * value / 100.0 + 0.5 * spread * random.normal()), 0, examined)
                    )
                if (area.number, year) == faults.MISSING_YEAR:
                    continue
                key = area.number
                if (key, year) in faults.TRAILING_BLANK:
                    key += " "
                elif (key, year) in faults.FLOAT_KEY:
                    key = key.lstrip("0") + ".0"
                row = [key, TITLE[number], str(year), str(max(cases, 0)), str(examined)]
                rows.append(row)
                if (area.number, number, year) == faults.DUPLICATE:
                    doubled = list(row)
    rows.insert(
        1 + len(rows) // 2, [faults.UNKNOWN[0], TITLE[faults.UNKNOWN[1]], *[str(n) for n in faults.UNKNOWN[2:]]]
    )
    rows.append(doubled)
    return rows


def environment_rows(city):
    """Return ``umwelt_wohnen.csv``: German number forms, some names instead of keys."""
    header = ["Gebiet"] + [f"{TITLE['5.1']} in m² {year}" for year in YEARS]
    header += [f"{TITLE['5.2']} in m² {year}" for year in YEARS] + [f"{TITLE['5.3']} {year}" for year in YEARS]
    rows = [header]
    for place, area in enumerate(city.areas):
        row = [area.name if area.number in faults.NAMED else area.number]
        row += [german(value) for value in city.values["5.1"][place]]
        row += [german(value) for value in city.values["5.2"][place]]
        row += [f"{german(value)} %" for value in city.values["5.3"][place]]
        rows.append(row)
    return rows


def catalogue_rows():
    """Return ``indikatorenkatalog.csv``: the seventeen indicators, their bad end and where their values stand."""
    files = {
        "1": "soziales_sgb2.xlsx",
        "2": "schulamt_integration_bildung.csv",
        "3": "gesundheitsamt_faelle.csv",
        "4": "schulamt_integration_bildung.csv",
        "5": "umwelt_wohnen.csv",
    }
    rows = [["Nr.", "Dimension", "Indikator", "Einheit", "hoher Wert ist", "Datei", "Beschreibung"]]
    for item in CATALOGUE:
        dimension = item.number[0]
        bad = "ungünstig" if item.unfavourable == "high" else "günstig"
        rows.append(
            [item.number, f"{dimension} {DIMENSIONS[dimension]}", item.title, item.unit, bad]
            + [files[dimension], item.meaning]
        )
    return rows
