"""Findings of a register check as a layer: a point (or row) per finding, with what to do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsCoordinateReferenceSystem,
    QgsMarkerSymbol,
    QgsRendererCategory,
    QgsVectorLayer,
)

from ..core.addresses.register import NONE, AddressRegister
from ..core.addresses.register_check import CheckSettings, RegisterCheck
from ..core.addresses.register_findings import ERROR, HINT, KINDS, SEVERITIES, WARNING
from ..core.messages import Message
from ..translation import render, tr
from .fields import FieldSpec
from .geocode_places import transformed
from .layer_output import Points, write_layer
from .legend_text import with_count
from .provenance import provenance

KIND, SEVERITY = "art", "schwere"
#: severity → marker; shape tells them apart in grey
_MARKERS = {
    ERROR: {"name": "diamond", "color": "#8c1d40", "outline_color": "#ffffff", "size": "3.4"},
    WARNING: {"name": "triangle", "color": "#d9822b", "outline_color": "#ffffff", "size": "3.0"},
    HINT: {"name": "circle", "color": "#ffffff", "outline_color": "#5a5a5a", "size": "1.8"},
}


@dataclass(frozen=True, eq=False)
class Checked:
    """A register and what its check found."""

    register: AddressRegister
    check: RegisterCheck


def settings_details(settings: CheckSettings) -> dict:
    """Return what the rules name, see `register_findings.KINDS`."""
    return {"gap": settings.gap, "distance": settings.distance, "border": settings.border}


def rule_text(kind: str, settings: CheckSettings) -> str:
    """Return by which rule a kind is found, in the user's language."""
    return render(Message(KINDS[kind].rule, **settings_details(settings)))


def findings_frame(checked: list[Checked]) -> tuple[pd.DataFrame, list[np.ndarray]]:
    """Return all findings as rows, and for each register the addresses that stand for them (−1: none)."""
    titles = {kind: render(Message(each.title)) for kind, each in KINDS.items()}
    advice = {kind: render(Message(each.advice)) for kind, each in KINDS.items()}
    severities = {severity: render(Message(title)) for severity, title in SEVERITIES.items()}
    rows, places = [], []
    for each in checked:
        register, at = each.register, []
        for finding in each.check.findings:
            address = finding.place(register)
            at.append(address)
            known, own = address >= 0, finding.address >= 0
            rows.append((
                titles[finding.kind], finding.kind, finding.severity, severities[finding.severity], finding.text,
                render(finding.detail), finding.counterpart or None, advice[finding.kind],
                str(register.street_names[finding.street]) if finding.street >= 0 else finding.text,
                int(register.row[address]) if known else None,
                f"{register.postcode[address]:05d}" if own and register.postcode[address] != NONE else None,
                str(register.areas[register.area[address]]) or None if own else None,
                str(register.ids[address]) or None if own and len(register.ids) else None, register.title))
        places.append(np.array(at, dtype=np.int64))
    frame = pd.DataFrame(rows, columns=list(_titles()))
    frame["zeile"] = frame["zeile"].astype(object).where(frame["zeile"].notna(), None)
    return frame, places


def _titles() -> dict[str, str]:
    return {
        "befund": tr("Finding"), KIND: tr("Kind"), SEVERITY: tr("Severity (1 wrong, 2 probably wrong, 3 a look)"),
        "schwere_text": tr("Severity"), "adresse": tr("Address or street"), "einzelheit": tr("Detail"),
        "gegenstueck": tr("Counterpart"), "was_tun": tr("What to do"), "strasse": tr("Street"),
        "zeile": tr("Row in the register"), "plz": tr("Postcode"), "gebiet": tr("Stated area"),
        "adresse_id": tr("Identifier"), "register": tr("Register"),
    }


def write_findings(algorithm, parameters, name, context, feedback, checked: list[Checked], inputs: list[dict],
                   settings: dict) -> str:
    """Write the findings to the destination parameter; points where any register has coordinates."""
    frame, places = findings_frame(checked)
    specs = [FieldSpec(column, "integer" if column in (SEVERITY, "zeile") else "text", alias=title)
             for column, title in _titles().items()]
    points = _points(checked, places, context.transformContext())

    def style(layer: QgsVectorLayer) -> None:
        layer.setDisplayExpression('"befund" || \': \' || "adresse"')
        if layer.isSpatial():
            findings_style(layer, frame)

    return write_layer(
        algorithm, parameters, name, context, feedback, frame=frame, specs=specs, points=points, style=style,
        layer_name=tr("Findings of the register check"), provenance=provenance(algorithm.id(), inputs, **settings))


def _points(checked: list[Checked], places: list[np.ndarray], transforms) -> Points | None:
    first = next((each.register for each in checked if each.register.has_coordinates), None)
    if first is None:
        return None
    crs, x, y = QgsCoordinateReferenceSystem(first.crs), [], []
    for each, at in zip(checked, places):
        found = np.full((2, len(at)), np.nan)
        found[:, at >= 0] = each.register.x[at[at >= 0]], each.register.y[at[at >= 0]]
        moved = transformed(*found, QgsCoordinateReferenceSystem(each.register.crs), crs, transforms)
        x.append(moved[0])
        y.append(moved[1])
    return Points(np.concatenate(x), np.concatenate(y), crs)


def findings_style(layer: QgsVectorLayer, frame: pd.DataFrame) -> None:
    """Give the findings markers by severity, the worst on top, and a map tip."""
    counts = frame[SEVERITY].value_counts().to_dict()
    categories = []
    for severity, title in SEVERITIES.items():
        symbol = QgsMarkerSymbol.createSimple(_MARKERS[severity] | {"outline_width": "0.3"})
        label = with_count(render(Message(title)), int(counts.get(severity, 0)))
        categories.append(QgsRendererCategory(severity, symbol, label))
    renderer = QgsCategorizedSymbolRenderer(SEVERITY, categories)
    renderer.setOrderBy(_worst_last())
    renderer.setOrderByEnabled(True)
    layer.setRenderer(renderer)
    layer.setMapTipTemplate("<br>".join(  # what a register says is no HTML
        f"{before}[% replace(coalesce(\"{name}\", ''), '<', '&lt;') %]{behind}"
        for name, before, behind in (("befund", "<b>", "</b>"), ("adresse", "", ""), ("einzelheit", "", ""))))


def _worst_last():
    from qgis.core import QgsFeatureRequest

    return QgsFeatureRequest.OrderBy([QgsFeatureRequest.OrderByClause(SEVERITY, False)])
