"""What the working recipe can be compared with: earlier states, files, other years, results of the project."""
from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from qgis.core import QgsProcessingFeedback, QgsProject, QgsVectorLayer

from ....bridge.index_layers import read_indicators
from ....bridge.project import INDEX, layers_with_role, provenance_of
from ....core.catalogue import apply_to_recipe
from ....core.comparing import find_node
from ....core.index import IndexResult, compute
from ....core.messages import Message, TeilhabeError, mark
from ....core.over_time import years_in
from ....core.recipe import Recipe
from ....core.recipe_exchange import is_parcel, unpacked
from ....core.recipe_reading import read_recipe
from ....processing.compute_index import recipe_path, shipped_recipes
from ....translation import tr

OPENED, SAVED, YEAR, FILE, LAYER = "opened", "saved", "year", "file", "layer"


@dataclass(frozen=True)
class Source:
    """One thing to compare with: its kind, and which one of that kind (a year, a file, a layer's id)."""

    kind: str
    which: str = ""

    def to_list(self) -> list[str]:
        """Return the source as JSON values."""
        return [self.kind, self.which]


@dataclass(frozen=True, eq=False)
class Before:
    """A computation to compare with.

    Attributes
    ----------
    result : IndexResult
    document : dict
        Its recipe.
    title : str
    notes : list of Message
    """

    result: IndexResult
    document: dict
    title: str
    notes: tuple[Message, ...] = ()


def choices(session, files: list[str]) -> list[tuple[str, list[tuple[str, Source]]]]:
    """Return headings, each with titles and sources.

    Parameters
    ----------
    session : Session
    files : list of str
        Recipe files that the user chose.
    """
    states = [(tr("Recipe at opening"), Source(OPENED))]
    if session.path_of_file is not None:
        states.append((tr("Saved file {name}", name=session.path_of_file.name), Source(SAVED)))
    years = [(tr("Year {year}", year=year), Source(YEAR, str(year))) for year in reversed(session.years)
             if year != session.year]
    layers = [(layer.name(), Source(LAYER, layer.id())) for layer in layers_with_role(QgsProject.instance(), INDEX)
              if isinstance(layer, QgsVectorLayer) and provenance_of(layer).get("recipe")]
    shipped = [(title, Source(FILE, name)) for name, title in shipped_recipes() if _fits(name, session)]
    own = [(Path(name).name, Source(FILE, name)) for name in files]
    groups = ((tr("This recipe"), states), (tr("The same recipe, another year"), years),
              (tr("Results in the project"), layers), (tr("Other recipes"), [*own, *shipped]))
    return [(heading, entries) for heading, entries in groups if entries]


def _fits(name: str, session) -> bool:
    """Say whether the areas have what a shipped recipe reads."""
    recipe = read_recipe(recipe_path(name).read_text(encoding="utf-8"), name)
    year = _year(recipe, session)
    return set(recipe.columns(year)) <= set(session.frame.columns) and name != f"{session.document.get('id')}.json"


def _year(recipe: Recipe, session) -> int | None:
    """Return the year of a recipe that is looked at: that of the session where it has it, else its own or latest."""
    years = years_in(recipe, session.frame.columns)
    if session.year in years or not years:
        return session.year if years else None
    return recipe.year if recipe.year in years else years[-1]


class Sources:
    """Computes what is compared with; what was computed once is kept while nothing changes.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session):
        self.session = session
        self._key, self._before = None, None

    def before(self, source: Source) -> Before:
        """Return the computation to compare with.

        Raises
        ------
        TeilhabeError
            When it cannot be computed from the areas that are open.
        """
        session = self.session
        key = (source, session.layer_id, session.year, id(session.frame), self._text(source))
        if key != self._key or self._before is None:
            self._before = self._computed(source)
            self._key = key
        return self._before

    def _text(self, source: Source) -> str:
        """Return what decides on the recipe of a source."""
        if source.kind == YEAR:
            return self.session.fingerprint
        if source.kind in (OPENED, SAVED):
            return json.dumps(self._document(source), sort_keys=True)
        if source.kind == FILE:
            file = recipe_path(source.which)
            return str(file.stat().st_mtime_ns) if file.exists() else ""
        return ""

    def _document(self, source: Source) -> dict:
        session = self.session
        return session.history.steps[0].document if source.kind == OPENED else session.origin.document

    def _computed(self, source: Source) -> Before:
        session = self.session
        if source.kind == LAYER:
            return self._of_layer(source.which)
        if source.kind == YEAR:
            recipe, year = session.recipe, int(source.which)
            return Before(compute(recipe, session.frame, year), session.document, tr("Year {year}", year=year))
        if source.kind == FILE:
            file = recipe_path(source.which)
            document, title = _read(file), file.name
        else:
            document = self._document(source)
            title = tr("Recipe at opening") if source.kind == OPENED else tr("Saved file {name}",
                                                                             name=session.path_of_file.name)
        recipe = read_recipe(json.dumps(document), title)
        year = _year(recipe, session)
        if source.kind == FILE:
            title = f"{recipe.title} {year}" if year and str(year) not in recipe.title else recipe.title
        return Before(compute(self._named(recipe), session.frame, year), document, title)

    def _named(self, recipe: Recipe) -> Recipe:
        """Return a recipe with the names that the catalogue gives."""
        if self.session.catalogue is None:
            return recipe
        return apply_to_recipe(recipe, self.session.catalogue)[0]

    def _of_layer(self, identity: str) -> Before:
        layer = QgsProject.instance().mapLayer(identity)
        if layer is None:
            raise TeilhabeError(mark("The layer is no longer in the project."))
        record = provenance_of(layer)
        recipe = read_recipe(record["recipe"], layer.name())
        year = record.get("year")
        frame = read_indicators(layer, recipe, None, True, QgsProcessingFeedback(False)).reset_index(drop=True)
        result = compute(self._named(recipe), frame, year)
        return Before(result, json.loads(record["recipe"]), layer.name(), _changed_since(result, frame))


def _read(file: Path) -> dict:
    """Return the recipe of a file, be it a recipe or one that was passed on with its catalogue."""
    text = file.read_text(encoding="utf-8")
    try:
        values = json.loads(text)
    except ValueError:
        values = None
    if is_parcel(values):
        return unpacked(text, file.name).document
    return json.loads(read_recipe(text, file.name).text)


def _changed_since(result: IndexResult, frame) -> tuple[Message, ...]:
    """Say so when the layer holds other classes than its recipe gives: its values were changed by hand."""
    for each in result.class_sets:
        if each.column in frame:
            own = frame[each.column].astype(float).fillna(-1).tolist()
            if own != result.frame[each.column].astype(float).fillna(-1).tolist():
                return (Message(mark("The layer’s classes were changed after computing; compared is what its recipe "
                                     "gives.")),)
    return ()


def node_before(before: IndexResult, after: IndexResult, node: str) -> str:
    """Return the node of the earlier computation that is compared with a node of the later one.

    Raises
    ------
    TeilhabeError
        Where there is none.
    """
    if find_node(before.recipe, node) is not None:
        return node
    if node in [index.id for index in after.recipe.indices]:
        return before.recipe.indices[0].id
    title = find_node(after.recipe, node).title
    raise TeilhabeError(mark("“{recipe}” has no sub-index “{title}”. Choose another index under “Map shows”."),
                        recipe=before.recipe.title, title=title)
