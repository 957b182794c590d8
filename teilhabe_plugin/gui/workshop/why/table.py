"""The figures of an area as a table: value, city, district, rank, cases, and what is missing."""
from __future__ import annotations

import re

import numpy as np
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem

from ....bridge.legend_text import number_text
from ....core.area_sentences import amount, number, state_in_words
from ....translation import render, tr

ID = Qt.ItemDataRole.UserRole
INDICATOR, VALUE, CITY, DISTRICT, RANK, CONTRIBUTION, CASES, NOTE = range(8)
#: what a title may be broken between
_WORDS = re.compile(r"[^\s-]*-+|[^\s-]+\s*|\s+")
#: pixels that titles have at least, and what gives way to them in a narrow panel: the charts above show it as well
LEAST, SPARED = 150, (DISTRICT, CONTRIBUTION, RANK)


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
        self.setIndentation(12)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Figures of the area"))
        self.idle: set[int] = set()  # columns without anything in them
        self.header().setSectionsMovable(False)
        self.header().setStretchLastSection(False)

    def fill(self, profile) -> None:
        """Show an area's figures."""
        self.clear()
        heads = headings(profile)
        self.setHeaderLabels(heads)
        self.idle = {column for column, has in (
            (DISTRICT, bool(profile.district)), (CASES, any(each.cases.message() for each in profile.indicators)),
            (NOTE, any(cells(each)[NOTE] for each in profile.indicators))) if not has}
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
                row.setData(0, Qt.ItemDataRole.AccessibleTextRole, titled(each))
                row.setToolTip(0, each.title)
                for column in (CASES, NOTE):
                    row.setToolTip(column, row.text(column))
                    row.setData(column, Qt.ItemDataRole.AccessibleTextRole, row.text(column))
                if not np.isnan(each.percentile):
                    row.setToolTip(RANK, tr("less favourable than {share}% of the other areas",
                                            share=number_text(each.percentile, 0)))
                for column in (VALUE, CITY, DISTRICT, RANK, CONTRIBUTION, CASES):
                    row.setTextAlignment(column, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter))
                holder.addChild(row)
        self.expandAll()
        self._fit()

    def _fit(self) -> None:
        """Let the table be as high as its rows; the page scrolls."""
        self._widen()
        height = sum(self.rowHeight(self.indexFromItem(row)) for row, _depth in self._rows())
        bar = self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(self.header().sizeHint().height() + height + bar + 2 * self.frameWidth() + 2)

    def _rows(self) -> list[tuple[QTreeWidgetItem, int]]:
        """Return all rows with their depth, from above."""
        found = []
        for i in range(self.topLevelItemCount()):
            top = self.topLevelItem(i)
            found += [(top, 1), *((top.child(j), 2) for j in range(top.childCount()))]
        return found

    def _longest_word(self) -> int:
        """Return the pixels that the longest piece of a title needs that cannot be broken."""
        titles = [(row.data(0, Qt.ItemDataRole.AccessibleTextRole), depth) for row, depth in self._rows()
                  if row.data(0, ID)]
        return max((self.fontMetrics().horizontalAdvance(word.rstrip()) + depth * self.indentation() + 12
                    for title, depth in titles for word in _WORDS.findall(title)), default=0)

    def _widen(self) -> None:
        """Give the titles what width the figures leave, on two or three lines where they need them."""
        room = self.viewport().width()
        for row, _depth in self._rows():
            for column in (CASES, NOTE):
                row.setText(column, row.toolTip(column))
        needs = {column: max(self.sizeHintForColumn(column), self.header().sectionSizeHint(column))
                 for column in range(VALUE, NOTE + 1)}
        for column in (CASES, NOTE):
            needs[column] = min(needs[column], round(room * 0.27))
        shown = [column for column in needs if column not in self.idle]
        least = min(max(LEAST, self._longest_word()), round(room * 0.6))
        for column in SPARED:
            if room - sum(needs[each] for each in shown) < least and column in shown:
                shown.remove(column)
        for column, width in needs.items():
            self.setColumnHidden(column, column not in shown)
            self.setColumnWidth(column, width)
        width = max(least, min(420, room - sum(needs[each] for each in shown)))
        self.setColumnWidth(INDICATOR, width)
        for row, depth in self._rows():
            if row.data(0, ID):
                title = row.data(0, Qt.ItemDataRole.AccessibleTextRole)
                row.setText(0, in_lines(title, self.fontMetrics(), width - depth * self.indentation() - 10))
                for column in (CASES, NOTE):
                    row.setText(column, in_lines(row.toolTip(column), self.fontMetrics(), needs[column] - 10))

    def resizeEvent(self, event):
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width() and self.topLevelItemCount():
            self._fit()


def in_lines(title: str, metrics, room: int) -> str:
    """Return a title broken between words and after hyphens into three lines at most; what does not fit is elided."""
    lines = [""]
    for word in _WORDS.findall(title):
        if lines[-1] and len(lines) < 3 and metrics.horizontalAdvance((lines[-1] + word).rstrip()) > room - 3:
            lines.append("")
        lines[-1] += word
    return "\n".join(metrics.elidedText(line.rstrip(), Qt.TextElideMode.ElideRight, room) for line in lines)
