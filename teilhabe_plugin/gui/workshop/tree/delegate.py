"""How the rows of the workshop's tree are drawn: names that wrap, shares as bars, marks for deviations and faults."""
from __future__ import annotations

import math

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QRect, QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter, QPalette, QPixmap, QTextLayout, QTextOption
from qgis.PyQt.QtWidgets import QDoubleSpinBox, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ....translation import tr
from .model import MARK, NAME, BarRole, MarkRole, OnMapRole

EYE = "/mActionShowAllLayers.svg"
FAULT_COLOUR, FAULT_ON_DARK = "#b3261e", "#ff9a90"
#: thickness of the bar under a share, and space left and right of a text
_BAR, _MARGIN = 4, 4


class NameDelegate(QStyledItemDelegate):
    """Names that wrap where the column is narrow, with an eye before what can be on the map."""

    def __init__(self, view):
        super().__init__(view)
        self.view = view
        self.size = view.style().pixelMetric(QStyle.PixelMetric.PM_SmallIconSize, None, view)
        self.eye = QgsApplication.getThemeIcon(EYE)
        self.faint = _faint(self.eye, self.size)
        self.heights: dict[tuple, int] = {}

    def initStyleOption(self, option, index):
        super().initStyleOption(option, index)
        option.features |= QStyleOptionViewItem.ViewItemFeature.WrapText
        option.textElideMode = Qt.TextElideMode.ElideNone
        option.text = breakable(option.text, self._place(index)[1], option.fontMetrics)
        on_map = index.data(OnMapRole)
        if on_map is not None:
            option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration
            option.decorationSize = QSize(self.size, self.size)
            option.icon = self.eye if on_map else self.faint

    def paint(self, painter, option, index):
        super().paint(painter, option, index)
        if self.is_wide(index):
            paint_mark(painter, _at_end(option), index.sibling(index.row(), MARK).data(MarkRole))

    @staticmethod
    def is_wide(index) -> bool:
        """Say whether a name takes the whole row: an index has no share."""
        return not index.parent().isValid()

    def eye_at(self, index, point) -> bool:
        """Say whether a point of the viewport lies on the eye of a row."""
        if index.data(OnMapRole) is None:
            return False
        option = QStyleOptionViewItem()
        option.initFrom(self.view)
        option.rect = self.view.visualRect(index)
        self.initStyleOption(option, index)
        place = self.view.style().subElementRect(QStyle.SubElement.SE_ItemViewItemDecoration, option, self.view)
        return place.adjusted(-2, -3, 2, 3).contains(point)

    def sizeHint(self, option, index):
        place = self._place(index)
        if place not in self.heights:
            text, width, height, _wide = place
            needed = text_height(breakable(text, width, self._metrics(index)), width, self._font(index))
            self.heights[place] = max(needed, self.size, height + _BAR) + 4
        return QSize(place[1], self.heights[place])

    def _place(self, index) -> tuple:
        """Return all that the height of a row depends on: text, width, height of a line, and whether it is wide."""
        depth, above = 0, index
        while above.isValid():
            depth, above = depth + 1, above.parent()
        wide, has_eye = self.is_wide(index), index.data(OnMapRole) is not None
        column = self.view.viewport().width() - self.view.columnWidth(MARK) if wide else self.view.columnWidth(NAME)
        width = max(column - depth * self.view.indentation() - 3 * _MARGIN - has_eye * (self.size + _MARGIN), 40)
        return index.data(), width, self._metrics(index).height(), wide

    def _font(self, index) -> QFont:
        font = index.data(Qt.ItemDataRole.FontRole)
        return QFont(font).resolve(self.view.font()) if font is not None else self.view.font()

    def _metrics(self, index) -> QFontMetrics:
        return QFontMetrics(self._font(index))

    def updateEditorGeometry(self, editor, option, index):
        super().updateEditorGeometry(editor, option, index)
        editor.setMinimumHeight(editor.sizeHint().height())


def breakable(text: str, width: int, metrics: QFontMetrics) -> str:
    """Return a text in which words that are wider than a line begin one and can be broken anywhere."""
    shown = ""
    for word in text.split(" "):
        fits = all(metrics.horizontalAdvance(part + "-") <= width for part in word.split("-"))
        shown += ("" if not shown else " " if fits else "\u2028") + (word if fits else "\u200b".join(word))
    return shown


