"""Parameters on what counts as supplied: quota, floating catchment, distance decay, the classes of an index."""
from __future__ import annotations

import re

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterEnum,
    QgsProcessingParameterNumber,
    QgsProcessingParameterVectorLayer,
)

from ..translation import tr
from .supply_parameters import add_field, add_number, add_parameter, add_text, limits_of

#: the values behind the entries of METHOD and DECAY, in their order
FLOATING = ("two_step", "three_step", "balanced")
DECAYS = ("binary", "step", "gaussian", "gravity", "exponential", "linear")


def add_rule_parameters(algorithm) -> None:
    """Add the quota and how the floating catchment is computed."""
    algorithm.addParameter(QgsProcessingParameterNumber(
        "QUOTA", tr("Places that shall be there per 100 people (empty: no quota)"),
        QgsProcessingParameterNumber.Double, None, True, 0, 100_000))
    add_parameter(algorithm, QgsProcessingParameterEnum("METHOD", tr("Supply over area borders"), [
        tr("two-step floating catchment (2SFCA, E2SFCA)"), tr("three-step floating catchment (3SFCA)"),
        tr("balanced floating catchment (nobody counted twice)")], False, 0), advanced=True)
    add_parameter(algorithm, QgsProcessingParameterEnum("DECAY", tr("An offer counts less the farther it is"), [
        tr("no: all the same up to the limit"), tr("in steps"), tr("bell (Gaussian)"), tr("gravity"),
        tr("exponential"), tr("linear")], False, 0), advanced=True)
    add_number(algorithm, "CATCHMENT", tr("Limit of the catchment in metres or minutes (0: the first limit)"), 0, 0,
               1_000_000)
    add_text(algorithm, "STEPS", tr("Steps as limit:weight, e.g. 250:1; 500:0.68; 750:0.22"))
    add_number(algorithm, "SCALE", tr("Scale of the bell or the exponential in metres or minutes (0: from the limit)"),
               0, 0, 1_000_000)
    add_number(algorithm, "EXPONENT", tr("Exponent of the gravity"), 1, 0, 10)
    add_parameter(algorithm, QgsProcessingParameterNumber(
        "NTH", tr("Also the way to the n-th nearest offer"), QgsProcessingParameterNumber.Integer, 2, False, 1, 20),
        advanced=True)


def add_index_parameters(algorithm) -> None:
    """Add the layer with the classes of an index."""
    algorithm.addParameter(QgsProcessingParameterVectorLayer(
        "INDEX", tr("Index whose classes are compared (optional)"), [QgsProcessing.TypeVector], optional=True))
    add_field(algorithm, "INDEX_KEY", tr("Field with the area key in the index (empty: found)"), "INDEX",
              advanced=True)
    add_field(algorithm, "INDEX_CLASS", tr("Field with the class (empty: the first classes of the layer)"), "INDEX",
              advanced=True)


def rules_of(algorithm, parameters: dict, context):
    """Return the `core.supply.measures.SupplyRules` of the parameters.

    Raises
    ------
    TeilhabeError
        For limits, steps or a scale that cannot be used.
    """
    from ..core.supply.decay import BINARY, STEP, Decay
    from ..core.supply.measures import SupplyRules

    def number(name):
        return algorithm.parameterAsDouble(parameters, name, context)

    limits = limits_of(algorithm, parameters, context)
    kind = DECAYS[algorithm.parameterAsEnum(parameters, "DECAY", context)]
    limit = number("CATCHMENT") or limits[0]
    steps = _steps(algorithm.parameterAsString(parameters, "STEPS", context)) if kind == STEP else []
    if steps and not number("CATCHMENT"):
        limit = steps[-1][0]
    decay = Decay(kind, limit, tuple(bound for bound, _weight in steps), tuple(weight for _bound, weight in steps),
                  number("SCALE"), number("EXPONENT"))
    quota = float("nan") if parameters.get("QUOTA") in (None, "") else number("QUOTA")
    return SupplyRules(limits, quota, None if kind == BINARY and limit == limits[0] else decay,
                       FLOATING[algorithm.parameterAsEnum(parameters, "METHOD", context)],
                       algorithm.parameterAsInt(parameters, "NTH", context))


def index_of(algorithm, parameters: dict, context, feedback, areas):
    """Return the `bridge.index_classes.IndexClasses` of the areas, None when no index is chosen."""
    from ..bridge.feedback import push
    from ..bridge.index_classes import read_index_classes

    layer = algorithm.vector_layer(parameters, "INDEX", context)
    if layer is None:
        return None
    index = read_index_classes(layer, areas, algorithm.parameterAsString(parameters, "INDEX_KEY", context),
                               algorithm.parameterAsString(parameters, "INDEX_CLASS", context), feedback)
    push(feedback, index.notes)
    return index


def _steps(text: str) -> list[tuple[float, float]]:
    from ..core.messages import TeilhabeError, mark

    found = []
    for part in filter(None, re.split(r"[;\s]+", text)):
        bound, colon, weight = part.replace(",", ".").partition(":")
        try:
            found.append((float(bound), float(weight)))
        except ValueError:
            colon = ""
        if not colon:
            raise TeilhabeError(mark("“{value}” is no step. Write limit and weight such as 250:1; 500:0.68."),
                                value=part)
    return found
