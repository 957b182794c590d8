"""Algorithm: how well areas, demand points and offers are supplied."""
from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterVectorDestination,
)

from ..translation import tr
from .base import TeilhabeAlgorithm
from .supply_parameters import (
    add_area_parameters,
    add_offer_parameters,
    add_people_parameters,
    add_reach_file_parameter,
    add_way_parameters,
)
from .supply_rule_parameters import add_index_parameters, add_rule_parameters

#: parameters that name a layer
LAYERS = ("AREAS", "PEOPLE", "POINTS", "OFFERS", "NETWORK", "INDEX")
#: number output → its title
NUMBERS = ("AREA_COUNT", "PEOPLE_COUNT", "OFFER_COUNT", "PLACES", "PLACES_PER_100", "REACHED", "UNREACHED",
           "REACHED_SHARE", "MISSING", "UNPLACED", "GINI", "BORDER")


class SupplyMeasuresAlgorithm(TeilhabeAlgorithm):
    """Areas, people and offers in; places per 100, ways, shares in reach, gaps against a quota and equity out."""

    ID = "supplymeasures"
    ICON = "supply.svg"

    def title(self):
        return tr("Supply of areas, people and offers")

    def define(self):
        add_area_parameters(self)
        add_people_parameters(self)
        add_offer_parameters(self)
        add_way_parameters(self, "500; 700; 1000")
        add_reach_file_parameter(self)
        add_rule_parameters(self)
        add_index_parameters(self)
        self.addParameter(QgsProcessingParameterVectorDestination(
            "OUTPUT", tr("Supply"), QgsProcessing.TypeVectorPolygon))
        for name, title in (("DEMAND", tr("Demand points")), ("OFFERS_OUT", tr("Offers with utilisation"))):
            self.addParameter(QgsProcessingParameterVectorDestination(
                name, title, QgsProcessing.TypeVectorPoint, optional=True, createByDefault=False))
        for name, title, kind in (("TABLE", tr("Tables"), tr("Excel workbook (*.xlsx)")),
                                  ("REPORT", tr("Report"), tr("HTML page (*.html)")),
                                  ("REACH_OUT", tr("Ways, to be used again"), tr("Computed ways (*.npz)"))):
            self.addParameter(QgsProcessingParameterFileDestination(
                name, title, kind, optional=True, createByDefault=False))
        for name, title in zip(NUMBERS, _number_titles()):
            self.addOutput(QgsProcessingOutputNumber(name, title))

    def execute(self, parameters, context, feedback):
        from dataclasses import replace

        from ..bridge import supply_output
        from ..bridge.feedback import cancelled_of, progress_of, push
        from ..bridge.layer_output import check_targets
        from ..bridge.supply_run import measure
        from .supply_parameters import case_of, reach_of
        from .supply_rule_parameters import index_of, rules_of

        files = self._files(parameters, context)
        layers = {name: self.vector_layer(parameters, name, context) for name in LAYERS}
        check_targets(parameters, supply_output.table_names(), filter(None, layers.values()), pages=files.values())
        rules = rules_of(self, parameters, context)
        case = case_of(self, parameters, context, feedback)
        case.check()
        index = index_of(self, parameters, context, feedback, case.areas)
        farthest = max(rules.limits[-1], rules.weighting.limit)
        noted = []
        reach = reach_of(self, parameters, context, feedback, case, farthest, noted)
        case = replace(case, notes=(*case.notes, *(index.notes if index is not None else ()), *noted))
        result = measure(case, reach, rules, self._far_reach(parameters, context, feedback, case, reach, rules), index,
                         progress_of(feedback, 60, 85), cancelled_of(feedback))
        push(feedback, result.notes[len(case.notes):])
        record = supply_output.record_of(self, result, layers, parameters)
        outputs = {"OUTPUT": supply_output.write_areas(self, parameters, context, feedback, result, record)}
        if parameters.get("DEMAND"):
            outputs["DEMAND"] = supply_output.write_points(self, parameters, context, feedback, result, record)
        if parameters.get("OFFERS_OUT"):
            outputs["OFFERS_OUT"] = supply_output.write_offers(self, parameters, context, feedback, result, record)
        outputs |= self._write_files(files, result, layers["NETWORK"], record)
        feedback.setProgress(100)
        return outputs | {name: value for name, value in result.totals.items() if value == value}

    def _files(self, parameters, context) -> dict[str, str]:
        """Return the files that are wanted, once it is clear that they can be written."""
        from ..bridge.report_page import check_target
        from ..bridge.supply_workbook import check_workbook

        files = {name: self.parameterAsFileOutput(parameters, name, context)
                 for name in ("TABLE", "REPORT", "REACH_OUT") if parameters.get(name)}
        for name, path in files.items():
            check_workbook(path) if name == "TABLE" else check_target(path)
        return files

    def _far_reach(self, parameters, context, feedback, case, reach, rules):
        """Return how ways beyond the limits are found: to the nearest offers of those who have none within them."""
        from ..bridge.supply_run import straight_ways
        from .supply_parameters import WAYS, computed_reach

        if self.parameterAsString(parameters, "REACH", context).strip():
            return None
        way = WAYS[self.parameterAsEnum(parameters, "WAYS", context)]
        if way in ("straight", "detour"):
            factor = self.parameterAsDouble(parameters, "DETOUR", context) if way == "detour" else 1.0
            return straight_ways(case, factor, rules.nth)
        return lambda some, limit: computed_reach(self, parameters, context, feedback, some.demand.points,
                                                  some.offer_points, some.areas.crs, limit, [], 60, 65)

    def _write_files(self, files, result, network, record) -> dict[str, str]:
        from ..bridge.reach_store import save_reach
        from ..bridge.report_page import write_page
        from ..bridge.supply_report import report_html, settings_in_words
        from ..bridge.supply_workbook import write_workbook

        if "TABLE" in files:
            write_workbook(files["TABLE"], result, settings_in_words(result))
        if "REPORT" in files:
            write_page(files["REPORT"], report_html(result))
        if "REACH_OUT" in files:
            case, way = result.case, result.reach
            save_reach(files["REACH_OUT"], way, case.demand.points, case.offers.points, case.chosen, case.areas.crs,
                       {"way": record["way"], "limit": record["reach_limit"]},
                       network if way.how == "network" else None)
        return files


def _number_titles():
    return (tr("Number of areas"), tr("People of the target group"), tr("Offers that count"), tr("Places"),
            tr("Places per 100 of the group"), tr("People with an offer within the first limit"),
            tr("People without an offer within the first limit"), tr("Share with an offer within the first limit (%)"),
            tr("Missing places against the quota"), tr("People without a free place within the first limit"),
            tr("Gini coefficient of the supply"), tr("Areas where the two figures tell different things"))
