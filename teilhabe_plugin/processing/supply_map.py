"""Algorithm: offers and measures as a numbered map with list and print layout."""
from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorDestination,
    QgsProcessingParameterVectorLayer,
    QgsProject,
)

from ..translation import tr
from .base import TeilhabeAlgorithm

PAGES = ("a3_landscape", "a3_portrait", "a4_landscape", "a4_portrait")
#: the values behind the entries of CATEGORY, OVERLAP and ORDER
CATEGORIES = ("kind", "target", "field")
OVERLAPS = ("displaced", "clustered", "none")
ORDERS = ("district", "category", "name", "list")
#: parameter → column of an offer, and of a measure
OFFER_FIELDS = {"OFFER_NAME": "name", "KIND_FIELD": "kind", "TARGET_FIELD": "target", "ACTION_FIELD": "field",
                "CAPACITY": "capacity", "OFFER_ID": "id", "OPEN_FROM": "open_from", "OPEN_UNTIL": "open_until",
                "RADIUS_FIELD": "radius"}
PROJECT_FIELDS = {"PROJECT_NAME": "name", "PROJECT_KIND": "kind", "PROJECT_TARGET": "target",
                  "PROJECT_ACTION": "field", "PROJECT_AREAS": "areas", "PROJECT_BEGIN": "begin", "PROJECT_END": "end",
                  "PROJECT_PERIOD": "period", "PROJECT_BODY": "body", "PROJECT_STATE": "state"}


