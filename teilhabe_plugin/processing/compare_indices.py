"""Algorithm: compare two recipes, years or editions."""
from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterVectorDestination,
    QgsProcessingParameterVectorLayer,
)

from ..translation import tr
from .base import TeilhabeAlgorithm
from .compute_index import recipe_path, shipped_or_file
from .index_parameters import node_parameter, recipe_parameter, report_parameter, year_parameter


class CompareIndicesAlgorithm(TeilhabeAlgorithm):
    """Two computations in, the areas that change class out, with the reasons."""

    ID = "compareindices"
    ICON = "compute.svg"

    def title(self):
        return tr("Compare indices")

    def define(self):
        area = [QgsProcessing.TypeVectorAnyGeometry]
        self.addParameter(QgsProcessingParameterVectorLayer("INPUT", tr("Layer with indicators"), area))
        self.addParameter(recipe_parameter("RECIPE", tr("Recipe before"), False))
        self.addParameter(year_parameter("YEAR", tr("Year before (empty: the recipe’s year)")))
        self.addParameter(QgsProcessingParameterVectorLayer(
            "INPUT_AFTER", tr("Layer with indicators after (empty: the same)"), area, optional=True))
        self.addParameter(recipe_parameter("RECIPE_AFTER", tr("Recipe after (empty: the same)"), True))
        self.addParameter(year_parameter("YEAR_AFTER", tr("Year after (empty: as before, or the recipe’s year)")))
        self.addParameter(node_parameter())
        self.addParameter(QgsProcessingParameterVectorDestination("OUTPUT", tr("Comparison"), area[0]))
        self.addParameter(report_parameter())
        self.addOutput(QgsProcessingOutputNumber("AREAS_COMPARED", tr("Areas compared")))
        self.addOutput(QgsProcessingOutputNumber("AREAS_MOVED", tr("Areas that changed class")))

    def execute(self, parameters, context, feedback):
        from ..bridge.comparison_output import report_html, write_comparison
        from ..bridge.feedback import cancelled_of, push
        from ..bridge.index_layers import read_indicators
        from ..bridge.layer_output import check_targets
        from ..bridge.provenance import layer_input
        from ..bridge.report_page import check_target, write_page
        from ..core.comparing import compare
        from ..core.index import compute
        from ..core.messages import TeilhabeError, check_cancelled, mark

        layers = [self.vector_layer(parameters, name, context) for name in ("INPUT", "INPUT_AFTER")]
        layers[1] = layers[1] or layers[0]
        files = [self.parameterAsFile(parameters, name, context) for name in ("RECIPE", "RECIPE_AFTER")]
        years = [self.whole_or_none(parameters, name, context) for name in ("YEAR", "YEAR_AFTER")]
        if not files[1] and layers[1] == layers[0] and years[1] in (None, years[0]):
            raise TeilhabeError(mark("Nothing to compare: give another layer, another recipe or another year."))
        page = self.file_target(parameters, "REPORT", context)
        read = [str(recipe_path(file)) for file in files if file]
        check_targets(parameters, {"OUTPUT": tr("Comparison")}, layers, read, (page,))
        if page:
            check_target(page)
        recipes = [shipped_or_file(files[0]), shipped_or_file(files[1] or files[0])]
        if years[1] is None and not files[1]:
            years[1] = years[0]
        results, inputs = [], []
        for layer, recipe, year in zip(layers, recipes, years):
            check_cancelled(cancelled_of(feedback))
            frame = read_indicators(layer, recipe, year, False, feedback)
            results.append(compute(recipe, frame, year, cancelled=cancelled_of(feedback)))
            push(feedback, results[-1].notes)
            inputs.append(layer_input(layer, layer.name(), frame))
        node = self.parameterAsString(parameters, "NODE", context)
        comparison = compare(*results, node)
        push(feedback, comparison.notes)
        moved = comparison.moved()
        feedback.pushInfo(tr("{moved} of {areas} areas change class.", moved=len(moved), areas=len(comparison.table)))
        outputs = {
            "OUTPUT": write_comparison(self, parameters, context, feedback, layers[1], *results, comparison, inputs),
            "AREAS_COMPARED": len(comparison.table), "AREAS_MOVED": len(moved),
        }
        if page:
            recipe = recipes[1]
            frame = results[1].frame
            names = dict(zip(frame[recipe.area_key].astype(str), frame[recipe.area_name])) if recipe.area_name else {}
            write_page(page, report_html(*results, comparison, node or recipe.indices[0].id, names))
            outputs["REPORT"] = page
        return outputs
