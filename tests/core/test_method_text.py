"""The method in words: the German text word for word, a phrase for every method, and pages to print."""
import json
import re
from pathlib import Path

import pytest

from teilhabe_plugin.core.catalogue import Catalogue, Entry, apply_to_recipe
from teilhabe_plugin.core.catalogue_reading import load_catalogue
from teilhabe_plugin.core.classes import ClassDef, ClassSet
from teilhabe_plugin.core.method_text import method_text
from teilhabe_plugin.core.method_text_output import to_html, to_markdown
from teilhabe_plugin.core.phrases import REGISTRIES, Phrases
from teilhabe_plugin.core.recipe_reading import load_recipe, read_recipe

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
RECIPES = sorted((RESOURCES / "recipes").glob("*.json"))
TEXTS = {language: json.loads((RESOURCES / "method_text" / f"{language}.json").read_text(encoding="utf-8"))
         for language in ("de", "en")}


def shipped(name, language="de"):
    recipe = load_recipe(RESOURCES / "recipes" / f"{name}.json")
    catalogue = load_catalogue(RESOURCES / "catalogues" / f"{recipe.catalogue}.json")
    return method_text(apply_to_recipe(recipe, catalogue)[0], TEXTS[language], catalogue)


def sections(text):
    return {section.heading: "\n".join([*section.paragraphs, *section.points]) for section in text.sections}


def test_berlin_word_for_word():
    text = shipped("berlin_mss_2021")
    assert text.title == "Methodik: Monitoring Soziale Stadtentwicklung Berlin 2021"
    assert sections(text) == {
        "Datengrundlage":
            "Grundlage sind sechs Indikatoren; die Tabelle am Ende führt sie auf. Stand der Daten: 31.12.2020. Quelle: "
            "Senatsverwaltung für Stadtentwicklung, Bauen und Wohnen Berlin, Monitoring Soziale Stadtentwicklung 2021 "
            "(dl-de/by-2-0). Festgelegt sind die Indikatoren im Katalog „Index-Indikatoren des Monitorings Soziale "
            "Stadtentwicklung Berlin 2021“ (Version 2021).",
        "Ausgeschlossene Gebiete":
            "Folgende Gebiete gehen nicht in die Berechnung ein und erhalten keine Klasse:\n"
            "Gebiete, deren Wert in „EW“ unter 300 liegt oder fehlt (weniger als 300 Einwohner)\n"
            "Gebiete, die in „KOM“ den Eintrag „ungültig (Ausreißer)“ tragen (Ausreißer)",
        "Fehlende Werte":
            "Fehlende Werte bleiben fehlend; sie werden weder durch 0 noch durch einen Mittelwert ersetzt. Ein Index "
            "wird nur berechnet, wenn alle seine Bestandteile vorliegen.",
        "Extremwerte": "Extremwerte werden nicht verändert.",
        "Normierung":
            "Alle Indikatoren werden in z-Werte umgerechnet: Vom Wert wird der Mittelwert der einbezogenen Gebiete "
            "abgezogen, die Differenz wird durch die Standardabweichung der Grundgesamtheit (Teiler n) geteilt. "
            "Bezugsgrößen sind die Werte der einbezogenen Gebiete.",
        "Status-Index":
            "Der Index „Status-Index“ wird aus drei Indikatoren gebildet. Ihre Werte werden addiert. Das Ergebnis wird "
            "erneut in z-Werte umgerechnet. Es gibt vier Klassen; ihre Grenzen liegen bei −1, +1 und +1,5 "
            "Standardabweichungen der Grundgesamtheit um den Mittelwert.\n"
            "Ein Wert genau auf einer Grenze gehört zur Klasse darunter. Ein hoher Wert von „Status-Index“ steht für "
            "eine ungünstige Lage.",
        "Dynamik-Index":
            "Der Index „Dynamik-Index“ wird aus drei Indikatoren gebildet. Ihre Werte werden addiert. Das Ergebnis "
            "wird erneut in z-Werte umgerechnet. Es gibt drei Klassen; ihre Grenzen liegen bei −1 und +1 "
            "Standardabweichungen der Grundgesamtheit um den Mittelwert.\n"
            "Ein Wert genau auf einer Grenze gehört zur Klasse darunter. Ein hoher Wert von „Dynamik-Index“ steht für "
            "eine ungünstige Lage.",
        "Gesamtindex Soziale Ungleichheit":
            "Die Klassen von „Status-Index“ und „Dynamik-Index“ werden gekreuzt; daraus entstehen zwölf Klassen.",
        "Hinweise": "Geprüft: Für alle 536 gültigen Planungsräume folgen die veröffentlichten Klassen.",
    }
    indicators, status, dynamics = text.tables
    assert indicators.columns == ["Nr.", "Indikator", "Index oder Dimension", "Gewicht", "Hoher Wert ist", "Einheit",
                                  "Quelle"]
    assert indicators.rows[0][:6] == ["S1", "Anteil Arbeitslose", "Status-Index", "33,3\u202f%", "ungünstig", "%"]
    assert len(indicators.rows) == 6
    assert status.heading == "Klassen: Status-Index"
    assert status.columns == ["Klasse", "Bezeichnung", "Grenzen (Standardabweichungen)"]
    assert status.rows == [["1", "hoch", "bis −1"], ["2", "mittel", "über −1 bis +1"],
                           ["3", "niedrig", "über +1 bis +1,5"], ["4", "sehr niedrig", "über +1,5"]]
    assert dynamics.rows[2] == ["5", "negativ", "über +1"]


