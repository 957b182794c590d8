"""The join report as one HTML page that prints well and needs nothing beside it."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from qgis.PyQt.QtCore import QLocale

from .. import paths
from ..core.area_keys import REPAIR_TITLES
from ..core.join_report import JoinReport
from ..core.messages import TeilhabeError, mark
from ..core.signs import MEANINGS
from ..core.summary_rows import FOOTNOTE, GROUP, SET_ASIDE, TOTAL
from ..translation import language, render, tr, translate

#: what the kinds of summary rows are called
SUMMARY_TITLES = {
    TOTAL: mark("total"),
    GROUP: mark("larger unit"),
    FOOTNOTE: mark("footnote"),
    SET_ASIDE: mark("set aside by hand"),
}
#: the template's texts, marked here because translations are collected from Python
TEXTS = (
    mark("Area key"),
    mark("Areas"),
    mark("Areas with a similar name"),
    mark("Areas without a row in any table"),
    mark("Areas without a row in this table"),
    mark("Column"),
    mark("Field"),
    mark("Fields with another name"),
    mark("Indicator"),
    mark("Join report"),
    mark("Key"),
    mark("Key column"),
    mark("Keys that match, but bear another name"),
    mark("Kind"),
    mark("Many of these can mean that table and layer belong to different editions of the areas."),
    mark("Meaning"),
    mark("Name"),
    mark("Name in the table"),
    mark("Number of cells"),
    mark("Read as"),
    mark("Repair"),
    mark("Repaired keys"),
    mark("Repairs that were not accepted"),
    mark("Row"),
    mark("Rows"),
    mark("Rows that stand more than once"),
    mark("Rows without an area"),
    mark("Sign"),
    mark("Signs and codes"),
    mark("Summary rows and notes"),
    mark("Sums of counts before and after"),
    mark("Table"),
    mark("Text in number columns, set missing"),
    mark("Value"),
    mark("Value in the table"),
    mark("What happened"),
    mark("Why"),
    mark("and {n} more"),
    mark("areas joined"),
    mark("areas without a row"),
    mark("doubled, left out"),
    mark("empty"),
    mark("in the result"),
    mark("in the table"),
    mark("joined"),
    mark("keys repaired"),
    mark("missing"),
    mark("not joined"),
    mark("one row per area"),
    mark("one row per area, indicator and year"),
    mark("other years"),
    mark("rows that stand more than once"),
    mark("rows without an area"),
    mark("summary rows"),
    mark("summary rows and notes"),
    mark("total row"),
    mark("total − areas"),
    mark("without area"),
    mark("{n} fields"),
)
MAX_ROWS = 1000


def report_html(report: JoinReport, title: str, notes=(), created: datetime | None = None) -> str:
    """Render the report in the user's language.

    Parameters
    ----------
    report : JoinReport
    title : str
        Name of the area layer.
    notes : iterable of Message
        Faults of the layer.
    created : datetime, optional
        Time that is printed; now by default.
    """
    from jinja2 import Environment, FileSystemLoader

    locale = QLocale("de_DE") if language() == "de" else QLocale("en_GB")
    environment = Environment(
        loader=FileSystemLoader(str(paths.resource("reports"))), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["number"] = lambda value: _number(value, locale)
    environment.filters["render"] = render
    template = environment.get_template("join_report.html")
    created = created or datetime.now()
    return template.render(
        report=report,
        title=title,
        notes=list(notes),
        language=language(),
        tr=tr,
        limit=MAX_ROWS,
        created=created.strftime("%d.%m.%Y, %H:%M"),
        repairs=_named(REPAIR_TITLES),
        summaries=_named(SUMMARY_TITLES),
        meanings=_named(MEANINGS),
    )


def check_target(path: str) -> None:
    """Refuse a page that could not be written, before anything else is written."""
    folder = Path(path).absolute().parent
    if not folder.is_dir():
        raise TeilhabeError(mark("The folder {folder} for the join report does not exist."), folder=str(folder))
    if not os.access(folder, os.W_OK) or Path(path).is_dir():
        raise TeilhabeError(mark("The join report {file} cannot be written. Choose another place."), file=str(path))


def write_report(path: str, html: str) -> None:
    """Write the page beside its target and put it into place."""
    target = Path(path)
    waiting = target.with_name(f"{target.name}.{os.getpid()}.tmp")
    try:
        waiting.write_text(html, encoding="utf-8")
        os.replace(waiting, target)
    finally:
        if waiting.exists():
            waiting.unlink()


def _named(titles):
    return {name: translate(title) for name, title in titles.items()}


def _number(value, locale) -> str:
    if value is None:
        return "–"
    value = float(value)
    return locale.toString(int(value)) if value.is_integer() else locale.toString(value, "f", 2)