class SupplyMapAlgorithm(TeilhabeAlgorithm):
    """Located offers in; numbered and styled layer, list and print layout out."""

    ID = "supplymap"
    ICON = "supply_map.svg"

    def title(self):
        return tr("Supply map")

    def tags(self):
        return [*super().tags(), "Angebote", "Angebotskarte", "Versorgung", "Handlungsfeld", "Maßnahmen", "Projekte",
                "offers", "supply", "projects"]

    def flags(self):
        return super().flags() | QgsProcessingAlgorithm.FlagNoThreading

    def define(self):
        self.addParameter(QgsProcessingParameterVectorLayer(
            "INPUT", tr("Offers: located list or any layer of points"), [QgsProcessing.TypeVector]))
        self.addParameter(QgsProcessingParameterVectorLayer(
            "PROJECTS", tr("Measures and projects: layer, or table with areas"), [QgsProcessing.TypeVector],
            optional=True))
        self.addParameter(QgsProcessingParameterVectorLayer(
            "AREAS", tr("Areas below, best those of an index (empty: the project’s)"),
            [QgsProcessing.TypeVectorPolygon], optional=True))
        self.addParameter(QgsProcessingParameterEnum(
            "CATEGORY", tr("One symbol for each"), [tr("type of offer"), tr("target group"), tr("field of action")],
            False, 0))
        self._field("CATEGORY_FIELD", tr("or for each value of this field"))
        self.addParameter(QgsProcessingParameterBoolean("SIZED", tr("Symbols as large as the number of places"), True))
        self.addParameter(QgsProcessingParameterEnum(
            "OVERLAP", tr("Symbols that hide each other"),
            [tr("are moved apart"), tr("are drawn as one with their number"), tr("stay where they lie")], False, 0))
        self.addParameter(QgsProcessingParameterEnum(
            "ORDER", tr("Order of the list"),
            [tr("district, area, category"), tr("category, district, area"), tr("name"), tr("as in the list")], False,
            0))
        self._advanced_parameters()
        self._page_parameters()
        self.addParameter(QgsProcessingParameterVectorDestination(
            "OUTPUT", tr("Supply map"), QgsProcessing.TypeVectorPoint))
        for name, title, filters, made in (
            ("OUTPUT_PDF", tr("Map as PDF"), tr("PDF files (*.pdf)"), True),
            ("OUTPUT_PNG", tr("Map as PNG"), tr("PNG files (*.png)"), False),
            ("LIST_XLSX", tr("List as workbook"), tr("Excel workbook (*.xlsx)"), False),
            ("LIST_HTML", tr("List as page"), tr("HTML page (*.html)"), False),
        ):
            self.addParameter(QgsProcessingParameterFileDestination(name, title, filters, optional=True,
                                                                    createByDefault=made))
        self.addOutput(QgsProcessingOutputString("LAYOUT", tr("Name of the layout in the project")))
        for name, title in (("OFFERS", tr("Offers on the map")), ("MEASURES", tr("Measures on the map")),
                            ("ROUGH", tr("Places only roughly known")), ("NOT_PLACED", tr("Rows without a place"))):
            self.addOutput(QgsProcessingOutputNumber(name, title))

    def _advanced_parameters(self):
        for name, title in _offer_titles().items():
            self._field(name, title, "INPUT")
        for name, title in _project_titles().items():
            self._field(name, title, "PROJECTS")
        self._text("FIELDS_OF_ACTION", tr("Fields of action by type, e.g. Kita = Bildung; Tafel = Existenzsicherung"))
        self._text("DATE", tr("Day for planned, running, ended (31.12.2025; empty: today)"))
        self._number("MOST", tr("Most categories with a symbol of their own"), 12, 1, 12, True)
        self._number("ROUGH_FROM", tr("Place counts as rough from an uncertainty of so many metres"), 50, 0, 100_000)
        self._number("SMALLEST", tr("Smallest symbol in mm"), 2.2, 0.5, 20)
        self._number("LARGEST", tr("Largest symbol in mm"), 6.5, 0.5, 40)
        self._text("CLASS_SET", tr("Index whose classes are shown (its id; empty: the one the layer shows)"))
        for name, title in (("AREA_KEY", tr("Field with the area key (empty: found)")),
                            ("AREA_NAME", tr("Field with the name of the area (empty: found)")),
                            ("DISTRICT_FIELD", tr("Field with the district (empty: found)"))):
            self._field(name, title, "AREAS")
        self.add_advanced(QgsProcessingParameterBoolean(
            "ONLY_WITH_OFFERS", tr("Print only the part of the city in which there are offers"), False))

    def _page_parameters(self):
        self.addParameter(QgsProcessingParameterEnum(
            "PAGE", tr("Page"), [tr("A3 landscape"), tr("A3 portrait"), tr("A4 landscape"), tr("A4 portrait")],
            defaultValue=0))
        self.addParameter(QgsProcessingParameterBoolean("WITH_LIST", tr("Numbered list on further pages"), True))
        for name, title in (("TITLE", tr("Title of the map")), ("SUBTITLE", tr("Subtitle (empty: numbers and index)")),
                            ("SOURCE", tr("Source of the offers"))):
            self.addParameter(QgsProcessingParameterString(name, title, optional=True))
        for name, title in (("REFERENCE_DATE", tr("Reference date (empty: from the recipe)")),
                            ("METHOD", tr("Line on the method (empty: how sizes are drawn)")),
                            ("CITY", tr("City (empty: project variable teilhabe_city)")),
                            ("LAYOUT_NAME", tr("Name of the layout (empty: the title)"))):
            self._text(name, title)
        self.add_advanced(QgsProcessingParameterFile(
            "LOGO", tr("Logo (empty: project variable teilhabe_logo)"), optional=True,
            fileFilter=tr("Pictures (*.svg *.png *.jpg)")))
        self.add_advanced(QgsProcessingParameterMultipleLayers(
            "BACKGROUND", tr("Waters, parks, railways, district borders (empty: the project’s)"),
            QgsProcessing.TypeMapLayer, optional=True))
        self._number("DPI", tr("Resolution of the PNG"), 300, 72, 1200, True)

    def _field(self, name, title, parent="INPUT"):
        self.add_advanced(QgsProcessingParameterField(name, title, None, parent, QgsProcessingParameterField.Any, False,
                                                   True))

    def _text(self, name, title):
        self.add_advanced(QgsProcessingParameterString(name, title, None, False, True))

    def _number(self, name, title, default, least, most, whole=False):
        kind = QgsProcessingParameterNumber.Integer if whole else QgsProcessingParameterNumber.Double
        self.add_advanced(QgsProcessingParameterNumber(name, title, kind, default, False, least, most))

    def execute(self, parameters, context, feedback):
        from ..bridge.layer_output import check_targets
        from ..bridge.layout_export import check_files
        from ..bridge.offer_map_layer import layer_name, write_offer_map
        from ..bridge.offer_map_layout import OfferPage
        from ..bridge.offer_map_list import check_workbook, write_list_page, write_workbook
        from ..bridge.offer_map_rows import MEASURE, OFFER
        from ..bridge.offer_map_run import Printer, record_of, rows_of, sources_of
        from ..bridge.offer_map_style import look_of
        from ..bridge.report_page import check_target

        def text(name):
            return self.parameterAsString(parameters, name, context).strip()

        files = {name: self.file_target(parameters, name, context)
                 for name in ("OUTPUT_PDF", "OUTPUT_PNG", "LIST_XLSX", "LIST_HTML")}
        check_files(files["OUTPUT_PDF"], files["OUTPUT_PNG"])
        if files["LIST_XLSX"]:
            check_workbook(files["LIST_XLSX"])
        if files["LIST_HTML"]:
            check_target(files["LIST_HTML"])
        project = context.project() or QgsProject.instance()
        sources = sources_of(
            project, *(self.parameterAsVectorLayer(parameters, name, context)
                       for name in ("INPUT", "PROJECTS", "AREAS")),
            text("CLASS_SET"), self.parameterAsLayerList(parameters, "BACKGROUND", context))
        check_targets(parameters, {"OUTPUT": layer_name()},
                      [layer for layer in (sources.offers, sources.projects, sources.areas) if layer is not None],
                      pages=files.values())
        settings = self._settings(parameters, context)
        rows = rows_of(sources, settings, {"key": text("AREA_KEY"), "name": text("AREA_NAME"),
                                           "district": text("DISTRICT_FIELD")}, context, feedback)
        feedback.setProgress(25)
        look = look_of(rows, OVERLAPS[self.parameterAsEnum(parameters, "OVERLAP", context)])
        result = write_offer_map(self, parameters, "OUTPUT", context, feedback, rows, look,
                                 record_of(self, sources, settings, feedback))
        outputs = {"OUTPUT": result}
        feedback.setProgress(45)
        source = text("SOURCE") or sources.offers.name()
        if files["LIST_XLSX"]:
            write_workbook(files["LIST_XLSX"], rows)
        if files["LIST_HTML"]:
            write_list_page(files["LIST_HTML"], rows, text("TITLE") or tr("Offers on the map"), source)
        if rows.placed.any():
            page = OfferPage(
                sources.areas, sources.class_set, sources.background,
                PAGES[self.parameterAsEnum(parameters, "PAGE", context)], self._texts(parameters, context, source),
                text("LAYOUT_NAME"), self.parameterAsBoolean(parameters, "WITH_LIST", context),
                self.parameterAsBoolean(parameters, "ONLY_WITH_OFFERS", context))
            outputs["LAYOUT"] = Printer(project, rows, look, page).print(
                result, context, feedback, (files["OUTPUT_PDF"], files["OUTPUT_PNG"]),
                self.parameterAsInt(parameters, "DPI", context))
            feedback.pushInfo(tr("Layout “{layout}” is in the project and can be edited there.",
                                 layout=outputs["LAYOUT"]))
        else:
            feedback.pushWarning(tr("No row has a place: there is nothing to print."))
            files["OUTPUT_PDF"] = files["OUTPUT_PNG"] = ""
        feedback.setProgress(100)
        return outputs | {name: path for name, path in files.items() if path} | {
            "OFFERS": len(rows.listed(OFFER)), "MEASURES": len(rows.listed(MEASURE)),
            "ROUGH": int((rows.frame["rough"] & rows.placed).sum()), "NOT_PLACED": int((~rows.placed).sum())}

    def _texts(self, parameters, context, source):
        from ..bridge.map_texts import MapTexts

        names = ("title", "subtitle", "reference_date", "method", "city")
        return MapTexts(source=source, logo=self.parameterAsFile(parameters, "LOGO", context),
                        **{name: self.parameterAsString(parameters, name.upper(), context).strip() for name in names})

    def _settings(self, parameters, context):
        from datetime import date

        from ..bridge.offer_map_rows import RowSettings
        from ..core.messages import TeilhabeError, mark
        from ..core.supply.offer_categories import fields_from_text
        from ..core.supply.offers import OfferColumns
        from ..core.supply.projects import ProjectColumns, read_day

        def text(name):
            return self.parameterAsString(parameters, name, context).strip()

        def number(name):
            return self.parameterAsDouble(parameters, name, context)

        day = read_day(text("DATE"), last=True) if text("DATE") else date.today()
        if day is None:
            raise TeilhabeError(mark("“{value}” is no day. Write 31.12.2025 or 2025-12-31."), value=text("DATE"))
        if number("SMALLEST") > number("LARGEST"):
            raise TeilhabeError(mark("The smallest symbol ({smallest} mm) is larger than the largest ({largest} mm)."),
                                smallest=number("SMALLEST"), largest=number("LARGEST"))
        return RowSettings(
            offers=OfferColumns(**{column: text(name) for name, column in OFFER_FIELDS.items()}),
            projects=ProjectColumns(**{column: text(name) for name, column in PROJECT_FIELDS.items()}),
            category=text("CATEGORY_FIELD") or CATEGORIES[self.parameterAsEnum(parameters, "CATEGORY", context)],
            fields=fields_from_text(text("FIELDS_OF_ACTION")), most=self.parameterAsInt(parameters, "MOST", context),
            day=day, rough_from=number("ROUGH_FROM"), sized=self.parameterAsBoolean(parameters, "SIZED", context),
            smallest=number("SMALLEST"), largest=number("LARGEST"),
            order=ORDERS[self.parameterAsEnum(parameters, "ORDER", context)])


