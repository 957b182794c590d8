"""Dialog: colours, legend and labels for the classes of a layer."""
from __future__ import annotations

from dataclasses import dataclass

from qgis.core import QgsApplication, QgsMapLayerProxyModel, QgsProject, QgsSymbolLayerUtils
from qgis.PyQt.QtCore import QSize, QTimer
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QListWidgetItem

from ..translation import tr
from .base_dialog import BaseDialog
from .errors import expected, in_words
from .layer_guess import choose_layer

#: the preview counts classes only in layers up to this size
MOST_ROWS = 20_000


@dataclass(frozen=True)
class StyleSettings:
    """What the dialog asks for; either an index that the layer holds or a class field."""

    layer: str
    class_set: str
    class_field: str
    name_field: str
    palette: int
    reverse: bool
    labels: int
    label_field: str
    save_default: bool

    def parameters(self) -> dict:
        """Return the parameters of ``teilhabe:styleclasses``."""
        parameters = {"INPUT": self.layer, "LABELS": self.labels, "SAVE_DEFAULT": self.save_default}
        if self.label_field:
            parameters["LABEL_FIELD"] = self.label_field
        if self.class_set:
            return parameters | {"CLASS_SET": self.class_set}
        parameters |= {"CLASS_FIELD": self.class_field, "PALETTE": self.palette, "REVERSE": self.reverse}
        if self.name_field:
            parameters["NAME_FIELD"] = self.name_field
        return parameters


