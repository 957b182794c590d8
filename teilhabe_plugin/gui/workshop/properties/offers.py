"""What the data allow: which methods can be chosen for a place of the tree, and sensible settings to begin with."""
from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ....core import aggregate, treatment, weights
from ....core.messages import TeilhabeError
from ....core.normalise import Basis, normalise
from ....core.normalise_limits import check_finite, check_sign, check_spread
from ....core.preparation import prepare
from ....core.recipe_editing import entry_at, is_leaf, paths, setting_at, title_at
from ....core.recipe_values import METHODS
from ....translation import render, tr

#: an own text column with more values than this is no group
_MOST_GROUPS = 200


@dataclass
class _State:
    """Prepared indicators of a result, made once."""

    result: object
    prepared: object


class Offers:
    """Reasons and proposals for the places of a session's recipe.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session):
        self.session = session
        self._state: _State | None = None

    # reasons ---------------------------------------------------------------------------------------------------

    def reason(self, path: tuple, setting: str, method: str | None) -> str:
        """Return in words why a method is not possible at a place, "" where it is."""
        if method is None or self.session.result is None:
            return ""
        try:
            return getattr(self, f"_try_{setting}")(path, method) or ""
        except TeilhabeError as error:
            return render(error.message)
        except (ValueError, ZeroDivisionError, FloatingPointError, IndexError):
            return tr("It cannot be computed from these values.")

    def _try_normalise(self, path: tuple, method: str) -> str:
        column = self._indicator(path, treated=True)
        if column is None:
            return ""
        document = self.session.document
        entry = entry_at(document, path)
        indicator = next(each for each in document["indicators"] if each["id"] == entry["indicator"])
        high = document["indices"][path[0]].get("high_means", "unfavourable")
        turned = indicator.get("high_is", "unfavourable") != high
        return self._normalised(column, method, self.proposal(path, "normalise", method), turned,
                                title_at(document, path))

    def _try_standardise(self, path: tuple, method: str) -> str:
        values = self._of_node(path, "values")
        if values is None:
            return ""
        return self._normalised(values, method, self.proposal(path, "standardise", method), False,
                                title_at(self.session.document, path))

    def _normalised(self, values, method: str, value: dict, turned: bool, title: str) -> str:
        settings = {name: each for name, each in value.items() if name != "method"}
        check_spread(values, method, title)
        people = self._people()
        basis = Basis(values[:, None], people if people is not None and len(people) == len(values) else None)
        with np.errstate(all="ignore"):
            check_sign(basis, method, turned, title)
            done = normalise(basis.values, method, settings, turned, basis)
        check_finite(values, done[:, 0], method, title)
        return ""

    def _try_treatment(self, path: tuple, method: str) -> str:
        column = self._indicator(path, treated=False)
        if column is not None and len(column):
            value = self.proposal(path, "treatment", method)
            with np.errstate(all="ignore"):
                treatment.treat(column, method, {name: each for name, each in value.items() if name != "method"})
        return ""

    def _try_missing(self, path: tuple, method: str) -> str:
        if method == "group_median" and not self.groups():
            return tr("The layer has no text column that groups the areas.")
        if method == "last_year":
            indicator = self._entry(path)
            if "{year}" not in (indicator.get("column") or indicator["id"]):
                return tr("The column names no year, so there is no earlier one.")
        return ""

    def _try_aggregate(self, path: tuple, method: str) -> str:
        scores = self._of_node(path, "children")
        if scores is None:
            return ""
        if method == "copeland":
            if len(scores) > aggregate.MOST_AREAS_TO_COMPARE:
                return tr("There are too many areas to compare each with each.")
            return ""
        used = self._of_node(path, "weights")
        value = self.proposal(path, "aggregate", method)
        with np.errstate(all="ignore"):
            values, _shares = aggregate.aggregate(
                scores, used, method, 1e-9, {name: each for name, each in value.items() if name != "method"})
        there = ~np.isnan(values)
        if method == "mazziotta_pareto" and there.any() and np.nanmin(np.nanmean(scores[there], axis=1)) <= 0:
            return tr("It needs scores whose mean is above 0, such as standard scores with mean 100.")
        if np.isinf(values).any():
            return tr("It cannot be computed from these values.")
        return ""

    def _try_weights(self, path: tuple, method: str) -> str:
        scores = self._of_node(path, "children")
        if method in ("given", "equal") or scores is None:
            return ""
        if scores.shape[1] < 2:
            return tr("There is one part only.")
        if method == "pca":
            weights.from_first_component(scores)
        elif method == "equal_influence":
            weights.of_equal_influence(scores)
        return ""

    # proposals -------------------------------------------------------------------------------------------------

    def proposal(self, path: tuple, setting: str, method: str) -> dict:
        """Return a method with sensible values for the settings that it requires; the present ones where it is set."""
        held = setting_at(self.session.document, path, setting)
        if isinstance(held, dict) and held.get("method") == method:
            return held
        return {"method": method, **self._proposed(path, setting, method)}

    def _proposed(self, path: tuple, setting: str, method: str) -> dict:
        if setting in ("normalise", "standardise"):
            values = self._indicator(path, treated=True) if setting == "normalise" else self._of_node(path, "values")
            known = np.array([0.0, 100.0]) if values is None or np.isnan(values).all() else values[~np.isnan(values)]
            lowest, highest = _round_range(float(known.min()), float(known.max()))
            return {
                "goalposts": {"lower": lowest, "upper": highest},
                "minmax_fixed": {"lowest": lowest, "highest": highest},
                "target": {"target": _short(float(known.mean())) or 1.0}, "binary": {"sd": 1},
            }.get(method, {})
        if setting == "treatment" and method == "log":
            values = self._indicator(path, treated=False)
            lowest = 1.0 if values is None or np.isnan(values).all() else float(np.nanmin(values))
            return {} if lowest > 0 else {"add": _short(1 - lowest, math.ceil)}
        if setting == "missing" and method == "group_median":
            return {"group": self.groups()[0]} if self.groups() else {}
        if setting == "weights" and method == "correlation":
            return {"reference": self._reference(path)}
        return {"p": 2} if method == "power" else {}

    def _reference(self, path: tuple) -> str:
        """Return an indicator that is not below the node, if there is one."""
        document = self.session.document
        below = {entry_at(document, each).get("indicator") for each in paths(document) if each[:len(path)] == path}
        names = [each["id"] for each in document["indicators"]]
        return next((name for name in names if name not in below), names[0])

    def groups(self) -> list[str]:
        """Return the text columns of the layer that group the areas, such as their district."""
        frame, document = self.session.frame, self.session.document
        own = {document.get("area_key"), document.get("area_name")}
        found = []
        for name in frame.columns:
            if name not in own and not pd.api.types.is_numeric_dtype(frame[name]):
                count = frame[name].astype(str).nunique()
                if 2 <= count <= min(_MOST_GROUPS, max(len(frame) // 2, 2)):
                    found.append(str(name))
        return found

    def columns(self) -> list[tuple[str, str]]:
        """Return the columns that an indicator can be read from: as the recipe writes them, and as the layer does."""
        session = self.session
        found = {}
        for name in numeric_columns(session.frame):
            if name == session.document.get("area_key"):
                continue
            template = name.replace(str(session.year), "{year}") if session.years and session.year else name
            found.setdefault(template if template != name and session.document.get("year") else name, name)
        return list(found.items())

    def has_people(self) -> bool:
        """Say whether the recipe names a column with people."""
        return bool(self.session.document.get("population"))

    # data ------------------------------------------------------------------------------------------------------

    def _prepared(self):
        result = self.session.result
        if self._state is None or self._state.result is not result:
            self._state = _State(result, prepare(result.recipe, self.session.frame, result.year))
        return self._state.prepared

    def _people(self):
        prepared = self._prepared()
        return None if prepared.population is None else prepared.population[prepared.valid]

    def _entry(self, path: tuple) -> dict:
        name = entry_at(self.session.document, path)["indicator"]
        return next(each for each in self.session.document["indicators"] if each["id"] == name)

    def _indicator(self, path: tuple, treated: bool):
        """Return an indicator's values over the valid areas, None where there are none."""
        entry = entry_at(self.session.document, path)
        if self.session.result is None or not is_leaf(entry):
            return None
        prepared = self._prepared()
        if entry["indicator"] not in prepared.names:
            return None
        matrix = prepared.ready if treated else prepared.raw
        return matrix[prepared.valid, prepared.names.index(entry["indicator"])]

    def _of_node(self, path: tuple, what: str):
        """Return the scores of a node's children, its value or its weights, None where it was not computed."""
        entry = entry_at(self.session.document, path)
        if self.session.result is None or is_leaf(entry):
            return None
        for evaluation in self.session.result.evaluations.values():
            found = getattr(evaluation, what).get(entry.get("id"))
            if found is not None:
                return found
        return None


def numeric_columns(frame: pd.DataFrame) -> list[str]:
    """Return the names of the columns that hold numbers."""
    return [str(name) for name in frame.columns
            if pd.api.types.is_numeric_dtype(frame[name]) and not pd.api.types.is_bool_dtype(frame[name])]


def possible_methods(setting: str) -> list[str | None]:
    """Return the methods of a setting, None for “none”."""
    return [*([None] if setting == "standardise" else []), *METHODS[setting]]


def _round_range(lowest: float, highest: float) -> tuple[float, float]:
    """Return a range of round numbers around two values."""
    if highest <= lowest:
        return lowest, lowest + 1
    step = 10 ** math.floor(math.log10(highest - lowest)) / 10
    return float(f"{math.floor(lowest / step) * step:.6g}"), float(f"{math.ceil(highest / step) * step:.6g}")


def _short(value: float, up=round) -> float:
    """Return a number with few digits, rounded by `up`."""
    if value == 0:
        return 0.0
    step = 10 ** (math.floor(math.log10(abs(value))) - 1)
    return float(f"{up(value / step) * step:.6g}")
