"""Four areas, a table and a run of joinindicators for the tests of the join."""

import pytest

KEYS = ["0101", "0102", "0201", "0202"]
NAMES = ["Nord", "Süd", "Hafen", "Hafen"]
DISTRICTS = ["Mitte", "Mitte", "Ost", "West"]


def polygon(i):
    return f"POLYGON(({i} 0, {i + 1} 0, {i + 1} 1, {i} 1, {i} 0))"


def area_layer(keys=KEYS, crs="EPSG:25832", shapes=None):
    from qgis.core import QgsCoordinateReferenceSystem, QgsFeature, QgsGeometry, QgsVectorLayer

    source = "Polygon?field=key:string&field=name:string&field=district:string" + (f"&crs={crs}" if crs else "")
    layer = QgsVectorLayer(source, "Gebiete", "memory")
    if not crs:
        layer.setCrs(QgsCoordinateReferenceSystem())
    features = []
    for i, key in enumerate(keys):
        feature = QgsFeature(layer.fields())
        feature.setAttributes([key, NAMES[i], DISTRICTS[i]])
        feature.setGeometry(QgsGeometry.fromWkt((shapes or {}).get(i, polygon(i))))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    return layer


def four_areas(project):
    layer = area_layer()
    project.addMapLayer(layer)
    return layer


def social_table(folder):
    path = folder / "sozial.csv"
    path.write_bytes(
        "Nr;Gebiet;1.1 Kinder (%) 2024;1.1 Kinder (%) 2025;EW 2025\n"
        "101;Nord;10,5;11,5;1.000\n102;Süd;x;12,5;2.000\n0201;Hafen;9;(8,5);500\n;Gesamtstadt;10;11;3.500\n".encode(
            "cp1252"
        )
    )
    return path


class Log:
    """Feedback that remembers what was said."""

    def __new__(cls):
        from qgis.core import QgsProcessingFeedback

        class Feedback(QgsProcessingFeedback):
            def __init__(self):
                super().__init__(False)
                self.infos, self.warnings = [], []

            def pushInfo(self, info):
                self.infos.append(info)

            def pushWarning(self, warning):
                self.warnings.append(warning)

        return Feedback()


def run(areas, target, feedback=None, **more):
    import processing

    return processing.run(
        "teilhabe:joinindicators",
        {"INPUT": areas, "KEY_FIELD": "key", "OUTPUT": str(target), **more},
        feedback=feedback or Log(),
    )


def read(source):
    from qgis.core import NULL, QgsVectorLayer

    layer = QgsVectorLayer(source, "x", "ogr")
    assert layer.isValid(), source
    names = [field.name() for field in layer.fields()]
    return layer, {
        f["key"]: {name: None if f[name] == NULL else f[name] for name in names} for f in layer.getFeatures()
    }


def error_of(call):
    from qgis.core import QgsProcessingException

    with pytest.raises(QgsProcessingException) as error:
        call()
    return str(error.value)
