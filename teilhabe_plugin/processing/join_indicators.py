"""Algorithm: join indicator tables to areas."""

from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterEnum,
    QgsProcessingParameterField,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorDestination,
    QgsProcessingParameterVectorLayer,
)

from ..translation import tr
from .base import TeilhabeAlgorithm

#: the values behind the entries of the lists, in their order
REPAIRS = ("leading_zeros", "decimal_tail", "blanks", "dashes", "case", "name")
DUPLICATES = ("leave_out", "first", "last", "sum", "mean")
TEXT_IN_NUMBERS = ("error", "missing")


class JoinIndicatorsAlgorithm(TeilhabeAlgorithm):
    """Area layer and tables in, layer with all indicators and a report of every row out."""

    ID = "joinindicators"
    ICON = "join.svg"

    def title(self):
        return tr("Join indicator tables")

    def define(self):
        self.addParameter(
            QgsProcessingParameterVectorLayer("INPUT", tr("Area layer"), [QgsProcessing.TypeVectorPolygon])
        )
        self.addParameter(QgsProcessingParameterField("KEY_FIELD", tr("Field with the area key"), None, "INPUT"))
        self.addParameter(
            QgsProcessingParameterField(
                "NAME_FIELD", tr("Field with the area name (empty: found)"), None, "INPUT", optional=True
            )
        )
        self.addParameter(
            QgsProcessingParameterMultipleLayers(
                "TABLES", tr("Tables of the project"), QgsProcessing.TypeVector, optional=True
            )
        )
        self.addParameter(
            QgsProcessingParameterMultipleLayers(
                "FILES", tr("Table files (CSV, XLSX, ODS, GeoPackage …)"), QgsProcessing.TypeFile, optional=True
            )
        )
        self.addParameter(
            QgsProcessingParameterString(
                "YEARS", tr("Years (all, latest, or years such as 2020, 2023-2025)"), "all", optional=True
            )
        )
        self.addParameter(
            QgsProcessingParameterEnum(
                "REPAIRS", tr("Repairs of keys that may be used"), _repair_titles(), True, [0, 1, 2, 3], optional=True
            )
        )
        self.addParameter(
            QgsProcessingParameterEnum(
                "DUPLICATES",
                tr("Areas with several rows"),
                [
                    tr("Leave differing values missing"),
                    tr("The first row counts"),
                    tr("The last row counts"),
                    tr("Add up"),
                    tr("Take the mean"),
                ],
                False,
                0,
            )
        )
        self.addParameter(
            QgsProcessingParameterEnum(
                "TEXT_IN_NUMBERS",
                tr("Text in number columns"),
                [tr("Stop and list the cells"), tr("Set missing and give the reason")],
                False,
                0,
            )
        )
        settings = QgsProcessingParameterString("SETTINGS", tr("Settings per table (JSON, see help)"), None, True, True)
        self.add_advanced(settings)
        self.addParameter(
            QgsProcessingParameterVectorDestination("OUTPUT", tr("Indicators"), QgsProcessing.TypeVectorPolygon)
        )
        self.addParameter(
            QgsProcessingParameterFileDestination(
                "REPORT", tr("Join report"), tr("HTML page (*.html)"), optional=True, createByDefault=False
            )
        )
        for name, title in _numbers():
            self.addOutput(QgsProcessingOutputNumber(name, title))

    def checkParameterValues(self, parameters, context):
        fits, why = super().checkParameterValues(parameters, context)
        if (
            fits
            and not self._files(parameters, context)
            and not self.parameterAsLayerList(parameters, "TABLES", context)
        ):
            return False, tr("Choose at least one table of the project or one table file.")
        return fits, why

    def execute(self, parameters, context, feedback):
        from ..bridge.area_layer import check_layer, read_areas
        from ..bridge.feedback import cancelled_of, progress_of, push
        from ..bridge.join_output import write_joined
        from ..bridge.join_report_html import report_html
        from ..bridge.layer_output import check_targets
        from ..bridge.report_page import check_target, write_page
        from ..core.join_settings import JoinRules, read_settings
        from ..core.joining import join_tables

        layer = self.vector_layer(parameters, "INPUT", context)
        key_field = self.parameterAsString(parameters, "KEY_FIELD", context)
        name_field = self.parameterAsString(parameters, "NAME_FIELD", context)
        text = self.parameterAsString(parameters, "SETTINGS", context)
        settings = read_settings(text)
        rules = JoinRules(
            tuple(REPAIRS[i] for i in self.parameterAsEnums(parameters, "REPAIRS", context)),
            DUPLICATES[self.parameterAsEnum(parameters, "DUPLICATES", context)],
            self.parameterAsString(parameters, "YEARS", context) or "all",
            TEXT_IN_NUMBERS[self.parameterAsEnum(parameters, "TEXT_IN_NUMBERS", context)],
        )
        page = self.file_target(parameters, "REPORT", context)
        if page:
            check_target(page)
        check_targets(
            parameters,
            {"OUTPUT": tr("Indicators")},
            [layer, *self.layer_list(parameters, "TABLES", context)],
            self._files(parameters, context),
            (page,),
        )
        feedback.pushInfo(tr("Reading {layer} …", layer=layer.name()))
        areas, frame = read_areas(layer, key_field, name_field, feedback)
        notes = check_layer(layer, key_field, feedback)
        push(feedback, notes, warning=True)
        feedback.setProgress(10)
        requests, inputs = self._requests(parameters, context, feedback, areas, settings, rules)
        result = join_tables(areas, requests, settings.conflicts, progress_of(feedback, 40, 60), cancelled_of(feedback))
        self._log(feedback, result.report)
        html = report_html(result.report, layer.name(), notes) if page else ""
        record = {
            "key_field": key_field,
            "name_field": name_field,
            "settings": text,
            "years": rules.years,
            "repairs": list(rules.repairs),
            "duplicates": rules.duplicates,
            "text_in_numbers": rules.text_in_numbers,
        }
        outputs = {
            "OUTPUT": write_joined(
                self,
                parameters,
                "OUTPUT",
                context,
                feedback,
                layer,
                areas,
                frame,
                result,
                [_area_input(layer, frame), *inputs],
                record,
                progress_of(feedback, 60, 98),
            )
        }
        if page:
            write_page(page, html)
            outputs["REPORT"] = page
        return outputs | _counts(result.report)

    def _files(self, parameters, context):
        """Return the chosen files; Processing makes one empty name of an empty list."""
        return [file for file in self.parameterAsFileList(parameters, "FILES", context) if file]

    def _requests(self, parameters, context, feedback, areas, settings, rules):
        """Read every table and make its request; also describe it for the record of the result."""
        from pathlib import Path

        from ..bridge.feedback import cancelled_of
        from ..bridge.provenance import file_fingerprint, layer_input
        from ..bridge.snapshot import original_id
        from ..bridge.table_sources import own_file, read_file, read_layer
        from ..core.join_settings import make_request, source_with

        files = self._files(parameters, context)
        layers = self.layer_list(parameters, "TABLES", context)
        settings.check_names(
            [*files, *(n for layer in layers for n in (layer.name(), original_id(layer), _file_of(own_file(layer))))]
        )
        requests, inputs = [], []
        for file in files:
            feedback.pushInfo(tr("Reading {file} …", file=Path(file).name))
            said = settings.for_table(file)
            table = read_file(source_with(file, said), areas.texts, cancelled=cancelled_of(feedback))
            requests.append(make_request(table, areas, said, rules))
            inputs.append(
                {
                    "name": table.title,
                    "file": Path(file).name,
                    "rows": len(table),
                    "sha256": file_fingerprint(table.source.path),
                    "source": _found(table),
                }
            )
        for layer in layers:
            feedback.pushInfo(tr("Reading {file} …", file=layer.name()))
            own = own_file(layer)
            said = settings.for_table(layer.name(), original_id(layer), _file_of(own))
            source = source_with(own.path if own is not None else layer.name(), said)
            table = read_layer(layer, areas.texts, feedback=feedback, source=source)
            requests.append(make_request(table, areas, said, rules))
            inputs.append(layer_input(layer, layer.name(), table.cells) | {"source": _found(table)})
        return requests, inputs

    def _log(self, feedback, report):
        """Say what was joined; what needs a look is a warning."""
        from ..bridge.join_report_html import REPAIR_TITLES
        from ..translation import render, translate

        for table in report.tables:
            for note in table.notes:
                feedback.pushInfo(f"{table.title}: {render(note)}")
            feedback.pushInfo(
                tr(
                    "{table}: {matched} of {rows} rows joined to {areas} areas; {summary} summary rows.",
                    table=table.title,
                    matched=table.matched,
                    rows=table.rows,
                    areas=table.areas_joined,
                    summary=len(table.summary),
                )
            )
            kinds = {}
            for repair in table.repairs:
                for kind in repair.kinds:
                    kinds[kind] = kinds.get(kind, 0) + 1
            for kind, number in kinds.items():
                feedback.pushInfo(
                    tr(
                        "{table}: {n} keys repaired ({kind}).",
                        table=table.title,
                        n=number,
                        kind=translate(REPAIR_TITLES[kind]),
                    )
                )
            if table.unmatched:
                feedback.pushWarning(
                    tr(
                        "{table}: {n} rows have no area (rows {rows}).",
                        table=table.title,
                        n=len(table.unmatched),
                        rows=_some(entry.row for entry in table.unmatched),
                    )
                )
            if table.offered:
                feedback.pushWarning(
                    tr(
                        "{table}: {n} of these rows would match with repairs that were not accepted.",
                        table=table.title,
                        n=len(table.offered),
                    )
                )
            if table.duplicates:
                feedback.pushWarning(
                    tr(
                        "{table}: {n} rows stand more than once (rows {rows}).",
                        table=table.title,
                        n=len(table.duplicates),
                        rows=_some(entry.row for entry in table.duplicates),
                    )
                )
            if table.areas_without_row:
                feedback.pushWarning(
                    tr(
                        "{table}: {n} areas have no row ({keys}).",
                        table=table.title,
                        n=len(table.areas_without_row),
                        keys=_some(area.key for area in table.areas_without_row),
                    )
                )
            if table.bad_cells:
                feedback.pushWarning(
                    tr("{table}: {n} cells with text were set missing.", table=table.title, n=len(table.bad_cells))
                )
            for change in table.renamed:
                if change.wanted != change.given:
                    feedback.pushWarning(
                        tr(
                            "{table}: the field “{wanted}” is called “{given}”: {why}.",
                            table=table.title,
                            wanted=change.wanted,
                            given=change.given,
                            why=render(change.why),
                        )
                    )


