"""The ranking as a Qt model over arrays: sorted and filtered without touching single cells."""
from __future__ import annotations

import numpy as np
from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, Qt
from qgis.PyQt.QtGui import QColor, QFont

from ....bridge.legend_text import number_text
from ....translation import tr
from .columns import COLUMNS, columns
from .rows import Rows, TextOrder, in_order

_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_QUIET = QColor("#6b747a")
_NUMBERS = ("rank", "score", "moved", "class_moved", "data")
#: role of the row in the session's frame
ROW = Qt.ItemDataRole.UserRole


class RankingModel(QAbstractTableModel):
    """Areas with rank, score, class and interval; areas without a class stand at the end in every order."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self.columns = columns()
        self.rows: Rows | None = None
        self.order = np.empty(0, int)
        self.shown: np.ndarray | None = None
        self.sorted_by, self.falling = "rank", False
        self.decimals = 2
        self.by_name, self.by_key = TextOrder(), TextOrder()
        self._names: list[str] = []
        self._keys: list[str] = []

    # content ---------------------------------------------------------------------------------------------------

    def set_rows(self, rows: Rows, names: list[str], keys: list[str], shown: np.ndarray | None) -> None:
        """Show other rows; `names` and `keys` are the session's lists, `shown` what the filters let through."""
        self.beginResetModel()
        self.rows, self._names, self._keys, self.shown = rows, names, keys, shown
        spread = float(np.nanstd(rows.view.scores)) if rows.places else 1.0
        self.decimals = 2 if spread < 5 else 1
        self._arrange()
        self.endResetModel()

    def set_shown(self, shown: np.ndarray | None) -> None:
        """Let other rows through."""
        self.beginResetModel()
        self.shown = shown
        self._arrange()
        self.endResetModel()

    def set_certainty(self, rows: Rows) -> None:
        """Take other intervals; order and number of rows stay as they are."""
        self.rows = rows
        if len(self.order):
            column = COLUMNS.index("interval")
            self.dataChanged.emit(self.index(0, column), self.index(len(self.order) - 1, column))

    def sort(self, column: int, order=Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column."""
        self.beginResetModel()
        self.sorted_by, self.falling = COLUMNS[column], order == Qt.SortOrder.DescendingOrder
        self._arrange()
        self.endResetModel()

    def _arrange(self) -> None:
        if self.rows is None:
            return
        rows = self.rows
        names = self.by_name.of(self._names)
        ties = np.where(np.isnan(rows.rank), np.nan_to_num(rows.severity) * len(names) + names,
                        rows.rank + names / (len(names) + 1))
        order = in_order(self._values(names), ties, self.falling, ~rows.has_place)
        self.order = order if self.shown is None else order[self.shown[order]]

    def _values(self, names: np.ndarray) -> np.ndarray:
        rows = self.rows
        name = self.sorted_by
        if name == "rank":
            return rows.rank if rows.places else rows.severity
        if name == "area":
            return names
        if name == "key":
            return self.by_key.of(self._keys)
        if name == "interval":
            return rows.high - rows.low
        return {"score": rows.view.scores, "class": rows.severity, "moved": rows.moved,
                "class_moved": rows.class_moved, "data": rows.data}[name]

    def row_at(self, place: int) -> int:
        """Return the row of the session's frame that stands at a place of the table."""
        return int(self.order[place])

    def places_of(self, rows) -> np.ndarray:
        """Return at which places rows of the session's frame stand; rows that are filtered out have none."""
        return np.flatnonzero(np.isin(self.order, np.asarray(list(rows), int)))

    # Qt --------------------------------------------------------------------------------------------------------

    def rowCount(self, parent=None):
        return 0 if parent is not None and parent.isValid() else len(self.order)

    def columnCount(self, parent=None):
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(self, section, orientation, role=Qt.ItemDataRole.DisplayRole):
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = self.columns[COLUMNS[section]]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tip
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column.name in _NUMBERS else _LEFT
        return None

    def data(self, index: QModelIndex, role=Qt.ItemDataRole.DisplayRole):
        if not index.isValid() or self.rows is None:
            return None
        row, name = self.row_at(index.row()), COLUMNS[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.text(row, name)
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if name in _NUMBERS else _LEFT
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.tip(row, name)
        if role == Qt.ItemDataRole.ForegroundRole and not self.rows.has_place[row]:
            return _QUIET
        if role == Qt.ItemDataRole.FontRole and name == "class" and self.rows.view.positions[row] < 0:
            font = QFont()
            font.setItalic(True)
            return font
        return None

    def text(self, row: int, name: str) -> str:
        """Return what a cell says."""
        rows = self.rows
        if name == "rank":
            return _number(rows.rank[row], 0)
        if name == "key":
            return rows.keys[row]
        if name == "area":
            return rows.names[row]
        if name == "score":
            return _number(rows.view.scores[row], self.decimals)
        if name == "class":
            own = rows.view.class_of(row)
            return own.name if own is not None else rows.text_of_missing(row)
        if name == "interval":
            return interval_text(rows.low[row], rows.high[row])
        if name == "moved":
            return arrow_text(rows.moved[row])
        if name == "class_moved":
            return arrow_text(rows.class_moved[row])
        return "" if np.isnan(rows.data[row]) else f"{number_text(100 * rows.data[row], 0)}\u202f%"

    def tip(self, row: int, name: str) -> str:
        """Return what is read when the pointer rests on a cell."""
        rows = self.rows
        if name == "area":
            key = rows.keys[row]
            return key if key == rows.names[row] else f"{key} {rows.names[row]}"
        if name in ("rank", "interval") and not np.isnan(rows.low[row]):
            words = tr("Rank {rank} of {all}; in nine of ten runs between {low} and {high}",
                       rank=_number(rows.rank[row], 0), all=rows.places, low=_number(rows.low[row], 0),
                       high=_number(rows.high[row], 0))
            return f"{words}. {tr('This is still the state before the last change.')}" if rows.is_stale else words
        if name == "class" and rows.view.positions[row] >= 0 and not np.isnan(rows.sureness[row]):
            return tr("{name}; the class in {share} % of the runs", name=rows.view.class_of(row).name,
                      share=number_text(100 * rows.sureness[row], 0))
        if name == "class_moved" and rows.class_before[row]:
            return tr("Class before: {name}", name=rows.class_before[row])
        if name == "score" and not np.isnan(rows.view.scores[row]):
            return number_text(rows.view.scores[row], 4)
        return self.text(row, name)


def arrow_text(moved: float) -> str:
    """Return a move with an arrow, "" for none."""
    if np.isnan(moved) or moved == 0:
        return ""
    return f"{'▲' if moved > 0 else '▼'} {number_text(abs(moved), 0)}"


def interval_text(low: float, high: float) -> str:
    """Return an interval of ranks, one number where both ends are the same."""
    if np.isnan(low) or np.isnan(high):
        return ""
    return number_text(low, 0) if low == high else f"{number_text(low, 0)}–{number_text(high, 0)}"


def _number(value: float, decimals: int) -> str:
    return "–" if np.isnan(value) else number_text(value, decimals)
