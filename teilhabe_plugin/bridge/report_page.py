"""Reports as one HTML page each that prints well and needs nothing beside it."""
from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from .. import paths
from ..core.messages import TeilhabeError, mark
from ..core.replacing import replacing
from ..translation import language, render, tr
from .legend_text import number_text

#: rows of a list that are printed; what is beyond is counted
MAX_ROWS = 1000


def render_page(template: str, created: datetime | None = None, **values) -> str:
    """Return the page in the user's language.

    Parameters
    ----------
    template : str
        File in ``resources/reports``. It extends ``page.html`` and may use ``tr``, the filters ``number`` and
        ``render`` (of a core message), and ``limit``.
    created : datetime, optional
        Time that is printed; now by default.
    **values
        What the template shows.
    """
    from jinja2 import Environment, FileSystemLoader

    environment = Environment(
        loader=FileSystemLoader(str(paths.resource("reports"))), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["number"] = number_or_dash
    environment.filters["render"] = render
    environment.globals.update(tr=tr, limit=MAX_ROWS, language=language())
    created = created or datetime.now()
    return environment.get_template(template).render(created=created.strftime("%d.%m.%Y, %H:%M"), **values)


def number_or_dash(value, decimals: int | None = None) -> str:
    """Return a number in the user's language, with two decimals where it is not whole; a dash for none."""
    if value is None or value != value:
        return "–"
    if decimals is None:
        decimals = 0 if float(value).is_integer() else 2
    return number_text(float(value), decimals)


def check_target(path: str) -> None:
    """Refuse a page that could not be written, before anything else is written."""
    folder = Path(path).absolute().parent
    if not folder.is_dir():
        raise TeilhabeError(mark("The folder {folder} for the report does not exist."), folder=str(folder))
    if not os.access(folder, os.W_OK) or Path(path).is_dir():
        raise TeilhabeError(mark("The report {file} cannot be written. Choose another place."), file=str(path))


def write_page(path: str, html: str) -> None:
    """Write the page beside its target and put it into place."""
    with replacing(path) as waiting:
        waiting.write_text(html, encoding="utf-8")
