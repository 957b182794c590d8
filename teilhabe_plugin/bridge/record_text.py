"""The record of a result in words, for the metadata page of its layer."""
from __future__ import annotations

from datetime import datetime

from ..translation import language, tr

_DIGITS = 12  # of a fingerprint: enough to tell two files apart


def record_text(record: dict) -> str:
    """Return what a result is, how it was made and from what, one thing a line.

    Parameters
    ----------
    record : dict
        As `bridge.provenance.provenance` makes it; what it lacks is left out.
    """
    title = str(record.get("title") or "")
    year = str(record.get("year") or "")
    lines = [f"{title} {year}".strip() if year not in title else title]
    for text, name in ((tr("Source: {value}"), "source"), (tr("As of: {value}"), "reference_date"),
                       (tr("Method: {value}"), "method")):
        if record.get(name):
            lines.append(text.format(value=record[name]))
    inputs = [_input(each) for each in record.get("inputs", []) if isinstance(each, dict)]
    if inputs:
        lines.append(tr("Made from: {value}", value="; ".join(inputs)))
    version, day = record.get("versions", {}).get("teilhabe", ""), _day(str(record.get("created", "")))
    if version and day:
        lines.append(tr("Made with Teilhabe {version} on {day}. The history has the complete record.",
                        version=version, day=day))
    return "\n".join(filter(None, lines))


def _input(described: dict) -> str:
    name, file = str(described.get("name") or ""), str(described.get("file") or "")
    text = name if not file or name.startswith(file) else f"{name}, {file}".strip(", ")
    parts = []
    if "rows" in described:
        parts.append(tr("{n} rows", n=described["rows"]))
    if described.get("sha256"):
        parts.append(f"SHA-256 {described['sha256'][:_DIGITS]}…")
    return f"{text} ({', '.join(parts)})" if parts else text


def _day(created: str) -> str:
    try:
        day = datetime.fromisoformat(created).astimezone().date()
    except ValueError:
        return ""
    return day.strftime("%d.%m.%Y") if language() == "de" else day.isoformat()
