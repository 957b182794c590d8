"""Write the page of results, German and English: ``python3 -m tests.address_faults.publish``.

Needs the real data (TEILHABE_DATA or ../shared/data/berlin). The lists are seeded, so the same program gives the same
page.
"""
from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

from tests.address_faults import cities
from tests.address_faults.judging import CLAIMED, GRADE_NAMES, recall, wrong_per_10000
from tests.address_faults.kinds import KINDS
from tests.address_faults.page_texts import FAULTS, GRADES, TEXTS
from tests.address_faults.proof import Proof

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("TEILHABE_DATA") or ROOT.parent / "shared" / "data" / "berlin")
SEED, ROWS, ROWS_MIXED = 2026, 2_500, 1_000


def main() -> None:
    """Judge the lists of three cities and write both pages."""
    makers = {"sample": cities.sample_city, "berlin": lambda: cities.berlin_city(DATA),
              "essen": lambda: cities.essen_city(DATA)}
    single, mixed = {}, {}
    for name, make in makers.items():
        proof = Proof(make())
        single[name] = proof.judged(ROWS, SEED)
        mixed[name] = proof.judged(ROWS_MIXED, SEED, faults=3)
    for language in ("de", "en"):
        page = ROOT / "resources" / "help" / language / "geocoding_proof.html"
        page.write_text(_page(language, single, mixed), encoding="utf-8")
        print(page)


def _page(language, single, mixed) -> str:
    words = TEXTS[language]
    number = _german if language == "de" else _english
    return words["page"].format(
        rows=number(sum(map(len, single.values())), 0),
        cities=_cities(words, number, single), mixed=_cities(words, number, mixed),
        grades=_grades(language, number, pd.concat(single.values())),
        faults=_faults(language, number, single))


def _cities(words, number, judged) -> str:
    lines = [words["city_head"]]
    for name, table in judged.items():
        sure, decided = table[table["verdict"] == "sure"], table[table["verdict"] != "another"]
        claimed = decided[decided["grade"] <= CLAIMED]
        lines.append((words[name], number(len(table), 0), number(len(sure), 0), number(100 * recall(table), 2),
                      number(len(claimed), 0), number(claimed["wrong"].sum(), 0), number(wrong_per_10000(table), 1),
                      number(decided["false sure"].sum(), 0), number(len(table) - len(decided), 0)))
    return _html(lines)


def _grades(language, number, table) -> str:
    lines = [TEXTS[language]["grade_head"]]
    decided = table[table["verdict"] != "another"]
    for grade in GRADE_NAMES:
        part = decided[decided["grade"] == grade]
        sure = part[part["verdict"] == "sure"]
        wrong = part["wrong"].sum() if grade <= CLAIMED else part["false sure"].sum()
        right = number(100 * sure["right"].mean(), 2) if len(sure) else "–"
        per = number(10_000 * wrong / len(part), 1) if len(part) else "–"
        lines.append((GRADES[language][grade], number(len(part), 0), right, number(wrong, 0), per))
    return _html(lines)


def _faults(language, number, judged) -> str:
    lines = [TEXTS[language]["fault_head"]]
    for kind in KINDS:
        cells = []
        for table in judged.values():
            part = table[(table["fault"] == kind) & (table["verdict"] != "another")]
            sure = part[part["verdict"] == "sure"]
            cells.append(number(100 * sure["right"].mean(), 1) if len(sure) else
                         TEXTS[language]["silent"].format(n=number(100 * (part["grade"] >= 6).mean(), 1))
                         if len(part) else "–")
            cells.append(number(part["wrong"].sum(), 0) if len(part) else "–")
        lines.append((FAULTS[kind][language == "en"], *cells))
    return _html(lines)


def _html(lines) -> str:
    def row(cells, tag):
        return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"
    return "\n".join(["<table>", row(lines[0], "th"), *(row(line, "td") for line in lines[1:]), "</table>"])


def _english(value, digits) -> str:
    return f"{float(value):,.{digits}f}"


def _german(value, digits) -> str:
    return _english(value, digits).translate(str.maketrans({",": ".", ".": ","}))


if __name__ == "__main__":
    main()
