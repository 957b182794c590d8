"""Algorithm: carry counts from an older geometry to a newer one."""
from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterField,
    QgsProcessingParameterNumber,
    QgsProcessingParameterVectorDestination,
    QgsProcessingParameterVectorLayer,
)

from ..translation import tr
from .base import TeilhabeAlgorithm

#: the values behind the entries of the list, in their order
WEIGHTINGS = ("ground", "points", "register", "people")


class BridgeBoundariesAlgorithm(TeilhabeAlgorithm):
    """Old areas with counts and new areas in, counts of the new areas with bounds out."""

    ID = "bridgeboundaries"
    ICON = "compute.svg"

    def title(self):
        return tr("Carry counts to new boundaries")

    def define(self):
        polygon, table = QgsProcessing.TypeVectorPolygon, QgsProcessing.TypeVector
        numeric = QgsProcessingParameterField.Numeric
        self.addParameter(QgsProcessingParameterVectorLayer("OLD", tr("Old areas with counts"), [polygon]))
        self.addParameter(QgsProcessingParameterField("OLD_KEY", tr("Key of the old areas"), None, "OLD"))
        self.addParameter(QgsProcessingParameterField(
            "COUNTS", tr("Counts to carry (numerators and denominators, no rates)"), None, "OLD", numeric, True))
        self.addParameter(QgsProcessingParameterVectorLayer("NEW", tr("New areas"), [polygon]))
        self.addParameter(QgsProcessingParameterField("NEW_KEY", tr("Key of the new areas"), None, "NEW"))
        self.addParameter(QgsProcessingParameterEnum("WEIGHTING", tr("Share out the counts of split areas by"), [
            tr("land area"), tr("points (addresses, grid cells with people)"),
            tr("an address register with the key of the new areas, without coordinates"),
            tr("a field of the new areas (people)")], False, 0))
        self.addParameter(QgsProcessingParameterVectorLayer(
            "WEIGHTS", tr("Points, or address register"), [table], None, True))
        self.addParameter(QgsProcessingParameterField(
            "WEIGHT_FIELD", tr("Weight of each point (empty: 1)"), None, "WEIGHTS", numeric, False, True))
        self.addParameter(QgsProcessingParameterField(
            "WEIGHTS_KEY", tr("Address register: field with the key of the new area"), None, "WEIGHTS",
            QgsProcessingParameterField.Any, False, True))
        self.addParameter(QgsProcessingParameterField(
            "PEOPLE_FIELD", tr("New areas: field with people"), None, "NEW", numeric, False, True))
        self.addParameter(QgsProcessingParameterBoolean("WHOLE", tr("Whole numbers"), True))
        sliver = QgsProcessingParameterNumber(
            "SLIVER", tr("Leave out pieces smaller than this part of both areas (%)"),
            QgsProcessingParameterNumber.Double, 0.5, False, 0, 50)
        self.add_advanced(sliver)
        self.addParameter(QgsProcessingParameterVectorDestination("OUTPUT", tr("Counts on new areas"), polygon))
        self.addParameter(QgsProcessingParameterVectorDestination(
            "WEIGHTS_TABLE", tr("Shares of old areas"), table, optional=True, createByDefault=False))
        for name, title in (("SPLIT", tr("Old areas that are split")), ("UNPLACED", tr("Old areas without a new one")),
                            ("ESTIMATED", tr("Share of all counts that is estimated"))):
            self.addOutput(QgsProcessingOutputNumber(name, title))

    def checkParameterValues(self, parameters, context):
        fits, why = super().checkParameterValues(parameters, context)
        if not fits:
            return fits, why
        weighting = WEIGHTINGS[self.parameterAsEnum(parameters, "WEIGHTING", context)]
        needed = {"points": ["WEIGHTS"], "register": ["WEIGHTS", "WEIGHTS_KEY"], "people": ["PEOPLE_FIELD"]}
        for name in needed.get(weighting, []):
            if not parameters.get(name):
                return False, tr("“{parameter}” is needed for this weighting.",
                                 parameter=self.parameterDefinition(name).description())
        return True, ""

    def execute(self, parameters, context, feedback):
        import numpy as np

        from ..bridge.boundary_layers import (
            check_places,
            measuring_crs,
            numbers,
            read_keys,
            read_shapes,
            write_carried,
            write_weights,
        )
        from ..bridge.feedback import cancelled_of, progress_of, push
        from ..bridge.provenance import layer_input, provenance
        from ..core.boundaries import carry, describe
        from ..core.messages import TeilhabeError, mark
        from ..core.overlay import overlap

        old = self.vector_layer(parameters, "OLD", context)
        new = self.vector_layer(parameters, "NEW", context)
        old_key = self.parameterAsString(parameters, "OLD_KEY", context)
        new_key = self.parameterAsString(parameters, "NEW_KEY", context)
        columns = self.field_names(parameters, "COUNTS", context)
        people = self.parameterAsString(parameters, "PEOPLE_FIELD", context)
        weighting = WEIGHTINGS[self.parameterAsEnum(parameters, "WEIGHTING", context)]
        whole = self.parameterAsBoolean(parameters, "WHOLE", context)
        sliver = self.parameterAsDouble(parameters, "SLIVER", context)
        source = self.vector_layer(parameters, "WEIGHTS", context)
        check_places([old, new, *([source] if weighting == "points" else [])])
        counts = numbers(read_keys(old, old_key, columns, feedback), columns, old)
        extra = [people] if people else []
        targets = numbers(read_keys(new, new_key, extra, feedback), extra, new)
        crs = measuring_crs(new)
        old_shapes = read_shapes(old, crs, context, feedback)
        new_shapes = read_shapes(new, crs, context, feedback)
        feedback.pushInfo(tr("Overlaying {old} old and {new} new areas …", old=len(counts), new=len(targets)))
        drawn = overlap(old_shapes, new_shapes, progress_of(feedback, 10, 60), cancelled_of(feedback))
        if not len(drawn.area):
            raise TeilhabeError(mark("No old area meets a new one. Do both layers lie in the same place, and are their "
                                     "coordinate reference systems right?"))
        pieces = drawn.without_slivers(sliver / 100)
        given = {"people": people, "ground": ""}.get(weighting, source.name() if source is not None else "")
        shares = self._shares(parameters, context, feedback, weighting, pieces, targets[new_key],
                              targets[people].to_numpy(float) if people else None, old_shapes, new_shapes, crs)
        push(feedback, describe(shares, len(drawn.area) - len(pieces.area)), warning=False)
        carried = {column: carry(counts[column].to_numpy(float), shares, whole) for column in columns}
        record = provenance(
            self.id(), [layer_input(old, old.name(), counts), layer_input(new, new.name(), targets)],
            weighting=weighting, sliver_percent=sliver, whole=whole, counts=columns, weights=given)
        outputs = {"OUTPUT": write_carried(self, parameters, "OUTPUT", context, feedback, new, targets, new_key,
                                           carried, whole, record)}
        if parameters.get("WEIGHTS_TABLE"):
            outputs["WEIGHTS_TABLE"] = write_weights(self, parameters, "WEIGHTS_TABLE", context, feedback,
                                                     counts[old_key], targets[new_key], shares, record)
        estimated = sum(np.nansum(each.estimated * each.value) for each in carried.values())
        every = sum(np.nansum(each.value) for each in carried.values())
        return outputs | {"SPLIT": int((shares.split > 1e-9).sum()), "UNPLACED": len(shares.unplaced),
                          "ESTIMATED": float(estimated / every) if every else 0.0}

    def _shares(self, parameters, context, feedback, weighting, pieces, new_keys, weights, old_shapes, new_shapes, crs):
        """Return the bridge for the weighting that was chosen."""
        from ..bridge.boundary_layers import numbers, read_points
        from ..bridge.feedback import cancelled_of
        from ..bridge.frames import read_frame
        from ..core.boundaries import by_ground, by_new_weights, by_points
        from ..core.overlay import locate

        if weighting == "ground":
            return by_ground(pieces)
        if weighting == "people":
            return by_new_weights(pieces, weights)
        layer = self.vector_layer(parameters, "WEIGHTS", context)
        field = self.parameterAsString(parameters, "WEIGHT_FIELD", context)
        if weighting == "points":
            x, y, weight = read_points(layer, field, crs, context, feedback)
            old, new = (locate(x, y, areas, cancelled_of(feedback)) for areas in (old_shapes, new_shapes))
            self._say_outside(feedback, int(((old < 0) | (new < 0)).sum()), len(x))
            return by_points(old, new, weight, pieces)
        key = self.parameterAsString(parameters, "WEIGHTS_KEY", context)
        table = read_frame(layer, list(dict.fromkeys([key, *([field] if field else [])])), feedback=feedback)
        weight = numbers(table, [field], layer)[field] if field else table[key].notna().astype(float)
        sums = weight.groupby(table[key].astype(object).map(str)).sum()
        wanted = new_keys.map(str)
        self._say_outside(feedback, int((~table[key].astype(object).map(str).isin(set(wanted))).sum()), len(table))
        return by_new_weights(pieces, wanted.map(sums).to_numpy(float))

    def _say_outside(self, feedback, outside: int, count: int) -> None:
        if outside:
            feedback.pushWarning(tr("{n} of {count} points or addresses lie in no area; they do not count.", n=outside,
                                    count=count))
