"""Write the four layout templates committee_{a3,a4}_{landscape,portrait}.qpt beside this file.

Every text is an expression over variables, so that a template also works when it is loaded by hand in the layout
designer: set the variables in the project's or the layout's properties.

    QT_QPA_PLATFORM=offscreen /usr/bin/python3 resources/layouts/make_layouts.py
"""
from __future__ import annotations

import base64
import os
import re
import uuid
from pathlib import Path

os.environ["QT_HASH_SEED"] = "0"  # attributes in the same order on every run

from qgis.core import (
    QgsApplication,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemPicture,
    QgsLayoutItemScaleBar,
    QgsLayoutObject,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsLegendStyle,
    QgsPrintLayout,
    QgsProject,
    QgsProperty,
    QgsReadWriteContext,
    QgsRectangle,
    QgsTextFormat,
    QgsUnitTypes,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QFont

HERE = Path(__file__).resolve().parent
FAMILY = "Arial"  # replaced by a font of the system when the plugin makes a layout
INK, GREY = "#1c1c1c", "#5a5a5a"
MARGIN = 10.0
TITLE, SUBTITLE, LEGEND, SMALL = 18, 11, 9, 7  # points
TITLE_HEIGHT, SUBTITLE_HEIGHT, GAP = 8.5, 5.5, 2.0  # mm
LOGO_WIDTH, DATE_WIDTH, ARROW = 42.0, 42.0, (7.0, 10.5)
FOOTERS = {"a3": 6.6, "a4": 12.6}  # height in mm: two and four lines of 7 pt
PAGES = {
    "a3_landscape": (420, 297), "a3_portrait": (297, 420), "a4_landscape": (297, 210), "a4_portrait": (210, 297),
}

ENGLISH = "coalesce(@teilhabe_language, @qgis_locale) ILIKE 'en%'"
TEXTS = {
    "title": "[% coalesce(@teilhabe_title, @layout_name) %]",
    "subtitle": "[% coalesce(@teilhabe_subtitle, @teilhabe_city, @project_title, '') %]",
    "source": (
        "[% array_to_string(array_filter(array("
        f"if({ENGLISH}, 'Source: ', 'Quelle: ') || nullif(@teilhabe_source, ''),"
        f"if({ENGLISH}, 'Reference date: ', 'Stand: ') || nullif(@teilhabe_reference_date, '')"
        "), @element IS NOT NULL), ' · ') %]"
        f"[% coalesce('\\n' || if({ENGLISH}, 'Method: ', 'Methode: ') || nullif(@teilhabe_method, ''), '') %]"
    ),
    "date": (
        "[% array_to_string(array_filter(array(nullif(@teilhabe_city, ''),"
        f"if({ENGLISH}, 'Made on ', 'Erstellt am ') || coalesce(@teilhabe_date, format_date(now(), 'dd.MM.yyyy'))"
        "), @element IS NOT NULL), '\\n') %]"
    ),
    "scale": (
        f"[% if({ENGLISH}, 'Scale 1 : ', 'Maßstab 1 : ') || "
        f"replace(format_number(map_get(item_variables('map'), 'map_scale'), 0, 'en'), ',', if({ENGLISH}, ',', '.')) %]"
    ),
    "keys_1": "[% coalesce(@teilhabe_keys_1, '') %]",
    "keys_2": "[% coalesce(@teilhabe_keys_2, '') %]",
    "keys_3": "[% coalesce(@teilhabe_keys_3, '') %]",
    "keys_4": "[% coalesce(@teilhabe_keys_4, '') %]",
}


def make(name: str) -> QgsPrintLayout:
    """Return the layout of a page format."""
    width, height = PAGES[name]
    layout = QgsPrintLayout(QgsProject.instance())
    layout.initializeDefaults()
    layout.setName("Teilhabe")
    layout.pageCollection().page(0).setPageSize(QgsLayoutSize(width, height))
    layout.setUnits(QgsUnitTypes.LayoutMillimeters)
    inner, footer = width - 2 * MARGIN, FOOTERS[name[:2]]
    top = MARGIN + TITLE_HEIGHT + SUBTITLE_HEIGHT + GAP
    bottom = height - MARGIN - footer
    right = width - MARGIN

    map_item = QgsLayoutItemMap(layout)
    add(layout, map_item, "map", MARGIN, top, inner, bottom - GAP - top)
    map_item.setExtent(QgsRectangle(0, 0, 1000, 1000 * (bottom - GAP - top) / inner))
    map_item.setBackgroundColor(QColor("#ffffff"))
    text_width = inner - LOGO_WIDTH - 5
    label(layout, "title", TITLE, MARGIN, MARGIN, text_width, TITLE_HEIGHT, bold=True)
    label(layout, "subtitle", SUBTITLE, MARGIN, MARGIN + TITLE_HEIGHT, text_width, SUBTITLE_HEIGHT, GREY)
    label(layout, "source", SMALL, MARGIN, bottom, inner - DATE_WIDTH - 5, footer, GREY)
    date = label(layout, "date", SMALL, right - DATE_WIDTH, bottom, DATE_WIDTH, footer, GREY)
    date.setHAlign(Qt.AlignmentFlag.AlignRight)
    legend(layout, map_item, right - 65, top, 65, 40)
    for number in range(1, 5):
        label(layout, f"keys_{number}", SMALL, right - 65, top + 60, 40, 40)
    foot = bottom - GAP
    scale_bar(layout, map_item, right - 62, foot - 13)
    label(layout, "scale", SMALL, right - 62, foot - 3.2, 50, 3.2, GREY)
    pictures(layout, map_item, right, foot)
    return layout


def add(layout, item, name: str, x: float, y: float, width: float, height: float) -> None:
    """Place an item in the layout, in mm from the page's upper left corner."""
    item.setId(name)
    layout.addLayoutItem(item)
    item.attemptMove(QgsLayoutPoint(x, y))
    item.attemptResize(QgsLayoutSize(width, height))


def font(size: float, bold: bool = False) -> QFont:
    """Return the templates' font."""
    made = QFont(FAMILY)
    made.setPointSizeF(size)
    made.setBold(bold)
    return made


def label(layout, name, size, x, y, width, height, colour=INK, bold=False) -> QgsLayoutItemLabel:
    """Add a text whose content is an expression."""
    item = QgsLayoutItemLabel(layout)
    item.setText(TEXTS[name])
    item.setFont(font(size, bold))
    item.setFontColor(QColor(colour))
    item.setMarginX(0)
    item.setMarginY(0)
    item.setVAlign(Qt.AlignmentFlag.AlignTop)
    item.setHAlign(Qt.AlignmentFlag.AlignLeft)
    add(layout, item, name, x, y, width, height)
    return item


def legend(layout, map_item, x, y, width, height) -> None:
    """Add the legend: 9 pt, one line per class, no layer tree of its own."""
    item = QgsLayoutItemLegend(layout)
    item.setAutoUpdateModel(False)
    item.model().rootGroup().clear()
    item.setLinkedMap(map_item)
    item.setResizeToContents(True)
    for part, size, bold in (
        (QgsLegendStyle.Title, SUBTITLE, True), (QgsLegendStyle.Group, LEGEND, True),
        (QgsLegendStyle.Subgroup, LEGEND - 1, False), (QgsLegendStyle.SymbolLabel, LEGEND, False),
    ):
        item.setStyleFont(part, font(size, bold))
    item.setFontColor(QColor(INK))
    item.setSymbolWidth(8)
    item.setSymbolHeight(4.4)
    item.setBoxSpace(0)
    item.setColumnSpace(6)
    item.setStyleMargin(QgsLegendStyle.Title, QgsLegendStyle.Bottom, 1.5)
    item.setStyleMargin(QgsLegendStyle.Subgroup, QgsLegendStyle.Top, 0)
    item.setStyleMargin(QgsLegendStyle.Subgroup, QgsLegendStyle.Bottom, 1.2)
    item.setStyleMargin(QgsLegendStyle.Symbol, QgsLegendStyle.Top, 1.6)
    item.setStyleMargin(QgsLegendStyle.SymbolLabel, QgsLegendStyle.Left, 2.2)
    item.setSplitLayer(True)
    item.setBackgroundEnabled(False)
    add(layout, item, "legend", x, y, width, height)


def scale_bar(layout, map_item, x, y) -> None:
    """Add the scale bar in kilometres."""
    item = QgsLayoutItemScaleBar(layout)
    item.setStyle("Line Ticks Up")
    item.setLinkedMap(map_item)
    item.setUnits(QgsUnitTypes.DistanceKilometers)
    item.setUnitLabel("km")
    item.setMapUnitsPerScaleBarUnit(1)
    item.setNumberOfSegments(2)
    item.setNumberOfSegmentsLeft(0)
    item.setUnitsPerSegment(1)
    item.setHeight(1.8)
    item.setBoxContentSpace(0.5)
    item.setLabelBarSpace(1)
    line = item.lineSymbol().clone()
    line.setWidth(0.25)
    line.setColor(QColor("#3c3c3c"))
    item.setLineSymbol(line)
    text = QgsTextFormat()
    text.setFont(font(SMALL + 1))
    text.setSize(SMALL + 1)
    text.setColor(QColor(INK))
    item.setTextFormat(text)
    add(layout, item, "scalebar", x, y, 50, 8)


def pictures(layout, map_item, right, foot) -> None:
    """Add north arrow and logo; both are invisible without a file."""
    arrow = QgsLayoutItemPicture(layout)
    drawing = base64.b64encode((HERE / "north_arrow.svg").read_bytes()).decode()
    arrow.setPicturePath(f"base64:{drawing}", QgsLayoutItemPicture.FormatSVG)
    arrow.setLinkedMap(map_item)
    arrow.setNorthMode(QgsLayoutItemPicture.GridNorth)
    add(layout, arrow, "north_arrow", right - ARROW[0], foot - ARROW[1], *ARROW)
    logo = QgsLayoutItemPicture(layout)
    logo.setPictureAnchor(logo.ReferencePoint.UpperRight)
    properties = logo.dataDefinedProperties()
    path = "coalesce(@teilhabe_logo, '')"
    properties.setProperty(QgsLayoutObject.PictureSource, QgsProperty.fromExpression(path))
    properties.setProperty(QgsLayoutObject.ExcludeFromExports, QgsProperty.fromExpression(f"{path} = ''"))
    logo.setDataDefinedProperties(properties)
    add(layout, logo, "logo", right - LOGO_WIDTH, MARGIN, LOGO_WIDTH, TITLE_HEIGHT + SUBTITLE_HEIGHT)


def steady(text: str) -> str:
    """Replace the random identifiers by ones that are the same on every run."""
    known: dict[str, str] = {}

    def stand_in(match) -> str:
        found = match.group(0)
        return known.setdefault(found, "{" + str(uuid.uuid5(uuid.NAMESPACE_URL, f"teilhabe/{len(known)}")) + "}")

    return re.sub(r"\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}", stand_in, text)


def main() -> None:
    """Write every template."""
    for name in PAGES:
        layout = make(name)
        path = HERE / f"committee_{name}.qpt"
        layout.saveAsTemplate(str(path), QgsReadWriteContext())
        path.write_text(steady(path.read_text(encoding="utf-8")), encoding="utf-8")
        print(path.name)


if __name__ == "__main__":
    application = QgsApplication([], True)
    QgsApplication.initQgis()
    main()