def _repair_titles():
    return [
        tr("Restore leading zeros"),
        tr("Remove “.0” at the end"),
        tr("Remove blanks"),
        tr("Make dashes equal"),
        tr("Ignore upper and lower case"),
        tr("Name instead of key"),
    ]


def _numbers():
    return (
        ("AREAS_JOINED", tr("Areas joined")),
        ("AREAS_WITHOUT_ROW", tr("Areas without a row")),
        ("ROWS_JOINED", tr("Rows joined")),
        ("ROWS_WITHOUT_AREA", tr("Rows without an area")),
        ("ROWS_DUPLICATE", tr("Rows that stand more than once")),
        ("SUMMARY_ROWS", tr("Summary rows and notes")),
        ("REPAIRED", tr("Keys repaired")),
        ("FIELDS", tr("Fields joined")),
    )


def _counts(report):
    return {
        "AREAS_JOINED": report.areas_joined,
        "AREAS_WITHOUT_ROW": len(report.areas_without_row),
        "ROWS_JOINED": report.matched,
        "ROWS_WITHOUT_AREA": report.count("unmatched"),
        "ROWS_DUPLICATE": report.count("duplicates"),
        "SUMMARY_ROWS": report.count("summary"),
        "REPAIRED": report.count("repairs"),
        "FIELDS": report.count("fields"),
    }


def _area_input(layer, frame):
    from ..bridge.provenance import layer_input

    return layer_input(layer, layer.name(), frame)


def _found(table):
    """How the table was read, without its folder."""
    return {name: value for name, value in table.source.to_dict().items() if name != "path" and value is not None}


def _file_of(source):
    return source.path if source is not None else ""


def _some(values, most=10):
    values = [str(value) for value in values]
    return ", ".join(values[:most]) + (", …" if len(values) > most else "")
