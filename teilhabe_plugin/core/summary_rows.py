"""Rows that are no areas: totals, larger units, footnotes."""

from __future__ import annotations

import re

from .area_keys import Areas, canonical, fold_name

TOTAL, GROUP, FOOTNOTE, SET_ASIDE = "total", "group", "footnote", "set_aside"

_TOTAL = re.compile(
    r"\s*(?:stadt\s+)?(?:gesamt(?:stadt|summe|wert|ergebnis)?|insgesamt|summe|total|zusammen|alle\s+(?:gebiete|räume|planungsräume"
    r"|sozialräume|bezirke|ortsteile)|durchschnitt|mittelwert|median)\b.*|.*\b(?:insgesamt|gesamt|zusammen)\s*:?\s*",
    re.IGNORECASE | re.DOTALL,
)
_GROUP = re.compile(
    r"\s*(?:stadt|kreisfreie stadt|landeshauptstadt|landkreis|kreis|land|bundesland|bezirk|stadtbezirk|"
    r"stadtteil|stadtgebiet|ortsteil|region|bezirksregion|prognoseraum|außenbezirke|innenstadt|"
    r"deutschland|nrw|bund)(?:[\s:–-]+\S.*)?\s*",
    re.IGNORECASE | re.DOTALL,
)
_FOOTNOTE = re.compile(
    r"\s*(?:\d{1,2}\)|[*¹²³⁴⁵#†]|\[\d\]|_{3,}|-{3,}|(?:quelle|stand|stichtag|anmerkung|hinweis|erläuterung|"
    r"datenstand|datenquelle|legende|fußnote|bearbeitung|herausgeber|lizenz|zeichenerklärung|©)\b)",
    re.IGNORECASE,
)


def summary_kind(value: str, name: str, cells_filled: int, areas: Areas) -> tuple[str, str]:
    """Say what a row that matches no area stands for.

    Parameters
    ----------
    value : str
        The row's key, "" when empty.
    name : str
        The row's name, "" when empty or unknown.
    cells_filled : int
        How many of the row's cells hold something.
    areas : Areas

    Returns
    -------
    kind : str
        ``"total"``, ``"group"``, ``"footnote"`` or "" when the row should have been an area.
    label : str
        What stands in the row.
    """
    for text in (value, name):
        if not text:
            continue
        if cells_filled == 1 and (_FOOTNOTE.match(text) or len(text) > 40):
            return FOOTNOTE, text
        if _TOTAL.fullmatch(text):
            return TOTAL, text
        if fold_name(text) in areas.folded_groups or _GROUP.fullmatch(text):
            return GROUP, text
    if value and _is_prefix(value, areas):
        return GROUP, f"{value} {name}".strip()
    return "", ""


def _is_prefix(value, areas) -> bool:
    """Is the key the beginning of several area keys, as the key of a district is?"""
    text = "".join(value.split())
    if canonical(text) in areas.by_canonical:
        return False
    candidates = [text, "0" + text]
    stem = text.rstrip("0")
    if len(stem) < len(text) - 1:
        candidates += [stem, stem + "0", "0" + stem]
    return any(candidate in areas.prefixes for candidate in candidates)
