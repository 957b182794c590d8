"""Where in the window something stands, so that undo and complaints can lead there."""
from __future__ import annotations

from dataclasses import dataclass

INDICATORS, MASTER, DATA, HISTORY = "indicators", "master", "data", "history"


@dataclass(frozen=True)
class Where:
    """A tab, the position in its list (−1: none) and the field."""

    tab: str = INDICATORS
    position: int = -1
    field: str = ""


def place_of(problem) -> Where:
    """Return where a `core.catalogue_editing_checks.Problem` is mended."""
    if problem.part == "indicators":
        return Where(INDICATORS, problem.position, problem.field)
    if problem.part == "history":
        return Where(HISTORY, problem.position, problem.field)
    if problem.part == "dimensions":
        return Where(MASTER, problem.position, problem.field)
    return Where(INDICATORS if problem.field == "indicators" else MASTER, -1, problem.field)
