"""One run of geocoding: from list and registers to layer, work list, report and record."""
from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import numpy as np
from qgis.core import QgsVectorLayer

from ..core.addresses.address_columns import AddressColumns, guess_address_columns
from ..core.addresses.candidates import candidates_for
from ..core.addresses.decisions import NO_DECISIONS
from ..core.addresses.geocoding import Geocoded, geocode, to_correct
from ..core.addresses.grades import DISTRICT, EXACT, GRADES, INTERPOLATED, NEAREST, NONE, NORMALISED, STREET
from ..core.addresses.matching import MatchSettings
from ..core.addresses.register import AddressRegister
from ..core.addresses.synonyms import NO_SYNONYMS, read_synonyms
from ..core.addresses.vocabulary import vocabulary_of
from ..core.addresses.work_list import CANDIDATES, work_list
from ..core.messages import Message, TeilhabeError, check_cancelled, mark
from ..translation import render, tr
from .feedback import cancelled_of, progress_of, push
from .geocode_online import locate_online
from .geocode_output import SETTINGS, no_address_column, write_offers
from .geocode_places import (
    AREA_ONLY,
    crs_of,
    decisions_in,
    in_one_crs,
    points_in_areas,
    read_area_places,
    result_crs,
    with_areas_of_points,
)
from .geocode_report import ReportFacts, columns_text, report_html
from .offer_lists import OfferList
from .online_geocoder import OnlineService
from .provenance import file_fingerprint, provenance
from .report_page import write_page
from .snapshot import original_id
from .table_sources import read_file
from .work_list_file import read_decision_file, write_work_list

#: candidates are looked for in so many different addresses; a list with more faults has other problems first
MOST_CANDIDATES = 3000


@dataclass(frozen=True)
class RunSettings:
    """What the user chose, beside list and registers.

    Attributes
    ----------
    columns : AddressColumns
        "" where the column is to be found.
    settings : MatchSettings
    synonyms, decisions : str
        Files, "" for none.
    areas : QgsVectorLayer, optional
    area_key : str
        Its field with the area key.
    place_in_area : bool
        Put rows whose area is known, but no coordinate, anywhere into it.
    service : OnlineService, optional
        Switched on for this run.
    registers : tuple of dict
        The registers' sources, for the record.
    """

    columns: AddressColumns
    settings: MatchSettings = MatchSettings()
    synonyms: str = ""
    decisions: str = ""
    areas: QgsVectorLayer | None = None
    area_key: str = ""
    place_in_area: bool = True
    service: OnlineService | None = None
    registers: tuple = ()


