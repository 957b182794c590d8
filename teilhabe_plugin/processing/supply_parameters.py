"""Parameters that all supply analyses share, and the case they stand for: areas, people, offers, ways."""
from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
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
    add_field(algorithm, "AREA_KEY", tr("Field with the area key (empty: found)"), "AREAS", advanced=True)
    add_field(algorithm, "AREA_NAME", tr("Field with the name of the area (empty: found)"), "AREAS", advanced=True)


def add_people_parameters(algorithm) -> None:
    """Add the people per area and the points where they live."""
    algorithm.addParameter(QgsProcessingParameterVectorLayer(
        "PEOPLE", tr("People per area: layer or table"), [QgsProcessing.TypeVector], optional=True))
    add_field(algorithm, "PEOPLE_FIELDS", tr("Fields with the people of the target group (they are summed up)"),
              "PEOPLE", several=True)
    add_field(algorithm, "PEOPLE_KEY", tr("Field with the area key in the table of people (empty: found)"), "PEOPLE",
           advanced=True)
    add_field(algorithm, "PEOPLE_YEAR", tr("Field with the year (tables with a row per area and year)"), "PEOPLE",
           advanced=True)
    add_text(algorithm, "YEAR", tr("Year of the people (empty: the last)"))
    add_text(algorithm, "GROUP", tr("Name of the target group, e.g. Kinder unter 6"), advanced=False)
    algorithm.addParameter(QgsProcessingParameterVectorLayer(
        "POINTS", tr("Where people live: addresses or buildings (empty: a grid inside the areas)"),
        [QgsProcessing.TypeVectorPoint, QgsProcessing.TypeVectorPolygon], optional=True))
    add_field(algorithm, "WEIGHT", tr("Weight of a point, e.g. dwellings (empty: all alike)"), "POINTS", numeric=True,
           advanced=True)
    add_field(algorithm, "POINT_AREA", tr("Field with the area key of a point (empty: where it lies)"), "POINTS",
           advanced=True)
    add_field(algorithm, "POINT_PEOPLE", tr("Fields of the points with people themselves (instead of spreading)"),
           "POINTS", numeric=True, several=True, advanced=True)
    add_number(algorithm, "GRID", tr("Spacing of the grid in metres"), 100, 1, 10_000)


def offer_columns(algorithm, parameters: dict, context):
    """Return the `core.supply.offers.OfferColumns` that the parameters name."""
    from ..core.supply.offers import OfferColumns

    def text(name):
        return algorithm.parameterAsString(parameters, name, context).strip()

    return OfferColumns(
        id=text("OFFER_ID"), name=text("OFFER_NAME"), kind=text("KIND_FIELD"), capacity=text("CAPACITY"),
        open_from=text("OPEN_FROM"), open_until=text("OPEN_UNTIL"), scenario=text("SCENARIO_FIELD"))


def add_offer_parameters(algorithm, optional: bool = False) -> None:
    """Add the offers; `optional` where an analysis also works when there are none yet."""
    algorithm.addParameter(QgsProcessingParameterVectorLayer(
        "OFFERS", tr("Offers"), [QgsProcessing.TypeVectorPoint], optional=optional))
    add_field(algorithm, "KIND_FIELD", tr("Field with the type of offer (empty: found)"), "OFFERS", advanced=True)
    add_text(algorithm, "KINDS", tr("Only these types of offer (separated by semicolons; empty: all)"), advanced=False)
    add_field(algorithm, "CAPACITY", tr("Field with the number of places (empty: found)"), "OFFERS", advanced=True)
    add_field(algorithm, "OFFER_NAME", tr("Field with the name (empty: found)"), "OFFERS", advanced=True)
    add_field(algorithm, "OFFER_ID", tr("Field with the number of the offer (empty: found)"), "OFFERS", advanced=True)
    add_field(algorithm, "OPEN_FROM", tr("Field with the first day (empty: found)"), "OFFERS", advanced=True)
    add_field(algorithm, "OPEN_UNTIL", tr("Field with the last day (empty: found)"), "OFFERS", advanced=True)
    add_field(algorithm, "SCENARIO_FIELD", tr("Field with scenario or year (empty: found)"), "OFFERS", advanced=True)
    add_text(algorithm, "DATE", tr("Only offers open on this day (2025-12-31; empty: all)"))
    add_text(algorithm, "SCENARIO", tr("Only offers of this scenario and of none (empty: all)"))


