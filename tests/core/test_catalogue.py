"""The indicator catalogue: valid or the message names the JSON path; editions compared; applied to a recipe."""
import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from teilhabe_plugin.core.catalogue import Catalogue, Dimension, Entry, HistoryEntry, apply_to_recipe, compare
from teilhabe_plugin.core.catalogue_reading import load_catalogue, read_catalogue
from teilhabe_plugin.core.messages import TeilhabeError
from teilhabe_plugin.core.recipe_reading import load_recipe, read_recipe

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
CATALOGUES = sorted((RESOURCES / "catalogues").glob("*.json"))
RECIPES = sorted((RESOURCES / "recipes").glob("*.json"))

SMALL = Catalogue(
    "test", "Testkatalog",
    (
        Entry("3.3", "Übergewichtsquote", "3", "Wie viele?", "share", "übergewichtige Kinder", "untersuchte Kinder",
              100, unit="%", high_is="unfavourable", pool_years=3, minimum_denominator=20, status="verified"),
        Entry("3.10", "U9-Teilnahme", "3", unit="%", high_is="favourable", data="none"),
    ),
    (Dimension("3", "Gesundheit"),), (HistoryEntry("1.0", "2025-03-01", "Erste Fassung"),), "1.0", "2025-03-01",
)


def changed(change):
    values = json.loads(SMALL.to_json())
    change(values)
    return json.dumps(values)


def test_json_out_and_in_is_the_same():
    assert read_catalogue(SMALL.to_json()) == SMALL
    assert read_catalogue(SMALL.to_json()).to_json() == SMALL.to_json()
    assert json.loads(SMALL.to_json())["indicators"] == [
        {"number": "3.3", "name": "Übergewichtsquote", "dimension": "3", "question": "Wie viele?",
         "calculation": {"kind": "share", "numerator": "übergewichtige Kinder", "denominator": "untersuchte Kinder",
                         "factor": 100},
         "unit": "%", "high_is": "unfavourable", "pool_years": 3, "minimum_denominator": 20, "status": "verified"},
        {"number": "3.10", "name": "U9-Teilnahme", "dimension": "3", "unit": "%", "high_is": "favourable",
         "data": "none"},
    ]


@pytest.mark.parametrize("change, where, what", [
    (lambda c: c.update(format="teilhabe-recipe/1"), "$.format", "Possible are"),
    (lambda c: c.update(indicator=[]), "$", "Is “indicators” meant?"),
    (lambda c: c.update(indicators=[]), "$.indicators", "at least 1"),
    (lambda c: c.update(date="1.3.2025"), "$.date", "a date such as 2025-12-31 is expected, found “1.3.2025”"),
    (lambda c: c["indicators"][1].update(number="3.3"), "$.indicators[1].number", "“3.3” is there twice"),
    (lambda c: c["indicators"][1].update(number="3,3"), "$.indicators[1].number", "“3,3” may hold only"),
    (lambda c: c["indicators"][1].update(number=3.3), "$.indicators[1].number", "a text is expected, found 3.3"),
    (lambda c: c["indicators"][1].update(name=" "), "$.indicators[1].name", "a text is expected"),
    (lambda c: c["indicators"][1].update(dimension="4"), "$.indicators[1].dimension", "no dimension “4”"),
    (lambda c: c["indicators"][1].update(high_is="good"), "$.indicators[1].high_is", "favourable"),
    (lambda c: c["indicators"][1].update(pool_years=0), "$.indicators[1].pool_years", "1 or more is expected, found 0"),
    (lambda c: c["indicators"][1].update(minimum_denominator=-1), "$.indicators[1].minimum_denominator", "0 or more"),
    (lambda c: c["indicators"][0]["calculation"].update(factor=0), "$.indicators[0].calculation.factor", "above 0"),
    (lambda c: c["indicators"][0]["calculation"].update(kind="quota"), "$.indicators[0].calculation.kind", "share"),
    (lambda c: c["indicators"][0]["calculation"].pop("denominator"), "$.indicators[0].calculation.denominator",
     "needs numerator and denominator"),
    (lambda c: c["indicators"][0].update(note="a\x07"), "$.indicators[0].note", "a spreadsheet cannot hold"),
    (lambda c: c["indicators"][0].update(note="x" * 32001), "$.indicators[0].note", "32001 characters"),
    (lambda c: c["history"][0].pop("date"), "$.history[0]", "“date” is missing"),
    (lambda c: c["history"][0].update(date="2025-02-30"), "$.history[0].date", "2025-02-30"),
    (lambda c: c["dimensions"].append({"number": "3", "title": "x"}), "$.dimensions[1].number", "twice"),
])
def test_errors_name_the_json_path(change, where, what):
    with pytest.raises(TeilhabeError) as caught:
        read_catalogue(changed(change), "my.json")
    assert str(caught.value).startswith(f"my.json, {where}: ") and what in str(caught.value)


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(TeilhabeError, match="The catalogue .*none.json does not exist"):
        load_catalogue(tmp_path / "none.json")
    (tmp_path / "ansi.json").write_bytes("{\"title\": \"Ü\"}".encode("cp1252"))
    with pytest.raises(TeilhabeError, match="UTF-8"):
        load_catalogue(tmp_path / "ansi.json")


