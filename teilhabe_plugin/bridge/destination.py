"""Where a result goes: the destination strings of Processing taken apart."""
from __future__ import annotations

import os
import re
from dataclasses import dataclass

from qgis.core import QgsDataSourceUri, QgsProcessingContext, QgsProviderRegistry, QgsVectorFileWriter

from ..core.messages import TeilhabeError, mark

#: formats in which one SQLite file holds several tables
DATABASE_FILES = ("GPKG", "SQLite")
#: GDAL refuses tables that begin with one of these
_NOT_FIRST = "`~!@#$%^&*()+-={}|[]\\:\";'<>?,./ "


@dataclass(frozen=True)
class FileDestination:
    """A table in a file of an OGR format."""

    path: str
    driver: str
    table: str

    @property
    def source(self) -> str:
        """What a QGIS layer takes to open it."""
        return f"{self.path}|layername={self.table}" if self.driver in DATABASE_FILES else self.path

    def moved(self, path: str) -> FileDestination:
        """Return the same table in another file."""
        return FileDestination(path, self.driver, self.table)


@dataclass(frozen=True)
class MemoryDestination:
    """A scratch layer."""

    table: str


@dataclass(frozen=True)
class DatabaseDestination:
    """A table of a database that QGIS writes to."""

    provider: str
    uri: str


def parse(text: str, table: str = "") -> FileDestination | MemoryDestination | DatabaseDestination:
    """Take a destination string apart.

    Parameters
    ----------
    text : str
        A file path, ``ogr:dbname='…' table="…" (geom)``, ``memory:…`` or ``postgis:…``.
    table : str
        Name of the table where the destination does not say.
    """
    prefix = re.match(r"(\w{3,}):(.*)$", text, re.DOTALL)
    provider, rest = prefix.groups() if prefix else ("", text)
    if provider == "memory":
        return MemoryDestination(rest or table)
    if provider == "ogr":
        uri = QgsDataSourceUri(rest)
        return _file(uri.database() or rest, uri.table() or table)
    provider = {"postgis": "postgres"}.get(provider, provider)
    if provider in QgsProviderRegistry.instance().providerList():
        return DatabaseDestination(provider, rest[2:] if rest.startswith("//") else rest)
    path, _, name = text.partition("|layername=")
    return _file(path, name or table)


def replace_waiting(context: QgsProcessingContext, before: str, after: str, post_processor=None) -> None:
    """Tell Processing which layer it really loads when the algorithm is done."""
    waiting = dict(context.layersToLoadOnCompletion())
    details = waiting.pop(before, None)
    if details is None:
        return
    if post_processor is not None and details.postProcessor() is None:
        details.setPostProcessor(post_processor)
    waiting[after] = details
    context.setLayersToLoadOnCompletion(waiting)


def _file(path: str, table: str) -> FileDestination:
    stem, extension = os.path.splitext(os.path.basename(path))
    driver = QgsVectorFileWriter.driverForExtension(extension.lstrip(".")) if extension else ""
    if not driver:
        raise TeilhabeError(
            mark("{file}: “{extension}” is no file type that QGIS can write. Choose .gpkg, .shp, .geojson, .csv or "
                 ".xlsx."),
            file=path, extension=extension,
        )
    table = re.sub(r'[|"\x00-\x1f]', "_", table)
    if driver in DATABASE_FILES:
        table = table.lstrip(_NOT_FIRST)
    return FileDestination(os.path.abspath(path), driver, table or stem)
