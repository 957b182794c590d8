"""Editing a recipe's document: parts of its trees added, moved, grouped, dissolved and removed.

Every edit takes a document (the JSON object of a recipe file) and returns a new one; a valid document stays valid, but
for a new sub-index without children. A node that loses its last child goes with it, and a cross goes with a node that
it refers to. Positions are those among the other children, the moved part itself left out.
"""
from __future__ import annotations

import re
from collections.abc import Iterable

from .messages import TeilhabeError, mark
from .recipe_classes import with_classes, without_lost_crosses
from .recipe_paths import (
    Path,
    changed_at,
    children_at,
    entry_at,
    indicator_entry,
    indicator_of,
    is_leaf,
    path_of,
    path_of_node,
    paths,
    paths_below,
    with_children,
)
from .recipe_reading import read_recipe
from .recipe_shares import (
    equal_weights,
    never_all_zero,
    overall_share,
    shares,
    weight_of,
    weighted,
    with_share,
    with_weight,
)
from .recipe_text import text_of
from .recipe_values import deviations, setting_at, with_document_values, with_indicator_values, with_values

__all__ = [
    "deviations", "dissolved", "entry_at", "equal_weights", "grouped", "indicator_entry", "indicator_of", "is_leaf",
    "is_sound", "lost_crosses", "moved", "overall_share", "path_of", "path_of_node", "paths", "removed",
    "setting_at", "shares", "text_of", "with_classes", "with_document_values", "with_indicator",
    "with_indicator_values", "with_node", "with_share", "with_values", "with_weight",
]

#: what a new sub-index takes over from its neighbours
_STYLE = ("aggregate", "minimum_share", "standardise")


def moved(document: dict, path: Path, parent: Path, position: int) -> tuple[dict, Path]:
    """Move a part of a tree to another place.

    Parameters
    ----------
    document : dict
    path : tuple of int
        The part.
    parent : tuple of int
        The node it goes to, in the document as it is; ``()`` puts an index elsewhere among the indices.
    position : int
        Its position among the new parent's other children.

    Returns
    -------
    (document, path) : the new document, and where the part stands in it
    """
    entry = entry_at(document, path)
    if parent[:len(path)] == path:
        raise TeilhabeError(mark("“{title}” cannot be moved into itself."), title=title_at(document, path))
    if (len(path) == 1) != (not parent):
        raise TeilhabeError(mark("An index stays an index: it can change its place among the indices only, and a part "
                                 "of an index needs an index or sub-index to belong to."))
    _check_node(document, parent)
    without = _taken_out(document, [path])
    parent = _shifted(parent, path)
    children = children_at(without, parent)
    position = min(max(position, 0), len(children))
    placed = with_children(without, parent, [*children[:position], entry, *children[position:]])
    return _tidied(placed, document, entry)


def with_indicator(document: dict, parent: Path, position: int, indicator: dict) -> tuple[dict, Path]:
    """Add an indicator to a node.

    ``indicator`` holds the keys of an entry in ``indicators``; id and title may be missing, and ``normalise`` and
    ``weight`` are those of the place in the tree. By default it is normalised as its neighbours are and counts as much
    as they do on average. An indicator that the recipe has already is used again.
    """
    values = {name: value for name, value in indicator.items() if name not in ("normalise", "weight")}
    column = values.get("column") or values.get("id") or ""
    if column == document.get("area_key"):
        raise TeilhabeError(mark("the column “{column}” is the area key and cannot be an indicator."), column=column)
    _check_node(document, parent)
    if not parent:
        raise TeilhabeError(mark("An indicator belongs to an index or sub-index."))
    title = str(values.get("title") or column or "").strip()
    if not title:
        raise TeilhabeError(mark("The name must not be empty."))
    known = _same_indicator(document, column)
    if known is None:
        taken = {each["id"] for each in document.get("indicators") or []}
        identifier = _free_id(values.get("id") or title, taken)
        values = {"id": identifier, "title": title, **{k: v for k, v in values.items() if k not in ("id", "title")}}
        if column != identifier:
            values["column"] = column or identifier
        document = {**document, "indicators": [*(document.get("indicators") or []), values]}
    else:
        identifier = known["id"]
    siblings = children_at(document, parent)
    normalise = indicator.get("normalise") or _common_normalise(siblings)
    leaf = {"indicator": identifier, **({"normalise": normalise} if normalise else {})}
    leaf = weighted(leaf, indicator.get("weight") or _usual_weight(siblings))
    return _inserted(document, parent, position, leaf)


