"""How the recipe grows with areas, indicators and years: ten times the data against ten times the work."""
from __future__ import annotations

import json

import pandas as pd

from teilhabe_plugin.core.index import compute
from teilhabe_plugin.core.over_time import compute_years
from teilhabe_plugin.core.recipe_reading import read_recipe
from tests.bench.bench_recipe import recipe_of
from tests.bench.invented import indicator_frame
from tests.bench.yardstick import compare


def comparisons(areas: int, runs: int) -> list:
    small, large = areas // 10, areas
    lines = [
        _line(f"areas: {large:,} at once", f"{small:,} areas, ten times", large, 20, small, 20, runs),
        _line(f"indicators: 100 at once, {small:,} areas", "10 indicators, ten times", small, 100, small, 10, runs),
    ]
    frame = indicator_frame(small, 10, gaps=0)
    names = [name for name in frame.columns if name != "key"]
    years = range(2016, 2026)
    wide = pd.concat([frame[["key"]], *(frame[names].add_suffix(f"_{year}") for year in years)], axis=1)
    recipe = recipe_of(names)
    recipe["year"] = 2025
    for indicator in recipe["indicators"]:
        indicator["column"] = indicator["id"] + "_{year}"
    with_years, plain = read_recipe(json.dumps(recipe)), read_recipe(json.dumps(recipe_of(names)))
    lines.append(compare(
        f"years: 10 years at once, {small:,} areas × 10 indicators", "one year, ten times",
        lambda: compute_years(with_years, wide), lambda: [compute(plain, frame) for _ in range(10)], runs))
    return lines


def _line(what, rival_name, areas, indicators, rival_areas, rival_indicators, runs):
    jobs = []
    for rows, columns in ((areas, indicators), (rival_areas, rival_indicators)):
        frame = indicator_frame(rows, columns, gaps=0)
        names = [name for name in frame.columns if name != "key"]
        jobs.append((read_recipe(json.dumps(recipe_of(names))), frame))
    return compare(f"growth with {what}", rival_name, lambda: compute(*jobs[0]),
                   lambda: [compute(*jobs[1]) for _ in range(10)], runs)
