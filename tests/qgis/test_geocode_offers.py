"""geocodeoffers as Processing runs it."""
import json
from functools import partial
from pathlib import Path

import pytest

from .join_helpers import Log, error_of

STREETS = {"Ackerstraße": "01", "Bergweg": "02"}


def register_file(folder, coordinates=True, areas=True):
    head = ["Straße", "Hausnummer", "PLZ"] + ["Gebiet"] * areas + ["X", "Y"] * coordinates
    lines = [";".join(head)]
    for s, (street, area) in enumerate(STREETS.items()):
        for n in range(1, 13):
            cells = [street, str(n), "01587"] + [area] * areas
            cells += [f"{400000 + 20 * n},0", f"{5700000 + 500 * s + n % 2 * 15},0"] * coordinates
            lines.append(";".join(cells))
    path = folder / "register.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


LIST = ("Kita;Straße;Nr;PLZ;Ort;Plätze;Telefon\n"
        "Eins;Ackerstraße;3;01587;Riesa;30;=1+1\n"
        "Zwei;Ackerstr.;4;1587;Riesa;45;+49 3525\n"
        "Drei;Bergweg;99;01587;Riesa;100;\n"
        "Vier;;;01587;;7;\n"
        "Fünf;Bergweeg;2;01587;Riesa;12;0351\n")


@pytest.fixture
def offers(tmp_path):
    path = tmp_path / "liste.csv"
    path.write_text(LIST, encoding="utf-8")
    return str(path)


@pytest.fixture
def areas(new_project):
    from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

    layer = QgsVectorLayer("Polygon?crs=EPSG:25832&field=key:string", "Gebiete", "memory")
    features = []
    for i, key in enumerate(STREETS.values()):
        feature = QgsFeature(layer.fields())
        feature.setAttributes([key])
        low, high = 5699900 + 500 * i, 5700300 + 500 * i
        feature.setGeometry(QgsGeometry.fromWkt(
            f"POLYGON((399900 {low}, 400500 {low}, 400500 {high}, 399900 {high}, 399900 {low}))"))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    new_project.addMapLayer(layer)
    return layer


def run(tmp_path, feedback=None, **more):
    import processing

    more.setdefault("OUTPUT", str(tmp_path / "result.gpkg"))
    return processing.run("teilhabe:geocodeoffers", {"REGISTER_PLACE": "Riesa", **more}, feedback=feedback or Log())


def rows(source):
    from qgis.core import NULL, QgsVectorLayer

    layer = QgsVectorLayer(source, "x", "ogr")
    assert layer.isValid(), source
    names = [field.name() for field in layer.fields()]
    return layer, [{**{name: None if f[name] == NULL else f[name] for name in names},
                    "point": f.geometry().asPoint() if f.hasGeometry() else None} for f in layer.getFeatures()]


def test_all_rows_and_columns_with_their_places(provider, offers, tmp_path, new_project):
    log = Log()
    results = run(tmp_path, log, FILE=offers, REGISTER=[register_file(tmp_path)])
    layer, found = rows(results["OUTPUT"])
    assert [row["Kita"] for row in found] == ["Eins", "Zwei", "Drei", "Vier", "Fünf"]
    assert [row["PLZ"] for row in found] == ["01587", "1587", "01587", "01587", "01587"], "leading zeros as given"
    assert [row["Plätze"] for row in found] == [30, 45, 100, 7, 12]
    assert [row["Telefon"] for row in found] == ["=1+1", "+49 3525", None, None, "0351"]
    assert [row["adr_stufe"] for row in found[:2]] == [1, 2]
    assert [row["adr_gebiet"] for row in found[:2]] == ["01", "01"]
    assert (found[0]["point"].x(), found[0]["point"].y()) == (400060.0, 5700015.0)
    assert found[4]["adr_stufe"] == 2 and found[4]["adr_gefunden"].startswith("Bergweg 2")
    assert found[3]["adr_hinweis"] and found[3]["adr_stufe"] >= 6
    assert all(row["adr_herkunft"] == "register" for row in found if row["adr_stufe"] < 7)
    assert layer.crs().authid() == "EPSG:25833", "postcodes that begin with 0 lie in the east"
    assert layer.geometryType() == 0
    assert results["ROWS"] == 5 and results["EXACT"] == 3
    assert results["LOCATED"] + results["NOT_LOCATED"] == 5
    assert results["EXACT"] + results["INTERPOLATED"] + results["STREET_LEVEL"] == results["LOCATED"]
    assert any("Straße" in line and "PLZ" in line for line in log.infos), "the columns found are told"


