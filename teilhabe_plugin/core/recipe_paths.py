"""Places in a recipe's JSON document: where a node or an indicator stands in the trees.

A path is a tuple of positions: ``(1,)`` is the root of the second index, ``(1, 0, 2)`` the third child of its first
child. Documents are never changed in place; what an edit leaves alone, the old and the new document share.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Callable

from .messages import TeilhabeError, mark

Path = tuple  # of int; () stands for the list of indices

_TREE_PLACE = re.compile(r"\$\.indices\[(\d+)\]((?:\.children\[\d+\])*)")
_INDICATOR_PLACE = re.compile(r"\$\.indicators\[(\d+)\]")


def is_leaf(entry: dict) -> bool:
    """Say whether an entry of a tree is an indicator, not an index or sub-index."""
    return "indicator" in entry


def children_at(document: dict, path: Path) -> list[dict]:
    """Return the children of a node, the roots for the path ``()``, nothing for an indicator."""
    if not path:
        return document.get("indices") or []
    return entry_at(document, path).get("children") or []


def entry_at(document: dict, path: Path) -> dict:
    """Return the node or leaf at a path.

    Raises
    ------
    TeilhabeError
        When there is no such place.
    """
    entries, entry = document.get("indices") or [], None
    for position in path:
        if not 0 <= position < len(entries):
            entry = None
            break
        entry = entries[position]
        entries = entry.get("children") or []
    if entry is None:
        raise TeilhabeError(mark("The recipe has no such place any more ({path})."), path=tuple(path))
    return entry


def paths(document: dict) -> Iterator[Path]:
    """Yield the paths of all nodes and leaves, parents before children."""
    for position in range(len(children_at(document, ()))):
        yield from paths_below(document, (position,))


def paths_below(document: dict, path: Path) -> Iterator[Path]:
    """Yield a path and those of everything below it."""
    yield path
    for position in range(len(children_at(document, path))):
        yield from paths_below(document, (*path, position))


def path_of(json_path: str) -> Path | None:
    """Return the path of the tree place that a JSON path of a message lies in, None where it is none.

    ``$.indices[0].children[2].weight`` gives ``(0, 2)``.
    """
    found = _TREE_PLACE.match(json_path)
    if found is None:
        return None
    return (int(found.group(1)), *(int(number) for number in re.findall(r"\d+", found.group(2))))


def indicator_of(json_path: str) -> int | None:
    """Return the position in ``indicators`` that a JSON path of a message lies in, None where it is none."""
    found = _INDICATOR_PLACE.match(json_path)
    return int(found.group(1)) if found else None


def path_of_node(document: dict, node_id: str) -> Path | None:
    """Return the path of the node with this id."""
    for path in paths(document):
        entry = entry_at(document, path)
        if not is_leaf(entry) and entry.get("id") == node_id:
            return path
    return None


def indicator_entry(document: dict, indicator_id: str) -> dict | None:
    """Return the indicator's own entry in ``indicators``."""
    return next((each for each in document.get("indicators") or [] if each.get("id") == indicator_id), None)


def changed_at(document: dict, path: Path, change: Callable[[dict], dict]) -> dict:
    """Return the document with the entry at a path replaced by what ``change`` makes of it."""
    entry_at(document, path)
    return {**document, "indices": _changed(document["indices"], path, change)}


def with_children(document: dict, path: Path, children: list[dict]) -> dict:
    """Return the document with other children below a node; with other indices for the path ``()``."""
    if not path:
        return {**document, "indices": children}
    return changed_at(document, path, lambda entry: {**entry, "children": children})


def _changed(entries: list[dict], path: Path, change: Callable[[dict], dict]) -> list[dict]:
    position, rest = path[0], path[1:]
    entry = entries[position]
    new = change(entry) if not rest else {**entry, "children": _changed(entry["children"], rest, change)}
    return [*entries[:position], new, *entries[position + 1:]]
