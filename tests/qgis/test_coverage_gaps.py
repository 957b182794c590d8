"""coveragegaps as Processing runs it: a case worked out by hand, its files, its faults, its colours."""
import re

import numpy as np
import pytest

#: x of a point → people; all lie on a line through the middle of three areas of 1 km
POINTS = {200: 10, 900: 6, 1100: 5, 1800: 8, 2500: 4, 2600: 3, 2950: 1}


def layer(kind, fields, rows, name, crs="EPSG:25832"):
    from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

    made = QgsVectorLayer(f"{kind}?crs={crs}&" + "&".join(f"field={each}" for each in fields), name, "memory")
    features = []
    for wkt, *values in rows:
        feature = QgsFeature(made.fields())
        feature.setAttributes(values)
        if wkt:
            feature.setGeometry(QgsGeometry.fromWkt(wkt))
        features.append(feature)
    made.dataProvider().addFeatures(features)
    return made


def square(west):
    return f"POLYGON(({west} 0,{west + 1000} 0,{west + 1000} 1000,{west} 1000,{west} 0))"


@pytest.fixture
def inputs(new_project, provider):
    areas = layer("Polygon", ("key:string", "name:string"),
                  [(square(0), "01", "West"), (square(1000), "02", "Mitte"), (square(2000), "03", "Ost")], "Gebiete")
    index = layer("Polygon", ("key:string", "klasse:integer"),
                  [(square(0), "01", 1), (square(1000), "02", 2), (square(2000), "03", 3)], "Index")
    points = layer("Point", ("kinder:integer",), [(f"POINT({x} 500)", n) for x, n in POINTS.items()], "Adressen")
    offers = layer("Point", ("name:string", "art:string", "plaetze:integer", "adr_radius:double"),
                   [("POINT(100 500)", "Kita 1", "Kita", 20, 0), ("POINT(1900 500)", "Kita 2", "Kita", 30, 300),
                    ("POINT(2500 500)", "Treff", "Jugendtreff", 0, 0)], "Angebote")
    made = {"AREAS": areas, "INDEX": index, "POINTS": points, "OFFERS": offers}
    new_project.addMapLayers(list(made.values()))
    return made


def run(inputs, tmp_path, **more):
    import processing

    return processing.run("teilhabe:coveragegaps", {
        **inputs, "INDEX_CLASS": "klasse", "POINT_PEOPLE": ["kinder"], "KINDS": "Kita", "GROUP": "Kinder",
        "LIMITS": "500; 700; 1000", "DETOURS": "1,0; 1.4", "GAP_DISTANCE": 250,
        "OUTPUT": str(tmp_path / "areas.gpkg"), "GAPS": str(tmp_path / "gaps.gpkg"), **more})


def rows_of(source):
    from qgis.core import NULL, QgsVectorLayer

    read = QgsVectorLayer(source, "x", "ogr")
    assert read.isValid(), source
    names = [field.name() for field in read.fields()]
    return read, [{name: None if feature[name] == NULL else feature[name] for name in names}
                  for feature in read.getFeatures()]


def test_areas_by_hand(inputs, tmp_path):
    from teilhabe.bridge.project import class_sets_of, provenance_of, role_of

    result = run(inputs, tmp_path)
    assert (result["N_UNREACHED"], result["N_GAPS"], result["AREAS_FIRST"]) == (19, 3, 1)
    # fewest: within 1,000 m, Kita 2 as near as may be; most: within 500 m, its 8 neighbours 400 m times 1.4 away
    assert (result["UNREACHED_LOW"], result["UNREACHED_HIGH"]) == (0, 27)
    written, rows = rows_of(result["OUTPUT"])
    west, middle, east = sorted(rows, key=lambda row: row["key"])
    assert [row["rang"] for row in (west, middle, east)] == [3, 2, 1]
    assert [row["bedarf"] for row in (west, middle, east)] == ["low", "medium", "high"]
    assert [row["versorgung"] for row in (west, middle, east)] == ["medium", "high", "low"]
    assert [row["feld"] for row in (west, middle, east)] == [8, 6, 1]
    assert east["feld_name"] == "high need, low supply"
    assert east["grund"] == "high need, low supply: 8 Kinder without an offer within 500 m"
    assert middle["grund"] == "medium need, high supply: 5 Kinder without an offer within 500 m"
    assert [east[f"ohne_{limit}"] for limit in (500, 700, 1000)] == [8, 1, 1]
    assert [middle[f"ohne_{limit}"] for limit in (500, 700, 1000)] == [5, 5, 0]
    assert (middle["ohne_sicher_von"], middle["ohne_sicher_bis"]) == (0, 5)
    assert (east["ohne_sicher_von"], east["ohne_sicher_bis"]) == (1, 8)
    assert east["anteil_ohne"] == 100
    # Kita 2 lies in the middle or the east
    assert (west["plaetze_von"], west["plaetze_bis"]) == (125, 125)
    assert (middle["plaetze_von"], middle["plaetze_bis"]) == (0, pytest.approx(100 * 30 / 13))
    assert (east["plaetze_von"], east["plaetze_bis"]) == (0, 375)
    assert middle["plaetze_umkreis"] == pytest.approx(100 * 30 / 13) and east["plaetze_umkreis"] == 0
    assert west["saldo"] == pytest.approx(20 - 16 * 50 / 37)
    assert role_of(written) == "need_supply"
    assert [each["value"] for each in class_sets_of(written)[0]["classes"]] == list(range(1, 10))
    assert provenance_of(written)["limits"] == [500, 700, 1000]


