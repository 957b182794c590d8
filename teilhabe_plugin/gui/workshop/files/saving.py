"""Saving a recipe as a file that others may have changed meanwhile."""
from __future__ import annotations

from pathlib import Path

from qgis.core import Qgis
from qgis.PyQt.QtCore import QObject
from qgis.PyQt.QtWidgets import QFileDialog, QPushButton

from ....bridge.catalogue_files import write_beside
from ....bridge.catalogue_texts import find_catalogue
from ....core.messages import TeilhabeError
from ....core.recipe_differences import differences
from ....translation import render, tr
from ...errors import in_words
from . import disk
from .questions import CANCEL, ask

#: so many differences are listed in a question
MOST_LISTED = 12


class Saving(QObject):
    """“Save” and “Save as”.

    Parameters
    ----------
    dock : WorkshopDock
    """

    def __init__(self, dock):
        super().__init__(dock)
        self.dock, self.session = dock, dock.session

    def save(self) -> bool:
        """Save the recipe to its file; say whether it is saved."""
        session = self.session
        if not session.is_open:
            return False
        file = session.path_of_file
        if file is None:
            return self.choose_save()
        theirs = disk.document_on_disk(file)
        if theirs is None and file.is_file():
            return self._settle_unreadable(file)
        foreign = theirs is not None and not disk.same(theirs, session.origin.document)
        if foreign and not disk.same(theirs, session.document):
            return self._settle(file, theirs)
        return self.save_to(file)

    def choose_save(self) -> bool:
        """Let the user choose a file; say whether the recipe is saved."""
        path, _filter = QFileDialog.getSaveFileName(self.dock, tr("Save recipe"), self._proposal(),
                                                    tr("Recipes (*.json)"))
        return bool(path) and self.save_to(disk.as_json_file(path))

    def _proposal(self) -> str:
        session = self.session
        if session.path_of_file is not None:
            return str(session.path_of_file)
        name = str(session.document.get("id", "")) or "recipe"
        if name == session.document.get("catalogue"):  # recipe and catalogue cannot have one name in one folder
            name = f"{name}_{tr('recipe')}"
        return str(Path(disk.folder()) / f"{name}.json")

    def save_to(self, path: Path) -> bool:
        """Write the recipe into a file and go on with that; say whether it was written."""
        session = self.session
        try:
            disk.write_document(path, session.document)
            taken = self._take_catalogue(path)
        except (TeilhabeError, OSError) as error:
            self._tell_failed(error)
            return False
        session.saved(path)
        disk.note_used(path)
        text = tr("Saved: {file}", file=path.name)
        if taken:
            text += " " + tr("The catalogue {file} lies beside it now.", file=taken)
        self.dock.tell(text, Qgis.MessageLevel.Success)
        return True

    def _take_catalogue(self, path: Path) -> str:
        """Copy the recipe's own catalogue into the folder of the file; return its name, "" where it is there."""
        session = self.session
        if session.recipe is None or session.origin.folder is None:
            return ""
        found = find_catalogue(session.recipe, session.origin.folder)
        if found is None or found.parent != session.origin.folder or path.parent == found.parent:
            return ""
        target = path.parent / found.name
        if target.exists():
            return ""
        said = found.read_text(encoding="utf-8-sig")
        write_beside(str(target), lambda part: part.write_text(said, encoding="utf-8"))
        return found.name

    def _tell_failed(self, error: Exception) -> None:
        button = QPushButton(tr("Save as …"))
        button.clicked.connect(lambda _checked=False: self.choose_save())
        text = tr("The recipe is not saved. {reason}", reason=in_words(error))
        self.dock.tell(text, Qgis.MessageLevel.Critical, button)

    # changed by somebody else ----------------------------------------------------------------------------------

    def _settle(self, file: Path, theirs: dict) -> bool:
        """Ask what to do with a file that somebody else changed; say whether the recipe is saved."""
        session = self.session
        base = session.origin.document
        details = "\n\n".join((
            tr("In the file:") + "\n" + listed(differences(base, theirs)),
            tr("Here:") + "\n" + listed(differences(base, session.document)),
        ))
        answer = ask(
            self.dock, tr("Save recipe"),
            tr("{file} was changed by somebody else since it was opened or saved here.", file=file.name),
            (("save_as", tr("Save as …")), ("overwrite", tr("Overwrite")), ("theirs", tr("Open theirs")),
             (CANCEL, tr("Cancel"))), details)
        if answer == "save_as":
            return self.choose_save()
        if answer == "overwrite":
            return self.save_to(file)
        if answer == "theirs":
            self._open_theirs(file, theirs)
        return False

    def _settle_unreadable(self, file: Path) -> bool:
        """Ask what to do with a file that is no recipe any more; say whether the recipe is saved."""
        answer = ask(
            self.dock, tr("Save recipe"),
            tr("{file} was changed by somebody else since it was opened or saved here.", file=file.name),
            (("save_as", tr("Save as …")), ("overwrite", tr("Overwrite")), (CANCEL, tr("Cancel"))),
            tr("It cannot be read as a recipe any more."))
        if answer == "save_as":
            return self.choose_save()
        return answer == "overwrite" and self.save_to(file)

    def _open_theirs(self, file: Path, theirs: dict) -> None:
        """Go on with the other state; “Redo” brings the own one back."""
        session = self.session
        own, origin = session.document, session.origin
        self.dock.open_document(theirs, file=file, template=origin.template, folder=origin.folder, year=session.year,
                                node=session.node, working=own)
        if session.origin is not origin:
            session.undo()
            self.dock.tell(tr("The recipe of the file is open. “Redo” brings your own state back."),
                           Qgis.MessageLevel.Info)


def listed(changes) -> str:
    """Return changes as lines; long lists are cut."""
    lines = [f"– {render(each)}" for each in changes]
    if len(lines) > MOST_LISTED:
        lines = [*lines[:MOST_LISTED], tr("… and {n} more", n=len(lines) - MOST_LISTED)]
    return "\n".join(lines) or tr("– nothing")
