"""The working state of the workshop: areas, recipe with its history, result, and what is looked at."""
from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd
from qgis.core import QgsProcessingFeedback, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...bridge.catalogue_texts import find_catalogue
from ...bridge.index_layers import check_key, read_indicators
from ...core.catalogue import apply_to_recipe
from ...core.catalogue_reading import load_catalogue
from ...core.index import IndexResult, compute
from ...core.messages import TeilhabeError
from ...core.over_time import years_in
from ...core.recipe import Recipe
from ...core.recipe_editing import path_of, text_of
from ...core.recipe_reading import read_recipe
from ...translation import render, tr
from ..history import History
from .fault import Fault, fault_of
from .view import View, choices, view_of


@dataclass(frozen=True)
class Origin:
    """Where the recipe came from.

    Attributes
    ----------
    file : Path or None
        The file that “Save” writes to; None until there is one.
    document : dict
        What was saved or opened last.
    template : dict
        What “Reset” returns to.
    folder : Path or None
        Where the catalogue is looked for beside those of the plugin.
    """

    file: Path | None
    document: dict
    template: dict
    folder: Path | None = None


class Session(QObject):
    """Recipe, result and selection; everything that is shown follows its signals.

    Signals
    -------
    opened()
        Other areas or another recipe: everything anew.
    recipe_changed()
        The recipe changed; `computed` follows.
    computed()
        There is a new result, or a fault why there is none.
    node_changed(), selected()
        Another index is looked at; other areas are selected.
    state_changed()
        File, saved or not, or what can be undone changed.
    certainty_changed()
        Rank intervals and shares of the classes came in.
    closed()
        There are no areas any more.
    """

    opened = pyqtSignal()
    recipe_changed = pyqtSignal()
    computed = pyqtSignal()
    node_changed = pyqtSignal()
    selected = pyqtSignal()
    state_changed = pyqtSignal()
    certainty_changed = pyqtSignal()
    closed = pyqtSignal()

    def __init__(self, workshop=None):
        super().__init__(workshop if isinstance(workshop, QObject) else None)
        self.workshop = workshop
        self._forget()

    def _forget(self) -> None:
        self.layer_id, self.frame, self.catalogue = "", pd.DataFrame(), None
        self.history, self.origin = None, None
        self.recipe: Recipe | None = None
        self.fault: Fault | None = None
        self.result: IndexResult | None = None
        self.year: int | None = None
        self.years: list[int] = []
        self.node, self.selection, self.certainty = "", (), None
        self._view: View | None = None
        self._forget_names()

    def _forget_names(self) -> None:
        self.__dict__.pop("keys", None)
        self.__dict__.pop("names", None)

    # areas and recipe ------------------------------------------------------------------------------------------

    def open(self, layer: QgsVectorLayer, document: dict, *, file: Path | None = None, template: dict | None = None,
             folder: Path | None = None, year: int | None = None, node: str = "", working: dict | None = None) -> None:
        """Begin with a layer and a recipe.

        Parameters
        ----------
        layer : QgsVectorLayer
            Areas with the columns of the indicators.
        document : dict
            The recipe as saved.
        file : Path, optional
            Where it was read from and is saved to.
        template : dict, optional
            What “Reset” returns to; the recipe itself by default.
        folder : Path, optional
            Where its catalogue may lie; that of the file by default.
        year, node
            What is looked at first.
        working : dict, optional
            A later state that was not saved.

        Raises
        ------
        TeilhabeError
            When the recipe is not valid or the layer's key is not unique; the earlier state stays.
        """
        recipe = read_recipe(json.dumps(document), str(file or document.get("title", "")))
        frame = read_indicators(layer, recipe, None, True, QgsProcessingFeedback(False)).reset_index(drop=True)
        catalogue = self._catalogue(recipe, folder or (file.parent if file else Path()))
        self._forget()
        self.layer_id, self.frame, self.catalogue = layer.id(), frame, catalogue
        self.history = History(document)
        self.origin = Origin(file, document, template or document, folder or (file.parent if file else None))
        if working is not None and working != document:
            self.history.add(tr("changes that were not saved"), working)
        self.recipe, self.years = recipe, years_in(recipe, frame.columns)
        self.year = year if year in self.years else self._latest(recipe)
        self._compute()
        if self.result is None and self.history.position:  # until the later state is mended the saved one is shown
            later = self.fault
            self.history.undo()
            self._compute()
            self.history.redo()
            self.fault = later
        self.node = node
        self._settle_node()
        self.opened.emit()
        self.computed.emit()
        self.state_changed.emit()

    def reload(self) -> None:
        """Read the areas again after they were edited; recipe, history and selection stay.

        Raises
        ------
        TeilhabeError
            When the keys are not unique any more; the earlier state stays.
        """
        layer = self.layer()
        if layer is None or self.recipe is None:
            return
        chosen = {self.keys[row] for row in self.selection}
        frame = read_indicators(layer, self.recipe, None, True, QgsProcessingFeedback(False)).reset_index(drop=True)
        self.frame, self.certainty = frame, None
        self._forget_names()
        self.selection = tuple(row for row, key in enumerate(self.keys) if key in chosen)
        self._compute()
        self._settle_node()
        self.opened.emit()
        self.computed.emit()
        self.selected.emit()

    def close(self) -> None:
        """Forget everything."""
        if self.layer_id:
            self._forget()
            self.closed.emit()

    def layer(self) -> QgsVectorLayer | None:
        """Return the layer with the areas, None when it is gone."""
        found = QgsProject.instance().mapLayer(self.layer_id) if self.layer_id else None
        return found if isinstance(found, QgsVectorLayer) else None

    @property
    def is_open(self) -> bool:
        """Say whether there are areas and a recipe."""
        return self.history is not None

    @property
    def document(self) -> dict:
        """The recipe as its JSON values; never changed in place."""
        return self.history.document

    @property
    def path_of_file(self) -> Path | None:
        """The file that the recipe is saved to."""
        return self.origin.file if self.origin else None

    @property
    def is_dirty(self) -> bool:
        """Say whether the recipe differs from what was saved last."""
        return self.is_open and self.document != self.origin.document

    def saved(self, file: Path | None, template: dict | None = None) -> None:
        """Note that the recipe as it is now was saved."""
        self.origin = Origin(file, self.document, template or self.origin.template,
                             file.parent if file else self.origin.folder)
        self.state_changed.emit()

    # changes ---------------------------------------------------------------------------------------------------

    def edit(self, label: str, document: dict, merge: str = "") -> None:
        """Change the recipe as one step; changes with the same `merge` key shortly after another are one step."""
        if self.is_open and document != self.document:
            self.history.add(label, document, merge)
            self._changed()

    def undo(self) -> None:
        """Take the last step back."""
        if self.undo_text:
            self.history.undo()
            self._changed()

    def redo(self) -> None:
        """Do the step again that was taken back."""
        if self.redo_text:
            self.history.redo()
            self._changed()

    @property
    def undo_text(self) -> str:
        """What would be taken back, "" for nothing."""
        return self.history.undo_label if self.is_open else ""

    @property
    def redo_text(self) -> str:
        """What would be done again, "" for nothing."""
        return self.history.redo_label if self.is_open else ""

    def _changed(self) -> None:
        before = self.name_columns
        self._compute()
        self._settle_node()
        if before != self.name_columns:  # the areas are called otherwise
            self._forget_names()
            self.opened.emit()
        self.recipe_changed.emit()
        self.computed.emit()
        self.state_changed.emit()

    @property
    def name_columns(self) -> tuple[str, str]:
        """Columns of the layer with the keys and names of the areas as they are shown."""
        shown = self.result.recipe if self.result is not None else self.recipe
        return (shown.area_key, shown.area_name) if shown is not None else ("", "")

    def _compute(self) -> None:
        """Compute the recipe; where it cannot be computed, the last result stays and the fault says why."""
        self._view = None
        text = text_of(self.document)
        try:
            recipe = read_recipe(text, self.document.get("title") or tr("Recipe"))
            if self.recipe is not None and recipe.catalogue != self.recipe.catalogue:
                self.catalogue = self._catalogue(recipe, self.origin.folder or Path())
            if self.catalogue is not None:
                recipe = apply_to_recipe(recipe, self.catalogue)[0]
            self.years = years_in(recipe, self.frame.columns)
            if self.year not in self.years:
                self.year = self._latest(recipe)
            if self.recipe is not None and recipe.area_key != self.name_columns[0] \
                    and recipe.area_key in self.frame and self.layer() is not None:
                check_key(self.layer(), recipe, self.frame)
            self.recipe = recipe
            self.result, self.fault = compute(recipe, self.frame, self.year), None
        except TeilhabeError as error:
            self.fault = fault_of(error, self.document, path_of)

    def _latest(self, recipe: Recipe) -> int | None:
        return recipe.year if recipe.year in self.years or not self.years else self.years[-1]

    def _catalogue(self, recipe: Recipe, folder: Path):
        path = find_catalogue(recipe, folder)
        return load_catalogue(path) if path is not None else None

    def reload_catalogue(self) -> None:
        """Read the catalogue again after it was edited."""
        if self.recipe is not None:
            self.catalogue = self._catalogue(self.recipe, self.origin.folder or Path())
            self._changed()

    @property
    def fingerprint(self) -> str:
        """Fingerprint of the recipe that the result was computed by, as the provenance of written results has it."""
        return self.result.recipe.fingerprint if self.result is not None else ""

    @property
    def fault_text(self) -> str:
        """Why the recipe cannot be computed, in the user's language; "" when it can."""
        return render(self.fault.message) if self.fault is not None else ""

    # what is looked at -----------------------------------------------------------------------------------------

    def look_at(self, node_id: str) -> None:
        """Show another index, sub-index or cross."""
        if self.recipe is None or node_id == self.node or node_id not in dict(choices(self.recipe)):
            return
        self.node, self._view = node_id, None
        self.node_changed.emit()

    def set_year(self, year: int) -> None:
        """Compute another year."""
        if year != self.year and year in self.years:
            self.year = year
            self._compute()
            self.computed.emit()

    def _settle_node(self) -> None:
        if self.recipe is not None and self.node not in dict(choices(self.recipe)):
            self.node = self.recipe.indices[0].id

    def set_certainty(self, certainty) -> None:
        """Note how sure ranks and classes are; see `certainty.Certainty`."""
        self.certainty = certainty
        self.certainty_changed.emit()

    def view(self) -> View | None:
        """Return scores and classes of what is looked at, None without a result."""
        if self._view is None and self.result is not None:
            self._view = view_of(self.result, self.node)
        return self._view

    def select(self, rows: Iterable[int]) -> None:
        """Select areas by their rows in the frame."""
        chosen = tuple(sorted({int(row) for row in rows if 0 <= int(row) < len(self.frame)}))
        if chosen != self.selection:
            self.selection = chosen
            self.selected.emit()

    @cached_property
    def keys(self) -> list[str]:
        """Area keys, one per row."""
        key, _name = self.name_columns
        return self.frame[key].astype(str).tolist() if key in self.frame else []

    @cached_property
    def names(self) -> list[str]:
        """Names of the areas, their keys where they have none."""
        _key, column = self.name_columns
        if column not in self.frame:
            return self.keys
        return [str(name) if isinstance(name, str) and name.strip() else key
                for name, key in zip(self.frame[column], self.keys)]
