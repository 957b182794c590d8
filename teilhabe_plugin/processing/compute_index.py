"""Algorithm: compute the indices of a recipe."""
from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterVectorDestination,
    QgsProcessingParameterVectorLayer,
)

from .. import paths
from ..translation import tr
from .base import TeilhabeAlgorithm
from .index_parameters import recipe_parameter, year_parameter


class ComputeIndexAlgorithm(TeilhabeAlgorithm):
    """Recipe and indicator layer in, layer with scores and classes out."""

    ID = "computeindex"
    ICON = "compute.svg"

    def title(self):
        return tr("Compute index")

    def define(self):
        polygon, table = QgsProcessing.TypeVectorAnyGeometry, QgsProcessing.TypeVector
        self.addParameter(QgsProcessingParameterVectorLayer("INPUT", tr("Layer with indicators"), [polygon]))
        self.addParameter(recipe_parameter())
        self.addParameter(year_parameter())
        keep = QgsProcessingParameterBoolean("KEEP_FIELDS", tr("Keep all fields of the layer"), False)
        self.add_advanced(keep)
        self.addParameter(QgsProcessingParameterVectorDestination("OUTPUT", tr("Index"), polygon))
        self.addParameter(QgsProcessingParameterVectorDestination(
            "VALUES", tr("All values of all steps (long table)"), table, optional=True, createByDefault=False,
        ))
        self.addParameter(QgsProcessingParameterVectorDestination(
            "PARENTS", tr("Mean scores of districts and city, weighted by people (table)"), table, optional=True,
            createByDefault=False,
        ))
        self.addOutput(QgsProcessingOutputNumber("AREAS_CLASSED", tr("Areas with a class")))
        self.addOutput(QgsProcessingOutputNumber("AREAS_EXCLUDED", tr("Areas left out by the recipe")))
        self.addOutput(QgsProcessingOutputNumber("AREAS_WITHOUT_VALUE", tr("Areas without a class for want of data")))

    def execute(self, parameters, context, feedback):
        from ..bridge.catalogue_texts import with_catalogue
        from ..bridge.feedback import cancelled_of, progress_of, push
        from ..bridge.index_layers import read_indicators, table_names, write_index, write_parents, write_values
        from ..bridge.layer_output import check_targets
        from ..core.index import compute
        from ..core.recipe_reading import load_recipe

        layer = self.vector_layer(parameters, "INPUT", context)
        path = recipe_path(self.parameterAsFile(parameters, "RECIPE", context))
        recipe, catalogue = with_catalogue(load_recipe(path), path.parent, feedback)
        year = self.whole_or_none(parameters, "YEAR", context)
        keep = self.parameterAsBoolean(parameters, "KEEP_FIELDS", context)
        check_targets(parameters, table_names(recipe), [layer], [str(path)])

        feedback.pushInfo(tr("Reading {layer} …", layer=layer.name()))
        frame = read_indicators(layer, recipe, year, keep, feedback)
        feedback.pushInfo(tr("Computing “{recipe}” for {count} areas …", recipe=recipe.title, count=len(frame)))
        result = compute(recipe, frame, year, progress_of(feedback, 20, 60), cancelled_of(feedback))
        push(feedback, result.notes)
        for class_set in result.class_sets:
            names = {each.value: each.name for each in class_set.classes}
            counts = result.class_counts(class_set)
            feedback.pushInfo(f"{class_set.title}: " + ", ".join(f"{names[v]} {n}" for v, n in counts.items()))
        outputs = {"OUTPUT": write_index(self, parameters, "OUTPUT", context, feedback, layer, result,
                                         frame if keep else None, catalogue)}
        if parameters.get("VALUES"):
            outputs["VALUES"] = write_values(self, parameters, "VALUES", context, feedback, layer, result)
        if parameters.get("PARENTS"):
            outputs["PARENTS"] = write_parents(self, parameters, "PARENTS", context, feedback, layer, result, frame)
        return outputs | result.counts()


def shipped_or_file(name: str):
    """Return the recipe of a file, or of the plugin's own when only its name is given."""
    from ..core.recipe_reading import load_recipe

    return load_recipe(recipe_path(name))


def recipe_path(name: str) -> Path:
    """Return the file of a recipe; one that comes with the plugin may be given by its name."""
    from ..core.messages import TeilhabeError, mark

    if not name:
        raise TeilhabeError(mark("No recipe is chosen."))
    own = paths.resource("recipes", name if name.endswith(".json") else f"{name}.json")
    if Path(name).name == name and not Path(name).exists() and own.exists():
        return own
    return Path(name)


def shipped_recipes() -> list[tuple[str, str]]:
    """Return file name and title of the recipes that come with the plugin."""
    import json

    found = []
    for path in sorted(paths.resource("recipes").glob("*.json")):
        found.append((path.name, json.loads(path.read_text(encoding="utf-8"))["title"]))
    return found
