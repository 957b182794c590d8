"""Room for the workshop: the panels above and below it in its column are put away while it is used."""
from __future__ import annotations

from contextlib import contextmanager

from qgis.PyQt import sip
from qgis.PyQt.QtWidgets import QDockWidget


class Room:
    """Hides the panels that share the column with a dock, and shows them again.

    Parameters
    ----------
    window : QMainWindow
    """

    def __init__(self, window):
        self.window = window
        self.put_away: list[QDockWidget] = []

    def make(self, dock: QDockWidget | None) -> None:
        """Put panels away that stand above or below a dock; those behind the dock's own tab stay."""
        if dock is None or dock.isFloating():
            return
        stack = self.window.tabifiedDockWidgets(dock)
        for other in self.window.findChildren(QDockWidget):
            beside = self.window.dockWidgetArea(other) == self.window.dockWidgetArea(dock) \
                and not other.isFloating() and other is not dock and other not in stack
            if beside and other.isVisible() and _in_one_column(other, dock):
                other.hide()
                self.put_away.append(other)

    def give_back(self) -> None:
        """Show what was put away."""
        with unchanged_size(self.window):
            for other in self.put_away:
                if not sip.isdeleted(other):  # the panel of a plugin may have gone with it
                    other.show()
        self.put_away = []


def _in_one_column(one: QDockWidget, other: QDockWidget) -> bool:
    return one.x() < other.x() + other.width() and other.x() < one.x() + one.width()


@contextmanager
def unchanged_size(window):
    """Keep a window’s size: what comes as a tab stands below the others for a moment, and a low window grows."""
    size = window.size()
    yield
    if window.size() != size and not (window.isMaximized() or window.isFullScreen()):
        window.resize(size)
