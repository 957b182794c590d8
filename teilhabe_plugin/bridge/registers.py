"""Opening address registers: read once, indexed in a file beside the source, reused until the source changes."""
from __future__ import annotations

import hashlib
import json
import os
import stat
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
from qgis.core import QgsCoordinateReferenceSystem, QgsFields, QgsProject, QgsVectorLayer, QgsWkbTypes
from qgis.PyQt.QtCore import QStandardPaths

from ..core.addresses.register import AddressRegister
from ..core.addresses.register_areas import with_areas, with_zeros
from ..core.addresses.register_file import SUFFIX, VERSION, load_register, save_register
from ..core.addresses.register_formats import Layout, check_layout
from ..core.addresses.register_reading import describe_file, is_register_file, read_register
from ..core.addresses.register_rows import Rows
from ..core.addresses.register_source import RegisterSource
from ..core.messages import Message, TeilhabeError, mark
from ..core.table_reading import check_file
from .boundary_layers import read_shapes
from .frames import read_frame
from .provenance import layer_file
from .register_layers import describe_layer, find_layer, layer_title, metric, read_layer_register
from .table_sources import own_file

#: bytes at both ends of a file that its fingerprint covers, besides its size and the time of its last change
_ENDS = 1 << 16
DATABASE_ENDINGS = (".gpkg", ".sqlite", ".db")
#: a database as large as this is not read whole to see whether it has changed
_LARGE = 1 << 30
#: registers that somebody holds: the same content is not loaded twice, and what was derived from it is kept
_open: weakref.WeakValueDictionary = weakref.WeakValueDictionary()


@dataclass(frozen=True, eq=False)
class RegisterDescription:
    """What a register looks like, for a window where its settings are chosen.

    Attributes
    ----------
    title, form : str
        See `RegisterSource`; the form that was recognised.
    headings : tuple of str
        Columns of the table.
    columns : dict of str to str
        Meaning → heading, guessed and chosen.
    sample : DataFrame
        First rows as they stand in the source.
    crs : str
        Reference system of the coordinates, chosen or judged by their size; "" when there are none.
    has_points : bool
        The coordinates are the geometries of a layer.
    problems : tuple of Message
        What keeps the register from being read, and what the user should know.
    readable : bool
        Whether it can be read with these settings.
    """

    title: str
    form: str = ""
    headings: tuple[str, ...] = ()
    columns: dict | None = None
    sample: pd.DataFrame | None = None
    crs: str = ""
    has_points: bool = False
    problems: tuple[Message, ...] = ()
    readable: bool = False


def parse_sources(text: str) -> list[RegisterSource]:
    """Return the registers of a JSON list, as `sources_text` writes it; [] for an empty text.

    Raises
    ------
    TeilhabeError
        When it is no JSON or a setting is not known.
    """
    if not text or not text.strip():
        return []
    try:
        found = json.loads(text)
    except ValueError as error:
        raise TeilhabeError(mark("The settings of the address registers are no JSON ({why})."),
                            why=str(error)) from error
    return [RegisterSource.from_dict(each) for each in (found if isinstance(found, list) else [found])]


def sources_text(sources) -> str:
    """Return registers as a JSON list."""
    return json.dumps([source.to_dict() for source in sources], ensure_ascii=False)


def source_of(path: str, place: str = "") -> RegisterSource:
    """Return the source of a path as file dialogs and layers write it: ``register.gpkg|layername=adressen``."""
    table = ""
    if not os.path.exists(path):
        path, _, rest = path.partition("|")
        table = dict(part.partition("=")[::2] for part in rest.split("|")).get("layername", "")
    return RegisterSource(path, table=table, place=place)


def describe(source: RegisterSource, project: QgsProject | None = None,
             layers: Mapping[str, QgsVectorLayer] | None = None) -> RegisterDescription:
    """Look at the first rows of a register; faults are told in `problems`, never raised."""
    try:
        found = _resolve(source, layers, project)
        layout, sample = _look(found)
        points = found.layer is not None and found.layer.wkbType() != QgsWkbTypes.NoGeometry
        known = RegisterDescription(found.title, layout.form, layout.headings, layout.meanings(), sample,
                                    _crs_of_layer(found) if points else source.crs, points)
    except TeilhabeError as error:
        return RegisterDescription(source.name, problems=(error.message,))
    except OSError as error:
        return RegisterDescription(source.name, problems=(_unreadable(source, error),))
    try:
        check_layout(layout, found.title)
        rows = Rows(found.source, layout, found.title)
        if points:
            rows.layout = replace(layout, columns={name: column for name, column in layout.columns.items()
                                                   if name not in ("x", "y")})
        rows.add(sample.assign(row=range(1, len(sample) + 1)))
        register = rows.finish()
    except TeilhabeError as error:
        return replace(known, problems=(error.message,))
    problems = register.notes
    if not points and not register.has_coordinates and "area" not in layout.columns:
        problems += (Message(mark("{register} has neither coordinates nor area keys; it can only tell which addresses "
                                  "exist."), register=found.title),)
    return replace(known, crs=known.crs or register.crs, problems=problems, readable=True)


