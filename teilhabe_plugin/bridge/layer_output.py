"""DataFrame → layer: the one way in which results leave the plugin."""
from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Mapping
from typing import Callable

import pandas as pd
from qgis.core import (
    QgsFeatureSink,
    QgsFeatureSource,
    QgsMemoryProviderUtils,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingLayerPostProcessorInterface,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingUtils,
    QgsProject,
    QgsProviderRegistry,
    QgsVectorLayer,
    QgsVectorLayerExporter,
)
from qgis.PyQt.QtCore import QCoreApplication, QMetaObject, Qt, QThread

from ..core.messages import TeilhabeError, mark
from .destination import DATABASE_FILES, DatabaseDestination, FileDestination, MemoryDestination, parse, replace_waiting
from .fields import FieldSpec
from .file_output import check_file, write_file
from .layer_content import Content, Look, Points, Shapes, content_of

__all__ = ["FieldSpec", "Points", "Shapes", "check_targets", "write_layer"]


def check_targets(parameters: dict, tables: Mapping[str, str], layers: Iterable[QgsVectorLayer] = (),
                  files: Iterable[str] = (), pages: Iterable[str] = ()) -> None:
    """Refuse destinations that cannot be written, before anything is read or computed.

    Parameters
    ----------
    parameters : dict
        As Processing hands them over.
    tables : mapping of str to str
        Destination parameter → name of the table where the destination names none.
    layers, files
        What is read: results are new layers, so that none of them may be overwritten. A file may name its table as
        layers do (``x.gpkg|layername=t``).
    pages
        Files written besides the tables (reports, work lists): none may be one that is read, or that of a table.

    Raises
    ------
    TeilhabeError
        Names the file.
    """
    read = [_file_and_table(file) for file in files]
    sources = [_source_of(layer) for layer in layers]
    seen = []
    for name, table in tables.items():
        chosen = parameters.get(name)
        if isinstance(chosen, QgsProcessingOutputLayerDefinition):
            chosen = chosen.sink.staticValue()
        if not isinstance(chosen, str) or chosen in ("", QgsProcessing.TEMPORARY_OUTPUT):
            continue
        destination = parse(chosen, table)
        if not isinstance(destination, FileDestination):
            continue
        check_file(destination)
        path, whole = _same(destination.path), destination.driver not in DATABASE_FILES
        if any(other == path and (whole or known in ("", destination.table)) for other, known in sources) or any(
            other == path and (whole or known == destination.table or not known and _has_table(destination))
            for other, known in read
        ):
            raise _read_here(destination.path)
        target = (path, "" if whole else destination.table)
        if target in seen:
            raise _chosen_twice(destination.path)
        seen.append(target)
    taken = [path for path, _table in seen]
    for page in filter(None, pages):
        path = _same(page)
        if any(path == other for other, _table in (*read, *sources)):
            raise _read_here(page)
        if path in taken:
            raise _chosen_twice(page)
        taken.append(path)


def _read_here(file: str) -> TeilhabeError:
    return TeilhabeError(
        mark("{file} is read in this run and cannot take the result at the same time: what is in it would be "
             "lost. Choose another file or table name."), file=file)


def _chosen_twice(file: str) -> TeilhabeError:
    return TeilhabeError(
        mark("{file} is chosen for two results; the second would replace the first. Choose another file or "
             "table for one of them."), file=file)


def _file_and_table(file: str) -> tuple[str, str]:
    """Return file and table of a path as layers write it, "" for a table that is not named."""
    if os.path.exists(file):
        return _same(file), ""
    path, _, rest = file.partition("|")
    return _same(path), dict(part.partition("=")[::2] for part in rest.split("|")).get("layername", "")


def _has_table(destination: FileDestination) -> bool:
    """Return whether a database holds the table already; it may be the one that is read."""
    return os.path.exists(destination.path) and QgsVectorLayer(destination.source, "", "ogr").isValid()


def _source_of(layer: QgsVectorLayer) -> tuple[str, str]:
    """Return file and table of a layer, "" for what it has not."""
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    path = parts.get("path") or ""
    return (_same(path) if path else "", parts.get("layerName") or "")


def _same(path: str) -> str:
    """Return a path by which a file is known again."""
    return os.path.normcase(os.path.realpath(path))


