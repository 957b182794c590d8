"""The workshop's real window for tests: opened on the small invented city, edited, closed."""
from __future__ import annotations

import copy
from contextlib import contextmanager

from . import workshop_city as city
from .dialog_helpers import settle


def open_workshop(iface):
    """Return the open workshop on what the project holds, as at its first opening."""
    from qgis.core import QgsSettings
    from teilhabe.gui.workshop.dock import STATE, WorkshopDock

    QgsSettings().remove(STATE)
    iface.window.resize(1280, 720)
    if iface.window.centralWidget() is not iface.canvas:
        iface.window.setCentralWidget(iface.canvas)
    iface.window.show()
    dock = WorkshopDock(iface)
    dock.show()
    settle(30)
    return dock


def close_workshop(dock):
    """Close without a question, as when the plugin goes."""
    dock.canvas.stopRendering()
    dock.setProperty("teilhabeUnloading", True)
    dock.close()
    dock.deleteLater()
    settle(30)


def weighted(document, position=2, weight=3):
    """Return the recipe with another weight of one sub-index."""
    changed = copy.deepcopy(document)
    changed["indices"][0]["children"][position]["weight"] = weight
    return changed


def edit(dock, weight=3, position=2):
    """Give a sub-index another weight, as one step; return the new recipe."""
    changed = weighted(dock.session.document, position, weight)
    dock.session.edit("Gewicht", changed)
    return changed


@contextmanager
def answering(*names):
    """Answer the questions that come up by clicking the buttons with these object names; all must come up.

    Yields
    ------
    list of str
        The texts of the questions, question and details.
    """
    from qgis.PyQt.QtCore import QTimer
    from qgis.PyQt.QtWidgets import QApplication, QMessageBox, QPushButton

    waiting, asked = list(names), []
    timer = QTimer()
    timer.setInterval(20)

    def look():
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox) and box.objectName() == "teilhabeQuestion":
            asked.append(f"{box.text()}\n{box.informativeText()}")
            name = waiting.pop(0) if waiting else "cancel"
            box.findChild(QPushButton, name).click()

    timer.timeout.connect(look)
    timer.start()
    try:
        yield asked
    finally:
        timer.stop()
    assert not waiting, f"nobody asked for {waiting}"
    assert len(asked) == len(names), asked


def message(dock):
    """Return the text of the message in the panel, "" for none."""
    from qgis.PyQt.QtWidgets import QTextBrowser

    item = dock.bar.currentItem()
    browser = item.findChild(QTextBrowser) if item is not None else None
    return browser.toPlainText() if browser is not None else ""


__all__ = ["answering", "city", "close_workshop", "edit", "message", "open_workshop", "weighted"]
