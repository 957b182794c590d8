"""What Processing's dialog of an algorithm starts with when it is opened from the plugin's menu."""
from __future__ import annotations

from qgis.core import QgsProject, QgsSettings

from ..bridge import project
from . import recipe_fit
from .errors import expected

#: parameters that take a layer with indicators and the recipe for it
LAYER, RECIPE = "INPUT", "RECIPE"
#: parameters of supply analyses → the role of the layer they take
ROLES = {"AREAS": project.AREAS, "OFFERS": project.OFFERS, "INDEX": project.INDEX}


def tool_defaults(algorithm) -> dict:
    """Return layers and recipe for an algorithm that computes with a recipe or about offers, {} for others.

    The layer is the newest one with joined indicators; the recipe the one that fits it, among equals the one used last.
    Analyses of offers take the newest layers with areas, offers and an index.
    """
    names = [definition.name() for definition in algorithm.parameterDefinitions()]
    if "OFFERS" in names:
        there = {name: project.layers_with_role(QgsProject.instance(), role) for name, role in ROLES.items()}
        return {name: layers[0].id() for name, layers in there.items() if layers and name in names}
    layers = project.layers_with_role(QgsProject.instance(), project.INDICATORS)
    if RECIPE not in names or not layers:
        return {}
    found = {LAYER: layers[0].id()} if LAYER in names else {}
    recipe = _recipe_for([field.name() for field in layers[0].fields()])
    return {**found, RECIPE: recipe} if recipe else found


def _recipe_for(columns: list[str]) -> str:
    """Return the name or path of the recipe for which nothing is missing, "" when there is none."""
    from ..processing.compute_index import shipped_or_file, shipped_recipes

    last = QgsSettings().value("teilhabe/compute/recipe", "", type=str)
    names = dict.fromkeys(filter(None, [last, *(name for name, _title in shipped_recipes())]))
    recipes = []
    for name in names:
        try:
            recipes.append((name, shipped_or_file(name)))
        except expected():
            continue  # a file that is gone or faulty
    best = recipes[recipe_fit.best([recipe for _name, recipe in recipes], columns)]
    return "" if recipe_fit.fit(best[1], columns).missing else best[0]
