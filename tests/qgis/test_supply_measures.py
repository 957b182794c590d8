"""supplymeasures as Processing runs it: figures by hand, layers, tables, report, ways used again, faults."""
import numpy as np
import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsProcessingException, QgsVectorLayer

from . import supply_town as town


@pytest.fixture
def measured(provider, new_project, tmp_path):
    """Return outputs, areas, points and offers of a run on the town."""
    def measure(log=None, **more):
        paths = {"OUTPUT": tmp_path / "a.gpkg", "DEMAND": tmp_path / "d.gpkg", "OFFERS_OUT": tmp_path / "o.gpkg"}
        found = town.run("supplymeasures", log, **town.case(**{**{name: str(path) for name, path in paths.items()},
                                                               **more}))
        return (found, town.rows_of(paths["OUTPUT"], "nr"), town.rows_of(paths["DEMAND"], "fid"),
                town.rows_of(paths["OFFERS_OUT"], "name"))
    return measure


def test_figures_of_the_areas_by_hand(measured):
    found, areas, _points, _offers = measured(WEIGHT="wohnungen", QUOTA=40)
    west, middle, east = areas["01"], areas["02"], areas["03"]
    # 100 children: 75 at 850 m from offer 1, 25 at 50 m; 50 in the middle: 25 at 150 m, 25 at 950 m
    assert (west["zielgruppe"], west["angebote"], west["plaetze"]) == (100, 2, 50)  # offer 2 lies on the border
    assert (west["angebote_je_100"], west["plaetze_je_100"], west["saldo"]) == (2, 50, 10)
    assert (middle["angebote"], middle["plaetze"], middle["saldo"]) == (0, 0, -20)
    # within 200 m: offer 1 (30 places) for 25 + 25 children → 60 per 100 for half of the middle, a quarter of the west
    assert west["plaetze_je_100_umkreis"] == pytest.approx(0.25 * 60)
    assert middle["plaetze_je_100_umkreis"] == pytest.approx(0.5 * 60)
    assert middle["saldo_umkreis"] == pytest.approx((30 - 40) / 100 * 50)
    assert (west["erreicht_200"], west["anteil_200"], west["unversorgt_200"]) == (25, 25, 75)
    assert (middle["erreicht_1000"], middle["anteil_1000"], middle["unversorgt_1000"]) == (50, 100, 0)
    assert west["weg_mittel"] == pytest.approx((75 * 850 + 25 * 50) / 100)
    assert (west["weg_median"], middle["weg_median"], middle["weg_90"]) == (850, 150, pytest.approx(np.hypot(900, 200)))
    assert west["ohne_platz"] == 75
    assert east["plaetze_je_100_umkreis"] is None
    assert east["ausschluss"] == "nobody of the group"
    assert east["weg_mittel"] is None
    assert (found["AREA_COUNT"], found["PEOPLE_COUNT"], found["OFFER_COUNT"], found["PLACES"]) == (3, 150, 2, 50)
    assert (found["REACHED"], found["UNREACHED"], found["REACHED_SHARE"]) == (50, 100, pytest.approx(100 / 3))
    assert found["MISSING"] == pytest.approx(25 + 5)


def test_what_the_borders_hide_is_told_in_words(measured):
    found, areas, _points, _offers = measured(WEIGHT="wohnungen", LIMITS="1000", QUOTA=30)
    assert areas["01"]["plaetze_je_100"] == 50
    assert areas["02"]["plaetze_je_100"] == 0
    # offer 1 is reached by all 150 → 20 per 100; offer 2 by 25 + 25 + 25 within 1,000 m → 20/75
    assert areas["02"]["plaetze_je_100_umkreis"] == pytest.approx(20 + 100 * 20 / 150, rel=1e-6)
    assert areas["02"]["grenzwirkung"] == "inside too few places, but enough in reach over the border"
    assert areas["01"]["grenzwirkung"] is None
    assert found["BORDER"] == 1


