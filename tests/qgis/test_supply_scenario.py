"""supplyscenario as Processing runs it: the town before and after, all ways to say what changes, faults."""
import json
import re

import pytest
from qgis.core import QgsProcessingException, QgsVectorLayer

from . import supply_town as town

#: Am Bach closes, Zur Linde grows to 60, Neubau opens beside the 75 children of the west
CHANGES = [{"aktion": "schließen", "angebot": "Am Bach"}, {"aktion": "erweitern", "angebot": "2", "plätze": 60},
           {"aktion": "eröffnen", "name": "Neubau", "x": 120, "y": 500, "plätze": 50}]


@pytest.fixture
def compared(provider, new_project, tmp_path):
    """Return outputs, areas and offers of a run on the town, limits 200 and 1,000 m."""
    def compare(log=None, **more):
        paths = {"OUTPUT": tmp_path / "a.gpkg", "OFFERS_OUT": tmp_path / "o.gpkg"}
        found = town.run("supplyscenario", log, **town.case(**{
            "WEIGHT": "wohnungen", "QUOTA": 40, "CHANGES_TEXT": json.dumps(CHANGES),
            **{name: str(path) for name, path in paths.items()}, **more}))
        return found, town.rows_of(paths["OUTPUT"], "nr"), town.rows_of(paths["OFFERS_OUT"], "name")
    return compare


def test_before_and_after_by_hand(compared):
    found, areas, offers = compared()
    # within 200 m: before 25 + 25 children beside Am Bach, after 75 beside Neubau
    west, middle = areas["01"], areas["02"]
    assert (west["erreicht_200_vorher"], west["erreicht_200_nachher"], west["erreicht_200_diff"]) == (25, 75, 50)
    assert (west["anteil_200_diff"], middle["erreicht_200_diff"], middle["anteil_200_diff"]) == (50, -25, -50)
    assert (west["plaetze_vorher"], west["plaetze_nachher"], west["plaetze_diff"]) == (50, 110, 60)
    # 30 places for 50 children of whom 25 are a quarter of the west; 50 places for 75 children, three quarters
    assert west["plaetze_je_100_umkreis_vorher"] == pytest.approx(0.25 * 60)
    assert west["plaetze_je_100_umkreis_nachher"] == pytest.approx(0.75 * 100 * 50 / 75)
    assert west["plaetze_je_100_umkreis_diff"] == pytest.approx(35)
    assert middle["plaetze_je_100_umkreis_diff"] == pytest.approx(-30)
    assert (west["veraenderung_name"], middle["veraenderung_name"]) == ("much better", "much worse")
    assert (west["zielgruppe"], areas["03"]["ausschluss"]) == (100, "nobody of the group")
    assert (found["CHANGE_COUNT"], found["REACHED_BEFORE"], found["REACHED"]) == (3, 50, 75)
    assert (found["PLACES_BEFORE"], found["PLACES"], found["WINNERS"], found["LOSERS"]) == (50, 110, 1, 1)
    assert (found["SHARE_BEFORE"], found["SHARE"]) == (pytest.approx(100 / 3), 50)
    assert {name: row["zustand"] for name, row in offers.items()} == {
        "Am Bach": "close", "Zur Linde": "resize", "Treff": None, "Neubau": "open"}
    assert [row["zaehlt"] for row in offers.values()] == [True, True, False, True]
    new, old = offers["Neubau"], offers["Am Bach"]
    assert (new["plaetze_vorher"], new["plaetze_nachher"], new["im_umkreis_nachher"]) == (None, 50, 75)
    assert new["art"] == "Kita"
    assert (new["auslastung_nachher"], old["auslastung_vorher"], old["auslastung_nachher"]) == (100, 100, None)
    assert (old["im_umkreis_vorher"], old["zustand_text"]) == (50, "closes")


def test_the_offers_themselves_stay_as_they_are(compared):
    offers = town.offers()
    before = town.rows_of(offers, "name")
    compared(OFFERS=offers)
    assert town.rows_of(offers, "name") == before and offers.featureCount() == 3


def test_a_layer_and_a_table_say_the_same(compared, provider):
    by_text = compared()[1]
    layer = town.layer("Point", ["aktion:string", "angebot:string", "plaetze:integer", "name:string"], [
        ("close", "1", None, None, None), ("resize", "Zur Linde", 60, None, None),
        ("open", None, 50, "Neubau", "POINT(120 500)")], "aenderungen")
    table = town.layer("NoGeometry", ["aktion:string", "angebot:string", "x:double", "y:double", "plaetze:integer"], [
        ("schließen", "1", None, None, None, None), ("ausbau", "2", None, None, 60, None),
        ("neu", "n1", 120.0, 500.0, 50, None)], "aenderungen", crs="")
    for changes in (layer, table):
        assert compared(CHANGES_TEXT="", CHANGES=changes)[1] == by_text


