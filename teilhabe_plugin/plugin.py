"""The plugin in QGIS's window: one table of actions drives what is added and what is taken away again."""
from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib import import_module

from qgis.core import QgsApplication, QgsSettings
from qgis.PyQt.QtCore import QCoreApplication, Qt, QTimer, QUrl
from qgis.PyQt.QtGui import QDesktopServices, QIcon
from qgis.PyQt.QtWidgets import QAction, QMenu

from . import paths
from .translation import install_translator, language, tr


@dataclass(frozen=True)
class Entry:
    """A menu and toolbar action; ``dialog`` is ``module.Class`` below ``gui``, imported at the first click."""

    name: str
    text: str
    tip: str
    icon: str
    dialog: str


def entries() -> tuple[Entry, ...]:
    """Return the action table in the user's language."""
    return (
        Entry("steps", tr("Steps"), tr("Panel that leads from the tables to the map"), "steps.svg", ""),
        Entry("join", tr("Join indicator tables …"), tr("Join tables from the departments to the areas"), "join.svg",
              "join_dialog.JoinDialog"),
        Entry("compute", tr("Compute index …"), tr("Compute sub-indices and index by a recipe"), "compute.svg",
              "compute_dialog.ComputeDialog"),
        Entry("workshop", tr("Index workshop …"),
              tr("Settle the index together: recipe, live map and evaluations side by side"), "workshop.svg",
              "workshop.dock.WorkshopDock"),
        Entry("catalogue", tr("Indicator catalogue …"), tr("Look up, change and check the indicators"),
              "catalogue.svg", "catalogue.window.CatalogueWindow"),
        Entry("style", tr("Style classes …"), tr("Colours, legend and labels for the classes"), "style.svg",
              "style_dialog.StyleDialog"),
        Entry("print", tr("Print map …"), tr("Committee map as PDF and picture"), "print.svg",
              "print_dialog.PrintDialog"),
        Entry("geocode", tr("Locate offers …"), tr("Put a list of addresses on the map by the address register"),
              "geocode.svg", "geocode_dialog.GeocodeDialog"),
        Entry("worklist", tr("Work list of addresses …"), tr("Decide about the rows that could not be located"),
              "worklist.svg", "work_list_dialog.WorkListDialog"),
        Entry("offermap", tr("Supply map …"), tr("Offers and measures as a numbered map with list"), "supply_map.svg",
              "supply_map_dialog.SupplyMapDialog"),
        Entry("supply", tr("Supply and gaps …"), tr("Where are offers missing, and for how many people?"), "supply.svg",
              "supply_dialog.SupplyDialog"),
        Entry("what_if", tr("What if …"), tr("Open, close, move and resize offers on the map and see what changes"),
              "what_if.svg", "what_if_dock.WhatIfDock"),
    )


#: whether the panel with the steps is shown; a newcomer meets it at the first start
STEPS_SHOWN = "teilhabe/steps/shown"

#: algorithms under Vector ▸ Teilhabe ▸ Evaluate, in this order; Processing's own dialogs open them.
#: None is a line between groups; an algorithm that is not registered has no entry.
EVALUATE = (
    "compareindices", "indexovertime", "indexrobustness", None,
    "countcases", "indicatorsfromcounts", "bridgeboundaries", None, "checkregister", None,
    "supplymeasures", "coveragegaps", "findsites", "supplyscenario", "spreaddemand", "computereach", None,
    "methodtext", "exportcatalogue", "importcatalogue",
)


