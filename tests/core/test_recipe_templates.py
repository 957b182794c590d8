"""Every shipped recipe can be computed; the constructions they stand for are right, area by area."""
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from teilhabe_plugin.core.index import compute
from teilhabe_plugin.core.recipe_reading import load_recipe

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "recipes"
RECIPES = sorted(FOLDER.glob("*.json"))


def random_table(recipe, count=60):
    """Return invented areas: one background of hardship moves every indicator in its direction."""
    random = np.random.default_rng(20260101)
    hardship = random.normal(size=count)
    table = pd.DataFrame({recipe.area_key: [f"{i:04d}" for i in range(count)]})
    for column in recipe.columns():
        if column not in table:
            table[column] = random.integers(200, 9000, count)
    for rule in recipe.exclusions:
        if rule.type == "flag":
            table[rule.column] = np.where(np.arange(count) < 2, rule.values[0], "gültig")
    posts = {leaf.indicator: leaf.settings for index in recipe.indices for leaf in index.root.leaves()}
    for indicator in recipe.indicators_in_use():
        sign = 1 if indicator.high_is == "unfavourable" else -1
        values = 40 + 8 * (0.7 * sign * hardship + 0.7 * random.normal(size=count))
        if "lower" in posts[indicator.id]:  # goalposts: inside them
            lower, upper = posts[indicator.id]["lower"], posts[indicator.id]["upper"]
            values = lower + (upper - lower) * np.clip(values / 80, 0.01, 1)
        if indicator.treatment[0] == "log":
            values = np.exp(values / (1 if "lower" in posts[indicator.id] else 10))
        table[recipe.column(indicator.id)] = values
    return table.assign(hardship=hardship)


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.name)
def test_every_shipped_recipe_computes_and_points_the_right_way(path):
    recipe = load_recipe(path)
    table = random_table(recipe)
    result = compute(recipe, table)
    assert result.counts()["AREAS_WITHOUT_VALUE"] == 0
    for index in recipe.indices:
        scores = result.frame[f"{index.id}_index"].astype(float)
        towards = scores.corr(table["hardship"])
        assert towards > 0.6 if index.high_means == "unfavourable" else towards < -0.6
        assert result.frame[f"{index.id}_klasse"].notna().sum() == scores.notna().sum()
        for node in index.root.nodes():
            shares = result.frame[f"{node.id}_anteil"].dropna()
            assert (shares == 1).all()
    assert recipe.note and recipe.method


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.name)
def test_templates_say_what_is_verified(path):
    recipe = load_recipe(path)
    if "(Vorlage)" in recipe.title:
        assert recipe.note.startswith("Vorlage") and "geprüft" in recipe.note.casefold()
    else:
        assert recipe.note.startswith(("Geprüft", "Beispielrezept für die erfundene Stadt"))


def test_participation_index_has_17_indicators_in_five_dimensions_and_five_classes():
    recipe = load_recipe(FOLDER / "partizipationsindex.json")
    root = recipe.indices[0].root
    assert [(node.title, len(node.children)) for node in root.children] == [
        ("Wirtschaftliche Situation der Kinder", 3), ("Integrationsbedarfe", 3), ("Gesundheitliche Bedingungen", 4),
        ("Teilhabe an Bildung", 4), ("Wohnen und Umwelt", 3)]
    names = [each["name"] for each in root.classes["classes"]]
    assert names == ["sehr gering", "gering", "mittel", "hoch", "sehr hoch"]
    assert "geht aus den zugänglichen Quellen nicht hervor" in recipe.note


def table_of(recipe, columns):
    return pd.DataFrame({recipe.area_key: list("ABCDE"), recipe.area_name: list("ABCDE"), **columns})


def test_need_of_attention_counts_what_is_unfavourably_beyond_one_standard_deviation():
    recipe = load_recipe(FOLDER / "sozial_gesundheitsmonitoring.json")
    names = [each.id for each in recipe.indicators.values()]
    # 0, 0, 0, 0, 10: mean 2, standard deviation 4, threshold 6 – and 2 − 4 = −2 for favourable indicators
    columns = {name: [0.0, 0, 0, 0, 10] for name in names}
    columns["b_1"] = [0.0, 10, 10, 10, 10]  # favourable: mean 8, standard deviation 4, A lies below 4
    columns["w_1"] = [10.0, 10, 10, 10, 0]  # favourable: E
    columns["w_2"] = [10.0, 10, 0, 10, 10]  # favourable: C
    columns["a_1"] = [0.0, 10, 0, 0, np.nan]  # mean 2.5, standard deviation 4.33: B; of E's field 3 of 4 are known
    result = compute(recipe, table_of(recipe, columns)).frame
    assert result["b_index"].tolist() == [1, 0, 0, 0, 1]
    assert result["w_index"].tolist() == [0, 0, 1, 0, 2]
    assert result["a_index"].tolist() == [0, 1, 0, 0, 4]  # 3 flags of 3, scaled up to 4
    assert result["aufmerksamkeit_index"].tolist() == [1, 1, 1, 0, 4 + 1 + 3 + 2 + 3 + 2]
    assert result["aufmerksamkeit_name"].tolist() == ["gering", "gering", "gering", "kein", "hoch"]


