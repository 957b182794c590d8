"""What the signs in official tables mean, and codes that stand for "missing".

The signs follow DIN 55301 as the statistical offices print them. The reasons are data: they are written into the
result as they stand here (or as the user has changed them).
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import numpy as np

from .messages import mark

DOUBLED = "doppelt"
NO_DENOMINATOR = "Nenner 0"
TEXT = "Text statt Zahl"
LIMITED = "eingeschränkt"


@dataclass(frozen=True)
class SignReading:
    """How a sign in a number column is read.

    Attributes
    ----------
    sign : str
        The sign as it stands in the table; ``"()"`` is a number in parentheses, ``"0"`` the nought of a column in
        which "–" also occurs.
    value : float, optional
        The value it stands for, None when it stands for a missing one; of no effect for ``"()"``.
    reason : str
        What is written beside the value, empty for nothing.
    """

    sign: str
    value: float | None = None
    reason: str = ""

    def to_dict(self) -> dict:
        """Plain dict for JSON."""
        return asdict(self)


DASHES = ("–", "-", "—", "−", "‑", "‐")

DEFAULT_SIGNS = (
    SignReading("–", 0.0),
    SignReading("0", 0.0, "weniger als die Hälfte der kleinsten Einheit"),
    SignReading(".", None, "unbekannt oder geheim"),
    SignReading("x", None, "nicht sinnvoll"),
    SignReading("/", None, "nicht sicher genug"),
    SignReading("…", None, "Angabe folgt später"),
    SignReading("()", None, LIMITED),
    SignReading("k. A.", None, "keine Angabe"),
    SignReading("#", None, "Fehlerwert der Tabelle"),
)

#: what the signs mean, for windows and reports
MEANINGS = {
    "–": mark("nothing: exactly 0"),
    "0": mark("more than nothing, but less than half a unit (only where “–” occurs, too)"),
    ".": mark("unknown or confidential"),
    "x": mark("not meaningful"),
    "/": mark("not reliable enough"),
    "…": mark("follows later"),
    "()": mark("of limited use: the value is kept"),
    "k. A.": mark("not stated"),
    "#": mark("error value of a spreadsheet"),
}

_SAME = {
    "-": "–",
    "—": "–",
    "−": "–",
    "‑": "–",
    "‐": "–",
    "--": "–",
    "...": "…",
    "X": "x",
    "×": "x",
    "•": ".",
    "·": ".",
    "k.a.": "k. A.",
    "k.a": "k. A.",
    "ka": "k. A.",
    "n/a": "k. A.",
    "na": "k. A.",
    "nan": "k. A.",
    "null": "k. A.",
    "none": "k. A.",
    "*": ".",
}


def sign_of(text: str) -> str:
    """Name the sign that a cell bears, "" when it is none.

    Spelling variants fall together: a hyphen alone is a dash, three points are an ellipsis, every error value of a
    spreadsheet (``#DIV/0!``, ``#NV``) is ``#``.
    """
    text = text.strip()
    if text in {reading.sign for reading in DEFAULT_SIGNS}:
        return text
    if text.startswith("#"):
        return "#"
    return _SAME.get(text) or _SAME.get(text.lower().replace(" ", ""), "")


def with_defaults(signs) -> tuple[SignReading, ...]:
    """The default readings, replaced and extended by the given ones."""
    chosen = {reading.sign: reading for reading in DEFAULT_SIGNS}
    chosen.update({sign_of(reading.sign) or reading.sign: reading for reading in signs})
    return tuple(chosen.values())


def code_reason(code: float) -> str:
    """Text written beside a value that was missing as a code."""
    return f"Code {code:g}".replace("-", "−") if math.isfinite(code) else "Code"


def find_codes(columns) -> tuple[float, ...]:
    """Find codes for "missing" such as −9999 in number columns.

    A code is −999, −9999 … or −888, −8888 … that lies far below every other value of its column. Four and more digits
    are enough when they occur once, three need to occur twice.

    Parameters
    ----------
    columns : iterable of ndarray of float

    Returns
    -------
    tuple of float
        In descending order.
    """
    counts = {}
    for values in columns:
        if not len(values) or not np.nanmin(values, initial=0.0) <= -888:
            continue
        low, number = np.unique(values[values <= -888], return_counts=True)
        candidates = [code for code in low if _looks_like_a_code(code)]
        others = values[~np.isin(values, candidates) & ~np.isnan(values)]
        lowest = others.min() if len(others) else 0.0
        for code, n in zip(low, number):
            if code in candidates and lowest >= code / 2:
                counts[float(code)] = counts.get(float(code), 0) + int(n)
    return tuple(sorted((code for code, n in counts.items() if code <= -8888 or n > 1), reverse=True))


def _looks_like_a_code(value) -> bool:
    digits = f"{-value:.0f}"
    return value == int(value) and len(set(digits)) == 1 and digits[0] in "98"
