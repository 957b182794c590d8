"""Settings in a recipe's document: changed, taken back to the format's default, and compared with it."""
from __future__ import annotations

import inspect
from functools import cache

from . import aggregate, normalise, treatment, weights
from .messages import TeilhabeError, mark
from .recipe_paths import Path, changed_at, entry_at, indicator_entry, is_leaf
from .recipe_shares import with_weight

#: in which order an entry's keys are written
ORDER = ("id", "title", "column", "unit", "high_is", "high_means", "indicator", "catalogue", "weight", "weights",
         "normalise", "treatment", "missing", "aggregate", "minimum_share", "standardise", "classes", "children")

#: setting → the methods it can have; those of a leaf's indicator are `treatment` and `missing`
METHODS = {
    "normalise": normalise.METHODS, "standardise": normalise.METHODS, "treatment": treatment.METHODS,
    "missing": treatment.MISSING, "aggregate": aggregate.METHODS, "weights": weights.METHODS,
}
#: what the format takes where a recipe says nothing
DEFAULTS = {
    "normalise": {"method": "z"}, "treatment": {"method": "none"}, "missing": {"method": "keep"},
    "weights": {"method": "given"}, "aggregate": {"method": "mean"}, "minimum_share": 1.0, "standardise": None,
}
OF_INDICATOR = ("treatment", "missing")
_OF_LEAF = ("normalise", *OF_INDICATOR)
_OF_NODE = ("weights", "aggregate", "minimum_share", "standardise")


def with_values(document: dict, path: Path, **values) -> dict:
    """Return the document with other keys of a node or leaf; None deletes a key and so takes its default.

    Raises
    ------
    TeilhabeError
        For an empty title and an impossible weight. Whether settings fit their method, `read_recipe` says.
    """
    if "weight" in values:
        document = with_weight(document, path, 1 if values["weight"] is None else values["weight"])
        values = {name: value for name, value in values.items() if name != "weight" or value is None}
    _check_title(values)
    return changed_at(document, path, lambda entry: _updated(entry, values))


def with_indicator_values(document: dict, indicator_id: str, **values) -> dict:
    """Return the document with other keys of an indicator; None deletes a key and so takes its default."""
    _check_title(values)
    if indicator_entry(document, indicator_id) is None:
        raise TeilhabeError(mark("the recipe has no indicator “{id}”."), id=indicator_id)
    if "column" in values and values["column"] == document.get("area_key"):
        raise TeilhabeError(mark("the column “{column}” is the area key and cannot be an indicator."),
                            column=values["column"])
    return {**document, "indicators": [_updated(each, values) if each.get("id") == indicator_id else each
                                       for each in document["indicators"]]}


def with_document_values(document: dict, **values) -> dict:
    """Return the document with other keys of its own, such as year or title; None deletes a key."""
    _check_title(values)
    new = {**document, **{name: value for name, value in values.items() if value is not None}}
    return {name: value for name, value in new.items() if values.get(name, "") is not None}


def _check_title(values: dict) -> None:
    if "title" in values and not str(values["title"] or "").strip():
        raise TeilhabeError(mark("The name must not be empty."))


def _updated(entry: dict, values: dict) -> dict:
    new = {name: value for name, value in entry.items() if values.get(name, "") is not None}
    for name, value in values.items():
        if value is None:
            continue
        if name in new or name not in ORDER:
            new[name] = value
            continue
        before = [each for each in new if each in ORDER and ORDER.index(each) < ORDER.index(name)]
        at = list(new).index(before[-1]) + 1 if before else 0
        items = list(new.items())
        new = dict([*items[:at], (name, value), *items[at:]])
    return new


def default_settings(methods: dict, method: str) -> dict:
    """Return the settings of a method that have a default, with it; None where the data decide."""
    function = getattr(methods[method], "function", None)
    if function is None:
        return {}
    defaults = _defaults_of(function)
    return {name: defaults[name] for name in methods[method].settings if name in defaults}


@cache
def _defaults_of(function) -> dict:
    parameters = inspect.signature(function).parameters.items()
    return {name: each.default for name, each in parameters if each.default is not inspect.Parameter.empty}


def spelled_out(setting: str, value) -> object:
    """Return a setting with its method's defaults filled in, so that two ways to write it compare equal."""
    if setting not in METHODS or value is None:
        return value
    value = {"method": value} if isinstance(value, str) else value
    method = value.get("method")
    if method not in METHODS[setting]:
        return value
    defaults = default_settings(METHODS[setting], method)
    if setting == "missing" and method == "last_year":
        defaults = {"years": 1}
    return {**defaults, **{name: each for name, each in value.items() if each is not None}}


def setting_at(document: dict, path: Path, setting: str) -> object:
    """Return a setting as it holds for a node or leaf: what is stated, or the format's default, spelled out."""
    entry = entry_at(document, path)
    if setting in OF_INDICATOR:
        entry = indicator_entry(document, entry.get("indicator", "")) or {}
    value = entry.get(setting)
    return spelled_out(setting, DEFAULTS[setting] if value is None else value)


def deviations(document: dict, path: Path) -> dict[str, object]:
    """Return the settings of a node or leaf that differ from the format's default, each spelled out.

    Those of a leaf include treatment and missing rule of its indicator. Weights and directions say what an index is
    and are no deviations.
    """
    names = _OF_LEAF if is_leaf(entry_at(document, path)) else _OF_NODE
    held = {name: setting_at(document, path, name) for name in names}
    return {name: value for name, value in held.items() if value != spelled_out(name, DEFAULTS[name])}
