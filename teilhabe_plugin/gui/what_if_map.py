"""What “what if” shows in the map: the difference per area, and the offers with their changes; scratch layers."""
from __future__ import annotations

import math

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsFeature,
    QgsFillSymbol,
    QgsGeometry,
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsPointXY,
    QgsProject,
    QgsRendererCategory,
    QgsRuleBasedRenderer,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtGui import QColor

from ..translation import tr
from .result_layers import results_group
from .what_if_tables import number

#: much worse, worse, better, much better
_COLOURS = ("#8c510a", "#dfc27d", "#80cdc1", "#01665e")
#: state of an offer → shape, colour, size, edge
_LOOKS = {
    "unchanged": ("circle", "#5f6a72", 2.2, "#ffffff"), "resized": ("circle", "#117c90", 3.6, "#ffffff"),
    "moved": ("diamond", "#f08c00", 4.2, "#ffffff"), "new": ("star", "#f08c00", 5.4, "#7a3e00"),
    "closed": ("cross2", "#b2182b", 3.6, "#b2182b"),
}


def state_titles() -> dict[str, str]:
    """Return state → its name."""
    return {"new": tr("new"), "moved": tr("moved"), "resized": tr("other number of places"), "closed": tr("closed"),
            "unchanged": tr("unchanged")}


class ScenarioMap:
    """The two layers; they are made with the first change and go with `clear`."""

    def __init__(self):
        self.areas_id = self.offers_id = ""
        self.area_features: list[int] = []
        self.hidden: list[str] = []

    def areas(self) -> QgsVectorLayer | None:
        """Return the layer of differences, None where there is none."""
        return QgsProject.instance().mapLayer(self.areas_id) if self.areas_id else None

    def offers(self) -> QgsVectorLayer | None:
        """Return the layer of offers, None where there is none."""
        return QgsProject.instance().mapLayer(self.offers_id) if self.offers_id else None

    def open(self, case) -> None:
        """Add both layers to the project."""
        self.clear()
        crs = case.areas.crs
        areas = _scratch("MultiPolygon", ("gebiet:string", "name:string", "vorher:double", "nachher:double",
                                          "unterschied:double"), tr("What if: difference"), crs)
        features = []
        for key, name, shape in zip(case.areas.areas.keys, case.areas.names, case.areas.shapes):
            feature = QgsFeature(areas.fields())
            feature.setAttributes([str(key), str(name), None, None, None])
            if shape is not None:
                geometry = QgsGeometry()
                geometry.fromWkb(shape.wkb)
                geometry.convertToMultiType()
                feature.setGeometry(geometry)
            features.append(feature)
        _done, written = areas.dataProvider().addFeatures(features)
        self.area_features = [feature.id() for feature in written]
        areas.updateExtents()
        areas.setDisplayExpression('"name"')
        offers = _scratch("Point", ("nr:string", "name:string", "plaetze:double", "zustand:string"),
                          tr("What if: offers"), crs)
        offers.setDisplayExpression('"name"')
        offers.setRenderer(_offer_renderer())
        group = results_group(QgsProject.instance())
        for layer in (areas, offers):
            QgsProject.instance().addMapLayer(layer, False)
            group.insertLayer(0, layer)
        self.areas_id, self.offers_id = areas.id(), offers.id()
        self._hide_results()

    def show(self, frame, states, title: str, decimals: int, good: int) -> None:
        """Show differences and offers.

        Parameters
        ----------
        frame, states : DataFrame
            As `bridge.what_if.area_changes` and `offer_states` return them.
        title : str
            What is compared.
        decimals, good : int
        """
        areas, offers = self.areas(), self.offers()
        if areas is not None:
            values = {feature: {2: _value(before), 3: _value(after), 4: _value(difference)}
                      for feature, before, after, difference in
                      zip(self.area_features, frame["before"], frame["after"], frame["difference"])}
            areas.dataProvider().changeAttributeValues(values)
            areas.setName(tr("What if: {measure}", measure=title))
            known = frame["difference"].dropna().abs()
            areas.setRenderer(_difference_renderer(float(known.max()) if len(known) else 0.0, decimals, good))
            _label(areas, decimals)
            areas.triggerRepaint()
        if offers is not None:
            provider, features = offers.dataProvider(), []
            for row in states.itertuples():
                feature = QgsFeature(offers.fields())
                feature.setAttributes([str(row.id), str(row.name), _value(row.places), row.state])
                feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(row.x, row.y)))
                features.append(feature)
            provider.truncate()
            provider.addFeatures(features)
            offers.updateExtents()
            offers.triggerRepaint()

    def select(self, position: int, canvas) -> None:
        """Select an area, and bring it into the map where it is not."""
        layer = self.areas()
        if layer is None or not 0 <= position < len(self.area_features):
            return
        feature = self.area_features[position]
        layer.selectByIds([feature])
        box = canvas.mapSettings().layerExtentToOutputExtent(layer, layer.boundingBoxOfSelected())
        if not canvas.extent().contains(box):
            canvas.panToSelected(layer)

    def raise_layers(self) -> None:
        """Bring both layers to the top of their group, and hide results that came since."""
        group = results_group(QgsProject.instance())
        for layer in (self.areas(), self.offers()):
            node = group.findLayer(layer.id()) if layer is not None else None
            if node is not None:
                copy = node.clone()
                group.insertChildNode(0, copy)
                group.removeChildNode(node)
        self._hide_results()

    def _hide_results(self) -> None:
        """Hide the maps of supply and gaps: their colours and numbers would mix with the differences."""
        from ..bridge.project import GAPS, NEED_SUPPLY, SUPPLY, role_of

        root = QgsProject.instance().layerTreeRoot()
        for node in root.findLayers():
            if node.layer() is not None and role_of(node.layer()) in (GAPS, NEED_SUPPLY, SUPPLY) \
                    and node.itemVisibilityChecked():
                node.setItemVisibilityChecked(False)
                self.hidden.append(node.layerId())

    def forget(self, ids) -> None:
        """Note layers that somebody else took out of the project."""
        self.areas_id = "" if self.areas_id in ids else self.areas_id
        self.offers_id = "" if self.offers_id in ids else self.offers_id

    def clear(self) -> None:
        """Take both layers out of the project."""
        own = [layer.id() for layer in (self.areas(), self.offers()) if layer is not None]
        self.areas_id = self.offers_id = ""
        root = QgsProject.instance().layerTreeRoot()
        for node in filter(None, map(root.findLayer, self.hidden)):
            node.setItemVisibilityChecked(True)
        self.hidden = []
        if own:
            QgsProject.instance().removeMapLayers(own)


