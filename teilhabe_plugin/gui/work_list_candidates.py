"""The candidates of a row as a model: number, address with reasons, area, score."""
from __future__ import annotations

from html import escape

from qgis.PyQt.QtCore import QAbstractTableModel, QRectF, QSize, Qt
from qgis.PyQt.QtGui import QPalette, QTextDocument
from qgis.PyQt.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ..translation import render, tr

PLACE, ADDRESS, AREA, SCORE = range(4)


class CandidatesModel(QAbstractTableModel):
    """`core.addresses.candidates.Candidate`s, the best first; digits choose them."""

    def __init__(self, candidates=(), parent=None):
        super().__init__(parent)
        self.candidates = list(candidates)
        self.reasons = [[render(reason) for reason in each.reasons] for each in self.candidates]
        self.headings = ["", tr("Address in the register, and why"), tr("Area"), tr("Points")]

    def rowCount(self, parent=None):
        return 0 if parent is not None and parent.isValid() else len(self.candidates)

    def columnCount(self, parent=None):
        return 0 if parent is not None and parent.isValid() else len(self.headings)

    def headerData(self, section, orientation, role=Qt.ItemDataRole.DisplayRole):
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.headings[section]
        return None

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        candidate, column = self.candidates[index.row()], index.column()
        why = " ".join(self.reasons[index.row()])
        if role == Qt.ItemDataRole.DisplayRole:
            first = str(index.row() + 1) if index.row() < 9 else ""
            text = f"{candidate.text}\n{why}" if why else candidate.text
            return (first, text, candidate.area, f"{candidate.score:.0f}")[column]
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return "\n".join(filter(None, (candidate.text, why)))
        if role == Qt.ItemDataRole.TextAlignmentRole and column in (PLACE, SCORE):
            return int(Qt.AlignmentFlag.AlignCenter)
        return None


class TwoLines(QStyledItemDelegate):
    """First line of a cell in full strength, the others smaller and paler below it."""

    def paint(self, painter, option, index):
        option = QStyleOptionViewItem(option)
        self.initStyleOption(option, index)
        first, _line, second = str(index.data()).partition("\n")
        option.text = ""
        style = option.widget.style() if option.widget is not None else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        chosen = option.state & QStyle.StateFlag.State_Selected
        group = (QPalette.ColorGroup.Active if option.state & QStyle.StateFlag.State_Active
                 else QPalette.ColorGroup.Inactive)
        colour = option.palette.color(group, QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text)
        document = self._document(option, first, second, colour.name())
        painter.save()
        painter.translate(option.rect.left() + 3, option.rect.top() + 1)
        document.drawContents(painter, QRectF(0, 0, option.rect.width() - 6, option.rect.height() - 2))
        painter.restore()

    def sizeHint(self, option, index):
        option = QStyleOptionViewItem(option)
        self.initStyleOption(option, index)
        first, _line, second = str(index.data()).partition("\n")
        view = option.widget
        if view is not None:
            option.rect.setWidth(view.columnWidth(index.column()))
        document = self._document(option, first, second, "#000000")
        return QSize(int(document.idealWidth()), int(document.size().height()) + 4)

    def _document(self, option, first: str, second: str, colour: str) -> QTextDocument:
        document = QTextDocument()
        document.setDocumentMargin(1)
        document.setDefaultFont(option.font)
        document.setTextWidth(max(option.rect.width() - 6, 40))
        small = f'<br><span style="font-size:small; color:{colour}">{escape(second)}</span>' if second else ""
        document.setHtml(f'<span style="color:{colour}">{escape(first)}</span>{small}')
        return document
