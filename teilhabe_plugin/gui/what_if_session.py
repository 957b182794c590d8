"""The changes of a “what if”, with undo and redo, and the measures after them."""
from __future__ import annotations

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..translation import tr
from .background_work import Worker
from .errors import expected, in_words


class Session(QObject):
    """Keeps the list of changes; every change gives new measures, at once or from the background.

    Attributes
    ----------
    what_if : bridge.what_if.WhatIf or None
        None until the analysis has been read.
    changes : tuple of core.supply.scenario.Change
    result : bridge.supply_run.SupplyResult or None
        The measures after the changes.

    Signals
    -------
    changed()
        New measures, or none any more.
    busy(text)
        What is being waited for, "" when nothing is.
    failed(text)
    """

    changed = pyqtSignal()
    busy = pyqtSignal(str)
    failed = pyqtSignal(str)

    def __init__(self, parent=None):
        super().__init__(parent)
        self.worker = Worker()
        self.what_if = self.result = None
        self.changes, self.past, self.future = (), [], []

    def start(self, layer) -> None:
        """Begin anew with a result of the supply; its inputs are read in the background."""
        from .what_if_base import preparation

        self.clear()
        if layer is None:
            return
        try:
            work = preparation(layer)
        except expected() as error:
            self.failed.emit(in_words(error))
            return
        self.busy.emit(tr("Reading areas, people and offers …"))
        self.worker.start(tr("What if: reading the supply"), work, self._read)

    def clear(self) -> None:
        """Forget everything."""
        self.worker.stop()
        self.what_if = self.result = None
        self.changes, self.past, self.future = (), [], []
        self.busy.emit("")
        self.changed.emit()

    def is_busy(self) -> bool:
        """Say whether something is being computed in the background."""
        return self.worker.is_busy()

    @property
    def base(self):
        """The analysis before the changes."""
        return self.what_if.base

    def states(self):
        """Return the offers with their states, see `bridge.what_if.offer_states`."""
        from ..bridge.what_if import offer_states

        return offer_states(self.base.case, self.result.case)

    # changes ---------------------------------------------------------------------------------------------------

    def add(self, *changes) -> None:
        """Make changes, as one step of the history."""
        before = self.changes
        last = before[-1] if before else None
        if len(changes) == 1 and last is not None and changes[0].kind == "resize" == last.kind \
                and last.offer == changes[0].offer:  # the arrows of a spin box are one step
            self._to((*before[:-1], *changes), self.past, [])
        else:
            self._to((*before, *changes), [*self.past, before], [])

    def open_offer(self, x: float, y: float, capacity: float, name: str = "") -> None:
        """Open a new offer."""
        self.add(self.new_offer(x, y, capacity, name))

    def new_offer(self, x: float, y: float, capacity: float, name: str = "", further: int = 0):
        """Return the change that opens a new offer; ``further`` counts those that are made together."""
        from ..core.supply.scenario import OPEN, Change

        taken = set(self.result.case.offers.ids)
        numbers = (number for number in range(1, 10_000) if f"neu-{number}" not in taken)
        for _ in range(further):
            next(numbers)
        number = next(numbers)
        case = self.base.case
        chosen = case.offers.kind[case.chosen]
        kind = str(chosen[0]) if len(chosen) else ""
        return Change(OPEN, f"neu-{number}", x, y, capacity, name or tr("New offer {n}", n=number), kind)

    def close_offer(self, offer: str) -> None:
        """Close an offer; one that was only opened here goes without a trace."""
        from ..core.supply.scenario import CLOSE, Change

        if self.is_new(offer):
            self._to(tuple(each for each in self.changes if each.offer != offer), [*self.past, self.changes], [])
        else:
            self.add(Change(CLOSE, offer))

    def is_new(self, offer: str) -> bool:
        """Say whether the offer was opened here."""
        from ..core.supply.scenario import distinct_ids

        return offer not in set(distinct_ids(self.base.case.offers))

    def remove(self, position: int) -> None:
        """Take one change out; those that rest on it go as well."""
        from ..core.supply.scenario import OPEN, without

        gone = self.changes[position]
        left = without(self.changes, position)
        if gone.kind == OPEN and self.is_new(gone.offer):
            left = tuple(each for each in left if each.offer != gone.offer)
        self._to(left, [*self.past, self.changes], [])

    def replace(self, changes) -> None:
        """Make other changes instead."""
        self._to(tuple(changes), [*self.past, self.changes], [])

    def undo(self) -> None:
        """Take the last step back."""
        if self.past:
            self._to(self.past[-1], self.past[:-1], [*self.future, self.changes])

    def redo(self) -> None:
        """Do the step again that was taken back."""
        if self.future:
            self._to(self.future[-1], [*self.past, self.changes], self.future[:-1])

    def propose(self, count: int, capacity: float) -> None:
        """Open as many more offers where they reach the most people; found in the background."""
        from ..bridge.what_if import propose

        what_if, changes = self.what_if, self.changes

        def work(cancelled):
            return propose(what_if, changes, count, cancelled)[0].tolist()

        def arrived(places, fault):
            self.busy.emit("")
            if fault:
                self.failed.emit(fault)
            else:
                self.add(*(self.new_offer(x, y, capacity, further=i) for i, (x, y) in enumerate(places)))

        self.busy.emit(tr("Looking for sites …"))
        self.worker.start(tr("What if: looking for sites"), work, arrived)

    # measures --------------------------------------------------------------------------------------------------

    def _to(self, changes: tuple, past: list, future: list) -> None:
        what_if = self.what_if
        if what_if is None or self.is_busy():
            return

        def take(result):
            self.changes, self.past, self.future, self.result = changes, past, future, result
            self.changed.emit()

        if what_if.base.is_quick or not what_if.needs_ways(changes):
            try:
                result = what_if.after(changes)
            except expected() as error:
                self.failed.emit(in_words(error))
                return
            take(result)
            return

        def arrived(result, fault):
            self.busy.emit("")
            if fault:
                self.failed.emit(fault)
            else:
                take(result)

        self.busy.emit(tr("Looking for ways in the network …"))
        self.worker.start(tr("What if: ways in the network"), lambda cancelled: what_if.after(changes, cancelled),
                          arrived)

    def _read(self, what_if, fault: str) -> None:
        self.busy.emit("")
        if fault:
            self.failed.emit(fault)
            return
        self.what_if, self.result = what_if, what_if.before
        self.changed.emit()
