"""The tables of “what if”: figures of the city before and after, and areas that win or lose."""
from __future__ import annotations

import math

from qgis.PyQt.QtCore import QAbstractTableModel, QLocale, QModelIndex, QSortFilterProxyModel, Qt
from qgis.PyQt.QtGui import QColor, QFont

from ..translation import language, render, tr

_BETTER, _WORSE = QColor("#01665e"), QColor("#8c510a")
_SORT = Qt.ItemDataRole.UserRole
KEY = Qt.ItemDataRole.UserRole + 1


def number(value: float, decimals: int, sign: bool = False) -> str:
    """Return a number in the user's language, “–” where it is not known."""
    if value is None or math.isnan(value):
        return "–"
    shown = round(value, decimals) + 0.0
    text = QLocale(language()).toString(abs(shown), "f", decimals)
    if shown < 0:
        return f"−{text}"
    return f"+{text}" if sign and shown > 0 else text


class NumbersModel(QAbstractTableModel):
    """Rows of a title, the figure before, after and their difference.

    Parameters
    ----------
    heading : str
        Of the first column.
    rows : list of tuple
        (key, title, before, after, decimals, good): good is 1 when more is better, -1 when less is, 0 when neither.
    """

    def __init__(self, heading: str, rows, parent=None):
        super().__init__(parent)
        self.headings = (heading, tr("before"), tr("after"), tr("difference"))
        self.rows = list(rows)

    def rowCount(self, parent=None):
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent=None):
        return 0 if parent is not None and parent.isValid() else 4

    def headerData(self, section, orientation, role=Qt.ItemDataRole.DisplayRole):
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.headings[section]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole and section:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: QModelIndex, role=Qt.ItemDataRole.DisplayRole):
        key, title, before, after, decimals, good = self.rows[index.row()]
        difference = after - before
        if role == Qt.ItemDataRole.DisplayRole:
            return (title, number(before, decimals), number(after, decimals),
                    number(difference, decimals, sign=True))[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return title
        if role == _SORT:
            return (title, before, after, difference)[index.column()]
        if role == KEY:
            return key
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column():
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        changes = not math.isnan(difference) and round(difference, decimals) != 0
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == 3 and changes and good:
            return _BETTER if difference * good > 0 else _WORSE
        if role == Qt.ItemDataRole.FontRole and index.column() == 3 and changes:
            font = QFont()
            font.setBold(True)
            return font
        return None


def figures_model(figures, parent) -> NumbersModel:
    """Return the figures of the city as a table."""
    rows = [(i, render(each.title), each.before, each.after, each.decimals, each.good)
            for i, each in enumerate(figures)]
    return NumbersModel(tr("City"), rows, parent)


def areas_model(frame, decimals: int, good: int, parent) -> QSortFilterProxyModel:
    """Return the areas in which something changes as a table that can be sorted; the key stands for a row."""
    moved = frame[frame["difference"].fillna(0).abs() >= 0.5 * 10 ** -decimals]
    rows = [(i, str(name), float(before), float(after), decimals, good) for i, name, before, after in
            zip(moved.index, moved["name"], moved["before"], moved["after"])]
    proxy = QSortFilterProxyModel(parent)
    proxy.setSortRole(_SORT)
    proxy.setSortCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    proxy.setSortLocaleAware(True)
    proxy.setSourceModel(NumbersModel(tr("Area"), rows, proxy))
    return proxy
