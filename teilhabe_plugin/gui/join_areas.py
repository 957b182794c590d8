"""The area layer of the dialog: layer, key field and name field, guessed and changeable."""
from __future__ import annotations

from qgis.core import QgsFieldProxyModel, QgsMapLayerProxyModel, QgsProject
from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtWidgets import QFileDialog, QInputDialog

from ..translation import tr
from .errors import expected, in_words
from .join_area_file import add_to_project, best_layer, likely_layer, polygon_layers


class AreaChoice(QObject):
    """Reads the areas whenever layer or fields change.

    Attributes
    ----------
    areas : core.area_keys.Areas, optional
        None when there is no layer or its keys cannot be used.
    fault : str
        Why there are no areas, in the user's language.

    Signals
    -------
    changed()
    """

    changed = pyqtSignal()

    def __init__(self, form, iface, parent=None):
        super().__init__(parent)
        self.form, self.areas, self.fault, self.frame = form, None, "", None
        form.layer.setFilters(QgsMapLayerProxyModel.Filter.PolygonLayer)
        form.key_field.setFilters(QgsFieldProxyModel.Filter.String | QgsFieldProxyModel.Filter.Int
                                  | QgsFieldProxyModel.Filter.LongLong)
        form.name_field.setFilters(QgsFieldProxyModel.Filter.String)
        form.name_field.setAllowEmptyFieldName(True)
        offered = [form.layer.layer(i) for i in range(form.layer.count())]
        likely = likely_layer([layer for layer in offered if layer is not None], iface.activeLayer())
        if likely is not None:
            form.layer.setLayer(likely)
        self.layer_changed()
        form.layer.layerChanged.connect(self.layer_changed)
        form.key_field.fieldChanged.connect(self.read)
        form.name_field.fieldChanged.connect(self.read)

    def layer(self):
        """Return the chosen layer or None."""
        return self.form.layer.currentLayer()

    def layer_changed(self, _layer=None) -> None:
        """Guess the fields of another layer."""
        from ..bridge.area_layer import guess_key_field, guess_name_field
        from ..bridge.frames import read_frame

        layer, form = self.layer(), self.form
        fields = (form.key_field, form.name_field)
        for combo in fields:
            combo.blockSignals(True)
            combo.setLayer(layer)
        if layer is not None:
            try:
                frame = read_frame(layer)
                key = guess_key_field(frame)
                form.key_field.setField(key)
                form.name_field.setField(guess_name_field(frame, key))
            except expected() as error:
                self.fault = in_words(error)
        for combo in fields:
            combo.blockSignals(False)
        self.read()

    def read(self, _field=None) -> None:
        """Read keys and names."""
        from ..bridge.area_layer import read_areas

        self.areas, self.fault = None, ""
        layer = self.layer()
        if layer is not None:
            key = self.form.key_field.currentField()
            if not key:
                self.fault = tr("Choose the field with the keys of the areas.")
            else:
                try:
                    self.areas, _frame = read_areas(layer, key, self.form.name_field.currentField())
                except expected() as error:
                    self.fault = in_words(error)
        self.changed.emit()

    def open_file(self, tables, window) -> bool:
        """Let the user choose a file with the areas; say whether a layer was added."""
        path, _filter = QFileDialog.getOpenFileName(
            window, tr("Open area layer"), "", tr("Area layers (*.gpkg *.shp *.geojson *.json *.gml *.fgb *.sqlite);;"
                                                  "All files (*)"))
        return bool(path) and self.use_file(path, tables, window)

    def use_file(self, path: str, tables, window) -> bool:
        """Add the areas of a file to the project and choose them; say whether the file holds polygons."""
        layers = polygon_layers(path)
        layer = best_layer(layers, tables) if layers else None
        if layers and layer is None:
            names = [each.name() for each in layers]
            name, chosen = QInputDialog.getItem(
                window, tr("Open area layer"), tr("Layer with the areas"), names, 0, False)
            layer = layers[names.index(name)] if chosen else None
        if layer is not None:
            known = [each for each in QgsProject.instance().mapLayers().values() if each.source() == layer.source()]
            layer = known[0] if known else layer
            if not known:
                add_to_project(layer)
            self.form.layer.setLayer(layer)
        return bool(layers)
