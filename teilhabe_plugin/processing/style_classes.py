"""Algorithm: give a classified layer the look of its classes."""
from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingOutputVectorLayer,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterField,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorLayer,
)

from ..translation import tr
from .base import TeilhabeAlgorithm

PALETTES = ("", "status", "dynamik", "teilhabe", "status_dynamik", "sequential")
LABELS = ("none", "name", "key", "number")


class StyleClassesAlgorithm(TeilhabeAlgorithm):
    """Colours, legend texts and labels for a layer with classes; the layer's data stay as they are."""

    ID = "styleclasses"
    ICON = "style.svg"

    def title(self):
        return tr("Style classes")

    def flags(self):
        return super().flags() | QgsProcessingAlgorithm.FlagNoThreading

    def define(self):
        self.addParameter(QgsProcessingParameterVectorLayer(
            "INPUT", tr("Layer with classes"), [QgsProcessing.TypeVectorPolygon]))
        self.addParameter(QgsProcessingParameterString(
            "CLASS_SET", tr("Index whose classes are shown (its id; empty: the first one)"), optional=True))
        self.addParameter(QgsProcessingParameterField(
            "CLASS_FIELD", tr("Class field (only for layers that Teilhabe has not computed)"), "", "INPUT",
            optional=True))
        self.addParameter(QgsProcessingParameterField(
            "NAME_FIELD", tr("Field with the name of the class"), "", "INPUT", optional=True))
        self.addParameter(QgsProcessingParameterEnum(
            "PALETTE", tr("Colours for a class field"),
            [tr("By the names of the classes"), tr("Status"), tr("Dynamics"), tr("Participation"),
             tr("Status and dynamics"), tr("Sequential")],
            defaultValue=0))
        self.addParameter(QgsProcessingParameterBoolean(
            "REVERSE", tr("The lowest class of the class field is the unfavourable one"), False))
        self.addParameter(QgsProcessingParameterEnum(
            "LABELS", tr("Labels"), [tr("None"), tr("Names of the areas"), tr("Keys"), tr("Numbers")],
            defaultValue=1))
        self.addParameter(QgsProcessingParameterField(
            "LABEL_FIELD", tr("Field for the labels (empty: found by itself)"), "", "INPUT", optional=True))
        save = QgsProcessingParameterBoolean("SAVE_DEFAULT", tr("Save as the layer’s default style in its file"), False)
        self.add_advanced(save)
        self.addParameter(QgsProcessingParameterFileDestination(
            "QML", tr("Style file"), tr("QGIS layer styles (*.qml)"), optional=True, createByDefault=False))
        self.addOutput(QgsProcessingOutputVectorLayer("OUTPUT", tr("Styled layer")))

    def execute(self, parameters, context, feedback):
        from ..bridge import class_sets, legend_text, named_styles
        from ..bridge.class_style import class_style
        from ..bridge.uncertain_style import hatch_again
        from ..core.messages import TeilhabeError, mark

        layer = self.parameterAsVectorLayer(parameters, "INPUT", context)
        class_field = self.parameterAsString(parameters, "CLASS_FIELD", context)
        if class_field:
            chosen = class_sets.class_set_from_fields(
                layer, class_field, self.parameterAsString(parameters, "NAME_FIELD", context),
                PALETTES[self.parameterAsEnum(parameters, "PALETTE", context)],
                self.parameterAsBoolean(parameters, "REVERSE", context),
            )
        else:
            chosen = class_sets.choose_class_set(layer, self.parameterAsString(parameters, "CLASS_SET", context))
        kept = named_styles.start_style(layer, chosen.title)
        counts = class_style(layer, chosen, label=self._label(parameters, context, layer))
        hatch_again(layer, chosen)
        feedback.pushInfo(tr("Style “{style}” is shown; the style before it is kept as “{kept}”.",
                             style=chosen.title, kept=kept))
        for each in chosen.classes:
            feedback.pushInfo(legend_text.class_text(chosen, each, counts.classes[each.value]))
        for reason, count in sorted(counts.excluded.items()):
            feedback.pushInfo(legend_text.excluded_text(reason, count))
        feedback.pushInfo(legend_text.with_count(tr("no data"), counts.missing))
        for value, count in sorted(counts.other.items(), key=str):
            feedback.pushWarning(tr("{count} areas have the class {value}, which is not in the list of classes.",
                                    count=count, value=value))
        if self.parameterAsBoolean(parameters, "SAVE_DEFAULT", context):
            named_styles.save_as_default(layer, chosen.title)
        outputs = {"OUTPUT": layer.id()}
        qml = self.parameterAsFileOutput(parameters, "QML", context)
        if qml:
            text, saved = layer.saveNamedStyle(qml)
            if not saved:
                raise TeilhabeError(mark("The style file {file} could not be written: {reason}"), file=qml, reason=text)
            outputs["QML"] = qml
        return outputs

    def _label(self, parameters, context, layer):
        from ..bridge.area_labels import LabelSpec
        from ..bridge.class_sets import area_fields

        kind = LABELS[self.parameterAsEnum(parameters, "LABELS", context)]
        key, name = area_fields(layer)
        chosen = self.parameterAsString(parameters, "LABEL_FIELD", context)
        if chosen:
            key, name = (key, chosen) if kind == "name" else (chosen, name)
        return LabelSpec(kind, name, key)
