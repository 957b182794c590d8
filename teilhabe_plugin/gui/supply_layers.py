"""Layers that the window for supply offers: those of the project, and files that come into it with the run."""
from __future__ import annotations

from pathlib import Path

from qgis.core import QgsProject, QgsProviderRegistry, QgsSettings, QgsVectorLayer, QgsWkbTypes

#: words in the name of a file that may hold people by age
_WORDS = ("einwohner", "alter", "bevoelkerung", "bevölkerung", "population", "people", "einw")
_ENDINGS = (".csv", ".xlsx", ".ods")
_MOST_FILES = 20
_FOLDERS = ("teilhabe/supply/folder", "teilhabe/geocode/folder", "teilhabe/join/folder")


class LayerChoice:
    """A box of layers that also lists files; a file becomes a layer of the project when it is used.

    Parameters
    ----------
    combo : QgsMapLayerComboBox
    """

    def __init__(self, combo):
        self.combo, self.files = combo, {}

    def layer(self) -> QgsVectorLayer | None:
        """Return the chosen layer, which need not be in the project yet; None for none."""
        return self.combo.currentLayer() or self.files.get(self.combo.currentText())

    def choose(self, layer: QgsVectorLayer | None) -> None:
        """Choose a layer of the project, or list another one and choose it."""
        if layer is None:
            choose_none(self.combo)
            return
        if layer.id() in QgsProject.instance().mapLayers():
            self.combo.setLayer(layer)
            return
        text = Path(layer.source().partition("|")[0]).name
        self.files[text] = layer
        self.combo.setAdditionalItems(list(self.files))
        self.combo.setCurrentIndex(self.combo.findText(text))

    def layer_id(self) -> str:
        """Return the id of the chosen layer once it is in the project, "" for none."""
        layer = self.layer()
        if layer is None:
            return ""
        text = self.combo.currentText()
        if text in self.files and self.combo.currentLayer() is None:
            del self.files[text]
            self.combo.setAdditionalItems(list(self.files))
            add_quietly(layer)
            self.combo.setLayer(layer)
        return layer.id()


def choose_none(combo) -> None:
    """Choose the entry of a box of layers that stands for none."""
    combo.setLayer(None)
    if combo.currentIndex() < 0 and combo.allowEmptyLayer():
        combo.setCurrentIndex(0)


def add_quietly(layer: QgsVectorLayer) -> None:
    """Put a layer into the project, at the end of the list and not shown."""
    project = QgsProject.instance()
    project.addMapLayer(layer, False)
    node = project.layerTreeRoot().addLayer(layer)
    node.setItemVisibilityChecked(False)


def table_of(path: str) -> QgsVectorLayer | None:
    """Return a file as a table, None where it cannot be opened."""
    layer = QgsVectorLayer(str(path), Path(path).stem, "ogr")
    return layer if layer.isValid() else None


def vector_layers() -> list[QgsVectorLayer]:
    """Return the project's vector layers and tables."""
    return [layer for layer in QgsProject.instance().mapLayers().values()
            if isinstance(layer, QgsVectorLayer) and layer.isValid()]


def fields_of(layer: QgsVectorLayer | None) -> list[str]:
    """Return the names of the fields."""
    return [] if layer is None else [field.name() for field in layer.fields()]


def guess_people() -> QgsVectorLayer | None:
    """Return the layer or table with the most fields on ages; without any in the project, of a file near by."""
    from ..bridge.project import AREAS, DEMAND, INDICATORS, VALUES, role_of
    from ..core.supply.target_group import ages_of_fields

    found = [(len(ages_of_fields(fields_of(layer))), not layer.isSpatial(), layer) for layer in vector_layers()
             if role_of(layer) in ("", AREAS, DEMAND, INDICATORS, VALUES)]
    best = max(found, key=lambda each: each[:2], default=(0, False, None))
    if best[0] >= 2:
        return best[2]
    for path in _files_near_by():
        layer = table_of(path)
        if layer is not None and len(ages_of_fields(fields_of(layer))) >= 2:
            return layer
    return best[2] if best[0] else None


def _files_near_by():
    folders = [QgsProject.instance().homePath(), *(QgsSettings().value(name, "", type=str) for name in _FOLDERS)]
    found = []
    for folder in dict.fromkeys(filter(None, folders)):
        try:
            files = sorted(Path(folder).iterdir())
        except OSError:
            continue
        found += [file for file in files if file.suffix.lower() in _ENDINGS
                  and any(word in file.name.casefold() for word in _WORDS)]
    return found[:_MOST_FILES]


def guess_homes() -> QgsVectorLayer | None:
    """Return the address register as a layer: one of the project, or the file that the project was located with.

    Of several registers it is the longest: a list of offers may serve as a register, but nobody lives there.
    """
    from ..bridge.project import OFFER_MAP, OFFERS, REGISTER, layers_with_role, role_of
    from ..bridge.project_registers import project_registers

    project = QgsProject.instance()
    for layer in layers_with_role(project, REGISTER):
        if _is_points(layer):
            return layer
    found = []
    for source in project_registers(project):
        if source.is_layer:
            layers = [project.mapLayer(source.path.partition(":")[2])]
        elif source.table:
            layers = [_same_source(f"{source.path}|layername={source.table}")]
        else:
            layers = map(_same_source, _tables_in(source.path))
        found += [layer for layer in layers if _is_points(layer) and role_of(layer) not in (OFFERS, OFFER_MAP)]
    return max(found, key=lambda layer: layer.featureCount(), default=None)


def guess_offers() -> QgsVectorLayer | None:
    """Return the newest layer of located offers, else a layer of points with types or places."""
    from ..bridge.project import OFFERS, layers_with_role, provenance_of, role_of
    from ..core.supply.offers import guess_offer_columns

    located = [layer for layer in layers_with_role(QgsProject.instance(), OFFERS) if _is_points(layer)]
    located.sort(key=lambda layer: provenance_of(layer).get("algorithm") == "teilhabe:supplymeasures")
    if located:
        return located[0]
    for layer in vector_layers():
        if _is_points(layer) and not role_of(layer):
            columns = guess_offer_columns(fields_of(layer))
            if columns.kind or columns.capacity:
                return layer
    return None


def guess_network() -> QgsVectorLayer | None:
    """Return the layer of lines that looks like streets, by its name or else as the largest."""
    lines = [layer for layer in vector_layers()
             if layer.isSpatial() and layer.geometryType() == QgsWkbTypes.GeometryType.LineGeometry]

    def rank(layer):
        text = f"{layer.name()} {layer.source()}".casefold()
        return any(word in text for word in ("stra", "street", "road", "weg", "netz", "network")), layer.featureCount()

    return max(lines, key=rank, default=None)


def _is_points(layer) -> bool:
    return isinstance(layer, QgsVectorLayer) and layer.isValid() and layer.isSpatial() \
        and layer.geometryType() == QgsWkbTypes.GeometryType.PointGeometry


def _tables_in(path: str) -> list[str]:
    """Return the sources of the tables in a file, the file itself where it has one or cannot be looked into."""
    tables = [table.uri() for table in QgsProviderRegistry.instance().querySublayers(str(path))]
    return tables if len(tables) > 1 else [str(path)]


def _same_source(source: str) -> QgsVectorLayer | None:
    """Return the layer of the project that shows this file, else the file as a layer of its own."""
    for layer in vector_layers():
        if layer.source() == source:
            return layer
    return table_of(source)
