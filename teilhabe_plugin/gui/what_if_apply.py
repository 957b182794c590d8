"""Writing a “what if”: the registered algorithm computes the supply with the changed offers as a new result."""
from __future__ import annotations

from qgis.core import (
    QgsApplication,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsVectorLayer,
)

from ..translation import tr
from .task_runner import Job
from .what_if_base import ALGORITHM

SCENARIO = "teilhabe:supplyscenario"


def job_of(session, layer) -> Job:
    """Return the job that computes the supply with the session's changes.

    Parameters
    ----------
    session : Session
    layer : QgsVectorLayer
        The result that the session started from.
    """
    from ..bridge.supply_settings import parameters_of
    from ..core.supply.scenario import changes_to_text

    parameters, _missing = parameters_of(layer, QgsProject.instance())
    parameters["OUTPUT"] = _scratch(tr("{result} (what if)", result=layer.name()))
    algorithm = QgsApplication.processingRegistry().algorithmById(SCENARIO)
    if algorithm is not None:
        names = {definition.name() for definition in algorithm.parameterDefinitions()}
        parameters |= {"CHANGES_TEXT": changes_to_text(session.changes), "OFFERS_OUT": "TEMPORARY_OUTPUT"}
        return Job(SCENARIO, {name: value for name, value in parameters.items() if name in names})
    offers = changed_offers(session.result.case)
    QgsProject.instance().addMapLayer(offers)
    return Job(ALGORITHM, {**parameters, "OFFERS": offers.id(), "OFFER_ID": "nr", "OFFER_NAME": "name",
                           "KIND_FIELD": "art", "CAPACITY": "plaetze", "OPEN_FROM": "", "OPEN_UNTIL": "",
                           "SCENARIO_FIELD": "", "DATE": "", "SCENARIO": ""})


def changed_offers(case) -> QgsVectorLayer:
    """Return the offers that take part after the changes as a scratch layer."""
    layer = QgsVectorLayer("Point?field=nr:string&field=name:string&field=art:string&field=plaetze:double"
                           "&field=radius:double", tr("Offers (what if)"), "memory")
    layer.setCrs(case.areas.crs)
    offers, features = case.offers, []
    for i in range(len(offers)):
        if offers.takes_part[i]:
            feature = QgsFeature(layer.fields())
            places = float(offers.capacity[i])
            feature.setAttributes([str(offers.ids[i]), str(offers.names[i]), str(offers.kind[i]),
                                   places if places == places else None, float(offers.radius[i])])
            feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(offers.x[i], offers.y[i])))
            features.append(feature)
    layer.dataProvider().addFeatures(features)
    return layer


def _scratch(title: str) -> QgsProcessingOutputLayerDefinition:
    value = QgsProcessingOutputLayerDefinition("TEMPORARY_OUTPUT", QgsProject.instance())
    value.destinationName = title
    return value
