"""Where a result goes: QGIS's own widget for destinations."""
from __future__ import annotations

from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingOutputLayerDefinition, QgsProject
from qgis.gui import QgsProcessingLayerOutputDestinationWidget
from qgis.PyQt.QtWidgets import QVBoxLayout, QWidget


class DestinationField(QWidget):
    """A destination parameter of a registered algorithm: scratch layer, file, GeoPackage table or database table."""

    def __init__(self, algorithm: str, parameter: str, parent=None):
        super().__init__(parent)
        # widget and context read the definition for as long as they live
        self.algorithm = QgsApplication.processingRegistry().createAlgorithmById(algorithm)
        self.context = QgsProcessingContext()
        self.context.setProject(QgsProject.instance())
        definition = self.algorithm.parameterDefinition(parameter)
        self.widget = QgsProcessingLayerOutputDestinationWidget(definition, False, self)
        self.widget.setContext(self.context)
        self.widget.setValue("TEMPORARY_OUTPUT")
        self.widget.setObjectName(f"destination_{parameter}")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.widget)

    def value(self, title: str = ""):
        """Return the chosen destination as a parameter value; a scratch layer is called by the title."""
        value = self.widget.value()
        if not isinstance(value, QgsProcessingOutputLayerDefinition):
            value = QgsProcessingOutputLayerDefinition(str(value or "TEMPORARY_OUTPUT"))
        value.destinationProject = QgsProject.instance()
        if title:
            value.destinationName = title
        return value

    def set_value(self, value) -> None:
        """Choose a destination."""
        self.widget.setValue(value)