def add_way_parameters(algorithm, limits: str = "700") -> None:
    """Add how distances are measured and up to which ones an offer counts as within reach."""
    algorithm.addParameter(QgsProcessingParameterEnum("WAYS", tr("Distances"), [
        tr("straight line"), tr("straight line times a detour factor"), tr("along a network, in metres"),
        tr("along a network, in minutes")], False, 0))
    add_text(algorithm, "LIMITS", tr("Within reach up to (metres or minutes; several: 500; 700; 1000)"), limits,
          advanced=False)
    add_number(algorithm, "DETOUR", tr("Detour factor"), 1.3, 1, 5)
    network = QgsProcessingParameterVectorLayer(
        "NETWORK", tr("Network: layer of ways or streets"), [QgsProcessing.TypeVectorLine], optional=True)
    algorithm.addParameter(network)
    add_number(algorithm, "SPEED", tr("Speed in km/h (walking 4, cycling 15, driving 30)"), 4, 0.1, 200)
    add_field(algorithm, "SPEED_FIELD", tr("Field with the speed in km/h"), "NETWORK", advanced=True)
    add_field(algorithm, "DIRECTION_FIELD", tr("Field that tells one-way streets (empty: both ways everywhere)"),
           "NETWORK", advanced=True)
    add_text(algorithm, "FORWARD", tr("Its value for one-way along the line"), "F")
    add_text(algorithm, "BACKWARD", tr("Its value for one-way against the line"), "B")
    add_number(algorithm, "FARTHEST", tr("Greatest distance to the network in metres"), 250, 0.01, 100_000)
    add_number(algorithm, "TOLERANCE", tr("Join line ends up to this distance in metres"), 0.1, 0, 100)


def add_reach_file_parameter(algorithm) -> None:
    """Add the file with a reach that was computed before."""
    add_parameter(algorithm, QgsProcessingParameterFile(
        "REACH", tr("Ways computed before (file of computereach; instead of computing them)"), extension="npz",
        optional=True), True)


def limits_of(algorithm, parameters: dict, context) -> tuple[float, ...]:
    """Return the limits in ascending order.

    Raises
    ------
    TeilhabeError
        For a text that is no list of numbers above 0.
    """
    from ..core.supply.limits import read_limits

    return read_limits(algorithm.parameterAsString(parameters, "LIMITS", context))


