"""The tree of the workshop: selecting, dragging, keys and the menu; what is shown comes from `tree_model`."""
from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QEvent, QItemSelectionModel, QModelIndex, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QKeySequence
from qgis.PyQt.QtWidgets import QAbstractItemView, QAction, QDoubleSpinBox, QHeaderView, QInputDialog, QMenu, QTreeView

from ....translation import tr
from .delegate import LowDelegate, MarkDelegate, NameDelegate, ShareDelegate
from .model import MARK, NAME, OVERALL, SHARE, TreeModel

#: margins of a name
_ROOM = 18
#: rows that have room at least
LINES = 3
#: rows that are all opened at first
FEW = 15
_CTRL = Qt.KeyboardModifier.ControlModifier


class TreeView(QTreeView):
    """Tree of a recipe.

    Signals
    -------
    chosen()
        Another row is selected, or other rows are.
    catalogue_wanted(str)
        Number of an indicator to be shown in the catalogue.
    """

    chosen = pyqtSignal()
    catalogue_wanted = pyqtSignal(str)

    def __init__(self, session, edits, parent=None):
        super().__init__(parent)
        self.session, self.edits = session, edits
        self.rows = TreeModel(session, edits, self)
        self.setModel(self.rows)
        self.setAccessibleName(tr("Index and indicators"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDropIndicatorShown(True)
        self.setAutoExpandDelay(600)
        self.setExpandsOnDoubleClick(False)
        self.setWordWrap(True)
        self.setIndentation(12)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.names = NameDelegate(self)
        self.setItemDelegateForColumn(NAME, self.names)
        self.setItemDelegateForColumn(SHARE, ShareDelegate(self))
        self.setItemDelegateForColumn(OVERALL, LowDelegate(self))
        self.setItemDelegateForColumn(MARK, MarkDelegate(self))
        self._set_header()
        self._make_actions()
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(lambda point: self.menu().exec(self.viewport().mapToGlobal(point)))
        self.selectionModel().selectionChanged.connect(lambda *_rows: self.chosen.emit())
        edits.placed.connect(self.select_paths)
        self._span()
        self.expandAll()

    def minimumSizeHint(self):
        lines = LINES * (self.fontMetrics().height() + 8) + self.header().sizeHint().height()
        return QSize(super().minimumSizeHint().width(), lines)

    def _set_header(self) -> None:
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column in (SHARE, OVERALL, MARK):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
        header.sectionResized.connect(self._resized)
        self.fit_columns()

    def fit_columns(self) -> None:
        """Make the columns of numbers as wide as their widest text."""
        metrics = self.fontMetrics()
        header = self.header().fontMetrics()
        for column, widest in ((SHARE, "99,9 %"), (OVERALL, "99,9 %")):
            words = self.rows.headerData(column, Qt.Orientation.Horizontal)
            self.setColumnWidth(column, max(metrics.horizontalAdvance(widest) + 10,
                                            header.horizontalAdvance(words) + 10))
        self.setColumnWidth(MARK, metrics.height() + 2)
        self._overall = max(self.columnWidth(OVERALL), getattr(self, "_overall", 0))
        self._fit_overall()

    def _span(self) -> None:
        """Give the names of indices the whole row; they have no share."""
        for place in range(self.rows.rowCount()):
            self.setFirstColumnSpanned(place, QModelIndex(), True)

    def _resized(self, column, _before, _after) -> None:
        if column == NAME:
            self.scheduleDelayedItemsLayout()

    def resizeEvent(self, event):
        super().resizeEvent(event)
        self._fit_overall()

    def _fit_overall(self) -> None:
        """Leave the shares in the whole to the tooltips where names would get too little room."""
        others = self.columnWidth(SHARE) + self.columnWidth(MARK) + self._overall
        metrics, needed = self.fontMetrics(), 0
        for row in self.rows.rows:
            if row.parent is not None:
                widest = max(metrics.horizontalAdvance(part + "-") for part in row.title.replace(" ", "-").split("-"))
                needed = max(needed, widest + len(row.path) * self.indentation()
                             + (0 if row.is_leaf else self.names.size))
        bar = self.verticalScrollBar().sizeHint().width()
        self.setColumnHidden(OVERALL, self.width() - others - bar < needed + _ROOM)

    def changeEvent(self, event):
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "names"):
            self.fit_columns()

    # what is selected ------------------------------------------------------------------------------------------

    def selected_paths(self) -> list[tuple]:
        """Return the paths of the selected rows in the tree's order."""
        return sorted(self.rows.row(each).path for each in self.selectionModel().selectedRows())

    def current_row(self):
        """Return the one selected row, else the current one, None without any."""
        chosen = self.selectionModel().selectedRows()
        return self.rows.row(chosen[0] if len(chosen) == 1 else self.currentIndex())

    def select_paths(self, paths: list[tuple]) -> None:
        """Select rows and bring the first of them into view."""
        model = self.selectionModel()
        model.clearSelection()
        for path in paths:
            model.select(self.rows.index_of(path), QItemSelectionModel.SelectionFlag.Select
                         | QItemSelectionModel.SelectionFlag.Rows)
        if paths:
            first = self.rows.index_of(paths[0])
            model.setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.scrollTo(first)

    def follow(self) -> None:
        """Show the recipe as it is now; what is open, selected and in view stays."""
        closed = {row.key for row in self.rows.rows if not row.is_leaf and row.children
                  and not self.isExpanded(self.rows.index_of(row.path))}
        keys = [self.rows.row(each).key for each in self.selectionModel().selectedRows()]
        current = self.rows.row(self.currentIndex())
        place = self.verticalScrollBar().value()
        if not self.rows.follow():
            return
        self._span()
        self._fit_overall()
        for row in self.rows.rows:
            if not row.is_leaf:
                self.setExpanded(self.rows.index_of(row.path), row.key not in closed)
        model = self.selectionModel()
        for key in keys:
            model.select(self.rows.index_of_key(key), QItemSelectionModel.SelectionFlag.Select
                         | QItemSelectionModel.SelectionFlag.Rows)
        if current is not None:
            model.setCurrentIndex(self.rows.index_of_key(current.key), QItemSelectionModel.SelectionFlag.NoUpdate)
        self.verticalScrollBar().setValue(place)
        self.chosen.emit()

    def open_first(self) -> None:
        """Open everything where that are few rows, else the indices only: all dimensions are seen at once."""
        self.expandAll()
        if len(self.rows.rows) > FEW:
            self.expandToDepth(0)

    def open_fault(self) -> None:
        """Open what hides the row that is at fault."""
        path = self.session.fault.path if self.session.fault is not None else None
        for depth in range(1, len(path or ())):
            self.expand(self.rows.index_of(path[:depth]))

    def look_at(self, index=None) -> None:
        """Show a node on the map; for an indicator the node that it belongs to."""
        row = self.rows.row(self.currentIndex() if index is None else index)
        if row is not None:
            self.session.look_at(row.node_id or row.parent.node_id)

    # actions ---------------------------------------------------------------------------------------------------

    def _make_actions(self) -> None:
        self.show_action = self._action(tr("Show on map"), self.look_at)
        self.rename_action = self._action(tr("Rename"), self.rename, QKeySequence(Qt.Key.Key_F2))
        self.add_action = self._action(tr("Add sub-index …"), self.add_node)
        self.add_index_action = self._action(tr("Add index …"), self.add_index)
        self.group_action = self._action(tr("Group …"), self.group, QKeySequence("Ctrl+G"))
        self.dissolve_action = self._action(tr("Dissolve"), self.dissolve)
        self.equal_action = self._action(tr("Equal weights"), self.equal_weights)
        self.double_action = self._action(tr("Double the weight"), lambda: self.scale_weight(2))
        self.halve_action = self._action(tr("Halve the weight"), lambda: self.scale_weight(0.5))
        self.remove_action = self._action(tr("Remove"), self.remove, QKeySequence(Qt.Key.Key_Delete))
        self.catalogue_action = self._action(tr("Open in the catalogue"), self.open_in_catalogue)

    def _action(self, text: str, do, keys=None) -> QAction:
        action = QAction(text, self)
        if keys is not None:
            action.setShortcut(keys)
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _checked=False: do())
        self.addAction(action)
        return action

    def menu(self) -> QMenu:
        """Return the menu of what is selected; what is not possible is grey."""
        row, paths = self.current_row(), self.selected_paths()
        parts = [path for path in paths if len(path) > 1]
        one = row is not None and len(paths) <= 1
        self.show_action.setEnabled(row is not None)
        self.rename_action.setEnabled(one)
        self.add_action.setEnabled(one)
        self.add_index_action.setEnabled(self.session.is_open)
        self.group_action.setEnabled(bool(parts) and len(parts) == len(paths))
        self.dissolve_action.setEnabled(one and not row.is_leaf and row.parent is not None)
        owner = row if one and not row.is_leaf else row.parent if one else None
        self.equal_action.setEnabled(owner is not None and len(owner.children) > 1)
        for action in (self.double_action, self.halve_action):
            action.setEnabled(one and self.rows.can_share(row))
        self.remove_action.setEnabled(bool(paths))
        self.catalogue_action.setEnabled(bool(one and self._number(row)))
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.addAction(self.show_action)
        menu.addSeparator()
        for action in (self.double_action, self.halve_action, self.equal_action):
            menu.addAction(action)
        menu.addSeparator()
        menu.addAction(self.rename_action)
        for action in (self.group_action, self.dissolve_action, self.add_action, self.add_index_action):
            menu.addAction(action)
        menu.addSeparator()
        menu.addAction(self.catalogue_action)
        menu.addSeparator()
        self.remove_action.setIcon(QgsApplication.getThemeIcon("/mActionDeleteSelected.svg"))
        menu.addAction(self.remove_action)
        return menu

    def ask_title(self, title: str, proposal: str) -> str:
        """Ask for a name; "" when the user does not want to."""
        text, done = QInputDialog.getText(self, title, tr("Name"), text=proposal)
        return text.strip() if done else ""

    def rename(self) -> None:
        """Edit the name in its place."""
        row = self.current_row()
        if row is not None:
            self.edit(self.rows.index_of(row.path))

    def add_node(self) -> None:
        """Add an empty sub-index below the selected node, or beside the selected indicator."""
        row = self.current_row()
        if row is not None:
            title = self.ask_title(tr("Add sub-index"), tr("New sub-index"))
            if title:
                self.edits.add_node(row.path if not row.is_leaf else row.path[:-1], title)

    def add_index(self) -> None:
        """Add an empty index."""
        title = self.ask_title(tr("Add index"), tr("New index"))
        if title:
            self.edits.add_node((), title)

    def group(self) -> None:
        """Put the selected parts together."""
        paths = self.selected_paths()
        if paths and all(len(path) > 1 for path in paths):
            title = self.ask_title(tr("Group"), tr("New sub-index"))
            if title:
                self.edits.group(paths, title)

    def dissolve(self) -> None:
        """Put the parts of the selected sub-index in its place."""
        row = self.current_row()
        if row is not None:
            self.edits.dissolve(row.path)

    def equal_weights(self) -> None:
        """Give the parts of the selected node, or the siblings of the selected indicator, equal weights."""
        row = self.current_row()
        if row is not None:
            self.edits.equal_weights(row.path if not row.is_leaf else row.path[:-1])

    def scale_weight(self, factor: float) -> None:
        """Let the selected part count twice or half as much among its siblings."""
        row = self.current_row()
        if row is not None and self.rows.can_share(row):
            self.edits.scale_share(row.path, factor, self.rows.locked_siblings(row))

    def remove(self) -> None:
        """Remove what is selected."""
        paths = self.selected_paths()
        if not paths:
            return
        above = paths[0][:-1]
        if self.edits.remove(paths) and above:
            key = self.rows.index_of((*above, max(paths[0][-1] - 1, 0)))
            self.setCurrentIndex(key if key.isValid() else self.rows.index_of(above))

    def open_in_catalogue(self) -> None:
        """Show the selected indicator in the catalogue."""
        row = self.current_row()
        if row is not None and self._number(row):
            self.catalogue_wanted.emit(self._number(row))

    def _number(self, row) -> str:
        if row is None or not row.is_leaf:
            return ""
        indicators = self.session.document["indicators"]
        return next((each.get("catalogue", "") for each in indicators if each["id"] == row.key[1]), "")

    # mouse and keys --------------------------------------------------------------------------------------------

    def mousePressEvent(self, event):
        index = self.indexAt(event.pos())
        if event.button() == Qt.MouseButton.LeftButton and index.column() == NAME \
                and self.names.eye_at(index, event.pos()):
            self.look_at(index)
            event.accept()
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event):
        index = self.indexAt(event.pos())
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            if index.column() == SHARE and self.rows.flags(index) & Qt.ItemFlag.ItemIsEditable:
                self.edit(index)
            else:
                self.look_at(index)
            event.accept()
            return
        super().mouseDoubleClickEvent(event)

    def type_share(self, index, digit: str) -> None:
        """Begin to edit a share with its first digit."""
        self.edit(index)
        editor = self.viewport().findChild(QDoubleSpinBox)
        if editor is not None:
            editor.lineEdit().setText(digit)

    def keyPressEvent(self, event):
        row = self.current_row()
        if row is None or self.state() == QAbstractItemView.State.EditingState:
            super().keyPressEvent(event)
            return
        key = event.key()
        moves = {Qt.Key.Key_Up: lambda: self.edits.nudge(row.path, -1),
                 Qt.Key.Key_Down: lambda: self.edits.nudge(row.path, 1),
                 Qt.Key.Key_Left: lambda: self.edits.step_out(row.path),
                 Qt.Key.Key_Right: lambda: self.edits.step_in(row.path)}
        share = self.rows.index_of(row.path, SHARE)
        if event.modifiers() & _CTRL and key in moves:
            moves[key]()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.look_at()
        elif event.text().isdigit() and not event.modifiers() & _CTRL and self.rows.can_share(row):
            self.type_share(share, event.text())
        else:
            super().keyPressEvent(event)
            return
        event.accept()
