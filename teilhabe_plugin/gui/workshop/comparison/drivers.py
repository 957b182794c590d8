"""Which indicators made the areas change class: worked out a few areas at a time, so that the window stays alive."""
from __future__ import annotations

from time import monotonic

import pandas as pd
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ....core.comparing import Comparison, part_changes
from ....core.messages import Message, TeilhabeError

#: areas at first; more or fewer as they take less or more than `LONG` seconds
FIRST, LONG = 16, 0.03


class Drivers(QObject):
    """Fills `Comparison.drivers` for some areas.

    Signals
    -------
    found(keys)
        They are known for these areas.
    failed(message)
        A tree cannot be split.
    """

    found = pyqtSignal(object)
    failed = pyqtSignal(object)

    def __init__(self, parent=None):
        super().__init__(parent)
        self.comparison: Comparison | None = None
        self.left: list[str] = []
        self.size = FIRST
        self.timer = QTimer(self)
        self.timer.setInterval(0)
        self.timer.timeout.connect(self._next)

    def start(self, comparison: Comparison, before, after, nodes: tuple[str, str]) -> None:
        """Begin anew with the areas that changed class, the largest moves first."""
        self.comparison, self.sides, self.nodes = comparison, (before, after), nodes
        table = comparison.moved()
        scored = table[["wert_vorher", "wert_nachher"]].notna().all(axis=1)
        self.left = table.index[scored].tolist()
        if self.left:
            self.timer.start()
        else:
            self.timer.stop()

    def stop(self) -> None:
        """Give up."""
        self.left = []
        self.timer.stop()

    def finish(self) -> None:
        """Work out all that is left at once."""
        while self.left:
            self._next()

    def _next(self) -> None:
        some, self.left = self.left[:self.size], self.left[self.size:]
        if not some:
            self.timer.stop()
            return
        start = monotonic()
        try:
            changes = part_changes(*self.sides, *self.nodes, some)
        except TeilhabeError as error:
            self.stop()
            self.failed.emit(error.message if isinstance(error.message, Message) else Message(str(error)))
            return
        self.comparison.drivers = _together(self.comparison.drivers, changes)
        self.size = max(FIRST // 4, self.size // 2) if monotonic() - start > LONG else self.size * 2
        self.found.emit(some)
        if not self.left:
            self.timer.stop()


def _together(known: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """Return the known rows and the new ones."""
    return pd.concat([known, more]) if known.shape[1] else more
