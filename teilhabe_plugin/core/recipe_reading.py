"""From JSON to a valid `Recipe`; every complaint names the JSON path."""
from __future__ import annotations

import inspect
import re
from collections import Counter
from pathlib import Path

from . import aggregate, classes, normalise, treatment, weights
from .json_reading import Place, parse
from .messages import TeilhabeError, mark
from .recipe import FORMAT, Cross, Exclusion, Index, Indicator, Leaf, Node, Parent, Recipe

FAVOURABLE = ("favourable", "unfavourable")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}\Z")
_ID = re.compile(r"[A-Za-zÄÖÜäöüß][\wÄÖÜäöüß]*\Z")


def load_recipe(path: str | Path) -> Recipe:
    """Read and validate a recipe file.

    Raises
    ------
    TeilhabeError
        When the file cannot be read or the recipe is not valid; names file and JSON path.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise TeilhabeError(
            mark("{file} is not stored as UTF-8 text. Save the recipe as UTF-8."), file=path
        ) from error
    except FileNotFoundError as error:
        raise TeilhabeError(mark("The recipe {file} does not exist."), file=path) from error
    return read_recipe(text, str(path))


def read_recipe(text: str, name: str = "recipe") -> Recipe:
    """Validate a recipe's JSON text; ``name`` stands for it in messages."""
    root = parse(text, name)
    root.only("format", "id", "title", "version", "language", "area_key", "area_name", "year", "source",
              "reference_date", "method", "note", "catalogue", "population", "reference_year", "parents", "indicators",
              "exclusions", "indices", "crosses")
    root.choice("format", (FORMAT,))
    indicators = {}
    for place in root.items("indicators", at_least=1):
        indicator = _indicator(place)
        if indicator.id in indicators:
            place.at("id").fail(mark("the indicator “{id}” is there twice."), id=indicator.id)
        indicators[indicator.id] = indicator
    year = _year(root, "year")
    for place in root.items("indicators"):
        if year is None and "{year}" in indicators[place.value["id"]].column:
            root.fail(mark("“year” is missing, but the column of “{id}” names a year."), id=place.value["id"])
    for place in root.items("indicators"):
        if indicators[place.value["id"]].column == root.text("area_key"):
            place.fail(mark("the column “{column}” is the area key and cannot be an indicator."),
                       column=root.text("area_key"))
    indices = tuple(_index(place, indicators) for place in root.items("indices", at_least=1))
    _unique_ids(root, indices)
    _unique_parents(root)
    nodes = {node.id: node for index in indices for node in index.root.nodes()}
    _check_people(root, indices)
    return Recipe(
        id=_identifier(root), title=root.text("title"), version=root.text("version", ""),
        language=root.choice("language", ("de", "en"), "de"), area_key=root.text("area_key"),
        area_name=root.text("area_name", ""), year=year, reference_year=_year(root, "reference_year"),
        population=root.text("population", ""), parents=tuple(_parent(place) for place in root.items("parents")),
        catalogue=root.text("catalogue", ""), source=root.text("source", ""),
        reference_date=root.text("reference_date", ""), method=root.text("method", ""), note=root.text("note", ""),
        indicators=indicators, exclusions=tuple(_exclusion(place) for place in root.items("exclusions")),
        indices=indices, crosses=tuple(_cross(place, nodes) for place in root.items("crosses")), text=text,
    )


def _year(root: Place, name: str) -> int | None:
    year = root.whole(name, None)
    if year is not None and not 1900 <= year <= 2200:
        root.at(name).fail(mark("a year from 1900 to 2200 is expected, found {value}."), value=year)
    return year


def _identifier(place: Place) -> str:
    text = place.text("id")
    if not _ID.match(text.replace("-", "_")):
        place.at("id").fail(mark("“{id}” must begin with a letter and hold only letters, digits and _."), id=text)
    return text


def _indicator(place: Place) -> Indicator:
    place.only("id", "title", "column", "unit", "high_is", "catalogue", "treatment", "missing")
    identifier = _identifier(place)
    method, settings = missing = _method(place, "missing", treatment.MISSING, ("keep", {}))
    if method == "last_year" and not 1 <= settings.get("years", 1) <= 50:
        place.at("missing").at("years").fail(mark("1 to 50 years are possible, found {value}."),
                                             value=settings["years"])
    column = place.text("column", "") or identifier
    if method == "last_year" and "{year}" not in column:
        place.at("missing").fail(mark("an earlier value can only be found where the column names a year: “{year}” is "
                                      "missing in “{column}”."), year="{year}", column=column)
    return Indicator(
        identifier, place.text("title"), column, place.text("unit", ""),
        place.choice("high_is", FAVOURABLE, "unfavourable"), place.text("catalogue", ""),
        _method(place, "treatment", treatment.METHODS, ("none", {})),
        missing,
    )


