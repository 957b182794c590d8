"""Algorithm: the development of an index over the years."""
from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorDestination,
    QgsProcessingParameterVectorLayer,
)

from ..translation import tr
from .base import TeilhabeAlgorithm
from .compute_index import recipe_path, shipped_or_file
from .index_parameters import node_parameter, recipe_parameter, report_parameter, year_parameter


class IndexOverTimeAlgorithm(TeilhabeAlgorithm):
    """Indicators of several years in; scores, trends, moves and the gap between the areas out."""

    ID = "indexovertime"
    ICON = "compute.svg"

    def title(self):
        return tr("Index over time")

    def define(self):
        area, table = QgsProcessing.TypeVectorAnyGeometry, QgsProcessing.TypeVector
        self.addParameter(QgsProcessingParameterVectorLayer("INPUT", tr("Layer with indicators"), [area]))
        self.addParameter(recipe_parameter())
        self.addParameter(QgsProcessingParameterString(
            "YEARS", tr("Years (all, latest, or years such as 2020, 2023-2025)"), "all", optional=True))
        self.addParameter(year_parameter(
            "REFERENCE_YEAR", tr("Year that all are measured against (empty: the recipe’s, else the first)")))
        self.addParameter(node_parameter())
        self.addParameter(QgsProcessingParameterVectorDestination("OUTPUT", tr("Development"), area))
        self.addParameter(QgsProcessingParameterVectorDestination(
            "PANEL", tr("Scores of all years (long table)"), table, optional=True, createByDefault=False))
        self.addParameter(QgsProcessingParameterVectorDestination(
            "GAPS", tr("Gap between the areas (table)"), table, optional=True, createByDefault=False))
        self.addParameter(report_parameter())
        self.addOutput(QgsProcessingOutputNumber("FIRST_YEAR", tr("First year")))
        self.addOutput(QgsProcessingOutputNumber("LAST_YEAR", tr("Last year")))

    def execute(self, parameters, context, feedback):
        from ..bridge.development_output import report_html, write_areas, write_table
        from ..bridge.feedback import cancelled_of, progress_of, push
        from ..bridge.index_layers import read_indicators
        from ..bridge.layer_output import check_targets
        from ..bridge.provenance import layer_input, provenance
        from ..bridge.report_page import check_target, write_page
        from ..core.development import develop
        from ..core.over_time import years_in
        from ..core.table_layout import choose_years

        layer = self.vector_layer(parameters, "INPUT", context)
        path = recipe_path(self.parameterAsFile(parameters, "RECIPE", context))
        recipe = shipped_or_file(str(path))
        given = parameters.get("REFERENCE_YEAR")
        reference = self.parameterAsInt(parameters, "REFERENCE_YEAR", context) if given is not None else None
        page = self.file_target(parameters, "REPORT", context)
        tables = {"OUTPUT": tr("Development"), "PANEL": tr("{title}: scores of all years", title=recipe.title),
                  "GAPS": tr("{title}: gap between the areas", title=recipe.title)}
        check_targets(parameters, tables, [layer], [str(path)], (page,))
        if page:
            check_target(page)
        frame = read_indicators(layer, recipe, None, True, feedback)
        wanted = self.parameterAsString(parameters, "YEARS", context) or "all"
        years = sorted(choose_years(wanted, years_in(recipe, frame.columns)))
        result = develop(recipe, frame, years, reference, self.parameterAsString(parameters, "NODE", context),
                         progress=progress_of(feedback, 5, 80), cancelled=cancelled_of(feedback))
        push(feedback, result.notes)
        record = provenance(
            self.id(), [layer_input(layer, layer.name(), frame)], recipe=recipe.text, title=result.node.title,
            recipe_sha256=recipe.fingerprint, years=result.years, reference_year=result.reference_year,
            source=recipe.source, seed=1,
        )
        outputs = {"FIRST_YEAR": result.years[0], "LAST_YEAR": result.years[-1],
                   "OUTPUT": write_areas(self, parameters, context, feedback, layer, recipe, result, record)}
        for name, table in (("PANEL", result.panel), ("GAPS", result.gaps)):
            if parameters.get(name):
                outputs[name] = write_table(self, parameters, name, context, feedback, table, tables[name], record)
        if page:
            write_page(page, report_html(recipe, result))
            outputs["REPORT"] = page
        return outputs
