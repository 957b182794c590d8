"""A recipe over many areas, against the bare z-scores of the same matrix."""
from __future__ import annotations

import json

import numpy as np

from teilhabe_plugin.core.index import compute
from teilhabe_plugin.core.recipe_reading import read_recipe
from tests.bench.invented import indicator_frame
from tests.bench.yardstick import compare


def comparisons(areas: int, runs: int, indicators: int = 20) -> list:
    frame = indicator_frame(areas, indicators, gaps=0)
    names = [name for name in frame.columns if name != "key"]
    recipe = read_recipe(json.dumps(recipe_of(names)))
    matrix = frame[names].to_numpy()

    def compute_ours():
        return compute(recipe, frame)

    def z_scores():
        return (matrix - matrix.mean(axis=0)) / matrix.std(axis=0)

    first = compute_ours().frame[f"z_{names[0]}"].to_numpy()
    if not np.allclose(first, z_scores()[:, 0]):
        raise RuntimeError("the z-scores differ")
    return [compare(
        f"recipe over {areas:,} areas × {indicators} indicators: z, sum, index, classes, names",
        "numpy z-scores of the matrix alone", compute_ours, z_scores, runs)]


def recipe_of(names: list[str]) -> dict:
    z = {"method": "z", "ddof": 0}
    return {
        "format": "teilhabe-recipe/1",
        "id": "bench",
        "title": "Bench",
        "version": "1.0",
        "area_key": "key",
        "indicators": [{"id": name, "title": name} for name in names],
        "indices": [{
            "id": "gesamt",
            "title": "Gesamt",
            "aggregate": "sum",
            "standardise": z,
            "children": [{"indicator": name, "normalise": z} for name in names],
            "classes": {
                "method": "sd",
                "ddof": 0,
                "bounds": [-1, 1, 1.5],
                "classes": [{"value": value, "name": f"Klasse {value}"} for value in (1, 2, 3, 4)],
            },
        }],
    }
