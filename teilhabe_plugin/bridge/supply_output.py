"""The results of a supply analysis as layers."""
from __future__ import annotations

import hashlib

import numpy as np

from ..translation import tr
from . import project
from .layer_content import Points
from .layer_output import write_layer
from .provenance import layer_file, provenance
from .snapshot import original_id
from .supply_columns import area_table, offer_table, point_table
from .supply_run import SupplyResult
from .supply_settings import SETTINGS, settings_of
from .supply_style import add_classes, style_areas, style_offers, style_points, supply_classes


def table_names() -> dict[str, str]:
    """Return destination parameter → name of the table where the destination names none."""
    return {"OUTPUT": tr("Supply"), "DEMAND": tr("Demand points"), "OFFERS_OUT": tr("Offers with utilisation")}


def areas_with_classes(result: SupplyResult):
    """Return table, specs and classes of the areas."""
    frame, specs = area_table(result)
    class_set = supply_classes(result, frame)
    add_classes(frame, specs, class_set)
    return frame, specs, class_set


def write_areas(algorithm, parameters, context, feedback, result: SupplyResult, record: dict) -> str:
    """Write the areas with their measures, styled as a map."""
    frame, specs, class_set = areas_with_classes(result)
    areas = result.case.areas
    return write_layer(
        algorithm, parameters, "OUTPUT", context, feedback, frame=frame,
        specs=specs, geometry_layer=areas.layer, style=style_areas(class_set),
        layer_name=table_names()["OUTPUT"], role=project.SUPPLY, provenance=record)


def write_points(algorithm, parameters, context, feedback, result: SupplyResult, record: dict) -> str:
    """Write the demand points with their measures."""
    frame, specs = point_table(result)
    demand = result.case.demand
    return write_layer(
        algorithm, parameters, "DEMAND", context, feedback, frame=frame, specs=specs,
        points=Points(demand.x, demand.y, result.case.areas.crs), style=style_points(result),
        layer_name=table_names()["DEMAND"], role=project.DEMAND, provenance=record)


def write_offers(algorithm, parameters, context, feedback, result: SupplyResult, record: dict) -> str:
    """Write all rows of the list of offers, those without a place, too."""
    frame, specs = offer_table(result)
    offers = result.case.offers
    return write_layer(
        algorithm, parameters, "OFFERS_OUT", context, feedback, frame=frame, specs=specs,
        points=Points(offers.x, offers.y, result.case.areas.crs), style=style_offers(result),
        layer_name=table_names()["OFFERS_OUT"], role=project.OFFERS, provenance=record)


def record_of(algorithm, result: SupplyResult, layers: dict, parameters: dict | None = None) -> dict:
    """Return what is stored with the results: inputs with fingerprints, settings, versions.

    ``layers`` is parameter → layer, None for what was not given; with ``parameters`` the case can be rebuilt from the
    record, see `supply_settings`.
    """
    case, rules = result.case, result.rules
    prints = {
        "AREAS": _sha(case.totals), "PEOPLE": _sha(case.totals), "POINTS": _sha(case.demand.points, case.people),
        "OFFERS": _sha(case.offers.points, case.offers.capacity, case.chosen),
    }
    inputs = [{"name": layer.name(), "layer_id": original_id(layer), "file": layer_file(layer).rpartition("/")[2],
               "role": name, "sha256": prints.get(name, "")}
              for name, layer in layers.items() if layer is not None]
    decay = rules.weighting
    return provenance(
        algorithm.id(), inputs, group=case.group, kinds=list(case.kinds), year=case.year, scenario=case.scenario,
        limits=list(rules.limits), quota=None if np.isnan(rules.quota) else rules.quota, method=rules.method,
        nth=rules.nth, decay={"kind": decay.kind, "limit": decay.limit, "bounds": list(decay.bounds),
                              "weights": list(decay.weights), "scale": decay.scale, "exponent": decay.exponent},
        way=result.reach.how, unit=result.reach.unit, reach_limit=float(result.reach.limit),
        **({SETTINGS: settings_of(algorithm, parameters)} if parameters else {}))


def _sha(*arrays) -> str:
    digest = hashlib.sha256()
    for values in arrays:
        digest.update(np.ascontiguousarray(np.asarray(values, float)).tobytes())
    return digest.hexdigest()