class GeocodeRun:
    """Locates a list and writes what comes of it.

    Parameters
    ----------
    algorithm, parameters, context, feedback
        As Processing hands them over.
    offers : OfferList
    registers : sequence of AddressRegister
    chosen : RunSettings
    """

    def __init__(self, algorithm, parameters, context, feedback, offers: OfferList,
                 registers: Sequence[AddressRegister], chosen: RunSettings):
        self.algorithm, self.parameters, self.context, self.feedback = algorithm, parameters, context, feedback
        self.offers, self.registers, self.chosen = offers, list(registers), chosen
        self.columns = chosen.columns
        self.synonyms, self.notes, self.remarks, self.notice = NO_SYNONYMS, [], [], ""
        self.geocoded: Geocoded | None = None
        self.in_area = np.zeros(len(offers.frame), bool)
        self._candidates: dict | None = None

    def locate(self) -> None:
        """Find the columns, then the places; the log says what was found."""
        chosen, transforms = self.chosen, self.context.transformContext()
        self.columns = self._columns()
        self.feedback.pushInfo(tr("Columns: {columns}", columns=columns_text(self.columns)))
        areas = None
        if chosen.areas is not None and chosen.area_key:
            areas = read_area_places(chosen.areas, chosen.area_key, self.feedback)
        self.crs = result_crs(areas, self.registers)
        decisions = NO_DECISIONS
        if chosen.decisions:
            if not os.path.isfile(chosen.decisions):
                # usual at the first run, so no warning; the report has it, too
                self.remarks.append(Message(mark("{file} does not exist yet: no decision by hand was applied."),
                                            file=os.path.basename(chosen.decisions)))
                push(self.feedback, self.remarks)
            decisions = read_decision_file(chosen.decisions)
            self.crs = self.crs if self.crs.isValid() else crs_of(decisions)
            decisions = decisions_in(decisions, self.crs, transforms)
        if chosen.synonyms:
            self.synonyms = read_synonyms(read_file(chosen.synonyms).cells)
        found = geocode(self.offers.frame, self.columns, self.registers, self.synonyms, decisions, chosen.settings,
                        progress_of(self.feedback, 20, 70), cancelled_of(self.feedback))
        found = in_one_crs(found, self.registers, self.crs, transforms)
        if chosen.service is not None:
            extent = areas.extent() if areas is not None and areas.crs == self.crs else None
            found, self.crs, self.notice, notes = locate_online(
                found, chosen.service, self.crs, extent, chosen.settings.place, transforms, self.feedback)
            self.notes += notes
        if areas is not None:
            found = with_areas_of_points(found, areas)
            if chosen.place_in_area:
                found, self.in_area = points_in_areas(found, areas, Message(AREA_ONLY))
        self.geocoded = found
        self.notes += found.notes
        self._log()

    def write(self, name: str) -> str:
        """Write the layer to the destination parameter; return what Processing loads it by."""
        return write_offers(
            self.algorithm, self.parameters, name, self.context, self.feedback, self.offers, self.geocoded,
            self.registers, self.columns, self.crs, self.in_area, self._record(), progress_of(self.feedback, 85, 99))

    def write_work_list(self, path: str) -> None:
        """Write the rows to be corrected."""
        rows = np.flatnonzero(to_correct(self.geocoded))
        write_work_list(path, work_list(self.geocoded, self.offers.frame, self.columns, rows, self.offers.rows,
                                        self.candidates(), render))

    def write_report(self, path: str) -> None:
        """Write the report."""
        chosen = self.chosen
        facts = ReportFacts(
            notes=[*self.offers.notes, *(note for register in self.registers for note in register.notes), *self.remarks,
                   *self.notes],
            notice=self.notice, dates=[_date(source) for source in chosen.registers],
            synonyms=os.path.basename(chosen.synonyms), decisions=self._decisions_text(),
            areas=f"{chosen.areas.name()}, {chosen.area_key}" if chosen.areas is not None else "",
            in_area=int(self.in_area.sum()), candidates=self.candidates())
        write_page(path, report_html(self.offers, self.geocoded, self.registers, self.columns, chosen.settings, facts))

    def numbers(self) -> dict:
        """Return the outputs that are numbers."""
        found = self.geocoded
        none = found.count(NONE)
        return {"ROWS": len(found), "LOCATED": len(found) - none, "EXACT": found.count(EXACT, NORMALISED),
                "INTERPOLATED": found.count(INTERPOLATED, NEAREST), "STREET_LEVEL": found.count(STREET, DISTRICT),
                "NOT_LOCATED": none, "BY_HAND": int(found.by_hand.sum()), "ONLINE_ROWS": int(found.online.sum()),
                "WORKLIST_ROWS": int(to_correct(found).sum())}

    def candidates(self) -> dict:
        """Return the candidates of the rows to be corrected; equal addresses are looked up once."""
        if self._candidates is not None:
            return self._candidates
        found, of_key = {}, {}
        rows, progress = np.flatnonzero(to_correct(self.geocoded)).tolist(), progress_of(self.feedback, 70, 85)
        for number, row in enumerate(rows):
            if not number % 50:
                check_cancelled(self.feedback.isCanceled)
                progress(100 * number / len(rows))
            key = self.geocoded.keys[row]
            if key not in of_key:
                if len(of_key) >= MOST_CANDIDATES:
                    self.notes.append(Message(mark("Suggestions were looked for in the first {n} addresses only."),
                                              n=MOST_CANDIDATES))
                    break
                of_key[key] = candidates_for(self.geocoded.parsed, row, self.registers, synonyms=self.synonyms,
                                             settings=self.chosen.settings, most=CANDIDATES)
            found[row] = of_key[key]
        self._candidates = found
        return found

    def _columns(self) -> AddressColumns:
        """Return the chosen columns, and those found for what was not chosen."""
        frame, chosen = self.offers.frame, asdict(self.chosen.columns)
        for name in filter(None, chosen.values()):
            if name not in frame:
                raise TeilhabeError(mark("{table} has no column “{column}”. Columns: {columns}."),
                                    table=self.offers.title, column=name,
                                    columns=", ".join(map(str, frame)))
        guessed = asdict(guess_address_columns(frame, vocabulary_of(self.registers)))
        if chosen["address"]:
            guessed |= {"street": "", "number": "", "suffix": ""}
        elif chosen["street"]:
            guessed["address"] = ""
        used = set(filter(None, chosen.values()))
        merged = {name: column or ("" if guessed[name] in used else guessed[name]) for name, column in chosen.items()}
        columns = AddressColumns(**merged)
        if not columns.address and not columns.street:
            raise no_address_column(self.offers)
        return columns

    def _record(self) -> dict:
        chosen = self.chosen
        geocoding = {
            "list": self.offers.input["source"], "columns": asdict(self.columns), "registers": list(chosen.registers),
            "settings": asdict(chosen.settings), "synonyms": chosen.synonyms, "decisions": chosen.decisions,
            "areas": original_id(chosen.areas) if chosen.areas is not None else "", "area_key": chosen.area_key,
            "place_in_area": chosen.place_in_area, "crs": self.crs.authid(),
            "online": chosen.service.host if chosen.service is not None else "",
        }
        inputs = [self.offers.input]
        for path in filter(None, (chosen.synonyms, chosen.decisions)):
            if os.path.isfile(path):
                inputs.append({"name": os.path.basename(path), "file": os.path.basename(path),
                               "sha256": file_fingerprint(path)})
        inputs += [{"name": register.title, "rows": len(register)} for register in self.registers]
        return provenance(self.algorithm.id(), inputs, **{SETTINGS: geocoding}, **self.numbers())

    def _decisions_text(self) -> str:
        if not self.chosen.decisions:
            return ""
        return tr("{file}, applied to {n} rows", file=os.path.basename(self.chosen.decisions),
                  n=int(self.geocoded.by_hand.sum()))

    def _log(self) -> None:
        found = self.geocoded
        for grade, (_, title) in sorted(GRADES.items()):
            count = found.count(grade)
            if count:
                self.feedback.pushInfo(tr("{n} rows: {grade}", n=count, grade=render(Message(title))))
        if found.by_hand.any():
            self.feedback.pushInfo(tr("{n} rows were decided by hand.", n=int(found.by_hand.sum())))
        left = int(to_correct(found).sum())
        if left:
            self.feedback.pushInfo(tr("{n} rows are on the work list; their field “adr_hinweis” says what to "
                                      "correct.", n=left))
        push(self.feedback, self.notes, warning=True)


def _date(source: dict) -> str:
    """Return the day on which the register's file was last changed."""
    path = str(source.get("path", ""))
    if not os.path.isfile(path):
        return ""
    return datetime.fromtimestamp(os.path.getmtime(path)).strftime("%d.%m.%Y")