def case_of(algorithm, parameters: dict, context, feedback):
    """Return the `bridge.supply_case.SupplyCase` that the parameters stand for; its notes are pushed to the log."""
    from ..bridge import supply_inputs
    from ..bridge.feedback import push
    from ..bridge.supply_case import SupplyCase
    from ..core.messages import TeilhabeError, mark
    from ..core.supply.demand import Demand

    def text(name):
        return algorithm.parameterAsString(parameters, name, context).strip()

    def layer(name):
        return algorithm.vector_layer(parameters, name, context)

    areas = supply_inputs.read_supply_areas(layer("AREAS"), text("AREA_KEY"), text("AREA_NAME"), context, feedback)
    columns = algorithm.field_names(parameters, "PEOPLE_FIELDS", context)
    points, own = layer("POINTS"), algorithm.field_names(parameters, "POINT_PEOPLE", context)
    group, year, notes = text("GROUP") or ", ".join(own or columns), text("YEAR"), areas.notes
    if points is not None and own:
        demand = supply_inputs.demand_of_points(areas, points, own, tuple(own), context, feedback)
        demand = Demand(demand.x, demand.y, demand.area, demand.people.sum(axis=1, keepdims=True), (group,),
                        demand.notes)
        people = supply_inputs.totals_of(areas, demand)[:, 0]
    else:
        if layer("PEOPLE") is None or not columns:
            raise TeilhabeError(mark("Choose the table with the people per area and its fields with the target group, "
                                     "or points with fields that hold people themselves."))
        read = supply_inputs.read_people(layer("PEOPLE"), areas.areas, text("PEOPLE_KEY"), columns,
                                         text("PEOPLE_YEAR"), year, feedback)
        people, year, notes = read.counts.sum(axis=1), read.year or year, notes + read.notes
        feedback.setProgress(5)
        if points is None:
            spacing = algorithm.parameterAsDouble(parameters, "GRID", context)
            demand = supply_inputs.demand_on_grid(areas, people[:, None], (group,), spacing, feedback)
        else:
            demand = supply_inputs.demand_at_points(areas, people[:, None], (group,), points, text("WEIGHT"),
                                                    text("POINT_AREA"), context, feedback)
    feedback.setProgress(15)
    if layer("OFFERS") is None:
        (offers, offer_area, offer_notes), kinds = supply_inputs.no_offers(), ()
    else:
        kinds = kinds_of(text("KINDS"))
        offers, offer_area, offer_notes = supply_inputs.read_offer_layer(
            layer("OFFERS"), offer_columns(algorithm, parameters, context), areas, day_of(text("DATE")),
            text("SCENARIO"), context, feedback, kinds)
    notes = (*notes, *demand.notes, *offer_notes)
    push(feedback, notes)
    case = SupplyCase(areas, people, demand, offers, offer_area, group, kinds, notes, year, text("SCENARIO"))
    feedback.setProgress(20)
    return case


def reach_of(algorithm, parameters: dict, context, feedback, case, farthest: float, noted: list | None = None):
    """Return the reach of the case's points and offers up to `farthest`; notes go to the log, and into `noted`.

    An algorithm with the parameter REACH takes the reach from that file where one is given.
    """
    from ..bridge.feedback import push

    notes = []
    reach = stored_reach_of(algorithm, parameters, context, case, farthest, notes)
    if reach is None:
        reach = computed_reach(algorithm, parameters, context, feedback, case.demand.points, case.offer_points,
                               case.areas.crs, farthest, notes)
    push(feedback, notes)
    if noted is not None:
        noted.extend(notes)
    return reach


def stored_reach_of(algorithm, parameters: dict, context, case, farthest: float, notes: list):
    """Return the reach of the file that the parameter REACH names, None without one."""
    from ..bridge.reach_store import load_reach

    path = ""
    if algorithm.parameterDefinition("REACH") is not None:
        path = algorithm.parameterAsString(parameters, "REACH", context).strip()
    if not path:
        return None
    stored = load_reach(path)
    notes.append(stored.note())
    network = algorithm.vector_layer(parameters, "NETWORK", context)
    reach = stored.reach_of(case.demand.points, case.offers.points, case.chosen, case.areas.crs, network)
    reach.within(farthest)  # says so where the file does not reach that far
    return reach


