"""Algorithm: people per area brought to the points where they live."""
from __future__ import annotations

import json

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBand,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorDestination,
    QgsProcessingParameterVectorLayer,
)

from ..translation import tr
from .base import TeilhabeAlgorithm
from .supply_parameters import add_area_parameters, add_field, add_number, add_parameter, add_text


class SpreadDemandAlgorithm(TeilhabeAlgorithm):
    """People by age per area in; people at addresses, buildings, raster cells or a grid out, totals kept."""

    ID = "spreaddemand"
    ICON = "spread.svg"

    def title(self):
        return tr("Spread people over addresses or a grid")

    def define(self):
        add_area_parameters(self)
        self.addParameter(QgsProcessingParameterVectorLayer(
            "PEOPLE", tr("People per area: layer or table (empty: the values of the raster are people)"),
            [QgsProcessing.TypeVector], optional=True))
        add_field(self, "PEOPLE_FIELDS", tr("Fields with people (each becomes a column)"), "PEOPLE", several=True)
        add_parameter(self, QgsProcessingParameterString(
            "GROUPS", tr("Target groups as sums of fields (JSON, see help)"), None, True, True), advanced=True)
        add_field(self, "PEOPLE_KEY", tr("Field with the area key in the table of people (empty: found)"), "PEOPLE",
                  advanced=True)
        add_field(self, "PEOPLE_YEAR", tr("Field with the year (tables with a row per area and year)"), "PEOPLE",
                  advanced=True)
        add_text(self, "YEAR", tr("Year of the people (empty: the last)"))
        self.addParameter(QgsProcessingParameterVectorLayer(
            "POINTS", tr("Where people live: addresses or buildings (empty: a grid inside the areas)"),
            [QgsProcessing.TypeVectorPoint, QgsProcessing.TypeVectorPolygon], optional=True))
        add_field(self, "WEIGHT", tr("Weight of a point, e.g. dwellings (empty: all alike)"), "POINTS", numeric=True)
        add_field(self, "POINT_AREA", tr("Field with the area key of a point (empty: where it lies)"), "POINTS",
                  advanced=True)
        self.addParameter(QgsProcessingParameterRasterLayer(
            "RASTER", tr("Raster whose cells bear the weights (instead of points)"), optional=True))
        add_parameter(self, QgsProcessingParameterBand("BAND", tr("Band of the raster"), 1, "RASTER", True),
                      advanced=True)
        add_number(self, "GRID", tr("Spacing of the grid in metres"), 100, 1, 10_000)
        self.addParameter(QgsProcessingParameterBoolean("WHOLE", tr("Whole persons only"), True))
        self.addParameter(QgsProcessingParameterVectorDestination(
            "OUTPUT", tr("Demand points"), QgsProcessing.TypeVectorPoint))
        for name, title in (("POINT_COUNT", tr("Number of points")),
                            ("TOTAL", tr("People in the areas, all columns together")),
                            ("PLACED", tr("People at the points, all columns together"))):
            self.addOutput(QgsProcessingOutputNumber(name, title))

    def prepareAlgorithm(self, parameters, context, feedback):
        from ..bridge.raster_cells import RasterSource

        raster = self.parameterAsRasterLayer(parameters, "RASTER", context)
        self.raster = RasterSource.of(raster) if raster is not None else None
        return super().prepareAlgorithm(parameters, context, feedback)

    def execute(self, parameters, context, feedback):
        import numpy as np

        from ..bridge import supply_inputs
        from ..bridge.demand_output import totals_in_words, write_demand
        from ..bridge.feedback import push
        from ..bridge.layer_output import check_targets
        from ..bridge.provenance import provenance

        def text(name):
            return self.parameterAsString(parameters, name, context).strip()

        layers = [self.vector_layer(parameters, name, context) for name in ("AREAS", "PEOPLE", "POINTS")]
        check_targets(parameters, {"OUTPUT": tr("Demand points")}, filter(None, layers))
        areas = supply_inputs.read_supply_areas(layers[0], text("AREA_KEY"), text("AREA_NAME"), context, feedback)
        push(feedback, areas.notes)
        titles, people, year = ("",), None, text("YEAR")
        if layers[1] is not None:
            titles, people, year = self._people(parameters, context, feedback, layers[1], areas)
        feedback.setProgress(20)
        demand = self._demand(parameters, context, feedback, areas, people, titles, layers[2])
        if not titles[0]:
            titles = (self.raster.name,)
        push(feedback, demand.notes)
        push(feedback, totals_in_words(people, demand, titles))
        feedback.setProgress(60)
        record = provenance(self.id(), [{"name": layer.name()} for layer in layers if layer is not None], year=year,
                            groups=list(titles), whole=self.parameterAsBoolean(parameters, "WHOLE", context))
        output, _names = write_demand(self, parameters, context, feedback, areas, demand, year, titles, record)
        placed = float(np.nansum(demand.people))
        return {"OUTPUT": output, "POINT_COUNT": len(demand), "PLACED": placed,
                "TOTAL": placed if people is None else float(np.nansum(people))}

    def _people(self, parameters, context, feedback, layer, areas):
        """Return the titles of the groups, their people per area, and the year."""
        import numpy as np

        from ..bridge.feedback import push
        from ..bridge.supply_inputs import read_people
        from ..core.messages import TeilhabeError, mark

        fields = self.field_names(parameters, "PEOPLE_FIELDS", context)
        groups = _groups(self.parameterAsString(parameters, "GROUPS", context))
        wanted = list(dict.fromkeys([*fields, *(name for names in groups.values() for name in names)]))
        if not wanted:
            raise TeilhabeError(mark("Choose the fields with people, or name target groups as sums of fields."))
        read = read_people(layer, areas.areas, self.parameterAsString(parameters, "PEOPLE_KEY", context), wanted,
                           self.parameterAsString(parameters, "PEOPLE_YEAR", context),
                           self.parameterAsString(parameters, "YEAR", context).strip(), feedback)
        push(feedback, read.notes)
        column = {name: read.counts[:, number] for number, name in enumerate(wanted)}
        people = {name: column[name] for name in fields}
        people |= {group: sum(column[name] for name in names) for group, names in groups.items()}
        return tuple(people), np.column_stack(list(people.values())), read.year

    def _demand(self, parameters, context, feedback, areas, people, titles, points):
        """Return the people at points, raster cells or a grid."""
        import numpy as np

        from ..bridge import supply_inputs
        from ..bridge.raster_cells import read_cells
        from ..core.messages import Message, TeilhabeError, mark
        from ..core.supply.demand import Demand

        whole = self.parameterAsBoolean(parameters, "WHOLE", context)
        if self.raster is not None:
            if points is not None:
                raise TeilhabeError(mark("Choose points or a raster, not both."))
            x, y, value = read_cells(self.raster, self.parameterAsInt(parameters, "BAND", context), areas, context,
                                     feedback)
            area = areas.position_of(x, y, feedback.isCanceled)
            inside = area >= 0
            x, y, value, area = x[inside], y[inside], value[inside], area[inside]
            notes = [Message(mark("Raster “{raster}”: {cells} cells with a value have their middle in an area."),
                             raster=self.raster.name, cells=len(x))]
            if people is None:
                return Demand(x, y, area.astype(np.int32), value[:, None], (self.raster.name,), tuple(notes))
            return supply_inputs.spread_over(areas, people, titles, x, y, area, value, notes, whole)
        if people is None:
            raise TeilhabeError(mark("Choose the table with the people per area, or a raster whose values are people."))
        if points is None:
            return supply_inputs.demand_on_grid(
                areas, people, titles, self.parameterAsDouble(parameters, "GRID", context), feedback, whole)
        return supply_inputs.demand_at_points(
            areas, people, titles, points, self.parameterAsString(parameters, "WEIGHT", context),
            self.parameterAsString(parameters, "POINT_AREA", context), context, feedback, whole)


def _groups(text: str) -> dict[str, list[str]]:
    """Return the target groups of a JSON text such as ``{"Kinder": ["unter 3", "3 bis 5"]}``."""
    from ..core.messages import TeilhabeError, mark

    if not text.strip():
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TeilhabeError(mark("The target groups are no JSON: {reason}"), reason=str(error)) from error
    if not isinstance(found, dict) or not all(
            isinstance(names, list) and names and all(isinstance(name, str) for name in names)
            for names in found.values()):
        raise TeilhabeError(mark("The target groups must be written as {example}: a name and its fields."),
                            example='{"Kinder": ["unter 3", "3 bis 5"]}')
    return found
