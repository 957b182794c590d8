"""The index on the map while it is being made: a scratch layer that looks like the result that will be written."""
from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
from qgis.core import (
    QgsFeature,
    QgsFeatureRequest,
    QgsProject,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ...bridge.area_labels import LabelSpec, label_areas
from ...bridge.class_sets import attributes_only
from ...bridge.class_style import ClassCounts, class_renderer
from ...bridge.fields import make_field
from ...bridge.project import (
    COMPARISON,
    GAPS,
    INDEX,
    NEED_SUPPLY,
    OFFER_MAP,
    OVER_TIME,
    PREVIEW,
    ROBUSTNESS,
    SUPPLY,
    layers_with_role,
    role_of,
    set_role,
)
from ...translation import tr
from ..result_layers import results_group
from .view import View

#: results that are hidden meanwhile: their labels and symbols would show through
_RESULTS = (COMPARISON, GAPS, INDEX, NEED_SUPPLY, OFFER_MAP, OVER_TIME, ROBUSTNESS, SUPPLY)
#: milliseconds without a change before the legend follows
LEGEND_REST = 250
#: fields of the scratch layer
KEY, NAME, SCORE, CLASS, REASON = range(5)
_FIELDS = (("schluessel", "text"), ("name", "text"), ("wert", "real"), ("klasse", "integer"), ("ausschluss", "text"))
_TOOLTIP = ("<b>[% \"name\" %]</b><br>[% coalesce(format_number(\"wert\", 2), '') %]"
            "[% coalesce(\"ausschluss\", '') %]")


class PreviewMap(QObject):
    """The scratch layer; it is made with the first result and goes with `clear`.

    Signals
    -------
    selection_changed(rows)
        The user selected areas on the map.
    repaint_requested()
        The map has been told to draw itself anew.
    """

    selection_changed = pyqtSignal(object)
    repaint_requested = pyqtSignal()

    def __init__(self, parent=None):
        super().__init__(parent)
        self.layer_id = ""
        self.features: np.ndarray = np.empty(0, int)
        self.rows: dict[int, int] = {}
        self.hidden: list[str] = []
        self._written = self._styled = self._drawn = self._wanted = self._in_legend = None
        self.legend = QTimer(self)
        self.legend.setSingleShot(True)
        self.legend.setInterval(LEGEND_REST)
        self.legend.timeout.connect(self.show_legend)

    def layer(self) -> QgsVectorLayer | None:
        """Return the scratch layer, None where there is none."""
        return QgsProject.instance().mapLayer(self.layer_id) if self.layer_id else None

    def open(self, areas: QgsVectorLayer, keys: list[str], names: list[str], key_field: str) -> None:
        """Make the scratch layer with the shapes of the areas.

        Parameters
        ----------
        areas : QgsVectorLayer
        keys, names : list of str
            In the order of the rows.
        key_field : str
            Field of `areas` with the keys.
        """
        self.clear()
        layer = QgsVectorLayer(f"{_kind(areas)}?crs={areas.crs().authid()}", tr("Workshop"), "memory")
        layer.setCrs(areas.crs())
        layer.dataProvider().addAttributes([make_field(name, kind) for name, kind in _FIELDS])
        layer.updateFields()
        layer.setCustomProperty("skipMemoryLayersCheck", 1)  # what is worth keeping is written by “Apply”
        set_role(layer, PREVIEW)
        shapes = {str(feature[0]): feature.geometry() for feature in _features(areas, key_field)}
        made = []
        for key, name in zip(keys, names):
            feature = QgsFeature(layer.fields())
            feature.setAttributes([key, name, None, None, None])
            if key in shapes:
                feature.setGeometry(shapes[key])
            made.append(feature)
        _done, written = layer.dataProvider().addFeatures(made)
        self.features = np.array([feature.id() for feature in written], dtype=np.int64)
        self.rows = {feature: row for row, feature in enumerate(self.features.tolist())}
        layer.updateExtents()
        layer.setDisplayExpression('"name"')
        layer.setMapTipTemplate(_TOOLTIP)
        self._hide_results()
        QgsProject.instance().addMapLayer(layer, False)
        results_group(QgsProject.instance()).insertLayer(0, layer)
        layer.selectionChanged.connect(self._selected)
        self.layer_id = layer.id()
        self._written = self._styled = self._drawn = self._in_legend = None

    def show(self, view: View) -> None:
        """Show scores and classes, and tell the map to draw them."""
        layer = self.layer()
        if layer is None:
            return
        self._write(layer, view)
        self._style(layer, view)
        layer.triggerRepaint()
        self.repaint_requested.emit()

    def _write(self, layer: QgsVectorLayer, view: View) -> None:
        """Write what differs from what is written already."""
        numbers = np.array([each.value for each in view.class_set.classes] + [0])
        values = (view.scores, np.where(view.positions >= 0, numbers[view.positions], -1), view.excluded)
        changed = np.ones(len(self.features), bool)
        if self._written is not None:
            scores, classes, reasons = self._written
            same = (scores == values[0]) | (np.isnan(scores) & np.isnan(values[0]))
            changed = ~(same & (classes == values[1]) & (reasons == values[2]))
        there = np.flatnonzero(changed)
        rows = zip(self.features[there].tolist(), values[0][there].tolist(), values[1][there].tolist(),
                   values[2][there], view.positions[there].tolist())
        layer.dataProvider().changeAttributeValues({
            feature: {SCORE: score if score == score else None, CLASS: number if position >= 0 else None,
                      REASON: reason}
            for feature, score, number, reason, position in rows})
        self._written = values

    def _style(self, layer: QgsVectorLayer, view: View) -> None:
        """Give the layer the look of the result; labels only anew where the colours under them changed."""
        class_set = replace(view.class_set, column="klasse", name_column="", index_column="wert")
        known = view.positions >= 0
        counts = ClassCounts(
            classes=Counter(class_set.classes[place].value for place in view.positions[known].tolist()),
            excluded=Counter(str(reason) for reason in view.excluded[~known] if reason),
        )
        counts.missing = int((~known).sum()) - sum(counts.excluded.values())
        self._wanted = class_set, counts
        drawn = tuple(view.colours.items()), tuple(sorted(counts.excluded))
        if drawn != self._drawn:
            self._drawn = drawn
            self.show_legend()
        else:  # only bounds and counts in the legend differ; QGIS makes it anew, which takes longer than all the rest
            self.legend.start()
        name = tr("Workshop: {title}", title=view.title)
        if layer.name() != name:
            layer.setName(name)
        look = tuple(view.colours.items())
        if look != self._styled:
            short = max(map(len, self._keys(layer)), default=9) <= 4
            label_areas(layer, LabelSpec(name_field="name", key_field="schluessel"), "klasse", view.colours, short)
            self._styled = look

    def show_legend(self) -> None:
        """Let symbols and legend be those of the classes that were shown last."""
        layer = self.layer()
        if layer is not None and self._wanted != self._in_legend:
            layer.setRenderer(class_renderer(*self._wanted))
            self._in_legend = self._wanted

    def _keys(self, layer: QgsVectorLayer) -> list[str]:
        return [feature[KEY] for feature in layer.getFeatures(attributes_only([KEY]))]

    # selection -------------------------------------------------------------------------------------------------

    def select(self, rows) -> None:
        """Select areas on the map."""
        layer = self.layer()
        wanted = self.features[list(rows)].tolist() if len(rows) else []
        if layer is not None and set(layer.selectedFeatureIds()) != set(wanted):
            layer.selectByIds(wanted)

    def pan_to(self, rows, canvas) -> None:
        """Bring areas into the map where they are not in it."""
        layer = self.layer()
        if layer is not None and len(rows):
            box = canvas.mapSettings().layerExtentToOutputExtent(layer, layer.boundingBoxOfSelected())
            if not canvas.extent().contains(box):
                canvas.panToSelected(layer)

    def row_at(self, feature: int) -> int:
        """Return the row of a feature of the scratch layer, −1 for none."""
        return self.rows.get(feature, -1)

    def _selected(self, *_changes) -> None:
        layer = self.layer()
        if layer is not None:
            rows = (self.row_at(feature) for feature in layer.selectedFeatureIds())
            self.selection_changed.emit([row for row in rows if row >= 0])

    # the project -----------------------------------------------------------------------------------------------

    def _hide_results(self) -> None:
        """Hide results that were written before."""
        root = QgsProject.instance().layerTreeRoot()
        for node in root.findLayers():
            if node.layer() is not None and role_of(node.layer()) in _RESULTS \
                    and node.itemVisibilityChecked():
                node.setItemVisibilityChecked(False)
                self.hidden.append(node.layerId())

    def forget(self, ids) -> None:
        """Note that somebody else took the layer out of the project."""
        if self.layer_id in ids:
            self.layer_id = ""

    def clear(self) -> None:
        """Take the scratch layer out of the project and show what was hidden."""
        self.legend.stop()
        layer, self.layer_id = self.layer(), ""
        root = QgsProject.instance().layerTreeRoot()
        for node in filter(None, map(root.findLayer, self.hidden)):
            node.setItemVisibilityChecked(True)
        self.hidden = []
        if layer is not None:
            layer.selectionChanged.disconnect(self._selected)
            QgsProject.instance().removeMapLayer(layer.id())


def remove_leftovers(project: QgsProject) -> None:
    """Take scratch layers out that were saved with a project: they come back without content."""
    left = [layer.id() for layer in layers_with_role(project, PREVIEW)]
    if left:
        project.removeMapLayers(left)


def _kind(areas: QgsVectorLayer) -> str:
    return QgsWkbTypes.displayString(QgsWkbTypes.multiType(QgsWkbTypes.flatType(areas.wkbType())))


def _features(areas: QgsVectorLayer, key_field: str):
    """Yield features that have the key as their only value."""
    position = areas.fields().lookupField(key_field)
    for feature in areas.getFeatures(QgsFeatureRequest().setSubsetOfAttributes([position])):
        own = QgsFeature()
        own.setAttributes([feature[position]])
        shape = feature.geometry()
        if not shape.isNull():
            shape.convertToMultiType()
        own.setGeometry(shape)
        yield own
