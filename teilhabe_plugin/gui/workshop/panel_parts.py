"""Small parts of the panel: a row with a label, and its message bar."""
from __future__ import annotations

from qgis.core import Qgis
from qgis.gui import QgsMessageBar
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy

from ..base_dialog import fit_message


class MessageArea(QgsMessageBar):
    """One message at a time, as high as its text needs."""

    def __init__(self):
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.fitting = QTimer(self)
        self.fitting.setSingleShot(True)
        self.fitting.timeout.connect(self._fit)

    def tell(self, text: str, level: Qgis.MessageLevel, button: QPushButton | None = None) -> None:
        """Show a message in place of any other, with a button where there is something to do about it."""
        self.clearWidgets()
        item = self.createMessage(text)
        if button is not None:
            item.layout().addWidget(button)
        self.pushWidget(item, level)
        self.fitting.start(0)

    def _fit(self) -> None:
        fit_message(self)


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
