"""Undo and redo of decisions, one by one: what was decided, and what the rows held before and after."""
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class Step:
    """One decision made or taken away.

    Attributes
    ----------
    key : str
    before, after : core.addresses.decisions.Decision or None
        What was decided about the key before and after; None for nothing.
    rows_before, rows_after : dict
        Feature id → values and place, as `bridge.decided_rows` writes them.
    text : str
        What was done, for tooltips.
    """

    key: str
    before: object
    after: object
    rows_before: dict
    rows_after: dict
    text: str


class History:
    """Two stacks of `Step`s."""

    def __init__(self):
        self.done: list[Step] = []
        self.undone: list[Step] = []

    def add(self, step: Step) -> None:
        """Note a step; what had been taken back before can no longer be done again."""
        self.done.append(step)
        self.undone.clear()

    def undo(self) -> Step | None:
        """Return the step to be taken back, None when there is none."""
        if not self.done:
            return None
        self.undone.append(self.done.pop())
        return self.undone[-1]

    def redo(self) -> Step | None:
        """Return the step to be done again, None when there is none."""
        if not self.undone:
            return None
        self.done.append(self.undone.pop())
        return self.done[-1]

    def clear(self) -> None:
        """Forget everything."""
        self.done.clear()
        self.undone.clear()
