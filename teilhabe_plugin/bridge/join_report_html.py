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