def test_exponential_domains_by_hand():
    """Ranks 1 … 5 of five areas give −23·ln(1 − k/5·(1 − e^(−100/23))), worked out by hand."""
    recipe = load_recipe(FOLDER / "deprivation_exponential.json")
    step = [5.0580, 11.5515, 20.6327, 35.8568, 100.0]
    columns = {name: [1.0, 2, 3, 4, 5] for name in recipe.indicators}
    columns["gruen"] = [5.0, 4, 3, 2, 1]  # favourable, so E is worst here, too
    columns["straftaten"] = [5.0, 4, 3, 2, 1]  # crime: the other way round
    result = compute(recipe, table_of(recipe, columns)).frame
    assert result["d_einkommen_index"].tolist() == pytest.approx(step, abs=5e-5)
    assert result["d_wohnumfeld_index"].tolist() == pytest.approx(step, abs=5e-5)
    assert result["d_kriminalitaet_index"].tolist() == pytest.approx(step[::-1], abs=5e-5)
    # the weights add up to 99.9; crime has 9.3 of them: A = (90.6 · 5.0580 + 9.3 · 100) / 99.9
    scores = [13.8965, 13.8142, 20.6327, 33.5942, 91.1616]
    assert result["deprivation_index"].tolist() == pytest.approx(scores, abs=1e-4)
    result = compute(recipe, random_table(recipe))
    assert result.class_counts(result.class_sets[0]) == dict.fromkeys(range(1, 11), 6)
    worst = result.frame["deprivation_index"].astype(float).nlargest(6).index
    assert result.frame.loc[worst, "deprivation_klasse"].tolist() == [1] * 6


def test_goalposts_and_geometric_mean_by_hand():
    recipe = load_recipe(FOLDER / "goalposts_geometric.json")
    result = compute(recipe, table_of(recipe, {
        "lebenserwartung": [52.5, 85, 90, 33, 46],  # 0.5, 1, cut off at 1, 0.2, 0.4
        "schuljahre_erreicht": [7.5, 15, 20, 3, 6],  # 0.5, 1, 1, 0.2, 0.4
        "schuljahre_erwartet": [9.0, 18, 9, 3.6, 7.2],  # 0.5, 1, 0.5, 0.2, 0.4
        "einkommen": [np.sqrt(100 * 75000), 75000, 100000, 100 * 750**0.2, 100 * 750**0.4],  # 0.5, 1, 1, 0.2, 0.4
    })).frame
    assert result["entwicklung_index"].tolist() == pytest.approx([0.5, 1, 0.75 ** (1 / 3), 0.2, 0.4], abs=1e-12)
    assert result["entwicklung_name"].tolist() == ["gering", "sehr hoch", "sehr hoch", "gering", "gering"]


def test_principal_components_by_hand():
    """Two indicators that say the same and one that says nothing: loadings √½, √½ … of equal weight, the third 0."""
    recipe = load_recipe(FOLDER / "deprivation_pca.json")
    columns = {name: [1.0, 2, 3, 4, 5] for name in recipe.indicators}
    for name in ("akademisch", "beschaeftigung", "verdienst", "einkommensteuer", "haushaltseinkommen"):
        columns[name] = [5.0, 4, 3, 2, 1]
    columns["schulabgang"] = [2.0, -1, -2, -1, 2]  # not correlated with 1 … 5
    result = compute(recipe, table_of(recipe, columns))
    weights = result.evaluations["deprivation"].weights["g_bildung"]
    assert weights.tolist() == pytest.approx([0.5, 0.5, 0], abs=1e-12)
    assert result.frame["g_bildung_index"].tolist() == pytest.approx([0, 0.25, 0.5, 0.75, 1])
    assert result.frame["deprivation_klasse"].tolist() == [1, 2, 3, 4, 5]
