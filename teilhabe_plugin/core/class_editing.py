"""Classes of a recipe's node edited as a document: method, number, single bounds, names and colours.

A specification is what a recipe has under ``classes``; every edit returns a new one. `Basis` says by which scores the
bounds are found and where they are now.
"""
from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .class_fit import plainest, round_number
from .classes import METHODS, assign, classify
from .index import IndexResult, reference_data
from .messages import TeilhabeError, mark
from .tree import evaluate

#: how many classes are offered
FEWEST, MOST = 2, 9
#: colours as the recipe's reader takes them
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}\Z")


@dataclass(frozen=True, eq=False)
class Basis:
    """The scores that bounds are taken from, and the bounds that they give now.

    Attributes
    ----------
    scores : ndarray
        Those of the reference year where the recipe names one, else the scores themselves.
    bounds : tuple of float
        Inner bounds, ascending; fewer than classes − 1 where the scores do not give more.
    """

    scores: np.ndarray
    bounds: tuple[float, ...]

    @property
    def spread(self) -> float:
        """Return the difference between the highest and the lowest score, 1 where there is none."""
        there = self.scores[~np.isnan(self.scores)]
        spread = float(np.ptp(there)) if len(there) else 0.0
        return spread if spread > 0 else 1.0

    @property
    def step(self) -> float:
        """Return a round number of about a two hundredth of the spread."""
        return round_number(self.spread / 200)


def basis_scores(result: IndexResult, frame, node_id: str) -> np.ndarray:
    """Return the scores of a node that its bounds are taken from."""
    recipe = result.recipe
    reference = reference_data(recipe, frame, result.year)
    if reference is None:
        return np.asarray(result.values[f"{node_id}_index"], float)
    index = next(each for each in recipe.indices if node_id in {node.id for node in each.root.nodes()})
    return evaluate(recipe, index, reference).scores[node_id]


def basis_of(scores: np.ndarray, spec: dict) -> Basis:
    """Return the scores with the bounds that a specification gives."""
    _positions, classes = classify(scores, spec)
    return Basis(scores, tuple(each.upper for each in classes if each.upper is not None))


def sd_of(scores: np.ndarray, ddof: int) -> tuple[float, float]:
    """Return mean and standard deviation; NaN or 0 where there is none."""
    there = scores[~np.isnan(scores)]
    if len(there) <= ddof:
        return math.nan, math.nan
    return float(there.mean()), float(there.std(ddof=ddof))


# method and number ---------------------------------------------------------------------------------------------


def default_multiples(count: int) -> list[float]:
    """Return multiples of the standard deviation for so many classes, even about the mean."""
    if count == 3:
        return [-1.0, 1.0]
    return [float(i - (count - 2) / 2) for i in range(count - 1)]


def with_method(spec: dict, method: str, basis: Basis, **settings) -> dict:
    """Return the specification with another method, or another setting of its method.

    Fixed bounds begin where the bounds are now; multiples of the standard deviation too, at the nearest quarters where
    they stay apart.
    """
    entries = spec["classes"]
    if method == spec["method"]:
        kept = {name: spec[name] for name in METHODS[method].settings if name in spec}
    elif method == "fixed":
        kept = {"bounds": completed(basis, len(entries))}
    elif method == "sd":
        kept = {"bounds": _near_multiples(basis, len(entries)), "ddof": 0}
    else:
        kept = {}
    return {"method": method, **kept, **settings, "classes": entries}


def _near_multiples(basis: Basis, count: int) -> list[float]:
    mean, spread = sd_of(basis.scores, 0)
    if len(basis.bounds) == count - 1 and spread > 0:
        near = [round((bound - mean) / spread * 4) / 4 + 0.0 for bound in basis.bounds]
        if all(a < b for a, b in zip(near, near[1:])):
            return near
    return default_multiples(count)


def with_count(spec: dict, names: Sequence[str], basis: Basis) -> dict:
    """Return the specification with as many classes as names.

    A class whose name stays keeps its colour, and its number unless they are counted from 1. Fixed bounds stay as far
    as possible: the class with the most areas is parted, the two neighbours that have the fewest together are united.
    Multiples of the standard deviation are spread anew.
    """
    before = {each["name"]: each for each in spec["classes"]}
    if [each["value"] for each in spec["classes"]] == list(range(1, len(spec["classes"]) + 1)):
        entries = [{**before.get(name, {}), "value": number, "name": name} for number, name in enumerate(names, 1)]
    else:
        taken = {before[name]["value"] for name in names if name in before}
        free = (number for number in range(1, 2 * len(names) + 2) if number not in taken)
        entries = [before[name] if name in before else {"value": next(free), "name": name} for name in names]
    new = {**spec, "classes": entries}
    if spec["method"] == "sd":
        new["bounds"] = default_multiples(len(names))
    elif spec["method"] == "fixed":
        bounds = [float(each) for each in spec["bounds"]]
        while len(bounds) > len(names) - 1:
            bounds = _united(bounds, basis.scores)
        while len(bounds) < len(names) - 1:
            bounds = _parted(bounds, basis)
        new["bounds"] = bounds
    return new


