"""The page of a committee map: its items by name, and where legend, key list, scale bar and city stand."""
from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from qgis.core import (
    QgsBasicNumericFormat,
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsLayoutUtils,
    QgsLegendRenderer,
    QgsLegendStyle,
    QgsMapLayerLegendUtils,
    QgsPrintLayout,
    QgsRectangle,
    QgsUnitTypes,
    QgsVectorLayer,
    QgsWkbTypes,
)

from ..core.classes import ClassSet
from ..core.messages import TeilhabeError, mark
from ..translation import tr
from .class_style import NO_DATA, ClassCounts
from .legend_text import bounds_text, count_text, number_text
from .map_fit import Box, Fit, fit_shape, round_segment
from .map_labels import POINT, Area, columns_of, text_width
from .map_texts import KEY_COLUMNS, set_key_list

#: space in mm: between legend and key list, between columns of the key list, around scale bar and north arrow
STACK_GAP, KEY_GAP, BLOCK_GAP = 6.0, 5.0, 4.0
#: place for scale bar, scale and north arrow, in mm
BLOCK = (64.0, 12.5)
KEY_SIZE, KEY_LINE = 7, 1.25
FOOT_SIZE, FOOT_LINE = 7, 1.2
#: legends are measured a little narrower than they are drawn
LEGEND_SLACK = 1.04
#: a place that is not the usual one must allow a scale this much larger
BETTER = 1.04
#: cells per direction in which the city's outline is noted
CELLS = 140


@dataclass(frozen=True)
class Placement:
    """Where the panel of legend and key list stands."""

    legend: Box
    keys: tuple[Box, ...]
    legend_columns: int
    block: Box

    def boxes(self) -> list[Box]:
        """Return everything the city has to stay clear of."""
        return [self.legend, *self.keys, self.block]


