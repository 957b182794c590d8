"""The printed supply map: symbols and numbers without overlaps over pale classes, legend, list on further pages."""
from __future__ import annotations

from dataclasses import dataclass, replace

from qgis.core import (
    QgsCoordinateTransform,
    QgsGeometry,
    QgsLegendRenderer,
    QgsLegendStyle,
    QgsMapLayerLegendUtils,
    QgsPointXY,
    QgsPrintLayout,
    QgsProject,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtGui import QColor

from ..core.classes import ClassSet
from ..core.messages import Message, mark
from ..translation import tr
from .area_labels import KEY, NAME, NONE, LabelSpec, label_areas
from .area_symbols import fill_symbol
from .class_sets import area_fields
from .class_style import NO_DATA, class_colours, class_renderer, count_classes, rule_keys
from .layouts import load_template, map_crs
from .legend_text import bounds_text, count_text
from .map_labels import Area, areas_of
from .map_page import Page, arrange, set_scale_bar
from .map_texts import MapTexts, complete_texts, set_key_list, set_texts
from .map_theme import drawing_order, follow_theme, in_project, keep_style
from .offer_map_pages import add_list_pages
from .offer_map_rows import MEASURE, OFFER, MapRows
from .offer_map_style import (
    CATEGORY,
    CLUSTERED,
    DISPLACED,
    MEASURES,
    ROUGH,
    SIZE,
    STATE,
    Look,
    cluster_renderer,
    number_labels,
    rule_renderer,
    table_of,
)
from .offer_map_symbols import MANY, Symbols
from .offer_symbols import pale

#: how much white is mixed into the classes below the symbols
PALER = 0.55
#: colour of the names of the areas
NAMES = "#6a6a6a"
#: offers without a place that are named beside the map, and letters of a line
MOST_BESIDE, LONGEST = 18, 58


@dataclass(frozen=True, eq=False)
class OfferPage:
    """What a printed supply map needs besides its rows.

    Attributes
    ----------
    areas : QgsVectorLayer or None
        Areas below the symbols.
    class_set : ClassSet or None
        Their classes; None draws the areas in plain grey.
    background : tuple of QgsMapLayer
    page : str
    texts : MapTexts
    name : str
        Name of the layout, "" for the title.
    with_list : bool
        Whether the list follows on further pages.
    only_with_offers : bool
        Whether the map shows only the districts (without districts: areas) in which there are offers.
    """

    areas: QgsVectorLayer | None = None
    class_set: ClassSet | None = None
    background: tuple = ()
    page: str = "a3_landscape"
    texts: MapTexts = MapTexts()
    name: str = ""
    with_list: bool = True
    only_with_offers: bool = False

    def title(self) -> str:
        """Return the title of the map."""
        return self.texts.title or tr("Offers on the map")

    def layout_name(self) -> str:
        """Return the name of the layout."""
        return self.name or self.title()


def make_offer_layout(project: QgsProject, layer: QgsVectorLayer, rows: MapRows, look: Look,
                      wanted: OfferPage) -> tuple[QgsPrintLayout, list[Message]]:
    """Add the printed map of a supply map's layer to the project's layouts; must run on the main thread.

    Returns
    -------
    QgsPrintLayout
        It belongs to the project; one of the same name is replaced.
    list of Message
        Symbols beyond the edge of the map, numbers without room.
    """
    layout = load_template(project, wanted.page)
    layer = in_project(project, layer)
    areas = in_project(project, wanted.areas) if wanted.areas is not None else None
    background = [in_project(project, other) for other in wanted.background]
    texts = _texts(wanted, rows, areas, project)
    layout.setName(wanted.layout_name())
    set_texts(layout, texts)
    set_key_list(layout, [])
    page = Page(layout, map_crs(areas or layer, project))
    to_map = QgsCoordinateTransform(layer.crs(), page.map.crs(), project)
    outline = _outline(page, rows, areas, wanted, project, to_map)

    styles = {}
    class_rules, counts = [], None
    if areas is not None:
        below = areas.clone()
        if wanted.class_set is not None:
            counts = count_classes(below, wanted.class_set)
            below.setRenderer(class_renderer(pale_classes(wanted.class_set), counts))
            class_rules = rule_keys(below)
        else:
            below.setRenderer(QgsSingleSymbolRenderer(fill_symbol("#f1efec", "#c4beb6", 0.15)))
        _name_areas(below)
        styles[areas.id()] = keep_style(areas, below, layout.name())
    print_look = layer.clone()
    print_look.setRenderer(_print_renderer(look))
    styles[layer.id()] = keep_style(layer, print_look, layout.name())
    order = [layer, *(drawing_order(areas, background) if areas is not None else background)]
    follow_theme(page.map, project, layout.name(), order, styles)
    _fill_legend(page, layer, look, rows, areas, class_rules, wanted.class_set, counts)
    beside, notes = tuple(_beside(rows)), []
    fit = arrange(page, outline, beside)
    if look.overlap != CLUSTERED:
        symbols = Symbols.of(rows, to_map)
        factor = symbols.factor(page.millimetres(fit)) if look.overlap == DISPLACED else 1.0
        if factor < 1:  # smaller samples make the legend smaller
            print_look.setRenderer(rule_renderer(look, factor=factor))
            keep_style(layer, print_look, layout.name())
            _refresh_legend(page)
            fit = arrange(page, outline, beside)
        notes = _place_symbols(print_look, look, symbols, page, fit, factor)
        keep_style(layer, print_look, layout.name())
    if wanted.only_with_offers:
        _cover(page)
    set_scale_bar(page, fit)
    if wanted.with_list:
        add_list_pages(layout, layer, rows, texts)
    _replace_layout(project, layout)
    return layout, notes


def _name_areas(below: QgsVectorLayer) -> None:
    """Write the names of the areas in small grey letters where symbols leave room."""
    key, name = area_fields(below)
    label_areas(below, LabelSpec(NAME if name else KEY, name, key, 6.5))
    labeling = below.labeling()
    if labeling is None:
        return
    settings = labeling.settings()
    text = settings.format()
    text.setColor(QColor(NAMES))
    settings.setFormat(text)
    settings.priority, settings.obstacle = 2, False
    below.setLabeling(QgsVectorLayerSimpleLabeling(settings))


def pale_classes(class_set: ClassSet) -> ClassSet:
    """Return the classes in paler colours, so that symbols stand out on them."""
    colours = class_colours(class_set)
    return replace(class_set, classes=tuple(replace(each, color=pale(colours[each.value], PALER))
                                            for each in class_set.classes))


def _texts(wanted: OfferPage, rows: MapRows, areas, project) -> MapTexts:
    """Fill in what the user left free."""
    texts = wanted.texts
    offers, measures = len(rows.listed(OFFER)), len(rows.listed(MEASURE))
    parts = [tr("{count} offers", count=count_text(offers))]
    parts += [tr("{count} measures and projects", count=count_text(measures))] if measures else []
    parts += [tr("colours of the areas: {index}", index=wanted.class_set.title)] if wanted.class_set else []
    method = tr("The area of a symbol is in proportion to its number of places.") if rows.steps else ""
    if rows.placed.sum() > MANY:
        method = " ".join(filter(None, [method, tr("Numbers stand where there is room; the list has all of them.")]))
    filled = replace(texts, title=wanted.title(), subtitle=texts.subtitle or ", ".join(parts),
                     method=texts.method or method or " ")
    known = wanted.class_set or ClassSet("", filled.title, "", "", "", ())
    if areas is None:
        return replace(filled, date=complete_texts(filled, QgsVectorLayer(), known, project).date)
    index = complete_texts(MapTexts(), areas, known, project)
    source = "; ".join(dict.fromkeys(filter(None, [texts.source, index.source if wanted.class_set else ""])))
    complete = complete_texts(replace(filled, source=source), areas, known, project)
    return replace(complete, method=complete.method.strip())


def _outline(page: Page, rows: MapRows, areas, wanted: OfferPage, project, to_map) -> list[Area]:
    """Return what the map has to show."""
    placed = rows.frame[rows.placed]
    if areas is None:
        points = [QgsPointXY(x, y) for x, y in zip(placed["x"], placed["y"])]
        hull = QgsGeometry.fromMultiPointXY(points).convexHull()
        hull.transform(to_map)
        box = hull.boundingBox()
        return [Area("", "", hull.buffer(max(box.width(), box.height(), 1000) * 0.04, 6))]
    shapes = areas_of(areas, LabelSpec(NONE), QgsCoordinateTransform(areas.crs(), page.map.crs(), project))
    if not wanted.only_with_offers or placed.empty:
        return shapes
    points = QgsGeometry.fromMultiPointXY([QgsPointXY(x, y) for x, y in zip(placed["x"], placed["y"])])
    points.transform(to_map)
    return [area for area in shapes if area.shape.intersects(points)] or shapes


def _print_renderer(look: Look):
    inner = rule_renderer(look)
    return cluster_renderer(inner) if look.overlap == CLUSTERED else inner


def _place_symbols(print_look: QgsVectorLayer, look: Look, symbols: Symbols, page: Page, fit,
                   factor: float) -> list[Message]:
    """Move symbols apart, find a place for every number, and write both into the style of the printed map."""
    unit, notes = page.millimetres(fit), []
    placed = symbols.placed(unit, factor, look.overlap == DISPLACED)
    if placed.overlapping:
        notes.append(Message(mark("{count} pairs of symbols still overlap: choose smaller symbols, a larger page or "
                                  "fewer offers."), count=placed.overlapping))
    without = len(symbols.keys) - len(placed.numbers)
    if without:
        notes.append(Message(mark("{count} of {all} numbers have no room on the map; the list has all of them."),
                             count=without, all=len(symbols.keys)))
    extent = page.map.extent()
    outside = sum(not extent.contains(QgsPointXY(x, y)) for x, y in zip(symbols.x, symbols.y))
    if outside:
        notes.append(Message(mark("{count} symbols lie beyond the edge of the map; the list has all of them."),
                             count=outside))
    way = table_of(placed.moved) if placed.moved else ""
    print_look.setRenderer(rule_renderer(look, f"coalesce({way}, array(0, 0))" if way else "", way, factor))
    number_labels(print_look, "nr_karte", table_of(placed.numbers), symbols.number_size)
    return notes


def _cover(page: Page) -> None:
    """Put white below what stands in the map's frame, as the map goes on behind it."""
    for name in ("legend", "scalebar", "scale", *(f"keys_{number}" for number in range(1, 5))):
        item = page.item(name)
        item.setBackgroundEnabled(True)
        item.setBackgroundColor(QColor("#ffffff"))


def _fill_legend(page: Page, layer, look: Look, rows: MapRows, areas, class_rules, class_set, counts) -> None:
    """Fill the legend: categories, measures, sizes and rough places, then the classes of the areas."""
    offers, measures = len(rows.listed(OFFER)), len(rows.listed(MEASURE))
    measure_rules = [i for i in look.keys(STATE) if look.rules[i]["kind"] == MEASURE]
    framed = look.keys(MEASURES)
    others = [*look.keys(SIZE), *look.keys(ROUGH), *(i for i in look.keys(STATE) if i not in measure_rules)]
    blocks = [
        (layer, tr("Offers, n = {n}", n=count_text(offers)), look.keys(CATEGORY)),
        (layer, tr("Measures and projects, n = {n}", n=count_text(measures)), framed + measure_rules),
        (layer, tr("Size: places") if look.keys(SIZE) else tr("Signs"), others),
    ]
    if class_set is not None:
        bounded = any(bounds_text(class_set, each) for each in class_set.classes)
        title = tr("{index}: class (score) · areas, n = {n}") if bounded else tr("{index}: class · areas, n = {n}")
        shown = [i for i, key in enumerate(class_rules) if key != NO_DATA or counts.missing]
        blocks.append((areas, title.format(index=class_set.title, n=count_text(counts.total)), shown))
    legend = page.legend
    legend.setTitle("")
    legend.setSplitLayer(False)
    for owner, title, shown in blocks:
        if not shown:
            continue
        node = legend.model().rootGroup().addLayer(owner)
        node.setCustomProperty("legend/title-label", title)
        QgsLegendRenderer.setNodeLegendStyle(node, QgsLegendStyle.Subgroup)
        QgsMapLayerLegendUtils.setLegendNodeOrder(node, shown)
    legend.setStyleMargin(QgsLegendStyle.Subgroup, QgsLegendStyle.Top, 3.0)
    _refresh_legend(page)


def _refresh_legend(page: Page) -> None:
    """Let the legend show the styles of the map's theme: newer QGIS versions do so too late for measuring."""
    model, theme = page.legend.model(), page.map.followVisibilityPresetName()
    model.setLayerStyleOverrides(page.layout.project().mapThemeCollection().mapThemeStyleOverrides(theme))
    for node in model.rootGroup().findLayers():
        model.refreshLayerLegend(node)


def _beside(rows: MapRows) -> list[str]:
    """Return the lines beside the map for what has no place on it."""
    left = [*rows.listed(OFFER, False).to_dict("records"), *rows.listed(MEASURE, False).to_dict("records")]
    if not left:
        return []
    lines = [tr("Without a place on the map: {count}", count=len(left))]
    for row in left[:MOST_BESIDE]:
        text = ", ".join(filter(None, [row["name"], row["adresse"] or row["gebiet_text"]]))
        lines.append("– " + (text if len(text) <= LONGEST else text[:LONGEST - 1] + "…"))
    if len(left) > MOST_BESIDE:
        lines.append(tr("and {count} more, see the list", count=len(left) - MOST_BESIDE))
    return lines


def _replace_layout(project: QgsProject, layout: QgsPrintLayout) -> None:
    manager = project.layoutManager()
    before = manager.layoutByName(layout.name())
    if before is not None:
        manager.removeLayout(before)
    manager.addLayout(layout)