def text_height(text: str, width: int, font: QFont) -> int:
    """Return how high a text is when it wraps, laid out as the style draws it."""
    layout, wrap, height = QTextLayout(text, font), QTextOption(), 0.0
    wrap.setWrapMode(QTextOption.WrapMode.WordWrap)
    layout.setTextOption(wrap)
    layout.beginLayout()
    line = layout.createLine()
    while line.isValid():
        line.setLineWidth(width)
        height, line = height + line.height(), layout.createLine()
    layout.endLayout()
    return math.ceil(height)


class LowDelegate(QStyledItemDelegate):
    """The name decides how high a row is."""

    def sizeHint(self, option, index):
        return QSize(0, 0)


class ShareDelegate(LowDelegate):
    """A number with a bar under it; edited as a number from 0 to 100."""

    def paint(self, painter, option, index):
        super().paint(painter, option, index)
        share = index.data(BarRole)
        if share is None:
            return
        selected = option.state & QStyle.StateFlag.State_Selected
        role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Highlight
        colour = QColor(option.palette.color(role))
        left, width = option.rect.left() + _MARGIN, option.rect.width() - 2 * _MARGIN
        top = option.rect.center().y() + option.fontMetrics.height() // 2
        bar = QRectF(left, min(top, option.rect.bottom() - _BAR), width, _BAR)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        track = QColor(option.palette.color(QPalette.ColorRole.Mid))
        track.setAlpha(90)
        painter.setBrush(track)
        painter.drawRoundedRect(bar, 2, 2)
        painter.setBrush(colour)
        painter.drawRoundedRect(QRectF(bar.left(), bar.top(), bar.width() * min(share, 1), bar.height()), 2, 2)
        painter.restore()

    def createEditor(self, parent, option, index):
        editor = QDoubleSpinBox(parent)
        editor.setRange(0, 100)
        editor.setDecimals(1)
        editor.setSuffix(tr(" %"))
        editor.setFrame(False)
        editor.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
        editor.setAccessibleName(tr("Share in percent"))
        return editor

    def setEditorData(self, editor, index):
        editor.setValue(index.data(Qt.ItemDataRole.EditRole) or 0)
        editor.selectAll()

    def setModelData(self, editor, model, index):
        editor.interpretText()
        model.setData(index, editor.value(), Qt.ItemDataRole.EditRole)

    def updateEditorGeometry(self, editor, option, index):
        wide = max(option.rect.width(), editor.sizeHint().width())
        editor.setGeometry(option.rect.right() - wide + 1, option.rect.top(), wide, option.rect.height())


class MarkDelegate(LowDelegate):
    """A dot where something is not as by default, a red exclamation mark where the recipe is at fault."""

    def paint(self, painter, option, index):
        super().paint(painter, option, index)
        paint_mark(painter, option, index.data(MarkRole))


def paint_mark(painter, option, mark) -> None:
    """Paint "fault" or "deviation" in the middle of the option's rectangle."""
    if not mark:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    middle = QRectF(option.rect).center()
    painter.setPen(Qt.PenStyle.NoPen)
    if mark == "fault":
        size = min(option.fontMetrics.height(), option.rect.width())
        circle = QRectF(middle.x() - size / 2, middle.y() - size / 2, size, size)
        painter.setBrush(QColor(FAULT_COLOUR))
        painter.drawEllipse(circle)
        font = QFont(option.font)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor("#ffffff"))
        painter.drawText(circle, int(Qt.AlignmentFlag.AlignCenter), "!")
    else:
        selected = option.state & QStyle.StateFlag.State_Selected
        role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
        painter.setBrush(option.palette.color(role))
        painter.drawEllipse(middle, 3, 3)
    painter.restore()


def _at_end(option) -> QStyleOptionViewItem:
    """Return the option for the square at the right end of its rectangle."""
    end = QStyleOptionViewItem(option)
    width = option.fontMetrics.height() + 2
    end.rect = QRect(option.rect.right() - width + 1, option.rect.top(), width, option.rect.height())
    return end


def _faint(icon: QIcon, size: int) -> QIcon:
    """Return the icon nearly see-through: it can be switched on here."""
    source = icon.pixmap(size * 2, size * 2)
    target = QPixmap(source.size())
    target.fill(Qt.GlobalColor.transparent)
    painter = QPainter(target)
    painter.setOpacity(0.25)
    painter.drawPixmap(0, 0, source)
    painter.end()
    return QIcon(target)
