"""The register check as one HTML page: what is wrong, how much of it, by which rule, and what to do."""

from __future__ import annotations

from collections import Counter

from ..core.addresses.register_check import CheckSettings
from ..core.addresses.register_findings import ERROR, HINT, KINDS, SEVERITIES, WARNING
from ..core.messages import Message
from ..translation import render
from .register_check_output import Checked, rule_text
from .report_page import render_page

#: findings of a kind that are printed; the layer has all of them
MOST = 200


def report_html(checked: list[Checked], settings: CheckSettings, areas: str = "", streets: str = "") -> str:
    """Return the report.

    Parameters
    ----------
    checked : list of Checked
    settings : CheckSettings
    areas, streets : str
        Names of the area layer and of the street list, "" without.
    """
    return render_page(
        "register_check.html", registers=[_register(each, settings) for each in checked], areas=areas, streets=streets,
        severities=[(severity, render(Message(title))) for severity, title in SEVERITIES.items()], most=MOST)


def _register(each: Checked, settings: CheckSettings) -> dict:
    check = each.check
    by_kind = Counter((finding.kind, finding.severity) for finding in check.findings)
    kinds = []
    for kind, count in check.counts.items():
        what = KINDS[kind]
        found = [finding for finding in check.findings if finding.kind == kind]
        kinds.append({
            "id": kind, "title": render(Message(what.title)), "rule": rule_text(kind, settings),
            "advice": render(Message(what.advice)), "count": count, "listed": len(found),
            "severities": [by_kind[kind, severity] for severity in SEVERITIES],
            "findings": [(finding.text, render(finding.detail), finding.counterpart,
                          render(Message(SEVERITIES[finding.severity]))) for finding in found[:MOST]],
            "counterparts": any(finding.counterpart for finding in found[:MOST]),
            "open": any(by_kind[kind, severity] for severity in (ERROR, WARNING)),
        })
    return {
        "title": each.register.title, "place": each.register.place, "facts": check.facts, "notes": check.notes,
        "found": [kind for kind in kinds if kind["count"]],
        "clean": [kind["title"] for kind in kinds if not kind["count"]],
        "errors": sum(by_kind[kind, ERROR] for kind in check.counts),
        "warnings": sum(by_kind[kind, WARNING] for kind in check.counts),
        "hints": sum(by_kind[kind, HINT] for kind in check.counts),
    }
