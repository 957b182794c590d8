"""Passing a recipe on together with its catalogue, and taking over what others passed on."""
from __future__ import annotations

import json
from pathlib import Path

from qgis.core import Qgis
from qgis.PyQt.QtCore import QObject
from qgis.PyQt.QtWidgets import QFileDialog

from ....bridge.catalogue_files import described, save_catalogue, write_beside
from ....bridge.catalogue_texts import find_catalogue
from ....core.catalogue import Catalogue, compare
from ....core.catalogue_reading import load_catalogue
from ....core.messages import TeilhabeError, mark
from ....core.recipe_differences import differences
from ....core.recipe_exchange import Parcel, is_parcel, packed, unpacked
from ....core.recipe_reading import read_recipe
from ....translation import tr
from ...errors import expected, in_words
from . import disk
from .questions import CANCEL, ask
from .saving import listed


class Exchange(QObject):
    """“Export with catalogue” and “Import”.

    Parameters
    ----------
    dock : WorkshopDock
    """

    def __init__(self, dock):
        super().__init__(dock)
        self.dock, self.session = dock, dock.session

    # out -------------------------------------------------------------------------------------------------------

    def choose_export(self) -> None:
        """Let the user choose a file to pass on."""
        proposal = Path(disk.folder()) / f"{self.session.document.get('id', 'recipe')}_{tr('exchange')}.json"
        path, _filter = QFileDialog.getSaveFileName(self.dock, tr("Export recipe with catalogue"), str(proposal),
                                                    tr("Recipes (*.json)"))
        if path:
            self.export_to(disk.as_json_file(path))

    def export_to(self, path: Path) -> bool:
        """Write the working recipe and its catalogue into one file; say whether it was written."""
        session = self.session
        try:
            text = packed(Parcel(session.document, session.catalogue))
            write_beside(str(path), lambda part: part.write_text(text, encoding="utf-8"))
        except expected() as error:
            self.dock.tell(in_words(error), Qgis.MessageLevel.Critical)
            return False
        said = tr("Exported: {file}, recipe and catalogue “{catalogue}”. “Import” opens it elsewhere.", file=path.name,
                  catalogue=session.catalogue.title) if session.catalogue is not None else \
            tr("Exported: {file}. The recipe has no catalogue.", file=path.name)
        self.dock.tell(said, Qgis.MessageLevel.Success)
        return True

    # in --------------------------------------------------------------------------------------------------------

    def is_exchange(self, path: Path) -> bool:
        """Say whether a file holds recipe and catalogue together."""
        return is_parcel(disk.document_on_disk(path))

    def import_file(self, path: Path, target: Path | None = None) -> bool:
        """Take over recipe and catalogue of a file, after the user saw what is new; say whether it was done.

        Parameters
        ----------
        path : Path
        target : Path, optional
            Where the recipe is saved to; the user is asked by default.
        """
        try:
            parcel = unpacked(disk.text_on_disk(path), str(path))
        except expected() as error:
            self.dock.tell(in_words(error), Qgis.MessageLevel.Critical)
            return False
        answer = ask(
            self.dock, tr("Import recipe"),
            tr("Import “{recipe}” from {file}?", recipe=parcel.document.get("title", ""), file=path.name),
            (("import", tr("Import …")), (CANCEL, tr("Cancel"))), self.news(parcel))
        if answer != "import":
            return False
        target = target or self._chosen_target(parcel, path)
        return target is not None and self._unpack(parcel, target)

    def news(self, parcel: Parcel) -> str:
        """Return in words what a file brings that is not here."""
        session, parts = self.session, []
        if session.is_open and session.document.get("id") == parcel.document.get("id"):
            parts.append(tr("Recipe, against the one that is open:") + "\n"
                         + listed(differences(session.document, parcel.document)))
        if parcel.catalogue is not None:
            here = self._catalogue_here(parcel, session.origin.folder if session.is_open else None)
            if here is None:
                parts.append(tr("Catalogue “{catalogue}”: not here yet, {n} indicators",
                                n=len(parcel.catalogue.entries), catalogue=parcel.catalogue.title))
            elif here.fingerprint == parcel.catalogue.fingerprint:
                parts.append(tr("Catalogue “{catalogue}”: the same as here", catalogue=parcel.catalogue.title))
            else:
                parts.append(tr("Catalogue, against the one that is here:") + "\n"
                             + listed(described(each) for each in compare(here, parcel.catalogue)))
        return "\n\n".join(parts)

    def _catalogue_here(self, parcel: Parcel, folder: Path | None) -> Catalogue | None:
        recipe = read_recipe(json.dumps(parcel.document))
        found = find_catalogue(recipe, folder or Path("."))
        try:
            return load_catalogue(found) if found is not None else None
        except (TeilhabeError, OSError):
            return None

    def _chosen_target(self, parcel: Parcel, path: Path) -> Path | None:
        name = str(parcel.document.get("id", path.stem))
        if name == parcel.document.get("catalogue"):
            name = f"{name}_{tr('recipe')}"
        chosen, _filter = QFileDialog.getSaveFileName(
            self.dock, tr("Save the imported recipe as"), str(Path(disk.folder()) / f"{name}.json"),
            tr("Recipes (*.json)"))
        return disk.as_json_file(chosen) if chosen else None

    def _unpack(self, parcel: Parcel, target: Path) -> bool:
        """Save recipe and catalogue side by side and open them; say whether that was done."""
        try:
            self._place_catalogue(parcel, target)
            disk.write_document(target, parcel.document)
        except expected() as error:
            self.dock.tell(in_words(error), Qgis.MessageLevel.Critical)
            return False
        self.dock.open_document(parcel.document, file=target,
                                template=disk.template_of(parcel.document) or parcel.document)
        disk.note_used(target)
        return self.session.path_of_file == target

    def _place_catalogue(self, parcel: Parcel, target: Path) -> None:
        """Save the catalogue beside the recipe, unless the same one is found from there anyway."""
        if parcel.catalogue is None or not parcel.document.get("catalogue"):
            return
        here = self._catalogue_here(parcel, target.parent)
        if here is not None and here.fingerprint == parcel.catalogue.fingerprint:
            return
        name = parcel.document["catalogue"]
        place = target.parent / (name if name.endswith(".json") else f"{name}.json")
        if place.resolve() == target.resolve():
            raise TeilhabeError(mark("The catalogue beside the recipe is to be called {file}. Choose another name for "
                                     "the recipe."), file=place.name)
        if place.exists():
            answer = ask(
                self.dock, tr("Import recipe"),
                tr("There is another catalogue {file} in this folder. Which one shall hold?", file=place.name),
                (("here", tr("The one in the folder")), ("imported", tr("The imported one"))))
            if answer != "imported":
                return
        save_catalogue(parcel.catalogue, str(place))
