"""Algorithm: the method of a recipe in words."""
from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterVectorLayer,
)

from ..translation import tr
from .base import TeilhabeAlgorithm
from .compute_index import recipe_path
from .index_parameters import recipe_parameter, year_parameter

LANGUAGES = ("", "de", "en")


class MethodTextAlgorithm(TeilhabeAlgorithm):
    """Recipe in, text for a committee paper out."""

    ID = "methodtext"
    ICON = "compute.svg"

    def title(self):
        return tr("Method text")

    def define(self):
        self.addParameter(recipe_parameter())
        self.addParameter(QgsProcessingParameterEnum(
            "LANGUAGE", tr("Language"), [tr("As the recipe"), tr("German"), tr("English")], defaultValue=0))
        self.addParameter(year_parameter())
        self.addParameter(QgsProcessingParameterFile(
            "CATALOGUE", tr("Catalogue (empty: the one that the recipe names)"), fileFilter=tr("Catalogues (*.json)"),
            optional=True,
        ))
        self.addParameter(QgsProcessingParameterVectorLayer(
            "RESULT", tr("Computed index, for its class bounds"), [QgsProcessing.TypeVector], optional=True))
        self.addParameter(QgsProcessingParameterFileDestination("OUTPUT", tr("Text"), tr("HTML page (*.html)")))
        self.addParameter(QgsProcessingParameterFileDestination(
            "MARKDOWN", tr("Text as Markdown"), tr("Markdown (*.md)"), optional=True, createByDefault=False))

    def execute(self, parameters, context, feedback):
        from ..bridge.catalogue_files import method_phrases, write_beside
        from ..core.method_text import method_text
        from ..core.method_text_output import to_html, to_markdown

        recipe, catalogue = self._recipe(parameters, context, feedback)
        language = LANGUAGES[self.parameterAsEnum(parameters, "LANGUAGE", context)] or recipe.language
        year = self.whole_or_none(parameters, "YEAR", context)
        class_sets = self._class_sets(parameters, context, recipe, feedback)
        text = method_text(recipe, method_phrases(language), catalogue, year, class_sets)
        target = self.parameterAsFileOutput(parameters, "OUTPUT", context)
        write_beside(target, lambda part: part.write_text(to_html(text, language), encoding="utf-8"))
        outputs = {"OUTPUT": target}
        if parameters.get("MARKDOWN"):
            outputs["MARKDOWN"] = self.parameterAsFileOutput(parameters, "MARKDOWN", context)
            write_beside(outputs["MARKDOWN"], lambda part: part.write_text(to_markdown(text), encoding="utf-8"))
        return outputs

    def _recipe(self, parameters, context, feedback):
        from ..bridge.catalogue_files import catalogue_from
        from ..bridge.catalogue_texts import with_catalogue
        from ..bridge.feedback import push
        from ..core.catalogue import apply_to_recipe
        from ..core.recipe_reading import load_recipe

        path = recipe_path(self.parameterAsFile(parameters, "RECIPE", context))
        recipe = load_recipe(path)
        chosen = self.parameterAsFile(parameters, "CATALOGUE", context)
        if not chosen:
            return with_catalogue(recipe, path.parent, feedback)
        catalogue = catalogue_from(chosen)
        recipe, notes = apply_to_recipe(recipe, catalogue)
        push(feedback, notes, warning=True)
        return recipe, catalogue

    def _class_sets(self, parameters, context, recipe, feedback) -> list:
        from ..bridge.project import class_sets_of, provenance_of
        from ..core.classes import ClassSet

        layer = self.vector_layer(parameters, "RESULT", context)
        if layer is None:
            return []
        if provenance_of(layer).get("recipe_sha256") != recipe.fingerprint:
            feedback.pushWarning(tr("The layer “{layer}” was computed with another recipe, or another version of it; "
                                    "its class bounds are left out.", layer=layer.name()))
            return []
        return [ClassSet.from_dict(each) for each in class_sets_of(layer)]