def with_node(document: dict, parent: Path, position: int, title: str) -> tuple[dict, Path]:
    """Add a sub-index without children, or an index for the parent ``()``; it is invalid until it has children."""
    _check_node(document, parent)
    return _inserted(document, parent, position, _new_node(document, parent, title, []))


def removed(document: dict, gone: Iterable[Path]) -> dict:
    """Return the document without these parts, and without the indicators that nothing uses any more.

    Raises
    ------
    TeilhabeError
        When no indicator would be left.
    """
    gone = _outermost(gone)
    leaves = {entry["indicator"] for path in gone for below in paths_below(document, path)
              if is_leaf(entry := entry_at(document, below))}
    new, _ = _tidied(_taken_out(document, gone), document)
    if not any(is_leaf(entry_at(new, path)) for path in paths(new)):
        raise TeilhabeError(mark("An index needs one indicator at least; the last one cannot be removed."))
    unused = leaves - _indicators_in_use(new)
    return {**new, "indicators": [each for each in new["indicators"] if each["id"] not in unused]}


def grouped(document: dict, members: Iterable[Path], title: str) -> tuple[dict, Path]:
    """Put parts together into a new sub-index in the place of the first.

    Where they stood side by side, the new sub-index weighs as much as they did together, so that every share in the
    whole stays.
    """
    members = _outermost(members)
    if not members or any(len(path) < 2 for path in members):
        raise TeilhabeError(mark("Choose the indicators or sub-indices of an index to group."))
    first = members[0]
    parent = first[:-1]
    entries = [entry_at(document, path) for path in members]
    together = sum(weight_of(entry_at(document, path)) for path in members if path[:-1] == parent)
    node = weighted(_new_node(document, parent, title, never_all_zero(entries)), together)
    marked = changed_at(document, first, lambda _entry: node)
    return _tidied(_taken_out(marked, members[1:]), document, node)


def dissolved(document: dict, path: Path) -> dict:
    """Return the document with a sub-index replaced by its children; their shares in the whole stay."""
    if len(path) < 2 or is_leaf(entry_at(document, path)):
        raise TeilhabeError(mark("Only a sub-index can be dissolved."))
    node, own = entry_at(document, path), children_at(document, path)
    if not own:
        return removed(document, [path])
    total = sum(weight_of(each) for each in own)
    weight, parent, position = weight_of(node), path[:-1], path[-1]
    spread = [weighted(child, weight * (weight_of(child) / total if total > 0 else 1 / len(own))) for child in own]
    children = children_at(document, parent)
    return without_lost_crosses(
        with_children(document, parent, [*children[:position], *spread, *children[position + 1:]]))


def is_sound(document) -> bool:
    """Say whether something is a recipe that can be worked on: valid, but for sub-indices that are still empty."""
    try:
        filled = {**document, "indices": _pruned(document["indices"], set())}
        return _is_valid(document) or _is_valid(without_lost_crosses(filled))
    except (TypeError, AttributeError, KeyError, RecursionError):  # not built as a recipe is
        return False


def _is_valid(document) -> bool:
    try:
        read_recipe(text_of(document))
    except (TeilhabeError, ValueError, RecursionError):
        return False
    return True


def lost_crosses(before: dict, after: dict) -> list[str]:
    """Return the titles of the crosses that an edit took with it."""
    left = {each.get("id") for each in after.get("crosses") or []}
    return [each.get("title", "") for each in before.get("crosses") or [] if each.get("id") not in left]


def title_at(document: dict, path: Path) -> str:
    """Return the name of an index, a sub-index or the indicator at a path."""
    entry = entry_at(document, path)
    if is_leaf(entry):
        entry = indicator_entry(document, entry["indicator"]) or {"title": entry["indicator"]}
    return entry.get("title", "")


def _check_node(document: dict, parent: Path) -> None:
    if parent and is_leaf(entry_at(document, parent)):
        raise TeilhabeError(mark("“{title}” is an indicator; it holds no parts."), title=title_at(document, parent))


def _inserted(document: dict, parent: Path, position: int, entry: dict) -> tuple[dict, Path]:
    children = children_at(document, parent)
    position = min(max(position, 0), len(children))
    placed = [*children[:position], entry, *children[position:]]
    return with_children(document, parent, placed), (*parent, position)