def test_points_and_offers(measured):
    _found, _areas, points, offers = measured(WEIGHT="wohnungen", LIMITS="200; 1000")
    assert [point["personen"] for point in points.values()] == [75, 25, 25, 25, 0]
    assert points[2]["naechstes"] == "Am Bach"
    assert (points[2]["weg"], points[1]["angebote_200"], points[1]["angebote_1000"]) == (50, 0, 2)
    first = offers["Am Bach"]
    assert (first["erreicht_200"], first["nur_dieses"], first["belegt"], first["auslastung"]) == (50, 50, 30, 100)
    assert (first["gebiet"], first["zaehlt"], first["grund"]) == ("01", True, None)
    other = offers["Treff"]
    assert (other["zaehlt"], other["grund"], other["erreicht_200"]) == (False, "another type of offer", None)


def test_ways_beyond_the_limits_are_known_and_where_there_is_none_there_is_no_number(measured):
    log = []
    _found, areas, points, _offers = measured(
        log, LIMITS="100", WAYS=2, FARTHEST=50,
        NETWORK=town.street(("LINESTRING(0 500, 1500 500)", "LINESTRING(1600 500, 3000 500)")),
        OFFERS=town.offers(((1, "Kita", "Am Bach", 30, 950, 500, None, None),)))
    assert points[1]["weg"] == pytest.approx(850)
    assert points[4]["weg"] is None
    assert points[4]["angebote_100"] == 0
    assert areas["02"]["weg_mittel"] == pytest.approx(150)  # of those who have a way
    text = "\n".join(log)
    assert "falls into 2 parts that no way joins" in text
    assert "25 people have no offer within 1600 m, or no way to one" in text


def test_closed_offers_years_and_scenarios_are_noted(measured):
    log = []
    people = town.people_table([("01", "W", "2024", 10, 10), ("01", "W", "2025", 60, 40), ("02", "M", "2025", 30, 20),
                                ("03", "O", "2025", 0, 0)],
                               ["nr:string", "name:string", "jahr:string", "unter3:integer", "bis5:integer"])
    _found, areas, _points, offers = measured(log, PEOPLE=people, DATE="01.09.2025", SCENARIO="Bestand")
    assert (areas["01"]["jahr"], areas["01"]["szenario"], areas["01"]["zielgruppe"]) == (2025, "Bestand", 100)
    assert areas["01"]["plaetze"] == 30
    assert offers["Zur Linde"]["grund"] == "closed on that day, or of another scenario"
    assert "einwohner: people of 2025." in log
    assert any("1 offers are closed on that day and do not take part: Zur Linde" in line for line in log)


def test_the_map_is_styled_and_its_classes_fit_the_quota(measured, tmp_path):
    measured(QUOTA=40, WEIGHT="wohnungen")
    layer = QgsVectorLayer(str(tmp_path / "a.gpkg"), "v", "ogr")
    from teilhabe.bridge.project import DEMAND, OFFERS, SUPPLY, class_sets_of, provenance_of, role_of

    assert role_of(layer) == SUPPLY
    (classes,) = class_sets_of(layer)
    assert [each["upper"] for each in classes["classes"]] == [20, 36, 44, 60, None]
    assert classes["unfavourable"] == "first"
    labels = [item.label() for item in layer.renderer().legendSymbolItems()]
    assert labels[:2] == ["heavily undersupplied (≤ 20) · 1", "undersupplied (> 20 to 36) · 1"]
    assert "excluded: nobody of the group · 1" in labels
    rows = town.rows_of(layer, "nr")
    assert [rows[key]["versorgung_klasse"] for key in ("01", "02", "03")] == [1, 2, None]
    assert layer.attributeAlias(layer.fields().indexFromName("anteil_200")) == "Share with an offer within 200 m (%)"
    assert provenance_of(layer)["quota"] == 40
    assert role_of(QgsVectorLayer(str(tmp_path / "d.gpkg"), "d", "ogr")) == DEMAND
    assert role_of(QgsVectorLayer(str(tmp_path / "o.gpkg"), "o", "ogr")) == OFFERS