def test_berlin_in_english():
    found = sections(shipped("berlin_mss_2021", "en"))
    assert found["Normalisation"].startswith(
        "All indicators are turned into z-scores: the mean of the areas included is subtracted, and the difference is "
        "divided by the standard deviation of the population (divisor n).")
    assert found["Status-Index"].startswith(
        "The index “Status-Index” is made of three indicators. Their values are added. The result is again turned into "
        "z-scores. There are four classes; their bounds lie at −1, +1 and +1.5 standard deviations of the population "
        "around the mean.")


def test_sub_indices_of_one_kind_are_told_together():
    found = sections(shipped("musterstadt_partizipationsindex"))["Partizipationsindex"].splitlines()
    assert found[0].startswith(
        "Die Teilindizes „Wirtschaftliche Lage“, „Integration“, „Gesundheit“, „Bildung“ und „Wohnen und Umwelt“ werden "
        "jeweils aus den zugeordneten Bestandteilen gebildet. Gebildet wird das arithmetische Mittel. Alle "
        "Bestandteile haben gleiches Gewicht. Das Ergebnis wird erneut in z-Werte umgerechnet.")
    assert found[1].startswith("Der Index „Partizipationsindex“ wird aus fünf Teilindizes gebildet.")
    assert found[2].endswith("Bei zwölf Indikatoren bedeutet ein hoher Wert das Gegenteil (siehe Tabelle); ihre "
                             "Richtung wird bei der Normierung umgekehrt.")
    weighted = sections(shipped("deprivation_exponential"))["Deprivationsindex"]
    assert ("Gebildet wird das gewichtete arithmetische Mittel. Die Gewichte betragen 22,5\u202f% für „Einkommen“, "
            "22,5\u202f% für „Beschäftigung“, 13,5\u202f% für „Bildung“") in weighted


SMALL = {
    "format": "teilhabe-recipe/1", "id": "t", "title": "Test", "area_key": "key", "year": 2025, "reference_year": 2020,
    "population": "people", "parents": [{"id": "p", "title": "Bezirk", "column": "district"}],
    "exclusions": [{"type": "flag", "column": "art", "values": ["Hafen", "Wald"], "reason": "unbewohnt"},
                   {"type": "areas", "values": ["0101", "0102"], "reason": "Umbau"}],
    "indicators": [
        {"id": "a", "title": "A", "column": "a_{year}", "treatment": {"method": "percentile", "low": 2.5, "high": 97.5},
         "missing": "last_year"},
        {"id": "b", "title": "B", "column": "b_{year}", "catalogue": "2",
         "missing": {"method": "last_year", "years": 3},
         "treatment": {"method": "log", "add": 1}},
        {"id": "c", "title": "C", "catalogue": "3", "missing": {"method": "group_median", "group": "district"}},
        {"id": "d", "title": "D", "high_is": "favourable", "missing": "area_out"},
    ],
    "indices": [{
        "id": "i", "title": "Index", "minimum_share": 0.75, "weights": {"method": "correlation", "reference": "d"},
        "children": [{"indicator": name, "weight": 1 + (name == "a"), "normalise": {"method": "z", "weighted": True}}
                     for name in "abc"] + [{"indicator": "d", "normalise": {"method": "binary", "threshold": 12.5}}],
        "classes": {"method": "quantile", "type": 6, "classes": [{"value": 1, "name": "x"}, {"value": 2, "name": "y"}]},
    }],
}


