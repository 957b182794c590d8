"""Algorithm: the supply before and after changes of the offers."""
from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorDestination,
    QgsProcessingParameterVectorLayer,
)

from ..translation import render, tr
from .base import TeilhabeAlgorithm
from .supply_parameters import (
    add_area_parameters,
    add_offer_parameters,
    add_people_parameters,
    add_text,
    add_way_parameters,
)
from .supply_rule_parameters import add_rule_parameters

#: parameters that name a layer
LAYERS = ("AREAS", "PEOPLE", "POINTS", "OFFERS", "CHANGES", "OFFERS_AFTER", "NETWORK")


class SupplyScenarioAlgorithm(TeilhabeAlgorithm):
    """Offers and changes in; every measure before and after for areas, offers and the city out."""

    ID = "supplyscenario"
    ICON = "scenario.svg"

    def title(self):
        return tr("Supply before and after changes")

    def define(self):
        add_area_parameters(self)
        add_people_parameters(self)
        add_offer_parameters(self)
        self.addParameter(QgsProcessingParameterVectorLayer(
            "CHANGES", tr("Changes: layer or table (columns aktion, angebot, x, y, plätze)"),
            [QgsProcessing.TypeVector], optional=True))
        self.addParameter(QgsProcessingParameterString("CHANGES_TEXT", tr("Or changes as JSON (see help)"), None, True,
                                                       True))
        self.addParameter(QgsProcessingParameterVectorLayer(
            "OFFERS_AFTER", tr("Or the offers as they would be: another layer"), [QgsProcessing.TypeVectorPoint],
            optional=True))
        add_text(self, "DATE_AFTER", tr("Or the same offers on this later day"))
        add_text(self, "SCENARIO_AFTER", tr("Or the same offers in this scenario"))
        add_text(self, "NAME", tr("Name of the scenario"), advanced=False)
        add_way_parameters(self, "500; 700; 1000")
        add_rule_parameters(self)
        self.addParameter(QgsProcessingParameterVectorDestination(
            "OUTPUT", tr("Before and after"), QgsProcessing.TypeVectorPolygon))
        self.addParameter(QgsProcessingParameterVectorDestination(
            "OFFERS_OUT", tr("Offers before and after"), QgsProcessing.TypeVectorPoint, optional=True,
            createByDefault=False))
        for name, title, kind in (("TABLE", tr("Tables"), tr("Excel workbook (*.xlsx)")),
                                  ("REPORT", tr("Report"), tr("HTML page (*.html)"))):
            self.addParameter(QgsProcessingParameterFileDestination(
                name, title, kind, optional=True, createByDefault=False))
        for name, title in (("CHANGE_COUNT", tr("Changes")), ("REACHED_BEFORE", tr("People within the limit before")),
                            ("REACHED", tr("People within the limit after")),
                            ("SHARE_BEFORE", tr("Share within the limit before (%)")),
                            ("SHARE", tr("Share within the limit after (%)")),
                            ("PLACES_BEFORE", tr("Places before")), ("PLACES", tr("Places after")),
                            ("WINNERS", tr("Areas that win")), ("LOSERS", tr("Areas that lose"))):
            self.addOutput(QgsProcessingOutputNumber(name, title))

    def execute(self, parameters, context, feedback):
        from dataclasses import replace

        from ..bridge import scenario_output
        from ..bridge.feedback import cancelled_of, progress_of, push
        from ..bridge.layer_output import check_targets
        from ..bridge.report_page import check_target
        from ..bridge.scenario_run import ScenarioResult, case_after
        from ..bridge.supply_run import measure
        from ..bridge.supply_workbook import check_workbook
        from ..core.supply.scenario import places_of, reach_of_places
        from .supply_parameters import case_of, computed_reach
        from .supply_rule_parameters import rules_of

        files = {name: self.parameterAsFileOutput(parameters, name, context)
                 for name in ("TABLE", "REPORT") if parameters.get(name)}
        for name, path in files.items():
            check_workbook(path) if name == "TABLE" else check_target(path)
        layers = {name: self.vector_layer(parameters, name, context) for name in LAYERS}
        check_targets(parameters, scenario_output.table_names(), filter(None, layers.values()), pages=files.values())
        rules = rules_of(self, parameters, context)
        case = case_of(self, parameters, context, feedback)
        case.check()
        cancelled = cancelled_of(feedback)
        offers, changes, found = self._after(parameters, context, feedback, case)
        later, notes = case_after(case, offers, cancelled, self.parameterAsString(parameters, "NAME", context))
        notes = [*found, *notes]
        cases = [replace(case, notes=()), replace(later, notes=())]
        counted = [replace(each.offers, x=each.offer_points[:, 0], y=each.offer_points[:, 1]) for each in cases]
        places, positions = places_of(*counted)
        farthest = max(rules.limits[-1], rules.weighting.limit)
        reach = computed_reach(self, parameters, context, feedback, case.demand.points, places, case.areas.crs,
                               farthest, notes)
        push(feedback, notes)
        sides = []
        for number, (each, position) in enumerate(zip(cases, positions)):
            progress = progress_of(feedback, 60 + 15 * number, 75 + 15 * number)
            far = self._far_reach(parameters, context, feedback, each, rules)
            sides.append(measure(each, reach_of_places(reach, position), rules, far, None, progress, cancelled))
        unknown = [note for note in sides[1].notes if note not in sides[0].notes]
        push(feedback, [*sides[0].notes, *unknown])
        result = ScenarioResult(*sides, changes, (*case.notes, *notes, *sides[0].notes, *unknown))
        record = self._record(result, layers, parameters)
        outputs = {"OUTPUT": scenario_output.write_areas(self, parameters, context, feedback, result, record)}
        if parameters.get("OFFERS_OUT"):
            outputs["OFFERS_OUT"] = scenario_output.write_offers(self, parameters, context, feedback, result, record)
        outputs |= self._write_files(files, result, parameters, context)
        feedback.setProgress(100)
        return outputs | self._numbers(result)

    def _after(self, parameters, context, feedback, case):
        """Return the offers as they would be, the changes that lead there, and notes."""
        from ..bridge.scenario_run import read_changes
        from ..bridge.supply_inputs import read_offer_layer
        from ..core.messages import TeilhabeError, mark
        from ..core.supply.change_table import changes_between, changes_of_text
        from ..core.supply.scenario import apply_changes
        from .supply_parameters import day_of, offer_columns

        def text(name):
            return self.parameterAsString(parameters, name, context).strip()

        table, other = (self.vector_layer(parameters, name, context) for name in ("CHANGES", "OFFERS_AFTER"))
        later = bool(text("DATE_AFTER") or text("SCENARIO_AFTER"))
        if (table is not None) + bool(text("CHANGES_TEXT")) + (other is not None or later) != 1:
            raise TeilhabeError(mark("Say what changes in exactly one way: a layer or table of changes, changes as "
                                     "JSON, or the offers as they would be."))
        if other is None and not later:
            changes = read_changes(table, case.offers, case.areas, context, feedback) if table is not None else (
                changes_of_text(text("CHANGES_TEXT"), case.offers))
            return apply_changes(case.offers, changes), changes, ()
        layer = other if other is not None else self.vector_layer(parameters, "OFFERS", context)
        offers, _area, notes = read_offer_layer(
            layer, offer_columns(self, parameters, context), case.areas, day_of(text("DATE_AFTER") or text("DATE")),
            text("SCENARIO_AFTER") or text("SCENARIO"), context, feedback, case.kinds)
        return offers, changes_between(case.offers, offers), notes

    def _far_reach(self, parameters, context, feedback, case, rules):
        """Return how ways beyond the limits are found: to the nearest offers of those who have none within them."""
        from ..bridge.supply_run import straight_ways
        from .supply_parameters import WAYS, computed_reach

        way = WAYS[self.parameterAsEnum(parameters, "WAYS", context)]
        if way in ("straight", "detour"):
            factor = self.parameterAsDouble(parameters, "DETOUR", context) if way == "detour" else 1.0
            return straight_ways(case, factor, rules.nth)
        return lambda some, limit: computed_reach(self, parameters, context, feedback, some.demand.points,
                                                  some.offer_points, some.areas.crs, limit, [], 60, 65)

    def _write_files(self, files, result, parameters, context) -> dict[str, str]:
        from ..bridge import scenario_output
        from ..bridge.report_page import write_page
        from ..bridge.scenario_report import report_html
        from ..bridge.supply_report import settings_in_words
        from ..bridge.supply_workbook import save_sheets

        if "TABLE" in files:
            save_sheets(files["TABLE"], [(tr("Areas"), *scenario_output.area_frame(result)[:2]),
                                         (tr("Offers"), *scenario_output.offer_frame(result)[:2])],
                        [*settings_in_words(result.before), *map(render, result.notes)])
        if "REPORT" in files:
            name = self.parameterAsString(parameters, "NAME", context) or tr("Scenario")
            write_page(files["REPORT"], report_html(result, name))
        return files

    def _numbers(self, result) -> dict:
        from ..bridge.scenario_report import winners_and_losers

        city = result.city
        winners, losers = winners_and_losers(result)
        found = {"CHANGE_COUNT": len(result.changes), "WINNERS": len(winners), "LOSERS": len(losers)}
        for name, figure in (("REACHED", "reached_0"), ("SHARE", "share_0"), ("PLACES", "capacity")):
            found |= {f"{name}_BEFORE": float(city.loc[figure, "before"]), name: float(city.loc[figure, "after"])}
        return {name: value for name, value in found.items() if value == value}

    def _record(self, result, layers, parameters) -> dict:
        from ..bridge.provenance import layer_file, provenance
        from ..bridge.snapshot import original_id
        from ..bridge.supply_settings import settings_of
        from ..core.supply.scenario import changes_to_text

        inputs = [{"name": layer.name(), "layer_id": original_id(layer), "file": layer_file(layer).rpartition("/")[2],
                   "role": name} for name, layer in layers.items() if layer is not None]
        return provenance(self.id(), inputs, parameters=settings_of(self, parameters),
                          changes=changes_to_text(result.changes))
