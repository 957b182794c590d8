"""Work on one result layer: its rows, the registers it was made with, the decisions file, and what is decided."""
from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from qgis.core import QgsCoordinateReferenceSystem, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ..translation import tr
from .background_work import Worker
from .errors import expected, in_words
from .work_list_history import History, Step
from .work_list_rows import WorkRow

#: entry of the project with the decisions file of a layer that does not name one
FILES = "teilhabe_work_list"


@dataclass(frozen=True, eq=False)
class Sources:
    """What was read in the background; all of it is needed to decide."""

    registers: list
    synonyms: object
    decisions: object
    areas: object


class WorkSession(QObject):
    """Everything the work list's window does, without its widgets.

    Attributes
    ----------
    rows : list of WorkRow
    sources : Sources, optional
        None while the registers are read, or when they cannot be.
    fault : str
        Why nothing can be decided, in the user's language.

    Signals
    -------
    ready()
        The registers are there, or `fault` says why not.
    changed(list)
        Positions of the rows that are different.
    """

    ready = pyqtSignal()
    changed = pyqtSignal(list)

    def __init__(self, layer: QgsVectorLayer, parent=None):
        super().__init__(parent)
        self.layer_id, self.crs = layer.id(), layer.crs()
        self.sources: Sources | None = None
        self.fault, self.conflicts = "", 0
        self.history, self.worker = History(), Worker()
        self.offers = self.columns = self.settings = None
        self.kept: dict = {}
        self.rows: list[WorkRow] = []
        self.parsed: dict[int, object] = {}
        self.decisions_path = ""
        self.styling = QTimer(self)
        self.styling.setSingleShot(True)
        self.styling.setInterval(700)
        self.styling.timeout.connect(self.refresh_style)

    # opening ---------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Read the layer at once and everything else in the background; raises what `expected()` names."""
        from ..bridge.decided_rows import offer_rows
        from ..bridge.geocode_output import settings_of
        from .work_list_reading import columns_of, first_row, match_settings, work_rows

        layer = self.layer()
        self.kept = settings_of(layer)
        self.offers = offer_rows(layer)
        self.columns = columns_of(self.kept, self.offers.list_part())
        self.settings = match_settings(self.kept)
        self.rows = work_rows(self.offers, self.columns, first_row(self.kept))
        if not self.crs.isValid():
            self.crs = QgsCoordinateReferenceSystem(str(self.kept.get("crs") or ""))
        self.decisions_path = self._decisions_path()
        self._read_sources()

    def layer(self) -> QgsVectorLayer | None:
        """Return the layer, None when it is no longer in the project."""
        return QgsProject.instance().mapLayer(self.layer_id)

    def use_decisions_file(self, path: str) -> None:
        """Keep decisions in another file from now on; what is there already is kept, too."""
        from ..core.addresses.decisions import write_decisions

        if self.sources is not None:
            merged, _conflicts = write_decisions(path, self.sources.decisions)
            self.sources = replace(self.sources, decisions=merged)
        self.decisions_path = path
        QgsProject.instance().writeEntry(FILES, self.layer_id, path)
        if self.sources is None:
            self._read_sources()

    def close(self) -> None:
        """Give up what is under way; the look of the layer is brought up to date."""
        self.worker.stop()
        if self.styling.isActive():
            self.styling.stop()
            self.refresh_style()

    def refresh_style(self) -> None:
        """Show in legend and markers what was decided."""
        from ..bridge.decided_rows import refresh_style

        layer = self.layer()
        if layer is not None:
            refresh_style(layer, self.offers)

    def _decisions_path(self) -> str:
        known, _found = QgsProject.instance().readEntry(FILES, self.layer_id, "")
        if known:
            return known
        path = self.kept.get("decisions") or ""
        if isinstance(path, str) and path.lower().endswith(".json") and Path(path).parent.is_dir():
            return path
        from .geocode_register_guess import decisions_beside

        source = self.kept.get("list") or {}
        of_list = str(source.get("path") or source.get("file") or "") if isinstance(source, dict) else ""
        if of_list and Path(of_list).parent.is_dir() and os.path.isabs(of_list):
            return decisions_beside(str(Path(of_list).parent), Path(of_list).name)
        folder = QgsProject.instance().homePath()
        return decisions_beside(folder, self.layer().name()) if folder else ""

    def _read_sources(self) -> None:
        from .work_list_reading import prepare_sources

        self.fault = ""
        try:
            work = prepare_sources(self.kept, self.decisions_path, self.crs)
        except expected() as error:
            self._arrived(None, in_words(error))
            return
        self.worker.start(tr("Reading the address registers …"), work, self._arrived)

    def _arrived(self, sources, fault: str) -> None:
        self.sources, self.fault = sources, fault
        self.ready.emit()

    def is_loading(self) -> bool:
        """Say whether the registers are still being read."""
        return self.worker.is_busy()

    # candidates ------------------------------------------------------------------------------------------------

    def candidates(self, position: int) -> list:
        """Return what the row could be, the best first; [] while the registers are not there."""
        from ..core.addresses.address_parsing import parse_addresses
        from ..core.addresses.candidates import candidates_for
        from ..core.addresses.vocabulary import vocabulary_of

        if self.sources is None:
            return []
        registers = self.sources.registers
        parsed = parse_addresses(self.offers.list_part([position]), self.columns, vocabulary_of(registers))
        return candidates_for(parsed, 0, registers, self.sources.synonyms, self.settings)

    def suggestions(self, text: str) -> list:
        """Return addresses that begin with a text."""
        from ..core.addresses.suggest import suggest

        return suggest(text, self.sources.registers) if self.sources is not None and text.strip() else []

    def decision(self, position: int):
        """Return what was decided about a row, None for nothing."""
        return self.sources.decisions.get(self.rows[position].key) if self.sources is not None else None

    # deciding --------------------------------------------------------------------------------------------------

    def decide(self, position: int, kind: str, done: str, **details) -> None:
        """Decide about a row and all others with the same address; saved and shown at once.

        Parameters
        ----------
        position : int
        kind : str
            Kind of `core.addresses.decisions.Decision`.
        done : str
            What was done, for the undo button.
        **details
            Other attributes of the decision.

        Raises
        ------
        TeilhabeError
            When the row has no key, or file or layer cannot be written; nothing is changed then.
        """
        from ..core.addresses.decisions import Decision
        from ..core.messages import TeilhabeError, mark

        key = self.rows[position].key
        if not key:
            raise TeilhabeError(mark("Row {row} has neither an address nor a name, so a decision about it could not be "
                                     "found again. Add the name in the list."), row=self.rows[position].number)
        self._change(key, Decision(key, kind, **details), done)

    def drop(self, position: int) -> None:
        """Drop the decision on a row; it gets the place that matching gives it."""
        self._change(self.rows[position].key, None, tr("decision removed"))

    def undo(self) -> list[int]:
        """Take the last step back; return the rows concerned."""
        step = self.history.undo()
        if step is None:
            return []
        try:
            self._put(step.key, step.before, step.rows_before)
        except expected():
            self.history.redo()
            raise
        return self._positions(step.rows_before)

    def redo(self) -> list[int]:
        """Do again what was taken back; return the rows concerned."""
        step = self.history.redo()
        if step is None:
            return []
        try:
            self._put(step.key, step.after, step.rows_after)
        except expected():
            self.history.undo()
            raise
        return self._positions(step.rows_after)

    def merge(self, decisions) -> int:
        """Take over decisions from elsewhere; return how many rows they concern. One step of undo for each."""
        count = 0
        for decision in list(decisions):
            if any(row.key == decision.key for row in self.rows):
                mine = self.sources.decisions.get(decision.key)
                if mine is None or not mine.says_the_same(decision):
                    self._change(decision.key, decision, tr("taken over from a work list"))
                count += 1
        return count

    def _change(self, key: str, decision, text: str) -> None:
        from ..bridge.decided_rows import row_values

        layer, offers = self._layer_or_fault(), self.offers
        positions = [i for i, row in enumerate(self.rows) if row.key == key]
        fids = [self.rows[i].fid for i in positions]
        before = self.sources.decisions.get(key)
        rows_before = row_values(layer, offers.names, fids)
        rows_after = dict(zip(fids, self._placed(positions, _with(self.sources.decisions, key, decision))))
        self._put(key, decision, rows_after)
        self.history.add(Step(key, before, self.sources.decisions.get(key), rows_before, rows_after, text))

    def _placed(self, positions, decisions) -> list:
        from ..bridge.decided_rows import decided_values

        return decided_values(
            self.offers.list_part(positions), self.columns, self.sources.registers, self.sources.synonyms, decisions,
            self.settings, self.crs, QgsProject.instance().transformContext(), self.sources.areas,
            bool(self.kept.get("place_in_area", True)))

    def _put(self, key: str, decision, rows: dict) -> None:
        """Write decision and rows; the file first, for it is what counts next year."""
        from ..bridge.decided_rows import write_rows
        from ..core.addresses.decisions import write_decisions
        from .work_list_reading import take_values

        layer = self._layer_or_fault()
        merged, conflicts = write_decisions(self.decisions_path, _with(self.sources.decisions, key, decision))
        self.conflicts = len(conflicts)
        self.sources = replace(self.sources, decisions=merged)
        positions = self._positions(rows)
        for position in positions:
            take_values(self.rows[position], rows[self.rows[position].fid][0])
        self.changed.emit(positions)
        write_rows(layer, self.offers.names, rows)
        self.styling.start()

    def _positions(self, fids) -> list[int]:
        wanted = set(fids)
        return [i for i, row in enumerate(self.rows) if row.fid in wanted]

    def _layer_or_fault(self):
        from ..core.messages import TeilhabeError, mark

        layer = self.layer()
        if layer is None:
            raise TeilhabeError(mark("The layer is no longer in the project."))
        return layer


def _with(decisions, key: str, decision):
    """Return decisions with one for the key, or none."""
    decisions = decisions.without(key)
    return decisions if decision is None else decisions.with_decision(replace(decision, created=""))