def test_the_look_says_how_sure(provider, offers, tmp_path, new_project):
    from teilhabe.bridge.project import provenance_of, role_of

    results = run(tmp_path, FILE=offers, REGISTER=[register_file(tmp_path)])
    layer, found = rows(results["OUTPUT"])
    labels = [item.label() for item in layer.renderer().legendSymbolItems()]
    assert labels[0] == "address found · 3"
    assert sum(int(label.rsplit("· ", 1)[1]) for label in labels) == 5
    assert role_of(layer) == "offers"
    assert layer.attributeAlias(layer.fields().lookupField("adr_radius")) == "Uncertainty (m)"
    assert "adr_gefunden" in layer.mapTipTemplate() and not layer.labelsEnabled()
    config = layer.attributeTableConfig()
    widths = {column.name: config.columnWidth(i) for i, column in enumerate(config.columns())}
    assert (widths["adr_hinweis"], widths["adr_gefunden"]) == (420, 220)  # kept with the layer's style
    made = provenance_of(layer)["geocoding"]
    assert made["columns"]["street"] == "Straße" and made["columns"]["name"] == "Kita"
    assert made["list"]["path"] == offers and made["registers"][0]["path"].endswith("register.csv")


def test_a_rule_for_every_point(provider, offers, tmp_path, new_project):
    """Whatever the grade, exactly one rule draws the point."""
    from qgis.core import QgsExpressionContext, QgsExpressionContextUtils, QgsRenderContext

    layer, _ = rows(run(tmp_path, FILE=offers, REGISTER=[register_file(tmp_path)])["OUTPUT"])
    renderer, context = layer.renderer().clone(), QgsRenderContext()
    context.setExpressionContext(QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer)))
    renderer.startRender(context, layer.fields())
    for feature in layer.getFeatures():
        context.expressionContext().setFeature(feature)
        assert len(renderer.symbolsForFeature(feature, context)) == 1, feature["Kita"]
    renderer.stopRender(context)


def test_a_layer_of_the_project_keeps_its_fields(provider, tmp_path, new_project):
    from qgis.core import QgsFeature, QgsVectorLayer

    layer = QgsVectorLayer("None?field=adr_stufe:string&field=Adresse:string&field=seit:date&field=n:double",
                           "Liste", "memory")
    layer.setFieldAlias(1, "Wo")
    feature = QgsFeature(layer.fields())
    feature.setAttributes(["alt", "Ackerstr. 5, 01587 Riesa", "2024-05-01", 1.5])
    layer.dataProvider().addFeatures([feature])
    new_project.addMapLayer(layer)
    result, found = rows(run(tmp_path, INPUT=layer, REGISTER=[register_file(tmp_path)])["OUTPUT"])
    assert found[0]["adr_stufe"] == "alt" and found[0]["adr_stufe_2"] in (1, 2)
    assert found[0]["adr_gefunden_2"].startswith("Ackerstraße 5")
    assert found[0]["seit"].toString("dd.MM.yyyy") == "01.05.2024" and found[0]["n"] == 1.5
    assert result.attributeAlias(result.fields().lookupField("Adresse")) == "Wo"


def test_a_register_with_areas_only_gives_a_table(provider, offers, tmp_path, new_project):
    from qgis.core import QgsWkbTypes

    results = run(tmp_path, FILE=offers, REGISTER=[register_file(tmp_path, coordinates=False)])
    layer, found = rows(results["OUTPUT"])
    assert layer.wkbType() == QgsWkbTypes.NoGeometry
    assert [row["adr_gebiet"] for row in found][:2] == ["01", "01"] and results["EXACT"] == 3


