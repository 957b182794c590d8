"""The selected areas on the map: an outline, so that the colours of their classes are still seen."""
from __future__ import annotations

from qgis.core import QgsFeatureRequest, QgsGeometry, QgsMapSettings, QgsWkbTypes
from qgis.gui import QgsRubberBand
from qgis.PyQt.QtGui import QColor

from .chart import SELECTED


class SelectedAreas:
    """Draws the outline; QGIS's own yellow fill is switched off in the map meanwhile.

    Parameters
    ----------
    canvas : QgsMapCanvas
    preview : PreviewMap
    """

    def __init__(self, canvas, preview):
        self.canvas, self.preview = canvas, preview
        self.bands: list[QgsRubberBand] = []

    def begin(self) -> None:
        """Draw selections in the map as outlines from now on."""
        flags = self.canvas.mapSettings().flags()
        self.canvas.setMapSettingsFlags(flags & ~QgsMapSettings.Flag.DrawSelection)
        if not self.bands:
            # a white band below the coloured one is seen on dark areas, too
            self.bands = [self._band("#ffffff", 5), self._band(SELECTED, 3)]

    def end(self) -> None:
        """Let QGIS draw selections again."""
        for band in self.bands:
            self.canvas.scene().removeItem(band)
        self.bands = []
        self.canvas.setMapSettingsFlags(self.canvas.mapSettings().flags() | QgsMapSettings.Flag.DrawSelection)

    def show(self, rows) -> None:
        """Outline the areas of these rows."""
        layer = self.preview.layer()
        for band in self.bands:
            band.reset(QgsWkbTypes.GeometryType.PolygonGeometry)
        if layer is None or not self.bands or not len(rows):
            return
        request = QgsFeatureRequest().setFilterFids(self.preview.features[list(rows)].tolist())
        shapes = [feature.geometry() for feature in layer.getFeatures(request.setNoAttributes())]
        whole = QgsGeometry.collectGeometry([shape for shape in shapes if not shape.isEmpty()])
        for band in self.bands:
            band.setToGeometry(whole, layer)

    def _band(self, colour: str, width: int) -> QgsRubberBand:
        band = QgsRubberBand(self.canvas, QgsWkbTypes.GeometryType.PolygonGeometry)
        band.setStrokeColor(QColor(colour))
        band.setFillColor(QColor(0, 0, 0, 0))
        band.setWidth(width)
        return band