def test_gaps_by_hand(inputs, tmp_path):
    result = run(inputs, tmp_path, UNREACHED=str(tmp_path / "points.gpkg"))
    written, rows = rows_of(result["GAPS"])
    assert [row["personen"] for row in rows] == [11, 7, 1]
    assert [row["gebiet_name"] for row in rows] == ["West", "Ost", "Ost"]
    assert [row["angebot"] for row in rows] == ["Kita 1", "Kita 2", "Kita 2"]
    assert [row["weg_min"] for row in rows] == [800, 600, 1050]
    assert [row["verschwindet_ab"] for row in rows] == [800, 700, 1050]
    assert [row["ohne_700"] for row in rows] == [11, 0, 1]
    assert {row["varianten"] for row in rows} == {18}
    assert rows[0]["bestand"] == "holds at 500 m, 700 m; at 1,000 m from detour factor 1.4"
    assert rows[1]["bestand"] == ("holds at 500 m; at 700 m from detour factor 1.4; not at 1,000 m; not certain, as "
                                  "some offers are only roughly located")
    shapes = {row["personen"]: feature.geometry() for row, feature in zip(rows, written.getFeatures())}
    assert shapes[11].boundingBox().width() == pytest.approx(200 + 250, abs=2)
    assert shapes[11].isGeosValid()
    points, unreached = rows_of(result["UNREACHED"])
    assert sum(row["personen"] for row in unreached) == 19
    assert sorted(row["luecke"] for row in unreached) == [1, 1, 2, 2, 3]


def test_small_gaps_are_left_out_and_told(inputs, tmp_path):
    result = run(inputs, tmp_path, LEAST_PEOPLE=5, REPORT=str(tmp_path / "r.html"))
    assert result["N_GAPS"] == 2 and result["N_UNREACHED"] == 19
    assert "1 people without an offer live in gaps with fewer than 5 people" in text_of(tmp_path / "r.html")


