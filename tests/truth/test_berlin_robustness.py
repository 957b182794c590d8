"""How sure Berlin's status and dynamics indices 2021 are: literal results over the published inputs."""
import numpy as np
import pandas as pd
import pytest

from teilhabe_plugin.core.contributions import contributions
from teilhabe_plugin.core.diagnostics import diagnose
from teilhabe_plugin.core.index import compute
from teilhabe_plugin.core.recipe_reading import load_recipe
from teilhabe_plugin.core.robustness import robustness
from teilhabe_plugin.core.sampling_error import SamplingError
from teilhabe_plugin.core.sensitivity import leave_one_out, sources_of_uncertainty
from teilhabe_plugin.core.variants import Uncertainty

from .test_berlin_engine import RECIPE


@pytest.fixture(scope="module")
def table(berlin):
    return pd.read_csv(berlin / "mss_2021_index_indikatoren.csv", dtype={"PLR_ID": str}).replace(-9999, np.nan)


@pytest.fixture(scope="module")
def recipe():
    return load_recipe(RECIPE)


def test_the_two_poorest_areas_stay_so_in_every_variant(recipe, table):
    result = robustness(recipe, table, runs=1000)
    frame = result.frame().set_index("PLR_ID")
    worst = frame.sort_values("rang").head(2)
    assert worst["PLR_NAME"].tolist() == ["Schulenburgpark", "Maulbeerallee"]
    assert worst["rang_bis"].tolist() == [2, 2]
    assert worst["klasse_anteil"].tolist() == [1, 1]
    assert sum(result.counts.values()) == 536
    # of the 49 areas of the lowest class some 31 are sure to belong there
    lowest = frame[frame["status_name"] == "sehr niedrig"]
    assert lowest["klasse_sicher"].sum() == pytest.approx(31, abs=3)
    assert result.counts["AREAS_UNCERTAIN"] == pytest.approx(130, abs=10)
    assert frame["ausschluss"].notna().sum() == 6
    assert frame.loc[frame["ausschluss"].notna(), "rang_median"].isna().all()


def test_weights_alone_hardly_matter_for_status_much_for_dynamics(recipe, table):
    weights = Uncertainty(sources=("weights",))
    status, dynamics = (robustness(recipe, table, node=node, uncertainty=weights) for node in ("status", "dynamik"))
    assert status.counts["AREAS_UNCERTAIN"] == pytest.approx(14, abs=4)
    everything = robustness(recipe, table, node="dynamik")
    assert everything.counts["AREAS_UNCERTAIN"] == pytest.approx(306, abs=15)
    assert np.nanmedian(dynamics.rank_high - dynamics.rank_low) > 2 * np.nanmedian(status.rank_high - status.rank_low)


def test_small_areas_are_less_sure_where_counts_are_drawn(recipe, table):
    errors = tuple(SamplingError(name, "share", "EW") for name in ("S1", "S3", "S4"))
    result = robustness(recipe, table, uncertainty=Uncertainty(sources=("sampling",), errors=errors), runs=300)
    width = result.rank_high - result.rank_low
    people = table["EW"].to_numpy()
    there = ~np.isnan(width)
    small, large = there & (people < 2000), there & (people > 15_000)
    assert width[small].mean() > 1.8 * width[large].mean()


def test_the_choice_of_indicators_matters_most(recipe, table):
    found, _ = sources_of_uncertainty(recipe, table, runs=300)
    assert found.names[int(found.total.argmax())] == "left_out"
    assert found.total.max() > 0.9
    left_out = leave_one_out(recipe, table)
    assert dict(zip(left_out.indicators, left_out.changed.tolist())) == {"S1": 24, "S3": 22, "S4": 17}
    assert left_out.spearman.round(4).tolist() == [0.9947, 0.9977, 0.9958]


def test_what_the_indicators_say(recipe, table):
    result = compute(recipe, table)
    status, dynamics = diagnose(result), diagnose(result, "dynamik")
    assert status.pearson[np.triu_indices(3, 1)].round(3).tolist() == [0.957, 0.943, 0.967]
    assert status.alphas["status"].value == pytest.approx(0.985, abs=0.001)
    assert len([note for note in status.findings if "say nearly the same" in str(note)]) == 3
    assert dynamics.alphas["dynamik"].value == pytest.approx(0.461, abs=0.001)
    assert [str(note) for note in dynamics.findings] == [
        "“Dynamik-Index” puts together what hardly belongs together (Cronbach’s alpha 0.46): its score says less than "
        "its parts.",
        "“Veränderung Anteil Arbeitslose” fits the rest of “Dynamik-Index” badly: without it Cronbach’s alpha is 0.86 "
        "instead of 0.46.",
    ]


def test_contributions_are_the_z_values_as_published_weigh_them(recipe, table):
    result = compute(recipe, table)
    evaluation = result.evaluations["status"]
    parts = contributions(recipe.indices[0].root, evaluation)
    assert parts.way == "linear"
    np.testing.assert_allclose(parts.base, 0, atol=1e-12)
    np.testing.assert_allclose(parts.parts.sum(axis=1), evaluation.scores["status"], atol=1e-12)
    spread = evaluation.values["status"].std()
    np.testing.assert_allclose(parts.parts[:, 0], evaluation.normalised["status", 0] / spread, atol=1e-12)
