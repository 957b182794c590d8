"""A small invented city for the tests of the index workshop: areas in a grid, indicators of two years, a recipe."""
from __future__ import annotations

import json
from pathlib import Path

import numpy as np

RECIPE = Path(__file__).resolve().parents[2] / "resources" / "recipes" / "musterstadt_partizipationsindex.json"
YEARS = (2024, 2025)


def document() -> dict:
    """Return the sample city's recipe as JSON values."""
    return json.loads(RECIPE.read_text(encoding="utf-8"))


def area_layer(project, areas: int = 40, years=YEARS, seed: int = 7, role: str = "indicators"):
    """Add a layer with the columns of `document` to the project and return it.

    The last area has too few people for the recipe and is left out.
    """
    from qgis.core import QgsFeature, QgsGeometry, QgsRectangle, QgsVectorLayer
    from teilhabe.bridge.fields import make_field
    from teilhabe.bridge.project import set_role

    rng = np.random.default_rng(seed)
    columns = [each["column"].replace("{year}", str(year)) for each in document()["indicators"] for year in years]
    layer = QgsVectorLayer("MultiPolygon?crs=EPSG:25832", "Gebiete mit Indikatoren", "memory")
    texts = [make_field(name, "text") for name in ("gebiet_nr", "gebiet_name", "bezirk_nr", "bezirk_name")]
    numbers = [make_field("einwohner", "integer"), *(make_field(name, "real") for name in columns)]
    layer.dataProvider().addAttributes([*texts, *numbers])
    layer.updateFields()
    wealth = rng.normal(size=areas)
    values = np.round(30 + 6 * wealth[:, None] + 5 * rng.normal(size=(areas, len(columns))), 2)
    values = np.clip(values, 0.1, 99)
    features, side = [], int(np.ceil(np.sqrt(areas)))
    for row in range(areas):
        feature = QgsFeature(layer.fields())
        people = 120 if row == areas - 1 else int(rng.integers(900, 9000))
        feature.setAttributes([f"{row + 1:05d}", f"Gebiet {row + 1}", f"{row % 4 + 1}", f"Bezirk {row % 4 + 1}", people,
                               *map(float, values[row])])
        shape = QgsGeometry.fromRect(QgsRectangle(1000 * (row % side), 1000 * (row // side),
                                                  1000 * (row % side) + 1000, 1000 * (row // side) + 1000))
        shape.convertToMultiType()
        feature.setGeometry(shape)
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    layer.updateExtents()
    if role:
        set_role(layer, role)
    project.addMapLayer(layer)
    return layer


def session(project, areas: int = 40, recipe: dict | None = None, years=YEARS):
    """Return a session of the workshop over `area_layer`."""
    from teilhabe.gui.workshop.session import Session

    made = Session()
    made.open(area_layer(project, areas, years), recipe or document())
    return made
