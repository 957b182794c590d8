"""Rules that leave areas out and larger areas, between the recipe's JSON values and the rows of a table."""
from __future__ import annotations

import re

from ....translation import language, tr

MINIMUM, FLAG, AREAS = "minimum", "flag", "areas"


def kinds() -> tuple[tuple[str, str], ...]:
    """Return type and words of the rules."""
    return (MINIMUM, tr("below a least number")), (FLAG, tr("with one of the values")), (AREAS, tr("these areas"))


def as_text(value) -> str:
    """Return a value as text, a number with the decimal sign of the language; None as ""."""
    if value is None:
        return ""
    if isinstance(value, float):
        text = f"{value:.12g}"
        return text.replace(".", ",") if language() == "de" else text
    return str(value)


def value_text(rule: dict) -> str:
    """Return what a rule compares with, several values set apart by semicolons."""
    if rule.get("type") == MINIMUM:
        return as_text(rule.get("value"))
    return "; ".join(as_text(each) for each in rule.get("values") or ())


def rules_from(rows: list[tuple[str, str, str, str]], columns: list[str]) -> tuple[list[dict], str]:
    """Return the rules of a table, and what is wrong with the first faulty one.

    Parameters
    ----------
    rows : list of (type, column, values, reason)
    columns : list of str
        Those of the layer.
    """
    rules = []
    for number, (kind, column, values, reason) in enumerate(rows, 1):
        if kind != AREAS and column not in columns:
            return rules, tr("Rule {n}: the layer has no column “{column}”.", n=number, column=column)
        if not reason:
            return rules, tr("Rule {n}: give the reason; it stands in the legend.", n=number)
        if kind == MINIMUM:
            value = _number(values)
            if value is None:
                return rules, tr("Rule {n}: a number is expected.", n=number)
            rules.append({"type": kind, "column": column, "value": value, "reason": reason})
            continue
        listed = [each.strip() for each in values.split(";") if each.strip()]
        if not listed:
            return rules, tr("Rule {n}: give one value at least.", n=number)
        rules.append({"type": kind, **({"column": column} if kind == FLAG else {}), "values": listed,
                      "reason": reason})
    return rules, ""


def parents_from(rows: list[tuple[str, str, str, str]], columns: list[str]) -> tuple[list[dict], str]:
    """Return the larger areas of a table, and what is wrong with the first faulty one.

    Parameters
    ----------
    rows : list of (id, title, column with the key, column with the name)
        The id may be empty: it is made from the title.
    columns : list of str
        Those of the layer.
    """
    found, taken = [], {"stadt"}
    for number, (identifier, title, column, name) in enumerate(rows, 1):
        if not title:
            return found, tr("Row {n}: give a name.", n=number)
        for each in filter(None, (column, name)):
            if each not in columns:
                return found, tr("Row {n}: the layer has no column “{column}”.", n=number, column=each)
        if not column:
            return found, tr("Row {n}: choose the column with the key.", n=number)
        identifier = identifier or _free_id(title, taken)
        if identifier in taken:
            return found, tr("Row {n}: this larger area is there twice.", n=number)
        taken.add(identifier)
        found.append({"id": identifier, "title": title, "column": column, **({"name_column": name} if name else {})})
    return found, ""


def _number(text: str) -> float | int | None:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    if value != value or value in (float("inf"), float("-inf")):
        return None
    return int(value) if value == int(value) else value


def _free_id(title: str, taken: set[str]) -> str:
    wanted = re.sub(r"[^a-z0-9äöüß]+", "_", title.lower()).strip("_") or "ebene"
    wanted = wanted if wanted[0].isalpha() else f"ebene_{wanted}"
    number, found = 2, wanted
    while found in taken:
        found, number = f"{wanted}_{number}", number + 1
    return found
