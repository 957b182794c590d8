"""Measures and projects of the city, as a planning department lists them."""

from __future__ import annotations

HEADER = ["Nr.", "Maßnahme", "Handlungsfeld", "Gebiet", "Zielgruppe", "Beginn", "Ende", "Träger", "Stand", "Plätze"]
HEALTH, HOUSING, LIVELIHOOD = "Gesundheitsförderung", "Wohnen", "Existenzsicherung"
EDUCATION = "Bildung und Integration"
ROWS = (
    ("Frühe Hilfen im Quartier", HEALTH, "1402, 1501", "Familien mit Kindern unter 3 Jahren", "01.03.2024",
     "31.12.2027", "Gesundheitsamt", "läuft", 60),
    ("Zahngesund von Anfang an", HEALTH, "0701; 0702", "Kinder von 3 bis 6 Jahren", "01.08.2025", "31.07.2028",
     "Gesundheitsamt", "läuft", 240),
    ("Bewegte Pause", HEALTH, "1301", "Grundschulkinder", "01.02.2026", "31.07.2028", "Schulamt", "geplant", 180),
    ("Wohnungslotsinnen", HOUSING, "0101", "Haushalte in Wohnungsnot", "2025", "2027", "Sozialamt", "läuft", 40),
    ("Sanierung mit Mietbindung", HOUSING, "0902", "Mieterinnen und Mieter", "01.04.2026", "2030", "Stadtplanungsamt",
     "in Planung", None),
    ("Mobile Schuldnerberatung", LIVELIHOOD, "1002", "überschuldete Haushalte", "01.01.2023", "31.12.2025",
     "Diakonie Musterstadt", "", 90),
    ("Chance Arbeit", LIVELIHOOD, "Nordmarkt", "Langzeitarbeitslose", "2022", "2024", "Jobcenter", "abgeschlossen", 75),
    ("Sprachbrücke", EDUCATION, "Westend", "Zugewanderte", "01.09.2026", "", "Volkshochschule", "geplant", 45),
    ("Lesepaten", EDUCATION, "0103, 0104", "Grundschulkinder", "2021", "", "Bürgerstiftung", "läuft", 60),
    ("Elterncafé mit Deutschkurs", EDUCATION, "1101", "Eltern", "01.09.2024", "31.08.2026", "Familienzentrum", "läuft",
     24),
    ("Kampagne „Gesund groß werden“", HEALTH, "gesamte Stadt", "alle", "2025", "2026", "Gesundheitsamt", "läuft", None),
)


def project_rows():
    """Return the measures with a header row."""
    rows = ((number, *row) for number, row in enumerate(ROWS, 1))
    return [HEADER, *(["" if cell is None else str(cell) for cell in row] for row in rows)]
