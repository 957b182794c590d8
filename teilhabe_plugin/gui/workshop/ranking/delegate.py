"""How the ranking is painted: a chip in the colour of the class, and the interval of the rank as a bar."""
from __future__ import annotations

import numpy as np
from qgis.PyQt.QtCore import QPointF, QRectF, Qt
from qgis.PyQt.QtGui import QBrush, QColor, QFontMetrics, QIcon, QPainter, QPalette, QPen, QPixmap
from qgis.PyQt.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ..chart import NEUTRAL
from .columns import COLUMNS
from .model import ROW

_EDGE = QColor("#6b747a")
_OLD = QColor(138, 148, 155, 110)
#: pixels that a bar needs beside the text
_LEAST_BAR = 26


class RankingDelegate(QStyledItemDelegate):
    """Paints the columns “class” and “interval”; the others as usual."""

    def paint(self, painter, option, index):
        name = COLUMNS[index.column()]
        if name not in ("class", "interval"):
            super().paint(painter, option, index)
            return
        own = QStyleOptionViewItem(option)
        self.initStyleOption(own, index)
        text, own.text = own.text, ""
        style = own.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, own, painter, own.widget)
        model, row = index.model(), index.data(ROW)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        group = QPalette.ColorGroup.Active if option.state & QStyle.StateFlag.State_Active \
            else QPalette.ColorGroup.Inactive
        ink = own.palette.color(group, QPalette.ColorRole.HighlightedText if is_selected else QPalette.ColorRole.Text)
        painter.setFont(own.font)
        if name == "class":
            _paint_class(painter, own, model.rows.view.colour_of(row), text, ink)
        else:
            _paint_interval(painter, own, model.rows, row, text, ink)
        painter.restore()


def _paint_class(painter, option, colour: str, text: str, ink: QColor) -> None:
    box = QRectF(option.rect).adjusted(4, 0, -3, 0)
    if colour:
        side = min(box.height() - 6, 13)
        chip = QRectF(box.left(), box.center().y() - side / 2, side, side)
        painter.setPen(QPen(_EDGE, 0.8))
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(chip, 2, 2)
        box.setLeft(chip.right() + 5)
    elif not option.state & QStyle.StateFlag.State_Selected:
        ink = _EDGE
    painter.setPen(ink)
    metrics = QFontMetrics(option.font)
    painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter),
                     metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(box.width())))


def _paint_interval(painter, option, rows, row: int, text: str, ink: QColor) -> None:
    low, high = rows.low[row], rows.high[row]
    if np.isnan(low) or np.isnan(high) or np.isnan(rows.rank[row]):
        return
    box = QRectF(option.rect).adjusted(4, 0, -5, 0)
    widest = "8" * len(str(max(rows.places, 1)))
    room = QFontMetrics(option.font).horizontalAdvance(f"{widest}–{widest}") + 4
    is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
    faded = QColor(ink)
    if rows.is_stale:
        faded.setAlpha(110)
    painter.setPen(faded)
    has_bar = box.width() - room >= _LEAST_BAR
    painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)
    if not has_bar:
        return
    left, width = box.left() + room + 2, box.width() - room - 4
    middle = box.center().y()

    def x(rank: float) -> float:
        return left + (rank - 1) / max(rows.places - 1, 1) * width

    line = QColor(ink) if is_selected else QColor(NEUTRAL)
    line.setAlpha(90)
    painter.setPen(QPen(line, 1))
    painter.drawLine(QPointF(left, middle), QPointF(left + width, middle))
    colour = rows.view.colour_of(row) or NEUTRAL
    thick = min(box.height() - 10, 9)
    start, end = x(low), x(high)
    bar = QRectF(start - 2, middle - thick / 2, max(end - start, 0) + 4, thick)
    painter.setPen(QPen(_OLD if rows.is_stale else _EDGE, 0.8))
    painter.setBrush(QBrush(_OLD) if rows.is_stale else QBrush(QColor(colour)))
    painter.drawRoundedRect(bar, 1.5, 1.5)
    painter.setPen(QPen(ink if not rows.is_stale else faded, 1.2))
    tick = x(rows.rank[row])
    painter.drawLine(QPointF(tick, middle - thick / 2 - 2), QPointF(tick, middle + thick / 2 + 2))


def chip_icon(colour: str, size: int = 14) -> QIcon:
    """Return a small square in a class colour; an empty one for no class."""
    picture = QPixmap(2 * size, 2 * size)
    picture.setDevicePixelRatio(2)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(_EDGE, 1))
    painter.setBrush(QColor(colour) if colour else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(1, 1, size - 2, size - 2), 2, 2)
    painter.end()
    return QIcon(picture)
