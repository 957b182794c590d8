"""Published indices with their inputs, and results that others document, computed anew.

Human Development Index 2021: United Nations Development Programme, Human Development Report 2021/22, table “Composite
indices, complete time series” (HDR21-22_Composite_indices_complete_time_series.csv), columns le_2021, eys_2021,
mys_2021, gnipc_2021 and hdi_2021. The recipe gives the published value for all 191 countries of that table; quoted are
the ends, cases in which a goalpost cuts a value off, and some in between.
Exponential transform: Scottish Indices of Deprivation 2003, appendix 5 (Scottish Executive): X = −23·log{1 − R·[1 −
exp(−100/23)]}, 1,222 wards; the most deprived ward scores 100, the constant makes ten percent score above 50, and a
ward with 100 on one domain and 0 on another has 50 on their mean.
COINr (Becker et al., R package 1.1.14), vignettes “Outlier treatment” and “Normalisation”: skewness and kurtosis of
1 … 10, 30, 100 before and after winsorising; the first rows of R's data set iris, scaled to 0 … 100.
COINr's own tests (tests/testthat/test-aggregate.R): outranking of four units by three indicators, weighted means.
"""
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from teilhabe_plugin.core.aggregate import aggregate
from teilhabe_plugin.core.index import compute
from teilhabe_plugin.core.normalise import normalise
from teilhabe_plugin.core.recipe_reading import load_recipe
from teilhabe_plugin.core.treatment import winsorise

RECIPES = Path(__file__).resolve().parents[2] / "resources" / "recipes"

#: life expectancy, expected and mean years of schooling, income per head; index and group as published
HUMAN_DEVELOPMENT_2021 = {
    "Switzerland": (83.9872, 16.500299, 13.859660, 66933.004540, 0.962, "sehr hoch"),
    "Norway": (83.2339, 18.185200, 13.003630, 64660.106220, 0.961, "sehr hoch"),  # schooling above the goalpost
    "Hong Kong": (85.4734, 17.278170, 12.226210, 62606.845400, 0.952, "sehr hoch"),  # life above the goalpost
    "Australia": (84.5265, 21.054590, 12.726820, 49238.433350, 0.951, "sehr hoch"),
    "Germany": (80.6301, 17.010139, 14.090967, 54534.216820, 0.942, "sehr hoch"),
    "Qatar": (79.2716, 12.637220, 9.996011, 87134.134690, 0.855, "sehr hoch"),  # income above the goalpost
    "Costa Rica": (77.0232, 16.545771, 8.804060, 19974.273580, 0.809, "sehr hoch"),
    "Brazil": (72.7504, 15.599060, 8.128814, 14369.888480, 0.754, "hoch"),
    "Viet Nam": (73.6181, 12.951932, 8.370280, 7867.371345, 0.703, "hoch"),
    "India": (67.2398, 11.874620, 6.655109, 6589.980037, 0.633, "mittel"),
    "Niger": (61.5763, 6.957112, 2.116717, 1239.866936, 0.400, "gering"),
    "Chad": (52.5254, 8.035914, 2.573774, 1364.169417, 0.394, "gering"),
    "South Sudan": (54.9752, 5.542510, 5.726140, 767.787000, 0.385, "gering"),
}


def test_human_development_index():
    table = pd.DataFrame.from_dict(
        HUMAN_DEVELOPMENT_2021, orient="index",
        columns=["lebenserwartung", "schuljahre_erwartet", "schuljahre_erreicht", "einkommen", "published", "group"],
    ).rename_axis("gebiet_nr").reset_index().assign(gebiet_name="")
    result = compute(load_recipe(RECIPES / "goalposts_geometric.json"), table).frame
    assert np.round(result["entwicklung_index"].astype(float), 3).tolist() == table["published"].tolist()
    assert result["entwicklung_name"].tolist() == table["group"].tolist()


def test_exponential_transform_of_scottish_wards():
    wards = np.random.default_rng(1).permutation(1222).astype(float)[:, None]
    scores = normalise(wards, "exponential")[:, 0]
    assert scores.max() == pytest.approx(100, abs=1e-9) and scores[wards[:, 0].argmax()] == scores.max()
    assert 0 < scores.min() < 0.02
    assert round(100 * (scores > 50).mean()) == 10
    both, _ = aggregate(np.array([[100.0, 0.0]]), [1, 1], "mean")
    assert both.tolist() == [50]


def test_skewness_and_winsorising_as_in_coinr():
    values = np.array([*range(1, 11), 30, 100], float)
    assert round(stats.skew(values, bias=False), 6) == 3.063241
    assert round(stats.kurtosis(values, bias=False), 6) == 9.741391
    treated = winsorise(values)
    assert treated.tolist() == [*range(1, 11), 30, 30]
    assert round(stats.skew(treated, bias=False), 6) == 1.712038
    assert round(stats.kurtosis(treated, bias=False), 6) == 1.815781


def test_min_max_of_iris_as_in_coinr():
    # the first four flowers, then the lowest and highest value of each measure
    iris = np.array([[5.1, 3.5, 1.4, 0.2], [4.9, 3.0, 1.4, 0.2], [4.7, 3.2, 1.3, 0.2], [4.6, 3.1, 1.5, 0.2],
                     [4.3, 2.0, 1.0, 0.1], [7.9, 4.4, 6.9, 2.5]])
    scaled = normalise(iris, "minmax", {"low": 0, "high": 100})
    assert np.round(scaled[:4], 6).tolist() == [
        [22.222222, 62.5, 6.779661, 4.166667], [16.666667, 41.666667, 6.779661, 4.166667],
        [11.111111, 50.0, 5.084746, 4.166667], [8.333333, 45.833333, 8.474576, 4.166667]]


def test_copeland_and_means_as_in_coinr():
    units = np.array([[1, 3, 2], [2, 2, 3], [3, 1, 1], [4, 5, 4]], float)
    # published outranking: unit 2 beats 1 on 2 of 3, unit 3 beats 1 on 1 of 3, unit 4 beats all on all
    assert aggregate(units, [1, 1, 1], "copeland")[0].tolist() == [-1, 1, -3, 3]
    one = np.array([[1.0, 2, 3]])
    assert aggregate(one, [1, 1, 2], "geometric")[0] == pytest.approx((1 * 2 * 3**2) ** (1 / 4))
    assert aggregate(one, [2, 1, 1], "harmonic")[0] == pytest.approx(4 / (2 / 1 + 1 / 2 + 1 / 3))
    assert aggregate(one, [2, 1, 1], "power", settings={"p": -1})[0] == pytest.approx(4 / (2 / 1 + 1 / 2 + 1 / 3))
