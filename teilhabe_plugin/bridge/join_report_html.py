"""The join report as one HTML page that prints well and needs nothing beside it."""

from __future__ import annotations

from datetime import datetime

from ..core.area_keys import REPAIR_TITLES
from ..core.join_report import JoinReport
from ..core.messages import mark
from ..core.signs import MEANINGS
from ..core.summary_rows import FOOTNOTE, GROUP, SET_ASIDE, TOTAL
from ..translation import translate
from .report_page import render_page

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
    return render_page(
        "join_report.html", created, report=report, title=title, notes=list(notes), repairs=_named(REPAIR_TITLES),
        summaries=_named(SUMMARY_TITLES), meanings=_named(MEANINGS),
    )


def _named(titles):
    return {name: translate(title) for name, title in titles.items()}

