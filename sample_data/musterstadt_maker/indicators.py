"""Seventeen indicators for fourteen years out of one latent, spatially smooth surface of deprivation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from shapely.geometry import Point
from shapely.ops import unary_union
from shapely.prepared import prep

from .geometry import random_state
from .people import YEARS


@dataclass(frozen=True)
class Indicator:
    """One indicator of the catalogue; ``unfavourable`` says which end is the bad one."""

    number: str
    title: str
    unit: str
    unfavourable: str  # "high" or "low"
    level: float
    slope: float
    trend: float  # per year, on the scale of the level
    form: str  # "logit", "log" or "plain"
    noise: float
    meaning: str


DIMENSIONS = {
    "1": "Wirtschaftliche Lage", "2": "Integration", "3": "Gesundheit", "4": "Bildung", "5": "Wohnen und Umwelt",
}
CATALOGUE = (
    Indicator("1.1", "Kinder in SGB-II-Bedarfsgemeinschaften", "%", "high", -1.32, 0.70, -0.010, "logit", 0.06,
              "Kinder unter 15 Jahren in SGB-II-Bedarfsgemeinschaften an allen Kindern unter 15 Jahren, 31.12."),
    Indicator("1.2", "Alleinerziehenden-Haushalte im SGB II", "%", "high", -0.55, 0.50, -0.012, "logit", 0.09,
              "Alleinerziehenden-Haushalte mit SGB-II-Bezug an allen Alleinerziehenden-Haushalten, 31.12."),
    Indicator("1.3", "Arbeitslosenanteil", "%", "high", -2.70, 0.38, -0.014, "logit", 0.05,
              "Arbeitslose an den Personen von 15 bis unter 65 Jahren, 31.12."),
    Indicator("2.1", "Nichtdeutsche Familiensprache", "%", "high", -0.75, 0.72, 0.050, "logit", 0.13,
              "Schulanfängerinnen und -anfänger, in deren Familie vorwiegend nicht Deutsch gesprochen wird"),
    Indicator("2.2", "Kinder mit ausländischer Staatsangehörigkeit", "%", "high", -1.45, 0.66, 0.060, "logit", 0.08,
              "Kinder unter 18 Jahren mit ausländischer Staatsangehörigkeit, 31.12."),
    Indicator("2.3", "Zuzüge von Kindern aus dem Ausland je 1.000", "je 1.000", "high", 2.55, 0.45, 0.010, "log", 0.17,
              "Zuzüge von Kindern unter 18 Jahren aus dem Ausland im Jahr je 1.000 Kinder"),
    Indicator("3.1", "U8-Teilnahme", "%", "low", 2.70, -0.42, 0.035, "logit", 0.10,
              "Kinder mit Nachweis der Früherkennung U8 an den untersuchten Schulanfängern mit Vorsorgeheft"),
    Indicator("3.2", "U9-Teilnahme", "%", "low", 2.55, -0.40, 0.030, "logit", 0.10,
              "Kinder mit Nachweis der Früherkennung U9 an den untersuchten Schulanfängern mit Vorsorgeheft"),
    Indicator("3.3", "Übergewichtsquote", "%", "high", -2.15, 0.33, 0.008, "logit", 0.09,
              "Übergewichtige Kinder an den untersuchten Schulanfängern"),
    Indicator("3.4", "dmft-Index der Fünfjährigen", "Zähne je Kind", "high", -0.15, 0.48, -0.020, "log", 0.10,
              "Kariöse, fehlende und gefüllte Milchzähne je untersuchtem Kind von fünf Jahren"),
    Indicator("4.1", "Kita-Besuch unter 3 Jahren", "%", "high", -0.95, 0.52, -0.020, "logit", 0.11,
              "Schulanfängerinnen und -anfänger, die weniger als drei Jahre eine Kita besucht haben"),
    Indicator("4.2", "Sprachförderbedarf", "%", "high", -1.25, 0.62, 0.028, "logit", 0.12,
              "Kinder mit Sprachförderbedarf an den untersuchten Schulanfängern"),
    Indicator("4.3", "Übergangsquote Gymnasium", "%", "low", -0.35, -0.62, 0.008, "logit", 0.11,
              "Übergänge auf das Gymnasium an allen Übergängen aus der vierten Klasse"),
    Indicator("4.4", "Klassenwiederholungen", "%", "high", -3.65, 0.36, -0.015, "logit", 0.14,
              "Kinder, die eine Klasse wiederholen, an allen Kindern der Klassen 1 bis 10"),
    Indicator("5.1", "Wohnfläche je Person", "m²", "low", 39.5, -3.4, 0.12, "plain", 0.9,
              "Wohnfläche je Einwohnerin und Einwohner, 31.12."),
    Indicator("5.2", "Grün- und Spielfläche je Kind", "m²", "low", 0.0, 0.0, 0.0, "green", 0.03,
              "Öffentliche Grün- und Spielfläche je Kind unter 18 Jahren"),
    Indicator("5.3", "Anteil Lärmbelasteter", "%", "high", -1.75, 0.20, -0.006, "logit", 0.06,
              "Bewohner mit nächtlichem Lärmpegel über 55 dB(A) an allen Bewohnern"),
)
HARBOURS = (
    (425300.0, 5722450.0, 1700.0, 1.35),
    (426500.0, 5721800.0, 1300.0, 0.75),
    (425000.0, 5723300.0, 1500.0, 0.65),
    (421300.0, 5723300.0, 1200.0, -0.75),
    (429000.0, 5722200.0, 900.0, 0.35),
    (423400.0, 5720600.0, 900.0, 0.3),
)
SURFACE = {"villa": -0.85, "suburb": -0.4, "mixed": 0.0, "dense": 0.3, "core": 0.0, "industry": 0.5}


def make_need(areas):
    """Return the latent deprivation of the areas (mean 0, standard deviation 1), high in the north."""
    random = random_state("need")
    places = np.array([[area.geometry.centroid.x, area.geometry.centroid.y] for area in areas])
    north = (places[:, 1] - 5720500.0) / 4000.0
    raw = 0.62 * north + np.array([SURFACE[area.kind] for area in areas])
    for x, y, reach, strength in HARBOURS:
        raw += strength * np.exp(-((places - (x, y)) ** 2).sum(axis=1) / (2.0 * reach**2))
    distance = np.hypot(places[:, None, 0] - places[None, :, 0], places[:, None, 1] - places[None, :, 1])
    near = np.exp(-((distance / 1300.0) ** 2))
    smooth = near @ random.normal(0.0, 1.0, len(areas)) / np.sqrt((near**2).sum(axis=1))
    raw = raw + 0.4 * smooth + random.normal(0.0, 0.2, len(areas))
    raw = (raw - raw.mean()) / raw.std()
    return np.round(raw, 6)


def _noise(areas, land, streets, addresses):
    """Return how loud an area is: the standardised share of addresses near railways and main roads."""
    loud = prep(
        unary_union(
            [line.buffer(130.0, 3) for _name, _kind, line in land.railways]
            + [street.line.buffer(30.0, 3) for street in streets if street.kind == "Hauptstraße"]
        )
    )
    near, count = dict.fromkeys([area.number for area in areas], 0), dict.fromkeys([area.number for area in areas], 0)
    for address in addresses:
        count[address.area] += 1
        near[address.area] += loud.contains(Point(address.x, address.y))
    share = np.array([near[area.number] / count[area.number] for area in areas])
    return np.round((share - share.mean()) / share.std(), 6)


def make_indicators(areas, land, streets, addresses, people, need):
    """Return {number: array (area × year)} of exact values; departments round and spoil them later."""
    years = np.arange(len(YEARS), dtype=float) - (len(YEARS) - 1)
    random = random_state("indicators")
    drift = random.normal(0.0, 0.014, len(areas))
    drift[[place for place, area in enumerate(areas) if area.name in ("Nordmarkt", "Kanalviertel", "Ostheim")]] += 0.035
    drift[[place for place, area in enumerate(areas) if area.name in ("Zechenfeld", "Altstadt", "Westend")]] -= 0.045
    wobble = random.normal(0.0, 0.05, (len(areas), len(years)))
    for step in range(1, len(years)):
        wobble[:, step] = 0.7 * wobble[:, step - 1] + 0.7 * wobble[:, step]
    latent = need[:, None] + drift[:, None] * years[None, :] + wobble
    loud = _noise(areas, land, streets, addresses)
    children = people[:, :, :5].sum(axis=2).astype(float)
    green = np.array(
        [sum(land.blocks[block].area for block in area.blocks if land.block_green[block] is not None) for area in areas]
    )
    values = {}
    for indicator in CATALOGUE:
        own = random.normal(0.0, 0.34 * abs(indicator.slope) + 0.3 * indicator.noise, len(areas))
        noise = random.normal(0.0, indicator.noise * 0.7, latent.shape)
        linear = indicator.level + indicator.slope * latent + indicator.trend * years[None, :] + own[:, None] + noise
        if indicator.number == "2.3":
            linear = (
                linear + 0.9 * np.exp(-(((years - (-9.7)) / 0.8) ** 2)) + 0.8 * np.exp(-(((years - (-3.0)) / 0.7) ** 2))
            )
        if indicator.number == "5.3":
            linear = linear + 0.42 * loud[:, None]
        if indicator.form == "logit":
            result = 100.0 / (1.0 + np.exp(-linear))
        elif indicator.form == "log":
            result = np.exp(linear)
        elif indicator.form == "green":
            base = 0.035 * np.array([area.geometry.area for area in areas]) + 0.6 * green
            result = base[:, None] / np.maximum(children, 25.0) * (1.0 + noise) * (1.0 + 0.004 * (years + 13.0))
        else:
            result = linear
        values[indicator.number] = np.round(result, 6)
    return values
