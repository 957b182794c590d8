"""Some 250 services with addresses as people type them, and the truth beside them."""

from __future__ import annotations

import re

import numpy as np

from .geometry import random_state

TYPES = (  # kind, number, target group, places (least, most), what draws them: age groups
    ("Kita", 78, "Kinder unter 6 Jahren", (45, 120), (0, 1)),
    ("Familienzentrum", 16, "Familien", (60, 140), (0, 1)),
    ("Jugendtreff", 24, "Jugendliche von 10 bis 17 Jahren", (25, 90), (3, 4)),
    ("Beratungsstelle", 20, "Familien und Alleinerziehende", (8, 30), (6, 7)),
    ("Kinderarzt", 17, "Kinder unter 15 Jahren", (900, 1600), (0, 1, 2, 3)),
    ("Sportverein", 34, "alle", (80, 600), (2, 3, 4, 5)),
    ("Bibliothek", 8, "alle", (40, 200), (6, 7)),
    ("Spielplatzbetreuung", 14, "Kinder von 6 bis 14 Jahren", (20, 60), (2, 3)),
    ("Seniorentreff", 18, "Menschen ab 65 Jahren", (20, 70), (8, 9)),
    ("Sprachcafé", 11, "Zugewanderte", (15, 40), (5, 6)),
    ("Musikschule", 6, "Kinder und Jugendliche", (60, 220), (2, 3)),
    ("Hausaufgabenhilfe", 6, "Kinder von 6 bis 14 Jahren", (12, 36), (2, 3)),
)
WORDS = (
    "Sonnenschein",
    "Regenbogen",
    "Kunterbunt",
    "Pusteblume",
    "Wirbelwind",
    "Villa Kinderlachen",
    "Sterntaler",
    "Löwenzahn",
    "Spatzennest",
    "Arche",
    "Brücke",
    "Treffpunkt",
    "Lichtblick",
    "Ankerplatz",
    "Kompass",
    "Miteinander",
)
OLD_NAMES = 6
FAULTS = (  # fault, how many offers bear it
    ("strasse_abgekuerzt", 26),
    ("ss_statt_ß", 8),
    ("umlaut_ausgeschrieben", 8),
    ("tippfehler", 9),
    ("hausnummer_fehlt", 6),
    ("hausnummernbereich", 7),
    ("zusatz_mit_leerzeichen", 6),
    ("falsche_plz", 7),
    ("alter_strassenname", 6),
    ("postfach", 3),
    ("stockwerk_angehaengt", 7),
    ("nummer_in_strasse", 6),
    ("grossschreibung", 4),
    ("leerzeichen", 5),
)
HEADER = ["Nr.", "Angebotsart", "Name der Einrichtung", "Straße", "Hausnummer", "PLZ", "Ort", "Plätze", "Zielgruppe"]
TRUTH_HEADER = ["Nr.", "adresse_id", "gebiet_nr", "x", "y", "fehler"]


def make_offers(city):
    """Return (offer rows, truth rows, renamed streets), each with a header row."""
    random = random_state("offers")
    by_area = {}
    for address in city.addresses:
        by_area.setdefault(address.area, []).append(address)
    taken, offers = set(), []
    for kind, number, target, (least, most), groups in TYPES:
        draw = city.people[:, -1, list(groups)].sum(axis=1).astype(float)
        slope = {
            "Kinderarzt": -0.9,
            "Musikschule": -0.5,
            "Sportverein": -0.3,
            "Beratungsstelle": 0.5,
            "Sprachcafé": 0.6,
        }
        draw = draw * np.exp(slope.get(kind, -0.12) * city.need)
        draw[[place for place, area in enumerate(city.areas) if area.kind == "industry"]] = 0.0
        share = np.cumsum(draw / draw.sum())
        for count in range(number):
            area = city.areas[int(np.searchsorted(share, random.uniform()))]
            free = [address for address in by_area[area.number] if address.number not in taken]
            address = free[random.randint(len(free))]
            taken.add(address.number)
            places = int(np.round(random.uniform(least, most) / 5.0) * 5)
            offers.append((kind, _title(kind, area, count, random), target, places, address))
    order = random.permutation(len(offers))
    offers = [offers[place] for place in order]
    renamed = _renamed(offers, random)
    assigned = _assign(offers, renamed, random)
    rows, truth = [HEADER], [TRUTH_HEADER]
    for number, (kind, title, target, places, address) in enumerate(offers, start=1):
        fault = assigned.get(number - 1, "")
        street, house, postcode = _typed(address, fault, renamed, random)
        house = int(house) if house and house.isdigit() else house  # as a spreadsheet turns it
        rows.append([number, kind, title, street, house, int(postcode), "Musterstadt", places, target])
        if fault == "postfach":
            truth.append([str(number), "", "", "", "", fault])
        else:
            truth.append(
                [str(number), str(address.number), address.area, f"{address.x:.2f}", f"{address.y:.2f}", fault]
            )
    renamed_rows = [["alter_name", "neuer_name", "umbenannt"]]
    renamed_rows += [[old, new, str(1998 + 4 * place)] for place, (new, old) in enumerate(sorted(renamed.items()))]
    return rows, truth, renamed_rows


