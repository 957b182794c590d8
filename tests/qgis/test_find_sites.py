"""findsites as Processing runs it: the town by hand, candidates, need, places, report, proof in words, faults."""
import re

import pytest
from qgis.core import QgsProcessingException, QgsVectorLayer

from . import supply_town as town

#: places for a Kita: in the west beside 75 children, in the middle, between west and middle, at the place of offer 1
BUILDINGS = (("Alte Schule", 40, 120, 500), ("Halle", 15, 1880, 500), ("Laden", None, 1000, 500),
             ("Anbau", 10, 950, 500), ("Doppelt", 10, 120.2, 500), ("Draußen", 10, 9000, 500),
             ("Ohne Ort", 10, None, 0))


def buildings(rows=BUILDINGS):
    return town.layer("Point", ["name:string", "plaetze:integer"], [
        (name, places, None if x is None else f"POINT({x} {y})") for name, places, x, y in rows], "gebaeude")


@pytest.fixture
def sited(provider, new_project, tmp_path):
    """Return outputs, sites, demand and areas of a run on the town, limit 200 m."""
    def find(log=None, **more):
        paths = {"OUTPUT": tmp_path / "s.gpkg", "DEMAND": tmp_path / "d.gpkg", "AREAS_OUT": tmp_path / "a.gpkg"}
        found = town.run("findsites", log, **town.case(**{
            "LIMITS": "200", "WEIGHT": "wohnungen", "CANDIDATES": buildings(), "CANDIDATE_NAME": "name", "P": 2,
            **{name: str(path) for name, path in paths.items()}, **more}))
        return (found, town.rows_of(paths["OUTPUT"], "rang"), town.rows_of(paths["DEMAND"], "fid"),
                town.rows_of(paths["AREAS_OUT"], "nr"))
    return find


def test_the_best_sites_by_hand(sited):
    # children: 75 at 100, 25 at 900, 25 at 1,100, 25 at 1,900; the Kita at 950 reaches the two in the middle
    found, sites, demand, areas = sited()
    assert [(row["name"], row["gewinn"], row["erreicht_gesamt"]) for row in sites.values()] == [
        ("Alte Schule", 75, 125), ("Halle", 25, 150)]
    assert (sites[1]["gebiet"], sites[1]["gebiet_name"], sites[1]["neu"]) == ("01", "Westen", True)
    assert (sites[1]["im_umkreis"], sites[1]["versorgt"]) == (75, 75)
    assert sites[2]["weg_mittel"] == pytest.approx((75 * 20 + 25 * 50 + 25 * 150 + 25 * 20) / 150)
    assert (found["SITES"], found["REACHED_BEFORE"], found["REACHED"], found["OBJECTIVE"], found["GAP"]) == (
        2, 50, 150, 150, 0)
    assert found["QUALITY"] == "proven to be the best answer"
    points = list(demand.values())
    assert [point["versorgt_durch"] for point in points] == ["Alte Schule", "Am Bach", "Am Bach", "Halle", None]
    assert [point["durch_neu"] for point in points] == [True, False, False, True, False]
    assert (points[0]["weg_vorher"], points[0]["weg_nachher"]) == (850, 20)
    assert (areas["01"]["erreicht_200_vorher"], areas["01"]["erreicht_200_nachher"]) == (25, 100)
    assert areas["01"]["gewinn"] == 75
    assert (areas["01"]["anteil_200_vorher"], areas["02"]["unversorgt_200"]) == (25, 0)
    assert areas["02"]["neue_standorte"] == 1
    assert (areas["01"]["weg_vorher"], areas["03"]["ausschluss"]) == (pytest.approx((75 * 850 + 25 * 50) / 100),
                                                                     "nobody of the group")
    assert areas["01"]["erreicht_name"] == "nearly all"


def test_candidates_that_cannot_be_are_counted(sited):
    log = []
    sited(log)
    text = "\n".join(log)
    for words in ("1 candidates have no place", "1 candidates lie outside all areas",
                  "1 candidates lie at the place of another one", "1 candidates lie within 1 m of an existing offer"):
        assert words in text
    assert "3 candidates, 5 demand points" in text


