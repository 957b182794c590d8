"""checkregister as Processing runs it."""
import json
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest


class Log:
    """Feedback that keeps what was said."""

    def __new__(cls):
        from qgis.core import QgsProcessingFeedback

        class Keeping(QgsProcessingFeedback):
            def __init__(self):
                super().__init__()
                self.lines = []

            def pushInfo(self, text):
                self.lines.append(text)

            def pushWarning(self, text):
                self.lines.append(text)

        return Keeping()


def city():
    from teilhabe import paths

    return paths.sample("musterstadt") / "musterstadt.gpkg"


def run(tmp_path, feedback=None, **parameters):
    import processing

    base = {"REGISTER_PLACE": "Musterstadt", "OUTPUT": str(tmp_path / "findings.gpkg")}
    return processing.run("teilhabe:checkregister", base | parameters, feedback=feedback)


def findings(source):
    from qgis.core import QgsVectorLayer

    layer = source if isinstance(source, QgsVectorLayer) else QgsVectorLayer(source, "findings", "ogr")
    names = [field.name() for field in layer.fields()]
    return layer, [dict(zip(names, (value if value else None for value in feature.attributes())))
                   for feature in layer.getFeatures()]


@pytest.fixture
def faulty(tmp_path):
    """A small register as CSV with coordinates, areas and one fault of many kinds."""
    rows = [{"strasse": "Ackerstraße", "hausnummer": number, "zusatz": "", "plz": "12345", "gebiet": "01",
             "x": 400_010 + number * 10, "y": 5_700_050} for number in range(1, 41)]
    rows += [{"strasse": "Bergweg", "hausnummer": number, "zusatz": "", "plz": "12346", "gebiet": "02",
              "x": 401_010 + number * 10, "y": 5_700_050} for number in range(1, 41)]
    rows[4]["gebiet"] = "02"  # Ackerstraße 5 lies in 01
    rows[10]["plz"] = "12346"  # Ackerstraße 11
    rows[20]["strasse"] = "Akcerstraße"  # Ackerstraße 21
    rows[50]["strasse"] = "Bergweeg"  # Bergweg 11
    rows[60]["hausnummer"] = ""  # Bergweg 21
    rows[70] |= {"x": 400_050, "y": 5_702_000}  # Bergweg 31 far away, outside
    rows.append(dict(rows[0]))  # Ackerstraße 1 twice
    rows.append(rows[1] | {"strasse": "### Straßenname unbekannt", "hausnummer": 7})
    path = tmp_path / "register.csv"
    pd.DataFrame(rows).to_csv(path, sep=";", index=False, encoding="utf-8")
    return path


@pytest.fixture
def areas(new_project):
    from qgis.core import QgsFeature, QgsGeometry, QgsRectangle, QgsVectorLayer

    layer = QgsVectorLayer("Polygon?crs=EPSG:25832&field=nr:string", "Gebiete", "memory")
    for key, left in (("01", 400_000), ("02", 401_000)):
        feature = QgsFeature(layer.fields())
        feature.setAttributes([key])
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(left, 5_700_000, left + 1000, 5_700_100)))
        layer.dataProvider().addFeature(feature)
    layer.updateExtents()
    new_project.addMapLayer(layer)
    return layer


def of(path):
    """Parameters for this register; both systems of the region fit its coordinates."""
    return {"REGISTER": [str(path)], "REGISTER_SETTINGS": json.dumps([{"path": str(path), "crs": "EPSG:25832"}])}


def test_every_fault_is_a_point_with_advice(provider, faulty, areas, tmp_path):
    result = run(tmp_path, **of(faulty), AREAS=areas, AREA_KEY="nr", REPORT=str(tmp_path / "report.html"))
    layer, found = findings(result["OUTPUT"])
    kinds = {(row["art"], row["adresse"].split(",")[0]) for row in found}
    assert {("unknown_street", "### Straßenname unbekannt"), ("duplicate", "Ackerstraße 1"),
            ("area_mismatch", "Ackerstraße 5"), ("postcode", "Ackerstraße 11"), ("similar", "Akcerstraße"),
            ("similar", "Bergweeg"), ("no_number", "Bergweg"), ("outlier", "Bergweg 31"),
            ("outside", "Bergweg 31")} <= kinds
    assert layer.crs().authid() == "EPSG:25832"
    by_kind = {(row["art"], row["adresse"].split(",")[0]): row for row in found}
    mismatch = by_kind["area_mismatch", "Ackerstraße 5"]
    assert (mismatch["schwere"], mismatch["gegenstueck"], mismatch["gebiet"], mismatch["zeile"]) == (1, "01", "02", 6)
    assert mismatch["einzelheit"] == "States 02, lies in 01, 940 m from the stated area"
    assert mismatch["was_tun"].startswith("Compare with the map")
    points = [feature.geometry().asPoint() for feature in layer.getFeatures() if feature["art"] == "area_mismatch"]
    assert [point.x() for point in points] == [pytest.approx(400_060)]
    assert result["ADDRESSES"] == 82
    assert result["FINDINGS"] == len(found) == result["WRONG"] + result["PROBABLY_WRONG"] + result["HINTS"]


