"""The page on what belongs together: Cronbach's alpha of each node, and the principal components in short."""
from __future__ import annotations

from html import escape

import numpy as np
import pandas as pd
from qgis.PyQt.QtCore import QMimeData, Qt, pyqtSignal
from qgis.PyQt.QtGui import QKeySequence
from qgis.PyQt.QtWidgets import (
    QAction,
    QApplication,
    QHeaderView,
    QLabel,
    QSizePolicy,
    QTextBrowser,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ....bridge.legend_text import number_text
from ....core.recipe import Leaf
from ....translation import language, tr
from .findings import linked

#: loadings from here on name a component
_LOADS = 0.6
#: an alpha without a part that is higher by so much is pointed out
_BETTER = 0.05
#: from so many pixels on all columns have room beside the names
_ALL_COLUMNS = 500


class ReliabilityPage(QWidget):
    """Table of alphas above, components in words below.

    Signals
    -------
    wanted(str)
        An indicator or node is to be shown in the tree.
    """

    wanted = pyqtSignal(str)

    def __init__(self, parent=None):
        super().__init__(parent)
        head = QLabel(tr("Cronbach’s alpha: do the parts of a dimension measure one thing? 1 is the most; below 0.5 "
                         "they hardly belong together."))
        head.setWordWrap(True)
        self.tree = QTreeWidget()
        self.tree.setAccessibleName(tr("Cronbach’s alpha"))
        self.tree.setHeaderLabels([tr("Part"), tr("Alpha"), tr("Item-rest correlation"), tr("Judgement")])
        tips = (tr("Dimension, below it its parts"), tr("Alpha of the dimension; at a part: alpha without it"),
                tr("Correlation of a part with the sum of the others"), "")
        for column, tip in enumerate(tips):
            self.tree.headerItem().setToolTip(column, tip)
        self.tree.setUniformRowHeights(True)
        self.tree.setIndentation(12)
        self.tree.setMinimumHeight(120)
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2, 3):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.components = QTextBrowser()
        self.components.setOpenLinks(False)
        self.components.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.components.setAccessibleName(tr("Principal components"))
        self.components.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.components.setMaximumHeight(150)
        self.components.document().setDocumentMargin(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(head)
        column.addWidget(self.tree, 1)
        column.addWidget(self.components)
        self.tree.itemActivated.connect(self._activated)
        self.tree.itemDoubleClicked.connect(self._activated)
        self.components.anchorClicked.connect(lambda url: self.wanted.emit(url.toString()))
        self.copying = QAction(tr("Copy values"), self.tree)
        self.copying.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        self.copying.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.copying.triggered.connect(lambda _checked=False: copy_table(self.table))
        self.tree.addAction(self.copying)
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.table = pd.DataFrame()

    def show_found(self, recipe, node, found) -> None:
        """Show alphas and components of diagnostics."""
        self.tree.clear()
        rows = []
        *below, root = node.nodes()
        for each in (root, *below):
            alpha = found.alphas.get(each.id)
            if alpha is None:
                continue
            top = _item(each.id, [each.title, number_text(alpha.value, 2), "", alpha_words(alpha.value)])
            font = top.font(0)
            font.setBold(True)
            for column in range(4):
                top.setFont(column, font)
            rows.append((each.title, "", alpha.value, np.nan))
            for child, without, rest in zip(each.children, alpha.without.tolist(), alpha.item_rest.tolist()):
                is_leaf = isinstance(child, Leaf)
                name = child.indicator if is_leaf else child.id
                title = recipe.indicators[name].title if is_leaf else child.title
                top.addChild(_item(name, [title, _number(without), _number(rest),
                                          part_words(alpha.value, without, rest)]))
                rows.append((each.title, title, without, rest))
            self.tree.addTopLevelItem(top)
            top.setExpanded(True)
        self.table = pd.DataFrame(rows, columns=[tr("Dimension"), tr("Part"), tr("Cronbach’s alpha"),
                                                 tr("Item-rest correlation")])
        self.components.setHtml(components_html(recipe, found))

    def resizeEvent(self, event):
        super().resizeEvent(event)
        self.tree.setColumnHidden(2, event.size().width() < _ALL_COLUMNS)

    def _activated(self, item, _column) -> None:
        self.wanted.emit(item.data(0, Qt.ItemDataRole.UserRole))


def _item(name: str, texts: list[str]) -> QTreeWidgetItem:
    item = QTreeWidgetItem(texts)
    item.setData(0, Qt.ItemDataRole.UserRole, name)
    item.setToolTip(0, texts[0])
    item.setToolTip(3, texts[3])
    for column in (1, 2):
        item.setTextAlignment(column, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter))
    return item


def _number(value: float) -> str:
    return number_text(value, 2) if value == value else "–"


def alpha_words(value: float) -> str:
    """Return a plain judgement of Cronbach's alpha: how well the parts belong together."""
    if np.isnan(value):
        return ""
    if value >= 0.95:
        return tr("nearly the same")
    if value >= 0.8:
        return tr("good")
    if value >= 0.7:
        return tr("fair")
    if value >= 0.5:
        return tr("loose")
    return tr("hardly")


def part_words(alpha: float, without: float, rest: float) -> str:
    """Return what is to be said about a part, "" for nothing."""
    if rest < 0:
        return tr("runs against the others")
    if without > alpha + _BETTER:
        return tr("better without it")
    return ""


def components_html(recipe, found) -> str:
    """Return the principal components in a few sentences, titles as links."""
    parts = found.components
    if parts is None:
        return tr("Principal components: too few areas have all values.") if len(found.indicators) > 1 else ""
    count = max(parts.above_one, 1)
    share = number_text(100 * parts.explained[:count].sum(), 0)
    if parts.above_one == 1:
        words = [tr("Principal components: one explains more than a single indicator, {share} % of all differences. "
                    "The indicators measure mainly one thing.", share=share)]
    else:
        words = [tr("Principal components: {count} explain more than a single indicator, together {share} % of all "
                    "differences.", count=count, share=share)]
    for place in range(min(count, 3)):
        loadings = parts.loadings[:, place]
        order = [each for each in np.argsort(-np.abs(loadings), kind="stable") if abs(loadings[each]) >= _LOADS][:4]
        if not order or count == 1:
            continue
        named = [(found.indicators[each], recipe.indicators[found.indicators[each]].title) for each in order]
        listed = ", ".join(title for _name, title in named)
        words.append(linked(escape(tr("Component {number} ({share} %): {titles}.", number=place + 1,
                                      share=number_text(100 * parts.explained[place], 0), titles=listed)), named))
    return "".join(f"<p style='margin:2px 0'>{each}</p>" for each in words)


def copy_table(table: pd.DataFrame) -> None:
    """Put a table into the clipboard as spreadsheets take it."""
    data = QMimeData()
    data.setText(table.to_csv(sep="\t", index=False, decimal="," if language() == "de" else "."))
    QApplication.clipboard().setMimeData(data)
