"""Algorithm: geocode service offers."""
from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterAuthConfig,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorDestination,
    QgsProcessingParameterVectorLayer,
)

from ..translation import tr
from .base import TeilhabeAlgorithm
from .register_parameters import add_register_parameters, files_of, layers_of_run, register_sources, registers_of

#: parameters with a column → what it holds
COLUMNS = {"ADDRESS": "address", "STREET": "street", "NUMBER": "number", "SUFFIX": "suffix", "POSTCODE": "postcode",
           "PLACE": "place", "DISTRICT": "district", "NAME": "name"}
#: the values behind the entries of ONLINE, in their order
SERVICES = ("", "nominatim", "bkg")
TABLES = "(*.xlsx *.xlsm *.ods *.csv *.tsv *.txt *.gpkg)"


class GeocodeOffersAlgorithm(TeilhabeAlgorithm):
    """A list with addresses and the city's address register in, points with grades and a work list out."""

    ID = "geocodeoffers"
    ICON = "geocode.svg"

    def title(self):
        return tr("Geocode service offers")

    def tags(self):
        return [*super().tags(), "Adresse", "Georeferenzierung", "Verortung", "Hauskoordinaten", "Angebote", "geocode",
                "geocoding", "address", "Kita"]

    def define(self):
        self.addParameter(QgsProcessingParameterVectorLayer(
            "INPUT", tr("List of offers: table or layer of the project"), [QgsProcessing.TypeVector], optional=True))
        self.addParameter(QgsProcessingParameterFile(
            "FILE", tr("or list of offers: file (Excel, CSV, ODS …)"), optional=True,
            fileFilter=f"{tr('Tables')} {TABLES};;{tr('All files')} (*.*)"))
        self._text("SHEET", tr("Sheet of the workbook (empty: found)"))
        add_register_parameters(self)
        for name, title in _column_titles().items():
            self._text(name, title, advanced=True)
        self._file("SYNONYMS", tr("Former street names (table with old and new name)"), f"{tr('Tables')} {TABLES}")
        self._file("DECISIONS", tr("Decisions by hand (file of the work list)"),
                   f"{tr('Decisions')} (*.json *.xlsx *.csv *.ods)")
        self.add_advanced(QgsProcessingParameterNumber(
            "TYPING_ERRORS", tr("Typing errors tolerated in a street name"), QgsProcessingParameterNumber.Integer, 2,
            False, 0, 2))
        for name, title in (
                ("INTERPOLATE", tr("House number missing in the register: between its neighbours")),
                ("NEAREST", tr("House number missing in the register: take the nearest one, named as such")),
                ("STREET_ONLY", tr("Street without a usable number: the middle of the street")),
                ("DISTRICT_ONLY", tr("Only postcode or district known: the middle of it")),
                ("PLACE_IN_AREA", tr("Register without coordinates: put the point anywhere in its area"))):
            self.add_advanced(QgsProcessingParameterBoolean(name, title, True))
        self.add_advanced(QgsProcessingParameterEnum(
            "ONLINE", tr("Ask an online service for rows that are not located (sends their addresses out)"),
            [tr("no, nothing leaves this computer"), tr("service like Nominatim"), tr("BKG geocoder")], False, 0))
        self._text("ONLINE_URL", tr("Address (URL) of the online service"), advanced=True)
        self.add_advanced(QgsProcessingParameterAuthConfig(
            "ONLINE_AUTH", tr("Access to the online service"), None, optional=True))
        self.addParameter(QgsProcessingParameterVectorDestination(
            "OUTPUT", tr("Located offers"), QgsProcessing.TypeVector))
        self.addParameter(QgsProcessingParameterFileDestination(
            "WORKLIST", tr("Work list"), tr("Excel workbook (*.xlsx);;Text table (*.csv)"), optional=True,
            createByDefault=False))
        self.addParameter(QgsProcessingParameterFileDestination(
            "REPORT", tr("Geocoding report"), tr("HTML page (*.html)"), optional=True, createByDefault=False))
        for name, title in (("ROWS", tr("Rows of the list")), ("LOCATED", tr("Rows located")),
                            ("EXACT", tr("Rows located to the house")),
                            ("INTERPOLATED", tr("Rows between or beside neighbouring numbers")),
                            ("STREET_LEVEL", tr("Rows with street or district only")),
                            ("NOT_LOCATED", tr("Rows not located")), ("BY_HAND", tr("Rows decided by hand")),
                            ("ONLINE_ROWS", tr("Rows located by the online service")),
                            ("WORKLIST_ROWS", tr("Rows on the work list"))):
            self.addOutput(QgsProcessingOutputNumber(name, title))

    def _text(self, name, title, advanced=False):
        parameter = QgsProcessingParameterString(name, title, None, False, True)
        self.add_advanced(parameter) if advanced else self.addParameter(parameter)

    def _file(self, name, title, filters):
        self.addParameter(QgsProcessingParameterFile(name, title, optional=True, fileFilter=filters))

    def checkParameterValues(self, parameters, context):
        fits, why = super().checkParameterValues(parameters, context)
        if fits and bool(parameters.get("INPUT")) == bool(self.parameterAsString(parameters, "FILE", context)):
            return False, tr("Choose the list of offers: either a table or layer of the project, or a file.")
        if fits and self.parameterAsEnum(parameters, "ONLINE", context) and not self.parameterAsString(
                parameters, "ONLINE_URL", context):
            return False, tr("Enter the address (URL) of the online service.")
        return fits, why

    def execute(self, parameters, context, feedback):
        from ..bridge.feedback import push
        from ..bridge.geocode_run import GeocodeRun, RunSettings
        from ..bridge.layer_output import check_targets
        from ..bridge.offer_lists import read_list
        from ..bridge.report_page import check_target
        from ..bridge.work_list_file import check_work_list
        from ..core.addresses.address_columns import AddressColumns

        def text(name):
            return self.parameterAsString(parameters, name, context)

        layer = self.vector_layer(parameters, "INPUT", context)
        file, page, work_list = text("FILE"), self.file_target(parameters, "REPORT", context), self.file_target(
            parameters, "WORKLIST", context)
        sources = register_sources(self, parameters, context)
        read = [path for path in (file, text("SYNONYMS"), text("DECISIONS")) if path]
        read += files_of(sources)
        layers = [self.vector_layer(parameters, name, context) for name in ("INPUT", "AREAS")]
        layers += layers_of_run(self, parameters, context).values()
        check_targets(parameters, {"OUTPUT": tr("Located offers")}, [each for each in layers if each is not None], read,
                      (page, work_list))
        if page:
            check_target(page)
        if work_list:
            check_work_list(work_list, read)
        feedback.pushInfo(tr("Reading {file} …", file=layer.name() if layer is not None else file))
        offers = read_list(layer, file, text("SHEET"), feedback)
        push(feedback, offers.notes)
        feedback.setProgress(5)
        registers = registers_of(self, parameters, context, feedback)
        feedback.setProgress(20)
        run = GeocodeRun(self, parameters, context, feedback, offers, registers, RunSettings(
            columns=AddressColumns(**{meaning: text(name) for name, meaning in COLUMNS.items()}),
            settings=self._match_settings(parameters, context), synonyms=text("SYNONYMS"), decisions=text("DECISIONS"),
            areas=self.vector_layer(parameters, "AREAS", context), area_key=text("AREA_KEY"),
            place_in_area=self.parameterAsBoolean(parameters, "PLACE_IN_AREA", context),
            service=self._service(parameters, context),
            registers=tuple(source.to_dict() for source in sources)))
        run.locate()
        if work_list or page:
            run.candidates()  # what takes long comes before the first file is written
        outputs = {"OUTPUT": run.write("OUTPUT")}
        if work_list:
            run.write_work_list(work_list)
            outputs["WORKLIST"] = work_list
        if page:
            run.write_report(page)
            outputs["REPORT"] = page
        return outputs | run.numbers()

    def _service(self, parameters, context):
        from ..bridge.online_geocoder import OnlineService

        protocol = SERVICES[self.parameterAsEnum(parameters, "ONLINE", context)]
        if not protocol:
            return None
        return OnlineService(self.parameterAsString(parameters, "ONLINE_URL", context), protocol,
                             self.parameterAsString(parameters, "ONLINE_AUTH", context))

    def _match_settings(self, parameters, context):
        from ..core.addresses.matching import MatchSettings

        def on(name):
            return self.parameterAsBoolean(parameters, name, context)

        return MatchSettings(
            typing_errors=self.parameterAsInt(parameters, "TYPING_ERRORS", context), interpolate=on("INTERPOLATE"),
            nearest=on("NEAREST"), street_only=on("STREET_ONLY"), district_only=on("DISTRICT_ONLY"),
            place=self.parameterAsString(parameters, "REGISTER_PLACE", context))


def _column_titles():
    return {"ADDRESS": tr("Column with the whole address (empty: found)"),
            "STREET": tr("Column with the street (empty: found)"),
            "NUMBER": tr("Column with the house number (empty: found)"),
            "SUFFIX": tr("Column with the addition to the number (empty: found)"),
            "POSTCODE": tr("Column with the postcode (empty: found)"),
            "PLACE": tr("Column with the place (empty: found)"),
            "DISTRICT": tr("Column with the district of the place (empty: found)"),
            "NAME": tr("Column with the name of the offer (empty: found)")}
