"""supplymeasures on the sample city: every number of areas, homes and offers against loops over the raw files.

Day-care centres for children under 6, every twentieth address as a home. Ways once as the crow flies, once along the
streets, for which QGIS's own QgsGraphAnalyzer.dijkstra gives the truth.
"""
from __future__ import annotations

import csv
import math

import openpyxl
import pytest

from .supply_by_hand import Hand, people_of_last_year, spread_by_hand

LIMITS, QUOTA, CATCHMENT = [500, 700, 1000], 40, 900
CHILDREN = ["unter 3", "3 bis 5"]
EVERY = 20


@pytest.fixture(scope="module")
def city(qgis_app):
    """Layers as the algorithm gets them, and the same as plain lists."""
    from qgis.core import QgsFeature, QgsGeometry, QgsPointXY, QgsVectorLayer
    from teilhabe.paths import sample

    folder = sample("musterstadt", "musterstadt.gpkg").parent

    def layer(name):
        return QgsVectorLayer(f"{folder / 'musterstadt.gpkg'}|layername={name}", name, "ogr")

    homes = QgsVectorLayer("Point?crs=EPSG:25832&field=gebiet:string&field=wohnungen:integer", "homes", "memory")
    plain_homes, features = [], []
    for number, address in enumerate(layer("adressen").getFeatures()):
        if number % EVERY == 0:
            point, weight = address.geometry().asPoint(), address["adresse_id"] % 4
            plain_homes.append((address["gebiet_nr"], weight, point.x(), point.y()))
            feature = QgsFeature(homes.fields())
            feature.setAttributes([address["gebiet_nr"], weight])
            feature.setGeometry(QgsGeometry.fromPointXY(point))
            features.append(feature)
    homes.dataProvider().addFeatures(features)

    sheet = openpyxl.load_workbook(folder / "angebote.xlsx")["Angebote"]
    head, *rows = sheet.iter_rows(values_only=True)
    with open(folder / "angebote_wahrheit.csv", encoding="utf-8", newline="") as stream:
        truth = {row["Nr."]: row for row in csv.DictReader(stream, delimiter=";")}
    offers = QgsVectorLayer("Point?crs=EPSG:25832&field=nr:integer&field=art:string&field=plaetze:integer", "offers",
                            "memory")
    plain_offers, features = [], []
    for row in rows:
        given = dict(zip(head, row))
        place = truth[str(given["Nr."])]
        feature = QgsFeature(offers.fields())
        feature.setAttributes([given["Nr."], given["Angebotsart"], given["Plätze"]])
        if place["x"]:
            feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(float(place["x"]), float(place["y"]))))
            if given["Angebotsart"] == "Kita":
                plain_offers.append((given["Nr."], place["gebiet_nr"] or None, given["Plätze"], float(place["x"]),
                                     float(place["y"])))
        features.append(feature)
    offers.dataProvider().addFeatures(features)
    totals = people_of_last_year(folder / "einwohner_alter.csv", CHILDREN)
    table = QgsVectorLayer(str(folder / "einwohner_alter.csv"), "people", "ogr")
    people = spread_by_hand(totals, [home[:2] for home in plain_homes])
    assert sum(people) == sum(totals.values())
    return {"areas": layer("gebiete"), "streets": layer("strassen"), "homes": homes, "offers": offers, "table": table,
            "totals": totals, "plain_homes": plain_homes, "people": people, "plain_offers": plain_offers}


def straight_ways(city):
    return [{number: math.hypot(x - east, y - north)
             for number, (_nr, _area, _places, east, north) in enumerate(city["plain_offers"])}
            for _area, _weight, x, y in city["plain_homes"]]


def street_ways(city):
    """Ways along the streets by QGIS's graph and QGIS's shortest paths, each home tied by QGIS itself."""
    from qgis.analysis import QgsGraphAnalyzer, QgsGraphBuilder, QgsNetworkDistanceStrategy, QgsVectorLayerDirector
    from qgis.core import QgsPointXY

    director = QgsVectorLayerDirector(city["streets"], -1, "", "", "", QgsVectorLayerDirector.Direction.DirectionBoth)
    director.addStrategy(QgsNetworkDistanceStrategy())
    builder = QgsGraphBuilder(city["areas"].crs(), True, 0.1, "NONE")
    offers = [QgsPointXY(*offer[3:]) for offer in city["plain_offers"]]
    homes = [QgsPointXY(*home[2:]) for home in city["plain_homes"]]
    tied = director.makeGraph(builder, offers + homes)
    graph = builder.graph()
    vertex = [graph.findVertex(point) for point in tied]
    access = [point.distance(own) for point, own in zip(tied, offers + homes)]
    ways = [{} for _home in homes]
    for offer in range(len(offers)):
        _tree, cost = QgsGraphAnalyzer.dijkstra(graph, vertex[offer], 0)
        for home in range(len(homes)):
            place = len(offers) + home
            if math.isfinite(cost[vertex[place]]) and max(access[offer], access[place]) <= 250:
                ways[home][offer] = access[offer] + cost[vertex[place]] + access[place]
    return ways


