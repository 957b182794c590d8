"""Moran's I and local clusters as PySAL computes them (esda 2.9.0, libpysal 4.14.1; weights row-standardised)."""
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from teilhabe_plugin.core.index import compute
from teilhabe_plugin.core.neighbours import Neighbours, contiguity
from teilhabe_plugin.core.recipe_reading import load_recipe
from teilhabe_plugin.core.spatial import local_moran, moran

from .test_berlin_engine import RECIPE

#: a 6 × 6 lattice, ``lat2W(6, 6, rook=…)``
NUMBERS = np.arange(36)
VALUES = np.round(1.3 * (NUMBERS // 6) + 0.7 * (NUMBERS % 6) + 4 * np.sin(1.7 * NUMBERS), 6)
SHAPES = [box(c, r, c + 1, r + 1).wkb for r in range(6) for c in range(6)]


@pytest.mark.parametrize("rule, value, deviation, p_normal", [
    ("rook", 0.1946882130982925, 0.12506717499346454, 0.07424220951695114),
    ("queen", 0.2657712740045776, 0.08958224746395543, 0.0010171997374638073),
])
def test_global(rule, value, deviation, p_normal):
    found = moran(VALUES, contiguity(SHAPES, rule), 99)
    assert found.value == pytest.approx(value, abs=1e-14)
    assert found.expected == pytest.approx(-0.02857142857142857)
    assert found.deviation == pytest.approx(deviation, abs=1e-14)
    assert found.p_normal == pytest.approx(p_normal, abs=1e-12)


def test_global_with_an_island():
    rook = contiguity(SHAPES, "rook")
    pairs = [(int(i), int(j)) for i, j in zip(rook.owner, rook.other) if 14 not in (i, j)]
    found = moran(VALUES, Neighbours.of_pairs(pairs, 36), 9)
    assert (found.value, found.deviation) == (pytest.approx(0.210694118376871), pytest.approx(0.12897100378454562))
    assert found.islands == 1


def test_local():
    found = local_moran(VALUES, contiguity(SHAPES, "queen"), 20_000, false_discovery=False)
    assert found.value == pytest.approx([
        1.469646, 0.126469, 0.764471, 0.826149, 0.049752, -0.220097, 1.072962, 1.029916, -0.209265, 0.016188, 0.123958,
        0.01404, -0.32564, 0.266009, 0.15938, -0.045296, -0.074681, -0.0868, 0.061967, -0.179789, -0.024616, -0.280144,
        0.050588, 0.361236, 0.014112, -0.316221, 0.217581, 0.64034, 0.231408, 0.088584, 0.162941, 0.188368, -0.088224,
        0.403845, 1.608713, 1.204143], abs=1e-6)
    assert found.quadrant.tolist() == [3, 3, 3, 3, 3, 4, 3, 3, 4, 3, 3, 3, 4, 3, 3, 4, 4, 2, 3, 4, 4, 2, 1, 1, 1, 2, 1,
                                       1, 1, 1, 1, 1, 2, 1, 1, 1]
    # twice esda's directed probabilities from 99,999 permutations
    assert found.p == pytest.approx([
        0.0328, 0.0064, 0.1144, 0.1992, 0.1734, 0.3599, 0.0975, 0.0118, 0.012, 0.1032, 0.6671, 0.8776, 0.048, 0.1348,
        0.61, 0.6196, 0.8875, 0.5822, 0.8362, 0.4396, 0.9435, 0.2455, 0.1402, 0.5172, 0.6214, 0.2622, 0.2452, 0.1371,
        0.0064, 0.0051, 0.7459, 0.6534, 0.1588, 0.0331, 0.0295, 0.1176], abs=0.02)


def test_berlin(berlin):
    """The status index 2021 over Berlin's planning areas: ``Queen.from_dataframe``, 3,238 ties, no island."""
    from osgeo import ogr

    source = ogr.Open(str(berlin / "planungsraeume_2021.gpkg"))
    rows = [(feature["PLR_ID"], bytes(feature.geometry().ExportToWkb())) for feature in source.GetLayer(0)]
    table = pd.read_csv(berlin / "mss_2021_index_indikatoren.csv", dtype={"PLR_ID": str}).replace(-9999, np.nan)
    scores = compute(load_recipe(RECIPE), table).frame.set_index("PLR_ID")["status_index"]
    near = contiguity([shape for _, shape in rows])
    assert (len(near.other), int((near.counts == 0).sum())) == (3238, 0)
    values = scores.reindex([key for key, _ in rows]).to_numpy()
    found = moran(values, near)
    assert (found.areas, found.value, found.deviation) == (
        536, pytest.approx(0.4977477160272074), pytest.approx(0.02569937001391839))
    local = local_moran(values, near, 1999, false_discovery=False)
    # esda from 9,999 permutations: 58 high among high, 6 low among high, 82 low among low, 2 high among low
    assert np.bincount(local.cluster, minlength=5)[1:] == pytest.approx([58, 6, 82, 2], abs=6)