def test_two_editions_compared():
    first, second = SMALL.entries
    later = replace(SMALL, title="Neu", entries=(replace(first, pool_years=1, unit="Prozent"), Entry("4.1", "Kita")))
    assert [str(change.message()) for change in compare(SMALL, later)] == [
        " Neu, title: “Testkatalog” → “Neu”",
        "3.3 Übergewichtsquote, unit: “%” → “Prozent”",
        "3.3 Übergewichtsquote, pool_years: “3” → “1”",
        "4.1 Kita: new",
        "3.10 U9-Teilnahme: gone",
    ]
    assert compare(SMALL, SMALL) == []
    assert [(change.kind, change.number) for change in compare(later, SMALL)][-2:] == [("added", "3.10"),
                                                                                      ("removed", "4.1")]


RECIPE = {
    "format": "teilhabe-recipe/1", "id": "t", "title": "T", "area_key": "key",
    "indicators": [
        {"id": "a", "title": "Dick", "catalogue": "3.3"}, {"id": "b", "title": "U9", "unit": "x", "catalogue": "3.10"},
        {"id": "c", "title": "Anderes", "unit": "m²"}, {"id": "d", "title": "Verlorenes", "catalogue": "9.9"},
    ],
    "indices": [{"id": "i", "title": "I", "children": [{"indicator": name} for name in "abcd"]}],
}


def test_names_and_units_come_from_the_catalogue_and_contradictions_are_told():
    recipe = read_recipe(json.dumps(RECIPE))
    named, notes = apply_to_recipe(recipe, SMALL)
    assert [(each.title, each.unit) for each in named.indicators.values()] == [
        ("3.3 Übergewichtsquote", "%"), ("3.10 U9-Teilnahme", "%"), ("Anderes", "m²"), ("Verlorenes", "")]
    assert [str(note) for note in notes] == [
        "3.10 U9-Teilnahme: a high value is favourable in the catalogue, but unfavourable in the recipe. The recipe "
        "holds; mend one of them.",
        "3.10 U9-Teilnahme: the catalogue says that there are no data yet.",
        "The catalogue “Testkatalog” has no indicator 9.9, which the recipe names for “Verlorenes”.",
    ]
    assert named.fingerprint == recipe.fingerprint and named.columns() == recipe.columns()


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.name)
def test_shipped_catalogues_are_valid_and_in_their_one_form(path):
    catalogue = load_catalogue(path)
    assert catalogue.id == path.stem
    assert catalogue.note
    assert path.read_text(encoding="utf-8") == catalogue.to_json()


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.name)
def test_shipped_recipes_fit_their_catalogue(path):
    recipe = load_recipe(path)
    catalogue = load_catalogue(RESOURCES / "catalogues" / f"{recipe.catalogue}.json")
    assert apply_to_recipe(recipe, catalogue)[1] == []
    assert {each.catalogue for each in recipe.indicators.values()} <= {each.number for each in catalogue.entries}
    assert all(each.catalogue for each in recipe.indicators.values())


def test_the_sample_city_s_catalogue_says_what_its_table_says():
    path = RESOURCES.parent / "sample_data" / "musterstadt" / "indikatorenkatalog.csv"
    catalogue = load_catalogue(RESOURCES / "catalogues" / "musterstadt.json")
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    high = {"günstig": "favourable", "ungünstig": "unfavourable"}
    assert [(e.number, catalogue.dimension_of(e).label, e.name, e.unit, e.high_is) for e in catalogue.entries] == [
        (r["Nr."], r["Dimension"], r["Indikator"], r["Einheit"], high[r["hoher Wert ist"]]) for r in rows]


def test_the_participation_template_marks_15_of_17_indicators_as_proposals():
    catalogue = load_catalogue(RESOURCES / "catalogues" / "partizipationsindex.json")
    assert [e.number for e in catalogue.entries if e.status != "proposal"] == ["3.3", "3.4"]
    overweight, teeth = catalogue.get("3.3"), catalogue.get("3.4")
    assert (overweight.numerator, overweight.denominator, overweight.factor, overweight.pool_years) == (
        "übergewichtige und adipöse Kinder", "untersuchte Kinder vor der Einschulung", 100, 3)
    assert (teeth.kind, teeth.factor, teeth.reference_date) == ("mean", 1, "Kindergartenjahr")
