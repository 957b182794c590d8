"""What could go into the tree: indicators of the catalogue that are not in it, and columns that nothing uses."""
from __future__ import annotations

import re
from dataclasses import dataclass

from ....core.area_cases import DENOMINATOR, FEW, NUMERATOR
from ....core.recipe_editing import entry_at, is_leaf, paths
from ....translation import tr
from ..properties.offers import numeric_columns

#: endings of the columns beside an indicator: of joined tables, and of indicators from counts (`core.count_table`)
_PARTS = ("_z", "_n", NUMERATOR, DENOMINATOR, FEW, "_unten", "_oben", "_roh", "_gewicht", "_vk")


@dataclass(frozen=True)
class PoolEntry:
    """An indicator that can be added.

    Attributes
    ----------
    group, title : str
    indicator : dict
        As `core.recipe_editing.with_indicator` takes it.
    reason : str
        Why it cannot be added, "" where it can.
    tip : str
    """

    group: str
    title: str
    indicator: dict
    reason: str = ""
    tip: str = ""


def pool_entries(session) -> list[PoolEntry]:
    """Return the catalogue's indicators that are not in the tree, then the columns that no indicator reads."""
    if not session.is_open:
        return []
    document, columns = session.document, [str(name) for name in session.frame.columns]
    aliases = _aliases(session)
    used = _used(document)
    found, offered = [], set()
    for entry in session.catalogue.entries if session.catalogue is not None else ():
        template = column_of(entry, document, columns, aliases, session.year)
        if any(each.get("catalogue") == entry.number for each in used):
            offered.add(template)
            continue
        if template is not None and template in {each.get("column") or each["id"] for each in used}:
            continue
        offered.add(template)
        found.append(_of_catalogue(session, entry, template))
    taken = {each.get("column") or each["id"] for each in document["indicators"]} | offered
    return found + _columns(session, {name for name in taken if name}, aliases)


def _used(document: dict) -> list[dict]:
    names = {entry_at(document, path)["indicator"] for path in paths(document) if is_leaf(entry_at(document, path))}
    return [each for each in document["indicators"] if each["id"] in names]


def _of_catalogue(session, entry, template: str | None) -> PoolEntry:
    dimension = session.catalogue.dimension_of(entry)
    group = dimension.label if dimension is not None else tr("Without dimension")
    lines = [entry.label, entry.statement or entry.question]
    reason = ""
    if template is None:
        reason = tr("There are no data yet, says the catalogue.") if entry.data == "none" else tr(
            "The layer has no column for it; it would be called {column}.",
            column=guessed_names(entry.number, session.year)[0])
    else:
        lines.append(tr("Column {column}", column=template.replace("{year}", str(session.year or ""))))
    if entry.high_is == "neutral":
        lines.append(tr("The catalogue gives no direction; check it after adding."))
    indicator = {
        "id": "k" + re.sub(r"\W+", "_", entry.number), "title": entry.label, "column": template, "unit": entry.unit,
        "high_is": entry.high_is if entry.high_is in ("favourable", "unfavourable") else "unfavourable",
        "catalogue": entry.number,
    }
    return PoolEntry(group, entry.label, {name: value for name, value in indicator.items() if value}, reason,
                     "\n".join(line for line in (*lines, reason) if line))


def column_of(entry, document: dict, columns: list[str], aliases: dict[str, str], year) -> str | None:
    """Return the column of a catalogue's indicator as the recipe writes it, None where the layer has none.

    Looked for are the column that the recipe knows for it, the usual names made of its number, and a field whose alias
    is its name.
    """
    known = [each.get("column") or each["id"] for each in document["indicators"]
             if each.get("catalogue") == entry.number]
    folded = {name.casefold(): name for name in columns}
    for wanted in [*known, *guessed_names(entry.number, None)]:
        if "{year}" in wanted and document.get("year") is None:
            continue
        if wanted.replace("{year}", str(year or "")).casefold() in folded:
            return wanted if "{year}" in wanted else folded[wanted.casefold()]
    names = {entry.name.casefold(), entry.label.casefold()}
    return next((name for name, alias in aliases.items() if alias.casefold() in names and name in columns), None)


def guessed_names(number: str, year) -> list[str]:
    """Return the usual names of an indicator's column: k3_3_2025, k3_3, 3_3 …"""
    plain = re.sub(r"\W+", "_", number)
    found = [f"k{plain}_{{year}}", f"{plain}_{{year}}", f"k{plain}", plain]
    return [name.replace("{year}", str(year)) if year else name for name in found]


def _columns(session, taken: set[str], aliases: dict[str, str]) -> list[PoolEntry]:
    """Return the columns with numbers that no indicator reads; those of several years stand once."""
    document, year = session.document, session.year
    years = [str(each) for each in session.years]
    special = {document.get("population"), document.get("area_key"),
               *(each.get("column") for each in document.get("exclusions") or [])}
    found = {}
    for name in numeric_columns(session.frame):
        template = name
        if document.get("year") is not None:
            template = next((name.replace(each, "{year}") for each in years if each in name), name)
        if template in taken or name in taken or name in special or name == "fid":
            continue
        if template != name and template.replace("{year}", str(year)) not in session.frame.columns:
            template = name
        found.setdefault(template, aliases.get(name) or name)
    entries, numbers = [], []
    for template, title in found.items():
        shown = template.replace("{year}", str(year or ""))
        indicator = {"title": _plain(aliases.get(shown) or title, years), "column": template}
        name, tip = aliases.get(shown) or shown, tr("Column {column}", column=shown)
        if is_number_of_cases(session.frame, shown):
            why = tr("It belongs to an indicator or counts people or cases; indices are made of shares and rates.")
            tip = f"{tip}\n{why}"
            numbers.append(PoolEntry(numbers_group(), name, indicator, tip=tip))
        else:
            entries.append(PoolEntry(tr("Columns of the layer"), name, indicator, tip=tip))
    return entries + numbers


def numbers_group() -> str:
    """Return the heading of the columns that hold numbers of people or cases, or belong to an indicator."""
    return tr("Numerators, denominators and other numbers")


def is_number_of_cases(frame, column: str) -> bool:
    """Say whether a column belongs to another one, as its denominator does, or counts: whole numbers beyond 100."""
    names = {str(name) for name in frame.columns}
    if any(column.endswith(ending) and column[:-len(ending)] in names for ending in _PARTS):
        return True
    values = frame[column].dropna()
    return bool(len(values)) and bool((values >= 0).all()) and bool((values % 1 == 0).all()) \
        and float(values.max()) > 100


def _plain(title: str, years: list[str]) -> str:
    """Return a column's name without the year at its end."""
    for year in years:
        title = re.sub(rf"[\s_-]*{year}$", "", title)
    return title


def _aliases(session) -> dict[str, str]:
    layer = session.layer()
    return {field.name(): field.alias() for field in layer.fields() if field.alias()} if layer is not None else {}
