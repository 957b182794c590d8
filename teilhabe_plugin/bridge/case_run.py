"""One run of counting cases: the list is read into memory, located, counted and forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
import pandas as pd
from qgis.core import QgsExpression, QgsFeature, QgsVectorLayer

from ..core.addresses import parsed
from ..core.addresses.address_columns import AddressColumns, guess_address_columns
from ..core.addresses.case_columns import column_of, groups_of, weights_of, years_of, yes_of
from ..core.addresses.case_counts import CaseCounts, CaseRules, Cases, count_cases
from ..core.addresses.case_secrecy import guarded
from ..core.addresses.decisions import NO_DECISIONS
from ..core.addresses.geocoding import geocode
from ..core.addresses.matching import MatchSettings
from ..core.addresses.register import AddressRegister
from ..core.addresses.synonyms import NO_SYNONYMS, read_synonyms
from ..core.addresses.vocabulary import vocabulary_of
from ..core.messages import Message, TeilhabeError, check_cancelled, mark
from .feedback import cancelled_of, progress_of, push
from .fields import fields_of
from .frames import read_frame
from .geocode_places import crs_of, decisions_in, in_one_crs, read_area_places, result_crs, with_areas_of_points
from .offer_lists import OfferList, read_list
from .table_sources import read_file
from .work_list_file import read_decision_file

#: what the address columns are called in the log
_ROLES = {"address": mark("address"), "street": mark("street"), "number": mark("house number"),
          "suffix": mark("addition"), "postcode": mark("postcode"), "place": mark("place"),
          "district": mark("district")}


@dataclass(frozen=True)
class CaseSettings:
    """What the user chose, beside list, registers and areas.

    Attributes
    ----------
    columns : AddressColumns
        "" where the column is to be found.
    group, year, cases, condition : str
        Columns of the list, "" for none; `condition` says yes or no.
    expression : str
        Further condition.
    synonyms, decisions : str
        Files, "" for none.
    rules : CaseRules
    place : str
        Municipality of addresses that name none.
    """

    columns: AddressColumns = AddressColumns()
    group: str = ""
    year: str = ""
    cases: str = ""
    condition: str = ""
    expression: str = ""
    synonyms: str = ""
    decisions: str = ""
    rules: CaseRules = CaseRules()
    place: str = ""


@dataclass(frozen=True, eq=False)
class CaseAreas:
    """The areas that are counted in.

    Attributes
    ----------
    layer : QgsVectorLayer, optional
    key : str
        Its field with the key.
    frame : DataFrame
        Key and parents as they stand in the layer.
    parents : tuple of str
        Columns of the frame.
    """

    layer: QgsVectorLayer | None
    key: str
    frame: pd.DataFrame
    parents: tuple[str, ...] = ()

    @property
    def keys(self) -> list[str]:
        """Keys as text."""
        return [str(key) for key in self.frame[self.key]]


def areas_of(layer: QgsVectorLayer | None, key: str, parents: Sequence[str], registers, feedback) -> CaseAreas:
    """Return the areas of the layer; without one, those that the registers name."""
    if layer is None:
        keys = sorted({str(area) for register in registers for area in register.areas[1:].tolist()} - {""})
        if not keys:
            raise TeilhabeError(mark("The register names no areas. Choose the area layer and its key field."))
        return CaseAreas(None, "gebiet", pd.DataFrame({"gebiet": keys}))
    if not key:
        raise TeilhabeError(mark("Choose the field with the area key."))
    frame = read_frame(layer, list(dict.fromkeys([key, *parents])), feedback=feedback)
    if frame[key].isna().any():
        raise TeilhabeError(mark("Column “{column}”: the area key is empty in rows {rows}."), column=key,
                            rows=", ".join(map(str, (np.flatnonzero(frame[key].isna()) + 1)[:10].tolist())))
    return CaseAreas(layer, key, frame, tuple(parents))


def count(layer: QgsVectorLayer | None, path: str, sheet: str, registers: Sequence[AddressRegister], areas: CaseAreas,
          settings: CaseSettings, context, feedback) -> CaseCounts:
    """Read, locate and count the list; nothing of a single record leaves this function."""
    offers = guarded(read_list, layer, path, sheet, feedback)
    feedback.setProgress(25)
    columns = guarded(_columns, offers.frame, settings, registers)
    positions = [Message(mark("{role}: column {number}"), role=Message(title),
                         number=list(offers.frame).index(getattr(columns, name)) + 1)
                 for name, title in _ROLES.items() if getattr(columns, name)]
    push(feedback, positions)
    cases = guarded(_cases, offers, columns, registers, areas, settings, context, feedback)
    del offers
    feedback.setProgress(75)
    parents = [areas.frame[name].tolist() for name in areas.parents]
    known = {str(register.areas[code]) for register in registers for code in np.unique(register.area).tolist()}
    return guarded(count_cases, cases, areas.keys, settings.rules, parents=parents,
                   covered=[key in known for key in areas.keys], cancelled=cancelled_of(feedback))


def _columns(frame: pd.DataFrame, settings: CaseSettings, registers) -> AddressColumns:
    """Return the chosen address columns, and those found for what was not chosen."""
    chosen = asdict(settings.columns)
    used = {name for name in (*chosen.values(), settings.group, settings.year, settings.cases, settings.condition)
            if name}
    for name in used:
        column_of(frame, name)
    guessed = asdict(guess_address_columns(frame, vocabulary_of(registers))) | {"name": ""}
    if chosen["address"]:
        guessed |= {"street": "", "number": "", "suffix": ""}
    elif chosen["street"]:
        guessed["address"] = ""
    if settings.group and settings.group in {guessed[name] or chosen[name] for name in ("address", "street", "number")}:
        raise TeilhabeError(mark("“{column}” holds addresses; it cannot be the field for the groups."),
                            column=settings.group)
    columns = AddressColumns(**{name: column or ("" if guessed[name] in used else guessed[name])
                                for name, column in chosen.items()})
    if not columns.address and not columns.street:
        raise TeilhabeError(mark("No column with addresses was found in the list. Choose it."))
    return columns


def _cases(offers: OfferList, columns: AddressColumns, registers, areas: CaseAreas, settings: CaseSettings, context,
           feedback) -> Cases:
    frame, rows = offers.frame, offers.rows
    given = {
        "group": groups_of(frame, settings.group) if settings.group else None,
        "year": years_of(frame, settings.year, rows) if settings.year else None,
        "cases": weights_of(frame, settings.cases, rows) if settings.cases else None,
        "wanted": _wanted(offers, settings, context, feedback),
    }
    transforms, decisions = context.transformContext(), NO_DECISIONS
    places = read_area_places(areas.layer, areas.key, feedback) if areas.layer is not None else None
    crs = result_crs(places, registers)
    if settings.decisions:
        decisions = read_decision_file(settings.decisions)
        crs = crs if crs.isValid() else crs_of(decisions)
        decisions = decisions_in(decisions, crs, transforms)
    synonyms = read_synonyms(read_file(settings.synonyms).cells) if settings.synonyms else NO_SYNONYMS
    found = geocode(frame, columns, registers, synonyms, decisions,
                    replace(MatchSettings(), place=settings.place), progress_of(feedback, 25, 75),
                    cancelled_of(feedback))
    found = in_one_crs(found, registers, crs, transforms)
    if places is not None:
        found = with_areas_of_points(found, places)
    located = found.located
    return Cases(located.area, located.grade, located.area_sure, found.by_hand,
                 np.isin(found.parsed.kind, (parsed.EMPTY, parsed.PO_BOX)), **given)


def _wanted(offers: OfferList, settings: CaseSettings, context, feedback) -> np.ndarray | None:
    """Return which records are to be counted, None for all."""
    wanted = yes_of(offers.frame, settings.condition, offers.rows) if settings.condition else None
    if not settings.expression:
        return wanted
    fits = _evaluated(offers, settings.expression, context, feedback)
    return fits if wanted is None else wanted & fits


def _evaluated(offers: OfferList, text: str, context, feedback) -> np.ndarray:
    expression = QgsExpression(text)
    if expression.hasParserError():
        raise TeilhabeError(mark("The condition cannot be understood. Check it in the expression editor."))
    for name in expression.referencedColumns():
        if name != "#!allattributes!#":
            column_of(offers.frame, name)
    written = offers.written()
    scope, fields = context.expressionContext(), fields_of(written, offers.specs())
    scope.setFields(fields)
    expression.prepare(scope)
    feature, fits = QgsFeature(fields), np.zeros(len(written), bool)
    cells = written.astype(object).where(written.notna(), None).to_numpy()
    for number, row in enumerate(cells.tolist()):
        if not number % 1024:
            check_cancelled(feedback.isCanceled)
        feature.setAttributes(row)
        scope.setFeature(feature)
        value = expression.evaluate(scope)
        if expression.hasEvalError():
            raise TeilhabeError(mark("The condition cannot be evaluated in row {row}."), row=int(offers.rows[number]))
        fits[number] = bool(value) if value is not None and not hasattr(value, "isNull") else False
    return fits
