"""Parameters that the algorithms on indices share: recipe, year, node and report."""
from __future__ import annotations

from qgis.core import (
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ..translation import tr


def recipe_parameter(name: str = "RECIPE", title: str = "", optional: bool = False) -> QgsProcessingParameterFile:
    """Return the parameter for a recipe."""
    title = title or tr("Recipe (JSON file, or the name of a recipe that comes with the plugin)")
    return QgsProcessingParameterFile(name, title, fileFilter=tr("Recipes (*.json)"), optional=optional)


def year_parameter(name: str = "YEAR", title: str = "") -> QgsProcessingParameterNumber:
    """Return the parameter for a year; it may stay empty."""
    title = title or tr("Year (empty: the recipe’s year)")
    return QgsProcessingParameterNumber(name, title, optional=True, minValue=1900, maxValue=2200)


def node_parameter() -> QgsProcessingParameterString:
    """Return the parameter for an index or sub-index."""
    return QgsProcessingParameterString("NODE", tr("Id of the index or sub-index (empty: the first index)"), "",
                                        optional=True)


def report_parameter(title: str = "") -> QgsProcessingParameterFileDestination:
    """Return the parameter for a report as a page."""
    return QgsProcessingParameterFileDestination("REPORT", title or tr("Report"), tr("HTML page (*.html)"),
                                                 optional=True, createByDefault=False)