class TeilhabePlugin:
    """Adds provider, menu, toolbar, dock and help; `unload` takes all of it away."""

    def __init__(self, iface):
        self.iface = iface
        self.actions: dict[str, QAction] = {}
        self.tools: dict[str, QAction] = {}
        self.dialogs: dict[str, object] = {}
        self.provider = self.translator = self.menu = self.toolbar = self.dock = self.help_action = None
        self.locator = None

    def initProcessing(self):  # qgis_process asks for this name
        """Register the algorithms; all that `qgis_process` needs."""
        from .processing.provider import TeilhabeProvider

        if self.translator is None:
            self.translator = install_translator()
        self.provider = TeilhabeProvider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self):  # the name QGIS asks for
        """Add everything to the window."""
        self.initProcessing()
        window = self.iface.mainWindow()
        self.menu = QMenu("Teilhabe", window)
        self.menu.setObjectName("teilhabeMenu")
        self.menu.setIcon(_icon("teilhabe.svg"))
        self.iface.vectorMenu().addMenu(self.menu)
        self.toolbar = self.iface.addToolBar("Teilhabe")
        self.toolbar.setObjectName("teilhabeToolbar")
        for entry in entries():
            action = QAction(_icon(entry.icon), entry.text, window)
            action.setObjectName(f"teilhabe_{entry.name}")
            action.setToolTip(entry.tip)
            if entry.dialog:
                action.triggered.connect(lambda _checked=False, entry=entry: self.open(entry.name))
            else:
                action.setCheckable(True)
                action.toggled.connect(self.show_dock)
            self.menu.addAction(action)
            self.toolbar.addAction(action)
            self.actions[entry.name] = action
        self._add_tools()
        self.help_action = QAction(_icon("teilhabe.svg"), "Teilhabe", window)
        self.help_action.setObjectName("teilhabe_help")
        self.help_action.triggered.connect(show_help)
        self.iface.pluginHelpMenu().addAction(self.help_action)
        from .gui.address_locator import AddressLocator

        self.locator = AddressLocator(self.iface)
        self.iface.registerLocatorFilter(self.locator)
        if QgsSettings().value(STEPS_SHOWN, True, type=bool):
            QTimer.singleShot(0, self._show_steps)  # when QGIS is up: the start does not wait for it

    def open(self, name: str):
        """Open the dialog of the action with this name, or bring it to the front; return it (None: impossible)."""
        if name not in self.dialogs:
            module, cls = next(entry.dialog for entry in entries() if entry.name == name).rsplit(".", 1)
            try:
                dialog = getattr(import_module(f".gui.{module}", __package__), cls)(self.iface)
            except ImportError as error:
                from .processing.base import missing_package

                self.iface.messageBar().pushCritical("Teilhabe", missing_package(error))
                return None
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.destroyed.connect(lambda *_: self.dialogs.pop(name, None))
            self.dialogs[name] = dialog
        return _to_front(self.dialogs[name])

    def _add_tools(self):
        """Add the algorithms without a dialog of their own as a submenu, by the titles they give themselves."""
        submenu = self.menu.addMenu(_icon("teilhabe.svg"), tr("Evaluate"))
        submenu.setObjectName("teilhabeEvaluateMenu")
        for name in EVALUATE:
            algorithm = self.provider.algorithm(name) if name else None
            if algorithm is not None:
                action = QAction(algorithm.icon(), f"{algorithm.displayName()} …", self.iface.mainWindow())
                action.setObjectName(f"teilhabe_{name}")
                action.setToolTip(algorithm.shortDescription())
                action.triggered.connect(lambda _checked=False, name=name: self.open_tool(name))
                submenu.addAction(action)
                self.tools[name] = action
            elif name is None:
                submenu.addSeparator()

    def open_tool(self, name: str):
        """Open Processing's dialog for an algorithm, or bring it to the front; return it."""
        if name not in self.dialogs:
            import processing

            from .gui.tool_defaults import tool_defaults

            algorithm = self.provider.algorithm(name)
            try:
                defaults = tool_defaults(algorithm)
            except ImportError:  # a package is missing: the run says so
                defaults = {}
            dialog = processing.createAlgorithmDialog(algorithm.id(), defaults)
            dialog.destroyed.connect(lambda *_: self.dialogs.pop(name, None))
            self.dialogs[name] = dialog
        return _to_front(self.dialogs[name])

    def show_dock(self, visible: bool):
        """Show or hide the panel with the steps, here and after the next start; it is made when it is first shown."""
        QgsSettings().setValue(STEPS_SHOWN, visible)
        if self.dock is None:
            if not visible:
                return
            from .gui.steps_dock import StepsDock

            self.dock = StepsDock(self.iface, self.open)
            self.iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.dock)
            self.dock.visibilityChanged.connect(self._dock_visible)
        self.dock.setUserVisible(visible)

    def _show_steps(self):
        if "steps" in self.actions:  # the plugin may have been unloaded meanwhile
            self.actions["steps"].setChecked(True)

    def _dock_visible(self, visible: bool):
        # a dock behind another tab is not visible, yet it is not closed
        if visible or self.dock.isHidden():
            self.actions["steps"].setChecked(visible)

    def unload(self):
        """Take away everything that was added."""
        for dialog in list(self.dialogs.values()):
            dialog.setProperty("teilhabeUnloading", True)
            dialog.close()
        self.dialogs.clear()
        runner = sys.modules.get(f"{__package__}.gui.task_runner")
        if runner is not None:
            runner.stop_all()
        if self.locator is not None:
            self.locator.close()
            self.iface.deregisterLocatorFilter(self.locator)  # which deletes it
            self.locator = None
        if self.dock is not None:
            self.dock.visibilityChanged.disconnect(self._dock_visible)
            self.dock.disconnect_project()
            self.iface.removeDockWidget(self.dock)
            self.dock.deleteLater()
        if self.help_action is not None:
            self.iface.pluginHelpMenu().removeAction(self.help_action)
            self.help_action.deleteLater()
        if self.menu is not None:
            self.iface.vectorMenu().removeAction(self.menu.menuAction())
            self.menu.deleteLater()
        if self.toolbar is not None:
            self.iface.mainWindow().removeToolBar(self.toolbar)
            self.toolbar.deleteLater()
        for action in (*self.actions.values(), *self.tools.values()):
            action.deleteLater()
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)
        if self.translator is not None:
            QCoreApplication.removeTranslator(self.translator)
        self.actions, self.tools = {}, {}
        self.provider = self.translator = self.menu = self.toolbar = self.dock = self.help_action = None


def show_help():
    """Open the manual in the user's language."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(paths.resource("help", language(), "index.html"))))


def _to_front(dialog):
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()
    return dialog


def _icon(name: str) -> QIcon:
    return QIcon(str(paths.resource("icons", name)))