@pytest.mark.parametrize(("more", "limit"), [
    ({"DECAY": 1, "STEPS": "100:1; 200:0,5"}, "200"), ({"DECAY": 2}, "200"), ({"DECAY": 3, "EXPONENT": 2}, "200"),
    ({"DECAY": 4, "SCALE": 100}, "200"), ({"DECAY": 5}, "200"), ({"METHOD": 1}, "200"), ({"CATCHMENT": 1000}, "200"),
])
def test_methods_and_decays_share_out_all_places_that_are_reached(measured, more, limit):
    _found, areas, _points, _offers = measured(WEIGHT="wohnungen", LIMITS=limit, **more)
    shared = sum(row["plaetze_je_100_umkreis"] * row["zielgruppe"] / 100 for row in areas.values() if row["zielgruppe"])
    assert shared == pytest.approx(50 if "CATCHMENT" in more else 30)


def test_the_balanced_figure_is_not_compared_with_a_quota(measured):
    log = []
    found, areas, _points, _offers = measured(log, WEIGHT="wohnungen", LIMITS="200", METHOD=2, QUOTA=40)
    assert areas["02"]["plaetze_je_100_umkreis"] == pytest.approx(0.5 * 100 * 0.5 * 30 / 50)
    assert (areas["02"]["saldo"], areas["02"]["saldo_umkreis"], areas["02"]["grenzwirkung"]) == (-20, None, None)
    assert "MISSING" not in found
    assert any("It is no number of places per 100 people" in line for line in log)


def test_workbook_holds_areas_offers_notes_and_no_formulas(measured, tmp_path):
    from openpyxl import load_workbook

    rows = [(1, "Kita", "=1+1", 30, 950, 500, None, None), (2, "Kita", "ohne Ort", 20, None, None, None, None)]
    measured(OFFERS=town.offers(rows), TABLE=str(tmp_path / "t.xlsx"), QUOTA=40)
    book = load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames == ["Areas", "Offers", "Notes"]
    assert [row[0].value for row in book["Areas"].iter_rows(min_row=2)] == ["01", "02", "03"]
    names = [cell.value for cell in book["Offers"][1]]
    assert book["Offers"].cell(2, names.index("Name") + 1).value == "'=1+1"
    assert book["Offers"].cell(3, names.index("Why it does not count") + 1).value == "no place"
    notes = "\n".join(str(row[0].value) for row in book["Notes"].iter_rows(min_row=2))
    assert "Quota: 40 places per 100 people." in notes
    assert "1 offers have no place and do not take part: ohne Ort" in notes


def test_report_ranks_areas_and_compares_the_classes_of_an_index(measured, tmp_path):
    index = town.layer("NoGeometry", ["nr:string", "klasse:integer"], [("01", 1, None), ("02", 2, None)], "index",
                       crs="")
    _found, areas, _points, _offers = measured(
        WEIGHT="wohnungen", QUOTA=40, INDEX=index, INDEX_CLASS="klasse", REPORT=str(tmp_path / "r.html"))
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert (areas["01"]["index_klasse"], areas["01"]["index_name"], areas["03"]["index_klasse"]) == (1, "1", None)
    assert page.index("01 Westen") < page.index("02 Mitte")  # 25 places missing, then 5
    for text in ("Gini coefficient", "Palma ratio", "The unfavourable classes have more.", "Am Bach",
                 "1 areas have no class in “index”", "Where the borders of the areas mislead"):
        assert text in page, text
    assert "{" not in page.split("</style>")[-1]