def test_another_layer_of_offers(compared):
    after = town.offers((town.OFFERS[1][:3] + (60,) + town.OFFERS[1][4:], town.OFFERS[2],
                         (9, "Kita", "Neubau", 50, 120, 500, None, None)))
    found, areas, offers = compared(CHANGES_TEXT="", OFFERS_AFTER=after)
    assert areas == compared()[1]
    assert found["CHANGE_COUNT"] == 3 and offers["Am Bach"]["zustand"] == "close"


def test_the_same_offers_on_a_later_day(compared):
    found, areas, offers = compared(CHANGES_TEXT="", DATE="2024-01-01", DATE_AFTER="2025-01-01")
    assert {name: row["zustand"] for name, row in offers.items()} == {"Am Bach": None, "Zur Linde": "close",
                                                                      "Treff": None}
    assert (areas["01"]["plaetze_diff"], found["REACHED"]) == (-20, 50)


def test_moving_along_a_network(compared):
    found, areas, offers = compared(CHANGES_TEXT=json.dumps([
        {"action": "move", "offer": "1", "x": 1850, "y": 500}]), WAYS=2, NETWORK=town.street(), NAME="Umzug")
    assert offers["Am Bach"]["zustand"] == "move"
    assert (areas["02"]["erreicht_200_vorher"], areas["02"]["erreicht_200_nachher"]) == (25, 25)
    assert (areas["01"]["erreicht_200_diff"], found["REACHED"]) == (-25, 25)


def test_no_change_at_all(compared):
    found, areas, _offers = compared(CHANGES_TEXT="[]")
    assert (found["CHANGE_COUNT"], found["WINNERS"], found["LOSERS"]) == (0, 0, 0)
    assert all(row["plaetze_diff"] == 0 for row in areas.values())


def test_new_offers_that_do_not_count_are_told(compared):
    log = []
    compared(log, CHANGES_TEXT=json.dumps([
        {"aktion": "neu", "name": "Fern", "x": 9000, "y": 500},
        {"aktion": "neu", "name": "Club", "art": "Club", "x": 9, "y": 9}]))
    text = "\n".join(log)
    assert "1 new offers lie outside all areas" in text and "Fern" in text
    assert "1 new offers are of a type that does not count here: Club" in text


def test_report_and_workbook(compared, tmp_path, german):
    import pandas as pd

    compared(REPORT=str(tmp_path / "r.html"), TABLE=str(tmp_path / "t.xlsx"), NAME="Szenario Nord")
    text = re.sub(r"<[^>]+>|\s+", " ", (tmp_path / "r.html").read_text(encoding="utf-8"))
    for words in ("Szenario Nord", "Am Bach", "schließt", "20 → 60 Plätze", "50 Plätze", "33,3", "+25", "▲ besser",
                  "Gebiete, die verlieren", "Mitte"):
        assert words in text, words
    assert list(pd.read_excel(tmp_path / "t.xlsx", sheet_name=None)) == ["Gebiete", "Angebote", "Hinweise"]


def test_look_of_the_map(compared, tmp_path):
    compared()
    layer = QgsVectorLayer(str(tmp_path / "a.gpkg"), "", "ogr")
    layer.loadDefaultStyle()
    colours = [item.symbol().color().name() for item in layer.renderer().legendSymbolItems() if item.symbol()]
    assert colours[0] == "#8c510a" or "#8c510a" in colours  # worse: brown
    assert "#01665e" in colours  # better: green
    assert layer.customProperty("teilhabe/role") == "supply"


@pytest.mark.parametrize("more, words", [
    ({"CHANGES_TEXT": ""}, "exactly one way"),
    ({"DATE_AFTER": "2025-01-01"}, "exactly one way"),
    ({"CHANGES_TEXT": "[{"}, "cannot be read"),
    ({"CHANGES_TEXT": '[{"aktion": "close", "angebot": "77"}]'}, "“77” that is to change is not in the list"),
    ({"CHANGES_TEXT": '[{"aktion": "sprengen", "angebot": "1"}]'}, "Row 1 .*“sprengen” is no change"),
    ({"CHANGES_TEXT": '[{"aktion": "move", "angebot": "1"}]'}, "has no place"),
    ({"TABLE": "t.csv"}, "Excel workbook"),
])
def test_faults_are_told(compared, more, words):
    with pytest.raises(QgsProcessingException, match=words):
        compared(**more)
