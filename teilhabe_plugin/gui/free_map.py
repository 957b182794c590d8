"""The map without the windows in front of it, as long as a click in it is waited for."""
from __future__ import annotations

from qgis.core import Qgis
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QPoint, QRect, Qt
from qgis.PyQt.QtWidgets import QDialog


class FreeMap:
    """Hides the plugin's windows that lie over the map, and shows them again.

    Parameters
    ----------
    iface : QgisInterface
    """

    def __init__(self, iface):
        self.iface = iface
        self.hidden: list[QDialog] = []
        self.said = None

    def clear(self, text: str) -> bool:
        """Hide the windows over the map and say what to do in QGIS's own message bar; say whether there were any."""
        canvas = self.iface.mapCanvas()
        place = QRect(canvas.mapToGlobal(QPoint(0, 0)), canvas.size())
        windows = self.iface.mainWindow().findChildren(
            QDialog, options=Qt.FindChildOption.FindDirectChildrenOnly)
        self.hidden = [window for window in windows
                       if window.objectName().startswith("teilhabe") and window.isVisible() and not window.isModal()
                       and window.frameGeometry().intersects(place)]
        for window in self.hidden:
            window.hide()
        if self.hidden:
            bar = self.iface.messageBar()
            self.said = bar.createMessage(text)
            bar.pushWidget(self.said, Qgis.MessageLevel.Info)
        return bool(self.hidden)

    def restore(self) -> None:
        """Show the windows again."""
        hidden, self.hidden = self.hidden, []
        said, self.said = self.said, None
        if said is not None and not sip.isdeleted(said):
            self.iface.messageBar().popWidget(said)
        for window in hidden:
            if not sip.isdeleted(window):
                window.show()
