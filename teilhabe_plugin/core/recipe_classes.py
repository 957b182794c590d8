"""Classes in a recipe's document, and the crosses that are made of them."""
from __future__ import annotations

from .recipe_paths import Path, entry_at, path_of_node, paths
from .recipe_values import with_values


def with_classes(document: dict, path: Path, classes: dict | None) -> dict:
    """Return the document with other classes of a node; None takes them away.

    Crosses that are made of them follow: pairs of classes that are gone go, new pairs get a class of their own. A cross
    goes with the classes of its node.
    """
    document = with_values(document, path, classes=classes)
    node = entry_at(document, path)["id"]
    document = without_lost_crosses(document)
    crosses = [_completed(document, each) if node in (each["rows"], each["columns"]) else each
               for each in document.get("crosses") or []]
    return {**document, "crosses": crosses} if crosses else document


def without_lost_crosses(document: dict) -> dict:
    """Return the document without the crosses of nodes that are gone or have no classes."""
    if not document.get("crosses"):
        return document
    entries = [entry_at(document, path) for path in paths(document)]
    classed = {each["id"] for each in entries if each.get("classes") and "id" in each}
    crosses = [each for each in document["crosses"] if {each["rows"], each["columns"]} <= classed]
    if crosses:
        return {**document, "crosses": crosses}
    return {name: value for name, value in document.items() if name != "crosses"}


def _completed(document: dict, cross: dict) -> dict:
    """Return the cross with exactly one cell for each pair of classes."""
    sides = [_class_names(document, cross[side]) for side in ("rows", "columns")]
    cells = {(each["row"], each["column"]): each for each in cross["cells"]}
    kept = {pair: cell for pair, cell in cells.items() if pair[0] in sides[0] and pair[1] in sides[1]}
    values = {each["value"] for each in kept.values()}
    names = {each["name"] for each in kept.values()}
    for row, row_name in sides[0].items():
        for column, column_name in sides[1].items():
            if (row, column) in kept:
                continue
            value = 10 * row + column
            value = value if value not in values else max(values) + 1
            name = f"{row_name} / {column_name}"
            name = name if name not in names else f"{name} ({value})"
            values.add(value)
            names.add(name)
            kept[row, column] = {"row": row, "column": column, "value": value, "name": name}
    order = [(row, column) for row in sides[0] for column in sides[1]]
    return {**cross, "cells": [kept[pair] for pair in order]}


def _class_names(document: dict, node_id: str) -> dict[int, str]:
    """Return the class numbers of a node and their names."""
    entry = entry_at(document, path_of_node(document, node_id))
    return {each["value"]: each["name"] for each in entry["classes"]["classes"]}
