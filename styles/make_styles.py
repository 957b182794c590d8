"""Write the .qml files of this folder from class_colours.json. They carry the German names, as the layers do.

    QT_QPA_PLATFORM=offscreen /usr/bin/python3 styles/make_styles.py
"""
from __future__ import annotations

import json
import os
import sys
from pathlib import Path

os.environ["QT_HASH_SEED"] = "0"  # attributes in the same order on every run
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from qgis.core import QgsApplication, QgsMapLayer, QgsVectorLayer  # noqa: E402
from qgis.PyQt.QtCore import QCoreApplication, QTranslator  # noqa: E402

#: palette → class column and values, as the shipped recipes name them
STYLES = {
    "status": ("status_klasse", (1, 2, 3, 4)),
    "dynamik": ("dynamik_klasse", (1, 3, 5)),
    "teilhabe": ("teilhabe_klasse", (1, 2, 3, 4, 5)),
}


class German(QTranslator):
    """The German texts straight from their source file."""

    def __init__(self):
        super().__init__()
        texts = HERE.parent / "resources" / "i18n" / "de" / "cartography.json"
        self.texts = json.loads(texts.read_text(encoding="utf-8"))

    def isEmpty(self):
        return False

    def translate(self, context, text, disambiguation=None, n=-1):
        return self.texts.get(text)


def class_set(palette: str):
    """Return the class set a palette's style is made for."""
    from teilhabe_plugin.bridge.class_colours import colour_table
    from teilhabe_plugin.core.classes import ClassDef, ClassSet

    entry = colour_table()["palettes"][palette]
    column, values = STYLES[palette]
    classes = tuple(ClassDef(value, each["name"], each["color"]) for value, each in zip(values, entry["classes"]))
    return ClassSet(palette, entry["title"]["de"], column, "", "", classes)


def main() -> None:
    """Write every style."""
    from teilhabe_plugin.bridge.class_style import class_renderer

    translator = German()
    QCoreApplication.installTranslator(translator)
    for palette, (column, _) in STYLES.items():
        layer = QgsVectorLayer(f"MultiPolygon?field={column}:integer&field=ausschluss:string", palette, "memory")
        layer.setRenderer(class_renderer(class_set(palette)))
        path = HERE / f"{palette}.qml"
        _, saved = layer.saveNamedStyle(str(path), QgsMapLayer.StyleCategory.Symbology)
        print(path.name if saved else f"{path.name} could not be written")


if __name__ == "__main__":
    application = QgsApplication([], True)
    QgsApplication.initQgis()
    main()
