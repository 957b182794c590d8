"""Room for the workshop: the panels above and below it in its column are put away while it is used."""
from __future__ import annotations

from qgis.PyQt.QtWidgets import QDockWidget


class Room:
    """Hides the panels that share the column with a dock, and shows them again.

    Parameters
    ----------
    window : QMainWindow
    dock : QDockWidget
    """

    def __init__(self, window, dock):
        self.window, self.dock = window, dock
        self.put_away: list[QDockWidget] = []

    def make(self) -> None:
        """Put panels away that stand above or below; those behind the dock's own tab stay."""
        if self.dock.isFloating():
            return
        stack = self.window.tabifiedDockWidgets(self.dock)
        for other in self.window.findChildren(QDockWidget):
            beside = self.window.dockWidgetArea(other) == self.window.dockWidgetArea(self.dock) \
                and not other.isFloating() and other is not self.dock and other not in stack
            if beside and other.isVisible() and _in_one_column(other, self.dock):
                other.hide()
                self.put_away.append(other)

    def give_back(self) -> None:
        """Show what was put away."""
        for other in self.put_away:
            other.show()
        self.put_away = []


def _in_one_column(one: QDockWidget, other: QDockWidget) -> bool:
    return one.x() < other.x() + other.width() and other.x() < one.x() + one.width()
