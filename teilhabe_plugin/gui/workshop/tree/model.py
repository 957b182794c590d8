"""The recipe's trees as Qt's item model; small changes are shown in place, so that nothing collapses or scrolls."""
from __future__ import annotations

import json

from qgis.PyQt.QtCore import QAbstractItemModel, QMimeData, QModelIndex, Qt
from qgis.PyQt.QtGui import QFont

from ....translation import tr
from .rows import Row, percent_text, rows_of

NAME, SHARE, OVERALL, MARK = range(4)
#: what is dragged within the tree, and from the pool into it
PARTS, INDICATORS = "application/x-teilhabe-parts", "application/x-teilhabe-indicators"
#: share of 0…1 for the bar; True for the node on the map; "fault", "deviation" or ""
BarRole, OnMapRole, MarkRole = (Qt.ItemDataRole.UserRole + number for number in (1, 2, 3))


class TreeModel(QAbstractItemModel):
    """Indices, sub-indices and indicators.

    Parameters
    ----------
    session : Session
    edits : Edits
    parent : QObject, optional
    """

    def __init__(self, session, edits, parent=None):
        super().__init__(parent)
        self.session, self.edits = session, edits
        self.rows: list[Row] = rows_of(session)
        self.bold = QFont()
        self.bold.setBold(True)

    # following the session -------------------------------------------------------------------------------------

    def follow(self) -> bool:
        """Show the recipe as it is now; return True when rows came, went or moved."""
        rows = rows_of(self.session)
        if [(each.path, each.key) for each in rows] != [(each.path, each.key) for each in self.rows]:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
            return True
        before, self.rows = self.rows, rows
        for old, new in zip(before, rows):
            if old.shown() != new.shown():
                first = SHARE if old.title == new.title else NAME
                self.dataChanged.emit(self.createIndex(new.place, first, new.number),
                                      self.createIndex(new.place, MARK, new.number))
        return False

    def mark_node(self) -> None:
        """Draw anew which node is on the map."""
        for row in self.rows:
            if not row.is_leaf:
                place = self.index_of(row.path)
                self.dataChanged.emit(place, place)

    # rows ------------------------------------------------------------------------------------------------------

    def row(self, index: QModelIndex) -> Row | None:
        """Return the row of an index."""
        number = index.internalId() if index.isValid() else -1
        return self.rows[number] if 0 <= number < len(self.rows) else None

    def index_of(self, path: tuple, column: int = NAME) -> QModelIndex:
        """Return the index of a path."""
        row = next((each for each in self.rows if each.path == tuple(path)), None)
        return self.createIndex(row.place, column, row.number) if row is not None else QModelIndex()

    def index_of_key(self, key: tuple, column: int = NAME) -> QModelIndex:
        """Return the index of the row with a key, see `Row`."""
        row = next((each for each in self.rows if each.key == tuple(key)), None)
        return self.createIndex(row.place, column, row.number) if row is not None else QModelIndex()

    def index(self, place, column, parent=None):
        above = self.row(parent) if parent is not None else None
        children = self._roots() if above is None else above.children
        if 0 <= place < len(children) and 0 <= column < self.columnCount():
            return self.createIndex(place, column, children[place].number)
        return QModelIndex()

    def parent(self, index):
        row = self.row(index)
        above = row.parent if row is not None else None
        return self.createIndex(above.place, NAME, above.number) if above is not None else QModelIndex()

    def rowCount(self, parent=None):
        if parent is None or not parent.isValid():
            return len(self._roots())
        row = self.row(parent)
        return len(row.children) if row is not None and parent.column() == NAME else 0

    def columnCount(self, parent=None):
        return 4

    def _roots(self) -> list[Row]:
        return [each for each in self.rows if each.parent is None]

    # what is shown ---------------------------------------------------------------------------------------------

    def headerData(self, section, orientation, role=Qt.ItemDataRole.DisplayRole):
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (tr("Name"), tr("Share"), tr("In all"), "")[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return (tr("Indices, sub-indices and indicators of the recipe"),
                    tr("Share among the parts of the same index or sub-index; type a number to change it"),
                    tr("Share in the whole index"), tr("Deviations from the default, and faults"))[section]
        return None

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        row = self.row(index)
        if row is None:
            return None
        column = index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            if column == SHARE and role == Qt.ItemDataRole.EditRole:
                return None if row.share is None else 100 * row.share
            return (row.title, percent_text(row.share), percent_text(row.overall), "")[column]
        if role == Qt.ItemDataRole.TextAlignmentRole and column in (SHARE, OVERALL):
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.FontRole and column == NAME and row.parent is None:
            return self.bold
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.words(row, column)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return self.spoken(row, column, role)
        if role == BarRole and column == SHARE:
            return row.share
        if role == OnMapRole and column == NAME and not row.is_leaf:
            return row.node_id == self.session.node
        if role == MarkRole and column == MARK:
            return "fault" if row.fault else "deviation" if row.marks else ""
        return None

    def words(self, row: Row, column: int) -> str:
        """Return a row's tooltip."""
        lines = [row.title, row.note] if column in (NAME, MARK) else []
        if column in (SHARE, OVERALL) and row.share is not None:
            lines = [tr("{share} of “{parent}”, {overall} of the whole index", share=percent_text(row.share),
                        parent=row.parent.title, overall=percent_text(row.overall))]
            if not row.is_stated:
                lines.append(tr("This share comes from the data or the weighting of “{parent}”.",
                                parent=row.parent.title))
        if row.marks and column in (NAME, MARK):
            lines.append(tr("Not as by default:"))
            lines += [f"• {mark}" for mark in row.marks]
        if row.fault:
            lines.append(row.fault)
        if column == NAME and not row.is_leaf:
            lines.append(tr("It is on the map.") if row.node_id == self.session.node else
                         tr("Double-click or Enter: show it on the map."))
        return "\n".join(lines)

    def spoken(self, row: Row, column: int, role) -> str:
        """Return what a screen reader says."""
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return self.words(row, column)
        if column == MARK:
            return row.fault or ("; ".join(row.marks) and tr("not as by default: {marks}", marks="; ".join(row.marks)))
        text = (row.title, percent_text(row.share), percent_text(row.overall))[column]
        if column == NAME and row.node_id and row.node_id == self.session.node:
            return tr("{title}, on the map", title=text)
        return text

    # changing --------------------------------------------------------------------------------------------------

    def flags(self, index):
        row = self.row(index)
        if row is None:
            return Qt.ItemFlag.ItemIsDropEnabled
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled
        if not row.is_leaf:
            flags |= Qt.ItemFlag.ItemIsDropEnabled
        if index.column() == NAME or (index.column() == SHARE and self.can_share(row)):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def can_share(self, row: Row) -> bool:
        """Say whether the share of a row can be set."""
        return row.share is not None and row.is_stated and len(row.parent.children) > 1

    def setData(self, index, value, role=Qt.ItemDataRole.EditRole):
        row = self.row(index)
        if row is None or role != Qt.ItemDataRole.EditRole:
            return False
        if index.column() == NAME:
            return self.edits.rename(row.path, str(value))
        if index.column() == SHARE and self.can_share(row):
            if round(100 * row.share, 1) == round(float(value), 1):
                return False  # the editor was left as it was
            return self.edits.set_share(row.path, float(value) / 100, self.locked_siblings(row))
        return False

    def locked_siblings(self, row: Row) -> list[int]:
        """Return the positions of the siblings whose shares are locked."""
        return [each.place for each in row.parent.children if each.key in self.edits.locked and each is not row]

    # drag and drop ---------------------------------------------------------------------------------------------

    def supportedDropActions(self):
        return Qt.DropAction.MoveAction | Qt.DropAction.CopyAction

    def supportedDragActions(self):
        return Qt.DropAction.MoveAction

    def mimeTypes(self):
        return [PARTS, INDICATORS]

    def mimeData(self, indexes):
        data = QMimeData()
        paths = sorted({self.row(each).path for each in indexes})
        data.setData(PARTS, json.dumps(paths).encode())
        return data

    def canDropMimeData(self, data, action, row, column, parent):
        target = self.row(parent)
        if data.hasFormat(INDICATORS):
            return target is not None and not target.is_leaf
        if not data.hasFormat(PARTS):
            return False
        paths = [tuple(path) for path in json.loads(bytes(data.data(PARTS)))]
        into = target.path if target is not None else ()
        return all(into[:len(path)] != path and (len(path) == 1) == (not into) for path in paths)

    def dropMimeData(self, data, action, row, column, parent):
        if not self.canDropMimeData(data, action, row, column, parent):
            return False
        target = self.row(parent)
        into = target.path if target is not None else ()
        if data.hasFormat(INDICATORS):
            return self.edits.add(json.loads(bytes(data.data(INDICATORS))), into, row)
        return self.edits.move([tuple(path) for path in json.loads(bytes(data.data(PARTS)))], into, row)