def test_places_are_limited(sited):
    # offer 1 has 30 places for 50 children; Alte Schule 40, Halle 15, Laden 20 from NEW_CAPACITY
    found, sites, demand, _areas = sited(CANDIDATE_CAPACITY="plaetze", NEW_CAPACITY=20, DATE="2025-01-01")
    assert [(row["name"], row["gewinn"], row["plaetze"], row["auslastung"]) for row in sites.values()] == [
        ("Alte Schule", 40, 40, 100), ("Laden", 20, 20, 100)]
    assert found["OBJECTIVE"] == 30 + 40 + 20
    points = list(demand.values())
    assert points[0]["mit_platz"] == 40 and points[0]["ohne_platz"] == 35
    assert sum(point["mit_platz"] for point in points) == 90


def test_places_only_count_for_coverage(sited):
    with pytest.raises(QgsProcessingException, match="only count for “most people within the limit”"):
        sited(NEW_CAPACITY=20, MODEL=1)


def test_need_turns_the_choice(sited):
    index = town.layer("NoGeometry", ["nr:string", "klasse:integer"],
                       [("01", 1, None), ("02", 2, None), ("03", 1, None)], "index", crs="")
    assert sited(P=1)[1][1]["name"] == "Alte Schule"
    more = {"INDEX": index, "INDEX_KEY": "nr", "INDEX_CLASS": "klasse", "NEED_FACTOR": 4, "P": 1}
    _found, sites, demand, _areas = sited(**more)
    assert (sites[1]["name"], sites[1]["gewinn"]) == ("Halle", 25)  # 25 · 4 > 75
    assert [point["gewicht"] for point in demand.values()] == [1, 1, 4, 4, 1]


def test_weights_from_a_field_of_the_areas(sited):
    weighted = town.layer("Polygon", ["nr:string", "name:string", "bedarf:double"], [
        (key, key, weight, f"POLYGON(({i}000 0,{i + 1}000 0,{i + 1}000 1000,{i}000 1000,{i}000 0))")
        for i, (key, weight) in enumerate((("01", 1.0), ("02", 5.0), ("03", 1.0)))], "gebiete")
    assert sited(AREAS=weighted, NEED_FIELD="bedarf", P=1)[1][1]["name"] == "Halle"


@pytest.mark.parametrize("model, chosen", [(1, ["Alte Schule"]), (2, ["Halle"]), (3, ["Alte Schule", "Halle"])])
def test_other_models(sited, model, chosen):
    found, sites, _demand, _areas = sited(MODEL=model, P=1, SEARCH=3000)
    assert [row["name"] for row in sites.values()] == chosen
    objective = {1: 75 * 20 + 25 * 50 + 25 * 150 + 25 * 922.0, 2: 850, 3: 2}[model]
    assert found["OBJECTIVE"] == pytest.approx(objective, rel=1e-3)  # Zur Linde at (1000, 700) is 922 m from 1,900


def test_existing_offers_may_close_or_not_count(sited):
    _found, sites, _demand, _areas = sited(EXISTING=1, P=3)
    assert {(row["name"], row["neu"]) for row in sites.values()} >= {("Alte Schule", True), ("Halle", True)}
    assert sum(row["neu"] for row in sites.values()) in (2, 3)
    found, sites, _demand, areas = sited(EXISTING=2, P=1)
    assert (found["REACHED_BEFORE"], found["REACHED"], sites[1]["name"]) == (0, 75, "Alte Schule")
    assert areas["02"]["erreicht_200_vorher"] == 0


@pytest.mark.parametrize("more", [{"CANDIDATE_KIND": 0, "MOST_CANDIDATES": 50}, {"CANDIDATE_KIND": 1,
                                                                                  "CANDIDATE_GRID": 100}])
def test_candidates_without_a_layer(sited, more):
    found, sites, _demand, _areas = sited(CANDIDATES=None, CANDIDATE_NAME="", **more)
    assert (found["REACHED"], [row["name"] for row in sites.values()]) == (150, ["Site 1", "Site 2"])


