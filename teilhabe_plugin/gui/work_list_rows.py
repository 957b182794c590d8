"""The rows of the work list as a model: 5,000 rows are some lists of texts, no widgets."""
from __future__ import annotations

from dataclasses import dataclass
from html import escape

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QAbstractTableModel, QSortFilterProxyModel, Qt
from qgis.PyQt.QtGui import QBrush, QColor

from ..translation import tr
from .geocode_preview import OPEN as OPEN_COLOUR
from .geocode_preview import SURE as SURE_COLOUR
from .geocode_preview import UNSURE as UNSURE_COLOUR

NUMBER, NAME, GIVEN, GRADE, REASON = range(5)
#: what the filter shows
TODO, LEFT, DECIDED, ALL = "todo", "left", "decided", "all"
ROW_ROLE = Qt.ItemDataRole.UserRole


@dataclass
class WorkRow:
    """One row of the list.

    Attributes
    ----------
    fid : int
        Id of the feature in the result layer.
    number : int
        Row in the list as its user counts.
    key : str
        Key of the decision about it.
    name, given, grade_text, reason, found : str
    grade : int
    by_hand : bool
        Somebody decided about it.
    needed : bool
        It was on the work list when the layer was opened, or is now.
    """

    fid: int
    number: int
    key: str
    name: str
    given: str
    grade: int
    grade_text: str
    reason: str
    found: str
    by_hand: bool = False
    online: bool = False
    needed: bool = False

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to decide."""
        return self.needed and not self.by_hand and not self.is_settled

    @property
    def is_settled(self) -> bool:
        """Whether it is located well enough without a decision."""
        return self.online or 0 < self.grade <= 3


class RowsModel(QAbstractTableModel):
    """The rows of a `WorkRow` list."""

    def __init__(self, rows, parent=None):
        super().__init__(parent)
        self.rows: list[WorkRow] = list(rows)
        self.headings = [tr("Row"), tr("Name"), tr("As given"), tr("Grade"), tr("Reason")]

    def rowCount(self, parent=None):
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent=None):
        return 0 if parent is not None and parent.isValid() else len(self.headings)

    def headerData(self, section, orientation, role=Qt.ItemDataRole.DisplayRole):
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.headings[section]
        return None

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        row, column = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return (row.number, row.name, row.given, self.grade_text(row), row.reason)[column]
        if role == Qt.ItemDataRole.ToolTipRole:
            return str((row.number, row.name, row.given, self.grade_text(row), row.reason)[column])
        if role == ROW_ROLE:
            return index.row()
        if column == GRADE and role == Qt.ItemDataRole.BackgroundRole:
            return QBrush(QColor(colour(row)))
        if column == GRADE and role == Qt.ItemDataRole.ForegroundRole:
            return QBrush(QColor("#202020"))
        if column == NUMBER and role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if column == NUMBER and role == Qt.ItemDataRole.DecorationRole and row.by_hand:
            return QgsApplication.getThemeIcon("/mIconSuccess.svg")
        return None

    def grade_text(self, row: WorkRow) -> str:
        """Return the grade, or that somebody decided."""
        if row.by_hand:
            return tr("by hand") if row.grade < 7 else tr("by hand: no place")
        return row.grade_text

    def changed(self, positions) -> None:
        """Tell the views that these rows are different."""
        for position in positions:
            self.dataChanged.emit(self.index(position, 0), self.index(position, len(self.headings) - 1))

    def positions_of(self, key: str) -> list[int]:
        """Return the rows that a decision with this key concerns."""
        return [i for i, row in enumerate(self.rows) if row.key == key] if key else []

    def progress(self) -> tuple[int, int]:
        """Return how many rows of the work list are done, and how many there are."""
        needed = [row for row in self.rows if row.needed]
        return sum(not row.is_open for row in needed), len(needed)


class RowsFilter(QSortFilterProxyModel):
    """Shows the rows that match state, grade and search text; sorts by the heading that was clicked."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self.state, self.words = TODO, ()
        self.setDynamicSortFilter(False)  # a row stays in sight when it is decided; the next look sorts it out

    def show(self, state: str, text: str) -> None:
        """Show rows of a state (or ``grade:<n>``) with all words of a text."""
        self.state, self.words = state, tuple(text.casefold().split())
        self.invalidateFilter()

    def filterAcceptsRow(self, position, parent):
        row = self.sourceModel().rows[position]
        if not self._has_state(row):
            return False
        if not self.words:
            return True
        text = f"{row.number} {row.name} {row.given} {row.reason} {row.found}".casefold()
        return all(word in text for word in self.words)

    def _has_state(self, row: WorkRow) -> bool:
        if self.state == TODO:
            return row.needed
        if self.state == LEFT:
            return row.is_open
        if self.state == DECIDED:
            return row.by_hand
        if self.state.startswith("grade:"):
            return row.grade == int(self.state[len("grade:"):]) and not row.by_hand
        return True

    def lessThan(self, left, right):
        if left.column() == NUMBER:
            return self.sourceModel().rows[left.row()].number < self.sourceModel().rows[right.row()].number
        if left.column() == GRADE:
            rows = self.sourceModel().rows
            return (rows[left.row()].grade, left.row()) < (rows[right.row()].grade, right.row())
        return super().lessThan(left, right)

    def next_open(self, position: int, step: int = 1) -> int:
        """Return the shown row of the source that is open and comes after this one, -1 when none is left.

        Rows before it follow when the end is reached.
        """
        shown = [self.mapToSource(self.index(i, 0)).row() for i in range(self.rowCount())]
        if step < 0:
            shown.reverse()
        start = shown.index(position) + 1 if position in shown else 0
        rows = self.sourceModel().rows
        return next((each for each in shown[start:] + shown[:start] if rows[each].is_open and each != position), -1)


def colour(row: WorkRow) -> str:
    """Return the background of a row's grade."""
    if row.by_hand:
        return "#d5e8c8"
    return SURE_COLOUR if row.grade <= 2 else UNSURE_COLOUR if row.is_settled else OPEN_COLOUR


def described(row) -> str:
    """Return a row as rich text: what it is, what it says, why it is here."""
    title = escape(tr("Row {n}", n=row.number))
    lines = [f"<b>{title}{': ' + escape(row.name) if row.name else ''}</b>",
             escape(row.given) or f"<i>{escape(tr('(no address)'))}</i>"]
    if row.by_hand and row.found:
        lines.append(f"→ {escape(row.found)}")
    if row.reason:
        lines.append(f"<i>{escape(row.reason)}</i>")
    return "<br>".join(lines)