def _title(kind, area, count, random):
    word = WORDS[random.randint(len(WORDS))]
    forms = {
        "Kita": f"Kita {word}",
        "Familienzentrum": f"Familienzentrum {area.name}",
        "Jugendtreff": f"Jugendtreff {area.name}",
        "Beratungsstelle": f"Beratungsstelle {word}",
        "Kinderarzt": f"Kinderarztpraxis {area.name}",
        "Sportverein": f"SV {area.district_name} {1900 + (count * 7) % 90}",
        "Bibliothek": f"Stadtteilbibliothek {area.name}",
        "Spielplatzbetreuung": f"Spielmobil {area.name}",
        "Seniorentreff": f"Begegnungsstätte {word}",
        "Sprachcafé": f"Sprachcafé {area.name}",
        "Musikschule": f"Musikschule {area.district_name}",
        "Hausaufgabenhilfe": f"Lernzeit {area.name}",
    }
    return forms[kind]


def _renamed(offers, random):
    """Return {street: its former name} for some streets that carry offers."""
    old = ["Kaiserstraße", "Wilhelmsallee", "Rathenaustraße", "Bismarckweg", "Sedanstraße", "Moltkestraße"]
    streets = sorted({offer[4].street for offer in offers if offer[4].street.endswith(("straße", "weg", "allee"))})
    chosen = [streets[place] for place in random.permutation(len(streets))[:OLD_NAMES]]
    return dict(zip(sorted(chosen), old))


def _fits(fault, address, renamed):
    street = address.street
    if fault == "strasse_abgekuerzt":
        return "straße" in street.lower()
    if fault == "ss_statt_ß":
        return "ß" in street
    if fault == "umlaut_ausgeschrieben":
        return bool(re.search("[äöüÄÖÜ]", street))
    if fault == "alter_strassenname":
        return street in renamed
    if fault == "zusatz_mit_leerzeichen":
        return bool(address.suffix)
    if fault == "hausnummernbereich":
        return not address.suffix
    return len(street) > 7


def _assign(offers, renamed, random):
    """Return {place of the offer: fault}; rare conditions are served first."""
    first = ("alter_strassenname", "zusatz_mit_leerzeichen", "umlaut_ausgeschrieben")
    assigned = {}
    for fault, number in sorted(FAULTS, key=lambda entry: entry[0] not in first):
        free = [
            place
            for place in random.permutation(len(offers))
            if place not in assigned and _fits(fault, offers[place][4], renamed)
        ]
        for place in free[:number]:
            assigned[int(place)] = fault
    return assigned


def _typed(address, fault, renamed, random):
    """Return street, house number and postcode as typed."""
    street, house, postcode = address.street, f"{address.house}{address.suffix}", address.postcode
    if fault == "strasse_abgekuerzt":
        short = "str." if random.uniform() < 0.7 else "str"
        street = street.replace("straße", short).replace("Straße", short.capitalize())
    elif fault == "ss_statt_ß":
        street = street.replace("ß", "ss")
    elif fault == "umlaut_ausgeschrieben":
        for letter, pair in zip("äöüÄÖÜ", ("ae", "oe", "ue", "Ae", "Oe", "Ue")):
            street = street.replace(letter, pair)
    elif fault == "tippfehler":
        place = random.randint(1, 5)
        swapped = street[:place] + street[place + 1] + street[place] + street[place + 2 :]
        street = swapped if swapped != street else street[:place] + street[place + 1 :]
    elif fault == "hausnummer_fehlt":
        house = None
    elif fault == "hausnummernbereich":
        house = f"{address.house}{'-' if random.uniform() < 0.6 else '–'}{address.house + 2}"
    elif fault == "zusatz_mit_leerzeichen":
        house = f"{address.house} {address.suffix.upper() if random.uniform() < 0.4 else address.suffix}"
    elif fault == "falsche_plz":
        postcode = str(int(postcode) + (4 if random.uniform() < 0.5 else 10))
    elif fault == "alter_strassenname":
        street = renamed[street]
    elif fault == "postfach":
        street, house = f"Postfach {random.randint(10, 99)} {random.randint(10, 99)} {random.randint(10, 99)}", None
    elif fault == "stockwerk_angehaengt":
        house = house + [", 2. OG", " EG", " (Hinterhaus)", ", 1. Etage links"][random.randint(4)]
    elif fault == "nummer_in_strasse":
        street, house = f"{street} {house}", None
    elif fault == "grossschreibung":
        street = street.upper()
    elif fault == "leerzeichen":
        street = f" {street}  "
    return street, house, postcode
