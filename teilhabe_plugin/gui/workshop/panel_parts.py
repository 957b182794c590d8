"""Small parts of the panel: a row with a label, its message bar, what is kept until the next time."""
from __future__ import annotations

import json

from qgis.core import Qgis, QgsSettings
from qgis.gui import QgsMessageBar
from qgis.PyQt.QtCore import QEvent, Qt, QTimer
from qgis.PyQt.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from ..base_dialog import fit_message

#: that good news stay, longer where there is something to do next
SECONDS = 8


class MessageArea(QgsMessageBar):
    """One message at a time, as high as its text needs."""

    def __init__(self):
        super().__init__()
        self.button: QPushButton | None = None
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.fitting = QTimer(self)
        self.fitting.setSingleShot(True)
        self.fitting.timeout.connect(self._fit)

    def tell(self, text: str, level: Qgis.MessageLevel, button: QPushButton | None = None) -> None:
        """Show a message in place of any other, with a button where there is something to do about it."""
        self.clearWidgets()
        item = self.createMessage(text)
        self.button = button
        if button is not None:
            _put_below(item, button)
        is_good = level == Qgis.MessageLevel.Success
        self.pushWidget(item, level, SECONDS * (1 if button is None else 3) if is_good else 0)
        self.fitting.start(0)

    def _fit(self) -> None:
        fit_message(self)
        item = self.currentItem()
        if self.button is not None and item is not None and item.isAncestorOf(self.button):
            item.setMinimumHeight(item.minimumHeight() + self.button.sizeHint().height() + 6)


class EndedLabel(QLabel):
    """One line whose beginning is cut where there is no room, so that its end can be read in any width."""

    def __init__(self):
        super().__init__()
        self.words = self.end = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_text(self, words: str, end: str = "") -> None:
        """Show a text that may be cut, and its end."""
        self.words, self.end = words, f" {end}" if end else ""
        self.setAccessibleName(self.words + self.end)
        self._fit()

    def resizeEvent(self, event):
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event):
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        metrics = self.fontMetrics()
        room = self.width() - metrics.horizontalAdvance(self.end) - 2
        self.setText(metrics.elidedText(self.words, Qt.TextElideMode.ElideRight, max(room, 0)) + self.end)


def _put_below(item: QWidget, button: QPushButton) -> None:
    """Put a button below the text of a message: beside it there is no room in a narrow panel."""
    browser, row = item.findChild(QTextBrowser), item.layout()
    position = row.indexOf(browser) if browser is not None else -1
    if position < 0:
        row.addWidget(button)
        return
    row.removeWidget(browser)
    column = QVBoxLayout()
    column.addWidget(browser)
    column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
    row.insertLayout(position, column, 1)


def labelled(text: str, widget) -> QHBoxLayout:
    """Return a row of a label and the widget that it names."""
    row = QHBoxLayout()
    label = QLabel(text)
    label.setBuddy(widget)
    widget.setAccessibleName(text.replace("&", ""))
    widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    row.addWidget(label)
    row.addWidget(widget, 1)
    return row


def kept_state(key: str) -> dict:
    """Return what `keep_state` kept in QGIS's settings, {} for nothing."""
    try:
        state = json.loads(QgsSettings().value(key, "{}"))
    except (TypeError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def keep_state(key: str, state: dict) -> None:
    """Keep JSON values in QGIS's settings."""
    QgsSettings().setValue(key, json.dumps(state))
