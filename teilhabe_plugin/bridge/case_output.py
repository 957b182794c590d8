"""Counts of cases as a layer and as a report; neither holds anything of a single record."""

from __future__ import annotations

import os

import pandas as pd

from ..core.addresses.case_counts import FLAG, SPREAD, CaseCounts
from ..core.messages import Message
from ..translation import render, tr
from . import project
from .case_run import CaseAreas, CaseSettings
from .fields import FieldSpec, kind_of
from .layer_output import write_layer
from .provenance import file_fingerprint, provenance
from .report_page import number_or_dash, render_page

#: lists with fewer cases leave no fingerprint: it could be compared with guessed ones
_FEWEST = 50


def write_counts(algorithm, parameters, name, context, feedback, areas: CaseAreas, counts: CaseCounts,
                 settings: CaseSettings, path: str) -> str:
    """Write one row per area (and year, in the long form)."""
    frame = counts.frame.reset_index(drop=True)
    position = {key: i for i, key in enumerate(areas.keys)}
    of_area = frame["key"].map(position).to_numpy()
    whole = settings.rules.unknown != SPREAD
    data = {areas.key: areas.frame[areas.key].to_numpy(dtype=object)[of_area]}
    data |= {parent: areas.frame[parent].to_numpy(dtype=object)[of_area] for parent in areas.parents}
    specs = [FieldSpec(column, kind_of(areas.frame[column])) for column in data]
    if "jahr" in frame:
        data["jahr"] = frame["jahr"].to_numpy()
        specs.append(FieldSpec("jahr", "integer", alias=tr("Year")))
    for column in counts.columns:
        data[column.name] = frame[column.name].to_numpy()
        specs.append(FieldSpec(column.name, "integer" if whole else "real", alias=_alias(column)))
    data[FLAG] = frame[FLAG].to_numpy()
    specs.append(FieldSpec(FLAG, "boolean", alias=tr("Counts of this area are hidden")))
    return write_layer(
        algorithm, parameters, name, context, feedback, frame=pd.DataFrame(data, index=of_area), specs=specs,
        geometry_layer=areas.layer, layer_name=tr("Cases per area"), role=project.VALUES,
        provenance=provenance(algorithm.id(), [_input(path, counts)], **_record(settings, areas)))


def report_html(counts: CaseCounts, areas: CaseAreas, title: str) -> str:
    """Return the report: sums only, under the same rules as the table."""

    def shown(value) -> str:
        return tr("hidden") if value is None else number_or_dash(value)

    return render_page(
        "case_counts.html", title=title, areas=len(areas.frame), columns=[_alias(each) for each in counts.columns],
        names=[each.name for each in counts.columns], everything=shown(counts.everything),
        counted=shown(counts.all_counted), hidden=counts.hidden, hidden_totals=counts.hidden_totals, notes=counts.notes,
        by_grade=[(render(label), shown(value)) for label, value in counts.counted],
        others=[(render(label), shown(value)) for label, value in counts.others],
        not_counted=shown(_rest(counts)), any_hidden=any(value is None for _, value in counts.counted + counts.others))


def _rest(counts: CaseCounts) -> float | None:
    if counts.everything is None or counts.all_counted is None:
        return None
    return counts.everything - counts.all_counted


def _alias(column) -> str:
    group = render(column.group) if isinstance(column.group, Message) else column.group
    label = tr("Cases: {group}", group=group) if group else tr("Cases")
    return f"{label} {column.year}" if column.year else label


def _input(path: str, counts: CaseCounts) -> dict:
    """Describe the list: its file, and a fingerprint where nobody could guess what it stands for."""
    described = {"name": os.path.basename(path)}
    if os.path.isfile(path) and counts.everything is not None and counts.everything >= _FEWEST:
        described["sha256"] = file_fingerprint(path)
    return described


def _record(settings: CaseSettings, areas: CaseAreas) -> dict:
    """Settings for the record of the result: no expression (it can hold a name), no seed."""
    protection = settings.rules.protection
    return {
        "key_field": areas.key, "parent_fields": list(areas.parents), "places": settings.rules.places,
        "unknown": settings.rules.unknown, "long": settings.rules.long, "condition": bool(
            settings.condition or settings.expression), "decisions": bool(settings.decisions),
        "protection": {"threshold": protection.threshold, "zeros": protection.zeros, "rounding": protection.rounding,
                       "base": protection.base},
    }
