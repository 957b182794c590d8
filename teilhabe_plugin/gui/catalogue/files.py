"""Opening and saving catalogues: templates, own files, and files that somebody else has changed."""
from __future__ import annotations

import datetime
from pathlib import Path

from qgis.core import Qgis, QgsSettings
from qgis.PyQt.QtCore import QObject
from qgis.PyQt.QtWidgets import QFileDialog

from ... import paths
from ...translation import language, tr
from ..errors import expected, in_words
from .differences import DifferencesDialog, counted
from .questions import ask
from .record_dialog import RECORDED, RecordDialog, asks

LAST, RECENT, FOLDER = "teilhabe/catalogue/last", "teilhabe/catalogue/recent", "teilhabe/catalogue/folder"
MOST_RECENT = 6
FIRST_TEMPLATE = "sozial_gesundheitsmonitoring.json"


class CatalogueFiles(QObject):
    """Keeps the session's catalogue and its file together; asks before something is lost."""

    def __init__(self, window):
        super().__init__(window)
        self.window, self.session = window, window.session
        self.is_told, self.abandoned = False, None

    # opening ---------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Open what was open last, else the catalogue that the project works with, else a template."""
        last = str(QgsSettings().value(LAST, "") or "")
        if last and Path(last).is_file() and self.open_path(last):
            return
        names = [path.name for path, _title in templates()]
        wanted = next((name for name in in_project() if name in names), FIRST_TEMPLATE)
        if not self.open_path(str(paths.resource("catalogues", wanted))) and not self.session.is_open:
            self.make_new()

    def open_path(self, path: str) -> bool:
        """Open a file; say whether that went well."""
        from ...core.catalogue_reading import load_catalogue

        path = Path(path)
        self.window.bar.clearWidgets()
        try:
            catalogue = load_catalogue(path)
        except expected() as error:
            self.window.tell(in_words(error), Qgis.MessageLevel.Critical)
            return False
        self.is_told = False
        self.session.open(catalogue, path, is_template(path))
        self.remember(path)
        if self.session.is_template:
            self.tell_template()
        return True

    def open_if_may(self, path: str) -> None:
        """Open a file unless the user wants to keep what is in the window."""
        if self.may_leave():
            self.open_path(path)

    def choose(self) -> None:
        """Let the user choose a file."""
        if not self.may_leave():
            return
        path, _filter = QFileDialog.getOpenFileName(self.window, tr("Open indicator catalogue"), folder(),
                                                    tr("Catalogues (*.json)"))
        if path:
            self.open_path(path)

    def new(self) -> None:
        """Begin an empty catalogue."""
        if self.may_leave():
            self.make_new()

    def make_new(self) -> None:
        """Begin an empty catalogue without asking."""
        from ...core.catalogue_editing import empty_catalogue

        self.window.bar.clearWidgets()
        self.session.open(empty_catalogue(tr("New indicator catalogue"), language(),
                                          datetime.date.today().isoformat()))

    def tell_template(self) -> None:
        """Say that a template cannot be changed, and what to do."""
        self.window.tell(tr("This catalogue comes with the plugin and cannot be changed. Save it as your own to edit "
                            "it."), Qgis.MessageLevel.Info, (tr("Save as own file …"), self.save_as))

    def remember(self, path: Path) -> None:
        """Keep the file for the next time."""
        settings = QgsSettings()
        settings.setValue(LAST, str(path))
        if not is_template(path):
            settings.setValue(RECENT, [str(path), *(each for each in recent() if each != str(path))][:MOST_RECENT])
            settings.setValue(FOLDER, str(path.parent))

    # saving ----------------------------------------------------------------------------------------------------

    def save(self) -> bool:
        """Save into the catalogue's file; say whether that was done."""
        if not self.session.is_open:
            return False
        if self.session.is_template or self.session.path is None:
            return self.save_as()
        if self.session.file_differs() and not self.may_replace():
            return False
        return self._save_to(self.session.path)

    def save_as(self) -> bool:
        """Save into a file that the user chooses."""
        if not self.session.is_open or not self.can_save():
            return False
        session = self.session
        name = session.path.name if session.path is not None else f"{session.catalogue.id}.json"
        start = folder() if session.is_template or session.path is None else str(session.path.parent)
        path, _filter = QFileDialog.getSaveFileName(self.window, tr("Save indicator catalogue as"),
                                                    str(Path(start) / name), tr("Catalogues (*.json)"))
        if not path:
            return False
        path = Path(path if path.lower().endswith(".json") else f"{path}.json")
        if is_template(path):
            self.window.tell(tr("The plugin’s own catalogues are not overwritten. Choose another folder."),
                             Qgis.MessageLevel.Warning)
            return False
        return self._save_to(path)

    def _save_to(self, path: Path) -> bool:
        from ...bridge.catalogue_files import save_catalogue
        from ...core.catalogue_editing_checks import cleaned

        if not self.can_save() or not self.may_lose_numbers() or not self.recorded():
            return False
        try:
            save_catalogue(cleaned(self.session.catalogue), str(path))
        except expected() as error:
            self.window.tell(in_words(error), Qgis.MessageLevel.Critical)
            return False
        self.session.was_saved(path)
        self.remember(path)
        self.is_told = False
        self.window.refresh(anew=False)
        self.window.tell(tr("Saved: {file}", file=path.name), Qgis.MessageLevel.Success)
        return True

    def can_save(self) -> bool:
        """Say whether the catalogue is valid; show what is not."""
        count = len(self.session.problems)
        if count:
            self.window.tell(
                tr("One entry has to be mended before the catalogue can be saved.") if count == 1 else
                tr("{n} entries have to be mended before the catalogue can be saved.", n=count),
                Qgis.MessageLevel.Critical, (tr("Show the first"), self.window.next_problem))
        return not count

    def may_lose_numbers(self) -> bool:
        """Ask when recipes refer to numbers that are gone."""
        from ...core.catalogue_editing_uses import lost_numbers, recipes_using

        uses = self.window.recipes.uses()
        lost = lost_numbers(self.session.saved, self.session.catalogue, uses)
        if not lost:
            return True
        more = "\n".join(f"{number}: {', '.join(recipes_using(uses, number))}" for number in lost[:12])
        return ask(self.window, tr("Numbers that recipes refer to"),
                   tr("Recipes refer to numbers that this catalogue no longer has. The recipes keep computing, but "
                      "without the catalogue’s names and units for these indicators. Save nevertheless?"),
                   [("save", tr("Save"), "yes"), ("cancel", tr("Cancel"), "cancel")], more) == "save"

    def recorded(self) -> bool:
        """Let the user enter into the history what has changed; say whether saving goes on."""
        if not asks():
            return True
        return self.propose(saves=True)

    def propose(self, saves: bool = False) -> bool:
        """Propose entries for the history; say whether the user did not cancel."""
        from ...core.catalogue_editing_history import Proposal, next_version, proposals
        from ...core.messages import Message, mark
        from . import words

        saved, now = self.session.saved, self.session.catalogue
        own = words.words(now.language)  # the history stands in the catalogue, so it speaks its language
        names = {**own["catalogue"], "dimensions": own["headings"]["dimensions"],
                 **{name: each[0] for name, each in own["indicators"].items()}}
        covered = {each.indicator for each in now.history if each not in saved.history}
        found = [each for each in proposals(saved, now, names) if each.indicator not in covered]
        if self.session.path is None and not saved.entries:  # begun here: not every indicator is news
            found = [] if now.history else [Proposal("", Message(mark("First edition")))]
        if not found:
            return True
        version = now.version if now.version != saved.version or not now.history else next_version(now.version)
        dialog = RecordDialog(self.window, now, found, version or "1.0", saves)
        try:
            answer = dialog.exec()
            if answer == RECORDED:
                self.session.edit(tr("history"), dialog.recorded(), self.window.history_place())
        finally:
            dialog.deleteLater()
        return bool(answer)

    def may_leave(self) -> bool:
        """Ask what becomes of unsaved changes; say whether the catalogue may go."""
        if not self.session.is_dirty or self.abandoned is self.session.catalogue:
            return True
        text = tr("“{title}” has changes that are not saved.", title=self.session.catalogue.title)
        if self.session.problems:
            text += " " + tr("{n} entries have to be mended before it can be saved.", n=len(self.session.problems))
            answer = ask(self.window, tr("Unsaved changes"), text,
                         [("back", tr("Back to the catalogue"), "yes"), ("discard", tr("Discard changes"), "lose"),
                          ("cancel", tr("Cancel"), "cancel")])
            if answer == "back":
                self.window.next_problem()
        else:
            answer = ask(self.window, tr("Unsaved changes"), text,
                         [("save", tr("Save"), "yes"), ("discard", tr("Discard changes"), "lose"),
                          ("cancel", tr("Cancel"), "cancel")])
        return self.save() if answer == "save" else answer == "discard"

    def may_end(self) -> bool:
        """Ask when QGIS is about to end; changes given up then are not asked about once more."""
        may = self.may_leave()
        self.abandoned = self.session.catalogue if may and self.session.is_open else None
        return may

    # a file that somebody else has changed ---------------------------------------------------------------------

    def check_disk(self) -> None:
        """Say once when somebody else has changed or removed the file."""
        if self.is_told or not self.session.is_open or not self.session.file_differs():
            return
        self.is_told = True
        if not self.session.path.is_file():
            self.session.accept_file()
            self.is_told = False
            self.window.tell(tr("The file {file} is gone. What is in this window is kept; save it again.",
                                file=self.session.path.name), Qgis.MessageLevel.Warning,
                             (tr("Save as …"), self.save_as))
            return
        text = tr("Somebody else has changed {file} meanwhile.", file=self.session.path.name)
        if self.session.is_dirty:
            text += " " + tr("Your own changes are not saved yet.")
        self.window.tell(text, Qgis.MessageLevel.Warning, (tr("Show differences"), self.show_theirs),
                         (tr("Reload the file"), self.reload), (tr("Keep mine"), self.keep_mine))

    def reload(self) -> None:
        """Take the file as it is now; own changes go, and one undo brings them back."""
        theirs = self._theirs()
        if theirs is None:
            return
        self.window.bar.clearWidgets()
        self.is_told = False
        mine_was_dirty = self.session.is_dirty
        self.session.edit(tr("file read anew"), theirs)
        self.session.was_saved(self.session.path)
        self.window.refresh(anew=True)
        self.window.tell(tr("The file was read anew. “Undo” brings your own state back.") if mine_was_dirty else
                         tr("The file was read anew."), Qgis.MessageLevel.Success)

    def keep_mine(self) -> None:
        """Go on with what is in the window; the next save replaces the file."""
        self.session.accept_file()
        self.is_told = False
        self.window.bar.clearWidgets()

    def show_theirs(self) -> None:
        """Show how the file differs from what is in the window."""
        from ...core.catalogue_editing_history import differences

        theirs = self._theirs()
        if theirs is None:
            return
        changes = differences(self.session.catalogue, theirs)
        dialog = DifferencesDialog(self.window, tr("Changed by somebody else"),
                                   tr("Before: this window. After: the file as it is now.") + " " + counted(changes),
                                   changes)
        dialog.exec()
        dialog.deleteLater()

    def may_replace(self) -> bool:
        """Ask whether the changes of somebody else are overwritten."""
        if not self.session.path.is_file():
            return True
        answer = ask(self.window, tr("The file has changed"),
                     tr("Somebody else has changed {file} meanwhile. Saving would overwrite that.",
                        file=self.session.path.name),
                     [("differences", tr("Show differences"), "yes"), ("overwrite", tr("Overwrite"), "lose"),
                      ("as", tr("Save as …"), "other"), ("cancel", tr("Cancel"), "cancel")])
        if answer == "differences":
            self.show_theirs()
            return False
        if answer == "as":
            self.save_as()
            return False
        return answer == "overwrite"

    def _theirs(self):
        from ...core.catalogue_reading import load_catalogue

        try:
            return load_catalogue(self.session.path)
        except expected() as error:
            self.window.tell(in_words(error), Qgis.MessageLevel.Critical)
            return None


def templates() -> list[tuple[Path, str]]:
    """Return file and title of the catalogues that come with the plugin, by title."""
    import json

    found = []
    for path in paths.resource("catalogues").glob("*.json"):
        found.append((path, json.loads(path.read_text(encoding="utf-8"))["title"]))
    return sorted(found, key=lambda each: each[1].casefold())


def is_template(path: Path) -> bool:
    """Say whether a file comes with the plugin."""
    return path.absolute().parent == paths.resource("catalogues").absolute()


def in_project() -> list[str]:
    """Return the names of the catalogues that the recipes of the project's layers name."""
    from .recipes import in_layers

    names = [str(recipe.get("catalogue") or "") for recipe in in_layers()]
    return [name if name.endswith(".json") else f"{name}.json" for name in dict.fromkeys(names) if name]


def recent() -> list[str]:
    """Return the own files used last that are still there."""
    return [path for path in QgsSettings().value(RECENT, [], type=list) if Path(path).is_file()]


def folder() -> str:
    """Return the folder to begin in."""
    from qgis.core import QgsProject

    return str(QgsSettings().value(FOLDER, "") or QgsProject.instance().homePath() or Path.home())
