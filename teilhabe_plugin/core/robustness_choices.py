"""The choices a user has for the robustness runs, by the names that dialogs, models and scripts use."""
from __future__ import annotations

import json

import pandas as pd

from .messages import TeilhabeError, mark
from .recipe import Recipe
from .sampling_error import SamplingError, errors_in

#: ways to normalise and to aggregate that can be chosen beside the recipe's own
NORMALISATIONS = ("z", "minmax", "percentile", "robust_z", "rank", "exponential")
AGGREGATIONS = ("mean", "geometric", "harmonic", "median", "max", "borda")


def sampling_errors(recipe: Recipe, frame: pd.DataFrame, year: int | None, people: str = "",
                    text: str = "") -> tuple[SamplingError, ...]:
    """Return what is known about the chance in the indicators.

    Parameters
    ----------
    recipe, frame, year
        As for `robustness.robustness`.
    people : str
        Column with the people that shares and rates refer to, "" for none.
    text : str
        JSON: indicator id → ``{"kind": "share" | "rate" | "error", "column": …, "factor": …}``, or null for an
        indicator without chance. Overrides what was found.
    """
    found = {each.indicator: each for each in errors_in(recipe, frame, year, people)}
    for name, entry in _given(text).items():
        if name not in recipe.indicators:
            raise TeilhabeError(mark("Sampling errors: the recipe has no indicator “{id}”."), id=name)
        if entry is None:
            found.pop(name, None)
            continue
        unknown = set(entry) - {"kind", "column", "factor"} if isinstance(entry, dict) else {str(entry)}
        if unknown or "column" not in entry:
            raise TeilhabeError(
                mark("Sampling errors, “{id}”: expected are kind, column and factor, such as "
                     "{example}."), id=name, example='{"kind": "share", "column": "people", "factor": 100}',
            )
        try:
            factor = float(entry.get("factor", 100))
        except (TypeError, ValueError):
            raise TeilhabeError(mark("Sampling errors, “{id}”: the factor “{value}” is no number."), id=name,
                                value=entry["factor"]) from None
        found[name] = SamplingError(name, str(entry.get("kind", "share")), str(entry["column"]), factor)
    return tuple(found.values())


def _given(text: str) -> dict:
    if not text.strip():
        return {}
    try:
        given = json.loads(text)
    except ValueError as error:
        raise TeilhabeError(mark("Sampling errors: this is no valid JSON ({problem})."), problem=error) from error
    if not isinstance(given, dict):
        raise TeilhabeError(mark("Sampling errors: a JSON object with the indicators’ ids is expected."))
    return given
