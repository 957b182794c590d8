"""Berlin's published monitoring 2021 follows from its published inputs, value by value."""
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from teilhabe_plugin.core.index import compute
from teilhabe_plugin.core.recipe_reading import load_recipe

RECIPE = Path(__file__).resolve().parents[2] / "resources" / "recipes" / "berlin_mss_2021.json"
#: the published figures have two decimals; half a unit and a little for the inputs, which are rounded too
ROUNDING = 0.0051


@pytest.fixture(scope="module")
def computed(berlin):
    table = pd.read_csv(berlin / "mss_2021_index_indikatoren.csv", dtype={"PLR_ID": str}).replace(-9999, np.nan)
    return compute(load_recipe(RECIPE), table)


@pytest.fixture(scope="module")
def published(berlin):
    table = pd.read_csv(berlin / "mss_2021_zwerte.csv", sep=";", encoding="utf-8-sig", dtype={"PLR-ID": str})
    table.columns = ["PLR_ID", "name", "people", "z_S1", "z_S3", "z_S4", "status_summe", "status_index", "status_name",
                     "z_D1", "z_D3", "z_D4", "dynamik_summe", "dynamik_index", "dynamik_name"]
    return table.set_index("PLR_ID")


def test_z_values_sums_and_indices(computed, published):
    ours = computed.frame.set_index("PLR_ID").reindex(published.index)
    for column in ("z_S1", "z_S3", "z_S4", "status_summe", "status_index",
                   "z_D1", "z_D3", "z_D4", "dynamik_summe", "dynamik_index"):
        difference = (ours[column] - published[column]).abs()
        assert difference.notna().sum() >= 535, column  # one line of the published table is cut short
        assert difference.max() <= ROUNDING, column


def test_classes_of_all_536_areas(computed, berlin):
    classes = pd.read_csv(berlin / "mss_2021_indizes.csv", dtype={"PLR_ID": str}).set_index("PLR_ID")
    ours = computed.frame.set_index("PLR_ID").reindex(classes.index)
    valid = classes["KOM"] == "gültig"
    assert valid.sum() == 536
    for own, theirs in (("status_klasse", "SI_N"), ("status_name", "SI_V"), ("dynamik_klasse", "DI_N"),
                        ("dynamik_name", "DI_V"), ("gesamt_klasse", "SDI_N")):
        assert (ours.loc[valid, own] == classes.loc[valid, theirs]).all(), own
    assert ours.loc[~valid, ["status_klasse", "dynamik_klasse"]].isna().all(axis=None)


def test_published_counts_and_the_six_left_out(computed):
    status, dynamics, cross = computed.class_sets
    assert computed.class_counts(status) == {1: 75, 2: 366, 3: 46, 4: 49}
    assert computed.class_counts(dynamics) == {1: 48, 3: 436, 5: 52}
    assert sum(computed.class_counts(cross).values()) == 536
    left_out = computed.frame.set_index("PLR_ID")["ausschluss"].dropna()
    assert left_out.to_dict() == {
        "03300515": "weniger als 300 Einwohner", "03400831": "weniger als 300 Einwohner",
        "04400725": "weniger als 300 Einwohner", "05300838": "weniger als 300 Einwohner",
        "06200418": "weniger als 300 Einwohner", "10100205": "Ausreißer",
    }
