"""The left panel of the workshop: the tree, below it the properties of what is selected and the pool."""
from __future__ import annotations

from qgis.PyQt.QtCore import QSize, Qt, QTimer
from qgis.PyQt.QtWidgets import QSplitter, QTabWidget, QToolButton, QVBoxLayout, QWidget

from ....translation import tr
from ..pool.panel import PoolPanel
from ..properties.panel import PropertiesPanel
from .edits import Edits
from .view import TreeView

#: of the height that tree and properties have at first
PARTS = (55, 45)
#: of properties and pool that have room at least
LINES = 3
#: Qt's own greatest height
_ANY_HEIGHT = 16777215


class Pages(QTabWidget):
    """Tabs that become low while a message needs the room: else a low window would grow beyond its screen."""

    def minimumSizeHint(self):
        lowest = self.tabBar().sizeHint().height() + LINES * self.fontMetrics().height()
        return QSize(super().minimumSizeHint().width(), lowest)


class TreePanel(QWidget):
    """Tree, properties and pool of a session's recipe.

    Parameters
    ----------
    session : Session
    parent : QWidget, optional
    """

    def __init__(self, session, parent=None):
        super().__init__(parent)
        self.session = session
        self.edits = Edits(session, self)
        self.tree = TreeView(session, self.edits)
        self.properties = PropertiesPanel(session, self.edits)
        self.pool = PoolPanel(session)
        self.tabs = Pages()
        self.tabs.setDocumentMode(True)
        for each in (self.tabs, self.tabs.tabBar()):
            each.setAccessibleName(tr("Properties and more indicators"))
        self.tabs.addTab(self.properties, tr("Properties"))
        self.tabs.addTab(self.pool, tr("More indicators"))
        self.tabs.setTabToolTip(1, tr("Indicators of the catalogue and columns of the layer that are not in the tree"))
        self.fold = QToolButton()
        self.fold.setAutoRaise(True)
        self.fold.setCheckable(True)
        self.fold.toggled.connect(self._folded)
        self.tabs.setCornerWidget(self.fold)
        self.tabs.tabBarClicked.connect(lambda _place: self.fold.setChecked(False))
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.addWidget(self.tree)
        self.splitter.addWidget(self.tabs)
        self.splitter.setChildrenCollapsible(False)
        for place, part in enumerate(PARTS):
            self.splitter.setStretchFactor(place, part)
        self.sizes = [10 * part for part in PARTS]
        self._folded(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.splitter)
        self.tree.chosen.connect(self._chosen)
        self.tree.catalogue_wanted.connect(self._open_catalogue)
        self.pool.chosen.connect(self._add)
        self.tabs.currentChanged.connect(lambda _place: self._show_front())
        session.opened.connect(self._opened)
        session.recipe_changed.connect(self._changed)
        session.computed.connect(self._computed)
        session.node_changed.connect(self.tree.rows.mark_node)
        session.closed.connect(self._opened)
        self._seen = None
        self.later = QTimer(self)
        self.later.setSingleShot(True)
        self.later.setInterval(0)
        self.later.timeout.connect(self._follow)
        self._opened()

    def resizeEvent(self, event):
        super().resizeEvent(event)
        bar = self.tabs.tabBar()
        for text in (tr("More indicators"), tr("More …")):
            self.tabs.setTabText(1, text)
            if bar.sizeHint().width() + self.fold.sizeHint().width() <= self.width():
                break

    def _folded(self, is_folded: bool) -> None:
        """Leave the whole height to the tree, or share it as before."""
        if is_folded:
            self.sizes = self.splitter.sizes()
        self.fold.setArrowType(Qt.ArrowType.UpArrow if is_folded else Qt.ArrowType.DownArrow)
        text = tr("Unfold the properties") if is_folded else tr("Fold the properties: more room for the tree")
        self.fold.setToolTip(text)
        self.fold.setAccessibleName(text)
        self.tabs.setMaximumHeight(self.tabs.tabBar().sizeHint().height() if is_folded else _ANY_HEIGHT)
        self.tabs.currentWidget().setVisible(not is_folded)
        if not is_folded:
            self.splitter.setSizes(self.sizes)

    # following the session -------------------------------------------------------------------------------------

    def _opened(self) -> None:
        self.edits.locked.clear()
        self.tree.follow()
        self.tree.open_first()
        self.tabs.setEnabled(self.session.is_open)
        if self.session.is_open:
            self.tree.select_paths([(0,)])
        self._chosen()

    def _changed(self) -> None:
        """Follow a change; while a slider is drawn the map comes first."""
        self._seen = self.session.result
        if self.edits.in_hand:
            self.later.start()
        else:
            self._follow()

    def _follow(self) -> None:
        self.later.stop()
        self._seen = self.session.result
        self.tree.follow()
        self.tree.open_fault()
        self._chosen()

    def _computed(self) -> None:
        """Follow another year or catalogue; what an edit changed has been followed already."""
        if not self.later.isActive() and (self.session.result is not self._seen or self.session.fault is not None):
            self._follow()

    def _chosen(self) -> None:
        self._show_front()
        row = self.tree.current_row()
        node = row if row is None or not row.is_leaf else row.parent
        self.pool.show_target(node.title if node is not None else "")

    def _show_front(self) -> None:
        """Bring what is in front up to date; the other follows when it is seen."""
        if self.tabs.currentWidget() is self.pool:
            self.pool.follow()
        else:
            self.properties.show_row(self.tree.current_row() if self.session.is_open else None,
                                     len(self.tree.selected_paths()))

    def show_fault(self) -> None:
        """Select what is at fault and say why it cannot be computed."""
        fault = self.session.fault
        self.fold.setChecked(False)
        self.tabs.setCurrentWidget(self.properties)
        self.tree.open_fault()
        if fault is not None and fault.path is not None:
            self.tree.select_paths([fault.path])
        self._show_front()
        self.properties.verticalScrollBar().setValue(0)

    # doing -----------------------------------------------------------------------------------------------------

    def _add(self, indicators: list[dict]) -> None:
        row = self.tree.current_row()
        if row is None:
            parent, position = (0,), -1
        elif row.is_leaf:
            parent, position = row.path[:-1], row.path[-1] + 1
        else:
            parent, position = row.path, -1
        self.edits.add(indicators, parent, position)

    def _open_catalogue(self, number: str) -> None:
        show = getattr(self.session.workshop, "open_catalogue", None)
        if show is not None:
            show(number)

    # state -----------------------------------------------------------------------------------------------------

    def state(self) -> dict:
        """Return what is kept until the next time, as JSON values."""
        sizes = self.sizes if self.fold.isChecked() else self.splitter.sizes()
        return {"sizes": sizes, "tab": self.tabs.currentIndex(), "folded": self.fold.isChecked()}

    def restore(self, state: dict) -> None:
        """Put back what `state` returned."""
        sizes = state.get("sizes")
        if isinstance(sizes, list) and len(sizes) == 2 and all(isinstance(each, int) for each in sizes):
            self.splitter.setSizes(sizes)
        if state.get("tab") in (0, 1):
            self.tabs.setCurrentIndex(state["tab"])
        self.fold.setChecked(state.get("folded") is True)