def test_ways_are_used_again_and_refused_when_something_changed(measured, tmp_path):
    ways = str(tmp_path / "ways.npz")
    _found, before, _points, _offers = measured(WAYS=2, NETWORK=town.street(), REACH_OUT=ways)
    log = []
    _found, again, _points, _offers = measured(log, WAYS=2, NETWORK=town.street(), REACH=ways)
    assert again["01"]["weg_mittel"] is not None
    assert {key: row["plaetze_je_100_umkreis"] for key, row in again.items()} == {
        key: row["plaetze_je_100_umkreis"] for key, row in before.items()}
    assert any(line.startswith("Ways are taken from ways.npz: along a network, up to 1000 m") for line in log)
    _found, fewer, _points, _offers = measured(REACH=ways, DATE="2025-01-01")  # offer 2 has closed
    assert fewer["01"]["plaetze"] == 30
    moved = town.offers([(1, "Kita", "Am Bach", 30, 960, 500, None, None), *town.OFFERS[1:]])
    for more, words in (
        ({"OFFERS": moved}, "3 then, 3 now, 1 at another place"),
        ({"KINDS": "Kita; Treff"}, "1 offers count now that did not"),
        ({"POINTS": town.addresses([*town.ADDRESSES, (500, 600, "01", 1)])}, "1 of 6 demand points are not among"),
        ({"NETWORK": town.street(("LINESTRING(0 400, 3000 400)",))}, "is not the one that ways.npz was computed with"),
        ({"LIMITS": "2000"}, "larger than the 1000"),
    ):
        with pytest.raises(QgsProcessingException, match=words):
            measured(REACH=ways, **more)
    (tmp_path / "broken.npz").write_bytes(b"no ways at all")
    with pytest.raises(QgsProcessingException, match="is no file with computed ways, or it is damaged"):
        measured(REACH=str(tmp_path / "broken.npz"))


def test_without_places_there_are_offers_and_ways_but_no_figures_on_places(measured, tmp_path):
    log = []
    stops = town.offers([(1, "Kita", "Am Bach", None, 950, 500, None, None)])
    found, areas, _points, offers = measured(log, OFFERS=stops, QUOTA=40, REPORT=str(tmp_path / "r.html"))
    assert "PLACES" not in found
    assert areas["01"]["plaetze_je_100_umkreis"] is None
    assert (areas["01"]["angebote"], areas["01"]["anteil_200"]) == (1, 50)
    assert areas["01"]["versorgung_klasse"] is not None  # by the share in reach
    assert offers["Am Bach"]["auslastung"] is None
    assert any("No offer has a number of places" in line for line in log)
    assert any("1 offers have no number of places" in line for line in log)


def test_offers_outside_twins_and_rough_places_are_told(measured):
    log = []
    rows = [(1, "Kita", "Am Bach", 30, 950, 500, None, None), (2, "Kita", "Am Bach", 30, 950, 500, None, None),
            (3, "Kita", "Draußen", 10, 1500, 1100, None, None)]
    found, areas, _points, _offers = measured(log, OFFERS=town.offers(rows), LIMITS="800")
    assert found["OFFER_COUNT"] == 3
    assert sum(row["angebote"] for row in areas.values()) == 2
    assert any("2 offers of the same type and name lie at one place" in line for line in log)
    assert any("1 offers lie outside all areas; they count for people in reach, but for no area: Draußen" in line
               for line in log)
    assert areas["02"]["erreicht_800"] == 50


def test_unknown_people_wipe_out_nothing(measured):
    """An area without a number of people has no figures, and its neighbours keep theirs."""
    rows = [("01", "Westen", 60, 40), ("02", "Mitte", None, None), ("03", "Osten", 0, 0)]
    log = []
    _found, areas, _points, _offers = measured(log, PEOPLE=town.people_table(rows), WEIGHT="wohnungen")
    assert areas["01"]["plaetze_je_100_umkreis"] == pytest.approx(0.25 * 100 * 30 / 25)
    assert (areas["02"]["plaetze_je_100_umkreis"], areas["02"]["erreicht_200"]) == (None, None)
    assert areas["02"]["ausschluss"] == "no number of people"
    assert any("1 areas have no number of people and no measures: 02" in line for line in log)


def test_offers_far_from_every_road_are_told(measured):
    log = []
    rows = [(1, "Kita", "Am Bach", 30, 950, 500, None, None), (2, "Kita", "Im Wald", 30, 950, 990, None, None)]
    _found, _areas, _points, offers = measured(log, OFFERS=town.offers(rows), WAYS=2, NETWORK=town.street())
    assert any("1 offers lie more than 250 m from the network; nobody reaches them: positions 2" in line
               for line in log)
    assert (offers["Im Wald"]["erreicht_1000"], offers["Im Wald"]["belegt"]) == (0, 0)


