"""Why a recipe cannot be computed, and at which place of its tree."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...core.messages import Message, TeilhabeError, mark
from ...core.recipe_paths import entry_at


@dataclass(frozen=True)
class Fault:
    """A fault of the recipe.

    Attributes
    ----------
    path : tuple of int or None
        Place in the tree (`core.recipe_editing`), None where it belongs to no place.
    message : Message
    """

    path: tuple[int, ...] | None
    message: Message


def fault_of(error: TeilhabeError, document: dict, path_of: Callable) -> Fault:
    """Return what is wrong and where: by the path that the reader names, else by the title that the message names."""
    details = error.message.details
    if "path" in details and "problem" in details:
        place = path_of(str(details["path"]))
        if place is None:
            place = _of_indicator(document, str(details["path"]))
        if place is not None and entry_at(document, place).get("children") == []:
            title = _title(document, entry_at(document, place))
            return Fault(place, Message(mark("“{title}” has no parts yet. Drag indicators into it, or remove it."),
                                        title=title))
        problem = details["problem"]
        return Fault(place, problem if isinstance(problem, Message) else error.message)
    titles = {str(value) for value in details.values()}
    for path, entry in _entries(document.get("indices", ())):
        if _title(document, entry) in titles:
            return Fault(path, error.message)
    return Fault(None, error.message)


def _entries(children, start: tuple = ()):
    for position, entry in enumerate(children):
        path = (*start, position)
        yield from _entries(entry.get("children", ()), path)
        yield path, entry


def _title(document: dict, entry: dict) -> str:
    if "indicator" not in entry:
        return entry.get("title", "")
    return next((each.get("title", "") for each in document["indicators"] if each.get("id") == entry["indicator"]), "")


def _of_indicator(document: dict, json_path: str):
    """Return the first place in the tree of the indicator that a JSON path names."""
    start = "$.indicators["
    if not json_path.startswith(start):
        return None
    name = document["indicators"][int(json_path[len(start):].split("]")[0])].get("id")
    return next((path for path, entry in _entries(document["indices"]) if entry.get("indicator") == name), None)
