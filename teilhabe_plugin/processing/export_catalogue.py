"""Algorithm: an indicator catalogue as an Excel workbook."""
from __future__ import annotations

from qgis.core import (
    QgsProcessingOutputNumber,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
)

from ..translation import tr
from .base import TeilhabeAlgorithm


class ExportCatalogueAlgorithm(TeilhabeAlgorithm):
    """Catalogue in, workbook to edit out."""

    ID = "exportcatalogue"
    ICON = "compute.svg"

    def title(self):
        return tr("Export indicator catalogue to Excel")

    def define(self):
        self.addParameter(QgsProcessingParameterFile(
            "INPUT", tr("Catalogue (JSON file, or the name of a catalogue that comes with the plugin)"),
            fileFilter=tr("Catalogues (*.json)"),
        ))
        self.addParameter(QgsProcessingParameterFileDestination(
            "OUTPUT", tr("Workbook"), tr("Excel workbooks (*.xlsx)")))
        self.addOutput(QgsProcessingOutputNumber("INDICATORS", tr("Indicators")))

    def execute(self, parameters, context, feedback):
        from ..bridge.catalogue_files import catalogue_from, export_workbook

        catalogue = catalogue_from(self.parameterAsFile(parameters, "INPUT", context))
        target = self.parameterAsFileOutput(parameters, "OUTPUT", context)
        export_workbook(catalogue, target)
        without = [entry.number for entry in catalogue.entries if entry.data == "none"]
        feedback.pushInfo(tr("“{catalogue}”: {count} indicators written.", catalogue=catalogue.title,
                             count=len(catalogue.entries)))
        if without:
            feedback.pushInfo(tr("No data yet: {numbers}", numbers=", ".join(without)))
        return {"OUTPUT": target, "INDICATORS": len(catalogue.entries)}
