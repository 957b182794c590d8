"""Print layouts for committees: a template filled with a classified layer, its legend and its texts."""
from __future__ import annotations

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsPrintLayout,
    QgsProject,
    QgsReadWriteContext,
    QgsVectorLayer,
)
from qgis.PyQt.QtXml import QDomDocument

from .. import paths
from ..core.classes import ClassSet
from ..core.messages import TeilhabeError, mark
from .area_labels import LabelSpec, font_family, label_areas
from .class_sets import area_fields
from .class_style import SHOWN, class_colours, class_style, count_classes, has_short_keys, rule_keys
from .map_labels import PrintLabels, areas_of, print_labels
from .map_page import Page, arrange, set_legend, set_scale_bar
from .map_texts import MapTexts, complete_texts, set_key_list, set_texts
from .map_theme import drawing_order, follow_theme, in_project, keep_style

PAGES = ("a3_landscape", "a3_portrait", "a4_landscape", "a4_portrait")
#: the family that the templates name
TEMPLATE_FAMILY = "Arial"


def make_layout(project: QgsProject, layer: QgsVectorLayer, class_set: ClassSet, page: str = "a3_landscape",
                texts: MapTexts | None = None, background_layers=(), label: LabelSpec | None = None,
                name: str = "") -> QgsPrintLayout:
    """Add a committee map of a layer's classes to the project's layouts.

    Must run on the main thread.

    Parameters
    ----------
    project : QgsProject
    layer : QgsVectorLayer
        Polygons with the class set's columns. The layer keeps its current style; the map draws another named style of
        it, so that several maps can show different columns of one layer. A layer that is not in the project is added.
    class_set : ClassSet
    page : {"a3_landscape", "a3_portrait", "a4_landscape", "a4_portrait"}
    texts : MapTexts, optional
    background_layers : sequence of QgsMapLayer
        Water, parks, railways, streets and district borders, styled by `background.style_background`; layers
        without such a style are drawn as they are, polygons below and lines above the areas.
    label : LabelSpec, optional
        What is written into the areas; without it names where they fit and numbers with a key list elsewhere.
    name : str
        Name of the layout, "" for the title. A layout of the same name is replaced.

    Returns
    -------
    QgsPrintLayout
        It belongs to the project's layout manager and can be edited in the layout designer.
    """
    layout = load_template(project, page)
    layer = in_project(project, layer)
    background_layers = [in_project(project, other) for other in background_layers]
    texts = complete_texts(texts or MapTexts(), layer, class_set, project)
    layout.setName(name or texts.title)
    set_texts(layout, texts)
    set_key_list(layout, [])
    shown = Page(layout, map_crs(layer, project))
    if label is None:
        key, name_field = area_fields(layer)
        label = LabelSpec(name_field=name_field, key_field=key)
    areas = areas_of(layer, label, QgsCoordinateTransform(layer.crs(), shown.map.crs(), project))
    if not areas:
        raise TeilhabeError(mark("The layer “{layer}” has no areas to be drawn."), layer=layer.name())

    look = layer.clone()
    counts = count_classes(look, class_set)
    if look.customProperty(SHOWN) != class_set.id:
        class_style(look, class_set)
    styles = {layer.id(): keep_style(layer, look, layout.name())}
    follow_theme(shown.map, project, layout.name(), drawing_order(layer, background_layers), styles)
    set_legend(shown, layer, rule_keys(look), class_set, counts)

    short_keys = has_short_keys(layer, label.key_field)
    fit, labels = _fit(shown, areas, label, short_keys, _named(background_layers))
    label_areas(look, labels.spec, class_set.column, class_colours(class_set), short_keys)
    keep_style(layer, look, layout.name())
    set_scale_bar(shown, fit)
    _add_to_project(project, layout)
    return layout


def load_template(project: QgsProject, page: str) -> QgsPrintLayout:
    """Return a layout made from the template of a page format, in a font this system has."""
    path = paths.resource("layouts", f"committee_{page}.qpt")
    text = path.read_text(encoding="utf-8").replace(TEMPLATE_FAMILY, font_family())
    document = QDomDocument()
    document.setContent(text)
    layout = QgsPrintLayout(project)
    layout.initializeDefaults()
    _, loaded = layout.loadFromTemplate(document, QgsReadWriteContext())
    if not loaded:
        raise TeilhabeError(mark("The layout template {file} could not be read."), file=path.name)
    return layout


def map_crs(layer: QgsVectorLayer, project: QgsProject) -> QgsCoordinateReferenceSystem:
    """Return a projected reference system for the map: the layer's, the project's, or the UTM zone of the layer."""
    for crs in (layer.crs(), project.crs()):
        if crs.isValid() and not crs.isGeographic():
            return crs
    if not layer.crs().isValid():
        raise TeilhabeError(
            mark("The layer “{layer}” has no coordinate reference system. Set it in the layer’s properties."),
            layer=layer.name()
        )
    middle = layer.extent().center()
    zone = int((middle.x() + 180) // 6) + 1
    if 30 <= zone <= 38 and middle.y() > 30:
        return QgsCoordinateReferenceSystem(f"EPSG:{25800 + zone}")
    return QgsCoordinateReferenceSystem(f"EPSG:{(32600 if middle.y() >= 0 else 32700) + zone}")


def _fit(page: Page, areas, label: LabelSpec, short_keys: bool, districts_named: bool):
    """Arrange the page with labels and key list; each depends on the scale, so do it until they agree."""
    labels, fit = PrintLabels(label), arrange(page, areas, ())
    for _ in range(3):
        before = labels
        labels = print_labels(areas, label, page.millimetres(fit), short_keys, districts_named)
        if labels.key_list == before.key_list:
            break
        fit = arrange(page, areas, labels.key_list)
    return fit, labels


def _named(background_layers) -> bool:
    return any(isinstance(other, QgsVectorLayer) and other.labelsEnabled() for other in background_layers)


def _add_to_project(project: QgsProject, layout: QgsPrintLayout) -> None:
    manager = project.layoutManager()
    before = manager.layoutByName(layout.name())
    if before is not None:
        manager.removeLayout(before)
    manager.addLayout(layout)
