"""The analysis that a “what if” starts from, read again from what a supply result says about itself."""
from __future__ import annotations

from typing import Callable

from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback, QgsProject

ALGORITHM = "teilhabe:supplymeasures"


class _Feedback(QgsProcessingFeedback):
    """Quiet feedback that is cancelled when the work is."""

    def __init__(self):
        super().__init__(False)
        self.asked: Callable = _never

    def isCanceled(self):
        return self.asked() or super().isCanceled()


def preparation(layer) -> Callable:
    """Return work for the background, ``work(cancelled) -> bridge.what_if.WhatIf``; call it in the main thread.

    Parameters
    ----------
    layer : QgsVectorLayer
        A result of the algorithm supplymeasures.

    Raises
    ------
    TeilhabeError
        When the result does not tell its settings, or layers it was computed from are gone.
    """
    from ..bridge.supply_settings import can_be_rebuilt, parameters_of
    from ..core.messages import TeilhabeError, mark

    if not can_be_rebuilt(layer):
        raise TeilhabeError(mark("“{layer}” does not tell how it was computed. Compute the supply once more."),
                            layer=layer.name())
    project = QgsProject.instance()
    parameters, missing = parameters_of(layer, project)
    if missing:
        raise TeilhabeError(mark("“{layer}” was computed from layers that are not in the project any more: {missing}. "
                                 "Add them, or compute the supply once more."), layer=layer.name(),
                            missing=", ".join(missing))
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(ALGORITHM)
    context, feedback = QgsProcessingContext(), _Feedback()
    context.setProject(project)
    algorithm.prepareAlgorithm(parameters, context, feedback)

    def work(cancelled):
        feedback.asked = cancelled
        return _what_if(algorithm, parameters, context, feedback)

    return work


def _what_if(algorithm, parameters, context, feedback):
    from ..bridge.what_if import Base, WhatIf
    from ..processing.supply_parameters import WAYS, case_of, computed_reach
    from ..processing.supply_rule_parameters import index_of, rules_of

    rules = rules_of(algorithm, parameters, context)
    case = case_of(algorithm, parameters, context, feedback)
    case.check()
    index = index_of(algorithm, parameters, context, feedback, case.areas)
    farthest = max(rules.limits[-1], rules.weighting.limit)
    way = WAYS[algorithm.parameterAsEnum(parameters, "WAYS", context)]
    factor = {"straight": 1.0, "detour": algorithm.parameterAsDouble(parameters, "DETOUR", context)}.get(way, 0.0)

    def ways(places, cancelled=None):
        feedback.asked = cancelled or _never  # who asked before may be gone
        try:
            return computed_reach(algorithm, parameters, context, feedback, case.demand.points, places,
                                  case.areas.crs, farthest, [])
        finally:
            feedback.asked = _never

    reach = ways(case.offer_points, feedback.asked)
    return WhatIf(Base(case, rules, index, reach, farthest, ways, factor))


def _never() -> bool:
    return False
