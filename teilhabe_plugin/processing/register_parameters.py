"""Parameters by which algorithms take address registers, and the registers they stand for."""

from __future__ import annotations

import re

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterField,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorLayer,
)

from ..translation import tr

#: set on a parameter whose text may name layers of the project; `base` then takes snapshots of them
NAMES_LAYERS = "teilhabe_names_layers"
_LAYER = re.compile(r'"layer:([^"]+)"')


def add_register_parameters(algorithm, areas: bool = True) -> None:
    """Add the parameters that choose registers, and areas for their addresses.

    Parameters
    ----------
    algorithm : QgsProcessingAlgorithm
    areas : bool
        Add AREAS and AREA_KEY, too.
    """
    algorithm.addParameter(
        QgsProcessingParameterMultipleLayers(
            "REGISTER",
            tr("Address registers: files (HK-DE, gebref.txt, CSV …), searched in this order"),
            QgsProcessing.TypeFile,
            optional=True,
        )
    )
    algorithm.addParameter(
        QgsProcessingParameterVectorLayer(
            "REGISTER_LAYER", tr("Address register in the project"), [QgsProcessing.TypeVector], optional=True
        )
    )
    algorithm.addParameter(
        QgsProcessingParameterString(
            "REGISTER_PLACE", tr("Municipality that the register belongs to"), "", optional=True
        )
    )
    settings = QgsProcessingParameterString(
        "REGISTER_SETTINGS", tr("Settings per register (JSON, see help)"), None, True, True
    )
    settings.setFlags(settings.flags() | QgsProcessingParameterDefinition.FlagAdvanced)
    settings.setMetadata({NAMES_LAYERS: True})
    algorithm.addParameter(settings)
    if areas:
        algorithm.addParameter(
            QgsProcessingParameterVectorLayer(
                "AREAS", tr("Areas (for addresses with coordinates)"), [QgsProcessing.TypeVectorPolygon], optional=True
            )
        )
        algorithm.addParameter(
            QgsProcessingParameterField("AREA_KEY", tr("Field with the area key"), None, "AREAS", optional=True)
        )


def named_layers(text: str) -> list[str]:
    """Return the ids of the layers that the text of REGISTER_SETTINGS names."""
    return _LAYER.findall(text or "")


def register_sources(algorithm, parameters: dict, context) -> list:
    """Return the chosen registers as sources, in their order: files, the layer, further ones of the settings.

    Settings of a path that is chosen as a file, or of the layer that is chosen, say how that one is read.
    """
    from ..bridge.registers import parse_sources, source_of
    from ..bridge.snapshot import original_id
    from ..core.addresses.register_source import LAYER, RegisterSource

    place = algorithm.parameterAsString(parameters, "REGISTER_PLACE", context).strip()
    said = parse_sources(algorithm.parameterAsString(parameters, "REGISTER_SETTINGS", context))
    files = [file for file in algorithm.parameterAsFileList(parameters, "REGISTER", context) if file]
    chosen = [source_of(file) for file in files]
    layer = algorithm.parameterAsVectorLayer(parameters, "REGISTER_LAYER", context)
    if layer is not None:
        chosen.append(RegisterSource(LAYER + original_id(layer)))
    sources, left = [], list(said)
    for source in chosen:
        own = next((each for each in left if each.path == source.path and each.table in ("", source.table)
                    or each.path == source.path and not source.table), None)
        if own is not None:
            left.remove(own)
        sources.append(own or source)
    return [_with_place(source, place) for source in [*sources, *left]]


def files_of(sources) -> list[str]:
    """Return the files of registers, with their tables, as `layer_output.check_targets` takes them."""
    return [source.path + (f"|layername={source.table}" if source.table else "") for source in sources
            if not source.is_layer]


class _Part:
    """Feedback for one of several steps: moves the bar within its share."""

    def __init__(self, feedback, start: float, end: float):
        self.feedback, self.start, self.end = feedback, start, end

    def setProgress(self, percent: float) -> None:
        self.feedback.setProgress(self.start + (self.end - self.start) * percent / 100)

    def isCanceled(self) -> bool:
        return self.feedback.isCanceled()


def registers_of(algorithm, parameters: dict, context, feedback, keep_stated: bool = True, share: float = 10) -> list:
    """Return the chosen registers, with the areas of their addresses.

    Parameters
    ----------
    algorithm, parameters, context, feedback
        Of the run.
    keep_stated : bool
        Where a register states the area itself, that counts.
    share : float
        So far (in percent) the progress bar moves meanwhile.

    Raises
    ------
    TeilhabeError
        When none is chosen, or one cannot be read.
    """
    from ..bridge.feedback import push
    from ..bridge.registers import fill_areas, open_register
    from ..core.messages import TeilhabeError, mark

    sources = register_sources(algorithm, parameters, context)
    if not sources:
        raise TeilhabeError(mark("Choose an address register: a file or a layer."))
    layers = layers_of_run(algorithm, parameters, context)
    areas = None
    if algorithm.parameterDefinition("AREAS") is not None:
        areas = algorithm.vector_layer(parameters, "AREAS", context)
    key = algorithm.parameterAsString(parameters, "AREA_KEY", context) if areas is not None else ""
    registers = []
    for number, source in enumerate(sources):
        part = _Part(feedback, share * number / len(sources), share * (number + 1) / len(sources))
        named = layers[source.layer_id].name() if source.layer_id in layers else source.name
        feedback.pushInfo(tr("Reading {file} …", file=named))
        register = open_register(source, context.project(), part, layers)
        if areas is not None:
            register = fill_areas(register, areas, key, part, context.project(), keep_stated)
        feedback.pushInfo(tr("{addresses} addresses in {streets} streets", addresses=len(register),
                             streets=len(register.street_names)))
        push(feedback, register.notes, warning=True)
        registers.append(register)
    return registers


def layers_of_run(algorithm, parameters: dict, context) -> dict:
    """Return the layers that may be registers, by id, as they were when the run began."""
    layers = dict(algorithm.snapshots)
    layer = algorithm.vector_layer(parameters, "REGISTER_LAYER", context)
    if layer is not None:
        from ..bridge.snapshot import original_id

        layers[original_id(layer)] = layer
    return layers


def _with_place(source, place):
    from dataclasses import replace

    return replace(source, place=place) if place and not source.place else source
