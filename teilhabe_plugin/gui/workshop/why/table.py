"""The figures of an area as a table: value, city, district, rank, cases, and what is missing."""
from __future__ import annotations

import numpy as np
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem

from ....bridge.legend_text import number_text
from ....core.area_sentences import amount, number, state_in_words
from ....translation import render, tr

ID = Qt.ItemDataRole.UserRole
INDICATOR, VALUE, CITY, DISTRICT, RANK, CONTRIBUTION, CASES, NOTE = range(8)


def headings(profile) -> list[str]:
    """Return the headings of the columns."""
    return [tr("Indicator"), tr("Value"), tr("City"), profile.district_title or tr("District"), tr("Rank"),
            tr("Contribution"), tr("Cases"), tr("Note")]


def cells(each) -> list[str]:
    """Return the texts of an indicator's row."""
    state, cases = state_in_words(each), each.cases.message()
    note = render(state) if state is not None else ""
    if each.cases.is_uncertain:
        note = "; ".join(filter(None, (note, tr("few cases"))))
    return [
        titled(each), _plain(each.value, each) if each.rank else tr("no data"), _plain(each.city, each),
        "" if np.isnan(each.district) else _plain(each.district, each),
        tr("{rank} of {of}", rank=each.rank, of=each.of) if each.rank else "",
        "" if np.isnan(each.contribution) else signed(each.contribution),
        render(cases) if cases is not None else "", note,
    ]


def titled(each) -> str:
    """Return an indicator's title with its unit, where the figures do not carry it themselves."""
    unit = each.unit.strip()
    return each.title if unit in ("", "%") or each.title.endswith(unit) else f"{each.title} ({unit})"


def _plain(value: float, each) -> str:
    """Return a figure without its unit, but for percent."""
    return render(amount(value, each) if each.unit.strip() == "%" else number(value, each.decimals))


def signed(value: float) -> str:
    """Return a number of two digits with its sign."""
    written = number_text(value, 2)
    return f"+{written}" if value > 0 and written.strip("0,.") else written


def groups(profile) -> list[tuple[str, float, list]]:
    """Return title, contribution and indicators of each dimension; "" where there are none."""
    by_id = {each.id: each for each in profile.indicators}
    found, seen = [], set()
    for step in profile.steps:
        names = [name for name, _ in step.parts] or [step.id]
        title = step.title if step.parts else ""
        found.append((title, step.contribution, [by_id[name] for name in dict.fromkeys(names) if name not in seen]))
        seen |= set(names)
    rest = [each for each in profile.indicators if each.id not in seen]
    return [*found, *([("", float("nan"), rest)] if rest else [])]


class FigureTable(QTreeWidget):
    """The indicators by dimension."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setAlternatingRowColors(True)
        self.setUniformRowHeights(True)
        self.setIndentation(12)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Figures of the area"))
        self.header().setSectionsMovable(False)
        self.header().setStretchLastSection(False)

    def fill(self, profile) -> None:
        """Show an area's figures."""
        self.clear()
        heads = headings(profile)
        self.setHeaderLabels(heads)
        self.setColumnHidden(DISTRICT, not profile.district)
        for title, contribution, members in groups(profile):
            holder = self.invisibleRootItem()
            if title:
                holder = QTreeWidgetItem([title])
                font = holder.font(0)
                font.setBold(True)
                holder.setFont(0, font)
                holder.setText(CONTRIBUTION, "" if np.isnan(contribution) else signed(contribution))
                holder.setTextAlignment(CONTRIBUTION, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter))
                self.addTopLevelItem(holder)
            for each in members:
                row = QTreeWidgetItem(cells(each))
                row.setData(0, ID, each.id)
                row.setToolTip(0, each.title)
                row.setToolTip(NOTE, row.text(NOTE))
                if not np.isnan(each.percentile):
                    row.setToolTip(RANK, tr("less favourable than {share}% of the other areas",
                                            share=number_text(each.percentile, 0)))
                for column in (VALUE, CITY, DISTRICT, RANK, CONTRIBUTION, CASES):
                    row.setTextAlignment(column, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter))
                holder.addChild(row)
        self.expandAll()
        header = self.header()
        for column in range(VALUE, NOTE + 1):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(INDICATOR, QHeaderView.ResizeMode.Interactive)
        self.setColumnHidden(CASES, not any(each.cases.message() for each in profile.indicators))
        self.setColumnHidden(NOTE, not any(cells(each)[NOTE] for each in profile.indicators))
        self._fit()

    def _fit(self) -> None:
        """Let the table be as high as its rows; the page scrolls."""
        rows = sum(1 + self.topLevelItem(i).childCount() for i in range(self.topLevelItemCount()))
        height = self.sizeHintForRow(0) if rows else 0
        bar = self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(self.header().sizeHint().height() + rows * height + bar + 2 * self.frameWidth() + 2)
        self._widen()

    def _widen(self) -> None:
        """Give the titles what width the figures leave."""
        others = sum(self.columnWidth(each) for each in range(VALUE, NOTE + 1) if not self.isColumnHidden(each))
        self.setColumnWidth(INDICATOR, max(150, min(420, self.viewport().width() - others)))

    def resizeEvent(self, event):
        super().resizeEvent(event)
        self._widen()
