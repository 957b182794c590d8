"""The way from the workshop to the catalogue editor and back: names and units follow when the catalogue was saved."""
from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from qgis.core import Qgis
from qgis.PyQt.QtCore import QObject, pyqtSlot
from qgis.PyQt.QtWidgets import QAction, QMainWindow

from ....bridge.catalogue_texts import find_catalogue
from ....core.messages import TeilhabeError
from ....translation import tr
from ...errors import in_words


class CatalogueLink(QObject):
    """Opens the editor at an indicator and reads the catalogue again when it was saved there.

    Parameters
    ----------
    dock : WorkshopDock
    """

    def __init__(self, dock):
        super().__init__(dock)
        self.dock, self.session = dock, dock.session
        self.window = self.read = None

    def open(self, number: str = "") -> None:
        """Open the recipe's catalogue in the editor, at an indicator where its number is given."""
        main = self.dock.iface.mainWindow()
        action = main.findChild(QAction, "teilhabe_catalogue")
        if action is None:
            return
        action.trigger()
        window = main.findChild(QMainWindow, "teilhabeCatalogue")
        if window is None:  # the message in QGIS's own bar says why
            return
        if window is not self.window:
            self.window = window
            window.session.state_changed.connect(self._saved)
            window.destroyed.connect(self._gone)
        path = self._path()
        self.read = _state_of(path)
        if path is not None:
            window.open_file(str(path))
            if number:
                window.show_indicator(number)

    def _path(self) -> Path | None:
        """Return the file of the recipe's catalogue."""
        session = self.session
        if session.recipe is None:
            return None
        return find_catalogue(session.recipe, session.origin.folder or Path())

    @pyqtSlot()
    def _gone(self) -> None:
        self.window = None

    @pyqtSlot()
    def _saved(self) -> None:
        """Read the catalogue again when its file is another one than at the last look."""
        session = self.session
        if self.window is None or session.recipe is None:
            return
        self._take_folder(self.window.session.path)
        state = _state_of(self._path())
        if state == self.read:
            return
        self.read = state
        try:
            session.reload_catalogue()
        except (TeilhabeError, OSError) as error:
            self.dock.tell(in_words(error), Qgis.MessageLevel.Warning)
            return
        self.dock.tell(tr("Names and units come from the catalogue as it was saved just now."),
                       Qgis.MessageLevel.Info)

    def _take_folder(self, saved: Path | None) -> None:
        """Look beside a catalogue that was saved under the recipe's name while the recipe itself has no file yet."""
        session = self.session
        named = session.recipe.catalogue
        wanted = named if named.endswith(".json") else f"{named}.json"
        if saved is not None and saved.name == wanted and session.origin.file is None \
                and saved.is_file() and saved != self._path():
            session.origin = replace(session.origin, folder=saved.parent)


def _state_of(path: Path | None) -> tuple:
    """Return what tells one state of a file from another."""
    try:
        found = path.stat() if path is not None else None
    except OSError:
        return ()
    return (path, found.st_mtime_ns, found.st_size) if found is not None else ()
