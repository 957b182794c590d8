"""Algorithm: indicators from counts."""
from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterField,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorDestination,
    QgsProcessingParameterVectorLayer,
)

from ..translation import tr
from .base import TeilhabeAlgorithm

#: the values behind the entries of the lists, in their order
KINDS = ("share", "rate", "mean", "ratio")
INTERVALS = ("auto", "none", "wilson", "wilson_corrected", "byar", "poisson")
SHRINKAGE = ("none", "global", "parent")
CHANGES = ("none", "absolute", "percent", "points")
ROUNDING = ("none", "nearest", "random", "controlled")


class IndicatorsFromCountsAlgorithm(TeilhabeAlgorithm):
    """Numerators and denominators in, indicators with intervals out; small counts protected."""

    ID = "indicatorsfromcounts"
    ICON = "compute.svg"

    def title(self):
        return tr("Indicators from counts")

    def define(self):
        self.addParameter(QgsProcessingParameterVectorLayer(
            "INPUT", tr("Layer or table with counts"), [QgsProcessing.TypeVector]))
        self._field("KEY_FIELD", tr("Field with the area key"), optional=False)
        self._field("NUMERATOR", tr("Numerator (one year is enough: fields of other years are found)"), numeric=True)
        self._field("DENOMINATOR", tr("Denominator"), numeric=True)
        self._field("YEAR_FIELD", tr("Field with the year (tables with a row per area and year)"))
        self._field("PARENT_FIELD", tr("Parent areas, the smallest first (district, city area …)"), several=True)
        self.addParameter(QgsProcessingParameterEnum("KIND", tr("Kind of indicator"), _kind_titles(), False, 0))
        self._number("FACTOR", tr("Factor (empty: 100 for shares, 1,000 for rates, else 1)"), None, 0, whole=False)
        self._number("POOL_YEARS", tr("Years summed up to each year"), 1, 1)
        self._number("MIN_DENOMINATOR", tr("Smallest denominator with a value"), 0, 0, whole=False)
        self.addParameter(QgsProcessingParameterEnum(
            "CI", tr("Confidence interval"), _interval_titles(), False, 0))
        self.addParameter(QgsProcessingParameterEnum("SHRINK", tr("Shrink values of small areas"), [
            tr("no"), tr("towards the value of all areas"), tr("towards the value of the parent area")], False, 0))
        self._number("SUPPRESS", tr("Suppress counts below (0: no suppression)"), 0, 0)
        self.addParameter(QgsProcessingParameterEnum("ROUND", tr("Round counts"), [
            tr("no"), tr("to the nearest multiple"), tr("up or down at random"),
            tr("at random, totals add up")], False, 0))
        self._number("ROUND_BASE", tr("Base of rounding"), 3, 2, advanced=True)
        self.add_advanced(QgsProcessingParameterString("ID", tr("Name of the field made (empty: from the numerator)"),
                                                    None, False, True))
        self.add_advanced(QgsProcessingParameterString("TITLE", tr("Title of the indicator"), None, False, True))
        self._field("NUMERATOR_2", tr("Second group: numerator (ratio)"), numeric=True, advanced=True)
        self._field("DENOMINATOR_2", tr("Second group: denominator (ratio)"), numeric=True, advanced=True)
        self.add_advanced(QgsProcessingParameterEnum("CHANGE", tr("Change instead of the value"), [
            tr("no"), tr("absolute"), tr("in percent"), tr("in percentage points")], False, 0))
        self._number("CHANGE_YEARS", tr("Years between the values compared"), 1, 1, advanced=True)
        self._number("LEVEL", tr("Confidence level (%)"), 95, 50, whole=False, advanced=True, most=99.99)
        self.add_advanced(QgsProcessingParameterBoolean("SUPPRESS_ZEROS", tr("Suppress zeros, too"), False))
        self.add_advanced(QgsProcessingParameterBoolean(
            "SUPPRESS_OTHERS", tr("Shares: suppress where the others are few, too"), False))
        self.add_advanced(QgsProcessingParameterString("SEED", tr("Seed of random rounding (keep it secret)"), None,
                                                    False, True))
        self.add_advanced(QgsProcessingParameterBoolean("LATEST_ONLY", tr("Only the last year"), False))
        self._field("KEEP_FIELDS", tr("Fields to keep"), several=True, advanced=True)
        self.add_advanced(QgsProcessingParameterString(
            "SPEC", tr("Several indicators (JSON, see help)"), None, True, True))
        self.addParameter(QgsProcessingParameterVectorDestination(
            "OUTPUT", tr("Indicators from counts"), QgsProcessing.TypeVector))
        self.addParameter(QgsProcessingParameterVectorDestination(
            "REPORT", tr("Suppressed counts"), QgsProcessing.TypeVector, optional=True, createByDefault=False))
        for name, title in (("VALUES", tr("Values computed")), ("MISSING", tr("Values missing")),
                            ("FEW", tr("Values that rest on few cases")), ("HIDDEN", tr("Counts suppressed"))):
            self.addOutput(QgsProcessingOutputNumber(name, title))

    def _field(self, name, title, numeric=False, several=False, optional=True, advanced=False):
        kind = QgsProcessingParameterField.Numeric if numeric else QgsProcessingParameterField.Any
        parameter = QgsProcessingParameterField(name, title, None, "INPUT", kind, several, optional)
        self.add_advanced(parameter) if advanced else self.addParameter(parameter)

    def _number(self, name, title, default, least, whole=True, advanced=False, most=1e12):
        kind = QgsProcessingParameterNumber.Integer if whole else QgsProcessingParameterNumber.Double
        most = min(most, 2**31 - 1) if whole else most
        parameter = QgsProcessingParameterNumber(name, title, kind, default, default is None, least, most)
        self.add_advanced(parameter) if advanced else self.addParameter(parameter)

    def checkParameterValues(self, parameters, context):
        fits, why = super().checkParameterValues(parameters, context)
        if fits and not self.parameterAsString(parameters, "SPEC", context) and not (
                self.parameterAsString(parameters, "NUMERATOR", context)
                and self.parameterAsString(parameters, "DENOMINATOR", context)):
            return False, tr("Choose numerator and denominator, or give several indicators as JSON.")
        return fits, why

    def execute(self, parameters, context, feedback):
        from ..bridge.count_layers import read_counts, write_hidden, write_indicators
        from ..bridge.feedback import cancelled_of, progress_of, push
        from ..core.count_data import columns_needed
        from ..core.count_table import indicators_from_counts

        layer = self.vector_layer(parameters, "INPUT", context)
        names = [field.name() for field in layer.fields()]
        key = self.parameterAsString(parameters, "KEY_FIELD", context)
        year_field = self.parameterAsString(parameters, "YEAR_FIELD", context)
        parents = tuple(self.field_names(parameters, "PARENT_FIELD", context))
        keep = tuple(self.field_names(parameters, "KEEP_FIELDS", context))
        indicators, protection = self._wanted(parameters, context, names, bool(year_field))
        counts = columns_needed(indicators, names)
        _check_kept(keep, counts, protection)
        feedback.pushInfo(tr("Reading {layer} …", layer=layer.name()))
        years = [year_field] if year_field else []
        frame = read_counts(layer, [key, *parents, *keep, *years, *counts], feedback)
        result = indicators_from_counts(
            frame, key, indicators, protection, year_field=year_field, parents=parents, keep=keep,
            latest_only=self.parameterAsBoolean(parameters, "LATEST_ONLY", context),
            progress=progress_of(feedback, 10, 80), cancelled=cancelled_of(feedback))
        push(feedback, result.notes)
        settings = _record(indicators, protection, key, year_field, parents)
        outputs = {"OUTPUT": write_indicators(self, parameters, "OUTPUT", context, feedback, layer, frame, result,
                                              settings)}
        if parameters.get("REPORT"):
            outputs["REPORT"] = write_hidden(self, parameters, "REPORT", context, feedback, result, settings)
        return outputs | {"VALUES": result.values, "MISSING": result.missing, "FEW": result.few,
                          "HIDDEN": len(result.hidden)}

    def _wanted(self, parameters, context, names, dated):
        """Return indicators and protection, from the JSON text or from the single parameters."""
        from ..core.count_spec import FACTORS, CountIndicator, Protection, default_id, read_spec, template
        from ..core.counts import CountRule

        def text(name):
            return self.parameterAsString(parameters, name, context)

        def whole(name):
            return self.parameterAsInt(parameters, name, context)

        protection = Protection(
            threshold=whole("SUPPRESS"), zeros=self.parameterAsBoolean(parameters, "SUPPRESS_ZEROS", context),
            complement=self.parameterAsBoolean(parameters, "SUPPRESS_OTHERS", context),
            rounding=ROUNDING[self.parameterAsEnum(parameters, "ROUND", context)], base=whole("ROUND_BASE"),
            seed=text("SEED"))
        if text("SPEC"):
            indicators, own = read_spec(text("SPEC"), "SPEC")
            return indicators, own or protection
        kind = KINDS[self.parameterAsEnum(parameters, "KIND", context)]
        factor = FACTORS[kind]
        if parameters.get("FACTOR") is not None:
            factor = self.parameterAsDouble(parameters, "FACTOR", context)
        rule = CountRule(
            kind, factor, pool_years=whole("POOL_YEARS"),
            minimum_denominator=self.parameterAsDouble(parameters, "MIN_DENOMINATOR", context),
            interval=INTERVALS[self.parameterAsEnum(parameters, "CI", context)],
            level=self.parameterAsDouble(parameters, "LEVEL", context) / 100,
            shrink=SHRINKAGE[self.parameterAsEnum(parameters, "SHRINK", context)],
            change=CHANGES[self.parameterAsEnum(parameters, "CHANGE", context)], change_years=whole("CHANGE_YEARS"))
        columns = {name.lower(): text(name) if dated or not text(name) else template(text(name), names)
                   for name in ("NUMERATOR", "DENOMINATOR", "NUMERATOR_2", "DENOMINATOR_2")}
        name = text("ID") or default_id(columns["numerator"], kind)
        unit = {("share", 100): "%"}.get((kind, factor), "")
        return [CountIndicator(id=name, rule=rule, title=text("TITLE") or name, unit=unit, **columns)], protection


def _check_kept(keep, counts, protection) -> None:
    from ..core.messages import TeilhabeError, mark

    both = [name for name in keep if name in counts]
    if both and (protection.threshold or protection.rounding != "none"):
        raise TeilhabeError(mark("The fields {fields} hold counts that are to be protected; they cannot be kept."),
                            fields=", ".join(both))


def _record(indicators, protection, key, year_field, parents) -> dict:
    """Settings for the record of the result; the seed stays out of it."""
    from dataclasses import asdict

    guarded = asdict(protection)
    guarded.pop("seed")
    return {"indicators": [asdict(each) for each in indicators], "protection": guarded, "key_field": key,
            "year_field": year_field, "parent_fields": list(parents)}


def _kind_titles():
    return [tr("Share (cases among people, %)"), tr("Rate (events per 1,000 people)"), tr("Mean (sum per person)"),
            tr("Ratio of two groups")]


def _interval_titles():
    return [tr("the one that fits"), tr("none"), tr("Wilson"), tr("Wilson with continuity correction"), tr("Byar"),
            tr("exact (Poisson)")]
