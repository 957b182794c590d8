"""What is wrong on purpose in the departments' tables: one list, read by the writers, the README and the tests."""

from __future__ import annotations

# soziales_sgb2.xlsx: (area key, indicator, year) -> sign in place of the number; "( )" puts the number in brackets
SIGNS = {
    ("0401", "1.1", 2025): ".",
    ("0401", "1.2", 2025): "x",
    ("0401", "1.3", 2025): "/",
    ("0401", "1.1", 2024): "–",
    ("0401", "1.2", 2024): ".",
    ("0401", "1.2", 2013): ".",
    ("1002", "1.2", 2025): "/",
    ("0701", "1.2", 2024): "/",
    ("1601", "1.2", 2025): "…",
    ("1301", "1.1", 2025): "( )",
    ("1801", "1.2", 2025): "( )",
    ("0302", "1.3", 2012): "…",
}
SIGN_MEANINGS = (
    ("–", "nichts vorhanden"),
    (".", "Zahlenwert unbekannt oder geheim zu halten"),
    ("/", "Zahlenwert nicht sicher genug"),
    ("x", "Tabellenfach gesperrt, weil Aussage nicht sinnvoll"),
    ("…", "Angabe fällt später an"),
    ("( )", "Aussagewert eingeschränkt, da der Zahlenwert statistisch relativ unsicher ist"),
)
# gesundheitsamt_faelle.csv
TRAILING_BLANK = {("0501", 2025), ("0501", 2024), ("1202", 2025)}  # "0501 "
FLOAT_KEY = {("1101", 2025), ("1703", 2025), ("0802", 2020)}  # "1101.0", "802.0"
MISSING_YEAR = ("1602", 2025)  # no row at all
DUPLICATE = ("0602", "3.1", 2025)  # the same row twice
UNKNOWN = ("4711", "3.3", 2025, 5, 41)  # key that no area has
# umwelt_wohnen.csv: these areas stand there with their name instead of their key
NAMED = ("0101", "0104", "0501", "0902", "1102", "1302", "1502", "1702", "1803")