def test_everything_a_recipe_can_say():
    catalogue = Catalogue("k", "Katalog", (
        Entry("2", "Zwei", source="Amt", pool_years=3, minimum_denominator=20, status="proposal"),
        Entry("3", "Drei", data="none"),
    ))
    classes = [ClassSet("i", "Index", "i_klasse", "i_name", "i_index",
                        (ClassDef(1, "x", upper=-0.12345), ClassDef(2, "y", lower=-0.12345)))]
    text = method_text(read_recipe(json.dumps(SMALL)), TEXTS["de"], catalogue, class_sets=classes)
    found = sections(text)
    assert found["Datengrundlage"].endswith(
        "Festgelegt sind die Indikatoren im Katalog „Katalog“. Über mehrere Jahre zusammengefasst wird „2 Zwei“ (drei "
        "Jahre, Zähler und Nenner addiert). Werte aus kleinen Fallzahlen werden nicht ausgewiesen: „2 Zwei“ bei einem "
        "Nenner unter 20. Als Vorschlag gekennzeichnet, also noch nicht beschlossen, ist 2.")
    assert found["Ausgeschlossene Gebiete"].splitlines()[1:] == [
        "Gebiete, die in „art“ den Eintrag „Hafen“ oder „Wald“ tragen (unbewohnt)",
        "die namentlich genannten Gebiete 0101 und 0102 (Umbau)", "Gebiete ohne Wert bei „D“"]
    assert found["Fehlende Werte"] == (
        "Lücken bei „A“ werden mit dem Wert des Vorjahres gefüllt. Lücken bei „B“ werden mit dem jüngsten Wert aus den "
        "drei Vorjahren gefüllt. Lücken bei „C“ werden mit dem Median der Gebiete gefüllt, die in „district“ denselben "
        "Eintrag haben. Gefüllte Werte sind im Ergebnis gekennzeichnet. Ein Index wird nur berechnet, wenn mindestens "
        "75\u202f% des Gewichts seiner Bestandteile vorliegen; die Gewichte der vorhandenen Bestandteile werden "
        "entsprechend hochgerechnet. Der Anteil der Daten, auf denen ein Indexwert beruht, wird ausgewiesen.")
    assert found["Extremwerte"] == (
        "Bei „A“ werden Werte unter dem 2,5. und über dem 97,5. Perzentil auf diese Grenzen gesetzt. „B“ wird "
        "logarithmiert, nachdem 1 addiert worden ist. Alle übrigen Indikatoren bleiben unverändert.")
    assert found["Normierung"] == (
        "„A“, „B“ und „C“ werden in z-Werte umgerechnet: Vom Wert wird der nach Bevölkerung gewichtete Mittelwert der "
        "einbezogenen Gebiete abgezogen, die Differenz wird durch die nach Bevölkerung gewichtete Standardabweichung "
        "der Grundgesamtheit (Teiler n) geteilt. „D“ wird in 1 und 0 umgerechnet: 1, wenn der Wert die Schwelle 12,5 "
        "in Richtung des Index überschreitet. Bezugsjahr ist 2020: Mittelwerte, Streuungen, geschätzte Gewichte und "
        "Klassengrenzen stammen aus diesem Jahr, damit sich die Jahre vergleichen lassen.")
    assert "Die Gewichte sind der Korrelation mit „D“ proportional" in found["Index"]
    assert "Es gibt zwei Klassen mit möglichst gleich vielen Gebieten (Quantile, Typ 6)" in found["Index"]
    turned = "Bei „D“ bedeutet ein hoher Wert das Gegenteil; die Richtung wird bei der Normierung umgekehrt."
    assert turned in found["Index"]
    assert found["Größere Gebiete"] == (
        "Werte für „Bezirk“ sind nach Bevölkerung gewichtete Mittelwerte der Gebiete, keine Mittelwerte von "
        "Mittelwerten.")
    # no indicator has a unit, so there is no column for it
    assert text.tables[0].rows[1] == ["2", "Zwei", "Index", "geschätzt", "ungünstig", "Amt"]
    assert text.tables[0].rows[2][1] == "Drei (noch keine Daten)"
    assert text.tables[1].columns == ["Klasse", "Bezeichnung", "Grenzen (Indexwert)"]
    assert text.tables[1].rows == [["1", "x", "bis −0,123"], ["2", "y", "über −0,123"]]


def settings_of(section, method):
    """Return a setting for everything that the method requires."""
    if method == "binary":  # one of its two
        return {"threshold": 2.5}
    way = REGISTRIES[section][method]
    values = {name: {float: 2.5 + i, str: "a", list: [0]}.get(kind)
              for i, (name, kind) in enumerate(way.settings.items()) if name in way.required}
    return {name: value if value is not None else way.settings[name][0] for name, value in values.items()}