def open_register(source: RegisterSource, project: QgsProject | None = None, feedback=None,
                  layers: Mapping[str, QgsVectorLayer] | None = None) -> AddressRegister:
    """Return a register, from its index file where that is still right.

    Parameters
    ----------
    source : RegisterSource
    project : QgsProject, optional
        Where the layers are; the open project when None.
    feedback : QgsFeedback, optional
        Shows progress, and says whether the user stopped.
    layers : mapping of str to QgsVectorLayer, optional
        Layers by their ids, for work in another thread (`snapshot.snapshot`); they come before those of the project.

    Raises
    ------
    TeilhabeError
        Names file, row, column and value.
    """
    found = _resolve(source, layers, project)
    fingerprint = _fingerprint(found)
    if fingerprint:
        register = _open.get(fingerprint)
        for place in [] if register is not None else index_places(found.path, found.source.table):
            register = load_register(place, fingerprint)
            if register is not None:
                break
        if register is not None:
            _open[fingerprint] = register
            return register
    register = metric(_read(found, feedback))
    if fingerprint:
        _store(found, register, fingerprint)
        _open[fingerprint] = register
    return register


def open_registers(sources, area_layer: QgsVectorLayer | None = None, area_key: str = "", feedback=None,
                   project: QgsProject | None = None, layers: Mapping[str, QgsVectorLayer] | None = None,
                   keep_stated: bool = True) -> list[AddressRegister]:
    """Return registers in their order, with the area of every address that has coordinates.

    Parameters
    ----------
    sources : sequence of RegisterSource
    area_layer : QgsVectorLayer, optional
        The areas; without it only the keys that a register states are known.
    area_key : str
        Field with the area keys.
    feedback, project, layers
        As in `open_register`.
    keep_stated : bool
        Where a register states the area itself, that counts.
    """
    registers = [open_register(source, project, feedback, layers) for source in sources]
    if area_layer is None:
        return registers
    return [fill_areas(register, area_layer, area_key, feedback, project, keep_stated) for register in registers]


def fill_areas(register: AddressRegister, area_layer: QgsVectorLayer, area_key: str, feedback=None,
               project: QgsProject | None = None, keep_stated: bool = True) -> AddressRegister:
    """Return a register with areas by geometry, and a note when the keys it states are other ones than the layer's."""
    keys = _keys(area_layer, area_key, feedback)
    register = with_zeros(register, keys)
    if register.has_areas:
        stated = {str(key) for key in register.areas[1:]}
        if not stated & set(keys):
            note = Message(mark("{register}: none of its area keys (such as {key}) is a key of the layer “{layer}” "
                                "(such as {other})."),
                           register=register.title, key=min(stated), layer=area_layer.name(),
                           other=min(keys, default=""))
            register = replace(register, notes=(*register.notes, note), cache={})
    if not register.has_coordinates:
        return register
    crs = QgsCoordinateReferenceSystem(register.crs)
    if not area_layer.crs().isValid():
        raise TeilhabeError(mark("The layer “{layer}” has no coordinate reference system; nobody can say where it lies "
                                 "beside the others. Set it in the layer’s properties."), layer=area_layer.name())
    polygons = read_shapes(area_layer, crs, project or QgsProject.instance(), feedback)
    return with_areas(register, keys, polygons, keep_stated, feedback.isCanceled if feedback is not None else None)


def index_places(path: str, table: str = "") -> list[Path]:
    """Return where the index of a file may lie: beside it, and in the user's cache when that folder is protected."""
    file = Path(path).resolve()
    name = file.name + (f".{''.join(c if c.isalnum() else '_' for c in table)}" if table else "") + SUFFIX
    cache = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericCacheLocation))
    folder = hashlib.sha256(str(file.parent).encode()).hexdigest()[:16]
    return [file.with_name(name), cache / "teilhabe" / "registers" / folder / name]


@dataclass(frozen=True, eq=False)
class _Resolved:
    """A source with the file or layer behind it."""

    source: RegisterSource
    title: str
    layer: QgsVectorLayer | None
    path: str  # of the file, "" when it is none


