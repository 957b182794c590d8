"""Cells of a list as texts: whatever type a spreadsheet or layer gave them, each different text once."""

from __future__ import annotations

import datetime
import math
import re
import unicodedata

import numpy as np
import pandas as pd

from ..messages import TeilhabeError, mark

#: an address is not longer; what is longer is cut, so that no cell takes more than its share of time
LONGEST = 400
_BREAKS = re.compile(r"[\n\r\t\v\f\x1c-\x1e\x85\u2028\u2029]+|_x000[dD]_|<br\s*/?>")
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_QUOTES = re.compile("[\"“”„«»]")
_OTHER_FIGURES = re.compile(r"(?![0-9])\d")
_NOTHING = frozenset((
    "", "-", "--", "---", ".", "?", "/", "k.a.", "k. a.", "ka", "n/a", "na", "n.a.", "n. a.", "#nv", "#n/a", "nan",
    "none", "null", "<na>", "nat", "unbekannt", "keine angabe", "keine", "entfällt", "ohne", "x", "0", "0.0",
    "ohne angabe", "keine adresse", "ohne festen wohnsitz", "unknown", "siehe oben", "s. o.", "s.o.", "dto", "dto.",
    "ditto", "online", "mobil", "ambulant", "diverse", "verschiedene", "verschiedene orte", "verschiedene standorte",
    "wechselnd", "wechselnde orte", "wechselnde standorte", "bundesweit", "stadtweit", "folgt", "offen", "noch offen",
    "in planung", "#wert!", "#value!", "#ref!", "#bezug!",
))


def cell_text(value) -> str:
    """Return what stands in a cell; whole numbers without decimals, dates as “2024-01-12”, missing as "".

    >>> [cell_text(value) for value in (12, 12.0, None, " 12a ", float("nan"))]
    ['12', '12', '', ' 12a ', '']
    """
    if isinstance(value, str):
        return value[:LONGEST]
    if value is None or value is pd.NA or value is pd.NaT or isinstance(value, (bool, np.bool_)):
        return ""
    if isinstance(value, (float, np.floating)):
        if not math.isfinite(value):
            return ""
        return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else str(value)
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d") if value.year > 999 else ""
    if isinstance(value, bytes):
        return value[:LONGEST].decode("utf-8", "replace")
    return str(value)[:LONGEST]


def tidy(text: str) -> str:
    """Return a text in one line: line breaks and tabs become “; ”, control characters go, blanks are single.

    >>> tidy("Ackerstr. 12\\n10115  Berlin")
    'Ackerstr. 12; 10115 Berlin'
    """
    text = text[:LONGEST]
    if not text.isprintable() or "<" in text or "_x" in text:
        text = _UNSEEN.sub("", _BREAKS.sub("; ", text))
    if '"' in text or not text.isascii():
        text = _OTHER_FIGURES.sub(lambda figure: str(unicodedata.digit(figure[0])), _QUOTES.sub("", text))
    text = " ".join(text.split()).strip("; ")
    return text.lstrip("='@+ ") if text[:1] in "='@+" else text


def is_nothing(text: str) -> bool:
    """Return whether a tidied text says that there is nothing to say: “k. A.”, “-”, “unbekannt”."""
    return len(text) < 30 and (text.lower() in _NOTHING or not any(map(str.isalnum, text)))


def texts_of(column) -> tuple[np.ndarray, list[str]]:
    """Return the different texts of a column, the last one "", and the position of each row's text among them."""
    values = column.to_numpy(dtype=object) if isinstance(column, pd.Series) and column.dtype != object else column
    values = np.asarray(values, dtype=object)
    try:
        codes, unique = pd.factorize(values)
    except TypeError:  # cells that are lists or dictionaries
        codes, unique = pd.factorize(np.array([cell_text(value) for value in values], dtype=object))
    texts = [cell_text(value) for value in unique]
    texts.append("")
    return np.where(codes < 0, len(texts) - 1, codes), texts


def column_of(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return a column by its name as text; the first of several, also when labels are numbers.

    Raises
    ------
    TeilhabeError
        When there is no such column.
    """
    for position, label in enumerate(frame.columns):
        if label == name or str(label) == name:
            return frame.iloc[:, position]
    raise TeilhabeError(mark("The list has no column “{column}”. It has: {columns}."), column=name,
                        columns=", ".join(map(str, frame.columns)))
