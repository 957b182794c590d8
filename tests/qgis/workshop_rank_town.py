"""An invented town and its recipe, for the ranking and the certainty of the workshop."""
import copy

import numpy as np

RECIPE = {
    "format": "teilhabe-recipe/1", "id": "test", "title": "Testindex", "area_key": "key", "area_name": "name",
    "indicators": [{"id": "a", "title": "Armut", "unit": "%"}, {"id": "b", "title": "Bezug", "unit": "%"},
                   {"id": "c", "title": "Kinder", "unit": "je 1.000"}],
    "exclusions": [{"type": "minimum", "column": "people", "value": 300, "reason": "zu klein"}],
    "indices": [{
        "id": "lage", "title": "Lage", "standardise": "z", "children": [
            {"id": "geld", "title": "Geld", "standardise": "z", "children": [{"indicator": "a"}, {"indicator": "b"}]},
            {"indicator": "c"}],
        "classes": {"method": "sd", "bounds": [-0.5, 0.5],
                    "classes": [{"value": 1, "name": "hoch"}, {"value": 2, "name": "mittel"},
                                {"value": 3, "name": "sehr niedrig"}]},
    }],
}
SIDE = 6
#: areas that are left out, and that have no data
OUT, EMPTY = 7, 9


def document(**indicator_c):
    """Return a recipe; keywords are set at the indicator c in the tree."""
    made = copy.deepcopy(RECIPE)
    made["indices"][0]["children"][1] |= indicator_c
    return made


def town(side: int = SIDE, seed: int = 3):
    """Return a layer of side × side square areas with three indicators."""
    from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

    layer = QgsVectorLayer(
        "Polygon?crs=EPSG:25832&field=key:string&field=name:string&field=people:integer&field=a:double"
        "&field=b:double&field=c:double", "Gebiete", "memory")
    rng = np.random.default_rng(seed)
    features = []
    for i in range(side * side):
        row, column = divmod(i, side)
        level = 5 + 5 * (column % SIDE)
        values = [float(max(level + rng.normal(0, 4), 1)) for _ in range(3)]
        feature = QgsFeature(layer.fields())
        feature.setAttributes([f"{i:04d}", f"Gebiet {i}", 200 if i == OUT else 900, values[0],
                               None if i == EMPTY else values[1], values[2]])
        feature.setGeometry(QgsGeometry.fromWkt(
            f"POLYGON(({column} {row},{column + 1} {row},{column + 1} {row + 1},{column} {row + 1},{column} {row}))"))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    return layer


def wait(condition, seconds: float = 20) -> None:
    """Let the window live until the condition holds."""
    import time

    from qgis.PyQt.QtTest import QTest

    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        QTest.qWait(10)


class Workshop:
    """What a tab asks the workshop for; remembers what was asked."""

    def __init__(self):
        self.told, self.tabs, self.panned = [], [], []
        self.canvas, self.preview = object(), self
        self.writing, self.session, self.folder = self, None, None

    def recipe_file(self):
        from teilhabe.core.recipe_editing import text_of

        path = self.folder / f"recipe_{self.session.fingerprint[:12]}.json"
        path.write_text(text_of(self.session.document), encoding="utf-8")
        return path

    def pan_to(self, rows, canvas):
        self.panned.append(tuple(rows))

    def layer(self):
        return None

    def show_tab(self, name):
        self.tabs.append(name)

    def tell(self, text, level=None):
        self.told.append(text)
