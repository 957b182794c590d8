"""The key by which a decision is found again: the address as it was given, folded."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime

import numpy as np
import pandas as pd

from .street_names import fold_text

LONGEST = 300
_BLANKS = re.compile(r"\s+")
_POSTCODE = re.compile(r"\b\d{4,5}\b")
_PO_BOX = re.compile(r"\bpost(?:fach|box)\b|\bp\.? ?o\.? ?box\b")
_LINE = ("address", "street", "number", "suffix")
_TAIL = ("postcode", "place", "district")


def decision_keys(frame: pd.DataFrame, columns) -> np.ndarray:
    """Return the key of every row, "" for a row that says nothing.

    The same text in another row, table or year has the same key; capital letters, umlauts and blanks do not count,
    everything else does. Where the text names no house number (no address, a landmark, a P.O. box), the name of the
    offer belongs to the key: otherwise all offers without address would share one decision.

    Parameters
    ----------
    frame : DataFrame
        The list as given.
    columns : AddressColumns
        Which of its columns say what.

    Returns
    -------
    ndarray of object, shape (len(frame),)
    """
    line = _joined(frame, columns, _LINE, " ")
    tail = _joined(frame, columns, _TAIL, " ")
    name = _folded(frame, columns.name)
    keys = np.empty(len(frame), dtype=object)
    for row, (street, place, called) in enumerate(zip(line, tail, name)):
        key = f"{street} | {place}" if street and place else street or place
        if called and (not _has_number(street) or _PO_BOX.search(street)):
            key = f"{key} | {called}" if key else called
        keys[row] = key if len(key) <= LONGEST else _shortened(key)
    return keys


def key_of(text: str) -> str:
    """Return the key of a row that has nothing but an address in one column."""
    key = _fold(text)
    return key if len(key) <= LONGEST else _shortened(key)


def _has_number(line: str) -> bool:
    return any(letter.isdigit() for letter in _POSTCODE.sub("", line))


def _shortened(key: str) -> str:
    return f"{key[:200]} … {hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()[:24]}"


def _joined(frame, columns, names, separator) -> list[str]:
    parts = [_folded(frame, getattr(columns, name)) for name in names if getattr(columns, name)]
    if len(parts) == 1:
        return list(parts[0])
    return [separator.join(filter(None, row)) for row in zip(*parts)] if parts else [""] * len(frame)


def _folded(frame: pd.DataFrame, column: str) -> np.ndarray:
    if not column or column not in frame:
        return np.full(len(frame), "", dtype=object)
    values = frame[column]
    values = values.iloc[:, 0] if isinstance(values, pd.DataFrame) else values  # two columns of one name
    written = np.array([_written(value) for value in values.array], dtype=object)
    codes, unique = pd.factorize(written)
    return np.array([_fold(text) for text in unique], dtype=object)[codes]


def _written(value) -> str:
    """Return a cell as text, whatever type the table's reader gave it."""
    if isinstance(value, str):
        return value
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return ""
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else str(value)


def _fold(text: str) -> str:
    return _BLANKS.sub(" ", fold_text(text)).strip()