def _resolve(source, layers, project) -> _Resolved:
    """Find the file or layer of a source; a layer that shows a whole text file is read from the file."""
    if not source.is_layer and (source.form != "auto" or is_register_file(source.path)):
        check_file(source.path)
        return _Resolved(source, source.name, None, source.path)
    if not source.is_layer and source.path.lower().endswith(".xls"):
        raise TeilhabeError(mark("{file} is an old Excel file (XLS). Open it in Excel or LibreOffice and save it as "
                                 "XLSX."), file=source.name)
    layer = find_layer(source, layers, project)
    title = layer_title(source, layer)
    own = own_file(layer) if layer.wkbType() == QgsWkbTypes.NoGeometry else None
    if own is not None and is_register_file(own.path):
        file = replace(source, path=own.path, table=own.sheet or "", title=title)
        return _Resolved(file, title, None, own.path)
    fields = layer.fields()
    plain = not layer.isEditable() and all(fields.fieldOrigin(i) == QgsFields.OriginProvider
                                           for i in range(fields.count()))
    return _Resolved(source, title, layer, layer_file(layer) if plain else "")


def _look(found: _Resolved) -> tuple[Layout, pd.DataFrame]:
    return describe_layer(found.source, found.layer) if found.layer is not None else describe_file(found.source)


def _crs_of_layer(found: _Resolved) -> str:
    return found.source.crs or found.layer.crs().authid()


def _read(found: _Resolved, feedback) -> AddressRegister:
    try:
        if found.layer is not None:
            return read_layer_register(found.source, found.layer, feedback)
        progress, cancelled = (feedback.setProgress, feedback.isCanceled) if feedback is not None else (None, None)
        return read_register(found.source, progress, cancelled)
    except OSError as error:
        message = _unreadable(found.source, error)
        raise TeilhabeError(message.template, **message.details) from error


def _unreadable(source: RegisterSource, error: OSError) -> Message:
    return Message(mark("{file} cannot be read: {reason}."), file=source.name, reason=error.strerror or str(error))


def _fingerprint(found: _Resolved) -> str:
    """Say what the register is read from and how; "" when nobody can tell whether it has changed."""
    if not found.path:
        return ""
    parts = [str(VERSION), found.title, json.dumps({**found.source.to_dict(), "path": Path(found.path).name})]
    if found.layer is not None:
        layer = found.layer
        parts += [layer.source().rpartition("|")[2], layer.subsetString(), layer.crs().authid(),
                  ",".join(field.name() for field in layer.fields())]
    digest = hashlib.sha256("\x1f".join(parts).encode())
    is_database = found.path.lower().endswith(DATABASE_ENDINGS) and os.path.getsize(found.path) < _LARGE
    if is_database:
        _digest_database(found.path, digest)
    else:
        _digest_file(found.path, digest)
    return digest.hexdigest()


def _digest_file(path: str, digest) -> None:
    about = os.stat(path)
    digest.update(f"{about.st_size} {about.st_mtime_ns}".encode())
    with open(path, "rb") as file:
        digest.update(file.read(_ENDS))
        file.seek(max(0, about.st_size - _ENDS))
        digest.update(file.read(_ENDS))


def _digest_database(path: str, digest) -> None:
    """Take in what a SQLite file holds: its times and counters change whenever somebody only looks at it."""
    for name in (path, path + "-wal"):
        if not os.path.exists(name):
            continue
        with open(name, "rb") as file:
            if name == path:
                head = bytearray(file.read(100))
                head[92:96] = head[24:28] = head[18:20] = b""
                digest.update(head)
            for block in iter(lambda: file.read(1 << 20), b""):
                digest.update(block)


def _store(found: _Resolved, register: AddressRegister, fingerprint: str) -> None:
    """Write the index where it can be written; a register without one is only slower."""
    for place in index_places(found.path, found.source.table):
        try:
            if place.parent == Path(found.path).resolve().parent:
                if not os.stat(place.parent).st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
                    continue
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
            save_register(place, register, fingerprint)
        except OSError:
            continue
        return


def _keys(layer: QgsVectorLayer, field: str, feedback) -> list[str]:
    if not field:
        raise TeilhabeError(mark("Choose the field with the area keys of the layer “{layer}”."), layer=layer.name())
    values = read_frame(layer, [field], feedback=feedback)[field]
    missing = values.isna()
    if missing.any():
        raise TeilhabeError(mark("Layer “{layer}”, row {row}, field “{field}”: the area key is missing."),
                            layer=layer.name(), row=int(missing.to_numpy().argmax()) + 1, field=field)
    if pd.api.types.is_float_dtype(values) and (values == values.round()).all():
        values = values.astype("int64")
    return [str(value) for value in values]