def test_points_that_stand_for_their_area_are_marked(provider, offers, areas, tmp_path):
    parameters = {"FILE": offers, "AREAS": areas, "AREA_KEY": "key",
                  "REGISTER": [register_file(tmp_path, coordinates=False)]}
    layer, found = rows(run(tmp_path, **parameters)["OUTPUT"])
    first, second = found[0], found[1]
    assert first["adr_in_gebiet"] is True and first["adr_stufe"] == 1
    shape = next(areas.getFeatures()).geometry()
    from qgis.core import QgsGeometry

    assert all(shape.contains(QgsGeometry.fromPointXY(row["point"])) for row in (first, second))
    assert first["point"] != second["point"], "two addresses of an area do not hide each other"
    assert first["adr_radius"] == pytest.approx(360.6, abs=3), "the farthest corner of 600 × 400 m"
    assert "no coordinates" in first["adr_hinweis"]
    assert [item.ruleKey() for item in layer.renderer().legendSymbolItems()][0] != "sure"
    layer, found = rows(run(tmp_path, PLACE_IN_AREA=False, **parameters)["OUTPUT"])
    assert all(row["point"] is None for row in found) and "adr_in_gebiet" not in found[0]


def test_areas_of_another_reference_system(provider, offers, areas, tmp_path, new_project):
    import processing

    turned = processing.run("native:reprojectlayer", {
        "INPUT": areas, "TARGET_CRS": "EPSG:25833", "OUTPUT": str(tmp_path / "areas.gpkg")})["OUTPUT"]
    settings = json.dumps([{"path": register_file(tmp_path, areas=False), "crs": "EPSG:25832"}])
    layer, found = rows(run(tmp_path, FILE=offers, REGISTER_SETTINGS=settings, AREAS=turned, AREA_KEY="key")["OUTPUT"])
    assert layer.crs().authid() == "EPSG:25833"
    assert [row["adr_gebiet"] for row in found[:2]] == ["01", "01"]
    assert found[0]["point"].x() < 0, "500 km west of zone 33's meridian"


def test_the_finished_work_list_is_read_back(provider, offers, tmp_path, new_project):
    from openpyxl import load_workbook

    register, target = register_file(tmp_path), tmp_path / "arbeit.xlsx"
    results = run(tmp_path, FILE=offers, REGISTER=[register], WORKLIST=str(target))
    book = load_workbook(target)
    sheet = book.active
    head = [cell.value for cell in sheet[1]]
    assert results["WORKLIST_ROWS"] == sheet.max_row - 1 == 2
    column = next(i for i, name in enumerate(head, 1) if name.startswith("Correction"))
    given = head.index("Address as given")
    for row in sheet.iter_rows(min_row=2):
        text = "not locatable" if "Bergweg" not in str(row[given].value) else "Bergweg 9, 01587 Riesa"
        sheet.cell(row[0].row, column).value = text
    book.save(target)
    again = run(tmp_path, FILE=offers, REGISTER=[register], DECISIONS=str(target), WORKLIST=str(tmp_path / "rest.csv"))
    _, found = rows(again["OUTPUT"])
    assert found[2]["adr_gefunden"].startswith("Bergweg 9") and found[2]["adr_herkunft"] == "hand"
    assert found[3]["adr_stufe"] == 7 and found[3]["adr_herkunft"] == "hand"
    assert again["BY_HAND"] == 2 and again["WORKLIST_ROWS"] == 0


