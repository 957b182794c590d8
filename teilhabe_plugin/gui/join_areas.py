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
        self.form, self.areas, self.fault = form, None, ""
        form.layer.setFilters(QgsMapLayerProxyModel.Filter.PolygonLayer)
        form.key_field.setFilters(QgsFieldProxyModel.Filter.String | QgsFieldProxyModel.Filter.Int
                                  | QgsFieldProxyModel.Filter.LongLong)
        form.name_field.setFilters(QgsFieldProxyModel.Filter.String)
        form.name_field.setAllowEmptyFieldName(True)
        offered = list(filter(None, map(form.layer.layer, range(form.layer.count()))))
        likely = likely_layer(offered, iface.activeLayer())
        if offered:
            form.layer.setAllowEmptyLayer(likely is None)  # no layer is better than the districts or the parks
            form.layer.setLayer(likely)
        self.layer_changed()
        form.layer.layerChanged.connect(self.layer_changed)
        form.key_field.fieldChanged.connect(self.read)
        form.name_field.fieldChanged.connect(self.read)

    def layer(self):
        """Return the chosen layer or None."""
        return self.form.layer.currentLayer()

    def is_result(self) -> bool:
        """Say whether tables were joined to the chosen layer before."""
        from ..bridge.project import INDEX, INDICATORS, role_of

        return self.layer() is not None and role_of(self.layer()) in (INDICATORS, INDEX)

    def layer_changed(self, _layer=None) -> None:
        """Guess the fields of another layer."""
        from ..bridge.area_layer import guess_key_field, guess_name_field
        from ..bridge.frames import read_frame

        layer, form, frame, fault = self.layer(), self.form, None, ""
        fields = (form.key_field, form.name_field)
        for combo in fields:
            combo.blockSignals(True)
            combo.setLayer(layer)
        if layer is not None:
            try:
                frame = read_frame(layer, with_ids=True)
                key = guess_key_field(frame)
                form.key_field.setField(key)
                form.name_field.setField(guess_name_field(frame, key))
            except expected() as error:
                fault = in_words(error)
        for combo in fields:
            combo.blockSignals(False)
        self._take(frame, fault)

    def read(self, _field=None) -> None:
        """Read keys and names anew."""
        from ..bridge.frames import read_frame

        frame, fault = None, ""
        try:
            frame = read_frame(self.layer(), with_ids=True) if self.layer() is not None else None
        except expected() as error:
            fault = in_words(error)
        self._take(frame, fault)

    def _take(self, frame, fault: str) -> None:
        """Take the areas from the layer's attributes, or the reason why there are none."""
        from ..bridge.area_layer import guess_name_field
        from ..core.area_keys import Areas

        self.areas, self.fault = None, fault
        key, name = self.form.key_field.currentField(), self.form.name_field.currentField()
        if frame is not None and not key:
            self.fault = tr("Choose the field with the keys of the areas.")
        elif frame is not None:
            try:
                self.areas = Areas.from_frame(frame, key, name or guess_name_field(frame, key), frame.index)
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