def text_of(path):
    text = re.sub(r"<(style|svg).*?</\1>", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def test_report_in_german(inputs, tmp_path, german):
    run(inputs, tmp_path, REPORT=str(tmp_path / "bericht.html"), QUOTA=150)
    text = text_of(tmp_path / "bericht.html")
    assert ("hoher Bedarf, geringe Versorgung: 8 Kinder ohne Angebot in 500 m; Fehlbestand zum Richtwert: 12 Plätze"
            in text)
    assert "Nur ungefähr verortete Angebote: 1 von 2 (Abweichung bis 300 m)" in text
    assert "haben 48,6–81,1 % der Zielgruppe ein Angebot in 500 m (berechnet: 48,6 %)" in text
    assert "Plätze je 100 im Gebiet eine Spanne: Mitte 0–231; Ost 0–375" in text
    assert "hält bei 500 m, 700 m; bei 1.000 m ab Umwegfaktor 1,4" in text
    assert "{" not in text and "None" not in text and "nan" not in text.split()


def test_thousands_and_single_people_in_german(provider, german):
    from teilhabe.core.supply.need_supply import reason
    from teilhabe.core.supply.words import signed, way
    from teilhabe.translation import render

    assert render(reason(2, 0, "Kinder unter 6", 1234, way(1000, "m"), -1)) == (
        "hoher Bedarf, geringe Versorgung: 1.234 Kinder unter 6 ohne Angebot in 1.000 m; "
        "Fehlbestand zum Richtwert: 1 Platz")
    assert render(reason(2, 2, "Kinder unter 6", 1, way(7.5, "min"))) == (
        "hoher Bedarf, gute Versorgung: 1 Person (Kinder unter 6) ohne Angebot in 7,5 min")
    assert render(signed(-1234.4)) == "−1.234" and render(signed(12)) == "+12"


def test_workbook_and_legend(inputs, tmp_path):
    from openpyxl import load_workbook
    from qgis.PyQt.QtGui import QImage
    from qgis.PyQt.QtSvg import QSvgRenderer

    inputs["AREAS"].dataProvider().changeAttributeValues({3: {1: "=1+1"}})
    run(inputs, tmp_path, AREA_NAME="name", TABLE=str(tmp_path / "t.xlsx"), LEGEND=str(tmp_path / "l.png"))
    book = load_workbook(tmp_path / "t.xlsx")
    assert len(book.sheetnames) == 3
    first = [cell.value for cell in next(book.worksheets[0].iter_rows(min_row=2))]
    assert first[:2] == ["03", "'=1+1"]
    assert book.worksheets[1].max_row == 4
    picture = QImage(str(tmp_path / "l.png"))
    assert picture.width() > 800
    run(inputs, tmp_path, LEGEND=str(tmp_path / "l.svg"))
    assert QSvgRenderer(str(tmp_path / "l.svg")).isValid()
    text = (tmp_path / "l.svg").read_text(encoding="utf-8")
    from teilhabe.bridge.bivariate_style import COLOURS
    assert all(f'fill="{colour}"' in text for colour in COLOURS.values())


def test_along_a_network_the_nearest_offer_is_found_beyond_the_limits(inputs, tmp_path, new_project):
    ways = layer("LineString", ("name:string",), [("LINESTRING(0 500, 3000 500)", "Hauptstraße")], "Wege")
    new_project.addMapLayer(ways)
    result = run(inputs, tmp_path, WAYS=2, NETWORK=ways, LIMITS="300")
    rows = rows_of(result["GAPS"])[1]
    assert [row["weg_min"] for row in rows] == pytest.approx([800, 600, 1050])
    assert [row["angebot"] for row in rows] == ["Kita 1", "Kita 2", "Kita 2"]
    assert {row["varianten"] for row in rows} == {3}


def test_without_index_the_map_shows_the_supply(inputs, tmp_path):
    from teilhabe.bridge.project import class_sets_of

    del inputs["INDEX"]
    result = run(inputs, tmp_path, INDEX_CLASS="", REPORT=str(tmp_path / "r.html"))
    written, rows = rows_of(result["OUTPUT"])
    assert {row["key"]: row["feld"] for row in rows} == {"01": 2, "02": 3, "03": 1}
    assert [row["grund"] for row in rows if row["key"] == "03"] == [
        "low supply: 8 Kinder without an offer within 500 m"]
    assert len(class_sets_of(written)[0]["classes"]) == 3
    assert "the need is not known" in text_of(tmp_path / "r.html")


@pytest.mark.parametrize(("more", "message"), [
    ({"DETOURS": "0.8"}, "no way is shorter"),
    ({"DETOURS": "viel"}, "is not a number"),
    ({"LIMITS": "500; weit"}, "is not a distance above 0"),
    ({"SUPPLY_BOUNDS": "20"}, "two numbers"),
    ({"SUPPLY_BOUNDS": "30; 20"}, "above the upper one"),
    ({"KINDS": "Bad"}, "No offer is of the type"),
])
def test_faults_are_told(inputs, tmp_path, more, message):
    from qgis.core import QgsProcessingException

    with pytest.raises(QgsProcessingException, match=message):
        run(inputs, tmp_path, **more)
    assert not (tmp_path / "areas.gpkg").exists()


def test_the_style_has_nine_fields_and_counts(inputs, tmp_path):
    result = run(inputs, tmp_path)
    written = rows_of(result["OUTPUT"])[0]
    written.loadDefaultStyle()
    labels = [rule.label() for rule in written.renderer().rootRule().children()]
    assert labels[0] == "high need, low supply · 1" and labels[8] == "low need, high supply · 0"
    gaps = rows_of(result["GAPS"])[0]
    gaps.loadDefaultStyle()
    assert gaps.labelsEnabled()


# --- colours


def rgb(colour):
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255


def lab(linear):
    to_xyz = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
                       [0.0193339, 0.1191920, 0.9503041]])
    xyz = to_xyz @ linear / np.array([0.95047, 1.0, 1.08883])
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


#: Machado, Oliveira and Fernandes 2009, full severity, on linear RGB
BLINDNESS = {
    "normal": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                            [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                              [-0.011820, 0.042940, 0.968881]]),
    "tritanopia": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                            [0.004733, 0.691367, 0.303900]]),
}


@pytest.mark.parametrize("kind", BLINDNESS)
def test_fields_can_be_told_apart_by_everybody(provider, kind):
    from teilhabe.bridge.bivariate_style import COLOURS

    seen = []
    for colour in COLOURS.values():
        value = rgb(colour)
        linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
        seen.append(lab(np.clip(BLINDNESS[kind] @ linear, 0, 1)))
    distance = np.linalg.norm(np.array(seen)[:, None] - np.array(seen)[None], axis=2)
    assert distance[~np.eye(9, dtype=bool)].min() > 7


def test_grey_print_keeps_the_order(provider):
    from teilhabe.bridge.bivariate_style import COLOURS, field_number
    from teilhabe.bridge.class_colours import lightness

    in_order = sorted(COLOURS, key=lambda cell: field_number(*cell))
    luma = [float(rgb(COLOURS[cell]) @ [0.299, 0.587, 0.114]) for cell in in_order]
    assert (np.diff(luma) > 0.05).all()
    assert (np.diff([lightness(COLOURS[cell]) for cell in in_order]) > 4).all()