def test_no_formula_leaves_in_spreadsheets(provider, offers, tmp_path, new_project):
    results = run(tmp_path, FILE=offers, REGISTER=[register_file(tmp_path)], NAME="Telefon",
                  OUTPUT=str(tmp_path / "out.csv"), WORKLIST=str(tmp_path / "rest.csv"))
    text = (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert "'=1+1" in text and ",=1+1" not in text and "'+49 3525" in text
    assert "400060" in text, "a text table has the coordinates as columns"
    assert results["OUTPUT"].endswith("out.csv")


def test_the_report_names_rows_and_registers(provider, offers, tmp_path, new_project, german):
    run(tmp_path, FILE=offers, REGISTER=[register_file(tmp_path)], REPORT=str(tmp_path / "bericht.html"))
    page = (tmp_path / "bericht.html").read_text(encoding="utf-8")
    for text in ("Verortungsbericht", "register.csv", "Bergweg 99", "Auf der Arbeitsliste", "20,0"):
        assert text.lower() in page.lower(), text
    assert "https://" not in page and "<script src" not in page


def test_former_street_names(provider, offers, tmp_path, new_project):
    (tmp_path / "alt.csv").write_text("alter Name;neuer Name\nKaiserstraße;Bergweg\n", encoding="utf-8")
    (tmp_path / "liste.csv").write_text("Adresse\n\"Kaiserstr. 4, 01587 Riesa\"\n\"Bergweg 1, 01587 Riesa\"\n")
    _, found = rows(run(tmp_path, FILE=offers, REGISTER=[register_file(tmp_path)],
                        SYNONYMS=str(tmp_path / "alt.csv"))["OUTPUT"])
    assert found[0]["adr_gefunden"].startswith("Bergweg 4")


@pytest.mark.parametrize("text, words", [
    ("a;b\n1;2\n3;4\n", "no column with addresses was found"),
    ("", "is empty"),
])
def test_lists_that_are_none(provider, tmp_path, new_project, text, words):
    (tmp_path / "liste.csv").write_text(text)
    message = error_of(lambda: run(tmp_path, FILE=str(tmp_path / "liste.csv"), REGISTER=[register_file(tmp_path)]))
    assert words in message
    assert not (tmp_path / "result.gpkg").exists()


def test_what_is_chosen_wrongly_is_told(provider, offers, tmp_path, new_project):
    register = register_file(tmp_path)
    message = error_of(lambda: run(tmp_path, FILE=offers, REGISTER=[register], STREET="Strasse"))
    assert "has no column “Strasse”. Columns: Kita, Straße, Nr" in message
    assert "either a table or layer of the project, or a file" in error_of(lambda: run(tmp_path, REGISTER=[register]))
    assert "address register" in error_of(lambda: run(tmp_path, FILE=offers))
    message = error_of(lambda: run(tmp_path, FILE=offers, REGISTER=[register], ONLINE=1))
    assert "address (URL) of the online service" in message
    message = error_of(lambda: run(tmp_path, FILE=offers, REGISTER=[register], OUTPUT=offers))
    assert "is read in this run" in message
    message = error_of(lambda: run(tmp_path, FILE=offers, REGISTER=[register], WORKLIST=str(tmp_path / "x.doc")))
    assert ".xlsx" in message
    message = error_of(lambda: run(tmp_path, FILE=offers, REGISTER=[register], WORKLIST=offers))
    assert "is read in this run" in message


def test_no_result_takes_the_place_of_what_is_read(provider, offers, tmp_path, new_project):
    register = register_file(tmp_path)
    kept = {path: Path(path).read_bytes() for path in (register, offers)}
    for name in ("REPORT", "WORKLIST", "OUTPUT"):
        for path in kept:
            message = error_of(partial(run, tmp_path, FILE=offers, REGISTER=[register], **{name: path}))
            assert "is read in this run" in message, (name, path)
    assert {path: Path(path).read_bytes() for path in kept} == kept


def test_no_two_results_in_one_file(provider, offers, tmp_path, new_project):
    message = error_of(lambda: run(tmp_path, FILE=offers, REGISTER=[register_file(tmp_path)],
                                   REPORT=str(tmp_path / "result.gpkg")))
    assert "is chosen for two results" in message
    message = error_of(lambda: run(tmp_path, FILE=offers, REGISTER=[register_file(tmp_path)],
                                   REPORT=str(tmp_path / "a.xlsx"), WORKLIST=str(tmp_path / "a.xlsx")))
    assert "is chosen for two results" in message


@pytest.mark.parametrize("how", ["{path}", "{path}|layername=adressen"])
def test_the_table_of_the_register_is_not_replaced(provider, offers, tmp_path, new_project, how):
    from qgis.core import QgsProject, QgsVectorFileWriter, QgsVectorLayer

    table = QgsVectorLayer(f"file:///{register_file(tmp_path)}?delimiter=;&crs=EPSG:25833&xField=X&yField=Y"
                           "&decimalPoint=,", "r", "delimitedtext")
    path, options = str(tmp_path / "register.gpkg"), QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.layerName = "GPKG", "adressen"
    QgsVectorFileWriter.writeAsVectorFormatV3(table, path, QgsProject.instance().transformContext(), options)
    target = f"ogr:dbname='{path}' table=\"{{}}\" (geom)"
    message = error_of(lambda: run(tmp_path, FILE=offers, REGISTER=[how.format(path=path)],
                                   OUTPUT=target.format("adressen")))
    assert "is read in this run" in message
    found = rows(run(tmp_path, FILE=offers, REGISTER=[how.format(path=path)], OUTPUT=target.format("neu"))["OUTPUT"])
    assert found[1][0]["adr_stufe"] == 1
    assert QgsVectorLayer(f"{path}|layername=adressen", "r", "ogr").featureCount() == 24


@pytest.mark.parametrize("first", ["Name;Adresse;Plätze", "Liste der Adressen 2025\n\nName;Adresse;Plätze"])
def test_the_header_is_found_where_numbers_come_late(provider, tmp_path, new_project, first):
    (tmp_path / "liste.csv").write_text(f"{first}\nA;Ackerstr. 3;\nB;Bergweg;\nC;Bergweg 2;50\n", encoding="utf-8")
    _, found = rows(run(tmp_path, FILE=str(tmp_path / "liste.csv"), REGISTER=[register_file(tmp_path)])["OUTPUT"])
    assert [row["Name"] for row in found] == ["A", "B", "C"]
    assert [row["Plätze"] for row in found] == [None, None, 50]


def test_dates_and_truth_values_of_a_workbook_keep_their_kind(provider, tmp_path, new_project):
    import datetime

    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["Straße", "Nr", "seit", "offen", "Anteil"])
    book.active.append(["Ackerstraße", 3, datetime.date(2020, 5, 1), True, 0.5])
    book.active.append(["Ackerstraße", "4a", None, False, 2])
    book.save(tmp_path / "liste.xlsx")
    _, found = rows(run(tmp_path, FILE=str(tmp_path / "liste.xlsx"), REGISTER=[register_file(tmp_path)])["OUTPUT"])
    assert [row["Nr"] for row in found] == ["3", "4a"] and [row["Anteil"] for row in found] == [0.5, 2.0]
    assert found[0]["seit"].toString("yyyy-MM-dd") == "2020-05-01" and [row["offen"] for row in found] == [True, False]


