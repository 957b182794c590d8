"""The left panel of the workshop: the tree, below it the properties of what is selected and the pool."""
from __future__ import annotations

from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtWidgets import QSplitter, QTabWidget, QVBoxLayout, QWidget

from ....translation import tr
from ..pool.panel import PoolPanel
from ..properties.panel import PropertiesPanel
from .edits import Edits
from .view import TreeView


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
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName(tr("Properties and more indicators"))
        self.tabs.addTab(self.properties, tr("Properties"))
        self.tabs.addTab(self.pool, tr("More indicators"))
        self.tabs.setTabToolTip(1, tr("Indicators of the catalogue and columns of the layer that are not in the tree"))
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.addWidget(self.tree)
        self.splitter.addWidget(self.tabs)
        self.splitter.setCollapsible(0, False)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([550, 450])
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
            if bar.sizeHint().width() <= self.width():
                break

    # following the session -------------------------------------------------------------------------------------

    def _opened(self) -> None:
        self.edits.locked.clear()
        self.tree.follow()
        self.tree.expandAll()
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
        return {"sizes": self.splitter.sizes(), "tab": self.tabs.currentIndex()}

    def restore(self, state: dict) -> None:
        """Put back what `state` returned."""
        sizes = state.get("sizes")
        if isinstance(sizes, list) and len(sizes) == 2 and all(isinstance(each, int) for each in sizes):
            self.splitter.setSizes(sizes)
        if state.get("tab") in (0, 1):
            self.tabs.setCurrentIndex(state["tab"])
