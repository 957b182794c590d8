"""Parameters that all supply analyses share, and the case they stand for: areas, people, offers, ways."""
from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterField,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorLayer,
)

from ..translation import tr

#: the values behind the entries of WAYS, in their order
WAYS = ("straight", "detour", "network_metres", "network_minutes")


def add_area_parameters(algorithm) -> None:
    """Add the areas."""
    algorithm.addParameter(QgsProcessingParameterVectorLayer(
        "AREAS", tr("Areas"), [QgsProcessing.TypeVectorPolygon]))
    _field(algorithm, "AREA_KEY", tr("Field with the area key (empty: found)"), "AREAS", advanced=True)
    _field(algorithm, "AREA_NAME", tr("Field with the name of the area (empty: found)"), "AREAS", advanced=True)


def add_people_parameters(algorithm) -> None:
    """Add the people per area and the points where they live."""
    algorithm.addParameter(QgsProcessingParameterVectorLayer(
        "PEOPLE", tr("People per area: layer or table"), [QgsProcessing.TypeVector]))
    _field(algorithm, "PEOPLE_FIELDS", tr("Fields with the people of the target group (they are summed up)"), "PEOPLE",
           several=True, optional=False)
    _field(algorithm, "PEOPLE_KEY", tr("Field with the area key in the table of people (empty: found)"), "PEOPLE",
           advanced=True)
    _field(algorithm, "PEOPLE_YEAR", tr("Field with the year (tables with a row per area and year)"), "PEOPLE",
           advanced=True)
    _text(algorithm, "YEAR", tr("Year of the people (empty: the last)"))
    _text(algorithm, "GROUP", tr("Name of the target group, e.g. Kinder unter 6"), advanced=False)
    algorithm.addParameter(QgsProcessingParameterVectorLayer(
        "POINTS", tr("Where people live: addresses or buildings (empty: a grid inside the areas)"),
        [QgsProcessing.TypeVectorPoint, QgsProcessing.TypeVectorPolygon], optional=True))
    _field(algorithm, "WEIGHT", tr("Weight of a point, e.g. dwellings (empty: all alike)"), "POINTS", numeric=True,
           advanced=True)
    _field(algorithm, "POINT_AREA", tr("Field with the area key of a point (empty: where it lies)"), "POINTS",
           advanced=True)
    _field(algorithm, "POINT_PEOPLE", tr("Fields of the points with people themselves (instead of spreading)"),
           "POINTS", numeric=True, several=True, advanced=True)
    _number(algorithm, "GRID", tr("Spacing of the grid in metres"), 100, 1, 10_000)


def add_offer_parameters(algorithm) -> None:
    """Add the offers."""
    algorithm.addParameter(QgsProcessingParameterVectorLayer(
        "OFFERS", tr("Offers"), [QgsProcessing.TypeVectorPoint]))
    _field(algorithm, "KIND_FIELD", tr("Field with the type of offer (empty: found)"), "OFFERS", advanced=True)
    _text(algorithm, "KINDS", tr("Only these types of offer (separated by semicolons; empty: all)"), advanced=False)
    _field(algorithm, "CAPACITY", tr("Field with the number of places (empty: found)"), "OFFERS", advanced=True)
    _field(algorithm, "OFFER_NAME", tr("Field with the name (empty: found)"), "OFFERS", advanced=True)
    _field(algorithm, "OFFER_ID", tr("Field with the number of the offer (empty: found)"), "OFFERS", advanced=True)
    _field(algorithm, "OPEN_FROM", tr("Field with the first day (empty: found)"), "OFFERS", advanced=True)
    _field(algorithm, "OPEN_UNTIL", tr("Field with the last day (empty: found)"), "OFFERS", advanced=True)
    _field(algorithm, "SCENARIO_FIELD", tr("Field with scenario or year (empty: found)"), "OFFERS", advanced=True)
    _text(algorithm, "DATE", tr("Only offers open on this day (2025-12-31; empty: all)"))
    _text(algorithm, "SCENARIO", tr("Only offers of this scenario and of none (empty: all)"))