def test_rows_without_a_place_have_no_geometry(provider, offers, tmp_path, new_project):
    layer, _ = rows(run(tmp_path, FILE=offers, REGISTER=[register_file(tmp_path)], DISTRICT_ONLY=False)["OUTPUT"])
    assert [feature["Kita"] for feature in layer.getFeatures("$geometry IS NULL")] == ["Vier"]


@pytest.fixture
def service(qgis_app):
    """Return the address of a service like Nominatim that puts every street to one place, and what it was asked."""
    import threading
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            answer = json.dumps([{"lat": "51.45", "lon": "13.57", "display_name": "Bergwegstraße 5, Riesa",
                                  "addresstype": "building", "type": "house", "category": "building",
                                  "address": {"road": "Unbekannte Gasse", "house_number": "5", "postcode": "01587",
                                              "city": "Riesa"}}]).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def test_nothing_is_sent_unless_switched_on(provider, service, tmp_path, new_project):
    url, asked = service
    (tmp_path / "liste.csv").write_text("Kita;Straße;Nr;PLZ;Ort\nEins;Unbekannte Gasse;5;01587;Riesa\n")
    parameters = {"FILE": str(tmp_path / "liste.csv"), "ONLINE_URL": url, "DISTRICT_ONLY": False,
                  "REGISTER": [register_file(tmp_path, coordinates=False)]}
    results = run(tmp_path, **parameters)
    assert asked == [] and results["NOT_LOCATED"] == 1
    log = Log()
    results = run(tmp_path, log, ONLINE=1, REPORT=str(tmp_path / "r.html"), **parameters)
    assert len(asked) == 1 and "Eins" not in asked[0]
    layer, found = rows(results["OUTPUT"])
    assert found[0]["adr_herkunft"] == "online" and found[0]["adr_stufe"] >= 3 and results["ONLINE_ROWS"] == 1
    assert found[0]["point"] is not None and layer.crs().authid() == "EPSG:25832"
    assert any("addresses are sent to 127.0.0.1" in line for line in log.warnings)
    assert "127.0.0.1" in (tmp_path / "r.html").read_text(encoding="utf-8")
    assert [item.ruleKey() for item in layer.renderer().legendSymbolItems()] == ["online"]


