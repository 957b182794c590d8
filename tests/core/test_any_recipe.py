"""Any valid recipe and any table give a result or an error in words: no traceback, no warning, no infinite number."""
import json
import random
import warnings

import numpy as np
import pandas as pd
import pytest

from teilhabe_plugin.core import aggregate, classes, normalise, treatment, weights
from teilhabe_plugin.core.index import compute
from teilhabe_plugin.core.messages import TeilhabeError
from teilhabe_plugin.core.parents import parent_scores
from teilhabe_plugin.core.recipe_reading import read_recipe

NUMBERS = (0, 1, -1, 0.5, 2, 10, 100, -3.5, 1e6, 1e-9, 5, 95)
FITTING = {"low": 0, "high": 100, "lowest": -1, "highest": 2, "lower": -1, "upper": 2, "target": 3}


class Author:
    """Writes recipes and tables, mostly sensible ones."""

    def __init__(self, seed):
        self.random, self.numbers, self.count = random.Random(seed), np.random.default_rng(seed), 0

    def chance(self, share):
        return self.random.random() < share

    def method(self, methods, ids):
        name = self.random.choice(list(methods))
        chosen = {"method": name}
        for setting, kind in methods[name].settings.items():
            if setting not in methods[name].required and not self.chance(0.4):
                continue
            if kind is str:
                chosen[setting] = self.random.choice(ids) if setting == "reference" else "group"
            elif kind is list:
                if self.chance(0.2):
                    chosen[setting] = [2019, 2020]
            elif kind is not float:
                chosen[setting] = self.random.choice(kind)
            else:
                sensible = setting in FITTING and self.chance(0.9)
                chosen[setting] = FITTING[setting] if sensible else self.random.choice(NUMBERS)
        return chosen

    def classes(self):
        name, count = self.random.choice(list(classes.METHODS)), self.random.randint(2, 6)
        way = classes.METHODS[name]
        chosen = {"method": name, "classes": [{"value": i, "name": f"c{i}"} for i in range(count)]}
        for setting, kind in way.settings.items():
            if kind is list:
                chosen[setting] = sorted(self.random.sample([-2, -1.5, -1, -0.5, 0, 0.5, 1, 50], count - 1))
            elif self.chance(0.5):
                chosen[setting] = self.random.choice((0.2, 0.4) if kind is float else kind)
        return chosen

    def node(self, ids, depth):
        self.count += 1
        node = {"id": f"n{self.count}", "title": "N", "children": []}
        for _ in range(self.random.randint(1, 4)):
            child = self.node(ids, depth - 1) if depth and self.chance(0.4) else {
                "indicator": self.random.choice(ids), "normalise": self.method(normalise.METHODS, ids)}
            if self.chance(0.5):
                child["weight"] = self.random.choice([0, 1, 2, 0.5])
            node["children"].append(child)
        for name, methods in (("aggregate", aggregate.METHODS), ("weights", weights.METHODS),
                              ("standardise", normalise.METHODS)):
            if self.chance(0.4):
                node[name] = self.method(methods, ids)
        if self.chance(0.5):
            node["minimum_share"] = self.random.choice([0.1, 0.5, 1, 1e-12])
        if self.chance(0.6):
            node["classes"] = self.classes()
        return node

    def recipe(self):
        ids = [f"i{number}" for number in range(self.random.randint(1, 5))]
        yearly = self.chance(0.5)
        recipe = {"format": "teilhabe-recipe/1", "id": "r", "title": "R", "area_key": "key", "population": "people",
                  "indicators": [], "indices": [self.node(ids, 2)]}
        if yearly:
            recipe["year"] = 2020
            recipe["reference_year"] = self.random.choice([2019, 2020])
        for name in ids:
            indicator = {"id": name, "title": name, "column": name + "_{year}" * yearly,
                         "high_is": self.random.choice(["favourable", "unfavourable"])}
            for part, methods in (("treatment", treatment.METHODS), ("missing", treatment.MISSING)):
                if self.chance(0.3):
                    indicator[part] = self.method(methods, ids)
            recipe["indicators"].append(indicator)
        if self.chance(0.3):
            recipe["exclusions"] = [{"type": "minimum", "column": "people", "value": 300, "reason": "few"}]
        if self.chance(0.3):
            recipe["parents"] = [{"id": "d", "title": "D", "column": "group"}]
        return json.dumps(recipe)

    def column(self, size):
        values = self.numbers.normal(size=size)
        return self.random.choice([
            values, np.exp(values), np.exp(values), np.exp(values), np.full(size, 3.3), np.zeros(size),
            np.full(size, np.nan), np.where(self.numbers.random(size) < 0.4, np.nan, values), (values > 0.8) * 1.0,
            values * 1e200, values * 1e-200, np.round(values * 3), 1e9 + values * 1e-7,
        ])

    def table(self):
        size = self.random.choice([1, 2, 3, 5, 30, 30])
        people = self.numbers.integers(0, 3000, size).astype(float)
        people[self.numbers.random(size) < self.random.choice([0, 0, 0.3, 1])] = self.random.choice([0, np.nan])
        columns = {f"i{number}{year}": self.column(size) for number in range(5)
                   for year in ("", "_2018", "_2019", "_2020")}
        return pd.DataFrame({"key": [str(number) for number in range(size)], "people": people,
                             "group": [self.random.choice(["A", "B", None]) for _ in range(size)], **columns})


@pytest.mark.parametrize("seed", range(8))
def test_a_result_or_an_error_in_words(seed):
    author, computed = Author(seed), 0
    for _ in range(150):
        text, table = author.recipe(), author.table()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                result = compute(read_recipe(text), table)
                result.long_table()
                parent_scores(result, table)
        except TeilhabeError:
            continue
        computed += 1
        for column in result.columns:
            if column.kind == "real":
                assert not np.isinf(np.asarray(result.values[column.name], float)).any(), (column.name, text)
    assert computed > 5
