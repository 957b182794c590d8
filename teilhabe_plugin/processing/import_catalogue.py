"""Algorithm: an indicator catalogue read back from its Excel workbook."""
from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsProcessingOutputNumber,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
)

from ..translation import render, tr
from .base import TeilhabeAlgorithm


class ImportCatalogueAlgorithm(TeilhabeAlgorithm):
    """Edited workbook in, catalogue out, with a report of what has changed."""

    ID = "importcatalogue"
    ICON = "compute.svg"

    def title(self):
        return tr("Import indicator catalogue from Excel")

    def define(self):
        self.addParameter(QgsProcessingParameterFile(
            "INPUT", tr("Workbook"), fileFilter=tr("Excel workbooks (*.xlsx)")))
        self.addParameter(QgsProcessingParameterFile(
            "COMPARE", tr("Edition to compare with (empty: the file that is replaced)"),
            fileFilter=tr("Catalogues (*.json)"), optional=True,
        ))
        self.addParameter(QgsProcessingParameterFileDestination(
            "OUTPUT", tr("Catalogue"), tr("Catalogues (*.json)")))
        for name, title in (("INDICATORS", tr("Indicators")), ("ADDED", tr("New indicators")),
                            ("REMOVED", tr("Indicators that are gone")), ("CHANGED", tr("Changed entries"))):
            self.addOutput(QgsProcessingOutputNumber(name, title))

    def execute(self, parameters, context, feedback):
        from ..bridge.catalogue_files import described, import_workbook, save_catalogue
        from ..core.catalogue import compare

        catalogue = import_workbook(self.parameterAsFile(parameters, "INPUT", context))
        target = self.parameterAsFileOutput(parameters, "OUTPUT", context)
        before = self._before(self.parameterAsFile(parameters, "COMPARE", context), target, feedback)
        changes = compare(before, catalogue) if before else []
        save_catalogue(catalogue, target)
        feedback.pushInfo(tr("“{catalogue}”: {count} indicators read.", catalogue=catalogue.title,
                             count=len(catalogue.entries)))
        if before and not changes:
            feedback.pushInfo(tr("Nothing has changed against “{catalogue}”.", catalogue=before.title))
        for change in changes:
            feedback.pushInfo(render(described(change)))
        kinds = [change.kind for change in changes]
        return {"OUTPUT": target, "INDICATORS": len(catalogue.entries), "ADDED": kinds.count("added"),
                "REMOVED": kinds.count("removed"), "CHANGED": kinds.count("changed")}

    def _before(self, chosen: str, target: str, feedback):
        """Return the edition to compare with, None where there is none."""
        from ..bridge.catalogue_files import catalogue_from
        from ..core.catalogue_reading import load_catalogue
        from ..core.messages import TeilhabeError

        if chosen:
            return catalogue_from(chosen)
        if not Path(target).is_file():
            return None
        try:
            return load_catalogue(target)
        except TeilhabeError as error:
            feedback.pushWarning(tr("The file that is replaced is no catalogue; nothing is compared. {reason}",
                                    reason=render(error)))
            return None