def add_way_parameters(algorithm, limits: str = "700") -> None:
    """Add how distances are measured and up to which ones an offer counts as within reach."""
    algorithm.addParameter(QgsProcessingParameterEnum("WAYS", tr("Distances"), [
        tr("straight line"), tr("straight line times a detour factor"), tr("along a network, in metres"),
        tr("along a network, in minutes")], False, 0))
    _text(algorithm, "LIMITS", tr("Within reach up to (metres or minutes; several: 500; 700; 1000)"), limits,
          advanced=False)
    _number(algorithm, "DETOUR", tr("Detour factor"), 1.3, 1, 5)
    network = QgsProcessingParameterVectorLayer(
        "NETWORK", tr("Network: layer of ways or streets"), [QgsProcessing.TypeVectorLine], optional=True)
    algorithm.addParameter(network)
    _number(algorithm, "SPEED", tr("Speed in km/h (walking 4, cycling 15, driving 30)"), 4, 0.1, 200)
    _field(algorithm, "SPEED_FIELD", tr("Field with the speed in km/h"), "NETWORK", advanced=True)
    _field(algorithm, "DIRECTION_FIELD", tr("Field that tells one-way streets (empty: both ways everywhere)"),
           "NETWORK", advanced=True)
    _text(algorithm, "FORWARD", tr("Its value for one-way along the line"), "F")
    _text(algorithm, "BACKWARD", tr("Its value for one-way against the line"), "B")
    _number(algorithm, "FARTHEST", tr("Greatest distance to the network in metres"), 250, 0.01, 100_000)
    _number(algorithm, "TOLERANCE", tr("Join line ends up to this distance in metres"), 0.1, 0, 100)


def limits_of(algorithm, parameters: dict, context) -> tuple[float, ...]:
    """Return the limits in ascending order.

    Raises
    ------
    TeilhabeError
        For a text that is no list of numbers above 0.
    """
    import re

    from ..core.messages import TeilhabeError, mark

    found = []
    for text in filter(None, re.split(r"[;\s]+", algorithm.parameterAsString(parameters, "LIMITS", context))):
        try:
            found.append(float(text.replace(",", ".")))
        except ValueError:
            found.append(-1.0)
        if not found[-1] > 0:
            raise TeilhabeError(mark("“{value}” is not a distance above 0. Separate several limits by semicolons."),
                                value=text)
    if not found:
        raise TeilhabeError(mark("Enter up to which distance an offer counts as within reach."))
    return tuple(sorted(set(found)))


def case_of(algorithm, parameters: dict, context, feedback):
    """Return the `bridge.supply_case.SupplyCase` that the parameters stand for; its notes are pushed to the log."""
    from ..bridge import supply_inputs
    from ..bridge.feedback import push
    from ..bridge.supply_case import SupplyCase
    from ..core.supply.demand import Demand
    from ..core.supply.offers import OfferColumns

    def text(name):
        return algorithm.parameterAsString(parameters, name, context).strip()

    def layer(name):
        return algorithm.vector_layer(parameters, name, context)

    areas = supply_inputs.read_supply_areas(layer("AREAS"), text("AREA_KEY"), text("AREA_NAME"), context, feedback)
    columns = algorithm.parameterAsFields(parameters, "PEOPLE_FIELDS", context)
    people, notes = supply_inputs.read_people(layer("PEOPLE"), areas.areas, text("PEOPLE_KEY"), columns,
                                              text("PEOPLE_YEAR"), text("YEAR"), feedback)
    people = people.sum(axis=1)
    feedback.setProgress(5)
    group = text("GROUP") or ", ".join(columns)
    points = layer("POINTS")
    own = algorithm.parameterAsFields(parameters, "POINT_PEOPLE", context)
    if points is None:
        spacing = algorithm.parameterAsDouble(parameters, "GRID", context)
        demand = supply_inputs.demand_on_grid(areas, people[:, None], (group,), spacing, feedback)
    elif own:
        demand = supply_inputs.demand_of_points(areas, points, own, tuple(own), context, feedback)
        demand = Demand(demand.x, demand.y, demand.area, demand.people.sum(axis=1, keepdims=True), (group,),
                        demand.notes)
    else:
        demand = supply_inputs.demand_at_points(areas, people[:, None], (group,), points, text("WEIGHT"),
                                                text("POINT_AREA"), context, feedback)
    feedback.setProgress(15)
    offers, offer_area, offer_notes = supply_inputs.read_offer_layer(
        layer("OFFERS"), OfferColumns(
            id=text("OFFER_ID"), name=text("OFFER_NAME"), kind=text("KIND_FIELD"), capacity=text("CAPACITY"),
            open_from=text("OPEN_FROM"), open_until=text("OPEN_UNTIL"), scenario=text("SCENARIO_FIELD")),
        areas, text("DATE"), text("SCENARIO"), context, feedback)
    kinds = tuple(kind.strip() for kind in text("KINDS").split(";") if kind.strip())
    case = SupplyCase(areas, people, demand, offers, offer_area, group, kinds, (*notes, *demand.notes, *offer_notes))
    push(feedback, case.notes)
    feedback.setProgress(20)
    return case