#: name → (parameters, ways, weight of a way, method, by how many metres ways may differ)
CASES = {
    "as the crow flies": ({"WAYS": 0}, straight_ways, lambda way: float(way <= LIMITS[0]), "two_step", 1e-6),
    # QGIS moves a tied point onto a line end up to its tolerance of 0.1 m away
    "along the streets": ({"WAYS": 2, "METHOD": 2, "DECAY": 5, "CATCHMENT": CATCHMENT}, street_ways,
                          lambda way: max(0.0, 1 - way / CATCHMENT), "balanced", 0.25),
    "in three steps": ({"WAYS": 0, "METHOD": 1, "DECAY": 1, "STEPS": "300:1; 600:0.68; 900:0.22"}, straight_ways,
                       lambda way: 1 if way <= 300 else 0.68 if way <= 600 else 0.22 if way <= 900 else 0,
                       "three_step", 1e-6),
}


@pytest.fixture(scope="module", params=CASES)
def both(request, city, provider, tmp_path_factory):
    """What the algorithm writes, and what loops give."""
    import processing
    from qgis.core import QgsVectorLayer

    more, ways, weight, method, inexact = CASES[request.param]
    folder = tmp_path_factory.mktemp("supply")
    paths = {name: str(folder / f"{name}.gpkg") for name in ("OUTPUT", "DEMAND", "OFFERS_OUT")}
    result = processing.run("teilhabe:supplymeasures", {
        "AREAS": city["areas"], "PEOPLE": city["table"], "PEOPLE_FIELDS": CHILDREN, "POINTS": city["homes"],
        "WEIGHT": "wohnungen", "POINT_AREA": "gebiet", "OFFERS": city["offers"], "KINDS": "Kita",
        "NETWORK": city["streets"], "LIMITS": "; ".join(map(str, LIMITS)), "QUOTA": QUOTA, **more, **paths})
    written = {name: [feature.attributeMap() if hasattr(feature, "attributeMap") else
                      dict(zip(layer.fields().names(), feature.attributes())) for feature in layer.getFeatures()]
               for name, layer in ((name, QgsVectorLayer(path, name, "ogr")) for name, path in paths.items())}
    homes = [(home[0], people) for home, people in zip(city["plain_homes"], city["people"])]
    offers = [offer[1:3] for offer in city["plain_offers"]]
    hand = Hand(homes, offers, ways(city), city["totals"], LIMITS, weight, method)
    return result, written, hand, inexact


def same(found, wanted, near=1e-6):
    from qgis.core import NULL

    if wanted is None:
        return found is None or found == NULL
    return float(found) == pytest.approx(wanted, rel=1e-9, abs=near)


def test_every_number_of_every_area(both):
    _result, written, hand, inexact = both
    wanted = hand.of_areas(QUOTA)
    assert len(written["OUTPUT"]) == len(wanted) == 40
    for row in written["OUTPUT"]:
        for name, value in wanted[row["gebiet_nr"]].items():
            # a way that differs by 0.1 m changes its weight by a nine-thousandth
            near = inexact if name.startswith("weg") or inexact < 1e-3 else 0.02
            assert same(row[name], value, near), (row["gebiet_nr"], name, row[name], value)


def test_every_number_of_every_home(both, city):
    _result, written, hand, inexact = both
    near = 1e-6 if inexact < 1e-3 else 0.02
    assert len(written["DEMAND"]) == len(city["plain_homes"]) == 756
    for row, people, wanted in zip(written["DEMAND"], city["people"], hand.of_homes()):
        assert row["personen"] == people
        if people:
            assert same(row["weg"], wanted["nearest"], inexact) and same(row["weg_n"], wanted["second"], inexact)
        assert [row[f"angebote_{limit}"] for limit in LIMITS] == wanted["within"]
        assert same(row["plaetze_je_100_umkreis"], wanted["rate"], near)
        assert same(row["plaetze_erreichbar"], wanted["reachable"]) and same(row["ohne_platz"], wanted["unplaced"])


def test_every_number_of_every_offer(both, city):
    from qgis.core import NULL

    _result, written, hand, inexact = both
    wanted = {str(offer[0]): row for offer, row in zip(city["plain_offers"], hand.of_offers())}
    for row in written["OFFERS_OUT"]:
        if row["nr"] not in wanted:
            assert not row["zaehlt"] and row["belegt"] in (None, NULL)
            continue
        for name, value in wanted[row["nr"]].items():
            assert same(row[name], value, 1e-6 if inexact < 1e-3 else 0.05), (row["nr"], name, row[name], value)
    assert len(wanted) == sum(bool(row["zaehlt"]) for row in written["OFFERS_OUT"])


def test_the_figures_of_the_whole_city(both, city):
    result, _written, hand, _inexact = both
    areas = hand.of_areas(QUOTA).values()
    assert result["PEOPLE_COUNT"] == sum(city["totals"].values())
    assert result["OFFER_COUNT"] == len(city["plain_offers"])
    assert result["PLACES"] == sum(area["plaetze"] for area in areas)
    assert result["REACHED"] == sum(area["erreicht_500"] for area in areas)
    assert result["UNREACHED"] == sum(area["unversorgt_500"] for area in areas)
    assert result["UNPLACED"] == sum(hand.unplaced)
    if hand.method == "balanced":  # no number of places per person, so that no quota can be compared with it
        assert "MISSING" not in result
    else:
        missing = -sum(min(area["saldo_umkreis"], 0) for area in areas)
        assert result["MISSING"] == pytest.approx(missing, abs=0.2)
    assert result["GINI"] == pytest.approx(hand.gini(), abs=1e-4)
