"""Natural breaks, against mapclassify's Fisher-Jenks; the bounds must be the same or better."""
from __future__ import annotations

import sys
import warnings
from pathlib import Path

import numpy as np

from teilhabe_plugin.core.breaks import natural_breaks
from tests.bench.yardstick import SEED, compare

#: mapclassify needs memory and time by the square of the values
MOST_VALUES = 2_000
RIVALS = Path(__file__).resolve().parents[2] / "build" / "rivals"


def comparisons(areas: int, runs: int, classes: int = 5) -> list:
    sys.path += [str(path) for path in RIVALS.glob("lib/python3*/site-packages")]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import mapclassify
    lines = []
    for count in (542, MOST_VALUES):
        values = np.random.default_rng(SEED).gamma(2, 10, count)

        def rival(values=values):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return mapclassify.FisherJenks(values, k=classes)

        def ours(values=values):
            return natural_breaks(values, classes)

        if _within(values, ours()) > _within(values, np.asarray(rival().bins)[:-1]) * (1 + 1e-9):
            raise RuntimeError("mapclassify finds better natural breaks")
        lines.append(compare(f"natural breaks of {count:,} values, {classes} classes", "mapclassify FisherJenks",
                             ours, rival, runs))
    many = np.random.default_rng(SEED).gamma(2, 10, areas)
    lines.append(compare(f"natural breaks of {areas:,} values, {classes} classes", "numpy sort of the same values",
                         lambda: natural_breaks(many, classes), lambda: np.sort(many), runs))
    return lines


def _within(values: np.ndarray, bounds: np.ndarray) -> float:
    positions = np.searchsorted(bounds, values, side="left")
    return sum(((values[positions == p] - values[positions == p].mean()) ** 2).sum() for p in np.unique(positions))