def reach_of(algorithm, parameters: dict, context, feedback, case, farthest: float):
    """Return the reach of the case's points and offers up to `farthest`; notes on the network go to the log."""
    from ..bridge.feedback import cancelled_of, progress_of, push
    from ..bridge.network_reach import NetworkSettings, reach_along
    from ..core.messages import TeilhabeError, mark
    from ..core.supply.reach import METRES, MINUTES, straight_reach

    way = WAYS[algorithm.parameterAsEnum(parameters, "WAYS", context)]
    progress, cancelled = progress_of(feedback, 20, 60), cancelled_of(feedback)
    if way in ("straight", "detour"):
        detour = algorithm.parameterAsDouble(parameters, "DETOUR", context) if way == "detour" else 1.0
        return straight_reach(case.demand.points, case.offer_points, farthest, detour, progress, cancelled)
    network = algorithm.vector_layer(parameters, "NETWORK", context)
    if network is None:
        raise TeilhabeError(mark("Choose the network along which distances are measured, or straight lines."))
    direction = algorithm.parameterAsString(parameters, "DIRECTION_FIELD", context)
    settings = NetworkSettings(
        unit=METRES if way == "network_metres" else MINUTES,
        speed=algorithm.parameterAsDouble(parameters, "SPEED", context),
        speed_field=algorithm.parameterAsString(parameters, "SPEED_FIELD", context), direction_field=direction,
        forward=algorithm.parameterAsString(parameters, "FORWARD", context),
        backward=algorithm.parameterAsString(parameters, "BACKWARD", context), both_ways=not direction,
        farthest=algorithm.parameterAsDouble(parameters, "FARTHEST", context),
        tolerance=algorithm.parameterAsDouble(parameters, "TOLERANCE", context))
    reach, notes = reach_along(network, case.demand.points, case.offer_points, case.areas.crs, farthest, settings,
                               progress, cancelled)
    push(feedback, notes)
    return reach


def _field(algorithm, name, title, parent, numeric=False, several=False, optional=True, advanced=False):
    kind = QgsProcessingParameterField.Numeric if numeric else QgsProcessingParameterField.Any
    _add(algorithm, QgsProcessingParameterField(name, title, None, parent, kind, several, optional), advanced)


def _text(algorithm, name, title, default=None, advanced=True):
    _add(algorithm, QgsProcessingParameterString(name, title, default, False, True), advanced)


def _number(algorithm, name, title, default, least, most):
    _add(algorithm, QgsProcessingParameterNumber(
        name, title, QgsProcessingParameterNumber.Double, default, False, least, most), True)


def _add(algorithm, parameter, advanced):
    if advanced:
        parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.FlagAdvanced)
    algorithm.addParameter(parameter)
