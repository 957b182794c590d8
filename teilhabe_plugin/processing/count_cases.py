"""Algorithm: count cases per area."""
from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterExpression,
    QgsProcessingParameterField,
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
           "PLACE": "place", "DISTRICT": "district"}
#: the values behind the entries of the lists, in their order
PLACES = ("near", "house", "all")
UNKNOWN = ("leave_out", "spread")
ROUNDING = ("none", "nearest", "random", "controlled")
TABLES = "(*.xlsx *.xlsm *.ods *.csv *.tsv *.txt *.gpkg)"


class CountCasesAlgorithm(TeilhabeAlgorithm):
    """A list of persons with addresses in, protected counts per area out; nothing of a single person is written."""

    ID = "countcases"
    ICON = "cases.svg"

    def title(self):
        return tr("Count cases per area")

    def tags(self):
        return [*super().tags(), "Fallzahlen", "Fallliste", "Adresse", "Datenschutz", "cases", "counts", "privacy"]

    def define(self):
        self.addParameter(QgsProcessingParameterVectorLayer(
            "INPUT", tr("Case list: table or layer of the project"), [QgsProcessing.TypeVector], optional=True))
        tables = f"{tr('Tables')} {TABLES};;{tr('All files')} (*.*)"
        self.addParameter(QgsProcessingParameterFile(
            "FILE", tr("or case list: file (Excel, CSV, ODS …)"), optional=True, fileFilter=tables))
        self._text("SHEET", tr("Sheet of the workbook (empty: found)"))
        add_register_parameters(self)
        self.addParameter(QgsProcessingParameterField(
            "PARENT_FIELD", tr("Parent areas, the smallest first (district, city area …)"), None, "AREAS",
            QgsProcessingParameterField.Any, True, True))
        self._text("GROUP_FIELD", tr("Column with the group (a column of counts for each value)"))
        self._text("YEAR_FIELD", tr("Column with the year or date"))
        self._text("CASES_FIELD", tr("Column with the number of cases per row (empty: one)"))
        self._text("CONDITION_FIELD", tr("Column that says whether a row counts (ja/nein, 1/0)"))
        self.addParameter(QgsProcessingParameterExpression(
            "CONDITION", tr("Condition (rows for which it is true count)"), None, "INPUT", True))
        self.addParameter(QgsProcessingParameterNumber(
            "SUPPRESS", tr("Suppress counts below (0: no suppression)"), QgsProcessingParameterNumber.Integer, 3, False,
            0, 1000))
        self.addParameter(QgsProcessingParameterEnum("ROUND", tr("Round counts"), [
            tr("no"), tr("to the nearest multiple"), tr("up or down at random"), tr("at random, totals add up")],
            False, 0))
        self.addParameter(QgsProcessingParameterEnum("PLACES", tr("Which places count"), [
            tr("area certain, or number found, between or beside known ones"), tr("only the house itself"),
            tr("every place with an area")], False, 0))
        self.addParameter(QgsProcessingParameterEnum("UNKNOWN", tr("Cases whose area is not known"), [
            tr("leave out (their number is reported)"), tr("spread like the others")], False, 0))
        for name, title in _column_titles().items():
            self._text(name, title, advanced=True)
        for name, title, filters in (
                ("SYNONYMS", tr("Former street names (table with old and new name)"), f"{tr('Tables')} {TABLES}"),
                ("DECISIONS", tr("Decisions by hand (file of the work list)"),
                 f"{tr('Decisions')} (*.json *.xlsx *.csv *.ods)")):
            self.add_advanced(QgsProcessingParameterFile(name, title, optional=True, fileFilter=filters))
        self.add_advanced(QgsProcessingParameterBoolean("SUPPRESS_ZEROS", tr("Suppress zeros, too"), False))
        self.add_advanced(QgsProcessingParameterNumber(
            "ROUND_BASE", tr("Base of rounding"), QgsProcessingParameterNumber.Integer, 3, False, 2, 1000))
        self._text("SEED", tr("Seed of random rounding (keep it secret)"), advanced=True)
        self.add_advanced(QgsProcessingParameterString("COLUMN", tr("Name that the columns begin with"), "faelle"))
        self.add_advanced(QgsProcessingParameterBoolean(
            "LONG", tr("A row per area and year instead of a column per year"), False))
        self.addParameter(QgsProcessingParameterVectorDestination(
            "OUTPUT", tr("Cases per area"), QgsProcessing.TypeVector))
        self.addParameter(QgsProcessingParameterFileDestination(
            "REPORT", tr("Report of the counting"), tr("HTML page (*.html)"), optional=True, createByDefault=False))
        for name, title in (("AREAS_COUNTED", tr("Areas")), ("COUNTED", tr("Cases counted (empty: hidden)")),
                            ("NOT_COUNTED", tr("Cases not counted (empty: hidden)")),
                            ("HIDDEN", tr("Counts suppressed"))):
            self.addOutput(QgsProcessingOutputNumber(name, title))

    def _text(self, name, title, advanced=False):
        parameter = QgsProcessingParameterString(name, title, None, False, True)
        self.add_advanced(parameter) if advanced else self.addParameter(parameter)

    def checkParameterValues(self, parameters, context):
        fits, why = super().checkParameterValues(parameters, context)
        if fits and bool(parameters.get("INPUT")) == bool(self.parameterAsString(parameters, "FILE", context)):
            return False, tr("Choose the case list: either a table or layer of the project, or a file.")
        return fits, why

    def execute(self, parameters, context, feedback):
        from ..bridge.case_output import report_html, write_counts
        from ..bridge.case_run import areas_of, count
        from ..bridge.feedback import push
        from ..bridge.layer_output import check_targets
        from ..bridge.provenance import layer_file
        from ..bridge.report_page import check_target, write_page

        def text(name):
            return self.parameterAsString(parameters, name, context)

        layer, areas = self.vector_layer(parameters, "INPUT", context), self.vector_layer(parameters, "AREAS", context)
        path = text("FILE") if layer is None else layer_file(layer)
        page = self.file_target(parameters, "REPORT", context)
        read = [layer, areas, *layers_of_run(self, parameters, context).values()]
        check_targets(parameters, {"OUTPUT": tr("Cases per area")}, [each for each in read if each is not None],
                      [*(file for file in (path, text("SYNONYMS"), text("DECISIONS")) if file),
                       *files_of(register_sources(self, parameters, context))], (page,))
        if page:
            check_target(page)
        settings = self._settings(parameters, context)
        registers = registers_of(self, parameters, context, feedback)
        feedback.setProgress(15)
        where = areas_of(areas, text("AREA_KEY"), self.field_names(parameters, "PARENT_FIELD", context),
                         registers, feedback)
        feedback.pushInfo(tr("Reading {file} …", file=layer.name() if layer is not None else path))
        counts = count(layer, path, text("SHEET"), registers, where, settings, context, feedback)
        push(feedback, counts.notes)
        title = layer.name() if layer is not None else _file_name(path)
        html = report_html(counts, where, title) if page else ""
        outputs = {"OUTPUT": write_counts(self, parameters, "OUTPUT", context, feedback, where, counts, settings,
                                          path)}
        if page:
            write_page(page, html)
            outputs["REPORT"] = page
        known = counts.everything is not None and counts.all_counted is not None
        return outputs | {
            "AREAS_COUNTED": len(where.frame), "HIDDEN": counts.hidden, "COUNTED": counts.all_counted,
            "NOT_COUNTED": counts.everything - counts.all_counted if known else None}

    def _settings(self, parameters, context):
        from ..bridge.case_run import CaseSettings
        from ..core.addresses.address_columns import AddressColumns
        from ..core.addresses.case_counts import CaseRules
        from ..core.count_spec import Protection

        def text(name):
            return self.parameterAsString(parameters, name, context).strip()

        def choice(values, name):
            return values[self.parameterAsEnum(parameters, name, context)]

        protection = Protection(
            threshold=self.parameterAsInt(parameters, "SUPPRESS", context),
            zeros=self.parameterAsBoolean(parameters, "SUPPRESS_ZEROS", context), rounding=choice(ROUNDING, "ROUND"),
            base=self.parameterAsInt(parameters, "ROUND_BASE", context), seed=text("SEED"))
        return CaseSettings(
            columns=AddressColumns(**{meaning: text(name) for name, meaning in COLUMNS.items()}),
            group=text("GROUP_FIELD"), year=text("YEAR_FIELD"), cases=text("CASES_FIELD"),
            condition=text("CONDITION_FIELD"),
            expression=text("CONDITION").strip(),  # parameterAsExpression makes "" of one that is none: all would count
            synonyms=text("SYNONYMS"), decisions=text("DECISIONS"), place=text("REGISTER_PLACE"),
            rules=CaseRules(choice(PLACES, "PLACES"), choice(UNKNOWN, "UNKNOWN"), text("COLUMN") or "faelle",
                            self.parameterAsBoolean(parameters, "LONG", context), protection))


def _file_name(path: str) -> str:
    from pathlib import Path

    return Path(path).name


def _column_titles():
    return {"ADDRESS": tr("Column with the whole address (empty: found)"),
            "STREET": tr("Column with the street (empty: found)"),
            "NUMBER": tr("Column with the house number (empty: found)"),
            "SUFFIX": tr("Column with the addition to the number (empty: found)"),
            "POSTCODE": tr("Column with the postcode (empty: found)"),
            "PLACE": tr("Column with the place (empty: found)"),
            "DISTRICT": tr("Column with the district of the place (empty: found)")}