def write_layer(
    algorithm,
    parameters: dict,
    name: str,
    context: QgsProcessingContext,
    feedback,
    *,
    frame: pd.DataFrame,
    specs: Iterable[FieldSpec] = (),
    geometry_layer: QgsVectorLayer | QgsFeatureSource | None = None,
    key: str | None = None,
    points: Points | Shapes | None = None,
    style: Callable[[QgsVectorLayer], None] | None = None,
    layer_name: str = "",
    role: str = "",
    provenance: dict | None = None,
    progress: Callable[[float], None] | None = None,
) -> str:
    """Write a frame to the destination that the user chose for the parameter ``name``.

    Parameters
    ----------
    algorithm, parameters, name, context, feedback
        As Processing hands them over; ``name`` is a ``QgsProcessingParameterVectorDestination``.
    frame : DataFrame
        The rows, written in this order.
    specs : iterable of FieldSpec
        Kinds, aliases and units of the columns; columns without one get the kind of their values.
    geometry_layer, key
        Where the geometries come from, see `layer_content.content_of`.
    points : Points or Shapes, optional
        Geometries where no layer has them.
    style : callable
        Sets renderer, labels and further custom properties on the written layer. It may run in a background thread and
        sees a layer that belongs to that thread.
    layer_name : str
        Name of the table where the destination names none.
    role, provenance
        Stored with the layer, see `project`.
    progress : callable
        Called with 0 … 100 while the rows are written.

    Returns
    -------
    str
        What Processing loads the result by: for a GeoPackage ``path|layername=table``, for a scratch layer its id.

    Notes
    -----
    A file is written beside its target and put into place when it is complete, so that failure and cancel leave an
    earlier result as it was. Aliases, role, provenance and style are the layer's default style (in the GeoPackage, or
    as .qml beside other formats), so every project that loads it shows them. Formats without a place for a style get
    it when Processing loads the layer. A table in a database server is replaced at once, row by row.
    """
    chosen = algorithm.parameterAsOutputLayer(parameters, name, context)
    destination = parse(chosen, layer_name)
    open_layers = []
    if isinstance(destination, FileDestination):
        open_layers = _layers_from(destination.path, context.project())
        _check_not_edited(open_layers, destination)
    content = content_of(frame, specs, geometry_layer, key, feedback, points)
    look = Look(style, role, provenance)
    stored = False
    if isinstance(destination, FileDestination):
        stored = write_file(destination, content, look, feedback, progress)
        _reload(open_layers)
        result = destination.source
    elif isinstance(destination, MemoryDestination):
        result = _write_memory(destination, content, look, context, feedback, progress)
    else:
        result = _write_database(destination, content, feedback, progress)
    replace_waiting(context, chosen, result, _dresser(look, content, stored))
    algorithm.written = (*getattr(algorithm, "written", ()), result)
    return result


#: Processing keeps no reference to post-processors that Python knows of; the newest ones are kept here
_dressers: deque = deque(maxlen=50)


class _Dresser(QgsProcessingLayerPostProcessorInterface):
    """Gives a layer its look once Processing has loaded it: Processing itself does not ask for default styles."""

    def __init__(self, look: Look, specs: list[FieldSpec], stored: bool):
        super().__init__()
        self.look, self.specs, self.stored = look, specs, stored

    def postProcessLayer(self, layer, context, feedback):
        if not isinstance(layer, QgsVectorLayer):
            return
        if self.stored:
            layer.loadDefaultStyle()
        else:
            self.look.apply(layer, self.specs)


def _dresser(look: Look, content: Content, stored: bool) -> _Dresser:
    _dressers.append(_Dresser(look, content.specs, stored))
    return _dressers[-1]


def _write_memory(destination, content: Content, look: Look, context, feedback, progress) -> str:
    layer = QgsMemoryProviderUtils.createMemoryLayer(
        destination.table, content.fields, content.wkb_type, content.crs)
    provider = layer.dataProvider()
    for feature in content.features(feedback, progress):
        if not provider.addFeature(feature, QgsFeatureSink.Flag.FastInsert):
            raise QgsProcessingException("; ".join(provider.errors()))
    layer.updateExtents()
    look.apply(layer, content.specs)
    context.temporaryLayerStore().addMapLayer(layer)
    return layer.id()


def _write_database(destination: DatabaseDestination, content: Content, feedback, progress) -> str:
    exporter = QgsVectorLayerExporter(
        destination.uri, destination.provider, content.fields, content.wkb_type, content.crs, True)
    written = True
    if not exporter.errorCode():
        for feature in content.features(feedback, progress):
            written = exporter.addFeature(feature, QgsFeatureSink.Flag.FastInsert) and written
        written = exporter.flushBuffer() and written
    if exporter.errorCode() or not written:
        raise TeilhabeError(
            mark("The database did not take the table: {reason}. Check the connection and your rights there."),
            reason=exporter.errorMessage(),
        )
    del exporter
    return QgsProcessingUtils.encodeProviderKeyAndUri(destination.provider, destination.uri)


def _layers_from(path: str, project: QgsProject | None) -> list[tuple[QgsVectorLayer, str]]:
    """Return the project's layers that come from this file, each with its table."""
    registry = QgsProviderRegistry.instance()
    found = []
    for layer in (project or QgsProject.instance()).mapLayers().values():
        if isinstance(layer, QgsVectorLayer) and layer.providerType() == "ogr":
            parts = registry.decodeUri("ogr", layer.source())
            source = parts.get("path") or ""
            if source and os.path.normcase(os.path.abspath(source)) == os.path.normcase(path):
                found.append((layer, parts.get("layerName") or ""))
    return found


def _check_not_edited(layers, destination: FileDestination) -> None:
    for layer, table in layers:
        if layer.isEditable() and table in ("", destination.table):
            raise TeilhabeError(
                mark("The layer “{layer}” from {file} is being edited. Save or discard the changes, then run again."),
                layer=layer.name(), file=destination.path,
            )


def _reload(layers) -> None:
    """Let layers that are open show what is in the file now; they belong to the main thread."""
    here = QThread.currentThread() == QCoreApplication.instance().thread()
    for layer, _ in layers:
        if here:
            layer.reload()
        else:
            QMetaObject.invokeMethod(layer, "reload", Qt.ConnectionType.QueuedConnection)
