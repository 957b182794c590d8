"""Algorithm: where people are without an offer, where need is high and supply low, and how sure that is."""
from __future__ import annotations

import math
import re

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterVectorDestination,
)

from ..translation import tr
from .base import TeilhabeAlgorithm
from .supply_parameters import (
    WAYS,
    add_area_parameters,
    add_number,
    add_offer_parameters,
    add_parameter,
    add_people_parameters,
    add_reach_file_parameter,
    add_text,
    add_way_parameters,
)
from .supply_rule_parameters import add_index_parameters

LAYERS = ("AREAS", "PEOPLE", "POINTS", "OFFERS", "NETWORK", "INDEX")
#: the values behind the entries of SUPPLY_BY, in their order
MEASURES = ("", "places", "places_inside", "share")
#: how often the search for the nearest offers along a network doubles its limit
_SEARCHES = 4


class CoverageGapsAlgorithm(TeilhabeAlgorithm):
    """Areas, people, offers and an index in; need × supply, gaps and how they stand up out."""

    ID = "coveragegaps"
    ICON = "gaps.svg"

    def title(self):
        return tr("Coverage gaps: need and supply")

    def define(self):
        add_area_parameters(self)
        add_people_parameters(self)
        add_offer_parameters(self)
        add_way_parameters(self, "700; 500; 1000")
        self.parameterDefinition("LIMITS").setDescription(
            tr("Within reach up to (metres or minutes; the first one counts, the others are variants)"))
        add_text(self, "DETOURS", tr("Detour factors of the variants (straight lines only)"), "1.0; 1.2; 1.4",
                 advanced=False)
        add_reach_file_parameter(self)
        self.addParameter(QgsProcessingParameterNumber(
            "QUOTA", tr("Places that shall be there per 100 people (empty: no quota)"),
            QgsProcessingParameterNumber.Double, None, True, 0, 100_000))
        add_index_parameters(self)
        add_parameter(self, QgsProcessingParameterEnum("SUPPLY_BY", tr("Supply is measured by"), [
            tr("places per 100 over the borders where places are known, else people with an offer"),
            tr("places per 100, over the borders of areas"), tr("places per 100 in the area"),
            tr("people with an offer within reach (%)")], False, 0), True)
        add_text(self, "SUPPLY_BOUNDS", tr("Upper bounds of low and medium supply, e.g. 25; 35 (empty: 80 and 100 % of "
                                           "the quota, else thirds of the areas; with people in reach 75; 90)"))
        add_number(self, "LEAST_PEOPLE", tr("Only gaps with at least so many people"), 1, 0, 1_000_000)
        add_number(self, "GAP_DISTANCE", tr("People without an offer form one gap up to this distance in metres"), 150,
                   1, 10_000)
        self.addParameter(QgsProcessingParameterVectorDestination(
            "OUTPUT", tr("Need and supply"), QgsProcessing.TypeVectorPolygon))
        self.addParameter(QgsProcessingParameterVectorDestination(
            "GAPS", tr("Coverage gaps"), QgsProcessing.TypeVectorPolygon, optional=True, createByDefault=True))
        self.addParameter(QgsProcessingParameterVectorDestination(
            "UNREACHED", tr("People without an offer"), QgsProcessing.TypeVectorPoint, optional=True,
            createByDefault=False))
        for name, title, kind in (("TABLE", tr("Tables"), tr("Excel workbook (*.xlsx)")),
                                  ("REPORT", tr("Report"), tr("HTML page (*.html)")),
                                  ("LEGEND", tr("Legend as a square"), tr("Pictures (*.svg *.png)"))):
            self.addParameter(QgsProcessingParameterFileDestination(
                name, title, kind, optional=True, createByDefault=False))
        for name, title in (("N_GAPS", tr("Number of gaps")), ("N_UNREACHED", tr("People without an offer")),
                            ("UNREACHED_SHARE", tr("Share without an offer (%)")),
                            ("UNREACHED_LOW", tr("People without an offer: fewest of all variants")),
                            ("UNREACHED_HIGH", tr("People without an offer: most of all variants")),
                            ("AREAS_FIRST", tr("Areas with high need and low supply"))):
            self.addOutput(QgsProcessingOutputNumber(name, title))

    def execute(self, parameters, context, feedback):
        from ..bridge import gap_inputs, gap_output
        from ..bridge.feedback import cancelled_of, progress_of, push
        from ..bridge.layer_output import check_targets
        from ..core.supply.gap_analysis import analyse
        from .supply_parameters import case_of
        from .supply_rule_parameters import index_of

        files = self._files(parameters, context)
        layers = {name: self.vector_layer(parameters, name, context) for name in LAYERS}
        check_targets(parameters, gap_output.table_names(), filter(None, layers.values()), pages=files.values())
        rules = self._rules(parameters, context)
        case = case_of(self, parameters, context, feedback)
        case.check()
        need = gap_inputs.need_of(case, index_of(self, parameters, context, feedback, case.areas))
        place = gap_inputs.place_of(case, layers["OFFERS"], feedback)
        ways = self._ways(parameters, context, feedback, case, rules)
        found = analyse(place, ways, need.level, rules, progress_of(feedback, 65, 90), cancelled_of(feedback))
        group = self.parameterAsString(parameters, "GROUP", context).strip()
        result = gap_output.GapResult(case, need, place, found, group, ways.reach.unit, ways.reach.how,
                                      (*case.notes, *need.notes, *self._notes(parameters, context, found)))
        push(feedback, result.notes[len(case.notes) + len(need.notes):])
        record = gap_output.record_of(self, result, layers)
        outputs = {"OUTPUT": gap_output.write_areas(self, parameters, context, feedback, result, record)}
        if parameters.get("GAPS"):
            outputs["GAPS"] = gap_output.write_gaps(self, parameters, context, feedback, result, record)
        if parameters.get("UNREACHED"):
            outputs["UNREACHED"] = gap_output.write_unreached(self, parameters, context, feedback, result, record,
                                                              ways.nearest, ways.nearest_offer)
        self._write_files(files, result)
        feedback.setProgress(100)
        return outputs | files | gap_output.numbers_of(result)

    def _files(self, parameters, context) -> dict[str, str]:
        """Return the files that are wanted, once it is clear that they can be written."""
        from ..bridge.report_page import check_target
        from ..bridge.supply_workbook import check_workbook

        files = {name: self.parameterAsFileOutput(parameters, name, context)
                 for name in ("TABLE", "REPORT", "LEGEND") if parameters.get(name)}
        for name, path in files.items():
            check_workbook(path) if name == "TABLE" else check_target(path)
        return files

    def _write_files(self, files, result) -> None:
        from ..bridge.bivariate_style import write_legend
        from ..bridge.gap_report import legend_of, report_html
        from ..bridge.gap_workbook import write_workbook
        from ..bridge.report_page import write_page

        if "TABLE" in files:
            write_workbook(files["TABLE"], result)
        if "REPORT" in files:
            write_page(files["REPORT"], report_html(result))
        if "LEGEND" in files:
            write_legend(files["LEGEND"], legend_of(result))

    def _way(self, parameters, context) -> str:
        return WAYS[self.parameterAsEnum(parameters, "WAYS", context)]

    def _rules(self, parameters, context):
        from ..core.messages import TeilhabeError, mark
        from ..core.supply.gap_analysis import GapRules
        from .supply_parameters import limits_of

        limits = limits_of(self, parameters, context)
        first = numbers(self.parameterAsString(parameters, "LIMITS", context))[0]
        way = self._way(parameters, context)
        base = self.parameterAsDouble(parameters, "DETOUR", context) if way == "detour" else 1.0
        detours = (base,)
        if not way.startswith("network"):
            detours = tuple(numbers(self.parameterAsString(parameters, "DETOURS", context))) or detours
        bounds = tuple(numbers(self.parameterAsString(parameters, "SUPPLY_BOUNDS", context))) or None
        if bounds is not None and len(bounds) != 2:
            raise TeilhabeError(mark("The bounds of the supply are two numbers, separated by a semicolon: 25; 35."))
        quota = float("nan")
        if parameters.get("QUOTA") not in (None, ""):
            quota = self.parameterAsDouble(parameters, "QUOTA", context)
        return GapRules(
            (first, *(limit for limit in limits if limit != first)), detours, base, quota,
            MEASURES[self.parameterAsEnum(parameters, "SUPPLY_BY", context)], bounds,
            self.parameterAsDouble(parameters, "GAP_DISTANCE", context),
            self.parameterAsDouble(parameters, "LEAST_PEOPLE", context))

    def _ways(self, parameters, context, feedback, case, rules):
        """Return the ways: all offers as far as the variants go, the roughly located ones farther by their radius."""
        import numpy as np

        from ..bridge.gap_inputs import nearest_straight, only_offers
        from ..core.supply.gap_analysis import GapWays
        from ..core.supply.reach import MINUTES
        from .supply_parameters import reach_of

        way = self._way(parameters, context)
        reach = reach_of(self, parameters, context, feedback, case, rules.farthest)
        per_metre = rules.base
        if reach.unit == MINUTES:
            per_metre = 60 / (1000 * self.parameterAsDouble(parameters, "SPEED", context))
        radius = np.where(case.chosen & case.offers.rough, case.offers.radius, 0.0) * per_metre
        rough = None
        if radius.any():
            rough = reach_of(self, parameters, context, feedback, only_offers(case, radius > 0),
                             rules.farthest + radius.max())
        if way.startswith("network"):
            nearest, nearest_offer = self._along_network(parameters, context, feedback, case, reach, rules)
        else:
            nearest, nearest_offer = nearest_straight(case, rules.base)
        return GapWays(reach, radius, rough, nearest, nearest_offer)

    def _along_network(self, parameters, context, feedback, case, reach, rules):
        """Return the nearest offers along a network; those without one in the reach are looked for farther out."""
        import numpy as np

        from ..bridge.gap_inputs import only_points
        from .supply_parameters import computed_reach

        nearest, offer = reach.nearest(), reach.nearest_offer()
        limit = rules.farthest
        if self.parameterAsString(parameters, "REACH", context).strip():
            return nearest, offer
        for _ in range(_SEARCHES):
            here = np.flatnonzero(np.isnan(nearest) & (case.people > 0))
            if not len(here):
                break
            limit *= 2
            some = only_points(case, here)
            farther = computed_reach(self, parameters, context, feedback, some.demand.points, some.offer_points,
                                     some.areas.crs, limit, [], 60, 65)
            nearest[here], offer[here] = farther.nearest(), farther.nearest_offer()
        return nearest, offer

    def _notes(self, parameters, context, found):
        from ..core.messages import Message, mark
        from ..core.supply.words import counted

        left_out = found.unreached_people[found.position(found.rules.limits[0])] - found.in_gaps
        if round(left_out) > 0:
            yield Message(mark("{count} people without an offer live in gaps with fewer than {least} people, which are "
                               "left out."), count=counted(left_out), least=round(found.rules.least_people))

        if self._way(parameters, context).startswith("network") and self.parameterAsString(
                parameters, "DETOURS", context).strip():
            yield Message(mark("Ways run along a network: detour factors do not apply and are left out."))


def numbers(text: str) -> list[float]:
    """Return the numbers of a list such as “1,0; 1.2”.

    Raises
    ------
    TeilhabeError
        For an entry that is no number.
    """
    from ..core.messages import TeilhabeError, mark

    found = []
    for part in filter(None, re.split(r"[;\s]+", text)):
        try:
            found.append(float(part.replace(",", ".")))
        except ValueError:
            found.append(math.nan)
        if not math.isfinite(found[-1]):
            raise TeilhabeError(mark("“{value}” is not a number. Separate several numbers by semicolons."), value=part)
    return found
