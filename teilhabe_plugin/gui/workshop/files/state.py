"""The working state as JSON values: recipe, its file, the layer, and what is looked at; and back into the session."""
from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from qgis.core import QgsProject, QgsVectorLayer

from ....bridge.project import AREAS, INDICATORS, layers_with_role, role_of
from ....core.messages import TeilhabeError
from ....core.recipe_editing import is_sound
from ....core.recipe_reading import read_recipe
from ... import recipe_fit
from ..starting import has_areas

VERSION = 1


@dataclass(frozen=True)
class Working:
    """What the session holds; documents are never changed in place, so that this is no copy.

    Attributes
    ----------
    document, saved, template : dict
        The recipe now, as saved last, and what “Reset” returns to.
    file, folder : Path or None
    layer : dict
        Id, role and source of the layer with the areas.
    year : int or None
    node : str
    """

    document: dict
    saved: dict
    template: dict
    file: Path | None
    folder: Path | None
    layer: dict
    year: int | None
    node: str

    @property
    def is_dirty(self) -> bool:
        """Say whether the recipe differs from what was saved last."""
        return self.document != self.saved


def working_of(session) -> Working | None:
    """Return what the session holds now, None when it is closed."""
    if not session.is_open:
        return None
    layer, origin = session.layer(), session.origin
    described = {"id": session.layer_id}
    if layer is not None:
        described |= {"role": role_of(layer), "source": layer.source() if layer.providerType() != "memory" else ""}
    return Working(session.document, origin.document, origin.template, origin.file, origin.folder, described,
                   session.year, session.node)


def to_values(working: Working, shown=str) -> dict:
    """Return the state as JSON values; ``shown`` turns a path into text."""
    values = {"version": VERSION, "document": working.document, "layer": working.layer, "node": working.node}
    if working.is_dirty:
        values["saved"] = working.saved
    if working.template != working.saved:
        values["template"] = working.template
    for name, path in (("file", working.file), ("folder", working.folder)):
        if path is not None:
            values[name] = shown(str(path))
    if working.year is not None:
        values["year"] = working.year
    return values


def from_values(values, read=str) -> Working | None:
    """Return the state that JSON values hold, None where they hold none that can be worked on."""
    if not isinstance(values, dict) or not is_sound(values.get("document")):
        return None
    document = values["document"]
    saved = values["saved"] if is_sound(values.get("saved")) else document
    template = values["template"] if is_sound(values.get("template")) else saved
    file, folder = (Path(read(values[name])) if isinstance(values.get(name), str) and values[name] else None
                    for name in ("file", "folder"))
    layer = values.get("layer") if isinstance(values.get("layer"), dict) else {}
    layer = {name: value for name, value in layer.items() if isinstance(value, str)}
    year = values.get("year") if isinstance(values.get("year"), int) else None
    return Working(document, saved, template, file, folder, layer, year, str(values.get("node", "")))


def same_state(first: dict | None, second: dict | None) -> bool:
    """Say whether two states hold the same recipe, saved or not; what is looked at does not count."""
    return all((first or {}).get(name) == (second or {}).get(name) for name in ("document", "saved", "file"))


def layer_of(working: Working, project: QgsProject) -> QgsVectorLayer | None:
    """Return the layer that a state belongs to: by its id, else the newest one with the role and all columns."""
    layer = project.mapLayer(working.layer.get("id", ""))
    if has_areas(layer):
        return layer
    try:
        recipe = read_recipe(json.dumps(working.saved))
    except TeilhabeError:
        return None
    of_role = [each for role in (INDICATORS, AREAS) for each in layers_with_role(project, role)]
    others = [each for each in project.mapLayers().values()
              if working.layer.get("source") and each.source() == working.layer["source"]]
    for each in [*of_role, *others]:
        if has_areas(each):
            fit = recipe_fit.fit(recipe, [field.name() for field in each.fields()], working.year)
            if not fit.missing or (fit.years and not working.year):
                return each
    return None


def open_in(session, working: Working, layer: QgsVectorLayer) -> None:
    """Open a state in the session.

    Raises
    ------
    TeilhabeError
        When the recipe as saved is not valid or does not fit the layer.
    """
    session.open(layer, working.saved, file=working.file, template=working.template, folder=working.folder,
                 year=working.year, node=working.node, working=working.document)
