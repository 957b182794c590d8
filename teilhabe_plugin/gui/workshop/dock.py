"""The index workshop: the panel left of the map holds the recipe, that on the right the evaluations."""
from __future__ import annotations

from qgis.core import Qgis, QgsApplication, QgsMapLayerProxyModel, QgsProject
from qgis.gui import QgsDockWidget, QgsMapLayerComboBox
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtGui import QIcon, QKeySequence
from qgis.PyQt.QtWidgets import (
    QAction,
    QComboBox,
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from ... import paths
from ...translation import tr
from ..errors import expected, in_words
from .area_tool import AreaTool
from .files.menu import FilesMenu
from .files.project import ProjectState
from .files.writing import Writing
from .keys import Keys
from .panel_parts import MessageArea, keep_state, kept_state, labelled
from .preview import PreviewMap, remove_leftovers
from .results_dock import WIDTH as RESULTS_WIDTH
from .results_dock import ResultsDock
from .room import Room, unchanged_size
from .session import Session
from .starting import first_layer, start_with
from .tree.panel import TreePanel
from .view import choices

#: of the panel at first
WIDTH = 380
STATE = "teilhabe/workshop/state"
#: property that is set when the plugin goes: nobody is asked, the working state is kept
UNLOADING = "teilhabeUnloading"


class WorkshopDock(QgsDockWidget):
    """Recipe, map and evaluations; the result is written by “Apply” only.

    Parameters
    ----------
    iface : QgisInterface
    """

    def __init__(self, iface):
        super().__init__(tr("Index workshop"), iface.mainWindow())
        self.iface, self.canvas = iface, iface.mapCanvas()
        self.setObjectName("teilhabeWorkshop")
        self.setWindowIcon(QIcon(str(paths.resource("icons", "workshop.svg"))))
        self.session, self.preview = Session(self), PreviewMap(self)
        self.listening = False
        self.files, self.project_state, self.writing = FilesMenu(self), ProjectState(self), Writing(self)
        self._build()
        self.results = ResultsDock(self.session, iface.mainWindow())
        self.results.setWindowIcon(self.windowIcon())
        self.results.addActions([self.undo, self.redo])
        self.keys = Keys((self, self.results), self.files.actions["save"], self.undo, self.redo)
        self.tool = AreaTool(self.canvas, self.preview)
        self._connect()
        self.room = Room(iface.mainWindow())
        self.room.make(iface.mainWindow().findChild(QDockWidget, "Layers"))
        with unchanged_size(iface.mainWindow()):
            iface.addTabifiedDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self, ["Layers"], True)
            iface.addTabifiedDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.results, ["teilhabeSteps"], True)
        iface.mainWindow().resizeDocks([self, self.results], [WIDTH, RESULTS_WIDTH], Qt.Orientation.Horizontal)
        remove_leftovers(QgsProject.instance())
        self._restore_state()
        self.begin()

    # the panel -------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        panel = QWidget()
        column = QVBoxLayout(panel)
        column.setSpacing(4)
        column.setContentsMargins(6, 4, 6, 6)
        self.bar = MessageArea()
        column.addWidget(self.bar)
        self.areas = QgsMapLayerComboBox()
        self.areas.setFilters(QgsMapLayerProxyModel.Filter.PolygonLayer)
        self.areas.setToolTip(tr("Layer with the indicators of the areas"))
        column.addLayout(labelled(tr("&Areas"), self.areas))
        self.recipe_title = QLabel()
        self.recipe_title.setTextFormat(Qt.TextFormat.PlainText)
        self.recipe_title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.tools = QToolBar()
        self.tools.setObjectName("teilhabeWorkshopTools")
        self._add_tools()
        column.addWidget(self.recipe_title)
        column.addWidget(self.tools)
        self.node = QComboBox()
        self.node.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.node.setToolTip(tr("Which index, sub-index or cross the map and the evaluations show"))
        self.year = QComboBox()
        self.year.setToolTip(tr("Year that is computed"))
        self.year.setAccessibleName(tr("Year"))
        row = labelled(tr("Map &shows"), self.node)
        row.addWidget(self.year)
        column.addLayout(row)
        self.tree = TreePanel(self.session)
        column.addWidget(self.tree, 1)
        self.status = QLabel()
        self.status.setWordWrap(True)
        column.addWidget(self.status)
        self.apply = QPushButton(tr("Apply"))
        self.apply.setToolTip(tr("Write the index as a layer: with the algorithm “Compute index” and this recipe"))
        self.help = QPushButton(tr("Help"))
        buttons = QHBoxLayout()
        buttons.addWidget(self.help)
        buttons.addStretch(1)
        buttons.addWidget(self.apply)
        self.writing.add_to(column, buttons)
        column.addLayout(buttons)
        self.setWidget(panel)

    def _add_tools(self) -> None:
        self.undo = self._action("/mActionUndo.svg", tr("Undo"), self.session.undo, QKeySequence.StandardKey.Undo)
        self.redo = self._action("/mActionRedo.svg", tr("Redo"), self.session.redo, QKeySequence.StandardKey.Redo)
        self.tools.addSeparator()
        self.files.add_to(self.tools)
        self.tools.addSeparator()
        self.ask = self._action("/mActionIdentify.svg", tr("Ask for an area: click it on the map"), self._toggle_tool)
        self.ask.setCheckable(True)
        self.catalogue = self._action("/mActionOpenTable.svg", tr("Indicator catalogue …"), self.open_catalogue)
        self.evaluation = self._action("/mActionShowPinnedLabels.svg", tr("Show the evaluations"), self.show_results)
        self.evaluation.setIcon(QIcon(str(paths.resource("icons", "ranking.svg"))))

    def _action(self, icon: str, text: str, do, keys=None) -> QAction:
        action = QAction(QgsApplication.getThemeIcon(icon), text, self)
        if keys is not None:
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self.addAction(action)
        action.triggered.connect(lambda _checked=False: do())
        self.tools.addAction(action)
        return action

    # signals ---------------------------------------------------------------------------------------------------

    def _signals(self):
        project, session = QgsProject.instance(), self.session
        return (
            (session.opened, self._opened), (session.computed, self._computed), (session.node_changed, self._computed),
            (session.selected, self._selected), (session.state_changed, self._state_changed),
            (session.recipe_changed, self._fill_choices), (session.closed, self._closed),
            (self.preview.selection_changed, self.session.select), (self.tool.clicked, self._clicked),
            (project.layersAdded, self._layers_added), (project.layersWillBeRemoved, self._layers_going),
            (project.cleared, self._project_cleared), (project.readProject, self._project_read),
            (self.canvas.mapToolSet, self._tool_set),
        )

    def _connect(self) -> None:
        for signal, slot in self._signals():
            signal.connect(slot)
        self.listening = True
        self.arriving = QTimer(self)
        self.arriving.setSingleShot(True)
        self.arriving.setInterval(150)
        self.arriving.timeout.connect(self._arrived)
        self.areas.layerChanged.connect(self._areas_chosen)
        self.areas.activated.connect(lambda _row: self._areas_chosen(self.areas.currentLayer(), True))
        self.node.activated.connect(lambda _row: self.session.look_at(self.node.currentData()))
        self.year.activated.connect(lambda _row: self.session.set_year(self.year.currentData()))
        self.apply.clicked.connect(lambda _checked=False: self.writing.write())
        self.help.clicked.connect(lambda _checked=False: self.files.show_help())

    # beginning -------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Open what the project holds: its working recipe, else that of its newest index, else one that fits."""
        project = QgsProject.instance()
        self.bar.clearWidgets()
        try:
            if self.project_state.open():
                return
            layer = first_layer(project)
            if layer is None:
                self._show_empty()
                return
            self.begin_with(layer)
        except expected() as error:
            self.tell(in_words(error), Qgis.MessageLevel.Critical)
            self._show_empty()

    def begin_with(self, layer) -> None:
        """Open a layer with the recipe that belongs to it."""
        start = start_with(layer, QgsProject.instance())
        self.session.open(start.layer, start.document, file=start.file)

    def open_document(self, document: dict, **origin) -> None:
        """Open another recipe on the same areas; see `Session.open` for what may be said about its origin."""
        layer = self.session.layer() or self.areas.currentLayer()
        if layer is None:
            self.tell(tr("Add a layer with the indicators of the areas first."), Qgis.MessageLevel.Warning)
            return
        try:
            self.session.open(layer, document, **origin)
        except expected() as error:
            self.tell(in_words(error), Qgis.MessageLevel.Critical)

    def _areas_chosen(self, layer, by_hand: bool = False) -> None:
        if layer is None or layer.id() in (self.session.layer_id, self.preview.layer_id):
            return
        try:
            if self.session.is_open:
                origin = self.session.origin
                self.session.open(layer, origin.document, file=origin.file, template=origin.template,
                                  folder=origin.folder, year=self.session.year, node=self.session.node,
                                  working=self.session.document)
            elif by_hand:  # a box that is filled anew while a project is read chooses by itself
                self.begin_with(layer)
        except expected() as error:
            self.tell(in_words(error), Qgis.MessageLevel.Critical)

    # what is shown ---------------------------------------------------------------------------------------------

    def _opened(self) -> None:
        session, layer = self.session, self.session.layer()
        self.bar.clearWidgets()
        self.areas.blockSignals(True)
        self.areas.setExceptedLayerList([])
        self.areas.setLayer(layer)
        self.areas.blockSignals(False)
        if session.recipe is not None:
            self.preview.open(layer, session.keys, session.names, session.recipe.area_key)
        self.areas.setExceptedLayerList([each for each in (self.preview.layer(),) if each is not None])
        self.canvas.setMapTool(self.tool)
        self.room.make(self)
        self._fill_choices()

    def _computed(self) -> None:
        view = self.session.view()
        if view is not None and self.session.fault is None:
            self.preview.show(view)
        self.node.setCurrentIndex(self.node.findData(self.session.node))
        self._say()

    def _say(self) -> None:
        """Say below the tree how many areas have a class, or why the map stands still."""
        session, view = self.session, self.session.view()
        if session.fault is not None:
            self.status.setText(tr("The map shows the last valid state. {fault}", fault=session.fault_text))
        elif view is not None:
            out, known = sum(each is not None for each in view.excluded), int((view.positions >= 0).sum())
            self.status.setText(tr("{known} areas with a class, {out} left out, {missing} without data", known=known,
                                   out=out, missing=len(view.positions) - known - out))
        self.apply.setEnabled(session.is_open and session.fault is None and not self.writing.is_running())

    def _fill_choices(self) -> None:
        session = self.session
        recipe = session.recipe
        if recipe is None:
            return
        wanted = choices(recipe)
        if wanted != [(self.node.itemData(i), self.node.itemText(i)) for i in range(self.node.count())]:
            self.node.clear()
            for name, title in wanted:
                self.node.addItem(title, name)
        self.node.setCurrentIndex(self.node.findData(session.node))
        if session.years != [self.year.itemData(i) for i in range(self.year.count())]:
            self.year.clear()
            for year in reversed(session.years):
                self.year.addItem(str(year), year)
        self.year.setCurrentIndex(self.year.findData(session.year))
        self.year.setVisible(len(session.years) > 1)

    def _state_changed(self) -> None:
        session = self.session
        if not session.is_open:
            return
        title = session.document.get("title") or tr("Recipe")
        file = session.path_of_file
        text = f"{title} – {file.name}" if file else title
        self.recipe_title.setText(tr("{recipe} (changed)", recipe=text) if session.is_dirty else text)
        self.recipe_title.setToolTip(str(file) if file else tr("Not saved as a file yet"))
        for action, label, words in ((self.undo, session.undo_text, tr("Undo")),
                                     (self.redo, session.redo_text, tr("Redo"))):
            action.setEnabled(bool(label))
            action.setToolTip(f"{words}: {label}" if label else words)

    def _closed(self) -> None:
        self.preview.clear()
        self._show_empty()

    def _show_empty(self) -> None:
        self.recipe_title.setText("")
        self.status.setText(tr("No layer with indicators is open. Join the tables to the areas first, or choose a "
                               "layer above."))
        self.node.clear()
        self.year.clear()
        self.apply.setEnabled(False)
        self.room.give_back()

    def tell(self, text: str, level=Qgis.MessageLevel.Warning, button: QPushButton | None = None) -> None:
        """Show one message in the panel, with a button where there is something to do about it."""
        self.bar.tell(text, level, button)

    # selection and map tool ------------------------------------------------------------------------------------

    def _selected(self) -> None:
        self.preview.select(self.session.selection)

    def _clicked(self, row: int, more: bool) -> None:
        chosen = set(self.session.selection) if more else set()
        if row >= 0:
            chosen ^= {row}
        self.session.select(chosen)
        if row >= 0 and not more:
            self.show_tab("why")

    def _toggle_tool(self) -> None:
        if self.ask.isChecked():
            self.canvas.setMapTool(self.tool)
        else:
            self.canvas.unsetMapTool(self.tool)

    def _tool_set(self, tool, _before=None) -> None:
        self.ask.setChecked(tool is self.tool)

    def show_tab(self, name: str):
        """Show an evaluation and return it."""
        self.results.setUserVisible(True)
        return self.results.show_tab(name)

    def show_results(self) -> None:
        """Bring the panel with the evaluations to the front, or close it."""
        self.results.toggleUserVisible()

    def open_catalogue(self, number: str = "") -> None:
        """Open the editor of the catalogue, at an indicator where its number is given."""
        self.files.open_catalogue(number)

    # the project -----------------------------------------------------------------------------------------------

    def _layers_added(self, _layers) -> None:
        self.arriving.start()  # results get their role just after they were added

    def _arrived(self) -> None:
        if not self.session.is_open:
            self.begin()

    def _layers_going(self, ids) -> None:
        self.preview.forget(ids)
        if self.session.layer_id in ids:
            self.session.close()

    def _project_cleared(self) -> None:
        self.preview.forget([self.preview.layer_id])
        self.session.close()

    def _project_read(self, *_document) -> None:
        remove_leftovers(QgsProject.instance())
        self.arriving.start()

    # state -----------------------------------------------------------------------------------------------------

    def _restore_state(self) -> None:
        state = kept_state(STATE)
        self.results.restore(state.get("results", {}))
        self.tree.restore(state.get("tree", {}))

    def _keep_state(self) -> None:
        keep_state(STATE, {"results": self.results.state(), "tree": self.tree.state()})

    def closeEvent(self, event):
        if self.listening:
            if not (self.property(UNLOADING) or self.files.may_close()):
                event.ignore()
                return
            self._keep_state()
            self.project_state.close()
            self.arriving.stop()
            for signal, slot in self._signals():
                signal.disconnect(slot)
            self.listening = False
            self.writing.stop()
            self.canvas.unsetMapTool(self.tool)
            self.session.blockSignals(True)
            self.preview.clear()
            self.room.give_back()
            self.iface.removeDockWidget(self.results)
            self.results.close()
            self.results.deleteLater()
            self.tool.deleteLater()
        super().closeEvent(event)