def test_cancelled_before_writing(provider, offers, tmp_path, new_project):
    from qgis.core import QgsProcessingException

    log = Log()
    log.cancel()
    with pytest.raises(QgsProcessingException):
        run(tmp_path, log, FILE=offers, REGISTER=[register_file(tmp_path)])
    assert not (tmp_path / "result.gpkg").exists()


def test_cancelled_at_any_moment_there_is_all_or_nothing(provider, tmp_path, new_project):
    from qgis.core import QgsProcessingException, QgsProcessingFeedback

    class Impatient(QgsProcessingFeedback):
        def isCanceled(self):
            self.left -= 1
            return self.left < 0

    (tmp_path / "liste.csv").write_text("Name;Adresse\n" + "".join(
        f"K{i};Akcerstr. {i % 25}, 0{i} Riesa\n" for i in range(200)), encoding="utf-8")
    files = {name: tmp_path / f"result.{ending}" for name, ending in (
        ("OUTPUT", "gpkg"), ("WORKLIST", "xlsx"), ("REPORT", "html"))}
    written = set()
    for patience in range(40):
        feedback = Impatient()
        feedback.left = patience
        try:
            run(tmp_path, feedback, FILE=str(tmp_path / "liste.csv"), REGISTER=[register_file(tmp_path)],
                **{name: str(path) for name, path in files.items()})
        except QgsProcessingException:
            assert not any(path.exists() for path in files.values()), patience
        else:
            assert all(path.exists() for path in files.values())
            written.add(patience)
            break
    assert written, "patience enough"


def test_a_selection_is_no_layer(provider, tmp_path, new_project):
    from qgis.core import QgsProcessingFeatureSourceDefinition, QgsVectorLayer

    layer = QgsVectorLayer("None?field=Adresse:string", "Liste", "memory")
    new_project.addMapLayer(layer)
    message = error_of(lambda: run(tmp_path, INPUT=QgsProcessingFeatureSourceDefinition(layer.id(), True),
                                   REGISTER=[register_file(tmp_path)]))
    assert message.startswith("List of offers: table or layer of the project: there is no such layer")


def test_the_sample_citys_offers_against_the_truth(provider, tmp_path, new_project):
    import pandas as pd
    from teilhabe import paths

    city = paths.sample("musterstadt")
    geopackage = city / "musterstadt.gpkg"
    results = run(tmp_path, FILE=str(city / "angebote.xlsx"), REGISTER=[f"{geopackage}|layername=adressen"],
                  AREAS=f"{geopackage}|layername=gebiete", AREA_KEY="gebiet_nr", REGISTER_PLACE="Musterstadt",
                  SYNONYMS=str(city / "strassen_umbenannt.csv"))
    _, found = rows(results["OUTPUT"])
    truth = pd.read_csv(city / "angebote_wahrheit.csv", sep=";", dtype=str).set_index("Nr.")
    assert [row["Nr."] for row in found] == list(range(1, 253))
    exact = [row for row in found if row["adr_stufe"] <= 2]
    assert len(exact) == 243 and results["NOT_LOCATED"] == 3
    for row in exact:
        true = truth.loc[str(row["Nr."])]
        assert row["adr_gebiet"] == true["gebiet_nr"]
        assert row["point"].x() == pytest.approx(float(true["x"]), abs=0.01)
    for row in found:
        if row["adr_gebiet_sicher"]:
            assert row["adr_gebiet"] == truth.loc[str(row["Nr."])]["gebiet_nr"]
