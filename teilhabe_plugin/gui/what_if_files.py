"""Changes of “what if” in files: read and kept as JSON."""
from __future__ import annotations

from pathlib import Path

from qgis.core import Qgis, QgsSettings
from qgis.PyQt.QtWidgets import QFileDialog

from ..translation import tr
from .errors import expected, in_words

FOLDER = "teilhabe/what_if/folder"


class ChangeFiles:
    """Buttons “Load” and “Save” of the panel.

    Parameters
    ----------
    dock : WhatIfDock
    """

    def __init__(self, dock):
        self.dock, self.session, self.tell = dock, dock.session, dock.tell
        dock.panel.load.clicked.connect(lambda _checked=False: self.choose_load())
        dock.panel.save.clicked.connect(lambda _checked=False: self.choose_save())

    def choose_load(self) -> None:
        """Let the user choose a file with changes."""
        path, _filter = QFileDialog.getOpenFileName(self.dock, tr("Load changes"), _folder(), tr("Changes (*.json)"))
        if path:
            self.load_file(path)

    def load_file(self, path: str) -> None:
        """Take the changes of a file instead."""
        from ..core.supply.scenario import changes_from_text

        try:
            changes = changes_from_text(Path(path).read_text(encoding="utf-8"))
        except (*expected(), UnicodeDecodeError) as error:
            self.tell(in_words(error) if isinstance(error, expected()) else tr("“{file}” is no text.", file=path))
            return
        QgsSettings().setValue(FOLDER, str(Path(path).parent))
        self.session.replace(changes)

    def choose_save(self) -> None:
        """Let the user choose where the changes are kept."""
        path, _filter = QFileDialog.getSaveFileName(self.dock, tr("Save changes"), _folder(), tr("Changes (*.json)"))
        if path:
            self.save_file(path if path.lower().endswith(".json") else f"{path}.json")

    def save_file(self, path: str) -> None:
        """Keep the changes as a file."""
        from ..core.supply.scenario import changes_to_text

        try:
            Path(path).write_text(changes_to_text(self.session.changes) + "\n", encoding="utf-8")
        except OSError as error:
            self.tell(in_words(error))
            return
        QgsSettings().setValue(FOLDER, str(Path(path).parent))
        self.tell(tr("Saved: {file}", file=Path(path).name), Qgis.MessageLevel.Success)


def _folder() -> str:
    return QgsSettings().value(FOLDER, "", type=str)