FAULTS = [
    ({"LIMITS": "weit"}, "“weit” is not a distance above 0"),
    ({"LIMITS": ""}, "Enter up to which distance"),
    ({"KINDS": "Schwimmbad"}, "No offer is of the type Schwimmbad. There are: Kita, Treff."),
    ({"DATE": "bald"}, "“bald” is no day"),
    ({"DATE": "1990-01-01", "OPEN_FROM": "beginn", "OFFERS": [(1, "Kita", "Neu", 3, 5, 5, "2020-01-01", None)]},
     "None of the 1 offers takes part: 1 have a place"),
    ({"OFFERS": [(1, "Kita", "Ohne Ort", 3, None, None, None, None)]}, "None of the 1 offers takes part: 0 have a pl"),
    ({"PEOPLE": [("01", "W", 0, 0), ("02", "M", 0, 0), ("03", "O", 0, 0)]}, "Nobody of the target group “Kinder”"),
    ({"PEOPLE": [("77", "W", 1, 1)]}, "no row belongs to one of the areas"),
    ({"PEOPLE": [("01", "W", 1, 1), ("01", "W", 2, 2)]}, "the area “01” has several rows"),
    ({"PEOPLE": [("01", "W", -5, 1)]}, "row 1, field “unter3”: “-5” is not a number of people"),
    ({"PEOPLE": None}, "Choose the table with the people per area"),
    ({"PEOPLE_FIELDS": ["alle"]}, "einwohner has no field “alle”"),
    ({"CAPACITY": "betten"}, "angebote has no field “betten”"),
    ({"WAYS": 2}, "Choose the network"),
    ({"DECAY": 1, "STEPS": "200"}, "“200” is no step"),
    ({"DECAY": 1}, "Steps need ascending bounds"),
    ({"TABLE": "/tmp/tabelle.csv"}, "the tables are an Excel workbook"),
    ({"REACH": "/nowhere/ways.npz"}, "does not exist"),
]


@pytest.mark.parametrize(("more", "words"), FAULTS, ids=[words[:30] for _more, words in FAULTS])
def test_faults_are_named(measured, more, words):
    more = dict(more)
    if isinstance(more.get("PEOPLE"), list):
        more["PEOPLE"] = town.people_table(more["PEOPLE"])
    if isinstance(more.get("OFFERS"), list):
        more["OFFERS"] = town.offers(more["OFFERS"])
    with pytest.raises(QgsProcessingException) as caught:
        measured(**more)
    assert words in str(caught.value)


def test_areas_in_degrees_are_measured_in_metres(provider, new_project, tmp_path):
    import processing

    def moved(layer):  # to where degrees and metres are meant for each other
        return processing.run("native:translategeometry", {"INPUT": layer, "DELTA_X": 450_000, "DELTA_Y": 5_700_000,
                                                           "OUTPUT": "memory:"})["OUTPUT"]

    degrees = processing.run("native:reprojectlayer", {"INPUT": moved(town.areas()), "TARGET_CRS": "EPSG:4326",
                                                       "OUTPUT": "memory:"})["OUTPUT"]
    log = []
    found = town.run("supplymeasures", log, **town.case(
        AREAS=degrees, POINTS=moved(town.addresses()), OFFERS=moved(town.offers()), LIMITS="200",
        OUTPUT=str(tmp_path / "a.gpkg")))
    rows = town.rows_of(tmp_path / "a.gpkg", "nr")
    assert rows["01"]["weg_median"] == pytest.approx(50, rel=0.02)
    assert found["REACHED"] == 75
    assert any("is in degrees (EPSG:4326); everything is measured in metres in EPSG:3035" in line for line in log)
    bare = town.layer("Polygon", ["nr:string", "name:string"], [
        ("01", "A", "POLYGON((7 51, 7.1 51, 7.1 51.1, 7 51))")], "ohne")
    bare.setCrs(QgsCoordinateReferenceSystem())
    with pytest.raises(QgsProcessingException, match="coordinates look like degrees"):
        town.run("supplymeasures", **town.case(AREAS=bare, OUTPUT="memory:"))


