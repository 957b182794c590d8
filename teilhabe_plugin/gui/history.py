"""Undo and redo: the states of a document, one after the other."""
from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import Callable

#: changes of one kind within so many seconds are one step, such as those of a slider that is drawn
TOGETHER = 2.0


@dataclass(frozen=True)
class Step:
    """A state and what led to it."""

    label: str
    document: dict
    merge: str = ""
    made: float = 0.0


class History:
    """The states of a document that is never changed in place.

    Parameters
    ----------
    document : dict
        The first state.
    clock : callable
        Gives seconds; for tests.

    Attributes
    ----------
    held : str
        Merge key of a movement that goes on however long it rests, such as while a mouse button is pressed; "" for
        none.
    """

    def __init__(self, document: dict, clock: Callable[[], float] = monotonic):
        self.clock, self.held = clock, ""
        self.steps, self.position = [Step("", document)], 0

    @property
    def document(self) -> dict:
        """The state now."""
        return self.steps[self.position].document

    def add(self, label: str, document: dict, merge: str = "") -> None:
        """Add a state; it takes the place of the one before where both are parts of one movement.

        A movement that comes back to where it began leaves no step.
        """
        now, last = self.clock(), self.steps[self.position]
        is_newest = self.position == len(self.steps) - 1
        if merge and last.merge == merge and is_newest and (merge == self.held or now - last.made <= TOGETHER):
            self.position -= 1
            if document == self.document:
                self.steps = self.steps[:self.position + 1]
                return
        self.steps = [*self.steps[:self.position + 1], Step(label, document, merge, now)]
        self.position += 1

    @property
    def undo_label(self) -> str:
        """What would be taken back, "" for nothing."""
        return self.steps[self.position].label if self.position else ""

    @property
    def redo_label(self) -> str:
        """What would be done again, "" for nothing."""
        return self.steps[self.position + 1].label if self.position + 1 < len(self.steps) else ""

    def undo(self) -> None:
        """Go one state back."""
        self.position = max(self.position - 1, 0)

    def redo(self) -> None:
        """Go one state forward."""
        self.position = min(self.position + 1, len(self.steps) - 1)

    def end_movement(self) -> None:
        """Let the next change be a step of its own, whatever came before."""
        last = self.steps[self.position]
        self.steps[self.position] = Step(last.label, last.document)
