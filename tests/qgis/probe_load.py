"""Run by test_plugin in a Python of its own: load and unload the plugin and print as JSON what that did."""
import gc
import json
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "build"), "/usr/share/qgis/python/plugins", "/usr/share/qgis/python"]

EMPTY = '''
def classFactory(iface):
    from .plugin import Empty
    return Empty(iface)
'''
EMPTY_PLUGIN = '''
from qgis.PyQt.QtWidgets import QAction


class Empty:
    def __init__(self, iface):
        self.iface = iface

    def initGui(self):
        self.action = QAction("Empty", self.iface.mainWindow())
        self.iface.vectorMenu().addAction(self.action)

    def unload(self):
        self.iface.vectorMenu().removeAction(self.action)
        self.action.deleteLater()
'''
HEAVY = ("numpy", "pandas", "scipy", "shapely", "matplotlib", "openpyxl", "jinja2", "yaml")


def empty_plugin():
    """Write a plugin that does next to nothing and put it on the path."""
    folder = Path(tempfile.mkdtemp(), "emptyplugin")
    folder.mkdir()
    (folder / "__init__.py").write_text(EMPTY, encoding="utf-8")
    (folder / "plugin.py").write_text(EMPTY_PLUGIN, encoding="utf-8")
    sys.path.insert(0, str(folder.parent))


def start(name, iface):
    """Load a plugin as QGIS does; return it and the milliseconds it took."""
    started = time.perf_counter()
    plugin = __import__(name).classFactory(iface)
    plugin.initGui()
    return plugin, 1000 * (time.perf_counter() - started)


def actions_of(iface):
    """Return how many actions the main window holds."""
    from qgis.PyQt.QtWidgets import QAction

    return len(iface.mainWindow().findChildren(QAction))


def deleted():
    """Let go of what waits to be deleted."""
    from qgis.PyQt.QtCore import QCoreApplication, QEvent

    gc.collect()
    QCoreApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()


def has_provider():
    """Say whether the plugin's algorithms are registered."""
    from qgis.core import QgsApplication

    return QgsApplication.processingRegistry().providerById("teilhabe") is not None


def main():
    """Load and unload twice, with dialogs and dock open, and report."""
    from qgis.core import QgsApplication

    app = QgsApplication([], True, tempfile.mkdtemp())
    QgsApplication.initQgis()
    from tests.qgis.window import Window

    iface = Window()
    empty_plugin()
    report = {"before": [sorted(iface.left_over()), actions_of(iface)], "rounds": []}
    empty, empty_time = start("emptyplugin", iface)
    empty.unload()
    deleted()
    loaded_before = set(sys.modules)
    plugin, own_time = start("teilhabe", iface)
    report["milliseconds"] = own_time - empty_time
    report["heavy"] = sorted(name for name in set(sys.modules) - loaded_before if name.split(".")[0] in HEAVY)
    for _ in range(2):
        added = {"actions": sorted(plugin.actions), "provider": has_provider(), "menus": sorted(iface.left_over())}
        algorithms = QgsApplication.processingRegistry().providerById("teilhabe").algorithms()
        added["algorithms"] = sorted(algorithm.name() for algorithm in algorithms)
        added["tools"] = sorted(plugin.tools)
        added["tool_titles"] = [action.text() for action in plugin.tools.values()]
        plugin.actions["steps"].setChecked(True)
        added["dialogs"] = []
        for name in plugin.actions:
            if name != "steps":
                added["dialogs"].append(type(plugin.open(name)).__name__)
        deleted()
        plugin.unload()
        deleted()
        added["after"] = [sorted(iface.left_over()), actions_of(iface)]
        added["provider_after"] = has_provider()
        report["rounds"].append(added)
        plugin, _time = start("teilhabe", iface)
    plugin.unload()
    deleted()
    report["after"] = [sorted(iface.left_over()), actions_of(iface)]
    print("REPORT " + json.dumps(report), flush=True)
    del app


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    import os

    os._exit(0)  # QGIS 3.22 can crash while Python takes it down
