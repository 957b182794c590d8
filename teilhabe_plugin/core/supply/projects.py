"""Measures and projects as offers of their own kind: period, state, and the areas they are for."""
from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from ..addresses.street_names import fold_place
from ..messages import mark

PLANNED, RUNNING, ENDED, UNKNOWN = "planned", "running", "ended", ""
#: words that state how far a measure is (folded)
_STATES = (
    (ENDED, ("beendet", "abgeschlossen", "ausgelaufen", "eingestellt", "ended", "closed", "finished", "completed")),
    (PLANNED, ("geplant", "planung", "vorbereitung", "beantragt", "planned", "vorgesehen", "idee", "konzept")),
    (RUNNING, ("laeuft", "laufend", "aktiv", "durchfuehrung", "umsetzung", "running", "active", "ongoing", "besteht")),
)
STATE_TITLES = {PLANNED: mark("planned"), RUNNING: mark("running"), ENDED: mark("ended")}

_DAY, _MONTH, _YEAR = r"(\d{1,2})\.(\d{1,2})\.(\d{4})", r"(\d{1,2})[./](\d{4})", r"(\d{4})"
_ISO = r"(\d{4})-(\d{2})-(\d{2})"


@dataclass(frozen=True)
class ProjectColumns:
    """Which columns tell what about a measure; "" for what the list does not tell."""

    id: str = ""
    name: str = ""
    kind: str = ""
    target: str = ""
    field: str = ""
    capacity: str = ""
    areas: str = ""
    begin: str = ""
    end: str = ""
    period: str = ""
    body: str = ""
    state: str = ""


_WORDS = {
    "name": ("massnahme", "projekt", "titel", "namedermassnahme", "projekttitel", "name", "bezeichnung", "title"),
    "id": ("nr", "id", "kennung", "lfdnr"),
    "kind": ("art", "typ", "massnahmenart", "projektart", "kategorie", "type", "kind"),
    "target": ("zielgruppe", "zielgruppen", "targetgroup"),
    "field": ("handlungsfeld", "fieldofaction", "themenfeld", "feld"),
    "capacity": ("plaetze", "teilnehmende", "platzzahl", "kapazitaet", "capacity", "places"),
    "areas": ("gebiete", "gebiet", "gebietnr", "gebietsnr", "gebietsschluessel", "sozialraum", "planungsraum", "raum",
              "areas", "area"),
    "begin": ("beginn", "von", "start", "ab", "begin"),
    "end": ("ende", "bis", "end"),
    "period": ("zeitraum", "laufzeit", "period"),
    "body": ("traeger", "verantwortlich", "verantwortlichestelle", "zustaendig", "federfuehrung", "amt",
             "responsiblebody", "body"),
    "state": ("stand", "status", "zustand", "state", "umsetzungsstand"),
}


def guess_project_columns(columns) -> ProjectColumns:
    """Return which of the columns tell what, by their names; a column is used once."""
    folded, taken, found = {str(column): fold_place(str(column)) for column in columns}, set(), {}
    for role, words in _WORDS.items():
        match = next((name for word in words for name, text in folded.items() if text == word and name not in taken),
                     None)
        if match is not None:
            found[role] = match
            taken.add(match)
    return ProjectColumns(**found)


def read_day(text: str, last: bool = False) -> date | None:
    """Return the day of ``31.12.2025``, ``2025-12-31``, ``12.2025`` or ``2025``, None when it is none of them.

    Parameters
    ----------
    text : str
    last : bool
        Whether a month or a year stands for its last day, as the end of a period does.
    """
    text = re.sub(r"\.0$", "", str(text).strip())[:10]
    try:
        if found := re.fullmatch(_DAY, text):
            return date(int(found[3]), int(found[2]), int(found[1]))
        if found := re.fullmatch(_ISO, text):
            return date(*map(int, found.groups()))
        if found := re.fullmatch(_MONTH, text):
            month, year = int(found[1]), int(found[2])
            return date(year, month, calendar.monthrange(year, month)[1] if last else 1)
        if found := re.fullmatch(_YEAR, text):
            return date(int(found[1]), 12, 31) if last else date(int(found[1]), 1, 1)
    except (ValueError, calendar.IllegalMonthError):
        return None
    return None


def read_period(begin: str, end: str, period: str = "") -> tuple[date | None, date | None]:
    """Return first and last day of a measure, None where they are open or cannot be read.

    Examples
    --------
    >>> read_period("", "", "03.2024 – 2026")
    (datetime.date(2024, 3, 1), datetime.date(2026, 12, 31))
    """
    if period and not (begin or end):
        parts = re.split(r"\s*(?:–|—|\bbis\b|\bto\b|\s-\s|(?<=\d{4})-(?=\d{4}$))\s*", period.strip())
        begin, end = (parts[0], parts[1]) if len(parts) == 2 else (parts[0], parts[0]) if parts else ("", "")
        begin = re.sub(r"^(ab|seit|since|from)\s+", "", begin)
        end = "" if re.match(r"^(ab|seit|since|from)\s", period.strip()) else end
    return read_day(begin), read_day(end, last=True)


def state_of(stated: str, begin: date | None, end: date | None, day: date) -> str:
    """Return how far a measure is on a day: as stated, else by its period, `UNKNOWN` when neither tells."""
    folded = fold_place(stated)
    if folded:
        for state, words in _STATES:
            if any(word in folded for word in words):
                return state
    if begin is None and end is None:
        return UNKNOWN
    if begin is not None and begin > day:
        return PLANNED
    return ENDED if end is not None and end < day else RUNNING


def area_references(text: str) -> list[str]:
    """Return the areas a text names: keys or names, separated by comma, semicolon, slash or “und”."""
    parts = re.split(r"\s*(?:[,;/\n]|\bund\b|\band\b)\s*", str(text).strip())
    return [re.sub(r"\.0$", "", part) for part in parts if part]


class AreaFinder:
    """Finds areas by key, with or without leading zeros, or by a name that only one area bears."""

    def __init__(self, keys, names):
        self.by_key = {str(key).strip(): i for i, key in enumerate(keys)}
        self.by_number, self.by_name = {}, {}
        for i, key in enumerate(keys):
            self._note(self.by_number, str(key).strip().lstrip("0"), i)
        for i, name in enumerate(names if names is not None else ()):
            self._note(self.by_name, fold_place(str(name)), i)

    @staticmethod
    def _note(table, text, position):
        table[text] = -1 if text in table else position

    def position(self, text: str) -> int:
        """Return the position of the area, -1 for none or several."""
        text = text.strip()
        if text in self.by_key:
            return self.by_key[text]
        found = self.by_number.get(text.lstrip("0"), -1) if text.isdigit() else -1
        return found if found >= 0 else self.by_name.get(fold_place(text), -1)