class Page:
    """A layout made from one of the templates, its items by their names."""

    def __init__(self, layout: QgsPrintLayout, crs: QgsCoordinateReferenceSystem):
        self.layout = layout
        self.map = self.item("map")
        self.legend = self.item("legend")
        self.map.setCrs(crs)
        self._fit_foot()
        self.metres = QgsUnitTypes.fromUnitToUnitFactor(crs.mapUnits(), QgsUnitTypes.DistanceMeters)
        place, size = self.map.positionWithUnits(), self.map.sizeWithUnits()
        self.frame = Box(place.x(), place.y(), size.width(), size.height())
        self.block = Box(self.frame.width - BLOCK[0], self.frame.height - BLOCK[1], *BLOCK)

    def item(self, name: str):
        """Return an item by its name in the template."""
        item = self.layout.itemById(name)
        if item is None:
            raise TeilhabeError(mark("The layout template has no item “{name}”."), name=name)
        return item

    def _fit_foot(self) -> None:
        """Give the lines at the foot the height they need and the map the rest."""
        source, date = self.item("source"), self.item("date")
        width = source.sizeWithUnits().width()
        lines = max(
            sum(max(-(-text_width(line, FOOT_SIZE) * 1.04 // width), 1) for line in source.currentText().split("\n")),
            date.currentText().count("\n") + 1,
        )
        height = lines * FOOT_SIZE * POINT * FOOT_LINE
        old = source.sizeWithUnits().height()
        place, size = self.map.positionWithUnits(), self.map.sizeWithUnits()
        self.map.attemptResize(QgsLayoutSize(size.width(), size.height() + old - height))
        self.map.attemptMove(place)
        for item in (source, date):
            item.attemptMove(QgsLayoutPoint(item.positionWithUnits().x(), item.positionWithUnits().y() + old - height))
            item.attemptResize(QgsLayoutSize(item.sizeWithUnits().width(), height))

    @property
    def landscape(self) -> bool:
        """Say whether the page is wider than high."""
        return self.frame.width > self.frame.height

    def move(self, name: str, x: float, y: float) -> None:
        """Put an item's upper left corner at a place in the map's frame, in mm."""
        self.item(name).attemptMove(QgsLayoutPoint(self.frame.x + x, self.frame.y + y))

    def millimetres(self, fit: Fit) -> float:
        """Return millimetres on the page per map unit."""
        return 1000 * self.metres / fit.denominator


def set_legend(page: Page, layer: QgsVectorLayer, rules: list[str], class_set: ClassSet, counts: ClassCounts) -> None:
    """Fill the legend: title, number of areas, one line per class; missing data only where there are some.

    Parameters
    ----------
    page : Page
    layer : QgsVectorLayer
        The layer the map draws.
    rules : list of str
        Keys of the renderer's rules in their order.
    class_set : ClassSet
    counts : ClassCounts
    """
    legend = page.legend
    title = page.layout.createExpressionContext().variable("teilhabe_title")
    legend.setTitle("" if class_set.title == title else class_set.title)
    node = legend.model().rootGroup().addLayer(layer)
    bounded = any(bounds_text(class_set, each) for each in class_set.classes)
    heading = tr("Class (score) · areas, n = {n}") if bounded else tr("Class · areas, n = {n}")
    node.setCustomProperty("legend/title-label", heading.format(n=count_text(counts.total)))
    QgsLegendRenderer.setNodeLegendStyle(node, QgsLegendStyle.Subgroup)
    shown = [position for position, key in enumerate(rules) if key != NO_DATA or counts.missing]
    QgsMapLayerLegendUtils.setLegendNodeOrder(node, shown)
    theme = page.map.followVisibilityPresetName()
    # newer QGIS versions do this only when the layout is drawn, too late for measuring
    legend.model().setLayerStyleOverrides(
        page.layout.project().mapThemeCollection().mapThemeStyleOverrides(theme))
    legend.model().refreshLayerLegend(node)


def arrange(page: Page, areas: list[Area], key_list: tuple[str, ...]) -> Fit:
    """Place legend, key list and scale bar so that the city can be as large as possible; set the map's extent."""
    points = outline(areas)
    frame = (page.frame.width, page.frame.height)
    best, best_fit = None, None
    for placement in _placements(page, key_list):
        fit = fit_shape(points, page.metres, frame, placement.boxes())
        if fit and (best_fit is None or fit.denominator * BETTER <= best_fit.denominator):
            best, best_fit = placement, fit
    if best_fit is None:
        if key_list:
            return arrange(page, areas, ())
        raise TeilhabeError(mark("The legend leaves no room for the map on this page. Choose a larger page."))
    _put(page, best, key_list)
    _set_extent(page, points, best_fit)
    return best_fit


def outline(areas: list[Area]) -> np.ndarray:
    """Return points along the borders of all areas, dense enough for `map_fit.fit_shape`."""
    box = QgsRectangle()
    for area in areas:
        box.combineExtentWith(area.shape.boundingBox())
    cell = max(box.width(), box.height()) / CELLS
    points = []
    for area in areas:
        line = QgsGeometry(area.shape).convertToType(QgsWkbTypes.LineGeometry, True).densifyByDistance(cell)
        points.extend((vertex.x(), vertex.y()) for vertex in line.vertices())
    points = np.asarray(points)
    corner = points.min(axis=0)
    _, first = np.unique(((points - corner) / cell).round().astype(int), axis=0, return_index=True)
    extremes = [points[:, 0].argmin(), points[:, 0].argmax(), points[:, 1].argmin(), points[:, 1].argmax()]
    return points[np.union1d(first, extremes)]


def _placements(page: Page, key_list: tuple[str, ...]):
    """Yield placements, the usual one first."""
    corners = ("right top", "left bottom", "left top", "right bottom")
    if not page.landscape:
        corners = ("left bottom", "right top", "left top", "right bottom")
    legends = _legend_sizes(page)
    keys = _key_columns(key_list)
    stackings = ("below", "beside") if page.landscape else ("beside", "below")
    for corner, legend, columns, stacking in product(corners, legends, keys, stackings if key_list else ("below",)):
        placement = _placement(page, corner, legend, columns, stacking)
        if placement is not None:
            yield placement


def _placement(page: Page, corner: str, legend: tuple, columns: tuple, stacking: str) -> Placement | None:
    """Return the placement of a panel in a corner of the frame, None when it does not fit in."""
    frame, (count, width, height) = page.frame, legend
    keys_width = sum(each[0] for each in columns) + KEY_GAP * max(len(columns) - 1, 0)
    keys_height = max((each[1] for each in columns), default=0)
    gap = STACK_GAP if columns else 0
    if stacking == "below":
        panel = (max(width, keys_width), height + gap + keys_height)
        first = (0, height + gap)
    else:
        panel = (width + gap + keys_width, max(height, keys_height))
        first = (width + gap, 0)
    block_left = corner == "right bottom"
    taken = BLOCK[0] + BLOCK_GAP if "bottom" in corner else 0
    if panel[0] + taken > frame.width or panel[1] + (BLOCK[1] if "right" in corner else 0) > frame.height:
        return None
    x = frame.width - panel[0] if "right" in corner else 0
    y = frame.height - panel[1] if "bottom" in corner else 0
    boxes, at = [], x + first[0]
    for key_width, key_height in columns:
        boxes.append(Box(at, y + first[1], key_width, key_height))
        at += key_width + KEY_GAP
    block = Box(0 if block_left else frame.width - BLOCK[0], frame.height - BLOCK[1], *BLOCK)
    return Placement(Box(x, y, width, height), tuple(boxes), count, block)


def _legend_sizes(page: Page) -> list[tuple[int, float, float]]:
    """Return (columns, width, height) of the legend set in one, two and three columns."""
    sizes = []
    for count in (1, 2, 3):
        settings = page.legend.legendSettings()
        settings.setColumnCount(count)
        context = QgsLayoutUtils.createRenderContextForLayout(page.layout, None, 300)
        size = QgsLegendRenderer(page.legend.model(), settings).minimumSize(context)
        sizes.append((count, size.width() * LEGEND_SLACK, size.height()))
    return sizes


def _key_columns(key_list: tuple[str, ...]) -> list[tuple[tuple[float, float], ...]]:
    """Return the sizes of the key list's columns, for each possible number of columns."""
    if not key_list:
        return [()]
    sizes = {}
    for count in range(1, KEY_COLUMNS + 1):
        columns = columns_of(key_list, count)
        sizes[len(columns)] = tuple(
            (max(text_width(line, KEY_SIZE) for line in column.split("\n")) + 2,
             (column.count("\n") + 1) * KEY_SIZE * POINT * KEY_LINE + 1)
            for column in columns
        )
    return list(sizes.values())


def _put(page: Page, placement: Placement, key_list: tuple[str, ...]) -> None:
    page.legend.setColumnCount(placement.legend_columns)
    page.legend.attemptResize(QgsLayoutSize(placement.legend.width, placement.legend.height))
    page.move("legend", placement.legend.x, placement.legend.y)
    set_key_list(page.layout, columns_of(key_list, len(placement.keys)) if placement.keys else [])
    for number, box in enumerate(placement.keys, 1):
        page.move(f"keys_{number}", box.x, box.y)
        page.item(f"keys_{number}").attemptResize(QgsLayoutSize(box.width, box.height))
    for number in range(1, KEY_COLUMNS + 1):
        page.item(f"keys_{number}").setVisibility(number <= len(placement.keys))
    page.block = placement.block


def set_scale_bar(page: Page, fit: Fit) -> None:
    """Give the scale bar round kilometres and set it beside the north arrow."""
    bar, arrow = page.item("scalebar"), page.item("north_arrow")
    size = arrow.sizeWithUnits()
    segment = round_segment(fit.denominator, BLOCK[0] - size.width() - BLOCK_GAP - 8)
    bar.setUnitsPerSegment(segment)
    numbers = QgsBasicNumericFormat()
    numbers.setDecimalSeparator(number_text(0.5)[1])
    bar.setNumericFormat(numbers)
    bar.update()
    bar.attemptResize(bar.minimumSize())
    width = bar.sizeWithUnits().width()
    block = page.block
    left = block.x if block.x == 0 else block.right - size.width() - BLOCK_GAP - width
    page.move("scalebar", left, block.y)
    scale = page.item("scale")
    scale.attemptResize(QgsLayoutSize(text_width(scale.currentText(), FOOT_SIZE) + 2, scale.sizeWithUnits().height()))
    page.move("scale", left + 2, block.bottom - scale.sizeWithUnits().height())
    page.move("north_arrow", left + width + BLOCK_GAP, block.bottom - size.height())


def _set_extent(page: Page, points: np.ndarray, fit: Fit) -> None:
    unit = page.millimetres(fit)
    left, top = points[:, 0].min() - fit.x / unit, points[:, 1].max() + fit.y / unit
    page.map.setExtent(QgsRectangle(left, top - page.frame.height / unit, left + page.frame.width / unit, top))
