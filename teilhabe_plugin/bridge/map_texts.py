"""The texts of a printed map and the variables that carry them.

What belongs to one map stands in the layout's variables, what belongs to the city (its name, its logo) in the
project's; the templates read whichever is there.
"""
from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import date

from qgis.core import QgsExpressionContextUtils, QgsPrintLayout, QgsProject, QgsVectorLayer
from qgis.PyQt.QtGui import QImageReader
from qgis.PyQt.QtSvg import QSvgRenderer

from ..core.classes import ClassSet
from ..translation import language
from .project import provenance_of

PREFIX = "teilhabe_"
KEY_COLUMNS = 4


@dataclass(frozen=True)
class MapTexts:
    """Texts on the page; "" takes what is known of the layer, or leaves the place free.

    Attributes
    ----------
    title, subtitle : str
    source, reference_date, method : str
        Lines at the foot of the page.
    city, logo : str
        Name of the city and path of its logo; "" takes the project's variables ``teilhabe_city`` and
        ``teilhabe_logo``.
    date : str
        Day the map was made, "" for today.
    """

    title: str = ""
    subtitle: str = ""
    source: str = ""
    reference_date: str = ""
    method: str = ""
    city: str = ""
    logo: str = ""
    date: str = ""


def complete_texts(texts: MapTexts, layer: QgsVectorLayer, class_set: ClassSet, project: QgsProject) -> MapTexts:
    """Return the texts with what layer, class set and project's variables tell put into the empty ones."""
    record = provenance_of(layer)
    variables = QgsExpressionContextUtils.projectScope(project)
    known = {
        "title": class_set.title,
        "subtitle": record.get("title") or layer.name(),
        "source": record.get("source"),
        "reference_date": record.get("reference_date"),
        "method": record.get("method"),
    }
    filled = {
        name: str(getattr(texts, name) or _variable(variables, name) or value or "") for name, value in known.items()
    }
    filled["reference_date"] = german_date(filled["reference_date"])
    filled["date"] = german_date(texts.date) or german_date(date.today().isoformat())
    return replace(texts, **filled)


def set_texts(layout: QgsPrintLayout, texts: MapTexts) -> None:
    """Write the texts into the layout's variables; city and logo only where they differ from the project's."""
    QgsExpressionContextUtils.setLayoutVariable(layout, f"{PREFIX}language", language())
    for field in fields(texts):
        value = getattr(texts, field.name)
        if value or field.name not in ("city", "logo"):
            QgsExpressionContextUtils.setLayoutVariable(layout, PREFIX + field.name, value)


def set_key_list(layout: QgsPrintLayout, columns: list[str]) -> None:
    """Write the list of numbers and names into the layout's variables, one per column."""
    for number in range(KEY_COLUMNS):
        text = columns[number] if number < len(columns) else ""
        QgsExpressionContextUtils.setLayoutVariable(layout, f"{PREFIX}keys_{number + 1}", text)


def set_city(project: QgsProject, city: str = "", logo: str = "") -> None:
    """Write the city's name and the path of its logo into the project's variables, for all its maps."""
    for name, value in (("city", city), ("logo", logo)):
        if value:
            QgsExpressionContextUtils.setProjectVariable(project, PREFIX + name, value)


def logo_of(layout: QgsPrintLayout) -> str:
    """Return the path of the logo that the layout shows, its own or the project's, "" for none."""
    return _variable(layout.createExpressionContext(), "logo")


def is_picture(path: str) -> bool:
    """Say whether a file can be shown as a picture; addresses on the web are not looked at."""
    if "://" in path:
        return True
    if path.lower().endswith((".svg", ".svgz")):
        return QSvgRenderer(path).isValid()
    return not QImageReader(path).read().isNull()


def german_date(text: str) -> str:
    """Return an ISO date as 31.12.2025, everything else as it is."""
    found = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text.strip())
    return "{2}.{1}.{0}".format(*found.groups()) if found else text


def _variable(scope, name: str) -> str:
    return str(scope.variable(PREFIX + name) or "") if scope.hasVariable(PREFIX + name) else ""