def test_without_any_offer_yet(sited):
    log = []
    found, sites, _demand, _areas = sited(log, OFFERS=None, P=1)
    assert (found["REACHED_BEFORE"], found["REACHED"], sites[1]["name"]) == (0, 75, "Alte Schule")
    assert "There are no offers yet." in log


def test_polygons_along_a_network(sited):
    house = town.layer("Polygon", ["name:string"],
                       [("Haus", "POLYGON((110 490,130 490,130 510,110 510,110 490))")], "b")
    found, sites, _demand, _areas = sited(CANDIDATES=house, P=1, WAYS=2, NETWORK=town.street())
    assert (sites[1]["name"], sites[1]["gewinn"], found["REACHED"]) == ("Haus", 75, 125)


def test_look_of_the_layers(sited, tmp_path):
    sited()
    sites, areas = (QgsVectorLayer(str(tmp_path / name), "", "ogr") for name in ("s.gpkg", "a.gpkg"))
    for layer in (sites, areas):
        layer.loadDefaultStyle()
    assert sites.customProperty("teilhabe/role") == "sites" and sites.labelsEnabled()
    assert areas.renderer().type() == "RuleRenderer"
    assert sites.attributeAlias(sites.fields().lookupField("gewinn")) == "People gained within 200 m"


def test_report_and_workbook(sited, tmp_path, german):
    import pandas as pd

    sited(REPORT=str(tmp_path / "r.html"), TABLE=str(tmp_path / "t.xlsx"))
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    text = re.sub(r"<[^>]+>|\s", " ", page)
    for words in ("nachweislich beste Lösung", "33,3", "100,0", "Alte Schule", "+75", "Gesucht: Meiste Personen",
                  "Niemand: Alle haben ein Angebot"):
        assert words in text, words
    sheets = pd.read_excel(tmp_path / "t.xlsx", sheet_name=None)
    assert list(sheets) == ["Neue Standorte", "Gebiete", "Hinweise"]
    assert "nachweislich beste Lösung" in sheets["Hinweise"].iloc[:, 0].tolist()


def test_how_far_from_the_best_is_said_in_words(german):
    from types import SimpleNamespace

    from teilhabe.bridge.site_report import quality_text

    def words(model, objective, bound, proven=False):
        return quality_text(SimpleNamespace(rules=SimpleNamespace(model=model), siting=SimpleNamespace(
            objective=objective, bound=bound, proven=proven)))

    assert words("coverage", 977.1, 1000.0) == "höchstens 2,3 % schlechter als die beste Lösung"
    assert words("median", 1030.0, 1000.0) == "höchstens 3 % länger als in der besten Lösung"
    assert words("full_coverage", 12.0, 10.0) == "nötige Zahl um höchstens 2 überschritten"
    assert words("median", 5.0, 0.0).startswith("Abstand zur besten Lösung nicht bekannt")
    assert words("coverage", 1.0, 1.0, True) == "nachweislich beste Lösung"


@pytest.mark.parametrize("more, words", [
    ({"P": 9}, "9 new sites cannot be chosen from 3"), ({"LIMITS": ""}, "Enter up to which distance"),
    ({"WAYS": 2}, "Choose the network"), ({"REPORT": "/nowhere/at/all.html"}, "does not exist"),
    ({"TABLE": "t.csv"}, "Excel workbook"),
])
def test_faults_are_told(sited, more, words):
    with pytest.raises(QgsProcessingException, match=words):
        sited(**more)


def test_the_sample_city(provider, new_project, tmp_path):
    given = town.sample_city(tmp_path)
    found = town.run("findsites", **{**given, "PEOPLE_YEAR": "Jahr", "LIMITS": "500", "P": 3,
                                 "OUTPUT": str(tmp_path / "s.gpkg")})
    assert found["QUALITY"] == "proven to be the best answer" and found["SITES"] == 3
    assert found["REACHED"] > found["REACHED_BEFORE"] > 0