def _scratch(kind: str, fields, name: str, crs) -> QgsVectorLayer:
    text = "&".join(f"field={field}" for field in fields)
    layer = QgsVectorLayer(f"{kind}?{text}", name, "memory")
    layer.setCrs(crs)
    layer.setCustomProperty("skipMemoryLayersCheck", 1)  # what is worth keeping is written by “Apply”
    return layer


def _value(value):
    return None if value is None or math.isnan(value) else float(value)


def _difference_renderer(most: float, decimals: int, good: int) -> QgsRuleBasedRenderer:
    """Return four classes around no change, with bounds that read well."""
    least = 0.5 * 10 ** -decimals
    middle = _round(max(most / 3, 2 * least))
    colours = _COLOURS if good > 0 else _COLOURS[::-1]
    text = number(middle, decimals)
    classes = (
        (colours[0], f'"unterschied" < {-middle}', tr("more than {n} less", n=text)),
        (colours[1], f'"unterschied" >= {-middle} AND "unterschied" <= {-least}', tr("up to {n} less", n=text)),
        (None, f'abs("unterschied") < {least} OR "unterschied" IS NULL', tr("no change")),
        (colours[2], f'"unterschied" >= {least} AND "unterschied" <= {middle}', tr("up to {n} more", n=text)),
        (colours[3], f'"unterschied" > {middle}', tr("more than {n} more", n=text)),
    )
    root = QgsRuleBasedRenderer.Rule(None)
    for colour, condition, title in classes:
        symbol = QgsFillSymbol.createSimple({
            "color": colour or "#f7f7f7", "outline_color": "#5f6a72", "outline_width": "0.2"})
        root.appendChild(QgsRuleBasedRenderer.Rule(symbol, 0, 0, condition, title))
    return QgsRuleBasedRenderer(root)


def _round(value: float) -> float:
    """Return a number up to the next 1, 2 or 5 of its size."""
    size = 10.0 ** math.floor(math.log10(value))
    return next(step * size for step in (1, 2, 5, 10) if step * size >= value * (1 - 1e-9))


def _label(layer: QgsVectorLayer, decimals: int) -> None:
    settings, form, halo = QgsPalLayerSettings(), QgsTextFormat(), QgsTextBufferSettings()
    settings.fieldName = (f"if(abs(\"unterschied\") >= {0.5 * 10 ** -decimals}, if(\"unterschied\" > 0, '+', '−') || "
                          f"format_number(abs(\"unterschied\"), {decimals}), '')")
    settings.isExpression = True
    halo.setEnabled(True)
    halo.setSize(0.9)
    halo.setColor(QColor("#ffffff"))
    form.setBuffer(halo)
    form.setSize(9)
    settings.setFormat(form)
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    layer.setLabelsEnabled(True)


def _offer_renderer() -> QgsCategorizedSymbolRenderer:
    categories = []
    for state, title in state_titles().items():
        shape, colour, size, edge = _LOOKS[state]
        symbol = QgsMarkerSymbol.createSimple({
            "name": shape, "color": colour, "size": str(size), "outline_color": edge,
            "outline_width": "0.8" if shape == "cross2" else "0.3"})
        categories.append(QgsRendererCategory(state, symbol, title))
    return QgsCategorizedSymbolRenderer("zustand", categories)
