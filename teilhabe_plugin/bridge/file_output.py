"""Writing a file so that there is either the whole new result or the untouched earlier one."""
from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import stat
import tempfile
from typing import Callable

from qgis.core import (
    QgsCoordinateTransformContext,
    QgsFeatureSink,
    QgsProviderRegistry,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from ..core.messages import Cancelled, TeilhabeError, mark
from . import sqlite_files
from .destination import DATABASE_FILES, FileDestination
from .layer_content import Content, Look

#: GDAL gives the column with the style’s name so many characters
LONGEST_STYLE_NAME = 30
#: SQLite takes 2000, two of which are the id and the geometry
_MOST_COLUMNS = 1998
_TABLES_ONLY = ("CSV", "XLSX", "ODS")
#: indexes that describe the earlier Shapefile
_STALE = (".qix", ".sbn", ".sbx")
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
#: a drive with less room than this counts as full when writing failed
_LITTLE = 2**20


def check_file(destination: FileDestination) -> None:
    """Refuse a target that cannot be written, before anything is computed.

    Raises
    ------
    TeilhabeError
        Names the file or folder and says why.
    """
    _check_target(destination.path)


def write_file(destination: FileDestination, content: Content, look: Look, feedback,
               progress: Callable[[float], None] | None = None) -> bool:
    """Write beside the target, then put into place; return whether the look is stored with the file.

    Other tables of a GeoPackage that is there already are kept.

    Raises
    ------
    TeilhabeError
        When the target cannot be written; whatever was there before is untouched.
    """
    target = destination.path
    _check_target(target)
    if destination.driver in _TABLES_ONLY:
        content = content.without_geometry()
    _check_format(destination, content)
    try:
        with tempfile.TemporaryDirectory(prefix=".teilhabe-", dir=os.path.dirname(target)) as folder:
            draft = destination.moved(os.path.join(folder, os.path.basename(target)))
            _copy_earlier(target, draft)
            _write(draft, content, feedback, progress)
            stored = _store_look(draft, content, look)
            if destination.driver in DATABASE_FILES:
                sqlite_files.settle(draft.path)
            if feedback.isCanceled():
                raise Cancelled()
            _put(folder, destination)
    except (OSError, sqlite3.Error) as error:
        raise _failure(target, error) from error
    return stored


def _check_target(target: str) -> None:
    folder = os.path.dirname(target)
    if not os.path.isdir(folder):
        raise TeilhabeError(mark("The folder {folder} does not exist. Create it or choose another one."), folder=folder)
    if os.path.isdir(target):
        raise TeilhabeError(mark("{file} is a folder. Choose a file name."), file=target)
    if os.path.exists(target) and not os.stat(target).st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        raise _protected(target)


def _protected(target: str) -> TeilhabeError:
    return TeilhabeError(mark("{file} is write-protected. Choose another file or lift the protection."), file=target)


def _check_format(destination: FileDestination, content: Content) -> None:
    """Refuse what the format would lose."""
    path = destination.path
    if destination.driver in DATABASE_FILES and len(content.names) > _MOST_COLUMNS:
        raise TeilhabeError(
            mark("{file}: a GeoPackage holds {most} columns at most, and there are {count}. Choose fewer years or "
                 "columns, or .csv."),
            file=path, most=_MOST_COLUMNS, count=len(content.names),
        )
    if destination.driver == "ESRI Shapefile":
        if content.geometries is None:
            raise TeilhabeError(
                mark("{file}: a table without geometries cannot be a Shapefile. Choose a GeoPackage or .csv."),
                file=path,
            )
        long = [name for name in content.names if len(name.encode()) > 10]
        if long:
            raise TeilhabeError(
                mark("{file}: a Shapefile holds column names of at most 10 letters. Too long: {columns}. Choose a "
                     "GeoPackage."),
                file=path, columns=", ".join(long),
            )
    if destination.driver == "FlatGeobuf" and (content.geometries is None or None in content.geometries):
        raise TeilhabeError(
            mark("{file}: FlatGeobuf loses rows without geometry, and there are some. Choose a GeoPackage."),
            file=path,
        )


def _copy_earlier(target: str, draft: FileDestination) -> None:
    if draft.driver not in DATABASE_FILES or not os.path.exists(target) or not os.path.getsize(target):
        return
    try:
        sqlite_files.copy_database(target, draft.path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        raise TeilhabeError(
            mark("{file} is there already, but is no GeoPackage. Choose another file name."), file=target
        ) from error


def _write(draft: FileDestination, content: Content, feedback, progress) -> None:
    writer = QgsVectorFileWriter.create(
        draft.path, content.fields, content.wkb_type, content.crs, QgsCoordinateTransformContext(),
        _options(draft, content))
    try:
        _check_writer(writer, draft.path)
        for feature in content.features(feedback, progress):
            if not writer.addFeature(feature, QgsFeatureSink.Flag.FastInsert):
                _check_writer(writer, draft.path, failed=True)
    finally:
        del writer  # closes the file
    if draft.driver == "GPKG" and content.geometries is not None and None in content.geometries:
        _forget_empty_geometries(draft, _layer_options(draft.driver, content)[1].partition("=")[2])
    if draft.driver in DATABASE_FILES:
        written = sqlite_files.count_rows(draft.path, draft.table)
    else:
        written = QgsVectorLayer(draft.path, draft.table, "ogr").featureCount()
    if written != content.count:
        raise OSError(errno.EIO, f"{written} / {content.count}", draft.path)


def _forget_empty_geometries(draft: FileDestination, column: str) -> None:
    """Rows without geometry have none; QGIS writes an empty one, which is a geometry to whoever asks for it."""
    from osgeo import gdal

    data = gdal.OpenEx(draft.path, gdal.OF_VECTOR | gdal.OF_UPDATE)
    quoted = draft.table.replace('"', '""')
    data.ExecuteSQL(f'UPDATE "{quoted}" SET {column} = NULL WHERE ST_IsEmpty({column})')  # nosec B608 quoted
    data.FlushCache()
    del data


def _check_writer(writer: QgsVectorFileWriter, path: str, failed: bool = False) -> None:
    if failed or writer.hasError() != QgsVectorFileWriter.WriterError.NoError:
        raise OSError(errno.EIO, writer.errorMessage(), path)


def _options(draft: FileDestination, content: Content) -> QgsVectorFileWriter.SaveVectorOptions:
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = draft.driver
    options.fileEncoding = "UTF-8"
    options.layerName = draft.table
    options.layerOptions = _layer_options(draft.driver, content)
    if os.path.exists(draft.path):
        options.actionOnExistingFile = QgsVectorFileWriter.ActionOnExistingFile.CreateOrOverwriteLayer
    return options


def _layer_options(driver: str, content: Content) -> list[str]:
    if driver == "GPKG":
        taken = {name.casefold() for name in content.names}
        free = [next(name for name in names if name not in taken)
                for names in (("fid", "ogc_fid", "gpkg_fid"), ("geom", "geometry", "gpkg_geom"))]
        return [f"FID={free[0]}", f"GEOMETRY_NAME={free[1]}"]
    if driver == "CSV":
        return ["CREATE_CSVT=YES"]  # else 007 comes back as 7
    return []


def _store_look(draft: FileDestination, content: Content, look: Look) -> bool:
    """Store the look in the GeoPackage or as .qml beside other formats; return whether there was a place for it."""
    if draft.driver in _TABLES_ONLY:
        return False
    layer = QgsVectorLayer(draft.source, draft.table, "ogr", QgsVectorLayer.LayerOptions(False))
    if not layer.isValid():
        raise OSError(errno.EIO, layer.error().summary(), draft.path)
    look.apply(layer, content.specs)
    if draft.driver == "GPKG":
        name = draft.table[:LONGEST_STYLE_NAME]
        sqlite_files.forget_style(draft.path, draft.table, name)
        problem = _save_default_style(layer, name)
        if not problem:
            saved, message = QgsProviderRegistry.instance().saveLayerMetadata(
                "ogr", draft.source, look.metadata(draft.table))
            problem = "" if saved else message
    else:
        message, saved = layer.saveNamedStyle(os.path.splitext(draft.path)[0] + ".qml")
        problem = "" if saved else message
    if problem:
        raise OSError(errno.EIO, problem, draft.path)
    return True


def _save_default_style(layer: QgsVectorLayer, name: str) -> str:
    """Store the style as the table's default; return what went wrong, "" when nothing did."""
    if hasattr(layer, "saveStyleToDatabaseV2"):
        results, message = layer.saveStyleToDatabaseV2(name, "", True, "")
        only_for_others = layer.SaveStyleResult.SldGenerationFailed  # the SLD; QGIS itself reads the QML
        return "" if results in (layer.SaveStyleResult.Success, only_for_others) else message
    return layer.saveStyleToDatabase(name, "", True, "")


def _put(folder: str, destination: FileDestination) -> None:
    target = destination.path
    if destination.driver in DATABASE_FILES and os.path.exists(target):
        sqlite_files.put_database(os.path.join(folder, os.path.basename(target)), target)
        return
    sqlite_files.remove_side_files(target)
    # the file itself last: until then the earlier one is what a reader finds
    for name in sorted(os.listdir(folder), key=lambda name: name == os.path.basename(target)):
        os.replace(os.path.join(folder, name), os.path.join(os.path.dirname(target), name))
    if destination.driver == "ESRI Shapefile":
        for tail in _STALE:
            stale = os.path.splitext(target)[0] + tail
            if os.path.exists(stale):
                os.remove(stale)


def _failure(target: str, error: Exception) -> TeilhabeError:
    """Return what the user reads instead of the system's words."""
    free = shutil.disk_usage(os.path.dirname(target)).free
    number, text = getattr(error, "errno", None), str(error)
    if number in _FULL or "is full" in text or (free < _LITTLE and number not in (errno.EACCES, errno.EPERM)):
        return TeilhabeError(
            mark("There is not enough room for {file}: {free} MB are free on this drive. Nothing was changed; make "
                 "room or choose another folder."),
            file=target, free=free // 2**20,
        )
    if isinstance(error, PermissionError) or "locked" in text or "busy" in text:
        return TeilhabeError(
            mark("{file} cannot be replaced: it is open in another program, a layer of it is being edited, or the "
                 "folder is write-protected. Nothing was changed; close it there or choose another file."),
            file=target,
        )
    if number == errno.EROFS or "readonly" in text:
        return _protected(target)
    reason = (error.strerror if isinstance(error, OSError) else text) or text
    return TeilhabeError(
        mark("{file} could not be written: {reason}. Nothing was changed; {free} MB are free on this drive."),
        file=target, reason=reason, free=free // 2**20,
    )
