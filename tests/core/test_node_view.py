"""One node of a result over all areas: classes, ranks, provisional fifths, crosses."""
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from teilhabe_plugin.core.index import compute
from teilhabe_plugin.core.node_view import choices, node_view
from teilhabe_plugin.core.recipe_reading import read_recipe

FIFTHS = ("a", "b", "c", "d", "e")
BERLIN = Path(__file__).resolve().parents[2] / "resources" / "recipes" / "berlin_mss_2021.json"


def berlin(areas=60, most=4, **changes):
    document = json.loads(BERLIN.read_text(encoding="utf-8")) | changes
    rng = np.random.default_rng(3)
    names = ("S1", "S3", "S4", "D1", "D3", "D4")
    frame = pd.DataFrame({name: rng.integers(1, most, areas).astype(float) for name in names})
    frame["PLR_ID"] = [f"{row:08d}" for row in range(areas)]
    frame["PLR_NAME"], frame["KOM"], frame["EW"] = "Gebiet", "gültig", 1000
    frame.loc[0, "EW"] = 12
    return compute(read_recipe(json.dumps(document)), frame)


def test_everything_that_can_be_looked_at():
    assert choices(berlin().recipe) == [
        ("status", "Status-Index"), ("dynamik", "Dynamik-Index"), ("gesamt", "Gesamtindex Soziale Ungleichheit")]


def test_ranks_are_those_of_the_highest_scores_and_ties_share_the_better_one():
    view = node_view(berlin(), "status", FIFTHS)
    there = ~np.isnan(view.scores)
    assert view.high_first and len(np.unique(view.scores[there])) < there.sum()
    np.testing.assert_array_equal(view.ranks[there], stats.rankdata(-view.scores[there], method="min"))
    assert np.isnan(view.ranks[0]) and view.excluded[0] == "weniger als 300 Einwohner"


def test_ranks_of_an_index_whose_low_scores_are_unfavourable():
    document = json.loads(BERLIN.read_text(encoding="utf-8"))
    document["indices"][0]["high_means"] = "favourable"
    view = node_view(berlin(indices=document["indices"]), "status", FIFTHS)
    there = ~np.isnan(view.scores)
    np.testing.assert_array_equal(view.ranks[there], stats.rankdata(view.scores[there], method="min"))
    assert view.class_set.unfavourable == "first"


def test_classes_are_those_of_the_result():
    result = berlin()
    view = node_view(result, "dynamik", FIFTHS)
    numbers = [None if view.class_of(row) is None else view.class_of(row).value for row in range(60)]
    np.testing.assert_array_equal(np.array(numbers, float), result.values["dynamik_klasse"])
    assert view.counts() == list(result.class_counts(view.class_set).values())
    assert view.totals() == (59, 1, 0)


def test_a_cross_has_classes_and_no_scores():
    result = berlin()
    view = node_view(result, "gesamt", FIFTHS)
    assert np.isnan(view.scores).all() and np.isnan(view.ranks).all() and not view.is_provisional
    assert sum(view.counts()) == 59 and view.class_of(1).value == result.values["gesamt_klasse"][1]


def test_a_node_without_classes_is_in_fifths_and_an_unknown_one_is_the_first():
    document = json.loads(BERLIN.read_text(encoding="utf-8"))
    del document["indices"][1]["classes"]
    result = berlin(indices=document["indices"], crosses=[])
    view = node_view(result, "dynamik", FIFTHS)
    assert view.is_provisional and [each.name for each in view.class_set.classes] == list(FIFTHS)
    edges = np.nanquantile(view.scores, [0.2, 0.4, 0.6, 0.8])
    there = ~np.isnan(view.scores)
    np.testing.assert_array_equal(view.positions[there], np.searchsorted(edges, view.scores[there]))
    assert node_view(result, "gibt es nicht", FIFTHS).node_id == "status"


@pytest.mark.parametrize("areas", [3, 5])
def test_few_areas(areas):
    view = node_view(berlin(areas, most=90), "status", FIFTHS)
    assert view.totals()[0] == areas - 1 and np.nanmin(view.ranks) == 1