def test_the_layer_is_styled_by_severity(provider, faulty, areas, tmp_path):
    from qgis.core import QgsVectorLayer

    result = run(tmp_path, **of(faulty), AREAS=areas, AREA_KEY="nr")
    layer = QgsVectorLayer(result["OUTPUT"], "findings", "ogr")
    renderer = layer.renderer()
    assert renderer.type() == "categorizedSymbol"
    assert [str(category.value()) for category in renderer.categories()] == ["1", "2", "3"]
    assert layer.attributeAlias(layer.fields().lookupField("was_tun")) == "What to do"


def test_the_report_says_rule_and_advice(provider, faulty, areas, tmp_path, german):
    page = tmp_path / "bericht.html"
    run(tmp_path, **of(faulty), AREAS=areas, AREA_KEY="nr", REPORT=str(page), GAP=12, BORDER=25)
    text = page.read_text(encoding="utf-8")
    assert "Bericht der Registerprüfung" in text
    assert "bis 25\u00a0m neben dem angegebenen Gebiet" in text
    assert "Ackerstraße 5" in text and "Gebiete: Gebiete" in text
    assert "Was zu tun ist" in text


def test_a_wrong_reference_system_is_told_once(provider, faulty, areas, tmp_path):
    log = Log()
    settings = json.dumps([{"path": str(faulty), "crs": "EPSG:25833"}])
    result = run(tmp_path, log, REGISTER=[str(faulty)], REGISTER_SETTINGS=settings, AREAS=areas, AREA_KEY="nr")
    assert any(line.startswith("82 of 82 addresses lie outside all areas") for line in log.lines)
    assert "outside" not in {row["art"] for row in findings(result["OUTPUT"])[1]}


def test_streets_are_compared_with_a_list(provider, faulty, tmp_path, new_project):
    (tmp_path / "strassen.csv").write_text("Nr;Straßenname\n1;Ackerstr.\n2;Bergweg\n3;Dorfplatz\n", encoding="utf-8")
    result = run(tmp_path, REGISTER=[str(faulty)], STREETS=str(tmp_path / "strassen.csv"))
    _, found = findings(result["OUTPUT"])
    assert {(row["art"], row["adresse"]) for row in found if row["art"].startswith("not_in")} == {
        ("not_in_list", "Akcerstraße"), ("not_in_list", "Bergweeg"), ("not_in_register", "Dorfplatz")}


def test_a_register_without_coordinates_gives_a_table(provider, berlin, tmp_path):
    log = Log()
    result = run(tmp_path, log, REGISTER=[str(berlin / "adressen_bezirk_01-06.csv.gz")], REGISTER_PLACE="Berlin",
                 AREAS=str(berlin / "planungsraeume_2021.gpkg"), AREA_KEY="PLR_ID")
    layer, found = findings(result["OUTPUT"])
    assert not layer.isSpatial()
    assert result["ADDRESSES"] == 181_238
    counts = Counter(row["art"] for row in found)
    assert counts["no_number"] == 180 and counts["unknown_area"] == counts["duplicate"] == 0
    assert any("no coordinates" in line for line in log.lines)


def test_essen(provider, berlin, tmp_path):
    """The official house coordinates of Essen, 102,981 rows."""
    file = berlin.parent / "essen" / "hauskoordinaten_essen_2022-10-05_epsg4647.csv.gz"
    result = run(tmp_path, REGISTER=[str(file)], REGISTER_PLACE="Essen", NUMBER_POINTS=False)
    layer, found = findings(result["OUTPUT"])
    assert layer.crs().authid() == "EPSG:4647"
    assert {"### Straßenname unbekannt", "Am Stadthafen 330"} <= {row["adresse"].split(",")[0] for row in found}
    assert (result["WRONG"], result["PROBABLY_WRONG"]) == (1, 10)
    assert result["HINTS"] < 400


def test_the_sample_city_is_nearly_sound(provider, tmp_path, new_project):
    source = f"{city()}|layername="
    result = run(tmp_path, REGISTER_LAYER=source + "adressen", AREAS=source + "gebiete", AREA_KEY="gebiet_nr")
    assert result["ADDRESSES"] == 15_116
    assert (result["WRONG"], result["FINDINGS"]) == (0, 10)


def test_no_register_is_told(provider, tmp_path, new_project):
    from qgis.core import QgsProcessingException

    with pytest.raises(QgsProcessingException, match="Choose an address register"):
        run(tmp_path)


def test_the_register_cannot_be_overwritten(provider, faulty, tmp_path, new_project):
    from qgis.core import QgsProcessingException

    before = Path(faulty).read_bytes()
    with pytest.raises(QgsProcessingException, match="is read in this run"):
        run(tmp_path, REGISTER=[str(faulty)], OUTPUT=str(faulty))
    assert Path(faulty).read_bytes() == before


def test_what_a_register_says_is_no_html_in_the_map_tip(provider, tmp_path, new_project):
    from qgis.core import QgsExpression, QgsExpressionContext, QgsExpressionContextUtils

    (tmp_path / "r.csv").write_text("Straße;Hausnummer;X;Y\n<b onclick=x>A;5;400000;5700000\n"
                                    "<b onclick=x>A;5;400900;5700900\n", encoding="utf-8")
    layer, found = findings(run(tmp_path, REGISTER=[str(tmp_path / "r.csv")])["OUTPUT"])
    assert found[0]["adresse"] == "<b onclick=x>A 5"
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    context.setFeature(next(layer.getFeatures()))
    tip = QgsExpression.replaceExpressionText(layer.mapTipTemplate(), context)
    assert "&lt;b onclick=x>A 5" in tip and "<b onclick" not in tip
