"""A town that can be reckoned by hand: three square areas of 1 km side by side, a street, addresses, offers."""
from pathlib import Path

#: key, name, people under 3, people from 3 to 5
PEOPLE = (("01", "Westen", 60, 40), ("02", "Mitte", 30, 20), ("03", "Osten", 0, 0))
#: x, y, area key, dwellings
ADDRESSES = ((100, 500, "01", 3), (900, 500, "01", 1), (1100, 500, "02", 1), (1900, 500, "02", 1), (2500, 500, "03", 5))
#: number, type, name, places, x, y, first day, last day
OFFERS = (
    (1, "Kita", "Am Bach", 30, 950, 500, None, None), (2, "Kita", "Zur Linde", 20, 1000, 700, None, "2024-07-31"),
    (3, "Treff", "Treff", None, 2500, 500, None, None),
)


def layer(kind, fields, rows, name, crs="EPSG:25832"):
    """Return a memory layer of rows: attributes, then the geometry as WKT (None: none)."""
    from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

    uri = f"{kind}?crs={crs}" if crs else kind
    made = QgsVectorLayer(uri + ("&" if crs else "?") + "&".join(f"field={each}" for each in fields), name, "memory")
    features = []
    for *attributes, wkt in rows:
        feature = QgsFeature(made.fields())
        feature.setAttributes(attributes)
        if wkt is not None:
            feature.setGeometry(QgsGeometry.fromWkt(wkt))
        features.append(feature)
    made.dataProvider().addFeatures(features)
    assert made.featureCount() == len(features)
    return made


def areas(people=PEOPLE, **more):
    """Return the areas, the first at 0 to 1,000 m."""
    rows = [(key, name, f"POLYGON(({i * 1000} 0,{i * 1000 + 1000} 0,{i * 1000 + 1000} 1000,{i * 1000} 1000,"
                        f"{i * 1000} 0))") for i, (key, name, *_people) in enumerate(people)]
    return layer("Polygon", ["nr:string", "name:string"], rows, "gebiete", **more)


def people_table(rows=PEOPLE, fields=("nr:string", "name:string", "unter3:integer", "bis5:integer")):
    """Return the table with people by age."""
    return layer("NoGeometry", fields, [(*row, None) for row in rows], "einwohner", crs="")


def addresses(rows=ADDRESSES, **more):
    """Return the addresses."""
    return layer("Point", ["nr:string", "wohnungen:integer"],
                 [(key, dwellings, f"POINT({x} {y})") for x, y, key, dwellings in rows], "adressen", **more)


def offers(rows=OFFERS, **more):
    """Return the offers; x None: without a place."""
    fields = ["nr:integer", "art:string", "name:string", "plaetze:integer", "beginn:string", "ende:string"]
    return layer("Point", fields, [(number, kind, name, places, first, last, None if x is None else f"POINT({x} {y})")
                                   for number, kind, name, places, x, y, first, last in rows], "angebote", **more)


def street(wkts=("LINESTRING(0 500, 3000 500)",), **more):
    """Return the network."""
    return layer("LineString", ["id:integer"], list(enumerate(wkts)), "wege", **more)


def case(**more):
    """Return parameters of an algorithm on the town: children under 6, offers of the type Kita, straight lines."""
    return {"AREAS": areas(), "PEOPLE": people_table(), "PEOPLE_FIELDS": ["unter3", "bis5"], "GROUP": "Kinder",
            "POINTS": addresses(), "OFFERS": offers(), "KINDS": "Kita", "LIMITS": "200; 1000", **more}


def run(name, log=None, **parameters):
    """Run an algorithm of the plugin; its log goes into the list."""
    import processing
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback

    class Feedback(QgsProcessingFeedback):
        def pushInfo(self, text):
            if log is not None:
                log.append(text)

        def pushWarning(self, text):
            self.pushInfo(text)

    context = QgsProcessingContext()
    feedback = Feedback(False)
    return processing.run(f"teilhabe:{name}", parameters, feedback=feedback, context=context)


def rows_of(layer_or_path, key):
    """Return the rows of a layer as dictionaries by the value of a field, None for NULL."""
    from qgis.core import NULL, QgsVectorLayer

    opened = layer_or_path
    if not isinstance(opened, QgsVectorLayer):
        opened = QgsVectorLayer(str(layer_or_path), "", "ogr")
    names = [field.name() for field in opened.fields()]
    return {feature[key]: {name: None if feature[name] == NULL else feature[name] for name in names}
            for feature in opened.getFeatures()}


def sample_city(folder):
    """Return parameters on the invented city: day-care centres where they really are, children under 6."""
    import pandas as pd
    from qgis.core import QgsVectorLayer
    from teilhabe.paths import sample

    city = Path(str(sample("musterstadt")))
    table = pd.read_excel(city / "angebote.xlsx").merge(
        pd.read_csv(city / "angebote_wahrheit.csv", sep=";")[["Nr.", "x", "y"]], on="Nr.")
    path = Path(folder, "angebote.csv")
    table.to_csv(path, sep=";", index=False)
    point = QgsVectorLayer(f"file://{path}?type=csv&delimiter=;&xField=x&yField=y&crs=EPSG:25832&detectTypes=yes",
                           "angebote", "delimitedtext")

    def of(name):
        return QgsVectorLayer(f"{city / 'musterstadt.gpkg'}|layername={name}", name, "ogr")

    return {"AREAS": of("gebiete"), "PEOPLE": QgsVectorLayer(str(city / "einwohner_alter.csv"), "einwohner", "ogr"),
            "PEOPLE_FIELDS": ["unter 3", "3 bis 5"], "GROUP": "Kinder unter 6", "POINTS": of("adressen"),
            "OFFERS": point, "KINDS": "Kita", "NETWORK": of("strassen")}
