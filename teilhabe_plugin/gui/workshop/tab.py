"""What the tabs beside the map have in common: they draw when they are seen, and only then."""
from __future__ import annotations

from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtWidgets import QLabel, QStackedLayout, QVBoxLayout, QWidget

#: milliseconds after a change before a tab draws: the map comes first, and of many changes only the last counts
REST = 60


class Tab(QWidget):
    """One evaluation of the working result.

    Subclasses put their widgets into ``self.body`` and implement `title`, `show_result` and, where they mark areas,
    `show_selection`.

    Attributes
    ----------
    NAME : str
    session : Session
    body : QWidget
        What is shown where `needs` has no objection.
    """

    NAME = ""

    def __init__(self, session, parent=None):
        super().__init__(parent)
        self.session = session
        self.setObjectName(f"teilhabeWorkshop_{self.NAME}")
        self.stack = QStackedLayout(self)
        self.body, empty = QWidget(), QWidget()
        column = QVBoxLayout(empty)
        self.reason = QLabel()
        self.reason.setWordWrap(True)
        self.reason.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.reason)
        self.stack.addWidget(self.body)
        self.stack.addWidget(empty)
        self.is_old = self.is_unmarked = True
        self.waiting = QTimer(self)
        self.waiting.setSingleShot(True)
        self.waiting.setInterval(REST)
        self.waiting.timeout.connect(self.catch_up)
        for signal in (session.opened, session.computed, session.node_changed, session.closed):
            signal.connect(self.outdate)
        session.selected.connect(self._selected)

    # what a subclass gives -------------------------------------------------------------------------------------

    def title(self) -> str:
        """Return the text on the tab."""
        raise TypeError(f"{type(self).__name__} has no title()")

    def needs(self) -> str:
        """Return in words what is lacking to show anything, "" when nothing is."""
        return ""

    def show_result(self) -> None:
        """Draw everything anew."""
        raise TypeError(f"{type(self).__name__} has no show_result()")

    def show_selection(self) -> None:
        """Mark the selected areas."""

    def state(self) -> dict:
        """Return what is kept until the next time, as JSON values."""
        return {}

    def restore(self, state: dict) -> None:
        """Put back what `state` returned."""

    # shared ----------------------------------------------------------------------------------------------------

    def is_shown(self) -> bool:
        """Say whether the user sees this tab."""
        return self.isVisible()

    def outdate(self) -> None:
        """Draw anew soon, or when the tab is seen again."""
        self.is_old = True
        if self.is_shown():
            self.waiting.start()

    def _selected(self) -> None:
        self.is_unmarked = True
        if self.is_shown() and not self.is_old:
            self.waiting.start()

    def catch_up(self) -> None:
        """Bring what is shown up to date."""
        if not self.is_shown():
            return
        missing = self._missing()
        self.reason.setText(missing)
        self.stack.setCurrentIndex(1 if missing else 0)
        if missing:
            self.is_old = True
            return
        if self.is_old:
            self.is_old = False
            self.show_result()
            self.is_unmarked = True
        if self.is_unmarked:
            self.is_unmarked = False
            self.show_selection()

    def _missing(self) -> str:
        if self.session.result is None:
            return self.session.fault_text or self._no_areas()
        return self.needs()

    def _no_areas(self) -> str:
        from ...translation import tr

        return tr("No layer with indicators is open.")

    def showEvent(self, event):
        super().showEvent(event)
        if self.is_old or self.is_unmarked:
            self.waiting.start(0)
            self.waiting.setInterval(REST)
