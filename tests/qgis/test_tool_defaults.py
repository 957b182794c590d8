"""What the dialogs of the menu Evaluate start with."""
import pytest

from .dialog_helpers import FIELDS, ROWS, indicator_layer, recipe_file


@pytest.fixture(autouse=True)
def clean_settings(qgis_app):
    from qgis.core import QgsSettings

    QgsSettings().remove("teilhabe")
    yield
    QgsSettings().remove("teilhabe")


def defaults(provider, name):
    from teilhabe.gui.tool_defaults import tool_defaults

    return tool_defaults(provider.algorithm(name))


def test_newest_indicators_and_the_recipe_used_last(provider, new_project, tmp_path):
    from qgis.core import QgsSettings
    from teilhabe.bridge.project import set_provenance

    set_provenance(indicator_layer(new_project, name="Alt"), {"created": "2024-01-01"})
    layer = indicator_layer(new_project, name="Neu")
    set_provenance(layer, {"created": "2025-01-01"})
    recipe = recipe_file(tmp_path)
    QgsSettings().setValue("teilhabe/compute/recipe", recipe)
    assert defaults(provider, "indexovertime") == {"INPUT": layer.id(), "RECIPE": recipe}
    assert defaults(provider, "indexrobustness") == {"INPUT": layer.id(), "RECIPE": recipe}


def test_recipe_that_fits_before_the_one_used_last(provider, new_project, berlin_fields, tmp_path):
    from qgis.core import QgsSettings

    QgsSettings().setValue("teilhabe/compute/recipe", recipe_file(tmp_path))
    layer = indicator_layer(new_project, rows=[], fields=berlin_fields)
    assert defaults(provider, "indexovertime") == {"INPUT": layer.id(), "RECIPE": "berlin_mss_2021.json"}


def test_no_recipe_where_none_fits(provider, new_project):
    layer = indicator_layer(new_project, rows=ROWS, fields=FIELDS)
    assert defaults(provider, "indexovertime") == {"INPUT": layer.id()}


def test_nothing_for_other_algorithms_and_without_indicators(provider, new_project):
    assert defaults(provider, "indexovertime") == {}
    indicator_layer(new_project)
    assert defaults(provider, "indicatorsfromcounts") == {}
    assert defaults(provider, "importcatalogue") == {}


@pytest.fixture
def berlin_fields(provider):
    from teilhabe.processing.compute_index import shipped_or_file

    recipe = shipped_or_file("berlin_mss_2021.json")
    return [f"{name}:string" if name == recipe.area_key else f"{name}:double" for name in recipe.columns(None)]


def test_analyses_of_offers_take_layers_by_their_role(provider, new_project):
    from qgis.core import QgsVectorLayer
    from teilhabe.bridge.project import set_provenance, set_role

    made = {}
    for role, created in (("areas", "2025"), ("offers", "2025"), ("index", "2024"), ("index", "2025")):
        layer = QgsVectorLayer("Polygon?crs=EPSG:25832", role, "memory")
        set_role(layer, role)
        set_provenance(layer, {"created": created})
        new_project.addMapLayer(layer)
        made[role] = layer.id()
    assert defaults(provider, "coveragegaps") == {
        "AREAS": made["areas"], "OFFERS": made["offers"], "INDEX": made["index"]}
    new_project.clear()
    assert defaults(provider, "coveragegaps") == {}
