"""A QGIS interface for tests: the calls a plugin makes, on real widgets, each remembered until it is undone."""
from qgis.gui import QgsMapCanvas, QgsMessageBar
from qgis.PyQt.QtWidgets import QDockWidget, QMainWindow, QMenu, QToolBar


class Window:
    """Stand-in for QgisInterface; `left_over` lists what a plugin added and did not take away."""

    def __init__(self):
        self.window = QMainWindow()
        self.canvas = QgsMapCanvas(self.window)
        self.bar = QgsMessageBar(self.window)
        self.vector_menu = QMenu("Vector", self.window)
        self.help_menu = QMenu("Plugins", self.window)
        self.locator_filters = []

    def mainWindow(self):
        return self.window

    def mapCanvas(self):
        return self.canvas

    def messageBar(self):
        return self.bar

    def vectorMenu(self):
        return self.vector_menu

    def pluginHelpMenu(self):
        return self.help_menu

    def addToolBar(self, name):
        return self.window.addToolBar(name) if isinstance(name, str) else self.window.addToolBar(name)

    def addDockWidget(self, area, dock):
        self.window.addDockWidget(area, dock)

    def removeDockWidget(self, dock):
        self.window.removeDockWidget(dock)

    def addTabifiedDockWidget(self, area, dock, tabifyWith=(), raiseTab=False):
        self.window.addDockWidget(area, dock)

    def openLayoutDesigner(self, layout):
        self.opened_layout = layout

    def registerLocatorFilter(self, filter):
        self.locator_filters.append(filter)

    def deregisterLocatorFilter(self, filter):
        self.locator_filters.remove(filter)
        filter.deleteLater()

    def activeLayer(self):
        return None

    def registerMainWindowAction(self, action, shortcut):
        return True

    def unregisterMainWindowAction(self, action):
        return True

    def left_over(self):
        """Return what is still there of menus, toolbars, docks and locator filters."""
        bars = [bar.objectName() for bar in self.window.findChildren(QToolBar) if bar.objectName()]
        docks = [dock.objectName() for dock in self.window.findChildren(QDockWidget)]
        menus = [action.text() for menu in (self.vector_menu, self.help_menu) for action in menu.actions()]
        return bars + docks + menus + [filter.name() for filter in self.locator_filters]
