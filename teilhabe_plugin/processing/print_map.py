"""Algorithm: a committee map of a classified layer as an editable layout, PDF and PNG."""
from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingOutputString,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorLayer,
    QgsProject,
)

from ..translation import tr
from .base import TeilhabeAlgorithm

PAGES = ("a3_landscape", "a3_portrait", "a4_landscape", "a4_portrait")
LABELS = ("name", "number", "none")


class PrintMapAlgorithm(TeilhabeAlgorithm):
    """Classified layer in; print layout in the project, PDF and PNG out."""

    ID = "printmap"
    ICON = "print.svg"

    def title(self):
        return tr("Print map")

    def flags(self):
        return super().flags() | QgsProcessingAlgorithm.FlagNoThreading

    def define(self):
        self.addParameter(QgsProcessingParameterVectorLayer(
            "INPUT", tr("Layer with classes"), [QgsProcessing.TypeVectorPolygon]))
        self.addParameter(QgsProcessingParameterString(
            "CLASS_SET", tr("Index whose classes are shown (its id; empty: the one the layer shows)"), optional=True))
        self.addParameter(QgsProcessingParameterEnum(
            "PAGE", tr("Page"),
            [tr("A3 landscape"), tr("A3 portrait"), tr("A4 landscape"), tr("A4 portrait")], defaultValue=0))
        self.addParameter(QgsProcessingParameterEnum(
            "LABELS", tr("Labels"),
            [tr("Names, and numbers with a list where names do not fit"), tr("Numbers with a list"), tr("None")],
            defaultValue=0))
        for name, text in (
            ("TITLE", tr("Title (empty: the index)")),
            ("SUBTITLE", tr("Subtitle (empty: the monitoring)")),
            ("SOURCE", tr("Source (empty: from the recipe)")),
            ("REFERENCE_DATE", tr("Reference date (empty: from the recipe)")),
            ("METHOD", tr("Line on the method (empty: from the recipe)")),
            ("CITY", tr("City (empty: project variable teilhabe_city)")),
        ):
            self.addParameter(QgsProcessingParameterString(name, text, optional=True))
        self.addParameter(QgsProcessingParameterFile(
            "LOGO", tr("Logo (empty: project variable teilhabe_logo)"), optional=True,
            fileFilter=tr("Pictures (*.svg *.png *.jpg)")))
        self.addParameter(QgsProcessingParameterMultipleLayers(
            "BACKGROUND", tr("Waters, parks, railways, district borders"), QgsProcessing.TypeMapLayer, optional=True))
        self.addParameter(QgsProcessingParameterString(
            "LAYOUT_NAME", tr("Name of the layout (empty: the title)"), optional=True))
        dpi = QgsProcessingParameterNumber("DPI", tr("Resolution of the PNG"), defaultValue=300, minValue=72,
                                           maxValue=1200)
        self.add_advanced(dpi)
        self.addParameter(QgsProcessingParameterFileDestination(
            "OUTPUT_PDF", tr("Map as PDF"), tr("PDF files (*.pdf)"), optional=True, createByDefault=True))
        self.addParameter(QgsProcessingParameterFileDestination(
            "OUTPUT_PNG", tr("Map as PNG"), tr("PNG files (*.png)"), optional=True, createByDefault=False))
        self.addOutput(QgsProcessingOutputString("LAYOUT", tr("Name of the layout in the project")))

    def execute(self, parameters, context, feedback):
        from ..bridge.class_sets import choose_class_set
        from ..bridge.class_style import SHOWN
        from ..bridge.layout_export import check_files, export
        from ..bridge.layouts import make_layout
        from ..bridge.map_texts import is_picture, logo_of

        layer = self.parameterAsVectorLayer(parameters, "INPUT", context)
        chosen = self.parameterAsString(parameters, "CLASS_SET", context) or str(layer.customProperty(SHOWN, "") or "")
        class_set = choose_class_set(layer, chosen)
        paths = {name: self.parameterAsFileOutput(parameters, name, context) for name in ("OUTPUT_PDF", "OUTPUT_PNG")}
        check_files(*paths.values())
        project = context.project() or QgsProject.instance()  # qgis_process without a project has none
        layout = make_layout(
            project, layer, class_set, PAGES[self.parameterAsEnum(parameters, "PAGE", context)],
            self._texts(parameters, context), self.parameterAsLayerList(parameters, "BACKGROUND", context),
            self._label(parameters, context, layer), self.parameterAsString(parameters, "LAYOUT_NAME", context),
        )
        feedback.pushInfo(tr("Layout “{layout}” is in the project and can be edited there.", layout=layout.name()))
        logo = logo_of(layout)
        if logo and not is_picture(logo):
            feedback.pushWarning(tr("The logo {file} is missing or no picture; its place stays empty.", file=logo))
        feedback.setProgress(50)
        for path in export(layout, *paths.values(), dpi=self.parameterAsInt(parameters, "DPI", context)):
            feedback.pushInfo(tr("Written: {file}", file=path))
        feedback.setProgress(100)
        return {"LAYOUT": layout.name()} | {name: path for name, path in paths.items() if path}

    def _texts(self, parameters, context):
        from ..bridge.map_texts import MapTexts

        names = ("title", "subtitle", "source", "reference_date", "method", "city")
        return MapTexts(logo=self.parameterAsFile(parameters, "LOGO", context),
                        **{name: self.parameterAsString(parameters, name.upper(), context) for name in names})

    def _label(self, parameters, context, layer):
        from ..bridge.area_labels import LabelSpec
        from ..bridge.class_sets import area_fields

        key, name = area_fields(layer)
        return LabelSpec(LABELS[self.parameterAsEnum(parameters, "LABELS", context)], name, key)
