"""The geocoding report as one HTML page: how sure the places are, what to correct, and what it all rests on."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from ..core.addresses.address_columns import AddressColumns
from ..core.addresses.geocoding import Geocoded, messages_in_words, reasons_by_kind, repairs_by_kind, to_correct
from ..core.addresses.grades import EXACT, GRADES, NONE, NORMALISED
from ..core.addresses.matching import MatchSettings
from ..core.addresses.register import AddressRegister
from ..core.addresses.work_list import given_addresses
from ..core.messages import Message
from ..translation import render, tr, translate
from .geocode_places import AREA_ONLY
from .offer_lists import OfferList
from .report_page import MAX_ROWS, render_page


@dataclass(frozen=True)
class ReportFacts:
    """What the report tells beside the rows.

    Attributes
    ----------
    notes : sequence of Message
    notice : str
        What was sent to an online service, "" when nothing was.
    dates : sequence of str
        Date of each register.
    synonyms, decisions, areas : str
        File or layer of each, "" for none.
    in_area : int
        Points that lie anywhere in their area.
    """

    notes: Sequence[Message] = ()
    notice: str = ""
    dates: Sequence[str] = ()
    synonyms: str = ""
    decisions: str = ""
    areas: str = ""
    in_area: int = 0
    candidates: Mapping[int, Sequence] = field(default_factory=dict)


def report_html(offers: OfferList, geocoded: Geocoded, registers: Sequence[AddressRegister], columns: AddressColumns,
                settings: MatchSettings, facts: ReportFacts, created: datetime | None = None) -> str:
    """Render the report in the user's language."""
    located, count = geocoded.located, len(geocoded)
    todo = to_correct(geocoded)
    hinted = ~todo & np.array([_is_told(said) for said in located.messages], dtype=bool)
    known = int((located.area != "").sum())
    return render_page(
        "geocode_report.html", created, title=offers.title, rows=count, located=int((located.grade < NONE).sum()),
        exact=geocoded.count(EXACT, NORMALISED), worklist=int(todo.sum()), by_hand=int(geocoded.by_hand.sum()),
        online=int(geocoded.online.sum()), notice=facts.notice, grades=_grades(geocoded),
        areas_known=known or None, areas_sure=int(((located.area != "") & located.area_sure.astype(bool)).sum()),
        in_area=facts.in_area, repairs=[(render(title), n) for title, n in repairs_by_kind(geocoded)],
        todo=_todo(offers, geocoded, columns, todo, facts.candidates), has_names=bool(columns.name),
        reasons=reasons_by_kind(geocoded, todo, render, (AREA_ONLY,)),
        hints=reasons_by_kind(geocoded, hinted, render, (AREA_ONLY,)),
        hinted=_hinted(offers, geocoded, columns, hinted), registers=_registers(registers, geocoded, facts.dates),
        columns=columns_text(columns), synonyms=facts.synonyms, decisions=facts.decisions, areas=facts.areas,
        rules=_rules(settings), notes=[render(note) for note in facts.notes])


def columns_text(columns: AddressColumns) -> str:
    """Return which column holds what, in words."""
    titles = {"address": tr("address in one column"), "street": tr("street"), "number": tr("house number"),
              "suffix": tr("addition"), "postcode": tr("postcode"), "place": tr("place"), "district": tr("district"),
              "name": tr("name")}
    return ", ".join(tr("{meaning}: “{column}”", meaning=title, column=getattr(columns, name))
                     for name, title in titles.items() if getattr(columns, name))


def _grades(geocoded: Geocoded) -> list[dict]:
    counts = np.bincount(geocoded.located.grade, minlength=NONE + 1)
    return [{"number": grade, "title": translate(title), "count": int(counts[grade]),
             "percent": 100 * counts[grade] / max(len(geocoded), 1)} for grade, (_, title) in sorted(GRADES.items())]


def _todo(offers, geocoded, columns, todo, candidates) -> list[dict]:
    """Return the rows to be corrected; those beyond what is printed are only counted."""
    rows = np.flatnonzero(todo)
    shown = rows[:MAX_ROWS]
    given = given_addresses(offers.frame.iloc[shown], columns)
    names = offers.frame[columns.name].iloc[shown] if columns.name else [""] * len(shown)
    reasons = messages_in_words(geocoded.located.messages[shown], render)
    made = []
    for row, address, name, reason in zip(shown.tolist(), given, names, reasons):
        found = candidates.get(row, ())
        made.append({"row": int(offers.rows[row]), "given": address[:300], "reason": reason,
                     "name": "" if name is None or name != name else str(name)[:200],
                     "grade": translate(GRADES[int(geocoded.located.grade[row])][1]),
                     "suggestion": found[0].text if found else ""})
    return made + [{}] * (len(rows) - len(shown))


def _is_told(said: tuple) -> bool:
    """Say whether a row has a message of its own."""
    return any(not isinstance(each, Message) or each.template != AREA_ONLY for each in said)


def _hinted(offers, geocoded, columns, hinted) -> list[dict]:
    """Return the located rows of which something is to be known; those beyond what is printed are only counted."""
    rows = np.flatnonzero(hinted)
    shown = rows[:MAX_ROWS]
    given = given_addresses(offers.frame.iloc[shown], columns)
    said = messages_in_words(geocoded.located.messages[shown], render)
    made = [{"row": int(offers.rows[row]), "given": address[:300], "found": geocoded.located.found[row], "hint": hint}
            for row, address, hint in zip(shown.tolist(), given, said)]
    return made + [{}] * (len(rows) - len(shown))


def _rows_of(located, register) -> int:
    """Return how many rows were located in a register; rows left open name the register of their candidates."""
    return int(((located.register == register) & (located.grade < NONE)).sum())


def _registers(registers, geocoded, dates) -> list[dict]:
    return [{"title": register.title, "addresses": len(register), "streets": len(register.street_names),
             "date": dates[number] if number < len(dates) else "",
             "crs": register.crs if register.has_coordinates else tr("none, areas only"),
             "rows": _rows_of(geocoded.located, number)} for number, register in enumerate(registers)]


def _rules(settings: MatchSettings) -> str:
    def said(on):
        return tr("yes") if on else tr("no")

    return tr("Typing errors tolerated in a street: {n} · between neighbouring numbers: {between} · nearest number: "
              "{nearest} · street only: {street} · postcode or district only: {district}",
              n=settings.typing_errors, between=said(settings.interpolate), nearest=said(settings.nearest),
              street=said(settings.street_only), district=said(settings.district_only))
