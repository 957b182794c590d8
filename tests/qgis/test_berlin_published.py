"""Berlin's published monitoring 2021 from the published files: by the registered algorithms, and by the dialogs.

Figures: Senatsverwaltung für Stadtentwicklung, Bauen und Wohnen, Monitoring Soziale Stadtentwicklung 2021
(dl-de/by-2-0).
"""
import csv

import pytest

from .dialog_helpers import messages, run, settle, wait_for

TABLE = "mss_2021_index_indikatoren.csv"
RECIPE = "berlin_mss_2021.json"
STATUS = {"hoch": 75, "mittel": 366, "niedrig": 46, "sehr niedrig": 49}
DYNAMICS = {"positiv": 48, "stabil": 436, "negativ": 52}
LEFT_OUT = {
    "03300515": "weniger als 300 Einwohner", "03400831": "weniger als 300 Einwohner",
    "04400725": "weniger als 300 Einwohner", "05300838": "weniger als 300 Einwohner",
    "06200418": "weniger als 300 Einwohner", "10100205": "Ausreißer",
}
#: columns of the published table of z-values, in order
PUBLISHED = ("z_S1", "z_S3", "z_S4", "status_summe", "status_index", None, "z_D1", "z_D3", "z_D4", "dynamik_summe",
             "dynamik_index")
ROUNDING = 0.0051


@pytest.fixture
def areas(berlin, new_project, provider):
    from qgis.core import QgsVectorLayer

    layer = QgsVectorLayer(str(berlin / "planungsraeume_2021.gpkg"), "Planungsräume", "ogr")
    assert layer.featureCount() == 542
    new_project.addMapLayer(layer)
    return layer


def check(layer, berlin):
    """Compare a computed layer with everything that was published."""
    from qgis.core import NULL

    rows = {feature["PLR_ID"]: {field.name(): None if feature[field.name()] == NULL else feature[field.name()]
                                for field in layer.fields()} for feature in layer.getFeatures()}
    assert len(rows) == 542
    names = [field.name() for field in layer.fields()]
    for wanted in ("PLR_ID", "PLR_NAME", "EW", "S1", "D4", "z_S1", "status_index", "status_klasse", "status_name",
                   "dynamik_index", "dynamik_klasse", "dynamik_name", "ausschluss"):
        assert wanted in names
    assert {key: row["ausschluss"] for key, row in rows.items() if row["ausschluss"]} == LEFT_OUT
    for column, counts in (("status_name", STATUS), ("dynamik_name", DYNAMICS)):
        found = [row[column] for row in rows.values()]
        assert {name: found.count(name) for name in counts} == counts
        assert found.count(None) == 6
    with open(berlin / "mss_2021_indizes.csv", encoding="utf-8") as file:
        published = [each for each in csv.DictReader(file) if each["KOM"] == "gültig"]
    assert len(published) == 536
    for each in published:
        row = rows[each["PLR_ID"]]
        assert (row["status_klasse"], row["status_name"]) == (int(each["SI_N"]), each["SI_V"]), each["PLR_ID"]
        assert (row["dynamik_klasse"], row["dynamik_name"]) == (int(each["DI_N"]), each["DI_V"]), each["PLR_ID"]
        assert row["gesamt_klasse"] == int(each["SDI_N"]), each["PLR_ID"]
    compared = 0
    with open(berlin / "mss_2021_zwerte.csv", encoding="utf-8-sig") as file:
        for line in list(csv.reader(file, delimiter=";"))[1:]:
            for column, text in zip(PUBLISHED, line[3:]):
                if column and text:
                    assert rows[line[0]][column] == pytest.approx(float(text), abs=ROUNDING), (line[0], column)
                    compared += 1
    assert compared >= 535 * 10


def test_through_the_registered_algorithms(areas, berlin, tmp_path):
    import processing
    from qgis.core import QgsVectorLayer

    joined = processing.run("teilhabe:joinindicators", {
        "INPUT": areas, "KEY_FIELD": "PLR_ID", "FILES": [str(berlin / TABLE)],
        "OUTPUT": str(tmp_path / "berlin.gpkg"), "REPORT": str(tmp_path / "abgleich.html")})
    assert (joined["AREAS_JOINED"], joined["ROWS_WITHOUT_AREA"], joined["REPAIRED"]) == (542, 0, 0)
    computed = processing.run("teilhabe:computeindex", {
        "INPUT": joined["OUTPUT"], "RECIPE": RECIPE, "OUTPUT": str(tmp_path / "index.gpkg")})
    assert (computed["AREAS_CLASSED"], computed["AREAS_EXCLUDED"], computed["AREAS_WITHOUT_VALUE"]) == (536, 6, 0)
    check(QgsVectorLayer(computed["OUTPUT"], "index", "ogr"), berlin)


def test_through_the_dialogs(areas, berlin, iface, new_project, german):
    from qgis.core import QgsSettings
    from qgis.PyQt.QtCore import QCoreApplication, QEvent
    from teilhabe.bridge.project import INDEX, layers_with_role
    from teilhabe.gui.compute_dialog import ComputeDialog
    from teilhabe.gui.join_dialog import JoinDialog

    QgsSettings().remove("teilhabe")
    join = JoinDialog(iface)
    join.show()
    join.add_files([str(berlin / TABLE)])
    wait_for(lambda: not join.is_waiting())
    assert join.problem() == "", "everything is guessed right"
    run(join)
    compute = ComputeDialog(iface)
    compute.show()
    settle()
    assert compute.problem() == "", "layer and recipe are guessed right"
    assert compute.recipe.id == "berlin-mss-2021"
    run(compute)
    assert len(messages(compute.frame.bar)) == 1
    check(layers_with_role(new_project, INDEX)[0], berlin)
    for dialog in (join, compute):
        dialog.close()
        dialog.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
