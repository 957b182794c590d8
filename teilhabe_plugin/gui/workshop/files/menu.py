"""Menu “Recipe” of the workshop: new, open, save, exchange, reset and properties."""
from __future__ import annotations

import copy
import json
from pathlib import Path

from qgis.core import Qgis, QgsApplication
from qgis.PyQt.QtCore import QObject, Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices, QKeySequence
from qgis.PyQt.QtWidgets import QAction, QFileDialog, QMenu, QToolButton

from .... import paths
from ....core.recipe_reading import read_recipe
from ....processing.compute_index import recipe_path, shipped_recipes
from ....translation import language, tr
from ... import recipe_fit
from ...errors import expected, in_words
from . import disk
from .catalogue import CatalogueLink
from .exchange import Exchange
from .questions import CANCEL, ask
from .saving import Saving

HELP = "workshop.html"


class FilesMenu(QObject):
    """What can be done with the recipe as a whole.

    Parameters
    ----------
    dock : WorkshopDock
    """

    def __init__(self, dock):
        super().__init__(dock)
        self.dock, self.session = dock, dock.session
        self.saving, self.exchange, self.link = Saving(dock), Exchange(dock), CatalogueLink(dock)
        self.actions: dict[str, QAction] = {}

    def add_to(self, toolbar) -> None:
        """Put the button with the menu into the tool bar."""
        menu = QMenu(toolbar)
        menu.setObjectName("teilhabeWorkshopRecipeMenu")
        self.templates = menu.addMenu(tr("New from template"))
        self.templates.aboutToShow.connect(self._fill_templates)
        self._add(menu, "open", tr("Open …"), self.choose_open)
        self.recent = menu.addMenu(tr("Recently used"))
        self.recent.aboutToShow.connect(self._fill_recent)
        menu.addSeparator()
        self._add(menu, "save", tr("Save"), self.save, QKeySequence.StandardKey.Save)
        self._add(menu, "save_as", tr("Save as …"), self.saving.choose_save)
        self._add(menu, "duplicate", tr("Duplicate"), self.duplicate)
        menu.addSeparator()
        self._add(menu, "import", tr("Import …"), self.choose_import)
        self._add(menu, "export", tr("Export with catalogue …"), self.exchange.choose_export)
        menu.addSeparator()
        self._add(menu, "reset", tr("Reset to template …"), self.reset)
        self._add(menu, "properties", tr("Properties of the recipe …"), self.show_properties)
        menu.aboutToShow.connect(self._enable)
        button = QToolButton()
        button.setObjectName("teilhabeWorkshopRecipe")
        button.setText(tr("Recipe"))
        button.setIcon(QgsApplication.getThemeIcon("/mActionFileSave.svg"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setToolTip(tr("New, open, save, pass on"))
        button.setMenu(menu)
        toolbar.addWidget(button)

    def _add(self, menu: QMenu, name: str, text: str, do, keys=None) -> None:
        action = QAction(text, self.dock)
        action.setObjectName(f"teilhabeWorkshop_{name}")
        if keys is not None:
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self.dock.addAction(action)
        action.triggered.connect(lambda _checked=False: do())
        menu.addAction(action)
        self.actions[name] = action

    def _enable(self) -> None:
        is_open = self.session.is_open
        for name in ("save", "save_as", "duplicate", "export", "properties"):
            self.actions[name].setEnabled(is_open)
        self.actions["reset"].setEnabled(is_open and self.session.document != self.session.origin.template)
        self.recent.setEnabled(bool(disk.recent_files()))

    # new and open ----------------------------------------------------------------------------------------------

    def templates_by_fit(self) -> list[tuple[str, str, bool]]:
        """Return file name and title of the plugin's recipes, and whether the layer has all columns; the best first."""
        layer = self.session.layer() or self.dock.areas.currentLayer()
        columns = [field.name() for field in layer.fields()] if layer is not None else []
        found = []
        for name, title in shipped_recipes():
            recipe = read_recipe(recipe_path(name).read_text(encoding="utf-8"), name)
            missing, wanted = len(recipe_fit.fit(recipe, columns).missing), len(recipe.columns())
            found.append((missing > 0, missing - wanted, title, name))
        return [(name, title, not lacks) for lacks, _found, title, name in sorted(found)]

    def _fill_templates(self) -> None:
        self.templates.clear()
        for name, title, fits in self.templates_by_fit():
            action = self.templates.addAction(title)
            if fits:
                action.setIcon(QgsApplication.getThemeIcon("/mIconSuccess.svg"))
                action.setToolTip(tr("The layer has all columns of this recipe."))
            action.triggered.connect(lambda _checked=False, name=name: self.new_from(name))

    def new_from(self, name: str) -> None:
        """Begin with a recipe that comes with the plugin."""
        if self.may_leave():
            document = json.loads(recipe_path(name).read_text(encoding="utf-8"))
            self.dock.open_document(document, template=document)

    def _fill_recent(self) -> None:
        self.recent.clear()
        for path in disk.recent_files():
            action = self.recent.addAction(path.name)
            action.setToolTip(str(path))
            action.setEnabled(path.is_file())
            action.triggered.connect(lambda _checked=False, path=path: self.open_file(path))
        self.recent.setToolTipsVisible(True)

    def choose_open(self) -> None:
        """Let the user choose a recipe file."""
        path, _filter = QFileDialog.getOpenFileName(self.dock, tr("Open recipe"), disk.folder(),
                                                    tr("Recipes (*.json)"))
        if path:
            self.open_file(Path(path))

    def open_file(self, path: Path) -> bool:
        """Open a recipe file, or import an exchange file; say whether it was opened."""
        path = Path(path)
        try:
            if self.exchange.is_exchange(path):
                return self.may_leave() and self.exchange.import_file(path)
            document = disk.read_document(path)
        except expected() as error:
            self.dock.tell(in_words(error), Qgis.MessageLevel.Critical)
            return False
        if not self.may_leave():
            return False
        self.dock.open_document(document, file=path, template=disk.template_of(document) or document)
        if self.session.path_of_file != path:
            return False  # the message says why
        disk.note_used(path)
        return True

    def choose_import(self) -> None:
        """Let the user choose a file that somebody passed on."""
        path, _filter = QFileDialog.getOpenFileName(self.dock, tr("Import recipe"), disk.folder(),
                                                    tr("Recipes (*.json)"))
        if path:
            self.open_file(Path(path))

    # keep ------------------------------------------------------------------------------------------------------

    def save(self) -> bool:
        """Save the recipe to its file; say whether it is saved."""
        return self.saving.save()

    def duplicate(self) -> None:
        """Go on with a copy that has no file yet; the file of the original stays as it was saved last."""
        session = self.session
        if not session.is_open:
            return
        before = session.document
        copied = copy.deepcopy(before)
        copied["title"] = tr("{title} (copy)", title=before.get("title", ""))
        copied["id"] = f"{before.get('id', 'rezept')}_2"
        origin = session.origin
        self.dock.open_document(before if session.fault is None else origin.document, working=copied,
                                template=origin.template, folder=origin.folder, year=session.year, node=session.node)
        self.dock.tell(tr("This is a copy without a file. “{recipe}” stays as it was saved last.",
                          recipe=before.get("title", "")), Qgis.MessageLevel.Info)

    def may_leave(self) -> bool:
        """Ask what becomes of unsaved changes before another recipe is opened; say whether to go on."""
        if not (self.session.is_open and self.session.is_dirty):
            return True
        answer = ask(
            self.dock, tr("Index workshop"),
            tr("“{recipe}” has changes that are not in a file.", recipe=self.session.document.get("title", "")),
            (("save", tr("Save")), ("discard", tr("Discard")), (CANCEL, tr("Cancel"))))
        return answer == "discard" or (answer == "save" and self.save())

    def may_close(self) -> bool:
        """Ask what becomes of unsaved changes before the workshop is closed; say whether to go on."""
        if not (self.session.is_open and self.session.is_dirty):
            return True
        answer = ask(
            self.dock, tr("Index workshop"),
            tr("“{recipe}” has changes that are not in a file.", recipe=self.session.document.get("title", "")),
            (("save", tr("Save")), ("keep", tr("Go on with them next time")), ("discard", tr("Discard")),
             (CANCEL, tr("Cancel"))),
            tr("What is not saved can be kept as the working state of this project."))
        if answer == "discard":
            self.dock.project_state.discard()
        return answer in ("keep", "discard") or (answer == "save" and self.save())

    def reset(self) -> None:
        """Return to the template, as a step that can be undone."""
        session = self.session
        if not session.is_open or session.document == session.origin.template:
            return
        answer = ask(
            self.dock, tr("Reset to template"),
            tr("Shall the recipe be again as “{recipe}” was?", recipe=session.origin.template.get("title", "")),
            (("reset", tr("Reset")), (CANCEL, tr("Cancel"))), tr("This can be undone."))
        if answer == "reset":
            session.edit(tr("reset to template"), session.origin.template)

    def show_properties(self) -> None:
        """Let the user change title, source, columns and exclusions."""
        from .properties import PropertiesDialog

        if self.session.is_open:
            dialog = PropertiesDialog(self.session, self.dock)
            dialog.exec()
            dialog.deleteLater()

    # other windows ---------------------------------------------------------------------------------------------

    def show_help(self) -> None:
        """Open the page of the manual about the workshop."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(paths.resource("help", language(), HELP))))

    def open_catalogue(self, number: str = "") -> None:
        """Open the editor of the recipe's catalogue, at an indicator where its number is given."""
        self.link.open(number)
