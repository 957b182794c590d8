"""The invented sample city: sound as a map, faulty only where its README says so, and the same on every run."""
from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path

import openpyxl
import pytest
from osgeo import ogr
from shapely import wkb
from shapely.geometry import Point
from shapely.ops import unary_union
from shapely.prepared import prep

FOLDER = Path(__file__).resolve().parents[2] / "sample_data" / "musterstadt"


def read_layers():
    """All layers of the GeoPackage as {layer: [(values, geometry)]}."""
    source = ogr.Open(str(FOLDER / "musterstadt.gpkg"))
    layers = {}
    for place in range(source.GetLayerCount()):
        layer = source.GetLayer(place)
        names = [field.GetName() for field in layer.schema]
        layers[layer.GetName()] = [
            (tuple(feature[name] for name in names), wkb.loads(bytes(feature.GetGeometryRef().ExportToWkb())))
            for feature in layer
        ]
    return layers


def read_csv(name, encoding="utf-8"):
    with open(FOLDER / name, encoding=encoding, newline="") as stream:
        return list(csv.reader(stream, delimiter=";"))


def read_sheet(name, sheet):
    book = openpyxl.load_workbook(FOLDER / name)
    return [list(row) for row in book[sheet].iter_rows(values_only=True)]


@pytest.fixture(scope="module")
def layers():
    return read_layers()


@pytest.fixture(scope="module")
def areas(layers):
    return {values[0]: (values, shape) for values, shape in layers["gebiete"]}


# ---------------------------------------------------------------- map


def test_layers_have_the_promised_fields_and_reference_system():
    source = ogr.Open(str(FOLDER / "musterstadt.gpkg"))
    fields = {}
    for place in range(source.GetLayerCount()):
        layer = source.GetLayer(place)
        assert layer.GetSpatialRef().GetAuthorityCode(None) == "25832"
        fields[layer.GetName()] = [(field.GetName(), field.GetTypeName()) for field in layer.schema]
    assert fields == {
        "gebiete": [("gebiet_nr", "String"), ("gebiet_name", "String"), ("bezirk_nr", "String"),
                    ("bezirk_name", "String"), ("einwohner", "Integer")],
        "bezirke": [("bezirk_nr", "String"), ("bezirk_name", "String"), ("einwohner", "Integer")],
        "gewaesser": [("name", "String"), ("art", "String")],
        "gruenflaechen": [("name", "String"), ("art", "String")],
        "bahn": [("name", "String"), ("art", "String")],
        "strassen": [("name", "String"), ("art", "String")],
        "adressen": [("adresse_id", "Integer"), ("strasse", "String"), ("hausnummer", "Integer"),
                     ("zusatz", "String"), ("plz", "String"), ("gebiet_nr", "String")],
    }


def test_forty_areas_in_eighteen_districts(layers, areas):
    assert len(layers["gebiete"]) == len(areas) == 40
    assert len(layers["bezirke"]) == len({values[0] for values, _shape in layers["bezirke"]}) == 18
    assert all(re.fullmatch(r"\d{4}", key) and key[:2] == values[2] for key, (values, _shape) in areas.items())
    assert sum(values[4] for values, _shape in areas.values()) == 260418
    assert areas["0401"][0][1:] == ("Hafen", "04", "Hafen", 214)
    assert sorted(values[4] for values, _shape in areas.values())[1] > 1000
    doubled = {name: count for name, count in Counter(values[1] for values, _ in areas.values()).items() if count > 1}
    assert doubled == {"Mühlenfeld": 2}
    assert areas["0702"][0][1] == areas["1002"][0][1] == "Mühlenfeld"


def test_the_city_is_about_twelve_by_nine_kilometres(areas):
    west, south, east, north = unary_union([shape for _values, shape in areas.values()]).bounds
    assert 11000 < east - west < 13000
    assert 8000 < north - south < 10000


