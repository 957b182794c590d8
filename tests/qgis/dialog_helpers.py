"""What tests of windows need: an event loop with a limit, small layers, and a look at cut or foreign texts."""
import json
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

RECIPE = {
    "format": "teilhabe-recipe/1", "id": "test", "title": "Testindex", "version": "2.1", "area_key": "key",
    "area_name": "name", "source": "Stadt Test", "reference_date": "2025-12-31", "method": "Mittel der z-Werte",
    "year": 2024,
    "indicators": [{"id": "a", "title": "Armut", "unit": "%", "column": "a_{year}"},
                   {"id": "b", "title": "Bildung", "unit": "%", "column": "b_{year}", "high_is": "favourable"}],
    "exclusions": [{"type": "minimum", "column": "people", "value": 300, "reason": "unter 300 Einwohner"}],
    "indices": [{
        "id": "lage", "title": "Soziale Lage",
        "children": [{"indicator": "a", "weight": 2}, {"indicator": "b"}],
        "classes": {"method": "fixed", "bounds": [0],
                    "classes": [{"value": 1, "name": "gut"}, {"value": 2, "name": "schlecht"}]},
    }, {
        "id": "bildung", "title": "Bildungslage", "children": [{"indicator": "b"}],
        "classes": {"method": "fixed", "bounds": [0],
                    "classes": [{"value": 1, "name": "günstig"}, {"value": 2, "name": "ungünstig"}]},
    }],
}
#: key, name, people, a_2024, b_2024, a_2025, b_2025
ROWS = [("01", "Nord", 900, 10.0, 50.0, 11.0, 51.0), ("02", "Süd", 800, 30.0, 40.0, 31.0, 41.0),
        ("03", "Hafen", 120, 99.0, 1.0, 98.0, 2.0), ("04", "Mitte", 700, 20.0, 60.0, 21.0, None),
        ("05", "West", 600, 40.0, 20.0, 41.0, 21.0)]
FIELDS = ("key:string", "name:string", "people:integer", "a_2024:double", "b_2024:double", "a_2025:double",
          "b_2025:double")


def wait_for(condition, seconds=30):
    """Let the event loop run until the condition holds; fail when it does not."""
    from qgis.PyQt.QtCore import QCoreApplication

    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"still not so after {seconds} s"
        QCoreApplication.processEvents()
        time.sleep(0.005)


def settle(milliseconds=300):
    """Let timers fire and objects that wait for it be deleted."""
    from qgis.PyQt.QtCore import QCoreApplication, QEvent

    end = time.monotonic() + milliseconds / 1000
    while time.monotonic() < end:
        QCoreApplication.processEvents()
        time.sleep(0.005)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def indicator_layer(project, rows=ROWS, fields=FIELDS, name="Indikatoren", role="indicators"):
    """Return a layer of unit squares in the project."""
    from qgis.core import QgsFeature, QgsGeometry, QgsRectangle, QgsVectorLayer
    from teilhabe.bridge.project import set_role

    layer = QgsVectorLayer("Polygon?crs=EPSG:25832&" + "&".join(f"field={field}" for field in fields), name, "memory")
    features = []
    for i, row in enumerate(rows):
        feature = QgsFeature(layer.fields())
        feature.setAttributes(list(row))
        x = 500000 + 1000 * i
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(x, 5700000, x + 1000, 5701000)))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    layer.updateExtents()
    set_role(layer, role)
    project.addMapLayer(layer)
    return layer


def recipe_file(folder, **changes):
    """Write the recipe, changed where the test wants it, and return its path."""
    path = folder / "rezept.json"
    path.write_text(json.dumps({**RECIPE, **changes}), encoding="utf-8")
    return str(path)


def run(dialog, seconds=60):
    """Click on “Run” and wait for the end."""
    wait_for(lambda: dialog.run_button.isEnabled())
    dialog.run_button.click()
    assert dialog.is_running()
    wait_for(lambda: not dialog.is_running(), seconds)


def messages(bar):
    """Return the texts in a message bar."""
    return [item.text() for item in bar.items()]


def texts(widget):
    """Return class, name and text of every widget that is shown."""
    from qgis.PyQt.QtWidgets import QAbstractButton, QGroupBox, QLabel

    found = [("window", "", widget.windowTitle())]
    for child in widget.findChildren((QAbstractButton, QLabel, QGroupBox)):
        if child.isVisibleTo(widget):
            text = child.title() if isinstance(child, QGroupBox) else child.text()
            found.append((type(child).__name__, child.objectName(), text))
    return found


def english_left(widget):
    """Return the texts that should have been German."""
    german = {}
    for path in sorted((ROOT / "resources" / "i18n" / "de").glob("*.json")):
        german.update(json.loads(path.read_text(encoding="utf-8")))
    english = {source for source, text in german.items() if source != text} - set(german.values())
    return [each for each in texts(widget) if each[2] in english]


def cut_texts(widget):
    """Return the labels and buttons that are smaller than their text."""
    from qgis.PyQt.QtWidgets import QCheckBox, QLabel, QPushButton

    found = []
    for child in widget.findChildren((QLabel, QPushButton, QCheckBox)):
        if not child.isVisibleTo(widget) or not child.text() or child.objectName().startswith("qt_"):
            continue
        wrapped = isinstance(child, QLabel) and child.wordWrap()
        needed = child.heightForWidth(child.width()) if wrapped else child.sizeHint().height()
        if child.height() < needed - 1 or (not wrapped and child.width() < child.sizeHint().width() - 1):
            found.append((child.objectName(), child.text(), child.width(), child.height(), needed))
    return found
