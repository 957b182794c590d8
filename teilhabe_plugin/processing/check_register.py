"""Algorithm: check an address register."""
from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterField,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterVectorDestination,
    QgsProcessingParameterVectorLayer,
)

from ..translation import tr
from .base import TeilhabeAlgorithm
from .register_parameters import add_register_parameters, files_of, layers_of_run, register_sources


class CheckRegisterAlgorithm(TeilhabeAlgorithm):
    """Address registers in, a layer and a report of what is wrong with them out."""

    ID = "checkregister"
    ICON = "check_register.svg"

    def title(self):
        return tr("Check address register")

    def tags(self):
        return [*super().tags(), "Adresse", "Adressregister", "Hauskoordinaten", "Prüfung", "address", "quality"]

    def define(self):
        add_register_parameters(self)
        self.addParameter(QgsProcessingParameterVectorLayer(
            "STREETS", tr("Street list to compare with (table or layer)"), [QgsProcessing.TypeVector], optional=True))
        self.addParameter(QgsProcessingParameterField(
            "STREETS_FIELD", tr("Field with the street name (empty: found)"), None, "STREETS", optional=True))
        self._number("GAP", tr("Gaps: numbers missing in a row on one side (0: not looked for)"), 10, 0, True)
        self._number("DISTANCE", tr("Outliers: metres from which on an address lies apart from its street"), 500, 50,
                     False)
        self._number("BORDER", tr("Areas: metres within which a point may lie outside its stated area"), 10, 0, False)
        points = QgsProcessingParameterBoolean(
            "NUMBER_POINTS", tr("List street points without number one by one"), True)
        self.add_advanced(points)
        self.addParameter(QgsProcessingParameterVectorDestination(
            "OUTPUT", tr("Findings of the register check"), QgsProcessing.TypeVector))
        self.addParameter(QgsProcessingParameterFileDestination(
            "REPORT", tr("Report of the register check"), tr("HTML page (*.html)"), optional=True,
            createByDefault=False))
        for name, title in (("ADDRESSES", tr("Addresses checked")), ("FINDINGS", tr("Findings")),
                            ("WRONG", tr("Findings: wrong")), ("PROBABLY_WRONG", tr("Findings: probably wrong")),
                            ("HINTS", tr("Findings: worth a look"))):
            self.addOutput(QgsProcessingOutputNumber(name, title))

    def _number(self, name, title, default, least, whole):
        kind = QgsProcessingParameterNumber.Integer if whole else QgsProcessingParameterNumber.Double
        parameter = QgsProcessingParameterNumber(name, title, kind, default, False, least, 100_000)
        self.add_advanced(parameter)

    def execute(self, parameters, context, feedback):
        from ..bridge.layer_output import check_targets
        from ..bridge.register_check_output import write_findings
        from ..bridge.register_check_report import report_html
        from ..bridge.report_page import check_target, write_page
        from ..core.addresses.register_check import CheckSettings
        from ..core.addresses.register_findings import ERROR, HINT, WARNING
        from ..core.messages import TeilhabeError, mark

        page = self.file_target(parameters, "REPORT", context)
        if page:
            check_target(page)
        areas, streets = (self.vector_layer(parameters, name, context) for name in ("AREAS", "STREETS"))
        sources = register_sources(self, parameters, context)
        if not sources:
            raise TeilhabeError(mark("Choose an address register: a file or a layer."))
        layers = layers_of_run(self, parameters, context)
        check_targets(parameters, {"OUTPUT": tr("Findings of the register check")},
                      [layer for layer in (areas, streets, *layers.values()) if layer is not None],
                      files_of(sources), (page,))
        settings = CheckSettings(
            gap=self.parameterAsInt(parameters, "GAP", context),
            distance=self.parameterAsDouble(parameters, "DISTANCE", context),
            border=self.parameterAsDouble(parameters, "BORDER", context),
            number_points=self.parameterAsBoolean(parameters, "NUMBER_POINTS", context))
        checked = self._checked(parameters, context, feedback, sources, layers, areas, streets, settings)
        record = {"gap": settings.gap, "distance": settings.distance, "border": settings.border,
                  "number_points": settings.number_points}
        inputs = [{"name": each.register.title, "rows": len(each.register)} for each in checked]
        html = report_html(checked, settings, areas.name() if areas is not None else "",
                           streets.name() if streets is not None else "") if page else ""
        outputs = {"OUTPUT": write_findings(self, parameters, "OUTPUT", context, feedback, checked, inputs, record)}
        if page:
            write_page(page, html)
            outputs["REPORT"] = page
        findings = [finding for each in checked for finding in each.check.findings]
        numbers = {name: sum(finding.severity == severity for finding in findings)
                   for name, severity in (("WRONG", ERROR), ("PROBABLY_WRONG", WARNING), ("HINTS", HINT))}
        return outputs | numbers | {"ADDRESSES": sum(len(each.register) for each in checked), "FINDINGS": len(findings)}

    def _checked(self, parameters, context, feedback, sources, layers, areas, streets, settings):
        """Open and check one register after the other."""
        from ..bridge.feedback import cancelled_of, progress_of, push
        from ..bridge.register_check_input import check_areas, street_names
        from ..bridge.register_check_output import Checked
        from ..bridge.registers import open_register
        from ..core.addresses.register_check import check_register
        from ..core.addresses.register_findings import KINDS
        from ..core.messages import Message
        from ..translation import render

        names = None
        if streets is not None:
            names = street_names(streets, self.parameterAsString(parameters, "STREETS_FIELD", context), feedback)
        checked, share = [], 95 / len(sources)
        for number, source in enumerate(sources):
            named = layers[source.layer_id].name() if source.layer_id in layers else source.name
            feedback.pushInfo(tr("Reading {file} …", file=named))
            register = open_register(source, context.project(), feedback, layers)
            keys, polygons = [], []
            if areas is not None:
                keys, polygons = check_areas(areas, self.parameterAsString(parameters, "AREA_KEY", context), register,
                                             context, feedback)
            check = check_register(
                register, settings, area_keys=keys, polygons=polygons, street_list=names,
                progress=progress_of(feedback, (number + 0.5) * share, (number + 1) * share),
                cancelled=cancelled_of(feedback))
            push(feedback, check.notes)
            for kind, count in check.counts.items():
                if count:
                    feedback.pushInfo(tr("{title}: {n}", title=render(Message(KINDS[kind].title)), n=count))
            checked.append(Checked(register, check))
        return checked
