"""Runs inside QGIS (qgis --code): every tab of the index workshop and the catalogue editor as PNG, in two sizes."""

import os
import time
import traceback
from pathlib import Path

from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtWidgets import QApplication
from qgis.utils import iface, plugins

OUT = Path(os.environ["TEILHABE_SCREENSHOTS"])
NAME = os.environ["TEILHABE_SCREENSHOTS_NAME"]
SIZES = ((1600, 1000), (1280, 720))
written = []
faults = []


def settle(seconds):
    """Let QGIS work for a while."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.01)


def grab(widget, name):
    """Write one widget as PNG."""
    path = OUT / f"workshop-{NAME}-{name}.png"
    if widget.grab().save(str(path)):
        written.append(f"{path.name}  {widget.width()}×{widget.height()}")
    else:
        faults.append(f"{name}: could not be written")


def ask_for_worst(dock):
    """Select the area with the most unfavourable score."""
    ranks = dock.session.view().ranks
    found = [row for row in range(len(ranks)) if ranks[row] == 1]
    if found:
        dock.session.select(found[:1])


def photograph(plugin):
    """Open the workshop and go through its tabs."""
    from teilhabe.gui.workshop.results_dock import TABS

    window = iface.mainWindow()
    plugin.actions["steps"].setChecked(False)
    dock = plugin.open("workshop")
    settle(2)
    ask_for_worst(dock)
    for width, height in SIZES:
        window.setWindowState(Qt.WindowState.WindowNoState)
        window.resize(width, height)
        settle(1)
        iface.mapCanvas().zoomToFullExtent()
        for name, _place in TABS:
            if dock.show_tab(name) is None:
                faults.append(f"{name}: the tab could not be opened")
            settle(4 if name in ("ranking", "robustness", "comparison") else 2.5)
            grab(window, f"{name}-{width}x{height}")
        grab(dock, f"panel-{width}x{height}")
    if NAME == "berlin":
        return
    catalogue = plugin.open("catalogue")
    settle(2)
    for width, height in SIZES:
        catalogue.resize(min(width, 1240), height)
        for position in range(catalogue.tabs.count()):
            catalogue.tabs.setCurrentIndex(position)
            settle(1)
            grab(catalogue, f"catalogue-{position + 1}-{width}x{height}")


def start():
    """Begin when QGIS has loaded everything; quit at the end."""
    try:
        plugin = plugins.get("teilhabe")
        if plugin is None:
            faults.append("the plugin is not loaded")
        elif not QgsProject.instance().mapLayers():
            faults.append("the project has no layers")
        else:
            photograph(plugin)
    except Exception:
        faults.append(traceback.format_exc())
    (OUT / "done.txt").write_text("\n".join([*sorted(set(written)), *faults]) + "\n", encoding="utf-8")
    os._exit(1 if faults else 0)  # no question whether to save the project


QTimer.singleShot(4000, start)
