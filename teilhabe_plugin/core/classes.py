"""Classes: named, ordered categories of a score, with the bounds that made them.

One rule holds everywhere: intervals are closed on the right, ``lower < x ≤ upper``; the first class has no lower and
the last no upper bound, so that every number has a class. NaN has none.
"""
from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Callable

import numpy as np

from . import breaks
from .messages import TeilhabeError, mark


@dataclass(frozen=True)
class ClassDef:
    """One class: its number, name, colour ("" = fixed by name) and bounds (None = open)."""

    value: int
    name: str
    color: str = ""
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True)
class ClassSet:
    """The classes of one index and the columns that hold them.

    Attributes
    ----------
    id, title : str
        Identifier and heading of the index.
    column, name_column, index_column : str
        Columns with the class number, the class name and the score ("" where there is none).
    classes : tuple of ClassDef
        From the lowest score to the highest.
    unfavourable : {"last", "first"}
        Which end is the unfavourable one, and so the dark one on the map.
    unit : str
        Unit of the bounds, "" when they have none.
    """

    id: str
    title: str
    column: str
    name_column: str
    index_column: str
    classes: tuple[ClassDef, ...]
    unfavourable: str = "last"
    unit: str = ""

    def to_dict(self) -> dict:
        """Return the set as plain JSON values."""
        return asdict(self) | {"classes": [asdict(each) for each in self.classes]}

    @classmethod
    def from_dict(cls, values: dict) -> ClassSet:
        """Return the set that `to_dict` wrote."""
        return cls(**{**values, "classes": tuple(ClassDef(**each) for each in values["classes"])})


def assign(scores: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    """Return the position (0, 1, …) of each score's class, −1 for NaN.

    Parameters
    ----------
    scores : ndarray, shape (n,)
    bounds : ndarray, shape (k − 1,)
        Inner bounds, ascending; a score equal to a bound belongs to the class below it.

    Raises
    ------
    TeilhabeError
        When the bounds do not ascend.
    """
    bounds = np.asarray(bounds, float)
    if bounds.size > 1 and not (np.diff(bounds) >= 0).all():
        raise TeilhabeError(
            mark("The class bounds {bounds} do not ascend."), bounds=", ".join(f"{bound:g}" for bound in bounds)
        )
    positions = np.searchsorted(bounds, scores, side="left")
    return np.where(np.isnan(scores), -1, positions)


@dataclass(frozen=True)
class Method:
    """A way to find bounds.

    Attributes
    ----------
    bounds : callable
        (scores, number of classes, settings) → inner bounds.
    settings : dict
        As in `normalise.Method`; ``bounds`` is a list of ascending numbers.
    """

    bounds: Callable
    settings: dict
    required: tuple[str, ...] = ()


METHODS = {
    "sd": Method(lambda x, k, s: breaks.sd_bounds(x, s["bounds"], s.get("ddof", 0)),
                 {"bounds": list, "ddof": (0, 1)}, ("bounds",)),
    "fixed": Method(lambda x, k, s: np.asarray(s["bounds"], float), {"bounds": list}, ("bounds",)),
    "quantile": Method(lambda x, k, s: breaks.quantile_bounds(x, k, s.get("type", 7)),
                       {"type": breaks.QUANTILE_TYPES}),
    "rank": Method(lambda x, k, s: breaks.rank_bounds(x, k), {}),
    "equal": Method(lambda x, k, s: breaks.equal_bounds(x, k), {}),
    "natural": Method(lambda x, k, s: breaks.natural_breaks(x, k), {}),
    "head_tail": Method(lambda x, k, s: breaks.head_tail_bounds(x, k, s.get("share", 0.4)), {"share": float}),
}


def classify(scores: np.ndarray, spec: dict,
             reference: np.ndarray | None = None) -> tuple[np.ndarray, tuple[ClassDef, ...]]:
    """Return the class position of each score and the classes with their bounds.

    Parameters
    ----------
    scores : ndarray, shape (n,)
    spec : dict
        The recipe's ``classes``: ``method``, its settings, and ``classes`` from the lowest score to the highest.
    reference : ndarray, optional
        Scores that the bounds are taken from, such as those of another year; the scores themselves by default.

    Notes
    -----
    Where the method finds fewer bounds than classes need (few distinct scores), the highest classes stay empty and
    have no bounds. Classes by standard deviations need some: where all scores are equal, or for a sample (ddof 1) of
    one score, nothing has a class.
    """
    basis = scores if reference is None else reference
    entries = spec["classes"]
    if np.isnan(basis).all():
        return np.full(len(scores), -1), tuple(_class(each) for each in entries)
    bounds = np.asarray(METHODS[spec["method"]].bounds(basis, len(entries), spec), float)
    if np.isnan(bounds).any():
        return np.full(len(scores), -1), tuple(_class(each) for each in entries)
    edges = [None, *(float(bound) for bound in bounds), None]
    classes = tuple(
        _class(each, edges[i], edges[i + 1]) if i <= len(bounds) else _class(each) for i, each in enumerate(entries)
    )
    return assign(scores, bounds), classes


def _class(entry: dict, lower: float | None = None, upper: float | None = None) -> ClassDef:
    return ClassDef(entry["value"], entry["name"], entry.get("color", ""), lower, upper)