def test_areas_are_a_clean_coverage(areas):
    shapes = [shape for _values, shape in areas.values()]
    assert all(shape.is_valid and shape.geom_type == "MultiPolygon" and len(shape.geoms) == 1 for shape in shapes)
    union = unary_union(shapes)
    assert union.area == pytest.approx(sum(shape.area for shape in shapes), abs=1e-3)
    parts = getattr(union, "geoms", [union])
    assert len(parts) == 1
    assert len(parts[0].interiors) == 0
    for place, one in enumerate(shapes):
        for other in shapes[place + 1:]:
            assert one.intersection(other).area == 0.0


def test_neighbours_share_every_vertex(areas):
    owners = defaultdict(set)
    for key, (_values, shape) in areas.items():
        coords = list(shape.geoms[0].exterior.coords)
        for start, end in zip(coords[:-1], coords[1:]):
            owners[frozenset((start, end))].add(key)
    limits = unary_union([shape for _values, shape in areas.values()]).exterior
    for segment, keys in owners.items():
        start, end = segment
        middle = Point((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        assert len(keys) == (1 if limits.distance(middle) < 1e-6 else 2)


def test_districts_are_dissolved_from_the_areas(layers, areas):
    for (number, name, people), shape in layers["bezirke"]:
        members = [entry for entry in areas.values() if entry[0][2] == number]
        assert {values[3] for values, _shape in members} == {name}
        assert sum(values[4] for values, _shape in members) == people
        assert len(shape.geoms) == 1
        assert shape.symmetric_difference(unary_union([part for _values, part in members])).area == 0.0


def test_shapes_are_grown_not_ruled(areas):
    """No squares and no cells with straight edges: every border bends."""
    for _values, shape in areas.values():
        ring = shape.geoms[0].exterior
        assert len(ring.coords) > 60
        assert 12.566 * shape.area / ring.length**2 > 0.2  # no slivers
        bends = list(ring.simplify(4.0).coords)
        longest = max(Point(start).distance(Point(end)) for start, end in zip(bends[:-1], bends[1:]))
        assert longest < 0.25 * ring.length
        assert shape.area / shape.minimum_rotated_rectangle.area < 0.93


def test_streets_are_some_three_hundred_names_in_one_net(layers):
    streets = layers["strassen"]
    assert 280 <= len({values[0] for values, _shape in streets}) <= 330
    assert {values[1] for values, _shape in streets} == {"Hauptstraße", "Nebenstraße", "Wohnstraße"}
    parent = {}

    def find(node):
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node

    for _values, shape in streets:
        parent[find(shape.coords[0])] = find(shape.coords[-1])
    assert len({find(node) for node in list(parent)}) == 1


def test_addresses_lie_in_their_area_and_on_dry_ground(layers, areas):
    inside = {key: prep(shape) for key, (_values, shape) in areas.items()}
    banned = prep(unary_union([shape for name in ("gewaesser", "gruenflaechen") for _values, shape in layers[name]]
                              + [shape.buffer(15.0) for _values, shape in layers["bahn"]]))
    assert 14000 < len(layers["adressen"]) < 17000
    for values, point in layers["adressen"]:
        assert inside[values[5]].contains(point)
        assert not banned.contains(point)
    written = [values[1:4] for values, _point in layers["adressen"]]
    assert len(set(written)) == len(written)
    assert len({values[0] for values, _point in layers["adressen"]}) == len(written)
    assert {values[1] for values, _ in layers["adressen"]} <= {values[0] for values, _ in layers["strassen"]}


def test_addresses_stand_along_their_street(layers):
    lines = defaultdict(list)
    for (name, _kind), shape in layers["strassen"]:
        lines[name].append(shape)
    lines = {name: unary_union(parts) for name, parts in lines.items()}
    far = [values for values, point in layers["adressen"] if lines[values[1]].distance(point) > 19.5]
    assert far == []


# ---------------------------------------------------------------- tables


def test_people_by_age_add_up_to_the_layer(areas):
    rows = read_csv("einwohner_alter.csv")
    assert rows[0] == ["Gebiet-Nr.", "Gebiet", "Jahr", "unter 3", "3 bis 5", "6 bis 9", "10 bis 14", "15 bis 17",
                       "18 bis 26", "27 bis 44", "45 bis 64", "65 bis 79", "80 und älter", "insgesamt"]
    assert len(rows) == 1 + 40 * 14
    assert all(sum(map(int, row[3:13])) == int(row[13]) for row in rows[1:])
    now = {row[0]: int(row[13]) for row in rows[1:] if row[2] == "2025"}
    assert now == {key: values[4] for key, (values, _shape) in areas.items()}


def test_social_workbook_has_its_titles_sums_and_signs(areas):
    book = openpyxl.load_workbook(FOLDER / "soziales_sgb2.xlsx")
    assert book.sheetnames == ["Hinweise", "Tabelle1"]
    assert {str(cells) for cells in book["Tabelle1"].merged_cells.ranges} == {"D4:Q4", "R4:AE4", "AF4:AS4"}
    rows = read_sheet("soziales_sgb2.xlsx", "Tabelle1")
    assert rows[3][:4] == ["Gebiet-Nr.", "Gebiet", None, "1.1 Kinder in SGB-II-Bedarfsgemeinschaften (%)"]
    assert rows[4] == [None, None, None] + list(range(2012, 2026)) * 3
    table = rows[5:]
    keys = [row[0] for row in table if row[0] and re.fullmatch(r"\d{4}", row[0])]
    assert keys == sorted(areas)
    assert [row[1] for row in table if row[0] is None and row[1]] == (
        [f"Bezirk {name}" for name in dict.fromkeys(values[3] for _key, (values, _shape) in sorted(areas.items()))]
        + ["Gesamtstadt"])
    assert all(row[2] is None for row in rows)
    column = {(number, year): 3 + 14 * place + year - 2012
              for place, number in enumerate(("1.1", "1.2", "1.3")) for year in range(2012, 2026)}
    heading = {place: pair for pair, place in column.items()}
    found = {(row[0], *heading[place]): row[place] for row in table if row[0] in areas
             for place in heading if isinstance(row[place], str)}
    brackets = {key: found.pop(key) for key in [("1301", "1.1", 2025), ("1801", "1.2", 2025)]}
    assert all(re.fullmatch(r"\(\d+,\d\)", text) for text in brackets.values())
    assert found == {
        ("0401", "1.1", 2025): ".", ("0401", "1.2", 2025): "x", ("0401", "1.3", 2025): "/", ("0401", "1.1", 2024): "–",
        ("0401", "1.2", 2024): ".", ("0401", "1.2", 2013): ".", ("1002", "1.2", 2025): "/", ("0701", "1.2", 2024): "/",
        ("1601", "1.2", 2025): "…", ("0302", "1.3", 2012): "…"}


def test_school_table_is_windows_text_without_leading_zeros(areas):
    with pytest.raises(UnicodeDecodeError):
        read_csv("schulamt_integration_bildung.csv")
    rows = read_csv("schulamt_integration_bildung.csv", "cp1252")
    assert rows[0][:4] == [
        "Gebiet", "Bezeichnung", "Kinder unter 18 Jahren 2025", "2.1 Nichtdeutsche Familiensprache 2012"]
    assert "2.1 Nichtdeutsche Familiensprache 2025" in rows[0]
    assert "2.3 Zuzüge von Kindern aus dem Ausland je 1.000 2025" in rows[0]
    assert rows[0][-1] == "4.4 Klassenwiederholungen 2025"
    assert len(rows[0]) == len(set(rows[0])) == 3 + 7 * 14
    assert [row[0] for row in rows[1:-1]] == [key.lstrip("0") for key in sorted(areas)]
    assert rows[-1][:2] == ["", "Gesamtstadt"]
    assert all(re.fullmatch(r"\d{1,3}(\.\d{3})*(,\d)?", cell) for row in rows[1:] for cell in row[2:])
    assert any("." in row[2] for row in rows[1:-1])


def test_health_table_has_its_faults_and_no_others(areas):
    assert (FOLDER / "gesundheitsamt_faelle.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    rows = read_csv("gesundheitsamt_faelle.csv", "utf-8-sig")
    assert rows[0] == ["Gebiet", "Indikator", "Jahr", "Zähler", "Nenner"]
    rows = rows[1:]
    assert {row[1] for row in rows} == {"3.1 U8-Teilnahme", "3.2 U9-Teilnahme", "3.3 Übergewichtsquote",
                                        "3.4 dmft-Index der Fünfjährigen"}
    odd = Counter((row[0], row[2]) for row in rows if row[0] not in areas)
    assert odd == {("0501 ", "2024"): 4, ("0501 ", "2025"): 4, ("1202 ", "2025"): 4, ("1101.0", "2025"): 4,
                   ("1703.0", "2025"): 4, ("802.0", "2020"): 4, ("4711", "2025"): 1}
    count = Counter(tuple(row) for row in rows)
    assert [row for row, number in count.items() if number > 1] == [tuple(rows[-1])]
    assert rows[-1][:3] == ["0602", "3.1 U8-Teilnahme", "2025"]

    def clean(key):
        return key.strip().replace(".0", "").zfill(4)

    present = {(clean(row[0]), row[1], row[2]) for row in rows}
    expected = {(key, row[1], str(year)) for key in areas for row in rows for year in range(2012, 2026)}
    assert expected - present == {("1602", title, "2025") for title in {row[1] for row in rows}}
    assert all(int(row[3]) <= int(row[4]) for row in rows if not row[1].startswith("3.4"))
    assert max(int(row[4]) for row in rows if row[0] == "0401") < 5


def test_environment_table_mixes_names_and_keys_but_never_the_ambiguous_one(areas):
    rows = read_csv("umwelt_wohnen.csv")
    assert rows[0][0] == "Gebiet"
    assert rows[0][14] == "5.1 Wohnfläche je Person in m² 2025"
    assert rows[0][28] == "5.2 Grün- und Spielfläche je Kind in m² 2025"
    assert rows[0][42] == "5.3 Anteil Lärmbelasteter 2025"
    first = [row[0] for row in rows[1:]]
    named = [cell for cell in first if cell not in areas]
    assert named == ["Altstadt", "Ostwallviertel", "Nordmarkt", "Rosenhügel", "Kirchhörne", "Morgenstern",
                     "Gartenstadt", "Seeblick", "Auenrode"]
    assert {"0702", "1002"} <= set(first)
    assert any(re.fullmatch(r"\d\.\d{3},\d", cell) for row in rows[1:] for cell in row[15:29])
    assert all(re.fullmatch(r"\d+,\d %", cell) for row in rows[1:] for cell in row[29:])


def test_catalogue_names_the_bad_end_of_seventeen_indicators():
    rows = read_csv("indikatorenkatalog.csv")
    assert len(rows) == 18
    assert len({row[1] for row in rows[1:]}) == 5
    assert {row[0] for row in rows[1:] if row[4] == "günstig"} == {"3.1", "3.2", "4.3", "5.1", "5.2"}
    assert all((FOLDER / row[5]).is_file() for row in rows[1:])


def test_need_is_high_around_the_harbour_and_low_in_the_south():
    rows = {row[0]: row for row in read_sheet("soziales_sgb2.xlsx", "Tabelle1")}
    poor = [rows[key][16] for key in ("0402", "0501", "0601", "0602")]
    rich = [rows[key][16] for key in ("1702", "1703", "1802")]
    assert min(poor) > 35.0
    assert max(rich) < 15.0


def test_offers_bear_the_planted_address_faults(layers):
    offers = read_sheet("angebote.xlsx", "Angebote")
    assert offers[0] == ["Nr.", "Angebotsart", "Name der Einrichtung", "Straße", "Hausnummer", "PLZ", "Ort", "Plätze",
                         "Zielgruppe"]
    truth = {row[0]: row for row in read_csv("angebote_wahrheit.csv")[1:]}
    assert len(offers) - 1 == len(truth) == 252
    assert Counter(row[5] for row in truth.values()) == {
        "": 146, "strasse_abgekuerzt": 26, "tippfehler": 9, "ss_statt_ß": 8, "umlaut_ausgeschrieben": 8,
        "falsche_plz": 7, "hausnummernbereich": 7, "stockwerk_angehaengt": 7, "alter_strassenname": 6,
        "hausnummer_fehlt": 6, "nummer_in_strasse": 6, "leerzeichen": 5, "grossschreibung": 4,
        "zusatz_mit_leerzeichen": 4, "postfach": 3}
    register = {values[0]: (values, point) for values, point in layers["adressen"]}
    renamed = {row[0]: row[1] for row in read_csv("strassen_umbenannt.csv")[1:]}
    for number, _kind, _name, street, house, postcode, *_rest in offers[1:]:
        _nr, address, area, x, y, fault = truth[str(number)]
        if fault == "postfach":
            assert street.startswith("Postfach ")
            assert address == ""
            continue
        values, point = register[int(address)]
        assert (area, float(x), float(y)) == (values[5], point.x, point.y)
        written = (street, "" if house is None else str(house), str(postcode))
        right = (values[1], f"{values[2]}{values[3] or ''}", values[4])
        assert (written == right) == (fault == "")
        if fault == "alter_strassenname":
            assert renamed[street] == values[1]
        if fault == "falsche_plz":
            assert written[:2] == right[:2]


# ---------------------------------------------------------------- the maker


def geos_version():
    """Version of the geometry library below shapely, as a tuple."""
    try:
        from shapely import geos_version as version
    except ImportError:  # shapely 1.8
        from shapely.geos import geos_version as version
    return tuple(version)


def test_maker_gives_the_committed_city_again(layers):
    from sample_data.musterstadt_maker.city import make_city
    from sample_data.musterstadt_maker.files import ENCODINGS, tables_of
    from sample_data.musterstadt_maker.geopackage import layers_of

    city = make_city()
    made = layers_of(city)
    assert list(made) == list(layers)
    if geos_version() > (3, 13, 99):  # other corners of buffers: river banks, then streets, then houses differ a little
        assert_same_kind_of_city(made, layers)
        return
    for name, rows in made.items():
        assert [values for values, _shape in rows] == [values for values, _shape in layers[name]]
        for (_values, one), (_same, other) in zip(rows, layers[name]):
            if name == "gruenflaechen":  # made with buffers, whose corners differ between versions of GEOS
                assert one.symmetric_difference(other).area < 0.001 * other.area
            else:
                assert one.wkt == other.wkt
    for name, rows in tables_of(city).items():
        if isinstance(name, str):
            assert rows == read_csv(name, ENCODINGS.get(name, "utf-8"))
        else:
            width = max(len(row) for row in rows)
            assert [list(row) + [None] * (width - len(row)) for row in rows] == read_sheet(*name)


def assert_same_kind_of_city(made, layers):
    """The areas are the same to the millimetre; nothing else differs by more than the corners of buffers explain."""
    for (values, one), (same, other) in zip(made["gebiete"], layers["gebiete"]):
        assert values[:4] == same[:4] and one.wkt == other.wkt
    assert sum(values[4] for values, _shape in made["gebiete"]) == sum(values[4] for values, _ in layers["gebiete"])
    for name in ("strassen", "adressen"):
        assert len(made[name]) == pytest.approx(len(layers[name]), rel=0.01)
    assert {values[0] for values, _shape in made["strassen"]} == {values[0] for values, _shape in layers["strassen"]}
    for name in ("gewaesser", "gruenflaechen"):
        for (values, one), (same, other) in zip(made[name], layers[name]):
            assert values == same and one.symmetric_difference(other).area < 0.02 * other.area
