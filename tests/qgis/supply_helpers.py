"""The sample city with located offers in the project, for tests of the windows on supply."""
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
CITY = ROOT / "sample_data" / "musterstadt"


def city_layer(project, table, role=""):
    """Add a table of the sample city's GeoPackage to the project."""
    from qgis.core import QgsVectorLayer
    from teilhabe.bridge.project import set_role

    layer = QgsVectorLayer(f"{CITY / 'musterstadt.gpkg'}|layername={table}", table, "ogr")
    assert layer.isValid()
    if role:
        set_role(layer, role)
    project.addMapLayer(layer)
    return layer


def people_table(project):
    """Add the people by age to the project."""
    from qgis.core import QgsVectorLayer

    layer = QgsVectorLayer(str(CITY / "einwohner_alter.csv"), "einwohner_alter", "ogr")
    project.addMapLayer(layer)
    return layer


def offers_layer(project, role="offers"):
    """Add the sample city's offers at their true places, those without one left out."""
    from qgis.core import QgsFeature, QgsGeometry, QgsPointXY, QgsVectorLayer
    from teilhabe.bridge.project import set_role

    listed = pd.read_excel(CITY / "angebote.xlsx", dtype={"Nr.": str})
    places = pd.read_csv(CITY / "angebote_wahrheit.csv", sep=";", dtype={"Nr.": str})
    frame = listed.merge(places[["Nr.", "x", "y"]], on="Nr.").dropna(subset=["x"])
    layer = QgsVectorLayer("Point?crs=EPSG:25832&field=Nr:string&field=Angebotsart:string&field=Name:string"
                           "&field=Zielgruppe:string&field=Plätze:integer", "Angebote", "memory")
    features = []
    for row in frame.itertuples(index=False):
        feature = QgsFeature(layer.fields())
        places = None if pd.isna(row[7]) else int(row[7])
        feature.setAttributes([row[0], row[1], row[2], row[8], places])
        feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(row.x, row.y)))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    layer.updateExtents()
    set_role(layer, role)
    project.addMapLayer(layer)
    return layer


def city(project):
    """Add all that an analysis of the sample city needs; return the layers by name."""
    return {"areas": city_layer(project, "gebiete", "areas"), "homes": city_layer(project, "adressen", "register"),
            "streets": city_layer(project, "strassen"), "people": people_table(project),
            "offers": offers_layer(project)}


def measured(layers, **more):
    """Run the algorithm for Kitas and return the id of its layer in the project and its outputs."""
    from teilhabe.gui.task_runner import Job, Run

    from .dialog_helpers import wait_for

    ended = []
    run = Run([Job("teilhabe:supplymeasures", {
        "AREAS": layers["areas"].id(), "PEOPLE": layers["people"].id(), "PEOPLE_FIELDS": ["unter 3", "3 bis 5"],
        "PEOPLE_YEAR": "Jahr", "GROUP": "Kinder unter 6", "POINTS": layers["homes"].id(),
        "OFFERS": layers["offers"].id(), "KINDS": "Kita", "LIMITS": "500; 700; 1000", "CATCHMENT": 700,
        "OUTPUT": "TEMPORARY_OUTPUT", **more})])
    run.done.connect(ended.append)
    run.start()
    wait_for(lambda: ended, 120)
    assert ended[0].ok, ended[0].error
    return ended[0].layers[0], ended[0].results[0]


def column(layer, name):
    """Return a field of all features in the order of the area keys."""
    rows = sorted((str(feature["gebiet_nr"]), feature[name]) for feature in layer.getFeatures())
    return [value for _key, value in rows]
