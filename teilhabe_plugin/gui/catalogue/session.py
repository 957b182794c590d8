"""The catalogue that is being edited: its states, its file, and what is wrong with it."""
from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..history import History
from .place import Where

NOWHERE = Where()


@dataclass(frozen=True)
class State:
    """A catalogue, and where it was changed."""

    catalogue: object
    where: Where = NOWHERE


class CatalogueSession(QObject):
    """Every edit is a step that can be taken back; the catalogue itself is never changed in place.

    Attributes
    ----------
    saved : Catalogue
        As it stands in the file, or as it was begun.
    path : Path or None
    is_template : bool
        It comes with the plugin and cannot be changed.
    content : bytes
        Fingerprint of the file as it was read or written last.
    """

    opened = pyqtSignal()
    changed = pyqtSignal()
    state_changed = pyqtSignal()

    def __init__(self, parent=None):
        super().__init__(parent)
        self.saved, self.path, self.is_template, self.content = None, None, False, b""
        self.history: History | None = None
        self._problems: tuple = (None, [])
        self._kept = None

    # what is open ----------------------------------------------------------------------------------------------

    def open(self, catalogue, path: Path | None = None, is_template: bool = False, saved=None) -> None:
        """Begin to work on a catalogue; ``saved`` is what it is held against where it is not as in the file."""
        self.history = History(State(catalogue))
        self.path, self.is_template = path, is_template
        self.saved, self._kept = (catalogue if saved is None else saved), (catalogue if saved is None else None)
        self.content = fingerprint(path)
        self.opened.emit()
        self.state_changed.emit()

    def was_saved(self, path: Path) -> None:
        """Note that the catalogue now stands in a file."""
        self.saved = self._kept = self.catalogue
        self.path, self.is_template, self.content = path, False, fingerprint(path)
        self.history.end_movement()
        self.state_changed.emit()

    @property
    def is_open(self) -> bool:
        """Say whether there is a catalogue."""
        return self.history is not None

    @property
    def catalogue(self):
        """The catalogue as it is now."""
        return self.history.document.catalogue

    @property
    def is_dirty(self) -> bool:
        """Say whether there is something that no file holds."""
        return self.is_open and self.catalogue != self._kept

    @property
    def can_edit(self) -> bool:
        """Say whether the catalogue can be changed."""
        return self.is_open and not self.is_template

    def file_differs(self) -> bool:
        """Say whether somebody else has changed or removed the file."""
        return self.path is not None and not self.is_template and fingerprint(self.path) != self.content

    def accept_file(self) -> None:
        """Take note of the file as it is now; what is in the window is no longer what it holds."""
        self.content, self._kept = fingerprint(self.path), None
        self.state_changed.emit()

    # editing ---------------------------------------------------------------------------------------------------

    def edit(self, label: str, catalogue, where: Where = NOWHERE, merge: str = "") -> None:
        """Add a step; steps with one ``merge`` that follow each other closely are one."""
        if not self.can_edit or catalogue == self.catalogue:
            return
        self.history.add(label, State(catalogue, where), merge)
        self._tell()

    def end_movement(self) -> None:
        """Let the next edit be a step of its own."""
        if self.is_open:
            self.history.end_movement()

    def undo(self) -> Where | None:
        """Take the last step back; return where it was made."""
        if not self.is_open or not self.undo_label:
            return None
        where = self.history.document.where
        self.history.undo()
        self._tell()
        return where

    def redo(self) -> Where | None:
        """Do again what was taken back; return where."""
        if not self.is_open or not self.redo_label:
            return None
        self.history.redo()
        self._tell()
        return self.history.document.where

    @property
    def undo_label(self) -> str:
        """What would be taken back, "" for nothing."""
        return self.history.undo_label if self.can_edit else ""

    @property
    def redo_label(self) -> str:
        """What would be done again, "" for nothing."""
        return self.history.redo_label if self.can_edit else ""

    def _tell(self) -> None:
        self.changed.emit()
        self.state_changed.emit()

    # what is wrong ---------------------------------------------------------------------------------------------

    @property
    def problems(self) -> list:
        """What has to be mended before the catalogue can be saved."""
        from ...core.catalogue_editing_checks import problems

        if not self.is_open:
            return []
        if self._problems[0] is not self.catalogue:
            self._problems = (self.catalogue, problems(self.catalogue))
        return self._problems[1]

    def complaints(self, part: str, position: int) -> dict[str, str]:
        """Return field → what is wrong, in the user's language."""
        from ...translation import render

        return {each.field: render(each.message) for each in reversed(self.problems)
                if each.part == part and each.position == position}

    def faulty_positions(self) -> set[int]:
        """Return the positions of the indicators that have something to be mended."""
        return {each.position for each in self.problems if each.part == "indicators"}


def fingerprint(path: Path | None) -> bytes:
    """Return what tells one content of a file from another, b"" where it cannot be read."""
    if path is None:
        return b""
    try:
        return hashlib.sha256(Path(path).read_bytes()).digest()
    except OSError:
        return b""