def recipe_with(section, method):
    """Return a small recipe that uses the method."""
    chosen = {"method": method, **settings_of(section, method)}
    recipe = {
        "format": "teilhabe-recipe/1", "id": "t", "title": "Test", "area_key": "key", "year": 2025,
        "indicators": [{"id": name, "title": name.upper(), "column": f"{name}_{{year}}"} for name in "ab"],
        "indices": [{"id": "i", "title": "Index", "children": [{"indicator": name} for name in "ab"]}],
    }
    if section in ("treatment", "missing"):
        recipe["indicators"][0][section] = chosen
    elif section == "normalise":
        recipe["indices"][0]["children"][0]["normalise"] = chosen
    elif section == "classes":
        recipe["indices"][0]["classes"] = {**chosen, "classes": [{"value": 1, "name": "x"}, {"value": 2, "name": "y"}]}
    else:
        recipe["indices"][0][section] = chosen
    return read_recipe(json.dumps(recipe))


METHODS = [(section, method) for section, methods in REGISTRIES.items() for method in methods]


@pytest.mark.parametrize("section, method", METHODS, ids=lambda value: value)
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_method_has_words_of_its_own(section, method, language):
    def words(name):
        text = method_text(recipe_with(section, name), TEXTS[language])
        return "\n".join("\n".join([*each.paragraphs, *each.points]) for each in text.sections)

    found = words(method)
    assert not re.search(r"[{}]|None|True|False|  ", found)
    for other in set(REGISTRIES[section]) - {method}:
        # given weights that are all 1 are equal weights
        assert (words(other) == found) == ({other, method} == {"given", "equal"}), other


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.name)
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_shipped_recipe_can_be_told_and_printed(path, language):
    text = shipped(path.stem, language)
    page, plain = to_html(text, language), to_markdown(text)
    assert page.startswith(f'<!DOCTYPE html>\n<html lang="{language}">') and page.endswith("</html>\n")
    assert "http" not in page and "<script" not in page
    assert plain.startswith(f"# {text.title}\n\n## ")
    for section in text.sections:
        assert section.paragraphs[0] in plain
        assert not re.search(r"[{}]|\bNone\b|  |\.\.", section.paragraphs[0])


def test_what_the_recipe_says_is_escaped_on_the_page():
    values = json.loads(json.dumps(SMALL))
    values["title"], values["indicators"][0]["title"] = "<b>&</b>", "A | <i>"
    text = method_text(read_recipe(json.dumps(values)), TEXTS["de"])
    assert "&lt;b&gt;&amp;&lt;/b&gt;" in to_html(text, "de") and "<i>" not in to_html(text, "de")
    assert "| A \\| <i> |" in to_markdown(text)


@pytest.mark.parametrize("value, german, english", [
    (0.5, "0,5", "0.5"), (-1, "−1", "−1"), (1234.5, "1234,5", "1234.5"), (12345, "12.345", "12,345"),
    (11.225243392518447, "11,225243", "11.225243"), (1e-9, "0", "0"), (100, "100", "100"),
])
def test_numbers_as_the_language_writes_them(value, german, english):
    assert Phrases(TEXTS["de"]).number(value) == german
    assert Phrases(TEXTS["en"]).number(value) == english


def test_both_languages_have_the_same_phrases_with_the_same_gaps():
    def shape(value):
        if isinstance(value, dict):
            return {key: shape(each) for key, each in value.items()}
        if isinstance(value, list):
            return len(value)
        return sorted(set(re.findall(r"\{(\w+)\}", value)))

    assert shape(TEXTS["de"]) == shape(TEXTS["en"])


def test_weights_of_several_years_are_told():
    recipe = {
        "format": "teilhabe-recipe/1", "id": "t", "title": "Test", "area_key": "key", "year": 2025,
        "indicators": [{"id": name, "title": name.upper(), "column": f"{name}_{{year}}"} for name in "ab"],
        "indices": [{"id": "i", "title": "Index", "weights": {"method": "pca", "years": [2024, 2025]},
                     "children": [{"indicator": name} for name in "ab"]}],
    }
    text = method_text(read_recipe(json.dumps(recipe)), TEXTS["de"])
    assert any("Sie sind aus den Jahren 2024 und 2025 gemeinsam geschätzt." in each
               for section in text.sections for each in section.paragraphs)