def _united(bounds: list[float], scores: np.ndarray) -> list[float]:
    counts = _counts(bounds, scores)
    least = min(range(len(bounds)), key=lambda i: counts[i] + counts[i + 1])
    return bounds[:least] + bounds[least + 1:]


def _parted(bounds: list[float], basis: Basis) -> list[float]:
    there = basis.scores[~np.isnan(basis.scores)]
    counts = _counts(bounds, basis.scores)
    for most in np.argsort(-counts, kind="stable").tolist():
        own = np.unique(there[assign(there, np.array(bounds)) == most])
        if len(own) > 1:
            middle = plainest((own[(len(own) - 1) // 2] + own[(len(own) + 1) // 2]) / 2, there)
            return sorted([*bounds, middle])
    top = max([*bounds, *there.tolist()], default=0.0)
    return [*bounds, _above(top, basis)]


def _counts(bounds: list[float], scores: np.ndarray) -> np.ndarray:
    positions = assign(scores, np.array(bounds))
    return np.bincount(positions[positions >= 0], minlength=len(bounds) + 1)


# single bounds -------------------------------------------------------------------------------------------------


def completed(basis: Basis, count: int) -> list[float]:
    """Return ascending bounds for so many classes that part the scores as those now do.

    Each is the plainest number that does; where there are too few, the highest classes stay empty.
    """
    there = basis.scores[~np.isnan(basis.scores)]
    found = list(basis.bounds)
    bounds = [plainest(each, there) for each in found]
    for i in range(1, len(bounds)):
        if bounds[i] <= bounds[i - 1]:
            # two bounds in one gap: the class between them is empty, and stays so
            above = there[there > bounds[i - 1]].min(initial=np.inf)
            room = (above if math.isfinite(above) else bounds[i - 1] + basis.spread) - bounds[i - 1]
            bounds[i] = bounds[i - 1] + room / 2
    top = max([*bounds, *there.tolist()], default=0.0)
    while len(bounds) < count - 1:
        top = _above(top, basis)
        bounds.append(top)
    return bounds


def _above(top: float, basis: Basis) -> float:
    """Return a number above another one, round where that is possible."""
    higher = top + round_number(basis.spread / 10)
    plain = float(f"{higher:.6g}")
    return plain if plain > top else higher


def with_bound(spec: dict, place: int, value: float, basis: Basis) -> dict:
    """Return the specification with one bound moved by hand.

    By standard deviations its multiple changes; every other method turns into fixed bounds, all others staying.

    Parameters
    ----------
    place : int
        0 for the bound between the lowest two classes.
    value : float
        Of the score, not of the multiple.

    Raises
    ------
    TeilhabeError
        When the bounds would not ascend, or nothing says where the mean is.
    """
    if spec["method"] == "sd":
        mean, spread = sd_of(basis.scores, spec.get("ddof", 0))
        if not spread > 0:
            raise TeilhabeError(mark("All areas have the same value: there is no standard deviation to measure by."))
        return with_multiple(spec, place, float(f"{(value - mean) / spread:.6g}") + 0.0)
    bounds = [float(each) for each in spec["bounds"]] if spec["method"] == "fixed" \
        else completed(basis, len(spec["classes"]))
    return {"method": "fixed", "bounds": _replaced(bounds, place, value), "classes": spec["classes"]}


def with_multiple(spec: dict, place: int, value: float) -> dict:
    """Return the specification with another multiple of the standard deviation."""
    return {**spec, "bounds": _replaced([float(each) for each in spec["bounds"]], place, value)}


def _replaced(bounds: list[float], place: int, value: float) -> list[float]:
    new = [*bounds[:place], float(value), *bounds[place + 1:]]
    if not math.isfinite(value) or any(a >= b for a, b in zip(new, new[1:])):
        raise TeilhabeError(mark("The bounds must ascend: a value between its neighbours is expected."))
    return new


# names and colours ---------------------------------------------------------------------------------------------


def with_entry(spec: dict, place: int, **values) -> dict:
    """Return the specification with another ``value``, ``name`` or ``color`` of a class; a colour "" goes by the name.

    Raises
    ------
    TeilhabeError
        For an empty name, and for a name or number that another class has.
    """
    entry = {**spec["classes"][place], **values}
    others = [each for i, each in enumerate(spec["classes"]) if i != place]
    entry["name"] = " ".join(str(entry["name"]).split())
    if not entry["name"]:
        raise TeilhabeError(mark("The name must not be empty."))
    for key in ("name", "value"):
        if entry[key] in {each[key] for each in others}:
            raise TeilhabeError(mark("Another class is “{value}” already."), value=entry[key])
    if entry.get("color") and not _COLOUR.match(entry["color"]):
        raise TeilhabeError(mark("a colour such as #1a6b5c is expected, found {value}."), value=entry["color"])
    entry = {key: value for key, value in entry.items() if key != "color" or value}
    return {**spec, "classes": [*spec["classes"][:place], entry, *spec["classes"][place + 1:]]}