def _offer_titles():
    return {"OFFER_NAME": tr("Field with the name (empty: found)"),
            "KIND_FIELD": tr("Field with the type of offer (empty: found)"),
            "TARGET_FIELD": tr("Field with the target group (empty: found)"),
            "ACTION_FIELD": tr("Field with the field of action (empty: found, else guessed by the type)"),
            "CAPACITY": tr("Field with the number of places (empty: found)"),
            "OFFER_ID": tr("Field with the number of the offer (empty: found)"),
            "OPEN_FROM": tr("Field with the first day (empty: found)"),
            "OPEN_UNTIL": tr("Field with the last day (empty: found)"),
            "RADIUS_FIELD": tr("Field with the uncertainty of the place in metres (empty: found)")}


def _project_titles():
    return {"PROJECT_NAME": tr("Measures: field with the name (empty: found)"),
            "PROJECT_KIND": tr("Measures: field with the type (empty: found)"),
            "PROJECT_TARGET": tr("Measures: field with the target group (empty: found)"),
            "PROJECT_ACTION": tr("Measures: field with the field of action (empty: found)"),
            "PROJECT_AREAS": tr("Measures: field with area keys or names (empty: found)"),
            "PROJECT_BEGIN": tr("Measures: field with the begin (empty: found)"),
            "PROJECT_END": tr("Measures: field with the end (empty: found)"),
            "PROJECT_PERIOD": tr("Measures: field with the period (empty: found)"),
            "PROJECT_BODY": tr("Measures: field with the responsible body (empty: found)"),
            "PROJECT_STATE": tr("Measures: field with the state (empty: found)")}