class StyleDialog(BaseDialog):
    """Shows the legend before it is used, and brings the style before back."""

    NAME = "style"
    ALGORITHM = "teilhabe:styleclasses"
    NEXT = "print"
    ROLES = ("index",)
    SIZE = (880, 560)

    def __init__(self, iface):
        super().__init__(iface)
        form = self.form
        form.layer.setFilters(QgsMapLayerProxyModel.Filter.PolygonLayer)
        form.name_field.setAllowEmptyFieldName(True)
        form.label_field.setAllowEmptyFieldName(True)
        self.algorithm = QgsApplication.processingRegistry().createAlgorithmById(self.ALGORITHM)
        self._fill_from("PALETTE", form.palette_choice)
        self._fill_from("LABELS", form.labels)
        self.fault = self.key = self.name = ""
        self.before = None
        self.drawing = QTimer(self)
        self.drawing.setSingleShot(True)
        self.drawing.setInterval(150)
        self.drawing.timeout.connect(self.draw_legend)
        choose_layer(form.layer, iface, self.ROLES)
        form.layer.layerChanged.connect(self.layer_changed)
        form.class_set.currentIndexChanged.connect(self.class_set_changed)
        for combo in (form.class_field, form.name_field):
            combo.fieldChanged.connect(self.later)
        form.palette_choice.currentIndexChanged.connect(self.later)
        form.reverse.toggled.connect(self.later)
        form.labels.currentIndexChanged.connect(self.labels_changed)
        form.undo.clicked.connect(self.undo)
        self.ready()
        self.layer_changed()

    def title(self):
        return tr("Style classes")

    def remembered(self):
        return {"labels": self.form.labels, "palette": self.form.palette_choice, "save_default": self.form.save_default}

    def settings(self) -> StyleSettings:
        form = self.form
        layer = form.layer.currentLayer()
        return StyleSettings(
            layer=layer.id() if layer is not None else "", class_set=form.class_set.currentData() or "",
            class_field=form.class_field.currentField(), name_field=form.name_field.currentField(),
            palette=form.palette_choice.currentIndex(), reverse=form.reverse.isChecked(),
            labels=form.labels.currentIndex(), label_field=form.label_field.currentField(),
            save_default=form.save_default.isChecked(),
        )

    def problem(self):
        if self.form.layer.currentLayer() is None:
            return tr("There is no polygon layer in the project. Compute an index first.")
        if not self.form.class_set.currentData() and not self.form.class_field.currentField():
            return tr("Choose the field that holds the class.")
        return self.fault

    def success(self, outcome):
        return tr("The layer shows “{title}”.", title=self.form.class_set.currentText()
                  if self.form.class_set.currentData() else self.form.class_field.currentField())

    def accept(self):
        layer = self.form.layer.currentLayer()
        if layer is not None and not self.is_running():
            manager = layer.styleManager()
            self.before = (layer.id(), manager.currentStyle(), set(manager.styles()))
        super().accept()

    def after_run(self, outcome):
        QgsProject.instance().setDirty(True)  # QGIS asks before the look is lost
        self.form.undo.setEnabled(self.kept_style() != "")

    # the style before ------------------------------------------------------------------------------------------

    def kept_style(self) -> str:
        """Return the name under which the layer keeps its style from before the run, "" when there is none."""
        layer = QgsProject.instance().mapLayer(self.before[0]) if self.before else None
        if layer is None:
            return ""
        manager = layer.styleManager()
        current = manager.currentStyle()
        added = [name for name in manager.styles() if name not in self.before[2] and name != current]
        if self.before[1] != current and self.before[1] in manager.styles():
            return self.before[1]
        kept = tr("{style} (before)", style=current)
        return kept if kept in manager.styles() else (added[0] if added else "")

    def undo(self) -> None:
        """Show the style from before the run again."""
        kept = self.kept_style()
        if kept:
            QgsProject.instance().mapLayer(self.before[0]).styleManager().setCurrentStyle(kept)
            QgsProject.instance().setDirty(True)
            self.layer_changed()
        self.before = None
        self.form.undo.setEnabled(False)
        self.frame.bar.clearWidgets()

    # what is shown ---------------------------------------------------------------------------------------------

    def layer_changed(self, _layer=None) -> None:
        """Offer the indices and fields of another layer."""
        from ..bridge.class_sets import area_fields, stored_class_sets
        from ..bridge.class_style import SHOWN

        form, layer = self.form, self.form.layer.currentLayer()
        for combo in (form.class_field, form.name_field, form.label_field):
            combo.setLayer(layer)
        form.name_field.setField("")
        form.class_set.blockSignals(True)
        form.class_set.clear()
        if layer is not None:
            for each in stored_class_sets(layer):
                form.class_set.addItem(each.title, each.id)
            form.class_set.setCurrentIndex(max(form.class_set.findData(layer.customProperty(SHOWN, "")), 0))
            self.key, self.name = area_fields(layer)
            names = [field.name() for field in layer.fields()]
            likely = [name for name in names if name.lower().endswith(("klasse", "class"))]
            form.class_field.setField(next(iter(likely), ""))
        form.class_set.addItem(tr("Classes from a field …"), "")
        form.class_set.blockSignals(False)
        self.class_set_changed()
        self.labels_changed()

    def class_set_changed(self, _position: int = 0) -> None:
        """Show the boxes for a class field only where they are needed."""
        self.form.field_group.setVisible(not self.form.class_set.currentData())
        self.later()

    def labels_changed(self, _position: int = 0) -> None:
        """Propose the field for the kind of labels; it is asked for only where there are labels."""
        from ..processing.style_classes import LABELS

        kind = LABELS[self.form.labels.currentIndex()]
        self.form.label_field.setEnabled(kind != "none")
        self.form.label_field.setField(self.name if kind == "name" else self.key)

    def later(self, *_arguments) -> None:
        """Draw the legend anew when the choices have come to rest."""
        self.drawing.start()

    def chosen_classes(self):
        """Return the class set that a run would show."""
        from ..bridge import class_sets
        from ..processing.style_classes import PALETTES

        chosen, layer = self.settings(), self.form.layer.currentLayer()
        if chosen.class_set:
            return class_sets.choose_class_set(layer, chosen.class_set)
        return class_sets.class_set_from_fields(
            layer, chosen.class_field, chosen.name_field, PALETTES[chosen.palette], chosen.reverse)

    def draw_legend(self) -> None:
        """List swatches, names, bounds and counts as the map's legend will have them."""
        from ..bridge.class_style import class_renderer, count_classes

        self.form.legend.clear()
        self.form.total.setText("")
        self.fault = ""
        layer = self.form.layer.currentLayer()
        if layer is not None and not self.problem():
            try:
                classes = self.chosen_classes()
                counts = count_classes(layer, classes) if layer.featureCount() <= MOST_ROWS else None
                self._list(class_renderer(classes, counts))
                if counts is not None:
                    self.form.total.setText(f"n = {counts.total}")
            except expected() as error:
                self.fault = in_words(error)
        self.refresh()

    def _list(self, renderer) -> None:
        size = QSize(34, 20)
        # not the rules: they go with the renderer, and Python must not know one that QGIS has deleted
        for item in renderer.legendSymbolItems():
            icon = QIcon(QgsSymbolLayerUtils.symbolPreviewPixmap(item.symbol(), size, 1))
            self.form.legend.addItem(QListWidgetItem(icon, item.label()))

    def _fill_from(self, parameter: str, combo) -> None:
        combo.addItems(self.algorithm.parameterDefinition(parameter).options())
        combo.setCurrentIndex(int(self.algorithm.parameterDefinition(parameter).defaultValue() or 0))
