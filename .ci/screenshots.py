"""Runs inside QGIS (qgis --code): opens what the plugin's actions open and writes every window as PNG."""

import os
import shutil
import tempfile
import time
import traceback
from pathlib import Path

from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QApplication, QDialog, QDockWidget, QMainWindow, QTabWidget
from qgis.utils import iface, plugins

OUT = Path(os.environ["TEILHABE_SCREENSHOTS"])
LARGEST = (1000, 580)  # a dialog must fit a small projector
SETTLE = 1500  # milliseconds a window gets to fill itself
written = []
faults = []


def grab(widget, name):
    """Write one widget as PNG."""
    path = OUT / f"{name}.png"
    if widget.grab().save(str(path)):
        written.append(f"{path.name}  {widget.width()}×{widget.height()}")
    else:
        faults.append(f"{name}: could not be written")


def grab_with_pages(widget, name):
    """Write a window once, and once more for every further page of its tabs."""
    grab(widget, name)
    for tabs in widget.findChildren(QTabWidget):
        first = tabs.currentIndex()
        for index in range(tabs.count()):
            if index != first and tabs.isTabVisible(index) and tabs.isVisible():
                tabs.setCurrentIndex(index)
                QApplication.processEvents()
                grab(widget, f"{name}-{tabs.widget(index).objectName() or index + 1}")
        tabs.setCurrentIndex(first)


def wait(ready, seconds=60):
    """Let QGIS work until something is ready."""
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            faults.append("a window was not ready in time")
            return
        QApplication.processEvents()
        time.sleep(0.01)


def grab_states(widget, name):
    """Photograph a window that is empty at first once more when it has something to show."""
    if name == "teilhabeGeocodeDialog":
        from teilhabe import paths

        city = Path(tempfile.mkdtemp(), "musterstadt")
        shutil.copytree(paths.sample("musterstadt"), city)
        widget.add_dropped([city / "angebote.xlsx"])
        widget.registers.add_files([city / "musterstadt.gpkg"])
        wait(lambda: not widget.is_waiting())
        grab_with_pages(widget, f"{name}-list")
        widget.run_button.click()
        wait(lambda: not widget.is_running())
        grab(widget, f"{name}-done")
    elif name == "teilhabeSupplyMapDialog":
        widget.form.category.setCurrentIndex(2)  # fields of action
        QApplication.processEvents()
        grab(widget, f"{name}-fields")
    elif name == "teilhabeWorkListDialog" and widget.session is not None:
        wait(lambda: not widget.session.is_loading())
        widget.step()
        settled = time.monotonic() + 1
        wait(lambda: time.monotonic() > settled)
        grab(widget, f"{name}-candidates")
    elif name == "teilhabeSupplyDialog" and not widget.problem():
        widget.form.ways.setCurrentIndex(2)
        grab(widget, f"{name}-network")
        widget.form.ways.setCurrentIndex(0)
        widget.form.with_report.setChecked(False)
        widget.run_button.click()
        wait(lambda: not widget.is_running())
        settled = time.monotonic() + 1
        wait(lambda: time.monotonic() > settled)
        grab(widget, f"{name}-done")
    elif name in ("teilhabeWorkshop", "teilhabeCatalogue"):  # screenshots_workshop.py has their states
        widget.setProperty("teilhabeUnloading", True)
        widget.close()
    elif name == "teilhabeWhatIf":
        wait(lambda: not widget.session.is_busy())
        if widget.session.result is not None:
            widget.propose()
            wait(lambda: not widget.session.is_busy())
            grab_with_pages(widget, f"{name}-proposed")
            grab(iface.mainWindow(), f"{name}-window")
        widget.close()


def own_windows():
    """Dialogs and docks that are open now and belong to the plugin (its modules made them)."""
    found = []
    for widget in QApplication.allWidgets():
        own = type(widget).__module__.split(".")[0] == "teilhabe" or widget.objectName().lower().startswith("teilhabe")
        if own and isinstance(widget, (QDialog, QDockWidget, QMainWindow)) and widget.isVisible():
            found.append(widget)
    return found


def actions_of(plugin):
    """The plugin's actions, whether kept as a list or by name."""
    actions = plugin.actions
    return list(actions.values()) if isinstance(actions, dict) else list(actions)


def next_action(actions):
    """Trigger one action, photograph what it opened, close it, go on; at the end quit."""
    if not actions:
        finish()
        return
    action = actions.pop(0)
    before = set(own_windows())

    def photograph():
        try:
            for widget in own_windows():
                if widget in before and not isinstance(widget, QDockWidget):
                    continue
                grab_with_pages(widget, widget.objectName() or type(widget).__name__)
                grab_states(widget, widget.objectName())
                if isinstance(widget, QDialog):
                    if widget.width() > LARGEST[0] or widget.height() > LARGEST[1]:
                        faults.append(f"{widget.objectName()}: larger than {LARGEST[0]}×{LARGEST[1]}")
                    widget.close()
        except Exception:
            faults.append(traceback.format_exc())
        next_action(actions)

    QTimer.singleShot(SETTLE, photograph)
    try:
        if not (action.isCheckable() and action.isChecked()):
            action.trigger()
    except Exception:
        faults.append(traceback.format_exc())


def finish():
    """Say what was written and leave QGIS."""
    grab(iface.mainWindow(), "qgis")
    (OUT / "done.txt").write_text("\n".join([*sorted(set(written)), *faults]) + "\n", encoding="utf-8")
    os._exit(1 if faults else 0)  # no question whether to save the project


def start():
    """Begin when QGIS has loaded everything."""
    plugin = plugins.get("teilhabe")
    if plugin is None:
        faults.append("the plugin is not loaded")
        finish()
        return
    iface.mainWindow().resize(1600, 1000)
    next_action(actions_of(plugin))


QTimer.singleShot(3000, start)
