"""The numbered list as further pages of a layout: tables of the layer itself, in columns, editable in the designer."""
from __future__ import annotations

from dataclasses import dataclass

from qgis.core import (
    QgsLayoutFrame,
    QgsLayoutItemAttributeTable,
    QgsLayoutItemLabel,
    QgsLayoutItemPage,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsLayoutTable,
    QgsLayoutTableColumn,
    QgsLayoutTableStyle,
    QgsPrintLayout,
    QgsTextFormat,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QFont

from ..translation import tr
from .area_labels import font_family, literal
from .map_texts import MapTexts
from .offer_map_rows import MEASURE, OFFER, MapRows
from .offer_map_style import art_text

MARGIN, GAP, HEAD, FOOT = 10.0, 6.0, 13.0, 6.0
TEXT, HEADING, TITLE = 7.0, 9.0, 14.0
CELL, GRID = 0.55, 0.1
INK, GREY, LINE, BAND = "#1c1c1c", "#5a5a5a", "#d5d9db", "#f4f6f7"
#: the narrowest column of a page
NARROWEST = 125.0
#: what stands in a column where it is not the field as it is: numbers of symbols have no sign for thousands
_EXPRESSIONS = {"plaetze": "format_number(\"plaetze\", 0)", "nr_karte": "to_string(\"nr_karte\") || ' '"}


@dataclass
class Cursor:
    """Where the next table begins."""

    layout: QgsPrintLayout
    columns: int
    width: float
    top: float
    bottom: float
    page: int = 0
    column: int = 0
    y: float = 0.0

    @property
    def x(self) -> float:
        """Return the left edge of the column."""
        return MARGIN + self.column * (self.width + GAP)

    def next_column(self) -> bool:
        """Go to the next column; say whether a page has to be added for it."""
        self.column += 1
        self.y = self.top
        if self.column < self.columns and self.page:
            return False
        self.column, self.page = 0, self.page + 1
        return True


def add_list_pages(layout: QgsPrintLayout, layer: QgsVectorLayer, rows: MapRows, texts: MapTexts) -> int:
    """Add as many pages as the list needs; return their number."""
    size = layout.pageCollection().page(0).pageSize()
    inner = size.width() - 2 * MARGIN
    columns = max(int((inner + GAP) // (NARROWEST + GAP)), 1)
    columns = min(columns, 2)
    width = (inner - (columns - 1) * GAP) / columns
    top = MARGIN + HEAD
    cursor = Cursor(layout, columns, width, top, size.height() - MARGIN - FOOT)
    if cursor.next_column():
        _add_page(cursor, size, texts)
    for heading, filters, kind in _parts(rows):
        part = rows.listed(kind) if kind else rows.frame[~rows.placed]
        if len(part):
            _add_table(cursor, layer, heading, filters, _columns(kind, part, width), size, texts)
    return cursor.page


def _parts(rows: MapRows):
    offer, measure = literal(art_text(OFFER)), literal(art_text(MEASURE))
    return (
        (tr("Offers"), f"\"nr_karte\" IS NOT NULL AND \"art\" = {offer}", OFFER),
        (tr("Measures and projects"), f"\"nr_karte\" IS NOT NULL AND \"art\" = {measure}", MEASURE),
        (tr("Without a place on the map"), "\"nr_karte\" IS NULL", ""),
    )


def _columns(kind: str, part, width: float) -> list[QgsLayoutTableColumn]:
    """Return the columns in which something stands, with shares of the width."""
    several = part["kategorie"].nunique() > 1
    wanted = {
        OFFER: (("nr_karte", tr("No."), 10), ("name", tr("Name"), 46),
                ("kategorie", tr("Category"), 28 if several else 0), ("adresse", tr("Address"), 36),
                ("gebiet", tr("Area"), 28), ("bezirk", tr("District"), 26), ("plaetze", tr("Places"), 12)),
        MEASURE: (("nr_karte", tr("No."), 9), ("name", tr("Name"), 40), ("gebiet", tr("Area"), 28),
                  ("zielgruppe", tr("Target group"), 28), ("zeitraum", tr("Period"), 22),
                  ("traeger", tr("Responsible body"), 28), ("zustand", tr("State"), 14)),
        "": (("quelle_nr", tr("No. in the list"), 14), ("name", tr("Name"), 46), ("kategorie", tr("Category"), 28),
             ("adresse", tr("Address"), 36), ("hinweis", tr("Note"), 62)),
    }[kind]
    columns = []
    renamed = {"quelle_nr": "id", "zustand": "zustand_code"}
    for field, heading, share in wanted:
        values = part[renamed.get(field, field)]
        if share and bool((values.notna() & (values.astype(str) != "")).any()):
            columns.append((field, heading, share))
    total = sum(share for _field, _heading, share in columns)
    made = []
    for field, heading, share in columns:
        column = QgsLayoutTableColumn(heading)
        column.setAttribute(_EXPRESSIONS.get(field, f"\"{field}\""))
        column.setWidth(share / total * (width - GRID) - 2 * CELL - GRID)  # QGIS adds margins and lines
        right = Qt.AlignmentFlag.AlignRight if field in ("plaetze", "nr_karte") else Qt.AlignmentFlag.AlignLeft
        column.setHAlignment(right)
        column.setVAlignment(Qt.AlignmentFlag.AlignTop)
        made.append(column)
    return made


def _add_table(cursor: Cursor, layer, heading: str, filters: str, columns, size, texts) -> None:
    if cursor.y + 25 > cursor.bottom and cursor.next_column():
        _add_page(cursor, size, texts)
    _label(cursor.layout, heading, HEADING, cursor.x, cursor.y, cursor.width, 5, cursor.page, bold=True)
    cursor.y += 5.5
    table = QgsLayoutItemAttributeTable.create(cursor.layout)
    cursor.layout.addMultiFrame(table)
    table.setVectorLayer(layer)
    table.setColumns(columns)
    order = QgsLayoutTableColumn()
    order.setAttribute("symbol_nr")
    order.setSortOrder(Qt.SortOrder.AscendingOrder)
    table.setSortColumns([order])
    table.setMaximumNumberOfFeatures(100_000)
    table.setFeatureFilter(filters)
    table.setFilterFeatures(True)
    table.setUniqueRowsOnly(True)
    _dress(table)
    used = _add_frames(table, cursor, size, texts)
    table.refresh()
    cursor.y += used + 6


def _add_frames(table, cursor: Cursor, size, texts) -> float:
    """Add frames until every row has a place; return the height used in the last one."""
    heights = 0.0
    while True:
        height = cursor.bottom - cursor.y
        frame = QgsLayoutFrame(cursor.layout, table)
        table.addFrame(frame, False)
        _set_frame(frame, cursor, height)
        if not heights:
            table.refreshAttributes()
        heights += height
        if table.totalSize().height() <= heights + 0.01:
            break
        if cursor.next_column():
            _add_page(cursor, size, texts)
    least, most = 8.0, height
    for _ in range(12):
        middle = (least + most) / 2
        _set_frame(frame, cursor, middle)
        if table.totalSize().height() <= heights - height + middle + 0.01:
            most = middle
        else:
            least = middle
    _set_frame(frame, cursor, most)
    return most


def _set_frame(frame: QgsLayoutFrame, cursor: Cursor, height: float) -> None:
    frame.attemptResize(QgsLayoutSize(cursor.width, height))
    frame.attemptMove(QgsLayoutPoint(cursor.x, cursor.y), True, False, cursor.page)


def _dress(table: QgsLayoutItemAttributeTable) -> None:
    for setter, bold in ((table.setContentTextFormat, False), (table.setHeaderTextFormat, True)):
        text = QgsTextFormat()
        font = QFont(font_family())
        font.setBold(bold)
        text.setFont(font)
        text.setSize(TEXT)
        text.setColor(QColor(INK))
        setter(text)
    table.setWrapBehavior(QgsLayoutTable.WrapBehavior.WrapText)
    table.setHeaderMode(QgsLayoutTable.HeaderMode.AllFrames)
    table.setHeaderHAlignment(QgsLayoutTable.HeaderHAlignment.FollowColumn)
    table.setEmptyTableBehavior(QgsLayoutTable.EmptyTableMode.HeadersOnly)
    table.setShowGrid(True)
    table.setVerticalGrid(False)
    table.setHorizontalGrid(True)
    table.setGridStrokeWidth(GRID)
    table.setGridColor(QColor(LINE))
    table.setCellMargin(CELL)
    table.setBackgroundColor(QColor("#ffffff"))
    band = QgsLayoutTableStyle()
    band.enabled, band.cellBackgroundColor = True, QColor(BAND)
    table.setCellStyle(QgsLayoutTable.CellStyleGroup.EvenRows, band)


def _add_page(cursor: Cursor, size, texts: MapTexts) -> None:
    """Add a page of the map's size, with title and page number."""
    page = QgsLayoutItemPage(cursor.layout)
    page.setPageSize(size)
    cursor.layout.pageCollection().addPage(page)
    cursor.y = cursor.top
    width = size.width() - 2 * MARGIN
    title = tr("{title}: list", title=texts.title)
    _label(cursor.layout, title, TITLE, MARGIN, MARGIN, width, 7, cursor.page, bold=True)
    foot = size.height() - MARGIN - 3.5
    hint = tr("The number is the one beside the symbol on the map.")
    _label(cursor.layout, hint, TEXT, MARGIN, foot, width - 40, 3.5, cursor.page, GREY)
    number = _label(cursor.layout, "[% @layout_page || ' / ' || @layout_numpages %]", TEXT,
                    size.width() - MARGIN - 30, foot, 30, 3.5, cursor.page, GREY)
    number.setHAlign(Qt.AlignmentFlag.AlignRight)


def _label(layout, text, size, x, y, width, height, page, colour=INK, bold=False) -> QgsLayoutItemLabel:
    item = QgsLayoutItemLabel(layout)
    font = QFont(font_family())
    font.setPointSizeF(size)
    font.setBold(bold)
    if hasattr(item, "setTextFormat"):  # from QGIS 3.24 on
        text_format = QgsTextFormat()
        text_format.setFont(font)
        text_format.setSize(size)
        text_format.setColor(QColor(colour))
        item.setTextFormat(text_format)
    else:
        item.setFont(font)
        item.setFontColor(QColor(colour))
    item.setMarginX(0)
    item.setMarginY(0)
    item.setText(text)
    layout.addLayoutItem(item)
    item.attemptResize(QgsLayoutSize(width, height))
    item.attemptMove(QgsLayoutPoint(x, y), True, False, page)
    return item