def _parent(place: Place) -> Parent:
    place.only("id", "title", "column", "name_column")
    return Parent(_identifier(place), place.text("title"), place.text("column"), place.text("name_column", ""))


def _exclusion(place: Place) -> Exclusion:
    kind = place.object().choice("type", ("minimum", "flag", "areas"))
    reason = place.text("reason")
    if kind == "minimum":
        place.only("type", "reason", "column", "value")
        return Exclusion(kind, reason, place.text("column"), value=place.number("value"))
    place.only("type", "reason", "values", *(["column"] if kind == "flag" else []))
    values = tuple(each.value for each in place.items("values", at_least=1))
    return Exclusion(kind, reason, place.text("column") if kind == "flag" else "", values=values)


def _index(place: Place, indicators: dict) -> Index:
    node = _node(place, indicators, extra=("high_means",))
    return Index(node, place.choice("high_means", FAVOURABLE, "unfavourable"))


def _node(place: Place, indicators: dict, extra: tuple = ()) -> Node:
    place.only("id", "title", "weight", "weights", "aggregate", "standardise", "minimum_share", "classes", "children",
               *extra)
    children = tuple(
        _leaf(child, indicators) if "indicator" in child.object().value else _node(child, indicators)
        for child in place.items("children", at_least=1)
    )
    if sum(child.weight for child in children) <= 0:
        place.at("children").fail(mark("the weights of the children must add up to more than 0."))
    share = place.number("minimum_share", 1.0)
    if not 0 < share <= 1:
        place.at("minimum_share").fail(mark("a share above 0 and up to 1 is expected, found {value}."), value=share)
    return Node(
        _identifier(place), place.text("title"), children, _weight(place), _weights(place, indicators),
        _method(place, "aggregate", aggregate.METHODS, ("mean", {})), share,
        _method(place, "standardise", normalise.METHODS, None),
        _classes(place.at("classes")) if place.has("classes") else None,
    )


def _leaf(place: Place, indicators: dict) -> Leaf:
    place.only("indicator", "weight", "normalise")
    identifier = place.text("indicator")
    if identifier not in indicators:
        place.at("indicator").fail(mark("the recipe has no indicator “{id}”."), id=identifier)
    method, settings = _method(place, "normalise", normalise.METHODS, ("z", {"ddof": 0}))
    return Leaf(identifier, _weight(place), method, settings)


def _weight(place: Place) -> float:
    weight = place.number("weight", 1)
    if weight < 0:
        place.at("weight").fail(mark("a weight must not be negative. To turn an indicator round, set “high_is”."))
    return weight


def _weights(place: Place, indicators: dict) -> tuple[str, dict]:
    method, settings = _method(place, "weights", weights.METHODS, ("given", {}))
    if "reference" in settings and settings["reference"] not in indicators:
        place.at("weights").at("reference").fail(mark("the recipe has no indicator “{id}”."), id=settings["reference"])
    for year in place.at("weights").items("years") if "years" in settings else ():
        if year.value % 1 or not 1900 <= year.value <= 2200:
            year.fail(mark("a year from 1900 to 2200 is expected, found {value}."), value=year.value)
    return method, settings


def _method(parent: Place, name: str, methods: dict, default):
    """Return method and settings; ``"sum"`` is short for ``{"method": "sum"}``."""
    if not parent.has(name):
        return default
    place = parent.at(name)
    if isinstance(place.value, str):
        place = Place({"method": place.value}, place.path, place.name)
    method = place.object().choice("method", tuple(methods))
    known = methods[method].settings
    place.only("method", *known)
    _require(place, methods[method].required)
    settings = _settings(place, known)
    check = getattr(methods[method], "check", None)
    problem = check(_with_defaults(methods[method].function, known, settings)) if check else None
    if problem is not None:
        place.fail("{problem}", problem=problem)
    return method, settings


def _require(place: Place, names: tuple[str, ...]) -> None:
    for name in names:
        if not place.has(name):  # null is as good as nothing
            place.fail(mark("“{name}” is missing."), name=name)


def _with_defaults(function, known: dict, settings: dict) -> dict:
    parameters = inspect.signature(function).parameters
    return {name: settings.get(name, parameters[name].default) for name in known if name in parameters}


