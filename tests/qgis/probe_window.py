"""Runs inside a real QGIS (qgis --code): opens and closes everything the plugin has, twice, and writes what it saw."""
import json
import os
import sys
import traceback
from pathlib import Path

sys.path.insert(0, os.environ["TEILHABE_ROOT"])  # QGIS runs this text without a __file__

from qgis import utils
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QEvent, QTimer
from qgis.PyQt.QtWidgets import QDockWidget, QToolBar

from tests.qgis.dialog_helpers import cut_texts, english_left, settle

report = {"faults": [], "rounds": []}


def own_parts():
    """Return the names of toolbars, docks and menu entries that are the plugin's."""
    window = utils.iface.mainWindow()
    names = [bar.objectName() for bar in window.findChildren(QToolBar)]
    names += [dock.objectName() for dock in window.findChildren(QDockWidget)]
    for menu in (utils.iface.vectorMenu(), utils.iface.pluginHelpMenu()):
        names += [action.text() for action in menu.actions()]
    return sorted(name for name in names if "teilhabe" in name.lower())


def look(plugin):
    """Open dock and dialogs and describe them."""
    plugin.actions["steps"].setChecked(True)
    settle(300)
    seen = {"dock": plugin.dock.windowTitle(), "parts": own_parts(), "dialogs": {}}
    for name in plugin.actions:
        if name == "steps":
            continue
        dialog = plugin.open(name)
        settle(500)
        seen["dialogs"][name] = {
            "title": dialog.windowTitle(), "size": [dialog.width(), dialog.height()],
            "english": [each[2] for each in english_left(dialog)], "cut": [each[1] for each in cut_texts(dialog)],
            "visible": dialog.isVisible(), "modal": dialog.isModal(),
        }
    seen["tools"] = {name: look_at_tool(plugin, name) for name in plugin.tools}
    plugin.open_tool(next(iter(plugin.tools)))  # stays open while the plugin is unloaded
    return seen


def look_at_tool(plugin, name):
    """Open an algorithm's own dialog from the menu, describe and close it."""
    plugin.tools[name].trigger()
    dialog = plugin.dialogs[name]
    settle(200)
    seen = {"entry": plugin.tools[name].text(), "title": dialog.windowTitle(), "visible": dialog.isVisible(),
            "modal": dialog.isModal()}
    dialog.close()
    settle(100)
    seen["gone"] = name not in plugin.dialogs
    return seen


def finish():
    """Write the report and leave at once; QGIS would ask whether to save."""
    Path(os.environ["TEILHABE_REPORT"]).write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
    os._exit(0)


def start():
    """Look, unload, load again, look, unload."""
    try:
        dock = utils.plugins["teilhabe"].dock
        report["steps_at_first_start"] = dock is not None and dock.isVisible()
        for _ in range(2):
            plugin = utils.plugins["teilhabe"]
            seen = look(plugin)
            utils.unloadPlugin("teilhabe")
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            settle(300)
            seen["after"] = own_parts()
            seen["provider_after"] = QgsApplication.processingRegistry().providerById("teilhabe") is not None
            report["rounds"].append(seen)
            if not (utils.loadPlugin("teilhabe") and utils.startPlugin("teilhabe")):
                report["faults"].append("the plugin did not load again")
                break
        settle(300)
        utils.plugins["teilhabe"].actions["steps"].setChecked(False)
        utils.reloadPlugin("teilhabe")
        settle(300)
        report["steps_after_hiding"] = utils.plugins["teilhabe"].dock is not None
    except Exception:
        report["faults"].append(traceback.format_exc())
    finish()


QTimer.singleShot(3000, start)
