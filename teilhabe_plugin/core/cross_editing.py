"""Crosses of a recipe's document: two classifications as one, added, taken out, and their classes renamed."""
from __future__ import annotations

import re
from collections.abc import Callable

from .class_editing import with_entry
from .messages import TeilhabeError, mark
from .recipe_classes import with_classes
from .recipe_paths import Path, entry_at, is_leaf, path_of_node, paths


def cross_of(document: dict, rows: str, columns: str) -> dict | None:
    """Return the document's cross of two nodes, in this order or turned round; None where there is none."""
    crosses = document.get("crosses") or []
    for pair in ((rows, columns), (columns, rows)):
        for each in crosses:
            if (each["rows"], each["columns"]) == pair:
                return each
    return None


def new_cross(document: dict, rows: str, columns: str, colours: dict | None = None) -> dict:
    """Return a cross of two nodes with classes: a class for each pair, named after both.

    Parameters
    ----------
    document : dict
    rows, columns : str
        Ids of the nodes.
    colours : dict, optional
        (row class, column class) → colour.
    """
    if rows == columns:
        raise TeilhabeError(mark("A cross needs two different indices."))
    row_entry, column_entry = (entry_at(document, path_of_node(document, each)) for each in (rows, columns))
    titles = row_entry["title"], column_entry["title"]
    taken = {entry_at(document, path).get("id") for path in paths(document)}
    taken |= {each.get("id") for each in document.get("crosses") or []}
    base = identifier = f"{rows}_{columns}"
    number = 2
    while identifier in taken:
        identifier, number = f"{base}_{number}", number + 1
    cells = []
    for i, row in enumerate(row_entry["classes"]["classes"], 1):
        for j, column in enumerate(column_entry["classes"]["classes"], 1):
            cell = {"row": row["value"], "column": column["value"], "value": 10 * i + j,
                    "name": f"{titles[0]} {row['name']}, {titles[1]} {column['name']}"}
            colour = (colours or {}).get((row["value"], column["value"]))
            cells.append({**cell, "color": colour} if colour else cell)
    return {"id": identifier, "title": f"{titles[0]} × {titles[1]}", "rows": rows, "columns": columns, "cells": cells}


def with_cross(document: dict, cross: dict) -> dict:
    """Return the document with one more cross."""
    return {**document, "crosses": [*(document.get("crosses") or []), cross]}


def without_cross(document: dict, cross_id: str) -> dict:
    """Return the document without a cross."""
    left = [each for each in document.get("crosses") or [] if each.get("id") != cross_id]
    kept = {key: value for key, value in document.items() if key != "crosses"}
    return {**kept, "crosses": left} if left else kept


def with_cross_class(document: dict, cross_id: str, place: int, **values) -> dict:
    """Return the document with another name, number or colour of a class of a cross.

    ``place`` counts the different classes in the order of the cells; all cells of the class follow.
    """
    cross = next(each for each in document["crosses"] if each["id"] == cross_id)
    entries = list({each["value"]: {key: each[key] for key in ("value", "name", "color") if key in each}
                    for each in cross["cells"]}.values())
    old = entries[place]["value"]
    new = with_entry({"classes": entries}, place, **values)["classes"][place]
    cells = [{"row": each["row"], "column": each["column"], **new} if each["value"] == old else each
             for each in cross["cells"]]
    crosses = [{**each, "cells": cells} if each["id"] == cross_id else each for each in document["crosses"]]
    return {**document, "crosses": crosses}


# classes whose names are part of a cross's names ---------------------------------------------------------------


def with_classes_followed(document: dict, path: Path, classes: dict | None) -> dict:
    """Return the document with other classes of a node; crosses made of them follow, with their names.

    Where all classes of a cross are named in one way, such as “Status {row}, Dynamik {column}”, new and renamed classes
    get such names too. A class number that stands for another class now keeps no colour of the old one.
    """
    before = {each["id"]: each for each in document.get("crosses") or []}
    after = with_classes(document, path, classes)
    if not after.get("crosses"):
        return after
    crosses = []
    for cross in after["crosses"]:
        old_names, names = (_side_names(each, cross) for each in (document, after))
        crosses.append(cross if old_names == names else _renamed(cross, before[cross["id"]], old_names, names))
    return {**after, "crosses": crosses}


def _side_names(document: dict, cross: dict) -> tuple[dict, dict]:
    return tuple({each["value"]: each["name"]
                  for each in entry_at(document, path_of_node(document, cross[side]))["classes"]["classes"]}
                 for side in ("rows", "columns"))


def _renamed(cross: dict, before: dict, old_names: tuple, names: tuple) -> dict:
    way = _way_of_naming(before, old_names)
    old = {(each["row"], each["column"]): each for each in before["cells"]}
    is_recut = any(set(old_names[i]) != set(names[i]) for i in (0, 1))  # more or fewer classes, not other names only
    cells, taken = [], set()
    for cell in cross["cells"]:
        pair = cell["row"], cell["column"]
        same = pair in old and all(old_names[i].get(pair[i]) == names[i][pair[i]] for i in (0, 1))
        if not same:
            own = names[0][pair[0]], names[1][pair[1]]
            name = way(*own) if way else " / ".join(own) if is_recut else cell["name"]
            cell = {**{key: value for key, value in cell.items() if key != "color"}, "name": name}
        cells.append(cell)
    for i, cell in enumerate(cells):
        key = cell["value"], cell["name"]
        if any((value == key[0]) != (name == key[1]) for value, name in taken):
            cells[i] = {**cell, "name": f"{cell['name']} ({cell['value']})"}
        taken.add((cells[i]["value"], cells[i]["name"]))
    return {**cross, "cells": cells}


def _way_of_naming(cross: dict, names: tuple) -> Callable[[str, str], str] | None:
    """Return how a cross names its classes after those of its sides, None where it follows no single rule."""
    rows, columns = ("|".join(re.escape(name) for name in sorted(side.values(), key=len, reverse=True))
                     for side in names)
    pattern = re.compile(rf"(?P<start>.*?)(?<!\w)(?P<row>{rows})(?!\w)(?P<middle>.*)(?<!\w)(?P<column>{columns})"
                         rf"(?!\w)(?P<end>.*)")
    frames = set()
    for cell in cross["cells"]:
        found = pattern.fullmatch(cell["name"])
        if found is None or (found["row"], found["column"]) != (names[0][cell["row"]], names[1][cell["column"]]):
            return None
        frames.add((found["start"], found["middle"], found["end"]))
    if len(frames) != 1:
        return None
    start, middle, end = frames.pop()
    return lambda row, column: f"{start}{row}{middle}{column}{end}"


# classes of several nodes --------------------------------------------------------------------------------------


def sub_indices(document: dict, path: Path) -> list[Path]:
    """Return the paths of the other sub-indices of the index that a node belongs to."""
    return [each for each in paths(document) if each[0] == path[0] and len(each) > 1 and each != path
            and not is_leaf(entry_at(document, each))]


def with_same_classes(document: dict, path: Path) -> dict:
    """Return the document with the classes of a node given to all sub-indices of its index."""
    classes = entry_at(document, path).get("classes")
    for each in sub_indices(document, path):
        document = with_classes_followed(document, each, classes)
    return document


def classed_nodes(document: dict) -> list[tuple[str, str]]:
    """Return id and title of every node with classes, indices before their sub-indices."""
    entries = (entry_at(document, path) for path in paths(document))
    return [(each["id"], each["title"]) for each in entries if each.get("classes") and "id" in each]
