"""The index file of a register: its columns as they lie in memory, read back in a fraction of a second."""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
import zlib
from dataclasses import fields
from pathlib import Path

import numpy as np

from ..messages import Message
from .register import AddressRegister
from .text_column import TextColumn

#: counts up when the columns, or what is folded into them, change
VERSION = 1
SUFFIX = ".teilhabe-index.npz"
_NOT_STORED = ("cache", "notes", "title", "crs", "place")
_TEXTS = ("ids", "street_names", "street_normals", "street_compacts", "street_keys", "places", "districts", "areas",
          "suffixes", "qualities", "variant_names")
#: column of numbers → column it is a position in
_POSITIONS = {"street": "street_names", "suffix": "suffixes", "district": "districts", "area": "areas",
              "quality": "qualities", "street_places": "places", "variant_streets": "street_names"}
_ARRAYS = tuple(field.name for field in fields(AddressRegister) if field.name not in _NOT_STORED)
_DAMAGED = (OSError, ValueError, KeyError, TypeError, EOFError, IndexError, zipfile.BadZipFile, zlib.error,
            RuntimeError)  # the last one, too, for ways of packing that Python does not know


def save_register(path: str | os.PathLike, register: AddressRegister, fingerprint: str) -> None:
    """Write the index file of a register; an earlier one is replaced in one step.

    Parameters
    ----------
    path : path
    register : AddressRegister
    fingerprint : str
        Says what the register was read from, and how.

    Raises
    ------
    OSError
        When the file cannot be written; an earlier one is untouched.
    """
    path = Path(path)
    about = {"version": VERSION, "fingerprint": fingerprint, "title": register.title, "crs": register.crs,
             "place": register.place, "notes": [_plain(note) for note in register.notes]}
    columns = {"about": np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), dtype=np.uint8)}
    for name in _ARRAYS:
        values = getattr(register, name)
        if name in _TEXTS:
            texts = values if isinstance(values, TextColumn) else TextColumn.of(values)
            columns[f"{name}.text"], columns[f"{name}.ends"] = texts.blob, _narrow(np.diff(texts.offsets))
        else:
            columns[name] = _narrow(values)
    handle, draft = tempfile.mkstemp(prefix=".teilhabe-", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            np.savez(stream, **columns)
        os.chmod(draft, 0o644)
        os.replace(draft, path)
    except BaseException:
        if os.path.exists(draft):
            os.remove(draft)
        raise


def load_register(path: str | os.PathLike, fingerprint: str) -> AddressRegister | None:
    """Read an index file.

    Returns
    -------
    AddressRegister or None
        None when there is no file, when it is damaged, of another version, or made from something else.
    """
    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as stored:
            about = json.loads(stored["about"].tobytes())
            if about["version"] != VERSION or about["fingerprint"] != fingerprint:
                return None
            columns = {name: _texts(stored, name) if name in _TEXTS else stored[name] for name in _ARRAYS}
        register = _register(columns, about)
    except _DAMAGED:
        return None
    return register if _fits(register) else None


def _register(columns, about) -> AddressRegister:
    for name, values in columns.items():
        if name in _TEXTS:
            columns[name] = values if name == "ids" else np.asarray(values)
        elif name in ("row", "street_starts") or name.startswith("variant_"):
            columns[name] = values.astype(np.int64)
        elif name not in ("x", "y"):
            columns[name] = values.astype(np.int32)
    notes = tuple(_message(note) for note in about["notes"])
    return AddressRegister(title=about["title"], crs=about["crs"], place=about["place"], notes=notes, **columns)


def _fits(register: AddressRegister) -> bool:
    """Whether the columns belong together: a position that leads nowhere would be an error much later."""
    n, streets = len(register.street), len(register.street_names)
    if any(len(getattr(register, name)) != n for name in ("number", "suffix", "postcode", "district", "area", "quality",
                                                         "x", "y", "row")) or len(register.ids) not in (0, n):
        return False
    if any(len(getattr(register, name)) != streets for name in ("street_normals", "street_compacts", "street_keys",
                                                               "street_places")):
        return False
    starts = register.street_starts
    if len(starts) != streets + 1 or starts[0] != 0 or starts[-1] != n or (np.diff(starts) < 0).any():
        return False
    for name, into in _POSITIONS.items():
        values = getattr(register, name)
        if len(values) and (values.min() < 0 or values.max() >= len(getattr(register, into))):
            return False
    return len({len(getattr(register, name)) for name in _ARRAYS if name.startswith("variant_")}) == 1


def _texts(stored, name) -> TextColumn:
    lengths = stored[f"{name}.ends"]
    offsets = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=offsets[1:])
    blob = stored[f"{name}.text"]
    if offsets[-1] != len(blob):
        raise ValueError(name)
    return TextColumn(blob, offsets)


def _narrow(values: np.ndarray) -> np.ndarray:
    """Return whole numbers in the smallest type that holds them all."""
    if values.dtype.kind not in "iu" or not len(values):
        return values
    low, high = int(values.min()), int(values.max())
    for kind in (np.uint8, np.int8, np.uint16, np.int16, np.int32):
        limits = np.iinfo(kind)
        if limits.min <= low and high <= limits.max:
            return values.astype(kind)
    return values


def _plain(note: Message) -> dict:
    return {"template": note.template, "details": {name: _plain(value) if isinstance(value, Message) else value
                                                   for name, value in note.details.items()}}


def _message(plain: dict) -> Message:
    return Message(plain["template"], **{
        name: _message(value) if isinstance(value, dict) and set(value) == {"template", "details"} else value
        for name, value in plain["details"].items()})
