"""What the demos compute: the invented sample city, and Berlin's published tables."""
from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

#: Berlin's twelve districts in the order of their official numbers
BERLIN_DISTRICTS = (
    "Mitte", "Friedrichshain-Kreuzberg", "Pankow", "Charlottenburg-Wilmersdorf", "Spandau", "Steglitz-Zehlendorf",
    "Tempelhof-Schöneberg", "Neukölln", "Treptow-Köpenick", "Marzahn-Hellersdorf", "Lichtenberg", "Reinickendorf",
)


@dataclass(frozen=True)
class Map:
    """One printed map: the class set it shows, its file and its subtitle."""

    class_set: str
    file: str
    title: str
    subtitle: str


@dataclass(frozen=True)
class Extra:
    """A further algorithm on the joined indicators: its report's file, the table of its layer, other parameters."""

    text: str
    algorithm: str
    report: str
    table: str = ""
    parameters: dict = field(default_factory=dict)


@dataclass(frozen=True)
class OfferList:
    """The city's offers: a list that is located by the register, or a table with coordinates, and their map."""

    file: str
    title: str
    map: dict
    register: str = ""
    renamed: str = ""
    #: measures and projects with the areas they are for
    projects: str = ""


@dataclass(frozen=True)
class Supply:
    """What is asked of the offers: of which type, for whom, how far away, and how many places there shall be."""

    title: str
    kinds: str
    group: str
    people: str
    fields: tuple[str, ...]
    parameters: dict
    #: the first one counts in both; the gaps are looked at with the others, too
    limits: str
    variants: str
    year_field: str = ""
    #: the areas that take part, as a filter of their layer
    areas: str = ""
    area_title: str = ""
    #: table of the base GeoPackage with the points where people live; a grid without
    points: str = ""


@dataclass(frozen=True)
class Job:
    """What a city brings: areas, tables, a recipe, backgrounds and the maps it wants."""

    city: str
    areas: str
    key: str
    name: str
    tables: tuple[str, ...]
    recipe: str
    project: str
    maps: tuple[Map, ...]
    backgrounds: dict[str, str] = field(default_factory=dict)
    extras: tuple[Extra, ...] = ()
    years: str = ""
    #: the areas' field with the district, and the districts' names, where no layer of districts comes along
    district_field: str = ""
    districts: dict[str, str] = field(default_factory=dict)
    offers: OfferList | None = None
    supply: Supply | None = None
    #: a GeoPackage whose layers the project takes along
    base: str = ""
    #: the repairs of keys this city accepts, see the algorithm joinindicators: here all kinds, names included
    repairs: tuple[int, ...] = (0, 1, 2, 3, 4, 5)


def musterstadt(folder: Path) -> Job:
    """Return the job of the invented sample city."""
    recipe = "musterstadt_partizipationsindex.json"
    subtitle = "Musterstadt (erfunden), 40 Gebiete, 2025"
    dimensions = {
        "wirtschaft": "Wirtschaftliche Lage", "integration": "Integration", "gesundheit": "Gesundheit",
        "bildung": "Bildung", "umwelt": "Wohnen und Umwelt",
    }
    return Job(
        city="Musterstadt", areas=f"{folder / 'musterstadt.gpkg'}|layername=gebiete", key="gebiet_nr",
        name="gebiet_name",
        tables=tuple(str(folder / name) for name in (
            "soziales_sgb2.xlsx", "schulamt_integration_bildung.csv", "gesundheitsamt_faelle.csv",
            "umwelt_wohnen.csv")),
        recipe=recipe, project="musterstadt", base=str(folder / "musterstadt.gpkg"), years="all",
        maps=(
            Map("gesamt", "gesamtindex.pdf", "Partizipationsindex", subtitle),
            *(Map(name, f"teilindex_{name}.pdf", f"Teilindex {title}", subtitle)
              for name, title in dimensions.items()),
        ),
        backgrounds={"bezirke": "district", "bahn": "railway", "gewaesser": "water", "gruenflaechen": "green"},
        extras=(
            Extra("Entwicklung 2012–2025", "indexovertime", "entwicklung.html", "entwicklung"),
            Extra("Vergleich 2020 mit 2025", "compareindices", "vergleich.html", "vergleich",
                  {"YEAR": 2020, "YEAR_AFTER": 2025}),
            Extra("Wie sicher sind die Klassen?", "indexrobustness", "robustheit.html", "robustheit"),
        ),
        offers=OfferList(
            str(folder / "angebote.xlsx"), "Angebote", {
                "TITLE": "Angebote in Musterstadt", "SOURCE": "Angebotsliste der Stadt (erfundene Daten)",
                "CLASS_SET": "gesamt", "DATE": "2025-12-31"},
            register="adressen", renamed=str(folder / "strassen_umbenannt.csv"),
            projects=str(folder / "massnahmen.csv")),
        supply=Supply(
            "Kitas für Kinder unter 6", "Kita", "Kinder unter 6", str(folder / "einwohner_alter.csv"),
            ("unter 3", "3 bis 5"), {"QUOTA": 45.0}, "700; 1000", "700; 500; 1000", year_field="Jahr",
            points="adressen"),
    )


def berlin(folder: Path) -> Job:
    """Return the job on Berlin's published tables."""
    subtitle = "Berlin, 542 Planungsräume, Monitoring Soziale Stadtentwicklung 2021"
    return Job(
        city="Berlin", areas=str(folder / "planungsraeume_2021.gpkg"), key="PLR_ID", name="PLR_NAME",
        tables=(str(folder / "mss_2021_index_indikatoren.csv"),), recipe="berlin_mss_2021.json", project="berlin",
        maps=(
            Map("status", "berlin_status.pdf", "Status-Index", subtitle),
            Map("dynamik", "berlin_dynamik.pdf", "Dynamik-Index", subtitle),
        ),
        offers=OfferList(
            str(folder / "kitas_bezirk_01-06.csv"), "Kitas", {
                "TITLE": "Kitas in den Bezirken 01–06", "CLASS_SET": "status", "ONLY_WITH_OFFERS": True,
                "SOURCE": "Kitas: Geoportal Berlin (dl-de/by-2-0)"}),
        supply=Supply(
            "Kitas für Kinder unter 6, Bezirke 01–06", "", "Kinder unter 6", str(folder / "einwohner_2022_alter.csv"),
            ("unter6",), {"QUOTA": 80.0, "GRID": 50.0}, "500; 1000", "500; 700; 1000", areas="PLR_ID < '07'",
            area_title="Bezirke 01–06"),
        district_field="BEZ", districts={f"{i + 1:02d}": name for i, name in enumerate(BERLIN_DISTRICTS)},
        backgrounds={"bezirke": "district"},
    )
