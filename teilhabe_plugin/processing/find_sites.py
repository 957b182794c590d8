"""Algorithm: where p more offers help most."""
from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterVectorDestination,
    QgsProcessingParameterVectorLayer,
)

from ..translation import render, tr
from .base import TeilhabeAlgorithm
from .supply_parameters import (
    add_area_parameters,
    add_field,
    add_number,
    add_offer_parameters,
    add_parameter,
    add_people_parameters,
    add_way_parameters,
)
from .supply_rule_parameters import add_index_parameters

#: the values behind the entries of MODEL, EXISTING and CANDIDATE_KIND, in their order
MODELS = ("coverage", "median", "centre", "full_coverage")
EXISTING = ("keep", "choose", "ignore")
SOURCES = ("addresses", "grid")
#: parameters that name a layer
LAYERS = ("AREAS", "PEOPLE", "POINTS", "OFFERS", "CANDIDATES", "NETWORK", "INDEX")
#: sites are looked at so many limits far, where ways and not the limit decide
_SEARCH = {"coverage": 1.0, "full_coverage": 1.0, "median": 4.0, "centre": 8.0}


class FindSitesAlgorithm(TeilhabeAlgorithm):
    """Areas, people, offers and candidates in; the best sites with proof, who they serve, who remains without out."""

    ID = "findsites"
    ICON = "sites.svg"

    def title(self):
        return tr("Find sites for more offers")

    def define(self):
        add_area_parameters(self)
        add_people_parameters(self)
        add_offer_parameters(self, optional=True)
        self.addParameter(QgsProcessingParameterEnum("EXISTING", tr("Existing offers"), [
            tr("are kept"), tr("may be kept or closed"), tr("do not count")], False, 0))
        self.addParameter(QgsProcessingParameterVectorLayer(
            "CANDIDATES", tr("Candidates: buildings, plots or points (empty: as below)"),
            [QgsProcessing.TypeVectorPoint, QgsProcessing.TypeVectorPolygon], optional=True))
        add_field(self, "CANDIDATE_NAME", tr("Field with the name of the candidate"), "CANDIDATES", advanced=True)
        add_field(self, "CANDIDATE_CAPACITY", tr("Field with the places a candidate offers"), "CANDIDATES",
                  numeric=True, advanced=True)
        self.addParameter(QgsProcessingParameterEnum("CANDIDATE_KIND", tr("Without a layer, candidates are"), [
            tr("addresses where people live"), tr("points of a grid")], False, 0))
        add_parameter(self, QgsProcessingParameterNumber(
            "MOST_CANDIDATES", tr("Addresses as candidates: at most"), QgsProcessingParameterNumber.Integer, 500, False,
            1, 20_000), True)
        add_number(self, "CANDIDATE_GRID", tr("Grid of candidates: spacing in metres"), 250, 5, 10_000)
        add_number(self, "APART", tr("No candidate nearer to an existing offer than (metres)"), 1, 0, 10_000)
        self.addParameter(QgsProcessingParameterEnum("MODEL", tr("What is looked for"), [
            tr("Most people within the limit"), tr("Shortest ways on average"), tr("Shortest longest way"),
            tr("Fewest sites that reach everybody")], False, 0))
        self.addParameter(QgsProcessingParameterNumber(
            "P", tr("Number of new sites"), QgsProcessingParameterNumber.Integer, 3, False, 1, 1000))
        add_way_parameters(self)
        add_number(self, "SEARCH", tr("Short ways: look at sites up to (metres or minutes; 0: from the limit)"), 0, 0,
                   1_000_000)
        self.addParameter(QgsProcessingParameterNumber(
            "NEW_CAPACITY", tr("Places of a new site (empty: not limited)"), QgsProcessingParameterNumber.Double, None,
            True, 0, 1_000_000))
        add_index_parameters(self)
        add_number(self, "NEED_FACTOR", tr("People in the most unfavourable class count … times"), 2, 1, 100)
        add_field(self, "NEED_FIELD", tr("Or: field of the areas with the weight of a person"), "AREAS", numeric=True,
                  advanced=True)
        add_number(self, "TIME_LIMIT", tr("Time for the proof in seconds"), 60, 1, 36_000)
        self.addParameter(QgsProcessingParameterVectorDestination("OUTPUT", tr("New sites"),
                                                                  QgsProcessing.TypeVectorPoint))
        for name, title, kind in (("DEMAND", tr("People and their sites"), QgsProcessing.TypeVectorPoint),
                                  ("AREAS_OUT", tr("Areas before and after"), QgsProcessing.TypeVectorPolygon)):
            self.addParameter(QgsProcessingParameterVectorDestination(name, title, kind, optional=True,
                                                                      createByDefault=False))
        self.addParameter(QgsProcessingParameterFileDestination(
            "REPORT", tr("Report"), tr("HTML page (*.html)"), optional=True, createByDefault=False))
        self.addParameter(QgsProcessingParameterFileDestination(
            "TABLE", tr("Tables"), tr("Excel workbook (*.xlsx)"), optional=True, createByDefault=False))
        for name, title in (("SITES", tr("Sites chosen")), ("REACHED_BEFORE", tr("People within the limit before")),
                            ("REACHED", tr("People within the limit after")), ("OBJECTIVE", tr("Value of the answer")),
                            ("BOUND", tr("No answer is better than")), ("GAP", tr("Gap (%)"))):
            self.addOutput(QgsProcessingOutputNumber(name, title))
        self.addOutput(QgsProcessingOutputString("QUALITY", tr("How good the answer is")))

    def execute(self, parameters, context, feedback):
        from ..bridge import site_output
        from ..bridge.feedback import cancelled_of, progress_of, push
        from ..bridge.layer_output import check_targets
        from ..bridge.report_page import check_target, write_page
        from ..bridge.site_report import quality_text, report_html, settings_in_words
        from ..bridge.site_run import solve, with_candidates
        from ..bridge.supply_workbook import check_workbook, save_sheets
        from .supply_parameters import case_of, reach_of

        layers = {name: self.vector_layer(parameters, name, context) for name in LAYERS}
        report, table = (self.parameterAsFileOutput(parameters, name, context) if parameters.get(name) else ""
                         for name in ("REPORT", "TABLE"))
        check_targets(parameters, site_output.table_names(), filter(None, layers.values()), pages=(report, table))
        if report:
            check_target(report)
        if table:
            check_workbook(table)
        rules = self._rules(parameters, context)
        case = case_of(self, parameters, context, feedback)
        candidates = self._candidates(parameters, context, feedback, case, rules)
        push(feedback, candidates.notes)
        both = with_candidates(case, candidates)
        notes = []
        reach = reach_of(self, parameters, context, feedback, both, rules.search, notes)
        feedback.pushInfo(tr("{candidates} candidates, {points} demand points, {pairs} pairs within reach.",
                             candidates=len(candidates), points=len(case.demand), pairs=len(reach)))
        result = solve(both, len(case.offers), reach, rules, self._need(parameters, context, feedback, case),
                       (*case.notes, *candidates.notes, *notes), progress_of(feedback, 60, 90), cancelled_of(feedback),
                       self._far_ways(parameters, context))
        push(feedback, result.siting.notes)
        quality = quality_text(result)
        feedback.pushInfo(tr("The answer is {quality}.", quality=quality))
        record = self._record(result, layers, parameters)
        outputs = {"OUTPUT": site_output.write_sites(self, parameters, context, feedback, result, record)}
        for name, write in (("DEMAND", site_output.write_demand), ("AREAS_OUT", site_output.write_areas)):
            if parameters.get(name):
                outputs[name] = write(self, parameters, context, feedback, result, record)
        if report:
            write_page(report, report_html(result))
            outputs["REPORT"] = report
        if table:
            save_sheets(table, [(tr("New sites"), *site_output.site_table(result)[:2]),
                                (tr("Areas"), *site_output.area_table(result)[:2])],
                        [quality, *settings_in_words(result), *map(render, result.notes)])
            outputs["TABLE"] = table
        feedback.setProgress(100)
        before, after = (float(case.people[there].sum()) for there in result.covered)
        return outputs | {"SITES": len(result.steps), "REACHED_BEFORE": before, "REACHED": after,
                          "OBJECTIVE": result.siting.objective, "BOUND": result.siting.bound,
                          "GAP": 100 * result.siting.gap, "QUALITY": quality}

    def _far_ways(self, parameters, context):
        from ..bridge.site_run import straight_ways
        from .supply_parameters import WAYS

        way = WAYS[self.parameterAsEnum(parameters, "WAYS", context)]
        if way not in ("straight", "detour"):
            return None
        return straight_ways(self.parameterAsDouble(parameters, "DETOUR", context) if way == "detour" else 1.0)

    def _rules(self, parameters, context):
        from ..bridge.site_run import SiteRules
        from .supply_parameters import limits_of

        model = MODELS[self.parameterAsEnum(parameters, "MODEL", context)]
        limit = limits_of(self, parameters, context)[0]
        search = max(limit, self.parameterAsDouble(parameters, "SEARCH", context) or limit * _SEARCH[model])
        capacity = float("nan")
        if parameters.get("NEW_CAPACITY") not in (None, ""):
            capacity = self.parameterAsDouble(parameters, "NEW_CAPACITY", context)
        return SiteRules(model, self.parameterAsInt(parameters, "P", context), limit, search,
                         EXISTING[self.parameterAsEnum(parameters, "EXISTING", context)], capacity,
                         self.parameterAsDouble(parameters, "TIME_LIMIT", context))

    def _candidates(self, parameters, context, feedback, case, rules):
        import numpy as np

        from ..bridge import site_candidates
        from ..bridge.site_run import IGNORE

        layer = self.vector_layer(parameters, "CANDIDATES", context)
        if layer is not None:
            found = site_candidates.candidates_of_layer(
                layer, self.parameterAsString(parameters, "CANDIDATE_NAME", context),
                self.parameterAsString(parameters, "CANDIDATE_CAPACITY", context), case.areas, context, feedback)
        elif SOURCES[self.parameterAsEnum(parameters, "CANDIDATE_KIND", context)] == "addresses":
            found = site_candidates.candidates_at_addresses(
                case.demand, self.parameterAsInt(parameters, "MOST_CANDIDATES", context))
        else:
            found = site_candidates.candidates_on_grid(
                case.areas, self.parameterAsDouble(parameters, "CANDIDATE_GRID", context), feedback)
        existing = case.offer_points if rules.existing != IGNORE else np.empty((0, 2))
        return site_candidates.without_doubles(found, existing, self.parameterAsDouble(parameters, "APART", context))

    def _need(self, parameters, context, feedback, case):
        """Return the weight of a person at every demand point, None where everybody counts the same."""
        import numpy as np

        from ..bridge.boundary_layers import numbers
        from ..bridge.frames import read_frame
        from ..bridge.site_run import weights_of_classes
        from ..core.messages import TeilhabeError, mark
        from .supply_rule_parameters import index_of

        field = self.parameterAsString(parameters, "NEED_FIELD", context)
        index = index_of(self, parameters, context, feedback, case.areas)
        if field:
            layer = self.vector_layer(parameters, "AREAS", context)
            frame = numbers(read_frame(layer, [field], feedback=feedback), [field], layer)
            by_area = frame[field].to_numpy(float)
            if not (np.nan_to_num(by_area) >= 0).all() or len(by_area) != len(case.areas):
                raise TeilhabeError(mark("Layer “{layer}”, field “{field}”: weights of people must be 0 or more."),
                                    layer=layer.name(), field=field)
        elif index is not None:
            by_area = weights_of_classes(index.position, len(index.names),
                                         self.parameterAsDouble(parameters, "NEED_FACTOR", context))
        else:
            return None
        area = case.demand.area
        return np.where(area >= 0, np.where(np.isnan(by_area), 1.0, by_area)[area], 1.0)

    def _record(self, result, layers, parameters) -> dict:
        from ..bridge.provenance import layer_file, provenance
        from ..bridge.snapshot import original_id
        from ..bridge.supply_settings import settings_of

        inputs = [{"name": layer.name(), "layer_id": original_id(layer), "file": layer_file(layer).rpartition("/")[2],
                   "role": name} for name, layer in layers.items() if layer is not None]
        siting = result.siting
        return provenance(self.id(), inputs, parameters=settings_of(self, parameters), model=result.rules.model,
                          objective=siting.objective, bound=siting.bound, gap=siting.gap)
