"""Classes: named, ordered categories of a score, with the bounds that made them.

One rule holds everywhere: intervals are closed on the right, ``lower < x ≤ upper``; the first class has no lower and
the last no upper bound, so that every number has a class. NaN has none.
"""
from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

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


def sd_bounds(scores: np.ndarray, multiples, ddof: int = 0) -> np.ndarray:
    """Return mean + k · standard deviation for each multiple k.

    Parameters
    ----------
    scores : ndarray, shape (n,)
        NaN is left out.
    multiples : sequence of float
        Ascending multiples of the standard deviation.
    ddof : {0, 1}
        0 for the population's standard deviation, 1 for the sample's.
    """
    return np.nanmean(scores) + np.asarray(multiples, float) * np.nanstd(scores, ddof=ddof)


def quantile_bounds(scores: np.ndarray, count: int) -> np.ndarray:
    """Return the inner bounds of ``count`` classes of about equal size (type 7 quantiles, as R and numpy have them).

    A bound is a value from between two scores or a score itself; equal scores always share a class.
    """
    return np.nanquantile(scores, np.arange(1, count) / count)


def equal_bounds(scores: np.ndarray, count: int) -> np.ndarray:
    """Return the inner bounds of ``count`` classes of equal width between the lowest and the highest score."""
    return np.linspace(np.nanmin(scores), np.nanmax(scores), count + 1)[1:-1]


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


#: method name → function (scores, settings) that gives the inner bounds
BOUNDS = {
    "sd": lambda scores, spec: sd_bounds(scores, spec["bounds"], spec.get("ddof", 0)),
    "fixed": lambda scores, spec: np.asarray(spec["bounds"], float),
    "quantile": lambda scores, spec: quantile_bounds(scores, len(spec["classes"])),
    "equal": lambda scores, spec: equal_bounds(scores, len(spec["classes"])),
}


def classify(scores: np.ndarray, spec: dict) -> tuple[np.ndarray, tuple[ClassDef, ...]]:
    """Return the class position of each score and the classes with their bounds.

    Parameters
    ----------
    scores : ndarray, shape (n,)
    spec : dict
        The recipe's ``classes``: ``method``, ``bounds`` where the method takes them, and ``classes`` from the lowest
        score to the highest.
    """
    if np.isnan(scores).all():
        return np.full(len(scores), -1), tuple(ClassDef(c["value"], c["name"], c.get("color", ""))
                                               for c in spec["classes"])
    bounds = np.asarray(BOUNDS[spec["method"]](scores, spec), float)
    edges = [None, *(float(bound) for bound in bounds), None]
    classes = tuple(
        ClassDef(each["value"], each["name"], each.get("color", ""), edges[i], edges[i + 1])
        for i, each in enumerate(spec["classes"])
    )
    return assign(scores, bounds), classes
