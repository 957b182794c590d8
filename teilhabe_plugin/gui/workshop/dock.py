"""The index workshop: the panel left of the map holds the recipe, that on the right the evaluations."""
from __future__ import annotations

from qgis.core import Qgis, QgsProject
from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QDockWidget, QPushButton

from ... import paths
from ...translation import tr
from ..base_dialog import USUAL_DPI
from ..errors import expected, in_words
from .area_tool import AreaTool
from .files.menu import FilesMenu
from .files.project import ProjectState
from .files.writing import Writing
from .keys import Keys
from .layer_edits import LayerEdits
from .panel_parts import keep_state, kept_state
from .preview import PreviewMap, remove_leftovers
from .recipe_panel import RecipePanel
from .results_dock import WIDTH as RESULTS_WIDTH
from .results_dock import ResultsDock
from .room import Room, unchanged_size
from .selected_areas import SelectedAreas
from .session import Session
from .starting import first_layer, fitted, start_with

#: of the panel at first, for letters of the usual size
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
        self.panel = RecipePanel(self.session, self.files)
        self.setWidget(self.panel)
        self.bar, self.areas, self.tree = self.panel.bar, self.panel.areas, self.panel.tree
        self.apply, self.status = self.panel.apply, self.panel.status
        self.writing.add_to(self.panel.above_buttons, self.panel.buttons)
        self.results = ResultsDock(self.session, iface.mainWindow())
        self.results.setWindowIcon(self.windowIcon())
        self.keys = Keys((self, self.results), self.files.actions["save"], self.panel.undo, self.panel.redo)
        self.tool = AreaTool(self.canvas, self.preview)
        self.outline = SelectedAreas(self.canvas, self.preview)
        self.edits = LayerEdits(self._edited, self)
        self._connect()
        self.room = Room(iface.mainWindow())
        self.room.make(iface.mainWindow().findChild(QDockWidget, "Layers"))
        with unchanged_size(iface.mainWindow()):
            iface.addTabifiedDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self, ["Layers"], True)
            iface.addTabifiedDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.results, ["teilhabeSteps"], True)
        letters = self.logicalDpiX() / USUAL_DPI
        widths = [round(each * max(letters, 1)) for each in (WIDTH, RESULTS_WIDTH)]
        iface.mainWindow().resizeDocks([self, self.results], widths, Qt.Orientation.Horizontal)
        remove_leftovers(QgsProject.instance())
        self._restore_state()
        self.begin()

    # signals ---------------------------------------------------------------------------------------------------

    def _signals(self):
        project, session = QgsProject.instance(), self.session
        return (
            (session.opened, self._opened), (session.computed, self._computed), (session.node_changed, self._computed),
            (session.selected, self._selected), (session.state_changed, self.panel.show_state),
            (session.recipe_changed, self.panel.show_choices), (session.closed, self._closed),
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
        # by hand only: while layers go or a project is read, the box chooses by itself and nothing may be added
        self.areas.activated.connect(lambda _row: self._areas_chosen(self.areas.currentLayer()))
        panel = self.panel
        panel.node.activated.connect(lambda _row: self.session.look_at(panel.node.currentData()))
        panel.year.activated.connect(lambda _row: self.session.set_year(panel.year.currentData()))
        for signal, do in ((panel.undo.triggered, self.session.undo), (panel.redo.triggered, self.session.redo),
                           (panel.ask.triggered, self._toggle_tool), (panel.evaluation.triggered, self.show_results),
                           (panel.catalogue.triggered, self.open_catalogue),
                           (panel.apply.clicked, self.writing.write), (panel.help.clicked, self.files.show_help)):
            signal.connect(lambda _checked=False, do=do: do())

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
            own = fitted(document, layer)
            if own is document:
                self.session.open(layer, document, **origin)
            else:
                self.session.open(layer, own, template=own)
                self.tell(tr("This recipe names the field “{there}” as key of the areas, which the layer does not "
                             "have. “{here}” is taken instead; save the recipe under a name of its own.",
                             there=document.get("area_key"), here=own["area_key"]), Qgis.MessageLevel.Info)
        except expected() as error:
            self.tell(in_words(error), Qgis.MessageLevel.Critical)

    def _areas_chosen(self, layer) -> None:
        if layer is None or layer.id() in (self.session.layer_id, self.preview.layer_id):
            return
        try:
            if self.session.is_open:
                origin = self.session.origin
                self.session.open(layer, origin.document, file=origin.file, template=origin.template,
                                  folder=origin.folder, year=self.session.year, node=self.session.node,
                                  working=self.session.document)
            else:
                self.begin_with(layer)
        except expected() as error:
            self.tell(in_words(error), Qgis.MessageLevel.Critical)

    # what is shown ---------------------------------------------------------------------------------------------

    def _opened(self) -> None:
        session, layer = self.session, self.session.layer()
        self.bar.clearWidgets()
        if session.recipe is not None:
            self.preview.open(layer, session.keys, session.names, session.name_columns[0])
        self.panel.show_areas(layer, self.preview.layer())
        self.panel.show_choices()
        self.canvas.setMapTool(self.tool)
        self.outline.begin()
        self.room.make(self)
        self.edits.follow(layer)

    def _computed(self) -> None:
        view = self.session.view()
        if view is not None:  # with a fault it is that of the last valid state
            self.preview.show(view)
        self.panel.show_node()
        self.panel.show_counts(self.writing.is_running())

    def _closed(self) -> None:
        self.edits.stop()
        self.preview.clear()
        self._show_empty()

    def _show_empty(self) -> None:
        self.outline.end()
        self.panel.show_empty()
        self.room.give_back()

    def tell(self, text: str, level=Qgis.MessageLevel.Warning, button: QPushButton | None = None) -> None:
        """Show one message in the panel, with a button where there is something to do about it."""
        self.bar.tell(text, level, button)

    # selection and map tool ------------------------------------------------------------------------------------

    def _selected(self) -> None:
        self.preview.select(self.session.selection)
        self.outline.show(self.session.selection)

    def _clicked(self, row: int, more: bool) -> None:
        chosen = set(self.session.selection) if more else set()
        if row >= 0:
            chosen ^= {row}
        self.session.select(chosen)
        if row >= 0 and not more:
            self.show_tab("why")

    def _toggle_tool(self) -> None:
        if self.panel.ask.isChecked():
            self.canvas.setMapTool(self.tool)
        else:
            self.canvas.unsetMapTool(self.tool)

    def _tool_set(self, tool, _before=None) -> None:
        self.panel.ask.setChecked(tool is self.tool)

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

    def _edited(self) -> None:
        """Compute anew with what the layer holds now."""
        try:
            self.session.reload()
        except expected() as error:
            self.tell(in_words(error), Qgis.MessageLevel.Critical)

    def _layers_going(self, ids) -> None:
        self.preview.forget(ids)
        if self.session.layer_id in ids:
            self.session.close()

    def _project_cleared(self) -> None:
        self.arriving.stop()  # what had been added is gone; to begin anew would wipe off what has been said
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
            self.edits.stop()
            self.outline.end()
            self.preview.clear()
            self.room.give_back()
            self.iface.removeDockWidget(self.results)
            self.results.close()
            self.results.deleteLater()
            self.tool.deleteLater()
        super().closeEvent(event)
