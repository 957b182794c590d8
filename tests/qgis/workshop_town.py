"""Areas in a row and a recipe with two indices, for tests of the workshop's classes."""
import json

import numpy as np


def recipe(crosses=False, **classes):
    """Return a recipe with the indices “ia” (two sub-indices) and “ib”; `classes` by node id."""
    document = {
        "format": "teilhabe-recipe/1", "id": "reihe", "title": "Reihe", "area_key": "key", "area_name": "name",
        "indicators": [{"id": name, "title": f"Indikator {name}"} for name in ("a", "b", "c")],
        "indices": [
            {"id": "ia", "title": "Lage", "aggregate": "sum", "children": [
                {"id": "sa", "title": "Arbeit", "children": [{"indicator": "a", "normalise": "identity"}]},
                {"id": "sb", "title": "Bildung", "children": [{"indicator": "b", "normalise": "identity"}]}]},
            {"id": "ib", "title": "Trend", "children": [{"indicator": "c", "normalise": "identity"}]}],
    }
    for name, spec in classes.items():
        node = next(each for each in (*document["indices"], *document["indices"][0]["children"])
                    if each["id"] == name)
        node["classes"] = spec
    if crosses:
        document["crosses"] = [{
            "id": "kreuz", "title": "Lage und Trend", "rows": "ia", "columns": "ib", "cells": [
                {"row": row["value"], "column": column["value"], "value": 10 * row["value"] + column["value"],
                 "name": f"Lage {row['name']}, Trend {column['name']}"}
                for row in classes["ia"]["classes"] for column in classes["ib"]["classes"]]}]
    return document


def spec(method, names, **settings):
    """Return classes with these names, numbered from 1."""
    return {"method": method, **settings,
            "classes": [{"value": number, "name": name} for number, name in enumerate(names, 1)]}


def layer(columns, name="Gebiete"):
    """Return a memory layer of squares in a row with these columns of numbers; None for no value."""
    from qgis.core import QgsFeature, QgsGeometry, QgsProject, QgsRectangle, QgsVectorLayer
    from teilhabe.bridge.fields import make_field

    made = QgsVectorLayer("Polygon?crs=EPSG:25833", name, "memory")
    made.dataProvider().addAttributes([make_field("key", "text"), make_field("name", "text"),
                                       *(make_field(column, "real") for column in columns)])
    made.updateFields()
    features = []
    for row, values in enumerate(zip(*columns.values())):
        feature = QgsFeature(made.fields())
        feature.setAttributes([f"{row + 1:04d}", f"Gebiet {row + 1}", *values])
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(100 * row, 0, 100 * row + 100, 100)))
        features.append(feature)
    made.dataProvider().addFeatures(features)
    QgsProject.instance().addMapLayer(made)
    return made


def columns(count=60, seed=3):
    """Return three columns of so many numbers."""
    rng = np.random.default_rng(seed)
    return {name: np.round(rng.normal(size=count), 3).tolist() for name in ("a", "b", "c")}


def expected(document, frame, year=None):
    """Return what the engine makes of a document, apart from the window."""
    from teilhabe.core.index import compute
    from teilhabe.core.recipe_reading import read_recipe

    return compute(read_recipe(json.dumps(document)), frame, year)