def test_cancelling_leaves_an_earlier_result(provider, new_project, tmp_path):
    import processing
    from qgis.core import QgsProcessingFeedback

    target = tmp_path / "a.gpkg"
    town.run("supplymeasures", **town.case(OUTPUT=str(target)))
    before = target.read_bytes()

    class Impatient(QgsProcessingFeedback):
        def pushInfo(self, _text):
            self.cancel()

    with pytest.raises(QgsProcessingException, match="Cancelled by the user"):
        processing.run("teilhabe:supplymeasures", town.case(OUTPUT=str(target), POINTS=None, QUOTA=40),
                       feedback=Impatient(False))
    assert target.read_bytes() == before


def test_points_that_bear_people_need_no_table(measured):
    rows = [(x, y, key, people) for (x, y, key, _), people in zip(town.ADDRESSES, (75, 25, 25, 25, 0))]
    _found, areas, _points, _offers = measured(PEOPLE=None, PEOPLE_FIELDS=None, POINTS=town.addresses(rows),
                                               POINT_PEOPLE=["wohnungen"])
    assert (areas["01"]["zielgruppe"], areas["01"]["anteil_200"]) == (100, 25)


def test_sample_city(provider, new_project, tmp_path):
    case = town.sample_city(tmp_path)
    found = town.run("supplymeasures", **case, LIMITS="500;700;1000", QUOTA=60, OUTPUT=str(tmp_path / "v.gpkg"))
    assert (found["AREA_COUNT"], found["PEOPLE_COUNT"], found["OFFER_COUNT"], found["PLACES"]) == (40, 14992, 77, 6475)
    assert found["REACHED"] + found["UNREACHED"] == 14992
    assert found["REACHED"] == 10103
    rows = town.rows_of(tmp_path / "v.gpkg", "gebiet_nr")
    assert sum(row["angebote"] for row in rows.values()) == 77
    assert rows["0103"]["zielgruppe"] == 1021
    assert {type(value) for name, value in found.items() if name != "OUTPUT"} == {int, float}


def test_the_result_can_be_chosen_for_an_index(provider, iface, new_project, tmp_path, measured):
    from teilhabe.gui.compute_dialog import ComputeDialog

    measured()
    layer = QgsVectorLayer(str(tmp_path / "a.gpkg"), "Versorgung", "ogr")
    new_project.addMapLayer(layer)
    dialog = ComputeDialog(iface)
    dialog.form.layer.setLayer(layer)
    assert dialog.form.layer.currentLayer() is layer
    dialog.close()


def test_berlin_day_care_centres(provider, new_project, berlin, tmp_path):
    areas = QgsVectorLayer(str(berlin / "planungsraeume_2021.gpkg"), "plr", "ogr")
    areas.setSubsetString("\"PLR_ID\" < '07'")
    kitas = QgsVectorLayer(
        f"file://{berlin / 'kitas_bezirk_01-06.csv'}?type=csv&xField=x_25833&yField=y_25833&crs=EPSG:25833", "kitas",
        "delimitedtext")
    found = town.run(
        "supplymeasures", AREAS=areas, AREA_KEY="PLR_ID", OFFERS=kitas, GRID=100, LIMITS="500", GROUP="Kinder unter 6",
        PEOPLE=QgsVectorLayer(str(berlin / "einwohner_2022_alter.csv"), "ew", "ogr"), PEOPLE_FIELDS=["unter6"],
        OUTPUT=str(tmp_path / "v.gpkg"))
    # sums of the published tables: children of the districts 01 to 06, places of their day-care centres
    assert (found["AREA_COUNT"], found["PEOPLE_COUNT"], found["OFFER_COUNT"]) == (287, 114435, 1653)
    assert found["PLACES_PER_100"] == pytest.approx(100 * found["PLACES"] / 114435)
    assert 0.9 < found["REACHED"] / 114435 < 0.93