def _settings(place: Place, known: dict) -> dict:
    """Return the settings that are there: numbers, lists of numbers, or one of the possible values."""
    settings = {}
    for name, kind in known.items():
        if not place.has(name):
            continue
        if kind is float:
            settings[name] = place.number(name)
        elif kind is str:
            settings[name] = place.text(name)
        elif kind is list:
            settings[name] = [each.as_number() for each in place.items(name, at_least=1)]
        else:
            settings[name] = place.choice(name, kind)
    return settings


def _classes(place: Place) -> dict:
    method = place.object().choice("method", tuple(classes.METHODS))
    way = classes.METHODS[method]
    place.only("method", "classes", *way.settings)
    _require(place, way.required)
    entries = []
    for each in place.items("classes", at_least=2):
        each.only("value", "name", "color")
        entries.append({"value": each.whole("value"), "name": each.text("name"), "color": _colour(each)})
    for name in ("value", "name"):
        twice = [value for value, count in Counter(entry[name] for entry in entries).items() if count > 1]
        if twice:
            place.at("classes").fail(mark("the class “{name}” is there twice."), name=twice[0])
    spec = {"method": method, "classes": entries, **_settings(place, way.settings)}
    if "bounds" in spec:
        bounds = place.at("bounds")
        if len(spec["bounds"]) != len(entries) - 1:
            bounds.fail(mark("{classes} classes need {needed} bounds, found {found}."), classes=len(entries),
                        needed=len(entries) - 1, found=len(spec["bounds"]))
        if any(a >= b for a, b in zip(spec["bounds"], spec["bounds"][1:])):
            bounds.fail(mark("the bounds must ascend."))
    return spec


def _colour(place: Place) -> str:
    text = place.text("color", "")
    if text and not _COLOUR.match(text):
        place.at("color").fail(mark("a colour such as #1a6b5c is expected, found {value}."), value=text)
    return text


def _unique_parents(root: Place) -> None:
    seen = {"stadt"}  # the city's own
    for place in root.items("parents"):
        identifier = place.text("id")
        if identifier in seen:
            place.at("id").fail(mark("the id “{id}” is taken; every larger area needs its own."), id=identifier)
        seen.add(identifier)


def _unique_ids(root: Place, indices: tuple[Index, ...]) -> None:
    counts = Counter(node.id for index in indices for node in index.root.nodes())
    counts.update(place.text("id") for place in root.items("crosses"))
    for identifier, count in counts.items():
        if count > 1:
            root.at("indices").fail(mark("the id “{id}” is there twice; sub-indices and indices need their own."),
                                    id=identifier)


def _check_people(root: Place, indices: tuple[Index, ...]) -> None:
    """Refuse weights by people where the recipe names no column with people."""
    for node in (node for index in indices for node in index.root.nodes()):
        methods = [(leaf.method, leaf.settings) for leaf in node.children if isinstance(leaf, Leaf)]
        if any(settings.get("weighted") for _, settings in [*methods, node.standardise or ("", {})]) and not root.text(
                "population", ""):
            root.fail(mark("“{id}” is to be weighted by people, but “population” names no column with them."),
                      id=node.id)


def _cross(place: Place, nodes: dict[str, Node]) -> Cross:
    place.only("id", "title", "rows", "columns", "cells")
    values = []
    for side in ("rows", "columns"):
        node = nodes.get(place.text(side))
        if node is None or node.classes is None:
            place.at(side).fail(mark("there is no index “{id}” with classes."), id=place.text(side))
        values.append([entry["value"] for entry in node.classes["classes"]])
    cells = {}
    for each in place.items("cells", at_least=1):
        each.only("row", "column", "value", "name", "color")
        pair = each.choice("row", values[0]), each.choice("column", values[1])
        cells[pair] = {"value": each.whole("value"), "name": each.text("name"), "color": _colour(each)}
    for first, second in ((a, b) for a in cells.values() for b in cells.values()):
        if (first["value"] == second["value"]) != (first["name"] == second["name"]):
            place.at("cells").fail(mark("the class {value} has two names, or the name “{name}” stands for two "
                                        "classes."), value=first["value"], name=first["name"])
    wanted = [(row, column) for row in values[0] for column in values[1]]
    lacking = [pair for pair in wanted if pair not in cells]
    if lacking:
        place.at("cells").fail(mark("the cell for row {row} and column {column} is missing."), row=lacking[0][0],
                               column=lacking[0][1])
    return Cross(_identifier(place), place.text("title"), place.text("rows"), place.text("columns"),
                 {pair: cells[pair] for pair in wanted})