def network_settings(algorithm, parameters: dict, context):
    """Return the network layer and the `bridge.network_reach.NetworkSettings`.

    Raises
    ------
    TeilhabeError
        When no network is chosen.
    """
    from ..bridge.boundary_layers import check_places
    from ..bridge.network_reach import NetworkSettings
    from ..core.messages import TeilhabeError, mark
    from ..core.supply.reach import METRES, MINUTES

    network = algorithm.vector_layer(parameters, "NETWORK", context)
    if network is None:
        raise TeilhabeError(mark("Choose the network along which distances are measured, or straight lines."))
    others = (algorithm.vector_layer(parameters, name, context) for name in ("AREAS", "POINTS", "OFFERS")
              if algorithm.parameterDefinition(name) is not None)
    check_places([*filter(None, others), network])
    way = WAYS[algorithm.parameterAsEnum(parameters, "WAYS", context)]

    def text(name):
        return algorithm.parameterAsString(parameters, name, context)

    for name in filter(None, (text("SPEED_FIELD"), text("DIRECTION_FIELD"))):
        if network.fields().lookupField(name) < 0:
            raise TeilhabeError(mark("The layer “{layer}” has no field “{field}”."), layer=network.name(), field=name)
    direction = text("DIRECTION_FIELD")
    return network, NetworkSettings(
        unit=METRES if way == "network_metres" else MINUTES,
        speed=algorithm.parameterAsDouble(parameters, "SPEED", context), speed_field=text("SPEED_FIELD"),
        direction_field=direction, forward=text("FORWARD"), backward=text("BACKWARD"), both_ways=not direction,
        farthest=algorithm.parameterAsDouble(parameters, "FARTHEST", context),
        tolerance=algorithm.parameterAsDouble(parameters, "TOLERANCE", context))


def computed_reach(algorithm, parameters: dict, context, feedback, points, offer_points, crs, farthest: float,
                   notes: list, start: float = 20, end: float = 60):
    """Return the reach up to `farthest`, computed anew.

    Parameters
    ----------
    points, offer_points : ndarray, shape (m, 2) and (n, 2)
        In `crs`, NaN for those that do not count.
    notes : list
        Takes what was found out about the network.
    start, end : float
        Part of the progress bar.
    """
    from ..bridge.feedback import cancelled_of, progress_of
    from ..bridge.network_reach import reach_along
    from ..core.supply.reach import straight_reach

    way = WAYS[algorithm.parameterAsEnum(parameters, "WAYS", context)]
    progress, cancelled = progress_of(feedback, start, end), cancelled_of(feedback)
    if way in ("straight", "detour"):
        detour = algorithm.parameterAsDouble(parameters, "DETOUR", context) if way == "detour" else 1.0
        return straight_reach(points, offer_points, farthest, detour, progress, cancelled)
    network, settings = network_settings(algorithm, parameters, context)
    reach, found = reach_along(network, points, offer_points, crs, farthest, settings, progress, cancelled)
    notes.extend(found)
    return reach


def kinds_of(text: str) -> tuple[str, ...]:
    """Return the types of offer of a text, separated by semicolons."""
    return tuple(kind.strip() for kind in text.split(";") if kind.strip())


def day_of(text: str):
    """Return the day of a text such as 31.12.2025 or 2025-12-31, None for none."""
    from datetime import date, datetime

    from ..core.messages import TeilhabeError, mark

    if not text:
        return None
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(text[:10], form).date()
        except ValueError:
            continue
    if text.isdigit() and len(text) == 4:
        return date(int(text), 12, 31)
    raise TeilhabeError(mark("“{value}” is no day. Write 31.12.2025 or 2025-12-31."), value=text)


def add_field(algorithm, name, title, parent, numeric=False, several=False, optional=True, advanced=False):
    """Add a field of the layer that the parameter `parent` names."""
    kind = QgsProcessingParameterField.Numeric if numeric else QgsProcessingParameterField.Any
    add_parameter(algorithm, QgsProcessingParameterField(name, title, None, parent, kind, several, optional), advanced)


def add_text(algorithm, name, title, default=None, advanced=True):
    """Add an optional text."""
    add_parameter(algorithm, QgsProcessingParameterString(name, title, default, False, True), advanced)


def add_number(algorithm, name, title, default, least, most):
    """Add an advanced number between `least` and `most`."""
    add_parameter(algorithm, QgsProcessingParameterNumber(
        name, title, QgsProcessingParameterNumber.Double, default, False, least, most), True)


def add_parameter(algorithm, parameter, advanced):
    """Add a parameter, among the advanced ones where that is asked for."""
    if advanced:
        parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.FlagAdvanced)
    algorithm.addParameter(parameter)
