"""What all algorithms share: names, help, and errors in the user's language."""
from __future__ import annotations

import errno
from collections.abc import Mapping
from types import MappingProxyType

from qgis.core import (
    Qgis,
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingException,
    QgsProcessingParameterDefinition,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QIcon

from .. import paths
from ..core.messages import Cancelled, TeilhabeError, mark
from ..translation import language, render, tr
from .register_parameters import NAMES_LAYERS, named_layers

#: run-time packages that QGIS installers carry; named in the message when one is missing
PACKAGES = ("numpy", "pandas", "scipy", "shapely", "openpyxl", "jinja2", "matplotlib", "yaml")


class TeilhabeAlgorithm(QgsProcessingAlgorithm):
    """A thin algorithm: subclasses name themselves, define parameters and implement `execute`."""

    ID = ""
    ICON = "teilhabe.svg"
    #: results that this run has written
    written: tuple[str, ...] = ()
    #: parameter → its layers as they were when this run began
    inputs: Mapping[str, list] = MappingProxyType({})

    def title(self) -> str:
        """Return the name shown to the user."""
        raise TypeError(f"{type(self).__name__} has no title()")

    def group_title(self) -> str:
        """Return the name of the group in the toolbox."""
        return tr("Social-area monitoring")

    def define(self) -> None:
        """Add the parameters and outputs."""
        raise TypeError(f"{type(self).__name__} has no define()")

    def execute(self, parameters: dict, context, feedback) -> dict:
        """Do the work; return the outputs."""
        raise TypeError(f"{type(self).__name__} has no execute()")

    def name(self):
        return self.ID

    def displayName(self):
        return self.title()

    def group(self):
        return self.group_title()

    def groupId(self):
        return "monitoring"

    def icon(self):
        return QIcon(str(paths.resource("icons", self.ICON)))

    def svgIconPath(self):
        return str(paths.resource("icons", self.ICON))

    def tags(self):
        return ["Teilhabe", "Sozialraum", "Monitoring", "Indikator", "Index", "indicator"]

    def shortHelpString(self):
        return self.help_page().read_text(encoding="utf-8")

    def shortDescription(self):
        return self.title()

    def helpUrl(self):
        return self.help_page().as_uri()

    def help_page(self):
        """Return the path of the help page in the user's language."""
        return paths.resource("help", language(), f"{self.ID}.html")

    def createInstance(self):
        return type(self)()

    def initAlgorithm(self, config=None):
        self.define()

    def prepareAlgorithm(self, parameters, context, feedback):
        """Find the input layers and take snapshots of them while still in the main thread.

        They belong to it, and to the window. Finding is not for another thread, either: when Processing looks a layer
        up, the project drops its expression variables, and QGIS crashes if the map is just putting them together.
        """
        self.inputs, self.snapshots, self.written = {}, {}, ()
        if self.flags() & QgsProcessingAlgorithm.FlagNoThreading:
            return True
        for definition in self.parameterDefinitions():
            name = definition.name()
            if definition.type() == "vector":
                self.inputs[name] = self._snapshots([super().parameterAsVectorLayer(parameters, name, context)])
            elif definition.type() == "multilayer" and definition.layerType() != QgsProcessing.TypeFile:
                self.inputs[name] = self._snapshots(super().parameterAsLayerList(parameters, name, context))
            elif definition.metadata().get(NAMES_LAYERS):
                project = context.project() or QgsProject.instance()
                text = self.parameterAsString(parameters, name, context)
                self._snapshots([project.mapLayer(layer) for layer in named_layers(text)])
        return True

    def _snapshots(self, layers: list) -> list:
        """Return the layers with a snapshot in the place of each vector layer; no layer is copied twice."""
        from ..bridge.snapshot import snapshot

        for layer in layers:
            if isinstance(layer, QgsVectorLayer) and layer.id() not in self.snapshots:
                self.snapshots[layer.id()] = snapshot(layer)
        return [self.snapshots.get(layer.id(), layer) if layer is not None else None for layer in layers]

    def parameterAsVectorLayer(self, parameters, name, context):
        """Return the chosen layer; once the run has begun, as it was then."""
        if name in self.inputs:
            return self.inputs[name][0]
        return super().parameterAsVectorLayer(parameters, name, context)

    def parameterAsLayerList(self, parameters, name, context, *how):
        """Return the chosen layers; once the run has begun, as they were then."""
        if name in self.inputs:
            return list(self.inputs[name])
        return super().parameterAsLayerList(parameters, name, context, *how)

    def vector_layer(self, parameters: dict, name: str, context) -> QgsVectorLayer | None:
        """Return the chosen layer as it was when the run began, None when none is chosen."""
        layer = self.parameterAsVectorLayer(parameters, name, context)
        if layer is None and parameters.get(name):
            raise TeilhabeError(mark("{parameter}: there is no such layer, or it cannot be read. Choose a whole layer; "
                                     "save a selection as a layer of its own first."),
                                parameter=self.parameterDefinition(name).description())
        return layer

    def field_names(self, parameters: dict, name: str, context) -> list[str]:
        """Return the names of the chosen fields."""
        if Qgis.QGIS_VERSION_INT >= 34000:  # where parameterAsFields is deprecated
            return self.parameterAsStrings(parameters, name, context)
        return self.parameterAsFields(parameters, name, context)

    def layer_list(self, parameters: dict, name: str, context) -> list:
        """Return the chosen layers as they were when the run began."""
        return self.parameterAsLayerList(parameters, name, context)

    def add_advanced(self, parameter) -> None:
        """Add a parameter among those that the window shows folded."""
        parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.FlagAdvanced)
        self.addParameter(parameter)

    def file_target(self, parameters: dict, name: str, context) -> str:
        """Return the file that an output goes to, "" where it is not wanted."""
        return self.parameterAsFileOutput(parameters, name, context) if parameters.get(name) else ""

    def whole_or_none(self, parameters: dict, name: str, context) -> int | None:
        """Return a whole number, None where none is given."""
        return self.parameterAsInt(parameters, name, context) if parameters.get(name) is not None else None

    def processAlgorithm(self, parameters, context, feedback):
        try:
            return self.execute(parameters, context, feedback)
        except QgsProcessingException:
            raise
        except Cancelled as error:
            text = render(error)
            if self.written:
                text = tr("Cancelled by the user. These results were written before: {files}.",
                          files=", ".join(self.written))
            raise QgsProcessingException(text) from error
        except TeilhabeError as error:
            raise QgsProcessingException(render(error)) from error
        except ImportError as error:
            raise QgsProcessingException(missing_package(error)) from error
        except MemoryError as error:
            raise QgsProcessingException(
                tr("There is not enough memory for this run. Close other programs or choose fewer columns.")
            ) from error
        except OSError as error:
            raise QgsProcessingException(system_error(error)) from error


def missing_package(error: ImportError) -> str:
    """Return the message for a package that this QGIS does not carry."""
    name = (error.name or str(error)).split(".")[0]
    if name not in PACKAGES:
        raise error
    return tr(
        "The Python package “{name}” is missing in this QGIS. The QGIS installers for Windows and macOS carry it; on "
        "Linux install the package python3-{name} and start QGIS again.",
        name=name,
    )


def system_error(error: OSError) -> str:
    """Return the message for a file that the system would not read or write."""
    path = error.filename or ""
    if error.errno == errno.ENOSPC:
        return tr("The disk is full: {file} could not be written. Make room, then run again.", file=path)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return tr(
            "No permission for {file}. Is it open in another program, or is the folder write-protected?", file=path
        )
    if error.errno == errno.ENOENT:
        return tr("{file} does not exist.", file=path)
    return tr("The system reports for {file}: {reason}", file=path, reason=error.strerror or str(error))
