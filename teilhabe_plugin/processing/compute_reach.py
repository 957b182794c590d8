"""Algorithm: ways from points to offers, as a table, as lines, and as a file to be used again."""
from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterVectorDestination,
    QgsProcessingParameterVectorLayer,
)

from ..translation import tr
from .base import TeilhabeAlgorithm
from .supply_parameters import add_field, add_number, add_offer_parameters, add_parameter, add_way_parameters


class ComputeReachAlgorithm(TeilhabeAlgorithm):
    """Points and offers in; who reaches what at which distance or time out."""

    ID = "computereach"
    ICON = "reach.svg"

    def title(self):
        return tr("Compute ways to offers")

    def define(self):
        self.addParameter(QgsProcessingParameterVectorLayer(
            "POINTS", tr("Where people live: addresses or buildings (empty: a grid inside the areas)"),
            [QgsProcessing.TypeVectorPoint, QgsProcessing.TypeVectorPolygon], optional=True))
        add_field(self, "POINT_ID", tr("Field that names a point (empty: its feature id)"), "POINTS")
        self.addParameter(QgsProcessingParameterVectorLayer(
            "AREAS", tr("Areas (for the grid, and for the coordinates in metres)"),
            [QgsProcessing.TypeVectorPolygon], optional=True))
        add_number(self, "GRID", tr("Spacing of the grid in metres"), 100, 1, 10_000)
        add_offer_parameters(self)
        add_way_parameters(self, "1000")
        self.addParameter(QgsProcessingParameterNumber(
            "NEAREST", tr("Only the nearest offers of each point (0: all)"), QgsProcessingParameterNumber.Integer, 0,
            False, 0, 100_000))
        self.addParameter(QgsProcessingParameterBoolean("LINES", tr("As straight lines (else as a table)"), False))
        self.addParameter(QgsProcessingParameterVectorDestination(
            "OUTPUT", tr("Ways to offers"), QgsProcessing.TypeVector, optional=True))
        add_parameter(self, QgsProcessingParameterFileDestination(
            "REACH_OUT", tr("Ways, to be used again"), tr("Computed ways (*.npz)"), optional=True,
            createByDefault=False), advanced=False)
        for name, title in (("PAIRS", tr("Pairs within the limit")), ("POINT_COUNT", tr("Number of points")),
                            ("REACHED", tr("Points that reach an offer")),
                            ("UNREACHED", tr("Points that reach no offer"))):
            self.addOutput(QgsProcessingOutputNumber(name, title))

    def execute(self, parameters, context, feedback):
        import numpy as np

        from ..bridge.feedback import push
        from ..bridge.layer_output import check_targets
        from ..bridge.provenance import provenance
        from ..bridge.reach_output import write_pairs
        from ..bridge.report_page import check_target
        from ..bridge.supply_case import check_kinds
        from ..bridge.supply_inputs import read_offer_rows
        from ..core.messages import Message, TeilhabeError, mark
        from ..core.supply.offers import of_kinds
        from .supply_parameters import computed_reach, day_of, kinds_of, limits_of, offer_columns

        def text(name):
            return self.parameterAsString(parameters, name, context).strip()

        layers = {name: self.vector_layer(parameters, name, context)
                  for name in ("POINTS", "AREAS", "OFFERS", "NETWORK")}
        stored = self.file_target(parameters, "REACH_OUT", context)
        check_targets(parameters, {"OUTPUT": tr("Ways to offers")}, filter(None, layers.values()), pages=(stored,))
        if stored:
            check_target(stored)
        limit = limits_of(self, parameters, context)[-1]
        origins = self._origins(parameters, context, feedback, layers)
        feedback.setProgress(10)
        kinds = kinds_of(text("KINDS"))
        offers, notes = read_offer_rows(layers["OFFERS"], offer_columns(self, parameters, context), origins.crs,
                                        day_of(text("DATE")), text("SCENARIO"), context, feedback, kinds)
        push(feedback, notes)
        check_kinds(offers, kinds)
        counted = offers.takes_part & of_kinds(offers, kinds)
        if not counted.any():
            raise TeilhabeError(mark("None of the {count} offers takes part: {placed} have a place; the others are "
                                     "closed on that day or belong to another scenario."), count=len(offers),
                                placed=int(np.isfinite(offers.x).sum()))
        found = []
        reach = computed_reach(self, parameters, context, feedback, origins.xy,
                               np.where(counted[:, None], offers.points, np.nan), origins.crs, limit, found, 15, 60)
        push(feedback, found)
        reached = int(reach.reached().sum())
        if reached < reach.n_points:
            push(feedback, Message(mark("{count} of {points} points reach no offer within {limit} {unit}; their rows "
                                        "have no destination."), count=reach.n_points - reached,
                                   points=reach.n_points, limit=f"{limit:g}", unit=reach.unit))
        outputs = {"PAIRS": len(reach), "POINT_COUNT": reach.n_points, "REACHED": reached,
                   "UNREACHED": reach.n_points - reached}
        record = provenance(self.id(), [{"name": layer.name()} for layer in layers.values() if layer is not None],
                            limit=limit, unit=reach.unit, way=reach.how)
        if parameters.get("OUTPUT"):
            outputs["OUTPUT"] = write_pairs(
                self, parameters, context, feedback, reach, origins, offers,
                self.parameterAsInt(parameters, "NEAREST", context),
                self.parameterAsBoolean(parameters, "LINES", context), record)
        if stored:
            outputs["REACH_OUT"] = self._store(stored, reach, origins, offers, counted, layers["NETWORK"])
        return outputs

    def _origins(self, parameters, context, feedback, layers):
        """Return the points from which ways are measured."""
        import numpy as np

        from ..bridge.boundary_layers import check_places, measuring_crs, read_points
        from ..bridge.frames import read_frame
        from ..bridge.reach_output import Origins
        from ..bridge.supply_inputs import read_supply_areas
        from ..core.messages import TeilhabeError, mark
        from ..core.supply.demand import grid

        points, areas, offers = layers["POINTS"], layers["AREAS"], layers["OFFERS"]
        if points is None and areas is None:
            raise TeilhabeError(mark("Choose the points from which ways are measured, or areas for a grid."))
        check_places([layer for layer in (points, areas, offers) if layer is not None])
        if points is None:
            found = read_supply_areas(areas, "", "", context, feedback)
            spacing = self.parameterAsDouble(parameters, "GRID", context)
            x, y, area = grid(found.shapes, spacing, feedback.isCanceled)
            ids = np.array([f"{found.areas.keys[at]}-{number}" for number, at in enumerate(area, 1)], dtype=object)
            return Origins(ids, np.column_stack([x, y]), found.crs)
        crs = measuring_crs(areas if areas is not None else points)
        x, y, _weights = read_points(points, "", crs, context, feedback)
        if not len(x):
            raise TeilhabeError(mark("The layer “{layer}” has no rows."), layer=points.name())
        field = self.parameterAsString(parameters, "POINT_ID", context)
        frame = read_frame(points, [field] if field else [], feedback=feedback, with_ids=True)
        ids = (frame[field] if field else frame.index.to_series()).astype(str).to_numpy(object)
        return Origins(ids, np.column_stack([x, y]), crs)

    def _store(self, path, reach, origins, offers, counted, network):
        from ..bridge.reach_store import save_reach

        save_reach(path, reach, origins.xy, offers.points, counted, origins.crs,
                   {"way": reach.how, "limit": reach.limit}, network if reach.how == "network" else None)
        return path
