"""Many runs of an index with 20 indicators, against the same arithmetic in bare numpy."""
from __future__ import annotations

import json

import numpy as np

from teilhabe_plugin.core.recipe_reading import read_recipe
from teilhabe_plugin.core.robustness import robustness
from teilhabe_plugin.core.sampling_error import SamplingError
from teilhabe_plugin.core.variants import Uncertainty
from tests.bench.bench_recipe import recipe_of
from tests.bench.invented import indicator_frame
from tests.bench.yardstick import SEED, compare

CITY, RUNS, RUNS_OF_MANY, INDICATORS = 542, 1000, 20, 20


def comparisons(areas: int, runs: int) -> list:
    lines = []
    for size, variants in ((CITY, RUNS), (areas, RUNS_OF_MANY)):
        frame = indicator_frame(size, INDICATORS, gaps=0)
        names = [name for name in frame.columns if name != "key"]
        frame[names] = frame[names].clip(1, 99)
        recipe = read_recipe(json.dumps(recipe_of(names)))
        matrix = frame[names].to_numpy()
        people = frame.assign(people=1000.0)
        errors = tuple(SamplingError(name, "share", "people") for name in names)
        cases = (
            ("weights", Uncertainty(sources=("weights",)), frame),
            ("weights, methods, left-out indicators", Uncertainty(), frame),
            ("all of these and resampled counts", Uncertainty(errors=errors), people),
        )
        for what, uncertainty, table in cases:
            def ours(uncertainty=uncertainty, table=table, variants=variants, recipe=recipe):
                return robustness(recipe, table, uncertainty=uncertainty, runs=variants, seed=SEED)

            def rival(matrix=matrix, variants=variants, resample=bool(uncertainty.errors)):
                return bare(matrix, variants, resample)

            _check(ours, matrix)
            lines.append(compare(f"{variants:,} runs over {size:,} × {INDICATORS}: {what}",
                                 "bare numpy: counts drawn, z, weights, ranks, percentiles" if uncertainty.errors else
                                 "bare numpy: z once, weights, ranks, percentiles", ours, rival, runs))
    return lines


def bare(matrix: np.ndarray, runs: int, resample: bool) -> np.ndarray:
    """Return the 5th, 50th and 95th percentile of each area's rank; no classes, no gaps, no methods."""
    rng = np.random.default_rng(SEED)
    weights = rng.uniform(0.75, 1.25, (matrix.shape[1], runs))
    ranks = np.empty((runs, len(matrix)), np.int32)
    places = np.arange(len(matrix), dtype=np.int32)
    z = (matrix - matrix.mean(axis=0)) / matrix.std(axis=0)
    scores = None if resample else (z @ weights).T
    chance = np.clip(matrix / 100, 0, 1)
    for run in range(runs):
        if resample:
            drawn = rng.binomial(1000, chance) / 10
            score = ((drawn - drawn.mean(axis=0)) / drawn.std(axis=0)) @ weights[:, run]
        else:
            score = scores[run]
        ranks[run, np.argsort(-score)] = places
    return np.percentile(ranks, [5, 50, 95], axis=0)


def _check(ours, matrix: np.ndarray) -> None:
    """A fast wrong answer does not count: median ranks follow the plain score."""
    score = ((matrix - matrix.mean(axis=0)) / matrix.std(axis=0)).sum(axis=1)
    if np.corrcoef(ours().rank_median, np.argsort(np.argsort(-score)))[0, 1] < 0.97:
        raise RuntimeError("the ranks differ")
