"""What a join shows at once: an indicator in quintiles."""
import csv

import pytest

from .join_helpers import four_areas, run


@pytest.fixture
def joined(new_project, provider, tmp_path):
    """Return a function that joins values in two years to four areas and opens the result."""
    from qgis.core import QgsVectorLayer

    def join(values):
        areas = four_areas(new_project)
        keys = [feature["key"] for feature in areas.getFeatures()]
        table = tmp_path / "t.csv"
        with open(table, "w", newline="", encoding="utf-8") as file:
            rows = [[key, "1,5", value] for key, value in zip(keys, values)]
            csv.writer(file, delimiter=";").writerows([["key", "Armut (%) 2024", "Armut (%) 2025"], *rows])
        result = run(areas, tmp_path / "o.gpkg", FILES=[str(table)])
        return QgsVectorLayer(result["OUTPUT"], "o", "ogr")

    return join


def labels(layer):
    title, *classes = [item.label() for item in layer.renderer().legendSymbolItems()]
    return title, classes


def test_quintiles_with_bounds_and_counts(joined, german):
    layer = joined(["1,5", "2,5", "3,5", "."])
    title, classes = labels(layer)
    assert title == "Armut (%) 2025"
    assert [text.split(" · ")[-1] for text in classes] == ["1", "0", "1", "0", "1", "1"]
    assert classes[0].startswith("≤ 1,9") and classes[-1].startswith("k. A.")


def test_every_area_is_drawn_once(joined):
    from qgis.core import QgsExpression, QgsExpressionContext

    layer = joined(["1,5", "2,5", "2,5", "9"])
    renderer = layer.renderer().clone()
    rules = [rule.filterExpression() for rule in renderer.rootRule().descendants() if rule.filterExpression()]
    for feature in layer.getFeatures():
        context = QgsExpressionContext()
        context.setFeature(feature)
        context.setFields(layer.fields())
        assert sum(bool(QgsExpression(rule).evaluate(context)) for rule in rules) == 1


def test_equal_values_leave_the_layer_plain(joined):
    layer = joined(["2", "2", "2", "2"])
    assert layer.renderer().type() == "singleSymbol"