def _new_node(document: dict, parent: Path, title: str, children: list[dict]) -> dict:
    """Return a new node that is put together and standardised as its neighbours are."""
    title = title.strip()
    if not title:
        raise TeilhabeError(mark("The name must not be empty."))
    siblings = children_at(document, parent)
    nodes = [each for each in siblings if not is_leaf(each)]
    model = nodes[0] if nodes else entry_at(document, parent) if parent else {}
    node = {"id": _free_id(title, _node_ids(document)), "title": title}
    if not parent and nodes and "high_means" in model:
        node["high_means"] = model["high_means"]
    node.update({name: model[name] for name in _STYLE if model.get(name) is not None})
    node["children"] = children
    return weighted(node, _usual_weight(siblings) if parent else 1)


def _usual_weight(siblings: list[dict]) -> float:
    weights = [weight_of(each) for each in siblings]
    return sum(weights) / len(weights) if sum(weights) > 0 else 1


def _common_normalise(siblings: list[dict]):
    """Return how all indicators of a node are normalised, None where they differ."""
    ways = [each.get("normalise") for each in siblings if is_leaf(each)]
    return ways[0] if ways and all(each == ways[0] for each in ways) else None


def _same_indicator(document: dict, column: str) -> dict | None:
    return next((each for each in document.get("indicators") or []
                 if column and (each.get("column") or each.get("id")) == column), None)


def _node_ids(document: dict) -> set[str]:
    entries = (entry_at(document, path) for path in paths(document))
    return {each["id"] for each in entries if "id" in each} | {each["id"] for each in document.get("crosses") or []}


def _free_id(title: str, taken: set[str]) -> str:
    """Return an id made from a title: letters, digits and _, beginning with a letter, not taken yet."""
    wanted = re.sub(r"[^a-z0-9äöüß]+", "_", title.lower()).strip("_")[:40].strip("_")
    if not wanted or not wanted[0].isalpha():
        wanted = f"i_{wanted}".rstrip("_")
    folded, number, found = {each.casefold() for each in taken}, 2, wanted
    while found.casefold() in folded:
        found, number = f"{wanted}_{number}", number + 1
    return found


def _indicators_in_use(document: dict) -> set[str]:
    entries = [entry_at(document, path) for path in paths(document)]
    ways = [each.get("weights") for each in entries]
    return {each["indicator"] for each in entries if is_leaf(each)} | {
        way.get("reference") for way in ways if isinstance(way, dict)}


def _outermost(chosen: Iterable[Path]) -> list[Path]:
    """Return the paths in the tree's order, without those below another one."""
    chosen = sorted({tuple(path) for path in chosen})
    return [path for path in chosen if not any(path[:len(other)] == other for other in chosen if other != path)]


def _taken_out(document: dict, gone: list[Path]) -> dict:
    for path in sorted(gone, reverse=True):
        entry_at(document, path)
        children = children_at(document, path[:-1])
        document = with_children(document, path[:-1], [*children[:path[-1]], *children[path[-1] + 1:]])
    return dict(document)


def _shifted(path: Path, gone: Path) -> Path:
    """Return where a path leads after the part at ``gone`` was taken out."""
    level = len(gone) - 1
    if len(path) > level and path[:level] == gone[:-1] and path[level] > gone[level]:
        return (*path[:level], path[level] - 1, *path[level + 1:])
    return path


def _tidied(document: dict, before: dict, followed: dict | None = None) -> tuple[dict, Path | None]:
    """Remove the nodes that an edit emptied, see that each has a weight left; return where an entry stands then."""
    entries = (entry_at(before, path) for path in paths(before))
    empty = {each["id"] for each in entries if not is_leaf(each) and not each.get("children")}
    document = {**document, "indices": _pruned(document["indices"], empty)}
    place = next((path for path in paths(document) if entry_at(document, path) is followed), None)
    for path in list(paths(document)):
        children = children_at(document, path)
        if children and sum(weight_of(each) for each in children) <= 0:
            document = with_children(document, path, never_all_zero(children))
    return without_lost_crosses(document), place


def _pruned(entries: list[dict], empty: set[str]) -> list[dict]:
    """Return the entries without nodes that have no children, but for those whose ids are given."""
    kept = []
    for entry in entries:
        children = entry.get("children") or []
        left = _pruned(children, empty)
        if is_leaf(entry) or left or entry["id"] in empty:
            same = len(left) == len(children) and all(a is b for a, b in zip(left, children))
            kept.append(entry if same else {**entry, "children": left})
    return kept
