"""Algorithm: how sure ranks and classes of an index are."""
from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterField,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorDestination,
    QgsProcessingParameterVectorLayer,
)

from ..translation import tr
from .base import TeilhabeAlgorithm
from .compute_index import recipe_path
from .index_parameters import node_parameter, recipe_parameter, report_parameter, year_parameter

#: the values behind the entries of the lists, in their order
SOURCES = ("normalisation", "weights", "aggregation", "left_out", "sampling")
WEIGHT_LAWS = ("even", "dirichlet")
#: evaluations of an area that the report's Sobol indices may take
_SOBOL_BUDGET, _SOBOL_MOST, _SOBOL_LEAST = 20_000_000, 512, 64


class IndexRobustnessAlgorithm(TeilhabeAlgorithm):
    """Recipe and indicator layer in; rank intervals, certainty of classes, clusters and a report out."""

    ID = "indexrobustness"
    ICON = "robustness.svg"

    def title(self):
        return tr("Test how certain an index is")

    def define(self):
        area, table = QgsProcessing.TypeVectorAnyGeometry, QgsProcessing.TypeVector
        whole = QgsProcessingParameterNumber.Integer
        self.addParameter(QgsProcessingParameterVectorLayer("INPUT", tr("Layer with indicators"), [area]))
        self.addParameter(recipe_parameter())
        self.addParameter(year_parameter())
        self.addParameter(node_parameter())
        self.addParameter(QgsProcessingParameterEnum("SOURCES", tr("What is varied"), _source_titles(), True,
                                                     list(range(len(SOURCES)))))
        self.addParameter(QgsProcessingParameterNumber("RUNS", tr("Number of runs"), whole, 1000, False, 20, 100_000))
        self.addParameter(QgsProcessingParameterNumber(
            "WEIGHT_SPREAD", tr("Change of the weights (± %)"), QgsProcessingParameterNumber.Double, 25, False, 0, 99))
        self.addParameter(QgsProcessingParameterField(
            "DENOMINATOR", tr("Number of people that shares and rates refer to (for the chance in the counts)"), None,
            "INPUT", QgsProcessingParameterField.Numeric, optional=True))
        self.add_advanced(QgsProcessingParameterNumber("SEED", tr("Seed of the random numbers"), whole, 1, False, 0))
        self.add_advanced(QgsProcessingParameterEnum("WEIGHT_LAW", tr("How weights are drawn"), [
            tr("Evenly within the range"), tr("Dirichlet distribution around the recipe’s weights")], False, 0))
        self.add_advanced(QgsProcessingParameterEnum("NORMALISATIONS", tr("Other ways to normalise"),
                                                  _titles("NORMALISATIONS"), True, [0, 1, 2], optional=True))
        self.add_advanced(QgsProcessingParameterEnum("AGGREGATIONS", tr("Other ways to aggregate"),
                                                  _titles("AGGREGATIONS"), True, [0, 1], optional=True))
        self.add_advanced(QgsProcessingParameterString(
            "SAMPLING", tr("Sampling errors per indicator (JSON, see help)"), None, True, True))
        self.add_advanced(QgsProcessingParameterString(
            "AREA", tr("Key of the area whose rank the report explains (empty: all areas)"), None, False, True))
        self.add_advanced(QgsProcessingParameterBoolean(
            "SENSITIVITY", tr("Also work out which choice matters most, and store it with the layer"), False))
        self.addParameter(QgsProcessingParameterVectorDestination("OUTPUT", tr("Robustness"), area))
        self.addParameter(QgsProcessingParameterVectorDestination(
            "CONTRIBUTIONS", tr("Contributions of the indicators (long table)"), table, optional=True,
            createByDefault=False))
        self.addParameter(report_parameter())
        self.addOutput(QgsProcessingOutputNumber("AREAS_CERTAIN", tr("Areas with a certain class")))
        self.addOutput(QgsProcessingOutputNumber("AREAS_UNCERTAIN", tr("Areas whose class is not certain")))
        self.addOutput(QgsProcessingOutputNumber("MORAN_I", tr("Moran’s I of the scores")))

    def execute(self, parameters, context, feedback):
        from ..bridge import robustness_output
        from ..bridge.catalogue_texts import with_catalogue
        from ..bridge.feedback import cancelled_of, progress_of, push
        from ..bridge.index_layers import read_indicators
        from ..bridge.layer_output import check_targets
        from ..bridge.provenance import layer_input, provenance
        from ..bridge.report_page import check_target, write_page
        from ..core.recipe_reading import load_recipe
        from ..core.robustness import robustness

        layer = self.vector_layer(parameters, "INPUT", context)
        path = recipe_path(self.parameterAsFile(parameters, "RECIPE", context))
        recipe, catalogue = with_catalogue(load_recipe(path), path.parent, feedback)
        year = self.whole_or_none(parameters, "YEAR", context)
        page = self.file_target(parameters, "REPORT", context)
        check_targets(parameters, robustness_output.table_names(), [layer], [str(path)], (page,))
        if page:
            check_target(page)
        runs, seed = (self.parameterAsInt(parameters, name, context) for name in ("RUNS", "SEED"))
        frame = read_indicators(layer, recipe, year, True, feedback)
        uncertainty = self._uncertainty(parameters, context, recipe, frame, year)
        feedback.pushInfo(tr("Computing “{recipe}” in {runs} ways for {count} areas …", recipe=recipe.title, runs=runs,
                             count=len(frame)))
        result = robustness(recipe, frame, year, self.parameterAsString(parameters, "NODE", context), uncertainty, runs,
                            seed, progress_of(feedback, 5, 50), cancelled_of(feedback))
        push(feedback, [*result.result.notes, *result.notes])
        clusters, problem = robustness_output.find_clusters(layer, result, seed, feedback)
        if problem is not None:
            push(feedback, problem, warning=True)
        feedback.setProgress(60)
        key = self.parameterAsString(parameters, "AREA", context).strip() or None
        sobol = output = None
        if page or self.parameterAsBool(parameters, "SENSITIVITY", context):
            sobol, output = self._sobol(recipe, frame, result, key, feedback)
        record = provenance(
            self.id(), [layer_input(layer, layer.name(), frame)], recipe=recipe.text, recipe_sha256=recipe.fingerprint,
            year=result.result.year, title=result.node.title, source=recipe.source, node=result.node.id, runs=runs,
            seed=seed, sources=list(result.sources), weight_spread=uncertainty.weight_spread,
            weight_law=uncertainty.weight_law, normalisations=[way[0] for way in uncertainty.normalisations],
            aggregations=[way[0] for way in uncertainty.aggregations],
            sampling={each.indicator: [each.kind, each.column, each.factor] for each in uncertainty.errors},
            sensitivity=_sensitivity(sobol, key),
        )
        parts = self._parts(parameters, result, feedback, page)
        html = ""
        if page:
            html = self._report(recipe, catalogue, frame, result, sobol, output, parts, clusters, problem, feedback)
        outputs = {"OUTPUT": robustness_output.write_areas(self, parameters, "OUTPUT", context, feedback, layer, result,
                                                           clusters, record)}
        if parts is not None and parameters.get("CONTRIBUTIONS"):
            outputs["CONTRIBUTIONS"] = robustness_output.write_contributions(
                self, parameters, "CONTRIBUTIONS", context, feedback, result, parts, record)
        if page:
            write_page(page, html)
            outputs["REPORT"] = page
        if clusters is not None:
            outputs["MORAN_I"] = clusters.overall.value
        return outputs | result.counts

    def _uncertainty(self, parameters, context, recipe, frame, year):
        from ..core.robustness_choices import AGGREGATIONS, NORMALISATIONS, sampling_errors
        from ..core.variants import Uncertainty

        def chosen(name, values):
            return tuple((values[i], {}) for i in self.parameterAsEnums(parameters, name, context))

        sources = tuple(SOURCES[i] for i in self.parameterAsEnums(parameters, "SOURCES", context))
        errors = ()
        if "sampling" in sources:
            errors = sampling_errors(recipe, frame, year, self.parameterAsString(parameters, "DENOMINATOR", context),
                                     self.parameterAsString(parameters, "SAMPLING", context))
        return Uncertainty(
            sources, chosen("NORMALISATIONS", NORMALISATIONS), chosen("AGGREGATIONS", AGGREGATIONS),
            WEIGHT_LAWS[self.parameterAsEnum(parameters, "WEIGHT_LAW", context)],
            self.parameterAsDouble(parameters, "WEIGHT_SPREAD", context) / 100, errors,
        )

    def _parts(self, parameters, result, feedback, page):
        """Return the contributions where they are asked for and can be had."""
        from ..bridge.feedback import cancelled_of, progress_of, push
        from ..core.contributions import contributions
        from ..core.messages import Cancelled, TeilhabeError

        if not (page or parameters.get("CONTRIBUTIONS")):
            return None
        try:
            return contributions(result.node, result.result.evaluations[result.index.id], seed=result.seed,
                                 progress=progress_of(feedback, 75, 85), cancelled=cancelled_of(feedback))
        except Cancelled:
            raise
        except TeilhabeError as error:
            if not page:
                raise
            push(feedback, error.message, warning=True)
            return None

    def _sobol(self, recipe, frame, result, key, feedback):
        """Return which source of uncertainty moves the ranks, or that of one area, most."""
        from ..bridge.feedback import cancelled_of, progress_of
        from ..core.sensitivity import sources_of_uncertainty

        budget = _SOBOL_BUDGET // (len(frame) * (len(result.sources) + 2))
        return sources_of_uncertainty(
            recipe, frame, result.result.year, result.node.id, result.uncertainty, key,
            runs=max(min(budget, _SOBOL_MOST), _SOBOL_LEAST), seed=result.seed, progress=progress_of(feedback, 60, 75),
            cancelled=cancelled_of(feedback))

    def _report(self, recipe, catalogue, frame, result, sobol, output, parts, clusters, problem, feedback):
        from ..bridge.feedback import cancelled_of, progress_of
        from ..bridge.robustness_report import report_html
        from ..core.diagnostics import diagnose, weight_drift
        from ..core.over_time import years_in
        from ..core.sensitivity import leave_one_out

        year, node = result.result.year, result.node.id
        several = len({leaf.indicator for leaf in result.node.leaves()}) > 1
        left_out = leave_one_out(recipe, frame, year, node) if several else None
        made_up = diagnose(result.result, node, _numerators(recipe, catalogue))
        years = years_in(recipe, frame.columns)
        drift = None
        if len(years) > 1 and made_up.influence:
            drift, notes = weight_drift(recipe, frame, years, node, progress_of(feedback, 85, 95),
                                        cancelled_of(feedback))
            made_up.findings += notes
        return report_html(result, sobol, output, left_out, made_up, parts, clusters, drift,
                           [problem] if problem is not None else [])


def _sensitivity(sobol, key):
    """Return the parts of the sources of uncertainty as JSON values, {} where there are none."""
    if sobol is None:
        return {}
    return {"sources": list(sobol.names), "first": sobol.first.tolist(), "total": sobol.total.tolist(),
            "area": key or "", "runs": sobol.runs}


def _numerators(recipe, catalogue):
    """Return what is counted for each indicator, as the catalogue says."""
    if catalogue is None:
        return {}
    entries = {name: catalogue.get(each.catalogue) for name, each in recipe.indicators.items() if each.catalogue}
    return {name: entry.numerator for name, entry in entries.items() if entry is not None}


def _source_titles():
    return [tr("Normalisation"), tr("Weights"), tr("Aggregation"), tr("Choice of indicators"),
            tr("Chance in the counts")]


def _titles(name):
    return {
        "NORMALISATIONS": [tr("z-score"), tr("min–max"), tr("percentile rank"), tr("robust z-score (median)"),
                           tr("rank"), tr("exponential rank")],
        "AGGREGATIONS": [tr("arithmetic mean"), tr("geometric mean"), tr("harmonic mean"), tr("median"),
                         tr("highest value"), tr("Borda ranking")],
    }[name]
